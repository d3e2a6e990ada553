//! The rates of interest of a strategy for the values of its parameters: numbers, or columns with one rate a day.

use std::sync::{Arc, OnceLock};

use super::definition::{Rate, Rates};
use super::error::BacktestError;
use crate::engine::interest::{InterestRates, RateSeries};
use crate::engine::stage::Stage;
use crate::formula::evaluate::Evaluator;
use crate::formula::evaluation::Scratch;
use crate::formula::node::Formula;
use crate::market::date::Date;
use crate::text::quoted::number;

/// The rates of a strategy. Where they do not depend on parameters they are computed once.
#[derive(Debug)]
pub(crate) struct PreparedRates {
    rates: Rates,
    /// Whether a formula of them names a parameter.
    vary: bool,
    /// The rates that do not vary, once they are computed, or what is wrong with them.
    only: OnceLock<Result<Arc<InterestRates>, String>>,
}

impl PreparedRates {
    /// Nothing is computed yet.
    pub(crate) fn new(rates: &Rates) -> PreparedRates {
        let vary = rates.formulas().any(|formula| formula.root.names_parameter());
        PreparedRates { rates: rates.clone(), vary, only: OnceLock::new() }
    }

    /// The rates for these values of the parameters. The evaluator and the stage must always be those of the strategy.
    ///
    /// # Errors
    /// [`BacktestError::Prices`]: a window that is not a whole number in its range, or a rate above 1 or below -1 at a close of
    /// the curve but the last.
    pub(crate) fn at(
        &self,
        parameters: &[f64],
        evaluator: &Evaluator,
        stage: &Stage,
    ) -> Result<Arc<InterestRates>, BacktestError> {
        let compute = || interest_rates(&self.rates, parameters, evaluator, stage).map(Arc::new);
        let rates = if self.vary { compute() } else { self.only.get_or_init(compute).clone() };
        rates.map_err(BacktestError::Prices)
    }
}

fn interest_rates(
    rates: &Rates,
    parameters: &[f64],
    evaluator: &Evaluator,
    stage: &Stage,
) -> Result<InterestRates, String> {
    let mut series = rates.named().into_iter().map(|(key, rate)| match rate {
        Rate::Number(rate) => Ok(RateSeries::Flat(*rate)),
        Rate::Formula(formula) => daily(key, formula, parameters, evaluator, stage),
    });
    let mut next = || series.next().unwrap_or(Ok(RateSeries::Flat(0.0)));
    Ok(InterestRates { cash: next()?, debit: next()?, borrow: next()? })
}

/// The value of a formula at each close, 0 where it is absent.
fn daily(
    key: &str,
    formula: &Formula,
    parameters: &[f64],
    evaluator: &Evaluator,
    stage: &Stage,
) -> Result<RateSeries, String> {
    formula.depth(parameters).map_err(|error| format!("{key}: {error}"))?;
    let mut rates = evaluator.for_no_asset(formula, parameters, &mut Scratch::default());
    rates.iter_mut().filter(|rate| rate.is_nan()).for_each(|rate| *rate = 0.0);
    // Nothing is booked after the last close.
    let owed = &rates[stage.curve_start..rates.len() - 1];
    match owed.iter().position(|rate| rate.abs() > 1.0) {
        Some(at) => Err(no_fraction(key, owed[at], stage.market.date(stage.curve_start + at))),
        None => Ok(RateSeries::Daily(rates)),
    }
}

/// The error for a rate above 1 or below -1.
fn no_fraction(key: &str, rate: f64, date: Date) -> String {
    let per_cent = number((rate * 1e8).round() / 1e6);
    let help = match rate.abs() {
        ..=1e2 => "divide by 100",
        ..=1e4 => "divide by 10000 if it is in basis points",
        _ => "a rate is a fraction, 0.045 for 4.5 % a year",
    };
    format!("{key} is {} on {date}, {per_cent} % a year; {help}", number(rate))
}
