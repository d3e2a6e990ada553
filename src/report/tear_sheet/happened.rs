//! What happened in a backtest besides its fills: orders that waited, payouts, interest, debt. Only what did happen.

use crate::engine::account::FillKind;
use crate::report::tear_sheet::positions::positions;
use crate::strategy::run::BacktestResult;
use crate::strategy::run_notices::CASH_LEAST;
use crate::text::number::money;

/// Lines of a name and a value. `days` is what the days of the curve are called.
pub(crate) fn happened(result: &BacktestResult, days: &str) -> Vec<(&'static str, String)> {
    let BacktestResult { record, outcome, .. } = result;
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
        lines.push(("Paid out at the end", format!("{}, {} in cash", payouts.len(), money(sum))));
    }
    let earned = outcome.interest + outcome.interest_paid;
    // Less than a cent is what rounding leaves.
    if earned >= 0.005 {
        lines.push(("Interest earned", money(earned)));
    }
    if outcome.interest_paid >= 0.005 {
        lines.push(("Interest paid", money(outcome.interest_paid)));
    }
    let owing = days_in_debt(result);
    if owing > 0 {
        lines.push(("Cash below zero", format!("on {owing} of {} {days}", result.days().len())));
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
