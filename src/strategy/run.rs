//! Runs a backtest: with everything recorded (curve, figures, decisions, fills, benchmark), or only the figures, for a point
//! of a sweep. Reads no file but the prices.

use std::ops::Range;
use std::sync::Arc;

use super::benchmark::Purchase;
use super::definition::Strategy;
use super::error::BacktestError;
use super::notice::Notice;
use super::prepare::{PreparedStrategy, prepare};
use super::rates::{PreparedRates, RateColumns};
use super::run_notices::{Ran, run_notices};
use super::seal::seal;
use crate::engine::account::FillKind;
use crate::engine::failure::Failure;
use crate::engine::interest::InterestRates;
use crate::engine::journal::{Journal, Record};
use crate::engine::simulate::{Outcome, Workspace, simulate};
use crate::engine::sizing::OrderSizer;
use crate::engine::stage::{CurveDays, Stage};
use crate::engine::terms::{Terms, TradedAssets};
use crate::formula::evaluate::Evaluator;
use crate::formula::evaluation::Scratch;
use crate::formula::operator::Doubt;
use crate::formula::weight_block::WeightBlock;
use crate::market::date::Date;
use crate::market::prices::Market;
use crate::stats::performance::{Performance, performance};
use crate::stats::relative::{Relative, relative};
use crate::stats::rules::Rules;

/// If the signals of a single backtest take more memory than this, they are computed again instead of kept.
pub(crate) const SIGNAL_BUDGET_BYTES: usize = 1 << 30;

/// The result of one backtest.
#[derive(Debug)]
pub struct BacktestResult {
    /// Dates of the points of the curve.
    pub(crate) dates: Vec<Date>,
    /// Equity at each point, in the currency of the prices.
    pub(crate) equity: Vec<f64>,
    /// Points before that of the first day: 1 if the curve begins with the initial cash, else 0.
    pub(crate) cash_points: usize,
    /// Figures of the curve.
    pub(crate) performance: Performance,
    /// Fills, turnover, costs and exposure as the simulation counted them.
    pub(crate) outcome: Outcome,
    /// Turnover per year: traded value over equity, buys and sells added.
    pub(crate) turnover: f64,
    /// Decisions and fills.
    pub(crate) record: Record,
    /// The benchmark, if the strategy names one.
    pub(crate) benchmark: Option<Benchmark>,
    /// The prices.
    pub(crate) market: Arc<Market>,
    /// What the user should know although it is not an error.
    pub(crate) notices: Vec<Notice>,
    /// Hash of the prices.
    pub(crate) fingerprint: blake3::Hash,
    /// Hash of everything that decides the result.
    pub(crate) seal: blake3::Hash,
}

/// Buy-and-hold of one asset over the same days.
#[derive(Debug)]
pub struct Benchmark {
    /// Ticker of the asset.
    pub(crate) asset: String,
    /// Equity at the close of each date of the strategy's curve.
    pub(crate) equity: Vec<f64>,
    /// Figures of this curve.
    pub(crate) performance: Performance,
    /// The strategy compared with the benchmark; `None` for curves of fewer than three points.
    pub(crate) relative: Option<Relative>,
}

impl BacktestResult {
    /// The dates of the equity curve, one a day of the backtest from the burn-in on. Under `curve_start = "initial_cash"` the
    /// calendar date before the first of these days comes first.
    pub fn dates(&self) -> &[Date] {
        &self.dates
    }

    /// The dates of the days of the curve: those of its points, without the date of the initial cash.
    pub(crate) fn days(&self) -> &[Date] {
        &self.dates[self.cash_points..]
    }

    /// For each point of the curve the date whose month and year it belongs to: its own, and for the initial cash that of the
    /// first day, so that the first month and year begin at it.
    pub(crate) fn period_dates(&self) -> impl Iterator<Item = Date> {
        let first = self.days().first().copied().into_iter().take(self.cash_points);
        first.chain(self.days().iter().copied())
    }

    /// The equity at each of these points, in the currency of the prices: the initial cash, or what there is at the close.
    pub fn equity(&self) -> &[f64] {
        &self.equity
    }

    /// The benchmark, if the strategy names one, held over the same dates.
    pub fn benchmark(&self) -> Option<&Benchmark> {
        self.benchmark.as_ref()
    }

    /// What a user should know of the strategy and its prices.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }
}

impl Benchmark {
    /// The ticker.
    pub fn asset(&self) -> &str {
        &self.asset
    }

    /// The equity of holding it at the close of each date of the backtest.
    pub fn equity(&self) -> &[f64] {
        &self.equity
    }
}

