//! What the first bytes of a match can be, told from its pattern: a place where they can't stand is passed
//! over for a few instructions, where trying the pattern takes hundreds.
//!
//! In: a recognizer as its file gives it, bytes where a candidate begins. Out: whether its pattern may match
//! there; it may say yes where the pattern does not. Not here: the pattern itself (`recognizers`).

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::{At, Limits, Source};
use crate::patterns;

/// Bytes that are looked at.
const DEPTH: usize = 16;

/// The class of each byte, as a bit: letters of ASCII have one each, digits have one together.
static CLASSES: [u64; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let class = match byte as u8 {
            letter @ b'a'..=b'z' => letter - b'a',
            letter @ b'A'..=b'Z' => letter - b'A' + 26,
            b'0'..=b'9' => 52,
            b' ' => 53,
            b'-' => 54,
            b'.' => 55,
            b'/' => 56,
            b':' => 57,
            b'_' => 58,
            b'\t'..=b'\r' => 59,
            b'"' | b'\'' => 60,
            b'(' | b')' | b'+' | b',' | b'=' => 61,
            0x80.. => 63,
            _ => 62,
        };
        classes[byte] = 1 << class;
        byte += 1;
    }
    classes
};

/// Of each place of a match that every match has, the classes of bytes that can stand there.
#[derive(Debug, Clone, Default)]
pub(super) struct Front {
    length: usize,
    places: [u64; DEPTH],
}

/// Places at which something can end, a bit each.
type Places = u32;

impl Front {
    /// Of what has no pattern, or one that is looked for everywhere, nothing is known.
    pub(super) fn of(source: &Source, is_pattern: bool) -> Self {
        let mut front = Self::default();
        if !is_pattern || source.at == At::Anywhere {
            return front;
        }
        let parsed = ParserBuilder::new()
            .unicode(Limits::of(source).is_unicode)
            .utf8(false)
            .nest_limit(patterns::MAX_NEST)
            .build()
            .parse(&source.pattern);
        if let Ok(hir) = parsed {
            let ends = front.take(&hir, 1);
            front.length = DEPTH.min(ends.trailing_zeros() as usize);
        }
        front
    }

    /// Whether a match may begin where `text` does, whose first `known` bytes are not asked.
    #[inline]
    pub(super) fn fits(&self, text: &[u8], known: usize) -> bool {
        let places = self.places.get(known..self.length).unwrap_or_default();
        text.len() >= self.length
            && (places.iter().zip(&text[known.min(text.len())..]))
                .all(|(place, byte)| place & CLASSES[*byte as usize] != 0)
    }

    /// Notes what `hir` takes behind each of `from`; answers where that can end, within what is looked at.
    fn take(&mut self, hir: &Hir, from: Places) -> Places {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => from,
            HirKind::Literal(literal) => literal.0.iter().fold(from, |from, byte| {
                self.put(from, CLASSES[usize::from(*byte)])
            }),
            HirKind::Class(class) => self.one_of(class, from),
            HirKind::Capture(capture) => self.take(&capture.sub, from),
            HirKind::Concat(all) => all.iter().fold(from, |from, hir| self.take(hir, from)),
            HirKind::Alternation(all) => {
                (all.iter()).fold(0, |ends, hir| ends | self.take(hir, from))
            }
            HirKind::Repetition(repetition) => {
                let (mut from, mut ends, mut count) = (from, 0, 0);
                loop {
                    if count >= repetition.min {
                        // Places that it went on from already lead nowhere new.
                        if from & !ends == 0 {
                            return ends;
                        }
                        ends |= from;
                    }
                    if from == 0 || repetition.max == Some(count) {
                        return ends;
                    }
                    from = self.take(&repetition.sub, from);
                    count += 1;
                }
            }
        }
    }

    /// Notes one byte of these classes behind each of `from`.
    fn put(&mut self, from: Places, classes: u64) -> Places {
        for (at, place) in self.places.iter_mut().enumerate() {
            if from >> at & 1 != 0 {
                *place |= classes;
            }
        }
        from << 1 & ((1 << DEPTH) - 1)
    }

    /// Notes one character.
    fn one_of(&mut self, class: &Class, from: Places) -> Places {
        let ranges: Vec<(u32, u32)> = match class {
            Class::Bytes(bytes) => {
                let all = bytes
                    .iter()
                    .flat_map(|range| range.start()..=range.end())
                    .fold(0, |all, byte| all | CLASSES[usize::from(byte)]);
                return self.put(from, all);
            }
            Class::Unicode(class) => (class.iter())
                .map(|range| (range.start().into(), range.end().into()))
                .collect(),
        };
        let plain = (ranges.iter())
            .flat_map(|(start, end)| *start..=*(end.min(&0x7F)))
            .fold(0, |all, byte| all | CLASSES[byte as usize]);
        let mut ends = if plain == 0 { 0 } else { self.put(from, plain) };
        // Characters beyond ASCII have two to four bytes.
        if ranges.iter().any(|(_, end)| *end > 0x7F) {
            let mut from = from;
            for bytes in 1..=4 {
                from = self.put(from, CLASSES[0x80]);
                ends |= if bytes > 1 { from } else { 0 };
            }
        }
        ends
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, may: &[&str], never: &[&str]) {
        let source = Source {
            pattern: pattern.to_owned(),
            at: At::Token,
            ..Source::default()
        };
        let front = Front::of(&source, true);
        for text in may {
            assert!(front.fits(text.as_bytes(), 0), "{pattern} {text}");
        }
        for text in never {
            assert!(!front.fits(text.as_bytes(), 0), "{pattern} {text}");
        }
    }

    #[test]
    fn a_place_is_passed_over_where_no_match_can_begin() {
        check(
            "[0-9]{3}[ -]?[0-9]{2}",
            &["123 45", "12345", "123-45 or so"],
            &["123", "12 345", "123  45", "123.45", "123-x4"],
        );
        check("(?i:de)[0-9]{2}", &["DE12", "de12"], &["AB12", "de", "d1"]);
        check("a+b?c{2,}d", &["aaaaacd", "accd"], &["ad", "bcc"]);
        check("(?:ab|c)\\b(?P<value>x*)", &["ab", "c", "cx"], &["", "b"]);
        check("(?:[a-c]*){3}[0-9]", &["1", "abcabc1"], &[""]);
        check("\\p{L}{2}-", &["né-", "пр-", "ab-"], &["1-", "a.-"]);
        check("x?", &["", "anything"], &[]);
    }

    #[test]
    fn nothing_is_asked_of_what_has_no_pattern() {
        let source = Source {
            pattern: "=phone".to_owned(),
            ..Source::default()
        };
        assert!(Front::of(&source, false).fits(b"", 0));
    }
}
