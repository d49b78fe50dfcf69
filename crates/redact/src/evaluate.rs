//! How well entities agree with labelled spans: precision, recall, F1 and F2.
//!
//! In: the labelled spans and the found ones of each record, in Unicode code points. Out: counts
//! and scores. *Strict* wants the same start, end and type; *overlap* wants the same type and at
//! least one shared character. Not here: reading corpora.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::detect::Entity;

/// A labelled or found span; offsets in Unicode code points, half-open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub start: usize,
    pub end: usize,
    pub label: String,
}

/// Counts of one type or of all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub tp: u64,
    pub fp: u64,
    pub fn_: u64,
}

/// Scores from counts; `None` where the denominator is zero.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Scores {
    pub precision: Option<f64>,
    pub recall: Option<f64>,
    pub f1: Option<f64>,
    pub f2: Option<f64>,
}

impl Counts {
    /// The scores of these counts.
    pub fn scores(self) -> Scores {
        let ratio = |part: u64, whole: u64| (whole > 0).then(|| part as f64 / whole as f64);
        let precision = ratio(self.tp, self.tp + self.fp);
        let recall = ratio(self.tp, self.tp + self.fn_);
        let f = |beta: f64| match (precision, recall) {
            (Some(p), Some(r)) if p + r > 0.0 => {
                Some((1.0 + beta * beta) * p * r / (beta * beta * p + r))
            }
            (Some(_), Some(_)) => Some(0.0),
            _ => None,
        };
        Scores {
            precision,
            recall,
            f1: f(1.0),
            f2: f(2.0),
        }
    }

    /// The 95 % Wilson interval of the recall, each 0–1; `None` without labelled spans.
    /// Source: Wilson (1927), doi:10.1080/01621459.1927.10502953.
    pub fn recall_interval(self) -> Option<(f64, f64)> {
        let n = (self.tp + self.fn_) as f64;
        if n == 0.0 {
            return None;
        }
        let (z, p) = (1.959_964_f64, self.tp as f64 / n);
        let centre = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
        let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        Some(((centre - half).max(0.0), (centre + half).min(1.0)))
    }
}

/// Agreement over a corpus.
#[derive(Debug, Clone, Default)]
pub struct Evaluation {
    pub records: u64,
    pub characters: u64,
    pub strict: Counts,
    pub overlap: Counts,
    /// Overlap counts of each type.
    pub by_type: BTreeMap<String, Counts>,
}

impl Evaluation {
    /// Adds one record.
    pub fn add(&mut self, text: &str, labelled: &[Span], found: &[Span]) {
        self.records += 1;
        self.characters += text.chars().count() as u64;
        let same = |a: &Span, b: &Span| a.label == b.label && a.start == b.start && a.end == b.end;
        let touch = |a: &Span, b: &Span| a.label == b.label && a.start < b.end && b.start < a.end;
        let strict = labelled
            .iter()
            .filter(|gold| found.iter().any(|span| same(gold, span)))
            .count() as u64;
        self.strict.tp += strict;
        self.strict.fn_ += labelled.len() as u64 - strict;
        self.strict.fp += found
            .iter()
            .filter(|span| !labelled.iter().any(|gold| same(gold, span)))
            .count() as u64;
        for gold in labelled {
            let counts = self.by_type.entry(gold.label.clone()).or_default();
            if found.iter().any(|span| touch(gold, span)) {
                counts.tp += 1;
                self.overlap.tp += 1;
            } else {
                counts.fn_ += 1;
                self.overlap.fn_ += 1;
            }
        }
        for span in found
            .iter()
            .filter(|span| !labelled.iter().any(|gold| touch(gold, span)))
        {
            self.by_type.entry(span.label.clone()).or_default().fp += 1;
            self.overlap.fp += 1;
        }
    }
}

/// Returns the spans of entities in code points of `text`.
pub fn spans(text: &str, entities: &[Entity]) -> Vec<Span> {
    let mut spans = Vec::with_capacity(entities.len());
    let (mut byte, mut point) = (0, 0);
    for entity in entities {
        point += text[byte..entity.start].chars().count();
        let length = text[entity.start..entity.end].chars().count();
        spans.push(Span {
            start: point,
            end: point + length,
            label: entity.entity_type.clone(),
        });
        point += length;
        byte = entity.end;
    }
    spans
}
