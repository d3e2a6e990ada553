//! Numbers from files, from the file to the values of days: layouts that say the same are the same, nothing is known before its
//! time, and a plan finds its files.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;

use super::draw::Draw;
use super::support::{names_below, number};
use crate::market::calendar::{Calendar, is_weekday};
use crate::market::date::Date;
use crate::market::input::cache::stamp::FileClock;
use crate::market::numbers::cache;
use crate::market::numbers::declaration::{Declaration, Layout, Timing};
use crate::market::numbers::files::NumberFiles;
use crate::market::numbers::load::{Loaded, Wanted, load};
use crate::market::numbers::rows::{ColumnRows, Rows};
use crate::report::tear_sheet::terminal::tear_sheet;
use crate::strategy::definition::Strategy;
use crate::strategy::prepare::{prepare, prepare_from};
use crate::strategy::run::run;
use crate::strategy::seal::seal;
use crate::sweep::compute::cache_inputs;
use crate::sweep::definition::Sweep;
use crate::sweep::plan::Plan;

const SYMBOLS: [&str; 3] = ["A", "B", "C"];

/// Rows of an asset, by its place, on a date.
type Row = (usize, Date, f64);

/// The cases that an ordinary run tries.
const CASES: u64 = 300;

fn first_date() -> Date {
    Date::parse(b"2020-03-02").expect("a date")
}

/// Weekdays, or some of the dates of five weeks.
fn calendar(draw: &mut Draw) -> Calendar {
    let first = first_date();
    if draw.between(0, 1) == 0 {
        return Calendar::weekdays(first, 25);
    }
    let dates: Vec<Date> = (-9..35)
        .map(|day| Date(first.0 + day))
        .filter(|_| draw.between(0, 2) > 0)
        .chain([Date(first.0 + 35)])
        .collect();
    Calendar::listed(dates, first).expect("dates that ascend")
}

/// Rows from a month before the calendar to a month after it, each date of an asset once.
fn rows(draw: &mut Draw) -> Vec<Row> {
    let mut rows = Vec::new();
    for asset in 0..SYMBOLS.len() {
        for day in -30..65 {
            if draw.between(0, 5) == 0 {
                rows.push((asset, Date(first_date().0 + day), draw.between(0, 9) as f64 - 4.0));
            }
        }
    }
    draw.shuffle(&mut rows);
    rows
}

/// Writes rows in a layout, as the numbers `pe`.
fn write(folder: &Path, layout: &Layout, rows: &[Row]) {
    let path = folder.join("pe");
    let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
    // At first there is none.
    drop(removed);
    let put = |path: &Path, text: &str| fs::write(path, text).expect("a file can be written");
    match layout {
        Layout::Folder { .. } => {
            fs::create_dir(&path).expect("a folder can be made");
            for (asset, symbol) in SYMBOLS.iter().enumerate() {
                let own = rows.iter().filter(|row| row.0 == asset);
                let text: String = own.map(|(_, date, value)| format!("{value},{date}\n")).collect();
                put(&path.join(format!("{symbol}.csv")), &format!("pe,Date\n{text}"));
            }
        }
        Layout::Wide => {
            let mut dates: Vec<Date> = rows.iter().map(|row| row.1).collect();
            dates.sort();
            dates.dedup();
            let mut text = format!("Date,{}\n", SYMBOLS.join(","));
            for date in dates {
                let _ = write!(text, "{date}");
                for asset in 0..SYMBOLS.len() {
                    let value = rows.iter().find(|row| (row.0, row.1) == (asset, date));
                    let _ = write!(text, ",{}", value.map_or(String::new(), |row| row.2.to_string()));
                }
                text.push('\n');
            }
            put(&folder.join("pe"), &text);
        }
        Layout::Long { .. } | Layout::Dates => {
            let line = |(asset, date, value): &Row| format!("{date},{},{value}\n", SYMBOLS[*asset]);
            put(
                &folder.join("pe"),
                &format!("Date,Symbol,pe\n{}", rows.iter().map(line).collect::<String>()),
            );
        }
    }
}

