//! What a user should know of a backtest although it is not an error. Finds none of it.

use std::fmt;

use crate::market::date::Date;
use crate::text::number::money;
use crate::text::quoted::number;

/// The most assets that a notice names.
const NAMED_MOST: usize = 10;

/// Something about a backtest that the user should know although it is not an error.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Notice {
    /// An asset joins the universe with its first price, after its entry.
    JoinsLate {
        /// Ticker of the asset.
        asset: String,
        /// Its entry.
        entry: String,
        /// Date of its first bar; `None` if it has no bar, and so never joins.
        first_bar: Option<Date>,
    },
    /// An asset's prices end before the backtest does.
    EndsEarly {
        /// Ticker of the asset.
        asset: String,
        /// Date of its last bar.
        last_bar: Date,
        /// The last day of the backtest.
        end: Date,
    },
    /// An asset's prices have ended before the backtest begins.
    NeverJoins {
        /// Ticker of the asset.
        asset: String,
        /// Date of its last bar.
        last_bar: Date,
    },
    /// An asset's prices end within the backtest, and it leaves.
    Ends {
        /// Ticker of the asset.
        asset: String,
        /// Date of its last bar.
        last_bar: Date,
        /// If a position in it became cash: when, and how much for a share.
        paid_out: Option<(Date, f64)>,
    },
    /// An asset leaves the universe after the only decision of buy-and-hold.
    LeavesAfterDecision {
        /// Ticker of the asset.
        asset: String,
        /// The first day on which it is no member.
        date: Date,
    },
    /// A stated final price has no effect.
    FinalPriceUnused {
        /// Ticker of the asset.
        asset: String,
        /// Whether an asset keeps its last price; if not, its prices do not end.
        last_price: bool,
    },
    /// The benchmark is bought after the first day of the curve.
    BenchmarkLate {
        /// Ticker of the benchmark.
        asset: String,
        /// Date on which it is bought.
        date: Date,
        /// Days of the curve before it.
        sessions: usize,
    },
    /// The benchmark's prices end within the backtest, and it becomes cash.
    BenchmarkEnds {
        /// Ticker of the benchmark.
        asset: String,
        /// Date of its last bar.
        last_bar: Date,
        /// Date on which it becomes cash.
        date: Date,
        /// Cash for a share.
        price: f64,
    },
    /// Rows on weekends, which are no days of the backtest.
    WeekendRows {
        /// Ticker of the asset with most of them.
        asset: String,
        /// How many of its rows fall on weekends.
        on_weekends: usize,
        /// How many rows it has in the period.
        rows: usize,
        /// Number of other assets with such rows.
        others: usize,
    },
    /// An asset has no bar on many sessions.
    FewBars {
        /// Ticker of the asset with the smallest part of the sessions.
        asset: String,
        /// Number of its bars.
        bars: usize,
        /// Number of sessions between its first and its last bar.
        sessions: usize,
        /// Number of other assets with few bars.
        others: usize,
    },
    /// An asset of the universe is a member on no day.
    NeverMember {
        /// Ticker of the asset.
        asset: String,
    },
    /// The asset for idle money has no price on the first days of the curve.
    IdleWithoutPrice {
        /// Ticker of the asset.
        asset: String,
        /// The first day with a price; `None` if there is none.
        from: Option<Date>,
    },
    /// `rebalance.when` holds at no close of the schedule.
    WhenNeverHolds,
    /// Nearly no asset has a bar on a session.
    LonelySession {
        /// Date of the first such session.
        date: Date,
        /// Number of assets with a bar.
        bars: usize,
        /// Number of assets that are between their first and their last bar.
        assets: usize,
        /// Number of other such sessions.
        others: usize,
        /// Ticker of an asset with a bar.
        asset: String,
    },
    /// The result rests on when numbers from files are taken as known.
    NumbersKnown {
        /// Name of the column.
        column: String,
        /// Sessions from the date of a number to the close at which it is known.
        lag: u64,
    },
    /// The result rests on how far ahead dates from a file are taken as known.
    DatesKnown {
        /// Name of the column.
        column: String,
        /// Sessions ahead.
        known: u64,
    },
    /// Assets have no row in the files of a column.
    WithoutNumbers {
        /// Name of the column.
        column: String,
        /// What a row has: `number` or `date`.
        what: &'static str,
        /// Tickers of these assets.
        assets: Vec<String>,
    },
    /// Orders are filled at the close that decides on them.
    SameClose,
    /// The windows of the formula are longer than the backtest.
    WindowExceedsHistory {
        /// Depth of the formula, in closes.
        depth: u64,
        /// Number of days of the backtest.
        days: usize,
        /// What its days are: `weekdays` or `sessions`.
        unit: &'static str,
    },
    /// The formula gives its first weights after the last decision.
    NeverReady {
        /// Depth of the formula, in closes.
        depth: u64,
    },
    /// No formula names a column of numbers from files.
    UnusedColumn {
        /// Name of the column.
        name: String,
    },
    /// The formula does not use a parameter.
    UnusedParameter {
        /// Name of the parameter.
        name: String,
    },
    /// No formula uses a signal.
    UnusedSignal {
        /// Name of the signal.
        name: String,
    },
    /// A formula probably does not say what is meant.
    Hint {
        /// The part of the formula.
        part: String,
        /// What it does, and what is probably meant.
        text: String,
    },
    /// Some assets of the universe are in no group, and a formula looks within the groups.
    InNoGroup {
        /// Name of the groups.
        groups: String,
        /// The assets.
        assets: Vec<String>,
    },
    /// Weights from returns say little, or are absent, as there are no more days than assets.
    FewDays {
        /// Name of the operator.
        operator: &'static str,
        /// The days of its window.
        days: usize,
        /// The assets on the first such day.
        assets: usize,
    },
    /// Weights from returns had not settled when the rounds ran out.
    Unsettled {
        /// Name of the operator.
        operator: &'static str,
        /// Date of the first such day.
        date: Date,
        /// By which share the largest contribution to the variance exceeds the smallest.
        apart: f64,
    },
    /// The schedule has no decision in the period.
    NoDecision,
    /// The only decision of buy-and-hold is before the burn-in, so there is none; see `buy_and_hold_event` in
    /// docs/conventions.md.
    BurnInAfterDecision,
    /// There are decisions, but no trades.
    NothingTraded,
    /// Weights with a sum below 1 are scaled up to 1; see `long_only_weights` in docs/conventions.md.
    ScaledUp {
        /// Date of the first such decision.
        date: Date,
        /// The sum of its weights.
        sum: f64,
    },
    /// The equity is 0 or below at a close, and trading goes on; see `ruin` in docs/conventions.md.
    Ruined {
        /// The date of the first such close.
        date: Date,
        /// The equity there.
        equity: f64,
    },
    /// Cash is below zero after a fill.
    BelowZero {
        /// The date of the first such fill.
        since: Date,
        /// The lowest cash after a fill.
        lowest: f64,
        /// The date of that fill.
        on: Date,
        /// Whether debt costs nothing.
        is_free: bool,
    },
    /// Orders were not filled when they were due, as their assets had no bar; see `fill_without_bar` in docs/conventions.md.
    Waited {
        /// Number of these orders.
        orders: usize,
        /// The longest wait, from when the order was due to its fill, its removal or the end, in days of the calendar in force.
        sessions: usize,
        /// Ticker of the order that waited longest.
        asset: String,
        /// The date of its decision.
        decided: Date,
    },
    /// Decisions were not acted upon, because every position was within the band around its target.
    WithinBand {
        /// Number of these decisions.
        within: usize,
        /// Number of decisions that would have traded without a band.
        decisions: usize,
    },
    /// The returns or the losses differ by rounding alone, and a ratio divides by that; see `deviation` in docs/conventions.md.
    Rounding,
}

