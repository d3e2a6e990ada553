//! The orders of a portfolio: those that are due at the same event, and those that wait for a bar of their asset. Knows no
//! weights and no money.

use std::mem::take;

use super::account::Order;
use super::agenda::Moment;
use super::journal::{Journal, Waited};
use crate::market::prices::{AssetId, Market};

/// The orders of a portfolio.
///
/// Pending orders come from the last decision and are due at the same event. No order that waits is filled before them: it
/// waits for an event of the same kind.
#[derive(Debug)]
pub(crate) struct Orders {
    /// Sells, by identifier; more room than there are orders.
    pub(super) sells: Vec<Order>,
    /// Buys, by identifier; more room than there are orders.
    pub(super) buys: Vec<Order>,
    /// How many of the sells and of the buys are pending.
    pub(super) pending: (usize, usize),
    /// The event at which the pending orders are due; meaningless without any.
    pub(super) due: Moment,
    /// Orders whose asset has no bar at the event at which they were due, in the order in which they were made.
    waiting: Vec<WaitingOrder>,
}

impl Default for Orders {
    /// No orders and no room for any.
    fn default() -> Orders {
        let [sells, buys] = [(); 2].map(|()| Vec::new());
        Orders { sells, buys, pending: (0, 0), due: Moment::NEVER, waiting: Vec::new() }
    }
}

/// An order that waits for a bar of its asset.
#[derive(Debug, Clone, Copy, PartialEq)]
struct WaitingOrder {
    order: Order,
    /// Day of its decision.
    decided: usize,
    /// The event at which it was due.
    due: Moment,
    /// The event at which it is filled; never if its asset has no further bar.
    at: Moment,
}

impl WaitingOrder {
    /// What a journal hears of it when its waiting ends on a day.
    fn until(&self, day: usize) -> Waited {
        Waited { asset: self.order.asset, decided: self.decided, due: self.due.day(), until: day }
    }
}

impl Orders {
    /// Drops all orders and makes room for decisions over `assets` assets.
    pub(crate) fn reset(&mut self, assets: usize) {
        // One element more than there are assets, for what is written and then not kept.
        self.sells.resize(assets + 1, Order { asset: AssetId(0), quantity: 0.0 });
        self.buys.resize(assets + 1, Order { asset: AssetId(0), quantity: 0.0 });
        self.pending = (0, 0);
        self.waiting.clear();
    }

    /// Takes the pending sells and buys: no order is pending afterwards. Orders that wait stay.
    #[inline]
    pub(crate) fn take(&mut self) -> (&[Order], &[Order]) {
        let (sell_count, buy_count) = take(&mut self.pending);
        (&self.sells[..sell_count], &self.buys[..buy_count])
    }

    /// Takes the pending orders and those that wait for this event, as sells and buys.
    pub(crate) fn take_at<J: Journal>(&mut self, at: Moment, journal: &mut J) -> (&[Order], &[Order]) {
        let mut is_one_due = false;
        for waiting in self.waiting.iter().filter(|waiting| waiting.at == at) {
            is_one_due = true;
            let (orders, count) = match waiting.order.quantity < 0.0 {
                true => (&mut self.sells, &mut self.pending.0),
                false => (&mut self.buys, &mut self.pending.1),
            };
            orders[*count] = waiting.order;
            *count += 1;
            journal.waited(waiting.until(at.day()));
        }
        if is_one_due {
            self.waiting.retain(|waiting| waiting.at != at);
            let (sell_count, buy_count) = self.pending;
            self.sells[..sell_count].sort_by_key(|order| order.asset);
            self.buys[..buy_count].sort_by_key(|order| order.asset);
        }
        self.take()
    }

    /// Takes all orders as one list by identifier: none is left. `last_day` ends the waiting of those that wait.
    pub(crate) fn take_by_asset<J: Journal>(&mut self, last_day: usize, journal: &mut J) -> Vec<Order> {
        self.waiting.iter().for_each(|waiting| journal.waited(waiting.until(last_day)));
        let waiting: Vec<Order> = self.waiting.drain(..).map(|waiting| waiting.order).collect();
        let (sells, buys) = self.take();
        let mut orders = [sells, buys, &waiting].concat();
        orders.sort_by_key(|order| order.asset);
        orders
    }

    /// Merges sells and buys, so that the pending orders are filled in one sequence by identifier.
    pub(crate) fn put_in_sequence(&mut self) {
        let (sells, buys) = self.take();
        let mut orders = [sells, buys].concat();
        orders.sort_by_key(|order| order.asset);
        self.sells[..orders.len()].copy_from_slice(&orders);
        self.pending = (orders.len(), 0);
    }

    /// The quantity that waits for an asset; 0 if nothing does.
    pub(crate) fn waiting_for(&self, asset: AssetId) -> f64 {
        self.waiting
            .iter()
            .find(|waiting| waiting.order.asset == asset)
            .map_or(0.0, |waiting| waiting.order.quantity)
    }

