//! Random cases with every word of the language: first this implementation by itself.

use std::collections::BTreeSet;

use super::cases::language_case;
use super::evaluate::{Conventions, Evaluator};
use super::parse::parse;
use super::random::{number, operators_of};

/// The cases of the tests, of both conventions in turn.
fn seeds(count: u64) -> impl Iterator<Item = (u64, Conventions)> {
    let first = number("BACKTEST_SEED").unwrap_or(1);
    let seeds = first..first + number("BACKTEST_CASES").unwrap_or(count);
    seeds.map(|seed| (seed, if seed % 2 == 0 { Conventions::Sound } else { Conventions::Qstrader }))
}

#[test]
fn random_formulas_of_the_language_read_back_as_themselves() {
    for (seed, conventions) in seeds(500) {
        let case = language_case(seed, conventions);
        for tree in case.extras.signals.iter().map(|(_, tree)| tree).chain([&case.formula]) {
            assert_eq!(parse(&format!("{tree} # a comment")).as_ref(), Ok(tree), "seed {seed}");
        }
    }
}

#[test]
fn random_formulas_of_the_language_have_values() {
    let (mut cells, mut present, mut not_zero) = (0, 0, 0);
    for (seed, conventions) in seeds(60) {
        let case = language_case(seed, conventions);
        let (market, names) = (case.market(), case.names());
        let evaluator = Evaluator::new(&market, &case.formula, &names, conventions, None);
        evaluator.depth(&case.formula);
        for asset in 0..market.assets.len() {
            for day in 0..market.days.len() {
                let value = evaluator.given(asset, day);
                cells += 1;
                present += usize::from(value.is_some());
                not_zero += usize::from(value.is_some_and(|value| value != 0.0));
            }
        }
    }
    println!("{cells} cells, {present} present, {not_zero} not zero");
    assert!(present * 3 > cells, "{present} of {cells} values are present, which proves little");
    assert!(not_zero * 4 > cells, "{not_zero} of {cells} values are not zero, which proves little");
}
