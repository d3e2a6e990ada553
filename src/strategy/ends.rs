//! Assets whose prices end before the backtest does: from which day on they are gone, and what a share of them becomes. See
//! "after_last_bar" in docs/conventions.md.

use super::definition::Strategy;
use crate::engine::conventions::AfterLastBar;
use crate::engine::stage::Payout;
use crate::market::prices::{AssetId, Market};
use crate::market::universe::Member;

/// The prices of an asset have ended if so many days of the backtest, or more, come after its last bar.
const DAYS_AFTER: usize = 6;

/// The first day after the last bar of an asset whose prices end; 0 if that bar comes before the first day. `None` if they do
/// not end, or if an asset keeps its last price.
pub(crate) fn end_of(strategy: &Strategy, market: &Market, asset: AssetId) -> Option<usize> {
    if strategy.conventions.after_last_bar == AfterLastBar::LastPrice {
        return None;
    }
    let last = market.last_known_bar(asset)?;
    let day = usize::try_from(market.calendar().day(last.date.next())).unwrap_or(0);
    (day + DAYS_AFTER <= market.days()).then_some(day)
}

/// What becomes of a position in an asset whose prices end before a day: it is worth its final price if the strategy states
/// one, else the close of its last bar.
pub(crate) fn payout(strategy: &Strategy, market: &Market, asset: AssetId, day: usize) -> Option<Payout> {
    let stated = strategy.final_prices.iter().find(|(symbol, _)| symbol == market.symbol(asset));
    let price = match stated {
        Some((_, price)) => *price,
        None => market.last_known_bar(asset)?.close,
    };
    Some(Payout { day, asset, price })
}

/// Ends every membership at the day at which the prices of its asset have ended. `ends`: that day by asset.
pub(crate) fn cut(members: &mut [Member], ends: &[Option<usize>]) {
    for member in members {
        let Some(end) = ends[member.asset.0 as usize] else { continue };
        for spell in &mut member.spells {
            for days in [&mut spell.opens, &mut spell.closes] {
                *days = days.start.min(end)..days.end.min(end);
            }
        }
        member.spells.retain(|spell| !spell.opens.is_empty() || !spell.closes.is_empty());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::market::universe::Spell;
    use crate::strategy::prepare::prepare;
    use crate::strategy::testing::strategy;

    #[test]
    fn a_membership_ends_with_the_prices() {
        let keys = "universe = { assets = [\"A\", \"B\", \"C\"] }";
        let (_folder, strategy) = strategy(keys, &["A", "B", "C"].map(|name| (name, "2023-01-02,1,1\n")));
        let mut members = prepare(&strategy).unwrap().members;
        let spell = |opens, closes| Spell { opens, closes };
        let spells = vec![spell(1..4, 0..4), spell(6..9, 6..9), spell(9..20, 8..20), spell(30..40, 30..40)];
        members.iter_mut().for_each(|member| member.spells = spells.clone());
        cut(&mut members, &[Some(9), None, Some(0)]);
        let expected = [spell(1..4, 0..4), spell(6..9, 6..9), spell(9..9, 8..9)];
        assert_eq!(members[0].spells, expected);
        assert_eq!(members[1].spells, spells);
        assert_eq!(members[2].spells, []);
    }
}
