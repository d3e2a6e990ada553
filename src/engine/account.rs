//! Cash and shares (SEM 12). Changes by fills alone.

use super::fees::Fees;
use crate::market::prices::AssetId;

/// An order to trade at the next open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Order {
    /// The asset.
    pub asset: AssetId,
    /// Whole shares, negative to sell.
    pub quantity: f64,
}

/// An order carried out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Fill {
    /// The day, at its open.
    pub day: usize,
    /// The asset.
    pub asset: AssetId,
    /// Whole shares, negative for a sale.
    pub quantity: f64,
    /// Price paid or received a share, slippage included.
    pub price: f64,
    /// Commission and tax.
    pub commission: f64,
    /// Cash after the fill.
    pub cash: f64,
}

/// Cash, shares of every asset, and the held assets in the order in which their positions were opened.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Portfolio {
    /// Cash, never rounded.
    pub cash: f64,
    quantities: Vec<f64>,
    held: Vec<AssetId>,
}

impl Portfolio {
    /// Empties the portfolio for a new backtest over so many assets.
    pub(crate) fn reset(&mut self, cash: f64, assets: usize) {
        self.cash = cash;
        self.quantities.clear();
        self.quantities.resize(assets, 0.0);
        self.held.clear();
    }

    /// Shares of an asset.
    #[inline]
    pub(crate) fn quantity(&self, asset: AssetId) -> f64 {
        self.quantities[asset.0 as usize]
    }

    /// Held assets in opening order.
    pub(crate) fn held(&self) -> &[AssetId] {
        &self.held
    }

    /// Trades an order at the open of a day.
    #[inline]
    pub(crate) fn fill(&mut self, order: Order, day: usize, open: f64, fees: &Fees) -> Fill {
        let Order { asset, quantity } = order;
        let price = fees.fill_price(open, quantity);
        let commission = fees.of_fill(price, quantity);
        self.cash -= price * quantity + commission;
        let holding = &mut self.quantities[asset.0 as usize];
        let before = *holding;
        *holding += quantity;
        if before == 0.0 {
            self.held.push(asset);
        } else if *holding == 0.0 {
            self.held.retain(|held| *held != asset);
        }
        Fill { day, asset, quantity, price, commission, cash: self.cash }
    }
}
