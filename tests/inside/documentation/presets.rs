//! The presets side by side in `docs/conventions.md`: every number there is one that the program prints.

use super::{check_generated, document, printed};
use crate::engine::conventions::{Conventions, PRESETS};
use crate::inside::support::project;

/// The figures that the table of single fields shows.
const SHOWN: [&str; 5] =
    ["Final equity", "Growth a year (CAGR)", "Volatility a year", "Sharpe ratio", "Sortino ratio"];

/// The tear sheet of the strategy that the document shows, with one more key set.
fn sheet(setting: &str) -> String {
    printed(
        &project(""),
        &format!("run strategies/momentum.toml --quiet --params costs.commission=0.001 --params {setting}"),
    )
}

/// What a tear sheet shows of a figure of the strategy.
fn shown<'s>(sheet: &'s str, figure: &str) -> &'s str {
    let line = sheet.lines().find(|line| line.starts_with(figure));
    let line = line.unwrap_or_else(|| panic!("no line '{figure}' in {sheet}"));
    line.get(22..40).expect("a column of numbers").trim()
}

#[test]
fn the_presets_side_by_side_are_real() {
    let text = document("conventions.md");
    let (_, rest) = text.split_once("<!-- presets side by side -->\n").expect("the table");
    let (table, _) = rest.split_once("<!-- end -->").expect("the end of the table");
    let sheets = PRESETS.map(|(preset, _)| sheet(&format!("conventions={preset}")));
    assert!(table.starts_with(&format!("| Figure | `{}` | `{}` |", PRESETS[0].0, PRESETS[1].0)));
    let rows: Vec<Vec<&str>> =
        table.lines().skip(2).map(|row| row.split('|').map(str::trim).collect()).collect();
    assert!(rows.len() > 10, "found {} rows", rows.len());
    for row in rows {
        let real = sheets.each_ref().map(|sheet| shown(sheet, row[1]));
        assert_eq!(row[2..4], real, "docs/conventions.md: {}", row[1]);
    }
}

#[test]
fn what_single_fields_do_is_real() {
    let [(qstrader, base), (_, sound)] = PRESETS;
    let figures = |setting: &str| {
        let sheet = sheet(setting);
        SHOWN.map(|figure| shown(&sheet, figure).to_owned())
    };
    let without = figures(&format!("conventions={qstrader}"));
    let row = |name: &str, figures: &[String]| format!("| {name} | {} |\n", figures.join(" | "));
    let mut table =
        format!("| Field and its choice | {} |\n|---{}|\n", SHOWN.join(" | "), "|---".repeat(SHOWN.len()));
    table += &row("none: `qstrader`", &without);
    for (place, field) in Conventions::FIELDS.iter().enumerate() {
        let choice = sound.named()[place].1;
        let with = figures(&format!("conventions.{field}={choice}"));
        assert_ne!(base.named()[place].1, choice);
        if with != without {
            table += &row(&format!("[`{field}`](#{field}) = `{choice}`"), &with);
        }
    }
    check_generated("conventions.md", "single fields", &table);
}
