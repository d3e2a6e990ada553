//! The order of the sessions in a placebo world, and what the worlds say.

use super::figures::mean;
use super::flips::splitmix64;

/// "x: next value of the counter stream `splitmix64(splitmix64(seed * 2^32 + v) + 1, + 2, ...)`."
struct Stream {
    start: u64,
    taken: u64,
}

impl Stream {
    fn of(seed: u64, world: u64) -> Stream {
        Stream { start: splitmix64((seed << 32).wrapping_add(world)), taken: 0 }
    }

    fn next(&mut self) -> u64 {
        self.taken += 1;
        splitmix64(self.start.wrapping_add(self.taken))
    }

    /// "Fisher-Yates from the last, `x mod (i + 1)`."
    fn shuffle<T>(&mut self, items: &mut [T]) {
        for place in (1..items.len()).rev() {
            let other = (self.next() % (place as u64 + 1)) as usize;
            items.swap(place, other);
        }
    }
}

/// "Cut before every session on which a traded asset has its first usable bar, and after its last: spans."
///
/// `alive`: by asset and session.
fn spans(alive: &[Vec<bool>]) -> Vec<Vec<usize>> {
    let sessions = alive[0].len();
    let mut cuts = vec![0, sessions];
    for asset in alive {
        cuts.extend(asset.iter().position(|alive| *alive));
        cuts.extend(asset.iter().rposition(|alive| *alive).map(|last| last + 1));
    }
    cuts.sort_unstable();
    cuts.dedup();
    cuts.windows(2).map(|ends| (ends[0]..ends[1]).collect()).collect()
}

/// "Over the span, the mean square of the equally weighted return of the traded assets in the sessions t - 10 to t +
/// 10; ranked (ties by time) and cut into five classes (`5 rank div n`)." Class by class, each in order of time.
fn classes(returns: &[f64]) -> Vec<Vec<usize>> {
    let count = returns.len();
    let mean_square = |session: usize| {
        let window = &returns[session.saturating_sub(10)..(session + 11).min(count)];
        mean(&window.iter().map(|value| value * value).collect::<Vec<f64>>())
    };
    let mut ranked: Vec<usize> = (0..count).collect();
    // A stable sort: equal sessions stay in order of time.
    ranked.sort_by(|one, other| mean_square(*one).total_cmp(&mean_square(*other)));
    let mut classes = vec![Vec::new(); 5];
    for rank in 0..count {
        classes[5 * rank / count].push(ranked[rank]);
    }
    for class in &mut classes {
        class.sort_unstable();
    }
    classes
}

/// "Class by class, calmest first, its sessions change places among themselves."
fn shuffle_classes(span: &[usize], returns: &[f64], stream: &mut Stream) -> Vec<usize> {
    let of_span: Vec<f64> = span.iter().map(|session| returns[*session]).collect();
    let mut order = span.to_vec();
    for places in classes(&of_span) {
        let mut moved = places.clone();
        stream.shuffle(&mut moved);
        for (place, source) in places.into_iter().zip(moved) {
            order[place] = span[source];
        }
    }
    order
}

/// "The span is cut into blocks of B sessions, the first of `1 + x mod B`, and the blocks change places."
fn shuffle_blocks(span: &[usize], size: usize, stream: &mut Stream) -> Vec<usize> {
    let first = 1 + (stream.next() % size as u64) as usize;
    let (first, others) = span.split_at(first);
    let mut blocks = vec![first.to_vec()];
    blocks.extend(others.chunks(size).map(<[usize]>::to_vec));
    stream.shuffle(&mut blocks);
    blocks.concat()
}

/// Which session of the prices stands at each place of a world. "A span of fewer than 50 sessions (two blocks with
/// `--block`) stays as it is."
///
/// `returns`: equally weighted mean of the traded assets, a session. `block`: `None` for classes of volatility.
pub fn order(
    alive: &[Vec<bool>],
    returns: &[f64],
    block: Option<usize>,
    seed: u64,
    world: u64,
) -> Vec<usize> {
    let mut stream = Stream::of(seed, world);
    let mut order = Vec::new();
    for span in spans(alive) {
        match block {
            Some(size) if span.len() >= 2 * size => order.extend(shuffle_blocks(&span, size, &mut stream)),
            None if span.len() >= 50 => order.extend(shuffle_classes(&span, returns, &mut stream)),
            _ => order.extend(span),
        }
    }
    order
}

/// "`p = (1 + worlds whose best u >= ours) / (1 + W)`, the largest over the scales": for each scale our u and the
/// best u of every world.
pub fn placebo(scales: &[(f64, Vec<f64>)]) -> f64 {
    let mut largest = 0.0_f64;
    for (ours, worlds) in scales {
        let at_least = worlds.iter().filter(|best| *best >= ours).count();
        largest = largest.max((1 + at_least) as f64 / (1 + worlds.len()) as f64);
    }
    largest
}

#[cfg(test)]
mod tests {
    use super::{order, placebo};

    #[test]
    fn a_span_of_two_blocks_is_cut_and_a_shorter_one_is_not() {
        let moves = |sessions: usize| {
            let alive = [vec![true; sessions]];
            let still: Vec<usize> = (0..sessions).collect();
            (0..20).any(|world| order(&alive, &vec![0.0; sessions], Some(5), 1, world) != still)
        };
        assert!(moves(10) && !moves(9));
    }

    #[test]
    fn p_of_the_worlds_is_the_largest_over_the_scales() {
        let better = (2.0, vec![1.0, 2.0, 3.0]);
        let worse = (9.0, vec![1.0, 2.0, 3.0]);
        assert_eq!(placebo(&[better, worse.clone()]), 0.75);
        assert_eq!(placebo(&[worse]), 0.25);
    }
}
