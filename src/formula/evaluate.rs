//! Turns a formula, a market and parameter values into weights, over blocks of decisions.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::evaluation::{DECISIONS, Evaluation, FrameIndex, Scratch, Sources, Value};
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

/// More assets than this are refused, so that the size of the input bounds the memory.
pub(crate) const MAX_COLUMNS: usize = 100_000;

/// An asset to which a formula gives weights: a column of its results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WeightedAsset {
    /// The asset.
    pub asset: AssetId,
    /// Whether it belongs to the universe; if not, the formula names it.
    pub member: bool,
    /// The index of its ticker among [`Formula::fixed_assets`], if `fixed` gives it a weight.
    pub fixed: Option<usize>,
}

/// The parts of a formula's evaluation that do not depend on parameter values.
#[derive(Debug)]
pub(crate) struct Evaluator {
    formula: Arc<Formula>,
    gated: bool,
    decisions: Decisions,
    only_changes: bool,
    columns: Vec<WeightedAsset>,
    sources: Sources,
}

impl Evaluator {
    /// Prepares a formula for the decisions of a backtest.
    ///
    /// `members` are in the order of [`crate::market::universe::Universe::members`]. With `Readiness::Short` all weights are 0
    /// until as many closes have been seen as the formula is deep (`docs/conventions.md#signal_readiness`). With `only_changes`
    /// decisions that repeat the weights of the decision before are not carried out. `budget_bytes` bounds the signals kept.
    pub(crate) fn new(
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
            members.iter().map(|member| FrameAsset::from_member(member, market.days())).collect();
        let mut known: HashSet<AssetId> = members.iter().map(|member| member.asset).collect();
        for asset in fixed.iter().chain(&of).flatten() {
            if known.insert(*asset) {
                assets.push(FrameAsset::outside_universe(*asset, &market));
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
        let fixed_indices: HashMap<AssetId, usize> =
            fixed.iter().enumerate().filter_map(|(index, asset)| Some(((*asset)?, index))).collect();
        let columns = assets
            .iter()
            .map(|known| WeightedAsset {
                asset: known.asset,
                member: known.member.is_some(),
                fixed: fixed_indices.get(&known.asset).copied(),
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

    /// The assets to which the formula gives weights, members first.
    pub(crate) fn columns(&self) -> &[WeightedAsset] {
        &self.columns
    }

    /// The decisions, each of which has weights.
    pub(crate) fn decisions(&self) -> &Decisions {
        &self.decisions
    }

    /// The decisions at which each asset is a member.
    pub(crate) fn members(&self) -> &Members {
        &self.sources.frames[0][DECISIONS].members
    }

    /// Writes the decisions of a block that are carried out. The caller must go through the blocks in order, from the first
    /// decision on, with the same `out`.
    ///
    /// A decision uses only what is known when it is made. See [`Evaluator::weights`].
    pub(crate) fn decide(
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
                evaluation.changes_of_equal_parts(condition, closed, FrameIndex::DECISIONS, out);
            }
            None => out.fill_changes(count, |all| self.weights(parameters, depth, block, scratch, all)),
        }
    }

    /// The condition of a formula that is nothing but equal parts for the members on which a condition holds.
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
    /// A decision uses only what is known when it is made. NaN means that there is no weight: the portfolio takes it as 0 for a
    /// member and ignores any other asset. The parameter values must have passed [`Formula::depth`], which gives `depth`.
    pub(crate) fn weights(
        &self,
        parameters: &[f64],
        depth: u64,
        block: Range<usize>,
        scratch: &mut Scratch,
        out: &mut Vec<f64>,
    ) {
        let rows = block.len();
        let mut evaluation = self.evaluation(parameters, scratch, block.clone());
        let at = FrameIndex::DECISIONS;
        let value = evaluation.value(&self.formula.root, at);
        let members = evaluation.members(at);
        match value {
            Value::Scalar(weight) => {
                out.clear();
                out.resize(self.columns.len() * rows, weight);
                Block { rows, members: &members, universe: &[] }.clear_outside(out);
            }
            Value::Shared(_) => evaluation.copy(&value, at, out),
            Value::Owned(mut values) => {
                std::mem::swap(out, &mut values);
                evaluation.recycle(Value::Owned(values));
            }
        }
        let closed = if self.gated { self.closed_rows(depth, &block) } else { 0 };
        for (column, values) in out.chunks_mut(rows.max(1)).enumerate() {
            // `not x` is 1 for an asset that is not a member; only `fixed` may give such an asset a weight.
            let rows_without_weight = if self.columns[column].fixed.is_none() { rows } else { closed };
            values[..closed].fill(0.0);
            members.gaps(column, rows, |gap| {
                let gap = gap.start.min(rows_without_weight)..gap.end.min(rows_without_weight);
                values[gap].fill(f64::NAN);
            });
        }
    }

    /// Number of rows at the start of a block whose weights are 0 because fewer closes have been seen than the formula is deep,
    /// the gate of `docs/conventions.md#signal_readiness`.
    fn closed_rows(&self, depth: u64, block: &Range<usize>) -> usize {
        match &self.decisions {
            Decisions::Closes(days) => days[block.clone()].partition_point(|&day| u64::from(day) + 1 < depth),
            Decisions::Open(day) => usize::from(u64::from(*day) < depth).min(block.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::testing::bits;
    use crate::market::calendar::Calendar;
    use crate::market::columns::Columns;
    use crate::market::date::{Date, Phase};
    use crate::market::input::folder::csv;
    use crate::market::prices::PriceAdjustment;
    use crate::market::universe::{Spell, Tenure, Universe};

    const DAYS: usize = 8;

    /// Three assets; B leaves after its third close and comes back for two days, C comes for one day.
    fn evaluator(formula: &str, decisions: Decisions, readiness: Readiness) -> Evaluator {
        let calendar = Calendar::weekdays(Date::from_ymd(2020, 1, 6).unwrap(), DAYS);
        let table = |scale: f64| {
            let row = |(day, date)| format!("{date},{0},{0}\n", scale + (day * 5 % 7) as f64);
            let rows: String = calendar.dates().enumerate().map(row).collect();
            csv::read(format!("Date,Open,Close\n{rows}").as_bytes(), Columns::default()).unwrap()
        };
        let tables = [("A", 10.0), ("B", 12.0), ("C", 20.0)];
        let tables = tables.map(|(symbol, scale)| (symbol.to_owned(), table(scale)));
        let market = Market::new(calendar.clone(), PriceAdjustment::None, tables.into()).unwrap();
        let assets = ["A", "B", "C"].map(|symbol| (market.asset(symbol).unwrap(), vec![Tenure::default()]));
        let mut members =
            Universe { assets: assets.into() }.members(&market, calendar.date(0).at(Phase::Open));
        let spell = |days: Range<usize>| Spell { opens: days.clone(), closes: days };
        members[1].spells = vec![spell(0..3), spell(5..7)];
        members[2].spells = vec![spell(4..5)];
        let formula = Arc::new(Formula::new(formula, &[]).unwrap());
        Evaluator::new(formula, Arc::new(market), &members, decisions, true, readiness, 1 << 20)
    }

    /// The weights of all decisions, computed in blocks of `step`: one row for each decision.
    fn rows(evaluator: &Evaluator, step: usize) -> Vec<Vec<f64>> {
        let (mut scratch, mut out, mut rows) = (Scratch::default(), Vec::new(), Vec::new());
        for start in (0..evaluator.decisions().len()).step_by(step) {
            let block = start..(start + step).min(evaluator.decisions().len());
            evaluator.weights(&[], 0, block.clone(), &mut scratch, &mut out);
            rows.extend(
                (0..block.len())
                    .map(|row| out[row..].iter().step_by(block.len()).copied().collect::<Vec<f64>>()),
            );
        }
        rows
    }

    fn all_closes() -> Decisions {
        Decisions::Closes((0..DAYS as u32).collect())
    }

    #[test]
    fn who_leaves_has_no_weight_and_does_not_count() {
        const NAN: f64 = f64::NAN;
        let count = rows(&evaluator("count()", all_closes(), Readiness::Short), DAYS);
        let expected = [
            [2.0, 2.0, NAN],
            [2.0, 2.0, NAN],
            [2.0, 2.0, NAN],
            [1.0, NAN, NAN],
            [2.0, NAN, 2.0],
            [2.0, 2.0, NAN],
            [2.0, 2.0, NAN],
            [1.0, NAN, NAN],
        ];
        assert_eq!(bits(&count.concat()), bits(&expected.concat()));
        let best = rows(&evaluator("top(close, 1)", all_closes(), Readiness::Short), DAYS);
        let expected = expected.map(|[_, b, c]| match (b.is_nan(), c.is_nan()) {
            (_, false) => [0.0, b, 1.0],
            (false, true) => [0.0, 1.0, c],
            (true, true) => [1.0, b, c],
        });
        assert_eq!(bits(&best.concat()), bits(&expected.concat()));
    }

    #[test]
    fn spells_are_the_same_in_any_blocks_and_for_changes() {
        let formulas = [
            "equal(close > lag(close, 1))",
            "equal(not close < 0)",
            "top(momentum(2), 1)",
            "bottom(close + 0, 2)",
            "share(close) + demean(close) * 0 + rank(close) * 0",
            "0.5",
            "of(\"B\", rank(close)) + of(\"C\", sma(2))",
            "fixed(B = 0.5, C = 0.25) * (close > 0)",
        ];
        let some = || Decisions::Closes(vec![1, 2, 4, 6, 7]);
        for formula in formulas {
            for decisions in [all_closes(), some(), Decisions::Open(4)] {
                for readiness in [Readiness::Short, Readiness::Full] {
                    let evaluator = evaluator(formula, decisions.clone(), readiness);
                    let whole = rows(&evaluator, DAYS);
                    for step in [1, 2, 3] {
                        assert_eq!(
                            bits(&rows(&evaluator, step).concat()),
                            bits(&whole.concat()),
                            "{formula}"
                        );
                    }
                    let mut last = vec![0.0; 3];
                    let (mut block, mut scratch) = (WeightBlock::default(), Scratch::default());
                    evaluator.decide(&[], 0, 0..decisions.len(), &mut scratch, &mut block);
                    let mut change = 0;
                    for (number, row) in whole.iter().enumerate() {
                        let numbers: Vec<f64> =
                            row.iter().map(|weight| if weight.is_nan() { 0.0 } else { *weight }).collect();
                        if numbers != last {
                            assert_eq!(block.rows[change] as usize, number, "{formula}");
                            let weights = block.weights[change..].iter().step_by(block.rows.len());
                            assert_eq!(bits(&weights.copied().collect::<Vec<_>>()), bits(row), "{formula}");
                            change += 1;
                        }
                        last = numbers;
                    }
                    assert_eq!(change, block.rows.len(), "{formula}");
                }
            }
        }
    }
}
