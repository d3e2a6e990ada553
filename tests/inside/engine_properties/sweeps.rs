//! Sweeps over the keys of orders and interest: threads, shards and interruptions change no bit of a row, and a row is what a
//! single backtest says.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use rayon::{ThreadPool, ThreadPoolBuilder};

use super::random_case::Case;
use super::{for_cases, run};
use crate::inside::draw::Draw;
use crate::strategy::error::BacktestError;
use crate::sweep::compute::{Batch, ComputeOptions, compute};
use crate::sweep::definition::Sweep;
use crate::sweep::error::SweepError;
use crate::sweep::results::Results;

/// Axes with their values as they stand in a file.
const AXES: [(&str, &[&str]); 10] = [
    ("rebalance.fill", &["\"next_open\"", "\"next_close\"", "\"same_close\""]),
    ("rebalance.band", &["0.0", "0.02", "0.2"]),
    ("rebalance.trade", &["\"all\"", "\"changed\""]),
    ("portfolio.shares", &["\"whole\"", "\"fractional\""]),
    ("portfolio.idle", &["\"CASH\"", "\"OUT\""]),
    ("costs.cash_rate", &["0.0", "0.05"]),
    ("costs.borrow_rate", &["'of(\"FEAR\", close) / 1000'", "'if(of(\"FEAR\", close) > 50, 0.1, 0)'"]),
    ("conventions.fill_without_bar", &["\"wait\"", "\"last_price\""]),
    ("conventions.after_last_bar", &["\"paid_out\"", "\"last_price\""]),
    ("conventions.history", &["\"all_bars\"", "\"since_entry\""]),
];

/// The row of each point, and the bits of its sums over blocks.
type Rows = BTreeMap<u64, (String, Vec<u64>)>;

/// All rows below a folder of results.
fn rows(results: &Path) -> Rows {
    let (results, _) = Results::open(results, 0).expect("results can be read");
    let mut rows = Rows::new();
    for name in results.names().expect("a folder can be read") {
        let shard = results.read(name).expect("a shard can be read").expect("nothing is damaged");
        let lines: Vec<&str> = shard.table.lines().skip(1).collect();
        let sums = shard.sums.chunks(2 * shard.blocks.max(1));
        assert!(shard.blocks == 0 || sums.len() == lines.len());
        let sums = sums.map(|sums| sums.iter().map(|sum| sum.to_bits()).collect());
        for (line, sums) in lines.into_iter().zip(sums.chain(std::iter::repeat(Vec::new()))) {
            let point = line.split(',').next().and_then(|cell| cell.parse().ok()).expect("a point");
            assert!(rows.insert(point, (line.to_owned(), sums)).is_none(), "no row stands twice");
        }
    }
    rows
}

/// Computes a sweep on a pool of threads into a folder.
fn computed(
    file: &Path,
    pool: &ThreadPool,
    shard_points: u64,
    task: Option<(u64, u64)>,
    results: &Path,
) -> Result<std::path::PathBuf, SweepError> {
    let options =
        ComputeOptions { results: results.to_owned(), shard_points, task, ..ComputeOptions::default() };
    let sweep = Sweep::read(file)?;
    Ok(pool.install(|| compute(sweep, &options, &AtomicBool::new(false), &()))?.folder)
}

/// Whether a case has no member or no day.
fn lacks_prices(error: &BacktestError) -> bool {
    matches!(error, BacktestError::Prices(_) | BacktestError::Universe(_) | BacktestError::NoDay { .. })
}

/// Writes a sweep over some axes of a case. Returns them.
fn write_sweep(case: &Case, folder: &Path, draw: &mut Draw) -> Vec<(&'static str, &'static [&'static str])> {
    let mut axes = AXES.to_vec();
    draw.shuffle(&mut axes);
    axes.truncate(3);
    let lines = axes.iter().map(|(key, values)| format!("\"{key}\" = [{}]\n", values.join(", ")));
    let text = format!("name = \"s\"\nstrategy = \"case.toml\"\n[axes]\n{}", lines.collect::<String>());
    fs::write(folder.join("case.toml"), case.text()).expect("a file can be written");
    fs::write(folder.join("s.toml"), text).expect("a file can be written");
    axes
}

#[test]
fn threads_shards_and_interruptions_change_no_bit_of_a_row() {
    let pools = [1, 2, 4].map(|threads| {
        ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started")
    });
    for_cases(|case, folder, draw| {
        let axes = write_sweep(case, folder, draw);
        let file = folder.join("s.toml");
        let whole = match computed(&file, &pools[0], 10_000, None, &folder.join("1")) {
            Ok(results) => rows(&results),
            Err(SweepError::Backtest(error)) if lacks_prices(&error) => return false,
            Err(SweepError::Prices(error)) if lacks_prices(&error) => return false,
            Err(error) => panic!("seed {}: {error}\n{}", case.seed, case.text()),
        };
        assert_eq!(whole.len(), axes.iter().map(|(_, values)| values.len()).product::<usize>());
        let to = folder.join("shards");
        let results = computed(&file, &pools[1], 6, None, &to).expect("as before");
        assert_eq!(rows(&results), whole, "seed {}: shards of 6 points", case.seed);
        let (_, plan) = Results::open(&results, 0).expect("results can be read");
        for (place, (point, (line, _))) in whole.iter().enumerate() {
            let one = pools[place % 3].install(|| {
                let mut batch = Batch::default();
                batch.compute(&plan, &[*point]).map(|row| row.line.clone()).collect::<String>()
            });
            assert_eq!(one.trim_end(), line, "seed {}: point {point} by itself", case.seed);
        }
        // Interrupted after some of the points, and resumed with other threads and shards.
        let to = folder.join("again");
        let begun = computed(&file, &pools[1], 10, Some((1, 3)), &to).expect("as before");
        assert!((1..whole.len()).contains(&rows(&begun).len()));
        let results = computed(&file, &pools[2], 30, None, &to).expect("as before");
        assert_eq!(rows(&results), whole, "seed {}: interrupted", case.seed);
        check_point(case, folder, &axes, &whole, draw);
        true
    });
}

/// The row of some point against a single backtest of it.
fn check_point(case: &Case, folder: &Path, axes: &[(&str, &[&str])], rows: &Rows, draw: &mut Draw) {
    let point = draw.between(0, rows.len() as u64 - 1);
    let mut rest = point as usize;
    let mut overrides = Vec::new();
    for (key, values) in axes.iter().rev() {
        overrides.push(format!("{key}={}", values[rest % values.len()]));
        rest /= values.len();
    }
    let (line, _) = &rows[&point];
    let Some((_, seen)) = run(case, folder, &overrides) else {
        panic!("seed {}: {overrides:?} has no result, but a row: {line}", case.seed);
    };
    match seen.equity.last() {
        Some(equity) => {
            let has = |cell: &str| cell.parse::<f64>().is_ok_and(|cell| cell.to_bits() == equity.to_bits());
            assert!(line.split(',').any(has), "seed {}: no {equity} in {line}", case.seed);
        }
        None => assert!(!line.contains(",ok,"), "seed {}: {line}", case.seed),
    }
}
