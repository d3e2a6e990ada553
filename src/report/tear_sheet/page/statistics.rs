//! Tables of all figures with their formulas, beside those of the benchmark.

use maud::{Markup, html};

use super::TearSheet;
use crate::report::page::parts::{defined, pairs, scrolled};
use crate::report::tear_sheet::figure::{is_shown, shown};
use crate::report::tear_sheet::happened::happened;
use crate::report::tear_sheet::longest_drawdown::calendar_days;
use crate::stats::curve::Curve;
use crate::strategy::figures::{Account, BENCHMARK_FIGURES, FIGURES, Figure, FigureKind, on_sheet};

/// The section.
pub(crate) fn statistics(sheet: &TearSheet) -> Markup {
    let result = sheet.result;
    let benchmark = result.benchmark.as_ref();
    let account = Account::from(result);
    let own = on_sheet(FIGURES, |figure| figure.account_value(&account))
        .filter(|(figure, value)| is_shown(figure, *value));
    let relative = benchmark.and_then(|benchmark| benchmark.relative);
    let beside =
        relative.map(|relative| on_sheet(BENCHMARK_FIGURES, move |figure| figure.benchmark_value(&relative)));
    let days = sheet.days_named();
    let text = |figure: &Figure, value: f64| shown(figure.kind, value, days);
    let of_curve = |figure: &Figure, value: f64, curve: &Curve| match figure.kind {
        FigureKind::Days => {
            let calendar = calendar_days(&result.dates, &curve.drawdowns, value as usize);
            let calendar = calendar.map_or(String::new(), |days| format!(", {days} calendar days"));
            text(figure, value) + &calendar
        }
        _ => text(figure, value),
    };
    let happened = happened(result, days);
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
                    tbody { @for (figure, value) in on_sheet(FIGURES, |figure| figure.curve_value(&result.performance)) {
                        tr {
                            th scope="row" { (defined(&figure.definition)) }
                            td.wrap[figure.kind == FigureKind::Days] { (of_curve(figure, value, &sheet.curve)) }
                            @if let Some((benchmark, curve)) = benchmark.zip(sheet.benchmark.as_ref()) {
                                @if let Some(value) = figure.curve_value(&benchmark.performance) {
                                    td.wrap[figure.kind == FigureKind::Days] { (of_curve(figure, value, curve)) }
                                }
                            }
                        }
                    } }
                }
            }))
            (scrolled("Trading, and the strategy against its benchmark", html! {
                table.figures {
                    caption.hidden-text { "Trading, and the strategy against its benchmark" }
                    thead { tr { th scope="col" { "" } th scope="col" { "strategy" } } }
                    tbody {
                        @for (figure, value) in own.chain(beside.into_iter().flatten()) {
                            tr { th scope="row" { (defined(&figure.definition)) } td { (text(figure, value)) } }
                        }
                    }
                }
            }))
        }
        @if !happened.is_empty() {
            h3 { "What happened" }
            (pairs(&happened))
        }
    }
}
