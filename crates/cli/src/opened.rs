//! Opening the store that the arguments name.
//!
//! In: the global arguments and the environment. Out: an engine for reading or for writing. Not
//! here: what is done with it.

use std::path::PathBuf;
use std::sync::Arc;

use assay_domain::moment::{self, WithoutZone};
use assay_engine::commands::Nothing;
use assay_engine::confirmations::Confirmation;
use assay_engine::door::Door;
use assay_engine::error::{Code, WireError};
use assay_engine::jobs::{Progress, Sink};
use assay_engine::keys::{KeySource, from_descriptor};
use assay_engine::opening::store_keys::StoreKeys;
use assay_engine::opening::{Engine, EngineOptions, default_store, steady_ms, usual_keys};
use assay_engine::{sample, settings};

use crate::arguments::Global;
use crate::ending::{Ending, Outcome, bad_input};
use crate::output::{Output, human};

/// Says what time it is, for output that must not depend on it: an RFC 3339 time.
const NOW: &str = "ASSAY_NOW";

/// What every command needs to know.
#[derive(Clone)]
pub(crate) struct Settings {
    store: Option<PathBuf>,
    offline: bool,
    now_ms: Option<i64>,
    keys: KeySource,
    person_keys: KeySource,
    store_keys: StoreKeys,
    state: Option<PathBuf>,
}

impl Settings {
    /// Reads the arguments and the environment, once.
    pub(crate) fn read(global: &Global) -> Result<Self, WireError> {
        let now_ms = match std::env::var(NOW) {
            Ok(text) => {
                let (ms, _) = moment::read(&text, WithoutZone::IsUtc, i64::MAX);
                Some(ms.ok_or_else(|| {
                    bad_input(format!("`{NOW}` is not a time: {text}"))
                        .hint("write it like 2026-10-01T00:00:00Z")
                })?)
            }
            Err(_) => None,
        };
        let (mut keys, state) = usual_keys();
        let person_keys = keys.clone();
        let mut store_keys = StoreKeys::usual(&keys, state.as_deref())?;
        if let Some(path) = &global.store_key_file {
            store_keys.source = KeySource::File(path.clone());
        }
        if let Some(path) = &global.key_file {
            keys = KeySource::File(path.clone());
        } else if let Some(number) = std::env::var_os("ASSAY_KEY_FD") {
            keys = from_descriptor(&number.to_string_lossy())?;
        }
        Ok(Self {
            keys,
            person_keys,
            store_keys,
            state,
            store: global.store.clone(),
            offline: global.offline,
            now_ms,
        })
    }

    /// The same, with the key of whoever sits here in this file.
    pub(crate) fn with_my_key(&self, file: Option<PathBuf>) -> Self {
        let mut settings = self.clone();
        if let Some(file) = file {
            settings.person_keys = KeySource::File(file);
        }
        settings
    }

    /// Where the key of an encrypted store is kept.
    pub(crate) fn store_keys(&self) -> &StoreKeys {
        &self.store_keys
    }

    /// The time, which the environment may set.
    pub(crate) fn now_ms(&self) -> i64 {
        let options = self.options(EngineOptions::reading(PathBuf::new()));
        (options.clock)()
    }

    /// The store's folder.
    pub(crate) fn folder(&self) -> Result<PathBuf, WireError> {
        self.store.clone().or_else(default_store).ok_or_else(|| {
            bad_input("this system names no folder for programs' files")
                .hint("name one with `--store DIR`")
        })
    }

    /// Options for the store in `folder`.
    pub(crate) fn options(&self, mut options: EngineOptions) -> EngineOptions {
        options.offline = self.offline;
        options.keys = self.keys.clone();
        options.person_keys = self.person_keys.clone();
        options.store_keys = self.store_keys.clone();
        options.state.clone_from(&self.state);
        match self.now_ms {
            Some(now_ms) => options.clock = Arc::new(move || now_ms),
            None => options.steady = Some(Arc::new(steady_ms)),
        }
        options
    }

