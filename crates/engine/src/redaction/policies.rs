//! Keeping policies: every saved text is a version that stays, one of which is in force.
//!
//! `claims@3` names a version, `claims` the newest of that name. Saving makes a draft; what is in
//! force changes by putting a version in force and by nothing else. Not here: what a policy does
//! with a text (`masking`, `redaction`).

pub mod carrying;
pub mod gate;
pub mod view;

use std::collections::BTreeMap;

use assay_domain::exchange::READING;
use assay_domain::moment::rfc3339;
use assay_redact::policy::{DEFAULT, MASKING, Policy, compare, nearest};
use assay_store::policies::{NewPolicy, NewPut, PolicyRecord, PutRecord};
use sha2::{Digest, Sha256};

use crate::approvals::matter::Matter;
use crate::approvals::passing;
use crate::commands::Nothing;
use crate::error::{Code, Result, WireError};
use crate::opening::Engine;
use crate::redaction::policies::gate::recorded::Mark;
use crate::redaction::policies::gate::view::AskGate;
use crate::redaction::policies::view::{
    FollowDefault, InForce, PolicyRef, PolicyRow, PolicyScope, PutInForce, SavePolicy,
};
use crate::redaction::rules;

/// The policies that are part of the program: name and text.
pub(crate) const BUILTIN: [(&str, &str); 2] = [("default", DEFAULT), ("masking", MASKING)];

/// Characters of a note.
const MAX_NOTE: usize = 500;

/// A version of a policy, found by its reference.
pub(crate) struct Version {
    pub(crate) name: String,
    /// `None` for a part of the program.
    pub(crate) number: Option<u32>,
    pub(crate) toml: String,
}

impl Version {
    /// What names this very text.
    pub(crate) fn reference(&self) -> String {
        reference(&self.name, self.number)
    }
}

fn reference(name: &str, number: Option<u32>) -> String {
    match number {
        Some(number) => format!("{name}@{number}"),
        None => name.to_owned(),
    }
}

/// The version that `given` names.
///
/// # Errors
/// `not_found`, with what there is.
pub(crate) fn version(engine: &Engine, given: &str) -> Result<Version> {
    let none =
        |message: String, hint: String| Err(WireError::new(Code::NotFound, message).hint(hint));
    let (name, wanted) = match given.split_once('@') {
        Some((name, number)) => match number.strip_prefix('v').unwrap_or(number).parse::<u32>() {
            Ok(number) => (name, Some(number)),
            Err(_) => {
                return none(
                    format!("no version: {given}"),
                    "a version is a number, as in `claims@3`".to_owned(),
                );
            }
        },
        None => (given, None),
    };
    let mut saved = engine.store().policy_versions(name)?;
    let newest = saved.len();
    let found = match wanted {
        None => saved.pop(),
        Some(number) => saved.into_iter().find(|version| version.number == number),
    };
    if let Some(found) = found {
        return Ok(Version {
            name: found.name,
            number: Some(found.number),
            toml: found.toml,
        });
    }
    let builtin = BUILTIN.iter().find(|(builtin, _)| *builtin == name);
    match (builtin, wanted) {
        (Some((name, toml)), None) => Ok(Version {
            name: (*name).to_owned(),
            number: None,
            toml: (*toml).to_owned(),
        }),
        (Some(_), Some(_)) => none(
            format!("no version: {given}"),
            format!("`{name}` is part of the program and has no versions"),
        ),
        (None, Some(_)) if newest > 0 => none(
            format!("no version: {given}"),
            format!("`{name}` has versions 1 to {newest}"),
        ),
        (None, _) => none(
            format!("no policy: {name}"),
            "see `redaction policies`".to_owned(),
        ),
    }
}

/// The reference of what is in force wherever no other is.
///
/// # Errors
/// The store's.
pub(crate) fn in_force(engine: &Engine) -> Result<String> {
    let put = engine
        .store()
        .policy_puts()?
        .into_iter()
        .rfind(|put| put.deployment.is_none());
    Ok(match put {
        Some(PutRecord {
            name: Some(name),
            number,
            ..
        }) => reference(&name, number),
        _ => BUILTIN[0].0.to_owned(),
    })
}

/// What is in force: references.
pub(crate) struct AllInForce {
    /// Wherever no other is.
    pub(crate) default: String,
    /// By deployment.
    pub(crate) own: BTreeMap<String, String>,
}

