//! Words of programs that a model takes for names: keywords, headers, characters by their names, terms.
//!
//! In: a text about programs and a name that was found in it. Out: whether its form and what stands beside it say
//! that it is likely none. Not here: whether a text is about programs, and what the lexicon knows (`doubts`).

use crate::names::Name;
use crate::names::tags::Kind;
use crate::repeated::is_everyday;

/// Bytes of a line before a name and behind it that are looked at.
const BEFORE: usize = 120;
const BEHIND: usize = 60;
/// Words of a line that is a list of keywords, at least.
const KEYWORDS: usize = 6;
/// Words in capitals beside one, at least, that make a run of them: where the lexicon does not know it, and where it
/// does.
pub(super) const CAPITALS: [usize; 2] = [2, 4];
/// Letters of an abbreviation, at most, and from when on the model holds one for a name.
const ABBREVIATION: usize = 5;
const LIKELY: f32 = 0.98;
/// Pieces of the name of a header, at least.
const PIECES: usize = 3;

/// Words that stand in a sentence and in no list of keywords.
const SENTENCE: [&str; 20] = [
    "the", "of", "and", "was", "from", "that", "this", "my", "are", "have", "has", "you", "your",
    "und", "der", "die", "les", "des", "que", "con",
];

/// What stands on a line that tells who made something.
const SIGNED: [&str; 26] = [
    "copyright",
    "(c)",
    "©",
    "author",
    "maintain",
    "owner",
    "contact",
    "by ",
    "by:",
    "thank",
    "credit",
    "contribut",
    "written",
    "wrote",
    "report",
    "review",
    "signed",
    "translat",
    "from:",
    "name:",
    "name=",
    "name =",
    "name is",
    "name\"",
    "user",
    "@",
];

/// What of a line stands before a name and behind it, so far as it is looked at.
pub(super) fn line<'a>(text: &'a str, name: &Name) -> (&'a str, &'a str) {
    let from = text.floor_char_boundary(name.start.saturating_sub(BEFORE));
    let to = text.ceil_char_boundary((name.end + BEHIND).min(text.len()));
    let (before, behind) = (&text[from..name.start], &text[name.end..to]);
    let before = before.rsplit('\n').next().unwrap_or_default();
    (before, behind.split('\n').next().unwrap_or_default())
}

/// Whether the line of a name tells who made something or whose something is, or is a list of two words each.
pub(super) fn is_signed(text: &str, name: &Name) -> bool {
    let (before, behind) = line(text, name);
    let is_pair = text[name.start..name.end].split(' ').count() == 2;
    if is_pair && (before.trim_end().ends_with(',') || behind.starts_with(',')) {
        let items = before.split(',').chain(behind.split(','));
        let pairs = items.filter(|item| item.split_whitespace().count() == 2);
        if pairs.count() > 1 {
            return true;
        }
    }
    let line = [before, " ", behind].concat().to_lowercase();
    SIGNED.iter().any(|sign| line.contains(sign))
}

/// The words in capitals that stand on either side of one, as in `LATIN SMALL LETTER I WITH GRAVE`: none where it
/// has small letters itself.
pub(super) fn capitals_beside<'a>(text: &'a str, name: &Name) -> Vec<&'a str> {
    let found = &text[name.start..name.end];
    if found.contains(char::is_lowercase) || !found.contains(char::is_uppercase) {
        return Vec::new();
    }
    let (before, behind) = line(text, name);
    let is_capital = |word: &&str| {
        word.bytes().any(|byte| byte.is_ascii_uppercase())
            && word
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-')
    };
    // What is parted by more than blanks, quotes and commas is something else.
    let is_joint = |c: char| c.is_whitespace() || matches!(c, '\'' | '"' | ',' | '*' | '/' | '\\');
    let left = before.rsplit(is_joint).filter(|word| !word.is_empty());
    let right = behind.split(is_joint).filter(|word| !word.is_empty());
    left.take_while(is_capital)
        .chain(right.take_while(is_capital))
        .collect()
}

/// Whether it is of capitals alone as characters, keywords and abbreviations are: joined by hyphens (`ADD-NEW-FIELD`),
/// three words and more, two or a short one that the model only guesses at, or one beside another that is no name
/// (`BROKEN BAR`).
pub(super) fn is_in_capitals(
    text: &str,
    name: &Name,
    (is_name, is_first): (impl Fn(&str) -> bool, impl Fn(&str) -> bool),
) -> bool {
    let found = &text[name.start..name.end];
    let is_small = found.contains(char::is_lowercase);
    if is_small || !found.contains(char::is_uppercase) || !found.is_ascii() {
        return false;
    }
    let words = || {
        let words = found.split(|c: char| !c.is_ascii_alphanumeric());
        words.filter(|word| !word.is_empty())
    };
    let beside = capitals_beside(text, name);
    match words().count() {
        0 => false,
        1 => {
            // Firms and offices are called by their letters.
            let is_short = found.len() <= ABBREVIATION && name.kind != Kind::Organization;
            is_short && name.score < LIKELY || beside.first().is_some_and(|word| !is_name(word))
        }
        count => {
            let is_run = count + beside.len() > 2 || name.score < LIKELY;
            is_run && !words().next().is_some_and(is_first)
                || found.contains('-') && !words().all(is_name)
        }
    }
}

