//! Reads and checks a strategy file; docs/strategy-file.md describes it. Opens no price file.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::definition::{Parameter, Rate, Rates, Strategy, WEEKDAYS};
use super::error::BacktestError;
use super::keys::{self, STRATEGY};
use crate::config::document::Document;
use crate::config::error::ConfigError;
use crate::config::fields::{Field, Table};
use crate::config::schema::Key;
use crate::engine::conventions::{Conventions, PRESETS};
use crate::engine::fees::Fees;
use crate::engine::schedule::{Clock, Period, RebalanceSchedule, WeekdaySet, clock};
use crate::engine::sizing::{GrossExposure, OrderSizer, Shares};
use crate::engine::terms::{FillEvent, TradedAssets};
use crate::formula::check::is_ticker;
use crate::formula::error::FormulaError;
use crate::formula::evaluate::MAX_COLUMNS;
use crate::formula::node::Formula;
use crate::formula::words::is_reserved;
use crate::market::calendar::Span;
use crate::market::date::Date;
use crate::market::universe::Tenure;
use crate::text::nearest::nearest;

/// The last year in which a backtest may end.
const LAST_YEAR: i32 = 2200;

impl Strategy {
    /// Reads and checks a strategy file. `overrides` are assignments `NAME=VALUE` that set keys of it, as `--params` takes
    /// them.
    ///
    /// # Errors
    /// The file cannot be read or is not UTF-8, or one of the errors of [`Strategy::parse`].
    pub fn read(path: &Path, overrides: &[String]) -> Result<Strategy, BacktestError> {
        let name = path.display().to_string();
        let bytes =
            std::fs::read(path).map_err(|error| BacktestError::Unreadable { path: name.clone(), error })?;
        let text = Document::text(&name, bytes)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        Ok(Strategy::parse(&name, &text, folder, overrides)?)
    }

    /// Parses and checks the text of a strategy file. `path` is for messages; relative paths in the text are relative to
    /// `folder`.
    ///
    /// # Errors
    /// The text is not TOML, an override names no key or has the wrong type, a key is unknown, missing or has a wrong value,
    /// the formula is wrong, or keys contradict each other. The error is about the first of them.
    pub fn parse(
        path: &str,
        text: &str,
        folder: &Path,
        overrides: &[String],
    ) -> Result<Strategy, ConfigError> {
        let mut document = Document::new(path, text)?;
        overrides.iter().try_for_each(|assignment| document.set(&STRATEGY, assignment))?;
        Strategy::from_document(&document, folder)
    }

    /// Checks the document of a strategy; its relative paths are relative to `folder`.
    ///
    /// # Errors
    /// A key is unknown, missing or has a wrong value, the formula is wrong, or keys contradict each other. The error is about
    /// the first of them.
    pub(crate) fn from_document(document: &Document, folder: &Path) -> Result<Strategy, ConfigError> {
        let root = document.table().checked(&STRATEGY)?;
        let name = root.need(&keys::NAME)?;
        if name.text()?.trim().is_empty() {
            return Err(name.error("'name': expected a name, found nothing"));
        }
        let conventions = conventions(&root)?;
        let parameters = parameters(&root)?;
        let (assets, benchmark) = universe(&root)?;
        let (formula, depth) = alpha(&root, &parameters)?;
        refuse_unused_override(&root, &formula)?;
        let schedule = schedule(&root)?;
        let (initial_cash, sizer) = portfolio(&root)?;
        let fees = fees(&root, &conventions)?;
        let (period, clock) = period(&root, &conventions)?;
        let (prices, adjust) = data(&root, folder)?;
        let (periods_per_year, risk_free) = statistics(&root)?;
        let named = assets.len() + formula.fixed_assets.len() + formula.of_assets.len();
        if named > MAX_COLUMNS {
            return Err(root.inner(&STRATEGY, &keys::UNIVERSE)?.need(&keys::ASSETS)?.key_error(format!(
                "{named} assets are more than the {MAX_COLUMNS} that one strategy may have"
            )));
        }
        Ok(Strategy {
            name: name.text()?.to_owned(),
            description: root
                .find(&keys::DESCRIPTION)
                .map(|field| field.text().map(str::to_owned))
                .transpose()?,
            conventions,
            parameters,
            assets,
            final_prices: Vec::new(),
            idle: None,
            benchmark,
            formula: Arc::new(formula),
            depth,
            schedule,
            when: None,
            fill: FillEvent::NextOpen,
            band: None,
            trade: TradedAssets::All,
            initial_cash,
            sizer,
            shares: Shares::Whole,
            fees,
            rates: Rates { cash: Rate::Number(0.0), debit: Rate::Number(0.0), borrow: Rate::Number(0.0) },
            period,
            clock,
            prices,
            adjust,
            periods_per_year,
            risk_free,
        })
    }
}

