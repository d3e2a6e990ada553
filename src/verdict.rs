//! Floor 6: the verdict on a matrix of returns that anything may have made: is the best of many trials real, or luck?

use std::error::Error;
use std::fmt;

use crate::matrix::return_matrix::ReturnMatrix;
use crate::report::overfitting::panel;
use crate::stats::overfitting::examination::Examination;
use crate::stats::overfitting::material::Settings;
use crate::stats::overfitting::matrix_examination::examine_columns;
use crate::stats::overfitting::unavailable::Unavailable;
use crate::stats::overfitting::verdict::Verdict;
use crate::text::nearest::nearest;

/// How to judge a matrix of returns.
#[derive(Debug, Clone, PartialEq)]
pub struct VerdictOptions {
    /// The column that the test for superior ability compares with; it is no trial. `None` compares with a return of 0.
    pub benchmark: Option<String>,
    /// Blocks of cross-validation, an even number; `None` takes the usual number for the length.
    pub blocks: Option<usize>,
    /// Resamples of the bootstrap, at least 1.
    pub resamples: usize,
    /// Mean length of its blocks in periods, finite and at least 1; `None` takes what suits the returns.
    pub mean_block: Option<f64>,
    /// Chooses the random numbers: equal seeds give equal figures on any machine and any number of threads.
    pub seed: u64,
}

impl Default for VerdictOptions {
    /// 2,000 resamples, no benchmark.
    fn default() -> VerdictOptions {
        VerdictOptions { benchmark: None, blocks: None, resamples: 2000, mean_block: None, seed: 1 }
    }
}

/// The verdict on the trial with the best Sharpe ratio.
#[derive(Debug, Clone)]
pub struct MatrixVerdict {
    /// The verdict.
    pub verdict: Verdict,
    /// Why, a sentence each.
    pub reasons: Vec<String>,
    /// The best trial; `None` if there is none that moves.
    pub selected: Option<String>,
    /// Trials that are left out, each with the row of its first return that is no number, counted from 1.
    pub left_out: Vec<(String, usize)>,
    /// All figures.
    pub(crate) examination: Examination,
}

impl MatrixVerdict {
    /// The verdict and its reasons as a paragraph for a terminal.
    pub fn paragraph(&self) -> String {
        panel::paragraph(&self.examination)
    }

    /// A table of all figures for a terminal; Sharpe ratios of a period are also given for a year of so many periods, a number
    /// above 0.
    pub fn table(&self, periods_per_year: f64) -> String {
        panel::panel(&self.examination, self.selected.as_deref().unwrap_or(""), periods_per_year)
    }
}

/// A matrix that cannot be judged.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum VerdictError {
    /// The matrix has not one name for each column, or its columns have not all the same length.
    Shape,
    /// There are no resamples.
    NoResamples,
    /// The mean length of the blocks is below 1 or not finite.
    MeanBlock(f64),
    /// The benchmark names no column.
    UnknownBenchmark {
        /// Its name.
        name: String,
        /// The column that is spelled most like it.
        nearest: Option<String>,
    },
    /// The benchmark has a return that is no number.
    BenchmarkWithGap,
    /// There is no column, or none beside the benchmark.
    NoTrial,
    /// The returns do not fall into so many blocks; the text says why.
    Blocks(String),
}

impl fmt::Display for VerdictError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            VerdictError::UnknownBenchmark { name, nearest } => {
                write!(formatter, "there is no column '{name}'; ")?;
                match nearest {
                    Some(nearest) => write!(formatter, "did you mean '{nearest}'?"),
                    None => formatter.write_str("give the name of a column"),
                }
            }
            VerdictError::Shape => {
                formatter.write_str("expected a name for each column, and columns of one length")
            }
            VerdictError::NoResamples => formatter.write_str("expected at least one resample"),
            VerdictError::MeanBlock(length) => {
                write!(formatter, "blocks of {length} periods: expected a mean length of at least 1")
            }
            VerdictError::BenchmarkWithGap => {
                formatter.write_str("the benchmark has a return that is no number")
            }
            VerdictError::NoTrial => {
                formatter.write_str("the benchmark is the only column: there is no trial")
            }
            VerdictError::Blocks(reason) => formatter.write_str(reason),
        }
    }
}

impl Error for VerdictError {}

/// Judges whether the column with the best Sharpe ratio is better than luck, given how many were tried.
///
/// # Errors
/// The matrix or the options are not what their documentation asks for; the benchmark names no column or has a gap; there is no
/// trial; the returns do not fall into so many blocks.
pub fn verdict(matrix: &ReturnMatrix, options: &VerdictOptions) -> Result<MatrixVerdict, VerdictError> {
    MatrixTrials::new(matrix, options.benchmark.as_deref())?.judge(options)
}

/// The columns of a matrix as trials, the benchmark apart.
pub(crate) struct MatrixTrials<'m> {
    names: Vec<&'m str>,
    columns: Vec<&'m [f64]>,
    benchmark: Option<(&'m str, &'m [f64])>,
    /// Trials that are left out, each with the row of its first return that is no number, counted from 1.
    pub left_out: Vec<(String, usize)>,
}

