//! Equity over days on which nothing is traded: one pass a held asset (SEM 12).

use wide::f64x4;

const TILE: usize = 64;
const LANES: usize = 4;
/// Days of a step: two groups of lanes share one division.
const STEP: usize = 2 * LANES;
/// Above the first and below the second, the product of two values neither vanishes nor overflows.
const SAFE: [f64x4; 2] = [f64x4::new([1e-100; LANES]), f64x4::new([1e100; LANES])];

/// Writes `sum(quantity * close) + cash` for `days` days, positions added in the given (opening) order, cash last. Gives the
/// sum over the days of gross positions over equity, to which a day on which the equity is not positive adds nothing.
///
/// Each position is a quantity and its closes, which begin with the day of `equity[0]` and are no fewer. What `equity` and the
/// closes have beyond the days lets the last step be as long as the others; it leaves values of no worth there.
pub fn mark(equity: &mut [f64], days: usize, positions: &[(f64, &[f64])], cash: f64) -> f64 {
    if !positions.iter().all(|(quantity, _)| *quantity > 0.0) {
        let equity = &mut equity[..days];
        mark_many(equity, positions, cash);
        return gross_exposure(equity, positions);
    }
    match positions {
        [] => {
            let whole_steps = days.next_multiple_of(STEP).min(equity.len());
            equity[..whole_steps].fill(cash);
            0.0
        }
        [a] => mark_few(equity, days, [a], cash),
        [a, b] => mark_few(equity, days, [a, b], cash),
        [a, b, c] => mark_few(equity, days, [a, b, c], cash),
        [a, b, c, d] => mark_few(equity, days, [a, b, c, d], cash),
        [a, b, c, d, e] => mark_few(equity, days, [a, b, c, d, e], cash),
        [a, b, c, d, e, f] => mark_few(equity, days, [a, b, c, d, e, f], cash),
        _ => {
            let equity = &mut equity[..days];
            mark_many(equity, positions, cash);
            equity.iter().fold(0.0, |sum, &equity| sum + long_share(equity, cash))
        }
    }
}

