//! A checked strategy: the final value of every key of its file. Reads no file.

use std::iter::once;
use std::path::PathBuf;
use std::sync::Arc;

use crate::config::tree::Number;
use crate::engine::conventions::Conventions;
use crate::engine::fees::Fees;
use crate::engine::schedule::{Period, RebalanceSchedule};
use crate::engine::sizing::{OrderSizer, Shares, Sizing};
use crate::engine::terms::{FillEvent, Terms, TradedAssets};
use crate::formula::error::FormulaError;
use crate::formula::node::Formula;
use crate::market::calendar::Span;
use crate::market::columns::Column;
use crate::market::numbers::declaration::Declaration;
use crate::market::universe::Tenure;
use crate::stats::rules::{Deviation, Rules};

/// Names of the schedules in a strategy file.
pub(crate) const SCHEDULES: [&str; 9] = [
    "buy_and_hold",
    "daily",
    "weekly",
    "monthly",
    "quarterly",
    "yearly",
    "every",
    "end_of_month",
    "on_change",
];
/// Names of the weekdays in a strategy file, from Monday on.
pub(crate) const WEEKDAYS: [&str; 7] = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];

/// A parameter of a formula.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Parameter {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Number,
}

/// A yearly rate of interest, a fraction.
#[derive(Debug, Clone)]
pub(crate) enum Rate {
    /// The same at every close.
    Number(f64),
    /// The value of a formula at each close, which it has for no asset.
    Formula(Arc<Formula>),
}

/// The yearly rates of an account, fractions.
#[derive(Debug, Clone)]
pub(crate) struct Rates {
    /// What cash earns.
    pub cash: Rate,
    /// What debt costs.
    pub debit: Rate,
    /// What borrowed shares cost.
    pub borrow: Rate,
}

impl Rates {
    /// Each rate with the name of its key in the table `costs`.
    pub(crate) fn named(&self) -> [(&'static str, &Rate); 3] {
        [("cash_rate", &self.cash), ("debit_rate", &self.debit), ("borrow_rate", &self.borrow)]
    }

    /// The formulas among the rates, in this order.
    pub(crate) fn formulas(&self) -> impl DoubleEndedIterator<Item = &Arc<Formula>> {
        self.named().into_iter().filter_map(|(_, rate)| match rate {
            Rate::Number(_) => None,
            Rate::Formula(formula) => Some(formula),
        })
    }
}

/// A checked strategy: the final value of every key of its file.
#[derive(Debug, Clone)]
pub struct Strategy {
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: Option<String>,
    /// Which conventions it follows; see docs/conventions.md.
    pub(crate) conventions: Conventions,
    /// Parameters, in file order.
    pub(crate) parameters: Vec<Parameter>,
    /// Formulas with a name, in file order.
    pub(crate) signals: Vec<Signal>,
    /// Groups of assets, in file order.
    pub(crate) groups: Vec<Groups>,
    /// Parts of formulas that probably do not say what is meant, and what is said of each.
    pub(crate) hints: Vec<(String, String)>,
    /// Assets with the times of their membership, in the order of the universe.
    pub(crate) assets: Vec<(String, Vec<Tenure>)>,
    /// What a share is worth after the last bar of an asset, by ticker, in file order.
    pub(crate) final_prices: Vec<(String, f64)>,
    /// The asset that holds what the weights leave over.
    pub(crate) idle: Option<String>,
    /// Asset whose buy-and-hold is reported for comparison.
    pub(crate) benchmark: Option<String>,
    /// The formula.
    pub(crate) formula: Arc<Formula>,
    /// Depth of the formula with these parameters, in closes, or that of `when` if it is larger.
    pub(crate) depth: u64,
    /// How often it decides.
    pub(crate) schedule: RebalanceSchedule,
    /// A close of the schedule is a decision only if this holds for a member.
    pub(crate) when: Option<Arc<Formula>>,
    /// The event at which orders are filled.
    pub(crate) fill: FillEvent,
    /// A decision is acted upon only if some position is further than this from its target, as a fraction of the equity.
    pub(crate) band: Option<f64>,
    /// Which assets a decision may trade.
    pub(crate) trade: TradedAssets,
    /// Cash at the start, account currency.
    pub(crate) initial_cash: f64,
    /// How weights become shares.
    pub(crate) sizer: OrderSizer,
    /// Whether a position may hold a part of a share.
    pub(crate) shares: Shares,
    /// Commission, tax and slippage.
    pub(crate) fees: Fees,
    /// Interest on cash, debt and borrowed shares.
    pub(crate) rates: Rates,
    /// Start, burn-in and end.
    pub(crate) period: Period,
    /// Folder of the price files, or a cache file.
    pub(crate) prices: PathBuf,
    /// Whether prices are adjusted for splits and dividends.
    pub(crate) adjust: bool,
    /// Columns of numbers from files.
    pub(crate) columns: Vec<Declaration>,
    /// Periods per year for annualised figures.
    pub(crate) periods_per_year: f64,
    /// Risk-free rate, a fraction per year.
    pub(crate) risk_free: f64,
}

/// A formula with a name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Signal {
    /// The name.
    pub name: String,
    /// The formula in canonical form.
    pub canonical: String,
    /// Whether a formula of the strategy uses it, directly or by another signal.
    pub is_used: bool,
}

