//! Broken sweep files, plans and command lines: the documented exit code, the place, what was expected. Sound ones beside them.

use super::{HEAD, Place};
use crate::support::names_below;

/// Runs in a place with a sound sweep, whose text is replaced, and expects an exit code and words in the message.
fn check(text: &str, arguments: &[&str], code: i32, words: &[&str]) -> Result<(), String> {
    let place = Place::new("[axes]\nn = [3, 5]\n");
    if !text.is_empty() {
        place.write("s.toml", text);
    }
    place.write("points.csv", "n,part\n3,0.5\n5,0.25\n");
    place.write("short.csv", "n,part\n3\n");
    place.write("empty.csv", "n\n");
    place.write("gap.csv", "n,part\n3,\n");
    place.write("twice.csv", "n,n\n3,4\n");
    place.write("wrong.csv", "n\n3\nx\n");
    let before = names_below(place.folder.path());
    let seen = place.run(arguments);
    let fail = |what: &str| Err(format!("{text}\n{arguments:?}: {what}\n  code {:?}\n  {}", seen.code, seen.stderr));
    if seen.code != Some(code) {
        return fail(&format!("expected exit code {code}"));
    }
    if let Some(word) = words.iter().find(|word| !seen.stderr.contains(**word)) {
        return fail(&format!("'{word}' is not said"));
    }
    if seen.stderr.contains("panicked") || seen.stderr.matches("error:").count() != usize::from(code != 0) {
        return fail("expected one clear message");
    }
    if code != 0 && (!seen.stdout.is_empty() || names_below(place.folder.path()) != before) {
        return fail("refused, but something was left behind");
    }
    Ok(())
}

fn check_all(cases: &[Result<(), String>]) {
    let failures: Vec<&str> = cases.iter().filter_map(|case| case.as_ref().err().map(String::as_str)).collect();
    assert!(failures.is_empty(), "{} of {} cases:\n{}", failures.len(), cases.len(), failures.join("\n"));
}

const RUN: [&str; 4] = ["sweep", "run", "s.toml", "--quiet"];

/// A sweep whose text below name and strategy is this.
fn refused(body: &str, words: &[&str]) -> Result<(), String> {
    check(&format!("{HEAD}{body}"), &RUN, 78, words)
}

fn accepted(body: &str) -> Result<(), String> {
    check(&format!("{HEAD}{body}"), &RUN, 0, &[])
}

#[test]
fn an_axis_sets_one_key_by_its_one_name() {
    check_all(&[
        refused("[axes]\ncosts.commission = [0.0]", &["s.toml:4:1", "\"costs.commission\" = [...]"]),
        refused("[axes]\ncosts = [{ tax = 0.0 }]", &["s.toml:4:1", "'costs' is a table"]),
        refused("[axes]\nparameters = [{ n = 3 }]", &["s.toml:4:1", "'parameters' is a table"]),
        refused("[axes]\nuniverse = [{ assets = [\"AAA\"] }]", &["s.toml:4:1", "'universe' is a table"]),
        refused("[axes]\n\" n\" = [3]", &["s.toml:4:1", "names no axis"]),
        refused("[axes]\n\"\\\"n\\\"\" = [3]", &["s.toml:4:1", "names no axis"]),
        refused("[axes]\n\"costs . tax\" = [0.0]", &["s.toml:4:1", "names no axis"]),
        refused("[axes]\nn = [3]\n\"parameters.n\" = [4]", &["s.toml:5:1", "sets what 'n' sets already"]),
        refused(
            "[axes]\n\"conventions.ruin\" = [\"fail\"]\nconventions = [\"sound\"]",
            &["s.toml:5:1", "sets what 'conventions.ruin' sets already"],
        ),
        refused(
            "[axes]\n\"costs.commission\" = { from = 0.0, to = 2.0 }\n[sample]\nmethod = \"sobol\"\npoints = 4",
            &["'costs.commission'", "from 0 to below 1", "found the number 2"],
        ),
        accepted("[axes]\nconventions = [\"sound\"]\n\"conventions.ruin\" = [\"fail\", \"continue\"]"),
        accepted("[axes]\n\"parameters.n\" = [4]"),
        accepted("[axes]\n\"universe.entry.\\\"BBB\\\"\" = [2020-01-08, 2020-01-10]"),
    ]);
}
