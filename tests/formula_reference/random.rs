//! The program against the reference over random cases.

use std::collections::BTreeSet;
use std::env;

use super::door::{Case, Schedule, Seen, compare};
use super::evaluate::Conventions;
use super::generate::{self, Random, Size};
use super::parse::parse;
use super::tree::Tree;

pub fn number(variable: &str) -> Option<u64> {
    env::var(variable).ok().map(|text| text.parse().expect("a whole number"))
}

/// Whether the run ended well, so that a formula made invalid by cutting is not taken for the same failure.
fn ran(difference: &str) -> bool {
    !difference.contains("exit code")
}

/// The case after every step towards a smaller formula that still shows a difference.
pub fn smallest(case: Case, shown: String, compare: Comparison) -> String {
    // What is refused as a whole may be refused in parts for any reason.
    if shown.contains(REFUSED) {
        return shown;
    }
    let expanded = case.formula.with_names(&case.extras.signals);
    let formulas = case.formula.smaller().into_iter().chain([expanded]);
    let candidates = formulas.filter(|formula| *formula != case.formula);
    for candidate in candidates.map(|formula| Case { formula, ..case.clone() }) {
        if let Err(difference) = compare(&candidate)
            && ran(&difference) == ran(&shown)
        {
            return smallest(candidate, difference, compare);
        }
    }
    shown
}

const REFUSED: &str = "exit code Some(78)";

/// Runs a case in both implementations.
pub type Comparison = fn(&Case) -> Result<Seen, String>;

/// A test gives up after so many differences.
pub const SHOWN: usize = 3;

fn agree(conventions: Conventions, cases: u64) {
    let first = number("BACKTEST_SEED").unwrap_or(1);
    let mut seen = Seen::default();
    let mut apart = Vec::new();
    for seed in first..first + number("BACKTEST_CASES").unwrap_or(cases) {
        let case = generate::case(seed, conventions);
        match compare(&case) {
            Ok(more) => seen = seen.and(more),
            Err(difference) => {
                let whole = case.formula.to_string();
                apart.push(format!("seed {seed}: `{whole}`\n{}", smallest(case, difference, compare)));
                if apart.len() == SHOWN {
                    break;
                }
            }
        }
    }
    println!("{seen:?}");
    assert!(apart.is_empty(), "{} cases differ\n{}", apart.len(), apart.join("\n"));
    assert!(seen.weights_not_zero * 5 > seen.cells, "most weights are zero, which proves little: {seen:?}");
}

/// The operators of a formula.
pub fn operators_of<'t>(formula: &'t Tree, names: &mut BTreeSet<&'t str>) {
    match formula {
        Tree::Call(name, _) => names.insert(name),
        Tree::Of(..) => names.insert("of"),
        Tree::Fixed(_) => names.insert("fixed"),
        _ => false,
    };
    formula.children().into_iter().for_each(|child| operators_of(child, names));
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

#[test]
fn many_decisions_of_many_assets_leave_no_seam() {
    let random = &mut Random::new(1);
    let mut case = generate::case_of(random, Size::HUGE, Conventions::Qstrader);
    (case.schedule, case.burn_in) = (Schedule::Daily, None);
    for formula in [
        "top(momentum(fast), k) * (sma(128) - sma(129)) / stdev(close, 293)",
        "hold(rank(close) < 5, rank(close) > 9) + ema(zscore(close, 5), slow) / count()",
    ] {
        case.formula = parse(formula).expect("a formula");
        assert!(compare(&case).is_ok(), "{formula}");
    }
}
