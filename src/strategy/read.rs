//! Reads and checks a strategy file; docs/strategy-file.md describes it. Opens no price file; files of a universe are read by
//! [`universe_files`].

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::definition::{Parameter, Rate, Rates, Strategy, WEEKDAYS};
use super::error::BacktestError;
use super::groups;
use super::keys::{self, STRATEGY};
use super::names::StrategyNames;
use super::number_columns::number_columns;
use super::universe::{UniverseKeys, final_prices, ticker, universe};
use super::universe_files;
use crate::config::document::Document;
use crate::config::error::ConfigError;
use crate::config::fields::{Field, Table};
use crate::config::schema::{Key, Kind};
use crate::config::tree::Number;
use crate::engine::conventions::{Conventions, NamedChoice, PRESETS, TradingDays};
use crate::engine::fees::Fees;
use crate::engine::schedule::{Clock, Period, RebalanceSchedule, WeekdaySet};
use crate::engine::sizing::{GrossExposure, OrderSizer, Shares};
use crate::engine::terms::{FillEvent, TradedAssets};
use crate::formula::check::Purpose;
use crate::formula::evaluate::MAX_COLUMNS;
use crate::formula::node::Formula;
use crate::market::calendar::Span;
use crate::market::date::{Date, Instant};
use crate::text::nearest::nearest;
use crate::text::quoted::number;

/// The last year in which a backtest may end.
const LAST_YEAR: i32 = 2200;
/// Saturday, counted from Monday = 0.
const FIRST_OF_WEEKEND: usize = 5;

impl Strategy {
    /// Reads and checks a strategy file. `overrides` are assignments `NAME=VALUE` that set keys of it, as `--params` takes
    /// them.
    ///
    /// # Errors
    /// The file cannot be read or is not UTF-8, or one of the errors of [`Strategy::parse`].
    pub fn read(path: &Path, overrides: &[String]) -> Result<Strategy, BacktestError> {
        let (name, text, folder) = file(path)?;
        Strategy::parse(&name, &text, folder, overrides)
    }

    /// Reads a strategy file as it stands, and then with another formula of its weights. `source` names the formula in
    /// messages. A parameter that an override adds need be named by that formula alone.
    ///
    /// # Errors
    /// Those of [`Strategy::read`].
    pub(crate) fn read_with_weights(
        path: &Path,
        overrides: &[String],
        source: &str,
        weights: &str,
    ) -> Result<[Strategy; 2], BacktestError> {
        let (name, text, folder) = file(path)?;
        let mut document = whole_document(&name, &text, folder, overrides)?;
        let as_it_stands = Strategy::with_unused_overrides(&document, folder)?;
        document.set_text(&STRATEGY, [keys::ALPHA.name, keys::WEIGHTS.name], source, weights)?;
        Ok([as_it_stands, Strategy::from_document(&document, folder)?])
    }

    /// Parses and checks the text of a strategy file. `path` is for messages; relative paths in the text are relative to
    /// `folder`. Reads the files that the text names for its universe.
    ///
    /// # Errors
    /// The text is not TOML, an override names no key or has the wrong type, a key is unknown, missing or has a wrong value,
    /// a formula is wrong, or keys contradict each other; a file of assets or members cannot be read or is wrong. The error is
    /// about the first of them.
    pub fn parse(
        path: &str,
        text: &str,
        folder: &Path,
        overrides: &[String],
    ) -> Result<Strategy, BacktestError> {
        Strategy::from_document(&whole_document(path, text, folder, overrides)?, folder)
    }

    /// Checks the document of a strategy, which has the content of files in place of their names; its relative paths are
    /// relative to `folder`.
    ///
    /// # Errors
    /// A key is unknown, missing or has a wrong value, a formula is wrong, or keys contradict each other; no symbol is a member
    /// within the period. The error is about the first of them.
    pub(crate) fn from_document(document: &Document, folder: &Path) -> Result<Strategy, BacktestError> {
        let strategy = Strategy::with_unused_overrides(document, folder)?;
        refuse_unused_override(&document.table(), strategy.last_formula())?;
        Ok(strategy)
    }

