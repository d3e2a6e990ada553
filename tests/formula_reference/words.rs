//! Random formulas in which every word of the language may stand; each of them is one that the program takes.

use super::generate::Random;
use super::tree::Tree;

/// What a formula may name.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    pub inside: &'a [String],
    pub all: &'a [String],
    pub columns: &'a [String],
    pub groups: &'a [String],
    pub signals: &'a [Signal],
    pub widest: usize,
}

/// A signal, and in which places it may stand.
#[derive(Debug, Clone)]
pub struct Signal {
    pub name: String,
    pub stands: Stands,
}

/// Where a signal may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    Anywhere,
    /// Not in weeks, months, `partial` or `within`: one of them stands in it.
    Outside,
    /// In the exit or the size of a hold.
    InHold,
}

/// What stands around a formula.
#[derive(Debug, Clone, Copy, Default)]
struct Around {
    in_period: bool,
    in_partial: bool,
    in_groups: bool,
}

/// Makes formulas from random numbers.
pub struct Words<'a> {
    pub random: &'a mut Random,
    pub known: Known<'a>,
    around: Around,
}

const BY_WINDOW: [(&str, usize); 24] = [
    ("sma", 1),
    ("stdev", 2),
    ("zscore", 2),
    ("highest", 1),
    ("lowest", 1),
    ("momentum", 1),
    ("volatility", 1),
    ("sum", 1),
    ("product", 1),
    ("median", 1),
    ("quantile", 1),
    ("percent_rank", 1),
    ("mean_absolute_deviation", 1),
    ("skew", 3),
    ("kurtosis", 4),
    ("slope", 2),
    ("residual", 2),
    ("rsquare", 2),
    ("days_since_highest", 1),
    ("days_since_lowest", 1),
    ("count_true", 1),
    ("wma", 1),
    ("sum", 1),
    ("sma", 1),
];

const OF_ALL_MEMBERS: [&str; 13] = [
    "share",
    "rank",
    "demean",
    "sum_across",
    "mean_across",
    "stdev_across",
    "zscore_across",
    "median_across",
    "highest_across",
    "lowest_across",
    "percent_rank_across",
    "quantile_across",
    "cap",
];

const CALENDAR: [&str; 7] =
    ["year", "quarter", "month", "day", "weekday", "session_of_month", "sessions_left_in_month"];

fn whole(x: usize) -> Tree {
    Tree::Number(x as f64)
}

