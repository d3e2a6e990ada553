//! Looks for defects in a folder of price files. Repairs nothing, and refuses only a folder without price files.
//!
//! 1. Each file is read with all columns it has and checked on its own: `bars` row by row, `jumps` from session to session.
//!    Only its dates stay in memory.
//! 2. The dates of all files are compared: `sessions`. The dates that most files have are taken as the calendar, since nothing
//!    else here knows the holidays.
//! 3. If a file has many findings of one kind, the report shows the first ones and counts the rest, so that it stays readable.
//!
//! An error is a defect that makes a backtest wrong whatever the strategy. What a real market can produce is a warning.

mod bars;
pub(crate) mod finding;
mod jumps;
mod sessions;
mod spot;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use self::bars::SortedBars;
use self::finding::{Defect, PriceFinding};
use self::sessions::Sessions;
use self::spot::Spot;
use super::columns::{Column, Columns};
use super::input::error::{FileError, FileErrorKind, RowError, RowErrorKind};
use super::input::folder::{csv, files};
use super::table::PriceTable;

/// Number of findings of one kind in one file that are shown; the others are counted. Three show whether there is a pattern.
const SHOWN: usize = 3;

/// The findings in a folder of price files.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LintReport {
    /// Number of price files.
    pub files: usize,
    /// Number of rows in those that can be parsed.
    pub rows: usize,
    /// The findings, by file and line; on the same line errors come first.
    pub findings: Vec<PriceFinding>,
}

/// Checks every price file of a folder. A file that cannot be decompressed or parsed is a finding, and the others are still
/// checked.
///
/// # Errors
/// The folder does not exist, cannot be listed or has no price file, or a file cannot be read.
pub(crate) fn lint(folder: &Path) -> Result<LintReport, FileError> {
    let symbols = files::symbols(folder)?;
    let paths: Vec<PathBuf> = symbols.iter().filter_map(|symbol| files::path_of(folder, symbol)).collect();
    if paths.is_empty() {
        return Err(FileError { path: folder.to_owned(), kind: FileErrorKind::NoPriceFile });
    }
    let linted: Vec<_> = paths.par_iter().with_max_len(1).map(|path| lint_file(path)).collect();
    let mut rows = 0;
    let mut sessions = Vec::with_capacity(paths.len());
    let mut spots = Vec::with_capacity(paths.len());
    for linted in linted {
        let linted = linted?;
        rows += linted.rows;
        sessions.push(linted.sessions);
        spots.push(linted.spots);
    }
    for (spots, more) in spots.iter_mut().zip(sessions::spots(&sessions)) {
        spots.extend(more);
    }
    let mut findings: Vec<PriceFinding> =
        paths.iter().zip(spots).flat_map(|(path, spots)| findings(path, spots)).collect();
    findings.sort_by(|a, b| (&a.file, a.line, a.severity).cmp(&(&b.file, b.line, b.severity)));
    Ok(LintReport { files: paths.len(), rows, findings })
}

/// The check of one file on its own.
struct Linted {
    rows: usize,
    /// `None` if the file cannot be parsed.
    sessions: Option<Sessions>,
    spots: Vec<Spot>,
}

fn lint_file(path: &Path) -> Result<Linted, FileError> {
    let bytes = match files::read_bytes(path) {
        Err(FileError { kind: FileErrorKind::BadGzip(error), .. }) => {
            let kind = RowErrorKind::Format { reason: format!("cannot unpack: {error}") };
            let spots = vec![Spot { line: 1, date: None, defect: Defect::Unreadable(kind) }];
            return Ok(Linted { rows: 0, sessions: None, spots });
        }
        bytes => bytes?,
    };
    let (table, mut spots) = read(&bytes);
    let Some(table) = table else {
        return Ok(Linted { rows: 0, sessions: None, spots });
    };
    let bars = SortedBars::new(&table);
    spots.extend(bars::spots(&bars));
    spots.extend(jumps::spots(&bars));
    Ok(Linted { rows: table.len(), sessions: Some(Sessions::new(&bars)), spots })
}

/// Reads a file with all columns it has; no table if it cannot be parsed.
///
/// Few strategies use high, low and volume, so a file may lack them, and one with such a column that cannot be parsed is read
/// without all three.
fn read(bytes: &[u8]) -> (Option<PriceTable>, Vec<Spot>) {
    let mut columns = Columns::all();
    let mut spots = Vec::new();
    let mut optional = None;
    loop {
        let RowError { line, kind } = match csv::read(bytes, columns) {
            Ok(table) => {
                spots.extend(optional);
                return (Some(table), spots);
            }
            Err(error) => error,
        };
        let spot = |defect| Spot { line, date: None, defect };
        if kind == RowErrorKind::NoAdjustedClose {
            columns = columns.without(Column::AdjustedClose);
            spots.push(spot(Defect::NoAdjustedClose));
        } else if let Some(column) = missing_optional(&kind) {
            columns = columns.without(column);
        } else if columns.iter().any(is_optional) {
            columns = columns.iter().filter(|column| !is_optional(*column)).collect();
            optional = Some(spot(Defect::UnreadableOptional(kind)));
        } else {
            spots.push(spot(Defect::Unreadable(kind)));
            return (None, spots);
        }
    }
}

/// Whether a column may be missing or unreadable.
fn is_optional(column: Column) -> bool {
    !column.description().required && column != Column::AdjustedClose
}

/// The optional column that the file lacks; `None` if the error is another one.
fn missing_optional(kind: &RowErrorKind) -> Option<Column> {
    let RowErrorKind::MissingColumn { column: header, .. } = kind else { return None };
    Column::all().find(|column| is_optional(*column) && column.header() == *header)
}

/// The findings of one file by line: the first [`SHOWN`] of each kind and a count of the others.
fn findings(path: &Path, mut spots: Vec<Spot>) -> Vec<PriceFinding> {
    spots.sort_by_key(|spot| spot.line);
    let mut seen: HashMap<&'static str, (usize, usize)> = HashMap::new();
    let mut findings: Vec<PriceFinding> = Vec::new();
    for Spot { line, date, defect } in spots {
        let (severity, kind) = (defect.severity(), defect.kind());
        let (count, last) = seen.entry(kind).or_default();
        *count += 1;
        match *count {
            count if count <= SHOWN + 1 => {
                *last = findings.len();
                findings.push(PriceFinding { file: path.to_owned(), line, date, severity, defect });
            }
            count => findings[*last].defect = Defect::More { count: count - SHOWN, severity, kind },
        }
    }
    findings
}
