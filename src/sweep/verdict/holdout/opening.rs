//! Opens a hold-out: runs points over their whole period, and writes what they earned in it to the record before anybody sees
//! it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::log::{Detectable, FORMAT, Figures, Line, Log, OpenedPoint, Seals, SeenBefore, add};
use super::observed::{Observed, observed};
use super::{Told, record_faults, seen_before};
use crate::market::date::{Date, Instant};
use crate::stats::skill::alone::Alone;
use crate::stats::skill::decision::Unseen;
use crate::stats::skill::family::Allowance;
use crate::stats::skill::pass::SESSIONS_LEAST;
use crate::stats::skill::record::Record;
use crate::strategy::notice::Notice;
use crate::sweep::error::{PointFailure, SweepError};
use crate::sweep::gathered::{Gathered, above};
use crate::sweep::holdout::Holdout;
use crate::sweep::plan::Plan;
use crate::sweep::ranked::Ranked;
use crate::sweep::results::Results;
use crate::sweep::verdict::identity::Identity;

/// Memory for signals of the points that are opened.
const SIGNALS: usize = 256 << 20;

/// A hold-out that may be opened. Nothing of what its points earn is known yet.
#[derive(Debug)]
pub(crate) struct Prospect {
    /// The sweep as it was sealed.
    pub plan: Plan,
    /// What it holds out.
    pub holdout: Holdout,
    /// Whether the prices before it are those that the sweep was sealed with.
    pub same_prices: bool,
    /// Its folder.
    folder: PathBuf,
    /// The folder of all results.
    pub results: PathBuf,
    /// The points to open.
    points: Vec<Ready>,
}

/// A point that can be run over the hold-out.
#[derive(Debug)]
struct Ready {
    point: u64,
    /// The sweep with a period that ends with the last bar.
    plan: Arc<Plan>,
    sessions: usize,
    last: Date,
    fingerprint: blake3::Hash,
}

/// Who opens a hold-out, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Opener {
    /// The name of the user.
    pub user: String,
    /// The time, UTC.
    pub at: Instant,
}

/// What a point earned in a hold-out, before it is known what to allow for.
#[derive(Debug)]
struct Earned {
    alone: Alone,
    /// Everything but what depends on the other points.
    figures: Figures,
    /// The record of what moving the weights added; `None` where nothing moves.
    record: Option<Record>,
}

impl Prospect {
    /// Finds out whether the hold-out of a sweep's folder can be opened for some points; without any for the best of the
    /// ranking.
    ///
    /// # Errors
    /// The sweep holds nothing out, there is no such point, the plan was changed, prices are missing or wrong, or fewer than
    /// [`SESSIONS_LEAST`] sessions of the hold-out are there.
    pub(crate) fn new(folder: &Path, points: &[u64]) -> Result<Prospect, SweepError> {
        let (results, plan) = Results::open(folder, SIGNALS)?;
        let Some(holdout) = plan.sweep.holdout else {
            return Err(SweepError::Missing(format!(
                "{}: the sweep holds no sessions out: add [holdout] with 'from' to its file, and run it",
                folder.display()
            )));
        };
        let points = match points {
            [] => vec![selected(folder)?],
            points => {
                points.iter().try_for_each(|point| exists(&plan, *point))?;
                let is_new = |(index, point): &(usize, &u64)| !points[..*index].contains(point);
                points.iter().enumerate().filter(is_new).map(|(_, point)| *point).collect()
            }
        };
        let same_prices = plan.has_its_prices()?;
        let points = ready(&plan, holdout, &points)?;
        Ok(Prospect {
            holdout,
            same_prices,
            folder: folder.to_owned(),
            results: above(&results),
            plan,
            points,
        })
    }

    /// The points to open.
    pub(crate) fn points(&self) -> impl Iterator<Item = u64> {
        self.points.iter().map(|ready| ready.point)
    }

    /// The sessions of the hold-out that are there, and the last of them: of the point that has the fewest.
    pub(crate) fn sessions(&self) -> (usize, Date) {
        self.points.iter().map(|ready| (ready.sessions, ready.last)).min().unwrap_or((0, self.holdout.from))
    }

