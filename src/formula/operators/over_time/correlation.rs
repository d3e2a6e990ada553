//! `correlation(x, y, n)`: the correlation of two values over the last n days.

use crate::formula::kernel::arithmetic::finite;
use crate::formula::kernel::days::Days;
use crate::formula::kernel::pair::{self, LEAST};
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};

/// `correlation(x, y, n)`: the correlation of two values over the last n days.
pub(crate) static CORRELATION: Operator = Operator {
    name: "correlation",
    usage: "correlation(x, y, n)",
    synonyms: &["corr", "ts_corr"],
    arguments: &[Argument::ValueOrClose, Argument::Value, Argument::window(LEAST)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "lines of least squares, pairs of series",
    definition: "The correlation of x and y over the last n days, from -1 to 1. Of returns it is \
        `correlation(returns(1), of(\"SPY\", returns(1)), 60)`. n is at least 2.",
    absent: Absent::UntilFull("Absent too where one of the two does not move."),
    example: &["A: correlation(close, volume, 3) -> -, -, 0.6547, 0, 0.6547, 0.9449"],
    remarks: "",
    source: "pandas: rolling(n).corr()",
};

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let &[x, y] = window.columns else { return };
    pair::fill([x, y], window.reach(), days, out, |pair| {
        let [xy, xx, yy] = pair.sums;
        match pair.flat {
            [false, false] => finite(xy / (xx.sqrt() * yy.sqrt())).clamp(-1.0, 1.0),
            _ => f64::NAN,
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check, check_partial};
    use crate::summation::{mean, pairwise_sum};

    const ALL: f64 = f64::INFINITY;

    #[test]
    fn hand_worked_values() {
        let x = [1.0, 2.0, NAN, 3.0, 0.1, 0.1];
        let y = [1.0, 4.0, 9.0, 9.0, 1.0, 5.0];
        check(&CORRELATION, &[2.0], &[&x, &y], &[NAN, 1.0, NAN, NAN, 1.0, NAN]);
        // 1, 2, 3 and 1, 4, 9: the sums are 8, 2 and 98 / 3.
        let three = 8.0 / (196.0f64 / 3.0).sqrt();
        check_partial(&CORRELATION, &[4.0], &[&x[..4], &y[..4]], &[NAN, 1.0, 1.0, three]);
        check(&CORRELATION, &[ALL], &[&x[..4], &y[..4]], &[NAN, 1.0, NAN, three]);
        check(&CORRELATION, &[ALL], &[&[0.1; 3], &y[..3]], &[NAN; 3]);
    }

    #[test]
    fn side_by_side_equals_day_by_day() {
        let series = |seed: i32| (0..300).map(move |t| f64::from(t * t * seed % 101).sqrt());
        let (mut x, y): (Vec<f64>, Vec<f64>) = (series(7).collect(), series(5).collect());
        x[80] = NAN;
        for n in [2, 9, 60, 130] {
            let full = |t: usize| t + 1 >= n && !(80..80 + n).contains(&t);
            let sum = |t: usize, f: &dyn Fn(f64, f64) -> f64| {
                let (x, y) = (&x[t + 1 - n..=t], &y[t + 1 - n..=t]);
                let (mx, my) = (mean(x), mean(y));
                pairwise_sum(&x.iter().zip(y).map(|(x, y)| f(x - mx, y - my)).collect::<Vec<_>>())
            };
            let of_day = |t: usize| match full(t) {
                true => sum(t, &|x, y| x * y) / (sum(t, &|x, _| x * x).sqrt() * sum(t, &|_, y| y * y).sqrt()),
                false => NAN,
            };
            check(&CORRELATION, &[n as f64], &[&x, &y], &(0..x.len()).map(of_day).collect::<Vec<_>>());
        }
    }
}
