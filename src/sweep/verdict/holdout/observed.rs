//! What a point earned on the sessions of a hold-out, beside what holding its mean weights there would have.

use crate::engine::journal::Record;
use crate::market::date::Date;
use crate::market::prices::AssetId;
use crate::stats::skill::passive::{AssetReturns, Rates, Residual, Subtraction};
use crate::strategy::figures::{Metric, date_of};
use crate::strategy::run::PointBuffers;
use crate::sweep::compute::figures;
use crate::sweep::error::PointFailure;
use crate::sweep::plan::Plan;

/// A point on some sessions.
#[derive(Debug)]
pub(super) struct Observed {
    /// The sessions.
    pub dates: Vec<Date>,
    /// What moving the weights earned on them; means are over them alone.
    pub residual: Residual,
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
    let points: Vec<usize> = (1..equity.len()).filter(|point| stage.point_date(*point) >= from).collect();
    let returns: Vec<f64> = points.iter().map(|&point| equity[point] / equity[point - 1] - 1.0).collect();
    let day = |point: usize| point + stage.curve_start - stage.cash_points;
    let mut subtraction = Subtraction::default();
    subtraction.begin(&returns);
    for asset in (0..market.symbols().len() as u32).map(AssetId) {
        let fills: Vec<_> = buffers.journal.fills.iter().filter(|fill| fill.asset == asset).collect();
        let close = market.close(asset);
        let held = |day: usize| {
            fills.iter().take_while(|fill| fill.day <= day).map(|fill| fill.quantity).sum::<f64>()
        };
        let weight = |&point: &usize| {
            let before = day(point) - 1;
            let shares = held(before);
            if shares == 0.0 { 0.0 } else { shares * close[before] / equity[point - 1] }
        };
        let weights: Vec<f64> = points.iter().map(weight).collect();
        let gone = stage.payouts.iter().find(|payout| payout.asset == asset).map(|payout| payout.day);
        let is_there =
            |point: &&usize| !close[day(**point) - 1].is_nan() && gone.is_none_or(|gone| day(**point) < gone);
        let first = points.iter().take_while(|point| !is_there(point)).count();
        let there = points[first..].iter().take_while(is_there);
        let earned = |point: &usize| close[day(*point)] / close[day(*point) - 1] - 1.0;
        let there = AssetReturns::new(first, there.map(earned).collect());
        if !fills.is_empty() && !there.returns.is_empty() {
            subtraction.asset(asset.0 as usize, &weights, &there, &[]);
        }
    }
    let residual = subtraction.end(&returns, &Rates::default()).clone();
    let (_, periods_per_year) = variant.rules.years(equity.len(), stage.calendar_days());
    Ok(Observed {
        dates: points.iter().map(|point| stage.point_date(*point)).collect(),
        residual,
        periods_per_year,
    })
}
