//! Canaries as labelled lines, for the terminal and for whoever reads corpora.
//!
//! In: a seed, how many, of which types and writings. Out: lines in the form that
//! `redaction evaluate` reads, offsets in Unicode code points. Not here: making them
//! (`assay_redact::canaries`), sending them anywhere (`guards`).

use assay_redact::canaries::{Canary, Wanted, Writing, controls, draw};
use serde::Serialize;

use crate::error::{Code, Result, WireError};

/// Most canaries of one draw.
pub const MOST: usize = 100_000;

/// A canary as a line of a corpus.
#[derive(Debug, Clone, Serialize)]
pub struct CanaryLine {
    pub id: String,
    pub text: String,
    pub spans: Vec<CanarySpan>,
    pub field: String,
    pub language: String,
    /// `plain`, `json_escaped` …
    pub writing: &'static str,
    /// Always true: nothing in the text is anybody's.
    pub synthetic: bool,
}

/// A planted value; offsets in Unicode code points, half-open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CanarySpan {
    pub start: usize,
    pub end: usize,
    pub label: String,
}

/// Which types and writings, by their names; empty lists stand for all.
///
/// # Errors
/// `bad_input` naming a writing that there is none of.
pub fn wanted(entity_types: Vec<String>, writings: &[String]) -> Result<Wanted> {
    let writings = writings
        .iter()
        .map(|name| {
            Writing::from_name(name).ok_or_else(|| {
                WireError::new(Code::BadInput, format!("no writing: {name}")).hint(format!(
                    "one of {}",
                    Writing::ALL.map(Writing::name).join(", ")
                ))
            })
        })
        .collect::<Result<_>>()?;
    Ok(Wanted {
        entity_types,
        writings,
    })
}

/// `count` canaries, then `clean` texts with nothing planted.
///
/// # Errors
/// `bad_input` for a type without canaries, or for more than 100,000 of them.
pub fn canaries(seed: u64, count: usize, clean: usize, wanted: &Wanted) -> Result<Vec<Canary>> {
    if count + clean > MOST {
        return Err(WireError::new(
            Code::BadInput,
            "at most 100,000 canaries are drawn at once",
        ));
    }
    let mut drawn = draw(seed, count, wanted).map_err(|unknown| {
        let known: Vec<&str> = assay_redact::canaries::kinds()
            .map(|(label, _)| label)
            .collect();
        WireError::new(Code::BadInput, unknown.to_string())
            .hint(format!("there are some of {}", known.join(", ")))
    })?;
    drawn.extend(controls(seed, clean));
    Ok(drawn)
}

/// A canary as a line.
pub fn line(canary: &Canary) -> CanaryLine {
    let points = |byte: usize| canary.text[..byte].chars().count();
    CanaryLine {
        id: canary.id.clone(),
        spans: canary
            .planted
            .iter()
            .map(|planted| CanarySpan {
                start: points(planted.start),
                end: points(planted.end),
                label: planted.label.clone(),
            })
            .collect(),
        text: canary.text.clone(),
        field: canary.field.clone(),
        language: canary.language.clone(),
        writing: canary.writing.name(),
        synthetic: true,
    }
}
