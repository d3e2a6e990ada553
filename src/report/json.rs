//! The result of a backtest as JSON: the keys of QSTrader's statistics file in its order, and our own keys after them. See
//! `docs/statistics.md#the-json-file`.

use std::io::{self, Write};

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::allocations::TargetAllocations;
use super::figure_value::FigureValue;
use super::json_number::JsonNumber;
use super::json_rows::{JsonRows, point};
use crate::config::tree::Number;
use crate::market::date::Date;
use crate::stats::aggregate::aggregate;
use crate::stats::curve::{Curve, curve};
use crate::stats::performance::Performance;
use crate::stats::quantiles::five_numbers;
use crate::strategy::definition::Strategy;
use crate::strategy::figures::{self, Account, BENCHMARK_FIGURES, FIGURES};
use crate::strategy::run::{BacktestResult, Benchmark};
use crate::strategy::seal::{RESULTS_REVISION, seal};
use crate::text::number::is_whole;

/// Writes the whole result as one line of JSON, in many small pieces: give it a buffered writer.
///
/// # Errors
/// The writer fails, or the result is that of another strategy.
pub fn write_json(strategy: &Strategy, result: &BacktestResult, writer: impl Write) -> io::Result<()> {
    if seal(strategy, &result.fingerprint) != result.seal {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the result is that of another strategy"));
    }
    let start = strategy.conventions.high_water_start;
    let statistics = |equity: &[f64], performance: &Performance| {
        statistics(result, equity, &curve(equity, start), performance)
    };
    let market = &result.market;
    let fills = result.record.fills.iter().map(|fill| FillRow {
        time: market.date(fill.day).at(fill.phase).to_string(),
        asset: market.symbol(fill.asset),
        quantity: quantity(fill.quantity),
        price: JsonNumber(fill.price),
        commission: JsonNumber(fill.commission),
        cash: JsonNumber(fill.cash),
        kind: fill.kind.name(),
    });
    let pending = result
        .outcome
        .pending
        .iter()
        .map(|order| PendingRow { asset: market.symbol(order.asset), quantity: quantity(order.quantity) });
    let document = ResultDocument {
        strategy: WithAllocations {
            statistics: statistics(&result.equity, &result.performance),
            target_allocations: TargetAllocations::new(
                result,
                strategy.conventions.allocation_date,
                strategy.fill,
            ),
        },
        benchmark: result
            .benchmark
            .as_ref()
            .map(|benchmark| statistics(&benchmark.equity, &benchmark.performance)),
        strategy_name: &strategy.name,
        benchmark_name: result.benchmark.as_ref().map(|benchmark| benchmark.asset.as_str()),
        summary: shared_keys(strategy, result),
        fills: JsonRows(fills),
        pending_orders: JsonRows(pending),
    };
    Ok(serde_json::to_writer(writer, &document)?)
}

/// The figures without the series, as indented JSON.
///
/// # Errors
/// None for the result of a backtest: the signature is that of serde.
pub(crate) fn summary(strategy: &Strategy, result: &BacktestResult) -> Result<String, serde_json::Error> {
    #[derive(Serialize)]
    struct Named<'a> {
        name: &'a str,
        start: String,
        end: String,
        #[serde(flatten)]
        summary: SharedKeys<'a>,
    }
    let date = |date: Option<&Date>| date.map(Date::to_string).unwrap_or_default();
    serde_json::to_string_pretty(&Named {
        name: &strategy.name,
        start: date(result.days().first()),
        end: date(result.days().last()),
        summary: shared_keys(strategy, result),
    })
}

#[derive(Serialize)]
struct ResultDocument<'a, F, P> {
    strategy: WithAllocations<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    benchmark: Option<Statistics>,
    strategy_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    benchmark_name: Option<&'a str>,
    #[serde(flatten)]
    summary: SharedKeys<'a>,
    fills: F,
    pending_orders: P,
}

#[derive(Serialize)]
struct WithAllocations<'a> {
    #[serde(flatten)]
    statistics: Statistics,
    target_allocations: TargetAllocations<'a>,
}

