//! The list of all operators. An operator is a file below this folder and a line here; checker, evaluator, reference and
//! fuzz dictionary read this list.

mod across;
mod around;
mod calendar;
mod numbers;
mod over_time;
mod sources;
mod state;

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
            &over_time::lag::LAG,
            &over_time::returns::RETURNS,
            &over_time::momentum::MOMENTUM,
            &over_time::product::PRODUCT,
            &over_time::sma::SMA,
            &over_time::sum::SUM,
            &over_time::wma::WMA,
            &over_time::ema::EMA,
            &over_time::volatility::VOLATILITY,
            &over_time::stdev::STDEV,
            &over_time::zscore::ZSCORE,
            &over_time::skew::SKEW,
            &over_time::kurtosis::KURTOSIS,
            &over_time::mean_absolute_deviation::MEAN_ABSOLUTE_DEVIATION,
            &over_time::highest::HIGHEST,
            &over_time::lowest::LOWEST,
            &over_time::days_since_highest::DAYS_SINCE_HIGHEST,
            &over_time::days_since_lowest::DAYS_SINCE_LOWEST,
            &over_time::median::MEDIAN,
            &over_time::quantile::QUANTILE,
            &over_time::percent_rank::PERCENT_RANK,
            &over_time::slope::SLOPE,
            &over_time::residual::RESIDUAL,
            &over_time::rsquare::RSQUARE,
            &over_time::covariance::COVARIANCE,
            &over_time::correlation::CORRELATION,
            &over_time::beta::BETA,
            &over_time::count_true::COUNT_TRUE,
            &over_time::rsi::RSI,
            &over_time::atr::ATR,
            &over_time::wilder::WILDER,
            &over_time::kama::KAMA,
            &over_time::delta::DELTA,
            &over_time::days_since::DAYS_SINCE,
            &over_time::plus_di::PLUS_DI,
            &over_time::minus_di::MINUS_DI,
            &over_time::adx::ADX,
            &over_time::supertrend::SUPERTREND,
            &over_time::parabolic_sar::PARABOLIC_SAR,
        ],
    },
    Family {
        name: "state",
        operators: &[
            &state::hold::HOLD,
            &state::age::AGE,
            &state::entry::ENTRY,
            &state::peak::PEAK,
            &state::trough::TROUGH,
            &state::latch::LATCH,
        ],
    },
    Family {
        name: "across assets",
        operators: &[
            &across::top::TOP,
            &across::bottom::BOTTOM,
            &across::equal::EQUAL,
            &across::share::SHARE,
            &across::rank::RANK,
            &across::demean::DEMEAN,
            &across::count::COUNT,
            &across::sum_across::SUM_ACROSS,
            &across::mean_across::MEAN_ACROSS,
            &across::stdev_across::STDEV_ACROSS,
            &across::zscore_across::ZSCORE_ACROSS,
            &across::median_across::MEDIAN_ACROSS,
            &across::quantile_across::QUANTILE_ACROSS,
            &across::highest_across::HIGHEST_ACROSS,
            &across::lowest_across::LOWEST_ACROSS,
            &across::percent_rank_across::PERCENT_RANK_ACROSS,
            &across::cap::CAP,
            &across::risk_parity::RISK_PARITY,
            &across::min_variance::MIN_VARIANCE,
        ],
    },
    Family {
        name: "around a formula",
        operators: &[
            &around::monthly::MONTHLY,
            &around::weekly::WEEKLY,
            &around::daily::DAILY,
            &around::partial::PARTIAL,
            &around::within::WITHIN,
        ],
    },
    Family {
        name: "calendar",
        operators: &[
            &calendar::year::YEAR,
            &calendar::quarter::QUARTER,
            &calendar::month::MONTH,
            &calendar::day::DAY,
            &calendar::weekday::WEEKDAY,
            &calendar::session_of_month::SESSION_OF_MONTH,
            &calendar::sessions_left_in_month::SESSIONS_LEFT_IN_MONTH,
        ],
    },
    Family { name: "sources", operators: &[&sources::of::OF, &sources::fixed::FIXED] },
    Family {
        name: "numbers",
        operators: &[
            &numbers::abs::ABS,
            &numbers::sign::SIGN,
            &numbers::log::LOG,
            &numbers::exp::EXP,
            &numbers::sqrt::SQRT,
            &numbers::min::MIN,
            &numbers::max::MAX,
            &numbers::r#if::IF,
            &numbers::clip::CLIP,
            &numbers::fill::FILL,
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
