//! On which decisions the weights differ from the decision before.

/// Marks the rows of a block at which any weight differs from the row before it, absent being 0.
///
/// `weights`: `rows` values a column, column after column. `last`: the weights of the row before the block, one a column;
/// left holding those of the block's last row.
pub fn changes(weights: &[f64], rows: usize, last: &mut [f64], changed: &mut Vec<bool>) {
    changed.clear();
    changed.resize(rows, false);
    if rows == 0 {
        return;
    }
    for (column, last) in weights.chunks(rows).zip(last) {
        changed[0] |= differ(column[0], *last);
        for (changed, pair) in changed[1..].iter_mut().zip(column.array_windows::<2>()) {
            *changed |= differ(pair[0], pair[1]);
        }
        *last = column[rows - 1];
    }
}

#[inline]
fn differ(a: f64, b: f64) -> bool {
    let zero_if_absent = |weight: f64| if weight.is_nan() { 0.0 } else { weight };
    zero_if_absent(a) != zero_if_absent(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_and_zero_are_the_same() {
        let weights = [0.0, f64::NAN, 0.5, 0.5, 1.0, 1.0, 1.0, 0.0];
        let (mut last, mut changed) = (vec![f64::NAN, 1.0], Vec::new());
        changes(&weights, 4, &mut last, &mut changed);
        assert_eq!(changed, [false, false, true, true]);
        assert_eq!(last, [0.5, 0.0]);
    }
}
