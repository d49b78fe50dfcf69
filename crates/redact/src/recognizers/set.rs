//! Recognizers that are looked for in one pass: which literals and which runs lead to which of them.
//!
//! In: recognizers. Out: the search for their literals and what each leads to. Not here: what a
//! recognizer is (`recognizers`), looking through a text (`scan`).

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use super::fronts::Front;
use super::literals::Search;
use super::{At, Category, LONGEST_RUN, Recognizer, Run, Source, is_kind, shapes};
use crate::context;

/// What a run may begin with: a capital, a small letter, a digit.
const FIRST: usize = 3;

/// Kinds and lengths of runs.
const SHAPES: usize = 3 * (LONGEST_RUN + 1);

/// What a literal of a set leads to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Literal {
    /// It is a context word of some recognizer.
    pub(crate) is_word: bool,
    /// Recognizers that it lets look, which do so only near one of their words.
    pub(crate) allows: Vec<u16>,
    /// Recognizers that are tried where it stands: [`At::Start`] and [`At::Code`].
    pub(crate) here: Vec<u16>,
    /// Some of these look where a word goes on.
    is_inner: bool,
    /// Those of them that read what is assigned to a name which holds it.
    pub(crate) readers: Vec<u16>,
    /// Recognizers of the secret that is assigned to a name which holds it.
    pub(crate) value: Vec<u16>,
    /// Recognizers of what is no secret and stands in a field whose name holds it as a word.
    pub(crate) field: Vec<u16>,
    /// Recognizers that it wakes: [`At::Anywhere`].
    pub(crate) wakes: Vec<u16>,
}

impl Literal {
    /// Whether it leads to anything where it is no word of its own.
    pub(crate) fn is_part(&self) -> bool {
        !self.here.is_empty() || !self.value.is_empty() || !self.wakes.is_empty()
    }

    /// Whether it leads to anything where a word goes on.
    fn is_anywhere(&self) -> bool {
        self.is_inner || !self.value.is_empty() || !self.wakes.is_empty()
    }
}

/// Some of a set's recognizers, or of its literals: a bit each.
#[derive(Debug, Clone, Default)]
pub(crate) struct Many(Vec<u64>);

impl Many {
    /// None of so many.
    fn of(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    /// These, and none else.
    fn these(indexes: &[u16]) -> Self {
        let count = indexes
            .iter()
            .max()
            .map_or(0, |most| usize::from(*most) + 1);
        let mut many = Self::of(count);
        for index in indexes {
            many.insert(*index);
        }
        many
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().rev().all(|word| *word == 0)
    }

    /// Adds one; answers whether it was not among them.
    pub(crate) fn insert(&mut self, index: u16) -> bool {
        let word = &mut self.0[usize::from(index >> 6)];
        let bit = 1 << (index & 63);
        std::mem::replace(word, *word | bit) & bit == 0
    }

    pub(crate) fn holds(&self, index: u16) -> bool {
        let word = self.0.get(usize::from(index >> 6));
        word.is_some_and(|word| word >> (index & 63) & 1 != 0)
    }

    /// Becomes what `other` is.
    pub(crate) fn copy(&mut self, other: &Self) {
        self.0.clone_from(&other.0);
    }

    /// Those that are in all of four, in order.
    pub(crate) fn in_all<'a>(
        [one, two, three, four]: [&'a Self; 4],
    ) -> impl Iterator<Item = u16> + 'a {
        let both =
            |one: &'a Self, two: &'a Self| one.0.iter().zip(&two.0).map(|(one, two)| one & two);
        let all = both(one, two)
            .zip(both(three, four))
            .map(|(one, two)| one & two);
        all.zip(0_u16..).flat_map(|(mut bits, word)| {
            std::iter::from_fn(move || {
                let bit = bits.trailing_zeros() as u16;
                bits &= bits.checked_sub(1)?;
                Some(word << 6 | bit)
            })
        })
    }
}

