//! The vault: where its key is kept, and putting originals back in place of their tokens.
//!
//! The key is in the operating system's keychain, where there is none in a file in the state folder,
//! or in a file that was named. Every restore is a leaf before anything is answered. In: a text with
//! tokens and the reason. Out: the text with its originals. Not here: how an entry is sealed (the
//! store), lines on the terminal (`filtering`).

use std::path::{Path, PathBuf};

use assay_backends::keychain::{self, KeychainError};
use assay_domain::moment::rfc3339;
use assay_evidence::leaf::LeafKind;
use assay_redact::operators::tokens::{Original, restored, tokens};
use assay_store::policies::deed;
use assay_store::subjects::{Needles, SubjectFound};
use assay_store::vault::{NewOriginal, VaultKey};
use assay_store::writer::OwnRecord;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::commands::Nothing;
use crate::error::{Code, Result, WireError};
use crate::keys::{KeyPlace, KeySource, read_file, write_file};
use crate::opening::Engine;
use crate::redaction::view::{RestoreText, RestoredText, VaultStatus};
use crate::trail::REASON;

/// Names the file of the key.
pub const FILE: &str = "ASSAY_VAULT_KEY_FILE";
/// The fact that says which key is the vault's.
const FACT: &str = "vault_key";
/// Bytes of a text in the window.
const MAX_TEXT: usize = 4 << 20;

/// Where the key is kept as the environment says it, beside where the other keys are kept.
pub(crate) fn usual(source: &KeySource) -> KeySource {
    match std::env::var_os(FILE).filter(|path| !path.is_empty()) {
        Some(path) => KeySource::File(path.into()),
        None => source.clone(),
    }
}

/// A key, and where it was.
struct Held {
    key: VaultKey,
    id: String,
    place: KeyPlace,
}

fn account(id: &str) -> String {
    format!("vault key {id}")
}

fn state_file(state: &Path, id: &str) -> PathBuf {
    state.join("keys").join(format!("vault-{id}.key"))
}

fn read(text: &SecretString, place: KeyPlace) -> Result<Held> {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    hex::decode_to_slice(text.expose_secret().trim(), bytes.as_mut_slice()).map_err(|_| {
        WireError::new(
            Code::KeyMissing,
            "what is kept as the vault's key is not one: it has not 64 hexadecimal digits",
        )
    })?;
    Ok(Held {
        id: id_of(&bytes),
        key: VaultKey::new(*bytes),
        place,
    })
}

fn id_of(bytes: &[u8; 32]) -> String {
    let mut hasher = Sha256::new();
    hasher.update(b"assay vault key");
    hasher.update(bytes);
    hex::encode(&hasher.finalize()[..8])
}

fn sentence(place: &KeyPlace) -> &'static str {
    match place {
        KeyPlace::Keychain => "The vault's key is in this computer's keychain.",
        KeyPlace::StateFile(_) => {
            "The vault's key is in a file on this computer that only this user can read, outside the store's folder. It protects copies of the store, not a disk that is taken with that file on it."
        }
        KeyPlace::NamedFile(_) => {
            "The vault's key is in a file that was named when the program was started."
        }
        KeyPlace::Given => "The vault's key was handed over when the program was started.",
    }
}

fn missing(why: &str) -> WireError {
    WireError::new(
        Code::KeyMissing,
        format!("the vault's key is not at hand: {why}"),
    )
    .hint(format!(
        "unlock the keychain, or name the key's file in `{FILE}`; without it nobody puts a token back"
    ))
}

/// The key that the vault has, if it has one.
///
/// # Errors
/// `key_missing` where it is not where it is kept, or is another one.
fn held(engine: &Engine) -> Result<Option<Held>> {
    let Some(id) = engine.store().fact(FACT)? else {
        return Ok(None);
    };
    let keys = engine.store_keys();
    let in_state = || -> Result<Option<Held>> {
        let Some(state) = &keys.state else {
            return Ok(None);
        };
        let path = state_file(state, &id);
        read_file(&path)?
            .map(|text| read(&text, KeyPlace::StateFile(path)))
            .transpose()
    };
    let found = match &keys.vault {
        KeySource::None => None,
        KeySource::Given(text) => Some(read(text, KeyPlace::Given)?),
        KeySource::File(path) => read_file(path)?
            .map(|text| read(&text, KeyPlace::NamedFile(path.clone())))
            .transpose()?,
        KeySource::StateFolder => in_state()?,
        KeySource::Keychain => match keychain::get(&account(&id)) {
            Ok(Some(text)) => Some(read(&text, KeyPlace::Keychain)?),
            Ok(None) | Err(KeychainError::Absent(_)) => in_state()?,
            Err(error @ KeychainError::Locked(_)) => match in_state()? {
                Some(held) => Some(held),
                None => return Err(missing(&error.to_string())),
            },
        },
    };
    match found {
        Some(held) if held.id == id => Ok(Some(held)),
        Some(_) => Err(missing("what was found is another key")),
        None => Err(missing("it is not where it is kept")),
    }
}

