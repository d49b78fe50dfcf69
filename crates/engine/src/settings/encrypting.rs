//! Encrypting a store, taking that back, and its key: made, replaced, brought back.
//!
//! A store's key is random; a copy of it that a passphrase opens lies beside the store, so that the
//! loss of a keychain is not the loss of the trail. What is done is a leaf, written before. In: a
//! passphrase, which is kept nowhere. Out: what was compared, in words for people as well. Not here:
//! the conversion (`assay_store::converting`), where keys are kept (`store_keys`).

pub mod view;

use std::path::Path;
use std::sync::Arc;

use assay_domain::moment::rfc3339;
use assay_evidence::leaf::LeafKind;
use assay_store::cipher::{self, KeyEntry, Lies, StoreKey};
use assay_store::converting::{Conversion, Stage};
use assay_store::error::StoreError;
use assay_store::open::FILE_NAME;
use assay_store::policies::deed;
use assay_store::writer::OwnRecord;
use secrecy::ExposeSecret;
use secrecy::zeroize::Zeroizing;
use serde_json::json;

use crate::commands::Nothing;
use crate::error::{Code, Result, WireError};
use crate::evidence::recovery;
use crate::jobs::{Progress, Started, Step};
use crate::opening::Engine;
use crate::opening::store_keys::{self, StoreKeys};
use crate::settings::encrypting::view::{
    EncryptStore, PassphraseTried, SetStorePassphrase, StoreConverted, StoreEncryption,
    TryStorePassphrase, UnlockStore,
};

/// What has to be free beside a copy of the store.
const ROOM: u64 = 64 << 20;
/// What of the window's answers changes.
const CHANGED: [&str; 2] = ["trail", "activities"];

/// How the store stands.
///
/// # Errors
/// The store's.
pub fn status(engine: &Engine, _: Nothing) -> Result<StoreEncryption> {
    look(engine.store().folder(), engine.store_keys())
}

/// How the store in `folder` stands, whether or not its key is at hand; it is not opened.
///
/// # Errors
/// `not_found` where there is none, `bad_input` where it is something else.
pub fn look(folder: &Path, keys: &StoreKeys) -> Result<StoreEncryption> {
    let entries = cipher::entries(folder)?;
    let is_encrypted = match cipher::look(folder)? {
        Lies::Plain => false,
        Lies::Encrypted => true,
        Lies::Nothing => {
            return Err(WireError::new(
                Code::NotFound,
                format!("store not found: `{}`", folder.join(FILE_NAME).display()),
            ));
        }
        Lies::Other => {
            return Err(WireError::new(
                Code::BadInput,
                format!(
                    "neither a store nor an encrypted one with `{}` beside it: {}",
                    cipher::MARKER,
                    folder.join(FILE_NAME).display()
                ),
            ));
        }
    };
    let ids: Vec<String> = entries.iter().map(|entry| entry.id.clone()).collect();
    let held = match is_encrypted {
        true => store_keys::find(keys, &ids),
        false => Ok(Vec::new()),
    };
    let mut sentences = Vec::new();
    let mut place = None;
    let entry = entries.last().filter(|_| is_encrypted);
    if is_encrypted {
        sentences.push("This store is encrypted: every page of its file, and its log.".to_owned());
        match held {
            Ok(held) => match held.iter().find(|held| ids.contains(&held.key.id())) {
                Some(held) => {
                    sentences.push(store_keys::sentence(&held.place).to_owned());
                    place = Some(held.place.name().to_owned());
                }
                None => sentences.push("Its key is not on this computer.".to_owned()),
            },
            Err(fault) => sentences.push(format!("Its key is not at hand: {fault}.")),
        }
        sentences.push(
            "A copy of the key that the recovery passphrase opens lies beside the store; try the passphrase now and then."
                .to_owned(),
        );
    } else {
        sentences.push(
            "This store is not encrypted: whoever has its file can read the fields of its records, and with its day keys their text."
                .to_owned(),
        );
    }
    let store_bytes = std::fs::metadata(folder.join(FILE_NAME)).map_or(0, |file| file.len());
    Ok(StoreEncryption {
        encrypted: is_encrypted,
        key: entry.map(|entry| entry.id.clone()),
        key_place: place,
        since: entry.map(|entry| rfc3339(entry.made_ms)),
        has_recovery: entry.is_some_and(|entry| !entry.recovery.is_empty()),
        store_bytes,
        free_bytes: free_bytes(folder),
        needed_bytes: needed(store_bytes),
        sentences,
        cost: vec![
            COST.to_owned(),
            format!(
                "Converting this store writes its {:.1} MB once anew; meanwhile nothing else is written to it.",
                store_bytes as f64 / 1e6
            ),
        ],
        protects: PROTECTS.iter().map(|text| (*text).to_owned()).collect(),
    })
}

