//! Sobol's sequence: points that fill a cube evenly, however many are taken.
//!
//! Any first 2^k points have exactly one in each interval of length 2^-k of every axis.

/// The number of axes that have direction numbers here.
pub(crate) const MAX_DIMENSIONS: usize = 64;

/// Bits of a coordinate: those of a double, so that no coordinate is rounded.
const BITS: usize = 53;

/// Coefficients of the primitive polynomial and the first direction numbers of the axes from the second on.
///
/// The file new-joe-kuo-6.21201 of Joe and Kuo, "Constructing Sobol sequences with better two-dimensional projections", SIAM
/// Journal on Scientific Computing 30 (2008). A polynomial has as many coefficients as there are numbers behind it.
#[rustfmt::skip]
const JOE_KUO: [(u64, &[u64]); MAX_DIMENSIONS - 1] = [
    (0, &[1]), (1, &[1, 3]), (1, &[1, 3, 1]), (2, &[1, 1, 1]), (1, &[1, 1, 3, 3]), (4, &[1, 3, 5, 13]),
    (2, &[1, 1, 5, 5, 17]), (4, &[1, 1, 5, 5, 5]), (7, &[1, 1, 7, 11, 19]), (11, &[1, 1, 5, 1, 1]),
    (13, &[1, 1, 1, 3, 11]), (14, &[1, 3, 5, 5, 31]), (1, &[1, 3, 3, 9, 7, 49]),
    (13, &[1, 1, 1, 15, 21, 21]), (16, &[1, 3, 1, 13, 27, 49]), (19, &[1, 1, 1, 15, 7, 5]),
    (22, &[1, 3, 1, 15, 13, 25]), (25, &[1, 1, 5, 5, 19, 61]), (1, &[1, 3, 7, 11, 23, 15, 103]),
    (4, &[1, 3, 7, 13, 13, 15, 69]), (7, &[1, 1, 3, 13, 7, 35, 63]), (8, &[1, 3, 5, 9, 1, 25, 53]),
    (14, &[1, 3, 1, 13, 9, 35, 107]), (19, &[1, 3, 1, 5, 27, 61, 31]), (21, &[1, 1, 5, 11, 19, 41, 61]),
    (28, &[1, 3, 5, 3, 3, 13, 69]), (31, &[1, 1, 7, 13, 1, 19, 1]), (32, &[1, 3, 7, 5, 13, 19, 59]),
    (37, &[1, 1, 3, 9, 25, 29, 41]), (41, &[1, 3, 5, 13, 23, 1, 55]), (42, &[1, 3, 7, 3, 13, 59, 17]),
    (50, &[1, 3, 1, 3, 5, 53, 69]), (55, &[1, 1, 5, 5, 23, 33, 13]), (56, &[1, 1, 7, 7, 1, 61, 123]),
    (59, &[1, 1, 7, 9, 13, 61, 49]), (62, &[1, 3, 3, 5, 3, 55, 33]), (14, &[1, 3, 1, 15, 31, 13, 49, 245]),
    (21, &[1, 3, 5, 15, 31, 59, 63, 97]), (22, &[1, 3, 1, 11, 11, 11, 77, 249]),
    (38, &[1, 3, 1, 11, 27, 43, 71, 9]), (47, &[1, 1, 7, 15, 21, 11, 81, 45]),
    (49, &[1, 3, 7, 3, 25, 31, 65, 79]), (50, &[1, 3, 1, 1, 19, 11, 3, 205]),
    (52, &[1, 1, 5, 9, 19, 21, 29, 157]), (56, &[1, 3, 7, 11, 1, 33, 89, 185]),
    (67, &[1, 3, 3, 3, 15, 9, 79, 71]), (70, &[1, 3, 7, 11, 15, 39, 119, 27]),
    (84, &[1, 1, 3, 1, 11, 31, 97, 225]), (97, &[1, 1, 1, 3, 23, 43, 57, 177]),
    (103, &[1, 3, 7, 7, 17, 17, 37, 71]), (115, &[1, 3, 1, 5, 27, 63, 123, 213]),
    (122, &[1, 1, 3, 5, 11, 43, 53, 133]), (8, &[1, 3, 5, 5, 29, 17, 47, 173, 479]),
    (13, &[1, 3, 3, 11, 3, 1, 109, 9, 69]), (16, &[1, 1, 1, 5, 17, 39, 23, 5, 343]),
    (22, &[1, 3, 1, 5, 25, 15, 31, 103, 499]), (25, &[1, 1, 1, 11, 11, 17, 63, 105, 183]),
    (44, &[1, 1, 5, 11, 9, 29, 97, 231, 363]), (47, &[1, 1, 5, 15, 19, 45, 41, 7, 383]),
    (52, &[1, 3, 7, 7, 31, 19, 83, 137, 221]), (55, &[1, 1, 1, 3, 23, 15, 111, 223, 83]),
    (59, &[1, 1, 5, 13, 31, 15, 55, 25, 161]), (62, &[1, 1, 3, 13, 25, 47, 39, 87, 257]),
];

static DIRECTIONS: [[u64; BITS]; MAX_DIMENSIONS] = directions();

