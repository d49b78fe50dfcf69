//! Checking the store for damage, and what follows from it: nothing is written any more, and
//! everything that is handed over says so.
//!
//! The last result is kept in the state folder, outside the store, so that damage stays known when
//! the program is started again. Not here: what is checked (the store's `fsck`).

pub mod view;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use assay_domain::moment::rfc3339;
use assay_evidence::checkpoint::Checkpoint;
use assay_evidence::kept;
use assay_store::folder;
use assay_store::fsck::against::Against;
use assay_store::fsck::{Depth, Report};
use assay_store::open::{Frozen, Looked};

use crate::error::{Code, Result, WireError};
use crate::evidence::guard::{self, Also};
use crate::evidence::integrity::view::{CheckStore, CheckedPart, ShownDamage, StoreCheck};
use crate::jobs::{Progress, Started, Step};
use crate::keys::KeySource;
use crate::opening::Engine;
use crate::writing;

/// The largest file that is read for a checkpoint.
const MAX_FILE: u64 = 2 << 30;
/// Damage that is kept in the state folder.
const KEPT: usize = 100;

/// What a process knows of the last check.
#[derive(Default)]
pub(crate) struct LastCheck(Mutex<Option<StoreCheck>>);

/// The depth with this name.
///
/// # Errors
/// `bad_input`.
pub fn depth_named(name: &str) -> Result<Depth> {
    Depth::ALL
        .into_iter()
        .find(|depth| depth.name() == name)
        .ok_or_else(|| {
            WireError::new(Code::BadInput, format!("no depth of a check: {name}"))
                .hint("one of tree, leaves, records")
        })
}

/// Checks the store as a job.
///
/// # Errors
/// `bad_input` for the depth or a chosen file.
pub fn start(engine: &Engine, input: CheckStore) -> Result<Started> {
    let depth = depth_named(&input.depth)?;
    let against: Vec<PathBuf> = input
        .against
        .iter()
        .map(|handle| engine.handles().path(handle))
        .collect::<Result<_>>()?;
    let own = engine.clone();
    Ok(engine.jobs().start(
        "evidence.fsck",
        "Checking the store".to_owned(),
        &["trail"],
        move |progress| check(&own, depth, &against, progress),
    ))
}

/// Checks the store, also against checkpoints or packs that were kept elsewhere. Where it is damaged
/// nothing is written to it from then on; a check of the same depth or more that finds nothing lets
/// writing go on.
///
/// # Errors
/// `bad_input` where a file holds no checkpoint; `cancelled`; the store's.
pub fn check(
    engine: &Engine,
    depth: Depth,
    files: &[PathBuf],
    progress: &Progress,
) -> Result<StoreCheck> {
    let mut against: Vec<Against> = files
        .iter()
        .map(|path| kept_in(path))
        .collect::<Result<_>>()?;
    against.extend(remembered(engine)?);
    let report = {
        let mut stopped = None;
        let answer = engine
            .store()
            .fsck(depth, &against, &mut |phase, done, total| {
                if let Err(error) = progress.check() {
                    stopped = Some(error);
                    return Err(assay_store::error::StoreError::Interrupted);
                }
                progress.step(Step {
                    phase: format!("Checking {phase}"),
                    done,
                    total: Some(total),
                    unit: phase,
                    ..Step::default()
                });
                Ok(())
            });
        if let Some(error) = stopped {
            return Err(error);
        }
        answer?
    };
    let found = shown(&report, engine.now_ms());
    judge(engine, depth, &found);
    remember(engine, &found);
    Ok(found)
}

/// The checkpoint in a file that somebody kept.
fn kept_in(path: &Path) -> Result<Against> {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let bad = |reason: String| {
        WireError::new(
            Code::BadInput,
            format!("can't compare with `{name}`: {reason}"),
        )
        .hint("give a signed checkpoint (`assay evidence checkpoint`) or a pack that holds one")
    };
    let metadata = std::fs::metadata(path).map_err(|error| bad(error.to_string()))?;
    if !metadata.is_file() || metadata.len() > MAX_FILE {
        return Err(bad("it is not a file of at most 2 GiB".to_owned()));
    }
    let bytes = std::fs::read(path).map_err(|error| bad(error.to_string()))?;
    let (checkpoint, note) = kept::read(&bytes).map_err(|error| bad(error.to_string()))?;
    Ok(Against {
        name: format!("`{name}`"),
        checkpoint,
        note: Some(note),
    })
}

/// What is remembered of the store outside its folder.
fn remembered(engine: &Engine) -> Result<Option<Against>> {
    let Some(state) = engine.state_folder() else {
        return Ok(None);
    };
    let also = match engine.signer().source {
        KeySource::Keychain => Also::Keychain,
        _ => Also::Nothing,
    };
    let Some(found) = guard::recall(state, &engine.store().origin()?, also) else {
        return Ok(None);
    };
    let mut root = [0; 32];
    if hex::decode_to_slice(&found.root, &mut root).is_err() {
        return Ok(None);
    }
    Ok(Some(Against {
        name: "The checkpoint that is remembered outside the store".to_owned(),
        checkpoint: Checkpoint {
            origin: found.origin,
            size: found.size,
            root,
        },
        note: None,
    }))
}

