//! Every defect is planted into one file of a healthy folder; lint must report it there, and nothing in the other files.

use std::fs;

use super::finding::Severity;
use super::*;
use crate::market::calendar::Calendar;
use crate::market::date::Date;

const HEADER: &str = "Date,Open,High,Low,Close,Adj Close,Volume";

/// A file with a header and the 30 weekdays from Monday 2020-01-06 to Friday 2020-02-14 on lines 2 to 31.
///
/// The close climbs by a per cent or so every day and is adjusted by a half.
fn healthy() -> Vec<String> {
    let mut rows = vec![HEADER.to_owned()];
    rows.extend((0..30).map(|day| row(day, 100.0 + day as f64, 50.0 + 0.5 * day as f64)));
    rows
}

/// The row of a weekday with this close and adjusted close: opens a little lower, ranges a little wider.
fn row(day: i32, close: f64, adjusted: f64) -> String {
    let [close, adjusted] = [close, adjusted].map(|price| (price * 1e6).round() / 1e6);
    let (open, high, low) = (close * 0.996, close * 1.01, close * 0.99);
    format!("{},{open:.4},{high:.4},{low:.4},{close},{adjusted},1000", date(day))
}

fn date(day: i32) -> Date {
    Calendar::weekdays(Date::from_ymd(2020, 1, 6).unwrap(), 30).date(day as usize)
}

/// Replaces cells of a line, given as pairs of column and text.
fn edit(rows: &mut [String], line: usize, cells: &[(usize, &str)]) {
    let mut row: Vec<&str> = rows[line - 1].split(',').collect();
    for &(column, text) in cells {
        row[column] = text;
    }
    rows[line - 1] = row.join(",");
}

/// Multiplies all prices from a line on by factors for the close and the adjusted close.
fn scale(rows: &mut [String], from_line: usize, close: f64, adjusted: f64) {
    for (line, text) in rows.iter_mut().enumerate().skip(from_line - 1) {
        let day = (line - 1) as i32;
        *text = row(day, close * (100 + day) as f64, adjusted * (50.0 + 0.5 * day as f64));
    }
}

/// Lints a folder of the given files and returns the text of each finding without the path of the folder.
fn lint_files(files: &[(&str, &[String])]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, rows) in files {
        fs::write(folder.path().join(name), rows.join("\n") + "\n").unwrap();
    }
    let report = lint(folder.path()).unwrap();
    assert_eq!(report.files, files.len());
    assert!(report.findings.iter().all(|finding| finding.severity == finding.defect.severity()));
    let prefix = format!("{}/", folder.path().display());
    report.findings.iter().map(|finding| finding.to_string().replacen(&prefix, "", 1)).collect()
}

