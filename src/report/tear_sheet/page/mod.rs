//! The tear sheet of one backtest as a page that needs no network.

mod curves;
mod drawdowns;
mod fills;
mod head;
mod holdings;
mod returns;
mod rolling;
mod statistics;

use maud::{Markup, html};

use crate::engine::conventions::NamedChoice;
use crate::report::page::parts::{command, pairs};
use crate::report::page::strategy_keys::strategy_keys;
use crate::report::page::{Page, Section};
use crate::report::tear_sheet::positions::positions;
use crate::stats::curve::{Curve, curve};
use crate::strategy::definition::Strategy;
use crate::strategy::run::BacktestResult;
use crate::strategy::seal::RESULTS_REVISION;

/// The tear sheet of a backtest.
pub(crate) struct TearSheet<'t> {
    /// The strategy.
    pub strategy: &'t Strategy,
    /// The result of its backtest.
    pub result: &'t BacktestResult,
    /// Returns and drawdowns of the equity.
    pub curve: Curve,
    /// Returns and drawdowns of the benchmark.
    pub benchmark: Option<Curve>,
    /// The command that computes the result again.
    pub command: String,
}

impl<'t> TearSheet<'t> {
    /// The tear sheet of a result.
    pub(crate) fn new(strategy: &'t Strategy, result: &'t BacktestResult, command: String) -> TearSheet<'t> {
        let start = strategy.conventions.high_water_start;
        let benchmark = result.benchmark.as_ref().map(|benchmark| curve(&benchmark.equity, start));
        TearSheet { strategy, result, curve: curve(&result.equity, start), benchmark, command }
    }

    /// The HTML file.
    pub(crate) fn text(&self) -> String {
        let positions = positions(self.result);
        let mut sections = Vec::new();
        let mut add = |id, title: &str, content: Markup| {
            sections.push(Section { id, title: title.to_owned(), content });
        };
        add("curves", "Curves", curves::curves(self));
        add("statistics", "Statistics", statistics::statistics(self));
        add("returns", "Returns", returns::returns(self));
        add("drawdowns", "Drawdowns", drawdowns::drawdowns(self));
        add("rolling", "Rolling", rolling::rolling(self));
        add("holdings", "Holdings", holdings::holdings(self, &positions));
        add("fills", "Fills", fills::fills(self));
        add("provenance", "Provenance", self.provenance());
        let page = Page {
            title: format!("{}: tear sheet", self.strategy.name.trim()),
            head: head::head(self),
            sections,
            foot: html! {
                "Made by backtest " (env!("CARGO_PKG_VERSION")) ", seal " (&self.result.seal.to_hex()[..8])
                ". A backtest is not a forecast."
            },
        };
        page.text()
    }

    /// The name of the benchmark in legends and headings.
    fn benchmark_name(&self) -> Option<String> {
        self.result.benchmark.as_ref().map(|benchmark| format!("{} held", benchmark.asset))
    }

    /// What the days of the curve are called: weekdays or sessions.
    fn days_named(&self) -> &'static str {
        self.strategy.conventions.calendar.name()
    }

    /// Periods a year of the curve.
    fn periods_per_year(&self) -> f64 {
        let days = self.result.days();
        let span = days.first().zip(days.last()).map_or(0, |(first, last)| *last - *first);
        self.strategy.rules().years(self.result.dates.len(), f64::from(span)).1
    }

    fn provenance(&self) -> Markup {
        let parameters: Vec<(&str, String)> = self
            .strategy
            .parameters
            .iter()
            .map(|parameter| (parameter.name.as_str(), parameter.value.value().to_string()))
            .collect();
        html! {
            h3 { "Parameters" }
            @if parameters.is_empty() { p { "The strategy has none." } } @else { (pairs(&parameters)) }
            h3 { "Strategy" }
            (pairs(&strategy_keys(self.strategy)))
            h3 { "The same again" }
            (command(&self.command))
            (pairs(&[
                ("Seal", self.result.seal.to_string()),
                ("Prices (fingerprint)", self.result.fingerprint.to_string()),
                ("Program", format!("backtest {}, results revision {RESULTS_REVISION}", env!("CARGO_PKG_VERSION"))),
            ]))
        }
    }
}
