//! The strategy file (its format is documented in `docs/strategy-file.md`), read and checked. Opens no price file.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::document::{Document, Field, Number, Table};
use super::error::{BacktestError, ConfigError};
use super::keys;
use crate::engine::conventions::{Conventions, PRESETS};
use crate::engine::fees::Fees;
use crate::engine::schedule::{Clock, Period, RebalanceSchedule, clock};
use crate::engine::sizing::{OrderSizer, Sizing};
use crate::engine::terms::Terms;
use crate::formula::check::is_ticker;
use crate::formula::error::FormulaError;
use crate::formula::evaluate::MAX_COLUMNS;
use crate::formula::node::Formula;
use crate::formula::words::is_reserved;
use crate::market::date::{Date, Instant, OPEN_TIME};
use crate::market::nearest;
use crate::stats::rules::Rules;

/// The top-level keys of a strategy file.
pub const KEYS: [&str; 12] = [
    "name",
    "description",
    "conventions",
    "parameters",
    "universe",
    "alpha",
    "rebalance",
    "portfolio",
    "costs",
    "period",
    "data",
    "statistics",
];

const SCHEDULES: [&str; 5] = ["buy_and_hold", "daily", "weekly", "end_of_month", "on_change"];
const WEEKDAYS: [&str; 5] = ["MON", "TUE", "WED", "THU", "FRI"];
const LAST_YEAR: i32 = 2200;
const END_OF_DAY: u64 = 86_400_000_000_000 - 1;

/// A parameter of a formula.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Number,
}

/// A checked strategy, every key at its final value.
#[derive(Debug, Clone)]
pub struct Strategy {
    /// Its name.
    pub name: String,
    /// What it does.
    pub description: Option<String>,
    /// How it differs from the textbook.
    pub conventions: Conventions,
    /// Parameters, in file order.
    pub parameters: Vec<Parameter>,
    /// Assets with their entries, in file order.
    pub assets: Vec<(String, Option<Instant>)>,
    /// Asset whose buy-and-hold is reported beside the strategy.
    pub benchmark: Option<String>,
    /// The formula.
    pub formula: Arc<Formula>,
    /// Its depth for these parameters.
    pub depth: u64,
    /// How often it decides.
    pub schedule: RebalanceSchedule,
    /// Cash at the start, account currency.
    pub initial_cash: f64,
    /// How weights become shares.
    pub sizer: OrderSizer,
    /// What trading costs.
    pub fees: Fees,
    /// When it runs.
    pub period: Period,
    /// The days of that period.
    pub clock: Clock,
    /// Folder of the price files.
    pub prices: PathBuf,
    /// Whether prices are adjusted for splits and dividends.
    pub adjust: bool,
    /// Periods a year for annualised figures.
    pub periods_per_year: f64,
    /// Annual risk-free rate, a fraction.
    pub risk_free: f64,
}

impl Strategy {
    /// Reads a strategy file and lays overrides over it ([`Document::set`]).
    ///
    /// # Errors
    /// The file cannot be read, or the first fault in it.
    pub fn read(path: &Path, overrides: &[String]) -> Result<Strategy, BacktestError> {
        let name = path.display().to_string();
        let bytes =
            std::fs::read(path).map_err(|error| BacktestError::Unreadable { path: name.clone(), error })?;
        let text = Document::text(&name, bytes)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        Ok(Strategy::parse(&name, &text, folder, overrides)?)
    }

    /// Reads the text of a strategy file; `folder` is where its relative paths begin.
    ///
    /// # Errors
    /// The first fault.
    pub fn parse(
        path: &str,
        text: &str,
        folder: &Path,
        overrides: &[String],
    ) -> Result<Strategy, ConfigError> {
        let mut document = Document::new(path, text)?;
        overrides.iter().try_for_each(|assignment| document.set(assignment))?;
        Strategy::from_document(&document, folder)
    }

