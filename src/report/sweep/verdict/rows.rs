//! The figures behind the verdict, a row each: what it is called, what it means, its value, what stands beside it.

use super::paragraph::chance;
use crate::stats::definition::{Definition, define};
use crate::stats::skill::examination::{Examination, Selected as Figures};
use crate::sweep::verdict::examination::{Selected, SweepVerdict, What};
use crate::text::number::{decimal, percent, whole};

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// What it is called and means.
    pub definition: Definition,
    /// Its value.
    pub value: String,
    /// What stands beside it.
    pub with: String,
}

/// What a row is made of.
struct Found<'f> {
    judged: &'f SweepVerdict,
    found: &'f Examination,
    selected: &'f Selected,
    figures: &'f Figures,
}

/// A figure: its name, and its value with what stands beside it. `None` where it does not exist.
type Figure = (Definition, fn(&Found) -> Option<(String, String)>);

const FIGURES: &[Figure] = &[
    (
        define(
            "Edge a year",
            "What moving the weights earned beyond holding the same assets in the point's own mean weights.",
            "mean(d) P; d = r - what the mean weights would have earned",
        ),
        |found| {
            let chosen = &found.selected.chosen;
            let passive = percent(chosen.residual.passive * chosen.periods);
            Some((percent(chosen.residual.edge * chosen.periods), format!("holding earned {passive}")))
        },
    ),
    (
        define(
            "Interval of the edge",
            "Contains the true edge a year in 9 of 10 folders like this, whichever point was chosen.",
            "(u - q) unit P to (u + q) unit P; q: what the best without skill exceeds in 1 of 20 cases",
        ),
        |found| {
            let periods = found.selected.chosen.periods;
            let interval = found.figures.interval?;
            let guess =
                interval.estimate.map_or(String::new(), |x| format!("best guess {}", percent(x * periods)));
            Some((
                format!("{} to {}", percent(interval.low * periods), percent(interval.high * periods)),
                guess,
            ))
        },
    ),
    (
        define(
            "p of the best point",
            "How often the best of all tries without skill does as well. At most 0.05 counts as an edge.",
            "share of 4,096 ways of turning signs of days, weeks and months; the largest over these; times 1 + log2(look)",
        ),
        |found| {
            let tries = whole(found.found.allowance.trials as f64);
            Some((
                chance(found.found.p_best()?),
                format!("of {tries} tries, look {}", found.found.allowance.look),
            ))
        },
    ),
    (
        define("p of the selected point", "The same for the point that the ranking put first.", "as above"),
        |found| Some((chance(found.figures.p?), String::new())),
    ),
    (
        define(
            "p of the selected point alone",
            "The same as if it had been the only try. It allows for nothing.",
            "against its own turned signs",
        ),
        |found| Some((chance(found.figures.p_alone?), String::new())),
    ),
    (
        define(
            "p by scale",
            "The smallest p of a point where days, weeks or months keep their signs together. The largest counts.",
            "used from 60 blocks on",
        ),
        |found| {
            let tested = found.found.tested.as_ref()?;
            let scales = tested.scales.iter().map(|scale| {
                format!(
                    "{} {} ({} {}s)",
                    chance(scale.p),
                    scale.used.scale.name,
                    whole(scale.used.blocks as f64),
                    scale.used.scale.block
                )
            });
            let mut scales = scales.collect::<Vec<_>>();
            let first = if scales.is_empty() { return None } else { scales.remove(0) };
            Some((first, scales.join(", ")))
        },
    ),
    (
        define(
            "Edge that would be seen",
            "An edge a year of this size is found four times in five.",
            "(q + 0.84) / sqrt(T), times the deviation of d",
        ),
        |found| {
            let ratio = found.figures.detectable_ratio?;
            Some((percent(found.figures.detectable_edge?), format!("a ratio of {} a year", decimal(ratio))))
        },
    ),
    (
        define(
            "Overfitting of the edge (PBO)",
            "How often the best point of one half of the time falls to the median or below on the other half.",
            "share of the splits with logit <= 0, on d",
        ),
        |found| {
            let splits = found.found.splits.as_ref()?;
            let with = format!(
                "{} splits of {} blocks; at most 0.10 is good",
                whole(splits.paths.len() as f64),
                found.found.blocks
            );
            Some((decimal(splits.overfitting_probability), with))
        },
    ),
    (
        define(
            "Ratio of the edge",
            "Edge a year over its deviation a year, allowing for days that hang together.",
            "mean(d) / s sqrt(P / inflation)",
        ),
        |found| {
            let record = found.figures.record?;
            let inflation = decimal(record.inflation);
            Some((
                decimal(record.annual_ratio(found.selected.chosen.periods)),
                format!("inflation {inflation}"),
            ))
        },
    ),
    (
        define(
            "Probabilistic ratio of the edge",
            "Probability that the true ratio of the edge exceeds 0, were there no selection.",
            "Phi(SR / se), se^2 = inflation (1 - skew SR + (kurtosis - 1)/4 SR^2) / (T - 1)",
        ),
        |found| {
            let record = found.figures.record?;
            let against = found.selected.against_cash.and_then(|record| record.probabilistic(0.0));
            let with = against.map_or(String::new(), |p| format!("of the returns beyond cash {}", chance(p)));
            Some((chance(record.probabilistic(0.0)?), with))
        },
    ),
    (
        define(
            "Deflated ratio of the edge",
            "Probability that the true ratio exceeds what the best of so many tries is expected to show without skill.",
            "the probabilistic one, measured from that threshold",
        ),
        |found| {
            let periods = found.selected.chosen.periods;
            let threshold = decimal(found.figures.threshold * periods.sqrt());
            Some((chance(found.figures.deflated()?), format!("threshold {threshold} a year")))
        },
    ),
    (
        define(
            "Decisions that changed weights",
            "With fewer than 30 chance decides too much.",
            "those that differ by more than 1e-9 in some weight from the one before",
        ),
        |found| Some((whole(found.selected.chosen.changes as f64), String::new())),
    ),
    (
        define(
            "Against cash, the universe, the benchmark",
            "What the point earned more a year than each. It decides nothing: much of what beats cash only held assets that rose.",
            "mean(r - holding) P",
        ),
        |found| {
            let periods = found.selected.chosen.periods;
            let of = |compared: &crate::sweep::verdict::examination::Compared| {
                let name = match &compared.what {
                    What::Cash => "cash".to_owned(),
                    What::Universe => "the universe".to_owned(),
                    What::Benchmark(ticker) => ticker.clone(),
                };
                let p = compared.p.map_or("-".to_owned(), chance);
                format!("{} {name} (p {p})", percent(compared.edge * periods))
            };
            let mut all: Vec<String> = found.selected.compared.iter().map(of).collect();
            let first = if all.is_empty() { return None } else { all.remove(0) };
            Some((first, all.join(", ")))
        },
    ),
    (
        define(
            "Volatility",
            "Deviation of the returns, a year, of the point and of holding its mean weights.",
            "s sqrt(P)",
        ),
        |found| {
            let chosen = &found.selected.chosen;
            let passive = percent(chosen.passive_risk().volatility);
            Some((percent(chosen.risk().volatility), format!("holding {passive}")))
        },
    ),
    (
        define(
            "Largest fall",
            "From an earlier height, of the point and of holding its mean weights.",
            "1 - V / height",
        ),
        |found| {
            let chosen = &found.selected.chosen;
            let passive = percent(chosen.passive_risk().largest_fall);
            Some((percent(chosen.risk().largest_fall), format!("holding {passive}")))
        },
    ),
    (
        define(
            "Trials",
            "Points that count: those that moved, did not fail, were not ruined, and equal no earlier one.",
            "",
        ),
        |found| {
            let counts = &found.judged.counts;
            let [failed, flat, duplicate] =
                [counts.failed, counts.flat, counts.duplicate].map(|count| whole(count as f64));
            let with = format!("{failed} failed, {flat} never moved, {duplicate} equal to another");
            Some((whole(counts.canonical as f64), with))
        },
    ),
];

/// The rows of a verdict; none without a selected point.
pub(crate) fn rows(judged: &SweepVerdict) -> Vec<Row> {
    let Some(found) = &judged.examination else { return Vec::new() };
    let (Some(selected), Some(figures)) = (&judged.selected, &found.selected) else { return Vec::new() };
    let found = Found { judged, found, selected, figures };
    let row = |(definition, value): &Figure| {
        let (value, with) = value(&found)?;
        Some(Row { definition: *definition, value, with })
    };
    FIGURES.iter().filter_map(row).collect()
}
