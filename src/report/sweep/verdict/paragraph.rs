//! The verdict in words that a reader without statistics acts on rightly, always in the same order.

use crate::report::sweep::metric::named;
use crate::stats::skill::decision::{CHANGES_LEAST, Evidence, Unseen, Verdict};
use crate::stats::skill::family::LEVEL;
use crate::stats::skill::pass::SESSIONS_LEAST;
use crate::sweep::plan::Plan;
use crate::sweep::verdict::chosen::{AssetShare, Chosen};
use crate::sweep::verdict::examination::{Compared, Selected, SweepVerdict, What};
use crate::sweep::verdict::placebo::Placebo;
use crate::text::number::whole;
use crate::text::size::duration;

/// Assets named with their mean weights; the others are counted.
const NAMED_MOST: usize = 5;
/// Where only a ratio above this a year would have been seen, that is said.
const LARGE_RATIO: f64 = 1.0;
/// A strategy that fell less than this share of what holding fell has less risk.
const LESS_RISK: f64 = 0.8;

/// Mean weights that sum to 1 within this need no word.
const WHOLE_WITHIN: f64 = 0.005;

/// What a p is not.
pub(crate) const BASE_RATE: &str = "p is not the chance that this is luck: if one idea in twenty works, about half of all \
finds at this level are false.";

/// The verdict as text: the word first, then its sentences.
pub(crate) fn text(plan: &Plan, judged: &SweepVerdict) -> String {
    parts(plan, judged).join(" ")
}

/// The same in two parts: the word with what was earned, and what that rests on.
pub(crate) fn parts(plan: &Plan, judged: &SweepVerdict) -> [String; 2] {
    let word = capital(&judged.verdict.to_string());
    let mut first = vec![format!("{word}.")];
    first.extend(of_word(plan, judged));
    let mut sentences = Vec::new();
    if let Some(selected) = &judged.selected {
        first.extend(earned(selected, judged.verdict));
        sentences.extend(luck(judged));
        sentences.extend(interval(&selected.chosen, judged));
        sentences.extend(compared(&selected.compared));
    }
    sentences.extend(counted(judged));
    let unseen = judged.holdout.sentences(judged.point);
    sentences.extend(unseen.iter().map(|sentence| format!("{}.", capital(sentence))));
    sentences.push(placebo(plan, judged));
    sentences.extend(judged.missing.iter().map(|sentence| format!("{}.", capital(sentence))));
    [first.join(" "), sentences.join(" ")]
}

/// The reasons: what the word rests on and what could not be had, a sentence each without its point.
pub(crate) fn reasons(plan: &Plan, judged: &SweepVerdict) -> Vec<String> {
    let mut reasons: Vec<String> =
        of_word(plan, judged).into_iter().map(|sentence| sentence.trim_end_matches('.').to_owned()).collect();
    if let Some(p) = judged.evidence.p_best {
        reasons.push(format!("the smallest p of a point is {}", chance(p)));
    }
    if let Some(pbo) = judged.evidence.overfitting {
        reasons.push(format!(
            "chosen on one half of the time, the best point fell to the median or below on the other in {:.0} % of the splits",
            100.0 * pbo
        ));
    }
    reasons.extend(judged.holdout.sentences(judged.point));
    reasons.extend(judged.missing.iter().cloned());
    reasons
}

/// What follows the word.
fn of_word(plan: &Plan, judged: &SweepVerdict) -> Vec<String> {
    let evidence = &judged.evidence;
    let own = |text: &str| vec![text.to_owned()];
    match judged.verdict {
        Verdict::InsufficientData => shortages(judged),
        Verdict::LikelyReal => own("An edge that luck alone would show in at most 1 folder of 20."),
        Verdict::ChoiceArbitrary => arbitrary(plan, judged),
        Verdict::Promising => promising(judged),
        Verdict::LikelyArtefact => {
            vec![format!("Good by itself, usual for the best of {}.", count(judged.counts.canonical))]
        }
        Verdict::NoEdge => {
            let ratio =
                judged.examination.as_ref().and_then(|found| found.selected.as_ref()?.detectable_ratio);
            match ratio {
                Some(ratio) if ratio > LARGE_RATIO => {
                    own("Only a large edge could have been seen in so short a time.")
                }
                _ => Vec::new(),
            }
        }
        Verdict::Inconclusive if evidence.p_best.is_some_and(|p| p <= LEVEL) => contradictions(evidence),
        Verdict::Inconclusive => own("Not shown, not excluded."),
        // The other words are those of returns without weights.
        _ => Vec::new(),
    }
}

