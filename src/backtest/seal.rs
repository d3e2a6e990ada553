//! A hash of everything that decides the result of one backtest, and of nothing else.

use std::fmt::{Display, Write};

use super::strategy::{Strategy, schedule_name};
use crate::engine::sizing::OrderSizer;

/// Raised whenever any bit of any result may change for the same input.
pub const RESULTS_REVISION: u32 = 2;

/// BLAKE3 of the canonical form of a strategy with its parameters, of the prices it used and of [`RESULTS_REVISION`]. Names,
/// descriptions, formatting and paths are not part of it.
pub fn seal(strategy: &Strategy, fingerprint: &blake3::Hash) -> blake3::Hash {
    blake3::hash(canonical(strategy, fingerprint).as_bytes())
}

/// All that decides the result of a strategy, as lines of text.
pub fn canonical(strategy: &Strategy, fingerprint: &blake3::Hash) -> String {
    let mut lines = Lines::default();
    lines.push("results_revision", RESULTS_REVISION);
    lines.push("prices", fingerprint);
    let mut parameters: Vec<_> = strategy.parameters.iter().collect();
    parameters.sort_by(|a, b| a.name.cmp(&b.name));
    for parameter in parameters {
        lines.push(&format!("parameters.{}", parameter.name), parameter.value.value());
    }
    lines.decisions(strategy);
    lines.push("benchmark", strategy.benchmark.clone().unwrap_or_default());
    lines.push("initial_cash", strategy.initial_cash);
    lines.push(
        "sizer",
        match strategy.sizer {
            OrderSizer::LongOnly { cash_buffer } => format!("long_only {cash_buffer}"),
            OrderSizer::LongShort { gross_leverage } => format!("long_short {gross_leverage}"),
        },
    );
    let fees = &strategy.fees;
    let costs =
        [fees.commission, fees.tax, fees.commission_per_share, fees.commission_minimum, fees.slippage];
    lines.push("costs", costs.map(|cost| cost.to_string()).join(" "));
    lines.push("statistics", format!("{} {}", strategy.periods_per_year, strategy.risk_free));
    lines.text
}

/// All that decides the prices, decisions and signals of a strategy, as lines of text: strategies that agree here can share
/// them.
pub fn scene(strategy: &Strategy) -> String {
    let mut lines = Lines::default();
    lines.push("folder", strategy.prices.display());
    lines.push("benchmark", strategy.benchmark.clone().unwrap_or_default());
    lines.decisions(strategy);
    lines.text
}

#[derive(Default)]
struct Lines {
    text: String,
}

impl Lines {
    fn push(&mut self, key: &str, value: impl Display) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.text, "{key} = {value}");
    }

    fn decisions(&mut self, strategy: &Strategy) {
        for (field, choice) in strategy.conventions.named() {
            self.push(&format!("conventions.{field}"), choice);
        }
        for (asset, entry) in &strategy.assets {
            let entry = entry.map_or("start".to_owned(), |entry| entry.to_string());
            self.push("universe", format!("{asset} {entry}"));
        }
        self.push("weights", &strategy.formula.canonical);
        self.push("schedule", schedule_name(strategy.schedule));
        let period = &strategy.period;
        self.push("start", period.start);
        self.push("burn_in", period.burn_in.map_or(String::new(), |burn_in| burn_in.to_string()));
        self.push("end", period.end);
        self.push("adjust", strategy.adjust);
    }
}
