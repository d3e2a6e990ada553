//! What two columns have to do with each other over windows.

use super::arithmetic::finite;
use super::days::Days;
use super::moments::{Products, RunningProducts};
use super::present::{Flats, Present, Reach};

/// The fewest values of which a statistic of two columns is made.
pub(crate) const LEAST: u32 = 2;

/// Two columns over a window.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair {
    /// Number of values.
    pub count: f64,
    /// Whether each column does not move.
    pub flat: [bool; 2],
    /// The sums of [`Products`].
    pub sums: [f64; 3],
}

/// Writes for each day what a function makes of the window of two columns; absent where the result is not finite.
pub(crate) fn fill(
    columns: [&[f64]; 2],
    reach: Reach,
    days: Days,
    out: &mut [f64],
    value: impl Fn(Pair) -> f64,
) {
    let present = Present::new(columns, reach, LEAST as usize);
    let flats = present.values.each_ref().map(|values| Flats::of(values));
    let flat = |window: &_| flats.each_ref().map(|flats| flats.contains(window));
    if reach != Reach::All {
        return present.fill_sums::<Products, 3>(days, out, |_, window, sums| {
            value(Pair { count: window.len() as f64, flat: flat(&window), sums })
        });
    }
    let mut running = RunningProducts::default();
    present.fill_running(days, out, |values, count| {
        running.push(values, count);
        let flat = flat(&(0..count as usize));
        finite(value(Pair { count, flat, sums: running.sums }))
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::testing::NAN;

    /// The number of values, 10 where x is flat and 100 where y is, of the window of every day.
    fn pairs(reach: Reach) -> [f64; 5] {
        let (x, y) = ([0.1, 0.1, NAN, 0.1, 3.0], [NAN, 2.0, 2.0, 2.0, 2.0]);
        let mut out = [0.0; 5];
        fill([&x, &y], reach, Days { days: &[0, 1, 2, 3, 4], start: 0 }, &mut out, |pair| {
            let flat = pair.flat.map(|flat| f64::from(u8::from(flat)));
            pair.count + 10.0 * flat[0] + 100.0 * flat[1]
        });
        out
    }

    #[test]
    fn two_columns_have_the_days_on_which_both_are_present() {
        let bits = |values: [f64; 5]| values.map(f64::to_bits);
        assert_eq!(bits(pairs(Reach::Full(2))), bits([NAN, NAN, NAN, NAN, 102.0]));
        assert_eq!(bits(pairs(Reach::Partial(4))), bits([NAN, NAN, NAN, 112.0, 103.0]));
        assert_eq!(bits(pairs(Reach::All)), bits([NAN, NAN, NAN, 112.0, 103.0]));
    }
}
