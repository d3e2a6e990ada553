//! The findings in price files, with their messages. Looks for nothing itself.

use std::fmt;
use std::path::PathBuf;

use crate::market::columns::Column;
use crate::market::date::Date;
use crate::market::input::error::RowErrorKind;
use crate::text::quoted::number;

/// One defect of one price file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PriceFinding {
    /// Path of the file.
    pub file: PathBuf,
    /// Line in the file; the first line is 1.
    pub line: u64,
    /// Date of the row; `None` if the finding is about the whole file or the row could not be read.
    pub date: Option<Date>,
    /// Whether a backtest may still use the file.
    pub severity: Severity,
    /// What is wrong.
    pub defect: Defect,
}

/// How serious a [`PriceFinding`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Severity {
    /// A backtest with this file fails or gives a wrong result.
    Error,
    /// The file should be looked at, but it may be right and its market unusual.
    Warning,
}

/// What is wrong with a price file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Defect {
    /// The file cannot be parsed.
    Unreadable(RowErrorKind),
    /// High, low or volume cannot be parsed, everything else can; these three columns were not checked.
    UnreadableOptional(RowErrorKind),
    /// The file has no adjusted close.
    NoAdjustedClose,
    /// A row has the date of an earlier line.
    DuplicateDate {
        /// The earlier line.
        first_line: u64,
    },
    /// A row is out of order with the row above it.
    Unsorted {
        /// Date of the row above.
        above: Date,
    },
    /// A price of zero or less.
    NotPositive {
        /// Its column.
        column: Column,
        /// The price.
        price: f64,
    },
    /// A high that is not the highest price of the row.
    HighBelow {
        /// The high.
        high: f64,
        /// The column above it.
        column: Column,
        /// Its price.
        price: f64,
    },
    /// A low that is not the lowest price of the row.
    LowAbove {
        /// The low.
        low: f64,
        /// The column below it.
        column: Column,
        /// Its price.
        price: f64,
    },
    /// Cells without a value; reported at the first row with such a cell.
    MissingCells {
        /// Number of rows with a missing cell.
        rows: usize,
        /// First column without a value in the first of these rows.
        column: Column,
    },
    /// A price that jumps from one session to the next.
    Jump {
        /// Close, or adjusted close if only that jumps.
        column: Column,
        /// Its price in the session before.
        before: f64,
        /// Its price in this session.
        after: f64,
        /// The likely cause.
        cause: Cause,
    },
    /// A close that stays the same; reported at the first row with it.
    Stale {
        /// Number of successive sessions with this close.
        sessions: usize,
        /// The close.
        close: f64,
        /// Date of the last of these sessions.
        last: Date,
    },
    /// Sessions that most other files have and this one lacks; reported at the row before them.
    Gap {
        /// Number of sessions.
        sessions: usize,
        /// Date of the first one.
        first: Date,
        /// Date of the last one.
        last: Date,
    },
    /// Rows on dates that no other file has; reported at the first of them.
    Alone {
        /// Number of rows.
        rows: usize,
        /// Date of the last one.
        last: Date,
        /// Number of other files that begin before and end after the first one.
        others: usize,
    },
    /// The first row is later than that of most files.
    LateStart {
        /// Number of files that begin by the date `by`.
        files: usize,
        /// Number of files in the folder.
        of: usize,
        /// The date.
        by: Date,
    },
    /// The last row lacks a value that the rows before it have.
    LastRowWithout {
        /// The column.
        column: Column,
    },
    /// The last row has volume 0, the rows before it do not.
    LastRowUntraded,
    /// The last row, and only that row, is later than the last row of every other file.
    LastRowAhead {
        /// Date of the latest row of the other files.
        others: Date,
    },
    /// More findings of one kind in the file; reported at the first of them.
    More {
        /// Number of these findings.
        count: usize,
        /// Whether they are errors or warnings.
        severity: Severity,
        /// Their kind, as [`Defect::kind`] names it.
        kind: &'static str,
    },
}

/// The likely cause of a [`Defect::Jump`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// A split or a distribution: the close jumps and the adjusted close does not.
    Explained,
    /// A split that the adjusted close does not account for, or accounts for although the close does not jump.
    Split(SplitRatio),
    /// A split, as far as one can tell without an adjusted close.
    PossibleSplit(SplitRatio),
    /// A bad row or an extreme day: the next session is back at the price before.
    Spike,
    /// News, or a split with an unusual ratio.
    LargeMove,
}

/// Number of shares after a split for a number of shares before it; 2 for 1 halves the price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SplitRatio {
    /// Shares after the split.
    pub after: u8,
    /// Shares before the split.
    pub before: u8,
}

impl Defect {
    /// Whether a backtest may still use the file.
    pub(crate) fn severity(&self) -> Severity {
        match self {
            Defect::Unreadable(_) | Defect::DuplicateDate { .. } | Defect::NotPositive { .. } => {
                Severity::Error
            }
            Defect::Jump { cause: Cause::Split(_), .. } => Severity::Error,
            Defect::More { severity, .. } => *severity,
            _ => Severity::Warning,
        }
    }

