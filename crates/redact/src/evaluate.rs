//! How well entities agree with labelled spans: precision, recall, F1 and F2, and what leaks.
//!
//! In: the labelled spans and the found ones of each record, in Unicode code points. Out: counts
//! and scores by type, field and language. Three ways of counting, each by labelled span:
//! *strict* wants the same start, end and type; *overlap* wants that findings of the type cover at
//! least half of the labelled span; *hidden* wants that findings of any type do. A finding is wrong
//! where less than half of it lies on labelled spans (of its type, but for *hidden*).
//! Not here: reading corpora, what labels mean (`labels`), Wilson's intervals (the domain).

use std::collections::BTreeMap;

use serde::Serialize;

use crate::detect::Entity;
use crate::labels::Labels;

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

    fn add(&mut self, other: Self, times: u64) {
        self.tp += other.tp * times;
        self.fp += other.fp * times;
        self.fn_ += other.fn_ * times;
    }
}

/// All that is counted of a record, a type, a field or a language.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub strict: Counts,
    pub overlap: Counts,
    pub hidden: Counts,
    /// Characters of labelled spans.
    pub labelled: u64,
    /// Of these, characters that no finding of any type covers.
    pub leaked: u64,
}

impl Tally {
    fn add(&mut self, other: &Self, times: u64) {
        self.strict.add(other.strict, times);
        self.overlap.add(other.overlap, times);
        self.hidden.add(other.hidden, times);
        self.labelled += other.labelled * times;
        self.leaked += other.leaked * times;
    }

    /// The share of labelled characters that leak; `None` of none.
    pub fn leak(&self) -> Option<f64> {
        (self.labelled > 0).then(|| self.leaked as f64 / self.labelled as f64)
    }
}

/// How often records are drawn anew for the intervals of scores that are no shares.
pub const REDRAWS: usize = 500;

/// What was counted, and what would have been in [`REDRAWS`] other draws of the same records.
#[derive(Debug, Clone)]
pub struct Drawn {
    pub tally: Tally,
    redrawn: Vec<Tally>,
}

impl Default for Drawn {
    fn default() -> Self {
        Self {
            tally: Tally::default(),
            redrawn: vec![Tally::default(); REDRAWS],
        }
    }
}

impl Drawn {
    fn add(&mut self, record: &Tally, times: &[u8]) {
        self.tally.add(record, 1);
        for (redrawn, times) in self.redrawn.iter_mut().zip(times) {
            redrawn.add(record, u64::from(*times));
        }
    }

    fn merge(&mut self, other: &Self) {
        self.tally.add(&other.tally, 1);
        for (mine, theirs) in self.redrawn.iter_mut().zip(&other.redrawn) {
            mine.add(theirs, 1);
        }
    }

    /// The 95 % percentile interval of a score over the other draws; `None` where fewer than half
    /// of them have one.
    ///
    /// Source: the bootstrap of Efron and Tibshirani (1993) over records, each drawn a
    /// Poisson-distributed number of times as in Hanley and MacGibbon (2006),
    /// doi:10.1016/j.cmpb.2006.04.006, so that no record need be kept.
    pub fn interval(&self, score: impl Fn(&Tally) -> Option<f64>) -> Option<(f64, f64)> {
        let mut values: Vec<f64> = self.redrawn.iter().filter_map(score).collect();
        if values.len() < REDRAWS / 2 {
            return None;
        }
        values.sort_by(f64::total_cmp);
        let last = (values.len() - 1) as f64;
        let at = |share: f64| values[(share * last).round() as usize];
        Some((at(0.025), at(0.975)))
    }
}

/// Agreement over a corpus.
#[derive(Debug, Clone, Default)]
pub struct Evaluation {
    pub records: u64,
    pub characters: u64,
    pub all: Drawn,
    pub by_type: BTreeMap<String, Drawn>,
    pub by_field: BTreeMap<String, Drawn>,
    pub by_language: BTreeMap<String, Drawn>,
}

