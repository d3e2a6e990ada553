//! The table `[holdout]` of a sweep file: the last sessions of a strategy, which only an opening sees.

use super::axis::Axis;
use super::keys::{self, SWEEP};
use crate::config::document::Document;
use crate::config::error::ConfigError;
use crate::config::fields::Table;
use crate::market::date::{Date, Instant};
use crate::strategy::definition::Strategy;
use crate::strategy::keys::{END, STRATEGY};

/// The sessions that are held out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Holdout {
    /// The first date. All points end on the day before.
    pub from: Date,
    /// The end of the strategy as its file has it.
    pub end: Instant,
}

impl Holdout {
    /// The hold-out that a sweep file asks for; `None` without the table. `strategy` has its own end.
    ///
    /// # Errors
    /// A date that is missing, is none, or does not lie between the start of the curve and the end of the strategy; an axis
    /// that sets the end.
    pub(crate) fn of(
        document: &Document,
        strategy: &Strategy,
        axes: &[Axis],
    ) -> Result<Option<Holdout>, ConfigError> {
        let root = document.table();
        let Some(table) = root.find_inner(&SWEEP, &keys::HOLDOUT)? else { return Ok(None) };
        let field = table.need(&keys::HOLDOUT_FROM)?;
        let (from, period) = (field.date()?, strategy.period);
        let path = keys::HOLDOUT_FROM.path;
        let first = period.burn_in.map_or(period.start, |burn_in| burn_in.max(period.start)).date;
        if from <= first {
            return Err(field.error(format!(
                "'{path}' {from}: the curve of the strategy begins on {first}, and the hold-out must begin after that"
            )));
        }
        if period.end.date <= from {
            return Err(field.error(format!(
                "'{path}' {from}: '{}' of the strategy, {}, must lie after it: the sessions in between are held out. Both may \
                 lie beyond the last price that there is",
                END.path, period.end.date
            )));
        }
        match axes.iter().find(|axis| axis.name == END.path) {
            Some(axis) => Err(of_axis(&root, axis)),
            None => Ok(Some(Holdout { from, end: period.end })),
        }
    }

    /// The last date that a point sees.
    pub(crate) fn last_seen(&self) -> Date {
        Date(self.from.0 - 1)
    }

    /// The table as text of a sweep file.
    pub(crate) fn to_toml(self) -> String {
        format!("\n[{}]\n{} = {}\n", keys::HOLDOUT.path, keys::HOLDOUT_FROM.name, self.from)
    }
}

/// A strategy file whose period ends with a date.
///
/// # Errors
/// The file has no table of the period.
pub(crate) fn ended(document: &Document, last: Date) -> Result<Document, ConfigError> {
    let mut document = document.clone();
    document.set_by(&STRATEGY, format!("[{}]", keys::HOLDOUT.path), &format!("{}={last}", END.path))?;
    Ok(document)
}

/// The error about an axis that sets the end of the strategy.
fn of_axis(root: &Table, axis: &Axis) -> ConfigError {
    let message = format!(
        "an axis over '{}' does not go with [{}], which ends every point on the day before '{}': take one of the two out",
        axis.name,
        keys::HOLDOUT.path,
        keys::HOLDOUT_FROM.path
    );
    let tables = [keys::AXES, keys::POINTS].map(|key| root.find(&key));
    let place = tables.into_iter().flatten().next();
    let inner = place.as_ref().and_then(|field| field.table().ok()?.get(&axis.name));
    match (inner, place) {
        (Some(field), _) | (None, Some(field)) => field.key_error(message),
        (None, None) => ConfigError { location: String::new(), message, excerpt: None },
    }
}
