//! The engine's contract a second time: one session after another, maps by ticker, nothing clever. Written from the contract,
//! never from the engine's code, and judged by vectors that come from a third implementation.
//!
//! `BACKTEST_CASES` sets how many random cases are run, `BACKTEST_SEED` the first of their seeds.

mod account;
mod calendar;
mod case;
mod figures;
mod market;
mod members;
mod prices;
mod random;
mod refusal;
mod simulation;
mod sizing;
mod strategy;
mod vectors;

use std::env;
use std::panic::catch_unwind;
use std::path::Path;

use self::case::Case;
use self::refusal::Refusal;
use self::simulation::simulate;
use self::vectors::{Result, Tolerance, Vector};
use crate::support::{self, Run};

/// Fills, equity and pending orders agree in every bit.
const TO_THE_LAST_BIT: Tolerance = Tolerance { money: 0.0, figures: 1e-8 };
/// Random cases of an ordinary run: a few tens of seconds.
const CASES: u64 = 400;
/// The random test gives up after so many differences.
const SHOWN: usize = 3;

fn of_program(run: &Run) -> Result {
    let text = run.output.as_deref().expect("a good run writes its output");
    Result::of_output(&serde_json::from_str(text).expect("the output is JSON"))
}

/// Judges every vector of a folder; fails with a line for each that is not met.
fn check(folder: &Path, difference: impl Fn(&Vector, &Path) -> Option<String>) {
    let vectors = Vector::all_of(folder);
    assert!(!vectors.is_empty(), "no vectors in {}", folder.display());
    let differs = |vector: &Vector| {
        let place = tempfile::tempdir().expect("a temporary folder can be made");
        vector.write(place.path());
        difference(vector, place.path()).map(|difference| format!("{}: {difference}", vector.id))
    };
    let failures: Vec<String> = vectors.iter().filter_map(differs).collect();
    assert!(failures.is_empty(), "{} of {} vectors\n{}", failures.len(), vectors.len(), failures.join("\n"));
}

/// What the slow simulation makes of a vector that it should not.
fn slow_difference(vector: &Vector, folder: &Path) -> Option<String> {
    match (simulate(&folder.join("case.toml")), vector.exit_code()) {
        (Ok(outcome), 0) => Result::of_simulation(&outcome)
            .first_difference(&Result::of_vector(&vector.expect), TO_THE_LAST_BIT),
        (Ok(_), code) => Some(format!("a result, expected exit code {code}")),
        (Err(Refusal { code, .. }), expected) if code == expected => None,
        (Err(refusal), code) => Some(format!("{refusal:?}, expected exit code {code}")),
    }
}

/// What the program makes of a vector that it should not.
fn program_difference(vector: &Vector, folder: &Path) -> Option<String> {
    let run = support::run_strategy(folder, &[]);
    if run.code != Some(vector.exit_code()) {
        let said = run.stderr.lines().next().unwrap_or("nothing");
        return Some(format!("exit code {:?}, expected {}; it says: {said}", run.code, vector.exit_code()));
    }
    if vector.exit_code() != 0 {
        let unsaid = vector.says().into_iter().find(|words| !run.stderr.contains(words.as_str()));
        let wrote = run.output.map(|_| "it refuses, yet writes its output".to_string());
        return wrote.or(unsaid.map(|words| format!("`{words}` is not in: {}", run.stderr)));
    }
    of_program(&run).first_difference(&Result::of_vector(&vector.expect), TO_THE_LAST_BIT).or_else(|| {
        let told = |words: &[String]| {
            run.stderr.lines().any(|line| words.iter().all(|word| line.contains(word.as_str())))
        };
        let untold = vector.notices().into_iter().find(|words| !told(words));
        untold.map(|words| format!("no notice with {words:?} in: {}", run.stderr))
    })
}

/// What a random case shows.
#[derive(Debug, PartialEq)]
enum Shown {
    Nothing,
    /// Both refuse it.
    Refused,
    /// The two results differ.
    Apart(String),
    /// One refuses it, or with another exit code.
    ExitCodes(String),
}

fn judge(case: &Case) -> Shown {
    let place = tempfile::tempdir().expect("a temporary folder can be made");
    case.write(place.path());
    let path = place.path().join("case.toml");
    let Ok(slow) = catch_unwind(|| simulate(&path)) else {
        return Shown::ExitCodes("the slow simulation panics".into());
    };
    let run = support::run_strategy(place.path(), &[]);
    match (slow, run.code) {
        (Ok(outcome), Some(0)) => {
            let mut expected = Result::of_simulation(&outcome);
            expected.leave_out_what_says_nothing();
            of_program(&run).first_difference(&expected, TO_THE_LAST_BIT).map_or(Shown::Nothing, Shown::Apart)
        }
        (Err(refusal), Some(code)) if code == refusal.code => Shown::Refused,
        (Ok(_), code) => Shown::ExitCodes(format!("exit code {code:?}; it says: {}", run.stderr)),
        (Err(refusal), code) => {
            Shown::ExitCodes(format!("exit code {code:?}, expected {refusal:?}; it says: {}", run.stderr))
        }
    }
}

impl Shown {
    /// What differs, without its place and its numbers.
    fn kind(&self) -> String {
        format!("{self:?}").split(['[', ':', ';']).next().unwrap_or_default().to_string()
    }
}

/// The case after every step towards a smaller one that still shows a difference of the same kind.
fn smallest(mut case: Case, mut shown: Shown) -> (Case, Shown) {
    loop {
        let candidates = case.smaller().into_iter().map(|candidate| (judge(&candidate), candidate));
        let Some((now, candidate)) = candidates.into_iter().find(|(now, _)| now.kind() == shown.kind())
        else {
            return (case, shown);
        };
        (case, shown) = (candidate, now);
    }
}

fn number(variable: &str) -> Option<u64> {
    env::var(variable).ok().map(|text| text.parse().expect("a whole number"))
}

#[test]
fn the_slow_simulation_equals_the_vectors_that_ship() {
    check(&support::project("tests/vectors/sound"), slow_difference);
}

#[test]
fn the_slow_simulation_equals_the_vectors_of_the_reference() {
    if let Some(shared) = support::shared("the_slow_simulation_equals_the_vectors_of_the_reference") {
        check(&shared.join("reference/sound"), slow_difference);
    }
}

#[test]
fn the_program_equals_the_vectors_that_ship() {
    check(&support::project("tests/vectors/sound"), program_difference);
}

#[test]
fn the_program_equals_the_vectors_of_the_reference() {
    if let Some(shared) = support::shared("the_program_equals_the_vectors_of_the_reference") {
        check(&shared.join("reference/sound"), program_difference);
    }
}

#[test]
fn random_cases_equal_the_slow_simulation() {
    let first = number("BACKTEST_SEED").unwrap_or(1);
    let (mut refused, mut apart) = (0, Vec::new());
    let cases = number("BACKTEST_CASES").unwrap_or(CASES);
    for seed in first..first + cases {
        let case = random::case(seed);
        match judge(&case) {
            Shown::Nothing => {}
            Shown::Refused => refused += 1,
            shown => {
                let whole = format!("{shown:?}");
                let (case, shown) = smallest(case, shown);
                apart.push(format!("seed {seed}: {whole}\nmade smaller: {shown:?}\n{}", case.replay()));
            }
        }
        if apart.len() == SHOWN {
            break;
        }
    }
    println!("{cases} cases, {refused} of them refused by both");
    assert!(apart.is_empty(), "{} cases differ\n{}", apart.len(), apart.join("\n"));
    assert!(refused * 3 <= cases, "{refused} of {cases} cases are refused, which proves little");
}
