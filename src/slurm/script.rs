//! The script of an array job, with the plan inside. Slurm copies a script when it is submitted. From then on the job needs
//! only the program and the prices, and no edit of another file changes it.

use super::settings::JobSettings;
use crate::text::shell::{bash, path, sbatch};

/// The most characters of a list of tasks: with more, some versions of Slurm refuse the `#SBATCH` line.
const ARRAY_LENGTH: usize = 4000;
/// The largest script in bytes: what Slurm accepts as it comes.
pub(crate) const SCRIPT_BYTES: usize = 4 << 20;

/// An array job.
#[derive(Debug)]
pub(crate) struct Job<'a> {
    /// The name of the sweep.
    pub name: &'a str,
    /// The seal of the plan.
    pub seal: &'a str,
    /// What the tasks compute.
    pub work: Work<'a>,
    /// Number of tasks that share the work.
    pub tasks: u64,
    /// The tasks to run in the form of `--array`; `None` for all.
    pub array: Option<&'a str>,
    /// Folder of the results of all sweeps.
    pub results: &'a str,
    /// Folder of the results of this sweep.
    pub folder: &'a str,
    /// The table `[slurm]` of the sweep.
    pub settings: &'a JobSettings,
}

/// The work that the tasks of a job share.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Work<'a> {
    /// The points of a sweep.
    Points {
        /// The text of the plan.
        plan: &'a str,
        /// How many they are.
        points: u64,
    },
    /// The placebo worlds of a sweep whose results are there.
    Worlds {
        /// How many.
        worlds: u64,
        /// Which, as options of `sweep placebo`.
        options: &'a str,
    },
}

