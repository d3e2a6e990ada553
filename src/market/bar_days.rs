//! On which days of a market an asset has a price of its own, and does not just show the last one. Knows no prices.

use std::ops::Range;

/// Days in a word of bits.
const WORD: usize = u64::BITS as usize;

/// Some days of a market.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct BarDays {
    /// From the first of them until after the last; empty if there is none.
    span: Range<usize>,
    /// A bit for each day from day 0 on, set where the day is one of them. Empty if all days of the span are.
    bits: Vec<u64>,
}

impl BarDays {
    /// All days of a range.
    pub(crate) fn all(span: Range<usize>) -> BarDays {
        BarDays { span, bits: Vec::new() }
    }

    /// The days that a list names, in ascending order.
    pub(crate) fn of(days: &[usize]) -> BarDays {
        let (Some(first), Some(last)) = (days.first(), days.last()) else { return BarDays::default() };
        let span = *first..last + 1;
        if days.len() == span.len() {
            return BarDays::all(span);
        }
        let mut bits = vec![0; last / WORD + 1];
        for day in days {
            bits[day / WORD] |= 1 << (day % WORD);
        }
        BarDays { span, bits }
    }

    /// Whether a day is one of them.
    pub(crate) fn has(&self, day: usize) -> bool {
        self.span.contains(&day) && (self.bits.is_empty() || self.bits[day / WORD] >> (day % WORD) & 1 == 1)
    }

    /// The first of them at or after a day.
    pub(crate) fn next(&self, day: usize) -> Option<usize> {
        let day = day.max(self.span.start);
        if day >= self.span.end {
            return None;
        }
        if self.bits.is_empty() {
            return Some(day);
        }
        // The last day of the span is set, so the search ends.
        let rest = self.bits[day / WORD] & (u64::MAX << (day % WORD));
        let words = std::iter::once(rest).chain(self.bits[day / WORD + 1..].iter().copied());
        let (word, bits) = (day / WORD..).zip(words).find(|(_, bits)| *bits != 0)?;
        Some(word * WORD + bits.trailing_zeros() as usize)
    }

    /// Whether all days of a range are among them, as far as that can be seen without looking at each.
    pub(crate) fn cover(&self, days: &Range<usize>) -> bool {
        self.bits.is_empty() && self.span.start <= days.start && days.end <= self.span.end
    }

    /// From the first of them until after the last; empty if there is none.
    pub(crate) fn span(&self) -> Range<usize> {
        self.span.clone()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_days_with_a_hole_between_are_kept() {
        assert_eq!(BarDays::of(&[3, 4, 5]), BarDays::all(3..6));
        assert_eq!(BarDays::of(&[]), BarDays::default());
        let days = BarDays::of(&[3, 64, 200]);
        assert_eq!(days.span(), 3..201);
        assert!(
            !days.cover(&(3..201)) && BarDays::all(3..6).cover(&(4..6)) && !BarDays::all(3..6).cover(&(2..4))
        );
        let asked = [0, 3, 4, 64, 65, 128, 200, 201, 1000];
        let found = [Some(3), Some(3), Some(64), Some(64), Some(200), Some(200), Some(200), None, None];
        assert_eq!(asked.map(|day| days.next(day)), found);
    }

    proptest! {
        #[test]
        fn the_next_day_is_the_first_that_it_has(days in prop::collection::btree_set(0..300usize, 0..40)) {
            let days = Vec::from_iter(days);
            let found = BarDays::of(&days);
            for day in 0..320 {
                prop_assert_eq!(found.has(day), days.contains(&day));
                prop_assert_eq!(found.next(day), days.iter().copied().find(|bar| *bar >= day));
            }
        }
    }
}
