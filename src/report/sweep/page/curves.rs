//! Equity and drawdowns of the best points, of the centre of the plateau and of the benchmark.

use maud::{Markup, html};

use super::SweepPage;
use crate::draw::time_chart::{ChartLine, TimeChart};
use crate::draw::value_format::ValueFormat;
use crate::report::page::parts::{figure, scrolled};
use crate::report::sweep::metric::{heading, named, shown, text};
use crate::stats::curve::curve;
use crate::sweep::curves::{Curves, DatedCurve};

const EQUITY_HEIGHT: f64 = 300.0;
const DRAWDOWN_HEIGHT: f64 = 150.0;

/// A curve with its name and its CSS class.
struct Shown<'c> {
    name: String,
    class: &'static str,
    curve: &'c DatedCurve,
}

/// The section.
pub(crate) fn curves(page: &SweepPage) -> Markup {
    let curves = match page.curves {
        Ok(curves) => curves,
        Err(reason) => {
            return html! {
                p { "There are no curves: " (reason) "." }
                p.soft { "Curves are computed from the prices, which the results do not hold. Aggregate where the prices are." }
            };
        }
    };
    let lines = shown_curves(page, curves);
    if lines.is_empty() {
        return html! { p { "No point qualifies, so there is no curve to show." } };
    }
    let start = page.ranked.plan.sweep.strategy.conventions.high_water_start;
    // From back to front, so that the best point lies on top.
    let lines: Vec<Shown> = lines.into_iter().rev().collect();
    let falls: Vec<Vec<f64>> = lines
        .iter()
        .map(|line| curve(&line.curve.equity, start).drawdowns.iter().map(|fall| -fall).collect())
        .collect();
    let best = lines.last().map_or(String::new(), |line| line.name.clone());
    let names: Vec<&str> = lines.iter().rev().map(|line| line.name.as_str()).collect();
    let line = |line: &'_ Shown<'_>| (line.name.clone(), line.class);
    let equity_lines = lines.iter().map(|shown| {
        let (name, class) = line(shown);
        ChartLine { name, class, dates: &shown.curve.dates, values: &shown.curve.equity }
    });
    let equity = TimeChart {
        description: format!("Equity over time of {}.", names.join("; ")),
        lines: equity_lines.collect(),
        format: ValueFormat::Money,
        growth: true,
        filled: false,
        height: EQUITY_HEIGHT,
    };
    // Many drawdowns on top of each other cannot be read.
    let fall_lines =
        lines.iter().zip(&falls).filter(|(shown, _)| shown.class != "other").map(|(shown, values)| {
            let (name, class) = line(shown);
            ChartLine { name, class, dates: &shown.curve.dates, values }
        });
    let deepest = falls.last().map_or(0.0, |fall| fall.iter().copied().fold(0.0, f64::min));
    let drawdown = TimeChart {
        description: format!(
            "Drawdowns over time. The deepest of {best} is {:.0} percent.",
            -100.0 * deepest
        ),
        lines: fall_lines.collect(),
        format: ValueFormat::Percent,
        growth: false,
        filled: true,
        height: DRAWDOWN_HEIGHT,
    };
    html! {
        (figure("Equity", "Computed anew from the prices. A logarithmic scale where a curve grows manyfold.", equity.draw()))
        (figure("Drawdown", "Fall from the highest equity so far.", drawdown.draw()))
        (table(page, curves))
    }
}

/// The curves that are drawn, the most important one first.
fn shown_curves<'c>(page: &SweepPage, curves: &'c Curves) -> Vec<Shown<'c>> {
    let plan = page.ranked.plan;
    let point = |row: usize| page.ranked.table.points[row];
    let values = |row: usize| named(&plan.sweep.space, point(row));
    let mut shown = Vec::new();
    let centre = curves.plateau.as_ref().map(|(row, _)| *row);
    for (rank, (row, curve)) in curves.best.iter().enumerate() {
        if rank == 0 {
            let both = if centre == Some(*row) { "Best point and plateau centre" } else { "Best point" };
            let name = format!("{both} ({})", values(*row));
            shown.push(Shown { name, class: "best", curve });
            if let Some((row, curve)) = curves.plateau.as_ref().filter(|(centre, _)| centre != row) {
                shown.push(Shown {
                    name: format!("Plateau centre ({})", values(*row)),
                    class: "plateau",
                    curve,
                });
            }
            if let Some((asset, curve)) = &curves.benchmark {
                shown.push(Shown { name: format!("{asset} held"), class: "benchmark", curve });
            }
        } else if centre != Some(*row) {
            let name = format!("point {}", point(*row));
            shown.push(Shown { name, class: "other", curve });
        }
    }
    shown
}

/// The figures of the same curves side by side.
fn table(page: &SweepPage, curves: &Curves) -> Markup {
    let ranked = page.ranked;
    let metrics = shown(ranked.rank.metric);
    let mut rows: Vec<(&str, usize)> = Vec::new();
    rows.extend(curves.best.first().map(|(row, _)| ("Best point", *row)));
    rows.extend(curves.plateau.as_ref().map(|(row, _)| ("Plateau centre", *row)));
    html! {
        (scrolled("Best point and plateau centre side by side", html! {
            table {
                caption.hidden-text { "Best point and plateau centre side by side" }
                thead { tr {
                    th.text scope="col" { "" } th.text scope="col" { "Values" }
                    @for metric in &metrics { th scope="col" { (heading(*metric)) } }
                } }
                tbody {
                    @for (name, row) in rows {
                        tr {
                            th scope="row" { (name) }
                            td.text { (named(&ranked.plan.sweep.space, ranked.table.points[row])) }
                            @for metric in &metrics { td { (text(*metric, ranked.table.values(*metric)[row])) } }
                        }
                    }
                }
            }
        }))
    }
}
