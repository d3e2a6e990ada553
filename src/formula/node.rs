//! The checked graph of a formula, with names resolved and arguments sorted by kind. Parameters keep their index, so that one
//! graph serves every point of a sweep. This file knows no operator by name.

use super::error::{FormulaError, Span};
use super::operator::{Compute, Number, Operator};
use super::syntax::{BinaryOperator, UnaryOperator};
use crate::market::columns::Column;
use crate::text::quoted::number;

/// The index of a node in [`Formula::nodes`].
pub(crate) type NodeId = usize;

/// One operation of a formula. Operands come before what uses them; a signal that is named twice is one node.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    /// A number.
    Number(f64),
    /// The parameter of this index.
    Parameter(usize),
    /// A column of the market.
    Series(Column),
    /// The column of numbers from files of this index.
    External(usize),
    /// The groups of this index: the number of each asset's group.
    Groups(usize),
    /// A sign or word with one operand.
    Unary(UnaryOperator, NodeId),
    /// A sign or word with two operands.
    Binary(BinaryOperator, [NodeId; 2]),
    /// An operator that is written as a call.
    Call(Call),
}

/// An operator with its arguments.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Call {
    /// The operator.
    pub operator: &'static Operator,
    /// The formulas among its arguments, in order.
    pub operands: Vec<NodeId>,
    /// The constants among its arguments, in order.
    pub constants: Vec<Constant>,
    /// The tickers among its arguments, in order: indices into [`Formula::fixed_assets`] where they have weights, else into
    /// [`Formula::of_assets`].
    pub tickers: Vec<usize>,
    /// Whether its windows are over the present values of their days.
    pub partial: bool,
    /// For an operator across assets the numbers of the groups within which it looks; `None` for all members.
    pub groups: Option<NodeId>,
}

/// A number that parameters may decide and that is the same on all days: a window, a number of assets, a factor.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Constant {
    /// The arithmetic that gives it; an infinite number is the window `all`.
    pub value: NodeId,
    /// Its characters in the formula.
    pub span: Span,
    /// Which numbers it may be.
    pub kind: Number,
}

/// The largest window and the largest number of assets.
pub(crate) const COUNT_LIMIT: u32 = 1_000_000;

/// A checked formula.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Formula {
    /// All operations, operands first.
    pub nodes: Vec<Node>,
    /// What is known of each operation.
    pub facts: Vec<Facts>,
    /// The operation whose value is that of the formula.
    pub root: NodeId,
    /// The text in canonical form.
    pub canonical: String,
    /// Tickers named in `of`, in order of appearance, without repeats.
    pub of_assets: Vec<String>,
    /// Tickers named in `fixed`, in order of appearance, without repeats.
    pub fixed_assets: Vec<String>,
    /// For each parameter whether the formula uses it.
    pub uses_parameter: Vec<bool>,
    /// For each signal whether the formula uses it.
    pub uses_signal: Vec<bool>,
    /// Sums that are absent for some assets because `fixed` does not name them.
    pub fixed_sums: Vec<FixedSum>,
}

/// What is known of an operation when the formula is read.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Facts {
    /// Whether it is arithmetic over numbers and parameters alone.
    pub is_constant: bool,
    /// Whether a parameter stands in it.
    pub names_parameter: bool,
    /// Whether the value of one asset depends on the other members.
    pub is_across: bool,
    /// Whether it names the state of the hold around it.
    pub names_state: bool,
    /// Whether several operations use it.
    pub is_shared: bool,
    /// The number of operations on the longest way down.
    pub height: u32,
}

/// A sum whose one side is absent for every asset but some.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FixedSum {
    /// The name of the signal in which it stands; `None` for the formula itself.
    pub signal: Option<String>,
    /// The characters of the side.
    pub span: Span,
    /// The text of the side in canonical form.
    pub text: String,
    /// The assets for which the side has values: indices into [`Formula::fixed_assets`].
    pub tickers: Vec<usize>,
}

/// No operator has more constants than this.
pub(crate) const MOST_CONSTANTS: usize = 4;

/// How many days a formula looks back.
#[derive(Debug, Clone, Copy, Default)]
struct Depth {
    /// In days, inside of weeks and months in these.
    own: u64,
    /// The largest depth of what looks at days inside of weeks and months.
    daily: u64,
}

impl Formula {
    /// Whether the formula reads a column of the market.
    pub(crate) fn uses_series(&self, wanted: Column) -> bool {
        self.nodes.contains(&Node::Series(wanted))
    }

