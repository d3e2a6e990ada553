//! One point computed again as a trial: its returns, what it held, and what moving the weights earned.

use std::cell::RefCell;
use std::sync::Arc;

use crate::engine::account::Fill;
use crate::engine::journal::{Decision, Journal};
use crate::engine::stage::Stage;
use crate::stats::skill::passive::{Rates, Residual, Subtraction};
use crate::strategy::run::{Point, PointBuffers, run_curve};
use crate::sweep::plan::Plan;
use crate::sweep::variant::{Scene, Variant};

use super::scene::SceneSessions;

thread_local! {
    static BUFFERS: RefCell<TrialBuffers> = RefCell::default();
}

/// The fills and payouts of a simulation.
#[derive(Debug, Default)]
struct Fills(Vec<Fill>);

impl Journal for Fills {
    const LISTENS: bool = false;

    fn decision(&mut self, _: Decision) {}

    fn fill(&mut self, fill: Fill) {
        self.0.push(fill);
    }
}

/// Buffers of one thread.
#[derive(Default)]
struct TrialBuffers {
    point: PointBuffers<Fills>,
    subtraction: Subtraction,
    returns: Vec<f64>,
    weights: Vec<f64>,
}

/// A point of a sweep as a trial. Returns and residuals are those of a session.
pub(crate) struct Trial<'t> {
    /// The prices and decisions of the point.
    pub scene: &'t Arc<Scene>,
    /// Its sessions.
    pub sessions: &'t SceneSessions,
    /// Its returns, on all sessions or the last of them.
    pub returns: &'t [f64],
    /// What it earned beyond holding the same assets. Assets are those of the sessions, by their places.
    pub residual: &'t Residual,
    /// What money and short positions earned and cost.
    pub rates: &'t Rates,
    /// Its fills by asset, those of each in order of time.
    pub fills: &'t [Fill],
    /// Its equity.
    pub equity: &'t [f64],
}

/// Computes a point again and looks at it; `None` if it fails, or has a return that is no number.
pub(crate) fn trial<R>(plan: &Plan, point: u64, look: impl FnOnce(&Trial) -> R) -> Option<R> {
    let variant = plan.variants.get(&plan.sweep.space.values(point)).ok()?;
    trial_of(plan, &variant, point, look)
}

/// [`trial`], of a variant that may differ from the plan's in its prices.
pub(crate) fn trial_of<R>(
    plan: &Plan,
    variant: &Variant,
    point: u64,
    look: impl FnOnce(&Trial) -> R,
) -> Option<R> {
    trial_since(plan, variant, point, 0, look)
}

/// [`trial_of`], of the sessions from one on alone, by its place: all means are over them. Those before are run all the same.
pub(crate) fn trial_since<R>(
    plan: &Plan,
    variant: &Variant,
    point: u64,
    first: usize,
    look: impl FnOnce(&Trial) -> R,
) -> Option<R> {
    let values = plan.sweep.space.values(point);
    let scene = &variant.scene;
    let Scene { stage, evaluator, rate_columns, .. } = &**scene;
    let parameters = plan.sweep.space.parameters(&values);
    let depth = evaluator.depth(&parameters).ok()?;
    let interest = variant.rates.at(&parameters, evaluator, stage, rate_columns).ok()?;
    let rates = scene.sessions().rates(&interest).since(first);
    BUFFERS.with_borrow_mut(|buffers| {
        buffers.point.journal.0.clear();
        let point = Point { parameters: &parameters, depth, rates: &interest };
        run_curve(stage, evaluator, point, &variant.terms, &mut buffers.point).ok()?;
        let TrialBuffers { point, subtraction, returns, weights } = buffers;
        let equity = point.equity();
        returns.clear();
        returns.extend(equity.array_windows().skip(first).map(|[from, to]| to / from - 1.0));
        if returns.iter().any(|x| !x.is_finite()) {
            return None;
        }
        subtraction.begin(returns);
        // Assets in order, the fills of each in order of time.
        point.journal.0.sort_by_key(|fill| fill.asset);
        let sessions = scene.sessions();
        for fills in point.journal.0.chunk_by(|a, b| a.asset == b.asset) {
            if let Some((place, asset)) = sessions.asset(fills[0].asset) {
                held(&scene.stage, fills, point.equity(), weights);
                subtraction.asset(place, &weights[first..], &asset.since(first), &rates.borrow);
            }
        }
        let residual = subtraction.end(returns, &rates);
        let (fills, equity) = (&point.journal.0[..], point.equity());
        Some(look(&Trial { scene, sessions, returns, residual, rates: &rates, fills, equity }))
    })
}

/// Writes the weight of an asset with these fills at every point of the curve but the last: what is held there, after the fills
/// of its day, over the equity.
pub(crate) fn held(stage: &Stage, fills: &[Fill], equity: &[f64], weights: &mut Vec<f64>) {
    weights.clear();
    weights.resize(equity.len() - 1, 0.0);
    let closes = stage.market.close(fills[0].asset);
    let mut quantity = 0.0;
    for (number, fill) in fills.iter().enumerate() {
        quantity += fill.quantity;
        let from = stage.point_of(fill.day);
        let until = fills.get(number + 1).map_or(weights.len(), |next| stage.point_of(next.day));
        let until = until.min(weights.len());
        if quantity != 0.0 && from < until {
            let closes = &closes[fill.day..];
            for ((weight, close), equity) in weights[from..until].iter_mut().zip(closes).zip(&equity[from..])
            {
                *weight = quantity * close / equity;
            }
        }
    }
}
