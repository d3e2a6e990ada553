//! Prepares a strategy: loads its prices and other numbers, determines members and decisions, and collects notices. Simulates
//! nothing.

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::benchmark::Purchase;
use super::definition::{Groups, Strategy};
use super::ends::{cut, end_of, payout};
use super::error::BacktestError;
use super::notice::Notice;
use super::price_notices::PricedStrategy;
use crate::engine::conventions::{
    Conventions, CurveStart, FillWithoutBar, History, NamedChoice, SignalReadiness, TradingDays,
};
use crate::engine::schedule::{Clock, Period, RebalanceSchedule, decisions};
use crate::engine::stage::{CurveDays, Payout, Stage};
use crate::engine::terms::FillEvent;
use crate::formula::evaluate::{Evaluator, Policy};
use crate::formula::frame::FirstDay;
use crate::formula::kernel::days::Readiness;
use crate::market::calendar::Span;
use crate::market::columns::{Column, Columns};
use crate::market::date::Phase;
use crate::market::decisions::Decisions;
use crate::market::fingerprint::with_numbers;
use crate::market::input;
use crate::market::input::source::Source;
use crate::market::load::{Reading, load};
use crate::market::numbers::declaration::Timing;
use crate::market::numbers::file_column::FileColumn;
use crate::market::numbers::files::NumberFiles;
use crate::market::numbers::load::{Loaded, Wanted, load as load_numbers};
use crate::market::prices::{AssetId, Market, PriceAdjustment};
use crate::market::universe::{Member, Universe};
use crate::text::quoted::number;

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
    /// For each asset the day at which its prices have ended, so that it is no member and gets no weight from then on; 0 if
    /// they ended before the first day. `None` for an asset that is not traded, or whose prices do not end.
    pub ends: Vec<Option<usize>>,
    /// The payouts by day, then by asset.
    pub payouts: Vec<Payout>,
    /// Hash of the prices.
    pub fingerprint: blake3::Hash,
    /// What the user should know although it is not an error.
    pub notices: Vec<Notice>,
}

/// Loads the prices of a strategy and determines its members and decisions.
///
/// # Errors
/// A price file, or a file of other numbers, is missing or wrong; a price that may be needed is zero, negative or infinite; no
/// traded asset has a bar in the period, or none from the burn-in on.
pub(crate) fn prepare(strategy: &Strategy) -> Result<PreparedStrategy, BacktestError> {
    prepare_with(strategy, strategy, &NumberFiles::default())
}

/// [`prepare`], with files of numbers that may have been read before.
///
/// # Errors
/// Those of [`prepare`].
pub(crate) fn prepare_from(
    strategy: &Strategy,
    files: &NumberFiles,
) -> Result<PreparedStrategy, BacktestError> {
    prepare_with(strategy, strategy, files)
}

/// [`prepare`] in the days of another strategy, which differs in its formulas alone: among sessions those on which an asset has
/// a bar that this one may trade. Its assets are loaded too.
///
/// # Errors
/// Those of [`prepare`].
pub(crate) fn prepare_in_days_of(
    other: &Strategy,
    strategy: &Strategy,
) -> Result<PreparedStrategy, BacktestError> {
    prepare_with(other, strategy, &NumberFiles::default())
}

fn prepare_with(
    other: &Strategy,
    strategy: &Strategy,
    files: &NumberFiles,
) -> Result<PreparedStrategy, BacktestError> {
    let symbols = symbols_with(strategy, other);
    let named = Column::shown().filter(|column| strategy.uses_series(*column));
    let columns: Columns = named.chain(strategy.adjust.then_some(Column::AdjustedClose)).collect();
    let adjustment = if strategy.adjust { PriceAdjustment::AdjustedClose } else { PriceAdjustment::None };
    let source = input::open(&strategy.prices, &symbols)?;
    let end = strategy.period.end.date;
    let conventions = &strategy.conventions;
    let keeps_bar_days =
        conventions.calendar == TradingDays::Sessions || conventions.fill_without_bar == FillWithoutBar::Wait;
    let reading = Reading { source: &*source, symbols: &symbols, columns, adjustment, end, keeps_bar_days };
    let (market, fingerprint, clock) = load_days(other, reading)?;
    let (market, fingerprint, of_columns) = load_columns(strategy, files, market, fingerprint)?;
    let mut prepared = PreparedStrategy::in_market(strategy, market, clock, fingerprint);
    prepared.refuse_untradable(strategy, &*source)?;
    prepared.notices = prepared.find_notices(strategy);
    prepared.notices.extend(of_columns);
    Ok(prepared)
}

