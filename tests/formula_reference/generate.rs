//! Random cases: a seed gives prices full of ties and holes, and a formula that means something over them.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::door::{Case, Schedule};
use super::evaluate::Conventions;
use super::extras::Extras;
use super::market::{History, Row, weekdays};
use super::tree::Tree;

/// Random numbers by SplitMix64 (Steele, Lea and Flood, 2014): a seed gives the same case everywhere.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        // Neighbouring states are steps of one sequence, so a seed is mixed once before it becomes a state.
        let state = Random(seed).next();
        Random(state)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A whole number from `low` to `high`, both included.
    pub fn whole(&mut self, low: usize, high: usize) -> usize {
        low + (self.next() % (high - low + 1) as u64) as usize
    }

    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.whole(0, from.len() - 1)].clone()
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for index in (1..items.len()).rev() {
            items.swap(index, self.whole(0, index));
        }
    }
}

const TICKERS: [&str; 10] = ["SPY", "AGG", "B", "QQQ", "ZZ", "BRK.B", "^VIX", "ES=F", "X-Y", "9988"];

/// How much of everything a case has.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub assets: (usize, usize),
    pub calendar_days: (usize, usize),
    pub window: usize,
}

impl Size {
    const ORDINARY: Size = Size { assets: (3, 6), calendar_days: (90, 220), window: 40 };
    /// Some months, with windows as long as a month.
    pub const MONTHS: Size = Size { assets: (2, 5), calendar_days: (70, 200), window: 25 };
    /// Windows beyond the length at which a pairwise sum is split.
    pub const LONG: Size = Size { assets: (1, 3), calendar_days: (400, 700), window: 300 };
    /// More assets than a pair by pair comparison would be wise for.
    const WIDE: Size = Size { assets: (25, 30), calendar_days: (60, 90), window: 20 };
    /// More decisions times assets than anybody would compute at once.
    pub const HUGE: Size = Size { assets: (30, 30), calendar_days: (1700, 1700), window: 20 };
}

/// The case of a seed, under one convention.
pub fn case(seed: u64, conventions: Conventions) -> Case {
    let random = &mut Random::new(2 * seed + conventions as u64);
    let size = match random.whole(0, 39) {
        0 | 1 => Size::LONG,
        2 | 3 => Size::WIDE,
        _ => Size::ORDINARY,
    };
    case_of(random, size, conventions)
}

pub fn case_of(random: &mut Random, size: Size, conventions: Conventions) -> Case {
    let between = |random: &mut Random, (low, high): (usize, usize)| random.whole(low, high);
    let first = NaiveDate::from_ymd_opt(2018, 1, 1).expect("a date") + Days::new(random.whole(0, 700) as u64);
    let last = first + Days::new(between(random, size.calendar_days) as u64);
    let table = weekdays(first, last);
    let start = random.whole(0, 8);
    let end = table.len() - 1 - random.whole(0, 5);
    let mut tickers: Vec<String> = TICKERS.iter().map(|&ticker| ticker.into()).collect();
    tickers.extend((tickers.len()..size.assets.1 + 2).map(|number| format!("T{number}")));
    random.shuffle(&mut tickers);
    let inside = between(random, size.assets);
    let outside = random.whole(0, 2);
    tickers.truncate(inside + outside);
    let universe = tickers[..inside].to_vec();

    let shape = Shape {
        cents: random.pick(&[1.0, 10.0, 10.0, 100.0]),
        adjusted: random.chance(0.5),
        holidays: table.iter().copied().filter(|_| random.chance(0.04)).collect(),
        missing_cells: random.pick(&[0.0, 0.0, 0.01, 0.03]),
        late_starts: random.pick(&[0.0, 0.3, 0.6]),
    };
    let mut files: Vec<(String, Vec<Row>)> = Vec::new();
    for ticker in &tickers {
        let twin = if files.is_empty() || random.chance(0.8) { None } else { Some(random.pick(&files).1) };
        let rows = rows(random, &shape, &table, twin);
        files.push((ticker.clone(), rows));
    }
    let mut entry = Vec::new();
    for ticker in &universe {
        if random.chance(shape.late_starts / 2.0) {
            entry.push((ticker.clone(), first + Days::new(random.whole(0, 120) as u64)));
        }
    }
    let parameters = [
        ("fast", random.whole(1, 8).to_string()),
        ("slow", random.whole(5, 25).to_string()),
        ("whole", format!("{}.0", random.whole(2, 12))),
        ("k", random.whole(1, 4).to_string()),
        ("theta", format!("{:?}", random.whole(1, 200) as f64 / 100.0 - 1.0)),
    ]
    .map(|(name, value)| (name.into(), value))
    .to_vec();
    let schedule = match random.whole(0, 19) {
        0 => Schedule::BuyAndHold,
        1 | 2 => Schedule::EndOfMonth,
        3 | 4 => Schedule::Weekly(random.pick(&[Weekday::Mon, Weekday::Wed, Weekday::Fri])),
        5 | 6 => Schedule::OnChange,
        _ => Schedule::Daily,
    };
    let burn_in = Some(table[start + random.whole(0, 30)])
        .filter(|_| schedule != Schedule::BuyAndHold && random.chance(0.1));
    let adjust = random.chance(0.7);
    let history = random.pick(&[History::SinceEntry, History::AllBars]);
    let depth = random.whole(1, 5);
    let formula = Formulas { random, inside: &universe, all: &tickers, widest: size.window }.weights(depth);
    Case {
        formula,
        parameters,
        universe,
        entry,
        files,
        adjust,
        conventions,
        history,
        schedule,
        start: table[start],
        burn_in,
        end: table[end],
        extras: Extras::default(),
    }
}