/// What is in force by default, and for the deployments that have their own.
///
/// # Errors
/// The store's.
pub(crate) fn all_in_force(engine: &Engine) -> Result<AllInForce> {
    let mut own = BTreeMap::new();
    for put in engine.store().policy_puts()? {
        let Some(deployment) = put.deployment else {
            continue;
        };
        match put.name {
            Some(name) => own.insert(deployment, reference(&name, put.number)),
            None => own.remove(&deployment),
        };
    }
    Ok(AllInForce {
        default: in_force(engine)?,
        own,
    })
}

/// What calls are searched by: changes with the policies in force, with the days on which entries of
/// their allow lists end, with the model of names that is plugged in, with the program's own rules
/// and with how it reads text. A version of the program that finds the same searches by the same.
///
/// # Errors
/// The store's.
pub(crate) fn search_rules(engine: &Engine) -> Result<String> {
    Ok(summed(READING, &marks_in_force(engine)?))
}

/// By what each deployment is searched that has a policy of its own, the empty name being all others.
fn marks_in_force(engine: &Engine) -> Result<BTreeMap<String, Mark>> {
    let in_force = all_in_force(engine)?;
    std::iter::once((String::new(), in_force.default))
        .chain(in_force.own)
        .map(|(deployment, reference)| {
            let mark = Mark::of(engine, &version(engine, &reference)?.toml)?;
            Ok((deployment, mark))
        })
        .collect()
}

fn summed(reading: u32, marks: &BTreeMap<String, Mark>) -> String {
    let mut hasher = Sha256::new();
    hasher.update(reading.to_be_bytes());
    let mut add = |part: &str| {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    };
    for (deployment, mark) in marks {
        let Mark {
            text,
            rules,
            names,
            ended,
        } = mark;
        for part in [deployment, text, rules, names] {
            add(part);
        }
        add(&ended.len().to_string());
        for place in ended {
            add(place);
        }
    }
    hex::encode(&hasher.finalize()[..8])
}

/// When the version of a name and number was in force, the last time first.
fn times(puts: &[PutRecord], name: &str, number: Option<u32>) -> Vec<InForce> {
    let mut times: Vec<InForce> = puts
        .iter()
        .enumerate()
        .filter(|(_, put)| put.name.as_deref() == Some(name) && put.number == number)
        .map(|(at, put)| InForce {
            deployment: put.deployment.clone(),
            since: put.put_ms.map(rfc3339),
            by: put.put_by.clone(),
            until: puts[at + 1..]
                .iter()
                .find(|next| next.deployment == put.deployment)
                .map(|next| next.put_ms.map_or_else(String::new, rfc3339)),
        })
        .collect();
    if !puts.iter().any(|put| put.deployment.is_none()) && name == BUILTIN[0].0 && number.is_none()
    {
        times.push(InForce {
            deployment: None,
            since: None,
            by: None,
            until: None,
        });
    }
    times.reverse();
    times
}

fn builtin_row(engine: &Engine, name: &str, toml: &str, puts: &[PutRecord]) -> Result<PolicyRow> {
    let times = times(puts, name, None);
    Ok(PolicyRow {
        name: name.to_owned(),
        number: None,
        reference: name.to_owned(),
        version: engine.compiled().policy(toml)?.version.clone(),
        in_force: is_default(&times),
        newest: true,
        builtin: true,
        scopes: scopes_of(engine, toml),
        toml: toml.to_owned(),
        saved_at: None,
        saved_by: None,
        note: None,
        times,
    })
}

/// None for a text that this version can't read: its versions are shown all the same.
fn scopes_of(engine: &Engine, toml: &str) -> Vec<PolicyScope> {
    let Ok(policy) = engine.compiled().policy(toml) else {
        return Vec::new();
    };
    compare::scopes(&policy)
        .into_iter()
        .map(|scope| PolicyScope {
            fields: scope.fields,
            deployments: scope.deployments,
            says: scope.says,
        })
        .collect()
}

fn saved_row(engine: &Engine, record: PolicyRecord, newest: u32, puts: &[PutRecord]) -> PolicyRow {
    let times = times(puts, &record.name, Some(record.number));
    PolicyRow {
        reference: reference(&record.name, Some(record.number)),
        number: Some(record.number),
        in_force: is_default(&times),
        newest: record.number == newest,
        builtin: false,
        saved_at: Some(rfc3339(record.saved_ms)),
        scopes: scopes_of(engine, &record.toml),
        name: record.name,
        version: record.version,
        toml: record.toml,
        saved_by: record.saved_by,
        note: record.note,
        times,
    }
}

