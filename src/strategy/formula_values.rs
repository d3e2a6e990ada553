//! What the formula of a strategy's weights gives at every close, for people to look at. Simulates nothing.

use std::ops::Range;

use super::definition::Strategy;
use super::error::BacktestError;
use super::notice::Notice;
use super::prepare::prepare_in_days_of;
use super::run::{SIGNAL_BUDGET_BYTES, doubtful_weights};
use crate::engine::conventions::SignalReadiness;
use crate::formula::evaluate::Evaluator;
use crate::formula::evaluation::Scratch;
use crate::market::date::Date;
use crate::market::decisions::Decisions;

/// Number of values that are computed at once, about.
const BLOCK_CELLS: usize = 32_768;
/// Least number of closes that are computed at once.
const BLOCK_ROWS: usize = 64;

/// The values of a formula, computed block by block.
#[derive(Debug)]
pub(crate) struct FormulaValues {
    /// The days of the period, ascending.
    pub dates: Vec<Date>,
    /// The tickers of the columns: the universe in its order, then those that `fixed` names.
    pub assets: Vec<String>,
    /// Under `days_since_start`, from which close on the formula has weights.
    pub gate: Option<Gate>,
    /// What a user should know of the prices.
    pub notices: Vec<Notice>,
    evaluator: Evaluator,
    /// For each of `assets` its column in the evaluator.
    columns: Vec<usize>,
    parameters: Vec<f64>,
    scratch: Scratch,
    values: Vec<f64>,
}

/// The gate of `days_since_start`, which the values do not show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gate {
    /// The depth of the formula in closes.
    pub depth: u64,
    /// The first close with weights; `None` if the period has fewer closes.
    pub opens: Option<Date>,
}

impl FormulaValues {
    /// Prepares the values of a strategy's formula in the days of the strategy as it stands, which differs in its formulas
    /// alone.
    ///
    /// # Errors
    /// Those of [`prepare_in_days_of`].
    pub(crate) fn new(as_it_stands: &Strategy, strategy: &Strategy) -> Result<FormulaValues, BacktestError> {
        let prepared = prepare_in_days_of(as_it_stands, strategy)?;
        let market = &prepared.market;
        let dates: Vec<Date> = (0..market.days()).map(|day| market.date(day)).collect();
        let closes = Decisions::Closes((0..market.days() as u32).collect());
        let evaluator = prepared.evaluator_at(closes, strategy, SIGNAL_BUDGET_BYTES);
        let position = |column: usize| {
            let asset = evaluator.columns()[column].asset;
            prepared.members.iter().find(|member| member.asset == asset).map(|member| member.position)
        };
        let shown = evaluator.columns().iter().enumerate();
        let shown = shown.filter(|(_, column)| column.member || column.fixed.is_some());
        let mut columns: Vec<usize> = shown.map(|(index, _)| index).collect();
        columns.sort_by_key(|column| position(*column).unwrap_or(usize::MAX));
        let symbol = |column: &usize| market.symbol(evaluator.columns()[*column].asset).to_owned();
        let opens = |depth: u64| dates.get(depth.saturating_sub(1) as usize).copied();
        let gated = strategy.conventions.signal_readiness == SignalReadiness::DaysSinceStart;
        let gate = gated.then(|| Gate { depth: strategy.depth, opens: opens(strategy.depth) });
        Ok(FormulaValues {
            assets: columns.iter().map(symbol).collect(),
            dates,
            gate,
            notices: prepared.notices.into_iter().filter(Notice::is_of_values).collect(),
            evaluator,
            columns,
            parameters: strategy.parameter_values(),
            scratch: Scratch::default(),
            values: Vec::new(),
        })
    }

    /// What was doubtful about the values that have been computed.
    pub(crate) fn doubts(&self) -> Vec<Notice> {
        doubtful_weights(&self.evaluator, |day| self.dates[day])
    }

    /// Hands the values of some days to a function, block by block: the days of a block, and for each of `assets` a value a
    /// day, NaN where it is absent.
    ///
    /// # Errors
    /// The first one of the function.
    pub(crate) fn each_block<E>(
        &mut self,
        days: Range<usize>,
        mut take: impl FnMut(&[Date], &[&[f64]]) -> Result<(), E>,
    ) -> Result<(), E> {
        let FormulaValues { evaluator, parameters, scratch, values, .. } = self;
        let rows = (BLOCK_CELLS / evaluator.columns().len().max(1)).max(BLOCK_ROWS);
        for start in days.clone().step_by(rows) {
            let block = start..(start + rows).min(days.end);
            evaluator.values(parameters, block.clone(), scratch, values);
            let column = |column: &usize| &values[column * block.len()..][..block.len()];
            let columns: Vec<&[f64]> = self.columns.iter().map(column).collect();
            take(&self.dates[block.clone()], &columns)?;
        }
        Ok(())
    }

    /// The values of some days: for each of `assets` a value a day, NaN where it is absent.
    pub(crate) fn columns(&mut self, days: Range<usize>) -> Vec<Vec<f64>> {
        let mut all = vec![Vec::with_capacity(days.len()); self.assets.len()];
        let done = self.each_block(days, |_, columns| {
            all.iter_mut().zip(columns).for_each(|(all, column)| all.extend_from_slice(column));
            Ok::<(), std::convert::Infallible>(())
        });
        match done {
            Ok(()) => all,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::testing::strategy;

    #[test]
    fn the_universe_comes_in_its_order_and_the_gate_opens_after_its_depth() {
        let rows = "2023-01-02,1,1\n2023-01-03,2,2\n2023-01-04,3,3\n";
        let keys = "universe = { assets = [\"B\", \"A\"], entry = { B = 2023-01-04 } }";
        let (_folder, mut strategy) = strategy(keys, &[("A", rows), ("B", rows)]);
        for (depth, opens) in
            [(0, Some("2023-01-02")), (1, Some("2023-01-02")), (2, Some("2023-01-03")), (1000, None)]
        {
            strategy.depth = depth;
            let values = FormulaValues::new(&strategy, &strategy).unwrap();
            assert_eq!(values.assets, ["B", "A"], "although B joins later");
            let gate = values.gate.unwrap();
            assert_eq!((gate.depth, gate.opens.map(|date| date.to_string()).as_deref()), (depth, opens));
        }
        strategy.conventions.signal_readiness = SignalReadiness::FullWindows;
        assert_eq!(FormulaValues::new(&strategy, &strategy).unwrap().gate, None);
    }
}
