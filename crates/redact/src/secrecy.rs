//! Whether a value that is assigned to a name is a secret, and not a placeholder, a word, a name
//! of something or an expression.
//!
//! In: name and value of an assignment. Out: a score, or none. Not here: formats that tell their
//! own vendor (recognizers by prefix).

use std::sync::LazyLock;

use crate::assignment::{Assigned, Sign};
use crate::matchers::begins;
use crate::secret_names::{Kind, buried, kind_of, words_of};

mod company;
pub(crate) mod handed;
mod known;
mod stated;
pub(crate) mod told;

/// The words of a name.
fn words_of_name(name: &str) -> impl Iterator<Item = &str> {
    words_of(name, name).into_iter()
}

/// Bytes of the shortest value that counts, which is that of a password.
const SHORTEST: usize = 4;

/// Bytes of a line that are looked at for what closes a value.
const LINE: usize = 256;

/// Whether the value is a password, and how sure one can be that it is a secret, 0–1.
pub(crate) fn weigh(text: &[u8], assigned: &Assigned, word: &[u8]) -> Option<(bool, f32)> {
    let is_prose = is_prose(text, assigned);
    if is_prose && !told::may_be(&text[assigned.value.clone()]) {
        return None;
    }
    // Shorter than any secret, which costs less to see than what the name says.
    if assigned.value.len() < SHORTEST {
        return None;
    }
    let name = std::str::from_utf8(&text[assigned.name.clone()]).unwrap_or("");
    let word = std::str::from_utf8(word).unwrap_or("");
    let kind = kind_of(name, word).or_else(|| buried(name))?;
    let value = std::str::from_utf8(&text[assigned.value.clone()]).ok()?;
    let least = match kind {
        Kind::Password => SHORTEST,
        Kind::Token => 8,
        Kind::Weak => 12,
        Kind::Buried => 20,
    };
    if value.len() < least {
        return None;
    }
    let opens = kind == Kind::Password && opens_only(text, assigned, value);
    if !opens && assigned.quote.is_none() && is_expression(value) {
        return None;
    }
    // `"AWS::IAM::AccessKey": "…"` names a type, the next line of a list is another of its items, and
    // an option is no value.
    let closes = text.get(assigned.name.end);
    let is_type =
        matches!(closes, Some(b'"' | b'\'')) && text[..assigned.name.start].ends_with(b"::");
    let between = text.get(assigned.name.end..assigned.value.start);
    let is_listed =
        assigned.sign == Sign::Comma && between.is_some_and(|between| between.contains(&b'\n'));
    if is_type || is_listed || assigned.sign == Sign::Words && value.starts_with("--") {
        return None;
    }
    if assigned.sign == Sign::Comma && (assigned.quote.is_none() || kind == Kind::Weak) {
        return None;
    }
    if assigned.sign == Sign::Asked {
        return None;
    }
    if assigned.sign == Sign::Greater && kind != Kind::Token && !is_element(text, assigned) {
        return None;
    }
    let is_told = kind == Kind::Password && told::is_password(text, assigned, name, value);
    if is_prose && !is_told {
        return None;
    }
    // `Key  name` in a table of names: words alone join little.
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let is_cell = matches!(assigned.sign, Sign::Cell | Sign::Column);
    let is_drawn = is_cell && value.len() >= 20 && random(value, 20);
    if (is_cell || matches!(assigned.sign, Sign::Words | Sign::Behind))
        && kind != Kind::Password
        && digits < 2
        && !is_drawn
    {
        return None;
    }
    let score = match kind {
        Kind::Password if opens => Some(0.75),
        Kind::Password if is_told => Some(0.6),
        Kind::Password if stated::is_password(text, assigned, name, value) => Some(0.6),
        Kind::Password => password(value, assigned, stated::is_option(text, assigned, name)),
        Kind::Token => {
            (value.len() >= 8 && random(value, 8) && !known::is_humped(value)).then_some(0.7)
        }
        // `"auth": "dXNlcjpwYXNz"`: a user and a password in base64.
        Kind::Weak if is_basic(value) => Some(0.7),
        Kind::Weak => {
            (value.len() >= 16 && random(value, 16) && !known::is_humped(value)).then_some(0.65)
        }
        Kind::Buried => {
            (value.len() >= 20 && random(value, 20) && entropy(value) >= 3.5).then_some(0.6)
        }
    };
    let score = score?;
    // Asked last, since most values are told from a secret by less.
    let inner = match opens {
        true => value.trim_start_matches(OPENERS),
        false => value,
    };
    (!is_placeholder(inner) && !known::is_other(text, assigned, name, value))
        .then_some((kind == Kind::Password, score))
}

