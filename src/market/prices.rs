//! The market of one backtest: a calendar, and for each asset its columns, a cell a day (SEM 2, 4.2, 4.3).
//!
//! A cell holds the price a trader would have been quoted at that moment: the bar's own, or the last one before it. A
//! cell before an asset's first price is NaN. Nothing here ever looks at a later row (Q1 is not reproduced).

use std::borrow::Cow;

use super::calendar::Calendar;
use super::columns::{Column, Columns, Filling};
use super::date::{Date, Instant, Phase};
use super::input::error::{RowError, RowErrorKind};
use super::table::{PriceTable, Rows};

/// An asset: its place in the alphabetical order of the market's symbols, so ids sort as identifiers do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct AssetId(pub u32);

/// Prices of some assets over the days of a calendar.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Market {
    calendar: Calendar,
    symbols: Vec<String>,
    /// Of every column the cells of all assets, one asset after the other; none of a column that the market lacks.
    columns: [Vec<f64>; Column::COUNT],
    first_price: Vec<Option<Instant>>,
    last_bar: Vec<Option<Date>>,
    defects: Vec<Defect>,
}

/// A price that cannot be traded: zero, negative or infinite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Defect {
    /// The asset.
    pub asset: AssetId,
    /// First day of the market that shows the price.
    pub day: usize,
    /// The event that shows it.
    pub phase: Phase,
    /// The price.
    pub price: f64,
    /// Line of the file it came from.
    pub line: u64,
}

/// How the rows of a file become prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Adjustment {
    /// As traded.
    None,
    /// Close is the adjusted close; open, high and low are scaled by adjusted close / close (SEM 4.2).
    AdjustedClose,
}

impl Market {
    #[cfg(any(test, feature = "internals"))]
    /// Builds the columns over the days of a calendar.
    ///
    /// `tables` pairs each symbol with its rows; a column that one of the tables lacks the market lacks too.
    ///
    /// # Errors
    /// A date that stands twice in a table (Q27); the line is that of its second row.
    pub(crate) fn new(
        calendar: Calendar,
        adjustment: Adjustment,
        mut tables: Vec<(String, PriceTable)>,
    ) -> Result<Market, RowError> {
        tables.sort_by(|a, b| a.0.cmp(&b.0));
        let has = |column: &Column| tables.iter().all(|(_, table)| !table[*column].is_empty());
        let columns = Column::all().filter(has).collect();
        let (symbols, mut tables): (Vec<String>, Vec<PriceTable>) = tables.into_iter().unzip();
        let mut blank = BlankMarket::new(calendar, adjustment, columns, symbols);
        let filled: Result<Vec<Filled>, RowError> =
            blank.assets().into_iter().zip(&mut tables).map(|(asset, table)| asset.fill(table)).collect();
        Ok(blank.complete(filled?))
    }

    /// Its days.
    pub(crate) fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// Number of days.
    pub(crate) fn days(&self) -> usize {
        self.calendar.days()
    }

    /// The date of a day, which may lie beyond the last.
    pub(crate) fn date(&self, day: usize) -> Date {
        self.calendar.date(day)
    }

    /// The first day whose event of this phase is at or after an instant; at most [`Market::days`].
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

    /// The asset of a symbol.
    pub(crate) fn asset(&self, symbol: &str) -> Option<AssetId> {
        self.symbols
            .binary_search_by(|known| known.as_str().cmp(symbol))
            .ok()
            .map(|place| AssetId(place as u32))
    }

    /// The cells of a column, one a day: NaN before the asset's first price. Empty in a market without the column.
    pub(crate) fn column(&self, column: Column, asset: AssetId) -> &[f64] {
        match self.columns[column.index()].as_slice() {
            [] => &[],
            cells => &cells[asset.0 as usize * self.days()..][..self.days()],
        }
    }

    /// Price at 14:30 of every day; NaN before the first.
    pub(crate) fn open(&self, asset: AssetId) -> &[f64] {
        self.column(Column::Open, asset)
    }

    /// Price at 21:00 of every day; NaN before the first.
    pub(crate) fn close(&self, asset: AssetId) -> &[f64] {
        self.column(Column::Close, asset)
    }

    /// When the first usable price of the asset's file was quoted, be it before or after the market's days.
    pub(crate) fn first_price(&self, asset: AssetId) -> Option<Instant> {
        self.first_price[asset.0 as usize]
    }

    /// Date of the last usable row of the asset's file.
    pub(crate) fn last_bar(&self, asset: AssetId) -> Option<Date> {
        self.last_bar[asset.0 as usize]
    }

