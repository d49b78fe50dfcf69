//! Values that are certain in one text of a conversation, looked for in all of its texts.
//!
//! In: texts with what was found in each. Out: where a value stands that another place proves: a name
//! without anything around it that tells, an account number without its label. What is a guess spreads
//! nowhere; what a policy keeps or allows at a place stays there. Time grows with the text alone.
//! Not here: finding values in the first place (`detect`, `names`), which texts are a conversation.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::detect::Entity;
use crate::interned::Interned;
use crate::names::Level;
use crate::names::features::hash_word;
use crate::names::model::{Lexicon, shipped};
use crate::names::words::{Sort, Word, split};
use crate::operators::{self, Operator};
use crate::policy::Policy;
use crate::recognizers::Category;
use crate::why::Why;

/// The recognizer of what stands elsewhere in its conversation.
pub const REPEATED: &str = "repeated";

/// A name, or a short identifier, that is found with a lower score is a guess.
const CERTAIN: f32 = 0.8;
/// The same of what has six digits and more, or of a secret of eight characters: the very same row of them
/// is hardly something else in the same conversation.
const LIKELY: f32 = 0.55;
/// Values that are looked for in one conversation, the longest first.
const MOST: usize = 10_000;
/// Fewer values than this are few.
const FEW: usize = 32;
/// Bytes of a value that is looked for.
const LONGEST: usize = 256;
/// Words of a name.
const WORDS: usize = 6;
/// Letters of a word of a name that is looked for by itself, and in small letters.
const LETTERS: usize = 4;
const SMALL_LETTERS: usize = 6;

/// Words that many texts hold and that are parts of names as well, a line for each letter.
pub(crate) static EVERYDAY: &str = include_str!("../data/everyday_words.txt");

/// How a value has to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum How {
    /// Letter for letter.
    Same,
    /// In capitals or small letters.
    Any,
    /// The last word of a name: with a capital, or in small letters alone.
    Surname,
    /// Another word of a name: with a capital.
    Capital,
}

struct Value {
    how: How,
    /// As it was written where it was found.
    written: String,
    /// What it is part of, or itself.
    whole: String,
    /// What it was found as.
    found: Entity,
}

/// Values of a conversation that are certain.
#[derive(Default)]
pub struct Confirmed {
    /// By what is looked for, and by what it has to be letter for letter.
    values: HashMap<(String, Option<String>), Value>,
}

/// Whether it may be certain enough to be looked for elsewhere.
pub(crate) fn may_spread(entity: &Entity) -> bool {
    let least = match entity.category {
        Category::Person => CERTAIN,
        _ => LIKELY,
    };
    entity.score + f32::EPSILON >= least
        && entity.category != Category::Location
        && entity.recognizer != REPEATED
}

impl Confirmed {
    /// Adds what was found in a text for certain; offsets are bytes of the text. With the key of a policy
    /// whose operators write names, what they wrote is none.
    pub fn add(&mut self, text: &str, found: &[Entity], policy: &Policy, key: Option<&[u8]>) {
        let mut written = None;
        for entity in found {
            let spreads =
                may_spread(entity) && *policy.operator(&entity.entity_type) != Operator::Keep;
            let Some(value) = text
                .get(entity.start..entity.end)
                .filter(|_| spreads)
                .map(|value| entity.whole.as_ref().map_or(value, |whole| &whole.0))
                .map(str::trim)
                .filter(|value| value.len() <= LONGEST && !value.contains(['\n', '\r', '[', ']']))
            else {
                continue;
            };
            let written = written.get_or_insert_with(|| match key {
                Some(key) if policy.leaves_marks() => operators::written(text, key),
                _ => Vec::new(),
            });
            let first = written.partition_point(|span| span.1 <= entity.start);
            if written.get(first).is_some_and(|span| span.0 < entity.end) {
                continue;
            }
            match entity.category {
                Category::Person if entity.entity_type == "PERSON" => {
                    self.name(text, value, entity);
                }
                _ => self.identifier(value, entity),
            }
        }
    }

