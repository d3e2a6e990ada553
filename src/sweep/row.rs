//! One row of results: a point, its values, and its figures or the reason why there are none. As CSV, bit for bit the same
//! wherever it is made.

use std::fmt::Write;

use super::error::PointFailure;
use super::value::AxisValue;
use crate::market::date::Date;
use crate::strategy::figures::{self, FIGURES, Figure, FigureKind, PointFigures};

/// The header line: `point`, the axes, `status`, `reason`, [`FIGURES`].
pub(crate) fn header<'n>(axes: impl Iterator<Item = &'n str>) -> String {
    let mut line = String::from("point");
    for name in axes.chain(["status", "reason"]).chain(figures::NAMES) {
        line.push(',');
        push_text(&mut line, name);
    }
    line.push('\n');
    line
}

/// Appends the row of a point: `Ok` with its figures, or the reason why it failed.
pub(crate) fn push(
    out: &mut String,
    point: u64,
    values: &[AxisValue],
    result: &Result<PointFigures, PointFailure>,
) {
    // Writing to a String cannot fail.
    let _ = write!(out, "{point}");
    for value in values {
        out.push(',');
        push_text(out, &value.plain());
    }
    match result {
        Ok(figures) => {
            out.push_str(",ok,");
            for (figure, &value) in FIGURES.iter().zip(figures) {
                out.push(',');
                push_figure(out, figure, value);
            }
        }
        Err(reason) => {
            out.push_str(",failed,");
            push_text(out, &reason.to_string());
            out.extend(std::iter::repeat_n(',', FIGURES.len()));
        }
    }
    out.push('\n');
}

/// Appends the value of a figure: a number ([`push_number`]), or a date; nothing where it is absent.
pub(crate) fn push_figure(out: &mut String, figure: &Figure, value: f64) {
    match (figure.kind, figures::date_of(value)) {
        // Writing to a String cannot fail.
        (FigureKind::Date, Some(date)) => _ = write!(out, "{date}"),
        _ => push_number(out, value),
    }
}

/// Reads what [`push_figure`] wrote; NaN for an absent one, `None` if it is no value of the figure.
pub(crate) fn read_figure(figure: &Figure, cell: &str) -> Option<f64> {
    match figure.kind {
        _ if cell.is_empty() => Some(f64::NAN),
        FigureKind::Date => Date::parse(cell.as_bytes()).map(|date| f64::from(date.0)),
        _ => cell.parse().ok(),
    }
}

/// Appends the shortest text that reads back to the same number; whole numbers without a point, NaN as nothing.
pub(crate) fn push_number(out: &mut String, value: f64) {
    let size = value.abs();
    let _ = match size == 0.0 || (1e-5..1e16).contains(&size) || value.is_infinite() {
        _ if value.is_nan() => Ok(()),
        true => write!(out, "{value}"),
        false => write!(out, "{value:e}"),
    };
}

/// Appends text as a cell, in quotes where it must be. Line ends become spaces: a row is one line.
pub(crate) fn push_text(out: &mut String, text: &str) {
    if !text.contains([',', '"', '\n', '\r']) {
        out.push_str(text);
        return;
    }
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\"\""),
            '\n' | '\r' => out.push(' '),
            character => out.push(character),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::figures::Metric;

    #[test]
    fn rows_are_one_line_each() {
        let mut out = header(["lookback", "costs.commission"].into_iter());
        let values = [AxisValue::Text("a,\"b\"\nc".into()), AxisValue::of_cell("0.001")];
        let mut figures = [0.0; FIGURES.len()];
        figures[Metric::RUINED_ON.column()] = 19_000.0;
        figures[..5].copy_from_slice(&[f64::NAN, f64::INFINITY, -1.5e-7, 1e22, 1_000_000.25]);
        push(&mut out, 7, &values, &Ok(figures));
        push(&mut out, 8, &values, &Err(PointFailure::new("no price")));
        let lines: Vec<&str> = out.lines().collect();
        assert!(lines[0].starts_with("point,lookback,costs.commission,status,reason,sharpe,"));
        assert!(
            lines[1].starts_with("7,\"a,\"\"b\"\" c\",0.001,ok,,,inf,-1.5e-7,1e22,1000000.25,0,"),
            "{}",
            lines[1]
        );
        assert!(lines[1].ends_with(",0,2022-01-08"), "{}", lines[1]);
        let empty = ",".repeat(FIGURES.len());
        assert_eq!(lines[2], format!("8,\"a,\"\"b\"\" c\",0.001,failed,no price{empty}"));
        let cells = |line: &str| line.split(',').count();
        assert_eq!(cells(lines[0]) + 1, cells(lines[2]), "one comma stands inside quotes");
    }

    #[test]
    fn figures_are_read_as_they_are_written() {
        let read = |metric: Metric, cell| read_figure(metric.figure(), cell);
        assert_eq!(read(Metric::RUINED_ON, "2022-01-08"), Some(19_000.0));
        assert!(read(Metric::RUINED_ON, "").unwrap().is_nan());
        assert_eq!((read(Metric::RUINED_ON, "19000"), read(Metric::SHARPE, "2022-01-08")), (None, None));
        assert_eq!(read(Metric::SHARPE, "-1.5e-7"), Some(-1.5e-7));
    }
}
