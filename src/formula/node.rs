//! The checked tree of a formula, with names resolved and arguments sorted by kind. Parameters keep their index, so that one
//! tree serves every point of a sweep. This file knows no operator by name.

use std::slice::from_ref;

use super::error::{FormulaError, Span};
use super::operator::Operator;
use super::syntax::{BinaryOperator, UnaryOperator};
use crate::market::columns::Column;
use crate::text::quoted::number;

/// One operation of a formula.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    /// A number.
    Number(f64),
    /// The parameter of this index.
    Parameter(usize),
    /// A column of the market.
    Series(Column),
    /// A sign or word with one operand.
    Unary(UnaryOperator, Box<Node>),
    /// A sign or word with two operands.
    Binary(BinaryOperator, Box<[Node; 2]>),
    /// An operator that is written as a call.
    Call(Call),
}

/// An operator with its arguments.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Call {
    /// The operator.
    pub operator: &'static Operator,
    /// The formulas among its arguments, in order.
    pub operands: Vec<Node>,
    /// The whole numbers among its arguments, in order.
    pub counts: Vec<Count>,
    /// The tickers among its arguments, in order: indices into [`Formula::fixed_assets`] where they have weights, else into
    /// [`Formula::of_assets`].
    pub tickers: Vec<usize>,
}

/// A window length or a number of assets: a whole number that parameters may decide.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Count {
    /// The arithmetic that gives it.
    pub value: Box<Node>,
    /// Its characters in the formula.
    pub span: Span,
    /// The smallest allowed value.
    pub least: u32,
}

/// The largest window and the largest number of assets.
pub(crate) const COUNT_LIMIT: u32 = 1_000_000;

/// A checked formula.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Formula {
    /// The tree.
    pub root: Node,
    /// The text in canonical form.
    pub canonical: String,
    /// Tickers named in `of`, in order of appearance, without repeats.
    pub of_assets: Vec<String>,
    /// Tickers named in `fixed`, in order of appearance, without repeats.
    pub fixed_assets: Vec<String>,
    /// For each parameter whether the formula uses it.
    pub uses_parameter: Vec<bool>,
}

/// No operator has more counts than this.
pub(crate) const MOST_COUNTS: usize = 4;

impl Formula {
    /// Whether the formula reads a column.
    pub(crate) fn uses_series(&self, wanted: Column) -> bool {
        let mut uses = false;
        self.root.visit(&mut |node| uses |= *node == Node::Series(wanted));
        uses
    }

    /// Checks every window and count for these parameter values, and gives the depth: the largest total of windows along any
    /// path of nested operators (`docs/formula.md#readiness`).
    ///
    /// # Errors
    /// A window or count that is not a whole number in its range; the message says which value it has.
    pub(crate) fn depth(&self, parameters: &[f64]) -> Result<u64, FormulaError> {
        self.root.depth(parameters)
    }
}

impl Count {
    /// The number for these parameter values.
    ///
    /// # Errors
    /// A value that is not a whole number from `least` to [`COUNT_LIMIT`]; the message says which value it is.
    pub(crate) fn resolve(&self, parameters: &[f64]) -> Result<usize, FormulaError> {
        let value = self.value.constant(parameters);
        if value.fract() == 0.0 && f64::from(self.least) <= value && value <= f64::from(COUNT_LIMIT) {
            return Ok(value as usize);
        }
        let shown = if value.is_nan() { "no number".to_owned() } else { number(value) };
        let message = format!("expected a whole number from {} to {COUNT_LIMIT}, found {shown}", self.least);
        Err(FormulaError::new(self.span.clone(), message))
    }

    /// The number for parameter values that [`Formula::depth`] has accepted.
    pub(crate) fn get(&self, parameters: &[f64]) -> usize {
        self.value.constant(parameters) as usize
    }
}

impl Node {
    /// The operands, in order. Counts are not among them.
    pub(crate) fn operands(&self) -> &[Node] {
        match self {
            Node::Number(_) | Node::Parameter(_) | Node::Series(_) => &[],
            Node::Unary(_, x) => from_ref(x),
            Node::Binary(_, operands) => &operands[..],
            Node::Call(call) => &call.operands,
        }
    }

