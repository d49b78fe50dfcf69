//! What stands in a report: figures with their denominators, findings, data handling, what it does
//! not cover. Everything is asked of the trail; nothing is kept from an earlier report.
//!
//! Not here: writing it (`reports`), document formats (`assay-report`).

use super::coverage::coverage;
use super::{oversight, sentences};
use crate::checks::findings;
use crate::checks::view::{FindingRow, ListFindings};
use crate::commands::Nothing;
use crate::deployments;
use crate::error::{Code, Result, WireError};
use crate::evidence::{self, signing};
use crate::imports::digests;
use crate::opening::{Engine, read_query};
use crate::reports::view::AskReport;
use assay_domain::moment::rfc3339;
use assay_domain::query::keys::Table;
use assay_domain::settings::{date_ms, date_text};
use assay_report::model::{
    Counted, Evidence, Figure, Finding, Handling, Import, Integrity, Line, Period, Place, Report,
    Value, Verdicts, Week,
};

const DAY_MS: i64 = 86_400_000;
/// Imported files that the report names.
const IMPORTS: usize = 500;

/// A time of the period: a date, or RFC 3339.
fn moment(text: &str) -> Result<i64> {
    date_ms(text)
        .or_else(|| {
            chrono::DateTime::parse_from_rfc3339(text)
                .ok()
                .map(|at| at.timestamp_millis())
        })
        .ok_or_else(|| {
            WireError::new(Code::BadInput, format!("not a time: {text}"))
                .hint("write a date like 2026-10-01")
        })
}

pub(super) fn shown(ms: i64) -> String {
    if ms.rem_euclid(DAY_MS) == 0 {
        date_text(ms)
    } else {
        rfc3339(ms)
    }
}

/// What the figures are counted over.
pub(super) struct Scope<'a> {
    engine: &'a Engine,
    base: String,
}

