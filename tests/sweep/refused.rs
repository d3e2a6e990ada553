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
    // A cache of the prices is no result.
    let left = || {
        names_below(place.folder.path()).into_iter().filter(|path| !path.starts_with(place.path("prices")))
    };
    let before: Vec<_> = left().collect();
    let seen = place.run(arguments);
    let fail =
        |what: &str| Err(format!("{text}\n{arguments:?}: {what}\n  code {:?}\n  {}", seen.code, seen.stderr));
    if seen.code != Some(code) {
        return fail(&format!("expected exit code {code}"));
    }
    if let Some(word) = words.iter().find(|word| !seen.stderr.contains(**word)) {
        return fail(&format!("'{word}' is not said"));
    }
    if seen.stderr.contains("panicked") || seen.stderr.matches("error:").count() != usize::from(code != 0) {
        return fail("expected one clear message");
    }
    if code != 0 && (!seen.stdout.is_empty() || !left().eq(before)) {
        return fail("refused, but something was left behind");
    }
    Ok(())
}

fn check_all(cases: &[Result<(), String>]) {
    let failures: Vec<&str> =
        cases.iter().filter_map(|case| case.as_ref().err().map(String::as_str)).collect();
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
        // Keys that leave no day are failed points, whether the file or only the prices tell.
        accepted(
            "[axes]\n\"conventions.calendar\" = [\"sessions\"]\n\"period.burn_in\" = [2020-01-10, 2020-01-20]\n\
             \"period.end\" = [2020-01-31, 2020-01-15]",
        ),
        accepted("[axes]\n\"parameters.n\" = [4]"),
        accepted("[axes]\n\"universe.entry.\\\"BBB\\\"\" = [2020-01-08, 2020-01-10]"),
    ]);
}

#[test]
fn a_hold_out_lies_between_the_start_and_the_end() {
    let from = |date: &str| format!("[axes]\nn = [3]\n[holdout]\nfrom = {date}");
    check_all(&[
        accepted(&from("2020-01-11")),
        accepted(&from("2020-01-30")),
        refused(
            &from("2020-01-31"),
            &["s.toml:6:8", "'period.end' of the strategy, 2020-01-31, must lie after it"],
        ),
        refused(
            &from("2030-01-31"),
            &["s.toml:6:8", "'period.end' of the strategy, 2020-01-31, must lie after it"],
        ),
        refused(&from("2020-01-10"), &["s.toml:6:8", "begins on 2020-01-10", "must begin after that"]),
        refused(&from("2019-01-10"), &["s.toml:6:8", "begins on 2020-01-10"]),
        refused(&from("2020-01-22T10:00:00"), &["s.toml:6:8", "'holdout.from': expected a date such as"]),
        refused(
            &from("'2020-01-22'"),
            &["s.toml:6:8", "'holdout.from': expected a date such as", "without quotes"],
        ),
        refused("[axes]\nn = [3]\n[holdout]\n", &["s.toml:5:2", "'holdout.from' is missing"]),
        refused("holdout = 2020-01-22\n[axes]\nn = [3]", &["s.toml:3:11", "expected a table"]),
        refused(&format!("{}\nto = 2020-01-30", from("2020-01-22")), &["s.toml:7:1", "unknown key 'to'"]),
        refused(
            &from("2020-01-22").replace("n = [3]", "\"period.end\" = [2020-01-31, 2020-01-30]"),
            &["s.toml:4:1", "an axis over 'period.end' does not go with [holdout]"],
        ),
        // A start behind the hold-out leaves no day: failed points, as with any other end.
        accepted(&from("2020-01-22").replace("n = [3]", "\"period.burn_in\" = [2020-01-13, 2020-01-14]")),
    ]);
    let points = format!("points = \"ends.csv\"\n{}", "[holdout]\nfrom = 2020-01-22\n");
    let place = Place::new(&points);
    place.write("ends.csv", "n,period.end\n3,2020-01-31\n");
    let seen = place.run(&RUN);
    assert!(seen.code == Some(78) && seen.stderr.contains("an axis over 'period.end'"), "{}", seen.stderr);
}

