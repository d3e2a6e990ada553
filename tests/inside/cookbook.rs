//! The recipes of the cookbook over their made markets do not see the future.

use super::made_market::{END, MadeMarket, date, name_of, recipes};
use super::properties::{DatedDecision, decisions_until, poison};
use crate::market::date::Date;
use crate::strategy::definition::Strategy;
use crate::strategy::run::run;

/// Recipes that dates alone decide: no number of the future can change them.
const OF_THE_CALENDAR: [&str; 7] = [
    "day_of_week",
    "expiration_week",
    "holiday_drift",
    "meeting_drift",
    "payday",
    "sell_in_may",
    "turn_of_month",
];

fn parsed(text: &str) -> Date {
    Date::parse(text.as_bytes()).expect("a date")
}

fn decisions(market: &MadeMarket) -> Vec<DatedDecision> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = market.write(folder.path());
    // The poison may ruin who borrows; decisions go on.
    let overrides = ["conventions.ruin=continue".to_owned()];
    let strategy = Strategy::read(&file, &overrides).unwrap_or_else(|error| panic!("{error}"));
    let result = run(&strategy).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    decisions_until(&result, parsed(END))
}

#[test]
fn a_poisoned_future_leaves_decisions_of_recipes_unchanged() {
    let mut unchanged = Vec::new();
    for file in recipes() {
        let name = name_of(&file);
        let market = MadeMarket::new(&file);
        let mut changed = false;
        let honest = decisions(&market);
        for last in ["2004-06-30", "2005-09-14", "2006-08-31"] {
            let poisoned = decisions(&market.poisoned(date(last), poison));
            let until = |all: &[DatedDecision]| -> Vec<DatedDecision> {
                all.iter().filter(|(day, ..)| *day <= parsed(last)).cloned().collect()
            };
            assert_eq!(until(&honest), until(&poisoned), "{name} sees beyond {last}");
            changed |= honest != poisoned;
        }
        if !changed {
            unchanged.push(name);
        }
    }
    assert_eq!(unchanged, OF_THE_CALENDAR, "recipes of which the poison changes no decision");
}
