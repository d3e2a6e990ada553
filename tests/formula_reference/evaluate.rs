//! One value of a formula: for one asset at the close of one day, by recursion through the tree.
//!
//! Every cell is computed from the definition of its operator alone; a moving average adds up its window anew each day.
//! Cells already asked for are remembered, or nested windows would take for ever; nothing else is clever here.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::hash::{Hash, Hasher};
use std::ptr;
use std::rc::Rc;

use super::columns::Column;
use super::market::{Bar, Market};
use super::numbers::{larger, smaller};
use super::operators::{self, Kind, kind};
use super::periods::Frame;
use super::tree::Tree;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conventions {
    Qstrader,
    Sound,
}

/// What a formula may name beside operators and prices.
#[derive(Debug, Clone, Default)]
pub struct Names {
    pub parameters: BTreeMap<String, f64>,
    pub signals: BTreeMap<String, Tree>,
    pub columns: BTreeMap<String, Column>,
    /// A table of `[groups]` and the number of the group of each ticker.
    pub groups: BTreeMap<String, BTreeMap<String, usize>>,
}

/// A formula over a market. None is an absent value throughout.
pub struct Evaluator<'a> {
    pub(super) market: &'a Market,
    formula: &'a Tree,
    names: &'a Names,
    pub(super) conventions: Conventions,
    /// The day at whose open the one decision is made, if at an open: of that day nothing but the open is known.
    pub(super) open_of: Option<usize>,
    fixed: Vec<String>,
    known: RefCell<HashMap<(Node<'a>, At<'a>), Option<f64>>>,
    /// What an operator across assets that looks at time, too, gives to all of them.
    pub(super) known_of_all: RefCell<HashMap<(Node<'a>, At<'a>), Rc<OfAll>>>,
}

/// A number for each asset that has one.
pub type OfAll = BTreeMap<usize, f64>;

/// A node of a formula; its place in memory stands for it.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a>(pub &'a Tree);

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(self.0, other.0)
    }
}

impl Eq for Node<'_> {}

impl Hash for Node<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        ptr::hash(self.0, state);
    }
}

/// Where a node is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct At<'a> {
    pub asset: usize,
    /// The day, or the number of the week or month.
    pub time: usize,
    pub frame: Frame,
    /// Whether windows take what there is.
    pub partial: bool,
    /// Across which groups operators across assets look.
    pub groups: Option<Groups<'a>>,
    /// When the hold around this place was entered.
    pub entered: Option<usize>,
}

impl At<'_> {
    pub fn on(self, time: usize) -> Self {
        At { time, ..self }
    }

    pub fn of(self, asset: usize) -> Self {
        At { asset, ..self }
    }
}

/// Equal numbers of a formula are a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Groups<'a> {
    formula: Node<'a>,
    frame: Frame,
    partial: bool,
}

const BARS: [&str; 5] = ["open", "high", "low", "close", "volume"];

pub fn price(bar: Bar, series: &str) -> f64 {
    match series {
        "open" => bar.open,
        "high" => bar.high,
        "low" => bar.low,
        "close" => bar.close,
        _ => bar.volume,
    }
}

