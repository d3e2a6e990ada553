//! Commission, tax and slippage of a fill, and the estimate of them that sizing uses. Keys and formulas are under "Costs" in
//! docs/strategy-file.md. Looks up no prices.

use super::conventions::{FeeBase, TaxedSides};

/// The fees of a backtest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Fees {
    /// Commission as a fraction of the consideration, for buys and sells.
    pub commission: f64,
    /// Tax as a fraction of the consideration, for the sides that `taxed_sides` names.
    pub tax: f64,
    /// Commission per share, account currency.
    pub commission_per_share: f64,
    /// Least commission of one fill, account currency.
    pub commission_minimum: f64,
    /// Fraction of the open by which a fill is worse than the open.
    pub slippage: f64,
    /// What the fractions are taken of; see `fee_base` in docs/conventions.md.
    pub base: FeeBase,
    /// Which fills pay tax; see `taxed_sides` in docs/conventions.md.
    pub taxed_sides: TaxedSides,
}

impl Fees {
    /// Commission and tax of a fill of `quantity` shares (negative for a sale) at `price`, account currency.
    #[inline]
    pub(crate) fn charge(&self, price: f64, quantity: f64) -> f64 {
        let consideration = price * quantity;
        let base = match self.base {
            FeeBase::WholeUnits => consideration.round_ties_even(),
            FeeBase::Exact => consideration,
        };
        self.total(base, quantity.abs())
    }

    /// The sizers' estimate of the cost of trading a signed `value` at `price`, account currency. Not more than the value if
    /// there are fees per share or per fill.
    #[inline]
    pub(crate) fn estimate(&self, value: f64, price: f64) -> f64 {
        if self.commission_per_share == 0.0 && self.commission_minimum == 0.0 {
            return self.total(value, 0.0);
        }
        self.total(value, value.abs() / price).min(value.abs())
    }

    /// Price per share of a fill of `quantity` shares at an open: the open, made worse by slippage.
    #[inline]
    pub(crate) fn fill_price(&self, open: f64, quantity: f64) -> f64 {
        if quantity > 0.0 { open * (1.0 + self.slippage) } else { open * (1.0 - self.slippage) }
    }

    #[inline]
    fn total(&self, consideration: f64, shares: f64) -> f64 {
        let size = consideration.abs();
        let by_share = self.commission_per_share * shares;
        let commission = (self.commission * size + by_share).max(self.commission_minimum);
        let taxed = self.taxed_sides == TaxedSides::BuysAndSells || consideration > 0.0;
        commission + if taxed { self.tax * size } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FREE: Fees = Fees {
        commission: 0.0,
        tax: 0.0,
        commission_per_share: 0.0,
        commission_minimum: 0.0,
        slippage: 0.0,
        base: FeeBase::WholeUnits,
        taxed_sides: TaxedSides::BuysAndSells,
    };

    #[test]
    fn the_consideration_is_rounded_half_to_even() {
        let fees = Fees { commission: 0.01, ..FREE };
        assert_eq!(fees.charge(0.5, 1981.0), 0.01 * 990.0);
        assert_eq!(fees.charge(0.5, 1.0), 0.0);
        assert_eq!(Fees { base: FeeBase::Exact, ..fees }.charge(0.5, 1.0), 0.005);
    }

    #[test]
    fn commission_has_a_part_by_share_and_a_minimum() {
        let fees = Fees { commission_per_share: 0.005, commission_minimum: 1.0, ..FREE };
        assert_eq!(fees.charge(10.0, -100.0), 1.0);
        assert_eq!(fees.charge(10.0, 1000.0), 5.0);
        assert_eq!(fees.estimate(0.5, 10.0), 0.5, "an estimate does not exceed the value");
    }

    #[test]
    fn tax_may_spare_sales() {
        let fees = Fees { tax: 0.005, ..FREE };
        assert_eq!((fees.charge(10.0, -100.0), fees.charge(10.0, 100.0)), (5.0, 5.0));
        let fees = Fees { taxed_sides: TaxedSides::Buys, ..fees };
        assert_eq!((fees.charge(10.0, -100.0), fees.charge(10.0, 100.0)), (0.0, 5.0));
    }

    #[test]
    fn slippage_is_against_the_trade() {
        let fees = Fees { slippage: 0.01, ..FREE };
        assert_eq!((fees.fill_price(100.0, 1.0), fees.fill_price(100.0, -1.0)), (101.0, 99.0));
    }
}
