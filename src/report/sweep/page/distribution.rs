//! The distribution of the figure over all points, with the winner and the best that as many tries would show by luck.

use maud::{Markup, html};

use super::SweepPage;
use super::head::lower;
use crate::draw::histogram::{Histogram, ValueMark};
use crate::report::page::parts::figure;
use crate::report::sweep::metric::{format, text};
use crate::strategy::figures::Metric;

/// The section. What luck would show is known for the Sharpe ratio only, so a sweep ranked by another figure gets two charts.
pub(crate) fn distribution(page: &SweepPage) -> Markup {
    let metric = page.ranked.rank.metric;
    html! {
        (chart(page, metric))
        @if metric != Metric::SHARPE { (chart(page, Metric::SHARPE)) }
    }
}

/// The annual Sharpe ratio that the best of as many tries without skill is expected to show.
fn luck(page: &SweepPage) -> Option<f64> {
    let found = page.examined?.examination.as_ref()?;
    let luck = found.selected.as_ref()?.threshold * page.root();
    (luck.is_finite() && found.allowance.trials > 1).then_some(luck)
}

fn chart(page: &SweepPage, metric: Metric) -> Markup {
    let super::RankedSweep { table, board, .. } = page.ranked;
    let values = table.meaningful_values(metric);
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
    let names = marks.iter().map(|mark| mark.name.as_str()).collect::<Vec<_>>().join(", ");
    let histogram = Histogram {
        description: format!("Histogram of the {name} of {count} points, with marks: {names}."),
        values: &values,
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
