//! Checks a parsed formula and resolves its names. It evaluates constant arithmetic only and knows no operator by name.
//!
//! A signal is read where it is named, once for each way in which what stands around it changes its meaning: so it is one
//! operation however often it is named.

use std::collections::HashMap;

use super::deep::with_room;
use super::elsewhere;
use super::error::{FormulaError, Span};
use super::names::Names;
use super::node::{Call, Constant, Facts, FixedSum, Formula, Node, NodeId};
use super::operator::{Argument, Compute, Number, Operator, Period};
use super::operators;
use super::parser;
use super::syntax::{self, BinaryOperator, Expression, ExpressionKind};
use super::unknown;
use super::words::ALL;
use crate::market::columns::Column;

/// More operations on one way down than this are refused, so that no input takes all memory for a stack.
const HEIGHT_LIMIT: u32 = 800;
/// Signals that would become more operations than this are refused.
const NODES_LIMIT: usize = 200_000;

/// What a formula gives, which decides what may stand in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A weight for each asset.
    Weights,
    /// Whether members want a decision: without `fixed`, which is about assets that need not be members.
    When,
    /// One rate, the same for all assets: without anything that is about an asset, but in `of`.
    Rate,
}

impl Formula {
    /// Reads and checks a formula of weights over some parameters.
    ///
    /// # Errors
    /// Those of [`Formula::read`].
    pub(crate) fn new(text: &str, parameters: &[String]) -> Result<Formula, FormulaError> {
        Formula::read(text, &Names::of_parameters(parameters), Purpose::Weights, None)
    }

    /// Reads and checks a formula over the names of a strategy. `earlier` is another formula of the strategy: the lists of
    /// tickers and of used names begin with its own, so that an index means the same in both.
    ///
    /// # Errors
    /// The first fault and where in the text it is: a syntax error, an unknown name, the wrong number or kind of arguments,
    /// what may not stand in a formula for this purpose.
    pub(crate) fn read(
        text: &str,
        names: &Names,
        purpose: Purpose,
        earlier: Option<&Formula>,
    ) -> Result<Formula, FormulaError> {
        let expression = parser::parse(text)?;
        let mut checker = Checker::new(names, purpose, earlier);
        let reading = checker.node(&expression, Context::default())?;
        if let Some((word, span)) = reading.words.state {
            let message = format!("'{word}' is about the hold around it, and there is none");
            return Err(FormulaError::new(span, message).with_help("it stands in the exit or size of hold"));
        }
        if let Some((word, span)) = reading.words.daily {
            let message =
                format!("'{word}' stands inside monthly or weekly alone; elsewhere every day is a day");
            return Err(FormulaError::new(span, message));
        }
        Ok(checker.finish(reading.id, expression.to_string()))
    }

    /// Checks a signal by itself: what it needs around it aside.
    ///
    /// # Errors
    /// Those of [`Formula::read`].
    pub(crate) fn check_signal(names: &Names, signal: usize, parameters: &[f64]) -> Result<(), FormulaError> {
        let named = &names.signals[signal];
        let mut checker = Checker::new(names, Purpose::Weights, None);
        let reading = checker.node(&named.expression, Context::default())?;
        checker.finish(reading.id, String::new()).depth(parameters).map(|_| ())
    }
}

fn too_deep(span: &Span) -> FormulaError {
    let message = format!("with its signals this formula is more than {HEIGHT_LIMIT} operations deep");
    FormulaError::new(span.clone(), message)
}

/// What stands around an expression and changes its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
struct Context {
    /// Whether windows are over present values.
    partial: bool,
    /// The groups within which operators across assets look.
    groups: Option<NodeId>,
    /// Within weeks or months: these groups on days, where they are given outside.
    groups_of_days: Option<NodeId>,
    /// The weeks or months around it.
    period: Option<Period>,
    /// Whether it stands in the second argument of `of`, where every series has its asset.
    within_of: bool,
}

/// A word with its characters in the text that is read.
type Word = Option<(&'static str, Span)>;

/// Words in an expression that something around it must allow.
#[derive(Debug, Clone, Default)]
struct Words {
    /// The state of a hold.
    state: Word,
    /// Days within weeks or months.
    daily: Word,
    /// Weeks or months.
    periods: Word,
    /// Windows over present values.
    partial: Word,
    /// Members of a group.
    within: Word,
}

impl Words {
    fn each(&mut self) -> [&mut Word; 5] {
        [&mut self.state, &mut self.daily, &mut self.periods, &mut self.partial, &mut self.within]
    }

    /// Takes over the words of another expression.
    fn join(&mut self, mut other: Words) {
        for (word, other) in self.each().into_iter().zip(other.each()) {
            if word.is_none() {
                *word = other.take();
            }
        }
    }
}

/// An expression that has been read.
#[derive(Debug, Clone)]
struct Reading {
    id: NodeId,
    /// The assets that have a value, where `fixed` decides that: indices into [`Formula::fixed_assets`], ascending.
    only: Option<Vec<usize>>,
    words: Words,
}

struct Checker<'a> {
    names: &'a Names,
    purpose: Purpose,
    nodes: Vec<Node>,
    facts: Vec<Facts>,
    /// The values of constants without parameters; NaN for all other operations.
    values: Vec<f64>,
    /// The number of operations around what is read.
    depth: u32,
    signals: HashMap<(usize, Context), Reading>,
    /// The signals around what is read, the innermost last.
    open: Vec<usize>,
    of_assets: Vec<String>,
    fixed_assets: Vec<String>,
    uses_parameter: Vec<bool>,
    uses_signal: Vec<bool>,
    fixed_sums: Vec<FixedSum>,
}

