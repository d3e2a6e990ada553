//! What kind of operator a name is, its constants and how deep it looks.

use super::evaluate::{Names, binary};
use super::periods::Frame;
use super::tree::Tree;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Looks at one asset over time.
    OverTime,
    /// Is about the hold around it.
    OfThisHold,
    Across,
    Calendar,
    /// Changes where its argument is evaluated.
    Place,
    /// Looks at one asset at one time.
    Here,
}

pub fn kind(operator: &str) -> Kind {
    match operator {
        "age" | "entry" | "peak" | "trough" => Kind::OfThisHold,
        "top" | "bottom" | "equal" | "share" | "rank" | "demean" | "count" | "cap" => Kind::Across,
        "risk_parity" | "min_variance" => Kind::Across,
        _ if operator.ends_with("_across") => Kind::Across,
        "year" | "quarter" | "month" | "day" | "weekday" => Kind::Calendar,
        "session_of_month" | "sessions_left_in_month" => Kind::Calendar,
        "partial" | "within" | "daily" | "weekly" | "monthly" => Kind::Place,
        "if" | "fill" | "min" | "max" | "clip" | "abs" | "sign" | "log" | "exp" | "sqrt" => Kind::Here,
        _ => Kind::OverTime,
    }
}

/// The arguments of an operator over time: its series, then its constants.
pub fn split<'t>(operator: &str, arguments: &'t [Tree]) -> (&'t [Tree], &'t [Tree]) {
    let constants = match operator {
        "hold" | "latch" | "days_since" => 0,
        "quantile" | "supertrend" | "parabolic_sar" => 2,
        "kama" if arguments.len() >= 3 => 3,
        _ => 1,
    };
    arguments.split_at(arguments.len() - constants)
}

/// Of how many values a statistic can be made.
pub fn least(operator: &str) -> usize {
    match operator {
        "stdev" | "zscore" | "covariance" | "correlation" | "beta" | "slope" | "residual" | "rsquare" => 2,
        "skew" => 3,
        "kurtosis" => 4,
        _ => 1,
    }
}

/// Whether a window is everything so far.
pub fn is_all(window: &Tree) -> bool {
    *window == Tree::Name("all".into())
}

/// What a constant is; None if it depends on more than numbers and parameters.
pub fn constant(tree: &Tree, names: &Names) -> Option<f64> {
    match tree {
        Tree::Number(x) => Some(*x),
        Tree::Name(name) => match names.signals.get(name) {
            Some(signal) => constant(signal, names),
            None => names.parameters.get(name).copied(),
        },
        Tree::Unary(operator, x) if operator == "-" => Some(-constant(x, names)?),
        Tree::Binary(operator, left, right) if ["+", "-", "*", "/", "^"].contains(&operator.as_str()) => {
            binary(operator, constant(left, names), constant(right, names))
        }
        _ => None,
    }
}

/// The largest total of windows along any path of nested operators.
pub fn depth(tree: &Tree, names: &Names) -> usize {
    names.depth(tree, Frame::Days, None).of_days(Frame::Days)
}

/// How far back a formula looks.
#[derive(Debug, Clone, Copy, Default)]
struct Depth {
    /// In the days or periods around it.
    own: usize,
    /// The most that it looks back in days, where periods are around it.
    daily: usize,
}

impl Depth {
    fn or(self, other: Depth) -> Depth {
        Depth { own: self.own.max(other.own), daily: self.daily.max(other.daily) }
    }

    fn of_days(self, frame: Frame) -> usize {
        frame.depth() * self.own + self.daily
    }

    /// That of a formula in one frame as it counts in another.
    fn seen_from(self, own: Frame, frame: Frame) -> Depth {
        match frame {
            _ if own == frame => self,
            Frame::Days => Depth { own: self.of_days(own), daily: 0 },
            _ => Depth { own: 0, daily: self.of_days(own) },
        }
    }
}

/// Groups, and the frame in which they are taken.
type GroupsAround<'t> = Option<(&'t Tree, Frame)>;

impl Names {
    fn depth<'t>(&'t self, tree: &'t Tree, frame: Frame, groups: GroupsAround<'t>) -> Depth {
        let of = |tree: &'t Tree| self.depth(tree, frame, groups);
        let inside = |x: &'t Tree, other: Frame| self.depth(x, other, groups).seen_from(other, frame);
        let below = || tree.children().into_iter().map(of).fold(Depth::default(), Depth::or);
        match tree {
            Tree::Name(name) => match self.signals.get(name) {
                Some(signal) => self.depth(signal, frame, groups),
                None => Depth::default(),
            },
            Tree::Of(_, x) => self.depth(x, frame, None),
            Tree::Call(operator, arguments) => match (operator.as_str(), &arguments[..]) {
                ("partial", _) => Depth::default(),
                ("monthly", [x]) => inside(x, Frame::Months),
                ("weekly", [x]) => inside(x, Frame::Weeks),
                ("daily", [x]) => inside(x, Frame::Days),
                ("within", [groups, x]) => self.depth(x, frame, Some((groups, frame))),
                _ => {
                    let mut depth = below();
                    // Its groups are an argument of an operator across assets.
                    if kind(operator) == Kind::Across
                        && let Some((groups, own)) = groups
                    {
                        depth = depth.or(self.depth(groups, own, None).seen_from(own, frame));
                    }
                    Depth { own: depth.own + own_depth(operator, arguments, self), ..depth }
                }
            },
            _ => below(),
        }
    }
}

fn own_depth(operator: &str, arguments: &[Tree], names: &Names) -> usize {
    let number = |tree: &Tree| constant(tree, names).expect("a constant").ceil() as usize;
    match (operator, kind(operator)) {
        ("risk_parity" | "min_variance", _) => number(&arguments[1]) + 1,
        ("hold" | "latch" | "days_since", _) => 0,
        ("parabolic_sar", _) => 2,
        (_, Kind::OverTime) => {
            let window = &split(operator, arguments).1[0];
            if is_all(window) {
                return least(operator);
            }
            let n = number(window);
            match operator {
                "kama" | "plus_di" | "minus_di" => n + 1,
                "adx" => 2 * n,
                _ => n,
            }
        }
        _ => 0,
    }
}
