//! What the command does around a backtest: help, notes, output files, links, pipes.

mod formula;

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::sound_input::{self, HEADER, STRATEGY, rows};
use crate::support::{self, names_below, project, read_json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_backtest");

fn sound_folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    sound_input::write(folder.path());
    folder
}

/// Runs a program with arguments in a folder.
fn run(program: &Path, folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).env_remove("RUST_BACKTRACE");
    command.output().expect("the command was built with the tests")
}

fn backtest(folder: &Path, arguments: &[&str]) -> Output {
    run(Path::new(PROGRAM), folder, arguments)
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("the command writes UTF-8")
}

/// Exit code, standard output, standard error.
fn seen(output: &Output) -> (Option<i32>, &str, &str) {
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// The standard output of a run that ends well and has nothing to say.
fn result(folder: &Path, arguments: &[&str]) -> String {
    let output = backtest(folder, arguments);
    let (code, stdout, stderr) = seen(&output);
    assert_eq!((code, stderr), (Some(0), ""), "{arguments:?}");
    stdout.to_owned()
}

/// A shell in the folder runs `$0`, which is the command.
fn shell(folder: &Path, script: &str) -> Output {
    run(Path::new("/bin/sh"), folder, &["-c", script, PROGRAM])
}

#[test]
fn every_command_has_help_and_a_version() {
    let folder = sound_folder();
    let sweep = ["run", "generate", "submit", "status", "aggregate", "verify", "overfit"];
    let sweep = sweep.map(|command| ["sweep", command]);
    let cluster = ["render", "setup", "check", "install"].map(|command| ["cluster", command]);
    let alone =
        ["run", "check", "formula", "new", "sweep", "cluster", "completions", "man"].map(|command| [command]);
    let commands = std::iter::once(&[][..]).chain(alone.iter().map(|command| &command[..]));
    for command in commands.chain(sweep.iter().chain(&cluster).map(|command| &command[..])) {
        let of = |option| result(folder.path(), &[command, &[option]].concat());
        let help = of("--help");
        assert!(help.contains("Usage: backtest"), "{command:?}: {help}");
        assert!(help.contains("Example"), "{command:?} shows an example: {help}");
        assert_eq!(of("-h").lines().next(), help.lines().next());
        assert!(of("--version").trim_end().ends_with(env!("CARGO_PKG_VERSION")), "{command:?}");
    }
}

#[test]
fn without_a_command_it_shows_help_as_a_usage_error() {
    let folder = sound_folder();
    let output = backtest(folder.path(), &[]);
    let (code, stdout, stderr) = seen(&output);
    assert_eq!((code, stdout), (Some(2), ""));
    assert!(stderr.contains("Usage: backtest") && stderr.contains("Exit codes"), "{stderr}");
}

#[test]
fn called_as_sweep_it_is_backtest_sweep() {
    let folder = sound_folder();
    let link = folder.path().join("sweep");
    std::os::unix::fs::symlink(PROGRAM, &link).expect("a link can be made");
    for arguments in
        [&[][..], &["--help"], &["--version"], &["nonsense", "--option"], &["--quiet", "nonsense"]]
    {
        let as_link = run(&link, folder.path(), arguments);
        let as_command = backtest(folder.path(), &[&["sweep"], arguments].concat());
        assert_eq!(seen(&as_link), seen(&as_command), "{arguments:?}");
    }
}

#[test]
fn quiet_silences_notes_but_no_errors() {
    let folder = sound_folder();
    let without_part = STRATEGY.replace(" * part + equal(close) * (1 - part)", "");
    fs::write(folder.path().join("case.toml"), without_part).expect("a file can be written");
    for command in ["run", "check"] {
        let loud = backtest(folder.path(), &[command, "case.toml"]);
        let unused = "note: the parameter 'part' is not named in the formula and has no effect\n";
        let borrowed = match command {
            "run" => {
                "note: cash is below zero from 2020-01-22 (lowest -174.90 on 2020-01-22): the strategy borrows, and nothing is \
                 charged for it\n"
            }
            _ => "",
        };
        assert_eq!(text(&loud.stderr), format!("{unused}{borrowed}"));
        for arguments in [["--quiet", command, "case.toml"], [command, "case.toml", "--quiet"]] {
            assert_eq!(result(folder.path(), &arguments), text(&loud.stdout));
        }
        let missing = backtest(folder.path(), &[command, "nowhere.toml", "--quiet"]);
        assert_eq!(seen(&missing), (Some(66), "", "error: nowhere.toml: no such file\n"));
    }
}

#[test]
fn weights_that_are_scaled_up_are_told_once() {
    let folder = sound_folder();
    let half = "alpha.weights=if(close > 0, 0.5, 0) * equal(close)";
    let run =
        |convention| backtest(folder.path(), &["run", "case.toml", "--params", half, "--params", convention]);
    let said = run("conventions=qstrader");
    let unused =
        |name| format!("note: the parameter '{name}' is not named in the formula and has no effect\n");
    let scaled = "note: the weights of 2020-01-10 sum to 0.5 and are scaled up to 1, as in QSTrader: to leave the rest in \
                  cash set conventions.long_only_weights = \"rescale_above_one\"\n";
    assert_eq!(text(&said.stderr), unused("n") + &unused("part") + scaled);
    let silent = unused("n") + &unused("part");
    assert_eq!(text(&run("conventions.long_only_weights=rescale_above_one").stderr), silent);
}

#[test]
fn figures_as_json_are_those_of_the_whole_result() {
    let folder = sound_folder();
    let printed = result(folder.path(), &["run", "case.toml", "--format", "json", "--output", "result.json"]);
    let printed: Value = serde_json::from_str(&printed).expect("JSON on standard output");
    let written = read_json(&folder.path().join("result.json"));
    assert_eq!((&printed["name"], &written["strategy_name"]), (&"case".into(), &"case".into()));
    assert!(printed["metrics"]["fills"].as_u64() > Some(0), "{printed}");
    for key in ["parameters", "metrics", "benchmark_metrics", "conventions", "provenance"] {
        assert!(printed[key].is_object() && printed[key] == written[key], "{key}");
    }
}

#[test]
fn a_name_takes_one_line_and_does_not_command_the_terminal() {
    let folder = sound_folder();
    let named = "name = \"\\u001b[31mred\\nline\"\ndescription = \"\"\"\n two\n  lines \\u0007\"\"\"";
    support::write(folder.path(), "case.toml", STRATEGY.replace("name = 'case'", named).as_bytes());
    let sheet = result(folder.path(), &["run", "case.toml"]);
    assert_eq!(sheet.lines().next(), Some("\\u{1b}[31mred\\nline: two lines \\u{7}"));
    let checked = result(folder.path(), &["check", "case.toml"]);
    assert!(checked.starts_with("ok: \\u{1b}[31mred\\nline: 2 assets"), "{checked}");
    let printed = result(folder.path(), &["run", "case.toml", "--format", "json"]);
    let printed: Value = serde_json::from_str(&printed).expect("JSON on standard output");
    assert_eq!(printed["name"], "\u{1b}[31mred\nline", "as it is");
    support::write(
        folder.path(),
        "prices/AAA.csv",
        (HEADER.to_owned() + &rows(100.0) + "2020-02-03,1,1,1,0,0,1\n").as_bytes(),
    );
    let refused = backtest(folder.path(), &["check", "case.toml"]);
    let said = text(&refused.stderr);
    assert!(said.contains("\\u{1b}[31mred\\nline: prices of 2 assets, 1 error"), "{said}");
}

/// The rows of a CSV file without its header, cells apart.
fn cells(path: &Path, header: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(path).expect("a text file");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some(header));
    lines.map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

#[test]
fn tables_agree_with_the_json_result() {
    let folder = sound_folder();
    let at = |name: &str| folder.path().join(name);
    let arguments = ["run", "case.toml", "--output", "r.json", "--equity", "e.csv", "--fills", "f.csv"];
    result(folder.path(), &arguments);
    let json = read_json(&at("r.json"));
    let number = |cell: &String| Value::from(cell.parse::<f64>().expect("a number"));
    let of =
        |key: &str| json["strategy"][key].as_array().expect("a list").iter().map(|point| point[1].clone());

    let equity = cells(&at("e.csv"), "date,equity,return,drawdown,benchmark");
    assert_eq!((equity[0][0].as_str(), equity.len()), ("2020-01-10", 16));
    let column = |place: usize| equity.iter().map(|row| number(&row[place])).collect::<Vec<_>>();
    for (place, key) in [(1, "equity_curve"), (2, "returns"), (3, "drawdowns")] {
        assert_eq!(column(place), of(key).collect::<Vec<_>>(), "{key}");
    }
    let benchmark = json["benchmark"]["equity_curve"].as_array().expect("a list");
    assert_eq!(column(4), benchmark.iter().map(|point| point[1].clone()).collect::<Vec<_>>());

    let fills = cells(&at("f.csv"), "time,asset,quantity,price,commission,cash,kind");
    let written = json["fills"].as_array().expect("a list");
    assert_eq!(fills.len(), written.len());
    for (row, fill) in fills.iter().zip(written) {
        assert_eq!(
            (Value::from(row[0].as_str()), Value::from(row[1].as_str())),
            (fill["time"].clone(), fill["asset"].clone())
        );
        assert_eq!(row[2].parse::<i64>().ok(), fill["quantity"].as_i64());
        for (place, key) in [(3, "price"), (4, "commission"), (5, "cash")] {
            assert_eq!(number(&row[place]), fill[key], "{key}");
        }
        assert_eq!(Value::from(row[6].as_str()), fill["kind"]);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = sound_folder();
    for arguments in [
        &["run", "case.toml"][..],
        &["run", "case.toml", "--format", "json"],
        &["run", "case.toml", "--output", "/dev/stdout"],
        &["check", "prices"],
        &["formula", "case.toml", "--quiet"],
        &["formula", "case.toml", "--quiet", "--format", "json"],
        &["--help"],
        &["run", "--help"],
    ] {
        let (reader, writer) = std::io::pipe().expect("a pipe can be made");
        drop(reader);
        let mut command = Command::new(PROGRAM);
        command.args(arguments).current_dir(folder.path()).stdout(writer).stderr(Stdio::piped());
        let output = command.output().expect("the command was built with the tests");
        assert_eq!(seen(&output), (Some(0), "", ""), "{arguments:?}");
    }
}

#[test]
fn a_full_device_is_an_output_error() {
    let folder = sound_folder();
    let full = || File::options().write(true).open("/dev/full").expect("a device that is always full");
    let mut command = Command::new(PROGRAM);
    command.args(["run", "case.toml"]).current_dir(folder.path()).stdout(full());
    let output = command.output().expect("the command was built with the tests");
    assert_eq!(output.status.code(), Some(74), "{}", text(&output.stderr));
    assert!(text(&output.stderr).starts_with("error: standard output: "), "{}", text(&output.stderr));
    let output = backtest(folder.path(), &["run", "case.toml", "--output", "/dev/full"]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(74), ""));
    assert!(text(&output.stderr).starts_with("error: /dev/full: cannot write: "), "{}", text(&output.stderr));
}

#[test]
fn standard_output_takes_a_result_as_a_file_would() {
    let folder = sound_folder();
    let sheet = result(folder.path(), &["run", "case.toml", "--output", "result.json"]);
    let json = fs::read_to_string(folder.path().join("result.json")).expect("a text file");
    assert_eq!(
        result(folder.path(), &["run", "case.toml", "--output", "/dev/stdout"]),
        json.clone() + &sheet
    );
    // Into a file that has lines already and gets more.
    let script = "echo before > log && \"$0\" run case.toml --output /dev/stdout >> log && echo after >> log";
    assert_eq!(seen(&shell(folder.path(), script)), (Some(0), "", ""));
    let log = fs::read_to_string(folder.path().join("log")).expect("a text file");
    assert_eq!(log, format!("before\n{json}{sheet}after\n"));
    let script = "\"$0\" run case.toml --output /dev/stderr 2> errors";
    assert_eq!(seen(&shell(folder.path(), script)), (Some(0), sheet.as_str(), ""));
    assert_eq!(fs::read_to_string(folder.path().join("errors")).expect("a text file"), json);
}

#[test]
fn output_through_a_link_replaces_what_the_link_leads_to() {
    let folder = sound_folder();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("real")).expect("a folder can be made");
    fs::write(at("real/old.json"), "old").expect("a file can be written");
    for (link, target) in [("old", "real/old.json"), ("new", "real/new.json"), ("twice", "new")] {
        std::os::unix::fs::symlink(target, at(link)).expect("a link can be made");
        result(folder.path(), &["run", "case.toml", "--output", link]);
        assert!(at(link).is_symlink(), "{link} is a link still");
        assert!(read_json(&at(link)).is_object());
        fs::remove_file(at("real/new.json")).ok();
    }
    assert!(read_json(&at("real/old.json")).is_object() && !at("real/old.json").is_symlink());
    std::os::unix::fs::symlink("ring", at("ring")).expect("a link can be made");
    let output = backtest(folder.path(), &["run", "case.toml", "--output", "ring"]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(73), ""));
}

