//! The view in which a value that a line end parts stands in one piece.
//!
//! In: bytes. Out: a view with the surroundings of those line ends that may part a value: a mail
//! program wrapped the line, a terminal cut it. Indentation and marks of quoted mail go with the line
//! end; a line end that is written as an escape counts as one. Most line ends are told from such ones by
//! what stands right beside them, so that hardly any text is read twice. Not here: which findings of
//! such a view count (`detect`).

use super::{Spot, View, spot, view, with_around};

/// Bytes beside a line end that are looked at.
const BESIDE: usize = 64;
/// The least digits of both sides together where digits stand on both.
const DIGITS: usize = 6;
/// Bytes of indentation and marks of quoted mail at most.
const MARGIN: usize = 24;
/// Bytes at the beginnings of lines that are alike in a table or a log.
const ALIKE: usize = 6;

/// What stands for a line end in the view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mended {
    /// Nothing: it parts a run of letters and digits.
    Joined,
    /// A blank: it parts groups.
    Spaced,
}

impl Mended {
    fn spot(self, left: usize, right: usize) -> Option<Spot> {
        match self {
            Self::Joined => spot(left, right, b""),
            Self::Spaced => spot(left, right, b" "),
        }
    }
}

/// The views in which values that a line end parts stand in one piece: joined, and with a blank.
pub(crate) fn unbroken(text: &[u8]) -> [Option<View>; 2] {
    let mut spots = [Vec::new(), Vec::new()];
    let mut line = 0;
    for at in memchr::memchr2_iter(b'\n', b'\\', text) {
        let length = end_of_line(text, at);
        if length == 0 || at < line {
            continue;
        }
        let this = line;
        line = at + length;
        parting(text, this, at, line, &mut spots);
    }
    spots.map(|spots| view(text, spots.into_iter()))
}

/// The view in which what is parted at a seam, from its first byte to the one behind it, stands in one
/// piece.
pub(crate) fn at_seam(text: &[u8], seam: (usize, usize), mended: Mended) -> Option<View> {
    with_around(text, mended.spot(seam.0, seam.1).into_iter(), text.len())
}

/// The length of the line end at `at`, as it is or as an escape; 0 where there is none.
fn end_of_line(text: &[u8], at: usize) -> usize {
    match &text[at..] {
        [b'\n', ..] => 1,
        [b'\\', b'n', ..] => 2,
        [b'\\', b'r', b'\\', b'n', ..] => 4,
        _ => 0,
    }
}

/// A byte that values are made of.
const fn of_value(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'@' | b'+' | b'/' | b':')
}

/// Notes the line end at `end` of the line that begins at `line` where it may part a value; the next line
/// begins at `next`.
fn parting(text: &[u8], line: usize, end: usize, next: usize, spots: &mut [Vec<Spot>; 2]) {
    let mut left = end;
    if left > line && text[left - 1] == b'\r' {
        left -= 1;
    }
    // A mail program that wraps leaves the blank where it was.
    if left > line && text[left - 1] == b' ' {
        left -= 1;
    }
    if left == line || !of_value(text[left - 1]) {
        return;
    }
    let margin = text[next..]
        .iter()
        .take(MARGIN)
        .take_while(|byte| matches!(byte, b' ' | b'\t' | b'>'))
        .count();
    let right = next + margin;
    if !text.get(right).is_some_and(|byte| of_value(*byte)) {
        return;
    }
    let before = &text[left.saturating_sub(BESIDE).max(line)..left];
    let after = &text[right..(right + BESIDE).min(text.len())];
    let is_apart = left < end && text[left] == b' ';
    let [joined, spaced] =
        [Mended::Joined, Mended::Spaced].map(|mended| may_part(before, after, is_apart, mended));
    if !(joined || spaced) || is_row(text, line, end, next) {
        return;
    }
    if joined {
        spots[0].extend(Mended::Joined.spot(left, right));
    }
    if spaced {
        spots[1].extend(Mended::Spaced.spot(left, right));
    }
}

/// Whether a value may go on from the end of `before` at the beginning of `after`; `is_apart` where a
/// blank stood between.
fn may_part(before: &[u8], after: &[u8], is_apart: bool, mended: Mended) -> bool {
    let (run, head) = (last_run(before), first_run(after));
    if is_day(head) {
        return false;
    }
    match mended {
        Mended::Joined => {
            !is_apart
                && !run.is_empty()
                && !head.is_empty()
                && (is_number(before, after)
                    || is_address(run, head)
                    || is_code(run, head)
                    || is_odd_begin(run) && is_odd(head))
        }
        Mended::Spaced => {
            is_number(before, after)
                && (is_apart || is_grouped(before.iter().rev()) || is_grouped(after.iter()))
        }
    }
}

/// As for a line end, where a text is over and the next one goes on: there are few of them, so that
/// less is asked.
pub(crate) fn may_go_on(before: &[u8], after: &[u8], is_apart: bool, mended: Mended) -> bool {
    let before = &before[before.len().saturating_sub(BESIDE)..];
    let after = &after[..after.len().min(BESIDE)];
    let (run, head) = (last_run(before), first_run(after));
    match mended {
        Mended::Joined => {
            let is_key = || is_odd_begin(run) || is_odd(head);
            may_part(before, after, is_apart, mended)
                || !is_apart && !run.is_empty() && !head.is_empty() && is_key()
        }
        Mended::Spaced => is_number(before, after),
    }
}

