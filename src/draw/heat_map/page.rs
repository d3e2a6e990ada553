//! A heat map for a page: cells stretch with it, numbers and labels keep their size and make room on a phone.
//!
//! Draws the same [`HeatMap`] in the same colours as the images do; those have a fixed width.

use maud::{Markup, html};

use super::colour_scale::ColourScale;
use super::grid::Grid;
use super::{HeatMap, HeatMapCell};
use crate::draw::round_ticks::shown_labels;
use crate::draw::svg::{fitted, number, width};
use crate::draw::value_format::Digits;
use crate::draw::{anchor, listed, percent};
use crate::stats::better::Better;

/// Cells along a side, at most; more are taken together.
const SIDE_MOST: usize = 128;
/// With more cells colours are rounded to so many shades, so that runs of equal colours make a short text.
const EXACT_MOST: usize = 2000;
const SHADES: usize = 64;
/// Widths that labels must fit into, on a phone and on a screen.
const NARROW: f64 = 270.0;
const WIDE: f64 = 620.0;
const LABEL: f64 = 12.0;
const LABEL_MOST: f64 = 110.0;
const ROWS_HEIGHT: f64 = 420.0;
const ROW: [f64; 2] = [3.0, 30.0];
/// Cells of at least this height and as few columns have a frame as a mark, and lines between them.
const FRAMED_HEIGHT: f64 = 14.0;
const FRAMED_COLUMNS: usize = 24;
const COLUMN_MOST: usize = 96;

/// The labels of cells along a side: one value, or the first and the last of a group.
fn labels(labels: &[String], group: usize) -> Vec<String> {
    labels
        .chunks(group)
        .map(|group| match group {
            [only] => only.clone(),
            [first, .., last] => format!("{first} to {last}"),
            [] => String::new(),
        })
        .collect()
}

/// The map; `description` is said to those who do not see it.
pub(crate) fn cells(map: &HeatMap, description: &str) -> Markup {
    let grid = Grid::new(map, SIDE_MOST);
    let [columns, rows] = grid.counts;
    let known: Vec<f64> = map.cells.iter().flatten().copied().collect();
    let Some(scale) = ColourScale::new(&known, map.better) else {
        return html! { p.absent { "No point has the figure." } };
    };
    let digits = Digits::of(scale.low, scale.high);
    let row_height = (ROWS_HEIGHT / rows as f64).clamp(ROW[0], ROW[1]);
    let row_height = if row_height > 4.0 { row_height.floor() } else { row_height };
    let height = row_height * rows as f64;
    let framed = row_height >= FRAMED_HEIGHT && columns <= FRAMED_COLUMNS;
    let texts: Vec<String> = grid
        .values
        .iter()
        .map(|value| value.map_or("no result".to_owned(), |value| map.format.text(value, digits)))
        .collect();
    let widest = texts.iter().map(|text| width(text, LABEL)).fold(0.0, f64::max) + 4.0;
    let numbers = framed && widest * columns as f64 <= WIDE;
    let y_width = map.y.labels.iter().map(|label| width(label, LABEL).min(LABEL_MOST)).fold(0.0, f64::max);
    let y_width = (y_width + 10.0).ceil();
    let (x_labels, y_labels) = (labels(&map.x.labels, grid.group[0]), labels(&map.y.labels, grid.group[1]));
    let y_extents = vec![LABEL * 1.3; map.y.labels.len()];
    let y_shown = shown_labels(&map.y.labels, &y_extents, row_height / grid.group[1] as f64);
    let list = |texts: &[String]| listed(texts.iter().map(String::as_str));
    html! {
        div.heat {
            @if !map.y.name.is_empty() { p.axis-name { "↑ " (map.y.name) } }
            div.heat-grid style=(format!("grid-template-columns:{y_width}px 1fr;max-width:{}px", columns * COLUMN_MOST + y_width as usize)) {
                svg.draw aria-hidden="true" width=(y_width) height=(height) {
                    @for row in y_shown {
                        @let y = height - (row as f64 / grid.group[1] as f64 + 0.5) * row_height;
                        text.label x=(y_width - 6.0) y=(number(y + 4.0)) text-anchor="end" {
                            (fitted(&map.y.labels[row], LABEL, LABEL_MOST))
                        }
                    }
                }
                div.plot data-kind="map" data-columns=(columns) data-rows=(rows) data-x=(map.x.name) data-y=(map.y.name)
                    data-labels=(list(&x_labels)) data-rows-labels=(list(&y_labels)) data-name=(map.metric)
                    data-values=(list(&texts)) {
                    svg.draw role="img" aria-label=(description) height=(number(height)) {
                        rect width="100%" height="100%" fill="url(#absent)" {}
                        svg.stretched width="100%" height=(number(height)) viewBox={"0 0 " (columns) " " (rows)}
                            preserveAspectRatio="none" shape-rendering="crispEdges" {
                            g transform=(format!("matrix(1 0 0 -1 0 {})", rows as f64 - 0.5)) {
                                @for (colour, path) in grid.runs(|value| colour(&grid, &scale, value)) {
                                    path stroke=(colour) d=(path) {}
                                }
                            }
                        }
                        @if framed {
                            @for column in 1..columns {
                                @let x = percent(column as f64 / columns as f64);
                                line.seam x1=(x) x2=(x) y1="0" y2=(number(height)) {}
                            }
                            @for row in 1..rows {
                                @let y = number(row as f64 * row_height);
                                line.seam x1="0" x2="100%" y1=(y) y2=(y) {}
                            }
                        }
                        @if numbers {
                            g.numbers.wide[widest * columns as f64 > NARROW] {
                                @for (place, value) in grid.values.iter().enumerate() {
                                    @if let Some(value) = value {
                                        @let y = height - (place / columns) as f64 * row_height - row_height / 2.0;
                                        text x=(percent((place % columns) as f64 / columns as f64 + 0.5 / columns as f64))
                                            y=(number(y + 4.3)) fill=(scale.colour(*value).text()) { (texts[place]) }
                                    }
                                }
                            }
                        }
                        @if let Some(cell) = map.plateau {
                            (mark("plateau", cell, &grid, height, framed, map.plateau == map.best))
                        }
                        @if let Some(cell) = map.best { (mark("best", cell, &grid, height, framed, false)) }
                    }
                }
                span {}
                svg.draw aria-hidden="true" height="20" { (x_axis(map, &grid)) }
                span {}
                p.axis-name.x { (map.x.name) " →" }
            }
            (key(map, &scale, digits, framed))
        }
    }
}

