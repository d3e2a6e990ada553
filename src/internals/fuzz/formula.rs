//! Any text as a formula: its canonical text reads back, and its weights are the same in any blocks, finite or absent,
//! and blind to the future.

use std::sync::Arc;
use std::sync::LazyLock;

use crate::formula::evaluate::{Evaluator, Policy};
use crate::formula::evaluation::Scratch;
use crate::formula::frame::FirstDay;
use crate::formula::kernel::days::Readiness;
use crate::formula::node::Formula;
use crate::formula::weight_block::WeightBlock;
use crate::market::calendar::Calendar;
use crate::market::columns::{Column, Columns};
use crate::market::date::{Date, Phase};
use crate::market::decisions::Decisions;
use crate::market::input::folder::csv;
use crate::market::prices::{Market, PriceAdjustment};
use crate::market::universe::{Tenure, Universe};

const DAYS: usize = 12;
/// Prices change after this day in the second market.
const KNOWN_DAYS: usize = 6;
const DEPTH_LIMIT: u64 = 1000;
const PARAMETERS: [(&str, [f64; 3]); 3] =
    [("n", [3.0, 1.0, 5.0]), ("m", [2.0, 2.0, 12.0]), ("x", [0.5, -1.0, 0.0])];

static MARKETS: LazyLock<[Market; 2]> = LazyLock::new(|| [market(1.0), market(7.0)]);

/// Three assets: one complete, one that joins on the third day and has holes, one of extremes. `factor` changes the future.
fn market(factor: f64) -> Market {
    let calendar = Calendar::weekdays(Date::from_ymd(2020, 1, 6).expect("a date"), DAYS);
    let table = |price: &dyn Fn(usize) -> String| {
        let rows: String = (0..DAYS)
            .map(|day| {
                let date = calendar.date(day);
                format!("{date},{}\n", price(day))
            })
            .collect();
        let columns = Columns::all().without(Column::AdjustedClose);
        csv::read(format!("Date,Open,High,Low,Close,Volume\n{rows}").as_bytes(), columns)
            .expect("sound prices")
    };
    let scale = |day: usize| if day > KNOWN_DAYS { factor } else { 1.0 };
    let complete = |day: usize| {
        let close = (10.0 + (day * 7 % 5) as f64) * scale(day);
        format!("{},{},{},{close},{}", close - 1.0, close + 2.0, close - 2.0, day * 100)
    };
    let late = |day: usize| match day {
        0..3 | 5 => ",,,,".to_owned(),
        _ => format!("{},,,{},", day, day as f64 * scale(day)),
    };
    let extreme = |day: usize| {
        let close = [1e-300, 1e300, 5.0, 5.0][day % 4] * scale(day);
        format!("{close},{close},{close},{close},1e300")
    };
    let tables = vec![
        ("A".to_owned(), table(&complete)),
        ("B".to_owned(), table(&late)),
        ("C".to_owned(), table(&extreme)),
    ];
    Market::new(calendar, PriceAdjustment::None, tables).expect("no duplicates")
}

/// Whether the text is worth keeping: every text is.
pub fn formula(text: &str) -> bool {
    let names: Vec<String> = PARAMETERS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let formula = match Formula::new(text, &names) {
        Ok(formula) => formula,
        Err(error) => {
            assert!(error.span.end <= text.len() && text.get(error.span.clone()).is_some(), "{error:?}");
            return true;
        }
    };
    let again = Formula::new(&formula.canonical, &names).expect("the canonical text reads back");
    assert_eq!(again.canonical, formula.canonical);
    for index in 0..3 {
        let parameters = PARAMETERS.map(|(_, values)| values[index]);
        match formula.depth(&parameters) {
            Ok(depth) if depth <= DEPTH_LIMIT => check(&formula, &again, &parameters, depth),
            Ok(_) | Err(_) => {}
        }
    }
    true
}

