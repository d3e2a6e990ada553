//! The verdict on a matrix of returns: one column for every trial you made, the bad ones too.
//!
//! `cargo run --example verdict_of_a_matrix -- returns.csv SPY TLT`: the names are columns with the assets that were traded. Without
//! a file, on noise.

use std::error::Error;
use std::path::Path;

use backtest::error::{MatrixFileError, VerdictError};
use backtest::{LeftOut, MatrixVerdict, ReturnMatrix, Values, Verdict, VerdictOptions, verdict};

fn main() -> Result<(), Box<dyn Error>> {
    let matrix = match std::env::args().nth(1) {
        Some(path) => read(Path::new(&path))?,
        None => noise(50, 1000),
    };
    let found = judge(&matrix, std::env::args().skip(2).collect())?;
    println!("{}\n{}", found.paragraph(), found.table());
    for LeftOut { trial, row, .. } in &found.left_out {
        println!("{trial} is left out for its return in row {row}");
    }
    if found.verdict != Verdict::LikelyReal {
        println!("Do not trade {} yet.", found.selected.as_deref().unwrap_or("any of them"));
    }
    Ok(())
}

/// Reads CSV or Parquet.
fn read(path: &Path) -> Result<ReturnMatrix, MatrixFileError> {
    ReturnMatrix::read(path)
}

/// With the assets the question is whether moving in and out of them earned more than holding them. Without assets a good verdict
/// says no more than that the trials were better than cash.
fn judge(matrix: &ReturnMatrix, asset_columns: Vec<String>) -> Result<MatrixVerdict, VerdictError> {
    let options = VerdictOptions { asset_columns, values: Values::Returns, ..VerdictOptions::default() };
    verdict(matrix, &options)
}

/// Returns without skill, from a simple generator of random numbers.
fn noise(trials: usize, periods: usize) -> ReturnMatrix {
    let mut state = 1u64;
    let mut uniform = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64 - 0.5
    };
    let mut column = || (0..periods).map(|_| 0.02 * (uniform() + uniform() + uniform())).collect();
    ReturnMatrix {
        names: (0..trials).map(|trial| format!("trial {trial}")).collect(),
        columns: (0..trials).map(|_| column()).collect(),
        ..ReturnMatrix::default()
    }
}
