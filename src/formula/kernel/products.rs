//! Products of windows, several side by side.

use super::days::Days;

const LANES: usize = 8;

/// Writes the product of the last `n` factors for each of some days, none of which has fewer.
pub(crate) fn fill(factors: &[f64], n: usize, days: Days, out: &mut [f64]) {
    let first = |day: u32| day as usize - days.start + 1 - n;
    let (chunks, rest) = days.days.as_chunks::<LANES>();
    for (chunk, out) in chunks.iter().zip(out.as_chunks_mut::<LANES>().0) {
        *out = products(factors, chunk.map(first), n);
    }
    let done = chunks.len() * LANES;
    for (out, &day) in out[done..].iter_mut().zip(rest) {
        *out = product(&factors[first(day)..][..n]);
    }
}

/// The products of `n` factors from each of some ascending indices on. The multiplications of one product must stay in order;
/// eight products side by side keep the processor busy.
fn products(factors: &[f64], starts: [usize; LANES], n: usize) -> [f64; LANES] {
    let mut products = [1.0; LANES];
    if starts[LANES - 1] - starts[0] == LANES - 1 {
        // For consecutive days the next factors of the eight products are consecutive too.
        for factors in factors[starts[0]..][..n + LANES - 1].array_windows::<LANES>() {
            products.iter_mut().zip(factors).for_each(|(product, factor)| *product *= factor);
        }
        return products;
    }
    let [a, b, c, d, e, f, g, h] = starts.map(|start| factors[start..][..n].iter());
    for ((a, b), ((c, d), ((e, f), (g, h)))) in a.zip(b).zip(c.zip(d).zip(e.zip(f).zip(g.zip(h)))) {
        products.iter_mut().zip([a, b, c, d, e, f, g, h]).for_each(|(product, factor)| *product *= factor);
    }
    products
}

/// The product of factors from left to right.
pub(crate) fn product(factors: &[f64]) -> f64 {
    factors.iter().fold(1.0, |product, factor| product * factor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::testing::{NAN, bits};

    #[test]
    fn products_in_lanes_equal_products_one_by_one() {
        let x: Vec<f64> =
            (0..100).map(|t| if t == 50 { NAN } else { f64::from(t * 37 % 11) / 5.0 }).collect();
        for (n, step) in [(1, 1), (6, 1), (30, 1), (6, 3)] {
            let days: Vec<u32> = (n as u32 - 1..100).step_by(step).collect();
            let mut out = vec![0.0; days.len()];
            fill(&x, n, Days { days: &days, start: 0 }, &mut out);
            let alone = |day: &u32| product(&x[*day as usize + 1 - n..][..n]);
            assert_eq!(bits(&out), bits(&days.iter().map(alone).collect::<Vec<_>>()), "{n}");
        }
    }
}