/// The figures of one point of a sweep.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PointResult {
    /// Figures of the curve.
    pub performance: Performance,
    /// Fills, turnover, costs and exposure as the simulation counted them.
    pub outcome: Outcome,
    /// Turnover per year: traded value over equity, buys and sells added.
    pub turnover: f64,
}

/// Buffers of one thread, reused for every point that it computes, and the journal of these points.
#[derive(Debug, Default)]
pub(crate) struct PointBuffers<J = ()> {
    scratch: Scratch,
    workspace: Workspace,
    /// Hears the events of every point, but not where one point ends and the next begins.
    pub journal: J,
    /// For each block of returns of the last point, their sum and the sum of their squares.
    pub blocks: Vec<[f64; 2]>,
}

impl<J> PointBuffers<J> {
    /// The equity curve of the last point, one value per day of the curve.
    pub(crate) fn equity(&self) -> &[f64] {
        &self.workspace.equity
    }
}

/// Runs a strategy and records everything.
///
/// # Errors
/// A price file is missing or wrong, a price that is needed is missing or cannot be traded, or the simulation fails.
pub fn run(strategy: &Strategy) -> Result<BacktestResult, BacktestError> {
    let prepared = prepare(strategy)?;
    let evaluator = prepared.evaluator(strategy, SIGNAL_BUDGET_BYTES);
    let stage = prepared.stage(strategy, &evaluator);
    let mut buffers = PointBuffers::<Record>::default();
    let parameters = strategy.parameter_values();
    let PointBuffers { scratch, workspace, journal: record, .. } = &mut buffers;
    let weights = |block: Range<usize>, out: &mut WeightBlock| {
        evaluator.decide(&parameters, strategy.depth, block, scratch, out);
    };
    let rates = PreparedRates::new(&strategy.rates);
    let rates = rates.at(&parameters, &evaluator, &stage, &RateColumns::default())?;
    let outcome = simulate(&stage, &strategy.terms(), &rates, weights, workspace, record)?;
    let dates: Vec<Date> = (0..stage.points()).map(|point| stage.point_date(point)).collect();
    let PointResult { performance, outcome, turnover } =
        point_result(&stage, &strategy.rules(), workspace, outcome, &mut Vec::new());
    let (equity, record) = (std::mem::take(&mut workspace.equity), std::mem::take(record));
    let benchmark = match &strategy.benchmark {
        Some(asset) => Some(benchmark(strategy, &stage, &rates, asset, &equity)?),
        None => None,
    };
    let seal = seal(strategy, &prepared.fingerprint);
    let doubts = doubtful_weights(&evaluator, |day| prepared.market.date(day));
    drop(evaluator);
    let decisions = prepared.decisions.len();
    let PreparedStrategy { market, mut notices, fingerprint, .. } = prepared;
    tell_payouts(&mut notices, &record, &market);
    notices.extend(doubts);
    let ran =
        Ran { strategy, decisions, market: &market, record: &record, outcome: &outcome, equity: &equity };
    notices.extend(run_notices(&ran, &performance));
    Ok(BacktestResult {
        dates,
        equity,
        cash_points: stage.cash_points,
        performance,
        outcome,
        turnover,
        record,
        benchmark,
        market,
        notices,
        fingerprint,
        seal,
    })
}

/// What was doubtful about weights from returns, of what has been evaluated; `date` gives that of a day.
pub(crate) fn doubtful_weights(evaluator: &Evaluator, date: impl Fn(usize) -> Date) -> Vec<Notice> {
    let doubts = evaluator.doubts().into_iter();
    doubts
        .map(|(operator, day, doubt)| match doubt {
            Doubt::FewDays { days, assets } => Notice::FewDays { operator, days, assets },
            Doubt::Unsettled { apart } => Notice::Unsettled { operator, date: date(day), apart },
        })
        .collect()
}

/// What the values of the parameters decide, besides the weights.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Point<'p> {
    /// The values, which [`Evaluator::depth`] has accepted.
    pub parameters: &'p [f64],
    /// The depth with them.
    pub depth: u64,
    /// The rates of interest with them.
    pub rates: &'p InterestRates,
}

/// Runs one point of a prepared strategy and leaves its curve in the buffers, without any figure.
///
/// # Errors
/// The [`Failure`] of the simulation.
pub(crate) fn run_curve<J: Journal>(
    stage: &Stage,
    evaluator: &Evaluator,
    point: Point,
    terms: &Terms,
    buffers: &mut PointBuffers<J>,
) -> Result<Outcome, Failure> {
    let PointBuffers { scratch, workspace, journal, .. } = buffers;
    let weights = |block: Range<usize>, out: &mut WeightBlock| {
        evaluator.decide(point.parameters, point.depth, block, scratch, out);
    };
    simulate(stage, terms, point.rates, weights, workspace, journal)
}

