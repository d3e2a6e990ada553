//! The verdict on columns of returns in sentences, the decisive ones first, for a reader who is no statistician.
//!
//! Only who holds the trials against the assets that they trade may speak of an edge.

use super::JudgedColumns;
use super::numbers::{count, of_a_hundred, p, per_cent};
use crate::stats::overfitting::trials::TrialCounts;
use crate::stats::skill::decision::{Null, OVERFITTING_GOOD, Verdict};
use crate::stats::skill::examination::{Interval, Selected};
use crate::stats::skill::family::LEVEL;
use crate::stats::skill::pass::SESSIONS_LEAST;
use crate::text::quoted;

/// Assets that are named with their positions.
const NAMED: usize = 5;
/// From this ratio a year on only something large could have been seen.
const LARGE_RATIO: f64 = 1.0;
/// Rows that say less than half of what their number promises are spoken of.
const OVERLAP_TOLD: f64 = 2.0;
/// Fewer rows than this for an asset let chance explain too much.
const ROWS_OF_ASSET: usize = 20;
/// What p is not, below every word that finds something.
const BASE_RATE: &str = "p is not the chance that this is luck: if one idea in twenty works, about half of all finds at this level are false.";

/// All sentences.
pub(crate) fn reasons(judged: &JudgedColumns) -> Vec<String> {
    let mut reasons = Vec::new();
    if judged.found.null != Null::Holding {
        reasons.push(
            "A position in an asset that rose is better than cash; give the assets to ask for skill."
                .to_owned(),
        );
    }
    if judged.found.verdict == Verdict::InsufficientData {
        reasons.push(shortage(judged));
    }
    reasons.extend(earned(judged));
    if judged.found.verdict != Verdict::InsufficientData {
        reasons.extend(by_luck(judged));
        reasons.extend(truly(judged));
        reasons.extend(meaning(judged));
    }
    reasons.extend(overlap(judged));
    reasons.extend(chance_of_assets(judged));
    reasons.extend(judged.missing.iter().map(|reason| sentence(reason)));
    reasons.extend(uncounted(judged.findings.trials));
    reasons.push(only_these(judged));
    reasons
}

/// A phrase as a sentence.
fn sentence(phrase: &str) -> String {
    let mut letters = phrase.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).chain(['.']).collect()
}

fn shortage(judged: &JudgedColumns) -> String {
    match judged.selected() {
        None => "No trial moves: there is nothing to judge.".to_owned(),
        Some(_) => format!("{}; {SESSIONS_LEAST} are needed.", count(judged.rows, "row")),
    }
}

/// What the selected trial earned, and what it is held against.
fn earned(judged: &JudgedColumns) -> Vec<String> {
    let (Some(name), Some(column)) = (judged.selected(), judged.found.selected.as_ref()) else {
        return Vec::new();
    };
    let a_year = |mean: f64| per_cent(mean * judged.periods);
    let name = quoted::text(name);
    let mut sentences = vec![format!(
        "The best trial, '{name}', earned {} a year (on average, not compounded).",
        a_year(column.mean)
    )];
    let passive = a_year(column.mean - column.beyond);
    let beyond = a_year(column.beyond.abs());
    match judged.found.null {
        Null::Cash => {}
        _ if !column.moves => sentences.push(
            "It hardly moves beside what it is held against: there is nothing in it to judge.".to_owned(),
        ),
        Null::Benchmark => {
            let benchmark = quoted::text(judged.benchmark.as_deref().unwrap_or(""));
            let than = if column.beyond < 0.0 { "less" } else { "more" };
            sentences.push(format!(
                "The benchmark '{benchmark}' earned {passive}: the trial earned {beyond} {than}."
            ));
        }
        Null::Holding => {
            let held = positions(&judged.assets, &column.positions);
            let did = if column.beyond < 0.0 { "cost" } else { "added" };
            sentences.push(format!(
                "Holding the fixed positions most like it throughout, {held}, earned {passive}: moving in and out {did} {beyond}."
            ));
        }
    }
    sentences
}

