//! Finds every literal of a set in a text, letters of ASCII in either case.
//!
//! At most places of a text no literal begins, and a look at four bytes tells, by tables of the hashes of
//! how literals begin. Only where one says so are the literals that begin so compared. What is asked at
//! each byte is independent of what was asked before, which the states of an automaton are not. Most literals
//! count only as words, and are not compared where a word goes on. In: literals in lower case, bytes in lower
//! case. Out: places and numbers. Not here: what a literal leads to.

/// The longest beginning that is looked at, in bytes.
const BEGINNING: usize = 4;

/// Bytes by which longer literals are told from each other.
const LONGER: usize = 8;

/// How many bits a hash of three bytes has, one of four and one of eight.
const BITS: [u32; 3] = [13, 16, 12];

/// What a place of a table holds: literals that count anywhere, and such as count where a word begins.
const ANYWHERE: u8 = 1;
const WORDS: u8 = 2;

/// Where a literal stands: from which byte to which, and its number.
pub(crate) type Found = (usize, usize, u16);

/// The search for the literals of a set.
#[derive(Debug, Clone)]
pub(crate) struct Search {
    /// Literals of one or two bytes, by two bytes that they begin.
    two: Table<{ 1 << 16 }>,
    /// Those of three bytes, by a hash of them.
    three: Table<{ 1 << BITS[0] }>,
    /// Those of four to seven, by a hash of their first four bytes, under which longer ones are told as well.
    four: Table<{ 1 << BITS[1] }>,
    /// Longer ones, by a hash of their first eight bytes: many begin alike.
    eight: Table<{ 1 << BITS[2] }>,
    words: Vec<Box<[u8]>>,
}

/// Literals by a number that their beginnings have.
#[derive(Debug, Clone)]
struct Table<const SIZE: usize> {
    /// What there is of them, which is asked at every byte: the only part that has to be near.
    any: Box<[u8; SIZE]>,
    /// Which group they are, where there are any.
    group: Box<[u16; SIZE]>,
    groups: Vec<Group>,
    literals: Vec<Literal>,
}

/// Where the literals of a group begin, those of them that count as words only, and where they end.
#[derive(Debug, Clone, Copy, Default)]
struct Group {
    from: u32,
    words: u32,
    to: u32,
}

impl<const SIZE: usize> Table<SIZE> {
    /// Of literals and the numbers that their beginnings have.
    fn of(mut all: Vec<(usize, Literal)>) -> Self {
        all.sort_by_key(|(at, literal)| (*at, !literal.is_anywhere));
        let mut table = Self {
            any: Box::new([0; SIZE]),
            group: Box::new([0; SIZE]),
            // The first is empty.
            groups: vec![Group::default()],
            literals: Vec::with_capacity(all.len()),
        };
        for same in all.chunk_by(|one, other| one.0 == other.0) {
            let (at, from) = (same[0].0, table.literals.len());
            let anywhere = same.partition_point(|(_, literal)| literal.is_anywhere);
            for (_, literal) in same {
                table.any[at] |= literal.kind();
                table.literals.push(*literal);
            }
            table.group[at] = table.groups.len() as u16;
            table.groups.push(Group {
                from: from as u32,
                words: (from + anywhere) as u32,
                to: table.literals.len() as u32,
            });
        }
        table
    }

    /// The literals that may stand where a word begins, or goes on.
    fn at(&self, at: usize, begins: bool) -> &[Literal] {
        if self.any[at] == 0 {
            return &[];
        }
        let group = self.groups[usize::from(self.group[at])];
        let to = if begins { group.to } else { group.words };
        &self.literals[group.from as usize..to as usize]
    }
}

/// A literal as it is compared: four bytes, then eight, which is most of them whole.
#[derive(Debug, Clone, Copy)]
struct Literal {
    first: (u32, u32),
    next: (u64, u64),
    length: u32,
    number: u16,
    is_anywhere: bool,
}

impl Literal {
    fn of(number: u16, word: &[u8], is_anywhere: bool) -> Self {
        let next = word.get(BEGINNING..).unwrap_or_default();
        let bits = |bytes: usize, most: usize| 64 - 8 * bytes.min(most) as u32;
        let mask = |bits: u32| u64::MAX.checked_shr(bits).unwrap_or_default();
        Self {
            first: (eight(word) as u32, mask(bits(word.len(), BEGINNING)) as u32),
            next: (eight(next), mask(bits(next.len(), 8))),
            length: word.len() as u32,
            number,
            is_anywhere,
        }
    }

