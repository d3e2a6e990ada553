//! The probability of backtest overfitting, by combinatorially symmetric cross-validation.
//!
//! For every combination of half of the blocks: which trial is best on that half, and how does it rank on the other half?
//! Source: Bailey, Borwein, López de Prado and Zhu, "The probability of backtest overfitting", Journal of Computational Finance
//! 20(4), 2017, section 3.
//!
//! There are two passes over tiles of trials. The first finds the best trial of every combination and its figure on the other
//! half. The second counts the trials below that figure, so that nothing is sorted and no figure is stored. A combination and
//! its complement share their sums, and the comparisons need no square root. Threads combine only comparisons and counts, so
//! the result does not depend on their number.

use rayon::prelude::*;

use super::block_sums::{BlockSums, Lanes, PartialSums, WIDTH};
use super::sharpe::NO_DISPERSION;
use crate::summation::{mean, pairwise_sum};

/// A figure above minus this is not a loss: returns with few digits may sum to exactly 0, and their rounded sum to slightly
/// less.
const ROUNDING: f64 = 1e-15;

/// The figure by which trials are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Criterion {
    /// The Sharpe ratio; 0 for a trial without any return other than 0 on a half, and below all others for one whose returns
    /// are all equal.
    Sharpe,
    /// The mean return.
    #[cfg_attr(not(test), expect(dead_code, reason = "published values of PBO are of means too"))]
    Mean,
}

/// The result of one combination.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Path {
    /// The best trial in-sample, the first of equals.
    pub selected: usize,
    /// Its figure in-sample.
    pub in_sample: f64,
    /// Its figure out-of-sample.
    pub out_of_sample: f64,
    /// Its rank among all trials out-of-sample, 1 for the worst; equal trials share their mean rank.
    pub rank: f64,
    /// The logit of `rank / (trials + 1)`.
    pub logit: f64,
}

/// The results of all combinations.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CrossValidation {
    /// Every combination, in order.
    pub paths: Vec<Path>,
    /// The share of combinations whose best trial is at or below the median out-of-sample.
    pub overfitting_probability: f64,
    /// The share of combinations whose best trial has a negative figure out-of-sample.
    pub loss_probability: f64,
    /// Slope, intercept and R² of the regression of the figures out-of-sample on those in-sample. Negative slopes are usual
    /// with and without skill, because the two halves add up to the whole.
    pub line: [f64; 3],
    /// The mean of the logits.
    pub logit_mean: f64,
    /// The mean figure of the best trials in-sample.
    pub in_sample_mean: f64,
    /// Their mean figure out-of-sample.
    pub out_of_sample_mean: f64,
    /// The mean figure of all trials out-of-sample.
    pub all_mean: f64,
    /// The trial selected most often, and its share of the combinations.
    pub most_selected: (usize, f64),
    /// The number of trials that are selected at least once.
    pub distinct: usize,
}

/// The best trial of a combination so far.
#[derive(Clone, Copy)]
struct Best {
    trial: usize,
    inside: f64,
    outside: f64,
}

/// Cross-validates two or more trials over these combinations ([`super::combinations::combinations`]).
pub(crate) fn cross_validation(
    sums: &BlockSums,
    combinations: &[u32],
    criterion: Criterion,
) -> CrossValidation {
    let count = (sums.blocks / 2 * sums.length) as f64;
    match criterion {
        Criterion::Sharpe => {
            let key = move |sum: f64, squares: f64| sharpe_key(sum, squares, count);
            let scale = (count - 1.0).sqrt() / count;
            passes(sums, combinations, key, |key| (key.abs().sqrt() * scale).copysign(key))
        }
        Criterion::Mean => passes(sums, combinations, |sum, _| sum, |key| key / count),
    }
}

/// A number that orders trials as their Sharpe ratios over `count` returns do and is cheaper to compute.
#[inline(always)]
fn sharpe_key(sum: f64, squares: f64, count: f64) -> f64 {
    let variation = squares - sum * sum / count;
    let still = if squares == 0.0 { 0.0 } else { f64::NEG_INFINITY };
    if variation > NO_DISPERSION * squares { sum * sum.abs() / variation } else { still }
}