type Read = Result<Reading, FormulaError>;

impl<'a> Checker<'a> {
    fn new(names: &'a Names, purpose: Purpose, earlier: Option<&Formula>) -> Checker<'a> {
        let used =
            |used: Option<&Vec<bool>>, count: usize| used.cloned().unwrap_or_else(|| vec![false; count]);
        Checker {
            names,
            purpose,
            nodes: Vec::new(),
            facts: Vec::new(),
            values: Vec::new(),
            depth: 0,
            signals: HashMap::new(),
            open: Vec::new(),
            of_assets: earlier.map(|earlier| earlier.of_assets.clone()).unwrap_or_default(),
            fixed_assets: earlier.map(|earlier| earlier.fixed_assets.clone()).unwrap_or_default(),
            uses_parameter: used(earlier.map(|earlier| &earlier.uses_parameter), names.parameters.len()),
            uses_signal: used(earlier.map(|earlier| &earlier.uses_signal), names.signals.len()),
            fixed_sums: Vec::new(),
        }
    }

    fn finish(self, root: NodeId, canonical: String) -> Formula {
        let Checker {
            nodes, facts, of_assets, fixed_assets, uses_parameter, uses_signal, fixed_sums, ..
        } = self;
        Formula {
            nodes,
            facts,
            root,
            canonical,
            of_assets,
            fixed_assets,
            uses_parameter,
            uses_signal,
            fixed_sums,
        }
    }

    /// Adds an operation whose operands are there.
    fn add(&mut self, node: Node, span: &Span) -> Result<NodeId, FormulaError> {
        let mut facts = Facts { height: 1, ..Facts::default() };
        for operand in node.operands() {
            let below = self.facts[operand];
            facts.height = facts.height.max(below.height + 1);
            facts.names_parameter |= below.names_parameter;
            facts.is_across |= below.is_across;
            facts.names_state |= below.names_state;
        }
        match &node {
            Node::Number(_) => facts.is_constant = true,
            Node::Parameter(_) => (facts.is_constant, facts.names_parameter) = (true, true),
            Node::Unary(syntax::UnaryOperator::Negate, x) => facts.is_constant = self.facts[*x].is_constant,
            Node::Binary(operator, operands) if operator.is_arithmetic() => {
                facts.is_constant = operands.iter().all(|operand| self.facts[*operand].is_constant);
            }
            Node::Call(call) => {
                facts.is_across |= call.operator.is_across();
                facts.names_state |= matches!(call.operator.compute, Compute::State(_));
                facts.names_state &= !matches!(call.operator.compute, Compute::Hold(_));
                for constant in &call.constants {
                    facts.names_parameter |= self.facts[constant.value].names_parameter;
                }
            }
            _ => {}
        }
        if facts.height > HEIGHT_LIMIT {
            return Err(too_deep(span));
        }
        if self.nodes.len() == NODES_LIMIT {
            let message = format!("with its signals this formula has more than {NODES_LIMIT} operations");
            return Err(FormulaError::new(span.clone(), message));
        }
        self.values.push(match &node {
            Node::Number(value) => *value,
            Node::Unary(operator, x) if facts.is_constant => operator.apply(self.values[*x]),
            Node::Binary(operator, [a, b]) if facts.is_constant => {
                operator.apply(self.values[*a], self.values[*b])
            }
            _ => f64::NAN,
        });
        self.nodes.push(node);
        self.facts.push(facts);
        Ok(self.nodes.len() - 1)
    }

    /// An operation without words around it.
    fn plain(&mut self, node: Node, span: &Span) -> Read {
        Ok(Reading { id: self.add(node, span)?, only: None, words: Words::default() })
    }

    /// Reads an expression; refuses one that stands too deep before anything in it is read.
    fn node(&mut self, expression: &Expression, context: Context) -> Read {
        // A name is no operation: what a signal stands for is one.
        let own = u32::from(!matches!(expression.kind, ExpressionKind::Name(_)));
        self.depth += own;
        let read = if self.depth > HEIGHT_LIMIT {
            Err(too_deep(&expression.span))
        } else {
            with_room(|| self.node_itself(expression, context))
        };
        self.depth -= own;
        read
    }

    fn node_itself(&mut self, expression: &Expression, context: Context) -> Read {
        let span = &expression.span;
        match &expression.kind {
            ExpressionKind::Number(value) => self.plain(Node::Number(*value), span),
            ExpressionKind::Name(name) => self.name(name, expression, context),
            ExpressionKind::Ticker(ticker) => Err(no_value(ticker, span, None)),
            ExpressionKind::Unary(operator, operand) => {
                let x = self.node(operand, context)?;
                Ok(Reading { id: self.add(Node::Unary(*operator, x.id), span)?, ..x })
            }
            ExpressionKind::Binary(operator, left, right) => self.binary(*operator, left, right, context),
            ExpressionKind::Call(name, arguments) => match operators::operator(name) {
                Some(operator) => self.call(operator, arguments, expression, context),
                None => Err(unknown::call(self.names, name, arguments, expression)),
            },
        }
    }

    fn binary(
        &mut self,
        operator: BinaryOperator,
        left: &Expression,
        right: &Expression,
        context: Context,
    ) -> Read {
        for (side, beside) in [(left, right), (right, left)] {
            if let ExpressionKind::Ticker(ticker) = &side.kind {
                return Err(no_value(ticker, &side.span, Some(beside)));
            }
        }
        let (a, b) = (self.node(left, context)?, self.node(right, context)?);
        if matches!(operator, BinaryOperator::Add | BinaryOperator::Subtract) && a.only != b.only {
            for (side, expression) in [(&a, left), (&b, right)] {
                if let Some(tickers) = &side.only {
                    self.fixed_sums.push(FixedSum {
                        signal: self.open.last().map(|signal| self.names.signals[*signal].name.clone()),
                        span: expression.span.clone(),
                        text: expression.to_string(),
                        tickers: tickers.clone(),
                    });
                }
            }
        }
        let is_logic = matches!(operator, BinaryOperator::And | BinaryOperator::Or);
        let only = if is_logic { None } else { common([a.only, b.only].into_iter()) };
        let mut words = a.words;
        words.join(b.words);
        let span = left.span.start..right.span.end;
        Ok(Reading { id: self.add(Node::Binary(operator, [a.id, b.id]), &span)?, only, words })
    }

    fn name(&mut self, name: &str, expression: &Expression, context: Context) -> Read {
        let span = &expression.span;
        let position = |names: &[String]| names.iter().position(|known| known == name);
        if let Some(index) = position(&self.names.parameters) {
            self.uses_parameter[index] = true;
            return self.plain(Node::Parameter(index), span);
        }
        if let Some(series) = Column::named(name) {
            self.refuse_own_series(name, expression, context)?;
            return self.plain(Node::Series(series), span);
        }
        if let Some(index) = position(&self.names.columns) {
            self.refuse_own_series(name, expression, context)?;
            return self.plain(Node::External(index), span);
        }
        if let Some(signal) = self.names.signals.iter().position(|signal| signal.name == name) {
            return self.signal(signal, span, context);
        }
        if position(&self.names.groups).is_some() {
            let message = format!("'{name}' are groups, no value");
            return Err(FormulaError::new(span.clone(), message)
                .with_help(format!("write within({name}, ...) around an operator across assets")));
        }
        match operators::operator(name) {
            Some(operator) => {
                let message = format!("the operator '{name}' needs its arguments");
                Err(FormulaError::new(span.clone(), message).with_help(operator.help()))
            }
            None if name == ALL => {
                Err(FormulaError::new(span.clone(), format!("'{ALL}' is a window, no value"))
                    .with_help(format!("write it in place of n: sma(close, {ALL})")))
            }
            None => Err(unknown::name(self.names, name, expression)),
        }
    }

    /// Reads a signal where it is named.
    fn signal(&mut self, signal: usize, span: &Span, context: Context) -> Read {
        self.uses_signal[signal] = true;
        let mut reading = match self.signals.get(&(signal, context)) {
            Some(reading) => {
                self.facts[reading.id].is_shared = true;
                reading.clone()
            }
            None => {
                let named = &self.names.signals[signal];
                if self.open.contains(&signal) {
                    let message = format!("the signal '{}' is built on itself", named.name);
                    return Err(FormulaError::new(span.clone(), message));
                }
                self.open.push(signal);
                let read = self.node(&named.expression, context);
                self.open.pop();
                let located = |error: FormulaError| {
                    if error.signal.is_none() { error.in_signal(&named.name) } else { error }
                };
                let reading = read.map_err(located)?;
                self.signals.insert((signal, context), reading.clone());
                reading
            }
        };
        for (_, at) in reading.words.each().into_iter().flatten() {
            *at = span.clone();
        }
        Ok(reading)
    }

    fn call(
        &mut self,
        operator: &'static Operator,
        arguments: &[syntax::Argument],
        expression: &Expression,
        context: Context,
    ) -> Read {
        self.refuse_for_purpose(operator, expression)?;
        let mut call = Call {
            operator,
            operands: Vec::new(),
            constants: Vec::new(),
            tickers: Vec::new(),
            partial: context.partial && operator.has_partial_windows(),
            groups: context.groups.filter(|_| operator.is_across()),
        };
        if let [Argument::Weights { hint }] = operator.arguments
            && !arguments.is_empty()
        {
            self.weights(arguments, hint, &mut call)?;
            let mut only = call.tickers.clone();
            only.sort_unstable();
            let id = self.add(Node::Call(call), &expression.span)?;
            return Ok(Reading { id, only: Some(only), words: Words::default() });
        }
        if let Some((_, span)) = arguments.iter().find_map(|argument| argument.ticker.as_ref()) {
            let takes_weights = |argument: &Argument| matches!(argument, Argument::Weights { .. });
            let other = operator_with(takes_weights).unwrap_or_default();
            let message = format!("'{}' takes no named arguments, only '{other}' does", operator.name);
            let error = FormulaError::new(span.clone(), message);
            return Err(error.with_help("equality is written =="));
        }
        let Some(wanted) = arguments_wanted(operator, arguments.len()) else {
            return Err(unknown::wrong_number(operator, arguments.len(), expression));
        };
        if matches!(operator.compute, Compute::Within) {
            return self.within(operator, arguments, expression, context);
        }
        let values = arguments.iter().map(|argument| &argument.value);
        let mut operands = self.operands(&wanted, values, expression, context, &mut call)?;
        let words = self.words_of(operator, &mut operands, expression)?;
        let only = only_of(operator, &operands);
        call.operands = operands.into_iter().map(|operand| operand.id).collect();
        let id = self.add(Node::Call(call), &expression.span)?;
        Ok(Reading { id, only, words })
    }

    /// Reads the arguments of a call, writes its constants and tickers, and gives its operands.
    fn operands<'e>(
        &mut self,
        wanted: &[Argument],
        values: impl Iterator<Item = &'e Expression>,
        expression: &Expression,
        context: Context,
        call: &mut Call,
    ) -> Result<Vec<Reading>, FormulaError> {
        let operator = call.operator;
        let given: Vec<&Expression> = values.collect();
        let mut values = given.iter().copied().enumerate();
        // The place of a series that is a number.
        let mut number_at = None;
        let inner = self.inside(operator, context, &expression.span)?;
        let mut operands = Vec::new();
        for argument in wanted {
            if let Argument::Series(series) = argument {
                self.refuse_own_series(operator.name, expression, context)?;
                operands.push(self.plain(Node::Series(*series), &expression.span)?);
                continue;
            }
            let Some((place, value)) = values.next() else { break };
            match argument {
                Argument::Value | Argument::ValueOrClose | Argument::MoreValues | Argument::Groups => {
                    let operand = self.node(value, inner)?;
                    if number_at.is_none() && self.facts[operand.id].is_constant {
                        number_at = Some(place);
                    }
                    operands.push(operand);
                }
                Argument::Constant(kind) => {
                    // A single argument that is no constant may be a series whose window was left out.
                    let help = || match number_at {
                        Some(number) => unknown::swapped(operator, &given, number, place, *kind),
                        None if given.len() == 1 => operator.help(),
                        None => constant_help(),
                    };
                    call.constants.push(self.constant(operator, value, *kind, help)?);
                }
                Argument::Ticker { hint } => call.tickers.push(self.ticker(value, hint)?),
                Argument::Weights { .. } | Argument::Series(_) => {}
            }
        }
        Ok(operands)
    }

