//! Mutated inputs: files of members and of assets, final prices, rates. Each gives a clear error or a strategy that runs, and
//! never a panic.
//!
//! `BACKTEST_MUTATIONS` sets how many of each kind are tried, `BACKTEST_SEED` the first of their seeds.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::draw::Draw;
use super::support::number;
use crate::report::json::write_json;
use crate::strategy::definition::Strategy;
use crate::strategy::error::BacktestError;
use crate::strategy::run::run;

/// Inputs of each kind that an ordinary run tries.
const MUTATIONS: u64 = 2_000;
/// Largest number of characters of a message.
const MESSAGE_LIMIT: usize = 3_000;

/// Cells that are right in one place and wrong in most.
const CELLS: [&str; 34] = [
    "",
    " ",
    "AAA",
    "BBB",
    "ZZZ",
    "symbol",
    "entry",
    "exit",
    "2020-01-15",
    "20200115",
    "2020/01/15",
    "2020-02-30",
    "99999-01-01",
    "0000-00-00",
    "2020-01-15T21:00:00",
    "0",
    "-0.0",
    "-1",
    "1e308",
    "1e999",
    "nan",
    "inf",
    "0x1F",
    "1_000",
    "\"",
    "\"\"",
    "'",
    "#",
    "\u{1b}[31m",
    "\u{feff}",
    "\u{202e}é",
    "of(\"AAA\", close)",
    "((((",
    "x",
];

const MEMBERS: [&str; 4] = [
    "symbol,entry,exit\nAAA,,2020-01-15\nBBB,2020-01-06,\nAAA,2020-01-20,\nCCC,2020-01-03,2020-01-10\n",
    "Name,EXIT,Symbol,Entry\r\n\"a, b\",2020/01/22,AAA,\r\n\r\n,,BBB,2020-01-07T00:00:00\r\n",
    "symbol,entry\nAAA,\nBBB,20200109\nCCC,\n",
    "\u{feff}symbol,entry,exit\nAAA,1990-01-01,2019-12-31\nBBB,2020-01-02,2020-01-09\nBBB,2020-01-09,2020-01-30\n",
];
const ASSETS: [&str; 3] =
    ["AAA\nBBB\nCCC\n", "# all of them\r\n\r\n  AAA \r\nBBB\r\n", "\u{feff}CCC\n# AAA\nAAA"];
const FINAL_PRICES: [&str; 4] =
    ["{ AAA = 12.5, CCC = 0 }", "{ CCC = 0.0 }", "{ BBB = 1_000.25, AAA = 3e2 }", "{ \"CCC\" = 101 }"];
const RATES: [&str; 8] = [
    "0.04",
    "-0.005",
    "1",
    "'of(\"AAA\", close) / 1000'",
    "'sma(of(\"BBB\", close), 3) / 500'",
    "\"if(of('AAA', returns(2)) > 0, 0.05, x)\"",
    "'of(\"BBB\", sma(n)) / 1000 + min(0.01, x)'",
    "'hold(of(\"AAA\", close > sma(3)), of(\"AAA\", close < sma(5))) / 100'",
];

const NUMBERS: [&str; 5] = [
    "Date,Symbol,pe\n2019-12-30,AAA,12.5\n2020-01-08,BBB,-3\n2020-01-20,AAA,\n2020-01-20,CCC,1e-3\n2020-01-22,ZZZ,x\n",
    "\u{feff}pe, DATE \r\n22.5,2020/01/02\r\n\r\n0,20200115\r\n\"19\",2020-01-18T00:00:00\r\n",
    "Date,AAA,BBB,pe\n2020-01-02,1,,7\n2020-01-09,2,3,NaN\n",
    "<DATE>,Symbol,AAA,pe\n2020-01-29,AAA,1,1\n2020-04-29,BBB,1,2\n2019-01-02,AAA,1,3\n",
    "Date,AAA,pe,Symbol\n2020-01-09,1,4,CCC\n2020-01-08,2,5,CCC\n",
];
const COLUMNS: [&str; 4] = [
    "{ file = 'numbers.csv', lag = 1 }",
    "{ wide = 'numbers.csv', lag = 0, max_age = 2 }",
    "{ dates = 'numbers.csv', known = 5 }",
    "{ folder = 'numbers', column = 'pe', lag = 3 }",
];

