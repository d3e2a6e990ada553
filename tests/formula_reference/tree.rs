//! Formulas as trees, and the text of a tree with no more parentheses than it needs.

use std::fmt;

/// A formula. Operators are their names: what a name means is the business of whoever evaluates it.
#[derive(Debug, Clone, PartialEq)]
pub enum Tree {
    /// A literal, never negative.
    Number(f64),
    /// A series or a parameter.
    Name(String),
    /// `-` or `not`.
    Unary(String, Box<Tree>),
    /// An operator between two operands.
    Binary(String, Box<Tree>, Box<Tree>),
    /// An operator with arguments in parentheses, none of them a ticker.
    Call(String, Vec<Tree>),
    /// `of("A", x)`.
    Of(String, Box<Tree>),
    /// `fixed(A = w, ...)`.
    Fixed(Vec<(String, Tree)>),
}

/// How tightly the text of a tree holds together; an operand looser than its place stands in parentheses.
mod binds {
    pub const OR: u8 = 1;
    pub const AND: u8 = 2;
    pub const NOT: u8 = 3;
    pub const COMPARISON: u8 = 4;
    pub const SUM: u8 = 5;
    pub const PRODUCT: u8 = 6;
    pub const MINUS: u8 = 7;
    pub const POWER: u8 = 8;
    pub const ATOM: u8 = 9;
}

impl Tree {
    pub fn name(name: &str) -> Tree {
        Tree::Name(name.into())
    }

    pub fn unary(operator: &str, x: Tree) -> Tree {
        Tree::Unary(operator.into(), Box::new(x))
    }

    pub fn binary(operator: &str, left: Tree, right: Tree) -> Tree {
        Tree::Binary(operator.into(), Box::new(left), Box::new(right))
    }

    pub fn call<const N: usize>(operator: &str, arguments: [Tree; N]) -> Tree {
        Tree::Call(operator.into(), arguments.into())
    }

    pub fn children(&self) -> Vec<&Tree> {
        match self {
            Tree::Number(_) | Tree::Name(_) => vec![],
            Tree::Unary(_, x) | Tree::Of(_, x) => vec![x],
            Tree::Binary(_, left, right) => vec![left, right],
            Tree::Call(_, arguments) => arguments.iter().collect(),
            Tree::Fixed(weights) => weights.iter().map(|(_, weight)| weight).collect(),
        }
    }

    /// The tree with other trees in the places of their names.
    pub fn with_names(&self, trees: &[(String, Tree)]) -> Tree {
        if let Tree::Name(name) = self {
            let found = trees.iter().find(|(known, _)| known == name);
            return found.map_or(self.clone(), |(_, tree)| tree.clone());
        }
        let children = self.children().into_iter().map(|child| child.with_names(trees));
        children.enumerate().fold(self.clone(), |tree, (index, child)| tree.with_child(index, child))
    }

    /// Whether one of these operators stands in it.
    pub fn calls(&self, operators: &[&str]) -> bool {
        let own = matches!(self, Tree::Call(operator, _) if operators.contains(&operator.as_str()));
        own || self.children().into_iter().any(|child| child.calls(operators))
    }

    /// The tree with its `index`-th child replaced.
    fn with_child(&self, index: usize, child: Tree) -> Tree {
        let mut tree = self.clone();
        match &mut tree {
            Tree::Number(_) | Tree::Name(_) => {}
            Tree::Unary(_, x) | Tree::Of(_, x) => **x = child,
            Tree::Binary(_, left, right) => **(if index == 0 { left } else { right }) = child,
            Tree::Call(_, arguments) => arguments[index] = child,
            Tree::Fixed(weights) => weights[index].1 = child,
        }
        tree
    }

    /// The trees that come from this one by putting a child in the place of its parent.
    pub fn smaller(&self) -> Vec<Tree> {
        let children = self.children();
        let mut smaller: Vec<Tree> = children.iter().map(|&child| child.clone()).collect();
        for (index, child) in children.into_iter().enumerate() {
            smaller.extend(child.smaller().into_iter().map(|child| self.with_child(index, child)));
        }
        smaller
    }

    fn binds(&self) -> u8 {
        match self {
            Tree::Unary(operator, _) => {
                if operator == "not" {
                    binds::NOT
                } else {
                    binds::MINUS
                }
            }
            Tree::Binary(operator, ..) => binary_binds(operator),
            _ => binds::ATOM,
        }
    }
}

fn binary_binds(operator: &str) -> u8 {
    match operator {
        "or" => binds::OR,
        "and" => binds::AND,
        "+" | "-" => binds::SUM,
        "*" | "/" => binds::PRODUCT,
        "^" => binds::POWER,
        _ => binds::COMPARISON,
    }
}

/// A tree in a place that holds its operand as tightly as the number says.
struct Within<'a>(&'a Tree, u8);

impl fmt::Display for Within<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Within(tree, place) = self;
        if tree.binds() < *place { write!(formatter, "({tree})") } else { write!(formatter, "{tree}") }
    }
}

impl fmt::Display for Tree {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Tree::Number(x) if *x != 0.0 && !(1e-5..1e9).contains(x) => write!(formatter, "{x:e}"),
            Tree::Number(x) => write!(formatter, "{x}"),
            Tree::Name(name) => formatter.write_str(name),
            Tree::Unary(operator, x) if operator == "not" => {
                write!(formatter, "not {}", Within(x, binds::NOT))
            }
            Tree::Unary(operator, x) => write!(formatter, "{operator}{}", Within(x, binds::MINUS)),
            Tree::Binary(operator, left, right) => {
                let own = self.binds();
                let (left_place, right_place) = match own {
                    binds::POWER => (own + 1, own),
                    binds::COMPARISON => (own + 1, own + 1),
                    _ => (own, own + 1),
                };
                write!(formatter, "{} {operator} {}", Within(left, left_place), Within(right, right_place))
            }
            Tree::Call(operator, arguments) => {
                write!(formatter, "{operator}(")?;
                for (index, argument) in arguments.iter().enumerate() {
                    write!(formatter, "{}{argument}", if index == 0 { "" } else { ", " })?;
                }
                formatter.write_str(")")
            }
            Tree::Of(ticker, x) => write!(formatter, "of(\"{ticker}\", {x})"),
            Tree::Fixed(weights) => {
                formatter.write_str("fixed(")?;
                for (index, (ticker, weight)) in weights.iter().enumerate() {
                    let comma = if index == 0 { "" } else { ", " };
                    let quote = if ticker.chars().all(|c| c.is_ascii_uppercase()) { "" } else { "\"" };
                    write!(formatter, "{comma}{quote}{ticker}{quote} = {weight}")?;
                }
                formatter.write_str(")")
            }
        }
    }
}
