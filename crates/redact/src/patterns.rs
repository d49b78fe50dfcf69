//! What is wrong with a pattern, in words: what this engine does not take, where it stands, and
//! what to write instead.
//!
//! In: a pattern in the syntax of the `regex` crate. Out: remarks, or the trouble with its place.
//! Not here: compiling and running (`recognizers`).

use regex_syntax::ast::parse::ParserBuilder;
use regex_syntax::ast::{self, Ast, ErrorKind, RepetitionKind, RepetitionRange};
use regex_syntax::hir::{self, translate::TranslatorBuilder};

/// The longest pattern that is accepted, in bytes.
pub const MAX_PATTERN: usize = 1_024;
/// Bytes that a compiled pattern takes at most.
pub const MAX_COMPILED: usize = 4 << 20;
/// How deep groups may lie in each other.
pub const MAX_NEST: u32 = 50;

/// Why a pattern can't be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// A sentence.
    pub message: String,
    /// What to do instead.
    pub hint: String,
    /// Where, in bytes of the pattern; empty where the whole pattern is meant.
    pub start: usize,
    pub end: usize,
}

impl Trouble {
    fn whole(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: hint.into(),
            start: 0,
            end: 0,
        }
    }

    /// The trouble in one line, with the character where it begins, counted from 1.
    pub fn line(&self, pattern: &str) -> String {
        let place = if self.start == self.end {
            String::new()
        } else {
            let before = pattern.get(..self.start).unwrap_or_default();
            format!(" (character {})", before.chars().count() + 1)
        };
        let message = self.message.trim_end_matches('.');
        format!("{message}{place}. {}", self.hint)
            .trim_end()
            .to_owned()
    }
}

/// Looks through a pattern: remarks about what is harmless, or what is wrong with it.
///
/// # Errors
/// [`Trouble`]: syntax that the engine does not take, a pattern that matches the empty text, or one
/// longer than [`MAX_PATTERN`]. Whether it is too large is known once it is compiled.
pub fn look_through(pattern: &str) -> Result<Vec<String>, Trouble> {
    if pattern.len() > MAX_PATTERN {
        return Err(Trouble::whole(
            format!("The pattern is longer than {MAX_PATTERN} bytes."),
            "Make several rules of it, or list the words instead.",
        ));
    }
    if let Some(trouble) = no_class(pattern) {
        return Err(trouble);
    }
    let mut parser = ParserBuilder::new().nest_limit(MAX_NEST).build();
    let tree = parser
        .parse(pattern)
        .map_err(|error| of_syntax(pattern, &error))?;
    let meaning = TranslatorBuilder::new()
        .utf8(false)
        .build()
        .translate(pattern, &tree)
        .map_err(|error| of_meaning(pattern, &error))?;
    if meaning.properties().minimum_len() == Some(0) {
        return Err(Trouble::whole(
            "The pattern matches the empty text, so it would match everywhere.",
            "Let something in it be required: `+` instead of `*`, no `?` around the whole.",
        ));
    }
    let mut remarks = Vec::new();
    let depth = repeated(&tree, &mut remarks);
    if depth > 1 {
        remarks.push(
            "A repetition stands in a repetition. That is harmless here: this engine never goes back, so it takes time in proportion to the text.".to_owned(),
        );
    }
    remarks.dedup();
    Ok(remarks)
}

/// Names of classes in the form `[:alpha:]`.
const CLASSES: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
    "space", "upper", "word", "xdigit",
];

/// `[[:foo:]]`, which the engine would read as a set of its letters.
fn no_class(pattern: &str) -> Option<Trouble> {
    let start = pattern.find("[[:")? + 1;
    let end = start + pattern[start..].find(":]")? + 2;
    let name = pattern[start + 2..end - 2].trim_start_matches('^');
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphabetic());
    (is_name && !CLASSES.contains(&name)).then(|| Trouble {
        message: format!(
            "There is no class of characters `{}`.",
            &pattern[start..end]
        ),
        hint: "Write [[:alpha:]], [[:digit:]], [[:alnum:]] or [[:space:]].".to_owned(),
        start,
        end,
    })
}

