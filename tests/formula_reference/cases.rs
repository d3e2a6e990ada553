//! Random cases with every word of the language: sessions, spells, prices of any size, signals, groups and columns.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::columns::{Column, Whose};
use super::door::{Case, Schedule};
use super::evaluate::Conventions;
use super::extras::Form;
use super::fixed_sums::has_partial_sum;
use super::generate::{Random, Size, case_of};
use super::market::{Spell, weekdays};
use super::tree::Tree;
use super::words::{Known, Signal, Stands, Words};

/// The case of a seed, under one convention.
pub fn language_case(seed: u64, conventions: Conventions) -> Case {
    let random = &mut Random::new(0x1000_0000 + 2 * seed + conventions as u64);
    let size = if random.chance(0.05) { Size::LONG } else { Size::MONTHS };
    let mut case = case_of(random, size, conventions);
    (case.schedule, case.burn_in) = (Schedule::Daily, None);
    case.extras.sessions = random.chance(0.5);
    flatten_and_scale(random, &mut case);
    if random.chance(0.4) {
        spells(random, &mut case);
    }
    groups(random, &mut case);
    columns(random, &mut case);
    let columns: Vec<String> = case.extras.columns.iter().map(|(name, ..)| name.clone()).collect();
    let groups: Vec<String> = case.extras.groups.iter().map(|(name, _)| name.clone()).collect();
    let half = Tree::binary("*", Tree::Number(2.0), Tree::name("fast"));
    case.extras.signals = vec![("half".into(), half)];
    let mut signals: Vec<Signal> = Vec::new();
    for (name, stands) in [
        ("first", Stands::Anywhere),
        ("second", Stands::Anywhere),
        ("place", Stands::Outside),
        ("stop", Stands::InHold),
    ] {
        let depth = random.whole(1, 3);
        let tree = without_partial_sum(&case, || {
            let known = Known {
                inside: &case.universe,
                all: &tickers(&case),
                columns: &columns,
                groups: &groups,
                signals: &signals,
                widest: size.window,
            };
            Words::new(random, known).of_signal(depth, stands)
        });
        case.extras.signals.push((name.into(), tree));
        signals.push(Signal { name: name.into(), stands });
    }
    let depth = random.whole(1, 4);
    case.formula = without_partial_sum(&case, || {
        let known = Known {
            inside: &case.universe,
            all: &tickers(&case),
            columns: &columns,
            groups: &groups,
            signals: &signals,
            widest: size.window,
        };
        Words::new(random, known).formula(depth)
    });
    let used = names_in(&case.formula, &case.extras.signals);
    case.extras.signals.retain(|(name, _)| used.contains(name));
    case.extras.columns.retain(|(name, ..)| used.contains(name));
    case.extras.groups.retain(|(name, _)| used.contains(name));
    case
}

/// A case of weights that are decided on weekdays, at the first open, too.
pub fn language_weights(seed: u64, conventions: Conventions) -> Case {
    let mut case = language_case(seed, conventions);
    let random = &mut Random::new(seed);
    let two = Tree::Number(2.0);
    case.formula = Tree::call("clip", [case.formula, Tree::unary("-", two.clone()), two]);
    case.schedule =
        random.pick(&[Schedule::BuyAndHold, Schedule::BuyAndHold, Schedule::Daily, Schedule::EndOfMonth]);
    case.extras.sessions = false;
    case.extras.spells.clear();
    case
}

/// All names in a formula and in the signals that it names.
fn names_in(formula: &Tree, signals: &[(String, Tree)]) -> BTreeSet<String> {
    match formula {
        Tree::Name(name) => {
            let signal = signals.iter().find(|(known, _)| known == name);
            let mut names = signal.map_or(BTreeSet::new(), |(_, tree)| names_in(tree, signals));
            names.insert(name.clone());
            names
        }
        _ => formula.children().into_iter().flat_map(|child| names_in(child, signals)).collect(),
    }
}

fn tickers(case: &Case) -> Vec<String> {
    case.files.iter().map(|(ticker, _)| ticker.clone()).collect()
}

/// The first formula made that no sum makes wrong.
fn without_partial_sum(case: &Case, mut make: impl FnMut() -> Tree) -> Tree {
    let names = case.names();
    loop {
        let tree = make();
        if !has_partial_sum(&tree, &names, &case.universe) {
            return tree;
        }
    }
}

