//! Why a backtest cannot be carried out. In a sweep this is the reason of a failed point.

use std::fmt;

use crate::market::date::{Date, Instant};
use crate::text::quoted::number;

/// A decision that cannot be carried out.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// An asset is to be traded that has no price yet (SEM Q1, Q23).
    NoPrice {
        /// The asset.
        asset: String,
        /// When it has its first, if ever.
        first_price: Option<Instant>,
        /// When it was asked for.
        at: Instant,
    },
    /// The long-only sizer was given a negative weight (SEM 10.1).
    NegativeWeight {
        /// The asset.
        asset: String,
        /// Its weight.
        weight: f64,
        /// When.
        at: Instant,
    },
    /// The number of shares is no whole number a double can hold.
    Shares {
        /// The asset.
        asset: String,
        /// The number of shares.
        shares: f64,
        /// When.
        at: Instant,
    },
    /// Equity at or below zero, under the convention that this is the end (Q13).
    Ruin {
        /// The equity.
        equity: f64,
        /// The day.
        on: Date,
    },
}

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
