//! What one file of `src/market` knows and no other source: how many days a week has, and what the columns are called.

use std::path::Path;

use crate::market::columns::Column;

use crate::inside::homes::Program;

#[test]
fn the_calendar_alone_knows_weeks() {
    let [calendar, date] = ["src/market/calendar.rs", "src/market/date.rs"].map(Path::new);
    let program = Program::read();
    for text in
        ["_euclid(7)", "% 7", "/ 7", "* 7", "_euclid(5)", "% 5", ".weekday()", "iso_week", "from_monday"]
    {
        let places = program.naming(text);
        assert!(places.iter().all(|path| [calendar, date].contains(path)), "'{text}': {places:?}");
    }
    assert_eq!(program.naming("_euclid(7)"), [calendar, date], "what is looked for is there");
}

#[test]
fn columns_are_named_in_one_file() {
    let home = Path::new("src/market/columns.rs");
    let program = Program::read();
    for column in Column::all() {
        for name in [column.name(), column.header()].map(|name| format!("\"{name}\"")) {
            let mut places = program.naming(&name);
            // A page may call another thing so.
            places.retain(|path| !path.starts_with("src/report"));
            assert_eq!(places, [home], "{name}");
        }
    }
    for (path, code) in program.files() {
        let named = Column::all().filter(|column| {
            [format!("Column::{column:?}"), format!("Series::{column:?}")]
                .iter()
                .any(|name| code.contains(name))
        });
        assert!(path == home || named.count() < Column::COUNT, "{} lists all columns", path.display());
    }
}
