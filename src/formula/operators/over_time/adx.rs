//! `adx(n)`: Wilder's average directional index.

use crate::formula::kernel::arithmetic::finite;
use crate::formula::kernel::bars::each_bar;
use crate::formula::kernel::days::Days;
use crate::formula::kernel::directional::DirectionalIndicators;
use crate::formula::kernel::wilder::SmoothedAverage;
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};
use crate::market::columns::Column;

/// `adx(n)`: Wilder's average directional index.
pub(crate) static ADX: Operator = Operator {
    name: "adx",
    usage: "adx(n)",
    synonyms: &[],
    arguments: &[
        Argument::Series(Column::High),
        Argument::Series(Column::Low),
        Argument::Series(Column::Close),
        Argument::whole(1),
    ],
    optional: 0,
    rule: None,
    depth: |constants| 2 * window(constants),
    compute: Compute::OverTime(compute),
    purpose: "indicators with a name of their own",
    definition: "Wilder's average directional index, 0 to 100: how one-sided the moves are, whatever their direction. It is \
        `wilder(dx, n)` of `dx = 100 * abs(p - m) / (p + m)`, 0 where `p + m` is 0, with p for `plus_di(n)` and m for \
        `minus_di(n)`.",
    absent: Absent::Rule("Absent before the asset's 2n-th day."),
    example: &["A: adx(2) -> -, -, -, 0, 40, 34.2857"],
    remarks: "TA-Lib begins with other values; after some 10 n days both are equal.",
    source: "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978; Pine's ta.dmi.",
};

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let [high, low, close] = *window.columns else { return };
    let n = window.constants[0];
    let (mut indicators, mut average) = (DirectionalIndicators::new(n), SmoothedAverage::new(n));
    let column = each_bar([high, low, close], |bar, before| {
        let [rises, falls] = indicators.push(bar, before)?;
        let sum = rises + falls;
        average.push(if sum == 0.0 { 0.0 } else { 100.0 * (rises - falls).abs() / sum }).map(finite)
    });
    days.gather(out, &column);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check};

    #[test]
    fn hand_worked_values() {
        // The indicators of one day are 50 and 0, then 0 and 40; of two days 22.22 and 22.22, so that dx is 0.
        let columns: [&[f64]; 3] = [&[3.0, 5.0, 4.0, 4.0], &[1.0, 1.0, -1.0, -1.0], &[2.0, 4.0, 0.0, 0.0]];
        check(&ADX, &[1.0], &columns, &[NAN, 100.0, 100.0, 0.0]);
        check(&ADX, &[2.0], &columns, &[NAN, NAN, NAN, 0.0]);
    }
}
