//! The panel behind the verdict: every figure with its meaning for a reader who opens it, what each asset brought, and what was
//! tried on the same assets.

use maud::{Markup, html};

use super::SweepPage;
use super::residual::residual;
use super::worlds::worlds;
use crate::draw::histogram::{Histogram, ValueMark};
use crate::draw::value_format::ValueFormat;
use crate::report::page::parts::{defined, figure, scrolled};
use crate::report::sweep::verdict::paragraph::{capital, reasons};
use crate::report::sweep::verdict::rows::{Row, rows};
use crate::sweep::verdict::chosen::Chosen;
use crate::sweep::verdict::examination::SweepVerdict;
use crate::sweep::verdict::family::Relative;
use crate::text::number::{percent, whole};

/// Assets with a row of their own; the others are summed.
const ASSETS_MOST: usize = 30;

/// The section.
pub(crate) fn panel(page: &SweepPage, judged: &SweepVerdict) -> Markup {
    html! {
        div.two {
            ul.reasons { @for reason in reasons(page.ranked.plan, judged) { li { (capital(&reason)) "." } } }
            (maxima(judged))
        }
        @if let Some(chart) = residual(page, judged) { (chart) }
        @if let Some(placebo) = &judged.placebo { (worlds(placebo)) }
        (scrolled("Figures behind the verdict", html! {
            table.figures {
                caption.hidden-text { "Figures behind the verdict" }
                thead { tr { th.text scope="col" { "Figure" } th scope="col" { "Value" } th.text.wrap scope="col" { "With" } } }
                tbody {
                    @for Row { definition, value, with } in &rows(judged) {
                        tr { th scope="row" { (defined(definition)) } td { (value) } td.text.wrap.soft { (with) } }
                    }
                }
            }
        }))
        @if let Some(selected) = &judged.selected { (assets(&selected.chosen)) }
        (family(page, judged))
        p.soft { "Tap a figure to see what it means and how it is computed. The rule is described in docs/verdict.md." }
    }
}

/// The best of all tries without skill, 4,095 times, with the best point beside it.
fn maxima(judged: &SweepVerdict) -> Markup {
    let found = judged.examination.as_ref().and_then(|found| found.tested.as_ref());
    let (Some(tested), Some(passed)) = (found, &judged.passed) else {
        return html! { p.absent { "There is no test, so no picture of luck." } };
    };
    // The scale in which the best point stands worst.
    let Some(place) =
        (0..tested.scales.len()).max_by(|a, b| tested.scales[*a].p.total_cmp(&tested.scales[*b].p))
    else {
        return html! { p.absent { "There is no test, so no picture of luck." } };
    };
    let scale = &tested.scales[place];
    let best = passed.looked[tested.best].statistics[place].guarded;
    let mark = |value: f64, name: String, class: &'static str| ValueMark { value, name, class };
    let mut marks = vec![mark(best, format!("best point {best:.2}"), "best")];
    marks.extend(scale.critical.map(|critical| mark(critical, format!("needed {critical:.2}"), "luck")));
    let values = &scale.joint.values()[1..];
    let histogram = Histogram {
        description: format!(
            "Histogram of the best of all tries without skill, {} times. The best point stands at {best:.2}.",
            whole(values.len() as f64)
        ),
        values,
        marks,
        up_to: None,
        dotted: false,
        format: ValueFormat::Number,
        counted: "markets without skill",
    };
    figure(
        "The best of as many tries without skill",
        &format!(
            "Signs of {}s turned {} times, all tries alike; each time the best try is kept. Where the best point stands among \
             them is its p. An edge must stand right of the dashed line.",
            scale.used.scale.block,
            whole(values.len() as f64)
        ),
        histogram.draw(),
    )
}

/// What was earned by average holdings and what by moving them, by asset.
fn assets(chosen: &Chosen) -> Markup {
    let mut shares: Vec<_> = chosen.shares.iter().collect();
    shares.sort_by(|a, b| (b.held.abs() + b.moved.abs()).total_cmp(&(a.held.abs() + a.moved.abs())));
    let rest = shares.split_off(shares.len().min(ASSETS_MOST));
    let year = |x: f64| percent(x * chosen.periods);
    let sum = |of: fn(&&crate::sweep::verdict::chosen::AssetShare) -> f64| rest.iter().map(of).sum::<f64>();
    html! {
        (scrolled("What each asset brought", html! {
            table {
                caption.hidden-text { "What each asset brought" }
                thead { tr {
                    th.text scope="col" { "Asset" } th scope="col" { "Mean weight" }
                    th scope="col" { "Held, a year" } th scope="col" { "Moving it, a year" }
                } }
                tbody {
                    @for share in &shares {
                        tr {
                            th scope="row" { @if share.ticker.is_empty() { "cash" } @else { (share.ticker) } }
                            td { (percent(share.weight)) } td { (year(share.held)) } td { (year(share.moved)) }
                        }
                    }
                    @if !rest.is_empty() {
                        tr {
                            th scope="row" { (rest.len()) " others" }
                            td { (percent(sum(|share| share.weight))) } td { (year(sum(|share| share.held))) }
                            td { (year(sum(|share| share.moved))) }
                        }
                    }
                }
            }
        }))
        p.soft {
            "What holding each asset in its mean weight earned, and what moving the weight earned, before costs. A mean weight is "
            "that of the sessions on which the asset was there, so the weights need not sum to 100 %."
        }
    }
}

/// The sweeps that count.
fn family(page: &SweepPage, judged: &SweepVerdict) -> Markup {
    let (Some(found), Some(passed)) = (&judged.examination, &judged.passed) else { return html! {} };
    let day = |day: Option<&i64>| {
        let date = day.and_then(|day| i32::try_from(*day).ok()).map(crate::market::date::Date);
        date.map_or(String::new(), |date| date.to_string())
    };
    let own = Relative {
        name: page.summary.sweep.clone(),
        seal: page.summary.seal.clone(),
        trials: passed.looked.len() as u64,
        span: [day(passed.days.first()), day(passed.days.last())],
        look: found.allowance.look,
    };
    html! {
        (scrolled("Sweeps on these assets", html! {
            table {
                caption.hidden-text { "Sweeps on these assets in this folder" }
                thead { tr {
                    th.text scope="col" { "Sweep" } th scope="col" { "Trials" } th.text scope="col" { "Sessions" }
                    th scope="col" { "Look" }
                } }
                tbody {
                    @for sweep in std::iter::once(&own).chain(&judged.family.relatives) {
                        tr {
                            th scope="row" { (sweep.name) " " span.soft { (sweep.seal.get(..8).unwrap_or("")) } }
                            td { (whole(sweep.trials as f64)) }
                            td.text { (sweep.span[0]) " to " (sweep.span[1]) } td { (sweep.look) }
                        }
                    }
                }
            }
        }))
        p.soft {
            "All sweeps of this folder on these assets count. Look 1: begun before any of their results had been seen."
        }
    }
}
