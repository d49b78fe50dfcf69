//! Reports: filling one from the store, writing it, and the list of those written.
//!
//! Not here: document formats (`assay-report`).

use std::path::Path;

use assay_domain::moment::rfc3339;
use assay_domain::query::keys::Table;
use assay_domain::settings::{date_ms, date_text};
use assay_evidence::pack::{DOES_NOT_PROVE, PROVES};
use assay_report::model::{
    Counted, Evidence, Figure, Finding, Handling, Import, Integrity, Line, Period, Place, Report, Value, Verdicts, Week, money,
    thousands,
};
use assay_report::{Format, render};
use assay_store::policies::deed;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::checks::{findings, thousands as many};
use crate::checks_view::{FindingRow, ListFindings};
use crate::commands::Nothing;
use crate::deployments;
use crate::error::{Code, Result, WireError};
use crate::jobs::{Progress, Started, Step};
use crate::opening::{Engine, read_query};
use crate::reports_view::{AskReport, FigureRow, RenderReport, RenderedReport, ReportRow};
use crate::writing;

const DAY_MS: i64 = 86_400_000;
/// Imported files that the report names.
const IMPORTS: usize = 500;

/// A report that was written, as stored.
#[derive(Serialize, Deserialize)]
struct Written {
    kind: String,
    format: String,
    path: String,
    sha256: String,
    from: String,
    to: String,
    deployments: Vec<String>,
}

/// The report as values, for the preview.
///
/// # Errors
/// `bad_input` for the kind or the period; `not_found` for a deployment.
pub fn preview(engine: &Engine, input: AskReport) -> Result<Report> {
    build(engine, &input)
}

/// Writes a report as a job.
///
/// # Errors
/// `bad_input` for the format.
pub fn start(engine: &Engine, input: RenderReport) -> Result<Started> {
    let format = format(&input.format)?;
    let own = engine.clone();
    Ok(engine.jobs().start("reports.render", "Writing a report".to_owned(), &["reports", "activities"], move |progress| {
        let sample = if own.store().fact("sample")?.is_some() { "SAMPLE-" } else { "" };
        let name = format!("{sample}monthly-{}.{}", rfc3339(own.now_ms()).replace([':', '.'], ""), format.name());
        let path = writing::target(&own, input.handle.as_deref(), "reports", &name)?;
        write(&own, &input.report, format, &path, progress)
    }))
}

/// The format with this name.
///
/// # Errors
/// `bad_input`.
pub fn format(name: &str) -> Result<Format> {
    Format::from_name(name).ok_or_else(|| {
        WireError::new(Code::BadInput, format!("this version writes no {name}")).hint("pdf, xlsx, csv, json or html")
    })
}

/// Writes a report to `path`; the export is an activity in the trail.
///
/// # Errors
/// As [`preview`]; `file_unwritable`.
pub fn write(engine: &Engine, input: &AskReport, format: Format, path: &Path, progress: &Progress) -> Result<RenderedReport> {
    let step = |phase: &str, done| {
        progress.step(Step { phase: phase.to_owned(), done, total: Some(2), unit: "steps", ..Step::default() });
    };
    step("gathering figures", 0);
    let report = build(engine, input)?;
    progress.check()?;
    step("setting the document", 1);
    let rendered = render(&report, format).map_err(|error| WireError::new(Code::Internal, error.to_string()))?;
    progress.check()?;
    writing::write(path, &rendered.bytes)?;
    let sha256 = hex::encode(Sha256::digest(&rendered.bytes));
    let now_ms = engine.now_ms();
    let written = Written {
        kind: input.kind.clone(),
        format: format.name().to_owned(),
        path: path.display().to_string(),
        sha256: sha256.clone(),
        from: report.period.from.clone(),
        to: report.period.to.clone(),
        deployments: report.deployments.clone(),
    };
    let json = serde_json::to_string(&written).map_err(|error| WireError::new(Code::Internal, error.to_string()))?;
    engine.store().writer()?.save_report(&json, deed("report.write", &sha256, engine.user(), now_ms), now_ms)?;
    Ok(RenderedReport {
        path: path.display().to_string(),
        handle: engine.handles().add(path)?.handle,
        format: format.name().to_owned(),
        bytes: rendered.bytes.len() as u64,
        sha256,
        pages: rendered.pages,
        figures: report
            .figures
            .iter()
            .map(|figure| FigureRow {
                id: figure.id.clone(),
                value: match figure.value {
                    Value::Money(micros) => crate::costs::usd(micros),
                    Value::Count(count) | Value::Share(count) | Value::DurationMs(count) => count.to_string(),
                    Value::Text(ref text) => text.clone(),
                },
                denominator: figure.denominator.as_ref().map(|of| of.value.to_string()),
                query: figure.query.clone(),
            })
            .collect(),
    })
}

