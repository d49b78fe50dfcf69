//! Tokens of the operator `reversible`, and putting originals back in their place.
//!
//! A token is `[TYPE~` and 32 hexadecimal digits: HMAC-SHA-256 of the type and of the value letter
//! for letter, so that one token stands for one writing. In a number of JSON it has two `~`: what is
//! put back is a number again. In: a value, a key; a text with tokens. Out: a token; the text with
//! its originals. Not here: keeping the originals.

use std::fmt;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Found;
use super::values::keyed;

/// What stands behind a token.
#[derive(Clone, PartialEq, Eq)]
pub struct Original {
    /// 16 bytes: names the value to whoever has the key.
    pub tag: [u8; 16],
    pub entity_type: String,
    pub value: String,
}

impl fmt::Debug for Original {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Original({})", self.token())
    }
}

impl Original {
    pub(crate) fn of(found: &Found<'_>, key: &[u8]) -> Self {
        let digest = keyed(key, "token", found.entity_type, found.value.as_bytes());
        let mut tag = [0; 16];
        tag.copy_from_slice(&digest[..16]);
        Self {
            tag,
            entity_type: found.entity_type.to_owned(),
            value: found.value.to_owned(),
        }
    }

    /// The token that stands in its place.
    pub fn token(&self) -> String {
        format!("[{}~{}]", self.entity_type, hex::encode(self.tag))
    }
}

/// A token in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Bytes of the text.
    pub at: Range<usize>,
    pub tag: [u8; 16],
    /// Whether it stood for a part of a number in JSON.
    pub of_number: bool,
}

/// The tokens in `text`, in order.
pub fn tokens(text: &str) -> Vec<Token> {
    static TOKEN: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"\[[A-Z][A-Z0-9_]{0,62}(~~?)([0-9a-f]{32})\]").ok());
    TOKEN
        .iter()
        .flat_map(|token| token.captures_iter(text))
        .filter_map(|captures| {
            let mut tag = [0; 16];
            hex::decode_to_slice(captures.get(2)?.as_str(), &mut tag).ok()?;
            Some(Token {
                at: captures.get(0)?.range(),
                tag,
                of_number: captures.get(1)?.len() == 2,
            })
        })
        .collect()
}

/// `text` with `original` of each tag in place of its token, how many were put back and how many
/// have none.
pub fn restored(
    text: &str,
    mut original: impl FnMut(&[u8; 16]) -> Option<String>,
) -> (String, u64, u64) {
    let mut out = String::with_capacity(text.len());
    let (mut at, mut back, mut missing) = (0, 0, 0);
    for token in tokens(text) {
        out.push_str(&text[at..token.at.start]);
        match original(&token.tag) {
            Some(value) => {
                out.push_str(&value);
                back += 1;
            }
            None => {
                out.push_str(&text[token.at.clone()]);
                missing += 1;
            }
        }
        at = token.at.end;
    }
    out.push_str(&text[at..]);
    (out, back, missing)
}
