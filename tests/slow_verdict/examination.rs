//! All figures of one sweep.

use std::collections::BTreeMap;

use super::backtest_overfitting::{Splits, splits};
use super::decide::{Evidence, decide};
use super::family::{Entry, allow, critical, critical_rank, joined, quantile};
use super::figures::{
    annual_ratio, deflated, detectable_edge, detectable_ratio, inflation, is_nothing, mean,
    minimum_track_record, probabilistic, ratio, sessions_to_confirm,
};
use super::flips::{Flips, maxima, share_at_least};
use super::input::Sweep;
use super::interval::{Interval, interval};

/// Lists are over the canonical trials; trials are named by their columns.
pub struct Examination {
    pub canonical: Vec<usize>,
    pub sessions: usize,
    pub residuals: Vec<Vec<f64>>,
    /// Mean residual a session.
    pub edge: Vec<f64>,
    /// What the passive alternative earned a session.
    pub passive: Vec<f64>,
    pub selected: usize,
    pub splits: Option<Splits>,
    pub psr: Option<f64>,
    pub dsr: Option<f64>,
    pub inflation: f64,
    /// Of the residual, with `inflation`.
    pub annual_ratio: f64,
    /// Sessions.
    pub minimum_track_record: Option<f64>,
    pub psr_returns: Option<f64>,
    /// `None` below 60 sessions.
    pub tested: Option<Tested>,
    pub verdict: &'static str,
}

/// What the turned signs say.
pub struct Tested {
    pub scales: BTreeMap<String, TestedScale>,
    /// Over the family, with trials without maxima and looks; one a canonical trial.
    pub p: Vec<f64>,
    pub best: usize,
    pub p_best: f64,
    pub p_selected: f64,
    pub p_alone: f64,
    pub p_folder: f64,
    pub critical_rank: usize,
    pub interval: Option<Interval>,
    pub detectable_ratio: Option<f64>,
    pub detectable_edge: Option<f64>,
    /// With `promising`: which trial, and how many sessions.
    pub confirm: Option<(usize, f64)>,
}

/// One scale.
pub struct TestedScale {
    pub blocks: usize,
    /// With the skew guard; one a canonical trial.
    pub u: Vec<f64>,
    /// The family's.
    pub joint: Vec<f64>,
}

impl TestedScale {
    /// The smallest value that half, nine tenths, 95 and 99 of a hundred joint maxima are at or below.
    pub fn maxima_quantiles(&self) -> [f64; 4] {
        [0.5, 0.9, 0.95, 0.99].map(|share| quantile(&self.joint, share))
    }
}

/// The largest over the scales of the share of maxima that are at or above a trial's u.
fn largest_share(own: &Entry, maxima_by_scale: &[Vec<f64>], place: usize) -> f64 {
    let mut largest = 0.0_f64;
    for number in 0..own.scales.len() {
        let observed = own.scales[number].flips[place].observed;
        largest = largest.max(share_at_least(&maxima_by_scale[number], observed));
    }
    largest
}

/// "The selected trial against its own flips, largest over the scales; no family, no factor." A poor trial has u
/// below 0.
fn share_alone(own: &Entry, place: usize) -> f64 {
    let alone: Vec<Vec<f64>> = own.scales.iter().map(|scale| maxima([&scale.flips[place]])).collect();
    largest_share(own, &alone, place)
}

/// The place of the smallest number, the first of equal ones.
fn smallest(numbers: &[f64]) -> usize {
    let mut smallest = 0;
    for place in 0..numbers.len() {
        if numbers[place] < numbers[smallest] {
            smallest = place;
        }
    }
    smallest
}

/// Where the selected trial stands among the canonical ones: the one of the best Sharpe ratio of returns unless
/// another is named.
fn selected_place(sweep: &Sweep, canonical: &[usize]) -> usize {
    if let Some(named) = sweep.selected {
        return canonical.iter().position(|trial| *trial == named).expect("the selected trial counts");
    }
    let falling: Vec<f64> = canonical.iter().map(|trial| -ratio(&sweep.trials.returns[*trial])).collect();
    smallest(&falling)
}

/// "Over the splits of the PBO, the mean residual in the other half of the trial that was best in one half. One
/// trial: its edge. Not shown where nothing moves."
fn best_guess(own: &Entry, splits: Option<&Splits>) -> Option<f64> {
    if own.residuals.iter().all(|residual| is_nothing(residual)) {
        return None;
    }
    match splits {
        Some(splits) => Some(splits.mean_elsewhere),
        None => (own.residuals.len() == 1).then(|| mean(&own.residuals[0])),
    }
}

