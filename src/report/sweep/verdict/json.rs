//! The verdict as JSON. Figures are those of a session, unless their key ends in `_year` or names a year in the docs.

use serde_json::{Map, Value, json};

use super::paragraph;
use crate::report::json_number::JsonNumber;
use crate::stats::skill::decision::Unseen;
use crate::stats::skill::examination::{Examination, Selected as Figures, Tested};
use crate::stats::skill::record::Record;
use crate::sweep::plan::Plan;
use crate::sweep::verdict::chosen::{Chosen, Risk};
use crate::sweep::verdict::examination::{Selected, SweepVerdict, What};
use crate::sweep::verdict::family::{Family, Relative};
use crate::sweep::verdict::holdout::HoldoutState;

/// A number; null for none.
fn number(value: impl Into<Option<f64>>) -> Value {
    serde_json::to_value(JsonNumber(value.into().unwrap_or(f64::NAN))).unwrap_or_default()
}

/// The verdict of `summary.json`.
pub(crate) fn entry(plan: &Plan, judged: &SweepVerdict) -> Value {
    let found = judged.examination.as_ref();
    let tested = found.and_then(|found| found.tested.as_ref());
    let periods = judged.selected.as_ref().map(|selected| selected.chosen.periods);
    json!({
        "verdict": judged.verdict.to_string(),
        "text": paragraph::text(plan, judged),
        "reasons": paragraph::reasons(plan, judged),
        "periods": judged.evidence.sessions,
        "periods_per_year": number(periods),
        "trials": trials(judged),
        "selected": judged.selected.as_ref().map(|selected| {
            of_selected(selected, found.and_then(|found| found.selected.as_ref()))
        }),
        "best": found.zip(tested).map(|(found, tested)| of_best(judged, found, tested)),
        "scales": tested.map(of_scales),
        "family": found.map(|found| of_family(judged, found)),
        "folder": tested.and_then(|tested| tested.p_folder).map(|p| of_folder(&judged.family, p)),
        "against": judged.selected.as_ref().map(against),
        "pbo": found.and_then(of_splits),
        "deflated": found.and_then(|found| found.selected.as_ref()).map(|figures| json!({
            "threshold": number(figures.threshold),
            "dsr": number(figures.deflated()),
        })),
        "detectable": found.and_then(|found| found.selected.as_ref()).map(|figures| json!({
            "ratio": number(figures.detectable_ratio),
            "edge_year": number(figures.detectable_edge),
        })),
        "equals": judged.equals.as_ref().map(|equals| json!({
            "compared": equals.compared,
            "points": equals.points,
        })),
        "placebo": judged.placebo.as_ref().map(|placebo| json!({
            "worlds": placebo.worlds,
            "p": number(placebo.p),
            "block": placebo.block,
        })),
        "confirm": judged.confirm.map(|confirm| json!({
            "point": confirm.point,
            "sessions": number(confirm.sessions),
        })),
        "holdout": judged.holdout.state.as_ref().map(of_holdout),
        "walk_forward": judged.walk_forward.as_ref().map(|walked| json!({
            "edge_year": number(walked.edge * walked.periods),
            "u": number(walked.test.map(|[u, _]| u)),
            "p": number(walked.test.map(|[_, p]| p)),
            "lost": walked.lost(),
        })),
    })
}

fn trials(judged: &SweepVerdict) -> Value {
    let counts = &judged.counts;
    json!({
        "evaluated": counts.evaluated,
        "failed": counts.failed,
        "flat": counts.flat,
        "duplicate": counts.duplicate,
        "canonical": counts.canonical,
    })
}

fn of_selected(selected: &Selected, figures: Option<&Figures>) -> Value {
    let Selected { chosen, against_cash, .. } = selected;
    let record = figures.and_then(|figures| figures.record);
    let interval = figures.and_then(|figures| figures.interval).map(|interval| {
        json!({
            "low": number(interval.low * chosen.periods),
            "high": number(interval.high * chosen.periods),
            "estimate": number(interval.estimate.map(|x| x * chosen.periods)),
        })
    });
    let psr = |record: Option<Record>| number(record.and_then(|record| record.probabilistic(0.0)));
    json!({
        "point": chosen.point,
        "mean": number(chosen.mean()),
        "passive": number(chosen.residual.passive),
        "edge": number(chosen.residual.edge),
        "edge_year": number(chosen.residual.edge * chosen.periods),
        "p": number(figures.and_then(|figures| figures.p)),
        "p_alone": number(figures.and_then(|figures| figures.p_alone)),
        "interval": interval,
        "weights": weights(chosen),
        "assets": assets(chosen),
        "psr": psr(record),
        "dsr": number(figures.and_then(Figures::deflated)),
        "inflation": number(record.map_or(1.0, |record| record.inflation)),
        "annual_ratio": number(record.map(|record| record.annual_ratio(chosen.periods))),
        "minimum_track_record": number(record.map(|record| record.minimum_track_record())),
        "against_cash": {
            "sharpe": number(against_cash.map(|record| record.figures.sharpe)),
            "skew": number(against_cash.map(|record| record.figures.skew)),
            "kurtosis": number(against_cash.map(|record| record.figures.kurtosis)),
            "psr": psr(*against_cash),
        },
        "changes": chosen.changes,
        "risk": risk(chosen.risk()),
        "passive_risk": risk(chosen.passive_risk()),
    })
}

