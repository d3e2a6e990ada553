//! The result of one backtest for a terminal: figures, benchmark, a small curve.

use std::fmt::Write;

use crate::backtest::run::BacktestResult;
use crate::backtest::strategy::{Strategy, schedule_name};
use crate::market::quoted;
use crate::report::chart::chart;
use crate::report::figure::{decimal, money, percent, whole};
use crate::stats::performance::Performance;

/// Characters of the name, and of the description.
const HEADING_LIMIT: usize = 1000;
const CHART_WIDTH: usize = 56;
const CHART_HEIGHT: usize = 8;

/// The tear sheet as lines of text.
pub fn tear_sheet(strategy: &Strategy, result: &BacktestResult) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = heading(&mut text, strategy, result);
    let _ = table(&mut text, result);
    let lines = chart(&result.equity, CHART_WIDTH, CHART_HEIGHT, whole);
    if !lines.is_empty() {
        let _ = writeln!(text, "\nEquity");
        lines.iter().for_each(|line| text.push_str(&format!("{line}\n")));
    }
    text
}

fn heading(text: &mut String, strategy: &Strategy, result: &BacktestResult) -> std::fmt::Result {
    write!(text, "{}", quoted::message(strategy.name.trim(), HEADING_LIMIT))?;
    if let Some(description) = &strategy.description {
        let words: Vec<&str> = description.split_whitespace().collect();
        write!(text, ": {}", quoted::message(&words.join(" "), HEADING_LIMIT))?;
    }
    writeln!(text)?;
    let parameters: Vec<String> = strategy
        .parameters
        .iter()
        .map(|parameter| format!("{} = {}", parameter.name, parameter.value.value()))
        .collect();
    if let (Some(first), Some(last)) = (result.dates.first(), result.dates.last()) {
        write!(text, "{first} to {last}, {} days, {}", result.dates.len(), schedule_name(strategy.schedule))?;
    }
    if !parameters.is_empty() {
        write!(text, ", {}", parameters.join(", "))?;
    }
    writeln!(text, "\n")
}

type Row = (&'static str, fn(&Performance) -> String);

const ROWS: [Row; 11] = [
    ("Final equity", |figures| money(figures.final_equity)),
    ("Total return", |figures| percent(figures.total_return)),
    ("Growth a year (CAGR)", |figures| percent(figures.cagr.unwrap_or(f64::NAN))),
    ("Volatility a year", |figures| percent(figures.annualised_vol)),
    ("Sharpe ratio", |figures| decimal(figures.sharpe.unwrap_or(f64::NAN))),
    ("Sortino ratio", |figures| decimal(figures.sortino.unwrap_or(f64::NAN))),
    ("Calmar ratio", |figures| decimal(figures.calmar.unwrap_or(f64::NAN))),
    ("Largest drawdown", |figures| percent(figures.max_drawdown)),
    ("Longest drawdown", |figures| format!("{} days", figures.max_drawdown_duration)),
    ("Skew", |figures| decimal(figures.skew.unwrap_or(f64::NAN))),
    ("Kurtosis", |figures| decimal(figures.kurtosis.unwrap_or(f64::NAN))),
];

fn table(text: &mut String, result: &BacktestResult) -> std::fmt::Result {
    let benchmark = result.benchmark.as_ref();
    if let Some(benchmark) = benchmark {
        writeln!(text, "{:<22}{:>18}{:>18}", "", "strategy", format!("{} held", benchmark.asset))?;
    }
    for (name, show) in ROWS {
        write!(text, "{name:<22}{:>18}", show(&result.performance))?;
        match benchmark {
            Some(benchmark) => writeln!(text, "{:>18}", show(&benchmark.performance))?,
            None => writeln!(text)?,
        }
    }
    let outcome = &result.outcome;
    let own = [
        ("Mean exposure", percent(outcome.exposure)),
        ("Turnover a year", percent(result.turnover)),
        ("Fills", outcome.fills.to_string()),
        ("Costs paid", money(outcome.costs_paid)),
    ];
    for (name, value) in own {
        writeln!(text, "{name:<22}{value:>18}")?;
    }
    if let Some(relative) = benchmark.and_then(|benchmark| benchmark.relative) {
        writeln!(text)?;
        let beside = [
            ("Excess return a year", percent(relative.excess_return.unwrap_or(f64::NAN))),
            ("Tracking error", percent(relative.tracking_error.unwrap_or(f64::NAN))),
            ("Beta", decimal(relative.beta.unwrap_or(f64::NAN))),
            ("Alpha a year", percent(relative.alpha.unwrap_or(f64::NAN))),
        ];
        for (name, value) in beside {
            writeln!(text, "{name:<22}{value:>18}")?;
        }
    }
    match outcome.pending.len() {
        0 => Ok(()),
        1 => writeln!(text, "\n1 order of the last day was left unfilled."),
        count => writeln!(text, "\n{count} orders of the last day were left unfilled."),
    }
}
