//! Sharpe ratios after a haircut for many tests.
//!
//! Correlation between the tests is ignored, so that the haircut is too large rather than too small. Source: Harvey and Liu,
//! "Backtesting", Journal of Portfolio Management 42(1), 2015.

use crate::stats::student::{two_sided, two_sided_inverse};

/// A way to adjust p-values for the number of tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Adjustment {
    /// Times the number of tests.
    #[cfg_attr(not(test), expect(dead_code, reason = "published values are of all four"))]
    Bonferroni,
    /// As if the tests were independent.
    #[cfg_attr(not(test), expect(dead_code, reason = "published values are of all four"))]
    Sidak,
    /// Bonferroni step by step from the smallest (Holm 1979).
    #[cfg_attr(not(test), expect(dead_code, reason = "published values are of all four"))]
    Holm,
    /// The share of false discoveries, under any dependence (Benjamini and Yekutieli 2001).
    BenjaminiHochbergYekutieli,
}

/// Two-sided p-value of a Sharpe ratio per period over so many periods.
pub(crate) fn p_value(sharpe: f64, periods: f64) -> f64 {
    two_sided(sharpe * periods.sqrt(), periods - 1.0)
}

/// The p-values of a family after adjustment, in the order given.
pub(crate) fn adjusted(p_values: &[f64], adjustment: Adjustment) -> Vec<f64> {
    let count = p_values.len() as f64;
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut out = vec![0.0; p_values.len()];
    match adjustment {
        Adjustment::Bonferroni => {
            out.iter_mut().zip(p_values).for_each(|(out, p)| *out = (count * p).min(1.0));
        }
        Adjustment::Sidak => {
            let family = |p: f64| -libm::expm1(count * libm::log1p(-p));
            out.iter_mut().zip(p_values).for_each(|(out, p)| *out = family(*p));
        }
        Adjustment::Holm => {
            let mut largest: f64 = 0.0;
            for (place, &test) in order.iter().enumerate() {
                largest = largest.max(((count - place as f64) * p_values[test]).min(1.0));
                out[test] = largest;
            }
        }
        Adjustment::BenjaminiHochbergYekutieli => {
            let harmonic = (1..=p_values.len()).fold(0.0, |sum, j| sum + 1.0 / j as f64);
            let mut smallest: f64 = 1.0;
            for (place, &test) in order.iter().enumerate().rev() {
                smallest = smallest.min(count * harmonic / (place + 1) as f64 * p_values[test]);
                out[test] = smallest;
            }
        }
    }
    out
}

/// The Sharpe ratio per period whose own p-value is the adjusted one; 0 from 1 on.
pub(crate) fn haircut_sharpe(p_adjusted: f64, periods: f64) -> f64 {
    two_sided_inverse(p_adjusted, periods - 1.0) / periods.sqrt()
}
