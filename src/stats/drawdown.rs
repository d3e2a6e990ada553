//! The largest and the longest fall from a high of a positive equity curve (SEM 15.1).

use super::rules::HighWaterStart;

const BLOCK: usize = 8;

/// The falls of a curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drawdown {
    /// Largest fall from the high-water mark, a fraction of it.
    pub largest: f64,
    /// Longest run of consecutive points below the high-water mark, in points.
    pub longest: usize,
}

/// The falls of a curve of positive, finite values; none for fewer than two points.
///
/// Whole blocks of points below the mark are taken together: there only the lowest matters.
pub fn drawdown(equity: &[f64], start: HighWaterStart) -> Drawdown {
    let (Some(&first), rest) = (equity.first(), equity.get(1..).unwrap_or(&[])) else {
        return Drawdown { largest: 0.0, longest: 0 };
    };
    let mut fall = Fall {
        high: if start == HighWaterStart::InitialEquity { first } else { 0.0 },
        low: f64::INFINITY,
        run: 0,
        drawdown: Drawdown { largest: 0.0, longest: 0 },
    };
    let (blocks, tail) = rest.as_chunks::<BLOCK>();
    for block in blocks {
        let (highest, lowest) = extremes(block);
        if highest < fall.high {
            fall.run += BLOCK;
            fall.low = if lowest < fall.low { lowest } else { fall.low };
        } else {
            block.iter().for_each(|&value| fall.step(value));
        }
    }
    tail.iter().for_each(|&value| fall.step(value));
    fall.close();
    fall.drawdown
}

struct Fall {
    high: f64,
    low: f64,
    run: usize,
    drawdown: Drawdown,
}

impl Fall {
    #[inline]
    fn step(&mut self, value: f64) {
        if value >= self.high {
            if self.run > 0 {
                self.close();
            }
            self.high = value;
        } else {
            self.run += 1;
            self.low = if value < self.low { value } else { self.low };
        }
    }

    fn close(&mut self) {
        if self.run > 0 {
            self.drawdown.largest = self.drawdown.largest.max((self.high - self.low) / self.high);
            self.drawdown.longest = self.drawdown.longest.max(self.run);
        }
        self.run = 0;
        self.low = f64::INFINITY;
    }
}

#[inline]
fn extremes(block: &[f64; BLOCK]) -> (f64, f64) {
    let fold = |pick: fn(f64, f64) -> f64| {
        let [a, b, c, d, e, f, g, h] = *block;
        pick(pick(pick(a, b), pick(c, d)), pick(pick(e, f), pick(g, h)))
    };
    (fold(|a, b| if a > b { a } else { b }), fold(|a, b| if a < b { a } else { b }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(equity: &[f64], start: HighWaterStart, largest: f64, longest: usize) {
        assert_eq!(drawdown(equity, start), Drawdown { largest, longest }, "{equity:?}");
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
            let mut expected = Drawdown { largest: 0.0, longest: 0 };
            for &value in equity.iter().skip(1) {
                high = high.max(value);
                run = if value == high { 0 } else { run + 1 };
                expected.largest = expected.largest.max((high - value) / high);
                expected.longest = expected.longest.max(run);
            }
            assert_eq!(drawdown(&equity, HighWaterStart::SecondPoint), expected);
        }
    }
}