/// The vault's key, made and kept where there is none yet.
fn held_or_made(engine: &Engine) -> Result<Held> {
    if let Some(held) = held(engine)? {
        return Ok(held);
    }
    let keys = engine.store_keys();
    let given = match &keys.vault {
        KeySource::Given(text) => Some(read(text, KeyPlace::Given)?),
        KeySource::File(path) => read_file(path)?
            .map(|text| read(&text, KeyPlace::NamedFile(path.clone())))
            .transpose()?,
        _ => None,
    };
    let held = match given {
        Some(held) => held,
        None => made(engine)?,
    };
    engine.store().writer()?.set_fact(FACT, &held.id)?;
    Ok(held)
}

fn made(engine: &Engine) -> Result<Held> {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    getrandom::fill(bytes.as_mut_slice())
        .map_err(|error| WireError::new(Code::Internal, format!("no randomness: {error}")))?;
    let id = id_of(&bytes);
    let text = SecretString::from(hex::encode(bytes.as_slice()));
    let keys = engine.store_keys();
    let in_state = || -> Result<KeyPlace> {
        let state = keys
            .state
            .as_deref()
            .ok_or_else(|| missing("this computer has no place for it"))?;
        let path = state_file(state, &id);
        write_file(&path, &text)?;
        Ok(KeyPlace::StateFile(path))
    };
    let place = match &keys.vault {
        KeySource::None | KeySource::Given(_) => {
            return Err(missing("nothing says where it is kept"));
        }
        KeySource::File(path) => {
            write_file(path, &text)?;
            KeyPlace::NamedFile(path.clone())
        }
        KeySource::StateFolder => in_state()?,
        KeySource::Keychain => {
            let kept =
                keychain::set(&account(&id), &text).and_then(|()| keychain::get(&account(&id)));
            match kept {
                // A keychain that forgets at once is none.
                Ok(Some(kept)) if kept.expose_secret() == text.expose_secret() => {
                    KeyPlace::Keychain
                }
                Ok(_) | Err(KeychainError::Absent(_)) => in_state()?,
                Err(error @ KeychainError::Locked(_)) => return Err(missing(&error.to_string())),
            }
        }
    };
    Ok(Held {
        key: VaultKey::new(*bytes),
        id,
        place,
    })
}

/// A vault that is open: originals go in and come out.
pub(crate) struct Vault<'a> {
    engine: &'a Engine,
    held: Option<Held>,
}

impl<'a> Vault<'a> {
    /// For keeping originals; its key is made where there is none.
    ///
    /// # Errors
    /// `key_missing`.
    pub(crate) fn keeping(engine: &'a Engine) -> Result<Self> {
        let held = Some(held_or_made(engine)?);
        Ok(Self { engine, held })
    }

    /// For putting originals back.
    ///
    /// # Errors
    /// `key_missing`.
    pub(crate) fn restoring(engine: &'a Engine) -> Result<Self> {
        let held = held(engine)?;
        Ok(Self { engine, held })
    }

    /// Keeps originals, on disk when this answers; how many were new.
    pub(crate) fn keep(&self, originals: &[Original], policy: (&str, &str)) -> Result<u64> {
        let (Some(held), false) = (&self.held, originals.is_empty()) else {
            return Ok(0);
        };
        let tags: Vec<String> = originals
            .iter()
            .map(|original| hex::encode(original.tag))
            .collect();
        let new: Vec<NewOriginal<'_>> = originals
            .iter()
            .zip(&tags)
            .map(|(original, tag)| NewOriginal {
                tag,
                entity_type: &original.entity_type,
                value: &original.value,
            })
            .collect();
        let now_ms = self.engine.now_ms();
        let mut writer = self.engine.store().writer()?;
        Ok(writer.keep_originals(&held.key, &new, policy, now_ms)?)
    }

    /// The original behind a tag.
    pub(crate) fn original(&self, tag: &[u8; 16]) -> Result<Option<String>> {
        match &self.held {
            Some(held) => Ok(self.engine.store().original(&held.key, &hex::encode(tag))?),
            None => Ok(None),
        }
    }
}

