//! Reads the table `[slurm]` of a sweep file: the settings of its array job.

use super::keys::{self, SLURM};
use crate::config::document::Document;
use crate::config::error::ConfigError;
use crate::config::fields::{Field, Table};
use crate::config::schema::{Key, Kind};

/// How many array tasks share the points.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Tasks {
    /// The program chooses their number after it has timed a few points.
    #[default]
    Auto,
    /// This many.
    Count(u64),
}

/// The settings of an array job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JobSettings {
    /// Folder of all results.
    pub results: Option<String>,
    /// Number of tasks.
    pub tasks: Tasks,
    /// The most tasks that run at a time.
    pub parallel: Option<u64>,
    /// Processors of each task.
    pub cpus: u64,
    /// Values of `#SBATCH` options by key: time, memory, partition and the like.
    pub options: Vec<(String, String)>,
    /// Lines of the script that run before the program.
    pub setup: Vec<String>,
    /// Further `#SBATCH` options, as written.
    pub extra: Vec<String>,
}

impl Default for JobSettings {
    fn default() -> JobSettings {
        JobSettings {
            results: None,
            tasks: Tasks::Auto,
            parallel: None,
            cpus: 1,
            options: Vec::new(),
            setup: Vec::new(),
            extra: Vec::new(),
        }
    }
}

impl JobSettings {
    /// Reads the table; `None` if the file has none.
    ///
    /// # Errors
    /// A key is unknown, or a value is not allowed.
    pub(crate) fn from_document(document: &Document) -> Result<Option<JobSettings>, ConfigError> {
        let root = document.table();
        let Some(field) = root.get("slurm") else {
            return Ok(None);
        };
        let table = field.table()?.checked(&SLURM)?;
        let tasks = match table.find(&keys::TASK_COUNT) {
            Some(field) if field.text().is_ok_and(|text| text == "auto") => Tasks::Auto,
            _ => table.find_whole(&keys::TASK_COUNT)?.map_or(Tasks::Auto, Tasks::Count),
        };
        let options = SLURM.keys.iter().filter(|key| matches!(key.kind, Kind::Line));
        let option = |key: &Key| {
            let field = table.find(key)?;
            Some(line(&field).map(|text| (key.name.to_owned(), text)))
        };
        Ok(Some(JobSettings {
            results: table.find(&keys::RESULTS).map(|field| folder(&field)).transpose()?,
            tasks,
            parallel: table.find_whole(&keys::PARALLEL)?,
            cpus: table.whole(&keys::CPUS)?,
            options: options.filter_map(option).collect::<Result<_, _>>()?,
            setup: lines(&table, &keys::SETUP)?.iter().map(line).collect::<Result<_, _>>()?,
            extra: lines(&table, &keys::EXTRA)?.iter().map(sbatch_option).collect::<Result<_, _>>()?,
        }))
    }
}

fn lines<'d>(table: &Table<'d>, key: &Key) -> Result<Vec<Field<'d>>, ConfigError> {
    table.find(key).map_or(Ok(Vec::new()), |field| field.texts())
}

/// A path of a folder, which is used as written.
fn folder(field: &Field) -> Result<String, ConfigError> {
    let text = line(field)?;
    if text.starts_with(['~', '$']) {
        return Err(field.error(format!(
            "'{}': expected a folder as it is: no '~' and no variable is replaced",
            field.path
        )));
    }
    Ok(text)
}

/// An option of `sbatch`, which is used as written.
fn sbatch_option(field: &Field) -> Result<String, ConfigError> {
    match line(field)? {
        text if text.starts_with('-') => Ok(text),
        _ => Err(field.error(format!("'{}': expected an option of sbatch, such as --nice=100", field.path))),
    }
}

/// A text on one line, for it becomes a line of the script.
fn line(field: &Field) -> Result<String, ConfigError> {
    let text = field.text()?;
    if text.is_empty() || text.chars().any(char::is_control) {
        return Err(field.error(format!("'{}': expected text on one line", field.path)));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> Result<Option<JobSettings>, ConfigError> {
        JobSettings::from_document(&Document::new("s.toml", text).unwrap())
    }

    #[test]
    fn every_setting_is_read() {
        let settings = settings(
            "[slurm]\nresults = \"/sharedfs/results\"\ntime = \"00:30:00\"\nmemory = \"512M\"\ncpus = 2\n\
             parallel = 12\ntasks = 24\npartition = \"pis\"\nsetup = [\"module load x\"]\nextra = [\"--nice=100\"]",
        );
        let settings = settings.unwrap().unwrap();
        assert_eq!((settings.tasks, settings.cpus, settings.parallel), (Tasks::Count(24), 2, Some(12)));
        let names: Vec<&str> = settings.options.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(names, ["time", "memory", "partition"]);
        assert_eq!((settings.setup.len(), settings.extra.len()), (1, 1));
    }

    #[test]
    fn wrong_settings_are_refused() {
        assert_eq!(settings("name = \"x\"").unwrap(), None);
        for wrong in [
            "task = 3",
            "tasks = 0",
            "tasks = \"many\"",
            "cpus = 0",
            "time = 30",
            "setup = \"x\"",
            "qos = \"a\\nb\"",
            "results = \"~/results\"",
            "results = \"$SCRATCH\"",
            "extra = [\"nice\"]",
        ] {
            assert!(settings(&format!("[slurm]\n{wrong}")).is_err(), "{wrong}");
        }
    }
}
