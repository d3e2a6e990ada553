//! The points of a sweep: an index in, the values of all axes out. Nothing is enumerated.

use super::axis::{Axis, Target};
use super::sample::Sample;
use super::value::AxisValue;
use crate::formula::condition::Condition;

/// A sweep may have this many points before `keep`; beyond, an index is no exact number to other programs.
pub(crate) const POINTS_LIMIT: u64 = 1 << 50;

/// How points take values of the axes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Design {
    /// Every combination, the first axis slowest.
    Grid,
    /// Draws from all axes.
    Sample(Sample),
    /// Point i takes the value number i of every axis.
    List,
}

/// All points of a sweep.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Space {
    /// The axes, in the order of the file.
    pub axes: Vec<Axis>,
    /// How points take values of them.
    pub design: Design,
    /// Over the strategy's parameters: points for which it does not hold do not exist.
    pub keep: Option<Condition>,
    /// The strategy's parameters where no axis sets them.
    pub defaults: Vec<f64>,
}

impl Space {
    /// Number of points before `keep`; `None` if it exceeds [`POINTS_LIMIT`].
    pub(crate) fn count(&self) -> Option<u64> {
        let count = match &self.design {
            Design::Sample(sample) => sample.points,
            Design::List => self.axes.first().and_then(|axis| axis.values.count()).unwrap_or(0),
            Design::Grid => {
                self.axes.iter().try_fold(1u64, |product, axis| product.checked_mul(axis.values.count()?))?
            }
        };
        (count <= POINTS_LIMIT).then_some(count)
    }

    /// For a grid, the index of a point on every axis, counted from 0.
    pub(crate) fn indices_on_axes(&self, index: u64) -> Vec<u64> {
        let mut rest = index;
        let mut indices: Vec<u64> = self
            .axes
            .iter()
            .rev()
            .map(|axis| {
                let count = axis.values.count().unwrap_or(1).max(1);
                let on_axis = rest % count;
                rest /= count;
                on_axis
            })
            .collect();
        indices.reverse();
        indices
    }

    /// The values of a point, one an axis.
    pub(crate) fn values(&self, index: u64) -> Vec<AxisValue> {
        match &self.design {
            Design::Grid => self
                .axes
                .iter()
                .zip(self.indices_on_axes(index))
                .map(|(axis, index)| axis.values.at(index))
                .collect(),
            Design::List => self.axes.iter().map(|axis| axis.values.at(index)).collect(),
            Design::Sample(sample) => {
                let draw =
                    |(dimension, axis): (usize, &Axis)| axis.values.draw(sample.coordinate(index, dimension));
                self.axes.iter().enumerate().map(draw).collect()
            }
        }
    }

    /// The strategy's parameters for these values of the axes.
    pub(crate) fn parameters(&self, values: &[AxisValue]) -> Vec<f64> {
        let mut parameters = self.defaults.clone();
        for (axis, value) in self.axes.iter().zip(values) {
            if let (Target::Parameter { index, .. }, Some(number)) = (axis.target, value.number()) {
                parameters[index] = number;
            }
        }
        parameters
    }

    /// Whether a point exists.
    pub(crate) fn keeps(&self, index: u64) -> bool {
        match &self.keep {
            Some(keep) => keep.holds(&self.parameters(&self.values(index))),
            None => true,
        }
    }
}
