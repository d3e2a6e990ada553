//! Broken price files, alone and in the folder that `check` looks at.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::{Case, Expected, HEADER, STRATEGY, check_all, rows, strategy_with};

/// The sound file that cases break.
fn sound() -> String {
    HEADER.to_owned() + &rows(100.0)
}

/// The sound file with the row of 2020-01-08 replaced; it stands on line 7.
fn with_row(row: &str) -> String {
    let sound = sound();
    let line = sound.lines().nth(6).expect("a row");
    assert!(line.starts_with("2020-01-08,"));
    sound.replace(line, row)
}

fn with_header(header: &str) -> String {
    sound().replace(HEADER.trim_end(), header)
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).expect("memory can be written");
    encoder.finish().expect("memory can be written")
}

fn refused(title: &str, content: impl Into<Vec<u8>>, says: &'static [&'static str]) -> Case {
    Case::run(title, Expected::Refused(65, says)).with("prices/AAA.csv", content)
}

fn accepted(title: &str, content: impl Into<Vec<u8>>) -> Case {
    Case::run(title, Expected::Accepted).with("prices/AAA.csv", content)
}

/// The sound strategy for prices in another folder.
fn strategy_of(folder: &str) -> String {
    strategy_with("prices = 'prices'", &format!("prices = '{folder}'"))
}

#[test]
fn a_cell_that_cannot_be_read_is_named_with_its_line_and_column() {
    let cases: [(&str, &'static [&'static str]); 16] = [
        ("2020-01-08,abc,1,1,1,1,1", &["prices/AAA.csv:7", "column 'Open': 'abc' is not a finite number"]),
        ("2020-01-08,1,1,1,inf,1,1", &["prices/AAA.csv:7", "column 'Close': 'inf'"]),
        ("2020-01-08,1,1,1,1,-Infinity,1", &["prices/AAA.csv:7", "column 'Adj Close': '-Infinity'"]),
        ("2020-01-08,1e999,1,1,1,1,1", &["prices/AAA.csv:7", "'1e999'"]),
        ("2020-01-08,\"1,000.5\",1,1,1,1,1", &["prices/AAA.csv:7", "'1,000.5'"]),
        ("2020-01-08,$100,1,1,1,1,1", &["prices/AAA.csv:7", "'$100'"]),
        ("2020-01-08,0x10,1,1,1,1,1", &["prices/AAA.csv:7", "'0x10'"]),
        ("2020-01-08,1\u{0},1,1,1,1,1", &["prices/AAA.csv:7", "'1\\u{0}'"]),
        ("2020-01-08,\u{1b}[31m,1,1,1,1,1", &["prices/AAA.csv:7", "'\\u{1b}[31m'"]),
        ("2020-01-08,Null,1,1,1,1,1", &["prices/AAA.csv:7", "'Null'"]),
        ("2020-01-08,1,1,1,1,1,1,9,9", &["prices/AAA.csv:7", "9 cells in a row, but the header has 7"]),
        ("08.01.2020,1,1,1,1,1,1", &["prices/AAA.csv:7", "cannot read the date '08.01.2020'", "2004-08-19"]),
        ("2020-13-08,1,1,1,1,1,1", &["prices/AAA.csv:7", "cannot read the date '2020-13-08'"]),
        ("2020-01-08 00:00:00-05:00,1,1,1,1,1,1", &["prices/AAA.csv:7", "cannot read the date"]),
        (",,,,,,", &["prices/AAA.csv:7", "cannot read the date ''"]),
        ("\"2020-01-08,1,1,1,1,1,1", &["prices/AAA.csv:7", "cannot read the date '2020-01-08,1,1"]),
    ];
    check_all(cases.map(|(row, says)| refused(row, with_row(row), says)));
    check_all([
        refused("a second header", sound() + HEADER, &["prices/AAA.csv:25", "cannot read the date 'Date'"]),
        refused("an old end of file", sound() + "\u{1a}", &["prices/AAA.csv:25", "'\\u{1a}'"]),
        refused("a long cell", with_row(&"x".repeat(300_000)), &["prices/AAA.csv:7", "'xxx", "…"]),
        refused(
            "CRLF",
            with_row("2020-01-08,abc,1,1,1,1,1").replace('\n', "\r\n"),
            &["prices/AAA.csv:7", "'abc'"],
        ),
    ]);
}

