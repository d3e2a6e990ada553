//! A hash of everything that decides the result of one backtest, and of nothing else.

use std::fmt::Write;

use super::strategy::{Strategy, schedule_name};
use crate::engine::sizing::OrderSizer;

/// Raised whenever any bit of any result may change for the same input.
pub const RESULTS_REVISION: u32 = 5;

/// BLAKE3 of the canonical form of a strategy with its parameters, of the prices it used and of [`RESULTS_REVISION`]. Names,
/// descriptions, formatting and paths are not part of it.
pub fn seal(strategy: &Strategy, fingerprint: &blake3::Hash) -> blake3::Hash {
    blake3::hash(canonical(strategy, fingerprint).as_bytes())
}

fn canonical(strategy: &Strategy, fingerprint: &blake3::Hash) -> String {
    let mut text = String::new();
    let mut line = |key: &str, value: String| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{key} = {value}");
    };
    line("results_revision", RESULTS_REVISION.to_string());
    line("prices", fingerprint.to_string());
    for (field, choice) in strategy.conventions.named() {
        line(&format!("conventions.{field}"), choice.to_owned());
    }
    let mut parameters: Vec<_> = strategy.parameters.iter().collect();
    parameters.sort_by(|a, b| a.name.cmp(&b.name));
    for parameter in parameters {
        line(&format!("parameters.{}", parameter.name), parameter.value.value().to_string());
    }
    for (asset, entry) in &strategy.assets {
        line("universe", format!("{asset} {}", entry.map_or("start".to_owned(), |entry| entry.to_string())));
    }
    line("benchmark", strategy.benchmark.clone().unwrap_or_default());
    line("weights", strategy.formula.canonical.clone());
    line("schedule", schedule_name(strategy.schedule));
    line("initial_cash", strategy.initial_cash.to_string());
    line(
        "sizer",
        match strategy.sizer {
            OrderSizer::LongOnly { cash_buffer } => format!("long_only {cash_buffer}"),
            OrderSizer::LongShort { gross_leverage } => format!("long_short {gross_leverage}"),
        },
    );
    let fees = &strategy.fees;
    let costs =
        [fees.commission, fees.tax, fees.commission_per_share, fees.commission_minimum, fees.slippage];
    line("costs", costs.map(|cost| cost.to_string()).join(" "));
    let period = &strategy.period;
    line("start", period.start.to_string());
    line("burn_in", period.burn_in.map_or(String::new(), |burn_in| burn_in.to_string()));
    line("end", period.end.to_string());
    line("adjust", strategy.adjust.to_string());
    line("statistics", format!("{} {}", strategy.periods_per_year, strategy.risk_free));
    text
}
