//! What the numbers of a matrix are, simple returns of them, and what cannot be returns.

use std::borrow::Cow;
use std::fmt;

use crate::text::quoted;

/// What the numbers of a matrix are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Values {
    /// Simple returns: 0.01 is one per cent.
    #[default]
    Returns,
    /// Simple returns in per cent: 1 is one per cent.
    PerCent,
    /// What a sum of money was worth, or a price: the first row has no return.
    Equity,
}

/// The largest return of a row.
const RETURN_MOST: f64 = 10.0;
/// A column that is never negative and has at least this median is no column of returns.
const MEDIAN_OF_EQUITY: f64 = 0.5;
/// Columns whose sizes all have at least this median are no returns.
const MEDIAN_OF_RETURNS: f64 = 0.2;

/// A number that is no return.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NoReturn {
    /// The column, counted from 0.
    pub column: usize,
    /// The row of numbers, counted from 1.
    pub row: usize,
    /// The number as it was given.
    pub value: f64,
    /// Why it is none.
    pub fault: Fault,
}

/// Why a number is no return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Its column looks like an equity curve.
    Equity,
    /// All columns look like per cent.
    PerCent,
    /// It is above 10.
    Large,
    /// It loses more than everything.
    BelowAll,
    /// An equity curve begins at 0 or falls below.
    NoEquity,
    /// An equity curve grows more than elevenfold in a row.
    Jump,
}

impl fmt::Display for NoReturn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = quoted::number(self.value);
        match self.fault {
            Fault::Equity => {
                write!(formatter, "{value} and more like it: an equity curve? --equity makes returns of it")
            }
            Fault::PerCent => {
                write!(formatter, "{value}, and half of all rows are as large: per cent? --percent")
            }
            Fault::Large => {
                write!(
                    formatter,
                    "{value} is a return above {RETURN_MOST}: per cent (--percent), an equity curve (--equity), an index?"
                )
            }
            Fault::BelowAll => {
                write!(
                    formatter,
                    "{value} is a return below -1: per cent (--percent)? or log returns? exp(x) - 1 makes simple ones"
                )
            }
            Fault::NoEquity => {
                write!(formatter, "{value}: an equity curve begins above 0 and never falls below")
            }
            Fault::Jump => write!(formatter, "{value} is more than eleven times the row before"),
        }
    }
}

/// The simple returns of columns of such values, each a row shorter where they are equity curves. Columns may have gaps.
///
/// # Errors
/// A number that is no such value. What is not finite is not judged.
pub(crate) fn returns(columns: &[Vec<f64>], values: Values) -> Result<Cow<'_, [Vec<f64>]>, NoReturn> {
    let returns = match values {
        Values::Returns => Cow::Borrowed(columns),
        Values::PerCent => {
            columns.iter().map(|column| column.iter().map(|x| x / 100.0).collect()).collect::<Vec<_>>().into()
        }
        Values::Equity => {
            let curves = columns.iter().enumerate().map(|(column, values)| of_equity(column, values));
            curves.collect::<Result<Vec<_>, _>>()?.into()
        }
    };
    let is_equity = values == Values::Equity;
    let found = if is_equity { None } else { wrong_scale(&returns) };
    let Some((column, row, fault)) = found.or_else(|| out_of_range(&returns)) else { return Ok(returns) };
    let row = row + usize::from(is_equity);
    let fault = if is_equity { Fault::Jump } else { fault };
    Err(NoReturn { column, row: row + 1, value: columns[column][row], fault })
}

/// The returns of an equity curve. One that has come to 0 stays there.
fn of_equity(column: usize, values: &[f64]) -> Result<Vec<f64>, NoReturn> {
    let is_wrong = |(row, value): (usize, &f64)| *value < 0.0 || (row == 0 && *value == 0.0);
    if let Some(row) = values.iter().enumerate().position(is_wrong) {
        return Err(NoReturn { column, row: row + 1, value: values[row], fault: Fault::NoEquity });
    }
    let change = |[from, to]: &[f64; 2]| if *from == 0.0 { 0.0 } else { to / from - 1.0 };
    Ok(values.array_windows().map(change).collect())
}

