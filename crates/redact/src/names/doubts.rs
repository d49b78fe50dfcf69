//! What the text around a name says against it, where the model itself cannot see that far.
//!
//! In: a text and what the model found in it. Out: whether that is likely none, or where it ends and begins
//! instead. Code and documents have terms, identifiers, lists and headers that look like names; what tells them
//! is how else the text writes the same words, what they stand in, and marks that no name has. Not here: forms
//! that are no name in any text (`may_be`), likelihoods (`tags`), words of programs (`terms`), things that are called as
//! people are (`things`).

mod terms;
#[cfg(test)]
mod tests;
mod things;

use std::cell::OnceCell;
use std::collections::HashSet;

use crate::names::features::{hash_word, is_beside_code, is_code};
use crate::names::model::{Lexicon, Model};
use crate::names::tags::Kind;
use crate::names::{GIVEN, Name, PERSONS, PLACES};

/// A text, and what its names are weighed by.
pub(super) struct Doubts<'a> {
    text: &'a str,
    lexicon: &'a Lexicon,
    /// What the line of each word looks like.
    codes: &'a [u8],
    /// The words that it writes in small letters amid a sentence.
    small: OnceCell<HashSet<u64>>,
    /// The words that it writes in small letters anywhere.
    spelled: OnceCell<HashSet<u64>>,
    is_technical: OnceCell<bool>,
}

/// Words of small letters alone that a name has at most.
const SMALL: usize = 4;
/// Other words of a list in quotes, at least.
const LISTED: usize = 3;
/// Characters without blanks that a name has at most, of scripts that have none.
const UNPARTED: usize = 32;
/// Bytes beside a name that are looked at.
const BESIDE: usize = 100;
/// From when on the model is certain.
const CERTAIN: f32 = 0.98;
/// How likely a name has to be in a text about programs: of a place or an organization, and of a person by
/// words that no lexicon knows.
const LEAST_TECHNICAL: [f32; 2] = [0.96, 0.8];
/// The same of a person whose line says nothing of who made something.
const LEAST_UNSIGNED: f32 = 0.95;
/// The same of a place by one word, and of such a person by one.
const LEAST_KNOWN: f32 = 0.85;
/// A text is about programs where one of so many words stands on or beside a line of code, or so many quotes do
/// that Markdown writes code with.
const CODE_SHARE: usize = 7;
const CODE_QUOTES: usize = 4;
/// Lines of a list in quotes, at least, that is one of a program.
const ITEMS: usize = 8;
/// Ends of lines that a program has, at least: a message of one line with some signs is none.
const LINES: usize = 2;

impl<'a> Doubts<'a> {
    pub(super) fn of(text: &'a str, model: &'a Model, codes: &'a [u8]) -> Self {
        Self {
            text,
            lexicon: model.lexicon(),
            codes,
            small: OnceCell::new(),
            spelled: OnceCell::new(),
            is_technical: OnceCell::new(),
        }
    }

    /// Takes out what is likely no name, and moves to where names begin.
    pub(super) fn weigh(&self, found: &mut Vec<Name>) {
        found.retain_mut(|name| {
            name.start += lead(&self.text[name.start..name.end], name.kind);
            name.start < name.end && !self.hold(name)
        });
    }

    /// Whether what the model found is likely no name.
    fn hold(&self, name: &Name) -> bool {
        let found = &self.text[name.start..name.end];
        is_run_of_small(found, name)
            || is_counted(found)
            || is_joined(self.text, name)
            || is_of_header(self.text, name)
            || is_sentence(found)
            || is_entry(self.text, name)
            || is_again(self.text, name)
            || terms::is_over_items(found)
            || is_of_signs(found)
            || self.is_enumeration(found, name)
            || self.is_listed(found, name)
            || self.is_guess(found, name)
            || self.is_term(found)
            || self.is_of_program(found, name)
            || self.is_of_thing(found, name)
    }

    /// Whether an organization is but words with commas and a conjunction between, as in `Date, Amount and Status`; firms
    /// of partners have surnames there.
    fn is_enumeration(&self, found: &str, name: &Name) -> bool {
        if name.kind != Kind::Organization || !found.contains(", ") || found.contains(". ") {
            return false;
        }
        let last = found.rsplit(", ").next().unwrap_or_default();
        let Some(and) = words(last).find(|word| CONJUNCTIONS.contains(word)) else {
            return false;
        };
        let is_named = |word: &str| self.lexicon.kinds(hash_word(word)) & PERSONS != 0;
        let items = || words(found).filter(|word| *word != and);
        and == "or" || items().filter(|word| !is_named(word)).count() * 2 > items().count()
    }

