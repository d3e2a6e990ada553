//! Sessions that a sweep holds out: nothing knows them before they are opened, and each opening stays on record.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{Datelike, NaiveDate, Weekday};
use serde_json::Value;

use super::sealing::digits;
use super::{Place, Seen, points_csv, rows};
use crate::slow_verdict::input::Trials;
use crate::slow_verdict::{figures, flips, passive};

/// Nine points of a rule that holds what rose of late.
const AXES: &str =
    "[axes]\nn = { from = 1, to = 3, step = 1 }\n\"costs.commission\" = [0.0, 0.0001, 0.001]\n";
/// The last five months of the prices, and more that are still to come.
const HOLDOUT: &str = "[holdout]\nfrom = 2020-08-03\n";
const FROM: NaiveDate = NaiveDate::from_ymd_opt(2020, 8, 3).unwrap();

/// The strategy, with an end that lies beyond the prices.
fn strategy(end: &str, conventions: &str) -> String {
    format!(
        "name = 'case'\nconventions = '{conventions}'\nparameters = {{ n = 1 }}\nuniverse = {{ assets = ['AAA', 'BBB'] }}\n\
         alpha = {{ weights = 'equal(close > lag(close, n))' }}\nrebalance = {{ schedule = 'daily' }}\n\
         portfolio = {{ initial_cash = 1000000.0, long_only = {{ cash_buffer = 0.0 }} }}\n\
         period = {{ start = 2020-01-01, burn_in = 2020-01-10, end = {end} }}\ndata = {{ prices = 'prices' }}\n"
    )
}

/// What prices do from the hold-out on.
#[derive(Clone, Copy)]
enum Future {
    /// What rises goes on rising for a while.
    Runs,
    /// What rises falls on the next day.
    Turns,
    /// There are so many more sessions.
    Sessions(usize),
    /// What rose went on rising before already, and goes on.
    GoesOn,
    /// What rose went on rising before, and falls on the next day from then on.
    Breaks,
}

/// Weekdays of 2020 with a price each. Until the hold-out nothing follows from what was.
fn price_file(asset: u32, future: Future) -> String {
    let days = (0..366).map(|day| NaiveDate::from_yo_opt(2020, day + 1).expect("a leap year"));
    let days: Vec<NaiveDate> =
        days.filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)).collect();
    let past = days.iter().take_while(|day| **day < FROM).count();
    let count = if let Future::Sessions(count) = future { past + count } else { days.len() };
    let mut price = 100.0;
    let mut text = "Date,Open,High,Low,Close,Adj Close,Volume\n".to_owned();
    for (number, day) in days[..count].iter().enumerate() {
        let mixed = (number as u32 + 1).wrapping_mul(2_654_435_761).wrapping_add(asset * 97_531) >> 7;
        let size = 1.0 + f64::from(mixed % 7) / 5.0;
        let runs = |length: usize| (number / length + asset as usize).is_multiple_of(2);
        let rises = match future {
            Future::GoesOn => runs(4),
            Future::Breaks if number < past => runs(4),
            _ if number < past => mixed.is_multiple_of(2),
            Future::Runs | Future::Sessions(_) => runs(8),
            Future::Turns | Future::Breaks => number.is_multiple_of(2),
        };
        let open = price;
        price *= 1.0 + if rises { size } else { -size } / 100.0;
        let (high, low) = (open.max(price), open.min(price));
        text += &format!("{day},{open},{high},{low},{price},{price},1000\n");
    }
    text
}

/// A place with these prices, whose sweep has this text below its name and strategy.
fn place(sweep: &str, conventions: &str, future: Future) -> Place {
    let place = Place::new(sweep);
    place.write("case.toml", &strategy("2021-06-30", conventions));
    write_prices(&place, future);
    place
}

fn write_prices(place: &Place, future: Future) {
    for (number, asset) in (1..).zip(["AAA", "BBB"]) {
        place.write(&format!("prices/{asset}.csv"), &price_file(number, future));
    }
}