    /// The first price of the asset, from an event on, that cannot be traded.
    pub(crate) fn defect(&self, asset: AssetId, day: usize, phase: Phase) -> Option<&Defect> {
        // They were found asset by asset, day by day.
        let place = |defect: &Defect| (defect.asset, defect.day, defect.phase);
        let first = self.defects.partition_point(|defect| place(defect) < (asset, day, phase));
        self.defects.get(first).filter(|defect| defect.asset == asset)
    }
}

/// A market whose cells are to be filled, asset by asset and side by side.
#[derive(Debug)]
pub(crate) struct BlankMarket {
    market: Market,
    dates: Vec<Date>,
    adjustment: Adjustment,
}

impl BlankMarket {
    /// Room for the prices of assets over the days of a calendar. `symbols` ascend, and all of them have `columns`.
    pub(crate) fn new(
        calendar: Calendar,
        adjustment: Adjustment,
        columns: Columns,
        symbols: Vec<String>,
    ) -> BlankMarket {
        let cells = symbols.len() * calendar.days();
        let dates = calendar.dates().collect();
        let mut room = [(); Column::COUNT].map(|()| Vec::new());
        for column in Column::shown().filter(|column| columns.has(*column)) {
            room[column.index()] = vec![0.0; cells];
        }
        let market = Market {
            calendar,
            symbols,
            columns: room,
            first_price: Vec::new(),
            last_bar: Vec::new(),
            defects: Vec::new(),
        };
        BlankMarket { market, dates, adjustment }
    }

    /// The room of every asset, in the order of the symbols.
    pub(crate) fn assets<'a>(&'a mut self) -> Vec<BlankAsset<'a>> {
        let BlankMarket { market, dates, adjustment } = self;
        let mut rest = market.columns.each_mut().map(Vec::as_mut_slice);
        let room = |(place, symbol): (usize, &'a String)| BlankAsset {
            asset: AssetId(place as u32),
            symbol,
            cells: rest.each_mut().map(|cells| take_first(cells, dates.len())),
            days: dates,
            adjustment: *adjustment,
        };
        market.symbols.iter().enumerate().map(room).collect()
    }

    /// The market, when all assets have been filled; what filling them gave, in the order of the symbols.
    pub(crate) fn complete(self, assets: Vec<Filled>) -> Market {
        let mut market = self.market;
        for filled in assets {
            market.first_price.push(filled.first_price);
            market.last_bar.push(filled.last_bar);
            market.defects.extend(filled.defects);
        }
        market
    }
}

/// The room for one asset's prices.
#[derive(Debug)]
pub(crate) struct BlankAsset<'a> {
    asset: AssetId,
    /// Its symbol.
    pub symbol: &'a str,
    /// Of every column its cells; none of a column that the market lacks.
    cells: [&'a mut [f64]; Column::COUNT],
    days: &'a [Date],
    adjustment: Adjustment,
}

/// What filling the cells of one asset shows besides.
#[derive(Debug)]
pub(crate) struct Filled {
    first_price: Option<Instant>,
    last_bar: Option<Date>,
    defects: Vec<Defect>,
}

impl BlankAsset<'_> {
    /// Puts an asset's prices into the market. The table is left adjusted as they are.
    ///
    /// # Errors
    /// A date stands twice in the table (Q27); the line is that of its second row.
    pub(crate) fn fill(self, table: &mut PriceTable) -> Result<Filled, RowError> {
        if let Some((date, first_line, line)) = table.duplicate_date() {
            return Err(RowError { line, kind: RowErrorKind::RepeatedDate { date, first_line } });
        }
        if self.adjustment == Adjustment::AdjustedClose {
            adjust(table);
        }
        Ok(self.fill_cells(table))
    }

    /// Fills the cells from a table in which no date stands twice.
    fn fill_cells(mut self, table: &PriceTable) -> Filled {
        let [open, close] =
            [Column::Open, Column::Close].map(|column| std::mem::take(&mut self.cells[column.index()]));
        let (asset, days) = (self.asset, self.days);
        let rows = Rows::all(table);
        let bars = Bars {
            dates: rows.of(&table.dates),
            open: rows.of(&table[Column::Open]),
            close: rows.of(&table[Column::Close]),
        };
        bars.walk(days, |day, quote| (open[day], close[day]) = (quote.open, quote.close));
        let mut defects = Vec::new();
        // Not `any`: to look at all of them in vector lanes is faster than to stop at the first.
        if open.iter().chain(&*close).fold(false, |found, price| found | is_untradable(*price)) {
            bars.walk(days, |day, quote| {
                let prices = [(Phase::Open, quote.open), (Phase::Close, quote.close)];
                let untradable = prices.into_iter().filter(|(_, price)| is_untradable(*price));
                let line = table.lines[rows.place(quote.source)];
                defects.extend(untradable.map(|(phase, price)| Defect { asset, day, phase, price, line }));
            });
        }
        self.fill_more(table, &bars, &rows, [open, close]);
        // Rows outside the days count here too.
        let price = |row: usize| Some(bars.dates[row].at(bars.first_phase(row)?));
        let first_price = (0..bars.dates.len()).find_map(price);
        let last_bar = (0..bars.dates.len()).rev().find_map(price).map(|price| price.date);
        Filled { first_price, last_bar, defects }
    }

    /// Fills the columns beside open and close: the cell of the day's row, or what follows from these two.
    fn fill_more(self, table: &PriceTable, bars: &Bars, rows: &Rows, [open, close]: [&mut [f64]; 2]) {
        let mut place_of_day = Vec::new();
        for (column, cells) in Column::all().zip(self.cells).filter(|(_, cells)| !cells.is_empty()) {
            let Filling::FromBar(without) = column.description().filling else { continue };
            if place_of_day.is_empty() {
                place_of_day.reserve(self.days.len());
                bars.walk(self.days, |_, quote| place_of_day.push(quote.row.map(|row| rows.place(row))));
            }
            let values = &table[column];
            let bars = open.iter().zip(&*close);
            for ((cell, place), (open, close)) in cells.iter_mut().zip(&place_of_day).zip(bars) {
                let value = place.map_or(f64::NAN, |place| values[place]);
                *cell = if value.is_nan() { without(*open, *close) } else { value };
            }
        }
    }
}

