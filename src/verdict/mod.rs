//! Floor 6: the verdict on a matrix of returns that anything may have made: is the best of many trials real, or luck?

pub(crate) mod assets;
pub(crate) mod error;
pub(crate) mod left_out;
pub(crate) mod options;
pub(crate) mod roles;

use crate::matrix::return_matrix::ReturnMatrix;
use crate::matrix::values::{Values, returns};
use crate::report::columns::{JudgedColumns, panel, words};
use crate::stats::overfitting::material::Settings;
use crate::stats::overfitting::matrix_examination::find_in_columns;
use crate::stats::overfitting::unavailable::Unavailable;
use crate::stats::skill::columns::{Against, Columns, examine_columns};
use crate::stats::skill::decision::Verdict;
use crate::stats::skill::regression::Regression;
use crate::stats::skill::year::{TRADING_DAYS, rows_of_year};

use self::assets::aligned;
use self::error::VerdictError;
use self::left_out::{LeftOut, left_out};
use self::options::VerdictOptions;
use self::roles::{Roles, check_shape};

/// The verdict on the trial with the best Sharpe ratio.
#[derive(Debug, Clone)]
pub struct MatrixVerdict {
    /// The verdict.
    pub verdict: Verdict,
    /// Why, a sentence each, the decisive ones first.
    pub reasons: Vec<String>,
    /// The best trial; `None` if there is none that moves.
    pub selected: Option<String>,
    /// Trials that are left out.
    pub left_out: Vec<LeftOut>,
    /// All figures.
    pub(crate) judged: JudgedColumns,
}

impl MatrixVerdict {
    /// The verdict and its reasons as a paragraph for a terminal.
    pub fn paragraph(&self) -> String {
        panel::paragraph(&self.judged)
    }

    /// A table of all figures for a terminal.
    pub fn table(&self) -> String {
        panel::panel(&self.judged)
    }
}

/// Judges whether the column with the best Sharpe ratio is better than luck, given how many were tried.
///
/// # Errors
/// The matrix or the options are not what their documentation asks for; they name no column, or one with a gap; there is no
/// trial; a number is no return; rows of assets do not fit; the returns do not fall into so many blocks.
pub fn verdict(matrix: &ReturnMatrix, options: &VerdictOptions) -> Result<MatrixVerdict, VerdictError> {
    check_options(options)?;
    check_shape(matrix)?;
    let roles = Roles::new(matrix, options)?;
    let columns = returns(&matrix.columns, options.values)
        .map_err(|fault| VerdictError::no_return(&matrix.names, &fault))?;
    // An equity curve has no return in its first row.
    let dropped = usize::from(options.values == Values::Equity);
    let dates = matrix.dates.as_deref().and_then(|dates| dates.get(dropped..));
    let of = |column: usize| (matrix.names[column].as_str(), columns[column].as_slice());
    let held = options.assets.as_ref().map(|assets| aligned(assets, options.values, dates, columns[0].len()));
    let held = held.transpose()?.unwrap_or_default();
    let beside = roles.assets.iter().map(|column| of(*column));
    let assets: Vec<(&str, &[f64])> =
        beside.chain(held.iter().map(|(name, returns)| (name.as_str(), returns.as_slice()))).collect();
    if let Some((name, _)) = assets.iter().find(|(_, returns)| returns.iter().any(|x| !x.is_finite())) {
        return Err(VerdictError::AssetWithGap((*name).to_owned()));
    }
    let benchmark = roles.benchmark.map(of);
    if benchmark.is_some_and(|(_, returns)| returns.iter().any(|x| !x.is_finite())) {
        return Err(VerdictError::BenchmarkWithGap);
    }
    let (names, trials): (Vec<&str>, Vec<&[f64]>) = roles.trials.iter().map(|column| of(*column)).unzip();
    let VerdictOptions { blocks, resamples, mean_block, seed, .. } = *options;
    let found = find_in_columns(&trials, blocks, benchmark, &Settings { resamples, mean_block, seed })
        .map_err(|reason: Unavailable| VerdictError::Blocks(reason.to_string()))?;
    let days: Option<Vec<i64>> = dates.map(|dates| dates.iter().map(|date| i64::from(date.0)).collect());
    let periods = options.periods_per_year.unwrap_or(days.as_deref().map_or(TRADING_DAYS, rows_of_year));
    let columns_of_assets: Vec<&[f64]> = assets.iter().map(|(_, returns)| *returns).collect();
    let counted: Vec<&[f64]> = found.trials.iter().map(|trial| trials[*trial]).collect();
    let examined = examine_columns(&Columns {
        trials: &counted,
        selected: found.selected,
        against: &match benchmark {
            _ if !assets.is_empty() => Against::Assets(Regression::new(&columns_of_assets)),
            Some((_, returns)) => Against::Benchmark(returns),
            None => Against::Cash,
        },
        days: days.as_deref(),
        blocks: found.blocks,
        periods,
    });
    let judged = JudgedColumns {
        found: examined,
        trials: found.trials.iter().map(|trial| names[*trial].to_owned()).collect(),
        assets: assets.iter().map(|(name, _)| (*name).to_owned()).collect(),
        benchmark: benchmark.map(|(name, _)| name.to_owned()),
        rows: trials.first().map_or(0, |column| column.len()),
        periods,
        findings: found.findings,
        missing: found.missing,
    };
    Ok(MatrixVerdict {
        verdict: judged.found.verdict,
        reasons: words::reasons(&judged),
        selected: judged.selected().map(str::to_owned),
        left_out: roles
            .trials
            .iter()
            .filter_map(|&column| left_out(matrix, &columns, column, dropped))
            .collect(),
        judged,
    })
}

