//! The result of a backtest, from whichever source, and the first difference between two of them.
//!
//! Equity, fills and pending orders are compared bit for bit, statistics within a tolerance.

use std::fmt::Debug;

use chrono::NaiveDate;
use serde_json::Value;

/// The relative tolerance for statistics: numpy's logarithms differ from the C library's in the last bit, depending on the CPU.
const RELATIVE: f64 = 1e-10;
/// The absolute tolerance, for values that are differences from 1.
const ABSOLUTE: f64 = 1e-12;
const MILLISECONDS_PER_DAY: i64 = 86_400_000;

/// The result of one backtest.
#[derive(Debug)]
pub struct Outcome {
    /// Epoch milliseconds of the date's midnight, and equity.
    pub equity: Vec<(i64, f64)>,
    pub fills: Vec<Fill>,
    pub pending: Vec<(String, f64)>,
    /// QSTrader's statistics (docs/statistics.md#under-strategy); NaN is null, infinities are strings.
    pub strategy: Value,
}

/// One execution.
#[derive(Debug, Clone)]
pub struct Fill {
    /// `2016-02-01T14:30:00Z`
    pub time: String,
    pub asset: String,
    pub quantity: f64,
    pub price: f64,
    pub commission: f64,
    /// Cash after the trade.
    pub cash: f64,
    /// `trade` or `paid_out`.
    pub kind: String,
}

impl Outcome {
    /// What a golden file expects.
    pub fn of_golden(expected: &Value) -> Option<Outcome> {
        let curve = &expected["equity_curve"];
        let equity = array(&curve["dates"])?
            .iter()
            .zip(array(&curve["values"])?)
            .map(|(date, value)| {
                let date = NaiveDate::parse_from_str(date.as_str()?, "%Y-%m-%d").ok()?;
                Some((milliseconds(date), value.as_f64()?))
            })
            .collect::<Option<_>>()?;
        let fills = array(&expected["transactions"]["rows"])?
            .iter()
            .map(|row| {
                Some(Fill {
                    time: format!("{}Z", row[0].as_str()?.replace(' ', "T")),
                    asset: symbol(&row[1])?,
                    quantity: row[2].as_f64()?,
                    price: row[3].as_f64()?,
                    commission: row[4].as_f64()?,
                    cash: row[5].as_f64()?,
                    kind: "trade".into(),
                })
            })
            .collect::<Option<_>>()?;
        let pending = array(&expected["final"]["pending_orders"])?
            .iter()
            .map(|order| Some((symbol(&order[1])?, order[2].as_f64()?)))
            .collect::<Option<_>>()?;
        let mut strategy = expected["statistics"]["strategy"].clone();
        null_for_nan(&mut strategy);
        Some(Outcome { equity, fills, pending, strategy })
    }

    /// What the command wrote; the error names what is missing.
    pub fn of_output(text: &str) -> Result<Outcome, String> {
        let output: Value = serde_json::from_str(text).map_err(|error| format!("out.json: {error}"))?;
        let strategy = output["strategy"].clone();
        let equity = array(&strategy["equity_curve"])
            .and_then(|points| points.iter().map(|p| Some((p[0].as_i64()?, p[1].as_f64()?))).collect())
            .ok_or("out.json: strategy.equity_curve is no list of [milliseconds, value]")?;
        let fills = array(&output["fills"])
            .and_then(|fills| {
                fills
                    .iter()
                    .map(|fill| {
                        Some(Fill {
                            time: fill["time"].as_str()?.to_string(),
                            asset: fill["asset"].as_str()?.to_string(),
                            quantity: fill["quantity"].as_f64()?,
                            price: fill["price"].as_f64()?,
                            commission: fill["commission"].as_f64()?,
                            cash: fill["cash"].as_f64()?,
                            kind: fill["kind"].as_str().unwrap_or("trade").to_string(),
                        })
                    })
                    .collect()
            })
            .ok_or("out.json: fills are no list of {time, asset, quantity, price, commission, cash}")?;
        let pending = array(&output["pending_orders"])
            .and_then(|orders| {
                orders
                    .iter()
                    .map(|order| Some((order["asset"].as_str()?.to_string(), order["quantity"].as_f64()?)))
                    .collect()
            })
            .ok_or("out.json: pending_orders are no list of {asset, quantity}")?;
        Ok(Outcome { equity, fills, pending, strategy })
    }

