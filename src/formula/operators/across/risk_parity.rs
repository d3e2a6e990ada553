//! `risk_parity(condition, n)`: weights with equal contributions to the variance.

use crate::formula::kernel::covariance::{Covariance, normalise};
use crate::formula::operator::{Absent, Argument, Compute, Doubt, Operator, window};

/// `risk_parity(condition, n)`: weights with equal contributions to the variance.
pub(crate) static RISK_PARITY: Operator = Operator {
    name: "risk_parity",
    usage: "risk_parity(condition, n)",
    synonyms: &[],
    arguments: &[Argument::Value, Argument::whole(2)],
    optional: 0,
    rule: None,
    depth: |constants| window(constants) + 1,
    compute: Compute::FromReturns(compute),
    purpose: "weights",
    definition: "Weights above 0 that sum to 1 and of which each contributes the same to the variance of the portfolio over the \
        last n daily returns of close. They are for the members where the condition is true and whose n returns are all \
        there and not all equal; 0 for the others, and 0 for all where there is no such member.",
    absent: Absent::Rule("An absent condition is false."),
    example: &["day 6: risk_parity(rank(close) <= 2, 3) -> 0.2080, 0.7920, 0"],
    remarks: "The condition `1` takes every member. Two weights are as `1 / stdev` of their returns. The covariances are those \
        of a sample: where n is not above the number of chosen members they say little of so many assets, and a notice \
        says so. Assets that hedge each other almost completely may not settle; a notice then says how far apart the \
        contributions are.",
    source: "Maillard, Roncalli, Teiletche, The Properties of Equally Weighted Risk Contribution Portfolios, 2010.",
};

fn compute(returns: &[&[f64]], weights: &mut [f64]) -> Option<Doubt> {
    if let [weight] = weights {
        *weight = 1.0;
        return None;
    }
    let covariance = Covariance::new(returns);
    let count = weights.len() as f64;
    for (i, weight) in weights.iter_mut().enumerate() {
        *weight = 1.0 / covariance.variance(i).sqrt();
    }
    let best = |b: f64, variance: f64| ((b * b + 4.0 * variance / count).sqrt() - b) / (2.0 * variance);
    let has_settled = covariance.settle(weights, best);
    normalise(weights);
    let (days, assets) = (returns.first().map_or(0, |returns| returns.len()), weights.len());
    if days <= assets && assets > 0 {
        return Some(Doubt::FewDays { days, assets });
    }
    (!has_settled).then(|| Doubt::Unsettled { apart: covariance.contributions_apart(weights) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights(returns: &[&[f64]]) -> (Vec<f64>, Option<Doubt>) {
        let mut weights = vec![0.0; returns.len()];
        let doubt = compute(returns, &mut weights);
        (weights, doubt)
    }

    #[test]
    fn uncorrelated_weights_are_as_one_over_the_deviation() {
        // Variances 4/3 and 16/3, covariance 0.
        let (of_two, doubt) = weights(&[&[1.0, -1.0, 1.0, -1.0], &[2.0, 2.0, -2.0, -2.0]]);
        assert!((of_two[0] - 2.0 / 3.0).abs() < 1e-14 && (of_two[1] - 1.0 / 3.0).abs() < 1e-14, "{of_two:?}");
        assert_eq!(doubt, None);
        assert_eq!(weights(&[&[0.1, 0.2]]).0, [1.0]);
        assert_eq!(weights(&[]).0, [0.0; 0]);
    }

    #[test]
    fn few_days_are_told_and_change_no_weight() {
        let (of_two, doubt) = weights(&[&[1.0, -1.0], &[2.0, 2.5]]);
        assert_eq!(doubt, Some(Doubt::FewDays { days: 2, assets: 2 }));
        assert!((of_two[0] + of_two[1] - 1.0).abs() < 1e-14 && of_two[0] > 0.0, "{of_two:?}");
    }

    #[test]
    fn a_complete_hedge_does_not_settle_and_says_so() {
        let (_, doubt) = weights(&[&[1.0, -1.0, 1.0, -1.0], &[-1.0, 1.0, -1.0, 1.000001]]);
        assert!(matches!(doubt, Some(Doubt::Unsettled { .. })), "{doubt:?}");
    }
}
