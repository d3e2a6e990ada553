//! The test of skill against the vectors of another implementation: every figure of every sweep.

use std::path::Path;

use serde_json::Value;

use super::support::{files_of, project, read_json, shared};
use crate::stats::blocks::block_count;
use crate::stats::overfitting::block_sums::{BlockSums, block_length};
use crate::stats::skill::decision::{Evidence, Unseen, decide};
use crate::stats::skill::examination::{Choice, Examination, Looked, Material, Others, examine};
use crate::stats::skill::family::{Allowance, Ratios};
use crate::stats::skill::pass::{Pass, SESSIONS_LEAST};
use crate::stats::skill::passive::{AssetReturns, Rates, Residual, Subtraction, left_out_means};
use crate::stats::skill::record::Record;
use crate::stats::skill::scales::{Buckets, UsedScale, of_days};
use crate::stats::skill::sketch::{are_alike, sketch};

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

/// Numbers; absent ones are NaN.
fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().map_or(&[][..], Vec::as_slice).iter().map(|x| x.as_f64().unwrap_or(f64::NAN)).collect()
}

fn is_near(found: f64, expected: f64) -> bool {
    (found - expected).abs() <= 1e-12 + 1e-9 * expected.abs()
}

/// Compares what was found with what a file expects.
struct Judge<'j> {
    name: String,
    expected: &'j Value,
}

impl Judge<'_> {
    #[track_caller]
    fn numbers(&self, what: &str, found: &[f64], expected: &Value) {
        let expected = numbers(expected);
        let agree =
            found.len() == expected.len() && found.iter().zip(&expected).all(|(a, b)| is_near(*a, *b));
        assert!(agree, "{}: {what}: {found:?} instead of {expected:?}", self.name);
    }

    #[track_caller]
    fn number(&self, what: &str, found: Option<f64>) {
        let expected = what.split('.').fold(self.expected, |value, key| &value[key]);
        let agree = match (found, expected.as_f64()) {
            (Some(found), Some(expected)) => is_near(found, expected),
            (found, _) => found.is_none() && expected.is_null(),
        };
        assert!(agree, "{}: {what}: {found:?} instead of {expected}", self.name);
    }
}

/// The trials of a sweep that count.
struct Trials {
    days: Vec<i64>,
    scales: Vec<UsedScale>,
    buckets: Buckets,
    columns: Vec<usize>,
    returns: Vec<Vec<f64>>,
    residuals: Vec<Residual>,
    looked: Vec<Looked>,
    pass: Pass,
}

/// The returns of an asset while it is there.
fn asset(returns: &Value) -> AssetReturns {
    let returns = numbers(returns);
    let first = returns.iter().position(|x| !x.is_nan()).unwrap_or(0);
    let present = returns[first..].iter().take_while(|x| !x.is_nan()).copied().collect();
    AssetReturns::new(first, present)
}

/// A rate a session; `otherwise` where the file has none.
fn rate(value: &Value, otherwise: &[f64]) -> Vec<f64> {
    if value.is_null() { otherwise.to_vec() } else { numbers(value) }
}

fn is_ruined(returns: &[f64]) -> bool {
    let mut equity = 1.0;
    returns.iter().any(|x| {
        equity *= 1.0 + x;
        equity <= 0.0
    })
}

impl Trials {
    fn read(trials: &Value, outer: &Value) -> Trials {
        let given = |name: &str| if trials["days"].is_null() { &outer[name] } else { &trials[name] };
        let earned = rate(given("cash"), &[]);
        let rates = Rates { owed: rate(given("debit"), &earned), borrow: rate(given("borrow"), &[]), earned };
        let assets: Vec<AssetReturns> = list(given("assets")).iter().map(asset).collect();
        let days: Vec<i64> = list(given("days")).iter().map(|day| day.as_i64().expect("a day")).collect();
        let scales = if days.len() < SESSIONS_LEAST { Vec::new() } else { of_days(&days) };
        let mut found = Trials {
            buckets: Buckets::of_days(&scales, &days),
            pass: Pass::new(scales.len()),
            days,
            scales,
            columns: Vec::new(),
            returns: Vec::new(),
            residuals: Vec::new(),
            looked: Vec::new(),
        };
        let all = list(&trials["returns"]).iter().zip(list(&trials["weights"]));
        for (column, (returns, weights)) in all.enumerate() {
            let returns = numbers(returns);
            if Record::new(&returns).is_some() && !is_ruined(&returns) && !found.returns.contains(&returns) {
                let weights: Vec<Vec<f64>> = list(weights).iter().map(numbers).collect();
                found.add(column, returns, &weights, &assets, &rates);
            }
        }
        found
    }

