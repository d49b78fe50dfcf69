//! Signing the tree: when, with which key, and whether the store is still the one that was signed.
//!
//! Signed is only a size that was committed. At the end of an import and every 10,000 leaves of
//! one, every five minutes where something was added, before an export, when the store is closed,
//! and when asked. After each signing the checkpoint is remembered outside the store's folder
//! (`guard`). Not here: where keys are kept (`keys`), what a checkpoint is (`assay-evidence`).

mod standing;
#[cfg(test)]
mod tests;
pub mod view;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use assay_domain::checks::counted;
use assay_domain::moment::rfc3339;
use assay_evidence::checkpoint::Checkpoint;
use assay_evidence::leaf::LeafKind;
use assay_evidence::signing::VerifierKey;
use assay_store::checkpoints::{CheckpointRecord, KeyRecord};
use assay_store::open::{Frozen, Store};
use assay_store::policies::deed;
use assay_store::writer::OwnRecord;

use crate::checks::thousands;
use crate::commands::Nothing;
use crate::error::{Code, Result, WireError};
use crate::evidence::guard::{self, Also, Remembered};
use crate::evidence::signing::view::{AcceptRestore, ShownKey, SignedCheckpoint};
use crate::keys::{self, HeldKey, KeyFault, KeySource};
use crate::opening::Engine;

/// Leaves of an import after which the tree is signed.
const EVERY_LEAVES: u64 = 10_000;
/// The longest that what was added waits to be signed.
const EVERY_MS: i64 = 300_000;
/// How long nothing is added before the write-ahead log is emptied.
const IDLE_MS: i64 = 30_000;
/// The fact that names the key of which a recovery copy was written.
const RECOVERY: &str = "recovery_of_key";

/// What a process knows of its key and of the store's past.
#[derive(Default)]
pub(crate) struct Signing {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    key: Option<Arc<HeldKey>>,
    fault: Option<KeyFault>,
    rollback: Option<Rollback>,
    /// Why the last checkpoint could not be remembered.
    unremembered: Option<String>,
    /// A tree that waits to be signed: its size when it was first seen, and when.
    waiting_since_ms: Option<i64>,
    /// The size that was seen last, and since when it is that.
    quiet: Option<(u64, i64)>,
}

/// A store that is older than what was signed, or another one.
#[derive(Clone)]
struct Rollback {
    remembered: Remembered,
    lost: u64,
}

/// Everything that signing needs.
pub(crate) struct Signer<'a> {
    pub(crate) store: &'a Store,
    pub(crate) source: &'a KeySource,
    pub(crate) state: Option<&'a Path>,
    pub(crate) user: &'a str,
    pub(crate) now_ms: i64,
    pub(crate) signing: &'a Signing,
}

fn verifier(record: &KeyRecord) -> Result<VerifierKey> {
    record.vkey.parse().map_err(|error| {
        WireError::new(
            Code::StoreDamaged,
            format!("a stored verifier key can't be read: {error}"),
        )
    })
}

impl From<KeyFault> for WireError {
    fn from(fault: KeyFault) -> Self {
        let hint = match &fault {
            KeyFault::NoSource => "name a key file with `--key-file FILE`",
            KeyFault::Locked(_) => "unlock the keychain, or name a key file with `--key-file FILE`",
            KeyFault::Missing(_) => {
                "unlock the keychain, or bring the key back with `assay evidence key restore FILE`; no new key is made for this store"
            }
            KeyFault::File { .. } | KeyFault::NotAKey(_) | KeyFault::Other(_) => {
                "`assay evidence key show` says which key the store was signed with"
            }
        };
        Self::new(Code::KeyMissing, fault.to_string()).hint(hint)
    }
}

