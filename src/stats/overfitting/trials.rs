//! Which series of returns count as trials.

use std::collections::HashMap;

/// The number of trials that count, and of those that do not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct TrialCounts {
    /// All trials.
    pub evaluated: u64,
    /// Trials without returns, or with a return that is not a finite number.
    pub failed: u64,
    /// Trials whose returns do not differ: they never traded.
    pub flat: u64,
    /// Trials whose returns equal those of an earlier one, bit for bit: a parameter had no effect.
    pub duplicate: u64,
    /// All other trials. Only these count.
    pub canonical: u64,
}

/// How a trial came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TrialOutcome {
    /// It has no usable returns.
    Failed,
    /// Its returns do not differ.
    Flat,
    /// Its returns differ. Trials with equal returns have equal marks.
    Moving(u64),
}

/// Counts trials, and gives for each the index of its canonical trial, which is the first with the same mark, among all
/// canonical trials. `None` for those that failed or are flat.
pub(crate) fn canonical(outcomes: impl Iterator<Item = TrialOutcome>) -> (TrialCounts, Vec<Option<usize>>) {
    let mut counts = TrialCounts::default();
    let mut known = HashMap::new();
    let indices = outcomes
        .map(|outcome| {
            counts.evaluated += 1;
            match outcome {
                TrialOutcome::Failed => counts.failed += 1,
                TrialOutcome::Flat => counts.flat += 1,
                TrialOutcome::Moving(mark) => {
                    let next = known.len();
                    let index = *known.entry(mark).or_insert(next);
                    counts.duplicate += u64::from(index < next);
                    return Some(index);
                }
            }
            None
        })
        .collect();
    counts.canonical = known.len() as u64;
    (counts, indices)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_equals_counts() {
        let outcomes = [
            TrialOutcome::Flat,
            TrialOutcome::Moving(7),
            TrialOutcome::Moving(9),
            TrialOutcome::Moving(7),
            TrialOutcome::Failed,
        ];
        let (counts, indices) = canonical(outcomes.into_iter());
        let TrialCounts { evaluated, failed, flat, duplicate, canonical } = counts;
        assert_eq!([evaluated, failed, flat, duplicate, canonical], [5, 1, 1, 1, 2]);
        assert_eq!(indices, [None, Some(0), Some(1), Some(0), None]);
    }
}