impl<'a> Words<'a> {
    pub fn new(random: &'a mut Random, known: Known<'a>) -> Words<'a> {
        Words { random, known, around: Around::default() }
    }

    pub fn formula(&mut self, depth: usize) -> Tree {
        if self.random.chance(0.15) { self.condition(depth) } else { self.number(depth) }
    }

    fn around(&mut self, around: Around, make: impl FnOnce(&mut Self) -> Tree) -> Tree {
        let before = std::mem::replace(&mut self.around, around);
        let tree = make(self);
        self.around = before;
        tree
    }

    fn window(&mut self, least: usize) -> Tree {
        let n = match self.random.whole(0, 9) {
            0 => Tree::name("fast"),
            1 => Tree::name("slow"),
            2 => Tree::name("whole"),
            3 => Tree::binary("*", whole(2), Tree::name("fast")),
            4 => Tree::name("half"),
            5 => return whole(self.random.whole(least, self.known.widest.max(least))),
            _ => return whole(self.random.whole(least, least + 8)),
        };
        if least > 1 { Tree::binary("+", n, whole(least - 1)) } else { n }
    }

    /// A number from 1 on that need not be whole.
    fn length(&mut self) -> Tree {
        match self.random.whole(0, 3) {
            0 => Tree::Number(1.0 + self.random.whole(0, 40) as f64 / 8.0),
            1 => Tree::binary(
                "-",
                Tree::binary("/", whole(2), Tree::Number(self.random.pick(&[0.06, 0.3, 1.0]))),
                whole(1),
            ),
            _ => self.window(1),
        }
    }

    fn fraction(&mut self) -> Tree {
        match self.random.whole(0, 3) {
            0 => Tree::binary("-", whole(1), Tree::Number(self.random.pick(&[0.2, 0.5, 0.0]))),
            _ => Tree::Number(self.random.pick(&[0.0, 0.25, 0.3, 0.5, 0.8, 1.0])),
        }
    }

    fn scalar(&mut self) -> Tree {
        match self.random.whole(0, 9) {
            0 => Tree::name("theta"),
            1 => Tree::name("k"),
            2 => Tree::unary("-", whole(1)),
            3 => whole(0),
            4 => Tree::Number(self.random.pick(&[1e-3, 0.5, 1e6, 1e300, 2.5e-7])),
            5 => Tree::Number(self.random.whole(0, 100) as f64 / 4.0),
            _ => whole(self.random.whole(1, 30)),
        }
    }

    fn leaf(&mut self) -> Tree {
        match self.random.whole(0, 19) {
            0 => self.scalar(),
            1 => Tree::call("count", []),
            2 | 3 => Tree::call(self.random.pick(&CALENDAR), []),
            4 | 5 if !self.known.columns.is_empty() => Tree::Name(self.random.pick(self.known.columns)),
            6 | 7 => self.signal(),
            8 => self.of_bars(),
            _ => Tree::name(self.random.pick(&["open", "high", "low", "close", "close", "close", "volume"])),
        }
    }

    fn signal(&mut self) -> Tree {
        let outside = !self.around.in_period && !self.around.in_partial && !self.around.in_groups;
        self.signal_that(|stands| stands == Stands::Anywhere || outside && stands == Stands::Outside)
            .unwrap_or_else(|| Tree::name("close"))
    }

    fn signal_that(&mut self, fits: impl Fn(Stands) -> bool) -> Option<Tree> {
        let fitting: Vec<&Signal> = self.known.signals.iter().filter(|signal| fits(signal.stands)).collect();
        if fitting.is_empty() { None } else { Some(Tree::Name(self.random.pick(&fitting).name.clone())) }
    }

    /// A signal's formula for a place.
    pub fn of_signal(&mut self, depth: usize, stands: Stands) -> Tree {
        match stands {
            Stands::Outside => {
                let makers: [fn(&mut Self, usize) -> Tree; 3] =
                    [Self::within, Self::in_periods, Self::partial];
                self.random.pick(&makers)(self, depth)
            }
            Stands::InHold => self.plain(|words| words.state(depth)),
            Stands::Anywhere => self.plain(|words| words.number(depth)),
        }
    }

    fn number(&mut self, depth: usize) -> Tree {
        if depth == 0 {
            return self.leaf();
        }
        let depth = depth - 1;
        match self.random.whole(0, 49) {
            0..=8 => self.by_window(depth),
            9..=11 => self.of_two(depth),
            12..=15 => self.averaged(depth),
            16 | 17 => self.of_bars(),
            18 | 19 => self.shifted(depth),
            20..=23 => self.lasting(depth),
            24..=29 => self.across(depth),
            30 => self.by_covariances(depth),
            31..=33 => self.within(depth),
            34..=37 => self.in_periods(depth),
            38 | 39 => self.partial(depth),
            40 => {
                let ticker = self.random.pick(self.known.all);
                Tree::Of(ticker, Box::new(self.number(depth)))
            }
            41 => self.condition(depth),
            _ => self.here(depth),
        }
    }

    /// A formula without weeks, months, `partial` and `within`.
    fn plain(&mut self, make: impl Fn(&mut Self) -> Tree) -> Tree {
        let around = Around { in_period: true, in_partial: true, in_groups: true };
        loop {
            let tree = self.around(around, &make);
            if !tree.calls(&["weekly", "monthly", "daily", "partial", "within"]) {
                return tree;
            }
        }
    }

    /// A number that is often absent.
    fn with_holes(&mut self, depth: usize) -> Tree {
        let x = self.number(depth);
        if self.random.chance(0.3) {
            let there = self.condition(depth.min(1));
            return Tree::binary("/", x, there);
        }
        x
    }

    fn by_window(&mut self, depth: usize) -> Tree {
        let (operator, least) = self.random.pick(&BY_WINDOW);
        let n = if self.random.chance(0.2) { Tree::name("all") } else { self.window(least) };
        let mut arguments = vec![];
        if operator == "count_true" {
            arguments.push(self.condition(depth));
        } else if self.random.chance(0.75) {
            arguments.push(self.with_holes(depth));
        }
        arguments.push(n);
        if operator == "quantile" {
            arguments.push(self.fraction());
        }
        Tree::Call(operator.into(), arguments)
    }

    fn of_two(&mut self, depth: usize) -> Tree {
        let operator = self.random.pick(&["covariance", "correlation", "beta"]);
        let n = if self.random.chance(0.2) { Tree::name("all") } else { self.window(2) };
        let (x, y) = (self.with_holes(depth), self.with_holes(depth));
        Tree::call(operator, [x, y, n])
    }

    fn averaged(&mut self, depth: usize) -> Tree {
        let operator = self.random.pick(&["ema", "wilder", "rsi", "kama"]);
        let mut arguments = vec![];
        if self.random.chance(0.7) {
            arguments.push(self.with_holes(depth));
        }
        match operator {
            "rsi" | "kama" => arguments.push(self.window(1)),
            _ => arguments.push(self.length()),
        }
        if operator == "kama" && self.random.chance(0.5) {
            arguments.push(whole(self.random.whole(1, 5)));
            arguments.push(whole(self.random.whole(5, 30)));
        }
        Tree::Call(operator.into(), arguments)
    }

    fn of_bars(&mut self) -> Tree {
        match self.random.pick(&["atr", "plus_di", "minus_di", "adx", "supertrend", "parabolic_sar"]) {
            "supertrend" => {
                let n = self.window(1);
                Tree::call("supertrend", [n, Tree::Number(self.random.pick(&[0.3, 0.7, 1.0, 2.5]))])
            }
            "parabolic_sar" => {
                let (step, most) = self.random.pick(&[(0.02, 0.2), (0.1, 0.3), (0.3, 0.9), (0.2, 0.2)]);
                Tree::call("parabolic_sar", [Tree::Number(step), Tree::Number(most)])
            }
            operator => Tree::call(operator, [self.window(1)]),
        }
    }

    fn shifted(&mut self, depth: usize) -> Tree {
        let operator = self.random.pick(&["lag", "returns", "delta"]);
        if self.random.chance(0.3) {
            return Tree::call(operator, [self.window(1)]);
        }
        let x = self.number(depth);
        Tree::call(operator, [x, self.window(1)])
    }

    fn lasting(&mut self, depth: usize) -> Tree {
        match self.random.whole(0, 3) {
            0 => {
                let x = self.with_holes(depth);
                Tree::call("latch", [x, self.condition(depth)])
            }
            1 => Tree::call("days_since", [self.condition(depth)]),
            _ => {
                let enter = self.condition(depth);
                let mut arguments = vec![enter, self.state_condition(depth)];
                if self.random.chance(0.6) {
                    arguments.push(self.state(depth));
                }
                Tree::Call("hold".into(), arguments)
            }
        }
    }

    fn state_word(&mut self, depth: usize) -> Tree {
        if self.random.chance(0.1)
            && let Some(signal) = self.signal_that(|stands| stands == Stands::InHold)
        {
            return signal;
        }
        match self.random.pick(&["age", "entry", "peak", "trough"]) {
            "age" => Tree::call("age", []),
            word => Tree::call(word, [self.number(depth.saturating_sub(1))]),
        }
    }

    /// A number about the hold around it, through operators that look at one asset at one time.
    fn state(&mut self, depth: usize) -> Tree {
        if depth == 0 {
            return self.state_word(0);
        }
        let depth = depth - 1;
        match self.random.whole(0, 9) {
            0..=3 => self.state_word(depth),
            4 | 5 => {
                let operator = self.random.pick(&["+", "-", "*", "/"]);
                let left = self.state(depth);
                Tree::binary(operator, left, self.number(depth))
            }
            6 => {
                let x = self.state(depth);
                Tree::call("fill", [x, self.scalar()])
            }
            7 => {
                let x = self.state(depth);
                Tree::call(self.random.pick(&["min", "max"]), [x, self.number(depth)])
            }
            8 => {
                let condition = self.state_condition(depth);
                Tree::call("if", [condition, self.number(depth), self.state(depth)])
            }
            _ => Tree::unary("-", self.state(depth)),
        }
    }

    fn state_condition(&mut self, depth: usize) -> Tree {
        match self.random.whole(0, 9) {
            0 | 1 => self.condition(depth),
            2 | 3 => Tree::binary(">=", Tree::call("age", []), whole(self.random.whole(0, 6))),
            4 => {
                let left = self.state_condition(depth.saturating_sub(1));
                Tree::binary(self.random.pick(&["or", "and"]), left, self.condition(depth))
            }
            5 => Tree::unary("not", self.state_condition(depth.saturating_sub(1))),
            _ => {
                let left = self.number(depth);
                let operator = self.random.pick(&["<", "<=", ">", ">=", "!="]);
                Tree::binary(operator, left, self.state(depth))
            }
        }
    }

    fn across(&mut self, depth: usize) -> Tree {
        match self.random.whole(0, 9) {
            0..=2 => self.places(depth),
            3 => Tree::call("equal", [self.condition(depth)]),
            _ => {
                let operator = self.random.pick(&OF_ALL_MEMBERS);
                let x = self.number(depth);
                match operator {
                    "quantile_across" => Tree::call(operator, [x, self.fraction()]),
                    "cap" => {
                        let limit = Tree::Number(self.random.pick(&[0.2, 0.35, 0.5, 1.0, 20.0]));
                        let x = if self.random.chance(0.6) { Tree::call("share", [x]) } else { x };
                        Tree::call(operator, [x, limit])
                    }
                    _ => Tree::call(operator, [x]),
                }
            }
        }
    }

    fn places(&mut self, depth: usize) -> Tree {
        let operator = self.random.pick(&["top", "bottom"]);
        let x = if self.random.chance(0.3) {
            let fixed = self.fixed();
            Tree::binary("*", fixed, self.number(depth))
        } else {
            self.number(depth)
        };
        let n = self.random.whole(1, 3);
        match self.random.whole(0, 4) {
            0 => Tree::call(operator, [x, Tree::name("k")]),
            1 => Tree::call(operator, [x, whole(n)]),
            2 => {
                let keep = Tree::binary("+", Tree::name("k"), whole(self.random.whole(0, 2)));
                Tree::call(operator, [x, Tree::name("k"), keep])
            }
            _ => Tree::call(operator, [x, whole(n), whole(n + self.random.whole(0, 3))]),
        }
    }

    fn by_covariances(&mut self, depth: usize) -> Tree {
        let operator = self.random.pick(&["risk_parity", "min_variance"]);
        let condition = if self.random.chance(0.5) { whole(1) } else { self.condition(depth) };
        Tree::call(operator, [condition, whole(self.random.whole(2, 15))])
    }

    fn within(&mut self, depth: usize) -> Tree {
        if self.around.in_groups {
            return self.across(depth);
        }
        let around = Around { in_groups: true, ..self.around };
        self.around(around, |words| {
            let groups = match words.random.whole(0, 3) {
                0 => words.condition(depth),
                1 => words.number(depth),
                _ if words.known.groups.is_empty() => Tree::call("month", []),
                _ => Tree::Name(words.random.pick(words.known.groups)),
            };
            // Without an operator across assets groups mean nothing.
            let x = words.across(depth);
            let x = match words.random.whole(0, 9) {
                0 | 1 => Tree::binary(words.random.pick(&["-", "*"]), x, words.number(depth)),
                2 => Tree::call("lag", [x, words.window(1)]),
                _ => x,
            };
            Tree::call("within", [groups, x])
        })
    }

    fn in_periods(&mut self, depth: usize) -> Tree {
        let in_period = !self.around.in_period;
        let operator = if in_period { self.random.pick(&["weekly", "weekly", "monthly"]) } else { "daily" };
        let x = self.around(Around { in_period, ..self.around }, |words| words.number(depth));
        Tree::call(operator, [x])
    }

    fn partial(&mut self, depth: usize) -> Tree {
        if self.around.in_partial {
            return self.by_window(depth);
        }
        let x = self.around(Around { in_partial: true, ..self.around }, |words| {
            if words.random.chance(0.6) { words.by_window(depth) } else { words.number(depth) }
        });
        Tree::call("partial", [x])
    }

    fn fixed(&mut self) -> Tree {
        let mut tickers = self.known.inside.to_vec();
        self.random.shuffle(&mut tickers);
        let count = self.random.whole(1, tickers.len());
        let mut weight = |ticker: String| {
            let size = Tree::Number(self.random.whole(0, 8) as f64 / 8.0);
            (ticker, if self.random.chance(0.2) { Tree::name("theta") } else { size })
        };
        Tree::Fixed(tickers.into_iter().take(count).map(&mut weight).collect())
    }

    /// Operators that look at one asset at one time.
    fn here(&mut self, depth: usize) -> Tree {
        match self.random.whole(0, 9) {
            0..=3 => {
                let operator = self.random.pick(&["+", "-", "*", "/", "/", "^"]);
                let left = self.number(depth);
                let right = if self.random.chance(0.3) { self.scalar() } else { self.number(depth) };
                Tree::binary(operator, left, right)
            }
            4 => Tree::call(self.random.pick(&["abs", "sign", "log", "exp", "sqrt"]), [self.number(depth)]),
            5 => {
                let x = self.number(depth);
                Tree::call(self.random.pick(&["min", "max"]), [x, self.number(depth)])
            }
            6 => {
                let x = self.number(depth);
                Tree::call("clip", [x, self.scalar(), self.scalar()])
            }
            7 => {
                let condition = self.condition(depth);
                Tree::call("if", [condition, self.number(depth), self.number(depth)])
            }
            8 => {
                let x = if self.random.chance(0.3) { self.fixed() } else { self.with_holes(depth) };
                let y = if self.random.chance(0.5) { self.scalar() } else { self.number(depth) };
                Tree::call("fill", [x, y])
            }
            _ => Tree::unary("-", self.number(depth)),
        }
    }

    fn condition(&mut self, depth: usize) -> Tree {
        if depth == 0 || self.random.chance(0.6) {
            let depth = depth.saturating_sub(1);
            let operator = self.random.pick(&["<", "<=", ">", ">=", ">", "<", "==", "!="]);
            let left = self.number(depth);
            let right = match self.random.whole(0, 9) {
                0 => left.clone(),
                1 | 2 => self.scalar(),
                3..=5 => Tree::call("lag", [left.clone(), whole(self.random.whole(1, 3))]),
                _ => self.number(depth),
            };
            return Tree::binary(operator, left, right);
        }
        let depth = depth - 1;
        match self.random.whole(0, 9) {
            0..=2 => Tree::binary("and", self.condition(depth), self.condition(depth)),
            3..=5 => Tree::binary("or", self.condition(depth), self.condition(depth)),
            6 | 7 => Tree::unary("not", self.condition(depth)),
            8 => {
                let (function, day) = self.random.pick(&[("weekday", 5), ("day", 15), ("month", 3)]);
                Tree::binary(self.random.pick(&["==", "<="]), Tree::call(function, []), whole(day))
            }
            _ => self.number(depth),
        }
    }
}
