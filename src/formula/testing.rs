//! Helpers that the tests of operators share.

/// An absent value.
pub(crate) const NAN: f64 = f64::NAN;

/// The bits of numbers, the same for every NaN.
pub(crate) fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| if value.is_nan() { NAN.to_bits() } else { value.to_bits() }).collect()
}