/// Whether a sentence goes on behind the name, `the key matters`, which a few bytes tell: no name makes a
/// secret of such a word.
fn is_prose(text: &[u8], assigned: &Assigned) -> bool {
    let value = &text[assigned.value.clone()];
    let is_odd = |byte: &u8| byte.is_ascii_digit() || b"!@#$%^&*?~+=".contains(byte);
    matches!(assigned.sign, Sign::Words | Sign::Cell)
        && value.len() < 20
        && !value.iter().any(is_odd)
}

/// What an expression or a placeholder begins with.
const OPENERS: [char; 7] = ['$', '%', '(', '[', '{', '<', '#'];

/// Whether a password begins as an expression does and is none: nothing on its line closes what it
/// opens, and three kinds of characters follow.
fn opens_only(text: &[u8], assigned: &Assigned, value: &str) -> bool {
    let rest = value.trim_start_matches(OPENERS);
    let opened = &value[..value.len() - rest.len()];
    if opened.is_empty() || rest.len() < 6 {
        return false;
    }
    let line = &text[assigned.value.start + opened.len()..];
    let line = &line[..memchr::memchr(b'\n', line).unwrap_or(line.len()).min(LINE)];
    let is_closed = opened.bytes().any(|byte| {
        let closer = match byte {
            b'(' => b')',
            b'[' => b']',
            b'{' => b'}',
            b'<' => b'>',
            _ => return false,
        };
        line.contains(&closer)
    });
    let has = |test: fn(&char) -> bool| usize::from(rest.chars().any(|c| test(&c)));
    let kinds = has(char::is_ascii_digit)
        + has(char::is_ascii_lowercase)
        + has(char::is_ascii_uppercase)
        + has(|c| "!@#$%^&*?~+=".contains(*c));
    let is_plain = rest.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let marked = has(char::is_ascii_digit) > 0 || has(|c| "!@#%^&*".contains(*c)) > 0;
    !is_closed
        && marked
        && kinds >= 3
        && (opened.contains(['(', '[', '{', '<']) || !is_plain)
        && !rest.contains(['(', '[', '{', '<'])
}

fn is_basic(value: &str) -> bool {
    value.len().is_multiple_of(4)
        && crate::encoded::base64(value.as_bytes()).is_some_and(|bytes| {
            let graphic = bytes.iter().all(u8::is_ascii_graphic);
            graphic && bytes.len() >= 7 && bytes[1..bytes.len() - 1].contains(&b':')
        })
}

/// `<password>`: the name begins right behind the bracket; `<entry key="password">x</entry>`.
fn is_element(text: &[u8], assigned: &Assigned) -> bool {
    let before = &text[..assigned.name.start];
    let is_attribute = [&b"name=\""[..], b"key=\"", b"id=\"", b"name='", b"key='"]
        .iter()
        .any(|attribute| before.ends_with(attribute));
    before.ends_with(b"<") || is_attribute && text[assigned.value.end..].starts_with(b"</")
}

