//! The sealed hold-out: the last sessions of a sweep, which nothing sees until points are opened on them, once and on record.
//!
//! What a sweep asks for is in [`crate::sweep::holdout`]; here is how it is opened ([`opening`]), what is kept of it ([`log`])
//! and what later verdicts may say of it.

pub(crate) mod log;
mod observed;
pub(crate) mod opening;

use std::collections::BTreeMap;
use std::path::Path;

use self::log::{Log, SeenBefore};
use super::identity::Identity;
use super::ledger::{self, Entry};
use crate::market::date::Date;
use crate::stats::skill::decision::Unseen;
use crate::sweep::plan::Plan;

/// What is known of hold-outs where a verdict is given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Told {
    /// The hold-out of the sweep; `None` if it holds nothing out.
    pub state: Option<HoldoutState>,
    /// What is wrong with the record of openings, a sentence each without a stop. It concerns every sweep of the folder.
    pub faults: Vec<String>,
}

/// What is known of the hold-out of a sweep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HoldoutState {
    /// Its first date.
    pub from: Date,
    /// The date with which it ends.
    pub end: Date,
    /// When it was first opened, if it was.
    pub opened: Option<String>,
    /// How each point did that was opened; one that was opened again as it did then.
    pub words: BTreeMap<u64, Unseen>,
    /// Who saw its sessions before it was opened; nobody if it is sealed.
    pub seen: Vec<SeenBefore>,
}

impl Told {
    /// What is known where a sweep's results lie in a folder of results. `identity` has the assets of the sweep, if its prices
    /// are at hand: who else saw the sessions is known by them.
    pub(crate) fn new(plan: &Plan, results: &Path, identity: Option<&Identity>) -> Told {
        let log = Log::told(results);
        let state = plan.sweep.holdout.map(|holdout| {
            let seal = plan.seal.to_string();
            let first = log.of_sweep(&seal).next();
            let points = log.of_sweep(&seal).flat_map(|line| &line.points);
            HoldoutState {
                from: holdout.from,
                end: holdout.end.date,
                opened: first.map(|line| line.day().to_owned()),
                words: points.map(|point| (point.point, point.word)).collect(),
                // What was seen after the opening breaks no seal.
                seen: match first {
                    Some(line) => line.seen.clone(),
                    None => identity.map_or(Vec::new(), |identity| seen_before(plan, results, identity)),
                },
            }
        });
        Told { state, faults: record_faults(&log.faults) }
    }

    /// What the hold-out says of the first of some points that was opened. That a point held up counts only where nobody had
    /// seen the sessions.
    pub(crate) fn word(&self, points: &[Option<u64>]) -> Option<Unseen> {
        let state = self.state.as_ref()?;
        let word = points.iter().flatten().find_map(|point| state.words.get(point).copied())?;
        (state.is_sealed() || word == Unseen::DidNotHoldUp).then_some(word)
    }

    /// What an opening must say of those before it and of what lessens it, a sentence each without a stop.
    pub(crate) fn before(&self) -> Vec<String> {
        let opened = |state: &HoldoutState| {
            let on = state.opened.as_ref()?;
            Some(format!("opened before, on {on}, {}", counted(state.words.len())))
        };
        self.beside(self.state.as_ref().and_then(opened))
    }

    /// What a verdict says of hold-outs, a sentence each without a stop.
    pub(crate) fn sentences(&self, point: Option<u64>) -> Vec<String> {
        let opened = |state: &HoldoutState| {
            let on = state.opened.as_ref()?;
            let word = match point.and_then(|point| Some((point, state.words.get(&point)?))) {
                Some((point, Unseen::HeldUp)) => format!("point {point} held up"),
                Some((point, Unseen::NotContradicted)) => format!("point {point} was not contradicted"),
                Some((point, Unseen::DidNotHoldUp)) => format!("point {point} did not hold up"),
                None => "other points were run".to_owned(),
            };
            let (from, points) = (state.from, counted(state.words.len()));
            Some(format!(
                "{word} on the sessions held out from {from} on, first opened on {on}, {points} so far"
            ))
        };
        self.beside(self.state.as_ref().and_then(opened))
    }

    /// A sentence with those on the seal and on the record behind it.
    fn beside(&self, sentence: Option<String>) -> Vec<String> {
        let seal = self.state.as_ref().and_then(|state| not_sealed(&state.seen));
        sentence.into_iter().chain(seal).chain(self.faults.iter().cloned()).collect()
    }
}

