//! The vectors: one rule or interaction a file, with what a run of it gives.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;
use serde_json::Value;

use super::figures::Named;
use super::simulation::Outcome;
use crate::comparison::{Fill, milliseconds};
use crate::support;

/// What is compared of a run, from the slow simulation, the program, or a vector.
#[derive(Debug)]
pub struct Result {
    pub fills: Vec<Fill>,
    pub pending: Vec<(String, f64)>,
    /// Epoch milliseconds of the date's midnight, and the value.
    pub equity: Vec<(i64, f64)>,
    pub benchmark: Option<Vec<(i64, f64)>>,
    pub allocations: BTreeMap<String, Vec<f64>>,
    pub months: Vec<((i32, u32), f64)>,
    pub metrics: BTreeMap<String, f64>,
    pub benchmark_metrics: BTreeMap<String, f64>,
    /// The date as text.
    pub ruined_on: Option<String>,
}

/// How near two results must be.
#[derive(Debug, Clone, Copy)]
pub struct Tolerance {
    /// Of money and fractions of shares, relative; 0 for the same bits.
    pub money: f64,
    /// Of figures, relative.
    pub figures: f64,
}

/// Null is NaN, and infinities are texts.
fn real(value: &Value) -> f64 {
    match value {
        Value::String(text) if text == "Infinity" => f64::INFINITY,
        Value::String(text) if text == "-Infinity" => f64::NEG_INFINITY,
        value => value.as_f64().unwrap_or(f64::NAN),
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_string()
}

fn named(value: &Value) -> BTreeMap<String, f64> {
    let entries = value.as_object().into_iter().flatten();
    let numbers =
        entries.filter(|(name, value)| *name != "ruined_on" && (value.is_null() || !real(value).is_nan()));
    numbers.map(|(name, value)| (name.clone(), real(value))).collect()
}

fn fills(value: &Value) -> Vec<Fill> {
    list(value)
        .map(|fill| Fill {
            time: text(&fill["time"]),
            asset: text(&fill["asset"]),
            quantity: real(&fill["quantity"]),
            price: real(&fill["price"]),
            commission: real(&fill["commission"]),
            cash: real(&fill["cash"]),
            kind: text(&fill["kind"]),
        })
        .collect()
}

fn orders(value: &Value) -> Vec<(String, f64)> {
    list(value).map(|order| (text(&order["asset"]), real(&order["quantity"]))).collect()
}

fn months(value: &Value) -> Vec<((i32, u32), f64)> {
    let number = |value: &Value| value.as_i64().expect("a number of a year or month");
    list(value).map(|row| ((number(&row[0][0]) as i32, number(&row[0][1]) as u32), real(&row[1]))).collect()
}

impl Result {
    pub fn of_simulation(outcome: &Outcome) -> Result {
        let series = |points: &[f64]| -> Vec<(i64, f64)> {
            outcome.dates.iter().map(|date| milliseconds(*date)).zip(points.iter().copied()).collect()
        };
        let named =
            |figures: &Named| figures.iter().map(|(name, value)| (name.to_string(), *value)).collect();
        Result {
            fills: outcome.fills.clone(),
            pending: outcome.pending.clone(),
            equity: series(&outcome.equity),
            benchmark: outcome.benchmark.as_deref().map(series),
            allocations: outcome.allocations.clone(),
            months: outcome.figures.months.clone(),
            metrics: named(&outcome.figures.metrics),
            benchmark_metrics: named(&outcome.figures.benchmark),
            ruined_on: outcome.figures.ruined_on.map(|date| date.to_string()),
        }
    }

    /// What the program wrote.
    pub fn of_output(output: &Value) -> Result {
        let strategy = &output["strategy"];
        let series = |value: &Value| -> Vec<(i64, f64)> {
            list(value).map(|point| (point[0].as_i64().expect("milliseconds"), real(&point[1]))).collect()
        };
        let columns = list(&strategy["target_allocations"]);
        Result {
            fills: fills(&output["fills"]),
            pending: orders(&output["pending_orders"]),
            equity: series(&strategy["equity_curve"]),
            benchmark: output.get("benchmark").map(|benchmark| series(&benchmark["equity_curve"])),
            allocations: columns
                .map(|column| {
                    (
                        text(&column["name"]),
                        series(&column["data"]).into_iter().map(|point| point.1).collect(),
                    )
                })
                .collect(),
            months: months(&strategy["monthly_agg_returns"]),
            metrics: named(&output["metrics"]),
            benchmark_metrics: named(&output["benchmark_metrics"]),
            ruined_on: output["metrics"]["ruined_on"].as_str().map(str::to_string),
        }
    }

    /// What a vector expects.
    pub fn of_vector(expect: &Value) -> Result {
        let dates: Vec<i64> = list(&expect["dates"])
            .map(|date| milliseconds(text(date).parse::<NaiveDate>().expect("a date")))
            .collect();
        let series = |value: &Value| dates.iter().copied().zip(list(value).map(real)).collect();
        let allocations = expect["allocations"].as_object().into_iter().flatten();
        Result {
            fills: fills(&expect["fills"]),
            pending: orders(&expect["pending_orders"]),
            equity: series(&expect["equity"]),
            benchmark: expect.get("benchmark_equity").map(series),
            allocations: allocations
                .map(|(asset, values)| (asset.clone(), list(values).map(real).collect()))
                .collect(),
            months: months(&expect["monthly"]),
            metrics: named(&expect["metrics"]),
            benchmark_metrics: named(&expect["benchmark_metrics"]),
            ruined_on: expect["metrics"]["ruined_on"].as_str().map(str::to_string),
        }
    }

    /// Takes out the figures that say nothing: all that ruin spoils, and ratios of what rounding left.
    pub fn leave_out_what_says_nothing(&mut self) {
        if self.ruined_on.is_some() {
            let whole = ["final_equity", "fills", "turnover", "costs_paid", "exposure", "interest"];
            self.metrics.retain(|name, _| whole.contains(&name.as_str()));
            self.months.clear();
        }
        if !moves(&self.equity) {
            let ratios = ["sharpe", "sortino", "skew", "kurtosis"];
            self.metrics.retain(|name, _| !ratios.contains(&name.as_str()));
        }
        if !moves(&self.equity) || self.benchmark.as_ref().is_some_and(|points| !moves(points)) {
            self.benchmark_metrics.clear();
        }
        for figures in [&mut self.metrics, &mut self.benchmark_metrics] {
            if figures.get("max_drawdown").is_some_and(|fall| *fall < VISIBLE) {
                figures.remove("calmar");
            }
            figures.retain(|_, figure| figure.is_nan() || figure.abs() < 1e9);
        }
    }

    /// The first difference to what is expected: fills first, since an odd fill explains everything after it. Months
    /// and figures are compared where they are expected.
    pub fn first_difference(&self, expected: &Result, tolerance: Tolerance) -> Option<String> {
        let money = |got: f64, expected: f64| near(got, expected, tolerance.money, tolerance.money);
        let shares = |got: f64, expected: f64| {
            if expected % 1.0 == 0.0 { got == expected } else { near(got, expected, tolerance.money, 0.0) }
        };
        let fill = |got: &Fill, expected: &Fill| {
            got.time == expected.time
                && got.asset == expected.asset
                && got.kind == expected.kind
                && shares(got.quantity, expected.quantity)
                && money(got.price, expected.price)
                && money(got.commission, expected.commission)
                && money(got.cash, expected.cash)
        };
        let point = |got: &(i64, f64), expected: &(i64, f64)| got.0 == expected.0 && money(got.1, expected.1);
        let none = Vec::new();
        let benchmarks =
            (self.benchmark.as_ref().unwrap_or(&none), expected.benchmark.as_ref().unwrap_or(&none));
        in_lists("fills", &self.fills, &expected.fills, fill)
            .or_else(|| in_lists("equity", &self.equity, &expected.equity, point))
            .or_else(|| {
                in_lists("pending_orders", &self.pending, &expected.pending, |got, expected| {
                    got.0 == expected.0 && shares(got.1, expected.1)
                })
            })
            .or_else(|| in_lists("benchmark", benchmarks.0, benchmarks.1, point))
            .or_else(|| in_allocations(&self.allocations, &expected.allocations))
            .or_else(|| {
                if self.ruined_on != expected.ruined_on {
                    return Some(format!(
                        "ruined_on: {:?}, expected {:?}",
                        self.ruined_on, expected.ruined_on
                    ));
                }
                let month = |got: &((i32, u32), f64), expected: &((i32, u32), f64)| {
                    got.0 == expected.0 && near(got.1, expected.1, tolerance.figures, 1e-10)
                };
                if expected.months.is_empty() {
                    return None;
                }
                in_lists("months", &self.months, &expected.months, month)
            })
            .or_else(|| in_figures("metrics", &self.metrics, &expected.metrics, tolerance))
            .or_else(|| {
                in_figures(
                    "benchmark_metrics",
                    &self.benchmark_metrics,
                    &expected.benchmark_metrics,
                    tolerance,
                )
            })
    }
}

/// A return of this size has nine digits that rounding the equity leaves: as many as figures are compared to.
const VISIBLE: f64 = 1e-7;

/// Whether the returns of a curve above zero differ enough to divide by.
fn moves(points: &[(i64, f64)]) -> bool {
    let returns: Vec<f64> = points.windows(2).map(|pair| pair[1].1 / pair[0].1 - 1.0).collect();
    let (least, most) = returns
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), r| (least.min(*r), most.max(*r)));
    points.iter().all(|point| point.1 > 0.0) && most - least > VISIBLE
}

