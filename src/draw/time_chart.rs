//! A line chart over time, for equity, drawdowns and rolling figures.

use std::fmt::Write;

use maud::{Markup, html};

use super::frame::{self, LABELS_HEIGHT, TOP, framed, grid};
use super::thin::thinned;
use super::time_axis::TimeAxis;
use super::value_axis::ValueAxis;
use super::value_format::{Digits, ValueFormat};
use super::{ACROSS, listed};
use crate::market::date::Date;

/// Columns that a curve is thinned to.
const COLUMNS: usize = 360;
/// Dates whose values the pointer shows.
const SAMPLES: usize = 200;

/// A line of a chart.
#[derive(Debug, Clone)]
pub(crate) struct ChartLine<'l> {
    /// Its name in the legend and under the pointer.
    pub name: String,
    /// Its CSS class: `best`, `plateau`, `benchmark`, `other` and so on.
    pub class: &'static str,
    /// Its dates, ascending.
    pub dates: &'l [Date],
    /// Its value on each date; NaN leaves a gap.
    pub values: &'l [f64],
}

/// A line chart over time.
#[derive(Debug, Clone)]
pub(crate) struct TimeChart<'l> {
    /// The text for readers who do not see it.
    pub description: String,
    /// The lines from back to front.
    pub lines: Vec<ChartLine<'l>>,
    /// How values are written.
    pub format: ValueFormat,
    /// Whether the y axis may be logarithmic.
    pub growth: bool,
    /// Whether the area between the line of class `best` and zero is filled.
    pub filled: bool,
    /// Pixels from the top to the bottom of the y axis.
    pub height: f64,
}

impl TimeChart<'_> {
    /// The chart; a sentence if there are fewer than two dates.
    pub(crate) fn draw(&self) -> Markup {
        let dates = self.lines.iter().flat_map(|line| line.dates.iter().copied());
        let Some(x_axis) = TimeAxis::from_dates(dates).filter(|x_axis| x_axis.first < x_axis.last) else {
            return html! { p.absent { "There are too few days for a curve." } };
        };
        let values = self.lines.iter().flat_map(|line| line.values.iter().copied());
        let zero = self.filled.then_some(0.0);
        let y_axis = ValueAxis::new(values.chain(zero), self.growth, self.height);
        let samples = x_axis.samples(SAMPLES);
        let digits = Digits::between(y_axis.low, y_axis.high);
        html! {
            (framed(&y_axis, self.format, html! {
                div.plot data-kind="line" data-labels=(listed(samples.iter().map(Date::to_string))) {
                    svg.draw role="img" aria-label=(self.description) height=(TOP + self.height + LABELS_HEIGHT) {
                        (grid(&y_axis, self.format))
                        svg.stretched y=(TOP) height=(self.height) viewBox={"0 0 " (ACROSS) " " (self.height)}
                            preserveAspectRatio="none" {
                            @for line in &self.lines {
                                @let path = path(line, &x_axis, &y_axis);
                                @if self.filled && line.class == "best" {
                                    path class={"area " (line.class)} d=(closed(&path, &y_axis)) {}
                                }
                                path class={"line " (line.class)} d=(path.join("")) data-name=(line.name)
                                    data-values=(sampled(line, &samples, self.format, digits)) {}
                            }
                        }
                        (x_axis.draw(TOP + self.height))
                    }
                }
            }))
            @if self.lines.len() > 1 {
                (legend(&self.lines))
            }
        }
    }
}

/// The names of the lines, each beside a piece of the line, the one in front first. Neighbours of one class share a piece.
fn legend(lines: &[ChartLine]) -> Markup {
    let mut names: Vec<(&str, String)> = Vec::new();
    for line in lines.iter().rev() {
        match names.last_mut() {
            Some((class, name)) if *class == line.class => *name += &format!("; {}", line.name),
            _ => names.push((line.class, line.name.clone())),
        }
    }
    let sample = |class: &str| html! { path class={"line " (class)} d="M1 5h24" {} };
    frame::legend(names.into_iter().map(|(class, name)| ([26, 10], sample(class), name)))
}

/// SVG path data of a line, a text for each run of points between gaps.
fn path(line: &ChartLine, x_axis: &TimeAxis, y_axis: &ValueAxis) -> Vec<String> {
    let mut runs = Vec::new();
    let mut run = String::new();
    for index in thinned(line.values, COLUMNS) {
        let value = line.values[index];
        if !value.is_finite() {
            runs.extend((!run.is_empty()).then(|| std::mem::take(&mut run)));
            continue;
        }
        let x = (ACROSS * x_axis.share(line.dates[index]) * 10.0).round() / 10.0;
        let y = (y_axis.y(value) * 10.0).round() / 10.0;
        // Writing to a String cannot fail.
        let _ = write!(run, "{}{x} {y}", if run.is_empty() { 'M' } else { 'L' });
    }
    runs.extend((!run.is_empty()).then_some(run));
    runs
}

/// SVG path data of the areas between the runs and zero.
fn closed(runs: &[String], y_axis: &ValueAxis) -> String {
    let zero = y_axis.y_text(0.0);
    let area = |run: &String| {
        let x = |point: &str| point.split(' ').next().unwrap_or("0").to_owned();
        let first = x(run.trim_start_matches('M').split('L').next().unwrap_or("0"));
        let last = x(run.trim_start_matches('M').split('L').next_back().unwrap_or("0"));
        format!("{run}L{last} {zero}L{first} {zero}z")
    };
    runs.iter().map(area).collect()
}

/// The values at the sampled dates as text: for each the last value on or before it.
fn sampled(line: &ChartLine, samples: &[Date], format: ValueFormat, digits: Digits) -> String {
    let text = |date: &Date| {
        let after = line.dates.partition_point(|day| day <= date);
        let value = after.checked_sub(1).map_or(f64::NAN, |index| line.values[index]);
        // Whoever points at a value wants more digits than the ticks have.
        let digits = Digits { resolution: digits.resolution / 5.0, ..digits };
        if value.is_nan() { String::new() } else { format.text(value, digits) }
    };
    listed(samples.iter().map(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(values: &[f64]) -> String {
        let dates: Vec<Date> = (0..values.len() as i32).map(Date).collect();
        let line = ChartLine { name: "a<b".to_owned(), class: "best", dates: &dates, values };
        let chart = TimeChart {
            description: "A curve.".to_owned(),
            lines: vec![line],
            format: ValueFormat::Number,
            growth: true,
            filled: true,
            height: 100.0,
        };
        chart.draw().into_string()
    }

    #[test]
    fn a_line_runs_from_edge_to_edge_and_breaks_at_gaps() {
        let svg = drawn(&[0.0, 1.0, f64::NAN, 1.0, 0.0]);
        let lines = svg.split("class=\"line best\" d=\"").nth(1).unwrap().split('"').next().unwrap();
        assert!(lines.starts_with("M0 100L250 ") && lines.contains("M750 ") && lines.ends_with("L1000 100"));
        assert!(svg.contains("a&lt;b") && !svg.contains("a<b"));
        assert!(svg.contains("L250 100L0 100z"), "the area ends at zero: {svg}");
    }

    #[test]
    fn nothing_is_drawn_of_one_day() {
        assert!(drawn(&[1.0]).contains("too few days"));
    }

    #[test]
    fn a_long_curve_is_a_short_text() {
        let values: Vec<f64> = (0..100_000).map(|i| f64::from(i % 1000)).collect();
        assert!(drawn(&values).len() < 60_000);
    }
}
