//! Operators over time: they see a window of days of one asset.

pub(super) mod adx;
pub(super) mod atr;
pub(super) mod beta;
pub(super) mod correlation;
pub(super) mod count_true;
pub(super) mod covariance;
pub(super) mod days_since;
pub(super) mod days_since_highest;
pub(super) mod days_since_lowest;
pub(super) mod delta;
pub(super) mod ema;
pub(super) mod highest;
pub(super) mod kama;
pub(super) mod kurtosis;
pub(super) mod lag;
pub(super) mod lowest;
pub(super) mod mean_absolute_deviation;
pub(super) mod median;
pub(super) mod minus_di;
pub(super) mod momentum;
pub(super) mod parabolic_sar;
pub(super) mod percent_rank;
pub(super) mod plus_di;
pub(super) mod product;
pub(super) mod quantile;
pub(super) mod residual;
pub(super) mod returns;
pub(super) mod rsi;
pub(super) mod rsquare;
pub(super) mod skew;
pub(super) mod slope;
pub(super) mod sma;
pub(super) mod stdev;
pub(super) mod sum;
pub(super) mod supertrend;
pub(super) mod volatility;
pub(super) mod wilder;
pub(super) mod wma;
pub(super) mod zscore;

#[cfg(test)]
pub(in crate::formula) mod testing {
    //! Holds an operator over time against values worked out by hand.

    use crate::formula::kernel::days::{Days, Readiness};
    use crate::formula::operator::{Compute, Operator, Window};
    pub(crate) use crate::formula::testing::NAN;

    fn values(
        operator: &Operator,
        constants: &[f64],
        partial: bool,
        columns: &[&[f64]],
        days: Days,
    ) -> Vec<f64> {
        let (Compute::OverTime(compute) | Compute::Hold(compute)) = operator.compute else {
            panic!("{} is not over time", operator.name)
        };
        let mut out = vec![0.0; days.days.len()];
        let readiness = Readiness::Short;
        compute(&Window { columns, constants, readiness, partial, periods_a_year: 252.0 }, days, &mut out);
        out
    }

    /// Checks the values of an operator on every day of some columns, with short histories allowed.
    pub(crate) fn check(operator: &Operator, constants: &[f64], columns: &[&[f64]], expected: &[f64]) {
        check_windows(operator, constants, false, columns, expected);
    }

    /// The same with windows over the present values.
    pub(crate) fn check_partial(
        operator: &Operator,
        constants: &[f64],
        columns: &[&[f64]],
        expected: &[f64],
    ) {
        check_windows(operator, constants, true, columns, expected);
    }

    fn check_windows(
        operator: &Operator,
        constants: &[f64],
        partial: bool,
        columns: &[&[f64]],
        expected: &[f64],
    ) {
        let length = columns[0].len();
        let all: Vec<u32> = (0..length as u32).collect();
        let out = values(operator, constants, partial, columns, Days { days: &all, start: 0 });
        assert_eq!(out.len(), expected.len());
        for (t, (got, expected)) in out.iter().zip(expected).enumerate() {
            let equal = got.is_nan() && expected.is_nan() || (got - expected).abs() <= 1e-12;
            assert!(equal, "{}({constants:?}) at {t}: got {got}, expected {expected}", operator.name);
        }
        // The same bits for some of the days, of a column that starts later.
        let same = |some: &[usize]| {
            let days: Vec<u32> = some.iter().map(|t| *t as u32 + 7).collect();
            let found = values(operator, constants, partial, columns, Days { days: &days, start: 7 });
            for (t, value) in some.iter().zip(found) {
                assert_eq!(value.to_bits(), out[*t].to_bits(), "{} at {t} of {some:?}", operator.name);
            }
        };
        for t in 0..length {
            same(&[t]);
        }
        for first in 0..length.min(20) {
            same(&(first..length).collect::<Vec<usize>>());
            same(&(first..length).step_by(2).collect::<Vec<usize>>());
        }
    }
}
