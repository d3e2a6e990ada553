//! Any text as a sweep file or a plan: a message of one fault that a terminal can show, or points whose values read back.

use std::path::Path;

use crate::sweep::definition::Sweep;
use crate::sweep::value::AxisValue;

/// Any text.
pub fn sweep(text: &str) {
    match Sweep::parse("fuzz.toml", text, Path::new("folder")) {
        Ok(sweep) => check(&sweep),
        Err(error) => {
            let message = error.to_string();
            assert!(!message.chars().any(|letter| letter.is_control() && letter != '\n'), "{message:?}");
            assert!(message.chars().count() < 3000 && message.lines().count() <= 3, "{message:?}");
        }
    }
}

fn check(sweep: &Sweep) {
    assert!(sweep.count > 0 && !sweep.space.axes.is_empty());
    for index in [0, sweep.count / 2, sweep.count - 1] {
        let values = sweep.space.values(index);
        assert_eq!(values.len(), sweep.space.axes.len());
        for value in &values {
            let number = match value {
                AxisValue::Text(_) => continue,
                value => value.plain(),
            };
            assert_eq!(AxisValue::of_cell(&number).plain(), number);
        }
        assert!(sweep.space.parameters(&values).iter().all(|value| value.is_finite()));
        sweep.space.keeps(index);
    }
}
