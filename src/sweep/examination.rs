//! Is the best point of a sweep real? Gathers what the tests need: sums from the shards, returns made again from the prices.

use rayon::prelude::*;

use super::error::SweepError;
use super::fold_winners::fold_winners;
use super::leaderboard::Leaderboard;
use super::ledger::Tried;
use super::plan::Plan;
use super::rank::Rank;
use super::results::{Coverage, Results};
use super::row::METRICS;
use super::run::benchmark_returns;
use super::table::Table;
use super::trials::{Recomputed, TRIALS_BEST, TRIALS_MOST, Trials, sums_of};
use crate::stats::overfitting::block_sums::{BlockSums, block_length};
use crate::stats::overfitting::examination::{Examination, Material, Settings, examine};
use crate::stats::overfitting::panel::{Panel, in_tiles};
use crate::stats::overfitting::sharpe::TrialFigures;
use crate::stats::overfitting::walk_forward::{WalkForward, Windows, walk_forward};

const FILLS: usize = 9;
const _: () = assert!(matches!(METRICS[FILLS].as_bytes(), b"fills"));

/// The results of a sweep, as the examination takes them.
#[derive(Clone, Copy)]
pub struct Sources<'s> {
    /// The sweep as it was sealed.
    pub plan: &'s Plan,
    /// The same with its prices, or why they cannot be had.
    pub priced: &'s Result<Plan, String>,
    /// Its folder.
    pub results: &'s Results,
    /// The shards.
    pub coverage: &'s Coverage,
    /// The rows.
    pub table: &'s Table,
    /// How they are ranked.
    pub rank: &'s Rank,
    /// Their order.
    pub board: &'s Leaderboard,
    /// What was tried on these prices in all.
    pub tried: Tried,
}

/// What was found out about the best point of a sweep.
#[derive(Debug, Clone)]
pub struct Examined {
    /// The tests and the verdict.
    pub found: Examination,
    /// The best point.
    pub point: Option<u64>,
    /// The walk forward, if the sweep asks for one; its trials are places in `points`.
    pub walk_forward: Option<WalkForward>,
    /// The points of the trials that were looked at.
    pub points: Vec<u64>,
}

