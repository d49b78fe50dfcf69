//! Which findings across a line end count: those that something proves.
//!
//! In: a hit on a view without line ends, and what was found on the text as it came. Out: yes or no.
//! Without a proof two lines that have nothing to do with each other would read as a value: a check
//! digit, the beginning that a vendor gives its keys, a word that says what it is while the line that it
//! stands on holds no whole value. Not here: the view (`views::broken`).

use crate::recognizers::{At, Category, Recognizer};
use crate::resolve::Candidate;
use crate::scan::hits::Hit;
use crate::views::broken::is_odd;

/// Checks that chance passes so seldom, with the form around them, that nothing else is asked.
const PROOFS: [&str; 9] = [
    "aws_secret",
    "luhn_card",
    "iban",
    "base58check",
    "bech32",
    "it_fiscal_code",
    "vin",
    "mac",
    "jwt",
];

/// A hit that goes over a line end, on the text as it came.
pub(super) struct Parted<'a> {
    text: &'a [u8],
    start: usize,
    end: usize,
    /// Where the piece before the line end is over, and where the one behind it begins.
    before: usize,
    behind: usize,
}

impl<'a> Parted<'a> {
    /// Parted by the first line end in it; `None` where there is none.
    pub(super) fn by_line(text: &'a [u8], start: usize, end: usize) -> Option<Self> {
        let inside = text.get(start..end)?;
        let at = inside.iter().enumerate().position(|(at, byte)| {
            *byte == b'\n' || *byte == b'\\' && matches!(inside.get(at + 1), Some(b'n' | b'r'))
        })?;
        let before = inside[..at]
            .iter()
            .rposition(|byte| !byte.is_ascii_whitespace())?
            + 1;
        let mut rest = at;
        while let Some(byte) = inside.get(rest) {
            match byte {
                b'\\' => rest += 2,
                b'\n' | b'\r' | b' ' | b'\t' | b'>' => rest += 1,
                _ => break,
            }
        }
        (rest < inside.len()).then_some(Self {
            text,
            start,
            end,
            before: start + before,
            behind: start + rest,
        })
    }

    /// Parted where a text is over and the next one begins; `None` where it goes over no seam.
    pub(super) fn by_seam(
        text: &'a [u8],
        start: usize,
        end: usize,
        (before, behind): (usize, usize),
    ) -> Option<Self> {
        (start < before && end > behind).then_some(Self {
            text,
            start,
            end,
            before,
            behind,
        })
    }

    /// Whether something proves that it is one value.
    /// `plain` is what was found on the text as it came.
    pub(super) fn is_proved(
        &self,
        recognizer: &Recognizer,
        hit: &Hit,
        plain: &[Candidate],
    ) -> bool {
        let (before, behind) = (self.before, self.behind);
        let source = &recognizer.source;
        let piece = &self.text[behind..self.end];
        let over = || {
            plain
                .iter()
                .filter(|one| one.start < self.end && one.end > self.start)
        };
        // A whole value on one of the lines, with chance beside it.
        let is_whole = || over().any(|one| one.end <= before || one.start >= behind);
        let by_check = source
            .validator
            .as_deref()
            .is_some_and(|name| PROOFS.contains(&name));
        let by_word = hit.word.is_some();
        match source.category {
            Category::Secret => {
                // Its beginning is a vendor's; the rest must look like no word, since a key of any
                // length reads on.
                let begins = matches!(source.at, At::Start | At::Token) || by_check;
                let is_own = over().any(|one| one.start >= behind);
                begins && !is_own && is_odd(first_run(piece))
            }
            _ if source.entity_type == "EMAIL_ADDRESS" => {
                self.is_address(before, behind, &is_whole)
            }
            Category::Person | Category::Location if source.entity_type != "DATE_OF_BIRTH" => false,
            _ if by_check => !over().any(|one| {
                (one.end <= before || one.start >= behind) && one.hit.recognizer == hit.recognizer
            }),
            // What stands behind the line end may look like a number without its country.
            _ if self.text[self.start] == b'+' => {
                !over().any(|one| one.start <= self.start && one.end <= before)
            }
            _ => {
                let says = by_word || source.at == At::Start;
                says && !is_whole() && piece.iter().any(u8::is_ascii_digit)
            }
        }
    }

    /// Whether an address is broken in its domain, or in a name that is clearly not over.
    fn is_address(&self, before: usize, behind: usize, is_whole: &dyn Fn() -> bool) -> bool {
        let first = &self.text[self.start..before];
        let named = || {
            // `amber.bir` behind a colon or a bracket.
            let in_front = self.text[..self.start].trim_ascii_end().last();
            let joint = first
                .iter()
                .position(|byte| matches!(byte, b'.' | b'_' | b'-'));
            matches!(in_front, Some(b':' | b'<' | b'(' | b'"' | b'=' | b'`'))
                && joint.is_some_and(|at| at > 0 && at + 1 < first.len())
        };
        match first.contains(&b'@') {
            true => !is_whole(),
            // `amber.birch21` and `@example.com`
            false if self.text[behind] == b'@' => true,
            false => named(),
        }
    }
}

fn first_run(piece: &[u8]) -> &[u8] {
    let length = piece
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        .count();
    &piece[..length]
}
