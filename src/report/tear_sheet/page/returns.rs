//! A chart of yearly returns beside those of the benchmark, and a table of monthly returns.

use maud::{Markup, html};

use super::TearSheet;
use crate::draw::bars::{Bar, bars};
use crate::draw::heat_map::colour_scale::ColourScale;
use crate::draw::value_format::ValueFormat;
use crate::report::page::parts::{figure, scrolled};
use crate::stats::aggregate::aggregate;
use crate::stats::better::Better;
use crate::stats::curve::Curve;
use crate::strategy::run::BacktestResult;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const HEIGHT: f64 = 200.0;

/// The section.
pub(crate) fn returns(sheet: &TearSheet) -> Markup {
    let result = sheet.result;
    let years = yearly(result, &result.equity, &sheet.curve);
    let others = result.benchmark.as_ref().zip(sheet.benchmark.as_ref());
    let others = others.map(|(benchmark, curve)| yearly(result, &benchmark.equity, curve));
    let some: Vec<Bar> = years
        .iter()
        .enumerate()
        .map(|(index, (year, value))| Bar {
            label: year.to_string(),
            value: *value,
            beside: others.as_ref().and_then(|others| others.get(index)).map(|(_, value)| *value),
        })
        .collect();
    let name = sheet.benchmark_name().unwrap_or_default();
    let best = years.iter().max_by(|a, b| a.1.total_cmp(&b.1));
    let worst = years.iter().min_by(|a, b| a.1.total_cmp(&b.1));
    let description = best.zip(worst).map_or(String::new(), |(best, worst)| {
        format!(
            "Returns of {} years, from {:.1} percent in {} to {:.1} percent in {}.",
            years.len(),
            100.0 * worst.1,
            worst.0,
            100.0 * best.1,
            best.0
        )
    });
    html! {
        (figure("Years", "The first and the last year may be parts of one.",
            bars(&description, &some, ["Strategy", &name], ValueFormat::Percent, HEIGHT)))
        (figure("Months", "In percent. Blue: gains, orange: losses.", months(sheet, &years)))
    }
}

fn yearly(result: &BacktestResult, equity: &[f64], curve: &Curve) -> Vec<(i32, f64)> {
    let years: Vec<i32> = result.period_dates().map(|date| date.ymd().0).collect();
    aggregate(equity, &curve.returns, &years)
}

fn months(sheet: &TearSheet, years: &[(i32, f64)]) -> Markup {
    let keys: Vec<(i32, u32)> =
        sheet.result.period_dates().map(|date| (date.ymd().0, date.ymd().1)).collect();
    let months = aggregate(&sheet.result.equity, &sheet.curve.returns, &keys);
    let values: Vec<f64> = months.iter().map(|(_, value)| *value).collect();
    // The scale is neutral at zero even if every month gained.
    let ends = values
        .iter()
        .fold(0.0f64, |most, value| if value.is_finite() { most.max(value.abs()) } else { most });
    let scale = ColourScale::new(&[&values[..], &[-ends, ends]].concat(), Better::High);
    let look = |value: f64| {
        let colour = scale.as_ref().filter(|_| value.is_finite() && ends > 0.0)?.colour(value);
        Some(format!("background:{};color:{}", colour.hex(), colour.text()))
    };
    let value =
        |year: i32, month: u32| months.iter().find(|(key, _)| *key == (year, month)).map(|(_, value)| *value);
    let text = |value: f64| if value.is_nan() { "-".to_owned() } else { format!("{:.1}", 100.0 * value) };
    scrolled(
        "Returns of months in percent",
        html! {
            table.months {
                caption.hidden-text { "Returns of months in percent" }
                thead { tr { th scope="col" { "" } @for month in MONTHS { th scope="col" { (month) } } th scope="col" { "Year" } } }
                tbody { @for (year, total) in years {
                    tr {
                        th scope="row" { (year) }
                        @for month in 1..=12 {
                            @match value(*year, month) {
                                Some(value) => td style=[look(value)] { (text(value)) },
                                None => td {},
                            }
                        }
                        td.year { (text(*total)) }
                    }
                } }
            }
        },
    )
}
