//! The figures of one equity curve. `docs/statistics.md#figures` defines them.
//!
//! A positive curve needs one pass over its returns and one over its values. The figures of a curve that reaches zero are
//! computed from the full series, more slowly: `docs/statistics.md#curves-that-reach-zero`.

use std::ops::Range;

use super::blocks::segments;
use super::curve::curve;
use super::drawdown::{Drawdown, drawdown};
use super::moments::{NumberedSums, PowerSums, central_moments, numbered_sums, power_sums};
use super::noise::{NOISE, is_noise, mean_size};
use super::rules::{Deviation, DownsideRisk, FirstReturn, Rules};
use crate::summation::{mean, sum_of_squares};

/// A variance from power sums below this share of the mean square has lost too many digits and is computed again.
const CANCELLATION: f64 = 1e-4;
/// A variance at or below this share of the mean square is rounding noise.
const NO_DISPERSION: f64 = 1e-12;

/// Figures of one equity curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Performance {
    /// Mean excess return over its standard deviation, annualised. Source: Sharpe (1994). `None` for a curve that never moves.
    pub sharpe: Option<f64>,
    /// Mean excess return over downside risk, annualised. Under [`DownsideRisk::NegativeDeviation`] it is `None` without a loss
    /// and infinite after exactly one; under [`DownsideRisk::RootMeanSquare`] it is infinite without a loss. `None` for a curve
    /// that never moves.
    pub sortino: Option<f64>,
    /// Compound annual growth rate, a fraction. `None` for a curve that ends below zero.
    pub cagr: Option<f64>,
    /// Standard deviation of the returns, annualised, a fraction. NaN where it is undefined: for one return under
    /// [`Deviation::Sample`].
    pub annualised_vol: f64,
    /// Largest fall from a high, a fraction of the high.
    pub max_drawdown: f64,
    /// Longest run of points below a high, in points.
    pub max_drawdown_duration: usize,
    /// The last value.
    pub final_equity: f64,
    /// Growth over the whole curve, a fraction.
    pub total_return: f64,
    /// `cagr / max_drawdown`; infinite without a drawdown, `None` when both are 0.
    pub calmar: Option<f64>,
    /// Mean return per period, a fraction.
    pub mean_return: f64,
    /// Standard deviation of the returns per period.
    pub return_deviation: f64,
    /// Population skewness of the returns without the artificial first one. `None` if the returns do not differ.
    pub skew: Option<f64>,
    /// Population kurtosis of the same returns, 3 for a normal distribution. `None` if the returns do not differ.
    pub kurtosis: Option<f64>,
    /// The first point at or below 0: the account is ruined there. `None` for a curve that stays positive.
    pub ruined_at: Option<usize>,
}

/// The figures of a curve of at least one point.
///
/// `active` are the ranges of points (from 1 on) whose return may differ from zero; all other returns must be exactly 0.
/// `calendar_days` are those of the curve's years, from its first day to its last. Without a year (a single day) nothing is
/// annualised: those figures are `None`, and `annualised_vol` is NaN. `blocks` is left with the sums of the excess returns and
/// of their squares over each block ([`segments`]).
pub(crate) fn performance(
    equity: &[f64],
    active: &[Range<usize>],
    calendar_days: f64,
    rules: &Rules,
    blocks: &mut Vec<[f64; 2]>,
) -> Performance {
    let drawdown = drawdown(equity, rules.high_water_start, rules.drawdown_ties);
    // Infinite equity ends as NaN, which no comparison shows.
    let ends = equity.last().is_some_and(|last| last.is_finite());
    if !(0.0 < drawdown.lowest && drawdown.highest < f64::INFINITY && ends) {
        return performance_of_series(equity, calendar_days, rules, blocks);
    }
    let figures = positive_performance(equity, active, drawdown, calendar_days, rules, blocks);
    if drawdown.lowest != drawdown.highest {
        return figures;
    }
    // A curve that never moves has no risk to divide by; with a risk-free rate rounding would make some.
    let annualised_vol = if rules.years(equity.len(), calendar_days).0 > 0.0 { 0.0 } else { f64::NAN };
    Performance { sharpe: None, sortino: None, annualised_vol, return_deviation: 0.0, ..figures }
}

