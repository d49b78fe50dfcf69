//! Masking what the window and the terminal show of a stored record.
//!
//! In: the text of a call or the bytes of a record. Out: segments in which what the policy in
//! force finds stands as a placeholder. Not here: previews of other policies (`redaction`).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use assay_domain::exchange::{Exchange, Field, Part};
use assay_redact::conversation::{self, Text};
use assay_redact::detect::Entity;
use assay_redact::names::Level;
use assay_redact::names::plugged::FindNames;
use assay_redact::operators::Numbering;
use assay_redact::policy::{Policy, nearest};
use assay_redact::recognizers::Category;
use assay_redact::redaction::{self, redact};

use crate::error::{Code, Result, WireError};
use crate::opening::Engine;
use crate::redaction::{names_model, policies};
use crate::trail::view::{MaskedPart, Segment};

/// Bytes of a record that the raw view shows.
const RAW_SHOWN: usize = 64 << 10;
/// Characters without a space from which on a text of a record is taken for base64; the longest
/// hash is shorter.
const BASE64: usize = 160;

/// Milliseconds of a day.
pub(crate) const DAY_MS: i64 = 86_400_000;

/// Compiled policies by their text and the day; compiling takes longer than using one.
pub struct Compiled {
    clock: Arc<dyn Fn() -> i64 + Send + Sync>,
    kept: Mutex<Vec<Kept>>,
    names_model: names_model::Kept,
}

struct Kept {
    toml: String,
    day: i64,
    /// The hash of the names model that it asks; empty for none.
    model: String,
    policy: Arc<Policy>,
}

impl Compiled {
    /// Nothing compiled yet; `clock` says which day it is, in UTC milliseconds.
    pub(crate) fn new(clock: Arc<dyn Fn() -> i64 + Send + Sync>) -> Self {
        Self {
            clock,
            kept: Mutex::default(),
            names_model: names_model::Kept::default(),
        }
    }

    /// The names model that was read last.
    pub(crate) fn names_model(&self) -> &names_model::Kept {
        &self.names_model
    }

    /// A policy of [`Compiled::policy`] with a names model.
    pub(crate) fn with_plugged(
        &self,
        toml: &str,
        policy: &Policy,
        model: Arc<dyn FindNames>,
    ) -> Arc<Policy> {
        let day = self.today();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |one: &Kept| {
            let asked = one.policy.plugged().map(std::ptr::from_ref);
            (one.toml.as_str(), one.day) == (toml, day)
                && one.model == model.sha256()
                && asked.is_some_and(|asked| std::ptr::addr_eq(asked, Arc::as_ptr(&model)))
        };
        if let Some(found) = kept.iter().find(|one| same(one)) {
            return Arc::clone(&found.policy);
        }
        kept.retain(|one| one.model.is_empty() || one.model == model.sha256());
        let one = Kept {
            toml: toml.to_owned(),
            day,
            model: model.sha256().to_owned(),
            policy: Arc::new(policy.clone().with_plugged(model)),
        };
        keep(&mut kept, one)
    }

    /// Today, in days since 1970 (UTC).
    pub(crate) fn today(&self) -> i64 {
        (self.clock)().div_euclid(DAY_MS)
    }

    /// The policy with this text, as it is today.
    ///
    /// # Errors
    /// `bad_input` with the line or key that is wrong.
    pub(crate) fn policy(&self, toml: &str) -> Result<Arc<Policy>> {
        let day = self.today();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = kept
            .iter()
            .find(|one| one.toml == toml && one.day == day && one.model.is_empty())
        {
            return Ok(Arc::clone(&found.policy));
        }
        let policy = parsed(toml, day)?;
        let one = Kept {
            toml: toml.to_owned(),
            day,
            model: String::new(),
            policy: Arc::new(policy),
        };
        Ok(keep(&mut kept, one))
    }
}

