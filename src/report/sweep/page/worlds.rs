//! The best point of each placebo world as a dot, with the sweep's own best beside them.

use maud::Markup;

use crate::draw::histogram::{Histogram, ValueMark};
use crate::draw::value_format::ValueFormat;
use crate::report::page::parts::figure;
use crate::sweep::verdict::placebo::Placebo;
use crate::text::number::whole;

/// More worlds than this are drawn as bars.
const DOTS_MOST: usize = 1000;

/// The chart.
pub(crate) fn worlds(placebo: &Placebo) -> Markup {
    let Placebo { best, ours, worlds, .. } = placebo;
    let as_good = best.iter().filter(|best| *best >= ours).count();
    let histogram = Histogram {
        description: format!(
            "The best point of each of {} placebo worlds. The sweep's own best stands at {ours:.2}; {as_good} worlds reach it.",
            whole(*worlds as f64)
        ),
        values: best,
        marks: vec![ValueMark { value: *ours, name: format!("ours {ours:.2}"), class: "best" }],
        up_to: None,
        dotted: best.len() <= DOTS_MOST,
        format: ValueFormat::Number,
        counted: "placebo worlds",
    };
    let caption = format!(
        "A dot is the best point of a market in which the same sessions stand in another order, so that there is nothing to \
         find. {as_good} of {} worlds reach ours or more.",
        whole(*worlds as f64)
    );
    figure("The best point of markets without patterns", &caption, histogram.draw())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worlds_as_good_as_ours_are_counted() {
        let placebo = Placebo { worlds: 4, p: 0.6, block: None, ours: 2.0, best: vec![0.5, 1.0, 2.0, 3.5] };
        let drawn = worlds(&placebo).into_string();
        assert!(drawn.contains("stands at 2.00; 2 worlds reach it") && drawn.contains("2 of 4 worlds"));
        assert_eq!(drawn.matches("<circle").count(), 4);
        let many = Placebo { worlds: 1001, best: vec![1.0; 1001], ..placebo };
        assert!(!worlds(&many).into_string().contains("<circle"));
    }
}
