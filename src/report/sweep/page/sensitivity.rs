//! How the figure depends on each axis: the worst, median and best of all points that share a value.

use maud::{Markup, html};

use super::SweepPage;
use super::head::lower;
use crate::draw::ranges::range;
use crate::report::page::parts::scrolled;
use crate::report::sweep::metric::{short, text};
use crate::report::sweep::sensitivity::AxisSensitivity;

/// The section: a table for each axis, with ranges that all have the same scale.
pub(crate) fn sensitivity(page: &SweepPage) -> Markup {
    let axes: Vec<&AxisSensitivity> =
        page.summary.sensitivity.iter().filter(|axis| axis.groups.len() > 1).collect();
    if axes.is_empty() {
        return html! { p { "No axis has several values with a result." } };
    }
    let ends = axes
        .iter()
        .flat_map(|axis| &axis.groups)
        .flat_map(|group| [group.best.0, group.worst.0])
        .filter(|value| value.is_finite())
        .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], value| [value.min(low), value.max(high)]);
    let name = lower(page.ranked.rank.metric.figure().definition.name);
    html! {
        p.soft {
            "The " (name) " of all points that share a value: the line runs from the worst to the best (small dot), the large dot is "
            "the median. Where the dots stand still, the axis decides little."
        }
        div.two { @for axis in axes { (table(page, axis, ends)) } }
    }
}

fn table(page: &SweepPage, axis: &AxisSensitivity, ends: [f64; 2]) -> Markup {
    let metric = page.ranked.rank.metric;
    let title = format!("What {} does", short(&axis.axis));
    html! {
        figure {
            h3 { (short(&axis.axis)) }
            (scrolled(&title, html! {
                table.figures {
                    caption.hidden-text { (title) }
                    thead { tr {
                        th scope="col" { "value" } th.range-cell scope="col" { "worst to best" }
                        th scope="col" { "median" } th scope="col" { "best" } th scope="col" { "points" }
                    } }
                    tbody {
                        @for group in &axis.groups {
                            @let [worst, median, best] = [group.worst.0, group.median.0, group.best.0];
                            tr {
                                th scope="row" { (short(&group.values)) }
                                td.range-cell { (range(&format!("from {} to {}", text(metric, worst), text(metric, best)), [worst, median, best], ends)) }
                                td { (text(metric, median)) } td { (text(metric, best)) } td { (group.points) }
                            }
                        }
                    }
                }
            }))
            @if let (true, Some(best)) = (axis.edge, &axis.best) {
                figcaption { "The best point stands at the edge (" (best) "): better ones may lie beyond, so widen this axis." }
            }
        }
    }
}
