//! The one way to the program: a case becomes files, the files become a run, and its decisions are compared.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use chrono::{Datelike, NaiveDate, Weekday};
use serde_json::Value;

use super::evaluate::{Conventions, Evaluator, Names, all_fixed_tickers};
use super::extras::Extras;
use super::fixed_sums::has_partial_sum;
use super::market::{Asset, History, Market, Row, csv, weekdays, weekdays_before};
use super::tree::Tree;
use crate::support::write;

/// Everything that a run depends on.
#[derive(Debug, Clone)]
pub struct Case {
    pub formula: Tree,
    /// Name and value as the strategy file writes it.
    pub parameters: Vec<(String, String)>,
    pub universe: Vec<String>,
    pub entry: Vec<(String, NaiveDate)>,
    pub files: Vec<(String, Vec<Row>)>,
    pub adjust: bool,
    pub conventions: Conventions,
    pub history: History,
    pub schedule: Schedule,
    pub start: NaiveDate,
    pub burn_in: Option<NaiveDate>,
    pub end: NaiveDate,
    pub extras: Extras,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schedule {
    BuyAndHold,
    Daily,
    Weekly(Weekday),
    EndOfMonth,
    OnChange,
}

/// The weights decided on a day.
pub type Decision = (usize, BTreeMap<String, f64>);

/// What a comparison saw.
#[derive(Debug, Default, Clone, Copy)]
pub struct Seen {
    pub cells: usize,
    pub weights_not_zero: usize,
    /// Runs that stopped as they must: a weight for an asset that has no price yet, a sum that `fixed` makes absent.
    pub refusals: usize,
}

impl Seen {
    pub fn and(self, more: Seen) -> Seen {
        Seen {
            cells: self.cells + more.cells,
            weights_not_zero: self.weights_not_zero + more.weights_not_zero,
            refusals: self.refusals + more.refusals,
        }
    }
}

impl Case {
    pub fn strategy(&self) -> String {
        let conventions = match self.conventions {
            Conventions::Qstrader => "preset = \"qstrader\"",
            // Weights are compared as the formula gives them, on the day of the decision; ruin is no matter of theirs, nor are
            // calendars, ends and the first point.
            Conventions::Sound => {
                "preset = \"sound\", recorded_weights = \"as_given\", allocation_date = \"decision\", \
                 ruin = \"continue\", after_last_bar = \"last_price\", curve_start = \"first_close\""
            }
        };
        let calendar = if self.extras.sessions { "sessions" } else { "weekdays" };
        let history = match self.history {
            History::SinceEntry => "since_entry",
            History::AllBars => "all_bars",
        };
        let (schedule, weekday) = match self.schedule {
            Schedule::BuyAndHold => ("buy_and_hold", None),
            Schedule::Daily => ("daily", None),
            Schedule::Weekly(weekday) => ("weekly", Some(weekday)),
            Schedule::EndOfMonth => ("end_of_month", None),
            Schedule::OnChange => ("on_change", None),
        };
        let pairs = |pairs: Vec<String>| pairs.join(", ");
        let parameters: String =
            self.parameters.iter().map(|(name, value)| format!("{name} = {value}\n")).collect();
        let assets = pairs(self.universe.iter().map(|asset| format!("{asset:?}")).collect());
        let entry = pairs(self.entry.iter().map(|(asset, date)| format!("{asset:?} = {date}")).collect());
        let universe = if self.extras.spells.is_empty() {
            format!("assets = [{assets}]\nentry = {{ {entry} }}\n")
        } else {
            "members = \"members.csv\"\n".into()
        };
        let weekday = weekday.map_or(String::new(), |day| format!("weekday = \"{day}\"\n"));
        let burn_in = self.burn_in.map_or(String::new(), |date| format!("burn_in = {date}\n"));
        format!(
            "name = \"case\"\nconventions = {{ {conventions}, calendar = \"{calendar}\", \
             history = \"{history}\" }}\n\n\
             [parameters]\n{parameters}\n{}\
             [universe]\n{universe}\n[alpha]\nweights = '''{}'''\n\n\
             [rebalance]\nschedule = \"{schedule}\"\n{weekday}\n\
             [portfolio]\ninitial_cash = 1_000_000.0\nlong_short = {{ gross_leverage = 1.0 }}\n\n\
             [period]\nstart = {}\n{burn_in}end = {}\n\n[data]\nprices = \"prices\"\nadjust = {}\n{}",
            self.extras.definitions(),
            self.formula,
            self.start,
            self.end,
            self.adjust,
            self.extras.columns_table()
        )
    }

