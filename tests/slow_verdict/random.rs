//! Random sweeps, known by their seeds, in the form of the vectors.
//!
//! Assets join late and leave early, trials are short, levered, ruined or copies of one another, other sweeps of the
//! folder stand on the same days or on their own.

use serde_json::{Value, json};

use super::input::{Sweep, Trials};
use crate::draw::Draw;

/// A number with six decimals.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

/// Days that follow one another closely or far apart, so that few sessions make enough weeks or months.
fn draw_days(draw: &mut Draw) -> Vec<i64> {
    let gap = draw.pick(&[1, 1, 3, 10, 30]);
    let sessions = draw.pick(&[60, 61, 75, 90, 130, 131, 200, 310]);
    let mut day = 14_000 + 7 * draw.between(0, 150) as i64;
    let mut days = Vec::new();
    while days.len() < sessions {
        days.push(day);
        day += draw.between(1, 2 * gap - 1) as i64;
        let is_saturday = (day + 3).rem_euclid(7) == 5;
        if gap == 1 && is_saturday {
            day += 2;
        }
    }
    days
}

/// Returns with fat tails, a slope, and sessions without a bar.
fn draw_asset(draw: &mut Draw, sessions: usize) -> Vec<f64> {
    let size = draw.pick(&[0.004, 0.01, 0.025]);
    let slope = draw.swing() * 0.001;
    let mut returns = Vec::new();
    for _ in 0..sessions {
        let tail = if draw.percent(2) { 5.0 } else { 1.0 };
        let sum = draw.swing() + draw.swing() + draw.swing();
        returns.push(if draw.percent(3) { 0.0 } else { rounded(slope + size * tail * sum) });
    }
    returns
}

/// A rate that changes once, or none.
fn draw_rate(draw: &mut Draw, sessions: usize) -> Option<Vec<f64>> {
    if draw.percent(60) {
        return None;
    }
    let (first, second) = (draw.between(0, 3) as f64 * 5e-5, draw.between(1, 6) as f64 * 5e-5);
    let change = draw.index(0, sessions);
    Some((0..sessions).map(|session| if session < change { first } else { second }).collect())
}

/// Days, assets and rates without a trial. Every asset but the first may join late and leave early.
fn draw_market(draw: &mut Draw) -> Trials {
    let days = draw_days(draw);
    let sessions = days.len();
    let mut assets = Vec::new();
    for asset in 0..draw.index(1, 4) {
        let mut returns: Vec<Option<f64>> = draw_asset(draw, sessions).into_iter().map(Some).collect();
        if asset > 0 && draw.percent(40) {
            returns[..draw.index(1, sessions / 2)].fill(None);
        }
        if asset > 0 && draw.percent(40) {
            let left = sessions - draw.index(1, sessions / 3);
            returns[left..].fill(None);
        }
        assets.push(returns);
    }
    Trials {
        assets,
        weights: Vec::new(),
        returns: Vec::new(),
        cash: draw_rate(draw, sessions),
        borrow: draw_rate(draw, sessions),
        debit: draw_rate(draw, sessions),
        days,
    }
}

/// How a trial chooses its weights.
#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    LongOrCash,
    LongAndShort,
    Levered,
    Constant,
    /// Holds what fell in the session before.
    Contrarian,
    /// Knows the sign of the return to come more often than not.
    Skilled,
    /// Holds cash alone.
    Idle,
    /// Loses all it has.
    Ruined,
}

const KINDS: [Kind; 11] = [
    Kind::LongOrCash,
    Kind::LongOrCash,
    Kind::LongOrCash,
    Kind::LongAndShort,
    Kind::LongAndShort,
    Kind::Levered,
    Kind::Constant,
    Kind::Contrarian,
    Kind::Skilled,
    Kind::Idle,
    Kind::Ruined,
];

/// The weights of one asset, a session; 0 where it is absent.
fn draw_weights(draw: &mut Draw, kind: Kind, returns: &[Option<f64>], share: f64) -> Vec<f64> {
    let stay = draw.pick(&[50, 80, 95]);
    let mut weight = 0.0;
    let mut weights = Vec::new();
    for session in 0..returns.len() {
        let before = session.checked_sub(1).and_then(|before| returns[before]).unwrap_or(0.0);
        let to_come = returns[session].unwrap_or(0.0);
        if session == 0 || !draw.percent(stay) || matches!(kind, Kind::Contrarian | Kind::Skilled) {
            weight = match kind {
                Kind::LongOrCash | Kind::Ruined => draw.pick(&[0.0, share]),
                Kind::LongAndShort => share * rounded(draw.swing()),
                Kind::Levered => share * draw.pick(&[1.0, 1.5, 2.5]),
                Kind::Constant => share,
                Kind::Contrarian => {
                    if before < 0.0 {
                        share
                    } else {
                        0.0
                    }
                }
                Kind::Skilled => {
                    if (to_come > 0.0) == draw.percent(75) {
                        share
                    } else {
                        0.0
                    }
                }
                Kind::Idle => 0.0,
            };
        }
        weights.push(if returns[session].is_none() { 0.0 } else { weight });
    }
    weights
}