/// A good input with some bytes, cells or lines changed.
fn mutated(corpus: &[&str], draw: &mut Draw) -> Vec<u8> {
    let mut bytes = draw.pick(corpus).as_bytes().to_vec();
    for _ in 0..draw.pick(&[1, 1, 1, 1, 2, 3, 8]) {
        match draw.between(0, 2) {
            0 => change_bytes(&mut bytes, draw),
            1 => bytes = change_cell(&bytes, draw),
            _ => bytes = change_lines(&bytes, draw.pick(corpus), draw),
        }
    }
    bytes
}

fn change_bytes(bytes: &mut Vec<u8>, draw: &mut Draw) {
    let at = draw.index(0, bytes.len());
    let until = draw.index(at, bytes.len().min(at + 8));
    match draw.between(0, 4) {
        0 => bytes.insert(at, draw.between(0, 255) as u8),
        1 => bytes.insert(at, draw.pick(b",\n\r\"'#=[]{}() .-0")),
        2 => drop(bytes.drain(at..until)),
        3 => bytes.extend_from_within(at..until),
        _ => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << draw.between(0, 7);
            }
        }
    }
}

/// Another cell in place of one; cells end where a number, a word or a line does.
fn change_cell(bytes: &[u8], draw: &mut Draw) -> Vec<u8> {
    let is_end = |byte: &u8| b",\n{}=()'\" ".contains(byte);
    let ends: Vec<usize> = (0..bytes.len()).filter(|&at| is_end(&bytes[at])).chain([bytes.len()]).collect();
    let place = draw.index(0, ends.len() - 1);
    let begin = place.checked_sub(1).map_or(0, |before| ends[before] + 1);
    let cell = match draw.between(0, 20) {
        0 => "A".repeat(draw.pick(&[100, 5_000])),
        1 => "9".repeat(draw.pick(&[20, 400])),
        _ => draw.pick(&CELLS).to_owned(),
    };
    [&bytes[..begin], cell.as_bytes(), &bytes[ends[place]..]].concat()
}

/// A line more, less, in another place, very often, or from another input.
fn change_lines(bytes: &[u8], other: &str, draw: &mut Draw) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let others: Vec<&[u8]> = other.as_bytes().split_inclusive(|byte| *byte == b'\n').collect();
    let at = draw.index(0, lines.len());
    match draw.between(0, 4) {
        0 => lines.insert(at, draw.pick(&others)),
        1 if at < lines.len() => drop(lines.remove(at)),
        2 if at < lines.len() => drop(lines.splice(at..at, vec![lines[at]; draw.pick(&[1, 1, 1, 300])])),
        3 => draw.shuffle(&mut lines),
        _ => lines.extend(others),
    }
    lines.concat()
}

/// Prices of three assets in January 2020; those of the last end on the 10th.
fn write_prices(folder: &Path) {
    for (asset, last, price) in [("AAA", 31, 100.0), ("BBB", 31, 50.0), ("CCC", 10, 20.0)] {
        let row = |day: u32| {
            let (open, close) = (price + f64::from(day * 7 % 5), price + f64::from(day * 3 % 4));
            format!("2020-01-{day:02},{open},{close}\n")
        };
        let rows: String = (1..=last).filter(|day| ![4, 5].contains(&(day % 7))).map(row).collect();
        fs::create_dir_all(folder.join("prices")).expect("a folder can be made");
        let text = format!("Date,Open,Close\n{rows}");
        fs::write(folder.join(format!("prices/{asset}.csv")), text).expect("a file can be written");
    }
}

