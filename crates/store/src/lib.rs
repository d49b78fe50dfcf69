//! The SQLite store of the trail: the only crate with SQL.
//!
//! One writer at a time behind a lock that other processes see; read-only connections beside it.
//! In: parsed records with their bytes. Out: rows, counts, bytes. Not here: reading log files,
//! rules, prices.

pub mod activities;
pub mod anchor_profiles;
mod appending;
pub mod approvals;
pub mod batches;
pub mod billed;
pub mod calls;
pub mod checkpoints;
pub mod cipher;
pub mod clock;
pub mod converting;
pub mod coverage;
pub mod day_keys;
pub mod deployments;
mod destroying;
pub mod digests;
mod disagreements;
pub mod entities;
pub mod erasure;
pub mod error;
pub mod facets;
pub mod facets_together;
mod files;
pub mod filter;
pub mod findings;
pub mod folder;
pub mod fsck;
pub mod holds;
pub mod image;
mod inferring;
mod inspecting;
pub mod joins;
pub mod latency;
pub mod leaves;
pub mod notes;
pub mod observed;
pub mod open;
mod pages;
mod parts;
pub mod persons;
pub mod policies;
mod readers;
pub mod record_keys;
pub mod replays;
pub mod reports;
pub mod requests;
pub mod review_samples;
pub mod rollups;
mod row_digests;
mod row_log;
mod scope;
mod sealing;
pub mod signposts;
pub mod streams;
pub mod subjects;
pub mod test_sets;
mod text_forgetting;
pub mod text_index;
mod text_search;
pub mod vault;
pub mod views;
mod wal;
pub mod writer;
