//! The sample holds what is planted, and nothing else, as the checks answer it.

use std::collections::BTreeMap;
use std::path::Path;

use assay_domain::query::Query;
use assay_domain::query::keys::Table;
use sha2::{Digest, Sha256};

use super::*;
use crate::checks::view::{FindingRow, ListFindings};
use crate::commands::Nothing;

fn options(folder: &Path) -> EngineOptions {
    let mut options = EngineOptions::new(folder.to_owned(), Access::Write);
    // A machine whose clock was never set: the sample does not depend on it.
    options.clock = Arc::new(|| 0);
    options.user = "tester".to_owned();
    options.offline = true;
    options
}

fn findings(engine: &Engine) -> Vec<FindingRow> {
    checks::findings(engine, ListFindings::default())
        .unwrap()
        .findings
}

fn count(engine: &Engine, query: &str) -> u64 {
    engine
        .store()
        .count(&Query::parse(query, Table::Calls).unwrap())
        .unwrap()
        .0
}

/// What the checks must answer: check, deployment, subject, verdict, counted, unknown.
type Expected = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    u64,
    u64,
);

fn expected(files: &SampleFiles) -> Vec<Expected> {
    use planted::*;
    let [claims, assistant, underwriting, support] = definitions::NAMES;
    let written = |index: usize| files.deployments[index].written;
    let (c, a, s) = (written(0), written(1), written(3));
    let unread = c.calls - c.with_text;
    let prompts = CLAIMS_PROMPT + CLAIMS_BOTH;
    let tool_inputs = CLAIMS_TOOL_INPUT + CLAIMS_BOTH;
    let outside = RAN_OUTSIDE + RAN_OUTSIDE_BY_TRAIL + SENT_OUTSIDE;
    let global = RAN_OUTSIDE + RAN_OUTSIDE_BY_TRAIL + GLOBAL_INSIDE;
    vec![
        (
            "log-retention",
            claims,
            "Log bucket expiry eu-central-1",
            "met",
            0,
            0,
        ),
        (
            "log-retention",
            claims,
            "Log group retention /northwind/claims/bedrock in eu-central-1",
            "not_met",
            1,
            0,
        ),
        (
            "log-retention",
            claims,
            "Log group retention /northwind/claims/bedrock in eu-west-1",
            "met",
            0,
            0,
        ),
        (
            "log-retention",
            claims,
            "Log group retention /northwind/claims/bedrock in eu-west-3",
            "met",
            0,
            0,
        ),
        (
            "log-retention",
            claims,
            "Log group retention /northwind/claims/bedrock in us-east-1",
            "met",
            0,
            0,
        ),
        (
            "log-retention",
            assistant,
            "Log bucket expiry eu-central-1",
            "met",
            0,
            0,
        ),
        (
            "log-retention",
            underwriting,
            "BigQuery table expiry claude_request_response",
            "met",
            0,
            0,
        ),
        (
            "log-retention",
            support,
            "Log bucket retention support-gateway",
            "met",
            0,
            0,
        ),
        ("logging-on", claims, "eu-central-1", "met", 0, 0),
        ("logging-on", claims, "eu-west-1", "met", 0, 0),
        (
            "logging-on",
            claims,
            "eu-west-3",
            "not_met",
            WITHOUT_TEXT,
            0,
        ),
        ("logging-on", claims, "eu-north-1", "not_met", UNLOGGED, 0),
        ("logging-on", claims, "us-east-1", "met", 0, 0),
        ("logging-on", assistant, "all calls", "unknown", 0, a.calls),
        ("logging-on", underwriting, "europe-west1", "met", 0, 0),
        ("logging-on", underwriting, "europe-west4", "met", 0, 0),
        ("logging-on", support, "all calls", "unknown", 0, s.calls),
        (
            "residency",
            claims,
            "all calls",
            "not_met",
            outside,
            PLACE_UNKNOWN + STORM,
        ),
        ("residency", underwriting, "all calls", "met", 0, 0),
        ("global-routing", claims, "all calls", "not_met", global, 0),
        ("global-routing", underwriting, "all calls", "met", 0, 0),
        ("zero-retention", claims, "all calls", "unknown", 0, unread),
        (
            "zero-retention",
            assistant,
            "all calls",
            "not_met",
            COVERED_MODEL,
            a.calls - COVERED_MODEL,
        ),
        ("retention-mode", claims, "eu-central-1", "met", 0, 0),
        ("retention-mode", assistant, "account", "unknown", 0, 1),
        (
            "billed-calls-held",
            assistant,
            "all days",
            "not_met",
            BILLED_DAYS.len() as u64 * (BILLED_TOKENS.0 + BILLED_TOKENS.1),
            0,
        ),
        (
            "personal-data",
            claims,
            "prompts",
            "not_met",
            prompts,
            unread,
        ),
        (
            "personal-data",
            claims,
            "tool inputs",
            "not_met",
            tool_inputs,
            unread,
        ),
        ("personal-data", assistant, "prompts", "unknown", 0, a.calls),
        (
            "personal-data",
            assistant,
            "tool inputs",
            "unknown",
            0,
            a.calls,
        ),
        (
            "personal-data",
            underwriting,
            "prompts",
            "not_met",
            UNDERWRITING_PROMPT,
            0,
        ),
        ("personal-data", underwriting, "tool inputs", "met", 0, 0),
        (
            "secrets",
            claims,
            "all calls",
            "not_met",
            CLAIMS_SECRET,
            unread,
        ),
        ("secrets", assistant, "all calls", "unknown", 0, a.calls),
        ("secrets", underwriting, "all calls", "met", 0, 0),
        (
            "secrets",
            support,
            "all calls",
            "not_met",
            SUPPORT_SECRET,
            s.placeholders,
        ),
        (
            "private-path",
            claims,
            "all calls",
            "unknown",
            0,
            SENT_OUTSIDE + UNLOGGED + c.untrailed_private,
        ),
        ("models", claims, "all calls", "met", 0, 0),
        (
            "models",
            assistant,
            "all calls",
            "not_met",
            RETIRED_MODEL,
            0,
        ),
        ("models", underwriting, "all calls", "met", 0, 0),
        // Two changes and one that switched it off.
        ("logging-kept-on", claims, "all accounts", "not_met", 3, 0),
        (
            "logging-kept-on",
            underwriting,
            "all accounts",
            "unknown",
            0,
            0,
        ),
    ]
}

