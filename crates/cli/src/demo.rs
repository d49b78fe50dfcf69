//! `assay demo`: the sample organisation, and every job done on it once.
//!
//! In: an empty folder, or one that an earlier demo left. Out: a store, reports, an evidence pack,
//! and where they are. Not here: the sample (the engine), a job of its own; each is the one that
//! its command runs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use assay_engine::checks::view::{CheckSummary, ListFindings};
use assay_engine::commands::Nothing;
use assay_engine::error::{Code, WireError};
use assay_engine::evidence::packs::view::{EvidencePack, Verification};
use assay_engine::evidence::packs::{self, NewPack};
use assay_engine::evidence::verifying;
use assay_engine::jobs::Progress;
use assay_engine::opening::{Engine, EngineOptions};
use assay_engine::redaction::view::{PreviewRedaction, RedactionPreview};
use assay_engine::replay::view::{PlanReplay, ReplayRun, StartReplay};
use assay_engine::reports::view::AskReport;
use assay_engine::trail::view::{ListCalls, Query};
use assay_engine::{checks, imports, redaction, replay, reports, sample, trail};
use serde::Serialize;
use serde_json::json;

use crate::arguments::DemoArguments;
use crate::ending::{Ending, Outcome};
use crate::opened::Settings;
use crate::output::Output;
use crate::output::human::{counted, pairs, thousands};
use crate::replay::compared;
use crate::stopping;

/// Calls that are replayed.
const REPLAYED: u32 = 50;
/// Formats that the report is written in.
const FORMATS: [&str; 4] = ["pdf", "xlsx", "csv", "json"];

/// A report that was written.
#[derive(Serialize)]
struct Written {
    format: String,
    path: String,
    sha256: String,
    bytes: u64,
    pages: Option<u32>,
}

/// What was done.
struct Done {
    calls: u64,
    activities: u64,
    accepted: u64,
    rejected: u64,
    checks: CheckSummary,
    preview: RedactionPreview,
    run: ReplayRun,
    reports: Vec<Written>,
    pack: EvidencePack,
    verification: Verification,
}

/// Builds the sample organisation and does every job on it.
pub(crate) fn run(
    given: &DemoArguments,
    settings: &Settings,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    let watched = stopping::watched(output);
    let done = all(given, settings, &watched.progress);
    drop(watched);
    let done = done?;
    if output.is_json() {
        output.document(&document(&given.out, &done))?;
    } else {
        output.text(&text(&given.out, &done))?;
    }
    Ok(if done.verification.ok {
        Outcome::Done
    } else {
        Outcome::Found
    })
}

fn all(given: &DemoArguments, settings: &Settings, progress: &Progress) -> Result<Done, WireError> {
    std::fs::create_dir_all(&given.out).map_err(|error| {
        WireError::new(
            Code::FileUnwritable,
            format!("can't make {}: {error}", given.out.display()),
        )
    })?;
    let engine = sample::build(
        settings.options(EngineOptions::writing(given.out.join("store"))),
        given.calls,
        progress,
    )?;
    let batches = imports::list(&engine, Nothing {})?;
    let checks = checks::findings(&engine, ListFindings::default())?;
    let preview = preview(&engine)?;
    let run = replayed(&engine, progress)?;
    let mut reports = Vec::new();
    for name in FORMATS {
        let asked = AskReport {
            kind: "monthly".to_owned(),
            ..AskReport::default()
        };
        let path = given.out.join(format!("report.{name}"));
        let written = reports::write(&engine, &asked, reports::format(name)?, &path, progress)?;
        reports.push(Written {
            format: written.format,
            path: written.path,
            sha256: written.sha256,
            bytes: written.bytes,
            pages: written.pages,
        });
    }
    let path = given.out.join("evidence.zip");
    let mut attached = BTreeMap::new();
    for name in ["pdf", "json"] {
        let name = format!("report.{name}");
        let bytes = std::fs::read(given.out.join(&name)).map_err(|error| {
            WireError::new(
                Code::Internal,
                format!("can't read the report back: {error}"),
            )
        })?;
        attached.insert(name, bytes);
    }
    let new = NewPack {
        query: telling_query(&checks),
        reports: attached,
        ..NewPack::default()
    };
    let pack = packs::write(&engine, &new, &path, progress)?;
    let verification = verifying::verify_file(&path)?;
    let everything = || Query {
        query: String::new(),
    };
    Ok(Done {
        calls: trail::count(&engine, everything())?.stored,
        activities: trail::activity_count(&engine, everything())?.stored,
        accepted: batches.iter().map(|batch| batch.accepted).sum(),
        rejected: batches.iter().map(|batch| batch.rejected).sum(),
        checks,
        preview,
        run,
        reports,
        pack,
        verification,
    })
}

