//! The tree checks itself: floors, circles, one home for every member of a family, module texts, line lengths.

mod imports;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::formula::operators;
use crate::slurm::keys::SLURM;
use crate::strategy::keys::STRATEGY;
use crate::sweep::keys::SWEEP;

use crate::inside::homes::{Program, sources};

use self::imports::{Module, imports, module, on_circles};

/// The floors from the ground up; a module may use what stands on its own floor or below.
const FLOORS: [&[&str]; 8] = [
    &["files", "market", "matrix", "mixer", "summation", "text"],
    &["config", "draw", "formula", "stats"],
    &["engine"],
    &["strategy"],
    &["sweep"],
    &["report", "slurm", "cluster"],
    &["aggregate"],
    &["cli", "internals"],
];

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|modules| modules.contains(&module))
}

#[test]
fn no_module_uses_one_above_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut checked = 0;
    for (path, text) in sources("src") {
        let inside = path.strip_prefix(&root).expect("a source");
        let module = inside.iter().next().expect("a name").to_string_lossy().replace(".rs", "");
        let Some(own) = floor(&module) else {
            assert!(["lib", "main"].contains(&module.as_str()), "'{module}' stands on no floor");
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            for used in line.split("crate::").skip(1) {
                let used: String = used.chars().take_while(|letter| letter.is_ascii_lowercase()).collect();
                let used_floor = floor(&used);
                assert!(
                    used_floor.is_some_and(|used| used <= own),
                    "{}:{}: '{module}' uses '{used}'",
                    path.display(),
                    number + 1
                );
                checked += 1;
            }
        }
    }
    assert!(checked > 50, "the test reads the sources");
}

#[test]
fn no_file_uses_one_that_leads_back_to_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let sources: BTreeMap<Module, String> = sources("src")
        .into_iter()
        .map(|(path, text)| (module(path.strip_prefix(&root).expect("a source")), text))
        .collect();
    let imports = imports(&sources);
    assert!(imports.values().map(|used| used.len()).sum::<usize>() > 500, "the test reads the sources");
    let circles = on_circles(&imports);
    assert!(circles.is_empty(), "these use others that lead back to them: {circles:?}");
}

#[test]
fn an_operator_has_one_home() {
    let program = Program::read();
    let mut language = Program::read();
    language.retain(|path| path.starts_with("src/formula"));
    for operator in operators::all() {
        let homes = language.naming(&format!("\"{}\"", operator.name));
        assert!(homes.len() == 1 && homes[0].ends_with(format!("{}.rs", operator.name)), "{homes:?}");
        assert!(homes[0].starts_with("src/formula/operators"), "{homes:?}");
        // Nobody but the list imports an operator.
        let import = format!("{}::{}", operator.name, operator.name.to_uppercase());
        assert_eq!(program.naming(&import), [Path::new("src/formula/operators/mod.rs")], "{import}");
    }
}

#[test]
fn a_file_of_an_operator_stands_in_the_list() {
    for (path, _) in sources("src/formula/operators") {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        assert!(
            name == "mod" || operators::operator(&name).is_some(),
            "{} stands in no list",
            path.display()
        );
    }
}

#[test]
fn a_key_has_one_home() {
    let program = Program::read();
    let homes = ["src/strategy/keys.rs", "src/sweep/keys.rs", "src/slurm/keys.rs"];
    for (schema, home) in [STRATEGY, SWEEP, SLURM].into_iter().zip(homes) {
        // A name without a table may be a word of anything.
        for key in schema.keys.iter().filter(|key| !key.table.is_empty()) {
            program.check_home(home, key.path);
        }
    }
}

#[test]
fn every_source_says_what_it_is() {
    for (path, text) in sources("src").into_iter().chain(sources("tests")).chain(sources("benches")) {
        assert!(text.starts_with("//! "), "{} has no module text", path.display());
    }
}

#[test]
fn lines_are_short_enough_to_read() {
    for (path, text) in sources("src") {
        for (number, line) in text.lines().enumerate() {
            // A message reads better unbroken.
            let length = if line.contains('"') { 0 } else { line.chars().count() };
            assert!(length <= 128, "{}:{}: {length} characters", path.display(), number + 1);
        }
    }
}

#[test]
fn every_path_that_the_guides_name_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let is_path = |text: &str| {
        text.contains('/')
            && !text.contains(char::is_whitespace)
            && text.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c))
    };
    let mut count = 0;
    for guide in ["ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = fs::read_to_string(root.join(guide)).expect("the guide is there");
        for named in text.split('`').skip(1).step_by(2).filter(|named| is_path(named)) {
            // Made by commands, or written by the reader.
            if named.starts_with("../") || named.starts_with("strategies/breakout") {
                continue;
            }
            let is_there =
                ["", "src", "tests", "docs"].iter().any(|folder| root.join(folder).join(named).exists());
            assert!(is_there, "{guide} names `{named}`, which is not there");
            count += 1;
        }
    }
    assert!(count > 60, "{count}");
}