fn is_default(times: &[InForce]) -> bool {
    times
        .iter()
        .any(|time| time.deployment.is_none() && time.until.is_none())
}

/// The policies of the program, and of each saved name the newest version and those in force.
///
/// # Errors
/// The store's.
pub fn list(engine: &Engine, _: Nothing) -> Result<Vec<PolicyRow>> {
    let puts = engine.store().policy_puts()?;
    let mut rows = Vec::new();
    for (name, toml) in BUILTIN {
        rows.push(builtin_row(engine, name, toml, &puts)?);
    }
    for newest in engine.store().policies()? {
        let number = newest.number;
        let all = engine.store().policy_versions(&newest.name)?;
        rows.extend(
            all.into_iter()
                .rev()
                .map(|record| saved_row(engine, record, number, &puts))
                .filter(|row| row.newest || row.times.iter().any(|time| time.until.is_none())),
        );
    }
    Ok(rows)
}

/// Every version of a policy, newest first: who saved it, and when it was in force.
///
/// # Errors
/// `not_found`.
pub fn versions(engine: &Engine, input: PolicyRef) -> Result<Vec<PolicyRow>> {
    let name = version(engine, &input.name)?.name;
    let puts = engine.store().policy_puts()?;
    if let Some((name, toml)) = BUILTIN.iter().find(|(builtin, _)| *builtin == name) {
        return Ok(vec![builtin_row(engine, name, toml, &puts)?]);
    }
    let saved = engine.store().policy_versions(&name)?;
    let newest = saved.last().map_or(0, |last| last.number);
    Ok(saved
        .into_iter()
        .rev()
        .map(|record| saved_row(engine, record, newest, &puts))
        .collect())
}

fn row(engine: &Engine, reference: &str) -> Result<PolicyRow> {
    versions(
        engine,
        PolicyRef {
            name: reference.to_owned(),
        },
    )?
    .into_iter()
    .find(|row| row.reference == reference)
    .ok_or_else(|| WireError::new(Code::NotFound, format!("no version: {reference}")))
}

/// A version of a policy, with its text.
///
/// # Errors
/// `not_found`.
pub fn show(engine: &Engine, input: PolicyRef) -> Result<PolicyRow> {
    row(engine, &version(engine, &input.name)?.reference())
}

/// Saves a policy under the name in its text, as its newest version; what is in force stays. A text
/// that is the newest version already is not saved again.
///
/// # Errors
/// `bad_input` with the line or key that is wrong, for a deployment that is none, for a rule that
/// breaks its own examples, or for a name of the program's own.
pub fn save(engine: &Engine, input: SavePolicy) -> Result<PolicyRow> {
    let policy = engine.compiled().policy(&input.toml)?;
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
    are_known(engine, &policy)?;
    rules::hold(&policy)?;
    let note = input
        .note
        .map(|note| note.trim().to_owned())
        .filter(|note| !note.is_empty());
    if note
        .as_ref()
        .is_some_and(|note| note.chars().count() > MAX_NOTE)
    {
        return Err(WireError::new(
            Code::BadInput,
            format!("a note takes at most {MAX_NOTE} characters"),
        ));
    }
    let newest = engine.store().policy_versions(&policy.name)?.pop();
    if newest
        .as_ref()
        .is_none_or(|newest| newest.toml != input.toml)
    {
        let new = NewPolicy {
            name: policy.name.clone(),
            version: policy.version.clone(),
            toml: input.toml,
            note,
        };
        engine
            .store()
            .writer()?
            .save_policy(&new, engine.user(), engine.now_ms())?;
    }
    let name = policy.name.clone();
    show(engine, PolicyRef { name })
}

