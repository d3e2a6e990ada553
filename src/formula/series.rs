//! The operators over time: one asset's column in, the operator's value on chosen days out.
//!
//! A column begins on the asset's first day; NaN is absent. Day t reads nothing after `x[t]`.

use std::collections::VecDeque;

use super::node::finite;
use super::operators::{End, WindowOperator};
use crate::summation::{mean, pairwise_sums_of_windows, sum_of_squares};

/// If a value is wanted on more than one day in so many, all days together take less time than those alone.
const MANY_DAYS: usize = 8;

/// When a time operator has a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readiness {
    /// With whatever observations there are, where the operator is defined for fewer than its window (SEM 6).
    Short,
    /// Only when its window is full.
    Full,
}

/// Days of a column at which values are wanted: ascending, each minus `start` an index of the column.
#[derive(Debug, Clone, Copy)]
pub struct Days<'a> {
    /// The days.
    pub days: &'a [u32],
    /// The day of the column's first value.
    pub start: usize,
}

impl Days<'_> {
    fn fill(self, out: &mut [f64], value: impl Fn(usize) -> f64) {
        for (out, &day) in out.iter_mut().zip(self.days) {
            *out = value(day as usize - self.start);
        }
    }

    fn gather(self, out: &mut [f64], column: &[f64]) {
        self.fill(out, |t| column[t]);
    }
}

/// Writes the values of a window operator of length `n` over the column `x`.
pub fn window(
    operator: WindowOperator,
    x: &[f64],
    n: usize,
    readiness: Readiness,
    days: Days,
    out: &mut [f64],
) {
    let full = readiness == Readiness::Full;
    match operator {
        WindowOperator::Lag => days.fill(out, |t| if t < n { f64::NAN } else { x[t - n] }),
        WindowOperator::Returns => {
            days.fill(out, |t| if t < n { f64::NAN } else { finite(x[t] / x[t - n] - 1.0) });
        }
        WindowOperator::Momentum => momentum(x, n, full, days, out),
        WindowOperator::SimpleAverage => simple_average(x, n, full, days, out),
        WindowOperator::ExponentialAverage => days.gather(out, &exponential_average(x, n, full)),
        WindowOperator::Volatility => volatility(x, n, full, days, out),
        WindowOperator::Deviation => {
            days.fill(out, |t| if t + 1 < n { f64::NAN } else { sample_deviation(last(x, t, n)) });
        }
        WindowOperator::StandardScore => days.fill(out, |t| {
            if t + 1 < n {
                return f64::NAN;
            }
            let window = last(x, t, n);
            finite((x[t] - mean(window)) / sample_deviation(window))
        }),
        WindowOperator::Highest => extreme(End::Highest, x, n, days, out),
        WindowOperator::Lowest => extreme(End::Lowest, x, n, days, out),
        WindowOperator::RelativeStrength => days.gather(out, &relative_strength(x, n)),
    }
}

fn simple_average(x: &[f64], n: usize, full: bool, days: Days, out: &mut [f64]) {
    let of_day = |t: usize| if full && t + 1 < n { f64::NAN } else { finite(mean(last(x, t, n))) };
    if days.days.len() < x.len() / MANY_DAYS {
        return days.fill(out, of_day);
    }
    let mut sums = vec![0.0; (x.len() + 1).saturating_sub(n)];
    pairwise_sums_of_windows(x, n, &mut sums);
    days.fill(out, |t| if t + 1 < n { of_day(t) } else { finite(sums[t + 1 - n] / n as f64) });
}

/// The last `n` values up to day `t`, or all of them when there are fewer.
fn last(x: &[f64], t: usize, n: usize) -> &[f64] {
    &x[(t + 1).saturating_sub(n)..=t]
}

fn sample_deviation(window: &[f64]) -> f64 {
    // Rounding may put the mean of equal values beside them.
    if window.iter().all(|value| *value == window[0]) {
        return 0.0;
    }
    let squares = sum_of_squares(window, mean(window));
    finite((squares / (window.len() - 1) as f64).sqrt())
}

/// One pass: only days that may still be the extreme of a window are kept, the best of them first.
fn extreme(end: End, x: &[f64], n: usize, days: Days, out: &mut [f64]) {
    let mut candidates: VecDeque<usize> = VecDeque::new();
    // Values in a row without an absent one, up to today.
    let mut present = 0;
    let column: Vec<f64> = (0..x.len())
        .map(|t| {
            if x[t].is_nan() {
                candidates.clear();
                present = 0;
                return f64::NAN;
            }
            present += 1;
            while candidates.pop_back_if(|last| end.is_beyond(x[t], x[*last])).is_some() {}
            candidates.push_back(t);
            candidates.pop_front_if(|first| *first + n <= t);
            // Of equal values the earliest stands first, as when they are compared one after another: zeros have signs.
            if present < n { f64::NAN } else { x[candidates[0]] }
        })
        .collect();
    days.gather(out, &column);
}