/// A strategy file with these keys of its universe and of its costs.
fn strategy_file(universe: &[u8], costs: &[u8]) -> Vec<u8> {
    let head =
        b"name = 'case'\nconventions = { preset = 'sound' }\nparameters = { n = 3, x = 0.01 }\n[universe]\n";
    let rest = b"\n[alpha]\nweights = '1 / count()'\n[rebalance]\nschedule = 'daily'\n[portfolio]\ninitial_cash = 100000.0\n\
        long_short = { max_gross = 1.5 }\n[period]\nstart = 2020-01-01\nend = 2020-01-31\n[data]\nprices = 'prices'\n\
        adjust = false\n[costs]\n";
    [&head[..], universe, rest, costs, b"\n"].concat()
}

/// A message that a user can act on: where it is wrong is said, and it does no harm to a terminal.
fn check_message(error: &BacktestError) {
    let text = error.to_string();
    assert!(text.chars().count() <= MESSAGE_LIMIT, "a message of {} characters", text.chars().count());
    let is_harmful = |character: char| character.is_control() && character != '\n';
    assert!(!text.contains(is_harmful), "a control character in {text:?}");
    match error {
        BacktestError::Config(_) | BacktestError::Universe(_) => {
            let first = text.lines().next().unwrap_or_default();
            let place =
                ["case.toml:", "members.csv:", "assets.txt:"].iter().find_map(|file| first.split_once(file));
            let rest = place.map(|(_, rest)| rest).unwrap_or_else(|| panic!("no file in {text}"));
            let line = rest.split([':', ' ']).next().map(str::parse::<u64>);
            // A whole file may be wrong, and no line of it.
            let is_whole = rest.starts_with(" no symbol is a member between");
            assert!(is_whole || matches!(line, Some(Ok(1..))), "no line in {text}");
        }
        BacktestError::NoDay { .. } => {
            let words = ["no symbol is a member between", "no traded asset has a bar between"];
            assert!(
                words.iter().any(|words| text.contains(words)),
                "nothing is said to be missing in {text}"
            );
        }
        BacktestError::Prices(_) => {
            assert!(
                ["costs.", "no traded asset", "asset '"].iter().any(|words| text.contains(words)),
                "no key or asset in {text}"
            );
        }
        BacktestError::File(_) if text.contains("numbers") => {
            let place =
                text.split_once(".csv:").map(|(_, rest)| rest.split(':').next().map(str::parse::<u64>));
            // A whole file may be wrong, and no line of it.
            let is_whole =
                ["up to 2020-01-31", "no such file", "cannot read"].iter().any(|words| text.contains(words));
            assert!(is_whole || matches!(place, Some(Some(Ok(1..)))), "no line in {text}");
        }
        BacktestError::File(_) | BacktestError::Failure(_) | BacktestError::Unreadable { .. } => {}
    }
}

/// Reads the strategy `case.toml` of a folder and runs it. Returns whether it runs.
fn try_strategy(folder: &Path) -> bool {
    let prices = format!("data.prices={}", folder.join("prices").display());
    let result = Strategy::read(&folder.join("case.toml"), &[prices]).and_then(|strategy| {
        let result = run(&strategy)?;
        let mut json = Vec::new();
        write_json(&strategy, &result, &mut json).expect("a result is JSON");
        serde_json::from_slice::<serde_json::Value>(&json).expect("a result is JSON");
        let notices = result.notices().iter().map(ToString::to_string);
        notices.for_each(|notice| {
            assert!(notice.len() < MESSAGE_LIMIT && !notice.contains(char::is_control), "{notice:?}")
        });
        Ok(())
    });
    result.inspect_err(check_message).is_ok()
}

/// Tries mutated inputs, which `write` puts into a folder.
fn check(corpus: &[&str], write: impl Fn(&Path, &[u8])) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    write_prices(folder.path());
    for good in corpus {
        write(folder.path(), good.as_bytes());
        assert!(try_strategy(folder.path()), "{good:?} is good");
    }
    let (first, count) = (number("BACKTEST_SEED", 1), number("BACKTEST_MUTATIONS", MUTATIONS));
    let mut good = 0;
    for seed in first..first + count {
        let input = mutated(corpus, &mut Draw::seeded(seed));
        write(folder.path(), &input);
        match catch_unwind(AssertUnwindSafe(|| try_strategy(folder.path()))) {
            Ok(runs) => good += u64::from(runs),
            Err(_) => panic!("seed {seed}: {:?}", String::from_utf8_lossy(&input)),
        }
    }
    println!("{count} mutated inputs, {good} of them good");
    assert!((count / 50..count).contains(&good), "{good} of {count} are good, which proves little");
}

