//! The keys of a strategy file, one row each: path, kind, default, what it decides, how the seal writes it, and what it means.
//! Reads no file.

use std::path::Path;

use super::definition::{Rate, SCHEDULES, Strategy, WEEKDAYS, schedule_name};
use super::lines::SealLines;
use crate::config::schema::{Decides, Kind, Range, keys};
use crate::engine::conventions::{Conventions, NamedChoice, PRESETS};
use crate::engine::sizing::{GrossExposure, OrderSizer, Shares};
use crate::engine::terms::{FillEvent, TradedAssets};
use crate::market::date::OPEN_TIME;
use crate::market::numbers::declaration::Declaration;

const END_OF_DAY: u64 = 86_400_000_000_000 - 1;
const PRESET_NAMES: [&str; PRESETS.len()] = [PRESETS[0].0, PRESETS[1].0];
const FILL_NAMES: [&str; 3] = [FillEvent::NAMES[0].0, FillEvent::NAMES[1].0, FillEvent::NAMES[2].0];
const TRADE_NAMES: [&str; 2] = [TradedAssets::NAMES[0].0, TradedAssets::NAMES[1].0];
const SHARES_NAMES: [&str; 2] = [Shares::NAMES[0].0, Shares::NAMES[1].0];
const SHARE: Kind = Kind::Number { noun: "a fraction", range: Range::Below(0.0, 1.0) };
const AMOUNT: Kind = Kind::Number { noun: "an amount", range: Range::AtLeast(0.0) };
const SESSIONS: Kind = Kind::Whole { noun: "a whole number of sessions", range: Range::Within(0.0, 1e6) };
const CHARGE: Kind = Kind::NumberOrFormula { noun: "a yearly rate", range: Range::Within(0.0, 1.0) };

/// How a key gets into the seal.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sealed {
    /// Its path.
    pub path: &'static str,
    /// What it decides.
    pub decides: Decides,
    /// Writes its lines.
    pub write: fn(&Strategy, &mut SealLines),
}

/// Writes a rate that is a number other than 0.
fn number_of_rate(name: &str, rate: &Rate, lines: &mut SealLines) {
    if let Rate::Number(rate) = rate
        && *rate != 0.0
    {
        lines.line(name, rate);
    }
}

