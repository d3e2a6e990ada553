//! A formula, a market and parameter values to weights, over blocks of decisions.
//!
//! Two kinds of operations: those over time make whole columns, which points share ([`super::signals`]); all others run
//! over flat blocks of decision rows, column by column. A decision at a close sees the columns of that day. A decision at
//! an open sees `open` of that day and everything else as of the close before; nothing sees further.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::cross_section::{choose, cross, mask, places};
use super::node::{Formula, Node, is_true};
use super::operators::{CrossOperator, Series};
use super::series::{self, Days, Readiness};
use super::signals::{Signal, Signals};
use super::syntax::{BinaryOperator, UnaryOperator};
use super::weight_block::WeightBlock;
use crate::market::date::Phase;
use crate::market::decisions::Decisions;
use crate::market::prices::{AssetId, Market};
use crate::market::universe::Member;

/// More assets than this are refused, so that memory stays bounded by the input's size.
pub const MAX_COLUMNS: usize = 100_000;

/// An asset that a formula gives weights to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The asset.
    pub asset: AssetId,
    /// Whether it belongs to the universe; else `fixed` names it.
    pub member: bool,
    /// First decision at which it is a member; the number of decisions if at none.
    pub joined: usize,
    /// Place of its ticker among those `fixed` names, if it does.
    pub fixed: Option<usize>,
}

/// Everything about a formula's evaluation that does not depend on parameter values.
#[derive(Debug)]
pub struct Evaluator {
    formula: Arc<Formula>,
    market: Arc<Market>,
    readiness: Readiness,
    gated: bool,
    decisions: Decisions,
    only_changes: bool,
    columns: Vec<Column>,
    /// Frames of the formula itself, then of each asset that `of` names.
    frames: Vec<[Frame; 2]>,
    fixed: Vec<Option<AssetId>>,
    of: Vec<Option<AssetId>>,
    signals: Signals,
}

/// Buffers of one thread, reused from point to point.
#[derive(Debug, Default)]
pub struct Scratch {
    buffers: Vec<Vec<f64>>,
    key: Vec<u64>,
}

/// Rows by columns: which days, of which assets.
#[derive(Debug)]
struct Frame {
    assets: Vec<AssetId>,
    /// First day of each asset.
    starts: Vec<usize>,
    /// First row of each asset that has a value.
    first_rows: Vec<usize>,
    /// First row at which each asset is a member.
    joined: Vec<usize>,
    /// The columns in the order of the universe as given, others after them.
    universe: Vec<usize>,
    /// The columns by asset.
    by_asset: Vec<usize>,
    /// Day whose close each row sees; empty for an open with no close before it.
    days: Vec<u32>,
    /// Day whose open the only row sees, and from which day on each asset has one.
    open: Option<(usize, Vec<usize>)>,
    rows: usize,
}

/// Index into [`Frame`] pairs: the decision rows, or all days.
const DECISIONS: usize = 0;
const ALL_DAYS: usize = 1;

/// Which frame a node is evaluated in.
#[derive(Clone, Copy)]
pub(super) struct Place {
    set: usize,
    rows: usize,
}

