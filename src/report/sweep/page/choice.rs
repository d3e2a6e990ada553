//! Which point to trade, in one sentence that has what holding the same assets earned beside what the point earned.

use super::SweepPage;
use crate::report::sweep::metric::named;
use crate::stats::skill::decision::Verdict;
use crate::sweep::verdict::chosen::Chosen;
use crate::sweep::verdict::examination::SweepVerdict;
use crate::text::number::percent;

/// The sentences; `None` where nothing is known of the selected point.
pub(crate) fn choice(page: &SweepPage, judged: &SweepVerdict) -> Option<String> {
    let best = &judged.selected.as_ref()?.chosen;
    let described = |chosen: &Chosen| {
        format!("point {} ({})", chosen.point, named(&page.ranked.plan.sweep.space, chosen.point))
    };
    let of_best = || format!("{} earned {}", described(best), earned(best));
    Some(match judged.verdict {
        Verdict::LikelyReal => format!("To trade: {}, which earned {}.", described(best), earned(best)),
        Verdict::ChoiceArbitrary => match middle(page, judged, best) {
            Some(centre) => format!(
                "To trade: {}, the middle of the plateau, which earned {}. Its neighbours did about as well, so it depends \
                 least on the luck of one point.",
                described(centre),
                earned(centre)
            ),
            None => format!("To trade: no single point stands out. Of them {}.", of_best()),
        },
        Verdict::Promising => {
            format!("To trade: none yet, first confirm it on unseen days. So far {}.", of_best())
        }
        Verdict::Inconclusive => {
            format!("To trade: none yet. The best, {}; that is too little to tell from luck.", of_best())
        }
        Verdict::LikelyArtefact | Verdict::NoEdge => format!(
            "To trade: none of these points for its timing. The best, {}; what it added is usual for luck.",
            of_best()
        ),
        // Words on returns without weights, which no sweep gets.
        Verdict::BetterThanBenchmark
        | Verdict::BetterThanCash
        | Verdict::NotBetterThanBenchmark
        | Verdict::NotBetterThanCash => return None,
        Verdict::InsufficientData => {
            format!(
                "To trade: nothing follows from this sweep. The best, {}; that cannot be judged.",
                of_best()
            )
        }
    })
}

/// The centre of the plateau, which may be the best point itself.
fn middle<'v>(page: &SweepPage, judged: &'v SweepVerdict, best: &'v Chosen) -> Option<&'v Chosen> {
    let centre = page.ranked.table.points[page.ranked.board.plateau_best?];
    if centre == best.point { Some(best) } else { judged.plateau.as_ref() }
}

/// What a point earned, and what holding its mean weights earned.
fn earned(chosen: &Chosen) -> String {
    format!(
        "{} a year where holding the same assets earned {}",
        percent(chosen.mean() * chosen.periods),
        percent(chosen.residual.passive * chosen.periods)
    )
}