#[test]
fn a_sweep_file_that_is_wrong_is_refused_at_its_place() {
    let whole = |text: &str, words: &[&str]| check(text, &RUN, 78, words);
    let sample = |rest: &str| format!("[axes]\nn = {{ from = 2, to = 9 }}\n[sample]\n{rest}");
    check_all(&[
        whole("name = \"s\"\n", &["s.toml", "'strategy'"]),
        whole("strategy = \"case.toml\"\n[axes]\nn = [3]", &["s.toml", "'name'"]),
        whole("name = 3\nstrategy = \"case.toml\"\n[axes]\nn = [3]", &["s.toml:1:8", "found the number 3"]),
        whole(
            "name = \"a/b\"\nstrategy = \"case.toml\"\n[axes]\nn = [3]",
            &["s.toml:1:8", "becomes a folder"],
        ),
        whole("name = \"..\"\nstrategy = \"case.toml\"\n[axes]\nn = [3]", &["s.toml:1:8", "beginning with"]),
        whole("name = \"\"\nstrategy = \"case.toml\"\n[axes]\nn = [3]", &["s.toml:1:8"]),
        whole(
            &format!("name = \"{}\"\nstrategy = \"case.toml\"\n[axes]\nn = [3]", "x".repeat(200)),
            &["s.toml:1:8"],
        ),
        whole("name = \"s\nstrategy", &["s.toml:2:9"]),
        whole("name = \"s\"\nname = \"t\"", &["s.toml:2:1"]),
        refused("", &["s.toml", "no points", "[axes]"]),
        refused("[axes]\n", &["s.toml", "at least one axis"]),
        refused("axis = 3\n[axes]\nn = [3]", &["s.toml:3:1", "unknown key 'axis'", "did you mean 'axes'?"]),
        refused("points = \"points.csv\"\n[axes]\nn = [3]", &["s.toml:3:1", "found both"]),
        refused("points = \"points.csv\"\n[sample]\nmethod = \"sobol\"\npoints = 3", &["drawn from [axes]"]),
        refused("points = \"short.csv\"", &["s.toml:3:10", "short.csv:2: expected 2 values, found 1"]),
        refused("points = \"empty.csv\"", &["s.toml:3:10", "empty.csv", "a point a line"]),
        refused("points = \"gap.csv\"", &["s.toml:3:10", "gap.csv:2", "'part' has no value"]),
        refused("points = \"twice.csv\"", &["s.toml:3:10", "twice.csv:1", "found 'n'"]),
        refused("points = \"wrong.csv\"", &["s.toml:3:10", "takes numbers", "found \"x\""]),
        refused("[axes]\nn = []", &["s.toml:4:5", "at least one value"]),
        refused("[axes]\nn = 3", &["s.toml:4:5", "expected a list", "found the number 3"]),
        refused("[axes]\nn = [3.5]", &["s.toml:4:5", "whole numbers, found 3.5"]),
        refused("[axes]\nn = [\"x\"]", &["s.toml:4:5", "takes numbers, found \"x\""]),
        refused("[axes]\nn = [nan]", &["s.toml:4:", "found nan"]),
        refused("[axes]\nm = [3]", &["unknown parameter 'm'", "did you mean 'n'?"]),
        refused("[axes]\n\"parameters.m\" = [3]", &["'m'", "did you mean 'n'?"]),
        refused(
            "[axes]\n\"costs.comission\" = [0.1]",
            &["s.toml:4:22", "'comission'", "did you mean 'commission'?"],
        ),
        refused("[axes]\ncommission = [0.1]", &["s.toml:4:15", "did you mean 'costs.commission'?"]),
        refused("[axes]\n\"costs.commission\" = [0.0, 1.5]", &["s.toml:4:28", "found the number 1.5"]),
        refused(
            "[axes]\n\"rebalance.schedule\" = [\"daily\", \"hourly\"]",
            &["s.toml:4:34", "unknown schedule 'hourly'"],
        ),
        refused("[axes]\n\"alpha.weights\" = [\"top(momentun(n), 1)\"]", &["unknown operator 'momentun'"]),
        refused("[axes]\nn = { from = 3, to = 2, step = 1 }", &["s.toml:4:22", "ends before it begins"]),
        refused("[axes]\nn = { from = 1, to = 2 }", &["s.toml:4:5", "needs 'step' or 'count'"]),
        refused("[axes]\nn = { from = 1, to = 2, step = 0 }", &["s.toml:4:32", "above 0"]),
        refused("[axes]\nn = { from = 1, to = 2, step = 0.5 }", &["s.toml:4:5", "whole numbers"]),
        refused("[axes]\nn = { from = 1, to = 2, stpe = 1 }", &["s.toml:4:25", "did you mean 'step'?"]),
        refused("[axes]\nn = { from = 1, to = 2, count = 2, step = 1 }", &["s.toml:4:25", "found both"]),
        refused("[axes]\nn = { from = 1, to = 2, count = 0 }", &["s.toml:4:33", "from 1 to 1,000,000"]),
        refused("[axes]\nn = { from = 0, to = 2, count = 2, scale = \"log\" }", &["above 0"]),
        refused(
            "[axes]\nn = { from = 1, to = 10000000000, step = 1 }\npart = { from = 0.0, to = 1.0, step = 0.000001 }",
            &["s.toml:3:", "points"],
        ),
        refused("keep = \"n > m\"\n[axes]\nn = [3]", &["s.toml:3:13", "'m'"]),
        refused("keep = \"n >\"\n[axes]\nn = [3]", &["s.toml:3:"]),
        refused("keep = \"n > 9\"\n[axes]\nn = [3]", &["s.toml:3:", "holds for no point"]),
        refused("keep = 1\n[axes]\nn = [3]", &["s.toml:3:8", "found the number 1"]),
        refused("[axes]\nn = [3]\n[rank]\nmetric = \"sharp\"", &["s.toml:6:10", "did you mean 'sharpe'?"]),
        refused("[axes]\nn = [3]\n[rank]\nrequire = [\"drawdown < 1\"]", &["s.toml:6:13"]),
        refused("[axes]\nn = [3]\n[rank]\ngoal = \"max\"", &["s.toml:6:1", "unknown key 'goal'"]),
        refused("[axes]\nn = [3]\n[slurm]\ntask = 3", &["s.toml:6:1", "did you mean 'tasks'?"]),
        refused("[axes]\nn = [3]\n[slurm]\ntasks = 0", &["s.toml:6:9", "from 1 to"]),
        refused("[axes]\nn = [3]\n[plan]\nseal = \"x\"", &["'plan."]),
        refused(&sample("method = \"sobul\"\npoints = 4"), &["s.toml:6:10", "unknown method 'sobul'"]),
        refused(&sample("method = \"sobol\""), &["'sample.points'"]),
        refused(&sample("method = \"sobol\"\npoints = 0"), &["s.toml:7:10", "from 1 to"]),
        refused(&sample("method = \"sobol\"\npoints = 4\nseed = -1"), &["s.toml:8:8", "0 or more"]),
        accepted("[axes]\nn = [3]"),
        accepted("points = \"points.csv\""),
        accepted(&sample("method = \"sobol\"\npoints = 4\nseed = 0")),
        accepted("keep = \"n > 2 and part < 1\"\n[axes]\nn = { from = 1, to = 4, step = 2 }"),
        accepted("[axes]\nn = [3]\n[slurm]\ntasks = \"auto\"\n[rank]\nmetric = \"cagr\""),
    ]);
}

