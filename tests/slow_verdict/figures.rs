//! Moments, ratios and their errors, with allowance for returns that hang together.

use std::f64::consts::{E, SQRT_2};

/// What a test of 5 % that sees an edge four times in five needs: 1.645 + 0.84.
const SEEN_FOUR_TIMES_IN_FIVE: f64 = 2.485;

const EULER: f64 = 0.577_215_664_901_532_9;

pub fn mean(values: &[f64]) -> f64 {
    let mut sum = 0.0;
    for value in values {
        sum += value;
    }
    sum / values.len() as f64
}

/// The mean of a power of the distance from the mean.
fn central_moment(values: &[f64], power: usize) -> f64 {
    let middle = mean(values);
    let mut sum = 0.0;
    for value in values {
        let mut product = 1.0;
        for _ in 0..power {
            product *= value - middle;
        }
        sum += product;
    }
    sum / values.len() as f64
}

pub fn population_deviation(values: &[f64]) -> f64 {
    central_moment(values, 2).sqrt()
}

/// The deviation with one degree of freedom less.
pub fn sample_deviation(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    (central_moment(values, 2) * count / (count - 1.0)).sqrt()
}

/// "Population moments": 0 for a series that does not move.
pub fn skew(values: &[f64]) -> f64 {
    let variance = central_moment(values, 2);
    if variance == 0.0 { 0.0 } else { central_moment(values, 3) / (variance * variance.sqrt()) }
}

/// A normal distribution has 3.
fn kurtosis(values: &[f64]) -> f64 {
    let variance = central_moment(values, 2);
    central_moment(values, 4) / (variance * variance)
}

/// Whether every value is 0.
pub fn is_nothing(values: &[f64]) -> bool {
    values.iter().all(|value| *value == 0.0)
}

/// Sharpe ratio a session; 0 for a series of nothing.
pub fn ratio(values: &[f64]) -> f64 {
    if is_nothing(values) { 0.0 } else { mean(values) / sample_deviation(values) }
}

/// The probability that a standard normal number is below this one.
pub fn normal(number: f64) -> f64 {
    0.5 * libm::erfc(-number / SQRT_2)
}