impl Job<'_> {
    /// The text of the script.
    pub(crate) fn script(&self) -> String {
        let Job { name, seal, tasks, .. } = *self;
        let (results, folder) = (path(self.results), path(self.folder));
        let (of_results, logs) = (format!("sweep generate --missing {folder}"), format!("folder={folder}"));
        let (what, all, again, logs) = match self.work {
            Work::Points { points, .. } => {
                let some = if self.array.is_some() { ", only those with missing points" } else { "" };
                let what = format!("{points} points in {tasks} tasks{some}");
                (what, "The plan below is all that decides the results.", of_results, logs)
            }
            Work::Worlds { worlds, options } => (
                format!("{worlds} placebo worlds in {tasks} tasks"),
                "The plan in the folder of the results is all that decides them.",
                format!("sweep generate --placebo {folder} {options}"),
                // Beside those of the points, which tell why points are missing.
                format!("{logs}/placebo"),
            ),
        };
        let version = env!("CARGO_PKG_VERSION");
        let mut script = self.options();
        script += &format!(
            "#
# Sweep {name}: {what}.
# Sealed {seal}
# by backtest {version}, whose `sweep generate` wrote this file. {all}
# Submit what is missing afterwards:
#   {again} -o - | sbatch
set -euo pipefail
: \"${{SLURM_ARRAY_TASK_ID:?this script is for sbatch}}\"

# Slurm ends a job without a trace if the folder of its output is missing, so the output is opened here.
{logs}
task=${{SLURM_ARRAY_JOB_ID}}_$SLURM_ARRAY_TASK_ID${{SLURM_RESTART_COUNT:+.$SLURM_RESTART_COUNT}}
log=$folder/logs/$task.out
{{ mkdir -p \"$folder/logs\" && : >> \"$log\"; }} 2> /dev/null || log=slurm-$task.out
exec >> \"$log\" 2>&1
"
        );
        if !self.settings.setup.is_empty() {
            // The module files of many clusters read variables that are not set.
            script += &format!("\nset +u\n{}\nset -u\n", self.settings.setup.join("\n"));
        }
        let task = format!("--task \"$SLURM_ARRAY_TASK_ID\" --tasks {tasks}");
        script
            + &match self.work {
                Work::Points { plan, .. } => {
                    let end = end_marker(plan);
                    format!(
                        "\nexec backtest run --params - {task} --results {results} << '{end}'\n{plan}{end}\n"
                    )
                }
                Work::Worlds { options, .. } => {
                    format!("\nexec backtest sweep placebo {folder} {options} {task}\n")
                }
            }
    }

    /// The first line and all lines with options.
    fn options(&self) -> String {
        let JobSettings { cpus, parallel, options, extra, .. } = self.settings;
        let array = match self.array {
            Some(list) => shortened(list),
            None if self.tasks == 1 => "0".to_owned(),
            None => format!("0-{}", self.tasks - 1),
        };
        let limit = parallel.map_or(String::new(), |most| format!("%{most}"));
        let mut text = format!(
            "#!/bin/bash
#SBATCH --job-name={}
#SBATCH --array={array}{limit}
#SBATCH --cpus-per-task={cpus}
",
            sbatch(self.name)
        );
        for (key, value) in options {
            let option = if key == "memory" { "mem".to_owned() } else { key.replace('_', "-") };
            text += &format!("#SBATCH --{option}={}\n", sbatch(value));
        }
        let comment = comment(self.name, self.seal);
        let comment = match self.work {
            Work::Points { .. } => comment,
            // `sweep status` counts the jobs of the points alone.
            Work::Worlds { .. } => comment + "-placebo",
        };
        text += &format!("#SBATCH --comment={}\n", sbatch(&comment));
        text += "#SBATCH --requeue\n#SBATCH --output=/dev/null\n";
        extra.iter().for_each(|option| text += &format!("#SBATCH {option}\n"));
        text
    }
}

/// The comment by which the jobs of a sweep are known in the queue: the name of the folder of its results.
fn comment(name: &str, seal: &str) -> String {
    format!("{name}-{}", &seal[..seal.len().min(8)])
}

/// A list of tasks; a list that is too long becomes one range, for tasks without missing points end at once.
fn shortened(list: &str) -> String {
    if list.len() <= ARRAY_LENGTH {
        return list.to_owned();
    }
    let first = list.split(['-', ',']).next().unwrap_or("0");
    let last = list.rsplit(['-', ',']).next().unwrap_or("0");
    format!("{first}-{last}")
}

/// A line that does not occur in the plan, to end it in the script.
fn end_marker(plan: &str) -> String {
    let mut end = "END_OF_PLAN".to_owned();
    while plan.lines().any(|line| line == end) {
        end.push('_');
    }
    end
}

/// The command of the job that aggregates the results, for `sbatch --wrap`.
pub(crate) fn aggregate_command(folder: &str) -> String {
    format!("backtest sweep aggregate {}", bash(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEAL: &str = "3fa9c1d2aa";

    fn script(settings: &JobSettings, array: Option<&str>, plan: &str, folder: &str) -> String {
        let (name, results) = ("momentum", "/share/results");
        let work = Work::Points { plan, points: 48 };
        Job { name, seal: SEAL, work, tasks: 12, array, results, folder, settings }.script()
    }

    #[test]
    fn options_come_first_and_the_plan_last() {
        let settings = JobSettings {
            parallel: Some(4),
            cpus: 2,
            options: [("memory", "512M"), ("mail_type", "END"), ("qos", "a b")]
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .into(),
            setup: vec!["module load backtest".to_owned()],
            extra: vec!["--nice=100".to_owned()],
            ..JobSettings::default()
        };
        let text = script(&settings, None, "name = \"momentum\"\n", "/share/results/momentum-3fa9c1d2");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[..12],
            [
                "#!/bin/bash",
                "#SBATCH --job-name=momentum",
                "#SBATCH --array=0-11%4",
                "#SBATCH --cpus-per-task=2",
                "#SBATCH --mem=512M",
                "#SBATCH --mail-type=END",
                "#SBATCH --qos=\"a b\"",
                "#SBATCH --comment=momentum-3fa9c1d2",
                "#SBATCH --requeue",
                "#SBATCH --output=/dev/null",
                "#SBATCH --nice=100",
                "#"
            ]
        );
        assert_eq!(lines[lines.len() - 2..], ["name = \"momentum\"", "END_OF_PLAN"]);
        assert!(
            text.contains("\nset +u\nmodule load backtest\nset -u\n\nexec backtest run --params - --task")
        );
    }

    #[test]
    fn no_line_of_a_plan_ends_it() {
        let text = script(&JobSettings::default(), None, "END_OF_PLAN\nEND_OF_PLAN_\n", "r");
        assert!(text.ends_with("<< 'END_OF_PLAN__'\nEND_OF_PLAN\nEND_OF_PLAN_\nEND_OF_PLAN__\n"), "{text}");
    }

    #[test]
    fn only_some_tasks() {
        let with = |list| script(&JobSettings::default(), Some(list), "", "r");
        assert!(with("3,7-9").contains("#SBATCH --array=3,7-9\n"));
        let long: Vec<String> = (1..2000).map(|task| (2 * task).to_string()).collect();
        assert!(with(&long.join(",")).contains("#SBATCH --array=2-3998\n"));
    }

    #[test]
    fn worlds_have_no_plan_and_logs_of_their_own() {
        let settings = JobSettings { parallel: Some(4), ..JobSettings::default() };
        let work = Work::Worlds { worlds: 200, options: "--worlds 200 --block 5 --seed 1" };
        let (name, results, folder) = ("momentum", "/share", "/share/momentum-3fa9c1d2");
        let job =
            Job { name, seal: SEAL, work, tasks: 12, array: None, results, folder, settings: &settings };
        let text = job.script();
        assert!(text.contains("#SBATCH --array=0-11%4\n"), "{text}");
        assert!(text.contains("#SBATCH --comment=momentum-3fa9c1d2-placebo\n"), "{text}");
        assert!(text.contains("\n# Sweep momentum: 200 placebo worlds in 12 tasks.\n"), "{text}");
        assert!(text.contains("\nfolder=/share/momentum-3fa9c1d2/placebo\n"), "{text}");
        let last = "exec backtest sweep placebo /share/momentum-3fa9c1d2 --worlds 200 --block 5 --seed 1 \
                    --task \"$SLURM_ARRAY_TASK_ID\" --tasks 12\n";
        assert!(text.ends_with(last), "{text}");
    }

    #[test]
    fn a_folder_stays_a_folder() {
        for folder in ["$(touch x)", "a\nb", "it's", "-rf", "`x`"] {
            let text = script(&JobSettings::default(), None, "", folder);
            assert!(text.contains(&format!("\nfolder={}\n", path(folder))), "{text}");
            assert!(text.contains(&format!("--missing {} -o -", path(folder))), "{text}");
        }
    }
}
