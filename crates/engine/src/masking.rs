//! Masking what the window and the terminal show of a stored record.
//!
//! In: the text of a call or the bytes of a record. Out: segments in which what the policy in
//! force finds stands as a placeholder. Not here: previews of other policies (`redaction`).

use std::sync::{Arc, Mutex, PoisonError};

use assay_domain::exchange::{Exchange, Field, Part};
use assay_redact::names::Level;
use assay_redact::operators::Numbering;
use assay_redact::policy::{DEFAULT, MASKING, Policy};
use assay_redact::recognizers::Category;
use assay_redact::redaction::{self, redact};

use crate::error::{Code, Result, WireError};
use crate::opening::Engine;
use crate::trail_view::{MaskedPart, Segment};

/// Bytes of a record that the raw view shows.
const RAW_SHOWN: usize = 64 << 10;
/// Characters without a space from which on a text of a record is taken for base64; the longest
/// hash is shorter.
const BASE64: usize = 160;
/// Characters of one field that a screen shows.
const PART_SHOWN: usize = 200_000;

/// The policies that are part of the program: name and text.
pub(crate) const BUILTIN: [(&str, &str); 2] = [("default", DEFAULT), ("masking", MASKING)];

/// Compiled policies by their text; compiling takes longer than using one.
#[derive(Default)]
pub struct Compiled(Mutex<Vec<(String, Arc<Policy>)>>);

impl Compiled {
    /// The policy with this text.
    ///
    /// # Errors
    /// `bad_input` with the line or key that is wrong.
    pub(crate) fn policy(&self, toml: &str) -> Result<Arc<Policy>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, policy)) = kept.iter().find(|(text, _)| text == toml) {
            return Ok(Arc::clone(policy));
        }
        let policy = Policy::parse(toml).map_err(|error| {
            WireError::new(Code::BadInput, format!("the policy can't be used: {error}"))
                .hint("correct it and try again; nothing was changed")
        })?;
        let policy = Arc::new(policy);
        if kept.len() >= 8 {
            kept.remove(0);
        }
        kept.push((toml.to_owned(), Arc::clone(&policy)));
        Ok(policy)
    }
}

/// The text of a policy by name: saved ones first, then the program's.
pub(crate) fn policy_text(engine: &Engine, name: &str) -> Result<String> {
    let saved = engine.store().policies()?;
    saved
        .into_iter()
        .find(|policy| policy.name == name)
        .map(|policy| policy.toml)
        .or_else(|| {
            BUILTIN
                .iter()
                .find(|(builtin, _)| *builtin == name)
                .map(|(_, text)| (*text).to_owned())
        })
        .ok_or_else(|| {
            WireError::new(Code::NotFound, format!("no policy: {name}"))
                .hint("see `redaction policies`")
        })
}

/// The name of the policy in force.
pub(crate) fn policy_in_force(engine: &Engine) -> Result<String> {
    Ok(engine
        .store()
        .fact("policy_in_force")?
        .unwrap_or_else(|| BUILTIN[0].0.to_owned()))
}

/// Shows records as a policy leaves them.
pub(crate) struct Masker {
    policy: Arc<Policy>,
    /// The same, but that it looks for no names.
    without_names: Policy,
    key: Vec<u8>,
}

impl Masker {
    /// By the policy in force.
    pub(crate) fn in_force(engine: &Engine) -> Result<Self> {
        Self::named(engine, &policy_in_force(engine)?)
    }

    /// By the policy with this name.
    pub(crate) fn named(engine: &Engine, name: &str) -> Result<Self> {
        Self::of_text(engine, &policy_text(engine, name)?)
    }

    /// By a policy as TOML.
    pub(crate) fn of_text(engine: &Engine, toml: &str) -> Result<Self> {
        let policy = engine.compiled().policy(toml)?;
        let mut without_names = (*policy).clone();
        without_names.names = Level::Off;
        Ok(Self {
            without_names,
            policy,
            key: engine.store().hash_key()?,
        })
    }

    pub(crate) fn name(&self) -> &str {
        &self.policy.name
    }

    pub(crate) fn policy(&self) -> &Policy {
        &self.policy
    }

    pub(crate) fn key(&self) -> &[u8] {
        &self.key
    }

    /// A short text, masked.
    pub(crate) fn plain(&self, text: &str) -> String {
        redact(text, &self.policy, &self.key, &mut Numbering::default()).text
    }

    /// A model, an application, a reason: one word that a source set, masked. Names are not looked
    /// for in it, since a model that reads sentences takes many such words for some.
    pub(crate) fn word(&self, text: &str) -> String {
        redact(
            text,
            &self.without_names,
            &self.key,
            &mut Numbering::default(),
        )
        .text
    }

    /// Where `text` holds something that is not shown: bytes, in order, never overlapping.
    pub(crate) fn hidden(&self, text: &str) -> Vec<std::ops::Range<usize>> {
        redaction::entities(text, &self.policy)
            .into_iter()
            .filter(|entity| self.policy.operator(&entity.entity_type).name() != "keep")
            .map(|entity| entity.start..entity.end)
            .collect()
    }

    /// The request's and the response's fields, masked.
    pub(crate) fn exchange(&self, exchange: &Exchange) -> (Vec<MaskedPart>, Vec<MaskedPart>) {
        self.parts(exchange, |segment| segment.after)
    }

