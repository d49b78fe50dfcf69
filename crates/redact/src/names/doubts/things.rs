//! Things that are called as a person or a place is: languages, colours, methods called after somebody, codes.
//!
//! In: a text about programs and a name that was found in it. Out: whether what stands beside it, or the list or
//! table that it stands in, says that it is of a thing. Not here: whether a text is about programs, what the lexicon
//! knows (`doubts`), keywords and terms (`terms`).

use std::ops::Range;

use super::terms::line;
use crate::names::Name;

/// Bytes before a value that are looked at.
const BEFORE: usize = 80;
/// Bytes on either side in which a table is looked for.
const TABLE: usize = 2_000;
/// Other values of a table, at least, and one of how many of them the lexicon knows in a table of people at least.
const VALUES: usize = 5;
const KNOWN_SHARE: usize = 3;
/// Bytes of a value, at most.
const VALUE: usize = 48;
/// Letters of a code, at most.
const CODE: usize = 3;

/// What is called after whoever thought of it, also as theirs: `Floyd's algorithm`.
const METHODS: [&str; 25] = [
    "alg",
    "algorithm",
    "algorithms",
    "calendar",
    "coefficient",
    "conjecture",
    "constant",
    "curve",
    "curves",
    "decomposition",
    "distance",
    "distribution",
    "equation",
    "formula",
    "inequality",
    "law",
    "notation",
    "polynomial",
    "polynomials",
    "shuffle",
    "sieve",
    "theorem",
    "transform",
    "tree",
    "trick",
];
/// The same, but for what somebody may have as well: `the Luhn test`, and not `Anna's test`.
const OWNED: [&str; 24] = [
    "automaton",
    "blur",
    "checksum",
    "cipher",
    "code",
    "coding",
    "correlation",
    "diagram",
    "encoding",
    "exchange",
    "filter",
    "form",
    "hash",
    "hashing",
    "iteration",
    "matrix",
    "method",
    "multiplication",
    "noise",
    "reduction",
    "scheme",
    "sort",
    "test",
    "window",
];

/// Labels of what is no person.
const LABELS: [&str; 30] = [
    "charset",
    "codec",
    "color",
    "colorscheme",
    "colour",
    "compiler",
    "currency",
    "dialect",
    "distribution",
    "driver",
    "editor",
    "element",
    "encoding",
    "engine",
    "filetype",
    "font",
    "format",
    "framework",
    "lang",
    "language",
    "library",
    "locale",
    "module",
    "package",
    "palette",
    "platform",
    "script",
    "syntax",
    "theme",
    "unit",
];

/// Labels of persons, or parts of them: a table under such a one holds people whatever the lexicon says.
const PEOPLE: [&str; 16] = [
    "author",
    "user",
    "customer",
    "first",
    "last",
    "full",
    "given",
    "family",
    "sur",
    "contact",
    "owner",
    "person",
    "employee",
    "patient",
    "member",
    "contribut",
];

/// Whether it is what a method is called after: `Fisher-Yates shuffle`, `Floyd's algorithm`.
pub(super) fn is_of_method(text: &str, name: &Name) -> bool {
    let (_, behind) = line(text, name);
    let own = behind.strip_prefix("'s").or(behind.strip_prefix("’s"));
    let Some(behind) = own.unwrap_or(behind).strip_prefix([' ', '-']) else {
        return false;
    };
    let word = behind
        .split(|c: char| !c.is_alphabetic())
        .next()
        .unwrap_or_default();
    let word = word.to_ascii_lowercase();
    METHODS.contains(&word.as_str()) || own.is_none() && OWNED.contains(&word.as_str())
}

/// Whether it stands behind the label of a thing: `Language: Julia`.
pub(super) fn is_labelled(text: &str, name: &Name) -> bool {
    let (before, _) = line(text, name);
    let label = before.trim_end_matches([' ', '\t', '"', '\'']);
    let Some(label) = label.strip_suffix([':', '=']) else {
        return false;
    };
    let label = label.trim_end_matches([' ', '\t', '"', '\'']);
    let word = label
        .rsplit(|c: char| !c.is_alphabetic())
        .next()
        .unwrap_or_default();
    LABELS.contains(&word.to_ascii_lowercase().as_str())
}

/// Whether it is a code of a few small letters in quotes or between tags: `"ben"`, `<name>uga</name>`.
pub(super) fn is_code(text: &str, name: &Name) -> bool {
    let found = &text[name.start..name.end];
    let (before, behind) = (
        text[..name.start].chars().next_back(),
        text[name.end..].chars().next(),
    );
    let is_held = matches!(
        (before, behind),
        (Some('"'), Some('"'))
            | (Some('\''), Some('\''))
            | (Some('>'), Some('<'))
            | (Some('`'), Some('`'))
    );
    is_held && found.len() <= CODE && found.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Whether it stands in a table of which most values are of nobody: the same signs stand before them, and the same
/// behind them, as in `<option value="da">Danish</option>`.
pub(super) fn is_in_table(text: &str, name: &Name, is_known: impl Fn(&str) -> bool) -> bool {
    let found = &text[name.start..name.end];
    if !found.chars().all(|c| u32::from(c) < 0x250) {
        return false;
    }
    let Some((frame, end)) = frame(text, name) else {
        return false;
    };
    let from = text.floor_char_boundary(name.start.saturating_sub(TABLE));
    let to = text.ceil_char_boundary((name.end + TABLE).min(text.len()));
    let around = &text[from..to];
    let (mut all, mut known) = (0, 0);
    for at in memchr::memmem::find_iter(around.as_bytes(), frame.as_bytes()) {
        let value = &around[at + frame.len()..];
        let value = &value[..value.floor_char_boundary(VALUE)];
        let Some(length) = value.find(end) else {
            continue;
        };
        let value = &value[..length];
        if !value.starts_with(char::is_alphabetic) || value.contains('\n') {
            continue;
        }
        all += 1;
        known += usize::from(is_known(value));
    }
    all > VALUES && known * KNOWN_SHARE < all
}

/// What stands before a name and the sign behind it, as of a value of a table: signs, and the label before an equals
/// sign or a colon.
fn frame<'a>(text: &'a str, name: &Name) -> Option<(&'a str, char)> {
    let end = text[name.end..].chars().next()?;
    if !"\"'<|,;:)]}\t\n`".contains(end) {
        return None;
    }
    let from = text.floor_char_boundary(name.start.saturating_sub(BEFORE));
    let before = &text[from..name.start];
    let signs = before
        .trim_end_matches(|c: char| !c.is_alphanumeric() && c != '\n')
        .len();
    let mut start = match before[..signs].ends_with('\n') {
        true => signs - 1,
        false => signs,
    };
    let is_sign = before[start..].contains(['"', '\'', '`', '=', ':', '>']);
    if !is_sign {
        return None;
    }
    if before[start..].contains([':', '=']) && !before[start..].starts_with('\n') {
        let label = label(before, start);
        let word = before[label.clone()].to_lowercase();
        if PEOPLE.iter().any(|people| word.contains(people)) {
            return None;
        }
        start = label.start;
    }
    Some((&before[start..], end))
}

/// The word of letters, low lines and hyphens that ends at `end`.
fn label(before: &str, end: usize) -> Range<usize> {
    let word = |c: char| c.is_alphabetic() || matches!(c, '_' | '-');
    before[..end].trim_end_matches(word).len()..end
}
