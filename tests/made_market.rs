//! A made market for a strategy file: seeded random walks with holidays for every ticker that it names, numbers for every column. It
//! knows no formula and judges nothing. In a formula of the cookbook only tickers have capital letters; that is how they are found.
#![allow(dead_code, reason = "tests from inside and from outside each use a part")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{Datelike, NaiveDate, Weekday};
use toml::{Table, Value};

use super::draw::Draw;
use super::support::{files_of, project, write};

/// Where a strategy file of the cookbook stands, in the project and in every folder that is written.
pub const COOKBOOK: &str = "strategies/cookbook";
/// The period of every made backtest; what the file says is put aside.
pub const START: &str = "2003-03-03";
pub const END: &str = "2006-12-29";
const FIRST_PRICE: &str = "2003-01-02";
/// When the last asset begins, where it can and the file does not say.
const LATE: &str = "2003-09-15";

#[derive(Debug, Clone)]
pub struct Bar {
    pub date: NaiveDate,
    pub open: f64,
    pub high: f64,
    pub low: f64,
    pub close: f64,
    pub adjusted_close: f64,
    pub volume: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// A row a date, for all assets.
    Shared,
    /// A row an asset and date.
    Long,
    /// A column an asset.
    Wide,
    /// Dates that are known in advance, without numbers.
    Dates,
}

#[derive(Debug, Clone)]
pub struct MadeColumn {
    pub name: String,
    pub layout: Layout,
    pub rows: Vec<(NaiveDate, Option<String>, f64)>,
    file: String,
    header: String,
}

#[derive(Debug, Clone)]
pub struct MadeMarket {
    /// The strategy as it stands in the file.
    pub strategy: Table,
    pub prices: Vec<(String, Vec<Bar>)>,
    pub columns: Vec<MadeColumn>,
    file: PathBuf,
}

/// The strategies of the cookbook.
pub fn recipes() -> Vec<PathBuf> {
    files_of(&project(COOKBOOK), &[".toml"])
}

pub fn name_of(file: &Path) -> String {
    file.file_stem().expect("a file has a name").to_string_lossy().into_owned()
}

pub fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn texts(value: Option<&Value>) -> impl Iterator<Item = &str> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// Every formula of a strategy, whatever it is for.
fn formulas(strategy: &Table) -> Vec<&str> {
    let tables = ["alpha", "signals", "rebalance", "costs"].iter().filter_map(|name| strategy.get(*name));
    let keys = tables.filter_map(Value::as_table).flatten();
    let is_formula = |key: &str| !["schedule", "weekday", "fill", "trade"].contains(&key);
    keys.filter(|(key, _)| is_formula(key)).filter_map(|(_, value)| value.as_str()).collect()
}

fn tickers_of(formula: &str) -> impl Iterator<Item = &str> {
    let words = formula.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    words.filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase()))
}

/// The sessions: weekdays without some holidays.
fn sessions() -> Vec<NaiveDate> {
    let mut draw = Draw::seeded(2003);
    let days = date(FIRST_PRICE).iter_days().take_while(|day| *day <= date(END));
    let weekdays = days.filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun));
    weekdays.filter(|_| !draw.percent(3)).collect()
}

fn seed(name: &str) -> u64 {
    name.bytes().fold(17, |seed, byte| seed * 31 % 1_000_003 + u64::from(byte))
}

/// A draw with deviation 1, bounded.
fn shock(draw: &mut Draw) -> f64 {
    draw.swing() + draw.swing() + draw.swing()
}

/// The nearest of so many parts of one.
fn rounded(x: f64, parts: f64) -> f64 {
    (x * parts).round() / parts
}

/// The returns that all tickers share.
fn market_returns(count: usize) -> Vec<f64> {
    let mut draw = Draw::seeded(1);
    (0..count).map(|_| 0.0003 + 0.008 * shock(&mut draw)).collect()
}

fn walk(ticker: &str, sessions: &[NaiveDate], may_miss_days: bool) -> Vec<Bar> {
    let mut draw = Draw::seeded(seed(ticker));
    let is_yield = ticker == "IRX";
    let (mut close, mut drift) = (if is_yield { 3.0 } else { 40.0 + 20.0 * draw.swing() }, 0.0);
    let (share, noise) = (0.7 + 0.6 * draw.swing(), 0.01 + 0.006 * draw.swing());
    let mut bars = Vec::new();
    for (session, (date, market)) in sessions.iter().zip(market_returns(sessions.len())).enumerate() {
        if session % 50 == 0 {
            drift = 0.002 * draw.swing();
        }
        let before = close;
        let change = share * market + drift + noise * shock(&mut draw);
        close = if is_yield { (close + draw.swing() / 20.0).clamp(0.5, 6.0) } else { close * (1.0 + change) };
        let open = before * (1.0 + 0.004 * shock(&mut draw));
        let (up, down) = (1.0 + 0.008 * draw.swing().abs(), 1.0 - 0.008 * draw.swing().abs());
        let to_end = (sessions.len() - session) / 63;
        let bar = Bar {
            date: *date,
            open: rounded(open, 1e4),
            high: rounded(open.max(close) * up, 1e4),
            low: rounded(open.min(close) * down, 1e4),
            close: rounded(close, 1e4),
            adjusted_close: rounded(close * (1.0 - 0.004 * to_end as f64), 1e6),
            volume: draw.between(100_000, 900_000) as f64,
        };
        if !(may_miss_days && session > 0 && draw.percent(1)) {
            bars.push(bar);
        }
    }
    bars
}

