//! Points of a strategy one after the other in memory, to be timed.

use crate::strategy::definition::Strategy;
use crate::strategy::error::BacktestError;
use crate::strategy::prepare::prepare;
use crate::strategy::run::{PointBuffers, run_point};

/// Prepares a strategy and hands over what runs it: parameter values in, final equity and number of fills out.
///
/// # Errors
/// Prices that are missing or wrong.
pub fn with_points(
    strategy: &Strategy,
    measure: impl FnOnce(&mut dyn FnMut(&[f64]) -> (f64, usize)),
) -> Result<(), BacktestError> {
    let prepared = prepare(strategy)?;
    let evaluator = prepared.evaluator(strategy, usize::MAX);
    let stage = prepared.stage(strategy, &evaluator);
    let (terms, rules) = (strategy.terms(), strategy.rules());
    let mut buffers = PointBuffers::<()>::default();
    measure(&mut |parameters| {
        let depth = strategy.formula.depth(parameters).expect("whole windows");
        let result = run_point(&stage, &evaluator, parameters, depth, &terms, &rules, &mut buffers);
        let result = result.expect("a sound point");
        (result.performance.final_equity, result.outcome.fills)
    });
    Ok(())
}
