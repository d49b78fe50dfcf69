//! The literals of one block of a text: context words, and places where candidates stand.
//!
//! In: bytes. Out: what the block's recognizers are tried by, in the scratch. Not here: trying them (`scan`).

use super::Scratch;
use crate::context::{self, Marks, Word};
use crate::recognizers::set::Set;

/// Bytes around a block in which context words are looked for.
const AROUND: usize = 256;
/// Collects the context words and candidates of `from..to`.
pub(super) fn take(
    set: &Set,
    text: &[u8],
    from: usize,
    to: usize,
    scratch: &mut Scratch,
    awake: &mut Vec<u16>,
) {
    scratch.words.clear();
    scratch.places.clear();
    let (low, high) = (from.saturating_sub(AROUND), (to + AROUND).min(text.len()));
    let mut lower = std::mem::take(&mut scratch.lower);
    lower.clear();
    lower.extend_from_slice(&text[low..high]);
    lower.make_ascii_lowercase();
    let mut marks = Marks::default();
    let mut found = std::mem::take(&mut scratch.literals);
    let begins = |at| context::begins_whole(text, low + at);
    set.search.all(&lower, begins, &mut found);
    for (start, end, number) in found.drain(..) {
        let (start, end, at) = (low + start, low + end, usize::from(number));
        let literal = &set.literals[at];
        let is_whole =
            (literal.is_word || !literal.is_part()) && context::is_whole(text, start, end);
        if !is_whole && !literal.is_part() || marks.hold(text, start, end) {
            continue;
        }
        if literal.is_word && is_whole {
            if !scratch.seen[at] {
                scratch.seen[at] = true;
                scratch.met.push(number);
                for index in &literal.allows {
                    scratch.changes += u64::from(scratch.allowed.insert(*index));
                }
            }
            scratch.words.push(Word {
                start,
                end,
                literal: number,
            });
        }
        if start < from || start >= to {
            continue;
        }
        if literal.is_part() || !literal.field.is_empty() {
            scratch.places.push((start, end, number));
        }
        for index in &literal.wakes {
            if !awake.contains(index) {
                awake.push(*index);
            }
        }
    }
    scratch.literals = found;
    scratch.lower = lower;
}