/// Makes closes the adjusted ones and scales the other prices with them. Without a close or an adjusted close these are absent.
fn adjust(table: &mut PriceTable) {
    let mut close = std::mem::take(&mut table[Column::Close]);
    let adjusted = std::mem::take(&mut table[Column::AdjustedClose]);
    // Division first: SEM 4.2.
    for column in Column::all().filter(|column| column.description().scaled) {
        let adjustments = adjusted.iter().zip(&close);
        let prices = table[column].iter_mut();
        prices.zip(adjustments).for_each(|(price, (adjusted, close))| *price *= adjusted / close);
    }
    close.copy_from_slice(&adjusted);
    table[Column::Close] = close;
    table[Column::AdjustedClose] = adjusted;
}

/// Takes so many cells off the front of a column; none if it has none.
fn take_first<'a>(cells: &mut &'a mut [f64], count: usize) -> &'a mut [f64] {
    cells.split_off_mut(..count.min(cells.len())).unwrap_or_default()
}

#[inline]
fn or(price: f64, other: f64) -> f64 {
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

/// The prices of a day.
struct Quote {
    open: f64,
    close: f64,
    /// The row of the day, if it has one.
    row: Option<usize>,
    /// The row that the prices come from; none before the first.
    source: usize,
}

impl Bars<'_> {
    /// Calls a function for each of some ascending days, in order.
    #[inline]
    fn walk(&self, days: &[Date], mut visit: impl FnMut(usize, Quote)) {
        let (dates, opens, closes) = (&*self.dates, &*self.open, &*self.close);
        let (mut next, mut last, mut source) = (0, f64::NAN, 0);
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
            }
            last = quote.close;
            visit(day, quote);
        }
    }

    /// The first event of the day at which a row has a price.
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
    use super::*;
    use crate::market::input::folder::csv;

    fn market(first_day: &str, days: usize, adjustment: Adjustment, rows: &str) -> Market {
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
        let market = market("2020-01-06", 6, Adjustment::None, rows);
        assert_eq!(market.open(A), [1.0, 2.0, 4.0, 5.0, 5.0, 7.0]);
        assert_eq!(market.close(A), [2.0, 2.0, 5.0, 5.0, 5.0, 7.0]);
        assert_eq!(market.column(Column::High, A), [3.0, 2.0, 5.0, 5.0, 5.0, 7.0]);
        assert_eq!(market.column(Column::Volume, A), [9.0, 0.0, 9.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn missing_cells_fill_forward_along_opens_and_closes() {
        let rows = "2020-01-06,,,,2,2,\n2020-01-07,,,,3,3,\n2020-01-08,4,4,4,,,\n2020-01-09,5,5,5,5,,5\n";
        let plain = market("2020-01-06", 4, Adjustment::None, rows);
        assert!(plain.open(A)[0].is_nan());
        assert_eq!(plain.open(A)[1..], [2.0, 4.0, 5.0]);
        assert_eq!(plain.close(A), [2.0, 3.0, 4.0, 5.0]);
        assert_eq!(plain.first_price(A), Some(plain.date(0).at(Phase::Close)));
        let adjusted = market("2020-01-06", 4, Adjustment::AdjustedClose, rows);
        assert_eq!(adjusted.open(A)[1..], [2.0, 3.0, 3.0], "no close or adjusted close: no adjusted open");
        assert_eq!(adjusted.close(A), [2.0, 3.0, 3.0, 3.0]);
    }

    #[test]
    fn opens_are_adjusted_division_first() {
        let rows = "2020-01-06,118.56,132.06,118.5,130.31,4.186662804,9\n";
        let market = market("2020-01-06", 1, Adjustment::AdjustedClose, rows);
        assert_eq!(market.open(A), [(4.186662804 / 130.31) * 118.56]);
        assert_eq!(market.column(Column::Low, A), [(4.186662804 / 130.31) * 118.5]);
    }

    #[test]
    fn a_listed_day_has_its_own_bar_even_on_a_weekend() {
        let rows = "Date,Open,Close\n2020-01-10,1,2\n2020-01-11,3,4\n2020-01-13,5,6\n2020-01-15,7,8\n";
        let days = ["2020-01-10", "2020-01-11", "2020-01-14", "2020-01-15"];
        let days: Vec<Date> = days.iter().map(|day| Date::parse(day.as_bytes()).unwrap()).collect();
        let table = csv::read(rows.as_bytes(), Columns::default()).unwrap();
        let calendar = Calendar::listed(days).unwrap();
        let market = Market::new(calendar, Adjustment::None, vec![("A".into(), table)]).unwrap();
        assert_eq!(market.open(A), [1.0, 3.0, 6.0, 7.0]);
        assert_eq!(market.close(A), [2.0, 4.0, 6.0, 8.0]);
    }

    #[test]
    fn no_price_before_the_first_bar() {
        let market = market("2020-01-06", 3, Adjustment::None, "2020-01-08,4,5,4,5,5,9\n");
        assert!(market.open(A)[..2].iter().chain(&market.close(A)[..2]).all(|price| price.is_nan()));
    }

    #[test]
    fn prices_that_cannot_be_traded_are_kept_with_their_line() {
        let market =
            market("2020-01-06", 3, Adjustment::None, "2020-01-06,4,5,4,5,5,9\n2020-01-07,4,5,4,0,5,9\n");
        let defect = market.defect(A, 0, Phase::Open).unwrap();
        assert_eq!((defect.day, defect.phase, defect.line), (1, Phase::Close, 3));
        assert_eq!(
            market.defect(A, 2, Phase::Open).map(|defect| defect.day),
            Some(2),
            "it is carried forward"
        );
    }

    #[test]
    fn an_asset_is_told_its_own_defects_alone() {
        let table = |days: &[u32]| {
            let price = |day| u32::from(!days.contains(&day));
            let rows: String = (6..9).map(|day| format!("2020-01-{day:02},1,{}\n", price(day))).collect();
            csv::read(format!("Date,Open,Close\n{rows}").as_bytes(), Columns::default()).unwrap()
        };
        let tables = [("A", &[7][..]), ("B", &[]), ("C", &[6, 8])];
        let tables = tables.map(|(symbol, days)| (symbol.to_owned(), table(days))).into();
        let market = Market::new(Calendar::weekdays(Date(18_267), 3), Adjustment::None, tables).unwrap();
        let days = |day| {
            [0, 1, 2].map(|asset| market.defect(AssetId(asset), day, Phase::Close).map(|defect| defect.day))
        };
        assert_eq!(days(0), [Some(1), None, Some(0)]);
        assert_eq!(days(1), [Some(1), None, Some(2)]);
        assert_eq!(days(2), [None, None, Some(2)]);
    }

    #[test]
    fn duplicate_dates_are_refused() {
        let table =
            csv::read(b"Date,Open,Close\n2020-01-06,1,1\n2020-01-06,1,1\n", Columns::default()).unwrap();
        let error = Market::new(Calendar::weekdays(Date(0), 1), Adjustment::None, vec![("A".into(), table)])
            .unwrap_err();
        assert_eq!(error.line, 3);
        assert_eq!(error.kind.to_string(), "the date 2020-01-06 stands twice, first on line 2");
    }

    #[test]
    fn events_at_or_after_an_instant() {
        let market = market("2020-01-06", 3, Adjustment::None, "2020-01-08,4,5,4,5,5,9\n");
        let tuesday = market.date(1);
        assert_eq!(market.first_day_at(tuesday.at(Phase::Close), Phase::Close), 1);
        assert_eq!(market.first_day_at(tuesday.at(Phase::Close), Phase::Open), 2);
        assert_eq!(market.first_day_at(Instant::midnight(Date(0)), Phase::Open), 0);
        assert_eq!(market.first_day_at(Instant::midnight(Date(90_000)), Phase::Open), 3);
    }
}
