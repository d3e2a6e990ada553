//! Reads a matrix of returns from CSV: one row per period, one column per trial, names in the first line. Judges no values.

use std::io::Read;

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::dates::{dates, looks_like_date};
use super::index::{are_index, is_index};
use super::return_matrix::{MatrixError, ReturnMatrix};
use crate::text::quoted;

/// How programs write a missing number, in lower case.
const ABSENT: [&str; 8] = ["", "nan", "na", "n/a", "null", "none", "<na>", "-"];

/// The cells of a file. Those of the first column stay text until all are known, for it may be the index.
#[derive(Default)]
struct Cells {
    names: Vec<String>,
    /// The line of each row.
    lines: Vec<u64>,
    first: Vec<String>,
    others: Vec<Vec<f64>>,
}

/// Reads a matrix.
///
/// # Errors
/// The file cannot be read, has no column of returns or fewer than two rows, a row has more or fewer cells than the first line,
/// or a cell is neither a number nor missing; a column behind the first is an index; the dates of the index do not rise.
pub(crate) fn read(reader: impl Read) -> Result<ReturnMatrix, MatrixError> {
    let Cells { mut names, lines, first, others } = cells(reader)?;
    let last = lines.last().copied().unwrap_or(1);
    if lines.len() < 2 {
        return Err(MatrixError::at(last, 1, "expected a line of names and at least two rows of returns"));
    }
    if let Some(column) = others.iter().position(|values| are_index(values)) {
        let name = quoted::text(&names[column + 1]);
        let message =
            format!("column '{name}' holds dates, counts or epochs: an index is the first column, or none");
        return Err(MatrixError::at(2, 1, message));
    }
    let texts: Vec<&str> = first.iter().map(String::as_str).collect();
    if is_index(&names[0], &texts) {
        let index = names.remove(0);
        if names.is_empty() {
            let hint = if is_separated_otherwise(&index) { ": expected commas between cells" } else { "" };
            let message = format!("no column of returns beside the index '{}'{hint}", quoted::text(&index));
            return Err(MatrixError::at(last, 1, message));
        }
        let dates = dates(&texts).map_err(|fault| MatrixError::at(lines[fault.row], 1, fault.message))?;
        return Ok(ReturnMatrix { names, columns: others, dates, index: Some(index) });
    }
    let value =
        |(cell, line): (&&str, &u64)| number(cell).ok_or_else(|| MatrixError::at(*line, 1, no_return(cell)));
    let values = texts.iter().zip(&lines).map(value).collect::<Result<Vec<f64>, _>>()?;
    let columns = std::iter::once(values).chain(others).collect();
    Ok(ReturnMatrix { names, columns, dates: None, index: None })
}

/// Reads all rows.
fn cells(reader: impl Read) -> Result<Cells, MatrixError> {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(reader);
    let mut row = ByteRecord::new();
    if !reader.read_byte_record(&mut row).map_err(|error| MatrixError::of_line(1, error))? {
        return Err(MatrixError::at(1, 1, "the file is empty"));
    }
    let mut names: Vec<String> =
        row.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
    names[0] = names[0].trim_start_matches('\u{feff}').trim().to_owned();
    let mut cells = Cells { others: vec![Vec::new(); names.len() - 1], names, ..Cells::default() };
    while let Some(line) = next(&mut reader, &mut row)? {
        add(&mut cells, line, &row)?;
    }
    Ok(cells)
}

/// Reads the next row and gives its line; `None` at the end.
fn next<R: Read>(reader: &mut Reader<R>, row: &mut ByteRecord) -> Result<Option<u64>, MatrixError> {
    let before = reader.position().line();
    let is_read = reader.read_byte_record(row).map_err(|error| MatrixError::of_line(before, error))?;
    Ok(is_read.then(|| row.position().map_or(before, csv::Position::line)))
}

fn add(cells: &mut Cells, line: u64, row: &ByteRecord) -> Result<(), MatrixError> {
    let at = |cell: usize, message: String| {
        let before: usize =
            row.iter().take(cell).map(|cell| String::from_utf8_lossy(cell).chars().count() + 1).sum();
        MatrixError::at(line, before + 1, message)
    };
    let Cells { names, lines, first, others } = cells;
    if row.len() != names.len() {
        let is_other = names.len() == 1 || is_separated_otherwise(&names[0]);
        let hint = if is_other { ": expected commas between cells" } else { "" };
        let message = format!("{} cells, but the first line has {}{hint}", row.len(), names.len());
        return Err(at(row.len().min(names.len()), message));
    }
    lines.push(line);
    first.push(String::from_utf8_lossy(&row[0]).trim().to_owned());
    for (cell, column) in others.iter_mut().enumerate() {
        let text = String::from_utf8_lossy(&row[cell + 1]);
        let text = text.trim();
        column.push(number(text).ok_or_else(|| at(cell + 1, behind(&names[cell + 1], text)))?);
    }
    Ok(())
}

