//! Plateaus of points that form no grid: samples and lists. The neighbours of a point are the nearest points by rank.

use rayon::prelude::*;

use super::plateau::{Plateau, Surroundings};

/// Plateaus are not computed for more points than this: every pair of points is compared, and 20,000 points on 6 axes take some
/// seconds.
pub(crate) const POINTS_MANY: usize = 20_000;

/// The ranks of the values of an axis among its distinct values, from 0 for the smallest to 1 for the largest.
///
/// Equal values have equal ranks. If there is only one distinct value, its rank is 0.5. No value may be NaN.
pub(crate) fn ranks(values: &[f64]) -> Vec<f64> {
    // Adding 0 turns -0 into 0.
    let mut distinct: Vec<f64> = values.iter().map(|value| value + 0.0).collect();
    distinct.sort_unstable_by(f64::total_cmp);
    distinct.dedup();
    if distinct.len() < 2 {
        return vec![0.5; values.len()];
    }
    let steps = (distinct.len() - 1) as f64;
    let rank = |value: &f64| distinct.partition_point(|other| other < value) as f64 / steps;
    values.iter().map(rank).collect()
}

/// Plateaus of points of a sample or list, one for each point.
///
/// `coordinates` are the [`ranks`] of all points for each ordered axis. `categories` has a number for each point that stands
/// for the values of all axes without order; only points with the same number are neighbours. `values` are the metric, NaN for
/// a point that failed.
///
/// The neighbourhood consists of the point and its nearest points by Euclidean distance, twice as many as there are axes. Among
/// equally distant points the earlier ones come first. A point that failed still counts as one of the nearest. Every neighbour
/// counts as one step away.
pub(crate) fn on_design(
    coordinates: &[Vec<f64>],
    categories: &[u64],
    values: &[f64],
    lambda: f64,
) -> Vec<Plateau> {
    let count = values.len();
    assert_eq!(categories.len(), count, "a category for every point");
    assert!(coordinates.iter().all(|axis| axis.len() == count), "a coordinate for every point");
    let size = 2 * coordinates.len();
    let plateau = |distances: &mut Vec<f64>, point: usize| {
        let centre = values[point];
        let mut surroundings = Surroundings::default();
        distances.clear();
        distances.resize(count, 0.0);
        for axis in coordinates {
            let own = axis[point];
            for (distance, other) in distances.iter_mut().zip(axis) {
                *distance += (other - own) * (other - own);
            }
        }
        for other in
            nearest(distances, size, |other| other != point && categories[other] == categories[point])
        {
            surroundings.add(centre, values[other], true);
        }
        Plateau {
            coverage: surroundings.count(centre) as f64 / (size + 1) as f64,
            edge: coordinates.iter().any(|axis| axis[point] == 0.0 || axis[point] == 1.0),
            figures: surroundings.figures(centre, lambda),
        }
    };
    (0..count).into_par_iter().map_init(Vec::new, plateau).collect()
}

/// The indices of the `size` smallest distances, smallest first, and the lower index first among equals.
fn nearest(distances: &[f64], size: usize, is_candidate: impl Fn(usize) -> bool) -> Vec<usize> {
    let mut nearest: Vec<usize> = Vec::with_capacity(size + 1);
    let mut farthest = f64::INFINITY;
    for (index, &distance) in distances.iter().enumerate() {
        if (nearest.len() == size && distance >= farthest) || !is_candidate(index) {
            continue;
        }
        let at = nearest.partition_point(|&other| distances[other] <= distance);
        nearest.insert(at, index);
        nearest.truncate(size);
        farthest = nearest.last().map_or(f64::INFINITY, |&last| distances[last]);
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_run_from_zero_to_one() {
        assert_eq!(ranks(&[30.0, 10.0, 1000.0, 10.0]), [0.5, 0.0, 1.0, 0.0]);
        assert_eq!(ranks(&[7.0, 7.0]), [0.5, 0.5]);
        assert_eq!(ranks(&[0.0, -0.0, 1.0]), [0.0, 0.0, 1.0]);
        assert!(ranks(&[]).is_empty());
    }

    #[test]
    fn neighbours_are_the_nearest_of_the_same_category() {
        let coordinates = [ranks(&[1.0, 2.0, 3.0, 5.0, 4.0, 2.5])];
        // The last point lies between the second and the third, but is of another category.
        let values = [1.0, 2.0, 6.0, 8.0, f64::NAN, 100.0];
        let plateaus = on_design(&coordinates, &[0, 0, 0, 0, 0, 1], &values, 1.0);
        let mean = |point: usize| plateaus[point].figures.as_ref().map(|figures| figures.mean);
        assert_eq!(mean(0), Some(3.0));
        assert_eq!(mean(1), Some(3.0));
        // Its nearest two are the second and the one that failed.
        assert_eq!((mean(2), plateaus[2].coverage), (Some(4.0), 2.0 / 3.0));
        assert_eq!(mean(4), None);
        assert_eq!((mean(5), plateaus[5].coverage), (Some(100.0), 1.0 / 3.0));
        let edges: Vec<bool> = plateaus.iter().map(|plateau| plateau.edge).collect();
        assert_eq!(edges, [true, false, false, true, false, false]);
    }

    #[test]
    fn no_axis_means_no_neighbours() {
        let plateaus = on_design(&[], &[0, 0], &[1.0, 2.0], 1.0);
        assert!(plateaus.iter().all(|plateau| plateau.coverage == 1.0 && !plateau.edge));
    }

    #[test]
    fn nearest_agrees_with_a_sort() {
        let distances: Vec<f64> = (0..500).map(|i| f64::from(i * 7919 % 101)).collect();
        let mut sorted: Vec<usize> = (0..500).filter(|index| index % 3 != 0).collect();
        sorted.sort_by(|&a, &b| distances[a].total_cmp(&distances[b]));
        assert_eq!(nearest(&distances, 12, |index| index % 3 != 0), sorted[..12]);
        assert!(nearest(&distances, 0, |_| true).is_empty());
    }
}
