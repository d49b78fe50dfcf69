//! Previewing a policy on a pasted text or a stored call, and keeping policies.
//!
//! Not here: finding and treating (`assay-redact`).

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Instant;

use assay_redact::operators::Numbering;
use assay_redact::recognizers::{Category, Recognizers};
use assay_redact::redaction::{Segment, redact};
use assay_store::policies::PolicyRecord;

use crate::approvals::matter::Matter;
use crate::approvals::passing;
use crate::commands::Nothing;
use crate::error::{Code, Result, WireError};
use crate::masking::{BUILTIN, Masker, last_four, policy_in_force, policy_text};
use crate::opening::Engine;
use crate::parts;
use crate::redaction_view::{
    EntityCount, PolicyRef, PolicyRow, PreviewField, PreviewRedaction, PreviewSegment,
    RecognizerRow, RedactionPreview, SavePolicy,
};
use crate::rules;

/// Bytes of a pasted text.
const MAX_TEXT: usize = 4 << 20;

/// What a policy makes of a text or a call.
///
/// # Errors
/// `bad_input` for the policy or the text; `not_found` for the call or the policy.
pub fn preview(engine: &Engine, input: PreviewRedaction) -> Result<RedactionPreview> {
    let masker = match (&input.policy_toml, &input.policy) {
        (Some(toml), _) => Masker::of_text(engine, toml)?,
        (None, Some(name)) => Masker::named(engine, name)?,
        (None, None) => Masker::in_force(engine)?,
    };
    let (parts, stored, not_covered) = match (&input.text, &input.call_id) {
        (Some(text), None) => {
            if text.len() > MAX_TEXT {
                return Err(
                    WireError::new(Code::BadInput, "the text is longer than 4 MiB")
                        .hint("preview a part of it"),
                );
            }
            (vec![(None, None, None, text.clone())], false, Vec::new())
        }
        (None, Some(id)) => {
            let record = engine.store().call(id)?;
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
            let parts: Vec<_> = text
                .parts()
                .into_iter()
                .map(|part| {
                    (
                        Some(part.field),
                        part.label,
                        part.turn.and_then(|turn| u32::try_from(turn).ok()),
                        part.text,
                    )
                })
                .collect();
            if parts.is_empty() {
                not_covered.push("The record holds no text of this call.".to_owned());
            }
            (parts, true, not_covered)
        }
        _ => {
            return Err(WireError::new(
                Code::BadInput,
                "give a text or a call, one of the two",
            ));
        }
    };
    // A policy that is only tried must not show what the one in force hides: that is a reveal.
    let in_force = if stored {
        Some(Masker::in_force(engine)?)
    } else {
        None
    };
    let veiled: Vec<Vec<Range<usize>>> = parts
        .iter()
        .map(|(_, _, _, text)| {
            in_force
                .as_ref()
                .map_or_else(Vec::new, |masker| masker.hidden(text))
        })
        .collect();
    let began = Instant::now();
    let mut numbering = Numbering::default();
    let mut counts: BTreeMap<(String, Category), u64> = BTreeMap::new();
    let mut characters = 0_u64;
    let mut fields = Vec::new();
    for ((field, label, turn, text), veiled) in parts.into_iter().zip(&veiled) {
        characters += text.chars().count() as u64;
        let redacted = redact(&text, masker.policy(), masker.key(), &mut numbering);
        for entity in redacted
            .segments
            .iter()
            .filter_map(|segment| segment.entity.as_ref())
        {
            *counts
                .entry((entity.entity_type.clone(), entity.category))
                .or_insert(0) += 1;
        }
        let mut at = 0;
        let mut segments = Vec::with_capacity(redacted.segments.len());
        for segment in redacted.segments {
            let end = at + segment.before.len();
            segments.push(shown(segment, stored, at, veiled));
            at = end;
        }
        let label = label.map(|label| {
            in_force
                .as_ref()
                .map_or_else(|| label.clone(), |masker| masker.plain(&label))
        });
        fields.push(PreviewField {
            field,
            label,
            turn,
            segments,
        });
    }
    Ok(RedactionPreview {
        policy: masker.policy().name.clone(),
        policy_version: masker.policy().version.clone(),
        fields,
        counts: counts
            .into_iter()
            .map(|((entity_type, category), count)| EntityCount {
                entity_type,
                category: category.name().to_owned(),
                count,
            })
            .collect(),
        not_covered,
        characters,
        elapsed_us: u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX),
        revealed: !stored,
    })
}

