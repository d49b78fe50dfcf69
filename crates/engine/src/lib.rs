//! The facade: everything that Assay can do, one module a noun, called by the window and by the
//! terminal alike.
//!
//! In: the inputs of `commands`. Out: their outputs, or an error with a code. Not here: SQL
//! (`assay-store`), sockets (`assay-backends`), document formats (`assay-report`), rules
//! (`assay-domain`), finding personal data (`assay-redact`).

pub mod anchors;
pub mod anchors_view;
mod answer_diff;
pub mod approvals;
pub mod approvals_view;
pub mod checks;
pub mod checks_view;
pub mod commands;
pub mod confirmations;
pub mod costs;
pub mod deployments;
pub mod deployments_view;
pub mod digests;
pub mod digests_view;
pub mod door;
pub mod encrypting;
pub mod encrypting_view;
pub mod erasing;
pub mod error;
pub mod evaluation;
pub mod evidence;
mod guard;
pub mod handles;
pub mod holds;
pub mod imports;
pub mod imports_view;
pub mod integrity;
pub mod integrity_view;
pub mod jobs;
mod kept_files;
pub mod keys;
pub mod latency;
pub mod masking;
pub mod notes;
pub mod notes_view;
pub mod opening;
mod outgoing;
pub mod overview;
mod packing;
pub mod packs;
pub mod packs_view;
pub mod proving;
mod reading;
pub mod reconciling;
pub mod recovery;
pub mod redaction;
pub mod redaction_view;
pub mod replay;
pub mod replay_backends;
pub mod replay_run;
pub mod replay_shown;
pub mod replay_view;
pub mod reports;
pub mod reports_view;
pub mod retention;
pub mod retention_view;
pub mod review_samples;
pub mod review_samples_view;
pub mod sample;
pub mod settings;
pub mod signing;
pub mod signing_view;
pub mod standard_tools;
pub mod store_keys;
pub mod subjects;
pub mod trail;
pub mod trail_view;
pub mod verifying;
pub mod views;
mod witnesses;
mod writing;
