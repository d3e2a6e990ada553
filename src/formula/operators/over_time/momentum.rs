//! `momentum(x, n)`: the return over the last n days, as the product of its daily factors, which is how QSTrader computes it.

use crate::formula::kernel::arithmetic::finite;
use crate::formula::kernel::days::Days;
use crate::formula::kernel::windows::daily_returns;
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};

/// `momentum(x, n)`: the return over the last n days, as the product of its daily factors. Short histories:
/// `docs/conventions.md#signal_readiness`.
pub(crate) static MOMENTUM: Operator = Operator {
    name: "momentum",
    usage: "momentum(x, n)",
    synonyms: &[],
    arguments: &[Argument::ValueOrClose, Argument::window(1)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    definition: "The holding-period return of the last n days: the product of the n factors `x / lag(x, 1)`, from the \
        oldest to the newest, minus 1. It equals `returns(x, n)` but for the last digits, and differs where the \
        history is short.",
    absent: Absent::Short {
        fewer_than: "n days before it",
        qstrader: "the return over what there is; 0 on the first day",
    },
    example: &[
        "A: momentum(2) -> 0, 0.2, -0.1, 0, 0.6667, 0",
        "A, sound: momentum(2) -> -, -, -0.1, 0, 0.6667, 0",
    ],
    remarks: "An asset on its first day scores 0 under `qstrader`, which beats every falling asset.",
    source: "",
};

const LANES: usize = 8;

/// The product of the last `n` factors `1 + r`, left to right, minus 1; 0 with one price.
fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let (x, n, full) = (window.x(), window.n(), window.only_full());
    let mut factors = daily_returns(x);
    factors.iter_mut().for_each(|factor| *factor += 1.0);
    let short = days.days.partition_point(|&day| (day as usize - days.start) < n);
    let (short_out, out) = out.split_at_mut(short);
    let short_days = Days { days: &days.days[..short], start: days.start };
    short_days.fill(short_out, |t| match t {
        _ if full => f64::NAN,
        0 if x[0].is_nan() => f64::NAN,
        0 => 0.0,
        _ => finite(product(&factors[1..=t]) - 1.0),
    });
    let first = |day: u32| day as usize - days.start + 1 - n;
    let (chunks, rest) = days.days[short..].as_chunks::<LANES>();
    for (chunk, out) in chunks.iter().zip(out.as_chunks_mut::<LANES>().0) {
        *out = products(&factors, chunk.map(first), n).map(|product| finite(product - 1.0));
    }
    let done = chunks.len() * LANES;
    for (out, &day) in out[done..].iter_mut().zip(rest) {
        *out = finite(product(&factors[first(day)..][..n]) - 1.0);
    }
}

/// The products of `n` factors from each of some ascending indices on. The multiplications of one product must stay in order;
/// eight products side by side keep the processor busy.
fn products(factors: &[f64], starts: [usize; LANES], n: usize) -> [f64; LANES] {
    let mut products = [1.0; LANES];
    if starts[LANES - 1] - starts[0] == LANES - 1 {
        // For consecutive days the next factors of the eight products are consecutive too.
        for factors in factors[starts[0]..][..n + LANES - 1].array_windows::<LANES>() {
            products.iter_mut().zip(factors).for_each(|(product, factor)| *product *= factor);
        }
        return products;
    }
    let [a, b, c, d, e, f, g, h] = starts.map(|start| factors[start..][..n].iter());
    for ((a, b), ((c, d), ((e, f), (g, h)))) in a.zip(b).zip(c.zip(d).zip(e.zip(f).zip(g.zip(h)))) {
        products.iter_mut().zip([a, b, c, d, e, f, g, h]).for_each(|(product, factor)| *product *= factor);
    }
    products
}

fn product(factors: &[f64]) -> f64 {
    factors.iter().fold(1.0, |product, factor| product * factor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check};

    #[test]
    fn hand_worked_values() {
        check(&MOMENTUM, &[2.0], &[&[1.0, 2.0, 4.0, 3.0]], &[0.0, 1.0, 3.0, 0.5]);
        check(&MOMENTUM, &[1.0], &[&[1.0, NAN, 4.0, 3.0, 6.0]], &[0.0, NAN, NAN, -0.25, 1.0]);
    }

    #[test]
    fn days_in_lanes_equal_days_one_by_one() {
        let x: Vec<f64> = (0..100).map(|t| 10.0 + f64::from(t * 37 % 11)).collect();
        let expected: Vec<f64> = (0..100usize)
            .map(|t| {
                (t.saturating_sub(6)..t).fold(1.0, |product, s| product * (1.0 + (x[s + 1] / x[s] - 1.0)))
                    - 1.0
            })
            .collect();
        check(&MOMENTUM, &[6.0], &[&x], &expected);
    }
}