    /// What stands around the arguments of a call. Groups that are given outside of weeks or months are those of their last
    /// day; on days inside, groups of weeks or months are those of the last complete one.
    fn inside(
        &mut self,
        operator: &'static Operator,
        context: Context,
        span: &Span,
    ) -> Result<Context, FormulaError> {
        let mut inner = context;
        match operator.compute {
            Compute::OfAsset => {
                (inner.within_of, inner.groups, inner.groups_of_days) = (true, None, None);
            }
            Compute::Partial => inner.partial = true,
            Compute::Periods(period) => {
                inner.period = Some(period);
                inner.groups_of_days = context.groups;
                inner.groups =
                    context.groups.map(|groups| self.on(Compute::Daily, groups, span)).transpose()?;
            }
            Compute::Daily => {
                let of_period = |checker: &mut Self| match (context.groups, context.period) {
                    (Some(groups), Some(period)) => {
                        checker.on(Compute::Periods(period), groups, span).map(Some)
                    }
                    _ => Ok(None),
                };
                inner.groups = match context.groups_of_days {
                    Some(groups) => Some(groups),
                    None => of_period(self)?,
                };
                (inner.groups_of_days, inner.period) = (None, None);
            }
            _ => {}
        }
        Ok(inner)
    }

    /// Groups on other days: by the operator that computes them.
    fn on(&mut self, compute: Compute, groups: NodeId, span: &Span) -> Result<NodeId, FormulaError> {
        let same = |operator: &&Operator| match (operator.compute, compute) {
            (Compute::Daily, Compute::Daily) => true,
            (Compute::Periods(a), Compute::Periods(b)) => a == b,
            _ => false,
        };
        // Groups of a table are the same on all days.
        let Some(operator) =
            operators::all().find(same).filter(|_| !matches!(self.nodes[groups], Node::Groups(_)))
        else {
            return Ok(groups);
        };
        let call = Call {
            operator,
            operands: vec![groups],
            constants: Vec::new(),
            tickers: Vec::new(),
            partial: false,
            groups: None,
        };
        let known = self.nodes.iter().position(|node| matches!(node, Node::Call(known) if *known == call));
        known.map_or_else(|| self.add(Node::Call(call), span), Ok)
    }

