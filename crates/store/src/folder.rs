//! Folders whose entries outlive a power loss.
//!
//! A file's name is in its folder and a folder's in the one above; neither is on disk because the
//! file is. In: paths. Out: nothing. Not here: what is in the files.

use std::fs::{DirBuilder, File};
use std::io::Result;
use std::path::Path;

/// Waits until what was made, renamed or removed in `folder` is on disk.
///
/// # Errors
/// Where the folder can't be opened or synced.
pub fn sync(folder: &Path) -> Result<()> {
    let folder = match folder.as_os_str().is_empty() {
        true => Path::new("."),
        false => folder,
    };
    // Windows writes entries through, and opens no folder as a file.
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Waits until what was made, renamed or removed at `path` is on disk, as an entry of its folder.
///
/// # Errors
/// As [`sync`].
pub fn sync_entry(path: &Path) -> Result<()> {
    sync(path.parent().unwrap_or(Path::new("")))
}

/// Makes `folder` and those above it where they are missing, for this user only, and waits until they
/// are on disk.
///
/// # Errors
/// Where one can't be made or synced.
pub fn make(folder: &Path) -> Result<()> {
    let missing: Vec<&Path> = folder
        .ancestors()
        .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists())
        .collect();
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    missing
        .iter()
        .filter_map(|folder| folder.parent())
        .try_for_each(sync)
}
