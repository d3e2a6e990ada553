//! What a trial truly earns beyond holding the same assets: an interval that allows for its having been the best of many.
//!
//! Source: Romano and Wolf, "Exact and approximate stepdown methods for multiple hypothesis testing", JASA 100 (2005); called
//! "projection" in Andrews, Kitagawa and McCloskey, "Inference on winners", Quarterly Journal of Economics 139 (2024).

use super::pass::Statistic;

/// The interval of the mean residual, a session, over all scales: for each the statistic, and what the best trial without skill
/// exceeds as often as the level allows. Each end is passed with at most the level of these critical values. The lower end is
/// above 0 exactly where p is at or below that level. `None` without a scale.
pub(crate) fn interval(scales: impl Iterator<Item = (Statistic, f64)>) -> Option<[f64; 2]> {
    let ends = |(statistic, critical): (Statistic, f64)| {
        [(statistic.guarded - critical) * statistic.unit, (statistic.own + critical) * statistic.unit]
    };
    scales.map(ends).reduce(|[low, high], [other_low, other_high]| [low.min(other_low), high.max(other_high)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widest_scale_counts() {
        let bound = |own, guarded, unit, critical| (Statistic { own, guarded, unit }, critical);
        let scales = [bound(3.0, 2.5, 0.1, 2.0), bound(2.8, 2.6, 0.2, 2.5)];
        let [low, high] = interval(scales.into_iter()).unwrap();
        assert!((low - 0.02).abs() < 1e-15 && (high - 1.06).abs() < 1e-15);
        assert_eq!(interval(std::iter::empty()), None);
    }
}
