//! Some points at a time, on all threads, with memory that is used again.

use rayon::prelude::*;

use super::point::{PointRow, with_buffers};
use crate::sweep::plan::Plan;
use crate::sweep::space::Design;

/// Points that a thread takes at a time.
const CHUNK: usize = 32;

/// Rows of some points.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    rows: Vec<PointRow>,
    /// The index in `rows` of the row of each point.
    positions: Vec<usize>,
}

impl Batch {
    /// Computes some points and gives their rows in the same order.
    pub(crate) fn compute(&mut self, plan: &Plan, points: &[u64]) -> impl Iterator<Item = &PointRow> {
        self.compute_unless(plan, points, &|| false).into_iter().flatten()
    }

    /// [`Batch::compute`], but `None` if `is_late` holds before the last point has begun.
    pub(super) fn compute_unless(
        &mut self,
        plan: &Plan,
        points: &[u64],
        is_late: &(dyn Fn() -> bool + Sync),
    ) -> Option<impl Iterator<Item = &PointRow>> {
        let order = order(plan, points);
        if self.rows.len() < points.len() {
            self.rows.resize_with(points.len(), PointRow::default);
        }
        let chunk = (points.len() / (8 * rayon::current_num_threads())).clamp(1, CHUNK);
        let chunks = self.rows[..points.len()].par_chunks_mut(chunk).zip(order.par_chunks(chunk));
        let whole = chunks.map(|(rows, order)| {
            with_buffers(|buffers| {
                rows.iter_mut().zip(order).all(|(row, &index)| {
                    let begins = !is_late();
                    if begins {
                        row.compute(plan, points[index], buffers);
                    }
                    begins
                })
            })
        });
        if !whole.all(|whole| whole) {
            return None;
        }
        self.positions.resize(points.len(), 0);
        order.iter().enumerate().for_each(|(position, &index)| self.positions[index] = position);
        Some(self.positions.iter().map(|&position| &self.rows[position]))
    }
}

/// Indices of points in the order in which they are computed: the last axis slowest, so that neighbours on the other axes meet
/// its signals in the nearest cache.
fn order(plan: &Plan, points: &[u64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..points.len()).collect();
    if plan.sweep.space.design == Design::Grid {
        order.sort_by_cached_key(|&index| {
            let mut key = plan.sweep.space.indices_on_axes(points[index]);
            key.reverse();
            key
        });
    }
    order
}