fn layouts() -> [Layout; 3] {
    let column = || "pe".to_owned();
    [Layout::Long { column: column() }, Layout::Folder { column: column() }, Layout::Wide]
}

fn declaration(folder: &Path, layout: &Layout, timing: Timing) -> Declaration {
    Declaration { name: "pe".to_owned(), path: folder.join("pe"), layout: layout.clone(), timing }
}

fn loaded(folder: &Path, layout: &Layout, timing: Timing, calendar: &Calendar) -> Loaded {
    let declaration = declaration(folder, layout, timing);
    let symbols = SYMBOLS.map(str::to_owned);
    let wanted = Wanted { symbols: &symbols, calendar, end: calendar.date(calendar.days() - 1) };
    let read = load(&[declaration], |_| true, &NumberFiles::default(), wanted)
        .unwrap_or_else(|error| panic!("{error}"));
    read.into_iter().next().flatten().expect("a column that is used")
}

/// The bits of the values of all assets up to a day.
fn bits(loaded: &Loaded, days: usize) -> Vec<Vec<u64>> {
    let of_asset = |asset| loaded.column.values(asset)[..days].iter().map(|value| value.to_bits()).collect();
    (0..SYMBOLS.len()).map(of_asset).collect()
}

/// The number of the session that a date belongs to, found by walking: weekdays count before the first and after the last.
fn session(calendar: &Calendar, date: Date) -> i64 {
    let days = calendar.days();
    let (first, last) = (calendar.date(0), calendar.date(days - 1));
    if date <= first {
        let between = (date.0..first.0).filter(|day| is_weekday(Date(*day))).count();
        return -(between as i64);
    }
    if date > last {
        let between = (last.0 + 1..date.0).filter(|day| is_weekday(Date(*day))).count();
        return (days + between) as i64;
    }
    (0..days).find(|day| calendar.date(*day) >= date).expect("a day up to the last one") as i64
}

/// Calls a check with random rows, their calendar and a generator.
fn for_each_case(mut check: impl FnMut(&Path, &Calendar, Vec<Row>, &mut Draw)) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let (first, count) = (number("BACKTEST_SEED", 1), number("BACKTEST_PROPERTIES", CASES));
    for seed in first..first + count {
        let mut draw = Draw::seeded(seed);
        let (calendar, rows) = (calendar(&mut draw), rows(&mut draw));
        check(folder.path(), &calendar, rows, &mut draw);
    }
}

fn timing(draw: &mut Draw) -> Timing {
    let max_age = if draw.between(0, 1) == 0 { None } else { Some(draw.between(0, 6)) };
    Timing::After { lag: draw.between(0, 6), max_age }
}

#[test]
fn every_layout_gives_what_the_definition_says() {
    for_each_case(|folder, calendar, rows, draw| {
        let timing = timing(draw);
        let Timing::After { lag, max_age } = timing else { return };
        let mut hashes = Vec::new();
        for layout in layouts() {
            write(folder, &layout, &rows);
            let loaded = loaded(folder, &layout, timing, calendar);
            hashes.push(loaded.hash);
            for asset in 0..SYMBOLS.len() {
                for day in 0..calendar.days() as i64 {
                    // The rows known at the close of the day, and when they became known.
                    let known = rows.iter().filter(|row| row.0 == asset);
                    let known = known.map(|row| (row.1, session(calendar, row.1) + lag as i64, row.2));
                    let last = known.filter(|row| row.1 <= day).max_by_key(|row| row.0);
                    let counts = |row: &(Date, i64, f64)| max_age.is_none_or(|age| day - row.1 <= age as i64);
                    let expected = last.filter(counts).map_or(f64::NAN, |row| row.2);
                    let found = loaded.column.values(asset)[day as usize];
                    assert_eq!(found.to_bits(), expected.to_bits(), "asset {asset}, day {day}, {timing:?}");
                }
            }
        }
        assert!(hashes.iter().all(|hash| *hash == hashes[0]), "the hash does not depend on the layout");
    });
}

