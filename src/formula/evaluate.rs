//! Turns a formula, a market and parameter values into weights, over blocks of decisions.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::{Arc, PoisonError};

use super::error::FormulaError;
use super::evaluation::{DECISIONS, Evaluation, FrameIndex, Scratch, Sources, Value};
use super::frame::{FirstDay, Frame, FrameAsset};
use super::kernel::block::Block;
use super::kernel::days::Readiness;
use super::node::{Formula, Node, NodeId};
use super::operator::{Compute, Doubt};
use super::signals::Signals;
use super::weight_block::WeightBlock;
use crate::market::decisions::Decisions;
use crate::market::membership::Members;
use crate::market::prices::{AssetId, Market};
use crate::market::universe::{Member, Spell};

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

/// The formulas that decide, and how they are read.
#[derive(Debug, Clone)]
pub(crate) struct Policy {
    /// The formula of the weights.
    pub weights: Arc<Formula>,
    /// Decisions at which this holds for no member are not carried out. Without `fixed`.
    pub when: Option<Arc<Formula>>,
    /// The tickers that `of` names, in a list that all formulas share: those of the policy, and those that are evaluated for no
    /// asset.
    pub of_assets: Vec<String>,
    /// With [`Readiness::Short`] all weights are 0, and `when` is false, until as many closes have been seen as the formulas
    /// are deep (`docs/conventions.md#signal_readiness`).
    pub readiness: Readiness,
    /// The first day of members.
    pub first_day: FirstDay,
    /// Whether decisions that repeat the weights of the decision before are not carried out.
    pub only_changes: bool,
    /// With `only_changes`, whether the first decision is carried out even if all its weights are 0.
    pub first_acts: bool,
    /// For each of the groups of the strategy the number of each asset's group; NaN for an asset in none.
    pub groups: Vec<Vec<f64>>,
}

impl Policy {
    /// The policy of a formula of weights alone, which carries out all decisions.
    pub(crate) fn new(weights: Arc<Formula>, readiness: Readiness, first_day: FirstDay) -> Policy {
        Policy {
            when: None,
            of_assets: weights.of_assets.clone(),
            weights,
            readiness,
            first_day,
            only_changes: false,
            first_acts: false,
            groups: Vec::new(),
        }
    }
}

/// The parts of an evaluation that do not depend on parameter values.
#[derive(Debug)]
pub(crate) struct Evaluator {
    policy: Policy,
    decisions: Decisions,
    columns: Vec<WeightedAsset>,
    /// The rows of the decisions at which a column that `fixed` names gives nothing, as its asset has left the universe or has
    /// ended; `None` if there are none.
    gone: Option<Members>,
    sources: Sources,
}

