//! Reading and writing DER (ITU-T X.690), as far as time stamps need it.
//!
//! In: bytes. Out: elements, or a refusal: only definite lengths in their shortest form are read.
//! Not here: what the elements mean.

/// Bytes are not DER, or end too early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotDer;

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTETS: u8 = 0x04;
pub(crate) const OID: u8 = 0x06;
pub(crate) const UTF8: u8 = 0x0C;
pub(crate) const PRINTABLE: u8 = 0x13;
pub(crate) const TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
/// `[0]`, constructed.
pub(crate) const CONTEXT_0: u8 = 0xA0;

/// What is left to read of the inside of an element.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The tag of the next element; `None` at the end.
    pub(crate) fn tag(&self) -> Option<u8> {
        self.0.first().copied()
    }

    /// The next element: its tag and its inside.
    pub(crate) fn any(&mut self) -> Result<(u8, &'a [u8]), NotDer> {
        let (tag, rest) = self.0.split_first().ok_or(NotDer)?;
        // Tags over 30 take further bytes; nothing that is read here has one.
        if tag & 0x1F == 0x1F {
            return Err(NotDer);
        }
        let (first, rest) = rest.split_first().ok_or(NotDer)?;
        let (length, rest) = match *first {
            short @ 0..=0x7F => (usize::from(short), rest),
            long @ 0x81..=0x84 => {
                let count = usize::from(long & 0x7F);
                let bytes = rest.get(..count).ok_or(NotDer)?;
                let length = bytes
                    .iter()
                    .fold(0_usize, |length, byte| (length << 8) | usize::from(*byte));
                let shortest = match count {
                    1 => length >= 0x80,
                    _ => bytes[0] != 0,
                };
                if !shortest {
                    return Err(NotDer);
                }
                (length, &rest[count..])
            }
            _ => return Err(NotDer),
        };
        let inside = rest.get(..length).ok_or(NotDer)?;
        self.0 = &rest[length..];
        Ok((*tag, inside))
    }

    /// The inside of the next element, which must have this tag.
    pub(crate) fn take(&mut self, tag: u8) -> Result<&'a [u8], NotDer> {
        match self.any()? {
            (found, inside) if found == tag => Ok(inside),
            _ => Err(NotDer),
        }
    }

    /// The inside of the next element, ready to be read.
    pub(crate) fn inside(&mut self, tag: u8) -> Result<Self, NotDer> {
        self.take(tag).map(Self)
    }

    /// The inside of the next element where it has this tag.
    pub(crate) fn maybe(&mut self, tag: u8) -> Result<Option<&'a [u8]>, NotDer> {
        match self.tag() {
            Some(found) if found == tag => self.take(tag).map(Some),
            _ => Ok(None),
        }
    }

    /// Refuses what is left.
    pub(crate) fn end(&self) -> Result<(), NotDer> {
        if self.is_empty() { Ok(()) } else { Err(NotDer) }
    }
}

/// An element.
pub(crate) fn element(tag: u8, inside: &[&[u8]]) -> Vec<u8> {
    let length: usize = inside.iter().map(|part| part.len()).sum();
    let mut out = vec![tag];
    let bytes = length.to_be_bytes();
    if length < 0x80 {
        out.push(bytes[bytes.len() - 1]);
    } else {
        let from = bytes.iter().position(|byte| *byte != 0).unwrap_or(0);
        // At most eight bytes of length.
        out.push(0x80 | u8::try_from(bytes.len() - from).unwrap_or(8));
        out.extend_from_slice(&bytes[from..]);
    }
    for part in inside {
        out.extend_from_slice(part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_is_read_as_it_was_written_and_in_one_form_only() {
        for length in [0, 1, 0x7F, 0x80, 0xFF, 0x100, 70_000] {
            let bytes = element(OCTETS, &[&vec![7; length]]);
            let mut reader = Reader::new(&bytes);
            assert_eq!(reader.take(OCTETS), Ok(&vec![7; length][..]));
            assert_eq!(reader.end(), Ok(()));
        }
        let refused: [&[u8]; 8] = [
            &[],
            &[0x04],
            &[0x04, 0x02, 0x00],
            &[0x04, 0x80, 0x00, 0x00],
            &[0x04, 0x81, 0x01, 0x00],
            &[0x04, 0x82, 0x00, 0x81],
            &[0x04, 0x85, 0, 0, 0, 0, 1],
            &[0x1F, 0x01, 0x00],
        ];
        for bytes in refused {
            assert_eq!(Reader::new(bytes).any(), Err(NotDer), "{bytes:?}");
        }
    }
}