    /// Whether it is of a thing in a text about programs.
    fn is_of_thing(&self, found: &str, name: &Name) -> bool {
        let is_person = name.kind == Kind::Person;
        let is_method = || {
            // Somebody whose given name is told is meant himself.
            let is_told =
                words(found).count() > 1 && !found.contains('-') && self.knows(found, GIVEN);
            name.kind != Kind::Location && !is_told && things::is_of_method(self.text, name)
        };
        // A country is found as a person now and then, and is none of the things that tables are of.
        let is_known = |value: &str| self.knows(value, GIVEN | PLACES);
        let is_tabled = || {
            let mut parts = words(found);
            let is_told = parts.next().is_some_and(|first| self.knows(first, GIVEN))
                && parts.next().is_some();
            name.kind != Kind::Organization
                && !is_told
                && things::is_in_table(self.text, name, is_known)
        };
        let is_thing = things::is_code(self.text, name)
            || is_person && things::is_labelled(self.text, name)
            || is_method()
            || is_tabled();
        is_thing && self.is_program()
    }

    /// Whether it is a word of programs in a text about them.
    fn is_of_program(&self, found: &str, name: &Name) -> bool {
        let known = match name.kind {
            Kind::Person => PERSONS,
            Kind::Location | Kind::Organization => PLACES,
        };
        let is_known = || self.knows_all(found, known);
        let is_signed = || terms::is_signed(self.text, name);
        let is_word = found.chars().all(char::is_alphanumeric);
        let is_small = !found.contains(char::is_uppercase);
        let is_term = match terms::capitals_beside(self.text, name).len() {
            0 => false,
            beside if is_word || !is_known() => beside >= terms::CAPITALS[0],
            beside => beside >= terms::CAPITALS[1] && !is_signed(),
        };
        let is_keyword = || match is_small || found.contains('-') {
            true => is_small || !is_known(),
            false => !self.knows(found, known | PERSONS),
        };
        let is_term = is_term
            || name.kind == Kind::Person && self.is_unsigned_guess(found, name)
            || terms::is_in_keywords(self.text, name) && is_keyword()
            || terms::is_joined_term(found, name)
                && self.lexicon.kinds(hash_word(found)) == 0
                && !self.knows_all(found, PERSONS)
            || terms::goes_on(self.text, name)
            || terms::is_of_product(found, name) && !is_signed()
            || self.is_in_capitals(name, known) && !is_signed()
            || self.is_small_guess(found, name)
            || terms::is_behind_article(self.text, name)
            || terms::is_everyday_word(self.text, name) && !is_signed();
        is_term && self.is_program()
    }

