//! The engine of this window: opened once, or the reason why it is not.
//!
//! In: the arguments and where events go. Out: the engine for `bridge`. A store that cannot be
//! opened is no reason to show no window: every command then answers that error, and the UI says
//! what to do about it.

use std::path::PathBuf;
use std::sync::Arc;

use assay_engine::commands::dispatch;
use assay_engine::confirmations::Confirmation;
use assay_engine::door::Door;
use assay_engine::error::{Code, WireError};
use assay_engine::handles::Chosen;
use assay_engine::jobs::{Progress, Sink};
use assay_engine::opening::store_keys::StoreKeys;
use assay_engine::opening::{Engine, EngineOptions, default_store, steady_ms, usual_keys};
use assay_engine::sample;

use serde_json::{Value, json};

use crate::arguments::Arguments;

/// The engine, or why there is none. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Opened(Door);

impl Opened {
    /// The engine.
    ///
    /// # Errors
    /// Why the store could not be opened.
    pub(crate) fn engine(&self) -> Result<Engine, WireError> {
        self.0.engine()
    }

    /// Carries out a command; the one that opens an encrypted store as well.
    ///
    /// # Errors
    /// Why the store is not open; whatever the command answers.
    pub(crate) fn dispatch(
        &self,
        name: &str,
        input: Value,
        token: Option<&str>,
    ) -> Result<Value, WireError> {
        self.0.dispatch(name, input, token)
    }

    /// Registers paths that a person chose and answers what the webview may know of them.
    ///
    /// # Errors
    /// Where the store is not open.
    pub(crate) fn choose(
        &self,
        paths: impl IntoIterator<Item = PathBuf>,
    ) -> Result<Vec<Chosen>, WireError> {
        let engine = self.engine()?;
        paths
            .into_iter()
            .map(|path| engine.handles().add(&path))
            .collect()
    }

    /// Stops the jobs: what they acknowledged is in the store, the rest is not.
    pub(crate) fn close(&self) {
        if let Ok(engine) = self.engine() {
            engine.jobs().cancel_all();
            engine.close();
        }
    }
}

/// Opens the store that `arguments` name, and begins to import the paths they name; its events go
/// to `sink`.
pub(crate) fn open(arguments: &Arguments, sink: Sink) -> Opened {
    Opened(try_open(arguments, sink).unwrap_or_else(Door::shut))
}

fn try_open(arguments: &Arguments, sink: Sink) -> Result<Door, WireError> {
    // The sample is never mixed with real records: it has a folder of its own.
    let usual = if arguments.sample {
        sample::default_folder
    } else {
        default_store
    };
    let store = arguments
        .store
        .clone()
        .or_else(|| std::env::var_os("ASSAY_STORE").map(PathBuf::from))
        .or_else(usual)
        .ok_or_else(|| {
            WireError::new(
                Code::BadInput,
                "this system names no folder for programs' data",
            )
            .hint("name one with `--store DIR`")
        })?;
    let (keys, state) = usual_keys();
    let options = EngineOptions {
        sink,
        confirmation: Confirmation::Needed,
        person_keys: keys.clone(),
        store_keys: StoreKeys::usual(&keys, state.as_deref())?,
        keys,
        state,
        steady: Some(Arc::new(steady_ms)),
        ..EngineOptions::writing(store)
    };
    if arguments.sample && !arguments.paths.is_empty() {
        return Err(
            WireError::new(Code::BadInput, "the sample takes no records of your own")
                .hint("open them without `--sample`"),
        );
    }
    let (is_sample, paths) = (arguments.sample, arguments.paths.clone());
    Ok(Door::open(
        options,
        Box::new(move |options| {
            // Making the sample takes a few seconds, once; the window then opens on findings.
            let engine = if is_sample {
                sample::build(options, sample::planted::CALLS, &Progress::silent())?
            } else {
                Engine::open(options)?
            };
            engine.stay_open();
            if !paths.is_empty() {
                let handles = paths
                    .iter()
                    .map(|path| Ok(engine.handles().add(path)?.handle))
                    .collect::<Result<Vec<String>, WireError>>()?;
                dispatch(&engine, "imports.start", json!({ "handles": handles }))?;
            }
            Ok(engine)
        }),
    ))
}
