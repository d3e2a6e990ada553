//! The conventions: each field says whether to do as QSTrader does or to correct one of its defects. docs/conventions.md has a
//! heading for each field. Each field is read by exactly one function.
//!
//! QSTrader answers a request for a price before an asset's first one with a later price. No convention reproduces that; see
//! "The price from the future" in docs/conventions.md.

use crate::stats::rules::{
    Annualisation, Deviation, DownsideRisk, DrawdownTies, FirstReturn, HighWaterStart,
};

/// A convention whose choices have names.
pub(crate) trait NamedChoice: Copy + PartialEq + 'static {
    /// Each choice with its name in a strategy file.
    const NAMES: &'static [(&'static str, Self)];

    /// The name of this choice in a strategy file.
    fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, choice)| *choice == self).map_or("", |(name, _)| name)
    }
}

/// Defines choices with names, each an enum that is a [`NamedChoice`].
macro_rules! choices {
    ($($(#[$about:meta])* $type:ident { $($(#[$variant_about:meta])* $variant:ident = $name:literal,)+ })+) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $type { $($(#[$variant_about])* $variant,)+ }

        impl NamedChoice for $type {
            const NAMES: &'static [(&'static str, Self)] = &[$(($name, $type::$variant),)+];
        }
    )+};
}

pub(crate) use choices;

choices! {
    /// Which dates are the days of a backtest.
    TradingDays {
        /// Monday to Friday.
        Weekdays = "weekdays",
        /// The dates on which a traded asset has a bar.
        Sessions = "sessions",
    }
    /// What happens to an order whose asset has no bar at the event at which the order is due.
    FillWithoutBar {
        /// It is filled at the last price.
        LastPrice = "last_price",
        /// It waits for the next bar.
        Wait = "wait",
    }
    /// What an asset is worth after its last bar.
    AfterLastBar {
        /// Its last price, to the end of the backtest.
        LastPrice = "last_price",
        /// It leaves, and a position in it becomes cash.
        PaidOut = "paid_out",
    }
    /// From which day on the windows of a member reach back.
    History {
        /// From its first entry.
        SinceEntry = "since_entry",
        /// From its first price within the backtest.
        AllBars = "all_bars",
    }
    /// The first point of the curve.
    CurveStart {
        /// The equity at the first close.
        FirstClose = "first_close",
        /// The initial cash, before the first open.
        InitialCash = "initial_cash",
    }
    /// When a buy-and-hold strategy buys.
    BuyAndHoldEvent {
        /// At the start, if that is exactly 14:30 or 21:00 and not before the burn-in; never otherwise.
        ExactStart = "exact_start",
        /// At the first open or close that is before neither the start nor the burn-in.
        NextEvent = "next_event",
    }
    /// Which day is the last of the backtest.
    LastDay {
        /// The last day on which the start's time of day is not after the end.
        StartTimeOfDay = "start_time_of_day",
        /// The last day not after the end's date.
        Date = "date",
    }
    /// Whether the open and the close of the first day happen although the start is later.
    FirstDay {
        /// Both happen.
        Whole = "whole",
        /// They do not: with a start after the close, the next day is the first one.
        FromStart = "from_start",
    }
    /// What happens when the equity is not positive at a close.
    Ruin {
        /// Trading goes on.
        Continue = "continue",
        /// The backtest fails.
        Fail = "fail",
    }
    /// The base of the fractions `commission` and `tax` of a fill.
    FeeBase {
        /// The consideration (price times shares), rounded half to even to whole currency units.
        WholeUnits = "whole_units",
        /// The exact consideration.
        Exact = "exact",
    }
    /// The value whose trading costs a sizer estimates.
    CostEstimate {
        /// The whole target value.
        WholeTarget = "whole_target",
        /// The difference between the target value and the value held.
        TradedDifference = "traded_difference",
    }
    /// How the estimated cost changes a short target.
    ShortCost {
        /// It makes the position larger.
        Enlarges = "enlarges",
        /// It makes the position smaller.
        Reduces = "reduces",
    }
    /// How long-only weights are scaled.
    LongOnlyWeights {
        /// To sum 1, unless they sum to (nearly) 0.
        RescaleToOne = "rescale_to_one",
        /// To sum 1 if they sum to more.
        RescaleAboveOne = "rescale_above_one",
    }
    /// Which fills pay tax.
    TaxedSides {
        /// Buys and sells.
        BuysAndSells = "buys_and_sells",
        /// Buys.
        Buys = "buys",
    }
    /// In which order the orders of a decision at an open are filled.
    OpenOrders {
        /// By identifier.
        OneByOne = "one_by_one",
        /// Sells, then buys, each by identifier.
        SellsFirst = "sells_first",
    }
    /// Which assets must have a price at a decision.
    PriceNeeded {
        /// Every asset with a weight, even if the weight is 0.
        EveryAsset = "every_asset",
        /// Assets with a weight other than 0.
        TradedAssets = "traded_assets",
    }
    /// From when on a formula gives weights.
    SignalReadiness {
        /// For all assets together: once there have been as many closes since the start as the formula is deep.
        DaysSinceStart = "days_since_start",
        /// For each asset by itself: once its own windows are full.
        FullWindows = "full_windows",
    }
    /// Which weights `target_allocations` shows.
    RecordedWeights {
        /// As the formula gives them; what is left over stands with the idle asset.
        AsGiven = "as_given",
        /// As the sizer scales them.
        Normalised = "normalised",
    }
    /// From which day on `target_allocations` shows the weights of a decision.
    AllocationDate {
        /// The day of the decision.
        Decision = "decision",
        /// The day of the fills.
        Execution = "execution",
    }
}

