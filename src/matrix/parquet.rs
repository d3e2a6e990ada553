//! Reads a matrix of returns from Parquet, with polars. Judges no values.
//!
//! Columns that pandas marks as the index are not trials, and neither is a first column that is an index by the rules of CSV.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use polars::prelude::{
    ArrowDataType, ArrowField, ArrowTimeUnit, Column, DataType, PlSmallStr, PolarsResult, SerReader, Series,
};
use polars_io::parquet::read::{_internal::to_deserializer, FileMetadata, ParquetReader};

use super::dates::dates;
use super::index::{are_index, is_index};
use super::return_matrix::{MatrixError, ReturnMatrix};
use crate::market::date::Date;
use crate::text::quoted;

/// The columns of a file by what they are.
struct Layout {
    /// Places of trials.
    trials: Vec<usize>,
    /// The index: its name and what it holds.
    index: Option<(String, ArrowDataType)>,
}

/// Reads a matrix.
///
/// # Errors
/// The file is not Parquet or damaged, a column other than the index does not hold numbers or is an index, there is no column
/// of numbers, or there are fewer than two rows; the dates of the index do not rise.
pub(crate) fn read(file: File) -> Result<ReturnMatrix, MatrixError> {
    let copy = || file.try_clone().map_err(MatrixError::from_source);
    let mut reader = ParquetReader::new(copy()?);
    let Layout { trials, index } = layout(&mut reader)?;
    let metadata = reader.get_metadata().map_err(MatrixError::from_source)?.clone();
    let frame = reader.with_projection(Some(trials)).finish().map_err(MatrixError::from_source)?;
    if frame.height() < 2 {
        return Err(MatrixError::new("expected at least two rows of returns"));
    }
    let mut matrix = ReturnMatrix::default();
    for column in frame.columns() {
        matrix.names.push(column.name().to_string());
        matrix.columns.push(numbers(column).map_err(MatrixError::from_source)?);
    }
    if let Some((name, kind)) = index {
        let cells = index_cells(copy()?, &metadata, &name, &kind).map_err(MatrixError::from_source)?;
        matrix.dates = cells.map(|cells| dates_of(&cells)).transpose()?.flatten();
        matrix.index = Some(name);
    } else if let Some(cells) = first_as_index(&matrix) {
        matrix.dates = dates_of(&cells)?;
        matrix.columns.remove(0);
        matrix.index = Some(matrix.names.remove(0));
    }
    let behind = usize::from(matrix.index.is_none());
    if let Some(place) = matrix.columns.iter().skip(behind).position(|values| are_index(values)) {
        let name = quoted::text(&matrix.names[place + behind]);
        let message =
            format!("column '{name}' holds dates, counts or epochs: an index is the first column, or none");
        return Err(MatrixError::new(message));
    }
    if matrix.names.is_empty() {
        return Err(MatrixError::new("no column of returns beside the index"));
    }
    Ok(matrix)
}