/// Daily returns `x[t] / x[t-1] - 1`; the first is NaN and belongs to no window.
fn daily_returns(x: &[f64]) -> Vec<f64> {
    let mut returns = vec![f64::NAN; x.len()];
    for t in 1..x.len() {
        returns[t] = finite(x[t] / x[t - 1] - 1.0);
    }
    returns
}

/// The returns in the window of the `n + 1` last values up to `t`.
fn last_returns(returns: &[f64], t: usize, n: usize) -> &[f64] {
    &returns[(t + 1).saturating_sub(n).max(1)..=t.max(1).min(returns.len() - 1)]
}

/// SEM 6: the product of the last `n` factors `1 + r`, left to right, minus 1; 0 with one price.
fn momentum(x: &[f64], n: usize, full: bool, days: Days, out: &mut [f64]) {
    const LANES: usize = 8;
    let mut factors = daily_returns(x);
    factors.iter_mut().for_each(|factor| *factor += 1.0);
    let short = days.days.partition_point(|&day| (day as usize - days.start) < n);
    let (short_out, out) = out.split_at_mut(short);
    let short_days = Days { days: &days.days[..short], start: days.start };
    short_days.fill(short_out, |t| match t {
        _ if full => f64::NAN,
        0 if x[0].is_nan() => f64::NAN,
        0 => 0.0,
        _ => finite(product(&factors[1..=t]) - 1.0),
    });
    // The chain of one day's multiplications cannot be reordered; eight days at a time keep the processor busy.
    let window = |day: u32| {
        let t = day as usize - days.start;
        &factors[t + 1 - n..=t]
    };
    let (chunks, rest) = days.days[short..].as_chunks::<LANES>();
    for (chunk, out) in chunks.iter().zip(out.as_chunks_mut::<LANES>().0) {
        let windows = chunk.map(window);
        let mut products = [1.0; LANES];
        for place in 0..n {
            for (product, window) in products.iter_mut().zip(windows) {
                *product *= window[place];
            }
        }
        *out = products.map(|product| finite(product - 1.0));
    }
    let done = chunks.len() * LANES;
    for (out, &day) in out[done..].iter_mut().zip(rest) {
        *out = finite(product(window(day)) - 1.0);
    }
}

fn product(factors: &[f64]) -> f64 {
    factors.iter().fold(1.0, |product, factor| product * factor)
}

/// SEM 6: the population deviation of the last `n` returns times `sqrt(252)`; 0 with one price.
fn volatility(x: &[f64], n: usize, full: bool, days: Days, out: &mut [f64]) {
    let returns = daily_returns(x);
    let annual = 252f64.sqrt();
    days.fill(out, |t| match t {
        _ if full && t < n => f64::NAN,
        0 if x[0].is_nan() => f64::NAN,
        0 => 0.0,
        _ => {
            let window = last_returns(&returns, t, n);
            finite((sum_of_squares(window, mean(window)) / window.len() as f64).sqrt() * annual)
        }
    });
}

/// `e + (x - e) * 2 / (n + 1)` from the first present value on; absent days are passed over.
fn exponential_average(x: &[f64], n: usize, full: bool) -> Vec<f64> {
    let factor = 2.0 / (n as f64 + 1.0);
    let mut average = f64::NAN;
    let mut seen = 0;
    x.iter()
        .map(|&value| {
            if value.is_nan() {
                return f64::NAN;
            }
            seen += 1;
            average = if seen == 1 { value } else { average + (value - average) * factor };
            if full && seen < n { f64::NAN } else { finite(average) }
        })
        .collect()
}

/// Wilder's average: the mean of the first `n` values, then `a + (v - a) / n`; `None` until there are `n`.
struct WilderAverage {
    n: usize,
    seen: usize,
    value: f64,
}

impl WilderAverage {
    fn new(n: usize) -> WilderAverage {
        WilderAverage { n, seen: 0, value: 0.0 }
    }

    fn push(&mut self, value: f64) -> Option<f64> {
        self.seen += 1;
        if self.seen <= self.n {
            self.value += value;
            if self.seen == self.n {
                self.value /= self.n as f64;
            }
        } else {
            self.value += (value - self.value) / self.n as f64;
        }
        (self.seen >= self.n).then_some(self.value)
    }
}