    /// The words of a call that something around it must allow.
    fn words_of(
        &self,
        operator: &'static Operator,
        operands: &mut [Reading],
        expression: &Expression,
    ) -> Result<Words, FormulaError> {
        let own = || Some((operator.name, expression.span.clone()));
        let takes_state = |index: usize| match operator.compute {
            Compute::Numbers(_) | Compute::Fill => true,
            Compute::Hold(_) => index > 0,
            _ => false,
        };
        let mut words = Words::default();
        for (index, operand) in operands.iter_mut().enumerate() {
            if let Some((word, span)) = operand.words.state.clone()
                && !takes_state(index)
            {
                let place = match operator.compute {
                    Compute::Hold(_) => "the enter of hold, when there is no position yet".to_owned(),
                    _ => format!("'{}'", operator.name),
                };
                let message = format!("'{word}' is about one hold and has no place in {place}");
                let error = FormulaError::new(span, message);
                return Err(error.with_help(
                    "arithmetic, comparisons, and, or, not, if, fill, min, max and clip take it",
                ));
            }
            words.join(std::mem::take(&mut operand.words));
        }
        let refuse = |word: &Word, help: &dyn Fn(&str) -> String| match word {
            Some((word, span)) => {
                let message = format!("'{word}' does not stand inside '{}'", operator.name);
                Err(FormulaError::new(span.clone(), message).with_help(help(word)))
            }
            None => Ok(()),
        };
        match operator.compute {
            Compute::Hold(_) => words.state = None,
            Compute::State(_) => words.state = own(),
            Compute::Partial => {
                refuse(&words.partial, &|_| "one partial(..) around the whole is enough".to_owned())?;
                words.partial = own();
            }
            Compute::Periods(_) => {
                refuse(&words.periods, &|word| format!("write {}(daily({word}(..)))", operator.name))?;
                (words.periods, words.daily) = (own(), None);
            }
            Compute::Daily => {
                refuse(&words.daily, &|_| "inside daily(..) every day is a day already".to_owned())?;
                (words.daily, words.periods) = (own(), None);
            }
            _ => {}
        }
        Ok(words)
    }

