//! The head of the page: the verdict in a sentence, and three figures.

use maud::{Markup, html};

use super::SweepPage;
use super::choice::choice;
use crate::report::page::parts::tile;
use crate::report::sweep::metric::{named, text};
use crate::report::sweep::verdict::paragraph::{BASE_RATE, capital, chance, parts};
use crate::stats::skill::decision::Verdict;
use crate::text::number::{percent, whole};

/// The head of the page.
pub(crate) fn head(page: &SweepPage) -> Markup {
    let summary = page.summary;
    let plan = page.ranked.plan;
    let points = &summary.points;
    let count = |count: u64| whole(count as f64);
    let period = &plan.sweep.strategy.period;
    let first_day = plan.first_scene().map_or(period.start.date, |scene| {
        let stage = &scene.stage;
        stage.market.date(stage.curve_start)
    });
    html! {
        h1 { (summary.sweep) }
        p.soft {
            (count(points.done)) " points of the strategy " b { (plan.sweep.strategy.name.trim()) }
            @if points.failed > 0 { ", " (count(points.failed)) " of them failed" }
            @if points.ruined > 0 { ", " (count(points.ruined)) " of them ruined" }
            ", " span.nowrap { (first_day) } " to " span.nowrap { (period.end.date) } ". Ranked by " (page.ranked.rank.metric.figure().definition.name)
            @if summary.rank.goal == "min" { ", less is better" }
            @if !summary.rank.require.is_empty() { ", with " (summary.rank.require.join(" and ")) }
            "."
        }
        @if points.missing > 0 {
            p.warning role="alert" {
                "INCOMPLETE: " (count(points.missing)) " of " (count(points.exist))
                " points are missing; what follows rests on the others."
            }
        }
        (verdict(page))
        div.tiles { (best(page)) (held(page)) (moved(page)) }
    }
}

/// The CSS class of a verdict.
pub(crate) fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::LikelyReal => "good",
        Verdict::LikelyArtefact | Verdict::NoEdge => "bad",
        _ => "doubt",
    }
}

fn verdict(page: &SweepPage) -> Markup {
    let Some(examined) = page.examined else {
        return html! { div.verdict { p { "Whether the best point is real was not asked (" code { "--no-verdict" } ")." } } };
    };
    let [first, rest] = parts(page.ranked.plan, examined);
    let word = format!("{}.", capital(&examined.verdict.to_string()));
    let first = first.strip_prefix(&word).unwrap_or(&first);
    html! {
        div.verdict.(class(examined.verdict)) {
            p.sentence { b { (word) } (first) }
            @if let Some(choice) = choice(page, examined) { p.choice { (choice) } }
            p.rest { (rest) }
            @if examined.verdict.claims() { p.why { (BASE_RATE) } }
        }
    }
}

fn best(page: &SweepPage) -> Markup {
    let ranked = page.ranked;
    let name = format!("Best {}", lower(page.ranked.rank.metric.figure().definition.name));
    match ranked.board.best() {
        Some(row) => {
            let point = ranked.table.points[row];
            let value = text(ranked.rank.metric, ranked.table.values(ranked.rank.metric)[row]);
            let axes = named(&ranked.plan.sweep.space, point);
            tile(&name, &value, &format!("point {point}: {axes}"))
        }
        None => tile(&name, "-", "no point qualifies"),
    }
}

/// A tile with what holding the same assets earned; without a verdict, the median of all points.
fn held(page: &SweepPage) -> Markup {
    if let Some(selected) = page.examined.and_then(|examined| examined.selected.as_ref()) {
        let chosen = &selected.chosen;
        return tile(
            "Holding the same assets",
            &percent(chosen.residual.passive * chosen.periods),
            &format!(
                "a year, in the best point's mean weights; the point earned {}",
                percent(chosen.mean() * chosen.periods)
            ),
        );
    }
    let ranked = page.ranked;
    let metric = ranked.rank.metric;
    let mut values: Vec<f64> =
        ranked.table.meaningful_values(metric).into_iter().filter(|value| !value.is_nan()).collect();
    values.sort_by(f64::total_cmp);
    let median = values.get(values.len() / 2).copied().unwrap_or(f64::NAN);
    tile("Median of all points", &text(metric, median), "half of the points are better, half are worse")
}

/// A tile with what moving the weights added, and how often luck does as well; without them, the centre of the best plateau.
fn moved(page: &SweepPage) -> Markup {
    let found = page.examined.and_then(|examined| {
        let p = examined.examination.as_ref()?.selected.as_ref()?.p?;
        Some((&examined.selected.as_ref()?.chosen, p, examined.examination.as_ref()?.allowance.trials))
    });
    if let Some((chosen, p, trials)) = found {
        return tile(
            "Moving in and out added",
            &percent(chosen.residual.edge * chosen.periods),
            &format!(
                "a year; the best of {} tries without skill does as well with p = {}",
                whole(trials as f64),
                chance(p)
            ),
        );
    }
    let ranked = page.ranked;
    match ranked.board.plateau_best {
        Some(row) => {
            let point = ranked.table.points[row];
            let value = text(ranked.rank.metric, ranked.table.values(ranked.rank.metric)[row]);
            tile(
                "Plateau centre",
                &value,
                &format!("point {point}: {}", named(&ranked.plan.sweep.space, point)),
            )
        }
        None => {
            tile("Points", &ranked.table.points.len().to_string(), "without neighbours there is no plateau")
        }
    }
}

/// The name of a figure inside a sentence: in small letters, unless it begins with the name of a person.
pub(crate) fn lower(name: &str) -> String {
    if ["Sharpe", "Sortino", "Calmar"].iter().any(|person| name.starts_with(person)) {
        return name.to_owned();
    }
    let mut letters = name.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_inside_sentences() {
        assert_eq!([lower("Sharpe ratio"), lower("Fills")], ["Sharpe ratio", "fills"]);
    }
}
