//! A bar chart: one bar a label, up or down from zero, with a line across the bar for the value it is compared with.

use maud::{Markup, html};

use super::frame::{LABELS_HEIGHT, TOP, framed, grid, legend};
use super::svg::number;
use super::value_axis::ValueAxis;
use super::value_format::{Digits, ValueFormat};
use super::{listed, percent};

/// The most labels on a wide page; a narrow one shows every second of them.
const LABELS_MOST: usize = 14;

/// One bar.
#[derive(Debug, Clone)]
pub(crate) struct Bar {
    /// The text below it.
    pub label: String,
    /// Where it ends; a value that is not finite draws no bar.
    pub value: f64,
    /// The value it is compared with, drawn as a line.
    pub beside: Option<f64>,
}

/// The chart. `description` is read to those who do not see it; `names` are the names of the bars and of the lines; `height` is
/// in pixels.
pub(crate) fn bars(
    description: &str,
    bars: &[Bar],
    names: [&str; 2],
    format: ValueFormat,
    height: f64,
) -> Markup {
    let values = bars.iter().flat_map(|bar| [Some(bar.value), bar.beside, Some(0.0)]).flatten();
    let y_axis = ValueAxis::new(values, false, height);
    let digits = Digits { resolution: 0.0001, largest: y_axis.high.abs().max(y_axis.low.abs()) };
    let list = |text: &dyn Fn(&Bar) -> String| listed(bars.iter().map(text));
    let step = bars.len().div_ceil(LABELS_MOST).max(1);
    let count = bars.len().max(1) as f64;
    let lines = bars.iter().enumerate().filter_map(|(index, bar)| Some((index, bar.beside?)));
    let compared = bars.iter().any(|bar| bar.beside.is_some());
    html! {
        (framed(&y_axis, format, html! {
            div.plot data-kind="bar" data-labels=(list(&|bar| bar.label.clone())) {
                svg.draw role="img" aria-label=(description) height=(TOP + height + LABELS_HEIGHT) {
                    (grid(&y_axis, format))
                    g data-name=(names[0]) data-values=(list(&|bar| format.text(bar.value, digits))) {
                        @for (index, bar) in bars.iter().enumerate().filter(|(_, bar)| bar.value.is_finite()) {
                            @let [from, to] = [bar.value.max(0.0), bar.value.min(0.0)].map(|end| y_axis.y(end));
                            rect.bar.low[bar.value < 0.0] x=(percent((index as f64 + 0.2) / count)) width=(percent(0.6 / count))
                                y=(number(TOP + from)) height=(number((to - from).max(1.0))) {}
                        }
                    }
                    @if compared {
                        g data-name=(names[1])
                            data-values=(list(&|bar| bar.beside.map_or(String::new(), |value| format.text(value, digits)))) {
                            @for (index, value) in lines {
                                @let y = number(TOP + y_axis.y(value));
                                @let [from, to] = [0.08, 0.92].map(|part| percent((index as f64 + part) / count));
                                line.beside x1=(from) x2=(to)
                                    y1=(y) y2=(y) {}
                            }
                        }
                    }
                    @for (number, (index, bar)) in bars.iter().enumerate().step_by(step).enumerate() {
                        text.label.wide[number % 2 == 1] x=(percent((index as f64 + 0.5) / count)) y=(TOP + height + 17.0)
                            text-anchor="middle" { (bar.label) }
                    }
                }
            }
        }))
        @if compared {
            (legend([
                ([26, 12], html! { rect.bar x="5" y="1" width="16" height="10" {} }, names[0].to_owned()),
                ([26, 10], html! { line.beside x1="1" x2="25" y1="5" y2="5" {} }, names[1].to_owned()),
            ]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_rise_and_fall_from_zero() {
        let bar = |label: &str, value, beside| Bar { label: label.to_owned(), value, beside };
        let some = [bar("2001", 0.2, Some(0.1)), bar("2002", -0.2, None), bar("2003", f64::NAN, None)];
        let drawn =
            bars("Returns.", &some, ["strategy", "benchmark"], ValueFormat::Percent, 100.0).into_string();
        assert_eq!(
            drawn.matches("<rect class=\"bar\" x=\"").count(),
            2,
            "one of them in the legend: {drawn}"
        );
        assert_eq!(drawn.matches("class=\"bar low\"").count(), 1);
        assert!(drawn.contains("20.00 %") && drawn.contains("data-name=\"benchmark\""));
    }
}
