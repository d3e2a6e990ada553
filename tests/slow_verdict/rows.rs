//! Returns of other people, without weights and perhaps without dates.

use chrono::{Datelike, NaiveDate};

use super::figures::{inflation, mean};
use super::flips::{Flips, Scale, flips, maxima, scales_of_rows, share_at_least};

/// The sum of each block of a scale, in order of its first row.
fn block_sums(residual: &[f64], scale: &Scale) -> Vec<f64> {
    let mut sums: Vec<f64> = Vec::new();
    for row in 0..residual.len() {
        if row == 0 || scale.keys[row] != scale.keys[row - 1] {
            sums.push(0.0);
        }
        *sums.last_mut().expect("the first row begins a block") += residual[row];
    }
    sums
}

/// "u of a scale times `sqrt(min(1, (sum of squared block sums / sum d^2) / vif))`, after the skew guard."
pub fn overlap_guard(residual: &[f64], scale: &Scale) -> f64 {
    let squares = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>();
    if squares(residual) == 0.0 {
        return 1.0;
    }
    let of_blocks = squares(&block_sums(residual, scale)) / squares(residual);
    (of_blocks / inflation(residual)).min(1.0).sqrt()
}

/// A scale of rows without dates.
pub struct RowsScale {
    pub name: String,
    /// With both guards.
    pub u: Vec<f64>,
    /// The smallest of all trials.
    pub p: f64,
}

/// The test of rows in every scale that they are long enough for.
pub fn test_rows(residuals: &[Vec<f64>]) -> Vec<RowsScale> {
    let mut tested = Vec::new();
    for scale in scales_of_rows(residuals[0].len()) {
        let all: Vec<Flips> = residuals.iter().map(|residual| flips(residual, &scale)).collect();
        let maxima = maxima(&all);
        let guarded = |place: usize| all[place].observed * overlap_guard(&residuals[place], &scale);
        let u: Vec<f64> = (0..residuals.len()).map(guarded).collect();
        let shares = u.iter().map(|u| share_at_least(&maxima, *u));
        tested.push(RowsScale { p: shares.fold(1.0, f64::min), name: scale.name, u });
    }
    tested
}

/// The solution of the equations of least squares by elimination. No rows change places, because such a matrix has no
/// negative directions. An asset that the ones before it make up gets 0.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let count = right.len();
    let largest = matrix.iter().flatten().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    for column in 0..count {
        if matrix[column][column].abs() <= 1e-14 * largest {
            matrix[column] = vec![0.0; count];
            matrix[column][column] = 1.0;
            right[column] = 0.0;
        }
        for row in column + 1..count {
            let share = matrix[row][column] / matrix[column][column];
            for place in column..count {
                matrix[row][place] -= share * matrix[column][place];
            }
            right[row] -= share * right[column];
        }
    }
    let mut solution = vec![0.0; count];
    for row in (0..count).rev() {
        let mut rest = right[row];
        for column in row + 1..count {
            rest -= matrix[row][column] * solution[column];
        }
        solution[row] = rest / matrix[row][row];
    }
    solution
}

/// "Residual `r - b'f`, b by least squares with a constant over all rows."
pub fn beyond_assets(returns: &[f64], assets: &[Vec<f64>]) -> Vec<f64> {
    let about_mean =
        |values: &[f64]| -> Vec<f64> { values.iter().map(|value| value - mean(values)).collect() };
    let products =
        |one: &[f64], other: &[f64]| one.iter().zip(other).map(|(one, other)| one * other).sum::<f64>();
    let centred: Vec<Vec<f64>> = assets.iter().map(|asset| about_mean(asset)).collect();
    let matrix =
        centred.iter().map(|one| centred.iter().map(|other| products(one, other)).collect()).collect();
    let right = centred.iter().map(|asset| products(asset, &about_mean(returns))).collect();
    let slopes = solve(matrix, right);
    let mut residual = Vec::new();
    for row in 0..returns.len() {
        let mut explained = 0.0;
        for asset in 0..assets.len() {
            explained += slopes[asset] * assets[asset][row];
        }
        residual.push(returns[row] - explained);
    }
    residual
}

/// Names that are those of an index, in any case; so is no name.
const INDEX_NAMES: [&str; 10] =
    ["", "date", "time", "timestamp", "datetime", "index", "period", "day", "month", "unnamed: 0"];

/// "Dates (ISO, or eight digits that are a date of 1900 to 2100)."
fn is_date(cell: &str) -> bool {
    let iso = NaiveDate::parse_from_str(cell, "%Y-%m-%d").is_ok();
    let digits = cell.len() == 8 && cell.bytes().all(|letter| letter.is_ascii_digit());
    let compact = NaiveDate::parse_from_str(cell, "%Y%m%d");
    iso || digits && compact.is_ok_and(|date| (1900..=2100).contains(&date.year()))
}

/// "Whole numbers that rise by 1 or by any steps from at least 10^8."
fn are_counts_or_epochs(cells: &[&str]) -> bool {
    let numbers: Result<Vec<i64>, _> = cells.iter().map(|cell| cell.parse::<i64>()).collect();
    let Ok(numbers) = numbers else { return false };
    let by_one = numbers.windows(2).all(|pair| pair[1] - pair[0] == 1);
    let rising = numbers.windows(2).all(|pair| pair[1] > pair[0]);
    by_one || rising && numbers.iter().all(|number| *number >= 100_000_000)
}

/// Whether a first column is an index and no trial.
pub fn is_index(name: &str, cells: &[&str]) -> bool {
    INDEX_NAMES.contains(&name.trim().to_lowercase().as_str())
        || cells.iter().all(|cell| is_date(cell))
        || are_counts_or_epochs(cells)
}

#[cfg(test)]
mod tests {
    use super::{beyond_assets, is_index};

    #[test]
    fn an_index_is_told_by_its_name_or_its_cells() {
        for name in ["", "Date", "TIME", "timestamp", "Datetime", "period", "Day", "month", "unnamed: 0"] {
            assert!(is_index(name, &["0.5", "0.1"]), "{name}");
        }
        assert!(is_index("x", &["19000101", "21001231"]));
        assert!(!is_index("x", &["21010101", "21010103"]), "no date, no rise by 1, below 10^8");
        assert!(is_index("x", &["100000000", "100000007"]));
        assert!(!is_index("x", &["99999999", "100000007"]));
        assert!(!is_index("x", &["100000000", "100000000"]));
    }

    /// 0.5 + 2 x the first - 1 x the second, and an asset that is twice the first and adds nothing.
    #[test]
    fn what_assets_explain_is_taken_away_and_the_constant_stays() {
        let first = vec![0.0, 1.0, 2.0, 4.0];
        let second = vec![1.0, 0.0, 3.0, 1.0];
        let twice: Vec<f64> = first.iter().map(|value| 2.0 * value).collect();
        let returns: Vec<f64> = (0..4).map(|row| 0.5 + 2.0 * first[row] - second[row]).collect();
        for assets in [vec![first.clone(), second.clone()], vec![second, first, twice]] {
            let residual = beyond_assets(&returns, &assets);
            assert!(residual.iter().all(|value| (value - 0.5).abs() < 1e-12), "{residual:?}");
        }
    }
}