    /// Checks a strategy; `folder` is where its relative paths begin.
    ///
    /// # Errors
    /// The first fault.
    pub fn from_document(document: &Document, folder: &Path) -> Result<Strategy, ConfigError> {
        let root = document.table();
        root.allow(&KEYS)?;
        let name = root.require("name")?;
        if name.text()?.trim().is_empty() {
            return Err(name.error("'name': expected a name, found nothing"));
        }
        let conventions = conventions(&root)?;
        let parameters = parameters(&root)?;
        let (assets, benchmark) = universe(&root)?;
        let (formula, depth) = alpha(&root, &parameters)?;
        refuse_added_in_vain(&root, &formula)?;
        let schedule = schedule(&root)?;
        let (initial_cash, sizer) = portfolio(&root)?;
        let fees = fees(&root, &conventions)?;
        let (period, clock) = period(&root, &conventions)?;
        let (prices, adjust) = data(&root, folder)?;
        let (periods_per_year, risk_free) = statistics(&root)?;
        let named = assets.len() + formula.fixed_assets.len() + formula.of_assets.len();
        if named > MAX_COLUMNS {
            return Err(root.require_table("universe")?.require("assets")?.key_error(format!(
                "{named} assets are more than the {MAX_COLUMNS} that one strategy may have"
            )));
        }
        Ok(Strategy {
            name: name.text()?.to_owned(),
            description: root.get("description").map(|field| field.text().map(str::to_owned)).transpose()?,
            conventions,
            parameters,
            assets,
            benchmark,
            formula: Arc::new(formula),
            depth,
            schedule,
            initial_cash,
            sizer,
            fees,
            period,
            clock,
            prices,
            adjust,
            periods_per_year,
            risk_free,
        })
    }

    /// The parameter values in order.
    pub fn parameter_values(&self) -> Vec<f64> {
        self.parameters.iter().map(|parameter| parameter.value.value()).collect()
    }

    /// What the simulation needs to know besides weights.
    pub fn terms(&self) -> Terms {
        let conventions = &self.conventions;
        Terms {
            initial_cash: self.initial_cash,
            sizing: Sizing {
                sizer: self.sizer,
                fees: self.fees,
                cost_estimate: conventions.cost_estimate,
                short_cost: conventions.short_cost,
                long_only_weights: conventions.long_only_weights,
            },
            ruin: conventions.ruin,
            open_orders: conventions.open_orders,
            price_needed: conventions.price_needed,
            recorded_weights: conventions.recorded_weights,
        }
    }

    /// What the statistics need to know.
    pub fn rules(&self) -> Rules {
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

    /// Every asset whose prices are needed, sorted, without repeats.
    pub fn symbols(&self) -> Vec<String> {
        let assets = self.assets.iter().map(|(asset, _)| asset);
        let named = self.formula.fixed_assets.iter().chain(&self.formula.of_assets);
        let mut symbols: Vec<String> = assets.chain(named).chain(&self.benchmark).cloned().collect();
        symbols.sort();
        symbols.dedup();
        symbols
    }
}

/// How a schedule is written in a strategy file.
pub fn schedule_name(schedule: RebalanceSchedule) -> String {
    match schedule {
        RebalanceSchedule::BuyAndHold => "buy_and_hold".to_owned(),
        RebalanceSchedule::Daily => "daily".to_owned(),
        RebalanceSchedule::Weekly { weekday } => {
            format!("weekly {}", WEEKDAYS.get(weekday as usize).unwrap_or(&""))
        }
        RebalanceSchedule::EndOfMonth => "end_of_month".to_owned(),
        RebalanceSchedule::OnChange => "on_change".to_owned(),
    }
}

fn unknown(field: &Field, what: &str, found: &str, known: &[&str]) -> ConfigError {
    let help = match nearest(found, known.iter().copied()) {
        Some(nearest) => format!("did you mean '{nearest}'?"),
        None => format!("expected one of: {}", known.join(", ")),
    };
    field.error(format!("unknown {what} '{found}'; {help}"))
}

fn conventions(root: &Table) -> Result<Conventions, ConfigError> {
    let Some(field) = root.get("conventions") else {
        return Ok(Conventions::QSTRADER);
    };
    let preset = |field: &Field| {
        let name = field.text()?;
        let names = PRESETS.map(|(name, _)| name);
        PRESETS
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, preset)| *preset)
            .ok_or_else(|| unknown(field, "preset of conventions", name, &names))
    };
    if !field.is_table() {
        return preset(&field);
    }
    let table = field.table()?;
    let keys: Vec<&str> = std::iter::once("preset").chain(Conventions::FIELDS.iter().copied()).collect();
    table.allow(&keys)?;
    let mut conventions = table.get("preset").map_or(Ok(Conventions::QSTRADER), |field| preset(&field))?;
    for field in table.fields().filter(|field| field.key != "preset") {
        let choice = field.text()?;
        if !conventions.set(field.key, choice) {
            let choices = Conventions::choices(field.key).unwrap_or_default();
            return Err(unknown(&field, &format!("choice of '{}'", field.key), choice, &choices));
        }
    }
    Ok(conventions)
}

