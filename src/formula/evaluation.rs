//! One evaluation of a formula over a block of decisions: nodes in, columns out.
//!
//! There are two kinds of operations. Operators over time make whole columns, which the points of a sweep share
//! ([`super::signals`]); all others run over flat blocks of decision rows, column by column. A decision at a close sees the
//! prices of that day. A decision at an open sees the open of that day and everything else as of the close before. Nothing sees
//! further. This file knows no operator by name.

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::deep::with_room;
use super::frame::{Frame, FrameAsset};
use super::grouped::ByGroup;
use super::kernel::block::Block;
use super::kernel::days::Readiness;
use super::kernel::numbers::{Input, Numbers};
use super::node::{Call, Formula, MOST_CONSTANTS, Node, NodeId};
use super::operator::{Across, Compute, Doubt, Period};
use super::periods::PeriodClock;
use super::signals::{Signal, Signals};
use super::syntax::BinaryOperator;
use crate::market::membership::Members;
use crate::market::prices::{AssetId, Market};

/// What was doubtful about weights from returns, by operator and kind: the first day of each.
pub(crate) type Doubts = BTreeMap<(&'static str, u8), (usize, Doubt)>;

/// What all evaluations of one formula read, whatever the values of its parameters.
#[derive(Debug)]
pub(crate) struct Sources {
    /// The prices.
    pub market: Arc<Market>,
    /// Whether operators over time have values before their windows are full.
    pub readiness: Readiness,
    /// A pair of frames for the formula itself, then a pair for each asset that `of` names, then a pair of no asset. A pair has
    /// the rows of the decisions ([`DECISIONS`]) and all days.
    pub frames: Vec<[Frame; 2]>,
    /// The assets that `fixed` names, in the order of the formula; `None` for an asset without prices.
    pub fixed: Vec<Option<AssetId>>,
    /// The assets that `of` names, in the order of the formulas; `None` for an asset without prices.
    pub of: Vec<Option<AssetId>>,
    /// The columns that points share.
    pub signals: Signals,
    /// For each of the groups of the strategy the number of each asset's group; NaN for an asset in none.
    pub groups: Vec<Vec<f64>>,
    /// The assets of each pair of frames.
    pub assets: Vec<Vec<FrameAsset>>,
    /// Weeks and months, once a formula asks for them.
    pub periods: [OnceLock<PeriodClock>; 2],
    /// What was doubtful so far.
    pub doubts: Mutex<Doubts>,
}

impl Sources {
    /// The weeks or months of the market.
    pub(super) fn clock(&self, period: Period) -> &PeriodClock {
        self.periods[period as usize].get_or_init(|| PeriodClock::new(period, &self.market, &self.assets))
    }

    /// Notes what was doubtful on a day about the weights of an operator.
    pub(super) fn doubt(&self, operator: &'static str, day: usize, doubt: Doubt) {
        let kind = match doubt {
            Doubt::FewDays { .. } => 0,
            Doubt::Unsettled { .. } => 1,
        };
        let mut doubts = self.doubts.lock().unwrap_or_else(PoisonError::into_inner);
        let first = doubts.entry((operator, kind)).or_insert((day, doubt));
        if day < first.0 {
            *first = (day, doubt);
        }
    }
}

/// The buffers of one thread, reused from point to point.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    buffers: Vec<Vec<f64>>,
    /// A key that is being made.
    pub(super) key: Vec<u64>,
    /// The values of the constants, by operation.
    pub(super) constants: Vec<f64>,
}

/// The index of the decision rows in a pair of frames.
pub(crate) const DECISIONS: usize = 0;
/// The index of all days in a pair of frames.
pub(super) const ALL_DAYS: usize = 1;

/// Which frame an operation is evaluated in: an index into [`Sources::frames`] and one into the pair there, or all weeks or
/// months of the same assets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FrameIndex {
    /// The assets.
    pub(super) pair: usize,
    /// The rows of the pair; all where there are periods.
    pub(super) rows: usize,
    /// What stands in place of days.
    pub(super) period: Option<Period>,
}