impl Evaluator {
    /// Prepares a policy for the decisions of a backtest.
    ///
    /// `members` are in the order of [`crate::market::universe::Universe::members`]. `ends` has the first day for each asset of
    /// the market on which it has ended; assets beyond its length never end. `budget_bytes` bounds the signals kept.
    pub(crate) fn new(
        policy: Policy,
        market: Arc<Market>,
        members: &[Member],
        ends: &[Option<usize>],
        decisions: Decisions,
        budget_bytes: usize,
    ) -> Evaluator {
        let resolve = |names: &[String]| names.iter().map(|name| market.asset(name)).collect::<Vec<_>>();
        let (fixed, of) = (resolve(&policy.weights.fixed_assets), resolve(&policy.of_assets));
        let first_day = policy.first_day;
        let mut assets: Vec<FrameAsset> =
            members.iter().map(|member| FrameAsset::from_member(member, first_day, &market)).collect();
        let mut known: HashSet<AssetId> = members.iter().map(|member| member.asset).collect();
        for asset in fixed.iter().chain(&of).flatten() {
            if known.insert(*asset) {
                let is_fixed = fixed.contains(&Some(*asset));
                assets.push(FrameAsset::outside_universe(*asset, first_day, &market, is_fixed));
            }
        }
        let frame_pair = |assets: &[FrameAsset]| {
            let all = Decisions::Closes((0..market.days() as u32).collect());
            [Frame::new(assets, &decisions), Frame::new(assets, &all)]
        };
        let mut frames = vec![frame_pair(&assets)];
        let mut assets_of_frames = vec![assets.clone()];
        for asset in &of {
            let column = asset.and_then(|asset| frames[0][DECISIONS].column_of(asset));
            let own: Vec<FrameAsset> = column.map(|column| assets[column].clone()).into_iter().collect();
            frames.push(frame_pair(&own));
            assets_of_frames.push(own);
        }
        frames.push(frame_pair(&[FrameAsset::NONE]));
        assets_of_frames.push(vec![FrameAsset::NONE]);
        let fixed_indices: HashMap<AssetId, usize> =
            fixed.iter().enumerate().filter_map(|(index, asset)| Some(((*asset)?, index))).collect();
        let columns: Vec<WeightedAsset> = assets
            .iter()
            .filter_map(|known| {
                let (asset, member) = (known.asset?, known.member.is_some());
                Some(WeightedAsset { asset, member, fixed: fixed_indices.get(&asset).copied() })
            })
            .collect();
        let gone = gone_rows(&columns, &assets, ends, &decisions, market.days());
        let (readiness, signals) = (policy.readiness, Signals::new(budget_bytes));
        let sources = Sources {
            market,
            readiness,
            frames,
            fixed,
            of,
            signals,
            groups: policy.groups.clone(),
            assets: assets_of_frames,
            periods: Default::default(),
            doubts: Default::default(),
        };
        Evaluator { policy, decisions, columns, gone, sources }
    }

    /// Checks every window and count of the policy for these parameter values, and gives its depth, that of its deepest
    /// formula.
    ///
    /// # Errors
    /// Those of [`Formula::depth`].
    pub(crate) fn depth(&self, parameters: &[f64]) -> Result<u64, FormulaError> {
        let when = self.policy.when.as_ref().map_or(Ok(0), |when| when.depth(parameters))?;
        Ok(self.policy.weights.depth(parameters)?.max(when))
    }

    /// What was doubtful about weights from returns: the operator, the first day of each kind, and what it was. Known of what
    /// has been evaluated.
    pub(crate) fn doubts(&self) -> Vec<(&'static str, usize, Doubt)> {
        let doubts = self.sources.doubts.lock().unwrap_or_else(PoisonError::into_inner);
        doubts.iter().map(|((operator, _), (day, doubt))| (*operator, *day, *doubt)).collect()
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
        let Policy { when, only_changes, first_acts, .. } = &self.policy;
        if !only_changes && when.is_none() {
            return out.fill(count, |all| self.weights(parameters, depth, block, scratch, all));
        }
        if start == 0 {
            out.begin(self.columns.len(), *first_acts);
        }
        let closed = self.closed_rows(depth, &block);
        if let Some(when) = when {
            let mut evaluation = self.evaluation(when, parameters, scratch, block.clone());
            let passing = evaluation.rows_where_any(when.root, closed, FrameIndex::DECISIONS);
            let write = |all: &mut Vec<f64>| self.weights(parameters, depth, block, scratch, all);
            return out.fill_passing(count, &passing, *only_changes, write);
        }
        match self.condition_of_equal_parts() {
            Some(condition) => {
                let mut evaluation = self.evaluation(&self.policy.weights, parameters, scratch, block);
                evaluation.changes_of_equal_parts(condition, closed, FrameIndex::DECISIONS, out);
            }
            None => out.fill_changes(count, |all| self.weights(parameters, depth, block, scratch, all)),
        }
    }

