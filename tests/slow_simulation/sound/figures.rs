//! The figures of a run, from its points and what was traded. An undefined figure is NaN.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::super::statistics::{cumulative, returns};
use super::strategy::Strategy;

/// By name, as under `metrics` and `benchmark_metrics` of the output.
pub type Named = BTreeMap<&'static str, f64>;

#[derive(Debug)]
pub struct Figures {
    pub metrics: Named,
    pub benchmark: Named,
    pub months: Vec<((i32, u32), f64)>,
    /// The date of the first point at or below zero.
    pub ruined_on: Option<NaiveDate>,
}

/// What the account did.
#[derive(Debug)]
pub struct Traded {
    pub fills: usize,
    /// The sum over the fills of their value over the point before.
    pub turnover: f64,
    pub costs_paid: f64,
    /// Of each session of the curve.
    pub exposures: Vec<f64>,
    pub interest: f64,
}

/// How long a curve is, by the conventions: returns that count, years, periods a year.
#[derive(Debug, Clone, Copy)]
struct Length {
    counted: bool,
    years: f64,
    periods: f64,
}

pub fn of(
    strategy: &Strategy,
    sessions: &[NaiveDate],
    dates: &[NaiveDate],
    equity: &[f64],
    benchmark: Option<&[f64]>,
    traded: &Traded,
) -> Figures {
    let counted = strategy.says("first_return", "counted");
    let returns = equity.len() - usize::from(!counted);
    let length = if strategy.says("annualisation", "actual_time") {
        let days = (sessions[sessions.len() - 1] - sessions[0]).num_days();
        let years = days as f64 / 365.25;
        Length { counted, years, periods: returns as f64 / years }
    } else {
        let periods = strategy.periods_per_year;
        Length { counted, years: returns as f64 / periods, periods }
    };
    let mut metrics = of_curve(strategy, equity, length);
    let count = sessions.len() as f64;
    let turnover = if length.years > 0.0 { length.periods / count * traded.turnover } else { 0.0 };
    metrics.extend([
        ("fills", traded.fills as f64),
        ("turnover", turnover),
        ("costs_paid", traded.costs_paid),
        ("exposure", traded.exposures.iter().sum::<f64>() / count),
        ("interest", traded.interest),
    ]);
    let benchmark = benchmark.map_or_else(Named::new, |points| {
        let mut figures = of_curve(strategy, points, length);
        figures.extend(beside(strategy, equity, points, length));
        figures
    });
    let ruined_on = equity.iter().position(|point| *point <= 0.0).map(|place| dates[place]);
    Figures { metrics, benchmark, months: months(strategy, dates, equity), ruined_on }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The distances from the mean; all of them 0 where the values are equal.
fn distances(values: &[f64]) -> Vec<f64> {
    let shifted: Vec<f64> = values.iter().map(|value| value - values[0]).collect();
    let mean = mean(&shifted);
    shifted.iter().map(|value| value - mean).collect()
}

/// The mean of a power of the distances from the mean.
fn moment(values: &[f64], power: f64) -> f64 {
    mean(&distances(values).iter().map(|distance| libm::pow(*distance, power)).collect::<Vec<_>>())
}

/// The standard deviation; 0 where the values are equal, but undefined for a sample of one.
fn deviation(strategy: &Strategy, values: &[f64]) -> f64 {
    let count = values.len() as f64;
    let divisor = if strategy.says("deviation", "sample") { count - 1.0 } else { count };
    (moment(values, 2.0) * count / divisor).sqrt()
}

fn of_curve(strategy: &Strategy, equity: &[f64], length: Length) -> Named {
    let wealth = cumulative(&returns(equity));
    let final_equity = equity[equity.len() - 1];
    let positive = equity.iter().all(|point| *point > 0.0);
    let growth = if positive { final_equity / equity[0] } else { wealth[wealth.len() - 1] };
    let exact = strategy.says("drawdown_ties", "equity") && positive;
    let drawdowns = drawdowns(strategy, if exact { equity } else { &wealth });
    let max_drawdown = drawdowns.iter().copied().fold(0.0, f64::max);
    let longest = drawdowns.split(|fall| *fall == 0.0).map(<[f64]>::len).max().unwrap_or(0);
    let risk_free = strategy.risk_free / length.periods;
    let excess: Vec<f64> = returns(equity).iter().map(|r| r - risk_free).collect();
    let later = &excess[1..];
    let counting = if length.counted { &excess[..] } else { later };
    let (mean, count) = (mean(counting), counting.len() as f64);
    let moved = equity.iter().any(|point| *point != equity[0]);
    let spread = if moved { deviation(strategy, counting) } else { 0.0 };
    let negative: Vec<f64> = counting.iter().copied().filter(|x| *x < 0.0).collect();
    let downside = if strategy.says("downside_risk", "root_mean_square") {
        (negative.iter().map(|x| x * x).sum::<f64>() / count).sqrt()
    } else {
        deviation(strategy, &negative)
    };
    let root = length.periods.sqrt();
    let cagr = libm::pow(growth, 1.0 / length.years) - 1.0;
    let yearly = |figure: f64| if length.years > 0.0 { figure } else { f64::NAN };
    // Where nothing has moved there is no ratio, whatever the risk-free rate.
    let ratio = |figure: f64| if moved { yearly(figure) } else { f64::NAN };
    // Returns that hardly differ beside their size in excess of the risk-free rate have no shape.
    let dispersion = moment(later, 2.0);
    let squares = later.iter().map(|x| x * x).sum::<f64>() / later.len() as f64;
    let shape = |figure: f64| if dispersion > 1e-12 * squares { figure } else { f64::NAN };
    Named::from([
        ("final_equity", final_equity),
        ("total_return", growth - 1.0),
        ("cagr", yearly(cagr)),
        ("calmar", yearly(cagr / max_drawdown)),
        ("max_drawdown", max_drawdown),
        ("max_drawdown_duration", longest as f64),
        ("sharpe", ratio(root * mean / spread)),
        ("sortino", ratio(root * mean / downside)),
        ("annualised_vol", yearly(root * spread)),
        ("skew", shape(moment(later, 3.0) / libm::pow(dispersion, 1.5))),
        ("kurtosis", shape(moment(later, 4.0) / libm::pow(dispersion, 2.0))),
    ])
}

/// The falls from the high, of the first or of the second point on.
fn drawdowns(strategy: &Strategy, wealth: &[f64]) -> Vec<f64> {
    let skipped = usize::from(strategy.says("high_water_start", "second_point"));
    let mut high = 0.0f64;
    let step = |(place, value): (usize, &f64)| {
        if place < skipped {
            return 0.0;
        }
        high = high.max(*value);
        (high - value) / high
    };
    wealth.iter().enumerate().map(step).collect()
}

/// The figures that compare two curves.
fn beside(strategy: &Strategy, equity: &[f64], benchmark: &[f64], length: Length) -> Named {
    const NAMES: [&str; 6] =
        ["excess_return", "beta", "alpha", "tracking_error", "information_ratio", "correlation"];
    if equity.len() < 3 || length.years == 0.0 {
        return NAMES.map(|name| (name, f64::NAN)).into();
    }
    let risk_free = strategy.risk_free / length.periods;
    let excess = |points: &[f64]| returns(points)[1..].iter().map(|r| r - risk_free).collect::<Vec<f64>>();
    let (own, other) = (excess(equity), excess(benchmark));
    let difference: Vec<f64> = own.iter().zip(&other).map(|(own, other)| own - other).collect();
    let (own_mean, other_mean) = (mean(&own), mean(&other));
    let products =
        distances(&own).iter().zip(distances(&other)).map(|(own, other)| own * other).collect::<Vec<_>>();
    let covariance = mean(&products);
    let beta = covariance / moment(&other, 2.0);
    let count = difference.len() as f64;
    let excess_return = length.periods * mean(&difference);
    let tracking_error = length.periods.sqrt() * (moment(&difference, 2.0) * count / (count - 1.0)).sqrt();
    let figures = [
        excess_return,
        beta,
        length.periods * (own_mean - beta * other_mean),
        tracking_error,
        excess_return / tracking_error,
        covariance / (moment(&own, 2.0) * moment(&other, 2.0)).sqrt(),
    ];
    let moves = |index: usize, figure: f64| {
        let dividing =
            [1.0, moment(&other, 2.0), moment(&other, 2.0), tracking_error, tracking_error, 1.0][index];
        if dividing == 0.0 || !figure.is_finite() { f64::NAN } else { figure }
    };
    NAMES
        .into_iter()
        .zip(figures.into_iter().enumerate().map(|(index, figure)| moves(index, figure)))
        .collect()
}

/// The return of each month, from the last point before it; the first month begins at the first point.
fn months(strategy: &Strategy, dates: &[NaiveDate], equity: &[f64]) -> Vec<((i32, u32), f64)> {
    let skipped = usize::from(strategy.says("curve_start", "initial_cash"));
    let mut before = equity[0];
    let days: Vec<(NaiveDate, f64)> =
        dates.iter().copied().zip(equity.iter().copied()).skip(skipped).collect();
    days.chunk_by(|a, b| (a.0.year(), a.0.month()) == (b.0.year(), b.0.month()))
        .map(|month| {
            let (date, last) = month[month.len() - 1];
            let growth = last / before - 1.0;
            before = last;
            ((date.year(), date.month()), growth)
        })
        .collect()
}