/// `store` is the folder of the store. The logs are written again, and are the same bytes as those there.
#[track_caller]
fn holds_exactly_what_is_planted(engine: &Engine, store: &Path, calls: u64) {
    let again = tempfile::tempdir().unwrap();
    let files = write_logs(again.path(), calls).unwrap();
    let digests_again = digests(again.path());
    assert!(digests_again.len() > 30);
    assert_eq!(digests_again, digests(&store.join(LOGS)));
    let written: u64 = files
        .deployments
        .iter()
        .map(|deployment| deployment.written.calls)
        .sum();
    assert_eq!((written, count(engine, "")), (calls, calls));
    for deployment in &files.deployments {
        let own = format!("deployment:{}", deployment.name);
        assert_eq!(count(engine, &own), deployment.written.calls, "{own}");
        assert_eq!(
            count(engine, &format!("{own} status:error")),
            deployment.written.errors,
            "{own}"
        );
        assert_eq!(
            count(engine, &format!("{own} body:present")),
            deployment.written.with_text,
            "{own}"
        );
    }
    let all = findings(engine);
    let (spend, other): (Vec<_>, Vec<_>) = all.iter().partition(|finding| finding.check == "spend");
    let (hours, other): (Vec<_>, Vec<_>) = other
        .into_iter()
        .partition(|finding| finding.check == "hours-covered");
    for finding in hours {
        // Of Bedrock alone there are two sources; in few hours only one of them saw a call.
        if finding.deployment == "claims-bedrock-eu" {
            let untrailed = files.deployments[0].written.untrailed;
            assert_eq!(
                (finding.verdict.as_str(), finding.counted),
                ("not_met", untrailed),
                "{}",
                finding.title
            );
            assert!(
                finding.unknown <= planted::UNLOGGED + untrailed,
                "{}",
                finding.title
            );
        } else {
            assert_eq!(finding.verdict, "unknown", "{}", finding.title);
            assert_eq!(finding.unknown, finding.of, "{}", finding.title);
        }
    }
    let row = |finding: &FindingRow| {
        let FindingRow {
            check,
            deployment,
            subject,
            verdict,
            counted,
            unknown,
            ..
        } = finding;
        // What can't be judged has nothing planted to count.
        let counted = if verdict == "unknown" { &0 } else { counted };
        format!("{check} | {deployment} | {subject} | {verdict} | {counted} | {unknown}")
    };
    let mut answered: Vec<String> = other.iter().map(|finding| row(finding)).collect();
    let mut wanted: Vec<String> = expected(&files)
        .into_iter()
        .map(|(check, deployment, subject, verdict, counted, unknown)| {
            format!("{check} | {deployment} | {subject} | {verdict} | {counted} | {unknown}")
        })
        .collect();
    answered.sort();
    wanted.sort();
    assert_eq!(answered, wanted);

    let spent: BTreeMap<&str, (&str, &str)> = spend
        .iter()
        .map(|finding| {
            (
                finding.deployment.as_str(),
                (finding.verdict.as_str(), finding.title.as_str()),
            )
        })
        .collect();
    let of = |name: &str| spent[name];
    assert_eq!(
        of("claims-bedrock-eu").0,
        "met",
        "{}",
        of("claims-bedrock-eu").1
    );
    assert_eq!(
        of("underwriting-vertex").0,
        "met",
        "{}",
        of("underwriting-vertex").1
    );
    assert_eq!(
        of("support-private").0,
        "unknown",
        "a private endpoint has no list price"
    );
    let (verdict, title) = of("assistant-claude-api");
    assert_eq!(verdict, "not_met", "{title}");
    assert!(
        title.starts_with(&format!("Spending rose {} %", planted::SPEND_RISE_PERCENT)),
        "{title}"
    );
    let after = spend
        .iter()
        .find(|finding| finding.verdict == "not_met")
        .unwrap()
        .counted;
    assert_eq!(
        after,
        count(
            engine,
            "deployment:assistant-claude-api started_at:2026-10-01..2026-10-30"
        )
    );

    // What no check asks for.
    let storm = "deployment:claims-bedrock-eu error_type:ThrottlingException started_at:2026-10-14T09:40:00Z..2026-10-14T10:25:00Z";
    assert!(count(engine, storm) >= planted::STORM);
    assert_eq!(
        count(engine, "error_type:no_outcome_recorded"),
        planted::NO_OUTCOME
    );
    assert_eq!(disagreeing(engine), planted::DISAGREEING);
    let batches = imports::list(engine, Nothing {}).unwrap();
    assert!(
        batches
            .iter()
            .all(|batch| batch.state == "done" && batch.conflicts == 0)
    );
    let mut odd: BTreeMap<&str, u64> = BTreeMap::new();
    for (name, count) in batches.iter().flat_map(|batch| &batch.oddities) {
        *odd.entry(name).or_default() += count;
    }
    let hidden = files.deployments[3].written.placeholders;
    assert_eq!(odd, BTreeMap::from([("text_placeholder", hidden)]));
    assert_eq!(
        batches.iter().map(|batch| batch.rejected).sum::<u64>(),
        planted::BROKEN_LINES
    );
    assert_eq!(batches.iter().map(|batch| batch.duplicates).sum::<u64>(), 0);
    let activities: u64 = batches.iter().map(|batch| batch.activities).sum();
    assert_eq!(
        activities,
        planted::CLOUDTRAIL_ACTIVITIES + planted::COMPLIANCE_ACTIVITIES
    );
    let formats: std::collections::BTreeSet<_> = batches
        .iter()
        .filter_map(|batch| batch.format.clone())
        .collect();
    assert_eq!(formats.len(), 7, "{formats:?}");
}

