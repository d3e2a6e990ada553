//! An axis of a sweep: a parameter or any key of the strategy, and the values it takes. Values are computed from their
//! index, so that a range of a billion costs no memory.

use super::value::AxisValue;
use crate::config::error::ConfigError;
use crate::config::fields::Field;
use crate::config::schema::Decides;
use crate::config::tree::Number;

/// A list made from `count` may be this long; a range with a `step` may have any length.
const COUNT_LIMIT: i64 = 1_000_000;
/// Whole numbers up to here are exact as doubles.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// What an axis sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// The parameter of the strategy at this index; whole numbers only or not.
    Parameter {
        /// Index among the strategy's parameters.
        index: usize,
        /// Whether its default is a whole number.
        whole: bool,
    },
    /// Another key, by its dotted path.
    Key,
}

/// An axis.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Axis {
    /// Its name in the sweep file: a parameter or a dotted path.
    pub name: String,
    /// What it sets.
    pub target: Target,
    /// What that decides.
    pub decides: Decides,
    /// The values it takes.
    pub values: Values,
}

/// The values of an axis.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Values {
    /// One after the other, as listed.
    List(Vec<AxisValue>),
    /// `(from + index * step) / scale` for the indices below `count`; all four are whole.
    Steps {
        /// First value times the scale.
        from: f64,
        /// Distance times the scale.
        step: f64,
        /// Power of ten that makes the others whole.
        scale: f64,
        /// Number of values.
        count: u64,
        /// Whether the values are whole numbers.
        whole: bool,
    },
    /// Any value between two ends; only a sample draws from it.
    Span {
        /// Lower end.
        from: f64,
        /// Upper end.
        to: f64,
        /// Whether equal ratios are equally likely, instead of equal differences.
        logarithmic: bool,
        /// Whether the values are whole numbers, both ends among them.
        whole: bool,
    },
}

impl Values {
    /// Reads `[...]`, `{ from, to, step }`, `{ from, to, count, scale }` or, for a sample, `{ from, to, scale }`. With `real`
    /// the values are those of a parameter that takes any number: ends written as whole numbers do not make the values between
    /// them whole.
    ///
    /// # Errors
    /// Anything else, and ranges without a value.
    pub(crate) fn parse(field: &Field, sampled: bool, real: bool) -> Result<Values, ConfigError> {
        if let Some(list) = field.list() {
            if list.is_empty() {
                return Err(field.error(format!("'{}': expected at least one value", field.path)));
            }
            return Ok(Values::List(list.iter().map(AxisValue::of_field).collect()));
        }
        if !field.is_table() {
            let examples = "a list such as [1, 2, 3] or a range such as { from = 21, to = 252, step = 21 }";
            return Err(field.expected(examples));
        }
        let table = field.table()?;
        table.allow(&["from", "to", "step", "count", "scale"])?;
        let (from, to) = (table.require("from")?.number()?, table.require("to")?);
        let to_value = to.number()?;
        let (low, high) = (from.value(), to_value.value());
        if high < low {
            return Err(to.error(format!("'{}': the range ends before it begins", field.path)));
        }
        let whole = !real && matches!((from, to_value), (Number::Integer(_), Number::Integer(_)));
        let logarithmic = match table.get("scale") {
            None => false,
            Some(scale) => match scale.text()? {
                "linear" => false,
                "log" if low > 0.0 => true,
                "log" => return Err(scale.error("a logarithmic scale needs a range above 0")),
                other => {
                    return Err(
                        scale.error(format!("unknown scale '{other}'; expected \"linear\" or \"log\""))
                    );
                }
            },
        };
        match (table.get("step"), table.get("count")) {
            (Some(_), Some(count)) => {
                Err(count.key_error("a range has either 'step' or 'count', found both"))
            }
            (Some(step), None) => {
                if logarithmic {
                    return Err(step.key_error("a logarithmic range has 'count' in place of 'step'"));
                }
                let width = step.number()?;
                step.number_where(|width| width > 0.0, "a number above 0")?;
                steps(from, low, high, width)
                    .ok_or_else(|| step.error(format!("'{}': too many values to number them", field.path)))
            }
            (None, Some(count)) => {
                let expected = "a whole number from 1 to 1,000,000";
                let count = count.whole_where(|count| (1..=COUNT_LIMIT).contains(&count), expected)?;
                Ok(Values::List(spread(low, high, count as u64, logarithmic, whole)))
            }
            (None, None) if sampled => Ok(Values::Span { from: low, to: high, logarithmic, whole }),
            (None, None) => Err(field.error(format!("'{}': the range needs 'step' or 'count'", field.path))),
        }
    }

