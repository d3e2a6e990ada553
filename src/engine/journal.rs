//! What a simulation reports as it goes. A sweep listens to nothing, a single run to everything.

use super::account::Fill;
use crate::market::date::Phase;
use crate::market::prices::AssetId;

/// A listener to a simulation.
pub(crate) trait Journal {
    /// Whether decisions are wanted; if not, none is put together.
    const LISTENS: bool;

    /// A decision that is carried out: the full weights in their order (SEM 9), before sizing.
    fn decision(&mut self, decision: Decision);

    /// A fill, in order of execution.
    fn fill(&mut self, fill: Fill);

    /// Whether bookings and exposures are wanted; if not, none is put together.
    const KEEPS_BOOK: bool = false;

    /// What a fill adds to the account book, in order of execution.
    fn booking(&mut self, _: Booking) {}

    /// Gross positions over equity at the close of a point of the curve, 0 where the equity is not positive; point by point.
    fn exposure(&mut self, _: f64) {}
}

/// What a fill adds to the account book.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Booking {
    /// The point of the curve that ends the day of the fill.
    pub point: usize,
    /// Traded value over the equity at the close before; 0 where that is not positive.
    pub turnover: f64,
    /// Commission, tax and slippage, account currency.
    pub costs: f64,
}

/// The weights of one decision.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Decision {
    /// Its day.
    pub day: usize,
    /// Its event.
    pub phase: Phase,
    /// Every asset held, in the universe or named, with its weight.
    pub weights: Vec<(AssetId, f64)>,
}

impl Journal for () {
    const LISTENS: bool = false;

    fn decision(&mut self, _: Decision) {}

    fn fill(&mut self, _: Fill) {}
}

/// All decisions and fills, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Record {
    /// The decisions.
    pub decisions: Vec<Decision>,
    /// The fills.
    pub fills: Vec<Fill>,
}

impl Journal for Record {
    const LISTENS: bool = true;

    fn decision(&mut self, decision: Decision) {
        self.decisions.push(decision);
    }

    fn fill(&mut self, fill: Fill) {
        self.fills.push(fill);
    }
}
