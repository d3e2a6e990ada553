//! `backtest check`: parse and lint without running.

use std::path::{Path, PathBuf};

use clap::Args;

use super::exit::Exit;
use super::{Common, output};
use crate::backtest::prepare::prepare;
use crate::backtest::strategy::{Strategy, schedule_name};
use crate::market::lint::finding::Severity;
use crate::market::lint::lint;
use crate::market::quoted;

#[derive(Debug, Args)]
#[command(
    after_help = "A folder is linted: every finding names file, line and date; errors end with exit code 65.

Examples:
  backtest check strategies/momentum.toml
  backtest check data/prices"
)]
pub struct CheckArguments {
    /// A strategy file, or a folder of price files
    path: PathBuf,
}

pub fn check(arguments: &CheckArguments, common: &Common) -> Result<(), Exit> {
    let path = &arguments.path;
    match path.is_dir() {
        true => check_prices(path),
        false if is_price_file(path) => Err(Exit::Usage(format!(
            "{} looks like a price file; give the folder it is in, for files are checked against each other",
            path.display()
        ))),
        false => check_strategy(path, common),
    }
}

fn is_price_file(path: &Path) -> bool {
    let name = path.to_string_lossy();
    path.is_file() && (name.ends_with(".csv") || name.ends_with(".csv.gz"))
}

fn check_prices(folder: &Path) -> Result<(), Exit> {
    let report = lint(folder)?;
    let mut text: String = report.findings.iter().map(|finding| format!("{finding}\n")).collect();
    let (errors, warnings) = (report.count(Severity::Error), report.count(Severity::Warning));
    let counted = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let files = counted(report.files, "file");
    let found = format!("{}, {}", counted(errors, "error"), counted(warnings, "warning"));
    if errors > 0 {
        output::result(&text)?;
        return Err(Exit::BadPrices(format!("{}: {found} in {files}", folder.display())));
    }
    let rows = counted(report.rows, "row");
    text += &format!("ok: {}: {files}, {rows}, {found}\n", folder.display());
    output::result(&text)
}

fn check_strategy(path: &Path, common: &Common) -> Result<(), Exit> {
    let strategy = Strategy::read(path, &[])?;
    let prepared = prepare(&strategy)?;
    for notice in &prepared.notices {
        output::note(common.quiet, &notice.to_string());
    }
    output::result(&format!(
        "ok: {}: {} assets, {} weekdays from {} to {}, {}, {} decisions, formula depth {}\n",
        quoted::text(strategy.name.trim()),
        strategy.assets.len(),
        strategy.clock.days,
        prepared.market.date(0),
        prepared.market.date(strategy.clock.days - 1),
        schedule_name(strategy.schedule),
        prepared.decisions.len(),
        strategy.depth
    ))
}
