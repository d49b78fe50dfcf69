//! What can go wrong, as a small table of codes that somebody acts on, and the form in which an
//! error crosses to the window and the terminal.
//!
//! Not here: bad input data, which is a value (a rejected line, a finding) and never an error.

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

    /// The same error with a hint on what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// What every function of the engine answers.
pub type Result<T> = std::result::Result<T, WireError>;