/// The first number of columns that look like something else than returns.
fn wrong_scale(columns: &[Vec<f64>]) -> Option<(usize, usize, Fault)> {
    let first = |column: usize, least: f64| columns[column].iter().position(|x| x.abs() > least);
    let mut are_large = false;
    let mut is_small = false;
    for (column, values) in columns.iter().enumerate() {
        let finite = || values.iter().copied().filter(|x| x.is_finite());
        let size = median(finite().map(f64::abs).collect());
        if size > MEDIAN_OF_EQUITY && finite().all(|x| x >= 0.0) {
            return Some((column, first(column, MEDIAN_OF_EQUITY)?, Fault::Equity));
        }
        // A trial that never moved says nothing of the scale.
        if finite().any(|x| x != 0.0) {
            are_large |= size > MEDIAN_OF_RETURNS;
            is_small |= size <= MEDIAN_OF_RETURNS;
        }
    }
    let column = (0..columns.len()).find(|column| first(*column, MEDIAN_OF_RETURNS).is_some())?;
    (are_large && !is_small).then(|| (column, first(column, MEDIAN_OF_RETURNS).unwrap_or(0), Fault::PerCent))
}

/// The first number that no return can be.
fn out_of_range(columns: &[Vec<f64>]) -> Option<(usize, usize, Fault)> {
    columns.iter().enumerate().find_map(|(column, values)| {
        let is_wrong = |x: &f64| x.is_finite() && !(-1.0..=RETURN_MOST).contains(x);
        let row = values.iter().position(is_wrong)?;
        Some((column, row, if values[row] < 0.0 { Fault::BelowAll } else { Fault::Large }))
    })
}

/// The middle value, the larger of two; 0 of none.
fn median(mut values: Vec<f64>) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f64::total_cmp).1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(columns: &[Vec<f64>], values: Values) -> (usize, usize, f64, Fault) {
        let NoReturn { column, row, value, fault } = returns(columns, values).expect_err("it is refused");
        (column, row, value, fault)
    }

    #[test]
    fn what_cannot_be_returns_is_refused_with_its_place() {
        let good = vec![0.01, -0.02, 0.0];
        let of = |column: Vec<f64>| refused(&[good.clone(), column], Values::Returns);
        assert_eq!(of(vec![0.0, 0.1, 10.5]), (1, 3, 10.5, Fault::Large));
        assert_eq!(of(vec![0.0, -1.01, 0.0]), (1, 2, -1.01, Fault::BelowAll));
        assert_eq!(of(vec![100.0, 101.0, 99.0]), (1, 1, 100.0, Fault::Equity));
        assert_eq!(of(vec![1.0, 1.01, f64::NAN]), (1, 1, 1.0, Fault::Equity));
        let percent = vec![vec![0.1, -0.5, 0.3], vec![0.0; 3], vec![1.0, -0.3, -0.9]];
        assert_eq!(refused(&percent, Values::Returns), (0, 2, -0.5, Fault::PerCent));
        assert_eq!(refused(&[vec![30.0, -50.0, 25.0]], Values::PerCent), (0, 1, 30.0, Fault::PerCent));
        assert_eq!(refused(std::slice::from_ref(&good), Values::Equity), (0, 2, -0.02, Fault::NoEquity));
        assert_eq!(refused(&[vec![0.0, 3.0, 5.0]], Values::Equity), (0, 1, 0.0, Fault::NoEquity));
        assert_eq!(refused(&[vec![1.0, 12.5, 13.0]], Values::Equity), (0, 2, 12.5, Fault::Jump));
    }

    #[test]
    fn what_can_be_returns_is_taken() {
        let columns = [
            vec![10.0, -1.0, 0.0, 0.1],
            vec![f64::INFINITY, f64::NAN, 0.0, 0.0],
            vec![],
            vec![0.4, 0.0, 0.0, 0.6],
            vec![0.01, -0.02, 0.0, 0.01],
        ];
        assert!(matches!(returns(&columns, Values::Returns), Ok(Cow::Borrowed(_))));
        let [up, down] = [vec![100.0, 150.0, 75.0], vec![4.0, 0.0, 0.0]];
        assert_eq!(returns(&[up, down], Values::Equity).unwrap()[..], [vec![0.5, -0.5], vec![-1.0, 0.0]]);
        assert_eq!(
            returns(&[vec![1.0, -2.0, 0.5]], Values::PerCent).unwrap()[..],
            [vec![0.01, -0.02, 0.005]]
        );
    }
}
