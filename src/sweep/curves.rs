//! The equity curves worth looking at: of the best points, of the plateau's centre, of the benchmark. Computed anew, for shards
//! keep none.

use super::error::SweepError;
use super::leaderboard::Leaderboard;
use super::plan::Plan;
use super::recompute::{benchmark_of, curve_of};
use super::table::Table;
use crate::market::date::Date;
use crate::stats::overfitting::trials::TrialOutcome;

/// Best points that have a curve.
const BEST: usize = 5;
/// Rows looked at to find so many that differ.
const LOOKED_AT: usize = 1000;

/// A curve with its days.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DatedCurve {
    /// The days, ascending.
    pub dates: Vec<Date>,
    /// Equity at the close of each.
    pub equity: Vec<f64>,
}

/// The curves of a sweep.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Curves {
    /// Of the best points with different returns, the best first: row of the table and curve.
    pub best: Vec<(usize, DatedCurve)>,
    /// Of the centre of the best plateau.
    pub plateau: Option<(usize, DatedCurve)>,
    /// Of the best point's benchmark held: the asset and its curve.
    pub benchmark: Option<(String, DatedCurve)>,
}

/// Computes the curves. `plan` has its prices.
///
/// # Errors
/// A point that has a row fails here.
pub(crate) fn curves(plan: &Plan, table: &Table, board: &Leaderboard) -> Result<Curves, SweepError> {
    let of = |row: usize| -> Result<(usize, DatedCurve), SweepError> {
        let point = table.points[row];
        let (dates, equity) =
            curve_of(plan, point).map_err(|failure| SweepError::Again { point, failure })?;
        Ok((row, DatedCurve { dates, equity }))
    };
    let mut seen: Vec<TrialOutcome> = Vec::new();
    let mut rows = Vec::new();
    let qualify = board.order.iter().map(|row| *row as usize).filter(|row| board.qualifies[*row]);
    for row in qualify.take(LOOKED_AT) {
        // Points with the same returns would hide each other.
        if rows.len() < BEST && !seen.contains(&table.columns[row]) {
            seen.push(table.columns[row]);
            rows.push(row);
        }
    }
    let best: Vec<(usize, DatedCurve)> = rows.into_iter().map(of).collect::<Result<_, _>>()?;
    let plateau = board.plateau_best.map(of).transpose()?;
    let benchmark = match best.first() {
        Some((row, curve)) => benchmark_of(plan, table.points[*row])
            .map_err(|failure| SweepError::Data(failure.to_string()))?
            .map(|held| (held.asset, DatedCurve { dates: curve.dates.clone(), equity: held.equity })),
        None => None,
    };
    Ok(Curves { best, plateau, benchmark })
}
