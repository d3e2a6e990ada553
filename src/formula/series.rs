//! The series of a formula: columns of the market by name, as known at the close of a day.

/// A price or volume column, as known at the close of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Series {
    /// Price at the open; the only one known at 14:30.
    Open,
    /// Highest price of the day.
    High,
    /// Lowest price of the day.
    Low,
    /// Price at the close.
    Close,
    /// Shares traded.
    Volume,
}

/// Every series with its name.
pub const SERIES: [(&str, Series); 5] = [
    ("open", Series::Open),
    ("high", Series::High),
    ("low", Series::Low),
    ("close", Series::Close),
    ("volume", Series::Volume),
];

/// The series of a name.
pub fn series(name: &str) -> Option<Series> {
    SERIES.iter().find(|(known, _)| *known == name).map(|(_, series)| *series)
}
