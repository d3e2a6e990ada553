//! Where the returns of trials come from: a matrix in memory, or backtests that are run again.

use std::ops::Range;

/// The returns of some trials over the same periods.
pub(crate) trait Panel: Sync {
    /// Number of trials.
    fn trials(&self) -> usize;

    /// Number of returns of each trial.
    fn periods(&self) -> usize;

    /// Writes the returns of some trials, trial after trial, oldest first.
    fn fill(&self, trials: &[usize], out: &mut [f64]);
}

/// Number of trials in a tile. A panel need not fit into memory.
const AT_A_TIME: usize = 128;

/// Calls `each` for tile after tile of `trials`, with the indices into `trials` and the returns.
pub(crate) fn in_tiles(panel: &dyn Panel, trials: &[usize], mut each: impl FnMut(Range<usize>, &[f64])) {
    let periods = panel.periods();
    let mut returns = Vec::new();
    for (tile, trials) in trials.chunks(AT_A_TIME).enumerate() {
        returns.resize(trials.len() * periods, 0.0);
        panel.fill(trials, &mut returns);
        each(tile * AT_A_TIME..tile * AT_A_TIME + trials.len(), &returns);
    }
}

/// The returns of a panel less those of a benchmark. A trial whose returns are all 0 is left as it is.
pub(crate) struct Against<'p> {
    /// The returns of the trials.
    pub panel: &'p dyn Panel,
    /// The returns that are subtracted, one for each period.
    pub benchmark: Vec<f64>,
}

impl Panel for Against<'_> {
    fn trials(&self) -> usize {
        self.panel.trials()
    }

    fn periods(&self) -> usize {
        self.panel.periods()
    }

    fn fill(&self, trials: &[usize], out: &mut [f64]) {
        self.panel.fill(trials, out);
        for out in out.chunks_mut(self.periods()).filter(|out| out.iter().any(|x| *x != 0.0)) {
            out.iter_mut().zip(&self.benchmark).for_each(|(x, benchmark)| *x -= benchmark);
        }
    }
}

/// A matrix in memory, trial after trial.
#[derive(Debug, Clone, Default, PartialEq)]
#[cfg(test)]
pub(crate) struct Matrix {
    /// Number of returns of each trial.
    pub periods: usize,
    /// The returns of the first trial, then those of the second, and so on.
    pub returns: Vec<f64>,
}

#[cfg(test)]
impl Matrix {
    /// The returns of a trial.
    pub(crate) fn trial(&self, trial: usize) -> &[f64] {
        &self.returns[trial * self.periods..(trial + 1) * self.periods]
    }
}

#[cfg(test)]
impl Panel for Matrix {
    fn trials(&self) -> usize {
        self.returns.len() / self.periods.max(1)
    }

    fn periods(&self) -> usize {
        self.periods
    }

    fn fill(&self, trials: &[usize], out: &mut [f64]) {
        for (out, &trial) in out.chunks_mut(self.periods).zip(trials) {
            out.copy_from_slice(self.trial(trial));
        }
    }
}
