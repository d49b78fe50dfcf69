//! The door to a store for programs that stay open: opened at once, or later with a passphrase.
//!
//! A store that can't be opened is no reason to show no window: every command then answers why. One
//! that is encrypted, and whose key is not on this computer, is opened by the one command
//! `settings.unlock_store`. In: options and how they are opened. Out: an engine, or why there is
//! none. Not here: the window and the server that stand before it.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use secrecy::zeroize::Zeroizing;
use serde_json::Value;

use crate::commands::{Nothing, dispatch_with};
use crate::error::{Code, Result, WireError};
use crate::opening::{Engine, EngineOptions, store_keys};
use crate::settings::encrypting;
use crate::settings::encrypting::view::UnlockStore;

/// The command that opens an encrypted store.
const UNLOCK: &str = "settings.unlock_store";

/// How a store is opened.
pub type Opening = dyn Fn(EngineOptions) -> Result<Engine> + Send + Sync;

/// An engine, or why there is none. Cheap to clone.
#[derive(Clone)]
pub struct Door(Arc<Inner>);

struct Inner {
    options: Option<EngineOptions>,
    opening: Box<Opening>,
    opened: RwLock<Result<Engine>>,
    /// One passphrase is tried at a time.
    trying: Mutex<()>,
}

impl Door {
    /// Opens the store, if it can be.
    pub fn open(options: EngineOptions, opening: Box<Opening>) -> Self {
        let opened = opening(options.clone());
        Self(Arc::new(Inner {
            options: Some(options),
            opening,
            opened: RwLock::new(opened),
            trying: Mutex::new(()),
        }))
    }

    /// A door that stays shut.
    pub fn shut(why: WireError) -> Self {
        let answer = why.clone();
        Self(Arc::new(Inner {
            options: None,
            opening: Box::new(move |_| Err(answer.clone())),
            opened: RwLock::new(Err(why)),
            trying: Mutex::new(()),
        }))
    }

    /// The engine.
    ///
    /// # Errors
    /// Why the store could not be opened.
    pub fn engine(&self) -> Result<Engine> {
        self.0
            .opened
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Carries out a command as `commands::dispatch_with` does.
    ///
    /// # Errors
    /// As that; why there is no engine.
    pub fn dispatch(&self, name: &str, input: Value, token: Option<&str>) -> Result<Value> {
        match self.engine() {
            Ok(engine) => dispatch_with(&engine, name, input, token),
            Err(error) if error.code == Code::StoreEncrypted && name == UNLOCK => {
                let engine = self.unlock(input)?;
                let status = encrypting::status(&engine, Nothing {})?;
                serde_json::to_value(status)
                    .map_err(|error| WireError::new(Code::Internal, error.to_string()))
            }
            Err(error) => Err(error),
        }
    }

    fn unlock(&self, input: Value) -> Result<Engine> {
        let input: UnlockStore = serde_json::from_value(input).map_err(|error| {
            WireError::new(
                Code::BadInput,
                format!("cannot read the input of `{UNLOCK}`: {error}"),
            )
        })?;
        let passphrase = Zeroizing::new(input.passphrase);
        let _trying = self.0.trying.lock().unwrap_or_else(PoisonError::into_inner);
        if let Ok(engine) = self.engine() {
            return Ok(engine);
        }
        let Some(mut options) = self.0.options.clone() else {
            return self.engine();
        };
        let key = Arc::new(encrypting::recovered(&options.store, &passphrase)?);
        if input.keep {
            store_keys::keep(&options.store_keys, &key)?;
        } else {
            options.store_keys.unlocked = Some(key);
        }
        let engine = (self.0.opening)(options)?;
        *self
            .0
            .opened
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Ok(engine.clone());
        Ok(engine)
    }
}
