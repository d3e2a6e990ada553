//! Arithmetic, comparisons and logic with absent values: NaN is absent, infinite results are too.

use crate::formula::syntax::{BinaryOperator, UnaryOperator};

impl UnaryOperator {
    /// The result for one operand; NaN is absent.
    #[inline]
    pub(crate) fn apply(self, x: f64) -> f64 {
        match self {
            UnaryOperator::Negate => -x,
            UnaryOperator::Not => present(truth(x == 0.0), x),
        }
    }
}

impl BinaryOperator {
    /// The result for two operands; NaN is absent.
    #[inline(always)]
    pub(crate) fn apply(self, a: f64, b: f64) -> f64 {
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

/// Whether a condition holds: it is present and not 0.
#[inline]
pub(crate) fn is_true(x: f64) -> bool {
    x.abs() > 0.0
}

/// Infinite results count as absent.
#[inline]
pub(crate) fn finite(x: f64) -> f64 {
    if x.is_infinite() { f64::NAN } else { x }
}

/// 1 for true, 0 for false.
#[inline]
pub(crate) fn truth(condition: bool) -> f64 {
    if condition { 1.0 } else { 0.0 }
}

/// A value, absent where its operand is.
#[inline]
pub(crate) fn present(value: f64, x: f64) -> f64 {
    if x.is_nan() { f64::NAN } else { value }
}

/// A value, absent where one of its operands is.
#[inline]
pub(crate) fn present2(value: f64, a: f64, b: f64) -> f64 {
    if a.is_nan() | b.is_nan() { f64::NAN } else { value }
}
