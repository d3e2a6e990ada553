//! The keys of a strategy that decide its results, as names with values for a page.

use crate::engine::conventions::{Conventions, NamedChoice, PRESETS};
use crate::engine::sizing::{GrossExposure, OrderSizer, Shares};
use crate::engine::terms::{FillEvent, TradedAssets};
use crate::market::numbers::declaration::Declaration;
use crate::strategy::definition::{Rate, Strategy, schedule_name};
use crate::text::number::money;

/// The most assets that are named.
const ASSETS_MOST: usize = 30;

/// The keys with their values.
pub(crate) fn strategy_keys(strategy: &Strategy) -> Vec<(&'static str, String)> {
    let assets: Vec<String> = strategy.assets.iter().map(|(asset, _)| asset.clone()).collect();
    let fees = &strategy.fees;
    let costs = [
        ("commission", fees.commission),
        ("tax", fees.tax),
        ("commission a share", fees.commission_per_share),
        ("least commission", fees.commission_minimum),
        ("slippage", fees.slippage),
    ];
    let costs: Vec<String> =
        costs.iter().filter(|(_, cost)| *cost != 0.0).map(|(name, cost)| format!("{name} {cost}")).collect();
    let sizer = match strategy.sizer {
        OrderSizer::LongOnly { cash_buffer } => format!("long only, cash buffer {cash_buffer}"),
        OrderSizer::LongShort { gross: GrossExposure::Leverage(leverage) } => {
            format!("long and short, gross leverage {leverage}")
        }
        OrderSizer::LongShort { gross: GrossExposure::Most(most) } => {
            format!("long and short, gross exposure at most {most}")
        }
    };
    let mut rows = vec![
        ("Name", strategy.name.trim().to_owned()),
        ("Weights", strategy.formula.canonical.clone()),
        ("Decides", schedule_name(strategy.schedule)),
        ("Assets", few(&assets)),
        ("Benchmark", strategy.benchmark.clone().unwrap_or("none".to_owned())),
        ("Period", format!("{} to {}", strategy.period.start, strategy.period.end)),
        ("Cash", format!("{}, {sizer}", money(strategy.initial_cash))),
        ("Costs", if costs.is_empty() { "none".to_owned() } else { costs.join(", ") }),
        (
            "Prices",
            if strategy.adjust { "adjusted for splits and dividends" } else { "as they stand" }.to_owned(),
        ),
        (
            "Statistics",
            format!("{} periods a year, risk-free rate {}", strategy.periods_per_year, strategy.risk_free),
        ),
        ("Conventions", conventions(&strategy.conventions)),
    ];
    let column = |column: &Declaration| format!("{} {}", column.name, column.timing);
    let columns: Vec<String> = strategy.used_columns().map(column).collect();
    if !columns.is_empty() {
        rows.push(("Numbers from files", columns.join(", ")));
    }
    rows.extend(names(strategy));
    rows.extend(trading(strategy));
    if let Some(description) = &strategy.description {
        rows.insert(1, ("What it does", description.split_whitespace().collect::<Vec<_>>().join(" ")));
    }
    rows
}

/// The signals and groups that formulas use.
fn names(strategy: &Strategy) -> Vec<(&'static str, String)> {
    let signals = strategy.signals.iter().filter(|signal| signal.is_used);
    let signals: Vec<String> =
        signals.map(|signal| format!("{} = {}", signal.name, signal.canonical)).collect();
    let groups = strategy.used_groups().flat_map(|groups| {
        let group =
            |(name, assets): &(String, Vec<String>)| format!("{} {name}: {}", groups.name, few(assets));
        groups.groups.iter().map(group).collect::<Vec<_>>()
    });
    let groups: Vec<String> = groups.collect();
    let rows = [("Signals", signals.join("; ")), ("Groups", groups.join("; "))];
    rows.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

/// The first assets of a list, and how many more there are.
fn few(assets: &[String]) -> String {
    if assets.len() > ASSETS_MOST {
        format!("{} and {} more", assets[..ASSETS_MOST].join(", "), assets.len() - ASSETS_MOST)
    } else {
        assets.join(", ")
    }
}

/// The keys of trading that are not as they are without a word.
fn trading(strategy: &Strategy) -> Vec<(&'static str, String)> {
    let mut rows = Vec::new();
    if let Some(when) = &strategy.when {
        rows.push(("Decides when", when.canonical.clone()));
    }
    if strategy.fill != FillEvent::NextOpen {
        rows.push(("Filled at", strategy.fill.name().replace('_', " ")));
    }
    if let Some(band) = strategy.band {
        rows.push(("Band", band.to_string()));
    }
    if strategy.trade != TradedAssets::All {
        rows.push(("Trades", format!("{} weights", strategy.trade.name())));
    }
    if let Some(idle) = &strategy.idle {
        rows.push(("Idle money", idle.clone()));
    }
    if strategy.shares != Shares::Whole {
        rows.push(("Shares", strategy.shares.name().to_owned()));
    }
    let rates = strategy.rates.named().into_iter().filter_map(|(name, rate)| match rate {
        Rate::Number(0.0) => None,
        Rate::Number(rate) => Some(format!("{} {rate}", name.replace('_', " "))),
        Rate::Formula(formula) => Some(format!("{} {}", name.replace('_', " "), formula.canonical)),
    });
    let rates: Vec<String> = rates.collect();
    if !rates.is_empty() {
        rows.push(("Interest", rates.join(", ")));
    }
    rows
}

/// The nearest preset, and the fields that differ from it.
fn conventions(conventions: &Conventions) -> String {
    let differing = |preset: &Conventions| -> Vec<String> {
        let fields = conventions.named().into_iter().zip(preset.named());
        fields
            .filter(|(own, preset)| own != preset)
            .map(|((field, choice), _)| format!("{field} = {choice}"))
            .collect()
    };
    let nearest = PRESETS.iter().min_by_key(|(_, preset)| differing(preset).len());
    nearest.map_or(String::new(), |(name, preset)| match differing(preset) {
        differing if differing.is_empty() => (*name).to_owned(),
        differing => format!("{name}, but {}", differing.join(", ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conventions_are_named_by_what_differs_from_a_preset() {
        assert_eq!(conventions(&Conventions::SOUND), "sound");
        let mut own = Conventions::QSTRADER;
        assert!(own.set("ruin", "fail"));
        assert_eq!(conventions(&own), "qstrader, but ruin = fail");
    }
}
