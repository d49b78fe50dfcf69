//! Texts that an attacker would make of what the recognizers are known by: every literal, every context
//! word with the runs that its recognizers begin with, every example, each again and again.
//!
//! In: the program's recognizers. Out: parts, each once. Not here: how long a text of each takes.

use std::collections::BTreeSet;

use assay_redact::recognizers::Recognizers;

/// What stands behind a literal.
const TAILS: [&str; 14] = [
    "", " ", "1", "a", "\"", ": ", "=", "=1a", "\n", ",", "@", "-", "/", " 1 ",
];
/// What stands behind a value.
const ENDS: [&str; 4] = ["", " ", ",", "\n"];
/// Runs of letters and digits of one kind and length begin and end so.
const DIGITS: &str = "7390148625739014862573901486257390148625739014862573901486257390";
const MIXED: &str = "A7c3E9g0I1k4M8o6Q2s5U7w3Y9a0C1e4G8i6K2m5O7q3S9u0W1y4A8c6E2g5I7k3";
const LETTERS: &str = "ZqWxTyRuKoLpMnBvCsDfGhJkZqWxTyRuKoLpMnBvCsDfGhJkZqWxTyRuKoLpMnBv";

/// What the texts of a sweep repeat, in order.
pub(crate) fn parts(recognizers: &Recognizers) -> BTreeSet<String> {
    let mut parts = BTreeSet::new();
    for recognizer in recognizers.iter() {
        let source = &recognizer.source;
        for literal in source.needs.iter().chain(&source.context) {
            parts.extend(TAILS.map(|tail| format!("{literal}{tail}")));
        }
        for example in source.examples.iter().chain(&source.negative_examples) {
            parts.extend(ENDS.map(|end| format!("{example}{end}")));
        }
        let runs: Vec<&str> = source.starts.split(' ').flat_map(runs).collect();
        for run in &runs {
            parts.extend(ENDS.map(|end| format!("{run}{end}")));
            // Near one word, and each behind its own.
            for word in source.context.iter().take(2) {
                parts.extend(["", ",", "-", "."].map(|end| format!("{word} {run}{end} ")));
            }
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// The shortest and the longest run of a shape, `d4-6`.
fn runs(shape: &str) -> Vec<&'static str> {
    let of = match shape.as_bytes().first() {
        Some(b'd') => DIGITS,
        Some(b'm') => MIXED,
        Some(b'l') => LETTERS,
        _ => return Vec::new(),
    };
    let lengths = shape[1..].split('-').flat_map(str::parse::<usize>);
    lengths.filter_map(|length| of.get(..length)).collect()
}