fn parameters(root: &Table) -> Result<Vec<Parameter>, ConfigError> {
    let table = root.optional_table("parameters")?;
    let parameter = |field: Field| {
        let name = field.key;
        let is_word = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && !name.is_empty()
            && !name.as_bytes()[0].is_ascii_digit();
        if !is_word {
            let message = format!("'{name}' cannot name a parameter, expected letters, digits and _");
            return Err(field.key_error(message));
        }
        if is_reserved(name) {
            let message =
                format!("the parameter '{name}' has the name of an operator or series, choose another");
            return Err(field.key_error(message));
        }
        Ok(Parameter { name: name.to_owned(), value: field.number()? })
    };
    table.fields().map(parameter).collect()
}

/// Refuses a parameter that stands outside the file alone and that the formula does not name: its name is a slip.
fn refuse_added_in_vain(root: &Table, formula: &Formula) -> Result<(), ConfigError> {
    let table = root.optional_table("parameters")?;
    let of_formula: Vec<&str> = table
        .fields()
        .zip(&formula.uses_parameter)
        .filter(|(_, used)| **used)
        .map(|(field, _)| field.key)
        .collect();
    let in_vain = |(field, used): &(Field, &bool)| !**used && field.is_added();
    let Some((field, _)) = table.fields().zip(&formula.uses_parameter).find(in_vain) else {
        return Ok(());
    };
    let help = match nearest(field.key, of_formula.iter().copied()) {
        Some(nearest) => format!("did you mean '{nearest}'?"),
        None if of_formula.is_empty() => "the formula names none".to_owned(),
        None => format!("it names: {}", of_formula.join(", ")),
    };
    Err(field.key_error(format!("the formula names no parameter '{}'; {help}", field.key)))
}

type Assets = Vec<(String, Option<Instant>)>;

fn universe(root: &Table) -> Result<(Assets, Option<String>), ConfigError> {
    let table = root.require_table("universe")?;
    table.allow(keys::UNIVERSE)?;
    let list = table.require("assets")?;
    let mut assets: Assets = Vec::new();
    let mut places = HashMap::new();
    for field in list.texts()? {
        let symbol = ticker(&field)?;
        if places.insert(symbol, assets.len()).is_some() {
            return Err(field.error(format!("the asset '{symbol}' stands twice in 'universe.assets'")));
        }
        assets.push((symbol.to_owned(), None));
    }
    if assets.is_empty() {
        return Err(list.error("'universe.assets': expected at least one asset"));
    }
    for field in table.optional_table("entry")?.fields() {
        let Some(place) = places.get(field.key) else {
            let symbols: Vec<&str> = assets.iter().map(|(symbol, _)| symbol.as_str()).collect();
            let help = match nearest(field.key, symbols.iter().copied()) {
                Some(nearest) => format!("; did you mean '{nearest}'?"),
                None => String::new(),
            };
            let message = format!("'{}' has an entry but is not among 'universe.assets'{help}", field.key);
            return Err(field.key_error(message));
        };
        assets[*place].1 = Some(field.instant(0)?);
    }
    let benchmark = table.get("benchmark").map(|field| ticker(&field).map(str::to_owned)).transpose()?;
    Ok((assets, benchmark))
}