/// The trouble with a pattern that is too large when compiled.
pub fn too_large(pattern: &str) -> Trouble {
    let hint = if pattern.contains(r"\w") || pattern.contains(r"\p{") {
        "Use [A-Za-z0-9] instead of \\w, or smaller counts."
    } else {
        "Use smaller counts: `a{1000}{1000}` asks for a million of them."
    };
    Trouble::whole(
        format!(
            "The pattern is too large: compiled it takes more than {} MB.",
            MAX_COMPILED >> 20
        ),
        hint,
    )
}

/// How deep repetitions without a bound lie in each other.
fn repeated(tree: &Ast, remarks: &mut Vec<String>) -> usize {
    let all = |trees: &[Ast], remarks: &mut Vec<String>| {
        trees
            .iter()
            .map(|tree| repeated(tree, remarks))
            .max()
            .unwrap_or(0)
    };
    match tree {
        Ast::Repetition(repetition) => {
            if matches!(*repetition.ast, Ast::Repetition(_)) {
                remarks.push(
                    "A `+` behind another repetition makes nothing possessive here; it only repeats once more, and can be left out.".to_owned(),
                );
            }
            let is_open = matches!(
                repetition.op.kind,
                RepetitionKind::ZeroOrMore
                    | RepetitionKind::OneOrMore
                    | RepetitionKind::Range(RepetitionRange::AtLeast(_))
            );
            repeated(&repetition.ast, remarks) + usize::from(is_open)
        }
        Ast::Group(group) => repeated(&group.ast, remarks),
        Ast::Alternation(alternation) => all(&alternation.asts, remarks),
        Ast::Concat(concat) => all(&concat.asts, remarks),
        _ => 0,
    }
}