/// Whether a first line seems to have other separators than commas.
fn is_separated_otherwise(names: &str) -> bool {
    names.contains([';', '\t'])
}

/// A number, NaN for a missing one, `None` for any other text.
fn number(text: &str) -> Option<f64> {
    text.parse().ok().or_else(|| ABSENT.contains(&text.to_ascii_lowercase().as_str()).then_some(f64::NAN))
}

/// What is said of a cell behind the first column that is no number.
fn behind(name: &str, cell: &str) -> String {
    if looks_like_date(cell) {
        let [shown, name] = [cell, name].map(quoted::text);
        return format!("'{shown}' in column '{name}' is a date: an index is the first column, or none");
    }
    no_return(cell)
}

fn no_return(cell: &str) -> String {
    let shown = quoted::text(cell);
    if cell.ends_with('%') {
        return format!("'{shown}' is no number: write per cent without the sign, and give --percent");
    }
    format!("'{shown}' is no return: expected a number such as 0.0123")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, names: &[&str], first: &[f64], index: Option<&str>) {
        let matrix = read(text.as_bytes()).unwrap();
        assert_eq!(matrix.names, names);
        let row: Vec<f64> = matrix.columns.iter().map(|column| column[0]).collect();
        assert_eq!(row, first);
        assert_eq!(matrix.index.as_deref(), index);
    }

    #[test]
    fn an_index_is_not_a_trial() {
        check("a,b\n0.1,0.2\n0,0\n", &["a", "b"], &[0.1, 0.2], None);
        check(",a\n0,0.2\n1,0\n", &["a"], &[0.2], Some(""));
        check("date,a\n2020-01-02,1e-3\n2020-01-03,0\n", &["a"], &[0.001], Some("date"));
        check("\u{feff}when,a\n2020-01-02 00:00:00,.5\n2020-01-03,0\n", &["a"], &[0.5], Some("when"));
        check("x,a\n1500000000,0.2\n1500086400,0\n", &["a"], &[0.2], Some("x"));
        check("Unnamed: 0,a\n5,0.2\n5,0\n", &["a"], &[0.2], Some("Unnamed: 0"));
    }

    #[test]
    fn an_index_keeps_its_dates() {
        let days = |text: &str| {
            let dates = read(text.as_bytes()).unwrap().dates?;
            Some(dates.iter().map(|date| date.0).collect::<Vec<i32>>())
        };
        assert_eq!(days("when,a\n19700102,0.1\n19700105,0.2\n"), Some(vec![1, 4]));
        assert_eq!(days("t,a\n1580428800000,0.1\n1580688000000,0.2\n"), Some(vec![18292, 18295]));
        assert_eq!(days("n,a\n1,0.1\n2,0.2\n"), None);
        assert_eq!(days("b,a\n0.1,0.1\n0.1,0.2\n"), None);
    }

    #[test]
    fn errors_say_where() {
        let error = |text: &str| read(text.as_bytes()).unwrap_err().to_string();
        assert!(error("a,b\n0.1,0.2\n0.1,up\n").starts_with("3:5: 'up' is no return"));
        assert!(error("a,b\n0.1,0.2\nup,0.1\n").starts_with("3:1: 'up' is no return"));
        assert!(error("a,b\n0.1\n").starts_with("2:5: 1 cells, but the first line has 2"));
        assert!(error("a;b\n0,1;0,2\n").contains("expected commas"));
        assert!(error("date;a\n2020-01-02;1\n2020-01-03;2\n").contains("expected commas"));
        assert!(error("").contains("empty"));
        assert!(error("a\n1\n").contains("at least two rows"));
        assert!(error("date\n2020-01-02\n2020-01-03\n").contains("beside the index 'date'"));
        assert!(error("a,b\n0.1,1.5%\n").contains("--percent"));
        assert!(error("when,a\n2020-01-03,0\n2020-01-02,0\n").starts_with("3:1: '2020-01-02' follows"));
    }

    #[test]
    fn an_index_behind_the_first_column_is_named() {
        let error = |text: &str| read(text.as_bytes()).unwrap_err().to_string();
        assert!(
            error("a,when\n0.1,2020-01-02\n0.2,2020-01-03\n")
                .starts_with("2:5: '2020-01-02' in column 'when'")
        );
        for cells in [["20200102", "20200109"], ["3", "4"], ["1500000000", "1500086400"]] {
            let text = format!("a,last\n0.1,{}\n0.2,{}\n", cells[0], cells[1]);
            assert!(error(&text).contains("column 'last' holds dates, counts or epochs"), "{cells:?}");
        }
    }

    #[test]
    fn missing_values_become_nan() {
        let matrix = read("a,b\n,1\nNaN,2.5\n".as_bytes()).unwrap();
        assert!(matrix.columns[0].iter().all(|value| value.is_nan()));
    }
}