/// Wilder (1978): 100 * gain / (gain + loss) of the averaged rises and falls; 50 where nothing moved.
fn relative_strength(x: &[f64], n: usize) -> Vec<f64> {
    let (mut gain, mut loss) = (WilderAverage::new(n), WilderAverage::new(n));
    let mut last = f64::NAN;
    x.iter()
        .map(|&value| {
            if value.is_nan() {
                return f64::NAN;
            }
            let change = value - last;
            last = value;
            if change.is_nan() {
                return f64::NAN;
            }
            match (gain.push(change.max(0.0)), loss.push((-change).max(0.0))) {
                (Some(0.0), Some(0.0)) => 50.0,
                (Some(gain), Some(loss)) => finite(100.0 * gain / (gain + loss)),
                _ => f64::NAN,
            }
        })
        .collect()
}

/// Wilder (1978): the average of the true range; absent until `n` days.
pub fn average_true_range(high: &[f64], low: &[f64], close: &[f64], n: usize, days: Days, out: &mut [f64]) {
    let mut average = WilderAverage::new(n);
    let column: Vec<f64> = (0..close.len())
        .map(|t| {
            let range = high[t] - low[t];
            let range = match t {
                0 => range,
                _ => range.max((high[t] - close[t - 1]).abs()).max((low[t] - close[t - 1]).abs()),
            };
            average.push(range).map_or(f64::NAN, finite)
        })
        .collect();
    days.gather(out, &column);
}

