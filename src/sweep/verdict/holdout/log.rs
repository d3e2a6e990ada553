//! The record of openings, `ledger/holdout.log` of a folder of results: a line of JSON each, in the order in which they were
//! made. Each line has the hash of the one before, so that one which is changed or taken out is missed by the next; each sweep
//! that was opened keeps the hash of its own line, so that the last line and the whole file are missed too.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::stats::skill::decision::Unseen;
use crate::sweep::error::SweepError;

/// The file, below the folder of results.
const FILE: [&str; 2] = ["ledger", "holdout.log"];
/// In the folder of a sweep that was opened: the hashes of its lines.
const OWN_FILE: &str = "opened";
/// The form of a line.
pub(super) const FORMAT: u32 = 1;

/// One opening.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Line {
    /// The form of the line.
    pub format: u32,
    /// When it was made, UTC.
    pub time: String,
    /// Who made it.
    pub user: String,
    /// The sweep.
    pub sweep: String,
    /// What stands for it.
    pub seals: Seals,
    /// The first date of the hold-out.
    pub from: String,
    /// The date with which the hold-out ends.
    pub end: String,
    /// Whether the prices before it were still those that the sweep was sealed with.
    pub same_prices: bool,
    /// What had been seen of it before the first opening.
    pub seen: Vec<SeenBefore>,
    /// Points opened so far on days that these share, these among them.
    pub opened: usize,
    /// The points.
    pub points: Vec<OpenedPoint>,
    /// The version of the program.
    pub version: String,
    /// The hash of the line before; none for the first.
    pub before: Option<String>,
}

impl Line {
    /// The date on which it was made.
    pub(crate) fn day(&self) -> &str {
        self.time.split('T').next().unwrap_or_default()
    }
}

/// What stands for a sweep.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Seals {
    /// Hash of everything that decides its results.
    pub sweep: String,
    /// Hash of what stays of it on other days.
    pub rule: String,
}

/// A sweep that saw sessions of a hold-out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeenBefore {
    /// Its name.
    pub sweep: String,
    /// The date on which it did.
    pub on: String,
}

/// A point that was opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenedPoint {
    /// The point.
    pub point: u64,
    /// Hash of the prices that it read, those of the hold-out among them.
    pub fingerprint: String,
    /// Its last session.
    pub last: String,
    /// How it did.
    pub word: Unseen,
    /// What it earned; none if it failed.
    pub figures: Option<Figures>,
    /// Why it failed, if it did.
    pub failed: Option<String>,
}

/// What a point earned in a hold-out, a session or a year as said.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Figures {
    /// Number of sessions.
    pub sessions: usize,
    /// Sessions of a year.
    pub periods_per_year: f64,
    /// Mean return a session.
    pub mean: f64,
    /// What holding the mean weights earned a session.
    pub passive: f64,
    /// What moving them added a session.
    pub edge: f64,
    /// The same a year.
    pub edge_year: f64,
    /// Whether the weights moved enough to be judged.
    pub moves: bool,
    /// The statistic by sessions, with the guard against skew.
    pub u: f64,
    /// The chance of as much without skill, of this point alone.
    pub p_alone: f64,
    /// The same with all points allowed for that were opened on these days.
    pub p: f64,
    /// The edge from which on one would have been seen four times in five; none where no edge would.
    pub detectable: Option<Detectable>,
}

/// An edge that would have been seen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Detectable {
    /// Mean over deviation a year.
    pub ratio: f64,
    /// A return a year.
    pub edge_year: f64,
}

/// The openings of a folder of results.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Log {
    /// Those whose lines can be read, in order.
    pub lines: Vec<Line>,
    /// What is wrong with the file, a sentence each.
    pub faults: Vec<String>,
    /// The hash of every line, read or not.
    hashes: Vec<String>,
    /// Whether the file is there.
    exists: bool,
    /// Whether its last line has no end.
    is_cut: bool,
}