/// Saves the text of an earlier version as the newest one: nothing is taken back.
///
/// # Errors
/// `not_found`; `bad_input` for a part of the program and for the newest version.
pub fn return_to(engine: &Engine, input: PolicyRef) -> Result<PolicyRow> {
    let earlier = version(engine, &input.name)?;
    let newest = engine.store().policy_versions(&earlier.name)?.pop();
    match newest {
        Some(newest) if newest.toml != earlier.toml => save(
            engine,
            SavePolicy {
                toml: earlier.toml.clone(),
                note: Some(format!("returned to {}", earlier.reference())),
            },
        ),
        Some(_) => Err(WireError::new(
            Code::BadInput,
            format!("`{}` is what the newest version says already", input.name),
        )
        .hint("name an earlier version, as in `claims@3`")),
        None => Err(WireError::new(
            Code::BadInput,
            format!(
                "`{}` is part of the program and has no versions",
                input.name
            ),
        )),
    }
}

/// Every deployment that a policy names is one.
fn are_known(engine: &Engine, policy: &Policy) -> Result<()> {
    for (key, name) in policy.named_deployments() {
        is_deployment(engine, name).map_err(|error| {
            WireError::new(Code::BadInput, format!("`{key}`: {}", error.message))
                .hint(error.hint.unwrap_or_default())
        })?;
    }
    Ok(())
}

fn is_deployment(engine: &Engine, name: &str) -> Result<()> {
    let all = engine.store().deployments()?;
    if all.iter().any(|one| one.name == name) {
        return Ok(());
    }
    let hint = match nearest(name, all.iter().map(|one| one.name.as_str())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "see `deployments list`".to_owned(),
    };
    Err(WireError::new(Code::NotFound, format!("no deployment: {name}")).hint(hint))
}

/// Makes a version of a policy the one that masks what is shown and searches the calls: everywhere
/// that no other is in force, or in one deployment.
///
/// # Errors
/// `not_found`; `approval_needed`; `bad_input` where something stands against it or is unknown and no
/// reason is given.
pub fn put_in_force(engine: &Engine, input: PutInForce) -> Result<PolicyRow> {
    let chosen = version(engine, &input.name)?;
    are_known(engine, &*engine.compiled().policy(&chosen.toml)?)?;
    if let Some(deployment) = &input.deployment {
        is_deployment(engine, deployment)?;
    }
    let reference = chosen.reference();
    let asked = AskGate {
        name: Some(reference.clone()),
        deployment: input.deployment.clone(),
    };
    let passed = gate::pass(engine, &asked, input.reason.as_deref())?;
    let matter = Matter::policy_of(
        &chosen,
        input.deployment.as_deref(),
        passed.reason.as_deref(),
    );
    let pass = passing::spend(engine, &matter)?;
    let approval = pass.as_ref().map(|pass| pass.id.as_str());
    let leaf = passed.leaf();
    let put = NewPut {
        deployment: input.deployment.as_deref(),
        name: Some(&chosen.name),
        number: chosen.number,
        reason: passed.reason.as_deref(),
        gate: Some(&leaf),
    };
    engine
        .store()
        .writer()?
        .put_policy_in_force(&put, approval, engine.user(), engine.now_ms())?;
    row(engine, &reference)
}

/// Lets a deployment that has a policy of its own go by what is in force everywhere else.
///
/// # Errors
/// `not_found` where it has none; `approval_needed`; `bad_input` where something stands against that or
/// is unknown and no reason is given.
pub fn follow_default(engine: &Engine, input: FollowDefault) -> Result<PolicyRow> {
    is_deployment(engine, &input.deployment)?;
    let in_force = all_in_force(engine)?;
    if !in_force.own.contains_key(&input.deployment) {
        return Err(WireError::new(
            Code::NotFound,
            format!("`{}` has no policy of its own", input.deployment),
        )
        .hint(format!("`{}` is in force there", in_force.default)));
    }
    let asked = AskGate {
        name: None,
        deployment: Some(input.deployment.clone()),
    };
    let passed = gate::pass(engine, &asked, input.reason.as_deref())?;
    let default = version(engine, &in_force.default)?;
    let matter = Matter::follow_default(&input.deployment, &default, passed.reason.as_deref());
    let pass = passing::spend(engine, &matter)?;
    let approval = pass.as_ref().map(|pass| pass.id.as_str());
    let leaf = passed.leaf();
    let put = NewPut {
        deployment: Some(&input.deployment),
        name: None,
        number: None,
        reason: passed.reason.as_deref(),
        gate: Some(&leaf),
    };
    engine
        .store()
        .writer()?
        .put_policy_in_force(&put, approval, engine.user(), engine.now_ms())?;
    row(engine, &in_force.default)
}

#[cfg(test)]
mod tests;
