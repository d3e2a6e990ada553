//! Operators that look at all members on one day.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::covariances::{min_variance, risk_parity};
use super::evaluate::{At, Evaluator, Node, OfAll};
use super::numbers::{is_flat, larger, left_sum, percent_rank, quantile, smaller};
use super::tree::Tree;

impl<'a> Evaluator<'a> {
    /// The members that an operator sees for an asset, those of its own group, in the order of `Market::members`.
    fn seen(&self, at: At<'a>) -> Option<Vec<usize>> {
        let mut members = self.market.members(self.day(at));
        if let Some(groups) = at.groups {
            let own = self.group(groups, at)?;
            members.retain(|member| self.group(groups, at.of(*member)) == Some(own));
        }
        Some(members)
    }

    pub(super) fn across(
        &self,
        tree: &'a Tree,
        operator: &str,
        arguments: &'a [Tree],
        at: At<'a>,
    ) -> Option<f64> {
        // What looks at time as well is as it was at the last close.
        if operator == "risk_parity" || operator == "min_variance" {
            return self.by_covariances(operator, arguments, self.last_close(at)?);
        }
        if arguments.len() == 3 {
            let at = self.last_close(at)?;
            self.seen(at)?;
            let is_held = self.held(tree, operator, arguments, at).contains_key(&at.asset);
            return Some(if is_held { 1.0 / self.count(&arguments[1]) as f64 } else { 0.0 });
        }
        let members = self.seen(at)?;
        let Some(x) = arguments.first() else { return Some(members.len() as f64) };
        let own = self.cell(x, at);
        let valued: Vec<(usize, f64)> =
            members.iter().filter_map(|member| Some((*member, self.cell(x, at.of(*member))?))).collect();
        // As in QSTrader, of equal values a late joiner comes last, and sums are added in the order of the universe.
        let mut summands = valued.clone();
        summands.sort_by_key(|(member, _)| *member);
        let values: Vec<f64> = summands.iter().map(|(_, x)| *x).collect();
        match operator {
            "top" | "bottom" => {
                let n = self.count(&arguments[1]);
                let chosen = ordered(valued, operator).iter().take(n).any(|member| *member == at.asset);
                Some(if chosen { 1.0 / n as f64 } else { 0.0 })
            }
            "equal" => {
                let chosen = values.iter().filter(|x| **x != 0.0).count();
                Some(if own.is_some_and(|x| x != 0.0) { 1.0 / chosen as f64 } else { 0.0 })
            }
            "share" => match (own, left_sum(&values)) {
                (Some(_), sum) if !sum.is_finite() => None,
                (Some(x), sum) if sum != 0.0 => Some(x / sum),
                _ => Some(0.0),
            },
            "rank" => {
                let own = own?;
                let above = values.iter().filter(|x| **x > own).count();
                let tied = values.iter().filter(|x| **x == own).count();
                Some(above as f64 + (tied as f64 + 1.0) / 2.0)
            }
            "percent_rank_across" => Some(percent_rank(&values, own?)),
            "demean" => Some(own? - left_sum(&values) / values.len() as f64),
            "zscore_across" => {
                let deviation = deviation_across(&values).filter(|deviation| *deviation != 0.0)?;
                Some((own? - left_sum(&values) / values.len() as f64) / deviation)
            }
            "cap" => {
                let weight = own?;
                let sizes: Vec<f64> = values.iter().map(|x| x.abs()).collect();
                Some(capped(&sizes, weight.abs(), self.constant(&arguments[1])).copysign(weight))
            }
            _ if values.is_empty() => None,
            "sum_across" => Some(left_sum(&values)),
            "mean_across" => Some(left_sum(&values) / values.len() as f64),
            "stdev_across" => deviation_across(&values),
            "median_across" => Some(quantile(&values, 0.5)),
            "quantile_across" => Some(quantile(&values, self.constant(&arguments[1]))),
            "highest_across" => values.into_iter().reduce(larger),
            "lowest_across" => values.into_iter().reduce(smaller),
            _ => panic!("no operator {operator}"),
        }
    }

