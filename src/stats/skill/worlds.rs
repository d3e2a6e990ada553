//! Placebo worlds: the sessions of a market in another order, so that what it is made of stays and every pattern in time goes.
//!
//! A world is a function of its seed and number alone, whoever makes it.

use std::ops::Range;

use crate::mixer::hash;

/// Classes of volatility within which sessions change places.
const CLASSES: usize = 5;
/// Sessions on each side of one that say how volatile its time was.
const NEIGHBOURS: usize = 10;
/// A shorter span keeps its order under classes.
const SPAN_LEAST: usize = 50;

/// How the sessions of a world change places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Shuffling {
    /// The key of all random numbers.
    pub seed: u64,
    /// Sessions that stay together and change places with other such blocks, at least 1; `None` for single sessions that change
    /// places with others of equally volatile times.
    pub block: Option<usize>,
}

/// The spans of a market of this many sessions: it is cut before the life of each asset and after it. `lives`: for each asset
/// the sessions from its first price to its last.
pub(crate) fn spans(lives: &[Range<usize>], sessions: usize) -> Vec<Range<usize>> {
    let mut cuts: Vec<usize> = lives.iter().flat_map(|life| [life.start, life.end]).collect();
    cuts.extend([0, sessions]);
    cuts.retain(|cut| *cut <= sessions);
    cuts.sort_unstable();
    cuts.dedup();
    cuts.array_windows().map(|[from, to]| *from..*to).collect()
}

impl Shuffling {
    /// Which session stands at each place of a world. No session leaves its span; a span that is too short keeps its order.
    /// `returns`: how much the market moved in each session.
    pub(crate) fn order(&self, world: u64, spans: &[Range<usize>], returns: &[f64]) -> Vec<usize> {
        let mut numbers = Numbers::new(self.seed, world);
        let mut order: Vec<usize> = (0..returns.len()).collect();
        for span in spans {
            let places = &mut order[span.clone()];
            match self.block {
                Some(block) if span.len() >= 2 * block => move_blocks(places, block, &mut numbers),
                None if span.len() >= SPAN_LEAST => {
                    move_in_classes(places, &returns[span.clone()], &mut numbers);
                }
                _ => {}
            }
        }
        order
    }
}

/// The random numbers of a world, one after the other.
struct Numbers {
    key: u64,
    drawn: u64,
}

impl Numbers {
    fn new(seed: u64, world: u64) -> Numbers {
        Numbers { key: hash((seed << 32).wrapping_add(world), 0), drawn: 0 }
    }

    /// One of the numbers below `end`.
    fn below(&mut self, end: usize) -> usize {
        self.drawn += 1;
        (hash(self.key.wrapping_add(self.drawn), 0) % end as u64) as usize
    }

    /// Source: Durstenfeld, "Algorithm 235: random permutation", Communications of the ACM 7 (1964).
    fn shuffle<T>(&mut self, values: &mut [T]) {
        for last in (1..values.len()).rev() {
            values.swap(last, self.below(last + 1));
        }
    }
}

/// Cuts sessions into blocks, the first of which has a random length up to the others', and lets the blocks change places.
fn move_blocks(sessions: &mut [usize], block: usize, numbers: &mut Numbers) {
    let first = 1 + numbers.below(block);
    let mut blocks = vec![sessions[..first].to_vec()];
    blocks.extend(sessions[first..].chunks(block).map(<[usize]>::to_vec));
    numbers.shuffle(&mut blocks);
    sessions.iter_mut().zip(blocks.into_iter().flatten()).for_each(|(place, session)| *place = session);
}

/// Lets the sessions of each class of volatility change places, the calmest class first.
fn move_in_classes(sessions: &mut [usize], returns: &[f64], numbers: &mut Numbers) {
    let original = sessions.to_vec();
    for places in classes(returns) {
        let mut moved = places.clone();
        numbers.shuffle(&mut moved);
        for (place, from) in places.into_iter().zip(moved) {
            sessions[place] = original[from];
        }
    }
}