/// What the price files of one case have in common.
struct Shape {
    /// Prices are multiples of 1 / cents.
    cents: f64,
    adjusted: bool,
    holidays: Vec<NaiveDate>,
    missing_cells: f64,
    late_starts: f64,
}

/// A price file. A twin is followed to the letter for its first half, so that ties are many.
fn rows(random: &mut Random, shape: &Shape, table: &[NaiveDate], twin: Option<Vec<Row>>) -> Vec<Row> {
    let round = |x: f64| ((x * shape.cents).round() / shape.cents).max(1.0);
    let mut price = round(5.0 + 50.0 * random.unit());
    let step = random.pick(&[0.01, 0.03, 0.08]);
    let still = random.pick(&[0.1, 0.3, 0.9]);
    let mut factor: f64 = if shape.adjusted { random.pick(&[0.31, 0.5, 0.97]) } else { 1.0 };
    let late = random.chance(shape.late_starts);
    let from = if late { random.whole(0, table.len() / 2) } else { 0 };
    let to = if random.chance(0.1) { random.whole(table.len() / 2 + 1, table.len()) } else { table.len() };
    let mut rows: Vec<Row> = Vec::new();
    for (index, &date) in table[..to].iter().enumerate().skip(from) {
        let first = rows.is_empty();
        let copied = twin.iter().flatten().find(|row| row.date == date).filter(|_| index < table.len() / 2);
        if let Some(row) = copied.filter(|row| !first || row.is_complete()) {
            rows.push(*row);
            price = row.close.unwrap_or(price);
            continue;
        }
        if shape.adjusted && random.chance(0.02) {
            factor = (factor * 1.07).min(1.0);
        }
        let mut move_on = |price: f64| {
            if random.chance(still) {
                price
            } else {
                round(price * (1.0 + step * (2.0 * random.unit() - 1.0)))
            }
        };
        let open = move_on(price);
        price = move_on(open);
        let ends = (open.max(price), open.min(price));
        let (high, low) = (move_on(ends.0).max(ends.0), move_on(ends.1).min(ends.1));
        if !first && (shape.holidays.contains(&date) || random.chance(0.02)) {
            continue;
        }
        let volume = if random.chance(0.1) { 0.0 } else { random.whole(1, 9) as f64 * 100.0 };
        let adjusted_close = (price * factor * 100.0).round() / 100.0;
        let mut cell = |x: f64| Some(x).filter(|_| first || !random.chance(shape.missing_cells));
        rows.push(Row {
            date,
            open: cell(open),
            high: cell(high),
            low: cell(low),
            close: cell(price),
            adjusted_close: cell(adjusted_close),
            volume: cell(volume),
        });
        if date.weekday() == Weekday::Fri && random.chance(0.02) {
            let saturday = date + Days::new(1);
            price = round(price * 1.01);
            rows.push(Row {
                date: saturday,
                close: Some(price),
                adjusted_close: Some(price),
                ..rows[rows.len() - 1]
            });
        }
    }
    rows
}

/// Random formulas; every one of them is well-typed.
struct Formulas<'a> {
    random: &'a mut Random,
    inside: &'a [String],
    all: &'a [String],
    widest: usize,
}

