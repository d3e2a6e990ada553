//! The checked tree of a formula: names resolved, arguments in place. Parameters keep their index, so one tree serves
//! every point of a sweep.

use super::error::{FormulaError, Span};
use super::operators::{CrossOperator, End, MapOperator, Series, WindowOperator};
use super::syntax::{BinaryOperator, UnaryOperator};
use crate::market::quoted::number;

/// One operation of a formula.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// A number.
    Number(f64),
    /// The parameter of this index.
    Parameter(usize),
    /// A column of the market.
    Series(Series),
    /// An operator with one operand.
    Unary(UnaryOperator, Box<Node>),
    /// An operator with two operands.
    Binary(BinaryOperator, Box<Node>, Box<Node>),
    /// A function of one number.
    Map(MapOperator, Box<Node>),
    /// The smallest or largest of some values.
    Extreme(End, Vec<Node>),
    /// `if(c, a, b)`.
    If(Box<[Node; 3]>),
    /// `clip(x, low, high)`.
    Clip(Box<[Node; 3]>),
    /// An operator over a window of one series.
    Window(WindowOperator, Box<Node>, Count),
    /// Wilder's average of the true range.
    AverageTrueRange(Count),
    /// `hold(enter, exit)`.
    Hold(Box<[Node; 2]>),
    /// The n highest or lowest assets.
    Choose(End, Box<Node>, Count),
    /// A transformation of all members on one day.
    Cross(CrossOperator, Box<Node>),
    /// The number of members.
    Members,
    /// A value of the asset of this index in [`Formula::of_assets`].
    Of(usize, Box<Node>),
    /// Weights by index in [`Formula::fixed_assets`].
    Fixed(Vec<(usize, Node)>),
}

/// A window length or a number of assets: a whole number that parameters may decide.
#[derive(Debug, Clone, PartialEq)]
pub struct Count {
    /// The arithmetic that gives it.
    pub value: Box<Node>,
    /// Where it stands.
    pub span: Span,
    /// The smallest allowed.
    pub least: u32,
}

/// The largest window and the largest n of `top` and `bottom`.
pub const COUNT_LIMIT: u32 = 1_000_000;

/// A checked formula.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    /// The tree.
    pub root: Node,
    /// The text in canonical form.
    pub canonical: String,
    /// Tickers named in `of`, in order of appearance, without repeats.
    pub of_assets: Vec<String>,
    /// Tickers named in `fixed`, in order of appearance, without repeats.
    pub fixed_assets: Vec<String>,
    /// For each parameter, whether the formula names it.
    pub uses_parameter: Vec<bool>,
}

impl Formula {
    /// Whether the formula reads a column.
    pub fn uses_series(&self, wanted: Series) -> bool {
        let mut found = false;
        self.root.visit(&mut |node| {
            found |= match node {
                Node::Series(series) => *series == wanted,
                Node::AverageTrueRange(_) => matches!(wanted, Series::High | Series::Low | Series::Close),
                _ => false,
            }
        });
        found
    }

    /// Checks every window and count for these parameter values, and gives the depth: the largest total of windows
    /// along any path of nested operators (design, Readiness).
    ///
    /// # Errors
    /// A window or count that is no whole number in its range; the message names the value.
    pub fn depth(&self, parameters: &[f64]) -> Result<u64, FormulaError> {
        self.root.depth(parameters)
    }
}

impl Count {
    /// The number for these parameter values.
    ///
    /// # Errors
    /// It is no whole number in its range.
    pub fn resolve(&self, parameters: &[f64]) -> Result<usize, FormulaError> {
        let value = self.value.constant(parameters);
        match value.fract() == 0.0 && f64::from(self.least) <= value && value <= f64::from(COUNT_LIMIT) {
            true => Ok(value as usize),
            false => {
                let shown = if value.is_nan() { "no number".to_owned() } else { number(value) };
                let message =
                    format!("expected a whole number from {} to {COUNT_LIMIT}, found {shown}", self.least);
                Err(FormulaError::new(self.span.clone(), message))
            }
        }
    }

    /// The number for parameter values that [`Formula::depth`] has accepted.
    pub fn get(&self, parameters: &[f64]) -> usize {
        self.value.constant(parameters) as usize
    }
}

impl Node {
    /// The operands, in order. Windows and counts are not among them.
    pub fn operands(&self) -> Vec<&Node> {
        match self {
            Node::Number(_) | Node::Parameter(_) | Node::Series(_) => Vec::new(),
            Node::Members | Node::AverageTrueRange(_) => Vec::new(),
            Node::Unary(_, x) | Node::Map(_, x) | Node::Window(_, x, _) => vec![x],
            Node::Choose(_, x, _) | Node::Cross(_, x) | Node::Of(_, x) => vec![x],
            Node::Binary(_, a, b) => vec![a, b],
            Node::Extreme(_, values) => values.iter().collect(),
            Node::If(parts) | Node::Clip(parts) => parts.iter().collect(),
            Node::Hold(parts) => parts.iter().collect(),
            Node::Fixed(weights) => weights.iter().map(|(_, weight)| weight).collect(),
        }
    }

    /// Calls a function for this node and all below it.
    pub fn visit(&self, f: &mut impl FnMut(&Node)) {
        f(self);
        for operand in self.operands() {
            operand.visit(f);
        }
    }