#[test]
fn output_files_have_the_permissions_of_other_files() {
    use std::os::unix::fs::PermissionsExt;
    let folder = sound_folder();
    let mode = |name: &str| {
        let found = fs::metadata(folder.path().join(name)).expect("the file is there");
        format!("{:o}", found.permissions().mode() & 0o777)
    };
    for (umask, expected) in [("022", "644"), ("027", "640"), ("077", "600")] {
        let script = format!("umask {umask} && \"$0\" run case.toml --output out.json --equity out.csv");
        assert_eq!(shell(folder.path(), &script).status.code(), Some(0));
        assert_eq!([mode("out.json"), mode("out.csv")], [expected; 2], "umask {umask}");
        fs::remove_file(folder.path().join("out.json")).expect("the file is there");
        fs::remove_file(folder.path().join("out.csv")).expect("the file is there");
    }
    let script = "umask 022 && : > out.json && chmod 600 out.json && \"$0\" run case.toml --output out.json";
    assert_eq!(shell(folder.path(), script).status.code(), Some(0));
    assert_eq!(mode("out.json"), "600", "a file that was private stays so");
    let script = "chmod 444 out.json && \"$0\" run case.toml --output out.json";
    assert_eq!(seen(&shell(folder.path(), script)), (Some(73), "", "error: out.json: is read-only\n"));
}

