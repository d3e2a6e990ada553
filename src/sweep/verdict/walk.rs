//! The walk forward of a sweep: what would have been earned by choosing anew in every window, and what of it beyond holding the
//! same assets.

use super::trial::{Trial, trial};
use crate::stats::overfitting::unavailable::Unavailable;
use crate::stats::overfitting::walk_forward::{TrialSeries, WalkForward, Windows, walk_forward};
use crate::stats::skill::alone::Alone;
use crate::summation::mean;
use crate::sweep::fold_winners::fold_winners;
use crate::sweep::plan::Plan;
use crate::sweep::rank::Rank;
use crate::sweep::table::Table;
use crate::sweep::trials::Trials;

/// The walk forward of a sweep.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Walked {
    /// The record; its trials are indices into `points`.
    pub record: WalkForward,
    /// The points among which it chose.
    pub points: Vec<u64>,
    /// The dates of the sessions, counted from 1970-01-01.
    pub days: Vec<i64>,
    /// Sessions of a year.
    pub periods: f64,
    /// What moving the weights earned, a session of the record.
    pub edge: f64,
    /// The statistic of the record's residuals and its p, as of one trial; `None` for fewer than 60 sessions.
    pub test: Option<[f64; 2]>,
}

impl Walked {
    /// Whether it earned no more than holding the same assets.
    pub(crate) fn lost(&self) -> bool {
        self.edge < 0.0
    }
}

/// The walk forward that a sweep asks for; `None` if it does not.
///
/// # Errors
/// Why there is none.
pub(crate) fn walked(plan: &Plan, table: &Table, rank: &Rank) -> Result<Option<Walked>, Unavailable> {
    let Some(windows) = plan.sweep.walk_forward else { return Ok(None) };
    // Those that are ruined at some time may win before: nobody knows it.
    let trials = Trials::with_ruined(table);
    let points: Vec<u64> = trials.rows.iter().map(|row| table.points[*row as usize]).collect();
    let first = *points.first().ok_or_else(|| Unavailable::new("no trial moves"))?;
    let sample = |trial: &Trial| {
        let stage = &trial.scene.stage;
        (trial.sessions.days.clone(), stage.points(), stage.calendar_days())
    };
    let (days, curve_points, calendar_days) =
        trial(plan, first, sample).ok_or_else(|| Unavailable::new("its first trial fails"))?;
    let sessions = days.len();
    let folds = windows.folds(sessions, 0, false);
    if folds.is_empty() {
        let Windows { train, test, .. } = windows;
        let reason = format!("{sessions} sessions are too few for {train} to train on and {test} to test");
        return Err(Unavailable::new(reason));
    }
    let winners = fold_winners(plan, &points, sessions, &folds, rank)
        .ok_or_else(|| Unavailable::new("all points are ruined before a training part ends"))?;
    let variant = plan.variants.get(&plan.sweep.space.values(first));
    let rules = variant.map_err(|error| Unavailable::new(error.to_string()))?.rules;
    let (_, periods) = rules.years(curve_points, calendar_days);
    // A point with other sessions, or one that has lost everything, earns nothing.
    let nothing = || TrialSeries { returns: vec![0.0; sessions], residuals: vec![0.0; sessions] };
    let series = |winner: usize| {
        let found = trial(plan, points[winner], |trial| TrialSeries {
            returns: trial.returns.to_vec(),
            residuals: trial.residual.residuals.clone(),
        });
        found.filter(|series| series.returns.len() == sessions).unwrap_or_else(nothing)
    };
    let record = walk_forward(&folds, &winners, series, periods, rules.risk_free / periods);
    let lived: Vec<i64> =
        record.choices.iter().flat_map(|choice| days[choice.lived.clone()].iter().copied()).collect();
    let test = Alone::new(&record.residuals, &lived);
    Ok(Some(Walked {
        edge: mean(&record.residuals),
        test: test.map(|alone| [alone.statistic.guarded, alone.p]),
        record,
        points,
        days,
        periods,
    }))
}
