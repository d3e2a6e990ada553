//! What a trial truly earns beyond holding the same assets: an interval that allows for its having been the best of many.
//!
//! Source: Romano and Wolf, "Exact and approximate stepdown methods for multiple hypothesis testing", JASA 100 (2005); called
//! "projection" in Andrews, Kitagawa and McCloskey, "Inference on winners", Quarterly Journal of Economics 139 (2024).

use super::pass::Statistic;

/// The statistic of a trial in one scale, and what it is compared with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bound {
    /// The statistic.
    pub statistic: Statistic,
    /// What the best trial without skill exceeds as often as the level allows.
    pub critical: f64,
}

/// The interval of the mean residual, a session, over all scales: each end is passed with at most the level of the critical
/// values. Its lower end is above 0 exactly where p is at or below that level. Of no scale it has no ends: it is infinite.
pub(crate) fn interval(scales: &[Bound]) -> [f64; 2] {
    let low = scales.iter().map(|scale| (scale.statistic.guarded - scale.critical) * scale.statistic.unit);
    let high = scales.iter().map(|scale| (scale.statistic.own + scale.critical) * scale.statistic.unit);
    let (low, high) = (low.reduce(f64::min), high.reduce(f64::max));
    [low.unwrap_or(f64::NEG_INFINITY), high.unwrap_or(f64::INFINITY)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widest_scale_counts() {
        let bound =
            |own, guarded, unit, critical| Bound { statistic: Statistic { own, guarded, unit }, critical };
        let [low, high] = interval(&[bound(3.0, 2.5, 0.1, 2.0), bound(2.8, 2.6, 0.2, 2.5)]);
        assert!((low - 0.02).abs() < 1e-15 && (high - 1.06).abs() < 1e-15);
        assert_eq!(interval(&[]), [f64::NEG_INFINITY, f64::INFINITY]);
    }
}