macro_rules! strategy_keys {
    ($(
        $(#[doc = $about:literal])+
        $name:ident = $path:literal: $kind:expr, $default:expr, $decides:ident $(=> $write:expr)?;
    )+) => {
        keys! {
            /// The keys of a strategy file.
            STRATEGY;
            $($(#[doc = $about])+ $name = $path: $kind, $default, $decides;)+
        }

        /// How the keys get into the seal, in the order of their rows; a key without a function is written by another row. The
        /// seal groups them by what they decide.
        pub(crate) const SEALED: &[Sealed] = &[$($(
            Sealed { path: $path, decides: Decides::$decides, write: $write },
        )?)+];
    };
}

strategy_keys! {
    /// Name of the strategy, not empty.
    NAME = "name": Text, Required, Nothing;
    /// Shown in the tear sheet.
    DESCRIPTION = "description": Text, Optional, Nothing;

    /// A preset, or a table with `preset` and fields: [conventions](conventions.md).
    CONVENTIONS = "conventions": TextOrTable("preset"), Named("qstrader"), Decisions;
    /// The preset that the other fields depart from.
    PRESET = "conventions.preset":
        Choice { what: "preset of conventions", names: &PRESET_NAMES }, Named("qstrader"), Decisions;
    /// One of the [conventions](conventions.md), by its field.
    CONVENTION = "conventions.*":
        Choices { names: Conventions::FIELDS, choices: Conventions::choices }, As("the preset's"), Decisions
        => |strategy, lines| {
            for (field, choice) in strategy.conventions.named() {
                lines.line(&format!("conventions.{field}"), choice);
            }
        };

    /// Parameters of the formula.
    PARAMETERS = "parameters": Table, Optional, Weights;
    /// A name that the formula may use, and its value. NAME is letters, digits and `_`, not beginning with a digit, and not the
    /// name of an operator or series.
    PARAMETER = "parameters.*": Number { noun: "a number", range: Range::Any }, Optional, Weights
        => |strategy, lines| {
            let mut parameters: Vec<_> = strategy.parameters.iter().collect();
            parameters.sort_by(|a, b| a.name.cmp(&b.name));
            for parameter in parameters {
                lines.line(&format!("parameters.{}", parameter.name), parameter.value.value());
            }
        };

    /// Formulas with a name.
    SIGNALS = "signals": Table, Optional, Prices;
    /// A [formula](formula.md) under a name that every formula of the strategy may use, also other signals. NAME as for
    /// parameters.
    SIGNAL = "signals.*": Formula, Optional, Prices
        => |strategy, lines| {
            let mut used: Vec<_> = strategy.signals.iter().filter(|signal| signal.is_used).collect();
            used.sort_by(|a, b| a.name.cmp(&b.name));
            for signal in used {
                lines.line(&format!("signals.{}", signal.name), &signal.canonical);
            }
        };

    /// Groups of assets.
    GROUPS = "groups": Table, Optional, Prices;
    /// A division of assets into groups, for [`within`](formula.md#withingroups-f): a table with a list of tickers for each
    /// group, or with the key `file`, the name of a CSV file with the columns Symbol and Group. No asset is in two groups.
    /// NAME as for parameters.
    DIVISION = "groups.*": FileOrTable, Optional, Prices
        => |strategy, lines| {
            for groups in strategy.used_groups() {
                for (group, assets) in &groups.groups {
                    lines.line(&format!("groups.{}", groups.name), format!("{group} {}", assets.join(" ")));
                }
            }
        };

    /// The assets.
    UNIVERSE = "universe": Table, Required, Prices;
    /// At least one ticker, none twice, or the name of a [file](#files-of-assets-and-members) with one a line. Their order
    /// decides ties.
    ASSETS = "universe.assets": TickersOrFile, As("one of the two"), Prices
        => |strategy, lines| {
            for (asset, tenures) in &strategy.assets {
                for tenure in tenures {
                    let entry = tenure.entry.map_or("start".to_owned(), |entry| entry.to_string());
                    let exit = tenure.exit.map_or(String::new(), |exit| format!(" {exit}"));
                    lines.line("universe", format!("{asset} {entry}{exit}"));
                }
            }
        };
    /// The name of a [CSV file](#files-of-assets-and-members) with `symbol`, `entry` and `exit`, in place of `assets`, `entry`
    /// and `exit`.
    // Its content is written by the row above.
    MEMBERS = "universe.members": Members, As("one of the two"), Prices;
    /// When assets join; without an entry from the start.
    ENTRIES = "universe.entry": Table, Optional, Prices;
    /// When the asset of this name joins. A date means its beginning, so the asset takes part in that day. An asset without a
    /// price yet joins with its first one.
    ENTRY = "universe.entry.*": Moment { time: 0 }, Optional, Prices;
    /// When assets leave; without an exit never.
    EXITS = "universe.exit": Table, Optional, Prices;
    /// When the asset of this name leaves: it is a member before that moment and not from it on. A date means its beginning, so
    /// the asset takes no part in that day.
    EXIT = "universe.exit.*": Moment { time: 0 }, Optional, Prices;
    /// What shares are worth after the end of their prices.
    FINAL_PRICES = "universe.final_price": Table, Optional, Decisions;
    /// What a share of the asset of this name is worth when its prices have ended, in terms of the prices used; without it the
    /// close of its last bar.
    FINAL_PRICE = "universe.final_price.*": Number { noun: "a price", range: Range::AtLeast(0.0) }, Optional, Decisions
        => |strategy, lines| {
            let mut prices: Vec<_> = strategy.final_prices.iter().collect();
            prices.sort_by(|a, b| a.0.cmp(&b.0));
            for (asset, price) in prices {
                lines.line("final_price", format!("{asset} {price}"));
            }
        };

    /// The rule.
    ALPHA = "alpha": Table, Required, Prices;
    /// The [formula](formula.md).
    WEIGHTS = "alpha.weights": Formula, Required, Prices
        => |strategy, lines| lines.line("weights", &strategy.formula.canonical);

    /// When it decides.
    REBALANCE = "rebalance": Table, Required, Decisions;
    /// One of the nine below.
    SCHEDULE = "rebalance.schedule": Choice { what: "schedule", names: &SCHEDULES }, Required, Decisions
        => |strategy, lines| lines.line("schedule", schedule_name(strategy.schedule));
    /// `MON` to `FRI` in any letter case, or a list of several, with `SAT` and `SUN` under `conventions.calendar = "sessions"`;
    /// required with `weekly`, without meaning otherwise.
    WEEKDAY = "rebalance.weekday": ChoiceOrList { what: "weekday", names: &WEEKDAYS }, Optional, Decisions;
    /// The session of the month, quarter or year on which `monthly`, `quarterly` and `yearly` decide, counted from 1, or
    /// backwards from -1, the last. A month, quarter or year with fewer sessions has no decision.
    DAY = "rebalance.day": Whole { noun: "a number of a day", range: Range::Within(-366.0, 366.0) }, Is(-1.0), Decisions;
    /// With the schedule `every`, the closes from one decision to the next; required there.
    EVERY = "rebalance.every": Whole { noun: "a number of closes", range: Range::Within(1.0, 1e6) }, Optional, Decisions;
    /// A [formula](formula.md) without `fixed`: a close of the schedule is a decision only if it is there and not 0 for at
    /// least one member. Not with `buy_and_hold`.
    WHEN = "rebalance.when": Formula, Optional, Prices
        => |strategy, lines| {
            if let Some(when) = &strategy.when {
                lines.line("when", &when.canonical);
            }
            // A rate that is a formula may name assets, whose prices are read.
            for (name, rate) in strategy.rates.named() {
                if let Rate::Formula(formula) = rate {
                    lines.line(name, &formula.canonical);
                }
            }
        };
    /// The event at which orders are filled: `next_open`, the open of the next session; `next_close`, its close; or
    /// `same_close`, the very close of the decision.
    FILL = "rebalance.fill": Choice { what: "fill", names: &FILL_NAMES }, Named("next_open"), Decisions
        => |strategy, lines| {
            if strategy.fill != FillEvent::NextOpen {
                lines.line("fill", strategy.fill.name());
            }
        };
    /// A decision is acted upon only if it opens or closes a position or one is further than this from its target, as a
    /// fraction of the equity.
    BAND = "rebalance.band": SHARE, Optional, Terms
        => |strategy, lines| {
            if let Some(band) = strategy.band {
                lines.line("band", band);
            }
        };
    /// `changed` makes orders only for assets whose weight differs from that of the last decision acted upon.
    TRADE = "rebalance.trade": Choice { what: "trade", names: &TRADE_NAMES }, Named("all"), Terms
        => |strategy, lines| {
            if strategy.trade != TradedAssets::All {
                lines.line("trade", strategy.trade.name());
            }
        };

    /// Money, and how weights become shares.
    PORTFOLIO = "portfolio": Table, Required, Terms;
    /// Cash at the start, in the currency of the prices.
    INITIAL_CASH = "portfolio.initial_cash":
        Number { noun: "an amount", range: Range::Above(0.0) }, Required, Terms
        => |strategy, lines| lines.line("initial_cash", strategy.initial_cash);
    /// Long positions only.
    LONG_ONLY = "portfolio.long_only": Table, As("one of the two"), Terms;
    /// Fraction of the equity that is not invested.
    CASH_BUFFER = "portfolio.long_only.cash_buffer":
        Number { noun: "a fraction", range: Range::Within(0.0, 1.0) }, Required, Terms
        => |strategy, lines| {
            if let OrderSizer::LongOnly { cash_buffer } = strategy.sizer {
                lines.line("sizer", format!("long_only {cash_buffer}"));
            }
        };
    /// Long and short positions.
    LONG_SHORT = "portfolio.long_short": Table, As("one of the two"), Terms;
    /// Sum of the sizes of all positions over the equity.
    GROSS_LEVERAGE = "portfolio.long_short.gross_leverage":
        Number { noun: "a number", range: Range::Above(0.0) }, As("one of the two"), Terms
        => |strategy, lines| {
            if let OrderSizer::LongShort { gross: GrossExposure::Leverage(leverage) } = strategy.sizer {
                lines.line("sizer", format!("long_short {leverage}"));
            }
        };
    /// Largest sum of the sizes of all weights: weights that sum to more are scaled down to it, others are exposures as they
    /// are.
    MAX_GROSS = "portfolio.long_short.max_gross":
        Number { noun: "a number", range: Range::Above(0.0) }, As("one of the two"), Terms
        => |strategy, lines| {
            if let OrderSizer::LongShort { gross: GrossExposure::Most(most) } = strategy.sizer {
                lines.line("sizer", format!("long_short at most {most}"));
            }
        };
    /// An asset that gets what the weights leave over, for instance a fund of treasury bills. It need not be in the universe.
    IDLE = "portfolio.idle": Ticker, Optional, Prices
        => |strategy, lines| {
            if let Some(idle) = &strategy.idle {
                lines.line("idle", idle);
            }
        };
    /// Whether a position may hold a part of a share: `whole` or `fractional`.
    SHARES = "portfolio.shares": Choice { what: "kind of shares", names: &SHARES_NAMES }, Named("whole"), Terms
        => |strategy, lines| {
            if strategy.shares != Shares::Whole {
                lines.line("shares", strategy.shares.name());
            }
        };

    /// What trading costs.
    COSTS = "costs": Table, As("all 0"), Terms;
    /// Fraction of the traded value.
    COMMISSION = "costs.commission": SHARE, Is(0.0), Terms
        => |strategy, lines| lines.word("costs", strategy.fees.commission);
    /// Fraction of the traded value; of which sides: [`taxed_sides`](conventions.md#taxed_sides).
    TAX = "costs.tax": SHARE, Is(0.0), Terms
        => |strategy, lines| lines.word("costs", strategy.fees.tax);
    /// Currency for each share, added to `commission`.
    COMMISSION_PER_SHARE = "costs.commission_per_share": AMOUNT, Is(0.0), Terms
        => |strategy, lines| lines.word("costs", strategy.fees.commission_per_share);
    /// Least commission of one fill, tax aside.
    COMMISSION_MINIMUM = "costs.commission_minimum": AMOUNT, Is(0.0), Terms
        => |strategy, lines| lines.word("costs", strategy.fees.commission_minimum);
    /// Fraction of the price, against the trade: a buy fills at the price of its event times 1 + slippage, a sale times 1 -
    /// slippage.
    SLIPPAGE = "costs.slippage": SHARE, Is(0.0), Terms
        => |strategy, lines| lines.word("costs", strategy.fees.slippage);

    /// [Interest](#interest) a year that cash earns, a fraction: a number, or a formula that names assets by `of` alone.
    CASH_RATE = "costs.cash_rate":
        NumberOrFormula { noun: "a yearly rate", range: Range::AboveTo(-1.0, 1.0) }, Is(0.0), Terms
        => |strategy, lines| number_of_rate("cash_rate", &strategy.rates.cash, lines);
    /// Interest a year that debt costs, likewise.
    DEBIT_RATE = "costs.debit_rate": CHARGE, Is(0.0), Terms
        => |strategy, lines| number_of_rate("debit_rate", &strategy.rates.debit, lines);
    /// Interest a year that the value of shares sold short costs, likewise.
    BORROW_RATE = "costs.borrow_rate": CHARGE, Is(0.0), Terms
        => |strategy, lines| number_of_rate("borrow_rate", &strategy.rates.borrow, lines);

    /// From when to when.
    PERIOD = "period": Table, Required, Prices;
    /// The backtest begins with the session of this date, or with the next one. A date means its open, 14:30. Under the
    /// [calendar](conventions.md#calendar) `weekdays` a weekend counts as the Monday after it.
    START = "period.start": Moment { time: OPEN_TIME }, Required, Prices
        => |strategy, lines| lines.line("start", strategy.period.start);
    /// No decision and no point of the curve before it. A date means its open. Prices and formulas run from the start.
    BURN_IN = "period.burn_in": Moment { time: OPEN_TIME }, Optional, Prices
        => |strategy, lines| {
            lines.line("burn_in", strategy.period.burn_in.map_or(String::new(), |burn_in| burn_in.to_string()));
        };
    /// The backtest ends with the session of this date, or with the last one before it. A date means its end. At the latest in
    /// the year 2200.
    END = "period.end": Moment { time: END_OF_DAY }, Required, Prices
        => |strategy, lines| lines.line("end", strategy.period.end);

    /// Where the prices are.
    DATA = "data": Table, Required, Prices;
    /// Folder of the [price files](prices.md), or a [cache file](prices.md#a-cache-in-place-of-the-folder). A relative path
    /// begins at the folder of the strategy file.
    // The seal has the prices themselves.
    PRICES = "data.prices": Folder, Required, Prices;
    /// Whether prices are adjusted for splits and dividends.
    ADJUST = "data.adjust": Boolean, Flag(true), Prices
        => |strategy, lines| lines.line("adjust", strategy.adjust);
    /// Columns of [numbers from files](prices.md#numbers-from-files) beside the prices.
    COLUMNS = "data.columns": Table, Optional, Prices;
    /// The column that formulas call NAME: a table with exactly one of `folder`, `file`, `wide` and `dates`. NAME is letters,
    /// digits and `_`, not beginning with a digit, and no name of an operator, a series, a parameter or a signal.
    // The seal has the rows themselves, as part of the prices.
    COLUMN = "data.columns.*": Table, Optional, Prices
        => |strategy, lines| {
            let mut columns: Vec<_> = strategy.used_columns().collect();
            columns.sort_by(|a, b| a.name.cmp(&b.name));
            for column in columns {
                lines.line(&format!("columns.{}", column.name), column.timing);
            }
        };
    /// A folder with one file an asset, `TICKER.csv` or `TICKER.csv.gz`, with a date and the column. A relative path begins at
    /// the folder of the strategy file.
    COLUMN_FOLDER = "data.columns.*.folder": Folder, As("one of the four"), Prices;
    /// A file with a date, a column `Symbol` unless the numbers are of all assets, and the column.
    COLUMN_FILE = "data.columns.*.file": File, As("one of the four"), Prices;
    /// A file with a date and a column a ticker.
    COLUMN_WIDE = "data.columns.*.wide": File, As("one of the four"), Prices;
    /// A file of dates known in advance, with a column `Symbol` unless they are of all assets.
    COLUMN_DATES = "data.columns.*.dates": File, As("one of the four"), Prices;
    /// The name of the column in the header, to the letter case, with `folder` or `file`.
    COLUMN_NAME = "data.columns.*.column": Text, As("NAME"), Prices;
    /// Sessions from the date of a number to the session at whose close it is known. Required, but not with `dates`.
    COLUMN_LAG = "data.columns.*.lag": SESSIONS, As("required"), Prices;
    /// A number counts this many sessions after the one from which it is known, 0 for that one alone; without it until the
    /// next. Not with `dates`.
    COLUMN_MAX_AGE = "data.columns.*.max_age": SESSIONS, Optional, Prices;
    /// How many sessions ahead a date is known. Required with `dates`, and with it alone.
    COLUMN_KNOWN = "data.columns.*.known": SESSIONS, As("required"), Prices;
    /// An asset whose buy-and-hold is reported [beside the strategy](statistics.md#the-benchmark).
    // Here, because the seal has it behind the other keys that decide prices.
    BENCHMARK = "universe.benchmark": Ticker, Optional, Prices
        => |strategy, lines| lines.line("benchmark", strategy.benchmark.as_deref().unwrap_or_default());

    /// How figures are annualised.
    STATISTICS = "statistics": Table, As("below"), Statistics;
    /// Points of the curve in a year. Without effect under [`actual_time`](conventions.md#annualisation).
    PERIODS_PER_YEAR = "statistics.periods_per_year":
        Number { noun: "a number", range: Range::Above(0.0) }, Is(252.0), Statistics
        => |strategy, lines| lines.word("statistics", strategy.periods_per_year);
    /// Risk-free rate, a fraction a year: in Sharpe and Sortino ratio and in the alpha. What cash earns is `costs.cash_rate`.
    RISK_FREE = "statistics.risk_free":
        Number { noun: "a fraction", range: Range::Above(-1.0) }, Is(0.0), Statistics
        => |strategy, lines| lines.word("statistics", strategy.risk_free);
}

/// The files and folders that the prices and other numbers of a strategy are read from, each with the dotted path of its key.
pub(crate) fn paths(strategy: &Strategy) -> Vec<(String, &Path)> {
    let prices = (PRICES.path.to_owned(), strategy.prices.as_path());
    let of_column =
        |column: &'_ Declaration| format!("{}.{}.{}", COLUMNS.path, column.name, column.path_key());
    let columns = strategy.used_columns().map(|column| (of_column(column), column.path.as_path()));
    std::iter::once(prices).chain(columns).collect()
}

/// Whether the key with a dotted path takes the path of a file or folder of prices or other numbers. What such a key decides is
/// known by what is there, as paths differ from machine to machine.
pub(crate) fn takes_path(path: &str) -> bool {
    STRATEGY.key(path).is_some_and(|key| matches!(key.kind, Kind::Folder | Kind::File))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_without_its_table_is_found() {
        let path_to = |name| STRATEGY.path_to(name);
        assert_eq!(path_to("commission").as_deref(), Some("costs.commission"));
        assert_eq!(path_to("cash_buffer").as_deref(), Some("portfolio.long_only.cash_buffer"));
        assert_eq!(path_to("ruin").as_deref(), Some("conventions.ruin"));
        assert_eq!([path_to("costs"), path_to("comission")], [None, None]);
        assert_eq!(path_to("max_age"), None, "a key of a table whose name the file chooses");
        assert!(
            ["data.prices", "data.columns.pe.folder", "data.columns.a.wide"]
                .iter()
                .all(|path| takes_path(path))
        );
        assert!(
            !["data.columns.folder", "data.columns.pe.lag", "data.adjust"]
                .iter()
                .any(|path| takes_path(path))
        );
    }
}