macro_rules! named {
    ($($type:ident { $($variant:ident = $name:literal),+ })+) => {$(
        impl NamedChoice for $type {
            const NAMES: &'static [(&'static str, Self)] = &[$(($name, $type::$variant),)+];
        }
    )+};
}

named! {
    HighWaterStart { SecondPoint = "second_point", InitialEquity = "initial_equity" }
    DrawdownTies { Logarithms = "logarithms", Equity = "equity" }
    DownsideRisk { NegativeDeviation = "negative_deviation", RootMeanSquare = "root_mean_square" }
    Deviation { Population = "population", Sample = "sample" }
    FirstReturn { Counted = "counted", Excluded = "excluded" }
    Annualisation { PeriodsPerYear = "periods_per_year", ActualTime = "actual_time" }
}

macro_rules! conventions {
    ($($(#[$about:meta])* $field:ident: $type:ident = $qstrader:ident | $sound:ident,)+) => {
        /// One choice for each convention.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) struct Conventions { $($(#[$about])* pub $field: $type,)+ }

        impl Conventions {
            /// The numbers a QSTrader user knows.
            pub(crate) const QSTRADER: Conventions = Conventions { $($field: $type::$qstrader,)+ };
            /// Corrects each defect of timing, sizing and statistics.
            pub(crate) const SOUND: Conventions = Conventions { $($field: $type::$sound,)+ };
            /// The names of the fields, in order.
            pub(crate) const FIELDS: &'static [&'static str] = &[$(stringify!($field),)+];

            /// The names of a field's choices, or `None` for an unknown field.
            pub(crate) fn choices(field: &str) -> Option<Vec<&'static str>> {
                match field {
                    $(stringify!($field) => Some($type::NAMES.iter().map(|(name, _)| *name).collect()),)+
                    _ => None,
                }
            }

            /// Sets a field to the choice with this name. Returns false, and changes nothing, if field or choice is unknown.
            pub(crate) fn set(&mut self, field: &str, choice: &str) -> bool {
                match field {
                    $(stringify!($field) => {
                        let named = $type::NAMES.iter().find(|(name, _)| *name == choice);
                        named.is_some_and(|(_, choice)| { self.$field = *choice; true })
                    })+
                    _ => false,
                }
            }

            /// Every field with the name of its choice, in order.
            pub(crate) fn named(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($field), self.$field.name()),)+]
            }
        }
    };
}

