//! This implementation against the vectors of the language: no program is run.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::NaiveDate;
use serde_json::Value;

use super::columns::{Column, Whose};
use super::evaluate::{Conventions, Evaluator, Names};
use super::market::{Asset, History, Market, Row, weekdays, weekdays_before};
use super::parse::parse;
use crate::support::{files_of, read_json, shared};

/// Prices and names of a file of vectors.
struct Panel {
    market: Market,
    names: Names,
    conventions: Conventions,
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn date(value: &Value) -> NaiveDate {
    text(value).parse().expect("a date")
}

fn rows(panel: &Value, asset: &Value) -> Vec<Row> {
    let cell = |series: &str, row: usize| asset[series][row].as_f64();
    let row = |(index, dated): (usize, &Value)| {
        let close = cell("close", index)?;
        let open = if asset["open"].is_null() { Some(close) } else { cell("open", index) };
        Some(Row {
            date: date(dated),
            open,
            high: cell("high", index),
            low: cell("low", index),
            close: Some(close),
            adjusted_close: None,
            volume: cell("volume", index),
        })
    };
    list(&panel["dates"]).enumerate().filter_map(row).collect()
}

/// The days of the period, and sessions before it.
fn calendar(panel: &Value, traded: &[Vec<Row>]) -> (Vec<NaiveDate>, Vec<NaiveDate>) {
    let dates: Vec<NaiveDate> = list(&panel["dates"]).map(date).collect();
    let named = |key: &str, otherwise: usize| panel.get(key).map_or(dates[otherwise], date);
    let (start, end) = (named("start", 0), named("end", dates.len() - 1));
    if panel["calendar"] != "sessions" {
        let days = weekdays(start, end);
        let before = weekdays_before(days[0]);
        return (days, before);
    }
    let sessions: BTreeSet<NaiveDate> = traded.iter().flatten().map(|row| row.date).collect();
    let days = sessions.range(start..=end).copied().collect();
    (days, sessions.range(..start).copied().collect())
}

fn column(column: &Value) -> Column {
    let whose = |row: &Value| -> Whose { (date(&row[0]), row[1].as_str().map(Into::into)) };
    let count = |key: &str| column[key].as_u64().map(|count| count as usize);
    if column["form"] == "dates" {
        let known = count("known").expect("dates are known some time ahead");
        return Column::Dates { known, rows: list(&column["rows"]).map(whose).collect() };
    }
    let numbers = list(&column["rows"]).filter_map(|row| Some((whose(row), row[2].as_f64()?)));
    Column::Numbers { lag: count("lag").expect("a lag"), max_age: count("max_age"), rows: numbers.collect() }
}

fn names(panel: &Value) -> Names {
    let number = |value: &Value| value.as_f64().expect("a number");
    let numbered = |table: &Value| -> BTreeMap<String, usize> {
        let groups = entries(table).enumerate();
        groups
            .flat_map(|(number, (_, tickers))| list(tickers).map(move |ticker| (text(ticker).into(), number)))
            .collect()
    };
    Names {
        parameters: entries(&panel["parameters"]).map(|(name, x)| (name.clone(), number(x))).collect(),
        signals: entries(&panel["signals"])
            .map(|(name, formula)| (name.clone(), parse(text(formula)).expect("a formula")))
            .collect(),
        columns: entries(&panel["columns"]).map(|(name, one)| (name.clone(), column(one))).collect(),
        groups: entries(&panel["groups"]).map(|(name, table)| (name.clone(), numbered(table))).collect(),
    }
}

impl Panel {
    fn new(panel: &Value) -> Panel {
        let every: Vec<&str> = entries(&panel["assets"]).map(|(symbol, _)| symbol.as_str()).collect();
        let universe: Vec<&str> = if panel["universe"].is_null() {
            every.clone()
        } else {
            list(&panel["universe"]).map(text).collect()
        };
        let rows_of = |symbol: &&str| rows(panel, &panel["assets"][symbol]);
        let traded: Vec<Vec<Row>> = universe.iter().map(rows_of).collect();
        let (days, before) = calendar(panel, &traded);
        let asset = |symbol: &&str| {
            let inside = universe.contains(symbol);
            let entry = inside.then(|| panel["entry"].get(symbol).map(date));
            Asset::new(symbol, &rows_of(symbol), false, &days, entry, History::AllBars)
        };
        let outside = every.iter().filter(|symbol| !universe.contains(symbol));
        let assets = universe.iter().chain(outside).map(asset).collect();
        let short = panel["readiness"] == "days_since_start";
        let conventions = if short { Conventions::Qstrader } else { Conventions::Sound };
        Panel { market: Market::new(days, before, assets), names: names(panel), conventions }
    }

    /// What is wrong with the values of a case, if anything.
    fn difference(&self, case: &Value) -> Option<String> {
        let formula = parse(text(&case["formula"])).expect("a formula");
        let evaluator = Evaluator::new(&self.market, &formula, &self.names, self.conventions, None);
        if let Some(depth) = case["depth"].as_u64()
            && evaluator.depth(&formula) as u64 != depth
        {
            return Some(format!("a depth of {} instead of {depth}", evaluator.depth(&formula)));
        }
        for (symbol, values) in entries(&case["values"]) {
            let asset = self.market.assets.iter().position(|asset| asset.symbol == *symbol);
            let asset = asset.expect("values are of an asset");
            let values: Vec<Option<f64>> = list(values).map(Value::as_f64).collect();
            assert_eq!(values.len(), self.market.days.len(), "a value a day");
            for (day, expected) in values.into_iter().enumerate() {
                let got = evaluator.given(asset, day);
                let near = |got: f64, expected: f64| {
                    let apart = (got - expected).abs();
                    apart <= if case["exact"] == true { 0.0 } else { 1e-9 * expected.abs() + 1e-12 }
                };
                let agree = match (got, expected) {
                    (Some(got), Some(expected)) => near(got, expected),
                    (got, expected) => got == expected,
                };
                if !agree {
                    let date = self.market.days[day];
                    return Some(format!("{symbol} on {date}: {got:?} instead of {expected:?}"));
                }
            }
        }
        None
    }
}

/// The number of cases of a file, and the differences.
fn judge(file: &Path) -> (usize, Vec<String>) {
    let vectors = read_json(file);
    let panel = Panel::new(&vectors["panel"]);
    let differences = list(&vectors["cases"]).filter_map(|case| {
        let difference = panel.difference(case)?;
        Some(format!("{}: `{}`: {difference}", file.display(), text(&case["formula"])))
    });
    (list(&vectors["cases"]).count(), differences.collect())
}

#[test]
fn values_are_those_of_the_vectors() {
    let Some(shared) = shared("the second implementation of formulas over the vectors") else { return };
    let files = files_of(&shared.join("reference/formulas"), &[".json"]);
    let (mut cases, mut differences) = (0, Vec::new());
    for file in files {
        let (more, apart) = judge(&file);
        cases += more;
        differences.extend(apart);
    }
    println!("{cases} cases");
    assert!(cases > 200, "{cases} cases");
    assert!(differences.is_empty(), "{} differ\n{}", differences.len(), differences.join("\n"));
}
