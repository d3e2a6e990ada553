//! `sweep verify`: recompute some points here and compare bits.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::task;
use crate::cli::{Common, output};
use crate::mixer::hash;
use crate::sweep::definition::Sweep;
use crate::sweep::error::SweepError;
use crate::sweep::leaderboard::Leaderboard;
use crate::sweep::plan::Plan;
use crate::sweep::results::Results;
use crate::sweep::run::{Batch, Row};
use crate::sweep::table::{MergeError, merge};

/// The best points are what one acts on: they are always among those recomputed.
const TOP: usize = 10;

#[derive(Debug, Args)]
#[command(
    after_help = "The ten best points are recomputed as well. Prices are read from where the plan says.

Example: sweep verify results/momentum-3fa9c1d2 --points 100"
)]
pub(crate) struct VerifyArguments {
    /// A sweep's folder, or the folder above the folders of several
    results: PathBuf,
    /// Random points to recompute
    #[arg(long, value_name = "K", default_value_t = 20)]
    points: u64,
}

pub(crate) fn verify(arguments: &VerifyArguments, common: &Common) -> Result<(), Exit> {
    for folder in Results::find(&arguments.results)? {
        verify_one(&folder, arguments.points, common)?;
    }
    Ok(())
}

fn verify_one(folder: &Path, count: u64, common: &Common) -> Result<(), Exit> {
    let (results, sealed) = Results::open(folder, 0)?;
    let coverage = results.coverage(&(0..sealed.sweep.count))?;
    let table = merge(&sealed, &results, &coverage, &mut std::io::sink()).map_err(|error| match error {
        MergeError::Sweep(error) => Exit::Sweep(error),
        MergeError::Output(error) => Exit::Internal(error.to_string()),
    })?;
    if table.points.is_empty() {
        output::note(common.quiet, &format!("{}: no points yet", folder.display()));
        return Ok(());
    }
    let board = Leaderboard::new(&sealed, &table, &sealed.sweep.rank);
    let mut points: Vec<u64> = board.order.iter().take(TOP).map(|&row| table.points[row as usize]).collect();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos() as u64);
    let rows = table.points.len() as u64;
    match count < rows {
        true => points.extend((0..count).map(|draw| table.points[(hash(now, draw) % rows) as usize])),
        false => points.extend_from_slice(&table.points),
    }
    points.sort_unstable();
    points.dedup();
    // Reading the plan anew checks the prices against its seal.
    let plan: Plan = task::plan(Sweep::read(&results.plan_file())?, 256 << 20)?;
    let rows: Vec<Row> = Batch::default().compute(&plan, &points).cloned().collect();
    for &name in &coverage.whole {
        let Some(shard) = results.read(name)? else { continue };
        let lines: Vec<&str> = shard.table.split_inclusive('\n').skip(1).collect();
        let number = |line: &str| line.split(',').next().and_then(|cell| cell.parse::<u64>().ok());
        for (&point, row) in points.iter().zip(&rows).filter(|(point, _)| name.covers(**point)) {
            let Ok(place) = lines.binary_search_by(|line| number(line).cmp(&Some(point))) else { continue };
            let width = 2 * shard.blocks;
            let sums = shard.sums.get(place * width..(place + 1) * width).unwrap_or(&[]);
            let same_sums = sums.len() == row.sums.len()
                && sums
                    .iter()
                    .zip(&row.sums)
                    .all(|(a, b)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan());
            if lines[place] != row.line || !same_sums {
                let (file, here) = (results.table_path(name), row.line.trim_end());
                return Err(Exit::Sweep(SweepError::Data(format!(
                    "{}: point {point} is not what this program computes\n  there: {}\n  here:  {here}",
                    file.display(),
                    lines[place].trim_end()
                ))));
            }
        }
    }
    output::result(&format!(
        "ok: {}: {} points recomputed, every bit the same\n",
        folder.display(),
        points.len()
    ))
}
