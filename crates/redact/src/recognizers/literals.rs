//! Finds every literal of a set in a text, letters of ASCII in either case.
//!
//! At most places of a text no literal begins, and a look at four bytes tells, by tables of the hashes of
//! how literals begin. Only where one says so are the literals that begin so compared. What is asked at
//! each byte is independent of what was asked before, which the states of an automaton are not. In: literals in lower case, bytes in lower case. Out:
//! places and numbers. Not here: what a literal leads to.

use std::collections::VecDeque;

/// The longest beginning that is looked at, in bytes.
const BEGINNING: usize = 4;

/// How many bits a hash of three bytes has, and one of four.
const BITS: [u32; 2] = [13, 16];

/// Where a literal stands: from which byte to which, and its number.
type Found = (usize, usize, u16);

/// The search for the literals of a set.
#[derive(Debug, Clone)]
pub(crate) struct Search {
    /// Literals of one or two bytes, by two bytes that they begin.
    two: Table<{ 1 << 16 }>,
    /// Those of three bytes, by a hash of them.
    three: Table<{ 1 << BITS[0] }>,
    /// Longer ones, by a hash of their first four bytes.
    four: Table<{ 1 << BITS[1] }>,
    words: Vec<Box<[u8]>>,
}

/// Literals by a number that their beginnings have.
#[derive(Debug, Clone)]
struct Table<const SIZE: usize> {
    /// Whether there are any, which is asked at every byte: the only part that has to be near.
    any: Box<[bool; SIZE]>,
    /// Which group they are, where there are any.
    group: Box<[u16; SIZE]>,
    /// Where the literals of each group begin and end.
    groups: Vec<(u32, u32)>,
    literals: Vec<Literal>,
}

impl<const SIZE: usize> Table<SIZE> {
    /// Of literals and the numbers that their beginnings have.
    fn of(mut all: Vec<(usize, Literal)>) -> Self {
        all.sort_by_key(|(at, _)| *at);
        let mut table = Self {
            any: Box::new([false; SIZE]),
            group: Box::new([0; SIZE]),
            groups: Vec::new(),
            literals: Vec::with_capacity(all.len()),
        };
        for same in all.chunk_by(|one, other| one.0 == other.0) {
            let (at, from) = (same[0].0, table.literals.len());
            table.any[at] = true;
            table.group[at] = table.groups.len() as u16;
            let literals = same.iter().map(|(_, literal)| *literal);
            table.literals.extend(literals);
            table
                .groups
                .push((from as u32, table.literals.len() as u32));
        }
        table
    }

    fn at(&self, at: usize) -> &[Literal] {
        if !self.any[at] {
            return &[];
        }
        let (from, to) = self.groups[usize::from(self.group[at])];
        &self.literals[from as usize..to as usize]
    }
}

/// A literal as it is compared: four bytes, then eight, which is most of them whole.
#[derive(Debug, Clone, Copy)]
struct Literal {
    first: (u32, u32),
    next: (u64, u64),
    length: u32,
    number: u16,
}

impl Literal {
    fn of(number: u16, word: &[u8]) -> Self {
        let next = word.get(BEGINNING..).unwrap_or_default();
        let bits = |bytes: usize, most: usize| 64 - 8 * bytes.min(most) as u32;
        let mask = |bits: u32| u64::MAX.checked_shr(bits).unwrap_or_default();
        Self {
            first: (eight(word) as u32, mask(bits(word.len(), BEGINNING)) as u32),
            next: (eight(next), mask(bits(next.len(), 8))),
            length: word.len() as u32,
            number,
        }
    }
}

/// The first eight bytes, with zeros where there are fewer.
#[inline]
fn eight(bytes: &[u8]) -> u64 {
    if let Some(bytes) = bytes.first_chunk() {
        return u64::from_le_bytes(*bytes);
    }
    let mut eight = [0; 8];
    eight[..bytes.len()].copy_from_slice(bytes);
    u64::from_le_bytes(eight)
}

/// A hash of at most four bytes with so many bits (multiplication by the golden ratio).
#[inline]
const fn hash(key: u32, bits: u32) -> usize {
    (key.wrapping_mul(0x9E37_79B1) >> (32 - bits)) as usize
}

/// Where the literals are that four bytes begin: in each table.
#[inline]
const fn places(key: u32) -> [usize; 3] {
    [
        key as usize & 0xFFFF,
        hash(key & 0xFF_FFFF, BITS[0]),
        hash(key, BITS[1]),
    ]
}