    /// Whether it is one word of a list of quoted words, of which most are of nobody and no place: `"mp4", "avi", "mkv"`.
    fn is_listed(&self, found: &str, name: &Name) -> bool {
        let (before, after) = beside(self.text, name);
        let Some(quote) = after.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
            return false;
        };
        if !before.ends_with(quote) || !found.chars().all(is_of_item) {
            return false;
        }
        let known = match name.kind {
            Kind::Person => PERSONS,
            Kind::Location | Kind::Organization => PLACES,
        };
        let is_known = |item: &str| self.knows_all(item, known);
        let mut counts = [0, usize::from(!is_known(found))];
        for item in items(before.rsplit(quote)).chain(items(after.split(quote))) {
            counts[0] += 1;
            counts[1] += usize::from(!is_known(item));
        }
        counts[0] >= LISTED && counts[1] * 2 > counts[0] + 1
    }

    fn knows(&self, found: &str, kinds: u8) -> bool {
        words(found).any(|word| self.lexicon.kinds(hash_word(word)) & kinds != 0)
    }

    fn knows_all(&self, found: &str, kinds: u8) -> bool {
        words(found).all(|word| self.lexicon.kinds(hash_word(word)) & kinds != 0)
    }

    /// Whether the model guesses in a text about programs, which are full of names of things, or takes the name of a
    /// time zone for a place.
    fn is_guess(&self, found: &str, name: &Name) -> bool {
        let (least, known) = match name.kind {
            Kind::Person => (LEAST_TECHNICAL[1], PERSONS),
            Kind::Location | Kind::Organization => (LEAST_TECHNICAL[0], PLACES),
        };
        let is_guess = name.score < least && !self.knows(found, known);
        (is_guess || is_of_zone(self.text, name)) && self.is_technical()
    }

    /// Whether it is of capitals alone as what is no name is; a person's begins with a given name.
    fn is_in_capitals(&self, name: &Name, known: u8) -> bool {
        let first = match name.kind {
            Kind::Person => GIVEN,
            Kind::Location | Kind::Organization => known,
        };
        let is = |word: &str, kinds: u8| self.lexicon.kinds(hash_word(word)) & kinds != 0;
        let tests = (|word: &str| is(word, known), |word: &str| is(word, first));
        terms::is_in_capitals(self.text, name, tests)
    }

    /// Whether the model guesses at a place or an organization that begins with a small letter (`the real path`), or at
    /// a place by one word (`Lib`).
    fn is_small_guess(&self, found: &str, name: &Name) -> bool {
        let is_place = name.kind == Kind::Location;
        let is_cased = |word: &str| {
            let mut rest = word.chars();
            rest.next().is_some_and(char::is_uppercase)
                && word.len() > 2
                && rest.all(char::is_lowercase)
        };
        let is_small = found.starts_with(char::is_lowercase) && !words(found).any(is_cased);
        let is_guess = is_small && name.score < CERTAIN && !self.knows_all(found, PLACES)
            || is_place && name.score < LEAST_KNOWN && found.chars().all(char::is_alphanumeric);
        name.kind != Kind::Person && is_guess && found.is_ascii()
    }

    /// Whether the model guesses at a person on a line that says nothing of people: by words of small letters, by a
    /// word that the text has in small letters too, by two words of which none is a given name.
    fn is_unsigned_guess(&self, found: &str, name: &Name) -> bool {
        let is_small = || !found.contains(char::is_uppercase);
        let is_known = self.knows(found, PERSONS);
        let is_guess = match words(found).count() {
            _ if is_small() => name.score < CERTAIN,
            1 if name.score < LEAST_KNOWN => true,
            1 => {
                !is_known
                    && (name.score < LEAST_UNSIGNED || name.score < CERTAIN && self.spells(found))
            }
            _ => name.score < CERTAIN && !self.knows(found, GIVEN),
        };
        is_guess && !terms::is_signed(self.text, name)
    }

    /// Whether the text has a word in small letters as well, in an identifier too.
    fn spells(&self, word: &str) -> bool {
        let spelled = self.spelled.get_or_init(|| {
            let small = |word: &&str| word.chars().all(char::is_lowercase);
            words(self.text).filter(small).map(hash_word).collect()
        });
        spelled.contains(&hash_word(word))
    }

    /// Whether it is about programs and has lines.
    fn is_program(&self) -> bool {
        memchr::memchr_iter(b'\n', self.text.as_bytes())
            .nth(LINES - 1)
            .is_some()
            && self.is_technical()
    }

    fn is_technical(&self) -> bool {
        *self.is_technical.get_or_init(|| {
            let codes = self.codes.iter();
            let in_code = codes.filter(|code| is_code(**code) || is_beside_code(**code));
            in_code.count() * CODE_SHARE > self.codes.len()
                || memchr::memchr_iter(b'`', self.text.as_bytes()).count() >= CODE_QUOTES
                || is_of_items(self.text)
        })
    }

    /// Whether the name is a term: two words and more of which the lexicon knows none, and each of which the
    /// text has in small letters as well, as `Secondary Licenses` beside `secondary` and `licenses`.
    fn is_term(&self, found: &str) -> bool {
        let words = || words(found).filter(|word| word.len() > 3);
        if words().count() < 2 {
            return false;
        }
        let is_unknown = |word: &str| {
            word.starts_with(char::is_uppercase)
                && self.lexicon.kinds(hash_word(word)) & !Lexicon::LONGER == 0
        };
        words().all(is_unknown) && {
            let small = self.small.get_or_init(|| small_words(self.text));
            words().all(|word| small.contains(&hash_word(word)))
        }
    }
}

/// Whether most lines are an item of a list in quotes each: `    "item",`.
fn is_of_items(text: &str) -> bool {
    let (mut all, mut items) = (0, 0);
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        all += 1;
        // A field and its value are data.
        let is_item = line.starts_with(['"', '\''])
            && line.ends_with([',', '"', '\''])
            && line.matches(&line[..1]).count() == 2
            && !line.contains(':');
        items += usize::from(is_item);
    }
    items >= ITEMS && items * 2 > all
}

/// What stands before the last of an enumeration.
const CONJUNCTIONS: [&str; 17] = [
    "and", "or", "und", "oder", "et", "ou", "y", "o", "e", "en", "of", "och", "og", "eller", "i",
    "lub", "și",
];

/// Whether it begins with a comma, goes over more blanks than a gap between words has or over the end of a
/// sentence, or has a slash twice.
fn is_of_signs(found: &str) -> bool {
    found.starts_with([',', ';', ':'])
        || found.contains("    ")
        || found.contains("//")
        || has_terms_in_capitals(found)
        || found.contains('\n')
            && found
                .split('\n')
                .any(|line| line.trim_end().ends_with(['!', '?']))
}

