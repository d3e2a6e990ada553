//! Prepares a strategy: loads its prices, determines members and decisions, and collects notices. Simulates nothing.

use std::fmt;
use std::sync::Arc;

use super::definition::Strategy;
use super::error::BacktestError;
use crate::engine::conventions::{CurveStart, History, SignalReadiness};
use crate::engine::schedule::{Clock, RebalanceSchedule, decisions};
use crate::engine::stage::{CurveDays, Payout, Stage};
use crate::formula::evaluate::{Evaluator, Policy};
use crate::formula::frame::FirstDay;
use crate::formula::kernel::days::Readiness;
use crate::market::columns::{Column, Columns};
use crate::market::date::{Date, Phase};
use crate::market::decisions::Decisions;
use crate::market::input;
use crate::market::load::load;
use crate::market::prices::{AssetId, Market, PriceAdjustment};
use crate::market::universe::{Member, Universe};
use crate::text::quoted::number;

/// If an asset's last bar is more days than this before the end of the backtest, there is a notice.
const STALE_DAYS: i64 = 5;

/// Everything about a strategy that does not depend on the values of its parameters.
#[derive(Debug)]
pub(crate) struct PreparedStrategy {
    /// The prices.
    pub market: Arc<Market>,
    /// The members of the universe.
    pub members: Vec<Member>,
    /// When the strategy decides.
    pub decisions: Decisions,
    /// The days of the backtest.
    pub clock: Clock,
    /// The payouts by day, then by asset.
    pub payouts: Vec<Payout>,
    /// For each asset of the market the first day on which it has ended, if it ends; assets beyond its length never end.
    pub ends: Vec<Option<usize>>,
    /// Hash of the prices.
    pub fingerprint: blake3::Hash,
    /// What the user should know although it is not an error.
    pub notices: Vec<Notice>,
}

/// Something about a backtest that the user should know although it is not an error.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Notice {
    /// An asset joins the universe with its first price, after its entry.
    JoinsLate {
        /// Ticker of the asset.
        asset: String,
        /// Its entry.
        entry: String,
        /// Date of its first bar; `None` if it has no bar, and so never joins.
        first_bar: Option<Date>,
    },
    /// An asset's prices end before the backtest does.
    EndsEarly {
        /// Ticker of the asset.
        asset: String,
        /// Date of its last bar.
        last_bar: Date,
        /// The last day of the backtest.
        end: Date,
    },
    /// An asset leaves the universe after the only decision of buy-and-hold.
    LeavesAfterDecision {
        /// Ticker of the asset.
        asset: String,
        /// The first day on which it is no member.
        date: Date,
    },
    /// The windows of the formula are longer than the backtest.
    WindowExceedsHistory {
        /// Depth of the formula, in closes.
        depth: u64,
        /// Number of days of the backtest.
        days: usize,
    },
    /// The formula gives its first weights after the last decision.
    NeverReady {
        /// Depth of the formula, in closes.
        depth: u64,
    },
    /// The formula does not use a parameter.
    UnusedParameter {
        /// Name of the parameter.
        name: String,
    },
    /// The schedule has no decision in the period.
    NoDecision,
    /// The only decision of buy-and-hold is before the burn-in, so there is none; see `buy_and_hold_event` in
    /// docs/conventions.md.
    BurnInAfterDecision,
    /// There are decisions, but no trades.
    NothingTraded,
    /// Weights with a sum below 1 are scaled up to 1; see `long_only_weights` in docs/conventions.md.
    ScaledUp {
        /// Date of the first such decision.
        date: Date,
        /// The sum of its weights.
        sum: f64,
    },
}

