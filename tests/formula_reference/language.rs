//! Random cases with every word of the language: this implementation by itself, then the program against it.

use std::collections::BTreeSet;
use std::iter::once;

use chrono::NaiveDate;

use super::cases::{language_case, language_weights};
use super::columns::Column;
use super::door::{Case, Seen, compare, compare_values, printed};
use super::evaluate::{Conventions, Evaluator};
use super::parse::parse;
use super::random::{Comparison, SHOWN, number, operators_of, smallest};
use crate::support::{names_below, project};

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

/// The operators of the formula and of its signals.
fn operators(case: &Case) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    let signals = case.extras.signals.iter().map(|(_, tree)| tree);
    signals.chain(once(&case.formula)).for_each(|tree| operators_of(tree, &mut names));
    names
}

/// The operators of the program, a file each.
fn operators_of_the_program() -> BTreeSet<String> {
    let files = names_below(&project("src/formula/operators"));
    let stems = files.iter().filter_map(|file| file.to_str()?.strip_suffix(".rs")?.rsplit('/').next());
    stems.filter(|stem| *stem != "mod").map(Into::into).collect()
}

/// So the reference must know each of them.
#[test]
fn random_formulas_have_every_operator() {
    let cases: Vec<Case> = seeds(1000).map(|(seed, conventions)| language_case(seed, conventions)).collect();
    let names: BTreeSet<&str> = cases.iter().flat_map(operators).collect();
    let all = operators_of_the_program();
    let missing: Vec<&String> = all.iter().filter(|operator| !names.contains(operator.as_str())).collect();
    assert!(missing.is_empty(), "no random formula has {missing:?}");
}

/// Runs the cases of both implementations.
fn agree(cases: u64, of_seed: fn(u64, Conventions) -> Case, comparison: Comparison) {
    let (mut seen, mut apart) = (Seen::default(), Vec::new());
    for (seed, conventions) in seeds(cases) {
        let case = of_seed(seed, conventions);
        match comparison(&case) {
            Ok(more) => seen = seen.and(more),
            Err(difference) => {
                let whole = case.formula.to_string();
                apart.push(format!("seed {seed}: `{whole}`\n{}", smallest(case, difference, comparison)));
                if apart.len() == SHOWN {
                    break;
                }
            }
        }
    }
    println!("{seen:?}");
    assert!(apart.is_empty(), "{} cases differ\n{}", apart.len(), apart.join("\n"));
}

#[test]
fn random_formulas_of_the_language_equal_the_reference() {
    agree(200, language_case, compare_values);
}

/// At opens, too, and behind the gate of `days_since_start`.
#[test]
fn random_weights_of_the_language_equal_the_reference() {
    agree(100, language_weights, compare);
}

/// The case with other prices and numbers after a date, on the same dates.
fn poisoned(case: &Case, last: NaiveDate) -> Case {
    let mut case = case.clone();
    for (_, rows) in &mut case.files {
        for (index, row) in rows.iter_mut().enumerate().filter(|(_, row)| row.date > last) {
            // Powers of two, so that the ratio of a price to the adjusted one stays.
            let factor = [2.0, 0.25, 8.0, 0.5, 4.0][index / 3 % 5];
            for cell in [&mut row.open, &mut row.high, &mut row.low, &mut row.close, &mut row.adjusted_close]
            {
                *cell = cell.map(|price| price * factor);
            }
            row.volume = row.volume.map(|volume| volume * factor + 100.0);
        }
    }
    for (_, _, column) in &mut case.extras.columns {
        if let Column::Numbers { rows, .. } = column {
            rows.iter_mut()
                .filter(|(whose, _)| whose.0 > last)
                .for_each(|(_, number)| *number = 9.0 - *number);
        }
    }
    case
}

/// The values up to a date do not depend on prices and numbers after it; gives whether later ones do.
fn sees_no_future(case: &Case, last: NaiveDate) -> Result<bool, String> {
    let (honest, poisoned) = (printed(case)?, printed(&poisoned(case, last))?);
    let mut later_differ = false;
    for (line, other) in honest.lines().zip(poisoned.lines()) {
        // The header is before every date.
        let is_later = line
            .split(',')
            .next()
            .and_then(|date| date.parse().ok())
            .is_some_and(|date: NaiveDate| date > last);
        later_differ |= is_later && line != other;
        if !is_later && line != other {
            return Err(format!("what comes after {last} makes `{line}` into `{other}`"));
        }
    }
    Ok(later_differ)
}

/// Over all operators, as random formulas have every one.
#[test]
fn random_formulas_of_the_language_see_no_future() {
    let (mut changed, mut apart, mut cases) = (0, Vec::new(), 0);
    for (seed, conventions) in seeds(150) {
        let case = language_case(seed, conventions);
        let days = case.calendar().0;
        // Anywhere from the first day to the last but one.
        let last = days[seed as usize * 7919 % days.len().saturating_sub(1).max(1)];
        cases += 1;
        match sees_no_future(&case, last) {
            Ok(later_differ) => changed += usize::from(later_differ),
            Err(difference) => apart.push(format!("seed {seed}: `{}`: {difference}", case.formula)),
        }
    }
    println!("the poison changed later values in {changed} of {cases} cases");
    assert!(apart.is_empty(), "{} cases see the future\n{}", apart.len(), apart.join("\n"));
    assert!(changed * 3 > cases, "the poison changed later values in {changed} of {cases} cases alone");
}
