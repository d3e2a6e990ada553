//! Operators across assets within groups: every group is a universe of its own.

use std::collections::BTreeMap;
use std::ops::Range;

use super::kernel::block::Block;
use super::operator::FirstStep;
use crate::market::membership::Members;

/// Overwrites the values of members by those that an operator across assets gives within each group. `groups` has the number of
/// the group for each cell, absent for a member of none, which gets nothing.
pub(super) fn grouped(
    shared: Option<FirstStep>,
    compute: fn(&mut [f64], &[f64], &Block),
    constants: &[f64],
    groups: &[f64],
    block: &Block,
    x: &mut [f64],
) {
    let mut out = vec![f64::NAN; x.len()];
    for members in members_by_group(groups, block) {
        let group = Block { members: &members, ..*block };
        let mut values = x.to_vec();
        group.clear_outside(&mut values);
        if let Some(shared) = shared {
            let own = values.clone();
            shared(&own, &group, &mut values);
        }
        compute(&mut values, constants, &group);
        for (column, cells) in values.chunks(block.rows.max(1)).enumerate() {
            for spell in members.spells(column) {
                out[column * block.rows..][..block.rows][spell.clone()].copy_from_slice(&cells[spell]);
            }
        }
    }
    x.copy_from_slice(&out);
}

/// The members of each group, in the order of the groups' numbers.
fn members_by_group(groups: &[f64], block: &Block) -> Vec<Members> {
    let columns = block.members.columns();
    let mut spells: BTreeMap<u64, Vec<Vec<Range<usize>>>> = BTreeMap::new();
    for column in 0..columns {
        let cells = &groups[column * block.rows..][..block.rows];
        for spell in block.members.spells(column) {
            let mut from = spell.start;
            for run in cells[spell].chunk_by(|a, b| a == b) {
                let rows = from..from + run.len();
                from = rows.end;
                if !run[0].is_nan() {
                    // 0 and -0 are one group.
                    let group =
                        spells.entry((run[0] + 0.0).to_bits()).or_insert_with(|| vec![Vec::new(); columns]);
                    group[column].push(rows);
                }
            }
        }
    }
    spells.into_values().map(Members::new).collect()
}