/// The colour of a value, exact where there are few cells.
fn colour(grid: &Grid, scale: &ColourScale, value: f64) -> String {
    if grid.values.len() <= EXACT_MOST {
        return scale.colour(value).hex();
    }
    scale.colour_of_shade(scale.shade(value, SHADES), SHADES).hex()
}

/// A frame around a cell, or a sign on it where cells are small.
fn mark(class: &str, cell: HeatMapCell, grid: &Grid, height: f64, framed: bool, both: bool) -> Markup {
    let [columns, rows] = grid.counts.map(|count| count as f64);
    let (column, row) = ((cell.column / grid.group[0]) as f64, (cell.row / grid.group[1]) as f64);
    let row_height = height / rows;
    let top = height - (row + 1.0) * row_height;
    // Where both are the same point the dashes lie around the frame.
    let (out, radius) = if both { (3.0, 10.0) } else { (0.0, 6.0) };
    let (width, tall) = (percent(1.0 / columns), number(row_height + 2.0 * out));
    html! {
        @if framed {
            @for halo in [true, false] {
                rect.frame.halo[halo] .(class) x=(percent(column / columns)) y=(number(top - out)) width=(width) height=(tall) rx="3" {}
            }
        } @else {
            svg.sign x=(percent((column + 0.5) / columns)) y=(number(top + row_height / 2.0)) width="1" height="1" {
                @for halo in [true, false] {
                    @if class == "best" {
                        circle.frame.halo[halo].best r=(radius) {}
                    } @else {
                        path.frame.halo[halo].plateau d=(format!("M0-{0}L{0} 0 0 {0}-{0} 0z", radius + 2.0)) {}
                    }
                }
            }
        }
    }
}

fn x_axis(map: &HeatMap, grid: &Grid) -> Markup {
    let shown = |room: f64| {
        let widths: Vec<f64> =
            map.x.labels.iter().map(|label| width(label, LABEL).min(LABEL_MOST) + 8.0).collect();
        shown_labels(&map.x.labels, &widths, room / map.x.labels.len() as f64)
    };
    let (narrow, wide) = (shown(NARROW), shown(WIDE));
    let mut all: Vec<usize> = narrow.iter().chain(&wide).copied().collect();
    all.sort_unstable();
    all.dedup();
    html! {
        @for column in all {
            @let at = (column as f64 / grid.group[0] as f64 + 0.5) / grid.counts[0] as f64;
            text.label.wide[!narrow.contains(&column)].narrow[!wide.contains(&column)] x=(percent(at)) y="15"
                text-anchor=(if grid.counts[0] > 8 { anchor(at) } else { "middle" }) { (fitted(&map.x.labels[column], LABEL, LABEL_MOST)) }
        }
    }
}

