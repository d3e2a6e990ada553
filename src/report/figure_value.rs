//! The value of a figure in JSON.

use serde::{Serialize, Serializer};

use super::json_number::JsonNumber;
use crate::strategy::figures::{Figure, FigureKind, date_of};

/// A figure in JSON: a number, or a date as text; `null` where it is undefined.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct FigureValue {
    kind: FigureKind,
    value: f64,
}

impl FigureValue {
    /// The value of a figure.
    pub(crate) fn new(figure: &Figure, value: f64) -> FigureValue {
        FigureValue { kind: figure.kind, value }
    }
}

impl Serialize for FigureValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.kind {
            FigureKind::Date => match date_of(self.value) {
                Some(date) => serializer.collect_str(&date),
                None => serializer.serialize_none(),
            },
            _ => JsonNumber(self.value).serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::figures::Metric;

    #[test]
    fn a_date_is_text() {
        let json =
            |metric: Metric, value| serde_json::to_string(&FigureValue::new(metric.figure(), value)).unwrap();
        assert_eq!(json(Metric::RUINED_ON, 19_000.0), "\"2022-01-08\"");
        assert_eq!(json(Metric::RUINED_ON, f64::NAN), "null");
        assert_eq!(json(Metric::SHARPE, 0.5), "0.5");
    }
}