    /// Its kind in a few words, without figures. Findings of the same kind are counted together.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Defect::Unreadable(_) => "unreadable file",
            Defect::UnreadableOptional(_) => "unreadable high, low or volume",
            Defect::NoAdjustedClose => "no adjusted close",
            Defect::DuplicateDate { .. } => "duplicate date",
            Defect::Unsorted { .. } => "unsorted rows",
            Defect::NotPositive { .. } => "price not positive",
            Defect::HighBelow { .. } | Defect::LowAbove { .. } => "high or low within the other prices",
            Defect::MissingCells { .. } => "missing cells",
            Defect::Jump { cause: Cause::Explained, .. } => "jump explained by the adjusted close",
            Defect::Jump { cause: Cause::Split(_), .. } => "split not explained by the adjusted close",
            Defect::Jump { cause: Cause::PossibleSplit(_), .. } => "possible split",
            Defect::Jump { cause: Cause::Spike, .. } => "jump there and back",
            Defect::Jump { cause: Cause::LargeMove, .. } => "large move",
            Defect::Stale { .. } => "stale run",
            Defect::Gap { .. } => "gap",
            Defect::Alone { .. } => "date of no other file",
            Defect::LateStart { .. } => "late start",
            Defect::LastRowWithout { .. } | Defect::LastRowUntraded | Defect::LastRowAhead { .. } => {
                "half-finished last row"
            }
            Defect::More { kind, .. } => kind,
        }
    }
}

impl fmt::Display for PriceFinding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: ", self.file.display(), self.line)?;
        if let Some(date) = self.date {
            write!(formatter, "{date}: ")?;
        }
        write!(formatter, "{}: {}", self.severity, self.defect)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        })
    }
}

impl fmt::Display for SplitRatio {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.after, self.before)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Explained => {
                write!(formatter, "as in a split or distribution, and the adjusted close does not")
            }
            Cause::Split(ratio) => {
                write!(formatter, "as in a {ratio} split that the adjusted close does not explain")
            }
            Cause::PossibleSplit(ratio) => {
                write!(formatter, "as in a {ratio} split, which no adjusted close is there to explain")
            }
            Cause::Spike => write!(formatter, "and is back in the session after"),
            Cause::LargeMove => write!(formatter, "in one session"),
        }
    }
}

impl fmt::Display for Defect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Defect::Unreadable(kind) => write!(formatter, "{kind}"),
            Defect::UnreadableOptional(kind) => {
                write!(formatter, "{kind}; high, low and volume of the file were not checked")
            }
            Defect::NoAdjustedClose => write!(formatter, "{}", RowErrorKind::NoAdjustedClose),
            Defect::DuplicateDate { first_line } => {
                write!(formatter, "the date stands twice, first on line {first_line}")
            }
            Defect::Unsorted { above } => write!(formatter, "out of order after {above}"),
            Defect::NotPositive { column, price } => {
                write!(formatter, "{column} {} is not positive", number(*price))
            }
            Defect::HighBelow { high, column, price } => {
                write!(formatter, "high {} is below {column} {}", number(*high), number(*price))
            }
            Defect::LowAbove { low, column, price } => {
                write!(formatter, "low {} is above {column} {}", number(*low), number(*price))
            }
            Defect::MissingCells { rows: 1, column } => write!(formatter, "no {column}"),
            Defect::MissingCells { rows, column } => {
                write!(formatter, "no {column}, the first of {rows} rows with a missing cell")
            }
            Defect::Jump { column, before, after, cause } => {
                write_jump(formatter, *column, [*before, *after], cause)
            }
            Defect::Stale { sessions, close, last } => {
                let close = number(*close);
                write!(formatter, "close {close} stays the same for {sessions} sessions, to {last}")
            }
            Defect::Gap { sessions: 1, first, .. } => {
                write!(formatter, "no row for {first} follows, which most other files have")
            }
            Defect::Gap { sessions, first, last } => {
                write!(
                    formatter,
                    "no rows for {sessions} sessions follow that most other files have, {first} to {last}"
                )
            }
            Defect::Alone { rows: 1, others, .. } => {
                write!(formatter, "none of the {others} other files of that time has the date")
            }
            Defect::Alone { rows, last, others } => {
                write!(
                    formatter,
                    "none of the {others} other files of that time has the dates of {rows} rows, to {last}"
                )
            }
            Defect::LateStart { files, of, by } => {
                write!(formatter, "first row, but {files} of {of} files begin by {by}")
            }
            Defect::LastRowWithout { column } => {
                write!(formatter, "last row without {column}: perhaps of an unfinished session")
            }
            Defect::LastRowUntraded => {
                write!(formatter, "last row with volume 0: perhaps of an unfinished session")
            }
            Defect::LastRowAhead { others } => write!(
                formatter,
                "last row, every other file ends by {others}: perhaps of an unfinished session"
            ),
            Defect::More { count, kind, .. } => {
                write!(formatter, "{count} more in this file from here on: {kind}")
            }
        }
    }
}

/// Writes the message of a [`Defect::Jump`] from one price to another.
fn write_jump(
    formatter: &mut fmt::Formatter<'_>,
    column: Column,
    prices: [f64; 2],
    cause: &Cause,
) -> fmt::Result {
    let [before, after] = prices.map(number);
    match (column, cause) {
        (Column::AdjustedClose, Cause::Split(ratio)) => write!(
            formatter,
            "adjusted close moves from {before} to {after} as in a {ratio} split, and close does not"
        ),
        _ => write!(formatter, "{column} moves from {before} to {after} {cause}"),
    }
}
