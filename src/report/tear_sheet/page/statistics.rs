//! Tables of all figures with their formulas, beside those of the benchmark.

use maud::{Markup, html};

use super::TearSheet;
use crate::report::page::parts::{defined, scrolled};
use crate::report::tear_sheet::figure::shown;
use crate::strategy::figures::{Account, BENCHMARK_FIGURES, FIGURES, Figure, on_sheet};

/// The section.
pub(crate) fn statistics(sheet: &TearSheet) -> Markup {
    let result = sheet.result;
    let benchmark = result.benchmark.as_ref();
    let account = Account::from(result);
    let own = on_sheet(FIGURES, |figure| figure.account_value(&account));
    let relative = benchmark.and_then(|benchmark| benchmark.relative);
    let beside =
        relative.map(|relative| on_sheet(BENCHMARK_FIGURES, move |figure| figure.benchmark_value(&relative)));
    let text = |figure: &Figure, value: f64| shown(figure.kind, value);
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
                            th scope="row" { (defined(&figure.definition)) } td { (text(figure, value)) }
                            @if let Some(value) = benchmark.and_then(|benchmark| figure.curve_value(&benchmark.performance)) {
                                td { (text(figure, value)) }
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
    }
}
