//! One point: its variant, its backtest, its row.

use std::cell::RefCell;

use crate::engine::journal::Journal;
use crate::strategy::error::BacktestError;
use crate::strategy::figures::{PointFigures, point_figures};
use crate::strategy::run::{Point, PointBuffers, run_point};
use crate::sweep::error::PointFailure;
use crate::sweep::plan::Plan;
use crate::sweep::row;
use crate::sweep::value::AxisValue;
use crate::sweep::variant::{Scene, Variant};

thread_local! {
    static BUFFERS: RefCell<PointBuffers> = RefCell::default();
}

/// Does something with the buffers of this thread.
pub(crate) fn with_buffers<R>(use_them: impl FnOnce(&mut PointBuffers) -> R) -> R {
    BUFFERS.with_borrow_mut(use_them)
}

/// What is kept of a point.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct PointRow {
    /// Its row as CSV.
    pub line: String,
    /// Sums of its returns over each block, then of their squares; NaN where it has none.
    pub sums: Vec<f64>,
    /// Why it failed, if it did.
    pub failure: Option<PointFailure>,
}

impl PointRow {
    /// The row of a point; one that fails has a row as well.
    pub(super) fn compute(&mut self, plan: &Plan, point: u64, buffers: &mut PointBuffers) {
        let values = plan.sweep.space.values(point);
        let result = match plan.variants.get(&values) {
            Ok(variant) => figures(plan, &variant, &values, buffers),
            Err(error) => Err(failure(&error)),
        };
        self.line.clear();
        row::push(&mut self.line, point, &values, &result);
        self.sums.clear();
        let blocks = &buffers.blocks;
        if result.is_ok() && blocks.len() == plan.blocks {
            self.sums
                .extend(blocks.iter().map(|[sum, _]| sum).chain(blocks.iter().map(|[_, square]| square)));
        }
        self.sums.resize(2 * plan.blocks, f64::NAN);
        self.failure = result.err();
    }
}

/// The figures of a point whose variant is prepared. Its curve is left in `buffers`.
///
/// # Errors
/// Why it fails, as its row says it.
pub(crate) fn figures<J: Journal>(
    plan: &Plan,
    variant: &Variant,
    values: &[AxisValue],
    buffers: &mut PointBuffers<J>,
) -> Result<PointFigures, PointFailure> {
    let parameters = plan.sweep.space.parameters(values);
    let Scene { stage, evaluator, .. } = &*variant.scene;
    let depth = evaluator.depth(&parameters).map_err(PointFailure::new)?;
    let rates = variant
        .rates
        .at(&parameters, evaluator, stage, &variant.scene.rate_columns)
        .map_err(PointFailure::new)?;
    let point = Point { parameters: &parameters, depth, rates: &rates };
    run_point(stage, evaluator, point, &variant.terms, &variant.rules, buffers)
        .map(|result| point_figures(&result))
        .map_err(PointFailure::new)
}

/// Why a point has no variant. Without file and line: the same sweep may come from other files, with the same rows.
pub(crate) fn failure(error: &BacktestError) -> PointFailure {
    match error {
        BacktestError::Config(error) => PointFailure::new(&error.message),
        BacktestError::NoDay { message, .. } => PointFailure::new(message),
        error => PointFailure::new(error),
    }
}
