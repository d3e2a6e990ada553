//! What decides a sweep's results is in its seal, and nothing else is.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::{AXES, HEAD, Place, Seen, points_csv, seen};
use backtest::RESULTS_REVISION;

use crate::sound_input::STRATEGY;
use crate::support;

/// The digits of the seal in a folder's name.
pub(super) fn digits(folder: &Path) -> String {
    let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
    name.rsplit_once('-').expect("name and seal").1.to_owned()
}

/// The digits of a sweep with these texts.
fn seal(sweep: &str, strategy: &str) -> String {
    let place = Place::new("");
    place.write("s.toml", sweep);
    place.write("case.toml", strategy);
    digits(&place.sweep(&[]))
}

#[test]
fn what_decides_results_changes_the_seal() {
    let sweep = format!("{HEAD}{AXES}");
    let sound = seal(&sweep, STRATEGY);
    let with = |from: &str, to: &str| seal(&sweep, &STRATEGY.replace(from, to));
    let mut seals = vec![
        sound.clone(),
        with("part = 0.5", "part = 0.25"),
        with("top(momentum(n), 1)", "bottom(momentum(n), 1)"),
        with("schedule = 'daily'", "schedule = 'end_of_month'"),
        with("initial_cash = 1000000.0", "initial_cash = 2000000.0"),
        with("cash_buffer = 0.01", "cash_buffer = 0.02"),
        with("end = 2020-01-31", "end = 2020-01-30"),
        with("burn_in = 2020-01-10", "burn_in = 2020-01-13"),
        with("BBB = 2020-01-08", "BBB = 2020-01-09"),
        with("commission = 0.001", "commission = 0.001\ntax = 0.001"),
        with("name = 'case'", "name = 'case'\nconventions = 'sound'"),
        with("['AAA', 'BBB']", "['BBB', 'AAA']"),
        seal(&sweep.replace("to = 10", "to = 11"), STRATEGY),
        seal(&sweep.replace("step = 1", "step = 3"), STRATEGY),
        seal(&sweep.replace("0.001", "0.002"), STRATEGY),
        seal(&sweep.replace("[axes]", "keep = \"n > 2\"\n[axes]"), STRATEGY),
        seal(&sweep.replace("[axes]", "keep = \"n > 3\"\n[axes]"), STRATEGY),
        seal(&format!("{sweep}[sample]\nmethod = \"sobol\"\npoints = 20"), STRATEGY),
        seal(&format!("{sweep}[sample]\nmethod = \"random\"\npoints = 20"), STRATEGY),
        seal(&format!("{sweep}[sample]\nmethod = \"random\"\npoints = 20\nseed = 2"), STRATEGY),
    ];
    let count = seals.len();
    seals.sort();
    seals.dedup();
    assert_eq!(seals.len(), count);
    let place = Place::new(AXES);
    let prices = fs::read_to_string(place.path("prices/AAA.csv")).unwrap();
    place.write("prices/AAA.csv", &prices.replacen("2020-01-15,", "2020-01-15,9", 1));
    assert_ne!(digits(&place.sweep(&[])), sound, "a price");
}

#[test]
fn what_decides_nothing_leaves_the_seal() {
    let sweep = format!("{HEAD}{AXES}");
    let sound = seal(&sweep, STRATEGY);
    let same = |title: &str, sweep: &str, strategy: &str| assert_eq!(seal(sweep, strategy), sound, "{title}");
    same("a name", &sweep.replace("\"s\"", "\"other\""), &STRATEGY.replace("'case'", "'another'"));
    same("a description", &sweep, &format!("description = 'x'\n{STRATEGY}"));
    same("a rank", &format!("{sweep}[rank]\nmetric = \"cagr\"\nrequire = [\"fills > 3\"]"), STRATEGY);
    same("a job", &format!("{sweep}[slurm]\ntasks = 3\ntime = \"00:10:00\""), STRATEGY);
    same("comments", &format!("# why\n\n{sweep}\n# end"), &STRATEGY.replace("\n\n", "\n# x\n\n\n"));
    same(
        "ranges as lists",
        &sweep.replace("{ from = 1, to = 10, step = 1 }", "[1,2,3,4,5,6,7,8,9,0xA]"),
        STRATEGY,
    );
    same("spaces in a formula", &sweep, &STRATEGY.replace("momentum(n), 1", "momentum( n ),1"));
    same("the default of an axis", &sweep, &STRATEGY.replace("n = 5", "n = 6"));
    same(
        "a default that is written",
        &sweep,
        &STRATEGY.replace("name = 'case'", "name = 'case'\nconventions = 'qstrader'"),
    );

    let moved = Place::new("");
    moved.write("deep/down/s.toml", &sweep.replace("case.toml", "../case.toml"));
    moved.write("deep/case.toml", &STRATEGY.replace("'prices'", "'../prices/../prices'"));
    fs::rename(moved.path("prices"), moved.path("p")).unwrap();
    std::os::unix::fs::symlink("p", moved.path("prices")).unwrap();
    let prices = fs::read_to_string(moved.path("p/AAA.csv")).unwrap();
    moved.write("p/AAA.csv", &format!("{prices}2020-02-03,1,1,1,1,1,1\n"));
    let seen = moved.done(&["sweep", "run", "deep/down/s.toml", "--results", "r"]);
    assert_eq!(digits(Path::new(seen.stdout.trim_end())), sound, "moved, and prices behind the end");
}

