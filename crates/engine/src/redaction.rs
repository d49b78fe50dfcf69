//! Redaction: previewing a policy on a pasted text or a stored call; in the folder, keeping policies and
//! what tells how good they are, and guards of others.
//!
//! Not here: finding and treating (`assay-redact`), masking what is shown of a record (`masking`).

pub mod canaries;
pub mod evaluation;
pub mod filtering;
pub mod guard_results;
pub mod guard_runs;
pub mod guards;
pub mod leak_bounds;
pub mod names_model;
pub mod policies;
pub mod rehearsal;
pub mod rules;
pub mod sinks;
mod sweep;
pub mod test_runs;
pub mod test_sets;
pub mod vault;
pub mod view;

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Instant;

use assay_domain::exchange::{Field, Part, Written};
use assay_redact::conversation;
use assay_redact::operators::Numbering;
use assay_redact::policy::Policy;
use assay_redact::recognizers::{Category, Recognizers};
use assay_redact::redaction::{Segment, Silenced, silenced};

use crate::commands::Nothing;
use crate::error::{Code, Result, WireError};
use crate::masking::{Masker, NamedPart, last_four, showing};
use crate::opening::Engine;
use crate::redaction::view::{
    AllowedCount, EntityCount, PreviewField, PreviewRedaction, PreviewSegment, RecognizerRow,
    RedactionPreview,
};
use crate::trail::parts;

/// Bytes of a pasted text.
const MAX_TEXT: usize = 4 << 20;

