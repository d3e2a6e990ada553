//! Weeks and months in place of days: which days each has, and the bars of assets over them.

use std::ops::Range;

use super::frame::{Frame, FrameAsset};
use super::operator::Period;
use crate::market::calendar::Calendar;
use crate::market::columns::Column;
use crate::market::decisions::Decisions;
use crate::market::prices::{AssetId, Market};

/// The complete weeks or months of a market.
#[derive(Debug)]
pub(crate) struct PeriodClock {
    /// The days of each.
    days: Vec<Range<usize>>,
    /// For each day the number of periods that are complete at its close.
    complete: Vec<u32>,
    /// The frames of all periods, in the order of the frames of days.
    pub frames: Vec<Frame>,
    /// The bars of each asset by column and period; empty where the market lacks the column.
    columns: [Vec<Vec<f64>>; Column::COUNT],
}

impl PeriodClock {
    /// The periods of a market; `assets` has those of each frame.
    pub(crate) fn new(period: Period, market: &Market, assets: &[Vec<FrameAsset>]) -> PeriodClock {
        let days = complete_periods(period, market.calendar());
        let mut complete = vec![0; market.days()];
        for (number, days) in days.iter().enumerate() {
            complete[days.end - 1..].fill(number as u32 + 1);
        }
        let last_days = Decisions::Closes(days.iter().map(|days| days.end as u32 - 1).collect());
        let frames = assets.iter().map(|assets| Frame::new(assets, &last_days).of_periods()).collect();
        let mut columns = [(); Column::COUNT].map(|()| vec![Vec::new(); market.symbols().len()]);
        for asset in assets.iter().flatten() {
            let Some(id) = asset.asset else { continue };
            for column in Column::shown().filter(|column| !market.column(*column, id).is_empty()) {
                let bars = &mut columns[column.index()][id.0 as usize];
                if bars.is_empty() {
                    *bars = bars_of(column, market.column(column, id), &days, asset.first_close());
                }
            }
        }
        PeriodClock { days, complete, frames, columns }
    }

    /// Number of periods.
    pub(crate) fn len(&self) -> usize {
        self.days.len()
    }

    /// The bars of an asset; empty if the market lacks the column.
    pub(crate) fn column(&self, column: Column, asset: AssetId) -> &[f64] {
        &self.columns[column.index()][asset.0 as usize]
    }

    /// The last day of a period.
    pub(crate) fn last_day(&self, period: usize) -> usize {
        self.days[period].end - 1
    }

    /// The last period that is complete at the close of a day.
    pub(crate) fn complete_at(&self, day: usize) -> Option<usize> {
        (self.complete[day] as usize).checked_sub(1)
    }
}

/// The days of each complete period: the last is complete if no weekday of it is still to come.
fn complete_periods(period: Period, calendar: &Calendar) -> Vec<Range<usize>> {
    // The day after the last is a weekday to come.
    let ends = |day: usize| match period {
        Period::Month => calendar.ends_month(day),
        Period::Week => calendar.ends_week(day),
    };
    let mut periods = Vec::new();
    let mut first = 0;
    for day in 0..calendar.days() {
        if ends(day) {
            periods.push(first..day + 1);
            first = day + 1;
        }
    }
    periods
}

/// The bars of a column over periods, from an asset's first day on; absent in periods before it.
fn bars_of(column: Column, cells: &[f64], periods: &[Range<usize>], first_day: usize) -> Vec<f64> {
    let bar = |days: &Range<usize>| {
        let cells = &cells[days.start.max(first_day).min(days.end)..days.end];
        let present = cells.iter().copied().filter(|cell| !cell.is_nan());
        match column {
            Column::Open => cells.first().copied().unwrap_or(f64::NAN),
            Column::High => present.fold(f64::NAN, f64::max),
            Column::Low => present.fold(f64::NAN, f64::min),
            Column::Volume if !cells.is_empty() => present.fold(0.0, |sum, volume| sum + volume),
            _ => cells.last().copied().unwrap_or(f64::NAN),
        }
    };
    periods.iter().map(bar).collect()
}