    /// The condition of a formula that is nothing but equal parts for the members on which a condition holds.
    fn condition_of_equal_parts(&self) -> Option<NodeId> {
        let weights = &self.policy.weights;
        let Node::Call(call) = &weights.nodes[weights.root] else { return None };
        match call.operator.compute {
            Compute::Across(across) if across.equal_parts && call.groups.is_none() => {
                call.operands.first().copied()
            }
            _ => None,
        }
    }

    fn evaluation<'e>(
        &'e self,
        formula: &'e Formula,
        parameters: &'e [f64],
        scratch: &'e mut Scratch,
        block: Range<usize>,
    ) -> Evaluation<'e> {
        Evaluation::new(&self.sources, formula, parameters, scratch, block)
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
        let mut evaluation = self.evaluation(&self.policy.weights, parameters, scratch, block.clone());
        let at = FrameIndex::DECISIONS;
        let value = evaluation.value(self.policy.weights.root, at);
        let members = evaluation.members(at);
        match value {
            Value::Scalar(weight) => {
                out.clear();
                out.resize(self.columns.len() * rows, weight);
                Block { rows, members: &members, universe: &[] }.clear_outside(out);
            }
            Value::Shared(_) | Value::Once(_) => evaluation.copy(&value, at, out),
            Value::Owned(mut values) => {
                std::mem::swap(out, &mut values);
                evaluation.recycle(Value::Owned(values));
            }
        }
        let closed = self.closed_rows(depth, &block);
        for (column, values) in out.chunks_mut(rows.max(1)).enumerate() {
            // `not x` is 1 for an asset that is not a member; only `fixed` may give such an asset a weight.
            let rows_without_weight = if self.columns[column].fixed.is_none() { rows } else { closed };
            values[..closed].fill(0.0);
            members.gaps(column, rows, |gap| {
                let gap = gap.start.min(rows_without_weight)..gap.end.min(rows_without_weight);
                values[gap].fill(f64::NAN);
            });
        }
        if let Some(gone) = &self.gone {
            Block { rows, members: &gone.within(&block), universe: &[] }
                .each_spell(out, |values, _| values.fill(f64::NAN));
        }
    }

    /// Writes what the formula of the weights gives at a block of decisions, whoever is a member then and without the gate:
    /// `block.len()` values a column, column after column; NaN where absent. An asset has nothing before its first day, unless
    /// `fixed` names it.
    ///
    /// The parameter values must have passed [`Formula::depth`].
    pub(crate) fn values(
        &self,
        parameters: &[f64],
        block: Range<usize>,
        scratch: &mut Scratch,
        out: &mut Vec<f64>,
    ) {
        let mut evaluation = self.evaluation(&self.policy.weights, parameters, scratch, block.clone());
        let at = FrameIndex::DECISIONS;
        let value = evaluation.value(self.policy.weights.root, at);
        evaluation.copy(&value, at, out);
        evaluation.recycle(value);
        let first_rows = &self.sources.frames[0][DECISIONS].first_rows;
        let columns = out.chunks_mut(block.len().max(1)).zip(first_rows).zip(&self.columns);
        for ((values, first_row), _) in columns.filter(|(_, column)| column.fixed.is_none()) {
            // A number, or `not x`, stands there as well.
            values[..first_row.saturating_sub(block.start).min(block.len())].fill(f64::NAN);
        }
    }

    /// The value of a formula for no asset at the close of every day; NaN where it is absent. Its `of` takes the list of the
    /// policy, and no gate holds for it.
    ///
    /// The parameter values must have passed [`Formula::depth`].
    pub(crate) fn for_no_asset<'e>(
        &'e self,
        formula: &'e Formula,
        parameters: &'e [f64],
        scratch: &'e mut Scratch,
    ) -> Vec<f64> {
        let mut evaluation = self.evaluation(formula, parameters, scratch, 0..0);
        let at = FrameIndex::no_asset(&self.sources);
        let value = evaluation.value(formula.root, at);
        let mut out = Vec::new();
        evaluation.copy(&value, at, &mut out);
        evaluation.recycle(value);
        out
    }

    /// Number of rows at the start of a block whose weights are 0 because fewer closes have been seen than the formulas are
    /// deep, the gate of `docs/conventions.md#signal_readiness`.
    fn closed_rows(&self, depth: u64, block: &Range<usize>) -> usize {
        if self.policy.readiness == Readiness::Full {
            return 0;
        }
        match &self.decisions {
            Decisions::Closes(days) => days[block.clone()].partition_point(|&day| u64::from(day) + 1 < depth),
            Decisions::Open(day) => usize::from(u64::from(*day) < depth).min(block.len()),
        }
    }
}