fn is_cache(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "numbers")
}

#[test]
fn a_cache_gives_what_the_files_give_and_only_while_they_are_the_same() {
    let symbols = SYMBOLS.map(str::to_owned);
    let mut draw = Draw::seeded(1);
    for _ in 0..20 {
        for layout in layouts().into_iter().chain([Layout::Dates]) {
            let folder = tempfile::tempdir().expect("a temporary folder can be made");
            let (folder, calendar, rows) = (folder.path(), calendar(&mut draw), rows(&mut draw));
            let timing = match layout {
                Layout::Dates => Timing::Ahead { known: 5 },
                _ => timing(&mut draw),
            };
            let column = declaration(folder, &layout, timing);
            let text = || NumberFiles::default().rows(&[&column], &symbols).expect("sound files");
            let make = |clock: fn(&fs::Metadata) -> FileClock| {
                let rows = || Some(text().into_iter().map(|rows| (*rows).clone()).collect());
                cache::make_at(&[&column], &symbols, clock, rows)
            };
            let hidden = || names_below(folder).into_iter().filter(|path| is_cache(path)).count();
            write(folder, &layout, &rows);
            let from_text = (text(), loaded(folder, &layout, timing, &calendar).hash);
            // A cache with rows of its own shows that it is the one that is read.
            let rows_of_its_own = match &*from_text.0[0] {
                ColumnRows::Shared(_) => ColumnRows::Shared(Rows::default()),
                ColumnRows::ByAsset(rows) => ColumnRows::ByAsset(vec![Rows::default(); rows.len()]),
            };
            let other = || Some(vec![rows_of_its_own.clone()]);
            assert_eq!(cache::make_at(&[&column], &symbols, FileClock::long_after, other), Some(()));
            assert_eq!(*text()[0], rows_of_its_own, "{layout:?}");
            for file in names_below(folder).into_iter().filter(|path| is_cache(path)) {
                fs::remove_file(file).expect("a file of ours");
            }
            assert_eq!((make(FileClock::new), hidden()), (None, 0), "files that changed a moment ago");
            assert_eq!((make(FileClock::long_after), hidden()), (Some(()), 1), "{layout:?}");
            assert_eq!(cache::read(&column, &symbols).as_ref(), Some(&*from_text.0[0]), "{layout:?}");
            let from_cache = (text(), loaded(folder, &layout, timing, &calendar).hash);
            assert_eq!(from_cache, from_text, "{layout:?}");
            assert_eq!(cache::read(&column, &symbols[1..]), None, "other assets");
            // One row more, of a day on which there is none.
            let more = [&rows[..], &[(1, Date(first_date().0 + 100), 3.0)]].concat();
            write(folder, &layout, &more);
            assert_eq!(cache::read(&column, &symbols), None, "{layout:?}: the files are not the same");
            assert_ne!(text(), from_text.0, "{layout:?}");
        }
    }
}

#[test]
fn dates_are_as_far_away_as_the_definition_says() {
    for_each_case(|folder, calendar, rows, draw| {
        let known = draw.between(0, 12);
        write(folder, &Layout::Dates, &rows);
        let loaded = loaded(folder, &Layout::Dates, Timing::Ahead { known }, calendar);
        for asset in 0..SYMBOLS.len() {
            for day in 0..calendar.days() as i64 {
                let sessions =
                    rows.iter().filter(|row| row.0 == asset).map(|row| session(calendar, row.1) - day);
                let next = sessions.filter(|ahead| *ahead >= 0).min().filter(|ahead| *ahead <= known as i64);
                let expected = next.map_or(f64::NAN, |ahead| ahead as f64);
                let found = loaded.column.values(asset)[day as usize];
                assert_eq!(found.to_bits(), expected.to_bits(), "asset {asset}, day {day}, known {known}");
            }
        }
    });
}

