//! Why something was found, kept as what is known and put in words only where somebody reads them: a text may
//! hold a finding in every ten bytes.
//!
//! In: a hit and what was said of it since. Out: sentences. They never hold the text itself. Not here: finding,
//! who beats whom (`resolve`).

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::detect::Writing;
use crate::interned::Interned;
use crate::recognizers::set::Set;
use crate::scan::hits::{Hit, Named};

/// Why something was found and what it beat, a sentence each.
#[derive(Clone, Default)]
pub struct Why {
    hit: Option<Matched>,
    more: Vec<Reason>,
}

/// What a recognizer matched.
#[derive(Clone)]
struct Matched {
    set: Arc<Set>,
    recognizer: u16,
    writing: Writing,
    named: Option<Named>,
    word: Option<u16>,
}

/// What is said beside that.
#[derive(Clone, PartialEq, Eq)]
enum Reason {
    Said(Cow<'static, str>),
    Beat(Interned),
}

impl Why {
    /// One sentence.
    pub fn said(sentence: impl Into<Cow<'static, str>>) -> Self {
        let mut why = Self::default();
        why.add(sentence);
        why
    }

    /// What a recognizer of `set` matched in this writing.
    pub(crate) fn matched(set: &Arc<Set>, hit: &Hit, writing: Writing) -> Self {
        Self {
            hit: Some(Matched {
                set: Arc::clone(set),
                recognizer: hit.recognizer,
                writing,
                named: hit.named,
                word: hit.word,
            }),
            more: Vec::new(),
        }
    }

    /// Adds a sentence.
    pub fn add(&mut self, sentence: impl Into<Cow<'static, str>>) {
        self.more.push(Reason::Said(sentence.into()));
    }

    /// Adds what it beat, which comes from the last to the first, unless that is said already.
    pub(crate) fn beat(&mut self, losers: impl Iterator<Item = Interned>) {
        let at = self.more.len();
        self.more.extend(losers.map(Reason::Beat));
        self.more[at..].reverse();
        let mut told = at;
        for next in at..self.more.len() {
            if !self.more[..told].contains(&self.more[next]) {
                self.more.swap(told, next);
                told += 1;
            }
        }
        self.more.truncate(told);
    }

    /// Whether a sentence that was added begins so.
    pub(crate) fn has_said(&self, begin: &str) -> bool {
        self.more
            .iter()
            .any(|reason| matches!(reason, Reason::Said(said) if said.starts_with(begin)))
    }

    /// The sentences, in order.
    pub fn sentences(&self) -> Vec<String> {
        let mut sentences = Vec::new();
        if let Some(hit) = &self.hit {
            hit.tell(&mut sentences);
        }
        sentences.extend(self.more.iter().map(|reason| match reason {
            Reason::Said(said) => said.to_string(),
            Reason::Beat(loser) => format!("beat `{loser}`, which overlaps it"),
        }));
        sentences
    }
}

impl Matched {
    fn tell(&self, sentences: &mut Vec<String>) {
        let Some(recognizer) = self.set.all.get(usize::from(self.recognizer)) else {
            return;
        };
        let source = &recognizer.source;
        let word = |literal| self.set.word(literal);
        let writing = match self.writing {
            Writing::Plain => None,
            Writing::Escaped => Some("it is written with escapes"),
            Writing::Spaced => Some("it is written with blanks between"),
            Writing::Broken => Some("a line ends in it"),
            Writing::Streamed => Some("a stream brought it in pieces"),
            Writing::Folded => Some("it is written with look-alike or invisible characters"),
            Writing::Encoded => Some("it stands in an encoded text"),
        };
        let told = match self.named {
            Some(Named::ByField(name)) => {
                word(name).map(|name| format!("\"{name}\" names its field"))
            }
            Some(Named::ByColumn(name)) => {
                word(name).map(|name| format!("\"{name}\" heads its column"))
            }
            None => None,
        };
        let check = source.validator.as_deref();
        let near = self.word.and_then(word);
        let all = [
            Some(format!("matched the pattern of `{}`", source.name)),
            writing.map(str::to_owned),
            told,
            check.map(|check| format!("passed the check `{check}`")),
            near.map(|word| format!("the word \"{word}\" stands near it")),
        ];
        sentences.extend(all.into_iter().flatten());
    }
}

impl PartialEq for Why {
    fn eq(&self, other: &Self) -> bool {
        self.sentences() == other.sentences()
    }
}

impl fmt::Debug for Why {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.sentences()).finish()
    }
}
