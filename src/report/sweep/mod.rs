//! The results of a sweep: tables, summary, charts.

pub(crate) mod break_even;
pub(crate) mod heat_maps;
pub(crate) mod leaderboard;
pub(crate) mod metric;
pub(crate) mod overview;
pub(crate) mod page;
pub(crate) mod sensitivity;
pub(crate) mod summary;
pub(crate) mod walk_forward;

use crate::sweep::leaderboard::Leaderboard;
use crate::sweep::plan::Plan;
use crate::sweep::rank::Rank;
use crate::sweep::table::Table;

/// All that a report of a sweep rests on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RankedSweep<'f> {
    /// The sweep.
    pub plan: &'f Plan,
    /// Its rows.
    pub table: &'f Table,
    /// How they are ranked.
    pub rank: &'f Rank,
    /// Their order.
    pub board: &'f Leaderboard,
}
