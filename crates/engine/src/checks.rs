//! Running the checks over stored calls, keeping their findings, waiving them.
//!
//! Before the checks run, calls that were not yet searched are searched for personal data by the
//! policy in force. Not here: the questions themselves (`assay_domain::checks`).

pub mod view;

use assay_domain::checks::{self, Clause, Covered, Day, Failure, Finding, Trail};
use assay_domain::deployment::Definition;
use assay_domain::exchange::Exchange;
use assay_domain::formats::{Format, exchange};
use assay_domain::moment::rfc3339;
use assay_domain::parts::id_in;
use assay_domain::query::keys::Table;
use assay_domain::settings::date_ms;
use assay_store::findings::{CheckRun, FindingRecord, WaiverRecord};

use crate::approvals::matter::Matter;
use crate::approvals::passing;
use crate::approvals::persons::same_name;
use crate::checks::view::{
    CheckRow, CheckSummary, ClauseRow, EndWaiver, EvidenceRow, FindingRef, FindingRow,
    ListFindings, RunChecks, WaiveFinding, WaiverRow,
};
use crate::commands::Nothing;
use crate::deployments::with_subject;
use crate::error::{Code, Result, WireError};
use crate::jobs::{Progress, Started, Step};
use crate::masking::Masker;
use crate::opening::{Engine, read_query};
use crate::redaction::{names_model, policies};
use crate::trail::{parts, reconciling};

/// Calls searched in one transaction.
const SCAN_CHUNK: usize = 500;
/// Calls named by an evidence.
const EXAMPLES: usize = 5;

/// `1,234`.
pub(crate) fn thousands(count: u64) -> String {
    let text = checks::calls(count);
    text.split(' ').next().unwrap_or_default().to_owned()
}

/// The trail of the store, as checks ask it.
pub(crate) struct StoredTrail<'a> {
    pub(crate) engine: &'a Engine,
}

impl Trail for StoredTrail<'_> {
    fn count(&self, query: &str) -> std::result::Result<u64, Failure> {
        Ok(self
            .engine
            .store()
            .count(&read_query(query, Table::Calls)?)?
            .0)
    }

    fn values(
        &self,
        key: &str,
        query: &str,
    ) -> std::result::Result<Vec<(Option<String>, u64)>, Failure> {
        let (values, _) =
            self.engine
                .store()
                .facet(key, &read_query(query, Table::Calls)?, usize::MAX)?;
        Ok(values
            .into_iter()
            .map(|value| (value.value, value.calls))
            .collect())
    }

    fn examples(&self, query: &str) -> std::result::Result<Vec<String>, Failure> {
        let (records, _) =
            self.engine
                .store()
                .calls(&read_query(query, Table::Calls)?, None, EXAMPLES)?;
        Ok(records.into_iter().map(|record| record.id).collect())
    }

    fn days(&self, deployment: &str) -> std::result::Result<Vec<Day>, Failure> {
        let days = self.engine.store().days(Some(deployment))?;
        Ok(days
            .into_iter()
            .map(|day| Day {
                start_ms: day.start_ms,
                calls: day.calls,
                cost_usd_micros: day.cost_usd_micros,
                cost_known: day.cost_known,
            })
            .collect())
    }

    fn covered(&self, definition: &Definition) -> std::result::Result<Covered, Failure> {
        Ok(reconciling::covered(self.engine, definition)?)
    }

    fn scanned(&self, query: &str) -> std::result::Result<(u64, u64), Failure> {
        let all = self.count(query)?;
        let searched = self.count(&format!("{query} scanned:yes"))?;
        Ok((searched, all - searched))
    }
}

/// The checks, in their order.
///
/// # Errors
/// Never.
pub fn list(_: &Engine, _: Nothing) -> Result<Vec<CheckRow>> {
    Ok(checks::ALL
        .into_iter()
        .map(|check| CheckRow {
            id: check.id.to_owned(),
            title: check.title.to_owned(),
            question: check.question.to_owned(),
            severity: check.severity.name().to_owned(),
            clauses: clauses(check.clauses),
        })
        .collect())
}

