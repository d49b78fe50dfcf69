//! Checkpoints: the tree's size and root, written down so that a key can sign them, in the form
//! of <https://c2sp.org/tlog-checkpoint>.
//!
//! In: origin, size, root. Out: the text, or a signed note. Not here: when one is made.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::note::Note;
use crate::signing::{SigningKey, VerifierKey};
use crate::tree::Hash;

/// The state of a tree: of which log, how many leaves, and their root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Names the log; also the name of its key.
    pub origin: String,
    /// Leaves.
    pub size: u64,
    pub root: Hash,
}

/// Why a text is no checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    #[error("not a checkpoint: three lines with the origin, the size and the root in base64")]
    Form,
    #[error("the checkpoint is not signed by the key {0}")]
    Unsigned(String),
    #[error("the checkpoint is of another log: {0}")]
    Origin(String),
}

/// The origin of the log of a workspace.
pub fn origin(workspace: &str) -> String {
    format!("assay.local/{workspace}")
}

impl Checkpoint {
    /// The three lines that are signed.
    pub fn text(&self) -> String {
        format!(
            "{}\n{}\n{}\n",
            self.origin,
            self.size,
            BASE64_STANDARD.encode(self.root)
        )
    }

    /// Reads the three lines. Further lines, which the form allows, are not: this program's
    /// checkpoints have none.
    ///
    /// # Errors
    /// [`CheckpointError::Form`].
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.split('\n');
        let (Some(origin), Some(size), Some(root), Some(""), None) = (
            lines.next(),
            lines.next(),
            lines.next(),
            lines.next(),
            lines.next(),
        ) else {
            return Err(CheckpointError::Form);
        };
        let read = Self {
            origin: origin.to_owned(),
            size: size.parse().map_err(|_| CheckpointError::Form)?,
            root: BASE64_STANDARD
                .decode(root)
                .ok()
                .and_then(|bytes| bytes.try_into().ok())
                .ok_or(CheckpointError::Form)?,
        };
        // "+1", "01": a number has one form.
        if origin.is_empty() || read.text() != text {
            return Err(CheckpointError::Form);
        }
        Ok(read)
    }

    /// The checkpoint as a note that all of `keys` signed.
    pub fn sign(&self, keys: &[&SigningKey]) -> Note {
        let text = self.text();
        let signatures = keys.iter().map(|key| key.sign(&text)).collect();
        Note { text, signatures }
    }

    /// The checkpoint in a note, which `key` signed and whose origin is the key's name.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn open(note: &Note, key: &VerifierKey) -> Result<Self, CheckpointError> {
        let read = Self::parse(&note.text)?;
        if read.origin != key.name() {
            return Err(CheckpointError::Origin(read.origin));
        }
        if !note.is_signed_by(key) {
            return Err(CheckpointError::Unsigned(key.name().to_owned()));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checkpoint() -> Checkpoint {
        Checkpoint {
            origin: origin("0123"),
            size: 42,
            root: [9; 32],
        }
    }

    #[test]
    fn a_checkpoint_is_read_as_it_was_written_and_no_other_way() {
        let text = checkpoint().text();
        assert_eq!(
            text,
            "assay.local/0123\n42\nCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=\n"
        );
        assert_eq!(Checkpoint::parse(&text).unwrap(), checkpoint());
        for wrong in [
            "",
            "\n42\nCQk=\n",
            &text.replace("42", "042"),
            &text.replace("42", "+42"),
            &text.replace("42", "-1"),
            &text.replace("42", "18446744073709551616"),
            &text.replace("CQk=\n", "CQk\n"),
            &format!("{text}more\n"),
            text.trim_end(),
        ] {
            assert_eq!(
                Checkpoint::parse(wrong),
                Err(CheckpointError::Form),
                "{wrong}"
            );
        }
    }

    #[test]
    fn a_checkpoint_opens_with_its_own_key_only() {
        let key = SigningKey::from_seed(&origin("0123"), &[1; 32]).unwrap();
        let other = SigningKey::from_seed(&origin("0123"), &[2; 32]).unwrap();
        let elsewhere = SigningKey::from_seed(&origin("4567"), &[1; 32]).unwrap();
        let note = checkpoint().sign(&[&key]);
        assert_eq!(Checkpoint::open(&note, &key.verifier()), Ok(checkpoint()));
        assert!(matches!(
            Checkpoint::open(&note, &other.verifier()),
            Err(CheckpointError::Unsigned(_))
        ));
        assert!(matches!(
            Checkpoint::open(&note, &elsewhere.verifier()),
            Err(CheckpointError::Origin(_))
        ));
        let both = checkpoint().sign(&[&key, &other]);
        assert!(Checkpoint::open(&both, &key.verifier()).is_ok());
        assert!(Checkpoint::open(&both, &other.verifier()).is_ok());
    }
}
