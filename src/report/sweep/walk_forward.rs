//! The walk forward of a sweep: JSON, a sentence, and the stitched curve as CSV.

use std::io::{self, Write};

use serde::Serialize;

use crate::engine::schedule::Clock;
use crate::market::date::Date;
use crate::report::json_number::JsonNumber;
use crate::stats::overfitting::walk_forward::WalkForward;
use crate::sweep::examination::Examined;
use crate::sweep::plan::Plan;

/// With fewer windows than this the efficiency is not reliable.
const WINDOWS_LEAST: usize = 6;

/// The walk forward in `summary.json`. Returns are annual fractions, the Sharpe ratio is of a period.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct WalkForwardEntry {
    windows: Vec<WindowEntry>,
    efficiency: JsonNumber,
    profitable_share: f64,
    distinct_points: usize,
    periods: usize,
    mean_return: f64,
    sharpe: JsonNumber,
    psr: JsonNumber,
    minimum_track_record: JsonNumber,
}

/// One window: first and last day of both parts, and what was chosen.
#[derive(Debug, Clone, Serialize)]
struct WindowEntry {
    train: [String; 2],
    test: [String; 2],
    point: u64,
    in_sample: JsonNumber,
    out_of_sample: JsonNumber,
}

/// The day of a return.
pub(crate) fn day(clock: &Clock, period: usize) -> Date {
    clock.date(1 + period)
}

/// The walk forward as JSON.
pub(crate) fn entry(plan: &Plan, examined: &Examined) -> Option<WalkForwardEntry> {
    let found = examined.walk_forward.as_ref()?;
    let clock = plan.clock();
    let days = |range: &std::ops::Range<usize>| {
        [range.start, range.end - 1].map(|period| day(&clock, period).to_string())
    };
    let windows = found.choices.iter().map(|choice| WindowEntry {
        train: days(&choice.fold.train),
        test: days(&choice.fold.test),
        point: examined.points[choice.trial],
        in_sample: JsonNumber(choice.in_sample),
        out_of_sample: JsonNumber(choice.out_of_sample),
    });
    let figures = found.figures;
    Some(WalkForwardEntry {
        windows: windows.collect(),
        efficiency: found.efficiency.into(),
        profitable_share: found.profitable,
        distinct_points: found.distinct,
        periods: found.returns.len(),
        mean_return: found.mean,
        sharpe: figures.map(|figures| figures.sharpe).into(),
        psr: figures.and_then(|figures| figures.probabilistic(0.0)).into(),
        minimum_track_record: figures.map(|figures| figures.minimum_track_record(0.0, 0.05)).into(),
    })
}

/// The walk forward in words.
pub(crate) fn sentence(found: &WalkForward, periods_per_year: f64) -> String {
    let count = found.choices.len();
    let sharpe = found
        .figures
        .map_or("-".to_owned(), |figures| format!("{:.2}", figures.sharpe * periods_per_year.sqrt()));
    let efficiency = match found.efficiency {
        Some(efficiency) if efficiency < 0.5 => format!("efficiency {efficiency:.2}, which is poor"),
        Some(efficiency) => format!("efficiency {efficiency:.2}"),
        None => "no efficiency, for the training parts lost money".to_owned(),
    };
    let few = if count < WINDOWS_LEAST { " So few windows say little." } else { "" };
    format!(
        "Walk forward: in {count} windows {} different points were chosen; on the periods after, their Sharpe ratio was \
         {sharpe} a year, {:.0} % of the windows earned money, {efficiency}.{few}\n",
        found.distinct,
        100.0 * found.profitable
    )
}

/// The joined test parts: a row a day with the point held, its return and the equity from 1.
///
/// # Errors
/// The text cannot be written.
pub(crate) fn write_curve(plan: &Plan, examined: &Examined, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "date,point,return,equity")?;
    let Some(found) = &examined.walk_forward else {
        return Ok(());
    };
    let clock = plan.clock();
    let mut equity = 1.0;
    let mut returns = found.returns.iter();
    for choice in &found.choices {
        for (period, x) in choice.fold.test.clone().zip(returns.by_ref()) {
            equity *= 1.0 + x;
            writeln!(out, "{},{},{x},{equity}", day(&clock, period), examined.points[choice.trial])?;
        }
    }
    Ok(())
}
