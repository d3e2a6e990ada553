//! The tree checks itself: floors, module texts, line lengths, words that do not belong.

use std::fs;
use std::path::{Path, PathBuf};

/// The floors from the ground up; a module may use what stands on its own floor or below.
const FLOORS: [&[&str]; 7] = [
    &["market", "mixer", "summation", "text"],
    &["formula", "stats"],
    &["engine"],
    &["backtest"],
    &["sweep"],
    &["report", "slurm", "cluster"],
    &["cli"],
];

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of sources") {
            let path = entry.expect("a readable folder").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push((path.clone(), fs::read_to_string(&path).expect("a text file")));
            }
        }
    }
    found.sort();
    found
}

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
