//! Files of placebo worlds: the best of a sweep's points in each world, whole or not there.
//!
//! The first line says what the worlds are of, so that worlds of other points, seeds or blocks are never taken for them, and
//! has a hash of it all.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::world::Best;
use crate::stats::skill::scales::UsedScale;
use crate::stats::skill::worlds::Shuffling;
use crate::sweep::compute::is_gone;
use crate::sweep::error::SweepError;
use crate::sweep::shard::{ShardName, remove_temporaries, write_whole};

/// The folder in that of a sweep's results.
const FOLDER: &str = "placebo";
/// Digits of a world's number in a file name.
const DIGITS: usize = 6;
const HEADER: &str = "world,scale,point,u\n";
/// How worlds are made where nobody says it: their files stand in the folder itself.
pub(crate) const USUAL: Shuffling = Shuffling { seed: 1, block: None };

/// The best of a sweep's points in one world, scale by scale.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WorldBest {
    /// The number of the world.
    pub world: u64,
    /// By scale, the finest first.
    pub best: Vec<Best>,
}

/// What the worlds of a folder are of.
#[derive(Debug, Clone)]
pub(crate) struct WorldFiles<'s> {
    /// The folder of the sweep's results.
    pub results: &'s Path,
    /// The seal of the sweep.
    pub seal: &'s blake3::Hash,
    /// The points, in order.
    pub points: &'s [u64],
    /// The scales.
    pub scales: &'s [UsedScale],
    /// How the sessions change places.
    pub shuffling: Shuffling,
}

/// The worlds that are there.
#[derive(Debug, Default)]
pub(crate) struct FoundWorlds {
    /// By number.
    pub worlds: BTreeMap<u64, WorldBest>,
    /// Files that are damaged or of something else: their worlds count as missing.
    pub damaged: Vec<PathBuf>,
}

/// The ways to make worlds of which a sweep's folder has files, in order; the usual one if there is its folder.
///
/// # Errors
/// A folder cannot be listed.
pub(crate) fn shufflings(results: &Path) -> Result<Vec<Shuffling>, SweepError> {
    let folder = results.join(FOLDER);
    let mut found = Vec::new();
    if folder.is_dir() {
        found.push(USUAL);
    }
    for name in names(&folder)? {
        found.extend(parse_folder(&name).filter(|_| folder.join(&name).is_dir()));
    }
    found.sort_by_key(|shuffling| (*shuffling != USUAL, shuffling.seed, shuffling.block));
    Ok(found)
}

/// The name of the folder of worlds that are not the usual ones.
fn folder_name(shuffling: Shuffling) -> String {
    let block = shuffling.block.map_or(String::new(), |block| format!("-block-{block}"));
    format!("seed-{}{block}", shuffling.seed)
}

fn parse_folder(name: &str) -> Option<Shuffling> {
    let rest = name.strip_prefix("seed-")?;
    let (seed, block) = match rest.split_once("-block-") {
        Some((seed, block)) => (seed, Some(block.parse().ok()?)),
        None => (rest, None),
    };
    let shuffling = Shuffling { seed: seed.parse().ok()?, block };
    (folder_name(shuffling) == name && shuffling != USUAL).then_some(shuffling)
}

/// The names of what is in a folder, in order; none if it is not there.
fn names(folder: &Path) -> Result<Vec<String>, SweepError> {
    let failed = |error| SweepError::Io { path: folder.to_owned(), error };
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed)?,
    };
    let mut names = Vec::new();
    for entry in entries {
        names.extend(entry.map_err(failed)?.file_name().into_string().ok());
    }
    names.sort();
    Ok(names)
}

