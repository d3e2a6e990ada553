//! A range as a line with a dot at its median, small enough for a cell of a table.

use maud::{Markup, html};

use super::percent;

const HEIGHT: f64 = 18.0;

/// The line from `worst` to `best` with a dot at `median`, on a scale from `low` to `high`. `name` is read to those who do not
/// see it.
pub(crate) fn range(name: &str, [worst, median, best]: [f64; 3], [low, high]: [f64; 2]) -> Markup {
    let span = if high > low { high - low } else { 1.0 };
    // Both ends leave room for the dot.
    let at = |value: f64| percent(0.02 + 0.96 * ((value - low) / span).clamp(0.0, 1.0));
    html! {
        svg.range role="img" aria-label=(name) height=(HEIGHT) {
            @if low < 0.0 && 0.0 < high { line.grid x1=(at(0.0)) x2=(at(0.0)) y1="0" y2=(HEIGHT) {} }
            @if [worst, median, best].iter().all(|value| value.is_finite()) {
                line.reach x1=(at(worst)) x2=(at(best)) y1=(HEIGHT / 2.0) y2=(HEIGHT / 2.0) {}
                circle.median cx=(at(median)) cy=(HEIGHT / 2.0) r="4.5" {}
                circle.end cx=(at(best)) cy=(HEIGHT / 2.0) r="3" {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_lies_on_the_common_scale() {
        let drawn = range("x", [0.0, 0.5, 1.0], [0.0, 1.0]).into_string();
        assert!(
            drawn.contains("x1=\"2%\"") && drawn.contains("cx=\"50%\"") && drawn.contains("x2=\"98%\""),
            "{drawn}"
        );
        assert!(!range("x", [f64::NAN; 3], [0.0, 1.0]).into_string().contains("circle"));
    }
}
