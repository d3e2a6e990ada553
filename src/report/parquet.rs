//! Writes the rows of a sweep as Parquet with polars, for notebooks.

use std::io::Write;

use polars::prelude::{Column, DataFrame, ParquetCompression, ParquetWriter, PolarsResult};

use crate::strategy::figures::{FIGURES, FigureKind, date_of};
use crate::sweep::plan::Plan;
use crate::sweep::table::Table;

/// Writes the rows of a table with the columns `point`, the axes, `failed` and the figures. An axis is a column of numbers if
/// all its values are numbers. A figure that is absent is null, a date is text.
///
/// # Errors
/// The writer fails.
pub(crate) fn write(plan: &Plan, table: &Table, out: impl Write) -> PolarsResult<()> {
    let space = &plan.sweep.space;
    let rows = table.points.len();
    let mut columns = vec![Column::new("point".into(), &table.points)];
    let values: Vec<_> = table.points.iter().map(|&point| space.values(point)).collect();
    for (index, axis) in space.axes.iter().enumerate() {
        let name = axis.name.as_str().into();
        if !axis.values.is_ordered() {
            let texts: Vec<_> = values.iter().map(|row| row[index].plain()).collect();
            columns.push(Column::new(name, texts));
            continue;
        }
        let numbers: Vec<f64> = values.iter().map(|row| row[index].number().unwrap_or(f64::NAN)).collect();
        let are_whole = numbers.iter().all(|number| number.fract() == 0.0 && number.abs() < 9e15);
        columns.push(if are_whole {
            Column::new(name, numbers.iter().map(|number| *number as i64).collect::<Vec<_>>())
        } else {
            Column::new(name, numbers)
        });
    }
    columns.push(Column::new("failed".into(), &table.failed));
    for (figure, values) in FIGURES.iter().zip(&table.figures) {
        let present = |figure: &f64| (!figure.is_nan()).then_some(*figure);
        columns.push(if figure.kind == FigureKind::Date {
            let date = |value: &f64| date_of(*value).map(|date| date.to_string());
            Column::new(figure.name.into(), values.iter().map(date).collect::<Vec<_>>())
        } else {
            Column::new(figure.name.into(), values.iter().map(present).collect::<Vec<_>>())
        });
    }
    let mut frame = DataFrame::new(rows, columns)?;
    ParquetWriter::new(out).with_compression(ParquetCompression::Zstd(None)).finish(&mut frame)?;
    Ok(())
}
