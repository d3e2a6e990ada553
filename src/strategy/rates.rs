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

/// The columns of rates that name no parameter, computed once for all strategies with the same formulas over the same prices.
#[derive(Debug, Default)]
pub(crate) struct RateColumns([OnceLock<Result<Arc<[f64]>, String>>; 3]);

/// The rates of a strategy.
#[derive(Debug, Clone)]
pub(crate) struct PreparedRates {
    rates: Rates,
    /// Whether the formula of each rate names a parameter.
    vary: [bool; 3],
}

impl PreparedRates {
    /// Nothing is computed yet.
    pub(crate) fn new(rates: &Rates) -> PreparedRates {
        let varies = |rate: &Rate| matches!(rate, Rate::Formula(formula) if formula.names_parameter());
        PreparedRates { rates: rates.clone(), vary: rates.named().map(|(_, rate)| varies(rate)) }
    }

    /// The rates for these values of the parameters. Evaluator, stage and columns are those of the strategy.
    ///
    /// # Errors
    /// [`BacktestError::Prices`]: a window that is not a whole number in its range, or a rate above 1 or below -1 at a close of
    /// the curve but the last.
    pub(crate) fn at(
        &self,
        parameters: &[f64],
        evaluator: &Evaluator,
        stage: &Stage,
        columns: &RateColumns,
    ) -> Result<InterestRates, BacktestError> {
        let named = self.rates.named();
        let series = |index: usize| -> Result<RateSeries, BacktestError> {
            let (key, rate) = named[index];
            let formula = match rate {
                Rate::Number(rate) => return Ok(RateSeries::Flat(*rate)),
                Rate::Formula(formula) => formula,
            };
            let compute = || daily(&format!("costs.{key}"), formula, parameters, evaluator, stage);
            let column =
                if self.vary[index] { compute() } else { columns.0[index].get_or_init(compute).clone() };
            column.map(RateSeries::Daily).map_err(BacktestError::Prices)
        };
        Ok(InterestRates { cash: series(0)?, debit: series(1)?, borrow: series(2)? })
    }
}

