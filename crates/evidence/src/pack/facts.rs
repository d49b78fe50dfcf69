//! What the leaves and payloads in a pack say, and the manifest that follows from them.
//!
//! In: bytes of leaves and of the workbench's own payloads. Out: their fields; the manifest, which
//! has one form only, so that a verifier writes it anew and compares. Not here: hashes, proofs.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::layout::FORMAT;
use crate::checkpoint::Checkpoint;

/// The kind of leaves that sources recorded: the records that a query is about.
pub const EVENT: &str = "event";
/// The kinds of leaves that a pack holds besides, since they explain it.
pub const SUPPORTING: [&str; 4] = ["key.rotate", "import.end", "erase.intent", "export"];
/// What the payload of a pack's export calls itself.
pub const EXPORT_ACTION: &str = "evidence.pack";

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<&String, &Value> = fields.iter().collect();
            Value::Object(
                fields
                    .into_iter()
                    .map(|(name, value)| (name.clone(), sorted(value)))
                    .collect(),
            )
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

/// The largest number that every reader of JSON keeps.
const MAX_NUMBER: u64 = (1 << 53) - 1;

fn has_unfit_numbers(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.as_u64().is_none_or(|number| number > MAX_NUMBER),
        Value::Array(items) => items.iter().any(has_unfit_numbers),
        Value::Object(fields) => fields.values().any(has_unfit_numbers),
        _ => false,
    }
}

/// JSON without spaces, with sorted keys and whole numbers only.
pub fn one_line(value: &Value) -> String {
    sorted(value).to_string()
}

/// Reads JSON in the form of [`one_line`], and in no other.
fn strict(bytes: &[u8]) -> Option<Map<String, Value>> {
    let value: Value = serde_json::from_slice(bytes).ok()?;
    if has_unfit_numbers(&value) || one_line(&value).as_bytes() != bytes {
        return None;
    }
    match value {
        Value::Object(fields) => Some(fields),
        _ => None,
    }
}

/// What a leaf says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeafFacts {
    pub kind: String,
    pub seq: u64,
    /// The import, or the workspace for what the workbench itself did.
    pub batch: String,
    /// Hexadecimal.
    pub commitment: String,
    /// Bytes of the payload.
    pub length: u64,
}

/// Reads a leaf; `None` where it is not exactly as leaves are written.
pub fn read_leaf(bytes: &[u8]) -> Option<LeafFacts> {
    let fields = strict(bytes)?;
    let text = |name: &str| Some(fields.get(name)?.as_str()?.to_owned());
    let number = |name: &str| fields.get(name)?.as_u64();
    let kind = text("k")?;
    let commitment = text(if kind == EVENT { "c" } else { "p" })?;
    let is_hash = commitment.len() == 64
        && commitment
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    if fields.len() != 8 || !is_hash || number("v")? != 1 {
        return None;
    }
    text("t")?;
    number("o")?;
    Some(LeafFacts {
        kind,
        seq: number("q")?,
        batch: text("id")?,
        commitment,
        length: number("n")?,
    })
}

/// What a finished import counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportCounts {
    /// The leaf that says so.
    pub end: u64,
    pub batch: String,
    pub accepted: u64,
    pub duplicates: u64,
    pub blank: u64,
    pub rejected: u64,
}

impl ImportCounts {
    /// Reads the payload of a leaf `import.end`.
    pub fn read(end: u64, payload: &[u8]) -> Option<Self> {
        let fields = strict(payload)?;
        let number = |name: &str| fields.get(name)?.as_u64();
        Some(Self {
            end,
            batch: fields.get("batch")?.as_str()?.to_owned(),
            accepted: number("accepted")?,
            duplicates: number("duplicates")?,
            blank: number("blank")?,
            rejected: number("rejected")?,
        })
    }

    /// Lines or records of the file in all.
    pub fn lines(&self) -> u64 {
        [self.accepted, self.duplicates, self.blank, self.rejected]
            .into_iter()
            .fold(0, u64::saturating_add)
    }
}

/// The verifier key in the payload of a leaf `key.rotate`, and how many there were with it.
pub fn read_key(payload: &[u8]) -> Option<(u64, String)> {
    let fields = strict(payload)?;
    Some((
        fields.get("number")?.as_u64()?,
        fields.get("vkey")?.as_str()?.to_owned(),
    ))
}

/// The ranges in the payload of a leaf `erase.intent`.
pub fn read_erased(payload: &[u8]) -> Option<Vec<(u64, u64)>> {
    strict(payload)?
        .get("seqs")?
        .as_array()?
        .iter()
        .map(|range| match range.as_array()?.as_slice() {
            [from, to] => Some((from.as_u64()?, to.as_u64()?)),
            _ => None,
        })
        .collect()
}

/// What the export of a pack says: when, of which query, with which files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// RFC 3339.
    pub at: String,
    pub query: String,
    /// SHA-256 by name, hexadecimal.
    pub files: BTreeMap<String, String>,
}

impl Export {
    /// The payload of the leaf `export`; `by` is who made the pack, `approval` the id of the
    /// approval that let it be made, where one was needed.
    pub fn payload(&self, by: &str, approval: Option<&str>) -> String {
        one_line(&json!({
            "action": EXPORT_ACTION,
            "approval": approval,
            "at": self.at,
            "by": by,
            "files": self.files,
            "query": self.query,
        }))
    }

