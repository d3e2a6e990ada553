//! The number of an array task, from the environment of its process.

/// The number that Slurm gives outside an array.
const NO_TASK: u64 = 4_294_967_294;

/// The variables of the schedulers: name, and number of the first task.
const VARIABLES: [(&str, u64); 5] = [
    ("SLURM_ARRAY_TASK_ID", 0),
    ("PBS_ARRAY_INDEX", 0),
    ("PBS_ARRAYID", 0),
    ("SGE_TASK_ID", 1),
    ("LSB_JOBINDEX", 1),
];

/// The number of the task, counted from 0; `None` outside an array.
///
/// SGE and LSF count from 1. Outside an array LSF gives 0 and SGE a word.
pub(crate) fn task(environment: impl Fn(&str) -> Option<String>) -> Option<u64> {
    VARIABLES.iter().find_map(|(name, first)| {
        let number: u64 = environment(name)?.trim().parse().ok()?;
        if number == NO_TASK { None } else { number.checked_sub(*first) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scheduler_is_heard() {
        let task_with = |name: &'static str, value: &'static str| {
            task(move |asked| (asked == name).then(|| value.to_owned()))
        };
        assert_eq!(task_with("SLURM_ARRAY_TASK_ID", "7"), Some(7));
        assert_eq!(task_with("SLURM_ARRAY_TASK_ID", "4294967294"), None);
        assert_eq!(task_with("PBS_ARRAY_INDEX", "3"), Some(3));
        assert_eq!((task_with("SGE_TASK_ID", "1"), task_with("SGE_TASK_ID", "undefined")), (Some(0), None));
        assert_eq!((task_with("LSB_JOBINDEX", "5"), task_with("LSB_JOBINDEX", "0")), (Some(4), None));
        assert_eq!(task(|_| None), None);
    }
}