/// The same, both undefined, or as near as that; without a tolerance the same bits.
fn near(got: f64, expected: f64, relative: f64, least: f64) -> bool {
    if relative == 0.0 {
        return got.to_bits() == expected.to_bits();
    }
    got == expected
        || got.is_nan() && expected.is_nan()
        || (got - expected).abs() <= (relative * expected.abs()).max(least)
}

fn in_lists<T: std::fmt::Debug>(
    name: &str,
    got: &[T],
    expected: &[T],
    equal: impl Fn(&T, &T) -> bool,
) -> Option<String> {
    let most = got.len().max(expected.len());
    let differs = (0..most).find(|place| match (got.get(*place), expected.get(*place)) {
        (Some(got), Some(expected)) => !equal(got, expected),
        _ => true,
    })?;
    Some(format!("{name}[{differs}]: got {:?}, expected {:?}", got.get(differs), expected.get(differs)))
}

fn in_allocations(got: &BTreeMap<String, Vec<f64>>, expected: &BTreeMap<String, Vec<f64>>) -> Option<String> {
    let names = |columns: &BTreeMap<String, Vec<f64>>| columns.keys().cloned().collect::<Vec<_>>();
    if names(got) != names(expected) {
        return Some(format!("allocations of {:?}, expected {:?}", names(got), names(expected)));
    }
    expected.iter().find_map(|(asset, values)| {
        in_lists(&format!("allocations of {asset}"), &got[asset], values, |got, expected| {
            near(*got, *expected, 1e-9, 1e-12)
        })
    })
}