/// `sweep holdout open FOLDER` with more arguments.
fn open(place: &Place, folder: &Path, arguments: &[&str]) -> Seen {
    let folder = folder.to_str().expect("a path of text");
    place.run(&[&["sweep", "holdout", "open", folder], arguments].concat())
}

/// An opening that must succeed, as JSON.
fn opened(place: &Place, folder: &Path, arguments: &[&str]) -> Value {
    let seen = open(place, folder, &[&["--yes", "--json"], arguments].concat());
    assert_eq!(seen.code, Some(0), "{}", seen.stderr);
    serde_json::from_str(&seen.stdout).expect("JSON on standard output")
}

fn log(place: &Place) -> PathBuf {
    place.path("r/ledger/holdout.log")
}

/// The files of `aggregate/`, by name.
fn aggregated(place: &Place, folder: &Path) -> Vec<(String, Vec<u8>)> {
    place.done(&["sweep", "aggregate", folder.to_str().expect("a path of text"), "--quiet"]);
    let files = fs::read_dir(folder.join("aggregate")).expect("it was made");
    let mut files: Vec<_> = files
        .map(|file| {
            let file = file.expect("the folder can be read");
            (file.file_name().to_string_lossy().into_owned(), fs::read(file.path()).expect("a file"))
        })
        .collect();
    files.sort();
    files
}

#[test]
fn points_see_what_they_would_if_the_strategy_ended_the_day_before() {
    for conventions in ["qstrader", "sound"] {
        let held_out = place(&format!("{AXES}{HOLDOUT}"), conventions, Future::Runs);
        let folder = held_out.sweep(&[]);
        let ended = place(AXES, conventions, Future::Turns);
        ended.write("case.toml", &strategy("2020-08-02", conventions));
        let other = ended.sweep(&[]);
        assert_eq!(rows(&folder), rows(&other), "{conventions}");
        assert_eq!(rows(&folder).len(), 9);
        assert_ne!(digits(&folder), digits(&other), "a hold-out is part of the seal");
        ended.write("case.toml", &strategy("2020-08-03", conventions));
        assert_ne!(rows(&folder), rows(&ended.sweep(&[])), "a session more is seen");
        let plan = fs::read_to_string(folder.join("plan.toml")).unwrap();
        assert!(plan.contains("\n[holdout]\nfrom = 2020-08-03\n") && plan.contains("2021-06-30"), "{plan}");
    }
}

#[test]
fn no_price_of_the_hold_out_changes_anything() {
    let place =
        place(&format!("{AXES}{HOLDOUT}[walk_forward]\ntrain = 60\ntest = 20\n"), "sound", Future::Runs);
    let folder = place.sweep(&[]);
    let (points, files) = (points_csv(&folder), aggregated(&place, &folder));
    let page = files.iter().find(|(name, _)| name == "report.html").expect("a page");
    assert!(String::from_utf8_lossy(&page.1).contains("2020-08-03 to 2021-06-30"), "what is held out");
    let tear_sheet = ["run", "--params", "s.toml", "--point", "3", "--format", "json"];
    let one = place.done(&tear_sheet).stdout;
    for future in [Future::Turns, Future::Sessions(7), Future::Sessions(0)] {
        write_prices(&place, future);
        place.done(&["sweep", "verify", folder.to_str().unwrap()]);
        assert_eq!(aggregated(&place, &folder), files);
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(place.sweep(&[]), folder, "seal and fingerprint are the same");
        assert_eq!(points_csv(&folder), points);
        assert_eq!(aggregated(&place, &folder), files);
        assert_eq!(place.done(&tear_sheet).stdout, one);
    }
    let prices = fs::read_to_string(place.path("prices/AAA.csv")).unwrap();
    place.write("prices/AAA.csv", &prices.replacen("2020-07-31,", "2020-07-31,9", 1));
    assert_ne!(place.sweep(&[]), folder, "a price before it does");
}