/// A division of assets into groups.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Groups {
    /// Its name.
    pub name: String,
    /// The groups with their names and their assets, in file order; no asset is in two.
    pub groups: Vec<(String, Vec<String>)>,
}

impl Groups {
    /// The number of the group of an asset, from 0; `None` for an asset in none.
    pub(crate) fn number_of(&self, symbol: &str) -> Option<usize> {
        self.groups.iter().position(|(_, assets)| assets.iter().any(|asset| asset == symbol))
    }
}

impl Strategy {
    /// The values of the parameters, in file order.
    pub(crate) fn parameter_values(&self) -> Vec<f64> {
        self.parameters.iter().map(|parameter| parameter.value.value()).collect()
    }

    /// What the simulation needs besides the weights.
    pub(crate) fn terms(&self) -> Terms {
        let conventions = &self.conventions;
        Terms {
            initial_cash: self.initial_cash,
            sizing: Sizing {
                sizer: self.sizer,
                fees: self.fees,
                cost_estimate: conventions.cost_estimate,
                short_cost: conventions.short_cost,
                long_only_weights: conventions.long_only_weights,
                shares: self.shares,
            },
            ruin: conventions.ruin,
            open_orders: conventions.open_orders,
            price_needed: conventions.price_needed,
            recorded_weights: conventions.recorded_weights,
            fill: self.fill,
            fill_without_bar: conventions.fill_without_bar,
            band: self.band,
            trade: self.trade,
            sums_by_day: conventions.deviation == Deviation::Sample,
        }
    }

    /// What the statistics need besides the curve.
    pub(crate) fn rules(&self) -> Rules {
        let conventions = &self.conventions;
        Rules {
            periods_per_year: self.periods_per_year,
            risk_free: self.risk_free,
            high_water_start: conventions.high_water_start,
            drawdown_ties: conventions.drawdown_ties,
            downside_risk: conventions.downside_risk,
            deviation: conventions.deviation,
            first_return: conventions.first_return,
            annualisation: conventions.annualisation,
        }
    }

    /// Its formulas, in the order in which they were read. The lists of the last one, of tickers and of parameters that are
    /// used, are those of all.
    pub(crate) fn formulas(&self) -> impl DoubleEndedIterator<Item = &Arc<Formula>> {
        once(&self.formula).chain(&self.when).chain(self.rates.formulas())
    }

    /// The groups that a formula names.
    pub(crate) fn used_groups(&self) -> impl Iterator<Item = &Groups> {
        let is_used = |index: usize| self.formulas().any(|formula| formula.uses_groups(index));
        self.groups.iter().enumerate().filter(move |(index, _)| is_used(*index)).map(|(_, groups)| groups)
    }

