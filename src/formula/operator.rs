//! What an operator is: one value with everything about it. The list of all operators is in [`super::operators`].

use super::kernel::block::Block;
use super::kernel::days::{Days, Readiness};
use super::kernel::numbers::Numbers;
use crate::market::columns::Column;

/// An operator that is written as a call.
#[derive(Debug)]
pub(crate) struct Operator {
    /// Its name.
    pub name: &'static str,
    /// How it is written, in messages and as the heading of its reference.
    pub usage: &'static str,
    /// Its names in other tools. None of them is accepted; the error for such a name points to this operator.
    pub synonyms: &'static [&'static str],
    /// The arguments it takes, in order.
    pub arguments: &'static [Argument],
    /// How many days it looks back, given its counts.
    pub depth: fn(&[usize]) -> u64,
    /// What it computes.
    pub compute: Compute,
    /// Its definition, in the reference.
    #[cfg_attr(not(test), expect(dead_code, reason = "the reference is written from it"))]
    pub definition: &'static str,
    /// What it gives where a value is absent.
    #[cfg_attr(not(test), expect(dead_code, reason = "the reference is written from it"))]
    pub absent: Absent,
    /// Values worked out by hand on the example market of the reference, a line each.
    #[cfg_attr(not(test), expect(dead_code, reason = "the reference is written from it"))]
    pub example: &'static [&'static str],
    /// What else the reference says, after the example; may be empty.
    #[cfg_attr(not(test), expect(dead_code, reason = "the reference is written from it"))]
    pub remarks: &'static str,
}

/// An argument of an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Argument {
    /// Any formula.
    Value,
    /// Any formula. As the first argument it may be left out and is then `close`.
    ValueOrClose,
    /// One formula or more.
    MoreValues,
    /// A whole number made of numbers and parameters alone.
    Count {
        /// The smallest allowed value.
        least: u32,
    },
    /// A quoted ticker.
    Ticker {
        /// How to write it.
        hint: &'static str,
    },
    /// `TICKER = weight`, once or more often; the weights are made of numbers and parameters alone.
    Weights {
        /// How to write it.
        hint: &'static str,
    },
    /// A column of the market that the operator always reads; the user does not write it.
    Series(Column),
}

/// What an operator computes, by the shape of the computation.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Compute {
    /// A function of one number for each operand, computed for each asset and day separately.
    Numbers(Numbers),
    /// A function of the columns of one asset. Its results are kept and shared by points.
    OverTime(OverTime),
    /// A function of the values of all members on one day.
    Across(Across),
    /// The operand's value for the asset of the ticker, given to every asset.
    OfAsset,
    /// The weight of every ticker for its asset.
    ByTicker,
}

/// What an operator over time sees of one asset.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window<'a> {
    /// The operands from the asset's first day on.
    pub columns: &'a [&'a [f64]],
    /// The counts.
    pub counts: &'a [usize],
    /// Whether short histories have a value.
    pub readiness: Readiness,
}

impl<'a> Window<'a> {
    /// The first operand.
    pub(crate) fn x(&self) -> &'a [f64] {
        self.columns.first().copied().unwrap_or_default()
    }

    /// The first count.
    pub(crate) fn n(&self) -> usize {
        self.counts.first().copied().unwrap_or_default()
    }

    /// Whether a value needs a full window.
    pub(crate) fn only_full(&self) -> bool {
        self.readiness == Readiness::Full
    }
}

/// Writes a value for each value of an operand that is absent for non-members.
pub(crate) type FirstStep = fn(&[f64], &Block, &mut [f64]);
/// Writes the values for the columns of one asset on the days that are wanted.
pub(crate) type OverTime = fn(&Window, Days, &mut [f64]);

/// A computation over the members of each day of a block, column after column; NaN is absent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Across {
    /// A first step that does not depend on the counts. Where the operand is kept, its result is computed once for all points.
    pub shared: Option<FirstStep>,
    /// Overwrites the operand, or the result of the first step, with the values for the counts. The cells of non-members are
    /// absent before and may hold anything afterwards.
    pub compute: fn(&mut [f64], &[usize], &Block),
    /// Whether it gives one equal part to each member on which the operand holds, so that its value changes only where the
    /// operand does.
    pub equal_parts: bool,
}

/// What an operator gives where a value is absent.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Absent {
    /// It has a window; under `Readiness::Full` it is absent until the window is full.
    Short {
        /// The number of values that fill the window, in words.
        #[cfg_attr(not(test), expect(dead_code, reason = "the reference is written from it"))]
        fewer_than: &'static str,
        /// What it gives for a short history under `Readiness::Short`.
        #[cfg_attr(not(test), expect(dead_code, reason = "the reference is written from it"))]
        qstrader: &'static str,
    },
    /// Another rule, in words.
    #[cfg_attr(not(test), expect(dead_code, reason = "the reference is written from it"))]
    Rule(&'static str),
}

impl Operator {
    /// How to write it.
    pub(crate) fn help(&self) -> String {
        match self.short_form() {
            Some(short) => format!("write {short} or {}", self.usage),
            None => format!("write {}", self.usage),
        }
    }

    /// How it is written without its first argument, if that argument may be left out.
    fn short_form(&self) -> Option<String> {
        let (_, others) = self.usage.split_once(", ")?;
        (self.arguments.first() == Some(&Argument::ValueOrClose)).then(|| format!("{}({others}", self.name))
    }

    /// The arguments that are written.
    pub(crate) fn written(&self) -> impl Iterator<Item = Argument> + Clone {
        self.arguments.iter().copied().filter(|argument| !matches!(argument, Argument::Series(_)))
    }

    /// Whether points share its columns.
    pub(crate) fn is_kept(&self) -> bool {
        matches!(self.compute, Compute::OverTime(_))
    }

    /// Whether its value for one asset depends on the other members.
    pub(crate) fn is_across(&self) -> bool {
        matches!(self.compute, Compute::Across(_))
    }
}

/// Two operators are equal if they are the same item of the list.
impl PartialEq for Operator {
    fn eq(&self, other: &Operator) -> bool {
        std::ptr::eq(self, other)
    }
}

/// The depth of an operator that looks at one day.
pub(crate) fn no_depth(_: &[usize]) -> u64 {
    0
}

/// The depth of an operator whose first count is its window.
pub(crate) fn window(counts: &[usize]) -> u64 {
    counts.first().map_or(0, |&n| n as u64)
}
