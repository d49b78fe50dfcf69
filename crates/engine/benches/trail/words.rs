//! How long a search for words takes, and what its index costs.
//!
//! In: a store. Out: figures. Every search is asked of a store that was just opened, so that nothing
//! of the words is known yet. Not here: other questions (`reading`).

use std::path::Path;
use std::time::Instant;

use assay_engine::jobs::Progress;
use assay_engine::opening::{Engine, EngineOptions};
use assay_engine::trail::text_index::view::BuildText;
use assay_engine::trail::{self, text_index};
use assay_store::open::Access;

use crate::reading::{Watch, asked, bars, page, thread_cpu_ms};
use crate::{Figures, cpu_s, peak_mb};

/// One in ten thousand calls, a single one, none; most calls; with filters; words in order.
const SEARCHES: [&str; 10] = [
    "earthquake",
    "K00012345",
    "zeppelin",
    "policy",
    "the",
    "policy status:error",
    "policy started_at:2026-09-01..2026-09-30",
    "earthq*",
    "\"after the earthquake\"",
    "\"policy renewal\"",
];

fn opened(store: &Path, access: Access) -> Engine {
    Engine::open(EngineOptions::new(store.to_owned(), access)).expect("a store")
}

/// Builds the index.
pub(crate) fn build(store: &Path, detail: &str) -> Figures {
    let engine = opened(store, Access::Write);
    let (began, used) = (Instant::now(), cpu_s());
    let input = BuildText {
        detail: Some(detail.to_owned()),
    };
    let status = text_index::build_now(&engine, &input, &Progress::silent()).expect("an index");
    let bytes = status.bytes.unwrap_or(0) as f64;
    let calls = trail::count(&engine, asked("")).expect("a count").stored;
    Figures::from([
        ("wall_s".to_owned(), began.elapsed().as_secs_f64()),
        ("cpu_s".to_owned(), cpu_s() - used),
        ("index_mb".to_owned(), bytes / 1e6),
        ("index_bytes_a_call".to_owned(), bytes / calls as f64),
        ("peak_mb".to_owned(), peak_mb()),
    ])
}

/// Searches, `only` one of them or all: the first page and the count of what is new, and then what else a
/// screen asks.
pub(crate) fn measure(store: &Path, only: Option<&str>) -> Figures {
    let mut watch = Watch::new();
    let searches = match &only {
        Some(query) => std::slice::from_ref(query),
        None => &SEARCHES,
    };
    for &query in searches {
        let (mut pages, mut counts, mut used, mut count) = (Vec::new(), Vec::new(), Vec::new(), 0);
        for _ in 0..21 {
            let engine = opened(store, Access::Read);
            // The connection and its cache are there, as they are in a window.
            drop(page(&engine, "", None));
            let (began, cpu) = (Instant::now(), thread_cpu_ms());
            drop(page(&engine, query, None));
            used.push(thread_cpu_ms() - cpu);
            pages.push(began.elapsed().as_secs_f64() * 1e3);
        }
        while counts.len() < 2 || (counts.len() < 11 && counts.iter().sum::<f64>() < 4e3) {
            let engine = opened(store, Access::Read);
            drop(page(&engine, query, None));
            let began = Instant::now();
            count = trail::count(&engine, asked(query))
                .expect("a count")
                .matching;
            counts.push(began.elapsed().as_secs_f64() * 1e3);
        }
        used.sort_by(f64::total_cmp);
        watch
            .figures
            .insert(format!("first page: {query}, cpu"), used[used.len() / 2]);
        watch.note(&format!("first page: {query}"), pages);
        watch.note(&format!("count after it: {query}"), counts);
        watch
            .figures
            .insert(format!("calls: {query}"), count as f64);
        let engine = opened(store, Access::Read);
        let began = Instant::now();
        // As the window and the local server do.
        while engine.store().read_ahead(10_000).expect("columns") {}
        let ahead = began.elapsed().as_secs_f64();
        watch.figures.insert("read_ahead_s".to_owned(), ahead);
        drop(page(&engine, query, None));
        watch.time(&format!("page again: {query}"), 21, || {
            drop(page(&engine, query, None))
        });
        watch.time(&format!("histogram: {query}"), 11, || bars(&engine, query));
        watch.time(&format!("facets, all together: {query}"), 5, || {
            drop(trail::facets(&engine, asked(query)).expect("facets"));
        });
    }
    watch.figures.insert("peak_mb".to_owned(), peak_mb());
    watch.figures
}
