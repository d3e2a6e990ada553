//! What a point earned on the sessions of a hold-out, beside what holding its mean weights there would have.

use crate::sweep::compute::figures;
use crate::engine::journal::Record;
use crate::market::date::Date;
use crate::market::prices::AssetId;
use crate::stats::skill::passive::{AssetReturns, CashReturns, Residual, residual};
use crate::strategy::figures::{Metric, date_of};
use crate::strategy::run::PointBuffers;
use crate::sweep::error::PointFailure;
use crate::sweep::plan::Plan;

/// A point on some sessions.
#[derive(Debug)]
pub(super) struct Observed {
    /// The sessions.
    pub dates: Vec<Date>,
    /// What moving the weights earned on them; means are over them alone.
    pub residual: Residual,
    /// The mean return.
    pub mean: f64,
    /// Sessions a year.
    pub periods_per_year: f64,
}

/// Runs a point, and looks at its sessions from a date on.
///
/// # Errors
/// Why it fails, or that its account was ruined.
pub(super) fn observed(plan: &Plan, point: u64, from: Date) -> Result<Observed, PointFailure> {
    let values = plan.sweep.space.values(point);
    let variant = plan.variants.get(&values).map_err(PointFailure::new)?;
    let mut buffers = PointBuffers::<Record>::default();
    let found = figures(plan, &variant, &values, &mut buffers)?;
    if let Some(date) = date_of(found[Metric::RUINED_ON.column()]) {
        return Err(PointFailure::new(format!("the account was ruined on {date}")));
    }
    let stage = &variant.scene.stage;
    let (market, equity) = (&stage.market, buffers.equity());
    let points: Vec<usize> =
        (1..equity.len()).filter(|point| stage.point_date(*point) >= from).collect();
    let returns: Vec<f64> = points.iter().map(|&point| equity[point] / equity[point - 1] - 1.0).collect();
    let day = |point: usize| point + stage.curve_start - stage.cash_points;
    let mut weights = Vec::new();
    let mut columns = Vec::new();
    for asset in (0..market.symbols().len() as u32).map(AssetId) {
        let fills = buffers.journal.fills.iter().filter(|fill| fill.asset == asset);
        let fills: Vec<_> = fills.collect();
        if fills.is_empty() {
            continue;
        }
        let close = market.close(asset);
        let held = |day: usize| {
            fills.iter().take_while(|fill| fill.day <= day).map(|fill| fill.quantity).sum::<f64>()
        };
        let weight = |&point: &usize| {
            let before = day(point) - 1;
            let shares = held(before);
            if shares == 0.0 { 0.0 } else { shares * close[before] / equity[point - 1] }
        };
        weights.push(points.iter().map(weight).collect::<Vec<f64>>());
        let gone = stage.payouts.iter().find(|payout| payout.asset == asset).map(|payout| payout.day);
        let earned = |&point: &usize| match day(point) {
            day if gone.is_some_and(|gone| day >= gone) => f64::NAN,
            day => close[day] / close[day - 1] - 1.0,
        };
        columns.push(points.iter().map(earned).collect::<Vec<f64>>());
    }
    let weights: Vec<&[f64]> = weights.iter().map(Vec::as_slice).collect();
    let assets: Vec<AssetReturns> =
        columns.iter().map(|returns| AssetReturns { returns, borrow: &[] }).collect();
    let residual = residual(&returns, &weights, &assets, CashReturns { earned: &[], owed: &[] });
    let (_, periods_per_year) = variant.rules.years(equity.len(), stage.calendar_days());
    Ok(Observed {
        dates: points.iter().map(|point| stage.point_date(*point)).collect(),
        mean: residual.edge + residual.passive,
        residual,
        periods_per_year,
    })
}