impl Scope<'_> {
    fn query(&self, terms: &str) -> String {
        format!("{} {terms}", self.base).trim().to_owned()
    }

    pub(super) fn count(&self, terms: &str) -> Result<u64> {
        Ok(self
            .engine
            .store()
            .count(&read_query(&self.query(terms), Table::Calls)?)?
            .0)
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

pub(super) fn build(engine: &Engine, input: &AskReport) -> Result<Report> {
    if input.kind != "monthly" {
        return Err(WireError::new(
            Code::BadInput,
            format!("there is no report `{}`", input.kind),
        )
        .hint("this version has `monthly`"));
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
        return Err(WireError::new(
            Code::BadInput,
            format!("the period is empty: {} to {}", shown(from), shown(to)),
        )
        .hint("`to` is the first moment that no longer belongs to it"));
    }
    let mut base = format!("started_at:>={} started_at:<{}", shown(from), shown(to));
    if !input.deployments.is_empty() {
        base = format!("deployment:{} {base}", names.join(","));
    }
    let scope = Scope { engine, base };
    let checked = findings(engine, ListFindings::default())?;
    let rows: Vec<&FindingRow> = checked
        .findings
        .iter()
        .filter(|finding| names.contains(&finding.deployment))
        .collect();
    let count = |verdict: &str| rows.iter().filter(|row| row.verdict == verdict).count() as u64;
    let verdicts = Verdicts {
        met: count("met"),
        not_met: count("not_met"),
        unknown: count("unknown"),
        waived: count("waived"),
    };
    let weeks = weeks(engine, &names, from, to)?;
    let batches = store.batches()?;
    let rejected: u64 = batches.iter().map(|batch| batch.rejected).sum();
    let accepted: u64 = batches.iter().map(|batch| batch.accepted).sum();
    let figures = figures(&scope, &weeks, accepted, rejected)?;
    let handling = handling(engine, &records, &scope)?;
    let standing = evidence::status(engine, Nothing {})?;
    let findings = report_findings(&rows);
    let findings_of = sentences::findings_of((first, last), (from, to));
    let covered = names.clone();
    // What puts all figures in doubt comes before them.
    let mut summary = signing::findings(engine)?;
    summary.extend(sentences::summary(
        &figures,
        &verdicts,
        &rows,
        checked.ran_at.is_some().then_some(&findings_of),
        names.len(),
    ));
    Ok(Report {
        title: "Monthly audit of Claude deployments".to_owned(),
        organisation: store
            .fact("organisation")?
            .unwrap_or_else(|| "Organisation not named".to_owned()),
        period: Period {
            from: shown(from),
            to: shown(to),
        },
        not_covered: sentences::not_covered(
            engine,
            &scope,
            names.len(),
            rejected,
            checked.ran_at.as_deref(),
            checked.since,
        )?,
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
        findings_of,
        findings,
        weeks,
        coverage: coverage(engine, from, to, &covered)?,
        integrity: Integrity {
            size: standing.size,
            root: standing.root,
            first_key: standing.key.first_fingerprint.clone(),
            says: standing
                .sentences
                .into_iter()
                .chain(signing::findings(engine)?)
                .chain([
                    sentences::checked(standing.last_check.as_ref()),
                    standing.checked_at_opening,
                ])
                .collect(),
            proves: sentences::PROVES
                .iter()
                .map(|&text| text.to_owned())
                .collect(),
            does_not_prove: sentences::DOES_NOT_PROVE
                .iter()
                .map(|&text| text.to_owned())
                .collect(),
        },
        sources: digests::sources(engine)?,
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
        looked: oversight::looked(engine, from, to)?,
        approvals: oversight::approvals(engine, from, to)?,
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
            let index =
                usize::try_from((day.start_ms - from).max(0) / (7 * DAY_MS)).unwrap_or(usize::MAX);
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
    let calls = Counted::new(total, "call", "calls");
    let sum = |value: fn(&Week) -> u64| weeks.iter().map(value).sum::<u64>();
    let cost_known = sum(|week| week.cost_known);
    let tokens_known = sum(|week| week.tokens_known);
    let searched = scope.count("scanned:yes")?;
    let count = |id: &str, title: &str, value: u64, known: u64| Figure {
        id: id.to_owned(),
        title: title.to_owned(),
        value: Value::Count(value),
        denominator: Some(Counted::new(
            known,
            "call whose tokens are recorded",
            "calls whose tokens are recorded",
        )),
        unknown: Some(Counted::new(
            total.saturating_sub(known),
            "call whose tokens are not recorded",
            "calls whose tokens are not recorded",
        )),
        query: Some(scope.query("has:input_tokens")),
        note: None,
    };
    let mut figures = vec![
        Figure {
            id: "calls".to_owned(),
            title: "Calls".to_owned(),
            value: Value::Count(total),
            denominator: Some(Counted::new(
                scope.engine.store().count(&Default::default())?.1,
                "call in the trail",
                "calls in the trail",
            )),
            unknown: None,
            query: Some(scope.query("")),
            note: Some("A call that several sources recorded is counted once.".to_owned()),
        },
        scope.share("errors", "Calls that failed", "status:error", &calls)?,
        Figure {
            id: "cost".to_owned(),
            title: "Cost by list prices".to_owned(),
            value: Value::Money(weeks.iter().map(|week| week.cost_usd_micros).sum()),
            denominator: Some(Counted::new(
                cost_known,
                "call whose cost is known",
                "calls whose cost is known",
            )),
            unknown: Some(Counted::new(
                total.saturating_sub(cost_known),
                "call whose cost is not known",
                "calls whose cost is not known",
            )),
            query: Some(scope.query("has:cost_usd")),
            note: Some(format!(
                "Prices as of {}, before discounts.",
                assay_domain::price::AS_OF
            )),
        },
        count(
            "input_tokens",
            "Input tokens, without cache",
            sum(|week| week.input_tokens),
            tokens_known,
        ),
        count(
            "output_tokens",
            "Output tokens",
            sum(|week| week.output_tokens),
            tokens_known,
        ),
        scope.share(
            "region_known",
            "Calls whose place is proved",
            "has:served_region",
            &calls,
        )?,
        scope.share(
            "region_unknown",
            "Calls whose place is not known",
            "-has:served_region",
            &calls,
        )?,
        scope.share(
            "with_text",
            "Calls recorded with their text",
            "body:present",
            &calls,
        )?,
        scope.share(
            "private_path",
            "Calls with evidence of a private path",
            "has:private_path",
            &calls,
        )?,
    ];
    if searched > 0 {
        let mut personal = scope.share(
            "entities",
            "Calls with personal data or secrets",
            "has:entity_type",
            &Counted::new(
                searched,
                "call that was searched",
                "calls that were searched",
            ),
        )?;
        personal.unknown = Some(Counted::new(
            total - searched,
            "call that was not searched",
            "calls that were not searched",
        ));
        figures.push(personal);
    }
    figures.push(Figure {
        id: "rejected".to_owned(),
        title: "Rejected lines, all imports".to_owned(),
        value: Value::Share(rejected),
        denominator: Some(Counted::new(
            accepted + rejected,
            "record or rejected line",
            "records and rejected lines",
        )),
        unknown: None,
        query: None,
        note: None,
    });
    Ok(figures)
}

fn handling(
    engine: &Engine,
    records: &[assay_store::deployments::DeploymentRecord],
    scope: &Scope<'_>,
) -> Result<Vec<Handling>> {
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
            places: places
                .into_iter()
                .map(|place| Place {
                    region: place.value,
                    calls: place.calls,
                })
                .collect(),
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
    let order = |verdict: &str| {
        ["not_met", "unknown", "waived", "met"]
            .iter()
            .position(|name| *name == verdict)
    };
    let mut sorted = rows.to_vec();
    sorted.sort_by_key(|row| {
        (
            order(&row.verdict),
            std::cmp::Reverse(assay_domain::checks::Severity::from_name(&row.severity)),
        )
    });
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
            clauses: row
                .clauses
                .iter()
                .map(|clause| clause.clause.clone())
                .collect(),
            evidence,
            counted: row.counted,
            of: row.of,
            unknown: row.unknown,
            waiver: row
                .waiver
                .as_ref()
                .filter(|_| row.verdict == "waived")
                .map(|waiver| {
                    format!(
                        "{} (owner {}, approved by {}, {}, until {})",
                        waiver.reason,
                        waiver.owner,
                        waiver.approver,
                        match &waiver.approval {
                            Some(_) => "signed",
                            None => "named, not signed",
                        },
                        waiver.until
                    )
                }),
        });
    }
    findings
}
