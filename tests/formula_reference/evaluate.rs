//! One value of a formula: for one asset at the close of one day, by recursion through the tree.
//!
//! Every cell is computed from the definition of its operator alone; a moving average adds up its window anew each day.
//! Cells already asked for are remembered, or nested windows would take for ever; nothing else is clever here.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use super::market::Market;
use super::tree::Tree;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conventions {
    Qstrader,
    Sound,
}

/// A formula over a market. None is an absent value throughout.
pub struct Evaluator<'a> {
    market: &'a Market,
    formula: &'a Tree,
    parameters: &'a BTreeMap<String, f64>,
    conventions: Conventions,
    /// The day at whose open the one decision is made, if at an open: of that day nothing but the open is known.
    open_of: Option<usize>,
    known: RefCell<HashMap<Cell, Option<f64>>>,
}

/// The place of a node in memory stands for the node.
type Cell = (usize, usize, usize);

const BARS: [&str; 5] = ["open", "high", "low", "close", "volume"];
const WINDOWED: [&str; 12] = [
    "lag",
    "returns",
    "momentum",
    "sma",
    "ema",
    "volatility",
    "stdev",
    "zscore",
    "highest",
    "lowest",
    "rsi",
    "atr",
];
const ACROSS: [&str; 7] = ["top", "bottom", "equal", "share", "rank", "demean", "count"];

