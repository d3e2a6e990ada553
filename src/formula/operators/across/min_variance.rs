//! `min_variance(condition, n)`: the weights of least variance.

use crate::formula::kernel::covariance::{Covariance, normalise};
use crate::formula::operator::{Absent, Argument, Compute, Doubt, Operator, window};

/// `min_variance(condition, n)`: the weights of least variance.
pub(crate) static MIN_VARIANCE: Operator = Operator {
    name: "min_variance",
    usage: "min_variance(condition, n)",
    synonyms: &[],
    arguments: &[Argument::Value, Argument::whole(2)],
    optional: 0,
    rule: None,
    depth: |constants| window(constants) + 1,
    compute: Compute::FromReturns(compute),
    purpose: "weights",
    definition: "The weights, none below 0 and with the sum 1, of the portfolio that had the least variance over the last n daily \
        returns of close. They are for the members where the condition is true and whose n returns are all there and \
        not all equal; 0 for the others, and 0 for all where there is no such member.",
    absent: Absent::Rule(
        "An absent condition is false. Absent for every member where n is not above the number of chosen members, if \
        there are several: their covariances then single out no portfolio, and a notice says so.",
    ),
    example: &["day 6: min_variance(rank(close) <= 2, 3) -> 0.1973, 0.8027, 0"],
    remarks: "The condition `1` takes every member. The covariances are those of a sample.",
    source: "Harry Markowitz, Portfolio Selection, 1952.",
};

fn compute(returns: &[&[f64]], weights: &mut [f64]) -> Option<Doubt> {
    if let [weight] = weights {
        *weight = 1.0;
        return None;
    }
    let (days, assets) = (returns.first().map_or(0, |returns| returns.len()), weights.len());
    if days <= assets && assets > 0 {
        weights.fill(f64::NAN);
        return Some(Doubt::FewDays { days, assets });
    }
    let covariance = Covariance::new(returns);
    for (i, weight) in weights.iter_mut().enumerate() {
        *weight = 1.0 / covariance.variance(i);
    }
    covariance.settle(weights, |b, variance| ((1.0 - b) / variance).max(0.0));
    let above: Vec<usize> = (0..assets).filter(|i| weights[*i] > 0.0).collect();
    // Exact to rounding, also where one weight after another comes near slowly.
    if let Some(exact) = covariance.solve_ones(&above) {
        above.iter().zip(exact).for_each(|(i, weight)| weights[*i] = weight);
    }
    normalise(weights);
    None
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
    fn uncorrelated_weights_are_as_one_over_the_variance() {
        // Variances 4/3 and 16/3, covariance 0.
        let (of_two, doubt) = weights(&[&[1.0, -1.0, 1.0, -1.0], &[2.0, 2.0, -2.0, -2.0]]);
        assert!((of_two[0] - 0.8).abs() < 1e-14 && (of_two[1] - 0.2).abs() < 1e-14, "{of_two:?}");
        assert_eq!(doubt, None);
        assert_eq!(weights(&[&[0.1, 0.2]]).0, [1.0]);
        assert_eq!(weights(&[]).0, [0.0; 0]);
    }

    #[test]
    fn no_weight_is_below_0() {
        // The second moves as the first does and further: it can only add variance.
        assert_eq!(weights(&[&[1.0, -1.0, 1.0], &[3.0, -3.0, 3.0]]).0, [1.0, 0.0]);
    }

    #[test]
    fn too_few_days_leave_every_weight_absent() {
        let (of_two, doubt) = weights(&[&[1.0, 2.0], &[3.0, -3.0]]);
        assert!(of_two.iter().all(|weight| weight.is_nan()));
        assert_eq!(doubt, Some(Doubt::FewDays { days: 2, assets: 2 }));
    }
}
