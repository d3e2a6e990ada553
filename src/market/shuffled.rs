//! A market with its days in another order. What a day carries is how it changed each price, not the price: so the prices are
//! built again, and over every span of days each asset earns what it earned.
//!
//! The dates stay where they are. Numbers from files, and the prices of an asset that are not all positive, such as those of a
//! spread, go with their day as they are.

use std::ops::Range;

use super::bar_days::BarDays;
use super::columns::Column;
use super::date::Phase;
use super::prices::{AssetBars, AssetId, Market, UntradablePrice, have_holes, or};

impl Market {
    /// The days on which an asset lives: from its first price to its last bar. Empty if it has none.
    pub(crate) fn life(&self, asset: AssetId) -> Range<usize> {
        let days = self.days();
        let first = self.close(asset).iter().position(|price| !price.is_nan()).unwrap_or(days);
        let after = |date| usize::try_from(self.calendar().day(date)).unwrap_or(0).min(days);
        let end = self.last_known_bar(asset).map_or(0, |bar| after(bar.date.next()));
        first..end.max(first)
    }

    /// This market with its days in another order. `order` has for each place the day that stands there, which is one of the
    /// same span. Spans lie one after the other and cover all days.
    ///
    /// A day without a bar of an asset stays one, and no asset has a price before its first day. An asset whose first day is
    /// not the first of its span has its first price as early as a day with a bar stands there.
    pub(crate) fn shuffled(&self, order: &[usize], spans: &[Range<usize>]) -> Market {
        let mut market = self.clone();
        market.untradable.clear();
        for asset in (0..self.symbols().len()).map(|index| AssetId(index as u32)) {
            let moved = Moved::new(self, asset, order, spans);
            for column in Column::shown() {
                if let cells @ [_, ..] = market.columns[column.index()].as_mut_slice() {
                    let cells = &mut cells[asset.0 as usize * order.len()..][..order.len()];
                    moved.write(column, self.column(column, asset), cells);
                }
            }
            market.bars[asset.0 as usize] = moved.bars(&market, order);
            market.untradable.extend(moved.untradable(order));
        }
        market.file_columns.iter_mut().for_each(|column| *column = column.in_order(order));
        market
    }
}

/// An asset on the days of a span that do not all stand where they stood.
struct Moved<'m> {
    market: &'m Market,
    asset: AssetId,
    steps: Vec<Step>,
}

/// What an asset does at one place.
#[derive(Debug, Clone, Copy)]
struct Step {
    place: usize,
    /// The day that stands there.
    day: usize,
    /// Whether it has a price; else that of the place before shows.
    has_price: bool,
    /// The same of its open.
    has_open: bool,
    /// What shows at the place before; NaN before the first price.
    shown: f64,
    /// The close before the day, and what stands for it here.
    before: [f64; 2],
    /// The close of the day, and what stands for it here.
    close: [f64; 2],
}

impl Step {
    /// A price of the day as it is here.
    fn price(&self, price: f64) -> f64 {
        // To the bit where nothing moved, whatever the rounding.
        match [self.close, self.before].into_iter().find(|[there, _]| *there == price) {
            Some([_, here]) => here,
            None => price * (self.before[1] / self.before[0]),
        }
    }
}

