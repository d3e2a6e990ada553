//! What a point earned on the sessions of a hold-out, beside what holding its mean weights there would have.

use crate::market::date::Date;
use crate::stats::skill::passive::Residual;
use crate::strategy::figures::{Metric, date_of};
use crate::sweep::compute::{failure, figures, with_buffers};
use crate::sweep::error::PointFailure;
use crate::sweep::plan::Plan;
use crate::sweep::verdict::trial::trial_since;

/// A point on some sessions.
#[derive(Debug)]
pub(super) struct Observed {
    /// The sessions, as days from 1970-01-01 on.
    pub days: Vec<i64>,
    /// What moving the weights earned on them; means are over them alone.
    pub residual: Residual,
    /// Sessions a year.
    pub periods_per_year: f64,
}

/// Runs a point over its whole period, and looks at its sessions from a date on.
///
/// # Errors
/// Why it fails, or that its account was ruined.
pub(super) fn observed(plan: &Plan, point: u64, from: Date) -> Result<Observed, PointFailure> {
    let values = plan.sweep.space.values(point);
    let variant = plan.variants.get(&values).map_err(|error| failure(&error))?;
    let found = with_buffers(|buffers| figures(plan, &variant, &values, buffers))?;
    if let Some(date) = date_of(found[Metric::RUINED_ON.column()]) {
        return Err(PointFailure::new(format!("the account was ruined on {date}")));
    }
    let stage = &variant.scene.stage;
    let days = &variant.scene.sessions().days;
    let first = days.partition_point(|day| *day < i64::from(from.0));
    let residual = trial_since(plan, &variant, point, first, |trial| trial.residual.clone())
        .ok_or_else(|| PointFailure::new("a return is no number"))?;
    let (_, periods_per_year) = variant.rules.years(stage.points(), stage.calendar_days());
    Ok(Observed { days: days[first..].to_vec(), residual, periods_per_year })
}
