//! Laws that every strategy that ships obeys, under both presets: a new file in `strategies/` is covered the day it is added.

use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use crate::engine::account::Fill;
use crate::engine::book::AccountBook;
use crate::engine::interest::InterestRates;
use crate::engine::simulate::Outcome;
use crate::engine::stage::Stage;
use crate::formula::evaluation::Scratch;
use crate::formula::weight_block::WeightBlock;
use crate::inside::engine_properties::keep_account;
use crate::inside::engine_properties::seen::see;
use crate::market::date::{Date, Phase};
use crate::market::prices::{AssetId, Market};
use crate::stats::rules::{Deviation, Rules};
use crate::strategy::definition::{Rate, Strategy};
use crate::strategy::figures::{Metric, NAMES, point_figures};
use crate::strategy::part::part;
use crate::strategy::prepare::prepare;
use crate::strategy::rates::{PreparedRates, RateColumns};
use crate::strategy::run::{BacktestResult, Point, PointBuffers, PointResult, run, run_point};

const PRESETS: [&str; 2] = ["qstrader", "sound"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn strategy_files() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(root().join("strategies"))
        .expect("the strategies ship")
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    files.sort();
    assert!(files.len() >= 11);
    files
}

/// Calls a check for every strategy under every preset.
fn for_each_strategy(check: impl Fn(&str, &Path, &str)) {
    for file in strategy_files() {
        for preset in PRESETS {
            let name = format!("{} under {preset}", file.file_stem().expect("a name").to_string_lossy());
            check(&name, &file, preset);
        }
    }
}

fn read(file: &Path, overrides: &[String]) -> Strategy {
    Strategy::read(file, overrides).unwrap_or_else(|error| panic!("{error}"))
}

