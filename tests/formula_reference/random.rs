//! The program against the reference over random cases.

use std::env;

use super::door::{Case, Seen, compare};
use super::evaluate::Conventions;
use super::generate;
use super::parse::parse;

fn number(variable: &str) -> Option<u64> {
    env::var(variable).ok().map(|text| text.parse().expect("a whole number"))
}

/// Whether the run ended well, so that a formula made invalid by cutting is not taken for the same failure.
fn ran(difference: &str) -> bool {
    !difference.contains("exit code")
}

/// The case after every step towards a smaller formula that still shows a difference.
fn smallest(case: Case, shown: String) -> String {
    let candidates = case.formula.smaller().into_iter().map(|formula| Case { formula, ..case.clone() });
    for candidate in candidates {
        if let Err(difference) = compare(&candidate)
            && ran(&difference) == ran(&shown)
        {
            return smallest(candidate, difference);
        }
    }
    shown
}

fn agree(conventions: Conventions, cases: u64) {
    let first = number("BACKTEST_SEED").unwrap_or(1);
    let mut seen = Seen::default();
    for seed in first..first + number("BACKTEST_CASES").unwrap_or(cases) {
        let case = generate::case(seed, conventions);
        match compare(&case) {
            Ok(more) => seen = seen.and(more),
            Err(difference) => {
                let whole = case.formula.to_string();
                panic!("seed {seed}: `{whole}`\n{}", smallest(case, difference));
            }
        }
    }
    println!("{seen:?}");
    assert!(seen.weights_not_zero * 5 > seen.cells, "most weights are zero, which proves little: {seen:?}");
}

#[test]
fn random_formulas_decide_as_the_reference_under_qstrader() {
    agree(Conventions::Qstrader, 170);
}

#[test]
fn random_formulas_decide_as_the_reference_under_sound() {
    agree(Conventions::Sound, 130);
}

#[test]
fn a_printed_formula_reads_back_as_itself() {
    for seed in 0..500 {
        let formula = generate::case(seed, Conventions::Sound).formula;
        assert_eq!(parse(&formula.to_string()), Ok(formula));
    }
}