fn clauses(clauses: &[Clause]) -> Vec<ClauseRow> {
    clauses
        .iter()
        .map(|clause| ClauseRow {
            clause: clause.clause.to_owned(),
            asks: clause.asks.to_owned(),
            as_of: clause.as_of.to_owned(),
        })
        .collect()
}

/// Runs the checks as a job.
///
/// # Errors
/// None at the start.
pub fn start(engine: &Engine, input: RunChecks) -> Result<Started> {
    let own = engine.clone();
    Ok(engine.jobs().start(
        "checks.run",
        "Running the checks".to_owned(),
        &["findings", "deployments", "trail"],
        move |progress| run(&own, &input, progress),
    ))
}

/// Searches new calls for personal data and runs the checks.
///
/// # Errors
/// `not_found` for a deployment; `cancelled`; the store's.
pub fn run(engine: &Engine, input: &RunChecks, progress: &Progress) -> Result<CheckSummary> {
    let store = engine.store();
    let mut records = store.deployments()?;
    if !input.deployments.is_empty() {
        for name in &input.deployments {
            store.deployment(name)?;
        }
        records.retain(|record| input.deployments.contains(&record.name));
    }
    scan(engine, progress)?;
    let (tree_size, _) = store.tree()?;
    let mut findings = Vec::new();
    for (done, record) in records.iter().enumerate() {
        progress.check()?;
        progress.step(Step {
            phase: format!("checking {}", record.name),
            done: done as u64,
            total: Some(records.len() as u64),
            unit: "deployments",
            ..Step::default()
        });
        for finding in with_subject(engine, record, checks::run)? {
            findings.push(FindingRecord {
                id: finding.id.clone(),
                check: finding.check.clone(),
                deployment: finding.deployment.clone(),
                verdict: finding.verdict.name().to_owned(),
                severity: finding.severity.name().to_owned(),
                finding: serde_json::to_string(&finding)
                    .map_err(|error| WireError::new(Code::Internal, error.to_string()))?,
            });
        }
    }
    let ids: Vec<i64> = records.iter().map(|record| record.id).collect();
    store.writer()?.save_findings(
        &ids,
        &findings,
        &CheckRun {
            ran_ms: engine.now_ms(),
            tree_size,
            rules: policies::search_rules(engine)?,
        },
    )?;
    let mut summary = self::findings(engine, ListFindings::default())?;
    if !input.deployments.is_empty() {
        summary
            .findings
            .retain(|finding| input.deployments.contains(&finding.deployment));
        summary = counted(summary);
    }
    Ok(summary)
}