    /// [`Strategy::from_document`] without the check that a formula names each parameter that an override adds.
    fn with_unused_overrides(document: &Document, folder: &Path) -> Result<Strategy, BacktestError> {
        let root = document.table().checked(&STRATEGY)?;
        let name = root.need(&keys::NAME)?;
        if name.text()?.trim().is_empty() {
            return Err(name.error("'name': expected a name, found nothing").into());
        }
        let conventions = conventions(&root)?;
        let parameters = parameters(&root)?;
        let groups = groups::groups(&root)?;
        let data_table = root.inner(&STRATEGY, &keys::DATA)?;
        let names = StrategyNames::read(&root, &data_table, &parameters, &groups)?;
        let columns = number_columns(&data_table, folder)?;
        let period = period(&root, &conventions)?;
        let UniverseKeys { assets, left_out, benchmark } = universe(&root, &period)?;
        let weights = root.inner(&STRATEGY, &keys::ALPHA)?.need(&keys::WEIGHTS)?;
        let formula = Arc::new(names.formula(&weights, Purpose::Weights, None)?);
        let universe: Vec<&str> = assets.iter().map(|(symbol, _)| symbol.as_str()).collect();
        formula.check_fixed_sums(&universe).map_err(|error| names.locate(&weights, &error))?;
        let rebalance = root.inner(&STRATEGY, &keys::REBALANCE)?;
        let when = when(&rebalance, &formula, &names)?;
        let rates = rates(&root, when.as_ref().unwrap_or(&formula), &names)?;
        let portfolio_table = root.inner(&STRATEGY, &keys::PORTFOLIO)?;
        let (initial_cash, sizer) = portfolio(&root)?;
        let (prices, adjust) = prices(&data_table, folder)?;
        let (periods_per_year, risk_free) = statistics(&root)?;
        let mut strategy = Strategy {
            name: name.text()?.to_owned(),
            description: root
                .find(&keys::DESCRIPTION)
                .map(|field| field.text().map(str::to_owned))
                .transpose()?,
            conventions,
            parameters,
            signals: Vec::new(),
            groups,
            hints: Vec::new(),
            assets,
            final_prices: Vec::new(),
            idle: portfolio_table
                .find(&keys::IDLE)
                .map(|field| ticker(&field).map(str::to_owned))
                .transpose()?,
            benchmark,
            formula,
            depth: 0,
            schedule: schedule(&root, &conventions)?,
            when,
            fill: choice(&rebalance, &keys::FILL)?.unwrap_or(FillEvent::NextOpen),
            band: rebalance.find(&keys::BAND).map(|field| field.number_in_range(&keys::BAND)).transpose()?,
            trade: choice(&rebalance, &keys::TRADE)?.unwrap_or(TradedAssets::All),
            initial_cash,
            sizer,
            shares: choice(&portfolio_table, &keys::SHARES)?.unwrap_or(Shares::Whole),
            fees: fees(&root, &conventions)?,
            rates,
            period,
            prices,
            adjust,
            columns,
            periods_per_year,
            risk_free,
        };
        strategy.signals = names.signals(strategy.last_formula());
        strategy.hints = names.hints(strategy.formulas().map(|formula| formula.canonical.as_str()));
        strategy.finish(&root, &left_out)?;
        Ok(strategy)
    }

    /// Reads what depends on several tables, and checks what is said of them all.
    fn finish(&mut self, root: &Table, left_out: &[String]) -> Result<(), ConfigError> {
        // Each formula has been checked, so this cannot fail.
        self.depth = self.depth_at(&self.parameter_values()).unwrap_or_default();
        let known: HashSet<&str> = self.traded().chain(&self.benchmark).map(String::as_str).collect();
        self.final_prices = final_prices(root, &known, left_out)?;
        let named = self.assets.len() + self.named_assets().count();
        if named > MAX_COLUMNS {
            let table = root.inner(&STRATEGY, &keys::UNIVERSE)?;
            let field = table.find(&keys::MEMBERS).map_or_else(|| table.need(&keys::ASSETS), Ok)?;
            let message =
                format!("{named} assets are more than the {MAX_COLUMNS} that one strategy may have");
            return Err(field.key_error(message));
        }
        Ok(())
    }
}

/// The name of a file for messages, its text, and its folder.
fn file(path: &Path) -> Result<(String, String, &Path), BacktestError> {
    let name = path.display().to_string();
    let bytes =
        std::fs::read(path).map_err(|error| BacktestError::Unreadable { path: name.clone(), error })?;
    let text = Document::text(&name, bytes)?;
    Ok((name, text, path.parent().unwrap_or(Path::new(""))))
}

