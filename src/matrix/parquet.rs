//! Reads a matrix of returns from Parquet, with polars. Judges no values.
//!
//! Columns that pandas marks as the index are not trials, and neither is a first column of dates, times or text.

use std::fs::File;

use polars::prelude::{ArrowDataType, Column, DataType, PolarsResult, SerReader};
use polars_io::parquet::read::ParquetReader;

use super::return_matrix::{MatrixError, ReturnMatrix};

/// Reads a matrix.
///
/// # Errors
/// The file is not Parquet or damaged, a column other than the index does not hold numbers, there is no column of numbers, or
/// there are fewer than two rows.
pub(crate) fn read(file: File) -> Result<ReturnMatrix, MatrixError> {
    let mut reader = ParquetReader::new(file);
    let schema = reader.schema().map_err(MatrixError::from_source)?;
    let index = pandas_index(&mut reader).map_err(MatrixError::from_source)?;
    let mut trials = Vec::new();
    for (number, (name, field)) in schema.iter().enumerate() {
        if index.iter().any(|index| index == name.as_str()) {
            continue;
        }
        if is_number(&field.dtype) {
            trials.push(number);
        } else if number > 0 {
            let message = format!("column '{name}' holds no numbers but {:?}", field.dtype);
            return Err(MatrixError::new(message));
        }
    }
    if trials.is_empty() {
        return Err(MatrixError::new("no column of returns beside the index"));
    }
    let frame = reader.with_projection(Some(trials)).finish().map_err(MatrixError::from_source)?;
    if frame.height() < 2 {
        return Err(MatrixError::new("expected at least two rows of returns"));
    }
    let mut matrix = ReturnMatrix::default();
    for column in frame.columns() {
        matrix.names.push(column.name().to_string());
        matrix.columns.push(numbers(column).map_err(MatrixError::from_source)?);
    }
    Ok(matrix)
}

/// The columns that pandas marks as the index.
fn pandas_index(reader: &mut ParquetReader<File>) -> PolarsResult<Vec<String>> {
    let entries = reader.get_metadata()?.key_value_metadata().iter().flatten();
    let pandas = entries.into_iter().find(|entry| entry.key == "pandas");
    let pandas: Option<serde_json::Value> =
        pandas.and_then(|entry| serde_json::from_str(entry.value.as_deref()?).ok());
    // pandas describes an index of consecutive numbers by an object; it has no column.
    let names = pandas.as_ref().and_then(|pandas| pandas["index_columns"].as_array());
    Ok(names.into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect())
}

fn is_number(kind: &ArrowDataType) -> bool {
    use ArrowDataType::{Float32, Float64, Int32, Int64, UInt32, UInt64};
    matches!(kind, Float32 | Float64 | Int32 | Int64 | UInt32 | UInt64)
}

/// The values of a column; NaN where a value is missing.
fn numbers(column: &Column) -> PolarsResult<Vec<f64>> {
    let values = column.cast(&DataType::Float64)?;
    Ok(values.f64()?.iter().map(|value| value.unwrap_or(f64::NAN)).collect())
}
