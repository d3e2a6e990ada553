//! A case as the golden files describe it, and the strategy file it becomes. Runs and judges nothing.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use chrono::NaiveDateTime;
use serde::Deserialize;
use serde_json::Value;

use crate::support;

/// One backtest, in QSTrader's words.
#[derive(Debug, Clone, Deserialize)]
pub struct Case {
    pub id: String,
    pub prices: Prices,
    pub adjust_prices: bool,
    pub universe: Universe,
    pub alpha: Alpha,
    pub start_dt: Instant,
    pub end_dt: Instant,
    pub burn_in_dt: Option<Instant>,
    pub rebalance: String,
    pub rebalance_weekday: Option<String>,
    pub long_only: bool,
    pub cash_buffer_percentage: Option<f64>,
    pub gross_leverage: Option<f64>,
    pub initial_cash: f64,
    pub fee_model: FeeModel,
    #[serde(default)]
    pub inline_csvs: BTreeMap<String, String>,
}

/// Where the price files of a case lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Prices {
    Shared,
    Holdout,
    Sample,
    Inline,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Universe {
    Static { assets: Vec<Asset> },
    Dynamic { asset_dates: Vec<(Asset, Option<Instant>)> },
}

/// The strategies of the golden files.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Alpha {
    Fixed { weights: Vec<(Asset, f64)> },
    Single { signal: f64 },
    TopNMomentum { lookback: usize, top_n: usize },
    SmaCrossover { fast: usize, slow: usize },
    SmaLongShort { fast: usize, slow: usize },
    InverseVolatility { lookback: usize },
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum FeeModel {
    Zero,
    Percent { commission_pct: f64, tax_pct: f64 },
}

/// A ticker, written `EQ:SPY` in the golden files and `SPY` everywhere else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(from = "String")]
pub struct Asset(pub String);

/// A point in time, UTC, written `2016-01-04 14:30:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Instant(pub NaiveDateTime);

impl From<String> for Asset {
    fn from(text: String) -> Asset {
        Asset(text.strip_prefix("EQ:").unwrap_or(&text).to_string())
    }
}

impl TryFrom<String> for Instant {
    type Error = chrono::ParseError;

    fn try_from(text: String) -> Result<Instant, chrono::ParseError> {
        NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S").map(Instant)
    }
}

impl Asset {
    /// As a name in a formula, quoted where it is no plain word.
    fn in_formula(&self) -> String {
        let plain = self.0.starts_with(|first: char| first.is_ascii_uppercase())
            && self.0.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
        if plain { self.0.clone() } else { format!("\"{}\"", self.0) }
    }
}

impl Instant {
    fn toml(self) -> String {
        self.0.format("%Y-%m-%dT%H:%M:%S").to_string()
    }
}

impl Universe {
    /// Assets with their entries in order; those that never enter are left out.
    pub fn entries(&self) -> Vec<(Asset, Option<Instant>)> {
        match self {
            Universe::Static { assets } => assets.iter().map(|asset| (asset.clone(), None)).collect(),
            Universe::Dynamic { asset_dates } => {
                asset_dates.iter().filter(|(_, entry)| entry.is_some()).cloned().collect()
            }
        }
    }
}

impl Alpha {
    fn formula(&self) -> String {
        match self {
            Alpha::Fixed { weights } => {
                let pairs: Vec<String> = weights
                    .iter()
                    .map(|(asset, weight)| format!("{} = {weight:?}", asset.in_formula()))
                    .collect();
                format!("fixed({})", pairs.join(", "))
            }
            Alpha::Single { signal } => format!("{signal:?}"),
            Alpha::TopNMomentum { .. } => "top(momentum(lookback), top_n)".into(),
            Alpha::SmaCrossover { .. } => "equal(sma(fast) > sma(slow))".into(),
            Alpha::SmaLongShort { .. } => "if(sma(fast) > sma(slow), 1, -1) / count()".into(),
            Alpha::InverseVolatility { .. } => "share(1 / volatility(lookback))".into(),
        }
    }

    fn parameters(&self) -> Vec<(&'static str, usize)> {
        match *self {
            Alpha::Fixed { .. } | Alpha::Single { .. } => Vec::new(),
            Alpha::TopNMomentum { lookback, top_n } => vec![("lookback", lookback), ("top_n", top_n)],
            Alpha::SmaCrossover { fast, slow } | Alpha::SmaLongShort { fast, slow } => {
                vec![("fast", fast), ("slow", slow)]
            }
            Alpha::InverseVolatility { lookback } => vec![("lookback", lookback)],
        }
    }
}