/// The redaction of a call in which personal data was found.
fn preview(engine: &Engine) -> Result<RedactionPreview, WireError> {
    let found = trail::calls(
        engine,
        ListCalls {
            query: "has:entity_type".to_owned(),
            after: None,
            row: None,
            limit: Some(1),
        },
    )?;
    let call = found.calls.into_iter().next();
    let call = call.ok_or_else(|| {
        WireError::new(
            Code::Internal,
            "the sample holds no call with personal data",
        )
    })?;
    redaction::preview(
        engine,
        PreviewRedaction {
            call_id: Some(call.id),
            ..PreviewRedaction::default()
        },
    )
}

fn replayed(engine: &Engine, progress: &Progress) -> Result<ReplayRun, WireError> {
    let asked = PlanReplay {
        backend: "sandbox".to_owned(),
        query: "body:present".to_owned(),
        policy: "default".to_owned(),
        limit: Some(REPLAYED),
        budget_usd: None,
    };
    let plan = replay::plan(engine, asked)?;
    replay::run::run(
        engine,
        &StartReplay {
            plan: plan.id,
            budget_usd: None,
            phrase: None,
        },
        progress,
    )
}

/// The query of the gravest finding that is not met: the calls that an auditor asks for first.
fn telling_query(checks: &CheckSummary) -> String {
    let severity = |name: &str| assay_domain::checks::Severity::from_name(name);
    checks
        .findings
        .iter()
        .filter(|finding| finding.verdict == "not_met")
        .filter_map(|finding| {
            Some((
                severity(&finding.severity),
                finding
                    .evidence
                    .iter()
                    .find_map(|evidence| evidence.query.clone())?,
            ))
        })
        .max_by_key(|(severity, _)| *severity)
        .map_or_else(|| "status:error".to_owned(), |(_, query)| query)
}

fn entities(preview: &RedactionPreview) -> u64 {
    preview.counts.iter().map(|count| count.count).sum()
}

fn document(out: &Path, done: &Done) -> serde_json::Value {
    let checks = &done.checks;
    json!({
        "store": out.join("store"),
        "calls": done.calls,
        "activities": done.activities,
        "accepted": done.accepted,
        "rejected": done.rejected,
        "checks": {"met": checks.met, "not_met": checks.not_met, "unknown": checks.unknown, "waived": checks.waived},
        "redaction": {"policy": done.preview.policy, "entities": entities(&done.preview)},
        "replay": {
            "run": done.run.id, "state": done.run.state, "calls": done.run.calls, "compared": done.run.compared,
            "same": done.run.same, "changed": done.run.changed, "not_compared": done.run.not_compared, "errors": done.run.errors, "refused": done.run.refused,
        },
        "reports": done.reports,
        "evidence": {
            "path": done.pack.path, "sha256": done.pack.sha256, "records": done.pack.records, "size": done.pack.size,
            "root": done.pack.root,
        },
        "verification": done.verification,
    })
}

fn text(out: &Path, done: &Done) -> String {
    let store: PathBuf = out.join("store");
    let (checks, run) = (&done.checks, &done.run);
    let mut rows = vec![
        ("Organisation", sample::ORGANISATION.to_owned()),
        ("Store", store.display().to_string()),
        (
            "Import",
            format!(
                "{} accepted ({}, {} activities), {} rejected",
                counted(done.accepted, "record"),
                counted(done.calls, "call"),
                thousands(done.activities),
                counted(done.rejected, "line")
            ),
        ),
        (
            "Checks",
            format!(
                "{} met, {} not met, {} unknown, {} waived",
                checks.met, checks.not_met, checks.unknown, checks.waived
            ),
        ),
        (
            "Redaction",
            format!(
                "{} found in the newest call that holds any, by policy `{}`",
                counted(entities(&done.preview), "entity").replace("entitys", "entities"),
                done.preview.policy
            ),
        ),
        (
            "Replay",
            format!(
                "{} to the sandbox: {}, {} failed, {} refused",
                counted(run.calls, "call"),
                compared(run),
                run.errors,
                run.refused
            ),
        ),
    ];
    for report in &done.reports {
        let pages = report
            .pages
            .map(|pages| format!(" ({})", counted(u64::from(pages), "page")))
            .unwrap_or_default();
        rows.push(("Report", format!("{}{pages}", report.path)));
    }
    rows.push((
        "Evidence",
        format!(
            "{} ({})",
            done.pack.path,
            counted(done.pack.records, "record")
        ),
    ));
    rows.push((
        "Verification",
        if done.verification.ok {
            done.verification.says.clone()
        } else {
            done.verification.failures.join("; ")
        },
    ));
    rows.push((
        "Window",
        format!("assay serve --sample --store {}", store.display()),
    ));
    pairs(&rows)
}