/// The reports that were written, newest first, and whether their files are unchanged.
///
/// # Errors
/// The store's.
pub fn list(engine: &Engine, _: Nothing) -> Result<Vec<ReportRow>> {
    let mut rows = Vec::new();
    for record in engine.store().reports()? {
        let written: Written = serde_json::from_str(&record.report)
            .map_err(|error| WireError::new(Code::Internal, format!("a stored report can't be read: {error}")))?;
        let state = match std::fs::read(&written.path) {
            Ok(bytes) if hex::encode(Sha256::digest(&bytes)) == written.sha256 => "unchanged",
            Ok(_) => "changed",
            Err(_) => "missing",
        };
        rows.push(ReportRow {
            id: record.id.to_string(),
            kind: written.kind,
            format: written.format,
            path: written.path,
            sha256: written.sha256,
            from: Some(written.from),
            to: Some(written.to),
            deployments: written.deployments,
            made_at: rfc3339(record.made_ms),
            state: state.to_owned(),
        });
    }
    Ok(rows)
}

/// A time of the period: a date, or RFC 3339.
fn moment(text: &str) -> Result<i64> {
    date_ms(text)
        .or_else(|| chrono::DateTime::parse_from_rfc3339(text).ok().map(|at| at.timestamp_millis()))
        .ok_or_else(|| WireError::new(Code::BadInput, format!("not a time: {text}")).hint("write a date like 2026-10-01"))
}

fn shown(ms: i64) -> String {
    if ms.rem_euclid(DAY_MS) == 0 { date_text(ms) } else { rfc3339(ms) }
}

/// What the figures are counted over.
struct Scope<'a> {
    engine: &'a Engine,
    base: String,
}

impl Scope<'_> {
    fn query(&self, terms: &str) -> String {
        format!("{} {terms}", self.base).trim().to_owned()
    }

    fn count(&self, terms: &str) -> Result<u64> {
        Ok(self.engine.store().count(&read_query(&self.query(terms), Table::Calls)?)?.0)
    }

    fn share(&self, id: &str, title: &str, terms: &str, of: &Counted) -> Result<Figure> {
        Ok(Figure {
            id: id.to_owned(),
            title: title.to_owned(),
            value: Value::Share(self.count(terms)?),
            denominator: Some(of.clone()),
            unknown: None,
            query: Some(self.query(terms)),
            note: None,
        })
    }
}

fn counted(value: u64, what: &str) -> Counted {
    Counted { value, what: what.to_owned() }
}

