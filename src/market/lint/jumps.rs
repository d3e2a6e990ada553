//! Prices that jump from one session to the next, and whether a split explains them. Knows no corporate actions: it
//! goes by the numbers of the file alone.
//!
//! The adjusted close is what a backtest trades, so it is judged first: if it does not jump, a jump of the close is
//! explained. What remains is a split that nobody adjusted for, or news. A split shows overnight, from a close to the
//! open after it, where little else happens; during its session the price moves as on any day. So the open is held
//! against the ratio, and the close only loosely. News of that size can open at such a ratio by chance, but it brings
//! trading, which a split does not. (Procter & Gamble opened on 2000-03-07 at 0.663 of the close before, half a per
//! cent from a 3:2 split, with 26 times the usual volume. Apple's and Microsoft's splits of 2000 to 2005 came with 0.6
//! to 1.3 times, bad news of Apple in 2000 with 22 times.)

use super::bars::Bars;
use super::finding::{Cause, Defect, SplitRatio};
use super::spot::Spot;
use crate::market::columns::Column;

/// A move of the close by more than this fraction is worth a look. Of 48 American funds and twelve large companies,
/// most since before 2005, one company had one, once.
const LARGE_MOVE: f64 = 0.4;

/// How far the open after a split may be from the ratio, as a fraction: an ordinary night. The splits measured above
/// are within 2 per cent.
const SPLIT_TOLERANCE_OPEN: f64 = 0.025;

/// How far the close may be from it: an extraordinary day. Apple gained 10 per cent on its split day in 2000.
const SPLIT_TOLERANCE_CLOSE: f64 = 0.15;

/// Splits in use, either way round. Smaller ones (5:4, 11:10) cannot be told from ordinary moves.
const SPLIT_RATIOS: [(u8, u8); 15] = [
    (2, 1),
    (3, 1),
    (4, 1),
    (5, 1),
    (6, 1),
    (7, 1),
    (8, 1),
    (10, 1),
    (15, 1),
    (20, 1),
    (25, 1),
    (30, 1),
    (50, 1),
    (100, 1),
    (3, 2),
];

/// Below this price a move of one tick is a large fraction, and a doubling is no sign of anything.
const SPLIT_PRICE_MIN: f64 = 0.1;

/// More than this many times the usual trading means news; see the measurements above.
const NEWS_TRADING: f64 = 3.0;

/// Sessions before, over which trading is usual: a month.
const USUAL_SESSIONS: usize = 20;

/// A change of adjusted close / close by more than this fraction is an adjustment worth explaining a jump with. A 3:2
/// split changes it by half, an ordinary dividend by a few per cent.
const ADJUSTMENT_MIN: f64 = 0.2;

/// A price this close, as a fraction, to that before a jump has come back.
const SPIKE_TOLERANCE: f64 = 0.1;

/// What is wrong from session to session. Sessions without a positive close and adjusted close are left out.
pub(super) fn spots(bars: &Bars) -> Vec<Spot> {
    let table = bars.table;
    let adjusted = !table[Column::AdjustedClose].is_empty();
    let positive = |row: usize| {
        table[Column::Close][row] > 0.0 && (!adjusted || table[Column::AdjustedClose][row] > 0.0)
    };
    let rows: Vec<usize> = bars.rows.iter().copied().filter(|&row| positive(row)).collect();
    let close: Prices =
        rows.iter().map(|&row| (table[Column::Open][row], table[Column::Close][row])).collect();
    let adjusted: Option<Prices> = adjusted.then(|| {
        let factor = |row: usize| table[Column::AdjustedClose][row] / table[Column::Close][row];
        rows.iter()
            .map(|&row| (factor(row) * table[Column::Open][row], table[Column::AdjustedClose][row]))
            .collect()
    });
    let mut spots = Vec::new();
    let mut day = 1;
    while day < rows.len() {
        let cause = cause(&close, adjusted.as_ref(), day, || is_quiet(bars, &rows, day));
        if let Some(cause) = cause {
            let (column, prices) = match &adjusted {
                Some(adjusted) if jump(&close, day).is_none() => (Column::AdjustedClose, adjusted),
                _ => (Column::Close, &close),
            };
            let (before, after) = (prices[day - 1].1, prices[day].1);
            spots.push(bars.spot(rows[day], Defect::Jump { column, before, after, cause }));
        }
        // The way back of a spike is a jump as well, and said already.
        day += if cause == Some(Cause::Spike) { 2 } else { 1 };
    }
    spots
}

