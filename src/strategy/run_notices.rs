//! What a user should know once a backtest has run, although it is no error.

use super::definition::{Rate, Strategy};
use super::notice::Notice;
use crate::engine::journal::Record;
use crate::engine::simulate::Outcome;
use crate::engine::sizing::Sizing;
use crate::market::prices::Market;
use crate::stats::noise::{is_noise, mean_size};
use crate::stats::performance::Performance;

/// Cash above this is not said to be below zero: sums of money are rounded.
pub(crate) const CASH_LEAST: f64 = -0.01;

/// A backtest that has run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ran<'r> {
    /// The strategy.
    pub strategy: &'r Strategy,
    /// The prices.
    pub market: &'r Market,
    /// What the simulation reported.
    pub record: &'r Record,
    /// What it counted.
    pub outcome: &'r Outcome,
    /// Number of closes of the schedule.
    pub decisions: usize,
    /// The curve.
    pub equity: &'r [f64],
}

/// The notices about a run with these figures.
pub(super) fn run_notices(ran: &Ran, performance: &Performance) -> Vec<Notice> {
    let Ran { strategy, decisions, market, record, outcome, equity } = *ran;
    let nothing_traded = record.fills.is_empty() && !record.decisions.is_empty();
    let never_holds = strategy.when.is_some() && decisions > 0 && record.decisions.is_empty();
    let ruined = outcome.ruined_on.zip(performance.ruined_at);
    let scaled = scaled_up(&strategy.terms().sizing, record, market);
    let some = [
        ruined.map(|(date, point)| Notice::Ruined { date, equity: equity[point] }),
        nothing_traded.then_some(Notice::NothingTraded),
        never_holds.then_some(Notice::WhenNeverHolds),
        scaled,
        below_zero(record, market, matches!(strategy.rates.debit, Rate::Number(0.0))),
        waited(record, market),
        within_band(record),
        rounding(equity, performance),
    ];
    some.into_iter().flatten().collect()
}

/// The first decision whose weights are scaled up. `None` if there is no such decision, or if the record has scaled weights.
fn scaled_up(sizing: &Sizing, record: &Record, market: &Market) -> Option<Notice> {
    record.decisions.iter().find_map(|decision| {
        let sum = decision.weights.iter().fold(0.0, |sum, (_, weight)| sum + weight);
        sizing.scales_up(sum).then(|| Notice::ScaledUp { date: market.date(decision.day), sum })
    })
}

/// Cash that is below zero after a fill.
fn below_zero(record: &Record, market: &Market, is_free: bool) -> Option<Notice> {
    let mut owing = record.fills.iter().filter(|fill| fill.cash < CASH_LEAST);
    let first = owing.next()?;
    let lowest = owing.fold(first, |lowest, fill| if fill.cash < lowest.cash { fill } else { lowest });
    Some(Notice::BelowZero {
        since: market.date(first.day),
        lowest: lowest.cash,
        on: market.date(lowest.day),
        is_free,
    })
}

/// Orders that waited for a bar.
fn waited(record: &Record, market: &Market) -> Option<Notice> {
    let sessions = |index: &usize| record.waited[*index].until - record.waited[*index].due;
    // Of equal ones the first.
    let longest = (0..record.waited.len()).rev().max_by_key(sessions)?;
    let order = record.waited[longest];
    Some(Notice::Waited {
        orders: record.waited.len(),
        sessions: sessions(&longest),
        asset: market.symbol(order.asset).to_owned(),
        decided: market.date(order.decided),
    })
}

/// Decisions that were not acted upon.
fn within_band(record: &Record) -> Option<Notice> {
    let within = record.within_band;
    (within > 0).then(|| Notice::WithinBand { within, decisions: within + record.decisions.len() })
}