impl<'a> Evaluator<'a> {
    pub fn new(
        market: &'a Market,
        formula: &'a Tree,
        parameters: &'a BTreeMap<String, f64>,
        conventions: Conventions,
        open_of: Option<usize>,
    ) -> Evaluator<'a> {
        let known = RefCell::default();
        Evaluator { market, formula, parameters, conventions, open_of, known }
    }

    /// The weights decided at a day: of its members, and of the assets the formula names in `fixed`.
    pub fn weights(&self, day: usize) -> BTreeMap<String, f64> {
        let closes_seen = if self.open_of == Some(day) { day } else { day + 1 };
        let ready = self.conventions == Conventions::Sound || closes_seen >= self.depth(self.formula);
        let mut fixed = Vec::new();
        fixed_tickers(self.formula, &mut fixed);
        let members = self.market.members(day);
        (0..self.market.assets.len())
            .filter(|asset| members.contains(asset) || fixed.contains(&self.market.assets[*asset].symbol))
            .map(|asset| {
                let weight = if ready { self.value(self.formula, asset, day).unwrap_or(0.0) } else { 0.0 };
                (self.market.assets[asset].symbol.clone(), weight)
            })
            .collect()
    }

    /// The largest total of windows along any path of nested operators.
    pub fn depth(&self, tree: &Tree) -> usize {
        let below = tree.children().into_iter().map(|child| self.depth(child)).max().unwrap_or(0);
        match tree {
            Tree::Call(operator, arguments) if WINDOWED.contains(&operator.as_str()) => {
                below + self.count(arguments.last())
            }
            _ => below,
        }
    }

    /// A window, or how many assets to choose.
    fn count(&self, tree: Option<&Tree>) -> usize {
        let x = tree.and_then(|tree| self.value(tree, 0, 0)).expect("a window is a number");
        assert!(x >= 1.0 && x % 1.0 == 0.0, "a window of {x}");
        x as usize
    }

    pub fn value(&self, tree: &Tree, asset: usize, day: usize) -> Option<f64> {
        let cell = (std::ptr::from_ref(tree).addr(), asset, day);
        if let Some(known) = self.known.borrow().get(&cell) {
            return *known;
        }
        let value = self.compute(tree, asset, day).filter(|value| value.is_finite());
        self.known.borrow_mut().insert(cell, value);
        value
    }

    fn compute(&self, tree: &Tree, asset: usize, day: usize) -> Option<f64> {
        let value = |tree: &Tree| self.value(tree, asset, day);
        match tree {
            Tree::Number(x) => Some(*x),
            Tree::Name(name) if BARS.contains(&name.as_str()) => self.bar(name, asset, day),
            Tree::Name(name) => Some(self.parameters[name]),
            Tree::Unary(operator, x) if operator == "not" => Some(f64::from(value(x)? == 0.0)),
            Tree::Unary(_, x) => Some(-value(x)?),
            Tree::Binary(operator, left, right) => binary(operator, value(left), value(right)),
            Tree::Of(ticker, x) => {
                let other = self.market.assets.iter().position(|asset| asset.symbol == *ticker);
                let other = other.expect("every ticker has a file");
                let own = &self.market.assets[asset];
                let begun = own.first.is_some_and(|first| first <= day);
                if own.takes_of && begun { self.value(x, other, day) } else { None }
            }
            Tree::Fixed(weights) => {
                let own = &self.market.assets[asset].symbol;
                value(&weights.iter().find(|(ticker, _)| ticker == own)?.1)
            }
            Tree::Call(operator, arguments) => self.call(operator, arguments, asset, day),
        }
    }

    fn bar(&self, series: &str, asset: usize, day: usize) -> Option<f64> {
        let at_open = self.open_of == Some(day);
        let day = if at_open && series != "open" { day.checked_sub(1)? } else { day };
        let bar = self.market.assets[asset].bar(day)?;
        match series {
            "open" => Some(bar.open),
            "high" => Some(bar.high),
            "low" => Some(bar.low),
            "close" => Some(bar.close),
            _ => Some(bar.volume),
        }
    }

    fn call(&self, operator: &str, arguments: &[Tree], asset: usize, day: usize) -> Option<f64> {
        let value = |tree: &Tree| self.value(tree, asset, day);
        if operator == "hold" || WINDOWED.contains(&operator) {
            let last_close = if self.open_of == Some(day) { day.checked_sub(1)? } else { day };
            return self.over_time(operator, arguments, asset, last_close);
        }
        if ACROSS.contains(&operator) {
            return if self.is_member(asset, day) {
                self.across(operator, arguments, asset, day)
            } else {
                None
            };
        }
        match (operator, arguments) {
            ("if", [condition, yes, no]) => value(if value(condition)? != 0.0 { yes } else { no }),
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

    fn over_time(&self, operator: &str, arguments: &[Tree], asset: usize, day: usize) -> Option<f64> {
        let first = self.market.assets[asset].first.filter(|first| *first <= day)?;
        if let ("hold", [enter, exit]) = (operator, arguments) {
            let mut held = false;
            for day in first..=day {
                let is = |condition: &Tree| self.value(condition, asset, day).is_some_and(|x| x != 0.0);
                held = if held { !is(exit) } else { is(enter) && !is(exit) };
            }
            return Some(f64::from(held));
        }
        let (given, n) = match arguments {
            [n] => (None, self.count(Some(n))),
            [x, n] => (Some(x), self.count(Some(n))),
            _ => panic!("{operator} with {} arguments", arguments.len()),
        };
        let x = |day: usize| match given {
            Some(x) => self.value(x, asset, day),
            None => self.bar("close", asset, day),
        };
        // The last `size` days: fewer if the asset is younger; none of them may be absent.
        let window = |size: usize| {
            let start = first.max((day + 1).saturating_sub(size));
            (start..=day).map(x).collect::<Option<Vec<f64>>>()
        };
        let full = |size: usize| window(size).filter(|values| values.len() == size);
        let lenient = |size: usize| {
            if self.conventions == Conventions::Sound { full(size) } else { window(size) }
        };
        // The days since the first present one that are not absent.
        let present = || (first..=day).filter_map(x).collect::<Vec<f64>>();
        match operator {
            "lag" => x(day.checked_sub(n).filter(|then| first <= *then)?),
            "returns" => Some(x(day)? / x(day.checked_sub(n).filter(|then| first <= *then)?)? - 1.0),
            "momentum" => {
                let growth =
                    daily_returns(&lenient(n + 1)?)?.iter().fold(1.0, |growth, r| growth * (1.0 + r));
                Some(growth - 1.0)
            }
            "volatility" => {
                let returns = daily_returns(&lenient(n + 1)?)?;
                if returns.is_empty() {
                    return Some(0.0);
                }
                let count = returns.len() as f64;
                let mean = pairwise_sum(&returns) / count;
                Some((sum_of_squares_about(&returns, mean) / count).sqrt() * 252f64.sqrt())
            }
            "sma" => lenient(n).map(|values| mean(&values)),
            "stdev" => full(n).map(|values| deviation(&values)),
            "zscore" => {
                let values = full(n)?;
                let deviation = deviation(&values);
                if deviation == 0.0 { None } else { Some((x(day)? - mean(&values)) / deviation) }
            }
            "highest" => full(n)?.into_iter().reduce(larger),
            "lowest" => full(n)?.into_iter().reduce(smaller),
            "ema" => {
                x(day)?;
                let values = present();
                if self.conventions == Conventions::Sound && values.len() < n {
                    return None;
                }
                let weight = 2.0 / (n as f64 + 1.0);
                values.into_iter().reduce(|average, value| average + (value - average) * weight)
            }
            "rsi" => {
                x(day)?;
                let values = present();
                let changes = |sign: f64| -> Vec<f64> {
                    values.windows(2).map(|pair| larger(sign * (pair[1] - pair[0]), 0.0)).collect()
                };
                let (gain, loss) = (wilder(&changes(1.0), n)?, wilder(&changes(-1.0), n)?);
                if gain == 0.0 && loss == 0.0 { Some(50.0) } else { Some(100.0 * gain / (gain + loss)) }
            }
            "atr" => {
                let ranges: Vec<f64> = (first..=day).map(|day| self.true_range(asset, day, first)).collect();
                wilder(&ranges, n)
            }
            _ => panic!("no operator {operator}"),
        }
    }

    fn true_range(&self, asset: usize, day: usize, first: usize) -> f64 {
        let bar = |day: usize| self.market.assets[asset].bar(day).expect("an asset has bars since it joined");
        let today = bar(day);
        let range = today.high - today.low;
        if day == first {
            return range;
        }
        let before = bar(day - 1).close;
        larger(larger(range, (today.high - before).abs()), (today.low - before).abs())
    }

    fn is_member(&self, asset: usize, day: usize) -> bool {
        self.market.assets[asset].member[day]
    }

    fn across(&self, operator: &str, arguments: &[Tree], asset: usize, day: usize) -> Option<f64> {
        let members = self.market.members(day);
        let Some(x) = arguments.first() else { return Some(members.len() as f64) };
        let own = self.value(x, asset, day);
        let valued: Vec<(usize, f64)> =
            members.iter().filter_map(|member| Some((*member, self.value(x, *member, day)?))).collect();
        // As in QSTrader, of equal values a late joiner comes last, and sums are added in the order of the universe.
        let mut summands = valued.clone();
        summands.sort_by_key(|(member, _)| *member);
        let sum = summands.iter().fold(0.0, |sum, (_, x)| sum + x);
        match operator {
            "top" | "bottom" => {
                let mut sorted = valued;
                sorted.sort_by(|(_, a), (_, b)| {
                    let (a, b) = if operator == "top" { (b, a) } else { (a, b) };
                    a.partial_cmp(b).expect("absent values are no numbers")
                });
                let n = self.count(arguments.get(1));
                let chosen = sorted.iter().take(n).any(|(member, _)| *member == asset);
                Some(if chosen { 1.0 / n as f64 } else { 0.0 })
            }
            "equal" => {
                let chosen = valued.iter().filter(|(_, x)| *x != 0.0).count();
                Some(if own.is_some_and(|x| x != 0.0) { 1.0 / chosen as f64 } else { 0.0 })
            }
            "share" => match own {
                Some(_) if !sum.is_finite() => None,
                Some(x) if sum != 0.0 => Some(x / sum),
                _ => Some(0.0),
            },
            "rank" => {
                let own = own?;
                let above = valued.iter().filter(|(_, x)| *x > own).count();
                let tied = valued.iter().filter(|(_, x)| *x == own).count();
                Some(above as f64 + (tied as f64 + 1.0) / 2.0)
            }
            "demean" => Some(own? - sum / valued.len() as f64),
            _ => panic!("no operator {operator}"),
        }
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

fn binary(operator: &str, left: Option<f64>, right: Option<f64>) -> Option<f64> {
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

fn larger(a: f64, b: f64) -> f64 {
    if a >= b { a } else { b }
}

fn smaller(a: f64, b: f64) -> f64 {
    if a <= b { a } else { b }
}

/// `x_i / x_{i-1} - 1`; None where one of them is no finite number.
fn daily_returns(values: &[f64]) -> Option<Vec<f64>> {
    values.windows(2).map(|pair| Some(pair[1] / pair[0] - 1.0).filter(|r| r.is_finite())).collect()
}

fn mean(values: &[f64]) -> f64 {
    pairwise_sum(values) / values.len() as f64
}

/// The sample deviation.
fn deviation(values: &[f64]) -> f64 {
    if values.iter().all(|value| *value == values[0]) {
        return 0.0;
    }
    (sum_of_squares_about(values, mean(values)) / (values.len() as f64 - 1.0)).sqrt()
}

fn sum_of_squares_about(values: &[f64], mean: f64) -> f64 {
    let squares: Vec<f64> = values.iter().map(|x| (x - mean) * (x - mean)).collect();
    pairwise_sum(&squares)
}

/// The mean of the first n values, added from the left, moved by an n-th of the way to each later one; None with fewer.
fn wilder(values: &[f64], n: usize) -> Option<f64> {
    let start = values.get(..n)?.iter().fold(0.0, |sum, value| sum + value) / n as f64;
    Some(values[n..].iter().fold(start, |average, value| average + (value - average) / n as f64))
}

/// The sum in the order in which numpy adds: pairwise.
fn pairwise_sum(values: &[f64]) -> f64 {
    let n = values.len();
    if n < 8 {
        return values.iter().fold(0.0, |sum, x| sum + x);
    }
    if n > 128 {
        let (left, right) = values.split_at(n / 2 - n / 2 % 8);
        return pairwise_sum(left) + pairwise_sum(right);
    }
    let mut lanes = [0.0; 8];
    let eights = values.chunks_exact(8);
    let rest = eights.remainder();
    for eight in eights {
        for (lane, x) in lanes.iter_mut().zip(eight) {
            *lane += x;
        }
    }
    let [a, b, c, d, e, f, g, h] = lanes;
    rest.iter().fold(((a + b) + (c + d)) + ((e + f) + (g + h)), |sum, x| sum + x)
}