/// One labelled text and what was found in it.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    pub text: &'a str,
    pub field: Option<&'a str>,
    pub language: Option<&'a str>,
    /// Labels are entity types, as [`Labels`] gives them.
    pub labelled: &'a [Span],
    pub found: &'a [Span],
}

/// What became of a labelled span or a finding.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Judged {
    pub strict: bool,
    pub overlap: bool,
    pub hidden: bool,
}

/// Judges each labelled span and each finding of a record, in their order.
pub fn judge(labelled: &[Span], found: &[Span], labels: &Labels) -> (Vec<Judged>, Vec<Judged>) {
    let is_same = |gold: &Span, span: &Span| labels.same(&gold.label, &span.label);
    let is_strict = |gold: &Span, span: &Span| {
        gold.start == span.start && gold.end == span.end && is_same(gold, span)
    };
    let of_labelled = labelled
        .iter()
        .map(|gold| Judged {
            strict: found.iter().any(|span| is_strict(gold, span)),
            overlap: is_half(gold, found.iter().filter(|span| is_same(gold, span))),
            hidden: is_half(gold, found.iter()),
        })
        .collect();
    let of_found = found
        .iter()
        .map(|span| Judged {
            strict: labelled.iter().any(|gold| is_strict(gold, span)),
            overlap: is_half(span, labelled.iter().filter(|gold| is_same(gold, span))),
            hidden: is_half(span, labelled.iter()),
        })
        .collect();
    (of_labelled, of_found)
}

/// Whether `others` cover at least half of a span.
fn is_half<'a>(span: &Span, others: impl Iterator<Item = &'a Span>) -> bool {
    let covered = covered(span, others);
    covered > 0 && 2 * covered >= span.end - span.start
}

/// How many characters of a span others cover.
fn covered<'a>(span: &Span, others: impl Iterator<Item = &'a Span>) -> usize {
    let mut parts: Vec<(usize, usize)> = others
        .map(|other| (other.start.max(span.start), other.end.min(span.end)))
        .filter(|(start, end)| start < end)
        .collect();
    parts.sort_unstable();
    let (mut total, mut to) = (0, span.start);
    for (start, end) in parts {
        total += end.saturating_sub(start.max(to));
        to = to.max(end);
    }
    total
}

impl Evaluation {
    /// Adds one record.
    pub fn add(&mut self, record: &Record<'_>, labels: &Labels) {
        let times = times(self.records);
        self.records += 1;
        self.characters += record.text.chars().count() as u64;
        let (of_labelled, of_found) = judge(record.labelled, record.found, labels);
        let mut all = Tally::default();
        let mut types: BTreeMap<&str, Tally> = BTreeMap::new();
        for (gold, judged) in record.labelled.iter().zip(of_labelled) {
            let mut one = Tally {
                labelled: (gold.end - gold.start) as u64,
                ..Tally::default()
            };
            one.leaked = one.labelled - covered(gold, record.found.iter()) as u64;
            for (counts, is_found) in [
                (&mut one.strict, judged.strict),
                (&mut one.overlap, judged.overlap),
                (&mut one.hidden, judged.hidden),
            ] {
                counts.tp = u64::from(is_found);
                counts.fn_ = u64::from(!is_found);
            }
            all.add(&one, 1);
            types.entry(&gold.label).or_default().add(&one, 1);
        }
        for (span, judged) in record.found.iter().zip(of_found) {
            let mut one = Tally::default();
            one.strict.fp = u64::from(!judged.strict);
            one.overlap.fp = u64::from(!judged.overlap);
            one.hidden.fp = u64::from(!judged.hidden);
            all.add(&one, 1);
            types.entry(&span.label).or_default().add(&one, 1);
        }
        self.all.add(&all, &times);
        let groups = [
            (&mut self.by_field, record.field),
            (&mut self.by_language, record.language),
        ];
        for (group, name) in groups {
            if let Some(name) = name {
                of(group, name).add(&all, &times);
            }
        }
        for (entity_type, tally) in types {
            of(&mut self.by_type, entity_type).add(&tally, &times);
        }
    }