/// The sessions of each class, in order of time, the calmest class first: sessions ranked by the mean square of the returns
/// around each, of equal ones the earlier first.
fn classes(returns: &[f64]) -> [Vec<usize>; CLASSES] {
    let count = returns.len();
    let volatility: Vec<f64> = (0..count)
        .map(|session| {
            let around = &returns[session.saturating_sub(NEIGHBOURS)..count.min(session + NEIGHBOURS + 1)];
            around.iter().map(|x| x * x).sum::<f64>() / around.len() as f64
        })
        .collect();
    let mut ranked: Vec<usize> = (0..count).collect();
    ranked.sort_by(|a, b| volatility[*a].total_cmp(&volatility[*b]));
    let mut classes = [(); CLASSES].map(|()| Vec::new());
    for (rank, session) in ranked.into_iter().enumerate() {
        classes[CLASSES * rank / count].push(session);
    }
    classes.iter_mut().for_each(|class| class.sort_unstable());
    classes
}

/// The chance that the best point of a market without patterns does as well as that of a sweep: the largest over the scales.
/// `ours` has the best statistic of each scale, `worlds` that of each world. 1 without a scale.
pub(crate) fn p<'w>(ours: &[f64], worlds: impl Iterator<Item = &'w [f64]> + Clone) -> f64 {
    let of_scale = |(scale, own): (usize, &f64)| {
        let (all, as_good) = worlds.clone().fold((1, 1), |(all, as_good), best| {
            (all + 1, as_good + u32::from(best.get(scale).is_some_and(|best| best >= own)))
        });
        f64::from(as_good) / f64::from(all)
    };
    ours.iter().enumerate().map(of_scale).reduce(f64::max).unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_market_is_cut_where_a_life_begins_or_ends() {
        assert_eq!(spans(&[0..9, 4..9, 2..7], 9), [0..2, 2..4, 4..7, 7..9]);
        let whole = std::slice::from_ref::<Range<usize>>;
        assert_eq!(spans(&[0..9, 0..0], 9), whole(&(0..9)), "one without a price cuts nothing");
        assert!(spans(&[], 0).is_empty());
    }

    #[test]
    fn classes_are_of_equal_size_and_stay_apart() {
        // Calm, then wild, then calm again.
        let returns: Vec<f64> = (0..100).map(|t| if (40..60).contains(&t) { 0.5 } else { 0.0 }).collect();
        let classes = classes(&returns);
        assert_eq!(classes.each_ref().map(Vec::len), [20; 5]);
        assert_eq!(classes[4], Vec::from_iter(40..60));
        assert_eq!(classes[0], Vec::from_iter(0..20), "ties go by time");
    }

    #[test]
    fn no_session_leaves_its_span() {
        let returns: Vec<f64> = (0..300u32).map(|t| f64::from(t * 37 % 101) / 5000.0 - 0.01).collect();
        let spans = [0..49, 49..150, 150..300];
        for block in [None, Some(1), Some(7), Some(30)] {
            let order = Shuffling { seed: 3, block }.order(5, &spans, &returns);
            for span in &spans {
                let mut sessions = order[span.clone()].to_vec();
                assert_eq!(
                    sessions.is_sorted(),
                    span.len() < block.map_or(50, |block| 2 * block),
                    "{block:?} {span:?}"
                );
                sessions.sort_unstable();
                assert_eq!(sessions, Vec::from_iter(span.clone()));
            }
        }
    }

    #[test]
    fn worlds_differ_and_come_again() {
        let span = 0..80;
        let spans = std::slice::from_ref(&span);
        let order = |seed, world| Shuffling { seed, block: None }.order(world, spans, &[0.0; 80]);
        assert_eq!(order(1, 4), order(1, 4));
        assert!(order(1, 4) != order(1, 5) && order(1, 4) != order(2, 4));
    }

    #[test]
    fn p_is_the_largest_over_the_scales() {
        let worlds: [&[f64]; 3] = [&[1.0, 4.0], &[2.0, 5.0], &[3.0, 1.0]];
        assert_eq!(p(&[2.0], worlds.into_iter()), 0.75, "as good counts");
        assert_eq!(p(&[9.0, 5.0], worlds.into_iter()), 0.5);
        assert_eq!(p(&[9.0], worlds.into_iter()), 0.25);
        assert_eq!((p(&[9.0], [].into_iter()), p(&[], worlds.into_iter())), (1.0, 1.0));
    }
}
