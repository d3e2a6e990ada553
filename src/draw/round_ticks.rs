//! Where an axis gets a label: round numbers, never two labels on top of each other.

/// Room that a label takes where not all are shown, in its own sizes.
const AIR: f64 = 1.6;
const SPAN_LEAST: f64 = 1e-290;

/// Round numbers between two others, about as many as asked for, and the step between them.
///
/// Steps are 1, 2 or 5 times a power of ten. One tick and step 0 where both numbers are as good as equal.
pub(crate) fn round_ticks(low: f64, high: f64, count: usize) -> (Vec<f64>, f64) {
    let span = high - low;
    // Powers of ten end before the smallest doubles do.
    if !(span > SPAN_LEAST && span.is_finite()) {
        return (vec![low], 0.0);
    }
    let step = round_step(span / count.max(1) as f64);
    let (first, last) = ((low / step - 1e-9).ceil(), (high / step + 1e-9).floor());
    // Numbers so large that steps vanish in them have no round numbers between them.
    let many = (last - first).clamp(0.0, 100.0) as usize;
    ((0..=many).map(|i| (first + i as f64) * step).filter(|tick| *tick <= high + 1e-9 * span).collect(), step)
}

/// The smallest of 1, 2, 5 times a power of ten that is at least this, but for rounding.
fn round_step(least: f64) -> f64 {
    let power = libm::pow(10.0, libm::log10(least).floor());
    let factor = least / power - 1e-9;
    power * [1.0, 2.0, 5.0].into_iter().find(|step| factor <= *step).unwrap_or(10.0)
}

/// Which of some labels are shown, so that none touches the next.
///
/// `extents`: room that each label needs along the axis, in the same unit as `spacing`, the distance between
/// neighbours. All if they fit; of numbers the multiples of a round number; else every second, fifth, tenth
/// and so on.
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
    // Where labels are left out anyway, fewer read better.
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

/// Labels that are multiples of a round number, if all labels are numbers and at least three are such
/// multiples.
fn round_labels(labels: &[String], fits: impl Fn(&[usize]) -> bool) -> Option<Vec<usize>> {
    let values: Vec<f64> = labels.iter().map(|label| label.parse().ok()).collect::<Option<_>>()?;
    let (low, high) = values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (value.min(low), value.max(high)));
    (1..=labels.len()).rev().filter(|count| *count <= 60).find_map(|count| {
        let (_, step) = round_ticks(low, high, count);
        let is_round = |value: f64| step > 0.0 && (value / step - (value / step).round()).abs() < 1e-6;
        let shown: Vec<usize> = (0..values.len()).filter(|&place| is_round(values[place])).collect();
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
        let places = shown(&labels, 60.0);
        assert_eq!(
            places.iter().map(|&place| labels[place].as_str()).collect::<Vec<_>>()[..3],
            ["10", "20", "30"]
        );
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