fn check(formula: &Formula, again: &Formula, parameters: &[f64], depth: u64) {
    let all = Decisions::Closes((0..DAYS as u32).collect());
    let some = Decisions::Closes(vec![1, 4, 5, 6, 11]);
    let schedules = [all, some, Decisions::Open(0), Decisions::Open(5), Decisions::Closes(Vec::new())];
    for readiness in [Readiness::Short, Readiness::Full] {
        for decisions in &schedules {
            let of = |formula: &Formula, market: &Market, step: usize| {
                weights(formula, market, decisions, readiness, parameters, depth, step)
            };
            let [market, other_future] = &*MARKETS;
            let whole = of(formula, market, DAYS);
            assert_eq!(whole, of(formula, market, 1), "one decision at a time");
            assert_eq!(whole, of(formula, market, 2), "two decisions at a time");
            assert_eq!(whole, of(again, market, DAYS), "of the canonical text");
            let known = match decisions {
                Decisions::Closes(days) => days.partition_point(|&day| day as usize <= KNOWN_DAYS),
                Decisions::Open(_) => 1,
            };
            let future = of(formula, other_future, DAYS);
            for (row, other) in whole.iter().zip(&future).take(known) {
                assert_eq!(row, other, "the past does not change with the future");
            }
        }
    }
}

/// The weights as bits, a row a decision; all absent ones alike.
fn weights(
    formula: &Formula,
    market: &Market,
    decisions: &Decisions,
    readiness: Readiness,
    parameters: &[f64],
    depth: u64,
    step: usize,
) -> Vec<Vec<u64>> {
    let start = market.date(0).at(Phase::Open);
    let late = Tenure { entry: Some(market.date(4).at(Phase::Close)), exit: None };
    let assets = [("A", Tenure::default()), ("B", Tenure::default()), ("C", late)];
    let assets =
        assets.iter().filter_map(|(symbol, tenure)| Some((market.asset(symbol)?, vec![*tenure]))).collect();
    let members = Universe { assets }.members(market, start);
    let (formula, market) = (Arc::new(formula.clone()), Arc::new(market.clone()));
    let policy = Policy { only_changes: true, ..Policy::new(formula, readiness, FirstDay::Entry) };
    let evaluator = Evaluator::new(policy, market, &members, &[], decisions.clone(), 1 << 20);
    let (mut scratch, mut out) = (Scratch::default(), Vec::new());
    let mut rows = Vec::new();
    let (mut changes, mut changed) = (WeightBlock::default(), Vec::new());
    let bits = |weight: &f64| if weight.is_nan() { u64::MAX } else { weight.to_bits() };
    for first in (0..decisions.len()).step_by(step) {
        let block = first..(first + step).min(decisions.len());
        evaluator.weights(parameters, depth, block.clone(), &mut scratch, &mut out);
        assert_eq!(out.len(), block.len() * evaluator.columns().len());
        assert!(out.iter().all(|weight| !weight.is_infinite()), "an infinite weight");
        for row in 0..block.len() {
            rows.push(out[row..].iter().step_by(block.len()).map(bits).collect::<Vec<u64>>());
        }
        evaluator.decide(parameters, depth, block, &mut scratch, &mut changes);
        for (index, row) in changes.rows.iter().enumerate() {
            let weights = changes.weights[index..].iter().step_by(changes.rows.len());
            changed.push((first + *row as usize, weights.map(bits).collect::<Vec<u64>>()));
        }
    }
    let zero_if_absent = |row: &[u64]| -> Vec<f64> {
        row.iter().map(|bits| if *bits == u64::MAX { 0.0 } else { f64::from_bits(*bits) }).collect()
    };
    let mut last = vec![0.0; evaluator.columns().len()];
    let mut expected = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let weights = zero_if_absent(row);
        if weights != last {
            expected.push((index, row.clone()));
        }
        last = weights;
    }
    assert_eq!(changed, expected, "the decisions that change the weights");
    rows
}
