//! What moving the weights added over all trials, with the best that as many tries would show by luck; and the figure that
//! ranks over all points.

use maud::{Markup, html};

use super::SweepPage;
use super::head::lower;
use crate::draw::histogram::{Histogram, ValueMark};
use crate::draw::value_format::ValueFormat;
use crate::report::page::parts::figure;
use crate::report::sweep::metric::{format, text};
use crate::strategy::figures::Metric;
use crate::text::number::whole;

/// The section. The ratios of residuals stand beside what luck shows; the figure that ranks has what holding earned in it, of
/// which luck says nothing.
pub(crate) fn distribution(page: &SweepPage) -> Markup {
    html! {
        @if let Some(chart) = ratios(page) { (chart) }
        (chart(page, page.ranked.rank.metric))
    }
}

/// The ratios of what moving the weights added, of all trials.
fn ratios(page: &SweepPage) -> Option<Markup> {
    let examined = page.examined?;
    let found = examined.examination.as_ref()?;
    let looked = &examined.passed.as_ref()?.looked;
    let selected = found.selected.as_ref()?;
    let values: Vec<f64> = looked.iter().map(|trial| trial.ratio * page.root()).collect();
    let luck = selected.threshold * page.root();
    if !luck.is_finite() || found.allowance.trials < 2 {
        return None;
    }
    let mark = |value: f64, what: &str, class| ValueMark { value, name: format!("{what} {value:.2}"), class };
    let marks =
        vec![mark(values[selected.index], "best point", "best"), mark(luck, "best by luck alone", "luck")];
    let trials = whole(values.len() as f64);
    let histogram = Histogram {
        description: format!(
            "Histogram of the ratio a year of what moving in and out added, of {trials} trials, with marks: {}, {}.",
            marks[0].name, marks[1].name
        ),
        values: &values,
        marks,
        up_to: None,
        dotted: false,
        format: ValueFormat::Number,
        counted: "trials",
    };
    let caption = format!(
        "The mean of what each trial earned beyond holding its mean weights over its deviation, a year. The dashed line is what \
         the best of {} tries is expected to show without any skill. Trials that stand together right of it share an edge \
         rather than luck.",
        whole(found.allowance.trials as f64)
    );
    Some(figure("What moving in and out added, for its risk, of all trials", &caption, histogram.draw()))
}

/// The figure that ranks, of all points.
fn chart(page: &SweepPage, metric: Metric) -> Markup {
    let super::RankedSweep { table, board, .. } = page.ranked;
    let values = table.meaningful_values(metric);
    let name = metric.figure().definition.name;
    let mut marks = Vec::new();
    let mut mark = |value: f64, what: &str, class: &'static str| {
        marks.push(ValueMark { value, name: format!("{what} {}", text(metric, value)), class });
    };
    let best = board.best().map(|row| values[row]);
    if let Some(best) = best {
        mark(best, "winner", "best");
    }
    if let Some(row) = board.plateau_best.filter(|row| Some(*row) != board.best()) {
        mark(values[row], "plateau centre", "plateau");
    }
    let count = values.iter().filter(|value| value.is_finite()).count();
    let names = marks.iter().map(|mark| mark.name.as_str()).collect::<Vec<_>>().join(", ");
    let histogram = Histogram {
        description: format!("Histogram of the {name} of {count} points, with marks: {names}."),
        values: &values,
        marks,
        up_to: None,
        dotted: false,
        format: format(metric),
        counted: "points",
    };
    let caption = format!("All {count} points. What holding the same assets earned is in it.");
    figure(&format!("The {} of all points", lower(name)), &caption, histogram.draw())
}