fn shortages(judged: &SweepVerdict) -> Vec<String> {
    let evidence = &judged.evidence;
    if let Some(why) = &judged.untested {
        return vec![format!("{}.", capital(why))];
    }
    let mut reasons = Vec::new();
    if evidence.sessions < SESSIONS_LEAST {
        reasons.push(format!("There are {} sessions; {SESSIONS_LEAST} are needed.", evidence.sessions));
    }
    match evidence.changes {
        None if judged.point.is_none() => {
            reasons.push("No point fulfils the conditions of the ranking.".to_owned())
        }
        None => reasons.push("The best point never moves, or it fails when it is computed again.".to_owned()),
        Some(0 | 1) => reasons.push("It decides once and drifts: there is nothing to test.".to_owned()),
        Some(changes) if changes < CHANGES_LEAST => {
            reasons.push(format!("{changes} decisions changed weights; {CHANGES_LEAST} are needed."));
        }
        Some(_) => {}
    }
    reasons
}

fn arbitrary(plan: &Plan, judged: &SweepVerdict) -> Vec<String> {
    let mut sentences = vec!["Something in this sweep works, but it need not be this point.".to_owned()];
    let p = |p: Option<f64>| p.map_or("-".to_owned(), chance);
    if let Some(best) = &judged.best {
        sentences.push(format!(
            "Point {} ({}) has p = {}, this one p = {}.",
            best.point,
            named(&plan.sweep.space, best.point),
            p(judged.evidence.p_best),
            chance(judged.evidence.p_selected)
        ));
    }
    if let Some(changes) = judged.evidence.changes.filter(|changes| *changes < CHANGES_LEAST) {
        sentences.push(format!(
            "This one changed weights {changes} times; {CHANGES_LEAST} are needed to judge it."
        ));
    }
    if let Some(equals) = &judged.equals {
        sentences.push(format!(
            "{} of {} points cannot be told from the best.",
            count(equals.points.len() as u64),
            count(equals.compared as u64)
        ));
    }
    sentences.push("Take the middle of the plateau.".to_owned());
    sentences
}

fn promising(judged: &SweepVerdict) -> Vec<String> {
    let mut sentences = vec![format!(
        "This sweep was begun after results on these assets had been seen (look {}), and may have been built from them: no \
         test on the same days can allow for that.",
        judged.evidence.look
    )];
    if let Some(confirm) = &judged.confirm {
        let periods = judged.selected.as_ref().map_or(252.0, |selected| selected.chosen.periods);
        sentences.push(format!(
            "If the edge is as large as it looks, {} sessions ({:.1} years) of unseen days would show it 4 times in 5; if half \
             of it is luck, four times as many.",
            whole(confirm.sessions),
            confirm.sessions / periods
        ));
    }
    sentences.push(command(judged));
    sentences
}

/// What to do next.
fn command(judged: &SweepVerdict) -> String {
    let state = judged.holdout.state.as_ref().filter(|state| state.is_unopened());
    if let Some((state, confirm)) = state.zip(judged.confirm) {
        return format!(
            "Open the sessions that it holds out from {} on: sweep holdout open RESULTS --point {}.",
            state.from, confirm.point
        );
    }
    let last = judged.passed.as_ref().and_then(|passed| passed.days.last().copied()).unwrap_or(0);
    let after =
        i32::try_from(last + 1).map(crate::market::date::Date).map_or(String::new(), |date| date.to_string());
    format!(
        "Add to the sweep: [holdout] from = {after}; then wait, run it again, and open the new days once."
    )
}

fn contradictions(evidence: &Evidence) -> Vec<String> {
    let mut sentences = Vec::new();
    if let Some(p) = evidence.placebo.filter(|p| *p > LEVEL) {
        sentences.push(format!(
            "Its p on the real market is small, but markets without patterns give as much (p = {}).",
            chance(p)
        ));
    }
    if evidence.walk_forward_lost {
        sentences.push(
            "Its p is small, but choosing anew in each window earned less than holding the same assets."
                .to_owned(),
        );
    }
    if evidence.unseen == Some(Unseen::DidNotHoldUp) {
        sentences.push("Its p is small, but it did not hold up on the days that nobody had seen.".to_owned());
    }
    sentences
}

/// What the best point earned, and what holding the same assets earned.
fn earned(selected: &Selected, verdict: Verdict) -> Vec<String> {
    let chosen = &selected.chosen;
    let (periods, edge) = (chosen.periods, chosen.residual.edge);
    let moving = if chosen.residual.moves {
        let word = if edge < 0.0 { "lost" } else { "added" };
        format!("moving in and out {word} {}", percent(edge.abs() * periods))
    } else {
        "it moved nothing that could be judged".to_owned()
    };
    let mut sentences = vec![
        format!(
            "The best point earned {} a year (on average, not compounded, after costs).",
            percent(chosen.mean() * periods)
        ),
        format!(
            "Holding what it held on average, {}{}, earned {} (holding pays no costs): {moving}.",
            weights(&chosen.shares),
            lives(&chosen.shares),
            percent(chosen.residual.passive * periods)
        ),
    ];
    let (own, passive) = (chosen.risk().largest_fall, chosen.passive_risk().largest_fall);
    if !verdict.claims() && own < LESS_RISK * passive {
        sentences.push(format!(
            "It fell by {} at most where holding fell by {}: less risk, which is no edge in return.",
            percent(own),
            percent(passive)
        ));
    }
    sentences
}