/// Open and close of every session.
type Prices = Vec<(f64, f64)>;

/// A price that moves too far, and the split ratio that it moves by, if any.
type Jump = Option<SplitRatio>;

fn cause(
    close: &Prices,
    adjusted: Option<&Prices>,
    day: usize,
    quiet: impl FnOnce() -> bool,
) -> Option<Cause> {
    let traded = adjusted.unwrap_or(close);
    let jumps = jump(traded, day);
    if let Some(adjusted) = adjusted {
        let adjustment = factor(adjusted, day) / factor(close, day);
        if jumps.is_none() && jump(close, day).is_some() && !is_near(adjustment, 1.0, ADJUSTMENT_MIN) {
            return Some(Cause::Explained);
        }
    }
    let ratio = jumps?;
    if traded.get(day + 1).is_some_and(|next| is_near(next.1, traded[day - 1].1, SPIKE_TOLERANCE)) {
        return Some(Cause::Spike);
    }
    match ratio {
        Some(ratio) if quiet() => match adjusted {
            Some(_) => Some(Cause::Split(ratio)),
            None => Some(Cause::PossibleSplit(ratio)),
        },
        _ => is_large(factor(traded, day)).then_some(Cause::LargeMove),
    }
}

fn jump(prices: &Prices, day: usize) -> Option<Jump> {
    let split = split(prices, day);
    (split.is_some() || is_large(factor(prices, day))).then_some(split)
}

/// The split ratio by which the price moves overnight and stays moved; without an open, by which the close moves.
fn split(prices: &Prices, day: usize) -> Option<SplitRatio> {
    let before = prices[day - 1].1;
    let (open, close) = prices[day];
    if before.min(close) < SPLIT_PRICE_MIN {
        return None;
    }
    let open = if open > 0.0 { open } else { close };
    SPLIT_RATIOS
        .into_iter()
        .flat_map(|(more, fewer)| [(more, fewer), (fewer, more)])
        .map(|(after, before)| SplitRatio { after, before })
        .find(|ratio| {
            let expected = before * f64::from(ratio.before) / f64::from(ratio.after);
            is_near(open, expected, SPLIT_TOLERANCE_OPEN) && is_near(close, expected, SPLIT_TOLERANCE_CLOSE)
        })
}

fn factor(prices: &Prices, day: usize) -> f64 {
    prices[day].1 / prices[day - 1].1
}

fn is_large(factor: f64) -> bool {
    !(1.0 - LARGE_MOVE..=1.0 + LARGE_MOVE).contains(&factor)
}

/// Whether two positive numbers differ by at most a fraction of the smaller one.
fn is_near(a: f64, b: f64, fraction: f64) -> bool {
    a.max(b) <= a.min(b) * (1.0 + fraction)
}

/// Whether a session has no more than the usual trading, in shares or in money: after a split, shares rise if the file
/// has them as traded, money moves if it has them adjusted. True for a file that does not tell.
fn is_quiet(bars: &Bars, rows: &[usize], day: usize) -> bool {
    let table = bars.table;
    let before = &rows[day.saturating_sub(USUAL_SESSIONS)..day];
    let is_more = |trading: &dyn Fn(usize) -> f64| {
        let mut usual: Vec<f64> =
            before.iter().map(|&row| trading(row)).filter(|amount| *amount > 0.0).collect();
        usual.sort_by(f64::total_cmp);
        usual.get(usual.len() / 2).is_some_and(|median| trading(rows[day]) > NEWS_TRADING * median)
    };
    table[Column::Volume].is_empty()
        || !(is_more(&|row| table[Column::Volume][row])
            && is_more(&|row| table[Column::Volume][row] * table[Column::Close][row]))
}