    /// Reads such a payload.
    pub fn read(payload: &[u8]) -> Option<Self> {
        let fields = strict(payload)?;
        let text = |name: &str| Some(fields.get(name)?.as_str()?.to_owned());
        if text("action")? != EXPORT_ACTION {
            return None;
        }
        Some(Self {
            at: text("at")?,
            query: text("query")?,
            files: fields
                .get("files")?
                .as_object()?
                .iter()
                .map(|(name, digest)| Some((name.clone(), digest.as_str()?.to_owned())))
                .collect::<Option<_>>()?,
        })
    }
}

/// A range of leaves that were erased, and the leaf that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Erased {
    pub from: u64,
    /// The first that was not.
    pub to: u64,
    pub by: u64,
}

/// How the leaves up to the checkpoint are accounted for. All but `rejected` and
/// `records_erased` add up: `in_scope = records + supporting + withheld + erased + missing`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Leaves of the log.
    pub in_scope: u64,
    /// Records of sources, in full.
    pub records: u64,
    /// The workbench's own, which explain the others: keys, ends of imports, erasures, the export.
    pub supporting: u64,
    /// Not in this pack.
    pub withheld: u64,
    /// Erased, in the pack or not.
    pub erased: u64,
    /// Their bytes are not here and nothing says why. Any of them is a failure.
    pub missing: u64,
    /// Of the erased ones: those that the query asks for.
    pub records_erased: u64,
    /// Lines that no parser accepted, in the imports that ended: they are in no leaf.
    pub rejected: u64,
}

impl Counts {
    /// All leaves of which the bytes are here.
    pub fn shown(&self) -> u64 {
        self.records + self.supporting
    }
}

/// Everything that the manifest states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    pub checkpoint: Checkpoint,
    pub is_signed: bool,
    pub counts: Counts,
    /// In order, not overlapping.
    pub erased: Vec<Erased>,
    /// The leaf of the export; `None` where it is not below the checkpoint.
    pub export: Option<u64>,
    /// By their last leaf.
    pub imports: Vec<ImportCounts>,
    /// Leaf and verifier key, in the order of use.
    pub keys: Vec<(u64, String)>,
    /// Imports of records in the pack that had not ended.
    pub unfinished: BTreeSet<String>,
    pub made_at: String,
    pub query: String,
}

impl Manifest {
    /// `manifest.json`.
    pub fn text(&self) -> String {
        let counts = &self.counts;
        let value = json!({
            "checkpoint": {
                "origin": self.checkpoint.origin,
                "root": hex::encode(self.checkpoint.root),
                "size": self.checkpoint.size,
            },
            "counts": {
                "erased": counts.erased,
                "in_scope": counts.in_scope,
                "missing": counts.missing,
                "records": counts.records,
                "records_erased": counts.records_erased,
                "rejected": counts.rejected,
                "shown": counts.shown(),
                "supporting": counts.supporting,
                "withheld": counts.withheld,
            },
            "erased": self.erased.iter().map(|range| json!({
                "by": range.by, "from": range.from, "to": range.to,
            })).collect::<Vec<_>>(),
            "export": self.export,
            "format": FORMAT,
            "imports": self.imports.iter().map(|import| json!({
                "accepted": import.accepted,
                "batch": import.batch,
                "blank": import.blank,
                "duplicates": import.duplicates,
                "end": import.end,
                "lines": import.lines(),
                "rejected": import.rejected,
            })).collect::<Vec<_>>(),
            "keys": self.keys.iter().map(|(seq, vkey)| json!({
                "seq": seq, "vkey": vkey,
            })).collect::<Vec<_>>(),
            "made_at": self.made_at,
            "query": self.query,
            "signed": self.is_signed,
            "unfinished": self.unfinished,
        });
        let mut text = serde_json::to_string_pretty(&sorted(&value)).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// The query and the time that a manifest states, for a pack whose export is no leaf of it.
pub fn read_stated(manifest: &[u8]) -> Option<(String, String)> {
    let value: Value = serde_json::from_slice(manifest).ok()?;
    let text = |name: &str| Some(value.get(name)?.as_str()?.to_owned());
    Some((text("query")?, text("made_at")?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leaf::{LeafFields, LeafKind, leaf_bytes};

    #[test]
    fn a_leaf_is_read_in_one_form_only() {
        let fields = LeafFields {
            kind: LeafKind::Event,
            batch: "b",
            length: 3,
            offset: 0,
            seq: 7,
            recorded_at: "2026-11-23T21:50:23.104Z",
        };
        let bytes = leaf_bytes(&fields, &[1; 32]);
        let facts = read_leaf(&bytes).unwrap();
        assert_eq!(
            (facts.kind.as_str(), facts.seq, facts.length),
            ("event", 7, 3)
        );
        let text = String::from_utf8(bytes).unwrap();
        for wrong in [
            text.replace("\"q\":7", "\"q\":7.0"),
            text.replace("\"q\":7", "\"q\": 7"),
            text.replace("\"q\":7", "\"q\":8,\"q\":7"),
            text.replace("\"v\":1", "\"v\":2"),
            text.replace("\"c\":", "\"p\":"),
            format!("{text}\n"),
            "[]".to_owned(),
        ] {
            assert_eq!(read_leaf(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn an_export_is_read_as_it_was_written() {
        let export = Export {
            at: "2026-11-24T00:00:00.000Z".to_owned(),
            query: "model:\"é\"".to_owned(),
            files: BTreeMap::from([("HOWTO.txt".to_owned(), "00".to_owned())]),
        };
        assert_eq!(
            Export::read(export.payload("ada", None).as_bytes()),
            Some(export)
        );
        assert_eq!(Export::read(b"{\"action\":\"trail.export\"}"), None);
    }
}
