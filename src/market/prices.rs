//! The market of one backtest: a calendar, and the price columns of each asset with one cell per day. docs/prices.md says how
//! rows become prices.
//!
//! A cell holds the price that a trader would have been quoted at that moment: the price of the bar, or the last price before
//! it. A cell before the asset's first price is NaN. No cell depends on a later row, where QSTrader would give a price from the
//! future; see "The price from the future" in docs/conventions.md.

use std::borrow::Cow;
use std::ops::Range;

use super::bar_dates::run_of;
use super::bar_days::BarDays;
use super::calendar::{Calendar, is_weekday};
use super::columns::{Column, Columns, Filling};
use super::date::{Date, Instant, Phase};
use super::input::error::{RowError, RowErrorKind};
use super::numbers::file_column::FileColumn;
use super::table::{PriceTable, SortedRows};

/// An asset: its index in the alphabetical order of the market's symbols, so that ids sort as symbols do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct AssetId(pub u32);

/// Prices of some assets over the days of a calendar.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Market {
    calendar: Calendar,
    symbols: Vec<String>,
    /// For every column the cells of all assets, one asset after the other; empty if the market lacks the column.
    pub(super) columns: [Vec<f64>; Column::COUNT],
    /// What else is known of each asset.
    pub(super) bars: Vec<AssetBars>,
    /// By asset, then by day and phase.
    pub(super) untradable: Vec<UntradablePrice>,
    /// Columns of numbers from files, in the order in which the strategy declares them.
    pub(super) file_columns: Vec<FileColumn>,
}

/// The bars of an asset: rows of its file that have an open or a close.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct AssetBars {
    /// The first price of the file.
    pub(super) first_price: Option<Instant>,
    /// The date of the last bar of the file.
    last_bar: Option<Date>,
    /// The last bar up to the end of the backtest.
    pub(super) last_known: Option<LastBar>,
    /// The days on which it has an open.
    pub(super) opens: BarDays,
    /// The days on which it has a close.
    pub(super) closes: BarDays,
    /// Whether it shows a price on some day without an open or a close of its own.
    pub(super) has_holes: bool,
    /// The bars between the first and the last day.
    count: BarCount,
}

/// The last bar of an asset that a backtest knows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LastBar {
    /// Its date, which need not be a day of the market.
    pub date: Date,
    /// Its close, or its open if it has no close.
    pub close: f64,
}

/// A number of bars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct BarCount {
    /// All of them.
    pub bars: usize,
    /// Those on a Saturday or Sunday that is no day of the market.
    pub on_weekends: usize,
}

/// Whether some of these days, on all of which an asset shows a price, are none of those on which it has an open, or a close.
pub(super) fn have_holes(bar_days: [&BarDays; 2], shown: Range<usize>) -> bool {
    let all = BarDays::all(shown.clone());
    !shown.is_empty() && bar_days.into_iter().any(|days| *days != all)
}

/// A price that cannot be traded: zero, negative or infinite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct UntradablePrice {
    /// The asset.
    pub asset: AssetId,
    /// Day of the market.
    pub day: usize,
    /// Whether it is the price at the open or at the close.
    pub phase: Phase,
    /// The price.
    pub price: f64,
    /// Line of the file that the price comes from.
    pub line: u64,
}

/// How the rows of a file become prices; see "Adjustment" in docs/prices.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PriceAdjustment {
    /// Prices as traded.
    None,
    /// The close is the adjusted close; open, high and low are scaled by adjusted close / close.
    AdjustedClose,
}

impl Market {
    #[cfg(any(test, feature = "internals"))]
    /// Builds the columns over the days of a calendar.
    ///
    /// `tables` pairs each symbol with its rows. The market has the columns that all tables have.
    ///
    /// # Errors
    /// A table has two rows with the same date; the error names the line of the second one.
    pub(crate) fn new(
        calendar: Calendar,
        adjustment: PriceAdjustment,
        mut tables: Vec<(String, PriceTable)>,
    ) -> Result<Market, RowError> {
        tables.sort_by(|a, b| a.0.cmp(&b.0));
        let has = |column: &Column| tables.iter().all(|(_, table)| !table[*column].is_empty());
        let columns = Column::all().filter(has).collect();
        let (symbols, mut tables): (Vec<String>, Vec<PriceTable>) = tables.into_iter().unzip();
        tables.iter_mut().try_for_each(|table| make_ready(table, adjustment))?;
        let end = calendar.date(calendar.days().saturating_sub(1));
        let mut blank = BlankMarket::new(calendar, end, columns, symbols, true);
        let filled =
            blank.assets().into_iter().zip(&tables).map(|(asset, table)| asset.fill(table)).collect();
        Ok(blank.complete(filled))
    }

