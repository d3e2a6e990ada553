//! Do the neighbours of a point have similar figures? On a plateau a small change of the parameters changes little, at an
//! isolated peak it changes much.
//!
//! The plateau helps to choose among points; it does not show that the strategy has an edge. Higher is better here: the caller
//! negates figures of which less is better. [`super::plateau_grid`] and [`super::plateau_design`] say which points are
//! neighbours.

/// A score is compared with others only if at least this share of the neighbourhood has a figure.
pub(crate) const COVERAGE_LEAST: f64 = 0.5;

/// The standard deviation of a normal distribution over its median absolute deviation.
const DEVIATIONS_OF_MEDIAN: f64 = 1.4826;

/// The least magnitude that a change is divided by, so that a point with the figure 0 has a sensitivity.
const MAGNITUDE_LEAST: f64 = 1e-12;

/// The neighbourhood of one point.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plateau {
    /// The share of the full neighbourhood that has a figure; points beyond a boundary count as missing.
    pub coverage: f64,
    /// Whether the point has the first or last value of an ordered axis with more than one value: better points may lie
    /// outside.
    pub edge: bool,
    /// The figures of the neighbourhood; `None` if the point itself has no finite figure.
    pub figures: Option<PlateauFigures>,
}

/// Figures of a neighbourhood, in the unit of the metric unless said otherwise. The neighbourhood includes the point itself.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PlateauFigures {
    /// The mean.
    pub mean: f64,
    /// The smallest value.
    pub minimum: f64,
    /// The median.
    pub median: f64,
    /// The population standard deviation.
    pub deviation: f64,
    /// `mean - lambda * deviation`.
    pub score: f64,
    /// The mean of the others over the point's own value. `None` without others or if the value is not positive.
    pub ratio: Option<f64>,
    /// How far the point lies above the median of the others, in robust standard deviations; a point above 3 is an isolated
    /// peak. `None` without others or if more than half of them are equal.
    pub spike: Option<f64>,
    /// The largest change to a neighbour one step away, as a fraction of the point's own value. `None` without such a
    /// neighbour.
    pub sensitivity: Option<f64>,
}

impl Plateau {
    /// The score; `None` if too few neighbours have a figure to compare it with other scores.
    pub(crate) fn score(&self) -> Option<f64> {
        self.figures.as_ref().filter(|_| self.coverage >= COVERAGE_LEAST).map(|figures| figures.score)
    }
}

/// The index of the plateau with the best score among those that qualify and have one, the first of equals.
pub(crate) fn centre(plateaus: &[Plateau], qualifies: impl Fn(usize) -> bool) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for (index, plateau) in plateaus.iter().enumerate().filter(|(index, _)| qualifies(*index)) {
        if let Some(score) = plateau.score()
            && best.is_none_or(|(_, highest)| score > highest)
        {
            best = Some((index, score));
        }
    }
    best.map(|(index, _)| index)
}

/// The finite values around one point; reused from point to point.
#[derive(Default)]
pub(super) struct Surroundings {
    others: Vec<f64>,
    distances: Vec<f64>,
    sum: f64,
    change: Option<f64>,
}

impl Surroundings {
    /// Removes the values of the point before.
    pub(crate) fn clear(&mut self) {
        self.others.clear();
        self.sum = 0.0;
        self.change = None;
    }

    /// Adds a neighbour's value; one that is not finite counts as missing. `step` says whether it is one step away.
    pub(crate) fn add(&mut self, centre: f64, value: f64, step: bool) {
        if !value.is_finite() {
            return;
        }
        self.others.push(value);
        self.sum += value;
        if step {
            let change = (value - centre).abs();
            self.change = Some(self.change.map_or(change, |largest| largest.max(change)));
        }
    }

    /// The number of values, the point's own included.
    pub(crate) fn count(&self, centre: f64) -> usize {
        self.others.len() + usize::from(centre.is_finite())
    }

