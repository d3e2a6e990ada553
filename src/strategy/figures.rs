//! The figures of a backtest, one row each. The row of a figure determines its column in `points.csv`, its key in the JSON, its
//! line in tables and on pages, how sweeps rank by it, and its row in docs/statistics.md.
//!
//! The values are computed elsewhere: in `stats/performance.rs`, `stats/relative.rs` and the simulation ([`Outcome`]).

use std::fmt;
use std::str::FromStr;

use super::run::{BacktestResult, PointResult};
use crate::config::error::unknown;
use crate::engine::simulate::Outcome;
use crate::market::date::Date;
use crate::stats::better::Better;
use crate::stats::better::Better::{High, Low};
use crate::stats::definition::{Definition, define};
use crate::stats::performance::Performance;
use crate::stats::relative::Relative;

/// A figure.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figure {
    /// Its key in the JSON, its column in `points.csv` and its name in `[rank]` and `require`.
    pub name: &'static str,
    /// Its name, meaning and formula as people read them.
    pub definition: Definition,
    /// The heading of a column that is too narrow for its key.
    pub short: Option<&'static str>,
    /// The kind of number that it is.
    pub kind: FigureKind,
    /// Its unit in words.
    #[cfg_attr(not(test), expect(dead_code, reason = "the reference is written from it"))]
    pub unit: &'static str,
    /// When it is undefined (null) or infinite, in words; may be empty.
    #[cfg_attr(not(test), expect(dead_code, reason = "the reference is written from it"))]
    pub edge_cases: &'static str,
    /// The publication that describes it; may be empty.
    #[cfg_attr(not(test), expect(dead_code, reason = "the reference is written from it"))]
    pub source: &'static str,
    /// Whether high or low values are better.
    pub better: Better,
    /// Whether tables and maps of many points show it, whatever they are ranked by.
    pub is_usual: bool,
    /// Its position on a tear sheet among figures of the same origin; positions ascend and may have gaps.
    pub position: u32,
    /// Whether the tear sheet of the terminal shows it; the page shows all figures.
    pub in_terminal: bool,
    /// Whether a tear sheet leaves it out where it is absent or 0.
    pub only_if_any: bool,
    /// Where its value comes from.
    pub origin: Origin,
}

/// The kind of number that a figure is, which decides how it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FigureKind {
    /// A plain number, such as a Sharpe ratio.
    Number,
    /// A fraction, shown in per cent.
    Fraction,
    /// A multiple of the equity: shown in per cent on a tear sheet, as a plain number in tables of points.
    Times,
    /// An amount of money.
    Money,
    /// A count.
    Count,
    /// A count of days.
    Days,
    /// A date, as the number of days since 1970-01-01.
    Date,
}

impl FigureKind {
    /// Whether its values are whole numbers.
    pub(crate) fn is_whole(self) -> bool {
        matches!(self, FigureKind::Count | FigureKind::Days)
    }
}

/// The date that a figure of the kind [`FigureKind::Date`] stands for; `None` where it is undefined.
pub(crate) fn date_of(value: f64) -> Option<Date> {
    (!value.is_nan()).then_some(Date(value as i32))
}

/// What a figure is computed from, with the function that reads its value there; NaN if undefined.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Origin {
    /// An equity curve, of the strategy or the benchmark.
    Curve(fn(&Performance) -> f64),
    /// The account of the strategy.
    Account(fn(&Account) -> f64),
    /// The comparison of the strategy with its benchmark.
    Benchmark(fn(&Relative) -> f64),
}

/// The trading of a strategy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Account<'r> {
    /// Fills, turnover, costs and exposure as the simulation counted them.
    pub outcome: &'r Outcome,
    /// Turnover per year: traded value over equity, buys and sells added.
    pub turnover: f64,
}

impl<'r> From<&'r BacktestResult> for Account<'r> {
    fn from(result: &'r BacktestResult) -> Account<'r> {
        Account { outcome: &result.outcome, turnover: result.turnover }
    }
}

