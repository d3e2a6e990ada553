//! All rows of a sweep, merged from its shards: one stream of text for `points.csv`, and the figures in columns.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::error::SweepError;
use super::plan::Plan;
use super::results::{Coverage, Results};
use super::shard::ShardName;
use super::trial_mark::{column, sharpe_of_blocks};
use crate::stats::overfitting::trials::TrialOutcome;
use crate::strategy::figures::{FIGURES, Metric, PointFigures};

/// Reasons of failure told apart.
const REASONS_MOST: usize = 1000;

/// The rows of a sweep in columns, in the order of the points.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    /// The points that have a row.
    pub points: Vec<u64>,
    /// For each of [`FIGURES`] the values of all rows; NaN where absent or failed.
    pub figures: Vec<Vec<f64>>,
    /// Whether each row failed.
    pub failed: Vec<bool>,
    /// What each row is among trials.
    pub columns: Vec<TrialOutcome>,
    /// Sharpe ratio per period of each row from its sums over blocks of true returns; 0 where it does not move.
    pub sharpes: Vec<f64>,
    /// How often points failed for each reason, for up to a thousand of them.
    pub reasons: BTreeMap<String, u64>,
}

/// Why a merge ended.
#[derive(Debug)]
pub(crate) enum MergeError {
    /// The shards contradict each other or cannot be read.
    Sweep(SweepError),
    /// The stream of text cannot be written.
    Output(io::Error),
}

impl From<SweepError> for MergeError {
    fn from(error: SweepError) -> MergeError {
        MergeError::Sweep(error)
    }
}

/// Merges the shards of a sweep that are whole. Writes the header and all rows to `out`, in the order of the points.
///
/// # Errors
/// Two shards that give different rows for one point; both files are named.
pub(crate) fn merge(
    plan: &Plan,
    results: &Results,
    coverage: &Coverage,
    out: &mut dyn Write,
) -> Result<Table, MergeError> {
    let mut table = Table { figures: vec![Vec::new(); FIGURES.len()], ..Table::default() };
    let header = plan.header();
    out.write_all(header.as_bytes()).map_err(MergeError::Output)?;
    let width = 2 * plan.blocks;
    let length = plan.periods() / plan.blocks.max(1);
    let cells_before = 1 + plan.sweep.space.axes.len();
    let mut earlier: Vec<(ShardName, String)> = Vec::new();
    let mut next = 0;
    for &name in &coverage.whole {
        let path = || results.table_path(name).display().to_string();
        let Some(shard) = results.read(name)? else {
            let text = format!("{}: changed while it was read", path());
            return Err(SweepError::Data(text).into());
        };
        earlier.retain(|(earlier, _)| earlier.last >= name.first);
        let rows = shard.table.strip_prefix(header.as_str()).ok_or_else(|| {
            SweepError::Data(format!("{}:1: expected the columns {}", path(), header.trim_end()))
        })?;
        let first_new = next;
        let mut unwritten = None;
        let mut start = 0;
        for (line, row) in rows.split_inclusive('\n').enumerate() {
            let point = row.split(',').next().and_then(|cell| cell.parse::<u64>().ok());
            let point = point.filter(|&point| name.covers(point)).ok_or_else(|| {
                SweepError::Data(format!("{}:{}: expected a row of a point of this shard", path(), line + 2))
            })?;
            if point < first_new {
                compare(results, &earlier, name, point, row)?;
            } else {
                unwritten.get_or_insert(start);
                table
                    .push(point, row.trim_end(), cells_before)
                    .ok_or_else(|| SweepError::Data(format!("{}:{}: expected figures", path(), line + 2)))?;
                let sums = shard.sums.get(line * width..(line + 1) * width).unwrap_or(&[]);
                table.push_sums(sums, length);
                next = point + 1;
            }
            start += row.len();
        }
        if let Some(unwritten) = unwritten {
            out.write_all(&rows.as_bytes()[unwritten..]).map_err(MergeError::Output)?;
        }
        earlier.push((name, shard.table));
    }
    Ok(table)
}

