//! The scales of a sample: which sessions keep their signs together.

use super::flips::{Turned, bucket};
use crate::market::date::Date;

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

/// The blocks of the sessions of a sample and their buckets, in each of some scales.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Buckets(pub Vec<Blocks>);

/// Blocks of sessions that follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Blocks(pub Vec<Block>);

/// A block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Block {
    /// The session after its last.
    pub end: u32,
    /// Its bucket.
    pub bucket: u16,
}

impl Blocks {
    /// The blocks of sessions with these keys. Equal keys that follow each other are one block.
    fn new(scale: Scale, keys: impl Iterator<Item = i64>) -> Blocks {
        let mut blocks: Vec<Block> = Vec::new();
        let mut last = None;
        for (session, key) in keys.enumerate() {
            let end = session as u32 + 1;
            match blocks.last_mut().filter(|_| last == Some(key)) {
                Some(block) => block.end = end,
                None => blocks.push(Block { end, bucket: bucket(scale.number, key) }),
            }
            last = Some(key);
        }
        Blocks(blocks)
    }

    /// Turns the signs of a series. `running` has its sum before each session, and that of all at its end.
    pub(crate) fn turn(&self, values: &[f64], running: &[f64], turned: &mut Turned) {
        if self.0.len() == values.len() {
            return turned.turn(values.iter().zip(&self.0).map(|(value, block)| (*value, block.bucket)));
        }
        let mut before = 0.0;
        turned.turn(self.0.iter().map(|block| {
            let until = running[block.end as usize];
            let sum = until - before;
            before = until;
            (sum, block.bucket)
        }));
    }
}

/// Writes the sum of a series before each of its values, and that of all at the end.
pub(crate) fn run_up(values: &[f64], running: &mut Vec<f64>) {
    let mut sum = 0.0;
    running.clear();
    running.push(0.0);
    running.extend(values.iter().map(|value| {
        sum += value;
        sum
    }));
}

/// The key of the block of a day in a scale of dates. Days are counted from 1970-01-01.
fn key(scale: Scale, day: i64) -> i64 {
    let date = Date(i32::try_from(day).unwrap_or(0));
    match scale.name {
        "week" => date.week(),
        "month" => {
            let (year, month, _) = date.ymd();
            i64::from(year) * 12 + i64::from(month) - 1
        }
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
        let of_scale =
            |used: &UsedScale| Blocks::new(used.scale, days.iter().map(|day| key(used.scale, *day)));
        Buckets(scales.iter().map(of_scale).collect())
    }

    /// The buckets of so many rows in some scales of rows.
    pub(crate) fn of_rows(scales: &[UsedScale], rows: usize) -> Buckets {
        let of_scale = |used: &UsedScale| {
            let size = rows_of_block(used.scale);
            Blocks::new(used.scale, (0..rows).map(|row| (row / size) as i64))
        };
        Buckets(scales.iter().map(of_scale).collect())
    }
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
    fn a_week_begins_on_monday_and_a_month_on_its_first() {
        // 1970-01-01 was a Thursday.
        assert_eq!([-4, -3, 3, 4].map(|day| key(OF_DATES[1], day)), [-1, 0, 0, 1]);
        assert_eq!([-1, 0, 30, 31].map(|day| key(OF_DATES[2], day)), [23_639, 23_640, 23_640, 23_641]);
    }
}