    /// Reads an expression whose operators across assets look within groups.
    fn within(
        &mut self,
        operator: &'static Operator,
        arguments: &[syntax::Argument],
        expression: &Expression,
        context: Context,
    ) -> Read {
        let [groups, inner] = arguments else {
            return Err(unknown::wrong_number(operator, arguments.len(), expression));
        };
        let by = &groups.value;
        let named = match &by.kind {
            ExpressionKind::Name(name) => self.names.groups.iter().position(|known| known == name),
            _ => None,
        };
        let outside = Context { groups: None, groups_of_days: None, ..context };
        let mut by = match named {
            Some(index) => {
                // The same groups are the same operation, so that a signal within them is read once.
                let known = self.nodes.iter().position(|node| *node == Node::Groups(index));
                let id = known.map_or_else(|| self.add(Node::Groups(index), &by.span), Ok)?;
                Reading { id, only: None, words: Words::default() }
            }
            None => self.node(by, outside).map_err(|error| match &by.kind {
                ExpressionKind::Name(name) => unknown::groups(self.names, name, by).unwrap_or(error),
                _ => error,
            })?,
        };
        let mut reading =
            self.node(&inner.value, Context { groups: Some(by.id), groups_of_days: None, ..context })?;
        for words in [&by.words, &reading.words] {
            if let Some((word, span)) = words.state.clone().or_else(|| words.within.clone()) {
                let message = format!("'{word}' has no place in '{}'", operator.name);
                return Err(FormulaError::new(span, message));
            }
        }
        reading.only = common([by.only.take(), reading.only].into_iter());
        reading.words.join(std::mem::take(&mut by.words));
        reading.words.within = Some((operator.name, expression.span.clone()));
        Ok(reading)
    }

