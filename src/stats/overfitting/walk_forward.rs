//! Walk forward: the trial that was best in one window is used in the next.
//!
//! Each fold takes the trial that was best on its training part and records the returns of that trial on the test part. Joined,
//! they are the track record of somebody who did not know the future. Source: Pardo, "The evaluation and optimization of
//! trading strategies" (2008).

use std::ops::Range;

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
    /// The periods that were lived with the choice: those of the test part until the next choice.
    pub lived: Range<usize>,
    /// The trial that was best on its training part.
    pub trial: usize,
    /// Annualised return of that trial on the training part.
    pub in_sample: f64,
    /// Annualised return of that trial on the periods lived.
    pub out_of_sample: f64,
}

/// The track record of a walk forward. Each period lived is in it once.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WalkForward {
    /// The choice of each fold, and its result.
    pub choices: Vec<Choice>,
    /// The returns of all periods lived, joined.
    pub returns: Vec<f64>,
    /// What the trials earned on them beyond holding the same assets.
    pub residuals: Vec<f64>,
    /// The figures of these returns less the risk-free rate; `None` if they do not differ.
    pub figures: Option<TrialFigures>,
    /// The mean of these returns.
    pub mean: f64,
    /// The mean annualised return out-of-sample over that in-sample; `None` unless the latter is positive.
    pub efficiency: Option<f64>,
    /// The share of folds with a positive return.
    pub profitable: f64,
    /// Number of distinct trials chosen.
    pub distinct: usize,
}

/// The returns of a trial, and what it earned beyond holding the same assets, period by period.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct TrialSeries {
    /// The returns.
    pub returns: Vec<f64>,
    /// The residuals.
    pub residuals: Vec<f64>,
}

/// The mean out-of-sample over the mean in-sample; `None` unless the latter is positive.
pub(crate) fn efficiency(in_sample: &[f64], out_of_sample: &[f64]) -> Option<f64> {
    let inside = mean(in_sample);
    (inside > 0.0).then(|| mean(out_of_sample) / inside)
}

/// The track record of choosing trial `winners[k]` in fold k. There must be at least one fold. `risk_free` is the rate of a
/// period.
pub(crate) fn walk_forward(
    folds: &[Fold],
    winners: &[usize],
    series: impl Fn(usize) -> TrialSeries,
    periods_per_year: f64,
    risk_free: f64,
) -> WalkForward {
    let mut choices = Vec::with_capacity(folds.len());
    let (mut returns, mut residuals) = (Vec::new(), Vec::new());
    for (number, (fold, &trial)) in folds.iter().zip(winners).enumerate() {
        let series = series(trial);
        let until = folds.get(number + 1).map_or(fold.test.end, |next| next.test.start.min(fold.test.end));
        let lived = fold.test.start..until;
        let annual = |range: &Range<usize>| annual_return(&series.returns[range.clone()], periods_per_year);
        let (in_sample, out_of_sample) = (annual(&fold.train), annual(&lived));
        returns.extend_from_slice(&series.returns[lived.clone()]);
        residuals.extend_from_slice(&series.residuals[lived.clone()]);
        choices.push(Choice { fold: fold.clone(), lived, trial, in_sample, out_of_sample });
    }
    let values = |figure: fn(&Choice) -> f64| choices.iter().map(figure).collect::<Vec<f64>>();
    let outside = values(|choice| choice.out_of_sample);
    let mut distinct = winners.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let excess: Vec<f64> = returns.iter().map(|x| x - risk_free).collect();
    WalkForward {
        figures: TrialFigures::new(&excess),
        mean: mean(&returns),
        efficiency: efficiency(&values(|choice| choice.in_sample), &outside),
        profitable: outside.iter().filter(|value| **value > 0.0).count() as f64 / outside.len() as f64,
        distinct: distinct.len(),
        choices,
        returns,
        residuals,
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

    const UP: [f64; 4] = [0.01, 0.03, 0.01, 0.03];
    const DOWN: [f64; 4] = [-0.01, -0.03, -0.01, -0.03];

    fn series(trial: usize) -> TrialSeries {
        let returns = if trial == 0 { [UP, DOWN, UP].concat() } else { [DOWN, UP, DOWN].concat() };
        TrialSeries { residuals: returns.iter().map(|x| x / 2.0).collect(), returns }
    }

    #[test]
    fn the_winner_of_one_window_is_judged_in_the_next() {
        let windows = Windows { train: 4, test: 4, step: 4, anchored: false };
        let record = walk_forward(&windows.folds(12, 0, false), &[0, 1], series, 4.0, 0.0);
        assert_eq!(record.returns, [DOWN, DOWN].concat());
        assert_eq!(record.residuals, record.returns.iter().map(|x| x / 2.0).collect::<Vec<_>>());
        assert_eq!((record.profitable, record.distinct), (0.0, 2));
        assert!(record.efficiency.unwrap() < 0.0);
        assert!(Windows { train: 9, ..windows }.folds(12, 0, false).is_empty());
    }

    #[test]
    fn windows_that_overlap_live_until_the_next_choice() {
        let windows = Windows { train: 4, test: 4, step: 2, anchored: false };
        let record = walk_forward(&windows.folds(12, 0, false), &[0, 1, 0], series, 4.0, 0.0);
        let lived: Vec<_> = record.choices.iter().map(|choice| choice.lived.clone()).collect();
        assert_eq!(lived, [4..6, 6..8, 8..12]);
        assert_eq!(record.returns, [&DOWN[..2], &UP[2..], &UP].concat());
    }
}
