//! The walk forward: each window chooses a point, which is held in the window after it.

use maud::{Markup, html};

use super::SweepPage;
use crate::draw::time_chart::{ChartLine, TimeChart};
use crate::draw::value_format::ValueFormat;
use crate::engine::stage::Stage;
use crate::market::date::Date;
use crate::report::page::parts::{figure, scrolled};
use crate::report::sweep::metric::named;
use crate::report::sweep::walk_forward::{day, sentence};
use crate::stats::overfitting::walk_forward::WalkForward;
use crate::sweep::examination::Examined;
use crate::text::number::percent;

const HEIGHT: f64 = 200.0;

/// The section; if the sweep has no walk forward, it says how to ask for one.
pub(crate) fn walk_forward(page: &SweepPage) -> Markup {
    let Some(examined) = page.examined else {
        return html! { p { "The verdict was not asked for, and the walk forward belongs to it." } };
    };
    // Its points were computed again, so the prices are there.
    match examined.walk_forward.as_ref().zip(page.ranked.plan.first_scene()) {
        Some((walk_forward, scene)) => shown(page, examined, walk_forward, &scene.stage),
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

/// `stage`: that of the first point, whose days are those of the returns.
fn shown(page: &SweepPage, examined: &Examined, walk_forward: &WalkForward, stage: &Stage) -> Markup {
    let plan = page.ranked.plan;
    let mut equity = 1.0;
    let (mut dates, mut values): (Vec<Date>, Vec<f64>) = (Vec::new(), Vec::new());
    let periods = walk_forward.choices.iter().flat_map(|choice| choice.fold.test.clone());
    for (period, change) in periods.zip(&walk_forward.returns) {
        equity *= 1.0 + change;
        dates.push(day(stage, period));
        values.push(equity);
    }
    let chart = TimeChart {
        description: format!("Growth of 1 in the windows after each choice: {equity:.2} at the end."),
        lines: vec![ChartLine {
            name: "growth of 1".to_owned(),
            class: "best",
            dates: &dates,
            values: &values,
        }],
        format: ValueFormat::Number,
        growth: true,
        filled: false,
        height: HEIGHT,
    };
    let range = |range: &std::ops::Range<usize>| {
        format!("{} to {}", day(stage, range.start), day(stage, range.end - 1))
    };
    html! {
        p { (sentence(walk_forward, plan.sweep.strategy.periods_per_year)) }
        (figure("Growth of 1, each window with the point chosen before it", "", chart.draw()))
        (scrolled("Windows of the walk forward", html! {
            table {
                caption.hidden-text { "Windows of the walk forward" }
                thead { tr {
                    th.text scope="col" { "chosen on" } th.text scope="col" { "lived with on" } th scope="col" { "point" }
                    th.text scope="col" { "values" } th scope="col" { "a year, chosen on" } th scope="col" { "a year, after" }
                } }
                tbody {
                    @for choice in &walk_forward.choices {
                        @let point = examined.points[choice.trial];
                        tr {
                            td.text { (range(&choice.fold.train)) } td.text { (range(&choice.fold.test)) } td { (point) }
                            td.text { (named(&plan.sweep.space, point)) }
                            td { (percent(choice.in_sample)) } td { (percent(choice.out_of_sample)) }
                        }
                    }
                }
            }
        }))
    }
}
