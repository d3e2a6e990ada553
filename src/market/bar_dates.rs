//! On which dates of a range some asset has a bar.

use std::ops::Range;

use super::columns::Column;
use super::date::Date;
use super::table::PriceTable;

/// The dates of a range on which one of the assets added so far has a bar.
#[derive(Debug)]
pub(crate) struct BarDates<'a> {
    range: Range<Date>,
    /// For every date of the range.
    has_bar: Vec<bool>,
    /// The most dates of one asset that are all known. The assets of an exchange share their dates.
    known: &'a [Date],
}

impl<'a> BarDates<'a> {
    /// No date of a range.
    pub(crate) fn new(range: Range<Date>) -> BarDates<'a> {
        let has_bar = vec![false; usize::try_from(range.end - range.start).unwrap_or(0)];
        BarDates { range, has_bar, known: &[] }
    }

    /// Adds an asset that has a bar on each of these dates.
    pub(crate) fn add(&mut self, dates: &'a [Date]) {
        if run_of(dates, self.known).is_some() {
            return;
        }
        dates.iter().for_each(|date| self.add_date(*date));
        if dates.len() > self.known.len() {
            self.known = dates;
        }
    }

    /// Adds the asset with these rows, which have been made ready. A row without an open and a close is no bar.
    pub(crate) fn add_rows(&mut self, table: &'a PriceTable) {
        let prices = table[Column::Open].iter().zip(&table[Column::Close]);
        let is_bar = |(open, close): (&f64, &f64)| !(open.is_nan() & close.is_nan());
        if prices.clone().fold(true, |all, prices| all & is_bar(prices)) {
            return self.add(&table.dates);
        }
        let dates = table.dates.iter().zip(prices).filter(|(_, prices)| is_bar(*prices));
        dates.for_each(|(date, _)| self.add_date(*date));
    }

    fn add_date(&mut self, date: Date) {
        // A date before the range has a number beyond its end as well.
        if let Some(has_bar) = self.has_bar.get_mut((date - self.range.start) as u32 as usize) {
            *has_bar = true;
        }
    }

    /// All of them, ascending.
    pub(crate) fn ascending(self) -> Vec<Date> {
        let dates = (self.range.start.0..self.range.end.0).map(Date);
        dates.zip(self.has_bar).filter(|(_, has_bar)| *has_bar).map(|(date, _)| date).collect()
    }
}

/// Where some dates stand one after the other in a list of ascending dates; `None` if they do not, or are none.
pub(crate) fn run_of(dates: &[Date], list: &[Date]) -> Option<Range<usize>> {
    let first = dates.first()?;
    let from = list.partition_point(|date| date < first);
    let run = from..from + dates.len();
    // Not `==`: comparing all dates in vector lanes is faster than stopping at the first that differs.
    let is_equal =
        list.get(run.clone())?.iter().zip(dates).fold(true, |all, (listed, date)| all & (listed == date));
    is_equal.then_some(run)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn no_date_outside_the_range_counts() {
        let dates = [6, 5, 2, 3].map(Date);
        let mut found = BarDates::new(Date(3)..Date(6));
        found.add(&dates);
        assert_eq!(found.ascending(), [3, 5].map(Date));
    }

    proptest! {
        #[test]
        fn the_dates_are_the_union(
            assets in prop::collection::vec(prop::collection::vec((-2..12i32, 0..4u8), 0..12), 0..5)
        ) {
            let tables: Vec<PriceTable> = assets.iter().map(|rows| {
                let price = |bit: u8| move |(_, has): &(i32, u8)| if has & bit == 0 { f64::NAN } else { 1.0 };
                let mut table = PriceTable::default();
                table.dates = rows.iter().map(|(date, _)| Date(*date)).collect();
                table[Column::Open] = rows.iter().map(price(1)).collect();
                table[Column::Close] = rows.iter().map(price(2)).collect();
                table
            }).collect();
            let mut found = BarDates::new(Date(0)..Date(10));
            tables.iter().for_each(|table| found.add_rows(table));
            let bars = assets.iter().flatten().filter(|(date, has)| (0..10).contains(date) && *has > 0);
            let expected: BTreeSet<Date> = bars.map(|(date, _)| Date(*date)).collect();
            prop_assert_eq!(found.ascending(), Vec::from_iter(expected));
        }

        #[test]
        fn a_run_is_found_where_it_stands(
            list in prop::collection::btree_set((0..20i32).prop_map(Date), 0..20),
            dates in prop::collection::vec((0..20i32).prop_map(Date), 0..4),
        ) {
            let list = Vec::from_iter(list);
            // There are no windows of length 0.
            let found = list.windows(dates.len().max(1)).position(|window| window == dates);
            prop_assert_eq!(run_of(&dates, &list), found.map(|from| from..from + dates.len()));
        }
    }
}
