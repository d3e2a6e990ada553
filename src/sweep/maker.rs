//! Which program made a plan. Its results are read by programs with the same revision of the results alone.

use std::fs;
use std::path::Path;

use super::definition::Sweep;
use super::error::SweepError;
use super::keys;
use crate::config::document::Document;
use crate::config::error::ConfigError;
use crate::strategy::error::BacktestError;
use crate::strategy::seal::RESULTS_REVISION;

/// The version of this program.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The program that sealed a plan.
#[derive(Debug, PartialEq)]
struct Maker {
    /// Its version.
    version: String,
    /// Its revision of the results.
    revision: i64,
}

/// Reads a sealed plan. No price is read.
///
/// # Errors
/// A program with another revision of the results made it, whatever else is wrong with it; the file cannot be read, or is no
/// plan.
pub(crate) fn read_plan(path: &Path) -> Result<Sweep, SweepError> {
    let fault = match Sweep::read(path) {
        Ok(sweep) => {
            Maker::of(&sweep.document)?.check(path)?;
            return Ok(sweep);
        }
        Err(BacktestError::Config(fault)) => fault,
        Err(error) => return Err(error.into()),
    };
    // Another program may know other keys and values: who made the plan says more than the first of them.
    match fs::read_to_string(path).ok().and_then(|text| Maker::of(&Document::new("", &text).ok()?).ok()) {
        Some(maker) => {
            maker.check(path)?;
            Err(maker.explain(fault).into())
        }
        None => Err(fault.into()),
    }
}

impl Maker {
    /// What a plan says of it.
    ///
    /// # Errors
    /// The plan does not say it.
    fn of(plan: &Document) -> Result<Maker, ConfigError> {
        let table = plan.table().require_table(keys::PLAN.name)?;
        let version = table.need(&keys::VERSION)?.text()?.to_owned();
        let revision = table.need(&keys::REVISION)?.whole_where(|_| true, "a whole number")?;
        Ok(Maker { version, revision })
    }

    /// Refuses the plan of a program with another revision of the results.
    fn check(&self, path: &Path) -> Result<(), SweepError> {
        let Maker { version, revision } = self;
        if *revision == i64::from(RESULTS_REVISION) {
            return Ok(());
        }
        Err(SweepError::Sealed(format!(
            "{}: made by {version} with results revision {revision}, and this program has revision \
             {RESULTS_REVISION}: aggregate it with that version, or run it again",
            path.display()
        )))
    }

    /// A fault of its plan, with what to do where another version made it.
    fn explain(&self, mut fault: ConfigError) -> ConfigError {
        if self.version != VERSION {
            fault.message += &format!(
                " (made by {}, and this is {VERSION}: aggregate it with that version, or run it again)",
                self.version
            );
        }
        fault
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: &str = "[plan]\nversion = \"9.8.7\"\nresults_revision = ";

    fn refused(text: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.toml");
        fs::write(&path, text).unwrap();
        let error = read_plan(&path).unwrap_err().to_string();
        error.strip_prefix(&format!("{}:", path.display())).unwrap().to_owned()
    }

    #[test]
    fn a_plan_of_another_revision_is_known_by_its_maker_alone() {
        let says = format!(
            " made by 9.8.7 with results revision 2000, and this program has revision {RESULTS_REVISION}: \
             aggregate it with that version, or run it again"
        );
        assert_eq!(refused(&format!("new_key = 1\n{PLAN}2000")), says);
        assert_eq!(refused(&format!("{PLAN}2000\nnew_key = 1")), says);
    }

    #[test]
    fn a_fault_of_a_plan_says_that_another_version_made_it() {
        let other = refused(&format!("new_key = 1\n{PLAN}{RESULTS_REVISION}"));
        assert!(other.starts_with("1:1: unknown key 'new_key'"), "{other}");
        assert!(other.contains("made by 9.8.7"), "{other}");
        let own = refused(&format!("new_key = 1\n{PLAN}{RESULTS_REVISION}").replace("9.8.7", VERSION));
        assert!(own.starts_with("1:1: unknown key 'new_key'") && !own.contains("made by"), "{own}");
    }

    #[test]
    fn what_is_no_plan_is_refused_as_it_is() {
        assert!(refused("name = ").starts_with("1:8: "));
        assert!(refused("").contains("'name' is missing"));
        assert!(refused("new_key = 1").starts_with("1:1: unknown key 'new_key'"));
    }
}
