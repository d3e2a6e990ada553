//! All rows of a sweep, merged from its shards: one stream of text for `points.csv`, and the figures in columns.

use std::collections::BTreeMap;
use std::io::Write;
use std::mem;
use std::path::Path;

use csv_core::ReadRecordResult;

use super::error::SweepError;
use super::plan::Plan;
use super::results::{Coverage, Results};
use super::row::read_figure;
use super::shard::ShardName;
use super::trial_mark::{column, sharpe_of_blocks};
use crate::files::WriteError;
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

/// Merges the shards of a sweep that are whole. Writes the header and all rows to `out`, a file of this path, in the order of
/// the points.
///
/// # Errors
/// Two shards give different rows for one point, and both files are named; a shard cannot be read; `out` cannot be written.
pub(crate) fn merge(
    plan: &Plan,
    results: &Results,
    coverage: &Coverage,
    path: &Path,
    out: &mut dyn Write,
) -> Result<Table, SweepError> {
    let failed = |error| WriteError::midway(path, error);
    let mut table = Table { figures: vec![Vec::new(); FIGURES.len()], ..Table::default() };
    let header = plan.header();
    out.write_all(header.as_bytes()).map_err(failed)?;
    let width = 2 * plan.blocks;
    let length = plan.returns / plan.blocks.max(1);
    let cells_before = 1 + plan.sweep.space.axes.len();
    let mut cells = Cells::new(cells_before + 2 + FIGURES.len());
    let mut earlier: Vec<(ShardName, String)> = Vec::new();
    let mut next = 0;
    for &name in &coverage.whole {
        let path = || results.table_path(name).display().to_string();
        let Some(shard) = results.read(name)? else {
            let text = format!("{}: changed while it was read", path());
            return Err(SweepError::Data(text));
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
                cells
                    .split(row, cells_before)
                    .and_then(|cells| table.push(point, cells))
                    .ok_or_else(|| SweepError::Data(format!("{}:{}: expected figures", path(), line + 2)))?;
                let sums = shard.sums.get(line * width..(line + 1) * width).unwrap_or(&[]);
                table.push_sums(sums, length);
                next = point + 1;
            }
            start += row.len();
        }
        if let Some(unwritten) = unwritten {
            out.write_all(&rows.as_bytes()[unwritten..]).map_err(failed)?;
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
    /// Appends a row by its cells from the status on; `None` if they are no row of results.
    fn push<'r>(&mut self, point: u64, mut cells: impl Iterator<Item = &'r str>) -> Option<()> {
        let failed = match cells.next()? {
            "ok" => false,
            "failed" => true,
            _ => return None,
        };
        let reason = cells.next()?;
        if failed {
            let known = self.reasons.contains_key(reason);
            let reason = if known || self.reasons.len() < REASONS_MOST { reason } else { "other reasons" };
            *self.reasons.entry(reason.to_owned()).or_default() += 1;
        }
        for (figure, column) in FIGURES.iter().zip(&mut self.figures) {
            column.push(read_figure(figure, cells.next()?)?);
        }
        self.points.push(point);
        self.failed.push(failed);
        Some(())
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

    /// Whether the account of a row was ruined: it has figures, and they mean nothing.
    pub(crate) fn is_ruined(&self, row: usize) -> bool {
        !self.values(Metric::RUINED_ON)[row].is_nan()
    }

    /// The values of a figure, one a row, where they mean something: NaN for a ruined row.
    pub(crate) fn meaningful_values(&self, metric: Metric) -> Vec<f64> {
        let values = self.values(metric).iter().zip(self.values(Metric::RUINED_ON));
        values.map(|(value, ruined)| if ruined.is_nan() { *value } else { f64::NAN }).collect()
    }

    /// Number of rows whose account was ruined.
    pub(crate) fn ruined(&self) -> u64 {
        self.values(Metric::RUINED_ON).iter().filter(|date| !date.is_nan()).count() as u64
    }

    /// Number of rows that failed.
    pub(crate) fn failures(&self) -> u64 {
        self.failed.iter().filter(|failed| **failed).count() as u64
    }
}

/// Splits rows into cells, without the quotes around them; its buffers serve all rows.
struct Cells {
    reader: csv_core::Reader,
    text: Vec<u8>,
    /// Where each cell ends in `text`.
    ends: Vec<usize>,
}

impl Cells {
    /// For rows of so many cells.
    fn new(count: usize) -> Cells {
        Cells { reader: csv_core::Reader::new(), text: Vec::new(), ends: vec![0; count] }
    }

    /// The cells from number `first` on; `None` if the row has more or fewer, or no line end.
    fn split(&mut self, row: &str, first: usize) -> Option<impl Iterator<Item = &str>> {
        if self.text.len() < row.len() {
            self.text.resize(row.len(), 0);
        }
        self.reader.reset();
        let (result, _, length, count) =
            self.reader.read_record(row.as_bytes(), &mut self.text, &mut self.ends);
        if result != ReadRecordResult::Record || count != self.ends.len() {
            return None;
        }
        let text = str::from_utf8(&self.text[..length]).ok()?;
        let mut start = self.ends[first - 1];
        Some(self.ends[first..].iter().map(move |&end| &text[mem::replace(&mut start, end)..end]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_may_hold_commas_and_quotes() {
        let mut cells = Cells::new(5);
        let mut of = |row| cells.split(row, 1).map(|cells| cells.map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(of("1,\"a,\"\"b\"\", c\",,x,\"\"\n").unwrap(), ["a,\"b\", c", "", "x", ""]);
        assert_eq!(of("1,\"\u{e9}\u{20ac}\",2,3,4\n").unwrap(), ["\u{e9}\u{20ac}", "2", "3", "4"]);
        assert_eq!((of("1,2,3,4\n"), of("1,2,3,4,5,6\n"), of("1,2,3,4,5")), (None, None, None));
        assert_eq!(of("1,\"2,3,4,5\n"), None, "the quote is not closed");
        assert_eq!(of("1,2,3,4,5\n").unwrap(), ["2", "3", "4", "5"]);
    }
}
