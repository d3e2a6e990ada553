//! Laws that every backtest obeys, over random strategies: it does not see the future, its cash moves by fills, payouts and
//! interest alone, and no bit depends on how it is computed.
//!
//! `BACKTEST_PROPERTIES` sets how many cases each law is tried on, `BACKTEST_SEED` the first of their seeds.

mod random_case;
pub mod seen;
mod sweeps;

use std::cell::Cell;
use std::path::Path;

use self::random_case::{Case, case};
use self::seen::{Seen, see};
use super::draw::Draw;
use super::support::number;
use crate::engine::account::FillKind;
use crate::engine::conventions::{AfterLastBar, TradingDays};
use crate::engine::interest::{InterestRates, RateSeries};
use crate::engine::schedule::RebalanceSchedule;
use crate::market::date::Date;
use crate::market::prices::AssetId;
use crate::strategy::definition::Strategy;
use crate::strategy::error::BacktestError;

/// Cases that an ordinary run tries each law on.
const CASES: u64 = 250;
/// An asset ends if at least so many sessions come after its last bar.
const SESSIONS_AFTER_END: usize = 6;

/// Cases that each law is tried on.
fn wanted() -> u64 {
    number("BACKTEST_PROPERTIES", CASES)
}

/// Hands random cases to a check until it has said so often that it checked one; those that have no result are passed over.
fn for_cases(check: impl Fn(&Case, &Path, &mut Draw) -> bool) {
    let (first, wanted) = (number("BACKTEST_SEED", 1), wanted());
    let (mut seed, mut checked) = (first, 0);
    while checked < wanted {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let case = case(seed);
        case.write(folder.path());
        checked += u64::from(check(&case, folder.path(), &mut Draw::seeded(!seed)));
        seed += 1;
        assert!(seed - first <= 3 * wanted + 10, "{checked} of {} cases can be checked", seed - first);
    }
}

/// What a case does, with some keys set otherwise. `None` if its files leave it without a member or a day.
fn run(case: &Case, folder: &Path, overrides: &[String]) -> Option<(Strategy, Seen)> {
    match case.strategy(folder, overrides) {
        Ok(strategy) => see(&strategy).ok().map(|seen| (strategy, seen)),
        Err(BacktestError::Universe(_) | BacktestError::NoDay { .. }) => None,
        Err(error) => panic!("seed {}, {overrides:?}: {error}\n{}", case.seed, case.text()),
    }
}

/// Two runs of a case must be the same until a date, and what is settled by a close and seen later until another.
fn check_same(case: &Case, what: &str, runs: [&Seen; 2], last: Date, last_settled: Date) {
    if let Some((one, other)) = runs[0].difference(runs[1], last, last_settled) {
        panic!("seed {}, {what}, until {last}:\n{one}\nor\n{other}\n{}", case.seed, case.text());
    }
}

/// Prices in which everything after a date is another number; rows, dates and empty cells stay.
fn poisoned(case: &Case, last: Date) -> Case {
    let mut case = case.clone();
    for (place, rows) in case.prices.values_mut().enumerate() {
        let after = rows.iter_mut().filter(|row| row.date > last);
        for (number, row) in after.enumerate() {
            let factor = [1.2, 0.9, 1.3, 0.85, 1.05, 0.7][(place + number / 3) % 6];
            row.cells.iter_mut().flatten().for_each(|cell| *cell *= factor);
        }
    }
    case
}

#[test]
fn what_happens_until_a_day_does_not_depend_on_prices_after_it() {
    let changed = Cell::new(0);
    for_cases(|case, folder, draw| {
        let Some((_, honest)) = run(case, folder, &[]) else { return false };
        let Some(before_last) = honest.dates.len().checked_sub(2) else { return false };
        let last = honest.dates[draw.index(0, before_last)];
        let poison = poisoned(case, last);
        poison.write(folder);
        let (_, poisoned) = run(&poison, folder, &[]).expect("the poison is made of good prices");
        check_same(case, "other prices later", [&honest, &poisoned], last, last);
        let end = honest.dates[before_last + 1];
        changed.set(changed.get() + u64::from(honest.difference(&poisoned, end, end).is_some()));
        true
    });
    let cases = wanted();
    assert!(2 * changed.get() > cases, "the poison changes {} of {cases} cases", changed.get());
}

