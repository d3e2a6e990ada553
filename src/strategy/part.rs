//! The figures of a part of a backtest, as if the curve began and ended with it. Simulates nothing again.

use std::ops::RangeInclusive;

use super::run::{PointResult, annual_turnover};
use crate::engine::book::AccountBook;
use crate::engine::stage::Stage;
use crate::stats::performance::performance;
use crate::stats::rules::{Deviation, Rules};

/// The figures of the points `part` of a curve, which must have at least one.
///
/// `equity` and `book` are those of the whole backtest. A part begins at the close of its first point, so fills of that day do
/// not belong to it, except at the first point of the whole curve. Where the curve begins with the initial cash, a part begins
/// with its first point in the same way: its days are those after it. A part is ruined if the curve is at or below 0 at any
/// point up to its end.
pub(crate) fn part(
    stage: &Stage,
    rules: &Rules,
    equity: &[f64],
    book: &AccountBook,
    part: RangeInclusive<usize>,
) -> PointResult {
    let until = &equity[..=*part.end()];
    let equity = &equity[part.clone()];
    let date = |point: usize| stage.point_date(point);
    let days = equity.len() - stage.cash_points.min(equity.len() - 1);
    let calendar_days = f64::from(date(*part.end()) - date(*part.end() + 1 - days));
    let everything = 1..equity.len();
    let active = std::slice::from_ref(&everything);
    let performance = performance(equity, active, calendar_days, rules, &mut Vec::new());
    let mut outcome = book.outcome(part, stage.cash_points, rules.deviation == Deviation::Sample);
    outcome.ruined_on = until.iter().position(|value| *value <= 0.0).map(date);
    let turnover = annual_turnover(&outcome, equity.len(), days, calendar_days, rules);
    PointResult { performance, outcome, turnover }
}
