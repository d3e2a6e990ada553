//! Random cases of the families that the golden files hold, on prices made up or on those that ship.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveTime};

use super::draw::Draw;
use super::price_files::Bars;
use crate::golden_case::{Alpha, Asset, Case, FeeModel, Instant, Prices, Universe};

/// Tickers out of order, some no plain words.
const SYMBOLS: [&str; 9] = ["MNO", "ZED", "B", "AB.C", "KL9", "AA", "^X", "C-D", "AAB"];
const SHIPPED: [&str; 4] = ["AAPL", "GOOG", "IBM", "MSFT"];
/// Times of day around the two events, for starts, ends and burn-ins.
const TIMES: [(u32, u32); 8] = [(14, 30), (14, 30), (14, 30), (0, 0), (9, 30), (21, 0), (22, 15), (23, 59)];

/// On made-up prices.
pub fn inline(seed: u64) -> Case {
    let draw = &mut Draw::seeded(seed);
    let mut symbols = SYMBOLS.to_vec();
    draw.shuffle(&mut symbols);
    symbols.truncate(draw.index(1, 6));
    let start = date(2000 + draw.between(0, 23) as i32, draw.between(1, 365));
    let end = later(start, draw.between(40, 420));
    let mut case = case(draw, &symbols, start, end);
    case.id = format!("inline_{seed}");
    case.prices = Prices::Inline;
    case.inline_csvs = price_files(draw, &symbols, start, end);
    case
}

/// On the shipped prices, which begin in March 2000, GOOG's in August 2004.
pub fn shipped(seed: u64) -> Case {
    let draw = &mut Draw::seeded(seed);
    let mut symbols = SHIPPED.to_vec();
    draw.shuffle(&mut symbols);
    symbols.truncate(draw.index(1, 4));
    let start = later(date(2000, 1), draw.between(0, 4300));
    let end = later(start, draw.between(100, 1300));
    let mut case = case(draw, &symbols, start, end);
    case.id = format!("shipped_{seed}");
    case.prices = Prices::Sample;
    case
}

fn case(draw: &mut Draw, symbols: &[&str], start: NaiveDate, end: NaiveDate) -> Case {
    let long_only = draw.percent(60);
    let span = (end - start).num_days() as u64;
    let burn_in = if draw.percent(40) {
        let day = if draw.percent(10) { date(1999, 200) } else { later(start, draw.between(0, span / 2)) };
        Some(instant(draw, day))
    } else {
        None
    };
    let schedule = draw.pick(&[
        "buy_and_hold",
        "daily",
        "daily",
        "weekly",
        "weekly",
        "weekly",
        "end_of_month",
        "end_of_month",
    ]);
    let weekday = draw.pick(&["MON", "tue", "Wed", "THU", "fri"]);
    let fee_model = if draw.percent(40) {
        FeeModel::Zero
    } else {
        FeeModel::Percent {
            commission_pct: draw.pick(&[0.0, 0.0001, 0.001, 0.01]),
            tax_pct: draw.pick(&[0.0, 0.0, 0.0005, 0.005]),
        }
    };
    let cash = draw.pick(&[1_000_000.0, 1_000_000.0, 1_000_000.0, 123_456.78, 2.5e7, 1010.7]);
    let start_dt = if schedule == "buy_and_hold" && draw.percent(70) {
        at(start, draw.pick(&[(14, 30, 0), (21, 0, 0)]))
    } else {
        instant(draw, start)
    };
    let burn_in = burn_in.filter(|_| schedule != "buy_and_hold" || draw.percent(30));
    Case {
        id: String::new(),
        prices: Prices::Inline,
        adjust_prices: draw.percent(75),
        universe: universe(draw, symbols, start_dt),
        alpha: alpha(draw, symbols, long_only, schedule == "buy_and_hold", span),
        start_dt,
        end_dt: instant(draw, end),
        burn_in_dt: burn_in,
        rebalance: schedule.into(),
        rebalance_weekday: (schedule == "weekly").then(|| weekday.into()),
        long_only,
        cash_buffer_percentage: long_only.then(|| draw.pick(&[0.0, 0.0, 0.01, 0.01, 0.05, 0.5])),
        gross_leverage: (!long_only).then(|| draw.pick(&[0.5, 1.0, 1.5, 3.0, 10.0])),
        initial_cash: cash,
        fee_model,
        inline_csvs: BTreeMap::new(),
    }
}

