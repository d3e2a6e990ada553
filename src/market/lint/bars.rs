//! Defects in the rows of one file: their order, missing cells, impossible prices, closes that do not move. Does not compare
//! files.

use super::finding::Defect;
use super::spot::Spot;
use crate::market::columns::Column;
use crate::market::table::PriceTable;

/// Files have four to seven digits, and vendors scale and round open, high, low and close separately. A difference below this
/// fraction of the price is taken for rounding.
const RANGE_TOLERANCE: f64 = 1e-6;

/// Number of successive sessions with the same close that is reported. Money market funds reach 19 at zero interest and shares
/// seldom 7, so a run of two weeks is either such a fund or a feed that stopped.
const STALE_SESSIONS: usize = 10;

/// If this fraction of the earlier rows has a value in a column, the last row should have one too.
const USUAL_FRACTION: f64 = 0.9;

/// The rows of a file by ascending date; only the first row of a repeated date.
pub(super) struct SortedBars<'a> {
    /// The rows in file order.
    pub table: &'a PriceTable,
    /// Indices of the rows in the table.
    pub rows: Vec<usize>,
}

impl<'a> SortedBars<'a> {
    /// Sorts the rows of a file.
    pub(super) fn new(table: &'a PriceTable) -> SortedBars<'a> {
        let mut rows: Vec<usize> = table.order().into_iter().map(|row| row as usize).collect();
        rows.dedup_by_key(|row| table.dates[*row]);
        SortedBars { table, rows }
    }

    /// A defect of the row with this index in the table.
    pub(super) fn spot(&self, row: usize, defect: Defect) -> Spot {
        Spot { line: self.table.lines[row], date: Some(self.table.dates[row]), defect }
    }

    /// The columns that were read.
    fn columns(&self) -> impl Iterator<Item = (Column, &'a [f64])> {
        let table = self.table;
        Column::all()
            .filter(|column| !table[*column].is_empty())
            .map(|column| (column, table[column].as_slice()))
    }

    /// The first column whose price in a row is zero or less.
    fn not_positive(&self, row: usize) -> Option<(Column, f64)> {
        self.columns()
            .filter(|(column, _)| *column != Column::Volume)
            .map(|(column, cells)| (column, cells[row]))
            .find(|(_, price)| *price <= 0.0)
    }
}

/// The defects in the rows of one file.
pub(super) fn spots(bars: &SortedBars) -> Vec<Spot> {
    let mut spots = duplicate_dates(bars);
    spots.extend(unsorted(bars));
    spots.extend(bars.rows.iter().filter_map(|&row| price_or_range(bars, row)));
    let last_row = last_row(bars);
    spots.extend(missing_cells(bars, last_row.is_some()));
    spots.extend(last_row);
    spots.extend(stale_runs(bars));
    spots
}

fn duplicate_dates(bars: &SortedBars) -> Vec<Spot> {
    let (dates, lines) = (&bars.table.dates, &bars.table.lines);
    let order = bars.table.order();
    let pairs = order.windows(2).map(|pair| (pair[0] as usize, pair[1] as usize));
    pairs
        .filter(|&(first, second)| dates[first] == dates[second])
        .map(|(first, second)| bars.spot(second, Defect::DuplicateDate { first_line: lines[first] }))
        .collect()
}

/// The first row that is out of order. The order is that of most rows: newest first is as good as oldest first.
fn unsorted(bars: &SortedBars) -> Option<Spot> {
    let dates = &bars.table.dates;
    let ascents = dates.windows(2).filter(|pair| pair[0] < pair[1]).count();
    let descents = dates.windows(2).filter(|pair| pair[0] > pair[1]).count();
    let row = if ascents >= descents {
        1 + dates.windows(2).position(|pair| pair[0] > pair[1])?
    } else {
        1 + dates.windows(2).position(|pair| pair[0] < pair[1])?
    };
    Some(bars.spot(row, Defect::Unsorted { above: dates[row - 1] }))
}

/// A price that is not positive; otherwise a high that is not the highest or a low that is not the lowest price of its row.
/// Missing cells are skipped.
fn price_or_range(bars: &SortedBars, row: usize) -> Option<Spot> {
    if let Some((column, price)) = bars.not_positive(row) {
        return Some(bars.spot(row, Defect::NotPositive { column, price }));
    }
    let table = bars.table;
    let (&high, &low) = (table[Column::High].get(row)?, table[Column::Low].get(row)?);
    let others = [
        (Column::Open, table[Column::Open][row]),
        (Column::Close, table[Column::Close][row]),
        (Column::Low, low),
    ];
    let above = others.iter().find(|(_, price)| exceeds(*price, high));
    let below = others.iter().find(|(_, price)| exceeds(low, *price));
    let defect = match (above, below) {
        (Some(&(column, price)), _) => Defect::HighBelow { high, column, price },
        (None, Some(&(column, price))) => Defect::LowAbove { low, column, price },
        (None, None) => return None,
    };
    Some(bars.spot(row, defect))
}

fn exceeds(price: f64, limit: f64) -> bool {
    price > limit * (1.0 + RANGE_TOLERANCE)
}

fn missing_cells(bars: &SortedBars, without_last: bool) -> Option<Spot> {
    let missing =
        |row: usize| bars.columns().find(|(_, cells)| cells[row].is_nan()).map(|(column, _)| column);
    let rows = &bars.rows[..bars.rows.len() - usize::from(without_last)];
    let lacking = rows.iter().filter_map(|&row| missing(row).map(|column| (row, column)));
    let count = lacking.clone().count();
    let (row, column) = lacking.min_by_key(|(row, _)| *row)?;
    Some(bars.spot(row, Defect::MissingCells { rows: count, column }))
}

/// The defect of a newest row that seems to have been written before its session was over.
fn last_row(bars: &SortedBars) -> Option<Spot> {
    let (&last, before) = bars.rows.split_last()?;
    let usual = |has: &dyn Fn(f64) -> bool, cells: &[f64]| {
        let count = before.iter().filter(|&&row| has(cells[row])).count();
        !before.is_empty() && count as f64 >= USUAL_FRACTION * before.len() as f64
    };
    let missing = bars
        .columns()
        .find(|(_, cells)| cells[last].is_nan() && usual(&|cell| !cell.is_nan(), cells))
        .map(|(column, _)| Defect::LastRowWithout { column });
    let volume = &bars.table[Column::Volume];
    let untraded = || {
        let none = volume.get(last).is_some_and(|&volume| volume == 0.0);
        (none && usual(&|volume| volume > 0.0, volume)).then_some(Defect::LastRowUntraded)
    };
    missing.or_else(untraded).map(|defect| bars.spot(last, defect))
}

/// Runs of at least [`STALE_SESSIONS`] equal closes. A missing close ends a run.
fn stale_runs(bars: &SortedBars) -> Vec<Spot> {
    let table = bars.table;
    let close = |row: usize| table[Column::Close][row];
    bars.rows
        .chunk_by(|&a, &b| close(a) == close(b))
        .filter(|run| run.len() >= STALE_SESSIONS && close(run[0]) > 0.0)
        .map(|run| {
            let last = table.dates[run[run.len() - 1]];
            bars.spot(run[0], Defect::Stale { sessions: run.len(), close: close(run[0]), last })
        })
        .collect()
}
