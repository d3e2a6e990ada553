//! The one list of all operators: name, arguments, and a line of help. The checker reads it, the documentation is
//! tested against it. What each computes is in [`super::series`] and [`super::cross_section`].

/// Words that are operators by themselves.
pub const KEYWORDS: [&str; 3] = ["and", "or", "not"];

/// An operator that is written as a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operator {
    /// Its name.
    pub name: &'static str,
    /// Its arguments, as shown in messages.
    pub usage: &'static str,
    /// What it is.
    pub kind: OperatorKind,
}

impl Operator {
    /// How to write it.
    pub fn help(&self) -> String {
        match self.kind {
            OperatorKind::Window(_) => format!("write {}(n) or {}", self.name, self.usage),
            _ => format!("write {}", self.usage),
        }
    }
}

/// The kinds of operators, by the shape of their arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperatorKind {
    /// One value after another of one asset, over a window.
    Window(WindowOperator),
    /// Average true range.
    AverageTrueRange,
    /// Entry and exit conditions.
    Hold,
    /// The n highest or lowest assets.
    Choose(End),
    /// A transformation of all members on one day.
    Cross(CrossOperator),
    /// The number of members.
    Count,
    /// The value of another asset.
    Of,
    /// Weights by ticker.
    Fixed,
    /// A function of one number.
    Map(MapOperator),
    /// The smallest or largest of two or more.
    Extreme(End),
    /// `if(c, a, b)`.
    If,
    /// `clip(x, low, high)`.
    Clip,
}

/// The operators over a window of one series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WindowOperator {
    /// The value n days ago.
    Lag,
    /// The change over n days, as a fraction.
    Returns,
    /// Holding-period return over the last n daily returns (SEM 6).
    Momentum,
    /// Mean of the last n.
    SimpleAverage,
    /// Exponential average with factor 2 / (n + 1).
    ExponentialAverage,
    /// Annualised population deviation of the last n daily returns (SEM 6).
    Volatility,
    /// Sample deviation of the last n.
    Deviation,
    /// Distance from the mean of the last n in sample deviations.
    StandardScore,
    /// Maximum of the last n.
    Highest,
    /// Minimum of the last n.
    Lowest,
    /// Wilder's relative strength index.
    RelativeStrength,
}

/// The operators across the members of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CrossOperator {
    /// 1 / count for each asset where the condition holds.
    Equal,
    /// x / sum of x.
    Share,
    /// 1 for the highest.
    Rank,
    /// x minus the mean.
    Demean,
}

/// Functions of one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MapOperator {
    /// Without its sign.
    Absolute,
    /// -1, 0 or 1.
    Sign,
    /// Natural logarithm; absent where x is not above 0.
    Logarithm,
    /// e to the power of x.
    Exponential,
    /// Square root; absent where x is below 0.
    SquareRoot,
}

/// Which end of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum End {
    /// The smallest.
    Lowest,
    /// The largest.
    Highest,
}

/// Every operator that is written as a call.
pub const OPERATORS: [Operator; 31] = [
    window("lag", "lag(x, n)", WindowOperator::Lag),
    window("returns", "returns(x, n)", WindowOperator::Returns),
    window("momentum", "momentum(x, n)", WindowOperator::Momentum),
    window("sma", "sma(x, n)", WindowOperator::SimpleAverage),
    window("ema", "ema(x, n)", WindowOperator::ExponentialAverage),
    window("volatility", "volatility(x, n)", WindowOperator::Volatility),
    window("stdev", "stdev(x, n)", WindowOperator::Deviation),
    window("zscore", "zscore(x, n)", WindowOperator::StandardScore),
    window("highest", "highest(x, n)", WindowOperator::Highest),
    window("lowest", "lowest(x, n)", WindowOperator::Lowest),
    window("rsi", "rsi(x, n)", WindowOperator::RelativeStrength),
    other("atr", "atr(n)", OperatorKind::AverageTrueRange),
    other("hold", "hold(enter, exit)", OperatorKind::Hold),
    other("top", "top(x, n)", OperatorKind::Choose(End::Highest)),
    other("bottom", "bottom(x, n)", OperatorKind::Choose(End::Lowest)),
    other("equal", "equal(condition)", OperatorKind::Cross(CrossOperator::Equal)),
    other("share", "share(x)", OperatorKind::Cross(CrossOperator::Share)),
    other("rank", "rank(x)", OperatorKind::Cross(CrossOperator::Rank)),
    other("demean", "demean(x)", OperatorKind::Cross(CrossOperator::Demean)),
    other("count", "count()", OperatorKind::Count),
    other("of", "of(\"TICKER\", x)", OperatorKind::Of),
    other("fixed", "fixed(TICKER = weight, ...)", OperatorKind::Fixed),
    other("abs", "abs(x)", OperatorKind::Map(MapOperator::Absolute)),
    other("sign", "sign(x)", OperatorKind::Map(MapOperator::Sign)),
    other("log", "log(x)", OperatorKind::Map(MapOperator::Logarithm)),
    other("exp", "exp(x)", OperatorKind::Map(MapOperator::Exponential)),
    other("sqrt", "sqrt(x)", OperatorKind::Map(MapOperator::SquareRoot)),
    other("min", "min(a, b, ...)", OperatorKind::Extreme(End::Lowest)),
    other("max", "max(a, b, ...)", OperatorKind::Extreme(End::Highest)),
    other("if", "if(condition, then, else)", OperatorKind::If),
    other("clip", "clip(x, low, high)", OperatorKind::Clip),
];

const fn window(name: &'static str, usage: &'static str, operator: WindowOperator) -> Operator {
    Operator { name, usage, kind: OperatorKind::Window(operator) }
}

const fn other(name: &'static str, usage: &'static str, kind: OperatorKind) -> Operator {
    Operator { name, usage, kind }
}

/// The operator of a name.
pub fn operator(name: &str) -> Option<&'static Operator> {
    OPERATORS.iter().find(|operator| operator.name == name)
}

/// A price or volume column, as known at the close of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Series {
    /// Price at the open; the only one known at 14:30.
    Open,
    /// Highest price of the day.
    High,
    /// Lowest price of the day.
    Low,
    /// Price at the close.
    Close,
    /// Shares traded.
    Volume,
}

/// Every series with its name.
pub const SERIES: [(&str, Series); 5] = [
    ("open", Series::Open),
    ("high", Series::High),
    ("low", Series::Low),
    ("close", Series::Close),
    ("volume", Series::Volume),
];

/// The series of a name.
pub fn series(name: &str) -> Option<Series> {
    SERIES.iter().find(|(known, _)| *known == name).map(|(_, series)| *series)
}

/// Whether a name means something in every formula, so that no parameter may have it.
pub fn is_reserved(name: &str) -> bool {
    KEYWORDS.contains(&name) || series(name).is_some() || operator(name).is_some()
}
