//! Wilder's moving average, which `rsi` and `atr` share.

/// Wilder's average: the mean of the first `n` values, then `a + (v - a) / n`; `None` until there are `n`.
#[derive(Debug)]
pub(crate) struct WilderAverage {
    n: usize,
    seen: usize,
    value: f64,
}

impl WilderAverage {
    /// An average over `n` values that has seen no value yet.
    pub(crate) fn new(n: usize) -> WilderAverage {
        WilderAverage { n, seen: 0, value: 0.0 }
    }

    /// Takes a value and gives the average so far.
    pub(crate) fn push(&mut self, value: f64) -> Option<f64> {
        self.seen += 1;
        if self.seen <= self.n {
            self.value += value;
            if self.seen == self.n {
                self.value /= self.n as f64;
            }
        } else {
            self.value += (value - self.value) / self.n as f64;
        }
        (self.seen >= self.n).then_some(self.value)
    }
}