impl FrameIndex {
    /// The decisions of the formula itself.
    pub(crate) const DECISIONS: FrameIndex = FrameIndex { pair: 0, rows: DECISIONS, period: None };

    /// All days, for no asset.
    pub(crate) fn no_asset(sources: &Sources) -> FrameIndex {
        FrameIndex { pair: sources.frames.len() - 1, rows: ALL_DAYS, period: None }
    }

    /// All days of the same assets, or all weeks or months.
    pub(super) fn all_days(self) -> FrameIndex {
        FrameIndex { rows: ALL_DAYS, ..self }
    }
}

/// The value of a node over a block.
#[derive(Debug)]
pub(crate) enum Value {
    /// The same number everywhere.
    Scalar(f64),
    /// Columns over all rows of the frame.
    Shared(Signal),
    /// Columns over the block.
    Owned(Vec<f64>),
    /// Columns over the block that several operations use.
    Once(Rc<Vec<f64>>),
}

/// One evaluation of a formula over a block of decisions.
#[derive(Debug)]
pub(crate) struct Evaluation<'e> {
    /// What it reads.
    pub sources: &'e Sources,
    /// The formula.
    pub formula: &'e Formula,
    /// The buffers of the thread.
    pub scratch: &'e mut Scratch,
    /// The block of decision rows. A frame of all days is always evaluated whole.
    pub block: Range<usize>,
    /// The values of operations that several others use.
    once: Vec<(NodeId, FrameIndex, Value)>,
    /// The ids of operations in the store of signals, where they are known.
    pub(super) ids: Vec<u64>,
}