/// What a policy makes of a text or a call.
///
/// # Errors
/// `bad_input` for the policy or the text; `not_found` for the call or the policy.
pub fn preview(engine: &Engine, input: PreviewRedaction) -> Result<RedactionPreview> {
    let mut masker = match (&input.policy_toml, &input.policy) {
        (Some(toml), _) => Masker::of_text(engine, toml)?,
        (None, Some(name)) => Masker::named(engine, name)?,
        (None, None) => Masker::in_force(engine)?,
    };
    let mut deployment = input.deployment.clone();
    let (parts, exchange, not_covered) = match (&input.text, &input.call_id) {
        (Some(text), None) => {
            if text.len() > MAX_TEXT {
                return Err(
                    WireError::new(Code::BadInput, "the text is longer than 4 MiB")
                        .hint("preview a part of it"),
                );
            }
            let part = NamedPart::of(Part {
                field: input.field.unwrap_or(Field::UserMessage),
                pointer: String::new(),
                turn: None,
                label: None,
                text: text.clone(),
                written: Written::Text,
            });
            (vec![part], None, Vec::new())
        }
        (None, Some(id)) => {
            let record = engine.store().call(id)?;
            deployment = Some(record.deployment.clone());
            let raw = engine.store().raw(record.seq)?;
            let text = parts::said(engine.store(), record.seq, record.format, &raw)?;
            let mut not_covered: Vec<String> = text
                .unsearchable()
                .into_iter()
                .map(|(kind, count)| format!("{count} × {kind}: not text, not searched"))
                .collect();
            not_covered.extend(
                text.references
                    .iter()
                    .map(|_| "Text that the source delivered to another object".to_owned()),
            );
            let parts = NamedPart::all(&text);
            if parts.is_empty() {
                not_covered.push("The record holds no text of this call.".to_owned());
            }
            (parts, Some(text), not_covered)
        }
        _ => {
            return Err(WireError::new(
                Code::BadInput,
                "give a text or a call, one of the two",
            ));
        }
    };
    let stored = exchange.is_some();
    if let Some(deployment) = &deployment {
        masker = masker.of(deployment);
    }
    // A policy that is only tried must not show what the one in force hides: that is a reveal.
    let in_force = match (stored, &deployment) {
        (true, Some(deployment)) => Some(Masker::in_force(engine)?.of(deployment)),
        _ => None,
    };
    let veiled: Vec<Vec<Range<usize>>> = match &in_force {
        Some(masker) => masker.hidden_in(&parts),
        None => vec![Vec::new(); parts.len()],
    };
    let began = Instant::now();
    let mut numbering = Numbering::default();
    let mut counts: BTreeMap<(String, Category), u64> = BTreeMap::new();
    let mut allowed: BTreeMap<usize, u64> = BTreeMap::new();
    let mut characters = 0_u64;
    let mut fields = Vec::new();
    let mut names = Numbering::default();
    let mut texts = masker.texts(&parts);
    if !stored && input.field.is_none() {
        // Which field a pasted text is, nobody said.
        texts
            .iter_mut()
            .for_each(|text| text.policy = masker.unplaced());
    }
    let redacted = conversation::redact(&texts, masker.key(), &mut numbering);
    let policies: Vec<&Policy> = texts.iter().map(|text| text.policy).collect();
    for (((named, veiled), redacted), policy) in
        parts.iter().zip(&veiled).zip(redacted).zip(policies)
    {
        let (part, text) = (&named.part, &named.part.text);
        characters += text.chars().count() as u64;
        let alone = silenced(text, policy);
        for one in &alone {
            *allowed.entry(one.entry).or_insert(0_u64) += 1;
        }
        for entity in redacted
            .segments
            .iter()
            .filter_map(|segment| segment.entity.as_ref())
        {
            *counts
                .entry((entity.entity_type.into(), entity.category))
                .or_insert(0) += 1;
        }
        let mut at = 0;
        let mut segments = Vec::with_capacity(redacted.segments.len());
        for segment in redacted.segments {
            let end = at + segment.before.len();
            match segment.entity {
                Some(_) => segments.push(shown(segment, stored, at, veiled)),
                None => segments.extend(left_alone(
                    (&segment.before, at),
                    stored,
                    veiled,
                    &alone,
                    policy,
                )),
            }
            at = end;
        }
        let label = part.label.as_ref().map(|label| {
            in_force
                .as_ref()
                .map_or_else(|| label.clone(), |masker| masker.plain(label))
        });
        let path = exchange.as_ref().zip(in_force.as_ref());
        let path = path.and_then(|(exchange, masker)| {
            showing::path(masker, &exchange.steps(part), &mut names)
        });
        fields.push(PreviewField {
            field: if stored {
                Some(part.field)
            } else {
                input.field
            },
            label,
            path,
            turn: part.turn.and_then(|turn| u32::try_from(turn).ok()),
            segments,
        });
    }
    Ok(RedactionPreview {
        policy: masker.name().to_owned(),
        policy_version: masker.policy().version.clone(),
        names_model: names_model::used(masker.policy()),
        fields,
        counts: counts
            .into_iter()
            .map(|((entity_type, category), count)| EntityCount {
                entity_type,
                category: category.name().to_owned(),
                count,
            })
            .collect(),
        allowed: allowed_counts(&masker, &allowed, stored, engine.compiled().today()),
        not_covered,
        characters,
        elapsed_us: u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX),
        revealed: !stored,
    })
}

/// The entries of the allow list that left something alone, and those whose last day has passed.
fn allowed_counts(
    masker: &Masker,
    hits: &BTreeMap<usize, u64>,
    stored: bool,
    today: i64,
) -> Vec<AllowedCount> {
    let entries = masker.policy().allow_list().iter().enumerate();
    entries
        .filter_map(|(index, entry)| {
            let (over, hits) = (entry.is_over(today), hits.get(&index).copied().unwrap_or(0));
            (over || hits > 0).then(|| AllowedCount {
                place: entry.place.clone(),
                entry: if stored { entry.told() } else { entry.said() },
                over,
                hits,
            })
        })
        .collect()
}

