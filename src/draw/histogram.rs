//! A histogram, with marks at the values that matter.

use maud::{Markup, html};

use super::frame::LABELS_HEIGHT;
use super::round_ticks::round_ticks;
use super::svg::number;
use super::value_format::{Digits, ValueFormat};
use super::{anchor, extent, listed, percent};

const HEIGHT: f64 = 160.0;
const MARK_HEIGHT: f64 = 17.0;
/// Columns of dots, which fit beside each other on a phone.
const DOT_BINS: f64 = 40.0;
/// The most pixels between two dots, and the most of a dot's radius.
const DOT_STEP: f64 = 11.0;
const DOT_RADIUS: f64 = 3.5;
/// Room between the outermost values and the ends.
const AIR: f64 = 0.02;

/// A marked value.
#[derive(Debug, Clone)]
pub(crate) struct ValueMark {
    /// The value.
    pub value: f64,
    /// What the value is.
    pub name: String,
    /// Its CSS class.
    pub class: &'static str,
}

/// A histogram.
#[derive(Debug, Clone)]
pub(crate) struct Histogram<'h> {
    /// The text for readers who do not see it.
    pub description: String,
    /// The values; those that are not finite are left out.
    pub values: &'h [f64],
    /// Marked values.
    pub marks: Vec<ValueMark>,
    /// Bars up to this value have another colour.
    pub up_to: Option<f64>,
    /// Whether every value is a dot; else bars show how many there are.
    pub dotted: bool,
    /// How values are written.
    pub format: ValueFormat,
    /// What is counted, in the plural: `points`.
    pub counted: &'static str,
}

impl Histogram<'_> {
    /// The chart; a sentence if there is no finite value.
    pub(crate) fn draw(&self) -> Markup {
        let finite = || self.values.iter().copied().filter(|value| value.is_finite());
        let marks: Vec<&ValueMark> = self.marks.iter().filter(|mark| mark.value.is_finite()).collect();
        let (low, high) = extent(finite().chain(marks.iter().map(|mark| mark.value)));
        let count = finite().count();
        if count == 0 {
            return html! { p.absent { "No point has the figure." } };
        }
        let span = if high > low { high - low } else { high.abs().max(1.0) };
        let (low, high) = (low - AIR * span, high + AIR * span);
        let bounds = self.bounds(low, high, count);
        let bins = bounds.len() - 1;
        let width = (high - low) / bins as f64;
        let mut counts = vec![0usize; bins];
        for value in finite() {
            let bin = bounds.partition_point(|bound| *bound <= value).saturating_sub(1);
            counts[bin.min(bins - 1)] += 1;
        }
        let most = counts.iter().copied().max().unwrap_or(1).max(1) as f64;
        let (left, right) = (bounds[0], bounds[bins]);
        let share = |value: f64| (value - left) / (right - left);
        let top = MARK_HEIGHT * marks.len() as f64 + 4.0;
        let (ticks, step) = round_ticks(left, right, 7);
        let digits = Digits { resolution: step, largest: left.abs().max(right.abs()) };
        let fine = Digits { resolution: width / 5.0, ..digits };
        let text = |value: f64| self.format.text(value, fine);
        let labels = bounds.windows(2).map(|pair| format!("{} to {}", text(pair[0]), text(pair[1])));
        html! {
            div.plot data-kind="bar" data-labels=(listed(labels)) {
                svg.draw role="img" aria-label=(self.description) height=(top + HEIGHT + LABELS_HEIGHT) {
                    g data-name=(self.counted) data-values=(listed(counts.iter().map(usize::to_string))) {
                        @for (bin, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
                            @let tall = (count as f64 / most * HEIGHT).max(1.5);
                            @let low = self.up_to.is_some_and(|end| bounds[bin + 1] <= end + 1e-9 * width);
                            @if self.dotted {
                                (dots((bin as f64 + 0.5) / bins as f64, count, top + HEIGHT, HEIGHT / most))
                            } @else {
                            rect.bar.low[low] x=(percent(bin as f64 / bins as f64))
                                width=(percent(1.0 / bins as f64)) y=(number(top + HEIGHT - tall)) height=(number(tall)) {}
                            }
                        }
                    }
                    line.axis x1="0" x2="100%" y1=(top + HEIGHT) y2=(top + HEIGHT) {}
                    @for (index, tick) in ticks.iter().enumerate() {
                        @let at = share(*tick);
                        text.label.wide[index % 2 == 1] x=(percent(at)) y=(top + HEIGHT + 17.0) text-anchor=(anchor(at)) {
                            (self.format.text(*tick, digits))
                        }
                    }
                    @for (index, mark) in marks.iter().enumerate() {
                        @let at = share(mark.value);
                        @let y = MARK_HEIGHT * (index as f64 + 1.0);
                        line class={"mark " (mark.class)} x1=(percent(at)) x2=(percent(at)) y1=(y - 10.0) y2=(top + HEIGHT) {}
                        text class={"mark " (mark.class)} x=(percent(at)) y=(y - 1.0) dx=(if at < 0.5 { 5 } else { -5 })
                            text-anchor=(if at < 0.5 { "start" } else { "end" }) { (mark.name) }
                    }
                }
            }
        }
    }

    /// The bounds of the bins, at equal distances, one of them at `up_to`.
    fn bounds(&self, low: f64, high: f64, count: usize) -> Vec<f64> {
        // Twice the cube root of the count (the Rice rule), within what the eye can tell apart.
        let usual = (2.0 * libm::cbrt(count as f64)).clamp(8.0, 60.0).round();
        let bins = if self.dotted { DOT_BINS } else { usual };
        let width = (high - low) / bins;
        let first = match self.up_to.filter(|end| low < *end && *end < high) {
            Some(end) => end - ((end - low) / width).ceil() * width,
            None => low,
        };
        let bins = ((high - first) / width - 1e-9).ceil() as usize;
        (0..=bins).map(|bin| first + bin as f64 * width).collect()
    }
}

