//! The command against results of QSTrader 0.3.0 itself: the golden files that ship, and all of them where the
//! reference folder is at hand.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::comparison::{Outcome, close};
use crate::golden_case::{self, Case};
use crate::support::{self, Run};

/// What each refused case exits with, and what its message must name.
const REFUSED: [(&str, &[i32], &[&str]); 10] = [
    ("error_burn_in_after_end", &[78], &["burn_in", "2017-01-03", "2016-06-30"]),
    ("error_cash_buffer_above_one", &[78], &["cash_buffer", "1.5"]),
    ("error_duplicate_date", &[65], &["AAA.csv", "2015-01-08"]),
    ("error_end_before_start", &[78], &["end", "2015-06-30", "2016-01-04"]),
    ("error_leading_blank_prices", &[65], &["AAA", "2015-02-12", "2015-01-30"]),
    ("error_missing_adj_close", &[65], &["AAA.csv", "Adj Close"]),
    ("error_negative_weight_long_only", &[65, 78], &["AGG", "-0.4"]),
    ("error_unknown_asset", &[66], &["ZZZ"]),
    ("error_weekly_without_weekday", &[78], &["weekday"]),
    ("error_zero_price", &[65], &["AAA", "2015-02-26"]),
];

/// Cells of the sweep: lookback and number of assets. In the first six the price from the future did damage.
const CELLS: [(usize, usize); 8] =
    [(84, 6), (105, 5), (105, 6), (126, 6), (147, 6), (210, 6), (21, 1), (252, 3)];

fn run(case: &Case, arguments: &[String]) -> Run {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    case.write(folder.path());
    support::run_strategy(folder.path(), arguments)
}

/// Nothing if the command gives what a golden file expects, otherwise the first difference.
fn check(case: &Case, expected: &Value) -> Result<(), String> {
    let run = run(case, &[]);
    if expected["outcome"] == "error" {
        let row = REFUSED.iter().find(|row| row.0 == case.id);
        let (codes, words) = row.map_or((&[65, 66, 78][..], &[][..]), |row| (row.1, row.2));
        check_refused(&run, codes, words)
    } else {
        check_outcome(&run, expected)
    }
}

fn check_outcome(run: &Run, expected: &Value) -> Result<(), String> {
    let expected = Outcome::of_golden(expected).expect("golden files have their form");
    match outcome(run)?.first_difference(&expected) {
        Some(difference) => Err(difference),
        None => Ok(()),
    }
}

fn outcome(run: &Run) -> Result<Outcome, String> {
    match (&run.output, run.code) {
        (Some(text), Some(0)) => Outcome::of_output(text),
        (text, code) => {
            let written = if text.is_some() { "and" } else { "without" };
            Err(format!("exit code {code:?} {written} an output file; it says: {}", run.stderr.trim()))
        }
    }
}

fn check_refused(run: &Run, codes: &[i32], words: &[&str]) -> Result<(), String> {
    let stderr = run.stderr.trim();
    if !run.code.is_some_and(|code| codes.contains(&code)) {
        return Err(format!("exit code {:?}, expected one of {codes:?}; it says: {stderr}", run.code));
    }
    if run.output.is_some() {
        return Err("refused, but an output file was written".into());
    }
    if let Some(word) = words.iter().find(|word| !stderr.contains(*word)) {
        return Err(format!("the message does not name '{word}': {stderr}"));
    }
    if stderr.is_empty() || stderr.contains("panicked") || stderr.matches("error:").count() > 1 {
        return Err(format!("expected one clear message, got: {stderr}"));
    }
    Ok(())
}

/// Checks every golden file of a folder and reports all that differ at once.
fn check_folder(folder: &Path) {
    let files = support::files_of(folder, &[".json", ".json.gz"]);
    assert!(!files.is_empty(), "no golden files in {}", folder.display());
    let failures: Vec<String> = files
        .iter()
        .map(|file| golden_case::read(file))
        .filter(|(case, _)| !case.rests_on_future_prices())
        .filter_map(|(case, expected)| {
            check(&case, &expected).err().map(|difference| format!("{}: {difference}", case.id))
        })
        .collect();
    assert!(
        failures.is_empty(),
        "{} of {} golden files differ:\n{}",
        failures.len(),
        files.len(),
        failures.join("\n")
    );
}

#[test]
fn goldens_that_ship_come_out_bit_for_bit() {
    check_folder(&support::project("tests/goldens"));
}

#[test]
fn goldens_of_the_reference_come_out_bit_for_bit() {
    if let Some(shared) = support::shared("goldens_of_the_reference_come_out_bit_for_bit") {
        check_folder(&shared.join("reference/goldens"));
    }
}

