//! The verdict on a sweep: conducts the pass over its trials, the family, the comments and the rule.

use std::path::Path;

use super::chosen::Chosen;
use super::family::{Family, Own, SIGNALS, enter_neighbours, family};
use super::holdings::{Holding, benchmark, universe};
use super::holdout::Told;
use super::identity::Identity;
use super::ledger::{self, Entry};
use super::pass::{Beside, Passed, pass};
use super::placebo::{JoinedWorlds, Placebo, WORLDS_USUAL, complete_unasked, core_seconds, placebo_of};
use super::walk::{Walked, walked};
use crate::stats::overfitting::trials::TrialCounts;
use crate::stats::skill::decision::{Evidence, Verdict, decide};
use crate::stats::skill::equals::Front;
use crate::stats::skill::examination::{Choice, Examination, Material, examine};
use crate::stats::skill::record::Record;
use crate::summation::mean;
use crate::sweep::error::SweepError;
use crate::sweep::leaderboard::Leaderboard;
use crate::sweep::listener::{Listener, Note};
use crate::sweep::plan::Plan;
use crate::sweep::rank::Rank;
use crate::sweep::results::Results;
use crate::sweep::table::Table;
use crate::sweep::trials::Trials;

/// The results of a sweep, as the verdict takes them.
#[derive(Clone, Copy)]
pub(crate) struct Sources<'s> {
    /// The sweep as it was sealed.
    pub plan: &'s Plan,
    /// The same with its prices, or why they cannot be had.
    pub priced: &'s Result<Plan, SweepError>,
    /// Its folder.
    pub results: &'s Results,
    /// The folder above, which has the ledger.
    pub above: &'s Path,
    /// The rows.
    pub table: &'s Table,
    /// How they are ranked.
    pub rank: &'s Rank,
    /// Their order.
    pub board: &'s Leaderboard,
    /// Names this process among all that write to the folder.
    pub writer: &'s str,
    /// Whether to make the placebo worlds that nobody has to ask for.
    pub makes_worlds: bool,
    /// Points without a row: worlds are of all points.
    pub absent: u64,
    /// Hears how far the worlds are.
    pub listener: &'s dyn Listener,
}

/// The selected trial beside something that anybody could have held.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Compared {
    /// What was held.
    pub what: What,
    /// What it earned, a session.
    pub mean: f64,
    /// What the trial earned more, a session.
    pub edge: f64,
    /// The p of that, against the best difference of the sweep's trials; `None` without a test.
    pub p: Option<f64>,
}

/// What anybody could have held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    /// Cash.
    Cash,
    /// The universe in equal parts.
    Universe,
    /// The benchmark, by its ticker.
    Benchmark(String),
}

/// What the selected point rests on.
#[derive(Debug, Clone)]
pub(crate) struct Selected {
    /// The point, looked at closely.
    pub chosen: Chosen,
    /// Its record against cash.
    pub against_cash: Option<Record>,
    /// Beside what anybody could have held.
    pub compared: Vec<Compared>,
}

/// The points that cannot be told from the best trial.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Equals {
    /// The points, ascending.
    pub points: Vec<u64>,
    /// How many trials were compared.
    pub compared: usize,
}

/// Unseen days that would show an edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Confirm {
    /// Whose edge.
    pub point: u64,
    /// How many sessions.
    pub sessions: f64,
}

/// The verdict on a sweep, with everything behind it.
#[derive(Debug)]
pub(crate) struct SweepVerdict {
    /// The word.
    pub verdict: Verdict,
    /// What the rule looked at.
    pub evidence: Evidence,
    /// How many trials there are of each kind.
    pub counts: TrialCounts,
    /// Why there is no test.
    pub untested: Option<String>,
    /// The pass over the trials; `None` without returns.
    pub passed: Option<Passed>,
    /// All figures; `None` without returns.
    pub examination: Option<Examination>,
    /// The point that the ranking put first.
    pub point: Option<u64>,
    /// That point looked at closely.
    pub selected: Option<Selected>,
    /// The trial of the smallest p, if it is another point.
    pub best: Option<Chosen>,
    /// The centre of the best plateau, if it is another point than the one that the ranking put first.
    pub plateau: Option<Chosen>,
    /// What was tried beside the sweep.
    pub family: Family,
    /// Unseen days that would confirm an edge.
    pub confirm: Option<Confirm>,
    /// The points that cannot be told from the best trial.
    pub equals: Option<Equals>,
    /// What is known of hold-outs.
    pub holdout: Told,
    /// What placebo worlds say; `None` if there are none.
    pub placebo: Option<Placebo>,
    /// Where there are none, about how many seconds of one processor the usual number of them takes.
    pub placebo_seconds: Option<f64>,
    /// The walk forward, if the sweep asks for one.
    pub walk_forward: Option<Walked>,
    /// What could not be had, and why.
    pub missing: Vec<String>,
}