#[test]
fn files_that_are_missing_or_unreadable_are_named() {
    let missing = "name = \"s\"\nstrategy = \"nowhere.toml\"\n[axes]\nn = [3]";
    check_all(&[
        check("", &["sweep", "run", "nowhere.toml"], 66, &["nowhere.toml: no such file"]),
        check("", &["sweep", "run", "."], 74, &["cannot read"]),
        check(missing, &RUN, 66, &["nowhere.toml: no such file"]),
        check(&format!("{HEAD}points = \"nowhere.csv\""), &RUN, 66, &["nowhere.csv: no such file"]),
        check(
            &format!("{HEAD}[axes]\n\"data.prices\" = [\"prices\", \"no\"]"),
            &RUN,
            66,
            &["no: no such folder"],
        ),
        check(&format!("{HEAD}[axes]\n\"universe.benchmark\" = [\"AAA\", \"ZZZ\"]"), &RUN, 66, &["'ZZZ'"]),
        check("", &["sweep", "status", "nowhere"], 66, &["nowhere: no such folder of results"]),
        check("", &["sweep", "status", "prices"], 66, &["no sweep here"]),
        check("", &["sweep", "verify", "prices"], 66, &["no sweep here"]),
    ]);
}

#[test]
fn command_lines_that_make_no_sense_are_usage_errors() {
    let usage = |arguments: &[&str], words: &[&str]| check("", arguments, 2, words);
    let task = |rest: &[&str], words: &[&str]| usage(&[&["run", "--params", "s.toml"], rest].concat(), words);
    check_all(&[
        usage(&["sweep", "run"], &["<SWEEP>"]),
        usage(&["sweep", "rnu", "s.toml"], &["unrecognized subcommand 'rnu'"]),
        usage(&["sweep", "run", "s.toml", "--thread", "3"], &["--thread"]),
        usage(&["sweep", "run", "s.toml", "-j", "0"], &["--threads", "0"]),
        usage(&["sweep", "run", "s.toml", "--shard-points", "0"], &["--shard-points"]),
        usage(&["sweep", "run", "s.toml", "--memory", "lots"], &["512M"]),
        usage(&["sweep", "run", "s.toml", "--max-failures", "-1"], &["-1"]),
        usage(&["sweep", "status"], &["<RESULTS>"]),
        usage(&["sweep", "verify", "r", "--points", "x"], &["--points"]),
        task(&[], &["--task K", "SLURM_ARRAY_TASK_ID"]),
        task(&["--task", "0"], &["--tasks N", "[slurm]"]),
        task(&["--task", "3", "--tasks", "3"], &["no task 3 of 3", "counted from 0"]),
        task(&["--task", "0", "--tasks", "0"], &["--tasks"]),
        task(&["--task", "-1", "--tasks", "3"], &["-1"]),
        task(&["--point", "2"], &["--point 2", "0 to 1"]),
        task(&["--point", "0", "--task", "0"], &["--point", "--task"]),
        task(&["--task", "0", "--tasks", "1", "--output", "x.json"], &["--output", "--point"]),
        task(&["--task", "0", "--tasks", "1", "--format", "json"], &["--format", "--point"]),
        task(&["--params", "n=3", "--point", "0"], &["one sweep file"]),
        usage(&["run", "case.toml", "--point", "0"], &["--point"]),
        usage(&["run", "case.toml", "--tasks", "3"], &["--tasks"]),
        check("", &["run", "--params", "s.toml", "--task", "0", "--tasks", "3", "--quiet"], 0, &[]),
        check("", &["run", "--params", "s.toml", "--point", "1", "--quiet"], 0, &[]),
    ]);
}

