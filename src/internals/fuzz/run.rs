//! Any strategy file over any price files, `%%` between them: a whole backtest with everything it can write.

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use crate::market::lint::lint;
use crate::report;
use crate::stats::curve::curve;
use crate::strategy;
use crate::strategy::definition::Strategy;

/// The longest period, in calendar days.
const DAYS_LIMIT: i32 = 2800;
const ASSETS: [&str; 3] = ["A", "B", "C"];

/// Made when the process starts and left to the system's clean-up of temporary files.
static FOLDER: LazyLock<PathBuf> =
    LazyLock::new(|| tempfile::tempdir().expect("a temporary folder can be made").keep());

/// Whether the text is worth keeping: whether it has a strategy that is quickly run.
pub fn run(text: &str) -> bool {
    let mut parts = text.split("%%\n");
    let Some(file) = parts.next() else { return false };
    let prices = format!("data.prices={}", FOLDER.display());
    let Ok(strategy) = Strategy::parse("fuzz.toml", file, &FOLDER, &[prices]) else {
        return false;
    };
    if strategy.period.end.date - strategy.period.start.date > DAYS_LIMIT {
        return false;
    }
    for asset in ASSETS {
        let path = FOLDER.join(format!("{asset}.csv"));
        match parts.next() {
            Some(content) => fs::write(path, content).expect("a temporary file can be written"),
            None => drop(fs::remove_file(path)),
        }
    }
    if let Ok(report) = lint(&FOLDER) {
        for finding in &report.findings {
            assert!(finding.to_string().chars().count() < 2000, "a finding without end");
        }
    }
    match strategy::run::run(&strategy) {
        Ok(result) => {
            let mut json = Vec::new();
            report::json::write_json(&strategy, &result, &mut json).expect("a result is JSON");
            let json = String::from_utf8(json).expect("JSON is UTF-8");
            assert!(!json.contains("NaN") && !json.contains(":inf"), "bare NaN or infinity");
            let summary = report::json::summary(&strategy, &result).expect("a summary is JSON");
            let sheet = report::tear_sheet::terminal::tear_sheet(&strategy, &result);
            assert!(!summary.is_empty() && !sheet.is_empty());
            let curve = curve(&result.equity, strategy.conventions.high_water_start);
            let rows = report::csv::equity(&result, &curve.drawdowns, &curve.returns).lines().count();
            assert_eq!(rows, 1 + result.equity.len());
            assert_eq!(report::csv::fills(&result).lines().count(), 1 + result.outcome.fills);
        }
        Err(error) => assert!(error.to_string().chars().count() < 3000, "a message without end"),
    }
    true
}
