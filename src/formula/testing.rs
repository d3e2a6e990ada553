//! What the tests of operators share.

/// Absent.
pub(crate) const NAN: f64 = f64::NAN;

/// Numbers as bits, every absent one alike.
pub(crate) fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| if value.is_nan() { NAN.to_bits() } else { value.to_bits() }).collect()
}
