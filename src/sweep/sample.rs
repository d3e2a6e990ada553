//! Points drawn from a cube instead of a full grid. Knows nothing of parameters: coordinates in [0, 1).
//!
//! A coordinate is a function of the point's number, the axis and the seed, so any task computes its points alone.

use super::{latin_hypercube, sobol};
use crate::mixer::{fraction, hash};

/// The largest sample: up to here a Latin hypercube keeps each point inside its interval despite rounding.
pub(crate) const MAX_POINTS: u64 = 1 << 30;

/// The methods as a sweep file names them.
pub(crate) const METHODS: [(&str, SampleMethod); 3] = [
    ("sobol", SampleMethod::Sobol),
    ("latin_hypercube", SampleMethod::LatinHypercube),
    ("random", SampleMethod::Random),
];
/// Their names alone.
pub(crate) const METHOD_NAMES: [&str; METHODS.len()] = [METHODS[0].0, METHODS[1].0, METHODS[2].0];

/// How points are spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum SampleMethod {
    /// Sobol's sequence: even in many projections, and each first part of it is even too.
    Sobol,
    /// One point in each of as many intervals as there are points, on every axis.
    LatinHypercube,
    /// Independent and uniform.
    Random,
}

impl SampleMethod {
    /// How a sweep file names it.
    pub(crate) fn name(self) -> &'static str {
        METHODS.iter().find(|(_, method)| *method == self).map_or("", |(name, _)| name)
    }
}

/// A drawn sample. Axes are few enough for Sobol's sequence ([`sobol::MAX_DIMENSIONS`]), points at most [`MAX_POINTS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Sample {
    /// How points are spread.
    pub method: SampleMethod,
    /// Number of points.
    pub points: u64,
    /// Another seed gives another sample. Seed 0 of Sobol's sequence is the sequence itself, which starts at the origin.
    pub seed: u64,
}

impl Sample {
    /// The coordinate in [0, 1) of a point, counted from 0, on an axis. Panics where Sobol's sequence has no such axis.
    pub(crate) fn coordinate(&self, index: u64, dimension: usize) -> f64 {
        let key = hash(hash(0, self.seed), dimension as u64);
        match self.method {
            SampleMethod::Sobol => sobol::coordinate(index, dimension, if self.seed == 0 { 0 } else { key }),
            SampleMethod::LatinHypercube => latin_hypercube::coordinate(index, self.points, key),
            SampleMethod::Random => fraction(hash(key, index)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(method: SampleMethod, seed: u64) -> Sample {
        Sample { method, points: 4096, seed }
    }

    /// Mean of a function of the coordinates on two axes.
    fn mean(sample: Sample, axes: [usize; 2], f: impl Fn(f64, f64) -> f64) -> f64 {
        let sum: f64 =
            (0..sample.points).map(|i| f(sample.coordinate(i, axes[0]), sample.coordinate(i, axes[1]))).sum();
        sum / sample.points as f64
    }

    #[test]
    fn coordinates_are_uniform_and_axes_independent() {
        for (_, method) in METHODS {
            for seed in [0, 1, 2, u64::MAX] {
                let sample = sample(method, seed);
                for axes in [[0, 1], [1, 2], [5, 40], [62, 63]] {
                    // Five standard errors of independent draws.
                    assert!((mean(sample, axes, |x, _| x) - 0.5).abs() < 0.023);
                    assert!((mean(sample, axes, |x, _| x * x) - 1.0 / 3.0).abs() < 0.024);
                    assert!((mean(sample, axes, |x, y| (x - 0.5) * (y - 0.5))).abs() < 0.0066);
                }
            }
        }
    }

    #[test]
    fn random_points_fill_a_grid_as_chance_does() {
        let sample = sample(SampleMethod::Random, 3);
        let mut counts = [0.0; 64];
        for index in 0..sample.points {
            let cell = |dimension| (sample.coordinate(index, dimension) * 8.0) as usize;
            counts[cell(0) * 8 + cell(1)] += 1.0;
        }
        let chi_squared: f64 = counts.iter().map(|count| (count - 64.0) * (count - 64.0) / 64.0).sum();
        // The 0.1 % and 99.9 % quantiles with 63 degrees of freedom.
        assert!((32.0..104.0).contains(&chi_squared), "{chi_squared}");
    }

    #[test]
    fn another_seed_is_another_sample() {
        for (_, method) in METHODS {
            let [first, second] = [1, 2].map(|seed| sample(method, seed));
            let same = (0..100).filter(|&i| first.coordinate(i, 0) == second.coordinate(i, 0)).count();
            assert!(same < 5, "{method:?}");
        }
    }

    /// These numbers are part of every result of a sweep that samples: they may not change.
    #[test]
    fn coordinates_never_change() {
        let golden = [
            (
                SampleMethod::Sobol,
                [0.08299378146589231, 0.5829937814658923, 0.3365527230748804, 0.7939078475648523],
            ),
            (
                SampleMethod::LatinHypercube,
                [0.609256899356842, 0.7456008105278015, 0.17452572870254518, 0.5757528080940246],
            ),
            (
                SampleMethod::Random,
                [0.8116605545027293, 0.27162403016555947, 0.3272359474867399, 0.29556379866892935],
            ),
        ];
        for (method, expected) in golden {
            let sample = Sample { method, points: 1000, seed: 42 };
            let got = [(0, 0), (1, 0), (999, 3), (999, 63)].map(|(i, axis)| sample.coordinate(i, axis));
            assert_eq!(got, expected, "{method:?}");
        }
    }
}
