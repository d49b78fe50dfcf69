//! Paths that a person chose, known to the window by an opaque name only.
//!
//! The webview can never name a path: dialogs, drops and uploads register one here, and commands
//! take its handle. Not here: reading or writing the file.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use crate::error::{Code, Result, WireError};

/// A chosen file or folder, as the window sees it.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Chosen {
    pub handle: String,
    /// The last part of its name; for showing only.
    pub name: String,
    pub size_bytes: Option<u64>,
}

/// The paths chosen in this session.
#[derive(Default)]
pub struct Handles {
    paths: Mutex<HashMap<String, PathBuf>>,
}

impl Handles {
    /// Registers `path` and answers its handle.
    ///
    /// # Errors
    /// [`Code::Internal`] where the system gives no randomness.
    pub fn add(&self, path: &Path) -> Result<Chosen> {
        let mut random = [0_u8; 16];
        getrandom::fill(&mut random)
            .map_err(|error| WireError::new(Code::Internal, format!("no randomness: {error}")))?;
        let handle = hex::encode(random);
        let chosen = Chosen {
            handle: handle.clone(),
            name: path.file_name().map_or_else(
                || path.display().to_string(),
                |name| name.to_string_lossy().into_owned(),
            ),
            size_bytes: std::fs::metadata(path)
                .ok()
                .filter(std::fs::Metadata::is_file)
                .map(|metadata| metadata.len()),
        };
        self.paths
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(handle, path.to_owned());
        Ok(chosen)
    }

    /// The path behind `handle`.
    ///
    /// # Errors
    /// [`Code::BadInput`] where nobody chose it in this session.
    pub fn path(&self, handle: &str) -> Result<PathBuf> {
        self.paths
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(handle)
            .cloned()
            .ok_or_else(|| {
                WireError::new(Code::BadInput, "the file was not chosen in this session")
                    .hint("choose the file again")
            })
    }
}
