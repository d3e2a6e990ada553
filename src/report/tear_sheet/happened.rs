//! What happened in a backtest besides its fills: orders that waited, payouts, interest, debt. Only what did happen.

use crate::engine::account::FillKind;
use crate::engine::journal::Record;
use crate::engine::simulate::Outcome;
use crate::report::tear_sheet::positions::positions;
use crate::strategy::run::BacktestResult;
use crate::strategy::run_notices::CASH_LEAST;
use crate::text::number::money;

/// Lines of a name and a value. `days` is what the days of the curve are called.
pub(crate) fn happened(result: &BacktestResult, days: &str) -> Vec<(&'static str, String)> {
    let mut lines = lines(&result.record, &result.outcome, days);
    let owing = days_in_debt(result);
    if owing > 0 {
        lines.push(("Cash below zero", format!("on {owing} of {} {days}", result.days().len())));
    }
    lines
}

/// The lines that need no curve.
fn lines(record: &Record, outcome: &Outcome, days: &str) -> Vec<(&'static str, String)> {
    let mut lines = Vec::new();
    if record.within_band > 0 {
        let decisions = record.within_band + record.decisions.len();
        lines.push(("Within the band", format!("{} of {decisions} decisions", record.within_band)));
    }
    if let Some(longest) = record.waited.iter().map(|order| order.until - order.due).max() {
        let waited = record.waited.len();
        lines.push(("Orders that waited", format!("{waited}, the longest for {longest} {days}")));
    }
    let payouts: Vec<f64> = record
        .fills
        .iter()
        .filter(|fill| fill.kind == FillKind::PaidOut)
        .map(|fill| 0.0 - fill.price * fill.quantity)
        .collect();
    if !payouts.is_empty() {
        let sum = payouts.iter().fold(0.0, |sum, cash| sum + cash);
        lines.push(("Ended and paid out", format!("{}, {} in cash", payouts.len(), money(sum))));
    }
    let earned = outcome.interest + outcome.interest_paid;
    // Less than a cent is what rounding leaves.
    if earned >= 0.005 {
        lines.push(("Interest earned", money(earned)));
    }
    if outcome.interest_paid >= 0.005 {
        lines.push(("Interest paid", money(outcome.interest_paid)));
    }
    lines
}

/// Number of days at whose close cash is below zero: equity less what all positions are worth.
fn days_in_debt(result: &BacktestResult) -> usize {
    // Cash falls by fills and by interest that is paid.
    let may_owe =
        result.outcome.interest_paid > 0.0 || result.record.fills.iter().any(|fill| fill.cash < CASH_LEAST);
    if !may_owe {
        return 0;
    }
    let mut worth = vec![0.0; result.equity.len()];
    for position in positions(result) {
        for ((worth, weight), equity) in worth.iter_mut().zip(&position.weights).zip(&result.equity) {
            *worth += weight * equity;
        }
    }
    result.equity.iter().zip(&worth).filter(|(equity, worth)| *equity - *worth < CASH_LEAST).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::account::Fill;
    use crate::engine::journal::Waited;
    use crate::market::date::Phase;
    use crate::market::prices::AssetId;

    #[test]
    fn only_what_happened_is_told() {
        assert_eq!(lines(&Record::default(), &Outcome::default(), "sessions"), []);
        let (asset, phase) = (AssetId(0), Phase::Open);
        let fill = |kind, quantity| Fill {
            day: 3,
            phase,
            kind,
            asset,
            quantity,
            price: 12.5,
            commission: 0.0,
            cash: 0.0,
        };
        let record = Record {
            fills: vec![fill(FillKind::Trade, 100.0), fill(FillKind::PaidOut, -100.0)],
            waited: vec![
                Waited { asset, decided: 0, due: 1, until: 6 },
                Waited { asset, decided: 1, due: 2, until: 3 },
            ],
            within_band: 3,
            ..Record::default()
        };
        let outcome = Outcome { interest: -20.0, interest_paid: 50.0, ..Outcome::default() };
        let expected = [
            ("Within the band", "3 of 3 decisions"),
            ("Orders that waited", "2, the longest for 5 sessions"),
            ("Ended and paid out", "1, 1,250.00 in cash"),
            ("Interest earned", "30.00"),
            ("Interest paid", "50.00"),
        ];
        let found = lines(&record, &outcome, "sessions");
        assert_eq!(found, expected.map(|(name, value)| (name, value.to_owned())));
        let outcome = Outcome { interest: -50.0, interest_paid: 50.0, ..Outcome::default() };
        assert_eq!(lines(&Record::default(), &outcome, "sessions"), [("Interest paid", "50.00".to_owned())]);
    }
}
