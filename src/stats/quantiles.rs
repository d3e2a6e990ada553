//! The five-number summary of a distribution, as QSTrader computes it.

/// Minimum, lower quartile, median, upper quartile and maximum, by linear interpolation between sorted values.
///
/// All five are NaN if there is no value or one of them is NaN.
pub(crate) fn five_numbers(values: &[f64]) -> [f64; 5] {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let (Some(&first), Some(&last)) = (sorted.first(), sorted.last()) else {
        return [f64::NAN; 5];
    };
    if sorted.iter().any(|value| value.is_nan()) {
        return [f64::NAN; 5];
    }
    let middle = sorted.len() / 2;
    let median = match sorted.len() % 2 {
        1 => sorted[middle],
        _ => (sorted[middle - 1] + sorted[middle]) * 0.5,
    };
    [first, quantile(&sorted, 0.25), median, quantile(&sorted, 0.75), last]
}

/// A quantile of sorted values, interpolated from the nearer of its two neighbours, as numpy does.
fn quantile(sorted: &[f64], q: f64) -> f64 {
    let position = (sorted.len() - 1) as f64 * q;
    let below = position.floor() as usize;
    let Some(&next) = sorted.get(below + 1) else {
        return sorted[below];
    };
    let (part, difference) = (position - below as f64, next - sorted[below]);
    if part < 0.5 { sorted[below] + difference * part } else { next - difference * (1.0 - part) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interpolates_between_neighbours() {
        assert_eq!(five_numbers(&[4.0, 1.0, 3.0, 2.0]), [1.0, 1.75, 2.5, 3.25, 4.0]);
        assert_eq!(five_numbers(&[7.0]), [7.0; 5]);
        assert!(five_numbers(&[1.0, f64::NAN])[0].is_nan());
        assert!(five_numbers(&[])[0].is_nan());
    }
}
