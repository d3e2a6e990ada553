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
    depth_and_of_daily(tree, names).0
}

/// The depth in the days or periods around a place, and the largest depth of what stands in `daily` there.
fn depth_and_of_daily(tree: &Tree, names: &Names) -> (usize, usize) {
    let deepest = |trees: &[&Tree]| {
        let depths = trees.iter().map(|tree| depth_and_of_daily(tree, names));
        depths.fold((0, 0), |deepest, (depth, daily)| (deepest.0.max(depth), deepest.1.max(daily)))
    };
    let of_period = |frame: Frame, x: &Tree| {
        let (inside, daily) = depth_and_of_daily(x, names);
        (frame.depth() * inside + daily, 0)
    };
    match tree {
        Tree::Name(name) => names.signals.get(name).map_or((0, 0), |signal| deepest(&[signal])),
        Tree::Call(operator, arguments) => match (operator.as_str(), &arguments[..]) {
            ("partial", _) => (0, 0),
            ("monthly", [x]) => of_period(Frame::Months, x),
            ("weekly", [x]) => of_period(Frame::Weeks, x),
            ("daily", [x]) => (0, depth(x, names)),
            _ => {
                let (below, daily) = deepest(&tree.children());
                (below + own_depth(operator, arguments, names), daily)
            }
        },
        _ => deepest(&tree.children()),
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
