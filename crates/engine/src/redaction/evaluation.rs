//! Finding entities line by line, and measuring a policy on labelled lines.
//!
//! In: texts, and the rules to look with. Out: entities, or scores; every offset in Unicode code
//! points. Not here: finding and counting (`assay-redact`), forms of corpora (`corpora`), files.

pub mod corpora;
pub mod view;

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;
use std::sync::Arc;
use std::time::Instant;

use assay_domain::exchange::Field;
use assay_domain::statistics;
use assay_redact::evaluate::{
    self, Counts, Drawn, Evaluation, Judged, Record, Scores, Span, Tally,
};
use assay_redact::labels::{self, Labels, Meaning};
use assay_redact::names::Level;
use assay_redact::policy::Policy;
use assay_redact::recognizers::Category;
use assay_redact::redaction::entities;
use serde::{Deserialize, Serialize};

use crate::error::{Code, Result, WireError};
use crate::masking::{self, DAY_MS, policy_in_force, policy_text};
use crate::opening::Engine;
use crate::redaction::evaluation::corpora::{Format, Labelled};
use crate::redaction::evaluation::view::{Agreement, Group, LabelRow, Leaked, Measured};
use crate::redaction::names_model::{self, Reading};

/// The longest line of a corpus: 32 MiB, as of a log.
pub(crate) const MAX_LINE: u64 = 32 << 20;

/// What to look with.
#[derive(Clone)]
pub struct Rules(Arc<Policy>, Scopes);

/// Where the texts stand that rules are measured on, for a policy that says otherwise of some fields or deployments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Scopes {
    /// The policy has none, so that all of it was applied.
    #[default]
    None,
    /// It has some, and none was applied: nobody said where the texts stand.
    NotApplied,
    /// Those of the field and the deployment that were named.
    Applied,
}

impl Scopes {
    /// The word in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::NotApplied => "not_applied",
            Self::Applied => "applied",
        }
    }
}

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
    Ok(Rules::of(names_model::policy(engine, &text)?))
}

/// The rules of a text alone, as they are at a time, without a store: with no names model that is plugged in.
///
/// # Errors
/// `bad_input` for the text.
pub fn rules_of_text(toml: &str, now_ms: i64) -> Result<Rules> {
    let policy = masking::parsed(toml, now_ms.div_euclid(DAY_MS))?;
    Ok(Rules::of(Arc::new(policy)))
}

impl Rules {
    fn of(policy: Arc<Policy>) -> Self {
        let scopes = match policy.has_places() {
            true => Scopes::NotApplied,
            false => Scopes::None,
        };
        Self(policy, scopes)
    }

    /// What these rules say of a field of the calls of a deployment.
    pub fn within(&self, field: Option<Field>, deployment: Option<&str>) -> Self {
        if self.1 == Scopes::None || field.is_none() && deployment.is_none() {
            return self.clone();
        }
        let policy = self.0.within(field.map(Field::name), deployment);
        Self(Arc::new(policy.clone()), Scopes::Applied)
    }

    /// What labels mean for these rules.
    pub(crate) fn labels(&self) -> Labels {
        Labels::new(&self.0, &[])
    }

    /// Watches whether the names model reads every text.
    pub(crate) fn reading(&self) -> Reading<'_> {
        Reading::of(&self.0)
    }

    /// Whether what is found of a type is left as it is.
    pub(crate) fn keeps(&self, entity_type: &str) -> bool {
        self.0.operator(entity_type).name() == "keep"
    }

    /// The category of an entity type.
    pub(crate) fn category(&self, entity_type: &str) -> Category {
        self.0.category(entity_type)
    }

    /// The same rules, but for how thoroughly names are looked for.
    ///
    /// # Errors
    /// `bad_input` where `level` is not `off`, `fast` or `full`; `policy_refused` where it is `full` and
    /// the names model that is plugged in can't be used.
    pub fn at(&self, engine: &Engine, level: &str) -> Result<Self> {
        let policy = names_model::at_level(engine, &self.0, level_named(level)?)?;
        Ok(Self(Arc::new(policy), self.1))
    }

    /// The same without a store, which no names model is plugged into.
    ///
    /// # Errors
    /// `bad_input` where `level` is not `off`, `fast` or `full`.
    pub fn at_without_store(&self, level: &str) -> Result<Self> {
        let mut policy = Policy::clone(&self.0);
        policy.names = level_named(level)?;
        Ok(Self(Arc::new(policy), self.1))
    }
}

fn level_named(level: &str) -> Result<Level> {
    match level {
        "off" => Ok(Level::Off),
        "fast" => Ok(Level::Fast),
        "full" => Ok(Level::Full),
        other => Err(WireError::new(
            Code::BadInput,
            format!("`{other}` is no level: `off`, `fast` or `full`"),
        )),
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
            entity_type: entity.entity_type.into(),
            score: entity.score,
            recognizer: entity.recognizer.into(),
        })
        .collect()
}

