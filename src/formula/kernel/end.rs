//! The two ends of an order, and which of two numbers lies nearer to one.

use super::arithmetic::present2;

/// Which end of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum End {
    /// The smallest.
    Lowest,
    /// The largest.
    Highest,
}

impl End {
    /// Whether one number lies beyond another in this direction; false where one is absent.
    #[inline]
    pub(crate) fn is_beyond(self, a: f64, b: f64) -> bool {
        match self {
            End::Lowest => a < b,
            End::Highest => a > b,
        }
    }

    /// The smaller or larger of two; absent where one is.
    #[inline]
    pub(crate) fn of(self, a: f64, b: f64) -> f64 {
        let chosen = match self {
            End::Lowest => {
                if b < a {
                    b
                } else {
                    a
                }
            }
            End::Highest => {
                if b > a {
                    b
                } else {
                    a
                }
            }
        };
        present2(chosen, a, b)
    }
}