/// What both ways of computing give to [`finish`].
struct Parts {
    mean: f64,
    variance: f64,
    excess_mean: f64,
    downside: Option<f64>,
    has_sharpe: bool,
    shape: Option<(f64, f64)>,
    growth: f64,
    largest: f64,
    longest: usize,
    ruined_at: Option<usize>,
}

/// Sums over the true excess returns x of a positive curve.
struct TrueReturns {
    /// Sum of x.
    sum: f64,
    /// Mean of x.
    mean: f64,
    /// Central moments of x of order 2 to 4.
    central: [f64; 3],
    /// Mean of x².
    mean_square: f64,
    /// Number of the x below 0.
    negatives: f64,
    /// Sums of x and x² over these.
    negative_powers: [f64; 2],
}

impl TrueReturns {
    /// From power sums; moments that have lost too many digits are computed again from `excess`.
    fn of_powers(sums: PowerSums, count: f64, excess: impl Fn() -> Vec<f64>) -> TrueReturns {
        let PowerSums { powers, negatives, negative_powers } = sums;
        let mean_square = powers[1] / count;
        let [mean, m2, m3, m4] = central_moments(powers, count);
        let central = if m2 < CANCELLATION * mean_square { central_powers(&excess()) } else { [m2, m3, m4] };
        TrueReturns { sum: powers[0], mean, central, mean_square, negatives, negative_powers }
    }

    /// From sums by number. `base` is the first return in excess of the risk-free rate.
    fn of_numbers(sums: NumberedSums, count: f64, base: f64) -> TrueReturns {
        let NumberedSums { powers, negatives, negative_powers } = sums;
        let [distance, m2, m3, m4] = central_moments(powers, count);
        let mean = base + distance;
        let mean_square = m2 + mean * mean;
        TrueReturns {
            sum: count * mean,
            mean,
            // Rounding can push it below 0.
            central: [if m2 < 0.0 { 0.0 } else { m2 }, m3, m4],
            mean_square,
            negatives,
            negative_powers,
        }
    }
}

/// The figures of a positive curve, from sums over its returns: by number under [`Deviation::Sample`], else over `active`.
fn positive_performance(
    equity: &[f64],
    active: &[Range<usize>],
    drawdown: Drawdown,
    calendar_days: f64,
    rules: &Rules,
    blocks: &mut Vec<[f64; 2]>,
) -> Performance {
    let points = equity.len();
    let (_, periods_per_year) = rules.years(points, calendar_days);
    let shift = if rules.risk_free == 0.0 { 0.0 } else { rules.risk_free / periods_per_year };
    let excess = || -> Vec<f64> { (1..points).map(|t| equity[t] / equity[t - 1] - 1.0 - shift).collect() };

    let true_returns = (points - 1) as f64;
    let by_number = rules.deviation == Deviation::Sample && points > 1;
    let sums = if by_number {
        let base = equity[1] / equity[0] - 1.0 - shift;
        TrueReturns::of_numbers(numbered_sums(equity, shift, blocks), true_returns, base)
    } else {
        let whole = 1..points;
        let active = if shift == 0.0 { active } else { std::slice::from_ref(&whole) };
        TrueReturns::of_powers(power_sums(equity, active, shift, blocks), true_returns, excess)
    };
    let [m2, m3, m4] = sums.central;
    let dispersed = m2 > NO_DISPERSION * sums.mean_square;
    let shape = dispersed.then(|| (m3 / (m2 * m2.sqrt()), m4 / (m2 * m2)));

    let counted = rules.first_return == FirstReturn::Counted;
    let count = if counted { true_returns + 1.0 } else { true_returns };
    let first = if counted { -shift } else { 0.0 };
    let excess_mean = (sums.sum + first) / count;
    // The artificial return moves the mean by (mean - first) / count.
    let variance = if !counted {
        m2
    } else if points > 1 {
        let distance = sums.mean - first;
        m2 * true_returns / count + distance * distance * true_returns / (count * count)
    } else {
        0.0
    };
    let variance = rules.spread(variance, count);
    let downside = downside(&sums, first.min(0.0), count, rules, excess);
    let ratios = if by_number {
        Ratios::above_noise(variance, downside, sums.mean_square.sqrt() + shift.abs(), equity)
    } else {
        Ratios { sharpe: true, sortino: true }
    };
    let parts = Parts {
        mean: excess_mean + shift * true_returns / count + if counted { shift / count } else { 0.0 },
        variance,
        excess_mean,
        downside: downside.filter(|_| ratios.sortino),
        has_sharpe: ratios.sharpe,
        shape,
        growth: equity[points - 1] / equity[0],
        largest: drawdown.largest,
        longest: drawdown.longest,
        ruined_at: None,
    };
    finish(parts, equity, calendar_days, rules)
}

