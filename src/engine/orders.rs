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