impl<'r> From<&'r PointResult> for Account<'r> {
    fn from(result: &'r PointResult) -> Account<'r> {
        Account { outcome: &result.outcome, turnover: result.turnover }
    }
}

impl BacktestResult {
    /// A figure of the strategy; NaN where it is undefined, such as the Sharpe ratio of a curve that never moves. A date is the
    /// number of days since 1970-01-01.
    pub fn figure(&self, metric: Metric) -> f64 {
        match metric.figure().origin {
            Origin::Curve(value) => value(&self.performance),
            Origin::Account(value) => value(&Account::from(self)),
            Origin::Benchmark(_) => ABSENT,
        }
    }
}

/// The values of the figures of a point, in the order of [`FIGURES`]; NaN if undefined.
pub(crate) type PointFigures = [f64; FIGURES.len()];

/// The values of the figures of a point.
pub(crate) fn point_figures(result: &PointResult) -> PointFigures {
    let account = Account::from(result);
    std::array::from_fn(|column| match FIGURES[column].origin {
        Origin::Curve(value) => value(&result.performance),
        Origin::Account(value) => value(&account),
        Origin::Benchmark(_) => ABSENT,
    })
}

impl Figure {
    /// Its value for an equity curve; `None` if its origin is not a curve.
    pub(crate) fn curve_value(&self, performance: &Performance) -> Option<f64> {
        match self.origin {
            Origin::Curve(value) => Some(value(performance)),
            _ => None,
        }
    }

    /// Its value for an account; `None` if its origin is not the account.
    pub(crate) fn account_value(&self, account: &Account) -> Option<f64> {
        match self.origin {
            Origin::Account(value) => Some(value(account)),
            _ => None,
        }
    }

    /// Its value for a comparison with a benchmark; `None` if its origin is not such a comparison.
    pub(crate) fn benchmark_value(&self, relative: &Relative) -> Option<f64> {
        match self.origin {
            Origin::Benchmark(value) => Some(value(relative)),
            _ => None,
        }
    }
}

/// A figure of every point, such as `sharpe` or `cagr`, by the name of its column in `points.csv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric(usize);

impl Metric {
    /// The Sharpe ratio, which sweeps rank by unless they say otherwise.
    pub(crate) const SHARPE: Metric = Metric::known("sharpe");
    /// Growth over the whole curve.
    pub(crate) const TOTAL_RETURN: Metric = Metric::known("total_return");
    /// Number of fills.
    pub(crate) const FILLS: Metric = Metric::known("fills");
    /// Skew of the returns.
    pub(crate) const SKEW: Metric = Metric::known("skew");
    /// Kurtosis of the returns.
    pub(crate) const KURTOSIS: Metric = Metric::known("kurtosis");

    /// The figure with a name, looked up at compile time; an unknown name does not compile.
    const fn known(name: &str) -> Metric {
        let mut column = 0;
        while column < FIGURES.len() {
            if is_same(FIGURES[column].name.as_bytes(), name.as_bytes()) {
                return Metric(column);
            }
            column += 1;
        }
        panic!("no such figure")
    }

    /// Where the account was ruined.
    pub(crate) const RUINED_ON: Metric = Metric::known("ruined_on");

    /// All figures, in the order of their columns.
    pub fn all() -> impl Iterator<Item = Metric> {
        (0..FIGURES.len()).map(Metric)
    }

    /// Its row.
    pub(crate) fn figure(self) -> &'static Figure {
        &FIGURES[self.0]
    }

    /// Whether it is a date, which ranks nothing.
    pub(crate) fn is_date(self) -> bool {
        self.figure().kind == FigureKind::Date
    }

    /// Its name: key in the JSON and column in `points.csv`.
    pub fn name(self) -> &'static str {
        self.figure().name
    }

    /// Its index among the figures of a point.
    pub(crate) const fn column(self) -> usize {
        self.0
    }
}

impl FromStr for Metric {
    type Err = UnknownMetric;