    fn put(&mut self, value: &str, whole: &str, how: How, entity: &Entity) {
        let value = Value {
            how,
            written: value.to_owned(),
            whole: whole.to_owned(),
            found: Entity {
                why: Why::default(),
                whole: None,
                ..*entity
            },
        };
        let weight = |value: &Value| {
            (
                value.whole.len() == value.written.len(),
                (value.found.score * 1_000.0) as i32,
            )
        };
        let pattern = folded(&value.written).into_owned();
        let exact = (how == How::Same).then(|| value.written.clone());
        match self.values.entry((pattern, exact)) {
            Entry::Vacant(free) => {
                free.insert(value);
            }
            Entry::Occupied(mut taken) => {
                // Whatever either lets be found is found.
                let how = taken.get().how.min(value.how);
                if weight(&value) > weight(taken.get()) {
                    taken.insert(value);
                }
                taken.get_mut().how = how;
            }
        }
    }

    /// An account number, a key: what has digits enough to be nothing else.
    fn identifier(&mut self, value: &str, entity: &Entity) {
        let is_told_by_form = matches!(
            entity.entity_type.as_str(),
            "DATE_TIME" | "AGE" | "URL" | "ORGANIZATION" | "PERSON"
        );
        let is_secret = entity.category == Category::Secret;
        if is_told_by_form || entity.recognizer.starts_with("names_") {
            return;
        }
        let (mut digits, mut letters, mut signs) = (0, 0, 0);
        let mut seen = HashSet::new();
        for c in value.chars() {
            match c {
                c if c.is_numeric() => digits += 1,
                c if c.is_alphabetic() => letters += 1,
                c if !c.is_whitespace() => signs += 1,
                _ => continue,
            }
            seen.insert(c);
        }
        let classes = [digits, letters, signs]
            .iter()
            .filter(|it| **it > 0)
            .count();
        let is_certain = entity.score + f32::EPSILON >= CERTAIN;
        let is_enough = match (is_secret, is_certain) {
            (true, true) => digits + letters + signs >= 6 && classes > 1,
            (true, false) => digits + letters + signs >= 8 && classes > 1,
            (false, true) => digits >= 4 && digits + letters >= 6,
            (false, false) => digits >= 6,
        };
        if !is_enough || seen.len() < 3 {
            return;
        }
        if is_secret {
            return self.put(value, value, How::Same, entity);
        }
        self.put(value, value, How::Any, entity);
        let compact: String = value
            .chars()
            .filter(|c| !matches!(c, ' ' | '-' | '(' | ')'))
            .collect();
        if compact.len() < value.len() && digits >= 6 {
            self.put(&compact, value, How::Any, entity);
        }
    }

    /// A name of several words, and each of its words that is no other; one word alone where it is proved.
    fn name(&mut self, text: &str, value: &str, entity: &Entity) {
        let mut words: Vec<Word> = Vec::new();
        split(value, &mut words);
        let is_joint = |word: &Word| matches!(word.first, '.' | '-' | '\'' | '’' | ',' | '‑');
        let is_name = |word: &Word| match word.sort {
            Sort::Word => word.of(value).chars().all(|c| !c.is_numeric()),
            Sort::Sign => is_joint(word),
            Sort::Number | Sort::Break => false,
        };
        if !words.iter().all(is_name) {
            return;
        }
        let mut words: Vec<&Word> = words
            .iter()
            .filter(|word| word.sort == Sort::Word)
            .collect();
        let titles = (words.iter())
            .take_while(|word| is_title(word.of(value)))
            .count();
        words.drain(..titles);
        let Some(first) = words.first() else { return };
        let name = &value[first.start..];
        let words: Vec<&str> = words.iter().map(|word| word.of(value)).collect();
        if words.len() > WORDS {
            return;
        }
        let named: Vec<&str> = words
            .iter()
            .copied()
            .filter(|word| !word.starts_with(char::is_lowercase))
            .collect();
        let is_full = named.len() > 1 && named.iter().any(|word| !is_everyday(word));
        if is_full {
            self.put(name, name, How::Any, entity);
        } else if words.len() > 1 || !(titles > 0 || is_proven(text, name, entity)) {
            return;
        }
        let last = words.last().copied();
        for word in named {
            let letters = word.chars().count();
            let has_case = word.starts_with(char::is_uppercase);
            if has_case && letters >= LETTERS && !is_everyday(word) {
                let is_surname = letters >= SMALL_LETTERS
                    && last == Some(word)
                    && lexicon_of(word) & SURNAME != 0;
                let how = if is_surname {
                    How::Surname
                } else {
                    How::Capital
                };
                self.put(word, name, how, entity);
            }
        }
    }

