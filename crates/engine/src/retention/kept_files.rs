//! Files in the store's folder that hold text of records: packs and reports that were written there.
//!
//! In: what is looked for. Out: names below the store's folder. Only the folders in which this
//! program writes are looked at, since the store's folder may hold files of others. Not here: files
//! that were written elsewhere; nothing reaches them.

use std::fs::File;
use std::path::{Path, PathBuf};

use assay_evidence::archive;
use assay_store::erasure::Range;
use assay_store::open::Store;
use assay_store::subjects::{Needles, occurrences};

use crate::error::Result;
use crate::retention::view::FoundFile;
use crate::writing::FOLDERS;

/// The largest file that is searched.
const MAX_FILE: u64 = 1 << 30;
/// Files of the store itself.
const OF_THE_STORE: [&str; 5] = [
    "assay.db",
    "assay.db-wal",
    "assay.db-shm",
    "assay.cipher",
    "assay.lock",
];

/// Regular files of the folders in which this program writes, by their names below the store's.
fn written(store: &Path) -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    for folder in FOLDERS {
        let Ok(entries) = std::fs::read_dir(store.join(folder)) else {
            continue;
        };
        for entry in entries.flatten() {
            let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
            if let (true, Some(name)) = (is_file, entry.file_name().to_str()) {
                found.push((format!("{folder}/{name}"), entry.path()));
            }
        }
    }
    found.sort();
    found
}

/// Packs in the store's folder that hold a record of these ranges, which are in order.
pub(crate) fn packs_of(store: &Path, ranges: &[Range]) -> Vec<String> {
    if ranges.is_empty() {
        return Vec::new();
    }
    written(store)
        .into_iter()
        .filter(|(_, path)| holds_records(path, ranges))
        .map(|(name, _)| name)
        .collect()
}

fn holds_records(path: &Path, ranges: &[Range]) -> bool {
    let lies = |seq: u64| {
        let after = ranges.partition_point(|(from, _)| *from <= seq);
        after > 0 && ranges.get(after - 1).is_some_and(|(_, to)| seq < *to)
    };
    File::open(path)
        .ok()
        .and_then(archive::names)
        .is_some_and(|names| {
            names
                .iter()
                .filter_map(|name| archive::record_of(name))
                .any(lies)
        })
}

/// Files that hold an identifier or a record of these ranges, and files that can't be searched.
pub(crate) fn of_subject(
    store: &Path,
    needles: &Needles,
    forms: &[Vec<u8>],
    ranges: &[Range],
) -> Vec<FoundFile> {
    let mut found = Vec::new();
    for (name, path) in written(store) {
        let bytes = path.metadata().map_or(0, |metadata| metadata.len());
        let why = match searched(&path, bytes, needles, forms) {
            _ if holds_records(&path, ranges) => "holds",
            Some(true) => "holds",
            Some(false) => continue,
            None => "unsearchable",
        };
        found.push(FoundFile {
            name,
            bytes,
            why: why.to_owned(),
        });
    }
    found
}

/// Whether a file holds an identifier; `None` where that can't be told.
fn searched(path: &Path, bytes: u64, needles: &Needles, forms: &[Vec<u8>]) -> Option<bool> {
    if bytes > MAX_FILE {
        return None;
    }
    let content = std::fs::read(path).ok()?;
    if occurrences(&content, forms) > 0 {
        return Some(true);
    }
    if content.starts_with(b"PK") {
        return archive::any_member(&content, |member| needles.in_bytes(member));
    }
    // In a PDF text stands as numbers of glyphs, compressed.
    match content.starts_with(b"%PDF") {
        true => None,
        false => Some(needles.in_bytes(&content)),
    }
}

/// How often an identifier stands in the bytes of the store's own files: the database, its
/// write-ahead log, its keys. Of an encrypted store the pages are looked at as its key opens them;
/// `None` where it is too large for that.
///
/// # Errors
/// The store's.
pub(crate) fn in_the_store(store: &Store, forms: &[Vec<u8>]) -> Result<Option<u64>> {
    let pages = match store.key() {
        Some(_) => store.look_at_pages(|pages| occurrences(pages, forms))?,
        None => Some(0),
    };
    Ok(pages.map(|pages| pages + in_files(store.folder(), forms)))
}

fn in_files(store: &Path, forms: &[Vec<u8>]) -> u64 {
    let keys = std::fs::read_dir(store.join("keys"))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    OF_THE_STORE
        .iter()
        .map(|name| store.join(name))
        .chain(keys)
        .map(|path| in_file(&path, forms))
        .sum()
}

/// Counts in windows that overlap by the longest form, so that memory is bounded.
fn in_file(path: &Path, forms: &[Vec<u8>]) -> u64 {
    use std::io::Read;
    const WINDOW: usize = 8 << 20;
    let longest = forms.iter().map(Vec::len).max().unwrap_or(0);
    let Ok(mut file) = File::open(path) else {
        return 0;
    };
    let mut kept: Vec<u8> = Vec::new();
    let mut buffer = vec![0; WINDOW];
    let mut count = 0;
    while let Ok(read) = file.read(&mut buffer) {
        if read == 0 {
            break;
        }
        // What ends in the kept part was counted with the window before.
        let before = occurrences(&kept, forms);
        kept.extend_from_slice(&buffer[..read]);
        count += occurrences(&kept, forms) - before;
        let cut = kept.len().saturating_sub(longest.saturating_sub(1));
        kept.drain(..cut);
    }
    count
}