    /// The bars of a file that are seen: without a session a row shows nothing.
    fn rows(&self, symbol: &str) -> Vec<Row> {
        let (_, rows) = self.files.iter().find(|(file, _)| file == symbol).expect("every asset has a file");
        let seen = |row: &&Row| !self.extras.sessions || row.is_bar(self.adjust);
        rows.iter().filter(seen).copied().collect()
    }

    /// The days of the period, and those of the calendar before it.
    pub fn calendar(&self) -> (Vec<NaiveDate>, Vec<NaiveDate>) {
        if !self.extras.sessions {
            return (weekdays(self.start, self.end), weekdays_before(self.start));
        }
        let dates: BTreeSet<NaiveDate> =
            self.universe.iter().flat_map(|symbol| self.rows(symbol)).map(|row| row.date).collect();
        let days = dates.range(self.start..=self.end).copied().collect();
        (days, dates.range(..self.start).copied().collect())
    }

    pub fn market(&self) -> Market {
        let (days, before) = self.calendar();
        let asset = |symbol: &String, entry: Option<Option<NaiveDate>>| {
            let asset = Asset::new(symbol, &self.rows(symbol), self.adjust, &days, entry, self.history);
            match self.extras.spells.iter().find(|(known, _)| known == symbol) {
                Some((_, spells)) => asset.in_spells(spells, &days, self.history),
                None => asset,
            }
        };
        let entry_of =
            |symbol: &String| self.entry.iter().find(|(asset, _)| asset == symbol).map(|(_, date)| *date);
        let inside = self.universe.iter().map(|symbol| asset(symbol, Some(entry_of(symbol))));
        let outside = self.files.iter().map(|(symbol, _)| symbol);
        let outside = outside.filter(|symbol| !self.universe.contains(symbol));
        let assets = inside.chain(outside.map(|symbol| asset(symbol, None))).collect();
        Market::new(days, before, assets)
    }

    pub fn names(&self) -> Names {
        let value = |text: &String| text.parse().expect("a parameter is a number");
        let parameters = self.parameters.iter().map(|(name, text)| (name.clone(), value(text))).collect();
        let numbered = |groups: &Vec<(String, Vec<String>)>| -> BTreeMap<String, usize> {
            let numbered = groups.iter().enumerate();
            numbered.flat_map(|(number, (_, group))| group.iter().map(move |a| (a.clone(), number))).collect()
        };
        let extras = &self.extras;
        Names {
            parameters,
            signals: extras.signals.iter().cloned().collect(),
            columns: extras.columns.iter().map(|(name, _, column)| (name.clone(), column.clone())).collect(),
            groups: extras.groups.iter().map(|(name, groups)| (name.clone(), numbered(groups))).collect(),
        }
    }

    fn decision_days(&self, days: &[NaiveDate]) -> Vec<usize> {
        let after_burn_in = |day: NaiveDate| self.burn_in.is_none_or(|burn_in| burn_in <= day);
        let ends_month = |day: NaiveDate| {
            let next = day.iter_days().skip(1).find(|next| !weekdays(*next, *next).is_empty());
            next.is_some_and(|next| next.month() != day.month())
        };
        let decides = |index: usize, day: NaiveDate| match self.schedule {
            Schedule::BuyAndHold => index == 0,
            Schedule::Daily | Schedule::OnChange => true,
            Schedule::Weekly(weekday) => day.weekday() == weekday,
            Schedule::EndOfMonth => ends_month(day),
        };
        let numbered = days.iter().copied().enumerate();
        numbered
            .filter(|(index, day)| after_burn_in(*day) && decides(*index, *day))
            .map(|(index, _)| index)
            .collect()
    }

    /// What the reference decides, day by day.
    pub fn decisions(&self) -> Vec<Decision> {
        let market = self.market();
        let names = self.names();
        let open_of = (self.schedule == Schedule::BuyAndHold).then_some(0);
        let evaluator = Evaluator::new(&market, &self.formula, &names, self.conventions, open_of);
        let days = self.decision_days(&market.days);
        days.into_iter().map(|day| (day, evaluator.weights(day))).collect()
    }

    /// The weights decided for assets named in `fixed` on days before they have a price.
    fn weights_without_a_price(&self, decisions: &[Decision]) -> Vec<f64> {
        let market = self.market();
        let mut fixed = Vec::new();
        all_fixed_tickers(&self.formula, &self.names(), &mut fixed);
        let priced = |day: usize, symbol: &str| {
            let asset = market.assets.iter().find(|asset| asset.symbol == symbol);
            asset.and_then(|asset| asset.first_price).is_some_and(|first| first <= day)
        };
        let unpriced = |(day, weights): &Decision| {
            fixed
                .iter()
                .filter(|symbol| !priced(*day, symbol))
                .map(|symbol| weights[symbol])
                .collect::<Vec<_>>()
        };
        decisions.iter().flat_map(unpriced).collect()
    }

