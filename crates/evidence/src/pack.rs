//! The evidence pack: records, their leaves and proofs in one zip file, the same bytes every time.
//!
//! In: proofs of records in a tree of known size and root. Out: the file; or, for a file somebody
//! hands over, whether everything in it holds. It proves that each record stood in the tree with
//! that root; who vouches for the root is a matter of the report or checkpoint that names it.
//! Not here: signatures, time stamps.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::leaf::{SALT_LEN, commitment, read_leaf};
use crate::proof::verify;
use crate::tree::{Hash, leaf_hash};

/// What the pack proves, a sentence each.
pub const PROVES: [&str; 2] = [
    "Each record in this pack has exactly the bytes that were committed to when it was recorded.",
    "Each record stands at its stated place in the evidence tree with the stated size and root.",
];

/// What the pack does not prove, a sentence each.
pub const DOES_NOT_PROVE: [&str; 4] = [
    "That the source told the truth, or that everything the source recorded was imported.",
    "That no other record exists: records outside the query are not in this pack.",
    "Who wrote the root down, and when: this version does not sign it. Compare it with the root \
     printed in a report that was handed over earlier.",
    "Anything about records that were added after the stated size.",
];

/// The largest file that is read from a pack.
const MAX_ENTRY: u64 = 64 << 20;
/// The most files that a pack may hold.
const MAX_ENTRIES: usize = 400_000;

/// A record with its proof.
pub struct PackRecord {
    pub seq: u64,
    pub leaf: Vec<u8>,
    pub salt: Vec<u8>,
    pub raw: Vec<u8>,
    pub path: Vec<Hash>,
}

/// What is said about the pack as a whole.
pub struct PackHead<'a> {
    pub size: u64,
    pub root: Hash,
    /// The trail query whose records are in it.
    pub query: &'a str,
    /// RFC 3339, UTC.
    pub made_at: &'a str,
    /// Further files, by name: a report, a table.
    pub attachments: BTreeMap<String, Vec<u8>>,
}

/// Why a pack could not be written.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    #[error("cannot write the evidence pack: {0}")]
    Zip(#[from] zip::result::ZipError),
    #[error("cannot write the evidence pack: {0}")]
    Write(#[from] std::io::Error),
}

/// What checking a pack found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PackCheck {
    pub records: u64,
    /// A sentence each; empty where everything holds.
    pub failures: Vec<String>,
}

fn head_text(head: &PackHead<'_>, records: usize) -> String {
    format!(
        "size {}\nroot {}\nrecords {records}\nmade {}\nquery {}\n",
        head.size,
        hex::encode(head.root),
        head.made_at,
        head.query.replace(['\n', '\r'], " "),
    )
}

fn how_to() -> String {
    let mut text = String::from(
        "How to check this pack with tools that you have\n\
         ===============================================\n\n\
         1. Every file is what it was when the pack was made:\n\
         \x20  sha256sum -c SHA256SUMS\n\n\
         2. A record is the one that was committed to (c or p in leaf.json):\n\
         \x20  cat records/NUMBER/salt.bin records/NUMBER/raw.bin | sha256sum\n\n\
         3. The leaf's hash, with which the proof begins:\n\
         \x20  (printf '\\0'; cat records/NUMBER/leaf.json) | sha256sum\n\n\
         4. Each line of proof.txt is the hash of a neighbour, the leaf's side first; RFC 9162\n\
         \x20  section 2.1.3.2 says how they and the leaf's number (q) give the root in tree-head.txt.\n\n\
         5. The root is the one in the report that you were given earlier:\n\
         \x20  cat tree-head.txt\n\n\
         The records are the original ones and nothing in them is masked: keep this pack as you\n\
         would keep the logs that they come from.\n\n\
         What it proves\n--------------\n",
    );
    for sentence in PROVES {
        text.push_str(&format!("- {sentence}\n"));
    }
    text.push_str("\nWhat it does not prove\n----------------------\n");
    for sentence in DOES_NOT_PROVE {
        text.push_str(&format!("- {sentence}\n"));
    }
    text
}