/// Runs one point of a prepared strategy and keeps only its figures.
///
/// # Errors
/// The [`Failure`] of the simulation.
pub(crate) fn run_point<J: Journal>(
    stage: &Stage,
    evaluator: &Evaluator,
    point: Point,
    terms: &Terms,
    rules: &Rules,
    buffers: &mut PointBuffers<J>,
) -> Result<PointResult, Failure> {
    let outcome = run_curve(stage, evaluator, point, terms, buffers)?;
    Ok(point_result(stage, rules, &buffers.workspace, outcome, &mut buffers.blocks))
}

/// The figures of the curve that a simulation has left behind. `blocks` is left with the sums of its returns over blocks.
fn point_result(
    stage: &Stage,
    rules: &Rules,
    workspace: &Workspace,
    outcome: Outcome,
    blocks: &mut Vec<[f64; 2]>,
) -> PointResult {
    let Workspace { equity, active, .. } = workspace;
    let calendar_days = stage.calendar_days();
    let performance = performance(equity, active, calendar_days, rules, blocks);
    let ruined_on = performance.ruined_at.map(|point| stage.point_date(point));
    let turnover = annual_turnover(&outcome, equity.len(), stage.curve_days(), calendar_days, rules);
    PointResult { performance, outcome: Outcome { ruined_on, ..outcome }, turnover }
}

/// Completes the notices about assets whose prices end by what positions in them became.
fn tell_payouts(notices: &mut [Notice], record: &Record, market: &Market) {
    for fill in record.fills.iter().filter(|fill| fill.kind == FillKind::PaidOut) {
        for notice in &mut *notices {
            if let Notice::Ends { asset, paid_out, .. } = notice
                && *asset == market.symbol(fill.asset)
            {
                *paid_out = Some((market.date(fill.day), fill.price));
            }
        }
    }
}

/// Mean over the days of a curve of traded value over equity, times the number of periods per year; 0 without a year.
pub(super) fn annual_turnover(
    outcome: &Outcome,
    points: usize,
    days: usize,
    calendar_days: f64,
    rules: &Rules,
) -> f64 {
    let (years, periods_per_year) = rules.years(points, calendar_days);
    let has_length = years > 0.0 && periods_per_year.is_finite();
    outcome.turnover / days as f64 * if has_length { periods_per_year } else { 0.0 }
}

/// Buys one asset as early as its [`Purchase`] says, with the strategy's cash, cash buffer, costs and rates, and holds it until
/// its prices end. `equity` is the strategy's curve, which is compared with this one.
///
/// # Errors
/// The asset cannot be bought within the curve, or the simulation fails.
pub(crate) fn benchmark(
    strategy: &Strategy,
    stage: &Stage,
    rates: &InterestRates,
    asset: &str,
    equity: &[f64],
) -> Result<Benchmark, BacktestError> {
    let curve = CurveDays { first: stage.curve_start, begins_with_cash: stage.cash_points > 0 };
    let purchase = Purchase::new(strategy, &stage.market, asset, curve.first)?;
    let (decisions, fill) = purchase.decision();
    let payouts = purchase.payout.into_iter().collect();
    let stage = Stage::with_one_asset(Arc::clone(&stage.market), purchase.asset, decisions, curve, payouts);
    let mut terms = Terms { fill, band: None, trade: TradedAssets::All, ..strategy.terms() };
    if let OrderSizer::LongShort { .. } = terms.sizing.sizer {
        terms.sizing.sizer = OrderSizer::LongOnly { cash_buffer: 0.0 };
    }
    let mut workspace = Workspace::default();
    let everything = |block: Range<usize>, out: &mut WeightBlock| {
        out.fill(block.len(), |weights| *weights = vec![1.0; block.len()]);
    };
    simulate(&stage, &terms, rates, everything, &mut workspace, &mut ())
        .map_err(|failure| BacktestError::Prices(format!("the benchmark '{asset}': {failure}")))?;
    let rules = strategy.rules();
    let calendar_days = stage.calendar_days();
    let performance =
        performance(&workspace.equity, &workspace.active, calendar_days, &rules, &mut Vec::new());
    let returns =
        |equity: &[f64]| equity.array_windows().map(|[from, to]| to / from - 1.0).collect::<Vec<_>>();
    let (_, periods_per_year) = rules.years(equity.len(), calendar_days);
    let relative =
        relative(&returns(equity), &returns(&workspace.equity), strategy.risk_free, periods_per_year);
    Ok(Benchmark { asset: asset.to_owned(), equity: workspace.equity, performance, relative })
}