    /// What a user should know of the strategy and its prices over the whole period, each once.
    pub(crate) fn notices(&self) -> Vec<Notice> {
        let mut notices: Vec<Notice> = Vec::new();
        for Ready { plan, point, .. } in &self.points {
            let Ok(variant) = plan.variants.get(&plan.sweep.space.values(*point)) else { continue };
            let new = variant.scene.notices.iter().filter(|notice| !notices.contains(notice));
            let new: Vec<Notice> = new.cloned().collect();
            notices.extend(new);
        }
        notices
    }

    /// What is known of the hold-out before it is opened.
    pub(crate) fn told(&self) -> Told {
        Told::new(&self.plan, &self.results, Identity::of(&self.plan).as_ref())
    }

    /// Runs the points, puts what they earned on record, and then gives it, with everything that is wrong with the record, a
    /// sentence each without a stop.
    ///
    /// # Errors
    /// The record cannot be written.
    pub(crate) fn open(&self, opener: &Opener) -> Result<(Line, Vec<String>), SweepError> {
        let from = self.holdout.from;
        let earned: Vec<(&Ready, Result<Earned, PointFailure>)> =
            self.points.iter().map(|ready| (ready, earned(ready, from))).collect();
        let identity = Identity::of(&self.plan);
        let seen = identity.map_or(Vec::new(), |identity| seen_before(&self.plan, &self.results, &identity));
        let (log, line) = add(&self.results, &self.folder, |log| self.line(opener, seen, &earned, log))?;
        Ok((line, record_faults(&log.faults)))
    }

    /// The line for the record, which holds these openings so far.
    fn line(
        &self,
        opener: &Opener,
        seen: Vec<SeenBefore>,
        earned: &[(&Ready, Result<Earned, PointFailure>)],
        log: &Log,
    ) -> Line {
        let (seal, from) = (self.plan.seal.to_string(), self.holdout.from.to_string());
        let mut points: Vec<OpenedPoint> = earned
            .iter()
            .map(|(ready, earned)| OpenedPoint {
                point: ready.point,
                fingerprint: ready.fingerprint.to_string(),
                last: ready.last.to_string(),
                word: Unseen::DidNotHoldUp,
                figures: None,
                failed: earned.as_ref().err().map(PointFailure::to_string),
            })
            .collect();
        let opened = log.opened(&seal, &from, &points);
        for (point, (_, earned)) in points.iter_mut().zip(earned) {
            let Ok(earned) = earned else { continue };
            let figures = earned.figures_among(opened);
            (point.word, point.figures) = (Unseen::of(figures.p, figures.edge), Some(figures));
        }
        let first = log.of_sweep(&seal).next();
        Line {
            format: FORMAT,
            time: opener.at.to_string(),
            user: opener.user.clone(),
            sweep: self.plan.sweep.name.clone(),
            seen: first.map_or(seen, |line| line.seen.clone()),
            seals: Seals { sweep: seal, rule: self.plan.rule().to_string() },
            from,
            end: self.holdout.end.date.to_string(),
            same_prices: self.same_prices,
            opened,
            points,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            before: None,
        }
    }
}

impl Earned {
    /// The figures where so many points have been opened, this one among them.
    fn figures_among(&self, opened: usize) -> Figures {
        let allowance = Allowance { trials: 1, uncounted: opened.saturating_sub(1) as u64, look: 1 };
        let periods = self.figures.periods_per_year;
        let seen = self.record.and_then(|record| {
            let ratio = self.alone.detectable(allowance, periods)?;
            Some(Detectable { ratio, edge_year: ratio * record.deviation * periods.sqrt() })
        });
        Figures { p: allowance.allow(self.figures.p_alone), detectable: seen, ..self.figures }
    }
}

/// The best point of the ranking.
fn selected(folder: &Path) -> Result<u64, SweepError> {
    let gathered = Gathered::read(folder)?;
    let ranked = Ranked::new(&gathered, gathered.table()?, None);
    let best = ranked.board.best().map(|row| ranked.table.points[row]);
    best.ok_or_else(|| {
        SweepError::Missing(format!(
            "{}: no point of the ranking qualifies so far: name one with --point",
            folder.display()
        ))
    })
}

