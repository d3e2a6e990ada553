//! Walk forward: the trial that was best in one window is used in the next.
//!
//! Each fold takes the trial that was best on its training part and records the returns of that trial on the test part. Joined,
//! they are the track record of somebody who did not know the future. Source: Pardo, "The evaluation and optimization of
//! trading strategies" (2008).

use std::ops::Range;

use super::panel::{Panel, in_tiles};
use super::sharpe::TrialFigures;
use crate::summation::mean;

/// How the periods are divided into folds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Windows {
    /// Number of periods of the training part; of the first training part, if anchored.
    pub train: usize,
    /// Number of periods of the test part.
    pub test: usize,
    /// Number of periods from one fold to the next.
    pub step: usize,
    /// Whether every training part begins with the first period.
    pub anchored: bool,
}

/// A training part and the test part that follows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fold {
    /// The periods on which a trial is chosen.
    pub train: Range<usize>,
    /// The periods in which the choice is used.
    pub test: Range<usize>,
}

impl Windows {
    /// The folds of so many periods. `purge` periods between training and test belong to neither. The test part of the last
    /// fold is complete, or may be shorter with `reduce_test`.
    pub(crate) fn folds(&self, periods: usize, purge: usize, reduce_test: bool) -> Vec<Fold> {
        let fold = |number: usize| {
            let shift = number * self.step;
            let start = shift + self.train + purge;
            let train = if self.anchored { 0 } else { shift }..shift + self.train;
            Fold { train, test: start..(start + self.test).min(periods) }
        };
        let fits = |fold: &Fold| {
            let length = fold.test.end.saturating_sub(fold.test.start);
            if reduce_test { length > 0 } else { length == self.test }
        };
        (0..).map(fold).take_while(fits).collect()
    }
}

/// The choice of a fold, and its result.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Choice {
    /// The fold.
    pub fold: Fold,
    /// The trial that was best on its training part.
    pub trial: usize,
    /// Annualised return of that trial on the training part.
    pub in_sample: f64,
    /// Annualised return of that trial on the test part.
    pub out_of_sample: f64,
}

/// The track record of a walk forward.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WalkForward {
    /// The choice of each fold, and its result.
    pub choices: Vec<Choice>,
    /// The returns of all test parts, joined.
    pub returns: Vec<f64>,
    /// The figures of these returns; `None` if they do not differ.
    pub figures: Option<TrialFigures>,
    /// The mean of these returns.
    pub mean: f64,
    /// The mean annualised return out-of-sample over that in-sample; `None` unless the latter is positive.
    pub efficiency: Option<f64>,
    /// The share of test parts with a positive return.
    pub profitable: f64,
    /// Number of distinct trials chosen.
    pub distinct: usize,
}

/// The mean out-of-sample over the mean in-sample; `None` unless the latter is positive.
pub(crate) fn efficiency(in_sample: &[f64], out_of_sample: &[f64]) -> Option<f64> {
    let inside = mean(in_sample);
    (inside > 0.0).then(|| mean(out_of_sample) / inside)
}

/// The track record of choosing trial `winners[k]` in fold k of a panel. There must be at least one fold.
pub(crate) fn walk_forward(
    panel: &dyn Panel,
    folds: &[Fold],
    winners: &[usize],
    periods_per_year: f64,
) -> WalkForward {
    let mut choices = Vec::with_capacity(folds.len());
    let mut returns = Vec::new();
    in_tiles(panel, winners, |numbers, series| {
        for (number, series) in numbers.zip(series.chunks(panel.periods())) {
            let fold = folds[number].clone();
            let annual = |range: &Range<usize>| annual_return(&series[range.clone()], periods_per_year);
            let (in_sample, out_of_sample) = (annual(&fold.train), annual(&fold.test));
            returns.extend_from_slice(&series[fold.test.clone()]);
            choices.push(Choice { fold, trial: winners[number], in_sample, out_of_sample });
        }
    });
    let values = |figure: fn(&Choice) -> f64| choices.iter().map(figure).collect::<Vec<f64>>();
    let outside = values(|choice| choice.out_of_sample);
    let mut distinct = winners.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    WalkForward {
        figures: TrialFigures::new(&returns),
        mean: mean(&returns),
        efficiency: efficiency(&values(|choice| choice.in_sample), &outside),
        profitable: outside.iter().filter(|value| **value > 0.0).count() as f64 / outside.len() as f64,
        distinct: distinct.len(),
        choices,
        returns,
    }
}

/// Compound annual growth rate; -1 if everything is lost.
fn annual_return(returns: &[f64], periods_per_year: f64) -> f64 {
    let growth = returns.iter().fold(1.0, |growth, x| growth * (1.0 + x));
    if growth <= 0.0 { -1.0 } else { libm::pow(growth, periods_per_year / returns.len() as f64) - 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::overfitting::panel::Matrix;

    #[test]
    fn the_winner_of_one_window_is_judged_in_the_next() {
        let up = [0.01, 0.03, 0.01, 0.03];
        let down = [-0.01, -0.03, -0.01, -0.03];
        let returns = [[up, down, up].concat(), [down, up, down].concat()].concat();
        let panel = Matrix { periods: 12, returns };
        let windows = Windows { train: 4, test: 4, step: 4, anchored: false };
        let record = walk_forward(&panel, &windows.folds(12, 0, false), &[0, 1], 4.0);
        assert_eq!(record.returns, [down, down].concat());
        assert_eq!((record.profitable, record.distinct), (0.0, 2));
        assert!(record.efficiency.unwrap() < 0.0);
        assert!(Windows { train: 9, ..windows }.folds(12, 0, false).is_empty());
    }
}
