//! A strategy file read in the obvious way: defaults filled in, and the refusals that need no prices.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Weekday};
use toml::{Table, Value};

use super::members::{self, Spell};
use super::refusal::{BAD_CONFIGURATION, Refusal, refuse};
use crate::formula_reference::evaluate::Names;
use crate::formula_reference::parse::parse;
use crate::formula_reference::tree::Tree;

/// Each convention with its choice under `qstrader` and under `sound`.
pub const CONVENTIONS: [(&str, &str, &str); 25] = [
    ("buy_and_hold_event", "exact_start", "next_event"),
    ("last_day", "start_time_of_day", "date"),
    ("first_day", "whole", "from_start"),
    ("signal_readiness", "days_since_start", "full_windows"),
    ("long_only_weights", "rescale_to_one", "rescale_above_one"),
    ("cost_estimate", "whole_target", "traded_difference"),
    ("short_cost", "enlarges", "reduces"),
    ("price_needed", "every_asset", "traded_assets"),
    ("fee_base", "whole_units", "exact"),
    ("taxed_sides", "buys_and_sells", "buys"),
    ("open_orders", "one_by_one", "sells_first"),
    ("ruin", "continue", "fail"),
    ("annualisation", "periods_per_year", "actual_time"),
    ("first_return", "counted", "excluded"),
    ("deviation", "population", "sample"),
    ("downside_risk", "negative_deviation", "root_mean_square"),
    ("high_water_start", "second_point", "initial_equity"),
    ("drawdown_ties", "logarithms", "equity"),
    ("recorded_weights", "as_given", "normalised"),
    ("allocation_date", "decision", "execution"),
    ("calendar", "weekdays", "sessions"),
    ("fill_without_bar", "last_price", "wait"),
    ("after_last_bar", "last_price", "paid_out"),
    ("history", "since_entry", "all_bars"),
    ("curve_start", "first_close", "initial_cash"),
];

/// When it decides.
#[derive(Debug, Clone, PartialEq)]
pub enum Schedule {
    BuyAndHold,
    Daily,
    OnChange,
    Weekly(Vec<Weekday>),
    /// The months of the period (1, 3 or 12), and the number of its day.
    Numbered(u32, i64),
    Every(usize),
}

/// The event of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FillAt {
    NextOpen,
    NextClose,
    SameClose,
}

/// How weights become target values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sizer {
    LongOnly { cash_buffer: f64 },
    GrossLeverage(f64),
    MaxGross(f64),
}

/// A rate a year.
#[derive(Debug, Clone, PartialEq)]
pub enum Rate {
    Number(f64),
    Formula(Tree),
}

#[derive(Debug, Clone)]
pub struct Costs {
    pub commission: f64,
    pub tax: f64,
    pub per_share: f64,
    pub minimum: f64,
    pub slippage: f64,
}

#[derive(Debug, Clone)]
pub struct Rates {
    pub cash: Rate,
    pub debit: Rate,
    pub borrow: Rate,
}

/// All that a strategy file and the lists it names say.
#[derive(Debug, Clone)]
pub struct Strategy {
    conventions: BTreeMap<String, String>,
    pub names: Names,
    /// In universe order.
    pub universe: Vec<(String, Vec<Spell>)>,
    pub benchmark: Option<String>,
    pub final_price: BTreeMap<String, f64>,
    pub weights: Tree,
    pub when: Option<Tree>,
    pub schedule: Schedule,
    pub fill: FillAt,
    pub band: Option<f64>,
    pub changed: bool,
    pub initial_cash: f64,
    pub sizer: Sizer,
    pub idle: Option<String>,
    pub fractional: bool,
    pub costs: Costs,
    pub rates: Rates,
    pub start: NaiveDateTime,
    pub burn_in: Option<NaiveDateTime>,
    pub end: NaiveDateTime,
    pub prices: PathBuf,
    pub adjust: bool,
    pub periods_per_year: f64,
    pub risk_free: f64,
}

impl Strategy {
    /// Whether a convention has this choice.
    pub fn says(&self, field: &str, choice: &str) -> bool {
        let row = CONVENTIONS.iter().find(|row| row.0 == field).expect("a known convention");
        assert!(row.1 == choice || row.2 == choice, "{field} = {choice}");
        self.conventions[field] == choice
    }

    pub fn cash_buffer(&self) -> f64 {
        if let Sizer::LongOnly { cash_buffer } = self.sizer { cash_buffer } else { 0.0 }
    }

