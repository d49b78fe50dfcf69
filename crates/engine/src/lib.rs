//! The facade: everything that Assay can do, one module a noun, called by the window and by the
//! terminal alike. A noun's file begins with what it is; its folder holds the parts, and in `view`
//! what crosses to the window and the terminal.
//!
//! In: the inputs of `commands`. Out: their outputs, or an error with a code. Not here: SQL
//! (`assay-store`), sockets (`assay-backends`), document formats (`assay-report`), rules
//! (`assay-domain`), finding personal data (`assay-redact`).

pub mod approvals;
pub mod checks;
pub mod deployments;
pub mod evidence;
pub mod imports;
pub mod overview;
pub mod redaction;
pub mod replay;
pub mod reports;
pub mod retention;
pub mod settings;
pub mod trail;

// What all of them stand on, and what calls them.
pub mod commands;
pub mod confirmations;
pub mod door;
pub mod error;
pub mod handles;
pub mod jobs;
pub mod keys;
pub mod masking;
pub mod opening;
mod reading;
pub mod sample;
mod writing;