/// The keys that the whole result and the summary share.
#[derive(Serialize)]
struct SharedKeys<'a> {
    parameters: Ordered<&'a str, ParameterValue>,
    metrics: Metrics,
    #[serde(skip_serializing_if = "Option::is_none")]
    benchmark_metrics: Option<Metrics>,
    conventions: Ordered<&'static str, &'static str>,
    provenance: Provenance,
}

/// A JSON object with its keys in the given order.
struct Ordered<K, V>(Vec<(K, V)>);

impl<K: Serialize, V: Serialize> Serialize for Ordered<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        self.0.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
        map.end()
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum ParameterValue {
    Integer(i64),
    Float(JsonNumber),
}

#[derive(Serialize)]
struct FillRow<'a> {
    time: String,
    asset: &'a str,
    quantity: Quantity,
    price: JsonNumber,
    commission: JsonNumber,
    cash: JsonNumber,
    kind: &'static str,
}

#[derive(Serialize)]
struct PendingRow<'a> {
    asset: &'a str,
    quantity: Quantity,
}

/// A number of shares.
#[derive(Serialize)]
#[serde(untagged)]
enum Quantity {
    Whole(i64),
    Fraction(JsonNumber),
}

fn quantity(shares: f64) -> Quantity {
    if is_whole(shares) { Quantity::Whole(shares as i64) } else { Quantity::Fraction(JsonNumber(shares)) }
}

#[derive(Serialize)]
struct Provenance {
    seal: String,
    version: &'static str,
    results_revision: u32,
    data_fingerprint: String,
}

/// A value under `metrics` or `benchmark_metrics`.
#[derive(Serialize)]
#[serde(untagged)]
enum MetricValue {
    Text(String),
    Whole(u64),
    Figure(FigureValue),
}

type Metrics = Ordered<&'static str, MetricValue>;

fn metric(figure: &figures::Figure, value: f64) -> (&'static str, MetricValue) {
    let is_whole = figure.kind.is_whole();
    let value = if is_whole {
        MetricValue::Whole(value as u64)
    } else {
        MetricValue::Figure(FigureValue::new(figure, value))
    };
    (figure.name, value)
}

fn shared_keys<'a>(strategy: &'a Strategy, result: &BacktestResult) -> SharedKeys<'a> {
    let value = |number| match number {
        Number::Integer(value) => ParameterValue::Integer(value),
        Number::Float(value) => ParameterValue::Float(JsonNumber(value)),
    };
    let parameters =
        strategy.parameters.iter().map(|parameter| (parameter.name.as_str(), value(parameter.value)));
    SharedKeys {
        parameters: Ordered(parameters.collect()),
        metrics: metrics(result),
        benchmark_metrics: result.benchmark.as_ref().map(benchmark_metrics),
        conventions: Ordered(strategy.conventions.named()),
        provenance: Provenance {
            seal: result.seal.to_string(),
            version: env!("CARGO_PKG_VERSION"),
            results_revision: RESULTS_REVISION,
            data_fingerprint: result.fingerprint.to_string(),
        },
    }
}

fn curve_metrics(performance: &Performance) -> impl Iterator<Item = (&'static str, MetricValue)> {
    FIGURES.iter().filter_map(|figure| Some(metric(figure, figure.curve_value(performance)?)))
}

fn metrics(result: &BacktestResult) -> Metrics {
    let account = Account::from(result);
    let own = FIGURES.iter().filter_map(|figure| Some(metric(figure, figure.account_value(&account)?)));
    Ordered(curve_metrics(&result.performance).chain(own).collect())
}

fn benchmark_metrics(benchmark: &Benchmark) -> Metrics {
    let asset = ("asset", MetricValue::Text(benchmark.asset.clone()));
    let beside = BENCHMARK_FIGURES.iter().map(|figure| {
        let value = benchmark.relative.and_then(|relative| figure.benchmark_value(&relative));
        metric(figure, value.unwrap_or(f64::NAN))
    });
    Ordered(std::iter::once(asset).chain(curve_metrics(&benchmark.performance)).chain(beside).collect())
}

type Series = Vec<(i64, JsonNumber)>;