    /// The assets for which an order waits, in the order in which they were made.
    pub(crate) fn waiting_assets(&self) -> impl Iterator<Item = AssetId> {
        self.waiting.iter().map(|waiting| waiting.order.asset)
    }

    /// The next event at which orders are filled; never if no order has one.
    pub(crate) fn next_event(&self) -> Moment {
        match self.pending {
            (0, 0) => self.waiting.iter().map(|waiting| waiting.at).min().unwrap_or(Moment::NEVER),
            _ => self.due,
        }
    }

    /// Removes the orders that wait for some assets, on a day.
    pub(crate) fn remove_waiting<J: Journal>(
        &mut self,
        day: usize,
        is_removed: impl Fn(AssetId) -> bool,
        journal: &mut J,
    ) {
        self.waiting.retain(|waiting| {
            let is_removed = is_removed(waiting.order.asset);
            if is_removed {
                journal.waited(waiting.until(day));
            }
            !is_removed
        });
    }

    /// Drops the pending order of an asset.
    pub(crate) fn drop_pending(&mut self, asset: AssetId) {
        let (sell_count, buy_count) = &mut self.pending;
        for (orders, count) in [(&mut self.sells, sell_count), (&mut self.buys, buy_count)] {
            if let Some(at) = orders[..*count].iter().position(|order| order.asset == asset) {
                orders.copy_within(at + 1..*count, at);
                *count -= 1;
            }
        }
    }

