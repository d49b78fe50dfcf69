//! Folders and files of the store as only their owner can read them.
//!
//! Not here: what is in them.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::error::{Result, StoreError};
use crate::folder;

pub(crate) fn file_error(path: &Path) -> impl FnOnce(std::io::Error) -> StoreError + '_ {
    move |source| StoreError::File {
        path: path.to_owned(),
        source,
    }
}

pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Makes a folder that only this user can enter. One that is there already keeps its mode: it may
/// be somebody's home or a shared folder, and tightening it would lock others out of their files.
/// The files in it are this user's alone either way; where everybody may put others in their place
/// it is refused.
pub(crate) fn make_folder(folder: &Path) -> Result<()> {
    if !folder.is_dir() {
        return folder::make(folder).map_err(file_error(folder));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        const OTHERS_WRITE: u32 = 0o002;
        const STICKY: u32 = 0o1000;
        let mode = std::fs::metadata(folder)
            .map_err(file_error(folder))?
            .permissions()
            .mode();
        if mode & (OTHERS_WRITE | STICKY) == OTHERS_WRITE {
            return Err(StoreError::NotAStore {
                path: folder.to_owned(),
                reason: "everybody may write to this folder".to_owned(),
            });
        }
    }
    Ok(())
}

/// Opens a file of the store for writing, made for this user only.
pub(crate) fn open_private(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(file_error(path))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::Permissions::from_mode(0o600);
        file.set_permissions(mode).map_err(file_error(path))?;
    }
    Ok(file)
}

/// Makes an empty file for this user only, or takes others' rights from the one that is there.
/// SQLite gives the files that it makes beside a database the database's mode.
pub(crate) fn make_private(path: &Path) -> Result<()> {
    open_private(path).map(drop)
}

/// Writes `text` to a file that is not there yet.
pub(crate) fn write_once(path: &Path, text: &str) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(mut file) => file
            .write_all(text.as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(file_error(path)),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(file_error(path)(error)),
    }
}
