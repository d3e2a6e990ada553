//! One evaluation of a formula over a block of decisions: nodes in, columns out.
//!
//! There are two kinds of operations. Operators over time make whole columns, which the points of a sweep share
//! ([`super::signals`]); all others run over flat blocks of decision rows, column by column. A decision at a close sees the
//! prices of that day. A decision at an open sees the open of that day and everything else as of the close before. Nothing sees
//! further. This file knows no operator by name.

use std::ops::Range;
use std::sync::Arc;

use super::frame::Frame;
use super::kernel::block::Block;
use super::kernel::days::{Days, Readiness};
use super::kernel::numbers::{Input, Numbers};
use super::node::{Call, MOST_COUNTS, Node};
use super::operator::{Across, Compute, FirstStep, OverTime, Window};
use super::signals::{Signal, Signals};
use super::syntax::BinaryOperator;
use crate::market::columns::Column;
use crate::market::membership::Members;
use crate::market::prices::{AssetId, Market};

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
}

/// The buffers of one thread, reused from point to point.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    buffers: Vec<Vec<f64>>,
    key: Vec<u64>,
}

/// The index of the decision rows in a pair of frames.
pub(crate) const DECISIONS: usize = 0;
/// The index of all days in a pair of frames.
const ALL_DAYS: usize = 1;

/// Which frame a node is evaluated in: an index into [`Sources::frames`] and one into the pair there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FrameIndex {
    pair: usize,
    rows: usize,
}

impl FrameIndex {
    /// The decisions of the formula itself.
    pub(crate) const DECISIONS: FrameIndex = FrameIndex { pair: 0, rows: DECISIONS };

    /// All days, for no asset.
    pub(crate) fn no_asset(sources: &Sources) -> FrameIndex {
        FrameIndex { pair: sources.frames.len() - 1, rows: ALL_DAYS }
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
}

/// One evaluation of a formula over a block of decisions.
#[derive(Debug)]
pub(crate) struct Evaluation<'e> {
    /// What it reads.
    pub sources: &'e Sources,
    /// The values of the parameters.
    pub parameters: &'e [f64],
    /// The buffers of the thread.
    pub scratch: &'e mut Scratch,
    /// The block of decision rows. A frame of all days is always evaluated whole.
    pub block: Range<usize>,
}