#[test]
fn an_opening_is_on_record_before_it_is_shown() {
    for (conventions, future, word) in [
        ("sound", Future::Runs, "held up"),
        ("qstrader", Future::Runs, "held up"),
        ("sound", Future::Turns, "did not hold up"),
    ] {
        let place = place(&format!("{AXES}{HOLDOUT}"), conventions, future);
        let folder = place.sweep(&[]);
        let seen = open(&place, &folder, &["--point", "0"]);
        assert_eq!((seen.code, seen.stdout.as_str()), (Some(2), ""), "{}", seen.stderr);
        assert!(seen.stderr.contains("--yes") && !log(&place).exists(), "{}", seen.stderr);
        let seen = open(&place, &folder, &["--point", "0", "--yes"]);
        assert_eq!(seen.code, Some(0), "{}", seen.stderr);
        assert!(!seen.stderr.contains("opened before"), "{}", seen.stderr);
        assert!(
            seen.stdout.contains(&format!("Point 0 (n = 1, costs.commission = 0.0): {word}\n")),
            "{}",
            seen.stdout
        );
        assert!(seen.stdout.contains("would have been seen 4 times in 5"), "{}", seen.stdout);
        let text = fs::read_to_string(log(&place)).unwrap();
        let line: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        let point = &line["points"][0];
        assert_eq!((&point["word"], &point["point"]), (&word.into(), &0.into()));
        // The days after the last bar are no sessions, whatever the calendar.
        assert_eq!((&point["figures"]["sessions"], &point["last"]), (&109.into(), &"2020-12-31".into()));
        assert_eq!((&line["from"], &line["end"]), (&"2020-08-03".into(), &"2021-06-30".into()));
        assert_eq!((&line["before"], &line["opened"]), (&Value::Null, &1.into()));
        assert_eq!(line["seals"]["sweep"].as_str().unwrap()[..8], digits(&folder)[..8]);
    }
}

#[test]
fn a_later_opening_says_so_and_costs() {
    let place = place(&format!("{AXES}{HOLDOUT}"), "sound", Future::Runs);
    let folder = place.sweep(&[]);
    let first = opened(&place, &folder, &["--point", "0"]);
    let again = opened(&place, &folder, &["--point", "0"]);
    assert_eq!(again["opened"], 1, "the same point on the same prices is no other");
    assert_eq!(again["points"], first["points"]);
    let seen = open(&place, &folder, &["--yes", "--point", "3", "--point", "4", "--point", "3"]);
    assert_eq!(seen.code, Some(0), "{}", seen.stderr);
    assert!(
        seen.stderr.contains("opened before, on 20") && seen.stderr.contains(", 1 point\n"),
        "{}",
        seen.stderr
    );
    assert!(seen.stdout.ends_with("3 points were opened on these days so far, and are allowed for.\n"));
    // Another sweep on the same days: its points are allowed for with all others.
    place.write(
        "s.toml",
        &format!("name = \"t\"\nstrategy = \"case.toml\"\n{}{HOLDOUT}", AXES.replace("to = 3", "to = 4")),
    );
    let other = place.sweep(&[]);
    let line = opened(&place, &other, &["--point", "0"]);
    assert_eq!(line["opened"], 4);
    let figures = |line: &Value| line["points"][0]["figures"].clone();
    let number = |line: &Value, key: &str| figures(line)[key].as_f64().unwrap();
    assert_eq!(figures(&line)["p_alone"], figures(&first)["p_alone"]);
    assert!((number(&line, "p") - (1.0 - libm::pow(1.0 - number(&first, "p_alone"), 4.0))).abs() < 1e-12);
    assert!(number(&line, "p") > number(&first, "p"));
    let lines = fs::read_to_string(log(&place)).unwrap();
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 4);
    assert_ne!(lines[3]["seals"]["sweep"], lines[0]["seals"]["sweep"]);
}

