//! Points of a strategy one after the other in memory, to be timed.

use crate::strategy::definition::Strategy;
use crate::strategy::error::BacktestError;
use crate::strategy::prepare::prepare;
use crate::strategy::rates::{PreparedRates, RateColumns};
use crate::strategy::run::{Point, PointBuffers, run_point};

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
    let (rates, columns) = (PreparedRates::new(&strategy.rates), RateColumns::default());
    let mut buffers = PointBuffers::<()>::default();
    measure(&mut |parameters| {
        let depth = evaluator.depth(parameters).expect("whole windows");
        let rates = rates.at(parameters, &evaluator, &stage, &columns).expect("rates below 1");
        let point = Point { parameters, depth, rates: &rates };
        let result = run_point(&stage, &evaluator, point, &terms, &rules, &mut buffers);
        let result = result.expect("a sound point");
        (result.performance.final_equity, result.outcome.fills)
    });
    Ok(())
}
