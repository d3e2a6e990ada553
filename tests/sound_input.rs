//! A strategy and price files that nothing is wrong with, small enough to be read in a test.

use std::path::Path;

use super::support;

/// The strategy, in the file `case.toml`.
pub const STRATEGY: &str = "name = 'case'

[parameters]
n = 5
part = 0.5

[universe]
assets = ['AAA', 'BBB']
entry = { BBB = 2020-01-08 }
benchmark = 'AAA'

[alpha]
weights = 'top(momentum(n), 1) * part + equal(close) * (1 - part)'

[rebalance]
schedule = 'daily'

[portfolio]
initial_cash = 1000000.0
long_only = { cash_buffer = 0.01 }

[costs]
commission = 0.001

[period]
start = 2020-01-01
burn_in = 2020-01-10
end = 2020-01-31

[data]
prices = 'prices'
";

/// The header of a price file.
pub const HEADER: &str = "Date,Open,High,Low,Close,Adj Close,Volume\n";

/// Rows of a price file for the weekdays of January 2020.
pub fn rows(price: f64) -> String {
    let row = |day: u32| {
        let (open, close) = (price + f64::from(day * 7 % 5), price + f64::from(day * 3 % 4));
        let (high, low) = (open.max(close), open.min(close));
        format!("2020-01-{day:02},{open},{high},{low},{close},{close},1000\n")
    };
    (1..=31).filter(|day| ![4, 5].contains(&(day % 7))).map(row).collect()
}

/// Writes the strategy `case.toml` and the folder `prices` that it names.
pub fn write(folder: &Path) {
    support::write(folder, "case.toml", STRATEGY.as_bytes());
    for (asset, price) in [("AAA", 100.0), ("BBB", 50.0)] {
        support::write(folder, &format!("prices/{asset}.csv"), (HEADER.to_owned() + &rows(price)).as_bytes());
    }
}