/// The symbols of the assets of a strategy and of those that another may trade, sorted, without duplicates.
fn symbols_with(strategy: &Strategy, other: &Strategy) -> Vec<String> {
    let mut symbols = strategy.symbols();
    symbols.extend(other.traded().cloned());
    symbols.sort();
    symbols.dedup();
    symbols
}

/// Loads the prices over the days of the backtest: all weekdays, or the dates of the period on which a traded asset has a bar.
fn load_days(strategy: &Strategy, reading: Reading) -> Result<(Market, blake3::Hash, Clock), BacktestError> {
    let Conventions { calendar, first_day, last_day, .. } = strategy.conventions;
    let period = &strategy.period;
    if calendar == TradingDays::Weekdays {
        let clock = Clock::weekdays(period, first_day, last_day);
        let (market, fingerprint) = load(&reading, clock.calendar.clone())?;
        return Ok((market, fingerprint, clock));
    }
    let listed = reading.list()?;
    let dates = Span::Year.first(period.start.date)..period.dates(first_day, last_day).end;
    let dates = listed.dates(&strategy.traded().collect(), dates);
    let clock = Clock::sessions(period, first_day, last_day, dates).ok_or_else(|| {
        let Period { start, end, .. } = period;
        no_day(format!("no traded asset has a bar between {} and {}", start.date, end.date))
    })?;
    let days = clock.calendar.days();
    if let Some(burn_in) = period.burn_in.filter(|_| clock.curve_start == days) {
        return Err(no_day(format!(
            "no traded asset has a bar between 'period.burn_in' {} and 'period.end' {}: the last session is {}",
            burn_in.date,
            period.end.date,
            clock.calendar.date(days - 1)
        )));
    }
    let (market, fingerprint) = listed.market(clock.calendar.clone())?;
    Ok((market, fingerprint, clock))
}

/// Adds the columns of numbers from files to a market and to its fingerprint, with notices about what each rests on.
fn load_columns(
    strategy: &Strategy,
    files: &NumberFiles,
    market: Market,
    fingerprint: blake3::Hash,
) -> Result<(Market, blake3::Hash, Vec<Notice>), BacktestError> {
    let (symbols, calendar, end) = (market.symbols(), market.calendar(), strategy.period.end.date);
    let is_used = |index| strategy.uses_column(index);
    let loaded = load_numbers(&strategy.columns, is_used, files, Wanted { symbols, calendar, end })?;
    let named: HashSet<&String> = strategy.formula_assets().collect();
    let (mut columns, mut hashes, mut notices) = (Vec::new(), Vec::new(), Vec::new());
    for (declaration, loaded) in strategy.columns.iter().zip(loaded) {
        let Some(Loaded { column, hash, without }) = loaded else {
            columns.push(FileColumn::default());
            notices.push(Notice::UnusedColumn { name: declaration.name.clone() });
            continue;
        };
        columns.push(column);
        hashes.push(hash);
        let column = declaration.name.clone();
        notices.push(match declaration.timing {
            Timing::After { lag, .. } => Notice::NumbersKnown { column, lag },
            Timing::Ahead { known } => Notice::DatesKnown { column, known },
        });
        let without = without.iter().map(|&asset| &symbols[asset]).filter(|symbol| named.contains(symbol));
        let assets: Vec<String> = without.cloned().collect();
        if !assets.is_empty() {
            let (column, what) = (declaration.name.clone(), declaration.noun());
            notices.push(Notice::WithoutNumbers { column, what, assets });
        }
    }
    let fingerprint = with_numbers(fingerprint, hashes);
    Ok((market.with_file_columns(columns), fingerprint, notices))
}

/// The assets of a market that a strategy may trade, in the order of their identifiers.
pub(crate) fn traded_assets(strategy: &Strategy, market: &Market) -> BTreeSet<AssetId> {
    strategy.traded().filter_map(|symbol| market.asset(symbol)).collect()
}

fn no_day(message: String) -> BacktestError {
    BacktestError::NoDay { file: None, message }
}

/// The number of the group of each asset of a market; NaN for an asset in none.
fn group_numbers(groups: &Groups, market: &Market) -> Vec<f64> {
    let number = |symbol: &String| groups.number_of(symbol).map_or(f64::NAN, |number| number as f64);
    market.symbols().iter().map(number).collect()
}