impl Signer<'_> {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.signing
            .known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn also(&self) -> Also {
        match self.source {
            KeySource::Keychain => Also::Keychain,
            _ => Also::Nothing,
        }
    }

    /// Compares the store with what is remembered of it, once, when it is opened. A store that was
    /// rolled back may not be added to.
    pub(crate) fn look_back(&self) -> Result<()> {
        let Some(state) = self.state else {
            return Ok(());
        };
        let origin = self.store.origin()?;
        if self.store.is_new() {
            // What cannot be written now is told when something is signed.
            let _ = guard::bind(state, self.store.folder(), &origin);
            return Ok(());
        }
        let remembered = guard::recall(state, &origin, self.also());
        let size = self.store.tree_size()?;
        let other = guard::log_in(state, self.store.folder()).filter(|found| *found != origin);
        let found = if let Some(other) = other {
            let remembered =
                guard::recall(state, &other, self.also()).unwrap_or_else(|| Remembered {
                    origin: other.clone(),
                    size: 0,
                    root: String::new(),
                });
            Some((
                remembered.size,
                format!(
                    "another workspace's store, {origin}, lies where {other} was signed up to #{}",
                    thousands(remembered.size)
                ),
                remembered,
            ))
        } else {
            match remembered {
                Some(remembered) if size < remembered.size => Some((
                    remembered.size - size,
                    format!(
                        "it holds {}, and {} were signed: an older copy was put in its place",
                        counted(size, "record"),
                        thousands(remembered.size)
                    ),
                    remembered,
                )),
                Some(remembered)
                    if hex::encode(self.store.root_at(remembered.size)?) != remembered.root =>
                {
                    Some((
                        0,
                        format!(
                            "its first {} records are not the ones that were signed",
                            remembered.size
                        ),
                        remembered,
                    ))
                }
                _ => None,
            }
        };
        if let Some((lost, reason, remembered)) = found {
            self.store.freeze(Some(Frozen::RolledBack(reason)));
            self.known().rollback = Some(Rollback { remembered, lost });
        }
        Ok(())
    }

    /// Signs the tree as it is committed; the newest checkpoint where it is signed already.
    ///
    /// # Errors
    /// `key_missing`, `store_rolled_back`, `store_locked` where it is open for reading only; the
    /// store's.
    pub(crate) fn sign(&self) -> Result<CheckpointRecord> {
        let mut known = self.known();
        // Whatever may not be written may not be signed.
        drop(self.store.writer()?);
        let signed = self.sign_with(&mut known);
        if let Err(error) = &signed
            && error.code != Code::KeyMissing
        {
            return signed;
        }
        known.waiting_since_ms = None;
        signed
    }

    fn sign_with(&self, known: &mut Known) -> Result<CheckpointRecord> {
        let name = self.store.origin()?;
        let mut records = self.store.verifier_keys()?;
        if records.is_empty() {
            let held = keys::first(self.source, self.state, &name);
            let held = self.noted(known, held)?;
            records.push(self.store.writer()?.register_key(
                &held.key.verifier(),
                self.user,
                self.now_ms,
            )?);
        }
        let latest = self.store.latest_checkpoint()?;
        let has_new_rows = self.store.writer()?.has_new_rows()?;
        let size = self.store.tree_size()?;
        let current = match records.last() {
            Some(record) => record,
            None => return Err(KeyFault::NoSource.into()),
        };
        let is_signed = |latest: &&CheckpointRecord| latest.size == size && !has_new_rows;
        if let Some(latest) = latest.as_ref().filter(is_signed) {
            return Ok(latest.clone());
        }
        let held = self.held(known, &verifier(current)?)?;
        // The first checkpoint of a new key is signed by the one that it replaces as well.
        let is_first = latest.is_none_or(|latest| latest.size < current.since_size);
        let old = match records.len().checked_sub(2).filter(|_| is_first) {
            Some(index) => Some(keys::load(
                self.source,
                self.state,
                &verifier(&records[index])?,
            )?),
            None => None,
        };
        // Once nothing stands in the way any more.
        self.store.writer()?.commit_rows(self.now_ms)?;
        let size = self.store.tree_size()?;
        let checkpoint = Checkpoint {
            origin: name.clone(),
            size,
            root: self.store.root_at(size)?,
        };
        let keys: Vec<_> = old
            .iter()
            .map(|held| &held.key)
            .chain(std::iter::once(&held.key))
            .collect();
        let note = checkpoint.sign(&keys);
        let record = self.store.writer()?.add_checkpoint(&note, self.now_ms)?;
        self.remember(known, &checkpoint);
        if let Some(old) = old {
            keys::forget(self.source, self.state, &old.key.verifier());
        }
        Ok(record)
    }

    fn remember(&self, known: &mut Known, checkpoint: &Checkpoint) {
        let Some(state) = self.state else { return };
        let remembered = Remembered {
            origin: checkpoint.origin.clone(),
            size: checkpoint.size,
            root: hex::encode(checkpoint.root),
        };
        let done = guard::remember(state, self.store.folder(), &remembered, self.also());
        known.unremembered = done.err().map(|error| error.message);
    }

    fn noted(
        &self,
        known: &mut Known,
        held: std::result::Result<HeldKey, KeyFault>,
    ) -> Result<Arc<HeldKey>> {
        match held {
            Ok(held) => {
                let held = Arc::new(held);
                known.key = Some(Arc::clone(&held));
                known.fault = None;
                Ok(held)
            }
            Err(fault) => {
                known.key = None;
                known.fault = Some(fault.clone());
                Err(fault.into())
            }
        }
    }

    fn held(&self, known: &mut Known, wanted: &VerifierKey) -> Result<Arc<HeldKey>> {
        if let Some(held) = known.key.clone()
            && held.key.verifier() == *wanted
        {
            return Ok(held);
        }
        let held = keys::load(self.source, self.state, wanted);
        self.noted(known, held)
    }

    /// Signs where there is a key and something to sign. What stands in the way is said by the
    /// evidence's status and is no failure of what was just done.
    pub(crate) fn sign_if_possible(&self) -> Option<CheckpointRecord> {
        let is_asked = !matches!(self.source, KeySource::None) && self.store.is_for_writing();
        // The first leaf alone is the store's own beginning.
        let is_worth = self.store.tree_size().is_ok_and(|size| size > 1);
        if !is_asked || !is_worth || self.store.frozen().is_some() {
            return None;
        }
        self.sign().ok()
    }

    /// The same for whoever has just added something: `None` where it is signed now, otherwise why it
    /// is not and what to do, in one sentence.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn signed_or_why(&self) -> Result<Option<String>> {
        // The first leaf alone is the store's own beginning.
        if self.store.tree_size()? <= 1 {
            return Ok(None);
        }
        // Whatever stands in the way is said, a key that is not at hand or a full disk.
        Ok(self.sign().err().map(|WireError { message, hint, .. }| {
            let hint = hint.map(|hint| format!("; {hint}")).unwrap_or_default();
            format!("Not signed: {message}{hint}.")
        }))
    }

    /// Whether the key that signs now is at hand.
    pub(crate) fn has_key(&self) -> bool {
        let mut known = self.known();
        self.store
            .verifier_keys()
            .ok()
            .and_then(|keys| keys.last().and_then(|last| verifier(last).ok()))
            .is_some_and(|wanted| self.held(&mut known, &wanted).is_ok())
    }

    /// Leaves that no checkpoint covers.
    fn unsigned(&self) -> Result<u64> {
        let signed = self.store.latest_checkpoint()?.map_or(0, |last| last.size);
        Ok(self.store.tree_size()?.saturating_sub(signed))
    }

    /// Signs where an import has added many leaves.
    pub(crate) fn sign_while_importing(&self) {
        if self.unsigned().is_ok_and(|leaves| leaves >= EVERY_LEAVES) {
            self.sign_if_possible();
        }
    }

    /// Signs what has waited for five minutes, and empties the write-ahead log after half a minute
    /// without anything new. Called now and then by a thread of the window and of the server.
    pub(crate) fn tick(&self) -> Result<()> {
        let size = self.store.tree_size()?;
        let unsigned = self.unsigned()?;
        let (is_due, is_idle) = {
            let mut known = self.known();
            let since = match (unsigned, known.waiting_since_ms) {
                (0, _) => None,
                (_, since) => Some(since.unwrap_or(self.now_ms)),
            };
            known.waiting_since_ms = since;
            let quiet = match known.quiet {
                Some((seen, since)) if seen == size => (seen, since),
                _ => (size, self.now_ms),
            };
            let is_idle = self.now_ms.saturating_sub(quiet.1) >= IDLE_MS;
            // Once is enough until something is added again.
            known.quiet = Some((size, if is_idle { i64::MAX } else { quiet.1 }));
            (
                since.is_some_and(|since| self.now_ms - since >= EVERY_MS),
                is_idle,
            )
        };
        if is_due {
            self.sign_if_possible();
        }
        if is_idle && self.store.is_for_writing() {
            self.store.thawed_writer()?.checkpoint_log()?;
        }
        Ok(())
    }
}

