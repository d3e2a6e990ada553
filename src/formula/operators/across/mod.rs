//! Operators across assets: they see all members on one day.

pub(super) mod bottom;
pub(super) mod cap;
pub(super) mod count;
pub(super) mod demean;
pub(super) mod equal;
pub(super) mod highest_across;
pub(super) mod lowest_across;
pub(super) mod mean_across;
pub(super) mod median_across;
pub(super) mod min_variance;
pub(super) mod percent_rank_across;
pub(super) mod quantile_across;
pub(super) mod rank;
pub(super) mod risk_parity;
pub(super) mod share;
pub(super) mod stdev_across;
pub(super) mod sum_across;
pub(super) mod top;
pub(super) mod zscore_across;

#[cfg(test)]
pub(in crate::formula) mod testing {
    //! Holds an operator across assets against rows worked out by hand.

    use crate::formula::kernel::block::Block;
    use crate::formula::operator::{Compute, Operator};
    pub(crate) use crate::formula::testing::NAN;
    use crate::formula::testing::bits;
    use crate::market::membership::Members;

    /// The values of an operator over a block, where each column is a member in its spells.
    pub(crate) fn values(operator: &Operator, constants: &[f64], x: &[f64], block: &Block) -> Vec<f64> {
        let Compute::Across(across) = operator.compute else { panic!("{} is not across", operator.name) };
        let mut masked = x.to_vec();
        block.clear_outside(&mut masked);
        let mut out = masked.clone();
        if let Some(shared) = across.shared {
            shared(&masked, block, &mut out);
        }
        (across.compute)(&mut out, constants, block);
        block.clear_outside(&mut out);
        out
    }

    /// Checks a row on which every asset is a member, alone and beside a row without members, which must not change it.
    pub(crate) fn check(operator: &Operator, constants: &[f64], row: &[f64], expected: &[f64]) {
        let universe: Vec<usize> = (0..row.len()).collect();
        let members = Members::always(row.len(), 1);
        let out =
            values(operator, constants, row, &Block { rows: 1, members: &members, universe: &universe });
        assert_eq!(bits(&out), bits(expected), "{} of {row:?}", operator.name);

        let members = Members::new(row.iter().map(|_| std::iter::once(0..1)));
        let twice: Vec<f64> = row.iter().flat_map(|value| [*value; 2]).collect();
        let out =
            values(operator, constants, &twice, &Block { rows: 2, members: &members, universe: &universe });
        let beside: Vec<f64> = expected.iter().flat_map(|value| [*value, NAN]).collect();
        assert_eq!(bits(&out), bits(&beside), "{} of {row:?} beside a day without members", operator.name);
    }
}
