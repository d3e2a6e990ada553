//! On which assets and sessions a sweep was tried: what other sweeps are compared with.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::sketches;
use crate::engine::stage::Stage;
use crate::market::date::{Date, Phase};
use crate::market::prices::AssetId;
use crate::stats::skill::sketch::{Year, are_alike, sketch};
use crate::sweep::axis::Target;
use crate::sweep::plan::Plan;
use crate::sweep::variant::Scene;

/// Sweeps with more traded assets keep no sketches: one of so many in common says little, and tickers tell.
const SKETCHED_MOST: usize = 50;
/// Values of an axis that are looked at for the assets and sessions that they bring.
const VALUES_MOST: u64 = 64;
/// Two periods are of one family if they share at least this part of the sessions of the shorter one: one in so many.
const SHARED_LEAST: usize = 5;

/// A traded asset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssetEntry {
    /// Hash of its closes and their days.
    pub hash: String,
    /// How it moved, by year; empty for a sweep with many assets.
    #[serde(with = "sketches")]
    pub sketch: BTreeMap<i32, Year>,
}

/// The traded assets of a sweep, and its sessions.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Identity {
    /// By ticker.
    pub assets: BTreeMap<String, AssetEntry>,
    /// The days that are sessions, counted from 1970-01-01, ascending.
    pub days: Vec<i64>,
}

impl Identity {
    /// That of a sweep whose prices are at hand; `None` if they are not, or there is no session.
    pub(crate) fn of(plan: &Plan) -> Option<Identity> {
        let mut identity = Identity { assets: BTreeMap::new(), days: Vec::new() };
        let mut days = BTreeSet::new();
        let scenes = scenes(plan);
        let traded: BTreeSet<&str> = scenes
            .iter()
            .flat_map(|scene| scene.stage.traded().map(|asset| scene.stage.market.symbol(asset)))
            .collect();
        let is_sketched = traded.len() <= SKETCHED_MOST;
        for scene in &scenes {
            days.extend(&scene.sessions().days);
            for asset in scene.stage.traded() {
                let ticker = scene.stage.market.symbol(asset);
                if !identity.assets.contains_key(ticker) {
                    identity.assets.insert(ticker.to_owned(), entry(&scene.stage, asset, is_sketched));
                }
            }
        }
        identity.days = days.into_iter().collect();
        (!identity.days.is_empty()).then_some(identity)
    }

    /// The first session.
    pub(crate) fn first(&self) -> Date {
        day(self.days.first().copied())
    }

    /// The last session.
    pub(crate) fn last(&self) -> Date {
        day(self.days.last().copied())
    }

    /// Whether a sweep on these assets, with so many sessions between two days, is of one family with this one.
    pub(crate) fn is_family(
        &self,
        assets: &BTreeMap<String, AssetEntry>,
        [first, last]: [i64; 2],
        sessions: usize,
    ) -> bool {
        let shared = self.days.iter().filter(|day| (first..=last).contains(*day)).count();
        shared * SHARED_LEAST >= sessions.min(self.days.len()) && self.shares_asset(assets)
    }

    /// Whether a sweep on these assets has one in common with this one.
    pub(crate) fn shares_asset(&self, assets: &BTreeMap<String, AssetEntry>) -> bool {
        let is_same = |(ticker, own): (&String, &AssetEntry)| {
            assets.contains_key(ticker)
                || assets
                    .values()
                    .any(|other| own.hash == other.hash || are_alike(&own.sketch, &other.sketch))
        };
        self.assets.iter().any(is_same)
    }
}

/// A day of a list, as a date.
fn day(day: Option<i64>) -> Date {
    Date(day.and_then(|day| i32::try_from(day).ok()).unwrap_or(0))
}

/// The scenes of a sweep: that of the first point, and those of every value that decides prices, assets or sessions.
fn scenes(plan: &Plan) -> Vec<Arc<Scene>> {
    let space = &plan.sweep.space;
    let mut points = vec![space.values(0)];
    for (index, axis) in space.axes.iter().enumerate() {
        if axis.target == Target::Key && axis.decides.changes_scene() {
            for value in 1..axis.values.count().unwrap_or(1).min(VALUES_MOST) {
                let mut values = space.values(0);
                values[index] = axis.values.at(value);
                points.push(values);
            }
        }
    }
    let mut scenes: Vec<Arc<Scene>> = Vec::new();
    for scene in points.iter().filter_map(|values| plan.variants.get(values).ok()) {
        if !scenes.iter().any(|known| Arc::ptr_eq(known, &scene.scene)) {
            scenes.push(Arc::clone(&scene.scene));
        }
    }
    scenes
}

/// What is kept of an asset: from its own bars, a return from each to the next.
fn entry(stage: &Stage, asset: AssetId, is_sketched: bool) -> AssetEntry {
    let (market, closes) = (&stage.market, stage.market.close(asset));
    let bars = market.bar_days(asset, Phase::Close);
    let knows_bars = bars.next(0).is_some();
    // Among weekdays a close that stands still is most often a day without a bar.
    let mut last = f64::NAN;
    let own: Vec<usize> = (0..closes.len())
        .filter(|&day| {
            let is_own = if knows_bars { bars.has(day) } else { closes[day] != last };
            last = closes[day];
            is_own && !closes[day].is_nan()
        })
        .collect();
    let mut hasher = blake3::Hasher::new();
    for &day in &own {
        hasher.update(&market.date(day).0.to_le_bytes());
        hasher.update(&closes[day].to_bits().to_le_bytes());
    }
    let (days, returns): (Vec<i64>, Vec<f64>) = own
        .array_windows()
        .map(|&[from, to]| (i64::from(market.date(to).0), closes[to] / closes[from] - 1.0))
        .unzip();
    AssetEntry {
        hash: hasher.finalize().to_string(),
        sketch: if is_sketched { sketch(&days, &returns) } else { BTreeMap::new() },
    }
}
