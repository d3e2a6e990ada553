//! The order of sessions in placebo worlds against the vectors of another implementation.

use serde_json::Value;

use super::support::{project, read_json, shared};
use crate::stats::skill::worlds::{Shuffling, spans};

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn whole(value: &Value) -> usize {
    value.as_u64().expect("a whole number") as usize
}

fn check(worlds: &Value) {
    let worlds = list(worlds);
    for world in worlds {
        let life = |alive: &Value| {
            let alive = list(alive);
            let is_alive = |alive: &Value| alive == true;
            let first = alive.iter().position(is_alive).unwrap_or(0);
            first..alive.iter().rposition(is_alive).map_or(0, |last| last + 1)
        };
        let lives: Vec<_> = list(&world["alive"]).iter().map(life).collect();
        let returns: Vec<f64> =
            list(&world["mean_returns"]).iter().map(|x| x.as_f64().expect("a number")).collect();
        let block = (!world["block"].is_null()).then(|| whole(&world["block"]));
        let shuffling = Shuffling { seed: whole(&world["seed"]) as u64, block };
        let found = shuffling.order(whole(&world["world"]) as u64, &spans(&lives, returns.len()), &returns);
        let expected: Vec<usize> = list(&world["order"]).iter().map(whole).collect();
        assert_eq!(found, expected, "block {block:?}, {} sessions, {lives:?}", returns.len());
    }
    assert!(worlds.len() >= 5, "{} worlds", worlds.len());
}

#[test]
fn worlds_that_ship() {
    check(&read_json(&project("tests/vectors/verdict-2/parts.json"))["worlds"]);
}

#[test]
fn worlds_of_the_reference() {
    if let Some(shared) = shared("worlds_of_the_reference") {
        check(&read_json(&shared.join("reference/verdict-2/parts.json"))["worlds"]);
    }
}
