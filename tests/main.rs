//! The one integration binary: the terminal program as its users run it, and the rules of the tree.

mod commands;
mod documents;
mod faults;
mod journeys;
mod malformed;
mod samples;
mod tidy;
