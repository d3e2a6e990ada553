//! Where the figures come from, and how to have them again.

use maud::{Markup, html};

use super::SweepPage;
use crate::backtest::strategy::{Strategy, schedule_name};
use crate::engine::conventions::{Conventions, PRESETS};
use crate::engine::sizing::OrderSizer;
use crate::report::figure::money;
use crate::report::page::parts::{command, pairs};
use crate::report::sweep::metric::{short, value_text};
use crate::sweep::axis::{Axis, Values};
use crate::sweep::space::Design;

/// Assets that are named.
const ASSETS_MOST: usize = 30;

/// The section.
pub fn provenance(page: &SweepPage) -> Markup {
    let summary = page.summary;
    let plan = page.findings.plan;
    let space = &plan.sweep.space;
    let design = match &space.design {
        Design::Grid => "every combination of the axes".to_owned(),
        Design::Sample(sample) => format!("a sample of {} points, seed {}", sample.points, sample.seed),
        Design::List => "a list".to_owned(),
    };
    let keep = space.keep.as_ref().map(|keep| ("Kept where", keep.canonical().to_owned()));
    let mut rows = vec![
        ("Sweep", summary.sweep.clone()),
        ("Seal", summary.seal.clone()),
        ("Prices (fingerprint)", summary.data_fingerprint.clone()),
        ("Program", format!("backtest {}, results revision {}", summary.version, summary.results_revision)),
        ("Points", format!("{} of {}: {design}", summary.points.done, summary.points.exist)),
    ];
    rows.extend(keep);
    let axes: Vec<(&str, String)> =
        space.axes.iter().map(|axis| (axis.name.as_str(), values(axis))).collect();
    let best = page.findings.board.best().map(|row| page.findings.table.points[row]);
    html! {
        (pairs(&rows))
        h3 { "Axes" }
        (pairs(&axes))
        h3 { "Strategy" }
        (pairs(&strategy(&plan.sweep.strategy)))
        h3 { "The same again" }
        p { "Where the sweep was run, with the folder of results named " code { "results" } ":" }
        (command(&format!("sweep verify results/{}", plan.folder_name())))
        @if let Some(point) = best { (command(&page.command(point))) }
        p.soft { "Any row of the leaderboard: the same with its point. The plan holds the strategy and the axes; its seal refuses other prices." }
    }
}

/// The keys of a strategy that decide its results.
pub fn strategy(strategy: &Strategy) -> Vec<(&'static str, String)> {
    let assets: Vec<String> = strategy.assets.iter().map(|(asset, _)| asset.clone()).collect();
    let named = match assets.len() > ASSETS_MOST {
        true => format!("{} and {} more", assets[..ASSETS_MOST].join(", "), assets.len() - ASSETS_MOST),
        false => assets.join(", "),
    };
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
        OrderSizer::LongShort { gross_leverage } => {
            format!("long and short, gross leverage {gross_leverage}")
        }
    };
    let mut rows = vec![
        ("Name", strategy.name.trim().to_owned()),
        ("Weights", strategy.formula.canonical.clone()),
        ("Decides", schedule_name(strategy.schedule)),
        ("Assets", named),
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
    if let Some(description) = &strategy.description {
        rows.insert(1, ("What it does", description.split_whitespace().collect::<Vec<_>>().join(" ")));
    }
    rows
}

/// The preset with what differs from it.
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

fn values(axis: &Axis) -> String {
    const LISTED: u64 = 12;
    let text = |place: u64| short(&value_text(&axis.values.at(place)));
    match axis.values.count() {
        Some(count) if count <= LISTED => (0..count).map(text).collect::<Vec<_>>().join(", "),
        Some(count) => format!("{}, {} ... {} ({count} values)", text(0), text(1), text(count - 1)),
        None => {
            let [first, last] = axis.values.ends().map(|value| short(&value_text(&value)));
            let logarithmic = matches!(axis.values, Values::Span { logarithmic: true, .. });
            format!("{first} to {last}{}", if logarithmic { ", equal ratios equally likely" } else { "" })
        }
    }
}
