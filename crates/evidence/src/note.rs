//! Signed notes: a text and who signed it, in the form of <https://c2sp.org/signed-note>.
//!
//! In: bytes of a note, or a text with signatures. Out: the note, and whether a key signed it. Not
//! here: what a text says (`checkpoint`, approvals).

use crate::signing::VerifierKey;

/// A line of a note: who signed, and the signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The name of the key.
    pub name: String,
    /// The number of the key.
    pub id: u32,
    /// For an Ed25519 key 64 bytes; other kinds of keys have their own lengths.
    pub bytes: Vec<u8>,
}

impl Signature {
    /// The signature's line in a note, with its line end.
    ///
    /// # Errors
    /// [`NoteError::Malformed`] where the name can't stand in a note.
    pub fn line(&self) -> Result<String, NoteError> {
        let line = signed_note::Signature::new(self.name.clone(), self.id, self.bytes.clone())
            .map_err(|_| NoteError::Malformed)?
            .to_bytes();
        String::from_utf8(line).map_err(|_| NoteError::Malformed)
    }

    /// The signature in one line of a note, without its line end.
    ///
    /// # Errors
    /// [`NoteError::Malformed`].
    pub fn parse(line: &str) -> Result<Self, NoteError> {
        let read = signed_note::Signature::from_bytes(line.as_bytes())
            .map_err(|_| NoteError::Malformed)?;
        Ok(Self {
            name: read.name().to_owned(),
            id: read.id(),
            bytes: read.signature().to_vec(),
        })
    }
}

/// Why bytes are no note.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    #[error("not a signed note: a text, an empty line, and a line for each signature")]
    Malformed,
}

/// A text with its signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Ends with a line end.
    pub text: String,
    pub signatures: Vec<Signature>,
}

impl Note {
    /// Reads a note; only the one way to write it is accepted.
    ///
    /// # Errors
    /// [`NoteError::Malformed`].
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        signed_note::Note::from_bytes(bytes).map_err(|_| NoteError::Malformed)?;
        let whole = std::str::from_utf8(bytes).map_err(|_| NoteError::Malformed)?;
        let (text, lines) = whole.rsplit_once("\n\n").ok_or(NoteError::Malformed)?;
        let note = Self {
            text: format!("{text}\n"),
            signatures: lines
                .lines()
                .map(Signature::parse)
                .collect::<Result<_, _>>()?,
        };
        // Base64 and line ends can be written in several ways: a note has one.
        if note.to_bytes()? == bytes {
            Ok(note)
        } else {
            Err(NoteError::Malformed)
        }
    }

    /// The note as bytes.
    ///
    /// # Errors
    /// [`NoteError::Malformed`] where the text or a name can't stand in a note.
    pub fn to_bytes(&self) -> Result<Vec<u8>, NoteError> {
        let note =
            signed_note::Note::new(self.text.as_bytes(), &[]).map_err(|_| NoteError::Malformed)?;
        let mut bytes = note.to_bytes();
        for signature in &self.signatures {
            bytes.extend_from_slice(signature.line()?.as_bytes());
        }
        Ok(bytes)
    }

    /// Whether this key signed the text. Where the note has a signature that claims to be of this
    /// key and isn't, the answer is no, whatever else stands there.
    pub fn is_signed_by(&self, key: &VerifierKey) -> bool {
        let mut own = self
            .signatures
            .iter()
            .filter(|signature| signature.name == key.name() && signature.id == key.id())
            .peekable();
        own.peek().is_some()
            && own.all(|signature| key.verifies(self.text.as_bytes(), &signature.bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signing::SigningKey;

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_seed("assay.local/0123", &[seed; 32]).unwrap()
    }

    fn note() -> Note {
        let text = "origin\n1\n\nmore\n".to_owned();
        let signatures = vec![key(1).sign(&text), key(2).sign(&text)];
        Note { text, signatures }
    }

    #[test]
    fn a_note_is_read_as_it_was_written() {
        let bytes = note().to_bytes().unwrap();
        let read = Note::parse(&bytes).unwrap();
        assert_eq!(read, note());
        assert!(read.is_signed_by(&key(1).verifier()));
        assert!(read.is_signed_by(&key(2).verifier()));
        assert!(!read.is_signed_by(&key(3).verifier()));
    }

    #[test]
    fn a_changed_note_is_refused_or_not_signed() {
        let bytes = note().to_bytes().unwrap();
        let verifier = key(1).verifier();
        // Up to the line of the second key, which this verifier does not know.
        let own = bytes.len() - key(2).sign("").line().unwrap().len();
        for index in 0..own {
            for bit in [1, 32] {
                let mut changed = bytes.clone();
                changed[index] ^= bit;
                let holds = Note::parse(&changed).is_ok_and(|note| note.is_signed_by(&verifier));
                assert!(!holds, "bit {bit} of byte {index}");
            }
        }
        for wrong in [
            &b""[..],
            b"\n\n",
            b"text\n",
            b"text\n\n",
            &bytes[..bytes.len() - 1],
        ] {
            assert_eq!(Note::parse(wrong), Err(NoteError::Malformed));
        }
    }

    #[test]
    fn a_false_signature_beside_a_true_one_is_not_overlooked() {
        let mut note = note();
        let mut forged = note.signatures[0].clone();
        forged.bytes[0] ^= 1;
        note.signatures.push(forged);
        assert!(!note.is_signed_by(&key(1).verifier()));
    }

    #[test]
    fn control_characters_have_no_place_in_a_note() {
        let text = "a\u{1b}b\n".to_owned();
        let signatures = vec![key(1).sign(&text)];
        assert_eq!(
            Note { text, signatures }.to_bytes(),
            Err(NoteError::Malformed)
        );
    }
}