/// A text in which nothing is treated, which begins at the byte `at` of its field: what the allow
/// list leaves alone stands apart, with the entry that did it.
fn left_alone(
    (text, at): (&str, usize),
    stored: bool,
    veiled: &[Range<usize>],
    alone: &[Silenced],
    policy: &Policy,
) -> Vec<PreviewSegment> {
    let mut segments = Vec::new();
    let mut done = at;
    let end = at + text.len();
    let piece = |from: usize, to: usize| veil(&text[from - at..to - at], from, veiled);
    for one in alone {
        let entity = &one.entity;
        if entity.start < done || entity.end > end {
            continue;
        }
        if done < entity.start {
            segments.push(plain(piece(done, entity.start)));
        }
        let mut why = entity.why.sentences();
        let entry = policy.allow_list().get(one.entry);
        why.extend(entry.map(|entry| if stored { entry.told() } else { entry.said() }));
        segments.push(PreviewSegment {
            entity_type: Some(entity.entity_type.into()),
            category: Some(entity.category.name().to_owned()),
            score: Some(entity.score),
            recognizer: Some(entity.recognizer.into()),
            operator: Some("allow".to_owned()),
            why,
            ..plain(piece(entity.start, entity.end))
        });
        done = entity.end;
    }
    if done < end {
        segments.push(plain(piece(done, end)));
    }
    segments
}

fn plain(text: String) -> PreviewSegment {
    PreviewSegment {
        before: text.clone(),
        after: text,
        entity_type: None,
        category: None,
        score: None,
        recognizer: None,
        operator: None,
        why: Vec::new(),
    }
}

/// A segment as the preview shows it. What was found in a stored call stays hidden on the side
/// *before*, and after where the operator keeps it: revealing goes through the trail. So does
/// what the policy in force hides (`veiled`, in bytes of the field) where this one finds nothing.
fn shown(segment: Segment, stored: bool, at: usize, veiled: &[Range<usize>]) -> PreviewSegment {
    let Some(entity) = segment.entity else {
        return plain(veil(&segment.before, at, veiled));
    };
    let is_secret = entity.category == Category::Secret;
    let before = match (stored, is_secret) {
        (true, _) => hidden(&segment.before),
        (false, true) => last_four(&segment.before),
        (false, false) => segment.before.clone(),
    };
    let kept = segment.after == segment.before;
    PreviewSegment {
        after: if kept { before.clone() } else { segment.after },
        before,
        entity_type: Some(entity.entity_type.into()),
        category: Some(entity.category.name().to_owned()),
        score: Some(entity.score),
        recognizer: Some(entity.recognizer.into()),
        operator: segment.operator.map(str::to_owned),
        why: entity.why.sentences(),
    }
}

fn hidden(text: &str) -> String {
    "•".repeat(text.chars().count().clamp(3, 24))
}

/// `text`, which begins at the byte `at` of its field, with the parts that lie in `veiled` hidden.
fn veil(text: &str, at: usize, veiled: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut shown = 0;
    for range in veiled
        .iter()
        .filter(|range| range.start < at + text.len() && range.end > at)
    {
        let from = range.start.saturating_sub(at).max(shown);
        let to = (range.end - at).min(text.len());
        out.push_str(&text[shown..from]);
        out.push_str(&hidden(&text[from..to]));
        shown = to;
    }
    out.push_str(&text[shown..]);
    out
}

/// The recognizers that are part of the program.
///
/// # Errors
/// Never, as the program's own recognizers are tested.
pub fn recognizers(_: &Engine, _: Nothing) -> Result<Vec<RecognizerRow>> {
    let all = Recognizers::with(Vec::new())
        .map_err(|error| WireError::new(Code::Internal, error.to_string()))?;
    Ok(all
        .iter()
        .map(|recognizer| {
            let source = &recognizer.source;
            let examples = if source.category == Category::Secret {
                Vec::new()
            } else {
                source.examples.clone()
            };
            RecognizerRow {
                name: source.name.clone(),
                entity_type: source.entity_type.clone(),
                category: source.category.name().to_owned(),
                about: source.about.clone(),
                examples,
            }
        })
        .collect())
}