    pub fn long_only(&self) -> bool {
        matches!(self.sizer, Sizer::LongOnly { .. })
    }

    /// Reads a strategy file and the files of its universe.
    pub fn read(path: &Path) -> Result<Strategy, Refusal> {
        let text = std::fs::read_to_string(path).expect("the strategy file is there");
        let file: Table = toml::from_str(&text).expect("the strategy file is TOML");
        let folder = path.parent().expect("a file in a folder");
        let section = |name: &str| file.get(name).and_then(Value::as_table).cloned().unwrap_or_default();
        let (universe, rebalance, portfolio) =
            (section("universe"), section("rebalance"), section("portfolio"));
        let (costs, period, data) = (section("costs"), section("period"), section("data"));
        let statistics = section("statistics");
        let conventions = conventions(file.get("conventions"));
        let parameters =
            section("parameters").iter().map(|(name, value)| (name.clone(), number(value))).collect();
        let formula = |table: &Table, key: &str| -> Option<Tree> {
            table.get(key).map(|value| parse(value.as_str().expect("a formula is text")).expect("a formula"))
        };
        let when = formula(&rebalance, "when");
        if when.as_ref().is_some_and(names_fixed) {
            return refuse(BAD_CONFIGURATION, "`fixed` in `when`");
        }
        let start = moment(&period["start"], 14, 30);
        let end = moment(&period["end"], 23, 59);
        let cost = |key: &str| costs.get(key).map_or(0.0, number);
        Ok(Strategy {
            names: Names { parameters, ..Names::default() },
            universe: members::read(&universe, folder, start, end)?,
            benchmark: universe.get("benchmark").map(text_of),
            final_price: numbers_by_ticker(universe.get("final_price")),
            weights: formula(&section("alpha"), "weights").expect("alpha.weights"),
            when,
            schedule: schedule(&rebalance, conventions["calendar"] == "sessions")?,
            fill: match rebalance.get("fill").map(text_of).as_deref() {
                None | Some("next_open") => FillAt::NextOpen,
                Some("next_close") => FillAt::NextClose,
                _ => FillAt::SameClose,
            },
            band: rebalance.get("band").map(number),
            changed: rebalance.get("trade").map(text_of).as_deref() == Some("changed"),
            initial_cash: number(&portfolio["initial_cash"]),
            sizer: sizer(&portfolio)?,
            idle: portfolio.get("idle").map(text_of),
            fractional: portfolio.get("shares").map(text_of).as_deref() == Some("fractional"),
            costs: Costs {
                commission: cost("commission"),
                tax: cost("tax"),
                per_share: cost("commission_per_share"),
                minimum: cost("commission_minimum"),
                slippage: cost("slippage"),
            },
            rates: Rates {
                cash: rate(costs.get("cash_rate"))?,
                debit: rate(costs.get("debit_rate"))?,
                borrow: rate(costs.get("borrow_rate"))?,
            },
            start,
            burn_in: period.get("burn_in").map(|value| moment(value, 14, 30)),
            end,
            prices: folder.join(text_of(&data["prices"])),
            adjust: data.get("adjust").is_none_or(|value| value.as_bool().expect("true or false")),
            periods_per_year: statistics.get("periods_per_year").map_or(252.0, number),
            risk_free: statistics.get("risk_free").map_or(0.0, number),
            conventions,
        })
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().expect("text").to_string()
}

fn number(value: &Value) -> f64 {
    value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64)).expect("a number")
}

fn numbers_by_ticker(table: Option<&Value>) -> BTreeMap<String, f64> {
    let rows = table.and_then(Value::as_table).into_iter().flatten();
    rows.map(|(ticker, value)| (ticker.clone(), number(value))).collect()
}

/// A date-time as written; a date at this time of day.
pub fn moment(value: &Value, hour: u32, minute: u32) -> NaiveDateTime {
    let text = value.as_datetime().expect("a date or date-time").to_string();
    match text.parse::<NaiveDate>() {
        Ok(date) => date.and_time(NaiveTime::from_hms_opt(hour, minute, 0).expect("a time of day")),
        Err(_) => text.parse().expect("a date-time"),
    }
}

