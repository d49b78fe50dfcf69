//! The sample holds what is planted, and nothing else, as the checks answer it.

use std::path::Path;

use super::*;
use crate::checks_view::{CheckSummary, ListFindings};
use crate::commands::Nothing;

fn options(folder: &Path) -> EngineOptions {
    let mut options = EngineOptions::new(folder.to_owned(), Access::Write);
    options.clock = Arc::new(|| NOT_BEFORE_MS + 86_400_000);
    options.user = "tester".to_owned();
    options.offline = true;
    options
}

fn built(calls: u64) -> (tempfile::TempDir, Engine) {
    let folder = tempfile::tempdir().unwrap();
    let engine = build(options(folder.path()), calls, &Progress::silent()).unwrap();
    (folder, engine)
}

fn findings(engine: &Engine) -> CheckSummary {
    checks::findings(engine, ListFindings::default()).unwrap()
}

#[test]
fn show() {
    let start = std::time::Instant::now();
    let (_folder, engine) = built(12_000);
    println!("built in {:?}", start.elapsed());
    for finding in findings(&engine).findings {
        println!("{} | {} | {} | {} | {} of {} unknown {} | {}", finding.check, finding.deployment, finding.subject, finding.verdict, finding.counted, finding.of, finding.unknown, finding.title);
        for evidence in finding.evidence {
            println!("    {}", evidence.what);
        }
    }
    for batch in imports::list(&engine, Nothing {}).unwrap() {
        println!("{} {:?} a{} d{} r{} c{} act{} conf{} {:?} {}", batch.path, batch.format, batch.accepted, batch.duplicates, batch.rejected, batch.calls, batch.activities, batch.conflicts, batch.oddities, batch.bytes);
    }
}
