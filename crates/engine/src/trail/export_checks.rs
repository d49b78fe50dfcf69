//! Checking an exported file against its manifest: the hash, the size and the number of rows, and
//! whether a store's trail says the same.
//!
//! In: a file with its manifest beside it. Out: a verdict. Not here: writing one (`exporting`).

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use assay_domain::checks::counted;
use assay_report::rows::count;

use crate::checks::thousands;
use crate::error::{Code, Result, WireError};
use crate::opening::Engine;
use crate::trail::exporting::manifest_of;
use crate::trail::exporting::view::{ExportCheck, ExportManifest, format};
use crate::writing;

/// The largest manifest that is read.
const MANIFEST: u64 = 1 << 20;

fn unread(path: &Path, why: impl std::fmt::Display) -> WireError {
    WireError::new(
        Code::BadInput,
        format!("can't read {}: {why}", path.display()),
    )
}

/// Checks the file at `path`; `engine` is the store whose trail is asked, where there is one.
///
/// # Errors
/// `bad_input` where the file or its manifest can't be read; a file that is another one is an answer.
pub fn check(path: &Path, engine: Option<&Engine>) -> Result<ExportCheck> {
    let beside = manifest_of(path);
    let mut text = String::new();
    File::open(&beside)
        .and_then(|file| file.take(MANIFEST).read_to_string(&mut text))
        .map_err(|error| {
            unread(&beside, error).hint("the manifest lies beside the file that it is of")
        })?;
    let manifest: ExportManifest =
        serde_json::from_str(&text).map_err(|error| unread(&beside, error))?;
    let mut file = File::open(path).map_err(|error| unread(path, error))?;
    let sha256 = writing::sha256_of(path, &mut file)?;
    let bytes = file.metadata().map_or(0, |metadata| metadata.len());
    let mut failures = Vec::new();
    if sha256 != manifest.sha256 {
        failures.push(format!(
            "The file's SHA-256 is {sha256}; the manifest says {}.",
            manifest.sha256
        ));
    }
    if bytes != manifest.bytes {
        failures.push(format!(
            "The file has {bytes} bytes; the manifest says {}.",
            manifest.bytes
        ));
    }
    file.rewind().map_err(|error| unread(path, error))?;
    let rows = match count(format(&manifest.format)?, BufReader::new(file)) {
        Ok(rows) => {
            if rows != manifest.rows {
                failures.push(format!(
                    "The file has {rows} rows; the manifest says {}.",
                    manifest.rows
                ));
            }
            rows
        }
        Err(error) => {
            failures.push(format!("The rows can't be counted: {error}."));
            0
        }
    };
    let in_trail = match engine {
        None => None,
        Some(engine) if engine.store().origin()? != manifest.log.origin => {
            failures.push("This store is of another log than the export.".to_owned());
            Some(false)
        }
        Some(engine) => {
            let found = engine
                .store()
                .own_activities("trail.exported", &manifest.sha256)?;
            let is_there = found
                .iter()
                .any(|record| record.seq == manifest.log.written_leaf);
            if !is_there {
                failures.push(format!(
                    "The trail of this store has no leaf #{} that says so.",
                    thousands(manifest.log.written_leaf)
                ));
            }
            Some(is_there)
        }
    };
    let says = match (failures.is_empty(), in_trail) {
        (false, _) => "It is not the file that was exported.".to_owned(),
        (true, Some(true)) => format!(
            "It is the file that was exported: {}, as the manifest and leaf #{} of the trail say.",
            counted(rows, "row"),
            thousands(manifest.log.written_leaf)
        ),
        (true, _) => format!(
            "It is the file that the manifest is of: {}. Whoever can change the one can change the other; the trail of the store `{}` says it as leaf #{}.",
            counted(rows, "row"),
            manifest.log.origin,
            thousands(manifest.log.written_leaf)
        ),
    };
    Ok(ExportCheck {
        ok: failures.is_empty(),
        says,
        sha256,
        rows,
        in_trail,
        failures,
        manifest,
    })
}