fn shown(report: &Report, now_ms: i64) -> StoreCheck {
    let what_to_do: &[&str] = match report.is_ok() {
        true => &[],
        false => &[
            "Nothing is written to this store any more. Copy its whole folder aside first: it is evidence.",
            "Then put back a backup, and check it against a pack or checkpoint that was handed over earlier.",
            "Records that are not named here can still be read and proved.",
        ],
    };
    StoreCheck {
        ok: report.is_ok(),
        depth: report.depth.name().to_owned(),
        at: rfc3339(now_ms),
        size: report.size,
        checked: report
            .checked
            .iter()
            .map(|(name, part)| {
                let part = CheckedPart {
                    checked: part.checked,
                    of: part.of,
                };
                ((*name).to_owned(), part)
            })
            .collect(),
        damage: report
            .damage
            .iter()
            .map(|damage| ShownDamage {
                what: damage.what.name().to_owned(),
                table: damage.table.clone(),
                record: damage.record.clone(),
                column: damage.column.clone(),
                leaf: damage.leaf,
                sentence: damage.sentence.clone(),
            })
            .collect(),
        damaged: report.damaged,
        not_checked: report.not_checked.clone(),
        what_to_do: what_to_do.iter().map(|&text| text.to_owned()).collect(),
    }
}

/// Why a damaged store may not be written to; `None` where it is sound.
fn reason(found: &StoreCheck) -> Option<String> {
    let first = found.damage.first()?;
    let more = match found.damaged {
        0 | 1 => String::new(),
        count => format!("; and {} more", count - 1),
    };
    Some(format!(
        "a check at {} found: {}{more}",
        found.at,
        first.sentence.trim_end_matches('.')
    ))
}

fn judge(engine: &Engine, depth: Depth, found: &StoreCheck) {
    let store = engine.store();
    match (reason(found), store.frozen()) {
        (Some(_), Some(Frozen::RolledBack(_))) => {}
        (Some(reason), _) => store.freeze(Some(Frozen::Damaged(reason))),
        (None, Some(Frozen::Damaged(_))) => {
            let before = last(engine).filter(|before| !before.ok);
            let went = before.and_then(|before| depth_named(&before.depth).ok());
            // What a deeper check found is not undone by one that did not look there.
            if went.is_none_or(|went| depth >= went) {
                store.freeze(None);
            }
        }
        (None, _) => {}
    }
}

fn file(engine: &Engine) -> Option<PathBuf> {
    let origin = engine.store().origin().ok()?;
    let log = origin.rsplit('/').next()?;
    let folder = engine.state_folder()?.join("checks");
    Some(folder.join(format!("{log}.json")))
}

/// Keeps what was found. A sound result of a lesser depth does not replace damage.
fn remember(engine: &Engine, found: &StoreCheck) {
    let is_still_damaged = found.ok && matches!(engine.store().frozen(), Some(Frozen::Damaged(_)));
    if is_still_damaged {
        return;
    }
    let known = engine.last_check();
    *known.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(found.clone());
    let Some(path) = file(engine) else { return };
    let mut kept = found.clone();
    kept.damage.truncate(KEPT);
    let Ok(text) = serde_json::to_string(&kept) else {
        return;
    };
    // What can't be kept is known to this process all the same, and found again by the next check.
    if path
        .parent()
        .is_some_and(|folder| folder::make(folder).is_ok())
    {
        let _ = writing::write(&path, text.as_bytes());
    }
}

/// What the last check found; `None` where none is known.
pub(crate) fn last(engine: &Engine) -> Option<StoreCheck> {
    let known = engine.last_check();
    let mut known = known.0.lock().unwrap_or_else(PoisonError::into_inner);
    if known.is_none() {
        *known = file(engine)
            .and_then(|path| std::fs::read(path).ok())
            .and_then(|text| serde_json::from_slice(&text).ok());
    }
    known.clone()
}

/// Lets nothing be written to a store that was found damaged before it was closed.
pub(crate) fn look_back(engine: &Engine) {
    if engine.store().is_new() || engine.store().frozen().is_some() {
        return;
    }
    if let Some(reason) = last(engine).as_ref().and_then(reason) {
        engine.store().freeze(Some(Frozen::Damaged(reason)));
    }
}

/// What was checked when the store was opened; a sentence.
pub(crate) fn at_opening(engine: &Engine) -> &'static str {
    match (engine.store().is_new(), engine.store().looked_at()) {
        (true, _) => "The store was made when it was opened.",
        (false, Looked::Whole) => {
            "When the store was opened, all of its tree and every checkpoint were checked."
        }
        (false, Looked::Edge) => {
            "When the store was opened, the newest part of its tree and the newest checkpoint were checked: for more it is too large."
        }
    }
}
