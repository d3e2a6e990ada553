//! Operators across assets within groups: every group is a universe of its own.

use std::collections::BTreeMap;
use std::ops::Range;

use super::kernel::block::Block;
use super::operator::FirstStep;
use crate::market::membership::Members;

/// What an operator across assets computes, in place.
pub(super) type Compute = fn(&mut [f64], &[f64], &Block);

/// An operator across assets that is computed by group.
#[derive(Clone, Copy)]
pub(super) struct ByGroup<'a> {
    /// What is computed first, if anything.
    pub shared: Option<FirstStep>,
    /// The rest.
    pub compute: Compute,
    /// The constants of the call.
    pub constants: &'a [f64],
    /// The number of the group for each cell; absent for a member of none, which gets nothing, and for who is no member.
    pub groups: &'a [f64],
    /// The members, whatever their group.
    pub block: &'a Block<'a>,
}

/// Some members over some rows: a universe of its own.
struct Part {
    /// The columns, ascending.
    columns: Vec<usize>,
    rows: Range<usize>,
    /// On which of the rows each column belongs to it.
    members: Members,
}

impl ByGroup<'_> {
    /// Overwrites the values of members by those that the operator gives within each group, row by row.
    pub(super) fn row_by_row(&self, x: &mut [f64]) {
        let rows = self.block.rows;
        let columns = 0..self.block.members.columns();
        let mut parts = Vec::new();
        let mut first = 0;
        while first < rows {
            // The rows on which everybody is in the same group as on the first.
            let is_same =
                |row: &usize| columns.clone().all(|column| self.key(column, *row) == self.key(column, first));
            let end = (first + 1..rows).find(|row| !is_same(row)).unwrap_or(rows);
            let mut of_group: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
            for column in columns.clone() {
                if let Some(group) = self.key(column, first) {
                    of_group.entry(group).or_default().push(column);
                }
            }
            parts.extend(of_group.into_values().map(|columns| {
                let members = Members::always(columns.len(), end - first);
                Part { columns, rows: first..end, members }
            }));
            first = end;
        }
        self.compute(parts, x);
    }

    /// The same for an operator that remembers the rows before, for as long as its group has a member.
    pub(super) fn with_memory(&self, x: &mut [f64]) {
        let mut spells: BTreeMap<u64, Vec<(usize, Range<usize>)>> = BTreeMap::new();
        let rows: Vec<usize> = (0..self.block.rows).collect();
        for column in 0..self.block.members.columns() {
            for run in rows.chunk_by(|a, b| self.key(column, *a) == self.key(column, *b)) {
                if let Some(group) = self.key(column, run[0]) {
                    spells.entry(group).or_default().push((column, run[0]..run[0] + run.len()));
                }
            }
        }
        self.compute(spells.into_values().flat_map(parts_in_time).collect(), x);
    }

    /// What distinguishes the group of a cell; `None` for none.
    fn key(&self, column: usize, row: usize) -> Option<u64> {
        let group = self.groups[column * self.block.rows + row];
        // 0 and -0 are one group.
        (!group.is_nan()).then(|| (group + 0.0).to_bits())
    }

    fn compute(&self, parts: Vec<Part>, x: &mut [f64]) {
        let rows = self.block.rows;
        let mut place = vec![usize::MAX; self.block.members.columns()];
        self.block.universe.iter().enumerate().for_each(|(index, column)| place[*column] = index);
        let mut out = vec![f64::NAN; x.len()];
        for part in parts {
            let mut universe: Vec<usize> = (0..part.columns.len()).collect();
            universe.sort_by_key(|column| place[part.columns[*column]]);
            let block = Block { rows: part.rows.len(), members: &part.members, universe: &universe };
            let cells = |column: &usize| column * rows + part.rows.start..column * rows + part.rows.end;
            let mut values: Vec<f64> =
                part.columns.iter().flat_map(|column| &x[cells(column)]).copied().collect();
            block.clear_outside(&mut values);
            if let Some(shared) = self.shared {
                let own = values.clone();
                shared(&own, &block, &mut values);
            }
            (self.compute)(&mut values, self.constants, &block);
            for (index, column) in part.columns.iter().enumerate() {
                let (from, to) = (&values[index * block.rows..][..block.rows], &mut out[cells(column)]);
                for spell in part.members.spells(index) {
                    to[spell.clone()].copy_from_slice(&from[spell]);
                }
            }
        }
        x.copy_from_slice(&out);
    }
}

/// The rows on which a group has members without a break, each with those who belong to it then. `spells` are in the order of
/// their columns.
fn parts_in_time(spells: Vec<(usize, Range<usize>)>) -> Vec<Part> {
    let mut in_time: Vec<&Range<usize>> = spells.iter().map(|(_, rows)| rows).collect();
    in_time.sort_by_key(|rows| rows.start);
    let mut runs: Vec<Range<usize>> = Vec::new();
    for rows in in_time {
        match runs.last_mut() {
            Some(run) if rows.start <= run.end => run.end = run.end.max(rows.end),
            _ => runs.push(rows.clone()),
        }
    }
    let mut parts: Vec<Part> = Vec::new();
    let mut of_run: Vec<Vec<&(usize, Range<usize>)>> = vec![Vec::new(); runs.len()];
    for spell in &spells {
        of_run[runs.partition_point(|run| run.end <= spell.1.start)].push(spell);
    }
    for (run, spells) in runs.into_iter().zip(of_run) {
        let by_column = || spells.chunk_by(|a, b| a.0 == b.0);
        let within_run = |(_, rows): &&(usize, Range<usize>)| rows.start - run.start..rows.end - run.start;
        parts.push(Part {
            columns: by_column().map(|spells| spells[0].0).collect(),
            members: Members::new(
                by_column().map(|spells| spells.iter().map(within_run).collect::<Vec<_>>()),
            ),
            rows: run,
        });
    }
    parts
}