fn check_options(options: &VerdictOptions) -> Result<(), VerdictError> {
    if options.resamples == 0 {
        return Err(VerdictError::NoResamples);
    }
    if let Some(length) = options.mean_block.filter(|length| !(length.is_finite() && *length >= 1.0)) {
        return Err(VerdictError::MeanBlock(length));
    }
    if let Some(periods) = options.periods_per_year.filter(|periods| !(periods.is_finite() && *periods > 0.0))
    {
        return Err(VerdictError::PeriodsPerYear(periods));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::date::Date;

    fn matrix(columns: Vec<Vec<f64>>) -> ReturnMatrix {
        let names = ["fast", "slow", "SPY"].map(str::to_owned);
        ReturnMatrix { names: names[..columns.len()].into(), columns, ..ReturnMatrix::default() }
    }

    #[track_caller]
    fn refused(matrix: &ReturnMatrix, options: VerdictOptions) -> VerdictError {
        verdict(matrix, &options).expect_err("it is refused")
    }

    #[test]
    fn what_cannot_be_judged_says_why() {
        let gap = matrix(vec![vec![0.01, -0.01, 0.02], vec![0.01, f64::NAN, 0.0]]);
        let with = |benchmark: &str| {
            let benchmark = Some(benchmark.to_owned());
            refused(&gap, VerdictOptions { benchmark, ..VerdictOptions::default() })
        };
        assert_eq!(with("slow"), VerdictError::BenchmarkWithGap);
        assert_eq!(with("fasd").to_string(), "there is no column 'fasd'; did you mean 'fast'?");
        let asset =
            |name: &str| VerdictOptions { asset_columns: vec![name.to_owned()], ..VerdictOptions::default() };
        assert_eq!(refused(&gap, asset("slow")), VerdictError::AssetWithGap("slow".to_owned()));
        assert!(matches!(refused(&gap, asset("zzz")), VerdictError::UnknownAsset { nearest: None, .. }));
        let wrong = |options: VerdictOptions| refused(&gap, options).to_string();
        let standard = VerdictOptions::default;
        assert!(wrong(VerdictOptions { resamples: 0, ..standard() }).contains("at least one resample"));
        for length in [0.0, -1.0, 0.3, f64::NAN, f64::INFINITY] {
            assert!(wrong(VerdictOptions { mean_block: Some(length), ..standard() }).contains("at least 1"));
        }
        for periods in [0.0, -252.0, f64::NAN, f64::INFINITY] {
            assert!(
                wrong(VerdictOptions { periods_per_year: Some(periods), ..standard() }).contains("a year")
            );
        }
        for shape in [vec![], vec![vec![0.1; 3]], vec![vec![0.1; 3], vec![0.1; 2]]] {
            let matrix = ReturnMatrix { columns: shape, ..gap.clone() };
            assert_eq!(refused(&matrix, standard()), VerdictError::Shape);
        }
        assert_eq!(refused(&ReturnMatrix::default(), standard()), VerdictError::NoTrial);
        let two = ReturnMatrix { names: ["a", "a"].map(str::to_owned).into(), ..gap.clone() };
        assert_eq!(refused(&two, asset("a")), VerdictError::Ambiguous("a".to_owned()));
        let plain = verdict(&gap, &VerdictOptions::default()).expect("it is judged");
        assert_eq!(plain.left_out[0].to_string(), "'slow' is left out: its return in row 2 is no number");
        assert_eq!(plain.selected.as_deref(), Some("fast"));
    }

    #[test]
    fn an_index_among_the_trials_is_named_unless_it_has_a_role() {
        let columns = vec![vec![0.01, -0.01, 0.02], vec![0.01, 0.02, 0.0]];
        let names: Vec<String> = ["fast", "Index"].map(str::to_owned).into();
        let matrix = ReturnMatrix { names, columns, ..ReturnMatrix::default() };
        let standard = VerdictOptions::default;
        assert_eq!(refused(&matrix, standard()), VerdictError::IndexColumn("Index".to_owned()));
        let benchmark = VerdictOptions { benchmark: Some("Index".to_owned()), ..standard() };
        assert!(verdict(&matrix, &benchmark).is_ok());
        let asset = VerdictOptions { asset_columns: vec!["Index".to_owned()], ..standard() };
        assert!(verdict(&matrix, &asset).is_ok());
    }

    #[test]
    fn numbers_that_are_no_returns_are_named_with_column_and_row() {
        let wrong =
            refused(&matrix(vec![vec![0.01, 0.02, 0.0], vec![0.01, 12.0, 0.0]]), VerdictOptions::default());
        assert!(wrong.to_string().starts_with("column 'slow', row 2: 12 is a return above 10"), "{wrong}");
        let ruined = matrix(vec![vec![0.01, 0.02, -0.01], vec![0.01, -1.0, 0.0]]);
        let found = verdict(&ruined, &VerdictOptions::default()).expect("it is judged");
        assert_eq!(found.left_out[0].to_string(), "'slow' is left out: it loses everything in row 2");
        let curves = matrix(vec![vec![1.0, 2.0, 1.5], vec![4.0, 0.0, 0.0]]);
        let equity = VerdictOptions { values: Values::Equity, ..VerdictOptions::default() };
        let found = verdict(&curves, &equity).expect("it is judged");
        assert_eq!((found.judged.rows, found.left_out[0].row), (2, 2));
    }

    #[test]
    fn dates_rise_and_are_as_many_as_rows() {
        let columns = vec![vec![0.01, -0.01, 0.02]];
        let with = |days: &[i32]| {
            let dates = Some(days.iter().copied().map(Date).collect());
            verdict(&ReturnMatrix { dates, ..matrix(columns.clone()) }, &VerdictOptions::default())
        };
        assert!(with(&[1, 2, 2]).is_ok());
        assert_eq!(with(&[1, 3, 2]).expect_err("they fall"), VerdictError::DatesFall);
        assert_eq!(with(&[1, 3]).expect_err("one is missing"), VerdictError::Shape);
    }
}