/// docs/benchmarks.md says how it was measured.
const COST: &str = "Storing rows takes 1.4 to 2.1 times the processor time, rows alone. A whole import of a 64 MB log, reading and hashing with it, took 1.05 to 1.08 times (28 November 2026, in a development build under load: expect more of an optimised one). Reading pages that are not in memory costs more as well. A store is 1 to 7 % larger.";

const PROTECTS: [&str; 3] = [
    "It protects the store's file: a lost or stolen disk, a copied folder, a backup without the passphrase.",
    "It does not protect from who uses this computer while the program runs, from its memory and swap, from what was shown, exported or handed over, or from whoever has the key or the passphrase.",
    "Not encrypted are the day keys beside the store (which days have records can be seen there), and packs, reports and logs that lie in its folder. Without the store's key the day keys open nothing.",
];

fn needed(store_bytes: u64) -> u64 {
    store_bytes + store_bytes / 10 + ROOM
}

/// Bytes that are free for this user where `folder` is.
fn free_bytes(folder: &Path) -> Option<u64> {
    #[cfg(unix)]
    {
        let disk = rustix::fs::statvfs(folder).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        None
    }
}

fn check_room(folder: &Path) -> Result<()> {
    let bytes = std::fs::metadata(folder.join(FILE_NAME)).map_or(0, |file| file.len());
    match free_bytes(folder) {
        Some(free) if free < needed(bytes) => Err(WireError::new(
            Code::FileUnwritable,
            format!(
                "not enough room beside the store: {:.0} MB are needed for a while, {:.0} MB are free",
                needed(bytes) as f64 / 1e6,
                free as f64 / 1e6
            ),
        )),
        _ => Ok(()),
    }
}

fn not_encrypted() -> WireError {
    WireError::new(Code::BadInput, "this store is not encrypted")
}

fn is_encrypted() -> WireError {
    WireError::new(Code::BadInput, "this store is encrypted already")
        .hint("`assay store rotate-key` gives it another key")
}

/// The key that the store is encrypted with.
fn current(engine: &Engine) -> Result<Arc<StoreKey>> {
    engine.store().key().ok_or_else(not_encrypted)
}

/// What is kept of a key beside the store.
fn entry(key: &StoreKey, passphrase: &str, now_ms: i64) -> Result<KeyEntry> {
    let secret = age::secrecy::SecretString::from(key.to_hex().as_str());
    Ok(KeyEntry {
        id: key.id(),
        made_ms: now_ms,
        recovery: recovery::sealed(passphrase, &secret)?,
    })
}

/// The key in what is kept beside the store, if the passphrase opens it.
fn opened(entry: &KeyEntry, passphrase: &str) -> Option<StoreKey> {
    let text = recovery::opened(entry.recovery.as_bytes(), passphrase)?;
    StoreKey::from_hex(text.expose_secret()).filter(|key| key.id() == entry.id)
}

/// The key of the store in `folder` that this passphrase opens.
///
/// # Errors
/// `bad_input` where it opens none, or the store is not encrypted.
pub fn recovered(folder: &Path, passphrase: &str) -> Result<StoreKey> {
    if cipher::look(folder)? != Lies::Encrypted {
        return Err(not_encrypted());
    }
    cipher::entries(folder)?
        .iter()
        .rev()
        .find_map(|entry| opened(entry, passphrase))
        .ok_or_else(|| {
            WireError::new(
                Code::BadInput,
                "the passphrase does not open the store's key",
            )
        })
}

/// Brings the store's key back to where it is kept.
///
/// # Errors
/// As [`recovered`]; `key_missing` where it can't be kept.
pub fn recover(folder: &Path, keys: &StoreKeys, passphrase: &str) -> Result<StoreEncryption> {
    store_keys::keep(keys, &recovered(folder, passphrase)?)?;
    look(folder, keys)
}

/// Encrypts the store.
///
/// # Errors
/// `bad_input` where it is encrypted already or the passphrase is short, `key_missing` where its key
/// can't be kept, `file_unwritable` where there is no room, `store_locked` where another process has
/// it open; the store is then as it was.
pub fn encrypt(engine: &Engine, passphrase: &str, progress: &Progress) -> Result<StoreConverted> {
    if engine.store().key().is_some() {
        return Err(is_encrypted());
    }
    let key = store_keys::first(engine.store_keys())?;
    change(engine, "store.encrypt", Some((key, passphrase)), progress)
}

