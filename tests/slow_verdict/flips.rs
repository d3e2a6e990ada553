//! Turned signs: which sessions keep their signs together, and what the sum of a series is under each of 4,096
//! turnings.

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::figures::skew;

/// Turnings, and buckets.
pub const TURNINGS: usize = 4096;

/// Blocks that a scale needs.
const BLOCKS_LEAST: usize = 60;

/// "`splitmix64(x)` first adds 0x9E3779B97F4A7C15 to x, then mixes."
pub fn splitmix64(x: u64) -> u64 {
    let mut mixed = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// "`bucket = splitmix64(splitmix64(seed * 256 + scale) xor k) >> 52`; seed 1."
pub fn bucket(scale: u64, key: i64) -> usize {
    let seed = 1;
    (splitmix64(splitmix64(seed * 256 + scale) ^ key as u64) >> 52) as usize
}

pub fn date(day: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(1970, 1, 1).expect("a date") + TimeDelta::days(day)
}

/// "`(days + 3) div 7`": Monday to Sunday.
pub fn week(day: i64) -> i64 {
    (day + 3).div_euclid(7)
}

/// "`12 year + month - 1`."
pub fn month(day: i64) -> i64 {
    12 * i64::from(date(day).year()) + i64::from(date(day).month()) - 1
}

/// Sessions that keep their signs together.
#[derive(Clone)]
pub struct Scale {
    pub name: String,
    /// The number in the hash.
    pub number: u64,
    /// The key of the block that each session belongs to, in order of time.
    pub keys: Vec<i64>,
}

impl Scale {
    /// "Distinct keys, part blocks counted."
    pub fn blocks(&self) -> usize {
        let mut keys = self.keys.clone();
        keys.sort_unstable();
        keys.dedup();
        keys.len()
    }
}

/// "A scale is used where the sample has at least 60 such blocks; `session` always."
pub fn scales_of_dates(days: &[i64]) -> Vec<Scale> {
    let scale = |name: &str, number: u64, key: fn(i64) -> i64| Scale {
        name: name.into(),
        number,
        keys: days.iter().map(|day| key(*day)).collect(),
    };
    let mut scales = vec![scale("session", 0, |day| day)];
    for wider in [scale("week", 1, week), scale("month", 2, month)] {
        if wider.blocks() >= BLOCKS_LEAST {
            scales.push(wider);
        }
    }
    scales
}

/// "Scales without dates: blocks of 1, 5, 21 and 63 rows, key `row div b`, scale 0, 1, 2, 3 in the bucket hash, used
/// from 60 whole blocks on."
pub fn scales_of_rows(rows: usize) -> Vec<Scale> {
    let mut scales = Vec::new();
    for (number, size) in [1, 5, 21, 63].into_iter().enumerate() {
        if rows / size >= BLOCKS_LEAST {
            let keys = (0..rows).map(|row| (row / size) as i64).collect();
            scales.push(Scale { name: format!("rows {size}"), number: number as u64, keys });
        }
    }
    scales
}

/// "`S[k]` = sum of d over bucket k, in order of time."
pub fn bucket_sums(residual: &[f64], scale: &Scale) -> Vec<f64> {
    let mut sums = vec![0.0; TURNINGS];
    for session in 0..residual.len() {
        sums[bucket(scale.number, scale.keys[session])] += residual[session];
    }
    sums
}

/// The sum of the buckets under each turning: the Hadamard matrix in natural order times `values`.
///
/// By the definition it would take 16 million additions a trial and scale. Here the matrix is cut into its four
/// quarters, of which the last has the opposite sign; a test compares both.
pub fn under_turned_signs(values: &[f64]) -> Vec<f64> {
    if values.len() == 1 {
        return values.to_vec();
    }
    let (first, second) = values.split_at(values.len() / 2);
    let (first, second) = (under_turned_signs(first), under_turned_signs(second));
    let mut sums = Vec::new();
    for place in 0..first.len() {
        sums.push(first[place] + second[place]);
    }
    for place in 0..first.len() {
        sums.push(first[place] - second[place]);
    }
    sums
}

fn sum_of_squares(values: &[f64]) -> f64 {
    let mut sum = 0.0;
    for value in values {
        sum += value * value;
    }
    sum
}

/// What the turnings of one trial give in one scale.
#[derive(Clone)]
pub struct Flips {
    /// "`u[b] = (Hadamard x S)[b] / sqrt(sum S^2)` for b = 0..4095."
    pub u: Vec<f64>,
    /// `u[0]` with the skew guard.
    pub observed: f64,
    /// "`unit = sqrt(sum S^2) / T`."
    pub unit: f64,
    /// Left out of the maxima.
    pub is_poor: bool,
}

/// "Observed `u[0] + min(0, g3) (1 + 2 u[0]^2) / (6 sqrt T)`, g3 the skew of d."
pub fn guarded(own: f64, residual: &[f64]) -> f64 {
    let sessions = residual.len() as f64;
    own + skew(residual).min(0.0) * (1.0 + 2.0 * own * own) / (6.0 * sessions.sqrt())
}

/// "`u[0] < -sqrt(2 ln ln T)` (of the scale, before the guard)."
pub fn is_poor(own: f64, sessions: usize) -> bool {
    own < -(2.0 * libm::log(libm::log(sessions as f64))).sqrt()
}

/// The turnings of a residual; a residual of nothing gives 0 everywhere.
pub fn flips(residual: &[f64], scale: &Scale) -> Flips {
    let sums = bucket_sums(residual, scale);
    let length = sum_of_squares(&sums).sqrt();
    let turned = under_turned_signs(&sums);
    let u: Vec<f64> = turned.iter().map(|sum| if length == 0.0 { 0.0 } else { sum / length }).collect();
    Flips {
        observed: guarded(u[0], residual),
        unit: length / residual.len() as f64,
        is_poor: is_poor(u[0], residual.len()),
        u,
    }
}

/// "`M[b]` = max over the trials (at least 0)", poor trials left out.
pub fn maxima<'a>(trials: impl IntoIterator<Item = &'a Flips>) -> Vec<f64> {
    let mut maxima = vec![0.0; TURNINGS];
    for trial in trials {
        if trial.is_poor {
            continue;
        }
        for turning in 0..TURNINGS {
            if trial.u[turning] > maxima[turning] {
                maxima[turning] = trial.u[turning];
            }
        }
    }
    maxima
}

