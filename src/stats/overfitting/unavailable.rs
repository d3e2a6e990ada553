//! Why the data for a test are not available.

use std::error::Error;
use std::fmt;

/// Why the data for a test are not available: a phrase such as "10 periods in 8 blocks are 1 in each: two are needed".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unavailable(String);

impl Unavailable {
    /// Takes the reason, a phrase without a full stop.
    pub(crate) fn new(reason: impl Into<String>) -> Unavailable {
        Unavailable(reason.into())
    }
}

impl fmt::Display for Unavailable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Error for Unavailable {}
