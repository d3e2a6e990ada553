//! Whether a price file is still the one that was read, from what the file system says of it and without opening it.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;

/// A change within so many nanoseconds of another may leave no trace: file systems count time in steps, the coarsest
/// known (FAT) of two seconds.
const STEP: i64 = 3_000_000_000;

/// What changes whenever a file is written or replaced, unless both happen within a step of the file system's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// Bytes.
    pub length: u64,
    /// The file system's number of the file: a link may come to lead to another file of the same age.
    pub file: u64,
    /// When the file was last changed, in nanoseconds since 1970: the time of the change itself, which nobody can set, unlike
    /// that of the content, which tools that copy files do set.
    pub changed: i64,
}

impl Stamp {
    /// The stamp of a file.
    pub(crate) fn of(metadata: &Metadata) -> Stamp {
        let changed = metadata.ctime().saturating_mul(1_000_000_000).saturating_add(metadata.ctime_nsec());
        Stamp { length: metadata.len(), file: metadata.ino(), changed }
    }
}

/// The clock of a file system, as the times of a file tell that was made on it just now. The clock of this machine may
/// differ from that of a file server.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FileClock {
    now: i64,
    device: u64,
}

impl FileClock {
    /// The clock, by a file made before any file is read that is to be judged by it.
    pub(crate) fn of(made_now: &Metadata) -> FileClock {
        FileClock { now: Stamp::of(made_now).changed, device: made_now.dev() }
    }

    /// The clock long after a file was made.
    #[cfg(test)]
    pub(crate) fn long_after(metadata: &Metadata) -> FileClock {
        FileClock { now: i64::MAX, ..FileClock::of(metadata) }
    }

    /// Whether any change of the file after this moment must change its stamp.
    pub(crate) fn is_settled(&self, metadata: &Metadata) -> bool {
        metadata.dev() == self.device && Stamp::of(metadata).changed < self.now.saturating_sub(STEP)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_file_is_settled_some_seconds_after_its_last_change() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("A.csv");
        fs::write(&path, "x").unwrap();
        let metadata = fs::metadata(&path).unwrap();
        let clock = FileClock::of(&metadata);
        assert!(!clock.is_settled(&metadata));
        assert!(!FileClock { now: clock.now + STEP, ..clock }.is_settled(&metadata));
        assert!(FileClock { now: clock.now + STEP + 1, ..clock }.is_settled(&metadata));
        assert!(!FileClock { now: i64::MIN, ..clock }.is_settled(&metadata), "a time in the future");
        assert!(
            !FileClock { now: i64::MAX, device: clock.device + 1 }.is_settled(&metadata),
            "another clock"
        );
    }

    #[test]
    fn a_file_of_the_same_size_and_time_is_told_from_another() {
        let folder = tempfile::tempdir().unwrap();
        let stamp = |name: &str| {
            let path = folder.path().join(name);
            fs::write(&path, "x").unwrap();
            let file = fs::File::options().append(true).open(&path).unwrap();
            file.set_modified(std::time::UNIX_EPOCH).unwrap();
            Stamp::of(&fs::metadata(&path).unwrap())
        };
        assert_ne!(stamp("A.csv"), stamp("B.csv"));
    }
}
