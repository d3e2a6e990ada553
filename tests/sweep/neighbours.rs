//! A sweep with a fault is named and keeps none of its neighbours in the same folder of results from theirs.

use std::fs;
use std::path::{Path, PathBuf};

use backtest::RESULTS_REVISION;
use serde_json::Value;

use super::{AXES, Place, Seen, points_csv};
use crate::support::{files_of, names_below};

/// Three sweeps in the folder `r`; the one in the middle is there to be harmed.
struct Neighbourhood {
    place: Place,
    first: PathBuf,
    harmed: PathBuf,
    last: PathBuf,
}

impl Neighbourhood {
    fn new() -> Neighbourhood {
        let place = Place::new(AXES);
        let [first, harmed, last] = [("a", "0.001"), ("m", "0.002"), ("z", "0.003")].map(|(name, cost)| {
            let sweep = format!("name = {name:?}\nstrategy = \"case.toml\"\n{}", AXES.replace("0.001", cost));
            place.write(&format!("{name}.toml"), &sweep);
            let file = format!("{name}.toml");
            let seen =
                place.done(&["sweep", "run", &file, "--results", "r", "--shard-points", "5", "--quiet"]);
            place.path(seen.stdout.trim_end())
        });
        Neighbourhood { place, first, harmed, last }
    }

    fn aggregate(&self, more: &[&str]) -> Seen {
        self.place.run(&[&["sweep", "aggregate", "r", "--quiet"], more].concat())
    }

    /// Takes all reports but that of the harmed sweep away.
    fn forget(&self) {
        for folder in [&self.first, &self.last] {
            let _ = fs::remove_dir_all(folder.join("aggregate"));
        }
    }

    /// The sweeps but the harmed one have their reports, with all their rows.
    fn others_are_whole(&self, title: &str) {
        for folder in [&self.first, &self.last] {
            let points = fs::read_to_string(folder.join("aggregate/points.csv")).expect(title);
            assert_eq!(points, points_csv(folder), "{title}");
            assert!(folder.join("aggregate/report.html").is_file(), "{title}");
        }
    }
}

fn name(folder: &Path) -> &str {
    folder.file_name().and_then(|name| name.to_str()).expect("a name of text")
}

fn json(seen: &Seen) -> Value {
    serde_json::from_str(&seen.stdout).expect("JSON on standard output")
}

/// The names of the sweeps in a list of JSON.
fn sweeps(seen: &Seen) -> Vec<String> {
    let list = json(seen);
    let name = |entry: &Value| entry["sweep"].as_str().expect("a name").to_owned();
    list.as_array().expect("a list").iter().map(name).collect()
}

/// Everything below a folder with its bytes.
fn content(folder: &Path) -> Vec<(PathBuf, Option<Vec<u8>>)> {
    names_below(folder).into_iter().map(|path| (path.clone(), fs::read(path).ok())).collect()
}

fn copy(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    for path in names_below(from) {
        let target = to.join(path.strip_prefix(from).expect("a path below"));
        if path.is_dir() {
            fs::create_dir_all(target).expect("a folder can be made");
        } else {
            fs::create_dir_all(target.parent().expect("a file in a folder")).expect("a folder can be made");
            fs::copy(path, target).expect("a file can be copied");
        }
    }
}

/// Changes the text of a plan.
fn edit(folder: &Path, change: impl FnOnce(&str) -> String) {
    let plan = folder.join("plan.toml");
    let text = fs::read_to_string(&plan).expect("a plan");
    let changed = change(&text);
    assert_ne!(changed, text);
    fs::write(plan, changed).expect("the plan is ours");
}

fn of_revision(text: &str, revision: &str) -> String {
    let own = format!("results_revision = {RESULTS_REVISION}\n");
    text.replace(&own, &format!("results_revision = {revision}\n"))
}

/// Puts a folder in place of a file.
fn replace_by_folder(path: &Path) {
    fs::remove_file(path).expect("the file is ours");
    fs::create_dir(path).expect("a folder can be made");
}

