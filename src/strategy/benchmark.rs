//! When the benchmark of a strategy is bought, and when it is paid out. Simulates nothing.

use super::definition::Strategy;
use super::ends::{end_of, payout};
use super::error::BacktestError;
use super::notice::Notice;
use crate::engine::conventions::FillWithoutBar;
use crate::engine::stage::Payout;
use crate::engine::terms::FillEvent;
use crate::market::columns::Column;
use crate::market::date::Phase;
use crate::market::decisions::Decisions;
use crate::market::prices::{AssetId, Market};

/// The purchase of a benchmark, and its end.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Purchase {
    /// The asset.
    pub asset: AssetId,
    /// Day of the purchase.
    pub day: usize,
    /// Whether it is bought at the open or at the close of the day.
    pub phase: Phase,
    /// What it becomes if its prices end.
    pub payout: Option<Payout>,
}

impl Purchase {
    /// The purchase of an asset at the first event of the curve at which it has a price, or a bar of its own where orders wait
    /// for bars, before its prices end. The event is an open, unless the strategy trades at closes. `curve_start` is the first
    /// day of the curve.
    ///
    /// # Errors
    /// There is no such event.
    pub(crate) fn new(
        strategy: &Strategy,
        market: &Market,
        symbol: &str,
        curve_start: usize,
    ) -> Result<Purchase, BacktestError> {
        let (phase, column) = match strategy.fill {
            FillEvent::NextOpen => (Phase::Open, Column::Open),
            FillEvent::NextClose | FillEvent::SameClose => (Phase::Close, Column::Close),
        };
        let waits = strategy.conventions.fill_without_bar == FillWithoutBar::Wait;
        let none = || {
            let what = if waits { format!("{} of its own", column.name()) } else { "price".to_owned() };
            BacktestError::Prices(format!(
                "the benchmark '{symbol}' has no {what} between the start and the end, so it cannot be bought"
            ))
        };
        let asset = market.asset(symbol).ok_or_else(none)?;
        let end = end_of(strategy, market, asset);
        let day = if waits {
            market.next_bar(asset, curve_start, phase)
        } else {
            (curve_start..market.days()).find(|day| !market.price(asset, *day, phase).is_nan())
        };
        let day = day.filter(|day| end.is_none_or(|end| *day < end)).ok_or_else(none)?;
        let payout = end.and_then(|end| payout(strategy, market, asset, end));
        Ok(Purchase { asset, day, phase, payout })
    }

    /// The only decision, and the event at which its order is filled: both at the same moment.
    pub(crate) fn decision(&self) -> (Decisions, FillEvent) {
        match self.phase {
            Phase::Open => (Decisions::Open(self.day as u32), FillEvent::NextOpen),
            Phase::Close => (Decisions::Closes(vec![self.day as u32]), FillEvent::SameClose),
        }
    }

    /// What a user should know: that it is bought late, and that its prices end.
    pub(crate) fn notices(&self, market: &Market, curve_start: usize) -> Vec<Notice> {
        let asset = market.symbol(self.asset).to_owned();
        let mut notices = Vec::new();
        if self.day > curve_start {
            notices.push(Notice::BenchmarkLate {
                asset: asset.clone(),
                date: market.date(self.day),
                sessions: self.day - curve_start,
            });
        }
        if let (Some(Payout { day, price, .. }), Some(last)) =
            (self.payout, market.last_known_bar(self.asset))
        {
            notices.push(Notice::BenchmarkEnds { asset, last_bar: last.date, date: market.date(day), price });
        }
        notices
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::prepare::{PreparedStrategy, prepare};
    use crate::strategy::testing::strategy;

    /// Ten weekdays of January 2023, from the 2nd on, with a benchmark that has these rows.
    fn purchase(
        conventions: &str,
        bench: &str,
    ) -> (Strategy, PreparedStrategy, Result<Purchase, BacktestError>) {
        let days = ["02", "03", "04", "05", "06", "09", "10", "11", "12", "13"];
        let own: String = days.iter().map(|day| format!("2023-01-{day},1,1\n")).collect();
        let text =
            format!("conventions = {conventions}\nuniverse = {{ assets = [\"A\"], benchmark = \"B\" }}");
        let (_folder, strategy) = strategy(&text, &[("A", &own), ("B", bench)]);
        let prepared = prepare(&strategy).unwrap();
        let purchase = Purchase::new(&strategy, &prepared.market, "B", 0);
        (strategy, prepared, purchase)
    }

    const LATE: &str = "2022-12-30,7,7\n2023-01-04,8,8\n2023-01-05,9,\n2023-01-13,9,9\n";
    const ENDING: &str = "2023-01-02,5,6\n2023-01-04,7,8\n2023-01-07,9,\n";

    #[test]
    fn it_is_bought_at_its_first_open_or_at_the_first_price() {
        let (_, prepared, found) = purchase("\"sound\"", LATE);
        let found = found.unwrap();
        assert_eq!((found.day, found.phase, found.payout), (2, Phase::Open, None));
        assert_eq!(found.decision(), (Decisions::Open(2), FillEvent::NextOpen));
        let notices: Vec<String> = found.notices(&prepared.market, 0).iter().map(Notice::to_string).collect();
        assert_eq!(
            notices,
            [
                "the benchmark 'B' is bought on 2023-01-04, 2 sessions after the curve begins: until then its curve is cash"
            ]
        );
        let (.., found) = purchase("\"qstrader\"", LATE);
        assert_eq!(found.unwrap().day, 0, "the last price before the start");
    }

    #[test]
    fn it_is_bought_at_a_close_if_orders_are_filled_at_closes() {
        let (mut strategy, prepared, _) = purchase("\"sound\"", LATE);
        strategy.fill = FillEvent::NextClose;
        let found = Purchase::new(&strategy, &prepared.market, "B", 3).unwrap();
        assert_eq!(found.decision(), (Decisions::Closes(vec![9]), FillEvent::SameClose));
    }

    #[test]
    fn it_is_paid_out_at_the_price_of_its_last_bar() {
        let (mut strategy, prepared, found) = purchase("\"sound\"", ENDING);
        let found = found.unwrap();
        // The last bar lies on a Saturday, which is no session, and has no close.
        assert_eq!(found.payout, None, "only five sessions come after it");
        assert_eq!(prepared.market.last_known_bar(found.asset).map(|bar| bar.close), Some(9.0));
        let (_, _, found) = purchase("\"sound\"", &ENDING[..ENDING.len() - 14]);
        let payout = found.unwrap().payout.unwrap();
        assert_eq!((payout.day, payout.price), (3, 8.0));
        strategy.final_prices = vec![("B".to_owned(), 0.5)];
        let (_, prepared, _) = purchase("\"sound\"", &ENDING[..ENDING.len() - 14]);
        let found = Purchase::new(&strategy, &prepared.market, "B", 0).unwrap();
        assert_eq!(found.payout.map(|payout| payout.price), Some(0.5));
        let notices = found.notices(&prepared.market, 0);
        let told = "the prices of the benchmark 'B' end on 2023-01-04: it is paid out on 2023-01-05 at 0.5";
        assert_eq!(notices.iter().map(Notice::to_string).collect::<Vec<_>>(), [told]);
        // After the end there is nothing to buy.
        let never = Purchase::new(&strategy, &prepared.market, "B", 3).unwrap_err().to_string();
        assert!(never.contains("'B' has no open of its own"), "{never}");
    }
}
