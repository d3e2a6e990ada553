//! The stationary bootstrap: resamples that consist of runs of random length from a series whose end is joined to its start.
//!
//! Source: Politis and Romano, "The stationary bootstrap", JASA 89 (1994).

use crate::mixer::{fraction, hash};

/// A run of consecutive periods of a resample, within the series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run {
    /// The first period.
    pub start: u32,
    /// The period after the last one.
    pub end: u32,
}

/// Appends the runs of resample number `resample` of a series of `periods`; their lengths sum to `periods`. Each resample has
/// its own stream of random numbers and does not depend on the thread that draws it.
///
/// After each period the resample goes on with the next one, or with probability `1 / mean_block` with a random one. The length
/// of a run is drawn directly.
pub(crate) fn push_resample(out: &mut Vec<Run>, periods: usize, mean_block: f64, seed: u64, resample: u64) {
    let key = hash(seed, resample);
    let stay = 1.0 - 1.0 / mean_block;
    let log_stay = if stay > 0.0 { libm::log(stay) } else { f64::NEG_INFINITY };
    let mut left = periods;
    let mut draw = 0;
    while left > 0 {
        let start = ((u128::from(hash(key, draw)) * periods as u128) >> 64) as usize;
        let uniform = 1.0 - fraction(hash(key, draw + 1));
        draw += 2;
        // An infinitely long run ends with the resample.
        let length = (libm::log(uniform) / log_stay).floor();
        let length = if length < left as f64 { (length as usize + 1).min(left) } else { left };
        push_run(out, periods, start, length);
        left -= length;
    }
}

fn push_run(out: &mut Vec<Run>, periods: usize, start: usize, length: usize) {
    let run = |start: usize, end: usize| Run { start: start as u32, end: end as u32 };
    let end = start + length;
    if end <= periods {
        out.push(run(start, end));
    } else {
        out.extend([run(start, periods), run(0, end - periods)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resamples_have_the_length_of_the_series_and_runs_of_the_mean_length() {
        for block in [1.0, 3.0, 20.0] {
            let mut runs = Vec::new();
            (0..200).for_each(|resample| push_resample(&mut runs, 500, block, 5, resample));
            let lengths: usize = runs.iter().map(|run| (run.end - run.start) as usize).sum();
            assert_eq!(lengths, 200 * 500);
            assert!(runs.iter().all(|run| run.start < run.end && run.end <= 500));
            let mean = lengths as f64 / runs.len() as f64;
            assert!((mean / block - 1.0).abs() < 0.1, "{block}: {mean}");
        }
    }

    #[test]
    fn a_run_goes_on_at_the_start() {
        let run = |start, end| Run { start, end };
        let mut around = Vec::new();
        push_run(&mut around, 10, 8, 5);
        assert_eq!(around, [run(8, 10), run(0, 3)]);
    }
}
