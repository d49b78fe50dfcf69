//! What rehearsing a policy over all calls takes: time, memory and what was found.
//!
//! In: a store, the name of the old policy, a file with the new one. Out: figures. Not here: what a
//! rehearsal counts.

use std::path::Path;
use std::time::Instant;

use assay_engine::jobs::Progress;
use assay_engine::opening::{Engine, EngineOptions};
use assay_engine::redaction::rehearsal::rehearse;
use assay_engine::redaction::rehearsal::view::Rehearse;
use assay_store::open::Access;

use crate::{Figures, cpu_s, peak_mb};

/// Rehearses the policy in `to` against the one named `from`, over all calls.
pub(crate) fn measure(store: &Path, from: &str, to: &Path) -> Figures {
    let engine = Engine::open(EngineOptions::new(store.to_owned(), Access::Read)).expect("a store");
    let input = Rehearse {
        from: Some(from.to_owned()),
        to_toml: Some(std::fs::read_to_string(to).expect("a policy")),
        ..Rehearse::default()
    };
    let (began, used) = (Instant::now(), cpu_s());
    let found = rehearse(&engine, &input, &Progress::silent()).expect("a rehearsal");
    Figures::from([
        ("wall_s".to_owned(), began.elapsed().as_secs_f64()),
        ("cpu_s".to_owned(), cpu_s() - used),
        ("peak_mb".to_owned(), peak_mb()),
        ("calls".to_owned(), found.matched as f64),
        ("texts".to_owned(), found.texts as f64),
        ("text_mb".to_owned(), found.characters as f64 / 1e6),
        (
            "hidden_by_old".to_owned(),
            found.stretches.hidden_by_old as f64,
        ),
        ("exposed_calls".to_owned(), found.newly_exposed as f64),
        ("unchanged_calls".to_owned(), found.unchanged as f64),
        (
            "not_evaluable_calls".to_owned(),
            found.not_evaluable.calls as f64,
        ),
    ])
}