    /// Refuses an operator that has no meaning in a formula for this purpose.
    fn refuse_for_purpose(&self, operator: &Operator, expression: &Expression) -> Result<(), FormulaError> {
        let name = operator.name;
        let message = match (self.purpose, operator.compute) {
            (Purpose::When, Compute::ByTicker) => {
                format!("'{name}' has no place in 'when', which is about the members of the universe")
            }
            (Purpose::Rate, Compute::ByTicker | Compute::Across(_) | Compute::FromReturns(_)) => {
                return Err(own(name, expression));
            }
            _ => return Ok(()),
        };
        Err(FormulaError::new(expression.span.clone(), message))
    }

    /// Refuses a series that is about each asset, in a formula that is about none. `name` is the series, or the operator that
    /// reads it.
    fn refuse_own_series(
        &self,
        name: &str,
        expression: &Expression,
        context: Context,
    ) -> Result<(), FormulaError> {
        if self.purpose != Purpose::Rate || context.within_of {
            return Ok(());
        }
        Err(own(name, expression))
    }

    fn constant(
        &mut self,
        operator: &Operator,
        expression: &Expression,
        kind: Number,
        help: impl Fn() -> String,
    ) -> Result<Constant, FormulaError> {
        let span = expression.span.clone();
        if expression.kind == ExpressionKind::Name(ALL.to_owned()) {
            let Number::Window { .. } = kind else {
                let message = format!("'{}' does not take the window '{ALL}'", operator.name);
                return Err(FormulaError::new(span, message));
            };
            return Ok(Constant { value: self.add(Node::Number(f64::INFINITY), &span)?, span, kind });
        }
        let value = self.node(expression, Context::default())?.id;
        if !self.facts[value].is_constant {
            let noun = match kind {
                Number::Whole { .. } | Number::Window { .. } => "a whole number",
                Number::Any { .. } | Number::Positive => "a number",
            };
            let message = format!("expected {noun} made of numbers and parameters alone");
            return Err(FormulaError::new(span, message).with_help(help()));
        }
        let constant = Constant { value, span, kind };
        if !self.facts[value].names_parameter {
            let number = self.values[value];
            let is_window = matches!(kind, Number::Whole { .. } | Number::Window { .. });
            let looks_forward = number < 0.0 && is_window && matches!(operator.compute, Compute::OverTime(_));
            constant.check(number).map_err(|error| match looks_forward {
                true => error.with_help(elsewhere::NO_OPERATOR_LOOKS_FORWARD),
                false => error,
            })?;
        }
        Ok(constant)
    }

    fn ticker(&mut self, expression: &Expression, hint: &str) -> Result<usize, FormulaError> {
        let ExpressionKind::Ticker(name) = &expression.kind else {
            let error = FormulaError::new(expression.span.clone(), "expected a quoted ticker");
            return Err(error.with_help(hint));
        };
        check_ticker(name, &expression.span)?;
        Ok(index_of(&mut self.of_assets, name))
    }

    fn weights(
        &mut self,
        arguments: &[syntax::Argument],
        hint: &str,
        call: &mut Call,
    ) -> Result<(), FormulaError> {
        for argument in arguments {
            let Some((ticker, span)) = &argument.ticker else {
                let error = FormulaError::new(argument.value.span.clone(), "expected `TICKER = weight`");
                return Err(error.with_help(hint));
            };
            check_ticker(ticker, span)?;
            let index = index_of(&mut self.fixed_assets, ticker);
            if call.tickers.contains(&index) {
                return Err(FormulaError::new(span.clone(), format!("'{ticker}' has a weight already")));
            }
            let weight = self.node(&argument.value, Context::default())?.id;
            if !self.facts[weight].is_constant {
                let message =
                    format!("the weight of '{ticker}' must be made of numbers and parameters alone");
                return Err(FormulaError::new(argument.value.span.clone(), message));
            }
            call.tickers.push(index);
            call.operands.push(weight);
        }
        Ok(())
    }
}

/// Help for a window or a number of assets that is not constant.
fn constant_help() -> String {
    let chooses = |operator: &&Operator| {
        let is_count = |argument: &Argument| matches!(argument, Argument::Constant(Number::Whole { .. }));
        matches!(operator.compute, Compute::Across(_)) && operator.arguments.iter().any(is_count)
    };
    let choosing: Vec<&str> = operators::all().filter(chooses).map(|operator| operator.name).collect();
    format!("a window and the n of {} cannot change from day to day", choosing.join(" and "))
}

/// The error about a ticker where a value is wanted; `beside` is the other side of the operator around it.
fn no_value(ticker: &str, span: &Span, beside: Option<&Expression>) -> FormulaError {
    let error = FormulaError::new(span.clone(), format!("the ticker \"{ticker}\" is no value"));
    let takes_ticker = |argument: &Argument| matches!(argument, Argument::Ticker { .. });
    match (elsewhere::quoted(ticker, beside), operator_with(takes_ticker)) {
        (Some(help), _) => error.with_help(help),
        (None, Some(name)) => error.with_help(format!("its close is {name}(\"{ticker}\", close)")),
        (None, None) => error,
    }
}