impl<'e> Evaluation<'e> {
    /// An evaluation over a block of decisions; the parameter values must have passed [`Formula::depth`].
    pub(crate) fn new(
        sources: &'e Sources,
        formula: &'e Formula,
        parameters: &[f64],
        scratch: &'e mut Scratch,
        block: Range<usize>,
    ) -> Evaluation<'e> {
        formula.write_constants(parameters, &mut scratch.constants);
        Evaluation { sources, formula, scratch, block, once: Vec::new(), ids: Vec::new() }
    }

    /// The frame of an index.
    pub(super) fn frame(&self, at: FrameIndex) -> &'e Frame {
        match at.period {
            None => &self.sources.frames[at.pair][at.rows],
            Some(period) => &self.sources.clock(period).frames[at.pair],
        }
    }

    /// Number of columns.
    pub(crate) fn columns(&self, at: FrameIndex) -> usize {
        self.frame(at).assets.len()
    }

    /// The rows of the block.
    pub(crate) fn block(&self, at: FrameIndex) -> Range<usize> {
        if at.rows == DECISIONS && at.period.is_none() { self.block.clone() } else { 0..self.frame(at).rows }
    }

    /// The members, on rows counted from the first of the block.
    pub(crate) fn members(&self, at: FrameIndex) -> Members {
        self.frame(at).members.within(&self.block(at))
    }

    /// A buffer for the columns of a frame over the block.
    pub(super) fn buffer(&mut self, at: FrameIndex) -> Vec<f64> {
        let length = self.columns(at) * self.block(at).len();
        let mut buffer = self.scratch.buffers.pop().unwrap_or_default();
        buffer.resize(length, 0.0);
        buffer
    }

    /// Takes back the buffer of a value that is no longer needed.
    pub(crate) fn recycle(&mut self, value: Value) {
        if let Value::Owned(buffer) = value {
            self.scratch.buffers.push(buffer);
        }
    }

    /// The value of an operation.
    pub(crate) fn value(&mut self, id: NodeId, at: FrameIndex) -> Value {
        if !self.formula.facts[id].is_shared {
            return with_room(|| self.value_itself(id, at));
        }
        if let Some((.., value)) = self.once.iter().find(|known| (known.0, known.1) == (id, at)) {
            return value.again();
        }
        let value = match with_room(|| self.value_itself(id, at)) {
            Value::Owned(values) => Value::Once(Rc::new(values)),
            value => value,
        };
        self.once.push((id, at, value.again()));
        value
    }

    fn value_itself(&mut self, id: NodeId, at: FrameIndex) -> Value {
        let formula = self.formula;
        match &formula.nodes[id] {
            Node::Number(value) => Value::Scalar(*value),
            Node::Parameter(_) => Value::Scalar(self.scratch.constants[id]),
            Node::Series(_) | Node::External(_) | Node::Groups(_) => Value::Shared(self.signal(id, at)),
            Node::Unary(operator, x) => self.map(*x, at, |x| operator.apply(x)),
            Node::Binary(operator, operands) => self.binary(*operator, *operands, at),
            Node::Call(call) => match &call.operator.compute {
                Compute::Numbers(numbers) => self.numbers(numbers, call, at),
                Compute::Across(across) if !call.is_kept() => self.across(across, call, at),
                Compute::OfAsset => self.of_asset(call, at),
                Compute::ByTicker => self.by_ticker(call, at),
                Compute::Fill => self.fill(call, at),
                Compute::Partial => self.value(call.operands[0], at),
                Compute::Within | Compute::State(_) => Value::Scalar(f64::NAN),
                _ => Value::Shared(self.signal(id, at)),
            },
        }
    }

    fn map(&mut self, x: NodeId, at: FrameIndex, f: impl Fn(f64) -> f64) -> Value {
        match self.value(x, at) {
            Value::Scalar(x) => Value::Scalar(f(x)),
            value => {
                let mut x = self.own(value, at);
                x.iter_mut().for_each(|x| *x = f(*x));
                Value::Owned(x)
            }
        }
    }

    /// Chooses the operator outside of the loop, so that each loop over a column is compiled for one operator.
    fn binary(&mut self, operator: BinaryOperator, operands: [NodeId; 2], at: FrameIndex) -> Value {
        use BinaryOperator as Op;
        let [a, b] = operands.map(|operand| self.value(operand, at));
        match operator {
            Op::Or => self.zip(a, b, at, |a, b| Op::Or.apply(a, b)),
            Op::And => self.zip(a, b, at, |a, b| Op::And.apply(a, b)),
            Op::Less => self.zip(a, b, at, |a, b| Op::Less.apply(a, b)),
            Op::LessOrEqual => self.zip(a, b, at, |a, b| Op::LessOrEqual.apply(a, b)),
            Op::Greater => self.zip(a, b, at, |a, b| Op::Greater.apply(a, b)),
            Op::GreaterOrEqual => self.zip(a, b, at, |a, b| Op::GreaterOrEqual.apply(a, b)),
            Op::Equal => self.zip(a, b, at, |a, b| Op::Equal.apply(a, b)),
            Op::NotEqual => self.zip(a, b, at, |a, b| Op::NotEqual.apply(a, b)),
            Op::Add => self.zip(a, b, at, |a, b| Op::Add.apply(a, b)),
            Op::Subtract => self.zip(a, b, at, |a, b| Op::Subtract.apply(a, b)),
            Op::Multiply => self.zip(a, b, at, |a, b| Op::Multiply.apply(a, b)),
            Op::Divide => self.zip(a, b, at, |a, b| Op::Divide.apply(a, b)),
            Op::Power => self.zip(a, b, at, |a, b| Op::Power.apply(a, b)),
        }
    }

    fn zip(&mut self, a: Value, b: Value, at: FrameIndex, f: impl Fn(f64, f64) -> f64) -> Value {
        if let (Value::Scalar(a), Value::Scalar(b)) = (&a, &b) {
            return Value::Scalar(f(*a, *b));
        }
        let mut out = self.buffer(at);
        let rows = self.block(at).len();
        for (column, out) in out.chunks_mut(rows.max(1)).enumerate() {
            match (&a, &b) {
                (Value::Scalar(a), b) => {
                    let b = self.column(b, column, at);
                    out.iter_mut().zip(b).for_each(|(out, &b)| *out = f(*a, b));
                }
                (a, Value::Scalar(b)) => {
                    let a = self.column(a, column, at);
                    out.iter_mut().zip(a).for_each(|(out, &a)| *out = f(a, *b));
                }
                (a, b) => {
                    let (a, b) = (self.column(a, column, at), self.column(b, column, at));
                    out.iter_mut().zip(a.iter().zip(b)).for_each(|(out, (&a, &b))| *out = f(a, b));
                }
            }
        }
        self.recycle(a);
        self.recycle(b);
        Value::Owned(out)
    }

    fn numbers(&mut self, numbers: &Numbers, call: &Call, at: FrameIndex) -> Value {
        let values: Vec<Value> = call.operands.iter().map(|operand| self.value(*operand, at)).collect();
        let scalars: Option<Vec<f64>> = values
            .iter()
            .map(|value| if let Value::Scalar(value) = value { Some(*value) } else { None })
            .collect();
        if let Some(scalars) = scalars {
            return Value::Scalar((numbers.value)(&mut scalars.into_iter()));
        }
        let mut out = self.buffer(at);
        let rows = self.block(at).len();
        let mut inputs = Vec::with_capacity(values.len());
        for (column, out) in out.chunks_mut(rows.max(1)).enumerate() {
            inputs.clear();
            inputs.extend(values.iter().map(|value| match value {
                Value::Scalar(value) => Input::Number(*value),
                value => Input::Column(self.column(value, column, at)),
            }));
            (numbers.columns)(&inputs, out);
        }
        values.into_iter().for_each(|value| self.recycle(value));
        Value::Owned(out)
    }

    fn across(&mut self, across: &Across, call: &Call, at: FrameIndex) -> Value {
        let mut buffer = [0.0; MOST_CONSTANTS];
        let constants = call.constants(&self.scratch.constants, &mut buffer);
        let members = self.members(at);
        let block =
            Block { rows: self.block(at).len(), members: &members, universe: &self.frame(at).universe };
        if let Some(groups) = call.groups {
            let mut x = match call.operands.first() {
                Some(x) => self.values_of_members(*x, &block, at),
                None => self.buffer(at),
            };
            let groups = self.values_of_members(groups, &block, at);
            let by_group = ByGroup {
                shared: across.shared,
                compute: across.compute,
                constants,
                groups: &groups,
                block: &block,
            };
            by_group.row_by_row(&mut x);
            self.scratch.buffers.push(groups);
            return Value::Owned(x);
        }
        let mut out = match (call.operands.first(), across.shared) {
            (None, _) => self.buffer(at),
            (Some(x), None) => self.values_of_members(*x, &block, at),
            (Some(x), Some(shared)) if self.formula.is_kept(*x) => {
                let first_step = self.first_step(shared, call, *x, at);
                let mut out = self.buffer(at);
                self.copy(&Value::Shared(first_step), at, &mut out);
                out
            }
            (Some(x), Some(shared)) => {
                let mut out = self.buffer(at);
                let x = self.values_of_members(*x, &block, at);
                shared(&x, &block, &mut out);
                self.scratch.buffers.push(x);
                out
            }
        };
        (across.compute)(&mut out, constants, &block);
        block.clear_outside(&mut out);
        Value::Owned(out)
    }

    /// The first operand, or the second where that is absent, from each asset's first day on; for an asset that `fixed` alone
    /// names from the first row on.
    fn fill(&mut self, call: &Call, at: FrameIndex) -> Value {
        let [x, otherwise] = call.operands[..] else { return Value::Scalar(f64::NAN) };
        let (x, otherwise) = (self.value(x, at), self.value(otherwise, at));
        let filled = self.zip(x, otherwise, at, |x, otherwise| if x.is_nan() { otherwise } else { x });
        if let Value::Scalar(_) = filled {
            return filled;
        }
        let mut out = self.own(filled, at);
        let (frame, block) = (self.frame(at), self.block(at));
        for (column, cells) in out.chunks_mut(block.len().max(1)).enumerate() {
            let absent = frame.first_rows_of_fill[column].saturating_sub(block.start).min(block.len());
            cells[..absent].fill(f64::NAN);
        }
        Value::Owned(out)
    }

    fn of_asset(&mut self, call: &Call, at: FrameIndex) -> Value {
        let ([x], [index]) = (&call.operands[..], &call.tickers[..]) else { return Value::Scalar(f64::NAN) };
        // Only operators across assets need the other members.
        let pair = if self.formula.facts[*x].is_across { 0 } else { index + 1 };
        let own_at = FrameIndex { pair, ..at };
        let asset = self.sources.of[*index];
        let column = asset.and_then(|asset| self.frame(own_at).column_of(asset));
        let value = self.value(*x, own_at);
        let mut out = self.buffer(at);
        let block = self.block(at);
        let first_rows = &self.frame(at).first_rows_of;
        for (cells, first_row) in out.chunks_mut(block.len().max(1)).zip(first_rows) {
            match (&value, column) {
                (Value::Scalar(value), _) => cells.fill(*value),
                (value, Some(column)) => cells.copy_from_slice(self.column(value, column, own_at)),
                (_, None) => cells.fill(f64::NAN),
            }
            let absent = first_row.saturating_sub(block.start).min(block.len());
            cells[..absent].fill(f64::NAN);
        }
        self.recycle(value);
        Value::Owned(out)
    }

    fn by_ticker(&mut self, call: &Call, at: FrameIndex) -> Value {
        let mut out = self.buffer(at);
        let rows = self.block(at).len();
        out.fill(f64::NAN);
        for (index, weight) in call.tickers.iter().zip(&call.operands) {
            let asset = self.sources.fixed[*index];
            if let Some(column) = asset.and_then(|asset| self.frame(at).column_of(asset)) {
                out[column * rows..][..rows].fill(self.scratch.constants[*weight]);
            }
        }
        Value::Owned(out)
    }

    /// A column of a value over the block; empty for a scalar.
    pub(crate) fn column<'v>(&self, value: &'v Value, column: usize, at: FrameIndex) -> &'v [f64] {
        let block = self.block(at);
        match value {
            Value::Scalar(_) => &[],
            Value::Shared(signal) => {
                let start = column * self.frame(at).rows;
                &signal[start + block.start..start + block.end]
            }
            Value::Owned(values) => &values[column * block.len()..][..block.len()],
            Value::Once(values) => &values[column * block.len()..][..block.len()],
        }
    }

    /// Copies a value over the block into `out`.
    pub(crate) fn copy(&self, value: &Value, at: FrameIndex, out: &mut Vec<f64>) {
        out.clear();
        for column in 0..self.columns(at) {
            match value {
                Value::Scalar(value) => out.resize(out.len() + self.block(at).len(), *value),
                value => out.extend_from_slice(self.column(value, column, at)),
            }
        }
    }

    fn own(&mut self, value: Value, at: FrameIndex) -> Vec<f64> {
        if let Value::Owned(values) = value {
            return values;
        }
        let mut out = self.scratch.buffers.pop().unwrap_or_default();
        self.copy(&value, at, &mut out);
        out
    }

    /// The values of a node for members; absent for all other cells.
    pub(super) fn values_of_members(&mut self, x: NodeId, block: &Block, at: FrameIndex) -> Vec<f64> {
        let value = self.value(x, at);
        let mut x = self.own(value, at);
        block.clear_outside(&mut x);
        x
    }
}

impl Value {
    /// The same value once more; one that is owned has no other.
    fn again(&self) -> Value {
        match self {
            Value::Scalar(value) => Value::Scalar(*value),
            Value::Shared(signal) => Value::Shared(Arc::clone(signal)),
            Value::Once(values) => Value::Once(Rc::clone(values)),
            Value::Owned(values) => Value::Owned(values.clone()),
        }
    }
}
