//! `rsquare(x, n)`: how straight the last n values run.

use crate::formula::kernel::days::Days;
use crate::formula::kernel::end::End;
use crate::formula::kernel::line::{self, LEAST};
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};

/// `rsquare(x, n)`: how straight the last n values run.
pub(crate) static RSQUARE: Operator = Operator {
    name: "rsquare",
    usage: "rsquare(x, n)",
    synonyms: &["rsq", "r2"],
    arguments: &[Argument::ValueOrClose, Argument::window(LEAST)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "lines of least squares, pairs of series",
    definition: "The share of the variance of the last n values that the line of least squares through \
        them explains, from 0 to 1. n is at least 2.",
    absent: Absent::UntilFull("Absent too where all values are equal."),
    example: &["A: rsquare(3) -> -, -, 0.1071, 0, 1, 0"],
    remarks: "",
    source: "qlib: Rsquare",
};

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let x = window.x();
    line::fill(
        x,
        window.reach(),
        days,
        out,
        |_| f64::NAN,
        |_, line| {
            let rsquare = line.products * line.products / (line.squares_of_places * line.squares);
            End::Lowest.choose(rsquare, 1.0)
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check, check_partial};

    const ALL: f64 = f64::INFINITY;

    #[test]
    fn hand_worked_values() {
        let x = [1.0, 2.0, 6.0, NAN, 0.1, 0.1];
        // 1, 2 and 6: the sums are 5, 2 and 14.
        check(&RSQUARE, &[3.0], &[&x], &[NAN, NAN, 25.0 / 28.0, NAN, NAN, NAN]);
        check_partial(&RSQUARE, &[2.0], &[&x], &[NAN, 1.0, 1.0, NAN, NAN, NAN]);
        // 1, 2 and 5 at the places 1, 2 and 4: the sums are 19 / 3, 14 / 3 and 26 / 3.
        let gap = [1.0, 2.0, NAN, 5.0];
        check(&RSQUARE, &[ALL], &[&gap], &[NAN, 1.0, NAN, 361.0 / 364.0]);
        check(&RSQUARE, &[ALL], &[&[0.1; 3]], &[NAN; 3]);
        // Squares that are too small or too large for a number.
        check(&RSQUARE, &[3.0], &[&[1e-200, 2e-200, 4e-200]], &[NAN; 3]);
        check(&RSQUARE, &[3.0], &[&[1e200, 2e200, 4e200]], &[NAN; 3]);
    }
}
