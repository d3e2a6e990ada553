//! Shares of a whole over time, stacked: positive ones up from zero, negative ones down.

use std::fmt::Write;

use maud::{Markup, html};

use super::frame::{framed, grid};
use super::scale::Scale;
use super::time_axis::{LABELS_HEIGHT, TimeAxis};
use super::value_format::{Digits, ValueFormat};
use super::{ACROSS, listed};
use crate::market::date::Date;

const TOP: f64 = 8.0;
/// Dates drawn.
const COLUMNS: usize = 300;
/// Layers that have a colour of their own.
pub(crate) const LAYERS_MOST: usize = 8;

/// A layer.
#[derive(Debug, Clone)]
pub(crate) struct Layer {
    /// Its name.
    pub name: String,
    /// Its share at each date; NaN is none.
    pub values: Vec<f64>,
}

/// The layers over these dates, the first at the bottom.
pub(crate) fn stack(description: &str, dates: &[Date], layers: &[Layer], height: f64) -> Markup {
    let axis = TimeAxis::of(dates.iter().copied()).filter(|axis| axis.first < axis.last);
    let Some(axis) = axis else {
        return html! { p.absent { "There are too few days for a picture." } };
    };
    let samples = axis.samples(COLUMNS.min(dates.len()));
    let place = |date: &Date| dates.partition_point(|day| day <= date).saturating_sub(1);
    let places: Vec<usize> = samples.iter().map(place).collect();
    let value = |layer: &Layer, place: usize| {
        Some(layer.values[place]).filter(|value| !value.is_nan()).unwrap_or(0.0)
    };
    // Upper and lower edge of each layer at each date.
    let mut up = vec![0.0; places.len()];
    let mut down = vec![0.0; places.len()];
    let mut edges: Vec<Vec<[f64; 2]>> = Vec::new();
    for layer in layers {
        let layer_edges = places.iter().enumerate().map(|(column, &place)| {
            let value = value(layer, place);
            let end = if value < 0.0 { &mut down[column] } else { &mut up[column] };
            let from = *end;
            *end += value;
            [from, *end]
        });
        edges.push(layer_edges.collect());
    }
    let scale = Scale::of(up.iter().chain(&down).copied().chain([0.0, 1.0]), false, height);
    let labels: Vec<String> = samples.iter().map(Date::to_string).collect();
    let digits = Digits { resolution: 0.001, largest: 1.0 };
    let said = |layer: &Layer| {
        let text = |place: &usize| match value(layer, *place) {
            0.0 => String::new(),
            share => ValueFormat::Percent.text(share, digits),
        };
        let texts: Vec<String> = places.iter().map(text).collect();
        listed(texts.iter().map(String::as_str))
    };
    html! {
        (framed(&scale, ValueFormat::Percent, TOP, html! {
            div.plot data-kind="line" data-labels=(listed(labels.iter().map(String::as_str))) {
                svg.draw role="img" aria-label=(description) height=(TOP + height + LABELS_HEIGHT) {
                    svg.stretched y=(TOP) height=(height) viewBox={"0 0 " (ACROSS) " " (height)} preserveAspectRatio="none" {
                        @for (number, (layer, edges)) in layers.iter().zip(&edges).enumerate() {
                            path class={"layer layer" (number % LAYERS_MOST)} d=(outline(edges, &scale))
                                data-name=(layer.name) data-values=(said(layer)) {}
                        }
                    }
                    (grid(&scale, ValueFormat::Percent, TOP))
                    (axis.draw(TOP + height))
                }
            }
        }))
        ul.legend {
            @for (number, layer) in layers.iter().enumerate() {
                li {
                    svg width="16" height="12" aria-hidden="true" {
                        rect class={"layer layer" (number % LAYERS_MOST)} width="14" height="12" {}
                    }
                    (layer.name)
                }
            }
        }
    }
}

/// Along one edge and back along the other, in steps: shares change at once. Columns where the layer is empty are left out.
fn outline(edges: &[[f64; 2]], scale: &Scale) -> String {
    let mut out = String::new();
    let width = ACROSS / edges.len() as f64;
    let x = |column: usize| (column as f64 * width * 10.0).round() / 10.0;
    let y = |value: f64| (scale.y(value) * 10.0).round() / 10.0;
    let mut start = 0;
    while start < edges.len() {
        if edges[start][0] == edges[start][1] {
            start += 1;
            continue;
        }
        let end =
            (start..edges.len()).find(|&column| edges[column][0] == edges[column][1]).unwrap_or(edges.len());
        // Writing to a String cannot fail.
        let _ = write!(out, "M{} {}", x(start), y(edges[start][0]));
        let run = || edges[start..end].iter().enumerate().map(|(place, edge)| (start + place, edge));
        run().for_each(|(column, [_, far])| {
            let _ = write!(out, "V{}H{}", y(*far), x(column + 1));
        });
        run().rev().for_each(|(column, [near, _])| {
            let _ = write!(out, "V{}H{}", y(*near), x(column));
        });
        out.push('z');
        start = end;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_lie_on_each_other() {
        let dates: Vec<Date> = (0..4).map(Date).collect();
        let layer = |name: &str, values: &[f64]| Layer { name: name.to_owned(), values: values.to_vec() };
        let layers = [layer("A", &[0.5, 0.5, 0.0, 0.0]), layer("B", &[0.5, 0.5, 1.0, f64::NAN])];
        let drawn = stack("Shares.", &dates, &layers, 104.0).into_string();
        let paths: Vec<&str> =
            drawn.split(" d=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert!(paths[0].starts_with("M0 104V54") && paths[1].starts_with("M0 54V4"), "{paths:?}");
        assert!(drawn.contains("100.0 %") && drawn.contains("layer1"));
    }

    #[test]
    fn what_is_short_lies_below_zero() {
        let dates = [Date(0), Date(1)];
        let layers = [Layer { name: "A".to_owned(), values: vec![-0.5, -0.5] }];
        let drawn = stack("Shares.", &dates, &layers, 100.0).into_string();
        assert!(drawn.contains("zero"), "{drawn}");
    }
}