fn passes(
    sums: &BlockSums,
    combinations: &[u32],
    key: impl Fn(f64, f64) -> f64 + Sync + Copy,
    value: impl Fn(f64) -> f64 + Sync + Copy,
) -> CrossValidation {
    let trials = sums.trials();
    let tiles = trials.div_ceil(WIDTH);
    let share = tiles.div_ceil(rayon::current_num_threads()).max(1);
    let starts: Vec<usize> = (0..tiles).step_by(share).collect();
    let tiles_from = |start: usize| {
        (start..(start + share).min(tiles)).map(|tile| tile * WIDTH..((tile + 1) * WIDTH).min(trials))
    };
    let first: Vec<(Vec<Best>, Vec<f64>)> = starts
        .par_iter()
        .map(|&start| {
            let none = Best { trial: usize::MAX, inside: f64::NEG_INFINITY, outside: f64::NEG_INFINITY };
            let mut best = vec![none; combinations.len()];
            let mut totals = Vec::new();
            let mut partial = PartialSums::new(sums.blocks);
            for tile in tiles_from(start) {
                partial.fill(sums, tile.clone());
                totals.extend(best_of_tile(&partial, combinations, tile.start, &mut best, key, value));
            }
            (best, totals)
        })
        .collect();
    let mut best = first[0].0.clone();
    for (others, _) in &first[1..] {
        for (best, other) in best.iter_mut().zip(others) {
            // Later tiles hold later trials, which replace earlier ones only if they are better.
            if other.inside > best.inside || best.trial == usize::MAX {
                *best = *other;
            }
        }
    }
    let totals: Vec<f64> = first.into_iter().flat_map(|(_, totals)| totals).collect();
    let counts: Vec<Vec<[u32; 2]>> = starts
        .par_iter()
        .map(|&start| {
            let mut counts = vec![[0; 2]; combinations.len()];
            let mut partial = PartialSums::new(sums.blocks);
            for tile in tiles_from(start) {
                partial.fill(sums, tile);
                count_below(&partial, combinations, &best, &mut counts, key);
            }
            counts
        })
        .collect();
    let path = |combination: usize| {
        let [below, equal] = counts.iter().fold([0, 0], |[below, equal], counts| {
            [below + counts[combination][0], equal + counts[combination][1]]
        });
        let rank = f64::from(below) + (f64::from(equal) + 1.0) / 2.0;
        let Best { trial, inside, outside } = best[combination];
        Path {
            selected: trial,
            in_sample: value(inside),
            out_of_sample: value(outside),
            rank,
            logit: libm::log(rank / (trials as f64 + 1.0 - rank)),
        }
    };
    let paths = (0..combinations.len()).map(path).collect();
    let figures = trials as f64 * combinations.len() as f64;
    summarise(paths, pairwise_sum(&totals) / figures)
}

/// Computes the figures of all trials of a tile on a set of blocks.
#[inline(always)]
fn keys(partial: &PartialSums, set: u32, out: &mut Lanes, key: impl Fn(f64, f64) -> f64) {
    let [a, b, c, d] = partial.parts(set);
    for lane in 0..WIDTH {
        out[lane] = key(a[lane] + b[lane], c[lane] + d[lane]);
    }
}

/// Updates the best trial of every combination with the trials of a tile. Returns for each trial the sum of its figures over
/// all combinations.
fn best_of_tile(
    partial: &PartialSums,
    combinations: &[u32],
    first: usize,
    best: &mut [Best],
    key: impl Fn(f64, f64) -> f64 + Copy,
    value: impl Fn(f64) -> f64,
) -> Vec<f64> {
    let (mut inside, mut outside, mut totals) = ([0.0; WIDTH], [0.0; WIDTH], [0.0; WIDTH]);
    let width = partial.width;
    for combination in 0..combinations.len() / 2 {
        let opposite = combinations.len() - 1 - combination;
        keys(partial, combinations[combination], &mut inside, key);
        keys(partial, combinations[opposite], &mut outside, key);
        for lane in 0..WIDTH {
            totals[lane] += value(inside[lane]) + value(outside[lane]);
        }
        better(&mut best[combination], first, &inside[..width], &outside[..width]);
        better(&mut best[opposite], first, &outside[..width], &inside[..width]);
    }
    totals[..width].to_vec()
}

