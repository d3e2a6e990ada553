//! The line of least squares through the values of a window.

use super::days::Days;
use super::moments::means;
use super::present::{Flats, Present, Reach};
use super::sums::WindowSums;
use crate::summation::{Side, mean, pairwise_sum, pairwise_sums, sum_of_squares};

/// The fewest values that have a line.
pub(crate) const LEAST: u32 = 2;

/// A line through the values of a window that are not all equal.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    /// The mean of the values.
    pub mean: f64,
    /// How far today lies behind the mean of the places of the values.
    pub today: f64,
    /// The sum of the products of the deviations of places and values.
    pub products: f64,
    /// The sum of the squared deviations of the places.
    pub squares_of_places: f64,
    /// The sum of the squared deviations of the values.
    pub squares: f64,
}

impl Line {
    /// By how much the line rises a day.
    pub(crate) fn slope(&self) -> f64 {
        self.products / self.squares_of_places
    }
}

/// The mean, the sum of products with the places and the sum of squares, for values without a gap.
struct Sums;

impl WindowSums<1, 3> for Sums {
    fn sums<S: Side>(columns: [&[f64]; 1], count: usize) -> [S; 3] {
        let [mean]: [S; 1] = means(columns, count);
        let mean_place = (count as f64 - 1.0) / 2.0;
        let [products, squares] = pairwise_sums(columns, count, |[x]: [S; 1], place| {
            let d = x - mean;
            [S::of(place - mean_place) * d, d * d]
        });
        [mean, products, squares]
    }
}

/// Writes for each day what a function makes of the day and the line of its window, and `flat` of the day where all values are
/// equal; absent where the result is not finite.
pub(crate) fn fill(
    x: &[f64],
    reach: Reach,
    days: Days,
    out: &mut [f64],
    flat: impl Fn(usize) -> f64,
    value: impl Fn(usize, &Line) -> f64,
) {
    let present = Present::new([x], reach, LEAST as usize);
    let flats = Flats::of(&present.values[0]);
    let days_present: Vec<f64> = (0..x.len()).filter(|t| present.has(*t)).map(|t| t as f64).collect();
    present.fill_sums::<Sums, 3>(days, out, |t, window, [mean, products, squares]| {
        if flats.contains(&window) {
            return flat(t);
        }
        let places = &days_present[window.clone()];
        let (first, last) = (places[0], places[places.len() - 1]);
        let count = places.len() as f64;
        if last - first + 1.0 != count {
            let zero = present.first_day(t) as f64 - 1.0;
            let placed = |day: f64| day - zero;
            let places: Vec<f64> = places.iter().map(|day| placed(*day)).collect();
            let line = with_gaps(&places, &present.values[0][window], placed(t as f64));
            return value(t, &line);
        }
        value(
            t,
            &Line {
                mean,
                today: t as f64 - (first + last) / 2.0,
                products,
                squares_of_places: count * (count * count - 1.0) / 12.0,
                squares,
            },
        )
    });
}

/// The line through values at ascending places with days between them that have none; `today` is the place of today.
fn with_gaps(places: &[f64], values: &[f64], today: f64) -> Line {
    let (mean_place, mean) = (mean(places), mean(values));
    let products: Vec<f64> =
        places.iter().zip(values).map(|(place, value)| (place - mean_place) * (value - mean)).collect();
    Line {
        mean,
        today: today - mean_place,
        products: pairwise_sum(&products),
        squares_of_places: sum_of_squares(places, mean_place),
        squares: sum_of_squares(values, mean),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::testing::NAN;

    fn lines(x: &[f64], reach: Reach) -> Vec<[f64; 5]> {
        let days: Vec<u32> = (0..x.len() as u32).collect();
        (0..5)
            .map(|field| {
                let mut out = vec![0.0; x.len()];
                fill(
                    x,
                    reach,
                    Days { days: &days, start: 0 },
                    &mut out,
                    |_| -1.0,
                    |_, line| {
                        [line.mean, line.today, line.products, line.squares_of_places, line.squares][field]
                    },
                );
                out
            })
            .fold(vec![[0.0; 5]; x.len()], |mut lines, field| {
                for (line, value) in lines.iter_mut().zip(field) {
                    line.rotate_left(1);
                    line[4] = value;
                }
                lines
            })
    }

    #[test]
    fn a_line_without_gaps_and_with_one() {
        assert_eq!(lines(&[1.0, 2.0, 6.0], Reach::Full(3))[2], [3.0, 1.0, 5.0, 2.0, 14.0]);
        // The places 1, 2 and 6 have the mean 3; today, the seventh day, has no value.
        let x = [1.0, 3.0, NAN, NAN, NAN, 8.0, NAN];
        let line = lines(&x, Reach::Partial(7))[6];
        assert_eq!(line, [4.0, 4.0, 6.0 + 1.0 + 12.0, 4.0 + 1.0 + 9.0, 9.0 + 1.0 + 16.0]);
        assert_eq!(lines(&[2.0, NAN, 2.0], Reach::All)[2], [-1.0; 5]);
    }
}
