//! Is the best point of a sweep real? Gathers what the tests need: sums from the shards, returns made again from the prices.

use rayon::prelude::*;

use super::error::SweepError;
use super::fold_winners::fold_winners;
use super::leaderboard::Leaderboard;
use super::ledger::Tried;
use super::plan::Plan;
use super::rank::Rank;
use super::recompute::benchmark_returns;
use super::results::{Coverage, Results};
use super::table::Table;
use super::trials::{Recomputed, TRIALS_BEST, TRIALS_MOST, Trials, sums_of};
use crate::stats::overfitting::block_sums::{BlockSums, block_length};
use crate::stats::overfitting::examination::{Examination, examine};
use crate::stats::overfitting::material::{Material, Settings};
use crate::stats::overfitting::panel::{Panel, in_tiles};
use crate::stats::overfitting::sharpe::TrialFigures;
use crate::stats::overfitting::unavailable::Unavailable;
use crate::stats::overfitting::walk_forward::{WalkForward, Windows, walk_forward};
use crate::strategy::figures::Metric;

/// The results of a sweep, as the examination takes them.
#[derive(Clone, Copy)]
pub(crate) struct Sources<'s> {
    /// The sweep as it was sealed.
    pub plan: &'s Plan,
    /// The same with its prices, or why they cannot be had.
    pub priced: &'s Result<Plan, SweepError>,
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
pub(crate) struct Examined {
    /// The tests and the verdict.
    pub found: Examination,
    /// The best point.
    pub point: Option<u64>,
    /// The walk forward, if the sweep asks for one; its trials are indices into `points`.
    pub walk_forward: Option<WalkForward>,
    /// The points among which the walk forward chose.
    pub points: Vec<u64>,
}

/// Examines the best point of a sweep.
///
/// # Errors
/// A shard cannot be read.
pub(crate) fn examine_sweep(sources: &Sources, settings: &Settings) -> Result<Examined, SweepError> {
    let chosen = Chosen::new(sources, settings.seed);
    let trials = &chosen.trials;
    let mut missing = Vec::new();
    let block_sums = chosen.block_sums(sources)?;
    let panel = chosen.panel(sources.priced);
    let (sharpes, selected) = match &panel {
        Ok(panel) => chosen.figures_of_returns(sources, panel, &mut missing),
        Err(_) => chosen.figures_of_rows(sources),
    };
    let candidates = candidates(sources, settings.seed, &panel);
    let walk_forward = told(walked(sources, &candidates), "no walk forward", &mut missing);
    let beside = told(benchmark_held(&panel, chosen.point), "no comparison with the benchmark", &mut missing);
    let material = Material {
        counts: trials.counts,
        tried: sources.tried.trials.max(trials.counts.canonical as f64),
        periods: chosen.periods,
        selected,
        trades: chosen.best.map(|row| (sources.table.values(Metric::FILLS)[row] / 2.0).floor()),
        sharpes: &sharpes,
        block_sums: block_sums.as_ref().map_err(Clone::clone),
        differences: panel
            .as_ref()
            .map(|panel| (panel as &dyn Panel, chosen.index.unwrap_or(0)))
            .map_err(Clone::clone),
        benchmark: "cash".to_owned(),
        beside,
        walk_forward_mean: walk_forward.as_ref().map(|walk_forward| walk_forward.mean),
    };
    let mut found = examine(&material, settings);
    found.reasons.extend(missing);
    found.reasons.extend(chosen.allowed_for(sources.tried));
    if sources.table.ruined() > 0 {
        let ruined = sources.table.ruined();
        found
            .reasons
            .push(format!("{ruined} points were ruined: they win nothing, and their returns are left out"));
    }
    let points = candidates.map_or(Vec::new(), |candidates| candidates.points);
    Ok(Examined { found, point: chosen.point, walk_forward, points })
}

