//! `assay evidence checkpoint`, `key` and `accept-restore`: signing, the key that signs, and going
//! on with a store that was rolled back.
//!
//! A passphrase is read from the terminal without showing it, or from standard input; never from
//! an argument. Not here: keys and signing (the engine).

use std::io::{BufRead, IsTerminal, Write};

use assay_engine::commands::Nothing;
use assay_engine::error::{Code, WireError};
use assay_engine::evidence::signing::view::{AcceptRestore, ShownKey};
use assay_engine::evidence::{self, recovery, signing};

use crate::arguments::KeyCommand;
use crate::ending::{Ending, bad_input};
use crate::opened::Settings;
use crate::output::Output;
use crate::output::human::{counted, pairs, thousands};

/// Signs the tree now and prints the signed note.
pub(crate) fn checkpoint(settings: &Settings, output: &mut Output) -> Result<(), Ending> {
    let signed = signing::checkpoint(&settings.writing()?, Nothing {})?;
    if output.is_json() {
        return output.document(&signed);
    }
    output.text(signed.note.trim_end())
}

/// Shows, makes, replaces, copies or brings back the key.
pub(crate) fn key(
    given: KeyCommand,
    settings: &Settings,
    output: &mut Output,
) -> Result<(), Ending> {
    let key = match given {
        KeyCommand::Show => signing::key(&settings.reading()?, Nothing {})?,
        KeyCommand::Create => {
            let engine = settings.writing()?;
            if signing::key(&engine, Nothing {})?.vkey.is_some() {
                return Err(bad_input("this store has a signing key already")
                    .hint("`assay evidence key rotate` replaces it")
                    .into());
            }
            signing::checkpoint(&engine, Nothing {})?;
            signing::key(&engine, Nothing {})?
        }
        KeyCommand::Rotate => signing::rotate(&settings.writing()?, Nothing {})?,
        KeyCommand::Recovery { out } => {
            let engine = settings.writing()?;
            let passphrase = passphrase(Asked::Twice)?;
            recovery::write(&engine, &out, &passphrase)?
        }
        KeyCommand::Restore { file } => {
            let engine = settings.writing()?;
            let passphrase = passphrase(Asked::Once)?;
            recovery::restore(&engine, &file, &passphrase)?
        }
    };
    shown(&key, output)
}

/// Goes on with a store that was rolled back.
pub(crate) fn accept_restore(
    phrase: Option<String>,
    settings: &Settings,
    output: &mut Output,
) -> Result<(), Ending> {
    let engine = settings.writing()?;
    let status = evidence::status(&engine, Nothing {})?;
    let Some(rollback) = status.rollback else {
        return Err(bad_input("this store was not rolled back").into());
    };
    let Some(phrase) = phrase else {
        let lost = format!(
            "missing: {} of {}; leaves up to #{} were signed",
            counted(rollback.lost, "record"),
            rollback.remembered_origin,
            thousands(rollback.remembered_size)
        );
        return Err(WireError::new(Code::StoreRolledBack, lost)
            .hint(format!(
                "to go on with this store all the same: `assay evidence accept-restore --i-accept \"{}\"`",
                rollback.phrase
            ))
            .into());
    };
    let key = signing::accept_restore(&engine, AcceptRestore { phrase })?;
    shown(&key, output)
}

fn shown(key: &ShownKey, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(key);
    }
    let mut rows = vec![("Log", key.origin.clone())];
    if let (Some(vkey), Some(fingerprint)) = (&key.vkey, &key.fingerprint) {
        rows.push(("Verifier key", vkey.clone()));
        rows.push(("Fingerprint", fingerprint.clone()));
    }
    if let (1.., Some(first)) = (key.rotations, &key.first_vkey) {
        rows.push(("First key", first.clone()));
        rows.push(("Replaced", format!("{} times", key.rotations)));
    }
    rows.push(("Secret", key.sentence.clone()));
    if key.vkey.is_some() {
        rows.push((
            "Recovery copy",
            match key.has_recovery {
                true => "was written".to_owned(),
                false => "none: `assay evidence key recovery --out FILE` writes one".to_owned(),
            },
        ));
    }
    output.text(&pairs(&rows))
}

/// How often a passphrase is asked for on a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    Once,
    Twice,
}

/// Reads a passphrase: from the terminal, unseen, or the first line of standard input.
pub(crate) fn passphrase(asked: Asked) -> Result<String, WireError> {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        return line();
    }
    let first = unseen("Passphrase: ")?;
    if asked == Asked::Twice && unseen("Once more: ")? != first {
        return Err(bad_input("the two passphrases differ"));
    }
    Ok(first)
}

fn line() -> Result<String, WireError> {
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|error| bad_input(format!("can't read the passphrase: {error}")))?;
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}

pub(crate) fn unseen(prompt: &str) -> Result<String, WireError> {
    let mut terminal = std::io::stderr();
    // A prompt that can't be shown is no reason to stop.
    let _ = terminal.write_all(prompt.as_bytes());
    #[cfg(unix)]
    let read = {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let stdin = std::io::stdin();
        let seen = tcgetattr(&stdin)
            .map_err(|error| bad_input(format!("can't hide what is typed: {error}")))?;
        let mut hidden = seen.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        tcsetattr(&stdin, OptionalActions::Flush, &hidden)
            .map_err(|error| bad_input(format!("can't hide what is typed: {error}")))?;
        let read = line();
        let _ = tcsetattr(&stdin, OptionalActions::Flush, &seen);
        read
    };
    #[cfg(not(unix))]
    let read = line();
    let _ = terminal.write_all(b"\n");
    read
}
