//! What was tried on the same assets elsewhere, and what was seen before.

use super::flips::FLIPS;

/// How much was tried and seen beyond the maxima that are known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Allowance {
    /// The trials whose maxima are known, at least 1.
    pub trials: u64,
    /// The trials of which nothing is known but their number.
    pub uncounted: u64,
    /// 1 for a sweep that was begun before any result on these assets had been seen, one more for each time they were.
    pub look: u64,
}

/// A p of 0.05 or less is taken for an edge.
pub(crate) const LEVEL: f64 = 0.05;

impl Allowance {
    /// The factor for looks. Trials begun after k looks share the level of a test in parts that sum slowly.
    pub(crate) fn factor(self) -> f64 {
        1.0 + libm::log2(self.look as f64)
    }

    /// A p of the known maxima with everything allowed for, at most 1.
    pub(crate) fn allow(self, p: f64) -> f64 {
        let share = (self.trials + self.uncounted) as f64 / self.trials as f64;
        let p = if self.uncounted == 0 { p } else { 1.0 - libm::pow(1.0 - p, share) };
        (self.factor() * p).min(1.0)
    }

    /// Which of the largest maxima a statistic must exceed for a p of [`LEVEL`]; 0 if none is enough.
    pub(crate) fn critical_rank(self) -> usize {
        let share = self.trials as f64 / (self.trials + self.uncounted) as f64;
        let level = LEVEL / self.factor();
        let level = if self.uncounted == 0 { level } else { 1.0 - libm::pow(1.0 - level, share) };
        (FLIPS as f64 * level).floor() as usize
    }
}

/// Ratios of trials a session, as far as a variance needs them.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Ratios {
    /// How many.
    pub count: f64,
    /// Their mean.
    pub mean: f64,
    /// The sum of their squares about it.
    pub squares: f64,
}

impl Ratios {
    /// Of some trials.
    pub(crate) fn of(ratios: &[f64]) -> Ratios {
        let mean = crate::summation::mean(ratios);
        let squares = crate::summation::sum_of_squares(ratios, mean);
        if ratios.is_empty() {
            Ratios::default()
        } else {
            Ratios { count: ratios.len() as f64, mean, squares }
        }
    }

    /// Of the same trials and others.
    pub(crate) fn and(self, other: Ratios) -> Ratios {
        let count = self.count + other.count;
        if other.count == 0.0 || self.count == 0.0 {
            return if other.count == 0.0 { self } else { other };
        }
        let apart = other.mean - self.mean;
        Ratios {
            count,
            mean: self.mean + apart * other.count / count,
            squares: self.squares + other.squares + apart * apart * self.count * other.count / count,
        }
    }

    /// Their variance with one degree of freedom less; 0 for fewer than two.
    pub(crate) fn variance(self) -> f64 {
        if self.count < 2.0 { 0.0 } else { self.squares / (self.count - 1.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_and_uncounted_trials_cost() {
        let first = Allowance { trials: 50, uncounted: 0, look: 1 };
        assert_eq!((first.allow(0.04), first.critical_rank()), (0.04, 204));
        let second = Allowance { look: 2, ..first };
        assert_eq!((second.allow(0.04), second.critical_rank(), second.allow(0.7)), (0.08, 102, 1.0));
        let twice = Allowance { uncounted: 50, ..first };
        assert!((twice.allow(0.1) - 0.19).abs() < 1e-15);
        assert_eq!(twice.critical_rank(), 103);
    }

    #[test]
    fn ratios_are_joined_as_if_they_were_one_list() {
        let all = [0.1, -0.2, 0.05, 0.3, 0.0];
        let joined = Ratios::of(&all[..2]).and(Ratios::of(&all[2..]));
        let whole = Ratios::of(&all);
        assert!(
            (joined.mean - whole.mean).abs() < 1e-15 && (joined.variance() - whole.variance()).abs() < 1e-15
        );
        assert_eq!(Ratios::of(&[]).and(whole), whole);
        assert_eq!((whole.and(Ratios::default()), Ratios::of(&[0.3]).variance()), (whole, 0.0));
    }
}
