//! Strategies over price files that a test writes.

use std::fs;

use tempfile::TempDir;

use super::definition::Strategy;

/// A strategy over the first half of January 2023, from Monday the 2nd on, that holds its assets equally, with `keys` for the
/// rest of its file, and the folder of its prices. `files`: rows of date, open and close by ticker.
pub(crate) fn strategy(keys: &str, files: &[(&str, &str)]) -> (TempDir, Strategy) {
    let folder = tempfile::tempdir().unwrap();
    for (ticker, rows) in files {
        let text = format!("Date,Open,Close\n{rows}");
        fs::write(folder.path().join(format!("{ticker}.csv")), text).unwrap();
    }
    let text = format!(
        "name = \"case\"\n{keys}\nalpha = {{ weights = \"1 / count()\" }}\n\
         rebalance = {{ schedule = \"daily\" }}\n\
         portfolio = {{ initial_cash = 1000.0, long_only = {{ cash_buffer = 0.0 }} }}\n\
         period = {{ start = 2023-01-02, end = 2023-01-13 }}\n\
         data = {{ prices = \"prices\", adjust = false }}\n"
    );
    let prices = format!("data.prices={}", folder.path().display());
    let strategy = Strategy::parse("case.toml", &text, folder.path(), &[prices]).unwrap();
    (folder, strategy)
}