impl fmt::Display for Notice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Notice::JoinsLate { asset, entry, first_bar: Some(first_bar) } => write!(
                formatter,
                "asset '{asset}' joins the universe with its first bar on {first_bar}, not at its entry {entry}"
            ),
            Notice::JoinsLate { asset, entry, first_bar: None } => {
                write!(
                    formatter,
                    "asset '{asset}' never joins the universe (entry {entry}): it has no usable bar"
                )
            }
            Notice::EndsEarly { asset, last_bar, end } => write!(
                formatter,
                "the prices of asset '{asset}' end on {last_bar}; until {end} its last price is used"
            ),
            Notice::LeavesAfterDecision { asset, date } => write!(
                formatter,
                "'{asset}' leaves the universe on {date}, after the only decision: what is held of it stays"
            ),
            Notice::SameClose => write!(
                formatter,
                "fill = \"same_close\" trades at the close that decides: possible only with orders that are computed before it; \
                 results flatter"
            ),
            Notice::BurnInAfterDecision => write!(
                formatter,
                "buy_and_hold decides at 'period.start', before 'period.burn_in', and so never: leave burn_in out or set \
                 conventions.buy_and_hold_event = \"next_event\""
            ),
            Notice::NoDecision => {
                write!(formatter, "the schedule has no decision in the period: the portfolio stays in cash")
            }
            Notice::NumbersKnown { .. }
            | Notice::DatesKnown { .. }
            | Notice::WithoutNumbers { .. }
            | Notice::UnusedColumn { .. } => self.fmt_of_numbers(formatter),
            Notice::WindowExceedsHistory { .. }
            | Notice::NeverReady { .. }
            | Notice::UnusedParameter { .. }
            | Notice::UnusedSignal { .. }
            | Notice::Hint { .. }
            | Notice::InNoGroup { .. }
            | Notice::FewDays { .. }
            | Notice::Unsettled { .. } => self.fmt_of_formulas(formatter),
            Notice::NeverJoins { .. }
            | Notice::Ends { .. }
            | Notice::FinalPriceUnused { .. }
            | Notice::BenchmarkLate { .. }
            | Notice::BenchmarkEnds { .. }
            | Notice::WeekendRows { .. }
            | Notice::FewBars { .. }
            | Notice::NeverMember { .. }
            | Notice::IdleWithoutPrice { .. }
            | Notice::LonelySession { .. } => self.fmt_of_bars(formatter),
            Notice::Ruined { .. }
            | Notice::BelowZero { .. }
            | Notice::Waited { .. }
            | Notice::WithinBand { .. }
            | Notice::Rounding
            | Notice::NothingTraded
            | Notice::WhenNeverHolds
            | Notice::ScaledUp { .. } => self.fmt_of_run(formatter),
        }
    }
}

