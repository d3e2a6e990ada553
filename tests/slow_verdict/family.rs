//! One sweep beside the others that were tried on the same assets: joint maxima, looks, trials without maxima.

use super::figures::ratio;
use super::flips::{Flips, Scale, TURNINGS, flips, maxima, scales_of_dates};
use super::input::Trials;
use super::passive::{canonical, residual};

/// Sessions that a test needs.
pub const SESSIONS_LEAST: usize = 60;

/// The trials of a sweep that count, each with its residual and its turnings.
pub struct Entry {
    pub canonical: Vec<usize>,
    /// One a canonical trial.
    pub residuals: Vec<Vec<f64>>,
    /// Sharpe ratios of the residuals, a session.
    pub ratios: Vec<f64>,
    pub scales: Vec<ScaleOfEntry>,
}

/// One scale of a sweep.
pub struct ScaleOfEntry {
    pub scale: Scale,
    /// One a canonical trial.
    pub flips: Vec<Flips>,
    pub maxima: Vec<f64>,
}

impl Entry {
    /// "T < 60: no test": such a sweep has no scales.
    pub fn new(trials: &Trials) -> Entry {
        let canonical = canonical(trials);
        let residuals: Vec<Vec<f64>> = canonical.iter().map(|trial| residual(trials, *trial)).collect();
        let mut scales = Vec::new();
        if trials.days.len() >= SESSIONS_LEAST {
            for scale in scales_of_dates(&trials.days) {
                let flips: Vec<Flips> = residuals.iter().map(|residual| flips(residual, &scale)).collect();
                scales.push(ScaleOfEntry { maxima: maxima(&flips), flips, scale });
            }
        }
        let ratios = residuals.iter().map(|residual| ratio(residual)).collect();
        Entry { canonical, residuals, ratios, scales }
    }
}

/// "Joint maxima = element by element the larger over the family's entries. A scale that only some entries have is
/// joined over those."
pub fn joined(own: &ScaleOfEntry, others: &[&Entry]) -> Vec<f64> {
    let mut joint = own.maxima.clone();
    for other in others {
        for theirs in other.scales.iter().filter(|theirs| theirs.scale.name == own.scale.name) {
            for turning in 0..TURNINGS {
                if theirs.maxima[turning] > joint[turning] {
                    joint[turning] = theirs.maxima[turning];
                }
            }
        }
    }
    joint
}

/// "`1 + log2(look)`."
fn factor(look: u64) -> f64 {
    1.0 + libm::log2(look as f64)
}

/// "Their number of trials n' enters as `p -> 1 - (1 - p)^((N + n') / N)`, before the factor for looks:
/// `p -> min(1, (1 + log2(look)) p)`."
pub fn allow(share: f64, look: u64, trials: u64, uncounted: u64) -> f64 {
    let mut allowed = share;
    if uncounted > 0 {
        allowed = 1.0 - libm::pow(1.0 - share, (trials + uncounted) as f64 / trials as f64);
    }
    (factor(look) * allowed).min(1.0)
}

/// "`k = floor(4096 (1 - (1 - 0.05 / (1 + log2 look))^(N / (N + n'))))`."
pub fn critical_rank(look: u64, trials: u64, uncounted: u64) -> usize {
    let exponent = trials as f64 / (trials + uncounted) as f64;
    let share = 1.0 - libm::pow(1.0 - 0.05 / factor(look), exponent);
    (TURNINGS as f64 * share).floor() as usize
}

/// "q = the k-th largest of the joint `M[1..]`"; `None` for k = 0.
pub fn critical(joint: &[f64], rank: usize) -> Option<f64> {
    let mut sorted = joint[1..].to_vec();
    sorted.sort_by(|one, other| other.total_cmp(one));
    rank.checked_sub(1).map(|place| sorted[place])
}

/// The smallest of the 4,095 joint maxima that so large a share of them is at or below.
pub fn quantile(joint: &[f64], share: f64) -> f64 {
    let mut sorted = joint[1..].to_vec();
    sorted.sort_by(f64::total_cmp);
    let needed = (share * sorted.len() as f64).ceil() as usize;
    sorted[needed - 1]
}
