//! How fast this machine is here and now: the time of one point of a sweep. The work and the patience of tests that wait follow from it.
#![allow(clippy::unwrap_used, reason = "all of this file is for tests")]

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::support::{files_of, program, project, write};

/// Patience is stated for a machine that computes a point in this time.
const USUAL_POINT: Duration = Duration::from_millis(4);
/// Values of the first axis of a slow sweep, which has a multiple of them as points.
const FIRST_AXIS: u32 = 33;
/// Points of one measurement: a quarter of a second of a usual processor.
const MEASURED: u32 = 2 * FIRST_AXIS;
/// A test that waits measures this often.
const MEASURE_EVERY: Duration = Duration::from_secs(10);

/// A strategy with signals that no two points share and orders every day, so that a point takes long. It needs `prices`.
const STRATEGY: &str = r#"
name = "test"
parameters = { n = 20, k = 0.5 }
universe = { assets = ["AAPL", "IBM", "MSFT"] }
portfolio = { initial_cash = 1_000_000.0, long_only = { cash_buffer = 0.01 } }
period = { start = 2000-03-01, end = 2013-03-01 }
data = { prices = "prices" }
rebalance = { schedule = "daily" }
alpha = { weights = "share(abs(zscore(close * k, n)) + abs(zscore(open + k, n)) + rank(stdev(high * k, n)) + 1)" }
"#;

/// The time of one such point, computed by one thread.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Of the clock.
    pub point: Duration,
    /// Of a processor: what the point takes as soon as nothing else runs.
    pub processor: Duration,
}

impl Pace {
    /// Measures.
    pub fn now() -> Pace {
        let kept = tempfile::tempdir().unwrap();
        slow_strategy(kept.path());
        write(kept.path(), "sweep.toml", format!("{SWEEP}[axes]\n{}\n", slow_axes(MEASURED)).as_bytes());
        let began = Instant::now();
        let run = Command::new("bash")
            .args(["-c", "TIMEFORMAT=%U; time \"$@\"", "bash"])
            .arg(program())
            .args(["sweep", "run", "sweep.toml", "--results", "results", "--threads", "1", "--quiet"])
            .current_dir(kept.path())
            .env("LC_ALL", "C")
            .output()
            .unwrap();
        let elapsed = began.elapsed();
        let said = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success(), "{said}");
        let seconds: f64 = said.lines().last().unwrap().parse().unwrap();
        Pace { point: elapsed / MEASURED, processor: Duration::from_secs_f64(seconds) / MEASURED }
    }

    /// How many times as long as on a usual machine without other work everything takes, at least 1.
    pub fn slowness(self) -> f64 {
        let alone = self.processor.min(USUAL_POINT);
        (self.point.as_secs_f64() / alone.as_secs_f64()).max(1.0)
    }

    /// How many points of a slow sweep take at least this time, even if nothing else runs any more. Beside other work processors
    /// seem slower than they are, so a usual one is the least that is reckoned with.
    pub fn points(self, time: Duration) -> u32 {
        let alone = self.processor.min(USUAL_POINT);
        let points = (time.as_secs_f64() / alone.as_secs_f64()).ceil() as u32;
        points.next_multiple_of(FIRST_AXIS).max(MEASURED)
    }
}

/// The top of a sweep of the slow strategy.
pub const SWEEP: &str = "name = \"test\"\nstrategy = \"strategy.toml\"\n";

/// Writes the slow strategy and its prices into a folder.
pub fn slow_strategy(folder: &Path) {
    write(folder, "strategy.toml", STRATEGY.as_bytes());
    prices(folder);
}

/// Axes of the slow strategy with this many points, as `Pace::points` gives them.
pub fn slow_axes(points: u32) -> String {
    assert_eq!(points % FIRST_AXIS, 0);
    let second = points / FIRST_AXIS;
    format!(
        "n = {{ from = 101, to = {}, step = 1 }}\nk = {{ from = 0.5, to = 2.0, count = {second} }}",
        100 + FIRST_AXIS
    )
}

/// Writes the prices that ship into the folder `prices` of a folder.
pub fn prices(folder: &Path) {
    for file in files_of(&project("data/prices"), &[".csv"]) {
        let name = file.file_name().unwrap().to_str().unwrap();
        write(folder, &format!("prices/{name}"), &std::fs::read(&file).unwrap());
    }
}

/// A wait for something. Its patience is used up more slowly where the machine is slow, so other work does not make it fail.
#[derive(Debug)]
pub struct Wait {
    patience: Duration,
    spent: Duration,
    counted: Instant,
}

impl Wait {
    /// From now on, for as long as it could take on a usual machine without other work.
    pub fn new(patience: Duration) -> Wait {
        Wait { patience, spent: Duration::ZERO, counted: Instant::now() }
    }

    /// Whether it has lasted longer than it could.
    pub fn is_in_vain(&mut self) -> bool {
        let since = self.counted.elapsed();
        let left = self.patience.saturating_sub(self.spent);
        if since <= left && since < MEASURE_EVERY {
            return false;
        }
        self.spent += since.div_f64(Pace::now().slowness());
        // What the measurement took is not counted.
        self.counted = Instant::now();
        self.spent > self.patience
    }
}

#[test]
fn patience_lasts_longer_where_a_point_does() {
    let pace = |point, processor| Pace {
        point: Duration::from_millis(point),
        processor: Duration::from_millis(processor),
    };
    // Usual, busy, of half the speed, of twice the speed, busy and of twice the speed.
    for (point, processor, slowness) in [(4, 4, 1.0), (20, 4, 5.0), (8, 8, 2.0), (2, 2, 1.0), (10, 2, 5.0)] {
        let pace = pace(point, processor);
        assert!((pace.slowness() - slowness).abs() < 1e-9, "{pace:?}");
        let points = pace.points(Duration::from_secs(10));
        // A processor that seems slower than usual may only be busy.
        assert!((10_000..11_000).contains(&(points * processor.min(4) as u32)), "{points}");
    }
    assert!(!Wait::new(Duration::from_secs(3600)).is_in_vain());
    assert!(Wait::new(Duration::ZERO).is_in_vain());
}
