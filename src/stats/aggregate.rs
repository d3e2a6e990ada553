//! Returns of months and years from daily ones, as QSTrader computes them.

use super::curve::{growth, is_positive};

/// The return of each group of consecutive days with the same key, a fraction.
///
/// `returns` are those of [`super::curve::curve`]; the return of a day belongs to the group of that day. Days on which the
/// equity changed its sign are skipped, and a group whose last day is one of them has NaN:
/// `docs/statistics.md#curves-that-reach-zero`.
pub(crate) fn aggregate<K: PartialEq + Copy>(equity: &[f64], returns: &[f64], keys: &[K]) -> Vec<(K, f64)> {
    let positive = is_positive(equity);
    let mut first = 0;
    keys.chunk_by(PartialEq::eq)
        .map(|group| {
            let range = first..first + group.len();
            let value = if positive {
                equity[range.end - 1] / equity[range.start.saturating_sub(1)] - 1.0
            } else {
                growth(&returns[range.clone()])[group.len() - 1] - 1.0
            };
            first = range.end;
            (group[0], value)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::curve::curve;
    use crate::stats::rules::HighWaterStart;

    #[test]
    fn a_group_starts_from_the_last_day_of_the_one_before() {
        let equity = [100.0, 110.0, 121.0, 60.5];
        let returns = curve(&equity, HighWaterStart::SecondPoint).returns;
        let months = aggregate(&equity, &returns, &[1, 1, 2, 2]);
        assert_eq!(months, [(1, 110.0 / 100.0 - 1.0), (2, 60.5 / 110.0 - 1.0)]);
    }
}
