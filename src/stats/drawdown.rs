//! The largest and the longest drawdown of a positive equity curve.

use wide::f64x4;

use super::curve::growth;
use super::rules::{DrawdownTies, HighWaterStart};

const GROUP: usize = 8;
/// Wealth computed from equity and wealth computed from logarithms differ by less than this share of it.
const ROUNDING: f64 = 1e-12;

/// The drawdowns of a curve, summed up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Drawdown {
    /// Largest fall from the high-water mark, a fraction of it.
    pub largest: f64,
    /// Longest run of consecutive points below the high-water mark, in points.
    pub longest: usize,
    /// Smallest value of the curve.
    pub lowest: f64,
    /// Largest value of the curve.
    pub highest: f64,
}

/// The drawdowns of a curve. They have a meaning only if `lowest` is positive and `highest` is finite. A curve of fewer than
/// two points has none.
///
/// Points clearly below the high-water mark are taken in groups, because only the lowest of them matters.
///
/// `ties` decides whether a point within rounding of the mark lies below it: `docs/conventions.md#drawdown_ties`. Runs are
/// counted both ways, and logarithms are computed only if the longest runs differ.
pub(crate) fn drawdown(equity: &[f64], start: HighWaterStart, ties: DrawdownTies) -> Drawdown {
    let (Some(&first), rest) = (equity.first(), equity.get(1..).unwrap_or(&[])) else {
        return Drawdown { largest: 0.0, longest: 0, lowest: f64::INFINITY, highest: f64::NEG_INFINITY };
    };
    let mut fall = Fall {
        mark: Mark::new(first_mark(first, start), ties),
        low: f64x4::splat(f64::INFINITY),
        lowest: first,
        previous: first,
        run: 0,
        before: 0,
        most: 0,
        least: 0,
        largest: 0.0,
    };
    let (groups, tail) = rest.as_chunks::<GROUP>();
    for group in groups {
        let [a, b, c, d, e, f, g, h] = *group;
        let (left, right) = (f64x4::new([a, b, c, d]), f64x4::new([e, f, g, h]));
        let below = f64x4::splat(fall.mark.below);
        if (left.simd_lt(below) & right.simd_lt(below)).all() {
            fall.low = fall.low.fast_min(left.fast_min(right));
            fall.run += GROUP;
            fall.previous = h;
        } else {
            group.iter().for_each(|&value| fall.step(value, ties));
        }
    }
    tail.iter().for_each(|&value| fall.step(value, ties));
    fall.close();
    let decided = ties == DrawdownTies::Equity || fall.most == fall.least || fall.lowest <= 0.0;
    let longest = if decided { fall.least } else { longest_by_logarithms(equity, start) };
    Drawdown { largest: fall.largest, longest, lowest: fall.lowest, highest: fall.mark.high.max(first) }
}

fn first_mark(first: f64, start: HighWaterStart) -> f64 {
    if start == HighWaterStart::InitialEquity { first } else { 0.0 }
}

/// The high-water mark, and the band around it in which rounding decides.
struct Mark {
    high: f64,
    below: f64,
    above: f64,
}

impl Mark {
    #[inline]
    fn new(high: f64, ties: DrawdownTies) -> Mark {
        match ties {
            DrawdownTies::Equity => Mark { high, below: high, above: high },
            DrawdownTies::Logarithms => {
                Mark { high, below: high * (1.0 - ROUNDING), above: high * (1.0 + ROUNDING) }
            }
        }
    }
}

/// The state of a walk along the curve.
struct Fall {
    mark: Mark,
    /// Smallest values since the high-water mark.
    low: f64x4,
    lowest: f64,
    previous: f64,
    /// Number of points clearly below the mark since the last point that was not.
    run: usize,
    /// Number of points before those, back to the last point clearly at the mark: the unclear points and all between them.
    before: usize,
    /// The longest run if unclear points count as below the mark.
    most: usize,
    /// The longest run if unclear points count as at the mark.
    least: usize,
    largest: f64,
}

impl Fall {
    #[inline]
    fn step(&mut self, value: f64, ties: DrawdownTies) {
        if value < self.mark.below {
            self.low = self.low.fast_min(f64x4::splat(value));
            self.run += 1;
        } else if value > self.mark.above {
            self.close();
            self.before = 0;
        } else if value != self.previous || self.before > 0 {
            // A day without a change has no rounding: it is below the mark if the day before was.
            self.close();
            self.before += 1;
        }
        if value > self.mark.high {
            self.mark = Mark::new(value, ties);
        }
        self.lowest = if value < self.lowest { value } else { self.lowest };
        self.previous = value;
    }