    /// The formula whose lists of tickers and of used parameters are those of all formulas.
    pub(crate) fn last_formula(&self) -> &Formula {
        self.formulas().next_back().unwrap_or(&self.formula)
    }

    /// Checks the windows of all formulas for these values of the parameters, and gives the depth of the strategy: that of the
    /// weights, or of `when` if it is larger.
    ///
    /// # Errors
    /// A window that is not a whole number in its range.
    pub(crate) fn depth_at(&self, parameters: &[f64]) -> Result<u64, FormulaError> {
        self.formulas().try_for_each(|formula| formula.depth(parameters).map(|_| ()))?;
        let when = self.when.as_ref().map_or(Ok(0), |when| when.depth(parameters))?;
        Ok(self.formula.depth(parameters)?.max(when))
    }

    /// Whether a formula reads a column.
    pub(crate) fn uses_series(&self, column: Column) -> bool {
        self.formulas().any(|formula| formula.uses_series(column))
    }

    /// Whether a formula names the column of numbers from files at this index, so that it is read.
    pub(crate) fn uses_column(&self, index: usize) -> bool {
        self.formulas().any(|formula| formula.uses_external(index))
    }

    /// The columns of numbers from files that formulas name.
    pub(crate) fn used_columns(&self) -> impl Iterator<Item = &Declaration> {
        self.columns
            .iter()
            .enumerate()
            .filter(|(index, _)| self.uses_column(*index))
            .map(|(_, column)| column)
    }

    /// The assets that a formula names or that hold idle money, with repeats: all that are needed besides the universe and the
    /// benchmark.
    pub(crate) fn named_assets(&self) -> impl Iterator<Item = &String> {
        let lists = self.last_formula();
        lists.fixed_assets.iter().chain(&lists.of_assets).chain(&self.idle)
    }

    /// The assets that formulas are about, with repeats: those of the universe and those that a formula names.
    pub(crate) fn formula_assets(&self) -> impl Iterator<Item = &String> {
        let lists = self.last_formula();
        let named = lists.fixed_assets.iter().chain(&lists.of_assets);
        self.assets.iter().map(|(asset, _)| asset).chain(named)
    }

    /// The symbols of all assets whose prices are needed, sorted, without duplicates.
    pub(crate) fn symbols(&self) -> Vec<String> {
        let named = self.last_formula().of_assets.iter().chain(&self.benchmark);
        let mut symbols: Vec<String> = self.traded().chain(named).cloned().collect();
        symbols.sort();
        symbols.dedup();
        symbols
    }

    /// The symbols of the assets that it may trade: those of the universe, those that `fixed` names, and the one that holds
    /// what the weights leave over. Some may occur twice.
    pub(crate) fn traded(&self) -> impl Iterator<Item = &String> {
        self.assets.iter().map(|(asset, _)| asset).chain(&self.formula.fixed_assets).chain(&self.idle)
    }
}

/// The name of the schedule that decides once a span.
fn span_name(span: Span) -> &'static str {
    match span {
        Span::Month => "monthly",
        Span::Quarter => "quarterly",
        Span::Year => "yearly",
    }
}

/// The name of a schedule in a strategy file, followed by its weekdays, its day or its number of closes if it has one. The last
/// day of a month has the name `end_of_month`.
pub(crate) fn schedule_name(schedule: RebalanceSchedule) -> String {
    match schedule {
        RebalanceSchedule::BuyAndHold => "buy_and_hold".to_owned(),
        RebalanceSchedule::Daily => "daily".to_owned(),
        RebalanceSchedule::Weekly { weekdays } => {
            let names = weekdays.weekdays().filter_map(|weekday| WEEKDAYS.get(weekday as usize));
            names.fold("weekly".to_owned(), |text, name| format!("{text} {name}"))
        }
        RebalanceSchedule::Numbered { span: Span::Month, number: -1 } => "end_of_month".to_owned(),
        RebalanceSchedule::Numbered { span, number } => format!("{}, day {number}", span_name(span)),
        RebalanceSchedule::Every { closes } => format!("every {closes}"),
        RebalanceSchedule::OnChange => "on_change".to_owned(),
    }
}