#[test]
fn an_array_task_knows_its_number_and_an_option_wins() {
    let place = Place::new("[axes]\nn = [3, 5]\n[slurm]\ntasks = 2\n");
    let points = |arguments: &[&str], variable: (&str, &str)| {
        let _ = std::fs::remove_dir_all(place.path("results"));
        let mut command = place.command(&[&["run", "--params", "s.toml"], arguments].concat());
        let seen = super::seen(&command.env(variable.0, variable.1).output().expect("the command was built"));
        let folder = place.path(seen.stdout.trim_end());
        let numbers =
            if seen.code == Some(0) { super::rows(&folder).into_keys().collect() } else { Vec::new() };
        (seen.code, numbers)
    };
    assert_eq!(points(&[], ("SLURM_ARRAY_TASK_ID", "1")), (Some(0), vec![1]));
    assert_eq!(points(&[], ("PBS_ARRAY_INDEX", "0")), (Some(0), vec![0]));
    assert_eq!(points(&[], ("SGE_TASK_ID", "2")), (Some(0), vec![1]));
    assert_eq!(points(&["--task", "0"], ("SLURM_ARRAY_TASK_ID", "1")), (Some(0), vec![0]));
    assert_eq!(points(&["--task", "0", "--tasks", "1"], ("SLURM_ARRAY_TASK_ID", "7")), (Some(0), vec![0, 1]));
    assert_eq!(points(&[], ("SLURM_ARRAY_TASK_ID", "4294967294")), (Some(2), vec![]));
    assert_eq!(points(&[], ("SLURM_ARRAY_TASK_ID", "2")), (Some(2), vec![]));
}
