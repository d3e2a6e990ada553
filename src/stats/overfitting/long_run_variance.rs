//! The standard deviation of the mean of autocorrelated returns: what the stationary bootstrap gives in the limit of infinitely
//! many resamples.

use crate::summation::{mean, sum_of_squares};

/// The standard deviation of `sqrt(T)` times the mean of a series under the stationary bootstrap with this mean block length; 0
/// if the values do not differ.
///
/// The closed form of Politis and Romano, "The stationary bootstrap", JASA 89 (1994), lemma 1: `g_0 + 2 sum ((T - i)/T (1-p)^i +
/// i/T (1-p)^(T-i)) g_i` with `p = 1 / mean_block`. On the series joined to a ring both weights of a lag are one geometric
/// weight, and sums with geometric weights follow from a recursion: one pass is enough for all lags.
pub(crate) fn long_run_deviation(series: &[f64], mean_block: f64) -> f64 {
    let centre = mean(series);
    let length = series.len() as f64;
    let squares = sum_of_squares(series, centre);
    let q = 1.0 - 1.0 / mean_block;
    if q <= 0.0 {
        return (squares / length).sqrt();
    }
    // near[t] = sum of q^i e[t-i], far[t] = sum of i q^i e[t-i] over all i >= 1 around the ring.
    let step = |(near, far): (f64, f64), x: f64| {
        let near_next = q * (x - centre + near);
        (near_next, near_next + q * far)
    };
    let whole = libm::pow(q, length);
    let (near, _) = series.iter().fold((0.0, 0.0), |state, &x| step(state, x));
    let near = near / (1.0 - whole);
    let (_, far) = series.iter().fold((near, 0.0), |state, &x| step(state, x));
    let far = far / (1.0 - whole);
    let mut state = (near, far);
    let mut sum = 0.0;
    for &x in series {
        let e = x - centre;
        let (near, far) = state;
        // Without the lags from T on, which have gone around the ring.
        let lags = near - whole * (e + near);
        let weighted = far - whole * (far + length * (e + near));
        sum += e * (lags - weighted / length);
        state = step(state, x);
    }
    ((squares + 2.0 * sum) / length).max(0.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recursion_equals_the_sum_over_lags() {
        let series: Vec<f64> = (0..37u32).map(|t| f64::from(t * 29 % 17) - f64::from(t % 5)).collect();
        let (count, centre) = (series.len(), mean(&series));
        for block in [1.0f64, 1.7, 5.0, 18.0] {
            let q = 1.0 - 1.0 / block;
            let covariance = |lag: usize| {
                let pairs = series.iter().zip(&series[lag..]);
                pairs.fold(0.0, |sum, (a, b)| sum + (a - centre) * (b - centre)) / count as f64
            };
            let weight = |lag: usize| {
                let part = lag as f64 / count as f64;
                (1.0 - part) * libm::pow(q, lag as f64) + part * libm::pow(q, (count - lag) as f64)
            };
            let sum = (1..count).fold(covariance(0), |sum, lag| sum + 2.0 * weight(lag) * covariance(lag));
            let got = long_run_deviation(&series, block);
            assert!((got / sum.sqrt() - 1.0).abs() < 1e-12, "{block}: {got}");
        }
        assert_eq!(long_run_deviation(&[0.5; 9], 3.0), 0.0);
    }
}
