//! Exposure and holdings over time, and the profit of each asset.

use maud::{Markup, html};

use super::TearSheet;
use crate::draw::stack::{LAYERS_MOST, Layer, stack};
use crate::draw::time_chart::{ChartLine, TimeChart};
use crate::draw::value_format::ValueFormat;
use crate::report::page::parts::{TableColumn, TableRow, figure, sortable};
use crate::report::tear_sheet::positions::Position;
use crate::text::number::{money, percent};

const EXPOSURE_HEIGHT: f64 = 130.0;
const HOLDINGS_HEIGHT: f64 = 220.0;
/// The most rows of the table of assets.
const LISTED: usize = 500;

/// The section.
pub(crate) fn holdings(sheet: &TearSheet, positions: &[Position]) -> Markup {
    if positions.is_empty() {
        return html! { p { "Nothing was ever held." } };
    }
    html! {
        (exposure(sheet, positions))
        (layers(sheet, positions))
        (earned(sheet, positions))
    }
}

fn exposure(sheet: &TearSheet, positions: &[Position]) -> Markup {
    let points = sheet.result.dates.len();
    let (mut gross, mut net) = (vec![0.0; points], vec![0.0; points]);
    for position in positions {
        for ((gross, net), weight) in gross.iter_mut().zip(&mut net).zip(&position.weights) {
            *gross += weight.abs();
            *net += weight;
        }
    }
    let is_short = positions.iter().any(|position| position.weights.iter().any(|weight| *weight < 0.0));
    let dates = &sheet.result.dates;
    let mut lines = vec![ChartLine { name: "Gross".to_owned(), class: "best", dates, values: &gross }];
    if is_short {
        lines.push(ChartLine { name: "Net".to_owned(), class: "plateau", dates, values: &net });
    }
    let mean = percent(sheet.result.outcome.exposure);
    let chart = TimeChart {
        description: format!("Exposure over time, on average {mean}."),
        lines,
        format: ValueFormat::Percent,
        growth: false,
        filled: true,
        height: EXPOSURE_HEIGHT,
    };
    let caption = format!("Value of all positions over the equity; {mean} on average.");
    figure("Exposure", &caption, chart.draw())
}

/// A chart of the holdings: a layer for each of the assets held most, and one for all others.
fn layers(sheet: &TearSheet, positions: &[Position]) -> Markup {
    let result = sheet.result;
    let held = |position: &Position| position.weights.iter().map(|weight| weight.abs()).sum::<f64>();
    let mut order: Vec<(f64, &Position)> =
        positions.iter().map(|position| (held(position), position)).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.asset.cmp(&b.1.asset)));
    let own = if order.len() > LAYERS_MOST { LAYERS_MOST - 1 } else { order.len() };
    let mut layers: Vec<Layer> = order[..own]
        .iter()
        .map(|(_, position)| Layer {
            name: result.market.symbol(position.asset).to_owned(),
            values: position.weights.clone(),
        })
        .collect();
    if order.len() > own {
        let mut values = vec![0.0; result.dates.len()];
        for (_, position) in &order[own..] {
            values.iter_mut().zip(&position.weights).for_each(|(value, weight)| *value += weight);
        }
        layers.push(Layer { name: format!("{} others", order.len() - own), values });
    }
    let mean =
        positions.iter().map(|position| position.days).sum::<usize>() as f64 / result.days().len() as f64;
    let most = layers.first().map_or("", |layer| layer.name.as_str());
    let description =
        format!("Shares of the equity held in {} assets over time, the most in {most}.", positions.len());
    let caption =
        format!("Share of the equity in each asset; {mean:.1} assets on average. The rest is cash.");
    figure("Holdings", &caption, stack(&description, &result.dates, &layers, HOLDINGS_HEIGHT))
}

fn earned(sheet: &TearSheet, positions: &[Position]) -> Markup {
    let mut order: Vec<&Position> = positions.iter().collect();
    order.sort_by(|a, b| b.profit.total_cmp(&a.profit).then(a.asset.cmp(&b.asset)));
    let days = sheet.result.days().len() as f64;
    let column = |heading: &str, number| TableColumn {
        heading: heading.to_owned(),
        name: heading.replace(' ', "_"),
        number,
        title: "",
    };
    let columns = [
        column("asset", false),
        column("earned", true),
        column("fills", true),
        column("time held", true),
        column("mean weight", true),
    ];
    let row = |position: &&Position| {
        let mean = position.weights.iter().sum::<f64>() / days;
        let cells = vec![
            sheet.result.market.symbol(position.asset).to_owned(),
            money(position.profit),
            position.fills.to_string(),
            percent(position.days as f64 / days),
            percent(mean),
        ];
        TableRow { cells, class: "", command: String::new() }
    };
    let rows: Vec<TableRow> = order.iter().take(LISTED).map(row).collect();
    html! {
        h3 { "What each asset earned" }
        p.soft {
            "Sales, payouts and the value at the end, less purchases and commissions; together the gain of the equity"
            @if sheet.result.outcome.interest == 0.0 { "." } @else { ", interest of " (money(sheet.result.outcome.interest)) " aside." }
            @if order.len() > LISTED { " The first " (LISTED) " of " (order.len()) " assets." }
        }
        (sortable("assets", "What each asset earned", &columns, &rows, "for instance: earned > 0"))
    }
}