impl<'m> Moved<'m> {
    fn new(market: &'m Market, asset: AssetId, order: &[usize], spans: &[Range<usize>]) -> Moved<'m> {
        let mut moved = Moved { market, asset, steps: Vec::new() };
        let close = market.close(asset);
        let Some(first) = close.iter().position(|price| !price.is_nan()) else { return moved };
        // Before the first price the first bar stands on its own open.
        let base = or(market.open(asset)[first], close[first]);
        let is_early = market.first_price(asset).is_some_and(|price| price.date < market.date(0));
        let (mut level, mut shown) = (base, if is_early { base } else { f64::NAN });
        for span in spans {
            if span.clone().all(|place| order[place] == place) {
                let end = close[span.end - 1];
                (level, shown) = (or(end, level), or(end, shown));
            } else {
                (level, shown) = moved.walk(span.clone(), order, (first, base), (level, shown));
            }
        }
        moved
    }

    /// Adds the steps of a span that begins on a level and with a price that shows; gives those at its end.
    fn walk(
        &mut self,
        span: Range<usize>,
        order: &[usize],
        (first, base): (usize, f64),
        (mut level, mut shown): (f64, f64),
    ) -> (f64, f64) {
        let (market, asset) = (self.market, self.asset);
        let (open, close) = (market.open(asset), market.close(asset));
        let [opens, closes] = [Phase::Open, Phase::Close].map(|phase| market.bar_days(asset, phase));
        // Without bar days a day without a bar looks like one that did not move.
        let is_known = keeps_bar_days(opens, closes);
        let is_value = is_by_value(market, asset);
        let before = |day: usize| if day > first { close[day - 1] } else { base };
        // What rounding leaves goes to the last day that moves.
        let moves =
            |place: &usize| !close[order[*place]].is_nan() && close[order[*place]] != before(order[*place]);
        let last = span.clone().rev().find(moves).filter(|_| !is_value);
        let end = close[span.end - 1];
        for place in span {
            let day = order[place];
            let has_bar = !is_known || opens.has(day) || closes.has(day);
            let is_first = shown.is_nan();
            let mut step = Step {
                place,
                day,
                has_price: !close[day].is_nan() && (has_bar || !is_first),
                has_open: !open[day].is_nan() && (!is_known || opens.has(day) || !is_first),
                shown,
                before: if is_value { [1.0, 1.0] } else { [before(day), level] },
                close: [f64::NAN; 2],
            };
            let here = if Some(place) == last { end } else { step.price(close[day]) };
            step.close = [close[day], here];
            level = or(here, level);
            shown = if step.has_price { here } else { shown };
            self.steps.push(step);
        }
        (level, shown)
    }

    /// Writes the cells of a column at the places of the steps.
    fn write(&self, column: Column, source: &[f64], cells: &mut [f64]) {
        for step in &self.steps {
            let cell = source[step.day];
            let is_own = step.has_price && (column != Column::Open || step.has_open);
            cells[step.place] = match column.description().scaled {
                false => cell,
                true if is_own => step.price(cell),
                true => step.shown,
            };
        }
    }

    /// What is known of the asset besides its prices, which `market` has.
    fn bars(&self, market: &Market, order: &[usize]) -> AssetBars {
        let old = &self.market.bars[self.asset.0 as usize];
        let (open, close) = (market.open(self.asset), market.close(self.asset));
        let mut bars = old.clone();
        bars.opens = in_order(&old.opens, order);
        bars.closes = in_order(&old.closes, order);
        let shown_from = close.iter().position(|price| !price.is_nan()).unwrap_or(close.len());
        let is_early = old.first_price.is_some_and(|price| price.date < market.date(0));
        let was = self.market.close(self.asset).iter().position(|price| !price.is_nan());
        if let Some(first_open) = open.get(shown_from).filter(|_| !is_early && was != Some(shown_from)) {
            let phase = if first_open.is_nan() { Phase::Close } else { Phase::Open };
            bars.first_price = Some(market.date(shown_from).at(phase));
        }
        if keeps_bar_days(&old.opens, &old.closes) {
            bars.has_holes = have_holes([&bars.opens, &bars.closes], shown_from..close.len());
        }
        bars
    }

    /// The prices that cannot be traded, at their new places.
    fn untradable(&self, order: &[usize]) -> impl Iterator<Item = UntradablePrice> {
        let all = &self.market.untradable;
        let range = |asset: u32| all.partition_point(|price| price.asset.0 < asset);
        let own = &all[range(self.asset.0)..range(self.asset.0 + 1)];
        let places = if own.is_empty() { &[] } else { order };
        places.iter().enumerate().flat_map(|(place, day)| {
            let of_day =
                own.partition_point(|price| price.day < *day)..own.partition_point(|price| price.day <= *day);
            own[of_day].iter().map(move |price| UntradablePrice { day: place, ..*price })
        })
    }
}

/// Whether the market knows on which days an asset with these bars has some.
fn keeps_bar_days(opens: &BarDays, closes: &BarDays) -> bool {
    !(opens.span().is_empty() && closes.span().is_empty())
}

/// Whether the prices of an asset go with their days as they are: there is no ratio to a price that is not positive.
fn is_by_value(market: &Market, asset: AssetId) -> bool {
    market.untradable_price(asset, 0, Phase::Open).is_some()
}

fn in_order(days: &BarDays, order: &[usize]) -> BarDays {
    BarDays::of(&(0..order.len()).filter(|place| days.has(order[*place])).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::market::calendar::Calendar;
    use crate::market::columns::Columns;
    use crate::market::date::Date;
    use crate::market::input::folder::csv;
    use crate::market::numbers::file_column::FileColumn;
    use crate::market::prices::PriceAdjustment;
    use crate::mixer::hash;

    const A: AssetId = AssetId(0);
    const SCALED: [Column; 4] = [Column::Open, Column::High, Column::Low, Column::Close];

    /// A market of consecutive dates from 2020-01-06 on, a Monday. Each asset has a row a date, which may be empty.
    fn market(assets: &[&[[f64; 3]]], days: usize) -> Market {
        let first = Date::parse(b"2020-01-06").unwrap();
        let tables = ["A", "B", "C"].iter().zip(assets).map(|(symbol, rows)| {
            let cell = |x: f64| if x.is_nan() { String::new() } else { x.to_string() };
            let mut text = "Date,Open,High,Low,Close,Volume\n".to_owned();
            for (day, [open, close, volume]) in rows.iter().enumerate() {
                let date = Date(first.0 + day as i32);
                let [high, low] = [open.max(*close) + 0.5, open.min(*close) - 0.25];
                let cells = [*open, high, low, *close, *volume].map(cell);
                text += &format!("{date},{}\n", cells.join(","));
            }
            let columns = Columns::default().with(Column::High).with(Column::Volume);
            ((*symbol).to_owned(), csv::read(text.as_bytes(), columns).unwrap())
        });
        let dates: Vec<Date> = (0..days).map(|day| Date(first.0 + day as i32)).collect();
        let calendar = Calendar::listed(dates, first).unwrap();
        Market::new(calendar, PriceAdjustment::None, tables.collect()).unwrap()
    }

    fn bits(market: &Market, asset: AssetId) -> Vec<Vec<u64>> {
        let columns = Column::shown().map(|column| market.column(column, asset));
        columns.map(|cells| cells.iter().map(|cell| cell.to_bits()).collect()).collect()
    }

    fn are_near(a: f64, b: f64) -> bool {
        (a - b).abs() <= 1e-12 * b.abs()
    }

    const NO: f64 = f64::NAN;

    #[test]
    fn a_day_carries_how_it_changed_prices() {
        let market = market(&[&[[10.0, 8.0, 1.0], [8.0, 16.0, 2.0], [8.0, 4.0, 3.0], [5.0, 6.0, 4.0]]], 4);
        let moved = market.shuffled(&[2, 1, 0, 3], &[0..3, 3..4]);
        // The first day stands on its open of 10, so the others do: 8 / 16, then 16 / 8, then 8 / 10, which ends at the true 4.
        assert_eq!(moved.close(A), [2.5, 5.0, 4.0, 6.0]);
        assert_eq!(moved.open(A), [5.0, 2.5, 5.0, 5.0]);
        assert_eq!(moved.column(Column::High, A)[..2], [8.5 * 10.0 / 16.0, 16.5 * 2.5 / 8.0]);
        assert_eq!(moved.column(Column::Volume, A), [3.0, 2.0, 1.0, 4.0]);
        assert_eq!(moved.calendar(), market.calendar());
    }

    #[test]
    fn a_day_without_a_bar_stays_one_and_its_move_comes_with_the_next() {
        let market =
            market(&[&[[8.0, 8.0, 1.0], [NO, NO, NO], [8.0, 16.0, 2.0], [NO, 4.0, 3.0], [6.0, 6.0, 1.0]]], 5);
        let moved = market.shuffled(&[1, 3, 2, 0, 4], &[0..4, 4..5]);
        assert!(
            moved.close(A)[0].is_nan() && moved.open(A)[1].is_nan(),
            "nothing shows before the first price"
        );
        assert_eq!(moved.close(A)[1..], [2.0, 4.0, 4.0, 6.0]);
        assert_eq!(moved.open(A)[2..], [2.0, 4.0, 6.0]);
        assert_eq!(moved.bar_days(A, Phase::Open), &BarDays::of(&[2, 3, 4]));
        assert_eq!(moved.bar_days(A, Phase::Close), &BarDays::of(&[1, 2, 3, 4]));
        assert_eq!(moved.first_price(A), Some(market.date(1).at(Phase::Close)));
        assert!(moved.has_holes(A), "an open is missing");
        let moved = market.shuffled(&[2, 0, 3, 1, 4], &[0..4, 4..5]);
        assert_eq!(moved.close(A), [16.0, 16.0, 4.0, 4.0, 6.0]);
        assert_eq!(moved.first_price(A), market.first_price(A));
        assert_eq!(moved.last_known_bar(A), market.last_known_bar(A));
    }

    #[test]
    fn a_spread_and_numbers_from_files_go_with_their_day() {
        let market = market(&[&[[1.0, -1.0, 1.0], [2.0, 0.0, 1.0], [3.0, 2.0, 1.0]]], 3)
            .with_file_columns(vec![FileColumn::shared(vec![7.0, 8.0, 9.0], false), FileColumn::default()]);
        let moved = market.shuffled(&[1, 2, 0], std::slice::from_ref(&(0..3)));
        assert_eq!((moved.close(A), moved.open(A)), (&[0.0, 2.0, -1.0][..], &[2.0, 3.0, 1.0][..]));
        let days = |market: &Market| market.untradable.iter().map(|price| price.day).collect::<Vec<_>>();
        assert_eq!((days(&market), days(&moved)), (vec![0, 1], vec![0, 2]));
        assert_eq!(moved.external(0, A), [8.0, 9.0, 7.0]);
        assert!(moved.external(1, A).is_empty());
    }

    #[test]
    fn an_asset_lives_from_its_first_price_to_its_last_bar() {
        let row = [1.0, 1.0, 1.0];
        let market = market(&[&[[NO; 3], row, [NO; 3], row, [NO; 3]], &[row; 9], &[[NO; 3]; 2]], 5);
        assert_eq!([0, 1, 2].map(|asset| market.life(AssetId(asset))), [1..4, 0..5, 5..5]);
    }

    /// A price of 1 to 20, or none.
    fn price(one: u8) -> f64 {
        if one < 20 { f64::from(one + 1) } else { NO }
    }

    fn days() -> impl Strategy<Value = Vec<(u8, u8)>> {
        prop::collection::vec((0..24u8, 0..24u8), 30)
    }

    proptest! {
        #[test]
        fn laws_of_a_shuffled_market(a in days(), b in days(), begins in 0..30usize, ends in 0..31usize, seed in 0..u64::MAX) {
            let rows = |days: &[(u8, u8)], life: Range<usize>| -> Vec<[f64; 3]> {
                days.iter().enumerate().map(|(day, (open, close))| {
                    if life.contains(&day) { [price(*open), price(*close), day as f64] } else { [NO; 3] }
                }).collect()
            };
            let market = market(&[&rows(&a, 0..30), &rows(&b, begins..ends)], 30);
            let assets = [AssetId(0), AssetId(1)];
            let mut cuts = vec![0, 30];
            for life in assets.map(|asset| market.life(asset)) {
                cuts.extend([life.start, life.end]);
            }
            cuts.sort_unstable();
            cuts.dedup();
            let spans: Vec<Range<usize>> = cuts.windows(2).map(|ends| ends[0]..ends[1]).collect();
            let still = market.shuffled(&Vec::from_iter(0..30), &spans);
            let mut order = Vec::from_iter(0..30usize);
            for span in &spans {
                order[span.clone()].sort_by_key(|day| hash(seed, *day as u64));
            }
            let moved = market.shuffled(&order, &spans);
            for asset in assets {
                prop_assert_eq!(bits(&still, asset), bits(&market, asset));
                prop_assert_eq!(&still.bars, &market.bars);
                let life = market.life(asset);
                let (old, new) = (market.close(asset), moved.close(asset));
                for span in spans.iter().filter(|span| life.start <= span.start && span.end <= life.end) {
                    prop_assert_eq!(new[span.end - 1].to_bits(), old[span.end - 1].to_bits());
                }
                prop_assert!(new[..life.start].iter().all(|price| price.is_nan()), "nobody joins early");
                prop_assert!(moved.first_price(asset) >= market.first_price(asset));
                prop_assert_eq!(moved.life(asset).end, life.end);
                let shown = new.iter().position(|price| !price.is_nan()).unwrap_or(30);
                for (place, &day) in order.iter().enumerate().skip(shown) {
                    let before = |closes: &[f64], day: usize| if day > 0 { closes[day - 1] } else { NO };
                    let [was, is] = [before(old, day), before(new, place)];
                    for phase in [Phase::Open, Phase::Close] {
                        prop_assert_eq!(moved.bar_days(asset, phase).has(place), market.bar_days(asset, phase).has(day));
                    }
                    if !moved.bar_days(asset, Phase::Close).has(place) && !moved.bar_days(asset, Phase::Open).has(place) {
                        prop_assert_eq!(new[place].to_bits(), is.to_bits());
                    }
                    for column in SCALED {
                        let [was_cell, cell] = [market.column(column, asset)[day], moved.column(column, asset)[place]];
                        let is_known = !was.is_nan() && !is.is_nan();
                        prop_assert!(!is_known || are_near(cell / is, was_cell / was), "{column} {place}");
                    }
                }
            }
        }
    }
}
