//! What can go wrong between a sweep file and its results.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::config::error::ConfigError;
use crate::files::WriteError;
use crate::strategy::error::BacktestError;
use crate::text::size::bytes;

/// Why a sweep cannot go on.
#[derive(Debug)]
#[non_exhaustive]
pub enum SweepError {
    /// The sweep, its strategy or its prices are wrong.
    Backtest(BacktestError),
    /// Prices that some point needs are missing or wrong, or its strategy is.
    Prices(Arc<BacktestError>),
    /// A plan that does not fit this program, these prices or itself.
    Sealed(String),
    /// Results that contradict each other or belong to another sweep.
    Data(String),
    /// Something asked for is not there.
    Missing(String),
    /// A file or folder cannot be created.
    Create {
        /// The file or folder.
        path: PathBuf,
        /// The reason.
        error: io::Error,
    },
    /// A file of the results cannot be written.
    Write(WriteError),
    /// The disk is too small for the results.
    NoRoom {
        /// The folder of the results.
        folder: PathBuf,
        /// Bytes needed.
        needed: f64,
        /// Bytes free.
        free: f64,
    },
    /// A file cannot be read or written.
    Io {
        /// The file.
        path: PathBuf,
        /// The reason.
        error: io::Error,
    },
    /// The tasks are numbered from 0, and this is not one of them.
    NoTask {
        /// The number asked for.
        task: u64,
        /// How many tasks there are.
        tasks: u64,
    },
    /// More points failed than allowed; the text says how many and why.
    Failures(String),
    /// A point that has a row fails when it is computed again.
    Again {
        /// The point.
        point: u64,
        /// Why it fails.
        failure: PointFailure,
    },
}

impl fmt::Display for SweepError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SweepError::Backtest(error) => error.fmt(formatter),
            SweepError::Prices(error) => error.fmt(formatter),
            SweepError::Sealed(text) | SweepError::Data(text) => formatter.write_str(text),
            SweepError::Missing(text) | SweepError::Failures(text) => formatter.write_str(text),
            SweepError::Write(error) => error.fmt(formatter),
            SweepError::Create { path, error } => {
                write!(formatter, "{}: cannot create: {error}", path.display())
            }
            SweepError::NoRoom { folder, needed, free } => write!(
                formatter,
                "{}: the results need about {}, and {} are free",
                folder.display(),
                bytes(*needed),
                bytes(*free)
            ),
            SweepError::Io { path, error } => write!(formatter, "{}: {error}", path.display()),
            SweepError::NoTask { task, tasks } => {
                write!(formatter, "there is no task {task} of {tasks}: tasks are counted from 0")
            }
            SweepError::Again { point, failure } => write!(formatter, "point {point}: {failure}"),
        }
    }
}

impl Error for SweepError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            // What only hands on the text of another error has the causes of that one.
            SweepError::Backtest(error) => error.source(),
            SweepError::Prices(error) => error.source(),
            SweepError::Write(error) => error.source(),
            SweepError::Create { error, .. } | SweepError::Io { error, .. } => Some(error),
            SweepError::Again { failure, .. } => Some(failure),
            SweepError::Sealed(_) | SweepError::Data(_) | SweepError::Missing(_) => None,
            SweepError::NoRoom { .. } | SweepError::NoTask { .. } | SweepError::Failures(_) => None,
        }
    }
}

/// Why a point has no figures, in the words of its row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointFailure(String);

impl PointFailure {
    /// A failure with its reason.
    pub(crate) fn new(reason: impl fmt::Display) -> PointFailure {
        PointFailure(reason.to_string())
    }
}

impl fmt::Display for PointFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Error for PointFailure {}

impl From<BacktestError> for SweepError {
    fn from(error: BacktestError) -> SweepError {
        SweepError::Backtest(error)
    }
}

impl From<WriteError> for SweepError {
    fn from(error: WriteError) -> SweepError {
        SweepError::Write(error)
    }
}

impl From<ConfigError> for SweepError {
    fn from(error: ConfigError) -> SweepError {
        SweepError::Backtest(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_leads_to_its_own_reason() {
        let error = || io::Error::other("the disk is gone");
        let unreadable = BacktestError::Unreadable { path: "s.toml".to_owned(), error: error() };
        let chain = SweepError::Prices(Arc::new(unreadable));
        let reason = chain.source().unwrap();
        assert_eq!(reason.to_string(), "the disk is gone");
        let direct = SweepError::Io { path: PathBuf::from("plan.toml"), error: error() };
        assert_eq!(direct.source().unwrap().to_string(), "the disk is gone");
        assert!(SweepError::Failures("too many".to_owned()).source().is_none());
    }
}
