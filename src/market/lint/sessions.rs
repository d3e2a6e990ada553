//! Dates of the files of a folder, held against each other. Knows no exchange calendar: a session is what most files
//! have.

use super::bars::Bars;
use super::finding::Defect;
use super::spot::Spot;
use crate::market::calendar::is_weekday;
use crate::market::date::Date;

/// A date that no other file has is odd only if at least this many others could have it; of two files nobody can say
/// which is wrong.
const OTHERS_MIN: u32 = 2;

/// A file begins late if this fraction of the files, it not included, begins a good while earlier. Half of them would
/// call half of a folder of mixed ages late.
const BEGUN_FRACTION: f64 = 0.75;

/// Calendar days of that while. A month more or less changes no backtest of years.
const LATE_DAYS: i32 = 31;

/// Late starts are told in folders of at least this many files; there is no "most" of two.
const LATE_FILES_MIN: usize = 3;

/// The rows of one file by ascending date, without duplicates. There is at least one.
pub(super) struct Sessions {
    dates: Vec<Date>,
    lines: Vec<u64>,
}

impl Sessions {
    pub(super) fn of(bars: &Bars) -> Sessions {
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

    fn spot(&self, place: usize, defect: Defect) -> Spot {
        Spot { line: self.lines[place], date: Some(self.dates[place]), defect }
    }
}

/// What is odd about the dates of every file, in the order of the files; nothing for a file without dates.
pub(super) fn spots(files: &[Option<Sessions>]) -> Vec<Vec<Spot>> {
    let readable: Vec<&Sessions> = files.iter().flatten().collect();
    let Some(counts) = RowCounts::of(&readable) else {
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

/// How many files have a row on each day, and how many span it.
struct RowCounts {
    first: Date,
    rows: Vec<u32>,
    spanning: Vec<u32>,
}

impl RowCounts {
    fn of(files: &[&Sessions]) -> Option<RowCounts> {
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

    /// Of the files other than one that spans a date and has a row for it or not: those with a row, those that span it.
    fn others(&self, date: Date, has_row: bool) -> (u32, u32) {
        let day = (date - self.first) as usize;
        (self.rows[day] - u32::from(has_row), self.spanning[day] - 1)
    }

    /// Whether a date that a file lacks is a session. Weekends are not: a share lacks those that a currency beside it
    /// has, and a backtest has weekdays only.
    fn is_missed(&self, date: Date) -> bool {
        let (rows, spanning) = self.others(date, false);
        is_weekday(date) && rows * 2 > spanning
    }

    /// Whether others could have the date of a row, and none has.
    fn is_alone(&self, date: Date) -> bool {
        let (rows, spanning) = self.others(date, true);
        rows == 0 && spanning >= OTHERS_MIN
    }
}

fn gaps(sessions: &Sessions, counts: &RowCounts) -> Vec<Spot> {
    let gap = |(place, pair): (usize, &[Date])| {
        let mut missed = (pair[0].0 + 1..pair[1].0).map(Date).filter(|&date| counts.is_missed(date));
        let first = missed.next()?;
        let (count, last) = missed.fold((1, first), |(count, _), date| (count + 1, date));
        Some(sessions.spot(place, Defect::Gap { sessions: count, first, last }))
    };
    sessions.dates.windows(2).enumerate().filter_map(gap).collect()
}

fn alone(sessions: &Sessions, counts: &RowCounts) -> Vec<Spot> {
    let places: Vec<usize> = (0..sessions.dates.len()).collect();
    let is_alone = |place: usize| counts.is_alone(sessions.dates[place]);
    places
        .chunk_by(|&a, &b| is_alone(a) == is_alone(b))
        .filter(|run| is_alone(run[0]))
        .map(|run| {
            let others = counts.others(sessions.dates[run[0]], true).1 as usize;
            let last = sessions.dates[run[run.len() - 1]];
            sessions.spot(run[0], Defect::Alone { rows: run.len(), last, others })
        })
        .collect()
}

/// The date by which most files begin.
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

/// The latest date and the latest of the rest, of at least two.
fn latest_two(dates: impl Iterator<Item = Date>) -> Option<(Date, Date)> {
    let mut dates: Vec<Date> = dates.collect();
    dates.sort();
    match dates[..] {
        [.., second, latest] => Some((latest, second)),
        _ => None,
    }
}

/// A file whose last row alone is later than all others'. Two rows and more are a file that is simply newer.
fn ahead(sessions: &Sessions, (latest, others): (Date, Date)) -> Option<Spot> {
    let place = sessions.dates.len() - 1;
    let before = sessions.dates[..place].last();
    (sessions.last() == latest && latest > others && before.is_none_or(|&before| before <= others))
        .then(|| sessions.spot(place, Defect::LastRowAhead { others }))
}
