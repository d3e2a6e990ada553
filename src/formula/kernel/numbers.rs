//! Functions of numbers over columns: each loop is compiled for one function, so that no cell costs a call.

use std::array::from_fn;

/// Number of rows that a loop takes at a time.
const STEP: usize = 64;

/// A function of one number for every operand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Numbers {
    /// The value for the operands, in order; NaN is absent.
    pub value: fn(&mut dyn Iterator<Item = f64>) -> f64,
    /// Writes the values for operands of which at least one is a column; each column is as long as the output.
    pub columns: fn(&[Input], &mut [f64]),
}

/// An operand over some rows.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Input<'a> {
    /// The same number on all rows.
    Number(f64),
    /// One value a row.
    Column(&'a [f64]),
}

/// [`Numbers`] of a function of the form `fn([f64; N]) -> f64`.
macro_rules! numbers {
    ($value:path) => {
        $crate::formula::kernel::numbers::Numbers {
            value: |operands| $crate::formula::kernel::numbers::value_of(operands, $value),
            columns: |inputs, out| $crate::formula::kernel::numbers::fill(inputs, out, $value),
        }
    };
}

/// [`Numbers`] of any number of operands, joined by a function of the form `fn(f64, f64) -> f64` from the first on.
macro_rules! folded {
    ($value:path) => {
        $crate::formula::kernel::numbers::Numbers {
            value: |operands| operands.reduce($value).unwrap_or(f64::NAN),
            columns: |inputs, out| $crate::formula::kernel::numbers::fold(inputs, out, $value),
        }
    };
}

pub(in crate::formula) use {folded, numbers};

/// The value of a function of `N` operands; NaN where there are fewer.
pub(crate) fn value_of<const N: usize>(
    operands: &mut dyn Iterator<Item = f64>,
    f: impl Fn([f64; N]) -> f64,
) -> f64 {
    f(from_fn(|_| operands.next().unwrap_or(f64::NAN)))
}

/// Writes a function of `N` operands, row by row.
pub(crate) fn fill<const N: usize>(inputs: &[Input], out: &mut [f64], f: impl Fn([f64; N]) -> f64) {
    let mut steps = [[f64::NAN; STEP]; N];
    for (step, input) in steps.iter_mut().zip(inputs) {
        if let Input::Number(number) = input {
            *step = [*number; STEP];
        }
    }
    for (step, out) in out.chunks_mut(STEP).enumerate() {
        let rows = step * STEP..step * STEP + out.len();
        let operands: [&[f64]; N] = from_fn(|operand| match inputs.get(operand) {
            Some(Input::Column(column)) => &column[rows.clone()],
            _ => &steps[operand][..out.len()],
        });
        for (row, out) in out.iter_mut().enumerate() {
            *out = f(from_fn(|operand| operands[operand][row]));
        }
    }
}

/// Writes operands joined by a function from the first on, row by row.
pub(crate) fn fold(inputs: &[Input], out: &mut [f64], f: impl Fn(f64, f64) -> f64) {
    let Some((first, rest)) = inputs.split_first() else { return };
    match first {
        Input::Number(number) => out.fill(*number),
        Input::Column(column) => out.copy_from_slice(column),
    }
    for input in rest {
        match input {
            Input::Number(number) => out.iter_mut().for_each(|out| *out = f(*out, *number)),
            Input::Column(column) => {
                out.iter_mut().zip(*column).for_each(|(out, &value)| *out = f(*out, value))
            }
        }
    }
}