/// The divisor of the Sortino ratio of `count` returns. `first_loss` is the artificial first return if it is below 0, else 0.
/// `excess` gives all true excess returns.
fn downside(
    sums: &TrueReturns,
    first_loss: f64,
    count: f64,
    rules: &Rules,
    excess: impl Fn() -> Vec<f64>,
) -> Option<f64> {
    let [loss, square] = sums.negative_powers;
    match rules.downside_risk {
        DownsideRisk::RootMeanSquare => Some(((square + first_loss * first_loss) / count).sqrt()),
        DownsideRisk::NegativeDeviation => {
            let losses = sums.negatives + f64::from(u8::from(first_loss < 0.0));
            let mean_loss = (loss + first_loss) / losses;
            let mean_square = (square + first_loss * first_loss) / losses;
            let mut variance = mean_square - mean_loss * mean_loss;
            if losses > 1.0 && variance < CANCELLATION * mean_square {
                let mut values: Vec<f64> = excess().into_iter().filter(|x| *x < 0.0).collect();
                values.extend((first_loss < 0.0).then_some(first_loss));
                variance = sum_of_squares(&values, mean(&values)) / losses;
            }
            (losses > 0.0).then(|| (rules.spread(variance, losses)).sqrt())
        }
    }
}

/// Which ratios have a divisor that is more than rounding.
struct Ratios {
    sharpe: bool,
    sortino: bool,
}

impl Ratios {
    /// The mean size of the returns costs a pass over the curve. It is at most `size_at_most` but for rounding, so it is asked
    /// for only where that leaves a doubt.
    fn above_noise(variance: f64, downside: Option<f64>, size_at_most: f64, equity: &[f64]) -> Ratios {
        let deviation = variance.sqrt();
        let is_doubtful = |divisor: f64| divisor <= 2.0 * NOISE * size_at_most;
        // Without a loss the ratio is infinite, and says so.
        let downside = downside.filter(|downside| *downside > 0.0);
        if !is_doubtful(deviation) && !downside.is_some_and(is_doubtful) {
            return Ratios { sharpe: true, sortino: true };
        }
        let size = mean_size(equity);
        let sharpe = !is_noise(deviation, size);
        Ratios { sharpe, sortino: sharpe && !downside.is_some_and(|downside| is_noise(downside, size)) }
    }
}

/// The figures of any curve, from its full series, with means and variances by pairwise summation.
fn performance_of_series(
    equity: &[f64],
    calendar_days: f64,
    rules: &Rules,
    blocks: &mut Vec<[f64; 2]>,
) -> Performance {
    let points = equity.len();
    let curve = curve(equity, rules.high_water_start);
    let (_, periods_per_year) = rules.years(points, calendar_days);
    let shift = if rules.risk_free == 0.0 { 0.0 } else { rules.risk_free / periods_per_year };
    let returns = match rules.first_return {
        FirstReturn::Counted => &curve.returns[..],
        FirstReturn::Excluded => &curve.returns[1.min(points)..],
    };
    let excess: Vec<f64> = returns.iter().map(|r| r - shift).collect();
    let sums_of = |block: Range<usize>| {
        let returns = curve.returns[block].iter().map(|r| r - shift);
        returns.fold([0.0; 2], |[first, second], x| [first + x, second + x * x])
    };
    blocks.clear();
    blocks.extend(segments(points).skip(1).map(sums_of));
    let count = excess.len() as f64;
    let variance = |values: &[f64]| {
        rules.spread(sum_of_squares(values, mean(values)) / values.len() as f64, values.len() as f64)
    };
    let losses: Vec<f64> = excess.iter().copied().filter(|x| *x < 0.0).collect();
    let downside = match rules.downside_risk {
        DownsideRisk::RootMeanSquare => Some((sum_of_squares(&losses, 0.0) / count).sqrt()),
        DownsideRisk::NegativeDeviation => (!losses.is_empty()).then(|| variance(&losses).sqrt()),
    };
    let true_returns = &curve.returns[1.min(points)..];
    let [m2, m3, m4] = central_powers(true_returns);
    let mut longest = 0;
    for run in curve.drawdowns.chunk_by(|a, b| (*a != 0.0) == (*b != 0.0)) {
        longest = longest.max(if run[0] != 0.0 { run.len() } else { 0 });
    }
    let parts = Parts {
        mean: mean(returns),
        variance: variance(&excess),
        excess_mean: mean(&excess),
        downside,
        has_sharpe: true,
        shape: (m2 > 0.0 && m2.is_finite()).then(|| (m3 / (m2 * m2.sqrt()), m4 / (m2 * m2))),
        growth: curve.cumulative.last().copied().unwrap_or(f64::NAN),
        largest: curve.drawdowns.iter().copied().fold(0.0, f64::max),
        longest,
        ruined_at: equity.iter().position(|value| *value <= 0.0),
    };
    finish(parts, equity, calendar_days, rules)
}

