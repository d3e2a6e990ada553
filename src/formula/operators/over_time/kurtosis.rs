//! `kurtosis(x, n)`: the excess kurtosis of the last n values.

use crate::formula::kernel::days::Days;
use crate::formula::kernel::moments::means;
use crate::formula::kernel::present::{Flats, Present};
use crate::formula::kernel::sums::WindowSums;
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};
use crate::summation::{Side, pairwise_sums};

/// `kurtosis(x, n)`: the excess kurtosis of the last n values.
pub(crate) static KURTOSIS: Operator = Operator {
    name: "kurtosis",
    usage: "kurtosis(x, n)",
    synonyms: &["kurt"],
    arguments: &[Argument::ValueOrClose, Argument::window(LEAST)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "volatility and moments",
    definition: "The excess kurtosis of the last n values, corrected for the sample: above 0 where far \
        values are more frequent than in a normal distribution. n is at least 4.",
    absent: Absent::UntilFull("Absent too where all values are equal."),
    example: &["A: kurtosis(4) -> -, -, -, -3.9012, 1.5, 1.5"],
    remarks: "",
    source: "pandas: rolling(n).kurt()",
};

/// The fewest values that have a kurtosis.
const LEAST: u32 = 4;

/// The sums of the second and fourth powers of the deviations from the mean.
struct Powers;

impl WindowSums<1, 2> for Powers {
    fn sums<S: Side>(columns: [&[f64]; 1], count: usize) -> [S; 2] {
        let [mean] = means(columns, count);
        pairwise_sums(columns, count, |[x]: [S; 1], _| {
            let d = x - mean;
            [d * d, d * d * d * d]
        })
    }
}

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let present = Present::new([window.x()], window.reach(), LEAST as usize);
    let flats = Flats::of(&present.values[0]);
    present.fill_sums::<Powers, 2>(days, out, |_, window, sums| {
        if flats.contains(&window) {
            return f64::NAN;
        }
        let k = window.len() as f64;
        let [m2, m4] = sums.map(|sum| sum / k);
        (k - 1.0) / ((k - 2.0) * (k - 3.0)) * ((k + 1.0) * m4 / (m2 * m2) - 3.0 * (k - 1.0))
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check, check_partial};

    const ALL: f64 = f64::INFINITY;

    #[test]
    fn hand_worked_values() {
        // -3, 0, 0 and 3: m2 = 4.5 and m4 = 40.5.
        let x = [12.0, NAN, 9.0, 12.0, 15.0, 12.0];
        check(&KURTOSIS, &[4.0], &[&x], &[NAN, NAN, NAN, NAN, NAN, 1.5]);
        check_partial(&KURTOSIS, &[5.0], &[&x], &[NAN, NAN, NAN, NAN, 1.5, 1.5]);
        // -3, 0, 0, 0 and 3: m2 = 3.6 and m4 = 32.4.
        check(&KURTOSIS, &[ALL], &[&x], &[NAN, NAN, NAN, NAN, 1.5, 4.0 / 6.0 * (6.0 * 2.5 - 12.0)]);
        check(&KURTOSIS, &[4.0], &[&[0.1; 5]], &[NAN; 5]);
    }
}