/// Searches the calls that were not yet searched by the rules in force, on both cores.
fn scan(engine: &Engine, progress: &Progress) -> Result<()> {
    let store = engine.store();
    let rules = policies::search_rules(engine)?;
    let from = match store.scan_state()? {
        Some(state) if state.rules == rules => state.up_to_seq,
        _ => {
            store.writer()?.begin_scan(&rules, engine.now_ms())?;
            0
        }
    };
    let masker = Masker::in_force(engine)?;
    let (size, _) = store.tree()?;
    let mut next = from;
    let unread = names_model::unread(engine);
    loop {
        progress.check()?;
        let chunk = store.scannable(next, SCAN_CHUNK)?;
        let Some(last) = chunk.last().map(|call| call.seq) else {
            break;
        };
        let half = chunk.len().div_ceil(2);
        // Of a call in parts the listed record is searched with what its other parts hold.
        let mut in_parts = std::collections::BTreeMap::new();
        for call in &chunk {
            if Format::from_number(call.format).and_then(id_in).is_some() {
                in_parts.insert(
                    call.seq,
                    parts::said(store, call.seq, call.format, &call.raw)?,
                );
            }
        }
        let search = |calls: &[assay_store::entities::Scannable]| {
            calls
                .iter()
                .map(|call| {
                    let text = match in_parts.get(&call.seq) {
                        Some(text) => text.clone(),
                        None => Format::from_number(call.format)
                            .map_or_else(Exchange::default, |format| exchange(format, &call.raw)),
                    };
                    (call.seq, masker.of(&call.deployment).found(&text))
                })
                .filter(|(_, found)| !found.is_empty())
                .collect::<Vec<_>>()
        };
        let mut found = std::thread::scope(|scope| {
            let second = scope.spawn(|| search(&chunk[half..]));
            let mut found = search(&chunk[..half]);
            if let Ok(rest) = second.join() {
                found.extend(rest);
            }
            found
        });
        // What was not read is hidden, and no finding.
        names_model::all_read(engine, unread)?;
        found.sort_by_key(|(seq, _)| *seq);
        next = last + 1;
        store.writer()?.save_scan(&found, next, engine.now_ms())?;
        progress.step(Step {
            phase: "searching calls for personal data".to_owned(),
            done: next,
            total: Some(size),
            unit: "records",
            ..Step::default()
        });
    }
    store
        .writer()?
        .save_scan(&[], size.max(next), engine.now_ms())?;
    Ok(())
}

/// The findings of the last run.
///
/// # Errors
/// The store's.
pub fn findings(engine: &Engine, input: ListFindings) -> Result<CheckSummary> {
    let store = engine.store();
    let waivers = store.waivers()?;
    let now_ms = engine.now_ms();
    let mut rows = Vec::new();
    for record in store.findings()? {
        let finding: Finding = serde_json::from_str(&record.finding).map_err(|error| {
            WireError::new(
                Code::Internal,
                format!("a stored finding can't be read: {error}"),
            )
        })?;
        rows.push(row(finding, &waivers, now_ms));
    }
    let position = |id: &str| checks::ALL.iter().position(|check| check.id == id);
    rows.sort_by(|a, b| {
        (position(&a.check), &a.deployment, &a.subject).cmp(&(
            position(&b.check),
            &b.deployment,
            &b.subject,
        ))
    });
    let wanted = |filter: &Option<String>, value: &str| {
        filter.as_deref().is_none_or(|filter| filter == value)
    };
    rows.retain(|row| {
        wanted(&input.deployment, &row.deployment)
            && wanted(&input.check, &row.check)
            && wanted(&input.verdict, &row.verdict)
    });
    let runs = store.check_runs()?;
    let checked: Vec<_> = runs.iter().filter_map(|(_, run)| run.as_ref()).collect();
    // The first time takes a moment, which whoever never ran checks need not wait for.
    let policy_changed = match checked.is_empty() {
        true => false,
        false => {
            let rules = policies::search_rules(engine)?;
            checked.iter().any(|run| run.rules != rules)
        }
    };
    let unchecked = runs
        .iter()
        .filter(|(_, run)| run.is_none() && !checked.is_empty())
        .map(|(name, _)| name.clone())
        .collect();
    Ok(counted(CheckSummary {
        met: 0,
        not_met: 0,
        unknown: 0,
        waived: 0,
        findings: rows,
        // The oldest: an answer about one deployment says nothing new of the others.
        ran_at: checked.iter().map(|run| run.ran_ms).min().map(rfc3339),
        since: store.imported_since(checked.iter().map(|run| run.tree_size).min().unwrap_or(0))?,
        changed: store.changed_since_checked()?,
        unchecked,
        policy_changed,
    }))
}

fn counted(mut summary: CheckSummary) -> CheckSummary {
    let count = |verdict: &str| {
        summary
            .findings
            .iter()
            .filter(|row| row.verdict == verdict)
            .count() as u64
    };
    (
        summary.met,
        summary.not_met,
        summary.unknown,
        summary.waived,
    ) = (
        count("met"),
        count("not_met"),
        count("unknown"),
        count("waived"),
    );
    summary
}

