//! The engine itself: an open store with its jobs, its clock and its user.
//!
//! In: where the store is and what the program passes in (clock, sink, user). Out: an [`Engine`]
//! that every command takes. Not here: what commands do.

pub mod store_keys;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use assay_domain::query::Query;
use assay_domain::query::keys::Table;
use assay_store::cipher;
use assay_store::clock::{Clocks, Reading};
use assay_store::error::StoreError;
use assay_store::open::{Access, Store};

use crate::confirmations::{Confirmation, Confirmations};
use crate::error::{Code, Result, WireError};
use crate::evidence::integrity::{self, LastCheck};
use crate::evidence::signing::{self, Signer, Signing};
use crate::handles::Handles;
use crate::jobs::{Jobs, Sink};
use crate::keys::KeySource;
use crate::masking::Compiled;
use crate::opening::store_keys::StoreKeys;
use crate::retention::subjects::FoundSubjects;

/// What the engine is opened with.
#[derive(Clone)]
pub struct EngineOptions {
    /// The store's folder.
    pub store: PathBuf,
    pub access: Access,
    /// Where events go.
    pub sink: Sink,
    /// UTC milliseconds since 1970.
    pub clock: Arc<dyn Fn() -> i64 + Send + Sync>,
    /// Who is recorded for imports, reveals and exports.
    pub user: String,
    /// Refuse every socket but loopback.
    pub offline: bool,
    /// Whether dangerous commands that come through `dispatch` need a confirmation.
    pub confirmation: Confirmation,
    /// Where the signing key is kept.
    pub keys: KeySource,
    /// Where the key of whoever sits here is kept.
    pub person_keys: KeySource,
    /// Where the key of an encrypted store is kept.
    pub store_keys: StoreKeys,
    /// A folder outside the store's, in which is remembered what was signed; and the key, where it
    /// is kept in a file. Nothing is remembered where it is `None`.
    pub state: Option<PathBuf>,
    /// A clock that nobody sets, in milliseconds: by it jumps of `clock` are noticed.
    pub steady: Option<Arc<dyn Fn() -> i64 + Send + Sync>>,
}

impl EngineOptions {
    /// Options for a store that is written to, and made where there is none.
    pub fn writing(store: PathBuf) -> Self {
        Self::new(store, Access::Write)
    }

    /// Options for a store that is only looked at; any number of processes may.
    pub fn reading(store: PathBuf) -> Self {
        Self::new(store, Access::Read)
    }

    /// Options with the system's clock and user, and nobody listening.
    pub fn new(store: PathBuf, access: Access) -> Self {
        Self {
            store,
            access,
            sink: Arc::new(|_| {}),
            clock: Arc::new(|| chrono::Utc::now().timestamp_millis()),
            user: ["USER", "LOGNAME", "USERNAME"]
                .iter()
                .find_map(|name| std::env::var(name).ok().filter(|name| !name.is_empty()))
                .unwrap_or_else(|| "unknown user".to_owned()),
            offline: false,
            confirmation: Confirmation::NotNeeded,
            keys: KeySource::None,
            person_keys: KeySource::None,
            store_keys: StoreKeys::default(),
            state: None,
            steady: None,
        }
    }
}

/// Calls that are read ahead at once.
const AHEAD: u32 = 5_000;
/// How often the thread of [`Engine::stay_open`] looks whether there is something to do.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// An open store and all that can be done with it. Cheap to clone.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    store: Store,
    jobs: Arc<Jobs>,
    handles: Handles,
    compiled: Compiled,
    confirmations: Confirmations,
    signing: Signing,
    last_check: LastCheck,
    found: FoundSubjects,
    /// Set and told when the engine ends.
    ended: Arc<(Mutex<bool>, Condvar)>,
    options: EngineOptions,
}

impl Inner {
    fn signer(&self) -> Signer<'_> {
        Signer {
            store: &self.store,
            source: &self.options.keys,
            state: self.options.state.as_deref(),
            user: &self.options.user,
            now_ms: (self.options.clock)(),
            signing: &self.signing,
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        signing::close(&self.signer());
        *self.ended.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.ended.1.notify_all();
    }
}

impl Engine {
    /// Opens the engine.
    ///
    /// # Errors
    /// `store_encrypted` where its key is not at hand, `store_locked`, `store_too_new`,
    /// `store_damaged`, `not_found`, `bad_input`.
    pub fn open(options: EngineOptions) -> Result<Self> {
        let now_ms = (options.clock)();
        let store = open_store(&options, now_ms)?;
        if let (Access::Write, Some(steady)) = (options.access, &options.steady) {
            let (clock, steady) = (Arc::clone(&options.clock), Arc::clone(steady));
            let clocks: Clocks = Arc::new(move || Reading {
                wall_ms: clock(),
                steady_ms: steady(),
            });
            // A store that is damaged has no writer, and is looked at all the same.
            if let Ok(mut writer) = store.writer() {
                writer.watch_clocks(clocks);
            }
        }
        let engine = Self(Arc::new(Inner {
            store,
            jobs: Arc::new(Jobs::new(Arc::clone(&options.sink))),
            handles: Handles::default(),
            compiled: Compiled::new(Arc::clone(&options.clock)),
            confirmations: Confirmations::default(),
            signing: Signing::default(),
            last_check: LastCheck::default(),
            found: FoundSubjects::default(),
            ended: Arc::default(),
            options,
        }));
        engine.signer().look_back()?;
        integrity::look_back(&engine);
        Ok(engine)
    }