#[test]
fn nothing_is_opened_before_sixty_sessions_are_there() {
    let place = place(&format!("{AXES}{HOLDOUT}"), "qstrader", Future::Sessions(0));
    let folder = place.sweep(&[]);
    for sessions in [0, 1, 59] {
        write_prices(&place, Future::Sessions(sessions));
        let seen = open(&place, &folder, &["--yes"]);
        assert_eq!((seen.code, seen.stdout.as_str()), (Some(66), ""), "{}", seen.stderr);
        assert!(
            seen.stderr.contains(&format!(": {sessions} sessions of the hold-out from 2020-08-03 on")),
            "{}",
            seen.stderr
        );
        assert!(!log(&place).exists() && !folder.join("opened").exists());
    }
    write_prices(&place, Future::Sessions(60));
    let line = opened(&place, &folder, &[]);
    assert_eq!((&line["points"][0]["figures"]["sessions"], &line["same_prices"]), (&60.into(), &true.into()));
}

#[test]
fn what_cannot_be_opened_is_refused() {
    let place = place(&format!("keep = \"n != 2\"\n{AXES}{HOLDOUT}"), "sound", Future::Runs);
    let folder = place.sweep(&[]);
    let refused = |folder: &Path, arguments: &[&str], code, says: &str| {
        let seen = open(&place, folder, &[&["--yes"], arguments].concat());
        assert_eq!((seen.code, seen.stdout.as_str()), (Some(code), ""), "{}", seen.stderr);
        assert!(seen.stderr.contains(says), "{}", seen.stderr);
        assert!(!log(&place).exists());
    };
    refused(&folder, &["--point", "9"], 66, "the sweep's points are 0 to 8");
    refused(&folder, &["--point", "4"], 66, "'keep' is false there");
    let plan = fs::read_to_string(folder.join("plan.toml")).unwrap();
    for (from, to) in [("2021-06-30", "2020-12-30"), ("from = 2020-08-03", "from = 2020-08-04")] {
        fs::write(folder.join("plan.toml"), plan.replace(from, to)).unwrap();
        refused(&folder, &["--point", "0"], 65, "changed after it was sealed");
    }
    fs::write(folder.join("plan.toml"), &plan).unwrap();
    place.write("s.toml", &format!("name = \"t\"\nstrategy = \"case.toml\"\n{AXES}"));
    let other = place.sweep(&[]);
    refused(&other, &["--point", "0"], 66, "holds no sessions out");
    refused(&place.path("r"), &[], 2, "the hold-out of which sweep?");
}

#[test]
fn other_prices_before_the_hold_out_are_told() {
    let place = place(&format!("{AXES}{HOLDOUT}"), "sound", Future::Runs);
    let folder = place.sweep(&[]);
    let prices = fs::read_to_string(place.path("prices/AAA.csv")).unwrap();
    place.write("prices/AAA.csv", &prices.replacen("2020-07-31,", "2020-07-31,1", 1));
    let seen = open(&place, &folder, &["--yes", "--point", "0", "--json"]);
    assert_eq!(seen.code, Some(0), "{}", seen.stderr);
    assert!(seen.stderr.contains("are not those that the sweep was sealed with"), "{}", seen.stderr);
    assert_eq!(serde_json::from_str::<Value>(&seen.stdout).unwrap()["same_prices"], false);
}

