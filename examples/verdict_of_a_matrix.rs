//! The verdict on a matrix of returns: one column for every trial you made, the bad ones too.
//!
//! `cargo run --example verdict_of_a_matrix -- returns.csv`; without a file, on noise.

use std::error::Error;
use std::path::Path;

use backtest::error::{MatrixFileError, VerdictError};
use backtest::{MatrixVerdict, ReturnMatrix, Verdict, VerdictOptions, verdict};

fn main() -> Result<(), Box<dyn Error>> {
    let matrix = match std::env::args().nth(1) {
        Some(path) => read(Path::new(&path))?,
        None => noise(50, 1000),
    };
    let found = judge(&matrix)?;
    println!("{}\n{}", found.paragraph(), found.table(252.0));
    for (trial, row) in &found.left_out {
        println!("{trial} is left out: its return in row {row} is no number");
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

/// Equal seeds give equal figures, on any machine and any number of threads.
fn judge(matrix: &ReturnMatrix) -> Result<MatrixVerdict, VerdictError> {
    verdict(matrix, &VerdictOptions { seed: 7, ..VerdictOptions::default() })
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
    }
}