/// How sure it is that a value is a password by its characters; what is given to a program as an option needs
/// less of them than what a sentence goes on with.
fn password(value: &str, assigned: &Assigned, is_option: bool) -> Option<f32> {
    let length = value.chars().count();
    if !(4..=128).contains(&length) {
        return None;
    }
    let quoted = assigned.quote.is_some();
    let count = |test: fn(&char) -> bool| value.chars().filter(test).count();
    let digits = count(|c| c.is_ascii_digit());
    let lower = count(|c| c.is_ascii_lowercase());
    let upper = count(|c| c.is_ascii_uppercase());
    let marks = length - digits - lower - upper;
    let odd = value
        .chars()
        .filter(|c| "!@#$%^&*?~+=".contains(*c))
        .count();
    if assigned.sign == Sign::Column {
        let is_word = !value.contains(char::is_whitespace) && !looks_like_path(value);
        return (is_word && length >= 6 && marks < length && !stated::is_state(value))
            .then_some(0.6);
    }
    if digits == length || marks == length {
        // A number alone says little.
        return (quoted && digits == length && length >= 6 && assigned.sign == Sign::Equals)
            .then_some(0.55);
    }
    if value.contains(' ') && !(quoted && digits + odd > 1 && value.matches(' ').count() <= 2) {
        return None;
    }
    if !quoted && is_expression(value) {
        return None;
    }
    // `the password is fluffy_kitten99`: said of a name, that would be odd.
    let is_said = assigned.sign == Sign::Words && digits >= 2 && length >= 8;
    let mixed = lower > 0 && upper > 0;
    let is_made_up = mixed && assigned.sign == Sign::Equals && is_word_and_number(value);
    if looks_like_path(value) || !is_said && !is_made_up && is_name(value) {
        return None;
    }
    let kinds = usize::from(digits > 0)
        + usize::from(lower > 0)
        + usize::from(upper > 0)
        + usize::from(odd > 0);
    let strong = kinds >= 3
        || (kinds == 2 && (digits > 0 && lower + upper > 0 || odd > 0))
        || (mixed && length >= 8 && transitions(value) >= 3);
    match assigned.sign {
        // The sentence says that it is one.
        Sign::Behind => {
            (length >= 5 && kinds >= 2 && (digits > 0 || odd > 0) && strong).then_some(0.6)
        }
        Sign::Words | Sign::Cell if !is_option => (length >= 6
            && kinds >= 2
            && (digits > 0 || odd > 0)
            && (strong && (kinds >= 3 || quoted) || digits >= 2 && length >= 8))
            .then_some(0.6),
        _ if strong && length >= 5 => Some(0.75),
        _ => None,
    }
}

/// Words that a value which stands for a secret holds.
const STAND_INS: [&str; 37] = [
    "example",
    "placeholder",
    "changeme",
    "change_me",
    "change-me",
    "change-it",
    "changeit",
    "your",
    "insert",
    "dummy",
    "redacted",
    "replace",
    "sample",
    "todo",
    "fixme",
    "xxxx",
    "****",
    "....",
    "undefined",
    "null",
    "none",
    "not_set",
    "notset",
    "not-set",
    "unset",
    "fake",
    "1234567890",
    "abcdefgh",
    "00000000",
    "getenv",
    "environ",
    "process.env",
    "secrets.",
    "vault",
    "lorem",
    "test_token",
    "mytoken",
];

/// For each byte, in lower case, the stand-ins that have it at their first, second and third place: a
/// bit each.
static BEGINNINGS: [[u64; 256]; 3] = {
    let mut beginnings = [[0; 256]; 3];
    let mut at = 0;
    while at < STAND_INS.len() {
        let mut place = 0;
        while place < beginnings.len() {
            beginnings[place][STAND_INS[at].as_bytes()[place] as usize] |= 1 << at;
            place += 1;
        }
        at += 1;
    }
    beginnings
};

/// Whether one of the stand-ins is in a value, in any case.
fn holds_stand_in(value: &[u8]) -> bool {
    value.array_windows::<3>().enumerate().any(|(at, first)| {
        let places = BEGINNINGS.iter().zip(first);
        let some = places.map(|(place, byte)| place[usize::from(byte.to_ascii_lowercase())]);
        let some = some.fold(u64::MAX, |one, other| one & other);
        some != 0 && stand_ins(some).any(|word| begins(&value[at..], word.as_bytes()))
    })
}

/// The stand-ins whose bits are set.
fn stand_ins(mut some: u64) -> impl Iterator<Item = &'static str> {
    std::iter::from_fn(move || {
        let word = STAND_INS.get(some.trailing_zeros() as usize)?;
        some &= some - 1;
        Some(*word)
    })
}