#[test]
fn every_verdict_tells_what_is_wrong_with_the_record() {
    let place = place(&format!("{AXES}{HOLDOUT}"), "sound", Future::Runs);
    let folder = place.sweep(&[]);
    place.write("s.toml", &format!("name = \"t\"\nstrategy = \"case.toml\"\n{AXES}"));
    let other = place.sweep(&[]);
    let reasons = |folder: &Path| -> String {
        place.done(&["sweep", "aggregate", folder.to_str().unwrap(), "--quiet"]);
        let summary: Value =
            serde_json::from_slice(&fs::read(folder.join("aggregate/summary.json")).unwrap()).unwrap();
        summary["verdict"]["reasons"].to_string()
    };
    let best = opened(&place, &folder, &[])["points"][0]["point"].to_string();
    opened(&place, &folder, &["--point", "8"]);
    opened(&place, &folder, &["--point", "7"]);
    let says = reasons(&folder);
    assert!(
        says.contains(&format!(
            "point {best} held up on the sessions held out from 2020-08-03 on, first opened on 20"
        )),
        "{says}"
    );
    assert!(says.contains(", 3 points so far"), "{says}");
    assert!(!says.contains("damaged") && !reasons(&other).contains("hold"), "{says}");
    let whole = fs::read_to_string(log(&place)).unwrap();
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    let damage = [
        (whole.replacen("\"p\":", "\"p\":1", 1), "line 2 does not follow what stands before it"),
        ([lines[0], lines[2]].concat(), "line 2 does not follow what stands before it"),
        ([lines[1], lines[2]].concat(), "line 1 does not follow what stands before it"),
        ([lines[0], lines[1]].concat(), "1 of the openings of s-"),
        (whole[..whole.len() - 9].to_owned(), "line 3 is cut"),
        (whole.replacen("\"user\"", "\"used\"", 1), "line 1, column "),
        (String::new(), "3 of the openings of s-"),
    ];
    for (text, says) in damage {
        fs::write(log(&place), text).unwrap();
        for folder in [&folder, &other] {
            let found = reasons(folder);
            assert!(
                found.contains("ledger/holdout.log, is damaged: ") && found.contains(says),
                "{says}: {found}"
            );
        }
    }
    fs::remove_file(log(&place)).unwrap();
    assert!(reasons(&other).contains("the file is missing, and s-"));
    let seen = open(&place, &folder, &["--yes", "--point", "0"]);
    assert!(seen.code == Some(0) && seen.stderr.contains("the file is missing"), "{}", seen.stderr);
    fs::write(log(&place), &whole).unwrap();
    assert!(reasons(&other).contains("1 of the openings of s-"), "what was opened meanwhile is missed");
    // What is no text is told as well, and keeps nobody from anything.
    fs::write(other.join("opened"), b"\xff").unwrap();
    fs::write(log(&place), b"\xff\n").unwrap();
    let found = reasons(&folder);
    assert!(found.contains("/opened: ") && found.contains("line 1, column 1: no opening"), "{found}");
    assert_eq!(open(&place, &folder, &["--yes", "--point", "0"]).code, Some(0));
    fs::remove_file(log(&place)).unwrap();
    fs::create_dir(log(&place)).unwrap();
    assert!(reasons(&folder).contains("holdout.log, is damaged: "));
    let seen = open(&place, &folder, &["--yes", "--point", "0"]);
    assert_eq!((seen.code, seen.stdout.as_str()), (Some(74), ""), "{}", seen.stderr);
}

#[test]
fn two_openings_at_once_lose_no_line() {
    let place = place(&format!("{AXES}{HOLDOUT}"), "sound", Future::Runs);
    let folder = place.sweep(&[]);
    let name = folder.to_str().unwrap();
    let children: Vec<_> = ["0", "1", "2", "3", "4", "5"]
        .map(|point| place.start(&["sweep", "holdout", "open", name, "--yes", "--json", "--point", point]))
        .into();
    let ends =
        children.into_iter().map(|child| super::seen(&child.wait_with_output().expect("a child ends")));
    let mut opened: Vec<u64> = ends
        .map(|seen| {
            assert_eq!(seen.code, Some(0), "{}", seen.stderr);
            serde_json::from_str::<Value>(&seen.stdout).unwrap()["opened"].as_u64().unwrap()
        })
        .collect();
    opened.sort_unstable();
    assert_eq!(opened, [1, 2, 3, 4, 5, 6], "each knows those before it");
    let seen = open(&place, &folder, &["--yes", "--point", "0"]);
    assert!(!seen.stderr.contains("damaged") && seen.stderr.contains("6 points"), "{}", seen.stderr);
}

