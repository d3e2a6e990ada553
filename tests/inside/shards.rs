//! Shards that contradict each other: one vouches for a wrong row, which only the library can make.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::inside::support::{files_of, program, project, write};
use crate::sweep::results::Results;

fn sweep(arguments: &[&str], path: &Path) -> Output {
    let mut command = Command::new(program());
    command.arg("sweep").args(arguments).arg(path).current_dir(project("")).output().expect("it was built")
}

/// The folder of the results of a sweep of this name, made with shards of so many points.
fn swept(folder: &Path, name: &str, points: &str) -> PathBuf {
    let strategy = project("strategies/momentum.toml");
    let axes =
        "[axes]\nlookback = [21, 63, 126]\ntop_n = [1, 2, 3]\n\"costs.commission\" = [0.0, 0.05, 0.1]\n";
    write(folder, "sweep.toml", format!("name = {name:?}\nstrategy = {strategy:?}\n{axes}").as_bytes());
    let results = folder.join("results");
    let to = ["run", "--quiet", "--shard-points", points, "--results", results.to_str().unwrap()];
    let output = sweep(&to, &folder.join("sweep.toml"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    PathBuf::from(String::from_utf8(output.stdout).unwrap().trim())
}

#[test]
fn shards_that_contradict_each_other_are_both_named() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let (results, wider) = (swept(folders[0].path(), "clash", "9"), swept(folders[1].path(), "clash", "14"));
    for file in files_of(&wider.join("shards"), &[".csv", ".blocks"]) {
        fs::copy(&file, results.join("shards").join(file.file_name().unwrap())).unwrap();
    }
    let neighbour = swept(folders[0].path(), "apart", "9");
    let aggregate = || sweep(&["aggregate", "--quiet"], &results);
    assert_eq!(aggregate().status.code(), Some(0), "shards may overlap where they agree");
    let (open, _) = Results::open(&results, 0).unwrap();
    let name = open.names().unwrap()[0];
    let mut shard = open.read(name).unwrap().unwrap();
    shard.table = shard.table.replacen(",ok,,0.", ",ok,,1.", 1);
    open.write(name, &shard, "test").unwrap();
    let report = || files_of(&results.join("aggregate"), &[""]).into_iter().map(fs::read).map(Result::unwrap);
    let before: Vec<Vec<u8>> = report().collect();
    let all = || sweep(&["aggregate", "--quiet"], results.parent().unwrap());
    for output in [aggregate(), all()] {
        assert_eq!(output.status.code(), Some(65));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            said.contains("000000000-000000008.csv") && said.contains("000000000-000000013.csv"),
            "{said}"
        );
        assert!(report().eq(before.iter().cloned()), "nothing of its report is changed");
    }
    assert!(neighbour.join("aggregate/report.html").is_file(), "a neighbour has its own");
    fs::remove_dir_all(results.join("aggregate")).unwrap();
    all();
    assert!(!results.join("aggregate").exists(), "no folder is made in vain");
}
