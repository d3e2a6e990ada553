//! The ledger of trials: what every sweep of a folder of results has tried, and the best of it under turned signs.
//!
//! One file a sweep, so that nobody writes where another does, replaced whole. No plan and no prices are needed to count what
//! stands there: a sweep that was deleted or changed still counts. A file that cannot be read keeps no sweep from its verdict,
//! which names it.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::identity::{AssetEntry, Identity};
use super::pass::Passed;
use crate::market::date::Date;
use crate::stats::skill::family::Ratios;
use crate::stats::skill::flips::{FLIPS, Maxima, SEED};
use crate::sweep::error::SweepError;
use crate::sweep::plan::Plan;
use crate::sweep::shard::write_whole;

/// The folder of the ledger in a folder of results.
const FOLDER: &str = "ledger";
/// The form of the files.
const FORMAT: u64 = 2;
const SECONDS_OF_DAY: u64 = 86_400;

/// What one sweep tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    format: u64,
    /// The name of the sweep.
    pub name: String,
    /// The seal of its plan.
    pub seal: String,
    /// The version of the program that wrote it.
    pub version: String,
    /// The traded assets by ticker.
    pub assets: BTreeMap<String, AssetEntry>,
    /// The first session.
    pub first: String,
    /// The last session.
    pub last: String,
    /// Number of sessions.
    pub sessions: usize,
    /// Trials that count.
    pub trials: u64,
    /// Points with a row.
    pub evaluated: u64,
    /// Number, mean and sum of squares about it of the ratios of the residuals, a session.
    pub ratios: [f64; 3],
    /// Hash of what stays of the seal on other days.
    pub rule: String,
    /// How often results on these assets had been seen before it was begun, and once.
    pub look: u64,
    flips: usize,
    seed: u64,
    /// The best by scale.
    pub scales: BTreeMap<String, ScaleEntry>,
}

/// The best of a sweep in one scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScaleEntry {
    /// The best statistic of a trial.
    pub u: f64,
    /// Its point.
    pub best: u64,
    /// The best under turned signs, as 4-byte numbers rounded up, in base 64.
    maxima: String,
}

/// A file of the ledger.
#[derive(Debug)]
pub(crate) enum Found {
    /// What a sweep tried.
    Whole(Box<Entry>),
    /// A sweep of which only the number of trials is known, because another version wrote it.
    Old {
        /// Its name.
        name: String,
        /// Its trials.
        trials: u64,
        /// Its file.
        path: PathBuf,
    },
    /// A file that is no entry.
    Damaged(SweepError),
}

/// The entry of format 1, of which only the number of trials is of use.
#[derive(Debug, Deserialize)]
struct OldEntry {
    sweep: String,
    trials: u64,
    #[serde(rename = "marks")]
    _marks: Vec<String>,
}

