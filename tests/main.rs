//! The one integration binary: the terminal program as its users run it, and the rules of the tree.

#![expect(
    clippy::unwrap_used,
    reason = "a panic in a test is a failing test with its line"
)]

mod commands;
mod documents;
mod faults;
mod journeys;
mod malformed;
mod packs;
mod samples;
mod tidy;
