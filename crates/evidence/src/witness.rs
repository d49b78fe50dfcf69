//! Witnesses: who cosigns a checkpoint once it continues the one that they cosigned before.
//!
//! In: a checkpoint with its consistency proof; later the witness's answer. Out: the request; the
//! cosignature and its time, once it is of this checkpoint and this witness. Not here: sending.
//!
//! Source: <https://c2sp.org/tlog-witness> and <https://c2sp.org/tlog-cosignature>, Ed25519.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::note::Signature;
use crate::signing::KeyError;
use crate::tree::Hash;

/// C2SP signed-note's number for timestamped Ed25519 cosignatures.
const COSIGNATURE: u8 = 0x04;
/// The most hashes that a consistency proof may have.
const MOST_HASHES: usize = 63;

/// A witness's public key with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessKey {
    name: String,
    key: ed25519_dalek::VerifyingKey,
}

/// A witness's statement that a checkpoint continues all it saw before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosignature {
    /// When the witness says that it signed, UTC seconds.
    pub at_s: u64,
    /// The line of the note, with its line end.
    pub line: String,
}

/// Why an answer is no cosignature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WitnessError {
    #[error("the answer is not made of signature lines")]
    Form,
    #[error("the answer has no cosignature of the witness's key")]
    Missing,
    #[error("the cosignature is not of this checkpoint")]
    Wrong,
}

impl WitnessKey {
    /// A witness's key from its raw bytes.
    ///
    /// # Errors
    /// [`KeyError::Name`], [`KeyError::Algorithm`].
    pub fn new(name: &str, key: &[u8; 32]) -> Result<Self, KeyError> {
        if !signed_note::is_key_name_valid(name) || name.chars().any(char::is_control) {
            return Err(KeyError::Name);
        }
        let key = ed25519_dalek::VerifyingKey::from_bytes(key).map_err(|_| KeyError::Algorithm)?;
        Ok(Self {
            name: name.to_owned(),
            key,
        })
    }

    /// The witness's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn typed_key(&self) -> [u8; 33] {
        let mut bytes = [COSIGNATURE; 33];
        bytes[1..].copy_from_slice(self.key.as_bytes());
        bytes
    }

    /// The key's number in signature lines.
    pub fn id(&self) -> u32 {
        signed_note::key_id(&self.name, &self.typed_key())
    }

    /// Finds and checks this witness's cosignature of the checkpoint with the text `checkpoint`.
    /// Lines of others are left out of account.
    ///
    /// # Errors
    /// [`WitnessError`].
    pub fn cosignature(
        &self,
        answer: &[u8],
        checkpoint: &str,
    ) -> Result<Cosignature, WitnessError> {
        let text = std::str::from_utf8(answer).map_err(|_| WitnessError::Form)?;
        let lines = text.strip_suffix('\n').ok_or(WitnessError::Form)?;
        let mut found = None;
        for line in lines.split('\n') {
            let signature = Signature::parse(line).map_err(|_| WitnessError::Form)?;
            if signature.name != self.name || signature.id != self.id() {
                continue;
            }
            let (time, bytes) = signature
                .bytes
                .split_first_chunk::<8>()
                .ok_or(WitnessError::Wrong)?;
            let at_s = u64::from_be_bytes(*time);
            let bytes =
                ed25519_dalek::Signature::from_slice(bytes).map_err(|_| WitnessError::Wrong)?;
            self.key
                .verify_strict(cosigned(at_s, checkpoint).as_bytes(), &bytes)
                .map_err(|_| WitnessError::Wrong)?;
            found = Some(Cosignature {
                at_s,
                line: format!("{line}\n"),
            });
        }
        found.ok_or(WitnessError::Missing)
    }
}

impl fmt::Display for WitnessKey {
    /// As C2SP notes write it: name, number and key, joined by `+`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = BASE64_STANDARD.encode(self.typed_key());
        write!(f, "{}+{:08x}+{key}", self.name, self.id())
    }
}

impl FromStr for WitnessKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (name, rest) = text.split_once('+').ok_or(KeyError::Form)?;
        let (_, key) = rest.split_once('+').ok_or(KeyError::Form)?;
        let bytes = BASE64_STANDARD.decode(key).map_err(|_| KeyError::Form)?;
        let (algorithm, raw) = bytes.split_first().ok_or(KeyError::Form)?;
        if *algorithm != COSIGNATURE {
            return Err(KeyError::Algorithm);
        }
        let raw: &[u8; 32] = raw.try_into().map_err(|_| KeyError::Form)?;
        let key = Self::new(name, raw)?;
        match key.to_string() == text {
            true => Ok(key),
            false => Err(KeyError::Id),
        }
    }
}

/// What a witness signs at `at_s`, UTC seconds, of the checkpoint with the text `checkpoint`.
pub fn cosigned(at_s: u64, checkpoint: &str) -> String {
    format!("cosignature/v1\ntime {at_s}\n{checkpoint}")
}

