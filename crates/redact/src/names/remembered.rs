//! What was found in windows of text lately: a text that is looked through again after a part of it
//! changed costs what that part costs, and so does a sentence that many texts hold.
//!
//! No text is kept. A window is known by two hashes with keys that are drawn anew for each memory, so
//! that nobody can write a window that is taken for another one. Memory is bounded: what was not asked
//! for lately is forgotten. Not here: where windows end, finding names.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use crate::names::features::{Line, beside};
use crate::names::words::Word;
use crate::names::{Name, Part};

/// Windows of each of two generations; together they take at most a few megabytes.
const WINDOWS: usize = 4_096;

/// What a window is known by.
pub(super) type Key = [u64; 2];

/// What was found in a window: names with offsets from its beginning, and how far its last line goes.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) names: Box<[Name]>,
    pub(super) line: Line,
}

/// Windows that were looked through lately.
#[derive(Debug, Default)]
pub(super) struct Remembered {
    keys: [RandomState; 2],
    young: HashMap<Key, Kept>,
    old: HashMap<Key, Kept>,
}

impl Remembered {
    /// The key of a part of a text: everything that what is found in it depends on. `words` and `codes`
    /// are those of the whole text.
    pub(super) fn key(&self, text: &str, (words, codes): (&[Word], &[u8]), part: &Part) -> Key {
        let Part {
            words: window,
            line,
        } = part;
        let around = beside(words, window);
        let held = &text[words[around.start].start..words[around.end - 1].end];
        // What a line looks like depends on those that it stands with, which may be outside.
        let codes = &codes[around.clone()];
        let places = [
            window.start - around.start,
            around.end - window.end,
            around.len(),
        ];
        let is_apart = words[around.start].is_apart;
        self.keys
            .each_ref()
            .map(|key| key.hash_one((held, codes, places, is_apart, line)))
    }

    /// What was found in the window with this key.
    pub(super) fn get(&mut self, key: &Key) -> Option<&Kept> {
        if let Some(kept) = self.old.remove(key) {
            self.keep(*key, kept);
        }
        self.young.get(key)
    }

    /// Keeps what was found in a window.
    pub(super) fn keep(&mut self, key: Key, kept: Kept) {
        if self.young.len() >= WINDOWS {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, kept);
    }
}
