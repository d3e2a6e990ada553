//! Work per second of the engine. `BACKTEST_PRICES` names a folder with the sector ETFs and SPY; without it random walks of
//! the same size are made.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;

use backtest::Strategy;
use backtest::internals::points::with_points;
use backtest::internals::prices::{prepare, read};
use chrono::{Datelike, NaiveDate, Weekday};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const SECTORS: [&str; 10] = ["XLB", "XLC", "XLE", "XLF", "XLI", "XLK", "XLP", "XLU", "XLV", "XLY"];

fn prices() -> PathBuf {
    if let Some(folder) = std::env::var_os("BACKTEST_PRICES") {
        return folder.into();
    }
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("bench-prices");
    fs::create_dir_all(&folder).expect("the target folder can be written");
    let mut seed = 1u64;
    for symbol in SECTORS.iter().chain(&["SPY", "AGG"]) {
        let mut text = String::from("Date,Open,High,Low,Close,Adj Close,Volume\n");
        let first = if *symbol == "XLC" { "2018-06-19" } else { "1993-01-29" };
        let mut price = 50.0;
        let date = |text: &str| text.parse::<NaiveDate>().expect("a date");
        for day in date(first).iter_days().take_while(|day| *day < date("2025-09-23")) {
            if matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
                continue;
            }
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let step = (seed >> 11) as f64 / (1u64 << 53) as f64 - 0.49;
            let open = price;
            price *= 1.0 + step * 0.03;
            text += &format!("{},{open:.6},{open:.6},{price:.6},{price:.6},{price:.6},1000\n", day);
        }
        fs::write(folder.join(format!("{symbol}.csv")), text).expect("the target folder can be written");
    }
    folder
}

fn strategy(text: &str, prices: &Path) -> Strategy {
    let data = format!("{text}\n[data]\nprices = {:?}\n", prices.display().to_string());
    Strategy::parse("bench.toml", &data, Path::new(""), &[]).expect("a sound strategy")
}

fn momentum(prices: &Path) -> Strategy {
    let text = format!(
        "name = 'momentum'\n[parameters]\nlookback = 126\ntop_n = 3\n[universe]\nassets = {SECTORS:?}\n\
         [alpha]\nweights = 'top(momentum(lookback), top_n)'\n[rebalance]\nschedule = 'end_of_month'\n\
         [portfolio]\ninitial_cash = 1e6\nlong_only = {{ cash_buffer = 0.01 }}\n\
         [period]\nstart = 1998-12-22\nburn_in = 1999-12-22\nend = 2020-12-31"
    );
    strategy(&text, prices)
}

fn crossover(prices: &Path) -> Strategy {
    let text = "name = 'crossover'\n[parameters]\nfast = 20\nslow = 60\n[universe]\nassets = ['SPY']\n\
         [alpha]\nweights = 'equal(sma(fast) > sma(slow))'\n[rebalance]\nschedule = 'on_change'\n\
         [portfolio]\ninitial_cash = 1e6\nlong_only = { cash_buffer = 0.01 }\n\
         [period]\nstart = 1993-01-29\nend = 2025-09-22";
    strategy(text, prices)
}

fn points(criterion: &mut Criterion, name: &str, strategy: &Strategy, points: &[[f64; 2]]) {
    with_points(strategy, |run| {
        let fills: usize = points.iter().map(|point| run(point).1).sum();
        eprintln!("{name}: {} points, {} fills a point", points.len(), fills / points.len());
        let mut group = criterion.benchmark_group("point");
        group.throughput(Throughput::Elements(points.len() as u64));
        group.bench_function(name, |bench| {
            bench.iter(|| points.iter().map(|point| run(black_box(point)).0).sum::<f64>());
        });
        group.finish();
    })
    .expect("prices");
}

fn engine(criterion: &mut Criterion) {
    let prices = prices();
    let grid: Vec<[f64; 2]> = (1..=12)
        .flat_map(|lookback| (1..=6).map(move |top_n| [f64::from(lookback * 21), f64::from(top_n)]))
        .collect();
    points(criterion, "sector momentum", &momentum(&prices), &grid);
    let pairs: Vec<[f64; 2]> = (2..=100u32)
        .flat_map(|slow| (2..slow).map(move |fast| [f64::from(fast), f64::from(slow)]))
        .step_by(7)
        .collect();
    points(criterion, "crossover", &crossover(&prices), &pairs);
}

fn loading(criterion: &mut Criterion) {
    let prices = prices();
    let symbols: Vec<String> =
        SECTORS.iter().chain(&["SPY", "AGG"]).map(|symbol| symbol.to_string()).collect();
    let bytes = symbols
        .iter()
        .map(|symbol| fs::metadata(prices.join(format!("{symbol}.csv"))).map_or(0, |file| file.len()));
    let mut group = criterion.benchmark_group("load");
    group.throughput(Throughput::Bytes(bytes.sum()));
    group.bench_function("12 CSV files", |bench| bench.iter(|| read(&prices, &symbols)));
    group.finish();
    let strategy = momentum(&prices);
    criterion.bench_function("prepare sector momentum", |bench| {
        bench.iter(|| prepare(&strategy).expect("prices"))
    });
}

fn process(criterion: &mut Criterion) {
    let program = env!("CARGO_BIN_EXE_backtest");
    let root = env!("CARGO_MANIFEST_DIR");
    let mut group = criterion.benchmark_group("process");
    let mut bench = |name: &str, arguments: &[&str]| {
        group.bench_function(name, |bench| {
            bench.iter(|| {
                Command::new(program).current_dir(root).args(arguments).output().expect("it starts")
            });
        });
    };
    bench("start and stop", &["--version"]);
    bench("run shipped momentum", &["run", "strategies/momentum.toml"]);
    group.finish();
}

criterion_group!(benches, engine, loading, process);
criterion_main!(benches);