fn ticker<'d>(field: &Field<'d>) -> Result<&'d str, ConfigError> {
    let symbol = field.text()?;
    match is_ticker(symbol) {
        true => Ok(symbol),
        false => {
            Err(field.error(format!("'{symbol}' is no ticker, expected letters, digits or any of . _ ^ = -")))
        }
    }
}

fn alpha(root: &Table, parameters: &[Parameter]) -> Result<(Formula, u64), ConfigError> {
    let table = root.require_table("alpha")?;
    table.allow(keys::ALPHA)?;
    let field = table.require("weights")?;
    let names: Vec<String> = parameters.iter().map(|parameter| parameter.name.clone()).collect();
    let values: Vec<f64> = parameters.iter().map(|parameter| parameter.value.value()).collect();
    let locate = |error: FormulaError| field.error_within(error.span.clone(), error.to_string());
    let formula = Formula::new(field.text()?, &names).map_err(locate)?;
    let depth = formula.depth(&values).map_err(locate)?;
    Ok((formula, depth))
}

fn schedule(root: &Table) -> Result<RebalanceSchedule, ConfigError> {
    let table = root.require_table("rebalance")?;
    table.allow(keys::REBALANCE)?;
    let field = table.require("schedule")?;
    // Read under every schedule: the schedule may be an axis of a sweep.
    let weekday = table.get("weekday").as_ref().map(weekday).transpose()?;
    match field.text()? {
        "buy_and_hold" => Ok(RebalanceSchedule::BuyAndHold),
        "daily" => Ok(RebalanceSchedule::Daily),
        "weekly" => match weekday {
            Some(weekday) => Ok(RebalanceSchedule::Weekly { weekday }),
            None => Err(field.error(
                "the schedule 'weekly' needs the key 'rebalance.weekday', for instance weekday = \"WED\"",
            )),
        },
        "end_of_month" => Ok(RebalanceSchedule::EndOfMonth),
        "on_change" => Ok(RebalanceSchedule::OnChange),
        other => Err(unknown(&field, "schedule", other, &SCHEDULES)),
    }
}

fn weekday(field: &Field) -> Result<u32, ConfigError> {
    let name = field.text()?;
    if let Some(weekday) = WEEKDAYS.iter().position(|known| known.eq_ignore_ascii_case(name)) {
        return Ok(weekday as u32);
    }
    // A name in full is too unlike its three letters to be the nearest.
    let begins = |known: &&&str| name.get(..3).is_some_and(|letters| known.eq_ignore_ascii_case(letters));
    Err(match WEEKDAYS.iter().find(begins) {
        Some(known) => field.error(format!("unknown weekday '{name}'; did you mean '{known}'?")),
        None => unknown(field, "weekday", name, &WEEKDAYS),
    })
}

fn portfolio(root: &Table) -> Result<(f64, OrderSizer), ConfigError> {
    let table = root.require_table("portfolio")?;
    table.allow(keys::PORTFOLIO)?;
    let cash = table.require("initial_cash")?.number_where(|cash| cash > 0.0, "an amount above 0")?;
    let sizer = match (table.get("long_only"), table.get("long_short")) {
        (Some(field), None) => {
            let table = field.table()?;
            table.allow(keys::LONG_ONLY)?;
            let cash_buffer = table
                .require("cash_buffer")?
                .number_where(|buffer| (0.0..=1.0).contains(&buffer), "a fraction from 0 to 1")?;
            OrderSizer::LongOnly { cash_buffer }
        }
        (None, Some(field)) => {
            let table = field.table()?;
            table.allow(keys::LONG_SHORT)?;
            let gross_leverage = table
                .require("gross_leverage")?
                .number_where(|leverage| leverage > 0.0, "a number above 0")?;
            OrderSizer::LongShort { gross_leverage }
        }
        (Some(_), Some(field)) => {
            return Err(
                field.key_error("'portfolio' has both long_only and long_short, expected exactly one")
            );
        }
        (None, None) => {
            return Err(root.require("portfolio")?.key_error(
                "'portfolio' has neither long_only nor long_short; write long_only = { cash_buffer = 0.01 } or \
                 long_short = { gross_leverage = 1.0 }",
            ));
        }
    };
    Ok((cash, sizer))
}