impl<'a> Evaluator<'a> {
    pub fn new(
        market: &'a Market,
        formula: &'a Tree,
        names: &'a Names,
        conventions: Conventions,
        open_of: Option<usize>,
    ) -> Evaluator<'a> {
        let mut fixed = Vec::new();
        all_fixed_tickers(formula, names, &mut fixed);
        let (known, known_of_all) = (RefCell::default(), RefCell::default());
        Evaluator { market, formula, names, conventions, open_of, fixed, known, known_of_all }
    }

    /// The weights decided at a day: of its members, and of the assets the formula names in `fixed`.
    pub fn weights(&self, day: usize) -> BTreeMap<String, f64> {
        let closes_seen = if self.open_of == Some(day) { day } else { day + 1 };
        let ready = self.conventions == Conventions::Sound || closes_seen >= self.depth(self.formula);
        let members = self.market.members(day);
        (0..self.market.assets.len())
            .filter(|asset| {
                members.contains(asset) || self.fixed.contains(&self.market.assets[*asset].symbol)
            })
            .map(|asset| {
                let weight = if ready { self.value(self.formula, asset, day).unwrap_or(0.0) } else { 0.0 };
                (self.market.assets[asset].symbol.clone(), weight)
            })
            .collect()
    }

    /// What the formula gives for an asset at a close, whether it is a member or not: from its first day on, or from the
    /// first of all days where `fixed` names it.
    pub fn given(&self, asset: usize, day: usize) -> Option<f64> {
        let is_fixed = self.fixed.contains(&self.market.assets[asset].symbol);
        let is_shown = is_fixed || self.has_begun(self.at(asset, day));
        is_shown.then(|| self.value(self.formula, asset, day)).flatten()
    }

    /// The largest total of windows along any path of nested operators.
    pub fn depth(&self, tree: &Tree) -> usize {
        operators::depth(tree, self.names)
    }

    /// A number that stands for itself, a parameter, or arithmetic over them.
    pub(super) fn constant(&self, tree: &Tree) -> f64 {
        operators::constant(tree, self.names).unwrap_or_else(|| panic!("{tree} is no constant"))
    }

    /// A window, or how many assets to choose.
    pub(super) fn count(&self, tree: &Tree) -> usize {
        let x = self.constant(tree);
        assert!(x >= 1.0 && x % 1.0 == 0.0, "a window of {x}");
        x as usize
    }

    fn at(&self, asset: usize, day: usize) -> At<'a> {
        At { asset, time: day, frame: Frame::Days, partial: false, groups: None, entered: None }
    }

    pub fn value(&self, tree: &'a Tree, asset: usize, day: usize) -> Option<f64> {
        self.cell(tree, self.at(asset, day))
    }

    pub(super) fn cell(&self, tree: &'a Tree, at: At<'a>) -> Option<f64> {
        if let Some(known) = self.known.borrow().get(&(Node(tree), at)) {
            return *known;
        }
        let value = self.compute(tree, at).filter(|value| value.is_finite());
        self.known.borrow_mut().insert((Node(tree), at), value);
        value
    }

    pub(super) fn is(&self, condition: &'a Tree, at: At<'a>) -> bool {
        self.cell(condition, at).is_some_and(|x| x != 0.0)
    }

    fn compute(&self, tree: &'a Tree, at: At<'a>) -> Option<f64> {
        let value = |tree: &'a Tree| self.cell(tree, at);
        match tree {
            Tree::Number(x) => Some(*x),
            Tree::Name(name) => self.name(name, at),
            Tree::Unary(operator, x) if operator == "not" => Some(f64::from(value(x)? == 0.0)),
            Tree::Unary(_, x) => Some(-value(x)?),
            Tree::Binary(operator, left, right) => binary(operator, value(left), value(right)),
            Tree::Of(ticker, x) => {
                let other = self.market.assets.iter().position(|asset| asset.symbol == *ticker);
                let other = other.expect("every ticker has a file");
                let takes_of = self.market.assets[at.asset].takes_of;
                if takes_of && self.has_begun(at) {
                    self.cell(x, At { asset: other, groups: None, entered: None, ..at })
                } else {
                    None
                }
            }
            Tree::Fixed(weights) => {
                let own = &self.market.assets[at.asset].symbol;
                value(&weights.iter().find(|(ticker, _)| ticker == own)?.1)
            }
            Tree::Call(operator, arguments) => self.call(tree, operator, arguments, at),
        }
    }

    fn name(&self, name: &str, at: At<'a>) -> Option<f64> {
        if BARS.contains(&name) {
            let at = if name == "open" { at } else { self.last_close(at)? };
            return Some(price(self.bar(at)?, name));
        }
        if let Some(column) = self.names.columns.get(name) {
            let at = if matches!(column, Column::Dates { .. }) { at } else { self.last_close(at)? };
            let symbol = &self.market.assets[at.asset].symbol;
            let day = self.day(at);
            return if self.has_begun(at) { column.value(symbol, &self.market.days, day) } else { None };
        }
        if let Some(signal) = self.names.signals.get(name) {
            return self.cell(signal, at);
        }
        let parameter = self.names.parameters.get(name);
        Some(*parameter.unwrap_or_else(|| panic!("no name {name}")))
    }

    pub(super) fn bar(&self, at: At<'a>) -> Option<Bar> {
        self.market.bar_of(at.asset, at.frame, at.time)
    }

    /// The day at whose close a place is.
    pub(super) fn day(&self, at: At<'a>) -> usize {
        self.market.last_day(at.frame, at.time)
    }

    /// The place itself, or the close before if it is at an open.
    pub(super) fn last_close(&self, at: At<'a>) -> Option<At<'a>> {
        let at_open = at.frame == Frame::Days && self.open_of == Some(at.time);
        if at_open { Some(at.on(at.time.checked_sub(1)?)) } else { Some(at) }
    }

    /// The first day or period of an asset, if it is not later than this place.
    pub(super) fn first(&self, at: At<'a>) -> Option<usize> {
        let first = self.market.assets[at.asset].first?;
        Some(self.market.period_of(at.frame, first)).filter(|first| *first <= at.time)
    }

    fn has_begun(&self, at: At<'a>) -> bool {
        self.first(at).is_some()
    }

    /// Whether an asset is looked at: from its first day on, one that only `fixed` names from the first session on.
    fn exists(&self, at: At<'a>) -> bool {
        let asset = &self.market.assets[at.asset];
        self.has_begun(at) || !asset.inside && self.fixed.contains(&asset.symbol)
    }

    fn call(&self, tree: &'a Tree, operator: &str, arguments: &'a [Tree], at: At<'a>) -> Option<f64> {
        match kind(operator) {
            Kind::OverTime => self.over_time(operator, arguments, self.last_close(at)?),
            Kind::OfThisHold => {
                self.of_this_hold(operator, arguments, at, at.entered.expect("inside a hold"))
            }
            Kind::Across if !self.is_member(at.asset, self.day(at)) => None,
            Kind::Across => self.across(tree, operator, arguments, At { entered: None, ..at }),
            Kind::Calendar => self.has_begun(at).then(|| self.market.calendar(operator, self.day(at))),
            Kind::Place => self.elsewhere(operator, arguments, at),
            Kind::Here => self.here(operator, arguments, at),
        }
    }

    /// Operators that change where their argument is evaluated.
    fn elsewhere(&self, operator: &str, arguments: &'a [Tree], at: At<'a>) -> Option<f64> {
        match (operator, arguments) {
            ("partial", [x]) => self.cell(x, At { partial: true, ..at }),
            ("within", [groups, x]) => {
                let groups = Groups { formula: Node(groups), frame: at.frame, partial: at.partial };
                self.cell(x, At { groups: Some(groups), entered: None, ..at })
            }
            ("daily", [x]) => {
                self.cell(x, At { frame: Frame::Days, time: self.day(at), entered: None, ..at })
            }
            ("monthly" | "weekly", [x]) => {
                let frame = if operator == "monthly" { Frame::Months } else { Frame::Weeks };
                let time = self.market.complete(frame, self.last_close(at)?.time)?;
                let inside = At { frame, time, entered: None, ..at };
                self.first(inside)?;
                self.cell(x, inside)
            }
            _ => panic!("{operator} with {} arguments", arguments.len()),
        }
    }

    /// The group of an asset at the day of a place, None without one.
    pub(super) fn group(&self, groups: Groups<'a>, at: At<'a>) -> Option<f64> {
        if let Tree::Name(name) = groups.formula.0
            && let Some(table) = self.names.groups.get(name)
        {
            return table.get(&self.market.assets[at.asset].symbol).map(|number| *number as f64);
        }
        let day = self.day(at);
        let time = if groups.frame == Frame::Days { day } else { self.market.complete(groups.frame, day)? };
        let at = At { time, frame: groups.frame, partial: groups.partial, groups: None, entered: None, ..at };
        if groups.frame != Frame::Days {
            self.first(at)?;
        }
        // Minus zero is zero.
        self.cell(groups.formula.0, at).map(|code| code + 0.0)
    }

    /// Operators that look at one asset at one time.
    fn here(&self, operator: &str, arguments: &'a [Tree], at: At<'a>) -> Option<f64> {
        let value = |tree: &'a Tree| self.cell(tree, at);
        match (operator, arguments) {
            ("if", [condition, yes, no]) => value(if value(condition)? != 0.0 { yes } else { no }),
            ("fill", _) if !self.exists(at) => None,
            ("fill", [x, y]) => value(x).or_else(|| value(y)),
            ("min", [first, rest @ ..]) => {
                rest.iter().try_fold(value(first)?, |least, x| Some(smaller(least, value(x)?)))
            }
            ("max", [first, rest @ ..]) => {
                rest.iter().try_fold(value(first)?, |most, x| Some(larger(most, value(x)?)))
            }
            ("clip", [x, low, high]) => Some(smaller(larger(value(x)?, value(low)?), value(high)?)),
            ("abs", [x]) => Some(value(x)?.abs()),
            ("sign", [x]) => value(x).map(|x| {
                if x > 0.0 {
                    1.0
                } else if x < 0.0 {
                    -1.0
                } else {
                    0.0
                }
            }),
            ("log", [x]) => value(x).filter(|x| *x > 0.0).map(libm::log),
            ("exp", [x]) => value(x).map(libm::exp),
            ("sqrt", [x]) => value(x).filter(|x| *x >= 0.0).map(f64::sqrt),
            _ => panic!("{operator} with {} arguments", arguments.len()),
        }
    }

    pub(super) fn is_member(&self, asset: usize, day: usize) -> bool {
        self.market.assets[asset].member[day]
    }
}

