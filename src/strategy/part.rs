//! The figures of a part of a backtest, as if the curve began and ended with it. Simulates nothing again.

use std::ops::RangeInclusive;

use super::run::{PointResult, annual_turnover};
use crate::engine::book::AccountBook;
use crate::engine::stage::Stage;
use crate::stats::performance::performance;
use crate::stats::rules::Rules;

/// The figures of the points `part` of a curve, which must have at least one.
///
/// `equity` and `book` are those of the whole backtest. A part begins at the close of its first point, so fills at that day's
/// open do not belong to it, except at the first point of the whole curve.
pub(crate) fn part(
    stage: &Stage,
    rules: &Rules,
    equity: &[f64],
    book: &AccountBook,
    part: RangeInclusive<usize>,
) -> PointResult {
    let equity = &equity[part.clone()];
    let date = |point: usize| stage.point_date(point);
    let calendar_days = f64::from(date(*part.end()) - date(*part.start()));
    let everything = 1..equity.len();
    let active = std::slice::from_ref(&everything);
    let performance = performance(equity, active, calendar_days, rules, &mut Vec::new());
    let outcome = book.outcome(part);
    let turnover = annual_turnover(&outcome, equity.len(), calendar_days, rules);
    PointResult { performance, outcome, turnover }
}