#[derive(Deserialize)]
struct Line {
    text: String,
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

/// What of a corpus is measured, and how it is read.
#[derive(Debug, Clone, Default)]
pub struct Measure {
    /// Detected where absent.
    pub format: Option<Format>,
    /// Labels and the types that they mean; `-` leaves a label out.
    pub told: Vec<(String, String)>,
    /// Only these types are judged; all where empty.
    pub only: Vec<String>,
}

/// Fewer than this many are too few to judge.
pub const ENOUGH: u64 = 30;

/// Most labels, fields or languages of a corpus.
const MAX_NAMES: usize = 1_000;

/// Measures rules on labelled texts that come one by one.
pub struct Measuring<'a> {
    rules: &'a Rules,
    labels: Labels,
    only: Vec<String>,
    meant: BTreeMap<String, (Meaning, u64)>,
    evaluation: Evaluation,
    seconds: f64,
}

impl<'a> Measuring<'a> {
    /// Begins with nothing measured.
    pub fn new(rules: &'a Rules, told: &[(String, String)], only: &[String]) -> Self {
        Self {
            rules,
            labels: Labels::new(&rules.0, told),
            only: only.iter().map(|name| labels::spelt(name)).collect(),
            meant: BTreeMap::new(),
            evaluation: Evaluation::default(),
            seconds: 0.0,
        }
    }

    /// Adds a text; answers its judged spans and findings, labels as entity types.
    ///
    /// # Errors
    /// `bad_input` where there are more than 1,000 labels, fields or languages.
    pub fn add(&mut self, one: &Labelled) -> Result<Case> {
        let (mut labelled, mut elsewhere) = (Vec::new(), Vec::new());
        for span in &one.spans {
            if !self.meant.contains_key(&span.label) {
                let meaning = self.labels.meaning(&span.label);
                self.meant.insert(span.label.clone(), (meaning, 0));
            }
            let Some((meaning, count)) = self.meant.get_mut(&span.label) else {
                continue;
            };
            *count += 1;
            let (start, end) = (span.start, span.end);
            match &meaning.entity_type {
                Some(entity_type) if self.labels.is_among(entity_type, &self.only) => {
                    let label = entity_type.clone();
                    labelled.push(Span { start, end, label });
                }
                _ => elsewhere.push((start, end)),
            }
        }
        let began = Instant::now();
        let entities = entities(&one.text, &self.rules.0);
        self.seconds += began.elapsed().as_secs_f64();
        let mut found = evaluate::spans(&one.text, &entities);
        // What lies on a span that is not judged is neither right nor wrong.
        let touches = |span: &Span, start: usize, end: usize| span.start < end && start < span.end;
        found.retain(|span| {
            self.labels.is_among(&span.label, &self.only)
                && (!elsewhere
                    .iter()
                    .any(|(start, end)| touches(span, *start, *end))
                    || labelled
                        .iter()
                        .any(|gold| touches(span, gold.start, gold.end)))
        });
        let record = Record {
            text: &one.text,
            field: one.field.as_deref(),
            language: one.language.as_deref(),
            labelled: &labelled,
            found: &found,
        };
        self.evaluation.add(&record, &self.labels);
        let names = [
            self.meant.len(),
            self.evaluation.by_field.len(),
            self.evaluation.by_language.len(),
        ];
        if names.iter().any(|count| *count > MAX_NAMES) {
            return Err(WireError::new(
                Code::BadInput,
                format!(
                    "line {}: more than 1,000 labels, fields or languages",
                    one.line
                ),
            )
            .hint("is it the right column?"));
        }
        let (of_labelled, of_found) = evaluate::judge(&labelled, &found, &self.labels);
        Ok(Case {
            labelled: labelled.into_iter().zip(of_labelled).collect(),
            found: found.into_iter().zip(of_found).collect(),
        })
    }

