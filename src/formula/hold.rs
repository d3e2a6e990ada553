//! Positions with a size, and exits that look at the hold itself: one pass over the days of each asset.

use super::evaluation::{Evaluation, FrameIndex};
use super::kernel::arithmetic::is_true;
use super::node::{Call, Formula, Node, NodeId};
use super::operator::{Compute, HoldState};
use super::syntax::{BinaryOperator, UnaryOperator};

/// An exit or a size, as far as it depends on the hold.
enum Step {
    /// A column that does not.
    Column(usize),
    /// The closes since the entry.
    Age,
    /// The value of a column at the entry.
    Entry(usize),
    /// The largest value of a column since the entry.
    Peak(usize),
    /// The smallest.
    Trough(usize),
    Unary(UnaryOperator, Box<Step>),
    Binary(BinaryOperator, Box<[Step; 2]>),
    /// The second where the first is absent.
    Fill(Box<[Step; 2]>),
    /// A function of numbers.
    Numbers(fn(&mut dyn Iterator<Item = f64>) -> f64, Vec<Step>),
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
        let mut columns = vec![call.operands[0]];
        let exit = step(self.formula, call.operands[1], &mut columns);
        let size = call.operands.get(2).map(|size| step(self.formula, *size, &mut columns));
        self.each_asset(&columns, at, out, |columns, days, cells| {
            days.gather(cells, &held(columns, &exit, size.as_ref()));
        });
    }
}

/// The part of a formula that depends on the hold; what does not becomes a column.
fn step(formula: &Formula, id: NodeId, columns: &mut Vec<NodeId>) -> Step {
    let mut column = |id: NodeId| match columns.iter().position(|known| *known == id) {
        Some(index) => index,
        None => {
            columns.push(id);
            columns.len() - 1
        }
    };
    if !formula.facts[id].names_state {
        return Step::Column(column(id));
    }
    match &formula.nodes[id] {
        Node::Unary(operator, x) => Step::Unary(*operator, Box::new(step(formula, *x, columns))),
        Node::Binary(operator, operands) => {
            Step::Binary(*operator, Box::new(operands.map(|operand| step(formula, operand, columns))))
        }
        Node::Call(call) => match call.operator.compute {
            Compute::State(HoldState::Age) => Step::Age,
            Compute::State(HoldState::Entry) => Step::Entry(column(call.operands[0])),
            Compute::State(HoldState::Peak) => Step::Peak(column(call.operands[0])),
            Compute::State(HoldState::Trough) => Step::Trough(column(call.operands[0])),
            Compute::Fill => {
                let [x, otherwise] = [0, 1].map(|index| step(formula, call.operands[index], columns));
                Step::Fill(Box::new([x, otherwise]))
            }
            Compute::Numbers(numbers) => {
                let operands = call.operands.iter().map(|operand| step(formula, *operand, columns)).collect();
                Step::Numbers(numbers.value, operands)
            }
            _ => Step::Column(column(id)),
        },
        _ => Step::Column(column(id)),
    }
}

/// The values of a hold of one asset: its size while it is in, 0 while it is out. The first column is the entry condition.
fn held(columns: &[&[f64]], exit: &Step, size: Option<&Step>) -> Vec<f64> {
    let mut state: Option<State> = None;
    let days = columns.first().map_or(0, |enter| enter.len());
    let mut out = Vec::with_capacity(days);
    for t in 0..days {
        match &mut state {
            Some(state) => state.go_on(columns, t),
            None if is_true(columns[0][t]) => state = Some(State::new(columns, t)),
            None => {}
        }
        if state.as_ref().is_some_and(|state| is_true(exit.value(columns, t, state))) {
            state = None;
        }
        out.push(match (&state, size) {
            (None, _) => 0.0,
            (Some(_), None) => 1.0,
            (Some(state), Some(size)) => size.value(columns, t, state),
        });
    }
    out
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
    fn value(&self, columns: &[&[f64]], t: usize, state: &State) -> f64 {
        let of = |step: &Step| step.value(columns, t, state);
        match self {
            Step::Column(column) => columns[*column][t],
            Step::Age => state.age,
            Step::Entry(column) => state.entry[*column],
            Step::Peak(column) => state.peak[*column],
            Step::Trough(column) => state.trough[*column],
            Step::Unary(operator, x) => operator.apply(of(x)),
            Step::Binary(operator, operands) => {
                let [a, b] = operands.each_ref().map(of);
                operator.apply(a, b)
            }
            Step::Fill(operands) => {
                let x = of(&operands[0]);
                if x.is_nan() { of(&operands[1]) } else { x }
            }
            Step::Numbers(value, operands) => value(&mut operands.iter().map(of)),
        }
    }
}