/// What the weights earned, with interest, the cost of shorts and, where `cost` is above 0, of trading.
fn earned(market: &Trials, weights: &[Vec<f64>], cost: f64) -> Vec<f64> {
    let rate = |rate: &Option<Vec<f64>>, session: usize| rate.as_ref().map_or(0.0, |rate| rate[session]);
    let mut returns = Vec::new();
    for session in 0..market.days.len() {
        let (mut total, mut cash) = (0.0, 1.0);
        for asset in 0..market.assets.len() {
            let weight = weights[asset][session];
            let before = if session == 0 { 0.0 } else { weights[asset][session - 1] };
            total += weight * market.assets[asset][session].unwrap_or(0.0) - cost * (weight - before).abs();
            if weight < 0.0 {
                total += weight * rate(&market.borrow, session);
            }
            cash -= weight;
        }
        let of_cash = if cash < 0.0 && market.debit.is_some() { &market.debit } else { &market.cash };
        returns.push(rounded(total + cash * rate(of_cash, session)));
    }
    returns
}

/// Adds a trial to those of its market.
pub fn add_trial(draw: &mut Draw, trials: &mut Trials, kind: Kind) {
    let share = rounded(1.0 / trials.assets.len() as f64);
    let weights: Vec<Vec<f64>> =
        trials.assets.iter().map(|returns| draw_weights(draw, kind, returns, share)).collect();
    let cost = draw.pick(&[0.0, 0.0, 0.001]);
    let mut returns = earned(trials, &weights, cost);
    if kind == Kind::Ruined {
        let last = draw.index(0, returns.len() - 1);
        returns[last] = -1.0 - draw.pick(&[0.0, 0.5]);
    }
    trials.weights.push(weights);
    trials.returns.push(returns);
}

/// The first trial counts always; some are exact copies of earlier ones.
fn add_trials(draw: &mut Draw, trials: &mut Trials) {
    add_trial(draw, trials, Kind::LongAndShort);
    for _ in 0..draw.index(0, 7) {
        if draw.percent(12) {
            let copied = draw.index(0, trials.returns.len() - 1);
            trials.weights.push(trials.weights[copied].clone());
            trials.returns.push(trials.returns[copied].clone());
        } else {
            let kind = draw.pick(&KINDS);
            add_trial(draw, trials, kind);
        }
    }
}

/// Another sweep: on the days of the first one, or on its own (without rates, as the form asks).
fn draw_other(draw: &mut Draw, market: &Trials) -> Trials {
    let mut other = if draw.percent(50) {
        Trials { cash: None, borrow: None, debit: None, ..draw_market(draw) }
    } else {
        market.clone()
    };
    add_trials(draw, &mut other);
    other
}

/// The sweep of a seed.
pub fn draw_sweep(seed: u64) -> Sweep {
    let draw = &mut Draw::seeded(seed);
    let market = draw_market(draw);
    let mut trials = market.clone();
    add_trials(draw, &mut trials);
    let family = (0..draw.pick(&[0, 0, 1, 2])).map(|_| draw_other(draw, &market)).collect();
    let folder = (0..draw.pick(&[0, 0, 1])).map(|_| draw_other(draw, &market)).collect();
    let holdouts = [None, None, Some("held up"), Some("not contradicted"), Some("did not hold up")];
    Sweep {
        trials,
        family,
        folder,
        periods: draw.pick(&[252.0, 52.0, 365.0]),
        selected: draw.pick(&[None, None, Some(0)]),
        look: draw.pick(&[1, 1, 1, 2, 3, 7]),
        uncounted: draw.pick(&[0, 0, 0, 0, 7, 60, 2_000]),
        holdout: draw.pick(&holdouts).map(str::to_owned),
    }
}

fn write_trials(trials: &Trials) -> Value {
    json!({
        "days": trials.days,
        "assets": trials.assets,
        "weights": trials.weights,
        "returns": trials.returns,
        "cash": trials.cash,
        "borrow": trials.borrow,
        "debit": trials.debit,
    })
}

/// A sweep of the family or the folder: its days and assets only where they are its own.
fn write_other(other: &Trials, own: &Trials) -> Value {
    let mut written = json!({ "weights": other.weights, "returns": other.returns });
    if other.days != own.days || other.assets != own.assets {
        written["days"] = json!(other.days);
        written["assets"] = json!(other.assets);
    }
    written
}

/// A sweep in the form of the vectors, without what is expected.
pub fn write_sweep(sweep: &Sweep) -> Value {
    let others = |others: &[Trials]| -> Vec<Value> {
        others.iter().map(|other| write_other(other, &sweep.trials)).collect()
    };
    let mut written = write_trials(&sweep.trials);
    written["periods"] = json!(sweep.periods);
    written["family"] = json!(others(&sweep.family));
    written["folder"] = json!(others(&sweep.folder));
    written["arguments"] = json!({ "look": sweep.look, "uncounted": sweep.uncounted });
    if let Some(selected) = sweep.selected {
        written["arguments"]["selected"] = json!(selected);
    }
    if let Some(holdout) = &sweep.holdout {
        written["arguments"]["holdout"] = json!(holdout);
    }
    written
}
