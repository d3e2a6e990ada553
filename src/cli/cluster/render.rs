//! `backtest cluster render`: the files of all machines, and the key that they share.

use std::fs::{self, DirBuilder, File};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use clap::Args;

use super::reach::read_cluster;
use crate::cli::exit::Exit;
use crate::cli::{Common, output};
use crate::cluster::definition::Cluster;
use crate::cluster::{files, script};

/// The length of the keys that munge itself makes.
const KEY_BYTES: usize = 128;
const KEY: &str = "munge.key";

#[derive(Debug, Args)]
#[command(
    after_help = "NAME.sh is all that `backtest cluster setup` runs on the machine NAME. The folder also holds the key that the \
machines trust each other by, made once: it is for you alone.

Example: backtest cluster render cluster.toml"
)]
pub(crate) struct RenderArguments {
    /// The cluster's file
    cluster: PathBuf,
    #[command(flatten)]
    folder: FolderArguments,
}

/// The option for the folder of the files.
#[derive(Debug, Args)]
pub(crate) struct FolderArguments {
    /// Folder of the files; by default beside the cluster's file, with its name without .toml
    #[arg(long, value_name = "FOLDER")]
    files: Option<PathBuf>,
}

impl FolderArguments {
    /// The folder for the cluster that the file `cluster` describes.
    pub(crate) fn folder_for(&self, cluster: &Path) -> PathBuf {
        match &self.files {
            Some(folder) => folder.clone(),
            None if cluster.extension().is_some() => cluster.with_extension(""),
            None => cluster.with_extension("files"),
        }
    }
}

pub(crate) fn render(arguments: &RenderArguments, common: &Common) -> Result<(), Exit> {
    let cluster = read_cluster(&arguments.cluster)?;
    let folder = arguments.folder.folder_for(&arguments.cluster);
    for path in write(&cluster, &folder)? {
        output::result(&format!("{}\n", path.display()))?;
    }
    output::note(
        common.quiet,
        &format!("{} is the machines' secret: keep the folder to yourself", folder.join(KEY).display()),
    );
    Ok(())
}

/// Writes the files of all machines, and a key if the folder has none yet; gives the paths of all.
pub(crate) fn write(cluster: &Cluster, folder: &Path) -> Result<Vec<PathBuf>, Exit> {
    let cannot = |error| Exit::CannotCreate(format!("{}: cannot create: {error}", folder.display()));
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(cannot)?;
    let path = folder.join(KEY);
    if !path.exists() {
        let mut bytes = [0; KEY_BYTES];
        let unreadable = |error| Exit::Io(format!("/dev/urandom: {error}"));
        File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut bytes)).map_err(unreadable)?;
        private(&path, &bytes)?;
    }
    let key = read_key(folder)?.ok_or_else(|| Exit::Io(format!("{}: no such file", path.display())))?;
    let texts = [
        ("hosts", Some(files::hosts(cluster))),
        ("slurm.conf", Some(files::slurm_conf(cluster))),
        ("cgroup.conf", Some(files::cgroup_conf(cluster))),
        (files::ALLOWED_DEVICES, files::allowed_devices(cluster)),
        ("exports", Some(files::exports(cluster)).filter(|_| cluster.share.is_nfs)),
    ];
    let mut written = vec![path];
    for (name, text) in texts {
        let path = folder.join(name);
        match text {
            Some(text) => {
                output::file(&path, &text)?;
                written.push(path);
            }
            // A file left from an earlier version of cluster.toml would mislead.
            None => match fs::remove_file(&path) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(Exit::Io(format!("{}: cannot remove: {error}", path.display())));
                }
                _ => {}
            },
        }
    }
    for machine in &cluster.machines {
        let path = folder.join(format!("{}.sh", machine.name));
        private(&path, script::setup(cluster, machine, &key, false).as_bytes())?;
        written.push(path);
    }
    Ok(written)
}

/// The key in a folder, in base64; `None` if it has none.
pub(crate) fn read_key(folder: &Path) -> Result<Option<String>, Exit> {
    let path = folder.join(KEY);
    match fs::read(&path) {
        Ok(bytes) if (32..=1024).contains(&bytes.len()) => Ok(Some(script::base64_lines(&bytes))),
        Ok(bytes) => Err(Exit::Usage(format!(
            "{}: a key of munge has 32 to 1024 bytes, this has {}",
            path.display(),
            bytes.len()
        ))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Exit::Io(format!("{}: cannot read: {error}", path.display()))),
    }
}

/// Writes a file that nobody else may read.
fn private(path: &Path, bytes: &[u8]) -> Result<(), Exit> {
    let failed = |error| Exit::Io(format!("{}: cannot write: {error}", path.display()));
    let folder = path.parent().unwrap_or(Path::new("."));
    // A temporary file can be read by its owner only, from the moment it exists.
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}
