//! One bar a group, up or down from zero, with a line across for what it is compared with.

use maud::{Markup, html};

use super::frame::{framed, grid};
use super::scale::Scale;
use super::svg::number;
use super::value_format::{Digits, ValueFormat};
use super::{listed, percent};

const TOP: f64 = 8.0;
const LABELS_HEIGHT: f64 = 22.0;
/// Labels on a wide page, at most; a narrow one shows every second.
const LABELS_MOST: usize = 14;

/// A bar.
#[derive(Debug, Clone)]
pub(crate) struct Bar {
    /// Below it.
    pub label: String,
    /// Its end.
    pub value: f64,
    /// What it is compared with.
    pub beside: Option<f64>,
}

/// The bars; `names` says what a bar is and what it is compared with.
pub(crate) fn bars(
    description: &str,
    bars: &[Bar],
    names: [&str; 2],
    format: ValueFormat,
    height: f64,
) -> Markup {
    let values = bars.iter().flat_map(|bar| [Some(bar.value), bar.beside, Some(0.0)]).flatten();
    let scale = Scale::of(values, false, height);
    let digits = Digits { resolution: 0.0001, largest: scale.high.abs().max(scale.low.abs()) };
    let list = |text: &dyn Fn(&Bar) -> String| {
        let texts: Vec<String> = bars.iter().map(text).collect();
        listed(texts.iter().map(String::as_str))
    };
    let step = bars.len().div_ceil(LABELS_MOST).max(1);
    let count = bars.len().max(1) as f64;
    let compared_with = bars.iter().enumerate().filter_map(|(place, bar)| Some((place, bar.beside?)));
    let compared = bars.iter().any(|bar| bar.beside.is_some());
    html! {
        (framed(&scale, format, TOP, html! {
            div.plot data-kind="bar" data-labels=(list(&|bar| bar.label.clone())) {
                svg.draw role="img" aria-label=(description) height=(TOP + height + LABELS_HEIGHT) {
                    (grid(&scale, format, TOP))
                    g data-name=(names[0]) data-values=(list(&|bar| format.text(bar.value, digits))) {
                        @for (place, bar) in bars.iter().enumerate().filter(|(_, bar)| bar.value.is_finite()) {
                            @let [from, to] = [bar.value.max(0.0), bar.value.min(0.0)].map(|end| scale.y(end));
                            rect.bar.low[bar.value < 0.0] x=(percent((place as f64 + 0.2) / count)) width=(percent(0.6 / count))
                                y=(number(TOP + from)) height=(number((to - from).max(1.0))) {}
                        }
                    }
                    @if compared {
                        g data-name=(names[1])
                            data-values=(list(&|bar| bar.beside.map_or(String::new(), |value| format.text(value, digits)))) {
                            @for (place, value) in compared_with {
                                @let y = number(TOP + scale.y(value));
                                @let [from, to] = [0.08, 0.92].map(|part| percent((place as f64 + part) / count));
                                line.beside x1=(from) x2=(to)
                                    y1=(y) y2=(y) {}
                            }
                        }
                    }
                    @for (number, (place, bar)) in bars.iter().enumerate().step_by(step).enumerate() {
                        text.label.wide[number % 2 == 1] x=(percent((place as f64 + 0.5) / count)) y=(TOP + height + 17.0)
                            text-anchor="middle" { (bar.label) }
                    }
                }
            }
        }))
        @if compared {
            ul.legend {
                li { svg width="26" height="12" aria-hidden="true" { rect.bar x="5" y="1" width="16" height="10" {} } (names[0]) }
                li { svg width="26" height="10" aria-hidden="true" { line.beside x1="1" x2="25" y1="5" y2="5" {} } (names[1]) }
            }
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