/// The error that something is different from asset to asset, and a rate is not.
fn own(name: &str, expression: &Expression) -> FormulaError {
    let message = format!("a rate is the same for all assets, and '{name}' is not");
    let error = FormulaError::new(expression.span.clone(), message);
    let takes_ticker = |argument: &Argument| matches!(argument, Argument::Ticker { .. });
    match operator_with(takes_ticker) {
        Some(of) => error.with_help(format!("write {of}(\"TICKER\", ...)")),
        None => error,
    }
}

/// The assets that have a value in a call, where `fixed` decides that.
fn only_of(operator: &Operator, operands: &[Reading]) -> Option<Vec<usize>> {
    let of_operands = || operands.iter().map(|operand| operand.only.clone());
    match operator.compute {
        Compute::Fill => {
            let both: Option<Vec<Vec<usize>>> = of_operands().collect();
            let mut all = both?.concat();
            all.sort_unstable();
            all.dedup();
            Some(all)
        }
        Compute::Across(across) if across.keeps_absence => common(of_operands()),
        Compute::Numbers(_)
        | Compute::OverTime(_)
        | Compute::Periods(_)
        | Compute::Daily
        | Compute::Partial
        | Compute::Within => common(of_operands()),
        _ => None,
    }
}

/// The assets that all of the given lists name; `None` where there is no list.
fn common(lists: impl Iterator<Item = Option<Vec<usize>>>) -> Option<Vec<usize>> {
    lists.flatten().reduce(|mut common, other| {
        common.retain(|ticker| other.contains(ticker));
        common
    })
}

/// The arguments of an operator that is called with `given` arguments, in order; `None` where it does not take that many.
pub(super) fn arguments_wanted(operator: &Operator, given: usize) -> Option<Vec<Argument>> {
    let written = operator.written().count();
    let without = written - operator.optional;
    let mut wanted: Vec<Argument> = operator.arguments.to_vec();
    if matches!(wanted[..], [Argument::Weights { .. }]) {
        return None;
    }
    if wanted.last() == Some(&Argument::MoreValues) && given > written {
        wanted.extend((written..given).map(|_| Argument::MoreValues));
        return Some(wanted);
    }
    let is_short =
        wanted.first() == Some(&Argument::ValueOrClose) && [written, without].contains(&(given + 1));
    let full = given + usize::from(is_short);
    if full != written && full != without || is_short && [written, without].contains(&given) {
        return if [written, without].contains(&given) {
            wanted.truncate(wanted.len() - (written - given));
            Some(wanted)
        } else {
            None
        };
    }
    wanted.truncate(wanted.len() - (written - full));
    if is_short {
        wanted[0] = Argument::Series(Column::Close);
    }
    Some(wanted)
}

/// The name of the operator that takes an argument of a kind.
fn operator_with(is_kind: impl Fn(&Argument) -> bool) -> Option<&'static str> {
    operators::all().find(|operator| operator.arguments.iter().any(&is_kind)).map(|operator| operator.name)
}

fn index_of(names: &mut Vec<String>, name: &str) -> usize {
    names.iter().position(|known| known == name).unwrap_or_else(|| {
        names.push(name.to_owned());
        names.len() - 1
    })
}

fn check_ticker(ticker: &str, span: &Span) -> Result<(), FormulaError> {
    if is_ticker(ticker) {
        return Ok(());
    }
    let message = format!("'{ticker}' is no ticker, expected letters, digits or any of . _ ^ = -");
    Err(FormulaError::new(span.clone(), message))
}

