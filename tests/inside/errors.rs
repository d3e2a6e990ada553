//! Errors lead to their causes: `std::error::Error::source`, followed to its end. An error that only hands on the text of another one
//! has its causes, so that no text is said twice.

use std::error::Error;
use std::io;

use crate::config::error::ConfigError;
use crate::engine::failure::Failure;
use crate::market::date::Date;
use crate::market::input::error::{CacheError, FileError, FileErrorKind, RowError, RowErrorKind};
use crate::matrix::{csv, return_matrix::MatrixError};
use crate::strategy::error::BacktestError;

/// The texts of the causes of an error, the nearest first.
fn causes(error: &dyn Error) -> Vec<String> {
    let mut causes = Vec::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        causes.push(error.to_string());
        cause = error.source();
    }
    causes
}

fn denied() -> io::Error {
    io::ErrorKind::PermissionDenied.into()
}

fn file_error(kind: FileErrorKind) -> FileError {
    FileError { path: "A.csv".into(), kind }
}

#[test]
fn a_price_file_names_what_is_wrong_with_it() {
    let denied_text = denied().to_string();
    let of_kind = |kind| causes(&file_error(kind));
    assert_eq!(of_kind(FileErrorKind::NoFolder), [""; 0]);
    for kind in [FileErrorKind::Unreadable, FileErrorKind::BadGzip] {
        assert_eq!(of_kind(kind(denied())).join(", "), denied_text);
    }
    let row = RowError { line: 3, kind: RowErrorKind::NoRows };
    assert_eq!(of_kind(FileErrorKind::Row(row)), ["line 3: no data row after the header"]);
    let damaged = CacheError::Damaged.to_string();
    assert_eq!(of_kind(FileErrorKind::BadCache(CacheError::Damaged)), [damaged]);
    let unreadable = FileErrorKind::BadCache(CacheError::Unreadable(denied()));
    assert_eq!(of_kind(unreadable), [format!("cannot read: {denied_text}"), denied_text]);
}

#[test]
fn a_backtest_names_the_step_that_failed() {
    let unreadable = BacktestError::Unreadable { path: "s.toml".into(), error: denied() };
    assert_eq!(causes(&unreadable), [denied().to_string()]);
    let config = ConfigError { location: "s.toml:1:1".into(), message: "bad".into(), excerpt: None };
    assert_eq!(causes(&BacktestError::Config(config)), [""; 0]);
    let file = file_error(FileErrorKind::Unreadable(denied()));
    assert_eq!(causes(&BacktestError::File(file)), [denied().to_string()]);
    let ruin = Failure::Ruin { equity: -1.0, on: Date(0) };
    assert_eq!(causes(&BacktestError::Failure(ruin)), [""; 0]);
    assert_eq!(causes(&BacktestError::Prices("no price".into())), [""; 0]);
}

#[test]
fn a_matrix_names_what_its_reader_says() {
    struct Unreadable;
    impl io::Read for Unreadable {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(denied())
        }
    }
    let error = csv::read(Unreadable).unwrap_err();
    assert!(causes(&error)[0].contains(&denied().to_string()), "{error}");
    assert_eq!(error.to_string(), format!("1:1: {}", causes(&error)[0]));
    assert_eq!(causes(&MatrixError::from_source(denied())), [denied().to_string()]);
    assert_eq!(causes(&MatrixError::new("no column")), [""; 0]);
}

#[test]
fn messages_about_files_stay_short_and_on_one_line() {
    let path = format!("{}\u{1b}[31m\n.csv", "A".repeat(5_000));
    let symbol = "A".repeat(5_000);
    let missing =
        FileErrorKind::Missing { symbol, others: Vec::new(), nearest: None, known: vec!["B".to_owned()] };
    let texts = [
        FileError { path: path.clone().into(), kind: missing }.to_string(),
        FileError { path: path.clone().into(), kind: FileErrorKind::NoFolder }.to_string(),
        BacktestError::Unreadable { path: path.clone(), error: denied() }.to_string(),
        BacktestError::Unreadable { path, error: io::ErrorKind::NotFound.into() }.to_string(),
    ];
    for text in &texts {
        assert!(text.chars().count() < 1_200 && !text.contains(char::is_control), "{text:?}");
    }
    assert!(texts[0].ends_with("'; the folder has: B") && texts[3].ends_with(".csv: no such file"));
}
