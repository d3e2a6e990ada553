//! Thins a long curve to few points that look the same: the first, lowest, highest and last value of each column.

/// The indices of the values to draw in a picture of `columns` columns, ascending. A short curve keeps all of its values.
pub(crate) fn thinned(values: &[f64], columns: usize) -> Vec<usize> {
    if values.len() <= 2 * columns {
        return (0..values.len()).collect();
    }
    let mut kept = Vec::with_capacity(4 * columns);
    for column in 0..columns {
        let bound = |column: usize| column * values.len() / columns;
        let range = bound(column)..bound(column + 1);
        let (mut low, mut high) = (range.start, range.start);
        for index in range.clone() {
            low = if values[index] < values[low] || values[low].is_nan() { index } else { low };
            high = if values[index] > values[high] || values[high].is_nan() { index } else { high };
        }
        let mut indices = [range.start, low.min(high), low.max(high), range.end - 1];
        indices.sort_unstable();
        kept.extend(indices);
    }
    kept.dedup();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_peak_is_lost() {
        let mut values: Vec<f64> = (0..10_000).map(|i| f64::from(i % 7)).collect();
        values[4321] = 99.0;
        values[777] = -99.0;
        values[5000] = f64::NAN;
        let kept = thinned(&values, 100);
        assert!(kept.len() <= 400 && kept.is_sorted());
        assert!([0, 4321, 777, 9999].iter().all(|index| kept.contains(index)));
        assert_eq!(thinned(&values[..150], 100).len(), 150);
        assert!(thinned(&[], 100).is_empty());
    }
}
