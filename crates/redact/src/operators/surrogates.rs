//! Names that nobody has, and addresses under a domain that is nobody's.
//!
//! First names and surnames are put together from invented syllables, so that a surrogate says by
//! itself that it is one: it stands for nobody, and is left alone when it is met again. In: 32
//! bytes. Out: a surrogate; where surrogates stand in a text. Not here: which value gets which.

use std::sync::LazyLock;

use regex::Regex;

use super::values::below;

const FIRST: [&str; 32] = [
    "Aldrix", "Beltha", "Cendro", "Dravin", "Elthea", "Fendral", "Galdra", "Hestrin", "Ivrana",
    "Jorvex", "Keldria", "Lorvane", "Mirthax", "Nelvora", "Orlenda", "Pelvrin", "Quenlo", "Rostha",
    "Selvrid", "Tamrix", "Ulvena", "Veldro", "Wendrax", "Xelora", "Yrvand", "Zanthel", "Brevka",
    "Corvath", "Dwelna", "Falvrik", "Grenvo", "Ostrelia",
];
const HEAD: [&str; 32] = [
    "Quen", "Vorl", "Zelk", "Thrax", "Brynd", "Caldr", "Drev", "Elvr", "Frasn", "Grelk", "Hulv",
    "Istr", "Jendr", "Krav", "Lodr", "Mavr", "Nestr", "Ombr", "Prelk", "Rulv", "Skeld", "Trov",
    "Ulgr", "Velk", "Wroth", "Xand", "Yelv", "Zorn", "Blev", "Chrel", "Dunr", "Fjeld",
];
const MIDDLE: [&str; 16] = [
    "ambo", "edri", "ilva", "onda", "urve", "asko", "enlo", "ixta", "olme", "utra", "avin", "elqu",
    "isro", "orpa", "umbre", "yndo",
];
const TAIL: [&str; 32] = [
    "moor", "vane", "quist", "dorn", "felt", "garth", "holm", "jarn", "kest", "lund", "mark",
    "nor", "pond", "rill", "sund", "thal", "vik", "wex", "zell", "brek", "croft", "dell", "fax",
    "grove", "hurst", "kamp", "loft", "mere", "nest", "plume", "rax", "stal",
];

/// The domain of surrogate addresses: `.invalid` is reserved and never resolves (RFC 2606).
const DOMAIN: &str = "pseudonym.invalid";
const BASE32: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// One of 16,384 surnames.
fn surname(digest: &[u8; 32]) -> String {
    let number = below(digest, 1 << 60) as usize;
    format!(
        "{}{}{}",
        HEAD[number % 32],
        MIDDLE[number / 32 % 16],
        TAIL[number / 512 % 32]
    )
}

fn first(digest: &[u8; 32]) -> &'static str {
    FIRST[usize::from(digest[31] % 32)]
}

/// A name: a surname for one word, a first name before it for several. One of 524,288.
pub(super) fn person(digest: &[u8; 32], is_one_word: bool) -> String {
    match is_one_word {
        true => surname(digest),
        false => format!("{} {}", first(digest), surname(digest)),
    }
}

/// A name of a place or an organization.
pub(super) fn thing(digest: &[u8; 32]) -> String {
    surname(digest)
}

/// An address that no mail reaches. One of 2⁴⁵.
pub(super) fn email(digest: &[u8; 32]) -> String {
    format!("{}.{}@{DOMAIN}", first(digest).to_lowercase(), tail(digest))
}

/// An address of a page that does not exist.
pub(super) fn url(digest: &[u8; 32]) -> String {
    format!("https://{}.{DOMAIN}/", tail(digest))
}

fn tail(digest: &[u8; 32]) -> String {
    digest[16..24]
        .iter()
        .map(|byte| char::from(BASE32[usize::from(byte % 32)]))
        .collect()
}

/// Where surrogates stand in `text`: bytes, in order.
pub(super) fn written(text: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    static SHAPES: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let first = FIRST.join("|");
        let surname = format!(
            "(?:{})(?:{})(?:{})",
            HEAD.join("|"),
            MIDDLE.join("|"),
            TAIL.join("|")
        );
        let domain = regex::escape(DOMAIN);
        Regex::new(&format!(
            "(?:(?:{})\\.[a-z2-7]{{8}}@{domain}|https://[a-z2-7]{{8}}\\.{domain}/|(?:(?:{first}) )?{surname})",
            first.to_lowercase()
        ))
        .ok()
    });
    SHAPES
        .iter()
        .flat_map(move |shapes| shapes.find_iter(text))
        .map(|found| (found.start(), found.end()))
}
