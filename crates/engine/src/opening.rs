//! The engine itself: an open store with its jobs, its clock and its user.
//!
//! In: where the store is and what the program passes in (clock, sink, user). Out: an [`Engine`]
//! that every command takes. Not here: what commands do.

use std::path::PathBuf;
use std::sync::Arc;

use assay_domain::query::Query;
use assay_domain::query::keys::Table;
use assay_store::error::StoreError;
use assay_store::open::{Access, Store};

use crate::confirmations::{Confirmation, Confirmations};
use crate::error::{Code, Result, WireError};
use crate::handles::Handles;
use crate::jobs::{Jobs, Sink};
use crate::masking::Compiled;

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
        }
    }
}

/// An open store and all that can be done with it. Cheap to clone.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    store: Store,
    jobs: Arc<Jobs>,
    handles: Handles,
    compiled: Compiled,
    confirmations: Confirmations,
    options: EngineOptions,
}

impl Engine {
    /// Opens the engine.
    ///
    /// # Errors
    /// `store_locked`, `store_too_new`, `store_damaged`, `not_found`, `bad_input`.
    pub fn open(options: EngineOptions) -> Result<Self> {
        let now_ms = (options.clock)();
        let store = Store::open(&options.store, options.access, now_ms)?;
        Ok(Self(Arc::new(Inner {
            store,
            jobs: Arc::new(Jobs::new(Arc::clone(&options.sink))),
            handles: Handles::default(),
            compiled: Compiled::default(),
            confirmations: Confirmations::default(),
            options,
        })))
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

/// The folder in which this system keeps a person's programs' files, and this program's store in
/// it; `None` where the system names none.
///
/// Source: XDG Base Directory Specification 0.8; Apple's File System Programming Guide; Windows'
/// known folder `FOLDERID_LocalAppData`.
pub fn default_store() -> Option<PathBuf> {
    let named = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let folder = if cfg!(target_os = "windows") {
        named("LOCALAPPDATA")?
    } else if cfg!(target_os = "macos") {
        named("HOME")?.join("Library/Application Support")
    } else {
        named("XDG_DATA_HOME").or_else(|| Some(named("HOME")?.join(".local/share")))?
    };
    Some(folder.join("assay"))
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
            StoreError::TooNew { .. } => Self::new(Code::StoreTooNew, message).hint("update the app"),
            StoreError::Damaged { .. } => Self::new(Code::StoreDamaged, message)
                .hint("nothing was written to it; copy the folder before you try anything, then restore a backup"),
            StoreError::NotFound { .. } => Self::new(Code::NotFound, message),
            StoreError::NotAStore { .. } => Self::new(Code::BadInput, message).hint("choose another folder"),
            StoreError::ReadOnly(_) => Self::new(Code::StoreLocked, message),
            StoreError::DiskFull | StoreError::File { .. } => Self::new(Code::FileUnwritable, message),
            StoreError::KeyMissing { .. } => Self::new(Code::StoreDamaged, message)
                .hint("put the file of day keys back beside the store; without it the text can't be read"),
            StoreError::Erased { .. } => Self::new(Code::NotFound, message)
                .hint("its text can't be brought back; its proof still holds"),
            StoreError::Busy => Self::new(Code::StoreLocked, message)
                .hint("close other programs that read the store"),
            StoreError::Held => Self::new(Code::PolicyRefused, message)
                .hint("release the hold first, with a reason"),
            StoreError::Interrupted => Self::new(Code::Cancelled, message),
            StoreError::Value(_) | StoreError::NoRandomness | StoreError::Sql(_) => {
                Self::new(Code::Internal, message)
            }
        }
    }
}
