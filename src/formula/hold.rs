//! Positions with a size, and exits that look at the hold itself: one pass over the days of each asset.

use std::collections::HashMap;

use super::evaluation::{Evaluation, FrameIndex};
use super::kernel::arithmetic::is_true;
use super::node::{Call, Formula, Node, NodeId};
use super::operator::{Compute, HoldState};
use super::syntax::{BinaryOperator, UnaryOperator};

/// One operation of an exit or a size. Its operands are earlier steps.
enum Step {
    /// A column that does not depend on the hold.
    Column(usize),
    /// The closes since the entry.
    Age,
    /// The value of a column at the entry.
    Entry(usize),
    /// The largest value of a column since the entry.
    Peak(usize),
    /// The smallest.
    Trough(usize),
    Unary(UnaryOperator, usize),
    Binary(BinaryOperator, [usize; 2]),
    /// The second where the first is absent.
    Fill([usize; 2]),
    /// A function of numbers.
    Numbers(fn(&mut dyn Iterator<Item = f64>) -> f64, Vec<usize>),
}

/// Exit and size of a hold. An operation is one step, however often it is named.
struct Program {
    /// The operations that do not depend on the hold; the first is the entry condition.
    columns: Vec<NodeId>,
    steps: Vec<Step>,
    /// The step of each operation.
    step_of: HashMap<NodeId, usize>,
}

/// The state of one hold: of each column its value at the entry, and the largest and the smallest since.
struct State {
    age: f64,
    entry: Vec<f64>,
    peak: Vec<f64>,
    trough: Vec<f64>,
}

impl Evaluation<'_> {
    /// The values of a hold on the rows of a frame.
    pub(super) fn hold(&mut self, call: &Call, at: FrameIndex, out: &mut [f64]) {
        let mut program =
            Program { columns: vec![call.operands[0]], steps: Vec::new(), step_of: HashMap::new() };
        let exit = program.add(self.formula, call.operands[1]);
        let size = call.operands.get(2).map(|size| program.add(self.formula, *size));
        self.each_asset(&program.columns, at, out, |columns, days, cells| {
            days.gather(cells, &program.held(columns, exit, size));
        });
    }
}

impl Program {
    /// Adds what an operation needs and the operation itself; gives its step.
    fn add(&mut self, formula: &Formula, root: NodeId) -> usize {
        let depends = |id: NodeId| formula.facts[id].names_state;
        // Of a state word the operand is a column.
        let is_word = |id: NodeId| {
            let Node::Call(call) = &formula.nodes[id] else { return false };
            matches!(call.operator.compute, Compute::State(_))
        };
        // Operands stand before the operations on them.
        let mut is_needed = vec![false; root + 1];
        is_needed[root] = true;
        for id in (0..=root).rev().filter(|id| depends(*id) && !is_word(*id)) {
            if is_needed[id] {
                formula.nodes[id].operands().for_each(|operand| is_needed[operand] = true);
            }
        }
        for id in (0..=root).filter(|id| is_needed[*id]) {
            if !self.step_of.contains_key(&id) {
                let step = if depends(id) { self.step(formula, id) } else { Step::Column(self.column(id)) };
                self.step_of.insert(id, self.steps.len());
                self.steps.push(step);
            }
        }
        self.step_of[&root]
    }

    /// An operation that depends on the hold; its operands have been added.
    fn step(&mut self, formula: &Formula, id: NodeId) -> Step {
        let of = |operand: &NodeId| self.step_of[operand];
        match &formula.nodes[id] {
            Node::Unary(operator, x) => Step::Unary(*operator, of(x)),
            Node::Binary(operator, operands) => Step::Binary(*operator, operands.each_ref().map(of)),
            Node::Call(call) => match (&call.operator.compute, &call.operands[..]) {
                (Compute::State(HoldState::Age), _) => Step::Age,
                (Compute::State(HoldState::Entry), [x, ..]) => Step::Entry(self.column(*x)),
                (Compute::State(HoldState::Peak), [x, ..]) => Step::Peak(self.column(*x)),
                (Compute::State(HoldState::Trough), [x, ..]) => Step::Trough(self.column(*x)),
                (Compute::Fill, [x, otherwise]) => Step::Fill([of(x), of(otherwise)]),
                (Compute::Numbers(numbers), operands) => {
                    Step::Numbers(numbers.value, operands.iter().map(of).collect())
                }
                _ => Step::Column(self.column(id)),
            },
            _ => Step::Column(self.column(id)),
        }
    }

    /// The column of an operation that does not depend on the hold.
    fn column(&mut self, id: NodeId) -> usize {
        self.columns.iter().position(|known| *known == id).unwrap_or_else(|| {
            self.columns.push(id);
            self.columns.len() - 1
        })
    }

    /// The values of a hold of one asset: its size while it is in, 0 while it is out.
    fn held(&self, columns: &[&[f64]], exit: usize, size: Option<usize>) -> Vec<f64> {
        let mut state: Option<State> = None;
        let mut values = vec![f64::NAN; self.steps.len()];
        let days = columns.first().map_or(0, |enter| enter.len());
        let mut out = Vec::with_capacity(days);
        for t in 0..days {
            match &mut state {
                Some(state) => state.go_on(columns, t),
                None if is_true(columns[0][t]) => state = Some(State::new(columns, t)),
                None => {}
            }
            if let Some(known) = &state {
                for (index, step) in self.steps.iter().enumerate() {
                    values[index] = step.value(columns, t, known, &values);
                }
                if is_true(values[exit]) {
                    state = None;
                }
            }
            out.push(match (&state, size) {
                (None, _) => 0.0,
                (Some(_), None) => 1.0,
                (Some(_), Some(size)) => values[size],
            });
        }
        out
    }
}

impl State {
    fn new(columns: &[&[f64]], t: usize) -> State {
        let entry: Vec<f64> = columns.iter().map(|column| column[t]).collect();
        State { age: 0.0, peak: entry.clone(), trough: entry.clone(), entry }
    }

    /// One close later; absent values leave peak and trough as they are.
    fn go_on(&mut self, columns: &[&[f64]], t: usize) {
        self.age += 1.0;
        for (column, (peak, trough)) in columns.iter().zip(self.peak.iter_mut().zip(&mut self.trough)) {
            let x = column[t];
            if peak.is_nan() || x > *peak {
                *peak = x;
            }
            if trough.is_nan() || x < *trough {
                *trough = x;
            }
        }
    }
}

impl Step {
    /// Its value; `values` has those of the steps before it.
    fn value(&self, columns: &[&[f64]], t: usize, state: &State, values: &[f64]) -> f64 {
        match self {
            Step::Column(column) => columns[*column][t],
            Step::Age => state.age,
            Step::Entry(column) => state.entry[*column],
            Step::Peak(column) => state.peak[*column],
            Step::Trough(column) => state.trough[*column],
            Step::Unary(operator, x) => operator.apply(values[*x]),
            Step::Binary(operator, [a, b]) => operator.apply(values[*a], values[*b]),
            Step::Fill([x, otherwise]) if values[*x].is_nan() => values[*otherwise],
            Step::Fill([x, _]) => values[*x],
            Step::Numbers(value, operands) => value(&mut operands.iter().map(|operand| values[*operand])),
        }
    }
}
