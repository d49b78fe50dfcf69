//! Finding entities line by line, and measuring a policy on labelled lines.
//!
//! In: texts, and the rules to look with. Out: entities, or scores; every offset in Unicode code
//! points. Not here: finding (`assay-redact`), reading files.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::sync::Arc;
use std::time::Instant;

use assay_redact::evaluate::{self, Counts, Evaluation, Scores, Span};
use assay_redact::names::Level;
use assay_redact::policy::Policy;
use assay_redact::redaction::entities;
use serde::{Deserialize, Serialize};

use crate::error::{Code, Result, WireError};
use crate::masking::{policy_in_force, policy_text};
use crate::opening::Engine;

/// The longest line of a corpus: 32 MiB, as of a log.
const MAX_LINE: u64 = 32 << 20;

/// What to look with.
#[derive(Clone)]
pub struct Rules(Arc<Policy>);

/// Which rules: a policy's name, or its text.
#[derive(Debug, Clone, Default)]
pub enum Choice {
    #[default]
    InForce,
    Named(String),
    Toml(String),
}

/// The rules of a policy.
///
/// # Errors
/// `not_found` for the name; `bad_input` for the text.
pub fn rules(engine: &Engine, choice: &Choice) -> Result<Rules> {
    let text = match choice {
        Choice::InForce => policy_text(engine, &policy_in_force(engine)?)?,
        Choice::Named(name) => policy_text(engine, name)?,
        Choice::Toml(text) => text.clone(),
    };
    Ok(Rules(engine.compiled().policy(&text)?))
}

impl Rules {
    /// The same rules, but for how thoroughly names are looked for.
    ///
    /// # Errors
    /// `bad_input` where `level` is not `off`, `fast` or `full`.
    pub fn at(&self, level: &str) -> Result<Self> {
        let mut policy = (*self.0).clone();
        policy.names = match level {
            "off" => Level::Off,
            "fast" => Level::Fast,
            "full" => Level::Full,
            other => {
                return Err(WireError::new(
                    Code::BadInput,
                    format!("`{other}` is no level: `off`, `fast` or `full`"),
                ));
            }
        };
        Ok(Self(Arc::new(policy)))
    }
}

/// An entity; offsets are Unicode code points, half-open.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Found {
    pub start: usize,
    pub end: usize,
    pub entity_type: String,
    /// 0–1.
    pub score: f32,
    pub recognizer: String,
}

/// Returns the entities of `text`, ordered by start, never overlapping.
pub fn detect(text: &str, rules: &Rules) -> Vec<Found> {
    let found = entities(text, &rules.0);
    evaluate::spans(text, &found)
        .into_iter()
        .zip(found)
        .map(|(span, entity)| Found {
            start: span.start,
            end: span.end,
            entity_type: entity.entity_type,
            score: entity.score,
            recognizer: entity.recognizer,
        })
        .collect()
}

/// How well rules agree with labelled lines.
#[derive(Debug, Clone, Serialize)]
pub struct Measured {
    pub policy: String,
    pub policy_version: String,
    pub records: u64,
    pub chars: u64,
    /// Spent on finding, reading left out.
    pub seconds: f64,
    /// The same start, end and type.
    pub strict: Agreement,
    /// The same type and at least one character.
    pub overlap: Agreement,
    /// Overlap counts of each type.
    pub by_type: BTreeMap<String, Agreement>,
}

/// Counts and scores; a score is `None` where its denominator is zero.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Agreement {
    pub tp: u64,
    pub fp: u64,
    #[serde(rename = "fn")]
    pub missed: u64,
    pub precision: Option<f64>,
    pub recall: Option<f64>,
    pub f1: Option<f64>,
    pub f2: Option<f64>,
    /// 95 % Wilson interval of the recall.
    pub recall_interval: Option<(f64, f64)>,
}

impl From<Counts> for Agreement {
    fn from(counts: Counts) -> Self {
        let Scores {
            precision,
            recall,
            f1,
            f2,
        } = counts.scores();
        let recall_interval = counts.recall_interval();
        Self {
            tp: counts.tp,
            fp: counts.fp,
            missed: counts.fn_,
            precision,
            recall,
            f1,
            f2,
            recall_interval,
        }
    }
}

#[derive(Deserialize)]
struct Line {
    text: String,
}

#[derive(Deserialize)]
struct Labelled {
    text: String,
    spans: Vec<Label>,
}

#[derive(Deserialize)]
struct Label {
    start: usize,
    end: usize,
    label: String,
}

/// The text of an input line `{"text"}`; line `number` is named where it is none.
///
/// # Errors
/// `bad_input`, without the line's text.
pub fn line_text(line: &str, number: u64) -> Result<String> {
    serde_json::from_str::<Line>(line)
        .map(|line| line.text)
        .map_err(|error| not_a_line(number, &error, "{\"text\":\"…\"}"))
}

