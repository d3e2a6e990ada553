//! Random strategies over made-up prices: any mixture of conventions and keys, over files with holes, late beginnings and early
//! ends.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::engine::conventions::Conventions;
use crate::inside::draw::Draw;
use crate::market::date::Date;
use crate::strategy::definition::Strategy;
use crate::strategy::error::BacktestError;

/// Assets that may be in the universe.
const MEMBERS: [&str; 4] = ["DDD", "AAA", "CCC", "BBB"];
/// Assets that never are: named by `fixed`, idle, the benchmark, and one that formulas look at.
const OTHERS: [&str; 4] = ["OUT", "CASH", "INDEX", "FEAR"];

/// A row of a price file.
#[derive(Debug, Clone)]
pub struct Row {
    pub date: Date,
    /// Open, high, low, close, adjusted close and volume.
    pub cells: [Option<f64>; 6],
}

/// A strategy with its prices.
#[derive(Debug, Clone)]
pub struct Case {
    pub seed: u64,
    /// For each table of the strategy file its keys with their values.
    keys: BTreeMap<&'static str, Vec<(String, String)>>,
    /// The file of members, if there is one.
    members: Option<String>,
    /// The rows of each price file.
    pub prices: BTreeMap<String, Vec<Row>>,
}

impl Case {
    /// The strategy file, with the file of members in comments.
    pub fn text(&self) -> String {
        let table = |(name, keys): (&&str, &Vec<(String, String)>)| {
            let keys: String = keys.iter().map(|(key, value)| format!("{key} = {value}\n")).collect();
            format!("[{name}]\n{keys}")
        };
        let members = self.members.iter().flat_map(|text| text.lines()).map(|line| format!("# {line}\n"));
        let text = self.keys.iter().map(table).chain(members).collect::<String>();
        format!("name = \"case {}\"\n{text}", self.seed)
    }

    /// Writes the price files and the file of members; others in the folder stay.
    pub fn write(&self, folder: &Path) {
        fs::create_dir_all(folder.join("prices")).expect("a folder can be made");
        for (ticker, rows) in &self.prices {
            let row = |row: &Row| {
                let cells = row.cells.map(|cell| cell.map_or(String::new(), |cell| cell.to_string()));
                format!("{},{}\n", row.date, cells.join(","))
            };
            let rows: String = rows.iter().map(row).collect();
            let text = format!("Date,Open,High,Low,Close,Adj Close,Volume\n{rows}");
            fs::write(folder.join(format!("prices/{ticker}.csv")), text).expect("a file can be written");
        }
        if let Some(members) = &self.members {
            fs::write(folder.join("members.csv"), members).expect("a file can be written");
        }
    }

    /// The strategy over the files that were written to a folder.
    pub fn strategy(&self, folder: &Path, overrides: &[String]) -> Result<Strategy, BacktestError> {
        Strategy::parse("case.toml", &self.text(), folder, overrides)
    }

    /// The value of a key as it stands in the file.
    pub fn value(&self, table: &str, key: &str) -> Option<&str> {
        let found = self.keys.get(table)?.iter().find(|(known, _)| known == key);
        found.map(|(_, value)| value.as_str())
    }

    /// Sets a key, whether it is there or not.
    pub fn set(&mut self, table: &'static str, key: &str, value: impl Into<String>) {
        let keys = self.keys.entry(table).or_default();
        keys.retain(|(known, _)| known != key);
        keys.push((key.to_owned(), value.into()));
    }

    /// Takes a key out.
    pub fn unset(&mut self, table: &'static str, key: &str) {
        self.keys.entry(table).or_default().retain(|(known, _)| known != key);
    }
}

/// A case that is being made.
struct Made {
    draw: Draw,
    case: Case,
    start: Date,
    end: Date,
    assets: Vec<&'static str>,
    is_sound: bool,
    has_sessions: bool,
    is_long_only: bool,
}

/// The case of a seed.
pub fn case(seed: u64) -> Case {
    let mut draw = Draw::seeded(seed);
    let autumn = Date::from_ymd(2022, 10, 1).expect("a date");
    let start = Date(autumn.0 + draw.between(0, 200) as i32);
    let days = draw.pick(&[30, 60, 120, 200]);
    let end = Date(start.0 + draw.between(days / 2, days) as i32);
    let assets = MEMBERS[..draw.index(1, 4)].to_vec();
    let [is_sound, has_sessions, is_long_only] = [65, 70, 60].map(|chance| draw.percent(chance));
    let case = Case { seed, keys: BTreeMap::new(), members: None, prices: BTreeMap::new() };
    let mut made = Made { draw, case, start, end, assets, is_sound, has_sessions, is_long_only };
    made.conventions();
    made.universe();
    let weights = made.weights();
    made.set("alpha", "weights", format!("'{weights}'"));
    made.rebalance();
    made.portfolio();
    made.costs();
    made.period();
    made.prices();
    made.case
}

