//! Lists that are made row by row while they are written. Keeps nothing: all rows of a result may be larger than the rest.

use serde::{Serialize, Serializer};

use super::json_number::JsonNumber;
use crate::market::date::Date;

/// The rows of an iterator as a JSON list.
pub(crate) struct JsonRows<I>(pub I);

impl<I: Iterator<Item: Serialize> + Clone> Serialize for JsonRows<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.clone())
    }
}

/// A point of a series: milliseconds since the epoch of a date's midnight UTC, and a value. NaN is written as 0.0 (Q15).
pub(crate) fn point(date: Date, value: f64) -> (i64, JsonNumber) {
    (date.epoch_milliseconds(), JsonNumber(if value.is_nan() { 0.0 } else { value }))
}
