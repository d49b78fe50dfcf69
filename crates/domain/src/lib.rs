//! Types and rules of Claude audit trails: what a call, an activity, a deployment, a fact and a
//! check are, how each source's records become calls and activities, what calls cost, and what was billed.
//!
//! Pure: bytes and values in, values out. Not here: files, the clock, SQL, the network, PII
//! detection (`assay-redact`) and anything that remembers.

pub mod activity;
pub mod billed;
pub mod call;
pub mod checks;
pub mod coverage;
pub mod deployment;
pub mod digest_chain;
pub mod exchange;
pub mod facts;
pub mod formats;
pub mod guards;
pub mod leak_bounds;
pub mod masks;
pub mod moment;
pub mod parts;
pub mod place;
pub mod price;
pub mod query;
pub mod review_sample;
pub mod same_call;
pub mod settings;
pub mod split;
pub mod statistics;
pub mod words;