#[test]
fn a_weight_before_the_first_bar_is_refused() {
    let Some(shared) = support::shared("a_weight_before_the_first_bar_is_refused") else { return };
    let (case, _) = golden_case::read(&shared.join("reference/goldens/late_data_uses_last_price.json"));
    let refused = check_refused(&run(&case, &[]), &[65], &["XLC", "2018-06-19", "2018-03-30"]);
    assert_eq!(refused, Ok(()));
}

#[test]
fn an_asset_admitted_before_its_first_bar_joins_there_with_one_notice() {
    let Some(shared) = support::shared("an_asset_admitted_before_its_first_bar_joins_there_with_one_notice")
    else {
        return;
    };
    let folder = shared.join("reference/goldens");
    let (case, _) = golden_case::read(&folder.join("momentum_weekly_42_4.json"));
    let (_, expected) = golden_case::read(&folder.join("momentum_weekly_42_4_first_bar.json"));
    let run = run(&case, &[]);
    assert_eq!(check_outcome(&run, &expected), Ok(()));
    let notices: Vec<&str> = run.stderr.lines().filter(|line| line.contains("XLC")).collect();
    assert!(
        matches!(notices[..], [notice] if notice.contains("2018-06-18") && notice.contains("2018-06-19")),
        "expected one notice that names XLC, its entry and its first bar, got: {}",
        run.stderr
    );
}

#[test]
fn sweep_cells_come_out_as_the_grid_free_of_future_prices() {
    let Some(shared) = support::shared("sweep_cells_come_out_as_the_grid_free_of_future_prices") else {
        return;
    };
    let folder = shared.join("reference/goldens");
    let grid = grid(&folder.join("momentum_sweep_xlc_20180619.csv"));
    let mut failures = Vec::new();
    for sweep in ["momentum_sweep", "momentum_sweep_xlc_20180619"] {
        let case = sweep_case(sweep, &folder.join(format!("{sweep}.csv.meta")));
        for (lookback, top_n) in CELLS {
            let arguments = ["--params".into(), format!("lookback={lookback}")];
            let arguments = [&arguments[..], &["--params".into(), format!("top_n={top_n}")]].concat();
            let cell = outcome(&run(&case, &arguments))
                .and_then(|outcome| check_cell(&outcome, &grid[&(lookback, top_n)]));
            if let Err(difference) = cell {
                failures.push(format!("{sweep} {lookback}/{top_n}: {difference}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The one backtest of which the cells of a sweep are variations.
fn sweep_case(id: &str, meta: &Path) -> Case {
    let mut case = support::read_json(meta)["case"].take();
    case["id"] = json!(id);
    case["prices"] = json!("shared");
    case["alpha"] = json!({"type": "top_n_momentum", "lookback": 1, "top_n": 1});
    serde_json::from_value(case).expect("the settings of a sweep are those of a case")
}

/// Rows of a sweep's table by lookback and number of assets, each from column name to text.
fn grid(path: &Path) -> BTreeMap<(usize, usize), BTreeMap<String, String>> {
    let mut table = csv::Reader::from_path(path).expect("the file is there");
    table
        .deserialize()
        .map(|row| {
            let row: BTreeMap<String, String> = row.expect("the file is a table");
            let whole = |column: &str| row[column].parse().expect("a whole number");
            ((whole("lookback"), whole("top_n")), row)
        })
        .collect()
}

fn check_cell(outcome: &Outcome, row: &BTreeMap<String, String>) -> Result<(), String> {
    let number = |column: &str| row[column].parse::<f64>().expect("a number");
    let equity = outcome.equity.last().map(|point| point.1);
    if equity != Some(number("final_equity")) {
        return Err(format!("final_equity: got {equity:?}, expected {}", row["final_equity"]));
    }
    let counts = [
        ("transactions", outcome.fills.len() as u64),
        ("equity_days", outcome.equity.len() as u64),
        ("max_drawdown_duration", outcome.strategy["max_drawdown_duration"].as_u64().unwrap_or(u64::MAX)),
    ];
    for (column, got) in counts {
        if got.to_string() != row[column] {
            return Err(format!("{column}: got {got}, expected {}", row[column]));
        }
    }
    for column in ["cagr", "sharpe", "sortino", "max_drawdown", "annualised_vol"] {
        let got = &outcome.strategy[column];
        if !got.as_f64().is_some_and(|got| close(got, number(column))) {
            return Err(format!("{column}: got {got}, expected {}", row[column]));
        }
    }
    Ok(())
}