/// The tickers that a formula names in `fixed`.
pub fn fixed_tickers(tree: &Tree, tickers: &mut Vec<String>) {
    if let Tree::Fixed(weights) = tree {
        tickers.extend(weights.iter().map(|(ticker, _)| ticker.clone()));
    }
    for child in tree.children() {
        fixed_tickers(child, tickers);
    }
}

/// Those that its signals name, too.
pub fn all_fixed_tickers(tree: &Tree, names: &Names, tickers: &mut Vec<String>) {
    match tree {
        Tree::Name(name) => {
            if let Some(signal) = names.signals.get(name) {
                all_fixed_tickers(signal, names, tickers);
            }
        }
        Tree::Fixed(weights) => tickers.extend(weights.iter().map(|(ticker, _)| ticker.clone())),
        _ => tree.children().into_iter().for_each(|child| all_fixed_tickers(child, names, tickers)),
    }
}

pub(super) fn binary(operator: &str, left: Option<f64>, right: Option<f64>) -> Option<f64> {
    let is = |x: Option<f64>| x.is_some_and(|x| x != 0.0);
    match operator {
        "and" => return Some(f64::from(is(left) && is(right))),
        "or" => return Some(f64::from(is(left) || is(right))),
        _ => {}
    }
    let (left, right) = (left?, right?);
    Some(match operator {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "/" => left / right,
        "^" => libm::pow(left, right),
        "<" => f64::from(left < right),
        "<=" => f64::from(left <= right),
        ">" => f64::from(left > right),
        ">=" => f64::from(left >= right),
        "==" => f64::from(left == right),
        "!=" => f64::from(left != right),
        _ => panic!("no operator {operator}"),
    })
}
