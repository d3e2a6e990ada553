//! A formula, a market and parameter values to weights, over blocks of decisions.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::evaluation::{DECISIONS, Evaluation, Place, Scratch, Sources, Value};
use super::frame::{Frame, FrameAsset};
use super::kernel::block::Block;
use super::kernel::days::Readiness;
use super::node::{Formula, Node};
use super::operator::Compute;
use super::signals::Signals;
use super::weight_block::WeightBlock;
use crate::market::decisions::Decisions;
use crate::market::membership::Members;
use crate::market::prices::{AssetId, Market};
use crate::market::universe::Member;

/// More assets than this are refused, so that memory stays bounded by the input's size.
pub const MAX_COLUMNS: usize = 100_000;

/// An asset that a formula gives weights to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The asset.
    pub asset: AssetId,
    /// Whether it belongs to the universe; else the formula names it with a weight.
    pub member: bool,
    /// Place of its ticker among those that have weights by ticker, if it does.
    pub fixed: Option<usize>,
}

/// Everything about a formula's evaluation that does not depend on parameter values.
#[derive(Debug)]
pub struct Evaluator {
    formula: Arc<Formula>,
    gated: bool,
    decisions: Decisions,
    only_changes: bool,
    columns: Vec<Column>,
    sources: Sources,
}

impl Evaluator {
    /// Prepares a formula for the decisions of a backtest.
    ///
    /// `members` in the order of [`crate::market::universe::Universe::members`]. With `Readiness::Short` all weights are 0
    /// until as many closes have been seen as the formula's depth says. With `only_changes` decisions that repeat the weights
    /// of the one before are not carried out. `budget_bytes` bounds the signals kept.
    pub fn new(
        formula: Arc<Formula>,
        market: Arc<Market>,
        members: &[Member],
        decisions: Decisions,
        only_changes: bool,
        readiness: Readiness,
        budget_bytes: usize,
    ) -> Evaluator {
        let resolve = |names: &[String]| names.iter().map(|name| market.asset(name)).collect::<Vec<_>>();
        let (fixed, of) = (resolve(&formula.fixed_assets), resolve(&formula.of_assets));
        let mut assets: Vec<FrameAsset> =
            members.iter().map(|member| FrameAsset::of_member(member, market.days())).collect();
        let mut known: HashSet<AssetId> = members.iter().map(|member| member.asset).collect();
        for asset in fixed.iter().chain(&of).flatten() {
            if known.insert(*asset) {
                assets.push(FrameAsset::of_outsider(*asset, &market));
            }
        }
        let frame_pair = |assets: &[FrameAsset]| {
            let all = Decisions::Closes((0..market.days() as u32).collect());
            [Frame::new(assets, &decisions), Frame::new(assets, &all)]
        };
        let mut frames = vec![frame_pair(&assets)];
        for asset in &of {
            let column = asset.and_then(|asset| frames[0][DECISIONS].column_of(asset));
            let own: Vec<FrameAsset> = column.map(|column| assets[column].clone()).into_iter().collect();
            frames.push(frame_pair(&own));
        }
        let places_in_fixed: HashMap<AssetId, usize> =
            fixed.iter().enumerate().filter_map(|(place, asset)| Some(((*asset)?, place))).collect();
        let columns = assets
            .iter()
            .map(|known| Column {
                asset: known.asset,
                member: known.member.is_some(),
                fixed: places_in_fixed.get(&known.asset).copied(),
            })
            .collect();
        let signals = Signals::new(budget_bytes);
        Evaluator {
            formula,
            gated: readiness == Readiness::Short,
            decisions,
            only_changes,
            columns,
            sources: Sources { market, readiness, frames, fixed, of, signals },
        }
    }

    /// The assets that weights are given to, members first.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// When weights are given.
    pub fn decisions(&self) -> &Decisions {
        &self.decisions
    }

    /// At which decisions each column is a member.
    pub fn members(&self) -> &Members {
        &self.sources.frames[0][DECISIONS].members
    }

