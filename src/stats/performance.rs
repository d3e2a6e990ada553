//! The figures of one equity curve (SEM 15.1, 15.2, and the extra ones of the results table).
//!
//! A positive curve takes one pass over its returns and one over its values. A curve that touches zero takes the long way
//! through the series of SEM 15.1.

use std::ops::Range;

use super::curve::{curve, is_positive};
use super::drawdown::{Drawdown, drawdown};
use super::moments::{central_moments, power_sums};
use super::rules::{Deviation, DownsideRisk, FirstReturn, Rules};
use crate::summation::{mean, sum_of_squares};

/// Below this share of the mean square, a variance from power sums has lost too many digits and is computed again.
const CANCELLATION: f64 = 1e-4;
/// At or below this share of the sum of squares, the spread of a series is rounding noise.
const NO_DISPERSION: f64 = 1e-12;

/// Figures of one equity curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Performance {
    /// Mean excess return over deviation, a year. Source: Sharpe (1994). `None` when nothing moved.
    pub sharpe: Option<f64>,
    /// Mean excess return over downside risk, a year. `None` without a loss; infinite after exactly one.
    pub sortino: Option<f64>,
    /// Compound growth a year, a fraction. `None` when the curve ends below zero.
    pub cagr: Option<f64>,
    /// Deviation of the returns, a year, a fraction.
    pub annualised_vol: f64,
    /// Largest fall from a high, a fraction of it.
    pub max_drawdown: f64,
    /// Longest run of points below a high, in points.
    pub max_drawdown_duration: usize,
    /// The last value.
    pub final_equity: f64,
    /// Growth over the whole curve, a fraction.
    pub total_return: f64,
    /// `cagr / max_drawdown`; infinite without a drawdown, `None` when both are 0.
    pub calmar: Option<f64>,
    /// Mean return of a period, a fraction.
    pub mean_return: f64,
    /// Deviation of the returns of a period.
    pub return_deviation: f64,
    /// Population skewness of the returns, the artificial first one left out. `None` without dispersion.
    pub skew: Option<f64>,
    /// Population kurtosis of the same returns, 3 for a normal distribution. `None` without dispersion.
    pub kurtosis: Option<f64>,
}

/// The figures of a curve of at least one point.
///
/// `active`: ranges of points (from 1 on) whose return may differ from zero; all others are taken to be exactly flat.
/// `calendar_days`: days from the first point to the last.
pub fn performance(
    equity: &[f64],
    active: &[Range<usize>],
    calendar_days: f64,
    rules: &Rules,
) -> Performance {
    match is_positive(equity) {
        true => of_positive(equity, active, calendar_days, rules),
        false => of_any(equity, calendar_days, rules),
    }
}

/// What both ways hand to the common end.
struct Parts {
    mean: f64,
    variance: f64,
    excess_mean: f64,
    downside: Option<f64>,
    shape: Option<(f64, f64)>,
    growth: f64,
    drawdown: Drawdown,
}

fn of_positive(equity: &[f64], active: &[Range<usize>], calendar_days: f64, rules: &Rules) -> Performance {
    let points = equity.len();
    let (_, periods_per_year) = rules.years(points, calendar_days);
    let shift = if rules.risk_free == 0.0 { 0.0 } else { rules.risk_free / periods_per_year };
    let whole = 1..points;
    let active = if shift == 0.0 { active } else { std::slice::from_ref(&whole) };
    let sums = power_sums(equity, active, shift);
    let excess = || -> Vec<f64> { (1..points).map(|t| equity[t] / equity[t - 1] - 1.0 - shift).collect() };

    let true_returns = (points - 1) as f64;
    let [true_mean, mut m2, mut m3, mut m4] = central_moments(sums.powers, true_returns);
    if m2 < CANCELLATION * sums.powers[1] / true_returns {
        let powers = |power: i32| {
            let values = excess();
            mean(
                &values
                    .iter()
                    .map(|x| (0..power).fold(1.0, |product, _| product * (x - true_mean)))
                    .collect::<Vec<_>>(),
            )
        };
        [m2, m3, m4] = [2, 3, 4].map(powers);
    }
    let dispersed = m2 > NO_DISPERSION * sums.powers[1] / true_returns;
    let shape = dispersed.then(|| (m3 / (m2 * m2.sqrt()), m4 / (m2 * m2)));

    let counted = rules.first_return == FirstReturn::Counted;
    let count = if counted { true_returns + 1.0 } else { true_returns };
    let first = if counted { -shift } else { 0.0 };
    let excess_mean = (sums.powers[0] + first) / count;
    // The artificial return moves the mean by (true_mean - first) / count.
    let variance = match counted {
        true if points > 1 => {
            let distance = true_mean - first;
            m2 * true_returns / count + distance * distance * true_returns / (count * count)
        }
        true => 0.0,
        false => m2,
    };
    let downside = match rules.downside_risk {
        DownsideRisk::RootMeanSquare => {
            let squares = sums.negative_powers[1] + first.min(0.0) * first.min(0.0);
            Some((squares / count).sqrt())
        }
        DownsideRisk::NegativeDeviation => {
            let losses = sums.negatives + f64::from(u8::from(first < 0.0));
            let [mean_loss, mean_square] = [
                (sums.negative_powers[0] + first) / losses,
                (sums.negative_powers[1] + first * first) / losses,
            ];
            let mut variance = mean_square - mean_loss * mean_loss;
            if losses > 1.0 && variance < CANCELLATION * mean_square {
                let mut values: Vec<f64> = excess().into_iter().filter(|x| *x < 0.0).collect();
                values.extend((first < 0.0).then_some(first));
                variance = sum_of_squares(&values, mean(&values)) / losses;
            }
            (losses > 0.0).then(|| (rules.spread(variance, losses)).sqrt())
        }
    };
    let parts = Parts {
        mean: excess_mean + shift * true_returns / count + if counted { shift / count } else { 0.0 },
        variance: rules.spread(variance, count),
        excess_mean,
        downside,
        shape,
        growth: equity[points - 1] / equity[0],
        drawdown: drawdown(equity, rules.high_water_start),
    };
    finish(parts, equity, calendar_days, rules)
}