/// Direction numbers by the recurrence of Joe and Kuo (2008), eq. (2), as fractions of 2^53.
const fn directions() -> [[u64; BITS]; MAX_DIMENSIONS] {
    let mut directions = [[0; BITS]; MAX_DIMENSIONS];
    let mut dimension = 0;
    while dimension < MAX_DIMENSIONS {
        // On the first axis the sequence is van der Corput's.
        let (polynomial, first): (u64, &[u64]) = match dimension {
            0 => (0, &[1; BITS]),
            later => JOE_KUO[later - 1],
        };
        let degree = first.len();
        let row = &mut directions[dimension];
        let mut bit = 0;
        while bit < BITS {
            row[bit] = if bit < degree {
                first[bit] << (BITS - 1 - bit)
            } else {
                let oldest = row[bit - degree];
                let mut number = oldest ^ (oldest >> degree);
                let mut term = 1;
                while term < degree {
                    if polynomial >> (degree - 1 - term) & 1 == 1 {
                        number ^= row[bit - term];
                    }
                    term += 1;
                }
                number
            };
            bit += 1;
        }
        dimension += 1;
    }
    directions
}

/// A coordinate in [0, 1) of a point of the sequence; the first point is the origin.
///
/// `shift` is combined with the digits (a digital shift), which moves the points and keeps them even; 0 moves nothing. Points
/// come in Gray code order as in Antonov and Saleev (1979). Panics for a dimension of [`MAX_DIMENSIONS`] or more.
pub(crate) fn coordinate(index: u64, dimension: usize, shift: u64) -> f64 {
    let gray = index ^ (index >> 1);
    let digits = DIRECTIONS[dimension]
        .iter()
        .enumerate()
        .filter(|(bit, _)| gray >> bit & 1 == 1)
        .fold(shift >> (64 - BITS), |digits, (_, direction)| digits ^ direction);
    digits as f64 / (1u64 << BITS) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected numbers in these tests: scipy 1.17.1, `scipy.stats.qmc.Sobol(64, scramble=False)`.
    #[test]
    fn starts_as_scipy_does() {
        let points = [
            [0.0, 0.0, 0.0, 0.0, 0.0],
            [0.5, 0.5, 0.5, 0.5, 0.5],
            [0.75, 0.25, 0.25, 0.25, 0.75],
            [0.25, 0.75, 0.75, 0.75, 0.25],
            [0.375, 0.375, 0.625, 0.875, 0.375],
            [0.875, 0.875, 0.125, 0.375, 0.875],
            [0.625, 0.125, 0.875, 0.625, 0.625],
            [0.125, 0.625, 0.375, 0.125, 0.125],
        ];
        for (index, point) in (0..).zip(points) {
            for (dimension, expected) in point.into_iter().enumerate() {
                assert_eq!(coordinate(index, dimension, 0), expected);
            }
        }
    }

    #[test]
    fn equals_scipy_on_every_axis() {
        #[rustfmt::skip]
        let point_1000 = [
            225, 99, 531, 693, 287, 929, 47, 921, 513, 71, 87, 261, 165, 393, 147, 379, 737, 353, 1015,
            743, 535, 563, 973, 553, 597, 929, 41, 1003, 61, 349, 151, 149, 303, 607, 821, 789, 869, 851,
            315, 491, 935, 261, 983, 719, 861, 95, 893, 941, 1023, 491, 361, 529, 771, 449, 129, 913,
            465, 81, 905, 585, 457, 617, 265, 457,
        ];
        #[rustfmt::skip]
        let point_4095 = [
            1, 3855, 1369, 3693, 3851, 323, 3889, 1601, 785, 1009, 2333, 1317, 1511, 2129, 2257, 1707,
            255, 2495, 3331, 2135, 925, 2999, 2777, 1825, 751, 2183, 1551, 117, 3827, 3503, 1481, 359,
            3115, 1077, 3903, 719, 2377, 1343, 679, 931, 823, 43, 2743, 2773, 2741, 3983, 2865, 81, 3923,
            2489, 1905, 151, 2787, 4069, 227, 593, 2865, 2161, 2621, 2333, 1215, 1577, 2813, 2267,
        ];
        for dimension in 0..MAX_DIMENSIONS {
            assert_eq!(coordinate(1000, dimension, 0) * 1024.0, f64::from(point_1000[dimension]));
            assert_eq!(coordinate(4095, dimension, 0) * 4096.0, f64::from(point_4095[dimension]));
        }
    }

    #[test]
    fn the_first_points_are_even_on_every_axis() {
        for shift in [0, 0x0123_4567_89ab_cdef] {
            for dimension in 0..MAX_DIMENSIONS {
                for log in [0, 1, 2, 5, 10] {
                    let count = 1u64 << log;
                    let mut intervals: Vec<u64> = (0..count)
                        .map(|index| (coordinate(index, dimension, shift) * count as f64) as u64)
                        .collect();
                    intervals.sort_unstable();
                    assert!(intervals.into_iter().eq(0..count), "{count} points on axis {dimension}");
                }
            }
        }
    }

    #[test]
    fn the_end_of_the_sequence_stays_below_one() {
        for dimension in 0..MAX_DIMENSIONS {
            for index in [u64::from(u32::MAX), (1 << 53) - 1] {
                assert!((0.0..1.0).contains(&coordinate(index, dimension, u64::MAX)));
            }
        }
    }
}