fn of_syntax(pattern: &str, error: &ast::Error) -> Trouble {
    let span = error.span();
    let (start, mut end) = (span.start.offset, span.end.offset);
    let here = pattern.get(start..).unwrap_or_default();
    if start == end {
        end += here.chars().next().map_or(0, char::len_utf8);
    }
    let before = pattern.get(..start).unwrap_or_default();
    let (message, hint) = match error.kind() {
        ErrorKind::UnsupportedLookAround => {
            let what = if here.contains("(?<") || here.starts_with("?<") {
                "Look-behind"
            } else {
                "Look-ahead"
            };
            return Trouble {
                message: format!("{what} isn't available in this engine (no look-around is)."),
                hint: "Use a context word instead, or a group called `value`: in `id: (?P<value>[0-9]+)` only the digits are the entity.".to_owned(),
                start,
                end,
            };
        }
        ErrorKind::UnsupportedBackreference => (
            "A back-reference isn't available in this engine.",
            "Write the repeated part out once more; whether both are equal can't be asked.",
        ),
        ErrorKind::FlagUnrecognized if here.starts_with('>') => (
            "An atomic group isn't available in this engine, and isn't needed: it never goes back.",
            "Write (?:…) instead of (?>…).",
        ),
        ErrorKind::FlagUnrecognized if here.starts_with('#') => (
            "A comment in a group isn't available in this engine.",
            "Say it in what the rule is about.",
        ),
        ErrorKind::FlagUnrecognized if here.starts_with(['R', '0', '1', '&', '(', '|']) => (
            "Recursion and conditions aren't available in this engine.",
            "Make a rule of each form.",
        ),
        ErrorKind::FlagUnrecognized if here.starts_with('\'') => (
            "A group is named otherwise in this engine.",
            "Write (?P<value>…).",
        ),
        ErrorKind::FlagUnrecognized => (
            "There is no such flag.",
            "The flags are i (ignore case), m, s, x, u and U, as in (?i).",
        ),
        ErrorKind::FlagDuplicate { .. } => ("A flag stands twice.", "Take one away."),
        ErrorKind::FlagRepeatedNegation { .. } | ErrorKind::FlagDanglingNegation => (
            "The `-` of the flags takes nothing away.",
            "Write the flag behind it, as in (?-i).",
        ),
        ErrorKind::FlagUnexpectedEof => ("The flags don't end.", "Close them: (?i)."),
        ErrorKind::GroupUnclosed => (
            "This group is not closed.",
            "Add a `)`, or write \\( for a bracket in the text.",
        ),
        ErrorKind::GroupUnopened => (
            "This `)` closes no group.",
            "Add a `(`, or write \\) for a bracket in the text.",
        ),
        ErrorKind::GroupNameDuplicate { .. } => (
            "Two groups have the same name.",
            "Give one of them another name; the group called `value` is the entity.",
        ),
        ErrorKind::GroupNameEmpty
        | ErrorKind::GroupNameInvalid
        | ErrorKind::GroupNameUnexpectedEof => (
            "This is no name of a group.",
            "A name has letters, digits and `_`, as in (?P<value>…).",
        ),
        ErrorKind::ClassUnclosed => (
            "This set of characters is not closed.",
            "Add a `]`, or write \\[ for a bracket in the text.",
        ),
        ErrorKind::ClassRangeInvalid => (
            "This range runs backwards.",
            "Write the smaller end first, as in [a-z]; put a `-` that is meant as such first or last.",
        ),
        ErrorKind::ClassRangeLiteral => (
            "A range takes single characters as its ends.",
            "Put a `-` that is meant as such first or last in the set, or write \\-.",
        ),
        ErrorKind::ClassEscapeInvalid => (
            "This can't stand in a set of characters.",
            "Take it out of the brackets.",
        ),
        ErrorKind::UnicodeClassInvalid => (
            "This is no class of characters.",
            "Write \\p{Letter}, \\p{Lu} or \\p{Greek}.",
        ),
        ErrorKind::RepetitionMissing => (
            "There is nothing before it to repeat.",
            "Write what is repeated before it, or \\* \\+ \\? for the sign itself.",
        ),
        ErrorKind::RepetitionCountInvalid => (
            "The least count is larger than the most.",
            "Write the smaller one first, as in {2,5}.",
        ),
        ErrorKind::RepetitionCountDecimalEmpty | ErrorKind::DecimalEmpty => (
            "A count is missing between the braces.",
            "Write {3}, {3,} or {3,5}, or \\{ for a brace in the text.",
        ),
        ErrorKind::DecimalInvalid => ("This count is too large.", "Write a smaller one."),
        ErrorKind::RepetitionCountUnclosed => (
            "The braces of this count are not closed.",
            "Add a `}`, or write \\{ for a brace in the text.",
        ),
        ErrorKind::EscapeUnexpectedEof => (
            "The pattern ends behind a backslash.",
            "Write \\\\ for a backslash in the text.",
        ),
        ErrorKind::EscapeUnrecognized => return escape(pattern, start, end),
        ErrorKind::EscapeHexEmpty
        | ErrorKind::EscapeHexInvalid
        | ErrorKind::EscapeHexInvalidDigit => (
            "This is no number of a character.",
            "Write \\x41 or \\u{1F600}.",
        ),
        ErrorKind::NestLimitExceeded(_) => (
            "Groups lie too deep in each other.",
            "Make several rules of it.",
        ),
        ErrorKind::CaptureLimitExceeded => (
            "There are too many groups.",
            "Write (?:…) where no name is needed.",
        ),
        _ if before.ends_with('\\') || here.starts_with('\\') => (
            "This escape isn't available in this engine.",
            "See the syntax of the regex crate.",
        ),
        _ => (
            "This is not a pattern.",
            "See the syntax of the regex crate.",
        ),
    };
    Trouble {
        message: message.to_owned(),
        hint: hint.to_owned(),
        start,
        end,
    }
}