impl<'e> Evaluation<'e> {
    fn frame(&self, at: FrameIndex) -> &'e Frame {
        &self.sources.frames[at.pair][at.rows]
    }

    /// Number of columns.
    pub(crate) fn columns(&self, at: FrameIndex) -> usize {
        self.frame(at).assets.len()
    }

    /// The rows of the block.
    pub(crate) fn block(&self, at: FrameIndex) -> Range<usize> {
        if at.rows == DECISIONS { self.block.clone() } else { 0..self.frame(at).rows }
    }

    /// The members, on rows counted from the first of the block.
    pub(crate) fn members(&self, at: FrameIndex) -> Members {
        self.frame(at).members.within(&self.block(at))
    }

    fn buffer(&mut self, at: FrameIndex) -> Vec<f64> {
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

    /// The value of a node.
    pub(crate) fn value(&mut self, node: &Node, at: FrameIndex) -> Value {
        match node {
            Node::Number(value) => Value::Scalar(*value),
            Node::Parameter(index) => Value::Scalar(self.parameters[*index]),
            Node::Series(_) => Value::Shared(self.signal(node, at)),
            Node::Unary(operator, x) => self.map(x, at, |x| operator.apply(x)),
            Node::Binary(operator, operands) => self.binary(*operator, operands, at),
            Node::Call(call) => match &call.operator.compute {
                Compute::Numbers(numbers) => self.numbers(numbers, call, at),
                Compute::OverTime(_) => Value::Shared(self.signal(node, at)),
                Compute::Across(across) => self.across(across, call, at),
                Compute::OfAsset => self.of_asset(call, at),
                Compute::ByTicker => self.by_ticker(call, at),
            },
        }
    }

    fn map(&mut self, x: &Node, at: FrameIndex, f: impl Fn(f64) -> f64) -> Value {
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
    fn binary(&mut self, operator: BinaryOperator, operands: &[Node; 2], at: FrameIndex) -> Value {
        use BinaryOperator as Op;
        let [a, b] = operands.each_ref().map(|operand| self.value(operand, at));
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
        let values: Vec<Value> = call.operands.iter().map(|operand| self.value(operand, at)).collect();
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
        let mut buffer = [0; MOST_COUNTS];
        let counts = call.counts(self.parameters, &mut buffer);
        let members = self.members(at);
        let block =
            Block { rows: self.block(at).len(), members: &members, universe: &self.frame(at).universe };
        let mut out = match (call.operands.first(), across.shared) {
            (None, _) => self.buffer(at),
            (Some(x), None) => self.values_of_members(x, &block, at),
            (Some(x), Some(shared)) if x.is_kept() => {
                let first_step = self.first_step(shared, call, x, at);
                let mut out = self.buffer(at);
                self.copy(&Value::Shared(first_step), at, &mut out);
                out
            }
            (Some(x), Some(shared)) => {
                let mut out = self.buffer(at);
                let x = self.values_of_members(x, &block, at);
                shared(&x, &block, &mut out);
                self.scratch.buffers.push(x);
                out
            }
        };
        (across.compute)(&mut out, counts, &block);
        block.clear_outside(&mut out);
        Value::Owned(out)
    }

    fn of_asset(&mut self, call: &Call, at: FrameIndex) -> Value {
        let ([x], [index]) = (&call.operands[..], &call.tickers[..]) else { return Value::Scalar(f64::NAN) };
        // Only operators across assets need the other members.
        let pair = if x.is_across() { 0 } else { index + 1 };
        let own_at = FrameIndex { pair, ..at };
        let asset = self.sources.of[*index];
        let column = asset.and_then(|asset| self.frame(own_at).column_of(asset));
        let value = self.value(x, own_at);
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
                out[column * rows..][..rows].fill(weight.constant(self.parameters));
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
    fn values_of_members(&mut self, x: &Node, block: &Block, at: FrameIndex) -> Vec<f64> {
        let value = self.value(x, at);
        let mut x = self.own(value, at);
        block.clear_outside(&mut x);
        x
    }

    /// The columns of a node over all rows of a frame, kept for other points.
    fn signal(&mut self, node: &Node, at: FrameIndex) -> Signal {
        self.kept(node, at, 0, |evaluation| evaluation.compute(node, at))
    }

    /// The result of the first step of an operator on a signal, kept like the signal: points with other counts share it.
    fn first_step(&mut self, shared: FirstStep, call: &Call, x: &Node, at: FrameIndex) -> Signal {
        let use_of_node = std::ptr::from_ref(call.operator).addr() as u64;
        self.kept(x, at, use_of_node, |evaluation| {
            let frame = evaluation.frame(at);
            let block = Block { rows: frame.rows, members: &frame.members, universe: &frame.universe };
            let mut values = evaluation.signal(x, at).to_vec();
            block.clear_outside(&mut values);
            let mut out = vec![0.0; values.len()];
            shared(&values, &block, &mut out);
            out
        })
    }

    fn kept(
        &mut self,
        node: &Node,
        at: FrameIndex,
        use_of_node: u64,
        compute: impl FnOnce(&mut Self) -> Vec<f64>,
    ) -> Signal {
        let mut key = std::mem::take(&mut self.scratch.key);
        key.clear();
        key.extend([(at.pair * 2 + at.rows) as u64, use_of_node]);
        node.push_key(self.parameters, &mut key);
        let signals = &self.sources.signals;
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

    fn compute(&mut self, node: &Node, at: FrameIndex) -> Vec<f64> {
        let frame = self.frame(at);
        let mut out = vec![f64::NAN; frame.assets.len() * frame.rows];
        match node {
            Node::Series(series) => self.series(*series, frame, &mut out),
            Node::Call(call) => {
                if let Compute::OverTime(compute) = call.operator.compute {
                    self.over_time(compute, call, at, &mut out);
                }
            }
            _ => {}
        }
        out
    }

    fn series(&self, series: Column, frame: &Frame, out: &mut [f64]) {
        let market = &self.sources.market;
        for (column, cells) in out.chunks_mut(frame.rows.max(1)).enumerate() {
            let Some(asset) = frame.assets[column] else { continue };
            let (start, first_row) = (frame.starts[column], frame.first_rows[column]);
            match &frame.open {
                Some((day, open_days)) if series == Column::Open => {
                    let value = if open_days[column] <= *day { market.open(asset)[*day] } else { f64::NAN };
                    cells.fill(value);
                }
                _ if first_row < frame.rows => {
                    let days = Days { days: &frame.days[first_row..], start };
                    days.gather(&mut cells[first_row..], &market.column(series, asset)[start..]);
                }
                _ => {}
            }
        }
    }

    fn over_time(&mut self, compute: OverTime, call: &Call, at: FrameIndex, out: &mut [f64]) {
        let frame = self.frame(at);
        let market = &*self.sources.market;
        let mut buffer = [0; MOST_COUNTS];
        let counts = call.counts(self.parameters, &mut buffer);
        let all_days = FrameIndex { rows: ALL_DAYS, ..at };
        let operands: Vec<Operand> = call
            .operands
            .iter()
            .map(|operand| match operand {
                Node::Series(series) => Operand::Series(*series),
                operand => match self.value(operand, all_days) {
                    // As long as a column of all days, so that it can be sliced like one.
                    Value::Scalar(value) => Operand::Number(vec![value; market.days()]),
                    value => Operand::Value(value),
                },
            })
            .collect();
        let mut columns = Vec::with_capacity(operands.len());
        // A formula that is evaluated for no asset reads no column of its own.
        let nothing = if frame.assets.contains(&None) { vec![f64::NAN; market.days()] } else { Vec::new() };
        for (column, cells) in out.chunks_mut(frame.rows.max(1)).enumerate() {
            let (asset, start, first_row) =
                (frame.assets[column], frame.starts[column], frame.first_rows[column]);
            if first_row >= frame.rows {
                continue;
            }
            columns.clear();
            columns.extend(operands.iter().map(|operand| match operand {
                Operand::Series(series) => {
                    &asset.map_or(&*nothing, |asset| market.column(*series, asset))[start..]
                }
                Operand::Number(values) => &values[start..],
                Operand::Value(value) => &self.column(value, column, all_days)[start..],
            }));
            let window = Window { columns: &columns, counts, readiness: self.sources.readiness };
            compute(&window, Days { days: &frame.days[first_row..], start }, &mut cells[first_row..]);
        }
        for operand in operands {
            if let Operand::Value(value) = operand {
                self.recycle(value);
            }
        }
    }
}

/// An operand of an operator over time.
enum Operand {
    /// A column of the market, read in place.
    Series(Column),
    /// The same number on every day.
    Number(Vec<f64>),
    /// Columns over all days.
    Value(Value),
}
