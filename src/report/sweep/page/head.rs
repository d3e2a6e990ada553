//! The head of the page: the verdict in a sentence, and three figures.

use maud::{Markup, html};

use super::SweepPage;
use crate::report::page::parts::tile;
use crate::report::sweep::metric::{named, text};
use crate::stats::overfitting::evidence::Findings;
use crate::stats::overfitting::evidence::cross_validation::CrossValidated;
use crate::stats::overfitting::verdict::Verdict;
use crate::text::number::{decimal, whole};

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
        div.tiles { (best(page)) (luck(page)) (choice(page)) }
    }
}

/// The CSS class of a verdict, its name, and what it means for a reader.
pub(crate) fn meaning(verdict: Verdict) -> (&'static str, &'static str, &'static str) {
    match verdict {
        Verdict::LikelyReal => (
            "good",
            "Likely real",
            "the best point beats cash, many tries allowed for, and holds its rank on the other half of the time.",
        ),
        Verdict::ChoiceArbitrary => (
            "doubt",
            "Edge real, choice arbitrary",
            "something here works, but the best point is no better than its rivals; take the plateau centre.",
        ),
        Verdict::LikelyArtefact => (
            "bad",
            "Likely an artefact of selection",
            "the best of so many tries without skill looks just as good.",
        ),
        Verdict::Inconclusive => ("doubt", "Inconclusive", "the tests show neither skill nor luck."),
        Verdict::InsufficientData => {
            ("doubt", "Insufficient data", "too short or too few trades to tell skill from luck.")
        }
    }
}

/// A reason as a sentence.
pub(crate) fn sentence(reason: &str) -> String {
    let mut letters = reason.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).chain(['.']).collect()
}

fn verdict(page: &SweepPage) -> Markup {
    let Some(examined) = page.examined else {
        return html! { div.verdict { p { "Whether the best point is real was not asked (" code { "--no-verdict" } ")." } } };
    };
    let (class, name, meaning) = meaning(examined.found.verdict);
    // The decisive reason, and the one about the benchmark: a strategy that beats cash may still not beat the market.
    let reasons = &examined.found.reasons;
    let ability = examined.found.findings.superior_ability.as_ref();
    let about_benchmark = ability
        .and_then(|ability| ability.beside.as_ref())
        .and_then(|(benchmark, _)| reasons.iter().skip(1).find(|reason| reason.contains(benchmark.as_str())));
    let reasons = reasons.first().into_iter().chain(about_benchmark);
    html! {
        div.verdict.(class) {
            p.sentence { b { (name) ":" } " " (meaning) }
            @for reason in reasons { p.why { (sentence(reason)) } }
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

/// A tile with what the best of as many tries would show without skill; without a verdict, the median of all points.
fn luck(page: &SweepPage) -> Markup {
    let findings = page.examined.map(|examined| &examined.found.findings);
    if let Some(Findings { selected: Some(selected), deflated, trials, .. }) = findings
        && deflated.threshold.is_finite()
        && trials.canonical > 1
    {
        let tries = whole(deflated.tried);
        return tile(
            &format!("Best of {tries} tries by luck alone"),
            &decimal(deflated.threshold * page.root()),
            &format!(
                "Sharpe ratio to expect without skill; the best point has {}",
                decimal(selected.figures.sharpe * page.root())
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

/// A tile with the probability of overfitting; without cross-validation, the centre of the best plateau.
fn choice(page: &SweepPage) -> Markup {
    let crossed = page.examined.and_then(|examined| examined.found.findings.cross_validation.as_ref());
    if let Some(CrossValidated { splits, .. }) = crossed {
        return tile(
            "Probability of overfitting",
            &format!("{:.0} %", 100.0 * splits.overfitting_probability),
            "how often the best of one half of the time is no better than the middle on the other half",
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
    fn reasons_are_sentences() {
        assert_eq!(sentence("it lost"), "It lost.");
        assert_eq!(sentence(""), ".");
        assert_eq!([lower("Sharpe ratio"), lower("Fills")], ["Sharpe ratio", "fills"]);
    }
}