#[test]
fn folders_of_prices_are_an_axis() {
    let axes = "[axes]\nn = [3, 4]\n\"data.prices\" = [\"prices\", \"other\"]\n";
    let place = Place::new(axes);
    for asset in ["AAA", "BBB"] {
        let text = fs::read_to_string(place.path(&format!("prices/{asset}.csv"))).unwrap();
        place.write(&format!("other/{asset}.csv"), &text.replace("2020-01-15,", "2020-01-15,9"));
    }
    let first = place.sweep(&[]);
    fs::rename(place.path("other"), place.path("third")).unwrap();
    place.write("s.toml", &format!("{HEAD}{}", axes.replace("other", "third")));
    assert_eq!(digits(&place.sweep(&[])), digits(&first), "what is in a folder counts, not its name");
    place.write(
        "s.toml",
        &format!("{HEAD}{}", axes.replace("\"prices\", \"other\"", "\"third\", \"prices\"")),
    );
    assert_ne!(digits(&place.sweep(&[])), digits(&first), "the order of the folders counts");
}

/// `backtest run --params -` with a plan on standard input.
fn from_stdin(place: &Place, plan: &[u8]) -> Seen {
    let mut command =
        place.command(&["run", "--params", "-", "--task", "0", "--tasks", "1", "--results", "r"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the command was built with the tests");
    child.stdin.take().expect("a pipe").write_all(plan).expect("it is read");
    seen(&child.wait_with_output().expect("a child ends"))
}

fn planned(sweep: &str) -> (Place, PathBuf, String) {
    let place = Place::new(sweep);
    let folder = place.sweep(&["--shard-points", "5"]);
    let plan = fs::read_to_string(folder.join("plan.toml")).expect("a plan");
    (place, folder, plan)
}

#[test]
fn a_plan_on_standard_input_goes_on_with_its_sweep() {
    for sweep in [
        AXES.to_owned(),
        format!("keep = \"n != 4\"\n{AXES}[rank]\nmetric = \"cagr\"\n[slurm]\ntasks = 3\nsetup = [\"a 'b' \\\"c\\\"\"]\n"),
        format!("{AXES}[sample]\nmethod = \"latin_hypercube\"\npoints = 20\nseed = 3\n"),
        "points = \"points.csv\"\n".to_owned(),
        format!("{AXES}[holdout]\nfrom = 2020-01-22\n"),
        "[axes]\npart = { from = 0.1, to = 0.9, count = 5, scale = \"log\" }\n\"period.burn_in\" = [2020-01-10, 2020-01-13]\n\
         conventions = [\"sound\", { preset = \"qstrader\", ruin = \"fail\" }]\n"
            .to_owned(),
        "[axes]\npart = { from = 0.1, to = 0.9, scale = \"log\" }\nn = { from = 2, to = 9 }\n[sample]\nmethod = \"sobol\"\npoints = 20\n"
            .to_owned(),
    ] {
        let place = Place::new(&sweep);
        place.write("points.csv", "n,costs.commission,rebalance.schedule\n3,0.0,daily\n4,1e-3,end_of_month\n");
        let folder = place.sweep(&["--shard-points", "5"]);
        let plan = fs::read(folder.join("plan.toml")).expect("a plan");
        let whole = points_csv(&folder);
        fs::remove_dir_all(folder.join("shards")).unwrap();
        // A plan needs no other file but the prices.
        for file in ["s.toml", "case.toml", "points.csv"] {
            fs::remove_file(place.path(file)).unwrap();
        }
        let seen = from_stdin(&place, &plan);
        assert_eq!(seen.code, Some(0), "{sweep}: {}", seen.stderr);
        assert_eq!(place.path(seen.stdout.trim_end()), folder);
        assert_eq!(points_csv(&folder), whole, "{sweep}");
        assert_eq!(fs::read(folder.join("plan.toml")).unwrap(), plan, "a plan's plan is itself");
    }
}

#[test]
fn a_plan_that_was_changed_is_refused() {
    let (place, folder, plan) = planned(&format!("keep = \"n != 4\"\n{AXES}"));
    let whole = points_csv(&folder);
    let refuse = |from: &str, to: &str, says: &str| {
        let changed = plan.replacen(from, to, 1);
        assert_ne!(changed, plan, "'{from}' stands in the plan");
        place.write("changed.toml", &changed);
        let point = ["run", "--params", "changed.toml", "--point", "0"];
        let run = ["sweep", "run", "changed.toml", "--results", "q"];
        for seen in [from_stdin(&place, changed.as_bytes()), place.run(&point), place.run(&run)] {
            assert_eq!((seen.code, seen.stdout.as_str()), (Some(65), ""), "{to}: {}", seen.stderr);
            assert!(seen.stderr.contains(says), "{to}: {}", seen.stderr);
        }
        assert!(!place.path("q").exists());
    };
    let edited = "changed after it was sealed";
    refuse("initial_cash = 1000000.0", "initial_cash = 1000001.0", edited);
    refuse("n != 4", "n != 5", edited);
    refuse("0.001]", "0.002]", edited);
    refuse("points = 18", "points = 17", edited);
    refuse("blocks = 10", "blocks = 16", edited);
    let says = format!("revision 7; this program has revision {RESULTS_REVISION}");
    refuse(&format!("results_revision = {RESULTS_REVISION}"), "results_revision = 7", &says);
    refuse("schedule = \"daily\"", "schedule = \"end_of_month\"", edited);
    let prices = fs::read_to_string(place.path("prices/AAA.csv")).unwrap();
    place.write("prices/AAA.csv", &prices.replacen("2020-01-15,", "2020-01-15,9", 1));
    let seen = from_stdin(&place, plan.as_bytes());
    assert_eq!(seen.code, Some(65), "{}", seen.stderr);
    assert!(seen.stderr.contains("the prices differ from those the plan was sealed with"), "{}", seen.stderr);
    let gone = place.path("prices/AAA.csv");
    fs::remove_file(gone).unwrap();
    assert_eq!(from_stdin(&place, plan.as_bytes()).code, Some(66));
    assert_eq!(points_csv(&folder), whole);
}

#[test]
fn standard_input_that_is_no_plan_is_refused() {
    let place = Place::new(AXES);
    for (text, code) in [(&b"\xff\xfe"[..], 78), (b"", 78), (b"name = 3", 78), (b"[plan]\nname=", 78)] {
        let seen = from_stdin(&place, text);
        assert_eq!((seen.code, seen.stdout.as_str()), (Some(code), ""), "{}", seen.stderr);
        assert!(seen.stderr.contains("standard input"), "{}", seen.stderr);
    }
    assert!(support::names_below(place.folder.path()).iter().all(|path| !path.ends_with("r")));
}

#[test]
fn a_folder_of_another_seal_is_refused() {
    let (place, folder, plan) = planned(AXES);
    let seal = plan.lines().find(|line| line.starts_with("seal = ")).expect("a seal").to_owned();
    let other = format!("seal = \"{}\"", "0".repeat(64));
    fs::write(folder.join("plan.toml"), plan.replace(&seal, &other)).unwrap();
    let seen = place.run(&["sweep", "run", "s.toml", "--results", "r"]);
    assert_eq!(seen.code, Some(65), "{}", seen.stderr);
    assert!(seen.stderr.contains("belongs to a sweep with another seal"), "{}", seen.stderr);
}