fn layout(reader: &mut ParquetReader<File>) -> Result<Layout, MatrixError> {
    let schema = reader.schema().map_err(MatrixError::from_source)?;
    let of_pandas = pandas_index(reader).map_err(MatrixError::from_source)?;
    let mut layout = Layout { trials: Vec::new(), index: None };
    for (number, (name, field)) in schema.iter().enumerate() {
        if of_pandas.iter().any(|index| index == name.as_str()) {
            if of_pandas.first().is_some_and(|first| first == name.as_str()) {
                // An index without a name has one in the file.
                let name = name.to_string();
                layout.index = Some((name, field.dtype.clone()));
            }
        } else if is_number(&field.dtype) {
            layout.trials.push(number);
        } else if number == 0 && of_pandas.is_empty() {
            layout.index = Some((name.to_string(), field.dtype.clone()));
        } else {
            let message = format!(
                "column '{}' holds no numbers but {:?}: an index is the first column, or none",
                quoted::text(name),
                field.dtype
            );
            return Err(MatrixError::new(message));
        }
    }
    if layout.trials.is_empty() {
        return Err(MatrixError::new("no column of returns beside the index"));
    }
    Ok(layout)
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

/// The first column as texts, if it is an index.
fn first_as_index(matrix: &ReturnMatrix) -> Option<Vec<String>> {
    let (name, values) = (matrix.names.first()?, matrix.columns.first()?);
    let cells: Vec<String> = values.iter().map(f64::to_string).collect();
    let texts: Vec<&str> = cells.iter().map(String::as_str).collect();
    is_index(name, &texts).then_some(cells)
}

fn dates_of(cells: &[String]) -> Result<Option<Vec<Date>>, MatrixError> {
    let texts: Vec<&str> = cells.iter().map(String::as_str).collect();
    dates(&texts)
        .map_err(|fault| MatrixError::new(format!("row {} of the index: {}", fault.row + 1, fault.message)))
}

/// The cells of an index as CSV would have them; `None` for a kind that has no dates.
///
/// polars is built without its types of dates, so they are read as the whole numbers that Parquet stores.
fn index_cells(
    mut file: File,
    metadata: &FileMetadata,
    name: &str,
    kind: &ArrowDataType,
) -> PolarsResult<Option<Vec<String>>> {
    use ArrowDataType::{Date32, Float64, Int32, Int64, Timestamp, Utf8View};
    let (stored, per_day) = match kind {
        Date32 => (Int32, Some(1)),
        Timestamp(unit, _) => (Int64, Some(86_400 * units_of_second(*unit))),
        Int32 | Int64 | Float64 | Utf8View => (kind.clone(), None),
        _ => return Ok(None),
    };
    let field = ArrowField::new(name.into(), stored.clone(), true);
    let mut cells = Vec::new();
    for group in &metadata.row_groups {
        let is_index = |path: &[_]| path.first().is_some_and(|first: &PlSmallStr| first.as_str() == name);
        let columns = group.parquet_columns();
        let Some(column) = columns.iter().find(|column| is_index(&column.descriptor().path_in_schema)) else {
            return Ok(None);
        };
        let bytes = bytes(&mut file, column.byte_range())?;
        let (arrays, _) = to_deserializer(vec![(column, bytes.into())], field.clone(), None)?;
        let series = Series::try_from((&field, arrays))?;
        match stored {
            Utf8View => cells.extend(series.str()?.iter().map(|cell| cell.unwrap_or("").trim().to_owned())),
            Float64 => cells.extend(series.f64()?.iter().map(|cell| cell.unwrap_or(f64::NAN).to_string())),
            _ => {
                let values = series.cast(&DataType::Int64)?;
                let text = |value: Option<i64>| value.map_or(String::new(), |value| stamp(value, per_day));
                cells.extend(values.i64()?.iter().map(text));
            }
        }
    }
    Ok(Some(cells))
}

/// A part of a file, which a damaged one may not have.
fn bytes(file: &mut File, range: Range<u64>) -> io::Result<Vec<u8>> {
    let is_inside = range.start <= range.end && range.end <= file.metadata()?.len();
    let length = if is_inside { usize::try_from(range.end - range.start).ok() } else { None };
    let mut bytes = vec![0; length.ok_or(io::ErrorKind::UnexpectedEof)?];
    file.seek(SeekFrom::Start(range.start))?;
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// How many units of a timestamp make a second.
fn units_of_second(unit: ArrowTimeUnit) -> i64 {
    match unit {
        ArrowTimeUnit::Second => 1,
        ArrowTimeUnit::Millisecond => 1_000,
        ArrowTimeUnit::Microsecond => 1_000_000,
        ArrowTimeUnit::Nanosecond => 1_000_000_000,
    }
}

/// A stored number as text: a date, with a time of day that says only whether it is midnight, or the number itself.
fn stamp(value: i64, per_day: Option<i64>) -> String {
    let Some(per_day) = per_day else { return value.to_string() };
    let Ok(day) = i32::try_from(value.div_euclid(per_day)) else { return String::new() };
    let time = if value.rem_euclid(per_day) == 0 { "" } else { " 12:00" };
    format!("{}{time}", Date(day))
}
