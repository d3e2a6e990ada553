//! Random price files in Yahoo's layout, as untidy as files come: gaps, blanks, weekend rows, shuffled rows and columns.

use chrono::{Datelike, NaiveDate, Weekday};

use super::draw::Draw;
use super::prices::MISSING;

const COLUMNS: [&str; 7] = ["Date", "Open", "High", "Low", "Close", "Adj Close", "Volume"];

/// The bars of one asset before they are written: prices in units of the last decimal.
#[derive(Clone)]
pub struct Bars {
    decimals: u32,
    rows: Vec<Bar>,
}

#[derive(Clone)]
struct Bar {
    date: NaiveDate,
    open: u64,
    close: u64,
    /// Adjusted close, in millionths.
    adjusted: u64,
}

impl Bars {
    /// A random walk over the weekdays of a period, with a bar on a weekend now and then and days without one.
    pub fn walk(draw: &mut Draw, first: NaiveDate, last: NaiveDate) -> Bars {
        let decimals = draw.pick(&[2, 4, 6]);
        let unit = 10u64.pow(decimals) as f64;
        let swing = draw.pick(&[0.0, 0.005, 0.01, 0.01, 0.02, 0.02, 0.04, 0.04]);
        let gaps = draw.pick(&[0, 0, 3, 10]);
        let dividends = draw.percent(60);
        let mut price = draw.between(5, 300) as f64 + 0.37;
        let mut factor = if dividends { 0.8 } else { 1.0 };
        let mut rows = Vec::new();
        for date in first.iter_days().take_while(|date| *date <= last) {
            let open = price * (1.0 + swing / 2.0 * draw.swing());
            price = (open * (1.0 + swing * draw.swing())).max(0.5);
            if dividends && draw.percent(2) {
                factor += (1.0 - factor) * 0.1;
            }
            let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
            let absent = if weekend { !draw.percent(gaps) } else { draw.percent(gaps) };
            if absent && !rows.is_empty() {
                continue;
            }
            let close = (price * unit).round();
            let adjusted = (close / unit * factor * 1e6).round();
            rows.push(Bar {
                date,
                open: (open * unit).round() as u64,
                close: close as u64,
                adjusted: adjusted as u64,
            });
        }
        Bars { decimals, rows }
    }

    /// The same asset at a multiple of its price, from a later day on: momenta tie exactly where the factor is a power of 2.
    pub fn multiplied(&self, factor: u64, first: NaiveDate) -> Bars {
        let mut bars = self.clone();
        bars.rows.retain(|bar| bar.date >= first);
        for bar in &mut bars.rows {
            (bar.open, bar.close, bar.adjusted) =
                (bar.open * factor, bar.close * factor, bar.adjusted * factor);
        }
        bars
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The text of the file. If `untidy`, rows at the top may be blank and cells may be missing below the first full row.
    pub fn csv(&self, draw: &mut Draw, untidy: bool) -> String {
        let blanks = if untidy { draw.pick(&[0, 2, 8]) } else { 0 };
        let leading = if untidy && draw.percent(15) { draw.index(1, 30).min(self.rows.len() - 1) } else { 0 };
        let mut order = COLUMNS;
        if untidy && draw.percent(30) {
            draw.shuffle(&mut order);
        }
        let mut lines: Vec<String> = self
            .rows
            .iter()
            .enumerate()
            .map(|(i, bar)| {
                let mut cells = self.cells(bar);
                let whole_row = i < leading || i > leading && draw.percent(blanks / 2);
                for cell in &mut cells[1..] {
                    if whole_row || i > leading && draw.percent(blanks) {
                        *cell = draw.pick(&MISSING).to_string();
                    }
                }
                let in_order = order.map(|name| {
                    let place =
                        COLUMNS.iter().position(|column| *column == name).expect("one of the columns");
                    cells[place].clone()
                });
                in_order.join(",")
            })
            .collect();
        if untidy && draw.percent(50) {
            draw.shuffle(&mut lines);
        }
        lines.insert(0, order.join(","));
        let end = if untidy && draw.percent(20) { "\r\n" } else { "\n" };
        lines.join(end) + end
    }

    fn cells(&self, bar: &Bar) -> [String; 7] {
        let price = |units: u64| decimal(units, self.decimals);
        let (high, low) = (bar.open.max(bar.close), bar.open.min(bar.close));
        [
            bar.date.to_string(),
            price(bar.open),
            price(high),
            price(low),
            price(bar.close),
            decimal(bar.adjusted, 6),
            "1000".into(),
        ]
    }
}

fn decimal(units: u64, decimals: u32) -> String {
    let one = 10u64.pow(decimals);
    format!("{}.{:0width$}", units / one, units % one, width = decimals as usize)
}