/// A table of CSV by its columns.
fn columns(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_path(path).expect("the file is there");
    let names: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    let mut columns = vec![Vec::new(); names.len()];
    for record in reader.records() {
        let record = record.expect("a table");
        columns.iter_mut().zip(&record).for_each(|(column, cell)| column.push(cell.to_owned()));
    }
    (names, columns)
}

/// A column of a table of CSV.
fn column(path: &Path, name: &str) -> Vec<String> {
    let (names, mut columns) = columns(path);
    columns.swap_remove(names.iter().position(|known| known == name).expect("a column of this name"))
}

fn numbers(cells: Vec<String>) -> Vec<f64> {
    cells.iter().map(|cell| cell.parse().expect("a number")).collect()
}

/// A backtest of the whole period as a trial of its sessions from the hold-out on, worked out from its equity and its fills.
fn as_trial(place: &Place) -> Trials {
    let [equity_file, fills] = ["equity.csv", "fills.csv"].map(|name| place.path(name));
    let dates = column(&equity_file, "date");
    let equity = numbers(column(&equity_file, "equity"));
    let (times, assets) = (column(&fills, "time"), column(&fills, "asset"));
    let quantities = numbers(column(&fills, "quantity"));
    let day = |text: &str| -> NaiveDate { text[..10].parse().expect("a date") };
    let first = dates.iter().position(|date| day(date) >= FROM).expect("a session of the hold-out");
    let sessions = first..dates.len();
    let mut trials = Trials {
        days: sessions.clone().map(|t| i64::from(day(&dates[t]).to_epoch_days())).collect(),
        assets: Vec::new(),
        weights: vec![Vec::new()],
        returns: vec![sessions.clone().map(|t| equity[t] / equity[t - 1] - 1.0).collect()],
        cash: Some(
            sessions
                .clone()
                .map(|t| 0.03 * (day(&dates[t]) - day(&dates[t - 1])).num_days() as f64 / 365.0)
                .collect(),
        ),
        borrow: None,
        debit: None,
    };
    for asset in ["AAA", "BBB"] {
        let file = place.path(&format!("prices/{asset}.csv"));
        let (known, closes) = (column(&file, "Date"), numbers(column(&file, "Close")));
        let close = |t: usize| closes[known.iter().position(|date| *date == dates[t]).expect("a bar")];
        let held = |t: usize| {
            let until = |fill: &usize| assets[*fill] == asset && times[*fill][..10] <= dates[t][..];
            (0..times.len()).filter(until).map(|fill| quantities[fill]).sum::<f64>()
        };
        trials.weights[0]
            .push(sessions.clone().map(|t| held(t - 1) * close(t - 1) / equity[t - 1]).collect());
        trials.assets.push(sessions.clone().map(|t| Some(close(t) / close(t - 1) - 1.0)).collect());
    }
    trials
}