    /// Number of values; `None` for a span.
    pub(crate) fn count(&self) -> Option<u64> {
        match self {
            Values::List(values) => Some(values.len() as u64),
            Values::Steps { count, .. } => Some(*count),
            Values::Span { .. } => None,
        }
    }

    /// The value at an index below the count.
    pub(crate) fn at(&self, index: u64) -> AxisValue {
        match self {
            Values::List(values) => values[index as usize].clone(),
            Values::Steps { from, step, scale, whole, .. } => {
                number((from + index as f64 * step) / scale, *whole)
            }
            Values::Span { from, whole, .. } => number(*from, *whole),
        }
    }

    /// The first and the last value.
    pub(crate) fn ends(&self) -> [AxisValue; 2] {
        match self {
            Values::Span { from, to, whole, .. } => [number(*from, *whole), number(*to, *whole)],
            listed => [listed.at(0), listed.at(listed.count().unwrap_or(1) - 1)],
        }
    }

    /// The value at a share of the way through them, from 0 to below 1.
    pub(crate) fn draw(&self, share: f64) -> AxisValue {
        match self {
            Values::Span { from, to, logarithmic, whole } => {
                // A whole number stands for the half-open interval about it.
                let (low, high) = if *whole { (from - 0.5, to + 0.5) } else { (*from, *to) };
                let low = if *logarithmic { low.max(from * 0.5) } else { low };
                let value = if *logarithmic {
                    low * libm::pow(high / low, share)
                } else {
                    low + share * (high - low)
                };
                number(if *whole { value.round().clamp(*from, *to) } else { value.clamp(*from, *to) }, *whole)
            }
            listed => {
                let count = listed.count().unwrap_or(1);
                listed.at(((share * count as f64) as u64).min(count - 1))
            }
        }
    }

    /// Whether all values are numbers, so that neighbours are alike.
    pub(crate) fn is_ordered(&self) -> bool {
        match self {
            Values::List(values) => values.iter().all(|value| value.number().is_some()),
            _ => true,
        }
    }

    /// Whether the values are numbers that rise or fall from first to last, so that indices next to each other are alike.
    pub(crate) fn is_monotone(&self) -> bool {
        let Values::List(values) = self else { return true };
        let numbers: Option<Vec<f64>> = values.iter().map(AxisValue::number).collect();
        numbers.is_some_and(|numbers| numbers.is_sorted() || numbers.is_sorted_by(|a, b| a >= b))
    }

    /// The values as text that equal values share.
    pub(crate) fn canonical(&self) -> String {
        match self {
            Values::List(values) => values.iter().map(AxisValue::toml).collect::<Vec<_>>().join(", "),
            // A short range is the list of its values.
            Values::Steps { count, .. } if *count <= 10_000 => {
                (0..*count).map(|index| self.at(index).toml()).collect::<Vec<_>>().join(", ")
            }
            Values::Steps { from, step, scale, count, .. } => {
                format!("({from} + i * {step}) / {scale}, i < {count}")
            }
            Values::Span { from, to, logarithmic, whole } => {
                let kind = if *logarithmic { "log" } else { "linear" };
                format!("{from} .. {to} {kind} {}", if *whole { "whole" } else { "real" })
            }
        }
    }
}

fn number(value: f64, whole: bool) -> AxisValue {
    AxisValue::Number(if whole { Number::Integer(value as i64) } else { Number::Float(value) })
}

/// In whole multiples of a power of ten, so that 0.1 + 2 * 0.1 is 0.3. `None` beyond what doubles count exactly.
fn steps(from: Number, low: f64, high: f64, step: Number) -> Option<Values> {
    let decimals = decimals(low).max(decimals(step.value()));
    let scale = (0..decimals).fold(1.0, |scale, _| scale * 10.0);
    let [low, high, width] = [low, high, step.value()].map(|value| value * scale);
    let (low, width) = (low.round(), width.round());
    let steps = ((high - low) / width + 1e-9).floor();
    let exact = [low, high, width, steps].iter().all(|value| value.abs() < EXACT) && width >= 1.0;
    let whole = matches!((from, step), (Number::Integer(_), Number::Integer(_)));
    exact.then(|| Values::Steps { from: low, step: width, scale, count: steps as u64 + 1, whole })
}

/// Digits behind the point of the shortest text of a number.
fn decimals(value: f64) -> usize {
    value.to_string().split_once('.').map_or(0, |(_, decimals)| decimals.len())
}

