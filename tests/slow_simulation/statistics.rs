//! QSTrader's statistics of an equity curve, written from its formulas (docs/statistics.md).

use chrono::{Datelike, NaiveDate};
use serde_json::{Value, json};

use crate::comparison::milliseconds;

const PERIODS: f64 = 252.0;

/// The sum in the order in which numpy adds: pairwise.
pub fn pairwise_sum(values: &[f64]) -> f64 {
    let count = values.len();
    if count < 8 {
        return values.iter().fold(0.0, |sum, value| sum + value);
    }
    if count > 128 {
        let half = count / 2 - (count / 2) % 8;
        return pairwise_sum(&values[..half]) + pairwise_sum(&values[half..]);
    }
    let whole = count - count % 8;
    let mut sums = [0.0; 8];
    sums.copy_from_slice(&values[..8]);
    for i in 8..whole {
        sums[i % 8] += values[i];
    }
    let [a, b, c, d, e, f, g, h] = sums;
    let sum = ((a + b) + (c + d)) + ((e + f) + (g + h));
    values[whole..].iter().fold(sum, |sum, value| sum + value)
}

/// The `strategy` object of the JSON statistics.
pub fn strategy(equity: &[(NaiveDate, f64)], allocations: &[(NaiveDate, Vec<(String, f64)>)]) -> Value {
    let dates: Vec<NaiveDate> = equity.iter().map(|point| point.0).collect();
    let values: Vec<f64> = equity.iter().map(|point| point.1).collect();
    let returns = returns(&values);
    let cumulative = cumulative(&returns);
    let drawdowns = drawdowns(&cumulative);
    let months = aggregate(&dates, &returns, |date| (date.year(), date.month()));
    let years = aggregate(&dates, &returns, |date| (date.year(), 1));
    let of = |groups: &[((i32, u32), f64)]| groups.iter().map(|group| group.1).collect::<Vec<_>>();
    let quantiles = [quantiles(&returns), quantiles(&of(&months)), quantiles(&of(&years))];
    let (mean, deviation) = (mean(&returns), deviation(&returns));
    let losses: Vec<f64> = returns.iter().copied().filter(|r| *r < 0.0).collect();
    let count = returns.len() as f64;
    let growth = cumulative.last().map_or(f64::NAN, |last| libm::pow(*last, 1.0 / (count / PERIODS)));
    let series = |values: &[f64]| {
        let points = dates.iter().zip(values).map(|(date, value)| {
            json!([milliseconds(*date), number(if value.is_nan() { 0.0 } else { *value })])
        });
        Value::Array(points.collect())
    };
    json!({
        "equity_curve": series(&values),
        "returns": series(&returns),
        "cum_returns": series(&cumulative),
        "monthly_agg_returns": months.iter().map(|((year, month), r)| json!([[year, month], number(*r)])).collect::<Vec<_>>(),
        "monthly_agg_returns_hc": by_month(&months),
        "yearly_agg_returns": years.iter().map(|((year, _), r)| json!([year, number(*r)])).collect::<Vec<_>>(),
        "yearly_agg_returns_hc": years.iter().map(|(_, r)| number(r * 100.0)).collect::<Vec<_>>(),
        "returns_quantiles": {
            "daily": named(quantiles[0]),
            "monthly": named(quantiles[1]),
            "yearly": named(quantiles[2]),
        },
        "returns_quantiles_hc": quantiles.map(|five| five.map(|value| number(value * 100.0))),
        "drawdowns": series(&drawdowns),
        "max_drawdown": number(drawdowns.iter().copied().fold(f64::NAN, f64::max)),
        "max_drawdown_duration": longest(&drawdowns),
        "mean_returns": number(mean),
        "stdev_returns": number(deviation),
        "cagr": number(growth - 1.0),
        "annualised_vol": number(deviation * PERIODS.sqrt()),
        "sharpe": number(PERIODS.sqrt() * mean / deviation),
        "sortino": number(PERIODS.sqrt() * mean / self::deviation(&losses)),
        "target_allocations": target_allocations(&dates, allocations, series),
    })
}

/// NaN is null and infinities are strings.
fn number(value: f64) -> Value {
    if value.is_infinite() { json!(if value > 0.0 { "Infinity" } else { "-Infinity" }) } else { json!(value) }
}

pub(super) fn returns(equity: &[f64]) -> Vec<f64> {
    let later = equity.windows(2).map(|pair| pair[1] / pair[0] - 1.0);
    std::iter::once(0.0).chain(later.map(|r| if r.is_nan() { 0.0 } else { r })).collect()
}

