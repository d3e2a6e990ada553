//! `skew(x, n)`: the skewness of the last n values.

use crate::formula::kernel::days::Days;
use crate::formula::kernel::moments::means;
use crate::formula::kernel::present::{Flats, Present};
use crate::formula::kernel::sums::WindowSums;
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};
use crate::summation::{Side, pairwise_sums};

/// `skew(x, n)`: the skewness of the last n values.
pub(crate) static SKEW: Operator = Operator {
    name: "skew",
    usage: "skew(x, n)",
    synonyms: &["skewness"],
    arguments: &[Argument::ValueOrClose, Argument::window(LEAST)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "volatility and moments",
    definition: "The skewness of the last n values, corrected for the sample: above 0 where the far values \
        are high, below 0 where they are low. n is at least 3.",
    absent: Absent::UntilFull("Absent too where all values are equal."),
    example: &["A: skew(3) -> -, -, 0.9352, -1.7321, 0, 1.7321"],
    remarks: "",
    source: "pandas: rolling(n).skew()",
};

/// The fewest values that have a skewness.
const LEAST: u32 = 3;

/// The sums of the second and third powers of the deviations from the mean.
struct Powers;

impl WindowSums<1, 2> for Powers {
    fn sums<S: Side>(columns: [&[f64]; 1], count: usize) -> [S; 2] {
        let [mean] = means(columns, count);
        pairwise_sums(columns, count, |[x]: [S; 1], _| {
            let d = x - mean;
            [d * d, d * d * d]
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
        let [m2, m3] = sums.map(|sum| sum / k);
        (k * (k - 1.0)).sqrt() / (k - 2.0) * m3 / (m2 * m2.sqrt())
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check, check_partial};

    const ALL: f64 = f64::INFINITY;

    #[test]
    fn hand_worked_values() {
        // 1, 1 and 4 lie -1, -1 and 2 from their mean: m2 = 2, m3 = 2.
        let x = [1.0, 1.0, NAN, 4.0, 4.0, 1.0];
        let root = 3f64.sqrt();
        check(&SKEW, &[3.0], &[&x], &[NAN, NAN, NAN, NAN, NAN, -root]);
        check_partial(&SKEW, &[4.0], &[&x], &[NAN, NAN, NAN, root, -root, -root]);
        check(&SKEW, &[ALL], &[&x], &[NAN, NAN, NAN, root, 0.0, (10.0f64 / 3.0).sqrt() / 3.0]);
        check(&SKEW, &[3.0], &[&[0.1; 4]], &[NAN; 4]);
    }
}