/// Values that stand for one: `changeme`, `<password>`, `${PASSWORD}`, `xxxx`, `****`.
pub(crate) fn is_placeholder(value: &str) -> bool {
    const WHOLE: [&str; 11] = [
        "password", "passwd", "pass", "pwd", "secret", "token", "user", "username", "key", "test",
        "string",
    ];
    if holds_stand_in(value.as_bytes()) && !begins(value.as_bytes(), b"bedrock-api-key") {
        return true;
    }
    if WHOLE.iter().any(|word| value.eq_ignore_ascii_case(word)) {
        return true;
    }
    let first = value.chars().next().unwrap_or(' ');
    if matches!(first, '<' | '{' | '[' | '(')
        || value.starts_with("${")
        || value.starts_with("$(")
        || value.starts_with("{{")
        || value.starts_with("%(")
        || value.starts_with("%{")
    {
        return true;
    }
    // `$PASSWORD`, `%PASSWORD%`, `@PASSWORD@`.
    if matches!(first, '$' | '%' | '@')
        && value[1..]
            .chars()
            .all(|c| c.is_ascii_alphabetic() || "_%@".contains(c))
    {
        return true;
    }
    let mut characters = value.chars();
    let one = characters.next();
    characters.all(|c| Some(c) == one)
}

/// A call, an attribute, an index: not a literal.
fn is_expression(value: &str) -> bool {
    let bytes = value.as_bytes();
    let mut pairs = bytes.array_windows();
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_');
    let begins = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'_';
    is_called(value)
        || memchr::memchr3(b'{', b':', b'>', bytes).is_some()
            && pairs.any(|pair| matches!(pair, b"${" | b"::" | b"->"))
        || bytes.contains(&b'.')
            && bytes.iter().all(is_plain)
            && bytes
                .split(|byte| *byte == b'.')
                .all(|part| part.first().is_some_and(begins))
            && !value.split('.').any(is_drawn)
}

/// Whether what stands in front of the first bracket may be the name of what is called or looked up in:
/// `get(` and `keys[` are, `Nof>d!U-[` is none.
fn is_called(value: &str) -> bool {
    memchr::memchr2(b'(', b'[', value.as_bytes()).is_some_and(|at| {
        value[..at]
            .chars()
            .all(|c| c.is_alphanumeric() || "_.$:&*@!?".contains(c))
    })
}

/// Whether one part between dots is no name that somebody gave: long, and letters and digits in turn.
fn is_drawn(part: &str) -> bool {
    part.len() >= 20
        && part.bytes().filter(u8::is_ascii_digit).count() >= 3
        && transitions(part) * 4 >= part.len()
}

fn looks_like_path(value: &str) -> bool {
    value.starts_with("./")
        || value.starts_with("~/")
        || value.starts_with("../")
        || value.contains("://")
        || (value.starts_with('/')
            && value[1..].contains('/')
            && value
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c))
            && transitions(value) * 5 < value.len())
        || [
            ".pem", ".key", ".json", ".txt", ".yml", ".yaml", ".crt", ".jks", ".env", ".html",
            ".php", ".py", ".js", ".conf",
        ]
        .iter()
        .any(|end| value.ends_with(end))
}

/// A name of something: letters in words with `_`, `-` or `.` between, perhaps with a number.
fn is_name(value: &str) -> bool {
    let is_plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':' | b'/');
    if !value.bytes().all(is_plain) {
        return false;
    }
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 {
        let humps = value
            .as_bytes()
            .windows(2)
            .filter(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
            .count();
        let falls = value
            .as_bytes()
            .windows(2)
            .filter(|pair| pair[0].is_ascii_uppercase() && pair[1].is_ascii_lowercase())
            .count();
        return value.contains(['_', '-', '.', ':']) || humps + falls < 4 || value.len() < 8;
    }
    // `sha256`, `utf8`, `oauth2_token`: a word with a number behind it, among words.
    value.contains(['_', '.', ':'])
        && value.split(['_', '-', '.', ':']).all(|part| {
            let letters = part.bytes().take_while(u8::is_ascii_alphabetic).count();
            part[letters..].bytes().all(|byte| byte.is_ascii_digit()) && part.len() - letters <= 2
        })
}

