//! Whether a file of prices or numbers has changed since it was read, as far as its metadata tell. Opens no price file.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;

/// Two changes of a file within this time, in nanoseconds, may leave the same stamp: file systems count time in steps, the
/// coarsest known (FAT) in steps of two seconds.
const STEP: i64 = 3_000_000_000;

/// Metadata that change whenever a file is written or replaced, except by a second change within a step of the file system's
/// clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// Length in bytes.
    pub length: u64,
    /// Inode number: a link may be changed to point to another file of the same age.
    pub file: u64,
    /// Time of the last change of the inode, in nanoseconds since 1970. No program can set it, while tools that copy files set
    /// the time of the content.
    pub changed: i64,
}

impl Stamp {
    /// The stamp of a file with these metadata.
    pub(crate) fn new(metadata: &Metadata) -> Stamp {
        let changed = metadata.ctime().saturating_mul(1_000_000_000).saturating_add(metadata.ctime_nsec());
        Stamp { length: metadata.len(), file: metadata.ino(), changed }
    }

    /// The bytes of the stamp in a cache.
    pub(crate) fn bytes(&self) -> [u8; 24] {
        let mut bytes = [0; 24];
        let parts = [self.length, self.file, self.changed as u64];
        bytes.as_chunks_mut().0.iter_mut().zip(parts).for_each(|(bytes, part)| *bytes = part.to_le_bytes());
        bytes
    }
}

/// The time on the clock of a file system, read from a file that was just created on it. The clock of a file server may differ
/// from this machine's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FileClock {
    now: i64,
    device: u64,
}

impl FileClock {
    /// The clock, read from the metadata of a new file. The file must be created before any price file is read.
    pub(crate) fn new(new_file: &Metadata) -> FileClock {
        FileClock { now: Stamp::new(new_file).changed, device: new_file.dev() }
    }

    /// The clock long after a file was made.
    #[cfg(test)]
    pub(crate) fn long_after(metadata: &Metadata) -> FileClock {
        FileClock { now: i64::MAX, ..FileClock::new(metadata) }
    }

    /// Whether any later change of the file must change its stamp.
    pub(crate) fn is_settled(&self, metadata: &Metadata) -> bool {
        metadata.dev() == self.device && Stamp::new(metadata).changed < self.now.saturating_sub(STEP)
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
        let clock = FileClock::new(&metadata);
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
    fn files_of_the_same_size_and_time_have_different_stamps() {
        let folder = tempfile::tempdir().unwrap();
        let stamp = |name: &str| {
            let path = folder.path().join(name);
            fs::write(&path, "x").unwrap();
            let file = fs::File::options().append(true).open(&path).unwrap();
            file.set_modified(std::time::UNIX_EPOCH).unwrap();
            Stamp::new(&fs::metadata(&path).unwrap())
        };
        assert_ne!(stamp("A.csv"), stamp("B.csv"));
    }
}