/// In a strategy file an entry before the start counts as the start, and QSTrader compares it with the events of the first day
/// that are before the start. Such entries are put far back, so that both agree.
fn universe(draw: &mut Draw, symbols: &[&str], start: Instant) -> Universe {
    let assets = symbols.iter().map(|symbol| Asset(symbol.to_string()));
    if draw.percent(50) {
        return Universe::Static { assets: assets.collect() };
    }
    let first = start.0.date();
    let long_ago = at(date(1999, 1), (0, 0, 0));
    let shared_day = later(first, draw.between(0, 60));
    let mut asset_dates: Vec<(Asset, Option<Instant>)> = assets
        .map(|asset| {
            let own_day = later(first, draw.between(1, 90));
            let day = draw.pick(&[date(1999, 1), first, shared_day, own_day]);
            let time = draw.pick(&[(0, 0, 0), (14, 30, 0), (21, 0, 0), (21, 0, 1)]);
            let entry = Some(at(day, time)).filter(|entry| *entry > start).unwrap_or(long_ago);
            (asset, (!draw.percent(8)).then_some(entry))
        })
        .collect();
    if asset_dates.iter().all(|(_, entry)| entry.is_none()) {
        asset_dates[0].1 = Some(long_ago);
    }
    Universe::Dynamic { asset_dates }
}

/// Windows are short enough to fill within half of the days, mostly; signals are rare where only one decision, the first, is made.
fn alpha(draw: &mut Draw, symbols: &[&str], long_only: bool, once: bool, days: u64) -> Alpha {
    let limit = if draw.percent(5) { usize::MAX } else { days as usize / 4 };
    let lookback = draw.pick(&[1, 2, 5, 7, 10, 21, 40, 63, 130]).min(limit);
    let fast = draw.pick(&[1, 3, 8, 20]).min(limit);
    let slow = (fast + draw.pick(&[0, 1, 2, 7, 7, 20, 40, 40, 100, 150])).min(limit.max(fast));
    let sign = |draw: &mut Draw| if long_only || draw.percent(60) { 1.0 } else { -1.0 };
    let families = if once && draw.percent(90) { 2 } else { 12 };
    match draw.between(0, families) {
        0 | 1 => {
            let mut named = symbols.to_vec();
            draw.shuffle(&mut named);
            named.truncate(draw.index(1, named.len()));
            let weight = |draw: &mut Draw| draw.pick(&[0.6, 0.4, 0.1, 0.16, 1.0 / 3.0, 2.0, 1e-9, 0.0]);
            let weights = named.iter().map(|symbol| (Asset(symbol.to_string()), weight(draw) * sign(draw)));
            Alpha::Fixed { weights: weights.collect() }
        }
        2 => Alpha::Single { signal: draw.pick(&[1.0, 1.0, 0.1, 0.1, 0.0]) * sign(draw) },
        3..=5 => Alpha::TopNMomentum { lookback, top_n: draw.index(1, 4) },
        6..=8 => Alpha::SmaCrossover { fast, slow },
        9 | 10 if !long_only => Alpha::SmaLongShort { fast, slow },
        _ => Alpha::InverseVolatility { lookback },
    }
}

fn price_files(
    draw: &mut Draw,
    symbols: &[&str],
    start: NaiveDate,
    end: NaiveDate,
) -> BTreeMap<String, String> {
    let untidy = draw.percent(60);
    let mut files = BTreeMap::new();
    let mut previous: Option<Bars> = None;
    for symbol in symbols {
        let first = if draw.percent(20) {
            later(start, draw.between(0, 60))
        } else {
            earlier(start, draw.between(4, 20))
        };
        let last = if draw.percent(15) { earlier(end, draw.between(0, 30)) } else { later(end, 10) };
        let twin = previous
            .filter(|_| draw.percent(35))
            .map(|bars| bars.multiplied(draw.pick(&[1, 2, 3, 4]), first));
        let bars =
            twin.filter(|bars| !bars.is_empty()).unwrap_or_else(|| Bars::walk(draw, first, last.max(first)));
        files.insert(symbol.to_string(), bars.csv(draw, untidy));
        previous = Some(bars);
    }
    files
}

fn instant(draw: &mut Draw, day: NaiveDate) -> Instant {
    let (hour, minute) = draw.pick(&TIMES);
    at(day, (hour, minute, 0))
}

fn at(day: NaiveDate, (hour, minute, second): (u32, u32, u32)) -> Instant {
    Instant(day.and_time(NaiveTime::from_hms_opt(hour, minute, second).expect("a time of day")))
}

fn date(year: i32, day_of_year: u64) -> NaiveDate {
    NaiveDate::from_yo_opt(year, day_of_year as u32).expect("a day of the year")
}

fn later(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).expect("far from the end of time")
}

fn earlier(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).expect("far from the beginning of time")
}
