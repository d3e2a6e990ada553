//! Floor 0: pseudorandom numbers by key and index. The same key and index give the same number, in any order of calls and on
//! any machine. Not for secrets.

/// A hash of a key and an index: output number `index`, from 0, of SplitMix64 with the seed `key`.
///
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014). The state after n steps is the seed
/// plus a multiple of a constant, so any output can be computed directly. The finaliser is David Stafford's variant 13.
pub(crate) fn hash(key: u64, index: u64) -> u64 {
    let mut x = key.wrapping_add(index.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// The 53 upper bits of a hash as a fraction in [0, 1).
pub(crate) fn fraction(hash: u64) -> f64 {
    (hash >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_the_published_generator() {
        // The first outputs of Vigna's splitmix64.c with the seed 1234567.
        let outputs = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431];
        for (index, output) in (0..).zip(outputs) {
            assert_eq!(hash(1234567, index), output);
        }
    }

    #[test]
    fn fractions_stay_below_one() {
        assert_eq!(fraction(0), 0.0);
        assert!(fraction(u64::MAX) < 1.0);
    }
}
