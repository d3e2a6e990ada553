//! Between which values the true edge of a trial lies, whatever it was chosen by.

use super::flips::Flips;

/// Edges a year.
pub struct Interval {
    pub low: f64,
    pub high: f64,
    /// "Not shown where nothing moves."
    pub estimate: Option<f64>,
}

/// "low = least over the scales of `(u - q) unit`, u with the skew guard; high = largest of `(u[0] + q) unit`; x P."
///
/// `scales` has the turnings of the trial and the critical value q of each scale, `guess` the best guess a session,
/// which is "held within the interval".
pub fn interval(scales: &[(&Flips, f64)], guess: Option<f64>, periods: f64) -> Interval {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for (flips, critical) in scales {
        low = low.min((flips.observed - critical) * flips.unit);
        high = high.max((flips.u[0] + critical) * flips.unit);
    }
    let (low, high) = (low * periods, high * periods);
    Interval { low, high, estimate: guess.map(|guess| (guess * periods).max(low).min(high)) }
}
