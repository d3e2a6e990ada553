//! Broken files of numbers beside the prices, and broken tables that declare them.

use super::{Case, Expected, STRATEGY, check_all, strategy_with};

/// A strategy whose formula names the column, so that it is read.
fn using_pe(strategy: &str) -> String {
    strategy.replace("top(momentum(n), 1)", "0 * fill(pe, 0) + top(momentum(n), 1)")
}

/// The sound strategy with a column of numbers.
fn with_column(column: &str) -> String {
    using_pe(STRATEGY) + "\n[data.columns]\n" + column + "\n"
}

const LONG: &str = "pe = { file = 'pe.csv', lag = 1 }";
const WIDE: &str = "pe = { wide = 'pe.csv', lag = 1 }";
const FOLDER: &str = "pe = { folder = 'ratios', column = 'PE', lag = 1 }";
const DATES: &str = "pe = { dates = 'pe.csv', known = 5 }";

fn refused(column: &str, file: &str, content: &str, code: i32, says: &'static [&'static str]) -> Case {
    let title = format!("{column} {content:?}");
    Case::run(&title, Expected::Refused(code, says))
        .with("case.toml", with_column(column))
        .with(file, content)
}

fn accepted(column: &str, file: &str, content: &str) -> Case {
    let title = format!("{column} {content:?}");
    Case::run(&title, Expected::Accepted).with("case.toml", with_column(column)).with(file, content)
}

#[test]
fn a_row_that_is_wrong_is_named_with_its_line() {
    let refused = |column, content, says| refused(column, "pe.csv", content, 65, says);
    check_all([
        refused(LONG, "", &["pe.csv:1: the file is empty, expected a header line with Date"]),
        refused(LONG, "Datum,pe\n", &["pe.csv:1: no column 'Date' in the header 'Datum,pe'"]),
        refused(
            LONG,
            "Date,PE\n2020-01-02,1\n",
            &["pe.csv:1: no column 'pe' in the header; did you mean 'PE'?"],
        ),
        refused(LONG, "Date,Symbol,x\n", &["pe.csv:1: no column 'pe'", "it has: Date, Symbol, x"]),
        refused(LONG, "Date,pe,pe\n", &["pe.csv:1: column 'pe' stands twice"]),
        refused(
            LONG,
            "Date,pe\n2020-01-02,1\n\n2020-01-03,1.5x\n",
            &["pe.csv:4: column 'pe': '1.5x' is not a finite number"],
        ),
        refused(LONG, "Date,Symbol,pe\n2020-01-02,AAA,inf\n", &["pe.csv:2: column 'pe': 'inf'"]),
        refused(
            LONG,
            "Date,pe\n02.01.2020,1\n",
            &["pe.csv:2: cannot read the date '02.01.2020'", "2004-08-19"],
        ),
        refused(
            LONG,
            "Date,pe\n2020-01-02,1\n2020-01-03,1\n2020-01-02,2\n",
            &["pe.csv:4: the date 2020-01-02 stands twice, first on line 2; each row is of all assets"],
        ),
        refused(
            LONG,
            "Date,Symbol,pe\n2020-01-02,AAA,1\n2020-01-02,BBB,1\n2020-01-02,AAA,1\n",
            &["pe.csv:4: the date 2020-01-02 of 'AAA' stands twice, first on line 2"],
        ),
        refused(
            LONG,
            "Date,Symbol,pe\n2020-01-02,,1\n",
            &["pe.csv:2: column 'Symbol': expected a ticker, found nothing"],
        ),
        refused(
            LONG,
            "Date,Ticker,pe\n2020-01-02,AAA,1\n",
            &["pe.csv:1: no column 'Symbol' in the header 'Date,Ticker,pe'; rename 'Ticker' to 'Symbol'"],
        ),
        refused(DATES, "Date,Permno\n2020-01-02,AAA\n", &["pe.csv:1: no column 'Symbol'", "rename 'Permno'"]),
        refused(LONG, "Date;pe\n2020-01-02;1\n", &["pe.csv:1:", "separated by commas, not by semicolons"]),
        refused(LONG, "Date,pe\n", &["pe.csv:1: no data row after the header"]),
        refused(WIDE, "Date,AAA\n", &["pe.csv:1: no data row after the header"]),
        refused(DATES, "Date,Symbol\n", &["pe.csv:1: no data row after the header"]),
        refused(LONG, "Date,pe\n2020-01-02,1,2\n", &["pe.csv:2: 3 cells in a row, but the header has 2"]),
        refused(WIDE, "Date,AAA\n2020-01-02,?\n", &["pe.csv:2: column 'AAA': '?'"]),
        refused(WIDE, "Date,AAA,AAA\n", &["pe.csv:1: column 'AAA' stands twice"]),
        refused(DATES, "Day\n2020-01-02\n", &["pe.csv:1: no column 'Date'"]),
        refused(DATES, "Date\nsoon\n", &["pe.csv:2: cannot read the date 'soon'"]),
    ]);
}

