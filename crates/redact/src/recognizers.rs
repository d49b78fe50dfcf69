//! Recognizers: what to look for, as data that tests itself.
//!
//! In: TOML files. Out: [`Recognizers`], indexed for one pass over a text. Each carries examples
//! that it must find and negative examples that it must leave alone. Not here: running them
//! (`scan`).

use std::sync::{Arc, LazyLock, OnceLock};

use regex::bytes::{Regex, RegexBuilder};
use serde::Deserialize;

use crate::interned::Interned;
use crate::matchers::{self, Matcher};
use crate::patterns;
use crate::validators;

mod fronts;
pub(crate) mod literals;
mod parts;
pub(crate) mod set;

use parts::Parts;
use set::{Many, Set};

/// How an entity type is shown and reported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    Person,
    Contact,
    Financial,
    Govid,
    Location,
    Health,
    Secret,
    #[default]
    Custom,
}

impl Category {
    /// The category of a name.
    pub fn named(name: &str) -> Option<Self> {
        [
            Self::Person,
            Self::Contact,
            Self::Financial,
            Self::Govid,
            Self::Location,
            Self::Health,
            Self::Secret,
            Self::Custom,
        ]
        .into_iter()
        .find(|category| category.name() == name)
    }

    /// The name in JSON and on screen.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Contact => "contact",
            Self::Financial => "financial",
            Self::Govid => "govid",
            Self::Location => "location",
            Self::Health => "health",
            Self::Secret => "secret",
            Self::Custom => "custom",
        }
    }
}

/// Where in a text a recognizer is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum At {
    /// Everywhere in a text that holds one of `needs`: for the rules of a policy.
    #[default]
    Anywhere,
    /// Where one of `needs` begins.
    Start,
    /// Where a run of letters and digits begins whose kind and length `starts` names.
    Token,
    /// At the value that is assigned to a name which holds one of `needs`.
    Value,
    /// Where one of `needs` stands, by the written-out matcher that `pattern` names.
    Code,
}

/// A recognizer as its file gives it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub name: String,
    pub entity_type: String,
    #[serde(default)]
    pub category: Category,
    #[serde(default)]
    pub about: String,
    /// What it matches, in the syntax of the `regex` crate. A group called `value` is the entity;
    /// without one the whole match is. With a validator alone: digits in groups.
    #[serde(default)]
    pub pattern: String,
    /// Whole words that it matches, in any case, instead of a pattern.
    #[serde(default)]
    pub words: Vec<String>,
    #[serde(default)]
    pub at: At,
    /// Every match holds one of these, ignoring case; without one the text is not searched.
    #[serde(default)]
    pub needs: Vec<String>,
    /// For [`At::Token`]: the first run of a match. `d9` nine digits, `m4-6` letters and digits,
    /// `l2` letters only; separated by spaces.
    #[serde(default)]
    pub starts: String,
    /// For [`At::Token`]: what it begins with: `L` a letter, `U` a capital, `D` a digit, `A` any of
    /// them, `?` any byte; looked at before the pattern is tried.
    #[serde(default)]
    pub begins: String,
    /// The bytes of which one follows that run or literal; any where it is empty.
    #[serde(default)]
    pub then: String,
    /// The bytes of which one stands behind that one.
    #[serde(default)]
    pub after: String,
    #[serde(default)]
    pub validator: Option<String>,
    /// 0–1, before context.
    pub score: f32,
    /// Whole words near it that raise the score.
    #[serde(default)]
    pub context: Vec<String>,
    /// Only with one of the context words near it.
    #[serde(default)]
    pub context_required: bool,
    /// Bytes between it and a context word at most; 0 for what is usual.
    #[serde(default)]
    pub within: usize,
    /// Words near it that rule it out.
    #[serde(default)]
    pub not_context: Vec<String>,
    /// Bytes that a match spans at most.
    #[serde(default = "reach")]
    pub reach: usize,
    #[serde(default)]
    pub examples: Vec<String>,
    #[serde(default)]
    pub negative_examples: Vec<String>,
}

const fn reach() -> usize {
    256
}

/// A recognizer, ready to use. Those of the program compile their pattern when it is first tried.
#[derive(Debug, Clone)]
pub struct Recognizer {
    pub source: Source,
    /// The entity type and the name, once it found something.
    names: OnceLock<[Interned; 2]>,
    regex: OnceLock<Option<Regex>>,
    parts: OnceLock<Parts>,
    has_value: bool,
    has_boundary: bool,
    /// Its literals are looked for in their own case.
    pub(crate) is_exact: bool,
    pub(crate) validate: Option<fn(&str) -> bool>,
    pub(crate) matcher: Option<Matcher>,
    /// Literals of the set that are context words.
    pub(crate) context: Many,
    pub(crate) not_context: Many,
    /// Words for a person's number of any State count as well, and less.
    pub(crate) is_general: bool,
}