/// Refuses a point that a sweep does not have.
fn exists(plan: &Plan, point: u64) -> Result<(), SweepError> {
    if point >= plan.sweep.count {
        let last = plan.sweep.count - 1;
        return Err(SweepError::Missing(format!("point {point}: the sweep's points are 0 to {last}")));
    }
    match plan.sweep.space.keeps(point) {
        true => Ok(()),
        false => Err(SweepError::Missing(format!(
            "point {point}: 'keep' is false there, so there is no such point"
        ))),
    }
}

/// Prepares points to be run until the last bar of what they trade. What a calendar of weekdays has after that is no session
/// yet.
fn ready(plan: &Plan, holdout: Holdout, points: &[u64]) -> Result<Vec<Ready>, SweepError> {
    let sweep = &plan.sweep;
    let whole = Arc::new(Plan::as_sealed(sweep.whole()?, SIGNALS)?);
    let mut shorter: BTreeMap<Date, Arc<Plan>> = BTreeMap::new();
    let few = |point: u64, sessions: usize, last: Option<Date>| {
        let last =
            last.filter(|_| sessions > 0).map_or(String::new(), |last| format!(", the last on {last}"));
        SweepError::Missing(format!(
            "point {point}: {sessions} sessions of the hold-out from {} on are there{last}; it is opened when there are \
             {SESSIONS_LEAST}. Nothing was opened",
            holdout.from
        ))
    };
    let one = |&point: &u64| {
        let values = sweep.space.values(point);
        let market = Arc::clone(&whole.variants.get(&values).map_err(SweepError::Prices)?.scene.stage.market);
        let strategy = whole.sweep.variant_at(&values)?;
        let traded = strategy.traded().filter_map(|symbol| market.asset(symbol));
        let last = traded.filter_map(|asset| market.last_known_bar(asset)).map(|bar| bar.date).max();
        let Some(until) = last.filter(|last| *last >= holdout.from) else { return Err(few(point, 0, last)) };
        let plan = match shorter.get(&until) {
            _ if until >= holdout.end.date => Arc::clone(&whole),
            Some(plan) => Arc::clone(plan),
            None => {
                let plan = Arc::new(Plan::as_sealed(sweep.until(until)?, SIGNALS)?);
                shorter.insert(until, Arc::clone(&plan));
                plan
            }
        };
        let variant = plan.variants.get(&values).map_err(SweepError::Prices)?;
        let days = &variant.scene.sessions().days;
        let sessions = days.len() - days.partition_point(|day| *day < i64::from(holdout.from.0));
        if sessions < SESSIONS_LEAST {
            return Err(few(point, sessions, last));
        }
        let (last, fingerprint) = (last_of(days, until), variant.scene.fingerprint);
        Ok(Ready { point, sessions, last, fingerprint, plan })
    };
    points.iter().map(one).collect()
}

/// The last of some days from 1970-01-01 on, or a date where there are none.
fn last_of(days: &[i64], otherwise: Date) -> Date {
    days.last().and_then(|day| i32::try_from(*day).ok()).map_or(otherwise, Date)
}

/// Runs a point over its whole period, and gives what it earned from a date on.
fn earned(ready: &Ready, from: Date) -> Result<Earned, PointFailure> {
    let Observed { days, residual, periods_per_year } = observed(&ready.plan, ready.point, from)?;
    let few = || PointFailure::new(format!("{} sessions are too few for a test", days.len()));
    let alone = Alone::new(&residual.residuals, &days).ok_or_else(few)?;
    let figures = Figures {
        sessions: days.len(),
        periods_per_year,
        mean: residual.edge + residual.passive,
        passive: residual.passive,
        edge: residual.edge,
        edge_year: residual.edge * periods_per_year,
        moves: residual.moves,
        u: alone.statistic.guarded,
        p_alone: alone.p,
        p: alone.p,
        detectable: None,
    };
    let record = Record::new(&residual.residuals).filter(|_| residual.moves);
    Ok(Earned { alone, figures, record })
}