    /// The files of the case as one text that can be put back into files.
    fn replay(&self) -> String {
        let mut text = format!("---- case.toml\n{}", self.strategy());
        for (path, content) in self.texts() {
            write!(text, "---- {path}\n{content}").expect("a string takes everything");
        }
        text
    }

    /// Every file beside the strategy.
    fn texts(&self) -> Vec<(String, String)> {
        let prices = self.files.iter().map(|(symbol, rows)| (format!("prices/{symbol}.csv"), csv(rows)));
        prices.chain(self.extras.texts()).collect()
    }

    fn write(&self, folder: &Path) {
        for (path, content) in self.texts() {
            write(folder, &path, content.as_bytes());
        }
        fs::write(folder.join("case.toml"), self.strategy()).expect("a fresh folder takes files");
    }
}

fn run(folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_backtest"))
        .args(["run", "case.toml", "--output", "out.json"])
        .current_dir(folder)
        .output()
        .expect("the program can be started")
}

/// Runs a strategy that must be refused as bad configuration.
pub fn refused(case: &Case) {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    case.write(folder.path());
    let output = run(folder.path());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(
        output.status.code(),
        Some(78),
        "`{}` was not refused\n{said}{}",
        case.formula,
        case.strategy()
    );
    assert!(
        !folder.path().join("out.json").exists(),
        "`{}` was refused, but not without output",
        case.formula
    );
}

/// Runs a case and compares its decisions with those of the reference.
///
/// `Err` is the first difference, with everything that is needed to see it again.
pub fn compare(case: &Case) -> Result<Seen, String> {
    if has_partial_sum(&case.formula, &case.names(), &case.universe) {
        refused(case);
        return Ok(Seen { refusals: 1, ..Seen::default() });
    }
    let folder = tempfile::tempdir().expect("there is room for a folder");
    case.write(folder.path());
    let output = run(folder.path());
    let said = String::from_utf8_lossy(&output.stderr);
    let with_case = |difference: String| format!("`{}`: {difference}\n{said}{}", case.formula, case.replay());
    if output.status.code() == Some(78) {
        // What is no formula has no meaning here either.
        return Err(with_case("exit code Some(78)".into()));
    }
    let decisions = case.decisions();
    let unpriced = case.weights_without_a_price(&decisions);
    match output.status.code() {
        Some(65) if !unpriced.is_empty() => return Ok(Seen { refusals: 1, ..Seen::default() }),
        Some(0) if unpriced.iter().all(|weight| *weight == 0.0) => {}
        code => return Err(with_case(format!("exit code {code:?}"))),
    }
    let text = fs::read_to_string(folder.path().join("out.json")).expect("a good run writes its result");
    let result: Value = serde_json::from_str(&text).expect("the result is JSON");
    differences(case, &decisions, &result["strategy"]).map_err(with_case)
}

/// What `backtest formula` prints for a case: every asset at every close.
///
/// `Err` is what it says instead, with everything that is needed to see it again.
pub fn printed(case: &Case) -> Result<String, String> {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let formula = case.formula.to_string();
    // The calendar is that of the strategy: what the formula names adds no session.
    let strategy = Case { formula: Tree::name("close"), ..case.clone() };
    strategy.write(folder.path());
    // A formula may begin with the sign of an option.
    write(folder.path(), "formula.txt", formula.as_bytes());
    let text = fs::File::open(folder.path().join("formula.txt")).expect("it was written");
    let output = Command::new(env!("CARGO_BIN_EXE_backtest"))
        .args(["formula", "case.toml", "-", "--format", "csv"])
        .current_dir(folder.path())
        .stdin(text)
        .output()
        .expect("the program can be started");
    if output.status.code() != Some(0) {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("exit code {:?}\n{said}{}", output.status.code(), strategy.replay()));
    }
    Ok(String::from_utf8(output.stdout).expect("the program prints text"))
}

/// What `backtest formula` prints is compared with the reference: every asset at every close, bit for bit.
///
/// `Err` is the first difference, with everything that is needed to see it again.
pub fn compare_values(case: &Case) -> Result<Seen, String> {
    let with_case = |difference: String| format!("`{}`: {difference}\n{}", case.formula, case.replay());
    values_apart(case, &printed(case)?).map_err(with_case)
}