/// Cases whose expected values rest on a price from the future, which is never reproduced: see "The price from the future" in
/// docs/conventions.md.
const FROM_THE_FUTURE: [&str; 2] = ["late_data_uses_last_price", "momentum_weekly_42_4"];

/// A golden file: the case and QSTrader's results.
pub fn read(path: &Path) -> (Case, Value) {
    let mut golden = support::read_json(path);
    let case = serde_json::from_value(golden["case"].take())
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    (case, golden["expected"].take())
}

impl Case {
    pub fn rests_on_future_prices(&self) -> bool {
        FROM_THE_FUTURE.contains(&self.id.as_str())
    }

    /// Writes `case.toml`, and the inline price files into `prices/`.
    pub fn write(&self, folder: &Path) {
        if self.prices == Prices::Inline {
            let prices = folder.join("prices");
            std::fs::create_dir_all(&prices).expect("the folder is ours");
            for (symbol, text) in &self.inline_csvs {
                std::fs::write(prices.join(format!("{symbol}.csv")), text).expect("the folder is ours");
            }
        }
        std::fs::write(folder.join("case.toml"), self.strategy_file()).expect("the folder is ours");
    }

    /// The folder of price files, relative to the strategy file for inline prices.
    pub fn price_folder(&self) -> std::path::PathBuf {
        let reference = |folder| {
            support::shared(&self.id).expect("a case on reference prices comes from beside them").join(folder)
        };
        match self.prices {
            Prices::Inline => "prices".into(),
            Prices::Sample => support::project("data/prices"),
            Prices::Shared => reference("data/prices"),
            Prices::Holdout => reference("data/more-prices"),
        }
    }

    /// The strategy file of this case.
    pub fn strategy_file(&self) -> String {
        self.toml().expect("writing to a string does not fail")
    }

    fn toml(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        let out = &mut text;
        writeln!(out, "name = {:?}", self.id)?;
        writeln!(out, "conventions = \"qstrader\"")?;
        let parameters = self.alpha.parameters();
        if !parameters.is_empty() {
            writeln!(out, "\n[parameters]")?;
        }
        for (name, value) in parameters {
            writeln!(out, "{name} = {value}")?;
        }
        let entries = self.universe.entries();
        let assets: Vec<String> = entries.iter().map(|(asset, _)| format!("{:?}", asset.0)).collect();
        writeln!(out, "\n[universe]\nassets = [{}]", assets.join(", "))?;
        let late: Vec<String> = entries
            .iter()
            .filter_map(|(asset, entry)| {
                entry
                    .filter(|entry| *entry > self.start_dt)
                    .map(|entry| format!("{:?} = {}", asset.0, entry.toml()))
            })
            .collect();
        if !late.is_empty() {
            writeln!(out, "entry = {{ {} }}", late.join(", "))?;
        }
        writeln!(out, "\n[alpha]\nweights = '{}'", self.alpha.formula())?;
        writeln!(out, "\n[rebalance]\nschedule = {:?}", self.rebalance)?;
        if let Some(weekday) = &self.rebalance_weekday {
            writeln!(out, "weekday = {weekday:?}")?;
        }
        writeln!(out, "\n[portfolio]\ninitial_cash = {:?}", self.initial_cash)?;
        match (self.long_only, self.cash_buffer_percentage, self.gross_leverage) {
            (true, Some(buffer), _) => writeln!(out, "long_only = {{ cash_buffer = {buffer:?} }}")?,
            (false, _, Some(gross)) => writeln!(out, "long_short = {{ gross_leverage = {gross:?} }}")?,
            _ => {}
        }
        if let FeeModel::Percent { commission_pct, tax_pct } = self.fee_model {
            writeln!(out, "\n[costs]\ncommission = {commission_pct:?}\ntax = {tax_pct:?}")?;
        }
        writeln!(out, "\n[period]\nstart = {}\nend = {}", self.start_dt.toml(), self.end_dt.toml())?;
        if let Some(burn_in) = self.burn_in_dt {
            writeln!(out, "burn_in = {}", burn_in.toml())?;
        }
        let prices = self.price_folder();
        writeln!(out, "\n[data]\nprices = {:?}\nadjust = {}", prices.to_string_lossy(), self.adjust_prices)?;
        Ok(text)
    }
}