    /// The days of the market.
    pub(crate) fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// Number of days.
    pub(crate) fn days(&self) -> usize {
        self.calendar.days()
    }

    /// The date of a day, which may be after the last one.
    pub(crate) fn date(&self, day: usize) -> Date {
        self.calendar.date(day)
    }

    /// The first day whose open or close, as `phase` says, is at or after an instant; at most [`Market::days`].
    pub(crate) fn first_day_at(&self, instant: Instant, phase: Phase) -> usize {
        self.calendar.day_at(instant, phase)
    }

    /// Symbols in the order of their [`AssetId`].
    pub(crate) fn symbols(&self) -> &[String] {
        &self.symbols
    }

    /// The symbol of an asset.
    pub(crate) fn symbol(&self, asset: AssetId) -> &str {
        &self.symbols[asset.0 as usize]
    }

    /// The asset with a symbol.
    pub(crate) fn asset(&self, symbol: &str) -> Option<AssetId> {
        self.symbols
            .binary_search_by(|known| known.as_str().cmp(symbol))
            .ok()
            .map(|index| AssetId(index as u32))
    }

    /// This market with columns of numbers from files, in the order in which the strategy declares them; one that is not used
    /// is empty.
    pub(crate) fn with_file_columns(mut self, columns: Vec<FileColumn>) -> Market {
        self.file_columns = columns;
        self
    }

    /// The cells of a column, one per day; NaN before the asset's first price. Empty if the market lacks the column.
    pub(crate) fn column(&self, column: Column, asset: AssetId) -> &[f64] {
        match self.columns[column.index()].as_slice() {
            [] => &[],
            cells => &cells[asset.0 as usize * self.days()..][..self.days()],
        }
    }

    /// What the column of numbers from files that the strategy declares at this index shows of an asset at the close of
    /// each day: a number, or NaN where there is none. It may have one before the first price of the asset. Empty if the
    /// column is not used.
    pub(crate) fn external(&self, index: usize, asset: AssetId) -> &[f64] {
        self.file_columns[index].values(asset.0 as usize)
    }

    /// Whether what the column of numbers from files at this index shows of a day is known at its open already.
    pub(crate) fn external_is_known_at_open(&self, index: usize) -> bool {
        self.file_columns[index].is_known_at_open()
    }

    /// The price of an asset at an event of a day; NaN before its first.
    #[inline(always)]
    pub(crate) fn price(&self, asset: AssetId, day: usize, phase: Phase) -> f64 {
        let column = match phase {
            Phase::Open => Column::Open,
            Phase::Close => Column::Close,
        };
        debug_assert!(day < self.days(), "another asset's cell");
        self.columns[column.index()][asset.0 as usize * self.days() + day]
    }

    /// Price at 14:30 of every day; NaN before the first.
    pub(crate) fn open(&self, asset: AssetId) -> &[f64] {
        self.column(Column::Open, asset)
    }

    /// Price at 21:00 of every day; NaN before the first.
    pub(crate) fn close(&self, asset: AssetId) -> &[f64] {
        self.column(Column::Close, asset)
    }

    /// Moment of the first price in the asset's file, which may be before or after the days of the market.
    pub(crate) fn first_price(&self, asset: AssetId) -> Option<Instant> {
        self.bars[asset.0 as usize].first_price
    }

    /// Date of the last row of the asset's file that has an open or a close.
    pub(crate) fn last_bar(&self, asset: AssetId) -> Option<Date> {
        self.bars[asset.0 as usize].last_bar
    }

    /// The last bar of an asset up to the end of the backtest.
    pub(crate) fn last_known_bar(&self, asset: AssetId) -> Option<LastBar> {
        self.bars[asset.0 as usize].last_known
    }

    /// The days on which an asset has an open or a close, as `phase` says, in a row of its own.
    pub(crate) fn bar_days(&self, asset: AssetId, phase: Phase) -> &BarDays {
        let bars = &self.bars[asset.0 as usize];
        match phase {
            Phase::Open => &bars.opens,
            Phase::Close => &bars.closes,
        }
    }

    /// The first day at or after a day on which an asset has an open or a close, as `phase` says, in a row of its own.
    pub(crate) fn next_bar(&self, asset: AssetId, from: usize, phase: Phase) -> Option<usize> {
        self.bar_days(asset, phase).next(from)
    }

    /// The number of bars of an asset between the first and the last day, if some of them are on weekends; else 0.
    pub(crate) fn weekend_bars(&self, asset: AssetId) -> BarCount {
        self.bars[asset.0 as usize].count
    }

    /// Whether an asset shows a price on some day without an open or a close of its own.
    pub(crate) fn has_holes(&self, asset: AssetId) -> bool {
        self.bars[asset.0 as usize].has_holes
    }

