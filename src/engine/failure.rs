//! Why a backtest fails. In a sweep this is the reason that a failed point is recorded with.

use std::error::Error;
use std::fmt;

use crate::market::date::{Date, Instant};
use crate::text::quoted::number;

/// Why a backtest ends without a result.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// A decision needs the price of an asset before the asset has one; see `price_needed` in docs/conventions.md.
    NoPrice {
        /// Ticker of the asset.
        asset: String,
        /// Moment of its first price; `None` if its file holds no price.
        first_price: Option<Instant>,
        /// Moment of the decision.
        at: Instant,
    },
    /// A long-only portfolio was given a negative weight.
    NegativeWeight {
        /// Ticker of the asset.
        asset: String,
        /// Its weight.
        weight: f64,
        /// Moment of the decision.
        at: Instant,
    },
    /// A target number of shares is not finite, or too large for a double to count shares one by one.
    Shares {
        /// Ticker of the asset.
        asset: String,
        /// The target number of shares.
        shares: f64,
        /// Moment of the decision.
        at: Instant,
    },
    /// The equity is 0 or below at a close, and the convention `ruin` is `fail`; see `ruin` in docs/conventions.md.
    Ruin {
        /// The equity.
        equity: f64,
        /// The day of that close.
        on: Date,
    },
}

impl Error for Failure {}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::NoPrice { asset, first_price: Some(first), at } => {
                write!(formatter, "asset '{asset}' has no price at {at}: its first bar is of {}", first.date)
            }
            Failure::NoPrice { asset, first_price: None, at } => {
                write!(formatter, "asset '{asset}' has no price at {at}: its file holds none at all")
            }
            Failure::NegativeWeight { asset, weight, at } => write!(
                formatter,
                "asset '{asset}' has the negative weight {} at {at}, but the portfolio is long_only",
                number(*weight)
            ),
            Failure::Shares { asset, shares, at } => {
                write!(formatter, "asset '{asset}': cannot hold {} shares at {at}", number(*shares))
            }
            Failure::Ruin { equity, on } => {
                write!(formatter, "ruin: the equity is {} at the close of {on}", number(*equity))
            }
        }
    }
}
