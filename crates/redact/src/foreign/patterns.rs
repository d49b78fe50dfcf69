//! Patterns in Python's syntax, as far as a regex engine without backtracking can run them.

use regex::RegexBuilder;

/// Python's flags, by their numbers: ignore case, several lines, a dot for every character, verbose.
const FLAGS: [(u64, char); 4] = [(2, 'i'), (8, 'm'), (16, 's'), (64, 'x')];

/// The flags that a number stands for, as they begin a pattern.
pub(super) fn flags(number: u64) -> String {
    let set: String = FLAGS
        .iter()
        .filter(|(bit, _)| number & bit != 0)
        .map(|(_, letter)| *letter)
        .collect();
    match set.is_empty() {
        true => String::new(),
        false => format!("(?{set})"),
    }
}

/// The pattern as it runs here.
///
/// # Errors
/// Why it can't, in words.
pub(super) fn translated(pattern: &str, flags: &str) -> Result<String, String> {
    if let Some(reason) = beyond(pattern) {
        return Err(reason.to_owned());
    }
    // Python's `\Z` is the very end, which is `\z` here.
    let own = format!("{flags}{}", pattern.replace("\\Z", "\\z"));
    match RegexBuilder::new(&own)
        .size_limit(4 << 20)
        .nest_limit(50)
        .build()
    {
        Ok(regex) if regex.is_match("") => {
            Err("it matches the empty text, so that it would be found everywhere".to_owned())
        }
        Ok(_) => Ok(own),
        Err(regex::Error::CompiledTooBig(_)) => {
            Err("it grows too large when it is compiled".into())
        }
        Err(error) => {
            let said = error.to_string();
            Err(said
                .lines()
                .last()
                .unwrap_or_default()
                .trim_start_matches("error: ")
                .to_owned())
        }
    }
}

/// What an engine that reads a text once can't do.
fn beyond(pattern: &str) -> Option<&'static str> {
    const BEYOND: [(&str, &str); 8] = [
        (
            "(?<=",
            "it looks behind (`(?<=…)`), which an engine that reads a text once does not: put what must stand before it into the pattern, and the value into a group called `value`",
        ),
        (
            "(?<!",
            "it looks behind (`(?<!…)`), which an engine that reads a text once does not: `\\b` often says the same",
        ),
        (
            "(?=",
            "it looks ahead (`(?=…)`), which an engine that reads a text once does not: put what must follow into the pattern, and the value into a group called `value`",
        ),
        (
            "(?!",
            "it looks ahead (`(?!…)`), which an engine that reads a text once does not: `\\b` or words that rule it out (`not_context`) often say the same",
        ),
        (
            "(?>",
            "it has an atomic group (`(?>…)`), which is only needed where an engine goes back",
        ),
        (
            "(?(",
            "it has a condition (`(?(…)…)`): write each case as a pattern of its own",
        ),
        (
            "(?P=",
            "it refers back to a group (`(?P=…)`): write the cases out",
        ),
        ("(?#", "it has a comment (`(?#…)`): take it out"),
    ];
    let mut rest = pattern;
    let mut in_class = false;
    while let Some(first) = rest.chars().next() {
        if first == '\\' {
            let escaped = rest[1..].chars().next();
            if !in_class && escaped.is_some_and(|digit| ('1'..='9').contains(&digit)) {
                return Some("it refers back to a group (`\\1`): write the cases out");
            }
            rest = &rest[1 + escaped.map_or(0, char::len_utf8)..];
            continue;
        }
        match first {
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => {
                if let Some((_, reason)) = BEYOND.iter().find(|(begin, _)| rest.starts_with(begin))
                {
                    return Some(reason);
                }
            }
            _ => {}
        }
        rest = &rest[first.len_utf8()..];
    }
    None
}
