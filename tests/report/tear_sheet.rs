//! The tear sheet as a file: its figures are those of the JSON, and its parts add up.
#![allow(clippy::unwrap_used, reason = "all of this file is a test")]

use std::fs;

use super::markup::{elements, rows};
use super::{HOSTILE, read, tear_sheet};
use crate::aggregate::{backtest, text};
use crate::support::{project, write};

fn number(text: &str) -> f64 {
    text.replace(',', "").trim_end_matches(" %").parse().unwrap()
}

#[test]
fn every_section_is_there() {
    let (_folder, path) = tear_sheet("momentum", &[]);
    let page = read(&path);
    let sections: Vec<String> = elements(&page)
        .into_iter()
        .filter(|element| element.name == "section")
        .map(|section| section.attribute("id").unwrap().to_owned())
        .collect();
    let expected =
        ["curves", "statistics", "returns", "drawdowns", "rolling", "holdings", "fills", "provenance"];
    assert_eq!(sections, expected);
    assert!(page.contains("IBM held") && page.contains("backtest run strategies/momentum.toml"));
    assert!(page.matches("<details class=\"definition\">").count() > 15, "figures have their formulas");
}

#[test]
fn months_and_years_are_those_of_the_json() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("result.json");
    let (_folder, path) = tear_sheet("momentum", &["--output", file.to_str().unwrap()]);
    let json: serde_json::Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let page = read(&path);
    let table = page.split("class=\"months\"").nth(1).unwrap().split("</table>").next().unwrap();
    let shown: Vec<String> = table
        .split("<td style=")
        .skip(1)
        .map(|cell| cell.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned())
        .collect();
    let strategy = &json["strategy"];
    let months = strategy["monthly_agg_returns"].as_array().unwrap();
    let expected: Vec<String> =
        months.iter().map(|month| format!("{:.1}", 100.0 * month[1].as_f64().unwrap())).collect();
    assert_eq!(shown, expected);
    let years = strategy["yearly_agg_returns"].as_array().unwrap();
    let shown: Vec<&str> =
        table.split("<td class=\"year\">").skip(1).map(|cell| cell.split('<').next().unwrap()).collect();
    let expected: Vec<String> =
        years.iter().map(|year| format!("{:.1}", 100.0 * year[1].as_f64().unwrap())).collect();
    assert_eq!(shown, expected);
}

#[test]
fn what_the_assets_earned_is_the_gain_of_the_equity() {
    for (strategy, more) in [
        ("momentum", &[][..]),
        ("long_short", &[][..]),
        ("momentum", &["--params", "costs.commission=0.01", "--params", "costs.slippage=0.001"][..]),
        ("buy_and_hold", &[][..]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("equity.csv");
        let (_folder, path) = tear_sheet(strategy, &[&["--equity", file.to_str().unwrap()], more].concat());
        let earned: f64 = rows(&read(&path), "assets").iter().map(|row| number(&row[1])).sum();
        let equity = fs::read_to_string(&file).unwrap();
        let last = equity.lines().last().unwrap().split(',').nth(1).unwrap();
        assert!((earned - (number(last) - 1_000_000.0)).abs() < 1.0, "{strategy}: {earned} of {last}");
    }
}

#[test]
fn the_fills_are_those_of_the_file_the_last_first() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fills.csv");
    let (_folder, path) = tear_sheet("mean_reversion", &["--fills", file.to_str().unwrap()]);
    let page = read(&path);
    let shown = rows(&page, "orders");
    let fills = fs::read_to_string(&file).unwrap();
    let fills: Vec<Vec<&str>> = fills.lines().skip(1).map(|line| line.split(',').collect()).collect();
    assert_eq!(shown.len(), fills.len().min(1000));
    for (shown, fill) in shown.iter().zip(fills.iter().rev()) {
        assert_eq!((&fill[0][..10], fill[1]), (shown[0].as_str(), shown[1].as_str()));
        let sign = if shown[2] == "sell" { -1.0 } else { 1.0 };
        assert_eq!(sign * number(&shown[3]), number(fill[2]));
    }
}

#[test]
fn a_hostile_strategy_stays_text_and_odd_ones_have_pages() {
    let folder = tempfile::tempdir().unwrap();
    let prices = project("data/prices");
    let page_of = |strategy: &str| {
        write(folder.path(), "s.toml", format!("{strategy}\n[data]\nprices = {prices:?}\n").as_bytes());
        let page = folder.path().join("page.html");
        let strategy = folder.path().join("s.toml");
        let arguments = ["run", strategy.to_str().unwrap(), "--quiet", "--report", page.to_str().unwrap()];
        let output = backtest(&arguments);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        read(&page)
    };
    let page = page_of(HOSTILE);
    let found = elements(&page);
    assert_eq!(found.iter().filter(|element| element.name == "script").count(), 1);
    assert!(!found.iter().any(|element| element.name == "img"));
    let never = HOSTILE.replace("> 0", "< 0");
    let page = page_of(&never);
    elements(&page);
    assert!(page.contains("Nothing was ever held") && page.contains("There was no fill"));
    let short = HOSTILE.replace("end = 2007-12-31", "end = 2005-01-05");
    let page = page_of(&short);
    elements(&page);
    assert!(page.contains("too short for a moving window"));
}

#[test]
fn a_report_needs_one_backtest_and_a_file_of_its_own() {
    let run = |arguments: &[&str]| backtest(&[&["run"], arguments].concat());
    let output = run(&["--params", "sweeps/momentum.toml", "--report", "x.html"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("--point"), "{}", text(&output.stderr));
    let strategy = "strategies/momentum.toml";
    let output = run(&[strategy, "--report", strategy]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
}