    /// Whether the value of one asset depends on the other members.
    pub fn is_cross_sectional(&self) -> bool {
        let mut found = false;
        self.visit(&mut |node| {
            found |= matches!(node, Node::Choose(..) | Node::Cross(..) | Node::Members);
        });
        found
    }

    /// Whether the node is arithmetic over numbers and parameters alone.
    pub fn is_constant(&self) -> bool {
        match self {
            Node::Number(_) | Node::Parameter(_) => true,
            Node::Unary(UnaryOperator::Negate, x) => x.is_constant(),
            Node::Binary(operator, a, b) => {
                let arithmetic = matches!(
                    operator,
                    BinaryOperator::Add
                        | BinaryOperator::Subtract
                        | BinaryOperator::Multiply
                        | BinaryOperator::Divide
                        | BinaryOperator::Power
                );
                arithmetic && a.is_constant() && b.is_constant()
            }
            _ => false,
        }
    }

    /// The value of a constant node; NaN where it is absent or the node is not constant.
    pub fn constant(&self, parameters: &[f64]) -> f64 {
        match self {
            Node::Number(value) => *value,
            Node::Parameter(index) => parameters[*index],
            Node::Unary(UnaryOperator::Negate, x) => -x.constant(parameters),
            Node::Binary(operator, a, b) => operator.apply(a.constant(parameters), b.constant(parameters)),
            _ => f64::NAN,
        }
    }

    fn depth(&self, parameters: &[f64]) -> Result<u64, FormulaError> {
        let mut below = 0;
        for operand in self.operands() {
            below = below.max(operand.depth(parameters)?);
        }
        let own = match self {
            Node::Window(_, _, count) | Node::AverageTrueRange(count) => count.resolve(parameters)? as u64,
            Node::Choose(_, _, count) => {
                count.resolve(parameters)?;
                0
            }
            _ => 0,
        };
        Ok(own + below)
    }
}

impl UnaryOperator {
    /// The value for one operand; NaN is absent.
    #[inline]
    pub fn apply(self, x: f64) -> f64 {
        match self {
            UnaryOperator::Negate => -x,
            UnaryOperator::Not => present(truth(x == 0.0), x),
        }
    }
}

impl BinaryOperator {
    /// The value for two operands; NaN is absent.
    #[inline(always)]
    pub fn apply(self, a: f64, b: f64) -> f64 {
        match self {
            BinaryOperator::Or => truth(is_true(a) | is_true(b)),
            BinaryOperator::And => truth(is_true(a) & is_true(b)),
            BinaryOperator::Less => present2(truth(a < b), a, b),
            BinaryOperator::LessOrEqual => present2(truth(a <= b), a, b),
            BinaryOperator::Greater => present2(truth(a > b), a, b),
            BinaryOperator::GreaterOrEqual => present2(truth(a >= b), a, b),
            BinaryOperator::Equal => present2(truth(a == b), a, b),
            BinaryOperator::NotEqual => present2(truth(a != b), a, b),
            BinaryOperator::Add => finite(a + b),
            BinaryOperator::Subtract => finite(a - b),
            BinaryOperator::Multiply => finite(a * b),
            BinaryOperator::Divide => finite(a / b),
            // libm gives pow(1, NaN) = pow(NaN, 0) = 1.
            BinaryOperator::Power => present2(finite(libm::pow(a, b)), a, b),
        }
    }
}

impl MapOperator {
    /// The value for one operand; NaN is absent.
    #[inline]
    pub fn apply(self, x: f64) -> f64 {
        match self {
            MapOperator::Absolute => x.abs(),
            MapOperator::Sign => present(truth(x > 0.0) - truth(x < 0.0), x),
            MapOperator::Logarithm => finite(libm::log(x)),
            MapOperator::Exponential => finite(libm::exp(x)),
            MapOperator::SquareRoot => x.sqrt(),
        }
    }
}

impl End {
    /// Whether one number lies beyond another in this direction; false where one is absent.
    #[inline]
    pub fn is_beyond(self, a: f64, b: f64) -> bool {
        match self {
            End::Lowest => a < b,
            End::Highest => a > b,
        }
    }

    /// The smaller or larger of two; absent where one is.
    #[inline]
    pub fn of(self, a: f64, b: f64) -> f64 {
        let chosen = match self {
            End::Lowest => {
                if b < a {
                    b
                } else {
                    a
                }
            }
            End::Highest => {
                if b > a {
                    b
                } else {
                    a
                }
            }
        };
        present2(chosen, a, b)
    }
}

/// Whether a condition holds: present and not 0.
#[inline]
pub fn is_true(x: f64) -> bool {
    x.abs() > 0.0
}

/// Infinite results count as absent.
#[inline]
pub fn finite(x: f64) -> f64 {
    if x.is_infinite() { f64::NAN } else { x }
}

#[inline]
fn truth(condition: bool) -> f64 {
    if condition { 1.0 } else { 0.0 }
}

#[inline]
fn present(value: f64, x: f64) -> f64 {
    if x.is_nan() { f64::NAN } else { value }
}

#[inline]
fn present2(value: f64, a: f64, b: f64) -> f64 {
    if a.is_nan() | b.is_nan() { f64::NAN } else { value }
}