#[test]
fn the_figures_are_those_of_the_second_implementation() {
    for future in [Future::Runs, Future::Turns, Future::Sessions(80)] {
        let place = place(&format!("{AXES}{HOLDOUT}"), "sound", future);
        let text = strategy("2021-06-30", "sound") + "costs = { cash_rate = 0.03 }\n";
        place.write("case.toml", &text.replace("equal(close", "0.7 * equal(close"));
        let folder = place.sweep(&[]);
        // Of two points opened at once, each allows for the other.
        let line = opened(&place, &folder, &["--point", "4", "--point", "0"]);
        let found = |key: &str| line["points"][0]["figures"][key].as_f64().expect("a number");
        place.done(&[
            "run",
            "case.toml",
            "--params",
            "n=2",
            "--params",
            "costs.commission=0.0001",
            "--equity",
            "equity.csv",
            "--fills",
            "fills.csv",
        ]);
        let trials = as_trial(&place);
        let residual = passive::residual(&trials, 0);
        let same = |key: &str, expected: f64| {
            let found = found(key);
            assert!(
                (found - expected).abs() < 1e-9 * (1.0 + expected.abs()),
                "{key}: {found}, not {expected}"
            );
        };
        let sessions = residual.len();
        same("sessions", sessions as f64);
        same("edge", figures::mean(&residual));
        // As many sessions as a year of these prices has, under `actual_time`.
        let periods = found("periods_per_year");
        assert!((255.0..266.0).contains(&periods), "{periods}");
        same("edge_year", periods * figures::mean(&residual));
        same("mean", figures::mean(&trials.returns[0]));
        same("passive", figures::mean(&trials.returns[0]) - figures::mean(&residual));
        let scales = flips::scales_of_dates(&trials.days);
        let turned: Vec<flips::Flips> = scales.iter().map(|scale| flips::flips(&residual, scale)).collect();
        same("u", turned[0].observed);
        let shares = turned.iter().map(|own| flips::share_at_least(&flips::maxima([own]), own.observed));
        let p = shares.fold(0.0, f64::max);
        same("p_alone", p);
        same("p", 1.0 - (1.0 - p) * (1.0 - p));
        let mut reached = turned[0].u[1..].to_vec();
        reached.sort_by(|a, b| b.total_cmp(a));
        let rank = (4096.0 * (1.0 - (1.0_f64 - 0.05).sqrt())).floor() as usize;
        let ratio = figures::detectable_ratio(reached[rank - 1], sessions, periods);
        let seen = &line["points"][0]["figures"]["detectable"];
        assert!((seen["ratio"].as_f64().unwrap() - ratio).abs() < 1e-9);
        let edge = figures::detectable_edge(reached[rank - 1], &residual, periods).unwrap();
        assert!((seen["edge_year"].as_f64().unwrap() - edge).abs() < 1e-9);
    }
}

#[test]
fn days_that_another_sweep_saw_are_not_sealed() {
    let place = place(&format!("{AXES}{HOLDOUT}"), "sound", Future::Runs);
    let held_out = place.sweep(&[]);
    // One that sees all days, and one that sees no other days than those held out.
    let mut others = vec![("t", strategy("2021-06-30", "sound"))];
    let late = strategy("2021-06-30", "sound").replace("burn_in = 2020-01-10", "burn_in = 2020-08-03");
    others.push(("late", late));
    let verdict = |folder: &Path| -> Value {
        place.done(&["sweep", "aggregate", folder.to_str().unwrap(), "--quiet"]);
        let summary = fs::read(folder.join("aggregate/summary.json")).expect("it was written");
        let summary: Value = serde_json::from_slice(&summary).expect("JSON");
        summary["verdict"].clone()
    };
    let sealed = verdict(&held_out);
    assert_eq!(
        (&sealed["holdout"]["sealed"], &sealed["holdout"]["opened"]),
        (&true.into(), &Value::Null),
        "{sealed}"
    );
    for (name, text) in others {
        let _ = fs::remove_file(log(&place));
        let _ = fs::remove_file(held_out.join("opened"));
        let first = opened(&place, &held_out, &["--point", "0"]);
        assert_eq!(first["seen"], Value::Array(Vec::new()), "{name}");
        place.write("case.toml", &text);
        place.write("s.toml", &format!("name = \"{name}\"\nstrategy = \"case.toml\"\n{AXES}"));
        let other = place.sweep(&[]);
        assert_eq!(verdict(&other)["holdout"], Value::Null);
        let after = verdict(&held_out);
        assert_eq!(after["holdout"]["sealed"], true, "what is seen after an opening breaks no seal");
        assert_eq!(after["holdout"]["points"][0], serde_json::json!({ "point": 0, "word": "held up" }));
        fs::remove_file(log(&place)).unwrap();
        fs::remove_file(held_out.join("opened")).unwrap();
        let before = verdict(&held_out);
        assert_eq!(before["holdout"]["sealed"], false);
        let says = format!("sweep {name} saw these days on 20");
        assert!(before["reasons"].to_string().contains(&format!("not sealed: {says}")), "{before}");
        assert!(before["text"].as_str().unwrap().contains(&format!("Not sealed: {says}")), "{before}");
        let seen = open(&place, &held_out, &["--yes", "--point", "0"]);
        assert!(seen.code == Some(0) && seen.stderr.contains(&says), "{}", seen.stderr);
        let line: Value = serde_json::from_slice(&fs::read(log(&place)).unwrap()).unwrap();
        assert_eq!(line["seen"][0]["sweep"], name);
        fs::remove_dir_all(&other).unwrap();
        fs::remove_file(
            place.path(&format!("r/ledger/{}.json", other.file_name().unwrap().to_str().unwrap())),
        )
        .unwrap();
    }
}

