//! JSON lists that are made row by row while they are written: all rows may take more memory than the result itself.

use serde::{Serialize, Serializer};

use super::json_number::JsonNumber;
use crate::market::date::Date;

/// The items of an iterator as a JSON list.
pub(crate) struct JsonRows<I>(pub I);

impl<I: Iterator<Item: Serialize> + Clone> Serialize for JsonRows<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.clone())
    }
}

/// A point of a series: the midnight UTC of a date in milliseconds since 1970, and a value.
///
/// NaN becomes 0.0, as QSTrader writes it. See `docs/statistics.md#under-strategy`.
pub(crate) fn point(date: Date, value: f64) -> (i64, JsonNumber) {
    (date.epoch_milliseconds(), JsonNumber(if value.is_nan() { 0.0 } else { value }))
}
