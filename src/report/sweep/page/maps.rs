//! Heat maps of every pair of axes, for the figure that ranks and the usual others.

use maud::{Markup, PreEscaped, html};

use super::SweepPage;
use crate::draw::bars::{Bar, bars};
use crate::draw::heat_map::{HeatMap, HeatMapCell};
use crate::draw::value_format::Digits;
use crate::report::sweep::heat_maps::{self, NamedMap, Others, View, views};
use crate::report::sweep::metric::{shown, text};
use crate::strategy::figures::Metric;
use crate::sweep::space::Design;
use crate::text::number::whole;

/// The most bytes of all maps: a page must fit into a mail.
const BYTES_MOST: usize = 2_400_000;

/// The most values of a single axis that are drawn as bars.
const BARS_MOST: usize = 80;
const BARS_HEIGHT: f64 = 200.0;

/// The section: the first map of the figure that ranks, and the others folded away. With the script a reader chooses one.
pub(crate) fn maps(page: &SweepPage) -> Markup {
    let ranked = &page.ranked;
    let views = views(ranked);
    if views.is_empty() {
        return html! { p { (why_none(page)) } };
    }
    let metrics = shown(ranked.rank.metric);
    let mut drawn: Vec<(View, Metric, String)> = Vec::new();
    for view in &views {
        let equals =
            page.equals().map_or(Vec::new(), |equals| heat_maps::cells(ranked, *view, &equals.points));
        let mut maps = heat_maps::maps(ranked, *view, &metrics);
        maps.iter_mut().for_each(|named| named.map.equals.clone_from(&equals));
        let maps = maps.into_iter().zip(&metrics);
        drawn.extend(maps.map(|(named, metric)| (*view, *metric, map(page, *view, *metric, &named))));
    }
    // First all axes for the figure that ranks, then the other figures, as long as there is room.
    drawn.sort_by_key(|(_, metric, _)| *metric != ranked.rank.metric);
    let mut bytes = 0;
    let all = drawn.len();
    drawn.retain(|(_, _, markup)| {
        bytes += markup.len();
        bytes <= BYTES_MOST.max(markup.len())
    });
    let left_out = all - drawn.len();
    let one = |(view, metric, markup): &(View, Metric, String)| {
        html! {
            div.map data-axes=(axes(page, *view)) data-metric=(metric.figure().definition.name) data-slice=(slice(*view)) {
                (PreEscaped(markup))
            }
        }
    };
    let (first, rest) = drawn.split_at(1);
    html! {
        @if let Some(sentence) = equals_sentence(page) { p { (sentence) } }
        div.maps {
            @for map in first { (one(map)) }
            @if !rest.is_empty() {
                details.more {
                    summary { "More maps: other figures" @if views.len() > 1 { ", other axes" } " (" (rest.len()) ")" }
                    @for map in rest { (one(map)) }
                }
            }
        }
        @if left_out > 0 {
            p.soft { (left_out) " maps are left out to keep the page small; the heatmap files beside it have all axes." }
        }
    }
}

/// How many points cannot be told from the best trial.
pub(crate) fn equals_sentence(page: &SweepPage) -> Option<String> {
    let equals = page.equals()?;
    let examined = page.examined?;
    let best = examined.best.as_ref().map_or(examined.point, |best| Some(best.point))?;
    let others = equals.points.iter().filter(|point| **point != best).count();
    let compared = equals.compared.saturating_sub(1);
    let which = if examined.best.is_some() { "the point of the smallest p" } else { "the best one" };
    let apart = page.ranked.table.points.len().saturating_sub(equals.compared);
    let told = match others {
        0 => format!(
            "Each of the {} other points compared is worse than point {best}, {which}.",
            whole(compared as f64)
        ),
        _ if others == compared => {
            format!(
                "None of the {} other points compared can be told from point {best}, {which}.",
                whole(compared as f64)
            )
        }
        _ => format!(
            "{} of the {} other points compared cannot be told from point {best}, {which}; they are marked.",
            whole(others as f64),
            whole(compared as f64)
        ),
    };
    Some(match apart {
        0 => told,
        _ => format!(
            "{told} {} points have no mark since they were not compared: the same as an earlier point, failed, or far behind.",
            whole(apart as f64)
        ),
    })
}