/// The trials that the tests look at, and the best row among them.
struct Chosen {
    trials: Trials,
    /// The best row of the table.
    best: Option<usize>,
    /// The point of that row.
    point: Option<u64>,
    /// Its index in `points`, if it is a trial.
    index: Option<usize>,
    /// The points of the trials looked at.
    points: Vec<u64>,
    /// Whether these are a sample of all trials.
    is_sample: bool,
    periods: usize,
}

impl Chosen {
    fn new(sources: &Sources, seed: u64) -> Chosen {
        let Sources { plan, table, board, .. } = *sources;
        let trials = Trials::new(table);
        let chosen = trials.chosen(&board.order, seed);
        let best = board.best();
        let own = best.and_then(|row| trials.trial_of_row[row]);
        Chosen {
            best,
            point: best.map(|row| table.points[row]),
            index: own.and_then(|own| chosen.binary_search(&own).ok()),
            points: trials.points(table, &chosen),
            is_sample: chosen.len() < trials.rows.len(),
            periods: plan.returns,
            trials,
        }
    }

    /// Their sums over blocks, from the shards; or why there are none.
    fn block_sums(&self, sources: &Sources) -> Result<Result<BlockSums, Unavailable>, SweepError> {
        let Sources { plan, results, coverage, .. } = *sources;
        if plan.blocks == 0 {
            return Ok(Err(Unavailable::new("the results have no sums over blocks")));
        }
        match block_length(self.periods, plan.blocks) {
            Ok(length) => {
                let sums = sums_of(plan, results, coverage, &self.points)?;
                Ok(Ok(BlockSums { blocks: plan.blocks, length, sums }))
            }
            Err(reason) => Ok(Err(reason)),
        }
    }

    /// Their returns, made again where the prices are at hand; or why they cannot be.
    fn panel<'p>(&self, priced: &'p Result<Plan, SweepError>) -> Result<Recomputed<'p>, Unavailable> {
        match priced {
            Ok(_) if self.periods < 2 => Err(Unavailable::new("a curve of one return says nothing")),
            Ok(plan) => Ok(Recomputed { plan, points: self.points.clone(), periods: self.periods }),
            Err(error) => Err(Unavailable::new(format!("the returns cannot be made again: {error}"))),
        }
    }

    /// Sharpe ratios of all trials and the figures of the best: from the returns of those looked at, where all are.
    fn figures_of_returns(
        &self,
        sources: &Sources,
        panel: &Recomputed,
        missing: &mut Vec<String>,
    ) -> (Vec<f64>, Option<TrialFigures>) {
        let figures = figures(panel);
        let others = figures.iter().filter(|figures| figures.is_none()).count();
        if others > 0 {
            missing.push(format!(
                "{others} trials have other periods than the first and are compared by their sums over blocks alone"
            ));
        }
        let mut sharpes = self.sharpes_of_table(sources.table);
        if !self.is_sample {
            for (sharpe, figures) in sharpes.iter_mut().zip(&figures) {
                *sharpe = figures.map_or(*sharpe, |figures| figures.sharpe);
            }
        }
        (sharpes, self.index.and_then(|index| figures[index]))
    }

    /// The same from the rows and their sums alone.
    fn figures_of_rows(&self, sources: &Sources) -> (Vec<f64>, Option<TrialFigures>) {
        let Sources { plan, table, .. } = *sources;
        let best = self.best.filter(|row| self.trials.trial_of_row[*row].is_some());
        (self.sharpes_of_table(table), best.map(|row| of_row(table, row, plan)))
    }

    fn sharpes_of_table(&self, table: &Table) -> Vec<f64> {
        self.trials.rows.iter().map(|row| table.sharpes[*row as usize]).collect()
    }

    /// How many trials the tests looked at, and how many they allow for.
    fn allowed_for(&self, tried: Tried) -> Vec<String> {
        let canonical = self.trials.counts.canonical;
        let mut reasons = Vec::new();
        if self.is_sample {
            reasons.push(format!(
                "of {canonical} trials the tests looked at the best {TRIALS_BEST} and a random sample, {TRIALS_MOST} in all"
            ));
        }
        reasons.push(match tried.sweeps {
            0 | 1 => format!(
                "{canonical} trials are allowed for; tries outside of this folder of results are not known"
            ),
            sweeps => format!(
                "{:.0} trials are allowed for: so many distinct ones were tried on these prices by {sweeps} sweeps in this folder",
                tried.trials
            ),
        });
        if tried.unread > 0 {
            let files = if tried.unread == 1 { "file" } else { "files" };
            reasons.push(format!(
                "{} {files} of the ledger of this folder cannot be read: what was tried there is not allowed for",
                tried.unread
            ));
        }
        reasons
    }
}

