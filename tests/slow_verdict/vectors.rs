//! Whole sweeps of the vectors: every figure against another implementation.

use std::path::Path;

use serde_json::Value;

use super::examination::{Examination, Tested, examine};
use super::input::{Sweep, list, numbers};
use crate::support::{files_of, project, read_json, shared};

/// "Relative 1e-9, absolute 1e-12."
pub fn is_near(got: f64, expected: f64) -> bool {
    (got - expected).abs() <= 1e-12 + 1e-9 * expected.abs()
}

/// Collects what differs.
pub struct Differences {
    pub of: String,
    pub found: Vec<String>,
    /// Values that were compared.
    pub compared: usize,
}

impl Differences {
    pub fn new(of: &str) -> Differences {
        Differences { of: of.into(), found: Vec::new(), compared: 0 }
    }

    pub fn judge(&mut self, name: &str, agrees: bool, got: &dyn std::fmt::Debug, expected: &Value) {
        self.compared += 1;
        if !agrees {
            self.found.push(format!("{}: {name}: {got:?} instead of {expected}", self.of));
        }
    }

    /// `null` is an undefined figure.
    pub fn number(&mut self, name: &str, got: Option<f64>, expected: &Value) {
        let agrees = match (got, expected.as_f64()) {
            (Some(got), Some(expected)) => is_near(got, expected),
            (got, _) => got.is_none() && expected.is_null(),
        };
        self.judge(name, agrees, &got, expected);
    }

    /// A p without allowances is a count, and exact.
    fn share(&mut self, name: &str, got: f64, expected: &Value) {
        let count = |p: f64| p * 4096.0;
        let expected_number = expected.as_f64().expect("a p");
        let is_count = count(expected_number).fract() == 0.0;
        let agrees = if is_count { got == expected_number } else { is_near(got, expected_number) };
        self.judge(name, agrees, &got, expected);
    }

    fn numbers(&mut self, name: &str, got: &[f64], expected: &Value) {
        let expected_numbers = numbers(expected);
        let agrees = got.len() == expected_numbers.len()
            && got.iter().zip(&expected_numbers).all(|(got, expected)| is_near(*got, *expected));
        self.judge(name, agrees, &got, expected);
    }

    fn place(&mut self, name: &str, got: usize, expected: &Value) {
        self.judge(name, expected.as_u64() == Some(got as u64), &got, expected);
    }
}

fn judge_tested(tested: &Tested, expected: &Value, differences: &mut Differences) {
    let names: Vec<&String> = tested.scales.keys().collect();
    let expected_names: Vec<&String> = expected["u"].as_object().expect("scales").keys().collect();
    differences.judge("scales", names == expected_names, &names, &expected["u"]);
    for (name, scale) in &tested.scales {
        differences.numbers(&format!("u {name}"), &scale.u, &expected["u"][name]);
        differences.place(&format!("blocks {name}"), scale.blocks, &expected["blocks"][name]);
        let quantiles = &expected["maxima_quantiles"][name];
        differences.numbers(&format!("maxima {name}"), &scale.maxima_quantiles(), quantiles);
    }
    for (place, p) in list(&expected["p"]).iter().enumerate() {
        differences.share(&format!("p {place}"), tested.p[place], p);
    }
    differences.judge("count of p", tested.p.len() == list(&expected["p"]).len(), &tested.p, &expected["p"]);
    differences.place("best", tested.best, &expected["best"]);
    for (name, got) in [
        ("p_best", tested.p_best),
        ("p_selected", tested.p_selected),
        ("p_alone", tested.p_alone),
        ("p_folder", tested.p_folder),
    ] {
        differences.share(name, got, &expected[name]);
    }
    differences.place("critical_rank", tested.critical_rank, &expected["critical_rank"]);
    let interval = tested.interval.as_ref();
    let end = &expected["interval"];
    differences.number("low", interval.map(|interval| interval.low), &end["low"]);
    differences.number("high", interval.map(|interval| interval.high), &end["high"]);
    differences.number("estimate", interval.and_then(|interval| interval.estimate), &end["estimate"]);
    differences.number("detectable_ratio", tested.detectable_ratio, &expected["detectable_ratio"]);
    differences.number("detectable_edge", tested.detectable_edge, &expected["detectable_edge"]);
    let confirm = &expected["confirm"];
    let point = tested.confirm.map(|(point, _)| point as f64);
    differences.number("confirm", point, &confirm["point"]);
    differences.number("sessions", tested.confirm.map(|(_, sessions)| sessions), &confirm["sessions"]);
}

fn judge(examination: &Examination, expected: &Value, differences: &mut Differences) {
    let canonical: Vec<f64> = examination.canonical.iter().map(|trial| *trial as f64).collect();
    differences.numbers("canonical", &canonical, &expected["canonical"]);
    differences.place("T", examination.sessions, &expected["T"]);
    differences.place("N", examination.canonical.len(), &expected["N"]);
    differences.numbers("edge", &examination.edge, &expected["edge"]);
    differences.numbers("passive", &examination.passive, &expected["passive"]);
    differences.place("selected", examination.selected, &expected["selected"]);
    let splits = examination.splits.as_ref();
    let loss = splits.map(|splits| splits.probability_of_loss);
    differences.number("pbo", splits.map(|splits| splits.probability), &expected["pbo"]);
    differences.number("probability_of_loss", loss, &expected["probability_of_loss"]);
    differences.number("psr", examination.psr, &expected["psr"]);
    differences.number("dsr", examination.dsr, &expected["dsr"]);
    differences.number("inflation", Some(examination.inflation), &expected["inflation"]);
    differences.number("psr_returns", examination.psr_returns, &expected["psr_returns"]);
    let tested = examination.tested.as_ref().expect("the vectors have sessions enough");
    judge_tested(tested, expected, differences);
    let word = examination.verdict;
    differences.judge("verdict", expected["verdict"] == word, &word, &expected["verdict"]);
}

/// Judges every sweep of a folder and gives their number.
fn judge_folder(folder: &Path) -> usize {
    let mut found = Vec::new();
    let (mut sweeps, mut compared) = (0, 0);
    for file in files_of(folder, &[".json"]) {
        let vector = read_json(&file);
        // Parts are judged elsewhere.
        if vector.get("expected").is_none() {
            continue;
        }
        let mut differences = Differences::new(&file.display().to_string());
        judge(&examine(&Sweep::read(&vector)), &vector["expected"], &mut differences);
        sweeps += 1;
        compared += differences.compared;
        found.extend(differences.found);
    }
    println!("{sweeps} sweeps, {compared} figures");
    assert!(found.is_empty(), "{} differ\n{}", found.len(), found.join("\n"));
    sweeps
}

#[test]
fn figures_are_those_of_the_vectors() {
    let Some(shared) = shared("the slow verdict over all vectors") else { return };
    assert!(judge_folder(&shared.join("reference/verdict-2")) >= 20);
}

#[test]
fn figures_are_those_of_the_vectors_that_ship() {
    assert!(judge_folder(&project("tests/vectors/verdict-2")) >= 4);
}