/// The policy with this text, as it is on a day.
///
/// # Errors
/// `bad_input` with the line or key that is wrong.
pub(crate) fn parsed(toml: &str, day: i64) -> Result<Policy> {
    let unusable = |message: String| {
        WireError::new(
            Code::BadInput,
            format!("the policy can't be used: {message}"),
        )
        .hint("correct it and try again; nothing was changed")
    };
    let policy = Policy::parse_on(toml, day).map_err(|error| unusable(error.to_string()))?;
    if let Some((key, name)) = policy
        .named_fields()
        .find(|(_, name)| !Field::ALL.iter().any(|field| field.name() == *name))
    {
        let known = || Field::ALL.iter().map(|field| field.name());
        let meant = nearest(name, known()).map_or_else(
            || known().collect::<Vec<_>>().join(", "),
            |near| format!("did you mean `{near}`?"),
        );
        return Err(unusable(format!(
            "`{key}`: no field is called `{name}`: {meant}"
        )));
    }
    Ok(policy)
}

/// Keeps a policy in place of the oldest.
fn keep(kept: &mut Vec<Kept>, one: Kept) -> Arc<Policy> {
    if kept.len() >= 8 {
        kept.remove(0);
    }
    let policy = Arc::clone(&one.policy);
    kept.push(one);
    policy
}

/// The text of a version of a policy: `claims@3`, or `claims` for the newest.
pub(crate) fn policy_text(engine: &Engine, reference: &str) -> Result<String> {
    Ok(policies::version(engine, reference)?.toml)
}

/// The reference of the policy in force.
pub(crate) fn policy_in_force(engine: &Engine) -> Result<String> {
    policies::in_force(engine)
}

/// Shows records as a policy leaves them.
pub(crate) struct Masker {
    /// What names the very text; of one that is only tried, its name.
    reference: String,
    policy: Arc<Policy>,
    /// What it says of a text that is no field, but that it looks for no names; made when first asked.
    without_names: OnceLock<Policy>,
    key: Arc<[u8]>,
    /// Of whose records; `None` for what belongs to no deployment.
    deployment: Option<String>,
    /// What is in force for deployments that have their own: reference and policy.
    own: Arc<BTreeMap<String, (String, Arc<Policy>)>>,
}

impl Masker {
    /// By the policy in force: for what belongs to no deployment. Records of one are shown by what
    /// [`Masker::of`] gives.
    pub(crate) fn in_force(engine: &Engine) -> Result<Self> {
        let in_force = policies::all_in_force(engine)?;
        let mut masker = Self::named(engine, &in_force.default)?;
        let mut own = BTreeMap::new();
        for (deployment, reference) in in_force.own {
            let toml = policies::version(engine, &reference)?.toml;
            let policy = names_model::policy(engine, &toml)?;
            own.insert(deployment, (reference, policy));
        }
        masker.own = Arc::new(own);
        Ok(masker)
    }

    /// For records of a deployment: by its own policy where one is in force, and by what the policy
    /// says of it.
    pub(crate) fn of(&self, deployment: &str) -> Self {
        let (reference, policy) = match self.own.get(deployment) {
            Some((reference, policy)) => (reference, policy),
            None => (&self.reference, &self.policy),
        };
        Self {
            reference: reference.clone(),
            policy: Arc::clone(policy),
            without_names: OnceLock::new(),
            key: Arc::clone(&self.key),
            deployment: Some(deployment.to_owned()),
            own: Arc::clone(&self.own),
        }
    }

    /// By a version of a policy.
    pub(crate) fn named(engine: &Engine, reference: &str) -> Result<Self> {
        let version = policies::version(engine, reference)?;
        let mut masker = Self::of_text(engine, &version.toml)?;
        masker.reference = version.reference();
        Ok(masker)
    }