/// So many values from one end to the other, both included.
fn spread(low: f64, high: f64, count: u64, logarithmic: bool, whole: bool) -> Vec<AxisValue> {
    let last = count.saturating_sub(1).max(1) as f64;
    let at = |index: u64| {
        let index = index as f64;
        match logarithmic {
            _ if index == 0.0 => low,
            _ if index == last => high,
            true => low * libm::pow(high / low, index / last),
            false => (low * (last - index) + high * index) / last,
        }
    };
    let mut values: Vec<f64> =
        (0..count).map(at).map(|value| if whole { value.round() } else { value }).collect();
    values.dedup();
    values.into_iter().map(|value| number(value, whole)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::document::Document;

    fn values(text: &str, sampled: bool) -> Result<Vec<String>, String> {
        let document = Document::new("x.toml", &format!("a = {text}")).unwrap();
        let values = Values::parse(&document.table().require("a").unwrap(), sampled, false);
        let values = values.map_err(|error| error.message)?;
        Ok((0..values.count().unwrap_or(0).min(20)).map(|index| values.at(index).toml()).collect())
    }

    #[test]
    fn ranges_and_lists() {
        let check =
            |text: &str, expected: &[&str]| assert_eq!(values(text, false).unwrap(), expected, "{text}");
        check("[1, 2.5, \"daily\", true]", &["1", "2.5", "\"daily\"", "true"]);
        check("{ from = 21, to = 84, step = 21 }", &["21", "42", "63", "84"]);
        check("{ from = 0.1, to = 0.5, step = 0.1 }", &["0.1", "0.2", "0.3", "0.4", "0.5"]);
        check("{ from = 0.0, to = 0.01, step = 0.004 }", &["0.0", "0.004", "0.008"]);
        check("{ from = 1, to = 2, step = 0.5 }", &["1.0", "1.5", "2.0"]);
        check("{ from = 5, to = 5, step = 1 }", &["5"]);
        check("{ from = 0.0, to = 1.0, count = 5 }", &["0.0", "0.25", "0.5", "0.75", "1.0"]);
        check("{ from = 1, to = 1000, count = 4, scale = \"log\" }", &["1", "10", "100", "1000"]);
        check("{ from = 1, to = 3, count = 9 }", &["1", "2", "3"]);
        check("{ from = 7, to = 9, count = 1 }", &["7"]);
    }

    #[test]
    fn a_range_of_billions_costs_nothing() {
        let document = Document::new("x.toml", "a = { from = 1, to = 4000000000, step = 1 }").unwrap();
        let values = Values::parse(&document.table().require("a").unwrap(), false, false).unwrap();
        assert_eq!(values.count(), Some(4_000_000_000));
        assert_eq!(values.at(3_999_999_999).toml(), "4000000000");
    }

    #[test]
    fn wrong_ranges_are_named() {
        let check = |text: &str, part: &str| {
            let message = values(text, false).unwrap_err();
            assert!(message.contains(part), "{text}: {message}");
        };
        check("[]", "at least one value");
        check("3", "expected a list");
        check("{ from = 1, to = 2 }", "needs 'step' or 'count'");
        check("{ from = 2, to = 1, step = 1 }", "ends before");
        check("{ from = 1, to = 2, step = 0 }", "above 0");
        check("{ from = 1, to = 2, step = 1, count = 2 }", "either");
        check("{ from = 0, to = 2, count = 2, scale = \"log\" }", "above 0");
        check("{ from = 1, to = 2, count = 2, scale = \"cubic\" }", "unknown scale");
        check("{ from = 1, to = 1e300, step = 1e-300 }", "too many");
        check("{ from = 1, to = 2, by = 1 }", "unknown key 'by'");
    }

    #[test]
    fn draws_stay_inside_and_reach_both_ends() {
        let whole = Values::Span { from: 2.0, to: 5.0, logarithmic: false, whole: true };
        let drawn: Vec<String> =
            [0.0, 0.24, 0.26, 0.74, 0.76, 0.9999].map(|share| whole.draw(share).toml()).into();
        assert_eq!(drawn, ["2", "2", "3", "4", "5", "5"]);
        let real = Values::Span { from: 0.01, to: 100.0, logarithmic: true, whole: false };
        let middle = real.draw(0.5).number().unwrap();
        assert!((middle - 1.0).abs() < 1e-12 && real.draw(0.0).number() == Some(0.01));
        let list = Values::List((1..=3).map(|value| number(f64::from(value), true)).collect());
        assert_eq!([0.0, 0.34, 0.99].map(|share| list.draw(share).toml()), ["1", "2", "3"]);
    }
}
