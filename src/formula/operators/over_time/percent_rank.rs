//! `percent_rank(x, n)`: the place of x among the last n values, as a fraction.

use crate::formula::kernel::days::Days;
use crate::formula::kernel::present::Present;
use crate::formula::kernel::sorted;
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};

/// `percent_rank(x, n)`: the place of x among the last n values, as a fraction.
pub(crate) static PERCENT_RANK: Operator = Operator {
    name: "percent_rank",
    usage: "percent_rank(x, n)",
    synonyms: &[],
    arguments: &[Argument::ValueOrClose, Argument::window(LEAST)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "quantiles and ranks over time",
    definition: "The place of x among the last n values, its own included, from below and divided by their \
        number: 1 for the highest, `1 / n` for the lowest. Equal values share the mean of their places.",
    absent: Absent::UntilFull(""),
    example: &["A: percent_rank(3) -> -, -, 0.3333, 0.8333, 1, 0.5"],
    remarks: "",
    source: "pandas: rolling(n).rank(pct=True)",
};

/// The fewest values that have a place.
const LEAST: u32 = 1;

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let x = window.x();
    let present = Present::new([x], window.reach(), LEAST as usize);
    sorted::fill(&present, days, out, |t, values| match present.has(t) {
        true => sorted::percent_rank(values, x[t]),
        false => f64::NAN,
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check, check_partial};

    const ALL: f64 = f64::INFINITY;

    #[test]
    fn hand_worked_values() {
        let x = [4.0, 2.0, NAN, 2.0, 1.0, 5.0];
        check(&PERCENT_RANK, &[2.0], &[&x], &[NAN, 0.5, NAN, NAN, 0.5, 1.0]);
        check_partial(&PERCENT_RANK, &[3.0], &[&x], &[1.0, 0.5, NAN, 0.75, 0.5, 1.0]);
        check(&PERCENT_RANK, &[ALL], &[&x], &[1.0, 0.5, NAN, 0.5, 0.25, 1.0]);
    }
}
