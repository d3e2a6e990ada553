//! The values of a formula as CSV, JSON and a table for a terminal.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::ops::Range;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::json_number::JsonNumber;
use super::json_rows::JsonRows;
use crate::market::date::Date;
use crate::strategy::formula_values::FormulaValues;
use crate::text::quoted;

/// The most characters of a line of the table, unless one column needs more.
const LINE_WIDTH: usize = 100;
/// Characters of a date and of the blanks before a column.
const DATE_WIDTH: usize = 10;
const GAP: usize = 2;
/// Digits of a number in the table.
const DIGITS: i32 = 6;

/// Writes the columns `Date` and one an asset, with a row for each day, in many small pieces: give it a buffered writer.
///
/// # Errors
/// The writer fails.
pub(crate) fn write_csv(
    values: &mut FormulaValues,
    days: Range<usize>,
    writer: &mut dyn Write,
) -> io::Result<()> {
    write!(writer, "Date")?;
    values.assets.iter().try_for_each(|asset| write!(writer, ",{asset}"))?;
    writeln!(writer)?;
    values.each_block(days, |dates, columns| {
        for (row, date) in dates.iter().enumerate() {
            write!(writer, "{date}")?;
            for column in columns {
                let value = column[row];
                if value.is_nan() {
                    write!(writer, ",")
                } else {
                    write!(writer, ",{}", quoted::number(value))
                }?;
            }
            writeln!(writer)?;
        }
        Ok(())
    })
}

/// Writes one line of JSON with the formula, the dates, and the values of each asset.
///
/// # Errors
/// The writer fails.
pub(crate) fn write_json(
    formula: &str,
    values: &mut FormulaValues,
    days: Range<usize>,
    writer: &mut dyn Write,
) -> io::Result<()> {
    let columns = values.columns(days.clone());
    let dates = JsonRows(values.dates[days].iter().map(Date::to_string));
    let columns = Columns { assets: &values.assets, columns: &columns };
    serde_json::to_writer(&mut *writer, &Document { formula, dates, values: columns })?;
    writeln!(writer)
}

#[derive(Serialize)]
struct Document<'v, D: Serialize> {
    formula: &'v str,
    dates: D,
    values: Columns<'v>,
}

struct Columns<'v> {
    assets: &'v [String],
    columns: &'v [Vec<f64>],
}

impl Serialize for Columns<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.assets.len()))?;
        for (asset, column) in self.assets.iter().zip(self.columns) {
            map.serialize_entry(asset, &JsonRows(column.iter().map(|value| JsonNumber(*value))))?;
        }
        map.end()
    }
}

/// A table of some days: numbers with six digits, `-` where there is none. Columns that do not fit on a line go on below it.
pub(crate) fn table(values: &mut FormulaValues, days: Range<usize>) -> String {
    let columns = values.columns(days.clone());
    let columns: Vec<Vec<String>> =
        values.assets.iter().zip(&columns).map(|(asset, column)| cells(asset, column)).collect();
    tables(&values.dates[days], &columns)
}

/// The cells of a column, all of the same width: its ticker, and its values.
fn cells(asset: &str, column: &[f64]) -> Vec<String> {
    let cells: Vec<String> =
        [asset.to_owned()].into_iter().chain(column.iter().map(|value| six_digits(*value))).collect();
    let width = cells.iter().map(String::len).max().unwrap_or(0);
    cells.into_iter().map(|cell| format!("{cell:>width$}")).collect()
}

/// Tables below each other, each with as many columns as fit on a line.
fn tables(dates: &[Date], columns: &[Vec<String>]) -> String {
    let mut text = String::new();
    let mut rest = columns;
    loop {
        let mut width = DATE_WIDTH;
        let fits = rest.iter().take_while(|column| {
            width += GAP + column[0].len();
            width <= LINE_WIDTH
        });
        let (some, others) = rest.split_at(fits.count().max(1).min(rest.len()));
        let head = ["Date".to_owned()].into_iter().chain(dates.iter().map(Date::to_string));
        for (row, date) in head.enumerate() {
            let cells: String = some.iter().map(|column| format!("  {}", column[row])).collect();
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{date:<DATE_WIDTH$}{cells}");
        }
        if others.is_empty() {
            return text;
        }
        text.push('\n');
        rest = others;
    }
}

/// A number rounded to six digits, with an exponent if it is large or small; `-` for NaN.
fn six_digits(value: f64) -> String {
    if value.is_nan() {
        return "-".to_owned();
    }
    let text = format!("{value:.*e}", DIGITS as usize - 1);
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    match exponent.parse::<i32>() {
        // As much as is written of it: `1.5`, not `1.50000`.
        Ok(-5..DIGITS) => text.parse::<f64>().map_or(text.clone(), |rounded| format!("{rounded}")),
        _ if digits.contains('.') => {
            format!("{}e{exponent}", digits.trim_end_matches('0').trim_end_matches('.'))
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_a_table_have_six_digits() {
        let shown = [1.0, 1.5, -2.0 / 3.0, 123_456.7, 999_999.5, 1_234_567.0, 2e-5, 1.0 / 3e6, 0.0, 1e300];
        assert_eq!(
            shown.map(six_digits),
            ["1", "1.5", "-0.666667", "123457", "1e6", "1.23457e6", "0.00002", "3.33333e-7", "0", "1e300"]
        );
        assert_eq!(six_digits(f64::NAN), "-");
    }

    #[test]
    fn columns_that_do_not_fit_go_on_below() {
        let date = Date::parse(b"2020-01-02").unwrap();
        let column = |name: &str| cells(name, &[0.5]);
        assert_eq!(
            tables(&[date], &[column("A"), column("LONGER")]),
            "\
Date          A  LONGER
2020-01-02  0.5     0.5
"
        );
        // Ten and eight: 10 + 7 * 12 = 94 characters, and 12 more would be too many.
        let wide: Vec<Vec<String>> = (0..8).map(|number| column(&format!("WIDE_TEN_{number}"))).collect();
        let text = tables(&[date], &wide);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!((lines.len(), lines[0].len(), lines[2]), (5, 94, ""));
        assert_eq!(lines[3], "Date        WIDE_TEN_7");
        assert_eq!(tables(&[date], &[]), "Date      \n2020-01-02\n");
        let widest = column(&"X".repeat(200));
        assert_eq!(tables(&[date], &[widest.clone(), widest]).lines().count(), 5);
    }
}
