//! Plateaus against vectors computed elsewhere, and on sparse grids against a slow second implementation.

use std::path::Path;

use crate::stats::plateau::{Plateau, centre};
use crate::stats::plateau_grid::{PlateauAxis, on_grid};
use serde_json::Value;

use crate::inside::support::{project, read_json, shared};

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(number).collect()
}

fn figure(plateau: &Plateau, name: &str) -> f64 {
    let figures = plateau.figures.as_ref();
    let figure = match name {
        "coverage" => Some(plateau.coverage),
        "mean" => figures.map(|figures| figures.mean),
        "min" => figures.map(|figures| figures.minimum),
        "median" => figures.map(|figures| figures.median),
        "std" => figures.map(|figures| figures.deviation),
        "score" => figures.map(|figures| figures.score),
        "ratio" => figures.and_then(|figures| figures.ratio),
        "spike" => figures.and_then(|figures| figures.spike),
        "sensitivity" => figures.and_then(|figures| figures.sensitivity),
        other => panic!("'{other}' is unknown"),
    };
    figure.unwrap_or(f64::NAN)
}

fn check_vectors(path: &Path) -> usize {
    let vectors = read_json(path);
    let [relative, absolute] = ["rel", "abs"].map(|name| number(&vectors["tolerance"][name]));
    let cases = vectors["cases"].as_array().expect("cases");
    for case in cases {
        let axes: Vec<PlateauAxis> = numbers(&case["shape"])
            .into_iter()
            .zip(case["numeric"].as_array().expect("a list"))
            .map(|(length, ordered)| PlateauAxis { length: length as u64, ordered: ordered == true })
            .collect();
        let values = numbers(&case["metric"]);
        let points: Vec<u64> = (0..values.len() as u64).collect();
        let radius = case["radius"].as_u64().expect("a radius");
        let plateaus = on_grid(&axes, &points, &values, radius, number(&case["lam"]));
        for (name, expected) in case["expect"].as_object().expect("figures") {
            for (point, plateau) in plateaus.iter().enumerate() {
                let place = format!("{}, {name} of point {point}", case["name"]);
                if name == "edge" {
                    assert_eq!(expected[point], plateau.edge, "{place}");
                    continue;
                }
                let (got, expected) = (figure(plateau, name), number(&expected[point]));
                let near = (got - expected).abs() <= absolute + relative * expected.abs();
                assert!(near || (got.is_nan() && expected.is_nan()), "{place}: {got} for {expected}");
            }
        }
        // The vectors name the best score of all points, without asking how much of its neighbourhood is there.
        let all: Vec<Plateau> =
            plateaus.into_iter().map(|plateau| Plateau { coverage: 1.0, ..plateau }).collect();
        assert_eq!(centre(&all, |_| true), case["argmax_score"].as_u64().map(|point| point as usize));
    }
    cases.len()
}

#[test]
fn plateaus_equal_the_vectors_that_ship() {
    assert_eq!(check_vectors(&project("tests/vectors/plateau.json")), 2);
}

#[test]
fn plateaus_equal_all_vectors() {
    if let Some(folder) = shared("the whole set of plateau vectors") {
        assert!(check_vectors(&folder.join("reference/overfitting/plateau.json")) >= 4);
    }
}

/// Coordinates of a place of the full grid.
fn digits(axes: &[PlateauAxis], mut place: u64) -> Vec<u64> {
    let mut digits: Vec<u64> = axes
        .iter()
        .rev()
        .map(|axis| {
            let digit = place % axis.length;
            place /= axis.length;
            digit
        })
        .collect();
    digits.reverse();
    digits
}

#[test]
fn sparse_grids_agree_with_looking_at_every_pair() {
    let ordered = |length| PlateauAxis { length, ordered: true };
    let categorical = |length| PlateauAxis { length, ordered: false };
    let grids = [
        vec![ordered(200)],
        vec![categorical(9), ordered(40)],
        vec![ordered(12), categorical(3), ordered(1), ordered(11)],
        vec![ordered(30), ordered(2), categorical(4)],
        vec![ordered(3); 6],
        vec![],
    ];
    for axes in grids {
        for (radius, every) in [(1, 1), (1, 3), (2, 2), (50, 4)] {
            let cells: u64 = axes.iter().map(|axis| axis.length).product();
            let points: Vec<u64> =
                (0..cells).filter(|place| place * 2_654_435_761 % 97 % every == 0).collect();
            let value = |place: &u64| match place * 40_503 % 101 {
                0..5 => f64::NAN,
                value => value as f64 / 20.0 - 2.0,
            };
            let values: Vec<f64> = points.iter().map(value).collect();
            let plateaus = on_grid(&axes, &points, &values, radius, 0.5);
            for (point, plateau) in plateaus.iter().enumerate() {
                let own = digits(&axes, points[point]);
                let is_near = |place: &u64| {
                    let other = digits(&axes, *place);
                    axes.iter()
                        .zip(own.iter().zip(&other))
                        .all(|(axis, (a, b))| a.abs_diff(*b) <= if axis.ordered { radius } else { 0 })
                };
                let near: Vec<f64> = points.iter().filter(|place| is_near(place)).map(value).collect();
                let finite: Vec<f64> = near.into_iter().filter(|value| value.is_finite()).collect();
                let full: u64 = axes
                    .iter()
                    .filter(|axis| axis.ordered)
                    .map(|axis| (2 * radius + 1).min(axis.length))
                    .product();
                assert_eq!(plateau.coverage, finite.len() as f64 / full as f64);
                assert_eq!(plateau.figures.is_some(), values[point].is_finite());
                if let Some(figures) = &plateau.figures {
                    let mean = finite.iter().sum::<f64>() / finite.len() as f64;
                    assert!((figures.mean - mean).abs() < 1e-12);
                    assert_eq!(figures.minimum, finite.iter().copied().fold(f64::INFINITY, f64::min));
                }
            }
        }
    }
}