    /// Ends the current run. It divides only if the fall may be the largest.
    #[inline]
    fn close(&mut self) {
        if self.run + self.before == 0 {
            return;
        }
        let (high, low) = (self.mark.high, least(self.low));
        if low < high * ((1.0 - self.largest) * (1.0 + ROUNDING)) {
            self.largest = self.largest.max((high - low) / high);
        }
        self.lowest = self.lowest.min(low);
        self.low = f64x4::splat(f64::INFINITY);
        self.least = self.least.max(self.run);
        self.before += self.run;
        self.most = self.most.max(self.before);
        self.run = 0;
    }
}

/// The longest run as QSTrader computes it, from wealth as the `exp` of a sum of logarithms.
fn longest_by_logarithms(equity: &[f64], start: HighWaterStart) -> usize {
    let returns: Vec<f64> =
        std::iter::once(0.0).chain(equity.array_windows().map(|[from, to]| to / from - 1.0)).collect();
    let mut high = if start == HighWaterStart::InitialEquity { 1.0 } else { 0.0 };
    let (mut run, mut longest) = (0, 0);
    for value in growth(&returns).into_iter().skip(1) {
        run = if value < high { run + 1 } else { 0 };
        high = if value > high { value } else { high };
        longest = run.max(longest);
    }
    longest
}

/// The smallest of four.
fn least(values: f64x4) -> f64 {
    values
        .to_array()
        .into_iter()
        .fold(f64::INFINITY, |least, value| if value < least { value } else { least })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(equity: &[f64], start: HighWaterStart, largest: f64, longest: usize) {
        let drawdown = drawdown(equity, start, DrawdownTies::Equity);
        assert_eq!((drawdown.largest, drawdown.longest), (largest, longest), "{equity:?}");
        assert_eq!(drawdown.lowest, equity.iter().copied().fold(f64::INFINITY, f64::min));
        assert_eq!(drawdown.highest, equity.iter().copied().fold(f64::NEG_INFINITY, f64::max));
    }

    #[test]
    fn the_first_point_counts_only_by_rule() {
        check(&[100.0, 80.0, 90.0], HighWaterStart::SecondPoint, 0.0, 0);
        check(&[100.0, 80.0, 90.0], HighWaterStart::InitialEquity, 0.2, 2);
        check(&[100.0], HighWaterStart::InitialEquity, 0.0, 0);
        check(&[], HighWaterStart::InitialEquity, 0.0, 0);
    }

    #[test]
    fn a_tie_with_the_high_ends_the_run() {
        check(&[1.0, 4.0, 3.0, 4.0, 2.0, 1.0, 3.0], HighWaterStart::SecondPoint, 0.75, 3);
    }

    #[test]
    fn logarithms_decide_a_tie_that_rounding_made() {
        // 100 to 110 and back: log(1.1) + log(100 / 110) is not exactly 0.
        let equity = [1.0, 100.0, 110.0, 100.0, 110.0, 109.0];
        let by_equity = drawdown(&equity, HighWaterStart::SecondPoint, DrawdownTies::Equity);
        let by_logarithms = drawdown(&equity, HighWaterStart::SecondPoint, DrawdownTies::Logarithms);
        assert_eq!((by_equity.longest, by_equity.largest), (1, by_logarithms.largest));
        assert_eq!(by_logarithms.longest, longest_by_logarithms(&equity, HighWaterStart::SecondPoint));
    }

    #[test]
    fn a_flat_day_is_never_unclear() {
        let equity = [1.0, 4.0, 4.0, 3.0, 3.0, 5.0, 5.0];
        let fall = drawdown(&equity, HighWaterStart::SecondPoint, DrawdownTies::Logarithms);
        assert_eq!(fall.longest, 2);
    }

    #[test]
    fn blocks_agree_with_single_steps() {
        let mut seed = 7u64;
        for length in 0..200 {
            let equity: Vec<f64> = (0..length)
                .map(|_| {
                    seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                    1.0 + (seed >> 60) as f64
                })
                .collect();
            let (mut high, mut run) = (0.0f64, 0);
            let (mut largest, mut longest) = (0.0f64, 0);
            for &value in equity.iter().skip(1) {
                high = high.max(value);
                run = if value == high { 0 } else { run + 1 };
                largest = largest.max((high - value) / high);
                longest = longest.max(run);
            }
            check(&equity, HighWaterStart::SecondPoint, largest, longest);
        }
    }
}