    /// Ready to be looked for.
    pub fn ready(self) -> Repeated {
        let mut values: Vec<_> = self.values.into_iter().collect();
        values.sort_by(|(a, _), (b, _)| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        values.truncate(MOST);
        let patterns = values.iter().map(|((pattern, _), _)| pattern);
        // Most conversations have few values, and then making the finder takes longer than using it.
        let kind = match values.len() < FEW {
            true => AhoCorasickKind::NoncontiguousNFA,
            false => AhoCorasickKind::ContiguousNFA,
        };
        let finder = match values.is_empty() {
            true => None,
            false => AhoCorasick::builder().kind(Some(kind)).build(patterns).ok(),
        };
        Repeated {
            values: values.into_iter().map(|(_, value)| value).collect(),
            finder,
        }
    }
}

/// What looks for the values of a conversation that are certain.
#[derive(Default)]
pub struct Repeated {
    values: Vec<Value>,
    finder: Option<AhoCorasick>,
}

impl Repeated {
    /// Where they stand in `text`, as its policy wants them: in order, never overlapping. Where the text
    /// proves them itself, too: what covers them already is for the caller to leave so.
    pub fn mentions(&self, text: &str, policy: &Policy) -> Vec<Entity> {
        let Some(finder) = &self.finder else {
            return Vec::new();
        };
        let read = folded(text);
        let mut all: Vec<(usize, usize, usize)> = finder
            .find_overlapping_iter(read.as_ref())
            .map(|found| (found.start(), found.end(), found.pattern().as_usize()))
            .filter(|(start, end, value)| {
                let value = &self.values[*value];
                value.is_at(text, *start, *end) && value.is_wanted(&text[*start..*end], policy)
            })
            .collect();
        all.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
        let mut done = 0;
        let mut mentions = Vec::new();
        for (start, end, value) in all {
            if start < done {
                continue;
            }
            done = end;
            mentions.push(self.values[value].mention(start, end));
        }
        mentions
    }
}

/// Whether a mention adds nothing to what was found: something hides it there already, as what it is, or
/// it is one word of what the model of names holds for a longer name of a place or an organization. `from`
/// is where the text of the mention begins in that of what was found.
pub(crate) fn is_told(mention: &Entity, from: usize, found: &[Entity], policy: &Policy) -> bool {
    let (start, end) = (mention.start + from, mention.end + from);
    // What was found is in order, and none over another.
    let first = found.partition_point(|it| it.end <= start);
    let holds = |it: &&Entity| it.start <= start && end <= it.end;
    found.get(first).filter(holds).is_some_and(|it| {
        let is_guess = it.recognizer.starts_with("names_");
        let is_same = (it.start, it.end) == (start, end);
        match *policy.operator(&it.entity_type) == Operator::Keep {
            true => is_guess && !is_same && mention.why.has_said(PART),
            false => !(is_guess && is_same) || it.entity_type == mention.entity_type,
        }
    })
}

/// How the reason begins for a word of a name.
const PART: &str = "is part of what stands";

impl Value {
    /// Whether it stands there by itself, written as it has to be.
    fn is_at(&self, text: &str, start: usize, end: usize) -> bool {
        let (Some(before), Some(found), Some(after)) =
            (text.get(..start), text.get(start..end), text.get(end..))
        else {
            return false;
        };
        let (last, next) = (before.chars().next_back(), after.chars().next());
        let parts = |inner: Option<char>, outer: Option<char>| {
            inner.is_some_and(joins) && outer.is_some_and(joins)
        };
        if parts(found.chars().next(), last) || parts(found.chars().next_back(), next) {
            return false;
        }
        let has_small = found.contains(char::is_lowercase);
        let has_capital = found.starts_with(char::is_uppercase);
        let is_joined = last == Some('_') || next == Some('_');
        match self.how {
            How::Same => found == self.written,
            How::Any => true,
            // In capitals and with a low line it may be part of a placeholder.
            How::Capital => has_capital && (has_small || !is_joined) && is_cased(found),
            How::Surname if has_capital => (has_small || !is_joined) && is_cased(found),
            How::Surname => is_cased(found),
        }
    }

