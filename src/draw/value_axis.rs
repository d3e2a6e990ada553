//! The y axis of a chart: linear, or logarithmic where a curve grows manyfold.

use super::extent;
use super::round_ticks::round_ticks;
use super::svg::number;
use super::value_format::{Digits, ValueFormat};

/// Room between the outermost values and the ends, as a share of the height.
const AIR: f64 = 0.04;
/// The axis may be logarithmic where the highest value is more than this many times the lowest.
const MANYFOLD: f64 = 2.5;
/// Pixels that each tick takes.
const TICK_ROOM: f64 = 45.0;

/// An axis from bottom to top; heights are counted from the top.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ValueAxis {
    /// The value at the bottom.
    pub low: f64,
    /// The value at the top.
    pub high: f64,
    /// Whether equal ratios, not equal differences, are equally far apart.
    pub logarithmic: bool,
    /// Pixels from top to bottom.
    pub height: f64,
}

impl ValueAxis {
    /// An axis that shows all finite values. It is logarithmic if `growth` allows it, all values are positive and the highest
    /// is many times the lowest. Without a finite value it runs from 0 to 1.
    pub(crate) fn new(values: impl Iterator<Item = f64>, growth: bool, height: f64) -> ValueAxis {
        let (low, high) = extent(values.filter(|value| value.is_finite()));
        let (low, high) = if low <= high { (low, high) } else { (0.0, 1.0) };
        let logarithmic = growth && low > 0.0 && high > MANYFOLD * low;
        let tight = ValueAxis { low, high, logarithmic, height };
        let (bottom, top) = (tight.position(low), tight.position(high));
        let air = if top > bottom { AIR * (top - bottom) } else { 0.5 * bottom.abs().max(1e-3) };
        let back = |position: f64| if logarithmic { libm::exp(position) } else { position };
        // Where zero is the lowest or highest value, the axis ends there.
        let low = if low == 0.0 && !logarithmic { 0.0 } else { back(bottom - air) };
        let high = if high == 0.0 && low < 0.0 { 0.0 } else { back(top + air) };
        ValueAxis { low, high, logarithmic, height }
    }

    /// The number that grows evenly with the height: the value or its logarithm.
    fn position(&self, value: f64) -> f64 {
        if self.logarithmic { libm::log(value) } else { value }
    }

    /// The height of a value in pixels from the top; values beyond the ends lie at the ends.
    pub(crate) fn y(&self, value: f64) -> f64 {
        let (bottom, top) = (self.position(self.low), self.position(self.high));
        let share = (self.position(value.clamp(self.low, self.high)) - bottom) / (top - bottom);
        (1.0 - share) * self.height
    }

    /// Round values with their texts, the lowest first.
    pub(crate) fn ticks(&self, format: ValueFormat) -> Vec<(f64, String)> {
        let count = (self.height / TICK_ROOM) as usize;
        if self.logarithmic {
            let ticks = self.powers(count.max(2));
            if ticks.len() >= 2 {
                let largest = ticks[ticks.len() - 1];
                let text = |tick: &f64| (*tick, format.text(*tick, Digits { resolution: ticks[0], largest }));
                return ticks.iter().map(text).collect();
            }
        }
        let (ticks, step) = round_ticks(self.low, self.high, count);
        let largest = self.low.abs().max(self.high.abs());
        let resolution = if step > 0.0 { step } else { largest / 100.0 };
        ticks.into_iter().map(|tick| (tick, format.text(tick, Digits { resolution, largest }))).collect()
    }

    /// Ticks of a logarithmic axis: round factors times the powers of ten, from 2 to `most` of them; empty if no choice of
    /// factors gives so many.
    fn powers(&self, most: usize) -> Vec<f64> {
        let choices: [&[f64]; 4] = [&[1.0, 2.0, 5.0], &[1.0, 3.0], &[1.0], &[5.0]];
        let first = libm::floor(libm::log10(self.low)) as i32;
        let last = libm::floor(libm::log10(self.high)) as i32;
        let ticks = |factors: &[f64]| -> Vec<f64> {
            (first..=last)
                .flat_map(|power| factors.iter().map(move |f| f * libm::pow(10.0, f64::from(power))))
                .filter(|tick| (self.low..=self.high).contains(tick))
                .collect()
        };
        let all = choices.map(ticks);
        let fitting = all.iter().find(|ticks| (2..=most).contains(&ticks.len()));
        fitting.cloned().unwrap_or_default()
    }

    /// The height of a value as an SVG number.
    pub(crate) fn y_text(&self, value: f64) -> String {
        number(self.y(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_drawn_by_logarithms() {
        let axis = ValueAxis::new([100.0, 10_000.0].into_iter(), true, 300.0);
        assert!(axis.logarithmic);
        assert!((axis.y(1000.0) - 150.0).abs() < 1e-9, "the geometric mean lies in the middle");
        let ticks: Vec<f64> = axis.ticks(ValueFormat::Number).iter().map(|(tick, _)| *tick).collect();
        assert!(ticks.len() >= 2 && ticks.iter().all(|tick| (axis.low..=axis.high).contains(tick)));
        assert!(!ValueAxis::new([100.0, 150.0].into_iter(), true, 300.0).logarithmic);
        assert!(!ValueAxis::new([-1.0, 150.0].into_iter(), true, 300.0).logarithmic);
    }

    #[test]
    fn values_lie_inside_and_zero_stays_an_end() {
        let axis = ValueAxis::new([0.0, 0.5, f64::NAN].into_iter(), false, 100.0);
        assert_eq!((axis.low, axis.y(0.0)), (0.0, 100.0));
        assert!(axis.y(0.5) > 0.0);
        let fall = ValueAxis::new([-0.6, 0.0].into_iter(), false, 100.0);
        assert_eq!((fall.high, fall.y(0.0)), (0.0, 0.0));
        for flat in
            [ValueAxis::new([2.0].into_iter(), true, 100.0), ValueAxis::new([].into_iter(), false, 100.0)]
        {
            assert!(flat.low < flat.high && flat.y(flat.low).is_finite());
            assert!(!flat.ticks(ValueFormat::Number).is_empty());
        }
    }
}