    /// Lets those of the pending orders wait whose asset has no bar at the event at which they are due. `decided` is the day of
    /// their decision. An event after the last day is left alone: nothing is known of it.
    pub(crate) fn wait_for_bars(&mut self, market: &Market, decided: usize) {
        let due = self.due;
        let (day, phase) = (due.day(), due.phase());
        if day >= market.days() {
            return;
        }
        let Orders { sells, buys, pending: (sell_count, buy_count), waiting, .. } = self;
        for (orders, count) in [(sells, sell_count), (buys, buy_count)] {
            let mut kept = 0;
            for index in 0..*count {
                let order = orders[index];
                match market.next_bar(order.asset, day, phase) {
                    Some(next) if next == day => {
                        orders[kept] = order;
                        kept += 1;
                    }
                    next => {
                        let at = next.map_or(Moment::NEVER, |next| Moment::new(next, phase));
                        waiting.push(WaitingOrder { order, decided, due, at });
                    }
                }
            }
            *count = kept;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::journal::Record;
    use crate::market::calendar::Calendar;
    use crate::market::columns::Columns;
    use crate::market::date::{Date, Phase};
    use crate::market::input::folder::csv;
    use crate::market::prices::PriceAdjustment;

    const A: AssetId = AssetId(0);
    const B: AssetId = AssetId(1);
    const C: AssetId = AssetId(2);

    /// Five days from Monday the 6th on. A has a bar on each, B none on the 7th and 8th and no open on the 9th, C none after
    /// the 6th.
    fn market() -> Market {
        let table = |rows: &str| {
            csv::read(format!("Date,Open,Close\n{rows}").as_bytes(), Columns::default()).unwrap()
        };
        let a: String = (6..=10).map(|day| format!("2020-01-{day:02},1,1\n")).collect();
        let b = "2020-01-06,1,1\n2020-01-09,,1\n2020-01-10,1,1\n";
        let tables = [("A", a.as_str()), ("B", b), ("C", "2020-01-06,1,1\n")];
        let tables = tables.map(|(symbol, rows)| (symbol.to_owned(), table(rows))).into();
        let calendar = Calendar::weekdays(Date::parse(b"2020-01-06").unwrap(), 5);
        Market::new(calendar, PriceAdjustment::None, tables).unwrap()
    }

    fn order(asset: AssetId, quantity: f64) -> Order {
        Order { asset, quantity }
    }

    /// Orders that are pending and due at the open or close of a day.
    fn pending(pending: &[(AssetId, f64)], day: usize, phase: Phase) -> Orders {
        let mut orders = Orders::default();
        orders.reset(3);
        make(&mut orders, pending, day, phase);
        orders
    }

    /// Makes orders in place of those that are pending.
    fn make(orders: &mut Orders, pending: &[(AssetId, f64)], day: usize, phase: Phase) {
        orders.pending = (0, 0);
        for (asset, quantity) in pending {
            let (side, count) = match *quantity < 0.0 {
                true => (&mut orders.sells, &mut orders.pending.0),
                false => (&mut orders.buys, &mut orders.pending.1),
            };
            side[*count] = order(*asset, *quantity);
            *count += 1;
        }
        orders.due = Moment::new(day, phase);
    }

    /// The orders that are filled at a moment.
    fn filled(orders: &mut Orders, day: usize, phase: Phase, record: &mut Record) -> Vec<(AssetId, f64)> {
        let (sells, buys) = orders.take_at(Moment::new(day, phase), record);
        sells.iter().chain(buys).map(|order| (order.asset, order.quantity)).collect()
    }

    #[test]
    fn an_order_waits_for_the_next_bar_of_its_kind() {
        let mut record = Record::default();
        for (phase, next) in [(Phase::Open, 4), (Phase::Close, 3)] {
            let mut orders = pending(&[(A, 1.0), (B, 2.0)], 1, phase);
            orders.wait_for_bars(&market(), 0);
            assert_eq!(orders.next_event(), Moment::new(1, phase));
            assert_eq!((orders.waiting_for(A), orders.waiting_for(B)), (0.0, 2.0));
            assert_eq!(filled(&mut orders, 1, phase, &mut record), [(A, 1.0)]);
            assert_eq!(orders.next_event(), Moment::new(next, phase));
            assert_eq!(filled(&mut orders, next, phase, &mut record), [(B, 2.0)]);
            assert_eq!(orders.next_event(), Moment::NEVER);
            assert_eq!(record.waited.pop(), Some(Waited { asset: B, decided: 0, due: 1, until: next }));
        }
        assert!(record.waited.is_empty(), "A does not wait");
    }

    #[test]
    fn an_order_without_a_further_bar_waits_to_the_end() {
        let mut record = Record::default();
        let mut orders = pending(&[(C, -3.0), (B, 2.0)], 2, Phase::Open);
        orders.wait_for_bars(&market(), 1);
        assert_eq!(orders.waiting_assets().collect::<Vec<_>>(), [C, B]);
        assert_eq!(orders.next_event(), Moment::new(4, Phase::Open));
        assert_eq!(filled(&mut orders, 4, Phase::Open, &mut record), [(B, 2.0)]);
        assert_eq!(orders.next_event(), Moment::NEVER);
        // It is still pending at the end, in its place by identifier.
        make(&mut orders, &[(A, -1.0), (B, 5.0)], 5, Phase::Open);
        orders.wait_for_bars(&market(), 4);
        assert_eq!(orders.waiting_for(B), 0.0, "nothing is known of a day after the last");
        let left = orders.take_by_asset(4, &mut record);
        assert_eq!(left, [order(A, -1.0), order(B, 5.0), order(C, -3.0)]);
        assert_eq!(record.waited[1], Waited { asset: C, decided: 1, due: 2, until: 4 });
        assert_eq!((record.waited.len(), orders.next_event()), (2, Moment::NEVER));
    }

    #[test]
    fn what_waited_is_filled_with_what_is_pending_by_identifier() {
        let mut record = Record::default();
        let mut orders = pending(&[(B, -2.0), (C, 1.0)], 1, Phase::Open);
        orders.wait_for_bars(&market(), 0);
        make(&mut orders, &[(A, -1.0), (C, -4.0), (A, 7.0)], 4, Phase::Open);
        assert_eq!(orders.next_event(), Moment::new(4, Phase::Open));
        let expected = [(A, -1.0), (B, -2.0), (C, -4.0), (A, 7.0)];
        assert_eq!(filled(&mut orders, 4, Phase::Open, &mut record), expected);
        assert_eq!(orders.waiting_for(C), 1.0, "there is no further bar");
    }

    #[test]
    fn a_removed_order_is_never_filled() {
        let mut record = Record::default();
        let mut orders = pending(&[(C, -3.0), (B, 2.0)], 1, Phase::Open);
        orders.wait_for_bars(&market(), 0);
        orders.remove_waiting(3, |asset| asset == B, &mut record);
        assert_eq!((orders.waiting_for(B), orders.waiting_for(C)), (0.0, -3.0));
        assert_eq!(record.waited, [Waited { asset: B, decided: 0, due: 1, until: 3 }]);
        assert_eq!(orders.next_event(), Moment::NEVER);
        assert!(filled(&mut orders, 4, Phase::Open, &mut record).is_empty());
        // Nor is a pending one that is dropped; the others keep their order.
        let mut orders = pending(&[(A, -1.0), (B, -2.0), (C, -3.0), (B, 4.0), (C, 5.0)], 1, Phase::Open);
        orders.drop_pending(B);
        assert_eq!(filled(&mut orders, 1, Phase::Open, &mut record), [(A, -1.0), (C, -3.0), (C, 5.0)]);
        assert_eq!(record.waited.len(), 1, "what is dropped did not wait");
    }

    #[test]
    fn orders_in_sequence_are_filled_by_identifier() {
        let mut orders = pending(&[(B, -2.0), (A, 1.0), (C, 3.0)], 0, Phase::Open);
        orders.put_in_sequence();
        assert_eq!(orders.next_event(), Moment::new(0, Phase::Open));
        let expected = [(A, 1.0), (B, -2.0), (C, 3.0)];
        assert_eq!(filled(&mut orders, 0, Phase::Open, &mut Record::default()), expected);
    }
}
