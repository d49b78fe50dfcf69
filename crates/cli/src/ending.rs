//! How a command ends: its exit code, and the line that says what went wrong.
//!
//! In: a command's outcome. Out: `error[code]: message` and `hint: …` on stderr. Not here: what
//! the codes mean (`assay_engine::error`).

use std::io::Write;
use std::process::ExitCode;

use assay_engine::error::{Code, WireError};

use crate::output::visible::visible;

/// What a command that was carried out says to the shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Done,
    /// Findings at or above `--fail-on`, or a verification that failed.
    Found,
}

/// Why a command ended before its end.
#[derive(Debug)]
pub(crate) enum Ending {
    Error(WireError),
    /// Text that was asked for instead of a command: `--help`, `--version`.
    Asked(String),
    /// Whoever read stdout has enough.
    Closed,
}

impl From<WireError> for Ending {
    fn from(error: WireError) -> Self {
        Self::Error(error)
    }
}

impl From<std::io::Error> for Ending {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self::Closed;
        }
        Self::Error(WireError::new(
            Code::FileUnwritable,
            format!("can't write to standard output: {error}"),
        ))
    }
}

/// Takes a reader that has enough for no failure: what a command decides does not depend on who
/// reads its output to the end.
pub(crate) fn heard(written: Result<(), Ending>) -> Result<(), Ending> {
    match written {
        Err(Ending::Closed) => Ok(()),
        other => other,
    }
}

/// An error that names what was wrong with the input.
pub(crate) fn bad_input(message: impl Into<String>) -> WireError {
    WireError::new(Code::BadInput, message)
}

/// The error of a command that a later version has.
pub(crate) fn later(command: &str) -> Ending {
    bad_input(format!("this version has no `{command}`"))
        .hint("`assay --help` lists what it has")
        .into()
}

/// Says what went wrong, if anything, and answers the exit code.
pub(crate) fn exit(ended: Result<Outcome, Ending>) -> ExitCode {
    match ended {
        Ok(Outcome::Done) | Err(Ending::Closed) => ExitCode::SUCCESS,
        Ok(Outcome::Found) => ExitCode::from(1),
        Err(Ending::Asked(text)) => {
            // Whoever closes the pipe before the help is read has read enough of it.
            let _ = std::io::stdout().write_all(text.as_bytes());
            ExitCode::SUCCESS
        }
        Err(Ending::Error(error)) => {
            say(&error);
            ExitCode::from(2)
        }
    }
}

/// Writes an error to stderr.
pub(crate) fn say(error: &WireError) {
    let mut lines = format!(
        "error[{}]: {}\n",
        error.code.name(),
        visible(&error.message)
    );
    if let Some(hint) = &error.hint {
        lines.push_str(&format!("hint: {}\n", visible(hint)));
    }
    let _ = std::io::stderr().write_all(lines.as_bytes());
}