impl fmt::Display for Notice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Notice::JoinsLate { asset, entry, first_bar: Some(first_bar) } => write!(
                formatter,
                "asset '{asset}' joins the universe with its first bar on {first_bar}, not at its entry {entry}"
            ),
            Notice::JoinsLate { asset, entry, first_bar: None } => {
                write!(
                    formatter,
                    "asset '{asset}' never joins the universe (entry {entry}): it has no usable bar"
                )
            }
            Notice::EndsEarly { asset, last_bar, end } => write!(
                formatter,
                "the prices of asset '{asset}' end on {last_bar}; until {end} its last price is used"
            ),
            Notice::LeavesAfterDecision { asset, date } => write!(
                formatter,
                "'{asset}' leaves the universe on {date}, after the only decision: what is held of it stays"
            ),
            Notice::WindowExceedsHistory { depth, days } => write!(
                formatter,
                "the windows of the formula ({depth} days in all) exceed the backtest's {days} weekdays: it may never trade"
            ),
            Notice::NeverReady { depth } => write!(
                formatter,
                "the formula gives weights from the {depth}th close on, and no decision comes that late: nothing is traded"
            ),
            Notice::UnusedParameter { name } => {
                write!(formatter, "the parameter '{name}' is not named in the formula and has no effect")
            }
            Notice::BurnInAfterDecision => write!(
                formatter,
                "buy_and_hold decides at 'period.start', before 'period.burn_in', and so never: leave burn_in out or set \
                 conventions.buy_and_hold_event = \"next_event\""
            ),
            Notice::NothingTraded => {
                write!(formatter, "nothing was traded: every weight was 0 or too small for one share")
            }
            Notice::ScaledUp { date, sum } => write!(
                formatter,
                "the weights of {date} sum to {} and are scaled up to 1, as in QSTrader: to leave the rest in cash set \
                 conventions.long_only_weights = \"rescale_above_one\"",
                number(*sum)
            ),
            Notice::NoDecision => {
                write!(formatter, "the schedule has no decision in the period: the portfolio stays in cash")
            }
        }
    }
}

/// Loads the prices of a strategy and determines its members and decisions.
///
/// # Errors
/// A price file is missing or wrong, or a price that may be needed is zero, negative or infinite.
pub(crate) fn prepare(strategy: &Strategy) -> Result<PreparedStrategy, BacktestError> {
    let symbols = strategy.symbols();
    let named = Column::shown().filter(|column| strategy.uses_series(*column));
    let columns: Columns = named.chain(strategy.adjust.then_some(Column::AdjustedClose)).collect();
    let adjustment = if strategy.adjust { PriceAdjustment::AdjustedClose } else { PriceAdjustment::None };
    let clock = &strategy.clock;
    let end = strategy.period.end.date;
    let source = input::open(&strategy.prices, &symbols)?;
    let (market, fingerprint) = load(&*source, &symbols, columns, clock.calendar.clone(), end, adjustment)?;
    let universe = Universe {
        assets: strategy
            .assets
            .iter()
            .filter_map(|(symbol, tenures)| market.asset(symbol).map(|asset| (asset, tenures.clone())))
            .collect(),
    };
    let members = universe.members(&market, strategy.period.start);
    for (asset, day) in priced_from(strategy, &market, &members) {
        if let Some(untradable) = market.untradable_price(asset, day, Phase::Open) {
            return Err(BacktestError::Prices(format!(
                "{}:{}: the price {} of asset '{}' on {} cannot be traded, expected a positive number",
                source.location(market.symbol(asset)).display(),
                untradable.line,
                number(untradable.price),
                market.symbol(asset),
                market.date(untradable.day)
            )));
        }
    }
    let decisions =
        decisions(strategy.schedule, &strategy.period, clock, strategy.conventions.buy_and_hold_event);
    let notices = notices(strategy, &market, &members, &decisions);
    Ok(PreparedStrategy {
        market: Arc::new(market),
        members,
        decisions,
        clock: clock.clone(),
        payouts: Vec::new(),
        ends: Vec::new(),
        fingerprint,
        notices,
    })
}

impl PreparedStrategy {
    /// What the points of the strategy share.
    pub(crate) fn stage(&self, strategy: &Strategy, evaluator: &Evaluator) -> Stage {
        let idle = strategy.idle.as_deref().and_then(|symbol| self.market.asset(symbol));
        let idle = idle.map(|asset| (asset, self.market.days()));
        let market = Arc::clone(&self.market);
        Stage::new(market, evaluator, self.curve_days(strategy), self.payouts.clone(), idle)
    }

    /// The points of the curve.
    pub(crate) fn curve_days(&self, strategy: &Strategy) -> CurveDays {
        CurveDays {
            first: self.clock.curve_start,
            begins_with_cash: strategy.conventions.curve_start == CurveStart::InitialCash,
        }
    }

    /// An evaluator of the strategy's formulas, which keeps at most `budget_bytes` of signals in memory.
    pub(crate) fn evaluator(&self, strategy: &Strategy, budget_bytes: usize) -> Evaluator {
        let readiness = match strategy.conventions.signal_readiness {
            SignalReadiness::DaysSinceStart => Readiness::Short,
            SignalReadiness::FullWindows => Readiness::Full,
        };
        let first_day = match strategy.conventions.history {
            History::SinceEntry => FirstDay::Entry,
            History::AllBars => FirstDay::Price,
        };
        let policy = Policy {
            when: strategy.when.clone(),
            of_assets: strategy.last_formula().of_assets.clone(),
            only_changes: strategy.schedule == RebalanceSchedule::OnChange,
            // Else idle money would wait for the first weight.
            first_acts: strategy.idle.is_some(),
            ..Policy::new(Arc::clone(&strategy.formula), readiness, first_day)
        };
        let (market, decisions) = (Arc::clone(&self.market), self.decisions.clone());
        Evaluator::new(policy, market, &self.members, &self.ends, decisions, budget_bytes)
    }
}

