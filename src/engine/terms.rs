//! What a point decides besides its weights.

use super::conventions::{OpenOrders, PriceNeeded, RecordedWeights, Ruin};
use super::sizing::Sizing;

/// Cash, sizing and conventions of one backtest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Terms {
    /// Cash at the start.
    pub initial_cash: f64,
    /// Sizer and its conventions.
    pub sizing: Sizing,
    /// Q13.
    pub ruin: Ruin,
    /// Q22.
    pub open_orders: OpenOrders,
    /// Q23.
    pub price_needed: PriceNeeded,
    /// Q29.
    pub recorded_weights: RecordedWeights,
}