/// Faults of files of the ledger.
#[derive(Debug, Default)]
pub(crate) struct LedgerFaults {
    /// Files that cannot be written, or cannot be read and are not counted.
    pub uncounted: Vec<SweepError>,
    /// Files that could not be read and were written anew from their sweeps.
    pub mended: Vec<SweepError>,
}

/// Judges a sweep, and enters it into the ledger. Beside it the faults of files of the ledger.
pub(crate) fn judge(sources: &Sources) -> (SweepVerdict, LedgerFaults) {
    let Sources { table, board, .. } = *sources;
    let trials = Trials::new(table);
    let point = board.best().map(|row| table.points[row]);
    let index = board.best().and_then(|row| trials.trial_of_row[row]);
    let nothing = SweepVerdict {
        verdict: Verdict::InsufficientData,
        evidence: NO_EVIDENCE,
        counts: trials.counts,
        untested: None,
        passed: None,
        examination: None,
        point,
        selected: None,
        best: None,
        plateau: None,
        family: Family { look: 1, ..Family::default() },
        confirm: None,
        equals: None,
        holdout: Told::default(),
        placebo: None,
        placebo_seconds: None,
        walk_forward: None,
        missing: Vec::new(),
    };
    let why = match sources.priced {
        Err(error) => format!("the returns cannot be made again: {error}"),
        Ok(plan) => match Identity::of(plan) {
            Some(identity) => return judge_priced(sources, plan, &identity, &trials, index, nothing),
            None => "there is no session".to_owned(),
        },
    };
    let holdout = Told::new(sources.plan, sources.above, None);
    (SweepVerdict { untested: Some(why), holdout, ..nothing }, LedgerFaults::default())
}

const NO_EVIDENCE: Evidence = Evidence {
    sessions: 0,
    changes: None,
    changes_of_best: None,
    p_best: None,
    p_selected: 1.0,
    p_alone: 1.0,
    overfitting: None,
    look: 1,
    unseen: None,
    placebo: None,
    walk_forward_lost: false,
};