/// Examines the best point of a sweep.
///
/// # Errors
/// A shard cannot be read.
pub fn examine_sweep(sources: &Sources, settings: &Settings) -> Result<Examined, SweepError> {
    let Sources { plan, priced, results, coverage, table, rank, board, tried } = *sources;
    let trials = Trials::new(table);
    let chosen = trials.chosen(&board.order, settings.seed);
    let is_sample = chosen.len() < trials.rows.len();
    let best = board.best();
    let own = best.and_then(|row| trials.places[row]);
    let points: Vec<u64> = chosen.iter().map(|&place| table.points[trials.rows[place] as usize]).collect();
    let place = own.and_then(|own| chosen.binary_search(&own).ok());
    let periods = plan.periods();
    let mut missing = Vec::new();

    let block_sums = match (plan.blocks > 0).then(|| block_length(periods, plan.blocks)) {
        Some(Ok(length)) => {
            let sums = sums_of(plan, results, coverage, &points)?;
            Ok(BlockSums { blocks: plan.blocks, length, sums })
        }
        Some(Err(reason)) => Err(reason),
        None => Err("the results have no sums over blocks".to_owned()),
    };
    let panel = match priced {
        Ok(_) if periods < 2 => Err("a curve of one return says nothing".to_owned()),
        Ok(plan) => Ok(Recomputed { plan, points: points.clone(), periods }),
        Err(reason) => Err(format!("the returns cannot be made again: {reason}")),
    };
    let of_table = || trials.rows.iter().map(|row| table.sharpes[*row as usize]).collect::<Vec<f64>>();
    let (sharpes, selected) = match &panel {
        Ok(panel) => {
            let figures = figures(panel);
            let others = figures.iter().filter(|figures| figures.is_none()).count();
            if others > 0 {
                missing.push(format!(
                    "{others} trials have other periods than the first and are compared by their sums over blocks alone"
                ));
            }
            let selected = place.and_then(|place| figures[place]);
            let mut sharpes = of_table();
            if !is_sample {
                let exact = sharpes.iter_mut().zip(&figures);
                exact.for_each(|(sharpe, figures)| {
                    *sharpe = figures.map_or(*sharpe, |figures| figures.sharpe)
                });
            }
            (sharpes, selected)
        }
        Err(_) => (of_table(), own.zip(best).map(|(_, row)| of_row(table, row, plan))),
    };
    let walk_forward = plan.sweep.walk_forward.map(|windows| {
        let panel = panel.as_ref().map_err(Clone::clone)?;
        let folds = windows.folds(periods, 0, false);
        if folds.is_empty() {
            let Windows { train, test, .. } = windows;
            return Err(format!("{periods} periods are too few for {train} to train on and {test} to test"));
        }
        let winners = fold_winners(panel.plan, &points, periods, &folds, rank);
        Ok(walk_forward(panel, &folds, &winners, plan.sweep.strategy.periods_per_year))
    });
    let walk_forward = match walk_forward {
        Some(Err(reason)) => {
            missing.push(format!("no walk forward: {reason}"));
            None
        }
        Some(Ok(walk_forward)) => Some(walk_forward),
        None => None,
    };
    let beside = match (&panel, best) {
        (Ok(panel), Some(row)) => match benchmark_returns(panel.plan, table.points[row], periods) {
            Ok(found) => found.map(|(asset, returns)| (format!("holding {asset}"), returns)),
            Err(reason) => {
                missing.push(format!("no comparison with the benchmark: {reason}"));
                None
            }
        },
        _ => None,
    };
    let material = Material {
        counts: trials.counts,
        tried: tried.trials.max(trials.counts.canonical as f64),
        periods,
        selected,
        trades: best.map(|row| (table.metrics[FILLS][row] / 2.0).floor()),
        sharpes: &sharpes,
        block_sums: block_sums.as_ref().map_err(Clone::clone),
        differences: panel
            .as_ref()
            .map(|panel| (panel as &dyn Panel, place.unwrap_or(0)))
            .map_err(Clone::clone),
        benchmark: "cash".to_owned(),
        beside,
        walk_forward_mean: walk_forward.as_ref().map(|walk_forward| walk_forward.mean),
    };
    let mut found = examine(material, settings);
    found.reasons.extend(missing);
    if is_sample {
        found.reasons.push(format!(
            "of {} trials the tests looked at the best {TRIALS_BEST} and a random sample, {TRIALS_MOST} in all",
            trials.counts.canonical
        ));
    }
    found.reasons.push(match tried.sweeps {
        0 | 1 => format!(
            "{} trials are allowed for; tries outside of this folder of results are not known",
            trials.counts.canonical
        ),
        sweeps => format!(
            "{:.0} trials are allowed for: so many distinct ones were tried on these prices by {sweeps} sweeps in this folder",
            tried.trials
        ),
    });
    Ok(Examined { found, point: best.map(|row| table.points[row]), walk_forward, points })
}

/// Figures of all trials of a panel.
fn figures(panel: &Recomputed) -> Vec<Option<TrialFigures>> {
    let everyone: Vec<usize> = (0..panel.trials()).collect();
    let mut out = Vec::with_capacity(everyone.len());
    in_tiles(panel, &everyone, |_, returns| {
        out.par_extend(returns.par_chunks(panel.periods).map(TrialFigures::new));
    });
    out
}

/// Figures from what a row and its sums say. The Sharpe ratio leaves out the oldest returns, which fill no block.
fn of_row(table: &Table, row: usize, plan: &Plan) -> TrialFigures {
    let [skew, kurtosis] = [METRICS.len() - 2, METRICS.len() - 1].map(|metric| table.metrics[metric][row]);
    let periods = plan.periods() / plan.blocks * plan.blocks;
    TrialFigures { sharpe: table.sharpes[row], skew, kurtosis, periods: periods as f64 }
}