/// Long positions, in one loop over the days without an end of its own: a stretch is short, and every loop that ends is a
/// branch that no processor foresees.
fn mark_few<const POSITIONS: usize>(
    equity: &mut [f64],
    days: usize,
    positions: [&(f64, &[f64]); POSITIONS],
    cash: f64,
) -> f64 {
    let whole_steps = days / STEP;
    let room = (whole_steps + 1) * STEP;
    let has_room = equity.len() >= room && positions.iter().all(|(_, closes)| closes.len() >= room);
    if !has_room {
        let equity = &mut equity[..days];
        mark_many(equity, &positions.map(|(quantity, closes)| (*quantity, *closes)), cash);
        return equity.iter().fold(0.0, |sum, &equity| sum + long_share(equity, cash));
    }
    let quantities = positions.map(|(quantity, _)| f64x4::splat(*quantity));
    let closes = positions.map(|(_, closes)| &closes[..room].as_chunks::<STEP>().0[..=whole_steps]);
    let cells = &mut equity[..room].as_chunks_mut::<STEP>().0[..=whole_steps];
    let every_cash = f64x4::splat(cash);
    let mut mark_step = |step: usize| {
        let mut values = [f64x4::ZERO; 2];
        for (position, (quantity, closes)) in quantities.iter().zip(closes).enumerate() {
            let [a, b, c, d, e, f, g, h] = closes[step];
            let added = [f64x4::new([a, b, c, d]), f64x4::new([e, f, g, h])].map(|closes| *quantity * closes);
            values = if position == 0 { added } else { [values[0] + added[0], values[1] + added[1]] };
        }
        let [left, right] = values.map(|value| value + every_cash);
        let ([a, b, c, d], [e, f, g, h]) = (left.to_array(), right.to_array());
        cells[step] = [a, b, c, d, e, f, g, h];
        [left, right]
    };
    let (mut reciprocals, mut lowest, mut highest) = (f64x4::ZERO, SAFE[1], SAFE[0]);
    for step in 0..whole_steps {
        let [left, right] = mark_step(step);
        lowest = lowest.fast_min(left.fast_min(right));
        highest = highest.fast_max(left.fast_max(right));
        // 1 / a + 1 / b in one division.
        reciprocals += (left + right) / (left * right);
    }
    let rest = f64x4::splat((days % STEP) as f64);
    let places = [[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0]];
    for (equity, place) in mark_step(whole_steps).into_iter().zip(places) {
        let counts = f64x4::new(place).simd_lt(rest);
        lowest = lowest.fast_min(counts.select(equity, SAFE[1]));
        highest = highest.fast_max(counts.select(equity, SAFE[0]));
        reciprocals += counts & (f64x4::ONE / equity);
    }
    if (lowest.simd_gt(SAFE[0]) & highest.simd_lt(SAFE[1])).all() {
        let [a, b, c, d] = reciprocals.to_array();
        // (equity - cash) / equity over all days.
        days as f64 - cash * ((a + b) + (c + d))
    } else {
        equity[..days].iter().fold(0.0, |sum, &equity| sum + long_share(equity, cash))
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

/// Long positions over equity.
fn long_share(equity: f64, cash: f64) -> f64 {
    if equity > 0.0 { (equity - cash) / equity } else { 0.0 }
}

/// The sum of gross positions over equity for positions of either sign: `sum(abs(quantity) * close) / equity`.
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

    /// Marks so many days of some assets whose prices go on for some more, and checks equity and exposure day by day.
    fn check(quantities: &[f64], days: usize, more: usize, cash: f64) {
        let closes: Vec<Vec<f64>> = (0..quantities.len())
            .map(|asset| (0..days + more).map(|day| 0.1 * (asset * 7 + 7 + day % 13) as f64).collect())
            .collect();
        let positions: Vec<(f64, &[f64])> =
            quantities.iter().zip(&closes).map(|(quantity, closes)| (*quantity, closes.as_slice())).collect();
        let mut equity = vec![7.0; days + more];
        let exposure = mark(&mut equity, days, &positions, cash);
        let mut expected = 0.0;
        for (day, equity) in equity[..days].iter().enumerate() {
            let value = positions.iter().fold(0.0, |sum, (quantity, closes)| sum + quantity * closes[day]);
            assert_eq!(equity.to_bits(), (value + cash).to_bits(), "{quantities:?}, day {day} of {days}");
            let gross =
                positions.iter().fold(0.0, |sum, (quantity, closes)| sum + quantity.abs() * closes[day]);
            expected += if *equity > 0.0 { gross / equity } else { 0.0 };
        }
        assert!(
            (exposure - expected).abs() <= 1e-13 * expected,
            "{exposure} {expected} {quantities:?} {days}"
        );
    }

    #[test]
    fn marking_adds_in_opening_order_with_cash_last() {
        let long = [3.0, 7.0, 11.0, 2.0, 5.0, 4.0, 6.0, 8.0, 9.0];
        let mixed = [3.0, -7.0, 11.0, 2.0, 5.0, -4.0, 6.0, 8.0, 9.0];
        for count in 0..=9 {
            for (days, more) in [(200, 0), (200, 9), (1, 0), (1, 20), (7, 8), (8, 8), (9, 7), (64, 1)] {
                check(&long[..count], days, more, 0.3);
                check(&mixed[..count], days, more, 300.0);
            }
        }
    }

    #[test]
    fn days_without_equity_add_no_exposure() {
        // Debt beyond the shares on some days, on all days, and a debt that equals them.
        check(&[10.0], 30, 8, -12.0);
        check(&[10.0], 30, 8, -100.0);
        let mut equity = [0.0; 16];
        assert_eq!(mark(&mut equity, 3, &[(1.0, &[1.0; 16])], -1.0), 0.0);
    }

    #[test]
    fn exposure_bears_the_extremes_of_doubles() {
        for price in [1e-300, 1e300] {
            let mut equity = [0.0; 32];
            assert_eq!(mark(&mut equity, 17, &[(1.0, &[price; 32])], 0.0), 17.0, "{price}");
        }
    }
}
