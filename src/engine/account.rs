//! Cash and shares of the portfolio. Only fills, payouts and interest change them; see "What happens on a day" in
//! docs/strategy-file.md.

use super::fees::Fees;
use crate::market::date::Phase;
use crate::market::prices::AssetId;

/// An order to trade.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Order {
    /// The asset.
    pub asset: AssetId,
    /// Shares, negative to sell.
    pub quantity: f64,
}

/// Why shares changed hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FillKind {
    /// An order was executed.
    Trade,
    /// The prices of the asset have ended, and its shares became cash.
    PaidOut,
}

impl FillKind {
    /// Its name in results.
    pub(crate) fn name(self) -> &'static str {
        match self {
            FillKind::Trade => "trade",
            FillKind::PaidOut => "paid_out",
        }
    }
}

/// An executed order, or a payout.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Fill {
    /// Day of the market.
    pub day: usize,
    /// Whether it happens at the open or at the close.
    pub phase: Phase,
    /// Why it happens.
    pub kind: FillKind,
    /// The asset.
    pub asset: AssetId,
    /// Shares, negative for a sale.
    pub quantity: f64,
    /// Price per share paid or received, slippage included.
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
    /// Empties the portfolio for a new backtest with this cash over `assets` assets.
    pub(crate) fn reset(&mut self, cash: f64, assets: usize) {
        self.cash = cash;
        self.quantities.clear();
        self.quantities.resize(assets, 0.0);
        self.held.clear();
    }

    /// Shares held of an asset, negative if it is sold short.
    #[inline]
    pub(crate) fn quantity(&self, asset: AssetId) -> f64 {
        self.quantities[asset.0 as usize]
    }

    /// Held assets in opening order.
    pub(crate) fn held(&self) -> &[AssetId] {
        &self.held
    }

    /// Turns the shares held of an asset into cash at the open of a day.
    pub(crate) fn pay_out(&mut self, asset: AssetId, day: usize, price: f64) -> Fill {
        let holding = std::mem::take(&mut self.quantities[asset.0 as usize]);
        self.cash += holding * price;
        self.held.retain(|held| *held != asset);
        let (phase, kind) = (Phase::Open, FillKind::PaidOut);
        Fill { day, phase, kind, asset, quantity: -holding, price, commission: 0.0, cash: self.cash }
    }

    /// Executes an order at the price of an event: cash and shares change, whatever the cash.
    #[inline]
    pub(crate) fn fill(&mut self, order: Order, day: usize, phase: Phase, price: f64, fees: &Fees) -> Fill {
        let Order { asset, quantity } = order;
        let price = fees.fill_price(price, quantity);
        let commission = fees.charge(price, quantity);
        self.cash -= price * quantity + commission;
        let holding = &mut self.quantities[asset.0 as usize];
        let before = *holding;
        *holding += quantity;
        if before == 0.0 {
            self.held.push(asset);
        } else if *holding == 0.0 {
            self.held.retain(|held| *held != asset);
        }
        Fill { day, phase, kind: FillKind::Trade, asset, quantity, price, commission, cash: self.cash }
    }
}