/// Writes a pack: entries sorted by name, not compressed, dated 1980-01-01, so that the same
/// records give the same bytes.
///
/// # Errors
/// [`PackError`].
pub fn write(head: &PackHead<'_>, records: &[PackRecord]) -> Result<Vec<u8>, PackError> {
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for (name, bytes) in &head.attachments {
        files.insert(name.clone(), bytes.clone());
    }
    files.insert("HOWTO.txt".to_owned(), how_to().into_bytes());
    files.insert(
        "tree-head.txt".to_owned(),
        head_text(head, records.len()).into_bytes(),
    );
    for record in records {
        let folder = format!("records/{:09}", record.seq);
        let mut proof = String::new();
        for hash in &record.path {
            proof.push_str(&hex::encode(hash));
            proof.push('\n');
        }
        files.insert(format!("{folder}/leaf.json"), record.leaf.clone());
        files.insert(format!("{folder}/raw.bin"), record.raw.clone());
        files.insert(format!("{folder}/salt.bin"), record.salt.clone());
        files.insert(format!("{folder}/proof.txt"), proof.into_bytes());
    }
    let mut sums = String::new();
    for (name, bytes) in &files {
        sums.push_str(&format!("{}  {name}\n", hex::encode(Sha256::digest(bytes))));
    }
    files.insert("SHA256SUMS".to_owned(), sums.into_bytes());
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name, options)?;
        zip.write_all(&bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// Checks everything that a pack says of itself. Bad input is a failure in the answer.
pub fn check(bytes: &[u8]) -> PackCheck {
    let mut outcome = PackCheck::default();
    match read(bytes) {
        Ok(files) => check_files(&files, &mut outcome),
        Err(reason) => outcome.failures.push(reason),
    }
    outcome
}

fn read(bytes: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| format!("not a readable zip file: {error}"))?;
    if archive.len() > MAX_ENTRIES {
        return Err(format!("more than {MAX_ENTRIES} files"));
    }
    let mut files = BTreeMap::new();
    for index in 0..archive.len() {
        let mut entry = archive
            .by_index(index)
            .map_err(|error| format!("entry {index} can't be read: {error}"))?;
        let name = entry
            .name()
            .map_err(|error| format!("entry {index} has no readable name: {error}"))?
            .into_owned();
        let mut content = Vec::new();
        entry
            .by_ref()
            .take(MAX_ENTRY + 1)
            .read_to_end(&mut content)
            .map_err(|error| format!("`{name}` can't be read: {error}"))?;
        if content.len() as u64 > MAX_ENTRY {
            return Err(format!("`{name}` is larger than {MAX_ENTRY} bytes"));
        }
        if files.insert(name.clone(), content).is_some() {
            return Err(format!("`{name}` stands in it twice"));
        }
    }
    Ok(files)
}

fn hash(text: &str) -> Option<Hash> {
    hex::decode(text).ok()?.try_into().ok()
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
}

fn check_files(files: &BTreeMap<String, Vec<u8>>, outcome: &mut PackCheck) {
    check_sums(files, outcome);
    let head = files
        .get("tree-head.txt")
        .map(|bytes| String::from_utf8_lossy(bytes));
    let head = head.as_deref().unwrap_or_default();
    let (Some(size), Some(root)) = (
        field(head, "size").and_then(|text| text.parse::<u64>().ok()),
        field(head, "root").and_then(hash),
    ) else {
        outcome
            .failures
            .push("tree-head.txt is missing or does not name size and root".to_owned());
        return;
    };
    let folders: std::collections::BTreeSet<&str> = files
        .keys()
        .filter_map(|name| {
            name.strip_prefix("records/")?
                .split_once('/')
                .map(|(folder, _)| folder)
        })
        .collect();
    for folder in &folders {
        match check_record(files, folder, size, &root) {
            Ok(()) => outcome.records += 1,
            Err(reason) => outcome.failures.push(format!("record {folder}: {reason}")),
        }
    }
    let stated = field(head, "records").and_then(|text| text.parse::<usize>().ok());
    if stated != Some(folders.len()) {
        outcome.failures.push(format!(
            "tree-head.txt does not state the {} records that are here",
            folders.len()
        ));
    }
}

