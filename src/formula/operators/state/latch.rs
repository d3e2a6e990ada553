//! `latch(x, when)`: x as of the last close on which a condition was true.

use crate::formula::kernel::arithmetic::is_true;
use crate::formula::kernel::days::Days;
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, no_depth};

/// `latch(x, when)`: x as of the last close on which a condition was true.
pub(crate) static LATCH: Operator = Operator {
    name: "latch",
    usage: "latch(x, when)",
    synonyms: &[],
    arguments: &[Argument::Value, Argument::Value],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::OverTime(compute),
    purpose: "counting and events",
    definition: "x as it was at the last close on which `when` was true.",
    absent: Absent::Rule(
        "Absent before the first such close, and where x was absent at it. An absent condition is false.",
    ),
    example: &["A: latch(close, close > 11) -> -, 12, 12, 12, 15, 12"],
    remarks: "The last close of the year before: `monthly(latch(close, month() == 12))`.",
    source: "",
};

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let [x, when] = *window.columns else { return };
    let mut last = f64::NAN;
    let column: Vec<f64> = x
        .iter()
        .zip(when)
        .map(|(x, when)| {
            if is_true(*when) {
                last = *x;
            }
            last
        })
        .collect();
    days.gather(out, &column);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check};

    #[test]
    fn it_keeps_what_was_there_absent_or_not() {
        let x = [1.0, 2.0, NAN, 4.0, 5.0];
        let when = [NAN, -1.0, 1.0, 0.0, 2.0];
        check(&LATCH, &[], &[&x, &when], &[NAN, 2.0, NAN, NAN, 5.0]);
    }
}