fn build(engine: &Engine, input: &AskReport) -> Result<Report> {
    if input.kind != "monthly" {
        return Err(WireError::new(Code::BadInput, format!("there is no report `{}`", input.kind)).hint("this version has `monthly`"));
    }
    let store = engine.store();
    let mut records = store.deployments()?;
    if !input.deployments.is_empty() {
        for name in &input.deployments {
            store.deployment(name)?;
        }
        records.retain(|record| input.deployments.contains(&record.name));
    }
    let names: Vec<String> = records.iter().map(|record| record.name.clone()).collect();
    let mut first = None;
    let mut last = None;
    for record in &records {
        let sums = store.sums(record.id)?;
        first = [first, sums.first_ms].into_iter().flatten().min();
        last = [last, sums.last_ms].into_iter().flatten().max();
    }
    let floor = |ms: i64| ms - ms.rem_euclid(DAY_MS);
    let from = match input.from.as_deref().filter(|text| !text.is_empty()) {
        Some(text) => moment(text)?,
        None => floor(first.unwrap_or_else(|| engine.now_ms())),
    };
    let to = match input.to.as_deref().filter(|text| !text.is_empty()) {
        Some(text) => moment(text)?,
        None => floor(last.unwrap_or_else(|| engine.now_ms())) + DAY_MS,
    };
    if from >= to {
        return Err(WireError::new(Code::BadInput, format!("the period is empty: {} to {}", shown(from), shown(to)))
            .hint("`to` is the first moment that no longer belongs to it"));
    }
    let mut base = format!("started_at:>={} started_at:<{}", shown(from), shown(to));
    if !input.deployments.is_empty() {
        base = format!("deployment:{} {base}", names.join(","));
    }
    let scope = Scope { engine, base };
    let checked = findings(engine, ListFindings::default())?;
    let rows: Vec<&FindingRow> = checked.findings.iter().filter(|finding| names.contains(&finding.deployment)).collect();
    let count = |verdict: &str| rows.iter().filter(|row| row.verdict == verdict).count() as u64;
    let verdicts = Verdicts { met: count("met"), not_met: count("not_met"), unknown: count("unknown"), waived: count("waived") };
    let weeks = weeks(engine, &names, from, to)?;
    let batches = store.batches()?;
    let rejected: u64 = batches.iter().map(|batch| batch.rejected).sum();
    let accepted: u64 = batches.iter().map(|batch| batch.accepted).sum();
    let figures = figures(&scope, &weeks, accepted, rejected)?;
    let handling = handling(engine, &records, &scope)?;
    let (size, root) = store.tree()?;
    let findings = report_findings(&rows);
    let summary = summary(&figures, &verdicts, &rows, checked.ran_at.is_some(), names.len());
    Ok(Report {
        title: "Monthly audit of Claude deployments".to_owned(),
        organisation: store.fact("organisation")?.unwrap_or_else(|| "Organisation not named".to_owned()),
        period: Period { from: shown(from), to: shown(to) },
        not_covered: not_covered(engine, &scope, names.len(), rejected, checked.ran_at.as_deref(), checked.since)?,
        deployments: names,
        generated_at: rfc3339(engine.now_ms()),
        generated_by: engine.user().to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        sample: store.fact("sample")?.is_some(),
        summary,
        figures,
        verdicts,
        checked_at: checked.ran_at,
        handling,
        findings,
        weeks,
        integrity: Integrity {
            size,
            root: hex::encode(root),
            proves: PROVES.iter().map(|&text| text.to_owned()).collect(),
            does_not_prove: DOES_NOT_PROVE.iter().map(|&text| text.to_owned()).collect(),
        },
        imports: batches
            .iter()
            .take(IMPORTS)
            .map(|batch| Import {
                path: batch.path.clone(),
                format: batch.format.clone(),
                sha256: batch.sha256.as_deref().map(hex::encode),
                accepted: batch.accepted,
                duplicates: batch.duplicates,
                rejected: batch.rejected,
            })
            .collect(),
        reveals: reveals(engine, from, to)?,
    })
}

/// Sums by week (seven days from the period's first).
fn weeks(engine: &Engine, names: &[String], from: i64, to: i64) -> Result<Vec<Week>> {
    let mut weeks: Vec<Week> = Vec::new();
    let mut start = from;
    while start < to && weeks.len() < 600 {
        weeks.push(Week {
            from: shown(start),
            calls: 0,
            errors: 0,
            input_tokens: 0,
            output_tokens: 0,
            tokens_known: 0,
            cost_usd_micros: 0,
            cost_known: 0,
        });
        start += 7 * DAY_MS;
    }
    for name in names {
        for day in engine.store().days(Some(name))? {
            if day.start_ms < from - from.rem_euclid(DAY_MS) || day.start_ms >= to {
                continue;
            }
            let index = usize::try_from((day.start_ms - from).max(0) / (7 * DAY_MS)).unwrap_or(usize::MAX);
            if let Some(week) = weeks.get_mut(index) {
                week.calls += day.calls;
                week.errors += day.errors;
                week.input_tokens += day.input_tokens;
                week.output_tokens += day.output_tokens;
                week.tokens_known += day.tokens_known;
                week.cost_usd_micros += day.cost_usd_micros;
                week.cost_known += day.cost_known;
            }
        }
    }
    Ok(weeks)
}