/// The value of a formula at each close, 0 where it is absent.
fn daily(
    key: &str,
    formula: &Formula,
    parameters: &[f64],
    evaluator: &Evaluator,
    stage: &Stage,
) -> Result<Arc<[f64]>, String> {
    formula.depth(parameters).map_err(|error| format!("{key}: {error}"))?;
    let mut rates = evaluator.for_no_asset(formula, parameters, &mut Scratch::default());
    rates.iter_mut().filter(|rate| rate.is_nan()).for_each(|rate| *rate = 0.0);
    // Nothing is booked after the last close.
    let owed = &rates[stage.curve_start..rates.len() - 1];
    match owed.iter().position(|rate| rate.abs() > 1.0) {
        Some(at) => Err(no_fraction(key, owed[at], stage.market.date(stage.curve_start + at))),
        None => Ok(rates.into()),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::stage::CurveDays;
    use crate::formula::evaluate::Policy;
    use crate::formula::frame::FirstDay;
    use crate::formula::kernel::days::Readiness;
    use crate::market::calendar::Calendar;
    use crate::market::columns::Columns;
    use crate::market::decisions::Decisions;
    use crate::market::input::folder::csv;
    use crate::market::prices::{Market, PriceAdjustment};

    /// The rates for a value of the parameter `x`, over a curve from the second day on. BILLS closes at 0.5, 2, 3 and 4 from
    /// the second to the fifth of six days.
    fn at(prepared: &PreparedRates, x: f64) -> Result<InterestRates, String> {
        at_with(prepared, x, &RateColumns::default())
    }

    fn at_with(prepared: &PreparedRates, x: f64, columns: &RateColumns) -> Result<InterestRates, String> {
        let text = "Date,Open,Close\n2020-01-07,1,0.5\n2020-01-08,1,2\n2020-01-09,1,3\n2020-01-10,1,4\n";
        let table = csv::read(text.as_bytes(), Columns::default()).unwrap();
        let calendar = Calendar::weekdays(Date::parse(b"2020-01-06").unwrap(), 6);
        let tables = vec![("BILLS".to_owned(), table)];
        let market = Arc::new(Market::new(calendar, PriceAdjustment::None, tables).unwrap());
        let weights = Arc::new(Formula::new("of(\"BILLS\", close)", &[]).unwrap());
        let policy = Policy::new(weights, Readiness::Full, FirstDay::Price);
        let decisions = Decisions::Closes(Vec::new());
        let evaluator = Evaluator::new(policy, Arc::clone(&market), &[], &[], decisions, 0);
        let curve = CurveDays { first: 1, begins_with_cash: true };
        let stage = Stage::new(market, &evaluator, curve, Vec::new(), None);
        prepared.at(&[x], &evaluator, &stage, columns).map_err(|error| error.to_string())
    }

    /// One rate a day.
    fn series(rates: [f64; 6]) -> RateSeries {
        RateSeries::Daily(rates.into())
    }

    fn cash(text: &str) -> PreparedRates {
        let formula = Formula::new(text, &["x".to_owned()]).unwrap();
        let cash = Rate::Formula(Arc::new(formula));
        PreparedRates::new(&Rates { cash, debit: Rate::Number(0.03), borrow: Rate::Number(0.0) })
    }

    #[test]
    fn absent_is_nothing_and_numbers_make_no_column() {
        let rates = at(&cash("of(\"BILLS\", close) / 100"), 0.0).unwrap();
        assert_eq!(rates.cash, series([0.0, 0.005, 0.02, 0.03, 0.04, 0.04]));
        assert_eq!((&rates.debit, &rates.borrow), (&RateSeries::Flat(0.03), &RateSeries::Flat(0.0)));
    }

    #[test]
    fn without_parameters_they_are_computed_once() {
        let fixed = cash("of(\"BILLS\", close) / 100");
        let columns = RateColumns::default();
        let column = |x: f64| match at_with(&fixed, x, &columns).unwrap().cash {
            RateSeries::Daily(column) => column,
            RateSeries::Flat(_) => unreachable!("a formula makes a column"),
        };
        assert!(Arc::ptr_eq(&column(1.0), &column(2.0)));
        let swept = cash("x / 100");
        assert_eq!(at(&swept, 1.0).unwrap().cash, series([0.01; 6]));
        assert_eq!(at(&swept, 2.0).unwrap().cash, series([0.02; 6]));
        let windows = cash("of(\"BILLS\", sma(x)) / 100");
        assert_eq!(at(&windows, 4.0).unwrap().cash, series([0.0, 0.0, 0.0, 0.0, 0.02375, 0.0325]));
        let message = "costs.cash_rate: expected a whole number from 1 to 1000000, found 0.5";
        assert_eq!(at(&windows, 0.5).unwrap_err(), message);
    }

    #[test]
    fn a_rate_is_a_fraction() {
        let message = |text: &str| at(&cash(text), 0.0).unwrap_err();
        let expected = "costs.cash_rate is 2 on 2020-01-08, 200 % a year; divide by 100";
        assert_eq!(message("of(\"BILLS\", close)"), expected);
        let expected = "costs.cash_rate is -4.5 on 2020-01-09, -450 % a year; divide by 100";
        assert_eq!(message("if(of(\"BILLS\", close) == 3, -4.5, 0)"), expected);
        let expected =
            "costs.cash_rate is 450 on 2020-01-07, 45000 % a year; divide by 10000 if it is in basis points";
        assert_eq!(message("450"), expected);
        let expected = "costs.cash_rate is 20000 on 2020-01-07, 2000000 % a year; a rate is a fraction, 0.045 for 4.5 % a year";
        assert_eq!(message("20000"), expected);
    }

    #[test]
    fn the_first_day_before_the_curve_and_the_last_close_do_not_matter() {
        let is_4 = "of(\"BILLS\", close) == 4 and of(\"BILLS\", lag(close, 1)) == 4";
        assert!(
            at(&cash(&format!("if({is_4}, 5, 1)")), 0.0).is_ok(),
            "nothing is booked after the last close"
        );
        let only_first_day = "if(lag(1, 1) > 0 or 0, 0, 5)";
        assert_eq!(at(&cash(only_first_day), 0.0).unwrap().cash, series([5.0, 0.0, 0.0, 0.0, 0.0, 0.0]));
        assert!(
            at(&cash("if(of(\"BILLS\", close) == 0.5, 5, 0)"), 0.0).is_err(),
            "the first close of the curve"
        );
        assert!(at(&cash("if(of(\"BILLS\", lag(close, 1)) == 3, 5, 0)"), 0.0).is_err(), "the last but one");
        assert!(at(&cash("1"), 0.0).is_ok() && at(&cash("-1"), 0.0).is_ok());
    }
}
