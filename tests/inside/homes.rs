//! The sources of the program as text, and in which of them a text stands: the judge of "one member, one home".

use std::fs;
use std::path::{Path, PathBuf};

use crate::inside::support::project;

/// The Rust files of a folder and of those in it, with their text.
pub fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![project(folder)];
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

/// The code of the program without its tests: a path in the project, and the text.
pub struct Program {
    files: Vec<(PathBuf, String)>,
}

impl Program {
    /// The code below `src/`.
    pub fn read() -> Program {
        let root = project("");
        let code = |(path, text): (PathBuf, String)| {
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            (path.strip_prefix(&root).expect("a source of the project").to_owned(), code.to_owned())
        };
        let files: Vec<_> = sources("src").into_iter().map(code).collect();
        let is_program = |path: &Path| !path.ends_with("tests.rs") && !path.starts_with("src/internals");
        let files: Vec<_> = files.into_iter().filter(|(path, _)| is_program(path)).collect();
        assert!(files.len() > 100, "the sources are read");
        Program { files }
    }

    /// The files, with their paths in the project.
    pub fn files(&self) -> impl Iterator<Item = (&Path, &str)> {
        self.files.iter().map(|(path, code)| (path.as_path(), code.as_str()))
    }

    /// The part of it in some folders, or outside of them.
    pub fn retain(&mut self, keep: impl Fn(&Path) -> bool) {
        self.files.retain(|(path, _)| keep(path));
    }

    /// The files in which a text stands, lines that are comments aside.
    pub fn naming(&self, text: &str) -> Vec<&Path> {
        let has =
            |code: &str| code.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(text));
        self.files().filter(|(_, code)| has(code)).map(|(path, _)| path).collect()
    }

    /// Fails unless a name stands between quotes in its home and nowhere else.
    #[track_caller]
    pub fn check_home(&self, home: impl AsRef<Path>, name: &str) {
        assert_eq!(self.naming(&format!("\"{name}\"")), [home.as_ref()], "files that name '{name}'");
    }
}
