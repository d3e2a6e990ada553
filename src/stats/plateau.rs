//! Is a point's figure shared by its neighbours? A plateau survives a change of the parameters, a lone peak does not.
//!
//! Chooses among points; that there is a plateau does not show that there is an edge. More is better: the caller negates
//! figures of which less is better. Who the neighbours are: [`super::plateau_grid`], [`super::plateau_design`].

/// A score from less than this share of the neighbourhood is not compared with others.
pub(crate) const COVERAGE_LEAST: f64 = 0.5;

/// Makes the median absolute deviation of a normal distribution its standard deviation.
const DEVIATIONS_OF_MEDIAN: f64 = 1.4826;

/// Differences are measured against at least this, so that a point with the figure 0 has a sensitivity.
const MAGNITUDE_LEAST: f64 = 1e-12;

/// What surrounds one point.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plateau {
    /// The share of the neighbourhood that has a figure; what a boundary cuts off counts as missing.
    pub coverage: f64,
    /// Whether an ordered axis with more than one value is at its first or last value: better points may lie outside.
    pub edge: bool,
    /// Absent where the point itself has no finite figure.
    pub figures: Option<PlateauFigures>,
}

/// Figures of a point's neighbourhood, in the unit of the metric where not said otherwise. The point itself is included.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PlateauFigures {
    /// Mean.
    pub mean: f64,
    /// Smallest value.
    pub minimum: f64,
    /// Median.
    pub median: f64,
    /// Population standard deviation.
    pub deviation: f64,
    /// `mean - lambda * deviation`.
    pub score: f64,
    /// Mean of the others over the point's own value. Absent without others or unless the value is positive.
    pub ratio: Option<f64>,
    /// How far the point stands above the median of the others, in robust standard deviations; above 3 is an isolated peak.
    /// Absent without others or if more than half of them are equal.
    pub spike: Option<f64>,
    /// The largest change one step away, as a fraction of the point's own value. Absent without such a neighbour.
    pub sensitivity: Option<f64>,
}

impl Plateau {
    /// The score, if enough of the neighbourhood is there to compare it with other scores.
    pub(crate) fn score(&self) -> Option<f64> {
        self.figures.as_ref().filter(|_| self.coverage >= COVERAGE_LEAST).map(|figures| figures.score)
    }
}

/// The place of the best score among those that compare and qualify, the first of equals.
pub(crate) fn centre(plateaus: &[Plateau], qualifies: impl Fn(usize) -> bool) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for (place, plateau) in plateaus.iter().enumerate().filter(|(place, _)| qualifies(*place)) {
        if let Some(score) = plateau.score()
            && best.is_none_or(|(_, highest)| score > highest)
        {
            best = Some((place, score));
        }
    }
    best.map(|(place, _)| place)
}

/// The finite values around one point, to be filled for point after point.
#[derive(Default)]
pub(super) struct Surroundings {
    others: Vec<f64>,
    distances: Vec<f64>,
    sum: f64,
    change: Option<f64>,
}

impl Surroundings {
    /// Forgets the values of the point before.
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

    /// Figures of these values and the point's own.
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

/// The median of some values, which are put into another order.
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
        assert_eq!(centre(&plateaus, |place| place != 2), Some(3), "a point must qualify");
    }
}