/// What values are made of, at the end of a text and at the beginning of one.
fn last_run(before: &[u8]) -> &[u8] {
    let at = before.iter().rposition(|byte| !of_value(*byte));
    at.map_or(before, |at| &before[at + 1..])
}

fn first_run(after: &[u8]) -> &[u8] {
    let at = after.iter().position(|byte| !of_value(*byte));
    at.map_or(after, |at| &after[..at])
}

/// Whether digits stand on both sides, together as many as a number of somebody has.
fn is_number(before: &[u8], after: &[u8]) -> bool {
    has_digit(last_run(before))
        && has_digit(first_run(after))
        && digits_of_groups(before.iter().rev()) + digits_of_groups(after.iter()) >= DIGITS
}

/// Whether a run begins with a day, as lines of logs do.
fn is_day(run: &[u8]) -> bool {
    let digits = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_digit);
    run.len() > 7 && digits(&run[..4]) && run[4] == b'-' && digits(&run[5..7])
}

fn has_digit(run: &[u8]) -> bool {
    run.iter().any(u8::is_ascii_digit)
}

/// Digits of groups that stand one blank or mark apart, from a line end on.
fn digits_of_groups<'a>(bytes: impl Iterator<Item = &'a u8>) -> usize {
    let mut was_apart = false;
    bytes
        .take_while(|byte| {
            let is_apart = !byte.is_ascii_alphanumeric();
            let goes_on = !is_apart
                || !was_apart
                    && matches!(byte, b' ' | b'-' | b'.' | b':' | b'/' | b'+' | b'(' | b')');
            was_apart = is_apart;
            goes_on
        })
        .filter(|byte| byte.is_ascii_digit())
        .count()
}

/// Whether a group beside a line end is short and another stands one blank or hyphen further.
fn is_grouped<'a>(bytes: impl Iterator<Item = &'a u8> + Clone) -> bool {
    let group = bytes
        .clone()
        .take_while(|byte| byte.is_ascii_alphanumeric())
        .count();
    let mut rest = bytes.skip(group);
    group <= 6
        && matches!(rest.next(), Some(b' ' | b'-'))
        && rest.next().is_some_and(u8::is_ascii_alphanumeric)
}

/// Whether both runs together may be an e-mail address.
fn is_address(run: &[u8], head: &[u8]) -> bool {
    let at = |side: &[u8]| side.iter().filter(|byte| **byte == b'@').count();
    match (at(run), at(head)) {
        (1, 0) => run[0] != b'@' && head.iter().any(u8::is_ascii_alphabetic),
        (0, 1) => head.contains(&b'.'),
        _ => false,
    }
}

/// Whether both runs are of capitals and digits, as numbers of documents are.
fn is_code(run: &[u8], head: &[u8]) -> bool {
    let is = |side: &[u8]| {
        side.iter()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    run.len() + head.len() >= 8 && (has_digit(run) || has_digit(head)) && is(run) && is(head)
}

/// Whether a run looks like the beginning of a key: a digit or a joint in it.
fn is_odd_begin(run: &[u8]) -> bool {
    run.len() >= 4 && (has_digit(run) || run.iter().any(|byte| matches!(byte, b'_' | b'-')))
        || is_odd(run)
}

/// Whether a run looks like no word: letters with a digit among them, or a capital behind a small one.
pub(crate) fn is_odd(run: &[u8]) -> bool {
    let letters = run.iter().any(u8::is_ascii_alphabetic);
    let humped = || {
        run.windows(2)
            .any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
    };
    run.len() >= 3 && letters && (has_digit(run) || humped())
}

/// Whether the line is one of at least three that begin alike: a row of a table or a log, which no
/// value goes on from.
fn is_row(text: &[u8], line: usize, end: usize, next: usize) -> bool {
    // A short line shows its end.
    let begins = |at: usize| &text[at.min(text.len())..(at + ALIKE).min(text.len())];
    let alike = |at: usize| {
        let (this, other) = (begins(line), begins(at));
        other.len() > 2
            && this
                .iter()
                .zip(other)
                .all(|(one, other)| class(*one) == class(*other))
    };
    if end < line + 2 || !alike(next) {
        return false;
    }
    let behind = &text[next..(next + 1_024).min(text.len())];
    let third = memchr::memchr(b'\n', behind).map(|at| next + at + 1);
    if third.is_some_and(alike) {
        return true;
    }
    let far = line.saturating_sub(1).saturating_sub(1_024);
    let first = line.checked_sub(1).and_then(|at| {
        memchr::memrchr(b'\n', &text[far..at])
            .map(|at| far + at + 1)
            .or((far == 0).then_some(0))
    });
    first.is_some_and(alike)
}

const fn class(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => b'0',
        b'a'..=b'z' | b'A'..=b'Z' => b'a',
        other => other,
    }
}
