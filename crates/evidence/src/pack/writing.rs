//! Writing a pack: record after record, so that memory does not grow with their bytes.
//!
//! In: the manifest, the files that are there before, and a source of records and leaf hashes. Out:
//! the zip file. Not here: choosing records.

use std::collections::BTreeMap;
use std::io::{Seek, Write};

use sha2::{Digest, Sha256};

use super::archive::{WriteError, Writer};
use super::facts::Manifest;
use super::layout::{self, folder, hash_lines, proof_text, sum_line};
use crate::signing::VerifierKey;
use crate::tree::Hash;

/// A record with what proves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackRecord {
    pub leaf: Vec<u8>,
    /// In the tree of the checkpoint.
    pub path: Vec<Hash>,
    /// Salt and bytes as received; `None` where they were erased, or are missing.
    pub body: Option<(Vec<u8>, Vec<u8>)>,
}

/// Where records and leaf hashes come from.
pub trait Source {
    /// What reading may fail with.
    type Error;

    /// The record at `seq`.
    ///
    /// # Errors
    /// Where it can't be read.
    fn record(&mut self, seq: u64) -> Result<PackRecord, Self::Error>;

    /// Some leaf hashes, at least one, from the leaf `from` on.
    ///
    /// # Errors
    /// Where they can't be read.
    fn leaf_hashes(&mut self, from: u64) -> Result<Vec<Hash>, Self::Error>;
}

/// What goes into a pack.
pub struct Pack<'a> {
    pub manifest: &'a Manifest,
    /// The signed note; for a log that is not signed its text and an empty line.
    pub checkpoint: &'a str,
    /// The key that signed it.
    pub key: Option<&'a VerifierKey>,
    /// Instructions, verifiers, reports, earlier checkpoints and what others say, by name.
    pub files: &'a BTreeMap<String, Vec<u8>>,
    /// By the size of an earlier checkpoint: the proof that the log continues it.
    pub consistency: &'a BTreeMap<u64, Vec<Hash>>,
    /// Numbers of records, in order; whether their bytes are there.
    pub records: &'a BTreeMap<u64, bool>,
}

/// Why a pack could not be written.
#[derive(Debug, thiserror::Error)]
pub enum PackError<E> {
    #[error("cannot write the evidence pack: {0}")]
    Write(#[from] WriteError),
    #[error("the bytes of record {0} came or went while the pack was written")]
    Changed(u64),
    #[error("the log has fewer leaves than the checkpoint says")]
    Short,
    #[error(transparent)]
    Source(E),
}

/// Bytes in a pack of which the hash is known once they were written.
struct Summed<'a, W> {
    out: &'a mut Writer<W>,
    sums: String,
}

impl<W: Write + Seek> Summed<'_, W> {
    fn add(&mut self, name: &str, content: &[u8]) -> Result<(), WriteError> {
        self.sums
            .push_str(&sum_line(name, &Sha256::digest(content).into()));
        self.out.add(name, content)
    }
}