    /// What the last check of the store found.
    pub(crate) fn last_check(&self) -> &LastCheck {
        &self.0.last_check
    }

    /// What signing needs.
    pub(crate) fn signer(&self) -> Signer<'_> {
        self.0.signer()
    }

    /// The folder in which is remembered what was signed.
    pub fn state_folder(&self) -> Option<&Path> {
        self.0.options.state.as_deref()
    }

    /// Where the key of whoever sits here is kept.
    pub(crate) fn person_keys(&self) -> &KeySource {
        &self.0.options.person_keys
    }

    /// Where the key of an encrypted store is kept.
    pub(crate) fn store_keys(&self) -> &StoreKeys {
        &self.0.options.store_keys
    }

    /// For programs that stay open, from threads that end with the engine: signs what was added, at most
    /// five minutes after it was, and reads ahead what the first search would wait for.
    pub fn stay_open(&self) {
        let inner = Arc::downgrade(&self.0);
        std::thread::spawn(move || {
            // A part at a time, so that the engine is never held for long; what can't be read is read by who asks.
            while let Some(inner) = inner.upgrade() {
                if !inner.store.read_ahead(AHEAD).unwrap_or(false) {
                    return;
                }
            }
        });
        self.keep_signed();
    }

    fn keep_signed(&self) {
        let inner = Arc::downgrade(&self.0);
        let ended = Arc::clone(&self.0.ended);
        std::thread::spawn(move || {
            loop {
                let guard = ended.0.lock().unwrap_or_else(PoisonError::into_inner);
                let (is_ended, _) = ended
                    .1
                    .wait_timeout_while(guard, LOOK_EVERY, |is_ended| !*is_ended)
                    .unwrap_or_else(PoisonError::into_inner);
                let is_ended = *is_ended;
                match inner.upgrade() {
                    // What can't be done now is tried again.
                    Some(inner) if !is_ended => drop(inner.signer().tick()),
                    _ => return,
                }
            }
        });
    }

    /// Signs what was added: the program is about to end without letting go of the engine.
    pub fn close(&self) {
        signing::close(&self.signer());
    }

    /// The jobs of this process.
    pub fn jobs(&self) -> &Arc<Jobs> {
        &self.0.jobs
    }

    /// The files that a person chose in this session.
    pub fn handles(&self) -> &Handles {
        &self.0.handles
    }

    /// The confirmations that were given in this session and not used yet.
    pub(crate) fn confirmations(&self) -> &Confirmations {
        &self.0.confirmations
    }

    /// What was found of persons in this session and not erased yet.
    pub(crate) fn found(&self) -> &FoundSubjects {
        &self.0.found
    }

    /// Whether dangerous commands that come through `dispatch` need a confirmation.
    pub fn confirmation(&self) -> Confirmation {
        self.0.options.confirmation
    }

    /// Policies that were compiled before.
    pub(crate) fn compiled(&self) -> &Compiled {
        &self.0.compiled
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The time now, UTC milliseconds.
    pub fn now_ms(&self) -> i64 {
        (self.0.options.clock)()
    }

    /// Who is recorded for what is done.
    pub fn user(&self) -> &str {
        &self.0.options.user
    }

    /// Whether every socket but loopback is refused.
    pub fn is_offline(&self) -> bool {
        self.0.options.offline
    }
}

/// Opens the store, with its key where it is encrypted.
fn open_store(options: &EngineOptions, now_ms: i64) -> Result<Store> {
    let ids: Vec<String> = cipher::entries(&options.store)?
        .into_iter()
        .map(|entry| entry.id)
        .collect();
    let (held, fault) = match store_keys::find(&options.store_keys, &ids) {
        Ok(held) => (held, None),
        Err(fault) => (Vec::new(), Some(fault)),
    };
    let keys: Vec<_> = held.into_iter().map(|held| held.key).collect();
    Store::open_with(&options.store, options.access, &keys, now_ms).map_err(|error| {
        let mut error = WireError::from(error);
        if let (Code::StoreEncrypted, Some(fault)) = (error.code, fault) {
            error.message = format!("{}: {fault}", error.message);
        }
        error
    })
}

/// The folder in which this system keeps a person's programs' files, and this program's store in
/// it; `None` where the system names none.
///
/// Source: XDG Base Directory Specification 0.8; Apple's File System Programming Guide; Windows'
/// known folder `FOLDERID_LocalAppData`.
pub fn default_store() -> Option<PathBuf> {
    let folder = if cfg!(target_os = "windows") {
        named("LOCALAPPDATA")?
    } else if cfg!(target_os = "macos") {
        named("HOME")?.join("Library/Application Support")
    } else {
        named("XDG_DATA_HOME").or_else(|| Some(named("HOME")?.join(".local/share")))?
    };
    Some(folder.join("assay"))
}