    /// Counts what was found of a narrower type with the wider one that the corpus labels, so that
    /// a corpus that says `SECRET` has one row of secrets.
    pub fn fold(&mut self, labels: &Labels) {
        let is_labelled = |drawn: &Drawn| drawn.tally.labelled > 0;
        let (wide, narrow): (Vec<_>, Vec<_>) = std::mem::take(&mut self.by_type)
            .into_iter()
            .partition(|(_, drawn)| is_labelled(drawn));
        self.by_type = wide.into_iter().collect();
        for (name, drawn) in narrow {
            let into = self
                .by_type
                .iter_mut()
                .find(|(labelled, other)| is_labelled(other) && labels.same(labelled, &name));
            match into {
                Some((_, wider)) => wider.merge(&drawn),
                None => {
                    self.by_type.insert(name, drawn);
                }
            }
        }
    }
}

fn of<'a>(group: &'a mut BTreeMap<String, Drawn>, name: &str) -> &'a mut Drawn {
    if !group.contains_key(name) {
        group.insert(name.to_owned(), Drawn::default());
    }
    group.entry(name.to_owned()).or_default()
}

/// How often the record of this number is drawn in each of the other draws: Poisson-distributed
/// with mean 1, always the same for the same number.
fn times(record: u64) -> [u8; REDRAWS] {
    // The cumulated probabilities of 0, 1, 2 … in 65,536ths.
    const UP_TO: [u16; 7] = [24_109, 48_218, 60_273, 64_291, 65_296, 65_497, 65_530];
    let mut state = record.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5DEE_CE66_D1CE_4E5B;
    let mut all = [0; REDRAWS];
    for four in all.chunks_mut(4) {
        // SplitMix64, Steele et al. (2014), doi:10.1145/2660193.2660195.
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^= bits >> 31;
        for one in four {
            let draw = bits as u16;
            *one = UP_TO.iter().filter(|up_to| draw >= **up_to).count() as u8;
            bits >>= 16;
        }
    }
    all
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
            label: entity.entity_type.into(),
        });
        point += length;
        byte = entity.end;
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redraws_are_those_of_a_poisson_distribution() {
        let (mut sum, mut squares, n) = (0.0, 0.0, 200.0 * REDRAWS as f64);
        for record in 0..200 {
            for drawn in times(record) {
                sum += f64::from(drawn);
                squares += f64::from(drawn) * f64::from(drawn);
            }
        }
        let mean = sum / n;
        assert!((mean - 1.0).abs() < 0.02, "{mean}");
        assert!((squares / n - mean * mean - 1.0).abs() < 0.03);
        assert_eq!(times(7), times(7));
    }

    #[test]
    fn the_interval_of_a_share_agrees_with_the_binomial_one() {
        let labels = Labels::default();
        let mut evaluation = Evaluation::default();
        for number in 0..1_000 {
            let span = Span {
                start: 0,
                end: 1,
                label: "A".into(),
            };
            let found = if number % 5 == 0 {
                Vec::new()
            } else {
                vec![span.clone()]
            };
            evaluation.add(
                &Record {
                    text: "a",
                    field: None,
                    language: Some("en"),
                    labelled: &[span],
                    found: &found,
                },
                &labels,
            );
        }
        let recall = |tally: &Tally| tally.overlap.scores().recall;
        let (low, high) = evaluation.all.interval(recall).unwrap();
        // 0.8 ± 1.96 · √(0.8 · 0.2 / 1000) = 0.7752–0.8248.
        assert!((low - 0.7752).abs() < 0.01 && (high - 0.8248).abs() < 0.01);
        assert_eq!(evaluation.all.tally.leaked, 200);
    }
}
