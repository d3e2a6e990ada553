//! Quantiles of sorted numbers.

/// The quantile of numbers in ascending order, between two of them in proportion, as numpy and pandas do by default; NaN if there
/// is no number. `q` is from 0 to 1.
pub(crate) fn quantile(sorted: &[f64], q: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let place = last as f64 * q;
    let below = place.floor();
    let (index, beyond) = (below as usize, place - below);
    // No number follows the last one.
    if beyond == 0.0 { sorted[index] } else { sorted[index] + (sorted[index + 1] - sorted[index]) * beyond }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_two_numbers_it_is_in_proportion() {
        let sorted = [1.0, 2.0, 4.0, 8.0];
        let of = |q: f64| quantile(&sorted, q);
        assert_eq!([of(0.0), of(0.5), of(0.75), of(1.0)], [1.0, 3.0, 5.0, 8.0]);
        assert_eq!(quantile(&[7.0], 0.3), 7.0);
        assert!(quantile(&[], 0.5).is_nan());
    }
}
