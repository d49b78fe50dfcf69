//! Where a pattern matches of which a part is the entity, or which asks for the boundary of a word.
//!
//! In: a recognizer as its file gives it, and bytes where a candidate begins. Out: the bounds of the entity
//! and of the match, as the `regex` crate gives them. It gives them after clearing a bit for each state of
//! the pattern and each byte of the match, a third of a megabyte where letters of any script may stand: a
//! text full of candidates would pay that at each. Here what stands before the entity is matched, then the
//! entity; only where that does not tell all is the whole pattern tried in a slower way. Not here: patterns
//! without such parts (`recognizers`).

use std::sync::OnceLock;

use regex_automata::util::primitives::{NonMaxUsize, PatternID};
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input, meta};
use regex_syntax::ast::{Ast, GroupKind, parse::Parser};

use super::{Limits, Source};
use crate::patterns;

/// A boundary of a word, in a pattern.
pub(super) const BOUNDARY: &str = r"\b";

/// A pattern in parts.
#[derive(Debug, Clone)]
pub(super) struct Parts {
    /// What stands before the entity, and the entity with what is asked of the place behind it.
    split: Option<[meta::Regex; 2]>,
    /// Matches wherever the pattern does, and is fast on any text: a boundary between letters of any script
    /// is told byte by byte in ASCII only.
    rough: Option<meta::Regex>,
    whole: OnceLock<Option<Whole>>,
}

/// All of a pattern.
#[derive(Debug, Clone)]
struct Whole {
    regex: meta::Regex,
    /// The number of the group called `value`.
    value: Option<usize>,
}

impl Parts {
    pub(super) fn of(source: &Source) -> Self {
        let pattern = source.pattern.as_str();
        let build = |pattern: &str| compiled(source, pattern);
        let split = split(pattern).and_then(|at| {
            let (before, entity) = pattern.split_at(at);
            Some([build(before)?, build(entity)?])
        });
        let has = |mark: &str| pattern.contains(mark);
        let rough = split.is_none() && has(BOUNDARY) && !has(r"\\") && !has(r"\b{");
        Self {
            split,
            rough: (rough.then(|| build(&pattern.replace(BOUNDARY, "")))).flatten(),
            whole: OnceLock::new(),
        }
    }

    /// What matches at the start of `window`: start and end of the entity in it, and where the whole
    /// match ends.
    pub(super) fn matched(&self, source: &Source, window: &[u8]) -> Option<(usize, usize, usize)> {
        let at = |from: usize| Input::new(window).range(from..).anchored(Anchored::Yes);
        if let Some([before, entity]) = &self.split {
            // What is before the entity is matched as it would be first if all of the pattern were tried.
            // Where the entity follows, that is the match; where not, less or more may stand before it.
            let start = before.search(&at(0))?.end();
            if let Some(found) = entity.search(&at(start)) {
                return Some((start, found.end(), found.end()));
            }
        }
        if let Some(rough) = self.rough.as_ref().filter(|_| !window.is_ascii())
            && !rough.is_match(at(0))
        {
            return None;
        }
        let whole = self.whole.get_or_init(|| Whole::of(source));
        whole.as_ref()?.matched(&at(0))
    }
}

impl Whole {
    /// `None` where the pattern does not compile.
    fn of(source: &Source) -> Option<Self> {
        let regex = compiled(source, &source.pattern)?;
        let value = regex.group_info().to_index(PatternID::ZERO, "value");
        Some(Self { regex, value })
    }

    fn matched(&self, input: &Input<'_>) -> Option<(usize, usize, usize)> {
        let group = self.value.unwrap_or_default();
        let (mut few, mut many) = ([None; 8], Vec::new());
        let slots = match few.get_mut(..2 * (group + 1)) {
            Some(few) => few,
            None => {
                many.resize(2 * (group + 1), None);
                &mut many[..]
            }
        };
        self.regex.search_slots(input, slots)?;
        let place = |at: usize| slots.get(at).copied().flatten().map(NonMaxUsize::get);
        let whole = (place(0)?, place(1)?);
        let (start, end) = place(2 * group).zip(place(2 * group + 1)).unwrap_or(whole);
        Some((start, end, whole.1))
    }
}

pub(super) fn compiled(source: &Source, pattern: &str) -> Option<meta::Regex> {
    let limits = Limits::of(source);
    let syntax = syntax::Config::new()
        .unicode(limits.is_unicode)
        .utf8(false)
        .nest_limit(patterns::MAX_NEST);
    let way = meta::Config::new()
        .backtrack(false)
        .utf8_empty(false)
        .nfa_size_limit(Some(limits.size))
        .hybrid_cache_capacity(limits.cache);
    meta::Regex::builder()
        .syntax(syntax)
        .configure(way)
        .build(pattern)
        .ok()
}

/// Where the group called `value` begins, when it is the last thing in the pattern but for what takes no
/// byte, and something stands before it.
fn split(pattern: &str) -> Option<usize> {
    let tree = Parser::new().parse(pattern).ok()?;
    let Ast::Concat(concat) = &tree else {
        return None;
    };
    let is_value = |ast: &Ast| match ast {
        Ast::Group(group) => {
            matches!(&group.kind, GroupKind::CaptureName { name, .. } if name.name == "value")
        }
        _ => false,
    };
    let at = concat.asts.iter().position(is_value)?;
    let (before, rest) = concat.asts.split_at(at);
    let is_last = rest[1..].iter().all(|ast| matches!(ast, Ast::Assertion(_)));
    // A flag that is set on the way holds for the rest.
    let is_plain = !before.iter().any(|ast| matches!(ast, Ast::Flags(_)));
    (at > 0 && is_last && is_plain).then(|| rest[0].span().start.offset)
}