/// What the name of a specification, a format or a product ends with.
const OF_THINGS: [&str; 34] = [
    "api",
    "browser",
    "buffers",
    "cloud",
    "compiler",
    "database",
    "documentation",
    "editor",
    "engine",
    "exception",
    "format",
    "framework",
    "guide",
    "guidelines",
    "implementation",
    "interface",
    "kernel",
    "language",
    "library",
    "license",
    "licence",
    "manual",
    "mode",
    "notation",
    "parser",
    "protocol",
    "reference",
    "repository",
    "server",
    "shell",
    "spec",
    "specification",
    "standard",
    "syntax",
];

/// Whether an organization is of what things are called by: `Example Wire Protocol`.
pub(super) fn is_of_product(found: &str, name: &Name) -> bool {
    let last = found.rsplit(' ').next().unwrap_or_default().to_lowercase();
    name.kind == Kind::Organization && found.contains(' ') && OF_THINGS.contains(&last.as_str())
}

/// Whether its line is a list of keywords with nothing but blanks between: `sinh sqrt tan tanh`.
pub(super) fn is_in_keywords(text: &str, name: &Name) -> bool {
    let (before, behind) = line(text, name);
    let found = &text[name.start..name.end];
    if found.contains('\n') {
        return false;
    }
    let line = [before, found, behind].concat();
    let is_plain = |word: &str| {
        let inner = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '*' | '!');
        word.chars().all(inner) || matches!(word, "\\" | "\"")
    };
    let mut count = 0;
    for word in line.split_whitespace() {
        if !is_plain(word) || SENTENCE.contains(&word.to_lowercase().as_str()) {
            return false;
        }
        count += 1;
    }
    count >= KEYWORDS
}

/// Whether it is one word of joined pieces as a header or a term is: `If-None-Match`, `Primary-Postal`.
pub(super) fn is_joined_term(found: &str, name: &Name) -> bool {
    let mut pieces = 0;
    for piece in found.split('-') {
        let is_piece = piece.starts_with(|c: char| c.is_ascii_uppercase())
            && piece.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !is_piece {
            return false;
        }
        pieces += 1;
    }
    match name.kind {
        Kind::Organization => pieces > 1,
        Kind::Location => pieces >= PIECES,
        Kind::Person => false,
    }
}

/// Whether it is one word on a line of code that is also a common one: `write(1, "East")`.
pub(super) fn is_everyday_word(text: &str, name: &Name) -> bool {
    let found = &text[name.start..name.end];
    found.chars().all(char::is_alphabetic) && is_everyday(found) && {
        let (before, behind) = line(text, name);
        let is_sign = |c: char| "{}=_\\".contains(c);
        let quoted = |open: char| before.ends_with(open) && behind.starts_with(open);
        before.contains(is_sign)
            || behind.contains(is_sign)
            || quoted('"') && (behind.contains(')') || before.contains('('))
            || quoted('\'') && (behind.contains(')') || before.contains('('))
    }
}

/// Whether it is one word behind an article: `the Isabelle proof assistant`.
pub(super) fn is_behind_article(text: &str, name: &Name) -> bool {
    let found = &text[name.start..name.end];
    let (before, _) = line(text, name);
    let last = before.trim_end_matches(' ');
    let word = last.rsplit(|c: char| !c.is_alphanumeric()).next();
    name.kind == Kind::Person
        && last.len() < before.len()
        && found.chars().all(char::is_alphanumeric)
        && word.is_some_and(|word| {
            let articles = ["the", "a", "an"];
            articles.iter().any(|it| word.eq_ignore_ascii_case(it))
        })
}

/// Whether it goes over the items of a list of quoted words: `END', 'END-OF`.
pub(super) fn is_over_items(found: &str) -> bool {
    found.contains("',") || found.contains("\",")
}

/// Whether several words go on a word: `Suggests Keep-Fds` behind `Install-`.
pub(super) fn goes_on(text: &str, name: &Name) -> bool {
    let before = &text.as_bytes()[..name.start];
    matches!(before, [.., inner, b'-'] if inner.is_ascii_alphanumeric())
        && text[name.start..name.end].contains(' ')
}