fn conventions(root: &Table) -> Result<Conventions, ConfigError> {
    let preset = |field: Field| {
        let name = field.text()?;
        let preset = PRESETS.iter().find(|(known, _)| *known == name);
        preset.map(|(_, preset)| *preset).ok_or_else(|| field.no_choice(&keys::PRESET))
    };
    let table = match root.find(&keys::CONVENTIONS) {
        None => return Ok(Conventions::QSTRADER),
        Some(field) if !field.is_table() => return preset(field),
        Some(field) => field.table()?.checked(&STRATEGY)?,
    };
    let mut conventions = table.find(&keys::PRESET).map_or(Ok(Conventions::QSTRADER), preset)?;
    for field in table.fields().filter(|field| field.key != keys::PRESET.name) {
        let choice = field.text()?;
        if !conventions.set(field.key, choice) {
            return Err(field.no_choice(&keys::CONVENTION));
        }
    }
    Ok(conventions)
}

fn parameters(root: &Table) -> Result<Vec<Parameter>, ConfigError> {
    let table = root.inner(&STRATEGY, &keys::PARAMETERS)?;
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

/// Refuses a parameter that an override added and that the formula does not use: it is probably misspelled.
fn refuse_unused_override(root: &Table, formula: &Formula) -> Result<(), ConfigError> {
    let table = root.inner(&STRATEGY, &keys::PARAMETERS)?;
    let used_names: Vec<&str> = table
        .fields()
        .zip(&formula.uses_parameter)
        .filter(|(_, used)| **used)
        .map(|(field, _)| field.key)
        .collect();
    let is_unused = |(field, used): &(Field, &bool)| !**used && field.is_added();
    let Some((field, _)) = table.fields().zip(&formula.uses_parameter).find(is_unused) else {
        return Ok(());
    };
    let help = match nearest(field.key, used_names.iter().copied()) {
        Some(nearest) => format!("did you mean '{nearest}'?"),
        None if used_names.is_empty() => "the formula names none".to_owned(),
        None => format!("it names: {}", used_names.join(", ")),
    };
    Err(field.key_error(format!("the formula names no parameter '{}'; {help}", field.key)))
}

type Assets = Vec<(String, Vec<Tenure>)>;

fn universe(root: &Table) -> Result<(Assets, Option<String>), ConfigError> {
    let table = root.inner(&STRATEGY, &keys::UNIVERSE)?;
    let list = table.need(&keys::ASSETS)?;
    let mut assets: Assets = Vec::new();
    let mut indices = HashMap::new();
    for field in list.texts()? {
        let symbol = ticker(&field)?;
        if indices.insert(symbol, assets.len()).is_some() {
            return Err(field.error(format!("the asset '{symbol}' stands twice in 'universe.assets'")));
        }
        assets.push((symbol.to_owned(), vec![Tenure::default()]));
    }
    if assets.is_empty() {
        return Err(list.error("'universe.assets': expected at least one asset"));
    }
    for field in table.inner(&STRATEGY, &keys::ENTRIES)?.fields() {
        let Some(index) = indices.get(field.key) else {
            let symbols: Vec<&str> = assets.iter().map(|(symbol, _)| symbol.as_str()).collect();
            let help = match nearest(field.key, symbols.iter().copied()) {
                Some(nearest) => format!("; did you mean '{nearest}'?"),
                None => String::new(),
            };
            let message = format!("'{}' has an entry but is not among 'universe.assets'{help}", field.key);
            return Err(field.key_error(message));
        };
        assets[*index].1[0].entry = Some(field.moment(&keys::ENTRY)?);
    }
    let benchmark =
        table.find(&keys::BENCHMARK).map(|field| ticker(&field).map(str::to_owned)).transpose()?;
    Ok((assets, benchmark))
}

fn ticker<'d>(field: &Field<'d>) -> Result<&'d str, ConfigError> {
    let symbol = field.text()?;
    if !is_ticker(symbol) {
        let message = format!("'{symbol}' is no ticker, expected letters, digits or any of . _ ^ = -");
        return Err(field.error(message));
    }
    Ok(symbol)
}