fn first_table(folder: &Path) -> PathBuf {
    files_of(&folder.join("shards"), &[".csv"]).swap_remove(0)
}

/// What befalls the folder of a sweep.
type Harm = fn(&Path);

/// Harms, the exit code of each, and what is said of it.
const HARMS: [(&str, Harm, i32, &str); 13] = [
    ("no TOML", |folder| edit(folder, |_| "name = ".to_owned()), 78, "/plan.toml:1:8: "),
    ("empty", |folder| edit(folder, |_| String::new()), 78, "'name' is missing"),
    ("cut short", |folder| edit(folder, |text| text[..text.len() / 4].to_owned()), 78, "/plan.toml"),
    ("no text", |folder| fs::write(folder.join("plan.toml"), b"\xff\xfe").expect("ours"), 78, "is not UTF-8"),
    ("a new key", |folder| edit(folder, |text| format!("new_key = 1\n{text}")), 78, "unknown key 'new_key'"),
    (
        "a key of another version",
        |folder| {
            let version = |text: &str| text.replace(env!("CARGO_PKG_VERSION"), "9.8.7");
            edit(folder, |text| format!("new_key = 1\n{}", version(text)));
        },
        78,
        "made by 9.8.7",
    ),
    (
        "no plan but a sweep file",
        |folder| {
            let sweep = folder.parent().expect("a folder above").with_file_name("m.toml");
            edit(folder, |_| {
                fs::read_to_string(sweep).expect("ours").replace("case.toml", "../../case.toml")
            });
        },
        78,
        "the table [plan] is missing",
    ),
    (
        "an old revision",
        |folder| edit(folder, |text| of_revision(text, "1")),
        65,
        "with results revision 1, and this program has revision",
    ),
    (
        "a new revision and a new key",
        |folder| edit(folder, |text| format!("new_key = 1\n{}", of_revision(text, "99"))),
        65,
        "aggregate it with that version, or run it again",
    ),
    ("a folder", |folder| replace_by_folder(&folder.join("plan.toml")), 74, "/plan.toml: cannot read"),
    (
        "shards in a file",
        |folder| {
            fs::remove_dir_all(folder.join("shards")).expect("ours");
            fs::write(folder.join("shards"), "x").expect("ours");
        },
        74,
        "/shards: ",
    ),
    ("a table that is a folder", |folder| replace_by_folder(&first_table(folder)), 74, "000000004.csv: "),
    (
        "settings of jobs",
        |folder| {
            fs::remove_file(first_table(folder)).expect("ours");
            edit(folder, |text| format!("{text}\n[slurm]\ntasks = 0\n"));
        },
        78,
        "tasks",
    ),
];

#[test]
fn a_sweep_with_a_fault_is_named_and_the_others_go_on() {
    let places = Neighbourhood::new();
    assert_eq!(places.aggregate(&[]).code, Some(0));
    let kept = places.place.path("kept");
    copy(&places.harmed, &kept);
    for (title, harm, code, says) in HARMS {
        copy(&kept, &places.harmed);
        harm(&places.harmed);
        places.forget();
        let before = content(&places.harmed);
        let told = |seen: &Seen, command: &str| {
            let title = format!("{title}: {command}: {}", seen.stderr);
            assert_eq!(seen.code, Some(code), "{title}");
            assert!(seen.stderr.contains(&format!("error: sweep {}: ", name(&places.harmed))), "{title}");
            assert!(seen.stderr.contains(&format!("r/{}/", name(&places.harmed))), "{title}");
            assert!(seen.stderr.contains(says), "{title}");
            let end = seen.stderr.lines().last().expect("an end");
            let named =
                format!("error: 1 of 3 sweeps is not done: {}; the others are.", name(&places.harmed));
            assert!(end.starts_with(&named), "{title}");
        };
        let aggregate = places.aggregate(&["--json"]);
        told(&aggregate, "aggregate");
        assert_eq!(sweeps(&aggregate), ["a", "z"], "{title}");
        places.others_are_whole(title);
        let status = places.place.run(&["sweep", "status", "r", "--json"]);
        told(&status, "status");
        assert_eq!(sweeps(&status), ["a", "z"], "{title}");
        assert_eq!(content(&places.harmed), before, "{title}: what was there is as it was");
        // Settings of jobs mean nothing to who computes points again.
        if title != "settings of jobs" {
            let verify = places.place.run(&["sweep", "verify", "r", "--points", "1"]);
            told(&verify, "verify");
            assert_eq!(verify.stdout.lines().filter(|line| line.starts_with("ok: ")).count(), 2, "{title}");
        }
        let own = places.place.run(&["sweep", "aggregate", &format!("r/{}", name(&places.harmed))]);
        assert_eq!((own.code, own.stdout.as_str()), (Some(code), ""), "{title}: asked for alone");
        let run = ["sweep", "run", "z.toml", "--results", "r", "--quiet"];
        assert_eq!(places.place.done(&run).stderr, "", "{title}: a sweep beside it");
    }
}