/// Whether two words and more of capitals are joined of pieces: `MARKUP-COMMENT MARKUP-ERROR`.
fn has_terms_in_capitals(found: &str) -> bool {
    let is_joined =
        |word: &&str| word.contains('-') && word.contains(|c: char| c.is_ascii_uppercase());
    let is_small = found.contains(char::is_lowercase);
    !is_small && found.split_whitespace().filter(is_joined).count() > 1
}

/// What closes a letter, above the name of who wrote it.
const CLOSINGS: [&str; 15] = [
    "grüße",
    "grüsse",
    "grüßen",
    "grüssen",
    "gruesse",
    "gruessen",
    "regards",
    "wishes",
    "cordialement",
    "salutations",
    "saludos",
    "saluti",
    "groet",
    "groeten",
    "cumprimentos",
];
/// Words of what closes a letter, at most.
const CLOSING: usize = 3;

/// What says whose a place is that is described by its address.
const WHOSE: [&str; 17] = [
    "my", "his", "her", "our", "their", "the", "mon", "ma", "son", "sa", "notre", "leur", "mein",
    "sein", "su", "mi", "suo",
];

/// Bytes of what stands in front of a name and belongs to none: the end of a letter, as `Freundliche Grüsse` is, all
/// of it where no name follows; and what an address is of, as in `son domicile, 14 rue Daguerre`.
fn lead(found: &str, kind: Kind) -> usize {
    let (line, rest) = found.split_at(found.find('\n').unwrap_or(found.len()));
    let last = words(line).next_back().unwrap_or_default();
    let is_closing = CLOSINGS.contains(&last.to_lowercase().as_str())
        && words(line).count() <= CLOSING
        && !line.contains(',');
    if is_closing {
        return line.len() + rest.find(char::is_alphanumeric).unwrap_or(rest.len());
    }
    if kind != Kind::Location {
        return 0;
    }
    let Some((what, address)) = found.split_once(", ") else {
        return 0;
    };
    let is_what = words(what)
        .next()
        .is_some_and(|first| WHOSE.contains(&first))
        && what.chars().all(|c| c == ' ' || c.is_lowercase());
    match is_what && address.starts_with(|c: char| c.is_ascii_digit()) {
        true => found.len() - address.len(),
        false => 0,
    }
}

/// Whether the same word stands twice more before it or behind it, as in `NIL, NIL, NIL`, or it is one word thrice.
fn is_again(text: &str, name: &Name) -> bool {
    let found = &text[name.start..name.end];
    let mut inside = words(found);
    let Some(word) = inside.next() else {
        return false;
    };
    let (mut count, is_same) = inside.fold((1, true), |(count, same), next| {
        (count + 1, same && next == word)
    });
    if !is_same {
        return false;
    }
    let (before, after) = beside(text, name);
    let is_word = |next: &&str| *next == word;
    count += words(after).take(2).take_while(is_word).count();
    count += words(before).rev().take(2).take_while(is_word).count();
    count > 2
}

/// The words in quotes that follow each other from a quote on, with commas between, by the pieces between quotes.
fn items<'a>(mut pieces: impl Iterator<Item = &'a str>) -> impl Iterator<Item = &'a str> {
    // Nothing stands between the quote and the name.
    pieces.next();
    std::iter::from_fn(move || {
        let (joint, word) = (pieces.next()?, pieces.next()?);
        let is_joint = joint.contains(',') && joint.chars().all(|c| c == ',' || c.is_whitespace());
        let is_word = !word.is_empty() && word.chars().all(is_of_item);
        (is_joint && is_word).then_some(word)
    })
}

/// Whether a character stands in an item of a list of words.
fn is_of_item(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '*' | '!' | '?')
}

/// The text in front of a name and behind it, so far as it is looked at.
fn beside<'a>(text: &'a str, name: &Name) -> (&'a str, &'a str) {
    let from = text.floor_char_boundary(name.start.saturating_sub(BESIDE));
    let to = text.ceil_char_boundary(name.end + BESIDE);
    (&text[from..name.start], &text[name.end..to])
}

fn words(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| !word.is_empty())
}

/// The words of small letters that stand between blanks, which addresses and identifiers do not.
fn small_words(text: &str) -> HashSet<u64> {
    let is_small = |word: &&str| word.len() > 3 && word.chars().all(char::is_lowercase);
    text.split_whitespace()
        .map(|word| word.trim_end_matches([',', '.', ';', ':', ')', '"']))
        .map(|word| word.trim_start_matches(['(', '"']))
        .filter(is_small)
        .map(hash_word)
        .collect()
}

