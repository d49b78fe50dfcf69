//! The files of a pack, and the texts among them.
//!
//! In: names, hashes, checkpoints. Out: texts, and whether a name may stand in a pack. Not here:
//! what is in the records.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::{DOES_NOT_PROVE, PROVES};
use crate::tree::Hash;

/// Which version of this layout a pack has.
pub const FORMAT: &str = "assay-evidence-pack@v2";
/// The small verifier for Python's standard library and `openssl`.
pub const VERIFY_PY: &str = include_str!("../../assets/verify.py");
/// The verifier for a browser.
pub const VERIFY_HTML: &str = include_str!("../../assets/verify.html");
/// The first line of a proof: <https://c2sp.org/tlog-proof>.
const PROOF_HEADER: &str = "c2sp.org/tlog-proof@v1\n";
/// The endings of a report's file name.
pub const REPORTS: [&str; 4] = ["csv", "json", "pdf", "xlsx"];

/// The folder of the record at `seq`.
pub fn folder(seq: u64) -> String {
    format!("records/{seq:09}")
}

fn number(text: &str) -> Option<u64> {
    let read: u64 = text.parse().ok()?;
    (read.to_string() == text).then_some(read)
}

/// What a file of a pack is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// `SHA256SUMS`.
    Sums,
    /// `checkpoint`, keys, `manifest.json`, `scope/leaf-hashes.bin`, consistency proofs: what
    /// follows from the log, or is signed.
    Derived,
    /// The size of a doubly signed checkpoint.
    KeyCheckpoint(u64),
    /// The size of an earlier checkpoint.
    OldCheckpoint(u64),
    /// Instructions, verifiers, reports, what others say of earlier checkpoints: the leaf of the
    /// export names their hashes.
    Named,
    /// A file of the record with this number.
    Record(u64),
}

/// What the file `name` is; `None` where no pack has such a file.
pub fn part(name: &str) -> Option<Part> {
    if let Some(rest) = name.strip_prefix("records/") {
        let (digits, file) = rest.split_once('/')?;
        let seq: u64 = digits.parse().ok()?;
        let is_known = matches!(
            file,
            "leaf.json" | "proof.tlog-proof" | "raw.bin" | "salt.bin"
        );
        return (is_known && format!("{seq:09}") == digits).then_some(Part::Record(seq));
    }
    if let Some(rest) = name.strip_prefix("old/") {
        let (size, file) = rest.split_once('.')?;
        let size = number(size)?;
        return match file {
            "checkpoint" => Some(Part::OldCheckpoint(size)),
            "consistency" => Some(Part::Derived),
            "cosigned" | "tsa-chain.pem" | "tsr" | "witness" => Some(Part::Named),
            _ => None,
        };
    }
    if let Some(rest) = name.strip_prefix("keys/") {
        let size = number(rest.strip_suffix(".checkpoint")?)?;
        return Some(Part::KeyCheckpoint(size));
    }
    if let Some(ending) = name.strip_prefix("report.") {
        return REPORTS.contains(&ending).then_some(Part::Named);
    }
    match name {
        "SHA256SUMS" => Some(Part::Sums),
        "HOWTO.txt" | "verify.html" | "verify.py" => Some(Part::Named),
        "checkpoint"
        | "checkpoint.cosigned"
        | "checkpoint.tsr"
        | "checkpoint.witness"
        | "log.pem"
        | "log.vkey"
        | "manifest.json"
        | "scope/leaf-hashes.bin"
        | "tsa-chain.pem" => Some(Part::Derived),
        _ => None,
    }
}

/// Whether the leaf of the export names the hash of this file.
pub fn is_named(part: &Part) -> bool {
    matches!(
        part,
        Part::Named | Part::KeyCheckpoint(_) | Part::OldCheckpoint(_)
    )
}

/// A line of `SHA256SUMS`.
pub fn sum_line(name: &str, digest: &Hash) -> String {
    format!("{}  {name}\n", hex::encode(digest))
}

/// Hashes as lines of base64: a consistency proof.
pub fn hash_lines(hashes: &[Hash]) -> String {
    let mut text = String::new();
    for hash in hashes {
        text.push_str(&BASE64_STANDARD.encode(hash));
        text.push('\n');
    }
    text
}