/// Whether a text can name an asset: it consists of letters, digits and `. _ ^ = -` and does not begin with a dot.
pub(crate) fn is_ticker(text: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"._^=-".contains(&byte);
    !text.is_empty() && !text.starts_with('.') && text.bytes().all(legal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters() -> Vec<String> {
        ["fast", "slow"].map(str::to_owned).to_vec()
    }

    fn refuse(text: &str, at: &str, message: &str) {
        let error = Formula::new(text, &parameters()).unwrap_err();
        assert_eq!((&text[error.span.clone()], error.to_string().as_str()), (at, message), "{text}");
    }

    #[test]
    fn depth_is_the_largest_total_along_a_path() {
        let cases = [
            ("sma(fast)", 10),
            ("sma(momentum(20), 50)", 70),
            ("lag(highest(high, 20), 1)", 21),
            ("top(momentum(fast) + sma(slow), 3)", 30),
            ("fixed(A = 1) * (of(\"B\", close) > of(\"B\", sma(2 * slow)))", 60),
            ("hold(rsi(14) < 30, atr(15) > 1)", 15),
            ("1 / count()", 0),
        ];
        for (text, expected) in cases {
            let formula = Formula::new(text, &parameters()).unwrap();
            assert_eq!(formula.depth(&[10.0, 30.0]), Ok(expected), "{text}");
        }
    }

    #[test]
    fn windows_are_whole_numbers() {
        let formula = Formula::new("sma(fast / 4)", &parameters()).unwrap();
        assert_eq!(formula.depth(&[8.0, 0.0]), Ok(2));
        let error = formula.depth(&[10.0, 0.0]).unwrap_err();
        assert_eq!(error.to_string(), "expected a whole number from 1 to 1000000, found 2.5");
        refuse("sma(0)", "0", "expected a whole number from 1 to 1000000, found 0");
        refuse("stdev(close, 1)", "1", "expected a whole number from 2 to 1000000, found 1");
        refuse("top(close, 1e7)", "1e7", "expected a whole number from 1 to 1000000, found 10000000");
        refuse(
            "sma(close)",
            "close",
            "expected a whole number made of numbers and parameters alone; write sma(n) or sma(x, n)",
        );
    }

    #[test]
    fn formulas_of_one_strategy_share_their_tickers() {
        let weights = Formula::new("fixed(A = fast) * of(\"X\", close)", &parameters()).unwrap();
        let text = "of(\"Y\", close) > of(\"X\", sma(slow))";
        let names = Names::of_parameters(&parameters());
        let when = Formula::read(text, &names, Purpose::When, Some(&weights)).unwrap();
        assert_eq!(
            (when.of_assets, when.fixed_assets),
            (vec!["X".to_owned(), "Y".to_owned()], vec!["A".to_owned()])
        );
        assert_eq!((weights.uses_parameter, when.uses_parameter), (vec![true, false], vec![true, true]));
        let mut tickers: Vec<usize> = Vec::new();
        for node in &when.nodes {
            if let Node::Call(call) = node {
                tickers.extend(&call.tickers)
            }
        }
        assert_eq!(tickers, [1, 0]);
    }

    #[test]
    fn what_a_formula_is_for_decides_what_may_stand_in_it() {
        let weights = Formula::new("1", &parameters()).unwrap();
        let names = Names::of_parameters(&parameters());
        let read = |purpose, text: &str| Formula::read(text, &names, purpose, Some(&weights));
        let error = read(Purpose::When, "1 - fixed(A = 1)").unwrap_err();
        assert_eq!(error.span, 4..16);
        assert_eq!(
            error.message,
            "'fixed' has no place in 'when', which is about the members of the universe"
        );
        for text in ["rank(close) > 0.5", "count() > 3", "of(\"A\", close) > sma(5)"] {
            assert!(read(Purpose::When, text).is_ok(), "{text}");
        }
        for (text, name) in [
            ("close / 1000", "close"),
            ("of(\"A\", close) + sma(5)", "sma"),
            ("atr(5)", "atr"),
            ("count() / 100", "count"),
            ("of(\"A\", rank(close))", "rank"),
            ("fixed(A = 1)", "fixed"),
        ] {
            let expected =
                format!("a rate is the same for all assets, and '{name}' is not; write of(\"TICKER\", ...)");
            assert_eq!(read(Purpose::Rate, text).unwrap_err().to_string(), expected, "{text}");
        }
        for text in ["0.04", "fast / 100", "of(\"A\", sma(5)) / 100", "ema(of(\"A\", close), 3) / 100 + 0.01"]
        {
            assert!(read(Purpose::Rate, text).is_ok(), "{text}");
        }
    }

    #[test]
    fn unknown_names_come_with_the_nearest() {
        refuse("sma(fsat)", "fsat", "unknown name 'fsat'; did you mean 'fast'?");
        refuse("momentun(5)", "momentun", "unknown operator 'momentun'; did you mean 'momentum'?");
        refuse("close(5)", "close", "unknown operator 'close'; 'close' is a value and takes no arguments");
        refuse("sma", "sma", "the operator 'sma' needs its arguments; write sma(n) or sma(x, n)");
    }

    #[test]
    fn arguments_have_their_number_and_kind() {
        refuse(
            "top(close)",
            "top(close)",
            "'top' does not take 1 argument; write top(x, n) or top(x, n, keep)",
        );
        refuse("min(1)", "min(1)", "'min' does not take 1 argument; write min(a, b, ...)");
        refuse("fixed()", "fixed()", "'fixed' does not take 0 arguments; write fixed(TICKER = weight, ...)");
        refuse("fixed(A = 1, A = 2)", "A", "'A' has a weight already");
        refuse("fixed(0.6)", "0.6", "expected `TICKER = weight`; write fixed(SPY = 0.6, AGG = 0.4)");
        refuse("fixed(A = close)", "close", "the weight of 'A' must be made of numbers and parameters alone");
        refuse("of(SPY, close)", "SPY", "expected a quoted ticker; write of(\"SPY\", close)");
        refuse(
            "sma(x = 5)",
            "x",
            "'sma' takes no named arguments, only 'fixed' does; equality is written ==",
        );
        refuse("\"SPY\" + 1", "\"SPY\"", "the ticker \"SPY\" is no value; its close is of(\"SPY\", close)");
        refuse(
            "of(\"../x\", close)",
            "\"../x\"",
            "'../x' is no ticker, expected letters, digits or any of . _ ^ = -",
        );
    }
}
