//! `sweep verify`: recompute some points here and compare bits.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::sweep::neighbours::Neighbours;
use crate::cli::{Common, output};
use crate::sweep::results::Results;
use crate::sweep::verify;

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
    let found = Results::find(&arguments.results)?;
    let mut neighbours = Neighbours::new(&found);
    for folder in &found.folders {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos() as u64);
        match neighbours.keep(folder, verify::verify(folder, arguments.points, now))? {
            None => {}
            Some(0) => output::note(common.quiet, &format!("{}: no points yet", folder.display())),
            Some(points) => output::result(&format!(
                "ok: {}: {points} points recomputed, every bit the same\n",
                folder.display()
            ))?,
        }
    }
    neighbours.end()
}
