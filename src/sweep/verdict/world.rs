//! A sweep in a placebo world: its points computed in a market whose sessions stand in another order.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::trial::trial_of;
use crate::market::date::Phase;
use crate::market::prices::{AssetId, Market};
use crate::stats::skill::pass::{Pass, Statistic};
use crate::stats::skill::worlds::{Shuffling, spans};
use crate::strategy::definition::Strategy;
use crate::strategy::error::BacktestError;
use crate::strategy::prepare::traded_assets;
use crate::sweep::error::SweepError;
use crate::sweep::plan::Plan;
use crate::sweep::value::AxisValue;
use crate::sweep::variant::{Scene, Variant};
use crate::text::quoted::number;

/// Scenes and variants of a world that are kept at a time.
const KEPT_MOST: usize = 64;

/// The best of some points in one scale.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Best {
    /// Its statistic with the skew guard, at least 0.
    pub u: f64,
    /// The first point that has it; `None` where no point is above 0.
    pub point: Option<u64>,
}

impl Best {
    /// The better one, of equals this.
    fn or(self, other: Best) -> Best {
        if other.u > self.u { other } else { self }
    }
}

/// The best of these points and later ones, in each scale.
pub(crate) fn join(best: &mut [Best], later: &[Best]) {
    best.iter_mut().zip(later).for_each(|(best, later)| *best = best.or(*later));
}

type Outcome = Result<Arc<Variant>, Arc<BacktestError>>;

/// What is prepared for the points of a sweep in one world.
pub(crate) struct World<'p> {
    plan: &'p Plan,
    /// How the sessions change places, and the number of the world; `None` leaves them as they are.
    shuffling: Option<(Shuffling, u64)>,
    budget_bytes: usize,
    /// The only variant of a sweep over parameters alone.
    only: OnceLock<Outcome>,
    made: Mutex<Made>,
}

/// What is made of the plan's own, by its address. That is kept as well, so that nothing else gets the address.
#[derive(Default)]
struct Made {
    variants: HashMap<usize, (Arc<Variant>, Arc<Variant>)>,
    scenes: HashMap<usize, (Arc<Scene>, Arc<Scene>)>,
}

impl<'p> World<'p> {
    /// The world with this number. Its signals take at most `budget_bytes`.
    pub(crate) fn new(plan: &'p Plan, shuffling: Shuffling, number: u64, budget_bytes: usize) -> World<'p> {
        World { shuffling: Some((shuffling, number)), budget_bytes, ..World::real(plan) }
    }

    /// The market as it was.
    pub(crate) fn real(plan: &'p Plan) -> World<'p> {
        let (only, made) = (OnceLock::new(), Mutex::default());
        World { plan, shuffling: None, budget_bytes: 0, only, made }
    }

    /// The best of some points in the first scales; `None` if `is_stopped` holds before the last has begun. Points that fail or
    /// are ruined here count for nothing.
    ///
    /// # Errors
    /// The prices do not allow such a world.
    pub(crate) fn best(
        &self,
        points: &[u64],
        scales: usize,
        is_stopped: &(dyn Fn() -> bool + Sync),
    ) -> Result<Option<Vec<Best>>, SweepError> {
        let mut best = vec![Best::default(); scales];
        let mut pass = Pass::new(scales);
        for &point in points {
            if is_stopped() {
                return Ok(None);
            }
            let values = self.plan.sweep.space.values(point);
            let variant = self.variant(&values).map_err(SweepError::Prices)?;
            let own = trial_of(self.plan, &variant, point, |trial| -> Vec<Best> {
                if trial.returns.iter().any(|x| *x <= -1.0) {
                    return Vec::new();
                }
                let statistics = pass.add(&trial.residual.residuals, &trial.sessions.buckets, |_, _| ());
                let of_scale = |statistic: Statistic| Best { u: statistic.guarded, point: Some(point) };
                statistics.into_iter().map(of_scale).collect()
            });
            join(&mut best, &own.unwrap_or_default());
        }
        Ok(Some(best))
    }

    /// The variant of a point with these values.
    fn variant(&self, values: &[AxisValue]) -> Outcome {
        if self.plan.variants.are_one() {
            return self.only.get_or_init(|| self.make(values)).clone();
        }
        self.make(values)
    }

    fn make(&self, values: &[AxisValue]) -> Outcome {
        let real = self.plan.variants.get(values)?;
        let Some((shuffling, number)) = self.shuffling else { return Ok(real) };
        // A scene is made under the lock, so that it is made once.
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let address = Arc::as_ptr(&real).addr();
        if let Some((_, variant)) = made.variants.get(&address) {
            return Ok(Arc::clone(variant));
        }
        let address_of_scene = Arc::as_ptr(&real.scene).addr();
        let scene = match made.scenes.get(&address_of_scene) {
            Some((_, scene)) => Arc::clone(scene),
            None => {
                let strategy = self.plan.variants.strategy(values)?;
                let market = shuffled(&real.scene.stage.market, &strategy, shuffling, number)?;
                let scene = Arc::new(real.scene.in_market(&strategy, market, self.budget_bytes));
                if made.scenes.len() >= KEPT_MOST {
                    made.scenes.clear();
                    made.variants.clear();
                }
                made.scenes.insert(address_of_scene, (Arc::clone(&real.scene), Arc::clone(&scene)));
                scene
            }
        };
        let variant = Arc::new(real.in_scene(scene));
        made.variants.insert(address, (real, Arc::clone(&variant)));
        Ok(variant)
    }
}

/// The market of a strategy in a world.
///
/// # Errors
/// A traded asset has a price that is not positive: it has no ratio to it.
fn shuffled(
    market: &Market,
    strategy: &Strategy,
    shuffling: Shuffling,
    number_of_world: u64,
) -> Result<Market, BacktestError> {
    let traded: Vec<AssetId> = traded_assets(strategy, market).into_iter().collect();
    for &asset in &traded {
        if let Some(wrong) = market.untradable_price(asset, 0, Phase::Open) {
            return Err(BacktestError::Prices(format!(
                "no placebo world can be made: the price {} of asset '{}' on {} is not a positive number, so that returns cannot \
                 change places; begin the period after it",
                number(wrong.price),
                market.symbol(asset),
                market.date(wrong.day)
            )));
        }
    }
    let lives: Vec<Range<usize>> = traded.iter().map(|asset| market.life(*asset)).collect();
    let spans = spans(&lives, market.days());
    let returns = equal_returns(market, &traded, &lives);
    Ok(market.shuffled(&shuffling.order(number_of_world, &spans, &returns), &spans))
}

/// The mean of the returns of some assets on each day, of those that are there; 0 where none is.
fn equal_returns(market: &Market, assets: &[AssetId], lives: &[Range<usize>]) -> Vec<f64> {
    let mut sums = vec![(0.0, 0u32); market.days()];
    for (asset, life) in assets.iter().zip(lives) {
        let closes = &market.close(*asset)[life.clone()];
        for (day, [before, close]) in (life.start + 1..).zip(closes.array_windows()) {
            sums[day].0 += close / before - 1.0;
            sums[day].1 += 1;
        }
    }
    sums.into_iter().map(|(sum, count)| if count > 0 { sum / f64::from(count) } else { 0.0 }).collect()
}
