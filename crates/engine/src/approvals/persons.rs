//! Persons and their keys: making one's own, registering a colleague's, revoking one.
//!
//! A secret is where its person's keychain is and never in the store. Who sits here is whoever's
//! secret is at hand. Not here: what persons sign (`notes`, `approvals`).

use std::path::Path;

use assay_domain::moment::rfc3339;
use assay_evidence::signing::{SigningKey, VerifierKey};
use assay_store::persons::{NewPerson, PersonRecord, Told};
use assay_store::policies::deed;
use serde_json::json;

use crate::approvals::matter::Matter;
use crate::approvals::passing;
use crate::approvals::view::{AddPerson, CreatePerson, PersonRow, Persons, RevokePerson};
use crate::commands::Nothing;
use crate::error::{Code, Result, WireError};
use crate::evidence::recovery;
use crate::keys::{self, KeyFault, KeySource};
use crate::opening::Engine;

/// Digits of a fingerprint that have to be compared at least.
const COMPARED: usize = 16;
/// The longest name of a person, characters.
const NAME: usize = 80;

/// A person with the secret at hand.
pub(crate) struct Me {
    pub(crate) person: PersonRecord,
    pub(crate) key: SigningKey,
}

fn bad(message: impl Into<String>) -> WireError {
    WireError::new(Code::BadInput, message)
}

/// Reads a verifier key of a person.
///
/// # Errors
/// `bad_input`.
pub(crate) fn read_key(text: &str) -> Result<VerifierKey> {
    text.trim()
        .parse()
        .map_err(|error| bad(format!("not a person's key: {error}")))
}

/// The key of a person that is stored.
pub(crate) fn key_of(person: &PersonRecord) -> Result<VerifierKey> {
    person.vkey.parse().map_err(|_| {
        WireError::new(
            Code::StoreDamaged,
            format!("the stored key of person {} can't be read", person.id),
        )
    })
}

/// The person with this number.
///
/// # Errors
/// `not_found`.
pub(crate) fn named(engine: &Engine, id: &str) -> Result<PersonRecord> {
    engine
        .store()
        .persons()?
        .into_iter()
        .find(|person| person.id.to_string() == id.trim())
        .ok_or_else(|| WireError::new(Code::NotFound, format!("no person: {id}")))
}

