//! A small line chart for a terminal, in braille dots. Knows nothing of what it draws.

const DOTS_ACROSS: usize = 2;
const DOTS_DOWN: usize = 4;

/// A curve as lines of text, `width` characters by `height` lines, with the highest and the lowest value at the left.
///
/// The scale is logarithmic if every value is positive and the largest is more than twice the smallest. There are no lines for
/// fewer than two values, or if a value is not finite.
pub(crate) fn terminal_chart(
    values: &[f64],
    width: usize,
    height: usize,
    label: impl Fn(f64) -> String,
) -> Vec<String> {
    if values.len() < 2 || values.iter().any(|value| !value.is_finite()) || width == 0 || height == 0 {
        return Vec::new();
    }
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let logarithmic = low > 0.0 && high > 2.0 * low;
    let scale = |value: f64| if logarithmic { libm::log(value) } else { value };
    let (bottom, top) = (scale(low), scale(high));
    let span = if top > bottom { top - bottom } else { 1.0 };
    let (columns, rows) = (width * DOTS_ACROSS, height * DOTS_DOWN);
    let dot_row = |value: f64| {
        let height = (scale(value) - bottom) / span * (rows - 1) as f64;
        rows - 1 - (height.round() as usize).min(rows - 1)
    };
    let mut cells = vec![0u8; width * height];
    let mut before: Option<usize> = None;
    for column in 0..columns {
        let index = column * (values.len() - 1) / (columns - 1);
        let row = dot_row(values[index]);
        // A vertical stroke joins neighbouring columns, so that a steep curve stays one line.
        let joined = before.map_or(row..=row, |last| last.min(row)..=last.max(row));
        for row in joined {
            cells[row / DOTS_DOWN * width + column / DOTS_ACROSS] |=
                dot(column % DOTS_ACROSS, row % DOTS_DOWN);
        }
        before = Some(row);
    }
    let labels = [(0, high), (height - 1, low)].map(|(line, value)| (line, label(value)));
    let margin = labels.iter().map(|(_, label)| label.chars().count()).max().unwrap_or(0);
    cells
        .chunks(width)
        .enumerate()
        .map(|(line, cells)| {
            let label = labels.iter().find(|(labelled, _)| *labelled == line).map_or("", |(_, label)| label);
            let drawn: String =
                cells.iter().filter_map(|&dots| char::from_u32(0x2800 + u32::from(dots))).collect();
            format!("{label:>margin$} │{}", drawn.trim_end_matches('\u{2800}'))
        })
        .collect()
}

/// The bit of a dot of a braille character.
fn dot(across: usize, down: usize) -> u8 {
    match (across, down) {
        (0, 3) => 0x40,
        (_, 3) => 0x80,
        (0, down) => 1 << down,
        (_, down) => 8 << down,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rising_line_climbs_from_corner_to_corner() {
        let values: Vec<f64> = (100..=107).map(f64::from).collect();
        let lines = terminal_chart(&values, 4, 2, |value| value.to_string());
        assert_eq!(lines, ["107 │\u{2800}\u{2800}⣠⠞", "100 │⣠⠞⠁"]);
    }

    #[test]
    fn a_flat_line_lies_at_the_bottom() {
        assert_eq!(terminal_chart(&[5.0, 5.0], 2, 1, |value| value.to_string()), ["5 │⣀⣀"]);
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        assert!(terminal_chart(&[1.0], 10, 5, |value| value.to_string()).is_empty());
        assert!(terminal_chart(&[1.0, f64::NAN], 10, 5, |value| value.to_string()).is_empty());
    }
}