/// What has to be typed to go on with a store that was rolled back.
fn phrase(origin: &str, lost: u64) -> String {
    let log = origin.rsplit('/').next().unwrap_or_default();
    let first: String = log.chars().take(8).collect();
    format!("{first} {lost}")
}

fn shown(record: &CheckpointRecord) -> Result<SignedCheckpoint> {
    let note = String::from_utf8(record.note.clone())
        .map_err(|_| WireError::new(Code::StoreDamaged, "a stored checkpoint can't be read"))?;
    let (text, _) = note.split_once("\n\n").unwrap_or((&note, ""));
    let root = Checkpoint::parse(&format!("{text}\n"))
        .map(|checkpoint| hex::encode(checkpoint.root))
        .map_err(|error| WireError::new(Code::StoreDamaged, error.to_string()))?;
    Ok(SignedCheckpoint {
        size: record.size,
        root,
        at: rfc3339(record.made_ms),
        note,
    })
}

/// Signs the tree now, and answers the signed note.
///
/// # Errors
/// `key_missing`, `store_rolled_back`, `store_locked`; the store's.
pub fn checkpoint(engine: &Engine, _: Nothing) -> Result<SignedCheckpoint> {
    shown(&engine.signer().sign()?)
}

/// Signs before something is handed over; `None` where nothing is signed, which the evidence's
/// status explains.
pub(crate) fn before_export(engine: &Engine) -> Option<CheckpointRecord> {
    engine.signer().sign_if_possible()
}

