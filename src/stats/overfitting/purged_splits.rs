//! Combinatorial purged cross-validation: every combination of some groups of periods as the test set, and the paths through
//! time that the test sets form.
//!
//! Source: López de Prado, "Advances in financial machine learning" (2018), chapter 12.

use std::ops::Range;

use itertools::Itertools;

/// A split of the periods into a test set and a training set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Split {
    /// The groups of the test set, ascending.
    pub test_groups: Vec<usize>,
    /// The periods of the training set.
    pub train: Vec<Range<usize>>,
}

/// The periods of each of `groups` contiguous groups: equally many in each group, and the remainder in the last one.
pub(crate) fn group_ranges(periods: usize, groups: usize) -> Vec<Range<usize>> {
    let length = periods / groups.max(1);
    let end = |group: usize| if group + 1 == groups { periods } else { (group + 1) * length };
    (0..groups).map(|group| group * length..end(group)).collect()
}

/// All splits with `tested` of `groups` groups in the test set, in lexicographic order; none if `tested` exceeds `groups`.
///
/// `purge` periods before each tested group and `purge + embargo` periods after it are not in the training set, because
/// decisions there may depend on the tested periods.
pub(crate) fn purged_splits(
    periods: usize,
    groups: usize,
    tested: usize,
    purge: usize,
    embargo: usize,
) -> Vec<Split> {
    let ranges = group_ranges(periods, groups);
    let split = |test_groups: Vec<usize>| {
        let mut train = Vec::new();
        let mut start = 0;
        for &group in &test_groups {
            let Range { start: first, end } = ranges[group];
            let before = start..first.saturating_sub(purge);
            if before.start < before.end {
                train.push(before);
            }
            start = end + purge + embargo;
        }
        if start < periods {
            train.push(start..periods);
        }
        Split { test_groups, train }
    };
    (0..groups).combinations(tested).map(split).collect()
}

/// For each path the split of each of its groups: group g of path p comes from the p-th split that tests on g, so that a path
/// contains every group once.
pub(crate) fn paths(splits: &[Split], groups: usize) -> Vec<Vec<usize>> {
    let mut paths: Vec<Vec<usize>> = Vec::new();
    for group in 0..groups {
        let testing = (0..splits.len()).filter(|&split| splits[split].test_groups.contains(&group));
        for (path, split) in testing.enumerate() {
            if paths.len() == path {
                paths.push(Vec::with_capacity(groups));
            }
            paths[path].push(split);
        }
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tested_groups_are_purged_around() {
        let splits = purged_splits(20, 4, 2, 1, 1);
        assert_eq!(splits.len(), 6);
        assert_eq!(splits[1], Split { test_groups: vec![0, 2], train: vec![7..9, 17..20] });
        assert_eq!(paths(&splits, 4), [[0, 0, 1, 2], [1, 3, 3, 4], [2, 4, 5, 5]]);
        assert!(purged_splits(20, 4, 5, 0, 0).is_empty());
    }
}