/// "`p(trial) = (1 + #{b >= 1: M[b] >= u}) / 4096`, 1 where u <= 0."
pub fn share_at_least(maxima: &[f64], observed: f64) -> f64 {
    if observed <= 0.0 {
        return 1.0;
    }
    let mut at_least = 0;
    for turning in 1..TURNINGS {
        if maxima[turning] >= observed {
            at_least += 1;
        }
    }
    f64::from(1 + at_least) / TURNINGS as f64
}

#[cfg(test)]
mod tests {
    use super::{
        Scale, TURNINGS, bucket, is_poor, month, scales_of_dates, scales_of_rows, share_at_least,
        under_turned_signs, week,
    };

    /// `sum_k (-1)^popcount(b and k) S[k]`.
    fn by_definition(values: &[f64], turning: usize) -> f64 {
        let mut sum = 0.0;
        for place in 0..values.len() {
            let sign = if (turning & place).count_ones().is_multiple_of(2) { 1.0 } else { -1.0 };
            sum += sign * values[place];
        }
        sum
    }

    /// Whole numbers have exact sums in any order. Two of the three vectors are judged at every turning, which takes
    /// 16 million additions each.
    #[test]
    fn turned_sums_are_those_of_the_definition() {
        for seed in 1..=2 {
            let value = |place: usize| (bucket(seed, place as i64) as f64) - 2000.0;
            let values: Vec<f64> = (0..TURNINGS).map(value).collect();
            let turned = under_turned_signs(&values);
            for turning in 0..TURNINGS {
                assert_eq!(turned[turning], by_definition(&values, turning), "turning {turning}");
            }
        }
        let fractions: Vec<f64> = (0..TURNINGS).map(|place| 1.0 / (1.0 + place as f64)).collect();
        let turned = under_turned_signs(&fractions);
        for turning in (0..TURNINGS).step_by(37) {
            assert!(
                (turned[turning] - by_definition(&fractions, turning)).abs() < 1e-12,
                "turning {turning}"
            );
        }
    }

    #[test]
    fn weeks_run_from_monday_to_sunday_and_months_by_the_calendar() {
        // 1970-01-01 was a Thursday, 1970-01-04 a Sunday.
        assert_eq!([-1, 0, 3, 4, -4].map(week), [0, 0, 0, 1, -1]);
        assert_eq!([-1, 0, 30, 31].map(month), [12 * 1970 - 1, 12 * 1970, 12 * 1970, 12 * 1970 + 1]);
    }

    #[test]
    fn a_trial_is_poor_below_the_iterated_logarithm() {
        // sqrt(2 ln ln 1000) = 1.96604...
        assert!(is_poor(-1.9661, 1000) && !is_poor(-1.966, 1000) && !is_poor(3.0, 1000));
    }

    fn names(scales: &[Scale]) -> Vec<&str> {
        scales.iter().map(|scale| scale.name.as_str()).collect()
    }

    #[test]
    fn a_scale_is_used_from_sixty_blocks_on() {
        let each = |step: i64, count: i64| (0..count).map(|number| step * number).collect::<Vec<i64>>();
        assert_eq!(names(&scales_of_dates(&each(7, 59))), ["session"]);
        assert_eq!(names(&scales_of_dates(&each(7, 60))), ["session", "week"]);
        assert_eq!(names(&scales_of_dates(&each(31, 60))), ["session", "week", "month"]);
        assert_eq!(names(&scales_of_dates(&each(1, 30))), ["session"]);
    }

    #[test]
    fn rows_need_sixty_whole_blocks() {
        assert_eq!(names(&scales_of_rows(299)), ["rows 1"]);
        assert_eq!(names(&scales_of_rows(300)), ["rows 1", "rows 5"]);
        assert_eq!(names(&scales_of_rows(63 * 60)), ["rows 1", "rows 5", "rows 21", "rows 63"]);
        assert_eq!(names(&scales_of_rows(59)), [] as [&str; 0]);
    }

    #[test]
    fn a_maximum_as_large_counts_and_the_untouched_turning_does_not() {
        let mut maxima = vec![0.0; TURNINGS];
        (maxima[0], maxima[1], maxima[2]) = (9.0, 2.0, 3.0);
        let shares = [4.0, 3.0, 2.0, 1.9, 0.0].map(|observed| share_at_least(&maxima, observed) * 4096.0);
        assert_eq!(shares, [1.0, 2.0, 3.0, 3.0, 4096.0]);
    }
}
