//! What a heat map contains, and that any input makes a well-formed image of bounded size.

use crate::draw::heat_map::{HeatMap, HeatMapAxis, HeatMapCell};
use crate::draw::value_format::ValueFormat;
use crate::stats::better::Better;

fn axis(name: &str, count: usize) -> HeatMapAxis {
    HeatMapAxis { name: name.into(), labels: (1..=count).map(|value| value.to_string()).collect() }
}

fn map(columns: usize, rows: usize, value: impl Fn(usize, usize) -> Option<f64>) -> HeatMap {
    HeatMap {
        title: "momentum".into(),
        subtitle: String::new(),
        metric: "Sharpe ratio".into(),
        x: axis("lookback", columns),
        y: axis("top_n", rows),
        cells: (0..columns * rows).map(|index| value(index % columns, index / columns)).collect(),
        best: None,
        plateau: None,
        equals: Vec::new(),
        better: Better::High,
        format: ValueFormat::Number,
    }
}

/// Different for every cell, without a pattern.
fn noise(column: usize, row: usize) -> f64 {
    ((column * 7919 + row * 104_729) % 1009) as f64 / 1009.0
}

/// Asserts that tags are closed in order and that no bare ampersand is left.
fn assert_well_formed(svg: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = svg;
    while let Some(start) = rest.find('<') {
        assert!(!rest[..start].contains('>'), "a bare '>' in {}", &rest[..start]);
        let end = start + rest[start..].find('>').expect("every tag ends");
        let tag = &rest[start + 1..end];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(tag.split_whitespace().next().expect("a tag has a name"));
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty() && rest.trim().is_empty());
    for entity in svg.split('&').skip(1) {
        assert!(
            ["amp;", "lt;", "gt;", "quot;", "#"].iter().any(|known| entity.starts_with(known)),
            "{entity}"
        );
    }
    assert!(!svg.contains("NaN"), "every coordinate is a number");
}

fn image(map: &HeatMap) -> String {
    let svg = map.svg();
    assert_well_formed(&svg);
    svg
}

#[test]
fn every_cell_says_what_it_is() {
    let svg = image(&map(3, 2, |column, row| (column != 1).then_some((column + 10 * row) as f64)));
    let notes: Vec<&str> = svg.split("<title>").skip(2).map(|text| text.split('<').next().unwrap()).collect();
    assert_eq!(notes.len(), 6);
    assert_eq!(notes[0], "lookback = 1, top_n = 1&#10;Sharpe ratio: 0.0");
    assert_eq!(notes[1], "lookback = 2, top_n = 1&#10;Sharpe ratio: no result");
    assert_eq!(notes[5], "lookback = 3, top_n = 2&#10;Sharpe ratio: 12.0");
    assert!(svg.contains(">No result: 2 of 6 cells<"));
}

#[test]
fn the_first_row_lies_at_the_bottom() {
    let svg = image(&map(1, 2, |_, row| Some(row as f64)));
    let tops: Vec<f64> = svg
        .split("<title>")
        .skip(1)
        .take(2)
        .map(|before| before.rsplit("y=\"").next().unwrap().split('"').next().unwrap().parse().unwrap())
        .collect();
    assert!(tops[0] > tops[1], "{tops:?}");
}

#[test]
fn marks_are_explained() {
    let mut map = map(4, 4, |column, row| Some(noise(column, row)));
    assert!(!image(&map).contains("Plateau centre"));
    map.best = Some(HeatMapCell { column: 1, row: 3 });
    map.plateau = Some(HeatMapCell { column: 2, row: 0 });
    let svg = image(&map);
    assert!(svg.contains(">Best: 0.23 at lookback = 2, top_n = 4<"), "{svg}");
    assert!(svg.contains("at lookback = 3, top_n = 1<"));
    map.plateau = map.best;
    image(&map);
}

#[test]
fn text_from_outside_does_not_become_markup() {
    let mut map = map(2, 2, |_, _| Some(1.0));
    let text = "</text><script>alert('x' & \"y\")</script>\u{1b}[31m";
    map.title = text.into();
    map.subtitle = text.into();
    map.metric = text.into();
    map.x.name = text.into();
    map.y.labels[1] = text.into();
    map.best = Some(HeatMapCell { column: 0, row: 1 });
    let svg = image(&map);
    assert!(!svg.contains("<script") && !svg.contains('\u{1b}'));
}

#[test]
fn large_maps_stay_small_files() {
    for (columns, rows) in [(449, 449), (450, 2000), (5000, 3)] {
        let svg = image(&map(columns, rows, |column, row| Some(noise(column, row))));
        assert!(svg.len() < 2_500_000, "{columns} by {rows}: {}", svg.len());
    }
    let smooth = image(&map(449, 449, |column, row| (row < column).then_some((column + row) as f64)));
    assert!(smooth.len() < 1_000_000, "{}", smooth.len());
}

#[test]
fn more_cells_than_fit_are_grouped_and_it_says_so() {
    assert!(!image(&map(450, 5, |column, _| Some(column as f64))).contains("median"));
    let grouped = image(&map(1000, 5, |column, _| Some(column as f64)));
    assert!(grouped.contains("A cell shows the median of 3 × 1 neighbours"));
}

#[test]
fn any_value_can_be_drawn() {
    let values =
        [0.0, -0.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN, 5e-324, 1e-300, -1.0];
    for first in values {
        for second in values {
            for (columns, rows) in [(2, 1), (1, 2), (60, 40)] {
                for format in
                    [ValueFormat::Percent, ValueFormat::Number, ValueFormat::Money, ValueFormat::Whole]
                {
                    let mut map = map(columns, rows, |column, row| {
                        Some(if column + row == 0 { first } else { second })
                    });
                    map.format = format;
                    map.better = Better::Low;
                    image(&map);
                }
            }
        }
    }
}

#[test]
fn a_map_without_results_is_hatched() {
    let mut map = map(2, 2, |_, _| None);
    map.best = Some(HeatMapCell { column: 0, row: 0 });
    assert!(image(&map).contains("No result: 4 of 4 cells"));
    map.cells = vec![Some(f64::NAN); 4];
    assert!(image(&map).contains("No result: 4 of 4 cells"));
}