    fn add(
        &mut self,
        column: usize,
        returns: Vec<f64>,
        weights: &[Vec<f64>],
        assets: &[AssetReturns],
        rates: &Rates,
    ) {
        let mut subtraction = Subtraction::default();
        subtraction.begin(&returns);
        for (index, (weights, asset)) in weights.iter().zip(assets).enumerate() {
            subtraction.asset(index, weights, asset, &rates.borrow);
        }
        let residual = subtraction.end(&returns, rates).clone();
        let statistics = self.pass.add(&residual.residuals, &self.buckets, |_, _| {});
        let ratio = Record::new(&residual.residuals).map_or(0.0, |record| record.figures.sharpe);
        let mean = returns.iter().sum::<f64>() / returns.len() as f64;
        let Residual { edge, moves, .. } = residual;
        self.looked.push(Looked { statistics, mean, edge, ratio, moves });
        self.columns.push(column);
        self.returns.push(returns);
        self.residuals.push(residual);
    }

    fn ratios(&self) -> Ratios {
        Ratios::of(&self.looked.iter().map(|looked| looked.ratio).collect::<Vec<_>>())
    }

    fn block_sums(&self) -> Option<BlockSums> {
        let blocks = block_count(self.days.len());
        let length = block_length(self.days.len(), blocks).ok()?;
        let mut sums = BlockSums { blocks, length, sums: Vec::new() };
        self.residuals.iter().for_each(|residual| sums.push(&residual.residuals));
        Some(sums)
    }
}

/// Other sweeps joined, in the scales of one.
fn others(of: &Trials, sweeps: &[&Trials]) -> Others {
    let mut joined = Others { maxima: vec![None; of.scales.len()], ..Others::default() };
    for sweep in sweeps {
        joined.trials += sweep.looked.len() as u64;
        joined.ratios = joined.ratios.and(sweep.ratios());
        for (scale, maxima) in sweep.scales.iter().zip(&sweep.pass.maxima) {
            let place = of.scales.iter().position(|used| used.scale == scale.scale);
            if let Some(place) = place {
                joined.maxima[place].get_or_insert_with(|| maxima.clone()).join(maxima);
            }
        }
    }
    joined
}

fn check_sweep(path: &Path) {
    let vector = read_json(path);
    let own = Trials::read(&vector, &vector);
    let read = |name: &str| -> Vec<Trials> {
        list(&vector[name]).iter().map(|sweep| Trials::read(sweep, &vector)).collect()
    };
    let (family, folder) = (read("family"), read("folder"));
    let of_family = others(&own, &family.iter().collect::<Vec<_>>());
    let of_folder = others(&own, &family.iter().chain(&folder).collect::<Vec<_>>());
    let arguments = &vector["arguments"];
    let expected = &vector["expected"];
    let index = own.columns.iter().position(|column| expected["selected"] == *column).expect("it counts");
    let sums = own.block_sums();
    let look = arguments["look"].as_u64().unwrap_or(1);
    let found = examine(&Material {
        trials: &own.looked,
        scales: &own.scales,
        pass: &own.pass,
        family: &of_family,
        folder: Some(&of_folder),
        look,
        uncounted: arguments["uncounted"].as_u64().unwrap_or(0),
        choice: Some(Choice { index, residuals: &own.residuals[index].residuals, buckets: &own.buckets }),
        block_sums: sums.as_ref(),
        sessions: own.days.len(),
        periods: vector["periods"].as_f64().expect("a number"),
    });
    let judge = Judge { name: path.display().to_string(), expected };
    compare(&judge, &vector, &own, &found);
    let unseen = match arguments["holdout"].as_str() {
        Some("held up") => Some(Unseen::HeldUp),
        Some("not contradicted") => Some(Unseen::NotContradicted),
        Some("did not hold up") => Some(Unseen::DidNotHoldUp),
        _ => None,
    };
    let selected = found.selected.as_ref().expect("it counts");
    let verdict = decide(&Evidence {
        sessions: own.days.len(),
        changes: Some(30),
        changes_of_best: None,
        p_best: found.p_best(),
        p_selected: selected.p.unwrap_or(1.0),
        p_alone: selected.p_alone.unwrap_or(1.0),
        overfitting: found.splits.as_ref().map(|splits| splits.overfitting_probability),
        look,
        unseen,
        placebo: None,
        walk_forward_lost: false,
    });
    assert_eq!(expected["verdict"], verdict.to_string(), "{}", judge.name);
    if expected["confirm"].is_object() {
        let trial = found.to_confirm().expect("a trial");
        judge.number("confirm.point", Some(own.columns[trial] as f64));
        let record = Record::new(&own.residuals[trial].residuals).expect("it moves");
        judge.number("confirm.sessions", Some(record.sessions_to_confirm()));
    }
}

