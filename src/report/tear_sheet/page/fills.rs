//! A table of the fills, the last one first.

use maud::{Markup, html};

use super::TearSheet;
use crate::engine::account::{Fill, FillKind};
use crate::report::page::parts::{TableColumn, TableRow, sortable};
use crate::text::number::{money, shares};

/// The most rows of the table.
const ROWS_MOST: usize = 1000;
/// The most rows on paper.
const PRINTED: usize = 100;

/// The section.
pub(crate) fn fills(sheet: &TearSheet) -> Markup {
    let result = sheet.result;
    let fills = &result.record.fills;
    let columns = [
        ("date", false),
        ("asset", false),
        ("side", false),
        ("quantity", true),
        ("price", true),
        ("value", true),
        ("commission", true),
        ("cash after", true),
    ]
    .map(|(heading, number)| TableColumn {
        heading: heading.to_owned(),
        name: heading.replace(' ', "_"),
        number,
        title: "",
    });
    let rows: Vec<TableRow> = fills
        .iter()
        .rev()
        .take(ROWS_MOST)
        .enumerate()
        .map(|(index, fill)| TableRow {
            cells: vec![
                result.market.date(fill.day).to_string(),
                result.market.symbol(fill.asset).to_owned(),
                side(fill).to_owned(),
                shares(fill.quantity.abs()),
                price(fill.price),
                money(fill.price * fill.quantity.abs()),
                money(fill.commission),
                money(fill.cash),
            ],
            class: if index < PRINTED { "" } else { "rest" },
            command: String::new(),
        })
        .collect();
    let pending = result.outcome.pending.len();
    html! {
        @if fills.is_empty() { p { "There was no fill." } } @else {
            p.soft {
                @if fills.len() > ROWS_MOST { "The last " (ROWS_MOST) " of " (fills.len()) " fills; " code { "--fills" } " writes all." }
                @else { "All " (fills.len()) " fills, the last first." }
            }
            (sortable("orders", "Fills", &columns, &rows, "for instance: side = sell"))
        }
        @if pending > 0 { p { (pending) @if pending == 1 { " order" } @else { " orders" } " stayed unfilled at the end." } }
    }
}

/// What a fill does.
fn side(fill: &Fill) -> &'static str {
    match fill.kind {
        FillKind::PaidOut => "paid out",
        FillKind::Trade if fill.quantity < 0.0 => "sell",
        FillKind::Trade => "buy",
    }
}

/// A price with two decimals, or with four if it is below 10.
fn price(value: f64) -> String {
    if value.abs() < 10.0 { format!("{value:.4}") } else { money(value) }
}