/// Central moments of order 2 to 4, by pairwise summation.
fn central_powers(values: &[f64]) -> [f64; 3] {
    let centre = mean(values);
    [2, 3, 4].map(|power| {
        let powers = values.iter().map(|x| (0..power).fold(1.0, |product, _| product * (x - centre)));
        mean(&powers.collect::<Vec<_>>())
    })
}

fn finish(parts: Parts, equity: &[f64], calendar_days: f64, rules: &Rules) -> Performance {
    let (years, periods_per_year) = rules.years(equity.len(), calendar_days);
    let root = periods_per_year.sqrt();
    // Rounding can push the variance of a curve that hardly moves below 0; undefined stays undefined.
    let deviation = if parts.variance < 0.0 { 0.0 } else { parts.variance.sqrt() };
    let defined = |value: f64| (!value.is_nan()).then_some(value);
    let is_annual = years != 0.0;
    let annual = |value: f64| defined(value).filter(|_| is_annual);
    let cagr = annual(libm::pow(parts.growth, 1.0 / years) - 1.0);
    Performance {
        sharpe: annual(root * parts.excess_mean / deviation).filter(|_| parts.has_sharpe),
        sortino: parts.downside.and_then(|downside| annual(root * parts.excess_mean / downside)),
        cagr,
        annualised_vol: if is_annual { deviation * root } else { f64::NAN },
        max_drawdown: parts.largest,
        max_drawdown_duration: parts.longest,
        final_equity: equity.last().copied().unwrap_or(f64::NAN),
        total_return: parts.growth - 1.0,
        calmar: cagr.and_then(|cagr| defined(cagr / parts.largest)),
        mean_return: parts.mean,
        return_deviation: deviation,
        skew: parts.shape.and_then(|(skew, _)| defined(skew)),
        kurtosis: parts.shape.and_then(|(_, kurtosis)| defined(kurtosis)),
        ruined_at: parts.ruined_at,
    }
}

