//! The verdict for a terminal: one short paragraph, and a panel of the figures behind it.

use std::fmt::Write;

use crate::market::quoted;
use crate::stats::overfitting::examination::Examination;
use crate::stats::overfitting::sharpe::TrialFigures;
use crate::stats::overfitting::superior_ability::Test;

/// Characters of a line.
const WIDTH: usize = 100;

/// The verdict and its reasons as a paragraph.
pub fn paragraph(found: &Examination) -> String {
    let mut text = format!("Verdict: {}.", found.verdict);
    for reason in &found.reasons {
        let mut letters = reason.chars();
        let first = letters.next().map(char::to_uppercase);
        text.push(' ');
        text.extend(first.into_iter().flatten());
        text.push_str(letters.as_str());
        text.push('.');
    }
    wrapped(&text)
}

/// Text in lines of a terminal's width.
pub fn wrapped(text: &str) -> String {
    let mut out = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let letters = word.chars().count();
        if length > 0 && length + 1 + letters > WIDTH {
            out.push('\n');
            length = 0;
        } else if length > 0 {
            out.push(' ');
            length += 1;
        }
        out.push_str(word);
        length += letters;
    }
    out.push('\n');
    out
}

/// The figures, a line each with what went into it. `trial` names the selected one.
pub fn panel(found: &Examination, trial: &str, periods_per_year: f64) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = lines(&mut out, found, trial, periods_per_year);
    out
}

fn lines(out: &mut String, found: &Examination, trial: &str, periods_per_year: f64) -> std::fmt::Result {
    let counts = found.counts;
    writeln!(
        out,
        " trials        {} evaluated, {} failed, {} flat, {} duplicate: {} count",
        counts.evaluated, counts.failed, counts.flat, counts.duplicate, counts.canonical
    )?;
    let Some(selected) = found.selected else {
        return writeln!(out, " no trial moves");
    };
    let trial: String = quoted::text(trial).chars().take(WIDTH).collect();
    let TrialFigures { sharpe, skew, kurtosis, .. } = selected;
    let root = periods_per_year.sqrt();
    writeln!(
        out,
        " selected      {trial}: Sharpe ratio {:.2} a year ({periods_per_year} periods), {sharpe:.4} a period; \
         {} periods, skew {skew:.2}, kurtosis {kurtosis:.1}",
        sharpe * root,
        found.periods
    )?;
    writeln!(
        out,
        " probabilistic {} that the true ratio exceeds 0; {} periods are needed for 0.95",
        figure(found.probabilistic),
        whole(found.minimum_track_record)
    )?;
    let deflated = &found.deflated;
    writeln!(
        out,
        " deflated      {} that it exceeds {:.2} a year, the best to expect of {} tries without skill; 0.95 up to {} tries",
        figure(deflated.deflated),
        deflated.threshold * root,
        whole(deflated.tried),
        deflated.break_even_trials.map_or("-".to_owned(), whole)
    )?;
    if let Some(haircut) = found.haircut_sharpe {
        writeln!(
            out,
            " haircut       Sharpe ratio {:.2} a year after Benjamini, Hochberg and Yekutieli",
            haircut * root
        )?;
    }
    match &found.cross_validation {
        Some((blocks, crossed)) => writeln!(
            out,
            " overfitting   PBO {:.2}, probability of loss {:.2}, out-of-sample Sharpe ratio {:.2} a year \
             (all trials {:.2}); {} splits of {blocks} blocks",
            crossed.overfitting_probability,
            crossed.loss_probability,
            crossed.out_of_sample_mean * root,
            crossed.all_mean * root,
            crossed.paths.len()
        )?,
        None => writeln!(out, " overfitting   -")?,
    }
    if let Some(rechosen) = &found.rechosen {
        writeln!(
            out,
            " rechosen      Sharpe ratio {:.2} a year, {:.2} at the 5 % quantile, {:.0} % below 0: {} histories of {} choices",
            rechosen.mean * root,
            rechosen.low * root,
            100.0 * rechosen.negative,
            rechosen.sharpes.len(),
            rechosen.splits
        )?;
    }
    let Some(bootstrapped) = &found.bootstrapped else {
        return writeln!(out, " SPA           -");
    };
    let (test, bootstrap) = (&bootstrapped.ability.test, &bootstrapped.bootstrap);
    let error = (test.p_consistent * (1.0 - test.p_consistent) / bootstrap.resamples as f64).sqrt();
    writeln!(
        out,
        " SPA           p {:.4} +- {error:.4} ({:.4} to {:.4}) against {}; {} resamples in blocks of {:.1}, seed {}",
        test.p_consistent,
        test.p_lower,
        test.p_upper,
        quoted::text(&found.benchmark),
        bootstrap.resamples,
        bootstrap.mean_block,
        bootstrap.seed
    )?;
    if let Some([shorter, longer]) = bootstrapped.sensitivity {
        writeln!(
            out,
            "               p {shorter:.4} with blocks half as long, {longer:.4} with blocks twice as long"
        )?;
    }
    if let Some((benchmark, test)) = &found.beside {
        let Test { p_lower, p_consistent, p_upper, .. } = test;
        let benchmark = quoted::text(benchmark);
        writeln!(
            out,
            "               p {p_consistent:.4} ({p_lower:.4} to {p_upper:.4}) against {benchmark}"
        )?;
    }
    writeln!(out, " Reality Check p {:.4}", bootstrapped.ability.reality_check.1)?;
    writeln!(
        out,
        " step-down     {} of {} trials beat it one by one at 5 %",
        bootstrapped.beating, bootstrapped.trials
    )
}

fn figure(value: Option<f64>) -> String {
    value.map_or("-".to_owned(), |value| format!("{value:.3}"))
}

fn whole(value: f64) -> String {
    match value {
        value if value.is_nan() => "-".to_owned(),
        value if value.is_infinite() || value > 1e15 => "any number of".to_owned(),
        value => format!("{value:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_wrapped_between_words() {
        let text = wrapped(&"word ".repeat(40));
        assert!(text.lines().all(|line| line.len() <= WIDTH && !line.ends_with(' ')));
        assert_eq!(text.split_whitespace().count(), 40);
    }
}