#[test]
fn prices_that_cannot_be_traded_are_refused() {
    check_all([
        refused(
            "zero",
            with_row("2020-01-08,1,1,1,0,0,1"),
            &["prices/AAA.csv:7", "the price 0 of asset 'AAA' on 2020-01-08"],
        ),
        refused(
            "negative",
            with_row("2020-01-08,-3,1,1,1,1,1"),
            &["prices/AAA.csv:7", "the price -3 of asset 'AAA'", "expected a positive number"],
        ),
        refused(
            "no close to adjust by",
            with_row("2020-01-08,1,1,1,1e-320,1,1"),
            &["prices/AAA.csv:7", "the price inf of asset 'AAA'"],
        ),
        refused(
            "tiny",
            format!("{HEADER}2020-01-02,1e-300,1e-300,1e-300,1e-300,1e-300,1\n"),
            &["asset 'AAA': cannot hold ", "e305 shares at 2020-01-1"],
        ),
        refused(
            "duplicate",
            sound() + "2020-01-08,1,1,1,1,1,1\n",
            &["prices/AAA.csv:25", "the date 2020-01-08 stands twice, first on line 7"],
        ),
    ]);
}

#[test]
fn a_header_that_lacks_a_column_is_shown() {
    check_all([
        refused(
            "Date",
            with_header("Day,Open,High,Low,Close,Adj Close,Volume"),
            &["prices/AAA.csv:1", "no column 'Date' in the header 'Day,Open,High"],
        ),
        refused(
            "Open",
            with_header("Date,O,High,Low,Close,Adj Close,Volume"),
            &["prices/AAA.csv:1", "no column 'Open'"],
        ),
        refused(
            "Close",
            with_header("Date,Open,High,Low,C,Adj Close,Volume"),
            &["prices/AAA.csv:1", "no column 'Close'"],
        ),
        refused(
            "Adj Close",
            with_header("Date,Open,High,Low,Close,Adj,Volume"),
            &["prices/AAA.csv:1", "no column 'Adj Close'", "`adjust = false` under [data]"],
        ),
        refused(
            "Close twice",
            with_header("Date,Open,High,Close,Close,Adj Close,Volume"),
            &["prices/AAA.csv:1", "column 'Close' stands twice"],
        ),
        refused(
            "case apart",
            with_header("Date,Open,High,OPEN,Close,Adj Close,Volume"),
            &["prices/AAA.csv:1", "column 'Open' stands twice"],
        ),
        refused("semicolons", sound().replace(',', ";"), &["prices/AAA.csv:1", "'Date;Open;High"]),
        refused("tabs", sound().replace(',', "\t"), &["prices/AAA.csv:1", "'Date\\tOpen"]),
        refused(
            "no header",
            rows(100.0),
            &["prices/AAA.csv:1", "no column 'Date' in the header '2020-01-01,"],
        ),
        refused("a comment first", format!("# prices\n{}", sound()), &["prices/AAA.csv:1", "'# prices'"]),
        refused("a web page", "<!DOCTYPE html>\n<html>\n", &["prices/AAA.csv:1", "'<!DOCTYPE html>'"]),
        refused(
            "a header of other lines",
            with_header("Price,Open,High,Low,Close,Adj Close,Volume"),
            &["prices/AAA.csv:1", "no column 'Date' in the header 'Price,"],
        ),
        Case::run("High", Expected::Refused(65, &["prices/AAA.csv:1", "no column 'High'"]))
            .with("case.toml", STRATEGY.replace("momentum(n)", "highest(high, n)"))
            .with("prices/AAA.csv", with_header("Date,Open,H,Low,Close,Adj Close,Volume")),
        Case::run("Volume", Expected::Refused(65, &["prices/AAA.csv:7", "column 'Volume': 'many'"]))
            .with("case.toml", STRATEGY.replace("momentum(n)", "sma(volume, n)"))
            .with("prices/AAA.csv", with_row("2020-01-08,1,1,1,1,1,many")),
    ]);
}

