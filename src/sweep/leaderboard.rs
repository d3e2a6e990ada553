//! Results in order: by a figure, and by the plateau around each point.

use super::plan::Plan;
use super::rank::{Rank, Standing};
use super::space::Design;
use super::table::Table;
use crate::stats::plateau::{Plateau, centre};
use crate::stats::plateau_design::{POINTS_MANY, on_design, ranks};
use crate::stats::plateau_grid::{PlateauAxis, on_grid};

/// Steps of a neighbourhood, and the weight of its deviation (overfitting, section 5).
const RADIUS: u64 = 1;
const LAMBDA: f64 = 1.0;
/// A table with its order.
#[derive(Debug, Clone)]
pub(crate) struct Leaderboard {
    /// Rows of the table, the best first: those that qualify, then the others, those without the figure, ruined ones, failed
    /// ones.
    pub order: Vec<u32>,
    /// Whether each row of the table fulfils every condition, has the figure and was not ruined.
    pub qualifies: Vec<bool>,
    /// The plateau around each row of the table; empty where there are none.
    pub plateaus: Vec<Plateau>,
    /// The row with the best plateau among those that qualify.
    pub plateau_best: Option<usize>,
}

impl Leaderboard {
    /// Ranks the rows of a table. Ties stand in the order of the points.
    pub(crate) fn new(plan: &Plan, table: &Table, rank: &Rank) -> Leaderboard {
        let standings: Vec<Standing> =
            (0..table.points.len()).map(|row| rank.standing(&table.of_row(row))).collect();
        let mut order: Vec<u32> = (0..standings.len() as u32).collect();
        order.sort_by(|&a, &b| standings[b as usize].compare(&standings[a as usize]));
        let values: Vec<f64> = standings.iter().map(|standing| standing.value).collect();
        let qualifies: Vec<bool> = standings.iter().map(|standing| standing.qualifies()).collect();
        let plateaus = plateaus(plan, table, &values);
        let plateau_best = centre(&plateaus, |row| qualifies[row]);
        Leaderboard { order, qualifies, plateaus, plateau_best }
    }

    /// The best row, if any qualifies.
    pub(crate) fn best(&self) -> Option<usize> {
        self.order.first().map(|row| *row as usize).filter(|row| self.qualifies[*row])
    }
}

fn plateaus(plan: &Plan, table: &Table, values: &[f64]) -> Vec<Plateau> {
    let space = &plan.sweep.space;
    if space.design == Design::Grid {
        let axis = |axis: &super::axis::Axis| PlateauAxis {
            length: axis.values.count().unwrap_or(1),
            ordered: axis.values.is_monotone(),
        };
        let axes: Vec<PlateauAxis> = space.axes.iter().map(axis).collect();
        return on_grid(&axes, &table.points, values, RADIUS, LAMBDA);
    }
    if table.points.len() > POINTS_MANY {
        return Vec::new();
    }
    let rows: Vec<_> = table.points.iter().map(|&point| space.values(point)).collect();
    let mut coordinates = Vec::new();
    let mut categories = vec![String::new(); rows.len()];
    for (index, axis) in space.axes.iter().enumerate() {
        if axis.values.is_ordered() {
            let numbers: Vec<f64> = rows.iter().map(|row| row[index].number().unwrap_or(0.0)).collect();
            coordinates.push(ranks(&numbers));
        } else {
            categories
                .iter_mut()
                .zip(&rows)
                .for_each(|(text, row)| *text += &format!("{}\n", row[index].toml()));
        }
    }
    let mut distinct = categories.clone();
    distinct.sort();
    distinct.dedup();
    let number = |text: &String| distinct.binary_search(text).unwrap_or(0) as u64;
    let categories: Vec<u64> = categories.iter().map(number).collect();
    on_design(&coordinates, &categories, values, LAMBDA)
}
