//! What was tried on the same assets elsewhere, and what was seen before.

use super::flips::FLIPS;

/// How much was tried and seen beyond the maxima that are known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Allowance {
    /// The trials whose maxima are known, at least 1.
    pub trials: f64,
    /// The trials of which nothing is known but their number.
    pub uncounted: f64,
    /// 1 for a sweep that was begun before any result on these assets had been seen, one more for each time they were.
    pub look: f64,
}

/// A p of 0.05 or less is taken for an edge.
pub(crate) const LEVEL: f64 = 0.05;

impl Allowance {
    /// The factor for looks. Trials begun after k looks share the level of a test in parts that sum slowly.
    pub(crate) fn factor(self) -> f64 {
        1.0 + libm::log2(self.look)
    }

    /// A p of the known maxima with everything allowed for, at most 1.
    pub(crate) fn allow(self, p: f64) -> f64 {
        let share = (self.trials + self.uncounted) / self.trials;
        let p = if self.uncounted == 0.0 { p } else { 1.0 - libm::pow(1.0 - p, share) };
        (self.factor() * p).min(1.0)
    }

    /// Which of the largest maxima a statistic must exceed for a p of [`LEVEL`]; 0 if none is enough.
    pub(crate) fn critical_rank(self) -> usize {
        let share = self.trials / (self.trials + self.uncounted);
        let level = LEVEL / self.factor();
        let level = if self.uncounted == 0.0 { level } else { 1.0 - libm::pow(1.0 - level, share) };
        (FLIPS as f64 * level).floor() as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_and_uncounted_trials_cost() {
        let first = Allowance { trials: 50.0, uncounted: 0.0, look: 1.0 };
        assert_eq!((first.allow(0.04), first.critical_rank()), (0.04, 204));
        let second = Allowance { look: 2.0, ..first };
        assert_eq!((second.allow(0.04), second.critical_rank(), second.allow(0.7)), (0.08, 102, 1.0));
        let twice = Allowance { uncounted: 50.0, ..first };
        assert!((twice.allow(0.1) - 0.19).abs() < 1e-15);
        assert_eq!(twice.critical_rank(), 103);
    }
}