    /// Whether a policy hides it, and would take it for what it is.
    fn is_wanted(&self, mention: &str, policy: &Policy) -> bool {
        let entity_type = &self.found.entity_type;
        let is_found = self.found.score >= policy.threshold
            && (policy.names != Level::Off || !self.found.recognizer.starts_with("names_"));
        is_found
            && *policy.operator(entity_type) != Operator::Keep
            && [mention, &self.written, &self.whole]
                .iter()
                .all(|value| policy.allows(value, entity_type).is_none())
    }

    fn mention(&self, start: usize, end: usize) -> Entity {
        let Entity {
            entity_type,
            recognizer,
            ..
        } = &self.found;
        let is_part = matches!(self.how, How::Capital | How::Surname)
            && self.whole.len() > self.written.len();
        let what = match is_part {
            true => PART,
            false => "stands",
        };
        let mut why = Why::said(format!(
            "{what} elsewhere in this conversation as a {entity_type}"
        ));
        why.add(format!("it was found there by `{recognizer}`"));
        Entity {
            start,
            end,
            recognizer: Interned::fixed(REPEATED),
            why,
            is_cell: false,
            whole: None,
            ..self.found.clone()
        }
    }
}

/// Whether a word is written in one of the ways that words are: all small, all capitals, or capitals
/// before small letters.
fn is_cased(word: &str) -> bool {
    let mut rest = word.chars().skip(1);
    match word.starts_with(char::is_lowercase) {
        true => !rest.any(char::is_uppercase),
        false => true,
    }
}

/// Whether a character is part of a word or number, so that another one goes on in it.
fn joins(c: char) -> bool {
    // Han, kana, Hangul and Thai are written without blanks.
    c.is_alphanumeric()
        && !matches!(u32::from(c), 0x0E00..=0x0E7F | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xAC00..=0xD7A3)
}

/// In small letters and with blanks for what is between words, byte for byte as long as it was.
fn folded(text: &str) -> Cow<'_, str> {
    let is_folded = |byte: u8| {
        !(byte.is_ascii_uppercase() || byte >= 0x80 || matches!(byte, b'\n' | b'\r' | b'\t'))
    };
    if text.bytes().all(is_folded) {
        return Cow::Borrowed(text);
    }
    let fold = |c: char| match c {
        '\n' | '\r' | '\t' => ' ',
        c if c.is_ascii() => c.to_ascii_lowercase(),
        c => {
            let mut lower = c.to_lowercase();
            match (lower.next(), lower.next()) {
                (Some(one), None) if one.len_utf8() == c.len_utf8() => one,
                _ => c,
            }
        }
    };
    Cow::Owned(text.chars().map(fold).collect())
}

pub(crate) fn is_everyday(word: &str) -> bool {
    static WORDS: std::sync::LazyLock<HashSet<&str>> =
        std::sync::LazyLock::new(|| EVERYDAY.split_whitespace().collect());
    WORDS.contains(word.to_lowercase().as_str())
}

/// What stands before a name.
const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "herr", "herrn", "frau", "sr", "sra",
    "sig", "signor", "signora", "mme", "mlle", "monsieur", "madame", "senhor", "senhora", "señor",
    "señora", "dhr", "mevr",
];

pub(crate) fn is_title(word: &str) -> bool {
    TITLES.contains(&word.to_lowercase().as_str())
}

/// Whether one word alone is a name for certain: a pattern found it, a title stands before it, or the
/// lexicon knows it as a name and as nothing else.
fn is_proven(text: &str, value: &str, entity: &Entity) -> bool {
    /// Given name and surname.
    const PERSONS: u8 = 0b11;
    if !entity.recognizer.starts_with("names_") {
        return true;
    }
    let before = text[..entity.start].trim_end_matches([' ', '.']);
    let title = before
        .rsplit(|c: char| !c.is_alphabetic())
        .next()
        .unwrap_or_default();
    if is_title(title) {
        return true;
    }
    let kinds = lexicon_of(value);
    kinds != 0 && kinds & !PERSONS == 0
}

/// Bit of a surname in the lexicon.
const SURNAME: u8 = 0b10;

/// What the lexicon of names says of a word: a bit for each kind.
fn lexicon_of(word: &str) -> u8 {
    shipped().map_or(0, |model| {
        model.lexicon().kinds(hash_word(word)) & !Lexicon::LONGER
    })
}