impl Rules {
    /// A population variance of `count` values, made a sample variance if [`Deviation`] asks for it.
    pub(super) fn spread(&self, population: f64, count: f64) -> f64 {
        match self.deviation {
            Deviation::Population => population,
            Deviation::Sample => population * count / (count - 1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::rules::{Annualisation, DrawdownTies, HighWaterStart};

    const QSTRADER: Rules = Rules::QSTRADER;
    const SOUND: Rules = Rules {
        risk_free: 0.02,
        high_water_start: HighWaterStart::InitialEquity,
        drawdown_ties: DrawdownTies::Equity,
        downside_risk: DownsideRisk::RootMeanSquare,
        deviation: Deviation::Sample,
        first_return: FirstReturn::Excluded,
        annualisation: Annualisation::ActualTime,
        ..QSTRADER
    };

    fn figures_of(equity: &[f64], rules: &Rules) -> Performance {
        performance(
            equity,
            std::slice::from_ref(&(1..equity.len())),
            1.45 * equity.len() as f64,
            rules,
            &mut Vec::new(),
        )
    }

    fn close(a: Option<f64>, b: Option<f64>) -> bool {
        match (a, b) {
            (Some(a), Some(b)) => a == b || (a - b).abs() <= 1e-12_f64.max(1e-10 * b.abs()),
            (a, b) => a == b,
        }
    }

    #[test]
    fn figures_a_person_can_check() {
        // Returns 0 (artificial), 0.1, -0.1, 0.1: mean 0.025, population variance 0.006875.
        let figures = figures_of(&[100.0, 110.0, 99.0, 108.9], &QSTRADER);
        assert!(close(figures.sharpe, Some(252f64.sqrt() * 0.025 / 0.006875f64.sqrt())));
        assert_eq!(figures.sortino, Some(f64::INFINITY), "one loss has no deviation about its own mean");
        assert!(close(Some(figures.max_drawdown), Some(0.1)) && figures.max_drawdown_duration == 2);
        assert!(close(Some(figures.total_return), Some(0.089)));
        assert!(close(figures.cagr, Some(libm::pow(1.089, 63.0) - 1.0)));
        // Of 0.1, -0.1, 0.1: mean 1/30, central moments 8/900, -16/27000 and 96/810000.
        assert!(close(figures.skew, Some(-16.0 / 27_000.0 / libm::pow(8.0 / 900.0, 1.5))));
        assert!(close(figures.kurtosis, Some(1.5)));
    }

    #[test]
    fn both_ways_agree_on_positive_curves() {
        let mut seed = 3u64;
        for length in 4..120usize {
            let mut value = 1000.0;
            let equity: Vec<f64> = (0..length)
                .map(|_| {
                    seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                    value *= 0.97 + 0.06 * ((seed >> 32) % 8) as f64 / 7.0;
                    value
                })
                .collect();
            for rules in [QSTRADER, SOUND, Rules { risk_free: -0.01, ..QSTRADER }] {
                let (fast, slow) = (
                    figures_of(&equity, &rules),
                    performance_of_series(&equity, 1.45 * length as f64, &rules, &mut Vec::new()),
                );
                let pairs = [
                    (fast.sharpe, slow.sharpe),
                    (fast.sortino, slow.sortino),
                    (fast.cagr, slow.cagr),
                    (Some(fast.annualised_vol), Some(slow.annualised_vol)),
                    (Some(fast.max_drawdown), Some(slow.max_drawdown)),
                    (Some(fast.mean_return), Some(slow.mean_return)),
                    (Some(fast.return_deviation), Some(slow.return_deviation)),
                    (fast.calmar, slow.calmar),
                    (fast.skew, slow.skew),
                    (fast.kurtosis, slow.kurtosis),
                ];
                for (figure, (fast, slow)) in pairs.into_iter().enumerate() {
                    assert!(close(fast, slow), "length {length}, figure {figure}: {fast:?} {slow:?}");
                }
                // Where the curve is back at the high exactly, rounding decides what logarithms say.
                let clear = rules.drawdown_ties == DrawdownTies::Equity;
                assert!(!clear || fast.max_drawdown_duration == slow.max_drawdown_duration);
            }
        }
    }

    #[test]
    fn a_curve_that_never_moves_has_no_ratios() {
        let figures = performance(&[100.0; 50], &[], 70.0, &QSTRADER, &mut Vec::new());
        assert_eq!((figures.sharpe, figures.sortino, figures.calmar, figures.skew), (None, None, None, None));
        assert_eq!((figures.cagr, figures.annualised_vol, figures.max_drawdown), (Some(0.0), 0.0, 0.0));
    }

    #[test]
    fn a_risk_free_rate_makes_no_ratio_of_a_curve_that_never_moves() {
        for risk_free in [-0.01, 0.02] {
            for rules in [Rules { risk_free, ..QSTRADER }, Rules { risk_free, ..SOUND }] {
                let figures = figures_of(&[100.0; 50], &rules);
                assert_eq!((figures.sharpe, figures.sortino, figures.annualised_vol), (None, None, 0.0));
            }
        }
    }

    #[test]
    fn constant_growth_has_no_ratio_by_the_sample_deviation() {
        let growth = |rate: f64| -> Vec<f64> {
            std::iter::successors(Some(100.0), |value| Some(value * (1.0 + rate))).take(500).collect()
        };
        for rate in [0.00037, -0.00031] {
            // A risk-free rate that equals the growth leaves noise over noise.
            for risk_free in [0.0, 0.02, 252.0 * rate] {
                let rules = Rules { risk_free, ..SOUND };
                let figures = figures_of(&growth(rate), &rules);
                assert_eq!((figures.sharpe, figures.sortino), (None, None), "{rate} {risk_free}");
                assert!(figures.return_deviation < 1e-14 && figures.cagr.is_some());
            }
            let excluded = Rules { first_return: FirstReturn::Excluded, ..QSTRADER };
            let kept = figures_of(&growth(rate), &excluded).sharpe.unwrap();
            assert!(kept.abs() > 1e10, "{kept}");
        }
        // One return that differs is no noise.
        let mut moved = growth(0.0004);
        moved[300..].iter_mut().for_each(|value| *value *= 1.0001);
        assert!(figures_of(&moved, &SOUND).sharpe.is_some());
    }

    #[test]
    fn a_loss_by_rounding_makes_no_sortino_ratio() {
        let mut equity: Vec<f64> = (0..40).map(|t| 100.0 + f64::from(t * t)).collect();
        assert_eq!(figures_of(&equity, &Rules { risk_free: 0.0, ..SOUND }).sortino, Some(f64::INFINITY));
        equity.push(equity[39].next_down());
        let figures = figures_of(&equity, &Rules { risk_free: 0.0, ..SOUND });
        assert!(figures.sortino.is_none() && figures.sharpe.is_some());
    }

    #[test]
    fn stretches_without_a_trade_move_no_bit_of_the_sample_deviation() {
        let mut equity = vec![100.0; 700];
        (30..400).for_each(|t| equity[t] = 100.0 + (t * 37 % 23) as f64);
        let rules = Rules { risk_free: 0.0, ..SOUND };
        let with = |active: &[Range<usize>]| {
            let mut blocks = Vec::new();
            let figures = performance(&equity, active, 1000.0, &rules, &mut blocks);
            (figures, blocks)
        };
        let (whole, trades) = (1..700, 30..401);
        assert_eq!(with(std::slice::from_ref(&whole)), with(std::slice::from_ref(&trades)));
    }

    #[test]
    fn a_single_day_is_no_year() {
        let figures = performance(
            &[100.0, 101.0],
            std::slice::from_ref(&(1..2)),
            0.0,
            &Rules { risk_free: 0.0, ..SOUND },
            &mut Vec::new(),
        );
        assert_eq!((figures.sharpe, figures.sortino, figures.cagr, figures.calmar), (None, None, None, None));
        assert!(figures.annualised_vol.is_nan() && close(Some(figures.total_return), Some(0.01)));
        let flat = performance(&[100.0, 100.0], &[], 0.0, &SOUND, &mut Vec::new());
        assert!(flat.annualised_vol.is_nan() && flat.cagr.is_none());
    }

    #[test]
    fn a_curve_is_ruined_at_its_first_point_at_or_below_zero() {
        let at = |equity: &[f64]| figures_of(equity, &QSTRADER).ruined_at;
        assert_eq!(at(&[100.0, 50.0, 1.0]), None);
        assert_eq!(at(&[100.0, 50.0, 0.0, 10.0, -1.0]), Some(2));
        assert_eq!(at(&[100.0, 50.0, 60.0, 70.0, 80.0, 90.0, 10.0, 11.0, -1e-9, 5.0, 6.0]), Some(8));
    }

    #[test]
    fn one_return_has_no_sample_deviation() {
        let figures = figures_of(&[100.0, 101.0], &SOUND);
        assert!(figures.annualised_vol.is_nan() && figures.return_deviation.is_nan());
        assert_eq!(figures.sharpe, None);
    }

    #[test]
    fn skipping_flat_days_changes_nothing() {
        let mut equity = vec![100.0; 30];
        equity[10..20].copy_from_slice(&[101.0, 99.0, 98.0, 103.0, 104.0, 102.0, 105.0, 104.0, 103.0, 106.0]);
        equity[20..].fill(106.5);
        let active = 10..21;
        let some = performance(&equity, std::slice::from_ref(&active), 42.0, &QSTRADER, &mut Vec::new());
        let all = figures_of(&equity, &QSTRADER);
        assert!(
            close(some.sharpe, all.sharpe) && close(some.sortino, all.sortino) && close(some.skew, all.skew)
        );
    }
}
