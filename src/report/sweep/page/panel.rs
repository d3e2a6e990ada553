//! The panel behind the verdict: every test with its figure, and what it means when tapped.

use maud::{Markup, html};

use super::SweepPage;
use super::head::sentence;
use crate::report::figure::{self, decimal};
use crate::report::page::parts::{defined, figure, scrolled};
use crate::report::plot::histogram::Histogram;
use crate::report::plot::value_format::ValueFormat;
use crate::stats::overfitting::examination::Examination;
use crate::sweep::examination::Examined;

/// Reasons, panel, and the splits of the cross-validation.
pub fn panel(page: &SweepPage, examined: &Examined) -> Markup {
    let found = &examined.found;
    let rows = rows(page, found);
    html! {
        div.two {
            ul.reasons { @for reason in &found.reasons { li { (sentence(reason)) } } }
            (logits(found))
        }
        (scrolled("Tests behind the verdict", html! {
            table.figures {
                caption.hidden-text { "Tests behind the verdict" }
                thead { tr { th.text scope="col" { "Test" } th scope="col" { "Figure" } th.text.wrap scope="col" { "With" } } }
                tbody {
                    @for (key, value, with) in rows {
                        tr { th scope="row" { (defined(key)) } td { (value) } td.text.wrap.soft { (with) } }
                    }
                }
            }
        }))
        p.soft { "Tap a test to see what it means and how it is computed. The rule is described in docs/verdict.md." }
    }
}

fn rows(page: &SweepPage, found: &Examination) -> Vec<(&'static str, String, String)> {
    let root = page.root();
    let counts = found.counts;
    let probability = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.3}"));
    let whole = |value: f64| match value {
        value if value.is_nan() => "-".to_owned(),
        value if value.is_infinite() || value > 1e15 => "any number".to_owned(),
        value => figure::whole(value),
    };
    let mut rows = vec![(
        "trials",
        whole(counts.canonical as f64),
        format!(
            "{} points: {} failed, {} never moved, {} equal to another",
            whole(counts.evaluated as f64),
            whole(counts.failed as f64),
            whole(counts.flat as f64),
            whole(counts.duplicate as f64)
        ),
    )];
    let Some(selected) = found.selected else { return rows };
    rows.push((
        "selected",
        decimal(selected.sharpe * root),
        format!(
            "a year; {} periods, skew {:.2}, kurtosis {:.1}",
            found.periods, selected.skew, selected.kurtosis
        ),
    ));
    rows.push(("psr", probability(found.probabilistic), String::new()));
    rows.push((
        "minimum_track_record",
        whole(found.minimum_track_record),
        format!("periods; there are {}", found.periods),
    ));
    let deflated = &found.deflated;
    rows.push((
        "threshold",
        decimal(deflated.threshold * root),
        format!("a year, of {} tries", whole(deflated.tried)),
    ));
    rows.push((
        "dsr",
        probability(deflated.deflated),
        "0.95 or more survives the conservative test".to_owned(),
    ));
    if let Some(trials) = deflated.break_even_trials {
        rows.push(("break_even_trials", whole(trials), String::new()));
    }
    if let Some(haircut) = found.haircut_sharpe {
        rows.push(("haircut", decimal(haircut * root), "a year".to_owned()));
    }
    if let Some((blocks, crossed)) = &found.cross_validation {
        rows.push((
            "pbo",
            format!("{:.2}", crossed.overfitting_probability),
            format!("{} splits of {blocks} blocks; at most 0.10 is good", whole(crossed.paths.len() as f64)),
        ));
        rows.push(("loss", format!("{:.2}", crossed.loss_probability), "at most 0.25 is good".to_owned()));
        rows.push((
            "out_of_sample",
            decimal(crossed.out_of_sample_mean * root),
            format!("a year; all trials {}", decimal(crossed.all_mean * root)),
        ));
    }
    if let Some(rechosen) = &found.rechosen {
        rows.push((
            "rechosen",
            decimal(rechosen.mean * root),
            format!(
                "a year; {} at the 5 % quantile, {:.0} % of {} histories below 0",
                decimal(rechosen.low * root),
                100.0 * rechosen.negative,
                rechosen.sharpes.len()
            ),
        ));
    }
    if let Some(bootstrapped) = &found.bootstrapped {
        let (test, bootstrap) = (&bootstrapped.ability.test, &bootstrapped.bootstrap);
        rows.push((
            "spa",
            format!("{:.4}", test.p_consistent),
            format!(
                "against {}; {:.4} to {:.4}; {} resamples, blocks of {:.1}, seed {}; at most 0.05 is good",
                found.benchmark,
                test.p_lower,
                test.p_upper,
                bootstrap.resamples,
                bootstrap.mean_block,
                bootstrap.seed
            ),
        ));
        if let Some((benchmark, test)) = &found.beside {
            rows.push((
                "spa_benchmark",
                format!("{:.4}", test.p_consistent),
                format!("against {benchmark}; {:.4} to {:.4}; decides nothing", test.p_lower, test.p_upper),
            ));
        }
        rows.push(("reality_check", format!("{:.4}", bootstrapped.ability.reality_check.1), String::new()));
        rows.push((
            "step_down",
            whole(bootstrapped.beating as f64),
            format!("of {}, at 5 %", whole(bootstrapped.trials as f64)),
        ));
    }
    rows
}

/// How the best of one half fares on the other, over all splits.
fn logits(found: &Examination) -> Markup {
    let Some((_, crossed)) = &found.cross_validation else {
        return html! { p.absent { "No cross-validation, so no picture of its splits." } };
    };
    let values: Vec<f64> = crossed.paths.iter().map(|path| path.logit).collect();
    let share = 100.0 * crossed.overfitting_probability;
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
