//! Prices that jump from one session to the next, and whether a split explains them. Knows no corporate actions, only the
//! numbers of the file.
//!
//! A backtest trades the adjusted close, so that is tested first: if it does not jump, a jump of the close is explained.
//! Otherwise the jump is a split that nobody adjusted for, or news. A split happens overnight, between a close and the next
//! open, when little else happens; during its session the price moves as on any day. So the open must be near the ratio, and
//! the close only roughly. News can move the open by such a ratio by chance, but it comes with heavy trading, which a split
//! does not. (Procter & Gamble opened on 2000-03-07 at 0.663 of the close before, half a per cent from a 3:2 split, with 26
//! times the usual volume. Apple's and Microsoft's splits of 2000 to 2005 came with 0.6 to 1.3 times the usual volume, bad
//! news of Apple in 2000 with 22 times.)

use super::bars::SortedBars;
use super::finding::{Cause, Defect, SplitRatio};
use super::spot::Spot;
use crate::market::columns::Column;

/// A move of the close by more than this fraction is reported. Among 48 American funds and twelve large companies, most of them
/// with prices since before 2005, there was one such move.
const LARGE_MOVE: f64 = 0.4;

/// Largest distance of the open after a split from the ratio, as a fraction: the move of an ordinary night. The splits named
/// above are within 2 per cent.
const SPLIT_TOLERANCE_OPEN: f64 = 0.025;

/// Largest distance of the close after a split from the ratio: the move of an extraordinary day. Apple gained 10 per cent on
/// the day of its split in 2000.
const SPLIT_TOLERANCE_CLOSE: f64 = 0.15;

/// Common split ratios, which also occur the other way round. Smaller ones (5:4, 11:10) look like ordinary moves.
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

/// Below this price a move of one tick is a large fraction, and a doubling means nothing.
const SPLIT_PRICE_MIN: f64 = 0.1;

/// More than this many times the usual trading means news; see the examples above.
const NEWS_TRADING: f64 = 3.0;

/// Number of earlier sessions whose median is the usual trading: a month.
const USUAL_SESSIONS: usize = 20;

/// A change of adjusted close / close by more than this fraction can explain a jump. A 3:2 split changes it by half, an
/// ordinary dividend by a few per cent.
const ADJUSTMENT_MIN: f64 = 0.2;

/// A price that is within this fraction of the price before a jump has come back.
const SPIKE_TOLERANCE: f64 = 0.1;

/// The jumps in one file. Sessions without a positive close and adjusted close are left out.
pub(super) fn spots(bars: &SortedBars) -> Vec<Spot> {
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
        // A spike jumps back on the next day, which is not reported again.
        day += if cause == Some(Cause::Spike) { 2 } else { 1 };
    }
    spots
}

/// Open and close of every session.
type Prices = Vec<(f64, f64)>;

/// A jump with the split ratio that explains it, if one does.
type Jump = Option<SplitRatio>;

/// The cause of the jump of a day; `None` if there is no jump to report.
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

/// The jump from the session before to this one; `None` if the price does not jump.
fn jump(prices: &Prices, day: usize) -> Option<Jump> {
    let split = split(prices, day);
    (split.is_some() || is_large(factor(prices, day))).then_some(split)
}

/// The split ratio by which the price moves overnight and still has moved at the close. If there is no open, the close alone is
/// tested.
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

/// Whether the trading of a session is not unusually heavy, in shares or in money: after a split, the number of shares rises if
/// the file has it as traded, and the money changes if the file has the number adjusted. True for a file without volumes.
fn is_quiet(bars: &SortedBars, rows: &[usize], day: usize) -> bool {
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
