//! The values of windows in ascending order.

use std::ops::Range;

use super::arithmetic::finite;
use super::days::Days;
use super::present::Present;

/// The values of a window that moves forwards, in ascending order; of zeros the negative are first.
#[derive(Debug, Default)]
struct SortedWindow {
    sorted: Vec<f64>,
    window: Range<usize>,
}

impl SortedWindow {
    /// Moves to a window that neither begins nor ends before this one.
    fn move_to(&mut self, values: &[f64], window: Range<usize>) {
        let changes = (window.start - self.window.start) + (window.end - self.window.end);
        if window.start >= self.window.end || changes >= window.len() {
            self.sorted.clear();
            self.sorted.extend_from_slice(&values[window.clone()]);
            self.sorted.sort_unstable_by(f64::total_cmp);
        } else {
            for value in &values[self.window.end..window.end] {
                self.sorted.insert(self.place(*value), *value);
            }
            for value in &values[self.window.start..window.start] {
                self.sorted.remove(self.place(*value));
            }
        }
        self.window = window;
    }

    /// The place of the first value that is not below a value.
    fn place(&self, value: f64) -> usize {
        self.sorted.partition_point(|other| other.total_cmp(&value).is_lt())
    }
}

/// Writes for each day what a function makes of the day and the sorted values of its window; absent where the result is not
/// finite.
pub(crate) fn fill(present: &Present<1>, days: Days, out: &mut [f64], value: impl Fn(usize, &[f64]) -> f64) {
    let mut sorted = SortedWindow::default();
    for (out, &day) in out.iter_mut().zip(days.days) {
        let t = day as usize - days.start;
        *out = present.window(t).map_or(f64::NAN, |window| {
            sorted.move_to(&present.values[0], window);
            finite(value(t, &sorted.sorted))
        });
    }
}

/// The quantile of sorted values, at least one; between two of them on the straight line.
pub(crate) fn quantile(sorted: &[f64], q: f64) -> f64 {
    let place = (sorted.len() - 1) as f64 * q;
    let below = place as usize;
    let share = place - below as f64;
    if share == 0.0 { sorted[below] } else { sorted[below] + (sorted[below + 1] - sorted[below]) * share }
}

/// The place of a value among sorted values, of which it is one, over their number: from below, 1 for the highest; equal values
/// share the mean of their places.
pub(crate) fn percent_rank(sorted: &[f64], value: f64) -> f64 {
    let below = sorted.partition_point(|other| *other < value);
    let equal = sorted[below..].partition_point(|other| *other <= value);
    (below as f64 + (equal as f64 + 1.0) / 2.0) / sorted.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::kernel::present::Reach;
    use crate::formula::testing::bits;

    #[test]
    fn a_moving_window_is_sorted_as_each_alone() {
        let x: Vec<f64> = (0..300).map(|t| [0.0, -0.0, 1.0, 3.0, -2.0, 7.0][t * t % 97 % 6]).collect();
        for reach in [Reach::Full(1), Reach::Full(20), Reach::Partial(20), Reach::All] {
            let present = Present::new([&x], reach, 1);
            let mut window = SortedWindow::default();
            for t in (0..40).chain((40..300).step_by(7)) {
                let Some(range) = present.window(t) else { continue };
                window.move_to(&x, range.clone());
                let mut expected = x[range].to_vec();
                expected.sort_by(f64::total_cmp);
                assert_eq!(bits(&window.sorted), bits(&expected), "{reach:?} {t}");
            }
        }
    }

    #[test]
    fn quantiles_lie_on_the_line_between_two_values() {
        let sorted = [1.0, 2.0, 4.0, 8.0];
        assert_eq!(
            [0.0, 0.5, 0.9, 1.0].map(|q| quantile(&sorted, q)),
            [1.0, 3.0, 8.0 - 4.0 * (1.0 - (3.0 * 0.9 - 2.0)), 8.0]
        );
    }

    #[test]
    fn equal_values_share_the_mean_of_their_places() {
        let sorted = [1.0, 2.0, 2.0, 3.0];
        assert_eq!([1.0, 2.0, 3.0].map(|value| percent_rank(&sorted, value)), [0.25, 0.625, 1.0]);
    }
}