    /// By a policy as TOML.
    pub(crate) fn of_text(engine: &Engine, toml: &str) -> Result<Self> {
        let policy = names_model::policy(engine, toml)?;
        Ok(Self {
            without_names: OnceLock::new(),
            reference: policy.name.clone(),
            policy,
            key: engine.store().hash_key()?.into(),
            deployment: None,
            own: Arc::default(),
        })
    }

    /// What names the policy and, of a saved one, the version: `claims@3`.
    pub(crate) fn name(&self) -> &str {
        &self.reference
    }

    pub(crate) fn policy(&self) -> &Policy {
        &self.policy
    }

    /// What it says of a field of a call.
    pub(crate) fn at(&self, field: Field) -> &Policy {
        self.policy
            .within(Some(field.name()), self.deployment.as_deref())
    }

    /// What it says of a text that nobody says the field of, but for its scopes by field.
    pub(crate) fn unplaced(&self) -> &Policy {
        self.policy.within(None, self.deployment.as_deref())
    }

    /// What it says of a text that is no field: a record as it came in, a label, a note. Nothing
    /// shows there that a field would hide.
    pub(crate) fn whole(&self) -> &Policy {
        self.policy.anywhere(self.deployment.as_deref())
    }

    pub(crate) fn key(&self) -> &[u8] {
        &self.key
    }

    /// A short text, masked.
    pub(crate) fn plain(&self, text: &str) -> String {
        redact(text, self.whole(), &self.key, &mut Numbering::default()).text
    }

    /// A model, an application, a reason: one word that a source set, masked. Names are not looked
    /// for in it, since a model that reads sentences takes many such words for some.
    pub(crate) fn word(&self, text: &str) -> String {
        redact(text, self.nameless(), &self.key, &mut Numbering::default()).text
    }

    fn nameless(&self) -> &Policy {
        self.without_names.get_or_init(|| {
            let mut policy = self.whole().clone();
            policy.names = Level::Off;
            policy
        })
    }

    /// The texts of a call, to be looked through together: a value may be parted between them.
    pub(crate) fn texts<'a>(&'a self, parts: &'a [NamedPart]) -> Vec<Text<'a>> {
        conversation_of(parts, |field| self.at(field))
    }

    /// Where each text of a call holds something that is not shown: bytes, in order, never overlapping.
    pub(crate) fn hidden_in(&self, parts: &[NamedPart]) -> Vec<Vec<std::ops::Range<usize>>> {
        let texts = self.texts(parts);
        conversation::entities(&texts)
            .into_iter()
            .zip(&texts)
            .map(|(found, text)| treated(found, text.policy))
            .collect()
    }

    /// Where `text`, a field of a call under this name, holds something that is not shown: bytes, in order, never
    /// overlapping.
    pub(crate) fn hidden(
        &self,
        field: Option<Field>,
        name: Option<&str>,
        text: &str,
    ) -> Vec<std::ops::Range<usize>> {
        let policy = field.map_or_else(|| self.whole(), |field| self.at(field));
        treated(redaction::entities_under(name, text, policy), policy)
    }

    /// The request's and the response's fields, masked.
    pub(crate) fn exchange(&self, exchange: &Exchange) -> (Vec<MaskedPart>, Vec<MaskedPart>) {
        showing::parts(self, exchange, &|segment| segment.after)
    }

    /// The fields in the original, except that of a secret only the last four characters show.
    pub(crate) fn revealed(&self, exchange: &Exchange) -> (Vec<MaskedPart>, Vec<MaskedPart>) {
        showing::parts(self, exchange, &|segment| match &segment.entity {
            Some(entity) if entity.category == Category::Secret => last_four(&segment.before),
            _ => segment.before,
        })
    }