/// The largest positions by name, the rest counted.
fn positions(assets: &[String], positions: &[f64]) -> String {
    let mut order: Vec<usize> = (0..positions.len()).collect();
    order.sort_by(|a, b| positions[*b].abs().total_cmp(&positions[*a].abs()));
    let named = order
        .iter()
        .take(NAMED)
        .map(|asset| format!("{:.2} of '{}'", positions[*asset], quoted::text(&assets[*asset])));
    let mut texts: Vec<String> = named.collect();
    if order.len() > NAMED {
        texts.push(format!("{} more", order.len() - NAMED));
    }
    match texts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

/// How often the best trial without skill does as well as the selected one.
fn by_luck(judged: &JudgedColumns) -> Option<String> {
    let share = judged.found.examination.selected.as_ref()?.p?;
    let tries = judged.trials.len();
    let does = match judged.found.null {
        Null::Holding => "add as much",
        Null::Benchmark => "beat the benchmark by as much",
        Null::Cash => "earn as much",
    };
    let who = match (tries, judged.found.null) {
        (1, Null::Holding) => "A trial without any skill".to_owned(),
        (1, _) => "A trial that is no better".to_owned(),
        (_, Null::Holding) => format!("Among {} without any skill the best", count(tries, "trial")),
        (..) => format!("Among {} that are no better the best", count(tries, "trial")),
    };
    Some(format!("{who} would, for its risk, {does} in {}.", of_a_hundred(share)))
}

/// The interval of the true figure, and what would have been seen.
fn truly(judged: &JudgedColumns) -> Option<String> {
    let Selected { interval, detectable_edge, .. } = judged.found.examination.selected.as_ref()?;
    let Interval { low, high, estimate } = (*interval)?;
    let a_year = |mean: f64| per_cent(mean * judged.periods);
    let what = match judged.found.null {
        Null::Holding => "What moving in and out truly adds",
        Null::Benchmark => "What it truly earns beyond the benchmark",
        Null::Cash => "What it truly earns",
    };
    let guess = estimate.map_or(String::new(), |guess| format!(", best guess {}", a_year(guess)));
    let seen = detectable_edge.map_or(String::new(), |edge| {
        format!("; {} or more would have been seen 4 times in 5", per_cent(edge))
    });
    Some(format!(
        "{what} is between {} and {} a year in 9 of 10 files like this{guess}{seen}.",
        a_year(low),
        a_year(high)
    ))
}

/// What the word means for who has to act on it.
fn meaning(judged: &JudgedColumns) -> Vec<String> {
    let tries = count(judged.trials.len(), "trial");
    let own = |text: &str| vec![text.to_owned()];
    let shown = match judged.found.null {
        Null::Holding => "an edge that luck alone would show",
        _ => "what luck alone would show",
    };
    let is_arbitrary = is_arbitrary(judged);
    match judged.found.verdict {
        verdict if verdict.claims() && !is_arbitrary => {
            vec![format!("That is {shown} in at most 1 file of 20."), BASE_RATE.to_owned()]
        }
        verdict if verdict.claims() => {
            let mut sentences = vec![format!(
                "Something among the trials is {shown} in at most 1 file of 20, but it need not be this one."
            )];
            sentences.extend(which(judged));
            sentences.extend([
                "Choosing among them is arbitrary: take the middle of what is alike, or several, not the best.".to_owned(),
                BASE_RATE.to_owned(),
            ]);
            sentences
        }
        Verdict::LikelyArtefact => vec![format!("Good by itself, usual for the best of {tries}.")],
        Verdict::Inconclusive => own("Not shown, not excluded."),
        Verdict::InsufficientData => Vec::new(),
        _ => {
            let detectable =
                judged.found.examination.selected.as_ref().and_then(|found| found.detectable_ratio);
            if detectable.is_some_and(|ratio| ratio > LARGE_RATIO) {
                own("Nothing is shown, and only something large could have been seen in so few rows.")
            } else {
                Vec::new()
            }
        }
    }
}

/// Whether what was found need not be the selected trial.
fn is_arbitrary(judged: &JudgedColumns) -> bool {
    let found = &judged.found.examination;
    let is_unsure = found.selected.as_ref().and_then(|selected| selected.p).is_none_or(|p| p > LEVEL);
    let splits = found.splits.as_ref();
    is_unsure || splits.is_some_and(|splits| splits.overfitting_probability > OVERFITTING_GOOD)
}

/// The best trial beside the selected one, with the p of both.
fn which(judged: &JudgedColumns) -> Option<String> {
    let (best, p_best) = judged.best()?;
    let selected = judged.found.examination.selected.as_ref()?;
    let name = judged.selected()?;
    let [best, name] = [best, name].map(quoted::text);
    (best != name).then(|| {
        format!(
            "For its risk '{best}' did best, with p = {}; '{name}' has p = {}.",
            p(p_best),
            p(selected.p.unwrap_or(1.0))
        )
    })
}

fn overlap(judged: &JudgedColumns) -> Option<String> {
    let record = judged.found.examination.selected.as_ref()?.record?;
    (record.inflation >= OVERLAP_TOLD).then(|| {
        format!(
            "Neighbouring rows hang together, as where holding periods overlap or prices are stale: {} say as much as {}.",
            count(judged.rows, "row"),
            count((judged.rows as f64 / record.inflation).round().max(1.0) as usize, "independent one")
        )
    })
}

/// A warning where so many assets explain so few rows that some of it is chance.
fn chance_of_assets(judged: &JudgedColumns) -> Option<String> {
    let assets = judged.assets.len();
    (assets * ROWS_OF_ASSET > judged.rows).then(|| {
        format!(
            "{} for {} fit by chance, which makes any residual look better than it is: name the few that were traded.",
            count(assets, "asset"),
            count(judged.rows, "row")
        )
    })
}

fn uncounted(trials: TrialCounts) -> Option<String> {
    let TrialCounts { evaluated, failed, flat, duplicate, .. } = trials;
    let parts = [
        (flat, "never moved"),
        (duplicate, "equal to another"),
        (failed, "without a full record of returns"),
    ];
    let texts: Vec<String> = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| format!("{number} {what}"))
        .collect();
    (!texts.is_empty())
        .then(|| format!("Of {} do not count: {}.", count(evaluated as usize, "column"), texts.join(", ")))
}

fn only_these(judged: &JudgedColumns) -> String {
    match judged.trials.len() {
        1 => "One trial is counted; every other one that was made, here or elsewhere, makes this look better than it is.".to_owned(),
        tries => format!(
            "{} are counted; every one that was made and is not in this file makes this look better than it is.",
            count(tries, "trial")
        ),
    }
}
