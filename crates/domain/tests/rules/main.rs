//! Rules of the crate, a module for each: values in, values out. Not here: how the records of a format become calls
//! and activities, which the other files of this folder show format by format.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

mod bedrock_bodies;
mod billed;
mod checks;
mod coverage;
mod deployment;
mod digest_chain;
mod exchange;
mod facts;
mod guards;
mod leak_bounds;
mod masks;
mod moment;
mod parts;
mod place;
mod price;
mod query;
mod review_sample;
mod same_call;
mod settings;
mod spans;
mod split;
mod statistics;
mod words;
