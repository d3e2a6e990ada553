//! The keys of a strategy file, table by table: what is allowed, and what a key without its table may mean. Knows no value.

use crate::engine::conventions::Conventions;

/// Keys of `[universe]`.
pub const UNIVERSE: &[&str] = &["assets", "entry", "benchmark"];
/// Keys of `[alpha]`.
pub const ALPHA: &[&str] = &["weights"];
/// Keys of `[rebalance]`.
pub const REBALANCE: &[&str] = &["schedule", "weekday"];
/// Keys of `[portfolio]`.
pub const PORTFOLIO: &[&str] = &["initial_cash", "long_only", "long_short"];
/// Keys of `[portfolio.long_only]`.
pub const LONG_ONLY: &[&str] = &["cash_buffer"];
/// Keys of `[portfolio.long_short]`.
pub const LONG_SHORT: &[&str] = &["gross_leverage"];
/// Keys of `[costs]`.
pub const COSTS: &[&str] = &["commission", "tax", "commission_per_share", "commission_minimum", "slippage"];
/// Keys of `[period]`.
pub const PERIOD: &[&str] = &["start", "burn_in", "end"];
/// Keys of `[data]`.
pub const DATA: &[&str] = &["prices", "adjust"];
/// Keys of `[statistics]`.
pub const STATISTICS: &[&str] = &["periods_per_year", "risk_free"];

const TABLES: [(&str, &[&str]); 11] = [
    ("universe", UNIVERSE),
    ("alpha", ALPHA),
    ("rebalance", REBALANCE),
    ("portfolio", PORTFOLIO),
    ("portfolio.long_only", LONG_ONLY),
    ("portfolio.long_short", LONG_SHORT),
    ("costs", COSTS),
    ("period", PERIOD),
    ("data", DATA),
    ("statistics", STATISTICS),
    ("conventions", Conventions::FIELDS),
];

/// The dotted path that ends with a key, if there is exactly one.
pub fn path_to(key: &str) -> Option<String> {
    let mut paths =
        TABLES.iter().filter(|(_, keys)| keys.contains(&key)).map(|(table, _)| format!("{table}.{key}"));
    let path = paths.next()?;
    paths.next().is_none().then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_without_its_table_is_found() {
        assert_eq!(path_to("commission").as_deref(), Some("costs.commission"));
        assert_eq!(path_to("cash_buffer").as_deref(), Some("portfolio.long_only.cash_buffer"));
        assert_eq!(path_to("ruin").as_deref(), Some("conventions.ruin"));
        assert_eq!([path_to("costs"), path_to("comission")], [None, None]);
    }
}
