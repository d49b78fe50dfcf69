//! What a policy asks for names beside the program's own: a model that somebody plugged in.
//!
//! Not here: running one (`assay-names`), which one it is (the engine).

use crate::names::Name;

/// A text that a plugged-in model could not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unread;

/// Finds names by a model that was plugged in.
pub trait FindNames: std::fmt::Debug + Send + Sync {
    /// What it is called.
    fn name(&self) -> &str;

    /// The hash that tells it from every other, hexadecimal.
    fn sha256(&self) -> &str;

    /// How many texts it could not read until now.
    fn unread(&self) -> u64;

    /// The names in `text`, in order, never overlapping.
    ///
    /// # Errors
    /// [`Unread`] where the model could not read the text, whole or in part.
    fn find(&self, text: &str) -> Result<Vec<Name>, Unread>;
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::names::tags::Kind;
    use crate::operators::Numbering;
    use crate::policy::Policy;
    use crate::redaction::{entities, redact};

    /// Takes every `qu` word for a place, and can't read what has a `!`.
    #[derive(Debug)]
    struct Stub;

    impl FindNames for Stub {
        fn name(&self) -> &str {
            "stub"
        }

        fn sha256(&self) -> &str {
            "00"
        }

        fn unread(&self) -> u64 {
            0
        }

        fn find(&self, text: &str) -> Result<Vec<Name>, Unread> {
            if text.contains('!') {
                return Err(Unread);
            }
            let found = text.match_indices("qu").map(|(start, _)| Name {
                start,
                end: start + text[start..].find(' ').unwrap_or(text.len() - start),
                kind: Kind::Location,
                score: 1.0,
            });
            Ok(found.collect())
        }
    }

    fn policy(names: &str) -> Policy {
        let toml = format!(
            "name = \"x\"\nversion = \"1\"\nnames = \"{names}\"\n[operators]\ndefault = {{ operator = \"replace\" }}\n\n[[scope]]\nfields = [\"system\"]\nnames = \"full\"\n"
        );
        Policy::parse(&toml).unwrap().with_plugged(Arc::new(Stub))
    }

    fn found(text: &str, policy: &Policy) -> Vec<(String, String)> {
        entities(text, policy)
            .into_iter()
            .map(|it| (it.recognizer.to_string(), text[it.start..it.end].to_owned()))
            .collect()
    }

    #[test]
    fn only_full_asks_and_scopes_ask_by_themselves() {
        let text = "send the quux to jo@example.com";
        let place = ("names_plugged".to_owned(), "quux".to_owned());
        assert!(found(text, &policy("full")).contains(&place));
        let fast = policy("fast");
        assert!(!found(text, &fast).contains(&place));
        assert!(found(text, fast.within(Some("system"), None)).contains(&place));
        assert!(found(text, fast.anywhere(None)).contains(&place));
    }

    #[test]
    fn patterns_win_and_identifiers_stay_none() {
        let text = "qu.jo@example.com, quux-sonnet-4-6 and [quux_1]";
        let all = found(text, &policy("full"));
        assert!(all.iter().all(|(by, _)| by != "names_plugged"), "{all:?}");
    }

    #[test]
    fn a_text_that_can_not_be_read_is_hidden_whole() {
        let redacted = redact(
            "ask priya!",
            &policy("full"),
            b"k",
            &mut Numbering::default(),
        );
        assert_eq!(redacted.text, "[PERSON_1]");
        let blank = redact(" !! ", &policy("full"), b"k", &mut Numbering::default());
        assert_eq!(blank.text, " !! ");
    }
}