/// Counts of a deployment's verdicts: met, not met, unknown, waived; `None` before a run.
pub(crate) fn verdicts(engine: &Engine, deployment: &str) -> Result<Option<(u64, u64, u64, u64)>> {
    let found = findings(
        engine,
        ListFindings {
            deployment: Some(deployment.to_owned()),
            ..ListFindings::default()
        },
    )?;
    Ok(
        (found.ran_at.is_some() && !found.findings.is_empty()).then_some((
            found.met,
            found.not_met,
            found.unknown,
            found.waived,
        )),
    )
}

fn row(finding: Finding, waivers: &[WaiverRecord], now_ms: i64) -> FindingRow {
    let check = checks::named(&finding.check);
    let waiver = waivers
        .iter()
        .filter(|waiver| waiver.finding == finding.id)
        .max_by_key(|waiver| waiver.set_ms);
    // Who accepted that an answer was unknown accepted no answer that came later.
    let covers = |waiver: &WaiverRecord| {
        finding.verdict != checks::Verdict::NotMet
            || waiver.verdict == checks::Verdict::NotMet.name()
    };
    let in_force = waiver.is_some_and(|waiver| {
        waiver.ended_ms.is_none() && waiver.until_ms >= now_ms && covers(waiver)
    });
    let verdict = if in_force && finding.verdict != checks::Verdict::Met {
        "waived"
    } else {
        finding.verdict.name()
    };
    FindingRow {
        check_title: check.map_or_else(|| finding.check.clone(), |check| check.title.to_owned()),
        clauses: check.map_or_else(Vec::new, |check| clauses(check.clauses)),
        id: finding.id,
        check: finding.check,
        deployment: finding.deployment,
        subject: finding.subject,
        verdict: verdict.to_owned(),
        severity: finding.severity.name().to_owned(),
        title: finding.title,
        detail: finding.detail,
        how_to_fix: finding.how_to_fix,
        evidence: finding
            .evidence
            .into_iter()
            .map(|evidence| EvidenceRow {
                what: evidence.what,
                query: evidence.query,
                call_ids: evidence.call_ids,
                setting: evidence.setting,
            })
            .collect(),
        counted: finding.counted,
        of: finding.of,
        unknown: finding.unknown,
        waiver: waiver.map(|waiver| WaiverRow {
            accepted: waiver.verdict.clone(),
            reason: waiver.reason.clone(),
            owner: waiver.owner.clone(),
            approver: waiver.approver.clone(),
            approval: waiver.approval.clone(),
            set_at: rfc3339(waiver.set_ms),
            until: rfc3339(waiver.until_ms),
            ended_at: waiver.ended_ms.map(rfc3339),
        }),
    }
}

/// A finding by its id.
///
/// # Errors
/// `not_found`.
pub fn explain(engine: &Engine, input: FindingRef) -> Result<FindingRow> {
    findings(engine, ListFindings::default())?
        .findings
        .into_iter()
        .find(|finding| finding.id == input.id)
        .ok_or_else(|| {
            WireError::new(Code::NotFound, format!("no finding: {}", input.id))
                .hint("run the checks first")
        })
}