    /// Whether the formula names groups of assets.
    pub(crate) fn uses_groups(&self, wanted: usize) -> bool {
        self.nodes.contains(&Node::Groups(wanted))
    }

    /// Whether the formula reads a column of numbers from files.
    pub(crate) fn uses_external(&self, wanted: usize) -> bool {
        self.nodes.contains(&Node::External(wanted))
    }

    /// Checks every constant for these parameter values, and gives the depth: the largest total of windows along any path of
    /// nested operators (`docs/formula.md#readiness`).
    ///
    /// # Errors
    /// A constant that is not of its kind or not in its range; the message says which value it has.
    pub(crate) fn depth(&self, parameters: &[f64]) -> Result<u64, FormulaError> {
        // Of each operation its value, if it is a constant, and its depth. One list, for this is done for every point.
        let mut known: Vec<(f64, Depth)> = Vec::with_capacity(self.nodes.len());
        for (node, facts) in self.nodes.iter().zip(&self.facts) {
            let value = node.constant_value(facts, parameters, |operand| known[operand].0);
            let mut below = Depth::default();
            for operand in node.operands() {
                below.own = below.own.max(known[operand].1.own);
                below.daily = below.daily.max(known[operand].1.daily);
            }
            let depth = match node {
                Node::Call(call) => call.depth(below, |constant| known[constant].0)?,
                _ => below,
            };
            known.push((value, depth));
        }
        Ok(known[self.root].1.own)
    }

    /// The value of each operation that is a constant, NaN for every other; absent constants are NaN too.
    pub(crate) fn constant_values(&self, parameters: &[f64]) -> Vec<f64> {
        let mut values = Vec::new();
        self.write_constants(parameters, &mut values);
        values
    }

    /// Writes [`Formula::constant_values`], whatever was there before.
    pub(crate) fn write_constants(&self, parameters: &[f64], values: &mut Vec<f64>) {
        values.clear();
        for (node, facts) in self.nodes.iter().zip(&self.facts) {
            values.push(node.constant_value(facts, parameters, |operand| values[operand]));
        }
    }

    /// The value of the formula where it is a constant, else `None`.
    pub(crate) fn constant(&self, parameters: &[f64]) -> Option<f64> {
        self.facts[self.root].is_constant.then(|| self.constant_values(parameters)[self.root])
    }

    /// Whether a parameter decides its value.
    pub(crate) fn names_parameter(&self) -> bool {
        self.facts[self.root].names_parameter
    }

    /// Whether points share the columns of an operation.
    pub(crate) fn is_kept(&self, id: NodeId) -> bool {
        match &self.nodes[id] {
            Node::Series(_) | Node::External(_) | Node::Groups(_) => true,
            Node::Call(call) => call.is_kept(),
            _ => false,
        }
    }

    /// The first sum with a side that is absent for an asset of the universe because `fixed` does not name it.
    ///
    /// # Errors
    /// There is one; the message says what to write.
    pub(crate) fn check_fixed_sums(&self, universe: &[&str]) -> Result<(), FormulaError> {
        for sum in &self.fixed_sums {
            let named: Vec<&str> =
                sum.tickers.iter().map(|ticker| self.fixed_assets[*ticker].as_str()).collect();
            let absent: Vec<&str> =
                universe.iter().copied().filter(|ticker| !named.contains(ticker)).collect();
            if absent.is_empty() {
                continue;
            }
            let message = if named.is_empty() {
                "no ticker has a value in every fixed(..) of this sum; write fill(.., 0) around each"
                    .to_owned()
            } else {
                format!(
                    "fixed names {} alone: for {} this sum is absent, so nothing of {} is bought; write `fill({}, 0)`",
                    few(&named),
                    few(&absent),
                    if absent.len() == 1 { "it" } else { "them" },
                    sum.text
                )
            };
            let error = FormulaError::new(sum.span.clone(), message);
            return Err(match &sum.signal {
                Some(name) => error.in_signal(name),
                None => error,
            });
        }
        Ok(())
    }
}

