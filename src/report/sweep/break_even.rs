//! The break-even cost: where the total return crosses zero along an axis of costs, with all other axes fixed.

use std::collections::HashMap;

use super::RankedSweep;
use crate::strategy::figures::Metric;
use crate::sweep::space::Design;

/// The break-even cost of every point.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BreakEven {
    /// The name of the axis.
    pub axis: String,
    /// For each row of the table the cost at which the total return is zero, by a straight line between the last gain and the
    /// first loss. `None` if the axis has no gain that is followed by a loss.
    pub costs: Vec<Option<f64>>,
}

/// The break-even along the first axis of costs; `None` if the sweep is not a grid or has no axis of costs.
pub(crate) fn break_even(ranked: &RankedSweep) -> Option<BreakEven> {
    let RankedSweep { plan, table, .. } = ranked;
    let space = &plan.sweep.space;
    if space.design != Design::Grid {
        return None;
    }
    let is_cost = |name: &str| name.starts_with("costs.");
    let cost_axis = space.axes.iter().position(|axis| is_cost(&axis.name) && axis.values.is_ordered())?;
    let axis = &space.axes[cost_axis];
    let gains = table.meaningful_values(Metric::TOTAL_RETURN);
    // A line has the points that differ in nothing but the cost.
    let line_and_cost = |row: usize| {
        let mut indices = space.indices_on_axes(table.points[row]);
        let own = std::mem::take(&mut indices[cost_axis]);
        (indices, axis.values.at(own).number().unwrap_or(f64::NAN))
    };
    let mut lines: HashMap<Vec<u64>, Vec<(f64, f64)>> = HashMap::new();
    for (row, gain) in gains.iter().enumerate() {
        let (line, cost) = line_and_cost(row);
        lines.entry(line).or_default().push((cost, *gain));
    }
    for line in lines.values_mut() {
        line.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    let costs = (0..table.points.len()).map(|row| crossing(&lines[&line_and_cost(row).0])).collect();
    Some(BreakEven { axis: axis.name.clone(), costs })
}

/// The cost at which the gain along a line first falls to zero.
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
