//! The tree of a formula as written, names unresolved.

use std::fmt;

use super::error::Span;
use crate::text::quoted::number;

/// An expression and where it is in the formula.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// Its characters in the formula.
    pub span: Span,
}

/// The kinds of expressions.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ExpressionKind {
    /// A number.
    Number(f64),
    /// A series or parameter.
    Name(String),
    /// A quoted ticker.
    Ticker(String),
    /// `-x` or `not x`.
    Unary(UnaryOperator, Box<Expression>),
    /// `x + y` and its like.
    Binary(BinaryOperator, Box<Expression>, Box<Expression>),
    /// `name(arguments)`.
    Call(String, Vec<Argument>),
}

/// An argument of a call.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Argument {
    /// The ticker before `=`, and where it is in the formula.
    pub ticker: Option<(String, Span)>,
    /// The value.
    pub value: Expression,
}

/// Operators with one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum UnaryOperator {
    /// `-x`.
    Negate,
    /// `not x`: 1 where x is 0, 0 where it is another number.
    Not,
}

/// Operators with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum BinaryOperator {
    /// True where one of the operands is true; an absent operand counts as false.
    Or,
    /// True where both operands are true; an absent operand counts as false.
    And,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
    /// `==`.
    Equal,
    /// `!=`.
    NotEqual,
    /// `+`.
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`; absent where the divisor is 0.
    Divide,
    /// `^`.
    Power,
}

impl BinaryOperator {
    /// The operator as written.
    pub(crate) fn text(self) -> &'static str {
        match self {
            BinaryOperator::Or => "or",
            BinaryOperator::And => "and",
            BinaryOperator::Less => "<",
            BinaryOperator::LessOrEqual => "<=",
            BinaryOperator::Greater => ">",
            BinaryOperator::GreaterOrEqual => ">=",
            BinaryOperator::Equal => "==",
            BinaryOperator::NotEqual => "!=",
            BinaryOperator::Add => "+",
            BinaryOperator::Subtract => "-",
            BinaryOperator::Multiply => "*",
            BinaryOperator::Divide => "/",
            BinaryOperator::Power => "^",
        }
    }
}

/// How tightly an expression binds, loosest first, as in [`super::parser`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Not,
    Comparison,
    Sum,
    Product,
    Negation,
    Power,
    Primary,
}

impl Expression {
    /// Calls a function with every name in it that is no call.
    pub(crate) fn each_name(&self, f: &mut impl FnMut(&str)) {
        match &self.kind {
            ExpressionKind::Number(_) | ExpressionKind::Ticker(_) => {}
            ExpressionKind::Name(name) => f(name),
            ExpressionKind::Unary(_, x) => x.each_name(f),
            ExpressionKind::Binary(_, left, right) => {
                left.each_name(f);
                right.each_name(f);
            }
            ExpressionKind::Call(_, arguments) => {
                arguments.iter().for_each(|argument| argument.value.each_name(f))
            }
        }
    }
}

impl Expression {
    fn binding(&self) -> Binding {
        match &self.kind {
            ExpressionKind::Unary(UnaryOperator::Not, _) => Binding::Not,
            ExpressionKind::Unary(UnaryOperator::Negate, _) => Binding::Negation,
            ExpressionKind::Binary(operator, ..) => operator.binding(),
            _ => Binding::Primary,
        }
    }
}

impl BinaryOperator {
    /// Whether the result is a number and not a truth value.
    pub(crate) fn is_arithmetic(self) -> bool {
        matches!(self.binding(), Binding::Sum | Binding::Product | Binding::Power)
    }

    fn binding(self) -> Binding {
        match self {
            BinaryOperator::Or => Binding::Or,
            BinaryOperator::And => Binding::And,
            BinaryOperator::Add | BinaryOperator::Subtract => Binding::Sum,
            BinaryOperator::Multiply | BinaryOperator::Divide => Binding::Product,
            BinaryOperator::Power => Binding::Power,
            _ => Binding::Comparison,
        }
    }

    /// The loosest binding that the left and the right operand may have without parentheses.
    fn operands(self) -> (Binding, Binding) {
        match self.binding() {
            Binding::Or => (Binding::Or, Binding::And),
            Binding::And => (Binding::And, Binding::Not),
            Binding::Sum => (Binding::Sum, Binding::Product),
            Binding::Product => (Binding::Product, Binding::Negation),
            Binding::Power => (Binding::Primary, Binding::Negation),
            _ => (Binding::Sum, Binding::Sum),
        }
    }
}

/// The canonical text, with the parentheses it needs and no others. Two spellings of one formula have the same canonical text,
/// and the parser accepts the canonical text of every formula it has accepted.
impl fmt::Display for Expression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExpressionKind::Number(value) => write!(formatter, "{}", number(*value)),
            ExpressionKind::Name(name) => write!(formatter, "{name}"),
            ExpressionKind::Ticker(ticker) => write!(formatter, "{}", Quoted(ticker)),
            ExpressionKind::Unary(UnaryOperator::Negate, operand) => {
                write!(formatter, "-{}", Operand(operand, Binding::Negation))
            }
            ExpressionKind::Unary(UnaryOperator::Not, operand) => {
                write!(formatter, "not {}", Operand(operand, Binding::Not))
            }
            ExpressionKind::Binary(operator, left, right) => {
                let (of_left, of_right) = operator.operands();
                let (left, right) = (Operand(left, of_left), Operand(right, of_right));
                write!(formatter, "{left} {} {right}", operator.text())
            }
            ExpressionKind::Call(name, arguments) => {
                write!(formatter, "{name}(")?;
                for (position, argument) in arguments.iter().enumerate() {
                    let comma = if position == 0 { "" } else { ", " };
                    match &argument.ticker {
                        Some((ticker, _)) => {
                            write!(formatter, "{comma}{} = {}", Quoted(ticker), argument.value)?
                        }
                        None => write!(formatter, "{comma}{}", argument.value)?,
                    }
                }
                write!(formatter, ")")
            }
        }
    }
}

/// An operand, in parentheses if it binds more loosely than allowed.
struct Operand<'a>(&'a Expression, Binding);

impl fmt::Display for Operand<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.binding() < self.1 {
            write!(formatter, "({})", self.0)
        } else {
            write!(formatter, "{}", self.0)
        }
    }
}

/// A ticker between whichever quotes it does not contain.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quote = if self.0.contains('"') { '\'' } else { '"' };
        write!(formatter, "{quote}{}{quote}", self.0)
    }
}
