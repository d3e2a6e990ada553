//! What may differ from point to point besides the weights: cash, sizing, conventions. Knows no prices.

use super::conventions::{
    FillWithoutBar, NamedChoice, OpenOrders, PriceNeeded, RecordedWeights, Ruin, choices,
};
use super::sizing::Sizing;

choices! {
    /// The event at which the orders of a decision are filled.
    FillEvent {
        /// The open of the next session.
        NextOpen = "next_open",
        /// The close of the next session.
        NextClose = "next_close",
        /// The close of the decision itself.
        SameClose = "same_close",
    }
    /// Which assets a decision may trade.
    TradedAssets {
        /// All of them.
        All = "all",
        /// Those whose weight differs from that of the last decision acted upon.
        Changed = "changed",
    }
}

/// Cash, sizing and conventions of one backtest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Terms {
    /// Cash at the start.
    pub initial_cash: f64,
    /// The sizer, its fees and its conventions.
    pub sizing: Sizing,
    /// What happens when the equity is not positive at a close; see `ruin` in docs/conventions.md.
    pub ruin: Ruin,
    /// In which order the orders of a decision at an open are filled; see `open_orders` in docs/conventions.md.
    pub open_orders: OpenOrders,
    /// Which assets must have a price at a decision; see `price_needed` in docs/conventions.md.
    pub price_needed: PriceNeeded,
    /// Which weights are recorded; see `recorded_weights` in docs/conventions.md.
    pub recorded_weights: RecordedWeights,
    /// The event at which orders are filled.
    pub fill: FillEvent,
    /// What happens to an order whose asset has no bar; see `fill_without_bar` in docs/conventions.md.
    pub fill_without_bar: FillWithoutBar,
    /// A decision is acted upon only if some position is further than this from its target, as a fraction of the equity.
    pub band: Option<f64>,
    /// Which assets a decision may trade.
    pub trade: TradedAssets,
    /// Whether the sum of the exposures depends on nothing but the exposure of each day, not on where trades lie.
    pub sums_by_day: bool,
}
