//! The walk forward of a sweep as JSON, as a sentence, and its joined curve as CSV.

use std::io::{self, Write};
use std::ops::Range;

use serde::Serialize;

use super::verdict::paragraph::chance;
use crate::market::date::Date;
use crate::report::json_number::JsonNumber;
use crate::sweep::verdict::walk::Walked;
use crate::text::number::percent;

/// With fewer windows than this the sentence warns that they say little.
const WINDOWS_LEAST: usize = 6;

/// The walk forward in `summary.json`. Returns are annual fractions, `mean_return` one of a session; the Sharpe ratio is per
/// session, of returns beyond the risk-free rate.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct WalkForwardEntry {
    windows: Vec<WindowEntry>,
    efficiency: JsonNumber,
    profitable_share: f64,
    distinct_points: usize,
    periods: usize,
    mean_return: f64,
    edge_year: JsonNumber,
    p: JsonNumber,
    sharpe: JsonNumber,
    psr: JsonNumber,
    minimum_track_record: JsonNumber,
}

/// A window: the first and the last day of both parts and of the sessions lived with the choice, and the point that was chosen.
#[derive(Debug, Clone, Serialize)]
struct WindowEntry {
    train: [String; 2],
    test: [String; 2],
    lived: [String; 2],
    point: u64,
    in_sample: JsonNumber,
    out_of_sample: JsonNumber,
}

/// The date of a session.
pub(crate) fn day(walked: &Walked, session: usize) -> Date {
    Date(i32::try_from(walked.days[session]).unwrap_or(0))
}

/// The walk forward for `summary.json`.
pub(crate) fn entry(walked: &Walked) -> WalkForwardEntry {
    let days =
        |range: &Range<usize>| [range.start, range.end - 1].map(|session| day(walked, session).to_string());
    let record = &walked.record;
    let windows = record.choices.iter().map(|choice| WindowEntry {
        train: days(&choice.fold.train),
        test: days(&choice.fold.test),
        lived: days(&choice.lived),
        point: walked.points[choice.trial],
        in_sample: JsonNumber(choice.in_sample),
        out_of_sample: JsonNumber(choice.out_of_sample),
    });
    let figures = record.figures;
    WalkForwardEntry {
        windows: windows.collect(),
        efficiency: record.efficiency.into(),
        profitable_share: record.profitable,
        distinct_points: record.distinct,
        periods: record.returns.len(),
        mean_return: record.mean,
        edge_year: JsonNumber(walked.edge * walked.periods),
        p: walked.test.map(|[_, p]| p).into(),
        sharpe: figures.map(|figures| figures.sharpe).into(),
        psr: figures.and_then(|figures| figures.probabilistic(0.0)).into(),
        minimum_track_record: figures.map(|figures| figures.minimum_track_record(0.0, 0.05)).into(),
    }
}

/// The walk forward in words.
pub(crate) fn sentence(walked: &Walked) -> String {
    let record = &walked.record;
    let count = record.choices.len();
    let sharpe = record
        .figures
        .map_or("-".to_owned(), |figures| format!("{:.2}", figures.sharpe * walked.periods.sqrt()));
    let efficiency = match record.efficiency {
        Some(efficiency) if efficiency < 0.5 => format!("efficiency {efficiency:.2}, which is poor"),
        Some(efficiency) => format!("efficiency {efficiency:.2}"),
        None => "no efficiency, for the training parts lost money".to_owned(),
    };
    let word = if walked.lost() { "lost" } else { "added" };
    let p = walked.test.map_or(String::new(), |[_, p]| format!(" (p = {}, as of one try)", chance(p)));
    let few = if count < WINDOWS_LEAST { " So few windows say little." } else { "" };
    format!(
        "Walk forward: in {count} windows {} different points were chosen. On the sessions after each choice their Sharpe \
         ratio was {sharpe} a year, {:.0} % of the windows earned money, {efficiency}; moving the weights {word} {} a year{p}.{few}\n",
        record.distinct,
        100.0 * record.profitable,
        percent(walked.edge.abs() * walked.periods)
    )
}

/// Writes the joined record as CSV: for each session the point that was held, its return, what it earned beyond holding the
/// same assets, and the equity, which starts at 1.
///
/// # Errors
/// The writer fails.
pub(crate) fn write_curve(walked: &Walked, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "date,point,return,residual,equity")?;
    let record = &walked.record;
    let mut equity = 1.0;
    let mut series = record.returns.iter().zip(&record.residuals);
    for choice in &record.choices {
        for (session, (change, residual)) in choice.lived.clone().zip(series.by_ref()) {
            equity *= 1.0 + change;
            let (date, point) = (day(walked, session), walked.points[choice.trial]);
            writeln!(out, "{date},{point},{change},{residual},{equity}")?;
        }
    }
    Ok(())
}