impl WorldFiles<'_> {
    /// Where they are.
    pub(crate) fn folder(&self) -> PathBuf {
        let folder = self.results.join(FOLDER);
        if self.shuffling == USUAL { folder } else { folder.join(folder_name(self.shuffling)) }
    }

    /// Reads all files.
    ///
    /// # Errors
    /// The folder or a file cannot be read; two files say different things of one world.
    pub(crate) fn read(&self) -> Result<FoundWorlds, SweepError> {
        let folder = self.folder();
        let mut found = FoundWorlds::default();
        for name in names(&folder)? {
            let Some(range) = ShardName::parse(&name).filter(|range| range.table_file(DIGITS) == name) else {
                continue;
            };
            let path = folder.join(name);
            let bytes = match fs::read(&path) {
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                bytes => bytes.map_err(|error| SweepError::Io { path: path.clone(), error })?,
            };
            let worlds = String::from_utf8(bytes).ok().and_then(|text| self.parse(range, &text));
            let Some(worlds) = worlds else {
                found.damaged.push(path);
                continue;
            };
            for world in worlds {
                let number = world.world;
                if found.worlds.insert(number, world.clone()).is_some_and(|other| other != world) {
                    return Err(SweepError::Data(format!(
                        "{}: world {number} is not what another file in this folder says of it: delete the folder and compute \
                         its worlds again",
                        path.display()
                    )));
                }
            }
        }
        Ok(found)
    }

    /// Writes worlds that follow each other.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn write(&self, worlds: &[WorldBest], writer: &str) -> Result<(), SweepError> {
        let (Some(first), Some(last)) = (worlds.first(), worlds.last()) else { return Ok(()) };
        let folder = self.folder();
        fs::create_dir_all(&folder).map_err(|error| SweepError::Create { path: folder.clone(), error })?;
        let name = ShardName { first: first.world, last: last.world };
        let body = self.body(worlds);
        write_whole(&folder.join(name.table_file(DIGITS)), (self.head(&body) + &body).as_bytes(), writer)
    }

    /// Takes away what writers that are gone left behind.
    ///
    /// # Errors
    /// The folder cannot be listed.
    pub(crate) fn remove_temporaries(&self) -> Result<(), SweepError> {
        let folder = self.folder();
        if folder.is_dir() { remove_temporaries(&folder, is_gone) } else { Ok(()) }
    }

    /// Takes away files whose worlds are all there elsewhere: they would be named for ever.
    pub(crate) fn remove(&self, damaged: &[PathBuf], worlds: &BTreeMap<u64, WorldBest>) {
        for path in damaged {
            let name = path.file_name().and_then(|name| ShardName::parse(name.to_str()?));
            let is_there = |name: ShardName| {
                worlds.range(name.first..=name.last).count() as u64 > name.last - name.first
            };
            // One that has been written again under its name is whole by now.
            let is_whole = || {
                let text = fs::read_to_string(path).ok();
                text.zip(name).is_some_and(|(text, name)| self.parse(name, &text).is_some())
            };
            if name.is_some_and(is_there) && !is_whole() {
                // What cannot be removed stays and is named again.
                let _ = fs::remove_file(path);
            }
        }
    }

    /// The first line, which vouches for the others.
    fn head(&self, body: &str) -> String {
        let mut points = blake3::Hasher::new();
        self.points.iter().for_each(|point| _ = points.update(&point.to_le_bytes()));
        let Shuffling { seed, block } = self.shuffling;
        let block = block.map_or("none".to_owned(), |block| block.to_string());
        let what = format!(
            "# placebo worlds: seal={} seed={seed} block={block} points={} of={}",
            self.seal,
            self.points.len(),
            &points.finalize().to_hex()[..16]
        );
        let mut hasher = blake3::Hasher::new_keyed(self.seal.as_bytes());
        hasher.update(what.as_bytes()).update(body.as_bytes());
        format!("{what} hash={}\n", hasher.finalize())
    }

    fn body(&self, worlds: &[WorldBest]) -> String {
        let mut body = HEADER.to_owned();
        for WorldBest { world, best } in worlds {
            for (scale, Best { u, point }) in self.scales.iter().zip(best) {
                let point = point.map_or(String::new(), |point| point.to_string());
                let _ = writeln!(body, "{world},{},{point},{u}", scale.scale.name);
            }
        }
        body
    }

    /// The worlds of a file with this name; `None` unless it is whole and of just this.
    fn parse(&self, name: ShardName, text: &str) -> Option<Vec<WorldBest>> {
        let body = &text[text.find('\n')? + 1..];
        if !text.starts_with(&self.head(body)) {
            return None;
        }
        let mut rows = body.strip_prefix(HEADER)?.lines();
        let mut worlds = Vec::new();
        for world in name.first..=name.last {
            let mut best = Vec::with_capacity(self.scales.len());
            for scale in self.scales {
                let cells: Vec<&str> = rows.next()?.split(',').collect();
                let [number, named, point, u] = cells.try_into().ok()?;
                if number.parse() != Ok(world) || named != scale.scale.name {
                    return None;
                }
                let point = if point.is_empty() { None } else { Some(point.parse().ok()?) };
                best.push(Best { u: u.parse().ok()?, point });
            }
            worlds.push(WorldBest { world, best });
        }
        rows.next().is_none().then_some(worlds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::skill::scales::OF_DATES;

    #[test]
    fn folders_say_how_worlds_are_made() {
        let results = tempfile::tempdir().unwrap();
        assert!(shufflings(results.path()).unwrap().is_empty());
        for name in ["seed-7-block-3", "seed-1", "seed-x", "seed-02", "logs", "seed-1-block-5"] {
            fs::create_dir_all(results.path().join(FOLDER).join(name)).unwrap();
        }
        fs::write(results.path().join(FOLDER).join("seed-9"), "no folder").unwrap();
        let made = |seed, block| Shuffling { seed, block };
        let expected = [USUAL, made(1, Some(5)), made(7, Some(3))];
        assert_eq!(shufflings(results.path()).unwrap(), expected);
    }

    #[test]
    fn files_are_of_just_these_points_and_scales() {
        let results = tempfile::tempdir().unwrap();
        let (seal, other_seal) = (blake3::hash(b"a"), blake3::hash(b"b"));
        let scales = OF_DATES.map(|scale| UsedScale { scale, blocks: 99 });
        let (points, scales) = (&[3, 8, 9][..], &scales[..2]);
        let files = WorldFiles { results: results.path(), seal: &seal, points, scales, shuffling: USUAL };
        let best = |u, point| Best { u, point };
        let world = |world, u| WorldBest { world, best: vec![best(u, Some(8)), best(0.0, None)] };
        files.write(&[world(5, 0.1 + 0.2), world(6, 2.5)], "w").unwrap();
        let found = files.read().unwrap();
        assert_eq!(Vec::from_iter(found.worlds.into_values()), [world(5, 0.1 + 0.2), world(6, 2.5)]);
        assert!(found.damaged.is_empty());
        let others = [
            WorldFiles { seal: &other_seal, ..files.clone() },
            WorldFiles { points: &[3, 8], ..files.clone() },
            WorldFiles { scales: &scales[..1], ..files.clone() },
        ];
        for other in others {
            let found = other.read().unwrap();
            assert!(found.worlds.is_empty() && found.damaged.len() == 1, "{other:?}");
        }
        files.write(&[world(6, 2.5), world(7, 1.0)], "w").unwrap();
        assert_eq!(files.read().unwrap().worlds.len(), 3, "worlds in two files that agree");
        files.write(&[world(7, 1.5)], "w").unwrap();
        let message = files.read().unwrap_err().to_string();
        assert!(message.contains("000007-000007.csv: world 7 is not what another file"), "{message}");
    }
}