/// A ruined curve has no figures worth comparing but those that count and add.
fn in_figures(
    name: &str,
    got: &BTreeMap<String, f64>,
    expected: &BTreeMap<String, f64>,
    tolerance: Tolerance,
) -> Option<String> {
    expected.iter().find_map(|(key, expected)| {
        let Some(got) = got.get(key) else { return Some(format!("{name}.{key}: missing")) };
        let counts = ["fills", "max_drawdown_duration"].contains(&key.as_str());
        // By `population` the fourth moment may lose eight digits where the mean is a hundred deviations.
        let (relative, least) = match key.as_str() {
            "skew" | "kurtosis" => (100.0 * tolerance.figures, 1e-8),
            _ => (tolerance.figures, 1e-10),
        };
        let same = if counts { got == expected } else { near(*got, *expected, relative, least) };
        (!same).then(|| format!("{name}.{key}: got {got:?}, expected {expected:?}"))
    })
}

/// One vector: its files, and what a run of them gives.
pub struct Vector {
    pub id: String,
    pub strategy: String,
    pub files: Vec<(String, String)>,
    pub expect: Value,
}

impl Vector {
    /// All vectors of a folder, by name.
    pub fn all_of(folder: &Path) -> Vec<Vector> {
        let files = support::files_of(folder, &[".json"]);
        let read = |file: &std::path::PathBuf| {
            let vector = support::read_json(file);
            let files = vector["files"].as_object().into_iter().flatten();
            Vector {
                id: text(&vector["id"]),
                strategy: text(&vector["strategy"]),
                files: files.map(|(path, content)| (path.clone(), text(content))).collect(),
                expect: vector["expect"].clone(),
            }
        };
        files.iter().map(read).collect()
    }

    pub fn write(&self, folder: &Path) {
        for (path, content) in &self.files {
            support::write(folder, path, content.as_bytes());
        }
        support::write(folder, "case.toml", self.strategy.as_bytes());
    }

    pub fn exit_code(&self) -> i32 {
        self.expect["exit"].as_i64().expect("an exit code") as i32
    }

    /// Texts that a refusal contains.
    pub fn says(&self) -> Vec<String> {
        list(&self.expect["says"]).map(text).collect()
    }

    /// For each of these lists one line of standard error has all the words.
    pub fn notices(&self) -> Vec<Vec<String>> {
        list(&self.expect["notices"]).map(|words| list(words).map(text).collect()).collect()
    }
}
