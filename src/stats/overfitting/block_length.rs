//! How long the blocks of a bootstrap of a series should be.
//!
//! Sources: Politis and White, "Automatic block-length selection for the dependent bootstrap", Econometric Reviews 23 (2004);
//! Patton, Politis and White, correction, ibid. 28 (2009).

use super::sharpe::NO_DISPERSION;
use crate::summation::{mean, pairwise_sum_by, sum_of_squares};

/// The best block lengths for a series, in periods.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct BlockLength {
    /// The mean block length of the stationary bootstrap.
    pub stationary: f64,
    /// The block length of the circular bootstrap.
    pub circular: f64,
}

/// How a series hangs together.
struct Dependence {
    /// Number of values.
    length: f64,
    /// The weighted sum over the lags of lag times autocovariance.
    slope: f64,
    /// The long-run variance under a flat-top window.
    long_run: f64,
    /// The variance.
    variance: f64,
}

/// The best block lengths for a series; 1 if the values do not differ. A result below 1 means blocks of length 1.
pub(crate) fn block_length(series: &[f64]) -> BlockLength {
    let Some(Dependence { length, slope, long_run, .. }) = dependence(series) else {
        return BlockLength { stationary: 1.0, circular: 1.0 };
    };
    let most = (3.0 * length.sqrt()).min(length / 3.0).ceil();
    let best = |variance: f64| {
        let cubed = 2.0 * slope * slope / variance * length;
        if cubed.is_nan() { 1.0 } else { libm::cbrt(cubed).min(most) }
    };
    BlockLength {
        stationary: best(2.0 * long_run * long_run),
        circular: best(4.0 / 3.0 * long_run * long_run),
    }
}

/// How many times the variance of the mean of a series is that of values that do not hang together; at least 1, and 1 if the
/// values do not differ.
pub(crate) fn inflation(series: &[f64]) -> f64 {
    dependence(series).map_or(1.0, |found| (found.long_run / found.variance).max(1.0))
}

/// How a series hangs together; `None` if the values do not differ.
fn dependence(series: &[f64]) -> Option<Dependence> {
    let count = series.len();
    let length = count as f64;
    let centre = mean(series);
    let squares = sum_of_squares(series, centre);
    if count < 2 || squares <= NO_DISPERSION * pairwise_sum_by(series, |x| x * x) {
        return None;
    }
    let e: Vec<f64> = series.iter().map(|x| x - centre).collect();
    let covariance = |lag: usize| dot(&e[lag.min(count)..], &e) / length;
    let norms = |lag: usize| {
        let own = |part: &[f64]| dot(part, part);
        (own(&e[(lag + 1).min(count)..]) * own(&e[..(count - 1).saturating_sub(lag)])).sqrt()
    };
    let run = (libm::log10(length).floor() as usize).max(5);
    let lags_most = length.sqrt().ceil() as usize + run;
    let critical = 2.0 * (libm::log10(length) / length).sqrt();
    // The memory of the series ends where the first run of correlations near 0 begins.
    let mut quiet = 0;
    let mut memory = None;
    for lag in 0..lags_most {
        let correlation = if lag == 0 { 1.0 } else { correlation(&e, lag, norms(lag)) };
        quiet = if correlation.abs() < critical { quiet + 1 } else { 0 };
        if quiet == run {
            memory = Some(lag + 1 - run);
            break;
        }
    }
    let window = memory.map_or(lags_most, |memory| (2 * memory.max(1)).min(lags_most));
    let variance = covariance(0);
    let (mut slope, mut long_run) = (0.0, variance);
    for lag in 1..=window {
        let part = lag as f64 / window as f64;
        let weight = if part <= 0.5 { 1.0 } else { 2.0 * (1.0 - part) };
        let covariance = covariance(lag);
        slope += 2.0 * weight * lag as f64 * covariance;
        long_run += 2.0 * weight * covariance;
    }
    Some(Dependence { length, slope, long_run, variance })
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |sum, (a, b)| sum + a * b)
}

fn correlation(e: &[f64], lag: usize, norm: f64) -> f64 {
    dot(&e[lag.min(e.len())..], e) / norm
}
