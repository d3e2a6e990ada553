//! Random sweeps in the form of the vectors, and laws that hold for every sweep.
//!
//! A sweep is known by its seed. `BACKTEST_CASES` sets how many a test draws, `BACKTEST_SEED` the first of their seeds.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::comments::against;
use super::examination::{Examination, Tested, examine};
use super::flips::{Scale, TURNINGS, bucket, flips, scales_of_dates};
use super::input::{Sweep, Trials};
use crate::draw::Draw;
use crate::support::number;

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
enum Kind {
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
fn add_trial(draw: &mut Draw, trials: &mut Trials, kind: Kind) {
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

/// The seeds that a test draws: `count` unless `BACKTEST_CASES` says another number.
fn seeds(count: u64) -> std::ops::Range<u64> {
    let first = number("BACKTEST_SEED", 1);
    first..first + number("BACKTEST_CASES", count)
}

fn tested(examination: &Examination) -> &Tested {
    examination.tested.as_ref().expect("a random sweep has 60 sessions")
}

/// Every figure as text with all its digits.
fn all_figures(examination: &Examination) -> String {
    let tested = tested(examination);
    let interval = tested.interval.as_ref().map(|interval| (interval.low, interval.estimate, interval.high));
    let splits = &examination.splits;
    let splits =
        splits.as_ref().map(|splits| (splits.probability, splits.probability_of_loss, splits.mean_elsewhere));
    let scales = &tested.scales;
    let u: Vec<_> =
        scales.iter().map(|(name, scale)| (name, &scale.u, scale.blocks, scale.maxima_quantiles())).collect();
    let of_sweep =
        (&examination.canonical, &examination.edge, &examination.passive, splits, examination.verdict);
    let of_selected = (
        examination.selected,
        examination.psr,
        examination.dsr,
        examination.inflation,
        examination.annual_ratio,
        examination.minimum_track_record,
        examination.psr_returns,
    );
    let of_test = (&tested.p, tested.best, tested.p_alone, tested.p_folder, tested.critical_rank, interval);
    let last = (tested.detectable_ratio, tested.detectable_edge, tested.confirm);
    format!("{of_sweep:?}\n{of_selected:?}\n{u:?}\n{of_test:?}\n{last:?}")
}

/// What a sweep has that not every sweep has.
fn features(sweep: &Sweep, examination: &Examination) -> Vec<String> {
    let tested = tested(examination);
    let mut features: Vec<String> = tested.scales.keys().cloned().collect();
    features.push(examination.verdict.into());
    let trials = &sweep.trials;
    let every = 0..trials.returns.len();
    let copied = every.clone().any(|trial| trials.returns[..trial].contains(&trials.returns[trial]));
    let named = [
        ("late", trials.assets.iter().any(|asset| asset[0].is_none())),
        ("leaving", trials.assets.iter().any(|asset| asset[asset.len() - 1].is_none())),
        ("short", trials.weights.iter().flatten().flatten().any(|weight| *weight < 0.0)),
        ("rates", trials.cash.is_some() && trials.borrow.is_some() && trials.debit.is_some()),
        ("loan without its rate", trials.cash.is_some() && trials.debit.is_none()),
        ("ruined", trials.returns.iter().flatten().any(|value| *value <= -1.0)),
        ("copied", copied),
        ("family on other days", sweep.family.iter().any(|other| other.days != trials.days)),
        ("family on these days", sweep.family.iter().any(|other| other.days == trials.days)),
        ("folder", !sweep.folder.is_empty()),
        ("one trial", examination.canonical.len() == 1),
        ("nothing moves", examination.edge.contains(&0.0)),
        ("no interval", tested.interval.is_none()),
        ("confirmed", tested.confirm.is_some()),
        ("selected is not best", tested.best != examination.selected),
    ];
    features.extend(named.into_iter().filter(|(_, has)| *has).map(|(name, _)| name.to_owned()));
    features
}

#[test]
fn random_sweeps_are_judged_and_differ_in_all_that_matters() {
    let mut seen = BTreeSet::new();
    for seed in seeds(50) {
        let sweep = draw_sweep(seed);
        let examination = examine(&sweep);
        let again = examine(&Sweep::read(&write_sweep(&sweep)));
        assert_eq!(all_figures(&examination), all_figures(&again), "seed {seed}: written and read");
        for p in &tested(&examination).p {
            assert!(1.0 / 4096.0 <= *p && *p <= 1.0, "seed {seed}: p = {p}");
        }
        for (edge, passive) in examination.edge.iter().zip(&examination.passive) {
            assert!(edge.is_finite() && passive.is_finite(), "seed {seed}");
        }
        seen.extend(features(&sweep, &examination));
    }
    println!("{seen:?}");
    if std::env::var_os("BACKTEST_CASES").is_none() && std::env::var_os("BACKTEST_SEED").is_none() {
        // Three scales, six of seven words (no random sweep is too short), fifteen features.
        assert_eq!(seen.len(), 24, "{seen:?}");
    }
}

/// With trials that have no maxima this is no law: the more have maxima, the less the others weigh.
#[test]
fn a_trial_more_in_the_family_never_lowers_a_p() {
    let mut risen = 0;
    for seed in seeds(50) {
        let mut sweep = draw_sweep(seed);
        sweep.uncounted = 0;
        let before = examine(&sweep);
        let mut other = Trials { weights: Vec::new(), returns: Vec::new(), ..sweep.trials.clone() };
        add_trial(&mut Draw::seeded(seed + 1_000_000), &mut other, Kind::LongAndShort);
        sweep.family.push(other);
        let after = examine(&sweep);
        for (before, after) in tested(&before).p.iter().zip(&tested(&after).p) {
            assert!(after >= before, "seed {seed}: {before} falls to {after}");
            risen += usize::from(after > before);
        }
    }
    assert!(risen > 0, "no p rises");
}

#[test]
fn an_exact_copy_changes_nothing() {
    for seed in seeds(50) {
        let mut sweep = draw_sweep(seed);
        let before = all_figures(&examine(&sweep));
        let copied = Draw::seeded(seed).index(0, sweep.trials.returns.len() - 1);
        sweep.trials.weights.push(sweep.trials.weights[copied].clone());
        sweep.trials.returns.push(sweep.trials.returns[copied].clone());
        assert_eq!(before, all_figures(&examine(&sweep)), "seed {seed}");
    }
}

/// "Its lower end is above 0 exactly where p <= 0.05", whichever trial is selected.
#[test]
fn interval_and_p_never_disagree() {
    let (mut above, mut not_above) = (0, 0);
    for seed in seeds(50) {
        let mut sweep = draw_sweep(seed);
        for trial in examine(&sweep).canonical {
            sweep.selected = Some(trial);
            let examination = examine(&sweep);
            let tested = tested(&examination);
            let Some(interval) = &tested.interval else {
                assert!(
                    tested.p_selected > 0.05,
                    "seed {seed}, trial {trial}: p <= 0.05 without an interval"
                );
                continue;
            };
            let (is_above, p) = (interval.low > 0.0, tested.p_selected);
            assert_eq!(is_above, p <= 0.05, "seed {seed}, trial {trial}: low {}, p {p}", interval.low);
            if is_above { above += 1 } else { not_above += 1 }
        }
    }
    assert!(above > 0 && not_above > 0, "{above} above 0, {not_above} not");
}

/// The maxima of all trials, those of poor ones too, in order of size.
fn sorted_maxima(residuals: &[Vec<f64>], scale: &Scale) -> Vec<f64> {
    let all: Vec<Vec<f64>> = residuals.iter().map(|residual| flips(residual, scale).u).collect();
    let largest = |turning: usize| all.iter().fold(0.0_f64, |largest, u| largest.max(u[turning]));
    let mut maxima: Vec<f64> = (0..TURNINGS).map(largest).collect();
    maxima.sort_by(f64::total_cmp);
    maxima
}

/// The turnings are a group: after one of them, all of them together give what they gave before, to the bit. Turning the dates of one
/// bucket alone is no member of the group, and poor trials are told by `u[0]`, which a turning changes.
#[test]
fn a_turning_of_all_trials_leaves_the_maxima_as_they_are() {
    for seed in seeds(50) {
        let examination = examine(&draw_sweep(seed));
        let sweep = draw_sweep(seed);
        let turning = Draw::seeded(seed).index(1, TURNINGS - 1);
        for scale in scales_of_dates(&sweep.trials.days) {
            let sign = |session: usize| {
                let turned = (bucket(scale.number, scale.keys[session]) & turning).count_ones() % 2 == 1;
                if turned { -1.0 } else { 1.0 }
            };
            let turn = |residual: &Vec<f64>| -> Vec<f64> {
                residual.iter().enumerate().map(|(session, value)| sign(session) * value).collect()
            };
            let turned: Vec<Vec<f64>> = examination.residuals.iter().map(turn).collect();
            assert_ne!(turned, examination.residuals, "seed {seed}, turning {turning}: no sign is turned");
            let (before, after) =
                (sorted_maxima(&examination.residuals, &scale), sorted_maxima(&turned, &scale));
            assert_eq!(before, after, "seed {seed}, {}, turning {turning}", scale.name);
        }
    }
}

#[test]
fn the_track_record_is_long_enough_where_the_probability_is_above_95_in_100() {
    let (mut enough, mut short) = (0, 0);
    for seed in seeds(50) {
        let examination = examine(&draw_sweep(seed));
        let (Some(psr), Some(needed)) = (examination.psr, examination.minimum_track_record) else { continue };
        let is_enough = examination.sessions as f64 >= needed;
        assert_eq!(is_enough, psr >= 0.95, "seed {seed}: psr {psr}, {needed} sessions needed");
        if is_enough { enough += 1 } else { short += 1 }
    }
    assert!(enough > 0 && short > 0, "{enough} long enough, {short} not");
}

#[test]
fn no_trial_beats_itself_and_a_better_one_beats_more() {
    for seed in seeds(50) {
        let sweep = draw_sweep(seed);
        let examination = examine(&sweep);
        let (trials, selected) = (&sweep.trials, examination.selected);
        let compare = |alternative: &[f64]| {
            against(trials, &examination.canonical, selected, alternative, sweep.periods)
        };
        let itself = compare(&trials.returns[selected]);
        assert_eq!((itself.edge, itself.p), (0.0, Some(1.0)), "seed {seed}");
        let worse: Vec<f64> = trials.returns[selected].iter().map(|value| value - 0.001).collect();
        let worse = compare(&worse);
        assert!((worse.edge - 0.001 * sweep.periods).abs() < 1e-9, "seed {seed}: {}", worse.edge);
        assert!(worse.p < Some(1.0), "seed {seed}: {:?}", worse.p);
    }
}
