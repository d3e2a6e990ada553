//! Does any of many trials beat the benchmark, and which ones do?
//!
//! White's Reality Check ("A reality check for data snooping", Econometrica 68, 2000), Hansen's test for superior predictive
//! ability in its studentised form ("A test for superior predictive ability", Journal of Business & Economic Statistics 23,
//! 2005) and the step-down of Romano and Wolf (Econometrica 73, 2005; Statistics & Probability Letters 113, 2016), all on the
//! same resamples.
//!
//! The mean of a resample is a sum over runs, and the sum over a run is the difference of two cumulative sums. Trials are
//! processed in small tiles from the worst statistic to the best, so that one running maximum for each resample serves all
//! tests. The resamples are divided among the threads, which combine only comparisons and counts, so the result does not depend
//! on their number.

use rayon::prelude::*;

use super::long_run_variance::long_run_deviation;
use super::panel::{Panel, in_tiles};
use super::resamples::{Run, push_resample};
use crate::summation::mean;

/// Number of trials in a tile, whose cumulative sums stay in the cache together.
const WIDTH: usize = 16;
/// The largest number of runs in memory: 64 MiB.
const RUNS_MOST: usize = 1 << 23;
/// Number of resamples that a thread takes at a time.
const CHUNK: usize = 64;

/// The settings of a bootstrap.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bootstrap {
    /// Number of resamples.
    pub resamples: usize,
    /// Mean length of their blocks, at least 1.
    pub mean_block: f64,
    /// The seed of the random numbers.
    pub seed: u64,
}

/// A trial's returns less those of the benchmark, summed up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Excess {
    /// The mean of the differences.
    pub mean: f64,
    /// The standard deviation of `sqrt(T)` times the mean ([`long_run_deviation`]). A trial with 0 is left out of the tests.
    pub deviation: f64,
}

/// A statistic with three p-values in ascending order: under the most liberal null hypothesis, under the one that Hansen
/// recommends, and under the most conservative one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Test {
    /// The largest of the trials' statistics, 0 or more.
    pub statistic: f64,
    /// The means of trials that lose against the benchmark are taken as they are.
    pub p_lower: f64,
    /// Trials that lose so much that they cannot be the best are left out.
    pub p_consistent: f64,
    /// All trials are taken to be as good as the benchmark.
    pub p_upper: f64,
}

/// The statistic by which trials are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scale {
    /// Means over their standard deviations, as Hansen recommends; with bare means the most volatile trial decides.
    Studentised,
    /// Bare means.
    #[cfg_attr(not(test), expect(dead_code, reason = "published values are of both"))]
    Bare,
}

/// The results of all tests on the resamples.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SuperiorAbility {
    /// Hansen's test.
    pub test: Test,
    /// The statistic of White's Reality Check and its p-value, with bare means and all trials taken to be as good as the
    /// benchmark.
    pub reality_check: (f64, f64),
    /// For each trial the p-value of Romano and Wolf, in the order of the panel; 1 for trials that are left out.
    pub stepwise: Vec<f64>,
}

/// The mean and its standard deviation for every trial of a panel.
pub(crate) fn excesses(panel: &dyn Panel, mean_block: f64) -> Vec<Excess> {
    let all: Vec<usize> = (0..panel.trials()).collect();
    let mut out = Vec::with_capacity(all.len());
    in_tiles(panel, &all, |_, returns| {
        let some: Vec<Excess> = returns
            .par_chunks(panel.periods())
            .map(|series| Excess { mean: mean(series), deviation: long_run_deviation(series, mean_block) })
            .collect();
        out.extend(some);
    });
    out
}

