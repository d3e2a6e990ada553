//! The position in each asset at every point of the curve, from the fills and the closes.

use crate::market::prices::AssetId;
use crate::strategy::run::BacktestResult;

/// The position in an asset over time.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Position {
    /// The asset.
    pub asset: AssetId,
    /// Its value over the equity at each point of the curve, negative if short; 0 at the initial cash.
    pub weights: Vec<f64>,
    /// Number of fills and payouts.
    pub fills: usize,
    /// Number of days of the curve on which it was held.
    pub days: usize,
    /// Its profit: sales, payouts and the value at the end, less purchases and commissions.
    pub profit: f64,
}

/// The positions in all assets that were traded, in the order of the market.
pub(crate) fn positions(result: &BacktestResult) -> Vec<Position> {
    let fills = &result.record.fills;
    let mut assets: Vec<AssetId> = fills.iter().map(|fill| fill.asset).collect();
    assets.sort();
    assets.dedup();
    let points = result.dates.len();
    let first_day = result.market.days() - result.days().len();
    let position = |asset: AssetId| {
        let close = result.market.close(asset);
        let own: Vec<_> = fills.iter().filter(|fill| fill.asset == asset).collect();
        let mut next = own.iter().peekable();
        let (mut quantity, mut held) = (0.0, 0);
        let mut weights = Vec::with_capacity(points);
        weights.resize(result.cash_points, 0.0);
        for (index, equity) in result.equity[result.cash_points..].iter().enumerate() {
            let day = first_day + index;
            while let Some(fill) = next.next_if(|fill| fill.day <= day) {
                quantity += fill.quantity;
            }
            held += usize::from(quantity != 0.0);
            weights.push(if quantity == 0.0 { 0.0 } else { quantity * close[day] / equity });
        }
        let paid: f64 = own.iter().map(|fill| fill.price * fill.quantity + fill.commission).sum();
        let worth = if quantity == 0.0 { 0.0 } else { quantity * close[result.market.days() - 1] };
        Position { asset, weights, fills: own.len(), days: held, profit: worth - paid }
    };
    assets.into_iter().map(position).collect()
}
