//! `median(x, n)`: the median of the last n values.

use crate::formula::kernel::days::Days;
use crate::formula::kernel::present::Present;
use crate::formula::kernel::sorted::{self, quantile};
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};

/// `median(x, n)`: the median of the last n values.
pub(crate) static MEDIAN: Operator = Operator {
    name: "median",
    usage: "median(x, n)",
    synonyms: &["med"],
    arguments: &[Argument::ValueOrClose, Argument::window(LEAST)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "quantiles and ranks over time",
    definition: "The median of the last n values: the middle one, or the mean of the two in the middle.",
    absent: Absent::UntilFull(""),
    example: &["A: median(3) -> -, -, 10, 12, 12, 12"],
    remarks: "",
    source: "pandas: rolling(n).median()",
};

/// The fewest values that have a median.
const LEAST: u32 = 1;

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let present = Present::new([window.x()], window.reach(), LEAST as usize);
    sorted::fill(&present, days, out, |_, sorted| quantile(sorted, 0.5));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check, check_partial};

    const ALL: f64 = f64::INFINITY;

    #[test]
    fn hand_worked_values() {
        let x = [4.0, 2.0, NAN, 9.0, 1.0, 5.0];
        check(&MEDIAN, &[3.0], &[&x], &[NAN, NAN, NAN, NAN, NAN, 5.0]);
        check_partial(&MEDIAN, &[3.0], &[&x], &[4.0, 3.0, 3.0, 5.5, 5.0, 5.0]);
        check(&MEDIAN, &[ALL], &[&x], &[4.0, 3.0, NAN, 4.0, 3.0, 4.0]);
    }
}
