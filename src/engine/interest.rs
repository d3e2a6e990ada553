//! Interest on cash, debt and borrowed shares: simple, by calendar days over 365; see "Interest" in docs/strategy-file.md.

/// A yearly rate, a fraction, by day.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum RateSeries {
    /// The same on every day.
    Flat(f64),
    /// One rate for each day of the market, known at its close.
    Daily(Vec<f64>),
}

/// The yearly rates of an account.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct InterestRates {
    /// What cash earns.
    pub cash: RateSeries,
    /// What debt costs.
    pub debit: RateSeries,
    /// What borrowed shares cost.
    pub borrow: RateSeries,
}

impl InterestRates {
    /// Nothing earns and nothing costs.
    pub(crate) const NONE: InterestRates = InterestRates {
        cash: RateSeries::Flat(0.0),
        debit: RateSeries::Flat(0.0),
        borrow: RateSeries::Flat(0.0),
    };
}
