//! The results of a sweep for a terminal: the best and the worst points, and how the figure depends on each axis.

use std::fmt::Write;

use super::RankedSweep;
use super::break_even::BreakEven;
use super::metric::{heading, named, short, shown, text, value_text};
use super::sensitivity::AxisSensitivity;
use super::summary::Summary;
use crate::text::quoted;

/// The most worst points that are shown.
const WORST: usize = 3;
/// The most reasons of failures that are shown.
const REASONS: usize = 3;

/// The overview as text, with the best `top` points.
pub(crate) fn overview(
    ranked: &RankedSweep,
    summary: &Summary,
    break_even: Option<&BreakEven>,
    top: usize,
) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = heads(&mut out, summary);
    let _ = points(&mut out, ranked, break_even, top);
    let _ = plateau(&mut out, ranked, summary);
    for axis in &summary.sensitivity {
        let _ = sensitivity(&mut out, ranked, axis);
    }
    out
}

fn heads(out: &mut String, summary: &Summary) -> std::fmt::Result {
    let points = &summary.points;
    write!(out, "{}: {} of {} points", summary.sweep, points.done, points.exist)?;
    if points.failed > 0 {
        write!(out, ", {} failed", points.failed)?;
    }
    if points.ruined > 0 {
        write!(out, ", {} ruined", points.ruined)?;
    }
    let goal = if summary.rank.goal == "min" { " (less is better)" } else { "" };
    write!(out, ", ranked by {}{goal}", summary.rank.metric)?;
    if !summary.rank.require.is_empty() {
        write!(out, "; {} with {}", summary.rank.qualify, summary.rank.require.join(" and "))?;
    }
    writeln!(out)?;
    for (reason, count) in summary.failures.iter().take(REASONS) {
        writeln!(out, "  {count} failed: {}", quoted::text(reason))?;
    }
    if summary.failures.len() > REASONS {
        writeln!(out, "  and {} more reasons", summary.failures.len() - REASONS)?;
    }
    Ok(())
}

/// The best points, the best plateau if it is not among them, and the worst points.
fn points(
    out: &mut String,
    ranked: &RankedSweep,
    break_even: Option<&BreakEven>,
    top: usize,
) -> std::fmt::Result {
    let RankedSweep { plan, table, rank, board } = ranked;
    let metrics = shown(rank.metric);
    let mut lines = vec![
        ["rank", "point"]
            .into_iter()
            .map(str::to_owned)
            .chain(plan.sweep.space.axes.iter().map(|axis| short(&axis.name)))
            .chain(metrics.iter().map(|metric| heading(*metric).to_owned()))
            .chain(break_even.map(|_| "break-even".to_owned()))
            .chain(["plateau".to_owned()])
            .collect::<Vec<String>>(),
    ];
    let line = |index: usize| {
        let row = board.order[index] as usize;
        let mut cells = vec![(index + 1).to_string(), table.points[row].to_string()];
        cells
            .extend(plan.sweep.space.values(table.points[row]).iter().map(|value| short(&value_text(value))));
        cells.extend(metrics.iter().map(|metric| text(*metric, table.values(*metric)[row])));
        if let Some(break_even) = break_even {
            cells.push(break_even.costs[row].map_or("-".to_owned(), |cost| format!("{cost:.5}")));
        }
        let score = board.plateaus.get(row).and_then(|plateau| plateau.score());
        cells.push(score.map_or("-".to_owned(), |score| text(rank.metric, score)));
        cells
    };
    let ranked_count =
        table.meaningful_values(rank.metric).into_iter().filter(|value| !value.is_nan()).count();
    let best = top.min(ranked_count);
    lines.extend((0..best).map(line));
    let worst = ranked_count.saturating_sub(WORST).max(best)..ranked_count;
    let gap = worst.start > best && !worst.is_empty();
    let after = lines.len();
    lines.extend(worst.map(line));
    let widths: Vec<usize> = (0..lines[0].len())
        .map(|column| lines.iter().map(|cells| cells[column].chars().count()).max().unwrap_or(0))
        .collect();
    writeln!(out)?;
    for (number, cells) in lines.iter().enumerate() {
        if gap && number == after {
            writeln!(out, "{:>width$}", "...", width = widths[0] + 1)?;
        }
        let cells = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:>width$}"));
        writeln!(out, " {}", cells.collect::<Vec<_>>().join("  "))?;
    }
    if ranked_count == 0 {
        writeln!(out, " no point has a {}", rank.name())?;
    }
    Ok(())
}

/// What the plateaus say about the best point.
fn plateau(out: &mut String, ranked: &RankedSweep, summary: &Summary) -> std::fmt::Result {
    let RankedSweep { plan, table, rank, board } = ranked;
    let (Some(best), Some(centre)) = (board.best(), board.plateau_best) else {
        return Ok(());
    };
    let named = |row: usize| named(&plan.sweep.space, table.points[row]);
    let value = |row: usize| text(rank.metric, table.values(rank.metric)[row]);
    writeln!(out)?;
    if best == centre {
        writeln!(out, "The best point is also the centre of the best plateau ({}).", named(best))?;
    } else {
        writeln!(
            out,
            "Best plateau: point {} ({}) with {} {}; the best point has {}.",
            table.points[centre],
            named(centre),
            rank.name(),
            value(centre),
            value(best)
        )?;
    }
    if let Some(plateau) = summary.best.as_ref().and_then(|entry| entry.plateau.as_ref()) {
        if plateau.spike.0 > 3.0 {
            writeln!(out, "The best point is an isolated peak: it stands far above its neighbours.")?;
        }
        if plateau.sensitivity.0.is_finite() {
            writeln!(
                out,
                "One step away from the best point {} changes by up to {:.0} %.",
                rank.name(),
                100.0 * plateau.sensitivity.0
            )?;
        }
    }
    for axis in summary.sensitivity.iter().filter(|axis| axis.edge) {
        let best = axis.best.as_deref().unwrap_or("");
        writeln!(
            out,
            "The best point is at the edge of {} ({best}): better ones may lie beyond, so widen that axis.",
            short(&axis.axis)
        )?;
    }
    Ok(())
}

fn sensitivity(out: &mut String, ranked: &RankedSweep, axis: &AxisSensitivity) -> std::fmt::Result {
    if axis.groups.len() < 2 {
        return Ok(());
    }
    let metric = ranked.rank.metric;
    let name = short(&axis.axis);
    let values: Vec<String> = axis.groups.iter().map(|group| short(&group.values)).collect();
    let width = values.iter().chain([&name]).map(|value| value.chars().count()).max().unwrap_or(0);
    writeln!(out, "\n {name:<width$}  {:>10}  {:>10}  {:>10}  {:>9}", "best", "median", "worst", "points")?;
    for (value, group) in values.iter().zip(&axis.groups) {
        let [best, median, worst] =
            [group.best, group.median, group.worst].map(|figure| text(metric, figure.0));
        writeln!(out, " {value:<width$}  {best:>10}  {median:>10}  {worst:>10}  {:>9}", group.points)?;
    }
    Ok(())
}