/// Accepts a finding for a time.
///
/// # Errors
/// `not_found`; `bad_input` for a waiver that says too little or lasts too long;
/// `approval_needed`.
pub fn waive(engine: &Engine, input: WaiveFinding) -> Result<FindingRow> {
    const LONGEST_DAYS: i64 = 365;
    let finding = explain(
        engine,
        FindingRef {
            id: input.id.clone(),
        },
    )?;
    let wrong = |message: &str| Err(WireError::new(Code::BadInput, message));
    let (reason, owner, approver) = (
        input.reason.trim(),
        input.owner.trim(),
        input.approver.trim(),
    );
    if finding.verdict == "met" {
        return wrong("a finding that is met needs no waiver");
    }
    if reason.chars().count() < 30 {
        return wrong("the reason of a waiver has at least 30 characters");
    }
    let matter = Matter::waiver(engine, &input)?;
    let is_signed = passing::is_matter_needed(engine, &matter)?;
    if owner.is_empty() || (!is_signed && (approver.is_empty() || same_name(owner, approver))) {
        return wrong("a waiver has an owner, and an approver who is somebody else");
    }
    let now_ms = engine.now_ms();
    let Some(until) = date_ms(input.until.trim()).map(|midnight| midnight + 86_400_000 - 1) else {
        return wrong("the end of a waiver is a date like 2026-12-31");
    };
    if until < now_ms || until > now_ms + (LONGEST_DAYS + 1) * 86_400_000 {
        return wrong("a waiver ends after today and within 365 days");
    }
    // Where a signature is needed, who signed is the approver, whatever name was given.
    if passing::look(engine, &matter)?.is_some_and(|pass| same_name(owner, &pass.by)) {
        return wrong("the owner of a waiver can't be the person who approved it");
    }
    let pass = passing::spend(engine, &matter)?;
    let verdict = engine
        .store()
        .findings()?
        .into_iter()
        .find(|record| record.id == input.id)
        .map(|record| record.verdict)
        .unwrap_or(finding.verdict);
    let waiver = WaiverRecord {
        finding: input.id.clone(),
        verdict,
        reason: reason.to_owned(),
        owner: owner.to_owned(),
        approver: pass
            .as_ref()
            .map_or_else(|| approver.to_owned(), |pass| pass.by.clone()),
        approval: pass.map(|pass| pass.id),
        set_ms: now_ms,
        until_ms: until,
        ended_ms: None,
    };
    engine
        .store()
        .writer()?
        .set_waiver(&waiver, engine.user())?;
    explain(engine, FindingRef { id: input.id })
}

/// Ends a waiver before its time.
///
/// # Errors
/// `not_found`; `bad_input` without a reason.
pub fn end_waiver(engine: &Engine, input: EndWaiver) -> Result<FindingRow> {
    let reason = input.reason.trim();
    if reason.is_empty() {
        return Err(WireError::new(Code::BadInput, "say why the waiver ends"));
    }
    engine
        .store()
        .writer()?
        .end_waiver(&input.id, reason, engine.user(), engine.now_ms())?;
    explain(engine, FindingRef { id: input.id })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(verdict: checks::Verdict) -> Finding {
        Finding {
            id: "f".into(),
            check: "residency".into(),
            deployment: "claims".into(),
            subject: "all calls".into(),
            verdict,
            severity: checks::Severity::High,
            title: String::new(),
            detail: String::new(),
            how_to_fix: String::new(),
            evidence: Vec::new(),
            counted: 0,
            of: 0,
            unknown: 0,
        }
    }

    #[track_caller]
    fn check(accepted: &str, now: checks::Verdict, shown: &str) {
        let waiver = WaiverRecord {
            finding: "f".into(),
            verdict: accepted.into(),
            reason: String::new(),
            owner: String::new(),
            approver: String::new(),
            approval: None,
            set_ms: 0,
            until_ms: 10,
            ended_ms: None,
        };
        assert_eq!(row(finding(now), &[waiver], 5).verdict, shown, "{accepted}");
    }

    #[test]
    fn a_waiver_covers_what_was_accepted_and_less_but_no_more() {
        check("unknown", checks::Verdict::Unknown, "waived");
        check("unknown", checks::Verdict::NotMet, "not_met");
        check("not_met", checks::Verdict::NotMet, "waived");
        check("not_met", checks::Verdict::Unknown, "waived");
        check("not_met", checks::Verdict::Met, "met");
    }
}