    /// The first price of the asset that cannot be traded, from the open or close of a day on.
    pub(crate) fn untradable_price(
        &self,
        asset: AssetId,
        day: usize,
        phase: Phase,
    ) -> Option<&UntradablePrice> {
        let key = |price: &UntradablePrice| (price.asset, price.day, price.phase);
        let first = self.untradable.partition_point(|price| key(price) < (asset, day, phase));
        self.untradable.get(first).filter(|price| price.asset == asset)
    }
}

/// Makes a table ready to fill a market: checks its dates and adjusts its prices.
///
/// # Errors
/// The table has two rows with the same date; the error names the line of the second one.
pub(crate) fn make_ready(table: &mut PriceTable, adjustment: PriceAdjustment) -> Result<(), RowError> {
    if let Some((date, first_line, line)) = table.duplicate_date() {
        return Err(RowError { line, kind: RowErrorKind::RepeatedDate { date, first_line } });
    }
    if adjustment == PriceAdjustment::AdjustedClose {
        adjust(table);
    }
    Ok(())
}

/// A market whose cells are still to be filled: asset by asset, several at the same time.
#[derive(Debug)]
pub(crate) struct BlankMarket {
    market: Market,
    dates: Vec<Date>,
    end: Date,
    keeps_bar_days: bool,
}

impl BlankMarket {
    /// Room for the prices of assets over the days of a calendar. Bars after the date `end` are not known to the backtest.
    /// `symbols` ascend, and all of them have `columns`. Without `keeps_bar_days` the market does not know on which days an
    /// asset has a bar of its own.
    pub(crate) fn new(
        calendar: Calendar,
        end: Date,
        columns: Columns,
        symbols: Vec<String>,
        keeps_bar_days: bool,
    ) -> BlankMarket {
        let cells = symbols.len() * calendar.days();
        let dates = calendar.dates().collect();
        let mut room = [(); Column::COUNT].map(|()| Vec::new());
        for column in Column::shown().filter(|column| columns.has(*column)) {
            room[column.index()] = vec![0.0; cells];
        }
        let (bars, untradable) = (Vec::with_capacity(symbols.len()), Vec::new());
        let file_columns = Vec::new();
        let market = Market { calendar, symbols, columns: room, bars, untradable, file_columns };
        BlankMarket { market, dates, end, keeps_bar_days }
    }

    /// The room for the prices of every asset, in the order of the symbols.
    pub(crate) fn assets(&mut self) -> Vec<BlankAsset<'_>> {
        let BlankMarket { market, dates, end, keeps_bar_days } = self;
        let mut rest = market.columns.each_mut().map(Vec::as_mut_slice);
        let room = |index: usize| BlankAsset {
            asset: AssetId(index as u32),
            cells: rest.each_mut().map(|cells| take_first(cells, dates.len())),
            days: dates,
            needs_bar: market.calendar.is_listed(),
            end: *end,
            keeps_bar_days: *keeps_bar_days,
        };
        (0..market.symbols.len()).map(room).collect()
    }

    /// The market, once all assets have been filled. `assets`: the results of filling them, in the order of the symbols.
    pub(crate) fn complete(self, assets: Vec<Filled>) -> Market {
        let mut market = self.market;
        for Filled { bars, untradable } in assets {
            market.bars.push(bars);
            market.untradable.extend(untradable);
        }
        market
    }
}

/// The room for one asset's prices.
#[derive(Debug)]
pub(crate) struct BlankAsset<'a> {
    asset: AssetId,
    /// The cells of every column; empty if the market lacks the column.
    cells: [&'a mut [f64]; Column::COUNT],
    days: &'a [Date],
    /// Whether a row without an open and a close counts for nothing: under sessions it is no bar.
    needs_bar: bool,
    end: Date,
    keeps_bar_days: bool,
}

/// What the market keeps of one asset besides its cells.
#[derive(Debug)]
pub(crate) struct Filled {
    bars: AssetBars,
    untradable: Vec<UntradablePrice>,
}