/// The statistics of an equity curve, in QSTrader's order.
#[derive(Serialize)]
struct Statistics {
    equity_curve: Series,
    returns: Series,
    cum_returns: Series,
    monthly_agg_returns: Vec<((i32, u32), JsonNumber)>,
    monthly_agg_returns_hc: Vec<(u32, usize, JsonNumber)>,
    yearly_agg_returns: Vec<(i32, JsonNumber)>,
    yearly_agg_returns_hc: Vec<JsonNumber>,
    returns_quantiles: Quantiles,
    returns_quantiles_hc: [[JsonNumber; 5]; 3],
    drawdowns: Series,
    max_drawdown: JsonNumber,
    max_drawdown_duration: usize,
    mean_returns: JsonNumber,
    stdev_returns: JsonNumber,
    cagr: JsonNumber,
    annualised_vol: JsonNumber,
    sharpe: JsonNumber,
    sortino: JsonNumber,
}

#[derive(Serialize)]
struct Quantiles {
    daily: FiveNumbers,
    monthly: FiveNumbers,
    yearly: FiveNumbers,
}

#[derive(Serialize)]
struct FiveNumbers {
    min: JsonNumber,
    lq: JsonNumber,
    med: JsonNumber,
    uq: JsonNumber,
    max: JsonNumber,
}

fn statistics(
    result: &BacktestResult,
    equity: &[f64],
    curve: &Curve,
    performance: &Performance,
) -> Statistics {
    let series = |values: &[f64]| series(&result.dates, values);
    let months: Vec<(i32, u32)> =
        result.period_dates().map(Date::ymd).map(|(year, month, _)| (year, month)).collect();
    let years: Vec<i32> = months.iter().map(|(year, _)| *year).collect();
    let monthly = aggregate(equity, &curve.returns, &months);
    let yearly = aggregate(equity, &curve.returns, &years);
    let values = |groups: &[f64]| five_numbers(groups);
    let quantiles = [
        values(&curve.returns),
        values(&monthly.iter().map(|(_, value)| *value).collect::<Vec<_>>()),
        values(&yearly.iter().map(|(_, value)| *value).collect::<Vec<_>>()),
    ];
    let [daily, of_months, of_years] = quantiles.map(|[min, lq, med, uq, max]| FiveNumbers {
        min: JsonNumber(min),
        lq: JsonNumber(lq),
        med: JsonNumber(med),
        uq: JsonNumber(uq),
        max: JsonNumber(max),
    });
    let year_index = |wanted: i32| yearly.iter().position(|(year, _)| *year == wanted).unwrap_or(0);
    let mut by_month: Vec<(u32, usize, JsonNumber)> = monthly
        .iter()
        .map(|((year, month), value)| (month - 1, year_index(*year), JsonNumber(value * 100.0)))
        .collect();
    by_month.sort_by_key(|(month, year, _)| (*month, *year));
    Statistics {
        equity_curve: series(equity),
        returns: series(&curve.returns),
        cum_returns: series(&curve.cumulative),
        monthly_agg_returns: monthly.iter().map(|(month, value)| (*month, JsonNumber(*value))).collect(),
        monthly_agg_returns_hc: by_month,
        yearly_agg_returns: yearly.iter().map(|(year, value)| (*year, JsonNumber(*value))).collect(),
        yearly_agg_returns_hc: yearly.iter().map(|(_, value)| JsonNumber(value * 100.0)).collect(),
        returns_quantiles: Quantiles { daily, monthly: of_months, yearly: of_years },
        returns_quantiles_hc: quantiles.map(|five| five.map(|value| JsonNumber(value * 100.0))),
        drawdowns: series(&curve.drawdowns),
        max_drawdown: JsonNumber(performance.max_drawdown),
        max_drawdown_duration: performance.max_drawdown_duration,
        mean_returns: JsonNumber(performance.mean_return),
        stdev_returns: JsonNumber(performance.return_deviation),
        cagr: performance.cagr.into(),
        annualised_vol: JsonNumber(performance.annualised_vol),
        sharpe: performance.sharpe.into(),
        sortino: performance.sortino.into(),
    }
}

fn series(dates: &[Date], values: &[f64]) -> Series {
    dates.iter().zip(values).map(|(date, &value)| point(*date, value)).collect()
}
