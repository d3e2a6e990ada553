//! Which file uses which, read from the text of the sources: `use` lines and paths in code, tests aside.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A module's path below the crate, `["market", "date"]`.
pub type Module = Vec<String>;

/// The module of a source file, by its path below `src/`.
pub fn module(inside: &Path) -> Module {
    let mut names: Module =
        inside.with_extension("").iter().map(|name| name.to_string_lossy().into_owned()).collect();
    if names.last().is_some_and(|name| name == "mod") {
        names.pop();
    }
    names
}

/// What each module uses, itself left out.
pub fn imports(sources: &BTreeMap<Module, String>) -> BTreeMap<Module, BTreeSet<Module>> {
    let used_by = |module: &Module, text: &String| {
        let text = code(text);
        let mut paths: Vec<String> = Vec::new();
        let mut rest = String::new();
        for (number, part) in text.split("use ").enumerate() {
            match part.split_once(';') {
                Some((import, after)) if number > 0 => {
                    paths.extend(expanded(&import.split_whitespace().collect::<Vec<_>>().join(" ")));
                    rest += after;
                }
                _ => rest += part,
            }
        }
        for start in ["crate::", "super::", "self::"] {
            paths.extend(rest.match_indices(start).map(|(at, _)| {
                let is_path = |c: char| c.is_ascii_alphanumeric() || "_:#".contains(c);
                rest[at..].chars().take_while(|c| is_path(*c)).collect()
            }));
        }
        let targets = paths.iter().filter_map(|path| target(sources, module, path));
        targets.filter(|target| target != module).collect()
    };
    sources.iter().map(|(module, text)| (module.clone(), used_by(module, text))).collect()
}

/// A text without comments and without the tests at its foot.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The single paths of an import with braces.
fn expanded(import: &str) -> Vec<String> {
    let Some(open) = import.find('{') else { return vec![import.to_owned()] };
    let (stem, inner) = (&import[..open], import[open + 1..].trim_end().trim_end_matches('}'));
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, letter) in inner.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&inner[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&inner[start..]);
    let parts = parts.into_iter().map(str::trim).filter(|part| !part.is_empty());
    parts.flat_map(|part| expanded(&format!("{stem}{part}"))).collect()
}

/// The module that a path leads to: the longest part of it that is one.
fn target(sources: &BTreeMap<Module, String>, from: &Module, path: &str) -> Option<Module> {
    let path = path.split(" as ").next()?.replace("r#", "");
    let mut names: Vec<String> = path.split("::").map(|name| name.trim().to_owned()).collect();
    let mut base = match names[0].as_str() {
        "crate" => Module::new(),
        "self" | "super" => from.clone(),
        child if sources.contains_key(&[from.as_slice(), &[child.to_owned()]].concat()) => {
            names.insert(0, "self".to_owned());
            from.clone()
        }
        _ => return None,
    };
    while names.first().is_some_and(|name| ["crate", "self", "super"].contains(&name.as_str())) {
        if names.remove(0) == "super" {
            base.pop();
        }
    }
    base.extend(names);
    while !base.is_empty() && !sources.contains_key(&base) {
        base.pop();
    }
    (!base.is_empty()).then_some(base)
}

/// The modules that lie on a circle: each uses others that lead back to it.
pub fn on_circles(imports: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<Module> {
    let leads_back = |module: &Module| {
        let mut seen: BTreeSet<&Module> = BTreeSet::new();
        let mut open: Vec<&Module> = imports[module].iter().collect();
        while let Some(next) = open.pop() {
            if next == module {
                return true;
            }
            if seen.insert(next) {
                open.extend(imports.get(next).into_iter().flatten());
            }
        }
        false
    };
    imports.keys().filter(|module| leads_back(module)).cloned().collect()
}

#[test]
fn circles_are_found() {
    let texts = [
        ("a", "use crate::b::{self, c::{Deep, Other as Name}};\n"),
        ("b", "//! Uses crate::a in words alone.\npub mod c;\n"),
        ("b::c", "fn f() { super::super::a::f() }\n"),
        ("d", "use crate::a::Thing;\n#[cfg(test)]\nmod tests {\n use crate::e::f;\n}\n"),
        ("e", "use crate::d::Thing;\n"),
    ];
    let module = |name: &str| name.split("::").map(str::to_owned).collect::<Module>();
    let sources = texts.into_iter().map(|(name, text)| (module(name), text.to_owned())).collect();
    let imports = imports(&sources);
    assert_eq!(imports[&module("a")], [module("b"), module("b::c")].into());
    assert_eq!(on_circles(&imports), [module("a"), module("b::c")]);
}
