//! The scales of a sample: which sessions keep their signs together.

use chrono::{Datelike, NaiveDate};

use super::flips::bucket;

/// A scale counts where the sample has at least so many of its blocks.
const BLOCKS_LEAST: usize = 60;
/// Rows of a block in each scale of a sample without dates.
const ROWS: [usize; 4] = [1, 5, 21, 63];

/// A way to put sessions into blocks. Its number is part of the hash that gives a block its bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scale {
    /// Its name in results.
    pub name: &'static str,
    /// Its number.
    pub number: u64,
    /// What a reader calls one of its blocks.
    pub block: &'static str,
}

/// The scales of a sample with dates, the finest first.
pub(crate) const OF_DATES: [Scale; 3] = [
    Scale { name: "session", number: 0, block: "day" },
    Scale { name: "week", number: 1, block: "week" },
    Scale { name: "month", number: 2, block: "month" },
];

/// The scales of a sample without dates, the finest first.
pub(crate) const OF_ROWS: [Scale; 4] = [
    Scale { name: "row", number: 0, block: "row" },
    Scale { name: "rows_5", number: 1, block: "block of 5 rows" },
    Scale { name: "rows_21", number: 2, block: "block of 21 rows" },
    Scale { name: "rows_63", number: 3, block: "block of 63 rows" },
];

/// A scale that a sample has blocks enough for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UsedScale {
    /// The scale.
    pub scale: Scale,
    /// Its blocks in the sample, part blocks counted.
    pub blocks: usize,
}

/// The bucket of every session of a sample, in each of some scales.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Buckets(pub Vec<Vec<u16>>);

/// The key of the block of a day in a scale of dates. Days are counted from 1970-01-01.
fn key(scale: Scale, day: i64) -> i64 {
    match scale.name {
        "week" => (day + 3).div_euclid(7),
        "month" => i32::try_from(day)
            .ok()
            .and_then(NaiveDate::from_epoch_days)
            .map_or(0, |date| i64::from(date.year()) * 12 + i64::from(date.month0())),
        _ => day,
    }
}

/// The scales that the days of a sample, which ascend, are enough for. That of sessions is always used.
pub(crate) fn of_days(days: &[i64]) -> Vec<UsedScale> {
    let used = |scale: Scale| {
        let mut keys: Vec<i64> = days.iter().map(|day| key(scale, *day)).collect();
        keys.dedup();
        UsedScale { scale, blocks: keys.len() }
    };
    let enough = |used: &UsedScale| used.scale.number == 0 || used.blocks >= BLOCKS_LEAST;
    OF_DATES.into_iter().map(used).filter(enough).collect()
}

/// The scales that so many rows are enough for: those with 60 whole blocks.
pub(crate) fn of_rows(rows: usize) -> Vec<UsedScale> {
    let used = |(scale, size): (Scale, usize)| UsedScale { scale, blocks: rows.div_ceil(size) };
    let enough = OF_ROWS.into_iter().zip(ROWS).filter(|(_, size)| rows / size >= BLOCKS_LEAST);
    enough.map(used).collect()
}

impl Buckets {
    /// The buckets of some days in some scales of dates.
    pub(crate) fn of_days(scales: &[UsedScale], days: &[i64]) -> Buckets {
        let of_scale = |used: &UsedScale| {
            days.iter().map(|day| bucket(used.scale.number, key(used.scale, *day))).collect()
        };
        Buckets(scales.iter().map(of_scale).collect())
    }

    /// The buckets of so many rows in some scales of rows.
    pub(crate) fn of_rows(scales: &[UsedScale], rows: usize) -> Buckets {
        let of_scale = |used: &UsedScale| {
            let size = rows_of_block(used.scale);
            (0..rows).map(|row| bucket(used.scale.number, (row / size) as i64)).collect()
        };
        Buckets(scales.iter().map(of_scale).collect())
    }
}

/// The sessions at which a block of each scale of dates begins.
pub(crate) fn starts_of_days(scales: &[UsedScale], days: &[i64]) -> Vec<Vec<usize>> {
    let of_scale = |used: &UsedScale| {
        let begins = |at: &usize| *at == 0 || key(used.scale, days[*at]) != key(used.scale, days[*at - 1]);
        (0..days.len()).filter(begins).collect()
    };
    scales.iter().map(of_scale).collect()
}

/// The rows at which a block of each scale of rows begins.
pub(crate) fn starts_of_rows(scales: &[UsedScale], rows: usize) -> Vec<Vec<usize>> {
    scales.iter().map(|used| (0..rows).step_by(rows_of_block(used.scale)).collect()).collect()
}

/// The rows of a block in a scale of rows.
fn rows_of_block(scale: Scale) -> usize {
    OF_ROWS.iter().position(|known| *known == scale).map_or(1, |place| ROWS[place])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(scales: &[UsedScale]) -> Vec<&str> {
        scales.iter().map(|used| used.scale.name).collect()
    }

    #[test]
    fn a_scale_needs_sixty_blocks() {
        let each = |step: i64, count: i64| (0..count).map(|number| number * step).collect::<Vec<i64>>();
        assert_eq!(names(&of_days(&each(7, 59))), ["session"]);
        assert_eq!(names(&of_days(&each(7, 60))), ["session", "week"]);
        assert_eq!(names(&of_days(&each(31, 60))), ["session", "week", "month"]);
        assert_eq!(names(&of_rows(299)), ["row"]);
        assert_eq!(names(&of_rows(300)), ["row", "rows_5"]);
        assert_eq!(names(&of_rows(3780)), ["row", "rows_5", "rows_21", "rows_63"]);
        assert!(of_rows(59).is_empty());
    }

    #[test]
    fn blocks_begin_where_their_key_changes() {
        let days = [3, 4, 5, 11, 12];
        let scales = OF_DATES.map(|scale| UsedScale { scale, blocks: 0 });
        assert_eq!(starts_of_days(&scales[..2], &days), [vec![0, 1, 2, 3, 4], vec![0, 1, 3]]);
        let scales = OF_ROWS.map(|scale| UsedScale { scale, blocks: 0 });
        assert_eq!(starts_of_rows(&scales[1..3], 12), [vec![0, 5, 10], vec![0]]);
    }

    #[test]
    fn a_week_begins_on_monday_and_a_month_on_its_first() {
        // 1970-01-01 was a Thursday.
        assert_eq!([-4, -3, 3, 4].map(|day| key(OF_DATES[1], day)), [-1, 0, 0, 1]);
        assert_eq!([-1, 0, 30, 31].map(|day| key(OF_DATES[2], day)), [23_639, 23_640, 23_640, 23_641]);
    }
}
