//! Equity and exposure over a stretch of days without trades. Knows no fills and no calendar.

use wide::f64x4;

const TILE: usize = 64;
const LANES: usize = 4;
/// Days per step: two groups of lanes share one division.
const STEP: usize = 2 * LANES;
/// The product of two values between these bounds neither underflows nor overflows.
const SAFE: [f64x4; 2] = [f64x4::new([1e-100; LANES]), f64x4::new([1e100; LANES])];

/// Cash at the closes of days without trades.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cash<'a> {
    /// The same amount at every close.
    Flat(f64),
    /// One amount per day: it earns or pays interest.
    Daily(&'a [f64]),
}

/// Writes the equity `sum(quantity * close) + cash` of `days` days, positions added in the given (opening) order, cash last.
/// Returns the sum over the days of gross positions over equity; a day whose equity is not positive adds nothing to it.
///
/// Each position is a quantity and its closes. Closes and daily cash begin with the day of `equity[0]` and have at least `days`
/// values. Where `equity`, closes and cash are longer, the last step is as long as the others and leaves meaningless values in
/// `equity` beyond the days. Daily cash that never moves gives the same bits as flat cash.
#[inline]
pub(crate) fn mark(equity: &mut [f64], days: usize, positions: &[(f64, &[f64])], cash: Cash) -> f64 {
    match cash {
        Cash::Flat(cash) => mark_with(equity, days, positions, FlatCash(cash)),
        Cash::Daily(cash) => mark_with(equity, days, positions, DailyCash(cash)),
    }
}

/// Cash as the loops over days read it. The loops are compiled separately for each form of cash.
trait CashOfDays: Copy {
    /// Whether the cash moves from day to day.
    const MOVES: bool;

    /// Cash on the first day.
    fn first(self) -> f64;

    /// Cash on one day.
    fn on(self, day: usize) -> f64;

    /// Cash on the days of one step from `day` on; any value for days beyond the last.
    fn step(self, day: usize) -> [f64x4; 2];

    /// Writes the cash of the first `days` days; cells beyond them may be overwritten.
    fn write(self, equity: &mut [f64], days: usize);
}

#[derive(Clone, Copy)]
struct FlatCash(f64);

#[derive(Clone, Copy)]
struct DailyCash<'a>(&'a [f64]);

impl CashOfDays for FlatCash {
    const MOVES: bool = false;

    #[inline]
    fn first(self) -> f64 {
        self.0
    }

    #[inline]
    fn on(self, _: usize) -> f64 {
        self.0
    }

    #[inline]
    fn step(self, _: usize) -> [f64x4; 2] {
        [f64x4::splat(self.0); 2]
    }

    #[inline]
    fn write(self, equity: &mut [f64], days: usize) {
        let whole_steps = days.next_multiple_of(STEP).min(equity.len());
        equity[..whole_steps].fill(self.0);
    }
}

impl CashOfDays for DailyCash<'_> {
    const MOVES: bool = true;

    #[inline]
    fn first(self) -> f64 {
        self.0[0]
    }

    #[inline]
    fn on(self, day: usize) -> f64 {
        self.0[day]
    }

    #[inline]
    fn step(self, day: usize) -> [f64x4; 2] {
        let cash = &self.0[day..];
        lanes_of(&cash.first_chunk().copied().unwrap_or_else(|| first_step(cash)))
    }

    #[inline]
    fn write(self, equity: &mut [f64], days: usize) {
        equity[..days].copy_from_slice(&self.0[..days]);
    }
}

