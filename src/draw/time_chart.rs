//! Lines over time: equity, drawdowns, rolling figures.

use std::fmt::Write;

use maud::{Markup, html};

use super::frame::{framed, grid};
use super::scale::Scale;
use super::thin::thinned;
use super::time_axis::{LABELS_HEIGHT, TimeAxis};
use super::value_format::{Digits, ValueFormat};
use super::{ACROSS, listed};
use crate::market::date::Date;

/// Columns that a curve is thinned to.
const COLUMNS: usize = 360;
/// Dates at which values are said under the pointer.
const SAMPLES: usize = 200;
/// Room for the uppermost label.
const TOP: f64 = 8.0;

/// A line of a chart.
#[derive(Debug, Clone)]
pub(crate) struct Line<'l> {
    /// Its name in the legend and under the pointer.
    pub name: String,
    /// The class that decides its look: `best`, `plateau`, `benchmark`, `other` and so on.
    pub class: &'static str,
    /// Its dates, ascending.
    pub dates: &'l [Date],
    /// Its value at each; NaN leaves a gap.
    pub values: &'l [f64],
}

/// Lines over time.
#[derive(Debug, Clone)]
pub(crate) struct TimeChart<'l> {
    /// What a reader is told who does not see it.
    pub description: String,
    /// From back to front.
    pub lines: Vec<Line<'l>>,
    /// How values read.
    pub format: ValueFormat,
    /// Whether it may be drawn by logarithms.
    pub growth: bool,
    /// Whether the area between the lines and zero is filled.
    pub filled: bool,
    /// Height of the lines.
    pub height: f64,
}

impl TimeChart<'_> {
    /// The chart; nothing without two dates.
    pub(crate) fn draw(&self) -> Markup {
        let dates = self.lines.iter().flat_map(|line| line.dates.iter().copied());
        let Some(axis) = TimeAxis::of(dates).filter(|axis| axis.first < axis.last) else {
            return html! { p.absent { "There are too few days for a curve." } };
        };
        let values = self.lines.iter().flat_map(|line| line.values.iter().copied());
        let zero = self.filled.then_some(0.0);
        let scale = Scale::of(values.chain(zero), self.growth, self.height);
        let samples = axis.samples(SAMPLES);
        let labels: Vec<String> = samples.iter().map(Date::to_string).collect();
        let digits = Digits::of(scale.low, scale.high);
        html! {
            (framed(&scale, self.format, TOP, html! {
                div.plot data-kind="line" data-labels=(listed(labels.iter().map(String::as_str))) {
                    svg.draw role="img" aria-label=(self.description) height=(TOP + self.height + LABELS_HEIGHT) {
                        (grid(&scale, self.format, TOP))
                        svg.stretched y=(TOP) height=(self.height) viewBox={"0 0 " (ACROSS) " " (self.height)}
                            preserveAspectRatio="none" {
                            @for line in &self.lines {
                                @let path = path(line, &axis, &scale);
                                @if self.filled && line.class == "best" {
                                    path class={"area " (line.class)} d=(closed(&path, &scale)) {}
                                }
                                path class={"line " (line.class)} d=(path.join("")) data-name=(line.name)
                                    data-values=(said(line, &samples, self.format, digits)) {}
                            }
                        }
                        (axis.draw(TOP + self.height))
                    }
                }
            }))
            @if self.lines.len() > 1 {
                (legend(&self.lines))
            }
        }
    }
}

/// The names of lines beside a piece of each, the one in front first. Lines that look alike share a piece.
fn legend(lines: &[Line]) -> Markup {
    let mut names: Vec<(&str, String)> = Vec::new();
    for line in lines.iter().rev() {
        match names.last_mut() {
            Some((class, name)) if *class == line.class => *name += &format!("; {}", line.name),
            _ => names.push((line.class, line.name.clone())),
        }
    }
    html! {
        ul.legend {
            @for (class, name) in names {
                li {
                    svg width="26" height="10" aria-hidden="true" { path class={"line " (class)} d="M1 5h24" {} }
                    (name)
                }
            }
        }
    }
}

/// Runs of points, a text each; gaps part them.
fn path(line: &Line, axis: &TimeAxis, scale: &Scale) -> Vec<String> {
    let mut runs = Vec::new();
    let mut run = String::new();
    for place in thinned(line.values, COLUMNS) {
        let value = line.values[place];
        if !value.is_finite() {
            runs.extend((!run.is_empty()).then(|| std::mem::take(&mut run)));
            continue;
        }
        let x = (ACROSS * axis.share(line.dates[place]) * 10.0).round() / 10.0;
        let y = (scale.y(value) * 10.0).round() / 10.0;
        // Writing to a String cannot fail.
        let _ = write!(run, "{}{x} {y}", if run.is_empty() { 'M' } else { 'L' });
    }
    runs.extend((!run.is_empty()).then_some(run));
    runs
}

/// The areas between runs and zero.
fn closed(runs: &[String], scale: &Scale) -> String {
    let zero = scale.y_text(0.0);
    let area = |run: &String| {
        let x = |point: &str| point.split(' ').next().unwrap_or("0").to_owned();
        let first = x(run.trim_start_matches('M').split('L').next().unwrap_or("0"));
        let last = x(run.trim_start_matches('M').split('L').next_back().unwrap_or("0"));
        format!("{run}L{last} {zero}L{first} {zero}z")
    };
    runs.iter().map(area).collect()
}

/// The values at the sampled dates as text: each the last on or before its date.
fn said(line: &Line, samples: &[Date], format: ValueFormat, digits: Digits) -> String {
    let text = |date: &Date| {
        let after = line.dates.partition_point(|day| day <= date);
        let value = after.checked_sub(1).map_or(f64::NAN, |place| line.values[place]);
        // Finer than the ticks: a reader who asks wants to know.
        let digits = Digits { resolution: digits.resolution / 5.0, ..digits };
        if value.is_nan() { String::new() } else { format.text(value, digits) }
    };
    let texts: Vec<String> = samples.iter().map(text).collect();
    listed(texts.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(values: &[f64]) -> String {
        let dates: Vec<Date> = (0..values.len() as i32).map(Date).collect();
        let line = Line { name: "a<b".to_owned(), class: "best", dates: &dates, values };
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