impl Made {
    fn set(&mut self, table: &'static str, key: &str, value: impl Into<String>) {
        self.case.set(table, key, value);
    }

    /// A day of the period, or a few days before or after it.
    fn day(&mut self) -> Date {
        let days = (self.end - self.start) as u64;
        Date(self.start.0 - 10 + self.draw.between(0, days + 15) as i32)
    }

    fn conventions(&mut self) {
        self.set("conventions", "preset", if self.is_sound { "\"sound\"" } else { "\"qstrader\"" });
        let departs = self.draw.pick(&[0, 10, 50]);
        let (qstrader, sound) = (Conventions::QSTRADER.named(), Conventions::SOUND.named());
        for ((field, qstrader), (_, sound)) in qstrader.into_iter().zip(sound) {
            let takes_sound = match field {
                "calendar" => self.has_sessions,
                // Else many runs end early.
                "ruin" => self.draw.percent(20),
                _ => self.is_sound != self.draw.percent(departs),
            };
            let choice = if takes_sound { sound } else { qstrader };
            self.set("conventions", field, format!("{choice:?}"));
        }
    }

    fn universe(&mut self) {
        if self.draw.percent(30) {
            self.members();
        } else {
            let quoted: Vec<String> = self.assets.iter().map(|ticker| format!("{ticker:?}")).collect();
            self.set("universe", "assets", format!("[{}]", quoted.join(", ")));
            let (mut entries, mut exits) = (Vec::new(), Vec::new());
            for ticker in self.assets.clone() {
                let (entry, exit) = (self.day(), self.day());
                let time = self.draw.pick(&["", "T14:30:00", "T21:00:00"]);
                let [enters, exits_too] = [25, 25].map(|chance| self.draw.percent(chance));
                if enters {
                    entries.push(format!("{ticker} = {entry}{time}"));
                }
                if exits_too && (!enters || entry < exit) {
                    exits.push(format!("{ticker} = {exit}{time}"));
                }
            }
            for (key, rows) in [("entry", entries), ("exit", exits)] {
                if !rows.is_empty() {
                    self.set("universe", key, format!("{{ {} }}", rows.join(", ")));
                }
            }
        }
        if self.draw.percent(30) {
            let ticker = self.draw.pick(&["INDEX", self.assets[0]]);
            self.set("universe", "benchmark", format!("{ticker:?}"));
        }
        if self.draw.percent(15) {
            let (ticker, price) = (self.assets[0], self.draw.pick(&["0.0", "12.5", "250.0"]));
            self.set("universe", "final_price", format!("{{ {ticker} = {price} }}"));
        }
    }

    fn members(&mut self) {
        let mut rows = Vec::new();
        for ticker in self.assets.clone() {
            let mut days: Vec<Date> = (0..self.draw.index(0, 4)).map(|_| self.day()).collect();
            days.sort();
            days.dedup();
            let mut bounds: Vec<String> = days.iter().map(Date::to_string).collect();
            if self.draw.percent(60) || bounds.is_empty() || ticker == self.assets[0] {
                bounds.insert(0, String::new());
            }
            for pair in bounds.chunks(2) {
                rows.push(format!("{ticker},{},{}\n", pair[0], pair.get(1).map_or("", String::as_str)));
            }
        }
        self.draw.shuffle(&mut rows);
        self.set("universe", "members", "\"members.csv\"");
        self.case.members = Some(format!("symbol,entry,exit\n{}", rows.concat()));
    }

    fn window(&mut self) -> u64 {
        self.draw.pick(&[1, 2, 3, 5, 9])
    }

    fn fraction(&mut self) -> f64 {
        self.draw.pick(&[0.1, 0.25, 0.3, 0.37, 0.5, 0.8, 1.0])
    }

    fn condition(&mut self) -> String {
        let (n, m) = (self.window(), self.window());
        match self.draw.between(0, 9) {
            0 => format!("close > sma({n})"),
            1 => format!("sma({n}) > sma({m})"),
            2 => format!("momentum({n}) > 0"),
            3 => format!("of(\"FEAR\", close) > of(\"FEAR\", sma({n}))"),
            4 => format!("of(\"FEAR\", returns({n})) > 0"),
            5 => format!("close > lag(close, {n})"),
            6 => format!("hold(close > sma({n}), close < lowest(low, {m}) * 1.01)"),
            7 => "rank(close) < 3".into(),
            8 => "volume > 2000".into(),
            _ => format!("close / of(\"FEAR\", close) > sma(close / of(\"FEAR\", close), {n})"),
        }
    }