impl Entry {
    /// What a sweep tried.
    pub(crate) fn new(plan: &Plan, identity: &Identity, passed: &Passed, evaluated: u64, look: u64) -> Entry {
        let ratios = passed.ratios();
        let scale = |(scale, maxima): (usize, &Maxima)| {
            let u = |trial: usize| passed.looked[trial].statistics[scale].guarded;
            let best =
                (1..passed.looked.len()).fold(0, |best, trial| if u(trial) > u(best) { trial } else { best });
            let entry = ScaleEntry { u: u(best), best: passed.points[best], maxima: encoded(maxima) };
            (passed.scales[scale].scale.name.to_owned(), entry)
        };
        let scales = if passed.looked.is_empty() {
            BTreeMap::new()
        } else {
            passed.pass.maxima.iter().enumerate().map(scale).collect()
        };
        Entry {
            format: FORMAT,
            name: plan.sweep.name.clone(),
            seal: plan.seal.to_string(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            assets: identity.assets.clone(),
            first: identity.first().to_string(),
            last: identity.last().to_string(),
            sessions: identity.days.len(),
            trials: passed.looked.len() as u64,
            evaluated,
            ratios: [ratios.count, ratios.mean, ratios.squares],
            rule: plan.rule().to_string(),
            look,
            flips: FLIPS,
            seed: SEED,
            scales,
        }
    }

    /// The first and the last session, as days from 1970-01-01.
    pub(crate) fn span(&self) -> [i64; 2] {
        [&self.first, &self.last].map(|date| Date::parse(date.as_bytes()).map_or(0, |date| i64::from(date.0)))
    }

    /// The ratios of its trials.
    pub(crate) fn ratios(&self) -> Ratios {
        let [count, mean, squares] = self.ratios;
        Ratios { count, mean, squares }
    }

    /// Whether it is what a sweep with this seal tried.
    pub(crate) fn is_of(&self, plan: &Plan) -> bool {
        self.name == plan.sweep.name && self.seal == plan.seal.to_string()
    }

    /// The best in a scale under turned signs.
    pub(crate) fn maxima(&self, scale: &str) -> Option<Maxima> {
        decoded(&self.scales.get(scale)?.maxima)
    }

    /// Whether everything in it can be meant.
    fn is_sound(&self) -> bool {
        let is_date = |date: &String| Date::parse(date.as_bytes()).is_some();
        self.format == FORMAT
            && (self.flips, self.seed) == (FLIPS, SEED)
            && self.look >= 1
            && is_date(&self.first)
            && is_date(&self.last)
            && self.ratios.iter().all(|x| x.is_finite())
            && self.scales.values().all(|scale| decoded(&scale.maxima).is_some())
    }
}

/// Maxima as text: rounded up, so that what another sweep tried never looks worse than it was.
fn encoded(maxima: &Maxima) -> String {
    let bytes: Vec<u8> = maxima
        .values()
        .iter()
        .flat_map(|&value| {
            let near = value as f32;
            let up = if f64::from(near) < value { near.next_up() } else { near };
            up.to_le_bytes()
        })
        .collect();
    STANDARD.encode(bytes)
}

/// Maxima from text; `None` unless it holds as many numbers as there are ways to turn signs.
fn decoded(text: &str) -> Option<Maxima> {
    let bytes = STANDARD.decode(text).ok()?;
    let (numbers, rest) = bytes.as_chunks::<4>();
    let numbers: Vec<f64> = numbers.iter().map(|bytes| f64::from(f32::from_le_bytes(*bytes))).collect();
    let is_sound = rest.is_empty() && numbers.iter().all(|x| x.is_finite());
    Maxima::of(numbers).filter(|_| is_sound)
}

/// The file of a sweep.
fn path(results: &Path, plan: &Plan) -> PathBuf {
    results.join(FOLDER).join(format!("{}.json", plan.folder_name()))
}

/// The entry of a sweep, or why its file is none; `None` without a file.
pub(crate) fn own(results: &Path, plan: &Plan) -> Option<Found> {
    let path = path(results, plan);
    match fs::symlink_metadata(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        _ => Some(read(&path)),
    }
}

/// Enters a sweep, in place of what stood there.
///
/// # Errors
/// The file cannot be written.
pub(crate) fn enter(results: &Path, plan: &Plan, entry: &Entry, writer: &str) -> Result<(), SweepError> {
    let path = path(results, plan);
    let text = serde_json::to_string(entry)
        .map_err(|error| SweepError::Io { path: path.clone(), error: error.into() })?;
    if fs::read_to_string(&path).is_ok_and(|known| known == text) {
        return Ok(());
    }
    let folder = results.join(FOLDER);
    fs::create_dir_all(&folder).map_err(|error| SweepError::Create { path: folder, error })?;
    write_whole(&path, text.as_bytes(), writer)
}

/// What stands in the ledger of a folder of results, by the names of the files; nothing where there is no ledger yet.
///
/// # Errors
/// The folder cannot be listed.
pub(crate) fn entries(results: &Path) -> Result<Vec<Found>, SweepError> {
    let folder = results.join(FOLDER);
    let failed = |error| SweepError::Io { path: folder.clone(), error };
    let listed = match fs::read_dir(&folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        listed => listed.map_err(failed)?,
    };
    let mut files = Vec::new();
    for file in listed {
        let path = file.map_err(failed)?.path();
        let is_hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if !is_hidden && path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files.iter().map(|path| read(path)).collect())
}

/// The whole entries of a folder of results, each with the date on which its file was last written: its results had been looked
/// at by then.
pub(crate) fn dated(results: &Path) -> Vec<(Entry, Date)> {
    let written = |entry: &Entry| {
        let name = format!("{}-{}.json", entry.name, entry.seal.get(..8).unwrap_or_default());
        let time = fs::metadata(results.join(FOLDER).join(name)).ok()?.modified().ok()?;
        let seconds = time.duration_since(UNIX_EPOCH).ok()?.as_secs();
        i32::try_from(seconds / SECONDS_OF_DAY).ok().map(Date)
    };
    let whole = |found: Found| match found {
        Found::Whole(entry) => {
            let on = written(&entry).unwrap_or(Date(0));
            Some((*entry, on))
        }
        _ => None,
    };
    entries(results).unwrap_or_default().into_iter().filter_map(whole).collect()
}

/// An entry from its file.
fn read(path: &Path) -> Found {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => return Found::Damaged(SweepError::Io { path: path.to_owned(), error }),
    };
    let wrong = |why: String| Found::Damaged(SweepError::Data(format!("{}{why}", path.display())));
    match serde_json::from_slice::<Entry>(&bytes) {
        Ok(entry) if entry.is_sound() => Found::Whole(Box::new(entry)),
        Ok(_) => wrong(": no entry of a ledger (its figures are damaged)".to_owned()),
        Err(error) => match serde_json::from_slice::<OldEntry>(&bytes) {
            Ok(OldEntry { sweep, trials, .. }) => Found::Old { name: sweep, trials, path: path.to_owned() },
            Err(_) => {
                // What is no JSON at all is that before anything else.
                let error = serde_json::from_slice::<serde_json::Value>(&bytes).err().unwrap_or(error);
                wrong(format!(":{}:{}: no entry of a ledger ({error})", error.line(), error.column()))
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maxima_are_kept_rounded_up() {
        let values: Vec<f64> = (0..FLIPS).map(|way| (way as f64).sqrt() / 3.0).collect();
        let kept = decoded(&encoded(&Maxima::of(values.clone()).unwrap())).unwrap();
        for (kept, value) in kept.values().iter().zip(&values) {
            assert!(kept >= value && kept - value <= 1e-6 * value, "{kept} {value}");
        }
        assert_eq!(decoded("AAAA"), None);
        assert_eq!(decoded("?"), None);
    }
}