/// Some assets do not move, some cost next to nothing and some a fortune.
fn flatten_and_scale(random: &mut Random, case: &mut Case) {
    for (_, rows) in &mut case.files {
        let still = random.chance(0.1).then(|| rows[0]);
        let scale = random.pick(&[1.0, 1.0, 1.0, 1.0, 1e-6, 1e9]);
        for row in rows {
            let from = still.map_or(*row, |still| super::market::Row { date: row.date, ..still });
            let scaled = |price: Option<f64>| price.map(|price| price * scale);
            *row = from;
            (row.open, row.high, row.low) = (scaled(from.open), scaled(from.high), scaled(from.low));
            (row.close, row.adjusted_close) = (scaled(from.close), scaled(from.adjusted_close));
        }
    }
}

fn spells(random: &mut Random, case: &mut Case) {
    case.entry.clear();
    let days = weekdays(case.start, case.end);
    for ticker in &case.universe {
        let mut cuts: Vec<NaiveDate> = (0..random.whole(0, 4)).map(|_| random.pick(&days)).collect();
        cuts.sort();
        cuts.dedup();
        let mut cuts = cuts.into_iter();
        let mut own = Vec::new();
        let mut entry = if random.chance(0.5) { None } else { cuts.next() };
        loop {
            let exit = cuts.next();
            own.push(Spell { entry, exit });
            // The next spell may begin on the day on which the last one ends.
            entry = if random.chance(0.3) { exit } else { cuts.next() };
            if exit.is_none() || entry.is_none() {
                break;
            }
        }
        let is_there = |spell: &Spell| spell.exit.is_none_or(|exit| exit > case.start);
        if !own.iter().any(is_there) {
            own.push(Spell { entry: own.iter().filter_map(|spell| spell.exit).max(), exit: None });
        }
        case.extras.spells.push((ticker.clone(), own));
    }
}

fn groups(random: &mut Random, case: &mut Case) {
    for name in ["sector", "kind"] {
        let mut groups: Vec<(String, Vec<String>)> =
            ["one", "two", "three"].map(|group| (group.into(), vec![])).to_vec();
        for ticker in &case.universe {
            // Some are in no group.
            if let Some((_, group)) = groups.get_mut(random.whole(0, 3)) {
                group.push(ticker.clone());
            }
        }
        groups.retain(|(_, tickers)| !tickers.is_empty());
        if !groups.is_empty() {
            case.extras.groups.push((name.into(), groups));
        }
    }
}

fn columns(random: &mut Random, case: &mut Case) {
    let tickers = tickers(case);
    for (name, form, is_for_all, is_dates) in [
        ("pe", Form::Long, false, false),
        ("vix", Form::Long, true, false),
        ("surprise", Form::Folder, false, false),
        ("score", Form::Wide, false, false),
        ("fomc", Form::Long, true, true),
        ("earnings", Form::Long, false, true),
    ] {
        if random.chance(0.4) {
            continue;
        }
        let mut rows: Vec<Whose> = Vec::new();
        let mut symbols: Vec<Option<String>> = vec![None];
        if !is_for_all {
            symbols = tickers.iter().filter(|_| random.chance(0.8)).cloned().map(Some).collect();
            // One asset of the strategy has a row at least.
            symbols.push(Some(case.universe[0].clone()));
            symbols.sort();
            symbols.dedup();
        }
        for symbol in symbols {
            let step = random.whole(1, 20) as u64;
            let mut date = case.start - Days::new(random.whole(0, 40) as u64);
            while date <= case.end + Days::new(20) {
                rows.push((date, symbol.clone()));
                date = date + Days::new(random.whole(1, 2 * step as usize) as u64);
            }
        }
        let column = if is_dates {
            Column::Dates { known: random.pick(&[0, 3, 10, 250]), rows }
        } else {
            let mut number = |whose: Whose| (whose, random.whole(0, 12) as f64 / 2.0 - 2.0);
            let rows = rows.into_iter().map(&mut number).collect();
            let max_age = random.pick(&[None, None, Some(0), Some(4)]);
            Column::Numbers { lag: random.pick(&[0, 1, 2, 5]), max_age, rows }
        };
        case.extras.columns.push((name.into(), form, column));
    }
}