    /// Opens the store to look at it.
    pub(crate) fn reading(&self) -> Result<Engine, WireError> {
        Engine::open(self.options(EngineOptions::reading(self.folder()?))).map_err(|error| {
            match error.code {
                Code::NotFound => {
                    error.hint("`assay import` makes one; `--store DIR` names another folder")
                }
                _ => error,
            }
        })
    }

    /// Opens the store to write to it, making it where there is none.
    pub(crate) fn writing(&self) -> Result<Engine, WireError> {
        Engine::open(self.options(EngineOptions::writing(self.folder()?)))
    }

    /// Opens the store for a page that sends commands; events go to `sink`. One that is encrypted,
    /// and whose key is not here, may be opened by the page.
    pub(crate) fn telling(&self, sink: Sink) -> Result<Door, WireError> {
        let options = self.told(sink, self.folder()?);
        opened_or_locked(Door::open(
            options,
            Box::new(|options| {
                let engine = Engine::open(options)?;
                engine.stay_open();
                Ok(engine)
            }),
        ))
    }

    /// Opens the sample organisation for a page, making it where it is absent; events go to `sink`.
    pub(crate) fn sample(&self, sink: Sink, progress: &Arc<Progress>) -> Result<Door, WireError> {
        let folder = self
            .store
            .clone()
            .or_else(sample::default_folder)
            .map_or_else(|| self.folder(), Ok)?;
        let (options, progress) = (self.told(sink, folder), Arc::clone(progress));
        opened_or_locked(Door::open(
            options,
            Box::new(move |options| {
                let engine = sample::build(options, sample::planted::CALLS, &progress)?;
                engine.stay_open();
                Ok(engine)
            }),
        ))
    }

    fn told(&self, sink: Sink, folder: PathBuf) -> EngineOptions {
        EngineOptions {
            sink,
            confirmation: Confirmation::Needed,
            ..self.options(EngineOptions::writing(folder))
        }
    }

    /// Opens the store where there is one, and otherwise an empty one for this moment.
    pub(crate) fn reading_or_empty(
        &self,
    ) -> Result<(Engine, Option<tempfile::TempDir>), WireError> {
        self.or_empty(self.reading())
    }

    /// The store that was opened, and an empty one for this moment where there was none.
    pub(crate) fn or_empty(
        &self,
        opened: Result<Engine, WireError>,
    ) -> Result<(Engine, Option<tempfile::TempDir>), WireError> {
        match opened {
            Err(error) if error.code == Code::NotFound => {
                let folder = private_folder()?;
                let engine = Engine::open(
                    self.options(EngineOptions::writing(folder.path().join("store"))),
                )?;
                Ok((engine, Some(folder)))
            }
            opened => Ok((opened?, None)),
        }
    }
}

/// A door that is open, or that a passphrase opens.
fn opened_or_locked(door: Door) -> Result<Door, WireError> {
    match door.engine() {
        Err(error) if error.code != Code::StoreEncrypted => Err(error),
        _ => Ok(door),
    }
}

/// A folder that only this user can look into and that disappears with the program.
pub(crate) fn private_folder() -> Result<tempfile::TempDir, WireError> {
    tempfile::Builder::new()
        .prefix("assay-")
        .tempdir()
        .map_err(|error| {
            WireError::new(
                Code::FileUnwritable,
                format!("can't make a folder for temporary files: {error}"),
            )
        })
}

/// Says which program and store these are.
pub(crate) fn about(settings: &Settings, output: &mut Output) -> Result<Outcome, Ending> {
    let engine = settings.reading()?;
    let about = settings::about(&engine, Nothing {})?;
    if output.is_json() {
        output.document(&about)?;
        return Ok(Outcome::Done);
    }
    output.text(&human::pairs(&[
        ("Version", about.version),
        ("Store", about.store),
        ("Size", human::bytes(about.store_bytes)),
        ("Schema", about.schema.to_string()),
        ("SQLite", about.sqlite),
        ("Organisation", about.organisation),
        ("Prices as of", about.prices_as_of),
        ("Vendor facts as of", about.facts_as_of),
        ("User", about.user),
    ]))?;
    Ok(Outcome::Done)
}