#[test]
fn mutated_members_are_refused_or_run() {
    check(&MEMBERS, |folder, input| {
        fs::write(folder.join("members.csv"), input).expect("a file can be written");
        let text = strategy_file(b"members = 'members.csv'", b"");
        fs::write(folder.join("case.toml"), text).expect("a file can be written");
    });
}

#[test]
fn mutated_assets_are_refused_or_run() {
    check(&ASSETS, |folder, input| {
        fs::write(folder.join("assets.txt"), input).expect("a file can be written");
        let text = strategy_file(b"assets = 'assets.txt'", b"");
        fs::write(folder.join("case.toml"), text).expect("a file can be written");
    });
}

#[test]
fn mutated_names_of_files_are_refused_or_run() {
    check(&["'assets.txt'", "\"./assets.txt\"", "[\"AAA\", 'BBB']"], |folder, input| {
        fs::write(folder.join("assets.txt"), "AAA\n").expect("a file can be written");
        let text = strategy_file(&[b"assets = ", input].concat(), b"");
        fs::write(folder.join("case.toml"), text).expect("a file can be written");
    });
}

#[test]
fn mutated_final_prices_are_refused_or_run() {
    check(&FINAL_PRICES, |folder, input| {
        let universe = [b"assets = ['AAA', 'BBB', 'CCC']\nfinal_price = ", input].concat();
        fs::write(folder.join("case.toml"), strategy_file(&universe, b"")).expect("a file can be written");
    });
}

#[test]
fn mutated_rates_are_refused_or_run() {
    for key in ["cash_rate", "debit_rate", "borrow_rate"] {
        let corpus: Vec<&str> =
            RATES.into_iter().filter(|rate| key == "cash_rate" || !rate.starts_with('-')).collect();
        check(&corpus, |folder, input| {
            let costs = [format!("{key} = ").as_bytes(), input].concat();
            let text = strategy_file(b"assets = ['AAA', 'BBB', 'CCC']", &costs);
            fs::write(folder.join("case.toml"), text).expect("a file can be written");
        });
    }
}

/// Writes a strategy with a column of numbers, and its file.
fn write_numbers(folder: &Path, column: &[u8], numbers: &[u8]) {
    fs::create_dir_all(folder.join("numbers")).expect("a folder can be made");
    for file in ["numbers.csv", "numbers/AAA.csv"] {
        fs::write(folder.join(file), numbers).expect("a file can be written");
    }
    let costs = [b"[data.columns]\npe = ", column].concat();
    let text = strategy_file(b"assets = ['AAA', 'BBB', 'CCC']", &costs);
    // A column is read where a formula names it; the text behind the formula may be no UTF-8.
    let at = text.windows(11).position(|bytes| bytes == b"1 / count()").expect("a formula");
    let text = [&text[..at], b"equal(fill(pe, 1) > 0)", &text[at + 11..]].concat();
    fs::write(folder.join("case.toml"), text).expect("a file can be written");
}

#[test]
fn mutated_numbers_are_refused_or_run() {
    for column in COLUMNS {
        let corpus: &[&str] = if column.contains("wide") { &NUMBERS[2..4] } else { &NUMBERS };
        // Of one asset, whose rows have no symbol.
        let corpus = if column.contains("folder") { &NUMBERS[1..3] } else { corpus };
        check(corpus, |folder, input| write_numbers(folder, column.as_bytes(), input));
    }
}

#[test]
fn mutated_columns_are_refused_or_run() {
    check(&COLUMNS, |folder, input| write_numbers(folder, input, NUMBERS[3].as_bytes()));
}
