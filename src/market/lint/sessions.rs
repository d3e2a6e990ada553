//! Compares the dates of the files of a folder. Knows no exchange calendar: a date that most files have is a session.

use super::bars::SortedBars;
use super::finding::Defect;
use super::spot::Spot;
use crate::market::calendar::is_weekday;
use crate::market::date::Date;

/// A date that no other file has is reported only if at least this many others could have it; with two files one cannot say
/// which is wrong.
const OTHERS_MIN: u32 = 2;

/// A file begins late if this fraction of the other files begins much earlier. With a half, half of a folder of mixed ages
/// would be late.
const BEGUN_FRACTION: f64 = 0.75;

/// Number of calendar days that count as much later. A month more or less does not matter to a backtest of years.
const LATE_DAYS: i32 = 31;

/// Late starts are reported in folders of at least this many files; two files have no majority.
const LATE_FILES_MIN: usize = 3;

/// The dates of one file with their lines, ascending, without duplicates, at least one.
pub(super) struct Sessions {
    dates: Vec<Date>,
    lines: Vec<u64>,
}

impl Sessions {
    /// Copies dates and lines of a file.
    pub(super) fn new(bars: &SortedBars) -> Sessions {
        let table = bars.table;
        Sessions {
            dates: bars.rows.iter().map(|&row| table.dates[row]).collect(),
            lines: bars.rows.iter().map(|&row| table.lines[row]).collect(),
        }
    }

    fn first(&self) -> Date {
        self.dates[0]
    }

    fn last(&self) -> Date {
        self.dates[self.dates.len() - 1]
    }

    fn spot(&self, index: usize, defect: Defect) -> Spot {
        Spot { line: self.lines[index], date: Some(self.dates[index]), defect }
    }
}

/// The defects in the dates of every file, in the order of the files; empty for a file that could not be parsed.
pub(super) fn spots(files: &[Option<Sessions>]) -> Vec<Vec<Spot>> {
    let readable: Vec<&Sessions> = files.iter().flatten().collect();
    let Some(counts) = RowCounts::count(&readable) else {
        return files.iter().map(|_| Vec::new()).collect();
    };
    let begun_by = begun_by(&readable);
    let ends = latest_two(readable.iter().map(|sessions| sessions.last()));
    let spots_of = |sessions: &Sessions| {
        let mut spots = gaps(sessions, &counts);
        spots.extend(alone(sessions, &counts));
        spots.extend(begun_by.and_then(|by| late_start(sessions, by, &readable)));
        spots.extend(ends.and_then(|ends| ahead(sessions, ends)));
        spots
    };
    files.iter().map(|sessions| sessions.as_ref().map_or_else(Vec::new, spots_of)).collect()
}

/// How many files have a row on each day, and how many span it: begin by that day and do not end before it.
struct RowCounts {
    first: Date,
    rows: Vec<u32>,
    spanning: Vec<u32>,
}

impl RowCounts {
    /// Counts the rows of the files; `None` if there are no files.
    fn count(files: &[&Sessions]) -> Option<RowCounts> {
        let first = files.iter().map(|sessions| sessions.first()).min()?;
        let last = files.iter().map(|sessions| sessions.last()).max()?;
        let days = (last - first) as usize + 1;
        let mut counts = RowCounts { first, rows: vec![0; days], spanning: vec![0; days] };
        for sessions in files {
            for &date in &sessions.dates {
                counts.rows[(date - first) as usize] += 1;
            }
            let span = (sessions.first() - first) as usize..=(sessions.last() - first) as usize;
            for count in &mut counts.spanning[span] {
                *count += 1;
            }
        }
        Some(counts)
    }

    /// The number of other files with a row on a date, and of other files that span it, for a file that spans the date and has
    /// a row on it (`has_row`) or not.
    fn others(&self, date: Date, has_row: bool) -> (u32, u32) {
        let day = (date - self.first) as usize;
        (self.rows[day] - u32::from(has_row), self.spanning[day] - 1)
    }

    /// Whether a date that a file lacks is a session. Weekends are not: currencies may have them and shares do not, and a
    /// backtest has only weekdays.
    fn is_missed(&self, date: Date) -> bool {
        let (rows, spanning) = self.others(date, false);
        is_weekday(date) && rows * 2 > spanning
    }

    /// Whether other files could have the date of a row, and none does.
    fn is_alone(&self, date: Date) -> bool {
        let (rows, spanning) = self.others(date, true);
        rows == 0 && spanning >= OTHERS_MIN
    }
}

fn gaps(sessions: &Sessions, counts: &RowCounts) -> Vec<Spot> {
    let gap = |(index, pair): (usize, &[Date])| {
        let mut missed = (pair[0].0 + 1..pair[1].0).map(Date).filter(|&date| counts.is_missed(date));
        let first = missed.next()?;
        let (count, last) = missed.fold((1, first), |(count, _), date| (count + 1, date));
        Some(sessions.spot(index, Defect::Gap { sessions: count, first, last }))
    };
    sessions.dates.windows(2).enumerate().filter_map(gap).collect()
}

fn alone(sessions: &Sessions, counts: &RowCounts) -> Vec<Spot> {
    let indices: Vec<usize> = (0..sessions.dates.len()).collect();
    let is_alone = |index: usize| counts.is_alone(sessions.dates[index]);
    indices
        .chunk_by(|&a, &b| is_alone(a) == is_alone(b))
        .filter(|run| is_alone(run[0]))
        .map(|run| {
            let others = counts.others(sessions.dates[run[0]], true).1 as usize;
            let last = sessions.dates[run[run.len() - 1]];
            sessions.spot(run[0], Defect::Alone { rows: run.len(), last, others })
        })
        .collect()
}

/// The date by which most files have begun; `None` if there are too few files.
fn begun_by(files: &[&Sessions]) -> Option<Date> {
    let mut firsts: Vec<Date> = files.iter().map(|sessions| sessions.first()).collect();
    firsts.sort();
    (firsts.len() >= LATE_FILES_MIN).then(|| firsts[((firsts.len() - 1) as f64 * BEGUN_FRACTION) as usize])
}

fn late_start(sessions: &Sessions, by: Date, all: &[&Sessions]) -> Option<Spot> {
    let files = all.iter().filter(|sessions| sessions.first() <= by).count();
    (sessions.first() - by > LATE_DAYS)
        .then(|| sessions.spot(0, Defect::LateStart { files, of: all.len(), by }))
}

/// The latest date and the second latest; `None` if there are fewer than two.
fn latest_two(dates: impl Iterator<Item = Date>) -> Option<(Date, Date)> {
    let mut dates: Vec<Date> = dates.collect();
    dates.sort();
    match dates[..] {
        [.., second, latest] => Some((latest, second)),
        _ => None,
    }
}

/// The defect of a file whose last row is later than the last rows of all others. If two rows or more are later, the file is
/// simply newer.
fn ahead(sessions: &Sessions, (latest, others): (Date, Date)) -> Option<Spot> {
    let index = sessions.dates.len() - 1;
    let before = sessions.dates[..index].last();
    (sessions.last() == latest && latest > others && before.is_none_or(|&before| before <= others))
        .then(|| sessions.spot(index, Defect::LastRowAhead { others }))
}