/// Reads what [`hash_lines`] writes, and nothing else.
pub fn read_hash_lines(text: &str) -> Option<Vec<Hash>> {
    let lines = match text {
        "" => return Some(Vec::new()),
        _ => text.strip_suffix('\n')?,
    };
    lines
        .split('\n')
        .map(|line| BASE64_STANDARD.decode(line).ok()?.try_into().ok())
        .collect()
}

/// The proof that a leaf stands at `index` under `checkpoint`, which is a signed note.
pub fn proof_text(index: u64, path: &[Hash], checkpoint: &str) -> String {
    format!(
        "{PROOF_HEADER}index {index}\n{}\n{checkpoint}",
        hash_lines(path)
    )
}

/// The path in a proof at `index` under `checkpoint`, where the text is exactly that.
pub fn read_proof(text: &str, index: u64, checkpoint: &str) -> Option<Vec<Hash>> {
    let rest = text.strip_prefix(PROOF_HEADER)?;
    let rest = rest.strip_prefix(&format!("index {index}\n"))?;
    let lines = rest.strip_suffix(checkpoint)?.strip_suffix('\n')?;
    read_hash_lines(lines)
}

/// The command that checks the time stamp of a checkpoint's file, by certificates in another.
pub fn stamped(checkpoint: &str, chain: &str) -> String {
    let stamp = checkpoint.strip_suffix(".checkpoint").unwrap_or(checkpoint);
    format!("openssl ts -verify -data {checkpoint} -in {stamp}.tsr -CAfile {chain}")
}

/// A command of the instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToolCommand {
    /// What it shows.
    pub shows: &'static str,
    /// For a POSIX shell, in the folder that the pack was unpacked to. Nothing that stands in the
    /// pack becomes a part of a command.
    pub command: &'static str,
    /// The program that it needs.
    pub tool: &'static str,
    /// Whether it has something to check in a signed pack only.
    pub needs_key: bool,
}

/// The commands of the instructions, in order.
pub const TOOL_COMMANDS: [ToolCommand; 5] = [
    ToolCommand {
        shows: "No file was changed or lost since the pack was made.",
        command: "sha256sum -c --quiet SHA256SUMS",
        tool: "sha256sum",
        needs_key: false,
    },
    ToolCommand {
        shows: "The key in log.pem signed the checkpoint.",
        command: "t=$(mktemp -d); sed '/^$/,$d' checkpoint > $t/body; tail -n 1 checkpoint | cut -d ' ' -f 3 | base64 -d | tail -c 64 > $t/sig; openssl pkeyutl -verify -rawin -pubin -inkey log.pem -in $t/body -sigfile $t/sig; e=$?; rm -r $t; (exit $e)",
        tool: "openssl",
        needs_key: true,
    },
    ToolCommand {
        shows: "The fingerprint of that key, to be compared with the one that you were given.",
        command: "openssl pkey -pubin -in log.pem -outform DER | tail -c 32 | sha256sum",
        tool: "openssl",
        needs_key: true,
    },
    ToolCommand {
        shows: "A record is the one that was committed to: its hash is c or p in leaf.json. Here the first one that is not erased; any will do.",
        command: "d=$(dirname $(ls records/*/raw.bin | head -n 1)); c=$(cat $d/salt.bin $d/raw.bin | sha256sum | cut -c 1-64); echo $d $c; grep -q $c $d/leaf.json",
        tool: "sha256sum",
        needs_key: false,
    },
    ToolCommand {
        shows: "All of it at once: signature, keys, every record and its proof, every count. Read verify.py first.",
        command: "python3 -I verify.py",
        tool: "python3",
        needs_key: false,
    },
];

/// Which files the instructions have to speak of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Told<'a> {
    /// Whether the log signs.
    pub is_signed: bool,
    /// The sizes of earlier checkpoints that a time-stamping authority vouched for.
    pub stamped: &'a [u64],
    /// Whether the checkpoint itself is time-stamped.
    pub is_stamped: bool,
}

