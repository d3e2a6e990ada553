//! On which rows each column is a member: ascending ranges of rows with gaps between them. Knows no dates and no assets.

use std::iter::once;
use std::ops::Range;

/// The spells of membership of each column, as ranges of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Members {
    /// The spells of all columns, column after column.
    spells: Vec<Range<u32>>,
    /// For each column the end of its spells in that list.
    ends: Vec<u32>,
}

impl Members {
    /// The members with these spells for each column, which ascend and do not touch. Empty spells are left out.
    pub(crate) fn new<S: IntoIterator<Item = Range<usize>>>(columns: impl IntoIterator<Item = S>) -> Members {
        let columns = columns.into_iter();
        let expected = columns.size_hint().0;
        let (mut spells, mut ends) = (Vec::with_capacity(expected), Vec::with_capacity(expected));
        for column in columns {
            let present = column.into_iter().filter(|spell| !spell.is_empty());
            spells.extend(present.map(|spell| spell.start as u32..spell.end as u32));
            ends.push(spells.len() as u32);
        }
        Members { spells, ends }
    }

    /// Columns that are all members on all rows.
    pub(crate) fn always(columns: usize, rows: usize) -> Members {
        Members::new((0..columns).map(|_| once(0..rows)))
    }

    /// Number of columns.
    pub(crate) fn columns(&self) -> usize {
        self.ends.len()
    }

    #[inline]
    fn column_spells(&self, column: usize) -> &[Range<u32>] {
        let start = column.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.spells[start..self.ends[column] as usize]
    }

    /// The spells of a column, ascending.
    #[inline]
    pub(crate) fn spells(&self, column: usize) -> impl Iterator<Item = Range<usize>> {
        self.column_spells(column).iter().map(|spell| spell.start as usize..spell.end as usize)
    }

    /// The rows from the first to the last on which a column is a member; empty if it never is.
    pub(crate) fn hull(&self, column: usize) -> Range<usize> {
        match self.column_spells(column) {
            [first, .., last] => first.start as usize..last.end as usize,
            [only] => only.start as usize..only.end as usize,
            [] => 0..0,
        }
    }

    /// Calls a function for each range of `0..rows` on which a column is not a member. Ranges may be empty.
    #[inline]
    pub(crate) fn gaps(&self, column: usize, rows: usize, mut f: impl FnMut(Range<usize>)) {
        let mut from = 0;
        for spell in self.spells(column) {
            f(from..spell.start.min(rows));
            from = spell.end.min(rows);
        }
        f(from..rows);
    }

    /// Whether a column is a member on a row.
    #[inline]
    pub(crate) fn contains(&self, column: usize, row: usize) -> bool {
        let spells = self.column_spells(column);
        let next = match spells {
            [_] => 0,
            spells => spells.partition_point(|spell| spell.end as usize <= row),
        };
        spells.get(next).is_some_and(|spell| spell.contains(&(row as u32)))
    }

    /// The members on a range of rows, which are numbered from the first row of the range.
    pub(crate) fn within(&self, rows: &Range<usize>) -> Members {
        let (from, until) = (rows.start as u32, rows.end as u32);
        let mut within = Members {
            spells: Vec::with_capacity(self.spells.len()),
            ends: Vec::with_capacity(self.ends.len()),
        };
        let mut start = 0;
        for &end in &self.ends {
            for spell in &self.spells[start..end as usize] {
                let (first, last) = (spell.start.max(from), spell.end.min(until));
                if first < last {
                    within.spells.push(first - from..last - from);
                }
            }
            within.ends.push(within.spells.len() as u32);
            start = end as usize;
        }
        within
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn gaps(members: &Members, column: usize, rows: usize) -> Vec<Range<usize>> {
        let mut gaps = Vec::new();
        members.gaps(column, rows, |gap| gaps.extend((!gap.is_empty()).then_some(gap)));
        gaps
    }

    #[test]
    fn spells_and_gaps_by_hand() {
        let members = Members::new([vec![2..5, 7..9], vec![], vec![0..5, 5..9]]);
        assert_eq!(members.columns(), 3);
        assert_eq!(members.spells(0).collect::<Vec<_>>(), [2..5, 7..9]);
        assert_eq!(gaps(&members, 0, 10), [0..2, 5..7, 9..10]);
        assert_eq!(members.spells(1).count(), 0);
        assert!(gaps(&members, 1, 4).iter().eq([&(0..4)]));
        assert!(gaps(&members, 2, 9).is_empty());
        assert_eq!([0, 1, 2].map(|column| members.hull(column)), [2..9, 0..0, 0..9]);
        let between = members.within(&(5..7));
        assert_eq!(between.spells(0).count(), 0, "a spell that ends where the range begins is outside it");
        assert_eq!(between.spells(2).collect::<Vec<_>>(), vec![0..2; 1]);
        let within = members.within(&(4..8));
        assert_eq!(within, Members::new([vec![0..1, 3..4], vec![], vec![0..1, 1..4]]));
    }

    proptest! {
        #[test]
        fn they_are_the_rows_that_were_given(rows in prop::collection::vec(prop::collection::vec(any::<bool>(), 12), 1..4),
                                              start in 0usize..12, length in 0usize..12) {
            let spells = |rows: &[bool]| (0..rows.len()).filter(|&row| rows[row]).map(|row| row..row + 1).collect::<Vec<_>>();
            let members = Members::new(rows.iter().map(|rows| spells(rows)));
            let block = start..(start + length).min(12);
            let within = members.within(&block);
            for (column, rows) in rows.iter().enumerate() {
                for (row, is_member) in rows.iter().enumerate() {
                    prop_assert_eq!(members.contains(column, row), *is_member);
                }
                for row in block.clone() {
                    prop_assert_eq!(within.contains(column, row - block.start), rows[row]);
                }
                let outside: Vec<usize> = gaps(&members, column, 12).into_iter().flatten().collect();
                prop_assert_eq!(outside, (0..12).filter(|&row| !rows[row]).collect::<Vec<_>>());
            }
        }
    }
}
