//! Evidence from a bootstrap of all trials: the test for superior ability, the Reality Check, and the number of trials that
//! beat the benchmark one by one.

use rayon::prelude::*;

use super::finding::{Field, Finding, Line, Reader, Value, line, object};
use crate::mixer::hash;
use crate::stats::overfitting::block_length::block_length;
use crate::stats::overfitting::material::{Material, Settings};
use crate::stats::overfitting::panel::{Panel, in_tiles};
use crate::stats::overfitting::superior_ability::{
    Bootstrap, Scale, SuperiorAbility, Test, excesses, superior_ability,
};
use crate::text::quoted;

/// The largest number of trials over which the median block length is taken.
const BLOCK_LENGTH_TRIALS: usize = 2000;
/// The largest number of trials for which other block lengths are tried.
const SENSITIVITY_TRIALS: usize = 1000;
/// The level of the step-down test.
const STEP_DOWN_LEVEL: f64 = 0.05;

/// The results of the bootstrap, with its settings.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Bootstrapped {
    /// The name of the benchmark.
    pub against: String,
    /// The test results.
    pub ability: SuperiorAbility,
    /// The settings of the bootstrap.
    pub bootstrap: Bootstrap,
    /// Number of trials that beat the benchmark one by one.
    pub beating: usize,
    /// Number of trials.
    pub trials: usize,
    /// The consistent p-value with blocks half and twice as long; `None` for many trials.
    pub sensitivity: Option<[f64; 2]>,
}

impl Finding for Option<Bootstrapped> {
    fn find(material: &Material, settings: &Settings, missing: &mut Vec<String>) -> Option<Bootstrapped> {
        match &material.differences {
            Ok((panel, selected)) if panel.trials() > 0 => {
                let against = material.benchmark.clone();
                Some(bootstrapped(*panel, *selected, settings, against))
            }
            Ok(_) => None,
            Err(reason) => {
                missing.push(format!("no test for superior ability: {reason}"));
                None
            }
        }
    }

    fn lines(&self, _: &Reader) -> Vec<Line> {
        let Some(result) = self else { return vec![line("SPA", "-".to_owned())] };
        let Test { p_lower, p_consistent, p_upper, .. } = result.ability.test;
        let Bootstrap { resamples, mean_block, seed } = result.bootstrap;
        let error = (p_consistent * (1.0 - p_consistent) / resamples as f64).sqrt();
        let against = quoted::text(&result.against);
        let text = format!(
            "p {p_consistent:.4} +- {error:.4} ({p_lower:.4} to {p_upper:.4}) against {against}; \
             {resamples} resamples in blocks of {mean_block:.1}, seed {seed}"
        );
        let mut lines = vec![line("SPA", text)];
        lines.extend(result.sensitivity.map(|[shorter, longer]| {
            let text =
                format!("p {shorter:.4} with blocks half as long, {longer:.4} with blocks twice as long");
            line("", text)
        }));
        lines.push(line("Reality Check", format!("p {:.4}", result.ability.reality_check.1)));
        let Bootstrapped { beating, trials, .. } = result;
        lines.push(line("step-down", format!("{beating} of {trials} trials beat it one by one at 5 %")));
        lines
    }

    fn fields(&self, _: &str) -> Vec<Field> {
        let p_values = |test: &Test| {
            [
                ("statistic", Value::Number(test.statistic)),
                ("p_lower", Value::Number(test.p_lower)),
                ("p_consistent", Value::Number(test.p_consistent)),
                ("p_upper", Value::Number(test.p_upper)),
            ]
        };
        let spa = |result: &Bootstrapped| {
            let [statistic, lower, consistent, upper] = p_values(&result.ability.test);
            let Bootstrap { resamples, mean_block, seed } = result.bootstrap;
            [
                statistic,
                lower,
                consistent,
                upper,
                ("resamples", Value::Whole(resamples as u64)),
                ("mean_block", Value::Number(mean_block)),
                ("seed", Value::Whole(seed)),
            ]
        };
        let check = |result: &Bootstrapped| {
            let (statistic, p) = result.ability.reality_check;
            [("statistic", Value::Number(statistic)), ("p", Value::Number(p))]
        };
        let result = self.as_ref();
        vec![("spa", object(result, spa)), ("reality_check", object(result, check))]
    }
}

fn bootstrapped(panel: &dyn Panel, selected: usize, settings: &Settings, against: String) -> Bootstrapped {
    let bootstrap = bootstrap(panel, selected, settings, settings.resamples);
    let means = excesses(panel, bootstrap.mean_block);
    let ability = superior_ability(panel, &means, &bootstrap, Scale::Studentised);
    let beating = ability.stepwise.iter().filter(|p| **p <= STEP_DOWN_LEVEL).count();
    let sensitivity = (panel.trials() <= SENSITIVITY_TRIALS).then(|| {
        [bootstrap.mean_block / 2.0, bootstrap.mean_block * 2.0].map(|mean_block| {
            let mean_block = mean_block.max(1.0);
            let bootstrap = Bootstrap { mean_block, resamples: bootstrap.resamples.min(2000), ..bootstrap };
            tested(panel, &bootstrap).p_consistent
        })
    });
    Bootstrapped { against, ability, bootstrap, beating, trials: panel.trials(), sensitivity }
}

/// The settings of a bootstrap that suits a panel, with at most `most` resamples.
fn bootstrap(panel: &dyn Panel, selected: usize, settings: &Settings, most: usize) -> Bootstrap {
    let mean_block = settings.mean_block.unwrap_or_else(|| mean_block(panel, selected, settings.seed));
    Bootstrap { resamples: settings.resamples.min(most), mean_block, seed: settings.seed }
}

fn tested(panel: &dyn Panel, bootstrap: &Bootstrap) -> Test {
    let means = excesses(panel, bootstrap.mean_block);
    superior_ability(panel, &means, bootstrap, Scale::Studentised).test
}

/// The larger of the best block length for the selected trial and the median over all trials, at least 1.
fn mean_block(panel: &dyn Panel, selected: usize, seed: u64) -> f64 {
    let mut sample: Vec<usize> = (0..panel.trials()).collect();
    if sample.len() > BLOCK_LENGTH_TRIALS {
        sample.sort_by_key(|&trial| hash(seed, trial as u64));
        sample.truncate(BLOCK_LENGTH_TRIALS);
    }
    sample.insert(0, selected);
    let mut lengths = Vec::with_capacity(sample.len());
    in_tiles(panel, &sample, |_, returns| {
        let series = returns.par_chunks(panel.periods());
        lengths.extend(series.map(|series| block_length(series).stationary).collect::<Vec<f64>>());
    });
    let own = lengths.remove(0);
    lengths.sort_by(f64::total_cmp);
    let middle = lengths.len() / 2;
    let median = match lengths.len() % 2 {
        1 => lengths[middle],
        _ => 0.5 * (lengths[middle - 1] + lengths[middle]),
    };
    own.max(median).max(1.0)
}
