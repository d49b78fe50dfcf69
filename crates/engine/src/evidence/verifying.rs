//! Checking an evidence pack: its file, what the reader knows of the log, and the verdict in words.
//!
//! Needs no store. Not here: what is checked (`assay-evidence`), the same with other people's tools
//! (`standard_tools`).

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use assay_evidence::pack::archive::Archive;
use assay_evidence::pack::checking::{Given, KeyStanding, PackCheck, PinnedKey, check};

use crate::checks::thousands;
use crate::error::{Code, Result, WireError};
use crate::evidence::packs::view::{PackImport, Verification};

/// The largest checkpoint that is read, bytes.
const MAX_NOTE: u64 = 1 << 20;

/// What the reader of a pack knows of the log from elsewhere.
#[derive(Debug, Clone, Default)]
pub struct Comparison {
    /// A fingerprint or a verifier key.
    pub key: Option<String>,
    /// A checkpoint, or an older pack.
    pub against: Option<PathBuf>,
}

fn unreadable(path: &Path) -> impl Fn(std::io::Error) -> WireError + '_ {
    move |error| {
        WireError::new(
            Code::BadInput,
            format!("can't read {}: {error}", path.display()),
        )
    }
}

/// Opens a file that is one: a pipe or a device may never end.
pub(crate) fn opened(path: &Path) -> Result<File> {
    let metadata = std::fs::metadata(path).map_err(unreadable(path))?;
    if !metadata.is_file() {
        return Err(WireError::new(
            Code::BadInput,
            format!("not a file: {}", path.display()),
        ));
    }
    File::open(path).map_err(unreadable(path))
}

fn held(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    opened(path)?
        .take(MAX_NOTE)
        .read_to_end(&mut bytes)
        .map_err(unreadable(path))?;
    if !bytes.starts_with(b"PK") {
        return Ok(bytes);
    }
    let unfit = |reason: String| {
        WireError::new(
            Code::BadInput,
            format!("no checkpoint in {}: {reason}", path.display()),
        )
        .hint("give a file that holds a checkpoint, or an evidence pack")
    };
    Archive::open(BufReader::new(opened(path)?))
        .and_then(|mut archive| archive.read("checkpoint", MAX_NOTE))
        .map_err(|error| unfit(error.to_string()))?
        .ok_or_else(|| unfit("it is a zip file without one".to_owned()))
}

fn given(comparison: &Comparison) -> Result<Given> {
    let key = match &comparison.key {
        None => None,
        Some(text) => Some(PinnedKey::read(text).ok_or_else(|| {
            WireError::new(
                Code::BadInput,
                "what was given as the key is neither a fingerprint nor a verifier key",
            )
            .hint("a fingerprint has 64 hexadecimal digits; a verifier key is NAME+NUMBER+KEY")
        })?),
    };
    Ok(Given {
        key,
        against: comparison.against.as_deref().map(held).transpose()?,
    })
}

/// Checks a pack by its path, without anything to compare it with.
///
/// # Errors
/// `bad_input` where the file can't be read.
pub fn verify_file(path: &Path) -> Result<Verification> {
    verify(path, &Comparison::default())
}

/// Checks a pack by its path.
///
/// # Errors
/// `bad_input` where a file can't be read, or the key is none.
pub fn verify(path: &Path, comparison: &Comparison) -> Result<Verification> {
    let given = given(comparison)?;
    let found = check(BufReader::new(opened(path)?), &given);
    Ok(shown(found))
}

fn records(found: &PackCheck) -> String {
    match found.counts.records {
        1 => "1 record".to_owned(),
        number => format!("{} records", thousands(number)),
    }
}

fn says(found: &PackCheck) -> String {
    if !found.holds() {
        return match found.failed {
            1 => "does not hold: 1 failure".to_owned(),
            failed => format!("does not hold: {} failures", thousands(failed)),
        };
    }
    let shown = format!(
        "{} of {} leaves",
        records(found),
        thousands(found.counts.in_scope)
    );
    match found.key {
        KeyStanding::Pinned => format!("holds, signed by the key that you know: {shown}"),
        KeyStanding::NotCompared => {
            format!("holds, by a key that you have not compared: {shown}")
        }
        KeyStanding::Unsigned => {
            format!("holds together, but nobody signed it: {shown}")
        }
    }
}

fn notes(found: &PackCheck) -> Vec<String> {
    let mut notes = found.notes.clone();
    if found.checkpoint.is_none() {
        return notes;
    }
    match found.key {
        KeyStanding::Pinned => {}
        KeyStanding::NotCompared => notes.push(
            "Compare the fingerprint of the log's first key with one that you got another way; until then this proves only that one key signed all of it."
                .to_owned(),
        ),
        KeyStanding::Unsigned => notes.push(
            "Without a signature whoever made the pack could have made another one just as well."
                .to_owned(),
        ),
    }
    for (size, name) in &found.cosigned {
        notes.push(format!(
            "The checkpoint of {} leaves is cosigned by {name}, whose key nobody compared.",
            thousands(*size)
        ));
    }
    for size in &found.stamped {
        notes.push(format!(
            "A time stamp of the checkpoint of {} leaves is in the pack. Its signature is checked by `openssl ts -verify`, not here.",
            thousands(*size)
        ));
    }
    if found.unfinished > 0 {
        notes.push(format!(
            "{} of the records' imports had not ended: how many lines those rejected is not known.",
            thousands(found.unfinished)
        ));
    }
    notes
}

fn shown(found: PackCheck) -> Verification {
    Verification {
        ok: found.holds(),
        key: found.key.name().to_owned(),
        says: says(&found),
        records: found.counts.records,
        counts: found.counts.into(),
        notes: notes(&found),
        imports: found
            .imports
            .iter()
            .map(|import| PackImport {
                batch: import.batch.clone(),
                end: import.end,
                lines: import.lines(),
                accepted: import.accepted,
                duplicates: import.duplicates,
                blank: import.blank,
                rejected: import.rejected,
            })
            .collect(),
        unfinished: found.unfinished,
        origin: found.checkpoint.as_ref().map(|now| now.origin.clone()),
        size: found.counts.in_scope,
        root: found.checkpoint.as_ref().map(|now| hex::encode(now.root)),
        first_fingerprint: found.first_key.as_ref().map(|key| key.fingerprint()),
        first_vkey: found.first_key.as_ref().map(ToString::to_string),
        query: found.query,
        made_at: found.made_at,
        continues: found.continues,
        failures: found.failures,
        failed: found.failed,
    }
}