fn check_sums(files: &BTreeMap<String, Vec<u8>>, outcome: &mut PackCheck) {
    let Some(sums) = files.get("SHA256SUMS") else {
        outcome.failures.push("SHA256SUMS is missing".to_owned());
        return;
    };
    let mut expected = String::new();
    for (name, bytes) in files.iter().filter(|(name, _)| *name != "SHA256SUMS") {
        expected.push_str(&format!("{}  {name}\n", hex::encode(Sha256::digest(bytes))));
    }
    if expected.as_bytes() != sums.as_slice() {
        outcome
            .failures
            .push("SHA256SUMS does not match the files".to_owned());
    }
}

fn check_record(
    files: &BTreeMap<String, Vec<u8>>,
    folder: &str,
    size: u64,
    root: &Hash,
) -> Result<(), String> {
    let file = |name: &str| {
        files
            .get(&format!("records/{folder}/{name}"))
            .ok_or_else(|| format!("{name} is missing"))
    };
    let leaf = file("leaf.json")?;
    let (stated, seq) = read_leaf(leaf).ok_or("leaf.json can't be read")?;
    if format!("{seq:09}") != folder {
        return Err(format!("its leaf is number {seq}"));
    }
    let salt: [u8; SALT_LEN] = file("salt.bin")?
        .as_slice()
        .try_into()
        .map_err(|_| "salt.bin is not 32 bytes".to_owned())?;
    if hex::encode(commitment(&salt, file("raw.bin")?)) != stated {
        return Err("the bytes are not the ones that were committed to".to_owned());
    }
    let proof = String::from_utf8_lossy(file("proof.txt")?).into_owned();
    let path: Option<Vec<Hash>> = proof.lines().map(hash).collect();
    let path = path.ok_or("proof.txt can't be read")?;
    if verify(&leaf_hash(leaf), seq, size, &path, root) {
        Ok(())
    } else {
        Err("the proof does not lead to the root".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leaf::{LeafFields, LeafKind, leaf_bytes};
    use crate::tree::node_hash;

    fn pack() -> Vec<u8> {
        let salt = [3; SALT_LEN];
        let leaves: Vec<Vec<u8>> = (0..2)
            .map(|seq| {
                let fields = LeafFields {
                    kind: LeafKind::Event,
                    batch: "b",
                    length: 3,
                    offset: 0,
                    seq,
                    recorded_at: "2026-11-23T21:50:23.104Z",
                };
                leaf_bytes(&fields, &commitment(&salt, format!("r-{seq}").as_bytes()))
            })
            .collect();
        let hashes: Vec<Hash> = leaves.iter().map(|leaf| leaf_hash(leaf)).collect();
        let records: Vec<PackRecord> = (0..2_u64)
            .map(|seq| PackRecord {
                seq,
                leaf: leaves[seq as usize].clone(),
                salt: salt.to_vec(),
                raw: format!("r-{seq}").into_bytes(),
                path: vec![hashes[1 - seq as usize]],
            })
            .collect();
        let head = PackHead {
            size: 2,
            root: node_hash(&hashes[0], &hashes[1]),
            query: "kind:bedrock",
            made_at: "2026-11-24T00:00:00.000Z",
            attachments: BTreeMap::new(),
        };
        write(&head, &records).unwrap()
    }

    #[test]
    fn a_pack_holds_and_is_the_same_every_time() {
        let bytes = pack();
        assert_eq!(bytes, pack());
        assert_eq!(
            check(&bytes),
            PackCheck {
                records: 2,
                failures: vec![]
            }
        );
    }

    #[test]
    fn any_changed_byte_of_a_file_is_found() {
        let bytes = pack();
        let good = read(&bytes).unwrap();
        for (name, content) in &good {
            for index in (0..content.len()).step_by(7) {
                let mut files = good.clone();
                files.get_mut(name).unwrap()[index] ^= 1;
                let mut outcome = PackCheck::default();
                check_files(&files, &mut outcome);
                assert!(!outcome.failures.is_empty(), "{name} at {index}");
            }
            let mut files = good.clone();
            files.remove(name);
            let mut outcome = PackCheck::default();
            check_files(&files, &mut outcome);
            assert!(!outcome.failures.is_empty(), "{name} removed");
        }
    }

    #[test]
    fn what_is_no_pack_is_a_failure_and_not_a_panic() {
        assert!(!check(b"").failures.is_empty());
        assert!(!check(&pack()[..100]).failures.is_empty());
    }
}