/// What has to stand behind a candidate, told without looking further.
#[derive(Debug, Clone)]
pub(crate) struct Gate {
    then: Bytes,
    after: Bytes,
}

impl Gate {
    fn of(source: &Source) -> Self {
        Self {
            then: Bytes::listed(&source.then),
            after: Bytes::listed(&source.after),
        }
    }

    /// Whether it is open, with this behind what stands behind the candidate, which it takes.
    #[inline]
    pub(crate) fn opens_further(&self, after: Option<u8>) -> bool {
        self.after.holds(after)
    }

    /// Whether it is open, with this behind the candidate and that behind this.
    #[inline]
    pub(crate) fn opens(&self, then: Option<u8>, after: Option<u8>) -> bool {
        self.then.holds(then) && self.after.holds(after)
    }
}

/// Bytes by the recognizers that take them behind a candidate.
#[derive(Debug, Clone)]
struct Behind {
    /// The class of each byte, and of the end of the text.
    classes: Box<[u16; 257]>,
    /// For each class, the recognizers.
    taken: Vec<Many>,
}

impl Behind {
    fn of(gates: &[Gate]) -> Self {
        let mut classes = Box::new([0; 257]);
        let mut taken: Vec<Many> = Vec::new();
        for (at, class) in classes.iter_mut().enumerate() {
            let byte = u8::try_from(at).ok();
            let mut some = Many::of(gates.len());
            for (index, _) in (0..).zip(gates).filter(|(_, gate)| gate.then.holds(byte)) {
                some.insert(index);
            }
            let known = taken.iter().position(|many| many.0 == some.0);
            *class = known.unwrap_or(taken.len()) as u16;
            if known.is_none() {
                taken.push(some);
            }
        }
        Self { classes, taken }
    }

    #[inline]
    fn class(&self, byte: Option<u8>) -> usize {
        usize::from(self.classes[byte.map_or(256, usize::from)])
    }
}

/// Bytes that may stand somewhere: a bit each. All, and the end of the text, where nothing is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bytes(Option<[u64; 4]>);

impl Bytes {
    const ANY: Self = Self(None);

    fn of(is: impl Fn(u8) -> bool) -> Self {
        let mut bits = [0; 4];
        for byte in (0..=u8::MAX).filter(|byte| is(*byte)) {
            bits[usize::from(byte >> 6)] |= 1 << (byte & 63);
        }
        Self(Some(bits))
    }

    /// Those of a list; all where it is empty.
    fn listed(list: &str) -> Self {
        match list {
            "" => Self::ANY,
            list => Self::of(|byte| list.as_bytes().contains(&byte)),
        }
    }

    #[inline]
    pub(crate) fn holds(&self, byte: Option<u8>) -> bool {
        let Some(bits) = &self.0 else { return true };
        byte.is_some_and(|byte| bits[usize::from(byte >> 6)] >> (byte & 63) & 1 != 0)
    }
}

/// Recognizers that are looked for in one pass.
#[derive(Debug, Clone)]
pub(crate) struct Set {
    pub(crate) all: Vec<Recognizer>,
    pub(crate) search: Search,
    pub(crate) literals: Vec<Literal>,
    words: Vec<String>,
    /// For each kind and length of a run: the recognizers that may begin with it.
    tokens: Vec<Many>,
    /// Recognizers that are always tried everywhere.
    pub(crate) always: Vec<u16>,
    /// Those that look without one of their words near.
    pub(crate) free: Many,
    /// Those whose candidates may begin with a capital, a small letter, a digit.
    first: [Many; FIRST],
    /// Of each recognizer, what has to stand behind a candidate.
    pub(crate) gates: Vec<Gate>,
    /// Of each, what a match can begin with: worked out when it is first asked for.
    fronts: Vec<OnceLock<Front>>,
    behind: Behind,
    /// How long a run of letters alone may be that a match begins with: a bit for each length.
    letters: u64,
    /// Of each shape of a run, where those of `free` that may begin with it are listed.
    spans: Vec<(u32, u32)>,
    listed: Vec<u16>,
    /// The literals that are [`context::GENERAL`].
    pub(crate) general: Many,
}

