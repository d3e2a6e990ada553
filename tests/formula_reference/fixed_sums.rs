//! Sums of which `fixed` leaves a side without a value for some assets of the universe: formulas that are refused.

use std::collections::BTreeSet;

use super::evaluate::Names;
use super::operators::{Kind, kind};
use super::tree::Tree;

/// The tickers for which alone a formula can have a value; None if `fixed` does not limit it.
fn limited_to(tree: &Tree, names: &Names) -> Option<BTreeSet<String>> {
    let of = |tree: &Tree| limited_to(tree, names);
    let common =
        |trees: &[&Tree]| trees.iter().filter_map(|tree| of(tree)).reduce(|common, more| &common & &more);
    match tree {
        Tree::Number(_) | Tree::Of(..) => None,
        Tree::Name(name) => names.signals.get(name).and_then(of),
        Tree::Fixed(weights) => Some(weights.iter().map(|(ticker, _)| ticker.clone()).collect()),
        Tree::Binary(operator, ..) if operator == "and" || operator == "or" => None,
        Tree::Unary(..) | Tree::Binary(..) => common(&tree.children()),
        Tree::Call(operator, arguments) => match (operator.as_str(), kind(operator)) {
            ("fill", _) => Some(&of(&arguments[0])? | &of(&arguments[1])?),
            ("hold", _) => None,
            (_, Kind::Here | Kind::OverTime | Kind::Place) => common(&tree.children()),
            ("rank" | "demean" | "zscore_across" | "percent_rank_across" | "cap", _) => {
                common(&tree.children())
            }
            _ => None,
        },
    }
}

/// Whether a sum of a formula, or of a signal that it names, is absent for an asset of the universe through `fixed`.
pub fn has_partial_sum(tree: &Tree, names: &Names, universe: &[String]) -> bool {
    let own = match tree {
        Tree::Binary(operator, left, right) if operator == "+" || operator == "-" => {
            let (left, right) = (limited_to(left, names), limited_to(right, names));
            let leaves_out = |side: &Option<BTreeSet<String>>| {
                side.as_ref().is_some_and(|side| universe.iter().any(|ticker| !side.contains(ticker)))
            };
            left != right && (leaves_out(&left) || leaves_out(&right))
        }
        Tree::Name(name) => {
            names.signals.get(name).is_some_and(|signal| has_partial_sum(signal, names, universe))
        }
        _ => false,
    };
    own || tree.children().into_iter().any(|child| has_partial_sum(child, names, universe))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula_reference::parse::parse;

    fn refused(formula: &str) -> bool {
        let universe = ["A".to_string(), "B".to_string()];
        let signals = [("part".to_string(), parse("fixed(A = 1) * close").expect("a formula"))].into();
        let names = Names { signals, ..Names::default() };
        has_partial_sum(&parse(formula).expect("a formula"), &names, &universe)
    }

    #[test]
    fn a_sum_with_a_side_for_some_assets_alone_is_found() {
        for formula in [
            "0.5 * top(close, 1) + 0.5 * fixed(A = 1)",
            "fixed(A = 1) - fixed(B = 1)",
            "fixed(A = 1, B = 1) + fixed(A = 1)",
            "if(fixed(A = 1) > 0, 1, 2) + 1",
            "latch(fixed(A = 1), close > 12) - 1",
            "fill(fixed(A = 1), fixed(A = 2)) + 1",
            "if(close > 12, fixed(A = 1), fixed(B = 1)) + 1",
            "abs(1 + sma(-part, 3))",
            "1 + part",
            "rank(fixed(A = 1)) + 1",
            "monthly(daily(fixed(A = 1))) + 1",
        ] {
            assert!(refused(formula), "{formula}");
        }
    }

    #[test]
    fn a_sum_for_all_assets_or_for_the_same_ones_is_none() {
        for formula in [
            "1 - fixed(A = 0.5, B = 0.5)",
            "fixed(A = 1) + 2 * part",
            "fill(fixed(A = 1), 0) + 1",
            "fill(fixed(A = 1), fixed(B = 1)) + 1",
            "(fixed(A = 1) or 0) + 1",
            "hold(fixed(A = 1), 0) + 1",
            "of(\"A\", fixed(A = 1)) + 1",
            "top(fixed(A = 1) * close, 1) + 1",
            "sum_across(fixed(A = 1)) + 1",
            "fixed(A = 1) * 2",
        ] {
            assert!(!refused(formula), "{formula}");
        }
    }
}