    /// A `fixed` of a member or two and of assets outside the universe.
    fn fixed(&mut self) -> String {
        let mut named = vec![self.assets[0], "OUT"];
        if self.draw.percent(30) {
            named.push("CASH");
        }
        if self.assets.len() > 1 && self.draw.percent(50) {
            named.push(self.assets[1]);
        }
        self.draw.shuffle(&mut named);
        let weight = |ticker: &&str| {
            let is_short = !self.is_long_only && self.draw.percent(40);
            let weight = self.draw.pick(&[0.1, 0.2, 0.4, 0.5]);
            format!("{ticker} = {}{weight}", if is_short { "-" } else { "" })
        };
        format!("fixed({})", named.iter().map(weight).collect::<Vec<_>>().join(", "))
    }

    fn weights(&mut self) -> String {
        let (n, k, x, y) = (self.window(), self.draw.between(1, 3), self.fraction(), self.fraction());
        let (first, second) = (self.condition(), self.condition());
        match self.draw.between(0, if self.is_long_only { 10 } else { 13 }) {
            0 => "1 / count()".into(),
            1 => format!("equal({first}) * {x}"),
            2 => format!("top(momentum({n}), {k}) * {x}"),
            3 => format!("top(close, {k}) * 0.5 + {x} / count()"),
            4 => "share(1 / close)".into(),
            5 => format!("bottom(momentum(close / of(\"FEAR\", close), {n}), {k})"),
            6 => self.fixed(),
            7 => format!("{} * ({first})", self.fixed()),
            8 => format!("({first}) * {x} + ({second}) * 0.1"),
            9 => format!("equal(hold({first}, {second}))"),
            10 => format!("share(1 / volatility({})) * {x}", n + 1),
            11 => format!("if({first}, {x}, -{y}) / count()"),
            12 => format!("demean(momentum({n})) * 3"),
            _ => format!("({first}) * {x} - ({second}) * {y}"),
        }
    }

    fn rebalance(&mut self) {
        let often = ["daily", "on_change", "weekly", "every"];
        let seldom = ["buy_and_hold", "monthly", "quarterly", "yearly", "end_of_month"];
        let schedule = if self.draw.percent(65) { self.draw.pick(&often) } else { self.draw.pick(&seldom) };
        self.set("rebalance", "schedule", format!("{schedule:?}"));
        match schedule {
            "weekly" => {
                let mut days = vec!["MON", "TUE", "wed", "THU", "FRI"];
                days.extend(["SAT", "sun"].iter().filter(|_| self.has_sessions));
                self.draw.shuffle(&mut days);
                let count = self.draw.index(1, 3);
                self.set("rebalance", "weekday", format!("{:?}", &days[..count]));
            }
            "monthly" | "quarterly" | "yearly" => {
                let most = [("monthly", 22), ("quarterly", 66)].into_iter().find(|most| most.0 == schedule);
                let day = self.draw.between(1, most.map_or(150, |most| most.1)) as i64;
                let day = if self.draw.percent(50) { -day } else { day };
                self.set("rebalance", "day", day.to_string());
            }
            "every" => {
                let every = self.draw.between(1, 9);
                self.set("rebalance", "every", every.to_string());
            }
            _ => {}
        }
        if schedule != "buy_and_hold" && self.draw.percent(25) {
            let when = self.condition();
            self.set("rebalance", "when", format!("'{when}'"));
        }
        let fill = self.draw.pick(&["next_open", "next_open", "next_close", "same_close"]);
        self.set("rebalance", "fill", format!("{fill:?}"));
        if self.draw.percent(30) {
            let band = self.draw.pick(&["0.0", "0.005", "0.02", "0.1", "0.5"]);
            self.set("rebalance", "band", band);
        }
        if self.draw.percent(30) {
            self.set("rebalance", "trade", "\"changed\"");
        }
    }

    fn portfolio(&mut self) {
        let cash = self.draw.pick(&["1_000_000.0", "100_000.0", "5_000.0", "730.0"]);
        self.set("portfolio", "initial_cash", cash);
        if self.is_long_only {
            let buffer = self.draw.pick(&["0.0", "0.01", "0.2"]);
            self.set("portfolio", "long_only", format!("{{ cash_buffer = {buffer} }}"));
        } else {
            let limit = self.draw.pick(&["gross_leverage", "max_gross"]);
            let gross = self.draw.pick(&["0.5", "1.0", "1.7"]);
            self.set("portfolio", "long_short", format!("{{ {limit} = {gross} }}"));
        }
        if self.draw.percent(30) {
            let ticker = self.draw.pick(&["CASH", "CASH", "CASH", self.assets[0]]);
            self.set("portfolio", "idle", format!("{ticker:?}"));
        }
        if self.draw.percent(35) {
            self.set("portfolio", "shares", "\"fractional\"");
        }
    }