    /// Calls a function for this node and all nodes below it.
    pub(crate) fn visit(&self, f: &mut impl FnMut(&Node)) {
        f(self);
        for operand in self.operands() {
            operand.visit(f);
        }
    }

    /// Whether the value of one asset depends on the other members.
    pub(crate) fn is_across(&self) -> bool {
        let mut is_across = false;
        self.visit(&mut |node| is_across |= matches!(node, Node::Call(call) if call.operator.is_across()));
        is_across
    }

    /// Whether points share its columns.
    pub(crate) fn is_kept(&self) -> bool {
        match self {
            Node::Series(_) => true,
            Node::Call(call) => call.operator.is_kept(),
            _ => false,
        }
    }

    /// Whether a parameter stands in it.
    pub(crate) fn names_parameter(&self) -> bool {
        let mut names_parameter = false;
        self.visit(&mut |node| {
            names_parameter |= match node {
                Node::Parameter(_) => true,
                Node::Call(call) => call.counts.iter().any(|count| count.value.names_parameter()),
                _ => false,
            };
        });
        names_parameter
    }

    /// Whether the node is arithmetic over numbers and parameters alone.
    pub(crate) fn is_constant(&self) -> bool {
        match self {
            Node::Number(_) | Node::Parameter(_) => true,
            Node::Unary(UnaryOperator::Negate, x) => x.is_constant(),
            Node::Binary(operator, operands) => {
                operator.is_arithmetic() && operands.iter().all(Node::is_constant)
            }
            _ => false,
        }
    }

    /// The value of a constant node; NaN where it is absent or the node is not constant.
    pub(crate) fn constant(&self, parameters: &[f64]) -> f64 {
        match self {
            Node::Number(value) => *value,
            Node::Parameter(index) => parameters[*index],
            Node::Unary(UnaryOperator::Negate, x) => -x.constant(parameters),
            Node::Binary(operator, operands) => {
                let [a, b] = operands.each_ref().map(|operand| operand.constant(parameters));
                operator.apply(a, b)
            }
            _ => f64::NAN,
        }
    }

    /// Appends numbers that distinguish this operation with these parameter values from every other operation of the formula.
    pub(crate) fn push_key(&self, parameters: &[f64], key: &mut Vec<u64>) {
        if self.is_constant() {
            key.extend([0, self.constant(parameters).to_bits()]);
            return;
        }
        match self {
            Node::Number(_) | Node::Parameter(_) => {}
            Node::Series(series) => key.extend([1, *series as u64]),
            Node::Unary(operator, _) => key.extend([2, *operator as u64]),
            Node::Binary(operator, _) => key.extend([3, *operator as u64]),
            Node::Call(call) => {
                // Each operator is one static item, so its address identifies it.
                key.extend([4, std::ptr::from_ref(call.operator).addr() as u64]);
                key.extend(
                    [call.operands.len(), call.counts.len(), call.tickers.len()].map(|length| length as u64),
                );
                key.extend(call.counts.iter().map(|count| count.get(parameters) as u64));
                key.extend(call.tickers.iter().map(|&ticker| ticker as u64));
            }
        }
        for operand in self.operands() {
            operand.push_key(parameters, key);
        }
    }

    fn depth(&self, parameters: &[f64]) -> Result<u64, FormulaError> {
        let mut below = 0;
        for operand in self.operands() {
            below = below.max(operand.depth(parameters)?);
        }
        let Node::Call(call) = self else { return Ok(below) };
        let counts =
            call.counts.iter().map(|count| count.resolve(parameters)).collect::<Result<Vec<_>, _>>()?;
        Ok((call.operator.depth)(&counts) + below)
    }
}

impl Call {
    /// The counts for parameter values that [`Formula::depth`] has accepted, written into a buffer.
    pub(crate) fn counts<'b>(&self, parameters: &[f64], buffer: &'b mut [usize; MOST_COUNTS]) -> &'b [usize] {
        for (slot, count) in buffer.iter_mut().zip(&self.counts) {
            *slot = count.get(parameters);
        }
        &buffer[..self.counts.len().min(MOST_COUNTS)]
    }
}
