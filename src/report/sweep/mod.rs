//! The results of a sweep: tables, summary, charts.

pub mod break_even;
pub mod heat_maps;
pub mod leaderboard;
pub mod metric;
pub mod overview;
pub mod page;
pub mod sensitivity;
pub mod summary;
pub mod walk_forward;

use crate::sweep::leaderboard::Leaderboard;
use crate::sweep::plan::Plan;
use crate::sweep::rank::Rank;
use crate::sweep::table::Table;

/// All that a report of a sweep rests on.
#[derive(Debug, Clone, Copy)]
pub struct Findings<'f> {
    /// The sweep.
    pub plan: &'f Plan,
    /// Its rows.
    pub table: &'f Table,
    /// How they are ranked.
    pub rank: &'f Rank,
    /// Their order.
    pub board: &'f Leaderboard,
}