/// Calls of which two sources name another Region that they ran in.
fn disagreeing(engine: &Engine) -> u64 {
    let store = engine.store();
    let mut found = 0;
    let mut after = None;
    loop {
        let query =
            Query::parse("deployment:claims-bedrock-eu body:present", Table::Calls).unwrap();
        let (page, next) = store.calls(&query, after.take(), 500).unwrap();
        for record in &page {
            let own = record.call.served_region.as_deref();
            let differs = |other: Option<&str>| own.is_some() && other.is_some() && own != other;
            let witnesses = store.witnesses(record.seq).unwrap();
            found += u64::from(
                witnesses
                    .iter()
                    .any(|witness| differs(witness.record.call.served_region.as_deref())),
            );
        }
        match next {
            Some(cursor) => after = Some(cursor),
            None => return found,
        }
    }
}

#[test]
fn twelve_thousand_calls_hold_exactly_what_is_planted() {
    let folder = tempfile::tempdir().unwrap();
    let engine = build(options(folder.path()), planted::CALLS, &Progress::silent()).unwrap();
    holds_exactly_what_is_planted(&engine, folder.path(), planted::CALLS);
}

fn digests(folder: &Path) -> BTreeMap<String, String> {
    let files = crate::reading::files(folder).unwrap().files;
    let of = |path: &Path| hex::encode(Sha256::digest(std::fs::read(path).unwrap()));
    files
        .iter()
        .map(|path| {
            (
                path.strip_prefix(folder).unwrap().display().to_string(),
                of(path),
            )
        })
        .collect()
}

