//! Taking over policies of other tools, writing them out again, and setting two versions against each
//! other.
//!
//! In: a file or its text, or what names a version. Out: texts and files, and what is not in them. No
//! policy is saved here.

use assay_domain::moment::rfc3339;
use assay_evidence::leaf::LeafKind;
use assay_redact::foreign::{self, Carried, ForeignError, Form, Loss};
use assay_redact::policy::Policy;
use assay_redact::policy::compare::compare as compared;
use assay_store::policies::deed;
use assay_store::writer::OwnRecord;
use sha2::{Digest, Sha256};
use similar::{ChangeTag, TextDiff};

use crate::error::{Code, Result, WireError};
use crate::opening::Engine;
use crate::redaction::policies::version;
use crate::redaction::policies::view::{
    ComparePolicies, ComparedPolicies, DiffLine, ExportPolicy, ExportedPolicy, ImportPolicy,
    ImportedPolicy, PolicyDifference, PolicyLoss, WritePolicy, WrittenPolicy,
};
use crate::writing;

/// Makes a draft of another tool's file; saves nothing.
///
/// # Errors
/// `bad_input` for a file that is none of the three, is too large or can't be read.
pub fn import(engine: &Engine, input: ImportPolicy) -> Result<ImportedPolicy> {
    let text = match (&input.handle, input.text) {
        (Some(handle), None) => file(engine, handle)?,
        (None, Some(text)) => text,
        _ => {
            return Err(WireError::new(
                Code::BadInput,
                "give a file or a text, one of the two",
            ));
        }
    };
    if text.len() > foreign::MAX_BYTES {
        return Err(WireError::new(
            Code::BadInput,
            "the file is larger than 4 MiB",
        ));
    }
    let form = input.form.as_deref().map(named).transpose()?;
    let name = input.name.as_deref().unwrap_or("imported").trim();
    let carried = foreign::import(&text, form, name).map_err(|error| {
        let hint = match error {
            ForeignError::Syntax(_) => "correct the file and try again; nothing was changed",
            ForeignError::Unknown | ForeignError::Empty(_) => {
                "presidio: a recognizer registry; litellm: the proxy's config.yaml; bedrock: a request of CreateGuardrail or an answer of GetGuardrail"
            }
        };
        WireError::new(Code::BadInput, format!("can't take it over: {error}")).hint(hint)
    })?;
    Ok(ImportedPolicy {
        problem: engine
            .compiled()
            .policy(&carried.text)
            .err()
            .map(|error| error.message),
        name: name.to_owned(),
        form: carried.form.name().to_owned(),
        losses: losses(carried.losses),
        toml: carried.text,
    })
}

fn file(engine: &Engine, handle: &str) -> Result<String> {
    let path = engine.handles().path(handle)?;
    let size = std::fs::metadata(&path).map(|metadata| metadata.len());
    if size.is_ok_and(|size| size > foreign::MAX_BYTES as u64) {
        return Err(WireError::new(
            Code::BadInput,
            "the file is larger than 4 MiB",
        ));
    }
    std::fs::read_to_string(&path)
        .map_err(|error| WireError::new(Code::BadInput, format!("can't read the file: {error}")))
}

fn named(name: &str) -> Result<Form> {
    Form::from_name(name).ok_or_else(|| {
        WireError::new(Code::BadInput, format!("no form is called `{name}`"))
            .hint("presidio, litellm or bedrock")
    })
}

fn losses(all: Vec<Loss>) -> Vec<PolicyLoss> {
    all.into_iter()
        .map(|loss| PolicyLoss {
            what: loss.what,
            becomes: loss.becomes,
        })
        .collect()
}

/// Writes a version of a policy as another tool's file.
///
/// # Errors
/// `not_found` for the version; `bad_input` for the form.
pub fn export(engine: &Engine, input: ExportPolicy) -> Result<ExportedPolicy> {
    let form = named(&input.form)?;
    let chosen = version(engine, &input.name)?;
    let policy = engine.compiled().policy(&chosen.toml)?;
    let Carried {
        text, losses: lost, ..
    } = foreign::export(&policy, form);
    Ok(ExportedPolicy {
        policy: chosen.reference(),
        form: form.name().to_owned(),
        file_name: form.file_name().to_owned(),
        text,
        losses: losses(lost),
    })
}

/// Writes a version of a policy, as this program or as another tool reads it, to a file that a person
/// chose; that is in the trail first.
///
/// # Errors
/// As [`export`]; `file_unwritable`.
pub fn write(engine: &Engine, input: WritePolicy) -> Result<WrittenPolicy> {
    let chosen = version(engine, &input.name)?;
    let reference = chosen.reference();
    let (file_name, text) = match input.form {
        Some(form) => {
            let name = reference.clone();
            let exported = export(engine, ExportPolicy { name, form })?;
            (exported.file_name, exported.text)
        }
        None => (format!("{}.toml", reference.replace('@', "-")), chosen.toml),
    };
    let path = writing::target(engine, input.handle.as_deref(), "exports", &file_name)?;
    let sha256 = hex::encode(Sha256::digest(&text));
    let now_ms = engine.now_ms();
    let payload = serde_json::json!({
        "action": "policy.export", "at": rfc3339(now_ms), "by": engine.user(),
        "file": file_name, "policy": reference, "sha256": sha256,
    })
    .to_string();
    engine.store().writer()?.record_own(&OwnRecord {
        kind: LeafKind::Export,
        activity: deed("policy.export", &reference, engine.user(), now_ms),
        reason: None,
        payload: payload.as_bytes(),
        now_ms,
    })?;
    writing::write(&path, text.as_bytes())?;
    Ok(WrittenPolicy {
        path: path.display().to_string(),
        handle: engine.handles().add(&path)?.handle,
        sha256,
    })
}

/// What differs between two versions, rule by rule and line by line.
///
/// # Errors
/// `not_found`; `bad_input` for a text.
pub fn compare(engine: &Engine, input: ComparePolicies) -> Result<ComparedPolicies> {
    let side = |name: Option<&str>, toml: Option<String>| -> Result<(String, String)> {
        match (toml, name) {
            (Some(toml), _) => {
                let policy = engine.compiled().policy(&toml)?;
                Ok((policy.name.clone(), toml))
            }
            (None, Some(name)) => {
                let version = version(engine, name)?;
                Ok((version.reference(), version.toml))
            }
            (None, None) => Err(WireError::new(Code::BadInput, "name two policies")),
        }
    };
    let (from, old) = side(Some(&input.from), None)?;
    let (to, new) = side(input.to.as_deref(), input.to_toml)?;
    let read = |toml: &str| -> Result<std::sync::Arc<Policy>> { engine.compiled().policy(toml) };
    let diff = TextDiff::from_lines(&old, &new);
    let lines = diff
        .iter_all_changes()
        .map(|change| DiffLine {
            change: match change.tag() {
                ChangeTag::Equal => "same",
                ChangeTag::Delete => "gone",
                ChangeTag::Insert => "new",
            }
            .to_owned(),
            text: change.value().trim_end_matches(['\r', '\n']).to_owned(),
        })
        .collect();
    Ok(ComparedPolicies {
        from,
        to,
        differences: differences(&*read(&old)?, &*read(&new)?),
        lines,
    })
}

/// What differs between two policies, rule by rule; entries of their lists as they are.
pub(crate) fn differences(old: &Policy, new: &Policy) -> Vec<PolicyDifference> {
    compared(old, new)
        .into_iter()
        .map(|one| PolicyDifference {
            what: one.what.to_owned(),
            key: one.key,
            before: one.before,
            after: one.after,
        })
        .collect()
}