impl Notice {
    /// Whether it says something of the values of a formula: it is not about decisions, trades, or keys without effect.
    pub(crate) fn is_of_values(&self) -> bool {
        let trades = matches!(
            self,
            Notice::LeavesAfterDecision { .. }
                | Notice::FinalPriceUnused { .. }
                | Notice::BenchmarkLate { .. }
                | Notice::BenchmarkEnds { .. }
                | Notice::IdleWithoutPrice { .. }
                | Notice::SameClose
                | Notice::NeverReady { .. }
                | Notice::UnusedParameter { .. }
                | Notice::UnusedSignal { .. }
                | Notice::UnusedColumn { .. }
                | Notice::NoDecision
                | Notice::BurnInAfterDecision
        );
        !trades
    }

    /// Writes a notice about formulas; of others nothing.
    fn fmt_of_formulas(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Notice::WindowExceedsHistory { depth, days, unit } => write!(
                formatter,
                "the windows of the formula ({depth} days in all) exceed the backtest's {days} {unit}: it may never trade"
            ),
            Notice::NeverReady { depth } => write!(
                formatter,
                "the formula gives weights from the {depth}th close on, and no decision comes that late: nothing is traded"
            ),
            Notice::UnusedParameter { name } => {
                write!(formatter, "the parameter '{name}' is not named in the formula and has no effect")
            }
            Notice::UnusedSignal { name } => {
                write!(formatter, "the signal '{name}' is used by no formula and has no effect")
            }
            Notice::Hint { part, text } => write!(formatter, "`{part}`: {text}"),
            Notice::InNoGroup { groups, assets } => {
                const MOST: usize = 10;
                let shown = assets.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(", ");
                write!(formatter, "in no group of '{groups}': {shown}")?;
                match assets.len().saturating_sub(MOST) {
                    0 => Ok(()),
                    more => write!(formatter, " and {more} more"),
                }
            }
            Notice::FewDays { operator, days, assets } => {
                write!(
                    formatter,
                    "{operator} over {days} days of {assets} assets: more days than assets are needed"
                )
            }
            Notice::Unsettled { operator, date, apart } => write!(
                formatter,
                "{operator} had not settled after 1,000 rounds on {date}: contributions differ by up to {} %",
                number((apart * 100.0).ceil())
            ),
            _ => Ok(()),
        }
    }

    /// Writes a notice about the bars of an asset; of others nothing.
    fn fmt_of_bars(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Notice::NeverMember { asset } => write!(
                formatter,
                "asset '{asset}' is a member on no day of the backtest: look at its entry and exit"
            ),
            Notice::IdleWithoutPrice { asset, from: Some(from) } => write!(
                formatter,
                "the idle asset '{asset}' has no price before {from}: until then what is left over stays in cash"
            ),
            Notice::IdleWithoutPrice { asset, from: None } => write!(
                formatter,
                "the idle asset '{asset}' has no price in the backtest: what is left over stays in cash"
            ),
            Notice::NeverJoins { asset, last_bar } => write!(
                formatter,
                "asset '{asset}' never joins: its prices end on {last_bar}, before the backtest begins"
            ),
            Notice::Ends { asset, last_bar, paid_out: None } => {
                write!(formatter, "the prices of asset '{asset}' end on {last_bar}: it leaves the universe")
            }
            Notice::Ends { asset, last_bar, paid_out: Some((date, price)) } => write!(
                formatter,
                "the prices of asset '{asset}' end on {last_bar}: it leaves the universe, and a position is paid out on {date} \
                 at {}",
                number(*price)
            ),
            Notice::FinalPriceUnused { asset, last_price: true } => write!(
                formatter,
                "final_price of '{asset}' has no effect under after_last_bar = \"last_price\""
            ),
            Notice::FinalPriceUnused { asset, last_price: false } => write!(
                formatter,
                "final_price of '{asset}' has no effect: its prices do not end in the period"
            ),
            Notice::BenchmarkLate { asset, date, sessions } => write!(
                formatter,
                "the benchmark '{asset}' is bought on {date}, {} after the curve begins: until then its curve is cash",
                counted(*sessions, "session")
            ),
            Notice::BenchmarkEnds { asset, last_bar, date, price } => write!(
                formatter,
                "the prices of the benchmark '{asset}' end on {last_bar}: it is paid out on {date} at {}",
                number(*price)
            ),
            _ => self.fmt_of_rows(formatter),
        }
    }

    /// Writes a notice about the rows of a file; of others nothing.
    fn fmt_of_rows(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Notice::WeekendRows { asset, on_weekends, rows, others } => {
                write!(
                    formatter,
                    "{on_weekends} of {rows} rows of '{asset}' fall on Saturdays and Sundays and are left out"
                )?;
                if *others > 0 {
                    write!(formatter, ", and rows of {}", counted(*others, "more asset"))?;
                }
                write!(formatter, "; conventions.calendar = \"sessions\" uses them")
            }
            Notice::FewBars { asset, bars, sessions, others } => {
                write!(
                    formatter,
                    "'{asset}' has a bar on {bars} of {sessions} sessions between its first and its last"
                )?;
                if *others > 0 {
                    write!(formatter, ", and {} on few of theirs", counted(*others, "more asset"))?;
                }
                let why = "the assets keep different calendars, and windows count the sessions of all";
                write!(formatter, ": {why}")
            }
            Notice::LonelySession { date, bars, assets, others, asset } => {
                write!(formatter, "only {bars} of {assets} assets have a bar on {date}")?;
                match others {
                    0 => {}
                    1 => write!(formatter, ", and 1 more session is like it")?,
                    others => write!(formatter, ", and {others} more sessions are like it")?,
                }
                write!(formatter, ": look at the file of '{asset}'")
            }
            _ => Ok(()),
        }
    }

    /// Writes a notice about numbers from files; of others nothing.
    fn fmt_of_numbers(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Notice::NumbersKnown { column, lag } => write!(
                formatter,
                "values of {column} are taken as known {} after their date",
                counted(*lag as usize, "session")
            ),
            Notice::DatesKnown { column, known } => write!(
                formatter,
                "dates of {column} are taken as known {} ahead",
                counted(*known as usize, "session")
            ),
            Notice::UnusedColumn { name } => {
                write!(formatter, "the column '{name}' is named in no formula, and its file is not read")
            }
            Notice::WithoutNumbers { column, what, assets } => {
                let (named, rest) = assets.split_at(assets.len().min(NAMED_MOST));
                write!(formatter, "no {what} of '{column}' for {}", named.join(", "))?;
                match rest.len() {
                    0 => write!(formatter, ": it is absent there"),
                    more => write!(formatter, " and {more} more: it is absent there"),
                }
            }
            _ => Ok(()),
        }
    }

    /// Writes a notice about how a backtest went; of others nothing.
    fn fmt_of_run(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Notice::Ruined { date, equity } => write!(
                formatter,
                "the account was ruined: the equity is {} at the close of {date}; no figure after that means anything",
                money(*equity)
            ),
            Notice::BelowZero { since, lowest, on, is_free } => write!(
                formatter,
                "cash is below zero from {since} (lowest {} on {on}): the strategy borrows{}",
                money(*lowest),
                if *is_free { ", and nothing is charged for it" } else { "" }
            ),
            Notice::Waited { orders, sessions, asset, decided } => write!(
                formatter,
                "{} waited for a bar, the longest for {} ('{asset}', decided on {decided})",
                counted(*orders, "order"),
                counted(*sessions, "session")
            ),
            Notice::WithinBand { within, decisions } => {
                write!(formatter, "{within} of {decisions} decisions were within the band and not acted upon")
            }
            Notice::Rounding => write!(
                formatter,
                "the returns differ by rounding alone: the Sharpe or the Sortino ratio divides by it and means nothing; \
                 conventions.deviation = \"sample\" leaves it out"
            ),
            Notice::WhenNeverHolds => {
                write!(
                    formatter,
                    "'rebalance.when' holds for no member at any close of the schedule: nothing is traded"
                )
            }
            Notice::NothingTraded => {
                write!(formatter, "nothing was traded: every weight was 0 or too small for one share")
            }
            Notice::ScaledUp { date, sum } => write!(
                formatter,
                "the weights of {date} sum to {} and are scaled up to 1, as in QSTrader: to leave the rest in cash set \
                 conventions.long_only_weights = \"rescale_above_one\"",
                number(*sum)
            ),
            _ => Ok(()),
        }
    }
}

/// A number of things, whose name takes an `s` unless there is one.
fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_say_what_their_result_rests_on() {
        let column = || "pe".to_owned();
        let lag = |lag| Notice::NumbersKnown { column: column(), lag }.to_string();
        assert_eq!(lag(1), "values of pe are taken as known 1 session after their date");
        assert_eq!(lag(0), "values of pe are taken as known 0 sessions after their date");
        let known = Notice::DatesKnown { column: column(), known: 250 }.to_string();
        assert_eq!(known, "dates of pe are taken as known 250 sessions ahead");
        let without = |count: usize| {
            let assets = (0..count).map(|number| format!("A{number}")).collect();
            Notice::WithoutNumbers { column: column(), what: "number", assets }.to_string()
        };
        assert_eq!(without(2), "no number of 'pe' for A0, A1: it is absent there");
        let twelve =
            "no number of 'pe' for A0, A1, A2, A3, A4, A5, A6, A7, A8, A9 and 2 more: it is absent there";
        assert_eq!(without(12), twelve);
    }
}