/// Where the key is, for people; `None` where the vault has none yet or it is not at hand.
pub(crate) fn place(engine: &Engine) -> Option<&'static str> {
    held(engine)
        .ok()
        .flatten()
        .map(|held| sentence(&held.place))
}

/// Notes a restore before it is done.
///
/// # Errors
/// `bad_input` for the reason; the store's.
pub(crate) fn note(engine: &Engine, reason: &str, asked: Option<u64>) -> Result<String> {
    let reason = reason.trim();
    if reason.chars().count() < REASON {
        return Err(WireError::new(
            Code::BadInput,
            format!("a reason has at least {REASON} characters"),
        )
        .hint("say why the original text is needed"));
    }
    let now_ms = engine.now_ms();
    let payload = serde_json::json!({
        "action": "vault.restore",
        "at": rfc3339(now_ms),
        "by": engine.user(),
        "reason": reason,
        "tokens": asked,
    })
    .to_string();
    let own = OwnRecord {
        kind: LeafKind::Reveal,
        activity: deed("vault.restore", "vault", engine.user(), now_ms),
        reason: Some(reason),
        payload: payload.as_bytes(),
        now_ms,
    };
    Ok(engine.store().writer()?.record_own(&own)?.1)
}

/// Notes how many originals a restore of unknown size gave out.
///
/// # Errors
/// The store's.
pub(crate) fn note_done(engine: &Engine, of: &str, restored: u64, missing: u64) -> Result<()> {
    let now_ms = engine.now_ms();
    let payload = serde_json::json!({
        "action": "vault.restored",
        "at": rfc3339(now_ms),
        "by": engine.user(),
        "missing": missing,
        "of": of,
        "restored": restored,
    })
    .to_string();
    let own = OwnRecord {
        kind: LeafKind::Reveal,
        activity: deed("vault.restored", of, engine.user(), now_ms),
        reason: None,
        payload: payload.as_bytes(),
        now_ms,
    };
    engine.store().writer()?.record_own(&own)?;
    Ok(())
}

/// Puts the originals back into a text. The trail says so before.
///
/// # Errors
/// `bad_input` for the text or the reason, `key_missing`; the store's.
pub fn restore(engine: &Engine, input: RestoreText) -> Result<RestoredText> {
    if input.text.len() > MAX_TEXT {
        return Err(
            WireError::new(Code::BadInput, "the text is longer than 4 MiB")
                .hint("use `assay redaction restore`"),
        );
    }
    let asked = tokens(&input.text).len() as u64;
    if asked == 0 {
        return Err(
            WireError::new(Code::BadInput, "no token stands in the text")
                .hint("a token looks like [EMAIL_ADDRESS~ and 32 digits]"),
        );
    }
    let vault = Vault::restoring(engine)?;
    let activity = note(engine, &input.reason, Some(asked))?;
    let mut failed = None;
    let (text, back, missing) = restored(&input.text, |tag| match vault.original(tag) {
        Ok(original) => original,
        Err(error) => {
            failed.get_or_insert(error);
            None
        }
    });
    match failed {
        Some(error) => Err(error),
        None => Ok(RestoredText {
            text,
            restored: back,
            missing,
            activity,
        }),
    }
}

/// What is in the vault, and where its key is.
///
/// # Errors
/// The store's.
pub fn status(engine: &Engine, _: Nothing) -> Result<VaultStatus> {
    let counts = engine.store().vault_counts()?;
    let (key, at_hand) = match held(engine) {
        Ok(Some(held)) => (sentence(&held.place).to_owned(), true),
        Ok(None) => (
            "The vault has no key yet: it is made when the first original is kept.".to_owned(),
            true,
        ),
        Err(error) => (format!("{}.", capital(&error.message)), false),
    };
    Ok(VaultStatus {
        entries: counts.entries,
        first_kept: counts.first_ms.map(rfc3339),
        last_kept: counts.last_ms.map(rfc3339),
        key,
        key_at_hand: at_hand,
    })
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// Adds the entries whose originals hold what is looked for; those that can't be opened count as
/// unreadable.
///
/// # Errors
/// The store's.
pub(crate) fn search(engine: &Engine, needles: &Needles, found: &mut SubjectFound) -> Result<()> {
    if needles.is_empty() || engine.store().vault_counts()?.entries == 0 {
        return Ok(());
    }
    let held = held(engine).ok().flatten();
    let key = held.as_ref().map(|held| &held.key);
    let (ids, shut) = engine.store().find_in_vault(key, needles)?;
    found.vault = ids;
    found.vault_shut = shut;
    Ok(())
}