/// A segment as the preview shows it. What was found in a stored call stays hidden on the side
/// *before*, and after where the operator keeps it: revealing goes through the trail. So does
/// what the policy in force hides (`veiled`, in bytes of the field) where this one finds nothing.
fn shown(segment: Segment, stored: bool, at: usize, veiled: &[Range<usize>]) -> PreviewSegment {
    let Some(entity) = segment.entity else {
        let text = veil(&segment.before, at, veiled);
        return PreviewSegment {
            before: text.clone(),
            after: text,
            entity_type: None,
            category: None,
            score: None,
            recognizer: None,
            operator: None,
            why: Vec::new(),
        };
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
        entity_type: Some(entity.entity_type),
        category: Some(entity.category.name().to_owned()),
        score: Some(entity.score),
        recognizer: Some(entity.recognizer),
        operator: segment.operator.map(str::to_owned),
        why: entity.why,
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

/// All policies: the program's and the saved ones.
///
/// # Errors
/// The store's.
pub fn policies(engine: &Engine, _: Nothing) -> Result<Vec<PolicyRow>> {
    let in_force = policy_in_force(engine)?;
    let saved = engine.store().policies()?;
    let mut rows = Vec::new();
    for (name, toml) in BUILTIN {
        let version = engine.compiled().policy(toml)?.version.clone();
        rows.push(PolicyRow {
            name: name.to_owned(),
            version,
            in_force: in_force == name,
            builtin: true,
            toml: toml.to_owned(),
        });
    }
    for policy in saved {
        rows.push(PolicyRow {
            in_force: in_force == policy.name,
            name: policy.name,
            version: policy.version,
            builtin: false,
            toml: policy.toml,
        });
    }
    Ok(rows)
}

fn policy_row(engine: &Engine, name: &str) -> Result<PolicyRow> {
    policies(engine, Nothing {})?
        .into_iter()
        .find(|row| row.name == name)
        .ok_or_else(|| WireError::new(Code::NotFound, format!("no policy: {name}")))
}

/// Saves a policy under the name in its text.
///
/// # Errors
/// `bad_input` with the line or key that is wrong, for a rule that breaks its own examples, or for
/// a name of the program's own;
/// `approval_needed` for the policy in force.
pub fn save_policy(engine: &Engine, input: SavePolicy) -> Result<PolicyRow> {
    let policy = engine.compiled().policy(&input.toml)?;
    rules::hold(&policy)?;
    if BUILTIN.iter().any(|(name, _)| *name == policy.name) {
        return Err(WireError::new(
            Code::BadInput,
            format!(
                "`{}` is part of the program and can't be changed",
                policy.name
            ),
        )
        .hint("save it under another name"));
    }
    // What is in force changes with the text of its name.
    let pass = if policy_in_force(engine)? == policy.name {
        passing::spend(engine, &Matter::policy_of(&policy.name, &input.toml))?
    } else {
        None
    };
    let record = PolicyRecord {
        name: policy.name.clone(),
        version: policy.version.clone(),
        toml: input.toml,
    };
    let approval = pass.as_ref().map(|pass| pass.id.as_str());
    engine
        .store()
        .writer()?
        .save_policy(&record, approval, engine.user(), engine.now_ms())?;
    policy_row(engine, &policy.name)
}

/// Makes a policy the one that masks what is shown and searches the calls.
///
/// # Errors
/// `not_found`; `approval_needed`.
pub fn put_in_force(engine: &Engine, input: PolicyRef) -> Result<PolicyRow> {
    engine
        .compiled()
        .policy(&policy_text(engine, &input.name)?)?;
    let pass = passing::spend(engine, &Matter::policy(engine, &input.name)?)?;
    let approval = pass.as_ref().map(|pass| pass.id.as_str());
    engine.store().writer()?.put_policy_in_force(
        &input.name,
        approval,
        engine.user(),
        engine.now_ms(),
    )?;
    policy_row(engine, &input.name)
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