/// What an export has to say of the store: that it was accepted after it had been rolled back, and
/// whether it is signed. Sentences for people, none where there is nothing to say.
///
/// # Errors
/// The store's.
pub fn findings(engine: &Engine) -> Result<Vec<String>> {
    let mut found: Vec<String> = engine
        .store()
        .own_activities("store.accept_restore", &engine.store().origin()?)?
        .iter()
        .map(|restored| {
            format!(
                "At {} an older copy of this store was accepted in place of a newer one, as leaf #{} says.",
                restored.activity.at_ms.map(rfc3339).unwrap_or_default(),
                thousands(restored.seq)
            )
        })
        .collect();
    match engine.store().frozen() {
        Some(Frozen::RolledBack(reason)) => {
            found.push(format!("This store was rolled back: {reason}."));
        }
        Some(Frozen::Damaged(reason)) => found.push(format!("This store is damaged: {reason}.")),
        None => {}
    }
    Ok(found)
}

/// The key that signs.
///
/// # Errors
/// The store's.
pub fn key(engine: &Engine, _: Nothing) -> Result<ShownKey> {
    Ok(engine.signer().key_shown()?.0)
}

/// Goes on with a store that was rolled back; the leaf `restore` names both checkpoints.
///
/// # Errors
/// `bad_input` where nothing was rolled back, or the phrase is another one; the store's.
pub fn accept_restore(engine: &Engine, input: AcceptRestore) -> Result<ShownKey> {
    let signer = engine.signer();
    let mut known = signer.known();
    let Some(rollback) = known.rollback.clone() else {
        return Err(WireError::new(
            Code::BadInput,
            "this store was not rolled back",
        ));
    };
    let store = engine.store();
    let origin = store.origin()?;
    let expected = phrase(&origin, rollback.lost);
    if input.phrase.trim() != expected {
        return Err(
            WireError::new(Code::BadInput, "what was typed is not what confirms it")
                .hint("type the first eight digits of the log's id and the number of lost records"),
        );
    }
    let (size, root) = store.tree()?;
    let payload = serde_json::json!({
        "action": "store.accept_restore",
        "by": engine.user(),
        "found": {"origin": origin, "root": hex::encode(root), "size": size},
        "lost": rollback.lost,
        "remembered": {
            "origin": rollback.remembered.origin,
            "root": rollback.remembered.root,
            "size": rollback.remembered.size,
        },
    })
    .to_string();
    let now_ms = engine.now_ms();
    let own = OwnRecord {
        kind: LeafKind::Restore,
        activity: deed("store.accept_restore", &origin, engine.user(), now_ms),
        reason: None,
        payload: payload.as_bytes(),
        now_ms,
    };
    store.thawed_writer()?.record_own(&own)?;
    let (size, root) = store.tree()?;
    signer.remember(&mut known, &Checkpoint { origin, size, root });
    known.rollback = None;
    store.freeze(None);
    drop(known);
    signer.sign_if_possible();
    key(engine, Nothing {})
}

/// Replaces the key: the leaf `key.rotate` holds the new one, and one checkpoint is signed by both.
///
/// # Errors
/// `key_missing`, `store_rolled_back`, `bad_input` where the key was handed over and can't be kept.
pub fn rotate(engine: &Engine, _: Nothing) -> Result<ShownKey> {
    let signer = engine.signer();
    if matches!(signer.source, KeySource::Given(_)) {
        return Err(WireError::new(
            Code::BadInput,
            "a key that was handed over can't be replaced here: nothing says where the new one is kept",
        )
        .hint("use `--key-file FILE`"));
    }
    // Signs with the old key, so that it is known to be at hand.
    signer.sign()?;
    {
        let mut known = signer.known();
        let name = signer.store.origin()?;
        let held = keys::fresh(signer.source, signer.state, &name);
        let old = known.key.take();
        match signer.noted(&mut known, held) {
            Ok(held) => {
                let mut writer = signer.store.writer()?;
                writer.register_key(&held.key.verifier(), signer.user, signer.now_ms)?;
            }
            Err(error) => {
                known.key = old;
                known.fault = None;
                return Err(error);
            }
        }
    }
    signer.sign()?;
    key(engine, Nothing {})
}

/// Notes that a recovery copy of the key was written.
pub(crate) fn note_recovery(engine: &Engine, key: &VerifierKey) -> Result<()> {
    let mut writer = engine.store().writer()?;
    Ok(writer.set_fact(RECOVERY, &format!("{:08x}", key.id()))?)
}

/// Forgets why there was no key, once it was brought back.
pub(crate) fn try_key_again(engine: &Engine) {
    let signer = engine.signer();
    let mut known = signer.known();
    known.key = None;
    known.fault = None;
}

/// Signs and empties the write-ahead log: the store is about to be closed.
pub(crate) fn close(signer: &Signer<'_>) {
    signer.sign_if_possible();
}
