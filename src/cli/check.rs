//! `backtest check`: reads a strategy or a sweep without running it, and lints its prices or a folder of prices.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use clap::Args;

use super::exit::Exit;
use super::{Common, output, task};
use crate::config::document::Document;
use crate::engine::conventions::NamedChoice;
use crate::market::input::folder::files;
use crate::market::lint::finding::{PriceFinding, Severity};
use crate::market::lint::lint;
use crate::slurm::settings::{JobSettings, Tasks};
use crate::strategy::definition::{Strategy, schedule_name};
use crate::strategy::error::BacktestError;
use crate::strategy::prepare::prepare;
use crate::sweep::axis::Axis;
use crate::sweep::plan::Plan;
use crate::sweep::space::Design;
use crate::text::number::whole;
use crate::text::quoted;

#[derive(Debug, Args)]
#[command(
    after_help = "A folder is linted: every finding names file, line and date; errors end with exit code 65.

Examples:
  backtest check strategies/momentum.toml
  backtest check sweeps/momentum.toml
  backtest check data/prices"
)]
pub(crate) struct CheckArguments {
    /// A strategy file, a sweep file or a folder of price files
    path: PathBuf,
}

pub(crate) fn check(arguments: &CheckArguments, common: &Common) -> Result<(), Exit> {
    let path = &arguments.path;
    if path.is_dir() {
        check_prices(path)
    } else if is_price_file(path) {
        Err(Exit::Usage(format!(
            "{} looks like a price file; give the folder it is in, for files are checked against each other",
            path.display()
        )))
    } else if is_sweep(path)? {
        check_sweep(path, common)
    } else {
        check_strategy(path, common)
    }
}

fn is_price_file(path: &Path) -> bool {
    let name = path.to_string_lossy();
    path.is_file() && (name.ends_with(".csv") || name.ends_with(".csv.gz"))
}

/// Whether a file is a sweep file: it has a key that no strategy has.
fn is_sweep(path: &Path) -> Result<bool, Exit> {
    let name = path.display().to_string();
    let unreadable = |error| BacktestError::Unreadable { path: name.clone(), error };
    let text = Document::text(&name, std::fs::read(path).map_err(unreadable)?)?;
    let document = Document::new(&name, &text)?;
    Ok(["strategy", "axes", "points"].iter().any(|key| document.table().get(key).is_some()))
}

/// Reads all that a sweep needs, counts its points and lints its prices.
fn check_sweep(path: &Path, common: &Common) -> Result<(), Exit> {
    let sweep = task::read_sweep(path)?;
    let settings = JobSettings::from_document(&sweep.document)?;
    let plan = Plan::new(sweep, 0)?;
    let sweep = &plan.sweep;
    let first = plan.variants.get(&sweep.space.values(0));
    for notice in first.iter().flat_map(|variant| &variant.scene.notices) {
        output::note(common.quiet, &notice.to_string());
    }
    let prices = check_strategy_prices(&sweep.strategy, &sweep.name, common)?;
    let kept = whole(plan.kept.count() as f64);
    let points = if sweep.space.keep.is_some() {
        format!("{kept} of {} points kept", whole(sweep.count as f64))
    } else {
        format!("{kept} points")
    };
    let axis = |axis: &Axis| match axis.values.count() {
        Some(count) if sweep.space.design == Design::Grid => format!("{} ({count})", axis.name),
        _ => axis.name.clone(),
    };
    let axes = sweep.space.axes.iter().map(axis).collect::<Vec<_>>().join(", ");
    let tasks = match settings.map(|settings| settings.tasks) {
        Some(Tasks::Count(tasks)) => format!(", {tasks} tasks"),
        _ => String::new(),
    };
    let (name, folder) = (&sweep.name, plan.folder_name());
    output::result(&format!("ok: {name}: {points}, axes {axes}{tasks}, folder {folder}; prices: {prices}\n"))
}

fn check_prices(folder: &Path) -> Result<(), Exit> {
    let report = lint(folder)?;
    let files = counted(report.files, "file");
    let counts = print_findings(&report.findings, &format!("{}: {files}", folder.display()))?;
    output::result(&format!("ok: {}: {files}, {}, {counts}\n", folder.display(), counted(report.rows, "row")))
}

/// Prints findings and counts them by severity. `checked` names what was checked, for the error if there are errors among them.
fn print_findings(findings: &[PriceFinding], checked: &str) -> Result<String, Exit> {
    output::result(&findings.iter().map(|finding| format!("{finding}\n")).collect::<String>())?;
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let counts = format!("{}, {}", counted(errors, "error"), counted(warnings, "warning"));
    if errors > 0 { Err(Exit::BadPrices(format!("{checked}, {counts}"))) } else { Ok(counts) }
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
    let name = quoted::text(strategy.name.trim());
    let prices = check_strategy_prices(&strategy, &name, common)?;
    output::result(&format!(
        "ok: {name}: {} assets, {} {} from {} to {}, {}, {} decisions, formula depth {}; prices: {prices}\n",
        strategy.assets.len(),
        prepared.market.days(),
        strategy.conventions.calendar.name(),
        prepared.market.date(0),
        prepared.market.date(prepared.market.days() - 1),
        schedule_name(strategy.schedule),
        prepared.decisions.len(),
        strategy.depth
    ))
}

/// Lints the price files of the assets of a strategy, and counts the findings.
fn check_strategy_prices(strategy: &Strategy, name: &str, common: &Common) -> Result<String, Exit> {
    let symbols = strategy.symbols();
    let files: HashSet<PathBuf> =
        symbols.iter().filter_map(|symbol| files::path_of(&strategy.prices, symbol)).collect();
    let mut findings = if strategy.prices.is_file() {
        let path = strategy.prices.display();
        output::note(common.quiet, &format!("{path}: a cache; check the price files it was made from"));
        Vec::new()
    } else {
        lint(&strategy.prices)?.findings
    };
    findings.retain(|finding| files.contains(&finding.file));
    print_findings(&findings, &format!("{name}: prices of {}", counted(files.len(), "asset")))
}
