//! Wilder's directional indicators, which `plus_di`, `minus_di` and `adx` share.

use super::arithmetic::finite;
use super::bars::Bar;
use super::wilder::SmoothedAverage;

/// The averages of the directional movements and of the true range.
#[derive(Debug)]
pub(crate) struct DirectionalIndicators {
    movements: [SmoothedAverage; 2],
    range: SmoothedAverage,
}

impl DirectionalIndicators {
    /// Averages over `n` days that have seen none yet.
    pub(crate) fn new(n: f64) -> DirectionalIndicators {
        DirectionalIndicators {
            movements: [SmoothedAverage::new(n), SmoothedAverage::new(n)],
            range: SmoothedAverage::new(n),
        }
    }

    /// Takes a bar and gives the indicators of rises and of falls so far, from 0 to 100; `None` until there are `n` bars that
    /// have one before them.
    pub(crate) fn push(&mut self, bar: Bar, before: Option<Bar>) -> Option<[f64; 2]> {
        let before = before?;
        let [rise, fall] = bar.directional_movements(before);
        let range = self.range.push(bar.true_range(Some(before)));
        let (rises, falls) = (self.movements[0].push(rise), self.movements[1].push(fall));
        let range = range?;
        Some([rises?, falls?].map(|average| if range == 0.0 { 0.0 } else { finite(100.0 * average / range) }))
    }
}
