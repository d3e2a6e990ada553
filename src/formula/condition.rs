//! Conditions over plain numbers, in the language of formulas without anything that needs a market. They say which points of a
//! sweep exist and which results qualify.

use super::error::FormulaError;
use super::kernel::arithmetic::is_true;
use super::node::{Formula, Node};
use super::operator::Compute;

/// A checked condition over named numbers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Condition {
    formula: Formula,
}

impl Condition {
    /// Reads a condition over some names.
    ///
    /// # Errors
    /// A text that is not a formula ([`Formula::new`]), or a formula that needs prices or assets.
    pub(crate) fn new(text: &str, names: &[String]) -> Result<Condition, FormulaError> {
        let formula = Formula::new(text, names)?;
        if !formula.nodes.iter().all(is_plain) {
            let message =
                "a condition is arithmetic and comparisons over its names, without prices or assets";
            return Err(FormulaError::new(0..text.len(), message));
        }
        Ok(Condition { formula })
    }

    /// The condition in canonical form.
    pub(crate) fn canonical(&self) -> &str {
        &self.formula.canonical
    }

    /// Whether the condition uses the name with this index.
    pub(crate) fn uses(&self, name: usize) -> bool {
        self.formula.uses_parameter[name]
    }

    /// Whether the condition holds for these values, in the order of the names. An absent (NaN) condition does not hold.
    pub(crate) fn holds(&self, values: &[f64]) -> bool {
        is_true(scalar(&self.formula, values))
    }
}

fn is_plain(node: &Node) -> bool {
    match node {
        Node::Number(_) | Node::Parameter(_) | Node::Unary(..) | Node::Binary(..) => true,
        Node::Call(call) => matches!(call.operator.compute, Compute::Numbers(_) | Compute::Fill),
        Node::Series(_) | Node::External(_) | Node::Groups(_) => false,
    }
}

/// The value of a formula that needs no market; NaN where it is absent.
fn scalar(formula: &Formula, parameters: &[f64]) -> f64 {
    let mut values: Vec<f64> = Vec::with_capacity(formula.nodes.len());
    for node in &formula.nodes {
        let value = match node {
            Node::Number(value) => *value,
            Node::Parameter(index) => parameters[*index],
            Node::Unary(operator, x) => operator.apply(values[*x]),
            Node::Binary(operator, [a, b]) => operator.apply(values[*a], values[*b]),
            Node::Call(call) => match call.operator.compute {
                Compute::Numbers(numbers) => {
                    (numbers.value)(&mut call.operands.iter().map(|operand| values[*operand]))
                }
                Compute::Fill => {
                    let known =
                        call.operands.iter().map(|operand| values[*operand]).find(|value| !value.is_nan());
                    known.unwrap_or(f64::NAN)
                }
                _ => f64::NAN,
            },
            _ => f64::NAN,
        };
        values.push(value);
    }
    values[formula.root]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(text: &str) -> bool {
        let names = ["fast", "slow"].map(str::to_owned);
        Condition::new(text, &names).unwrap().holds(&[10.0, 50.0])
    }

    #[test]
    fn arithmetic_comparisons_and_logic() {
        for text in [
            "fast < slow",
            "slow >= 5 * fast and not fast == slow",
            "if(fast > 5, slow, 0) == 50",
            "min(fast, slow, 3) == 3 or 0",
            "clip(fast, 20, 30) == 20 and abs(-fast) ^ 2 == 100",
            "1",
        ] {
            assert!(holds(text), "{text}");
        }
        for text in ["fast > slow", "0", "1 / 0 > 0", "sqrt(-1) < 1"] {
            assert!(!holds(text), "{text}");
        }
    }

    #[test]
    fn what_needs_a_market_is_refused() {
        for text in ["close > fast", "sma(fast) > 1", "top(1, fast)", "count() > 1", "of(\"A\", 1)"] {
            let names = ["fast", "slow"].map(str::to_owned);
            assert!(Condition::new(text, &names).is_err(), "{text}");
        }
    }
}