impl Set {
    pub(super) fn of(mut all: Vec<Recognizer>) -> Self {
        let mut words: Vec<String> = Vec::new();
        let mut numbers: HashMap<String, u16> = HashMap::new();
        let mut literals: Vec<Literal> = Vec::new();
        let mut tokens = vec![Many::of(all.len()); SHAPES];
        let mut free = Many::of(all.len());
        let mut always = Vec::new();
        let mut general = Vec::new();
        let mut number = |text: &str, literals: &mut Vec<Literal>| -> u16 {
            let text = match text.bytes().any(|byte| byte.is_ascii_uppercase()) {
                true => Cow::Owned(text.to_ascii_lowercase()),
                false => Cow::Borrowed(text),
            };
            if let Some(number) = numbers.get(text.as_ref()) {
                return *number;
            }
            let number = literals.len() as u16;
            literals.push(Literal::default());
            words.push(text.clone().into_owned());
            numbers.insert(text.into_owned(), number);
            number
        };
        for (index, recognizer) in all.iter_mut().enumerate() {
            let index = index as u16;
            let source = &recognizer.source;
            let reads = matches!(
                source.pattern.as_str(),
                "password_by_name" | "secret_by_name"
            );
            for need in &source.needs {
                let at = number(need, &mut literals) as usize;
                if reads {
                    literals[at].readers.push(index);
                }
                match source.at {
                    At::Anywhere => literals[at].wakes.push(index),
                    At::Start | At::Code => {
                        literals[at].here.push(index);
                        literals[at].is_inner |= source.at == At::Code;
                    }
                    At::Value if source.category == Category::Secret => {
                        literals[at].value.push(index);
                    }
                    At::Value => literals[at].field.push(index),
                    At::Token => {}
                }
            }
            if source.at == At::Anywhere && source.needs.is_empty() {
                always.push(index);
            }
            if source.at == At::Token {
                for (run, length) in shapes(&source.starts).unwrap_or_default() {
                    tokens[Self::shape(run, length)].insert(index);
                }
            }
            if !source.context_required {
                free.insert(index);
            }
            let mut known = |words: &[String]| {
                let mut known: Vec<u16> = words
                    .iter()
                    .filter(|word| !word.is_empty())
                    .flat_map(|word| writings(word))
                    .map(|word| {
                        let at = number(&word, &mut literals);
                        literals[at as usize].is_word = true;
                        at
                    })
                    .collect();
                known.sort_unstable();
                known
            };
            let context = known(&source.context);
            recognizer.context = Many::these(&context);
            recognizer.not_context = Many::these(&known(&source.not_context));
            if recognizer.is_general && general.is_empty() {
                general = known(&context::GENERAL.map(str::to_owned));
            }
            let others: &[u16] = if recognizer.is_general { &general } else { &[] };
            if source.context_required {
                for word in context.iter().chain(others) {
                    literals[*word as usize].allows.push(index);
                }
            }
        }
        let anywhere = literals.iter().map(Literal::is_anywhere);
        let search = Search::of(words.iter().map(String::as_str).zip(anywhere));
        let mut first = std::array::from_fn(|_| Many::of(all.len()));
        for (index, one) in (0_u16..).zip(&all) {
            let kind = one.source.begins.as_bytes().first();
            for (many, byte) in first.iter_mut().zip(*b"Aa0") {
                if kind.is_none_or(|kind| is_kind(*kind, byte)) {
                    many.insert(index);
                }
            }
        }
        let gates: Vec<Gate> = all.iter().map(|one| Gate::of(&one.source)).collect();
        let behind = Behind::of(&gates);
        let shapes = SHAPES * FIRST * behind.taken.len();
        let letters = (0..LONGEST_RUN)
            .filter(|length| !tokens[Self::shape(Run::Letters, *length)].is_empty())
            .fold(0, |letters, length| letters | 1 << length);
        let mut set = Self {
            letters,
            free,
            first,
            fronts: vec![OnceLock::new(); gates.len()],
            spans: Vec::with_capacity(shapes),
            listed: Vec::new(),
            behind,
            gates,
            all,
            search,
            literals,
            words,
            tokens,
            always,
            general: Many::these(&general),
        };
        let mut listed = Vec::new();
        for shape in 0..shapes {
            let from = listed.len() as u32;
            listed.extend(set.starting(shape, &set.free));
            set.spans.push((from, listed.len() as u32));
        }
        set.listed = listed;
        set
    }