#[test]
fn without_a_sound_sweep_nothing_is_done() {
    let place = Place::new(AXES);
    for name in ["one", "two"] {
        place.write(&format!("r/{name}/plan.toml"), "new_key = 1\n");
    }
    for command in ["aggregate", "status", "verify"] {
        let seen = place.run(&["sweep", command, "r"]);
        assert_eq!((seen.code, seen.stdout.as_str()), (Some(78), ""), "{command}: {}", seen.stderr);
        let errors: Vec<&str> = seen.stderr.lines().filter(|line| line.starts_with("error: ")).collect();
        assert!(errors[0].starts_with("error: sweep one: r/one/plan.toml:1:1: "), "{errors:?}");
        assert!(errors[1].starts_with("error: sweep two: r/two/plan.toml:1:1: "), "{errors:?}");
        assert!(errors[2].starts_with("error: 2 of 2 sweeps are not done: one, two. Mend"), "{errors:?}");
    }
}

#[test]
fn the_exit_code_is_the_highest() {
    let places = Neighbourhood::new();
    edit(&places.first, |text| of_revision(text, "1"));
    replace_by_folder(&places.harmed.join("plan.toml"));
    let seen = places.aggregate(&["--no-verdict"]);
    assert_eq!(seen.code, Some(74), "{}", seen.stderr);
    let names = [name(&places.first), name(&places.harmed)].join(", ");
    assert!(seen.stderr.contains(&format!("2 of 3 sweeps are not done: {names}")), "{}", seen.stderr);
    assert!(places.last.join("aggregate/points.csv").is_file());
    let watched = places.place.run(&["sweep", "status", "r", "--watch", "--exit-code"]);
    assert_eq!(watched.code, Some(74), "nothing is missing of what can be read: {}", watched.stderr);
    assert_eq!(watched.stdout.lines().count(), 1, "{}", watched.stdout);
}

#[test]
fn a_shard_that_is_damaged_or_of_another_sweep_only_leaves_points_out() {
    let places = Neighbourhood::new();
    let table = first_table(&places.harmed);
    let foreign: Harm = |table| {
        let other = table.ancestors().nth(3).expect("the folder of all results");
        let other = files_of(other, &[""]).into_iter().find(|folder| name(folder).starts_with("a-"));
        for ending in ["csv", "blocks"] {
            let table = table.with_extension(ending);
            let from = other.as_ref().expect("a neighbour").join("shards").join(name(&table));
            fs::copy(from, table).expect("ours");
        }
    };
    let harms: [Harm; 3] = [
        |table| fs::write(table, b"\xff").expect("ours"),
        foreign,
        |table| {
            fs::write(table.with_extension("blocks"), "").expect("ours");
        },
    ];
    for harm in harms {
        harm(&table);
        places.forget();
        let seen = places.aggregate(&["--json"]);
        assert_eq!((seen.code, sweeps(&seen).len()), (Some(0), 3), "{}", seen.stderr);
        let left_out = format!("warning: r/{}/shards/{}: damaged", name(&places.harmed), name(&table));
        assert!(seen.stderr.contains(&left_out), "{}", seen.stderr);
        assert!(seen.stderr.contains("INCOMPLETE: 5 of 20 points are missing"), "{}", seen.stderr);
        places.others_are_whole("a shard");
        assert_eq!(places.aggregate(&["--strict"]).code, Some(3));
    }
}

