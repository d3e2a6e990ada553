//! The reports of a sweep: tables, summary, heat maps, page.

pub(crate) mod break_even;
pub(crate) mod heat_maps;
pub(crate) mod leaderboard;
pub(crate) mod metric;
pub(crate) mod overview;
pub(crate) mod page;
pub(crate) mod sensitivity;
pub(crate) mod summary;
pub(crate) mod verdict;
pub(crate) mod walk_forward;

use crate::sweep::leaderboard::Leaderboard;
use crate::sweep::plan::Plan;
use crate::sweep::rank::Rank;
use crate::sweep::table::Table;

/// The results of a sweep in their ranking: what every report of it shows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RankedSweep<'f> {
    /// The plan of the sweep.
    pub plan: &'f Plan,
    /// The rows of its points.
    pub table: &'f Table,
    /// The rule of the ranking.
    pub rank: &'f Rank,
    /// The ranking.
    pub board: &'f Leaderboard,
}