fn alpha(root: &Table, parameters: &[Parameter]) -> Result<(Formula, u64), ConfigError> {
    let field = root.inner(&STRATEGY, &keys::ALPHA)?.need(&keys::WEIGHTS)?;
    let names: Vec<String> = parameters.iter().map(|parameter| parameter.name.clone()).collect();
    let values: Vec<f64> = parameters.iter().map(|parameter| parameter.value.value()).collect();
    let locate = |error: FormulaError| field.error_within(error.span.clone(), error.to_string());
    let formula = Formula::new(field.text()?, &names).map_err(locate)?;
    let depth = formula.depth(&values).map_err(locate)?;
    Ok((formula, depth))
}

fn schedule(root: &Table) -> Result<RebalanceSchedule, ConfigError> {
    let table = root.inner(&STRATEGY, &keys::REBALANCE)?;
    let field = table.need(&keys::SCHEDULE)?;
    let name = field.text()?;
    // Read with every schedule: the schedule may be an axis of a sweep.
    let weekdays = table.find(&keys::WEEKDAY).as_ref().map(weekdays).transpose()?;
    let span = match name {
        "monthly" => Some((Span::Month, 31)),
        "quarterly" => Some((Span::Quarter, 92)),
        "yearly" => Some((Span::Year, 366)),
        _ => None,
    };
    if let Some((span, most)) = span {
        let day = table.find(&keys::DAY).map(|day| day_of_span(&day, most)).transpose()?;
        refuse_without_meaning(&table, &keys::EVERY, name)?;
        return Ok(RebalanceSchedule::Numbered { span, number: day.unwrap_or(-1) });
    }
    refuse_without_meaning(&table, &keys::DAY, name)?;
    if name == "every" {
        let needed = "the schedule 'every' needs the key 'rebalance.every', for instance every = 5";
        let every = table.find_whole(&keys::EVERY)?.ok_or_else(|| field.error(needed))?;
        return Ok(RebalanceSchedule::Every { closes: every as u32 });
    }
    refuse_without_meaning(&table, &keys::EVERY, name)?;
    match (name, weekdays) {
        ("buy_and_hold", _) => Ok(RebalanceSchedule::BuyAndHold),
        ("daily", _) => Ok(RebalanceSchedule::Daily),
        ("weekly", Some(weekdays)) => Ok(RebalanceSchedule::Weekly { weekdays }),
        ("weekly", None) => Err(field.error(
            "the schedule 'weekly' needs the key 'rebalance.weekday', for instance weekday = \"WED\"",
        )),
        ("end_of_month", _) => Ok(RebalanceSchedule::Numbered { span: Span::Month, number: -1 }),
        ("on_change", _) => Ok(RebalanceSchedule::OnChange),
        _ => Err(field.no_choice(&keys::SCHEDULE)),
    }
}

/// Refuses a key that a schedule does not read.
fn refuse_without_meaning(table: &Table, key: &Key, schedule: &str) -> Result<(), ConfigError> {
    match table.find(key) {
        Some(field) => {
            let message = format!("'{}' has no meaning with the schedule '{schedule}'", key.path);
            Err(field.key_error(message))
        }
        None => Ok(()),
    }
}

/// The number of a day within its month, quarter or year, which has at most so many days.
fn day_of_span(field: &Field, most: i64) -> Result<i32, ConfigError> {
    let accept = |day: i64| day != 0 && (-most..=most).contains(&day);
    let expected = format!("a number from 1 to {most}, or from -1 for the last day to -{most}");
    Ok(field.whole_where(accept, &expected)? as i32)
}

/// One weekday or a list of several, each once.
fn weekdays(field: &Field) -> Result<WeekdaySet, ConfigError> {
    let mut weekdays = WeekdaySet::default();
    let Some(list) = field.list() else {
        weekdays.add(weekday(field)?);
        return Ok(weekdays);
    };
    if list.is_empty() {
        return Err(field.error("'rebalance.weekday': expected at least one weekday"));
    }
    for entry in &list {
        if !weekdays.add(weekday(entry)?) {
            return Err(entry.error("'rebalance.weekday': this weekday stands twice"));
        }
    }
    Ok(weekdays)
}

