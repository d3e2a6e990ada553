//! What may differ from point to point besides the weights: cash, sizing, conventions. Knows no prices.

use super::conventions::{OpenOrders, PriceNeeded, RecordedWeights, Ruin};
use super::sizing::Sizing;

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
}