/// The test of the sweep with the family's entries and those of the rest of the folder. Confirmation is left to the
/// word.
fn test(sweep: &Sweep, own: &Entry, family: &[Entry], selected: usize, guess: Option<f64>) -> Tested {
    let folder: Vec<Entry> = sweep.folder.iter().map(Entry::new).collect();
    let family: Vec<&Entry> = family.iter().collect();
    let everything: Vec<&Entry> = family.iter().copied().chain(&folder).collect();
    let joint: Vec<Vec<f64>> = own.scales.iter().map(|scale| joined(scale, &family)).collect();
    let of_folder: Vec<Vec<f64>> = own.scales.iter().map(|scale| joined(scale, &everything)).collect();

    let trials = own.canonical.len() + family.iter().map(|entry| entry.canonical.len()).sum::<usize>();
    let allowed = |share: f64| allow(share, sweep.look, trials as u64, sweep.uncounted);
    let places = 0..own.canonical.len();
    let p: Vec<f64> = places.map(|place| allowed(largest_share(own, &joint, place))).collect();
    let best = smallest(&p);

    let rank = critical_rank(sweep.look, trials as u64, sweep.uncounted);
    let of_selected: Vec<&Flips> = own.scales.iter().map(|scale| &scale.flips[selected]).collect();
    let criticals: Option<Vec<f64>> = joint.iter().map(|joint| critical(joint, rank)).collect();
    let interval = criticals.as_ref().map(|criticals| {
        let scales: Vec<(&Flips, f64)> = of_selected.iter().copied().zip(criticals.iter().copied()).collect();
        interval(&scales, guess, sweep.periods)
    });
    let by_session = criticals.map(|criticals| criticals[0]);
    let sessions = sweep.trials.days.len();
    let scale = |number: usize| TestedScale {
        blocks: own.scales[number].scale.blocks(),
        u: own.scales[number].flips.iter().map(|flips| flips.observed).collect(),
        joint: joint[number].clone(),
    };
    let named = |number: usize| (own.scales[number].scale.name.clone(), scale(number));
    Tested {
        scales: (0..own.scales.len()).map(named).collect(),
        best: own.canonical[best],
        p_best: p[best],
        p_selected: p[selected],
        p_alone: share_alone(own, selected),
        p_folder: allowed(largest_share(own, &of_folder, best)),
        critical_rank: rank,
        interval,
        detectable_ratio: by_session.map(|critical| detectable_ratio(critical, sessions, sweep.periods)),
        detectable_edge: by_session
            .and_then(|critical| detectable_edge(critical, &own.residuals[selected], sweep.periods)),
        confirm: None,
        p,
    }
}

/// "30 decisions that changed weights and more taken for granted, no placebo."
fn word(sweep: &Sweep, tested: Option<&Tested>, pbo: Option<f64>) -> &'static str {
    decide(&Evidence {
        sessions: sweep.trials.days.len(),
        changes: 30,
        p_best: tested.map_or(1.0, |tested| tested.p_best),
        p_selected: tested.map_or(1.0, |tested| tested.p_selected),
        p_alone: tested.map_or(1.0, |tested| tested.p_alone),
        pbo,
        look: sweep.look,
        holdout: sweep.holdout.clone(),
        placebo: None,
        walk_forward_lost: false,
    })
}

/// "Of the selected trial if its p <= 0.05, else of the best."
fn confirmation(own: &Entry, selected: usize, tested: &Tested) -> (usize, f64) {
    let trial = if tested.p_selected <= 0.05 { own.canonical[selected] } else { tested.best };
    let place = own.canonical.iter().position(|canonical| *canonical == trial).expect("a canonical trial");
    (trial, sessions_to_confirm(&own.residuals[place]))
}

/// All figures of a sweep in which at least one trial counts.
pub fn examine(sweep: &Sweep) -> Examination {
    let own = Entry::new(&sweep.trials);
    let family: Vec<Entry> = sweep.family.iter().map(Entry::new).collect();
    let selected = selected_place(sweep, &own.canonical);
    let residual = &own.residuals[selected];
    let splits = splits(&own.residuals);
    let guess = best_guess(&own, splits.as_ref());
    let mut tested = (!own.scales.is_empty()).then(|| test(sweep, &own, &family, selected, guess));
    let verdict = word(sweep, tested.as_ref(), splits.as_ref().map(|splits| splits.probability));
    if let Some(tested) = &mut tested
        && verdict.starts_with("promising")
    {
        tested.confirm = Some(confirmation(&own, selected, tested));
    }

    let edge: Vec<f64> = own.residuals.iter().map(|residual| mean(residual)).collect();
    let earned = |place: usize| mean(&sweep.trials.returns[own.canonical[place]]);
    let ratios: Vec<f64> = [&own].into_iter().chain(&family).flat_map(|entry| entry.ratios.clone()).collect();
    Examination {
        sessions: sweep.trials.days.len(),
        passive: (0..edge.len()).map(|place| earned(place) - edge[place]).collect(),
        selected: own.canonical[selected],
        psr: probabilistic(residual, 0.0),
        dsr: deflated(residual, &ratios),
        inflation: inflation(residual),
        annual_ratio: annual_ratio(residual, sweep.periods),
        minimum_track_record: minimum_track_record(residual),
        psr_returns: probabilistic(&sweep.trials.returns[own.canonical[selected]], 0.0),
        edge,
        splits,
        tested,
        verdict,
        canonical: own.canonical,
        residuals: own.residuals,
    }
}