fn judge_priced(
    sources: &Sources,
    plan: &Plan,
    identity: &Identity,
    trials: &Trials,
    index: Option<usize>,
    nothing: SweepVerdict,
) -> (SweepVerdict, LedgerFaults) {
    let Sources { above, table, rank, .. } = *sources;
    let points: Vec<u64> = trials.rows.iter().map(|row| table.points[*row as usize]).collect();
    let mut missing = Vec::new();
    let chosen = index.and_then(|index| Chosen::new(plan, points[index]));
    let holdings = chosen.as_ref().map_or(Vec::new(), |chosen| holdings(plan, &points, chosen, &mut missing));
    let front = Front::default();
    let series = holdings.iter().map(|(_, holding)| &holding.returns[..]).collect();
    let passed = pass(plan, &points, &Beside { holdings: series, front: Some(&front) });
    let (family, faults) = entered(sources, plan, identity, &passed, &mut missing);
    let examination = examined(plan, index, chosen.as_ref(), &passed, &family);
    let walk_forward = walked(plan, table, rank).unwrap_or_else(|reason| {
        missing.push(format!("no walk forward: {reason}"));
        None
    });
    let placebo = placebo(sources, plan, &passed, &mut missing);
    let holdout = Told::new(plan, above, Some(identity));
    let about = examination.to_confirm().map(|trial| points[trial]);
    let best = examination.tested.as_ref().map(|tested| tested.best);
    let other = best.filter(|best| Some(*best) != index).and_then(|best| Chosen::new(plan, points[best]));
    let evidence = Evidence {
        changes: chosen.as_ref().map(|chosen| chosen.changes),
        changes_of_best: other.as_ref().map(|best| best.changes),
        look: family.look,
        unseen: holdout.word(&[about, nothing.point]),
        placebo: placebo.as_ref().map(|placebo| placebo.p),
        walk_forward_lost: walk_forward.as_ref().is_some_and(Walked::lost),
        ..evidence_of(&examination)
    };
    let verdict = decide(&evidence);
    let of_trial = |trial: usize| if Some(trial) == index { chosen.as_ref() } else { other.as_ref() };
    let to_confirm = examination.to_confirm().filter(|_| verdict == Verdict::Promising);
    let confirm = to_confirm.and_then(|trial| {
        let record = Record::new(&of_trial(trial)?.residual.residuals)?;
        Some(Confirm { point: points[trial], sessions: record.sessions_to_confirm() })
    });
    let judged = SweepVerdict {
        verdict,
        evidence,
        plateau: plateau(sources, plan, nothing.point, other.as_ref()),
        best: other,
        selected: chosen.map(|chosen| selected(chosen, &holdings, &passed)),
        confirm,
        equals: best.and_then(|best| equals(front, best, &points)),
        placebo_seconds: placebo.is_none().then(|| core_seconds(plan, points.len(), WORLDS_USUAL)),
        placebo,
        holdout,
        walk_forward,
        missing,
        examination: Some(examination),
        passed: Some(passed),
        family,
        ..nothing
    };
    (judged, faults)
}

/// Enters a sweep into the ledger, its neighbours before it, and gives what was tried beside it.
fn entered(
    sources: &Sources,
    plan: &Plan,
    identity: &Identity,
    passed: &Passed,
    missing: &mut Vec<String>,
) -> (Family, LedgerFaults) {
    let Sources { results, above, table, writer, .. } = *sources;
    let own = Own { plan, results, identity, scales: &passed.scales };
    let (not_entered, mended) = enter_neighbours(above, &own, writer);
    let mut family = family(above, &own, not_entered);
    let mut uncounted = std::mem::take(&mut family.faults);
    missing.extend(left_out(table, uncounted.len()));
    let entry = Entry::new(plan, identity, passed, table.points.len() as u64, family.look);
    uncounted.extend(ledger::enter(above, plan, &entry, writer).err());
    (family, LedgerFaults { uncounted, mended })
}

/// All figures of the trials.
fn examined(
    plan: &Plan,
    index: Option<usize>,
    chosen: Option<&Chosen>,
    passed: &Passed,
    family: &Family,
) -> Examination {
    let choice = index.zip(chosen).map(|(index, chosen)| Choice {
        index,
        residuals: &chosen.residual.residuals,
        buckets: &chosen.buckets,
    });
    examine(&Material {
        trials: &passed.looked,
        scales: &passed.scales,
        pass: &passed.pass,
        family: &family.others,
        folder: family.folder.as_ref(),
        look: family.look,
        uncounted: family.uncounted(),
        choice,
        block_sums: passed.block_sums.as_ref(),
        sessions: passed.days.len(),
        periods: chosen.map_or(plan.sweep.strategy.periods_per_year, |chosen| chosen.periods),
    })
}

/// What the rule looks at of the figures.
fn evidence_of(examination: &Examination) -> Evidence {
    let selected = examination.selected.as_ref();
    Evidence {
        sessions: examination.sessions,
        p_best: examination.p_best(),
        p_selected: selected.and_then(|selected| selected.p).unwrap_or(1.0),
        p_alone: selected.and_then(|selected| selected.p_alone).unwrap_or(1.0),
        overfitting: examination.splits.as_ref().map(|splits| splits.overfitting_probability),
        ..NO_EVIDENCE
    }
}

/// The points that cannot be told from the best trial.
fn equals(front: Front, best: usize, points: &[u64]) -> Option<Equals> {
    let (equals, compared) = front.equals_of(best)?;
    Some(Equals { points: equals.into_iter().map(|trial| points[trial]).collect(), compared })
}

