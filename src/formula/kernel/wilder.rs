//! Wilder's moving averages: the one that `rsi` and `atr` share, and the one of all other operators.

use crate::summation::pairwise_sum;

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

/// Wilder's average over a number of values that need not be whole: the mean of the first `n` rounded up, whose sum is the
/// pairwise one, then `a + (v - a) / n`.
#[derive(Debug)]
pub(crate) struct SmoothedAverage {
    n: f64,
    /// The first values, while there are too few.
    first: Vec<f64>,
    value: Option<f64>,
}

impl SmoothedAverage {
    /// An average over `n` values, at least 1, that has seen no value yet.
    pub(crate) fn new(n: f64) -> SmoothedAverage {
        SmoothedAverage { n, first: Vec::new(), value: None }
    }

    /// Takes a present value and gives the average so far; `None` until there are enough.
    pub(crate) fn push(&mut self, value: f64) -> Option<f64> {
        match &mut self.value {
            Some(average) => *average += (value - *average) / self.n,
            None => {
                self.first.push(value);
                let count = self.first.len() as f64;
                if count >= self.n {
                    self.value = Some(pairwise_sum(&self.first) / count);
                    self.first = Vec::new();
                }
            }
        }
        self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_is_not_whole_is_rounded_up_at_the_start_alone() {
        let mut average = SmoothedAverage::new(2.5);
        let values = [10.0, 12.0, 8.0, 20.0].map(|value| average.push(value));
        assert_eq!(values, [None, None, Some(10.0), Some(14.0)]);
    }

    #[test]
    fn the_start_is_a_pairwise_sum() {
        let values = [1e16, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0];
        let mut average = SmoothedAverage::new(9.0);
        let last = values.iter().map(|value| average.push(*value)).last().flatten();
        assert_eq!(last, Some(pairwise_sum(&values) / 9.0));
        assert_ne!(last, Some(values.iter().fold(0.0, |sum, value| sum + value) / 9.0));
    }
}