/// What a node is over a block.
pub(super) enum Value {
    Scalar(f64),
    /// Columns over all rows of the frame.
    Shared(Signal),
    /// Columns over the block.
    Owned(Vec<f64>),
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
        let mut assets: Vec<FrameAsset> = members.iter().map(FrameAsset::of_member).collect();
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
            let own: Vec<FrameAsset> = column.map(|column| assets[column]).into_iter().collect();
            frames.push(frame_pair(&own));
        }
        let places_in_fixed: HashMap<AssetId, usize> =
            fixed.iter().enumerate().filter_map(|(place, asset)| Some(((*asset)?, place))).collect();
        let columns = assets
            .iter()
            .zip(&frames[0][DECISIONS].joined)
            .map(|(known, &joined)| Column {
                asset: known.asset,
                member: known.member,
                joined,
                fixed: places_in_fixed.get(&known.asset).copied(),
            })
            .collect();
        Evaluator {
            formula,
            market,
            readiness,
            gated: readiness == Readiness::Short,
            decisions,
            only_changes,
            columns,
            frames,
            fixed,
            of,
            signals: Signals::new(budget_bytes),
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

    /// The signals kept so far.
    pub fn signals(&self) -> &Signals {
        &self.signals
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
        match &self.formula.root {
            Node::Cross(CrossOperator::Equal, condition) => {
                let closed = if self.gated { self.closed_rows(depth, &block) } else { 0 };
                let place = Place { set: 0, rows: DECISIONS };
                let mut evaluation = Evaluation { evaluator: self, parameters, scratch, block };
                evaluation.changes_of_equal(condition, closed, place, out);
            }
            _ => out.fill_changes(count, |all| self.weights(parameters, depth, block, scratch, all)),
        }
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
        let mut evaluation = Evaluation { evaluator: self, parameters, scratch, block: block.clone() };
        let place = Place { set: 0, rows: DECISIONS };
        let value = evaluation.value(&self.formula.root, place);
        let joined = evaluation.joined(place);
        match value {
            Value::Scalar(weight) => {
                out.clear();
                out.resize(self.columns.len() * rows, weight);
                mask(out, rows, &joined);
            }
            Value::Shared(_) => evaluation.copy(&value, place, out),
            Value::Owned(mut values) => {
                std::mem::swap(out, &mut values);
                evaluation.scratch.buffers.push(values);
            }
        }
        let closed = if self.gated { self.closed_rows(depth, &block) } else { 0 };
        for ((column, &joined), values) in self.columns.iter().zip(&joined).zip(out.chunks_mut(rows.max(1))) {
            // Only `fixed` gives weights to what is no member (yet); `not x` is 1 even there.
            if column.fixed.is_none() {
                values[..joined].fill(f64::NAN);
            }
            let (before, after) = values[..closed].split_at_mut(joined.min(closed));
            before.fill(f64::NAN);
            after.fill(0.0);
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

/// What a frame must know of an asset.
#[derive(Clone, Copy)]
struct FrameAsset {
    asset: AssetId,
    member: bool,
    open_day: usize,
    close_day: usize,
    universe_place: usize,
}

impl FrameAsset {
    fn of_member(member: &Member) -> FrameAsset {
        let Member { asset, open_day, close_day, place, .. } = *member;
        FrameAsset { asset, member: true, open_day, close_day, universe_place: place }
    }

    /// An asset outside the universe has its days from its first price on.
    fn of_outsider(asset: AssetId, market: &Market) -> FrameAsset {
        let first = |phase| {
            market.first_price(asset).map_or(market.days(), |price| market.first_day_at(price, phase))
        };
        FrameAsset {
            asset,
            member: false,
            open_day: first(Phase::Open),
            close_day: first(Phase::Close),
            universe_place: usize::MAX,
        }
    }
}

impl Frame {
    fn new(assets: &[FrameAsset], decisions: &Decisions) -> Frame {
        let rows = decisions.len();
        let (days, open_day) = match decisions {
            Decisions::Closes(days) => (days.clone(), None),
            Decisions::Open(day) => (day.checked_sub(1).into_iter().collect(), Some(*day as usize)),
        };
        let first_row = |start: usize| match days.is_empty() {
            true => rows,
            false => days.partition_point(|&day| (day as usize) < start),
        };
        let joined = |asset: &FrameAsset| match (asset.member, open_day) {
            (false, _) => rows,
            (true, None) => first_row(asset.close_day),
            (true, Some(day)) => usize::from(asset.open_day > day),
        };
        let mut universe: Vec<usize> = (0..assets.len()).collect();
        universe.sort_by_key(|&column| assets[column].universe_place);
        let mut by_asset: Vec<usize> = (0..assets.len()).collect();
        by_asset.sort_by_key(|&column| assets[column].asset);
        Frame {
            universe,
            by_asset,
            assets: assets.iter().map(|known| known.asset).collect(),
            starts: assets.iter().map(|known| known.close_day).collect(),
            first_rows: assets.iter().map(|known| first_row(known.close_day)).collect(),
            joined: assets.iter().map(joined).collect(),
            open: open_day.map(|day| (day, assets.iter().map(|known| known.open_day).collect())),
            days,
            rows,
        }
    }
}

impl Frame {
    fn column_of(&self, asset: AssetId) -> Option<usize> {
        let place = self.by_asset.binary_search_by_key(&asset, |&column| self.assets[column]).ok()?;
        Some(self.by_asset[place])
    }
}

/// One evaluation of a formula over a block of decisions.
pub(super) struct Evaluation<'e> {
    evaluator: &'e Evaluator,
    parameters: &'e [f64],
    scratch: &'e mut Scratch,
    /// The block of decision rows. A frame of all days is always evaluated whole.
    block: Range<usize>,
}

impl<'e> Evaluation<'e> {
    fn frame(&self, place: Place) -> &'e Frame {
        &self.evaluator.frames[place.set][place.rows]
    }

    pub(super) fn columns(&self, place: Place) -> usize {
        self.frame(place).assets.len()
    }

    pub(super) fn block(&self, place: Place) -> Range<usize> {
        if place.rows == DECISIONS { self.block.clone() } else { 0..self.frame(place).rows }
    }

    /// [`Frame::joined`] counted from the first row of the block.
    pub(super) fn joined(&self, place: Place) -> Vec<usize> {
        let block = self.block(place);
        self.frame(place).joined.iter().map(|&row| row.clamp(block.start, block.end) - block.start).collect()
    }

    fn buffer(&mut self, place: Place) -> Vec<f64> {
        let length = self.columns(place) * self.block(place).len();
        let mut buffer = self.scratch.buffers.pop().unwrap_or_default();
        buffer.resize(length, 0.0);
        buffer
    }

    pub(super) fn recycle(&mut self, value: Value) {
        if let Value::Owned(buffer) = value {
            self.scratch.buffers.push(buffer);
        }
    }

    pub(super) fn value(&mut self, node: &Node, place: Place) -> Value {
        match node {
            Node::Number(value) => Value::Scalar(*value),
            Node::Parameter(index) => Value::Scalar(self.parameters[*index]),
            Node::Series(_) | Node::Window(..) | Node::AverageTrueRange(_) | Node::Hold(_) => {
                Value::Shared(self.signal(node, place))
            }
            Node::Unary(UnaryOperator::Negate, x) => self.map(x, place, |x| UnaryOperator::Negate.apply(x)),
            Node::Unary(UnaryOperator::Not, x) => self.map(x, place, |x| UnaryOperator::Not.apply(x)),
            Node::Map(operator, x) => self.map(x, place, |x| operator.apply(x)),
            Node::Binary(operator, a, b) => self.binary(*operator, a, b, place),
            Node::Extreme(end, values) => {
                let mut chosen = self.value(&values[0], place);
                for value in &values[1..] {
                    let next = self.value(value, place);
                    chosen = self.zip(chosen, next, place, |a, b| end.of(a, b));
                }
                chosen
            }
            Node::Clip(parts) => {
                let [x, low, high] = &**parts;
                let (x, low) = (self.value(x, place), self.value(low, place));
                let raised = self.zip(x, low, place, |a, b| super::operators::End::Highest.of(a, b));
                let high = self.value(high, place);
                self.zip(raised, high, place, |a, b| super::operators::End::Lowest.of(a, b))
            }
            Node::If(parts) => self.choice(parts, place),
            Node::Choose(end, x, count) => {
                let n = count.get(self.parameters);
                let mut chosen = self.buffer(place);
                if is_signal(x) {
                    let places = self.places(*end, x, place);
                    self.copy(&Value::Shared(places), place, &mut chosen);
                } else {
                    let x = self.owned_members(x, place);
                    places(*end, &x, self.block(place).len(), &mut chosen);
                    self.scratch.buffers.push(x);
                }
                choose(n, &mut chosen, self.block(place).len(), &self.joined(place));
                Value::Owned(chosen)
            }
            Node::Cross(operator, x) => {
                let mut x = self.owned_members(x, place);
                let universe = &self.frame(place).universe;
                cross(*operator, &mut x, self.block(place).len(), &self.joined(place), universe);
                Value::Owned(x)
            }
            Node::Members => self.members(place),
            Node::Of(index, x) => self.of(*index, x, place),
            Node::Fixed(weights) => self.fixed(weights, place),
        }
    }

    fn map(&mut self, x: &Node, place: Place, f: impl Fn(f64) -> f64) -> Value {
        match self.value(x, place) {
            Value::Scalar(x) => Value::Scalar(f(x)),
            value => {
                let mut x = self.own(value, place);
                x.iter_mut().for_each(|x| *x = f(*x));
                Value::Owned(x)
            }
        }
    }

    /// The operator is decided here, so that each loop over a column is compiled for one operator.
    fn binary(&mut self, operator: BinaryOperator, a: &Node, b: &Node, place: Place) -> Value {
        use BinaryOperator as Op;
        let (a, b) = (self.value(a, place), self.value(b, place));
        match operator {
            Op::Or => self.zip(a, b, place, |a, b| Op::Or.apply(a, b)),
            Op::And => self.zip(a, b, place, |a, b| Op::And.apply(a, b)),
            Op::Less => self.zip(a, b, place, |a, b| Op::Less.apply(a, b)),
            Op::LessOrEqual => self.zip(a, b, place, |a, b| Op::LessOrEqual.apply(a, b)),
            Op::Greater => self.zip(a, b, place, |a, b| Op::Greater.apply(a, b)),
            Op::GreaterOrEqual => self.zip(a, b, place, |a, b| Op::GreaterOrEqual.apply(a, b)),
            Op::Equal => self.zip(a, b, place, |a, b| Op::Equal.apply(a, b)),
            Op::NotEqual => self.zip(a, b, place, |a, b| Op::NotEqual.apply(a, b)),
            Op::Add => self.zip(a, b, place, |a, b| Op::Add.apply(a, b)),
            Op::Subtract => self.zip(a, b, place, |a, b| Op::Subtract.apply(a, b)),
            Op::Multiply => self.zip(a, b, place, |a, b| Op::Multiply.apply(a, b)),
            Op::Divide => self.zip(a, b, place, |a, b| Op::Divide.apply(a, b)),
            Op::Power => self.zip(a, b, place, |a, b| Op::Power.apply(a, b)),
        }
    }

    fn zip(&mut self, a: Value, b: Value, place: Place, f: impl Fn(f64, f64) -> f64) -> Value {
        if let (Value::Scalar(a), Value::Scalar(b)) = (&a, &b) {
            return Value::Scalar(f(*a, *b));
        }
        let mut out = self.buffer(place);
        let rows = self.block(place).len();
        for (column, out) in out.chunks_mut(rows.max(1)).enumerate() {
            match (&a, &b) {
                (Value::Scalar(a), b) => {
                    let b = self.column(b, column, place);
                    out.iter_mut().zip(b).for_each(|(out, &b)| *out = f(*a, b));
                }
                (a, Value::Scalar(b)) => {
                    let a = self.column(a, column, place);
                    out.iter_mut().zip(a).for_each(|(out, &a)| *out = f(a, *b));
                }
                (a, b) => {
                    let (a, b) = (self.column(a, column, place), self.column(b, column, place));
                    out.iter_mut().zip(a.iter().zip(b)).for_each(|(out, (&a, &b))| *out = f(a, b));
                }
            }
        }
        self.recycle(a);
        self.recycle(b);
        Value::Owned(out)
    }

    fn choice(&mut self, parts: &[Node; 3], place: Place) -> Value {
        let [condition, yes, no] = parts.each_ref().map(|part| self.value(part, place));
        if let (Value::Scalar(condition), Value::Scalar(yes), Value::Scalar(no)) = (&condition, &yes, &no) {
            return Value::Scalar(select(*condition, *yes, *no));
        }
        let [condition, yes, no] = [condition, yes, no].map(|value| self.own(value, place));
        let mut out = condition;
        for (out, (&yes, &no)) in out.iter_mut().zip(yes.iter().zip(&no)) {
            *out = select(*out, yes, no);
        }
        self.scratch.buffers.extend([yes, no]);
        Value::Owned(out)
    }

    fn members(&mut self, place: Place) -> Value {
        let mut out = self.buffer(place);
        let rows = self.block(place).len();
        let joined = self.joined(place);
        for row in 0..rows {
            let count = joined.iter().filter(|&&joined| joined <= row).count();
            out[row..].iter_mut().step_by(rows).for_each(|cell| *cell = count as f64);
        }
        mask(&mut out, rows, &joined);
        Value::Owned(out)
    }

    fn of(&mut self, index: usize, x: &Node, place: Place) -> Value {
        // Other members matter only to operators across assets.
        let set = if x.is_cross_sectional() { 0 } else { index + 1 };
        let own_place = Place { set, ..place };
        let asset = self.evaluator.of[index];
        let column = asset.and_then(|asset| self.frame(own_place).column_of(asset));
        let value = self.value(x, own_place);
        let mut out = self.buffer(place);
        let rows = self.block(place).len();
        for cells in out.chunks_mut(rows.max(1)) {
            match (&value, column) {
                (Value::Scalar(value), _) => cells.fill(*value),
                (value, Some(column)) => cells.copy_from_slice(self.column(value, column, own_place)),
                (_, None) => cells.fill(f64::NAN),
            }
        }
        self.recycle(value);
        mask(&mut out, rows, &self.joined(place));
        Value::Owned(out)
    }

    fn fixed(&mut self, weights: &[(usize, Node)], place: Place) -> Value {
        let mut out = self.buffer(place);
        let rows = self.block(place).len();
        out.fill(f64::NAN);
        for (index, weight) in weights {
            let asset = self.evaluator.fixed[*index];
            if let Some(column) = asset.and_then(|asset| self.frame(place).column_of(asset)) {
                out[column * rows..][..rows].fill(weight.constant(self.parameters));
            }
        }
        Value::Owned(out)
    }

    /// A column of a value over the block; scalars have none.
    pub(super) fn column<'v>(&self, value: &'v Value, column: usize, place: Place) -> &'v [f64] {
        let block = self.block(place);
        match value {
            Value::Scalar(_) => &[],
            Value::Shared(signal) => {
                let start = column * self.frame(place).rows;
                &signal[start + block.start..start + block.end]
            }
            Value::Owned(values) => &values[column * block.len()..][..block.len()],
        }
    }

    /// Copies a value over the block into `out`.
    fn copy(&self, value: &Value, place: Place, out: &mut Vec<f64>) {
        out.clear();
        for column in 0..self.columns(place) {
            match value {
                Value::Scalar(value) => out.resize(out.len() + self.block(place).len(), *value),
                value => out.extend_from_slice(self.column(value, column, place)),
            }
        }
    }

    fn own(&mut self, value: Value, place: Place) -> Vec<f64> {
        if let Value::Owned(values) = value {
            return values;
        }
        let mut out = self.scratch.buffers.pop().unwrap_or_default();
        self.copy(&value, place, &mut out);
        out
    }

    /// A node's values for members, absent for everything else.
    fn owned_members(&mut self, x: &Node, place: Place) -> Vec<f64> {
        let value = self.value(x, place);
        let mut x = self.own(value, place);
        mask(&mut x, self.block(place).len(), &self.joined(place));
        x
    }

    /// The columns of a time operator over all rows of a frame, kept for other points.
    fn signal(&mut self, node: &Node, place: Place) -> Signal {
        self.kept(node, place, 0, |evaluation| evaluation.compute(node, place))
    }

    /// The places of a signal among the members, kept like it: points that differ in n share them.
    fn places(&mut self, end: super::operators::End, x: &Node, place: Place) -> Signal {
        self.kept(x, place, 1 + end as u64, |evaluation| {
            let frame = evaluation.frame(place);
            let mut values = evaluation.signal(x, place).to_vec();
            mask(&mut values, frame.rows, &frame.joined);
            let mut out = vec![0.0; values.len()];
            places(end, &values, frame.rows, &mut out);
            out
        })
    }

    fn kept(
        &mut self,
        node: &Node,
        place: Place,
        use_of_node: u64,
        compute: impl FnOnce(&mut Self) -> Vec<f64>,
    ) -> Signal {
        let mut key = std::mem::take(&mut self.scratch.key);
        key.clear();
        key.extend([(place.set * 2 + place.rows) as u64, use_of_node]);
        node.push_key(self.parameters, &mut key);
        let signals = &self.evaluator.signals;
        let signal = match signals.get(&key) {
            Some(signal) => signal,
            None => {
                let kept_key = key.clone();
                let values = compute(self);
                signals.keep(&kept_key, values)
            }
        };
        self.scratch.key = key;
        signal
    }

    fn compute(&mut self, node: &Node, place: Place) -> Vec<f64> {
        let frame = self.frame(place);
        let market = &*self.evaluator.market;
        let readiness = self.evaluator.readiness;
        let mut out = vec![f64::NAN; frame.assets.len() * frame.rows];
        let all_days = Place { rows: ALL_DAYS, ..place };
        let arguments: Vec<Value> = match node {
            Node::Window(_, x, _) if !matches!(**x, Node::Series(_)) => vec![self.value(x, all_days)],
            Node::Hold(parts) => parts.iter().map(|part| self.value(part, all_days)).collect(),
            _ => Vec::new(),
        };
        for (column, cells) in out.chunks_mut(frame.rows.max(1)).enumerate() {
            let (asset, start, first_row) =
                (frame.assets[column], frame.starts[column], frame.first_rows[column]);
            if let (Node::Series(Series::Open), Some((day, open_days))) = (node, &frame.open) {
                if open_days[column] <= *day {
                    cells.fill(market.open(asset)[*day]);
                }
                continue;
            }
            if first_row >= frame.rows {
                continue;
            }
            let days = Days { days: &frame.days[first_row..], start };
            let cells = &mut cells[first_row..];
            let argument =
                |place: usize| Argument { value: &arguments[place], column, start, days: market.days() };
            match node {
                Node::Series(series) => {
                    let source = &series_column(market, *series, asset)[start..];
                    series::window(super::operators::WindowOperator::Lag, source, 0, readiness, days, cells);
                }
                Node::Window(operator, x, count) => {
                    let n = count.get(self.parameters);
                    match **x {
                        Node::Series(series) => {
                            let source = &series_column(market, series, asset)[start..];
                            series::window(*operator, source, n, readiness, days, cells);
                        }
                        _ => series::window(*operator, &argument(0).numbers(), n, readiness, days, cells),
                    }
                }
                Node::AverageTrueRange(count) => {
                    let [high, low, close] = [Series::High, Series::Low, Series::Close]
                        .map(|series| &series_column(market, series, asset)[start..]);
                    series::average_true_range(high, low, close, count.get(self.parameters), days, cells);
                }
                Node::Hold(_) => {
                    let [enter, exit] = [0, 1].map(|place| argument(place).numbers());
                    let truth = |values: Vec<f64>| values.into_iter().map(is_true);
                    series::hold(truth(enter), truth(exit), days, cells);
                }
                _ => {}
            }
        }
        arguments.into_iter().for_each(|argument| self.recycle(argument));
        out
    }
}

