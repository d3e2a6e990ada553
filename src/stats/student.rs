//! Student's t distribution: the p-values of two-sided tests and their inverse.
//!
//! Our own and not that of the statrs crate, so that the bits of results do not depend on the C library: see
//! [`normal`](super::normal). The tests compare it with statrs, and with mpmath where statrs has fewer digits. Our
//! probabilities have 13 correct digits up to 60 degrees of freedom, and 10 with thousands: the difference of two large
//! `lgamma` costs the others.

use libm::{exp, lgamma, log, log1p};

/// The largest number of terms of the continued fraction, far more than it needs.
const TERMS_MOST: usize = 10_000;
/// Number of bisections, enough for the ends of any interval to become neighbouring doubles.
const HALVINGS: usize = 200;

/// The probability of a value at least as far from 0 as `t`; `freedom` is the number of degrees of freedom.
pub(crate) fn two_sided(t: f64, freedom: f64) -> f64 {
    let square = t * t;
    incomplete_beta(0.5 * freedom, 0.5, freedom / (freedom + square), square / (freedom + square))
}

/// The positive value whose [`two_sided`] probability is `p`; 0 for p of 1 or more, infinite for p = 0.
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

/// The regularised incomplete beta function at `x`, with `rest = 1 - x` passed separately so that it keeps all its digits.
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
    if x < (a + 1.0) / (a + b + 2.0) {
        front * continued_fraction(a, b, x) / a
    } else {
        1.0 - front * continued_fraction(b, a, rest) / b
    }
}

/// The continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8), by the method of Lentz.
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
    use statrs::distribution::{ContinuousCDF, StudentsT};

    use super::*;

    /// Relative to the probability. Nearer to 0 or with more degrees of freedom statrs has 6 to 12 digits.
    #[test]
    fn probabilities_equal_those_of_statrs() {
        for freedom in 1..=10 {
            let freedom = f64::from(freedom);
            let student = StudentsT::new(0.0, 1.0, freedom).unwrap();
            for step in 1..=370 {
                let t = f64::from(step) / 10.0;
                let (ours, other) = (two_sided(t, freedom), 2.0 * student.cdf(-t));
                assert!((ours / other - 1.0).abs() <= 1e-13, "{t} with {freedom}: {ours} and {other}");
            }
        }
    }

    /// Far in the tail the inverse of statrs has no digit right, and with 1,000 degrees of freedom it may not return.
    #[test]
    fn the_inverse_equals_that_of_statrs() {
        for freedom in 1..=10 {
            let freedom = f64::from(freedom);
            let student = StudentsT::new(0.0, 1.0, freedom).unwrap();
            for p in [1e-4, 1e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9] {
                let (ours, other) = (two_sided_inverse(p, freedom), -student.inverse_cdf(0.5 * p));
                assert!((ours / other - 1.0).abs() <= 1e-13, "{p} with {freedom}: {ours} and {other}");
            }
        }
    }

    /// `betainc(freedom / 2, 1 / 2, 0, freedom / (freedom + t^2))`, regularised, with 40 digits.
    #[test]
    fn probabilities_equal_mpmath() {
        let probabilities = [
            (0.001, 29.0, 0.999_208_962_978_362_3),
            (0.5, 29.0, 0.620_848_084_193_781_3),
            (1.5, 29.0, 0.144_423_696_040_385_74),
            (6.0, 29.0, 1.592_790_842_617_466_5e-6),
            (20.0, 29.0, 1.641_823_743_166_911_5e-18),
            (0.001, 60.0, 0.999_205_433_023_141_8),
            (0.5, 60.0, 0.618_903_959_437_983_2),
            (1.5, 60.0, 0.138_858_354_318_179_78),
            (6.0, 60.0, 1.228_684_610_756_510_4e-7),
            (20.0, 60.0, 3.178_057_702_339_72e-28),
            (0.001, 251.0, 0.999_202_909_880_573_9),
            (0.5, 251.0, 0.617_513_134_781_861_9),
            (1.5, 251.0, 0.134_871_167_678_520_53),
            (6.0, 251.0, 6.856_312_552_328_613e-9),
            (20.0, 251.0, 7.261_034_519_784_802e-54),
            (0.001, 1000.0, 0.999_202_315_018_452_7),
            (0.5, 1000.0, 0.617_185_080_833_874_8),
            (1.5, 1000.0, 0.133_930_038_822_086_18),
            (6.0, 1000.0, 2.755_369_173_377_469e-9),
            (20.0, 1000.0, 4.062_288_499_524_771_3e-75),
            (0.001, 5000.0, 0.999_202_155_465_428_2),
            (0.5, 5000.0, 0.617_097_080_854_033_8),
            (1.5, 5000.0, 0.133_677_539_853_215_73),
            (6.0, 5000.0, 2.112_096_283_305_387e-9),
            (20.0, 5000.0, 1.140_598_784_762_449_7e-85),
        ];
        for (t, freedom, p) in probabilities {
            let near = if freedom <= 60.0 { 1e-13 } else { 2e-11 };
            let ours = two_sided(t, freedom);
            assert!((ours / p - 1.0).abs() <= near, "{t} with {freedom}: {ours} for {p}");
            let back = two_sided_inverse(p, freedom);
            // A probability near 1 leaves few digits of the value.
            assert!(t < 0.5 || (back / t - 1.0).abs() <= near, "{t} with {freedom}: back {back}");
        }
    }

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
