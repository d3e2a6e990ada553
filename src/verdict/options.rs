//! How to judge a matrix of returns.

use crate::matrix::return_matrix::ReturnMatrix;
use crate::matrix::values::Values;

/// How to judge a matrix of returns.
///
/// With assets the question is whether the trials did better than holding these assets: whether there is skill. Without assets
/// it is whether they did better than the benchmark, or than nothing at all, which a position in an asset that rose does as
/// well.
#[derive(Debug, Clone, PartialEq)]
pub struct VerdictOptions {
    /// The column of a benchmark; it is no trial. The test for superior ability compares with it, and so does the verdict where
    /// there are no assets. `None` compares with a return of 0.
    pub benchmark: Option<String>,
    /// Columns that are returns of the assets that the trials traded, and no trials.
    pub asset_columns: Vec<String>,
    /// Returns of more such assets. Where both matrices have dates, the rows of the trials are looked up by date; the assets
    /// may begin earlier and end later. Else both have as many rows.
    pub assets: Option<ReturnMatrix>,
    /// What the numbers of both matrices are.
    pub values: Values,
    /// Rows of a year, a number above 0; `None` takes what the dates say, or 252 without dates.
    pub periods_per_year: Option<f64>,
    /// Blocks of cross-validation, an even number; `None` takes the usual number for the length.
    pub blocks: Option<usize>,
    /// Resamples of the bootstrap, at least 1.
    pub resamples: usize,
    /// Mean length of its blocks in periods, finite and at least 1; `None` takes what suits the returns.
    pub mean_block: Option<f64>,
    /// Chooses the random numbers: equal seeds give equal figures on any machine and any number of threads. The verdict needs
    /// none.
    pub seed: u64,
}

impl Default for VerdictOptions {
    /// Simple returns against cash; 2,000 resamples.
    fn default() -> VerdictOptions {
        VerdictOptions {
            benchmark: None,
            asset_columns: Vec::new(),
            assets: None,
            values: Values::Returns,
            periods_per_year: None,
            blocks: None,
            resamples: 2000,
            mean_block: None,
            seed: 1,
        }
    }
}
