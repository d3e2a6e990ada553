//! Sharpe ratios with a haircut for multiple testing.
//!
//! The correlation between the tests is ignored, so the haircut is rather too large than too small. Source: Harvey and Liu,
//! "Backtesting", Journal of Portfolio Management 42(1), 2015.

use crate::stats::student::{two_sided, two_sided_inverse};

/// A method to adjust p-values for the number of tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Adjustment {
    /// The p-value times the number of tests.
    #[cfg_attr(not(test), expect(dead_code, reason = "published values are of all four"))]
    Bonferroni,
    /// Exact for independent tests.
    #[cfg_attr(not(test), expect(dead_code, reason = "published values are of all four"))]
    Sidak,
    /// Bonferroni, step by step from the smallest p-value (Holm 1979).
    #[cfg_attr(not(test), expect(dead_code, reason = "published values are of all four"))]
    Holm,
    /// Control of the false discovery rate under any dependence (Benjamini and Yekutieli 2001).
    BenjaminiHochbergYekutieli,
}

/// The two-sided p-value of a Sharpe ratio per period over so many periods.
pub(crate) fn p_value(sharpe: f64, periods: f64) -> f64 {
    two_sided(sharpe * periods.sqrt(), periods - 1.0)
}

/// The adjusted p-values of a family of tests, in the order given.
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
            for (position, &test) in order.iter().enumerate() {
                largest = largest.max(((count - position as f64) * p_values[test]).min(1.0));
                out[test] = largest;
            }
        }
        Adjustment::BenjaminiHochbergYekutieli => {
            let harmonic = (1..=p_values.len()).fold(0.0, |sum, j| sum + 1.0 / j as f64);
            let mut smallest: f64 = 1.0;
            for (position, &test) in order.iter().enumerate().rev() {
                smallest = smallest.min(count * harmonic / (position + 1) as f64 * p_values[test]);
                out[test] = smallest;
            }
        }
    }
    out
}

/// The Sharpe ratio per period whose p-value is `p_adjusted`; 0 for a p-value of 1 or more.
pub(crate) fn haircut_sharpe(p_adjusted: f64, periods: f64) -> f64 {
    two_sided_inverse(p_adjusted, periods - 1.0) / periods.sqrt()
}