/// Why a recognizer can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecognizerError {
    #[error("the recognizers can't be read: {0}")]
    Toml(String),
    #[error("recognizer `{name}`: {reason}")]
    Pattern { name: String, reason: String },
    #[error("recognizer `{name}`: there is no validator `{validator}`")]
    Validator { name: String, validator: String },
}

/// Most words of a rule.
pub const MAX_WORDS: usize = 10_000;

/// What a rule matches that names a check and nothing else.
const DIGITS: &str = "[0-9](?:[ .-]?[0-9]){4,39}";

impl Source {
    /// The pattern that words or a check alone stand for.
    fn filled(mut self) -> Result<Self, String> {
        let mut words: Vec<&str> = self.words.iter().map(|word| word.trim()).collect();
        words.retain(|word| !word.is_empty());
        match (words.is_empty(), self.pattern.is_empty()) {
            (false, false) => return Err("give a pattern or words, one of the two".to_owned()),
            (true, true) if !self.words.is_empty() => return Err("`words` is empty".to_owned()),
            (true, true) if self.validator.is_some() => self.pattern = DIGITS.to_owned(),
            (true, true) => return Err("give a pattern, words or a check".to_owned()),
            (true, false) => {}
            (false, true) if words.len() > MAX_WORDS => {
                return Err(format!("`words` has more than {MAX_WORDS} entries"));
            }
            (false, true) => {
                self.pattern = of_words(&words);
            }
        }
        Ok(self)
    }
}

