//! Which column of a matrix is the index and no trial: by its name, or by its cells.

use super::dates::{EPOCH_LEAST, is_date, is_date_number, looks_like_date};

/// Names of an index, in any case. No name is one too.
const NAMES: [&str; 10] =
    ["", "date", "time", "timestamp", "datetime", "index", "period", "day", "month", "unnamed: 0"];

/// Whether a column with this name is an index.
pub(crate) fn is_name(name: &str) -> bool {
    NAMES.contains(&name.trim().to_lowercase().as_str())
}

/// Whether the first column is an index: by its name; or all its cells are dates, or look like dates in a form that is no
/// number; or they are whole numbers that rise as counts or epochs do.
pub(crate) fn is_index(name: &str, cells: &[&str]) -> bool {
    is_name(name)
        || cells.iter().all(|cell| is_date(cell))
        || cells.iter().all(|cell| looks_like_date(cell))
        || cells
            .iter()
            .map(|cell| cell.parse().ok())
            .collect::<Option<Vec<f64>>>()
            .is_some_and(|cells| rise(&cells))
}

/// Whether numbers are those of an index: dates in eight digits, counts or epochs.
pub(crate) fn are_index(values: &[f64]) -> bool {
    values.iter().all(|value| is_date_number(*value)) || rise(values)
}

/// Whether numbers are whole and rise by 1, or by any steps from at least 10^8.
fn rise(values: &[f64]) -> bool {
    let is_counted = values.array_windows().all(|[a, b]| b - a == 1.0);
    let is_late = values.first().is_some_and(|first| *first >= EPOCH_LEAST);
    let is_epoch = is_late && values.array_windows().all(|[a, b]| b > a);
    values.iter().all(|value| value.fract() == 0.0) && (is_counted || is_epoch)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_is_told_by_its_name_or_its_cells() {
        for name in ["", " Date", "TIME", "timestamp", "Datetime", "period", "Day", "month", "Unnamed: 0"] {
            assert!(is_index(name, &["0.5", "0.1"]), "{name}");
        }
        assert!(is_index("x", &["19000101", "21001231"]));
        assert!(!is_index("x", &["21010101", "21010103"]), "no date, no rise by 1, below 10^8");
        assert!(is_index("x", &["100000000", "100000007"]));
        assert!(is_index("x", &["1.5e9", "1.6e9"]));
        assert!(is_index("x", &["-1", "0", "1"]));
        assert!(is_index("when", &["Jan 2020", "Feb 2020"]));
        for cells in
            [["99999999", "100000007"], ["100000000", "100000000"], ["0.1", "1.1"], ["0", "nan"], ["", ""]]
        {
            assert!(!is_index("x", &cells), "{cells:?}");
        }
    }
}
