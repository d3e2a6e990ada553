//! Sweeps whose prices are loaded while points are computed, on more threads than there are processors.

use std::sync::atomic::AtomicBool;

use crate::inside::sound_input::{HEADER, rows};
use crate::inside::support::write;
use crate::sweep::compute::{ComputeOptions, compute};
use crate::sweep::definition::Sweep;

const ASSETS: usize = 60;
const ROUNDS: usize = 8;

/// A folder with a sweep over more ends of the period than scenes are kept.
fn sweep_over_scenes() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<String> = (0..ASSETS).map(|asset| format!("A{asset:02}")).collect();
    for (asset, name) in names.iter().enumerate() {
        let text = HEADER.to_owned() + &rows(50.0 + asset as f64);
        write(folder.path(), &format!("prices/{name}.csv"), text.as_bytes());
    }
    let strategy = format!(
        "name = 'case'\nparameters = {{ n = 5 }}\nuniverse = {{ assets = {names:?} }}\n\
         alpha = {{ weights = 'top(momentum(n), 3)' }}\nrebalance = {{ schedule = 'daily' }}\n\
         portfolio = {{ initial_cash = 1e6, long_only = {{ cash_buffer = 0.01 }} }}\n\
         period = {{ start = 2020-01-01, end = 2020-01-31 }}\ndata = {{ prices = 'prices' }}\n"
    );
    write(folder.path(), "case.toml", strategy.as_bytes());
    let ends = |month: u32| (10..=28).map(move |day| format!("2020-{month:02}-{day}"));
    let ends: Vec<String> = (1..=4).flat_map(ends).collect();
    let axes = format!("\"period.end\" = [{}]", ends.join(", "));
    let sweep = format!("name = 's'\nstrategy = 'case.toml'\n[axes]\nn = [2, 3]\n{axes}\n");
    write(folder.path(), "s.toml", sweep.as_bytes());
    folder
}

#[test]
fn prices_are_loaded_within_a_parallel_computation() {
    let folder = sweep_over_scenes();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(8).build().unwrap();
    for round in 0..ROUNDS {
        let results = folder.path().join(format!("results-{round}"));
        let options = ComputeOptions { results, ..ComputeOptions::default() };
        let sweep = Sweep::read(&folder.path().join("s.toml")).unwrap();
        let computed = pool.install(|| compute(sweep, &options, &AtomicBool::new(false), &())).unwrap();
        assert_eq!((computed.progress.done, computed.progress.failed), (152, 0));
    }
}

#[test]
fn calls_of_one_process_share_a_folder() {
    let folder = sweep_over_scenes();
    let results = folder.path().join("results");
    std::thread::scope(|scope| {
        for task in 0..4 {
            let options = ComputeOptions {
                results: results.clone(),
                task: Some((task, 4)),
                ..ComputeOptions::default()
            };
            let sweep = Sweep::read(&folder.path().join("s.toml")).unwrap();
            scope.spawn(move || compute(sweep, &options, &AtomicBool::new(false), &()).unwrap());
        }
    });
}
