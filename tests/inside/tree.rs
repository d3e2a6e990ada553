//! The tree checks itself: floors, circles, one home for every member of a family, module texts, line lengths.

mod imports;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::formula::operators;
use crate::slurm::keys::SLURM;
use crate::strategy::keys::STRATEGY;
use crate::sweep::keys::SWEEP;

use crate::inside::homes::{Program, sources};
use crate::inside::support::project;

use self::imports::{Module, imports, module, on_circles};

/// The floors from the ground up; a module may use what stands on its own floor or below.
const FLOORS: [&[&str]; 8] = [
    &["files", "market", "matrix", "mixer", "summation", "text"],
    &["config", "draw", "formula", "stats"],
    &["engine"],
    &["strategy"],
    &["sweep"],
    &["report", "slurm", "cluster"],
    &["aggregate", "verdict"],
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
fn the_walk_that_the_guide_shows_goes_down() {
    let guide = fs::read_to_string(project("ARCHITECTURE.md")).expect("the guide is there");
    let (_, walk) = guide.split_once("<!-- walk -->\n").expect("the guide shows a walk");
    let (walk, _) = walk.split_once("<!-- end -->").expect("the walk has an end");
    let root = project("src");
    let sources: BTreeMap<Module, String> = sources("src")
        .into_iter()
        .map(|(path, text)| (module(path.strip_prefix(&root).expect("a source")), text))
        .collect();
    let imports = imports(&sources);
    let (mut above, mut visited): (Vec<Module>, Vec<Module>) = (Vec::new(), Vec::new());
    for line in walk.lines() {
        let depth = (line.len() - line.trim_start().len()) / 2;
        let file = module(Path::new(line.split('`').nth(1).expect("a file")));
        assert!(!visited.contains(&file), "{file:?} is visited twice");
        visited.push(file.clone());
        above.truncate(depth);
        assert_eq!(above.len(), depth, "{line}");
        // The program's first file knows the face alone.
        if let Some(user) = above.last().filter(|user| ***user != ["main"]) {
            let is_parent = file.len() > user.len() && file[..user.len()] == user[..];
            assert!(imports[user].contains(&file) || is_parent, "{user:?} does not use {file:?}");
            assert!(floor(&file[0]) <= floor(&user[0]), "{user:?} lies below {file:?}");
        }
        above.push(file);
    }
    assert!(visited.len() > 20, "{visited:?}");
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

/// Lines that a function may have.
const FUNCTION_LINES: usize = 70;

#[test]
fn functions_are_short_enough_to_read() {
    let root = project("");
    let mut long = Vec::new();
    let mut count = 0;
    for (path, text) in sources("src") {
        let path = path.strip_prefix(&root).expect("a source").to_string_lossy().into_owned();
        for (name, length) in functions(&text) {
            count += 1;
            if length > FUNCTION_LINES {
                long.push((path.clone(), name, length));
            }
        }
    }
    assert!(count > 1000, "the test reads the sources: {count}");
    assert!(long.is_empty(), "cut these into steps that have names: {long:?}");
}

/// The functions of a source as rustfmt writes it, each with the number of its lines.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let name_of = |line: &str| {
        let (before, after) = line.split_once("fn ")?;
        let words = ["pub", "pub(crate)", "pub(super)", "const", "unsafe", "async", "extern"];
        let is_function = before.split_whitespace().all(|word| words.contains(&word));
        let name = after.split(['(', '<']).next()?;
        is_function.then(|| name.to_owned())
    };
    let function = |(number, line): (usize, &&str)| {
        let indent = &line[..line.len() - line.trim_start().len()];
        let end = format!("{indent}}}");
        let length = lines[number..].iter().position(|line| *line == end)? + 1;
        // Without a body, or with one on the same line, it ends where its head does.
        let head_end = lines[number..].iter().position(|line| line.ends_with(['{', '}', ';']))?;
        if !lines[number + head_end].ends_with('{') {
            return None;
        }
        Some((name_of(line)?, length))
    };
    lines.iter().enumerate().filter_map(function).collect()
}

#[test]
fn lengths_of_functions_are_counted() {
    let text = "trait B {\n    fn none(&self);\n\n    fn empty(&self) {}\n}\n\nimpl A {\n    pub(crate) fn long<T>(\n        &self,\n    ) {\n        x();\n    }\n}\n\nfn short() {\n}\n";
    assert_eq!(functions(text), [("long".to_owned(), 5), ("short".to_owned(), 2)]);
}

/// The compiler finds dead code below the face, because nothing below it is public. What is exported besides must be used by an
/// example, by the documentation of the face or by a test from outside, or be a type that these hand on.
#[test]
fn every_name_of_the_face_is_used_from_outside() {
    const HANDED_ON: [&str; 9] = [
        "Benchmark",
        "Date",
        "Excerpt",
        "Failure",
        "FileError",
        "Notice",
        "PointFailure",
        "UnknownMetric",
        "WriteError",
    ];
    let face = fs::read_to_string(project("src/lib.rs")).expect("the face is there");
    let is_comment = |line: &&str| line.trim_start().starts_with("//");
    let code = face.lines().filter(|line| !is_comment(line)).collect::<Vec<_>>().join(" ");
    assert_eq!(code.matches("pub mod ").count(), 2, "rooms are private, but for `error` and `internals`");
    let names = imported(&code, "pub use ");
    assert!((30..=45).contains(&names.len()), "{names:?}");
    let users = ["examples", "tests"].into_iter().flat_map(sources);
    let users = users.filter(|(path, _)| !path.starts_with(project("tests/inside")));
    let mut text: String = users.map(|(_, text)| text).collect();
    text += &fs::read_to_string(project("src/main.rs")).expect("the program is there");
    let docs = face.lines().filter(is_comment).map(|line| line.trim_start_matches("//!"));
    text += &docs.collect::<Vec<_>>().join("\n");
    let mut used = imported(&text, "use backtest::");
    for path in text.split("backtest::").skip(1) {
        let path: String = path.chars().take_while(|c| c.is_alphanumeric() || "_:".contains(*c)).collect();
        used.extend(path.rsplit("::").next().map(str::to_owned));
    }
    let unused: Vec<&String> =
        names.iter().filter(|name| !used.contains(*name) && !HANDED_ON.contains(&name.as_str())).collect();
    assert!(unused.is_empty(), "exported, and shown by no example: {unused:?}");
    assert!(HANDED_ON.iter().all(|name| names.contains(*name)), "all are exported");
    for (path, text) in sources("src") {
        assert!(!text.contains("allow(dead_code"), "{}: dead code is taken out", path.display());
    }
}

/// The names of all imports that begin so.
fn imported(text: &str, start: &str) -> BTreeSet<String> {
    let imports = text.split(start).skip(1).filter_map(|rest| rest.split(';').next());
    let words = |import: &str| -> Vec<String> {
        let words = import.split(['{', '}', ',', ' ', '\n']).filter_map(|path| path.rsplit("::").next());
        words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    imports.flat_map(words).collect()
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