/// The symbols and spells of a file of members: symbol, entry, exit.
pub fn members(strategy: &Table) -> Vec<(String, Option<NaiveDate>, Option<NaiveDate>)> {
    let Some(file) = strategy["universe"].get("members").and_then(Value::as_str) else { return vec![] };
    let text = fs::read_to_string(project(COOKBOOK).join(file)).expect("members ship");
    let spell = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let dated = |cell: &str| (!cell.is_empty()).then(|| date(cell));
        (cells[0].to_owned(), dated(cells[1]), dated(cells[2]))
    };
    text.lines().skip(1).map(spell).collect()
}

/// The assets of the universe, in its order.
pub fn universe(strategy: &Table) -> Vec<String> {
    let mut symbols: Vec<String> = texts(strategy["universe"].get("assets")).map(str::to_owned).collect();
    for (symbol, ..) in members(strategy) {
        if !symbols.contains(&symbol) {
            symbols.push(symbol);
        }
    }
    symbols
}

/// The assets that join late: as the file says, else the last of four or more that no formula names.
pub fn late_joiners(strategy: &Table) -> Vec<(String, NaiveDate)> {
    if let Some(entry) = strategy["universe"].get("entry").and_then(Value::as_table) {
        let moment = |moment: &Value| date(&moment.as_datetime().expect("a date").to_string());
        return entry.iter().map(|(ticker, entry)| (ticker.clone(), moment(entry))).collect();
    }
    let assets: Vec<&str> = texts(strategy["universe"].get("assets")).collect();
    let named: BTreeSet<&str> = formulas(strategy).into_iter().flat_map(tickers_of).collect();
    let last = assets.last().filter(|last| assets.len() >= 4 && !named.contains(*last));
    last.map(|last| ((*last).to_owned(), date(LATE))).into_iter().collect()
}

fn made_column(name: &str, table: &Table, universe: &[String], sessions: &[NaiveDate]) -> MadeColumn {
    let text = |key: &str| table.get(key).and_then(Value::as_str);
    let file = ["file", "wide", "dates"].into_iter().find_map(text).expect("a file of the column");
    // A file that ships says whether it has rows for single assets.
    let shipped = fs::read_to_string(project(COOKBOOK).join(file)).unwrap_or_default();
    let layout = match () {
        () if table.contains_key("dates") => Layout::Dates,
        () if table.contains_key("wide") => Layout::Wide,
        () if shipped.starts_with("Date,Symbol,") => Layout::Long,
        () => Layout::Shared,
    };
    let step = match layout {
        Layout::Shared => 1,
        Layout::Wide => 10,
        Layout::Long => 45,
        Layout::Dates => 33,
    };
    let mut draw = Draw::seeded(seed(name));
    let mut level = 18.0;
    let mut rows = Vec::new();
    for day in sessions.iter().step_by(step) {
        level = (level + 2.0 * draw.swing()).clamp(9.0, 50.0);
        match layout {
            Layout::Dates => rows.push((*day, None, 0.0)),
            Layout::Shared => rows.push((*day, None, rounded(level, 1e2))),
            Layout::Long | Layout::Wide => rows.extend(universe.iter().map(|asset| {
                // Finished weights are not negative in a long-only portfolio.
                let x = if name == "w" { draw.swing().abs() / 4.0 } else { 0.4 + shock(&mut draw) };
                (*day, Some(asset.clone()), rounded(x, 1e4))
            })),
        }
    }
    let header = text("column").unwrap_or(name).to_owned();
    MadeColumn { name: name.to_owned(), layout, rows, file: file.to_owned(), header }
}

impl MadeMarket {
    pub fn new(file: &Path) -> MadeMarket {
        let text = fs::read_to_string(file).expect("a readable file");
        let strategy: Table = text.parse().expect("TOML");
        let sessions = sessions();
        let universe = universe(&strategy);
        let mut tickers = universe.clone();
        let asset = |table: &str, key: &str| strategy[table].get(key).and_then(Value::as_str);
        let named = formulas(&strategy).into_iter().flat_map(tickers_of);
        for ticker in named.chain(asset("universe", "benchmark")).chain(asset("portfolio", "idle")) {
            if !tickers.iter().any(|known| known == ticker) {
                tickers.push(ticker.to_owned());
            }
        }
        let late = late_joiners(&strategy);
        let of_ticker = |(place, ticker): (usize, String)| {
            let begins =
                late.iter().find(|(known, _)| *known == ticker).map_or(date(FIRST_PRICE), |(_, day)| *day);
            // Every session is one of the first asset, so that what is not in the universe adds none.
            let mut bars = walk(&ticker, &sessions, place > 0);
            bars.retain(|bar| bar.date >= begins);
            (ticker, bars)
        };
        let prices = tickers.into_iter().enumerate().map(of_ticker).collect();
        let columns = strategy["data"].get("columns").and_then(Value::as_table).into_iter().flatten();
        let columns = columns
            .map(|(name, table)| made_column(name, table.as_table().expect("a table"), &universe, &sessions))
            .collect();
        MadeMarket { strategy, prices, columns, file: file.to_owned() }
    }