#[test]
fn a_poisoned_future_leaves_values_unchanged() {
    let mut changed = 0;
    for_each_case(|folder, calendar, rows, draw| {
        let last = draw.index(0, calendar.days() - 1);
        for layout in layouts().into_iter().chain([Layout::Dates]) {
            let timing = match layout {
                Layout::Dates => Timing::Ahead { known: draw.between(0, 12) },
                _ => timing(draw),
            };
            // How many sessions before that of its date a row is known.
            let ahead = match timing {
                Timing::After { lag, .. } => -(lag as i64),
                Timing::Ahead { known } => known as i64,
            };
            let is_later = |row: &&Row| session(calendar, row.1) - ahead > last as i64;
            let mut poisoned: Vec<Row> = rows.iter().filter(|row| !is_later(row)).copied().collect();
            let later = rows.iter().filter(is_later).filter(|_| draw.between(0, 2) > 0);
            poisoned.extend(later.map(|(asset, date, value)| (*asset, *date, value + 100.0)));
            let read = |rows: &[Row]| {
                write(folder, &layout, rows);
                loaded(folder, &layout, timing, calendar)
            };
            let (honest, poisoned) = (read(&rows), read(&poisoned));
            assert_eq!(
                bits(&honest, last + 1),
                bits(&poisoned, last + 1),
                "{timing:?} sees beyond day {last}"
            );
            changed += u64::from(bits(&honest, calendar.days()) != bits(&poisoned, calendar.days()));
        }
    });
    assert!(changed > 100, "the poison changes later values in {changed} cases");
}

/// A strategy over two assets, a benchmark and some columns, in a folder with all files.
fn strategy_folder(columns: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let put = |name: &str, text: &str| super::support::write(folder.path(), name, text.as_bytes());
    for asset in ["A", "B", "C"] {
        let rows = "2023-01-02,1,1\n2023-01-03,2,2\n2023-01-05,3,3\n2023-01-06,4,4\n";
        put(&format!("prices/{asset}.csv"), &format!("Date,Open,Close\n{rows}"));
    }
    put("pe.csv", "Date,Symbol,pe\n2022-12-30,A,7.5\n2023-01-04,A,8\n2023-01-05,C,9\n");
    put("vix.csv", "Date,Close\n2023-01-03,20\n2023-01-06,22\n");
    put("fomc.csv", "Date\n2023-01-04\n2023-02-01\n");
    let weights = match columns {
        "" => "1 / count()",
        _ => "1 / count() + 0 * fill(pe + vix + fomc, 0)",
    };
    put(
        "case.toml",
        &format!(
            "name = 'case'\nconventions = 'sound'\nuniverse = {{ assets = ['B', 'A'], benchmark = 'C' }}\n\
             alpha = {{ weights = '{weights}' }}\nrebalance = {{ schedule = 'daily' }}\n\
             portfolio = {{ initial_cash = 1000.0, long_only = {{ cash_buffer = 0.0 }} }}\n\
             period = {{ start = 2023-01-02, end = 2023-01-13 }}\n\
             [data]\nprices = 'prices'\nadjust = false\n[data.columns]\n{columns}\n"
        ),
    );
    folder
}

const COLUMNS: &str = "pe = { file = 'pe.csv', lag = 1 }\n\
                       vix = { file = 'vix.csv', column = 'Close', lag = 0, max_age = 1 }\n\
                       fomc = { dates = 'fomc.csv', known = 250 }";