/// Every asset with the first day on which its price may be needed.
fn priced_from(strategy: &Strategy, market: &Market, members: &[Member]) -> Vec<(AssetId, usize)> {
    let outside = strategy.named_assets();
    let members = members.iter().map(|member| (member.asset, member.first_day().unwrap_or(market.days())));
    members
        .chain(outside.chain(&strategy.benchmark).filter_map(|symbol| Some((market.asset(symbol)?, 0))))
        .collect()
}

/// The number of closes that the last decision knows; `None` without decisions.
fn closes_seen(decisions: &Decisions) -> Option<u64> {
    match decisions {
        Decisions::Closes(days) => days.last().map(|day| u64::from(*day) + 1),
        Decisions::Open(day) => Some(u64::from(*day)),
    }
}

/// Members at the only decision of buy-and-hold that leave after it.
fn leavers(strategy: &Strategy, market: &Market, members: &[Member], decisions: &Decisions) -> Vec<Notice> {
    let decision = match decisions {
        _ if strategy.schedule != RebalanceSchedule::BuyAndHold => None,
        Decisions::Open(day) => Some((*day, Phase::Open)),
        Decisions::Closes(days) => days.first().map(|day| (*day, Phase::Close)),
    };
    let Some((day, phase)) = decision else { return Vec::new() };
    let mut leavers: Vec<(usize, Notice)> = Vec::new();
    for member in members {
        let days = member.spells.iter().map(|spell| match phase {
            Phase::Open => &spell.opens,
            Phase::Close => &spell.closes,
        });
        let exit = days.filter(|days| days.contains(&(day as usize))).map(|days| days.end).next();
        // Not the end of its prices.
        let left = |day: &usize| member.away.iter().any(|away| away.closes.contains(day));
        if let Some(exit) = exit.filter(left) {
            let asset = market.symbol(member.asset).to_owned();
            leavers.push((member.position, Notice::LeavesAfterDecision { asset, date: market.date(exit) }));
        }
    }
    leavers.sort_by_key(|(position, _)| *position);
    leavers.into_iter().map(|(_, notice)| notice).collect()
}

fn notices(strategy: &Strategy, market: &Market, members: &[Member], decisions: &Decisions) -> Vec<Notice> {
    let mut notices = Vec::new();
    let mut waiting: Vec<&Member> = members.iter().filter(|member| member.waits_for_price).collect();
    waiting.sort_by_key(|member| member.position);
    notices.extend(waiting.into_iter().map(|member| {
        Notice::JoinsLate {
            asset: market.symbol(member.asset).to_owned(),
            entry: member.entry.to_string(),
            // A bar after its exit is of no use.
            first_bar: market
                .first_price(member.asset)
                .filter(|_| !member.spells.is_empty() || member.away.is_empty())
                .map(|price| price.date),
        }
    }));
    notices.extend(leavers(strategy, market, members, decisions));
    let last_day = market.days() - 1;
    for (index, symbol) in market.symbols().iter().enumerate() {
        if let Some(last_bar) = market.last_bar(AssetId(index as u32))
            && last_day as i64 - market.calendar().day(last_bar) > STALE_DAYS
        {
            let end = market.date(last_day);
            notices.push(Notice::EndsEarly { asset: symbol.clone(), last_bar, end });
        }
    }
    if strategy.depth > market.days() as u64 {
        notices.push(Notice::WindowExceedsHistory { depth: strategy.depth, days: market.days() });
    } else if strategy.conventions.signal_readiness == SignalReadiness::DaysSinceStart
        && closes_seen(decisions).is_some_and(|closes| closes < strategy.depth)
    {
        notices.push(Notice::NeverReady { depth: strategy.depth });
    }
    for (parameter, used) in strategy.parameters.iter().zip(&strategy.last_formula().uses_parameter) {
        if !used {
            notices.push(Notice::UnusedParameter { name: parameter.name.clone() });
        }
    }
    if decisions.is_empty() {
        let early = strategy.schedule == RebalanceSchedule::BuyAndHold && strategy.period.burn_in.is_some();
        notices.push(if early { Notice::BurnInAfterDecision } else { Notice::NoDecision });
    }
    notices
}
