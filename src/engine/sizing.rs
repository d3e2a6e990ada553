//! How many shares a weight is. The formulas are under "Portfolio" in docs/strategy-file.md. Knows no orders and no cash.

use super::conventions::{CostEstimate, LongOnlyWeights, NamedChoice, ShortCost, choices};
use super::fees::Fees;

/// A sum of weights up to this counts as 0.
pub(super) const NOTHING: f64 = 1e-8;

choices! {
    /// Whether a position may hold a part of a share.
    Shares {
        /// Whole shares alone.
        Whole = "whole",
        /// Any quantity, never rounded.
        Fractional = "fractional",
    }
}

/// The size of a long and short book.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum GrossExposure {
    /// The sum of absolute positions is this multiple of the equity, above 0.
    Leverage(f64),
    /// It is at most this multiple, above 0; weights that sum to less stay as they are.
    Most(f64),
}

/// How a portfolio turns weights into shares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum OrderSizer {
    /// Long positions only; a part of the equity is kept as cash.
    LongOnly {
        /// Fraction of the equity kept, 0 to 1.
        cash_buffer: f64,
    },
    /// Long and short positions whose sizes sum to a multiple of the equity.
    LongShort {
        /// The sum of absolute positions.
        gross: GrossExposure,
    },
}

/// Everything sizing depends on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Sizing {
    /// The sizer.
    pub sizer: OrderSizer,
    /// Fees for the cost estimate.
    pub fees: Fees,
    /// The value whose costs are estimated; see `cost_estimate` in docs/conventions.md.
    pub cost_estimate: CostEstimate,
    /// How the estimated cost changes a short target; see `short_cost` in docs/conventions.md.
    pub short_cost: ShortCost,
    /// How long-only weights are scaled; see `long_only_weights` in docs/conventions.md.
    pub long_only_weights: LongOnlyWeights,
    /// Whether a position may hold a part of a share.
    pub shares: Shares,
}

/// Sizing of one decision, with its equity and the scale of its weights.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget<'a> {
    sizing: &'a Sizing,
    equity: f64,
    scale: WeightScale,
}

#[derive(Debug, Clone, Copy)]
enum WeightScale {
    None,
    Divide(f64),
    Multiply(f64),
}

impl Sizing {
    /// What a weight adds to the sum that the weights are scaled by: the weight itself, or its size if short positions are
    /// allowed.
    #[inline]
    pub(crate) fn weight_size(&self, weight: f64) -> f64 {
        match self.sizer {
            OrderSizer::LongOnly { .. } => weight,
            OrderSizer::LongShort { .. } => weight.abs(),
        }
    }

    /// Whether weights with this sum are scaled up to full investment. A sum that differs from 1 only by rounding is not.
    pub(crate) fn scales_up(&self, sum: f64) -> bool {
        let rescales = self.long_only_weights == LongOnlyWeights::RescaleToOne
            && matches!(self.sizer, OrderSizer::LongOnly { .. });
        rescales && NOTHING < sum && sum < 1.0 - NOTHING
    }

    /// The budget of a decision with this equity, whose [`Sizing::weight_size`] sum to `sum`.
    pub(crate) fn budget(&self, equity: f64, sum: f64) -> Budget<'_> {
        let (equity, scale) = match self.sizer {
            OrderSizer::LongOnly { cash_buffer } => {
                let rescales = match self.long_only_weights {
                    LongOnlyWeights::RescaleToOne => sum.abs() > NOTHING,
                    LongOnlyWeights::RescaleAboveOne => sum > 1.0,
                };
                (
                    equity * (1.0 - cash_buffer),
                    if rescales { WeightScale::Divide(sum) } else { WeightScale::None },
                )
            }
            OrderSizer::LongShort { gross } => {
                let scale = match gross {
                    GrossExposure::Leverage(leverage) if sum > NOTHING => {
                        WeightScale::Multiply(leverage / sum)
                    }
                    GrossExposure::Most(most) if sum > most => WeightScale::Multiply(most / sum),
                    _ => WeightScale::None,
                };
                (equity, scale)
            }
        };
        Budget { sizing: self, equity, scale }
    }

    /// The budget of a decision with this equity whose weights are exposures already.
    pub(super) fn unscaled(&self, equity: f64) -> Budget<'_> {
        Budget { sizing: self, equity, scale: WeightScale::None }
    }
}