/// The argument of a time operator for one asset.
struct Argument<'v> {
    value: &'v Value,
    column: usize,
    start: usize,
    days: usize,
}

impl Argument<'_> {
    /// Its values from the asset's first day to the last.
    fn numbers(&self) -> Vec<f64> {
        match self.value {
            Value::Scalar(value) => vec![*value; self.days - self.start],
            Value::Shared(values) => values[self.column * self.days..][self.start..self.days].to_vec(),
            Value::Owned(values) => values[self.column * self.days..][self.start..self.days].to_vec(),
        }
    }
}

fn select(condition: f64, yes: f64, no: f64) -> f64 {
    match condition.is_nan() {
        true => f64::NAN,
        false => {
            if is_true(condition) {
                yes
            } else {
                no
            }
        }
    }
}

fn series_column(market: &Market, series: Series, asset: AssetId) -> &[f64] {
    match series {
        Series::Open => market.open(asset),
        Series::High => market.high(asset),
        Series::Low => market.low(asset),
        Series::Close => market.close(asset),
        Series::Volume => market.volume(asset),
    }
}

fn is_signal(node: &Node) -> bool {
    matches!(node, Node::Series(_) | Node::Window(..) | Node::AverageTrueRange(_) | Node::Hold(_))
}

impl Node {
    /// Appends numbers that tell this operation with these parameter values from every other of the same formula.
    fn push_key(&self, parameters: &[f64], key: &mut Vec<u64>) {
        if self.is_constant() {
            key.extend([0, self.constant(parameters).to_bits()]);
            return;
        }
        match self {
            Node::Number(_) | Node::Parameter(_) => {}
            Node::Series(series) => key.extend([1, *series as u64]),
            Node::Unary(operator, _) => key.extend([2, *operator as u64]),
            Node::Binary(operator, _, _) => key.extend([3, *operator as u64]),
            Node::Map(operator, _) => key.extend([4, *operator as u64]),
            Node::Extreme(end, values) => key.extend([5, *end as u64, values.len() as u64]),
            Node::If(_) => key.push(6),
            Node::Clip(_) => key.push(7),
            Node::Window(operator, _, count) => {
                key.extend([8, *operator as u64, count.get(parameters) as u64])
            }
            Node::AverageTrueRange(count) => key.extend([9, count.get(parameters) as u64]),
            Node::Hold(_) => key.push(10),
            Node::Choose(end, _, count) => key.extend([11, *end as u64, count.get(parameters) as u64]),
            Node::Cross(operator, _) => key.extend([12, *operator as u64]),
            Node::Members => key.push(13),
            Node::Of(index, _) => key.extend([14, *index as u64]),
            Node::Fixed(weights) => {
                key.extend([15, weights.len() as u64]);
                key.extend(weights.iter().map(|(index, _)| *index as u64));
            }
        }
        for operand in self.operands() {
            operand.push_key(parameters, key);
        }
    }
}