#[test]
fn too_few_calls_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(
        write_logs(folder.path(), planted::MIN_CALLS - 1)
            .unwrap_err()
            .code,
        Code::BadInput
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_build_that_was_cut_short_is_finished_holds_what_is_planted_and_is_then_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    // An empty store is as good as none.
    drop(Engine::open(options(folder.path())).unwrap());
    let flag = Arc::new(std::sync::OnceLock::<Arc<std::sync::atomic::AtomicBool>>::new());
    let own = Arc::clone(&flag);
    let progress = Progress::listening(move |step| {
        if step.phase.starts_with("Reading claude-calls") && step.counts["rejected"] > 0 {
            own.get()
                .unwrap()
                .store(true, std::sync::atomic::Ordering::Relaxed);
        }
    });
    flag.set(progress.cancel_flag()).unwrap();
    let error = build(options(folder.path()), planted::MIN_CALLS, &progress)
        .map(drop)
        .unwrap_err();
    assert_eq!(error.code, Code::Cancelled);

    let engine = build(
        options(folder.path()),
        planted::MIN_CALLS,
        &Progress::silent(),
    )
    .unwrap();
    assert!(!folder.path().join(BUILDING).exists());
    let overview = crate::overview::show(&engine, Nothing {}).unwrap();
    assert!(overview.sample);
    assert_eq!(
        (overview.organisation.as_str(), overview.calls),
        (ORGANISATION, planted::MIN_CALLS)
    );
    assert_eq!(overview.rejected_lines, planted::BROKEN_LINES);
    // Fewer calls hold the same as all.
    holds_exactly_what_is_planted(&engine, folder.path(), planted::MIN_CALLS);
    let size = engine.store().tree().unwrap();
    drop(engine);
    let engine = build(options(folder.path()), planted::CALLS, &Progress::silent()).unwrap();
    assert_eq!(engine.store().tree().unwrap(), size);
}

#[test]
fn real_records_are_never_mixed_with_the_sample() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(options(folder.path())).unwrap();
    let toml = definitions::definition("support-private");
    deployments::set(
        &engine,
        SetDeployment {
            name: "support-private".to_owned(),
            toml,
        },
    )
    .unwrap();
    let size = engine.store().tree().unwrap();
    drop(engine);
    let error = build(
        options(folder.path()),
        planted::MIN_CALLS,
        &Progress::silent(),
    )
    .map(drop)
    .unwrap_err();
    assert_eq!(error.code, Code::BadInput);
    assert_eq!(
        Engine::open(options(folder.path()))
            .unwrap()
            .store()
            .tree()
            .unwrap(),
        size
    );
    assert!(!folder.path().join(LOGS).exists());
}

#[test]
fn a_store_that_was_made_meanwhile_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(options(folder.path())).unwrap();
    deployments::set(
        &engine,
        SetDeployment {
            name: "support-private".to_owned(),
            toml: definitions::definition("support-private"),
        },
    )
    .unwrap();
    let size = engine.store().tree().unwrap();
    drop(engine);
    let building = folder.path().join(BUILDING);
    drop(Engine::open(options(&building)).unwrap());
    let error = put_in_place(&building, folder.path()).unwrap_err();
    assert_eq!(error.code, Code::BadInput);
    let engine = Engine::open(options(folder.path())).unwrap();
    assert_eq!(engine.store().tree().unwrap(), size);
}
