//! Laws that hold for every sweep, on random ones.
//!
//! `BACKTEST_CASES` sets how many sweeps a test draws, `BACKTEST_SEED` the first of their seeds.

use std::collections::BTreeSet;
use std::ops::Range;

use super::comments::against;
use super::examination::{Examination, Tested, examine};
use super::family::{allow, critical, critical_rank};
use super::flips::{Scale, TURNINGS, bucket, flips, scales_of_dates, share_at_least};
use super::input::{Sweep, Trials};
use super::random::{Kind, add_trial, draw_sweep, write_sweep};
use crate::draw::Draw;
use crate::support::number;

/// The seeds that a test draws: `count` unless `BACKTEST_CASES` says another number.
fn seeds(count: u64) -> Range<u64> {
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

/// The same where it is close: u as large as one of the maxima near the critical one, or larger by the last bit.
#[test]
fn interval_and_p_agree_around_the_critical_value() {
    for seed in seeds(50) {
        let examination = examine(&draw_sweep(seed));
        for (name, scale) in &tested(&examination).scales {
            let mut sorted = scale.joint[1..].to_vec();
            sorted.sort_by(|one, other| other.total_cmp(one));
            for (look, trials, uncounted) in [(1, 10, 0), (2, 10, 0), (3, 7, 0), (1, 10, 5), (7, 3, 4)] {
                let rank = critical_rank(look, trials, uncounted);
                let critical = critical(&scale.joint, rank).expect("the rank is above 0");
                for near in &sorted[rank.saturating_sub(3)..rank + 3] {
                    for observed in [*near, near.next_up()] {
                        let share = share_at_least(&scale.joint, observed);
                        let p = allow(share, look, trials, uncounted);
                        assert_eq!(observed > critical, p <= 0.05, "seed {seed}, {name}, look {look}: {p}");
                    }
                }
            }
        }
    }
}

/// "Of the selected trial if its p <= 0.05, else of the best": only with `promising`.
#[test]
fn what_is_to_be_confirmed_is_the_selected_trial_or_else_the_best() {
    let (mut of_selected, mut of_best) = (0, 0);
    for seed in seeds(50) {
        let mut sweep = draw_sweep(seed);
        sweep.look = 2;
        sweep.holdout = None;
        for trial in examine(&sweep).canonical {
            sweep.selected = Some(trial);
            let examination = examine(&sweep);
            let tested = tested(&examination);
            assert_eq!(tested.confirm.is_some(), tested.p_best <= 0.05, "seed {seed}, trial {trial}");
            let Some((confirmed, sessions)) = tested.confirm else { continue };
            let expected = if tested.p_selected <= 0.05 { trial } else { tested.best };
            assert_eq!(confirmed, expected, "seed {seed}, trial {trial}");
            if confirmed == trial {
                let needed =
                    2.485 * (sweep.periods / examination.inflation).sqrt() / examination.annual_ratio;
                assert!(
                    (sessions - examination.inflation * needed * needed).abs() <= 1.0 + 1e-6,
                    "seed {seed}"
                );
                of_selected += 1;
            } else {
                of_best += 1;
            }
        }
    }
    assert!(of_selected > 0 && of_best > 0, "{of_selected} selected, {of_best} best");
}

/// The maxima of all trials, those of poor ones too, in order of size.
fn sorted_maxima(residuals: &[Vec<f64>], scale: &Scale) -> Vec<f64> {
    let all: Vec<Vec<f64>> = residuals.iter().map(|residual| flips(residual, scale).u).collect();
    let largest = |turning: usize| all.iter().fold(0.0_f64, |largest, u| largest.max(u[turning]));
    let mut maxima: Vec<f64> = (0..TURNINGS).map(largest).collect();
    maxima.sort_by(f64::total_cmp);
    maxima
}

/// The turnings are a group: after one of them, all of them together give what they gave before, to the bit. Turning
/// the dates of one bucket alone is no member of the group, and poor trials are told by `u[0]`, which a turning
/// changes.
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
fn no_trial_beats_itself_and_more_trials_make_it_harder_to_beat_another() {
    let mut harder = 0;
    for seed in seeds(50) {
        let sweep = draw_sweep(seed);
        let examination = examine(&sweep);
        let (trials, selected, all) = (&sweep.trials, examination.selected, &examination.canonical);
        let itself = against(trials, all, selected, &trials.returns[selected], sweep.periods);
        assert_eq!((itself.edge, itself.p), (0.0, Some(1.0)), "seed {seed}");
        let half: Vec<f64> = trials.returns[selected].iter().map(|value| 0.5 * value).collect();
        let [alone, among_all] = [&vec![selected], all]
            .map(|trials_counted| against(trials, trials_counted, selected, &half, sweep.periods));
        assert_eq!(alone.edge, among_all.edge, "seed {seed}");
        assert!(alone.p <= among_all.p, "seed {seed}: {:?} falls to {:?}", alone.p, among_all.p);
        harder += usize::from(alone.p < among_all.p);
    }
    assert!(harder > 0, "no p rises");
}
