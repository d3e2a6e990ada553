//! The bars of one asset, day after day: high, low and close, and how far a price went.

/// The prices of one day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bar {
    /// The highest.
    pub high: f64,
    /// The lowest.
    pub low: f64,
    /// The last.
    pub close: f64,
}

/// The value of each day for its bar and for the one before, which the first has not. A day without a bar has none and is
/// passed over.
pub(crate) fn each_bar(
    [high, low, close]: [&[f64]; 3],
    mut value: impl FnMut(Bar, Option<Bar>) -> Option<f64>,
) -> Vec<f64> {
    let mut before = None;
    high.iter()
        .zip(low)
        .zip(close)
        .map(|((&high, &low), &close)| {
            if high.is_nan() | low.is_nan() | close.is_nan() {
                return f64::NAN;
            }
            let bar = Bar { high, low, close };
            value(bar, before.replace(bar)).unwrap_or(f64::NAN)
        })
        .collect()
}

impl Bar {
    /// Wilder's true range: the largest of high less low and the distances of both from the close before; without one before it
    /// is high less low.
    pub(crate) fn true_range(self, before: Option<Bar>) -> f64 {
        let range = self.high - self.low;
        match before {
            None => range,
            Some(before) => range.max((self.high - before.close).abs()).max((self.low - before.close).abs()),
        }
    }

    /// Wilder's directional movements since the bar before: how far the high rose, and how far the low fell. Only the larger of
    /// both counts; the other is 0, and both are where they are equal.
    pub(crate) fn directional_movements(self, before: Bar) -> [f64; 2] {
        let (up, down) = (self.high - before.high, before.low - self.low);
        [if up > down && up > 0.0 { up } else { 0.0 }, if down > up && down > 0.0 { down } else { 0.0 }]
    }
}
