//! Finds personal data and secrets in text and treats it.
//!
//! Text in; entities, redacted text and statistics out. Pure: no files, no clock, no randomness.
//! Not here: what a call is and which of its fields hold text; the policy's key for hashing is
//! passed in.

#![forbid(unsafe_code)]

mod addresses;
mod assignment;
pub mod canaries;
mod columns;
mod combos;
mod command_line;
mod context;
pub mod conversation;
pub mod detect;
pub mod edition;
mod encoded;
pub mod evaluate;
pub mod foreign;
pub mod interned;
pub mod json;
mod keys;
pub mod labels;
mod markup;
mod matchers;
pub mod names;
pub mod operators;
pub mod patterns;
mod phone;
pub mod policy;
pub mod recognizers;
pub mod redaction;
pub mod rehearsal;
pub mod repeated;
mod resolve;
pub mod rules;
pub mod scan;
mod sealed;
mod secrecy;
mod secret_names;
mod streets;
pub mod validators;
mod views;
pub mod why;
