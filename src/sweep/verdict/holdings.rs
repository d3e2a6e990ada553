//! What anybody could have held instead: the universe in equal parts, and the benchmark.

use std::ops::Range;

use crate::engine::schedule::RebalanceSchedule;
use crate::engine::simulate::{Workspace, simulate};
use crate::engine::terms::{Terms, TradedAssets};
use crate::formula::weight_block::WeightBlock;
use crate::strategy::run::Benchmark;
use crate::sweep::error::PointFailure;
use crate::sweep::plan::Plan;
use crate::sweep::recompute::benchmark_of;
use crate::sweep::variant::Scene;

/// A holding with its returns, a session of the point's curve.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Holding {
    /// Its ticker; empty for the universe.
    pub name: String,
    /// Its returns.
    pub returns: Vec<f64>,
}

fn returns(equity: &[f64]) -> Vec<f64> {
    equity.array_windows().map(|[from, to]| to / from - 1.0).collect()
}

/// The universe of a point in equal parts, decided on the point's own decision days, with its account, costs and rates.
///
/// # Errors
/// The strategy refuses the point, or the simulation fails.
pub(crate) fn universe(plan: &Plan, point: u64) -> Result<Holding, PointFailure> {
    let values = plan.sweep.space.values(point);
    let variant = plan.variants.get(&values).map_err(PointFailure::new)?;
    let strategy = plan.sweep.strategy_at(&values).map_err(PointFailure::new)?;
    let Scene { stage, evaluator, rate_columns, .. } = &*variant.scene;
    let parameters = plan.sweep.space.parameters(&values);
    let rates = variant.rates.at(&parameters, evaluator, stage, rate_columns).map_err(PointFailure::new)?;
    let terms = Terms { band: None, trade: TradedAssets::All, ..variant.terms };
    let (members, columns) = (evaluator.members(), evaluator.columns().len());
    let only_changes = strategy.schedule == RebalanceSchedule::OnChange;
    let mut before: Option<Vec<bool>> = None;
    let equal_parts = |block: Range<usize>, out: &mut WeightBlock| {
        out.rows.clear();
        let mut rows: Vec<Vec<bool>> = Vec::new();
        for decision in block.clone() {
            let held: Vec<bool> = (0..columns).map(|column| members.contains(column, decision)).collect();
            if !only_changes || before.as_ref() != Some(&held) {
                before = Some(held.clone());
                out.rows.push((decision - block.start) as u32);
                rows.push(held);
            }
        }
        out.weights.clear();
        for column in 0..columns {
            out.weights.extend(rows.iter().map(|held| {
                let count = held.iter().filter(|held| **held).count();
                if held[column] { 1.0 / count as f64 } else { f64::NAN }
            }));
        }
    };
    let mut workspace = Workspace::default();
    simulate(stage, &terms, &rates, equal_parts, &mut workspace, &mut ()).map_err(PointFailure::new)?;
    Ok(Holding { name: String::new(), returns: returns(&workspace.equity) })
}

/// The benchmark of a point, if it names one, bought once.
///
/// # Errors
/// It cannot be bought.
pub(crate) fn benchmark(plan: &Plan, point: u64) -> Result<Option<Holding>, PointFailure> {
    let held = benchmark_of(plan, point)?;
    Ok(held.map(|Benchmark { asset, equity, .. }| Holding { name: asset, returns: returns(&equity) }))
}