/// `Winter_86`: a word that begins with a capital, and a number.
fn is_word_and_number(value: &str) -> bool {
    value
        .split_once(['_', '-', '.'])
        .is_some_and(|(word, number)| {
            let small = word.get(1..).unwrap_or_default();
            word.starts_with(|c: char| c.is_ascii_uppercase())
                && small.len() > 2
                && small.bytes().all(|byte| byte.is_ascii_lowercase())
                && number.len() > 1
                && number.bytes().all(|byte| byte.is_ascii_digit())
        })
}

/// How often letters, digits and cases change from one character to the next; a capital in front of
/// small letters is no change.
pub(crate) fn transitions(value: &str) -> usize {
    let pairs = value.as_bytes().array_windows();
    pairs
        .filter(|[one, next]| {
            let (a, b) = (KINDS[usize::from(*one)], KINDS[usize::from(*next)]);
            a != 0 && b != 0 && a != b && !(a == 2 && b == 1)
        })
        .count()
}

/// A number for small letters, for capitals and for digits.
static KINDS: [u8; 256] = {
    let mut all = [0; 256];
    let mut byte = 0;
    while byte < 128 {
        all[byte] = match byte as u8 {
            b'a'..=b'z' => 1,
            b'A'..=b'Z' => 2,
            b'0'..=b'9' => 3,
            _ => 0,
        };
        byte += 1;
    }
    all
};

/// The bytes that a token is made of.
static OF_TOKEN: [bool; 256] = {
    let mut all = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        all[byte] = (byte as u8).is_ascii_graphic()
            && !matches!(
                byte as u8,
                b'(' | b')'
                    | b'{'
                    | b'}'
                    | b'['
                    | b']'
                    | b'<'
                    | b'>'
                    | b'"'
                    | b'\''
                    | b'`'
                    | b','
                    | b';'
                    | b'|'
                    | b'\\'
            );
        byte += 1;
    }
    all
};

/// How often a byte may stand in a value so that its part of the entropy is looked up.
const COUNTS: usize = 256;

/// `n * log2(n)` for small `n`.
static PARTS: LazyLock<[f64; COUNTS]> = LazyLock::new(|| std::array::from_fn(part));

fn part(count: usize) -> f64 {
    let count = count.max(1) as f64;
    count * count.log2()
}

/// Shannon's entropy of the bytes, in bits each.
pub(crate) fn entropy(value: &str) -> f64 {
    let mut counts = [0_u32; 256];
    value.bytes().for_each(|byte| counts[byte as usize] += 1);
    let parts = &*PARTS;
    let sum: f64 = counts
        .iter()
        .filter(|count| **count > 1)
        .map(|count| {
            let count = *count as usize;
            parts.get(count).copied().unwrap_or_else(|| part(count))
        })
        .sum();
    let length = value.len().max(1) as f64;
    // Rounded, so that bounds which are reached exactly are reached.
    ((length.log2() - sum / length) * 1e12).round() / 1e12
}

/// Whether a token was drawn by chance: many changes between kinds of characters, high entropy, no
/// words.
pub(crate) fn random(value: &str, least: usize) -> bool {
    let value = value.trim_end_matches(['=', '.']);
    if value.len() < least || value.len() > 1_024 {
        return false;
    }
    if !value.bytes().all(|byte| OF_TOKEN[usize::from(byte)]) {
        return false;
    }
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    if letters == 0 || digits + letters < value.len() * 3 / 5 {
        return false;
    }
    let changes = transitions(value);
    let hexadecimal = value
        .bytes()
        .all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    // What needs no look at words is asked before what does.
    if !hexadecimal && digits == 0 && (value.len() < 16 || changes < 4 || changes * 6 < value.len())
    {
        return false;
    }
    if is_expression(value) || looks_like_path(value) || is_name(value) {
        return false;
    }
    let bits = entropy(value);
    let enough = if value.len() < 16 {
        2.9
    } else if value.len() < 24 {
        3.2
    } else {
        3.4
    };
    if hexadecimal {
        return bits >= 2.8 && digits > 0 && value.len() >= least.max(16);
    }
    if digits == 0 {
        return bits >= 3.5;
    }
    bits >= enough && (changes * 8 >= value.len() || changes >= 6)
}
