//! The keys of the table `[slurm]` of a sweep file, a row each. None of them decides anything of a result. Reads no file.

use crate::config::schema::{Range, keys};

/// The most tasks that an array may have.
const TASKS: Range = Range::Within(1.0, 4e6);

keys! {
    /// The keys of `[slurm]`. Those that hold one line are options of `sbatch` of the same name.
    SLURM;

    /// Folder of all results, taken as written: no `~`, no variables.
    RESULTS = "slurm.results": Folder, As("`results`"), Nothing;
    /// `--time`.
    TIME = "slurm.time": Line, As("the cluster's"), Nothing;
    /// `--mem`.
    MEMORY = "slurm.memory": Line, As("the cluster's"), Nothing;
    /// `--cpus-per-task`.
    CPUS = "slurm.cpus": Whole { noun: "a whole number", range: Range::Within(1.0, 65_536.0) }, Is(1.0), Nothing;
    /// `%parallel` behind `--array`: so many run at once.
    PARALLEL = "slurm.parallel": Whole { noun: "a whole number", range: TASKS }, As("no limit"), Nothing;
    /// `--array=0-(tasks-1)`: the points are shared among them equally. With `"auto"` a few timed points say how many.
    TASK_COUNT = "slurm.tasks": WholeOr { word: "auto", range: TASKS }, As("`\"auto\"`"), Nothing;
    /// `--partition`.
    PARTITION = "slurm.partition": Line, As("the cluster's"), Nothing;
    /// `--account`.
    ACCOUNT = "slurm.account": Line, As("the cluster's"), Nothing;
    /// `--qos`.
    QOS = "slurm.qos": Line, As("the cluster's"), Nothing;
    /// `--constraint`.
    CONSTRAINT = "slurm.constraint": Line, As("the cluster's"), Nothing;
    /// `--mail-user`.
    MAIL_USER = "slurm.mail_user": Line, As("the cluster's"), Nothing;
    /// `--mail-type`.
    MAIL_TYPE = "slurm.mail_type": Line, As("the cluster's"), Nothing;
    /// Lines of bash before the work: `["module load x"]`.
    SETUP = "slurm.setup": Lines, Optional, Nothing;
    /// Further options, a line each: `["--nice=100"]`.
    EXTRA = "slurm.extra": Lines, Optional, Nothing;
}