/// A row that stands in two shards must be the same in both.
fn compare(
    results: &Results,
    earlier: &[(ShardName, String)],
    name: ShardName,
    point: u64,
    row: &str,
) -> Result<(), SweepError> {
    let start = format!("{point},");
    for (other, table) in earlier.iter().filter(|(other, _)| other.covers(point)) {
        let same =
            table.split_inclusive('\n').find(|line| line.starts_with(&start)).is_none_or(|line| line == row);
        if !same {
            return Err(SweepError::Data(format!(
                "{} and {} give different rows for point {point}; delete the wrong one of them",
                results.table_path(*other).display(),
                results.table_path(name).display()
            )));
        }
    }
    Ok(())
}

impl Table {
    /// Appends a row; `None` if the cells are no row of results.
    fn push(&mut self, point: u64, row: &str, cells_before: usize) -> Option<()> {
        let mut cells = Cells { rest: Some(row) };
        for _ in 0..cells_before {
            cells.next()?;
        }
        let failed = match cells.next()? {
            "ok" => false,
            "failed" => true,
            _ => return None,
        };
        let reason = cells.next()?;
        if failed {
            let known = self.reasons.contains_key(reason);
            let reason = if known || self.reasons.len() < REASONS_MOST {
                unquoted(reason)
            } else {
                "other reasons".to_owned()
            };
            *self.reasons.entry(reason).or_default() += 1;
        }
        for column in &mut self.figures {
            let cell = cells.next()?;
            column.push(if cell.is_empty() { f64::NAN } else { cell.parse().ok()? });
        }
        self.points.push(point);
        self.failed.push(failed);
        cells.rest.is_none().then_some(())
    }

    /// Appends what the sums of the last row say.
    fn push_sums(&mut self, sums: &[f64], length: usize) {
        let row = self.points.len() - 1;
        let figures = self.of_row(row);
        let column = column(self.failed[row], sums, &figures);
        let moves = matches!(column, TrialOutcome::Moving(_));
        self.sharpes.push(if moves { sharpe_of_blocks(sums, length) } else { 0.0 });
        self.columns.push(column);
    }

    /// The values of a figure, one a row.
    pub(crate) fn values(&self, metric: Metric) -> &[f64] {
        &self.figures[metric.column()]
    }

    /// The figures of a row.
    pub(crate) fn of_row(&self, row: usize) -> PointFigures {
        let mut figures = [f64::NAN; FIGURES.len()];
        figures.iter_mut().zip(&self.figures).for_each(|(figure, values)| *figure = values[row]);
        figures
    }

    /// Number of rows that failed.
    pub(crate) fn failures(&self) -> u64 {
        self.failed.iter().filter(|failed| **failed).count() as u64
    }
}

fn unquoted(cell: &str) -> String {
    cell.strip_prefix('"')
        .and_then(|cell| cell.strip_suffix('"'))
        .map_or(cell.to_owned(), |cell| cell.replace("\"\"", "\""))
}

/// The cells of a row as they stand, quotes and all.
struct Cells<'r> {
    rest: Option<&'r str>,
}

impl<'r> Iterator for Cells<'r> {
    type Item = &'r str;

    fn next(&mut self) -> Option<&'r str> {
        let rest = self.rest?;
        let end = match rest.starts_with('"') {
            false => rest.find(','),
            true => {
                // The closing quote is the first that is not doubled.
                let bytes = rest.as_bytes();
                let mut at = 1;
                while at < bytes.len() && (bytes[at] != b'"' || bytes.get(at + 1) == Some(&b'"')) {
                    at += if bytes[at] == b'"' { 2 } else { 1 };
                }
                rest[at.min(rest.len())..].find(',').map(|comma| at + comma)
            }
        };
        let (cell, rest) = match end {
            Some(end) => (&rest[..end], Some(&rest[end + 1..])),
            None => (rest, None),
        };
        self.rest = rest;
        Some(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_may_hold_commas_and_quotes() {
        let cells: Vec<&str> = Cells { rest: Some("1,\"a,\"\"b\"\", c\",,x,\"\"") }.collect();
        assert_eq!(cells, ["1", "\"a,\"\"b\"\", c\"", "", "x", "\"\""]);
        assert_eq!(unquoted(cells[1]), "a,\"b\", c");
    }
}
