//! Which values of an axis get a label: round numbers, and never two labels on top of each other.

use super::extent;

/// Where only some labels are shown, each takes this many times its own size.
const AIR: f64 = 1.6;
/// A narrower span has no round numbers in it: powers of ten end before the smallest doubles do.
const SPAN_LEAST: f64 = 1e-290;

/// About `count` round numbers from `low` to `high`, and the step between them.
///
/// The step is 1, 2 or 5 times a power of ten. If the two ends are all but equal there is one tick, and the step is 0.
pub(crate) fn round_ticks(low: f64, high: f64, count: usize) -> (Vec<f64>, f64) {
    let span = high - low;
    if !(span > SPAN_LEAST && span.is_finite()) {
        return (vec![low], 0.0);
    }
    let step = round_step(span / count.max(1) as f64);
    let (first, last) = ((low / step - 1e-9).ceil(), (high / step + 1e-9).floor());
    // Between very large numbers the step is lost in rounding, so the count is bounded.
    let many = (last - first).clamp(0.0, 100.0) as usize;
    ((0..=many).map(|i| (first + i as f64) * step).filter(|tick| *tick <= high + 1e-9 * span).collect(), step)
}

/// The smallest of 1, 2, 5 times a power of ten that is not below `least`, rounding errors aside.
fn round_step(least: f64) -> f64 {
    let power = libm::pow(10.0, libm::log10(least).floor());
    let factor = least / power - 1e-9;
    power * [1.0, 2.0, 5.0].into_iter().find(|step| factor <= *step).unwrap_or(10.0)
}

/// The indices of the labels to show, so that none touches the next.
///
/// `extents` is the room that each label needs along the axis, in the unit of `spacing`, the distance between neighbours. If
/// all labels fit, all are shown. Of numbers that do not fit, the multiples of a round number are shown; of other texts every
/// second, fifth, tenth and so on.
pub(crate) fn shown_labels(labels: &[String], extents: &[f64], spacing: f64) -> Vec<usize> {
    let fit = |shown: &[usize], air: f64| {
        shown.windows(2).all(|pair| {
            (pair[1] - pair[0]) as f64 * spacing >= air * (extents[pair[0]] + extents[pair[1]]) / 2.0
        })
    };
    let all: Vec<usize> = (0..labels.len()).collect();
    if fit(&all, 1.0) {
        return all;
    }
    // Once some labels are left out, fewer are easier to read.
    let fits = |shown: &[usize]| fit(shown, AIR);
    round_labels(labels, fits).unwrap_or_else(|| {
        let powers = (0..).map(|power| libm::pow(10.0, f64::from(power)) as usize);
        powers
            .flat_map(|power| [power, 2 * power, 5 * power])
            .map(|step| all.iter().copied().step_by(step).collect::<Vec<_>>())
            .find(|shown| fits(shown))
            .unwrap_or_default()
    })
}

/// The indices of the labels that are multiples of a round number; `None` unless all labels are numbers and at least three are
/// such multiples.
fn round_labels(labels: &[String], fits: impl Fn(&[usize]) -> bool) -> Option<Vec<usize>> {
    let values: Vec<f64> = labels.iter().map(|label| label.parse().ok()).collect::<Option<_>>()?;
    let (low, high) = extent(values.iter().copied());
    (1..=labels.len()).rev().filter(|count| *count <= 60).find_map(|count| {
        let (_, step) = round_ticks(low, high, count);
        let is_round = |value: f64| step > 0.0 && (value / step - (value / step).round()).abs() < 1e-6;
        let shown: Vec<usize> = (0..values.len()).filter(|&index| is_round(values[index])).collect();
        (shown.len() >= 3 && fits(&shown)).then_some(shown)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round() {
        assert_eq!(round_ticks(0.13, 1.92, 5), (vec![0.5, 1.0, 1.5], 0.5));
        assert_eq!(round_ticks(-30.0, 100.0, 5).0, [0.0, 50.0, 100.0]);
        assert_eq!(round_ticks(2.0, 2.0, 5), (vec![2.0], 0.0));
        assert!(round_ticks(1e300, 2e300, 4).0.len() > 1);
        assert!(round_ticks(1e17, 1e17 + 32.0, 5).0.len() <= 101);
    }

    fn shown(labels: &[String], extent: f64) -> Vec<usize> {
        shown_labels(labels, &vec![extent; labels.len()], 10.0)
    }

    #[test]
    fn labels_thin_out_to_round_numbers() {
        let labels: Vec<String> = (2..=100).map(|value| value.to_string()).collect();
        let shown_numbers: Vec<&str> =
            shown(&labels, 60.0).into_iter().map(|index| labels[index].as_str()).collect();
        assert_eq!(shown_numbers[..3], ["10", "20", "30"]);
        assert_eq!(shown(&labels[..5], 9.0), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn texts_thin_out_by_counting() {
        let labels: Vec<String> = (0..12).map(|value| format!("rule {value}")).collect();
        assert_eq!(shown(&labels, 30.0), [0, 5, 10]);
        assert_eq!(shown(&labels, 1e9), [0]);
        assert!(shown(&[], 1.0).is_empty());
    }
}