/// The last date until which an earlier end changes nothing. `earlier` is the run that ends earlier.
fn untouched_until(strategy: &Strategy, whole: &Seen, earlier: &Seen) -> Date {
    let end = *earlier.dates.last().expect("a backtest has a day");
    let mut last = end;
    if strategy.conventions.calendar == TradingDays::Sessions {
        // Weekdays after the end count as sessions, which need not be right.
        let unfinished_since = |first: Date, next: Date| (next.0 > end.0 + 1).then(|| Date(first.0 - 1));
        let since = match strategy.schedule {
            RebalanceSchedule::Weekly { .. } => {
                let monday = Date(end.0 - end.weekday() as i32);
                unfinished_since(monday, Date(monday.0 + 7))
            }
            RebalanceSchedule::Numbered { span, number } if number < 0 => {
                let next = (end.0 + 1..).map(Date).find(|date| span.first(*date) != span.first(end));
                unfinished_since(span.first(end), next.expect("spans end"))
            }
            _ => None,
        };
        last = since.map_or(last, |since| last.min(since));
    }
    if strategy.conventions.after_last_bar == AfterLastBar::PaidOut {
        for symbol in strategy.traded() {
            let last_bar = |seen: &Seen| seen.last_bar(symbol);
            let (known, all) = (last_bar(earlier), last_bar(whole));
            let Some(bar) = known else { continue };
            let after = earlier.dates.iter().filter(|date| **date > bar).count();
            // Either it is not known yet that it ends, or a suspension is taken for an end.
            if (all == known) != (after >= SESSIONS_AFTER_END) && after > 0 {
                last = last.min(bar);
            }
        }
    }
    last
}

#[test]
fn an_earlier_end_changes_nothing_that_comes_before_it() {
    let nothing_left = Cell::new(0);
    for_cases(|case, folder, draw| {
        let Some((strategy, whole)) = run(case, folder, &[]) else { return false };
        let end = whole.dates[draw.index(whole.curve_start, whole.dates.len() - 1)];
        let mut known = case.clone();
        if draw.percent(50) {
            // Nor do rows after the end, where there are any before it.
            known.prices.values_mut().for_each(|rows| {
                let count = rows.partition_point(|row| row.date <= end).max(1);
                rows.truncate(count);
            });
            known.write(folder);
        }
        let overrides = [format!("period.end={end}T23:00:00")];
        let Some((shorter, earlier)) = run(&known, folder, &overrides) else { return false };
        if shorter.assets.len() != strategy.assets.len() {
            // A symbol that is a member later alone is left out: its sessions, and that its weight is 0 after an exit.
            return false;
        }
        let last = untouched_until(&strategy, &whole, &earlier);
        nothing_left.set(nothing_left.get() + u64::from(last < whole.dates[0]));
        // Orders for the day after may be dropped there, as prices end.
        check_same(case, "an earlier end", [&whole, &earlier], last, Date(last.0 - 1));
        true
    });
    let (cases, nothing) = (wanted(), nothing_left.get());
    assert!(4 * nothing < cases, "nothing is left to compare in {nothing} of {cases} cases");
}

/// The rate that holds from the close of a day on.
fn rate(series: &RateSeries, day: usize) -> f64 {
    match series {
        RateSeries::Flat(rate) => *rate,
        RateSeries::Daily(rates) => rates[day],
    }
}

/// An account that is kept from the list of fills: cash, and shares in the order in which positions were opened.
struct Kept {
    cash: f64,
    /// Sum of all interest.
    interest: f64,
    held: Vec<(AssetId, f64)>,
}

impl Kept {
    /// Cash after the interest of a day, which rests on the close before.
    fn accrue(&mut self, seen: &Seen, rates: &InterestRates, day: usize) {
        let years = f64::from(seen.dates[day] - seen.dates[day - 1]) / 365.0;
        let earned = match self.cash {
            cash if cash > 0.0 => (cash * rate(&rates.cash, day - 1)) * years,
            cash if cash < 0.0 => (cash * rate(&rates.debit, day - 1)) * years,
            _ => 0.0,
        };
        let mut shorts = 0.0;
        for (asset, quantity) in self.held.iter().filter(|(_, quantity)| *quantity < 0.0) {
            shorts += quantity.abs() * seen.market.close(*asset)[day - 1];
        }
        let paid = (shorts * rate(&rates.borrow, day - 1)) * years;
        self.cash = (self.cash + earned) - paid;
        self.interest = (self.interest + earned) - paid;
    }

    fn trade(&mut self, asset: AssetId, quantity: f64) {
        match self.held.iter_mut().find(|(known, _)| *known == asset) {
            Some((_, held)) => *held += quantity,
            None => self.held.push((asset, quantity)),
        }
        self.held.retain(|(_, quantity)| *quantity != 0.0);
    }

    fn equity(&self, seen: &Seen, day: usize) -> f64 {
        let value = |(asset, quantity): &(AssetId, f64)| quantity * seen.market.close(*asset)[day];
        self.held.iter().fold(0.0, |sum, held| sum + value(held)) + self.cash
    }
}

/// What an account that is kept by hand has met.
#[derive(Default)]
pub struct Met {
    pub payouts: usize,
    /// Days with interest.
    pub bookings: usize,
}

