//! Strategies that differ in more than parameters: what each needs to run its points, prepared once.
//!
//! Variants that differ in costs, cash or statistics alone share a scene: prices, decisions and signals.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::axis::Target;
use super::definition::Sweep;
use super::space::Design;
use super::value::AxisValue;
use super::verdict::scene::SceneSessions;
use crate::engine::schedule::Clock;
use crate::engine::stage::Stage;
use crate::engine::terms::Terms;
use crate::formula::evaluate::Evaluator;
use crate::market::numbers::files::NumberFiles;
use crate::market::prices::Market;
use crate::stats::rules::Rules;
use crate::strategy::definition::Strategy;
use crate::strategy::error::BacktestError;
use crate::strategy::notice::Notice;
use crate::strategy::prepare::{PreparedStrategy, prepare_from};
use crate::strategy::rates::{PreparedRates, RateColumns};
use crate::strategy::seal::scene;

/// Scenes kept at a time.
const SCENES_MOST: u64 = 64;
/// Variants kept at a time.
const VARIANTS_MOST: usize = 10_000;

/// What the points of some variants share.
#[derive(Debug)]
pub(crate) struct Scene {
    /// Prices, columns and decisions.
    pub stage: Stage,
    /// The formulas over them, with their signals.
    pub evaluator: Evaluator,
    /// The days of the backtest.
    clock: Clock,
    /// Hash of the prices used.
    pub fingerprint: blake3::Hash,
    /// Rates of interest that do not vary.
    pub rate_columns: RateColumns,
    /// What a user should know.
    pub notices: Vec<Notice>,
    /// What the verdict needs of the sessions.
    sessions: OnceLock<SceneSessions>,
}

/// A strategy but for its parameters.
#[derive(Debug)]
pub(crate) struct Variant {
    /// Prices, decisions and signals.
    pub scene: Arc<Scene>,
    /// The rates of interest.
    pub rates: PreparedRates,
    /// What the simulation needs to know.
    pub terms: Terms,
    /// What the statistics need to know.
    pub rules: Rules,
}

/// The variants of a sweep, prepared when first asked for.
#[derive(Debug)]
pub(crate) struct Variants {
    sweep: Arc<Sweep>,
    /// Axes that are no parameters.
    keys: Vec<usize>,
    budget_bytes: usize,
    /// The only variant of a sweep over parameters alone.
    only: OnceLock<Outcome>,
    /// The variants of other sweeps.
    prepared: Mutex<Prepared>,
    /// Files of numbers, kept if there may be several scenes.
    files: NumberFiles,
}

type Outcome = Result<Arc<Variant>, Arc<BacktestError>>;

#[derive(Debug, Default)]
struct Prepared {
    variants: HashMap<String, Outcome>,
    scenes: HashMap<String, Arc<Scene>>,
}

impl Variants {
    /// Nothing is prepared yet. Signals of all scenes together take at most `budget_bytes`.
    pub(crate) fn new(sweep: Arc<Sweep>, budget_bytes: usize) -> Variants {
        let axes = &sweep.space.axes;
        let keys: Vec<usize> = (0..axes.len()).filter(|&axis| axes[axis].target == Target::Key).collect();
        let scenes = keys.iter().filter(|&&axis| axes[axis].decides.changes_scene());
        let scenes = match sweep.space.design {
            Design::List => scenes.count() as u64 * SCENES_MOST,
            _ => scenes.fold(1, |product: u64, &axis| {
                product.saturating_mul(axes[axis].values.count().unwrap_or(1))
            }),
        };
        let share = budget_bytes / scenes.clamp(1, SCENES_MOST) as usize;
        let files = if scenes > 1 { NumberFiles::kept() } else { NumberFiles::default() };
        let (only, prepared) = (OnceLock::new(), Mutex::default());
        Variants { sweep, keys, budget_bytes: share, only, prepared, files }
    }

    /// Whether all points have the same variant.
    pub(crate) fn are_one(&self) -> bool {
        self.keys.is_empty()
    }

    /// The variant of a point with these values.
    ///
    /// # Errors
    /// The strategy refuses a value, or its prices cannot be used.
    pub(crate) fn get(&self, values: &[AxisValue]) -> Outcome {
        if self.keys.is_empty() {
            let prepare = || self.prepare(values, &mut Prepared::default()).map(Arc::new).map_err(Arc::new);
            return self.only.get_or_init(prepare).clone();
        }
        let key: String = self.keys.iter().map(|&axis| format!("{}\n", values[axis].toml())).collect();
        // A scene is prepared under the lock, so that it is prepared once.
        let mut prepared = self.prepared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = prepared.variants.get(&key) {
            return known.clone();
        }
        let outcome = self.prepare(values, &mut prepared).map(Arc::new).map_err(Arc::new);
        if prepared.variants.len() >= VARIANTS_MOST {
            prepared.variants.clear();
        }
        prepared.variants.insert(key, outcome.clone());
        outcome
    }

    /// The strategy of a point with these values, but for the values of its parameters.
    ///
    /// # Errors
    /// It refuses a value.
    pub(crate) fn strategy(&self, values: &[AxisValue]) -> Result<Strategy, BacktestError> {
        if self.keys.is_empty() { Ok(self.sweep.strategy.clone()) } else { self.sweep.variant_at(values) }
    }

    fn prepare(&self, values: &[AxisValue], prepared: &mut Prepared) -> Result<Variant, BacktestError> {
        let strategy = self.strategy(values)?;
        let key = scene(&strategy);
        let scene = match prepared.scenes.get(&key) {
            Some(scene) => Arc::clone(scene),
            None => {
                let scene = Arc::new(self.scene(&strategy)?);
                if prepared.scenes.len() as u64 >= SCENES_MOST {
                    prepared.scenes.clear();
                    prepared.variants.clear();
                }
                prepared.scenes.insert(key, Arc::clone(&scene));
                scene
            }
        };
        let (terms, rules) = (strategy.terms(), strategy.rules());
        Ok(Variant { scene, rates: PreparedRates::new(&strategy.rates), terms, rules })
    }

    fn scene(&self, strategy: &Strategy) -> Result<Scene, BacktestError> {
        Ok(Scene::new(prepare_from(strategy, &self.files)?, strategy, self.budget_bytes))
    }
}

impl Variant {
    /// The same in another scene of its strategy.
    pub(crate) fn in_scene(&self, scene: Arc<Scene>) -> Variant {
        Variant { scene, rates: self.rates.clone(), terms: self.terms, rules: self.rules }
    }
}

impl Scene {
    fn new(prepared: PreparedStrategy, strategy: &Strategy, budget_bytes: usize) -> Scene {
        let evaluator = prepared.evaluator(strategy, budget_bytes);
        Scene {
            stage: prepared.stage(strategy, &evaluator),
            evaluator,
            clock: prepared.clock,
            fingerprint: prepared.fingerprint,
            rate_columns: RateColumns::default(),
            notices: prepared.notices,
            sessions: OnceLock::new(),
        }
    }

    /// The sessions with the returns of the assets, made when first asked for.
    pub(crate) fn sessions(&self) -> &SceneSessions {
        self.sessions.get_or_init(|| SceneSessions::new(&self.stage))
    }

    /// The same scene of a strategy in another market with the same assets over the same days.
    pub(crate) fn in_market(&self, strategy: &Strategy, market: Market, budget_bytes: usize) -> Scene {
        let prepared = PreparedStrategy::in_market(strategy, market, self.clock.clone(), self.fingerprint);
        Scene::new(prepared, strategy, budget_bytes)
    }
}
