//! A stacked area chart of shares of a whole over time: positive shares up from zero, negative ones down.

use std::fmt::Write;

use maud::{Markup, html};

use super::frame::{LABELS_HEIGHT, TOP, framed, grid, legend};
use super::time_axis::TimeAxis;
use super::value_axis::ValueAxis;
use super::value_format::{Digits, ValueFormat};
use super::{ACROSS, listed};
use crate::market::date::Date;

/// The most dates that are drawn.
const COLUMNS: usize = 300;
/// Layers that have a colour of their own.
pub(crate) const LAYERS_MOST: usize = 8;

/// One of the stacked shares.
#[derive(Debug, Clone)]
pub(crate) struct Layer {
    /// Its name.
    pub name: String,
    /// Its share on each date; NaN counts as 0.
    pub values: Vec<f64>,
}

/// The layers over `dates`, the first at the bottom. `description` is read to those who do not see the chart; `height` is in
/// pixels.
pub(crate) fn stack(description: &str, dates: &[Date], layers: &[Layer], height: f64) -> Markup {
    let x_axis = TimeAxis::from_dates(dates.iter().copied()).filter(|x_axis| x_axis.first < x_axis.last);
    let Some(x_axis) = x_axis else {
        return html! { p.absent { "There are too few days for a picture." } };
    };
    let samples = x_axis.samples(COLUMNS.min(dates.len()));
    let index = |date: &Date| dates.partition_point(|day| day <= date).saturating_sub(1);
    let indices: Vec<usize> = samples.iter().map(index).collect();
    let value = |layer: &Layer, index: usize| {
        Some(layer.values[index]).filter(|value| !value.is_nan()).unwrap_or(0.0)
    };
    // The near and the far edge of each layer at each sample.
    let mut up = vec![0.0; indices.len()];
    let mut down = vec![0.0; indices.len()];
    let mut edges: Vec<Vec<[f64; 2]>> = Vec::new();
    for layer in layers {
        let layer_edges = indices.iter().enumerate().map(|(column, &index)| {
            let value = value(layer, index);
            let end = if value < 0.0 { &mut down[column] } else { &mut up[column] };
            let from = *end;
            *end += value;
            [from, *end]
        });
        edges.push(layer_edges.collect());
    }
    let y_axis = ValueAxis::new(up.iter().chain(&down).copied().chain([0.0, 1.0]), false, height);

    let digits = Digits { resolution: 0.001, largest: 1.0 };
    let sampled = |layer: &Layer| {
        let text = |index: &usize| match value(layer, *index) {
            0.0 => String::new(),
            share => ValueFormat::Percent.text(share, digits),
        };
        listed(indices.iter().map(text))
    };
    let sample = |number: usize| {
        html! { rect class={"layer layer" (number % LAYERS_MOST)} width="14" height="12" {} }
    };
    let names =
        layers.iter().enumerate().map(|(number, layer)| ([16, 12], sample(number), layer.name.clone()));
    html! {
        (framed(&y_axis, ValueFormat::Percent, html! {
            div.plot data-kind="line" data-labels=(listed(samples.iter().map(Date::to_string))) {
                svg.draw role="img" aria-label=(description) height=(TOP + height + LABELS_HEIGHT) {
                    svg.stretched y=(TOP) height=(height) viewBox={"0 0 " (ACROSS) " " (height)} preserveAspectRatio="none" {
                        @for (number, (layer, edges)) in layers.iter().zip(&edges).enumerate() {
                            path class={"layer layer" (number % LAYERS_MOST)} d=(outline(edges, &y_axis))
                                data-name=(layer.name) data-values=(sampled(layer)) {}
                        }
                    }
                    (grid(&y_axis, ValueFormat::Percent))
                    (x_axis.draw(TOP + height))
                }
            }
        }))
        (legend(names))
    }
}

/// SVG path data of a layer: along one edge and back along the other, in steps, because shares jump. Columns where the layer is
/// empty are left out.
fn outline(edges: &[[f64; 2]], y_axis: &ValueAxis) -> String {
    let mut out = String::new();
    let width = ACROSS / edges.len() as f64;
    let x = |column: usize| (column as f64 * width * 10.0).round() / 10.0;
    let y = |value: f64| (y_axis.y(value) * 10.0).round() / 10.0;
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
        let run = || edges[start..end].iter().enumerate().map(|(index, edge)| (start + index, edge));
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