impl Log {
    /// The openings of a folder of results, and everything that is wrong with the record.
    ///
    /// # Errors
    /// The file is there and cannot be read.
    fn read(results: &Path) -> Result<Log, SweepError> {
        let path = path(results);
        let mut log = match fs::read(&path) {
            Ok(bytes) => Log::parse(&bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => Log::default(),
            Err(error) => return Err(SweepError::Io { path, error }),
        };
        log.miss(results);
        Ok(log)
    }

    /// The same; a record that cannot be read is a fault as well.
    pub(super) fn told(results: &Path) -> Log {
        Log::read(results).unwrap_or_else(|error| Log { faults: vec![error.to_string()], ..Log::default() })
    }

    fn parse(bytes: &[u8]) -> Log {
        let mut log = Log { exists: true, ..Log::default() };
        let mut before: Option<String> = None;
        for (number, bytes) in (1..).zip(bytes.split_inclusive(|byte| *byte == b'\n')) {
            let whole = bytes.strip_suffix(b"\n");
            log.is_cut = whole.is_none();
            let bytes = whole.unwrap_or(bytes);
            if log.is_cut {
                log.faults.push(format!("line {number} is cut"));
            }
            match serde_json::from_slice::<Line>(bytes) {
                Ok(line) => {
                    if line.before != before {
                        log.faults.push(format!(
                            "line {number} does not follow what stands before it: a line was changed or taken out"
                        ));
                    }
                    log.lines.push(line);
                }
                Err(_) if log.is_cut => {}
                Err(error) => {
                    let column = error.column();
                    log.faults.push(format!("line {number}, column {column}: no opening ({error})"));
                }
            }
            let hash = blake3::hash(bytes).to_string();
            log.hashes.push(hash.clone());
            before = Some(hash);
        }
        log
    }

    /// The openings of a sweep, in order.
    pub(super) fn of_sweep<'l>(&'l self, seal: &str) -> impl Iterator<Item = &'l Line> {
        self.lines.iter().filter(move |line| line.seals.sweep == seal)
    }

    /// How many points have been opened on days that are shared with some of a sweep, which are about to be opened and count
    /// too. A point that is opened again on the same prices is no other.
    pub(super) fn opened(&self, seal: &str, from: &str, points: &[OpenedPoint]) -> usize {
        let last = |points: &[OpenedPoint]| points.iter().map(|point| point.last.clone()).max();
        let Some(until) = last(points) else { return 0 };
        let shares_days =
            |line: &&Line| line.from <= until && last(&line.points).is_some_and(|last| *from <= *last);
        let before = self.lines.iter().filter(shares_days);
        let before = before.flat_map(|line| line.points.iter().map(|point| (&*line.seals.sweep, point)));
        let all = before.chain(points.iter().map(|point| (seal, point)));
        all.map(|(seal, point)| (seal, point.point, &*point.fingerprint)).collect::<BTreeSet<_>>().len()
    }

    /// Finds the openings that sweeps of the folder know of and the record does not.
    fn miss(&mut self, results: &Path) {
        let known: BTreeSet<&String> = self.hashes.iter().collect();
        let mut missed = Vec::new();
        for (sweep, hashes) in own_hashes(results) {
            let gone = match hashes {
                Ok(hashes) => hashes.iter().filter(|hash| !known.contains(hash)).count(),
                Err(error) => {
                    missed.push(format!("{sweep}/{OWN_FILE}: {error}"));
                    continue;
                }
            };
            if gone > 0 {
                missed.push(match self.exists {
                    true => format!("{gone} of the openings of {sweep} stand there no more, or were changed"),
                    false => format!("the file is missing, and {sweep} was opened"),
                });
            }
        }
        self.faults.append(&mut missed);
    }
}

/// Where the record of a folder of results is.
pub(crate) fn path(results: &Path) -> PathBuf {
    results.join(FILE[0]).join(FILE[1])
}

/// Adds an opening to the record of a folder of results and to that of its sweep, in `folder`. Nobody else adds one between
/// `make` seeing the record and the line being on the disk. The hash of the line before is added to what `make` gives.
///
/// # Errors
/// A file cannot be locked, read or written. The opening counts from the moment on when the first has it.
pub(crate) fn add(
    results: &Path,
    folder: &Path,
    make: impl FnOnce(&Log) -> Line,
) -> Result<(Log, Line), SweepError> {
    let path = path(results);
    let failed = |error| SweepError::Io { path: path.clone(), error };
    let above = path.parent().unwrap_or(results);
    fs::create_dir_all(above).map_err(|error| SweepError::Create { path: above.to_owned(), error })?;
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(&path).map_err(failed)?;
    file.lock().map_err(failed)?;
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0)).and_then(|_| file.read_to_end(&mut bytes)).map_err(failed)?;
    let mut log = Log::parse(&bytes);
    // An empty file is as good as none.
    log.exists = !bytes.is_empty();
    log.miss(results);
    let line = Line { before: log.hashes.last().cloned(), ..make(&log) };
    let text = serde_json::to_string(&line).map_err(|error| failed(error.into()))?;
    let start = if log.is_cut { "\n" } else { "" };
    file.write_all(format!("{start}{text}\n").as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
    // A new file is in its folder only when that is on the disk too.
    File::open(above).and_then(|folder| folder.sync_all()).map_err(failed)?;
    add_own(folder, &blake3::hash(text.as_bytes()).to_string())?;
    Ok((log, line))
}

