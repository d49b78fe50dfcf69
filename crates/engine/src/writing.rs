//! Writing a file that a person asked for: whole or not at all.
//!
//! In: where it goes and its bytes. Out: the path. Not here: what the bytes are.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use assay_store::folder;
use sha2::{Digest, Sha256};

use crate::error::{Code, Result, WireError};
use crate::opening::Engine;

/// The folders below the store's in which this program writes what a person asked for.
pub(crate) const FOLDERS: [&str; 3] = ["packs", "reports", "exports"];

/// Where to write: the chosen file, or `name` in a folder of the store.
pub(crate) fn target(
    engine: &Engine,
    handle: Option<&str>,
    folder: &str,
    name: &str,
) -> Result<PathBuf> {
    match handle {
        Some(handle) => engine.handles().path(handle),
        None => {
            let folder = engine.store().folder().join(folder);
            folder::make(&folder).map_err(|error| unwritable(&folder, &error))?;
            Ok(folder.join(name))
        }
    }
}

/// Writes `bytes` beside `path`, then puts the file in its place. Only this user can read it, and
/// no link is followed: one that stands at `path` is replaced.
///
/// # Errors
/// `file_unwritable`; what stood at `path` is then unchanged.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    stream(path, |file| {
        file.write_all(bytes)
            .map_err(|error| unwritable(path, &error))
    })
}

/// Lets `fill` write a file beside `path`, then puts it in its place, as [`write`] does. The file
/// can be read back.
///
/// # Errors
/// `file_unwritable`, and whatever `fill` answers; what stood at `path` is then unchanged.
pub(crate) fn stream(path: &Path, fill: impl FnOnce(&mut File) -> Result<()>) -> Result<()> {
    if path.file_name().is_none() {
        return Err(WireError::new(
            Code::FileUnwritable,
            format!("not a file's name: {}", path.display()),
        ));
    }
    if path.is_dir() {
        return Err(WireError::new(
            Code::FileUnwritable,
            format!("a folder stands there: {}", path.display()),
        ));
    }
    let (part, mut file) = beside(path)?;
    let written = fill(&mut file).and_then(|()| {
        file.sync_all()
            .and_then(|()| std::fs::rename(&part, path))
            .and_then(|()| folder::sync_entry(path))
            .map_err(|error| unwritable(path, &error))
    });
    if written.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    written
}

/// The SHA-256 of a file from its beginning on, hexadecimal; `path` is its name for errors.
///
/// # Errors
/// `file_unwritable` where it can't be read.
pub(crate) fn sha256_of(path: &Path, file: &mut File) -> Result<String> {
    let unread = |error: std::io::Error| {
        WireError::new(
            Code::FileUnwritable,
            format!("can't read {} back: {error}", path.display()),
        )
    };
    file.rewind().map_err(unread)?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer).map_err(unread)? {
            0 => return Ok(hex::encode(digest.finalize())),
            length => digest.update(&buffer[..length]),
        }
    }
}

/// A new file in the folder of `path`, under a name that nobody can foresee.
fn beside(path: &Path) -> Result<(PathBuf, File)> {
    let mut random = [0_u8; 8];
    getrandom::fill(&mut random)
        .map_err(|error| WireError::new(Code::Internal, format!("no randomness: {error}")))?;
    let part = path.with_file_name(format!(".assay-{}.part", hex::encode(random)));
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options
        .open(&part)
        .map_err(|error| unwritable(path, &error))?;
    Ok((part, file))
}

pub(crate) fn unwritable(path: &Path, error: &std::io::Error) -> WireError {
    WireError::new(
        Code::FileUnwritable,
        format!("can't write {}: {error}", path.display()),
    )
    .hint("choose another place, or free some space")
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn a_written_file_is_whole_private_and_follows_no_link() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("kept"), "kept").unwrap();
        symlink(at("kept"), at("report.csv")).unwrap();
        // What a predictable name would write through.
        symlink(at("kept"), at(".report.csv.part")).unwrap();
        write(&at("report.csv"), b"one").unwrap();
        write(&at("report.csv"), b"two").unwrap();
        assert_eq!(std::fs::read(at("kept")).unwrap(), b"kept");
        assert_eq!(std::fs::read(at("report.csv")).unwrap(), b"two");
        let metadata = std::fs::symlink_metadata(at("report.csv")).unwrap();
        assert_eq!(
            (metadata.is_file(), metadata.permissions().mode() & 0o777),
            (true, 0o600)
        );
        std::fs::create_dir(at("folder")).unwrap();
        symlink(at("folder"), at("to-folder")).unwrap();
        for name in ["folder", "to-folder", "missing/report.csv"] {
            assert_eq!(
                write(&at(name), b"x").unwrap_err().code,
                Code::FileUnwritable,
                "{name}"
            );
        }
        assert_eq!(
            std::fs::read_dir(folder.path()).unwrap().count(),
            5,
            "nothing is left behind"
        );
    }
}
