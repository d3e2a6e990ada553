//! Combinatorial purged cross-validation: every choice of some groups of periods to test on, and the paths through time that
//! the tests make up together.
//!
//! Source: López de Prado, "Advances in financial machine learning" (2018), chapter 12.

use std::ops::Range;

use itertools::Itertools;

/// One choice of groups to test on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Split {
    /// The groups, ascending.
    pub test_groups: Vec<usize>,
    /// The periods left to choose on.
    pub train: Vec<Range<usize>>,
}

/// Periods of each of `groups` contiguous groups: equally many in each, and what is left over in the last.
pub(crate) fn group_ranges(periods: usize, groups: usize) -> Vec<Range<usize>> {
    let length = periods / groups.max(1);
    let end = |group: usize| if group + 1 == groups { periods } else { (group + 1) * length };
    (0..groups).map(|group| group * length..end(group)).collect()
}

/// All splits that test on `tested` of `groups` groups, in lexicographic order.
///
/// Of the periods not tested on, `purge` before each tested group and `purge + embargo` behind it are left out: what is decided
/// there may rest on what is tested. Empty if there are more groups to test than groups.
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

/// The splits that each path takes its groups from: group g of path p comes from the p-th split that tests on g, so that every
/// path has every group once.
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
