//! Ed25519 keys in the form of C2SP signed notes: a secret one that signs, a public one that
//! strangers verify with.
//!
//! In: a seed of 32 bytes, or a verifier key as text. Out: signatures, the key as text and as PEM.
//! Not here: where a seed is kept (`assay-backends`), randomness.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ed25519_dalek::Signer as _;
use sha2::{Digest, Sha256};

use crate::note::Signature;

/// Bytes of a seed.
pub const SEED_LEN: usize = 32;
/// C2SP signed-note's number for Ed25519.
const ED25519: u8 = 0x01;
/// What stands before an Ed25519 key in a SubjectPublicKeyInfo (RFC 8410 §4).
const SPKI_PREFIX: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];

/// Why something is no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("the name of a key is empty, or has a space, a plus or a control character in it")]
    Name,
    #[error("not a verifier key: it is written NAME+8 hexadecimal digits+base64")]
    Form,
    #[error("the verifier key is not an Ed25519 key")]
    Algorithm,
    #[error("the verifier key's number is not the one of its name and key")]
    Id,
}

/// A secret Ed25519 key. Forgotten from memory when dropped; never prints itself.
pub struct SigningKey {
    key: ed25519_dalek::SigningKey,
    verifier: VerifierKey,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("name", &self.verifier.name)
            .field("seed", &"[REDACTED]")
            .finish()
    }
}

impl SigningKey {
    /// The key of a seed, under a name.
    ///
    /// # Errors
    /// [`KeyError::Name`].
    pub fn from_seed(name: &str, seed: &[u8; SEED_LEN]) -> Result<Self, KeyError> {
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        let verifier = VerifierKey::new(name, key.verifying_key())?;
        Ok(Self { key, verifier })
    }

    /// The public half.
    pub fn verifier(&self) -> VerifierKey {
        self.verifier.clone()
    }

    /// The signature of a note's text.
    pub fn sign(&self, text: &str) -> Signature {
        Signature {
            name: self.verifier.name.clone(),
            id: self.verifier.id(),
            bytes: self.key.sign(text.as_bytes()).to_bytes().to_vec(),
        }
    }
}

/// A public Ed25519 key with the name of whom it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key: ed25519_dalek::VerifyingKey,
}

impl VerifierKey {
    fn new(name: &str, key: ed25519_dalek::VerifyingKey) -> Result<Self, KeyError> {
        if !signed_note::is_key_name_valid(name) || name.chars().any(char::is_control) {
            return Err(KeyError::Name);
        }
        Ok(Self {
            name: name.to_owned(),
            key,
        })
    }

    /// Whose key it is.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn typed_key(&self) -> [u8; 33] {
        let mut bytes = [ED25519; 33];
        bytes[1..].copy_from_slice(self.key.as_bytes());
        bytes
    }

    /// The key's number: the first four bytes of SHA-256 over its name and itself.
    ///
    /// Source: <https://c2sp.org/signed-note>, "Signatures".
    pub fn id(&self) -> u32 {
        signed_note::key_id(&self.name, &self.typed_key())
    }

    /// The raw public key.
    pub fn bytes(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// The key as a SubjectPublicKeyInfo in PEM, as `openssl pkey -pubin` reads it.
    ///
    /// Source: RFC 8410.
    pub fn pem(&self) -> String {
        let mut der = SPKI_PREFIX.to_vec();
        der.extend_from_slice(self.key.as_bytes());
        let body = BASE64_STANDARD.encode(der);
        format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n")
    }

    /// SHA-256 of the raw public key as eight groups of eight hexadecimal digits, to be compared
    /// by reading.
    pub fn fingerprint(&self) -> String {
        let digest = hex::encode(Sha256::digest(self.key.as_bytes()));
        let groups: Vec<&str> = (0..8).map(|group| &digest[group * 8..][..8]).collect();
        groups.join(" ")
    }

    /// Whether `signature` is this key's over `message`; weak keys and malleable signatures are
    /// refused.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        ed25519_dalek::Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(message, &signature).is_ok())
    }
}

impl fmt::Display for VerifierKey {
    /// As C2SP notes write it: name, number and key, joined by `+`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = BASE64_STANDARD.encode(self.typed_key());
        write!(f, "{}+{:08x}+{key}", self.name, self.id())
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (name, rest) = text.split_once('+').ok_or(KeyError::Form)?;
        let (id, key) = rest.split_once('+').ok_or(KeyError::Form)?;
        let bytes = BASE64_STANDARD.decode(key).map_err(|_| KeyError::Form)?;
        let (algorithm, raw) = bytes.split_first().ok_or(KeyError::Form)?;
        if *algorithm != ED25519 {
            return Err(KeyError::Algorithm);
        }
        let raw: &[u8; 32] = raw.try_into().map_err(|_| KeyError::Form)?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(raw).map_err(|_| KeyError::Algorithm)?;
        let verifier = Self::new(name, key)?;
        if format!("{:08x}", verifier.id()) != id {
            return Err(KeyError::Id);
        }
        Ok(verifier)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SigningKey {
        SigningKey::from_seed("assay.local/0123", &[7; SEED_LEN]).unwrap()
    }

    #[test]
    fn a_verifier_key_is_read_as_it_was_written() {
        let verifier = key().verifier();
        let text = verifier.to_string();
        assert_eq!(text.parse::<VerifierKey>().unwrap(), verifier);
        // The same key as Go's and Cloudflare's implementations write it.
        let other = signed_note::new_ed25519_verifier_key(verifier.name(), &verifier.key);
        assert_eq!(text, other);
        for (wrong, error) in [
            ("", KeyError::Form),
            ("name", KeyError::Form),
            ("name+00000000", KeyError::Form),
            ("name+00000000+AQ==", KeyError::Form),
            ("name+00000000+AgAA", KeyError::Algorithm),
            (&text.replacen("0123", "0124", 1), KeyError::Id),
            (&text.replacen("assay", "as say", 1), KeyError::Name),
        ] {
            assert_eq!(wrong.parse::<VerifierKey>().unwrap_err(), error, "{wrong}");
        }
    }

    #[test]
    fn a_signature_holds_for_its_text_and_key_only() {
        let signature = key().sign("text\n");
        let verifier = key().verifier();
        assert!(verifier.verifies(b"text\n", &signature.bytes));
        assert!(!verifier.verifies(b"text", &signature.bytes));
        assert!(!verifier.verifies(b"text\n", &signature.bytes[..63]));
        let other = SigningKey::from_seed("assay.local/0123", &[8; SEED_LEN]).unwrap();
        assert!(!other.verifier().verifies(b"text\n", &signature.bytes));
    }

    #[test]
    fn a_secret_key_does_not_print_itself() {
        let printed = format!("{:?}", key());
        assert!(printed.contains("[REDACTED]"), "{printed}");
        assert!(!printed.contains("7, 7"), "{printed}");
    }

    #[test]
    fn the_pem_is_of_the_public_key() {
        let pem = key().verifier().pem();
        let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let der = BASE64_STANDARD.decode(body).unwrap();
        assert_eq!(der.len(), 44);
        assert_eq!(&der[12..], key().verifier().bytes());
    }
}