impl Budget<'_> {
    /// The position that a weight stands for, as a fraction of the equity: the scaled weight without the cash buffer.
    pub(super) fn exposure(&self, weight: f64) -> f64 {
        match self.sizing.sizer {
            OrderSizer::LongOnly { cash_buffer } => self.scaled(weight) * (1.0 - cash_buffer),
            OrderSizer::LongShort { .. } => self.scaled(weight),
        }
    }

    /// The scaled weight.
    #[inline]
    pub(crate) fn scaled(&self, weight: f64) -> f64 {
        match self.scale {
            WeightScale::None => weight,
            WeightScale::Divide(sum) => weight / sum,
            WeightScale::Multiply(factor) => weight * factor,
        }
    }

    /// Target number of shares, whole unless positions may be fractional and `FRACTIONS` are compiled, of an asset with this
    /// weight and price, of which `held` shares are held now. May be infinite or NaN.
    #[inline(always)]
    pub(crate) fn shares<const FRACTIONS: bool>(&self, weight: f64, price: f64, held: f64) -> f64 {
        let value = self.equity * self.scaled(weight);
        let traded = match self.sizing.cost_estimate {
            CostEstimate::WholeTarget => value,
            CostEstimate::TradedDifference => value - held * price,
        };
        let cost = self.sizing.fees.estimate(traded, price);
        // A small target left of a large position is not sold into the other sign.
        if self.sizing.cost_estimate == CostEstimate::TradedDifference && cost > value.abs() {
            return 0.0;
        }
        let is_whole = !FRACTIONS || self.sizing.shares == Shares::Whole;
        match self.sizing.sizer {
            OrderSizer::LongOnly { .. } => {
                let shares = (value - cost) / price;
                if is_whole { shares.floor() } else { shares }
            }
            OrderSizer::LongShort { gross } => {
                let after_cost = match self.sizing.short_cost {
                    ShortCost::Reduces if value < 0.0 => value + cost,
                    _ => value - cost,
                };
                match gross {
                    _ if !is_whole => after_cost / price,
                    GrossExposure::Leverage(_) => (after_cost.trunc() / price).trunc(),
                    GrossExposure::Most(_) => (after_cost / price).trunc(),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::conventions::{Conventions, FeeBase, TaxedSides};

    fn sizing(sizer: OrderSizer, commission: f64, conventions: Conventions) -> Sizing {
        let fees = Fees {
            commission,
            tax: 0.0,
            commission_per_share: 0.0,
            commission_minimum: 0.0,
            slippage: 0.0,
            base: FeeBase::WholeUnits,
            taxed_sides: TaxedSides::BuysAndSells,
        };
        Sizing {
            sizer,
            fees,
            cost_estimate: conventions.cost_estimate,
            short_cost: conventions.short_cost,
            long_only_weights: conventions.long_only_weights,
            shares: Shares::Whole,
        }
    }

    #[test]
    fn long_only_rescales_and_rounds_down() {
        let qstrader = sizing(OrderSizer::LongOnly { cash_buffer: 0.1 }, 0.01, Conventions::QSTRADER);
        // 1000 * 0.9 * 0.5 = 450, minus 4.5 of cost, at 10.
        assert_eq!(qstrader.budget(1000.0, 0.5).shares::<true>(0.25, 10.0, 0.0), 44.0);
        let sound = sizing(OrderSizer::LongOnly { cash_buffer: 0.1 }, 0.01, Conventions::SOUND);
        assert_eq!(
            sound.budget(1000.0, 0.5).shares::<true>(0.25, 10.0, 0.0),
            22.0,
            "a sum below 1 is not rescaled"
        );
        assert_eq!(
            sound.budget(1000.0, 2.0).shares::<true>(1.0, 10.0, 44.0),
            44.0,
            "only the difference costs"
        );
    }

    #[test]
    fn only_a_part_that_long_only_rescales_is_scaled_up() {
        let long_only = OrderSizer::LongOnly { cash_buffer: 0.0 };
        let scales_up = |sizer, conventions| {
            let sizing = sizing(sizer, 0.0, conventions);
            [0.0, 1e-8, 0.5, 6.0 * (1.0 / 6.0), [1.0 / 6.0; 6].iter().sum(), 2.0]
                .map(|sum| sizing.scales_up(sum))
        };
        assert_eq!(scales_up(long_only, Conventions::QSTRADER), [false, false, true, false, false, false]);
        assert_eq!(scales_up(long_only, Conventions::SOUND), [false; 6]);
        assert_eq!(
            scales_up(OrderSizer::LongShort { gross: GrossExposure::Leverage(1.0) }, Conventions::QSTRADER),
            [false; 6]
        );
    }

    #[test]
    fn long_short_truncates_toward_zero() {
        let sizer = OrderSizer::LongShort { gross: GrossExposure::Leverage(2.0) };
        let qstrader = sizing(sizer, 0.01, Conventions::QSTRADER);
        // 1000 * -0.5 * 2 = -1000, with cost -1010, at 10.3.
        assert_eq!(qstrader.budget(1000.0, 1.0).shares::<true>(-0.5, 10.3, 0.0), -98.0);
        let sound = sizing(sizer, 0.01, Conventions::SOUND);
        assert_eq!(sound.budget(1000.0, 1.0).shares::<true>(-0.5, 10.3, 0.0), -96.0);
    }
}
