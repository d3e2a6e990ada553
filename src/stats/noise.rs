//! Deviations that are nothing but rounding. A ratio over one of them is a number that means nothing.

/// A deviation of at most this share of the mean size of the returns is rounding noise.
pub(super) const NOISE: f64 = 1e-12;

/// Whether a deviation is rounding noise beside returns of this mean size. NaN is not.
pub(crate) fn is_noise(deviation: f64, mean_size: f64) -> bool {
    deviation <= NOISE * mean_size
}

/// The mean absolute return of a positive curve, a fraction; NaN for fewer than two points.
pub(crate) fn mean_size(equity: &[f64]) -> f64 {
    let sizes = equity.array_windows().map(|[from, to]| (to / from - 1.0).abs());
    sizes.fold(0.0, |sum, size| sum + size) / (equity.len() as f64 - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_measured_against_the_size_of_the_returns() {
        // Returns 0.1 and -0.1.
        let size = mean_size(&[100.0, 110.0, 99.0]);
        assert!((size - 0.1).abs() < 1e-15);
        assert!(is_noise(0.0, size) && is_noise(0.99e-13, size) && !is_noise(1.01e-13, size));
        assert!(!is_noise(f64::NAN, size) && !is_noise(1e-300, 0.0));
        assert!(mean_size(&[1.0]).is_nan());
    }
}
