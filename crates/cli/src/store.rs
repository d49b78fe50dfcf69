//! `assay store`: encrypting the store's file, taking that back, and its key.
//!
//! A passphrase is read from the terminal without showing it, from a file of its owner's, or from
//! standard input; never from an argument. Not here: keys and conversion (the engine).

use std::path::Path;

use assay_engine::commands::Nothing;
use assay_engine::error::WireError;
use assay_engine::evidence::recovery;
use assay_engine::jobs::Progress;
use assay_engine::opening::Engine;
use assay_engine::settings::encrypting;
use assay_engine::settings::encrypting::view::{
    SetStorePassphrase, StoreConverted, StoreEncryption, TryStorePassphrase,
};

use crate::arguments::store::{PassphraseArguments, StoreCommand};
use crate::ending::{Ending, Outcome};
use crate::evidence_keys::{Asked, passphrase};
use crate::opened::Settings;
use crate::output::Output;
use crate::output::human::{bytes, pairs};
use crate::stopping;

/// Carries out one of the commands.
pub(crate) fn run(
    given: StoreCommand,
    settings: &Settings,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    match given {
        StoreCommand::Status => {
            let status = encrypting::look(&settings.folder()?, settings.store_keys())?;
            shown(&status, output)?;
        }
        StoreCommand::Encrypt(given) => {
            let engine = settings.writing()?;
            if !output.is_json() {
                // What it costs is said before it is done.
                for line in encrypting::status(&engine, Nothing {})?.cost {
                    output.note(&line)?;
                }
            }
            let passphrase = read(given, Asked::Twice)?;
            convert(&engine, output, |engine, progress| {
                encrypting::encrypt(engine, &passphrase, progress)
            })?;
        }
        StoreCommand::Decrypt => convert(&settings.writing()?, output, encrypting::decrypt)?,
        StoreCommand::RotateKey(given) => {
            let engine = settings.writing()?;
            let passphrase = read(given, Asked::Twice)?;
            convert(&engine, output, |engine, progress| {
                encrypting::rotate(engine, &passphrase, progress)
            })?;
        }
        StoreCommand::Passphrase(given) => {
            let engine = settings.writing()?;
            let passphrase = read(given, Asked::Twice)?;
            let status = encrypting::set_passphrase(&engine, SetStorePassphrase { passphrase })?;
            shown(&status, output)?;
        }
        StoreCommand::TryPassphrase(given) => {
            let engine = settings.reading()?;
            let passphrase = read(given, Asked::Once)?;
            let tried = encrypting::try_passphrase(&engine, TryStorePassphrase { passphrase })?;
            if output.is_json() {
                output.document(&tried)?;
            } else {
                output.text(match tried.opens {
                    true => "it opens the copy of the store's key",
                    false => "it does not open the copy of the store's key",
                })?;
            }
            return Ok(match tried.opens {
                true => Outcome::Done,
                false => Outcome::Found,
            });
        }
        StoreCommand::Recover(given) => {
            let folder = settings.folder()?;
            let status = recover(&folder, settings, given)?;
            shown(&status, output)?;
        }
    }
    Ok(Outcome::Done)
}

fn recover(
    folder: &Path,
    settings: &Settings,
    given: PassphraseArguments,
) -> Result<StoreEncryption, WireError> {
    let passphrase = read(given, Asked::Once)?;
    encrypting::recover(folder, settings.store_keys(), &passphrase)
}

fn read(given: PassphraseArguments, asked: Asked) -> Result<String, WireError> {
    match given.passphrase_file {
        Some(path) => Ok(recovery::passphrase_in(&path)?.as_str().to_owned()),
        None => passphrase(asked),
    }
}

fn convert(
    engine: &Engine,
    output: &mut Output,
    work: impl FnOnce(&Engine, &Progress) -> Result<StoreConverted, WireError>,
) -> Result<(), Ending> {
    let watched = stopping::watched(output);
    let done = work(engine, &watched.progress);
    drop(watched);
    let done = done?;
    if output.is_json() {
        return output.document(&done);
    }
    output.text(&done.says.join("\n"))
}

fn shown(status: &StoreEncryption, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(status);
    }
    let mut rows = vec![(
        "Encrypted",
        if status.encrypted { "yes" } else { "no" }.to_owned(),
    )];
    if let (Some(key), Some(since)) = (&status.key, &status.since) {
        rows.push(("Key", key.clone()));
        rows.push(("Since", since.clone()));
    }
    rows.push(("File", bytes(status.store_bytes)));
    rows.push((
        "Converting needs",
        match status.free_bytes {
            Some(free) => format!(
                "{} for a while, {} are free",
                bytes(status.needed_bytes),
                bytes(free)
            ),
            None => format!(
                "{} for a while; how much is free is not known",
                bytes(status.needed_bytes)
            ),
        },
    ));
    let lines = status
        .sentences
        .iter()
        .chain(&status.cost)
        .chain(&status.protects);
    let text: Vec<&str> = lines.map(String::as_str).collect();
    output.text(&format!("{}\n\n{}", pairs(&rows), text.join("\n")))
}
