//! Why the program ends, and with which code (those of BSD's sysexits where one fits).

use std::fmt;
use std::io::ErrorKind;

use crate::config::error::ConfigError;
use crate::files::WriteError;
use crate::market::input::error::{FileError, FileErrorKind};
use crate::matrix::file::MatrixFileError;
use crate::strategy::error::BacktestError;
use crate::sweep::error::SweepError;

/// A reason to end before the work is done.
#[derive(Debug)]
pub(crate) enum Exit {
    /// The reader of standard output went away: no error.
    ClosedPipe,
    /// The arguments make no sense together.
    Usage(String),
    /// A library error.
    Backtest(BacktestError),
    /// A sweep cannot go on.
    Sweep(SweepError),
    /// Ended before the end by a signal at a terminal.
    Interrupted(String),
    /// Ended before the end, worth another try.
    Temporary(String),
    /// Ended before the end of its job's time, worth another try.
    OutOfTime {
        /// What to say.
        text: String,
        /// Points computed in this run.
        done: u64,
    },
    /// A file cannot be written.
    Write(WriteError),
    /// A file cannot be read as a matrix of returns.
    Matrix(MatrixFileError),
    /// Some sweeps of a folder have errors, which are printed already, and the others are done.
    Neighbours {
        /// What to say.
        text: String,
        /// The highest exit code of these errors.
        code: u8,
    },
    /// Something is missing that was asked to be whole.
    Incomplete(String),
    /// Checked prices have errors, which are printed already.
    BadPrices(String),
    /// A file cannot be created.
    CannotCreate(String),
    /// Writing failed midway.
    Io(String),
    /// Slurm refused.
    Slurm(String),
    /// A machine of a cluster has a fault.
    Cluster(String),
    /// Something that cannot happen did.
    Internal(String),
}

impl Exit {
    /// The exit code.
    pub(crate) fn code(&self) -> u8 {
        match self {
            Exit::ClosedPipe => 0,
            Exit::Internal(_) | Exit::Slurm(_) | Exit::Cluster(_) => 1,
            Exit::Usage(_) => 2,
            Exit::BadPrices(_) => 65,
            Exit::CannotCreate(_) => 73,
            Exit::Io(_) => 74,
            Exit::Incomplete(_) => 3,
            Exit::Temporary(_) | Exit::OutOfTime { .. } => 75,
            Exit::Interrupted(_) => 130,
            Exit::Neighbours { code, .. } => *code,
            Exit::Backtest(error) => backtest_code(error),
            Exit::Write(error) => write_code(error),
            Exit::Matrix(error) if error.is_missing() => 66,
            Exit::Matrix(error) => {
                if error.is_content() {
                    65
                } else {
                    74
                }
            }
            Exit::Sweep(error) => match error {
                SweepError::Backtest(error) => backtest_code(error),
                SweepError::Prices(error) => backtest_code(error),
                SweepError::Sealed(_) | SweepError::Data(_) => 65,
                SweepError::Missing(_) => 66,
                SweepError::NoTask { .. } => 2,
                SweepError::Create { .. } | SweepError::NoRoom { .. } => 73,
                SweepError::Write(error) => write_code(error),
                SweepError::Io { .. } => 74,
                SweepError::Failures(_) | SweepError::Again { .. } => 1,
            },
        }
    }
}

fn write_code(error: &WriteError) -> u8 {
    if error.is_midway() { 74 } else { 73 }
}

fn backtest_code(error: &BacktestError) -> u8 {
    match error {
        error if error.is_missing() => 66,
        BacktestError::Config(_) => 78,
        BacktestError::Unreadable { .. } => 74,
        BacktestError::File(FileError { kind: FileErrorKind::Unreadable(error), .. }) => {
            // A packed file that does not unpack was read well enough: its content is bad.
            let corrupt = matches!(
                error.kind(),
                ErrorKind::InvalidInput | ErrorKind::InvalidData | ErrorKind::UnexpectedEof
            );
            if corrupt { 65 } else { 74 }
        }
        BacktestError::Universe(_) | BacktestError::NoDay { .. } | BacktestError::File(_) => 65,
        BacktestError::Prices(_) | BacktestError::Failure(_) => 65,
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Exit::ClosedPipe => Ok(()),
            Exit::Backtest(error) => error.fmt(formatter),
            Exit::Write(error) => error.fmt(formatter),
            Exit::Matrix(error) => error.fmt(formatter),
            Exit::Usage(text) | Exit::BadPrices(text) | Exit::CannotCreate(text) => formatter.write_str(text),
            Exit::Io(text) | Exit::Internal(text) | Exit::Slurm(text) => formatter.write_str(text),
            Exit::Cluster(text) => formatter.write_str(text),
            Exit::Interrupted(text) | Exit::Temporary(text) | Exit::Incomplete(text) => {
                formatter.write_str(text)
            }
            Exit::OutOfTime { text, .. } | Exit::Neighbours { text, .. } => formatter.write_str(text),
            Exit::Sweep(error) => error.fmt(formatter),
        }
    }
}

impl From<BacktestError> for Exit {
    fn from(error: BacktestError) -> Exit {
        Exit::Backtest(error)
    }
}

impl From<ConfigError> for Exit {
    fn from(error: ConfigError) -> Exit {
        Exit::Backtest(error.into())
    }
}

impl From<SweepError> for Exit {
    fn from(error: SweepError) -> Exit {
        Exit::Sweep(error)
    }
}

impl From<WriteError> for Exit {
    fn from(error: WriteError) -> Exit {
        Exit::Write(error)
    }
}

impl From<MatrixFileError> for Exit {
    fn from(error: MatrixFileError) -> Exit {
        Exit::Matrix(error)
    }
}

impl From<FileError> for Exit {
    fn from(error: FileError) -> Exit {
        Exit::Backtest(BacktestError::File(error))
    }
}