    /// The signals kept so far.
    pub fn signals(&self) -> &Signals {
        &self.sources.signals
    }

    /// The decisions of a block that are carried out. Blocks must be asked for in order, from the first decision on, with the
    /// same `out`.
    ///
    /// Known when the decision is made. See [`Evaluator::weights`].
    pub fn decide(
        &self,
        parameters: &[f64],
        depth: u64,
        block: Range<usize>,
        scratch: &mut Scratch,
        out: &mut WeightBlock,
    ) {
        let (count, start) = (block.len(), block.start);
        if !self.only_changes {
            return out.fill(count, |all| self.weights(parameters, depth, block, scratch, all));
        }
        if start == 0 {
            out.last.clear();
            out.last.resize(self.columns.len(), 0.0);
        }
        match self.condition_of_equal_parts() {
            Some(condition) => {
                let closed = if self.gated { self.closed_rows(depth, &block) } else { 0 };
                let mut evaluation = self.evaluation(parameters, scratch, block);
                evaluation.changes_of_equal_parts(condition, closed, Place::DECISIONS, out);
            }
            None => out.fill_changes(count, |all| self.weights(parameters, depth, block, scratch, all)),
        }
    }

    /// The condition whose members have equal parts, if that is the whole formula.
    fn condition_of_equal_parts(&self) -> Option<&Node> {
        let Node::Call(call) = &self.formula.root else { return None };
        match call.operator.compute {
            Compute::Across(across) if across.equal_parts => call.operands.first(),
            _ => None,
        }
    }

    fn evaluation<'e>(
        &'e self,
        parameters: &'e [f64],
        scratch: &'e mut Scratch,
        block: Range<usize>,
    ) -> Evaluation<'e> {
        Evaluation { sources: &self.sources, parameters, scratch, block }
    }

    /// Writes the weights of a block of decisions: `block.len()` values a column, column after column.
    ///
    /// Known when the decision is made. NaN is no weight: 0 for a member, nothing for any other asset. The parameter values
    /// must have passed [`Formula::depth`], which gives `depth`.
    pub fn weights(
        &self,
        parameters: &[f64],
        depth: u64,
        block: Range<usize>,
        scratch: &mut Scratch,
        out: &mut Vec<f64>,
    ) {
        let rows = block.len();
        let mut evaluation = self.evaluation(parameters, scratch, block.clone());
        let place = Place::DECISIONS;
        let value = evaluation.value(&self.formula.root, place);
        let members = evaluation.members(place);
        match value {
            Value::Scalar(weight) => {
                out.clear();
                out.resize(self.columns.len() * rows, weight);
                Block { rows, members: &members, universe: &[] }.clear_outside(out);
            }
            Value::Shared(_) => evaluation.copy(&value, place, out),
            Value::Owned(mut values) => {
                std::mem::swap(out, &mut values);
                evaluation.recycle(Value::Owned(values));
            }
        }
        let closed = if self.gated { self.closed_rows(depth, &block) } else { 0 };
        for (place, values) in out.chunks_mut(rows.max(1)).enumerate() {
            // Only `fixed` gives weights to what is no member (yet); `not x` is 1 even there.
            let rows_without_weight = if self.columns[place].fixed.is_none() { rows } else { closed };
            values[..closed].fill(0.0);
            members.gaps(place, rows, |gap| {
                let gap = gap.start.min(rows_without_weight)..gap.end.min(rows_without_weight);
                values[gap].fill(f64::NAN);
            });
        }
    }

    /// Rows of a block that come before as many closes have been seen as the depth asks for (SEM Q24).
    fn closed_rows(&self, depth: u64, block: &Range<usize>) -> usize {
        match &self.decisions {
            Decisions::Closes(days) => days[block.clone()].partition_point(|&day| u64::from(day) + 1 < depth),
            Decisions::Open(day) => usize::from(u64::from(*day) < depth).min(block.len()),
        }
    }
}