    fn costs(&mut self) {
        for (name, values) in [
            ("commission", ["0.001", "0.01"]),
            ("tax", ["0.005", "0.002"]),
            ("commission_per_share", ["0.01", "0.3"]),
            ("commission_minimum", ["1.0", "25.0"]),
            ("slippage", ["0.0005", "0.01"]),
        ] {
            if self.draw.percent(20) {
                let value = self.draw.pick(&values);
                self.set("costs", name, value);
            }
        }
        for name in ["cash_rate", "debit_rate", "borrow_rate"] {
            if self.draw.percent(35) {
                let n = self.window();
                let rate = match self.draw.between(0, 6) {
                    0 => "'of(\"FEAR\", close) / 1000'".into(),
                    1 => format!("'sma(of(\"FEAR\", close), {n}) / 500'"),
                    2 => format!("'of(\"FEAR\", sma({n})) / 1000'"),
                    3 => format!("'if(of(\"FEAR\", returns({n})) > 0, 0.05, -0.02)'"),
                    _ => self.draw.pick(&["0.04", "0.2", "0", "1.0"]).to_owned(),
                };
                self.set("costs", name, rate);
            }
        }
    }

    fn period(&mut self) {
        let start_time = self.draw.pick(&["", "", "T14:30:00", "T21:00:00", "T15:00:00", "T22:00:00"]);
        let end_time = self.draw.pick(&["", "", "T00:00:00", "T23:59:00", "T16:00:00"]);
        self.set("period", "start", format!("{}{start_time}", self.start));
        if self.draw.percent(25) {
            let days = (self.end - self.start) as u64;
            let burn_in = Date(self.start.0 + self.draw.between(0, days / 3) as i32);
            let time = self.draw.pick(&["", "T14:30:00", "T21:00:00", "T23:00:00"]);
            self.set("period", "burn_in", format!("{burn_in}{time}"));
        }
        self.set("period", "end", format!("{}{end_time}", self.end));
        self.set("data", "prices", "\"prices\"");
        let adjust = self.draw.percent(30);
        self.set("data", "adjust", adjust.to_string());
        if self.draw.percent(20) {
            self.set("statistics", "risk_free", "0.02");
        }
    }

    /// A file for every asset, whether the strategy looks at it or not.
    fn prices(&mut self) {
        let first = self.start.0 - self.draw.pick(&[0, 8, 60, 110]);
        let last = self.end.0 + self.draw.pick(&[0, 3, 12, 40]);
        let (holidays, weekends) = (self.draw.pick(&[0, 4, 10]), self.draw.pick(&[0, 0, 0, 50, 100]));
        let is_open = |date: &Date| match date.weekday() {
            5 | 6 => self.draw.percent(weekends),
            _ => !self.draw.percent(holidays),
        };
        let open: Vec<Date> = (first..=last).map(Date).filter(is_open).collect();
        for ticker in MEMBERS.into_iter().take(self.assets.len()).chain(OTHERS) {
            let rows = self.rows(&open);
            self.case.prices.insert(ticker.to_owned(), rows);
        }
    }

    /// Rows on some of the days on which the market is open.
    fn rows(&mut self, open: &[Date]) -> Vec<Row> {
        let draw = &mut self.draw;
        let begins = if draw.percent(20) { draw.index(0, open.len() / 2) } else { 0 };
        let ends = if draw.percent(20) { draw.index(open.len() / 2 + 1, open.len()) } else { open.len() };
        let (holes, blanks) = (draw.pick(&[0, 0, 5, 30]), draw.pick(&[0, 0, 4]));
        let swing = draw.pick(&[0.01, 0.03, 0.08]);
        let mut price = draw.pick(&[9.5, 40.0, 100.0, 180.0]);
        let cents = |price: f64| (price * 100.0).round() / 100.0;
        let (mut gap, mut rows) = (0u64, Vec::new());
        for date in &open[begins..ends] {
            let opened = cents(price * (1.0 + swing / 2.0 * draw.swing()));
            price = cents((opened * (1.0 + swing * draw.swing())).clamp(0.5, 200.0));
            if holes > 0 && draw.percent(2) {
                gap = draw.between(2, 9);
            }
            gap = gap.saturating_sub(1);
            if (gap > 0 || draw.percent(holes)) && !rows.is_empty() {
                continue;
            }
            let (high, low) = (opened.max(price) + 0.25, opened.min(price) - 0.25);
            let volume = draw.between(500, 5000) as f64;
            let mut cells = [opened, high, low, price, cents(price * 0.9), volume].map(Some);
            match draw.between(0, 5) {
                _ if rows.is_empty() || !draw.percent(blanks) => {}
                0 => cells = [None; 6],
                1 => cells[3] = None,
                2 => cells[4] = None,
                3 => (cells[3], cells[4]) = (None, None),
                _ => cells[0] = None,
            }
            rows.push(Row { date: *date, cells });
        }
        rows
    }
}
