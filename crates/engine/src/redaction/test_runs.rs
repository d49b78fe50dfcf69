//! Measuring a policy on a test set, and the cases behind the figures.
//!
//! In: a set, and a policy by name or text. Out: figures; texts cut where labels and findings begin
//! and end, each stretch judged as the figures judge it. Not here: counting (`evaluation`), what
//! may be shown (`shown` asks the policy in force).

use assay_redact::evaluate::Span;
use assay_redact::recognizers::Category;
use assay_store::test_sets::{SetRecord, TextRecord};

use crate::error::{Code, Result, WireError};
use crate::masking::{Masker, last_four};
use crate::opening::Engine;
use crate::redaction::evaluation::corpora::Labelled;
use crate::redaction::evaluation::{self, Case, Choice, Found, Measuring, Rules};
use crate::redaction::test_sets::view::{AskCases, CasePage, CaseRow, CaseSegment, RunSet, SetRun};
use crate::redaction::test_sets::{PAGE, number, row};

/// Cases of one page.
const CASES: usize = 50;

fn rules(engine: &Engine, policy: Option<String>, policy_toml: Option<String>) -> Result<Rules> {
    let choice = match (policy_toml, policy) {
        (Some(toml), _) => Choice::Toml(toml),
        (None, Some(name)) => Choice::Named(name),
        (None, None) => Choice::InForce,
    };
    evaluation::rules(engine, &choice)
}

pub(crate) fn labelled(text: &TextRecord) -> Labelled {
    Labelled {
        line: text.id.unsigned_abs(),
        text: text.text.clone(),
        spans: text
            .labels
            .iter()
            .map(|label| Span {
                start: label.from_point as usize,
                end: label.to_point as usize,
                label: label.entity_type.clone(),
            })
            .collect(),
        language: text.language.clone(),
        field: text.field.clone(),
    }
}

/// Calls `each` with the texts of a set, a page at a time in memory, until it answers `false`.
///
/// # Errors
/// The store's; those of `each`.
pub(crate) fn texts(
    engine: &Engine,
    set: &SetRecord,
    mut after: i64,
    each: &mut dyn FnMut(TextRecord) -> Result<bool>,
) -> Result<()> {
    loop {
        let page = engine.store().test_texts(set.id, after, PAGE)?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after = last.id;
        for text in page {
            if !each(text)? {
                return Ok(());
            }
        }
    }
}

/// Measures a policy on a set.
///
/// # Errors
/// `not_found` for set or policy; `bad_input` for the policy's text.
pub fn run(engine: &Engine, input: RunSet) -> Result<SetRun> {
    let set = engine.store().test_set(&input.set)?;
    let rules = rules(engine, input.policy, input.policy_toml)?;
    let mut measuring = Measuring::new(&rules, &[], &[]);
    let reading = rules.reading();
    texts(engine, &set, 0, &mut |text| {
        measuring.add(&labelled(&text))?;
        Ok(true)
    })?;
    reading.ended()?;
    Ok(SetRun {
        set: row(&set),
        measured: measuring.end("set"),
    })
}

/// Texts of a set in which the policy misses or wrongly finds something, in the order of the set.
///
/// # Errors
/// As [`run`]; `bad_input` for `which`.
pub fn cases(engine: &Engine, input: AskCases) -> Result<CasePage> {
    let set = engine.store().test_set(&input.set)?;
    let rules = rules(engine, input.policy, input.policy_toml)?;
    let masker = Masker::in_force(engine)?;
    if !["missed", "wrong", "all"].contains(&input.which.as_str()) {
        return Err(WireError::new(
            Code::BadInput,
            "which cases: `missed`, `wrong` or `all`",
        ));
    }
    let is_asked = |span: &Span| {
        input
            .entity_type
            .as_ref()
            .is_none_or(|wanted| *wanted == span.label || wide(&rules, wanted, &span.label))
    };
    // Only its judgements are asked for.
    let mut measuring = Measuring::new(&rules, &[], &[]);
    let mut page = CasePage {
        cases: Vec::new(),
        more: false,
    };
    texts(
        engine,
        &set,
        input.after.map_or(0, i64::from),
        &mut |text| {
            let case = measuring.add(&labelled(&text))?;
            let missed = case
                .labelled
                .iter()
                .any(|(span, judged)| !judged.overlap && is_asked(span));
            let wrong = case
                .found
                .iter()
                .any(|(span, judged)| !judged.overlap && is_asked(span));
            let is_it = match input.which.as_str() {
                "missed" => missed,
                "wrong" => wrong,
                _ => true,
            };
            if !is_it {
                return Ok(true);
            }
            if page.cases.len() == CASES {
                page.more = true;
                return Ok(false);
            }
            page.cases.push(case_row(
                engine, &set.name, &text, &rules, &case, &masker, false,
            )?);
            Ok(true)
        },
    )?;
    Ok(page)
}

/// Whether a finding of one type is counted in the row of another.
fn wide(rules: &Rules, wanted: &str, found: &str) -> bool {
    rules.labels().same(wanted, found)
}