#[test]
fn a_file_that_is_no_price_file_is_refused() {
    let utf_16: Vec<u8> = format!("\u{feff}{}", sound()).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let gz = |title: &str, content: Vec<u8>, says| {
        Case::run(title, Expected::Refused(65, says))
            .with("case.toml", strategy_of("packed"))
            .with("packed/AAA.csv.gz", content)
            .with("packed/BBB.csv", sound())
    };
    let packed = gzip(sound().as_bytes());
    check_all([
        refused("empty", "", &["prices/AAA.csv:1", "the file is empty", "Date, Open and Close"]),
        refused("blank", "\n  \n\n", &["prices/AAA.csv:1", "the file is empty"]),
        refused("header alone", HEADER, &["prices/AAA.csv:1", "no data row after the header"]),
        refused("zeros", [0; 4096], &["prices/AAA.csv:1", "no column 'Date'", "\\u{0}"]),
        refused("UTF-16", utf_16, &["prices/AAA.csv:1", "no column 'Date'"]),
        refused(
            "not UTF-8",
            [sound().as_bytes(), b"2020-02-03,\xff\xfe,1,1,1,1,1\n"].concat(),
            &["prices/AAA.csv:25", "column 'Open'"],
        ),
        refused("packed without .gz", packed.clone(), &["prices/AAA.csv:1", "no column 'Date'"]),
        gz("nothing packed", Vec::new(), &["packed/AAA.csv.gz: cannot unpack"]),
        gz("not packed", sound().into_bytes(), &["packed/AAA.csv.gz: cannot unpack"]),
        gz("cut off", packed[..packed.len() - 9].to_vec(), &["packed/AAA.csv.gz: cannot unpack"]),
        gz(
            "damaged",
            [&packed[..packed.len() - 6], b"damage"].concat(),
            &["packed/AAA.csv.gz: cannot unpack"],
        ),
        gz(
            "packed text that is none",
            gzip(b"Date,Open,Close\nx"),
            &["packed/AAA.csv.gz:1", "no column 'Adj Close'"],
        ),
    ]);
}

#[test]
fn a_file_that_is_not_there_is_missing_input() {
    let missing = |title: &str, folder: &str, says| {
        Case::run(title, Expected::Refused(66, says)).with("case.toml", strategy_of(folder))
    };
    check_all([
        missing("folder", "nowhere", &["nowhere: no such folder of price files"]),
        missing("a file as folder", "prices/AAA.csv", &["prices/AAA.csv: no such folder of price files"]),
        missing("file", "other", &["other/AAA.csv: no price file for asset 'AAA'; did you mean 'AAB'?"])
            .with("other/AAB.csv", sound())
            .with("other/BBB.csv", sound()),
        missing("letter case", "other", &["other/AAA.csv", "did you mean 'aaa'?"])
            .with("other/aaa.csv", sound()),
        missing(
            "a folder as file",
            "other",
            &["other/AAA.csv: no price file for asset 'AAA'; the folder has"],
        )
        .with("other/AAA.csv/prices", sound())
        .with("other/BBB.csv", sound()),
    ]);
}