fn conventions(value: Option<&Value>) -> BTreeMap<String, String> {
    let (preset, fields) = match value {
        None => ("qstrader".to_string(), Table::new()),
        Some(Value::String(preset)) => (preset.clone(), Table::new()),
        Some(table) => {
            let table = table.as_table().expect("a preset or a table");
            (table.get("preset").map_or("qstrader".to_string(), text_of), table.clone())
        }
    };
    let choice = |(field, qstrader, sound): &(&str, &str, &str)| {
        let of_preset = if preset == "sound" { *sound } else { *qstrader };
        (field.to_string(), fields.get(*field).map_or(of_preset.to_string(), text_of))
    };
    CONVENTIONS.iter().map(choice).collect()
}

fn names_fixed(tree: &Tree) -> bool {
    matches!(tree, Tree::Fixed(_)) || tree.children().into_iter().any(names_fixed)
}

fn schedule(rebalance: &Table, sessions: bool) -> Result<Schedule, Refusal> {
    let day = rebalance.get("day").map_or(-1, |value| value.as_integer().expect("a whole number"));
    if day == 0 {
        return refuse(BAD_CONFIGURATION, "rebalance.day is 0");
    }
    Ok(match text_of(&rebalance["schedule"]).as_str() {
        "buy_and_hold" => Schedule::BuyAndHold,
        "daily" => Schedule::Daily,
        "on_change" => Schedule::OnChange,
        "monthly" | "end_of_month" => Schedule::Numbered(1, day),
        "quarterly" => Schedule::Numbered(3, day),
        "yearly" => Schedule::Numbered(12, day),
        "every" => match rebalance.get("every") {
            Some(every) => Schedule::Every(every.as_integer().expect("a whole number") as usize),
            None => return refuse(BAD_CONFIGURATION, "no rebalance.every"),
        },
        "weekly" => {
            let names = match rebalance.get("weekday") {
                None => return refuse(BAD_CONFIGURATION, "no rebalance.weekday"),
                Some(Value::Array(names)) => names.iter().map(text_of).collect(),
                Some(name) => vec![text_of(name)],
            };
            let days: Vec<Weekday> = names.iter().map(|name| name.parse().expect("a weekday")).collect();
            if !sessions && days.iter().any(|day| matches!(day, Weekday::Sat | Weekday::Sun)) {
                return refuse(BAD_CONFIGURATION, "a weekend day without sessions");
            }
            Schedule::Weekly(days)
        }
        other => panic!("no schedule {other}"),
    })
}

fn sizer(portfolio: &Table) -> Result<Sizer, Refusal> {
    if let Some(long_only) = portfolio.get("long_only") {
        return Ok(Sizer::LongOnly { cash_buffer: number(&long_only["cash_buffer"]) });
    }
    let long_short = portfolio["long_short"].as_table().expect("a table");
    match (long_short.get("gross_leverage"), long_short.get("max_gross")) {
        (Some(gross), None) => Ok(Sizer::GrossLeverage(number(gross))),
        (None, Some(gross)) => Ok(Sizer::MaxGross(number(gross))),
        _ => refuse(BAD_CONFIGURATION, "exactly one of gross_leverage and max_gross"),
    }
}

fn rate(value: Option<&Value>) -> Result<Rate, Refusal> {
    let rate = match value {
        None => Rate::Number(0.0),
        Some(Value::String(text)) => Rate::Formula(parse(text).expect("a formula")),
        Some(value) => Rate::Number(number(value)),
    };
    match &rate {
        Rate::Number(rate) if *rate > 1.0 => refuse(BAD_CONFIGURATION, "a rate above 1"),
        Rate::Formula(tree) if asks_for_an_asset(tree) => refuse(BAD_CONFIGURATION, "a rate of an asset"),
        _ => Ok(rate),
    }
}

/// Whether a formula needs an asset of its own: a series outside `of`, an operator across assets, a series left out.
fn asks_for_an_asset(tree: &Tree) -> bool {
    const SERIES: [&str; 5] = ["open", "high", "low", "close", "volume"];
    const ACROSS: [&str; 7] = ["top", "bottom", "equal", "share", "rank", "demean", "count"];
    const ONE_WINDOW: [&str; 8] = ["returns", "momentum", "sma", "ema", "volatility", "zscore", "rsi", "atr"];
    match tree {
        Tree::Of(..) => false,
        Tree::Fixed(_) => true,
        Tree::Name(name) => SERIES.contains(&name.as_str()),
        Tree::Call(name, arguments) => {
            let name = name.as_str();
            ACROSS.contains(&name)
                || ONE_WINDOW.contains(&name) && arguments.len() == 1
                || arguments.iter().any(asks_for_an_asset)
        }
        _ => tree.children().into_iter().any(asks_for_an_asset),
    }
}