#[inline(never)] // otherwise every stretch branches on the form of cash
fn mark_with(equity: &mut [f64], days: usize, positions: &[(f64, &[f64])], cash: impl CashOfDays) -> f64 {
    let long_exposure = match positions {
        [] => {
            cash.write(equity, days);
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
    if positions.iter().all(|(quantity, _)| *quantity > 0.0) {
        long_exposure.unwrap_or_else(|| exposure_of_long(equity, cash))
    } else {
        gross_exposures(equity, positions).fold(0.0, |sum, exposure| sum + exposure)
    }
}

/// Marks up to six positions in one loop over the days. There is no second loop for the days left over: stretches are short,
/// and the end of every loop is a mispredicted branch. Returns the exposure of long positions, or `None` if the product of two
/// equities could underflow or overflow, or an equity is not positive. Meaningless if a position is short.
fn mark_few<const POSITIONS: usize, CASH: CashOfDays>(
    equity: &mut [f64],
    days: usize,
    positions: [&(f64, &[f64]); POSITIONS],
    cash: CASH,
) -> Option<f64> {
    let whole_steps = days / STEP;
    let quantities = positions.map(|position| f64x4::splat(position.0));
    let mark_step = |closes: [&[f64; STEP]; POSITIONS], cash: [f64x4; 2]| {
        let mut values = [f64x4::ZERO; 2];
        for (index, (closes, quantity)) in closes.into_iter().zip(quantities).enumerate() {
            let added = lanes_of(closes).map(|closes| quantity * closes);
            values = if index == 0 { added } else { [values[0] + added[0], values[1] + added[1]] };
        }
        [values[0] + cash[0], values[1] + cash[1]]
    };
    let (mut reciprocals, mut lowest, mut highest) = (f64x4::ZERO, SAFE[1], SAFE[0]);
    // The change of cash since the first day, over equity.
    let (first_cash, mut moved) = (f64x4::splat(cash.first()), f64x4::ZERO);
    let (steps, rest) = equity.split_at_mut(whole_steps * STEP);
    let closes = positions.map(|(_, closes)| &closes.as_chunks::<STEP>().0[..whole_steps]);
    for (step, cells) in steps.as_chunks_mut().0.iter_mut().enumerate() {
        let cash_now = cash.step(step * STEP);
        let [left, right] = mark_step(closes.map(|closes| &closes[step]), cash_now);
        *cells = cells_of([left, right]);
        lowest = lowest.fast_min(left.fast_min(right));
        highest = highest.fast_max(left.fast_max(right));
        // 1 / a + 1 / b in one division.
        reciprocals += (left + right) / (left * right);
        if CASH::MOVES {
            let [a, b] = cash_now.map(|cash| cash - first_cash);
            moved += (a * right + b * left) / (left * right);
        }
    }
    let (count, beyond) = (days % STEP, positions.map(|(_, closes)| &closes[whole_steps * STEP..]));
    let padded;
    let last = match beyond.map(|closes| closes.first_chunk::<STEP>()) {
        closes if closes.iter().all(Option::is_some) => closes.map(|closes| closes.unwrap_or(&[1.0; STEP])),
        _ => {
            padded = beyond.map(first_step);
            padded.each_ref()
        }
    };
    let cash_now = cash.step(whole_steps * STEP);
    let marked = mark_step(last, cash_now);
    match rest.first_chunk_mut() {
        Some(cells) => *cells = cells_of(marked),
        None => rest[..count].copy_from_slice(&cells_of(marked)[..count]),
    }
    for (half, days) in [[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0]].into_iter().enumerate() {
        let equity = marked[half];
        let counts = f64x4::new(days).simd_lt(f64x4::splat(count as f64));
        lowest = lowest.fast_min(counts.select(equity, SAFE[1]));
        highest = highest.fast_max(counts.select(equity, SAFE[0]));
        reciprocals += counts & (f64x4::ONE / equity);
        if CASH::MOVES {
            moved += counts & ((cash_now[half] - first_cash) / equity);
        }
    }
    let is_safe = (lowest.simd_gt(SAFE[0]) & highest.simd_lt(SAFE[1])).all();
    let mut cash_share = cash.first() * sum_of(reciprocals);
    if CASH::MOVES {
        cash_share += sum_of(moved);
    }
    // The sum of (equity - cash) / equity. Rounding may make it negative if the positions are tiny beside the cash.
    is_safe.then(|| (days as f64 - cash_share).max(0.0))
}

/// The values of a step as lanes.
#[inline]
fn lanes_of(step: &[f64; STEP]) -> [f64x4; 2] {
    let [a, b, c, d, e, f, g, h] = *step;
    [f64x4::new([a, b, c, d]), f64x4::new([e, f, g, h])]
}

/// The lanes of a step as single values.
#[inline]
fn cells_of([left, right]: [f64x4; 2]) -> [f64; STEP] {
    let ([a, b, c, d], [e, f, g, h]) = (left.to_array(), right.to_array());
    [a, b, c, d, e, f, g, h]
}

/// The sum of the lanes.
#[inline]
fn sum_of(lanes: f64x4) -> f64 {
    let [a, b, c, d] = lanes.to_array();
    (a + b) + (c + d)
}

/// The first values, padded with ones to the length of a step.
fn first_step(closes: &[f64]) -> [f64; STEP] {
    let mut step = [1.0; STEP];
    step.iter_mut().zip(closes).for_each(|(step, close)| *step = *close);
    step
}

/// Marks any number of positions, in tiles of days that stay in the first-level cache from one position to the next.
fn mark_many(equity: &mut [f64], positions: &[(f64, &[f64])], cash: impl CashOfDays) {
    for (tile, equity) in equity.chunks_mut(TILE).enumerate() {
        let days = tile * TILE..tile * TILE + equity.len();
        equity.fill(0.0);
        for (quantity, closes) in positions {
            let closes = &closes[days.clone()];
            equity.iter_mut().zip(closes).for_each(|(equity, close)| *equity += quantity * close);
        }
        equity.iter_mut().zip(days).for_each(|(equity, day)| *equity += cash.on(day));
    }
}

/// The sum over the days of positions over equity, if all positions are long.
fn exposure_of_long(equity: &[f64], cash: impl CashOfDays) -> f64 {
    let days = equity.iter().enumerate();
    days.fold(
        0.0,
        |sum, (day, &equity)| if equity > 0.0 { sum + (equity - cash.on(day)) / equity } else { sum },
    )
}

/// Sums of exposures in four lanes, by the number of the day modulo 4, so that the total does not depend on where stretches
/// begin.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct ExposureLanes([f64; LANES]);

impl ExposureLanes {
    /// Adds the exposures of a stretch of days, the first of which has this number. Long positions over equity are
    /// `(equity - cash) / equity`; with a short one it is the gross value over equity. A day whose equity is not positive adds
    /// nothing.
    pub(crate) fn add(&mut self, first: usize, equity: &[f64], positions: &[(f64, &[f64])], cash: Cash) {
        if positions.is_empty() {
            return;
        }
        // The lane of the first day comes first while a stretch is added.
        self.0.rotate_left(first % LANES);
        if positions.iter().any(|(quantity, _)| *quantity < 0.0) {
            let exposures = gross_exposures(equity, positions);
            exposures.enumerate().for_each(|(day, exposure)| self.0[day % LANES] += exposure);
        } else {
            match cash {
                Cash::Flat(cash) => self.add_long(equity, FlatCash(cash)),
                Cash::Daily(cash) => self.add_long(equity, DailyCash(cash)),
            }
        }
        self.0.rotate_right(first % LANES);
    }

    fn add_long(&mut self, equity: &[f64], cash: impl CashOfDays) {
        let exposure = |equity: f64, cash: f64| if equity > 0.0 { (equity - cash) / equity } else { 0.0 };
        let (groups, rest) = equity.as_chunks::<LANES>();
        let mut lanes = f64x4::new(self.0);
        for (group, equity) in groups.iter().enumerate() {
            let cash = f64x4::new(std::array::from_fn(|lane| cash.on(group * LANES + lane)));
            let equity = f64x4::new(*equity);
            let is_positive = equity.simd_gt(f64x4::ZERO);
            lanes += is_positive & ((equity - cash) / equity);
        }
        self.0 = lanes.to_array();
        for (lane, equity) in rest.iter().enumerate() {
            self.0[lane] += exposure(*equity, cash.on(groups.len() * LANES + lane));
        }
    }

    /// Adds exposures of days, the first of which has number 0.
    pub(crate) fn add_each(&mut self, exposures: impl Iterator<Item = f64>) {
        exposures.enumerate().for_each(|(day, exposure)| self.0[day % LANES] += exposure);
    }

    /// The total.
    pub(crate) fn sum(&self) -> f64 {
        sum_of(f64x4::new(self.0))
    }
}

/// Gross positions over equity on each day: `sum(abs(quantity) * close) / equity`, 0 if the equity is not positive. Each
/// position is a quantity, of either sign, and its closes, which begin with the day of `equity[0]` and are at least as many.
pub(crate) fn gross_exposures(equity: &[f64], positions: &[(f64, &[f64])]) -> impl Iterator<Item = f64> {
    equity.iter().enumerate().map(|(day, &equity)| {
        let gross =
            positions.iter().fold(0.0, |gross, (quantity, closes)| gross + quantity.abs() * closes[day]);
        if equity > 0.0 { gross / equity } else { 0.0 }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Marks `days` days of assets that have prices for `more` further days, and checks equity and exposure day by day: with
    /// flat cash, with the same cash given day by day, and with cash that moves.
    fn check(quantities: &[f64], days: usize, more: usize, cash: f64) {
        let closes: Vec<Vec<f64>> = (0..quantities.len())
            .map(|asset| (0..days + more).map(|day| 0.1 * (asset * 7 + 7 + day % 13) as f64).collect())
            .collect();
        let positions: Vec<(f64, &[f64])> =
            quantities.iter().zip(&closes).map(|(quantity, closes)| (*quantity, closes.as_slice())).collect();
        let flat = check_with(&positions, days, more, Cash::Flat(cash));
        for beyond in [0, more] {
            let same: Vec<f64> = vec![cash; days + beyond];
            assert_eq!(flat, check_with(&positions, days, more, Cash::Daily(&same)));
            let moving: Vec<f64> =
                (0..days + beyond).map(|day| cash * (1.0 + 0.01 * (day * 5 % 17) as f64)).collect();
            check_with(&positions, days, more, Cash::Daily(&moving));
        }
    }

    /// Checks equity and exposure against the plain sums, and returns their bits.
    fn check_with(positions: &[(f64, &[f64])], days: usize, more: usize, cash: Cash) -> (Vec<u64>, u64) {
        let mut equity = vec![7.0; days + more];
        let exposure = mark(&mut equity, days, positions, cash);
        let mut expected = 0.0;
        for (day, equity) in equity[..days].iter().enumerate() {
            let value = positions.iter().fold(0.0, |sum, (quantity, closes)| sum + quantity * closes[day]);
            let cash = match cash {
                Cash::Flat(cash) => cash,
                Cash::Daily(cash) => cash[day],
            };
            assert_eq!(equity.to_bits(), (value + cash).to_bits(), "{positions:?}, day {day} of {days}");
            let gross =
                positions.iter().fold(0.0, |gross, (quantity, closes)| gross + quantity.abs() * closes[day]);
            expected += if *equity > 0.0 { gross / equity } else { 0.0 };
        }
        assert!(
            (exposure - expected).abs() <= 1e-13 * expected,
            "{exposure} {expected} {positions:?} {days} {cash:?}"
        );
        (equity[..days].iter().map(|equity| equity.to_bits()).collect(), exposure.to_bits())
    }

    #[test]
    fn daily_cash_by_hand() {
        // 2 shares and cash that earns, then owes: equity 16, 32, 50; gross over it 1/2, 5/8, 8/5.
        let mut equity = [0.0; 3];
        let exposure = mark(&mut equity, 3, &[(2.0, &[4.0, 10.0, 40.0])], Cash::Daily(&[8.0, 12.0, -30.0]));
        assert_eq!(equity, [16.0, 32.0, 50.0]);
        assert!((exposure - 2.725).abs() < 1e-15, "{exposure}");
        // Long and short: equity 5, gross 25.
        let both: [(f64, &[f64]); 2] = [(2.0, &[5.0]), (-3.0, &[5.0])];
        assert_eq!(mark(&mut equity, 1, &both, Cash::Daily(&[10.0])), 5.0);
        assert_eq!(equity, [5.0, 32.0, 50.0], "marking one day leaves the others alone");
        // Without a position the equity is the cash.
        assert_eq!(mark(&mut equity, 2, &[], Cash::Daily(&[1.0, 2.0])), 0.0);
        assert_eq!(equity, [1.0, 2.0, 50.0]);
    }

    #[test]
    fn lanes_do_not_know_where_stretches_begin() {
        let closes: Vec<f64> = (0..90).map(|day| 1.0 + f64::from(day * 7 % 13)).collect();
        let daily: Vec<f64> = (0..90).map(|day| f64::from(day % 5) - 3.0).collect();
        for quantity in [2.0, -0.25] {
            for cash in [Cash::Flat(3.5), Cash::Daily(&daily)] {
                let whole = lanes_of_stretches(&[90], quantity, &closes, cash);
                for cuts in [&[1, 89][..], &[3, 4, 5, 78], &[7, 60, 23], &[88, 1, 1]] {
                    assert_eq!(lanes_of_stretches(cuts, quantity, &closes, cash), whole, "{cuts:?}");
                }
            }
        }
        // By hand: 2 of 4 invested, nothing on a day without equity, then 3 of 5 short of an equity of 2.
        let mut lanes = ExposureLanes::default();
        lanes.add(0, &[4.0, -1.0], &[(1.0, &[2.0, 2.0])], Cash::Flat(2.0));
        lanes.add(2, &[2.0], &[(-1.0, &[3.0])], Cash::Flat(5.0));
        assert_eq!((lanes.0, lanes.sum()), ([0.5, 0.0, 1.5, 0.0], 2.0));
    }

    fn lanes_of_stretches(lengths: &[usize], quantity: f64, closes: &[f64], cash: Cash) -> ExposureLanes {
        let (mut lanes, mut first) = (ExposureLanes::default(), 0);
        for &length in lengths {
            let positions: [(f64, &[f64]); 1] = [(quantity, &closes[first..])];
            let cash = match cash {
                Cash::Flat(cash) => Cash::Flat(cash),
                Cash::Daily(cash) => Cash::Daily(&cash[first..]),
            };
            let mut equity = vec![0.0; length];
            mark(&mut equity, length, &positions, cash);
            lanes.add(first, &equity, &positions, cash);
            first += length;
        }
        lanes
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
        assert_eq!(mark(&mut equity, 3, &[(1.0, &[1.0; 16])], Cash::Flat(-1.0)), 0.0);
    }

    #[test]
    fn a_position_that_is_tiny_beside_the_cash_has_no_negative_exposure() {
        for cash in (1..2_000).map(f64::from) {
            assert!(mark(&mut [0.0; 16], 9, &[(1.0, &[1e-20; 16])], Cash::Flat(cash)) >= 0.0, "{cash}");
        }
    }

    #[test]
    fn exposure_bears_the_extremes_of_doubles() {
        for price in [1e-300, 1e300] {
            let mut equity = [0.0; 32];
            assert_eq!(mark(&mut equity, 17, &[(1.0, &[price; 32])], Cash::Flat(0.0)), 17.0, "{price}");
        }
    }
}
