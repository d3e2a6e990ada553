//! The walk forward: each window chooses a point, which is held in the window after it.

use maud::{Markup, html};

use super::SweepPage;
use crate::draw::time_chart::{ChartLine, TimeChart};
use crate::draw::value_format::ValueFormat;
use crate::market::date::Date;
use crate::report::page::parts::{figure, scrolled};
use crate::report::sweep::metric::named;
use crate::report::sweep::walk_forward::{day, sentence};
use crate::sweep::verdict::walk::Walked;
use crate::text::number::percent;

const HEIGHT: f64 = 200.0;

/// The section; if the sweep has no walk forward, it says how to ask for one.
pub(crate) fn walk_forward(page: &SweepPage) -> Markup {
    let Some(examined) = page.examined else {
        return html! { p { "The verdict was not asked for, and the walk forward belongs to it." } };
    };
    match &examined.walk_forward {
        Some(walked) => shown(page, walked),
        None if page.ranked.plan.sweep.walk_forward.is_some() => {
            html! { p { "The sweep asks for one, but it could not be made; the reasons of the verdict say why." } }
        }
        None => html! {
            p { "The sweep asks for none. A table " code { "[walk_forward]" } " in the sweep file, for instance "
                code { "train = 750" } " and " code { "test = 250" } ", lets each window choose a point and live with it in the next; "
                "nothing is computed again (docs/verdict.md)." }
        },
    }
}

fn shown(page: &SweepPage, walked: &Walked) -> Markup {
    let plan = page.ranked.plan;
    let record = &walked.record;
    let (mut equity, mut beyond) = (1.0, 1.0);
    let (mut dates, mut values, mut residuals): (Vec<Date>, Vec<f64>, Vec<f64>) = Default::default();
    let sessions = record.choices.iter().flat_map(|choice| choice.lived.clone());
    for (session, (change, residual)) in sessions.zip(record.returns.iter().zip(&record.residuals)) {
        equity *= 1.0 + change;
        beyond *= 1.0 + residual;
        dates.push(day(walked, session));
        values.push(equity);
        residuals.push(beyond);
    }
    let chart = TimeChart {
        description: format!("Growth of 1 in the windows after each choice: {equity:.2} at the end."),
        lines: vec![
            ChartLine {
                name: "beyond holding the same assets".to_owned(),
                class: "plateau",
                dates: &dates,
                values: &residuals,
            },
            ChartLine { name: "growth of 1".to_owned(), class: "best", dates: &dates, values: &values },
        ],
        format: ValueFormat::Number,
        growth: true,
        filled: false,
        height: HEIGHT,
    };
    let range = |range: &std::ops::Range<usize>| {
        format!("{} to {}", day(walked, range.start), day(walked, range.end - 1))
    };
    html! {
        p { (sentence(walked)) }
        (figure("Growth of 1, each window with the point chosen before it", "", chart.draw()))
        (scrolled("Windows of the walk forward", html! {
            table {
                caption.hidden-text { "Windows of the walk forward" }
                thead { tr {
                    th.text scope="col" { "chosen on" } th.text scope="col" { "lived with on" } th scope="col" { "point" }
                    th.text scope="col" { "values" } th scope="col" { "a year, chosen on" } th scope="col" { "a year, after" }
                } }
                tbody {
                    @for choice in &record.choices {
                        @let point = walked.points[choice.trial];
                        tr {
                            td.text { (range(&choice.fold.train)) } td.text { (range(&choice.lived)) } td { (point) }
                            td.text { (named(&plan.sweep.space, point)) }
                            td { (percent(choice.in_sample)) } td { (percent(choice.out_of_sample)) }
                        }
                    }
                }
            }
        }))
    }
}