impl BlankAsset<'_> {
    /// Puts an asset's prices into the market. The table has been made ready.
    pub(crate) fn fill(mut self, table: &PriceTable) -> Filled {
        let [open, close] =
            [Column::Open, Column::Close].map(|column| std::mem::take(&mut self.cells[column.index()]));
        let (asset, days) = (self.asset, self.days);
        let rows = SortedRows::all(table);
        let bars = Bars {
            dates: rows.select(&table.dates),
            open: rows.select(&table[Column::Open]),
            close: rows.select(&table[Column::Close]),
        };
        let without_hole = bars.without_hole(days);
        let on_days = bars.show(days, without_hole.as_ref(), [open, close]);
        let mut untradable = Vec::new();
        // Not `any`: testing all prices in vector lanes is faster than stopping at the first.
        if open.iter().chain(&*close).fold(false, |any, price| any | is_untradable(*price)) {
            bars.walk(days, |day, quote| {
                let line = table.lines[rows.index(quote.source)];
                let prices = [(Phase::Open, quote.open), (Phase::Close, quote.close)];
                let bad = prices.into_iter().filter(|(_, price)| is_untradable(*price));
                untradable.extend(bad.map(|(phase, price)| UntradablePrice {
                    asset,
                    day,
                    phase,
                    price,
                    line,
                }));
            });
        }
        let bar_days = self.keeps_bar_days.then(|| bars.days_with_bars(days, without_hole));
        let known = bars.of_asset(days, self.end, on_days, bar_days);
        self.fill_more(table, &bars, &rows, [open, close]);
        Filled { bars: known, untradable }
    }

    /// Fills the columns other than open and close: with the value of the day's row, or with a function of open and close where
    /// there is none.
    fn fill_more(self, table: &PriceTable, bars: &Bars, rows: &SortedRows, [open, close]: [&mut [f64]; 2]) {
        let mut row_of_day = Vec::new();
        for (column, cells) in Column::all().zip(self.cells).filter(|(_, cells)| !cells.is_empty()) {
            let Filling::FromBar(without) = column.description().filling else { continue };
            if row_of_day.is_empty() {
                row_of_day.reserve(self.days.len());
                let counts = |row: &usize| !self.needs_bar || bars.first_phase(*row).is_some();
                let row_of = |quote: &Quote| quote.row.filter(counts).map(|row| rows.index(row));
                bars.walk(self.days, |_, quote| row_of_day.push(row_of(&quote)));
            }
            let values = &table[column];
            let bars = open.iter().zip(&*close);
            for ((cell, row), (open, close)) in cells.iter_mut().zip(&row_of_day).zip(bars) {
                let value = row.map_or(f64::NAN, |row| values[row]);
                *cell = if value.is_nan() { without(*open, *close) } else { value };
            }
        }
    }
}

/// Replaces closes by adjusted closes and scales the other prices by the same factor. They become NaN in a row without close or
/// adjusted close.
fn adjust(table: &mut PriceTable) {
    let mut close = std::mem::take(&mut table[Column::Close]);
    let adjusted = std::mem::take(&mut table[Column::AdjustedClose]);
    // Division first, then the product, as QSTrader rounds.
    for column in Column::all().filter(|column| column.description().scaled) {
        let adjustments = adjusted.iter().zip(&close);
        let prices = table[column].iter_mut();
        prices.zip(adjustments).for_each(|(price, (adjusted, close))| *price *= adjusted / close);
    }
    close.copy_from_slice(&adjusted);
    table[Column::Close] = close;
    table[Column::AdjustedClose] = adjusted;
}

/// Splits the first `count` cells off a column; nothing if the column is empty.
fn take_first<'a>(cells: &mut &'a mut [f64], count: usize) -> &'a mut [f64] {
    cells.split_off_mut(..count.min(cells.len())).unwrap_or_default()
}

/// The price, or the other one if it is NaN.
#[inline]
pub(super) fn or(price: f64, other: f64) -> f64 {
    if price.is_nan() { other } else { price }
}

fn is_untradable(price: f64) -> bool {
    price <= 0.0 || price == f64::INFINITY
}

/// The rows of an asset in date order, adjusted.
struct Bars<'a> {
    dates: Cow<'a, [Date]>,
    open: Cow<'a, [f64]>,
    close: Cow<'a, [f64]>,
}

/// Rows of an asset that are bars with open and close, on days in a row.
struct WithoutHole {
    rows: Range<usize>,
    days: Range<usize>,
}

/// The prices of a day.
struct Quote {
    open: f64,
    close: f64,
    /// The row of the day, if there is one.
    row: Option<usize>,
    /// The row that the price comes from; meaningless before the first price.
    source: usize,
}

