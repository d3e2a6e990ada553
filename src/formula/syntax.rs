//! The tree of a formula as written, names unresolved.

use std::fmt;

use super::error::Span;

/// An expression and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// Its characters in the formula.
    pub span: Span,
}

/// The kinds of expressions.
#[derive(Debug, Clone, PartialEq)]
pub enum ExpressionKind {
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
pub struct Argument {
    /// The ticker before `=`, and where it stands.
    pub ticker: Option<(String, Span)>,
    /// The value.
    pub value: Expression,
}

/// Operators with one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnaryOperator {
    /// `-x`.
    Negate,
    /// `not x`: 1 where x is 0, 0 where it is another number.
    Not,
}

/// Operators with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BinaryOperator {
    /// True where either is; absent counts as false.
    Or,
    /// True where both are; absent counts as false.
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
    pub fn text(self) -> &'static str {
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

/// The canonical text: every operation in parentheses, so that two spellings of one formula read the same.
impl fmt::Display for Expression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExpressionKind::Number(value) => write!(formatter, "{value}"),
            ExpressionKind::Name(name) => write!(formatter, "{name}"),
            ExpressionKind::Ticker(ticker) => write!(formatter, "{}", Quoted(ticker)),
            ExpressionKind::Unary(UnaryOperator::Negate, operand) => write!(formatter, "(-{operand})"),
            ExpressionKind::Unary(UnaryOperator::Not, operand) => write!(formatter, "(not {operand})"),
            ExpressionKind::Binary(operator, left, right) => {
                write!(formatter, "({left} {} {right})", operator.text())
            }
            ExpressionKind::Call(name, arguments) => {
                write!(formatter, "{name}(")?;
                for (place, argument) in arguments.iter().enumerate() {
                    let comma = if place == 0 { "" } else { ", " };
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

/// A ticker between whichever quotes it does not contain.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quote = if self.0.contains('"') { '\'' } else { '"' };
        write!(formatter, "{quote}{}{quote}", self.0)
    }
}
