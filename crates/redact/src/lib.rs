//! Finds personal data and secrets in text and treats it.
//!
//! Text in; entities, redacted text and statistics out. Pure: no files, no clock, no randomness.
//! Not here: what a call is and which of its fields hold text; the policy's key for hashing is
//! passed in.

pub mod detect;
pub mod evaluate;
pub mod operators;
pub mod policy;
pub mod recognizers;
pub mod redaction;
pub mod validators;