/// Ratios that rest on rounding, where the conventions keep them.
fn rounding(equity: &[f64], performance: &Performance) -> Option<Notice> {
    let Performance { sharpe, sortino, return_deviation, ruined_at, .. } = *performance;
    if ruined_at.is_some() {
        return None;
    }
    let size = mean_size(equity);
    let is_finite = |ratio: &f64| ratio.is_finite();
    let (sharpe, sortino) = (sharpe.filter(is_finite), sortino.filter(is_finite));
    // Both ratios have the same mean above their divisors.
    let downside = sharpe.zip(sortino).map(|(sharpe, sortino)| return_deviation * (sharpe / sortino).abs());
    let divisors = [sharpe.map(|_| return_deviation), downside];
    divisors.into_iter().flatten().any(|divisor| is_noise(divisor, size)).then_some(Notice::Rounding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::account::{Fill, FillKind};
    use crate::engine::journal::Waited;
    use crate::market::calendar::Calendar;
    use crate::market::columns::Columns;
    use crate::market::date::{Date, Phase};
    use crate::market::input::folder::csv;
    use crate::market::prices::{AssetId, PriceAdjustment};
    use crate::stats::performance::performance;
    use crate::stats::rules::{Deviation, FirstReturn, Rules};

    const RULES: Rules = Rules::QSTRADER;

    fn market() -> Market {
        let first = Date::from_ymd(2024, 1, 1).unwrap();
        let text = "Date,Open,High,Low,Close,Volume\n2024-01-01,1,1,1,1,1\n";
        let tables = vec![("AAA".to_owned(), csv::read(text.as_bytes(), Columns::default()).unwrap())];
        Market::new(Calendar::weekdays(first, 20), PriceAdjustment::None, tables).unwrap()
    }

    fn fill(day: usize, cash: f64) -> Fill {
        let (phase, kind, asset) = (Phase::Open, FillKind::Trade, AssetId(0));
        Fill { day, phase, kind, asset, quantity: 1.0, price: 1.0, commission: 0.0, cash }
    }

    #[test]
    fn cash_below_zero_is_told_with_its_lowest() {
        let fills = vec![fill(0, -0.005), fill(1, -20.0), fill(3, -1234.5), fill(4, 7.0), fill(5, -30.0)];
        let record = Record { fills, ..Record::default() };
        let said = |is_free| below_zero(&record, &market(), is_free).unwrap().to_string();
        let text =
            "cash is below zero from 2024-01-02 (lowest -1,234.50 on 2024-01-04): the strategy borrows";
        assert_eq!(said(true), format!("{text}, and nothing is charged for it"));
        assert_eq!(said(false), text);
        assert_eq!(below_zero(&Record::default(), &market(), true), None);
    }

    #[test]
    fn the_first_of_the_longest_waits_is_named() {
        let waited = |decided, due, until| Waited { asset: AssetId(0), decided, due, until };
        let record =
            Record { waited: vec![waited(0, 1, 2), waited(2, 3, 6), waited(5, 6, 9)], ..Record::default() };
        assert_eq!(
            super::waited(&record, &market()).unwrap().to_string(),
            "3 orders waited for a bar, the longest for 3 sessions ('AAA', decided on 2024-01-03)"
        );
        assert_eq!(super::waited(&Record::default(), &market()), None);
    }

    #[test]
    fn ratios_over_rounding_are_told() {
        let said = |equity: &[f64], rules: &Rules| {
            let all = 1..equity.len();
            rounding(equity, &performance(equity, &[all], 400.0, rules, &mut Vec::new())).is_some()
        };
        let steady = |rate: f64| -> Vec<f64> {
            std::iter::successors(Some(100.0), |value| Some(value * (1.0 + rate))).take(300).collect()
        };
        let excluded = Rules { first_return: FirstReturn::Excluded, ..RULES };
        assert!(said(&steady(-0.00031), &excluded), "the Sharpe ratio");
        assert!(said(&steady(-0.00037), &RULES), "the losses differ by rounding alone");
        assert!(!said(&steady(0.00037), &RULES), "the artificial first return differs");
        assert!(!said(&steady(0.00037), &Rules { deviation: Deviation::Sample, ..excluded }));
        assert!(!said(&[100.0, 101.0, 99.0, 98.0, 103.0], &RULES));
        assert!(!said(&[100.0; 9], &RULES));
    }
}
