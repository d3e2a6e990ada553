//! `backtest check`: parse and lint without running.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use clap::Args;

use super::exit::Exit;
use super::{Common, output};
use crate::backtest::prepare::prepare;
use crate::backtest::strategy::{Strategy, schedule_name};
use crate::market::files;
use crate::market::lint::finding::{Finding, Severity};
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
    let files = counted(report.files, "file");
    let found = print_findings(&report.findings, &format!("{}: {files}", folder.display()))?;
    output::result(&format!("ok: {}: {files}, {}, {found}\n", folder.display(), counted(report.rows, "row")))
}

/// Prints findings and sums them up; errors among them end the check.
fn print_findings(findings: &[Finding], of: &str) -> Result<String, Exit> {
    output::result(&findings.iter().map(|finding| format!("{finding}\n")).collect::<String>())?;
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let found = format!("{}, {}", counted(errors, "error"), counted(warnings, "warning"));
    if errors > 0 { Err(Exit::BadPrices(format!("{of}, {found}"))) } else { Ok(found) }
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn check_strategy(path: &Path, common: &Common) -> Result<(), Exit> {
    let strategy = Strategy::read(path, &[])?;
    let prepared = prepare(&strategy)?;
    for notice in &prepared.notices {
        output::note(common.quiet, &notice.to_string());
    }
    let symbols = strategy.symbols();
    let files: HashSet<PathBuf> =
        symbols.iter().filter_map(|symbol| files::path_of(&strategy.prices, symbol)).collect();
    let mut findings = match strategy.prices.is_file() {
        true => {
            let path = strategy.prices.display();
            output::note(common.quiet, &format!("{path}: a cache; check the price files it was made from"));
            Vec::new()
        }
        false => lint(&strategy.prices)?.findings,
    };
    findings.retain(|finding| files.contains(&finding.file));
    let name = quoted::text(strategy.name.trim());
    let of = format!("{name}: prices of {}", counted(files.len(), "asset"));
    let found = print_findings(&findings, &of)?;
    output::result(&format!(
        "ok: {name}: {} assets, {} weekdays from {} to {}, {}, {} decisions, formula depth {}; prices: {found}\n",
        strategy.assets.len(),
        strategy.clock.days,
        prepared.market.date(0),
        prepared.market.date(strategy.clock.days - 1),
        schedule_name(strategy.schedule),
        prepared.decisions.len(),
        strategy.depth
    ))
}