/// The document of a strategy with its overrides, and with the content of the files of its universe.
fn whole_document(
    path: &str,
    text: &str,
    folder: &Path,
    overrides: &[String],
) -> Result<Document, BacktestError> {
    let mut document = Document::new(path, text)?;
    overrides.iter().try_for_each(|assignment| document.set(&STRATEGY, assignment))?;
    universe_files::read_in(&mut document, folder)?;
    groups::read_in(&mut document, folder)?;
    Ok(document)
}

/// A choice by its name; `None` if the key is missing.
fn choice<T: NamedChoice>(table: &Table, key: &Key) -> Result<Option<T>, ConfigError> {
    let Some(field) = table.find(key) else { return Ok(None) };
    let name = field.text()?;
    let known = T::NAMES.iter().find(|(known, _)| *known == name);
    known.map(|(_, choice)| Some(*choice)).ok_or_else(|| field.no_choice(key))
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
    let parameter = |field: Field| Ok(Parameter { name: field.key.to_owned(), value: field.number()? });
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

/// The condition that makes a close of the schedule a decision; its lists begin with those of `earlier`.
fn when(
    rebalance: &Table,
    earlier: &Formula,
    names: &StrategyNames,
) -> Result<Option<Arc<Formula>>, ConfigError> {
    let Some(field) = rebalance.find(&keys::WHEN) else { return Ok(None) };
    names.formula(&field, Purpose::When, Some(earlier)).map(|when| Some(Arc::new(when)))
}

/// The rates of interest; the lists of each formula begin with those of the one before it, of the first with those of
/// `earlier`.
fn rates(root: &Table, earlier: &Arc<Formula>, names: &StrategyNames) -> Result<Rates, ConfigError> {
    let table = root.inner(&STRATEGY, &keys::COSTS)?;
    let mut earlier = Arc::clone(earlier);
    let mut rate = |key: &Key| {
        let Some(field) = table.find(key) else { return Ok(Rate::Number(0.0)) };
        if field.text().is_err() {
            return rate_in_range(&field, key, field.number().map(Number::value)).map(Rate::Number);
        }
        let formula = Arc::new(names.formula(&field, Purpose::Rate, Some(&earlier))?);
        if let Some(constant) = formula.constant(names.values()).filter(|constant| *constant > 1.0) {
            rate_in_range(&field, key, Ok(constant))?;
        }
        earlier = Arc::clone(&formula);
        Ok(Rate::Formula(formula))
    };
    Ok(Rates {
        cash: rate(&keys::CASH_RATE)?,
        debit: rate(&keys::DEBIT_RATE)?,
        borrow: rate(&keys::BORROW_RATE)?,
    })
}

/// A rate that is the same at every close.
fn rate_in_range(field: &Field, key: &Key, rate: Result<f64, ConfigError>) -> Result<f64, ConfigError> {
    let Kind::NumberOrFormula { noun, range } = key.kind else { return rate };
    match rate {
        Ok(rate) if range.contains(rate) => Ok(rate),
        Ok(rate) if rate > 1.0 => {
            // By its digits, so that 1.1 is 110 % and not 110.00000000000001 %.
            let shifted = |places: i32| format!("{rate}e{places}").parse().unwrap_or(rate);
            let mut message = format!("a rate of {} is {} % a year", number(rate), number(shifted(2)));
            if rate <= 100.0 {
                message += &format!("; write {}", number(shifted(-2)));
            }
            Err(field.error(message))
        }
        Ok(rate) => Err(field.error(format!(
            "'{}': expected {}, found {}",
            key.path,
            range.expected(noun),
            number(rate)
        ))),
        Err(_) => Err(field.expected(&format!("{} or a formula", range.expected(noun)))),
    }
}

fn schedule(root: &Table, conventions: &Conventions) -> Result<RebalanceSchedule, ConfigError> {
    let table = root.inner(&STRATEGY, &keys::REBALANCE)?;
    let field = table.need(&keys::SCHEDULE)?;
    let name = field.text()?;
    // Read with every schedule: the schedule may be an axis of a sweep.
    let weekdays = table.find(&keys::WEEKDAY).map(|field| weekdays(&field, conventions)).transpose()?;
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
    if name == "buy_and_hold" {
        refuse_without_meaning(&table, &keys::WHEN, name)?;
    }
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
fn weekdays(field: &Field, conventions: &Conventions) -> Result<WeekdaySet, ConfigError> {
    let mut weekdays = WeekdaySet::default();
    let Some(list) = field.list() else {
        weekdays.add(weekday(field, conventions)?);
        return Ok(weekdays);
    };
    if list.is_empty() {
        return Err(field.error("'rebalance.weekday': expected at least one weekday"));
    }
    for entry in &list {
        if !weekdays.add(weekday(entry, conventions)?) {
            return Err(entry.error("'rebalance.weekday': this weekday stands twice"));
        }
    }
    Ok(weekdays)
}

fn weekday(field: &Field, conventions: &Conventions) -> Result<u32, ConfigError> {
    let name = field.text()?;
    if let Some(weekday) = WEEKDAYS.iter().position(|known| known.eq_ignore_ascii_case(name)) {
        if weekday >= FIRST_OF_WEEKEND && conventions.calendar == TradingDays::Weekdays {
            let known = WEEKDAYS[weekday];
            return Err(field.error(format!(
                "'rebalance.weekday': {known} needs conventions.calendar = \"sessions\"; the calendar \"weekdays\" has MON to FRI"
            )));
        }
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
            OrderSizer::LongShort { gross: gross(&field, &table)? }
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

/// The size of a long and short book, by the one of two keys that is there.
fn gross(field: &Field, table: &Table) -> Result<GrossExposure, ConfigError> {
    match (table.find(&keys::GROSS_LEVERAGE), table.find(&keys::MAX_GROSS)) {
        (Some(_), None) => Ok(GrossExposure::Leverage(table.number(&keys::GROSS_LEVERAGE)?)),
        (None, Some(_)) => Ok(GrossExposure::Most(table.number(&keys::MAX_GROSS)?)),
        (Some(_), Some(field)) => Err(field
            .key_error("'portfolio.long_short' has both gross_leverage and max_gross, expected exactly one")),
        (None, None) => Err(field.key_error(
            "'portfolio.long_short' has neither gross_leverage nor max_gross, expected exactly one; write \
             long_short = { gross_leverage = 1.0 } or long_short = { max_gross = 1.0 }",
        )),
    }
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

/// Start, burn-in and end. Which sessions lie between them only the prices tell.
fn period(root: &Table, conventions: &Conventions) -> Result<Period, ConfigError> {
    let table = root.inner(&STRATEGY, &keys::PERIOD)?;
    let start = table.need(&keys::START)?.moment(&keys::START)?;
    let end_field = table.need(&keys::END)?;
    let end = end_field.moment(&keys::END)?;
    if end < start {
        let [end, start] = apart([end, start]);
        return Err(end_field.error(format!("'period.end' {end} is before 'period.start' {start}")));
    }
    if end.date >= Date::from_ymd(LAST_YEAR + 1, 1, 1).unwrap_or(end.date) {
        return Err(end_field.error(format!("'period.end' lies beyond the year {LAST_YEAR}")));
    }
    let burn_in = table.find(&keys::BURN_IN);
    let burn_in_at = burn_in.as_ref().map(|field| field.moment(&keys::BURN_IN)).transpose()?;
    let period = Period { start, burn_in: burn_in_at, end };
    if conventions.calendar == TradingDays::Sessions {
        return Ok(period);
    }
    let clock = Clock::weekdays(&period, conventions.first_day, conventions.last_day);
    if clock.calendar.days() == 0 {
        let message =
            format!("no weekday lies between 'period.start' {} and 'period.end' {}", start.date, end.date);
        return Err(end_field.error(message));
    }
    match (burn_in, burn_in_at) {
        (Some(field), Some(at)) if clock.curve_start == clock.calendar.days() => {
            let [at, end] = apart([at, end]);
            Err(field.error(format!("no close lies between 'period.burn_in' {at} and 'period.end' {end}")))
        }
        _ => Ok(period),
    }
}

/// Two moments for a message: their dates, where these tell them apart.
fn apart(moments: [Instant; 2]) -> [String; 2] {
    let are_dates = moments[0].date != moments[1].date;
    moments.map(|moment| if are_dates { moment.date.to_string() } else { moment.to_string() })
}

/// Where the prices are, and whether they are adjusted.
fn prices(table: &Table, folder: &Path) -> Result<(PathBuf, bool), ConfigError> {
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