fn read(folder: &TempDir, overrides: &[&str]) -> Strategy {
    let overrides: Vec<String> = overrides.iter().map(|text| (*text).to_owned()).collect();
    Strategy::read(&folder.path().join("case.toml"), &overrides).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_market_shows_what_is_known_and_a_result_says_when() {
    let folder = strategy_folder(COLUMNS);
    let strategy = read(&folder, &[]);
    let result = run(&strategy).unwrap_or_else(|error| panic!("{error}"));
    let market = &result.market;
    let index =
        |name: &str| strategy.columns.iter().position(|column| column.name == name).expect("a column");
    let shown = |name: &str, symbol: &str| -> Vec<String> {
        let asset = market.asset(symbol).expect("an asset");
        market.external(index(name), asset).iter().map(|value| value.to_string()).collect()
    };
    // The sessions are the 2nd, 3rd, 5th and 6th; the row of the 4th belongs to the 5th.
    assert_eq!(shown("pe", "A"), ["7.5", "7.5", "7.5", "8"]);
    assert_eq!(shown("pe", "B"), ["NaN"; 4]);
    for asset in ["A", "B", "C"] {
        assert_eq!(shown("vix", asset), ["NaN", "20", "20", "22"]);
        // February 1st is the 18th weekday after the last session.
        assert_eq!(shown("fomc", asset), ["2", "1", "0", "18"]);
    }
    let at_open = |name| market.external_is_known_at_open(index(name));
    assert_eq!(["pe", "vix", "fomc"].map(at_open), [false, false, true]);
    let told = [
        "dates of fomc are taken as known 250 sessions ahead",
        "values of pe are taken as known 1 session after their date",
        "values of vix are taken as known 0 sessions after their date",
    ];
    let notices: Vec<String> = result.notices().iter().map(ToString::to_string).collect();
    let sheet = tear_sheet(&strategy, &result);
    for told in told {
        assert!(notices.iter().any(|notice| notice == told), "{told} in {notices:?}");
        assert!(sheet.lines().any(|line| line == told), "{told} in {sheet}");
    }
    let unused =
        read(&folder, &["alpha.weights=1 / count() + 0 * fill(pe, 0)", "data.columns.vix.file=nowhere"]);
    let prepared = prepare(&unused).unwrap_or_else(|error| panic!("{error}"));
    let unused = "the column 'vix' is named in no formula, and its file is not read";
    assert!(prepared.notices.iter().any(|notice| notice.to_string() == unused), "{:?}", prepared.notices);
    // The benchmark has a number, and nobody asks for it.
    assert!(notices.contains(&"no number of 'pe' for B: it is absent there".to_owned()), "{notices:?}");
}

#[test]
fn a_sweep_leaves_a_cache_of_its_numbers_and_a_backtest_none() {
    let folder = strategy_folder(COLUMNS);
    let files =
        || -> Vec<_> { names_below(folder.path()).into_iter().filter(|path| is_cache(path)).collect() };
    let axes = "[axes]\n\"portfolio.initial_cash\" = [1000.0, 2000.0]\n";
    super::support::write(
        folder.path(),
        "s.toml",
        format!("name = 's'\nstrategy = 'case.toml'\n{axes}").as_bytes(),
    );
    let shown = || {
        let strategy = read(&folder, &[]);
        let result = run(&strategy).unwrap_or_else(|error| panic!("{error}"));
        tear_sheet(&strategy, &result)
    };
    let from_text = shown();
    assert_eq!(files().len(), 0);
    // A file is cached once it has been as it is for some seconds.
    std::thread::sleep(Duration::from_millis(3_500));
    cache_inputs(&Sweep::read(&folder.path().join("s.toml")).unwrap_or_else(|error| panic!("{error}")));
    assert_eq!(files().len(), 3, "pe, vix and fomc");
    assert_eq!(shown(), from_text);
    for file in files() {
        fs::write(file, "not a cache").expect("a file of ours");
    }
    assert_eq!(shown(), from_text);
}

#[test]
fn numbers_are_part_of_what_a_result_is_known_by() {
    let folder = strategy_folder(COLUMNS);
    let of = |overrides: &[&str]| {
        let strategy = read(&folder, overrides);
        let prepared = prepare(&strategy).unwrap_or_else(|error| panic!("{error}"));
        (prepared.fingerprint, seal(&strategy, &prepared.fingerprint))
    };
    let (print, sealed) = of(&[]);
    let (same, other) = of(&["data.columns.pe.lag=2"]);
    assert!(same == print && other != sealed, "the lag is in the seal and not in the fingerprint");
    // Rows after the end are unknown, and dates ahead that are too far away.
    let append = |file: &str, rows: &str| {
        let path = folder.path().join(file);
        let text = fs::read_to_string(&path).expect("a file of ours") + rows;
        fs::write(path, text).expect("a file can be written");
    };
    append("pe.csv", "2023-01-14,A,3\n2023-01-03,Z,1\n");
    append("fomc.csv", "2033-02-01\n");
    assert_eq!(of(&[]), (print, sealed));
    append("fomc.csv", "2023-03-01\n");
    assert!(of(&[]).0 != print && of(&[]).1 != sealed);
    let folder = strategy_folder("");
    let plain = read(&folder, &[]);
    assert!(plain.columns.is_empty() && prepare(&plain).is_ok_and(|plain| plain.fingerprint != print));
}

#[test]
fn a_file_that_is_kept_is_read_once() {
    let folder = strategy_folder(COLUMNS);
    let prepared = |files: &NumberFiles, overrides: &[&str]| {
        let prepared =
            prepare_from(&read(&folder, overrides), files).unwrap_or_else(|error| panic!("{error}"));
        prepared.fingerprint
    };
    let (kept, not_kept) = (NumberFiles::kept(), NumberFiles::default());
    let print = prepared(&kept, &[]);
    assert_eq!(prepared(&not_kept, &[]), print);
    fs::write(folder.path().join("vix.csv"), "Date,Close,Open\n2023-01-03,21,20\n").expect("a file of ours");
    assert_eq!(prepared(&kept, &["data.columns.pe.lag=3"]), print);
    assert_ne!(prepared(&not_kept, &[]), print);
    // Another column of the file, or other assets, are other rows.
    assert_ne!(prepared(&kept, &["data.columns.vix.column=Open"]), print);
    assert_ne!(prepared(&kept, &["universe.assets=['A']"]), print);
}

#[test]
fn a_plan_finds_its_files_from_elsewhere() {
    let folder = strategy_folder(COLUMNS);
    super::support::write(folder.path(), "other/vix.csv", b"Date,Close\n2023-01-03,30\n");
    let sweep = "name = 's'\nstrategy = 'case.toml'\n[axes]\n\"data.columns.pe.lag\" = [0, 3]\n\
                 \"data.columns.vix.file\" = ['vix.csv', 'other/vix.csv']\n";
    let plan = |text: &str, folder: &Path| {
        let sweep = Sweep::parse("s.toml", text, folder).unwrap_or_else(|error| panic!("{error}"));
        Plan::new(sweep, 1 << 20).unwrap_or_else(|error| panic!("{error}"))
    };
    let sealed = plan(sweep, folder.path());
    let elsewhere = tempfile::tempdir().expect("a temporary folder can be made");
    let text = sealed.text().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(plan(&text, elsewhere.path()).seal, sealed.seal, "{text}");
    // Other content of a file that only some points read is another sweep, and a table is no axis.
    fs::write(folder.path().join("other/vix.csv"), "Date,Close\n2023-01-03,31\n").expect("a file of ours");
    assert_ne!(plan(sweep, folder.path()).seal, sealed.seal);
    let whole = sweep.replace("data.columns.pe.lag\" = [0, 3]", "data.columns.pe\" = [{ lag = 0 }]");
    let error = Sweep::parse("s.toml", &whole, folder.path()).expect_err("a table").to_string();
    assert!(error.contains("'data.columns.pe' is a table, and an axis sets one key"), "{error}");
}
