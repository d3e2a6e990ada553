//! Points computed again for what no shard keeps: curves, figures of a part, the benchmark.

use std::cell::RefCell;
use std::ops::RangeInclusive;

use super::compute::{failure, figures, with_buffers};
use super::error::PointFailure;
use super::plan::Plan;
use super::variant::Scene;
use crate::engine::book::AccountBook;
use crate::market::date::Date;
use crate::strategy::figures::{PointFigures, point_figures};
use crate::strategy::part::part;
use crate::strategy::run::{Benchmark, PointBuffers, benchmark};

thread_local! {
    static BOOK_BUFFERS: RefCell<PointBuffers<AccountBook>> = RefCell::default();
}

/// Computes a point and gives the days of its equity curve with the curve.
///
/// # Errors
/// Why it fails.
pub(crate) fn curve_of(plan: &Plan, point: u64) -> Result<(Vec<Date>, Vec<f64>), PointFailure> {
    let values = plan.sweep.space.values(point);
    let variant = plan.variants.get(&values).map_err(|error| failure(&error))?;
    with_buffers(|buffers| {
        figures(plan, &variant, &values, buffers)?;
        let stage = &variant.scene.stage;
        let dates = (0..stage.points()).map(|point| stage.point_date(point)).collect();
        Ok((dates, buffers.equity().to_vec()))
    })
}

/// Computes a point and gives its figures on parts of its curve of `points` points; `None` if it fails or has not just as many.
pub(crate) fn figures_of_parts(
    plan: &Plan,
    point: u64,
    points: usize,
    parts: &[RangeInclusive<usize>],
) -> Option<Vec<PointFigures>> {
    let values = plan.sweep.space.values(point);
    BOOK_BUFFERS.with_borrow_mut(|buffers| {
        buffers.journal.clear();
        let variant = plan.variants.get(&values).ok()?;
        figures(plan, &variant, &values, buffers).ok()?;
        let (stage, equity) = (&variant.scene.stage, buffers.equity());
        let of_part = |range: &RangeInclusive<usize>| {
            point_figures(&part(stage, &variant.rules, equity, &buffers.journal, range.clone()))
        };
        (equity.len() == points).then(|| parts.iter().map(of_part).collect())
    })
}

/// The benchmark of a point, if it has one, held on the days of the point's curve.
///
/// # Errors
/// The asset has no price there.
pub(crate) fn benchmark_of(plan: &Plan, point: u64) -> Result<Option<Benchmark>, PointFailure> {
    let values = plan.sweep.space.values(point);
    let strategy = plan.sweep.strategy_at(&values).map_err(PointFailure::new)?;
    let Some(asset) = &strategy.benchmark else { return Ok(None) };
    let variant = plan.variants.get(&values).map_err(PointFailure::new)?;
    let Scene { stage, evaluator, .. } = &*variant.scene;
    let parameters = plan.sweep.space.parameters(&values);
    let rates = variant
        .rates
        .at(&parameters, evaluator, stage, &variant.scene.rate_columns)
        .map_err(PointFailure::new)?;
    // Nobody asks for the figures beside the point's own curve.
    let equity = vec![strategy.initial_cash; stage.points()];
    benchmark(&strategy, stage, &rates, asset, &equity).map(Some).map_err(PointFailure::new)
}
