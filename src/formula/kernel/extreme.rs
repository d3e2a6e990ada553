//! The largest or the smallest value of each window.

use std::collections::VecDeque;

use super::days::Days;
use super::end::End;
use super::present::Reach;

/// Writes for each day what a function makes of the day and the day of the extreme of its window, of equal values the oldest.
///
/// It takes one pass and keeps only the days that may still be the extreme of a window, the best of them first.
pub(crate) fn fill(
    end: End,
    x: &[f64],
    reach: Reach,
    days: Days,
    out: &mut [f64],
    value: impl Fn(usize, usize) -> f64,
) {
    let n = match reach {
        Reach::Full(n) | Reach::Partial(n) => n,
        Reach::All => usize::MAX,
    };
    let mut candidates: VecDeque<usize> = VecDeque::new();
    // Number of present values since the last absent one.
    let mut present = 0;
    let column: Vec<f64> = (0..x.len())
        .map(|t| {
            if x[t].is_nan() {
                present = 0;
                if reach == Reach::Full(n) {
                    candidates.clear();
                }
            } else {
                present += 1;
                while candidates.pop_back_if(|last| end.is_beyond(x[t], x[*last])).is_some() {}
                candidates.push_back(t);
            }
            candidates.pop_front_if(|first| n <= t - *first);
            let has_value = match reach {
                Reach::Full(n) => present >= n,
                Reach::Partial(_) => true,
                Reach::All => present > 0,
            };
            // Of equal values the earliest is first, as in a comparison one after another: -0 and 0 are equal but not the same
            // bits.
            candidates.front().filter(|_| has_value).map_or(f64::NAN, |extreme| value(t, *extreme))
        })
        .collect();
    days.gather(out, &column);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::kernel::windows::last;
    use crate::formula::testing::NAN;

    #[test]
    fn extremes_in_one_pass_equal_those_of_each_window() {
        let values = [3.0, -0.0, 0.0, 0.0, -0.0, 1.0, -1.0];
        let value = |t: usize| if t % 150 == 70 { NAN } else { values[t * t * 31 % 97 % 7] };
        let x: Vec<f64> = (0..500).map(value).chain([-0.0, 0.0, 0.0, -0.0].repeat(5)).collect();
        for n in [1, 2, 3, 7, 40, 501] {
            for end in [End::Highest, End::Lowest] {
                let of_window = |t: usize| {
                    if t + 1 < n {
                        return NAN;
                    }
                    last(&x, t, n).iter().copied().reduce(|a, b| end.choose(a, b)).unwrap()
                };
                let expected: Vec<f64> = (0..x.len()).map(of_window).collect();
                let days: Vec<u32> = (0..x.len() as u32).collect();
                let mut out = vec![0.0; x.len()];
                fill(end, &x, Reach::Full(n), Days { days: &days, start: 0 }, &mut out, |_, extreme| {
                    x[extreme]
                });
                let bits = |values: &[f64]| values.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
                assert_eq!(bits(&out), bits(&expected), "{end:?}({n})");
            }
        }
    }

    #[test]
    fn partial_windows_and_all_pass_over_absent_days() {
        let x = [NAN, 2.0, 5.0, NAN, 5.0, 1.0, NAN, NAN, NAN];
        let days: Vec<u32> = (0..x.len() as u32).collect();
        let mut out = [0.0; 9];
        let mut check = |reach, expected: [f64; 9]| {
            fill(End::Highest, &x, reach, Days { days: &days, start: 0 }, &mut out, |_, day| day as f64);
            assert_eq!(out.map(f64::to_bits), expected.map(f64::to_bits));
        };
        check(Reach::Partial(3), [NAN, 1.0, 2.0, 2.0, 2.0, 4.0, 4.0, 5.0, NAN]);
        check(Reach::All, [NAN, 1.0, 2.0, NAN, 2.0, 2.0, NAN, NAN, NAN]);
    }
}
