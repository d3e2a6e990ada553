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
use crate::market::date::Date;
use crate::stats::skill::decision::Unseen;
use crate::sweep::plan::Plan;

/// Sessions that a sweep on the same assets saw, as the ledger has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sighting {
    /// Its name.
    pub sweep: String,
    /// The first session.
    pub first: Date,
    /// The last session.
    pub last: Date,
    /// When its results were first looked at.
    pub on: Date,
}

/// What is known of the hold-out of a sweep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HoldoutState {
    /// Its first date.
    pub from: Date,
    /// The date with which it ends.
    pub end: Date,
    /// When it was first opened, if it was, and how many points so far.
    pub opened: Option<(String, usize)>,
    /// How each point did that was opened; one that was opened again as it did then.
    pub words: BTreeMap<u64, Unseen>,
    /// Who saw its sessions before it was opened; nobody if it is sealed.
    pub seen: Vec<SeenBefore>,
    /// What is wrong with the record of openings.
    pub faults: Vec<String>,
}

impl HoldoutState {
    /// The state by a record of openings. `seen`: what sweeps on the same assets saw.
    fn new(plan: &Plan, log: &Log, seen: &[Sighting]) -> Option<HoldoutState> {
        let holdout = plan.sweep.holdout?;
        let seal = plan.seal.to_string();
        let lines: Vec<_> = log.of_sweep(&seal).collect();
        let words: BTreeMap<u64, Unseen> =
            lines.iter().flat_map(|line| &line.points).map(|point| (point.point, point.word)).collect();
        let first = lines.first();
        Some(HoldoutState {
            from: holdout.from,
            end: holdout.end.date,
            opened: first.map(|line| (line.day().to_owned(), words.len())),
            words,
            // What was seen after the opening breaks no seal.
            seen: first.map_or_else(|| seen_before(holdout.from, seen), |line| line.seen.clone()),
            faults: log.faults.clone(),
        })
    }

    /// What an opening must say of those before it and of what lessens it, a sentence each without a stop.
    pub(crate) fn before(&self) -> Vec<String> {
        let opened =
            self.opened.as_ref().map(|(on, points)| format!("opened before, on {on}, {}", counted(*points)));
        opened.into_iter().chain(not_sealed(&self.seen)).chain(record_faults(&self.faults)).collect()
    }

    /// What a verdict on a point says of it, a sentence each without a stop.
    fn of_point(&self, point: Option<u64>) -> Vec<String> {
        let Some((on, points)) = &self.opened else {
            return not_sealed(&self.seen).into_iter().chain(record_faults(&self.faults)).collect();
        };
        let word = match point.and_then(|point| Some((point, self.words.get(&point)?))) {
            Some((point, Unseen::HeldUp)) => format!("point {point} held up"),
            Some((point, Unseen::NotContradicted)) => format!("point {point} was not contradicted"),
            Some((point, Unseen::DidNotHoldUp)) => format!("point {point} did not hold up"),
            None => "other points were run".to_owned(),
        };
        let opened = format!(
            "{word} on the sessions held out from {} on, first opened on {on}, {} so far",
            self.from,
            counted(*points)
        );
        [opened].into_iter().chain(not_sealed(&self.seen)).chain(record_faults(&self.faults)).collect()
    }
}

/// What is known of the hold-out of a sweep, whose results lie in a folder of results; `None` if it holds nothing out. `seen`:
/// what sweeps on the same assets saw, as the ledger has them.
pub(crate) fn state(plan: &Plan, results: &Path, seen: &[Sighting]) -> Option<HoldoutState> {
    HoldoutState::new(plan, &Log::told(results), seen)
}

/// What a verdict on a point says of hold-outs, a sentence each without a stop: how the point did, what lessens that, and what
/// is wrong with the record of openings, which concerns every sweep of the folder.
pub(crate) fn sentences(plan: &Plan, results: &Path, seen: &[Sighting], point: Option<u64>) -> Vec<String> {
    let log = Log::told(results);
    match HoldoutState::new(plan, &log, seen) {
        Some(state) => state.of_point(point),
        None => record_faults(&log.faults).collect(),
    }
}

fn counted(points: usize) -> String {
    format!("{points} {}", if points == 1 { "point" } else { "points" })
}

fn record_faults(faults: &[String]) -> impl Iterator<Item = String> {
    faults.iter().map(|fault| format!("the record of openings, ledger/holdout.log, is damaged: {fault}"))
}

/// Who saw sessions from a date on, the first to see them first.
fn seen_before(from: Date, seen: &[Sighting]) -> Vec<SeenBefore> {
    let seen = seen.iter().filter(|sighting| sighting.last >= from);
    let mut seen: Vec<(Date, &String)> = seen.map(|sighting| (sighting.on, &sighting.sweep)).collect();
    seen.sort();
    let of = |(on, sweep): (Date, &String)| SeenBefore { sweep: sweep.clone(), on: on.to_string() };
    seen.into_iter().map(of).collect()
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
        let sighting = |sweep: &str, last, on| Sighting {
            sweep: sweep.to_owned(),
            first: Date(0),
            last: Date(last),
            on: Date(on),
        };
        let seen = [sighting("b", 100, 300), sighting("early", 99, 1), sighting("a", 150, 200)];
        let before = seen_before(Date(100), &seen);
        assert_eq!(before.len(), 2, "{before:?}");
        assert_eq!(
            not_sealed(&before).unwrap(),
            "not sealed: sweep a saw these days on 1970-07-20, and 1 other sweep did"
        );
        assert_eq!(not_sealed(&seen_before(Date(151), &seen)), None);
    }
}
