//! `minus_di(n)`: Wilder's directional indicator of falls.

use crate::formula::kernel::bars::each_bar;
use crate::formula::kernel::days::Days;
use crate::formula::kernel::directional::DirectionalIndicators;
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};
use crate::market::columns::Column;

/// `minus_di(n)`: Wilder's directional indicator of falls.
pub(crate) static MINUS_DI: Operator = Operator {
    name: "minus_di",
    usage: "minus_di(n)",
    synonyms: &["di_minus"],
    arguments: &[
        Argument::Series(Column::High),
        Argument::Series(Column::Low),
        Argument::Series(Column::Close),
        Argument::whole(1),
    ],
    optional: 0,
    rule: None,
    depth: |constants| window(constants) + 1,
    compute: Compute::OverTime(compute),
    purpose: "indicators with a name of their own",
    definition: "Wilder's directional indicator of falls, 0 to 100: `100 * wilder(move, n) / wilder(range, n)`, 0 where the \
        range is 0. The move of a day is `lag(low, 1) - low` where that is above 0 and above `high - lag(high, 1)`, \
        else 0; the range is the true range of `atr`. Both begin on the asset's second day.",
    absent: Absent::Rule("Absent before the asset's (n + 1)-th day."),
    example: &["A: minus_di(2) -> -, -, 28.5714, 15.3846, 6.8966, 16.3934"],
    remarks: "",
    source: "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978.",
};

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let [high, low, close] = *window.columns else { return };
    let mut indicators = DirectionalIndicators::new(window.constants[0]);
    let column =
        each_bar([high, low, close], |bar, before| indicators.push(bar, before).map(|[_, falls]| falls));
    days.gather(out, &column);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check};

    #[test]
    fn the_larger_move_counts_alone() {
        // Moves down 0 (up 2) and 2, ranges 4 and 5.
        let columns: [&[f64]; 3] = [&[3.0, 5.0, 4.0], &[1.0, 1.0, -1.0], &[2.0, 4.0, 0.0]];
        check(&MINUS_DI, &[1.0], &columns, &[NAN, 0.0, 40.0]);
        check(&MINUS_DI, &[2.0], &columns, &[NAN, NAN, 100.0 / 4.5]);
        check(&MINUS_DI, &[1.0], &[&[2.0, 2.0], &[2.0, 2.0], &[2.0, 2.0]], &[NAN, 0.0]);
    }
}
