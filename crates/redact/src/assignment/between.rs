//! Words between a name and its value: `password is x`, `ssn for the patient is x`.
//!
//! In: where a name ends. Out: where the value begins that only words lead to. Not here: signs
//! (`assignment`).

use super::{NAME, in_name};

/// Words between a name and its value, longer ones first.
const IS: [&str; 26] = [
    "will be",
    "is now",
    "ist jetzt",
    "is set to",
    "was set to",
    "set to",
    "is:",
    "is",
    "was",
    "were",
    "of",
    "to jest",
    "to",
    "lautet",
    "ist",
    "est",
    "c'est",
    "es",
    "è",
    "é",
    "är",
    "er",
    "jest",
    "je",
    "brzmi",
    "on",
];

/// Only words stand between: `password is x`, `--password x`, `password 'x'`.
pub(super) fn words(text: &[u8], from: usize, is_password: bool) -> Option<usize> {
    // `the password's x`
    let mut at = from + 2 * usize::from(text[from..].starts_with(b"'s "));
    if !matches!(text.get(at), Some(b' ' | b'\t')) {
        return None;
    }
    let skip = |mut at: usize| {
        while matches!(text.get(at), Some(b' ' | b'\t')) {
            at += 1;
        }
        at
    };
    at = skip(at);
    let own = Own::of(&text[..from]);
    at = skip(purpose(text, at, own));
    let is_it = |word: &&str| {
        text[at..].starts_with(word.as_bytes())
            && text.get(at + word.len()) == Some(&b' ')
            && (*word != "on" || own == Own::Finnish)
    };
    // Most words are none of these, which their first letter tells.
    let may_be = matches!(
        text.get(at),
        Some(b'b' | b'c' | b'e' | b'i' | b'j' | b'l' | b'o' | b's' | b't' | b'w' | 0xC3)
    );
    match IS.iter().find(|word| may_be && is_it(word)) {
        Some(word) => Some(skip(at + word.len())),
        None if is_password => Some(described(text, at).map_or(at, skip)),
        None => Some(at),
    }
}

/// What says that a value follows, in several languages, blanks around it.
const VERBS: [&str; 13] = [
    " is ", " was ", " ist ", " lautet ", " est ", " es ", " è ", " é ", " jest ", " är ", " er ",
    " je ", " brzmi ",
];

/// Whose language a name is of that has a verb which means something else in others.
#[derive(Clone, Copy, PartialEq)]
enum Own {
    Polish,
    Finnish,
    Other,
}

impl Own {
    /// By what a name ends with.
    fn of(name: &[u8]) -> Self {
        const NEAR: usize = 18;
        let name = &name[name.len().saturating_sub(NEAR)..];
        let holds = |word: &str| memchr::memmem::find(name, word.as_bytes()).is_some();
        match () {
            () if holds("as\u{142}o") => Self::Polish,
            () if holds("alasana") => Self::Finnish,
            () => Self::Other,
        }
    }

    /// The verb.
    const fn verb(self) -> Option<&'static str> {
        match self {
            Self::Polish => Some(" to "),
            Self::Finnish => Some(" on "),
            Self::Other => None,
        }
    }
}

/// Behind the verb that follows one word which says more of the name: `password provvisoria è x`.
fn described(text: &[u8], at: usize) -> Option<usize> {
    let rest = &text[at..text.len().min(at + NAME)];
    let word = rest
        .iter()
        .take_while(|byte| byte.is_ascii_lowercase() || **byte >= 0x80)
        .count();
    let verb = (word > 2).then(|| verb(&rest[word..])).flatten()?;
    Some(at + word + verb)
}

/// Whether a verb follows that says a value.
pub(super) fn says(text: &[u8], at: usize) -> bool {
    verb(&text[at..]).is_some()
}

/// How long the verb is that `rest` begins with, blanks around it.
fn verb(rest: &[u8]) -> Option<usize> {
    // Most words are none of these, which their first letter tells.
    let may_be = matches!(
        rest,
        [b' ', b'b' | b'i' | b'l' | b'e' | b'j' | b'w' | 0xC3, ..]
    );
    let verb = |verb: &&&str| rest.starts_with(verb.as_bytes());
    may_be
        .then(|| VERBS.iter().find(verb))
        .flatten()
        .map(|verb| verb.len())
}

/// Behind what a value is for, where a verb follows: `for the staging server`, `für den Zugang`.
fn purpose(text: &[u8], at: usize, own: Own) -> usize {
    const FOR: [&str; 23] = [
        "for ", "of ", "on ", "in ", "für ", "zum ", "zur ", "von ", "vom ", "pour ", "du ", "de ",
        "del ", "para ", "per ", "do ", "voor ", "van ", "til ", "till ", "k ", "ke ", "na ",
    ];
    let rest = &text[at..(at + NAME).min(text.len())];
    let may_be = matches!(
        rest,
        [
            b'd' | b'f' | b'i' | b'k' | b'n' | b'o' | b'p' | b't' | b'v' | b'z',
            ..
        ]
    );
    if !may_be || !FOR.iter().any(|word| rest.starts_with(word.as_bytes())) {
        return at;
    }
    let words = rest
        .iter()
        .take_while(|byte| in_name(**byte) || **byte == b' ' || **byte >= 0x80)
        .count();
    let own = own.verb();
    let verbs = VERBS
        .iter()
        .chain(&own)
        .filter_map(|verb| memchr::memmem::find(&rest[..words], verb.as_bytes()));
    verbs.min().map_or(at, |is| at + is + 1)
}
