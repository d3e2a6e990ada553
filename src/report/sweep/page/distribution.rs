//! The figure over all points: where the winner stands, and where the best of as many tries by luck would.

use maud::{Markup, html};

use super::SweepPage;
use super::head::lower;
use crate::draw::histogram::{Histogram, ValueMark};
use crate::report::page::parts::figure;
use crate::report::sweep::metric::{format, text};
use crate::strategy::figures::Metric;

/// The section. Luck has a Sharpe ratio: a sweep ranked by another figure gets a second picture.
pub(crate) fn distribution(page: &SweepPage) -> Markup {
    let metric = page.ranked.rank.metric;
    html! {
        (of_metric(page, metric))
        @if metric != Metric::SHARPE { (of_metric(page, Metric::SHARPE)) }
    }
}

/// The Sharpe ratio to expect of the best of so many tries without skill, a year.
fn luck(page: &SweepPage) -> Option<f64> {
    let found = &page.examined?.found.findings;
    let luck = found.deflated.threshold * page.root();
    (luck.is_finite() && found.trials.canonical > 1).then_some(luck)
}

fn of_metric(page: &SweepPage, metric: Metric) -> Markup {
    let super::RankedSweep { table, board, .. } = page.ranked;
    let values = table.values(metric);
    let name = metric.figure().definition.name;
    let luck = if metric == Metric::SHARPE { luck(page) } else { None };
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
    if let Some(luck) = luck {
        mark(luck, "best by luck alone", "luck");
    }
    let count = values.iter().filter(|value| value.is_finite()).count();
    let said = marks.iter().map(|mark| mark.name.as_str()).collect::<Vec<_>>().join(", ");
    let histogram = Histogram {
        description: format!("Histogram of the {name} of {count} points, with marks: {said}."),
        values,
        marks,
        up_to: None,
        format: format(metric),
        counted: "points",
    };
    let caption = match luck {
        Some(luck) => format!(
            "All {count} points. The dashed line is what the best of so many tries is expected to show without any skill ({}): a winner \
             that does not stand clear of it is nothing to boast of. Points that stand together right of it share an edge rather than luck.",
            text(metric, luck)
        ),
        None if metric == Metric::SHARPE => {
            format!(
                "All {count} points. What luck alone would show is not drawn: the verdict was not asked, or there is one trial."
            )
        }
        None => format!("All {count} points."),
    };
    figure(&format!("The {} of all points", lower(name)), &caption, histogram.draw())
}
