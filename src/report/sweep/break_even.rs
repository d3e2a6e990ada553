//! At what cost a strategy stops earning: where the total return crosses zero along an axis of costs, all other axes fixed.

use std::collections::HashMap;

use super::RankedSweep;
use crate::strategy::figures::Metric;
use crate::sweep::space::Design;

/// Where each row's line of points along the costs crosses zero.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BreakEven {
    /// Name of the axis.
    pub axis: String,
    /// For each row of the table the cost between the last gain and the first loss, by a straight line; `None` where all
    /// costs of the axis leave a gain, or none does.
    pub costs: Vec<Option<f64>>,
}

/// The break-even along the first axis of costs; `None` for a sweep that is no grid or has no such axis.
pub(crate) fn break_even(ranked: &RankedSweep) -> Option<BreakEven> {
    let RankedSweep { plan, table, .. } = ranked;
    let space = &plan.sweep.space;
    if space.design != Design::Grid {
        return None;
    }
    let is_cost = |name: &str| name.starts_with("costs.");
    let place = space.axes.iter().position(|axis| is_cost(&axis.name) && axis.values.is_ordered())?;
    let axis = &space.axes[place];
    let gains = table.values(Metric::TOTAL_RETURN);
    let line_of = |row: usize| {
        let mut places = space.places(table.points[row]);
        let own = std::mem::take(&mut places[place]);
        (places, axis.values.at(own).number().unwrap_or(f64::NAN))
    };
    let mut lines: HashMap<Vec<u64>, Vec<(f64, f64)>> = HashMap::new();
    for (row, gain) in gains.iter().enumerate() {
        let (line, cost) = line_of(row);
        lines.entry(line).or_default().push((cost, *gain));
    }
    for line in lines.values_mut() {
        line.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    let costs = (0..table.points.len()).map(|row| crossing(&lines[&line_of(row).0])).collect();
    Some(BreakEven { axis: axis.name.clone(), costs })
}

fn crossing(line: &[(f64, f64)]) -> Option<f64> {
    line.array_windows().find_map(|[(cost, gain), (next_cost, next_gain)]| {
        let crosses = *gain > 0.0 && *next_gain <= 0.0;
        crosses.then(|| cost + (next_cost - cost) * gain / (gain - next_gain))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_crosses_between_the_last_gain_and_the_first_loss() {
        assert_eq!(crossing(&[(0.0, 2.0), (0.1, 1.0), (0.2, -1.0)]), Some(0.1 + 0.1 * 0.5));
        assert_eq!(crossing(&[(0.0, 2.0), (0.1, 1.0)]), None);
        assert_eq!(crossing(&[(0.0, -2.0), (0.1, -3.0)]), None);
        assert_eq!(crossing(&[(0.0, 1.0), (0.1, f64::NAN), (0.2, -1.0)]), None);
    }
}
