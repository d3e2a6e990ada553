//! What the figures were computed from, and how to compute them again.

use maud::{Markup, html};

use super::SweepPage;
use crate::report::page::parts::{command, pairs};
use crate::report::page::strategy_keys::strategy_keys;
use crate::report::sweep::metric::{short, value_text};
use crate::sweep::axis::{Axis, Values};
use crate::sweep::holdout::Holdout;
use crate::sweep::space::Design;

/// The section.
pub(crate) fn provenance(page: &SweepPage) -> Markup {
    let summary = page.summary;
    let plan = page.ranked.plan;
    let space = &plan.sweep.space;
    let design = match &space.design {
        Design::Grid => "every combination of the axes".to_owned(),
        Design::Sample(sample) => format!("a sample of {} points, seed {}", sample.points, sample.seed),
        Design::List => "a list".to_owned(),
    };
    let keep = space.keep.as_ref().map(|keep| ("Kept where", keep.canonical().to_owned()));
    let mut rows = vec![
        ("Sweep", summary.sweep.clone()),
        ("Seal", summary.seal.clone()),
        ("Prices (fingerprint)", summary.data_fingerprint.clone()),
        ("Program", format!("backtest {}, results revision {}", summary.version, summary.results_revision)),
        ("Points", format!("{} of {}: {design}", summary.points.done, summary.points.exist)),
    ];
    rows.extend(keep);
    let held_out = |holdout: Holdout| ("Held out", format!("{} to {}", holdout.from, holdout.end.date));
    rows.extend(plan.sweep.holdout.map(held_out));
    let axes: Vec<(&str, String)> =
        space.axes.iter().map(|axis| (axis.name.as_str(), values(axis))).collect();
    let best = page.ranked.board.best().map(|row| page.ranked.table.points[row]);
    html! {
        (pairs(&rows))
        h3 { "Axes" }
        (pairs(&axes))
        h3 { "Strategy" }
        (pairs(&strategy_keys(&plan.sweep.strategy)))
        h3 { "The same again" }
        p { "Where the sweep was run, with the folder of results named " code { "results" } ":" }
        (command(&format!("sweep verify results/{}", plan.folder_name())))
        @if let Some(point) = best { (command(&page.command(point))) }
        p.soft { "Any row of the leaderboard: the same with its point. The plan holds the strategy and the axes; its seal refuses other prices." }
    }
}

fn values(axis: &Axis) -> String {
    const LISTED: u64 = 12;
    let text = |index: u64| short(&value_text(&axis.values.at(index)));
    match axis.values.count() {
        Some(count) if count <= LISTED => (0..count).map(text).collect::<Vec<_>>().join(", "),
        Some(count) => format!("{}, {} ... {} ({count} values)", text(0), text(1), text(count - 1)),
        None => {
            let [first, last] = axis.values.ends().map(|value| short(&value_text(&value)));
            let logarithmic = matches!(axis.values, Values::Span { logarithmic: true, .. });
            format!("{first} to {last}{}", if logarithmic { ", equal ratios equally likely" } else { "" })
        }
    }
}