/// Expects these findings in a file `M.csv` with these rows, in a folder with two healthy files.
fn check(rows: &[String], expected: &[&str]) {
    let healthy = healthy();
    let found = lint_files(&[("A.csv", &healthy), ("M.csv", rows), ("Z.csv", &healthy)]);
    let expected: Vec<String> = expected.iter().map(|finding| format!("M.csv:{finding}")).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_healthy_folder_has_no_finding() {
    check(&healthy(), &[]);
}

#[test]
fn newest_first_is_a_legal_order() {
    let mut rows = healthy();
    rows[1..].reverse();
    check(&rows, &[]);
    rows.swap(3, 4);
    check(&rows, &["5: 2020-02-12: warning: out of order after 2020-02-11"]);
}

#[test]
fn the_first_unsorted_row_is_found() {
    let mut rows = healthy();
    rows.swap(3, 4);
    rows.swap(20, 25);
    check(&rows, &["5: 2020-01-08: warning: out of order after 2020-01-09"]);
}

#[test]
fn duplicate_dates_name_both_lines() {
    let mut rows = healthy();
    rows.insert(9, rows[4].clone());
    check(
        &rows,
        &[
            "10: 2020-01-09: error: the date stands twice, first on line 5",
            "10: 2020-01-09: warning: out of order after 2020-01-15",
        ],
    );
}

#[test]
fn prices_must_be_positive() {
    let mut rows = healthy();
    edit(&mut rows, 5, &[(1, "0"), (2, "0"), (3, "0")]);
    edit(&mut rows, 8, &[(5, "-0.25")]);
    check(
        &rows,
        &[
            "5: 2020-01-09: error: open 0 is not positive",
            "8: 2020-01-14: error: adjusted close -0.25 is not positive",
        ],
    );
}

#[test]
fn high_and_low_must_span_the_row() {
    let mut rows = healthy();
    edit(&mut rows, 5, &[(2, "102.7")]);
    edit(&mut rows, 6, &[(2, "102")]);
    edit(&mut rows, 7, &[(3, "104.75")]);
    check(
        &rows,
        &[
            "5: 2020-01-09: warning: high 102.7 is below close 103",
            "6: 2020-01-10: warning: high 102 is below open 103.584",
            "7: 2020-01-13: warning: low 104.75 is above open 104.58",
        ],
    );
}

#[test]
fn rounding_is_no_range_violation() {
    let mut rows = healthy();
    edit(&mut rows, 5, &[(2, "102.99999"), (3, "102.58801")]);
    check(&rows, &[]);
}

#[test]
fn missing_cells_are_counted_once_a_file() {
    let mut rows = healthy();
    edit(&mut rows, 9, &[(2, "null"), (3, "")]);
    edit(&mut rows, 11, &[(1, "")]);
    check(&rows, &["9: 2020-01-15: warning: no high, the first of 2 rows with a missing cell"]);
}

#[test]
fn a_half_finished_last_row_is_found() {
    let mut rows = healthy();
    edit(&mut rows, 31, &[(4, ""), (5, "")]);
    check(&rows, &["31: 2020-02-14: warning: last row without close: perhaps of an unfinished session"]);
    let mut rows = healthy();
    edit(&mut rows, 31, &[(6, "0")]);
    check(&rows, &["31: 2020-02-14: warning: last row with volume 0: perhaps of an unfinished session"]);
    let mut rows = healthy();
    rows.push(row(30, 130.0, 65.0));
    let ahead = "32: 2020-02-17: warning: last row, every other file ends by 2020-02-14: perhaps of an unfinished session";
    check(&rows, &[ahead]);
    rows.push(row(31, 131.0, 65.5));
    check(&rows, &[]);
}

#[test]
fn volume_that_is_often_missing_is_not_expected_in_the_last_row() {
    let mut rows = healthy();
    for line in (3..=31).step_by(2) {
        edit(&mut rows, line, &[(6, "0")]);
    }
    check(&rows, &[]);
}

#[test]
fn a_jump_that_the_adjusted_close_explains_is_a_warning() {
    let mut rows = healthy();
    scale(&mut rows, 10, 0.5, 1.0);
    check(
        &rows,
        &[
            "10: 2020-01-16: warning: close moves from 107 to 54 as in a split or distribution, and the adjusted close does not",
        ],
    );
}

#[test]
fn a_split_that_the_adjusted_close_lacks_is_an_error() {
    for (factor, after, ratio) in [(0.5, 54.0, "2:1"), (1.5, 162.0, "2:3"), (10.0, 1080.0, "1:10")] {
        let mut rows = healthy();
        scale(&mut rows, 10, factor, factor);
        check(
            &rows,
            &[&format!(
                "10: 2020-01-16: error: close moves from 107 to {after} as in a {ratio} split that the adjusted close does not explain"
            )],
        );
    }
}

#[test]
fn a_split_shows_in_the_open_on_a_wild_day_too() {
    let mut rows = healthy();
    scale(&mut rows, 10, 0.5, 0.5);
    edit(&mut rows, 10, &[(2, "59.5"), (4, "59"), (5, "29.5")]);
    check(
        &rows,
        &[
            "10: 2020-01-16: error: close moves from 107 to 59 as in a 2:1 split that the adjusted close does not explain",
        ],
    );
}

#[test]
fn an_adjusted_close_that_splits_alone_is_an_error() {
    let mut rows = healthy();
    scale(&mut rows, 10, 1.0, 0.5);
    check(
        &rows,
        &[
            "10: 2020-01-16: error: adjusted close moves from 53.5 to 27 as in a 2:1 split, and close does not",
        ],
    );
}

#[test]
fn heavy_trading_makes_a_split_ratio_news() {
    let mut rows = healthy();
    scale(&mut rows, 10, 0.5, 0.5);
    edit(&mut rows, 10, &[(6, "20000")]);
    check(&rows, &["10: 2020-01-16: warning: close moves from 107 to 54 in one session"]);
    scale(&mut rows, 10, 2.0 / 3.0, 2.0 / 3.0);
    edit(&mut rows, 10, &[(6, "20000")]);
    check(&rows, &[]);
}

#[test]
fn trading_in_shares_that_only_a_split_multiplies_is_no_news() {
    let mut rows = healthy();
    scale(&mut rows, 10, 0.1, 0.1);
    for line in 10..=31 {
        edit(&mut rows, line, &[(6, "10000")]);
    }
    let found = "10: 2020-01-16: error: close moves from 107 to 10.8 as in a 10:1 split that the adjusted close does not explain";
    check(&rows, &[found]);
}

#[test]
fn pennies_do_not_split() {
    let mut rows = healthy();
    scale(&mut rows, 2, 0.0005, 0.0005);
    scale(&mut rows, 10, 0.001, 0.001);
    check(&rows, &["10: 2020-01-16: warning: close moves from 0.0535 to 0.108 in one session"]);
}

#[test]
fn a_large_move_that_is_no_split_is_a_warning() {
    let mut rows = healthy();
    scale(&mut rows, 10, 0.55, 0.55);
    check(&rows, &["10: 2020-01-16: warning: close moves from 107 to 59.4 in one session"]);
    let mut rows = healthy();
    scale(&mut rows, 10, 1.35, 1.35);
    check(&rows, &[]);
}

#[test]
fn a_jump_there_and_back_is_one_warning() {
    let mut rows = healthy();
    rows[9] = row(8, 54.0, 27.0);
    check(&rows, &["10: 2020-01-16: warning: close moves from 107 to 54 and is back in the session after"]);
}

#[test]
fn without_an_adjusted_close_a_split_is_only_possible() {
    let mut rows = healthy();
    scale(&mut rows, 10, 0.5, 0.5);
    for row in &mut rows {
        let cells: Vec<&str> = row.split(',').collect();
        *row = [&cells[..5], &cells[6..]].concat().join(",");
    }
    check(
        &rows,
        &[
            "1: warning: no column 'Adj Close', so the prices cannot be adjusted; set `adjust = false` under [data] to use them as traded",
            "10: 2020-01-16: warning: close moves from 107 to 54 as in a 2:1 split, which no adjusted close is there to explain",
        ],
    );
}

#[test]
fn high_low_and_volume_are_optional() {
    let mut rows = healthy();
    for row in &mut rows {
        let cells: Vec<&str> = row.split(',').collect();
        *row = [cells[0], cells[1], cells[4], cells[5]].join(",");
    }
    edit(&mut rows, 9, &[(2, "0")]);
    check(&rows, &["9: 2020-01-15: error: close 0 is not positive"]);
    let mut rows = healthy();
    edit(&mut rows, 9, &[(6, "1k")]);
    edit(&mut rows, 11, &[(1, "0")]);
    check(
        &rows,
        &[
            "9: warning: column 'Volume': '1k' is not a finite number; high, low and volume of the file were not checked",
            "11: 2020-01-17: error: open 0 is not positive",
        ],
    );
}

#[test]
fn ten_equal_closes_are_a_stale_run() {
    let mut rows = healthy();
    for line in 6..=14 {
        edit(&mut rows, line, &[(1, "104"), (2, "104"), (3, "104"), (4, "104"), (5, "52")]);
    }
    check(&rows, &[]);
    edit(&mut rows, 15, &[(1, "104"), (2, "104"), (3, "104"), (4, "104"), (5, "52")]);
    check(&rows, &["6: 2020-01-10: warning: close 104 stays the same for 10 sessions, to 2020-01-23"]);
}

#[test]
fn gaps_are_told_a_run_each() {
    let mut rows = healthy();
    rows.drain(19..22);
    rows.remove(6);
    check(
        &rows,
        &[
            "6: 2020-01-10: warning: no row for 2020-01-13 follows, which most other files have",
            "18: 2020-01-29: warning: no rows for 3 sessions follow that most other files have, 2020-01-30 to 2020-02-03",
        ],
    );
}

#[test]
fn a_day_off_in_half_of_the_files_is_no_gap() {
    let (healthy, mut holiday) = (healthy(), healthy());
    holiday.remove(10);
    let files = [
        ("A.csv", &holiday[..]),
        ("B.csv", &holiday),
        ("C.csv", &healthy),
        ("D.csv", &healthy),
        ("E.csv", &holiday),
    ];
    assert_eq!(lint_files(&files), Vec::<String>::new());
    let found = lint_files(&files[..4]);
    let gap = "10: 2020-01-16: warning: no row for 2020-01-17 follows, which most other files have";
    assert_eq!(found, [format!("A.csv:{gap}"), format!("B.csv:{gap}")]);
}

#[test]
fn dates_of_one_file_alone_are_told_a_run_each() {
    let mut rows = healthy();
    rows.insert(6, rows[6].replace("2020-01-13", "2020-01-12"));
    rows.insert(6, rows[5].replace("2020-01-10", "2020-01-11"));
    let found = "7: 2020-01-11: warning: none of the 2 other files of that time has the dates of 2 rows, to 2020-01-12";
    check(&rows, &[found]);
    let found = lint_files(&[("A.csv", &healthy()), ("M.csv", &rows)]);
    assert_eq!(found, Vec::<String>::new(), "of two files nobody knows which is wrong");
}

#[test]
fn weekends_are_missed_by_nobody() {
    let mut rows = healthy();
    rows.insert(6, rows[6].replace("2020-01-13", "2020-01-11"));
    let found = lint_files(&[("A.csv", &healthy()), ("M.csv", &rows), ("N.csv", &rows), ("O.csv", &rows)]);
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn late_starts_name_the_usual_one() {
    let mut rows = healthy();
    rows.drain(1..24);
    check(&rows, &[]);
    let mut rows = healthy();
    rows.drain(1..25);
    check(&rows, &["2: 2020-02-07: warning: first row, but 2 of 3 files begin by 2020-01-06"]);
    assert_eq!(lint_files(&[("A.csv", &healthy()), ("M.csv", &rows)]), Vec::<String>::new());
}

#[test]
fn a_file_that_cannot_be_parsed_stops_no_other() {
    let mut rows = healthy();
    edit(&mut rows, 9, &[(4, "abc")]);
    check(&rows, &["9: error: column 'Close': 'abc' is not a finite number"]);
    check(&[], &["1: error: the file is empty, expected a header line with Date, Open and Close"]);
}

#[test]
fn many_findings_of_a_kind_are_folded() {
    let mut rows = healthy();
    for line in 5..=8 {
        edit(&mut rows, line, &[(1, "0")]);
    }
    let error = |line: i32| format!("{line}: {}: error: open 0 is not positive", date(line - 2));
    let shown: Vec<String> = (5..=8).map(error).collect();
    check(&rows, &shown.iter().map(String::as_str).collect::<Vec<_>>());
    edit(&mut rows, 9, &[(1, "0")]);
    let folded = "8: 2020-01-14: error: 2 more in this file from here on: price not positive";
    check(&rows, &[&shown[0], &shown[1], &shown[2], folded]);
}

#[test]
fn a_folder_without_price_files_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("README.md"), "").unwrap();
    assert!(matches!(lint(folder.path()).unwrap_err().kind, FileErrorKind::NoPriceFile));
    assert!(matches!(lint(&folder.path().join("X")).unwrap_err().kind, FileErrorKind::NoFolder));
}

#[test]
fn the_report_counts() {
    let folder = tempfile::tempdir().unwrap();
    let mut rows = healthy();
    edit(&mut rows, 5, &[(1, "0")]);
    edit(&mut rows, 31, &[(6, "0")]);
    fs::write(folder.path().join("A.csv"), rows.join("\n")).unwrap();
    let report = lint(folder.path()).unwrap();
    assert_eq!((report.files, report.rows), (1, 30));
    let count = |severity| report.findings.iter().filter(|finding| finding.severity == severity).count();
    assert_eq!([Severity::Error, Severity::Warning].map(count), [1, 1]);
}
