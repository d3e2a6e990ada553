//! `report.html`: the results of a sweep as a page that needs no network. What a reader needs in ten seconds stands first.
//!
//! Its bytes depend on the results only, not on the time, the machine or the folder.

mod choice;
mod curves;
mod distribution;
mod failures;
mod head;
mod leaderboard;
mod maps;
mod panel;
mod provenance;
mod residual;
mod sensitivity;
mod walk_forward;
mod worlds;

use maud::{Markup, html};

use super::RankedSweep;
use super::break_even::BreakEven;
use super::summary::Summary;
use crate::report::page::{Page, Section};
use crate::sweep::curves::Curves;
use crate::sweep::error::SweepError;
use crate::sweep::verdict::examination::{Equals, SweepVerdict};

/// The page of a sweep, with all that it shows.
#[derive(Clone, Copy)]
pub(crate) struct SweepPage<'s> {
    /// The results in their ranking.
    pub ranked: RankedSweep<'s>,
    /// The summary of the results.
    pub summary: &'s Summary,
    /// The verdict on the best point; `None` if it was not asked for.
    pub examined: Option<&'s SweepVerdict>,
    /// The break-even cost of each point, if costs are an axis.
    pub break_even: Option<&'s BreakEven>,
    /// The equity curves, or the reason why they cannot be computed.
    pub curves: Result<&'s Curves, &'s SweepError>,
}

impl SweepPage<'_> {
    /// The HTML file.
    pub(crate) fn text(&self) -> String {
        let mut sections = Vec::new();
        let mut add = |id, title: &str, content: Markup| {
            sections.push(Section { id, title: title.to_owned(), content });
        };
        if let Some(examined) = self.examined {
            add("why", "Why this verdict", panel::panel(self, examined));
        }
        add("map", "Map", maps::maps(self));
        add("curves", "Curves", curves::curves(self));
        add("leaderboard", "Leaderboard", leaderboard::leaderboard(self));
        add("axes", "Axes", sensitivity::sensitivity(self));
        add("distribution", "Luck", distribution::distribution(self));
        add("walk-forward", "Walk forward", walk_forward::walk_forward(self));
        add("failures", "Failures", failures::failures(self));
        add("provenance", "Provenance", provenance::provenance(self));
        let page = Page {
            title: format!("{}: sweep report", self.summary.sweep),
            head: head::head(self),
            sections,
            foot: html! {
                "Made by backtest " (self.summary.version) " from results with the seal " (&self.summary.seal[..8])
                ". A backtest is not a forecast."
            },
        };
        page.text()
    }

    /// The command that computes a point again. It names the folder that sweeps use by default.
    fn command(&self, point: u64) -> String {
        format!("backtest run --params results/{}/plan.toml --point {point}", self.ranked.plan.folder_name())
    }

    /// The points that cannot be told from the best trial, where points were compared with it.
    fn equals(&self) -> Option<&Equals> {
        self.examined?.equals.as_ref().filter(|equals| equals.compared > 1)
    }

    /// The square root of the periods in a year: a Sharpe ratio of the tests, which is per period, times this is annual.
    fn root(&self) -> f64 {
        self.ranked.plan.sweep.strategy.periods_per_year.sqrt()
    }
}