fn figures(scope: &Scope<'_>, weeks: &[Week], accepted: u64, rejected: u64) -> Result<Vec<Figure>> {
    let total = scope.count("")?;
    let calls = counted(total, "calls");
    let sum = |value: fn(&Week) -> u64| weeks.iter().map(value).sum::<u64>();
    let cost_known = sum(|week| week.cost_known);
    let tokens_known = sum(|week| week.tokens_known);
    let searched = scope.count("scanned:yes")?;
    let count = |id: &str, title: &str, value: u64, known: u64| Figure {
        id: id.to_owned(),
        title: title.to_owned(),
        value: Value::Count(value),
        denominator: Some(counted(known, "calls whose tokens are recorded")),
        unknown: Some(counted(total.saturating_sub(known), "calls whose tokens are not recorded")),
        query: Some(scope.query("has:input_tokens")),
        note: None,
    };
    let mut figures = vec![
        Figure {
            id: "calls".to_owned(),
            title: "Calls".to_owned(),
            value: Value::Count(total),
            denominator: Some(counted(scope.engine.store().count(&Default::default())?.1, "calls in the trail")),
            unknown: None,
            query: Some(scope.query("")),
            note: Some("A call that several sources recorded is counted once.".to_owned()),
        },
        scope.share("errors", "Calls that failed", "status:error", &calls)?,
        Figure {
            id: "cost".to_owned(),
            title: "Cost by list prices".to_owned(),
            value: Value::Money(weeks.iter().map(|week| week.cost_usd_micros).sum()),
            denominator: Some(counted(cost_known, "calls whose cost is known")),
            unknown: Some(counted(total.saturating_sub(cost_known), "calls whose cost is not known")),
            query: Some(scope.query("has:cost_usd")),
            note: Some(format!("Prices as of {}, before discounts.", assay_domain::price::AS_OF)),
        },
        count("input_tokens", "Input tokens, without cache", sum(|week| week.input_tokens), tokens_known),
        count("output_tokens", "Output tokens", sum(|week| week.output_tokens), tokens_known),
        scope.share("region_known", "Calls whose place is proved", "has:served_region", &calls)?,
        scope.share("region_unknown", "Calls whose place is not known", "-has:served_region", &calls)?,
        scope.share("with_text", "Calls recorded with their text", "body:present", &calls)?,
        scope.share("private_path", "Calls with evidence of a private path", "has:private_path", &calls)?,
    ];
    if searched > 0 {
        let mut personal = scope.share("entities", "Calls with personal data or secrets", "has:entity_type", &counted(searched, "calls that were searched"))?;
        personal.unknown = Some(counted(total - searched, "calls that were not searched"));
        figures.push(personal);
    }
    figures.push(Figure {
        id: "rejected".to_owned(),
        title: "Rejected lines, all imports".to_owned(),
        value: Value::Share(rejected),
        denominator: Some(counted(accepted + rejected, "records and rejected lines")),
        unknown: None,
        query: None,
        note: None,
    });
    Ok(figures)
}

fn handling(engine: &Engine, records: &[assay_store::deployments::DeploymentRecord], scope: &Scope<'_>) -> Result<Vec<Handling>> {
    let mut all = Vec::new();
    for record in records {
        let summary = deployments::summary(engine, record)?;
        // The base may already name deployments; both terms must hold.
        let own = format!("deployment:{}", record.name);
        let query = read_query(&scope.query(&own), Table::Calls)?;
        let (places, _) = engine.store().facet("served_region", &query, usize::MAX)?;
        all.push(Handling {
            deployment: record.name.clone(),
            kind: record.kind.title().to_owned(),
            description: summary.description,
            owner: summary.owner,
            regulated: summary.regulated,
            zero_retention: summary.zero_retention,
            calls: engine.store().count(&query)?.0,
            places: places.into_iter().map(|place| Place { region: place.value, calls: place.calls }).collect(),
            lines: summary
                .handling
                .into_iter()
                .map(|line| Line {
                    topic: line.title,
                    statement: line.statement,
                    mark: line.mark,
                    source: line.source,
                    as_of: line.as_of,
                    review_due: line.review_due,
                })
                .collect(),
        });
    }
    Ok(all)
}

fn report_findings(rows: &[&FindingRow]) -> Vec<Finding> {
    let mut number = 0;
    let mut findings: Vec<Finding> = Vec::with_capacity(rows.len());
    let order = |verdict: &str| ["not_met", "unknown", "waived", "met"].iter().position(|name| *name == verdict);
    let mut sorted = rows.to_vec();
    sorted.sort_by_key(|row| (order(&row.verdict), std::cmp::Reverse(assay_domain::checks::Severity::from_name(&row.severity))));
    for row in sorted {
        let evidence = row
            .evidence
            .iter()
            .map(|evidence| {
                number += 1;
                Evidence {
                    id: format!("E-{number}"),
                    what: evidence.what.clone(),
                    query: evidence.query.clone(),
                    call_ids: evidence.call_ids.clone(),
                    setting: evidence.setting.clone(),
                }
            })
            .collect();
        findings.push(Finding {
            id: row.id.clone(),
            check: row.check_title.clone(),
            deployment: row.deployment.clone(),
            subject: row.subject.clone(),
            verdict: row.verdict.clone(),
            severity: row.severity.clone(),
            title: row.title.clone(),
            detail: row.detail.clone(),
            how_to_fix: row.how_to_fix.clone(),
            clauses: row.clauses.iter().map(|clause| clause.clause.clone()).collect(),
            evidence,
            counted: row.counted,
            of: row.of,
            unknown: row.unknown,
            waiver: row.waiver.as_ref().filter(|_| row.verdict == "waived").map(|waiver| {
                format!("{} (owner {}, approved by {}, until {})", waiver.reason, waiver.owner, waiver.approver, waiver.until)
            }),
        });
    }
    findings
}