/// The payouts of the traded assets whose prices end after the first day of the curve, by day, then by asset. Before it nothing
/// is held.
fn payouts(strategy: &Strategy, market: &Market, ends: &[Option<usize>], curve_start: usize) -> Vec<Payout> {
    let ends = (0..).map(AssetId).zip(ends).filter_map(|(asset, end)| Some((asset, (*end)?)));
    let held = ends.filter(|(_, day)| *day > curve_start);
    let mut payouts: Vec<Payout> =
        held.filter_map(|(asset, day)| payout(strategy, market, asset, day)).collect();
    payouts.sort_by_key(|payout| (payout.day, payout.asset));
    payouts
}

impl PreparedStrategy {
    /// A strategy in a market with its assets over the days of its backtest: who belongs to the universe and when, whose prices
    /// end, when it decides. Nothing is refused and no notice is written.
    pub(crate) fn in_market(
        strategy: &Strategy,
        market: Market,
        clock: Clock,
        fingerprint: blake3::Hash,
    ) -> PreparedStrategy {
        let universe = Universe {
            assets: strategy
                .assets
                .iter()
                .filter_map(|(symbol, tenures)| market.asset(symbol).map(|asset| (asset, tenures.clone())))
                .collect(),
        };
        let mut ends = vec![None; market.symbols().len()];
        for asset in traded_assets(strategy, &market) {
            ends[asset.0 as usize] = end_of(strategy, &market, asset);
        }
        let mut members = universe.members(&market, strategy.period.start);
        cut(&mut members, &ends);
        let payouts = payouts(strategy, &market, &ends, clock.curve_start);
        let buy_and_hold_event = strategy.conventions.buy_and_hold_event;
        let decisions =
            decisions(strategy.schedule, &strategy.period, &clock, buy_and_hold_event, strategy.fill);
        let (market, notices) = (Arc::new(market), Vec::new());
        PreparedStrategy { market, members, decisions, clock, ends, payouts, fingerprint, notices }
    }

    /// What the points of the strategy share.
    pub(crate) fn stage(&self, strategy: &Strategy, evaluator: &Evaluator) -> Stage {
        let idle = strategy.idle.as_deref().and_then(|symbol| self.market.asset(symbol));
        let idle = idle.map(|asset| (asset, self.ends[asset.0 as usize].unwrap_or(self.market.days())));
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
        self.evaluator_at(self.decisions.clone(), strategy, budget_bytes)
    }

    /// [`PreparedStrategy::evaluator`] for other decisions than those of the strategy.
    pub(crate) fn evaluator_at(
        &self,
        decisions: Decisions,
        strategy: &Strategy,
        budget_bytes: usize,
    ) -> Evaluator {
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
            groups: strategy.groups.iter().map(|groups| group_numbers(groups, &self.market)).collect(),
            ..Policy::new(Arc::clone(&strategy.formula), readiness, first_day)
        };
        let market = Arc::clone(&self.market);
        Evaluator::new(policy, market, &self.members, &self.ends, decisions, budget_bytes)
    }
}

