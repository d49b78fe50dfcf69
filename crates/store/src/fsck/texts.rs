//! Depth `records`: whether the search index holds the words of the records and no others.
//!
//! Both sides are added up, since neither fits into memory: which word stands in which call. What
//! differs is no loss, and so the sentence says. Not here: making the index anew.

use std::hash::{DefaultHasher, Hash, Hasher};

use assay_domain::formats::Format;
use assay_domain::words;

use super::{Check, What};
use crate::error::Result;
use crate::sealing::{StoredBody, unseal};
use crate::text_index::{BETWEEN, IndexState, TABLE, distinct, state, with_vocabulary};

/// A sum over pairs of word and call that does not depend on their order.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sum {
    pairs: u64,
    hash: u64,
}

impl Sum {
    fn add(&mut self, word: &[u8], seq: u64) {
        let mut hasher = DefaultHasher::new();
        (word, seq).hash(&mut hasher);
        self.pairs += 1;
        self.hash = self.hash.wrapping_add(hasher.finish());
    }
}

impl Check<'_> {
    pub(super) fn texts(&mut self) -> Result<()> {
        let Some(state) = state(self.connection)? else {
            if self.number(&format!(
                "select count(*) from sqlite_schema where name = '{TABLE}'"
            ))? > 0
            {
                self.found(
                    What::Added,
                    TABLE,
                    "index",
                    "There is a search index, though it is switched off.".to_owned(),
                );
            }
            return Ok(());
        };
        if !state.is_usable() {
            self.not_checked("The search index: it was made by another version and is not used.");
            return Ok(());
        }
        let expected = self.words_of_records(&state)?;
        let found = self.words_of_index().ok();
        let held = found.as_ref() == Some(&expected);
        if !held {
            self.found(
                What::Changed,
                TABLE,
                "index",
                "The search index does not hold the words of the records. It is made from them, so that nothing is lost: switch it off and on again.".to_owned(),
            );
        }
        let checked = if held { expected.pairs } else { 0 };
        self.counted("words of the search index", checked, expected.pairs);
        Ok(())
    }

    fn words_of_records(&self, state: &IndexState) -> Result<Sum> {
        let mut sum = Sum::default();
        let mut statement = self.connection.prepare(
            "select c.format, b.seq, b.codec, b.salt, b.data, b.key
             from call c join body b on b.seq = c.seq where c.seq < ?1 order by c.seq",
        )?;
        let mut rows = statement.query([state.up_to as i64])?;
        while let Some(row) = rows.next()? {
            let format: Option<u8> = row.get(0)?;
            let stored = StoredBody::read(row, 1)?;
            let seq = stored.seq;
            // What can't be read is damage of its own, and holds no words.
            if let Ok((_, raw)) = unseal(self.keys, stored) {
                let texts = words::texts_of(format.and_then(Format::from_number), &raw);
                for word in distinct(&texts) {
                    sum.add(word.as_bytes(), seq);
                }
            }
        }
        Ok(sum)
    }

    fn words_of_index(&self) -> Result<Sum> {
        with_vocabulary(self.connection, "instance", |connection| {
            let mut sum = Sum::default();
            // In the order of the words; a word that stands twice in a call is told twice.
            let mut statement = connection.prepare("select term, doc from temp.call_text_words")?;
            let mut rows = statement.query([])?;
            let mut last = (Vec::new(), u64::MAX);
            while let Some(row) = rows.next()? {
                let word = row.get_ref(0)?.as_bytes().unwrap_or_default();
                let seq = row.get::<_, i64>(1)?.unsigned_abs();
                if word == BETWEEN.as_bytes() || (last.1 == seq && last.0 == word) {
                    continue;
                }
                sum.add(word, seq);
                last = (word.to_vec(), seq);
            }
            Ok(sum)
        })
    }
}