    /// The text of a literal, in lower case.
    pub(crate) fn word(&self, literal: u16) -> Option<&str> {
        self.words.get(literal as usize).map(String::as_str)
    }

    /// How many shapes of runs there are: kinds, lengths, first characters and what stands behind.
    pub(crate) fn shapes(&self) -> usize {
        self.spans.len()
    }

    /// The number of a kind and length.
    fn shape(run: Run, length: usize) -> usize {
        run as usize * (LONGEST_RUN + 1) + length.min(LONGEST_RUN)
    }

    /// The number of a run's shape, which begins with a letter or digit and has this behind it.
    #[inline]
    pub(crate) fn shape_of(&self, run: Run, length: usize, first: u8, then: Option<u8>) -> usize {
        let first = match first {
            b'A'..=b'Z' => 0,
            b'a'..=b'z' => 1,
            _ => 2,
        };
        (self.behind.class(then) * SHAPES + Self::shape(run, length)) * FIRST + first
    }

    /// Whether a match may begin with so many letters, fewer than [`LONGEST_RUN`], and nothing else.
    #[inline]
    pub(crate) const fn begins_with_letters(&self, length: usize) -> bool {
        self.letters >> length & 1 != 0
    }

    /// Whether a recognizer's match may begin where `text` does, whose first `known` bytes need not be asked.
    #[inline]
    pub(crate) fn may_begin(&self, index: u16, text: &[u8], known: usize) -> bool {
        let index = usize::from(index);
        let front = self.fronts[index].get_or_init(|| {
            let recognizer = &self.all[index];
            Front::of(&recognizer.source, recognizer.matcher.is_none())
        });
        front.fits(text, known)
    }

    /// Those of `free` that may begin with a run of this shape, in order.
    #[inline]
    pub(crate) fn free_starting(&self, shape: usize) -> &[u16] {
        let (from, to) = self.spans[shape];
        &self.listed[from as usize..to as usize]
    }

    /// Those of `allowed` that may begin with a run of this shape, in order.
    pub(crate) fn starting<'a>(
        &'a self,
        shape: usize,
        allowed: &'a Many,
    ) -> impl Iterator<Item = u16> + 'a {
        let rest = shape / FIRST;
        Many::in_all([
            &self.tokens[rest % SHAPES],
            &self.first[shape % FIRST],
            &self.behind.taken[rest / SHAPES],
            allowed,
        ])
    }
}

/// How a word may stand in a text: `sort code` as `sort_code`, `sort-code` and `sortCode` as well.
fn writings(word: &str) -> impl Iterator<Item = String> {
    let lower = word.to_lowercase();
    // The search folds the case of ASCII only.
    let upper = (!word.is_ascii()).then(|| word.to_uppercase());
    let parts = lower.split(' ').count();
    let joined: Vec<String> = ["_", "-", ""]
        .iter()
        .filter(|_| parts > 1)
        .map(|joint| lower.replace(' ', joint))
        .filter(|joined| joined.len() > 4)
        .collect();
    std::iter::once(lower).chain(upper).chain(joined)
}