#[test]
fn numbers_that_are_not_there_are_missing_or_bad_data() {
    check_all([
        refused(
            LONG,
            "other.csv",
            "",
            66,
            &["pe.csv: no such file or folder, and 'data.columns.pe.file' names it"],
        ),
        refused(FOLDER, "other.csv", "", 66, &["ratios: no such file or folder", "'data.columns.pe.folder'"]),
        refused(FOLDER, "ratios", "", 66, &["ratios: no such file or folder"]),
        refused(DATES, "other.csv", "", 66, &["pe.csv: no such file or folder", "'data.columns.pe.dates'"]),
        refused(LONG, "pe.csv/inside", "", 74, &["pe.csv: cannot read"]),
        refused(
            FOLDER,
            "ratios/ZZZ.csv",
            "",
            65,
            &["ratios: no number of 'pe' up to 2020-01-31 for any asset; expected rows of AAA, BBB"],
        ),
        refused(
            FOLDER,
            "ratios/AAA.csv",
            "Date,pe\n2020-01-02,1\n",
            65,
            &["ratios/AAA.csv:1: no column 'PE' in the header; did you mean 'pe'?"],
        ),
        refused(
            LONG,
            "pe.csv",
            "Date,Symbol,pe\n2020-01-02,aaa,1\n",
            65,
            &["expected rows of AAA, BBB, found aaa; by 'aaa' did you mean 'AAA'?"],
        ),
        refused(
            LONG,
            "pe.csv",
            "Date,Symbol,pe\n2020-01-02,QQQQQ,1\n2020-01-02,YYYYY,1\n2020-01-02,XXXXX,1\n2020-01-02,AAB,1\n",
            65,
            &["expected rows of AAA, BBB, found AAB, QQQQQ, XXXXX and others; by 'AAB' did you mean 'AAA'?"],
        ),
        refused(
            LONG,
            "pe.csv",
            "Date,pe\n2020-02-03,1\n2020-01-02,\n",
            65,
            &["pe.csv: no number of 'pe' up to 2020-01-31\n"],
        ),
        refused(
            WIDE,
            "pe.csv",
            "Date,ZZZ\n2020-01-02,1\n",
            65,
            &["pe.csv: no number of 'pe' up to", "AAA, BBB, found ZZZ\n"],
        ),
        refused(
            DATES,
            "pe.csv",
            "Date,Symbol\n2020-01-02,ZZZ\n",
            65,
            &["pe.csv: no date of 'pe' up to 2020-01-31 for any asset"],
        ),
    ]);
}

#[test]
fn a_declaration_that_is_wrong_is_refused_at_its_place() {
    let refused = |column, says| refused(column, "pe.csv", "Date,pe\n2020-01-02,1\n", 78, says);
    let clash = strategy_with("part = 0.5\n", "part = 0.5\npe = 1\n") + "\n[data.columns]\n" + LONG + "\n";
    let clash_says: &[&str] =
        &["case.toml:35:1", "the column 'pe' has the name of a parameter, case.toml:6:6"];
    check_all([
        refused(
            "pe = { file = 'pe.csv' }",
            &["case.toml:34:1", "missing 'lag': how many sessions after its date"],
        ),
        refused(
            "pe = { dates = 'pe.csv' }",
            &["missing 'known': how many sessions ahead is a date of 'pe' announced?"],
        ),
        refused(
            "pe = { file = 'pe.csv', lag = -1 }",
            &["case.toml:34:31", "from 0 to 1000000, found the number -1"],
        ),
        refused("pe = { file = 'pe.csv', lag = 1, age = 2 }", &["unknown key 'age' in [data.columns.pe]"]),
        refused(
            "sma = { file = 'pe.csv', lag = 1 }",
            &["the column 'sma' has the name of the operator sma(x, n)"],
        ),
        refused("\"p e\" = { file = 'pe.csv', lag = 1 }", &["'p e' cannot name a column"]),
        refused("pe = 'pe.csv'", &["'data.columns.pe': expected a table"]),
        refused(
            "pe = { file = 'pe.csv', wide = 'pe.csv', lag = 1 }",
            &["both file and wide, expected exactly one"],
        ),
        Case::run("a clash", Expected::Refused(78, clash_says)).with("case.toml", clash).with("pe.csv", ""),
        Case::command(
            &["run", "case.toml", "--params", "data.columns.p.lag=2"],
            Expected::Refused(78, &["--params data.columns.p.lag=2", "did you mean 'data.columns.pe'?"]),
        )
        .with("case.toml", with_column(LONG))
        .with("pe.csv", "Date,pe\n2020-01-02,1\n"),
    ]);
}

#[test]
fn sound_numbers_that_look_odd_are_accepted() {
    check_all([
        accepted(
            LONG,
            "pe.csv",
            "\u{feff}\r\npe , date\r\n-1e3,2020-01-03\r\n\r\nnan,2020/01/02\r\n,20200107",
        ),
        accepted(LONG, "pe.csv", "Symbol,Date,pe\nZZZ,never,x\nAAA,2020-01-02,0\n"),
        accepted(WIDE, "pe.csv", "Date,ZZZ,BBB\n2020-01-02 00:00:00,x,\n2019-01-02,x,-5\n"),
        accepted(FOLDER, "ratios/BBB.csv", "PE,Date\n1\u{20},2019-12-01\n"),
        accepted(DATES, "pe.csv", "Date\n2020-01-29\n2020-03-18\n"),
        accepted(DATES, "pe.csv", "what,Date,Symbol\nx,2020-01-29,AAA\ny,2020-01-29,BBB\n"),
        Case::command(&["run", "case.toml", "--params", "data.columns.pe.lag=0"], Expected::Accepted)
            .with("case.toml", with_column(LONG))
            .with("pe.csv", "Date,pe\n2020-01-02,1\n"),
    ]);
}
