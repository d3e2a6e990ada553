//! Results as Parquet, by polars: for notebooks.

use std::io::Write;

use polars::prelude::{Column, DataFrame, ParquetCompression, ParquetWriter, PolarsResult};

use crate::strategy::figures;
use crate::sweep::plan::Plan;
use crate::sweep::table::Table;

/// Writes the rows of a table: `point`, the axes (numbers where all their values are), `failed`, and the figures; absent
/// figures are null.
///
/// # Errors
/// What is written to fails.
pub(crate) fn write(plan: &Plan, table: &Table, out: impl Write) -> PolarsResult<()> {
    let space = &plan.sweep.space;
    let rows = table.points.len();
    let mut columns = vec![Column::new("point".into(), &table.points)];
    let values: Vec<_> = table.points.iter().map(|&point| space.values(point)).collect();
    for (place, axis) in space.axes.iter().enumerate() {
        let name = axis.name.as_str().into();
        columns.push(match axis.values.is_ordered() {
            true => {
                let numbers: Vec<f64> =
                    values.iter().map(|row| row[place].number().unwrap_or(f64::NAN)).collect();
                match numbers.iter().all(|number| number.fract() == 0.0 && number.abs() < 9e15) {
                    true => {
                        Column::new(name, numbers.iter().map(|number| *number as i64).collect::<Vec<_>>())
                    }
                    false => Column::new(name, numbers),
                }
            }
            false => Column::new(name, values.iter().map(|row| row[place].plain()).collect::<Vec<_>>()),
        });
    }
    columns.push(Column::new("failed".into(), &table.failed));
    for (name, values) in figures::NAMES.into_iter().zip(&table.figures) {
        let present = |figure: &f64| (!figure.is_nan()).then_some(*figure);
        columns.push(Column::new(name.into(), values.iter().map(present).collect::<Vec<_>>()));
    }
    let mut frame = DataFrame::new(rows, columns)?;
    ParquetWriter::new(out).with_compression(ParquetCompression::Zstd(None)).finish(&mut frame)?;
    Ok(())
}