/// Whether the secret of this key is at hand; `None` where that can't be told.
fn held(
    engine: &Engine,
    wanted: &VerifierKey,
) -> std::result::Result<Option<SigningKey>, KeyFault> {
    match keys::load(engine.person_keys(), engine.state_folder(), wanted) {
        Ok(held) => Ok(Some(held.key)),
        Err(
            KeyFault::Missing(_) | KeyFault::Other(_) | KeyFault::NotAKey(_) | KeyFault::NoSource,
        ) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// Whether whoever sits here has the secret of this key.
pub(crate) fn is_held(engine: &Engine, wanted: &VerifierKey) -> bool {
    held(engine, wanted).is_ok_and(|held| held.is_some())
}

/// Who sits here: the person with a key in force whose secret is at hand.
///
/// # Errors
/// `key_missing` where the keychain can't be asked.
pub(crate) fn me(engine: &Engine) -> Result<Option<Me>> {
    let mut persons = engine.store().persons()?;
    persons.retain(|person| person.revoked_ms.is_none());
    persons.sort_by_key(|person| person.os_user.as_deref() != Some(engine.user()));
    let mut problem = None;
    for person in persons {
        match held(engine, &key_of(&person)?) {
            Ok(Some(key)) => return Ok(Some(Me { person, key })),
            Ok(None) => {}
            Err(fault) => problem = Some(fault),
        }
    }
    match problem {
        Some(fault) => Err(no_key(&fault)),
        None => Ok(None),
    }
}

fn no_key(fault: &KeyFault) -> WireError {
    WireError::new(Code::KeyMissing, fault.to_string())
        .hint("unlock the keychain, or name your key's file with `--my-key FILE`")
}

/// Who sits here, where somebody has to.
///
/// # Errors
/// `key_missing`.
pub(crate) fn somebody(engine: &Engine) -> Result<Me> {
    me(engine)?.ok_or_else(|| {
        WireError::new(
            Code::KeyMissing,
            "nobody whose key is registered in this store sits here",
        )
        .hint("make your key with `assay approvals key create NAME`, or name its file with `--my-key FILE`")
    })
}

fn row(person: &PersonRecord, me: Option<i64>) -> Result<PersonRow> {
    Ok(PersonRow {
        id: person.id.to_string(),
        name: person.name.clone(),
        vkey: person.vkey.clone(),
        fingerprint: key_of(person)?.fingerprint(),
        is_me: me == Some(person.id),
        added_at: rfc3339(person.added_ms),
        added_leaf: person.added_seq,
        revoked_at: person.revoked_ms.map(rfc3339),
    })
}

/// All persons, and whether one of them sits here.
///
/// # Errors
/// The store's.
pub fn list(engine: &Engine, _: Nothing) -> Result<Persons> {
    let mut says = Vec::new();
    let me = match me(engine) {
        Ok(Some(me)) => {
            says.push(format!(
                "You are {}: the secret of that key is at hand here.",
                me.person.name
            ));
            Some(me.person.id)
        }
        Ok(None) => {
            says.push(
                "No secret of a registered key is at hand here: you can neither ask nor approve."
                    .to_owned(),
            );
            None
        }
        Err(error) => {
            says.push(format!("Your key can't be used now: {}.", error.message));
            None
        }
    };
    let persons = engine.store().persons()?;
    let in_force = persons.iter().filter(|p| p.revoked_ms.is_none()).count();
    if in_force == 2 {
        says.push(
            "Two keys are in force. If one is lost, nothing can be approved any more: keep a recovery copy of each, or register a third person.".to_owned(),
        );
    }
    Ok(Persons {
        persons: persons
            .iter()
            .map(|person| row(person, me))
            .collect::<Result<_>>()?,
        says,
    })
}

fn checked_name(engine: &Engine, name: &str) -> Result<String> {
    let name = name.trim();
    let length = name.chars().count();
    if !(2..=NAME).contains(&length) || name.chars().any(char::is_control) {
        return Err(bad(format!(
            "the name of a person has 2 to {NAME} characters, none of them a control character"
        )));
    }
    let is_taken = engine
        .store()
        .persons()?
        .iter()
        .any(|person| person.revoked_ms.is_none() && same_name(&person.name, name));
    if is_taken {
        return Err(bad("a person of this name has a key in force")
            .hint("revoke that key first, or tell the two apart by their names"));
    }
    Ok(name.to_owned())
}

/// Whether two names are one, whatever their letters' case.
pub(crate) fn same_name(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

fn told<'a>(engine: &Engine, action: &str, target: &str, payload: &'a str) -> Told<'a> {
    let now_ms = engine.now_ms();
    Told {
        activity: deed(action, target, engine.user(), now_ms),
        reason: None,
        payload: payload.as_bytes(),
        now_ms,
    }
}

fn register(
    engine: &Engine,
    name: &str,
    key: &VerifierKey,
    (os_user, approval): (Option<&str>, Option<&str>),
) -> Result<PersonRow> {
    if engine
        .store()
        .persons()?
        .iter()
        .any(|person| person.key == key.bytes())
    {
        return Err(bad("this key was registered before")
            .hint("a revoked key does not come back, and nobody has one under two names"));
    }
    let vkey = key.to_string();
    let payload = json!({
        "action": "person.add",
        "approval": approval,
        "at": rfc3339(engine.now_ms()),
        "by": engine.user(),
        "name": name,
        "own": os_user.is_some(),
        "vkey": vkey,
    })
    .to_string();
    let new = NewPerson {
        name,
        vkey: &vkey,
        key: key.bytes(),
        os_user,
    };
    let id = engine
        .store()
        .writer()?
        .add_person(&new, told(engine, "person.add", &vkey, &payload))?;
    row(&named(engine, &id.to_string())?, os_user.map(|_| id))
}

/// The name of a person's key: nothing in it can't stand in a file's name.
fn key_name(name: &str) -> String {
    let mut out = String::from("person/");
    for c in name.to_lowercase().chars() {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.ends_with(['-', '/']) {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}

/// Makes a key for whoever sits here, keeps its secret in that person's keychain or file, and
/// registers it.
///
/// # Errors
/// `bad_input` where this user has one in force; `approval_needed` where a rule is on: then a
/// registered person adds it; `key_missing` where it can't be kept.
pub fn create(engine: &Engine, input: CreatePerson) -> Result<PersonRow> {
    let name = checked_name(engine, &input.name)?;
    if passing::is_needed(engine, crate::approvals::matter::Kind::Persons)? {
        return Err(WireError::new(
            Code::ApprovalNeeded,
            "a second person has to approve every new key while a rule of approval is on",
        )
        .hint("make the key in a store of your own; a registered person adds it here, and another approves"));
    }
    let is_file = matches!(engine.person_keys(), KeySource::File(_));
    let taken = engine.store().persons()?.into_iter().find(|person| {
        person.revoked_ms.is_none() && person.os_user.as_deref() == Some(engine.user())
    });
    if taken.is_some() || (!is_file && me(engine)?.is_some()) {
        return Err(bad("you have a key in force in this store")
            .hint("one person has one key; revoke it first to replace it"));
    }
    let held = keys::first(
        engine.person_keys(),
        engine.state_folder(),
        &key_name(&name),
    )
    .map_err(|fault| no_key(&fault))?;
    register(
        engine,
        &name,
        &held.key.verifier(),
        (Some(engine.user()), None),
    )
}

/// Registers a colleague's key, once its fingerprint was compared.
///
/// # Errors
/// `bad_input` where the key is none or the fingerprint another; `approval_needed`.
pub fn add(engine: &Engine, input: AddPerson) -> Result<PersonRow> {
    let key = read_key(&input.vkey)?;
    let name = checked_name(engine, &input.name)?;
    let digits: String = input
        .fingerprint
        .chars()
        .filter(char::is_ascii_hexdigit)
        .collect::<String>()
        .to_lowercase();
    let fingerprint = key.fingerprint();
    if digits.len() < COMPARED {
        return Err(bad(format!(
            "at least the first {COMPARED} digits of the fingerprint have to be compared"
        ))
        .hint(format!(
            "the fingerprint of this key is {fingerprint}; let {name} read it out on another way than the key came"
        )));
    }
    if !fingerprint.replace(' ', "").starts_with(&digits) {
        return Err(
            bad("the fingerprint that was read out is not the one of this key")
                .hint("the key may have been replaced on its way; get it again"),
        );
    }
    let pass = passing::spend(engine, &Matter::add_person(&name, &key))?;
    register(
        engine,
        &name,
        &key,
        (None, pass.as_ref().map(|pass| pass.id.as_str())),
    )
}

/// Revokes a key. One's own at any time; a colleague's needs a second person while a rule is on.
///
/// # Errors
/// `not_found`; `bad_input` without a reason; `approval_needed`.
pub fn revoke(engine: &Engine, input: RevokePerson) -> Result<Persons> {
    let person = named(engine, &input.id)?;
    let reason = input.reason.trim();
    if reason.is_empty() {
        return Err(bad("say why the key is revoked"));
    }
    let is_own = is_held(engine, &key_of(&person)?);
    let pass = match is_own {
        true => None,
        false => passing::spend(engine, &Matter::revoke_person(&person.name, &person.vkey))?,
    };
    let payload = json!({
        "action": "person.revoke",
        "approval": pass.map(|pass| pass.id),
        "at": rfc3339(engine.now_ms()),
        "by": engine.user(),
        "reason": reason,
        "vkey": person.vkey,
    })
    .to_string();
    let mut told = told(engine, "person.revoke", &person.vkey, &payload);
    told.reason = Some(reason);
    engine.store().writer()?.revoke_person(person.id, told)?;
    list(engine, Nothing {})
}

/// Writes a copy of the own secret that a passphrase opens.
///
/// # Errors
/// `key_missing`, `bad_input` for a short passphrase, `file_unwritable`.
pub fn write_recovery(engine: &Engine, path: &Path, passphrase: &str) -> Result<PersonRow> {
    let me = somebody(engine)?;
    let (secret, _) = keys::secret(
        engine.person_keys(),
        engine.state_folder(),
        &me.key.verifier(),
    )
    .map_err(|fault| no_key(&fault))?;
    recovery::seal(path, passphrase, &secret)?;
    row(&me.person, Some(me.person.id))
}

/// Brings the own secret back from such a copy.
///
/// # Errors
/// `bad_input` where the passphrase does not open it, or it is nobody's key in force.
pub fn read_recovery(engine: &Engine, path: &Path, passphrase: &str) -> Result<PersonRow> {
    let secret = recovery::unseal(path, passphrase)?;
    for person in engine.store().persons()? {
        let wanted = key_of(&person)?;
        let is_it =
            keys::read_secret(&secret, wanted.name()).is_ok_and(|key| key.verifier() == wanted);
        if is_it && person.revoked_ms.is_none() {
            if !is_held(engine, &wanted) {
                keys::keep(
                    engine.person_keys(),
                    engine.state_folder(),
                    &wanted,
                    &secret,
                )
                .map_err(|fault| no_key(&fault))?;
            }
            return row(&person, Some(person.id));
        }
    }
    Err(bad("the key in it is not in force in this store"))
}