/// Mean weights in words, the largest first.
fn weights(shares: &[AssetShare]) -> String {
    let mut shares: Vec<&AssetShare> = shares.iter().filter(|share| share.weight.abs() >= 0.0005).collect();
    // Cash comes last, as it stands.
    let assets = shares.iter().filter(|share| !share.ticker.is_empty()).count();
    shares[..assets].sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    let words = |share: &AssetShare| {
        let name = if share.ticker.is_empty() { "cash" } else { &share.ticker };
        format!("{:.0} % {name}", 100.0 * share.weight)
    };
    let mut parts: Vec<String> = shares[..assets.min(NAMED_MOST)].iter().map(|share| words(share)).collect();
    let rest = assets.saturating_sub(NAMED_MOST);
    if rest > 0 {
        let weight: f64 = shares[NAMED_MOST..assets].iter().map(|share| share.weight).sum();
        parts.push(format!("{:.0} % {rest} other assets", 100.0 * weight));
    }
    parts.extend(shares[assets..].iter().map(|share| words(share)));
    match parts.pop() {
        None => "nothing".to_owned(),
        Some(last) if parts.is_empty() => last,
        Some(last) => format!("{} and {last}", parts.join(", ")),
    }
}

/// What is said of mean weights that do not sum to the whole, since each is a mean over the asset's own life.
fn lives(shares: &[AssetShare]) -> &'static str {
    let sum: f64 = shares.iter().map(|share| share.weight).sum();
    if (sum - 1.0).abs() > WHOLE_WITHIN { " (each while it was there)" } else { "" }
}

/// How often luck alone does as well.
fn luck(judged: &SweepVerdict) -> Option<String> {
    let found = judged.examination.as_ref()?;
    let p = found.selected.as_ref()?.p?;
    let tries = count(found.allowance.trials + found.allowance.uncounted);
    if found.allowance.look > 1 {
        return Some(format!(
            "Among {tries} tries p = {} (allowing for {} looks).",
            chance(p),
            found.allowance.look
        ));
    }
    if found.allowance.uncounted > 0 {
        return Some(format!("Among {tries} tries p = {}.", chance(p)));
    }
    let cases = match p {
        p if p < 0.01 => "fewer than 1 of 100 cases".to_owned(),
        p if p > 0.99 => "nearly all cases".to_owned(),
        p => format!("{:.0} of 100 cases", 100.0 * p),
    };
    let best = if found.allowance.trials == 1 { "one would" } else { "the best would" };
    let tries = if found.allowance.trials == 1 { "one try".to_owned() } else { format!("{tries} tries") };
    Some(format!("Among {tries} without any skill {best}, for its risk, add as much in {cases}."))
}

/// What the point truly earns, and what would have been seen.
fn interval(chosen: &Chosen, judged: &SweepVerdict) -> Option<String> {
    let found = judged.examination.as_ref()?.selected.as_ref()?;
    let interval = found.interval.filter(|_| chosen.residual.moves)?;
    let year = |x: f64| format!("{:+.1}", 100.0 * x * chosen.periods);
    let guess = interval.estimate.map_or(String::new(), |guess| format!(", best guess {}", year(guess)));
    let seen = found.detectable_edge.map_or(String::new(), |edge| {
        format!("; an edge of {} or more would have been seen 4 times in 5", percent(edge))
    });
    Some(format!(
        "The true figure is between {} and {} % a year in 9 of 10 folders like this{guess}{seen}.",
        year(interval.low),
        year(interval.high)
    ))
}

/// Which of the simple holdings it beat.
fn compared(compared: &[Compared]) -> Option<String> {
    let name = |what: &What| match what {
        What::Cash => "cash".to_owned(),
        What::Universe => "the universe held equally".to_owned(),
        What::Benchmark(ticker) => format!("{ticker} held"),
    };
    let tested = || compared.iter().filter_map(|compared| Some((name(&compared.what), compared.p?)));
    let beaten: Vec<String> = tested().filter(|(_, p)| *p <= LEVEL).map(|(name, _)| name).collect();
    let unbeaten: Vec<String> = tested().filter(|(_, p)| *p > LEVEL).map(|(name, _)| name).collect();
    match (beaten.is_empty(), unbeaten.is_empty()) {
        (true, true) => None,
        (false, true) => Some(format!("It beat {}.", listed(&beaten, "and"))),
        (true, false) => Some(format!("It is not shown to beat {}.", listed(&unbeaten, "or"))),
        (false, false) => Some(format!(
            "It beat {}; it is not shown to beat {}.",
            listed(&beaten, "and"),
            listed(&unbeaten, "or")
        )),
    }
}