/// The body of `add-checkpoint`: the size that the witness knows, the proof from there to the
/// checkpoint, and the checkpoint's note as it is stored. `None` where the proof is longer than
/// any can be.
pub fn add_checkpoint(old: u64, proof: &[Hash], note: &[u8]) -> Option<Vec<u8>> {
    if proof.len() > MOST_HASHES {
        return None;
    }
    let mut body = format!("old {old}\n");
    for hash in proof {
        body.push_str(&BASE64_STANDARD.encode(hash));
        body.push('\n');
    }
    body.push('\n');
    let mut body = body.into_bytes();
    body.extend_from_slice(note);
    Some(body)
}

/// The size that a witness says it knows, in the body of its answer 409.
pub fn known_size(answer: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(answer).ok()?.strip_suffix('\n')?;
    let size: u64 = text.parse().ok()?;
    (size.to_string() == text).then_some(size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signing::SigningKey;

    const TEXT: &str =
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

    fn cosign(seed: u8, name: &str, at_s: u64) -> (WitnessKey, String) {
        let signing = SigningKey::from_seed(name, &[seed; 32]).unwrap();
        let key = WitnessKey::new(name, signing.verifier().bytes()).unwrap();
        let mut bytes = at_s.to_be_bytes().to_vec();
        bytes.extend(signing.sign(&cosigned(at_s, TEXT)).bytes);
        let line = Signature {
            name: name.to_owned(),
            id: key.id(),
            bytes,
        };
        (key, line.line().unwrap())
    }

    #[test]
    fn a_cosignature_holds_for_its_checkpoint_time_and_witness_only() {
        let (key, line) = cosign(1, "witness.example/w1", 1_679_315_147);
        let (_, other) = cosign(2, "witness.example/w2", 1_679_315_147);
        let both = format!("{other}{line}");
        assert_eq!(
            key.cosignature(both.as_bytes(), TEXT),
            Ok(Cosignature {
                at_s: 1_679_315_147,
                line: line.clone(),
            })
        );
        let check = |answer: &str, text: &str, error: WitnessError| {
            assert_eq!(
                key.cosignature(answer.as_bytes(), text),
                Err(error),
                "{answer}"
            );
        };
        check(&other, TEXT, WitnessError::Missing);
        check(&line, &TEXT.replace("63", "64"), WitnessError::Wrong);
        check(line.trim_end(), TEXT, WitnessError::Form);
        check("", TEXT, WitnessError::Form);
        check("<html>\n", TEXT, WitnessError::Form);
        // Another key under the same name has another number.
        let (_, imposter) = cosign(3, "witness.example/w1", 1_679_315_147);
        check(&imposter, TEXT, WitnessError::Missing);
        let mut late = Signature::parse(line.trim_end()).unwrap();
        late.bytes[7] ^= 1;
        check(&late.line().unwrap(), TEXT, WitnessError::Wrong);
        late.bytes.truncate(64);
        check(&late.line().unwrap(), TEXT, WitnessError::Wrong);
    }

    #[test]
    fn the_example_of_the_specification_has_the_form_that_is_read() {
        // c2sp.org/tlog-cosignature: the example's time is 2023-03-20, its key is not given.
        let line = "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==";
        let signature = Signature::parse(line).unwrap();
        assert_eq!(signature.bytes.len(), 8 + 64);
        let time = signature.bytes.first_chunk::<8>().unwrap();
        assert_eq!(u64::from_be_bytes(*time), 1_679_315_147);
    }

    #[test]
    fn a_key_is_read_as_it_was_written() {
        let (key, _) = cosign(1, "witness.example/w1", 0);
        let text = key.to_string();
        assert_eq!(text.parse::<WitnessKey>(), Ok(key));
        let note_key = SigningKey::from_seed("w", &[1; 32]).unwrap().verifier();
        assert_eq!(
            note_key.to_string().parse::<WitnessKey>(),
            Err(KeyError::Algorithm)
        );
        assert_eq!(
            text.replacen("w1", "w2", 1).parse::<WitnessKey>(),
            Err(KeyError::Id)
        );
        assert_eq!("w".parse::<WitnessKey>(), Err(KeyError::Form));
    }

    #[test]
    fn a_request_is_lines_a_blank_one_and_the_note() {
        let body = add_checkpoint(3, &[[0; 32]], b"note").unwrap();
        assert_eq!(
            String::from_utf8(body).unwrap(),
            format!("old 3\n{}=\n\nnote", "A".repeat(43))
        );
        assert_eq!(add_checkpoint(0, &[], b"n").unwrap(), b"old 0\n\nn");
        assert_eq!(add_checkpoint(1, &[[0; 32]; 64], b"n"), None);
        for (text, size) in [
            ("42\n", Some(42)),
            ("0\n", Some(0)),
            ("042\n", None),
            ("42", None),
            ("+1\n", None),
            ("x\n", None),
        ] {
            assert_eq!(known_size(text.as_bytes()), size, "{text}");
        }
    }
}
