//! The keys of a sweep file and of a sealed plan, a row each: what it holds, what it decides, what it is. Those of `[slurm]`
//! are rows of `slurm`. Reads no file.

use super::sample::{MAX_POINTS, METHOD_NAMES};
use crate::config::schema::{Kind, Range, keys};
use crate::strategy::figures::RANKING;

/// A number of sessions, from the least on.
const fn days(least: f64) -> Kind {
    Kind::Whole { noun: "a number of sessions", range: Range::Within(least, 1e6) }
}

const COUNT: Kind = Kind::Whole { noun: "a whole number", range: Range::Any };

keys! {
    /// The keys of a sweep file.
    SWEEP;

    /// Becomes the name of a folder: letters, digits and any of `. _ -`, at most 80.
    NAME = "name": Text, Required, Nothing;
    /// The strategy file, relative to the sweep file. A plan has it inside, as a table.
    STRATEGY = "strategy": FileOrTable, Required, Points;
    /// A condition over the strategy's parameters; points where it does not hold do not exist.
    KEEP = "keep": Condition, Optional, Points;
    /// The values to combine; [below](#axes).
    AXES = "axes": Table, As("or `points`"), Points;
    /// The values of an axis. NAME is a parameter of the strategy or the dotted path of one of its keys.
    AXIS = "axes.*": Values, Optional, Points;
    /// Instead of `axes`: a CSV file of points; [below](#samples-and-lists). A plan has them inside, a list for each name.
    POINTS = "points": FileOrTable, As("or `axes`"), Points;
    /// The values that an axis has, point by point.
    LISTED = "points.*": Values, Optional, Points;

    /// Draws points from the axes instead of combining all; [below](#samples-and-lists).
    SAMPLE = "sample": Table, Optional, Points;
    /// How they are drawn.
    METHOD = "sample.method": Choice { what: "method", names: &METHOD_NAMES }, Required, Points;
    /// How many.
    SAMPLE_POINTS = "sample.points":
        Whole { noun: "a whole number", range: Range::Within(1.0, MAX_POINTS as f64) }, Required, Points;
    /// Another one draws others.
    SEED = "sample.seed": Whole { noun: "a whole number", range: Range::AtLeast(0.0) }, Is(1.0), Points;

    /// How results are ranked.
    RANK = "rank": Table, Optional, Nothing;
    /// The figure to rank by: any of the results' columns.
    METRIC = "rank.metric": Choice { what: "metric", names: &RANKING }, Named(RANKING[0]), Nothing;
    /// Conditions over the figures; points that fail one stay in the table, below the rest.
    REQUIRE = "rank.require": Conditions, Optional, Nothing;

    /// Windows in [sessions](conventions.md#calendar), to choose anew in each: [verdict](verdict.md).
    WALK_FORWARD = "walk_forward": Table, Optional, Nothing;
    /// Sessions that a point is chosen by.
    TRAIN = "walk_forward.train": days(2.0), Required, Nothing;
    /// Sessions that it is judged by.
    TEST = "walk_forward.test": days(1.0), Required, Nothing;
    /// Sessions from one window to the next.
    STEP = "walk_forward.step": days(1.0), As("`test`"), Nothing;
    /// Whether each window chooses by all sessions before its test.
    ANCHORED = "walk_forward.anchored": Boolean, Flag(false), Nothing;

    /// The last sessions, which no result knows before they are [opened](verdict.md#hold-out).
    HOLDOUT = "holdout": Table, Optional, Prices;
    /// The first of them. Every point ends on the day before, and no price from then on is read. It lies after the start and
    /// the burn-in of the strategy and before its end, and may lie beyond the last price that there is today.
    HOLDOUT_FROM = "holdout.from": Date, Required, Prices;

    /// What an array job asks for: [Slurm](slurm.md#the-script).
    SLURM = "slurm": Table, Optional, Nothing;

    /// What a sealed plan vouches for. `sweep run` writes it, and refuses it where it does not fit.
    PLAN = "plan": Table, Optional, Nothing;
    /// Hash of everything that decides the results.
    SEAL = "plan.seal": Text, Required, Nothing;
    /// Revision of the results of the program that sealed it.
    REVISION = "plan.results_revision": COUNT, Required, Nothing;
    /// Version of that program.
    VERSION = "plan.version": Text, Required, Nothing;
    /// Hash of the prices used.
    FINGERPRINT = "plan.prices": Text, Required, Nothing;
    /// Number of points that exist.
    POINT_COUNT = "plan.points": COUNT, Required, Nothing;
    /// Number of returns of the first point.
    RETURN_COUNT = "plan.returns": COUNT, Required, Nothing;
    /// Number of blocks of returns of which every row keeps sums.
    BLOCK_COUNT = "plan.blocks": COUNT, Required, Nothing;
}
