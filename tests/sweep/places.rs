//! Where results go: full disks, read-only folders, paths that are something else.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use super::{AXES, Place, points_csv, shard_names};

/// A small file system in memory; `None` with a printed reason where this user may not mount.
struct Small<'a>(&'a Path);

impl<'a> Small<'a> {
    fn mount(folder: &'a Path, options: &str) -> Option<Small<'a>> {
        fs::create_dir_all(folder).expect("a folder can be made");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(folder);
        match mount.output() {
            Ok(output) if output.status.success() => Some(Small(folder)),
            _ => {
                println!("skipped: this user may not mount a small file system");
                None
            }
        }
    }

    fn again(&self, options: &str) {
        let mut mount = Command::new("mount");
        let status = mount.args(["-o", &format!("remount,{options}")]).arg(self.0).status();
        assert!(status.expect("mount is there").success());
    }
}

impl Drop for Small<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).status();
    }
}

const RUN: [&str; 7] = ["sweep", "run", "s.toml", "--results", "r", "--shard-points", "1"];

#[test]
fn a_full_disk_leaves_whole_shards_and_the_rest_is_computed_later() {
    let place = Place::new(AXES);
    let whole = points_csv(&place.sweep(&[]));
    fs::remove_dir_all(place.path("r")).unwrap();
    let results = place.path("r");
    let Some(small) = Small::mount(&results, "size=64k") else { return };
    let full = place.run(&RUN);
    assert!(matches!(full.code, Some(73 | 74)), "{:?}: {}", full.code, full.stderr);
    assert!(full.stderr.contains("No space left on device"), "{}", full.stderr);
    let folder = fs::read_dir(&results).unwrap().next().unwrap().unwrap().path();
    let names = shard_names(&folder);
    assert!(names.len() < 40 && names.len().is_multiple_of(2), "every table with its sums: {names:?}");
    assert!(names.iter().all(|name| !name.starts_with('.')), "{names:?}");
    assert_eq!(place.status(&folder)["damaged"], serde_json::json!([]));
    small.again("size=4m");
    place.done(&RUN);
    assert_eq!(points_csv(&folder), whole);
    small.again("ro");
    let done = place.done(&RUN);
    assert!(done.stderr.contains("20 of 20 points are there already"), "{}", done.stderr);
}

#[test]
fn a_file_system_that_takes_no_files_is_an_output_error() {
    let place = Place::new(AXES);
    let results = place.path("r");
    let Some(small) = Small::mount(&results, "size=1m") else { return };
    small.again("ro");
    let refused = place.run(&RUN);
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(73), ""), "{}", refused.stderr);
    assert!(
        refused.stderr.contains("r/s-") && refused.stderr.contains("cannot create"),
        "{}",
        refused.stderr
    );
}

#[test]
fn a_results_path_that_is_no_folder_is_refused() {
    let place = Place::new(AXES);
    place.write("file", "mine");
    for results in ["file", "file/below"] {
        let refused = place.run(&["sweep", "run", "s.toml", "--results", results]);
        assert_eq!((refused.code, refused.stdout.as_str()), (Some(73), ""), "{}", refused.stderr);
    }
    let folder = place.sweep(&[]);
    for (command, code) in [("status", 66), ("verify", 66)] {
        assert_eq!(place.run(&["sweep", command, "file"]).code, Some(code), "{command}");
        assert_eq!(place.run(&["sweep", command, "nowhere"]).code, Some(code), "{command}");
    }
    fs::remove_dir_all(folder.join("shards")).unwrap();
    fs::write(folder.join("shards"), "mine").unwrap();
    let refused = place.run(&RUN);
    assert_eq!(refused.code, Some(73), "{}", refused.stderr);
}

#[test]
fn a_folder_without_permission_is_refused() {
    let place = Place::new(AXES);
    fs::create_dir(place.path("r")).unwrap();
    fs::set_permissions(place.path("r"), fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(place.path("r/probe"), "").is_ok() {
        println!("skipped: this user may write everywhere");
        return;
    }
    let refused = place.run(&RUN);
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(73), ""), "{}", refused.stderr);
}
