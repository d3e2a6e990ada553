//! Broken input is refused with the documented exit code and a message that names the place, never with a panic, and
//! leaves nothing behind. Beside each family of broken input stands sound input that looks like it.

mod commands;
mod formulas;
mod numbers;
mod prices;
mod strategies;

use std::process::Command;

use crate::sound_input::{self, HEADER, STRATEGY, rows};
use crate::support::{names_below, write};

/// Messages quote a part of the input, however long it is.
const MESSAGE_LIMIT: usize = 2000;

/// A run of the command in a folder with a sound strategy and sound prices, of which the case replaces some.
struct Case {
    title: String,
    files: Vec<(String, Vec<u8>)>,
    arguments: Vec<String>,
    expected: Expected,
}

enum Expected {
    /// Exit code 0 and a result.
    Accepted,
    /// The exit code, and what the message says.
    Refused(i32, &'static [&'static str]),
    /// Exit code 65, and what the findings on standard output say.
    Found(&'static [&'static str]),
}

impl Case {
    fn run(title: &str, expected: Expected) -> Case {
        Case::command(&["run", "case.toml"], expected).titled(title)
    }

    fn command(arguments: &[&str], expected: Expected) -> Case {
        Case {
            title: arguments.join(" "),
            files: Vec::new(),
            arguments: arguments.iter().map(|argument| (*argument).to_owned()).collect(),
            expected,
        }
    }

    fn titled(self, title: &str) -> Case {
        Case { title: title.chars().take(100).collect(), ..self }
    }

    /// Replaces or adds a file.
    fn with(mut self, path: &str, content: impl Into<Vec<u8>>) -> Case {
        self.files.push((path.to_owned(), content.into()));
        self
    }
}

/// The strategy with one piece of its text replaced.
fn strategy_with(sound: &str, other: &str) -> String {
    assert_eq!(STRATEGY.matches(sound).count(), 1, "'{sound}' stands once in the strategy");
    STRATEGY.replace(sound, other)
}

/// The one door: runs a case and gives the first thing that is not as expected.
fn check(case: &Case) -> Result<(), String> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    sound_input::write(folder.path());
    for (path, content) in &case.files {
        write(folder.path(), path, content);
    }
    let before = names_below(folder.path());
    let output = Command::new(env!("CARGO_BIN_EXE_backtest"))
        .args(&case.arguments)
        .current_dir(folder.path())
        .env_remove("RUST_BACKTRACE")
        .output()
        .expect("the command was built with the tests");
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let expect = |holds: bool, what: &str| match holds {
        true => Ok(()),
        false => {
            let code = output.status.code();
            Err(format!("{}: {what}\n  exit code {code:?}\n  {}", case.title, stderr.trim()))
        }
    };
    let says = |text: &str, words: &[&str]| {
        words.iter().try_for_each(|word| expect(text.contains(word), &format!("'{word}' is not said")))
    };
    let (code, is_refused) = match case.expected {
        Expected::Accepted => (0, false),
        Expected::Found(_) => (65, true),
        Expected::Refused(code, _) => (code, true),
    };
    expect(output.status.code() == Some(code), &format!("expected exit code {code}"))?;
    expect(!stderr.contains("panicked"), "a panic")?;
    expect(stderr.chars().count() <= MESSAGE_LIMIT, "a message without end")?;
    expect(
        !stderr.chars().any(|letter| letter.is_control() && letter != '\n'),
        "control characters in the message",
    )?;
    if is_refused {
        expect(stderr.starts_with("error: "), "expected an error first")?;
        expect(stderr.lines().filter(|line| line.starts_with("error:")).count() == 1, "more than one error")?;
        expect(names_below(folder.path()) == before, "something was left behind")?;
    } else {
        expect(!stderr.contains("error"), "accepted, but with an error")?;
        expect(!stdout.is_empty(), "no result")?;
    }
    match case.expected {
        Expected::Accepted => Ok(()),
        Expected::Found(words) => says(&stdout, words),
        Expected::Refused(_, words) => {
            expect(stdout.is_empty(), "something on standard output")?;
            says(&stderr, words)
        }
    }
}

/// Checks all cases of a family and reports all that are not as expected.
fn check_all(cases: impl IntoIterator<Item = Case>) {
    let cases: Vec<Case> = cases.into_iter().collect();
    let failures: Vec<String> = cases.iter().filter_map(|case| check(case).err()).collect();
    assert!(failures.is_empty(), "{} of {} cases:\n{}", failures.len(), cases.len(), failures.join("\n"));
}