/// The rows of the decisions at which each column that `fixed` names gives nothing; `None` if there are none. `assets` are
/// those of the columns.
fn gone_rows(
    columns: &[WeightedAsset],
    assets: &[FrameAsset],
    ends: &[Option<usize>],
    decisions: &Decisions,
    days: usize,
) -> Option<Members> {
    let rows_of_column = |(column, known): (&WeightedAsset, &FrameAsset)| -> Vec<Range<usize>> {
        if column.fixed.is_none() {
            return Vec::new();
        }
        let end = ends.get(column.asset.0 as usize).copied().flatten().unwrap_or(days);
        gone(known.member.as_ref(), end, days).iter().map(|spell| decisions.rows_in(spell)).collect()
    };
    let rows: Vec<Vec<Range<usize>>> = columns.iter().zip(assets).map(rows_of_column).collect();
    let none = rows.iter().flatten().all(Range::is_empty);
    (!none).then(|| Members::new(rows))
}

/// The days on which `fixed` gives an asset nothing: while it is away after an exit, and from the day `end` on.
fn gone(member: Option<&Member>, end: usize, days: usize) -> Vec<Spell> {
    let away = member.iter().flat_map(|member| &member.away);
    let mut gone: Vec<Spell> =
        away.filter(|spell| spell.opens.start.min(spell.closes.start) < end).cloned().collect();
    match gone.last_mut() {
        Some(last) if last.opens.end >= end && last.closes.end >= end => {
            (last.opens.end, last.closes.end) = (days, days);
        }
        _ => gone.push(Spell { opens: end..days, closes: end..days }),
    }
    gone
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
    const NAN: f64 = f64::NAN;

    /// What decides the weights of a test, with the closes of all days as decisions.
    struct Setting {
        policy: Policy,
        decisions: Decisions,
        /// Whether C left before the backtest.
        left_before: bool,
        ends: Vec<Option<usize>>,
    }

    impl Setting {
        fn new(weights: &str, first_day: FirstDay) -> Setting {
            let policy = Policy::new(formula(weights), Readiness::Full, first_day);
            Setting { policy, decisions: all_closes(), left_before: false, ends: Vec::new() }
        }

        fn changes(weights: &str, decisions: Decisions, readiness: Readiness) -> Setting {
            let policy = Policy::new(formula(weights), readiness, FirstDay::Entry);
            let policy = Policy { only_changes: true, ..policy };
            Setting { policy, decisions, left_before: false, ends: Vec::new() }
        }

        fn when(mut self, when: &str) -> Setting {
            self.policy.when = Some(formula(when));
            self
        }

        /// Three members with prices from the first day on, which are 0, 5, 3, 1, 6, 4, 2, 0 above 10, 12 and 20; B leaves
        /// after its third close and comes back for two days, C comes for one day. D is outside the universe, has the prices of
        /// A and none before the third day.
        fn evaluator(self) -> Evaluator {
            let calendar = Calendar::weekdays(Date::from_ymd(2020, 1, 6).unwrap(), DAYS);
            let table = |scale: f64, from: usize| {
                let row = |(day, date)| format!("{date},{0},{0}\n", scale + (day * 5 % 7) as f64);
                let rows: String = calendar.dates().enumerate().skip(from).map(row).collect();
                csv::read(format!("Date,Open,Close\n{rows}").as_bytes(), Columns::default()).unwrap()
            };
            let tables = [("A", 10.0, 0), ("B", 12.0, 0), ("C", 20.0, 0), ("D", 10.0, 2)];
            let tables = tables.map(|(symbol, scale, from)| (symbol.to_owned(), table(scale, from)));
            let market = Market::new(calendar.clone(), PriceAdjustment::None, tables.into()).unwrap();
            let assets =
                ["A", "B", "C"].map(|symbol| (market.asset(symbol).unwrap(), vec![Tenure::default()]));
            let mut members =
                Universe { assets: assets.into() }.members(&market, calendar.date(0).at(Phase::Open));
            let spell = |days: Range<usize>| Spell { opens: days.clone(), closes: days };
            members[1].spells = vec![spell(0..3), spell(5..7)];
            members[2].spells = vec![spell(4..5)];
            members[1].away = vec![spell(3..5), spell(7..DAYS)];
            members[2].away = vec![spell(5..DAYS)];
            if self.left_before {
                members[2].away.insert(0, spell(0..4));
            }
            Evaluator::new(self.policy, Arc::new(market), &members, &self.ends, self.decisions, 1 << 20)
        }

        /// The weights of a column, a row each.
        fn column(self, column: usize) -> Vec<f64> {
            rows(&self.evaluator(), DAYS).iter().map(|row| row[column]).collect()
        }
    }

    fn formula(text: &str) -> Arc<Formula> {
        Arc::new(Formula::new(text, &[]).unwrap())
    }

    fn evaluator(formula: &str, decisions: Decisions, readiness: Readiness) -> Evaluator {
        Setting::changes(formula, decisions, readiness).evaluator()
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
    fn values_are_there_from_the_first_day_member_or_not() {
        let values = |text: &str, first_day: FirstDay, step: usize| -> Vec<Vec<f64>> {
            let evaluator = Setting::new(text, first_day).evaluator();
            let mut columns = vec![Vec::new(); evaluator.columns().len()];
            let mut out = Vec::new();
            for start in (0..DAYS).step_by(step) {
                let block = start..(start + step).min(DAYS);
                evaluator.values(&[], block.clone(), &mut Scratch::default(), &mut out);
                columns.iter_mut().zip(out.chunks(block.len())).for_each(|(all, part)| all.extend(part));
            }
            columns
        };
        let same = |columns: &[Vec<f64>], expected: &[[f64; DAYS]]| {
            let bits_of = |column: &[f64]| bits(column);
            let expected: Vec<_> = expected.iter().map(|column| bits_of(column)).collect();
            assert_eq!(columns.iter().map(|column| bits_of(column)).collect::<Vec<_>>(), expected);
        };
        // B is away twice, C is a member on the fifth day alone.
        let b = [12.0, 17.0, 15.0, 13.0, 18.0, 16.0, 14.0, 12.0];
        let c = [NAN, NAN, NAN, NAN, 26.0, 24.0, 22.0, 20.0];
        for step in [3, DAYS] {
            same(&values("close", FirstDay::Entry, step)[1..], &[b, c]);
        }
        let ones = [1.0; DAYS];
        same(&values("not (close < 0)", FirstDay::Price, DAYS), &[ones; 3]);
        let late = [NAN, NAN, NAN, NAN, 1.0, 1.0, 1.0, 1.0];
        same(&values("not (close < 0)", FirstDay::Entry, 3), &[ones, ones, late]);
        same(&values("1", FirstDay::Entry, 3), &[ones, ones, late]);
        let members = [NAN, NAN, NAN, NAN, 2.0, NAN, NAN, NAN];
        same(&values("count()", FirstDay::Price, DAYS)[2..], &[members]);
        // D has no price on the first two days.
        same(&values("fixed(D = 1)", FirstDay::Price, 3), &[[NAN; DAYS], [NAN; DAYS], [NAN; DAYS], ones]);
    }

    #[test]
    fn who_leaves_has_no_weight_and_does_not_count() {
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
                    let mut last = vec![0.0; evaluator.columns().len()];
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

    /// What is carried out in blocks of `step`: the decisions with their weights.
    fn carried_out(evaluator: &Evaluator, depth: u64, step: usize) -> Vec<(usize, Vec<f64>)> {
        let (mut scratch, mut block, mut all) = (Scratch::default(), WeightBlock::default(), Vec::new());
        for start in (0..evaluator.decisions().len()).step_by(step) {
            let end = (start + step).min(evaluator.decisions().len());
            evaluator.decide(&[], depth, start..end, &mut scratch, &mut block);
            let rows = block.rows.len();
            assert_eq!(block.weights.len(), rows * evaluator.columns().len());
            all.extend(block.rows.iter().enumerate().map(|(place, row)| {
                (start + *row as usize, block.weights[place..].iter().step_by(rows).copied().collect())
            }));
        }
        all
    }

    /// The decisions that are carried out, which must be the same in blocks of any size.
    fn decided(evaluator: &Evaluator, depth: u64) -> Vec<usize> {
        let whole = carried_out(evaluator, depth, DAYS);
        let comparable = |all: &[(usize, Vec<f64>)]| -> Vec<(usize, Vec<u64>)> {
            all.iter().map(|(row, weights)| (*row, bits(weights))).collect()
        };
        for step in [1, 2, 3] {
            assert_eq!(comparable(&carried_out(evaluator, depth, step)), comparable(&whole));
        }
        whole.iter().map(|(row, _)| *row).collect()
    }

    #[test]
    fn windows_reach_back_to_the_first_entry_or_the_first_price() {
        let column = |first_day, column| bits(&Setting::new("sma(3)", first_day).column(column));
        // C is a member on the fifth day alone; B also for three days from the first on.
        let c = [NAN, NAN, NAN, NAN, 70.0 / 3.0, NAN, NAN, NAN];
        assert_eq!(column(FirstDay::Price, 2), bits(&c));
        assert_eq!(column(FirstDay::Entry, 2), bits(&[NAN; DAYS]));
        let b = [NAN, NAN, 44.0 / 3.0, NAN, NAN, 47.0 / 3.0, 16.0, NAN];
        assert_eq!(column(FirstDay::Price, 1), bits(&b));
        assert_eq!(column(FirstDay::Entry, 1), bits(&b), "the days between two spells count");
    }

    #[test]
    fn of_begins_with_the_first_day_and_asks_for_no_membership() {
        let column =
            |weights: &str, first_day, column| bits(&Setting::new(weights, first_day).column(column));
        let ratio = "lag(of(\"A\", close), 1)";
        for first_day in [FirstDay::Entry, FirstDay::Price] {
            let between_spells = [NAN, 10.0, 15.0, NAN, NAN, 16.0, 14.0, NAN];
            assert_eq!(column(ratio, first_day, 1), bits(&between_spells));
        }
        let before_the_entry = [NAN, NAN, NAN, NAN, 11.0, NAN, NAN, NAN];
        assert_eq!(column(ratio, FirstDay::Price, 2), bits(&before_the_entry));
        assert_eq!(column(ratio, FirstDay::Entry, 2), bits(&[NAN; DAYS]));
        // D is outside the universe.
        let outside = "fixed(D = 1) * of(\"A\", close)";
        let from_its_first_price = [NAN, NAN, 13.0, 11.0, 16.0, 14.0, 12.0, 10.0];
        assert_eq!(column(outside, FirstDay::Price, 3), bits(&from_its_first_price));
        assert_eq!(column(outside, FirstDay::Entry, 3), bits(&[NAN; DAYS]));
        let open = |day, first_day| {
            let setting = Setting { decisions: Decisions::Open(day), ..Setting::new(outside, first_day) };
            bits(&setting.column(3))
        };
        assert_eq!(open(1, FirstDay::Price), bits(&[NAN]));
        assert_eq!(open(2, FirstDay::Price), bits(&[15.0]), "its open, and the close of A before it");
        assert_eq!(open(2, FirstDay::Entry), bits(&[NAN]));
    }

    #[test]
    fn across_assets_within_of_the_named_asset_must_be_a_member() {
        let a = Setting::new("of(\"B\", rank(close))", FirstDay::Price).column(0);
        let expected = [1.0, 1.0, 1.0, NAN, NAN, 1.0, 1.0, NAN];
        assert_eq!(bits(&a), bits(&expected));
    }

    #[test]
    fn fixed_gives_nothing_to_who_has_left_or_ended() {
        const WEIGHTS: &str = "fixed(A = 0.5, B = 0.25, C = 0.2, D = 0.1)";
        let weights = |left_before, ends: &[Option<usize>], decisions| {
            let setting = Setting::new(WEIGHTS, FirstDay::Price);
            let evaluator = Setting { left_before, ends: ends.to_vec(), decisions, ..setting }.evaluator();
            let whole = rows(&evaluator, DAYS);
            for step in [1, 2, 3] {
                assert_eq!(bits(&rows(&evaluator, step).concat()), bits(&whole.concat()));
            }
            whole
        };
        let table = |columns: [[f64; DAYS]; 4]| -> Vec<Vec<f64>> {
            (0..DAYS).map(|row| columns.map(|column| column[row]).to_vec()).collect()
        };
        let mut expected = [
            [0.5; DAYS],
            [0.25, 0.25, 0.25, NAN, NAN, 0.25, 0.25, NAN],
            [0.2, 0.2, 0.2, 0.2, 0.2, NAN, NAN, NAN],
            [0.1; DAYS],
        ];
        let check = |left_before, ends: &[Option<usize>], expected| {
            let expected = table(expected);
            assert_eq!(bits(&weights(left_before, ends, all_closes()).concat()), bits(&expected.concat()));
            for (day, row) in expected.iter().enumerate() {
                let at_open = weights(left_before, ends, Decisions::Open(day as u32));
                assert_eq!(bits(&at_open.concat()), bits(row), "at the open of day {day}");
            }
        };
        check(false, &[], expected);
        expected[2][..4].fill(NAN);
        check(true, &[None; 4], expected);
        // A ends as a member, B within its second spell, C before its first, D outside the universe.
        expected[0][6..].fill(NAN);
        expected[1][6..].fill(NAN);
        expected[2] = [0.2, 0.2, NAN, NAN, NAN, NAN, NAN, NAN];
        expected[3][3..].fill(NAN);
        let ends = [Some(6), Some(6), Some(2), Some(3)];
        check(false, &ends, expected);
    }

    #[test]
    fn when_must_hold_for_a_member() {
        let decided_when = |when: &str| {
            let setting = Setting::new("fixed(A = 0.5, D = 0.5)", FirstDay::Price).when(when);
            decided(&setting.evaluator(), 0)
        };
        assert_eq!(decided_when("close < 13"), [0, 3, 6, 7]);
        // B is at 12 on the last day too, but no member.
        assert_eq!(decided_when("close == 12"), [0, 6]);
        assert_eq!(decided_when("lag(close, 6)"), [6, 7], "absent is false");
        assert_eq!(decided_when("close > 100"), [0; 0]);
        assert_eq!(decided_when("0"), [0; 0]);
        assert_eq!(decided_when("count() == 1"), [3, 7]);
        assert_eq!(decided_when("1").len(), DAYS);
    }

    #[test]
    fn without_a_member_when_is_false() {
        let mut setting = Setting::new("fixed(D = 0.5)", FirstDay::Price).when("of(\"A\", close) > 0");
        setting.policy.of_assets = vec!["A".to_owned()];
        setting.decisions = all_closes();
        let mut evaluator = setting.evaluator();
        let only_c = Members::new([None, None, Some(4..5), None]);
        evaluator.sources.frames[0][DECISIONS].members = only_c;
        assert_eq!(decided(&evaluator, 0), [4]);
    }

    #[test]
    fn when_is_false_while_the_gate_is_closed() {
        let mut setting = Setting::new("0.1", FirstDay::Price).when("1");
        setting.policy.readiness = Readiness::Short;
        let evaluator = setting.evaluator();
        assert_eq!(decided(&evaluator, 3), [2, 3, 4, 5, 6, 7]);
        assert_eq!(evaluator.depth(&[]), Ok(0));
        let deep = Setting::new("sma(2)", FirstDay::Price).when("sma(5) > 0").evaluator();
        assert_eq!(deep.depth(&[]), Ok(5), "the deepest of both");
    }

    #[test]
    fn changes_are_those_among_the_closes_that_pass() {
        let conditions = [None, Some("close < 13"), Some("close != 15"), Some("count() == 2"), Some("0")];
        let all = ["equal(close > 12)", "fixed(A = 1, B = 0.5) * (close > 13)", "equal(close > 100)", "0.5"];
        for (weights, when) in all.iter().flat_map(|weights| conditions.map(|when| (weights, when))) {
            let whole = rows(&Setting::new(weights, FirstDay::Price).evaluator(), DAYS);
            let passing = match when {
                None => (0..DAYS).collect(),
                Some(when) => decided(&Setting::new(weights, FirstDay::Price).when(when).evaluator(), 0),
            };
            for first_acts in [false, true] {
                let mut setting = Setting::new(weights, FirstDay::Price);
                setting.policy.when = when.map(formula);
                (setting.policy.only_changes, setting.policy.first_acts) = (true, first_acts);
                let number = |weight: &f64| if weight.is_nan() { 0.0 } else { *weight };
                let mut last = vec![0.0; whole[0].len()];
                let mut expected = passing.clone();
                expected.retain(|&row| {
                    let now: Vec<f64> = whole[row].iter().map(number).collect();
                    let acts = first_acts && row == passing[0] || now != last;
                    last = now;
                    acts
                });
                assert_eq!(
                    decided(&setting.evaluator(), 0),
                    expected,
                    "{weights} when {when:?}, {first_acts}"
                );
            }
        }
    }

    #[test]
    fn for_no_asset_days_begin_with_the_backtest() {
        let value = |text: &str, readiness| {
            let mut setting = Setting::new("fixed(A = 1)", FirstDay::Entry);
            setting.policy.readiness = readiness;
            setting.policy.of_assets = ["A", "D"].map(str::to_owned).into();
            setting.evaluator().for_no_asset(&formula(text), &[], &mut Scratch::default())
        };
        let full = |text: &str| bits(&value(text, Readiness::Full));
        let sma = [NAN, NAN, 38.0 / 3.0, 13.0, 40.0 / 3.0, 41.0 / 3.0, 14.0, 12.0];
        assert_eq!(full("sma(of(\"A\", close), 3)"), bits(&sma));
        let short = value("sma(of(\"A\", close), 3)", Readiness::Short);
        assert_eq!(bits(&short[..3]), bits(&[10.0, 12.5, 38.0 / 3.0]), "no gate holds");
        // D is the second of the list that formulas share.
        let d = [NAN, NAN, 13.0, 11.0, 16.0, 14.0, 12.0, 10.0];
        assert_eq!(full("of(\"A\", 0) + of(\"D\", close)"), bits(&d));
        assert_eq!(full("0.02"), bits(&[0.02; DAYS]));
        assert_eq!(full("close + sma(3) + rank(close)"), bits(&[NAN; DAYS]), "no asset has no price");
    }
}