fn compare(judge: &Judge, vector: &Value, own: &Trials, found: &Examination) {
    let expected = judge.expected;
    let columns: Vec<f64> = own.columns.iter().map(|column| *column as f64).collect();
    judge.numbers("canonical", &columns, &expected["canonical"]);
    let of = |take: fn(&Residual) -> f64| own.residuals.iter().map(take).collect::<Vec<f64>>();
    judge.numbers("edge", &of(|residual| residual.edge), &expected["edge"]);
    judge.numbers("passive", &of(|residual| residual.passive), &expected["passive"]);
    let tested = found.tested.as_ref().expect("enough sessions");
    assert_eq!(tested.scales.len(), expected["u"].as_object().expect("scales").len(), "{}", judge.name);
    for (scale, tested) in tested.scales.iter().enumerate() {
        let name = tested.used.scale.name;
        let u: Vec<f64> = own.looked.iter().map(|looked| looked.statistics[scale].guarded).collect();
        judge.numbers(&format!("u {name}"), &u, &expected["u"][name]);
        judge.number(&format!("blocks.{name}"), Some(tested.used.blocks as f64));
        let ranked = tested.joint.ranked().0;
        let quantile = |share: f64| ranked[(share * ranked.len() as f64).ceil() as usize - 1];
        let quantiles = [0.5, 0.9, 0.95, 0.99].map(quantile);
        judge.numbers(&format!("maxima {name}"), &quantiles, &expected["maxima_quantiles"][name]);
    }
    judge.numbers("p", &tested.p, &expected["p"]);
    judge.number("best", Some(own.columns[tested.best] as f64));
    judge.number("p_best", found.p_best());
    judge.number("p_folder", tested.p_folder);
    judge.number("critical_rank", Some(tested.critical_rank as f64));
    let selected = found.selected.as_ref().expect("it counts");
    judge.number("p_selected", selected.p);
    judge.number("p_alone", selected.p_alone);
    let periods = vector["periods"].as_f64().expect("a number");
    let (interval, per_year) = (selected.interval, |x: f64| x * periods);
    judge.number("interval.low", interval.map(|interval| per_year(interval.low)));
    judge.number("interval.high", interval.map(|interval| per_year(interval.high)));
    judge.number("interval.estimate", interval.and_then(|interval| interval.estimate).map(per_year));
    let is_above = interval.is_none_or(|interval| interval.low > 0.0);
    assert!(interval.is_none() || is_above == selected.p.is_some_and(|p| p <= 0.05), "{}", judge.name);
    judge.number("detectable_ratio", selected.detectable_ratio);
    judge.number("detectable_edge", selected.detectable_edge);
    judge.number("pbo", found.splits.as_ref().map(|splits| splits.overfitting_probability));
    judge.number("probability_of_loss", found.splits.as_ref().map(|splits| splits.loss_probability));
    let record = selected.record;
    judge.number("psr", record.and_then(|record| record.probabilistic(0.0)));
    judge.number("dsr", selected.deflated());
    judge.number("inflation", Some(record.map_or(1.0, |record| record.inflation)));
    let of_returns = Record::new(&own.returns[selected.index]);
    judge.number("psr_returns", of_returns.and_then(|record| record.probabilistic(0.0)));
}

