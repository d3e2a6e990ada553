//! `target_allocations` in the JSON of a result: the weights of every asset at every point, in QSTrader's form. See
//! `docs/statistics.md#under-strategy`.

use std::collections::HashMap;

use serde::{Serialize, Serializer};

use super::json_rows::{JsonRows, point};
use crate::engine::conventions::AllocationDate;
use crate::engine::journal::Decision;
use crate::engine::terms::FillEvent;
use crate::market::date::Phase;
use crate::market::prices::AssetId;
use crate::strategy::run::BacktestResult;

/// A series for each asset, in the order in which decisions first mention them: the weight of the last decision on or before
/// each date. An asset that a decision does not mention has weight 0.0 until the next decision. A decision that counts from a
/// day after the last one has no value, but its assets are there.
pub(crate) struct TargetAllocations<'a> {
    result: &'a BacktestResult,
    /// Each asset with its weights, one for each decision up to the last that mentions it; NaN for a decision that does not.
    assets: Vec<(AssetId, Vec<f64>)>,
    /// Number of decisions that count at each point.
    decided: Vec<usize>,
}

#[derive(Serialize)]
struct Allocation<'a, D> {
    name: &'a str,
    data: D,
}

impl<'a> TargetAllocations<'a> {
    /// The allocations of a result; `from` and the event of its fills decide from which day on a decision counts.
    pub(crate) fn new(
        result: &'a BacktestResult,
        from: AllocationDate,
        fills: FillEvent,
    ) -> TargetAllocations<'a> {
        let decisions = &result.record.decisions;
        let mut indices = HashMap::new();
        let mut assets: Vec<(AssetId, Vec<f64>)> = Vec::new();
        for (number, decision) in decisions.iter().enumerate() {
            for &(asset, weight) in &decision.weights {
                let index = *indices.entry(asset).or_insert(assets.len());
                if index == assets.len() {
                    assets.push((asset, Vec::with_capacity(decisions.len())));
                }
                let weights = &mut assets[index].1;
                weights.resize(number, f64::NAN);
                weights.push(weight);
            }
        }
        let waits = from == AllocationDate::Execution && fills != FillEvent::SameClose;
        let counts_from =
            |decision: &Decision| decision.day + usize::from(waits && decision.phase == Phase::Close);
        let first_day = result.market.days() - result.days().len();
        let decided = |day| decisions.partition_point(|decision| counts_from(decision) <= day);
        let before = std::iter::repeat_n(0, result.cash_points);
        let decided = before.chain((first_day..result.market.days()).map(decided)).collect();
        TargetAllocations { result, assets, decided }
    }
}

impl Serialize for TargetAllocations<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let dates = self.result.dates.iter().copied().zip(&self.decided);
        serializer.collect_seq(self.assets.iter().map(|(asset, weights)| {
            let weight = |decided: &usize| decided.checked_sub(1).and_then(|last| weights.get(last).copied());
            let points =
                dates.clone().map(move |(date, decided)| point(date, weight(decided).unwrap_or(f64::NAN)));
            Allocation { name: self.result.market.symbol(*asset), data: JsonRows(points) }
        }))
    }
}
