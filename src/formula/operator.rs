//! What an operator is: one value with everything about it. The list of all operators is in [`super::operators`].

use super::kernel::block::Block;
use super::kernel::days::{Days, Readiness};
use super::kernel::numbers::Numbers;
use super::kernel::present::Reach;
use crate::market::calendar::Calendar;
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
    /// How many of the last arguments may be left out, all of them together.
    pub optional: usize,
    /// What its constants must fulfil together: the message where they do not.
    pub rule: Option<Rule>,
    /// How many days it looks back, given its constants.
    pub depth: fn(&[f64]) -> u64,
    /// What it computes.
    pub compute: Compute,
    /// What it is for: its line in the index of the reference.
    #[cfg_attr(not(test), expect(dead_code, reason = "the reference is written from it"))]
    pub purpose: &'static str,
    /// Its definition, in the reference.
    #[cfg_attr(not(test), expect(dead_code, reason = "the reference is written from it"))]
    pub definition: &'static str,
    /// What it gives where a value is absent.
    pub absent: Absent,
    /// Values worked out by hand on the example market of the reference, a line each.
    #[cfg_attr(not(test), expect(dead_code, reason = "the reference is written from it"))]
    pub example: &'static [&'static str],
    /// What else the reference says, after the example; may be empty.
    #[cfg_attr(not(test), expect(dead_code, reason = "the reference is written from it"))]
    pub remarks: &'static str,
    /// Who described it, or which tool has it; may be empty.
    #[cfg_attr(not(test), expect(dead_code, reason = "the reference is written from it"))]
    pub source: &'static str,
}

/// What the constants of an operator must fulfil together: the message where they do not.
pub(crate) type Rule = fn(&[f64]) -> Option<String>;

/// An argument of an operator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Argument {
    /// Any formula.
    Value,
    /// Any formula. As the first argument it may be left out and is then `close`.
    ValueOrClose,
    /// One formula or more.
    MoreValues,
    /// A number made of numbers and parameters alone.
    Constant(Number),
    /// Any formula: equal numbers are a group.
    Groups,
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

/// Which numbers a constant may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    /// A whole number.
    Whole {
        /// The smallest allowed value.
        least: u32,
    },
    /// A number of days, a whole number, or `all`: all days up to today. Such a window can be over the present values alone.
    Window {
        /// The smallest number of days, and the smallest number of values that make a result.
        least: u32,
    },
    /// Any number of a range.
    Any {
        /// The smallest allowed value.
        least: f64,
        /// The largest allowed value.
        most: f64,
    },
    /// Any number above 0.
    Positive,
}

impl Argument {
    /// A whole number from `least` on.
    pub(crate) const fn whole(least: u32) -> Argument {
        Argument::Constant(Number::Whole { least })
    }

    /// A window of at least `least` days.
    pub(crate) const fn window(least: u32) -> Argument {
        Argument::Constant(Number::Window { least })
    }

    /// A number from `least` to `most`.
    pub(crate) const fn number(least: f64, most: f64) -> Argument {
        Argument::Constant(Number::Any { least, most })
    }
}

/// A part of the calendar that a formula can have in place of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Period {
    /// From Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
}

impl Period {
    /// How many a year has.
    pub(crate) fn a_year(self) -> f64 {
        match self {
            Period::Week => 52.0,
            Period::Month => 12.0,
        }
    }

    /// The most days that one has.
    pub(crate) fn days(self) -> u64 {
        match self {
            Period::Week => 5,
            Period::Month => 23,
        }
    }
}

/// What a hold knows about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HoldState {
    /// The closes since it began.
    Age,
    /// A value at the close on which it began.
    Entry,
    /// The largest value since then.
    Peak,
    /// The smallest value since then.
    Trough,
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
    /// The first operand, or the second where that is absent, from the asset's first day on.
    Fill,
    /// A number that only the date decides.
    Calendar(fn(&Calendar, usize) -> f64),
    /// The operand with weeks or months in place of days.
    Periods(Period),
    /// Within weeks or months: the operand on days.
    Daily,
    /// The operand with windows over present values alone.
    Partial,
    /// The second operand with operators across assets that see members of one group alone.
    Within,
    /// A position with a memory; without the state of the hold in its arguments and without a size it is this function.
    Hold(OverTime),
    /// The state of the hold around it.
    State(HoldState),
    /// Weights of chosen members from their returns.
    FromReturns(FromReturns),
}

/// Weights from the returns of the chosen members: `returns` has a window of as many values for each of them, in the order
/// of the universe. Writes a weight for each, NaN for absent, and says what is doubtful about them.
pub(crate) type FromReturns = fn(&[&[f64]], &mut [f64]) -> Option<Doubt>;

/// What is doubtful about weights from returns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Doubt {
    /// There are no more days than assets.
    FewDays {
        /// The days.
        days: usize,
        /// The assets.
        assets: usize,
    },
    /// The weights had not settled when the rounds ran out.
    Unsettled {
        /// By which share the largest contribution to the variance exceeds the smallest.
        apart: f64,
    },
}