/// The pattern of whole words, in any case. A word that begins or ends with another sign (`Dr.`) has
/// no boundary there, which would ask for a letter behind the sign.
pub(crate) fn of_words(words: &[&str]) -> String {
    let mut words = words.to_vec();
    // The longest first, as the first that fits is taken.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let edge = |c: Option<char>| if c.is_some_and(is_word) { r"\b" } else { "" };
    let alternatives: Vec<String> = words
        .iter()
        .map(|word| {
            let (first, last) = (word.chars().next(), word.chars().next_back());
            format!("{}{}{}", edge(first), regex::escape(word), edge(last))
        })
        .collect();
    format!("(?i)(?:{})", alternatives.join("|"))
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

impl Recognizer {
    /// Takes a recognizer as it is, without compiling its pattern.
    fn new(source: Source) -> Result<Self, RecognizerError> {
        let problem = |reason: &str| RecognizerError::Pattern {
            name: source.name.clone(),
            reason: reason.to_owned(),
        };
        let validate = match &source.validator {
            None => None,
            Some(name) => {
                Some(
                    validators::named(name).ok_or_else(|| RecognizerError::Validator {
                        name: source.name.clone(),
                        validator: name.clone(),
                    })?,
                )
            }
        };
        let matcher = if source.at == At::Code || source.pattern.starts_with('=') {
            let named = matchers::named(source.pattern.trim_start_matches('='));
            Some(named.ok_or_else(|| problem("there is no matcher of this name"))?)
        } else {
            None
        };
        let literal = !source.needs.is_empty() && source.needs.iter().all(|need| !need.is_empty());
        match source.at {
            At::Start | At::Value | At::Code if !literal => {
                return Err(problem("`needs` is empty; name what a match holds"));
            }
            At::Token if shapes(&source.starts).is_none_or(|shapes| shapes.is_empty()) => {
                return Err(problem("`starts` takes the form `d9 m4-6 l2`"));
            }
            _ => {}
        }
        Ok(Self {
            is_exact: source.at == At::Start && !source.pattern.contains("(?i"),
            has_value: source.pattern.contains("(?P<value>"),
            has_boundary: source.pattern.contains(parts::BOUNDARY),
            names: OnceLock::new(),
            regex: OnceLock::new(),
            parts: OnceLock::new(),
            validate,
            matcher,
            context: Many::default(),
            not_context: Many::default(),
            is_general: source.context_required
                && source.category == Category::Govid
                && source.within == 0
                && (source.validator.as_deref())
                    .is_some_and(|name| !matches!(name, "has_digits" | "four_digits" | "date")),
            source,
        })
    }

    /// The entity type and the name, as entities have them.
    pub(crate) fn names(&self) -> [Interned; 2] {
        let names =
            || [&self.source.entity_type, &self.source.name].map(|name| name.as_str().into());
        *self.names.get_or_init(names)
    }

    /// Compiles a recognizer within limits that no pattern can exceed.
    ///
    /// # Errors
    /// [`RecognizerError`] saying what the engine does not take, and what to write instead.
    pub fn compile(source: Source) -> Result<Self, RecognizerError> {
        let problem = |name: &str, reason: String| RecognizerError::Pattern {
            name: name.to_owned(),
            reason,
        };
        let name = source.name.clone();
        let recognizer = Self::new(source.filled().map_err(|reason| problem(&name, reason))?)?;
        if recognizer.matcher.is_some() {
            return Ok(recognizer);
        }
        let pattern = &recognizer.source.pattern;
        if recognizer.source.words.is_empty() {
            patterns::look_through(pattern)
                .map_err(|trouble| problem(&name, trouble.line(pattern)))?;
        }
        let regex = build(&recognizer.source).map_err(|_| {
            let trouble = patterns::too_large(pattern);
            problem(&name, trouble.line(pattern))
        })?;
        let _ = recognizer.regex.set(Some(regex));
        Ok(recognizer)
    }

    /// How often the pattern alone matches in `text`: for measuring how long that takes.
    pub fn sweep(&self, text: &[u8]) -> usize {
        self.regex()
            .map_or(0, |regex| regex.find_iter(text).count())
    }

    /// Whether the bytes at a candidate begin as `begins` says.
    pub(crate) fn may_begin(&self, text: &[u8]) -> bool {
        let begins = self.source.begins.as_bytes();
        begins.len() <= text.len()
            && begins
                .iter()
                .zip(text)
                .all(|(kind, byte)| is_kind(*kind, *byte))
    }

    /// The pattern; `None` for one that does not compile, which the tests rule out.
    pub(crate) fn regex(&self) -> Option<&Regex> {
        self.regex.get_or_init(|| build(&self.source).ok()).as_ref()
    }

    /// What matches at the start of `window`: start and end of the entity in it, and where the
    /// whole match ends.
    pub(crate) fn matched(&self, window: &[u8]) -> Option<(usize, usize, usize)> {
        if !self.has_value && !self.has_boundary {
            let found = self.regex()?.find(window)?;
            return Some((found.start(), found.end(), found.end()));
        }
        let parts = self.parts.get_or_init(|| Parts::of(&self.source));
        parts.matched(&self.source, window)
    }
}

/// How a pattern is read, and what it may take.
struct Limits {
    is_unicode: bool,
    size: usize,
    cache: usize,
}

impl Limits {
    fn of(source: &Source) -> Self {
        Self {
            is_unicode: source.at == At::Anywhere
                || source.pattern.contains(r"\p{")
                || !source.pattern.is_ascii(),
            size: match source.words.is_empty() {
                true => patterns::MAX_COMPILED,
                false => 16 << 20,
            },
            cache: 8 << 20,
        }
    }
}

fn build(source: &Source) -> Result<Regex, regex::Error> {
    let pattern = match source.at {
        At::Anywhere => source.pattern.clone(),
        _ => format!("^(?:{})", source.pattern),
    };
    let limits = Limits::of(source);
    RegexBuilder::new(&pattern)
        .unicode(limits.is_unicode)
        .size_limit(limits.size)
        .dfa_size_limit(limits.cache)
        .nest_limit(patterns::MAX_NEST)
        .build()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileForm {
    recognizer: Vec<Source>,
}

/// The kinds of a run of letters and digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Run {
    Digits,
    Mixed,
    Letters,
}

/// Runs longer than this are all alike.
pub(crate) const LONGEST_RUN: usize = 64;

/// The runs that `d9 m4-6` names; `None` where it is not of that form.
fn shapes(starts: &str) -> Option<Vec<(Run, usize)>> {
    let mut shapes = Vec::new();
    for part in starts.split_whitespace() {
        let run = match part.as_bytes().first()? {
            b'd' => Run::Digits,
            b'm' => Run::Mixed,
            b'l' => Run::Letters,
            _ => return None,
        };
        let (from, to) = part[1..]
            .split_once('-')
            .unwrap_or((&part[1..], &part[1..]));
        let (from, to): (usize, usize) = (from.parse().ok()?, to.parse().ok()?);
        if from == 0 || to > LONGEST_RUN || from > to {
            return None;
        }
        shapes.extend((from..=to).map(|length| (run, length)));
    }
    Some(shapes)
}

/// Whether a byte is of a kind of `begins`.
const fn is_kind(kind: u8, byte: u8) -> bool {
    match kind {
        b'L' => byte.is_ascii_alphabetic(),
        b'U' => byte.is_ascii_uppercase(),
        b'D' => byte.is_ascii_digit(),
        b'?' => true,
        _ => byte.is_ascii_alphanumeric(),
    }
}

/// All recognizers that are looked for together: the program's, and those of a policy.
#[derive(Debug, Clone)]
pub struct Recognizers {
    pub(crate) own: Arc<Set>,
    pub(crate) custom: Option<Arc<Set>>,
}

/// What `build.rs` made of the files in `data/recognizers`.
pub(crate) static BUILTIN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/recognizers.json"));

static OWN: LazyLock<Result<Arc<Set>, RecognizerError>> = LazyLock::new(|| {
    let files: Vec<FileForm> = serde_json::from_slice(BUILTIN)
        .map_err(|error| RecognizerError::Toml(error.to_string()))?;
    let sources = files.into_iter().flat_map(|file| file.recognizer);
    let all = sources.map(Recognizer::new).collect::<Result<_, _>>()?;
    Ok(Arc::new(Set::of(all)))
});

impl Recognizers {
    /// The recognizers that are part of the program, and `custom` ones.
    ///
    /// # Errors
    /// [`RecognizerError`] for a custom one that can't be used.
    pub fn with(custom: Vec<Source>) -> Result<Self, RecognizerError> {
        let own = OWN.as_ref().map_err(Clone::clone)?;
        let custom = if custom.is_empty() {
            None
        } else {
            let all = custom
                .into_iter()
                .map(Recognizer::compile)
                .collect::<Result<Vec<_>, _>>()?;
            Some(Arc::new(Set::of(all)))
        };
        Ok(Self {
            own: Arc::clone(own),
            custom,
        })
    }

    /// Rules of one's own, without the program's: for trying what they find by themselves.
    ///
    /// # Errors
    /// [`RecognizerError`] for one that can't be used.
    pub fn only(custom: Vec<Source>) -> Result<Self, RecognizerError> {
        let all = custom
            .into_iter()
            .map(Recognizer::compile)
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            own: Arc::new(Set::of(all)),
            custom: None,
        })
    }

    /// Those of the policy, in its order.
    pub fn custom(&self) -> &[Recognizer] {
        self.custom.as_deref().map_or(&[], |set| &set.all)
    }

    pub(crate) fn sets(&self) -> impl Iterator<Item = &Arc<Set>> {
        std::iter::once(&self.own).chain(&self.custom)
    }

    /// The recognizers, in the order of their files.
    pub fn iter(&self) -> impl Iterator<Item = &Recognizer> {
        self.sets().flat_map(|set| &set.all)
    }

    /// The category of an entity type; [`Category::Custom`] where nobody knows it.
    pub fn category(&self, entity_type: &str) -> Category {
        self.iter()
            .find(|recognizer| recognizer.source.entity_type == entity_type)
            .map_or(Category::Custom, |recognizer| recognizer.source.category)
    }
}

#[cfg(test)]
mod tests {
    use super::{BUILTIN, FileForm, Recognizer, Recognizers, build, parts};

    /// A pattern that the engine refuses, or that is too large for it, would find nothing and say nothing.
    #[test]
    fn every_pattern_of_the_program_compiles_within_the_limits() {
        let recognizers = Recognizers::with(Vec::new()).unwrap();
        let wrong: Vec<String> = recognizers
            .iter()
            .filter(|one| one.matcher.is_none())
            .filter_map(|one| {
                let refused = build(&one.source).err().map(|error| error.to_string());
                let refused = refused.or_else(|| {
                    let in_parts = parts::compiled(&one.source, &one.source.pattern);
                    in_parts.is_none().then(|| "too large in parts".to_owned())
                })?;
                Some(format!("{}: {refused}", one.source.name))
            })
            .collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn a_pattern_that_is_too_large_is_told() {
        let files: Vec<FileForm> = serde_json::from_slice(BUILTIN).unwrap();
        let mut source = files[0].recognizer[0].clone();
        source.pattern = "(?:\\p{L}{1,60}){60}".to_owned();
        let recognizer = Recognizer::new(source).unwrap();
        assert!(build(&recognizer.source).is_err());
    }
}
