//! What else can be asked of an assignment that was read: the second of two values, the next of a list, a value in
//! braces or with blanks in it.
//!
//! In: an assignment and its text. Out: other bounds of its value. Not here: where names and values are found
//! (`assignment`).

use std::ops::Range;

use super::{Assigned, NAME, PHRASE, Sign, value_end};

/// What the first of two names ends with: `user/password`.
const FIRST_NAMES: [&[u8]; 7] = [
    b"id",
    b"user",
    b"username",
    b"login",
    b"name",
    b"account",
    b"email",
];

/// The value in braces of a part of a string that connects by ODBC: `;password={x}`.
pub(super) fn in_braces(text: &[u8], name: &Range<usize>, at: usize) -> Option<(usize, usize)> {
    let is_part = text[..name.start].ends_with(b";") && text[..at].ends_with(b"=");
    if !is_part {
        return None;
    }
    let rest = &text[at + 1..text.len().min(at + 1 + PHRASE)];
    let end = memchr::memchr(b'}', rest)?;
    let closes = rest
        .get(end + 1)
        .is_none_or(|byte| b";\"'\r\n".contains(byte));
    closes.then_some((at + 1, at + 1 + end))
}

impl Assigned {
    /// The second of two values where the name is the second of two names: `ID/PW: jo/x`.
    pub(super) fn of_pair(mut self, text: &[u8]) -> Self {
        let before = &text[self.name.start.saturating_sub(NAME)..self.name.start];
        let is_second = self.quote.is_none() && matches!(before, [.., b'/' | b'&' | b':']) && {
            let first = before[..before.len() - 1].trim_ascii_end();
            let ends = |word: &&[u8]| {
                let at = first.len().checked_sub(word.len());
                at.is_some_and(|at| first[at..].eq_ignore_ascii_case(word))
            };
            FIRST_NAMES.iter().any(ends) || first.last().is_some_and(|byte| *byte >= 0x80)
        };
        if !is_second {
            return self;
        }
        let value = &text[self.value.clone()];
        let joint = value.iter().position(|byte| matches!(byte, b'/' | b':'));
        if let Some(joint) = joint.filter(|at| *at > 0 && value.len() - at > 4) {
            self.value.start += joint + 1;
        }
        self
    }

    /// Makes the value the next one of the list that it is the first of: `('x', 'y')`, `["x", "y"]`. Returns
    /// whether there is one.
    pub(crate) fn next(&mut self, text: &[u8]) -> bool {
        let Some(quote @ (b'"' | b'\'')) = self.quote else {
            return false;
        };
        let end = self.value.end;
        let rest = &text[end..text.len().min(end + 16)];
        let Some(rest) = rest.strip_prefix(&[quote, b',']) else {
            return false;
        };
        let blanks = rest
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count();
        if rest.get(blanks) != Some(&quote) {
            return false;
        }
        let from = end + 2 + blanks + 1;
        self.value = from..value_end(text, from, Some(quote));
        !self.value.is_empty()
    }

    /// Whether the name is compared with the value, `cp >= 64976`, `cp > 65535`, and is not that of a tag.
    pub(crate) fn compares(&self, text: &[u8]) -> bool {
        let between = &text[self.name.end..self.value.start.max(self.name.end)];
        self.sign == Sign::Greater && between.starts_with(b" >")
    }

    /// Whether the value is the first of a list.
    pub(crate) fn is_listed(&self, text: &[u8]) -> bool {
        let before = text[..self.value.start.saturating_sub(1)].trim_ascii_end();
        self.quote.is_some() && before.ends_with(b"[") || self.sign == Sign::Asked
    }

    /// Where the value ends when blanks are part of it: at what closes a field or its line.
    pub(crate) fn phrase(&self, text: &[u8]) -> usize {
        if !matches!(self.quote, None | Some(b'\\' | b'&')) {
            return self.value.end;
        }
        let limit = (self.value.end + PHRASE).min(text.len());
        let mut at = self.value.end;
        let opened = |bracket: u8| text[self.value.clone()].contains(&bracket);
        let mut is_open = opened(b'(') && !opened(b')');
        while at < limit && !b"\n\r\t\"'`\\|,;<>&{}".contains(&text[at]) {
            // A bracket that was opened before the value ends it: `(ID: 12)`.
            match text[at] {
                b'(' => is_open = true,
                b')' if !is_open => break,
                b')' => is_open = false,
                _ => {}
            }
            at += 1;
        }
        while at > self.value.end && matches!(text[at - 1], b' ' | b'.') {
            at -= 1;
        }
        at
    }
}
