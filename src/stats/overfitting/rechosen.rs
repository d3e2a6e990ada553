//! The Sharpe ratios of histories in which the trial is chosen anew for every part of the time: each part has the returns of
//! the trial that was best on all other parts.
//!
//! Combinatorial cross-validation that tests on two of sixteen blocks gives fifteen such histories, where a walk forward gives
//! one. Source: López de Prado, "Advances in financial machine learning" (2018), chapter 12. Nothing is purged between blocks,
//! because only sums over whole blocks are stored.

use rayon::prelude::*;

use super::block_sums::BlockSums;
use super::purged_splits::{Split, paths, purged_splits};
use super::sharpe::sharpe_of_sums;
use crate::summation::mean;

/// Number of blocks in the test set of a split.
const TESTED: usize = 2;
/// The quantile of the low figure.
const LOW: f64 = 0.05;

/// The histories of choosing anew.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rechosen {
    /// Number of splits, each with its own choice.
    pub splits: usize,
    /// The Sharpe ratio of each history, per period.
    pub sharpes: Vec<f64>,
    /// Their mean.
    pub mean: f64,
    /// Their 5 % quantile, the lower of two neighbours.
    pub low: f64,
    /// The share of histories with a negative Sharpe ratio.
    pub negative: f64,
}

/// For every two blocks chooses the trial with the best Sharpe ratio on all others. `None` for fewer than two trials or four
/// blocks.
pub(crate) fn rechosen(sums: &BlockSums) -> Option<Rechosen> {
    let (trials, blocks) = (sums.trials(), sums.blocks);
    if trials < 2 || blocks < 2 * TESTED {
        return None;
    }
    let sums_of = |trial: usize, kind: usize| &sums.sums[(2 * trial + kind) * blocks..][..blocks];
    let total = |values: &[f64]| values.iter().fold(0.0, |sum, x| sum + x);
    let totals: Vec<[f64; 2]> =
        (0..trials).into_par_iter().map(|trial| [0, 1].map(|kind| total(sums_of(trial, kind)))).collect();
    let splits = purged_splits(blocks, blocks, TESTED, 0, 0);
    let count = (sums.length * (blocks - TESTED)) as f64;
    let choose = |split: &Split| {
        let mut best = (0, f64::NEG_INFINITY);
        for (trial, totals) in totals.iter().enumerate() {
            let rest = |kind: usize| {
                let tested = split.test_groups.iter().map(|&block| sums_of(trial, kind)[block]);
                tested.fold(totals[kind], |rest, x| rest - x)
            };
            let sharpe = sharpe_of_sums(rest(0), rest(1), count);
            if sharpe > best.1 {
                best = (trial, sharpe);
            }
        }
        best.0
    };
    let chosen: Vec<usize> = splits.par_iter().map(choose).collect();
    let history = |path: &Vec<usize>| {
        let sum = |kind: usize| {
            path.iter()
                .enumerate()
                .fold(0.0, |sum, (block, &split)| sum + sums_of(chosen[split], kind)[block])
        };
        sharpe_of_sums(sum(0), sum(1), (sums.length * blocks) as f64)
    };
    let sharpes: Vec<f64> = paths(&splits, blocks).iter().map(history).collect();
    let mut sorted = sharpes.clone();
    sorted.sort_by(f64::total_cmp);
    Some(Rechosen {
        splits: splits.len(),
        mean: mean(&sharpes),
        low: sorted[((sorted.len() - 1) as f64 * LOW) as usize],
        negative: sharpes.iter().filter(|sharpe| **sharpe < 0.0).count() as f64 / sharpes.len() as f64,
        sharpes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mixer::{fraction, hash};

    fn trial(seed: u64, drift: f64) -> Vec<f64> {
        (0..160).map(|period| drift + fraction(hash(seed, period)) - 0.5).collect()
    }

    fn sums(trials: &[Vec<f64>]) -> BlockSums {
        let mut sums = BlockSums { blocks: 16, length: 10, sums: Vec::new() };
        trials.iter().for_each(|trial| sums.push(trial));
        sums
    }

    #[test]
    fn a_trial_that_is_always_best_is_every_history() {
        let rechosen = rechosen(&sums(&[trial(1, 0.0), trial(2, 0.5)])).unwrap();
        assert_eq!((rechosen.splits, rechosen.sharpes.len(), rechosen.negative), (120, 15, 0.0));
        let best = trial(2, 0.5);
        let mean = mean(&best);
        let deviation = (best.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 159.0).sqrt();
        assert!(rechosen.sharpes.iter().all(|sharpe| (sharpe - mean / deviation).abs() < 1e-12));
        assert!(
            (rechosen.mean - mean / deviation).abs() < 1e-12 && (rechosen.low - rechosen.mean).abs() < 1e-12
        );
    }

    #[test]
    fn what_was_best_on_the_rest_may_lose_on_the_part() {
        // Each of two trials earns only where the other one does not, so the rest always names the wrong one.
        let mut trials = [trial(3, 0.0), trial(4, 0.0)];
        for (number, trial) in trials.iter_mut().enumerate() {
            for (period, x) in trial.iter_mut().enumerate() {
                *x += if period / 10 % 2 == number { 0.3 } else { -0.3 };
            }
        }
        assert!(rechosen(&sums(&trials)).unwrap().mean < 0.0);
        assert_eq!(rechosen(&sums(&trials[..1])), None);
    }
}
