//! The figures of a part of a backtest, as if the curve began and ended with it.

use std::ops::RangeInclusive;

use super::run::{PointResult, annual_turnover};
use crate::engine::account::Fill;
use crate::engine::marking::gross_exposures;
use crate::engine::simulate::{Outcome, Stage};
use crate::market::prices::AssetId;
use crate::stats::performance::performance;
use crate::stats::rules::Rules;

/// The figures of the points `part` of a curve, which must have at least one.
///
/// `equity` and `fills` are those of the whole backtest. A part begins at the close of its first point: what was filled at that
/// day's open came before it, but for the first point of the whole curve.
pub fn part(
    stage: &Stage,
    rules: &Rules,
    equity: &[f64],
    fills: &[Fill],
    part: RangeInclusive<usize>,
) -> PointResult {
    let (first, last) = (*part.start(), *part.end());
    let points = last - first + 1;
    let date = |point: usize| stage.market.date(stage.curve_start + point);
    let calendar_days = f64::from(date(last) - date(first));
    let mut outcome =
        Outcome { fills: 0, turnover: 0.0, costs_paid: 0.0, exposure: 0.0, pending: Vec::new() };
    let mut positions: Vec<(AssetId, f64)> = Vec::new();
    let mut marked = first;
    let mut mark_until = |point: usize, positions: &[(AssetId, f64)], exposure: &mut f64| {
        if point > marked {
            let days = stage.curve_start + marked..stage.curve_start + point;
            let held: Vec<(f64, &[f64])> = positions
                .iter()
                .map(|(asset, quantity)| (*quantity, &stage.market.close(*asset)[days.clone()]))
                .collect();
            *exposure +=
                gross_exposures(&equity[marked..point], &held).fold(0.0, |sum, exposure| sum + exposure);
            marked = point;
        }
    };
    for fill in fills {
        let point = fill.day - stage.curve_start;
        if point > last {
            break;
        }
        mark_until(point, &positions, &mut outcome.exposure);
        if point > first || first == 0 {
            let open = stage.market.open(fill.asset)[fill.day];
            // Before the first close all is cash, and a fill changes it by what it costs.
            let before = match point {
                0 => fills[0].cash + fills[0].price * fills[0].quantity + fills[0].commission,
                point => equity[point - 1],
            };
            let traded = (fill.price * fill.quantity).abs();
            outcome.fills += 1;
            outcome.costs_paid += fill.commission + (fill.price - open).abs() * fill.quantity.abs();
            outcome.turnover += if before > 0.0 { traded / before } else { 0.0 };
        }
        match positions.iter().position(|(asset, _)| *asset == fill.asset) {
            Some(place) => {
                positions[place].1 += fill.quantity;
                if positions[place].1 == 0.0 {
                    positions.remove(place);
                }
            }
            None => positions.push((fill.asset, fill.quantity)),
        }
    }
    mark_until(last + 1, &positions, &mut outcome.exposure);
    outcome.exposure /= points as f64;
    let everything = 1..points;
    let equity = &equity[first..=last];
    let active = std::slice::from_ref(&everything);
    let performance = performance(equity, active, calendar_days, rules, &mut Vec::new());
    let turnover = annual_turnover(&outcome, points, calendar_days, rules);
    PointResult { performance, outcome, turnover }
}