    const fn kind(&self) -> u8 {
        if self.is_anywhere { ANYWHERE } else { WORDS }
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

/// A hash of the eight bytes that these two numbers stand for.
#[inline]
const fn hash_of_eight(first: u32, next: u64) -> usize {
    let key = (first as u64) << 32 | next & 0xFFFF_FFFF;
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - BITS[2])) as usize
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
    /// The search for words, which are in lower case and none of them empty, and of which some count anywhere
    /// and the others only where no word goes on.
    pub(super) fn of<'a>(words: impl Iterator<Item = (&'a str, bool)>) -> Self {
        let mut all: [Vec<(usize, Literal)>; 4] = Default::default();
        let mut texts: Vec<Box<[u8]>> = Vec::new();
        for (number, (word, is_anywhere)) in words.enumerate() {
            let word = word.as_bytes();
            texts.push(word.into());
            let literal = Literal::of(number as u16, word, is_anywhere);
            let places = places(literal.first.0);
            match word.len() {
                0 => {}
                1 => all[0].extend((0..256).map(|next| (places[0] | next << 8, literal))),
                LONGER.. => {
                    all[3].push((hash_of_eight(literal.first.0, literal.next.0), literal));
                }
                length => {
                    let table = length.min(BEGINNING) - 2;
                    all[table].push((places[table], literal));
                }
            }
        }
        let [two, three, four, eight] = all;
        let mut search = Self {
            two: Table::of(two),
            three: Table::of(three),
            four: Table::of(four),
            eight: Table::of(eight),
            words: texts,
        };
        for literal in &search.eight.literals {
            let [.., four] = places(literal.first.0);
            search.four.any[four] |= literal.kind();
        }
        search
    }

    /// Adds every place of every literal in `text`, which is in lower case: in order of their ends, of those
    /// that end at one place the longest first. `begins` says whether no word goes on at a place.
    pub(crate) fn all(&self, text: &[u8], begins: impl Fn(usize) -> bool, found: &mut Vec<Found>) {
        for (at, four) in text.array_windows::<BEGINNING>().enumerate() {
            let key = u32::from_le_bytes(*four);
            let [two, three, four] = places(key);
            let any = self.two.any[two] | self.three.any[three] | self.four.any[four];
            if any != 0 {
                let begins = any & WORDS != 0 && begins(at);
                if begins || any & ANYWHERE != 0 {
                    self.at(text, at, (key, [two, three, four]), begins, found);
                }
            }
        }
        // The last bytes, as if nothing but zeros came after.
        for at in text.len().saturating_sub(BEGINNING - 1)..text.len() {
            let key = eight(&text[at..]) as u32;
            self.at(text, at, (key, places(key)), begins(at), found);
        }
    }

    /// Adds the literals that begin at `at`, where the four bytes of `key` stand and a word begins or goes on.
    fn at(
        &self,
        text: &[u8],
        at: usize,
        (key, [two, three, four]): (u32, [usize; 3]),
        begins: bool,
        found: &mut Vec<Found>,
    ) {
        let mut short = |group: &[Literal]| {
            for literal in group {
                if (key ^ literal.first.0) & literal.first.1 == 0 {
                    self.put(text, at, literal, found);
                }
            }
        };
        short(self.two.at(two, begins));
        short(self.three.at(three, begins));
        // Longer ones are told by these four bytes as well.
        if self.four.any[four] == 0 {
            return;
        }
        let next = eight(text.get(at + BEGINNING..).unwrap_or_default());
        let eight = self.eight.at(hash_of_eight(key, next), begins);
        for literal in self.four.at(four, begins).iter().chain(eight) {
            if (key ^ literal.first.0) & literal.first.1 == 0
                && (next ^ literal.next.0) & literal.next.1 == 0
            {
                self.put(text, at, literal, found);
            }
        }
    }

    /// Adds a literal of which twelve bytes stand at `at`, if all of it does.
    fn put(&self, text: &[u8], at: usize, literal: &Literal, found: &mut Vec<Found>) {
        let end = at + literal.length as usize;
        if end > text.len()
            || end > at + BEGINNING + 8 && text[at..end] != *self.words[usize::from(literal.number)]
        {
            return;
        }
        // What began before is longer where it ends at the same place.
        let mut place = found.len();
        while place > 0 && found[place - 1].1 > end {
            place -= 1;
        }
        found.insert(place, (at, end, literal.number));
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
        "password is",
        "passwords",
        "passworted is not",
        "passworted is",
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

    fn is_anywhere(number: usize) -> bool {
        !number.is_multiple_of(3)
    }

    /// Any rule will do.
    fn begins(at: usize) -> bool {
        at.is_multiple_of(2)
    }

    fn found(words: &[String], text: &str) -> Vec<Found> {
        let mut found = Vec::new();
        let words = (0..).zip(words);
        let search = Search::of(words.map(|(number, word)| (word.as_str(), is_anywhere(number))));
        search.all(text.as_bytes(), begins, &mut found);
        found
    }

    /// The same by comparing every literal at every place.
    fn compared(words: &[String], text: &str) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        for (number, word) in words.iter().enumerate() {
            for at in 0..text.len() {
                let counts = is_anywhere(number) || begins(at);
                if counts && text.as_bytes()[at..].starts_with(word.as_bytes()) {
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