impl PreparedStrategy {
    /// Refuses prices that may be needed and cannot be traded.
    fn refuse_untradable(&self, strategy: &Strategy, source: &dyn Source) -> Result<(), BacktestError> {
        let market = &self.market;
        for (asset, days) in self.priced_days(strategy) {
            let first = market.untradable_price(asset, days.start, Phase::Open);
            if let Some(untradable) = first.filter(|price| price.day < days.end) {
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
        Ok(())
    }

    /// Assets with the days on which their prices may be traded; what `of` alone names is never traded, and may be an index or
    /// a spread at or below 0. The day after the prices of an asset end counts as well, unless the strategy states a final
    /// price: it shows the last close, at which the asset is paid out.
    fn priced_days(&self, strategy: &Strategy) -> Vec<(AssetId, Range<usize>)> {
        let days = self.market.days();
        let final_prices: HashSet<&str> =
            strategy.final_prices.iter().map(|(symbol, _)| symbol.as_str()).collect();
        let until = |asset: AssetId, end: Option<usize>| {
            let has_final = final_prices.contains(self.market.symbol(asset));
            end.map_or(days, |end| if has_final { end } else { (end + 1).min(days) })
        };
        let until_end = |asset: AssetId| until(asset, self.ends[asset.0 as usize]);
        let joins = |member: &Member| match strategy.conventions.history {
            History::SinceEntry => member.first_day().unwrap_or(days),
            History::AllBars => member.first_day().map_or(days, |_| 0),
        };
        let members =
            self.members.iter().map(|member| (member.asset, joins(member)..until_end(member.asset)));
        let asset = |symbol: &String| self.market.asset(symbol);
        let named = strategy.formula.fixed_assets.iter().chain(&strategy.idle).filter_map(asset);
        let benchmark = strategy.benchmark.iter().filter_map(asset);
        members
            .chain(named.map(|asset| (asset, 0..until_end(asset))))
            .chain(benchmark.map(|asset| (asset, 0..until(asset, end_of(strategy, &self.market, asset)))))
            .collect()
    }

    /// What a user should know before anything is simulated.
    fn find_notices(&self, strategy: &Strategy) -> Vec<Notice> {
        let (market, members, ends) = (&*self.market, &*self.members, &*self.ends);
        let curve_start = self.clock.curve_start;
        let mut notices =
            PricedStrategy { strategy, market, members, ends, decisions: &self.decisions }.notices();
        if let Some(symbol) = &strategy.benchmark
            && let Ok(purchase) = Purchase::new(strategy, market, symbol, curve_start)
        {
            notices.extend(purchase.notices(market, curve_start));
        }
        let (depth, days) = (strategy.depth, market.days());
        if depth > days as u64 {
            let unit = strategy.conventions.calendar.name();
            notices.push(Notice::WindowExceedsHistory { depth, days, unit });
        } else if strategy.conventions.signal_readiness == SignalReadiness::DaysSinceStart
            && closes_seen(&self.decisions).is_some_and(|closes| closes < depth)
        {
            notices.push(Notice::NeverReady { depth });
        }
        for (parameter, used) in strategy.parameters.iter().zip(&strategy.last_formula().uses_parameter) {
            if !used {
                notices.push(Notice::UnusedParameter { name: parameter.name.clone() });
            }
        }
        notices.extend(names_notices(strategy));
        if self.decisions.is_empty() {
            let early =
                strategy.schedule == RebalanceSchedule::BuyAndHold && strategy.period.burn_in.is_some();
            notices.push(if early { Notice::BurnInAfterDecision } else { Notice::NoDecision });
        }
        if strategy.fill == FillEvent::SameClose {
            notices.push(Notice::SameClose);
        }
        notices
    }
}

/// What is to be said of signals and groups.
fn names_notices(strategy: &Strategy) -> Vec<Notice> {
    let unused = strategy.signals.iter().filter(|signal| !signal.is_used);
    let mut notices: Vec<Notice> =
        unused.map(|signal| Notice::UnusedSignal { name: signal.name.clone() }).collect();
    let hint = |(part, text): &(String, String)| Notice::Hint { part: part.clone(), text: text.clone() };
    notices.extend(strategy.hints.iter().map(hint));
    for groups in strategy.used_groups() {
        let symbols = strategy.assets.iter().map(|(symbol, _)| symbol);
        let assets: Vec<String> =
            symbols.filter(|symbol| groups.number_of(symbol).is_none()).cloned().collect();
        if !assets.is_empty() {
            notices.push(Notice::InNoGroup { groups: groups.name.clone(), assets });
        }
    }
    notices
}

/// The number of closes that the last decision knows; `None` without decisions.
fn closes_seen(decisions: &Decisions) -> Option<u64> {
    match decisions {
        Decisions::Closes(days) => days.last().map(|day| u64::from(*day) + 1),
        Decisions::Open(day) => Some(u64::from(*day)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::date::{Date, Instant};
    use crate::strategy::testing::strategy;

    const SOUND: &str = "conventions = \"sound\"\nuniverse = { assets = [\"A\", \"B\"], benchmark = \"C\" }";

    /// Some rows, on the first of which an asset has no price of its own.
    const FILES: [(&str, &str); 3] = [
        ("A", "2022-12-30,1,1\n2023-01-03,,\n2023-01-05,2,2\n2023-01-07,3,\n2023-01-12,4,4\n"),
        ("B", "2022-06-01,5,5\n2023-01-02,,6\n2023-01-04,7,7\n"),
        ("C", "2023-01-02,1,1\n2023-01-06,1,1\n2023-01-13,1,1\n"),
    ];

    #[test]
    fn sessions_are_the_dates_of_traded_bars() {
        let (_folder, strategy) = strategy(SOUND, &FILES);
        let prepared = prepare(&strategy).unwrap();
        let dates: Vec<String> = prepared.market.calendar().dates().map(|date| date.to_string()).collect();
        assert_eq!(dates, ["2023-01-02", "2023-01-04", "2023-01-05", "2023-01-07", "2023-01-12"]);
        let asset = |symbol| prepared.market.asset(symbol).unwrap();
        assert_eq!(prepared.market.open(asset("A")), [1.0, 1.0, 2.0, 3.0, 4.0]);
        assert_eq!(prepared.market.close(asset("B")), [6.0, 7.0, 7.0, 7.0, 7.0]);
        // The fingerprint does not depend on the calendar.
        let mut weekdays = strategy.clone();
        weekdays.conventions.calendar = TradingDays::Weekdays;
        assert_eq!(prepare(&weekdays).unwrap().fingerprint, prepared.fingerprint);
    }

    #[test]
    fn without_a_session_there_is_no_backtest() {
        let (_folder, mut strategy) = strategy(SOUND, &FILES);
        let date = |text: &str| Date::parse(text.as_bytes()).unwrap();
        strategy.period.burn_in = Some(Instant::midnight(date("2023-01-13")));
        let error = prepare(&strategy).unwrap_err().to_string();
        assert!(
            error.contains("'period.burn_in'") && error.ends_with("the last session is 2023-01-12"),
            "{error}"
        );
        strategy.period.start = date("2023-01-13").at(Phase::Open);
        let error = prepare(&strategy).unwrap_err().to_string();
        assert!(error.starts_with("no traded asset has a bar between 2023-01-13 and "), "{error}");
    }

    #[test]
    fn prices_end_six_sessions_before_the_end() {
        let days = [2, 3, 4, 5, 6, 9, 10, 11, 12, 13];
        let rows =
            |days: &[u32]| days.iter().map(|day| format!("2023-01-{day:02},2,3\n")).collect::<String>();
        let keys = "conventions = \"sound\"\nuniverse = { assets = [\"A\", \"B\", \"C\", \"D\"] }";
        let files = [
            ("A", rows(&days)),
            ("B", rows(&days[..4])),
            ("C", rows(&days[..5])),
            ("D", "2022-12-30,8,9\n".to_owned()),
        ];
        let (_folder, mut strategy) = strategy(keys, &files.each_ref().map(|(name, rows)| (*name, &**rows)));
        let prepared = prepare(&strategy).unwrap();
        assert_eq!(prepared.ends, [None, Some(4), None, Some(0)]);
        let payout = Payout { day: 4, asset: AssetId(1), price: 3.0 };
        assert_eq!(prepared.payouts, [payout], "who ended before the first session is never held");
        let spells = |asset| {
            prepared.members.iter().find(|member| member.asset == AssetId(asset)).unwrap().spells.len()
        };
        assert_eq!([0, 1, 2, 3].map(spells), [1, 1, 1, 0]);
        strategy.final_prices = vec![("B".to_owned(), 0.0)];
        assert_eq!(prepare(&strategy).unwrap().payouts, [Payout { price: 0.0, ..payout }]);
        strategy.conventions = Conventions::QSTRADER;
        let prepared = prepare(&strategy).unwrap();
        assert!(prepared.payouts.is_empty() && prepared.ends.iter().all(Option::is_none));
    }

    #[test]
    fn a_price_after_the_end_may_be_anything() {
        let keys = "conventions = { preset = \"sound\", calendar = \"weekdays\" }\nuniverse = { assets = [\"A\", \"B\"] }";
        let whole: String = (2..14).map(|day| format!("2023-01-{day:02},2,3\n")).collect();
        // The last row, on a Saturday, shows its price on Monday, when the asset is paid out.
        let files = [("A", &*whole), ("B", "2022-12-30,1,1\n2022-12-31,0,0\n")];
        let (_folder, strategy) = strategy(keys, &files);
        assert_eq!(prepare(&strategy).map(|prepared| prepared.ends).unwrap(), [None, Some(0)]);
        let files = [("A", &*whole), ("B", "2023-01-02,1,1\n2023-01-03,0,0\n")];
        let (_folder, mut strategy) = crate::strategy::testing::strategy(keys, &files);
        let error = prepare(&strategy).unwrap_err().to_string();
        assert!(error.contains("B.csv:3: the price 0 of asset 'B' on 2023-01-03"), "{error}");
        strategy.period.end = Date::parse(b"2023-01-02").unwrap().at(Phase::Close);
        assert!(prepare(&strategy).is_ok());
    }
}