fn result_of(file: &Path, preset: &str, more: &[String]) -> BacktestResult {
    let mut overrides = vec![format!("conventions={preset}")];
    overrides.extend_from_slice(more);
    run(&read(file, &overrides)).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

pub(super) type DatedDecision = (Date, Phase, Vec<(String, u64)>);

/// Decisions up to and including a date, with symbols and bits: what must not depend on the future.
pub(super) fn decisions_until(result: &BacktestResult, last: Date) -> Vec<DatedDecision> {
    let weights = |weights: &[(AssetId, f64)]| {
        weights
            .iter()
            .map(|(asset, weight)| (result.market.symbol(*asset).to_owned(), weight.to_bits()))
            .collect()
    };
    result
        .record
        .decisions
        .iter()
        .map(|decision| (result.market.date(decision.day), decision.phase, weights(&decision.weights)))
        .filter(|(date, _, _)| *date <= last)
        .collect()
}

/// A copy of the shipped prices with every row after a date changed or, for `None`, left out.
fn prices_with_future(last: Date, change: impl Fn(usize, f64) -> Option<f64>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for entry in fs::read_dir(root().join("data/prices")).expect("prices ship") {
        let path = entry.expect("a readable folder").path();
        if path.extension().is_none_or(|extension| extension != "csv") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a text file");
        let mut lines = text.lines();
        let mut changed = format!("{}\n", lines.next().expect("a header"));
        for (row, line) in lines.enumerate() {
            let cells: Vec<&str> = line.split(',').collect();
            if Date::parse(cells[0].as_bytes()).expect("a date") <= last {
                changed += &format!("{line}\n");
                continue;
            }
            let poisoned: Option<Vec<String>> = cells[1..]
                .iter()
                .map(|cell| change(row, cell.parse().expect("a number")).map(|value| value.to_string()))
                .collect();
            if let Some(poisoned) = poisoned {
                changed += &format!("{},{}\n", cells[0], poisoned.join(","));
            }
        }
        fs::write(folder.path().join(path.file_name().expect("a name")), changed).expect("a writable folder");
    }
    folder
}

/// Another number in place of one of the future.
pub(super) fn poison(row: usize, number: f64) -> f64 {
    number * [1.2, 0.9, 1.3, 0.85, 1.05][row / 60 % 5]
}

fn cut_dates() -> Vec<Date> {
    ["2003-02-14", "2005-09-30", "2008-10-01", "2011-12-30"]
        .map(|date| Date::parse(date.as_bytes()).expect("a date"))
        .to_vec()
}

#[test]
fn a_poisoned_future_leaves_decisions_unchanged() {
    for last in cut_dates() {
        let folder = prices_with_future(last, |row, price| Some(poison(row, price)));
        let prices = format!("data.prices={}", folder.path().display());
        for_each_strategy(|name, file, preset| {
            let honest = decisions_until(&result_of(file, preset, &[]), last);
            let poisoned = decisions_until(&result_of(file, preset, std::slice::from_ref(&prices)), last);
            assert_eq!(honest, poisoned, "{name} sees beyond {last}");
        });
    }
}

#[test]
fn the_poison_is_strong_enough_to_change_later_decisions() {
    let last = cut_dates()[0];
    let folder = prices_with_future(last, |row, price| Some(poison(row, price)));
    let prices = format!("data.prices={}", folder.path().display());
    let momentum = root().join("strategies/momentum.toml");
    let end = Date::parse(b"2013-03-01").expect("a date");
    let honest = decisions_until(&result_of(&momentum, "qstrader", &[]), end);
    assert_ne!(honest, decisions_until(&result_of(&momentum, "qstrader", &[prices]), end));
}

#[test]
fn a_market_that_ends_today_leaves_decisions_unchanged() {
    for last in cut_dates() {
        let folder = prices_with_future(last, |_, _| None);
        let overrides = [format!("data.prices={}", folder.path().display()), format!("period.end={last}")];
        for_each_strategy(|name, file, preset| {
            // An asset that has not begun yet has no file worth the name.
            if read(file, &[]).symbols().contains(&"GOOG".to_owned())
                && last < Date::parse(b"2004-08-19").expect("a date")
            {
                return;
            }
            let whole = decisions_until(&result_of(file, preset, &[]), last);
            let truncated = decisions_until(&result_of(file, preset, &overrides), last);
            assert_eq!(whole, truncated, "{name} sees beyond {last}");
        });
    }
}

/// The yearly rates of a shipped strategy on cash and on debt, which are numbers. None borrows shares at a cost.
fn rates(strategy: &Strategy) -> [f64; 2] {
    let rates = &strategy.rates;
    let [cash, debit, borrow] = [&rates.cash, &rates.debit, &rates.borrow].map(|rate| match rate {
        Rate::Number(rate) => *rate,
        Rate::Formula(_) => panic!("a number"),
    });
    assert_eq!(borrow, 0.0);
    [cash, debit]
}

/// What cash earns or pays from a day of the market to the next one.
fn booked(cash: f64, [earned, paid]: [f64; 2], market: &Market, day: usize) -> f64 {
    let years = f64::from(market.date(day + 1) - market.date(day)) / 365.0;
    cash * if cash > 0.0 { earned } else { paid } * years
}

#[test]
fn equity_is_cash_and_holdings_and_cash_moves_by_fills_payouts_and_interest_alone() {
    for_each_strategy(|name, file, preset| {
        let strategy = read(file, &[format!("conventions={preset}")]);
        let seen = see(&strategy).unwrap_or_else(|error| panic!("{name}: {error}"));
        keep_account(name, &strategy, &seen);
    });
}

#[test]
fn fills_come_one_session_after_decisions_at_a_close() {
    for_each_strategy(|name, file, preset| {
        let result = result_of(file, preset, &[]);
        let decided: Vec<usize> = result
            .record
            .decisions
            .iter()
            .map(|decision| decision.day + usize::from(decision.phase == Phase::Close))
            .collect();
        assert!(result.record.fills.iter().all(|fill| decided.contains(&fill.day)), "{name}");
        assert!(!result.record.fills.is_empty(), "{name} trades");
    });
}

#[test]
fn weights_do_not_depend_on_the_size_of_blocks_or_the_memory_for_signals() {
    for_each_strategy(|name, file, preset| {
        let strategy = read(file, &[format!("conventions={preset}")]);
        let prepared = prepare(&strategy).unwrap_or_else(|error| panic!("{error}"));
        let parameters = strategy.parameter_values();
        let rows = prepared.decisions.len();
        let weights = |block_rows: usize, budget: usize| {
            let evaluator = prepared.evaluator(&strategy, budget);
            let columns = evaluator.columns().len();
            let mut all = vec![0; columns * rows];
            let (mut scratch, mut out) = (Scratch::default(), Vec::new());
            for start in (0..rows).step_by(block_rows) {
                let block = start..(start + block_rows).min(rows);
                evaluator.weights(&parameters, strategy.depth, block.clone(), &mut scratch, &mut out);
                for (column, cells) in out.chunks(block.len()).enumerate() {
                    for (row, cell) in block.clone().zip(cells) {
                        all[column * rows + row] = cell.to_bits();
                    }
                }
            }
            all
        };
        let whole = weights(rows.max(1), usize::MAX);
        for (block_rows, budget) in [(1, usize::MAX), (7, 0), (64, 10_000), (rows.max(1), 0)] {
            assert_eq!(whole, weights(block_rows, budget), "{name}: blocks of {block_rows}");
        }
    });
}

/// Which decisions change the weights, told from all weights one by one; and what `on_change` carries out, in blocks of any size.
fn check_changes(name: &str, strategy: &Strategy) {
    let prepared = prepare(strategy).unwrap_or_else(|error| panic!("{name}: {error}"));
    let evaluator = prepared.evaluator(strategy, usize::MAX);
    let (columns, rows) = (evaluator.columns().len(), prepared.decisions.len());
    let parameters = strategy.parameter_values();
    let mut scratch = Scratch::default();
    let mut all = Vec::new();
    evaluator.weights(&parameters, strategy.depth, 0..rows, &mut scratch, &mut all);
    let number = |weight: f64| if weight.is_nan() { 0.0 } else { weight };
    let weights = |row: usize| all.iter().skip(row).step_by(rows).copied();
    let is_change = |&row: &usize| match row.checked_sub(1) {
        Some(before) => weights(row).map(number).ne(weights(before).map(number)),
        None => weights(row).any(|weight| number(weight) != 0.0),
    };
    let expected: Vec<(usize, Vec<u64>)> =
        (0..rows).filter(is_change).map(|row| (row, weights(row).map(f64::to_bits).collect())).collect();
    for block_rows in [1, 7, 63, 64, 65, 128, rows.max(1)] {
        let mut carried_out = Vec::new();
        let mut block = WeightBlock::default();
        for start in (0..rows).step_by(block_rows) {
            let end = (start + block_rows).min(rows);
            evaluator.decide(&parameters, strategy.depth, start..end, &mut scratch, &mut block);
            assert_eq!(block.weights.len(), columns * block.rows.len(), "{name}");
            for (place, row) in block.rows.iter().enumerate() {
                let weights = block.weights.iter().skip(place).step_by(block.rows.len());
                carried_out.push((start + *row as usize, weights.map(|weight| weight.to_bits()).collect()));
            }
        }
        assert_eq!(carried_out, expected, "{name}: blocks of {block_rows}");
    }
}

#[test]
fn on_change_carries_out_the_decisions_whose_weights_differ() {
    let on_change = |preset: &str, more: &[&str]| -> Vec<String> {
        let preset = format!("conventions={preset}");
        [&preset, "rebalance.schedule=\"on_change\""]
            .iter()
            .chain(more)
            .map(|text| text.to_string())
            .collect()
    };
    for_each_strategy(|name, file, preset| check_changes(name, &read(file, &on_change(preset, &[]))));
    let file = root().join("strategies/moving_average_crossover.toml");
    for condition in [
        "sma(5) > sma(20)",
        "sma(5) >= lag(1)",
        "close < lag(2) and sma(3) <= sma(9) or rsi(5) > 60",
        "not (close < sma(20))",
        "close == lag(1)",
        "close != lag(1)",
        "zscore(10) != zscore(30)",
        "sign(close - sma(50))",
        "returns(5)",
        "momentum(60) > 0.1 and 1",
        "0 > returns(3)",
        "2 > 1",
        "1 > 2 or count() > 3",
        "if(close > sma(9), 1, returns(1))",
        "of(\"IBM\", close) > of(\"GOOG\", close)",
        "hold(returns(9) > 0.05, returns(9) < -0.05)",
    ] {
        let weights = format!("alpha.weights='equal({condition})'");
        for assets in ["[\"GOOG\"]", "[\"AAPL\", \"GOOG\", \"IBM\", \"MSFT\"]"] {
            let assets = format!("universe.assets={assets}");
            for preset in PRESETS {
                let overrides = on_change(preset, &[&weights, &assets]);
                check_changes(&format!("{condition} of {assets} under {preset}"), &read(&file, &overrides));
            }
        }
    }
}

#[test]
fn points_do_not_depend_on_the_points_before_them() {
    let file = root().join("strategies/momentum.toml");
    let strategy = read(&file, &[]);
    let prepared = prepare(&strategy).unwrap_or_else(|error| panic!("{error}"));
    let evaluator = prepared.evaluator(&strategy, usize::MAX);
    let stage = prepared.stage(&strategy, &evaluator);
    let points: Vec<[f64; 2]> = (1..=5)
        .flat_map(|lookback| (1..=4).map(move |top_n| [f64::from(lookback * 40), f64::from(top_n)]))
        .collect();
    let mut shared = PointBuffers::<()>::default();
    let mut one = |point: &[f64; 2], buffers: Option<&mut PointBuffers>| {
        let depth = evaluator.depth(point).expect("whole windows");
        let buffers = buffers.unwrap_or(&mut shared);
        let point = Point { parameters: point, depth, rates: &InterestRates::NONE };
        run_point(&stage, &evaluator, point, &strategy.terms(), &strategy.rules(), buffers)
            .expect("a sound point")
    };
    let forward: Vec<_> = points.iter().map(|point| one(point, None)).collect();
    let mut backward: Vec<_> = points.iter().rev().map(|point| one(point, None)).collect();
    backward.reverse();
    let alone: Vec<_> = points.iter().map(|point| one(point, Some(&mut PointBuffers::default()))).collect();
    assert_eq!(forward, backward);
    assert_eq!(forward, alone);
    // And a point is what a single run of it says.
    let overrides = ["lookback=80", "top_n=3"].map(str::to_owned);
    let single = result_of(&file, "qstrader", &overrides);
    assert_eq!((single.performance, single.turnover), (forward[6].performance, forward[6].turnover));
}

#[test]
fn a_part_of_a_backtest_is_the_backtest_that_ends_there() {
    for_each_strategy(|name, file, preset| {
        let whole = result_of(file, preset, &[]);
        let near = |a: f64, b: f64| a == b || a.is_nan() && b.is_nan() || (a - b).abs() <= 1e-9 * b.abs();
        let last = whole.equity.len() - 1;
        with_book(&read(file, &[format!("conventions={preset}")]), |stage, rules, equity, book| {
            assert_eq!(equity, whole.equity, "{name}: keeping a book changes nothing");
            let figures = |range| point_figures(&part(stage, rules, equity, book, range));
            for end in [last, last / 2, last / 3, 1] {
                let date = whole.dates[end];
                let ended = result_of(file, preset, &[format!("period.end={date}")]);
                let expected = point_figures(&PointResult {
                    performance: ended.performance,
                    outcome: ended.outcome.clone(),
                    turnover: ended.turnover,
                });
                let got = figures(0..=end);
                for (metric, (got, expected)) in NAMES.iter().zip(got.iter().zip(&expected)) {
                    assert!(
                        near(*got, *expected),
                        "{name} until {date}: {metric} {got} instead of {expected}"
                    );
                }
                // Fills and costs of two parts are those of the whole.
                let (before, after, all) = (figures(0..=end), figures(end..=last), figures(0..=last));
                for sum in ["fills", "costs_paid"] {
                    let column = sum.parse::<Metric>().expect("a figure").column();
                    assert!(near(before[column] + after[column], all[column]), "{name}: {sum}");
                }
            }
            let all = book.outcome(0..=last, stage.cash_points, sums_by_day(rules));
            let whole = &whole.outcome;
            assert_eq!((all.fills, all.costs_paid), (whole.fills, whole.costs_paid), "{name}");
        });
    });
}

fn sums_by_day(rules: &Rules) -> bool {
    rules.deviation == Deviation::Sample
}

/// Runs a strategy that keeps an account book, and hands its curve and its book to a check.
fn with_book(strategy: &Strategy, check: impl Fn(&Stage, &Rules, &[f64], &AccountBook)) {
    let prepared = prepare(strategy).unwrap_or_else(|error| panic!("{error}"));
    let evaluator = prepared.evaluator(strategy, usize::MAX);
    let stage = prepared.stage(strategy, &evaluator);
    let (mut buffers, rules) = (PointBuffers::<AccountBook>::default(), strategy.rules());
    let parameters = strategy.parameter_values();
    let rates = PreparedRates::new(&strategy.rates)
        .at(&parameters, &evaluator, &stage, &RateColumns::default())
        .expect("rates below 1");
    let point = Point { parameters: &parameters, depth: strategy.depth, rates: &rates };
    run_point(&stage, &evaluator, point, &strategy.terms(), &rules, &mut buffers)
        .unwrap_or_else(|failure| panic!("{failure}"));
    check(&stage, &rules, buffers.equity(), &buffers.journal);
}

/// The sums over some points from fills, prices and rates alone, positions and cash kept anew: the judge of the account book.
fn sums_of_fills(
    stage: &Stage,
    equity: &[f64],
    fills: &[Fill],
    rates: [f64; 2],
    points: RangeInclusive<usize>,
) -> Outcome {
    let (first, last) = points.into_inner();
    let close =
        |asset, point: usize| stage.market.close(asset)[stage.curve_start + point - stage.cash_points];
    // Before the first close all is cash, and a fill changes it by what it costs.
    let first_equity =
        fills.first().map_or(0.0, |fill| fill.cash + fill.price * fill.quantity + fill.commission);
    let mut cash = equity[0];
    let mut outcome = Outcome::default();
    let mut positions: Vec<(AssetId, f64)> = Vec::new();
    let (mut fills, mut stretch) = (fills.iter().peekable(), 0.0);
    for point in 0..=last {
        let mut filled = false;
        if point > stage.cash_points {
            let day = stage.curve_start + point - stage.cash_points;
            let booked = booked(cash, rates, &stage.market, day - 1);
            cash += booked;
            outcome.interest += if point > first { booked } else { 0.0 };
        }
        while let Some(fill) = fills.next_if(|fill| stage.point_of(fill.day) == point) {
            filled = true;
            cash = fill.cash;
            if point > first || first == 0 {
                let before = if point == 0 { first_equity } else { equity[point - 1] };
                let slippage = (fill.price - stage.market.open(fill.asset)[fill.day]).abs();
                let traded = (fill.price * fill.quantity).abs();
                outcome.fills += 1;
                outcome.costs_paid += fill.commission + slippage * fill.quantity.abs();
                outcome.turnover += if before > 0.0 { traded / before } else { 0.0 };
            }
            match positions.iter_mut().find(|(asset, _)| *asset == fill.asset) {
                Some((_, quantity)) => *quantity += fill.quantity,
                None => positions.push((fill.asset, fill.quantity)),
            }
            positions.retain(|(_, quantity)| *quantity != 0.0);
        }
        if filled {
            outcome.exposure += stretch;
            stretch = 0.0;
        }
        if point >= first + stage.cash_points {
            let gross = positions
                .iter()
                .fold(0.0, |sum, (asset, quantity)| sum + quantity.abs() * close(*asset, point));
            stretch += if equity[point] > 0.0 { gross / equity[point] } else { 0.0 };
        }
    }
    outcome.exposure = (outcome.exposure + stretch) / (last + 1 - first - stage.cash_points).max(1) as f64;
    outcome
}

#[test]
fn the_account_book_has_the_bits_of_sums_made_from_the_fills() {
    for_each_strategy(|name, file, preset| {
        for more in ["costs.slippage=0.001", "costs.commission=0.002", "rebalance.schedule=daily"] {
            let more = more.to_owned();
            let record = result_of(file, preset, std::slice::from_ref(&more)).record;
            let strategy = read(file, &[format!("conventions={preset}"), more]);
            with_book(&strategy, |stage, _, equity, book| {
                let last = equity.len() - 1;
                for (first, last) in
                    [(0, last), (0, last / 2), (last / 3, last / 2), (last / 2, last), (7, 7)]
                {
                    let expected =
                        sums_of_fills(stage, equity, &record.fills, rates(&strategy), first..=last);
                    let found = book.outcome(first..=last, stage.cash_points, false);
                    assert_eq!(found, expected, "{name}, {first} to {last}");
                }
            });
        }
    });
}
