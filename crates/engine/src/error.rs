//! What can go wrong, as a small table of codes that somebody acts on, and the form in which an
//! error crosses to the window and the terminal.
//!
//! Not here: bad input data, which is a value (a rejected line, a finding) and never an error.

use std::io::Write;
use std::panic::Location;

use serde::{Deserialize, Serialize};

/// A code that a caller can act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    BadInput,
    FormatUnknown,
    NotFound,
    StoreLocked,
    StoreTooNew,
    StoreDamaged,
    StoreRolledBack,
    /// The store is encrypted, and its key is not at hand.
    StoreEncrypted,
    KeyMissing,
    BackendUnreachable,
    BackendRefused,
    RateLimited,
    BudgetReached,
    PolicyRefused,
    /// A dangerous command came without the token of a person's confirmation.
    NotConfirmed,
    /// A second person has to approve first; the error names the request.
    ApprovalNeeded,
    FileUnwritable,
    Cancelled,
    Internal,
}

impl Code {
    /// The name on the terminal and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BadInput => "bad_input",
            Self::FormatUnknown => "format_unknown",
            Self::NotFound => "not_found",
            Self::StoreLocked => "store_locked",
            Self::StoreTooNew => "store_too_new",
            Self::StoreDamaged => "store_damaged",
            Self::StoreRolledBack => "store_rolled_back",
            Self::StoreEncrypted => "store_encrypted",
            Self::KeyMissing => "key_missing",
            Self::BackendUnreachable => "backend_unreachable",
            Self::BackendRefused => "backend_refused",
            Self::RateLimited => "rate_limited",
            Self::BudgetReached => "budget_reached",
            Self::PolicyRefused => "policy_refused",
            Self::NotConfirmed => "not_confirmed",
            Self::ApprovalNeeded => "approval_needed",
            Self::FileUnwritable => "file_unwritable",
            Self::Cancelled => "cancelled",
            Self::Internal => "internal",
        }
    }
}

/// An error as the window and the terminal show it: never with prompt text, keys or matched
/// personal data in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, thiserror::Error)]
#[error("{message}")]
pub struct WireError {
    pub code: Code,
    /// What could not be done, lower case, no full stop, the value after a colon.
    pub message: String,
    /// What to do about it, where there is something.
    pub hint: Option<String>,
}

impl WireError {
    /// An error without a hint.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            hint: None,
        }
    }

    /// What is said where the program's own fault stopped what it did. The text of a panic may quote a
    /// record, so it stays out.
    pub fn stopped(what: &str) -> Self {
        Self::new(Code::Internal, format!("{what} stopped unexpectedly"))
            .hint("nothing that was acknowledged is lost; try again, and report it if it returns")
    }

    /// The same error with a hint on what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// Lets a fault of the program be told on stderr by its place alone from now on: the text of a panic may quote
/// a record, and what is printed is kept by whoever runs the program.
pub fn hide_panics() {
    std::panic::set_hook(Box::new(|fault| {
        // Nothing can be done where stderr is closed.
        let _ = writeln!(std::io::stderr(), "{}", of_fault(fault.location()));
    }));
}

fn of_fault(place: Option<&Location<'_>>) -> String {
    let place = place.map_or_else(
        || "a place that is not known".to_owned(),
        |place| format!("{}:{}", place.file(), place.line()),
    );
    format!("error[internal]: a fault of the program at {place}; please report this line")
}

/// What every function of the engine answers.
pub type Result<T> = std::result::Result<T, WireError>;

#[cfg(test)]
mod tests {
    use std::panic::Location;

    use super::{Code, WireError, of_fault};

    #[test]
    fn of_a_fault_only_its_place_is_told() {
        let told = of_fault(Some(Location::caller()));
        let place = told.strip_prefix("error[internal]: a fault of the program at ");
        let place = place.and_then(|rest| rest.strip_suffix("; please report this line"));
        let (file, line) = place.and_then(|it| it.rsplit_once(':')).unwrap_or_default();
        assert!(
            file.ends_with("error.rs") && line.parse().is_ok_and(|line: u32| line > 0),
            "{told}"
        );
        assert_eq!(WireError::stopped("the job").code, Code::Internal);
    }
}