/// Writes a pack to an empty file; answers its length in bytes. `done` hears of each record.
///
/// # Errors
/// [`PackError`]; what was written then is no pack.
pub fn write<W: Write + Seek, S: Source>(
    out: W,
    pack: &Pack<'_>,
    source: &mut S,
    mut done: impl FnMut(u64) -> Result<(), S::Error>,
) -> Result<u64, PackError<S::Error>> {
    let size = pack.manifest.checkpoint.size;
    let mut before: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut after: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut place = |name: String, content: Vec<u8>| {
        match name.as_str() < "records/" {
            true => before.insert(name, content),
            false => after.insert(name, content),
        };
    };
    for (name, content) in pack.files {
        place(name.clone(), content.clone());
    }
    place("checkpoint".to_owned(), pack.checkpoint.as_bytes().to_vec());
    place(
        "manifest.json".to_owned(),
        pack.manifest.text().into_bytes(),
    );
    if let Some(key) = pack.key {
        place("log.vkey".to_owned(), format!("{key}\n").into_bytes());
        place("log.pem".to_owned(), key.pem().into_bytes());
    }
    for (old, path) in pack.consistency {
        place(
            format!("old/{old}.consistency"),
            hash_lines(path).into_bytes(),
        );
    }
    let mut names: Vec<String> = before.keys().chain(after.keys()).cloned().collect();
    names.push("scope/leaf-hashes.bin".to_owned());
    let record_names = |seq: u64, has_body: bool| {
        let all = ["leaf.json", "proof.tlog-proof", "raw.bin", "salt.bin"];
        let there = if has_body { 4 } else { 2 };
        all.into_iter()
            .take(there)
            .map(move |file| format!("{}/{file}", folder(seq)))
    };
    let sums_length: usize = names.iter().map(String::len).sum::<usize>()
        + names.len() * 67
        + pack
            .records
            .iter()
            .flat_map(|(seq, has_body)| record_names(*seq, *has_body))
            .map(|name| name.len() + 67)
            .sum::<usize>();

    let mut writer = Writer::new(out);
    let mut before = before.into_iter().peekable();
    // Capital letters come first, and `HOWTO.txt` before `SHA256SUMS`.
    let mut summed = Summed {
        out: &mut writer,
        sums: String::new(),
    };
    while let Some((name, content)) = before.next_if(|(name, _)| name.as_str() < "SHA256SUMS") {
        summed.add(&name, &content)?;
    }
    let kept = summed.out.reserve("SHA256SUMS", sums_length as u64)?;
    for (name, content) in before {
        summed.add(&name, &content)?;
    }
    for (&seq, &has_body) in pack.records {
        let record = source.record(seq).map_err(PackError::Source)?;
        let folder = folder(seq);
        let proof = proof_text(seq, &record.path, pack.checkpoint);
        summed.add(&format!("{folder}/leaf.json"), &record.leaf)?;
        summed.add(&format!("{folder}/proof.tlog-proof"), proof.as_bytes())?;
        match (&record.body, has_body) {
            (Some((salt, raw)), true) => {
                summed.add(&format!("{folder}/raw.bin"), raw)?;
                summed.add(&format!("{folder}/salt.bin"), salt)?;
            }
            (None, false) => {}
            _ => return Err(PackError::Changed(seq)),
        }
        done(seq).map_err(PackError::Source)?;
    }
    let mut after = after.into_iter().peekable();
    let scope = "scope/leaf-hashes.bin";
    while let Some((name, content)) = after.next_if(|(name, _)| name.as_str() < scope) {
        summed.add(&name, &content)?;
    }
    let place = summed.out.reserve(scope, size * 32)?;
    summed.sums.push_str(&sum_line(
        scope,
        &scope_into(summed.out, place, size, source)?,
    ));
    for (name, content) in after {
        summed.add(&name, &content)?;
    }
    let sums = summed.sums;
    writer.fill(kept, sums.as_bytes())?;
    Ok(writer.finish()?)
}

/// Fills the place of the leaf hashes; answers their SHA-256.
fn scope_into<W: Write + Seek, S: Source>(
    writer: &mut Writer<W>,
    place: usize,
    size: u64,
    source: &mut S,
) -> Result<Hash, PackError<S::Error>> {
    let mut digest = Sha256::new();
    let mut filling = writer.filling(place)?;
    let mut from = 0;
    while from < size {
        let hashes = source.leaf_hashes(from).map_err(PackError::Source)?;
        let wanted = usize::try_from(size - from).unwrap_or(usize::MAX);
        let hashes = &hashes[..hashes.len().min(wanted)];
        if hashes.is_empty() {
            return Err(PackError::Short);
        }
        let bytes = hashes.concat();
        digest.update(&bytes);
        filling.write(&bytes)?;
        from += hashes.len() as u64;
    }
    filling.finish()?;
    Ok(digest.finalize().into())
}

/// The files that every pack has and whose hashes the export names, but for reports and earlier
/// checkpoints.
pub fn fixed_files(told: &layout::Told<'_>) -> BTreeMap<String, Vec<u8>> {
    BTreeMap::from([
        ("HOWTO.txt".to_owned(), layout::how_to(told).into_bytes()),
        (
            "verify.py".to_owned(),
            layout::VERIFY_PY.as_bytes().to_vec(),
        ),
        (
            "verify.html".to_owned(),
            layout::VERIFY_HTML.as_bytes().to_vec(),
        ),
    ])
}
