//! The failed points by reason, and the missing points.

use maud::{Markup, html};

use super::SweepPage;
use crate::text::quoted;

/// The most reasons and the most ranges that are shown.
const SHOWN: usize = 50;
/// The most characters of a reason.
const REASON_LIMIT: usize = 300;

/// The section.
pub(crate) fn failures(page: &SweepPage) -> Markup {
    let summary = page.summary;
    let mut reasons: Vec<(&String, &u64)> = summary.failures.iter().collect();
    reasons.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let missing = &summary.points.missing_ranges;
    html! {
        @if reasons.is_empty() { p { "No point failed." } } @else {
            p { (summary.points.failed) " of " (summary.points.done) " points failed. They have no figures and stand at the end of the leaderboard." }
            table.figures {
                caption.hidden-text { "Failures by reason" }
                thead { tr { th.text.wrap scope="col" { "reason" } th scope="col" { "points" } } }
                tbody { @for (reason, count) in reasons.iter().take(SHOWN) {
                    tr { th.wrap scope="row" { (quoted::message(reason, REASON_LIMIT)) } td { (count) } }
                } }
            }
            @if reasons.len() > SHOWN { p.soft { "And " (reasons.len() - SHOWN) " more reasons." } }
        }
        @if summary.points.ruined > 0 {
            p {
                (summary.points.ruined) " points were ruined: their equity was 0 or below at a close, and no figure after that means "
                "anything. They stand after all others that have figures, win nothing, and are left out of maps and distributions."
            }
        }
        @if missing.is_empty() { p { "No point is missing." } } @else {
            p { (summary.points.missing) " points have not been computed:" }
            ul.reasons {
                @for [first, last] in missing.iter().take(SHOWN) { li { (first) " to " (last) } }
                @if missing.len() > SHOWN { li { "and " (missing.len() - SHOWN) " more ranges" } }
            }
        }
    }
}
