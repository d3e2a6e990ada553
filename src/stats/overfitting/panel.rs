//! Where returns of trials come from: a matrix in memory, or a computation that makes them again.

use std::ops::Range;

/// Returns of trials over the same periods.
pub(crate) trait Panel: Sync {
    /// Number of trials.
    fn trials(&self) -> usize;

    /// Number of returns of each.
    fn periods(&self) -> usize;

    /// Writes the returns of some trials one after the other, oldest first.
    fn fill(&self, trials: &[usize], out: &mut [f64]);
}

/// Trials whose returns are written at a time, so that a panel need not fit into memory.
const AT_A_TIME: usize = 128;

/// Calls `each` with the positions of some trials among `trials` and their returns, as many at a time as memory allows.
pub(crate) fn in_tiles(panel: &dyn Panel, trials: &[usize], mut each: impl FnMut(Range<usize>, &[f64])) {
    let periods = panel.periods();
    let mut returns = Vec::new();
    for (tile, trials) in trials.chunks(AT_A_TIME).enumerate() {
        returns.resize(trials.len() * periods, 0.0);
        panel.fill(trials, &mut returns);
        each(tile * AT_A_TIME..tile * AT_A_TIME + trials.len(), &returns);
    }
}

/// The differences of a panel's returns to others. A trial that never moves stays so.
pub(crate) struct Against<'p> {
    /// The returns.
    pub panel: &'p dyn Panel,
    /// What is taken off each trial's, one a period.
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
    /// The returns of the first trial, then those of the second.
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
