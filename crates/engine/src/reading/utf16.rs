//! UTF-16 as UTF-8: what a shell of Windows writes where the output of a program goes into a file.
//!
//! In: bytes behind or with a mark of their order. Out: the same text as UTF-8. Half a character becomes U+FFFD. Not here:
//! text without a mark, of which the order can't be told.

use std::io::{BufRead, ErrorKind, Read, Result};

/// How text in UTF-16 begins, by the order of its bytes.
pub(crate) const LITTLE: [u8; 2] = [0xFF, 0xFE];
pub(crate) const BIG: [u8; 2] = [0xFE, 0xFF];

/// Reads UTF-16 as UTF-8.
pub(crate) struct Utf16<R> {
    from: R,
    is_little: bool,
    /// The first byte of a unit whose second is not there yet.
    half: Option<u8>,
    /// The first unit of a character that takes two.
    high: Option<u16>,
    /// Bytes that are not given out yet, and how many of them are.
    held: Vec<u8>,
    given: usize,
}

impl<R: BufRead> Utf16<R> {
    /// Of text that begins with [`LITTLE`] or [`BIG`].
    pub(crate) fn new(from: R, is_little: bool) -> Self {
        Self {
            from,
            is_little,
            half: None,
            high: None,
            held: Vec::new(),
            given: 0,
        }
    }

    fn push(&mut self, c: char) {
        let mut bytes = [0; 4];
        self.held
            .extend_from_slice(c.encode_utf8(&mut bytes).as_bytes());
    }

    fn take(&mut self, unit: u16) {
        let pair = self.high.take().map(|high| [high, unit]);
        let both = pair.and_then(|pair| char::decode_utf16(pair).next()?.ok());
        match (pair, both) {
            // Of a character of one unit, what was held was half a one.
            (Some(_), Some(c)) if c as u32 > 0xFFFF => self.push(c),
            (Some(_), _) => {
                self.push(char::REPLACEMENT_CHARACTER);
                self.take(unit);
            }
            (None, _) if (0xD800..0xDC00).contains(&unit) => self.high = Some(unit),
            (None, _) => {
                let c = char::from_u32(u32::from(unit));
                self.push(c.unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
    }

    /// Reads more; false at the end.
    fn fill(&mut self) -> Result<bool> {
        self.held.clear();
        self.given = 0;
        let read = loop {
            match self.from.fill_buf() {
                Ok(bytes) => break bytes.to_vec(),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        };
        self.from.consume(read.len());
        for byte in &read {
            match self.half.take() {
                None => self.half = Some(*byte),
                Some(first) if self.is_little => self.take(u16::from_le_bytes([first, *byte])),
                Some(first) => self.take(u16::from_be_bytes([first, *byte])),
            }
        }
        let is_cut = self.half.is_some() || self.high.is_some();
        if read.is_empty() && is_cut {
            (self.half, self.high) = (None, None);
            self.push(char::REPLACEMENT_CHARACTER);
        }
        Ok(!read.is_empty() || !self.held.is_empty())
    }
}

impl<R: BufRead> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        while self.given == self.held.len() {
            if !self.fill()? {
                return Ok(0);
            }
        }
        let rest = &self.held[self.given..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    fn read(bytes: &[u8], is_little: bool, at_once: usize) -> String {
        let from = BufReader::with_capacity(at_once, bytes);
        let mut text = String::new();
        Utf16::new(from, is_little)
            .read_to_string(&mut text)
            .unwrap();
        text
    }

    #[test]
    fn text_of_either_order_is_the_same_however_it_comes() {
        let text = "{\"a\": \"Zürich 東京 🏔\"}\n";
        for is_little in [true, false] {
            let bytes: Vec<u8> = text
                .encode_utf16()
                .flat_map(|unit| match is_little {
                    true => unit.to_le_bytes(),
                    false => unit.to_be_bytes(),
                })
                .collect();
            for at_once in [1, 2, 3, 1_000] {
                assert_eq!(read(&bytes, is_little, at_once), text);
            }
        }
    }

    #[test]
    fn half_a_character_is_shown_with_a_marker_and_what_follows_is_there() {
        let units: [u16; 4] = [0xD83C, u16::from(b'a'), 0xDFD4, u16::from(b'b')];
        let mut bytes: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        assert_eq!(read(&bytes, true, 3), "\u{FFFD}a\u{FFFD}b");
        bytes.push(b'c');
        assert_eq!(read(&bytes, true, 3), "\u{FFFD}a\u{FFFD}b\u{FFFD}");
    }
}