conventions! {
    /// When a buy-and-hold strategy buys; see `buy_and_hold_event` in docs/conventions.md.
    buy_and_hold_event: BuyAndHoldEvent = ExactStart | NextEvent,
    /// Which day is the last; see `last_day` in docs/conventions.md.
    last_day: LastDay = StartTimeOfDay | Date,
    /// Whether events of the first day happen before the start; see `first_day` in docs/conventions.md.
    first_day: FirstDay = Whole | FromStart,
    /// How many periods make a year; see `annualisation` in docs/conventions.md.
    annualisation: Annualisation = PeriodsPerYear | ActualTime,
    /// The point of the curve from which drawdowns are measured; see `high_water_start` in docs/conventions.md.
    high_water_start: HighWaterStart = SecondPoint | InitialEquity,
    /// Whether equity that is back at its high counts as below it; see `drawdown_ties` in docs/conventions.md.
    drawdown_ties: DrawdownTies = Logarithms | Equity,
    /// The risk in the Sortino ratio; see `downside_risk` in docs/conventions.md.
    downside_risk: DownsideRisk = NegativeDeviation | RootMeanSquare,
    /// The divisor of a standard deviation; see `deviation` in docs/conventions.md.
    deviation: Deviation = Population | Sample,
    /// Whether the first point of the curve counts as a return; see `first_return` in docs/conventions.md.
    first_return: FirstReturn = Counted | Excluded,
    /// What happens when the equity is not positive at a close; see `ruin` in docs/conventions.md.
    ruin: Ruin = Continue | Fail,
    /// The base of the fee fractions of a fill; see `fee_base` in docs/conventions.md.
    fee_base: FeeBase = WholeUnits | Exact,
    /// The value whose trading costs a sizer estimates; see `cost_estimate` in docs/conventions.md.
    cost_estimate: CostEstimate = WholeTarget | TradedDifference,
    /// How the estimated cost changes a short target; see `short_cost` in docs/conventions.md.
    short_cost: ShortCost = Enlarges | Reduces,
    /// How long-only weights are scaled; see `long_only_weights` in docs/conventions.md.
    long_only_weights: LongOnlyWeights = RescaleToOne | RescaleAboveOne,
    /// Which fills pay tax; see `taxed_sides` in docs/conventions.md.
    taxed_sides: TaxedSides = BuysAndSells | Buys,
    /// In which order the orders of a decision at an open are filled; see `open_orders` in docs/conventions.md.
    open_orders: OpenOrders = OneByOne | SellsFirst,
    /// Which assets must have a price at a decision; see `price_needed` in docs/conventions.md.
    price_needed: PriceNeeded = EveryAsset | TradedAssets,
    /// From when on a formula gives weights; see `signal_readiness` in docs/conventions.md.
    signal_readiness: SignalReadiness = DaysSinceStart | FullWindows,
    /// Which weights `target_allocations` shows; see `recorded_weights` in docs/conventions.md.
    recorded_weights: RecordedWeights = AsGiven | Normalised,
    /// From which day on it shows the weights of a decision; see `allocation_date` in docs/conventions.md.
    allocation_date: AllocationDate = Decision | Execution,
    /// Which dates are the days of a backtest; see `calendar` in docs/conventions.md.
    calendar: TradingDays = Weekdays | Sessions,
    /// What happens to an order whose asset has no bar; see `fill_without_bar` in docs/conventions.md.
    fill_without_bar: FillWithoutBar = LastPrice | Wait,
    /// What an asset is worth after its last bar; see `after_last_bar` in docs/conventions.md.
    after_last_bar: AfterLastBar = LastPrice | PaidOut,
    /// From which day on the windows of a member reach back; see `history` in docs/conventions.md.
    history: History = SinceEntry | AllBars,
    /// The first point of the curve; see `curve_start` in docs/conventions.md.
    curve_start: CurveStart = FirstClose | InitialCash,
}

/// The presets with their names.
pub(crate) const PRESETS: [(&str, Conventions); 2] =
    [("qstrader", Conventions::QSTRADER), ("sound", Conventions::SOUND)];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_presets_differ_in_every_field() {
        let (qstrader, sound) = (Conventions::QSTRADER.named(), Conventions::SOUND.named());
        assert_eq!(qstrader.len(), Conventions::FIELDS.len());
        assert!(qstrader.iter().zip(&sound).all(|(a, b)| a.0 == b.0 && a.1 != b.1));
    }

    #[test]
    fn every_choice_can_be_set_by_name() {
        for field in Conventions::FIELDS {
            for choice in Conventions::choices(field).unwrap() {
                let mut conventions = Conventions::QSTRADER;
                assert!(conventions.set(field, choice));
                assert!(conventions.named().contains(&(field, choice)));
            }
        }
        assert!(!Conventions::QSTRADER.clone().set("ruin", "explode"));
    }
}