/// What the colours and the marks mean.
fn key(map: &HeatMap, scale: &ColourScale, digits: Digits, framed: bool) -> Markup {
    const STEPS: usize = 48;
    let at = |share: f64| scale.low + (scale.high - scale.low) * share;
    let text = |value: f64| map.format.text(value, digits);
    let value = |cell: HeatMapCell| {
        map.cells[cell.row * map.x.labels.len() + cell.column].map_or("no result".to_owned(), text)
    };
    let place = |cell: HeatMapCell| {
        let x = format!("{} = {}", map.x.name, map.x.labels[cell.column]);
        match map.y.name.is_empty() {
            true => x,
            false => format!("{x}, {} = {}", map.y.name, map.y.labels[cell.row]),
        }
    };
    let absent = map.cells.iter().filter(|cell| cell.is_none_or(f64::is_nan)).count();
    html! {
        div.key {
            span { (map.metric) " (" (match map.better { Better::High => "more is better", Better::Low => "less is better" }) ")" }
            span.ramp {
                span { (text(scale.low)) }
                svg aria-hidden="true" width="140" height="12" viewBox="0 0 48 1" preserveAspectRatio="none" shape-rendering="crispEdges" {
                    @for step in 0..STEPS {
                        rect x=(step) width="1.1" height="1" fill=(scale.colour(at((step as f64 + 0.5) / STEPS as f64)).hex()) {}
                    }
                }
                span { (text(scale.high)) }
            }
        }
        ul.legend {
            @for (class, name, cell) in [("best", "best", map.best), ("plateau", "plateau centre", map.plateau)] {
                @if let Some(cell) = cell {
                    li {
                        svg width="20" height="18" aria-hidden="true" {
                            @match (framed, class) {
                                (true, _) => rect.frame.(class) x="2" y="3" width="16" height="12" rx="3" {},
                                (false, "best") => circle.frame.best cx="10" cy="9" r="6" {},
                                (false, _) => path.frame.plateau d="M10 1l8 8-8 8-8-8z" {},
                            }
                        }
                        (name) ": " (value(cell)) " at " (place(cell))
                    }
                }
            }
            @if absent > 0 {
                li { svg width="20" height="16" aria-hidden="true" { rect x="2" y="2" width="16" height="12" fill="url(#absent)" {} }
                    "no result: " (absent) " of " (map.cells.len()) " cells" }
            }
        }
    }
}

/// Defines the filling of cells without a value, once for a page: maps that are hidden may define nothing.
pub(crate) fn definitions() -> Markup {
    html! {
        svg.definitions width="0" height="0" aria-hidden="true" {
            defs {
                pattern #absent width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                    rect.absent-ground width="6" height="6" {}
                    path.absent-line d="M0 0v6" {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::heat_map::HeatMapAxis;
    use crate::draw::value_format::ValueFormat;

    fn map(columns: usize, rows: usize) -> HeatMap {
        let axis = |name: &str, count: usize| HeatMapAxis {
            name: name.to_owned(),
            labels: (0..count).map(|i| i.to_string()).collect(),
        };
        HeatMap {
            title: String::new(),
            subtitle: String::new(),
            metric: "sharpe".to_owned(),
            x: axis("<x>", columns),
            y: axis("y", rows),
            cells: (0..columns * rows).map(|i| (i != 1).then_some(i as f64)).collect(),
            best: Some(HeatMapCell { column: columns - 1, row: rows - 1 }),
            plateau: Some(HeatMapCell { column: 0, row: 0 }),
            better: Better::High,
            format: ValueFormat::Number,
        }
    }

    #[test]
    fn few_cells_have_their_numbers_and_frames() {
        let drawn = cells(&map(3, 2), "What it shows.").into_string();
        assert!(drawn.contains("no result: 1 of 6 cells") && drawn.contains("class=\"frame best\""));
        assert_eq!(drawn.matches("<g class=\"numbers\">").count(), 1);
        assert!(drawn.contains("&lt;x&gt;") && !drawn.contains("<x>"));
        assert!(drawn.contains("data-values=\"0.0|no result|2.0"), "{drawn}");
    }

    #[test]
    fn many_cells_are_taken_together() {
        let drawn = cells(&map(400, 300), "What it shows.").into_string();
        assert!(drawn.contains("data-columns=\"100\"") && drawn.contains("data-rows=\"100\""));
        assert!(drawn.contains("396 to 399") && drawn.contains("circle"));
        assert!(drawn.len() < 250_000, "{}", drawn.len());
    }

    #[test]
    fn a_single_cell_and_no_value_are_drawn() {
        let mut one = map(1, 1);
        assert!(cells(&one, "").into_string().contains("M0 0h1"));
        one.cells = vec![None];
        assert!(cells(&one, "").into_string().contains("No point"));
    }
}