/// The points among which a walk forward chooses: those of the panel, and those that are ruined at some time, as nobody knows
/// it before. Or why there are none.
fn candidates<'p>(
    sources: &Sources,
    seed: u64,
    panel: &Result<Recomputed<'p>, Unavailable>,
) -> Result<Recomputed<'p>, Unavailable> {
    let Sources { table, board, .. } = *sources;
    let &Recomputed { plan, ref points, periods } = panel.as_ref().map_err(Clone::clone)?;
    let points = if table.ruined() == 0 {
        points.clone()
    } else {
        let trials = Trials::with_ruined(table);
        trials.points(table, &trials.chosen(&board.order, seed))
    };
    Ok(Recomputed { plan, points, periods })
}

/// The walk forward that the sweep asks for, if it does; or why it cannot be made.
fn walked(
    sources: &Sources,
    candidates: &Result<Recomputed, Unavailable>,
) -> Result<Option<WalkForward>, Unavailable> {
    let strategy = &sources.plan.sweep.strategy;
    let Some(windows) = sources.plan.sweep.walk_forward else { return Ok(None) };
    let panel = candidates.as_ref().map_err(Clone::clone)?;
    if panel.points.is_empty() {
        return Err(Unavailable::new("no trial moves"));
    }
    let folds = windows.folds(panel.periods, 0, false);
    if folds.is_empty() {
        let (periods, Windows { train, test, .. }) = (panel.periods, windows);
        let reason = format!("{periods} periods are too few for {train} to train on and {test} to test");
        return Err(Unavailable::new(reason));
    }
    let winners = fold_winners(panel.plan, &panel.points, panel.periods, &folds, sources.rank)
        .ok_or_else(|| Unavailable::new("all points are ruined before a training part ends"))?;
    Ok(Some(walk_forward(panel, &folds, &winners, strategy.periods_per_year)))
}

/// The benchmark of the best point, if it has one: words for holding it, and its returns; or why there are none.
fn benchmark_held(
    panel: &Result<Recomputed, Unavailable>,
    best: Option<u64>,
) -> Result<Option<(String, Vec<f64>)>, Unavailable> {
    let (Ok(panel), Some(point)) = (panel, best) else { return Ok(None) };
    let found = benchmark_returns(panel.plan, point, panel.periods)
        .map_err(|failure| Unavailable::new(failure.to_string()))?;
    Ok(found.map(|(asset, returns)| (format!("holding {asset}"), returns)))
}

/// What was found; adds to `missing` why `what`, if it could not be.
fn told<T>(found: Result<Option<T>, Unavailable>, what: &str, missing: &mut Vec<String>) -> Option<T> {
    found.unwrap_or_else(|reason| {
        missing.push(format!("{what}: {reason}"));
        None
    })
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
    let [skew, kurtosis] = [Metric::SKEW, Metric::KURTOSIS].map(|metric| table.values(metric)[row]);
    let periods = plan.returns / plan.blocks * plan.blocks;
    TrialFigures { sharpe: table.sharpes[row], skew, kurtosis, periods: periods as f64 }
}