#[test]
fn sound_prices_that_look_odd_are_accepted() {
    let reversed: String =
        HEADER.to_owned() + &rows(100.0).lines().rev().map(|row| format!("{row}\n")).collect::<String>();
    check_all([
        accepted("CRLF", sound().replace('\n', "\r\n")),
        accepted("CR", sound().replace('\n', "\r")),
        accepted("byte order mark", format!("\u{feff}{}", sound())),
        accepted("newest first", reversed),
        accepted("blank lines at the end", sound() + "\n\n   \n\t\n"),
        accepted("no line end at the end", sound().trim_end().to_owned()),
        accepted(
            "quoted cells",
            sound().replace("1000\n", "\"1000\"\n").replace("2020-01-08", "\"2020-01-08\""),
        ),
        accepted("blanks around cells", sound().replace(',', " , ")),
        accepted("another column, not UTF-8", {
            let text = sound().replace('\n', ",X\n");
            text.bytes().map(|byte| if byte == b'X' { 0xe9 } else { byte }).collect::<Vec<u8>>()
        }),
        accepted("cells lacking", with_row("2020-01-08")),
        accepted("missing cells", with_row("2020-01-08,NaN,null,N/A,,nan,")),
        accepted("a text as volume that nobody reads", with_row("2020-01-08,100,1,1,100,100,many")),
        accepted(
            "other spellings of dates",
            with_row("20200108,100,1,1,100,100,1").replace("2020-01-09", "2020/01/09"),
        ),
        accepted("midnight", sound().replace("-08,", "-08 00:00:00,").replace("-09,", "-09T00:00:00,")),
        accepted("weekends", with_row("2020-01-11,100,1,1,100,100,1")),
        accepted("other centuries", sound() + "0001-01-01,1,1,1,1,1,1\n9999-12-31,1,1,1,1,1,1\n"),
        accepted("a zero after the end", sound() + "2020-02-03,0,0,0,0,0,0\n"),
        accepted("huge prices", format!("{HEADER}2020-01-02,1e308,1e308,1e308,1e308,1e308,1\n")),
        Case::run("no price at all", Expected::Accepted)
            .with("prices/BBB.csv", HEADER.to_owned() + "2020-01-08,,,,,,\n"),
        accepted(
            "lower case and brackets",
            with_header("<DATE>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,adj close,<VOL>"),
        ),
        Case::run("gzip", Expected::Accepted)
            .with("case.toml", strategy_of("packed"))
            .with("packed/AAA.csv.gz", gzip(sound().as_bytes()))
            .with("packed/BBB.csv.gz", [gzip(HEADER.as_bytes()), gzip(rows(50.0).as_bytes())].concat()),
        Case::run("no adjusted close, unadjusted", Expected::Accepted)
            .with("case.toml", strategy_with("[data]\n", "[data]\nadjust = false\n"))
            .with("prices/AAA.csv", "date,close,open\n2020-01-02,3,3\n"),
    ]);
}

#[test]
fn check_finds_what_is_broken_in_a_folder_and_looks_at_the_rest() {
    let found = |title: &str, content: Vec<u8>, says| {
        Case::command(&["check", "prices"], Expected::Found(says))
            .titled(title)
            .with("prices/AAA.csv", content)
    };
    check_all([
        found(
            "text",
            with_row("2020-01-08,abc,1,1,1,1,1").into(),
            &["prices/AAA.csv:7: error: column 'Open': 'abc'"],
        ),
        found("empty", Vec::new(), &["prices/AAA.csv:1: error: the file is empty"]),
        found("zeros", vec![0; 300], &["prices/AAA.csv:1: error: no column 'Date'"]),
        found("no Close", with_header("Date,Open").into(), &["prices/AAA.csv:1: error: no column 'Close'"]),
        found(
            "zero",
            with_row("2020-01-08,1,1,1,0,0,1").into(),
            &["prices/AAA.csv:7: 2020-01-08: error: close 0 is not positive"],
        ),
        found(
            "duplicate",
            (sound() + "2020-01-08,1,1,1,1,1,1\n").into(),
            &["prices/AAA.csv:25: 2020-01-08: error: the date stands twice, first on line 7"],
        ),
        found("two files", Vec::new(), &["AAA.csv:1: error", "BBB.csv:1: error"]).with("prices/BBB.csv", "x"),
        found("three files", Vec::new(), &["AAA.csv:1: error", "CCC.csv.gz:1: error: cannot unpack: "])
            .with("prices/CCC.csv.gz", "not packed"),
    ]);
    check_all([
        Case::command(&["check", "prices"], Expected::Accepted),
        Case::command(&["check", "case.toml"], Expected::Accepted)
            .titled("of another asset")
            .with("prices/CCC.csv.gz", "not packed")
            .with("prices/DDD.csv", "not prices"),
        Case::command(&["check", "prices"], Expected::Accepted)
            .titled("hidden")
            .with("prices/._AAA.csv", [0; 300]),
        Case::command(&["check", "prices"], Expected::Accepted)
            .titled("no Adj Close")
            .with("prices/AAA.csv", with_header("Date,Open,High,Low,Close,X,Y")),
        Case::command(&["check", "prices"], Expected::Accepted)
            .titled("centuries")
            .with("prices/AAA.csv", sound() + "9999-12-31,100,100,100,100,100,1\n"),
        Case::command(&["check", "prices"], Expected::Accepted)
            .titled("sizes")
            .with("prices/AAA.csv", with_row("2020-01-08,1e-320,1e308,1e-320,1e308,5e-324,1e308")),
    ]);
}