/// At most five names, and how many more there are.
fn few(names: &[&str]) -> String {
    const MOST: usize = 5;
    let shown = names.iter().take(MOST).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(MOST) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

impl Constant {
    /// The value, if it may have that; infinite is the window `all`.
    ///
    /// # Errors
    /// A value of another kind or outside its range; the message says which value it is.
    pub(crate) fn check(&self, value: f64) -> Result<f64, FormulaError> {
        let fits = match self.kind {
            Number::Window { .. } if value == f64::INFINITY => true,
            Number::Window { least } | Number::Whole { least } => {
                value.fract() == 0.0 && f64::from(least) <= value && value <= f64::from(COUNT_LIMIT)
            }
            Number::Any { least, most } => least <= value && value <= most,
            Number::Positive => value > 0.0 && value.is_finite(),
        };
        if fits {
            return Ok(value);
        }
        // Only now: this is asked for every point, and texts take longer than the answer.
        let wanted = match self.kind {
            Number::Window { least } | Number::Whole { least } => {
                format!("a whole number from {least} to {COUNT_LIMIT}")
            }
            Number::Any { least, most } => format!("a number from {} to {}", number(least), number(most)),
            Number::Positive => "a number above 0".to_owned(),
        };
        let shown = if value.is_nan() { "no number".to_owned() } else { number(value) };
        Err(FormulaError::new(self.span.clone(), format!("expected {wanted}, found {shown}")))
    }
}

impl Node {
    /// The value of a constant from those of its operands; NaN for what is none.
    #[inline]
    fn constant_value(&self, facts: &Facts, parameters: &[f64], value: impl Fn(NodeId) -> f64) -> f64 {
        match self {
            Node::Number(value) => *value,
            Node::Parameter(index) => parameters[*index],
            Node::Unary(operator, x) if facts.is_constant => operator.apply(value(*x)),
            Node::Binary(operator, [a, b]) if facts.is_constant => operator.apply(value(*a), value(*b)),
            _ => f64::NAN,
        }
    }

    /// The operands, in order, and the groups of an operator across assets. Constants are not among them.
    pub(crate) fn operands(&self) -> impl Iterator<Item = NodeId> {
        let (few, more, groups): (&[NodeId], &[NodeId], Option<NodeId>) = match self {
            Node::Number(_) | Node::Parameter(_) | Node::Series(_) | Node::External(_) | Node::Groups(_) => {
                (&[], &[], None)
            }
            Node::Unary(_, x) => (std::slice::from_ref(x), &[], None),
            Node::Binary(_, operands) => (operands, &[], None),
            Node::Call(call) => (&[], &call.operands, call.groups),
        };
        few.iter().chain(more).copied().chain(groups)
    }
}

impl Call {
    /// Its depth on top of that of its operands; `value` gives that of a constant.
    ///
    /// # Errors
    /// A constant that is not of its kind or not in its range, or constants that do not go together.
    fn depth(&self, below: Depth, value: impl Fn(NodeId) -> f64) -> Result<Depth, FormulaError> {
        let mut buffer = [0.0; MOST_CONSTANTS];
        for (slot, constant) in buffer.iter_mut().zip(&self.constants) {
            *slot = constant.check(value(constant.value))?;
        }
        let constants = &mut buffer[..self.constants.len().min(MOST_CONSTANTS)];
        if let (Some(rule), Some(last)) = (self.operator.rule, self.constants.last())
            && let Some(message) = rule(constants)
        {
            return Err(FormulaError::new(last.span.clone(), message));
        }
        for (value, constant) in constants.iter_mut().zip(&self.constants) {
            if let (true, Number::Window { least }) = (value.is_infinite(), constant.kind) {
                *value = f64::from(least);
            }
        }
        let own = (self.operator.depth)(constants) + below.own;
        Ok(match self.operator.compute {
            Compute::Partial => Depth::default(),
            Compute::Periods(period) => Depth { own: period.days() * own + below.daily, daily: 0 },
            Compute::Daily => Depth { own: 0, daily: own },
            _ => Depth { own, daily: below.daily },
        })
    }

    /// Its constants, of those of all operations, written into a buffer.
    pub(crate) fn constants<'b>(&self, values: &[f64], buffer: &'b mut [f64; MOST_CONSTANTS]) -> &'b [f64] {
        for (slot, constant) in buffer.iter_mut().zip(&self.constants) {
            *slot = values[constant.value];
        }
        &buffer[..self.constants.len().min(MOST_CONSTANTS)]
    }

    /// Whether its last arguments, which may be left out, are given.
    pub(crate) fn has_optional(&self) -> bool {
        self.operator.optional > 0
            && self.operands.len() + self.constants.len() == self.operator.arguments.len()
    }

    /// Whether points share its columns.
    pub(crate) fn is_kept(&self) -> bool {
        match self.operator.compute {
            Compute::Across(across) => across.with_memory.is_some() && self.has_optional(),
            _ => self.operator.is_kept(),
        }
    }
}
