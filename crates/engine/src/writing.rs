//! Writing a file that a person asked for: whole or not at all.
//!
//! In: where it goes and its bytes. Out: the path. Not here: what the bytes are.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::error::{Code, Result, WireError};
use crate::opening::Engine;

/// Where to write: the chosen file, or `name` in a folder of the store.
pub(crate) fn target(engine: &Engine, handle: Option<&str>, folder: &str, name: &str) -> Result<PathBuf> {
    match handle {
        Some(handle) => engine.handles().path(handle),
        None => {
            let folder = engine.store().folder().join(folder);
            std::fs::create_dir_all(&folder).map_err(|error| unwritable(&folder, &error))?;
            Ok(folder.join(name))
        }
    }
}

/// Writes `bytes` beside `path`, then puts the file in its place.
///
/// # Errors
/// `file_unwritable`; what stood at `path` is then unchanged.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let Some(name) = name else {
        return Err(WireError::new(Code::FileUnwritable, format!("not a file's name: {}", path.display())));
    };
    if path.is_dir() {
        return Err(WireError::new(Code::FileUnwritable, format!("a folder stands there: {}", path.display())));
    }
    let part = path.with_file_name(format!(".{name}.part"));
    let written = std::fs::File::create(&part).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    if let Err(error) = written.and_then(|()| std::fs::rename(&part, path)) {
        let _ = std::fs::remove_file(&part);
        return Err(unwritable(path, &error));
    }
    Ok(())
}

fn unwritable(path: &Path, error: &std::io::Error) -> WireError {
    WireError::new(Code::FileUnwritable, format!("can't write {}: {error}", path.display()))
        .hint("choose another place, or free some space")
}