/// What is counted.
fn counted(judged: &SweepVerdict) -> Vec<String> {
    let Some(found) = &judged.examination else { return Vec::new() };
    let family = &judged.family;
    let sweeps = 1 + family.relatives.len();
    let sweep = if sweeps == 1 { "sweep" } else { "sweeps" };
    let trials = if found.allowance.trials == 1 { "trial" } else { "trials" };
    let mut sentences = vec![format!(
        "This folder holds {} {sweep}, {} {trials} on these assets; all are counted.",
        count(sweeps as u64),
        count(found.allowance.trials)
    )];
    for unknown in &family.uncounted {
        sentences.push(format!(
            "Of sweep {} only the number of trials is known, {}: {}.",
            unknown.name,
            count(unknown.trials),
            unknown.why
        ));
    }
    if let Some(p) = found.tested.as_ref().and_then(|tested| tested.p_folder) {
        let strangers = family.strangers.len();
        let sweeps = if strangers == 1 { "1 sweep".to_owned() } else { format!("{strangers} sweeps") };
        sentences.push(format!(
            "Over everything in this folder, {sweeps} on other assets and periods too: p = {}.",
            chance(p)
        ));
    }
    sentences
}

/// What placebo worlds say, or how to make them.
fn placebo(plan: &Plan, judged: &SweepVerdict) -> String {
    match (&judged.placebo, judged.placebo_seconds) {
        (Some(Placebo { worlds, p, .. }), _) => format!(
            "In {} placebo worlds, markets without patterns, the best point did as well with p = {}.",
            count(*worlds),
            chance(*p)
        ),
        (None, Some(seconds)) => format!(
            "Placebo worlds were not run: sweep placebo RESULTS/{} makes them, in about {} of one processor.",
            plan.folder_name(),
            duration(seconds)
        ),
        (None, None) => "Placebo worlds were not run.".to_owned(),
    }
}

/// A list in words.
fn listed(names: &[String], word: &str) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

/// A p with as many digits as it has.
pub(crate) fn chance(p: f64) -> String {
    match p {
        p if p < 0.01 => format!("{p:.4}"),
        p if p < 0.1 => format!("{p:.3}"),
        p => format!("{p:.2}"),
    }
}

/// A fraction in per cent with one decimal.
fn percent(x: f64) -> String {
    let text = format!("{:.1}", 100.0 * x);
    let text = if text == "-0.0" { "0.0" } else { &text };
    format!("{text} %")
}

fn count(number: u64) -> String {
    whole(number as f64)
}

/// A text with a capital at its start.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(ticker: &str, weight: f64) -> AssetShare {
        AssetShare { ticker: ticker.to_owned(), weight, held: 0.0, moved: 0.0 }
    }

    #[test]
    fn weights_are_named_with_the_largest_first() {
        assert_eq!(weights(&[share("SPY", 0.62), share("", 0.38)]), "62 % SPY and 38 % cash");
        assert_eq!(
            weights(&[share("A", 0.1), share("B", -0.4), share("", 1.3)]),
            "-40 % B, 10 % A and 130 % cash"
        );
        let many: Vec<AssetShare> =
            ["A", "B", "C", "D", "E", "F", "G"].map(|ticker| share(ticker, 0.14)).to_vec();
        assert_eq!(weights(&many), "14 % A, 14 % B, 14 % C, 14 % D, 14 % E and 28 % 2 other assets");
        assert_eq!(weights(&[share("", 1.0)]), "100 % cash");
        assert_eq!(weights(&[]), "nothing");
    }

    #[test]
    fn weights_of_assets_that_joined_late_are_explained() {
        assert_eq!(lives(&[share("SPY", 0.62), share("", 0.38)]), "");
        assert_eq!(
            lives(&[share("SPY", 0.62), share("NEW", 0.3), share("", 0.38)]),
            " (each while it was there)"
        );
    }

    #[test]
    fn what_was_beaten_is_told_apart() {
        let of = |what, p| Compared { what, mean: 0.0, edge: 0.0, p };
        let all = |p: [f64; 3]| {
            compared(&[
                of(What::Cash, Some(p[0])),
                of(What::Universe, Some(p[1])),
                of(What::Benchmark("SPY".to_owned()), Some(p[2])),
            ])
            .unwrap()
        };
        assert_eq!(
            all([0.01, 0.3, 0.4]),
            "It beat cash; it is not shown to beat the universe held equally or SPY held."
        );
        assert_eq!(all([0.01, 0.05, 0.03]), "It beat cash, the universe held equally and SPY held.");
        assert_eq!(compared(&[of(What::Cash, None)]), None);
    }
}
