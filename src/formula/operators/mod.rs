//! The list of all operators. An operator is a file below this folder and a line here; checker, evaluator, reference and
//! fuzz dictionary read this list.

mod across;
mod around;
mod calendar;
mod numbers;
mod over_time;
mod sources;
mod state;

use self::across::{bottom, count, demean, equal, rank, share, top};
use self::across::{
    cap, highest_across, lowest_across, mean_across, median_across, min_variance, percent_rank_across,
    quantile_across, risk_parity, stdev_across, sum_across, zscore_across,
};
use self::around::{daily, monthly, partial, weekly, within};
use self::calendar::{day, month, quarter, session_of_month, sessions_left_in_month, weekday, year};
use self::numbers::{abs, clip, exp, fill, r#if, log, max, min, sign, sqrt};
use self::over_time::{adx, days_since, delta, kama, minus_di, parabolic_sar, plus_di, supertrend, wilder};
use self::over_time::{
    atr, beta, correlation, count_true, covariance, days_since_highest, days_since_lowest, ema, highest,
    kurtosis, lag, lowest, mean_absolute_deviation, median, momentum, percent_rank, product, quantile,
    residual, returns, rsi, rsquare, skew, slope, sma, stdev, sum, volatility, wma, zscore,
};
use self::sources::{fixed, of};
use self::state::{age, entry, hold, latch, peak, trough};
use super::operator::Operator;

/// Operators of one kind: a chapter of the reference.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Family {
    /// What its operators work on: the heading of the chapter.
    pub name: &'static str,
    /// The operators, in the order of the reference.
    pub operators: &'static [&'static Operator],
}

/// Every operator that is written as a call, by family.
pub(crate) static FAMILIES: [Family; 7] = [
    Family {
        name: "over time",
        operators: &[
            &lag::LAG,
            &returns::RETURNS,
            &momentum::MOMENTUM,
            &product::PRODUCT,
            &sma::SMA,
            &sum::SUM,
            &wma::WMA,
            &ema::EMA,
            &volatility::VOLATILITY,
            &stdev::STDEV,
            &zscore::ZSCORE,
            &skew::SKEW,
            &kurtosis::KURTOSIS,
            &mean_absolute_deviation::MEAN_ABSOLUTE_DEVIATION,
            &highest::HIGHEST,
            &lowest::LOWEST,
            &days_since_highest::DAYS_SINCE_HIGHEST,
            &days_since_lowest::DAYS_SINCE_LOWEST,
            &median::MEDIAN,
            &quantile::QUANTILE,
            &percent_rank::PERCENT_RANK,
            &slope::SLOPE,
            &residual::RESIDUAL,
            &rsquare::RSQUARE,
            &covariance::COVARIANCE,
            &correlation::CORRELATION,
            &beta::BETA,
            &count_true::COUNT_TRUE,
            &rsi::RSI,
            &atr::ATR,
            &wilder::WILDER,
            &kama::KAMA,
            &delta::DELTA,
            &days_since::DAYS_SINCE,
            &plus_di::PLUS_DI,
            &minus_di::MINUS_DI,
            &adx::ADX,
            &supertrend::SUPERTREND,
            &parabolic_sar::PARABOLIC_SAR,
        ],
    },
    Family {
        name: "state",
        operators: &[&hold::HOLD, &age::AGE, &entry::ENTRY, &peak::PEAK, &trough::TROUGH, &latch::LATCH],
    },
    Family {
        name: "across assets",
        operators: &[
            &top::TOP,
            &bottom::BOTTOM,
            &equal::EQUAL,
            &share::SHARE,
            &rank::RANK,
            &demean::DEMEAN,
            &count::COUNT,
            &sum_across::SUM_ACROSS,
            &mean_across::MEAN_ACROSS,
            &stdev_across::STDEV_ACROSS,
            &zscore_across::ZSCORE_ACROSS,
            &median_across::MEDIAN_ACROSS,
            &quantile_across::QUANTILE_ACROSS,
            &highest_across::HIGHEST_ACROSS,
            &lowest_across::LOWEST_ACROSS,
            &percent_rank_across::PERCENT_RANK_ACROSS,
            &cap::CAP,
            &risk_parity::RISK_PARITY,
            &min_variance::MIN_VARIANCE,
        ],
    },
    Family {
        name: "around a formula",
        operators: &[&monthly::MONTHLY, &weekly::WEEKLY, &daily::DAILY, &partial::PARTIAL, &within::WITHIN],
    },
    Family {
        name: "calendar",
        operators: &[
            &year::YEAR,
            &quarter::QUARTER,
            &month::MONTH,
            &day::DAY,
            &weekday::WEEKDAY,
            &session_of_month::SESSION_OF_MONTH,
            &sessions_left_in_month::SESSIONS_LEFT_IN_MONTH,
        ],
    },
    Family { name: "sources", operators: &[&of::OF, &fixed::FIXED] },
    Family {
        name: "numbers",
        operators: &[
            &abs::ABS,
            &sign::SIGN,
            &log::LOG,
            &exp::EXP,
            &sqrt::SQRT,
            &min::MIN,
            &max::MAX,
            &r#if::IF,
            &clip::CLIP,
            &fill::FILL,
        ],
    },
];

/// Every operator, in the order of the list.
pub(crate) fn all() -> impl Iterator<Item = &'static Operator> + Clone {
    FAMILIES.iter().flat_map(|family| family.operators.iter().copied())
}

/// The operator with this name.
pub(crate) fn operator(name: &str) -> Option<&'static Operator> {
    all().find(|operator| operator.name == name)
}

/// The operator that another tool calls by a name, whatever the case of its letters.
pub(crate) fn known_elsewhere_as(name: &str) -> Option<&'static Operator> {
    all().find(|operator| operator.synonyms.iter().any(|synonym| synonym.eq_ignore_ascii_case(name)))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::formula::node::MOST_CONSTANTS;
    use crate::formula::operator::{Argument, Compute};

    #[test]
    fn names_and_synonyms_lead_to_one_operator() {
        let mut names = HashSet::new();
        for operator in all() {
            assert!(operator.usage.starts_with(&format!("{}(", operator.name)), "{}", operator.usage);
            for name in std::iter::once(&operator.name).chain(operator.synonyms) {
                assert!(names.insert(name.to_lowercase()), "{name} stands twice");
            }
        }
    }

    #[test]
    fn usage_says_which_arguments_there_are() {
        for operator in all() {
            let inner = operator.usage.split_once('(').unwrap().1.trim_end_matches(')');
            let words = inner.split(", ").filter(|word| !word.is_empty()).count();
            let repeats = operator.written().any(|argument| matches!(argument, Argument::MoreValues));
            let wanted = match operator.arguments {
                [Argument::Weights { .. }] => 2,
                _ => operator.written().count() + usize::from(repeats),
            };
            assert_eq!(words, wanted, "{}", operator.usage);
            let constants = operator.written().filter(|argument| matches!(argument, Argument::Constant(_)));
            assert!(constants.count() <= MOST_CONSTANTS, "{}", operator.name);
        }
    }

    #[test]
    fn a_function_of_numbers_takes_all_its_operands() {
        for operator in all() {
            let Compute::Numbers(numbers) = operator.compute else { continue };
            let given = operator.written().count();
            let mut taken = 0;
            (numbers.value)(&mut (0..given + 3).map(|index| {
                taken = index + 1;
                index as f64
            }));
            let repeats = operator.arguments.contains(&Argument::MoreValues);
            assert_eq!(taken, if repeats { given + 3 } else { given }, "{}", operator.name);
        }
    }
}