    /// The figures of these values and of the point's own value, `centre`; `None` if `centre` is not finite.
    pub(crate) fn figures(&mut self, centre: f64, lambda: f64) -> Option<PlateauFigures> {
        if !centre.is_finite() {
            return None;
        }
        let others = self.others.len() as f64;
        let mean = (self.sum + centre) / (others + 1.0);
        let square = |value: f64| (value - mean) * (value - mean);
        let squares = self.others.iter().fold(square(centre), |sum, &value| sum + square(value));
        let deviation = (squares / (others + 1.0)).sqrt();
        let spike = self.spike(centre);
        self.others.push(centre);
        Some(PlateauFigures {
            mean,
            minimum: self.others.iter().copied().fold(centre, f64::min),
            median: median(&mut self.others)?,
            deviation,
            score: mean - lambda * deviation,
            ratio: (centre > 0.0 && others > 0.0).then(|| self.sum / others / centre),
            spike,
            sensitivity: self.change.map(|change| change / centre.abs().max(MAGNITUDE_LEAST)),
        })
    }

    fn spike(&mut self, centre: f64) -> Option<f64> {
        let middle = median(&mut self.others)?;
        self.distances.clear();
        self.distances.extend(self.others.iter().map(|value| (value - middle).abs()));
        let spread = DEVIATIONS_OF_MEDIAN * median(&mut self.distances)?;
        (spread > 0.0).then(|| (centre - middle) / spread)
    }
}

/// The median of some values; reorders them.
fn median(values: &mut [f64]) -> Option<f64> {
    let half = values.len() / 2;
    if values.is_empty() {
        return None;
    }
    let odd = !values.len().is_multiple_of(2);
    let (below, &mut upper, _) = values.select_nth_unstable_by(half, f64::total_cmp);
    let lower = if odd { upper } else { below.iter().copied().fold(f64::NEG_INFINITY, f64::max) };
    Some(if odd { upper } else { (lower + upper) / 2.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surroundings(centre: f64, others: &[f64]) -> Option<PlateauFigures> {
        let mut surroundings = Surroundings::default();
        for &value in others {
            surroundings.add(centre, value, true);
        }
        surroundings.figures(centre, 1.0)
    }

    #[test]
    fn figures_of_a_few_values() {
        // 1, 2, 3 around 6: mean 3, squared distances 4 + 1 + 0 + 9; median of the others 2, median distance from it 1.
        let figures = surroundings(6.0, &[3.0, 1.0, f64::NAN, 2.0]).unwrap();
        let deviation = 3.5f64.sqrt();
        assert_eq!((figures.mean, figures.minimum, figures.median), (3.0, 1.0, 2.5));
        assert_eq!((figures.deviation, figures.score), (deviation, 3.0 - deviation));
        assert_eq!(figures.ratio, Some(2.0 / 6.0));
        assert_eq!(figures.spike, Some(4.0 / 1.4826));
        assert_eq!(figures.sensitivity, Some(5.0 / 6.0));
    }

    #[test]
    fn a_point_without_neighbours_has_no_comparison() {
        let figures = surroundings(2.0, &[f64::INFINITY]).unwrap();
        assert_eq!((figures.mean, figures.deviation, figures.score), (2.0, 0.0, 2.0));
        assert_eq!((figures.ratio, figures.spike, figures.sensitivity), (None, None, None));
    }

    #[test]
    fn a_failed_point_has_no_figures() {
        assert_eq!(surroundings(f64::NAN, &[1.0, 2.0]), None);
    }

    #[test]
    fn the_centre_needs_half_its_neighbourhood() {
        let plateau =
            |score: f64, coverage| Plateau { coverage, edge: false, figures: surroundings(score, &[]) };
        let plateaus = [plateau(9.0, 0.4), plateau(1.0, 0.5), plateau(3.0, 1.0), plateau(3.0, 1.0)];
        assert_eq!(centre(&plateaus, |_| true), Some(2));
        assert_eq!(centre(&plateaus[..1], |_| true), None);
        assert_eq!(centre(&[], |_| true), None);
        assert_eq!(centre(&plateaus, |index| index != 2), Some(3), "a point must qualify");
    }
}
