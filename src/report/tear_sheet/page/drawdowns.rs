//! A table of the deepest drawdowns.

use maud::{Markup, html};

use super::TearSheet;
use crate::report::page::parts::scrolled;
use crate::stats::drawdown_spells::spells;
use crate::text::number::percent;

/// The most rows of the table.
const SHOWN: usize = 10;

/// The section.
pub(crate) fn drawdowns(sheet: &TearSheet) -> Markup {
    let mut falls = spells(&sheet.curve.drawdowns);
    falls.sort_by(|a, b| b.depth.total_cmp(&a.depth).then(a.high.cmp(&b.high)));
    if falls.is_empty() {
        return html! { p { "The equity never fell below a high." } };
    }
    let date = |point: usize| sheet.result.dates[point].to_string();
    let last = sheet.result.dates.len() - 1;
    let time = |from: usize, to: usize| {
        format!("{} ({})", to - from, sheet.result.dates[to] - sheet.result.dates[from])
    };
    html! {
        p.soft { "The deepest " (falls.len().min(SHOWN)) " of " (falls.len()) "; in " (sheet.days_named()) ", in brackets in calendar days." }
        (scrolled("The deepest drawdowns", html! {
            table {
                caption.hidden-text { "The deepest drawdowns" }
                thead { tr {
                    th scope="col" { "depth" } th.text scope="col" { "high" } th.text scope="col" { "low" } th.text scope="col" { "made good" }
                    th scope="col" { "down" } th scope="col" { "back" }
                } }
                tbody { @for fall in falls.iter().take(SHOWN) {
                    tr {
                        td { (percent(fall.depth)) } td.text { (date(fall.high)) } td.text { (date(fall.low)) }
                        td.text { (fall.back.map_or("not yet".to_owned(), date)) }
                        td { (time(fall.high, fall.low)) }
                        td { (time(fall.low, fall.back.unwrap_or(last))) @if fall.back.is_none() { "+" } }
                    }
                } }
            }
        }))
    }
}