fn not_a_line(number: u64, error: &serde_json::Error, form: &str) -> WireError {
    let what = match error.classify() {
        serde_json::error::Category::Data => "lacks a field, or has one of another type",
        _ => "is not JSON",
    };
    WireError::new(Code::BadInput, format!("line {number} {what}"))
        .hint(format!("each line is {form}"))
}

/// The next line without its end; `None` at the end of `input`.
///
/// # Errors
/// `bad_input` where it is longer than 32 MiB, not UTF-8 or can't be read.
pub fn next_line(input: &mut impl BufRead, number: u64) -> Result<Option<String>> {
    let mut bytes = Vec::new();
    let wrong = |what: String| WireError::new(Code::BadInput, format!("line {number} {what}"));
    std::io::Read::take(&mut *input, MAX_LINE + 1)
        .read_until(b'\n', &mut bytes)
        .map_err(|error| wrong(format!("can't be read: {error}")))?;
    if bytes.is_empty() {
        return Ok(None);
    }
    if bytes.len() as u64 > MAX_LINE {
        return Err(wrong("is longer than 32 MiB".to_owned()));
    }
    let text = String::from_utf8(bytes).map_err(|_| wrong("is not UTF-8".to_owned()))?;
    Ok(Some(text.trim_end_matches(['\n', '\r']).to_owned()))
}

/// Measures `rules` on labelled lines `{"text","spans":[{"start","end","label"}]}`; blank lines
/// are left out.
///
/// # Errors
/// `bad_input` naming the line.
pub fn measure(mut corpus: impl BufRead, rules: &Rules) -> Result<Measured> {
    let mut evaluation = Evaluation::default();
    let mut seconds = 0.0;
    let mut number = 0;
    while let Some(line) = next_line(&mut corpus, number + 1)? {
        number += 1;
        if line.trim().is_empty() {
            continue;
        }
        let form = "{\"text\":\"…\",\"spans\":[{\"start\":0,\"end\":1,\"label\":\"…\"}]}";
        let labelled: Labelled =
            serde_json::from_str(&line).map_err(|error| not_a_line(number, &error, form))?;
        let length = labelled.text.chars().count();
        let mut spans = Vec::with_capacity(labelled.spans.len());
        for Label { start, end, label } in labelled.spans {
            if start >= end || end > length {
                return Err(WireError::new(Code::BadInput, format!("line {number} has a span {start}–{end} in a text of {length} characters"))
                    .hint("offsets are Unicode code points, the end is the first that no longer belongs to it"));
            }
            spans.push(Span { start, end, label });
        }
        let began = Instant::now();
        let found = entities(&labelled.text, &rules.0);
        seconds += began.elapsed().as_secs_f64();
        evaluation.add(
            &labelled.text,
            &spans,
            &evaluate::spans(&labelled.text, &found),
        );
    }
    Ok(Measured {
        policy: rules.0.name.clone(),
        policy_version: rules.0.version.clone(),
        records: evaluation.records,
        chars: evaluation.characters,
        seconds,
        strict: evaluation.strict.into(),
        overlap: evaluation.overlap.into(),
        by_type: evaluation
            .by_type
            .into_iter()
            .map(|(name, counts)| (name, counts.into()))
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn default_rules() -> Rules {
        Rules(Arc::new(
            Policy::parse(assay_redact::policy::DEFAULT).unwrap(),
        ))
    }

    #[test]
    fn offsets_are_code_points() {
        let found = detect("👩‍🚀é jo@example.com", &default_rules());
        assert_eq!(
            found
                .iter()
                .map(|entity| (entity.start, entity.end))
                .collect::<Vec<_>>(),
            [(5, 19)]
        );
    }

    #[test]
    fn a_wrong_line_is_named_and_its_text_is_not() {
        let check = |corpus: &str, expected: &str| {
            let error = measure(corpus.as_bytes(), &default_rules()).unwrap_err();
            assert_eq!(error.message, expected);
        };
        check(
            "\n{\"text\":\"a\",\"spans\":[]}\nsecret",
            "line 3 is not JSON",
        );
        check(
            "{\"text\":\"secret\"}",
            "line 1 lacks a field, or has one of another type",
        );
        check(
            "{\"text\":\"é\",\"spans\":[{\"start\":0,\"end\":2,\"label\":\"X\"}]}",
            "line 1 has a span 0–2 in a text of 1 characters",
        );
    }

    #[test]
    fn figures_are_those_of_the_corpus() {
        let corpus = "{\"text\":\"jo@example.com or 2\",\"spans\":[{\"start\":0,\"end\":14,\"label\":\"EMAIL_ADDRESS\"},{\"start\":18,\"end\":19,\"label\":\"X\"}]}\n";
        let measured = measure(corpus.as_bytes(), &default_rules()).unwrap();
        assert_eq!((measured.records, measured.chars), (1, 19));
        assert_eq!(
            (
                measured.strict.tp,
                measured.strict.fp,
                measured.strict.missed
            ),
            (1, 0, 1)
        );
        assert_eq!(measured.strict.recall, Some(0.5));
        assert_eq!(
            serde_json::to_value(&measured).unwrap()["by_type"]["X"]["fn"],
            1
        );
    }
}
