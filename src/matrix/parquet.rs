//! A matrix of returns as Parquet, by polars.
//!
//! What pandas names as its index is no trial, nor is the first column if it holds dates, times or text.

use std::fs::File;

use polars::prelude::{ArrowDataType, Column, DataType, PolarsResult, SerReader};
use polars_io::parquet::read::ParquetReader;

use super::return_matrix::ReturnMatrix;

/// Reads a matrix.
///
/// # Errors
/// The file is damaged, has no columns of numbers or fewer than two rows, or a column that holds something else.
pub(crate) fn read(file: File) -> Result<ReturnMatrix, String> {
    let mut reader = ParquetReader::new(file);
    let schema = reader.schema().map_err(|error| error.to_string())?;
    let index = pandas_index(&mut reader).map_err(|error| error.to_string())?;
    let mut trials = Vec::new();
    for (place, (name, field)) in schema.iter().enumerate() {
        match () {
            () if index.iter().any(|index| index == name.as_str()) => {}
            () if is_number(&field.dtype) => trials.push(place),
            () if place == 0 => {}
            () => return Err(format!("column '{name}' holds no numbers but {:?}", field.dtype)),
        }
    }
    if trials.is_empty() {
        return Err("no column of returns beside the index".to_owned());
    }
    let frame = reader.with_projection(Some(trials)).finish().map_err(|error| error.to_string())?;
    if frame.height() < 2 {
        return Err("expected at least two rows of returns".to_owned());
    }
    let mut matrix = ReturnMatrix::default();
    for column in frame.columns() {
        matrix.names.push(column.name().to_string());
        matrix.columns.push(numbers(column).map_err(|error| error.to_string())?);
    }
    Ok(matrix)
}

/// The columns that pandas says are its index.
fn pandas_index(reader: &mut ParquetReader<File>) -> PolarsResult<Vec<String>> {
    let entries = reader.get_metadata()?.key_value_metadata().iter().flatten();
    let pandas = entries.into_iter().find(|entry| entry.key == "pandas");
    let pandas: Option<serde_json::Value> =
        pandas.and_then(|entry| serde_json::from_str(entry.value.as_deref()?).ok());
    // An index of running numbers is described by an object and has no column.
    let names = pandas.as_ref().and_then(|pandas| pandas["index_columns"].as_array());
    Ok(names.into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect())
}

fn is_number(kind: &ArrowDataType) -> bool {
    use ArrowDataType::{Float32, Float64, Int32, Int64, UInt32, UInt64};
    matches!(kind, Float32 | Float64 | Int32 | Int64 | UInt32 | UInt64)
}

/// The values of a column, NaN where it has none.
fn numbers(column: &Column) -> PolarsResult<Vec<f64>> {
    let values = column.cast(&DataType::Float64)?;
    Ok(values.f64()?.iter().map(|value| value.unwrap_or(f64::NAN)).collect())
}