impl Search {
    /// The search for `words`, which are in lower case and none of them empty.
    pub(super) fn of(words: &[String]) -> Self {
        let mut all: [Vec<(usize, Literal)>; 3] = Default::default();
        for (number, word) in words.iter().enumerate() {
            let word = word.as_bytes();
            let literal = Literal::of(number as u16, word);
            let places = places(literal.first.0);
            match word.len() {
                0 => {}
                1 => all[0].extend((0..256).map(|next| (places[0] | next << 8, literal))),
                length => {
                    let table = length.min(BEGINNING) - 2;
                    all[table].push((places[table], literal));
                }
            }
        }
        let [two, three, four] = all;
        Self {
            two: Table::of(two),
            three: Table::of(three),
            four: Table::of(four),
            words: words.iter().map(|word| word.as_bytes().into()).collect(),
        }
    }

    /// Tells every place of every literal in `text`, which is in lower case: in order of their ends, of
    /// those that end at one place the longest first.
    pub(crate) fn all(&self, text: &[u8], mut tell: impl FnMut(usize, usize, u16)) {
        // What begins already and ends behind the place that is looked at.
        let mut open: VecDeque<Found> = VecDeque::new();
        for (at, four) in text.array_windows::<BEGINNING>().enumerate() {
            let key = u32::from_le_bytes(*four);
            let [two, three, four] = places(key);
            if self.two.any[two] | self.three.any[three] | self.four.any[four] {
                self.at(text, at, key, &mut open, &mut tell);
            }
        }
        // The last bytes, as if nothing but zeros came after.
        for at in text.len().saturating_sub(BEGINNING - 1)..text.len() {
            self.at(text, at, eight(&text[at..]) as u32, &mut open, &mut tell);
        }
        for (start, end, number) in open {
            tell(start, end, number);
        }
    }

    /// Keeps the literals that begin at `at`, where the four bytes of `key` stand, and tells those that
    /// ended before.
    fn at(
        &self,
        text: &[u8],
        at: usize,
        key: u32,
        open: &mut VecDeque<Found>,
        tell: &mut impl FnMut(usize, usize, u16),
    ) {
        while let Some((start, end, number)) = open.pop_front_if(|found| found.1 <= at) {
            tell(start, end, number);
        }
        let next = eight(text.get(at + BEGINNING..).unwrap_or_default());
        let [two, three, four] = places(key);
        let all = [self.two.at(two), self.three.at(three), self.four.at(four)];
        for literal in all.into_iter().flatten() {
            let end = at + literal.length as usize;
            if (key ^ literal.first.0) & literal.first.1 != 0
                || (next ^ literal.next.0) & literal.next.1 != 0
                || end > text.len()
                || end > at + BEGINNING + 8
                    && text[at..end] != *self.words[usize::from(literal.number)]
            {
                continue;
            }
            // What began before is longer where it ends at the same place.
            match open.back() {
                Some(last) if last.1 > end => {
                    let place = open.partition_point(|found| found.1 <= end);
                    open.insert(place, (at, end, literal.number));
                }
                _ => open.push_back((at, end, literal.number)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WORDS: &[&str] = &[
        "@",
        ":",
        ":a",
        "id",
        "0x",
        "key",
        "tok",
        "token",
        "tokens",
        "kens",
        "pass",
        "password",
        "word",
        "asswor",
        "né le",
        "né",
        "паспорт",
        "sk-ant-",
        "ant",
        "a",
        "aaaa",
        "aaa",
        "aaaaaaa",
    ];

    fn found(words: &[String], text: &str) -> Vec<Found> {
        let mut found = Vec::new();
        let mut all = |start, end, number| found.push((start, end, number));
        Search::of(words).all(text.as_bytes(), &mut all);
        found
    }

    /// The same by comparing every literal at every place.
    fn compared(words: &[String], text: &str) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        for (number, word) in words.iter().enumerate() {
            for at in 0..text.len() {
                if text.as_bytes()[at..].starts_with(word.as_bytes()) {
                    found.push((at, at + word.len(), number as u16));
                }
            }
        }
        found.sort_by_key(|(start, end, _)| (*end, *start));
        found
    }

    proptest! {
        #[test]
        fn every_place_of_every_literal_is_told_in_order_of_ends(
            pieces in prop::collection::vec((0..WORDS.len(), "[ a-dk-t@:é]{0,3}"), 0..40),
        ) {
            let words: Vec<String> = WORDS.iter().map(|word| (*word).to_owned()).collect();
            let text: String = pieces
                .iter()
                .flat_map(|(word, between)| [WORDS[*word], between])
                .collect();
            prop_assert_eq!(found(&words, &text), compared(&words, &text), "{}", text);
        }
    }
}
