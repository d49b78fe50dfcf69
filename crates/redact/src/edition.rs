//! What the program's own rules come to, as one hash: another one where they find or hide otherwise.
//!
//! Out: a hash over the recognizers, the names models and the everyday words as they are shipped, and over what is
//! left of a fixed set of texts: the recognizers' own examples, and canaries in every writing. So a version of the
//! program that is only faster has the hash of the one before, and one with another rule has not. Not here: the
//! rules of a policy and a model that somebody plugged in, which have hashes of their own. A change of code that
//! none of these texts shows is not noticed.

use std::sync::OnceLock;

use sha2::{Digest, Sha256};

use crate::canaries::{Wanted, controls, draw};
use crate::names;
use crate::operators::Numbering;
use crate::policy::Policy;
use crate::recognizers::BUILTIN;
use crate::redaction::redact;
use crate::repeated::EVERYDAY;
use crate::secrecy::told::SAID;

/// Any seed, always the same.
const SEED: u64 = 20_261_129;
/// A turn of all types in each writing and a few.
const CANARIES: usize = 420;
/// Texts in which nothing is planted.
const CONTROLS: usize = 60;
/// Everything that is found shows, under its type, and so does where it ends.
const POLICY: &str = "name = \"edition\"\nversion = \"1\"\nthreshold = 0.3\nnames = \"fast\"\n[operators]\n\
                      default = { operator = \"replace\" }\n";

/// The hash, hexadecimal; the same in every run of the same program.
pub fn hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| of(BUILTIN, POLICY))
}

/// `shipped` stands for the recognizers' own text.
fn of(shipped: &[u8], policy: &str) -> String {
    let mut hasher = Sha256::new();
    let mut add = |part: &[u8]| {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    };
    add(shipped);
    add(EVERYDAY.as_bytes());
    add(SAID.as_bytes());
    for part in [names::model::SHIPPED, names::network::SHIPPED] {
        add(part);
    }
    if let Ok(policy) = Policy::parse(policy) {
        let mut shown = |text: &str| {
            let left = redact(text, &policy, &[], &mut Numbering::default());
            add(left.text.as_bytes());
        };
        for recognizer in policy.recognizers().iter() {
            let source = &recognizer.source;
            for text in source.examples.iter().chain(&source.negative_examples) {
                shown(text);
            }
        }
        let drawn = draw(SEED, CANARIES, &Wanted::default()).unwrap_or_default();
        for canary in drawn.iter().chain(&controls(SEED, CONTROLS)) {
            shown(&canary.text);
        }
    }
    hex::encode(hasher.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_rule_has_another_hash_and_the_same_rules_the_same() {
        assert_eq!(hash(), of(BUILTIN, POLICY));
        let mut other = BUILTIN.to_vec();
        other.push(b' ');
        assert_ne!(hash(), of(&other, POLICY), "a recognizer's own text");
        let narrower = POLICY.replace("0.3", "0.9");
        assert_ne!(hash(), of(BUILTIN, &narrower), "what is left of the texts");
    }
}