#[test]
fn nothing_temporary_is_left_behind() {
    let folder = sound_folder();
    let mut expected = names_below(folder.path());
    for name in ["e.csv", "f.csv", "r.json"] {
        expected.push(folder.path().join(name));
    }
    expected.sort();
    for _ in 0..2 {
        let arguments = ["run", "case.toml", "--output", "r.json", "--equity", "e.csv", "--fills", "f.csv"];
        result(folder.path(), &arguments);
        assert_eq!(names_below(folder.path()), expected);
    }
}

#[test]
fn files_that_nobody_may_read_are_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = sound_folder();
    for (file, shown) in [("prices/AAA.csv", "prices/AAA.csv"), ("case.toml", "case.toml")] {
        let path = folder.path().join(file);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("the file is ours");
        if fs::read(&path).is_ok() {
            println!("skipped: this user may read everything");
            return;
        }
        let output = backtest(folder.path(), &["run", "case.toml"]);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(74), ""));
        assert!(text(&output.stderr).starts_with(&format!("error: {shown}: cannot read: ")));
    }
}

#[test]
fn a_new_strategy_can_be_checked_and_run_at_once() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for file in support::files_of(&project("data/prices"), &[".csv"]) {
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        support::write(folder.path(), &format!("data/prices/{name}"), &fs::read(&file).expect("prices ship"));
    }
    let output = backtest(folder.path(), &["new", "my-first_1"]);
    let note =
        "note: run them with: backtest run strategies/my-first_1.toml, sweep run sweeps/my-first_1.toml\n";
    let written = "strategies/my-first_1.toml\nsweeps/my-first_1.toml\n";
    assert_eq!(seen(&output), (Some(0), written, note));
    let checked = result(folder.path(), &["check", "strategies/my-first_1.toml"]);
    assert!(checked.contains("ok: my-first_1: 4 assets"), "{checked}");
    // Gaps of prices between decision and fill take the cash below zero, which a note says.
    let run = ["run", "strategies/my-first_1.toml", "--params", "lookback=90", "--quiet"];
    let sheet = result(folder.path(), &run);
    assert!(sheet.contains("lookback = 90") && sheet.contains("Sharpe ratio"), "{sheet}");
    let checked = result(folder.path(), &["check", "sweeps/my-first_1.toml"]);
    assert!(
        checked.contains("ok: my-first_1: 24 points, axes lookback (12), costs.commission (2)"),
        "{checked}"
    );
    let swept = result(folder.path(), &["sweep", "run", "sweeps/my-first_1.toml", "--quiet"]);
    let summary = result(folder.path(), &["sweep", "aggregate", swept.trim(), "--json", "--quiet"]);
    assert!(summary.contains("\"done\": 24"), "{summary}");
    let again = backtest(folder.path(), &["new", "my-first_1"]);
    assert_eq!(seen(&again), (Some(73), "", "error: strategies/my-first_1.toml: exists already\n"));
}

