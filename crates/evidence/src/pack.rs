//! The evidence pack: records, their leaves and proofs, the signed checkpoint and the keys in one
//! zip file, the same bytes every time.
//!
//! `archive` is the zip file, `layout` its files and their texts, `facts` what leaves and payloads
//! say, `writing` and `checking` the two ways through them. `verify.py` and `verify.html`, which
//! lie in every pack, check the same; a test holds the three to equal answers. Not here: which
//! records go in, who is asked before they do, where the file is put (the engine).

pub mod archive;
pub mod checking;
pub mod facts;
pub mod layout;
mod scope;
pub mod writing;

/// What a pack proves, a sentence each.
pub const PROVES: [&str; 4] = [
    "Each record in this pack has exactly the bytes that were committed to when it was recorded, \
     and stands at its stated place in the log.",
    "Nothing before the checkpoint was changed, removed, inserted or reordered since it was signed: \
     to anybody who knows the log's key, or holds an earlier checkpoint or pack of it.",
    "Every leaf of the log up to the checkpoint is accounted for: shown, withheld, or erased by a \
     leaf that says so.",
    "How many lines of each finished import were rejected, as its last leaf counted them.",
];

/// What a pack does not prove, a sentence each.
pub const DOES_NOT_PROVE: [&str; 5] = [
    "That the source told the truth, or that everything the source recorded was imported.",
    "That the records which are withheld do not matter: the query was run by whoever made the pack.",
    "Who holds the signing key. Compare its fingerprint with one that you got another way; a key \
     that is not compared proves only that one and the same key signed.",
    "Anything since the last checkpoint that somebody else vouches for, against whoever holds the \
     signing key: the key's owner can build another log and sign it anew.",
    "When something happened at the source: a leaf's time is the recording computer's clock.",
];
