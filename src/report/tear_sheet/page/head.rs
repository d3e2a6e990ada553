//! The head of the page: a sentence and three figures that say how the strategy did.

use maud::{Markup, html};

use super::TearSheet;
use crate::report::page::parts::tile;
use crate::stats::performance::Performance;
use crate::text::number::{decimal, percent};
use crate::text::quoted;

/// The most characters of the description.
const DESCRIPTION_LIMIT: usize = 500;

/// The head of the page.
pub(crate) fn head(sheet: &TearSheet) -> Markup {
    let TearSheet { strategy, result, .. } = sheet;
    let own = &result.performance;
    let beside = result.benchmark.as_ref().map(|benchmark| (&benchmark.asset, &benchmark.performance));
    let note = |figure: &dyn Fn(&Performance) -> String| match beside {
        Some((asset, other)) => format!("{asset} held: {}", figure(other)),
        None => "no benchmark".to_owned(),
    };
    let growth = |figures: &Performance| percent(figures.cagr.unwrap_or(f64::NAN));
    let sharpe = |figures: &Performance| decimal(figures.sharpe.unwrap_or(f64::NAN));
    let fall = |figures: &Performance| percent(figures.max_drawdown);
    let description = strategy.description.as_deref().unwrap_or("");
    let words: Vec<&str> = description.split_whitespace().collect();
    let parameters: Vec<String> = strategy
        .parameters
        .iter()
        .map(|parameter| format!("{} = {}", parameter.name, parameter.value.value()))
        .collect();
    html! {
        h1 { (strategy.name.trim()) }
        @if !words.is_empty() { p { (quoted::message(&words.join(" "), DESCRIPTION_LIMIT)) } }
        p.soft {
            @if let (Some(first), Some(last)) = (result.days().first(), result.days().last()) {
                span.nowrap { (first) } " to " span.nowrap { (last) } ", " (result.days().len()) " " (sheet.days_named())
            }
            @if !parameters.is_empty() { ", " (parameters.join(", ")) }
        }
        @if let Some(date) = result.outcome.ruined_on {
            p.warning role="alert" {
                "RUINED: the equity is 0 or below at the close of " span.nowrap { (date) } "; no figure after that means anything."
            }
        }
        div.verdict {
            p.sentence { (sentence(sheet)) }
        }
        div.tiles {
            (tile("Growth a year (CAGR)", &growth(own), &note(&growth)))
            (tile("Sharpe ratio", &sharpe(own), &note(&sharpe)))
            (tile("Largest drawdown", &fall(own), &note(&fall)))
        }
        @if !result.notices.is_empty() {
            details.more {
                summary { (result.notices.len()) @if result.notices.len() == 1 { " note" } @else { " notes" } }
                ul.reasons { @for notice in &result.notices { li { (notice) } } }
            }
        }
    }
}

fn sentence(sheet: &TearSheet) -> String {
    let own = &sheet.result.performance;
    let verb = |growth: f64| if growth < 0.0 { "lost" } else { "grew" };
    let Some(growth) = own.cagr.filter(|growth| growth.is_finite()) else {
        return "The curve has no growth a year.".to_owned();
    };
    let mut text = format!(
        "It {} {:.1} % a year and at worst stood {:.0} % below its high",
        verb(growth),
        100.0 * growth.abs(),
        100.0 * own.max_drawdown
    );
    if let Some(benchmark) = &sheet.result.benchmark
        && let Some(other) = benchmark.performance.cagr.filter(|growth| growth.is_finite())
    {
        text += &format!(
            "; {} held {} {:.1} % a year and stood {:.0} % below",
            benchmark.asset,
            verb(other),
            100.0 * other.abs(),
            100.0 * benchmark.performance.max_drawdown
        );
    }
    text + "."
}
