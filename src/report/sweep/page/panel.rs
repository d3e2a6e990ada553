//! The panel behind the verdict: every test with its figure, and with its meaning for a reader who opens it.

use maud::{Markup, html};

use super::SweepPage;
use super::head::sentence;
use crate::draw::histogram::Histogram;
use crate::draw::value_format::ValueFormat;
use crate::report::page::parts::{defined, figure, scrolled};
use crate::stats::overfitting::evidence::cross_validation::CrossValidated;
use crate::stats::overfitting::evidence::finding::Row;
use crate::stats::overfitting::examination::Examination;
use crate::sweep::examination::Examined;

/// The section: the reasons, a histogram of the splits of the cross-validation, and the panel.
pub(crate) fn panel(page: &SweepPage, examined: &Examined) -> Markup {
    let examination = &examined.found;
    let rows = examination.findings.rows(page.root());
    html! {
        div.two {
            ul.reasons { @for reason in &examination.reasons { li { (sentence(reason)) } } }
            (logits(examination))
        }
        (scrolled("Tests behind the verdict", html! {
            table.figures {
                caption.hidden-text { "Tests behind the verdict" }
                thead { tr { th.text scope="col" { "Test" } th scope="col" { "Figure" } th.text.wrap scope="col" { "With" } } }
                tbody {
                    @for Row { definition, value, with } in &rows {
                        tr { th scope="row" { (defined(definition)) } td { (value) } td.text.wrap.soft { (with) } }
                    }
                }
            }
        }))
        p.soft { "Tap a test to see what it means and how it is computed. The rule is described in docs/verdict.md." }
    }
}

/// A histogram over all splits: the logit of the rank that the best of one half has on the other half.
fn logits(examination: &Examination) -> Markup {
    let Some(CrossValidated { splits, .. }) = &examination.findings.cross_validation else {
        return html! { p.absent { "No cross-validation, so no picture of its splits." } };
    };
    let values: Vec<f64> = splits.paths.iter().map(|path| path.logit).collect();
    let share = 100.0 * splits.overfitting_probability;
    let histogram = Histogram {
        description: format!(
            "Histogram of the logits of {} splits. {share:.0} percent are at or below 0: there the point chosen on one half \
             is at or below the median on the other.",
            values.len()
        ),
        values: &values,
        marks: Vec::new(),
        up_to: Some(0.0),
        format: ValueFormat::Number,
        counted: "splits",
    };
    figure(
        "The best of one half on the other half (PBO)",
        &format!(
            "Logit of the rank on the other half. Above 0 (blue) the choice was better than the median there, at or below 0 \
             (orange, {share:.0} % of the splits) it was not."
        ),
        histogram.draw(),
    )
}
