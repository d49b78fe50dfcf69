//! Runs of letters and digits of ASCII in a block of a text.
//!
//! A bit for each byte says whether it is a letter, another whether it is a digit: eight bytes are asked at
//! once, and the ends of runs are found by counting zeros. In: bytes. Out: runs in order. Not here: what may
//! begin with them (`scan`).

/// The bits of a block: of each 64 bytes, which are letters and which are digits.
#[derive(Debug, Default)]
pub(super) struct Runs(Vec<[u64; 2]>);

/// A run, by places of the block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) has_letters: bool,
    pub(super) has_digits: bool,
}

impl Runs {
    /// Takes a block in.
    pub(super) fn take(&mut self, block: &[u8]) {
        self.0.clear();
        let (chunks, rest) = block.as_chunks();
        for chunk in chunks {
            self.put(chunk);
        }
        let mut last = [0; 64];
        last[..rest.len()].copy_from_slice(rest);
        self.put(&last);
    }

    fn put(&mut self, chunk: &[u8; 64]) {
        let (mut letters, mut digits) = (0, 0);
        for (at, eight) in chunk.as_chunks().0.iter().enumerate() {
            let [some, others] = bits(u64::from_le_bytes(*eight));
            letters |= some << (8 * at);
            digits |= others << (8 * at);
        }
        self.0.push([letters, digits]);
    }

    /// The runs of the block.
    pub(super) fn all(&self) -> impl Iterator<Item = Found> {
        // The 64 bytes that are looked at, where the next begin, and what is left of them.
        let (mut rest, mut next) = (self.0.iter(), 0);
        let (mut letters, mut digits, mut left) = (0, 0, 0);
        std::iter::from_fn(move || {
            while left == 0 {
                [letters, digits] = *rest.next()?;
                left = letters | digits;
                next += 64;
            }
            let first = left.trailing_zeros();
            let start = next - 64 + first as usize;
            let length = (left >> first).trailing_ones();
            let bits = u64::MAX >> (64 - length) << first;
            let mut run = Found {
                start,
                end: start + length as usize,
                has_letters: letters & bits != 0,
                has_digits: digits & bits != 0,
            };
            left &= !bits;
            // It may go on in the 64 bytes behind.
            while run.end == next {
                [letters, digits] = rest.next().copied().unwrap_or_default();
                left = letters | digits;
                next += 64;
                let length = left.trailing_ones();
                let bits = u64::MAX.checked_shr(64 - length).unwrap_or_default();
                run.end += length as usize;
                run.has_letters |= letters & bits != 0;
                run.has_digits |= digits & bits != 0;
                left &= !bits;
            }
            Some(run)
        })
    }
}

/// Which of eight bytes are letters, and which are digits.
const fn bits(eight: u64) -> [u64; 2] {
    const ALL: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * ALL;
    // The high bit of each byte says whether its other bits are at least as much as `least`.
    const fn at_least(low: u64, least: u8) -> u64 {
        low + (0x80 - least as u64) * ALL
    }
    // The high bits next to each other.
    const fn gathered(high: u64) -> u64 {
        (high >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
    }
    let low = eight & !HIGH;
    let small = low | (0x20 * ALL);
    let letters = at_least(small, b'a') & !at_least(small, b'z' + 1);
    let digits = at_least(low, b'0') & !at_least(low, b'9' + 1);
    [
        gathered(letters & !eight & HIGH),
        gathered(digits & !eight & HIGH),
    ]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn runs_are_those_that_a_look_at_each_byte_finds(
            pieces in prop::collection::vec(("[a-zA-Z]{0,40}|[0-9]{0,30}|[@\\[`{/:^ -~]{0,3}|\\PC{0,3}", 1..4_usize), 0..20),
        ) {
            let text: String = pieces.iter().map(|(piece, times)| piece.repeat(*times)).collect();
            let text = text.as_bytes();
            let mut wanted = Vec::new();
            let mut at = 0;
            for run in text.split(|byte| !byte.is_ascii_alphanumeric()) {
                if !run.is_empty() {
                    wanted.push(Found {
                        start: at,
                        end: at + run.len(),
                        has_letters: run.iter().any(u8::is_ascii_alphabetic),
                        has_digits: run.iter().any(u8::is_ascii_digit),
                    });
                }
                at += run.len() + 1;
            }
            let mut runs = Runs::default();
            runs.take(text);
            let found: Vec<Found> = runs.all().collect();
            prop_assert_eq!(found, wanted);
        }
    }
}
