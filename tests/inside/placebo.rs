//! Placebo worlds as the verdict asks for them.

use std::sync::atomic::AtomicBool;

use super::support::project;
use crate::stats::skill::worlds::Shuffling;
use crate::sweep::definition::Sweep;
use crate::sweep::plan::Plan;
use crate::sweep::verdict::pass::{Beside, pass};
use crate::sweep::verdict::placebo::{Worlds, complete_unasked, placebo_of};

const SWEEP: &str = "name = \"m\"\nstrategy = \"../strategies/momentum.toml\"\naxes = { lookback = [168, 210, 231], top_n = [1] }\n";

#[test]
fn worlds_are_made_unasked_and_those_that_say_most_against_a_sweep_count() {
    let sweep = Sweep::parse("s.toml", SWEEP, &project("sweeps")).unwrap();
    let plan = Plan::new(sweep, 1 << 26).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (results, points) = (folder.path(), [0, 1, 2]);
    let ours = pass(&plan, &points, &Beside::default()).best_of_scales();
    assert!(ours.len() == 3 && placebo_of(&plan, results, &points, &ours).unwrap().placebo.is_none());
    assert!(complete_unasked(&plan, results, &points, 1 << 26, "w", &()).unwrap());
    let usual = placebo_of(&plan, results, &points, &ours).unwrap().placebo.unwrap();
    assert!(usual.best.len() == 99 && ours.contains(&usual.ours));
    assert!(usual.worlds == 99 && usual.block.is_none() && usual.p < 1.0, "{usual:?}");
    // In blocks that are too long nothing moves: every world does as well as the sweep, to the last bit.
    let still = Shuffling { seed: 1, block: Some(5000) };
    let worlds = Worlds::new(&plan, results, &points, still, 1 << 26);
    assert_eq!(worlds.ours().unwrap(), ours);
    worlds.complete(0..18, "w", &AtomicBool::new(false), &()).unwrap();
    assert_eq!(placebo_of(&plan, results, &points, &ours).unwrap().placebo, Some(usual), "18 say nothing");
    worlds.complete(0..19, "w", &AtomicBool::new(false), &()).unwrap();
    let joined = placebo_of(&plan, results, &points, &ours).unwrap();
    let placebo = joined.placebo.unwrap();
    assert_eq!((placebo.worlds, placebo.p, placebo.block), (19, 1.0, Some(5000)));
    assert!(joined.damaged.is_empty());
    let joined = placebo_of(&plan, results, &points[..2], &ours).unwrap();
    assert!(joined.placebo.is_none(), "they are worlds of three points");
    assert_eq!(joined.damaged.len(), 4);
    assert!(!complete_unasked(&plan, results, &[], 0, "w", &()).unwrap(), "nothing can be judged");
}