    /// The figures.
    pub fn end(mut self, format: &str) -> Measured {
        let never_labelled = self
            .evaluation
            .by_type
            .iter()
            .filter(|(name, drawn)| {
                drawn.tally.labelled == 0
                    && !self.evaluation.by_type.iter().any(|(labelled, other)| {
                        other.tally.labelled > 0 && self.labels.same(labelled, name)
                    })
            })
            .map(|(name, drawn)| (name.clone(), drawn.tally.overlap.fp))
            .collect();
        self.evaluation.fold(&self.labels);
        let groups = |all: &BTreeMap<String, Drawn>| {
            all.iter()
                .map(|(name, drawn)| (name.clone(), group(drawn)))
                .collect()
        };
        let labels = label_rows(self.meant);
        let all = &self.evaluation.all;
        Measured {
            policy: self.rules.0.name.clone(),
            policy_version: self.rules.0.version.clone(),
            names_model: names_model::used(&self.rules.0),
            format: format.to_owned(),
            records: self.evaluation.records,
            chars: self.evaluation.characters,
            seconds: self.seconds,
            only: self.only,
            scopes: self.rules.1.name().to_owned(),
            strict: agreement(all, |tally| tally.strict),
            overlap: agreement(all, |tally| tally.overlap),
            hidden: agreement(all, |tally| tally.hidden),
            leaked: leaked(all),
            by_type: groups(&self.evaluation.by_type),
            by_field: groups(&self.evaluation.by_field),
            by_language: groups(&self.evaluation.by_language),
            labels,
            never_labelled,
        }
    }
}

/// What became of one text.
#[derive(Debug, Clone, Default)]
pub struct Case {
    pub labelled: Vec<(Span, Judged)>,
    pub found: Vec<(Span, Judged)>,
}

fn group(drawn: &Drawn) -> Group {
    Group {
        overlap: agreement(drawn, |tally| tally.overlap),
        strict: agreement(drawn, |tally| tally.strict),
        leaked: leaked(drawn),
    }
}

fn agreement(drawn: &Drawn, counted: impl Fn(&Tally) -> Counts) -> Agreement {
    let counts = counted(&drawn.tally);
    let Scores {
        precision,
        recall,
        f1,
        f2,
    } = counts.scores();
    let (found, labelled) = (counts.tp + counts.fp, counts.tp + counts.fn_);
    let wilson = |of: u64| statistics::wilson(counts.tp, of).map(|share| (share.low, share.high));
    let (too_few, too_few_found) = (labelled < ENOUGH, found < ENOUGH);
    let drawn = |score: fn(Scores) -> Option<f64>| {
        if too_few || too_few_found {
            return None;
        }
        drawn.interval(|tally| score(counted(tally).scores()))
    };
    Agreement {
        tp: counts.tp,
        fp: counts.fp,
        missed: counts.fn_,
        precision,
        recall,
        f1,
        f2,
        precision_interval: wilson(found),
        recall_interval: wilson(labelled),
        f1_interval: drawn(|scores| scores.f1),
        f2_interval: drawn(|scores| scores.f2),
        too_few,
        too_few_found,
    }
}

fn leaked(drawn: &Drawn) -> Leaked {
    Leaked {
        labelled_chars: drawn.tally.labelled,
        leaked_chars: drawn.tally.leaked,
        share: drawn.tally.leak(),
        interval: drawn.interval(Tally::leak),
    }
}

/// What labels were taken for and how often each stood, the most frequent first.
pub(crate) fn label_rows(meant: BTreeMap<String, (Meaning, u64)>) -> Vec<LabelRow> {
    let mut rows: Vec<LabelRow> = meant
        .into_iter()
        .map(|(label, (meaning, spans))| LabelRow {
            label,
            entity_type: meaning.entity_type,
            how: meaning.how.name().to_owned(),
            spans,
            is_found: meaning.is_found,
        })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.spans));
    rows
}

/// Measures `rules` on a labelled corpus, text by text.
///
/// # Errors
/// `bad_input` naming the line.
pub fn measure(corpus: impl BufRead, rules: &Rules, how: &Measure) -> Result<Measured> {
    let mut measuring = Measuring::new(rules, &how.told, &how.only);
    let reading = rules.reading();
    let format = corpora::read(corpus, how.format, &mut |one| measuring.add(&one).map(drop))?;
    reading.ended()?;
    Ok(measuring.end(format.name()))
}

/// The entity types that a corpus labels.
///
/// # Errors
/// `bad_input` naming the line.
pub fn labelled_types(corpus: impl BufRead, rules: &Rules, how: &Measure) -> Result<Vec<String>> {
    let labels = Labels::new(&rules.0, &how.told);
    let mut found = BTreeSet::new();
    corpora::read(corpus, how.format, &mut |one| {
        for span in &one.spans {
            if found.len() <= MAX_NAMES && !found.contains(&span.label) {
                found.insert(span.label.clone());
            }
        }
        Ok(())
    })?;
    let types: BTreeSet<String> = found
        .iter()
        .filter_map(|label| labels.meaning(label).entity_type)
        .collect();
    Ok(types.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn default_rules() -> Rules {
        rules_of_text(assay_redact::policy::DEFAULT, 0).unwrap()
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
            let error =
                measure(corpus.as_bytes(), &default_rules(), &Measure::default()).unwrap_err();
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
        let measured = measure(corpus.as_bytes(), &default_rules(), &Measure::default()).unwrap();
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