    /// The first difference, field by field: fills first, since an odd fill explains everything after it.
    pub fn first_difference(&self, expected: &Outcome) -> Option<String> {
        in_lists("fills", &self.fills, &expected.fills, Fill::equals)
            .or_else(|| {
                in_lists("equity_curve", &self.equity, &expected.equity, |got, expected| {
                    got.0 == expected.0 && same(got.1, expected.1)
                })
            })
            .or_else(|| {
                in_lists("pending_orders", &self.pending, &expected.pending, |got, expected| {
                    got.0 == expected.0 && same(got.1, expected.1)
                })
            })
            .or_else(|| in_values(&self.strategy, &expected.strategy).map(|place| format!("strategy{place}")))
    }
}

impl Fill {
    fn equals(&self, other: &Fill) -> bool {
        self.time == other.time
            && self.asset == other.asset
            && same(self.quantity, other.quantity)
            && same(self.price, other.price)
            && same(self.commission, other.commission)
            && same(self.cash, other.cash)
            && self.kind == other.kind
    }
}

/// Epoch milliseconds of a date's midnight, UTC.
pub fn milliseconds(date: NaiveDate) -> i64 {
    i64::from(date.to_epoch_days()) * MILLISECONDS_PER_DAY
}

/// Equal within the tolerance of statistics.
pub fn close(got: f64, expected: f64) -> bool {
    (got - expected).abs() <= (RELATIVE * expected.abs()).max(ABSOLUTE)
}

fn same(got: f64, expected: f64) -> bool {
    got.to_bits() == expected.to_bits()
}

fn array(value: &Value) -> Option<&Vec<Value>> {
    value.as_array()
}

fn symbol(value: &Value) -> Option<String> {
    Some(value.as_str()?.trim_start_matches("EQ:").to_string())
}

/// The golden files write NaN as text.
fn null_for_nan(value: &mut Value) {
    match value {
        Value::String(text) if text == "NaN" => *value = Value::Null,
        Value::Array(items) => items.iter_mut().for_each(null_for_nan),
        Value::Object(fields) => fields.values_mut().for_each(null_for_nan),
        _ => {}
    }
}

fn in_lists<T: Debug>(
    field: &str,
    got: &[T],
    expected: &[T],
    equal: impl Fn(&T, &T) -> bool,
) -> Option<String> {
    let different = got.iter().zip(expected).position(|(got, expected)| !equal(got, expected));
    match different {
        Some(i) => Some(format!("{field}[{i}]: got {:?}, expected {:?}", got[i], expected[i])),
        None if got.len() == expected.len() => None,
        None => {
            let i = got.len().min(expected.len());
            Some(format!(
                "{field}: got {} entries, expected {}; at [{i}] got {:?}, expected {:?}",
                got.len(),
                expected.len(),
                got.get(i),
                expected.get(i)
            ))
        }
    }
}

/// Where two JSON values differ, as a path with both sides; integers must be equal, other numbers close.
fn in_values(got: &Value, expected: &Value) -> Option<String> {
    match (got, expected) {
        (Value::Object(got), Value::Object(expected)) => {
            if let Some(key) = got.keys().find(|&key| !expected.contains_key(key)) {
                return Some(format!(".{key}: got this key, expected none"));
            }
            expected.iter().find_map(|(key, expected)| match got.get(key) {
                None => Some(format!(".{key}: missing")),
                Some(got) => in_values(got, expected).map(|place| format!(".{key}{place}")),
            })
        }
        (Value::Array(got), Value::Array(expected)) => got
            .iter()
            .zip(expected)
            .enumerate()
            .find_map(|(i, (got, expected))| in_values(got, expected).map(|place| format!("[{i}]{place}")))
            .or_else(|| {
                (got.len() != expected.len())
                    .then(|| format!(": got {} entries, expected {}", got.len(), expected.len()))
            }),
        _ => (!leaves_equal(got, expected)).then(|| format!(": got {got}, expected {expected}")),
    }
}

fn leaves_equal(got: &Value, expected: &Value) -> bool {
    match (got.as_f64(), expected.as_f64()) {
        (Some(number), Some(wanted)) if expected.is_f64() => close(number, wanted),
        _ => got == expected,
    }
}