fn fees(root: &Table, conventions: &Conventions) -> Result<Fees, ConfigError> {
    let table = root.optional_table("costs")?;
    table.allow(keys::COSTS)?;
    let fraction = |key| match table.get(key) {
        Some(field) => {
            field.number_where(|value| (0.0..1.0).contains(&value), "a fraction from 0 to below 1")
        }
        None => Ok(0.0),
    };
    let amount = |key| match table.get(key) {
        Some(field) => field.number_where(|value| value >= 0.0, "an amount of 0 or more"),
        None => Ok(0.0),
    };
    let (commission, tax) = (fraction("commission")?, fraction("tax")?);
    if let Some(field) = table.get("tax").filter(|_| commission + tax >= 1.0) {
        // The sizer would find nothing left to buy with, or less.
        return Err(field.error(format!(
            "'costs.commission' {commission} and 'costs.tax' {tax} take the whole value of a trade; expected a sum below 1"
        )));
    }
    Ok(Fees {
        commission,
        tax,
        commission_per_share: amount("commission_per_share")?,
        commission_minimum: amount("commission_minimum")?,
        slippage: fraction("slippage")?,
        base: conventions.fee_base,
        taxed_sides: conventions.taxed_sides,
    })
}

fn period(root: &Table, conventions: &Conventions) -> Result<(Period, Clock), ConfigError> {
    let table = root.require_table("period")?;
    table.allow(keys::PERIOD)?;
    let start = table.require("start")?.instant(OPEN_TIME)?;
    let end_field = table.require("end")?;
    let end = end_field.instant(END_OF_DAY)?;
    if end < start {
        return Err(end_field.error(format!("'period.end' {end} is before 'period.start' {start}")));
    }
    if end.date >= Date::from_ymd(LAST_YEAR + 1, 1, 1).unwrap_or(end.date) {
        return Err(end_field.error(format!("'period.end' lies beyond the year {LAST_YEAR}")));
    }
    let burn_in = table.get("burn_in");
    let burn_in_at = burn_in.as_ref().map(|field| field.instant(OPEN_TIME)).transpose()?;
    let period = Period { start, burn_in: burn_in_at, end };
    let clock = clock(&period, conventions.first_day, conventions.last_day);
    if clock.calendar.days() == 0 {
        return Err(
            end_field.error(format!("no weekday lies between 'period.start' {start} and 'period.end' {end}"))
        );
    }
    match (burn_in, burn_in_at) {
        (Some(field), Some(at)) if clock.curve_start == clock.calendar.days() => {
            Err(field.error(format!("no close lies between 'period.burn_in' {at} and 'period.end' {end}")))
        }
        _ => Ok((period, clock)),
    }
}

fn data(root: &Table, folder: &Path) -> Result<(PathBuf, bool), ConfigError> {
    let table = root.require_table("data")?;
    table.allow(keys::DATA)?;
    let prices = table.require("prices")?;
    // A path given on the command line begins where the command was typed.
    let base = if prices.is_override() { Path::new("") } else { folder };
    let adjust = table.get("adjust").map_or(Ok(true), |field| field.boolean())?;
    match prices.text()? {
        path if path.is_empty() || path.contains('\0') => {
            Err(prices.error("'data.prices': expected a folder of price files"))
        }
        path => Ok((base.join(path), adjust)),
    }
}

fn statistics(root: &Table) -> Result<(f64, f64), ConfigError> {
    let table = root.optional_table("statistics")?;
    table.allow(keys::STATISTICS)?;
    let periods = match table.get("periods_per_year") {
        Some(field) => field.number_where(|value| value > 0.0, "a number above 0")?,
        None => 252.0,
    };
    let risk_free = match table.get("risk_free") {
        Some(field) => field.number_where(|value| value > -1.0, "a fraction above -1")?,
        None => 0.0,
    };
    Ok((periods, risk_free))
}
