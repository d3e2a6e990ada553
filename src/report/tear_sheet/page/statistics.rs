//! Every figure with its formula, beside the benchmark's.

use maud::{Markup, html};

use super::TearSheet;
use crate::report::figure::{decimal, money, percent};
use crate::report::page::parts::{defined, scrolled};
use crate::stats::performance::Performance;

type Figure = (&'static str, fn(&Performance) -> String);

const BOTH: [Figure; 11] = [
    ("final_equity", |figures| money(figures.final_equity)),
    ("total_return", |figures| percent(figures.total_return)),
    ("cagr", |figures| percent(figures.cagr.unwrap_or(f64::NAN))),
    ("annualised_vol", |figures| percent(figures.annualised_vol)),
    ("sharpe", |figures| decimal(figures.sharpe.unwrap_or(f64::NAN))),
    ("sortino", |figures| decimal(figures.sortino.unwrap_or(f64::NAN))),
    ("calmar", |figures| decimal(figures.calmar.unwrap_or(f64::NAN))),
    ("max_drawdown", |figures| percent(figures.max_drawdown)),
    ("max_drawdown_duration", |figures| format!("{} days", figures.max_drawdown_duration)),
    ("skew", |figures| decimal(figures.skew.unwrap_or(f64::NAN))),
    ("kurtosis", |figures| decimal(figures.kurtosis.unwrap_or(f64::NAN))),
];

/// The section.
pub fn statistics(sheet: &TearSheet) -> Markup {
    let result = sheet.result;
    let benchmark = result.benchmark.as_ref();
    let outcome = &result.outcome;
    let own = [
        ("exposure", percent(outcome.exposure)),
        ("turnover", percent(result.turnover)),
        ("fills", outcome.fills.to_string()),
        ("costs_paid", money(outcome.costs_paid)),
    ];
    let number = |value: Option<f64>| value.unwrap_or(f64::NAN);
    let relative = benchmark.and_then(|benchmark| benchmark.relative).map(|relative| {
        [
            ("excess_return", percent(number(relative.excess_return))),
            ("tracking_error", percent(number(relative.tracking_error))),
            ("information_ratio", decimal(number(relative.information_ratio))),
            ("beta", decimal(number(relative.beta))),
            ("alpha", percent(number(relative.alpha))),
            ("correlation", decimal(number(relative.correlation))),
        ]
    });
    html! {
        p.soft { "Tap a figure to see its formula. Conventions, which decide the details, stand under Provenance." }
        div.two {
            (scrolled("Figures of the strategy and its benchmark", html! {
                table.figures {
                    caption.hidden-text { "Figures of the strategy and its benchmark" }
                    thead { tr {
                        th scope="col" { "" } th scope="col" { "strategy" }
                        @if let Some(name) = sheet.benchmark_name() { th scope="col" { (name) } }
                    } }
                    tbody { @for (key, show) in BOTH {
                        tr {
                            th scope="row" { (defined(key)) } td { (show(&result.performance)) }
                            @if let Some(benchmark) = benchmark { td { (show(&benchmark.performance)) } }
                        }
                    } }
                }
            }))
            (scrolled("Trading, and the strategy against its benchmark", html! {
                table.figures {
                    caption.hidden-text { "Trading, and the strategy against its benchmark" }
                    thead { tr { th scope="col" { "" } th scope="col" { "strategy" } } }
                    tbody {
                        @for (key, value) in own { tr { th scope="row" { (defined(key)) } td { (value) } } }
                        @for (key, value) in relative.into_iter().flatten() { tr { th scope="row" { (defined(key)) } td { (value) } } }
                    }
                }
            }))
        }
    }
}