/// What an operator over time sees of one asset.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window<'a> {
    /// The operands from the asset's first day on.
    pub columns: &'a [&'a [f64]],
    /// The constants.
    pub constants: &'a [f64],
    /// Whether short histories have a value.
    pub readiness: Readiness,
    /// Whether windows are over the present values of their days.
    pub partial: bool,
    /// The number of days of a year; within weeks or months of these.
    pub periods_a_year: f64,
}

impl<'a> Window<'a> {
    /// The first operand.
    pub(crate) fn x(&self) -> &'a [f64] {
        self.columns.first().copied().unwrap_or_default()
    }

    /// The first constant as a whole number.
    pub(crate) fn n(&self) -> usize {
        self.constants.first().map_or(0, |n| *n as usize)
    }

    /// The values of the window.
    pub(crate) fn reach(&self) -> Reach {
        match self.constants.first() {
            Some(n) if n.is_infinite() => Reach::All,
            _ if self.partial => Reach::Partial(self.n()),
            _ => Reach::Full(self.n()),
        }
    }

    /// Whether a value needs a full window.
    pub(crate) fn only_full(&self) -> bool {
        self.readiness == Readiness::Full
    }
}

/// Writes a value for each value of an operand that is absent for non-members.
pub(crate) type FirstStep = fn(&[f64], &Block, &mut [f64]);
/// Overwrites the values of members with the result for some constants.
pub(crate) type MemberStep = fn(&mut [f64], &[f64], &Block);
/// Writes the values for the columns of one asset on the days that are wanted.
pub(crate) type OverTime = fn(&Window, Days, &mut [f64]);

/// A computation over the members of each day of a block, column after column; NaN is absent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Across {
    /// A first step that does not depend on the constants. Where the operand is kept, its result is computed once for all
    /// points.
    pub shared: Option<FirstStep>,
    /// Overwrites the operand, or the result of the first step, with the values for the constants. The cells of non-members are
    /// absent before and may hold anything afterwards.
    pub compute: MemberStep,
    /// The same where the arguments that may be left out are given: it sees all days and has a memory.
    pub with_memory: Option<MemberStep>,
    /// Whether it is absent where its operand is, so that a sum with it may be.
    pub keeps_absence: bool,
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
    /// It has a window and is absent until that is full, under every readiness.
    UntilFull(
        /// Where else it is absent, as a sentence; may be empty.
        #[cfg_attr(not(test), expect(dead_code, reason = "the reference is written from it"))]
        &'static str,
    ),
    /// Another rule, in words.
    #[cfg_attr(not(test), expect(dead_code, reason = "the reference is written from it"))]
    Rule(&'static str),
}

impl Operator {
    /// How to write it, in each of its forms.
    pub(crate) fn help(&self) -> String {
        let words: Vec<&str> = self.usage.split(", ").collect();
        let required = words.len() - self.optional.min(words.len() - 1);
        let closed = |form: String| if form.ends_with(')') { form } else { form + ")" };
        let mut forms = vec![closed(words[..required].join(", "))];
        if self.arguments.first() == Some(&Argument::ValueOrClose) && required > 1 {
            forms.insert(0, closed(format!("{}({}", self.name, words[1..required].join(", "))));
        }
        if self.optional > 0 {
            forms.push(self.usage.to_owned());
        }
        format!("write {}", forms.join(" or "))
    }

    /// The arguments that are written.
    pub(crate) fn written(&self) -> impl Iterator<Item = Argument> + Clone {
        self.arguments.iter().copied().filter(|argument| !matches!(argument, Argument::Series(_)))
    }

    /// Whether windows over present values change it.
    pub(crate) fn has_partial_windows(&self) -> bool {
        let is_window = |argument: &Argument| matches!(argument, Argument::Constant(Number::Window { .. }));
        matches!(self.absent, Absent::Short { .. }) || self.arguments.iter().any(is_window)
    }

    /// Whether points share its columns.
    pub(crate) fn is_kept(&self) -> bool {
        matches!(
            self.compute,
            Compute::OverTime(_)
                | Compute::Calendar(_)
                | Compute::Periods(_)
                | Compute::Daily
                | Compute::Hold(_)
                | Compute::FromReturns(_)
        )
    }

    /// Whether its value for one asset depends on the other members.
    pub(crate) fn is_across(&self) -> bool {
        matches!(self.compute, Compute::Across(_) | Compute::FromReturns(_))
    }
}

/// Two operators are equal if they are the same item of the list.
impl PartialEq for Operator {
    fn eq(&self, other: &Operator) -> bool {
        std::ptr::eq(self, other)
    }
}

/// The depth of an operator that looks at one day.
pub(crate) fn no_depth(_: &[f64]) -> u64 {
    0
}

/// The depth of an operator whose first constant is its window.
pub(crate) fn window(constants: &[f64]) -> u64 {
    constants.first().map_or(0, |n| n.ceil() as u64)
}
