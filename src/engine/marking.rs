//! Equity and exposure over days on which nothing is traded (SEM 12).

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
    let long_exposure = match positions {
        [] => {
            let whole_steps = days.next_multiple_of(STEP).min(equity.len());
            equity[..whole_steps].fill(cash);
            return 0.0;
        }
        [a] => mark_few(equity, days, [a], cash),
        [a, b] => mark_few(equity, days, [a, b], cash),
        [a, b, c] => mark_few(equity, days, [a, b, c], cash),
        [a, b, c, d] => mark_few(equity, days, [a, b, c, d], cash),
        [a, b, c, d, e] => mark_few(equity, days, [a, b, c, d, e], cash),
        [a, b, c, d, e, f] => mark_few(equity, days, [a, b, c, d, e, f], cash),
        _ => {
            mark_many(&mut equity[..days], positions, cash);
            None
        }
    };
    let equity = &equity[..days];
    match positions.iter().all(|(quantity, _)| *quantity > 0.0) {
        true => long_exposure.unwrap_or_else(|| exposure_of_long(equity, cash)),
        false => gross_exposure(equity, positions),
    }
}

/// One loop over the days without an end of its own: a stretch is short, and every loop that ends is a branch that no processor
/// foresees. Gives the exposure if all positions are long and it can be had from products of two values.
fn mark_few<const POSITIONS: usize>(
    equity: &mut [f64],
    days: usize,
    positions: [&(f64, &[f64]); POSITIONS],
    cash: f64,
) -> Option<f64> {
    let whole_steps = days / STEP;
    let (quantities, every_cash) = (positions.map(|position| f64x4::splat(position.0)), f64x4::splat(cash));
    let mark_step = |closes: [&[f64; STEP]; POSITIONS]| {
        let mut values = [f64x4::ZERO; 2];
        for (place, (closes, quantity)) in closes.into_iter().zip(quantities).enumerate() {
            let [a, b, c, d, e, f, g, h] = *closes;
            let added = [f64x4::new([a, b, c, d]), f64x4::new([e, f, g, h])].map(|closes| quantity * closes);
            values = if place == 0 { added } else { [values[0] + added[0], values[1] + added[1]] };
        }
        values.map(|value| value + every_cash)
    };
    let cells_of = |[left, right]: [f64x4; 2]| {
        let ([a, b, c, d], [e, f, g, h]) = (left.to_array(), right.to_array());
        [a, b, c, d, e, f, g, h]
    };
    let (mut reciprocals, mut lowest, mut highest) = (f64x4::ZERO, SAFE[1], SAFE[0]);
    let (steps, rest) = equity.split_at_mut(whole_steps * STEP);
    let closes = positions.map(|(_, closes)| &closes.as_chunks::<STEP>().0[..whole_steps]);
    for (step, cells) in steps.as_chunks_mut().0.iter_mut().enumerate() {
        let [left, right] = mark_step(closes.map(|closes| &closes[step]));
        *cells = cells_of([left, right]);
        lowest = lowest.fast_min(left.fast_min(right));
        highest = highest.fast_max(left.fast_max(right));
        // 1 / a + 1 / b in one division.
        reciprocals += (left + right) / (left * right);
    }
    let (count, beyond) = (days % STEP, positions.map(|(_, closes)| &closes[whole_steps * STEP..]));
    let made_up;
    let last = match beyond.map(|closes| closes.first_chunk::<STEP>()) {
        closes if closes.iter().all(Option::is_some) => closes.map(|closes| closes.unwrap_or(&[1.0; STEP])),
        _ => {
            made_up = beyond.map(first_step);
            made_up.each_ref()
        }
    };
    let marked = mark_step(last);
    match rest.first_chunk_mut() {
        Some(cells) => *cells = cells_of(marked),
        None => rest[..count].copy_from_slice(&cells_of(marked)[..count]),
    }
    for (equity, place) in marked.into_iter().zip([[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0]]) {
        let counts = f64x4::new(place).simd_lt(f64x4::splat(count as f64));
        lowest = lowest.fast_min(counts.select(equity, SAFE[1]));
        highest = highest.fast_max(counts.select(equity, SAFE[0]));
        reciprocals += counts & (f64x4::ONE / equity);
    }
    let is_safe = (lowest.simd_gt(SAFE[0]) & highest.simd_lt(SAFE[1])).all();
    let [a, b, c, d] = reciprocals.to_array();
    // (equity - cash) / equity over all days; rounding may take a position that is nothing beside the cash below 0.
    is_safe.then(|| (days as f64 - cash * ((a + b) + (c + d))).max(0.0))
}

/// The first values, and others in place of those that are not there.
fn first_step(closes: &[f64]) -> [f64; STEP] {
    let mut step = [1.0; STEP];
    step.iter_mut().zip(closes).for_each(|(step, close)| *step = *close);
    step
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

/// The sum of positions over equity where all are long.
fn exposure_of_long(equity: &[f64], cash: f64) -> f64 {
    equity.iter().fold(0.0, |sum, &equity| if equity > 0.0 { sum + (equity - cash) / equity } else { sum })
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
    fn a_position_that_is_nothing_beside_the_cash_has_no_negative_exposure() {
        for cash in (1..2_000).map(f64::from) {
            assert!(mark(&mut [0.0; 16], 9, &[(1.0, &[1e-20; 16])], cash) >= 0.0, "{cash}");
        }
    }

    #[test]
    fn exposure_bears_the_extremes_of_doubles() {
        for price in [1e-300, 1e300] {
            let mut equity = [0.0; 32];
            assert_eq!(mark(&mut equity, 17, &[(1.0, &[price; 32])], 0.0), 17.0, "{price}");
        }
    }
}