/// The exponential of the running sum of logarithms, which passes over NaN.
pub(super) fn cumulative(returns: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    let step = |r: &f64| {
        let logarithm = libm::log(1.0 + r);
        if logarithm.is_nan() {
            return f64::NAN;
        }
        sum += logarithm;
        libm::exp(sum)
    };
    returns.iter().map(step).collect()
}

/// The fall from the high-water mark, for which the first point does not count (docs/conventions.md#high_water_start).
fn drawdowns(cumulative: &[f64]) -> Vec<f64> {
    let mut high = 0.0f64;
    let step = |(i, value): (usize, &f64)| {
        if i == 0 {
            return 0.0;
        }
        high = high.max(*value);
        (high - value) / high
    };
    cumulative.iter().enumerate().map(step).collect()
}

fn longest(drawdowns: &[f64]) -> usize {
    drawdowns.split(|drawdown| *drawdown == 0.0).map(<[f64]>::len).max().unwrap_or(0)
}

fn aggregate(
    dates: &[NaiveDate],
    returns: &[f64],
    key: impl Fn(&NaiveDate) -> (i32, u32),
) -> Vec<((i32, u32), f64)> {
    let days: Vec<(NaiveDate, f64)> = dates.iter().copied().zip(returns.iter().copied()).collect();
    days.chunk_by(|a, b| key(&a.0) == key(&b.0))
        .map(|group| {
            let returns: Vec<f64> = group.iter().map(|day| day.1).collect();
            (key(&group[0].0), cumulative(&returns).last().expect("a group has a day") - 1.0)
        })
        .collect()
}

fn by_month(months: &[((i32, u32), f64)]) -> Vec<Value> {
    let mut years: Vec<i32> = months.iter().map(|((year, _), _)| *year).collect();
    years.dedup();
    let mut cells = Vec::new();
    for month in 1..=12 {
        for (index, year) in years.iter().enumerate() {
            if let Some((_, r)) = months.iter().find(|(key, _)| *key == (*year, month)) {
                cells.push(json!([month - 1, index, number(100.0 * r)]));
            }
        }
    }
    cells
}

/// Minimum, lower quartile, median, upper quartile, maximum.
fn quantiles(values: &[f64]) -> [f64; 5] {
    if values.is_empty() || values.iter().any(|value| value.is_nan()) {
        return [f64::NAN; 5];
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len() - 1;
    let quartile = |q: f64| {
        let place = last as f64 * q;
        let below = place.floor() as usize;
        let (t, low, high) = (place - place.floor(), sorted[below], sorted[(below + 1).min(last)]);
        if t < 0.5 { low + (high - low) * t } else { high - (high - low) * (1.0 - t) }
    };
    let middle = sorted.len() / 2;
    let median =
        if sorted.len() % 2 == 1 { sorted[middle] } else { (sorted[middle - 1] + sorted[middle]) / 2.0 };
    [sorted[0], quartile(0.25), median, quartile(0.75), sorted[last]]
}

fn named([min, lq, med, uq, max]: [f64; 5]) -> Value {
    json!({"min": number(min), "lq": number(lq), "med": number(med), "uq": number(uq), "max": number(max)})
}

fn mean(values: &[f64]) -> f64 {
    pairwise_sum(values) / values.len() as f64
}

/// Population standard deviation; NaN of nothing.
fn deviation(values: &[f64]) -> f64 {
    let mean = mean(values);
    let squares: Vec<f64> = values.iter().map(|value| (mean - value) * (mean - value)).collect();
    self::mean(&squares).sqrt()
}

/// One series for each asset, in the order of first appearance. Each day has the whole row of the last rebalance.
fn target_allocations(
    dates: &[NaiveDate],
    allocations: &[(NaiveDate, Vec<(String, f64)>)],
    series: impl Fn(&[f64]) -> Value,
) -> Value {
    let mut assets: Vec<&String> = Vec::new();
    for (asset, _) in allocations.iter().flat_map(|(_, weights)| weights) {
        if !assets.contains(&asset) {
            assets.push(asset);
        }
    }
    let weight = |asset: &String, date: &NaiveDate| {
        let row = allocations.iter().rev().find(|(decided, _)| decided <= date)?;
        row.1.iter().find(|(known, _)| known == asset).map(|(_, weight)| *weight)
    };
    let columns = assets.iter().map(|asset| {
        let weights: Vec<f64> = dates.iter().map(|date| weight(asset, date).unwrap_or(f64::NAN)).collect();
        json!({"name": asset, "data": series(&weights)})
    });
    Value::Array(columns.collect())
}
