//! The standard normal distribution: its cumulative distribution function and its quantiles.
//!
//! Both are our own, because the bits of results must not depend on the machine. The statrs crate takes `ln` and `exp` from the
//! C library, and without its feature `std` from num-traits, which does the same as soon as any other crate asks it to. Here
//! they come from `libm`. The tests compare both functions with statrs, and with mpmath where statrs has fewer digits.

use std::f64::consts::FRAC_1_SQRT_2;

/// The probability of a value below `z`. For the probability of a value above take `cumulative(-z)`; `1 - cumulative(z)` is 0
/// for z above 9.
pub(crate) fn cumulative(z: f64) -> f64 {
    0.5 * libm::erfc(-z * FRAC_1_SQRT_2)
}

/// The value with the cumulative probability `share`; infinite for 0 and 1, NaN outside of 0 to 1.
///
/// For a share near 1 take `-quantile(1 - share)`, with `1 - share` computed without cancellation. Source: Wichura, algorithm
/// AS 241 (1988), PPND16, whose relative error is about 1e-16.
pub(crate) fn quantile(share: f64) -> f64 {
    let centred = share - 0.5;
    if centred.abs() <= 0.425 {
        let r = 0.180_625 - centred * centred;
        return centred * polynomial(&CENTRE.0, r) / polynomial(&CENTRE.1, r);
    }
    let tail = if centred < 0.0 { share } else { 1.0 - share };
    if tail <= 0.0 || tail.is_nan() {
        return if tail == 0.0 { f64::INFINITY.copysign(centred) } else { f64::NAN };
    }
    let r = (-libm::log(tail)).sqrt();
    let (coefficients, r) = if r <= 5.0 { (&MIDDLE, r - 1.6) } else { (&FAR, r - 5.0) };
    (polynomial(&coefficients.0, r) / polynomial(&coefficients.1, r)).copysign(centred)
}

/// Coefficients in ascending order.
fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

type Ratio = ([f64; 8], [f64; 8]);

const CENTRE: Ratio = (
    [
        3.387_132_872_796_366_5,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ],
    [
        1.0,
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_545,
    ],
);

const MIDDLE: Ratio = (
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        7.745_450_142_783_414e-4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
);

const FAR: Ratio = (
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        0.296_560_571_828_504_87,
        0.026_532_189_526_576_124,
        0.001_242_660_947_388_078_4,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        0.599_832_206_555_887_9,
        0.136_929_880_922_735_8,
        0.014_875_361_290_850_615,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
);

#[cfg(test)]
mod tests {
    use statrs::distribution::{ContinuousCDF, Normal};

    use super::*;

    #[test]
    fn the_quantile_is_the_inverse() {
        for exponent in 1..300 {
            let share = libm::pow(10.0, -f64::from(exponent));
            let back = cumulative(quantile(share));
            assert!((back / share - 1.0).abs() < 1e-12, "{share}: {back}");
        }
        for step in 1..1000 {
            let share = f64::from(step) / 1000.0;
            assert!((cumulative(quantile(share)) - share).abs() < 1e-15);
        }
    }

    #[test]
    fn the_quantile_equals_that_of_statrs() {
        let normal = Normal::standard();
        let tails = (1..=300).map(|exponent| libm::pow(10.0, -f64::from(exponent)));
        for share in tails.chain((1..1000).map(|step| f64::from(step) / 1000.0)) {
            let (ours, other) = (quantile(share), normal.inverse_cdf(share));
            assert!((ours - other).abs() <= 1e-13 * other.abs(), "{share}: {ours} and {other}");
        }
    }

    /// Relative to the share, for absolute differences say nothing in the tail. The error function of statrs has ten digits, so
    /// that [`cumulative_equals_mpmath`] is the sharper test.
    #[test]
    fn cumulative_equals_that_of_statrs() {
        let normal = Normal::standard();
        for step in -37 * 8..=9 * 8 {
            let z = f64::from(step) / 8.0;
            let (ours, other) = (cumulative(z), normal.cdf(z));
            assert!((ours / other - 1.0).abs() <= 2e-10, "{z}: {ours} and {other}");
        }
    }

    /// `erfc(-z / sqrt(2)) / 2` with 40 digits. The rounding of `z / sqrt(2)` alone costs about `z^2 * 1e-16`.
    #[test]
    fn cumulative_equals_mpmath() {
        let shares = [
            (-36.0, 4.182_624_065_797_283e-284),
            (-30.0, 4.906_713_927_148_187e-198),
            (-20.5, 1.076_467_325_879_096_1e-93),
            (-13.0, 6.117_164_399_549_88e-39),
            (-8.0, 6.220_960_574_271_784e-16),
            (-5.5, 1.898_956_246_588_771_8e-8),
            (-3.0, 0.001_349_898_031_630_094_6),
            (-1.0, 0.158_655_253_931_457_05),
            (-0.25, 0.401_293_674_317_076_3),
            (0.5, 0.691_462_461_274_013_1),
            (2.0, 0.977_249_868_051_820_8),
            (8.0, 0.999_999_999_999_999_3),
        ];
        for (z, share) in shares {
            let near = if z >= -30.0 { 1e-13 } else { 2e-13 };
            assert!((cumulative(z) / share - 1.0).abs() <= near, "{z}: {} for {share}", cumulative(z));
        }
    }

    #[test]
    fn known_values() {
        assert!((quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-15);
        assert!((cumulative(-8.0) / 6.220_960_574_271_785e-16 - 1.0).abs() < 1e-13);
        assert_eq!((quantile(0.0), quantile(1.0)), (f64::NEG_INFINITY, f64::INFINITY));
        assert!(quantile(-0.1).is_nan() && quantile(f64::NAN).is_nan());
    }
}