/// A column of dots at a share of the width, from the bottom up. `step` is the room for each.
fn dots(share: f64, count: usize, bottom: f64, step: f64) -> Markup {
    let step = step.min(DOT_STEP);
    let radius = number(DOT_RADIUS.min(0.45 * step));
    html! {
        @for place in 0..count {
            circle.bar cx=(percent(share)) cy=(number(bottom - (place as f64 + 0.5) * step)) r=(radius) {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram(values: &[f64], up_to: Option<f64>) -> Histogram<'_> {
        Histogram {
            description: "How often.".to_owned(),
            values,
            marks: vec![ValueMark { value: 5.0, name: "winner".to_owned(), class: "best" }],
            up_to,
            dotted: false,
            format: ValueFormat::Number,
            counted: "points",
        }
    }

    #[test]
    fn every_value_is_counted_once() {
        let values: Vec<f64> = (0..1000).map(|i| f64::from(i) / 100.0).chain([f64::NAN]).collect();
        let drawn = histogram(&values, None).draw().into_string();
        let counts = drawn.split("data-values=\"").nth(1).unwrap().split('"').next().unwrap();
        assert_eq!(counts.split('|').map(|count| count.parse::<usize>().unwrap()).sum::<usize>(), 1000);
        assert!(drawn.contains("winner"));
    }

    #[test]
    fn a_bound_stands_where_the_look_changes() {
        let bounds = histogram(&[], Some(0.0)).bounds(-3.3, 4.4, 100);
        assert!(bounds.iter().any(|bound| bound.abs() < 1e-9), "{bounds:?}");
        assert!(bounds[0] <= -3.3 && *bounds.last().unwrap() >= 4.4 - 1e-9);
    }

    #[test]
    fn every_value_is_a_dot_if_asked() {
        let values = [1.0, 1.0, 1.0, 9.0];
        let drawn = Histogram { dotted: true, ..histogram(&values, None) }.draw().into_string();
        assert_eq!((drawn.matches("<circle").count(), drawn.matches("<rect").count()), (4, 0));
        assert!(
            drawn.contains("cy=\"175.5\"") && drawn.contains("cy=\"153.5\""),
            "one above the other: {drawn}"
        );
    }

    #[test]
    fn one_value_and_none_are_drawn() {
        assert!(histogram(&[2.0], None).draw().into_string().contains("<rect"));
        assert!(histogram(&[f64::NAN], None).draw().into_string().contains("No point"));
    }
}
