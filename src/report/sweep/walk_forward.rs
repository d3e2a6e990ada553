//! The walk forward of a sweep as JSON, as a sentence, and its joined curve as CSV.

use std::io::{self, Write};

use serde::Serialize;

use crate::engine::stage::Stage;
use crate::market::date::Date;
use crate::report::json_number::JsonNumber;
use crate::stats::overfitting::walk_forward::WalkForward;
use crate::sweep::examination::Examined;
use crate::sweep::plan::Plan;

/// With fewer windows than this the sentence warns that they say little.
const WINDOWS_LEAST: usize = 6;

/// The walk forward in `summary.json`. Returns are annual fractions; the Sharpe ratio is per period.
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

/// A window: the first and the last day of both parts, and the point that was chosen.
#[derive(Debug, Clone, Serialize)]
struct WindowEntry {
    train: [String; 2],
    test: [String; 2],
    point: u64,
    in_sample: JsonNumber,
    out_of_sample: JsonNumber,
}

/// The day of a return.
pub(crate) fn day(stage: &Stage, period: usize) -> Date {
    stage.point_date(1 + period)
}

/// The walk forward for `summary.json`; `None` if the sweep has none.
pub(crate) fn entry(plan: &Plan, examined: &Examined) -> Option<WalkForwardEntry> {
    let walk_forward = examined.walk_forward.as_ref()?;
    let scene = plan.first_scene()?;
    let days = |range: &std::ops::Range<usize>| {
        [range.start, range.end - 1].map(|period| day(&scene.stage, period).to_string())
    };
    let windows = walk_forward.choices.iter().map(|choice| WindowEntry {
        train: days(&choice.fold.train),
        test: days(&choice.fold.test),
        point: examined.points[choice.trial],
        in_sample: JsonNumber(choice.in_sample),
        out_of_sample: JsonNumber(choice.out_of_sample),
    });
    let figures = walk_forward.figures;
    Some(WalkForwardEntry {
        windows: windows.collect(),
        efficiency: walk_forward.efficiency.into(),
        profitable_share: walk_forward.profitable,
        distinct_points: walk_forward.distinct,
        periods: walk_forward.returns.len(),
        mean_return: walk_forward.mean,
        sharpe: figures.map(|figures| figures.sharpe).into(),
        psr: figures.and_then(|figures| figures.probabilistic(0.0)).into(),
        minimum_track_record: figures.map(|figures| figures.minimum_track_record(0.0, 0.05)).into(),
    })
}

/// The walk forward in words.
pub(crate) fn sentence(walk_forward: &WalkForward, periods_per_year: f64) -> String {
    let count = walk_forward.choices.len();
    let sharpe = walk_forward
        .figures
        .map_or("-".to_owned(), |figures| format!("{:.2}", figures.sharpe * periods_per_year.sqrt()));
    let efficiency = match walk_forward.efficiency {
        Some(efficiency) if efficiency < 0.5 => format!("efficiency {efficiency:.2}, which is poor"),
        Some(efficiency) => format!("efficiency {efficiency:.2}"),
        None => "no efficiency, for the training parts lost money".to_owned(),
    };
    let few = if count < WINDOWS_LEAST { " So few windows say little." } else { "" };
    format!(
        "Walk forward: in {count} windows {} different points were chosen; on the periods after, their Sharpe ratio was \
         {sharpe} a year, {:.0} % of the windows earned money, {efficiency}.{few}\n",
        walk_forward.distinct,
        100.0 * walk_forward.profitable
    )
}

/// Writes the joined test parts as CSV: for each day the point that was held, its return, and the equity, which starts at 1.
///
/// # Errors
/// The writer fails.
pub(crate) fn write_curve(plan: &Plan, examined: &Examined, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "date,point,return,equity")?;
    let (Some(walk_forward), Some(scene)) = (&examined.walk_forward, plan.first_scene()) else {
        return Ok(());
    };
    let mut equity = 1.0;
    let mut returns = walk_forward.returns.iter();
    for choice in &walk_forward.choices {
        for (period, change) in choice.fold.test.clone().zip(returns.by_ref()) {
            equity *= 1.0 + change;
            writeln!(
                out,
                "{},{},{change},{equity}",
                day(&scene.stage, period),
                examined.points[choice.trial]
            )?;
        }
    }
    Ok(())
}
