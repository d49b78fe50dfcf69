//! The sets of calls that were looked up last, by the words that they hold.
//!
//! In: a set and what it holds for. Out: the same set, for whoever asks the same next. Not here:
//! looking it up (`text_search`).

use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use assay_domain::words::Words;

use crate::text_search::sets::Calls;

/// Sets that are kept: of each search its records, and its calls.
const KEPT: usize = 16;
/// Calls up to which they are named one by one, so that nothing else is looked at.
const FEW: u64 = 16_000;
/// What a set holds for: the content of the index and, where records were read, of the store.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Content {
    pub(crate) generation: i64,
    /// The last call, the last erasure and the number of those that are under way.
    pub(crate) read: Option<(i64, i64, i64)>,
}

/// One set that was looked up.
struct Kept {
    content: Content,
    words: Words,
    calls: Arc<Calls>,
}

/// Sets of calls by the words that they hold.
#[derive(Default)]
pub(crate) struct Searches {
    pub(crate) next: AtomicU64,
    kept: Mutex<Vec<Kept>>,
    /// Those that a statement may still name.
    named: Mutex<Vec<(u64, Weak<Calls>)>>,
    pub(crate) is_damaged: AtomicBool,
    /// Held by who reads records, so that the others get what it found.
    pub(crate) reading: Mutex<()>,
    /// Fewer than [`FEW`] and than what a page tries, so that a small store goes every way.
    #[cfg(test)]
    few: std::sync::OnceLock<u64>,
}

impl Searches {
    /// Calls up to which they are named one by one.
    pub(crate) fn few(&self) -> u64 {
        #[cfg(test)]
        if let Some(few) = self.few.get() {
            return *few;
        }
        FEW
    }

    #[cfg(test)]
    pub(crate) fn set_few(&self, few: u64) {
        self.few.set(few).unwrap();
    }

    pub(crate) fn find(&self, content: Content, words: &Words) -> Option<Arc<Calls>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter()
            .find(|one| one.content == content && one.words == *words)
            .map(|one| Arc::clone(&one.calls))
    }

    /// Lets statements name a set for as long as somebody holds it.
    pub(crate) fn name(&self, calls: &Arc<Calls>) {
        let mut named = self.named.lock().unwrap_or_else(PoisonError::into_inner);
        named.retain(|(_, calls)| calls.strong_count() > 0);
        named.push((calls.number, Arc::downgrade(calls)));
    }

    pub(crate) fn keep(&self, content: Content, words: &Words, calls: &Arc<Calls>) {
        self.name(calls);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|one| {
            one.content.generation == content.generation
                && (one.content != content || one.words != *words)
        });
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push(Kept {
            content,
            words: words.clone(),
            calls: Arc::clone(calls),
        });
    }

    pub(crate) fn named(&self, number: i64) -> Option<Arc<Calls>> {
        let named = self.named.lock().unwrap_or_else(PoisonError::into_inner);
        named
            .iter()
            .find(|(own, _)| *own == number.unsigned_abs())
            .and_then(|(_, calls)| calls.upgrade())
    }
}

/// Held until it is dropped.
pub(crate) fn locked(mutex: &Mutex<()>) -> MutexGuard<'_, ()> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
