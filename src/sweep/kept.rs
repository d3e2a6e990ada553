//! Which points exist, counted block by block, so that the n-th of billions is found without a list of them.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::space::Space;

/// Blocks of indices are at least this long, and there are at most so many.
const BLOCK_LEAST: u64 = 1024;
const BLOCKS_MOST: u64 = 1 << 16;

/// The points of a space that exist.
#[derive(Debug)]
pub(crate) struct Kept {
    space: Arc<Space>,
    count: u64,
    block: u64,
    /// Points that exist before each block, and in all; empty if every point exists.
    before: Vec<u64>,
}

impl Kept {
    /// Counts the points of a space of `count` points.
    pub(crate) fn new(space: Arc<Space>, count: u64) -> Kept {
        let block = BLOCK_LEAST.max(count.div_ceil(BLOCKS_MOST));
        if space.keep.is_none() {
            return Kept { space, count, block, before: Vec::new() };
        }
        let in_block = |number: u64| {
            let indices = number * block..((number + 1) * block).min(count);
            indices.filter(|&index| space.keeps(index)).count() as u64
        };
        let counts: Vec<u64> = (0..count.div_ceil(block)).into_par_iter().map(in_block).collect();
        let mut before = vec![0];
        for count in counts {
            before.push(before[before.len() - 1] + count);
        }
        Kept { space, count, block, before }
    }

    /// Number of points that exist.
    pub(crate) fn count(&self) -> u64 {
        self.before.last().copied().unwrap_or(self.count)
    }

    /// Number of points that exist with an index below this one.
    pub(crate) fn rank(&self, index: u64) -> u64 {
        if self.before.is_empty() {
            return index.min(self.count);
        }
        let block = (index / self.block).min(self.before.len() as u64 - 1);
        let inside = block * self.block..index.min(self.count);
        self.before[block as usize] + inside.filter(|&index| self.space.keeps(index)).count() as u64
    }

    /// Index of the point that exists at a position, from 0; the number of all points beyond the last.
    pub(crate) fn index(&self, position: u64) -> u64 {
        if self.before.is_empty() {
            return position.min(self.count);
        }
        let block = self.before.partition_point(|&before| before <= position).max(1) as u64 - 1;
        let skipped = position - self.before[block as usize];
        let inside = block * self.block..self.count;
        inside.filter(|&index| self.space.keeps(index)).nth(skipped as usize).unwrap_or(self.count)
    }

    /// The number of points that exist with an index in a range.
    pub(crate) fn count_in(&self, range: &Range<u64>) -> u64 {
        self.rank(range.end) - self.rank(range.start)
    }

    /// The points that exist with an index in a range, in order.
    pub(crate) fn indices(&self, range: Range<u64>) -> impl Iterator<Item = u64> + '_ {
        (range.start..range.end.min(self.count)).filter(|&index| self.space.keeps(index))
    }

    /// The indices that task `task` of `tasks` owns: equal shares of the points that exist, in order.
    pub(crate) fn share(&self, task: u64, tasks: u64) -> Range<u64> {
        let position = |task: u64| (u128::from(task) * u128::from(self.count()) / u128::from(tasks)) as u64;
        let end = |task: u64| if task == tasks { self.count } else { self.index(position(task)) };
        end(task)..end(task + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::document::Document;
    use crate::config::schema::Decides;
    use crate::formula::condition::Condition;
    use crate::sweep::axis::{Axis, Target, Values};
    use crate::sweep::space::Design;

    fn space(side: u64, keep: Option<&str>) -> Arc<Space> {
        let names: Vec<String> = ["fast", "slow"].map(str::to_owned).into();
        let document = Document::new("", &format!("a = {{ from = 1, to = {side}, step = 1 }}")).unwrap();
        let axis = |index: usize| Axis {
            name: names[index].clone(),
            target: Target::Parameter { index, whole: true },
            decides: Decides::Weights,
            values: Values::parse(&document.table().require("a").unwrap(), false, false).unwrap(),
        };
        Arc::new(Space {
            axes: vec![axis(0), axis(1)],
            design: Design::Grid,
            keep: keep.map(|text| Condition::new(text, &names).unwrap()),
            defaults: vec![0.0; 2],
        })
    }

    #[test]
    fn positions_and_indices_are_inverse() {
        for keep in [None, Some("fast < slow"), Some("fast == 7"), Some("0"), Some("slow > 99")] {
            let space = space(100, keep);
            let kept = Kept::new(Arc::clone(&space), 10_000);
            let all: Vec<u64> = (0..10_000).filter(|&index| space.keeps(index)).collect();
            assert_eq!(kept.count(), all.len() as u64);
            for (position, &index) in all.iter().enumerate() {
                assert_eq!((kept.index(position as u64), kept.rank(index)), (index, position as u64));
            }
            assert_eq!(kept.index(all.len() as u64), 10_000);
            assert_eq!(kept.rank(10_000), all.len() as u64);
        }
    }

    #[test]
    fn tasks_share_the_points_equally() {
        for keep in [None, Some("fast < slow")] {
            let space = space(60, keep);
            let kept = Kept::new(Arc::clone(&space), 3600);
            for tasks in [1, 7, 100, 5000] {
                let shares: Vec<Range<u64>> = (0..tasks).map(|task| kept.share(task, tasks)).collect();
                let sizes: Vec<usize> =
                    shares.iter().map(|share| kept.indices(share.clone()).count()).collect();
                assert!(sizes.iter().max().unwrap() - sizes.iter().min().unwrap() <= 1, "{sizes:?}");
                let joined: Vec<u64> = shares.into_iter().flat_map(|share| kept.indices(share)).collect();
                assert_eq!(joined, kept.indices(0..3600).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn billions_of_points_are_not_enumerated() {
        let space = space(45_000, None);
        let count = space.count().unwrap();
        assert_eq!(count, 2_025_000_000);
        let kept = Kept::new(Arc::clone(&space), count);
        assert_eq!(kept.share(999, 1000), 2_022_975_000..2_025_000_000);
        let last = space.values(count - 1);
        assert!(last.iter().all(|value| value.number() == Some(45_000.0)));
    }
}
