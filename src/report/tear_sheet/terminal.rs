//! The tear sheet for a terminal: a table of figures beside those of the benchmark, and a small equity curve.

use std::fmt::Write;

use super::figure::{is_shown, shown};
use super::happened::happened;
use super::longest_drawdown::calendar_days;
use crate::draw::terminal_chart::terminal_chart;
use crate::engine::conventions::NamedChoice;
use crate::stats::curve::curve;
use crate::strategy::definition::{Strategy, schedule_name};
use crate::strategy::figures::{Account, BENCHMARK_FIGURES, FIGURES, Figure, FigureKind, on_sheet};
use crate::strategy::notice::Notice;
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
    let _ = table(&mut text, strategy, result);
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
    if let (Some(first), Some(last)) = (result.days().first(), result.days().last()) {
        let (count, days) = (result.days().len(), strategy.conventions.calendar.name());
        write!(text, "{first} to {last}, {count} {days}, {}", schedule_name(strategy.schedule))?;
    }
    if !parameters.is_empty() {
        write!(text, ", {}", parameters.join(", "))?;
    }
    writeln!(text, "\n")
}

fn table(text: &mut String, strategy: &Strategy, result: &BacktestResult) -> std::fmt::Result {
    let days = strategy.conventions.calendar.name();
    let benchmark = result.benchmark.as_ref();
    if let Some(benchmark) = benchmark {
        writeln!(text, "{:<22}{:>18}{:>18}", "", "strategy", format!("{} held", benchmark.asset))?;
    }
    let line = |figure: &Figure, value: f64| {
        format!("{:<22}{:>18}", figure.definition.name, shown(figure.kind, value, days))
    };
    let start = strategy.conventions.high_water_start;
    let on_calendar = |equity: &[f64], longest: usize| {
        let days = calendar_days(&result.dates, &curve(equity, start).drawdowns, longest);
        days.map_or("-".to_owned(), |days| format!("{days} days"))
    };
    for (figure, value) in on_sheet(FIGURES, |figure| figure.curve_value(&result.performance)) {
        write!(text, "{}", line(figure, value))?;
        let beside = benchmark.and_then(|benchmark| figure.curve_value(&benchmark.performance));
        match beside {
            Some(value) => writeln!(text, "{:>18}", shown(figure.kind, value, days))?,
            None => writeln!(text)?,
        }
        if figure.kind == FigureKind::Days {
            write!(text, "{:<22}{:>18}", "  on the calendar", on_calendar(&result.equity, value as usize))?;
            match benchmark.zip(beside) {
                Some((benchmark, value)) => {
                    writeln!(text, "{:>18}", on_calendar(&benchmark.equity, value as usize))?;
                }
                None => writeln!(text)?,
            }
        }
    }
    let account = Account::from(result);
    let own = on_sheet(FIGURES, |figure| figure.account_value(&account));
    for (figure, value) in own.filter(|(figure, value)| is_shown(figure, *value)) {
        writeln!(text, "{}", line(figure, value))?;
    }
    if let Some(relative) = benchmark.and_then(|benchmark| benchmark.relative) {
        writeln!(text)?;
        let figures = on_sheet(BENCHMARK_FIGURES, |figure| figure.benchmark_value(&relative));
        for (figure, value) in figures.filter(|(figure, _)| figure.in_terminal) {
            writeln!(text, "{}", line(figure, value))?;
        }
    }
    let happened = happened(result, days);
    if !happened.is_empty() {
        writeln!(text)?;
        happened.iter().try_for_each(|(name, value)| writeln!(text, "{name:<22}{value:>18}"))?;
    }
    let rests_on =
        |notice: &&Notice| matches!(notice, Notice::NumbersKnown { .. } | Notice::DatesKnown { .. });
    for (index, notice) in result.notices.iter().filter(rests_on).enumerate() {
        writeln!(text, "{}{notice}", if index == 0 { "\n" } else { "" })?;
    }
    match result.outcome.pending.len() {
        0 => Ok(()),
        1 => writeln!(text, "\n1 order was left unfilled at the end."),
        count => writeln!(text, "\n{count} orders were left unfilled at the end."),
    }
}