/// Keeps an account from the fills of a backtest that does not fail: cash after every fill and equity at every close must be its
/// own, in every bit.
pub fn keep_account(name: &str, strategy: &Strategy, seen: &Seen) -> Met {
    let (mut met, mut fills) = (Met::default(), seen.fills.iter().peekable());
    let mut kept = Kept { cash: strategy.initial_cash, interest: 0.0, held: Vec::new() };
    let cash_points = seen.equity.len() + seen.curve_start - seen.dates.len();
    assert!(seen.equity[..cash_points].iter().all(|equity| *equity == strategy.initial_cash), "{name}");
    for (day, date) in seen.dates.iter().enumerate().skip(seen.curve_start) {
        if day > seen.curve_start {
            let before = kept.cash;
            kept.accrue(seen, &seen.rates, day);
            met.bookings += usize::from(kept.cash != before);
        }
        while let Some(fill) = fills.next_if(|fill| fill.day <= day) {
            assert_eq!(fill.day, day, "{name}: no fill comes before the curve");
            kept.cash -= fill.price * fill.quantity + fill.commission;
            assert_eq!(fill.cash.to_bits(), kept.cash.to_bits(), "{name}: cash after a fill on {date}");
            kept.trade(fill.asset, fill.quantity);
            met.payouts += usize::from(fill.kind == FillKind::PaidOut);
        }
        let equity = seen.equity[cash_points + day - seen.curve_start];
        assert_eq!(equity.to_bits(), kept.equity(seen, day).to_bits(), "{name}: equity on {date}");
    }
    assert_eq!(fills.next(), None, "{name}: no fill comes after the end");
    assert_eq!(seen.outcome.fills, seen.fills.len() - met.payouts, "{name}: payouts are no trades");
    assert_eq!(seen.outcome.interest.to_bits(), kept.interest.to_bits(), "{name}: the sum of all interest");
    met
}

#[test]
fn equity_is_cash_and_holdings_and_cash_moves_by_fills_payouts_and_interest_alone() {
    let [payouts, bookings] = [const { Cell::new(0) }; 2];
    for_cases(|case, folder, _| {
        let Some((strategy, seen)) = run(case, folder, &[]) else { return false };
        if seen.failure.is_some() {
            return false;
        }
        let met = keep_account(&format!("seed {}\n{}", case.seed, case.text()), &strategy, &seen);
        payouts.set(payouts.get() + met.payouts);
        bookings.set(bookings.get() + met.bookings);
        true
    });
    assert!(payouts.get() > 0 && bookings.get() > 0, "something is paid out, and interest is booked");
}

/// Assets that never join make the blocks in which weights are handed over as small as can be: 64 decisions.
#[test]
fn the_size_of_blocks_changes_no_bit() {
    const OTHERS: usize = 520;
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = folder.path();
    let row = random_case::Row { date: Date::from_ymd(2020, 1, 6).expect("a date"), cells: [Some(1.0); 6] };
    let others: Vec<String> = (0..OTHERS).map(|number| format!("Z{number}")).collect();
    let mut files = case(0);
    files.prices = others.iter().map(|other| (other.clone(), vec![row.clone()])).collect();
    files.write(folder);
    let blocks = Cell::new(0);
    for_cases(|case, _, draw| {
        let Some(assets) = case.value("universe", "assets") else { return false };
        let assets = assets.trim_matches(['[', ']']).to_owned();
        let mut case = case.clone();
        if draw.percent(80) {
            case.set("rebalance", "schedule", draw.pick(&["\"daily\"", "\"on_change\""]));
            ["weekday", "day", "every"].iter().for_each(|key| case.unset("rebalance", key));
        }
        case.write(folder);
        let Some((strategy, narrow)) = run(&case, folder, &[]) else { return false };
        let after_end = Date(strategy.period.end.date.0 + 1);
        let names: String = others.iter().map(|other| format!(", {other:?}")).collect();
        let entries: String = others.iter().map(|other| format!(", {other} = {after_end}")).collect();
        let known = case.value("universe", "entry").unwrap_or("").trim_matches(['{', '}', ' ']);
        let entries = format!("{{ {} }}", format!("{known}{entries}").trim_start_matches(", "));
        case.set("universe", "assets", format!("[{assets}{names}]"));
        case.set("universe", "entry", entries);
        let (_, wide) = run(&case, folder, &[]).expect("assets that never join do no harm");
        blocks.set(blocks.get() + u64::from(narrow.decided > 64));
        let end = *narrow.dates.last().expect("a day");
        check_same(&case, "other blocks", [&narrow, &wide], end, end);
        true
    });
    assert!(4 * blocks.get() > wanted(), "{} of {} cases have several blocks", blocks.get(), wanted());
}
