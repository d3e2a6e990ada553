//! The dates of rows, from the cells of an index as people and programs write them.
//!
//! A form counts if all cells have it. Days and months that could change places are told apart by the cells in which they could
//! not, and by the order of the rows. A time of day is read and dropped: only days, weeks and months matter.

use crate::market::date::Date;
use crate::text::quoted;

/// Years of dates that are written as digits alone. Other numbers of eight digits are numbers.
const YEARS: std::ops::RangeInclusive<u32> = 1900..=2100;
/// From this number on whole numbers that rise are seconds since 1970 or parts of them.
pub(crate) const EPOCH_LEAST: f64 = 1e8;
/// For each unit of an epoch: from which number on it is meant, and how many make a day. The smallest numbers of all units are
/// in 1973.
const EPOCH_UNITS: [(i64, i64); 4] = [
    (100_000_000, 86_400),
    (100_000_000_000, 86_400_000),
    (100_000_000_000_000, 86_400_000_000),
    (100_000_000_000_000_000, 86_400_000_000_000),
];

/// When a row was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// Its date.
    date: Date,
    /// Whether it has a time of day other than midnight, so that a date may have several rows.
    is_timed: bool,
}

/// Cells that are dates but for one, or dates out of order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DateFault {
    /// The wrong cell, counted from 0.
    pub row: usize,
    /// What is wrong.
    pub message: String,
}

/// The date of each row; `None` where the cells are no dates, or can be read in two ways.
///
/// # Errors
/// The first cell is a date and a later one is none; rows do not go from the oldest to the newest; a date without times of day
/// has two rows.
pub(crate) fn dates(cells: &[&str]) -> Result<Option<Vec<Date>>, DateFault> {
    for form in [iso, digits, month] {
        if let Some(stamps) = all(cells, form) {
            return ordered(cells, &stamps).map(Some);
        }
    }
    if let Some(stamps) = epochs(cells) {
        return ordered(cells, &stamps).map(Some);
    }
    let readings = [all(cells, day_first), all(cells, month_first)].into_iter().flatten();
    let mut readings = readings.filter(|stamps| ordered(cells, stamps).is_ok());
    match (readings.next(), readings.next()) {
        (Some(stamps), None) => return ordered(cells, &stamps).map(Some),
        (Some(_), Some(_)) => return Ok(None),
        (None, _) => {}
    }
    for form in [iso, digits] {
        if cells.first().is_some_and(|cell| form(cell).is_some())
            && let Some(row) = cells.iter().position(|cell| form(cell).is_none())
        {
            let message = format!("'{}' is no date such as {}", quoted::text(cells[row]), cells[0]);
            return Err(DateFault { row, message });
        }
    }
    Ok(None)
}

/// Whether a cell is a date that begins with the year: `2020-01-02`, `2020/01/02`, with a time of day or without; or eight
/// digits that are one.
pub(crate) fn is_date(cell: &str) -> bool {
    iso(cell).is_some() || digits(cell).is_some()
}

/// Whether a number is, in eight digits, a date of 1900 to 2100.
pub(crate) fn is_date_number(value: f64) -> bool {
    (1.9e7..2.2e7).contains(&value) && value.fract() == 0.0 && digits(&format!("{value:.0}")).is_some()
}

/// Whether a cell may be a date in any form: it is no number, and has digits and signs or letters of dates.
pub(crate) fn looks_like_date(cell: &str) -> bool {
    let has_digit = cell.contains(|letter: char| letter.is_ascii_digit());
    let has_word = cell.contains(|letter: char| letter.is_ascii_alphabetic());
    let is_separated = cell.starts_with(|letter: char| letter.is_ascii_digit())
        && (cell.contains(['/', ':']) || cell[1..].contains('-') || cell.matches('.').count() == 2);
    has_digit && (has_word || is_separated) && !cell.contains('%') && cell.parse::<f64>().is_err()
}

fn all(cells: &[&str], form: fn(&str) -> Option<Stamp>) -> Option<Vec<Stamp>> {
    cells.iter().map(|cell| form(cell)).collect()
}

