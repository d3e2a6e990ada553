//! The command against a second, slow and obvious implementation of QSTrader on random cases. The slow implementation is first
//! compared with the golden files.

pub mod draw;
mod price_files;
mod prices;
mod random_case;
mod simulation;
mod sound;
mod statistics;

use std::fmt::Write;
use std::path::Path;

use self::simulation::{NoPrice, late_joiners, simulate};
use crate::comparison::Outcome;
use crate::golden_case::{self, Case, Prices};
use crate::support;

/// Every golden file of a folder that is no error, against the slow simulation.
fn check_goldens(folder: &Path) {
    let mut failures = Vec::new();
    for file in support::files_of(folder, &[".json", ".json.gz"]) {
        let (case, expected) = golden_case::read(&file);
        if expected["outcome"] == "error" || case.rests_on_future_prices() {
            continue;
        }
        let expected = Outcome::of_golden(&expected).expect("a golden file has all its fields");
        let place = tempfile::tempdir().expect("a temporary folder can be made");
        case.write(place.path());
        let difference = match simulate(&case, &place.path().join(case.price_folder())) {
            Ok(outcome) => outcome.first_difference(&expected),
            Err(refusal) => Some(format!("{refusal:?}")),
        };
        failures.extend(difference.map(|difference| format!("{}: {difference}", case.id)));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Runs a case with both implementations; the first difference, if there is one.
fn check(case: &Case) -> Result<(), String> {
    let place = tempfile::tempdir().expect("a temporary folder can be made");
    case.write(place.path());
    let run = support::run_strategy(place.path(), &[]);
    let prices = place.path().join(case.price_folder());
    match (simulate(case, &prices), &run.output) {
        (Ok(expected), Some(text)) if run.code == Some(0) => {
            if let Some(difference) = Outcome::of_output(text)?.first_difference(&expected) {
                return Err(difference);
            }
            let unnamed = late_joiners(case, &prices)
                .into_iter()
                .find(|late| !names(&run.stderr, &[&late.asset, &late.first_bar.to_string()]));
            unnamed.map_or(Ok(()), |late| Err(format!("no notice of {late:?} in: {}", run.stderr)))
        }
        (Err(NoPrice { asset, first_bar, instant }), None) if run.code == Some(65) => {
            let words = [&asset, &first_bar.to_string(), &instant.date().to_string()];
            if names(&run.stderr, &words.map(String::as_str)) {
                Ok(())
            } else {
                Err(format!("the refusal does not name {words:?}: {}", run.stderr))
            }
        }
        (Ok(_), _) => Err(format!("exit code {:?}, expected a result; it says: {}", run.code, run.stderr)),
        (Err(refusal), _) => {
            Err(format!("exit code {:?}, expected 65 for {refusal:?}; it says: {}", run.code, run.stderr))
        }
    }
}

/// Whether one line of a text holds all these words.
fn names(text: &str, words: &[&str]) -> bool {
    text.lines().any(|line| words.iter().all(|word| line.contains(word)))
}

/// Checks so many cases; reports the first difference of each and the whole of the first case that differs.
fn check_cases(cases: impl Iterator<Item = Case>) {
    let mut report = String::new();
    let mut first = None;
    for case in cases {
        if let Err(difference) = check(&case) {
            writeln!(report, "{}: {difference}", case.id).expect("writing to a string does not fail");
            first.get_or_insert(case);
        }
    }
    if let Some(case) = first {
        panic!("{report}\nTo replay {}:\n{}", case.id, replay(&case));
    }
}

/// All that is needed to run a case by hand.
fn replay(case: &Case) -> String {
    let mut text = format!("# case.toml\n{}", case.strategy_file());
    if case.prices == Prices::Inline {
        for (symbol, csv) in &case.inline_csvs {
            write!(text, "\n# prices/{symbol}.csv\n{csv}").expect("writing to a string does not fail");
        }
    }
    text
}

#[test]
fn the_slow_simulation_equals_the_goldens_that_ship() {
    check_goldens(&support::project("tests/goldens"));
}

#[test]
fn the_slow_simulation_equals_the_goldens_of_the_reference() {
    if let Some(shared) = support::shared("the_slow_simulation_equals_the_goldens_of_the_reference") {
        check_goldens(&shared.join("reference/goldens"));
    }
}

#[test]
fn random_cases_on_made_up_prices_equal_the_slow_simulation() {
    check_cases((1..=110).map(random_case::inline));
}

#[test]
fn random_cases_on_shipped_prices_equal_the_slow_simulation() {
    check_cases((1..=40).map(random_case::shipped));
}

/// Equity moves by its last bit at the high-water mark (a fill at an unchanged price). Whether that is a drawdown depends on
/// the logarithms that QSTrader computes wealth from (docs/conventions.md#drawdown_ties): numpy 2.4.6 gives 6 and 10 days for
/// these two curves, the curve itself 31 and 11.
#[test]
fn a_rounding_step_at_the_high_water_mark_counts_as_the_logarithms_say() {
    check_cases([624, 668].into_iter().map(random_case::inline));
}
