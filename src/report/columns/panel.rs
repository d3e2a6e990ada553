//! The verdict on columns for a terminal: a paragraph, and a panel of the figures behind it.

use super::JudgedColumns;
use super::numbers::{p, per_cent};
use super::words::reasons;
use crate::report::overfitting::panel::labelled;
use crate::stats::overfitting::evidence::finding::{Line, Reader, count_of, line, probability};
use crate::stats::skill::examination::Tested;
use crate::text::quoted;
use crate::text::wrap::wrapped;

/// The verdict and its reasons as a paragraph.
pub(crate) fn paragraph(judged: &JudgedColumns) -> String {
    wrapped(&format!("Verdict: {}. {}", judged.found.verdict, reasons(judged).join(" ")))
}

/// The figures with what they rest on, a line each: those of the verdict, then those of the returns as they were given.
pub(crate) fn panel(judged: &JudgedColumns) -> String {
    let reader = Reader { trial: judged.selected().unwrap_or(""), periods_per_year: judged.periods };
    let own = [tested(judged), interval(judged), residual(judged)].into_iter().flatten();
    labelled(own.chain(judged.findings.lines(&reader)))
}

fn tested(judged: &JudgedColumns) -> Option<Line> {
    let Tested { scales, .. } = judged.found.examination.tested.as_ref()?;
    let (best, p_best) = judged.best()?;
    let selected = judged.found.examination.selected.as_ref()?;
    let by: Vec<String> = scales
        .iter()
        .map(|scale| format!("{} by {} of {}", p(scale.p), scale.used.scale.block, scale.used.blocks))
        .collect();
    let text = format!(
        "p {} of the best for its risk, '{}' ({}); {} of the selected, {} by itself",
        p(p_best),
        quoted::text(best),
        by.join(", "),
        selected.p.map_or("-".to_owned(), p),
        selected.p_alone.map_or("-".to_owned(), p),
    );
    Some(line("turned signs", text))
}

fn interval(judged: &JudgedColumns) -> Option<Line> {
    let selected = judged.found.examination.selected.as_ref()?;
    let found = selected.interval?;
    let a_year = |mean: f64| per_cent(mean * judged.periods);
    let guess = found.estimate.map_or(String::new(), |guess| format!(", best guess {}", a_year(guess)));
    let seen = match (selected.detectable_edge, selected.detectable_ratio) {
        (Some(edge), Some(ratio)) => format!("; {} (ratio {ratio:.2}) is seen 4 times in 5", per_cent(edge)),
        _ => String::new(),
    };
    Some(line("interval", format!("{} to {} a year{guess}{seen}", a_year(found.low), a_year(found.high))))
}

fn residual(judged: &JudgedColumns) -> Option<Line> {
    let found = &judged.found.examination;
    let selected = found.selected.as_ref()?;
    let record = selected.record?;
    let overfitting = found.splits.as_ref().map(|splits| splits.overfitting_probability);
    let text = format!(
        "probabilistic ratio {}, deflated {}, {} periods needed, inflation {:.2}, PBO {}",
        probability(record.probabilistic(0.0)),
        probability(selected.deflated()),
        count_of(record.minimum_track_record()),
        record.inflation,
        overfitting.map_or("-".to_owned(), |share| format!("{share:.2}")),
    );
    Some(line("residual", text))
}