/// Gives the store another key: all of it is written anew.
///
/// # Errors
/// `bad_input` where it is not encrypted; as [`encrypt`].
pub fn rotate(engine: &Engine, passphrase: &str, progress: &Progress) -> Result<StoreConverted> {
    current(engine)?;
    let key = StoreKey::fresh()?;
    change(
        engine,
        "store.rotate_key",
        Some((key, passphrase)),
        progress,
    )
}

/// Makes the store plain.
///
/// # Errors
/// `bad_input` where it is not encrypted; as [`encrypt`].
pub fn decrypt(engine: &Engine, progress: &Progress) -> Result<StoreConverted> {
    current(engine)?;
    change(engine, "store.decrypt", None, progress)
}

fn change(
    engine: &Engine,
    action: &str,
    to: Option<(StoreKey, &str)>,
    progress: &Progress,
) -> Result<StoreConverted> {
    let (store, now_ms) = (engine.store(), engine.now_ms());
    drop(store.writer()?);
    check_room(store.folder())?;
    let old = store.key().map(|key| key.id());
    let (key, kept) = match to {
        Some((key, passphrase)) => {
            let kept = entry(&key, passphrase, now_ms)?;
            store_keys::keep(engine.store_keys(), &key)?;
            (Some(Arc::new(key)), Some(kept))
        }
        None => (None, None),
    };
    let id = key.as_ref().map(|key| key.id());
    let payload = json!({
        "action": action,
        "at": rfc3339(now_ms),
        "by": engine.user(),
        "from": old,
        "to": id,
    })
    .to_string();
    let mut activity = deed(action, "store", engine.user(), now_ms);
    let conversion = Conversion {
        to: key,
        entry: kept,
        own: OwnRecord {
            kind: LeafKind::Encryption,
            activity: activity.clone(),
            reason: None,
            payload: payload.as_bytes(),
            now_ms,
        },
    };
    let before = store.tree()?.0;
    let mut stopped = None;
    let done = store.convert(&conversion, &mut |stage| {
        if let Err(error) = progress.check() {
            stopped = Some(error);
            return Err(StoreError::Interrupted);
        }
        progress.step(shown(stage));
        Ok(())
    });
    let done = match done {
        Ok(done) => done,
        Err(error) => {
            let error = stopped.unwrap_or_else(|| error.into());
            // The key opens nothing; the one before does.
            if let Some(id) = &id
                && store.key().map(|key| key.id()) != Some(id.clone())
            {
                store_keys::forget(engine.store_keys(), id, old.as_deref());
            }
            // The leaf that says what was about to be done is answered by one that says it was not.
            if store.tree()?.0 > before {
                activity.succeeded = Some(false);
                activity.error_type = Some(error.code.name().to_owned());
                let payload = json!({
                    "action": action,
                    "at": rfc3339(engine.now_ms()),
                    "by": engine.user(),
                    "failed": error.code.name(),
                })
                .to_string();
                let own = OwnRecord {
                    kind: LeafKind::Encryption,
                    activity,
                    reason: None,
                    payload: payload.as_bytes(),
                    now_ms: engine.now_ms(),
                };
                store.writer()?.record_own(&own)?;
            }
            return Err(error);
        }
    };
    if let Some(old) = old.as_ref().filter(|_| done.is_on_disk) {
        store_keys::forget(engine.store_keys(), old, id.as_deref());
    }
    let mut says = vec![match &id {
        Some(_) => "The store is encrypted.".to_owned(),
        None => "The store is not encrypted any more.".to_owned(),
    }];
    says.push(format!(
        "Before it took the old one's place the new file was read back: the same root over {} leaves, {} rows in {} tables, every page sound.",
        done.size, done.rows, done.tables
    ));
    match done.overwrote {
        Some(true) => says.push("The old file was overwritten and removed. On SSDs and on file systems that write elsewhere instead of in place that does not destroy what was there: use full-disk encryption as well.".to_owned()),
        Some(false) => says.push("The old file was removed, and could not be overwritten: what was in it may still be on the disk. Use full-disk encryption as well.".to_owned()),
        None => {}
    }
    if old.is_none() {
        says.push("Copies and backups that were made before are not encrypted: destroy them, or keep them on an encrypted disk.".to_owned());
    }
    Ok(StoreConverted {
        encrypted: id.is_some(),
        key: id,
        size: done.size,
        root: hex::encode(done.root),
        tables: done.tables,
        rows: done.rows,
        bytes_before: done.bytes.0,
        bytes_after: done.bytes.1,
        says,
    })
}

