//! What surrounds a chart: grid lines at round values, the values in a column of their own, where no curve hides them, and the
//! legend.

use maud::{Markup, html};

use super::svg::{number, width};
use super::value_axis::ValueAxis;
use super::value_format::ValueFormat;

/// Pixels above the y axis, for the upper half of its highest label.
pub(crate) const TOP: f64 = 8.0;
/// Pixels below a chart, for the labels of its x axis.
pub(crate) const LABELS_HEIGHT: f64 = 22.0;
/// Font size of labels.
const LABEL: f64 = 12.0;
/// Least width of the column of values, so that charts below each other start at the same x unless a value is long.
const ROOM_LEAST: f64 = 50.0;

/// Grid lines at round values. What is drawn after them hides them.
pub(crate) fn grid(y_axis: &ValueAxis, format: ValueFormat) -> Markup {
    html! {
        @for (tick, _) in y_axis.ticks(format) {
            @let y = number(TOP + y_axis.y(tick));
            line.grid.zero[tick == 0.0] x1="0" x2="100%" y1=(y) y2=(y) {}
        }
    }
}

/// A chart with the values of its y axis at the left.
pub(crate) fn framed(y_axis: &ValueAxis, format: ValueFormat, chart: Markup) -> Markup {
    let ticks = y_axis.ticks(format);
    let room = ticks.iter().map(|(_, text)| width(text, LABEL) + 8.0).fold(ROOM_LEAST, f64::max).ceil();
    html! {
        div.framed style=(format!("grid-template-columns:{room}px 1fr")) {
            svg.draw aria-hidden="true" width=(room) height=(TOP + y_axis.height) {
                @for (tick, text) in &ticks {
                    text.label x=(room - 6.0) y=(number(TOP + y_axis.y(*tick) + 4.0)) text-anchor="end" { (text) }
                }
            }
            (chart)
        }
    }
}

/// A legend: each entry is a sample, its width and height in pixels before it, and what it stands for.
pub(crate) fn legend(entries: impl IntoIterator<Item = ([u32; 2], Markup, String)>) -> Markup {
    html! {
        ul.legend {
            @for ([width, height], sample, name) in entries {
                li { svg width=(width) height=(height) aria-hidden="true" { (sample) } (name) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_its_value_at_the_same_height() {
        let y_axis = ValueAxis::new([0.0, 10.0].into_iter(), false, 100.0);
        let chart = framed(&y_axis, ValueFormat::Number, grid(&y_axis, ValueFormat::Number));
        let drawn = chart.into_string();
        assert_eq!(drawn.matches("<text").count(), drawn.matches("<line").count());
        assert!(drawn.contains("y1=\"108\"") && drawn.contains("y=\"112\""), "{drawn}");
    }
}