/// What stands in place of a file of the ledger, the exit code, and what is said of it.
const FAULTS: [(&str, &[u8], i32, &str); 4] = [
    ("cut short", b"{\"sweep\":\"x\",\"seal\":\"", 65, ".json:1:21: no entry of a ledger"),
    ("empty", b"", 65, "no entry of a ledger"),
    ("no text", b"\xff\xfe", 65, "no entry of a ledger"),
    ("of another version", b"{\"new_key\":1}", 65, "no entry of a ledger (unknown field `new_key`"),
];

#[test]
fn a_fault_of_the_ledger_is_named_once_and_keeps_no_sweep_from_its_verdict() {
    let places = Neighbourhood::new();
    let file = places.place.path("r/ledger/gone-00000000.json");
    fs::create_dir(places.place.path("r/ledger")).unwrap();
    let own = format!("r/{}", name(&places.first));
    for (title, bytes, code, says) in FAULTS {
        fs::write(&file, bytes).unwrap();
        places.forget();
        let all = places.aggregate(&["--json"]);
        places.others_are_whole(title);
        assert_eq!(sweeps(&all), ["a", "m", "z"], "{title}");
        let alone = places.place.run(&["sweep", "aggregate", &own, "--quiet", "--json"]);
        for seen in [&all, &alone] {
            assert_eq!(seen.code, Some(code), "{title}: {}", seen.stderr);
            assert_eq!(seen.stderr.matches("gone-00000000.json").count(), 1, "{title}: {}", seen.stderr);
            assert!(seen.stderr.contains(says), "{title}: {}", seen.stderr);
            assert!(
                seen.stderr.contains("delete it and aggregate its sweep again"),
                "{title}: {}",
                seen.stderr
            );
        }
        let reasons = json(&alone)["verdict"]["reasons"].to_string();
        assert!(reasons.contains("1 file of the ledger of this folder cannot be read"), "{title}: {reasons}");
    }
    replace_by_folder(&file);
    assert_eq!(places.aggregate(&[]).code, Some(74));
    assert_eq!(places.aggregate(&["--no-verdict"]).code, Some(0), "only the verdict reads the ledger");
    fs::remove_dir(&file).unwrap();
    let sound = places.aggregate(&["--json"]);
    assert_eq!((sound.code, sound.stderr.as_str()), (Some(0), ""));
    assert!(!sound.stdout.contains("cannot be read"), "{}", sound.stdout);
}

#[test]
fn an_entry_of_the_ledger_is_written_anew_from_its_sweep() {
    let places = Neighbourhood::new();
    let sound = places.aggregate(&["--json"]);
    let file = places.place.path(&format!("r/ledger/{}.json", name(&places.last)));
    let entry = fs::read(&file).unwrap();
    fs::write(&file, &entry[..entry.len() / 2]).unwrap();
    let mended = places.aggregate(&["--json"]);
    assert_eq!((mended.code, &mended.stdout), (Some(65), &sound.stdout), "every verdict counts it");
    assert!(mended.stderr.contains("it is written anew from its sweep's shards"), "{}", mended.stderr);
    assert_eq!(fs::read(&file).unwrap(), entry);
    assert_eq!(places.aggregate(&[]).code, Some(0));
}

#[test]
fn without_a_ledger_each_verdict_counts_its_own_trials() {
    let places = Neighbourhood::new();
    places.place.write("r/ledger", "no folder");
    let seen = places.aggregate(&["--json"]);
    assert_eq!((seen.code, sweeps(&seen).len()), (Some(74), 3), "{}", seen.stderr);
    assert!(seen.stderr.contains("r/ledger: "), "{}", seen.stderr);
    places.others_are_whole("no ledger");
}
