//! A leaf: the small record that the tree is built over, made once and stored as bytes.
//!
//! It holds a salted commitment to the payload and nothing that could name a person: no actor, no
//! event time, no free text. In: payload, salt, numbers. Out: the leaf's bytes, JSON with sorted
//! keys, strings and whole numbers only (a subset of RFC 8785). Not here: the payload itself.

use sha2::{Digest, Sha256};

/// Bytes of salt for each record.
pub const SALT_LEN: usize = 32;

/// What a leaf records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeafKind {
    /// The first leaf: pins the workspace.
    Genesis,
    ImportBegin,
    /// A call or an activity that a source recorded.
    Event,
    ImportEnd,
    SettingSnapshot,
    /// Masked text was shown in the original.
    Reveal,
    /// A deployment's definition or a policy was written.
    Definition,
    ReplayIntent,
    ReplayResult,
    Export,
    Waiver,
    /// A legal hold was set.
    HoldSet,
    HoldRelease,
    /// Records are about to be erased; the payload names them.
    EraseIntent,
    EraseDone,
    /// The computer's clock went back, or forward by itself.
    ClockJump,
    /// A store that had been rolled back was accepted as it is.
    Restore,
    /// The log's key was replaced; the payload holds the new verifier key.
    KeyRotate,
    /// A checkpoint was time-stamped or cosigned elsewhere.
    Anchor,
    /// A pack was verified.
    VerifyResult,
    /// The rule for how long text is kept was changed.
    Retention,
    /// A second person approved or refused.
    Approval,
    /// A dangerous action was refused.
    Denied,
    /// A person's verifier key was registered or revoked.
    PersonKey,
    /// What the rows of the store's tables are; the payload commits to the log of rows.
    Rows,
    /// A saved view was made, renamed or deleted.
    View,
    /// A note was written or withdrawn; the payload commits to its text.
    Note,
    /// A tag was put on a call or taken away; the payload commits to the word.
    Tag,
    /// A review sample was drawn, read, judged or closed.
    Review,
    /// The store was encrypted, decrypted or given another key.
    Encryption,
}

impl LeafKind {
    /// All of them.
    pub const ALL: [Self; 30] = [
        Self::Genesis,
        Self::ImportBegin,
        Self::Event,
        Self::ImportEnd,
        Self::SettingSnapshot,
        Self::Reveal,
        Self::Definition,
        Self::ReplayIntent,
        Self::ReplayResult,
        Self::Export,
        Self::Waiver,
        Self::HoldSet,
        Self::HoldRelease,
        Self::EraseIntent,
        Self::EraseDone,
        Self::ClockJump,
        Self::Restore,
        Self::KeyRotate,
        Self::Anchor,
        Self::VerifyResult,
        Self::Retention,
        Self::Approval,
        Self::Denied,
        Self::PersonKey,
        Self::Rows,
        Self::View,
        Self::Note,
        Self::Tag,
        Self::Review,
        Self::Encryption,
    ];

    /// The kind with this name in a leaf.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The name in the leaf.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Genesis => "genesis",
            Self::ImportBegin => "import.begin",
            Self::Event => "event",
            Self::ImportEnd => "import.end",
            Self::SettingSnapshot => "setting.snapshot",
            Self::Reveal => "reveal",
            Self::Definition => "definition",
            Self::ReplayIntent => "replay.intent",
            Self::ReplayResult => "replay.result",
            Self::Export => "export",
            Self::Waiver => "waiver",
            Self::HoldSet => "hold.set",
            Self::HoldRelease => "hold.release",
            Self::EraseIntent => "erase.intent",
            Self::EraseDone => "erase.done",
            Self::ClockJump => "clock.jump",
            Self::Restore => "restore",
            Self::KeyRotate => "key.rotate",
            Self::Anchor => "checkpoint.anchor",
            Self::VerifyResult => "verify.result",
            Self::Retention => "retention",
            Self::Approval => "approval",
            Self::Denied => "denied",
            Self::PersonKey => "person.key",
            Self::Rows => "rows",
            Self::View => "view",
            Self::Note => "note",
            Self::Tag => "tag",
            Self::Review => "review",
            Self::Encryption => "store.encryption",
        }
    }
}