fn shown(stage: Stage) -> Step {
    let phase = match stage {
        Stage::Copying { done, total } => {
            return Step {
                phase: "Writing the new file".to_owned(),
                done,
                total: Some(total),
                unit: "bytes",
                ..Step::default()
            };
        }
        Stage::Comparing => "Reading the new file back",
        Stage::Named | Stage::Closed | Stage::Replaced | Stage::Done => "Putting it in its place",
        Stage::Overwriting => "Overwriting the old file",
    };
    Step {
        phase: phase.to_owned(),
        unit: "bytes",
        ..Step::default()
    }
}

/// Encrypts the store, as a job.
///
/// # Errors
/// As [`encrypt`] before it begins.
pub fn start_encrypt(engine: &Engine, input: EncryptStore) -> Result<Started> {
    if engine.store().key().is_some() {
        return Err(is_encrypted());
    }
    let passphrase = Zeroizing::new(input.passphrase);
    recovery::check(&passphrase)?;
    check_room(engine.store().folder())?;
    let own = engine.clone();
    Ok(engine.jobs().start(
        "settings.encrypt_store",
        "Encrypting the store".to_owned(),
        &CHANGED,
        move |progress| encrypt(&own, &passphrase, progress),
    ))
}

/// Gives the store another key, as a job.
///
/// # Errors
/// As [`rotate`] before it begins.
pub fn start_rotate(engine: &Engine, input: EncryptStore) -> Result<Started> {
    current(engine)?;
    let passphrase = Zeroizing::new(input.passphrase);
    recovery::check(&passphrase)?;
    check_room(engine.store().folder())?;
    let own = engine.clone();
    Ok(engine.jobs().start(
        "settings.rotate_store_key",
        "Giving the store another key".to_owned(),
        &CHANGED,
        move |progress| rotate(&own, &passphrase, progress),
    ))
}

/// Makes the store plain, as a job.
///
/// # Errors
/// As [`decrypt`] before it begins.
pub fn start_decrypt(engine: &Engine, _: Nothing) -> Result<Started> {
    current(engine)?;
    check_room(engine.store().folder())?;
    let own = engine.clone();
    Ok(engine.jobs().start(
        "settings.decrypt_store",
        "Decrypting the store".to_owned(),
        &CHANGED,
        move |progress| decrypt(&own, progress),
    ))
}

/// Gives the recovery copy another passphrase; the store's key stays.
///
/// # Errors
/// `bad_input` where the store is not encrypted or the passphrase is short; the store's.
pub fn set_passphrase(engine: &Engine, input: SetStorePassphrase) -> Result<StoreEncryption> {
    let passphrase = Zeroizing::new(input.passphrase);
    let key = current(engine)?;
    let now_ms = engine.now_ms();
    let mut kept = entry(&key, &passphrase, now_ms)?;
    let folder = engine.store().folder();
    if let Some(old) = cipher::entries(folder)?
        .iter()
        .find(|old| old.id == kept.id)
    {
        kept.made_ms = old.made_ms;
    }
    let payload = json!({
        "action": "store.set_passphrase",
        "at": rfc3339(now_ms),
        "by": engine.user(),
        "key": kept.id,
    })
    .to_string();
    let own = OwnRecord {
        kind: LeafKind::Encryption,
        activity: deed("store.set_passphrase", "store", engine.user(), now_ms),
        reason: None,
        payload: payload.as_bytes(),
        now_ms,
    };
    // The writer is held: no conversion names keys meanwhile.
    let mut writer = engine.store().writer()?;
    writer.record_own(&own)?;
    cipher::write_entries(folder, &[kept])?;
    drop(writer);
    status(engine, Nothing {})
}

/// Whether this is the recovery passphrase: to be tried before it is needed.
///
/// # Errors
/// `bad_input` where the store is not encrypted.
pub fn try_passphrase(engine: &Engine, input: TryStorePassphrase) -> Result<PassphraseTried> {
    let passphrase = Zeroizing::new(input.passphrase);
    let key = current(engine)?;
    let opens = cipher::entries(engine.store().folder())?
        .iter()
        .filter(|entry| entry.id == key.id())
        .any(|entry| opened(entry, &passphrase).is_some());
    Ok(PassphraseTried { opens })
}

/// Opens a store whose key is not on this computer. Where it is open already there is nothing to do;
/// where it is not, `door` does it.
///
/// # Errors
/// The store's.
pub fn unlock(engine: &Engine, input: UnlockStore) -> Result<StoreEncryption> {
    drop(Zeroizing::new(input.passphrase));
    status(engine, Nothing {})
}