fn weekday(field: &Field) -> Result<u32, ConfigError> {
    let name = field.text()?;
    if let Some(weekday) = WEEKDAYS.iter().position(|known| known.eq_ignore_ascii_case(name)) {
        return Ok(weekday as u32);
    }
    // A full name differs too much from its three letters to be the nearest name.
    let begins = |known: &&&str| name.get(..3).is_some_and(|letters| known.eq_ignore_ascii_case(letters));
    Err(match WEEKDAYS.iter().find(begins) {
        Some(known) => field.error(format!("unknown weekday '{name}'; did you mean '{known}'?")),
        None => field.no_choice(&keys::WEEKDAY),
    })
}

fn portfolio(root: &Table) -> Result<(f64, OrderSizer), ConfigError> {
    let table = root.inner(&STRATEGY, &keys::PORTFOLIO)?;
    let cash = table.number(&keys::INITIAL_CASH)?;
    let sizer = match (table.find(&keys::LONG_ONLY), table.find(&keys::LONG_SHORT)) {
        (Some(field), None) => {
            let table = field.table()?.checked(&STRATEGY)?;
            OrderSizer::LongOnly { cash_buffer: table.number(&keys::CASH_BUFFER)? }
        }
        (None, Some(field)) => {
            let table = field.table()?.checked(&STRATEGY)?;
            OrderSizer::LongShort { gross: GrossExposure::Leverage(table.number(&keys::GROSS_LEVERAGE)?) }
        }
        (Some(_), Some(field)) => {
            return Err(
                field.key_error("'portfolio' has both long_only and long_short, expected exactly one")
            );
        }
        (None, None) => {
            return Err(root.need(&keys::PORTFOLIO)?.key_error(
                "'portfolio' has neither long_only nor long_short; write long_only = { cash_buffer = 0.01 } or \
                 long_short = { gross_leverage = 1.0 }",
            ));
        }
    };
    Ok((cash, sizer))
}

fn fees(root: &Table, conventions: &Conventions) -> Result<Fees, ConfigError> {
    let table = root.inner(&STRATEGY, &keys::COSTS)?;
    let (commission, tax) = (table.number(&keys::COMMISSION)?, table.number(&keys::TAX)?);
    if let Some(field) = table.find(&keys::TAX).filter(|_| commission + tax >= 1.0) {
        // Otherwise the sizer would have nothing, or less than nothing, left to buy shares with.
        return Err(field.error(format!(
            "'costs.commission' {commission} and 'costs.tax' {tax} take the whole value of a trade; expected a sum below 1"
        )));
    }
    Ok(Fees {
        commission,
        tax,
        commission_per_share: table.number(&keys::COMMISSION_PER_SHARE)?,
        commission_minimum: table.number(&keys::COMMISSION_MINIMUM)?,
        slippage: table.number(&keys::SLIPPAGE)?,
        base: conventions.fee_base,
        taxed_sides: conventions.taxed_sides,
    })
}

fn period(root: &Table, conventions: &Conventions) -> Result<(Period, Clock), ConfigError> {
    let table = root.inner(&STRATEGY, &keys::PERIOD)?;
    let start = table.need(&keys::START)?.moment(&keys::START)?;
    let end_field = table.need(&keys::END)?;
    let end = end_field.moment(&keys::END)?;
    if end < start {
        return Err(end_field.error(format!("'period.end' {end} is before 'period.start' {start}")));
    }
    if end.date >= Date::from_ymd(LAST_YEAR + 1, 1, 1).unwrap_or(end.date) {
        return Err(end_field.error(format!("'period.end' lies beyond the year {LAST_YEAR}")));
    }
    let burn_in = table.find(&keys::BURN_IN);
    let burn_in_at = burn_in.as_ref().map(|field| field.moment(&keys::BURN_IN)).transpose()?;
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
    let table = root.inner(&STRATEGY, &keys::DATA)?;
    let prices = table.need(&keys::PRICES)?;
    // A relative path on the command line is relative to the working directory.
    let base = if prices.is_override() { Path::new("") } else { folder };
    let adjust = table.flag(&keys::ADJUST)?;
    match prices.text()? {
        path if path.is_empty() || path.contains('\0') => {
            Err(prices.error("'data.prices': expected a folder of price files"))
        }
        path => Ok((base.join(path), adjust)),
    }
}

fn statistics(root: &Table) -> Result<(f64, f64), ConfigError> {
    let table = root.inner(&STRATEGY, &keys::STATISTICS)?;
    Ok((table.number(&keys::PERIODS_PER_YEAR)?, table.number(&keys::RISK_FREE)?))
}
