//! Signatures that others made with RSA: those of CloudTrail's digest files.
//!
//! In: a public key, a text, a signature. Out: whether the signature is of the text. Not here: what
//! the text says (`assay-domain`), keys of our own (`signing`).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use sha2::{Digest, Sha256};

/// Whether `signature` (hexadecimal) is the RSASSA-PKCS1-v1_5 signature with SHA-256 of `text` by
/// `key`, which is a PKCS#1 `RSAPublicKey` in DER and base64 with 2,048 to 8,192 bits.
///
/// What can't be read is no signature.
pub fn verifies(key: &str, text: &[u8], signature: &str) -> bool {
    let (Ok(key), Ok(signature)) = (STANDARD.decode(key.trim()), hex::decode(signature)) else {
        return false;
    };
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key)
        .verify(text, &signature)
        .is_ok()
}

/// SHA-256 of a key (DER), hexadecimal; `None` where it is not base64.
pub fn key_sha256(key: &str) -> Option<String> {
    let key = STANDARD.decode(key.trim()).ok()?;
    Some(hex::encode(Sha256::digest(key)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made for this test: `openssl genrsa 2048`, then `openssl rsa -RSAPublicKey_out -outform DER`
    /// and `printf 'a\nb\nc\nnull' | openssl dgst -sha256 -sign`.
    const KEY: &str = "MIIBCgKCAQEAzqOzuCfJNRYSj425NV3plu0m3lMVxSP1BDaDpIX75GjcsNdZsMraqN7Asi4/oyIwAPcAzTlJYn6Rh0exCS96JF0Sgdqja7+WAo6DQq+mXUDfqd0GXZ4Hqcgz3Daa4thuiXk1BJh0KFJM6dVKWXVeLjc9y2XI3AGIujVwGu34PCV086yRvxMHX9kjuw+iCn7h157ELk0f/BHas/Eh2kMEWT0UC9klotvs63KRDRePASKpLsZzuYQrZ6E+bDYYDn8UdGQXDq6l9i6UB08CPNtQpMVVE9JvI2cYSSK2JujU7L19qiB4HDjjn9Yy964PwmGWfuzC9ebgzJsPyL8O3ReAPQIDAQAB";
    const SIGNATURE: &str = "9f960337ca385f42f5bd270706889015356e71d21b4d68f80a9a19bae7dcaf56ad36f977a53dd2f5ebad4b9b77b3d90c6c3d009e019431f729244a922d8784dd3837263eb9974b7e509de80391f9f7cfad07880fdfacb9ce20d18c6ae0366b4b3b0b3b165c6b500fd19b76857993571cc9b88cca0d6ab616a1c0492eea6bd767365848ab79b02ec5960e03eda894bcf7489ab444e8d4f0e6f1d2cc7b7066ce207f4ec5495521a3d8b1bd8d574cdafe32910dd1d013ed23f8f4ea5f50ef363cd5ce8cd8afd8b7dfa4d325dd190def318067a2b9bf367f7e5a5a57ae75bd9d19772960f04cb40716aaabc5d208733c2441324e88e5daafefbe1c3a9c7ec5be9c7f";

    #[test]
    fn a_signature_of_openssl_is_accepted_and_no_changed_one() {
        let text = b"a\nb\nc\nnull";
        assert!(verifies(KEY, text, SIGNATURE));
        assert!(!verifies(KEY, b"a\nb\nc\nnull\n", SIGNATURE));
        for index in (0..SIGNATURE.len()).step_by(37) {
            let mut changed = SIGNATURE.to_owned();
            let other = if &changed[index..=index] == "0" {
                "1"
            } else {
                "0"
            };
            changed.replace_range(index..=index, other);
            assert!(!verifies(KEY, text, &changed), "{index}");
        }
        for index in (0..KEY.len() - 8).step_by(17) {
            let mut changed = KEY.to_owned();
            let other = if &changed[index..=index] == "A" {
                "B"
            } else {
                "A"
            };
            changed.replace_range(index..=index, other);
            assert!(!verifies(&changed, text, SIGNATURE), "{index}");
        }
        assert!(!verifies("not a key", text, SIGNATURE));
        assert!(!verifies(KEY, text, "zz"));
    }
}
