//! The sweeps of one folder of results: an error in one is told at once and keeps none of the others, and the exit code says so
//! at the end.

use std::collections::BTreeSet;
use std::path::Path;

use crate::cli::exit::Exit;
use crate::cli::output;
use crate::sweep::error::SweepError;
use crate::sweep::results::Found;

/// How the sweeps of a folder went so far.
pub(crate) struct Neighbours {
    /// Whether a sweep's own folder is asked for: it has no neighbours, and its error ends the command.
    is_own: bool,
    /// How many sweeps there are.
    count: usize,
    /// The names of those with an error.
    bad: Vec<String>,
    /// Errors that are told.
    told: BTreeSet<String>,
    /// The highest exit code of all errors; 0 without one.
    code: u8,
}

impl Neighbours {
    /// Nothing has gone wrong yet.
    pub(crate) fn new(found: &Found) -> Neighbours {
        let (is_own, count) = (found.is_own, found.folders.len());
        Neighbours { is_own, count, bad: Vec::new(), told: BTreeSet::new(), code: 0 }
    }

    /// What a sweep gave; nothing if it has an error, which is told.
    ///
    /// # Errors
    /// That of a sweep that is asked for by its own folder.
    pub(crate) fn keep<T>(&mut self, folder: &Path, given: Result<T, SweepError>) -> Result<Option<T>, Exit> {
        match given {
            Ok(given) => Ok(Some(given)),
            Err(error) if self.is_own => Err(error.into()),
            Err(error) => {
                let name = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned();
                self.tell(error, |error| format!("sweep {name}: {error}"));
                self.bad.push(name);
                Ok(None)
            }
        }
    }

    /// Tells an error that leaves no sweep out, in the words of `text`, unless it is told already.
    pub(crate) fn tell(&mut self, error: SweepError, text: impl FnOnce(&SweepError) -> String) {
        if self.told.insert(error.to_string()) {
            output::error(&text(&error));
        }
        self.code = self.code.max(Exit::Sweep(error).code());
    }

    /// The end of the command, once all sweeps had their turn.
    ///
    /// # Errors
    /// An error was told.
    pub(crate) fn end(self) -> Result<(), Exit> {
        let (bad, count, code) = (self.bad.len(), self.count, self.code);
        let text = match bad {
            _ if code == 0 => return Ok(()),
            0 => "the ledger has faults, which are named above; every sweep is done".to_owned(),
            _ => {
                let is = if bad == 1 { "is" } else { "are" };
                let (names, others) =
                    (self.bad.join(", "), if bad < count { "; the others are" } else { "" });
                format!(
                    "{bad} of {count} sweeps {is} not done: {names}{others}. Mend what is named above, run the sweep again, or \
                     move its folder away"
                )
            }
        };
        Err(Exit::Neighbours { text, code })
    }
}