    /// Who holds a place after a close, and in which group: places pass on only from who falls beyond `keep`.
    fn held(&self, tree: &'a Tree, operator: &str, arguments: &'a [Tree], at: At<'a>) -> Rc<OfAll> {
        let key = (Node(tree), At { asset: 0, ..at });
        if let Some(held) = self.known_of_all.borrow().get(&key) {
            return Rc::clone(held);
        }
        let (n, keep) = (self.count(&arguments[1]), self.count(&arguments[2]));
        // From the last close that is known on, so that no call stands on as many others as there are days.
        let known = |time: &usize| self.known_of_all.borrow().contains_key(&(key.0, key.1.on(*time)));
        let start = (0..at.time).rfind(known).map_or(0, |time| time + 1);
        let mut held = match start.checked_sub(1) {
            Some(before) => OfAll::clone(&self.known_of_all.borrow()[&(key.0, key.1.on(before))]),
            None => OfAll::new(),
        };
        for time in start..=at.time {
            let mut groups: BTreeMap<u64, (f64, Vec<(usize, f64)>)> = BTreeMap::new();
            for member in self.market.members(self.day(at.on(time))) {
                let at = at.on(time).of(member);
                let group = at.groups.map_or(Some(0.0), |groups| self.group(groups, at));
                if let (Some(group), Some(x)) = (group, self.cell(&arguments[0], at)) {
                    groups.entry(group.to_bits()).or_insert((group, vec![])).1.push((member, x));
                }
            }
            let mut next = OfAll::new();
            for (group, valued) in groups.into_values() {
                let places = ordered(valued, operator);
                let stays = |member: &&usize| held.get(*member) == Some(&group);
                let mut own: Vec<usize> = places.iter().take(keep).filter(stays).copied().collect();
                for member in places {
                    if own.len() < n && !own.contains(&member) {
                        own.push(member);
                    }
                }
                next.extend(own.into_iter().map(|member| (member, group)));
            }
            held = next;
            self.known_of_all.borrow_mut().insert((key.0, key.1.on(time)), Rc::new(held.clone()));
        }
        Rc::new(held)
    }

    fn by_covariances(&self, operator: &str, arguments: &'a [Tree], at: At<'a>) -> Option<f64> {
        let mut members = self.seen(at)?;
        members.sort_unstable();
        let n = self.count(&arguments[1]);
        let chosen: Vec<(usize, Vec<f64>)> = members
            .into_iter()
            .filter(|member| self.is(&arguments[0], at.of(*member)))
            .filter_map(|member| Some((member, self.last_returns(n, at.of(member))?)))
            .collect();
        let place = chosen.iter().position(|(member, _)| *member == at.asset);
        if operator == "min_variance" && chosen.len() > 1 && n <= chosen.len() {
            return None;
        }
        let Some(place) = place else { return Some(0.0) };
        if chosen.len() == 1 {
            return Some(1.0);
        }
        let returns: Vec<Vec<f64>> = chosen.into_iter().map(|(_, returns)| returns).collect();
        let weights = if operator == "risk_parity" { risk_parity(&returns) } else { min_variance(&returns) };
        Some(weights[place])
    }

    /// The last n returns of an asset, if they are all there and not all the same.
    fn last_returns(&self, n: usize, at: At<'a>) -> Option<Vec<f64>> {
        let first = self.first(at)?;
        let start = at.time.checked_sub(n).filter(|start| first <= *start)?;
        let close = |time: usize| self.bar(at.on(time)).map(|bar| bar.close);
        let one = |time: usize| Some(close(time)? / close(time - 1)? - 1.0).filter(|r| r.is_finite());
        let returns = (start + 1..=at.time).map(one).collect::<Option<Vec<f64>>>()?;
        (!is_flat(&returns)).then_some(returns)
    }
}

/// Members by their values, the first is the best.
fn ordered(mut valued: Vec<(usize, f64)>, operator: &str) -> Vec<usize> {
    valued.sort_by(|(_, a), (_, b)| {
        let (a, b) = if operator == "top" { (b, a) } else { (a, b) };
        a.partial_cmp(b).expect("absent values are no numbers")
    });
    valued.into_iter().map(|(member, _)| member).collect()
}

/// The sample deviation, added from the left; None of fewer than two.
fn deviation_across(values: &[f64]) -> Option<f64> {
    if values.len() < 2 {
        return None;
    }
    if is_flat(values) {
        return Some(0.0);
    }
    let k = values.len() as f64;
    let mean = left_sum(values) / k;
    let squares: Vec<f64> = values.iter().map(|x| (x - mean) * (x - mean)).collect();
    Some((left_sum(&squares) / (k - 1.0)).sqrt())
}

/// What a size becomes where none may be above the limit.
fn capped(sizes: &[f64], own: f64, limit: f64) -> f64 {
    let sum = left_sum(sizes);
    let mut sorted = sizes.to_vec();
    sorted.sort_by(|a, b| b.partial_cmp(a).expect("absent values are no numbers"));
    for (c, size) in sorted.iter().enumerate().take_while(|(_, size)| **size != 0.0) {
        let rest = sorted[c..].iter().rev().fold(0.0, |sum, size| sum + size);
        let factor = if c == 0 { 1.0 } else { (sum - c as f64 * limit) / rest };
        if factor * size <= limit {
            // Sizes that are equal are cut off together.
            return if own > *size { limit } else { factor * own };
        }
    }
    if own == 0.0 { 0.0 } else { limit }
}
