//! The table `[slurm]` of a sweep file: what its array job asks for.

use crate::backtest::document::{Document, Field, Table};
use crate::backtest::error::ConfigError;

const KEYS: [&str; 14] = [
    "results",
    "time",
    "memory",
    "cpus",
    "parallel",
    "tasks",
    "partition",
    "account",
    "qos",
    "constraint",
    "mail_user",
    "mail_type",
    "setup",
    "extra",
];
const TASKS_MOST: i64 = 4_000_000;

/// How many array tasks share the points.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tasks {
    /// As many as a few timed points suggest.
    #[default]
    Auto,
    /// So many.
    Count(u64),
}

/// What an array job asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Folder of all results.
    pub results: Option<String>,
    /// Number of tasks.
    pub tasks: Tasks,
    /// Tasks that may run at a time.
    pub parallel: Option<u64>,
    /// Processors of a task.
    pub cpus: u64,
    /// Texts of `#SBATCH` options by key: time, memory, partition and the like.
    pub options: Vec<(String, String)>,
    /// Lines of the script before the work.
    pub setup: Vec<String>,
    /// Further options, as written.
    pub extra: Vec<String>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
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

impl Settings {
    /// Reads the table; `None` without one.
    ///
    /// # Errors
    /// An unknown key or a value that is no such setting.
    pub fn of_document(document: &Document) -> Result<Option<Settings>, ConfigError> {
        let root = document.table();
        let Some(field) = root.get("slurm") else {
            return Ok(None);
        };
        let table = field.table()?;
        table.allow(&KEYS)?;
        let whole = |key: &str, most: i64| {
            let expected = format!("a whole number from 1 to {most}");
            let read = |field: Field| field.whole_where(|value| (1..=most).contains(&value), &expected);
            table.get(key).map(read).transpose().map(|value| value.map(|value| value as u64))
        };
        let lines = |key: &str| match table.get(key) {
            Some(field) => field.texts()?.iter().map(line).collect::<Result<Vec<_>, _>>(),
            None => Ok(Vec::new()),
        };
        let tasks = match table.get("tasks") {
            Some(field) if field.text().is_ok_and(|text| text == "auto") => Tasks::Auto,
            Some(field) => {
                let expected = format!("\"auto\" or a whole number from 1 to {TASKS_MOST}");
                Tasks::Count(field.whole_where(|tasks| (1..=TASKS_MOST).contains(&tasks), &expected)? as u64)
            }
            None => Tasks::Auto,
        };
        let texts = ["time", "memory", "partition", "account", "qos", "constraint", "mail_user", "mail_type"];
        let option = |key: &str| table.get(key).map(|field| line(&field).map(|text| (key.to_owned(), text)));
        Ok(Some(Settings {
            results: table.get("results").map(|field| folder(&field)).transpose()?,
            tasks,
            parallel: whole("parallel", TASKS_MOST)?,
            cpus: whole("cpus", 65_536)?.unwrap_or(1),
            options: texts.into_iter().filter_map(option).collect::<Result<_, _>>()?,
            setup: lines("setup")?,
            extra: extra(&table)?,
        }))
    }
}

/// A folder, taken as it is written.
fn folder(field: &Field) -> Result<String, ConfigError> {
    let text = line(field)?;
    match text.starts_with(['~', '$']) {
        true => Err(field.error(format!(
            "'{}': expected a folder as it is: no '~' and no variable is replaced",
            field.path
        ))),
        false => Ok(text),
    }
}

/// Options of `sbatch`, as written.
fn extra(table: &Table) -> Result<Vec<String>, ConfigError> {
    let Some(field) = table.get("extra") else {
        return Ok(Vec::new());
    };
    let option = |field: &Field| match line(field)? {
        text if text.starts_with('-') => Ok(text),
        _ => Err(field.error(format!("'{}': expected an option of sbatch, such as --nice=100", field.path))),
    };
    field.texts()?.iter().map(option).collect()
}

/// Text on one line: it becomes part of a script.
fn line(field: &Field) -> Result<String, ConfigError> {
    let text = field.text()?;
    match !text.is_empty() && !text.chars().any(char::is_control) {
        true => Ok(text.to_owned()),
        false => Err(field.error(format!("'{}': expected text on one line", field.path))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> Result<Option<Settings>, ConfigError> {
        Settings::of_document(&Document::new("s.toml", text).unwrap())
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
    fn what_is_no_setting_is_refused() {
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
