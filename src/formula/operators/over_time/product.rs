//! `product(x, n)`: the product of the last n values.

use crate::formula::kernel::arithmetic::finite;
use crate::formula::kernel::days::Days;
use crate::formula::kernel::present::{Present, Reach};
use crate::formula::kernel::products::{self, product};
use crate::formula::operator::{Absent, Argument, Compute, Operator, Window, window};

/// `product(x, n)`: the product of the last n values.
pub(crate) static PRODUCT: Operator = Operator {
    name: "product",
    usage: "product(x, n)",
    synonyms: &["ts_product"],
    arguments: &[Argument::ValueOrClose, Argument::window(LEAST)],
    optional: 0,
    rule: None,
    depth: window,
    compute: Compute::OverTime(compute),
    purpose: "sums and products",
    definition: "The product of the last n values. `product(1 + returns(1), n) - 1` is the return over n \
        days.",
    absent: Absent::UntilFull(""),
    example: &["A: product(1 + returns(1), 3) - 1 -> -, -, -, 0.2, 0.25, 0.3333"],
    remarks: "",
    source: "",
};

/// The fewest values that have a product.
const LEAST: u32 = 1;

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let (x, reach) = (window.x(), window.reach());
    let present = || Present::new([x], reach, LEAST as usize);
    match reach {
        Reach::Full(n) => {
            let (short, full) =
                out.split_at_mut(days.days.partition_point(|&day| (day as usize - days.start) + 1 < n));
            short.fill(f64::NAN);
            products::fill(x, n, Days { days: &days.days[short.len()..], start: days.start }, full);
            full.iter_mut().for_each(|product| *product = finite(*product));
        }
        Reach::Partial(_) => {
            let present = present();
            present.fill(days, out, |_, window| product(&present.values[0][window]));
        }
        Reach::All => {
            let mut product = 1.0;
            present().fill_running(days, out, |[x], _| {
                product *= x;
                product
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check, check_partial};

    const ALL: f64 = f64::INFINITY;

    #[test]
    fn hand_worked_values() {
        let x = [1.0, 2.0, NAN, 4.0, 8.0, 0.5];
        check(&PRODUCT, &[2.0], &[&x], &[NAN, 2.0, NAN, NAN, 32.0, 4.0]);
        check_partial(&PRODUCT, &[2.0], &[&x], &[1.0, 2.0, 2.0, 4.0, 32.0, 4.0]);
        check(&PRODUCT, &[ALL], &[&x], &[1.0, 2.0, NAN, 8.0, 64.0, 32.0]);
        check(&PRODUCT, &[2.0], &[&[1e200, 1e200, 0.0]], &[NAN, NAN, 0.0]);
    }
}
