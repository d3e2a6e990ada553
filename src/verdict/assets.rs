//! Returns of assets from another matrix, in the rows of the trials.

use super::error::VerdictError;
use super::roles::check_shape;
use crate::market::date::Date;
use crate::matrix::return_matrix::ReturnMatrix;
use crate::matrix::values::{Values, returns};

/// The name of each asset with its returns in the rows of the trials, which have these dates.
///
/// # Errors
/// The matrix is none of such values; it has not the same rows, or has rows on dates between those of the trials, whose returns
/// are then of other periods.
pub(super) fn aligned(
    assets: &ReturnMatrix,
    values: Values,
    dates: Option<&[Date]>,
    rows: usize,
) -> Result<Vec<(String, Vec<f64>)>, VerdictError> {
    let of_assets = |error| VerdictError::Assets(Box::new(error));
    check_shape(assets).map_err(of_assets)?;
    let columns = returns(&assets.columns, values)
        .map_err(|fault| of_assets(VerdictError::no_return(&assets.names, &fault)))?;
    let dropped = usize::from(values == Values::Equity);
    let own = assets.dates.as_deref().and_then(|dates| dates.get(dropped..));
    let first = match (dates, own) {
        (Some(dates), Some(own)) => first_of(dates, own).map_err(of_assets)?,
        _ => 0,
    };
    let count = columns.first().map_or(0, Vec::len);
    if count < first + rows || (dates.is_none() || own.is_none()) && count != rows {
        return Err(of_assets(VerdictError::AssetRows { trials: rows, assets: count }));
    }
    let of_rows = |column: &Vec<f64>| column[first..first + rows].to_vec();
    Ok(assets.names.iter().cloned().zip(columns.iter().map(of_rows)).collect())
}

/// The row of the assets from which on they have the dates of the trials.
fn first_of(dates: &[Date], own: &[Date]) -> Result<usize, VerdictError> {
    let Some(begin) = dates.first() else { return Ok(0) };
    let first = own.partition_point(|date| date < begin);
    for (row, date) in dates.iter().enumerate() {
        match own.get(first + row) {
            Some(found) if found == date => {}
            Some(found) if found < date => return Err(VerdictError::AssetsBetween(*found)),
            _ => return Err(VerdictError::AssetsWithoutDate(*date)),
        }
    }
    Ok(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assets(days: Option<&[i32]>, rows: usize) -> ReturnMatrix {
        ReturnMatrix {
            names: vec!["SPY".to_owned()],
            columns: vec![(0..rows).map(|row| row as f64 / 100.0).collect()],
            dates: days.map(|days| days.iter().copied().map(Date).collect()),
            index: None,
        }
    }

    fn first(days: &[i32], own: Option<&[i32]>, rows: usize) -> Result<f64, String> {
        let dates: Vec<Date> = days.iter().copied().map(Date).collect();
        let found = aligned(&assets(own, rows), Values::Returns, Some(&dates), days.len());
        found.map(|found| found[0].1[0]).map_err(|error| error.to_string())
    }

    #[test]
    fn rows_are_found_by_their_dates() {
        assert_eq!(first(&[5, 6, 9], Some(&[4, 5, 6, 9, 10]), 5), Ok(0.01));
        assert_eq!(first(&[5, 6, 9], None, 3), Ok(0.0));
        let no_row = "the assets: there is no row for 1970-01-10, a row of the trials";
        assert_eq!(first(&[5, 6, 9], Some(&[4, 5, 6]), 3), Err(no_row.to_owned()));
        assert_eq!(first(&[5, 6, 9], Some(&[5, 6, 10]), 3), Err(no_row.to_owned()));
        let between = first(&[5, 6, 9], Some(&[5, 6, 7, 9]), 4);
        assert!(between.is_err_and(|error| error.contains("1970-01-08")));
        assert!(first(&[5, 6, 9], None, 4).is_err_and(|error| error.contains("4 rows, and 3 of the trials")));
    }

    #[test]
    fn prices_of_assets_lose_their_first_row() {
        let prices = ReturnMatrix { columns: vec![vec![100.0, 110.0, 99.0]], ..assets(Some(&[1, 2, 3]), 3) };
        let dates = [Date(2), Date(3)];
        let found = aligned(&prices, Values::Equity, Some(&dates), 2).expect("they fit");
        assert!((found[0].1[0] - 0.1).abs() < 1e-12 && (found[0].1[1] + 0.1).abs() < 1e-12);
        let wrong = aligned(&prices, Values::Returns, None, 3).expect_err("these are prices");
        assert!(
            wrong.to_string().starts_with("the assets: column 'SPY', row 1: 100 and more like it"),
            "{wrong}"
        );
    }
}
