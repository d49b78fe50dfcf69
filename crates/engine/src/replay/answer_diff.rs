//! How two answers differ, word by word.
//!
//! In: two texts. Out: stretches that stayed, went and came; the share of words in common. Not
//! here: masking the texts, and what a difference means.

use similar::{ChangeTag, TextDiff};

use crate::replay::view::DiffSegment;

/// Returns the share of words that both texts have in common in the same order: 0–1.
///
/// White space is no word. Two texts without words have everything in common.
pub(crate) fn similarity(old: &str, new: &str) -> f64 {
    let (old, new): (Vec<&str>, Vec<&str>) = (
        old.split_whitespace().collect(),
        new.split_whitespace().collect(),
    );
    f64::from(TextDiff::from_slices(&old, &new).ratio())
}

/// Returns the stretches of `old` and `new` in reading order; what went stands before what came.
///
/// White space between two changes belongs to both, so that a changed sentence is one change.
pub(crate) fn word_diff(old: &str, new: &str) -> Vec<DiffSegment> {
    let mut out = Stretches::default();
    let diff = TextDiff::from_words(old, new);
    for change in diff.iter_all_changes() {
        match change.tag() {
            ChangeTag::Equal if change.value().chars().all(char::is_whitespace) => {
                out.spaces.push_str(change.value())
            }
            ChangeTag::Equal => {
                out.close();
                out.push("equal", change.value());
            }
            ChangeTag::Delete => {
                out.open();
                out.removed.push_str(change.value());
            }
            ChangeTag::Insert => {
                out.open();
                out.added.push_str(change.value());
            }
        }
    }
    out.close();
    out.done
}

#[derive(Default)]
struct Stretches {
    done: Vec<DiffSegment>,
    removed: String,
    added: String,
    /// White space whose place is not decided yet.
    spaces: String,
}

impl Stretches {
    fn push(&mut self, change: &str, text: &str) {
        match self.done.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.change == change => last.text.push_str(text),
            _ => self.done.push(DiffSegment {
                change: change.to_owned(),
                text: text.to_owned(),
            }),
        }
    }

    /// A change goes on or begins.
    fn open(&mut self) {
        let spaces = std::mem::take(&mut self.spaces);
        if self.removed.is_empty() && self.added.is_empty() {
            self.push("equal", &spaces);
        } else {
            self.removed.push_str(&spaces);
            self.added.push_str(&spaces);
        }
    }

    /// A change ends.
    fn close(&mut self) {
        let (removed, added) = (
            std::mem::take(&mut self.removed),
            std::mem::take(&mut self.added),
        );
        self.push("removed", &removed);
        self.push("added", &added);
        let spaces = std::mem::take(&mut self.spaces);
        self.push("equal", &spaces);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(old: &str, new: &str, expected: &[(&str, &str)]) {
        let diff = word_diff(old, new);
        let found: Vec<(&str, &str)> = diff
            .iter()
            .map(|segment| (segment.change.as_str(), segment.text.as_str()))
            .collect();
        assert_eq!(found, expected, "{old:?} {new:?}");
        let side = |left_out: &str| {
            diff.iter()
                .filter(|segment| segment.change != left_out)
                .map(|segment| segment.text.as_str())
                .collect::<String>()
        };
        assert_eq!(
            side("added").split_whitespace().collect::<Vec<_>>(),
            old.split_whitespace().collect::<Vec<_>>()
        );
        assert_eq!(
            side("removed").split_whitespace().collect::<Vec<_>>(),
            new.split_whitespace().collect::<Vec<_>>()
        );
    }

    #[test]
    fn a_changed_sentence_is_one_change() {
        check(
            "one two three",
            "one 2 3",
            &[
                ("equal", "one "),
                ("removed", "two three"),
                ("added", "2 3"),
            ],
        );
        check(
            "keep this word",
            "keep that word",
            &[
                ("equal", "keep "),
                ("removed", "this"),
                ("added", "that"),
                ("equal", " word"),
            ],
        );
        check("same", "same", &[("equal", "same")]);
        check("", "new", &[("added", "new")]);
        check("gone", "", &[("removed", "gone")]);
        check("", "", &[]);
    }

    #[test]
    fn spaces_are_no_shared_words() {
        assert!(similarity("a b c d", "w x y z") < f64::EPSILON);
        assert!((similarity("a b c d", "a b y z") - 0.5).abs() < f64::EPSILON);
        assert!((similarity("", "") - 1.0).abs() < f64::EPSILON);
    }
}
