//! Which columns of returns count as trials.

use std::collections::HashMap;

/// How many trials there are, and what became of the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct TrialCounts {
    /// All that were tried.
    pub evaluated: u64,
    /// Without returns, or with one that is no number.
    pub failed: u64,
    /// That never move: they never traded.
    pub flat: u64,
    /// Equal to an earlier one, bit for bit: a parameter without effect.
    pub duplicate: u64,
    /// The rest.
    pub canonical: u64,
}

/// What one column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    /// It has no usable returns.
    Failed,
    /// It never moves.
    Flat,
    /// It moves; equal columns have equal marks.
    Moving(u64),
}

/// Counts columns, and for each gives the place of the canonical trial it is equal to among all canonical trials: the first
/// with its mark. `None` for those that are no trials.
pub(crate) fn canonical(columns: impl Iterator<Item = Column>) -> (TrialCounts, Vec<Option<usize>>) {
    let mut counts = TrialCounts::default();
    let mut known = HashMap::new();
    let places = columns
        .map(|column| {
            counts.evaluated += 1;
            match column {
                Column::Failed => counts.failed += 1,
                Column::Flat => counts.flat += 1,
                Column::Moving(mark) => {
                    let next = known.len();
                    let place = *known.entry(mark).or_insert(next);
                    counts.duplicate += u64::from(place < next);
                    return Some(place);
                }
            }
            None
        })
        .collect();
    counts.canonical = known.len() as u64;
    (counts, places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_equals_counts() {
        let columns = [Column::Flat, Column::Moving(7), Column::Moving(9), Column::Moving(7), Column::Failed];
        let (counts, places) = canonical(columns.into_iter());
        let TrialCounts { evaluated, failed, flat, duplicate, canonical } = counts;
        assert_eq!([evaluated, failed, flat, duplicate, canonical], [5, 1, 1, 1, 2]);
        assert_eq!(places, [None, Some(0), Some(1), Some(0), None]);
    }
}