/// The dates, if they are in order.
fn ordered(cells: &[&str], stamps: &[Stamp]) -> Result<Vec<Date>, DateFault> {
    let is_timed = stamps.iter().any(|stamp| stamp.is_timed);
    for (row, pair) in stamps.windows(2).enumerate() {
        let [before, now] = [pair[0].date, pair[1].date];
        if now < before {
            let [shown, shown_before] = [cells[row + 1], cells[row]].map(quoted::text);
            let message = format!("'{shown}' follows '{shown_before}': sort the rows, the oldest first");
            return Err(DateFault { row: row + 1, message });
        }
        if now == before && !is_timed {
            let shown = quoted::text(cells[row + 1]);
            let message =
                format!("'{shown}' is there twice: expected one row a period and one column a trial");
            return Err(DateFault { row: row + 1, message });
        }
    }
    Ok(stamps.iter().map(|stamp| stamp.date).collect())
}

/// A date and, after a blank or a `T`, a time of day, which may end with a zone.
fn with_time(cell: &str, date: impl Fn(&str) -> Option<Date>) -> Option<Stamp> {
    let (day, time) = match cell.find(['T', ' ']) {
        Some(place) => (&cell[..place], cell[place + 1..].trim()),
        None => (cell, ""),
    };
    let date = date(day)?;
    if time.is_empty() {
        return (day.len() == cell.len()).then_some(Stamp { date, is_timed: false });
    }
    let end = time.find(|letter: char| !letter.is_ascii_digit() && ![':', '.'].contains(&letter));
    let clock = &time[..end.unwrap_or(time.len())];
    let has_minutes = clock.split(':').take(2).filter(|part| (1..=2).contains(&part.len())).count() == 2;
    let is_timed = clock.contains(|letter: char| ('1'..='9').contains(&letter));
    has_minutes.then_some(Stamp { date, is_timed })
}

/// The numbers of a date that is written with a separator.
fn parts(text: &str, separator: char) -> Option<[&str; 3]> {
    let parts: Vec<&str> = text.split(separator).collect();
    let are_digits = parts
        .iter()
        .all(|part| (1..=4).contains(&part.len()) && part.bytes().all(|letter| letter.is_ascii_digit()));
    if are_digits { parts.try_into().ok() } else { None }
}

fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    if year.len() != 4 || month.len() > 2 || day.len() > 2 {
        return None;
    }
    Date::from_ymd(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// `2020-01-02`, `2020/1/2`, `2020-01-02T15:30:00+01:00`.
fn iso(cell: &str) -> Option<Stamp> {
    with_time(cell, |text| {
        let [year, month, day] = parts(text, '-').or_else(|| parts(text, '/'))?;
        date(year, month, day)
    })
}

/// `20200102`, `202001021530`, `20200102153000`.
fn digits(cell: &str) -> Option<Stamp> {
    if !cell.bytes().all(|letter| letter.is_ascii_digit()) || ![8, 12, 14].contains(&cell.len()) {
        return None;
    }
    let date = date(&cell[..4], &cell[4..6], &cell[6..8])?;
    let clock: Vec<u32> = (8..cell.len()).step_by(2).filter_map(|at| cell[at..at + 2].parse().ok()).collect();
    let is_clock = clock.iter().zip([24, 60, 60]).all(|(part, most)| *part < most);
    let is_known = YEARS.contains(&cell[..4].parse().ok()?) && is_clock;
    is_known.then(|| Stamp { date, is_timed: clock.iter().any(|part| *part > 0) })
}

/// `2020-01` or `202001`: the first of a month.
fn month(cell: &str) -> Option<Stamp> {
    let (year, month) = match cell.split_once('-') {
        Some(parts) => parts,
        None => cell.split_at_checked(4)?,
    };
    let is_short = month.len() == 2 && year.len() == 4 && (cell.bytes().all(|letter| letter != b'+'));
    let date = is_short.then(|| date(year, month, "1")).flatten()?;
    YEARS.contains(&year.parse().ok()?).then_some(Stamp { date, is_timed: false })
}

/// `31/01/2020`, `31.1.2020`.
fn day_first(cell: &str) -> Option<Stamp> {
    with_time(cell, |text| {
        let [day, month, year] = ['/', '.', '-'].into_iter().find_map(|separator| parts(text, separator))?;
        date(year, month, day)
    })
}

/// `01/31/2020`.
fn month_first(cell: &str) -> Option<Stamp> {
    with_time(cell, |text| {
        let [month, day, year] = ['/', '.', '-'].into_iter().find_map(|separator| parts(text, separator))?;
        date(year, month, day)
    })
}

/// Seconds since 1970, or thousandths, millionths, billionths: all cells in the same unit.
fn epochs(cells: &[&str]) -> Option<Vec<Stamp>> {
    let whole = |cell: &&str| -> Option<i64> {
        let text = cell.strip_suffix(".0").unwrap_or(cell);
        text.parse().ok()
    };
    let numbers: Vec<i64> = cells.iter().map(whole).collect::<Option<_>>()?;
    let unit = |number: &i64| EPOCH_UNITS.iter().rposition(|(least, _)| number >= least);
    let first = unit(numbers.first()?)?;
    if numbers.iter().any(|number| unit(number) != Some(first)) {
        return None;
    }
    let (_, day) = EPOCH_UNITS[first];
    let stamp = |number: &i64| {
        let date = Date(i32::try_from(number.div_euclid(day)).ok()?);
        Some(Stamp { date, is_timed: number.rem_euclid(day) != 0 })
    };
    numbers.iter().map(stamp).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cells: &[&str], expected: Option<[&str; 2]>) {
        let found = dates(cells).unwrap_or_else(|fault| panic!("{cells:?}: {fault:?}"));
        let shown = found.map(|dates| [dates[0].to_string(), dates[dates.len() - 1].to_string()]);
        assert_eq!(shown.as_ref().map(|ends| ends.each_ref().map(String::as_str)), expected, "{cells:?}");
    }

    #[test]
    fn dates_are_read_in_the_forms_that_programs_write() {
        let expected = Some(["2020-01-31", "2020-02-03"]);
        for cells in [
            ["2020-01-31", "2020-02-03"],
            ["2020-1-31", "2020-2-3"],
            ["2020/01/31", "2020/02/03"],
            ["20200131", "20200203"],
            ["202001311600", "202002031600"],
            ["20200131160000", "20200203000000"],
            ["2020-01-31 00:00:00", "2020-02-03 00:00:00"],
            ["2020-01-31T16:00:00.000Z", "2020-02-03T16:00:00+01:00"],
            ["2020-01-31 16:00:00-05:00", "2020-02-03 09:30"],
            ["31.01.2020", "03.02.2020"],
            ["31/01/2020", "03/02/2020"],
            ["1/31/2020", "2/3/2020"],
            ["01-31-2020 16:00", "02-03-2020 16:00"],
            ["1580428800", "1580688000"],
            ["1580428800000", "1580688000000"],
            ["1580428800000000", "1580688000000000"],
            ["1580428800000000000", "1580688000000000000"],
            ["1580428800.0", "1580688000.0"],
        ] {
            check(&cells, expected);
        }
        check(&["2020-01", "2020-02"], Some(["2020-01-01", "2020-02-01"]));
        check(&["192607", "192608"], Some(["1926-07-01", "1926-08-01"]));
    }

    #[test]
    fn what_can_be_read_in_two_ways_has_no_dates() {
        check(&["01/02/2020", "02/03/2020"], None);
        check(&["0", "1", "2"], None);
        check(&["21010101", "21010102"], None);
        check(&["20201301", "20201302"], None);
        check(&["1580428800", "1580428800000"], None);
        check(&["Q1 2020", "Q2 2020"], None);
        check(&["02-Jan-2020", "03-Jan-2020"], None);
    }

    #[test]
    fn faults_name_their_row() {
        let fault = |cells: &[&str]| dates(cells).expect_err("it is wrong");
        let wrong = fault(&["2020-01-02", "2020-01-03", "2020-02-30"]);
        assert_eq!((wrong.row, &wrong.message[..]), (2, "'2020-02-30' is no date such as 2020-01-02"));
        let back = fault(&["2020-01-03", "2020-01-02"]);
        assert!(back.row == 1 && back.message.contains("the oldest first"), "{back:?}");
        let twice = fault(&["2020-01-02", "2020-01-03", "2020-01-03"]);
        assert!(twice.row == 2 && twice.message.contains("twice"), "{twice:?}");
        check(&["2020-01-02 10:00", "2020-01-02 11:00"], Some(["2020-01-02", "2020-01-02"]));
    }

    #[test]
    fn returns_do_not_look_like_dates() {
        for cell in ["0.1", "-0.1", "1e-3", "1.2%", "", "nan", "-", "(0.5)", "0,01", "inf"] {
            assert!(!looks_like_date(cell), "{cell}");
        }
        for cell in ["02.01.2020", "2 Jan 2020", "Q1 2020", "2020-W01", "09:30", "1/2/20"] {
            assert!(looks_like_date(cell), "{cell}");
        }
        assert!(
            is_date_number(20_200_102.0) && !is_date_number(20_201_302.0) && !is_date_number(20_200_102.5)
        );
    }
}