impl Bars<'_> {
    /// Calls a function for each of the ascending days with its prices. Returns the number of days that have a row.
    #[inline]
    fn walk(&self, days: &[Date], mut visit: impl FnMut(usize, Quote)) -> usize {
        let (dates, opens, closes) = (&*self.dates, &*self.open, &*self.close);
        let (mut next, mut last, mut source, mut rows) = (0, f64::NAN, 0, 0);
        for (day, &date) in days.iter().enumerate() {
            while dates.get(next).is_some_and(|row_date| *row_date < date) {
                let filled = or(closes[next], or(opens[next], last));
                if filled.to_bits() != last.to_bits() {
                    source = next;
                }
                last = filled;
                next += 1;
            }
            let mut quote = Quote { open: last, close: last, row: None, source };
            if dates.get(next) == Some(&date) {
                source = next;
                let open = or(opens[next], last);
                quote = Quote { open, close: or(closes[next], open), row: Some(next), source };
                next += 1;
                rows += 1;
            }
            last = quote.close;
            visit(day, quote);
        }
        rows
    }

    /// The rows from the first day to the last, and their days, if these are days in a row on each of which the asset has an
    /// open and a close.
    fn without_hole(&self, days: &[Date]) -> Option<WithoutHole> {
        let rows = self.rows_between(days);
        let run = run_of(&self.dates[rows.clone()], days)?;
        // Not `any`: testing all prices in vector lanes is faster than stopping at the first.
        let has_gap = |prices: &[f64]| prices.iter().fold(false, |any, price| any | price.is_nan());
        let is_complete = !has_gap(&self.open[rows.clone()]) && !has_gap(&self.close[rows.clone()]);
        is_complete.then_some(WithoutHole { rows, days: run })
    }

    /// Shows the opens and closes of all days. Returns the number of days that have a row.
    fn show(
        &self,
        days: &[Date],
        without_hole: Option<&WithoutHole>,
        [open, close]: [&mut [f64]; 2],
    ) -> usize {
        // A row before the first day shows until the first bar.
        let copied = without_hole.filter(|bars| bars.rows.start == 0 || bars.days.start == 0);
        let Some(WithoutHole { rows, days: run }) = copied else {
            return self.walk(days, |day, quote| (open[day], close[day]) = (quote.open, quote.close));
        };
        let last = self.close[rows.end - 1];
        for (cells, prices) in [(open, &self.open), (close, &self.close)] {
            cells[..run.start].fill(f64::NAN);
            cells[run.clone()].copy_from_slice(&prices[rows.clone()]);
            cells[run.end..].fill(last);
        }
        run.len()
    }

    /// What is known of the asset besides its prices on the ascending days of a market, none of which is after `end`.
    /// `on_days`: the number of these days that have a row. `bar_days`: those with an open and those with a close, if they are
    /// kept.
    fn of_asset(
        &self,
        days: &[Date],
        end: Date,
        on_days: usize,
        bar_days: Option<[BarDays; 2]>,
    ) -> AssetBars {
        // Rows outside the days of the market count here too.
        let price = |row: usize| Some(self.dates[row].at(self.first_phase(row)?));
        let rows = self.dates.len();
        let last_known = (0..self.dates.partition_point(|date| *date <= end)).rev().find_map(|row| {
            let close = or(self.close[row], self.open[row]);
            (!close.is_nan()).then_some(LastBar { date: self.dates[row], close })
        });
        let count = self.weekend_bars(days, on_days);
        let keeps_bar_days = bar_days.is_some();
        let [opens, closes] = bar_days.unwrap_or_default();
        let first_price: Option<Instant> = (0..rows).find_map(price);
        let shown_from =
            first_price.map_or(days.len(), |price| days.partition_point(|day| *day < price.date));
        AssetBars {
            first_price,
            has_holes: keeps_bar_days && have_holes([&opens, &closes], shown_from..days.len()),
            last_bar: (0..rows).rev().find_map(price).map(|price| price.date),
            last_known,
            opens,
            closes,
            count,
        }
    }

    /// The rows from the first day of a market to the last.
    fn rows_between(&self, days: &[Date]) -> Range<usize> {
        let (Some(first), Some(last)) = (days.first(), days.last()) else { return 0..0 };
        let from = self.dates.partition_point(|date| date < first);
        from..self.dates.partition_point(|date| date <= last)
    }

    /// The bars from the first day to the last, if some are on weekends. `on_days`: the number of days that have a row.
    fn weekend_bars(&self, days: &[Date], on_days: usize) -> BarCount {
        let rows = self.rows_between(days);
        let mut count = BarCount::default();
        if rows.len() == on_days {
            return count;
        }
        for row in rows.filter(|row| self.first_phase(*row).is_some()) {
            count.bars += 1;
            count.on_weekends += usize::from(!is_weekday(self.dates[row]));
        }
        if count.on_weekends > 0 { count } else { BarCount::default() }
    }

    /// The days on which the asset has an open, and those on which it has a close.
    fn days_with_bars(&self, days: &[Date], without_hole: Option<WithoutHole>) -> [BarDays; 2] {
        if let Some(WithoutHole { days, .. }) = without_hole {
            return [BarDays::all(days.clone()), BarDays::all(days)];
        }
        let rows = self.rows_between(days);
        let (dates, opens, closes) = (&self.dates[rows.clone()], &self.open[rows.clone()], &self.close[rows]);
        let mut day = dates.first().map_or(0, |date| days.partition_point(|day| day < date));
        let (mut with_open, mut with_close) = (Vec::new(), Vec::new());
        for ((date, open), close) in dates.iter().zip(opens).zip(closes) {
            while days.get(day).is_some_and(|day| day < date) {
                day += 1;
            }
            if days.get(day) == Some(date) {
                [(open, &mut with_open), (close, &mut with_close)]
                    .into_iter()
                    .filter(|(price, _)| !price.is_nan())
                    .for_each(|(_, list)| list.push(day));
            }
        }
        [BarDays::of(&with_open), BarDays::of(&with_close)]
    }

    /// Whether the first price of a row is its open or its close; `None` if it has neither.
    fn first_phase(&self, row: usize) -> Option<Phase> {
        match (self.open[row].is_nan(), self.close[row].is_nan()) {
            (false, _) => Some(Phase::Open),
            (true, false) => Some(Phase::Close),
            (true, true) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::market::input::folder::csv;

    fn market(first_day: &str, days: usize, adjustment: PriceAdjustment, rows: &str) -> Market {
        let text = format!("Date,Open,High,Low,Close,Adj Close,Volume\n{rows}");
        let table = csv::read(text.as_bytes(), Columns::all()).unwrap();
        let calendar = Calendar::weekdays(Date::parse(first_day.as_bytes()).unwrap(), days);
        Market::new(calendar, adjustment, vec![("A".into(), table)]).unwrap()
    }

    const A: AssetId = AssetId(0);

    #[test]
    fn a_day_without_a_bar_repeats_the_last_close() {
        // Monday, then Wednesday; a Saturday row shows on the Monday after it.
        let rows = "2020-01-06,1,3,1,2,2,9\n2020-01-08,4,5,4,5,5,9\n2020-01-11,6,7,6,7,7,9\n";
        let market = market("2020-01-06", 6, PriceAdjustment::None, rows);
        assert_eq!(market.open(A), [1.0, 2.0, 4.0, 5.0, 5.0, 7.0]);
        assert_eq!(market.close(A), [2.0, 2.0, 5.0, 5.0, 5.0, 7.0]);
        assert_eq!(market.column(Column::High, A), [3.0, 2.0, 5.0, 5.0, 5.0, 7.0]);
        assert_eq!(market.column(Column::Volume, A), [9.0, 0.0, 9.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn missing_cells_fill_forward_along_opens_and_closes() {
        let rows = "2020-01-06,,,,2,2,\n2020-01-07,,,,3,3,\n2020-01-08,4,4,4,,,\n2020-01-09,5,5,5,5,,5\n";
        let plain = market("2020-01-06", 4, PriceAdjustment::None, rows);
        assert!(plain.open(A)[0].is_nan());
        assert_eq!(plain.open(A)[1..], [2.0, 4.0, 5.0]);
        assert_eq!(plain.close(A), [2.0, 3.0, 4.0, 5.0]);
        assert_eq!(plain.first_price(A), Some(plain.date(0).at(Phase::Close)));
        let adjusted = market("2020-01-06", 4, PriceAdjustment::AdjustedClose, rows);
        assert_eq!(adjusted.open(A)[1..], [2.0, 3.0, 3.0], "no close or adjusted close: no adjusted open");
        assert_eq!(adjusted.close(A), [2.0, 3.0, 3.0, 3.0]);
    }

    #[test]
    fn opens_are_adjusted_division_first() {
        let rows = "2020-01-06,118.56,132.06,118.5,130.31,4.186662804,9\n";
        let market = market("2020-01-06", 1, PriceAdjustment::AdjustedClose, rows);
        assert_eq!(market.open(A), [(4.186662804 / 130.31) * 118.56]);
        assert_eq!(market.column(Column::Low, A), [(4.186662804 / 130.31) * 118.5]);
    }

    #[test]
    fn a_listed_day_has_its_own_bar_even_on_a_weekend() {
        let rows = "Date,Open,Close\n2020-01-10,1,2\n2020-01-11,3,4\n2020-01-13,5,6\n2020-01-15,7,8\n";
        let days = ["2020-01-10", "2020-01-11", "2020-01-14", "2020-01-15"];
        let days: Vec<Date> = days.iter().map(|day| Date::parse(day.as_bytes()).unwrap()).collect();
        let table = csv::read(rows.as_bytes(), Columns::default()).unwrap();
        let calendar = Calendar::listed(days, Date(0)).unwrap();
        let market = Market::new(calendar, PriceAdjustment::None, vec![("A".into(), table)]).unwrap();
        assert_eq!(market.open(A), [1.0, 3.0, 6.0, 7.0]);
        assert_eq!(market.close(A), [2.0, 4.0, 6.0, 8.0]);
    }

    #[test]
    fn a_row_that_is_no_bar_has_no_volume_among_sessions() {
        // The second row has no adjusted close, and so no adjusted open.
        let rows =
            "Date,Open,Close,Adj Close,Volume\n2020-01-06,1,2,2,9\n2020-01-07,3,,,8\n2020-01-08,3,4,4,7\n";
        let days = ["2020-01-06", "2020-01-07", "2020-01-08"];
        let days: Vec<Date> = days.iter().map(|day| Date::parse(day.as_bytes()).unwrap()).collect();
        let first = days[0];
        let volumes = |calendar| {
            let columns = Columns::default().with(Column::AdjustedClose).with(Column::Volume);
            let table = csv::read(rows.as_bytes(), columns).unwrap();
            let market =
                Market::new(calendar, PriceAdjustment::AdjustedClose, vec![("A".into(), table)]).unwrap();
            market.column(Column::Volume, A).to_vec()
        };
        assert_eq!(volumes(Calendar::listed(days, first).unwrap()), [9.0, 0.0, 7.0]);
        assert_eq!(volumes(Calendar::weekdays(first, 3)), [9.0, 8.0, 7.0]);
    }

    #[test]
    fn no_price_before_the_first_bar() {
        let market = market("2020-01-06", 3, PriceAdjustment::None, "2020-01-08,4,5,4,5,5,9\n");
        assert!(market.open(A)[..2].iter().chain(&market.close(A)[..2]).all(|price| price.is_nan()));
    }

    #[test]
    fn prices_that_cannot_be_traded_are_kept_with_their_line() {
        let market = market(
            "2020-01-06",
            3,
            PriceAdjustment::None,
            "2020-01-06,4,5,4,5,5,9\n2020-01-07,4,5,4,0,5,9\n",
        );
        let untradable = market.untradable_price(A, 0, Phase::Open).unwrap();
        assert_eq!((untradable.day, untradable.phase, untradable.line), (1, Phase::Close, 3));
        assert_eq!(
            market.untradable_price(A, 2, Phase::Open).map(|price| price.day),
            Some(2),
            "it is carried forward"
        );
    }

    #[test]
    fn untradable_prices_belong_to_one_asset() {
        let table = |days: &[u32]| {
            let price = |day| u32::from(!days.contains(&day));
            let rows: String = (6..9).map(|day| format!("2020-01-{day:02},1,{}\n", price(day))).collect();
            csv::read(format!("Date,Open,Close\n{rows}").as_bytes(), Columns::default()).unwrap()
        };
        let tables = [("A", &[7][..]), ("B", &[]), ("C", &[6, 8])];
        let tables = tables.map(|(symbol, days)| (symbol.to_owned(), table(days))).into();
        let market = Market::new(Calendar::weekdays(Date(18_267), 3), PriceAdjustment::None, tables).unwrap();
        let days = |day| {
            [0, 1, 2].map(|asset| {
                market.untradable_price(AssetId(asset), day, Phase::Close).map(|price| price.day)
            })
        };
        assert_eq!(days(0), [Some(1), None, Some(0)]);
        assert_eq!(days(1), [Some(1), None, Some(2)]);
        assert_eq!(days(2), [None, None, Some(2)]);
    }

    #[test]
    fn duplicate_dates_are_refused() {
        let table =
            csv::read(b"Date,Open,Close\n2020-01-06,1,1\n2020-01-06,1,1\n", Columns::default()).unwrap();
        let error =
            Market::new(Calendar::weekdays(Date(0), 1), PriceAdjustment::None, vec![("A".into(), table)])
                .unwrap_err();
        assert_eq!(error.line, 3);
        assert_eq!(error.kind.to_string(), "the date 2020-01-06 stands twice, first on line 2");
    }

    #[test]
    fn events_at_or_after_an_instant() {
        let market = market("2020-01-06", 3, PriceAdjustment::None, "2020-01-08,4,5,4,5,5,9\n");
        let tuesday = market.date(1);
        assert_eq!(market.first_day_at(tuesday.at(Phase::Close), Phase::Close), 1);
        assert_eq!(market.first_day_at(tuesday.at(Phase::Close), Phase::Open), 2);
        assert_eq!(market.first_day_at(Instant::midnight(Date(0)), Phase::Open), 0);
        assert_eq!(market.first_day_at(Instant::midnight(Date(90_000)), Phase::Open), 3);
    }

    #[test]
    fn days_with_a_bar_of_their_own() {
        // Tuesday has no row, Wednesday no open, Thursday no price, the weekend two rows of which one has a price.
        let rows = "2020-01-03,1,1,1,1,1,9\n2020-01-06,1,3,1,2,2,9\n2020-01-08,,5,4,5,5,9\n2020-01-09,,,,,,\n\
                    2020-01-11,6,7,6,7,7,9\n2020-01-12,,,,,,\n2020-01-13,8,8,8,,,9\n2020-01-15,9,9,9,9,9,9\n";
        let market = market("2020-01-06", 7, PriceAdjustment::None, rows);
        assert_eq!(market.bar_days(A, Phase::Open), &BarDays::of(&[0, 5]));
        assert_eq!(market.bar_days(A, Phase::Close), &BarDays::of(&[0, 2]));
        assert_eq!(market.next_bar(A, 1, Phase::Open), Some(5));
        assert_eq!(market.next_bar(A, 6, Phase::Open), None);
        assert_eq!(market.next_bar(A, 3, Phase::Close), None);
        assert_eq!(market.weekend_bars(A), BarCount { bars: 4, on_weekends: 1 });
        // The row of the 15th is after the last day; the last one before it has no close.
        let last = LastBar { date: Date::parse(b"2020-01-13").unwrap(), close: 8.0 };
        assert_eq!(market.last_known_bar(A), Some(last));
        assert_eq!(market.last_bar(A), Date::parse(b"2020-01-15"));
    }

    #[test]
    fn an_adjusted_row_without_a_close_has_no_open() {
        let rows = "2020-01-06,1,3,1,2,2,9\n2020-01-07,1,3,1,,2,9\n2020-01-08,1,3,1,2,2,9\n";
        let market = market("2020-01-06", 3, PriceAdjustment::AdjustedClose, rows);
        assert_eq!(market.bar_days(A, Phase::Open), &BarDays::of(&[0, 2]));
        assert_eq!(market.bar_days(A, Phase::Close), &BarDays::all(0..3));
    }

    #[test]
    fn whole_data_has_no_holes() {
        let market =
            market("2020-01-06", 5, PriceAdjustment::None, "2020-01-07,1,1,1,1,1,\n2020-01-08,1,1,1,1,1,\n");
        let all = BarDays::all(1..3);
        assert_eq!([Phase::Open, Phase::Close].map(|phase| market.bar_days(A, phase)), [&all, &all]);
        assert!(market.has_holes(A), "two days come after its last bar");
        assert_eq!(market.weekend_bars(A), BarCount::default());
    }

    proptest! {
        #[test]
        fn copied_prices_are_those_of_a_walk(
            days in prop::collection::btree_set(0..9i32, 1..9),
            rows in prop::collection::btree_map(-2..12i32, (0..12u8, 0..12u8), 0..12),
        ) {
            let days: Vec<Date> = days.into_iter().map(Date).collect();
            let price = |price: u8| if price == 0 { f64::NAN } else { f64::from(price) };
            let dates: Vec<Date> = rows.keys().copied().map(Date).collect();
            let [open, close]: [Vec<f64>; 2] =
                [rows.values().map(|row| price(row.0)).collect(), rows.values().map(|row| price(row.1)).collect()];
            let bars = Bars { dates: dates.into(), open: open.into(), close: close.into() };
            let mut shown = [vec![0.0; days.len()], vec![0.0; days.len()]];
            let [opens, closes] = shown.each_mut().map(Vec::as_mut_slice);
            let on_days = bars.show(&days, bars.without_hole(&days).as_ref(), [opens, closes]);
            let mut walked = Vec::new();
            prop_assert_eq!(bars.walk(&days, |_, quote| walked.push([quote.open, quote.close])), on_days);
            for (day, prices) in walked.into_iter().enumerate() {
                prop_assert_eq!(prices.map(f64::to_bits), [0, 1].map(|side: usize| shown[side][day].to_bits()));
            }
            let known = bars.days_with_bars(&days, bars.without_hole(&days));
            prop_assert_eq!(known, bars.days_with_bars(&days, None));
        }
    }

    #[test]
    fn a_hole_is_a_price_without_a_bar() {
        let has_holes = |days: &[&str]| {
            let rows: String = days.iter().map(|day| format!("2020-01-{day},1,1,1,1,1,\n")).collect();
            market("2020-01-06", 5, PriceAdjustment::None, &rows).has_holes(A)
        };
        assert!(!has_holes(&["06", "07", "08", "09", "10"]));
        assert!(!has_holes(&["03", "06", "07", "08", "09", "10", "11"]));
        assert!(!has_holes(&["08", "09", "10"]), "it begins late");
        assert!(!has_holes(&["13"]), "it shows no price");
        assert!(has_holes(&["03", "07", "08", "09", "10"]), "it shows the last price on the 6th");
        assert!(has_holes(&["06", "07", "08", "09"]) && has_holes(&["08", "10"]) && has_holes(&["03"]));
    }
}
