//! Where QSTrader's behaviour and the textbook's differ, as data (SEM 20). Each field is read in exactly one place.
//!
//! The price from the future (Q1) is no convention: it is reproduced under none.

use crate::stats::rules::{
    Annualisation, Deviation, DownsideRisk, DrawdownTies, FirstReturn, HighWaterStart,
};

/// A convention with a name for each of its choices.
pub(crate) trait Choice: Copy + PartialEq + 'static {
    /// The choices and how they are written in a strategy file.
    const NAMES: &'static [(&'static str, Self)];

    /// How this choice is written.
    fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, choice)| *choice == self).map_or("", |(name, _)| name)
    }
}

macro_rules! choices {
    ($($(#[$about:meta])* $type:ident { $($(#[$variant_about:meta])* $variant:ident = $name:literal,)+ })+) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $type { $($(#[$variant_about])* $variant,)+ }

        impl Choice for $type {
            const NAMES: &'static [(&'static str, Self)] = &[$(($name, $type::$variant),)+];
        }
    )+};
}

choices! {
    /// When a buy-and-hold strategy buys (Q2, Q3).
    BuyAndHoldEvent {
        /// Only if the start is exactly 14:30 or 21:00, and not before a burn-in.
        ExactStart = "exact_start",
        /// At the first open or close at or after the start and the burn-in.
        NextEvent = "next_event",
    }
    /// Which day is the last (Q4).
    LastDay {
        /// The last weekday on which the start's time of day is not after the end.
        StartTimeOfDay = "start_time_of_day",
        /// The last weekday not after the end's date.
        Date = "date",
    }
    /// Whether the first day's events before the start happen (Q5).
    FirstDay {
        /// They do.
        Whole = "whole",
        /// They do not: a start after the close begins on the next weekday.
        FromStart = "from_start",
    }
    /// What happens when equity is not positive at a close (Q13).
    Ruin {
        /// Trading goes on.
        Continue = "continue",
        /// The point fails.
        Fail = "fail",
    }
    /// What the fee fractions of a fill are taken of (Q16).
    FeeBase {
        /// The consideration rounded half to even to whole currency units.
        WholeUnits = "whole_units",
        /// The consideration.
        Exact = "exact",
    }
    /// What a sizer's cost estimate is taken of (Q17).
    CostEstimate {
        /// The whole target value.
        WholeTarget = "whole_target",
        /// The difference from the value held.
        TradedDifference = "traded_difference",
    }
    /// What the estimated cost does to a short target (Q18).
    ShortCost {
        /// It makes the position larger.
        Enlarges = "enlarges",
        /// It makes the position smaller.
        Reduces = "reduces",
    }
    /// How long-only weights are scaled (Q19).
    LongOnlyWeights {
        /// To sum 1, unless they sum to 0.
        RescaleToOne = "rescale_to_one",
        /// To sum 1 where they sum to more.
        RescaleAboveOne = "rescale_above_one",
    }
    /// Which fills pay tax (Q20).
    TaxedSides {
        /// Buys and sells.
        BuysAndSells = "buys_and_sells",
        /// Buys.
        Buys = "buys",
    }
    /// In which order a decision at an open is filled (Q22).
    OpenOrders {
        /// By identifier.
        OneByOne = "one_by_one",
        /// Sells, then buys, each by identifier.
        SellsFirst = "sells_first",
    }
    /// Which assets must have a price at a decision (Q23).
    PriceNeeded {
        /// Every asset that has a weight, be it 0.
        EveryAsset = "every_asset",
        /// Assets with a weight other than 0.
        TradedAssets = "traded_assets",
    }
    /// When a formula gives weights (Q24).
    SignalReadiness {
        /// For all assets at once, when as many closes since the start have been seen as its depth.
        DaysSinceStart = "days_since_start",
        /// For each asset when its own windows are full.
        FullWindows = "full_windows",
    }
    /// Which weights are recorded (Q29).
    RecordedWeights {
        /// As the formula gives them.
        AsGiven = "as_given",
        /// As the sizer scales them.
        Normalised = "normalised",
    }
    /// From which day on recorded weights apply (Q30).
    AllocationDate {
        /// The day of the decision.
        Decision = "decision",
        /// The day of the fills.
        Execution = "execution",
    }
}

macro_rules! named {
    ($($type:ident { $($variant:ident = $name:literal),+ })+) => {$(
        impl Choice for $type {
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
            /// Each defect of the statistics, of sizing and of timing corrected.
            pub(crate) const SOUND: Conventions = Conventions { $($field: $type::$sound,)+ };
            /// The fields, in order.
            pub(crate) const FIELDS: &'static [&'static str] = &[$(stringify!($field),)+];

            /// The names of a field's choices, or `None` for an unknown field.
            pub(crate) fn choices(field: &str) -> Option<Vec<&'static str>> {
                match field {
                    $(stringify!($field) => Some($type::NAMES.iter().map(|(name, _)| *name).collect()),)+
                    _ => None,
                }
            }

            /// Sets a field by the name of a choice; false if field or choice is unknown.
            pub(crate) fn set(&mut self, field: &str, choice: &str) -> bool {
                match field {
                    $(stringify!($field) => {
                        let found = $type::NAMES.iter().find(|(name, _)| *name == choice);
                        found.is_some_and(|(_, choice)| { self.$field = *choice; true })
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
    /// Q2, Q3.
    buy_and_hold_event: BuyAndHoldEvent = ExactStart | NextEvent,
    /// Q4.
    last_day: LastDay = StartTimeOfDay | Date,
    /// Q5.
    first_day: FirstDay = Whole | FromStart,
    /// Q6.
    annualisation: Annualisation = PeriodsPerYear | ActualTime,
    /// Q9.
    high_water_start: HighWaterStart = SecondPoint | InitialEquity,
    /// SEM 15.1, 17.
    drawdown_ties: DrawdownTies = Logarithms | Equity,
    /// Q10.
    downside_risk: DownsideRisk = NegativeDeviation | RootMeanSquare,
    /// Q11.
    deviation: Deviation = Population | Sample,
    /// Q12.
    first_return: FirstReturn = Counted | Excluded,
    /// Q13.
    ruin: Ruin = Continue | Fail,
    /// Q16.
    fee_base: FeeBase = WholeUnits | Exact,
    /// Q17.
    cost_estimate: CostEstimate = WholeTarget | TradedDifference,
    /// Q18.
    short_cost: ShortCost = Enlarges | Reduces,
    /// Q19.
    long_only_weights: LongOnlyWeights = RescaleToOne | RescaleAboveOne,
    /// Q20.
    taxed_sides: TaxedSides = BuysAndSells | Buys,
    /// Q22.
    open_orders: OpenOrders = OneByOne | SellsFirst,
    /// Q23.
    price_needed: PriceNeeded = EveryAsset | TradedAssets,
    /// Q24.
    signal_readiness: SignalReadiness = DaysSinceStart | FullWindows,
    /// Q29.
    recorded_weights: RecordedWeights = AsGiven | Normalised,
    /// Q30.
    allocation_date: AllocationDate = Decision | Execution,
}

/// The presets by name.
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
