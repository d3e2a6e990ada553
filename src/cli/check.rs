//! `backtest check`: parse and lint without running.

use std::path::{Path, PathBuf};

use clap::Args;

use super::exit::Exit;
use super::{Common, output};
use crate::backtest::prepare::prepare;
use crate::backtest::strategy::{Strategy, schedule_name};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  backtest check strategies/momentum.toml
  backtest check data/prices")]
pub struct CheckArguments {
    /// A strategy file, or a folder of price files
    path: PathBuf,
}

pub fn check(arguments: &CheckArguments, common: &Common) -> Result<(), Exit> {
    check_strategy(&arguments.path, common)
}

fn check_strategy(path: &Path, common: &Common) -> Result<(), Exit> {
    let strategy = Strategy::read(path, &[])?;
    let prepared = prepare(&strategy)?;
    for notice in &prepared.notices {
        output::note(common.quiet, &notice.to_string());
    }
    output::result(&format!(
        "ok: {}: {} assets, {} weekdays from {} to {}, {}, {} decisions, formula depth {}\n",
        strategy.name,
        strategy.assets.len(),
        strategy.clock.days,
        prepared.market.date(0),
        prepared.market.date(strategy.clock.days - 1),
        schedule_name(strategy.schedule),
        prepared.decisions.len(),
        strategy.depth
    ))
}