/// `HOWTO.txt`.
pub fn how_to(told: &Told<'_>) -> String {
    let mut text = String::from(
        "How to check this pack with tools that you have\n\
         ===============================================\n\n\
         Unpack it, open a terminal in its folder, and run these commands. Each one has to end\n\
         without an error. They need sha256sum, openssl 3 and Python 3, and no network.\n\
         Without any of them: open verify.html in a browser and choose the zip file.\n",
    );
    if !told.is_signed {
        text.push_str(
            "\nTHIS PACK IS NOT SIGNED. Commands 2 and 3 have nothing to check: nobody vouches for the\n\
             checkpoint, and whoever made the pack could have made another one just as well.\n",
        );
    }
    for (number, ToolCommand { shows, command, .. }) in (1..).zip(TOOL_COMMANDS) {
        text.push_str(&format!("\n{number}. {shows}\n   {command}\n"));
    }
    let mut stamps: Vec<String> = told
        .stamped
        .iter()
        .map(|size| {
            stamped(
                &format!("old/{size}.checkpoint"),
                &format!("old/{size}.tsa-chain.pem"),
            )
        })
        .collect();
    if told.is_stamped {
        stamps.push(stamped("checkpoint", "tsa-chain.pem"));
    }
    if !stamps.is_empty() {
        text.push_str(
            "\nA time-stamping authority vouches for a checkpoint; this asks whether its signature holds:\n",
        );
        for command in stamps {
            text.push_str(&format!("   {command}\n"));
        }
    }
    text.push_str(
        "\nIf you hold an earlier checkpoint or pack of this log, verify.py compares it:\n\
         \x20  python3 -I verify.py --against FILE --key 'FINGERPRINT'\n\n\
         The records are the original ones and nothing in them is masked: keep this pack as you\n\
         would keep the logs that they come from.\n\n\
         What is in it\n-------------\n\
         checkpoint              how many leaves the log has, and the root of its Merkle tree (RFC 9162),\n\
         \x20                       as a signed note (c2sp.org/signed-note, c2sp.org/tlog-checkpoint)\n\
         log.vkey, log.pem       the key that signed it, twice\n\
         keys/                   checkpoints that an old key and its successor signed\n\
         old/                    earlier checkpoints, the proofs that this log continues them, and what\n\
         \x20                       others say of them\n\
         records/NUMBER/         leaf.json: what was committed to. raw.bin: the record as received.\n\
         \x20                       salt.bin: the commitment's salt. proof.tlog-proof: its place in the log.\n\
         \x20                       Without raw.bin the record was erased.\n\
         scope/leaf-hashes.bin   the hash of every leaf, 32 bytes each, in order\n\
         manifest.json           the query, who is counted how; all of it follows from the other files\n\n\
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_one_form() {
        for name in [
            "records/000000007/raw.bin",
            "records/1234567890/leaf.json",
            "old/7.checkpoint",
            "keys/12.checkpoint",
            "report.pdf",
            "SHA256SUMS",
        ] {
            assert!(part(name).is_some(), "{name}");
        }
        for name in [
            "records/7/raw.bin",
            "records/000000007/raw.txt",
            "records/+00000007/raw.bin",
            "records/000000007/../raw.bin",
            "/etc/passwd",
            "../checkpoint",
            "old/07.checkpoint",
            "old/7.exe",
            "keys/.checkpoint",
            "report.exe",
            "Checkpoint",
            "",
        ] {
            assert_eq!(part(name), None, "{name}");
        }
    }

    #[test]
    fn a_proof_is_read_as_it_was_written_and_no_other_way() {
        let note = "origin\n2\nAAAA\n\n— origin AAAA\n";
        for path in [vec![], vec![[1; 32]], vec![[1; 32], [2; 32]]] {
            let text = proof_text(7, &path, note);
            assert_eq!(read_proof(&text, 7, note), Some(path));
            assert_eq!(read_proof(&text, 8, note), None);
            assert_eq!(read_proof(&text, 7, "other\n"), None);
            assert_eq!(read_proof(&text.replace("@v1", "@v2"), 7, note), None);
            assert_eq!(read_proof(&text.replacen('\n', "\n\n", 2), 7, note), None);
        }
    }
}
