//! Any text as a strategy file, its lines after `%%` as overrides: a message of one fault that a terminal can show, or a
//! strategy whose values are in range.

use std::path::Path;

use crate::engine::conventions::{Conventions, TradingDays};
use crate::engine::schedule::Clock;
use crate::market::calendar::is_weekday;
use crate::strategy::definition::Strategy;

/// Any text.
pub fn strategy(text: &str) {
    let (file, overrides) = text.split_once("%%\n").unwrap_or((text, ""));
    let overrides: Vec<String> = overrides.lines().map(str::to_owned).collect();
    match Strategy::parse("fuzz.toml", file, Path::new("folder"), &overrides) {
        Ok(strategy) => check(&strategy),
        Err(error) => {
            let message = error.to_string();
            assert!(!message.chars().any(|letter| letter.is_control() && letter != '\n'), "{message:?}");
            assert!(message.chars().count() < 3000 && message.lines().count() <= 3, "{message:?}");
        }
    }
}

fn check(strategy: &Strategy) {
    assert!(!strategy.assets.is_empty() && !strategy.name.trim().is_empty());
    assert!(strategy.initial_cash > 0.0 && strategy.initial_cash.is_finite());
    assert!(strategy.parameter_values().iter().all(|value| value.is_finite()));
    let Conventions { calendar, first_day, last_day, .. } = strategy.conventions;
    if calendar == TradingDays::Weekdays {
        let clock = Clock::weekdays(&strategy.period, first_day, last_day);
        assert!(clock.curve_start < clock.calendar.days() && is_weekday(clock.calendar.date(0)));
    }
    assert!(strategy.symbols().is_sorted());
    assert_eq!(strategy.depth_at(&strategy.parameter_values()), Ok(strategy.depth));
    let (terms, rules) = (strategy.terms(), strategy.rules());
    assert!(terms.initial_cash == strategy.initial_cash && rules.periods_per_year > 0.0);
}