/// A text with a policy's findings beside its labels; as it is where `revealed`.
///
/// # Errors
/// As [`run`].
pub(crate) fn shown(
    engine: &Engine,
    text: &TextRecord,
    policy: Option<String>,
    policy_toml: Option<String>,
    revealed: bool,
) -> Result<CaseRow> {
    let rules = rules(engine, policy, policy_toml)?;
    let case = Measuring::new(&rules, &[], &[]).add(&labelled(text))?;
    let masker = Masker::in_force(engine)?;
    let sets = engine.store().test_sets()?;
    let name = sets
        .iter()
        .find(|set| set.id == text.set_id)
        .map_or("", |set| set.name.as_str());
    case_row(engine, name, text, &rules, &case, &masker, revealed)
}

fn case_row(
    engine: &Engine,
    set: &str,
    text: &TextRecord,
    rules: &Rules,
    case: &Case,
    masker: &Masker,
    revealed: bool,
) -> Result<CaseRow> {
    let call = text
        .call_seq
        .map(|seq| engine.store().id_of_call(seq))
        .transpose()?;
    let revealed = revealed || call.is_none();
    Ok(CaseRow {
        text: number(text.id),
        set: set.to_owned(),
        call,
        language: text.language.clone(),
        field: text.field.clone(),
        segments: segments(text, rules, case, (!revealed).then_some(masker)),
        revealed,
    })
}

/// Cuts a text where labels and findings begin and end. With a masker what is labelled, found or
/// hidden by it stands as dots; of a secret the last four characters show at most.
fn segments(
    text: &TextRecord,
    rules: &Rules,
    case: &Case,
    masker: Option<&Masker>,
) -> Vec<CaseSegment> {
    let characters: Vec<char> = text.text.chars().collect();
    let found: Vec<Found> = evaluation::detect(&text.text, rules);
    let veiled = masker.map_or_else(Vec::new, |masker| points(&text.text, masker));
    let mut cuts = vec![0, characters.len()];
    let ends = |start: usize, end: usize| [start, end];
    cuts.extend(
        case.labelled
            .iter()
            .flat_map(|(span, _)| ends(span.start, span.end)),
    );
    cuts.extend(found.iter().flat_map(|one| ends(one.start, one.end)));
    cuts.extend(veiled.iter().flat_map(|(start, end)| ends(*start, *end)));
    cuts.retain(|cut| *cut <= characters.len());
    cuts.sort_unstable();
    cuts.dedup();
    let mut segments = Vec::with_capacity(cuts.len());
    for pair in cuts.windows(2) {
        let (start, end) = (pair[0], pair[1]);
        let lies = |from: usize, to: usize| from <= start && end <= to;
        let label = text
            .labels
            .iter()
            .find(|label| lies(label.from_point as usize, label.to_point as usize));
        let judged_label = case
            .labelled
            .iter()
            .find(|(span, _)| lies(span.start, span.end));
        let one = found.iter().find(|one| lies(one.start, one.end));
        let judged_found = case
            .found
            .iter()
            .find(|(span, _)| lies(span.start, span.end));
        let verdict = match (judged_label, judged_found) {
            (Some((_, judged)), _) if !judged.overlap => "missed",
            (_, Some((_, judged))) if !judged.overlap => "wrong",
            (Some(_), _) | (_, Some(_)) => "right",
            (None, None) => "plain",
        };
        let category = one
            .map(|one| one.entity_type.as_str())
            .or(label.map(|label| label.entity_type.as_str()))
            .map(|entity_type| rules.category(entity_type));
        let plain: String = characters[start..end].iter().collect();
        let is_hidden = masker.is_some()
            && (label.is_some()
                || one.is_some()
                || veiled.iter().any(|(from, to)| lies(*from, *to)));
        let shown = if is_hidden {
            "•".repeat(end - start)
        } else if text.call_seq.is_some() && category == Some(Category::Secret) {
            padded(&last_four(&plain), end - start)
        } else {
            plain
        };
        segments.push(CaseSegment {
            text: shown,
            label: label.map(|label| number(label.id)),
            labelled_type: label.map(|label| label.entity_type.clone()),
            labelled_by: label.map(|label| label.labelled_by.clone()),
            labelled_at: label.map(|label| assay_domain::moment::rfc3339(label.labelled_ms)),
            found_type: one.map(|one| one.entity_type.clone()),
            recognizer: one.map(|one| one.recognizer.clone()),
            score: one.map(|one| one.score),
            category: category.map(|category| category.name().to_owned()),
            verdict: verdict.to_owned(),
        });
    }
    segments
}

/// As long as what it stands for, so that places in what is shown are places in the text.
fn padded(shown: &str, length: usize) -> String {
    let kept: Vec<char> = shown.chars().rev().take(length.min(4)).collect();
    let dots = length - kept.len();
    let kept = kept.into_iter().rev();
    std::iter::repeat_n('•', dots).chain(kept).collect()
}

/// What the policy in force hides, in code points.
fn points(text: &str, masker: &Masker) -> Vec<(usize, usize)> {
    let (mut byte, mut point) = (0, 0);
    masker
        .hidden(None, None, text)
        .into_iter()
        .map(|range| {
            point += text[byte..range.start].chars().count();
            let length = text[range.clone()].chars().count();
            let span = (point, point + length);
            point += length;
            byte = range.end;
            span
        })
        .collect()
}