fn better(best: &mut Best, first: usize, inside: &[f64], outside: &[f64]) {
    if best.trial == usize::MAX {
        *best = Best { trial: first, inside: inside[0], outside: outside[0] };
    }
    // A better trial is rare, and counting needs no branch.
    if inside.iter().filter(|key| **key > best.inside).count() > 0 {
        for (lane, &key) in inside.iter().enumerate() {
            if key > best.inside {
                *best = Best { trial: first + lane, inside: key, outside: outside[lane] };
            }
        }
    }
}

/// For every combination counts the trials of a tile that are below its best trial out-of-sample, and those that equal it.
fn count_below(
    partial: &PartialSums,
    combinations: &[u32],
    best: &[Best],
    counts: &mut [[u32; 2]],
    key: impl Fn(f64, f64) -> f64 + Copy,
) {
    let mut lanes = [0.0; WIDTH];
    for (combination, counts) in counts.iter_mut().enumerate() {
        keys(partial, combinations[combinations.len() - 1 - combination], &mut lanes, key);
        let own = best[combination].outside;
        let lanes = &lanes[..partial.width];
        counts[0] += lanes.iter().map(|key| u64::from(*key < own)).sum::<u64>() as u32;
        counts[1] += lanes.iter().map(|key| u64::from(*key == own)).sum::<u64>() as u32;
    }
}

fn summarise(paths: Vec<Path>, all_mean: f64) -> CrossValidation {
    let count = paths.len() as f64;
    let share = |holds: fn(&Path) -> bool| paths.iter().filter(|path| holds(path)).count() as f64 / count;
    let values = |figure: fn(&Path) -> f64| paths.iter().map(figure).collect::<Vec<f64>>();
    let (inside, outside) = (values(|path| path.in_sample), values(|path| path.out_of_sample));
    let mut chosen: Vec<usize> = paths.iter().map(|path| path.selected).collect();
    chosen.sort_unstable();
    let runs = || chosen.chunk_by(PartialEq::eq);
    let most = runs().rev().max_by_key(|run| run.len()).map_or((0, 0.0), |run| (run[0], run.len() as f64));
    CrossValidation {
        overfitting_probability: share(|path| path.logit <= 0.0),
        loss_probability: share(|path| path.out_of_sample < -ROUNDING),
        line: line(&inside, &outside),
        logit_mean: mean(&values(|path| path.logit)),
        in_sample_mean: mean(&inside),
        out_of_sample_mean: mean(&outside),
        all_mean,
        most_selected: (most.0, most.1 / count),
        distinct: runs().count(),
        paths,
    }
}

/// Slope, intercept and R² of the least-squares regression of `y` on `x`.
fn line(x: &[f64], y: &[f64]) -> [f64; 3] {
    let (x_mean, y_mean) = (mean(x), mean(y));
    let product = |a: &[f64], a_mean: f64, b: &[f64], b_mean: f64| {
        a.iter().zip(b).fold(0.0, |sum, (a, b)| sum + (a - a_mean) * (b - b_mean))
    };
    let (xx, xy, yy) =
        (product(x, x_mean, x, x_mean), product(x, x_mean, y, y_mean), product(y, y_mean, y, y_mean));
    let slope = xy / xx;
    [slope, y_mean - slope * x_mean, xy * xy / (xx * yy)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::overfitting::combinations::combinations;

    #[test]
    fn equal_trials_share_their_rank_and_the_first_is_chosen() {
        let mut sums = BlockSums { blocks: 4, length: 2, sums: Vec::new() };
        let a = [0.01, 0.02, -0.01, 0.01, 0.0, 0.01, 0.02, -0.02];
        sums.push(&a);
        sums.push(&a);
        sums.push(&[-0.01, 0.0, 0.01, 0.02, 0.01, -0.02, 0.01, 0.01]);
        sums.push(&[0.0; 8]);
        let splits = cross_validation(&sums, &combinations(4, 1), Criterion::Sharpe);
        let selected: Vec<usize> = splits.paths.iter().map(|path| path.selected).collect();
        let ranks: Vec<f64> = splits.paths.iter().map(|path| path.rank).collect();
        assert_eq!(selected, [0, 0, 0, 2, 2, 2]);
        assert_eq!(ranks, [2.5, 2.0, 2.5, 2.0, 1.0, 2.0]);
        assert_eq!((splits.overfitting_probability, splits.distinct), (1.0, 2));
    }
}