impl HoldoutState {
    /// Whether nobody had seen its sessions before it was opened.
    pub(crate) fn is_sealed(&self) -> bool {
        self.seen.is_empty()
    }

    /// Whether it can still be the first test of a point on sessions that nobody has seen.
    pub(crate) fn is_unopened(&self) -> bool {
        self.is_sealed() && self.opened.is_none()
    }
}

fn counted(points: usize) -> String {
    format!("{points} {}", if points == 1 { "point" } else { "points" })
}

fn record_faults(faults: &[String]) -> Vec<String> {
    let sentence =
        |fault: &String| format!("the record of openings, ledger/holdout.log, is damaged: {fault}");
    faults.iter().map(sentence).collect()
}

/// The sweeps of a folder of results that saw sessions of a hold-out on assets of its sweep, the first to see them first. Those
/// of its family, and those that saw no other sessions.
fn seen_before(plan: &Plan, results: &Path, identity: &Identity) -> Vec<SeenBefore> {
    let Some(holdout) = plan.sweep.holdout else { return Vec::new() };
    let (first, last) = (i64::from(holdout.from.0), i64::from(holdout.end.date.0));
    let saw = |entry: &Entry| {
        let span = entry.span();
        span[1] >= first && span[0] <= last && identity.shares_asset(&entry.assets)
    };
    let dated = ledger::dated(results).into_iter().filter(|(entry, _)| !entry.is_of(plan) && saw(entry));
    let mut seen: Vec<(Date, String)> = dated.map(|(entry, on)| (on, entry.name)).collect();
    seen.sort();
    seen.into_iter().map(|(on, sweep)| SeenBefore { sweep, on: on.to_string() }).collect()
}

/// The sentence about a hold-out that is not sealed.
fn not_sealed(seen: &[SeenBefore]) -> Option<String> {
    let (SeenBefore { sweep, on }, others) = seen.split_first()?;
    let others = match others.len() {
        0 => String::new(),
        1 => ", and 1 other sweep did".to_owned(),
        others => format!(", and {others} other sweeps did"),
    };
    Some(format!("not sealed: sweep {sweep} saw these days on {on}{others}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_saw_the_days_is_named() {
        let seen = |sweep: &str| SeenBefore { sweep: sweep.to_owned(), on: "2023-01-02".to_owned() };
        let all = ["a", "b", "c"].map(seen);
        assert_eq!(not_sealed(&all[..1]).unwrap(), "not sealed: sweep a saw these days on 2023-01-02");
        assert!(not_sealed(&all[..2]).unwrap().ends_with(", and 1 other sweep did"));
        assert!(not_sealed(&all).unwrap().ends_with(", and 2 other sweeps did"));
        assert_eq!(not_sealed(&[]), None);
    }

    #[test]
    fn a_seal_that_is_broken_lifts_nothing() {
        let told = |seen: &[&str], opened: &[(u64, Unseen)]| Told {
            state: Some(HoldoutState {
                from: Date(0),
                end: Date(9),
                opened: Some("2023-01-02".to_owned()),
                words: opened.iter().copied().collect(),
                seen: seen
                    .iter()
                    .map(|sweep| SeenBefore { sweep: (*sweep).to_owned(), on: String::new() })
                    .collect(),
            }),
            faults: Vec::new(),
        };
        let words = [(3, Unseen::HeldUp), (4, Unseen::DidNotHoldUp)];
        let [sealed, broken] = [told(&[], &words), told(&["a"], &words)];
        let of = |told: &Told, points: [Option<u64>; 2]| told.word(&points);
        assert_eq!(of(&sealed, [Some(3), Some(4)]), Some(Unseen::HeldUp));
        assert_eq!(of(&sealed, [None, Some(4)]), Some(Unseen::DidNotHoldUp));
        assert_eq!(of(&sealed, [Some(5), Some(3)]), Some(Unseen::HeldUp));
        assert_eq!(of(&sealed, [Some(5), None]), None);
        assert_eq!(of(&broken, [Some(3), Some(4)]), None);
        assert_eq!(of(&broken, [Some(4), Some(3)]), Some(Unseen::DidNotHoldUp));
        assert_eq!(Told::default().word(&[Some(3)]), None);
    }
}
