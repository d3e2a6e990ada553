//! The probability of backtest overfitting (Bailey, Borwein, Lopez de Prado and Zhu 2017) on residuals, and the best
//! guess, which rests on the same splits.

/// Sums of one trial over one half of the blocks.
struct Half {
    sum: f64,
    squares: f64,
    sessions: f64,
}

impl Half {
    fn mean(&self) -> f64 {
        self.sum / self.sessions
    }

    /// Ratio a session with one degree of freedom less. "No dispersion: 0 if all zero, else -inf."
    fn ratio(&self) -> f64 {
        let about_mean = self.squares - self.sum * self.sum / self.sessions;
        if about_mean <= 1e-12 * self.squares {
            return if self.squares == 0.0 { 0.0 } else { f64::NEG_INFINITY };
        }
        self.mean() / (about_mean / (self.sessions - 1.0)).sqrt()
    }
}

/// What the splits say.
pub struct Splits {
    /// Share of splits in which the trial that was best in one half was not above the median in the other.
    pub probability: f64,
    /// Share of splits in which it had a ratio below 0 there.
    pub probability_of_loss: f64,
    /// Mean over the splits of its mean residual there.
    pub mean_elsewhere: f64,
}

/// "16 blocks, 10 below T = 500"; "drop the oldest `T mod S` rows".
struct Blocks {
    count: usize,
    rows: usize,
    first: usize,
}

impl Blocks {
    fn of(sessions: usize) -> Blocks {
        let count = if sessions < 500 { 10 } else { 16 };
        Blocks { count, rows: sessions / count, first: sessions % count }
    }

    /// Sums of a trial over the blocks that a set names, or over the others: bit b of the set stands for block b.
    fn half(&self, sums: &[(f64, f64)], set: u32, inside: bool) -> Half {
        let mut half = Half { sum: 0.0, squares: 0.0, sessions: 0.0 };
        for block in 0..self.count {
            if (set >> block & 1 == 1) == inside {
                half.sum += sums[block].0;
                half.squares += sums[block].1;
                half.sessions += self.rows as f64;
            }
        }
        half
    }

    /// "Block sums and squares of `d`."
    fn sums(&self, residual: &[f64]) -> Vec<(f64, f64)> {
        let mut sums = vec![(0.0, 0.0); self.count];
        for block in 0..self.count {
            for row in 0..self.rows {
                let value = residual[self.first + block * self.rows + row];
                sums[block].0 += value;
                sums[block].1 += value * value;
            }
        }
        sums
    }
}

/// The rank of one value among all, ascending from 1, the average rank on ties.
fn rank(values: &[f64], value: f64) -> f64 {
    let below = values.iter().filter(|other| **other < value).count() as f64;
    let equal = values.iter().filter(|other| **other == value).count() as f64;
    below + (equal + 1.0) / 2.0
}

/// The place of the largest value, the first of equal ones.
fn best(values: &[f64]) -> usize {
    let mut best = 0;
    for trial in 0..values.len() {
        if values[trial] > values[best] {
            best = trial;
        }
    }
    best
}

/// `None` with fewer than two trials, or with blocks of fewer than two sessions.
pub fn splits(residuals: &[Vec<f64>]) -> Option<Splits> {
    let blocks = Blocks::of(residuals.first()?.len());
    if residuals.len() < 2 || blocks.rows < 2 {
        return None;
    }
    let sums: Vec<Vec<(f64, f64)>> = residuals.iter().map(|residual| blocks.sums(residual)).collect();
    let (mut count, mut overfit, mut lost, mut elsewhere) = (0.0, 0.0, 0.0, 0.0);
    for set in 0..1_u32 << blocks.count {
        if set.count_ones() as usize != blocks.count / 2 {
            continue;
        }
        let half = |trial: &Vec<(f64, f64)>, inside: bool| blocks.half(trial, set, inside);
        let inside: Vec<f64> = sums.iter().map(|trial| half(trial, true).ratio()).collect();
        let outside: Vec<f64> = sums.iter().map(|trial| half(trial, false).ratio()).collect();
        let chosen = best(&inside);
        count += 1.0;
        // The logit of rank / (N + 1) is not above 0.
        if 2.0 * rank(&outside, outside[chosen]) <= residuals.len() as f64 + 1.0 {
            overfit += 1.0;
        }
        if outside[chosen] < 0.0 {
            lost += 1.0;
        }
        elsewhere += half(&sums[chosen], false).mean();
    }
    Some(Splits {
        probability: overfit / count,
        probability_of_loss: lost / count,
        mean_elsewhere: elsewhere / count,
    })
}

#[cfg(test)]
mod tests {
    use super::splits;

    /// Ten blocks of two sessions and one session more, which is dropped. The first trial earns in the first five blocks, the
    /// second in the others: the better one in a half has the lower ratio in the other half.
    #[test]
    fn what_was_better_in_one_half_is_worse_in_the_other() {
        let mut early = vec![1.0];
        let mut late = vec![9.0];
        for block in 0..10 {
            let earns = if block < 5 { [3.0, 1.0] } else { [1.0, -1.0] };
            early.extend(earns);
            let earns = if block >= 5 { [3.0, 1.0] } else { [1.0, -1.0] };
            late.extend(earns);
        }
        let splits = splits(&[early, late]).expect("two trials");
        assert_eq!((splits.probability, splits.probability_of_loss), (1.0, 0.0));
    }

    #[test]
    fn trials_that_never_move_share_the_middle_rank() {
        let nothing = vec![0.0; 40];
        let mut moves = Vec::new();
        for number in 0..40 {
            moves.push(if number % 2 == 0 { 1.0 } else { -2.0 });
        }
        let equal = splits(&[nothing.clone(), nothing.clone()]).expect("two trials");
        assert_eq!((equal.probability, equal.mean_elsewhere), (1.0, 0.0));
        let better = splits(&[moves.clone(), nothing]).expect("two trials");
        assert_eq!((better.probability, better.probability_of_loss, better.mean_elsewhere), (0.0, 0.0, 0.0));
        assert!(splits(&[moves]).is_none(), "one trial");
    }

    /// 32 sessions: two are dropped, then ten blocks of three. Both trials are equal but in the last block. In halves without
    /// it the first of them is chosen; in halves with it the better one is, and both are equal elsewhere.
    #[test]
    fn the_first_of_equals_is_chosen() {
        let block = |number: usize| [0.25 * number as f64, 1.0, -1.0];
        let plain: Vec<f64> = [9.0, 9.0].into_iter().chain((0..10).flat_map(block)).collect();
        let mut better = plain.clone();
        better[31] = 1.0;
        let probability = |trials: &[Vec<f64>]| splits(trials).expect("two trials").probability;
        assert_eq!(probability(&[plain.clone(), better.clone()]), 1.0);
        assert_eq!(probability(&[better, plain]), 0.5);
    }
}
