//! The tear sheet for a terminal: a table of figures beside those of the benchmark, and a small equity curve.

use std::fmt::Write;

use super::figure::shown;
use crate::draw::terminal_chart::terminal_chart;
use crate::strategy::definition::{Strategy, schedule_name};
use crate::strategy::figures::{Account, BENCHMARK_FIGURES, FIGURES, Figure, on_sheet};
use crate::strategy::run::BacktestResult;
use crate::text::number::whole;
use crate::text::quoted;

/// The most characters of the name, and of the description.
const HEADING_LIMIT: usize = 1000;
const CHART_WIDTH: usize = 56;
const CHART_HEIGHT: usize = 8;

/// The tear sheet as text.
pub(crate) fn tear_sheet(strategy: &Strategy, result: &BacktestResult) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = heading(&mut text, strategy, result);
    let _ = table(&mut text, result);
    let lines = terminal_chart(&result.equity, CHART_WIDTH, CHART_HEIGHT, whole);
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

fn table(text: &mut String, result: &BacktestResult) -> std::fmt::Result {
    let benchmark = result.benchmark.as_ref();
    if let Some(benchmark) = benchmark {
        writeln!(text, "{:<22}{:>18}{:>18}", "", "strategy", format!("{} held", benchmark.asset))?;
    }
    let line = |figure: &Figure, value: f64| {
        format!("{:<22}{:>18}", figure.definition.name, shown(figure.kind, value))
    };
    for (figure, value) in on_sheet(FIGURES, |figure| figure.curve_value(&result.performance)) {
        write!(text, "{}", line(figure, value))?;
        let beside = benchmark.and_then(|benchmark| figure.curve_value(&benchmark.performance));
        match beside {
            Some(value) => writeln!(text, "{:>18}", shown(figure.kind, value))?,
            None => writeln!(text)?,
        }
    }
    let account = Account::from(result);
    for (figure, value) in on_sheet(FIGURES, |figure| figure.account_value(&account)) {
        writeln!(text, "{}", line(figure, value))?;
    }
    if let Some(relative) = benchmark.and_then(|benchmark| benchmark.relative) {
        writeln!(text)?;
        let figures = on_sheet(BENCHMARK_FIGURES, |figure| figure.benchmark_value(&relative));
        for (figure, value) in figures.filter(|(figure, _)| figure.in_terminal) {
            writeln!(text, "{}", line(figure, value))?;
        }
    }
    match result.outcome.pending.len() {
        0 => Ok(()),
        1 => writeln!(text, "\n1 order of the last day was left unfilled."),
        count => writeln!(text, "\n{count} orders of the last day were left unfilled."),
    }
}