/// The centre of the best plateau, unless it is the point that the ranking put first.
fn plateau(sources: &Sources, plan: &Plan, first: Option<u64>, known: Option<&Chosen>) -> Option<Chosen> {
    let centre = sources.table.points[sources.board.plateau_best?];
    match known.filter(|known| known.point == centre) {
        Some(known) => Some(known.clone()),
        None => {
            Some(centre).filter(|centre| Some(*centre) != first).and_then(|centre| Chosen::new(plan, centre))
        }
    }
}

/// What is not among the trials: ruined points, and files of the ledger that cannot be read.
fn left_out(table: &Table, unread: usize) -> Vec<String> {
    let mut sentences = Vec::new();
    if unread > 0 {
        let files = if unread == 1 { "file" } else { "files" };
        sentences.push(format!(
            "{unread} {files} of the ledger of this folder cannot be read: what was tried there is not counted"
        ));
    }
    let ruined = table.ruined();
    if ruined > 0 {
        sentences
            .push(format!("{ruined} points were ruined: they win nothing, and their returns are left out"));
    }
    sentences
}

/// What placebo worlds say; the usual ones are made where that is little work.
fn placebo(sources: &Sources, plan: &Plan, passed: &Passed, missing: &mut Vec<String>) -> Option<Placebo> {
    let Sources { results, writer, listener, .. } = *sources;
    let points = &passed.points;
    let mut told = |error: SweepError| missing.push(format!("no placebo worlds: {error}"));
    if sources.makes_worlds && sources.absent == 0 {
        let made = complete_unasked(plan, &results.folder, points, SIGNALS, writer, listener);
        made.err().into_iter().for_each(&mut told);
    }
    match placebo_of(plan, &results.folder, points, &passed.best_of_scales()) {
        Ok(JoinedWorlds { placebo, damaged }) => {
            damaged.into_iter().for_each(|path| listener.note(&Note::WorldsLeftOut(path)));
            placebo
        }
        Err(error) => {
            told(error);
            None
        }
    }
}

/// What anybody could have held beside the trials: cash, the universe, the benchmark.
fn holdings(plan: &Plan, points: &[u64], chosen: &Chosen, missing: &mut Vec<String>) -> Vec<(What, Holding)> {
    let sessions = chosen.returns.len();
    let cash = if chosen.cash_returns.is_empty() { vec![0.0; sessions] } else { chosen.cash_returns.clone() };
    let mut holdings = vec![(What::Cash, Holding { name: String::new(), returns: cash })];
    let mut add = |what: &str, found: Result<Option<(What, Holding)>, String>| match found {
        Ok(found) => {
            holdings.extend(found.filter(|(_, holding)| holding.returns.len() == sessions));
        }
        Err(reason) => missing.push(format!("no comparison with {what}: {reason}")),
    };
    let held = universe(plan, points[0]).map(|holding| Some((What::Universe, holding)));
    add("the universe", held.map_err(|failure| failure.to_string()));
    let held = benchmark(plan, chosen.point);
    let named = held.map(|held| held.map(|held| (What::Benchmark(held.name.clone()), held)));
    add("the benchmark", named.map_err(|failure| failure.to_string()));
    holdings
}

fn selected(chosen: Chosen, holdings: &[(What, Holding)], passed: &Passed) -> Selected {
    let compare = |(number, (what, holding)): (usize, &(What, Holding))| {
        let difference: Vec<f64> = chosen.returns.iter().zip(&holding.returns).map(|(a, b)| a - b).collect();
        let against = passed.against.get(number).filter(|_| !passed.scales.is_empty());
        Compared {
            what: what.clone(),
            mean: mean(&holding.returns),
            edge: mean(&difference),
            p: against.map(|against| against.p(&difference, &chosen.buckets)),
        }
    };
    let compared = holdings.iter().enumerate().map(compare).collect();
    let over_cash: Vec<f64> = match &chosen.cash_returns[..] {
        [] => chosen.returns.clone(),
        cash => chosen.returns.iter().zip(cash).map(|(x, cash)| x - cash).collect(),
    };
    Selected { against_cash: Record::new(&over_cash), compared, chosen }
}
