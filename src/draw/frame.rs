//! What stands around a chart: lines at round values, and the values in a column of their own, where no curve hides them.

use maud::{Markup, html};

use super::scale::Scale;
use super::svg::{number, width};
use super::value_format::ValueFormat;

/// Font size of labels.
const LABEL: f64 = 12.0;
/// Charts below each other begin at the same place, unless a value is long.
const ROOM_LEAST: f64 = 50.0;

/// Lines at round values, `top` pixels below the edge. They stand behind everything.
pub(crate) fn grid(scale: &Scale, format: ValueFormat, top: f64) -> Markup {
    html! {
        @for (tick, _) in scale.ticks(format) {
            @let y = number(top + scale.y(tick));
            line.grid.zero[tick == 0.0] x1="0" x2="100%" y1=(y) y2=(y) {}
        }
    }
}

/// A chart with its values at the left.
pub(crate) fn framed(scale: &Scale, format: ValueFormat, top: f64, chart: Markup) -> Markup {
    let ticks = scale.ticks(format);
    let room = ticks.iter().map(|(_, text)| width(text, LABEL) + 8.0).fold(ROOM_LEAST, f64::max).ceil();
    html! {
        div.framed style=(format!("grid-template-columns:{room}px 1fr")) {
            svg.draw aria-hidden="true" width=(room) height=(top + scale.height) {
                @for (tick, text) in &ticks {
                    text.label x=(room - 6.0) y=(number(top + scale.y(*tick) + 4.0)) text-anchor="end" { (text) }
                }
            }
            (chart)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_its_value_at_the_same_height() {
        let scale = Scale::of([0.0, 10.0].into_iter(), false, 100.0);
        let chart = framed(&scale, ValueFormat::Number, 8.0, grid(&scale, ValueFormat::Number, 8.0));
        let drawn = chart.into_string();
        assert_eq!(drawn.matches("<text").count(), drawn.matches("<line").count());
        assert!(drawn.contains("y1=\"108\"") && drawn.contains("y=\"112\""), "{drawn}");
    }
}