/// The long way: the series of SEM 15.1, means and variances pairwise over them.
fn of_any(equity: &[f64], calendar_days: f64, rules: &Rules) -> Performance {
    let points = equity.len();
    let curve = curve(equity, rules.high_water_start);
    let (_, periods_per_year) = rules.years(points, calendar_days);
    let shift = if rules.risk_free == 0.0 { 0.0 } else { rules.risk_free / periods_per_year };
    let returns = match rules.first_return {
        FirstReturn::Counted => &curve.returns[..],
        FirstReturn::Excluded => &curve.returns[1.min(points)..],
    };
    let excess: Vec<f64> = returns.iter().map(|r| r - shift).collect();
    let count = excess.len() as f64;
    let variance_of = |values: &[f64]| {
        rules.spread(sum_of_squares(values, mean(values)) / values.len() as f64, values.len() as f64)
    };
    let losses: Vec<f64> = excess.iter().copied().filter(|x| *x < 0.0).collect();
    let downside = match rules.downside_risk {
        DownsideRisk::RootMeanSquare => Some((sum_of_squares(&losses, 0.0) / count).sqrt()),
        DownsideRisk::NegativeDeviation => (!losses.is_empty()).then(|| variance_of(&losses).sqrt()),
    };
    let true_returns = &curve.returns[1.min(points)..];
    let centre = mean(true_returns);
    let power = |power: i32| {
        mean(
            &true_returns
                .iter()
                .map(|x| (0..power).fold(1.0, |product, _| product * (x - centre)))
                .collect::<Vec<_>>(),
        )
    };
    let (m2, m3, m4) = (power(2), power(3), power(4));
    let mut longest = 0;
    for run in curve.drawdowns.chunk_by(|a, b| (*a != 0.0) == (*b != 0.0)) {
        longest = longest.max(if run[0] != 0.0 { run.len() } else { 0 });
    }
    let parts = Parts {
        mean: mean(returns),
        variance: variance_of(&excess),
        excess_mean: mean(&excess),
        downside,
        shape: (m2 > 0.0 && m2.is_finite()).then(|| (m3 / (m2 * m2.sqrt()), m4 / (m2 * m2))),
        growth: curve.cumulative.last().copied().unwrap_or(f64::NAN),
        drawdown: Drawdown { largest: curve.drawdowns.iter().copied().fold(0.0, f64::max), longest },
    };
    finish(parts, equity, calendar_days, rules)
}

fn finish(parts: Parts, equity: &[f64], calendar_days: f64, rules: &Rules) -> Performance {
    let (years, periods_per_year) = rules.years(equity.len(), calendar_days);
    let root = periods_per_year.sqrt();
    let deviation = parts.variance.max(0.0).sqrt();
    let defined = |value: f64| (!value.is_nan()).then_some(value);
    let cagr = defined(libm::pow(parts.growth, 1.0 / years) - 1.0);
    Performance {
        sharpe: defined(root * parts.excess_mean / deviation),
        sortino: parts.downside.and_then(|downside| defined(root * parts.excess_mean / downside)),
        cagr,
        annualised_vol: deviation * root,
        max_drawdown: parts.drawdown.largest,
        max_drawdown_duration: parts.drawdown.longest,
        final_equity: equity.last().copied().unwrap_or(f64::NAN),
        total_return: parts.growth - 1.0,
        calmar: cagr.and_then(|cagr| defined(cagr / parts.drawdown.largest)),
        mean_return: parts.mean,
        return_deviation: deviation,
        skew: parts.shape.and_then(|(skew, _)| defined(skew)),
        kurtosis: parts.shape.and_then(|(_, kurtosis)| defined(kurtosis)),
    }
}

impl Rules {
    /// A variance over `count` values by the rule for the divisor.
    fn spread(&self, population: f64, count: f64) -> f64 {
        match self.deviation {
            Deviation::Population => population,
            Deviation::Sample => population * count / (count - 1.0),
        }
    }
}
