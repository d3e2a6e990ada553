//! Sums of powers and products of deviations from the mean, over windows and running.

use super::sums::WindowSums;
use crate::summation::{Side, pairwise_sums};

/// The means of columns over windows.
#[inline]
pub(crate) fn means<S: Side, const N: usize>(columns: [&[f64]; N], count: usize) -> [S; N] {
    pairwise_sums(columns, count, |values, _| values).map(|sum: S| sum / S::of(count as f64))
}

/// The sum of the values.
#[derive(Debug)]
pub(crate) struct Sum;

impl WindowSums<1, 1> for Sum {
    fn sums<S: Side>(columns: [&[f64]; 1], count: usize) -> [S; 1] {
        pairwise_sums(columns, count, |values, _| values)
    }
}

/// For two columns the sums of the products of deviations: of both, of the first alone and of the second alone.
#[derive(Debug)]
pub(crate) struct Products;

impl WindowSums<2, 3> for Products {
    fn sums<S: Side>(columns: [&[f64]; 2], count: usize) -> [S; 3] {
        let [mx, my] = means(columns, count);
        pairwise_sums(columns, count, |[x, y]: [S; 2], _| {
            let (dx, dy) = (x - mx, y - my);
            [dx * dy, dx * dx, dy * dy]
        })
    }
}

/// The mean of the values so far and the sum of the squared deviations from it, by Welford's recursion.
#[derive(Debug, Default)]
pub(crate) struct RunningSquares {
    /// The mean.
    pub mean: f64,
    /// The sum of squares.
    pub squares: f64,
    first: f64,
    moves: bool,
}

impl RunningSquares {
    /// Takes the next value, the `count`-th.
    pub(crate) fn push(&mut self, x: f64, count: f64) {
        if count == 1.0 {
            self.first = x;
        }
        self.moves |= x != self.first;
        let dx = x - self.mean;
        self.mean += dx / count;
        self.squares += dx * (x - self.mean);
    }

    /// The sample deviation of `count` values, at least 2; exactly 0 where all are equal.
    pub(crate) fn sample_deviation(&self, count: f64) -> f64 {
        if self.moves { (self.squares / (count - 1.0)).sqrt() } else { 0.0 }
    }
}

/// The sums of [`Products`] over the values so far, by Welford's recursion.
#[derive(Debug, Default)]
pub(crate) struct RunningProducts {
    mx: f64,
    my: f64,
    /// The sums, in the order of [`Products`].
    pub sums: [f64; 3],
}

impl RunningProducts {
    /// Takes the next two values, the `count`-th.
    pub(crate) fn push(&mut self, [x, y]: [f64; 2], count: f64) {
        let dx = x - self.mx;
        self.mx += dx / count;
        let dy = y - self.my;
        self.my += dy / count;
        let [xy, xx, yy] = &mut self.sums;
        *xy += dx * (y - self.my);
        *xx += dx * (x - self.mx);
        *yy += dy * (y - self.my);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_products_are_those_of_deviations() {
        let (x, y) = ([1.0, 2.0, 6.0], [4.0, 1.0, 1.0]);
        let sums: [f64; 3] = Products::sums([&x, &y], 3);
        // The deviations are -2, -1, 3 and 2, -1, -1.
        assert_eq!(sums, [-6.0, 14.0, 6.0]);
    }

    #[test]
    fn running_sums_are_those_of_all_values_so_far() {
        let (x, y) = ([1.0, 3.0, 8.0], [4.0, 0.0, 2.0]);
        let (mut both, mut one) = (RunningProducts::default(), RunningSquares::default());
        for (index, values) in x.into_iter().zip(y).enumerate() {
            both.push(values.into(), index as f64 + 1.0);
            one.push(values.0, index as f64 + 1.0);
        }
        // The means are 4 and 2; the deviations -3, -1, 4 and 2, -2, 0.
        assert_eq!(both.sums, [-4.0, 26.0, 8.0]);
        assert_eq!((one.mean, one.squares, one.sample_deviation(3.0)), (4.0, 26.0, 13f64.sqrt()));
    }

    #[test]
    fn equal_values_so_far_have_no_deviation() {
        let mut running = RunningSquares::default();
        for count in 1..=3 {
            running.push(0.1, f64::from(count));
        }
        assert_eq!(running.sample_deviation(3.0), 0.0);
    }
}
