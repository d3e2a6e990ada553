//! What a simulation reports as it runs. A point of a sweep reports nothing, a single run everything.

use super::account::Fill;
use crate::market::date::Phase;
use crate::market::prices::AssetId;

/// A listener to a simulation.
pub(crate) trait Journal {
    /// Whether decisions are reported; if not, none is built.
    const LISTENS: bool;

    /// Hears of a decision that trades: its full weights in their order, before sizing.
    fn decision(&mut self, decision: Decision);

    /// Hears of a fill, in order of execution.
    fn fill(&mut self, fill: Fill);

    /// Hears of an order that was not filled at the event at which it was due, once it is filled or removed, or at the end.
    fn waited(&mut self, _: Waited) {}

    /// Hears of a decision that is not acted upon, because every position is near enough to its target.
    fn within_band(&mut self, _day: usize) {}

    /// Whether bookings and exposures are reported; if not, none is computed.
    const KEEPS_BOOK: bool = false;

    /// Hears what a fill adds to the account book, in order of execution.
    fn booking(&mut self, _: Booking) {}

    /// Hears the interest that is booked before a point of the curve, account currency; negative where more is paid than
    /// earned.
    fn interest(&mut self, _point: usize, _amount: f64) {}

    /// Hears gross positions over equity at a point of the curve, point by point; 0 if the equity is not positive.
    fn exposure(&mut self, _: f64) {}
}

/// What a fill adds to the account book.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Booking {
    /// The point of the curve that ends the day of the fill.
    pub point: usize,
    /// Traded value over the equity at the close before; 0 if that equity is not positive.
    pub turnover: f64,
    /// Commission, tax and slippage, account currency.
    pub costs: f64,
}

/// An order that waited for a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Waited {
    /// The asset.
    pub asset: AssetId,
    /// Day of its decision.
    pub decided: usize,
    /// Day on which it was due.
    pub due: usize,
    /// Day of its fill or removal, or the last day.
    pub until: usize,
}

/// The weights of one decision.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Decision {
    /// Day of the decision.
    pub day: usize,
    /// Whether it is made at the open or at the close.
    pub phase: Phase,
    /// The weight of every asset that is held, in the universe, or named by `fixed`: the first two kinds by identifier, then
    /// the others in the order of the formula.
    pub weights: Vec<(AssetId, f64)>,
}

impl Journal for () {
    const LISTENS: bool = false;

    fn decision(&mut self, _: Decision) {}

    fn fill(&mut self, _: Fill) {}
}

/// Everything that a simulation reports, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Record {
    /// The decisions.
    pub decisions: Vec<Decision>,
    /// The fills and payouts.
    pub fills: Vec<Fill>,
    /// The orders that waited.
    pub waited: Vec<Waited>,
    /// Number of decisions that were not acted upon because of the band.
    pub within_band: usize,
}

impl Journal for Record {
    const LISTENS: bool = true;

    fn decision(&mut self, decision: Decision) {
        self.decisions.push(decision);
    }

    fn fill(&mut self, fill: Fill) {
        self.fills.push(fill);
    }

    fn waited(&mut self, waited: Waited) {
        self.waited.push(waited);
    }

    fn within_band(&mut self, _: usize) {
        self.within_band += 1;
    }
}
