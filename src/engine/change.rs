//! On which decisions the weights differ from the decision before.

const ROWS: usize = 16;

/// Lists the rows of a block at which any weight differs from the row before it, absent being 0.
///
/// `weights`: `rows` values a column, column after column. `last`: the weights of the row before the block, one a column;
/// left holding those of the block's last row.
pub fn changes(weights: &[f64], rows: usize, last: &mut [f64], changed: &mut Vec<u32>) {
    changed.clear();
    if rows == 0 {
        return;
    }
    let columns = || weights.chunks(rows);
    if columns().zip(last.iter()).any(|(column, last)| differ(column[0], *last)) {
        changed.push(0);
    }
    for start in (1..rows).step_by(ROWS) {
        let end = (start + ROWS).min(rows);
        // Most stretches hold no change of any bit, and that is seen without a branch a row.
        let bits =
            columns().fold(0, |bits, column| match column[start - 1..].first_chunk::<{ ROWS + 1 }>() {
                Some(stretch) => {
                    stretch.array_windows().fold(bits, |bits, [a, b]| bits | (a.to_bits() ^ b.to_bits()))
                }
                None => u64::MAX,
            });
        if bits == 0 {
            continue;
        }
        let mut rows_differ = 0u32;
        for column in columns() {
            for (place, [a, b]) in column[start - 1..end].array_windows().enumerate() {
                rows_differ |= u32::from(differ(*a, *b)) << place;
            }
        }
        while rows_differ != 0 {
            changed.push(start as u32 + rows_differ.trailing_zeros());
            rows_differ &= rows_differ - 1;
        }
    }
    last.iter_mut().zip(columns()).for_each(|(last, column)| *last = column[rows - 1]);
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
        assert_eq!(changed, [2, 3]);
        assert_eq!(last, [0.5, 0.0]);
    }

    #[test]
    fn the_row_before_the_block_counts() {
        let (mut last, mut changed) = (vec![0.0], Vec::new());
        let weights: Vec<f64> = (0..50).map(|row| f64::from(row / 20 + 1)).collect();
        changes(&weights, 50, &mut last, &mut changed);
        assert_eq!(changed, [0, 20, 40]);
    }
}