/// Tests all trials of a panel of differences to a benchmark on random resamples.
pub(crate) fn superior_ability(
    panel: &dyn Panel,
    excesses: &[Excess],
    bootstrap: &Bootstrap,
    scale: Scale,
) -> SuperiorAbility {
    let Bootstrap { resamples, mean_block, seed } = *bootstrap;
    let expected = (panel.periods() as f64 / mean_block).ceil() as usize + 2;
    let at_a_time = (RUNS_MOST / expected).clamp(1, resamples.max(1));
    let drawn = |resample: usize| {
        let mut runs = Vec::with_capacity(expected);
        push_resample(&mut runs, panel.periods(), mean_block, seed, resample as u64);
        runs
    };
    let batches = (0..resamples).step_by(at_a_time).map(|first| {
        let last = (first + at_a_time).min(resamples);
        (first..last).into_par_iter().map(drawn).collect()
    });
    superior_ability_over(panel, excesses, batches, scale)
}

/// Tests all trials of a panel of differences to a benchmark on given resamples, batch after batch. A resample is a list of
/// runs whose lengths sum to the periods of the panel.
pub(crate) fn superior_ability_over(
    panel: &dyn Panel,
    excesses: &[Excess],
    batches: impl Iterator<Item = Vec<Vec<Run>>>,
    scale: Scale,
) -> SuperiorAbility {
    let mut tally = Tally::new(panel.periods(), excesses, scale);
    let mut resamples = 0;
    for batch in batches {
        tally.add(panel, &batch);
        resamples += batch.len();
    }
    tally.result(resamples)
}

/// A trial that is tested.
struct Contender {
    trial: usize,
    mean: f64,
    /// The factor that turns a mean into the statistic.
    factor: f64,
    statistic: f64,
    /// What the lower and the consistent null hypothesis add to its centred statistic.
    offsets: [f64; 2],
    /// Number of resamples whose largest statistic up to this trial reaches its own.
    reached: u64,
}

/// Counts over the resamples so far.
struct Tally {
    periods: usize,
    trials: usize,
    /// From the worst statistic to the best.
    contenders: Vec<Contender>,
    /// The statistic of the test for superior ability, and that of the Reality Check.
    statistics: [f64; 2],
    /// Number of resamples that reach them: under the lower, the consistent and the upper null hypothesis, and in the Reality
    /// Check.
    beyond: [u64; 4],
}

/// The largest statistics of a resample so far, in the order of [`Tally::beyond`].
type Largest = [f64; 4];

impl Tally {
    fn new(periods: usize, excesses: &[Excess], scale: Scale) -> Tally {
        let length = periods as f64;
        let root = length.sqrt();
        let slack = (2.0 * libm::log(libm::log(length).max(1.0)) / length).sqrt();
        let contender = |(trial, excess): (usize, &Excess)| {
            let Excess { mean, deviation } = *excess;
            let factor = if scale == Scale::Studentised { root / deviation } else { root };
            let statistic = factor * mean;
            let consistent = if mean >= -deviation * slack { 0.0 } else { statistic };
            let offsets = [statistic.min(0.0), consistent];
            Contender { trial, mean, factor, statistic, offsets, reached: 0 }
        };
        let moving = excesses.iter().enumerate().filter(|(_, excess)| excess.deviation > 0.0);
        let mut contenders: Vec<Contender> = moving.map(contender).collect();
        contenders.sort_by(|a, b| a.statistic.total_cmp(&b.statistic).then(b.trial.cmp(&a.trial)));
        let largest = |value: &dyn Fn(&Contender) -> f64| contenders.iter().map(value).fold(0.0, f64::max);
        let statistics =
            [largest(&|contender| contender.statistic), largest(&|contender| root * contender.mean)];
        Tally { periods, trials: excesses.len(), contenders, statistics, beyond: [0; 4] }
    }

