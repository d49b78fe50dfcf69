//! The files that the sample's logs are written to, as their systems would lay them down.
//!
//! In: a path below the log folder and a record. Out: files, plain or gzip by their name, the same
//! bytes each time. One record is held at a time. Not here: what is in a record.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};
use serde::Serialize;

use crate::error::{Code, Result, WireError};

/// How records stand in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// One a line.
    Lines,
    /// CloudTrail's `{"Records":[…]}`.
    Records,
}

enum Out {
    Plain(BufWriter<File>),
    Gzip(Box<GzEncoder<BufWriter<File>>>),
}

impl Out {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        match self {
            Self::Plain(out) => out.write_all(bytes),
            Self::Gzip(out) => out.write_all(bytes),
        }
    }

    fn finish(self) -> std::io::Result<()> {
        match self {
            Self::Plain(mut out) => out.flush(),
            Self::Gzip(out) => out.finish()?.flush(),
        }
    }
}

struct LogFile {
    path: PathBuf,
    layout: Layout,
    out: Out,
    records: u64,
}

/// The log files that are being written.
pub(crate) struct LogFiles {
    folder: PathBuf,
    open: BTreeMap<String, LogFile>,
}

impl LogFiles {
    /// Files below `folder`.
    pub(crate) fn below(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            open: BTreeMap::new(),
        }
    }

    /// Adds a record to the file `name`.
    ///
    /// # Errors
    /// `file_unwritable`.
    pub(crate) fn add(
        &mut self,
        name: &str,
        layout: Layout,
        record: &impl Serialize,
    ) -> Result<()> {
        let line = serde_json::to_string(record)
            .map_err(|error| WireError::new(Code::Internal, error.to_string()))?;
        self.add_line(name, layout, &line)
    }

    /// Adds a line as it is, which may be broken.
    ///
    /// # Errors
    /// `file_unwritable`.
    pub(crate) fn add_line(&mut self, name: &str, layout: Layout, line: &str) -> Result<()> {
        let file = match self.open.get_mut(name) {
            Some(file) => file,
            None => {
                let file = create(&self.folder.join(name), layout)?;
                self.open.entry(name.to_owned()).or_insert(file)
            }
        };
        let before: &[u8] = match (file.layout, file.records) {
            (Layout::Records, 0) => b"{\"Records\":[",
            (Layout::Records, _) => b",",
            (Layout::Lines, _) => b"",
        };
        let after: &[u8] = if file.layout == Layout::Lines {
            b"\n"
        } else {
            b""
        };
        let written = file
            .out
            .write(before)
            .and_then(|()| file.out.write(line.as_bytes()))
            .and_then(|()| file.out.write(after));
        file.records += 1;
        written.map_err(|error| unwritable(&file.path, &error))
    }

    /// Closes the files.
    ///
    /// # Errors
    /// `file_unwritable`.
    pub(crate) fn finish(self) -> Result<()> {
        for (_, mut file) in self.open {
            let end: &[u8] = if file.layout == Layout::Records {
                b"]}"
            } else {
                b""
            };
            let ended = file.out.write(end).and_then(|()| file.out.finish());
            ended.map_err(|error| unwritable(&file.path, &error))?;
        }
        Ok(())
    }
}

fn create(path: &Path, layout: Layout) -> Result<LogFile> {
    let problem = |error: &std::io::Error| unwritable(path, error);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| problem(&error))?;
    }
    let out = BufWriter::with_capacity(
        64 << 10,
        File::create(path).map_err(|error| problem(&error))?,
    );
    let out = if path.extension().is_some_and(|extension| extension == "gz") {
        // No time and no system in the header: the same bytes on every machine.
        Out::Gzip(Box::new(
            GzBuilder::new()
                .mtime(0)
                .operating_system(255)
                .write(out, Compression::fast()),
        ))
    } else {
        Out::Plain(out)
    };
    Ok(LogFile {
        path: path.to_owned(),
        layout,
        out,
        records: 0,
    })
}

/// Writes a small file whole.
///
/// # Errors
/// `file_unwritable`.
pub(crate) fn write_small(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| unwritable(path, &error))?;
    }
    std::fs::write(path, text).map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, error: &std::io::Error) -> WireError {
    WireError::new(
        Code::FileUnwritable,
        format!("can't write {}: {error}", path.display()),
    )
    .hint("choose another place, or free some space")
}
