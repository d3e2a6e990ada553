//! The rows of a sweep in the order of its ranking.

use super::gathered::Gathered;
use super::leaderboard::Leaderboard;
use super::rank::Rank;
use super::table::Table;
use crate::strategy::figures::Metric;

/// The rows of a sweep in order.
#[derive(Debug)]
pub(crate) struct Ranked<'g> {
    /// The shards.
    pub gathered: &'g Gathered,
    /// The rows.
    pub table: Table,
    /// How they are ranked.
    pub rank: Rank,
    /// Their order.
    pub board: Leaderboard,
}

impl<'g> Ranked<'g> {
    /// Ranks the rows of a table by a figure, by that of the sweep if none is given.
    pub(crate) fn new(gathered: &'g Gathered, table: Table, metric: Option<Metric>) -> Ranked<'g> {
        let mut rank = gathered.plan.sweep.rank.clone();
        rank.metric = metric.unwrap_or(rank.metric);
        let board = Leaderboard::new(&gathered.plan, &table, &rank);
        Ranked { gathered, table, rank, board }
    }
}