    fn from_str(name: &str) -> Result<Metric, UnknownMetric> {
        match Metric::all().find(|metric| metric.name() == name) {
            Some(metric) if metric.is_date() => Err(UnknownMetric(no_number(name))),
            Some(metric) => Ok(metric),
            None => Err(UnknownMetric(unknown("metric", name, &RANKING))),
        }
    }
}

/// Why nothing can be ranked by a date.
pub(crate) fn no_number(name: &str) -> String {
    format!("'{name}' is a date and no number to compare; ruined points stand last in every ranking as it is")
}

/// A name of no figure that could rank. The text says why, or lists the known names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownMetric(String);

impl fmt::Display for UnknownMetric {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for UnknownMetric {}

const fn is_same(a: &[u8], b: &[u8]) -> bool {
    let mut index = 0;
    while index < a.len() && index < b.len() && a[index] == b[index] {
        index += 1;
    }
    index == a.len() && index == b.len()
}

/// The names of [`FIGURES`]: the columns of a row of results.
pub(crate) static NAMES: [&str; FIGURES.len()] = {
    let mut names = [""; FIGURES.len()];
    let mut column = 0;
    while column < names.len() {
        names[column] = FIGURES[column].name;
        column += 1;
    }
    names
};

/// The names of the figures that can rank: all but dates.
pub(crate) static RANKING: [&str; FIGURES.len() - DATES] = {
    let mut names = [""; FIGURES.len() - DATES];
    let (mut column, mut count) = (0, 0);
    while column < FIGURES.len() {
        if !matches!(FIGURES[column].kind, FigureKind::Date) {
            names[count] = FIGURES[column].name;
            count += 1;
        }
        column += 1;
    }
    names
};

/// Number of the figures that are dates.
const DATES: usize = {
    let (mut column, mut count) = (0, 0);
    while column < FIGURES.len() {
        if matches!(FIGURES[column].kind, FigureKind::Date) {
            count += 1;
        }
        column += 1;
    }
    count
};

/// The figures that `value` gives a value for, with this value, in the order of their positions on a tear sheet.
pub(crate) fn on_sheet<'f>(
    figures: &'static [Figure],
    value: impl Fn(&Figure) -> Option<f64> + 'f,
) -> impl Iterator<Item = (&'static Figure, f64)> + 'f {
    let mut some: Vec<(&Figure, f64)> =
        figures.iter().filter_map(|figure| Some((figure, value(figure)?))).collect();
    some.sort_by_key(|(figure, _)| figure.position);
    some.into_iter()
}

/// The values that most figures share.
const PLAIN: Figure = Figure {
    name: "",
    definition: define("", "", ""),
    short: None,
    kind: FigureKind::Number,
    unit: "number",
    edge_cases: "",
    source: "",
    better: High,
    is_usual: false,
    position: 0,
    in_terminal: true,
    only_if_any: false,
    origin: Origin::Curve(|_| f64::NAN),
};

/// The value of an undefined figure.
const ABSENT: f64 = f64::NAN;

/// The figures of a point, in the order of their columns. New ones must be added at the end, so that columns keep their
/// numbers.
pub(crate) static FIGURES: &[Figure] = &[
    Figure {
        name: "sharpe",
        definition: define(
            "Sharpe ratio",
            "Return above the risk-free rate for each unit of risk, a year.",
            "sqrt(P) * mean(x) / deviation(x); x: daily return less risk-free rate, P: periods a year",
        ),
        unit: "a year",
        edge_cases: "null where nothing moved; where the deviation is 0 or rounding, see below",
        source: "Sharpe (1994)",
        is_usual: true,
        position: 50,
        origin: Origin::Curve(|curve| curve.sharpe.unwrap_or(ABSENT)),
        ..PLAIN
    },
    Figure {
        name: "sortino",
        definition: define(
            "Sortino ratio",
            "As the Sharpe ratio, with the risk of losses alone.",
            "sqrt(P) * mean(x) / downside(x)",
        ),
        unit: "a year",
        edge_cases: "see below",
        source: "Sortino and Price (1994) for `root_mean_square`",
        position: 60,
        origin: Origin::Curve(|curve| curve.sortino.unwrap_or(ABSENT)),
        ..PLAIN
    },
    Figure {
        name: "cagr",
        definition: define(
            "Growth a year (CAGR)",
            "The constant growth that leads from the first equity to the last.",
            "(e(last) / e(first)) ^ (1 / years) - 1; e: equity at the close",
        ),
        kind: FigureKind::Fraction,
        unit: "fraction a year",
        edge_cases: "null where the wealth at the end is undefined, and for one session under `actual_time`",
        is_usual: true,
        position: 30,
        origin: Origin::Curve(|curve| curve.cagr.unwrap_or(ABSENT)),
        ..PLAIN
    },
    Figure {
        name: "annualised_vol",
        definition: define("Volatility a year", "How much daily returns vary.", "sqrt(P) * deviation(x)"),
        short: Some("vol"),
        kind: FigureKind::Fraction,
        unit: "fraction a year",
        edge_cases: "null for a curve of one session under `actual_time`",
        better: Low,
        is_usual: true,
        position: 40,
        origin: Origin::Curve(|curve| curve.annualised_vol),
        ..PLAIN
    },
    Figure {
        name: "max_drawdown",
        definition: define(
            "Largest drawdown",
            "The deepest fall from a high.",
            "largest (H - e(t)) / H; H: the highest equity so far",
        ),
        short: Some("drawdown"),
        kind: FigureKind::Fraction,
        unit: "fraction, 0 to 1",
        edge_cases: "0 where nothing falls",
        better: Low,
        is_usual: true,
        position: 80,
        origin: Origin::Curve(|curve| curve.max_drawdown),
        ..PLAIN
    },
    Figure {
        name: "max_drawdown_duration",
        definition: define("Longest drawdown", "The longest time below a high.", "sessions in a row below H"),
        short: Some("drawdown days"),
        kind: FigureKind::Days,
        unit: "sessions",
        edge_cases: "0 where nothing falls",
        better: Low,
        position: 90,
        origin: Origin::Curve(|curve| curve.max_drawdown_duration as f64),
        ..PLAIN
    },
    Figure {
        name: "final_equity",
        definition: define("Final equity", "What is there at the end.", "e(last)"),
        short: Some("equity"),
        kind: FigureKind::Money,
        unit: "currency",
        position: 10,
        origin: Origin::Curve(|curve| curve.final_equity),
        ..PLAIN
    },
    Figure {
        name: "total_return",
        definition: define("Total return", "Growth over the whole time.", "e(last) / e(first) - 1"),
        short: Some("return"),
        kind: FigureKind::Fraction,
        unit: "fraction",
        position: 20,
        origin: Origin::Curve(|curve| curve.total_return),
        ..PLAIN
    },
    Figure {
        name: "calmar",
        definition: define(
            "Calmar ratio",
            "Growth for each unit of the deepest fall.",
            "growth a year / largest drawdown",
        ),
        unit: "a year",
        edge_cases: "infinite without a drawdown; null where both are 0",
        source: "Young (1991)",
        position: 70,
        origin: Origin::Curve(|curve| curve.calmar.unwrap_or(ABSENT)),
        ..PLAIN
    },
    Figure {
        name: "fills",
        definition: define("Fills", "Orders carried out.", "number of fills"),
        kind: FigureKind::Count,
        unit: "count",
        is_usual: true,
        position: 30,
        origin: Origin::Account(|account| account.outcome.fills as f64),
        ..PLAIN
    },
    Figure {
        name: "turnover",
        definition: define(
            "Turnover a year",
            "How often the equity is bought and sold; both count.",
            "P / N * sum over the fills of |price * quantity| / equity at the close before; N: sessions",
        ),
        kind: FigureKind::Times,
        unit: "fraction a year, buys and sells added",
        edge_cases: "0 without a fill",
        better: Low,
        is_usual: true,
        position: 20,
        origin: Origin::Account(|account| account.turnover),
        ..PLAIN
    },
    Figure {
        name: "costs_paid",
        definition: define("Costs paid", "Commission, tax and slippage of all fills.", "sum over the fills"),
        short: Some("costs"),
        kind: FigureKind::Money,
        unit: "currency",
        better: Low,
        position: 40,
        origin: Origin::Account(|account| account.outcome.costs_paid),
        ..PLAIN
    },
    Figure {
        name: "exposure",
        definition: define(
            "Mean exposure",
            "How much of the equity is invested.",
            "mean over the sessions of sum(|quantity| * close) / equity",
        ),
        kind: FigureKind::Fraction,
        unit: "fraction",
        edge_cases: "a point without positive equity counts as 0",
        position: 10,
        origin: Origin::Account(|account| account.outcome.exposure),
        ..PLAIN
    },
    Figure {
        name: "skew",
        definition: define(
            "Skew",
            "Below 0: rare large losses; a normal distribution has 0.",
            "m3 / m2 ^ 1.5",
        ),
        edge_cases: "null without dispersion",
        position: 100,
        origin: Origin::Curve(|curve| curve.skew.unwrap_or(ABSENT)),
        ..PLAIN
    },
    Figure {
        name: "kurtosis",
        definition: define(
            "Kurtosis",
            "Above 3: more extreme days than a normal distribution.",
            "m4 / m2 ^ 2",
        ),
        edge_cases: "null without dispersion",
        position: 110,
        origin: Origin::Curve(|curve| curve.kurtosis.unwrap_or(ABSENT)),
        ..PLAIN
    },
    Figure {
        name: "interest",
        definition: define(
            "Interest",
            "What cash earned, less what debt and borrowed shares cost.",
            "sum of all bookings",
        ),
        kind: FigureKind::Money,
        unit: "currency",
        edge_cases: "negative where more was paid than earned",
        position: 50,
        only_if_any: true,
        origin: Origin::Account(|account| account.outcome.interest),
        ..PLAIN
    },
    Figure {
        name: "ruined_on",
        definition: define(
            "Ruined on",
            "From this day on no figure means anything.",
            "the date of the first e(t) at or below 0",
        ),
        kind: FigureKind::Date,
        unit: "date",
        edge_cases: "null where the equity stays above 0",
        position: 60,
        only_if_any: true,
        origin: Origin::Account(|account| account.outcome.ruined_on.map_or(ABSENT, |date| f64::from(date.0))),
        ..PLAIN
    },
];

/// The figures that compare a strategy with its benchmark.
pub(crate) static BENCHMARK_FIGURES: &[Figure] = &[
    Figure {
        name: "excess_return",
        definition: define(
            "Excess return a year",
            "Mean daily return above the benchmark's, a year.",
            "P * mean(r - b); r, b: daily returns of strategy and benchmark",
        ),
        kind: FigureKind::Fraction,
        unit: "fraction a year",
        position: 10,
        origin: Origin::Benchmark(|beside| beside.excess_return.unwrap_or(ABSENT)),
        ..PLAIN
    },
    Figure {
        name: "beta",
        definition: define(
            "Beta",
            "How much the strategy moves with the benchmark.",
            "slope of the strategy's excess returns on the benchmark's",
        ),
        edge_cases: "null where the benchmark does not move",
        position: 40,
        origin: Origin::Benchmark(|beside| beside.beta.unwrap_or(ABSENT)),
        ..PLAIN
    },
    Figure {
        name: "alpha",
        definition: define(
            "Alpha a year",
            "Return that the benchmark does not explain.",
            "P * (mean(x) - beta * mean(benchmark's x))",
        ),
        kind: FigureKind::Fraction,
        unit: "fraction a year",
        edge_cases: "null where the benchmark does not move",
        position: 50,
        origin: Origin::Benchmark(|beside| beside.alpha.unwrap_or(ABSENT)),
        ..PLAIN
    },
    Figure {
        name: "tracking_error",
        definition: define(
            "Tracking error",
            "How much the difference to the benchmark varies.",
            "sqrt(P) * deviation(r - b)",
        ),
        kind: FigureKind::Fraction,
        unit: "fraction a year",
        edge_cases: "null where the difference does not move",
        better: Low,
        position: 20,
        origin: Origin::Benchmark(|beside| beside.tracking_error.unwrap_or(ABSENT)),
        ..PLAIN
    },
    Figure {
        name: "information_ratio",
        definition: define(
            "Information ratio",
            "Excess return for each unit of tracking error.",
            "excess return / tracking error",
        ),
        unit: "a year",
        edge_cases: "null where the difference does not move",
        position: 30,
        in_terminal: false,
        origin: Origin::Benchmark(|beside| beside.information_ratio.unwrap_or(ABSENT)),
        ..PLAIN
    },
    Figure {
        name: "correlation",
        definition: define(
            "Correlation",
            "Of the daily returns with the benchmark's.",
            "covariance / deviations",
        ),
        unit: "-1 to 1",
        edge_cases: "null where one of the two does not move",
        position: 60,
        in_terminal: false,
        origin: Origin::Benchmark(|beside| beside.correlation.unwrap_or(ABSENT)),
        ..PLAIN
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::seal::RESULTS_REVISION;

    /// The columns of the results of this revision. A new column must be added at the end and must raise the revision, or
    /// existing folders of results, which lack it, count as complete.
    const REVISION: u32 = 3;
    const RECORDED: [&str; 17] = [
        "sharpe",
        "sortino",
        "cagr",
        "annualised_vol",
        "max_drawdown",
        "max_drawdown_duration",
        "final_equity",
        "total_return",
        "calmar",
        "fills",
        "turnover",
        "costs_paid",
        "exposure",
        "skew",
        "kurtosis",
        "interest",
        "ruined_on",
    ];

    #[test]
    fn results_of_a_revision_have_the_same_columns() {
        assert_eq!((RESULTS_REVISION, NAMES.as_slice()), (REVISION, RECORDED.as_slice()));
    }

    #[test]
    fn figures_of_a_table_have_different_positions() {
        let table = |figure: &Figure| std::mem::discriminant(&figure.origin);
        for figures in [FIGURES, BENCHMARK_FIGURES] {
            for (number, figure) in figures.iter().enumerate() {
                let before = figures[..number].iter().filter(|other| table(other) == table(figure));
                for other in before {
                    assert_ne!(figure.position, other.position, "{} and {}", figure.name, other.name);
                }
            }
        }
    }

    #[test]
    fn every_figure_has_a_name_of_its_own_and_all_texts() {
        let mut names = Vec::new();
        for figure in FIGURES.iter().chain(BENCHMARK_FIGURES) {
            let Definition { name, meaning, formula } = figure.definition;
            for text in [figure.name, name, meaning, formula, figure.unit] {
                assert!(!text.is_empty(), "{}: a text is missing", figure.name);
            }
            assert!(figure.position > 0, "{} has no position on the tear sheet", figure.name);
            assert!(figure.name.bytes().all(|letter| letter.is_ascii_lowercase() || letter == b'_'));
            for known in [figure.name, name] {
                assert!(!names.contains(&known), "{known} stands twice");
                names.push(known);
            }
        }
    }

    #[test]
    fn only_benchmark_figures_come_from_the_benchmark() {
        assert!(FIGURES.iter().all(|figure| !matches!(figure.origin, Origin::Benchmark(_))));
        assert!(BENCHMARK_FIGURES.iter().all(|figure| matches!(figure.origin, Origin::Benchmark(_))));
    }

    #[test]
    fn a_metric_is_found_by_its_name() {
        for (column, metric) in Metric::all().enumerate() {
            assert_eq!((metric.column(), metric.name()), (column, NAMES[column]));
            match metric.name().parse::<Metric>() {
                Ok(parsed) => assert_eq!(parsed, metric),
                Err(error) => {
                    assert!(metric.is_date() && error.to_string().contains("is a date"), "{error}");
                }
            }
        }
        let unknown = "sharp".parse::<Metric>().unwrap_err().to_string();
        assert!(unknown.contains("'sharp'; did you mean 'sharpe'?"), "{unknown}");
        assert_eq!(Metric::KURTOSIS.name(), RECORDED[14]);
    }
}
