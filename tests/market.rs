//! What one file of `src/market` knows and no other source: how many days a week has, and what the columns are called.

use backtest::market::columns::Column;

use crate::tree::sources;

/// The sources of the program by their paths in it, each without its unit tests.
fn program() -> Vec<(String, String)> {
    let root = format!("{}/", env!("CARGO_MANIFEST_DIR"));
    let program = sources("src").into_iter().filter_map(|(path, text)| {
        let path = path.to_string_lossy().replace(&root, "");
        let code = text.split("#[cfg(test)]\nmod tests {").next()?.to_owned();
        (!path.ends_with("/tests.rs")).then_some((path, code))
    });
    let program: Vec<_> = program.collect();
    assert!(program.len() > 100, "the test reads the sources");
    program
}

/// The files in which a text stands, comments aside.
fn places(program: &[(String, String)], text: &str) -> Vec<String> {
    let has =
        |code: &str| code.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(text));
    program.iter().filter(|(_, code)| has(code)).map(|(path, _)| path.clone()).collect()
}

#[test]
fn the_calendar_alone_knows_weeks() {
    const CALENDAR: &str = "src/market/calendar.rs";
    const DATE: &str = "src/market/date.rs";
    let program = program();
    for text in
        ["_euclid(7)", "% 7", "/ 7", "* 7", "_euclid(5)", "% 5", ".weekday()", "iso_week", "from_monday"]
    {
        let places = places(&program, text);
        assert!(places.iter().all(|path| [CALENDAR, DATE].contains(&path.as_str())), "'{text}': {places:?}");
    }
    assert_eq!(places(&program, "_euclid(7)"), [CALENDAR, DATE], "what is looked for is there");
}

#[test]
fn columns_are_named_in_one_file() {
    const COLUMNS: &str = "src/market/columns.rs";
    let program = program();
    for column in Column::all() {
        for name in [column.name(), column.header()].map(|name| format!("\"{name}\"")) {
            let mut places = places(&program, &name);
            // A page may call another thing so.
            places.retain(|path| !path.starts_with("src/report/"));
            assert_eq!(places, [COLUMNS], "{name}");
        }
    }
    for (path, code) in &program {
        let named = Column::all().filter(|column| {
            [format!("Column::{column:?}"), format!("Series::{column:?}")]
                .iter()
                .any(|name| code.contains(name))
        });
        assert!(path == COLUMNS || named.count() < Column::COUNT, "{path} lists all columns");
    }
}