impl Formulas<'_> {
    /// A whole formula: most are brought to weights of ordinary size, some stay as they are.
    fn weights(&mut self, depth: usize) -> Tree {
        match self.random.whole(0, 11) {
            0..=2 => self.number(depth),
            3 => self.condition(depth),
            10 => {
                // Where there is a value: a weight alone does not tell 0 from absent.
                let x = self.number(depth);
                Tree::binary("or", Tree::binary("==", x.clone(), x), Tree::Number(0.0))
            }
            11 => {
                let fixed = self.fixed();
                Tree::binary("*", fixed, self.number(depth))
            }
            4 => {
                let x = self.number(depth);
                Tree::call("share", [x])
            }
            5 => self.choice(depth),
            6 => {
                let regime = self.condition(depth);
                Tree::binary("*", self.choice(depth), regime)
            }
            _ => {
                let two = Tree::Number(2.0);
                let x = self.number(depth);
                Tree::call("clip", [x, Tree::unary("-", two.clone()), two])
            }
        }
    }

    fn choice(&mut self, depth: usize) -> Tree {
        match self.random.whole(0, 3) {
            0 => {
                let number = self.random.chance(0.3);
                Tree::call("equal", [if number { self.number(depth) } else { self.condition(depth) }])
            }
            1 => {
                let (enter, exit) = (self.condition(depth), self.condition(depth));
                Tree::call("equal", [Tree::call("hold", [enter, exit])])
            }
            _ => {
                let operator = self.random.pick(&["top", "bottom"]);
                let x = self.number(depth);
                let n = self.how_many();
                Tree::call(operator, [x, n])
            }
        }
    }

    fn how_many(&mut self) -> Tree {
        match self.random.whole(0, 5) {
            0 => Tree::name("k"),
            1 => Tree::binary("+", Tree::name("k"), Tree::Number(1.0)),
            _ => Tree::Number(self.random.whole(1, 5) as f64),
        }
    }

    fn window(&mut self) -> Tree {
        match self.random.whole(0, 9) {
            0 => Tree::name("fast"),
            1 => Tree::name("slow"),
            2 => Tree::name("whole"),
            3 => Tree::binary("+", Tree::name("k"), Tree::Number(self.random.whole(1, 3) as f64)),
            4 => Tree::binary("*", Tree::Number(2.0), Tree::name("fast")),
            5 => Tree::Number(self.random.whole(1, self.widest) as f64),
            _ => Tree::Number(self.random.whole(1, 10) as f64),
        }
    }

    /// A window of two days at least.
    fn wide_window(&mut self) -> Tree {
        if self.random.chance(0.2) {
            return Tree::binary("+", self.window(), Tree::Number(1.0));
        }
        Tree::Number(self.random.whole(2, 15) as f64)
    }

    fn scalar(&mut self) -> Tree {
        match self.random.whole(0, 11) {
            0 => Tree::name("theta"),
            1 => Tree::name("k"),
            2 => Tree::binary("*", Tree::name("theta"), Tree::Number(3.0)),
            3 => Tree::unary("-", Tree::Number(1.0)),
            4 => Tree::Number(0.0),
            5 => Tree::Number(self.random.pick(&[1e-3, 0.5, 1e6, 1e300, 2.5e-7])),
            6 => Tree::Number(self.random.whole(0, 100) as f64 / 4.0),
            _ => Tree::Number(self.random.whole(1, 30) as f64),
        }
    }

    fn number(&mut self, depth: usize) -> Tree {
        if depth == 0 {
            return match self.random.whole(0, 9) {
                0 => self.scalar(),
                1 => Tree::call("count", []),
                2 => Tree::call("atr", [self.window()]),
                _ => Tree::name(self.random.pick(&["open", "high", "low", "close", "close", "volume"])),
            };
        }
        let depth = depth - 1;
        match self.random.whole(0, 31) {
            0..=8 => self.over_time(depth),
            9..=12 => self.across(depth),
            13..=18 => {
                let operator = self.random.pick(&["+", "-", "*", "/", "/", "^"]);
                let left = self.number(depth);
                let right = if self.random.chance(0.3) { self.scalar() } else { self.number(depth) };
                if self.random.chance(0.8) {
                    Tree::binary(operator, left, right)
                } else {
                    Tree::binary(operator, right, left)
                }
            }
            19..=21 => {
                let operator = self.random.pick(&["abs", "sign", "log", "exp", "sqrt"]);
                Tree::call(operator, [self.number(depth)])
            }
            22 => {
                let operator = self.random.pick(&["min", "max"]);
                let count = self.random.whole(2, 3);
                Tree::Call(operator.into(), (0..count).map(|_| self.number(depth)).collect())
            }
            23 => {
                let x = self.number(depth);
                Tree::call("clip", [x, self.scalar(), self.scalar()])
            }
            24 => {
                let condition = self.condition(depth);
                Tree::call("if", [condition, self.number(depth), self.number(depth)])
            }
            25 => {
                let ticker = self.random.pick(self.all);
                Tree::Of(ticker, Box::new(self.number(depth)))
            }
            26 => self.fixed(),
            27 => Tree::unary("-", self.number(depth)),
            28 => self.condition(depth),
            29..=30 => {
                // Two values that differ in one small thing, for whoever keeps the one and takes it for the other.
                let mut almost = self.number(depth);
                let operator = self.random.pick(&["+", "-", "/"]);
                let first = almost.clone();
                self.alter(&mut almost);
                Tree::binary(operator, first, almost)
            }
            _ => self.number(0),
        }
    }

    /// Changes one node into another of its kind.
    fn alter(&mut self, tree: &mut Tree) {
        let families: [&[&str]; 8] = [
            &["lag", "returns", "momentum", "sma", "ema", "volatility", "highest", "lowest", "rsi"],
            &["top", "bottom"],
            &["share", "rank", "demean", "equal"],
            &["abs", "sign", "exp", "sqrt"],
            &["open", "high", "low", "close", "volume"],
            &["fast", "slow", "whole"],
            &["-", "/"],
            &["<", "<=", ">", ">=", "==", "!="],
        ];
        let children = match tree {
            Tree::Number(_) | Tree::Name(_) => 0,
            Tree::Unary(..) | Tree::Of(..) => 1,
            Tree::Binary(..) => 2,
            Tree::Call(_, arguments) => arguments.len(),
            Tree::Fixed(weights) => weights.len(),
        };
        let chosen = self.random.whole(0, children);
        match tree {
            Tree::Number(x) => *x += 1.0,
            Tree::Name(name) | Tree::Binary(name, ..) | Tree::Call(name, _) if chosen == children => {
                let family = families.iter().find(|family| family.contains(&name.as_str()));
                *name = family.map_or(name.clone(), |family| self.random.pick(family).into());
            }
            Tree::Of(ticker, _) if chosen == children => *ticker = self.random.pick(self.all),
            Tree::Unary(_, x) | Tree::Of(_, x) => self.alter(x),
            Tree::Binary(_, left, right) => self.alter(if chosen == 0 { left } else { right }),
            Tree::Call(_, arguments) => self.alter(&mut arguments[chosen]),
            Tree::Fixed(weights) => self.alter(&mut weights[chosen % children].1),
            Tree::Name(_) => {}
        }
    }

    fn over_time(&mut self, depth: usize) -> Tree {
        match self.random.whole(0, 12) {
            0 => return Tree::call("atr", [self.window()]),
            1 => return Tree::call("hold", [self.condition(depth), self.condition(depth)]),
            _ => {}
        }
        let operator = self.random.pick(&[
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
        ]);
        let wide = ["stdev", "zscore"].contains(&operator);
        let n = if wide { self.wide_window() } else { self.window() };
        if self.random.chance(0.3) {
            return Tree::call(operator, [n]);
        }
        let x = self.number(depth);
        if self.random.chance(0.2) {
            // A value that is there on some days only.
            let there = self.condition(depth);
            return Tree::call(operator, [Tree::binary("/", x, there), n]);
        }
        Tree::call(operator, [x, n])
    }

    fn across(&mut self, depth: usize) -> Tree {
        if self.random.chance(0.3) {
            return self.choice(depth);
        }
        let operator = self.random.pick(&["share", "rank", "demean"]);
        Tree::call(operator, [self.number(depth)])
    }

    fn fixed(&mut self) -> Tree {
        let count = self.random.whole(1, 3);
        let mut tickers = if self.random.chance(0.5) { self.inside } else { self.all }.to_vec();
        self.random.shuffle(&mut tickers);
        let mut weight = |ticker: String| {
            let size = Tree::Number(self.random.whole(0, 8) as f64 / 8.0);
            let weight = match self.random.whole(0, 3) {
                0 => Tree::unary("-", size),
                1 => Tree::name("theta"),
                _ => size,
            };
            (ticker, weight)
        };
        Tree::Fixed(tickers.into_iter().take(count).map(&mut weight).collect())
    }

    fn condition(&mut self, depth: usize) -> Tree {
        if depth == 0 || self.random.chance(0.6) {
            let operator = self.random.pick(&["<", "<=", ">", ">=", "==", "!="]);
            let depth = depth.saturating_sub(1);
            let left = self.number(depth);
            // The same value twice says only whether it is there.
            let right = match self.random.whole(0, 9) {
                0 => left.clone(),
                1..=3 => self.scalar(),
                _ => self.number(depth),
            };
            return Tree::binary(operator, left, right);
        }
        let depth = depth - 1;
        match self.random.whole(0, 9) {
            0..=2 => Tree::binary("and", self.condition(depth), self.condition(depth)),
            3..=6 => Tree::binary("or", self.condition(depth), self.condition(depth)),
            7 | 8 => Tree::unary("not", self.condition(depth)),
            _ => self.number(depth),
        }
    }
}
