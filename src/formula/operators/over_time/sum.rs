//! `sum(x, n)`: the sum of the last n values.

use crate::formula::kernel::days::Days;
use crate::formula::kernel::moments::Sum;
use crate::formula::kernel::present::{Present, Reach};
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};

/// `sum(x, n)`: the sum of the last n values.
pub(crate) static SUM: Operator = Operator {
    name: "sum",
    usage: "sum(x, n)",
    synonyms: &["ts_sum", "rolling_sum"],
    arguments: &[Argument::ValueOrClose, Argument::window(LEAST)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "sums and products",
    definition: "The sum of the last n values. `sum(x, all)` is the sum of all values so far.",
    absent: Absent::UntilFull(""),
    example: &["A: sum(3) -> -, -, 31, 33, 36, 39", "A: sum(volume, all) -> 100, 400, 600, 700, 1100, 1300"],
    remarks: "",
    source: "pandas: rolling(n).sum()",
};

/// The fewest values that have a sum.
const LEAST: u32 = 1;

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let reach = window.reach();
    let present = Present::new([window.x()], reach, LEAST as usize);
    if reach != Reach::All {
        return present.fill_sums::<Sum, 1>(days, out, |_, _, [sum]| sum);
    }
    let mut sum = 0.0;
    present.fill_running(days, out, |[x], _| {
        sum += x;
        sum
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check, check_partial};

    const ALL: f64 = f64::INFINITY;

    #[test]
    fn hand_worked_values() {
        let x = [1.0, 2.0, NAN, 4.0, 8.0, 16.0];
        check(&SUM, &[2.0], &[&x], &[NAN, 3.0, NAN, NAN, 12.0, 24.0]);
        check_partial(&SUM, &[2.0], &[&x], &[1.0, 3.0, 2.0, 4.0, 12.0, 24.0]);
        check(&SUM, &[ALL], &[&x], &[1.0, 3.0, NAN, 7.0, 15.0, 31.0]);
    }

    #[test]
    fn sums_side_by_side_equal_sums_alone() {
        let x: Vec<f64> =
            (0..300).map(|t| if t == 80 { NAN } else { f64::from(t * 37 % 11).sqrt() }).collect();
        for n in [1, 7, 8, 129] {
            let full = |t: usize| t + 1 >= n && !(80..80 + n).contains(&t);
            let sum =
                |t: usize| if full(t) { crate::summation::pairwise_sum(&x[t + 1 - n..=t]) } else { NAN };
            check(&SUM, &[n as f64], &[&x], &(0..x.len()).map(sum).collect::<Vec<_>>());
        }
    }
}