fn check_folder(folder: &Path) {
    let sweeps =
        files_of(folder, &[".json"]).into_iter().filter(|path| read_json(path)["expected"].is_object());
    let count = sweeps.map(|path| check_sweep(&path)).count();
    assert!(count >= 5, "{count} sweeps");
}

#[test]
fn sweeps_that_ship() {
    check_folder(&project("tests/vectors/verdict-2"));
}

#[test]
fn sweeps_of_the_reference() {
    if let Some(shared) = shared("sweeps_of_the_reference") {
        check_folder(&shared.join("reference/verdict-2"));
    }
}

fn number(part: &Value, key: &str) -> f64 {
    part[key].as_f64().unwrap_or_else(|| panic!("{key}: {part}"))
}

#[test]
fn parts_of_the_reference() {
    let parts = read_json(&project("tests/vectors/verdict-2/parts.json"));
    let judge = Judge { name: "parts".to_owned(), expected: &parts };
    for part in list(&parts["left_out"]) {
        let mut means = Vec::new();
        left_out_means(&numbers(&part["weights"]), &mut Vec::new(), |_, mean| means.push(mean));
        judge.numbers("left_out", &means, &part["mean"]);
    }
    for part in list(&parts["allow"]) {
        let [trials, uncounted, look] = ["trials", "uncounted", "look"].map(|key| number(part, key) as u64);
        let allowance = Allowance { trials, uncounted, look };
        assert!(is_near(allowance.allow(number(part, "p")), number(part, "result")), "{part}");
        assert_eq!(allowance.critical_rank() as f64, number(part, "critical_rank"), "{part}");
    }
    for part in list(&parts["buckets"]) {
        let day = part["day"].as_i64().expect("a day");
        let every: Vec<UsedScale> =
            crate::stats::skill::scales::OF_DATES.map(|scale| UsedScale { scale, blocks: 0 }).to_vec();
        let blocks = Buckets::of_days(&every, &[day]).0;
        let found: Vec<u16> = blocks.iter().map(|blocks| blocks.0[0].bucket).collect();
        let expected = ["session", "week", "month"].map(|scale| number(part, scale) as u16);
        assert_eq!(found, expected, "{part}");
    }
}

#[test]
fn words_of_the_reference() {
    let parts = read_json(&project("tests/vectors/verdict-2/parts.json"));
    for part in list(&parts["decisions"]) {
        let maybe = |key: &str| part[key].as_f64();
        let verdict = decide(&Evidence {
            sessions: number(part, "T") as usize,
            changes: Some(number(part, "changes") as u64),
            changes_of_best: None,
            p_best: maybe("p_best"),
            p_selected: number(part, "p_selected"),
            p_alone: number(part, "p_alone"),
            overfitting: maybe("pbo"),
            look: number(part, "look") as u64,
            unseen: match part["holdout"].as_str() {
                Some("held up") => Some(Unseen::HeldUp),
                Some("did not hold up") => Some(Unseen::DidNotHoldUp),
                Some(_) => Some(Unseen::NotContradicted),
                None => None,
            },
            placebo: maybe("placebo"),
            walk_forward_lost: part["walk_forward_lost"] == true,
        });
        assert_eq!(part["verdict"], verdict.to_string(), "{part}");
    }
}

#[test]
fn sketches_of_the_reference() {
    let parts = read_json(&project("tests/vectors/verdict-2/sketches.json"));
    let mut sketches = Vec::new();
    for part in list(&parts["sketches"]) {
        let days: Vec<i64> = list(&part["days"]).iter().map(|day| day.as_i64().expect("a day")).collect();
        let years = sketch(&days, &numbers(&part["returns"]));
        let shown = |bits: &[u8]| bits.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let found: serde_json::Map<String, Value> = years
            .iter()
            .map(|(year, found)| {
                let entry = serde_json::json!([found.first, found.last, found.returns, shown(&found.bits)]);
                (year.to_string(), entry)
            })
            .collect();
        assert_eq!(Value::Object(found), part["sketches"]);
        sketches.push(years);
    }
    for (one, row) in sketches.iter().zip(list(&parts["alike"])) {
        for (other, alike) in sketches.iter().zip(list(row)) {
            assert_eq!(*alike, are_alike(one, other));
        }
    }
}