#[test]
fn what_was_built_from_results_is_confirmed_by_days_that_nobody_saw() {
    for (future, word) in [(Future::GoesOn, "held up"), (Future::Breaks, "did not hold up")] {
        let place = place(AXES, "sound", future);
        place.write("case.toml", &strategy("2020-08-02", "sound"));
        let verdict = |folder: &Path| -> Value {
            place.done(&["sweep", "aggregate", folder.to_str().unwrap(), "--quiet"]);
            let summary = fs::read(folder.join("aggregate/summary.json")).expect("it was written");
            serde_json::from_slice::<Value>(&summary).expect("JSON")["verdict"].clone()
        };
        assert_eq!(verdict(&place.sweep(&[]))["family"]["look"], 1);
        place.write("case.toml", &strategy("2021-06-30", "sound"));
        let axes = AXES.replace("to = 3", "to = 4");
        place.write("s.toml", &format!("name = \"later\"\nstrategy = \"case.toml\"\n{axes}{HOLDOUT}"));
        let folder = place.sweep(&[]);
        let before = verdict(&folder);
        assert_eq!(before["family"]["look"], 2, "{before}");
        assert_eq!(before["verdict"], "promising, to be confirmed on unseen days", "{before}");
        let point = before["confirm"]["point"].to_string();
        let command = format!("sweep holdout open RESULTS --point {point}");
        assert!(before["text"].as_str().unwrap().contains(&command), "{before}");
        assert_eq!(opened(&place, &folder, &["--point", &point])["points"][0]["word"], word);
        let after = verdict(&folder);
        let verdicts: &[&str] = match word {
            "held up" => &["likely real", "edge real, choice arbitrary"],
            _ => &["inconclusive"],
        };
        assert!(verdicts.contains(&after["verdict"].as_str().unwrap()), "{after}");
        assert!(
            after["text"]
                .as_str()
                .unwrap()
                .contains(&format!("oint {point} {word} on the sessions held out")),
            "{after}"
        );
    }
}

#[test]
fn a_point_that_fails_is_on_record_too() {
    for (conventions, says) in [("sound", "equity"), ("qstrader", "the account was ruined on 2020-")] {
        let place = place(&format!("{AXES}{HOLDOUT}"), conventions, Future::Turns);
        let text = strategy("2021-06-30", conventions);
        place.write(
            "case.toml",
            &text.replace("long_only = { cash_buffer = 0.0 }", "long_short = { gross_leverage = 90.0 }"),
        );
        let folder = place.sweep(&[]);
        let seen = open(&place, &folder, &["--yes", "--point", "0"]);
        assert_eq!(seen.code, Some(0), "{}", seen.stderr);
        assert!(seen.stdout.contains(": did not hold up\n  It failed there: "), "{}", seen.stdout);
        let line: Value = serde_json::from_slice(&fs::read(log(&place)).unwrap()).unwrap();
        let point = &line["points"][0];
        assert!(point["failed"].as_str().unwrap().contains(says), "{point}");
        assert_eq!((&point["figures"], &point["word"]), (&Value::Null, &"did not hold up".into()));
        assert_eq!(opened(&place, &folder, &["--point", "1"])["opened"], 2, "it counts");
    }
}
