//! What each value of a parameter is worth, whatever the other parameters are. Prints nothing.

use super::better::Better;

/// An axis of a sweep and where the points lie on it.
#[derive(Debug, Clone, Copy)]
pub struct SensitivityAxis<'a> {
    /// What the axis is.
    pub name: &'a str,
    /// A text for each value.
    pub labels: &'a [String],
    /// Whether neighbouring values are alike.
    pub ordered: bool,
    /// For each point the place of its value among the labels.
    pub places: &'a [usize],
}

/// A metric along one axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Sensitivity {
    /// What the axis is.
    pub name: String,
    /// A row for each value, in order of the axis.
    pub rows: Vec<SensitivityRow>,
    /// The row of the best of all points, the first of equals.
    pub best: Option<usize>,
    /// Whether the best of all points has the first or last of several ordered values: better points may lie outside.
    pub edge: bool,
}

/// A metric over the points with one value of an axis; NaN, for a point that failed, does not count.
#[derive(Debug, Clone, PartialEq)]
pub struct SensitivityRow {
    /// The value.
    pub label: String,
    /// Number of points with a figure.
    pub points: usize,
    /// The best figure.
    pub best: Option<f64>,
    /// The median figure.
    pub median: Option<f64>,
    /// The worst figure.
    pub worst: Option<f64>,
}

/// A metric along one axis. `metric`: one figure a point, NaN for a point that failed.
pub fn sensitivity(axis: SensitivityAxis, metric: &[f64], better: Better) -> Sensitivity {
    assert_eq!(axis.places.len(), metric.len(), "a place for every point");
    let mut groups: Vec<Vec<f64>> = vec![Vec::new(); axis.labels.len()];
    for (&place, &figure) in axis.places.iter().zip(metric) {
        if !figure.is_nan() {
            groups[place].push(figure);
        }
    }
    let rows: Vec<SensitivityRow> =
        axis.labels.iter().zip(&mut groups).map(|(label, group)| row(label, group, better)).collect();
    let mut best: Option<(usize, f64)> = None;
    for (place, row) in rows.iter().enumerate() {
        if let Some(figure) = row.best
            && best.is_none_or(|(_, leader)| is_better(figure, leader, better))
        {
            best = Some((place, figure));
        }
    }
    let best = best.map(|(place, _)| place);
    let edge =
        axis.ordered && rows.len() > 1 && best.is_some_and(|place| place == 0 || place + 1 == rows.len());
    Sensitivity { name: axis.name.to_owned(), rows, best, edge }
}

fn is_better(figure: f64, other: f64, better: Better) -> bool {
    match better {
        Better::High => figure > other,
        Better::Low => figure < other,
    }
}

fn row(label: &str, figures: &mut [f64], better: Better) -> SensitivityRow {
    figures.sort_unstable_by(f64::total_cmp);
    let half = figures.len() / 2;
    let median = match figures {
        [] => None,
        _ if figures.len() % 2 == 1 => Some(figures[half]),
        // Halves first: the sum of two large figures may be none.
        _ => Some(figures[half - 1] / 2.0 + figures[half] / 2.0),
    };
    let (low, high) = (figures.first().copied(), figures.last().copied());
    let (best, worst) = match better {
        Better::High => (high, low),
        Better::Low => (low, high),
    };
    SensitivityRow { label: label.to_owned(), points: figures.len(), best, median, worst }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(count: usize) -> Vec<String> {
        (1..=count).map(|value| value.to_string()).collect()
    }

    fn along(ordered: bool, count: usize, places: &[usize], metric: &[f64], better: Better) -> Sensitivity {
        sensitivity(
            SensitivityAxis { name: "top_n", labels: &labels(count), ordered, places },
            metric,
            better,
        )
    }

    #[test]
    fn a_row_sums_up_the_points_with_its_value() {
        let metric = [1.0, 3.0, 2.0, f64::NAN, 10.0, 5.0];
        let got = along(true, 4, &[0, 0, 0, 0, 1, 1], &metric, Better::High);
        let figures = |row: &SensitivityRow| (row.points, row.best, row.median, row.worst);
        assert_eq!(figures(&got.rows[0]), (3, Some(3.0), Some(2.0), Some(1.0)));
        assert_eq!(figures(&got.rows[1]), (2, Some(10.0), Some(7.5), Some(5.0)));
        assert_eq!(figures(&got.rows[2]), (0, None, None, None));
        assert_eq!((got.best, got.edge), (Some(1), false));
        let low = along(true, 4, &[0, 0, 0, 0, 1, 1], &metric, Better::Low);
        assert_eq!(figures(&low.rows[0]), (3, Some(1.0), Some(2.0), Some(3.0)));
        assert_eq!((low.best, low.edge), (Some(0), true));
    }

    #[test]
    fn only_ordered_axes_with_several_values_have_edges() {
        assert!(along(true, 2, &[0, 1], &[1.0, 2.0], Better::High).edge);
        assert!(!along(false, 2, &[0, 1], &[1.0, 2.0], Better::High).edge);
        assert!(!along(true, 1, &[0, 0], &[1.0, 2.0], Better::High).edge);
        assert!(!along(true, 3, &[0, 1], &[f64::NAN; 2], Better::High).edge);
    }

    #[test]
    fn the_first_of_equals_is_the_best() {
        assert_eq!(along(true, 3, &[0, 1, 2], &[1.0, 2.0, 2.0], Better::High).best, Some(1));
    }
}