/// The number that a standard normal number is below with this probability, by halving.
pub fn normal_quantile(probability: f64) -> f64 {
    let (mut low, mut high) = (-40.0, 40.0);
    for _ in 0..200 {
        let middle = (low + high) / 2.0;
        if normal(middle) < probability {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low + high) / 2.0
}

/// `g_i = (1/T) sum_t (d_t - m)(d_{t+i} - m)`.
fn autocovariance(about_mean: &[f64], lag: usize) -> f64 {
    let mut sum = 0.0;
    for session in lag..about_mean.len() {
        sum += about_mean[session] * about_mean[session - lag];
    }
    sum / about_mean.len() as f64
}

/// The size of the correlation at a lag, normalised by the norms of the series without its first and without its last
/// `lag + 1` values.
fn autocorrelation(about_mean: &[f64], lag: usize) -> f64 {
    let squares = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>();
    let later = squares(&about_mean[lag + 1..]);
    let earlier = squares(&about_mean[..about_mean.len() - lag - 1]);
    let sum = autocovariance(about_mean, lag) * about_mean.len() as f64;
    sum.abs() / (later * earlier).sqrt()
}

/// The width of the flat-top window (Politis and White 2004): twice the first lag from which on `kn` correlations are
/// below `2 sqrt(log10(T)/T)`.
fn window(about_mean: &[f64]) -> usize {
    let count = about_mean.len() as f64;
    let run = 5.max(libm::log10(count).floor() as usize);
    let widest = count.sqrt().ceil() as usize + run;
    let small = 2.0 * (libm::log10(count) / count).sqrt();
    for end in run..=widest {
        if (end - run..end).all(|lag| autocorrelation(about_mean, lag) < small) {
            return (2 * (end - run).max(1)).min(widest);
        }
    }
    widest
}

/// "S the flat-top long-run variance": `S = g_0 + 2 sum l g_k`, `l = 1` for `k/M <= 1/2`, else `2(1 - k/M)`.
fn long_run_variance(about_mean: &[f64]) -> f64 {
    let width = window(about_mean);
    let mut variance = autocovariance(about_mean, 0);
    for lag in 1..=width {
        let place = lag as f64 / width as f64;
        let weight = if place <= 0.5 { 1.0 } else { 2.0 * (1.0 - place) };
        variance += 2.0 * weight * autocovariance(about_mean, lag);
    }
    variance
}

/// "`vif = max(1, S / g_0)`"; "where d is all zero, `vif` = 1".
pub fn inflation(values: &[f64]) -> f64 {
    if is_nothing(values) {
        return 1.0;
    }
    let middle = mean(values);
    let about_mean: Vec<f64> = values.iter().map(|value| value - middle).collect();
    (long_run_variance(&about_mean) / autocovariance(&about_mean, 0)).max(1.0)
}

/// `1 - g3 SR + (g4 - 1)/4 SR^2`.
fn spread_of_ratio(values: &[f64]) -> f64 {
    let own = ratio(values);
    1.0 - skew(values) * own + (kurtosis(values) - 1.0) / 4.0 * own * own
}

/// The probability that the true ratio is above `threshold`: "variance of the ratio:
/// `vif (1 - g3 SR + (g4 - 1)/4 SR^2) / (T - 1)`"; `None` where the series is nothing.
pub fn probabilistic(values: &[f64], threshold: f64) -> Option<f64> {
    if is_nothing(values) {
        return None;
    }
    let variance = inflation(values) * spread_of_ratio(values) / (values.len() as f64 - 1.0);
    Some(normal((ratio(values) - threshold) / variance.sqrt()))
}

/// `(1-c) Phi^-1(1 - 1/N) + c Phi^-1(1 - 1/(N e))`, at least 0.
fn largest_expected(trials: usize) -> f64 {
    if trials <= 1 {
        return 0.0;
    }
    let count = trials as f64;
    let first = -normal_quantile(1.0 / count);
    let second = -normal_quantile(1.0 / (count * E));
    ((1.0 - EULER) * first + EULER * second).max(0.0)
}

/// The probabilistic ratio against the best of all trials of the family without skill: "V and N of the DSR: joined
/// over the family's `ratios` (V with N - 1)".
pub fn deflated(values: &[f64], ratios: &[f64]) -> Option<f64> {
    let deviation = if ratios.len() < 2 { 0.0 } else { sample_deviation(ratios) };
    probabilistic(values, deviation * largest_expected(ratios.len()))
}

/// Sessions after which a ratio above 0 is shown at 5 %: `1 + vif v (1.645 / SR)^2`; infinite where the ratio is not
/// above 0.
pub fn minimum_track_record(values: &[f64]) -> Option<f64> {
    if is_nothing(values) {
        return None;
    }
    let own = ratio(values);
    if own <= 0.0 {
        return Some(f64::INFINITY);
    }
    let needed = normal_quantile(0.95) / own;
    Some(1.0 + inflation(values) * spread_of_ratio(values) * needed * needed)
}

/// "`SR sqrt(P / vif)`."
pub fn annual_ratio(values: &[f64], periods: f64) -> f64 {
    ratio(values) * (periods / inflation(values)).sqrt()
}

/// "`ceil(vif (2.485 s / m)^2)`, m and s mean and deviation of its d."
pub fn sessions_to_confirm(values: &[f64]) -> f64 {
    let needed = SEEN_FOUR_TIMES_IN_FIVE / ratio(values);
    (inflation(values) * needed * needed).ceil()
}

/// "`(q + 0.84) / sqrt(T)` x sqrt(P) as a ratio."
pub fn detectable_ratio(critical: f64, sessions: usize, periods: f64) -> f64 {
    (critical + 0.84) / (sessions as f64).sqrt() * periods.sqrt()
}

/// "x deviation of d as a return a year"; `None` where d is nothing.
pub fn detectable_edge(critical: f64, values: &[f64], periods: f64) -> Option<f64> {
    if is_nothing(values) {
        return None;
    }
    let ratio = (critical + 0.84) / (values.len() as f64).sqrt();
    Some(ratio * sample_deviation(values) * periods)
}

#[cfg(test)]
mod tests {
    use super::{autocovariance, largest_expected, long_run_variance, mean, normal, normal_quantile, window};
    use crate::slow_verdict::input::{list, numbers};
    use crate::support::{project, read_json};

    /// The best length of blocks, which rests on the same window and the same long-run variance:
    /// `(2 G^2 / (2 S^2))^(1/3) T^(1/3)` with `G = 2 sum l k g_k`, capped at `ceil(min(3 sqrt T, T/3))`.
    fn block_length(values: &[f64]) -> f64 {
        let middle = mean(values);
        let about_mean: Vec<f64> = values.iter().map(|value| value - middle).collect();
        let width = window(&about_mean);
        let mut slope = 0.0;
        for lag in 1..=width {
            let weight = (2.0 * (1.0 - lag as f64 / width as f64)).min(1.0);
            slope += 2.0 * weight * lag as f64 * autocovariance(&about_mean, lag);
        }
        let ratio = slope / long_run_variance(&about_mean);
        let count = values.len() as f64;
        libm::cbrt(ratio * ratio * count).min((3.0 * count.sqrt()).min(count / 3.0).ceil())
    }

    #[test]
    fn the_window_gives_the_block_lengths_of_another_program() {
        let vectors = read_json(&project("tests/vectors/overfitting/block_length.json"));
        let mut compared = 0;
        for series in list(&vectors["series"]) {
            let (values, expected) =
                (numbers(&series["x"]), series["stationary"].as_f64().expect("a length"));
            // A series that does not move has no window.
            if values.iter().any(|value| *value != values[0]) {
                let got = block_length(&values);
                assert!((got - expected).abs() <= 1e-7 * expected, "{got} instead of {expected}");
                compared += 1;
            }
        }
        assert!(compared >= 5, "{compared} series");
    }

    /// Bailey and Lopez de Prado (2014): 0.1132 a session for 100 trials with a variance of 1/2 a year of 250 sessions.
    #[test]
    fn the_best_of_a_hundred_is_that_of_the_paper() {
        let threshold = (0.5_f64 / 250.0).sqrt() * largest_expected(100);
        assert!((threshold - 0.1132).abs() < 5e-5, "{threshold}");
    }

    #[test]
    fn quantiles_are_those_of_the_tables() {
        assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-12);
        assert!((normal(-3.0) - 0.001_349_898_031_630_094_6).abs() < 1e-15);
    }
}