/// Adds the hash of a line to those of its sweep. The lock of the record keeps others away.
fn add_own(folder: &Path, hash: &str) -> Result<(), SweepError> {
    let path = folder.join(OWN_FILE);
    let write = || -> io::Result<()> {
        let mut file = OpenOptions::new().append(true).create(true).open(&path)?;
        file.write_all(format!("{hash}\n").as_bytes())?;
        file.sync_all()
    };
    write().map_err(|error| SweepError::Io { path: path.clone(), error })
}

/// The hashes that the sweeps of a folder of results keep of their openings, by the name of the sweep's folder.
fn own_hashes(results: &Path) -> Vec<(String, io::Result<Vec<String>>)> {
    let of_folder = |folder: PathBuf| {
        let name = folder.file_name()?.to_string_lossy().into_owned();
        let hashes = match fs::read_to_string(folder.join(OWN_FILE)) {
            Ok(text) => Ok(text.lines().map(str::to_owned).collect()),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return None;
            }
            Err(error) => Err(error),
        };
        Some((name, hashes))
    };
    // A folder that cannot be listed holds no sweep that is asked about.
    let entries = fs::read_dir(results).into_iter().flatten().flatten();
    let mut found: Vec<_> = entries.filter_map(|entry| of_folder(entry.path())).collect();
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    found
}

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::Duration;

    use super::*;

    /// An opening of one point, beside those that a record has.
    fn line(log: &Log, point: u64) -> Line {
        let hash = || "0".repeat(64);
        let opened = OpenedPoint {
            point,
            fingerprint: hash(),
            last: "2022-06-30".to_owned(),
            word: Unseen::DidNotHoldUp,
            figures: None,
            failed: None,
        };
        Line {
            format: FORMAT,
            time: "2023-01-02T03:04:05Z".to_owned(),
            user: "somebody".to_owned(),
            sweep: "s".to_owned(),
            seals: Seals { sweep: hash(), rule: hash() },
            from: "2022-01-03".to_owned(),
            end: "2022-12-31".to_owned(),
            same_prices: true,
            seen: Vec::new(),
            opened: log.opened(&hash(), "2022-01-03", std::slice::from_ref(&opened)),
            points: vec![opened],
            version: "0.0.0".to_owned(),
            before: Some("replaced".to_owned()),
        }
    }

    #[test]
    fn openings_at_once_stand_one_after_the_other() {
        let folder = tempfile::tempdir().unwrap();
        let sweep = folder.path().join("s-00000000");
        fs::create_dir(&sweep).unwrap();
        let mut opened: Vec<usize> = thread::scope(|scope| {
            let open = |point| {
                let slow = move |log: &Log| {
                    thread::sleep(Duration::from_millis(20));
                    line(log, point)
                };
                let (results, sweep) = (folder.path(), &sweep);
                scope.spawn(move || add(results, sweep, slow).unwrap().1.opened)
            };
            let threads: Vec<_> = (0..8).map(open).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        opened.sort_unstable();
        assert_eq!(opened, [1, 2, 3, 4, 5, 6, 7, 8]);
        let log = Log::read(folder.path()).unwrap();
        assert_eq!((log.lines.len(), log.faults.len(), log.is_cut), (8, 0, false), "{:?}", log.faults);
        let names = fs::read_to_string(sweep.join(OWN_FILE)).unwrap();
        assert_eq!(names.lines().collect::<Vec<_>>(), log.hashes);
    }

    #[test]
    fn points_on_days_of_their_own_are_not_counted() {
        let mut log = Log::default();
        log.lines.push(line(&log, 1));
        let of = |from: &str, point: u64| log.opened(&"0".repeat(64), from, &line(&log, point).points);
        assert_eq!([of("2022-06-30", 2), of("2022-07-01", 2), of("2022-01-03", 1)], [2, 1, 1]);
        assert_eq!(log.opened("another sweep", "2022-01-03", &line(&log, 1).points), 2);
        let mut later = line(&log, 2).points;
        later[0].last = "2022-01-02".to_owned();
        assert_eq!(log.opened("another sweep", "2021-01-04", &later), 1, "it ends before the other begins");
    }
}
