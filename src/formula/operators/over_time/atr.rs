//! `atr(n)`: Wilder's average true range.

use crate::formula::kernel::arithmetic::finite;
use crate::formula::kernel::bars::each_bar;
use crate::formula::kernel::days::Days;
use crate::formula::kernel::wilder::WilderAverage;
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};
use crate::market::columns::Column;

/// `atr(n)`: Wilder's average true range.
pub(crate) static ATR: Operator = Operator {
    name: "atr",
    usage: "atr(n)",
    synonyms: &[],
    arguments: &[
        Argument::Series(Column::High),
        Argument::Series(Column::Low),
        Argument::Series(Column::Close),
        Argument::whole(1),
    ],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "volatility and moments",
    definition: "Wilder's average true range, in the unit of the price. The true range of a day is the largest of `high - \
        low`, `abs(high - lag(close, 1))` and `abs(low - lag(close, 1))`; on the asset's first day it is `high - \
        low`. The average starts as the mean of the first n ranges and then moves by `1 / n` of the way to each \
        new one.",
    absent: Absent::Short { fewer_than: "n days", qstrader: "absent" },
    example: &["A: atr(2) -> -, 2.5, 3.25, 3.125, 3.5625, 3.7812"],
    remarks: "",
    source: "",
};

/// Wilder (1978): the average of the true range; absent until `n` days.
fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let [high, low, close] = *window.columns else { return };
    let mut average = WilderAverage::new(window.n());
    let column = each_bar([high, low, close], |bar, before| average.push(bar.true_range(before)).map(finite));
    days.gather(out, &column);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check};

    #[test]
    fn it_starts_with_high_minus_low() {
        // The ranges are 2, 7 and 4.
        let columns: [&[f64]; 3] = [&[3.0, 9.0, 5.0], &[1.0, 8.0, 4.0], &[2.0, 8.0, 5.0]];
        check(&ATR, &[2.0], &columns, &[NAN, 4.5, 4.25]);
    }
}