impl<'m> MatrixTrials<'m> {
    /// Sets the benchmark apart.
    ///
    /// # Errors
    /// The matrix is no rectangle; the benchmark names no column, or is the only one.
    pub(crate) fn new(
        matrix: &'m ReturnMatrix,
        benchmark: Option<&str>,
    ) -> Result<MatrixTrials<'m>, VerdictError> {
        let periods = matrix.columns.first().map_or(0, Vec::len);
        let is_rectangle = matrix.columns.iter().all(|column| column.len() == periods);
        if matrix.names.len() != matrix.columns.len() || !is_rectangle {
            return Err(VerdictError::Shape);
        }
        let benchmark = benchmark.map(|name| benchmark_column(matrix, name)).transpose()?;
        let column = |column: usize| (matrix.names[column].as_str(), matrix.columns[column].as_slice());
        let trials = (0..matrix.names.len()).filter(|column| Some(*column) != benchmark).map(column);
        let (names, columns): (Vec<&str>, Vec<&[f64]>) = trials.unzip();
        if names.is_empty() {
            return Err(VerdictError::NoTrial);
        }
        let gap = |(name, returns): (&&str, &&[f64])| {
            let row = returns.iter().position(|x| !x.is_finite())?;
            Some(((*name).to_owned(), row + 1))
        };
        let left_out = names.iter().zip(&columns).filter_map(gap).collect();
        Ok(MatrixTrials { names, columns, benchmark: benchmark.map(column), left_out })
    }

    /// Judges the best of them.
    ///
    /// # Errors
    /// The benchmark has a gap; the options are out of range; the returns do not fall into so many blocks.
    pub(crate) fn judge(self, options: &VerdictOptions) -> Result<MatrixVerdict, VerdictError> {
        let MatrixTrials { names, columns, benchmark, left_out } = self;
        if benchmark.is_some_and(|(_, returns)| returns.iter().any(|x| !x.is_finite())) {
            return Err(VerdictError::BenchmarkWithGap);
        }
        let VerdictOptions { blocks, resamples, mean_block, seed, .. } = *options;
        if resamples == 0 {
            return Err(VerdictError::NoResamples);
        }
        if let Some(length) = mean_block.filter(|length| !(length.is_finite() && *length >= 1.0)) {
            return Err(VerdictError::MeanBlock(length));
        }
        let settings = Settings { resamples, mean_block, seed };
        let (examination, selected) = examine_columns(&columns, blocks, benchmark, &settings)
            .map_err(|reason: Unavailable| VerdictError::Blocks(reason.to_string()))?;
        Ok(MatrixVerdict {
            verdict: examination.verdict,
            reasons: examination.reasons.clone(),
            selected: selected.map(|selected| names[selected].to_owned()),
            left_out,
            examination,
        })
    }
}

/// The column of the benchmark.
fn benchmark_column(matrix: &ReturnMatrix, name: &str) -> Result<usize, VerdictError> {
    let column = matrix.names.iter().position(|known| known == name);
    column.ok_or_else(|| VerdictError::UnknownBenchmark {
        name: name.to_owned(),
        nearest: nearest(name, matrix.names.iter().map(String::as_str)).map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_judged_says_why() {
        let columns = vec![vec![0.01, -0.01, 0.02], vec![0.01, f64::NAN, 0.0]];
        let matrix = ReturnMatrix { names: ["fast", "slow"].map(str::to_owned).into(), columns };
        let with = |benchmark: &str| {
            let benchmark = Some(benchmark.to_owned());
            verdict(&matrix, &VerdictOptions { benchmark, ..VerdictOptions::default() }).unwrap_err()
        };
        assert_eq!(with("slow"), VerdictError::BenchmarkWithGap);
        assert_eq!(with("fasd").to_string(), "there is no column 'fasd'; did you mean 'fast'?");
        let wrong = |options: VerdictOptions| verdict(&matrix, &options).unwrap_err().to_string();
        let standard = VerdictOptions::default;
        assert!(wrong(VerdictOptions { resamples: 0, ..standard() }).contains("at least one resample"));
        for length in [0.0, -1.0, 0.3, f64::NAN, f64::INFINITY] {
            assert!(wrong(VerdictOptions { mean_block: Some(length), ..standard() }).contains("at least 1"));
        }
        for shape in [vec![], vec![vec![0.1; 3]], vec![vec![0.1; 3], vec![0.1; 2]]] {
            let matrix = ReturnMatrix { columns: shape, ..matrix.clone() };
            assert_eq!(verdict(&matrix, &standard()).unwrap_err(), VerdictError::Shape);
        }
        assert_eq!(verdict(&ReturnMatrix::default(), &standard()).unwrap_err(), VerdictError::NoTrial);
        let plain = verdict(&matrix, &VerdictOptions::default()).unwrap();
        assert_eq!(plain.left_out, [("slow".to_owned(), 2)]);
        assert_eq!(plain.selected.as_deref(), Some("fast"));
    }
}