    /// Adds resamples of all trials.
    fn add(&mut self, panel: &dyn Panel, runs: &[Vec<Run>]) {
        let periods = self.periods;
        let mut largest: Vec<Largest> = vec![[0.0, 0.0, f64::NEG_INFINITY, 0.0]; runs.len()];
        let mut running = vec![[0.0; WIDTH]; periods + 1];
        let order: Vec<usize> = self.contenders.iter().map(|contender| contender.trial).collect();
        in_tiles(panel, &order, |positions, returns| {
            for (returns, first) in returns.chunks(WIDTH * periods).zip(positions.step_by(WIDTH)) {
                let last = first + returns.len() / periods;
                accumulate(&mut running, returns, periods);
                let contenders = &mut self.contenders[first..last];
                let counts: Vec<[u64; WIDTH]> = largest
                    .par_chunks_mut(CHUNK)
                    .zip(runs.par_chunks(CHUNK))
                    .map(|(largest, runs)| reached(contenders, &running, largest, runs))
                    .collect();
                for counts in counts {
                    contenders
                        .iter_mut()
                        .zip(counts)
                        .for_each(|(contender, count)| contender.reached += count);
                }
            }
        });
        let [statistic, bare] = self.statistics;
        for largest in &largest {
            let needed = [statistic, statistic, statistic, bare];
            for (beyond, (largest, needed)) in self.beyond.iter_mut().zip(largest.iter().zip(needed)) {
                *beyond += u64::from(largest.max(0.0) >= needed);
            }
        }
    }

    fn result(&self, resamples: usize) -> SuperiorAbility {
        let [statistic, bare] = self.statistics;
        let p = |null: usize, statistic: f64| {
            if statistic > 0.0 { p_value(self.beyond[null], resamples) } else { 1.0 }
        };
        let mut stepwise = vec![1.0; self.trials];
        let mut largest: f64 = 0.0;
        // The step-down: from the best trial to the worst no p-value is smaller than the one before.
        for contender in self.contenders.iter().rev() {
            largest = largest.max(p_value(contender.reached, resamples));
            stepwise[contender.trial] = largest;
        }
        SuperiorAbility {
            test: Test {
                statistic,
                p_lower: p(0, statistic),
                p_consistent: p(1, statistic),
                p_upper: p(2, statistic),
            },
            reality_check: (bare, p(3, bare)),
            stepwise,
        }
    }
}

/// The share of resamples that reach a statistic; never 0, because the sample itself counts as one.
fn p_value(count: u64, resamples: usize) -> f64 {
    (1 + count) as f64 / (resamples + 1) as f64
}

/// Updates the largest statistics of some resamples with a tile of trials. Returns for each trial the number of resamples whose
/// largest statistic up to it reaches its own.
fn reached(
    contenders: &[Contender],
    running: &[[f64; WIDTH]],
    largest: &mut [Largest],
    runs: &[Vec<Run>],
) -> [u64; WIDTH] {
    let periods = (running.len() - 1) as f64;
    let root = periods.sqrt();
    let mut counts = [0; WIDTH];
    for (largest, runs) in largest.iter_mut().zip(runs) {
        let sums = sums_of(running, runs);
        for (lane, contender) in contenders.iter().enumerate() {
            let distance = sums[lane] / periods - contender.mean;
            let centred = contender.factor * distance;
            let [lower, consistent] = contender.offsets;
            let by_null = [centred + lower, centred + consistent, centred, root * distance];
            for (largest, x) in largest.iter_mut().zip(by_null) {
                if x > *largest {
                    *largest = x;
                }
            }
            counts[lane] += u64::from(largest[2] >= contender.statistic);
        }
    }
    counts
}

/// Computes the sums of the first t returns for every t, for a tile of trials.
fn accumulate(running: &mut [[f64; WIDTH]], returns: &[f64], periods: usize) {
    for (lane, series) in returns.chunks(periods).enumerate() {
        let mut sum = 0.0;
        for (running, x) in running[1..].iter_mut().zip(series) {
            sum += x;
            running[lane] = sum;
        }
    }
}

fn sums_of(running: &[[f64; WIDTH]], runs: &[Run]) -> [f64; WIDTH] {
    let mut sums = [0.0; WIDTH];
    for run in runs {
        let (from, to) = (&running[run.start as usize], &running[run.end as usize]);
        for lane in 0..WIDTH {
            sums[lane] += to[lane] - from[lane];
        }
    }
    sums
}
