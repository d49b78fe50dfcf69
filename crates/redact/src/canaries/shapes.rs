//! Shapes: how a value looks, and the chance that fills it.
//!
//! In: a shape such as `{A:2}{d:6}` and a stream of chance. Out: a value. Not here: whether it holds
//! the check of its type. No secret comes from here: the same seed gives the same values.

/// A stream of chance in whole numbers (SplitMix64; Steele, Lea and Flood 2014).
pub(super) struct Chance(u64);

impl Chance {
    /// The stream of a seed with this name.
    pub(super) fn of(seed: u64, stream: &str) -> Self {
        let mixed = stream
            .bytes()
            .fold(seed ^ 0x6361_6e61_7279_0001, |mixed, byte| {
                (mixed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        let mut chance = Self(mixed);
        chance.next();
        chance
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 where `end` is 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    fn of_bytes(&mut self, from: &[u8]) -> char {
        char::from(from[self.below(from.len())])
    }
}

/// The words that shapes draw from.
pub(super) struct Words<'a> {
    pub(super) given: &'a [String],
    pub(super) family: &'a [String],
    pub(super) word: &'a [String],
}

const DIGITS: &[u8] = b"0123456789";
const CAPITALS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const SMALL: &[u8] = b"abcdefghijklmnopqrstuvwxyz";
const PLAIN: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const URL_SAFE: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const HEXADECIMAL: &[u8] = b"0123456789abcdef";
const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const CAPITALS_AND_DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// Returns `shape` with every place filled; what is no place stands for itself.
pub(super) fn fill(shape: &str, words: &Words<'_>, chance: &mut Chance) -> String {
    let mut out = String::with_capacity(shape.len());
    let mut rest = shape;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        let filled = rest
            .find('}')
            .and_then(|close| Some((place(&rest[1..close], words, chance)?, close)));
        match filled {
            Some((filled, close)) => {
                out.push_str(&filled);
                rest = &rest[close + 1..];
            }
            None => {
                out.push('{');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn place(place: &str, words: &Words<'_>, chance: &mut Chance) -> Option<String> {
    let mut one_of = |list: &[String]| list.get(chance.below(list.len())).cloned();
    match place {
        "given" => return one_of(words.given),
        "family" => return one_of(words.family),
        "word" => return one_of(words.word),
        "dd" => return Some(format!("{:02}", 1 + chance.below(28))),
        "mm" => return Some(format!("{:02}", 1 + chance.below(12))),
        "yy" => return Some(format!("{:02}", 50 + chance.below(49))),
        "yyyy" => return Some((1950 + chance.below(50)).to_string()),
        _ => {}
    }
    if let [first, b'-', last] = place.as_bytes()
        && first.is_ascii_alphanumeric()
        && last >= first
    {
        let range: Vec<u8> = (*first..=*last).collect();
        return Some(chance.of_bytes(&range).to_string());
    }
    let (kind, count) = place.split_once(':')?;
    let alphabet = match kind {
        "d" => DIGITS,
        "A" => CAPITALS,
        "a" => SMALL,
        "n" => PLAIN,
        "s" => URL_SAFE,
        "h" => HEXADECIMAL,
        "b" => BASE32,
        "m" => CAPITALS_AND_DIGITS,
        _ => return None,
    };
    let count: usize = count.parse().ok()?;
    Some((0..count).map(|_| chance.of_bytes(alphabet)).collect())
}
