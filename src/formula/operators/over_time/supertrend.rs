//! `supertrend(n, k)`: a line k average true ranges away from the price, on the side from which the trend comes.

use crate::formula::kernel::arithmetic::finite;
use crate::formula::kernel::bars::{Bar, each_bar};
use crate::formula::kernel::days::Days;
use crate::formula::kernel::wilder::WilderAverage;
use crate::formula::node::COUNT_LIMIT;
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};
use crate::market::columns::Column;

/// `supertrend(n, k)`: a line k average true ranges away from the price, on the side from which the trend comes.
pub(crate) static SUPERTREND: Operator = Operator {
    name: "supertrend",
    usage: "supertrend(n, k)",
    synonyms: &[],
    arguments: &[
        Argument::Series(Column::High),
        Argument::Series(Column::Low),
        Argument::Series(Column::Close),
        Argument::whole(1),
        Argument::number(0.0, COUNT_LIMIT as f64),
    ],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "indicators with a name of their own",
    definition: "A line below the price while the trend is up, above it while it is down. Two lines lie `k * atr(n)` above and \
        below `(high + low) / 2`. The upper one only falls, until the close before was above it; the lower one only \
        rises, until the close before was below it. The trend is down at first, turns up where the close is above \
        the upper line, and down where it is below the lower one; the value is the lower line in an up trend, else \
        the upper one. k is any number from 0 on.",
    absent: Absent::Rule("Absent until `atr(n)` is there, on the asset's n-th day."),
    example: &[
        "A: supertrend(2, 1) -> -, 14, 13.25, 13.25, 10.4375, 10.4375",
        "A: supertrend(2, 0.3) -> -, 12.25, 10.975, 9.5625, 12.9313, 14.1344",
    ],
    remarks: "The trend is up where `close > supertrend(10, 3)`.",
    source: "Olivier Seban; Pine's ta.supertrend.",
};

/// The lines of yesterday, and which of them is the value.
struct Lines {
    upper: f64,
    lower: f64,
    is_up: bool,
}

impl Lines {
    /// The lines of today from those of yesterday and from the bands around today's price.
    fn after(self, bar: Bar, before: Bar, [upper, lower]: [f64; 2]) -> Lines {
        let upper = if upper < self.upper || before.close > self.upper { upper } else { self.upper };
        let lower = if lower > self.lower || before.close < self.lower { lower } else { self.lower };
        let is_up = if self.is_up { bar.close >= lower } else { bar.close > upper };
        Lines { upper, lower, is_up }
    }
}

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let (&[high, low, close], &[_, k]) = (window.columns, window.constants) else { return };
    let mut average = WilderAverage::new(window.n());
    let mut lines: Option<Lines> = None;
    let column = each_bar([high, low, close], |bar, before| {
        let away = k * average.push(bar.true_range(before))?;
        let middle = (bar.high + bar.low) / 2.0;
        let bands = [middle + away, middle - away];
        let today = match (lines.take(), before) {
            (Some(lines), Some(before)) => lines.after(bar, before, bands),
            _ => Lines { upper: bands[0], lower: bands[1], is_up: false },
        };
        let value = if today.is_up { today.lower } else { today.upper };
        lines = Some(today);
        Some(finite(value))
    });
    days.gather(out, &column);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check};

    #[test]
    fn it_turns_where_a_close_passes_a_line() {
        // Middles 10, 14, 13, 6 and ranges 2, 5, 2, 8. The upper line 12 stays on the second day, and the close 15 is above
        // it: the lower line 9; it rises to 11, and the close 5 is below it: the upper line.
        let high = [11.0, 15.0, 14.0, 7.0];
        let low = [9.0, 13.0, 12.0, 5.0];
        let columns: [&[f64]; 3] = [&high, &low, &[10.0, 15.0, 13.0, 5.0]];
        check(&SUPERTREND, &[1.0, 1.0], &columns, &[12.0, 9.0, 10.0, 14.0]);
        let hole: [&[f64]; 3] = [&[NAN, 11.0], &[9.0, 9.0], &[10.0, 10.0]];
        check(&SUPERTREND, &[1.0, 1.0], &hole, &[NAN, 12.0]);
    }
}