fn weights(chosen: &Chosen) -> Value {
    let weight = |ticker: &str| if ticker.is_empty() { "cash".to_owned() } else { ticker.to_owned() };
    let weights = chosen.shares.iter().map(|share| (weight(&share.ticker), number(share.weight)));
    Value::Object(weights.collect::<Map<String, Value>>())
}

/// What each asset earned a year by its mean weight, and by moving it.
fn assets(chosen: &Chosen) -> Value {
    let asset = |share: &crate::sweep::verdict::chosen::AssetShare| {
        json!({
            "asset": if share.ticker.is_empty() { "cash" } else { &share.ticker },
            "weight": number(share.weight),
            "held_year": number(share.held * chosen.periods),
            "moved_year": number(share.moved * chosen.periods),
        })
    };
    chosen.shares.iter().map(asset).collect()
}

fn risk(risk: Risk) -> Value {
    json!({ "volatility": number(risk.volatility), "largest_fall": number(risk.largest_fall) })
}

fn of_best(judged: &SweepVerdict, found: &Examination, tested: &Tested) -> Value {
    let passed = judged.passed.as_ref();
    json!({
        "point": passed.map(|passed| passed.points[tested.best]),
        "u": number(passed.and_then(|passed| passed.looked[tested.best].statistics.first()).map(|own| own.guarded)),
        "p": number(found.p_best()),
    })
}

fn of_scales(tested: &Tested) -> Value {
    let scales = tested.scales.iter().map(|scale| {
        let entry =
            json!({ "blocks": scale.used.blocks, "p": number(scale.p), "critical": number(scale.critical) });
        (scale.used.scale.name.to_owned(), entry)
    });
    Value::Object(scales.collect())
}

fn relative(relative: &Relative) -> Value {
    json!({
        "name": relative.name,
        "seal": relative.seal,
        "trials": relative.trials,
        "first": relative.span[0],
        "last": relative.span[1],
        "look": relative.look,
    })
}

fn of_family(judged: &SweepVerdict, found: &Examination) -> Value {
    let family = &judged.family;
    let uncounted = family
        .uncounted
        .iter()
        .map(|sweep| json!({ "name": sweep.name, "trials": sweep.trials, "why": sweep.why }));
    json!({
        "sweeps": 1 + family.relatives.len(),
        "trials": found.allowance.trials,
        "uncounted": found.allowance.uncounted,
        "look": found.allowance.look,
        "factor": number(found.allowance.factor()),
        "entries": family.relatives.iter().map(relative).collect::<Vec<_>>(),
        "not_counted": uncounted.collect::<Vec<_>>(),
    })
}

fn of_folder(family: &Family, p: f64) -> Value {
    json!({
        "sweeps": family.strangers.len(),
        "trials": family.folder.as_ref().map(|folder| folder.trials),
        "p": number(p),
        "entries": family.strangers.iter().map(relative).collect::<Vec<_>>(),
    })
}

fn against(selected: &Selected) -> Value {
    let periods = selected.chosen.periods;
    let against = selected.compared.iter().map(|compared| {
        let (key, name) = match &compared.what {
            What::Cash => ("cash", None),
            What::Universe => ("universe", None),
            What::Benchmark(ticker) => ("benchmark", Some(ticker)),
        };
        let entry = json!({
            "asset": name,
            "mean_year": number(compared.mean * periods),
            "edge_year": number(compared.edge * periods),
            "p": number(compared.p),
        });
        (key.to_owned(), entry)
    });
    Value::Object(against.collect())
}

fn of_holdout(state: &HoldoutState) -> Value {
    let point = |(point, word): (&u64, &Unseen)| json!({ "point": point, "word": word });
    json!({
        "from": state.from.to_string(),
        "end": state.end.to_string(),
        "opened": state.opened,
        "points": state.words.iter().map(point).collect::<Vec<_>>(),
        "sealed": state.is_sealed(),
        "seen": state.seen,
    })
}

fn of_splits(found: &Examination) -> Option<Value> {
    let splits = found.splits.as_ref()?;
    Some(json!({
        "blocks": found.blocks,
        "combinations": splits.paths.len(),
        "pbo": number(splits.overfitting_probability),
        "probability_of_loss": number(splits.loss_probability),
        "slope": number(splits.line[0]),
        "logit_mean": number(splits.logit_mean),
        "out_of_sample_mean": number(splits.out_of_sample_mean),
    }))
}