fn summary(figures: &[Figure], verdicts: &Verdicts, rows: &[&FindingRow], checked: bool, deployments: usize) -> Vec<String> {
    let value = |id: &str| figures.iter().find(|figure| figure.id == id);
    let count = |id: &str| value(id).map_or(0, |figure| match figure.value {
        Value::Count(count) | Value::Share(count) => count,
        _ => 0,
    });
    let total = count("calls");
    let mut sentences = vec![format!(
        "The trail holds {} calls of {deployments} deployment{} in this period; {} of them failed.",
        thousands(total),
        if deployments == 1 { "" } else { "s" },
        thousands(count("errors"))
    )];
    if let Some(Figure { value: Value::Money(micros), denominator: Some(known), .. }) = value("cost") {
        sentences.push(format!("They cost {} by list prices; the cost of {} of {} calls is known.", money(*micros), thousands(known.value), thousands(total)));
    }
    sentences.push(format!(
        "Where {} of {} calls ran is proved by their records; where {} ran is not known.",
        thousands(count("region_known")),
        thousands(total),
        thousands(count("region_unknown"))
    ));
    if checked {
        sentences.push(format!(
            "Of {} findings, {} are not met, {} are unknown, {} are met and {} are waived.",
            rows.len(),
            verdicts.not_met,
            verdicts.unknown,
            verdicts.met,
            verdicts.waived
        ));
        let mut worst: Vec<&&FindingRow> = rows.iter().filter(|row| row.verdict == "not_met").collect();
        worst.sort_by_key(|row| std::cmp::Reverse(assay_domain::checks::Severity::from_name(&row.severity)));
        for row in worst.iter().take(5) {
            sentences.push(format!("{}: {}", row.deployment, row.title));
        }
    } else {
        sentences.push("The checks were not run, so nothing is said about what is met.".to_owned());
    }
    sentences
}

fn not_covered(engine: &Engine, scope: &Scope<'_>, deployments: usize, rejected: u64, checked: Option<&str>, since: u64) -> Result<Vec<String>> {
    let store = engine.store();
    let calls = |count: u64| assay_domain::checks::calls(count);
    let mut sentences = Vec::new();
    let without_time = store.count(&read_query("-has:started_at", Table::Calls)?)?.0;
    if without_time > 0 {
        sentences.push(format!("{} in the trail carry no time that can be read and are in no period.", calls(without_time)));
    }
    let without_text = scope.count("-body:present")?;
    if without_text > 0 {
        sentences.push(format!("{} carry no text: they were not searched for personal data, and their features can't be seen.", calls(without_text)));
    }
    let unplaced = scope.count("-has:served_region")?;
    if unplaced > 0 {
        sentences.push(format!("No record tells where {} ran.", calls(unplaced)));
    }
    let unpriced = scope.count("-has:cost_usd")?;
    if unpriced > 0 {
        sentences.push(format!("The cost of {} is not known and is in no sum.", calls(unpriced)));
    }
    if rejected > 0 {
        sentences.push(format!("{} lines of imported files could not be read and are in no figure.", many(rejected)));
    }
    sentences.push("Calls that no imported source recorded are not in this report; a log can't show what it did not record.".to_owned());
    sentences.push("Findings, and what was observed of data handling, speak of all imported calls and of the settings on the day they were collected, not only of this period.".to_owned());
    match checked {
        Some(_) if since > 0 => sentences.push(format!("{} records were added after the checks were run.", many(since))),
        Some(_) => {}
        None => sentences.push("The checks were not run.".to_owned()),
    }
    if deployments == 0 {
        sentences.push("No deployment is in scope.".to_owned());
    }
    sentences.push(format!(
        "Which clause a check reads, as of {}, is our mapping: confirm it with your auditor. A check that is met is no statement that a clause is.",
        assay_domain::checks::CLAUSES_AS_OF
    ));
    sentences.push("Vendors' statements are quoted with their date and were not tested.".to_owned());
    Ok(sentences)
}

fn reveals(engine: &Engine, from: i64, to: i64) -> Result<Vec<String>> {
    let query = read_query(&format!("action:call.reveal at:>={} at:<{}", shown(from), shown(to)), Table::Activities)?;
    let (records, _) = engine.store().activities(&query, None, 500)?;
    Ok(records
        .into_iter()
        .map(|record| {
            format!(
                "{} {} revealed call {}: {}",
                record.activity.at_ms.map(rfc3339).unwrap_or_default(),
                record.activity.actor.unwrap_or_default(),
                record.activity.target.unwrap_or_default(),
                record.reason.unwrap_or_default()
            )
        })
        .collect())
}
