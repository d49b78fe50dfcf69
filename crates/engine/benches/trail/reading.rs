//! How long the trail takes to answer, through the functions that the window calls.
//!
//! In: a store. Out: for each question the median and the 95th percentile, and the median of the
//! processor time, milliseconds. Not here:
//! words (`words`), exports (`exports`).

use std::path::Path;
use std::time::{Duration, Instant};

use assay_engine::opening::{Engine, EngineOptions};
use assay_engine::trail::view::{AskHistogram, CallPage, ListCalls, Query, RecordRef};
use assay_engine::trail::{self, latency};
use assay_store::open::Access;

use crate::{Figures, peak_mb};

/// What people filter by, and what they ask then.
const FILTERS: [&str; 9] = [
    "",
    "status:error",
    "deployment:bedrock-222233334444",
    "request_model:eu.anthropic.claude-haiku-4-5-20251001-v1:0",
    "served_region:us-east-1",
    "started_at:2026-09-01..2026-09-30",
    "started_at:2026-09-01..2026-09-30 status:error request_model:eu.anthropic.claude-haiku-4-5-20251001-v1:0",
    "principal:arn:aws:sts::111122223333:assumed-role/claims-app/user-7",
    "source:bedrock_invocation_log",
];

/// Facets that are measured one by one: all that the window shows.
const FACETS: [&str; 15] = [
    "deployment",
    "kind",
    "source",
    "status",
    "http_status",
    "served_region",
    "requested_region",
    "request_model",
    "entity_type",
    "feature",
    "body",
    "disagrees",
    "join",
    "principal",
    "tag",
];

/// Takes times of questions.
pub(crate) struct Watch {
    pub(crate) figures: Figures,
}

impl Watch {
    /// Without times.
    pub(crate) fn new() -> Self {
        Self {
            figures: Figures::new(),
        }
    }

    /// Asks `runs` times, but no longer than some seconds, and notes median and 95th percentile.
    pub(crate) fn time(&mut self, name: &str, runs: usize, mut work: impl FnMut()) {
        let began = Instant::now();
        let (mut times, mut used) = (Vec::new(), Vec::new());
        while times.len() < runs && (times.len() < 5 || began.elapsed() < Duration::from_secs(6)) {
            let (one, cpu) = (Instant::now(), thread_cpu_ms());
            work();
            times.push(one.elapsed().as_secs_f64() * 1e3);
            used.push(thread_cpu_ms() - cpu);
        }
        used.sort_by(f64::total_cmp);
        self.figures
            .insert(format!("{name}, cpu"), used[used.len() / 2]);
        self.note(name, times);
    }

    /// Notes median and 95th percentile of times that were taken.
    pub(crate) fn note(&mut self, name: &str, mut times: Vec<f64>) {
        times.sort_by(f64::total_cmp);
        let rank = (times.len() * 95).div_ceil(100);
        self.figures.insert(name.to_owned(), times[times.len() / 2]);
        self.figures.insert(format!("{name}, p95"), times[rank - 1]);
    }
}

/// Milliseconds of processor time of this thread: what a question costs whoever else is at work.
pub(crate) fn thread_cpu_ms() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let on_cpu_ns = stat
        .split_whitespace()
        .next()
        .and_then(|text| text.parse::<f64>().ok());
    on_cpu_ns.unwrap_or(f64::NAN) / 1e6
}

/// A query as commands take it.
pub(crate) fn asked(query: &str) -> Query {
    Query {
        query: query.to_owned(),
    }
}

/// A page of 100 rows.
pub(crate) fn page(engine: &Engine, query: &str, after: Option<String>) -> CallPage {
    let asked = ListCalls {
        query: query.to_owned(),
        after,
        row: None,
        limit: Some(100),
    };
    trail::calls(engine, asked).expect("a page")
}

/// What a chart shows.
pub(crate) fn bars(engine: &Engine, query: &str) {
    let asked = AskHistogram {
        query: query.to_owned(),
        bars: 60,
    };
    drop(trail::histogram(engine, asked).expect("bars"));
}

/// Asks what the window asks.
pub(crate) fn measure(store: &Path) -> Figures {
    let engine = Engine::open(EngineOptions::new(store.to_owned(), Access::Read)).expect("a store");
    let mut watch = Watch::new();
    let began = Instant::now();
    let first = page(&engine, "", None);
    watch.figures.insert(
        "page: the first one of this process".to_owned(),
        began.elapsed().as_secs_f64() * 1e3,
    );
    let id = first.calls[0].id.clone();
    let request = first.calls[0]
        .request_ids
        .values()
        .next()
        .cloned()
        .unwrap_or_default();
    let mut deep = first.next;
    for _ in 0..50 {
        deep = page(&engine, "", deep).next;
    }
    watch.time("page: the 51st", 41, || {
        drop(page(&engine, "", deep.clone()))
    });
    for query in FILTERS {
        watch.time(&format!("page: {query}"), 41, || {
            drop(page(&engine, query, None))
        });
        watch.time(&format!("count: {query}"), 41, || {
            assert!(trail::count(&engine, asked(query)).is_ok());
        });
        watch.time(&format!("histogram: {query}"), 41, || bars(&engine, query));
        watch.time(&format!("facets, all together: {query}"), 21, || {
            drop(trail::facets(&engine, asked(query)).expect("facets"));
        });
        let parsed =
            assay_engine::opening::read_query(query, assay_domain::query::keys::Table::Calls)
                .expect("a query");
        for field in FACETS {
            watch.time(&format!("facet {field}: {query}"), 41, || {
                drop(engine.store().facet(field, &parsed, 12).expect("a facet"));
            });
        }
    }
    for query in [
        "deployment:bedrock-222233334444 status:error http_status:429",
        "principal:nobody",
        "feature:tools",
        "entity_type:EMAIL_ADDRESS",
        "conversation_id:none",
        "conflict:yes",
        "source:cloudtrail",
        "latency_ms:>9300",
        "latency_ms:>99999999",
        "cost_usd:>99999",
        "oddity:time_missing",
        "tag:nothing",
    ] {
        watch.time(&format!("page: {query}"), 21, || {
            drop(page(&engine, query, None))
        });
    }
    let by_id = format!("request_id:{request}");
    watch.time("page: request_id", 41, || drop(page(&engine, &by_id, None)));
    for query in [
        "served_region:eu-*",
        "feature:tools",
        "latency_ms:>9300",
        "has:entity_type",
    ] {
        watch.time(&format!("count: {query}"), 21, || {
            assert!(trail::count(&engine, asked(query)).is_ok());
        });
    }
    for query in [
        "started_at:2026-09-01",
        "feature:tools",
        "feature:tools started_at:2026-09-01..2026-09-30",
    ] {
        watch.time(&format!("histogram: {query}"), 41, || bars(&engine, query));
        watch.time(&format!("facets, all together: {query}"), 21, || {
            drop(trail::facets(&engine, asked(query)).expect("facets"));
        });
    }
    for query in [
        "",
        "status:error",
        "started_at:2026-09-01..2026-09-30",
        "feature:tools",
    ] {
        watch.time(&format!("percentiles: {query}"), 21, || {
            drop(latency::show(&engine, asked(query)).expect("percentiles"));
        });
    }
    watch.time("call: in full, masked", 41, || {
        drop(trail::call(&engine, RecordRef { id: id.clone() }).expect("a call"));
    });
    watch.figures.insert("peak_mb".to_owned(), peak_mb());
    watch.figures
}
