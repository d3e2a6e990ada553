//! Student's t distribution, as far as a two-sided test needs it.

use libm::{exp, lgamma, log, log1p};

/// Terms of the continued fraction, far more than it needs.
const TERMS_MOST: usize = 10_000;
/// Halvings of an interval until its ends are neighbours.
const HALVINGS: usize = 200;

/// The probability of a value at least as far from 0 as `t`, with so many degrees of freedom.
pub(crate) fn two_sided(t: f64, freedom: f64) -> f64 {
    let square = t * t;
    incomplete_beta(0.5 * freedom, 0.5, freedom / (freedom + square), square / (freedom + square))
}

/// The positive value whose [`two_sided`] probability is `p`; 0 from 1 on, infinite at 0.
pub(crate) fn two_sided_inverse(p: f64, freedom: f64) -> f64 {
    if p >= 1.0 {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, 1.0);
    while two_sided(high, freedom) > p {
        high *= 2.0;
        if high > 1e300 {
            return f64::INFINITY;
        }
    }
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if two_sided(middle, freedom) > p {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// The regularised incomplete beta function at `x`, with `rest = 1 - x` given apart so that no digits of it are lost.
fn incomplete_beta(a: f64, b: f64, x: f64, rest: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if rest <= 0.0 {
        return 1.0;
    }
    let log_x = if x < 0.5 { log(x) } else { log1p(-rest) };
    let log_rest = if rest < 0.5 { log(rest) } else { log1p(-x) };
    let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log_x + b * log_rest);
    match x < (a + 1.0) / (a + b + 2.0) {
        true => front * continued_fraction(a, b, x) / a,
        false => 1.0 - front * continued_fraction(b, a, rest) / b,
    }
}

/// By the method of Lentz; Abramowitz and Stegun 26.5.8.
fn continued_fraction(a: f64, b: f64, x: f64) -> f64 {
    let away = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away(1.0 - (a + b) * x / (a + 1.0));
    let mut product = d;
    for m in 1..TERMS_MOST {
        let m = m as f64;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut step = 1.0;
        for numerator in [even, odd] {
            d = 1.0 / away(1.0 + numerator * d);
            c = away(1.0 + numerator / c);
            step = c * d;
            product *= step;
        }
        if (step - 1.0).abs() < 1e-16 {
            break;
        }
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabulated_values() {
        // One degree of freedom is Cauchy's distribution: beyond 1 lies a half of it.
        assert!((two_sided(1.0, 1.0) - 0.5).abs() < 1e-15);
        // Two degrees: 1 - t / sqrt(2 + t^2).
        assert!((two_sided(3.0, 2.0) - (1.0 - 3.0 / 11f64.sqrt())).abs() < 1e-15);
        assert_eq!((two_sided(0.0, 5.0), two_sided_inverse(1.0, 5.0)), (1.0, 0.0));
    }

    #[test]
    fn the_inverse_inverts() {
        for freedom in [2.0, 9.0, 120.0, 5000.0] {
            for t in [0.01, 0.5, 2.0, 6.0, 20.0] {
                let back = two_sided_inverse(two_sided(t, freedom), freedom);
                assert!((back / t - 1.0).abs() < 1e-9, "{t} with {freedom}: {back}");
            }
        }
    }
}