fn values_apart(case: &Case, printed: &str) -> Result<Seen, String> {
    let (market, names) = (case.market(), case.names());
    let evaluator = Evaluator::new(&market, &case.formula, &names, case.conventions, None);
    let mut lines = printed.lines();
    let header = lines.next().unwrap_or_default();
    let mut assets = Vec::new();
    for (column, symbol) in header.split(',').skip(1).enumerate() {
        let asset = market.assets.iter().position(|asset| asset.symbol == symbol);
        if let Some(expected) = case.universe.get(column)
            && expected != symbol
        {
            return Err(format!("{symbol} stands in the place of {expected}"));
        }
        assets.push(asset.ok_or_else(|| format!("a column of {symbol}"))?);
    }
    if assets.len() < case.universe.len() {
        return Err(format!("only these columns: {header}"));
    }
    let mut seen = Seen::default();
    for (day, date) in market.days.iter().enumerate() {
        let line = lines.next().unwrap_or_default();
        let cells: Vec<&str> = line.split(',').collect();
        if cells[0] != date.to_string() || cells.len() != assets.len() + 1 {
            return Err(format!("`{line}` on {date}"));
        }
        for (asset, cell) in assets.iter().zip(&cells[1..]) {
            let got: Option<f64> = if cell.is_empty() {
                None
            } else {
                Some(cell.parse().map_err(|_| format!("`{cell}` in `{line}`"))?)
            };
            let expected = evaluator.given(*asset, day);
            if got != expected {
                let symbol = &market.assets[*asset].symbol;
                return Err(format!("{symbol} on {date} (day {day}): got {got:?}, expected {expected:?}"));
            }
            seen.cells += 1;
            seen.weights_not_zero += usize::from(expected.is_some_and(|value| value != 0.0));
        }
    }
    lines.next().map_or(Ok(seen), |line| Err(format!("`{line}` after the last day")))
}

fn differences(case: &Case, decisions: &[Decision], result: &Value) -> Result<Seen, String> {
    let days = weekdays(case.start, case.end);
    let curve: Vec<usize> =
        (0..days.len()).filter(|day| case.burn_in.is_none_or(|burn_in| burn_in <= days[*day])).collect();
    let dates = |series: &Value| -> Vec<i64> {
        series.as_array().into_iter().flatten().filter_map(|pair| pair[0].as_i64()).collect()
    };
    let expected_dates: Vec<i64> = curve
        .iter()
        .map(|day| days[*day].and_time(Default::default()).and_utc().timestamp_millis())
        .collect();
    if dates(&result["equity_curve"]) != expected_dates {
        return Err("the equity curve has other dates".into());
    }
    let mut columns = BTreeMap::new();
    for column in result["target_allocations"].as_array().into_iter().flatten() {
        let name = column["name"].as_str().unwrap_or_default();
        if dates(&column["data"]) != expected_dates {
            return Err(format!("the target allocation of {name} has other dates"));
        }
        columns.insert(
            name,
            column["data"].as_array().into_iter().flatten().map(|pair| &pair[1]).collect::<Vec<_>>(),
        );
    }
    if case.schedule != Schedule::OnChange
        && let Some((day, _)) = decisions.last()
    {
        let market = case.market();
        let mut members = market.members(*day).into_iter().map(|asset| market.assets[asset].symbol.as_str());
        if let Some(missing) = members.find(|symbol| !columns.contains_key(symbol)) {
            return Err(format!("{missing} has no target allocation"));
        }
    }
    let asked = decisions.iter().flat_map(|(_, weights)| weights.keys().map(String::as_str));
    let names: BTreeSet<&str> = columns.keys().copied().chain(asked).collect();
    let mut seen = Seen::default();
    for (row, day) in curve.iter().enumerate() {
        let decision = decisions.iter().rfind(|(decided, _)| decided <= day);
        for name in &names {
            let expected = decision.and_then(|(_, weights)| weights.get(*name)).copied().unwrap_or(0.0);
            let got = columns.get(name).map_or(0.0, |column| column[row].as_f64().unwrap_or(0.0));
            if got != expected {
                return Err(format!(
                    "{name} on {} (day {day}, decided on day {:?}): got {got:?}, expected {expected:?}",
                    days[*day],
                    decision.map(|(decided, _)| decided)
                ));
            }
            seen.cells += 1;
            seen.weights_not_zero += usize::from(expected != 0.0);
        }
    }
    Ok(seen)
}
