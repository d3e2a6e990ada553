//! `backtest formula`: what a formula gives at the closes of a strategy.

use std::io::{IsTerminal, Read, stdin, stdout};
use std::ops::Range;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::exit::Exit;
use super::run::refuse_without_value;
use super::{Common, output};
use crate::config::document::Document;
use crate::market::date::Date;
use crate::report::formula_values::{table, write_csv, write_json};
use crate::strategy::definition::Strategy;
use crate::strategy::error::BacktestError;
use crate::strategy::formula_values::{FormulaValues, Gate};

/// What messages call a formula that is given as an argument.
const ARGUMENT: &str = "FORMULA";
/// Number of days of a table.
const TABLE_DAYS: usize = 20;

#[derive(Debug, Args)]
#[command(
    after_help = "The values are those at the close of every day of the period, of members and of others, before any gate of \
days_since_start. A condition is 1 or 0; an absent value is an empty cell.

Examples:
  backtest formula strategies/momentum.toml
  backtest formula strategies/momentum.toml 'momentum(lookback)' --from 2020-01-01 --to 2020-03-31
  backtest formula strategies/momentum.toml 'close > sma(200)' --format csv > trend.csv
  backtest formula strategies/momentum.toml - < formula.txt"
)]
pub(crate) struct FormulaArguments {
    /// The strategy file, with the universe, the prices, the period and the parameters
    strategy: PathBuf,
    /// The formula, as it would stand in alpha.weights; - reads it from standard input. Without it: alpha.weights
    #[arg(allow_hyphen_values = true)]
    formula: Option<String>,
    /// The first date
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Option<Date>,
    /// The last date
    #[arg(long, value_name = "DATE", value_parser = date)]
    to: Option<Date>,
    /// What to print on standard output; a table on a terminal, else csv
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Set a parameter or any key by its dotted path; values are TOML, anything else is text (repeatable)
    #[arg(long, value_name = "NAME=VALUE")]
    params: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One line a day, one column an asset
    Csv,
    /// The formula, the dates, and a list of values for each asset
    Json,
    /// The last 20 days with six digits, for people
    Table,
}

fn date(text: &str) -> Result<Date, String> {
    Date::parse(text.as_bytes()).ok_or_else(|| "expected a date such as 2020-01-31".to_owned())
}

/// Prints the values of a formula.
pub(crate) fn formula(arguments: &FormulaArguments, common: &Common) -> Result<(), Exit> {
    refuse_without_value(&arguments.params)?;
    let FormulaArguments { strategy, params, .. } = arguments;
    let (text, mut values) = match given(arguments)? {
        Some((source, text)) => {
            let [as_it_stands, strategy] = Strategy::read_with_weights(strategy, params, source, &text)
                .map_err(|error| perhaps_an_option(&text, error))?;
            (text, FormulaValues::new(&as_it_stands, &strategy)?)
        }
        None => {
            let strategy = Strategy::read(strategy, params)?;
            (strategy.formula.canonical.clone(), FormulaValues::new(&strategy, &strategy)?)
        }
    };
    let days = days(arguments, &values.dates)?;
    for notice in &values.notices {
        output::note(common.quiet, &notice.to_string());
    }
    if let Some(gate) = values.gate {
        output::note(common.quiet, &gate_note(gate, values.dates.len()));
    }
    let default = if stdout().is_terminal() { Format::Table } else { Format::Csv };
    match arguments.format.unwrap_or(default) {
        Format::Csv => output::result_by(|writer| write_csv(&mut values, days, writer))?,
        Format::Json => output::result_by(|writer| write_json(&text, &mut values, days, writer))?,
        Format::Table => {
            let last = days.end.saturating_sub(TABLE_DAYS).max(days.start)..days.end;
            if last.len() < days.len() {
                let (shown, all) = (last.len(), days.len());
                let note = format!("the last {shown} of {all} days; --format csv prints all of them");
                output::note(common.quiet, &note);
            }
            output::result(&table(&mut values, last))?;
        }
    }
    for doubt in values.doubts() {
        output::note(common.quiet, &doubt.to_string());
    }
    Ok(())
}

/// The formula that is given, and what messages call it; `None` without one.
fn given(arguments: &FormulaArguments) -> Result<Option<(&'static str, String)>, Exit> {
    match arguments.formula.as_deref() {
        None => Ok(None),
        Some("-") => {
            let mut bytes = Vec::new();
            stdin().read_to_end(&mut bytes).map_err(|error| Exit::Io(format!("standard input: {error}")))?;
            let text = Document::text("standard input", bytes)?;
            Ok(Some(("standard input", text.trim_end().to_owned())))
        }
        Some(text) => Ok(Some((ARGUMENT, text.to_owned()))),
    }
}

/// A formula may begin with two signs, but where it is wrong an option with a wrong name was probably meant.
fn perhaps_an_option(text: &str, error: BacktestError) -> Exit {
    let message = error.to_string();
    if text.starts_with("--") && message.starts_with(ARGUMENT) {
        Exit::Usage(format!("there is no option '{text}', and as a formula it is wrong: {message}"))
    } else {
        error.into()
    }
}

/// From which close on weights count.
fn gate_note(gate: Gate, days: usize) -> String {
    let Gate { depth, opens } = gate;
    match opens {
        Some(date) => format!(
            "under days_since_start weights count from the close of {date} on (formula depth {depth}); the values before are \
             shown too"
        ),
        None => format!(
            "under days_since_start no weight counts: the formula depth is {depth}, and the period has {days} closes"
        ),
    }
}

/// The days that are asked for.
fn days(arguments: &FormulaArguments, dates: &[Date]) -> Result<Range<usize>, Exit> {
    let FormulaArguments { from, to, .. } = arguments;
    let asked = match (from, to) {
        (Some(from), Some(to)) if from > to => {
            return Err(Exit::Usage(format!("--from {from} is after --to {to}")));
        }
        (Some(from), Some(to)) => format!("from {from} to {to}"),
        (Some(from), None) => format!("from {from} on"),
        (None, Some(to)) => format!("up to {to}"),
        (None, None) => return Ok(0..dates.len()),
    };
    let start = from.map_or(0, |from| dates.partition_point(|date| *date < from));
    let end = to.map_or(dates.len(), |to| dates.partition_point(|date| *date <= to));
    if start < end {
        return Ok(start..end);
    }
    let nearest = match (dates[..start].last(), dates.get(start)) {
        (Some(before), Some(after)) => format!("those around are {before} and {after}"),
        (Some(last), None) => format!("the last one is {last}"),
        (None, first) => format!("the first one is {}", first.map_or("none".to_owned(), Date::to_string)),
    };
    Err(Exit::Usage(format!("the strategy has no day {asked}; {nearest}")))
}
