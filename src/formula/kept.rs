//! Columns that points share: how they are known again, and how they are computed over all rows of a frame.

use super::deep::with_room;
use super::evaluation::{Evaluation, FrameIndex, Value};
use super::frame::Frame;
use super::kernel::block::Block;
use super::kernel::days::Days;
use super::node::{Call, MOST_CONSTANTS, Node, NodeId};
use super::operator::{Compute, FirstStep, OverTime, Period, Window};
use super::signals::Signal;
use crate::market::columns::Column;

/// What stands before the bits of a constant, or the number of a column, in a key.
mod tag {
    pub(super) const CONSTANT: u64 = 0;
    pub(super) const SERIES: u64 = 1;
    pub(super) const EXTERNAL: u64 = 2;
    pub(super) const GROUPS: u64 = 3;
    pub(super) const UNARY: u64 = 4;
    pub(super) const BINARY: u64 = 5;
    pub(super) const CALL: u64 = 6;
    pub(super) const KNOWN: u64 = 7;
}

impl Evaluation<'_> {
    /// The columns of an operation over all rows of a frame, kept for other points.
    pub(super) fn signal(&mut self, id: NodeId, at: FrameIndex) -> Signal {
        self.kept(id, at, 0, |evaluation| evaluation.compute(id, at))
    }

    /// The result of the first step of an operator on a signal, kept like the signal: points with other constants share it.
    pub(super) fn first_step(&mut self, shared: FirstStep, call: &Call, x: NodeId, at: FrameIndex) -> Signal {
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
        id: NodeId,
        at: FrameIndex,
        use_of_node: u64,
        compute: impl FnOnce(&mut Self) -> Vec<f64>,
    ) -> Signal {
        let mut key = std::mem::take(&mut self.scratch.key);
        key.clear();
        let period = at.period.map_or(0, |period| 1 + period as u64);
        key.extend([((at.pair * 2 + at.rows) * 3) as u64 + period, use_of_node]);
        self.push_key(id, &mut key);
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

    /// Appends numbers that distinguish this operation, with these constants, from every other.
    fn push_key(&mut self, id: NodeId, key: &mut Vec<u64>) {
        let formula = self.formula;
        if formula.facts[id].is_constant {
            key.extend([tag::CONSTANT, self.scratch.constants[id].to_bits()]);
            return;
        }
        match &formula.nodes[id] {
            Node::Number(_) | Node::Parameter(_) => {}
            Node::Series(series) => key.extend([tag::SERIES, *series as u64]),
            Node::External(index) => key.extend([tag::EXTERNAL, *index as u64]),
            Node::Groups(index) => key.extend([tag::GROUPS, *index as u64]),
            Node::Unary(operator, x) => {
                key.extend([tag::UNARY, *operator as u64]);
                self.push_operand(*x, key);
            }
            Node::Binary(operator, operands) => {
                key.extend([tag::BINARY, *operator as u64]);
                operands.iter().for_each(|operand| self.push_operand(*operand, key));
            }
            Node::Call(call) => self.push_call(call, key),
        }
    }

    fn push_call(&mut self, call: &Call, key: &mut Vec<u64>) {
        if matches!(call.operator.compute, Compute::Partial) {
            return self.push_key(call.operands[0], key);
        }
        // Each operator is one static item, so its address identifies it.
        key.extend([tag::CALL, std::ptr::from_ref(call.operator).addr() as u64]);
        let shape = [call.operands.len(), call.constants.len(), call.tickers.len()];
        key.extend(shape.map(|length| length as u64));
        key.push(u64::from(call.partial));
        key.extend(call.constants.iter().map(|constant| self.scratch.constants[constant.value].to_bits()));
        key.extend(call.tickers.iter().map(|&ticker| ticker as u64));
        for operand in call.operands.iter().copied().chain(call.groups) {
            self.push_operand(operand, key);
        }
    }

    /// Appends the key of a column or a constant, or the number under which an operation is known.
    fn push_operand(&mut self, id: NodeId, key: &mut Vec<u64>) {
        let formula = self.formula;
        match &formula.nodes[id] {
            Node::Series(_) | Node::External(_) | Node::Groups(_) => self.push_key(id, key),
            _ if formula.facts[id].is_constant => self.push_key(id, key),
            Node::Call(call) if matches!(call.operator.compute, Compute::Partial) => {
                self.push_operand(call.operands[0], key);
            }
            _ => {
                if self.ids.is_empty() {
                    self.ids = vec![u64::MAX; formula.nodes.len()];
                }
                if self.ids[id] == u64::MAX {
                    let mut own = Vec::new();
                    with_room(|| self.push_key(id, &mut own));
                    self.ids[id] = self.sources.signals.id(own);
                }
                key.extend([tag::KNOWN, self.ids[id]]);
            }
        }
    }

    fn compute(&mut self, id: NodeId, at: FrameIndex) -> Vec<f64> {
        let (formula, frame) = (self.formula, self.frame(at));
        let mut out = vec![f64::NAN; frame.assets.len() * frame.rows];
        match &formula.nodes[id] {
            Node::Series(series) => self.series(*series, at, &mut out),
            Node::External(index) => self.external(*index, at, &mut out),
            Node::Groups(index) => {
                for (cells, asset) in out.chunks_mut(frame.rows.max(1)).zip(&frame.assets) {
                    let number = asset.and_then(|asset| self.sources.groups[*index].get(asset.0 as usize));
                    cells.fill(number.copied().unwrap_or(f64::NAN));
                }
            }
            Node::Call(call) => match call.operator.compute {
                Compute::OverTime(compute) => self.over_time(compute, call, at, &mut out),
                Compute::Hold(compute) if !self.names_state(call) && !call.has_optional() => {
                    self.over_time(compute, call, at, &mut out);
                }
                Compute::Hold(_) => self.hold(call, at, &mut out),
                Compute::Calendar(number) => {
                    let calendar = self.sources.market.calendar();
                    self.each_known_row(at, &mut out, |_, day| number(calendar, day));
                }
                Compute::Periods(period) => self.periods(period, call.operands[0], at, &mut out),
                Compute::Daily => self.daily(call.operands[0], at, &mut out),
                Compute::Across(across) => {
                    if let Some(with_memory) = across.with_memory {
                        self.with_memory(with_memory, call, at, &mut out);
                    }
                }
                Compute::FromReturns(compute) => self.weights_from_returns(compute, call, at, &mut out),
                _ => {}
            },
            _ => {}
        }
        out
    }

    /// Whether an argument of a hold names its state.
    fn names_state(&self, call: &Call) -> bool {
        call.operands.iter().any(|operand| self.formula.facts[*operand].names_state)
    }

    /// Number of days, or of weeks or months.
    pub(super) fn length(&self, period: Option<Period>) -> usize {
        match period {
            None => self.sources.market.days(),
            Some(period) => self.sources.clock(period).len(),
        }
    }

    /// Writes a number for each column and day, from each asset's first day on; within weeks or months the day is their last,
    /// for a decision at an open that of the open.
    pub(super) fn each_known_row(
        &self,
        at: FrameIndex,
        out: &mut [f64],
        number: impl Fn(usize, usize) -> f64,
    ) {
        let frame = self.frame(at);
        for (column, cells) in out.chunks_mut(frame.rows.max(1)).enumerate() {
            if let Some((day, open_days)) = &frame.open {
                if open_days[column] <= *day {
                    cells.fill(number(column, *day));
                }
                continue;
            }
            let first_row = frame.first_rows[column].min(frame.rows);
            for (cell, row) in cells[first_row..].iter_mut().zip(first_row..) {
                let day = frame.days[row] as usize;
                let day = at.period.map_or(day, |period| self.sources.clock(period).last_day(day));
                *cell = number(column, day);
            }
        }
    }

    fn series(&self, series: Column, at: FrameIndex, out: &mut [f64]) {
        let (frame, market) = (self.frame(at), &self.sources.market);
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
                    let bars = match at.period {
                        None => market.column(series, asset),
                        Some(period) => self.sources.clock(period).column(series, asset),
                    };
                    days.gather(&mut cells[first_row..], &bars[start..]);
                }
                _ => {}
            }
        }
    }

    /// A column of numbers from files. What is known of a day is known at its close, dates known in advance at its open too.
    fn external(&self, index: usize, at: FrameIndex, out: &mut [f64]) {
        let (frame, market) = (self.frame(at), &self.sources.market);
        if frame.open.is_some() && !market.external_is_known_at_open(index) {
            for (column, cells) in out.chunks_mut(frame.rows.max(1)).enumerate() {
                let (first_row, start) = (frame.first_rows[column], frame.starts[column]);
                if let (Some(asset), true) = (frame.assets[column], first_row < frame.rows) {
                    let days = Days { days: &frame.days[first_row..], start };
                    days.gather(&mut cells[first_row..], &market.external(index, asset)[start..]);
                }
            }
            return;
        }
        self.each_known_row(at, out, |column, day| {
            frame.assets[column].map_or(f64::NAN, |asset| market.external(index, asset)[day])
        });
    }

    /// The columns of an operand of an operator over time: a value for every day, so that each column can be cut at an asset's
    /// first.
    fn operand(&mut self, id: NodeId, at: FrameIndex) -> Operand {
        match &self.formula.nodes[id] {
            Node::Series(series) => Operand::Series(*series),
            _ => match self.value(id, at.all_days()) {
                Value::Scalar(value) => Operand::Number(vec![value; self.length(at.period)]),
                value => Operand::Value(value),
            },
        }
    }

    /// Calls a function with the columns of the operands of each asset, from its first day on, with the days on which values
    /// are wanted and with the cells for them.
    pub(super) fn each_asset(
        &mut self,
        operands: &[NodeId],
        at: FrameIndex,
        out: &mut [f64],
        mut visit: impl FnMut(&[&[f64]], Days, &mut [f64]),
    ) {
        let frame = self.frame(at);
        let market = &*self.sources.market;
        let operands: Vec<Operand> = operands.iter().map(|operand| self.operand(*operand, at)).collect();
        let mut columns = Vec::with_capacity(operands.len());
        // A formula that is evaluated for no asset reads no column of its own.
        let nothing =
            if frame.assets.contains(&None) { vec![f64::NAN; self.length(at.period)] } else { Vec::new() };
        for (column, cells) in out.chunks_mut(frame.rows.max(1)).enumerate() {
            let (asset, start, first_row) =
                (frame.assets[column], frame.starts[column], frame.first_rows[column]);
            if first_row >= frame.rows {
                continue;
            }
            columns.clear();
            columns.extend(operands.iter().map(|operand| match operand {
                Operand::Series(series) => match (asset, at.period) {
                    (None, _) => &nothing[start..],
                    (Some(asset), None) => &market.column(*series, asset)[start..],
                    (Some(asset), Some(period)) => {
                        &self.sources.clock(period).column(*series, asset)[start..]
                    }
                },
                Operand::Number(values) => &values[start..],
                Operand::Value(value) => &self.column(value, column, at.all_days())[start..],
            }));
            visit(&columns, Days { days: &frame.days[first_row..], start }, &mut cells[first_row..]);
        }
        for operand in operands {
            if let Operand::Value(value) = operand {
                self.recycle(value);
            }
        }
    }

    fn over_time(&mut self, compute: OverTime, call: &Call, at: FrameIndex, out: &mut [f64]) {
        let mut buffer = [0.0; MOST_CONSTANTS];
        let constants = call.constants(&self.scratch.constants, &mut buffer);
        let (readiness, partial) = (self.sources.readiness, call.partial);
        let periods_a_year = at.period.map_or(DAYS_A_YEAR, Period::a_year);
        self.each_asset(&call.operands, at, out, |columns, days, cells| {
            compute(&Window { columns, constants, readiness, partial, periods_a_year }, days, cells);
        });
    }

    /// The value of the last week or month that is complete, on each row.
    fn periods(&mut self, period: Period, x: NodeId, at: FrameIndex, out: &mut [f64]) {
        let inner = FrameIndex { period: Some(period), ..at.all_days() };
        let value = self.value(x, inner);
        let (frame, clock) = (self.frame(at), self.sources.clock(period));
        let complete: Vec<Option<usize>> =
            frame.days.iter().map(|day| clock.complete_at(*day as usize)).collect();
        let first_periods = &self.frame(inner).first_rows;
        for (column, cells) in out.chunks_mut(frame.rows.max(1)).enumerate() {
            let (values, first_period) = (self.column(&value, column, inner), first_periods[column]);
            let mut start = 0;
            // The rows of days on which the same period is the last complete one.
            for run in complete.chunk_by(PartialEq::eq) {
                let cells = &mut cells[start..start + run.len()];
                start += run.len();
                cells.fill(match (&value, run[0].filter(|period| *period >= first_period)) {
                    (_, None) => f64::NAN,
                    (Value::Scalar(value), Some(_)) => *value,
                    (_, Some(period)) => values[period],
                });
            }
        }
        self.recycle(value);
    }

    /// Within weeks or months the value of their last day.
    fn daily(&mut self, x: NodeId, at: FrameIndex, out: &mut [f64]) {
        let Some(period) = at.period else { return };
        let inner = FrameIndex { period: None, ..at.all_days() };
        let value = self.value(x, inner);
        let (rows, clock) = (self.frame(at).rows, self.sources.clock(period));
        for (column, cells) in out.chunks_mut(rows.max(1)).enumerate() {
            let values = self.column(&value, column, inner);
            for (period, cell) in cells.iter_mut().enumerate() {
                *cell = match &value {
                    Value::Scalar(value) => *value,
                    _ => values[clock.last_day(period)],
                };
            }
        }
        self.recycle(value);
    }

    /// Values of all days of a frame, on its rows.
    pub(super) fn gather(&self, frame: &Frame, all: &[f64], length: usize, out: &mut [f64]) {
        for (cells, values) in out.chunks_mut(frame.rows.max(1)).zip(all.chunks(length.max(1))) {
            cells.iter_mut().zip(&frame.days).for_each(|(cell, day)| *cell = values[*day as usize]);
        }
    }
}

/// The number of days of a year, by which a deviation is scaled.
const DAYS_A_YEAR: f64 = 252.0;

/// An operand of an operator over time.
enum Operand {
    /// A column of the market, read in place.
    Series(Column),
    /// The same number on every day.
    Number(Vec<f64>),
    /// Columns over all days.
    Value(Value),
}