fn escape(pattern: &str, start: usize, end: usize) -> Trouble {
    let what = pattern.get(start..end).unwrap_or_default();
    let hint = match what {
        r"\K" => {
            "Use a group called `value`: in `id: (?P<value>[0-9]+)` only the digits are the entity."
        }
        r"\G" | r"\X" | r"\C" => "Leave it out.",
        r"\Z" => "Write \\z for the end of the text.",
        r"\h" | r"\H" => "Write [ \\t] for a space or a tab.",
        r"\R" => "Write \\r?\\n for the end of a line.",
        r"\N" => "Write [^\\n].",
        r"\Q" | r"\E" => "Write a backslash before each sign instead.",
        r"\k" | r"\g" => {
            "Write the repeated part out once more; whether both are equal can't be asked."
        }
        _ => "Leave the backslash out; letters need none.",
    };
    Trouble {
        message: format!("The escape `{what}` isn't available in this engine."),
        hint: hint.to_owned(),
        start,
        end,
    }
}

fn of_meaning(pattern: &str, error: &hir::Error) -> Trouble {
    let (start, end) = (error.span().start.offset, error.span().end.offset);
    let what = pattern.get(start..end).unwrap_or_default();
    let (message, hint) = match error.kind() {
        hir::ErrorKind::UnicodePropertyNotFound | hir::ErrorKind::UnicodePropertyValueNotFound => (
            format!("There is no class of characters `{what}`."),
            "Write \\p{Letter}, \\p{Lu}, \\p{Greek} or another Unicode class.",
        ),
        _ => (
            format!("`{what}` can't be used here."),
            "See the syntax of the regex crate.",
        ),
    };
    Trouble {
        message,
        hint: hint.to_owned(),
        start,
        end,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_engine_does_not_take_is_said_in_words_with_its_place() {
        let check = |pattern: &str, said: &str, at: &str| {
            let trouble = look_through(pattern).unwrap_err();
            assert!(
                trouble.line(pattern).contains(said),
                "{pattern}: {}",
                trouble.line(pattern)
            );
            assert_eq!(&pattern[trouble.start..trouble.end], at, "{pattern}");
        };
        check(
            "(?<=id )[0-9]+",
            "Look-behind isn't available in this engine",
            "(?<=",
        );
        check("(?<!x)[0-9]+", "Use a context word instead", "(?<!");
        check(
            "é[0-9]+(?=x)",
            "Look-ahead isn't available in this engine (no look-around is) (character 8)",
            "(?=",
        );
        check(r"(a)\1", "back-reference", r"\1");
        check("(?>a+)b", "atomic group", ">");
        check("(ab", "not closed", "(");
        check("ab)", "closes no group", ")");
        check("[a-", "not closed", "[");
        check("[z-a]", "backwards", "z-a");
        check("(?P<a>x)(?P<a>y)", "same name", "a");
        check("*a", "nothing before it", "*");
        check("a{5,2}", "larger than the most", "{5,2}");
        check(r"\p{Nonsense}", "no class of characters", r"\p{Nonsense}");
        check("x[[:foo:]]", "no class of characters", "[:foo:]");
        check(r"\Ka", "`value`", r"\K");
        check("a*", "matches the empty text", "");
        check(r"\b", "matches the empty text", "");
        check(&"a".repeat(1_025), "longer than 1024 bytes", "");
        check(&"(".repeat(60), "", "(");
    }

    #[test]
    fn what_is_harmless_here_is_remarked_and_taken() {
        let check = |pattern: &str, said: &str| {
            let remarks = look_through(pattern).unwrap();
            assert!(
                remarks.iter().any(|remark| remark.contains(said)),
                "{pattern}: {remarks:?}"
            );
        };
        check("(a+)+b", "harmless here");
        check("a++b", "nothing possessive");
        assert!(look_through("[0-9]{3}-[0-9]{4}").unwrap().is_empty());
    }
}
