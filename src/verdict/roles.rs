//! What each column of a matrix is: a trial, the benchmark, or an asset.

use super::error::VerdictError;
use super::options::VerdictOptions;
use crate::matrix::index::is_name;
use crate::matrix::return_matrix::ReturnMatrix;
use crate::text::nearest::nearest;

/// Places of columns by what they are.
pub(super) struct Roles {
    pub(super) trials: Vec<usize>,
    pub(super) benchmark: Option<usize>,
    pub(super) assets: Vec<usize>,
}

impl Roles {
    /// # Errors
    /// The benchmark or an asset names no column, or several; there is no trial, or one with the name of an index.
    pub(super) fn new(matrix: &ReturnMatrix, options: &VerdictOptions) -> Result<Roles, VerdictError> {
        let benchmark = options.benchmark.as_deref().map(|name| {
            let unknown = |name, nearest| VerdictError::UnknownBenchmark { name, nearest };
            column(matrix, name, unknown)
        });
        let benchmark = benchmark.transpose()?;
        let mut assets = Vec::new();
        for name in &options.asset_columns {
            let asset = column(matrix, name, |name, nearest| VerdictError::UnknownAsset { name, nearest })?;
            if !assets.contains(&asset) {
                assets.push(asset);
            }
        }
        let is_trial = |column: &usize| Some(*column) != benchmark && !assets.contains(column);
        let trials: Vec<usize> = (0..matrix.names.len()).filter(is_trial).collect();
        if trials.is_empty() {
            return Err(VerdictError::NoTrial);
        }
        match trials.iter().find(|trial| is_name(&matrix.names[**trial])) {
            Some(index) => Err(VerdictError::IndexColumn(matrix.names[*index].clone())),
            None => Ok(Roles { trials, benchmark, assets }),
        }
    }
}

/// # Errors
/// The matrix has not a name for each column, or columns or dates of different lengths, or dates that fall.
pub(super) fn check_shape(matrix: &ReturnMatrix) -> Result<(), VerdictError> {
    let rows = matrix.columns.first().map_or(0, Vec::len);
    let dates = matrix.dates.as_deref();
    let is_rectangle = matrix.columns.iter().all(|column| column.len() == rows);
    let are_dated = dates.is_none_or(|dates| dates.len() == rows);
    if matrix.names.len() != matrix.columns.len() || !is_rectangle || !are_dated {
        return Err(VerdictError::Shape);
    }
    if dates.is_some_and(|dates| !dates.is_sorted()) { Err(VerdictError::DatesFall) } else { Ok(()) }
}

/// The only column of a name.
fn column(
    matrix: &ReturnMatrix,
    name: &str,
    unknown: fn(String, Option<String>) -> VerdictError,
) -> Result<usize, VerdictError> {
    let mut columns = (0..matrix.names.len()).filter(|column| matrix.names[*column] == name);
    match (columns.next(), columns.next()) {
        (Some(column), None) => Ok(column),
        (Some(_), Some(_)) => Err(VerdictError::Ambiguous(name.to_owned())),
        (None, _) => {
            let nearest = nearest(name, matrix.names.iter().map(String::as_str)).map(str::to_owned);
            Err(unknown(name.to_owned(), nearest))
        }
    }
}
