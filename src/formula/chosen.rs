//! Operators that look at several members over several days: places with a memory, and weights from returns.

use std::collections::BTreeMap;

use super::evaluation::{Evaluation, FrameIndex, Value};
use super::grouped::ByGroup;
use super::kernel::arithmetic::is_true;
use super::kernel::block::Block;
use super::kernel::windows::daily_returns;
use super::node::{Call, MOST_CONSTANTS};
use super::operator::FromReturns;
use crate::market::columns::Column;

impl Evaluation<'_> {
    /// An operator across assets that sees every day since the start and remembers the day before.
    pub(super) fn with_memory(
        &mut self,
        compute: fn(&mut [f64], &[f64], &Block),
        call: &Call,
        at: FrameIndex,
        out: &mut [f64],
    ) {
        let all = at.all_days();
        let mut buffer = [0.0; MOST_CONSTANTS];
        let constants = call.constants(&self.scratch.constants, &mut buffer);
        let days = self.frame(all);
        let block = Block { rows: days.rows, members: &days.members, universe: &days.universe };
        let mut values = self.values_of_members(call.operands[0], &block, all);
        match call.groups {
            Some(groups) => {
                let groups = self.values_of_members(groups, &block, all);
                let by_group = ByGroup { shared: None, compute, constants, groups: &groups, block: &block };
                by_group.with_memory(&mut values);
            }
            None => compute(&mut values, constants, &block),
        }
        block.clear_outside(&mut values);
        self.gather(self.frame(at), &values, days.rows, out);
    }

    /// Weights of the members on which the operand holds, from their last returns.
    pub(super) fn weights_from_returns(
        &mut self,
        compute: FromReturns,
        call: &Call,
        at: FrameIndex,
        out: &mut [f64],
    ) {
        let mut buffer = [0.0; MOST_CONSTANTS];
        let n = call.constants(&self.scratch.constants, &mut buffer).first().map_or(0, |n| *n as usize);
        let all = at.all_days();
        let chosen = self.value(call.operands[0], all);
        let groups = call.groups.map(|groups| self.value(groups, all));
        let returns = self.returns(at);
        let frame = self.frame(at);
        for (row, day) in frame.days.iter().map(|day| *day as usize).enumerate() {
            let mut of_group: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
            for &column in frame.universe.iter().filter(|column| frame.members.contains(**column, row)) {
                let group = groups.as_ref().map_or(0.0, |groups| self.cell(groups, column, day, all));
                if !group.is_nan() {
                    // 0 and -0 are one group.
                    of_group.entry((group + 0.0).to_bits()).or_default().push(column);
                }
            }
            for members in of_group.into_values() {
                let is_chosen = |column: &&usize| is_true(self.cell(&chosen, **column, day, all));
                let with_window = |column: &usize| {
                    Some((*column, window(&returns[*column], frame.starts[*column], day, n)?))
                };
                let windows: Vec<(usize, &[f64])> =
                    members.iter().filter(is_chosen).filter_map(with_window).collect();
                let columns: Vec<&[f64]> = windows.iter().map(|(_, returns)| *returns).collect();
                let mut weights = vec![0.0; windows.len()];
                if let Some(doubt) = compute(&columns, &mut weights) {
                    let date = at.period.map_or(day, |period| self.sources.clock(period).last_day(day));
                    self.sources.doubt(call.operator.name, date, doubt);
                }
                // There are weights for all or for none.
                let others = if weights.iter().any(|weight| weight.is_nan()) { f64::NAN } else { 0.0 };
                members.iter().for_each(|column| out[column * frame.rows + row] = others);
                for ((column, _), weight) in windows.iter().zip(weights) {
                    out[column * frame.rows + row] = weight;
                }
            }
        }
        self.recycle(chosen);
        groups.into_iter().for_each(|groups| self.recycle(groups));
    }

    fn cell(&self, value: &Value, column: usize, day: usize, all: FrameIndex) -> f64 {
        match value {
            Value::Scalar(value) => *value,
            value => self.column(value, column, all)[day],
        }
    }

    /// The returns of each column between closes, from its first day on.
    fn returns(&self, at: FrameIndex) -> Vec<Vec<f64>> {
        let frame = self.frame(at);
        let of = |(column, asset): (usize, &Option<_>)| match (asset, at.period) {
            (None, _) => Vec::new(),
            (Some(asset), period) => {
                let closes = match period {
                    None => self.sources.market.column(Column::Close, *asset),
                    Some(period) => self.sources.clock(period).column(Column::Close, *asset),
                };
                daily_returns(closes.get(frame.starts[column]..).unwrap_or_default())
            }
        };
        frame.assets.iter().enumerate().map(of).collect()
    }
}

/// The last `n` returns up to a day, if all are present and not all equal. The first value of `returns` is that of the day
/// `start`, which has none.
fn window(returns: &[f64], start: usize, day: usize, n: usize) -> Option<&[f64]> {
    let t = day.checked_sub(start)?;
    let last = returns.get((t + 1).checked_sub(n)?..=t)?;
    let is_present = last.iter().all(|value| !value.is_nan());
    let moves = last.iter().any(|value| *value != last[0]);
    (is_present && moves).then_some(last)
}