    /// A record as it came in, masked, and how many of its bytes are left out.
    pub(crate) fn raw(&self, raw: &[u8]) -> (Vec<Segment>, u64) {
        let mut numbering = Numbering::default();
        let read = String::from_utf8_lossy(raw);
        // In JSON a value may be written with escapes; it is masked as what it means.
        let text = match serde_json::from_str::<serde_json::Value>(&read) {
            Ok(mut value) => {
                fold(&mut value);
                redaction::redact_json(&mut value, self.whole(), &self.key, &mut numbering);
                serde_json::to_string_pretty(&value).unwrap_or_default()
            }
            Err(_) => redact(&read, self.whole(), &self.key, &mut numbering).text,
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
    /// are days and ages that the policy keeps: they stand in nearly every call and name nobody. A
    /// name that the model is not sure of is hidden all the same, and not counted: a finding accuses.
    pub(crate) fn found(
        &self,
        exchange: &Exchange,
    ) -> std::collections::BTreeMap<(String, String), u64> {
        let mut found = std::collections::BTreeMap::new();
        let named = NamedPart::all(exchange);
        let texts = self.texts(&named);
        // A value that is parted between texts is one.
        let mut whole = std::collections::BTreeSet::new();
        for ((named, text), entities) in
            named.iter().zip(&texts).zip(conversation::entities(&texts))
        {
            let (part, policy) = (&named.part, text.policy);
            for entity in entities {
                let is_again = entity.whole.as_ref().is_some_and(|whole_value| {
                    !whole.insert((entity.entity_type, whole_value.0.clone()))
                });
                if is_again {
                    continue;
                }
                let kept = policy.operator(&entity.entity_type).name() == "keep";
                match entity.entity_type.as_str() {
                    "LOCATION" | "ORGANIZATION" => continue,
                    "DATE_TIME" | "AGE" if kept => continue,
                    _ if is_a_guess(&entity) => continue,
                    _ => {}
                }
                *found
                    .entry((entity.entity_type.into(), part.field.name().to_owned()))
                    .or_insert(0) += 1;
            }
        }
        found
    }
}

/// A text of a call with the name that it stands under.
pub(crate) struct NamedPart {
    pub(crate) part: Part,
    pub(crate) name: Option<String>,
}

impl NamedPart {
    /// The texts of an exchange, in reading order.
    pub(crate) fn all(exchange: &Exchange) -> Vec<Self> {
        exchange.parts().into_iter().map(Self::of).collect()
    }

    pub(crate) fn of(part: Part) -> Self {
        let name = part.name();
        Self { part, name }
    }
}

/// Parts as the texts of one conversation, each with what is said of its field.
pub(crate) fn conversation_of<'a>(
    parts: &'a [NamedPart],
    policy: impl Fn(Field) -> &'a Policy,
) -> Vec<Text<'a>> {
    parts
        .iter()
        .enumerate()
        .map(|(place, named)| {
            let next = parts.get(place + 1);
            Text {
                name: named.name.as_deref(),
                text: &named.part.text,
                policy: policy(named.part.field),
                goes_on_in: next
                    .filter(|next| named.part.goes_on_in(&next.part))
                    .map(|_| place + 1),
            }
        })
        .collect()
}

/// Where what was found is not shown.
fn treated(found: Vec<Entity>, policy: &Policy) -> Vec<std::ops::Range<usize>> {
    found
        .into_iter()
        .filter(|entity| policy.operator(&entity.entity_type).name() != "keep")
        .map(|entity| entity.start..entity.end)
        .collect()
}

/// Whether it is a name of which the model is less than sure: 0.8 of at most 0.85.
fn is_a_guess(entity: &Entity) -> bool {
    const SURE: f32 = 0.8;
    entity.recognizer.starts_with("names_") && entity.score < SURE
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
            kept: false,
        },
        Some(entity) => Segment {
            text,
            entity_type: Some(entity.entity_type.into()),
            category: Some(entity.category.name().to_owned()),
            score: Some(entity.score),
            recognizer: Some(entity.recognizer.into()),
            kept: false,
        },
    }
}

pub(crate) mod showing;
#[cfg(test)]
mod tests;