/// Whether words of small letters alone follow each other over the end of a line or in great number, or as an
/// organization of which the model is not certain: a list of words, or a sentence.
fn is_run_of_small(found: &str, name: &Name) -> bool {
    let has = |test: fn(char) -> bool| found.contains(test);
    if has(char::is_uppercase) || !has(char::is_lowercase) || has(char::is_numeric) {
        return false;
    }
    let count = words(found).count();
    let is_guess = name.kind == Kind::Organization && name.score < CERTAIN;
    count > SMALL || count > 1 && (found.contains('\n') || is_guess)
}

/// Words that stand behind how many there are of something.
const COUNTED: [&str; 16] = [
    "of", "them", "more", "to", "go", "the", "and", "or", "in", "at", "for", "from", "each", "per",
    "left", "times",
];
/// What the label of a number ends with.
const LABELS: [&str; 6] = ["nr", "nummer", "number", "numéro", "número", "numero"];

/// Whether nothing stands in it but numbers, what they are of and how many of what there are: `1111 of them`,
/// `88120, Rechnungsnr. 2024-17`.
fn is_counted(found: &str) -> bool {
    let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let is_label = |word: &str| {
        let word = word.to_lowercase();
        COUNTED.contains(&word.as_str()) || LABELS.iter().any(|end| word.ends_with(end))
    };
    // A number alone may be a postal code.
    words(found).any(is_number)
        && words(found).any(is_label)
        && words(found).all(|word| is_number(word) || is_label(word))
}

/// Whether commas join its pieces without a blank, as in `c,7B,72`, or a hyphen at its end joins it to more.
fn is_joined(text: &str, name: &Name) -> bool {
    let found = &text[name.start..name.end];
    let goes_on = |beside: Option<char>| beside.is_some_and(char::is_alphanumeric);
    let before = text[..name.start].chars().next_back();
    let after = text[name.end..].chars().next();
    if found.starts_with('-') && goes_on(before) || found.ends_with('-') && goes_on(after) {
        return true;
    }
    let commas = found.as_bytes().windows(2);
    let joined = commas.filter(|pair| pair[0] == b',' && pair[1].is_ascii_alphanumeric());
    joined.count() > 1
}

/// Whether it goes on the name of a header: `X-Amz-Tagging`.
fn is_of_header(text: &str, name: &Name) -> bool {
    let before = &text.as_bytes()[..name.start];
    matches!(before, [.., b'X' | b'x', b'-']) && {
        let outer = before.get(before.len().wrapping_sub(3));
        !outer.is_some_and(u8::is_ascii_alphanumeric)
    }
}

/// Whether it is the name of a time zone or a part of it: `Europe/Andorra`, `America/New_York`.
fn is_of_zone(text: &str, name: &Name) -> bool {
    const AREAS: [&str; 11] = [
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
        "Etc",
    ];
    let is_inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-');
    let (before, after) = beside(text, name);
    let front = before.len() - before.trim_end_matches(is_inner).len();
    let back = after.len() - after.trim_start_matches(is_inner).len();
    let whole = &text[name.start - front..name.end + back];
    let area = whole.split_once('/').map(|(area, _)| area);
    area.is_some_and(|area| AREAS.contains(&area)) && whole.chars().all(is_inner)
}

/// Whether a sentence ends in it, or too much stands in it without a blank, in scripts that have none.
fn is_sentence(found: &str) -> bool {
    let is_unparted = |c: &char| u32::from(*c) >= 0x0E00;
    let mut pieces = found.split_whitespace();
    found.contains(['。', '！', '？'])
        || pieces.any(|piece| piece.chars().filter(is_unparted).count() > UNPARTED)
}

/// Whether it is one word in a list of a program, which the model holds for no more than likely: `    Bill,`.
fn is_entry(text: &str, name: &Name) -> bool {
    let is_word = !text[name.start..name.end].contains(char::is_whitespace);
    if !is_word || name.score >= CERTAIN {
        return false;
    }
    let (before, after) = beside(text, name);
    let Some((_, before)) = before.rsplit_once('\n') else {
        return false;
    };
    let after = after.split('\n').next().unwrap_or_default();
    let line = [before, &text[name.start..name.end], after].concat();
    let is_indented = line.starts_with([' ', '\t']);
    is_indented
        && line.trim_end().ends_with([',', '{', ';'])
        && !line.contains(['"', '\'', '`'])
        && words(&line).count() <= 3
}
