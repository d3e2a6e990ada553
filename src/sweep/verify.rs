//! Some points of a sweep computed again, and their bits compared with those of the shards.

use std::path::Path;

use super::compute::{Batch, PointRow};
use super::definition::Sweep;
use super::error::SweepError;
use super::gathered::Gathered;
use super::plan::Plan;
use super::ranked::Ranked;
use crate::mixer::hash;

/// The best points are what one acts on: they are always among those computed again.
const TOP: usize = 10;
/// Bytes for signals that the points share.
const MEMORY: usize = 256 << 20;

/// Computes `count` random points of a folder again, drawn by `seed`, and the best ten. Gives how many these were: 0 if there
/// are no rows yet.
///
/// # Errors
/// A point has other bits here; the results or the prices cannot be read.
pub(crate) fn verify(folder: &Path, count: u64, seed: u64) -> Result<usize, SweepError> {
    let gathered = Gathered::read(folder)?;
    let ranked = Ranked::new(&gathered, gathered.table()?, None);
    let all = &ranked.table.points;
    let mut points: Vec<u64> = ranked.board.order.iter().take(TOP).map(|&row| all[row as usize]).collect();
    let rows = all.len() as u64;
    if count < rows {
        points.extend((0..count).map(|draw| all[(hash(seed, draw) % rows) as usize]));
    } else {
        points.extend_from_slice(all);
    }
    points.sort_unstable();
    points.dedup();
    if points.is_empty() {
        return Ok(0);
    }
    // Reading the plan anew checks the prices against its seal.
    let plan = Plan::new(Sweep::read(&gathered.results.plan_file())?, MEMORY)?;
    let rows: Vec<PointRow> = Batch::default().compute(&plan, &points).cloned().collect();
    compare(&gathered, &points, &rows)?;
    Ok(points.len())
}

/// Compares rows with those of all shards that hold their points.
fn compare(gathered: &Gathered, points: &[u64], rows: &[PointRow]) -> Result<(), SweepError> {
    for &name in &gathered.coverage.whole {
        let Some(shard) = gathered.results.read(name)? else { continue };
        let lines: Vec<&str> = shard.table.split_inclusive('\n').skip(1).collect();
        let number = |line: &str| line.split(',').next().and_then(|cell| cell.parse::<u64>().ok());
        for (&point, row) in points.iter().zip(rows).filter(|(point, _)| name.covers(**point)) {
            let Ok(index) = lines.binary_search_by(|line| number(line).cmp(&Some(point))) else { continue };
            let width = 2 * shard.blocks;
            let sums = shard.sums.get(index * width..(index + 1) * width).unwrap_or(&[]);
            if lines[index] != row.line || !have_same_bits(sums, &row.sums) {
                let (file, here) = (gathered.results.table_path(name), row.line.trim_end());
                return Err(SweepError::Data(format!(
                    "{}: point {point} is not what this program computes\n  there: {}\n  here:  {here}",
                    file.display(),
                    lines[index].trim_end()
                )));
            }
        }
    }
    Ok(())
}

/// Whether two lists of sums are the same, any NaN like any other.
fn have_same_bits(a: &[f64], b: &[f64]) -> bool {
    let is_same = |(a, b): (&f64, &f64)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan();
    a.len() == b.len() && a.iter().zip(b).all(is_same)
}