    /// The same market with every price and number after a date changed: mirrored in its range, so that also rules that look at
    /// order or at the shape of a bar see others, and by a factor. Rows and dates stay.
    pub fn poisoned(&self, last: NaiveDate, change: impl Fn(usize, f64) -> f64) -> MadeMarket {
        let mut market = self.clone();
        for (place, (_, bars)) in market.prices.iter_mut().enumerate() {
            for (row, bar) in bars.iter_mut().filter(|bar| bar.date > last).enumerate() {
                let adjustment = bar.adjusted_close / bar.close;
                bar.open = bar.high + bar.low - bar.open;
                bar.close = bar.high + bar.low - bar.close;
                for price in [&mut bar.open, &mut bar.high, &mut bar.low, &mut bar.close] {
                    // Every three rows and every asset by another one.
                    *price = change(20 * row + 60 * place, *price);
                }
                bar.adjusted_close = bar.close * adjustment;
                bar.volume = change(row, bar.volume).round();
            }
        }
        for column in &mut market.columns {
            let after = column.rows.iter_mut().filter(|(day, ..)| *day > last);
            let mut numbers: Vec<&mut f64> = after.map(|(.., x)| x).collect();
            let least = numbers.iter().fold(f64::INFINITY, |least, x| least.min(**x));
            let most = numbers.iter().fold(f64::NEG_INFINITY, |most, x| most.max(**x));
            numbers.iter_mut().enumerate().for_each(|(row, x)| **x = change(60 * row, least + most - **x));
        }
        market
    }

    /// Writes all files into a folder and gives the path of the strategy file in it.
    pub fn write(&self, folder: &Path) -> PathBuf {
        let text = fs::read_to_string(&self.file).expect("a readable file");
        let (before, rest) = text.split_once("[period]\n").expect("a period");
        let (_, after) = rest.split_once("\n[").expect("a table after the period");
        let path = format!("{COOKBOOK}/{}.toml", name_of(&self.file));
        let text = format!("{before}[period]\nstart = {START}\nend = {END}\n\n[{after}");
        write(folder, &path, text.as_bytes());
        let prices = self.strategy["data"]["prices"].as_str().expect("a folder");
        for (ticker, bars) in &self.prices {
            let line = |bar: &Bar| {
                let Bar { date, open, high, low, close, adjusted_close, volume } = bar;
                format!("{date},{open},{high},{low},{close},{adjusted_close},{volume}\n")
            };
            let lines: String = bars.iter().map(line).collect();
            let text = format!("Date,Open,High,Low,Close,Adj Close,Volume\n{lines}");
            write(folder, &format!("{COOKBOOK}/{prices}/{ticker}.csv"), text.as_bytes());
        }
        for column in &self.columns {
            write(folder, &format!("{COOKBOOK}/{}", column.file), column.text().as_bytes());
        }
        if let Some(members) = self.strategy["universe"].get("members").and_then(Value::as_str) {
            let path = format!("{COOKBOOK}/{members}");
            write(folder, &path, &fs::read(project(&path)).expect("members ship"));
        }
        folder.join(path)
    }
}

impl MadeColumn {
    fn text(&self) -> String {
        let MadeColumn { header, rows, .. } = self;
        let none = String::new();
        let line = |(day, symbol, x): &(NaiveDate, Option<String>, f64)| match self.layout {
            Layout::Dates => format!("{day}\n"),
            Layout::Shared => format!("{day},{x}\n"),
            _ => format!("{day},{},{x}\n", symbol.as_ref().unwrap_or(&none)),
        };
        match self.layout {
            Layout::Dates => format!("Date\n{}", rows.iter().map(line).collect::<String>()),
            Layout::Shared => format!("Date,{header}\n{}", rows.iter().map(line).collect::<String>()),
            Layout::Long => format!("Date,Symbol,{header}\n{}", rows.iter().map(line).collect::<String>()),
            Layout::Wide => {
                let symbols: Vec<&str> =
                    rows.iter().filter(|row| row.0 == rows[0].0).filter_map(|row| row.1.as_deref()).collect();
                let days = rows.chunks(symbols.len()).map(|day| {
                    let cells: String = day.iter().map(|(.., x)| format!(",{x}")).collect();
                    format!("{}{cells}\n", day[0].0)
                });
                format!("Date,{}\n{}", symbols.join(","), days.collect::<String>())
            }
        }
    }
}