#[test]
fn shells_complete_both_names_and_every_command_has_a_page() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(result(folder.path(), &["completions", shell, "--of", "sweep"]).contains("no-verdict"));
        assert!(result(folder.path(), &["completions", shell]).contains("params"), "{shell}");
    }
    let ask = "COMP_WORDS=(sweep agg); COMP_CWORD=1; _sweep sweep agg sweep; echo ${COMPREPLY[@]}";
    let script = format!("\"$0\" completions bash --of sweep > s && bash -c '. ./s; {ask}'");
    let answer = shell(folder.path(), &script);
    assert_eq!(text(&answer.stdout).trim(), "aggregate");
    result(folder.path(), &["man", "pages"]);
    for (page, command) in [("backtest", "sweep"), ("backtest-sweep-status", "--exit-code")] {
        let page = fs::read_to_string(folder.path().join(format!("pages/{page}.1"))).expect("a page");
        assert!(page.replace('\\', "").contains(command), "{page}");
    }
}

#[test]
fn what_one_backtest_has_no_use_for_is_refused() {
    let folder = sound_folder();
    for option in [&["-j", "2"][..], &["--results", "x"], &["--memory", "1G"], &["--max-failures", "3"]] {
        for what in [&["run", "case.toml"][..], &["run", "--params", "case.toml", "--point", "0"]] {
            let output = backtest(folder.path(), &[what, option].concat());
            let (code, stdout, stderr) = seen(&output);
            assert_eq!((code, stdout), (Some(2), ""), "{option:?}");
            assert!(stderr.contains("cannot be used with"), "{stderr}");
        }
    }
}
