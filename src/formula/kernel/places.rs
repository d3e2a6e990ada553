//! Places with a buffer: who has one keeps it while it is good enough.

use super::block::Block;
use super::end::End;
use super::order::sorted_row;

/// Weights of `1 / n` for the members that hold one of `n` places, 0 for the others. Each day members leave whose place in the
/// order from `end` is beyond `keep`, or that have no value; then the best members outside fill the places that are free.
pub(crate) fn hold_places(end: End, x: &mut [f64], constants: &[f64], block: &Block) {
    let [n, keep] = *constants else { return };
    let mut held = vec![false; block.members.columns()];
    let mut order = Vec::new();
    let mut stays = held.clone();
    for row in 0..block.rows {
        sorted_row(end, x, block.rows, row, &mut order);
        stays.fill(false);
        let mut free = n;
        for (_, column) in order.iter().take(keep as usize) {
            if held[*column] {
                stays[*column] = true;
                free -= 1.0;
            }
        }
        for (_, column) in &order {
            if free >= 1.0 && !stays[*column] {
                stays[*column] = true;
                free -= 1.0;
            }
        }
        std::mem::swap(&mut held, &mut stays);
        for (column, held) in held.iter().enumerate() {
            x[column * block.rows + row] = if *held { 1.0 / n } else { 0.0 };
        }
    }
}

/// Why two constants of places with a buffer do not fit: `keep` is less than `n`.
pub(crate) fn keep_rule(constants: &[f64]) -> Option<String> {
    match *constants {
        [n, keep] if keep < n => {
            Some(format!("keep is at least n: who is among the first {n} must not leave at {keep}"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::testing::{NAN, bits};
    use crate::market::membership::Members;

    /// The columns of values over four days, held by one place with a buffer of two.
    fn one_place(end: End, columns: [[f64; 4]; 3]) -> Vec<f64> {
        let mut x = columns.concat();
        let members = Members::always(3, 4);
        hold_places(end, &mut x, &[1.0, 2.0], &Block { rows: 4, members: &members, universe: &[0, 1, 2] });
        x
    }

    #[test]
    fn a_place_is_kept_until_the_buffer_is_passed() {
        // The first is second on day 2, third on day 3; the second has no value on day 4.
        let columns = [[9.0, 2.0, 1.0, 1.0], [8.0, 3.0, 3.0, NAN], [7.0, 1.0, 2.0, 2.0]];
        let expected = [[1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]].concat();
        assert_eq!(bits(&one_place(End::Highest, columns)), bits(&expected));
        let mirrored = columns.map(|column| column.map(|x| -x));
        assert_eq!(bits(&one_place(End::Lowest, mirrored)), bits(&expected));
    }

    #[test]
    fn keep_is_at_least_n() {
        assert_eq!((keep_rule(&[2.0]), keep_rule(&[2.0, 2.0])), (None, None));
        assert!(keep_rule(&[3.0, 2.0]).is_some_and(|message| message.contains("keep")));
    }
}