/// 0 at first; becomes 1 where `enter` is true and `exit` is not, and 0 where `exit` is true.
pub fn hold(
    enter: impl Iterator<Item = bool>,
    exit: impl Iterator<Item = bool>,
    days: Days,
    out: &mut [f64],
) {
    let mut held = false;
    let column: Vec<f64> = enter
        .zip(exit)
        .map(|(enter, exit)| {
            held = !exit && (held || enter);
            f64::from(u8::from(held))
        })
        .collect();
    days.gather(out, &column);
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAN: f64 = f64::NAN;

    fn check(operator: WindowOperator, n: usize, x: &[f64], expected: &[f64]) {
        let all: Vec<u32> = (0..x.len() as u32).collect();
        let mut out = vec![0.0; x.len()];
        window(operator, x, n, Readiness::Short, Days { days: &all, start: 0 }, &mut out);
        for (t, (got, expected)) in out.iter().zip(expected).enumerate() {
            let equal = got.is_nan() && expected.is_nan() || (got - expected).abs() <= 1e-12;
            assert!(equal, "{operator:?}({n}) at {t}: got {got}, expected {expected}");
        }
        // The same days asked for one by one, of a column that starts later, give the same bits.
        for (t, &expected) in out.iter().enumerate() {
            let mut one = [0.0];
            window(operator, x, n, Readiness::Short, Days { days: &[t as u32 + 7], start: 7 }, &mut one);
            assert_eq!(one[0].to_bits(), expected.to_bits());
        }
    }

    #[test]
    fn hand_worked_values() {
        let x = [1.0, 2.0, 4.0, 3.0];
        check(WindowOperator::Lag, 1, &x, &[NAN, 1.0, 2.0, 4.0]);
        check(WindowOperator::Returns, 2, &x, &[NAN, NAN, 3.0, 0.5]);
        check(WindowOperator::Momentum, 2, &x, &[0.0, 1.0, 3.0, 0.5]);
        check(WindowOperator::SimpleAverage, 3, &x, &[1.0, 1.5, 7.0 / 3.0, 3.0]);
        check(WindowOperator::ExponentialAverage, 3, &x, &[1.0, 1.5, 2.75, 2.875]);
        check(WindowOperator::Volatility, 2, &x, &[0.0, 0.0, 0.0, 0.625 * 252f64.sqrt()]);
        check(WindowOperator::Deviation, 2, &x, &[NAN, 0.5f64.sqrt(), 2f64.sqrt(), 0.5f64.sqrt()]);
        check(WindowOperator::StandardScore, 2, &x, &[NAN, 0.5f64.sqrt(), 0.5f64.sqrt(), -(0.5f64.sqrt())]);
        check(WindowOperator::Highest, 2, &x, &[NAN, 2.0, 4.0, 4.0]);
        check(WindowOperator::Lowest, 2, &x, &[NAN, 1.0, 2.0, 3.0]);
        // Rises 1, 2, 0; falls 0, 0, 1: averages 1.5 and 0, then 0.75 and 0.5.
        check(WindowOperator::RelativeStrength, 2, &x, &[NAN, NAN, 100.0, 60.0]);
        check(WindowOperator::RelativeStrength, 1, &[2.0, 2.0], &[NAN, 50.0]);
    }

    #[test]
    fn an_absent_day_spoils_the_windows_that_hold_it() {
        let x = [1.0, NAN, 4.0, 3.0, 6.0];
        check(WindowOperator::SimpleAverage, 2, &x, &[1.0, NAN, NAN, 3.5, 4.5]);
        check(WindowOperator::Momentum, 1, &x, &[0.0, NAN, NAN, -0.25, 1.0]);
        check(WindowOperator::Returns, 2, &x, &[NAN, NAN, 3.0, NAN, 0.5]);
        check(WindowOperator::ExponentialAverage, 1, &x, &x);
        check(WindowOperator::RelativeStrength, 1, &x, &[NAN, NAN, 100.0, 0.0, 100.0]);
        check(WindowOperator::StandardScore, 2, &[3.0, 3.0], &[NAN, NAN]);
    }

    #[test]
    fn equal_values_have_no_deviation_however_their_mean_is_rounded() {
        let x = [0.1; 3];
        assert_ne!(mean(&x), x[0]);
        assert_eq!(sample_deviation(&x), 0.0);
        check(WindowOperator::StandardScore, 3, &x, &[NAN; 3]);
    }

    #[test]
    fn extremes_in_one_pass_equal_those_of_each_window() {
        let values = [3.0, -0.0, 0.0, 0.0, -0.0, 1.0, -1.0];
        let value = |t: usize| if t % 150 == 70 { NAN } else { values[t * t * 31 % 97 % 7] };
        let x: Vec<f64> = (0..500).map(value).chain([-0.0, 0.0, 0.0, -0.0].repeat(5)).collect();
        for n in [1, 2, 3, 7, 40, 501] {
            for (operator, end) in
                [(WindowOperator::Highest, End::Highest), (WindowOperator::Lowest, End::Lowest)]
            {
                let of_window = |t: usize| match t + 1 < n {
                    true => NAN,
                    false => last(&x, t, n).iter().copied().reduce(|a, b| end.of(a, b)).unwrap(),
                };
                let expected: Vec<f64> = (0..x.len()).map(of_window).collect();
                let days: Vec<u32> = (0..x.len() as u32).collect();
                let mut out = vec![0.0; x.len()];
                window(operator, &x, n, Readiness::Short, Days { days: &days, start: 0 }, &mut out);
                let bits = |values: &[f64]| values.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
                assert_eq!(bits(&out), bits(&expected), "{operator:?}({n})");
            }
        }
    }

    #[test]
    fn averages_side_by_side_equal_averages_by_days() {
        let x: Vec<f64> =
            (0..300).map(|t| if t == 200 { NAN } else { f64::from(t * 37 % 11).sqrt() }).collect();
        for n in [1, 2, 7, 8, 20, 129, 299, 300, 301] {
            let expected: Vec<f64> = (0..x.len()).map(|t| mean(last(&x, t, n))).collect();
            check(WindowOperator::SimpleAverage, n, &x, &expected);
        }
    }

    #[test]
    fn momentum_in_lanes_equals_momentum_by_days() {
        let x: Vec<f64> = (0..100).map(|t| 10.0 + f64::from(t * 37 % 11)).collect();
        let expected: Vec<f64> = (0..100usize)
            .map(|t| {
                (t.saturating_sub(6)..t).fold(1.0, |product, s| product * (1.0 + (x[s + 1] / x[s] - 1.0)))
                    - 1.0
            })
            .collect();
        check(WindowOperator::Momentum, 6, &x, &expected);
    }

    #[test]
    fn average_true_range_starts_with_high_minus_low() {
        let mut out = [0.0; 3];
        let days = Days { days: &[0, 1, 2], start: 0 };
        average_true_range(&[3.0, 9.0, 5.0], &[1.0, 8.0, 4.0], &[2.0, 8.0, 5.0], 2, days, &mut out);
        assert!(out[0].is_nan());
        assert_eq!(out[1..], [4.5, 4.25], "ranges 2, 7, 4");
    }

    #[test]
    fn hold_stays_until_exit_and_exit_wins() {
        let enter = [true, false, true, true, false];
        let exit = [false, false, true, false, true];
        let mut out = [0.0; 5];
        hold(enter.into_iter(), exit.into_iter(), Days { days: &[0, 1, 2, 3, 4], start: 0 }, &mut out);
        assert_eq!(out, [1.0, 1.0, 0.0, 1.0, 0.0]);
    }
}
