//! The two ends of an order: the smallest number and the largest.

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
    /// Whether `a` lies beyond `b` in this direction; false where one of them is absent.
    #[inline]
    pub(crate) fn is_beyond(self, a: f64, b: f64) -> bool {
        match self {
            End::Lowest => a < b,
            End::Highest => a > b,
        }
    }

    /// The smaller or the larger of two numbers; absent where one of them is.
    #[inline]
    pub(crate) fn choose(self, a: f64, b: f64) -> f64 {
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
