//! Equity over days on which nothing is traded: one pass a held asset (SEM 12).

use wide::f64x4;

const TILE: usize = 64;
const LANES: usize = 4;
/// Between these, the product of two values neither vanishes nor overflows.
const SAFE_PRODUCT: (f64x4, f64x4) = (f64x4::new([1e-100; LANES]), f64x4::new([1e100; LANES]));

/// Writes `sum(quantity * close) + cash` for every day, positions added in the given (opening) order, cash last.
///
/// Each position is a quantity and its closes over the same days as `equity`.
pub fn mark(equity: &mut [f64], positions: &[(f64, &[f64])], cash: f64) {
    match positions {
        [] => equity.fill(cash),
        [a] => mark_few(equity, [a], cash),
        [a, b] => mark_few(equity, [a, b], cash),
        [a, b, c] => mark_few(equity, [a, b, c], cash),
        [a, b, c, d] => mark_few(equity, [a, b, c, d], cash),
        [a, b, c, d, e] => mark_few(equity, [a, b, c, d, e], cash),
        [a, b, c, d, e, f] => mark_few(equity, [a, b, c, d, e, f], cash),
        _ => mark_many(equity, positions, cash),
    }
}

/// One loop over the days, so that a short stretch costs one loop's end and not one a position.
fn mark_few<const POSITIONS: usize>(equity: &mut [f64], positions: [&(f64, &[f64]); POSITIONS], cash: f64) {
    let positions = positions.map(|(quantity, closes)| (*quantity, &closes[..equity.len()]));
    for (day, equity) in equity.iter_mut().enumerate() {
        let mut value = 0.0;
        for (quantity, closes) in positions {
            value += quantity * closes[day];
        }
        *equity = value + cash;
    }
}

/// In tiles that stay in the first-level cache from one position to the next.
fn mark_many(equity: &mut [f64], positions: &[(f64, &[f64])], cash: f64) {
    for (tile, equity) in equity.chunks_mut(TILE).enumerate() {
        let days = tile * TILE..tile * TILE + equity.len();
        equity.fill(0.0);
        for (quantity, closes) in positions {
            let closes = &closes[days.clone()];
            equity.iter_mut().zip(closes).for_each(|(equity, close)| *equity += quantity * close);
        }
        equity.iter_mut().for_each(|equity| *equity += cash);
    }
}

/// Sum over the days of gross positions over equity, for positions that are all long: `(equity - cash) / equity`.
/// A day on which the equity is not positive adds nothing.
pub fn long_exposure(equity: &[f64], cash: f64) -> f64 {
    let share = |equity: f64| if equity > 0.0 { (equity - cash) / equity } else { 0.0 };
    let each = |values: &[f64]| values.iter().fold(0.0, |sum, &equity| sum + share(equity));
    let cash = f64x4::splat(cash);
    let (mut sums, mut others) = (f64x4::ZERO, 0.0);
    let (groups, rest) = equity.as_chunks::<{ 2 * LANES }>();
    for group in groups {
        let [a, b, c, d, e, f, g, h] = *group;
        let (left, right) = (f64x4::new([a, b, c, d]), f64x4::new([e, f, g, h]));
        let (low, high) = (left.fast_min(right), left.fast_max(right));
        if (low.simd_gt(SAFE_PRODUCT.0) & high.simd_lt(SAFE_PRODUCT.1)).all() {
            // x / a + y / b in one division: dividing is most of the work.
            sums += ((left - cash) * right + (right - cash) * left) / (left * right);
        } else {
            others += each(group);
        }
    }
    let [a, b, c, d] = sums.to_array();
    (a + b) + (c + d) + others + each(rest)
}

/// The same for positions of either sign: `sum(abs(quantity) * close) / equity`.
pub fn gross_exposure(equity: &[f64], positions: &[(f64, &[f64])]) -> f64 {
    (0..equity.len()).fold(0.0, |sum, day| {
        let gross =
            positions.iter().fold(0.0, |gross, (quantity, closes)| gross + quantity.abs() * closes[day]);
        if equity[day] > 0.0 { sum + gross / equity[day] } else { sum }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marking_adds_in_opening_order_with_cash_last() {
        let closes: Vec<Vec<f64>> = (1..=9)
            .map(|asset| (0..200).map(|day| 0.1 * f64::from(asset * 7 + day % 13)).collect())
            .collect();
        for count in 0..=9 {
            let positions: Vec<(f64, &[f64])> = closes[..count]
                .iter()
                .zip([3.0, -7.0, 11.0, 2.0, 5.0, -4.0, 6.0, 8.0, 9.0])
                .map(|(c, q)| (q, c.as_slice()))
                .collect();
            let mut equity = vec![0.0; 200];
            mark(&mut equity, &positions, 0.3);
            for (day, &equity) in equity.iter().enumerate() {
                let value =
                    positions.iter().fold(0.0, |sum, (quantity, closes)| sum + quantity * closes[day]);
                assert_eq!(equity.to_bits(), (value + 0.3).to_bits());
            }
        }
    }

    #[test]
    fn exposure_of_long_positions_agrees_with_the_general_form() {
        let closes: Vec<f64> = (0..103).map(|day| 10.0 + f64::from(day % 7)).collect();
        let positions = [(5.0, closes.as_slice())];
        let mut equity = vec![0.0; 103];
        mark(&mut equity, &positions, 20.0);
        assert!((long_exposure(&equity, 20.0) - gross_exposure(&equity, &positions)).abs() < 1e-10);
        assert_eq!(long_exposure(&[-1.0, 0.0], 1.0), 0.0);
        let mut extremes = [1e300; 17];
        extremes[..3].copy_from_slice(&[-1.0, 0.0, 1e-200]);
        assert_eq!(long_exposure(&extremes, 0.0), 15.0);
    }
}