/// The commitment to a payload: SHA-256 of the salt followed by the payload.
///
/// To check it by hand: `cat salt.bin raw.bin | sha256sum`.
pub fn commitment(salt: &[u8; SALT_LEN], payload: &[u8]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(salt);
    hasher.update(payload);
    hasher.finalize().into()
}

/// What stands in a leaf besides its commitment.
#[derive(Debug, Clone, Copy)]
pub struct LeafFields<'a> {
    pub kind: LeafKind,
    /// The import batch, or the workspace's id for what the workbench itself did.
    pub batch: &'a str,
    /// Length of the payload in bytes.
    pub length: u64,
    /// Bytes from the start of the (decompressed) source file; 0 for the workbench's own.
    pub offset: u64,
    /// The leaf's index in the tree.
    pub seq: u64,
    /// When this program recorded it: RFC 3339, UTC, milliseconds.
    pub recorded_at: &'a str,
}

/// The bytes of a leaf.
///
/// Events carry their commitment as `c`; the workbench's own records as `p`.
pub fn leaf_bytes(fields: &LeafFields<'_>, commitment: &[u8; 32]) -> Vec<u8> {
    let mut out = Vec::with_capacity(240);
    let mut digest = [0; 64];
    // 64 characters hold 32 bytes.
    let _ = hex::encode_to_slice(commitment, &mut digest);
    let LeafFields {
        kind,
        batch,
        length,
        offset,
        seq,
        recorded_at,
    } = fields;
    let is_event = *kind == LeafKind::Event;
    if is_event {
        put(&mut out, [b"{\"c\":\"", digest.as_slice(), b"\","]);
    } else {
        out.push(b'{');
    }
    put(&mut out, [b"\"id\":\"", batch.as_bytes(), b"\",\"k\":\""]);
    put(&mut out, [kind.name().as_bytes(), b"\",\"n\":"]);
    put_number(&mut out, *length);
    put(&mut out, [b",\"o\":"]);
    put_number(&mut out, *offset);
    if !is_event {
        put(&mut out, [b",\"p\":\"", digest.as_slice(), b"\""]);
    }
    put(&mut out, [b",\"q\":"]);
    put_number(&mut out, *seq);
    put(
        &mut out,
        [b",\"t\":\"", recorded_at.as_bytes(), b"\",\"v\":1}"],
    );
    out
}

fn put<const N: usize>(out: &mut Vec<u8>, parts: [&[u8]; N]) {
    for part in parts {
        out.extend_from_slice(part);
    }
}

/// The decimal digits of a number.
fn put_number(out: &mut Vec<u8>, mut number: u64) {
    let from = out.len();
    loop {
        out.push(b'0' + (number % 10) as u8);
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out[from..].reverse();
}

/// The commitment (hexadecimal) and the index that a leaf's bytes state, if they are a leaf's.
pub fn read_leaf(bytes: &[u8]) -> Option<(String, u64)> {
    let value: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    let digest = value
        .get("c")
        .or_else(|| value.get("p"))?
        .as_str()?
        .to_owned();
    let seq = value.get("q")?.as_u64()?;
    (digest.len() == 64).then_some((digest, seq))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leaf_is_sorted_json_without_personal_data() {
        let salt = [7_u8; SALT_LEN];
        let digest = commitment(&salt, b"{\"prompt\":\"hello\"}");
        let fields = LeafFields {
            kind: LeafKind::Event,
            batch: "b-1",
            length: 18,
            offset: 42,
            seq: 3,
            recorded_at: "2026-11-23T21:50:23.104Z",
        };
        let bytes = leaf_bytes(&fields, &digest);
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert_eq!(
            text,
            format!(
                "{{\"c\":\"{}\",\"id\":\"b-1\",\"k\":\"event\",\"n\":18,\"o\":42,\"q\":3,\"t\":\"2026-11-23T21:50:23.104Z\",\"v\":1}}",
                hex::encode(digest)
            )
        );
        assert_eq!(read_leaf(&bytes), Some((hex::encode(digest), 3)));
        let own = leaf_bytes(
            &LeafFields {
                kind: LeafKind::Reveal,
                ..fields
            },
            &digest,
        );
        let keys: Vec<String> = serde_json::from_slice::<serde_json::Map<_, _>>(&own)
            .unwrap()
            .keys()
            .cloned()
            .collect();
        assert_eq!(keys, ["id", "k", "n", "o", "p", "q", "t", "v"]);
    }
}