    /// The fields in the original, except that of a secret only the last four characters show.
    pub(crate) fn revealed(&self, exchange: &Exchange) -> (Vec<MaskedPart>, Vec<MaskedPart>) {
        self.parts(exchange, |segment| match &segment.entity {
            Some(entity) if entity.category == Category::Secret => last_four(&segment.before),
            _ => segment.before,
        })
    }

    fn parts(
        &self,
        exchange: &Exchange,
        show: impl Fn(redaction::Segment) -> String,
    ) -> (Vec<MaskedPart>, Vec<MaskedPart>) {
        let mut numbering = Numbering::default();
        let mut parts = (Vec::new(), Vec::new());
        for part in exchange.parts() {
            let is_request = part.field.is_request();
            let shown = self.part(part, &mut numbering, &show);
            if is_request {
                parts.0.push(shown)
            } else {
                parts.1.push(shown)
            }
        }
        parts
    }

    fn part(
        &self,
        part: Part,
        numbering: &mut Numbering,
        show: &impl Fn(redaction::Segment) -> String,
    ) -> MaskedPart {
        let redacted = redact(&part.text, &self.policy, &self.key, numbering);
        let mut segments = Vec::new();
        let (mut shown, mut cut) = (0, 0_u64);
        for segment in redacted.segments {
            let entity = segment.entity.clone();
            let text = show(segment);
            let length = text.chars().count();
            if shown + length > PART_SHOWN {
                let rest = PART_SHOWN.saturating_sub(shown);
                cut += (length - rest) as u64;
                if rest > 0 && entity.is_none() {
                    segments.push(segment_of(text.chars().take(rest).collect(), None));
                }
                shown = PART_SHOWN;
                continue;
            }
            shown += length;
            segments.push(segment_of(text, entity));
        }
        MaskedPart {
            field: part.field,
            turn: part.turn.and_then(|turn| u32::try_from(turn).ok()),
            label: part.label.map(|label| self.plain(&label)),
            pointer: self.plain(&part.pointer),
            segments,
            cut,
        }
    }

    /// A record as it came in, masked, and how many of its bytes are left out.
    pub(crate) fn raw(&self, raw: &[u8]) -> (Vec<Segment>, u64) {
        let mut numbering = Numbering::default();
        let read = String::from_utf8_lossy(raw);
        // In JSON a value may be written with escapes; it is masked as what it means.
        let text = match serde_json::from_str::<serde_json::Value>(&read) {
            Ok(mut value) => {
                fold(&mut value);
                redaction::redact_json(&mut value, &self.policy, &self.key, &mut numbering);
                serde_json::to_string_pretty(&value).unwrap_or_default()
            }
            Err(_) => redact(&read, &self.policy, &self.key, &mut numbering).text,
        };
        let mut end = RAW_SHOWN.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        (
            vec![segment_of(text[..end].to_owned(), None)],
            (text.len() - end) as u64,
        )
    }

    /// Entities by type and field in a call's text. Places and organizations are left out, and so
    /// are days and ages that the policy keeps: they stand in nearly every call and name nobody.
    pub(crate) fn found(
        &self,
        exchange: &Exchange,
    ) -> std::collections::BTreeMap<(String, String), u64> {
        let mut found = std::collections::BTreeMap::new();
        for Part { field, text, .. } in exchange.parts() {
            for entity in redaction::entities(&text, &self.policy) {
                let kept = self.policy.operator(&entity.entity_type).name() == "keep";
                match entity.entity_type.as_str() {
                    "LOCATION" | "ORGANIZATION" => continue,
                    "DATE_TIME" | "AGE" if kept => continue,
                    _ => {}
                }
                *found
                    .entry((entity.entity_type, Field::name(field).to_owned()))
                    .or_insert(0) += 1;
            }
        }
        found
    }
}

/// Folds texts in base64: an image or a document in it can't be searched, and anybody can read it.
pub(crate) fn fold(value: &mut serde_json::Value) {
    use serde_json::Value;
    let is_base64 = |text: &str| {
        let data = text.split_once(";base64,").map_or(text, |(_, data)| data);
        data.len() >= BASE64
            && data
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+/=-_".contains(&byte))
    };
    match value {
        Value::String(text) if is_base64(text) => {
            *text = format!("[{} characters of base64]", text.len())
        }
        Value::Array(items) => items.iter_mut().for_each(fold),
        Value::Object(fields) => fields.values_mut().for_each(fold),
        _ => {}
    }
}

/// Of a secret only the end shows, and only where it is long enough to hide behind.
pub(crate) fn last_four(secret: &str) -> String {
    let count = secret.chars().count();
    let tail: String = if count >= 16 {
        secret.chars().skip(count - 4).collect()
    } else {
        String::new()
    };
    format!("••••{}", tail.trim())
}

fn segment_of(text: String, entity: Option<assay_redact::detect::Entity>) -> Segment {
    match entity {
        None => Segment {
            text,
            entity_type: None,
            category: None,
            score: None,
            recognizer: None,
        },
        Some(entity) => Segment {
            text,
            entity_type: Some(entity.entity_type),
            category: Some(entity.category.name().to_owned()),
            score: Some(entity.score),
            recognizer: Some(entity.recognizer),
        },
    }
}

#[cfg(test)]
mod tests;
