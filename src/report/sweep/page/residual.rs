//! How what moving the weights earned grew, of the selected point and of the plateau's centre, beside what the best of as many
//! tries without skill gathers.

use maud::Markup;

use super::SweepPage;
use crate::draw::time_chart::{ChartLine, TimeChart};
use crate::draw::value_format::ValueFormat;
use crate::market::date::Date;
use crate::report::page::parts::figure;
use crate::stats::skill::flips::FLIPS;
use crate::sweep::verdict::chosen::Chosen;
use crate::sweep::verdict::examination::SweepVerdict;
use crate::text::number::{percent, whole};

const HEIGHT: f64 = 220.0;
/// The shares of the best of tries without skill that end above the lines of luck.
const SHARES: [f64; 2] = [0.5, 0.05];

/// The growth of a residual.
struct Growth {
    dates: Vec<Date>,
    sums: Vec<f64>,
}

impl Growth {
    fn of(chosen: &Chosen) -> Growth {
        let dates = chosen.days.iter().filter_map(|day| i32::try_from(*day).ok()).map(Date).collect();
        Growth { dates, sums: sums(&chosen.residual.residuals) }
    }

    fn last(&self) -> f64 {
        self.sums.last().copied().unwrap_or(0.0)
    }
}

/// The sums up to each value.
fn sums(values: &[f64]) -> Vec<f64> {
    let add = |sum: &mut f64, value: &f64| {
        *sum += value;
        Some(*sum)
    };
    values.iter().scan(0.0, add).collect()
}

/// What a series without skill gathers up to each session if it ends at `last`: its spread grows with the root of time.
fn level(last: f64, sessions: usize) -> Vec<f64> {
    (1..=sessions).map(|session| last * (session as f64 / sessions as f64).sqrt()).collect()
}

/// Where the best of all tries without skill ends in each of [`SHARES`] of the cases, with the selected point's own swings.
fn ends(judged: &SweepVerdict, sessions: usize) -> Option<[f64; 2]> {
    let found = judged.examination.as_ref()?;
    let index = found.selected.as_ref()?.index;
    let unit = judged.passed.as_ref()?.looked.get(index)?.statistics.first()?.unit;
    let ranked = found.tested.as_ref()?.scales.first()?.joint.ranked();
    let [half, one] = SHARES.map(|share| ranked.largest((share * FLIPS as f64) as usize));
    Some([half?, one?].map(|statistic| statistic * unit * sessions as f64))
}

/// The chart; nothing where the selected point moves nothing.
pub(crate) fn residual(page: &SweepPage, judged: &SweepVerdict) -> Option<Markup> {
    let chosen = &judged.selected.as_ref()?.chosen;
    let best = Growth::of(chosen);
    if !chosen.residual.moves || best.dates.len() != best.sums.len() {
        return None;
    }
    let centre = judged.plateau.as_ref().filter(|centre| centre.residual.moves);
    let centre = centre.map(|centre| (centre.point, Growth::of(centre)));
    let ends = ends(judged, best.sums.len());
    let levels = ends.map(|ends| ends.map(|end| level(end, best.sums.len())));
    let mut lines = Vec::new();
    if let Some([half, one]) = &levels {
        let line = |name: &str, class, values| ChartLine {
            name: name.to_owned(),
            class,
            dates: &best.dates,
            values,
        };
        lines.push(line("best without skill, 1 case in 20", "luck", one));
        lines.push(line("best without skill, 1 case in 2", "usual", half));
    }
    if let Some((point, centre)) = &centre {
        let name = format!("Plateau centre, point {point}");
        lines.push(ChartLine { name, class: "plateau", dates: &centre.dates, values: &centre.sums });
    }
    let both =
        page.ranked.board.plateau_best.is_some_and(|row| page.ranked.table.points[row] == chosen.point);
    let name = format!("Best point{}, point {}", if both { " and plateau centre" } else { "" }, chosen.point);
    lines.push(ChartLine { name, class: "best", dates: &best.dates, values: &best.sums });
    let chart = TimeChart {
        description: described(&best, centre.as_ref().map(|(_, centre)| centre), ends),
        lines,
        format: ValueFormat::Percent,
        growth: false,
        filled: false,
        height: HEIGHT,
    };
    Some(figure("What moving in and out added, summed up", &caption(judged, ends.is_some()), chart.draw()))
}

/// The text for readers who do not see the chart.
fn described(best: &Growth, centre: Option<&Growth>, ends: Option<[f64; 2]>) -> String {
    let mut text = format!(
        "Sum over time of what moving in and out added. The best point ends at {}",
        percent(best.last())
    );
    if let Some(centre) = centre {
        text += &format!(", the plateau centre at {}", percent(centre.last()));
    }
    if let Some([half, one]) = ends {
        text += &format!(
            ", the best of all tries without skill above {} in one case of two, above {} in one of twenty",
            percent(half),
            percent(one)
        );
    }
    text + "."
}

fn caption(judged: &SweepVerdict, has_levels: bool) -> String {
    let sums =
        "What the point earned each session beyond holding its mean weights, summed up, not compounded.";
    let tries = judged.examination.as_ref().map_or(0, |found| found.allowance.trials);
    if !has_levels {
        return format!("{sums} There is no test, so no lines of luck.");
    }
    let weeks = "The verdict asks for more where losses have a long tail, over weeks and months, and after other looks.";
    format!(
        "{sums} The two lines of luck: what the best of {} tries without any skill would have gathered by each day with \
         the swings of the best point, exceeded in 1 case of 2 and in 1 of 20. Only the last day counts: a curve that once \
         was above the dashed line shows nothing. {weeks}",
        whole(tries as f64)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luck_grows_with_the_root_of_time() {
        let level = level(0.3, 4);
        assert_eq!((level[0], level[3]), (0.15, 0.3));
        assert_eq!(sums(&[0.25, -0.5, 1.0]), [0.25, -0.25, 0.75]);
    }
}