/// Labels in a sentence.
fn list(labels: &[&str]) -> String {
    match labels {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A figure along a single axis as bars, whose heights tell more than colours.
fn along(map: &HeatMap, description: &str) -> Markup {
    let value = |column: usize| map.cells[column].unwrap_or(f64::NAN);
    let columns = map.x.labels.iter().enumerate();
    let drawn: Vec<Bar> = columns
        .map(|(column, label)| Bar { label: label.clone(), value: value(column), beside: None })
        .collect();
    let known: Vec<f64> = map.cells.iter().flatten().copied().filter(|value| value.is_finite()).collect();
    let largest = known.iter().fold(0.0f64, |most, value| most.max(value.abs()));
    let digits = Digits { resolution: largest / 1000.0, largest };
    let sentence = |what: &str, cell: Option<HeatMapCell>| {
        let text = |cell: HeatMapCell| {
            let value = map.format.text(value(cell.column), digits);
            format!("{what}: {value} at {} = {}. ", map.x.name, map.x.labels[cell.column])
        };
        cell.map_or(String::new(), text)
    };
    let equal: Vec<&str> = map.equals.iter().map(|cell| map.x.labels[cell.column].as_str()).collect();
    html! {
        (bars(description, &drawn, [&map.metric, ""], map.format, BARS_HEIGHT))
        p.soft { (sentence("Best point", map.best)) (sentence("Plateau centre", map.plateau))
            @if !equal.is_empty() { "Cannot be told from the best trial: " (map.x.name) " = " (list(&equal)) ". " }
            "Across: " (map.x.name) "." }
    }
}

fn why_none(page: &SweepPage) -> &'static str {
    match page.ranked.plan.sweep.space.design {
        Design::Grid => "No axis has several values: there is nothing to map.",
        _ => "The points are no grid, so there is no map. What each axis does is shown below.",
    }
}

fn axes(page: &SweepPage, view: View) -> String {
    let name = |axis: usize| page.ranked.plan.sweep.space.axes[axis].name.as_str();
    match view.y {
        Some(y) => format!("{} and {}", name(y), name(view.x)),
        None => name(view.x).to_owned(),
    }
}

fn slice(view: View) -> &'static str {
    match view.others {
        Others::AtBest => "as at the best point",
        Others::Averaged => "averaged over",
    }
}

fn map(page: &SweepPage, view: View, metric: Metric, named: &NamedMap) -> String {
    let map = &named.map;
    let name = metric.figure().definition.name;
    let (low, high) = map
        .cells
        .iter()
        .flatten()
        .filter(|value| !value.is_nan())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)));
    let mut description = format!("Heat map of the {name} over {}", axes(page, view));
    if low <= high {
        description += &format!(", from {} to {}", text(metric, low), text(metric, high));
    }
    let at = |cell: Option<HeatMapCell>, what: &str| {
        cell.map_or(String::new(), |cell| {
            format!(
                ". {what} at {} = {}, {} = {}",
                map.x.name, map.x.labels[cell.column], map.y.name, map.y.labels[cell.row]
            )
        })
    };
    description += &at(map.best, "Best point");
    description += &at(map.plateau, "Plateau centre");
    if !map.equals.is_empty() {
        description += &format!(". {} cells cannot be told from the best trial", map.equals.len());
    }
    let markup = html! {
        h3 { (name) " over " (axes(page, view)) }
        @if !map.subtitle.is_empty() { p.soft { (map.subtitle) } }
        @if view.y.is_none() && map.x.labels.len() <= BARS_MOST {
            (along(map, &description))
        } @else {
            (map.markup(&description))
        }
    };
    markup.into_string()
}