/// The folder in which this system keeps what programs remember between runs, and this program's
/// in it; never the one of [`default_store`].
///
/// Source: XDG Base Directory Specification 0.8 (`XDG_STATE_HOME`); elsewhere as for the store.
pub fn default_state() -> Option<PathBuf> {
    if cfg!(any(target_os = "windows", target_os = "macos")) {
        return default_store().map(|store| store.with_file_name("assay-state"));
    }
    let folder = named("XDG_STATE_HOME").or_else(|| Some(named("HOME")?.join(".local/state")))?;
    Some(folder.join("assay"))
}

/// A folder that the environment names, if it is an absolute path.
fn named(name: &str) -> Option<PathBuf> {
    std::env::var_os(name)
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
}

/// The folder and the key of a person's own store, or of the one that `ASSAY_STATE` names: then
/// both are kept in it, and the keychain is left alone.
pub fn usual_keys() -> (KeySource, Option<PathBuf>) {
    match std::env::var_os("ASSAY_STATE").filter(|folder| !folder.is_empty()) {
        Some(folder) => (KeySource::StateFolder, Some(folder.into())),
        None => (KeySource::Keychain, default_state()),
    }
}

/// Milliseconds by a clock that goes on while the computer sleeps and that nobody sets.
pub fn steady_ms() -> i64 {
    #[cfg(unix)]
    {
        use rustix::time::{ClockId, clock_gettime};
        #[cfg(target_os = "linux")]
        let clock = ClockId::Boottime;
        #[cfg(not(target_os = "linux"))]
        let clock = ClockId::Monotonic;
        let now = clock_gettime(clock);
        now.tv_sec * 1_000 + now.tv_nsec / 1_000_000
    }
    #[cfg(not(unix))]
    {
        static BEGAN: std::sync::LazyLock<std::time::Instant> =
            std::sync::LazyLock::new(std::time::Instant::now);
        i64::try_from(BEGAN.elapsed().as_millis()).unwrap_or(i64::MAX)
    }
}

/// Reads a query about the records of `table`.
///
/// # Errors
/// `bad_input` with what is wrong and what was probably meant.
pub fn read_query(text: &str, table: Table) -> Result<Query> {
    Query::parse(text, table).map_err(|error| WireError {
        code: Code::BadInput,
        message: error.message,
        hint: error.hint,
    })
}

impl From<StoreError> for WireError {
    fn from(error: StoreError) -> Self {
        let message = error.to_string();
        match error {
            StoreError::Locked { .. } => Self::new(Code::StoreLocked, message)
                .hint("close the other window or wait until its work is done"),
            StoreError::Encrypted { .. } | StoreError::WrongKey { .. } => {
                Self::new(Code::StoreEncrypted, message).hint(
                    "enter its recovery passphrase (`assay store recover`), or give its key with `--store-key-file FILE`",
                )
            }
            StoreError::NotTheSame { .. } => Self::new(Code::StoreDamaged, message)
                .hint("check the store with `assay evidence fsck --depth records`"),
            StoreError::TooNew { .. } => Self::new(Code::StoreTooNew, message).hint("update the app"),
            StoreError::Damaged { .. } => Self::new(Code::StoreDamaged, message)
                .hint("nothing was written to it; copy the folder before you try anything, then restore a backup"),
            StoreError::NotFound { .. } => Self::new(Code::NotFound, message),
            StoreError::NotAStore { .. } => Self::new(Code::BadInput, message).hint("choose another folder"),
            StoreError::RolledBack { .. } => Self::new(Code::StoreRolledBack, message).hint(
                "`assay evidence status` says what is missing; put the newer store back, or accept this one with `assay evidence accept-restore`",
            ),
            StoreError::LogTooLong { .. } => Self::new(Code::StoreLocked, message)
                .hint("close other programs that look at the store, and import again"),
            StoreError::ReadOnly(_) => Self::new(Code::StoreLocked, message),
            StoreError::DiskFull | StoreError::File { .. } => Self::new(Code::FileUnwritable, message),
            StoreError::KeyMissing { .. } => Self::new(Code::StoreDamaged, message)
                .hint("put the file of day keys back beside the store; without it the text can't be read"),
            StoreError::Erased { .. } => Self::new(Code::NotFound, message)
                .hint("its text can't be brought back; its proof still holds"),
            StoreError::Busy => Self::new(Code::StoreLocked, message)
                .hint("close other programs that read the store"),
            StoreError::CutShort => Self::new(Code::StoreLocked, message)
                .hint("close other programs that have the store open, and open it again"),
            StoreError::Held => Self::new(Code::PolicyRefused, message)
                .hint("release the hold first, with a reason"),
            StoreError::Interrupted => Self::new(Code::Cancelled, message),
            StoreError::Value(_) | StoreError::NoRandomness | StoreError::Sql(_) => {
                Self::new(Code::Internal, message)
            }
        }
    }
}
