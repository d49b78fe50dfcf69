//! Retention of the workbench's own store: how long text is kept, and disposing of what is due.
//!
//! A rule disposes of nothing by itself: what is due is shown, and somebody, or a scheduler that
//! somebody set up, disposes of it. Not here: legal holds (`holds`), erasing one person's records
//! (`erasing`), which files hold text (`kept_files`), how rows are destroyed (the store).

pub mod erasing;
pub mod holds;
mod kept_files;
pub mod subjects;
pub mod view;

use assay_domain::moment::rfc3339;
use assay_store::erasure::{Also, DueRecords, ErasureKind, ErasureRecord, NewErasure, Range, Step};
use serde_json::Value;

use crate::checks::thousands;
use crate::commands::Nothing;
use crate::confirmations::{Question, question};
use crate::deployments::view::Attention;
use crate::error::{Code, Result, WireError};
use crate::jobs::{self, Progress, Started};
use crate::opening::Engine;
use crate::retention::view::{
    Blocking, CarryOut, Dispose, DueText, EraseSubject, Erased, ErasureRow, ReleaseHold,
    RetentionRule, RetentionStatus, SetRetention,
};
use crate::trail::text_index;

/// The longest rule, days.
const MAX_DAYS: u32 = 36_500;
/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;
/// Why a rule disposes: the word that is kept with the erasure.
const BY_RULE: &str = "retention_rule";

/// `1 record`, `1,234 records`.
pub(crate) fn records(count: u64) -> String {
    format!(
        "{} record{}",
        thousands(count),
        if count == 1 { "" } else { "s" }
    )
}

/// What no erasure here reaches, a sentence each.
pub(crate) fn not_reached() -> Vec<String> {
    [
        "Reports, packs and other files that were written outside the store's folder or handed over.",
        "Backups of the store's folder. A backup without the day keys holds the text only sealed: once \
         the day's key is gone it can't be read. A backup that holds the day keys as well still can.",
        "Old copies of the database, read with the key of a day under which a hold keeps other records: \
         that key goes once nothing holds them.",
        "The logs at their sources, and the files that were imported.",
        "Blocks that a file system or an SSD keeps after they were freed: encrypt the disk.",
    ]
    .map(str::to_owned)
    .to_vec()
}

fn phrase(days: u32) -> String {
    format!("dispose of text older than {days} days")
}

fn day(day: i64) -> String {
    rfc3339(day.saturating_mul(DAY_MS))
        .chars()
        .take(10)
        .collect()
}

/// The rule, what is due by it, holds and requests in counts.
///
/// # Errors
/// The store's.
pub fn status(engine: &Engine, _: Nothing) -> Result<RetentionStatus> {
    let store = engine.store();
    let rule = store.retention_rule()?;
    let due = store.due(engine.now_ms())?;
    let counts = store.text_counts()?;
    let packs = kept_files::packs_of(store.folder(), &due.ranges).len() as u64;
    let holds_in_force = store
        .holds()?
        .iter()
        .filter(|hold| hold.released_ms.is_none())
        .count() as u64;
    let requests_waiting = store
        .requests()?
        .iter()
        .filter(|request| !request.waiting.is_empty())
        .count() as u64;
    let erasures_open = store
        .erasures()?
        .iter()
        .filter(|erasure| erasure.done_seq.is_none())
        .count() as u64;
    let due = DueText {
        records: due.records,
        held: due.held,
        from_day: due.days.map(|(first, _)| day(first)),
        to_day: due.days.map(|(_, last)| day(last)),
        keys: due.keys,
        packs,
    };
    let mut says = Vec::new();
    match &rule {
        None => says.push(format!(
            "No rule is set: the text of all {} is kept until somebody erases it.",
            records(counts.records - counts.erased)
        )),
        Some(rule) => {
            says.push(format!(
                "Text is kept for {} whole days after the day of the record, UTC.",
                thousands(u64::from(rule.days))
            ));
            says.push(match due.records {
                0 => "Nothing is due.".to_owned(),
                due => format!(
                    "The text of {} of {} is due and is still here.",
                    thousands(due),
                    records(counts.records)
                ),
            });
        }
    }
    if due.held > 0 {
        says.push(format!(
            "{} that are due stay, since a hold covers them.",
            records(due.held)
        ));
    }
    says.push(
        "Nothing is disposed of by itself: somebody does it here, or a scheduler by the terminal program."
            .to_owned(),
    );
    if erasures_open > 0 {
        says.push(
            "An erasure was begun and not ended; it is ended when the store is next opened for writing."
                .to_owned(),
        );
    }
    Ok(RetentionStatus {
        phrase: rule.as_ref().map(|rule| phrase(rule.days)),
        rule: rule.map(|rule| RetentionRule {
            days: rule.days,
            set_by: rule.set_by,
            set_at: rfc3339(rule.set_ms),
        }),
        due,
        records: counts.records,
        erased: counts.erased,
        held: counts.held,
        holds_in_force,
        requests_waiting,
        erasures_open,
        says,
        not_reached: not_reached(),
    })
}

/// What of retention wants attention on the first screen.
///
/// # Errors
/// The store's.
pub(crate) fn attention(engine: &Engine) -> Result<Vec<Attention>> {
    let status = status(engine, Nothing {})?;
    let mut titles = Vec::new();
    if status.due.records > 0 {
        titles.push((
            "high",
            format!(
                "The text of {} of {} is older than the retention rule keeps it.",
                thousands(status.due.records),
                records(status.records)
            ),
        ));
    }
    if status.requests_waiting > 0 {
        titles.push((
            "high",
            format!(
                "{} to erase a person's records {} not carried out in full.",
                match status.requests_waiting {
                    1 => "1 request".to_owned(),
                    count => format!("{} requests", thousands(count)),
                },
                if status.requests_waiting == 1 {
                    "is"
                } else {
                    "are"
                }
            ),
        ));
    }
    if status.erasures_open > 0 {
        titles.push((
            "high",
            "An erasure was begun and not ended: close other programs that read the store, and open it again."
                .to_owned(),
        ));
    }
    let review = holds::list(engine, Nothing {})?
        .iter()
        .filter(|hold| hold.review_due)
        .count() as u64;
    if review > 0 {
        titles.push((
            "medium",
            format!(
                "{} to be looked at: the date for it has come.",
                match review {
                    1 => "1 legal hold has".to_owned(),
                    count => format!("{} legal holds have", thousands(count)),
                }
            ),
        ));
    }
    Ok(titles
        .into_iter()
        .map(|(severity, title)| Attention {
            severity: severity.to_owned(),
            title,
            deployment: None,
            finding: None,
            query: None,
            approvals: false,
            screen: Some("retention".to_owned()),
        })
        .collect())
}

/// Sets how long text is kept; the trail says so. Nothing is disposed of by it.
///
/// # Errors
/// `bad_input` for the days; the store's.
pub fn set_rule(engine: &Engine, input: SetRetention) -> Result<RetentionStatus> {
    if !(1..=MAX_DAYS).contains(&input.days) {
        return Err(WireError::new(
            Code::BadInput,
            format!("text can't be kept for {} days", input.days),
        )
        .hint("1 to 36,500"));
    }
    engine
        .store()
        .set_retention_rule(input.days, engine.user(), engine.now_ms())?;
    status(engine, Nothing {})
}

/// Disposes of what is due, as a job.
///
/// # Errors
/// As [`dispose_now`] before it begins.
pub fn dispose(engine: &Engine, input: Dispose) -> Result<Started> {
    check_phrase(engine, &input)?;
    let own = engine.clone();
    Ok(engine.jobs().start(
        "retention.dispose",
        "Disposing of text that is due".to_owned(),
        &["trail", "activities", "retention", "findings", "reports"],
        move |progress| dispose_now(&own, &input, progress),
    ))
}

fn check_phrase(engine: &Engine, input: &Dispose) -> Result<()> {
    let Some(rule) = engine.store().retention_rule()? else {
        return Err(
            WireError::new(Code::BadInput, "no rule says how long text is kept")
                .hint("set one first: `assay retention rule DAYS`"),
        );
    };
    typed(&input.phrase, &phrase(rule.days))
}

/// Lets nothing through but the phrase itself.
///
/// # Errors
/// `bad_input` with the phrase as hint.
pub(crate) fn typed(given: &str, expected: &str) -> Result<()> {
    if given.trim() == expected {
        return Ok(());
    }
    Err(WireError::new(
        Code::BadInput,
        "the phrase that confirms it was not typed; nothing was erased",
    )
    .hint(format!("type: {expected}")))
}

/// Disposes of what is due: all of it but what a hold covers.
///
/// # Errors
/// `bad_input` without a rule or with another phrase; the store's.
pub fn dispose_now(engine: &Engine, input: &Dispose, progress: &Progress) -> Result<Erased> {
    check_phrase(engine, input)?;
    let store = engine.store();
    let due = store.due(engine.now_ms())?;
    let holds = kept_by(engine, &due)?;
    progress.step(jobs::Step {
        phase: "disposing".to_owned(),
        total: Some(due.records),
        unit: "records",
        ..jobs::Step::default()
    });
    progress.check()?;
    if due.ranges.is_empty() {
        return Ok(Erased {
            erasure: None,
            held: due.held,
            holds,
            left: None,
            says: vec!["Nothing was due that could be disposed of.".to_owned()],
        });
    }
    let also = Also {
        files: kept_files::packs_of(store.folder(), &due.ranges),
        vault: store.vault_due(engine.now_ms())?,
        ..Also::default()
    };
    let done = erase_ranges(
        engine,
        &NewErasure {
            kind: ErasureKind::Retention,
            basis: BY_RULE,
            request: &phrase(store.retention_rule()?.map_or(0, |rule| rule.days)),
            ranges: &due.ranges,
            also: &also,
        },
    )?;
    text_index::follow(engine);
    let says = vec![
        format!("The text of {} was erased.", records(done.records)),
        "Their leaves, counts and costs stay, and every proof with them.".to_owned(),
    ];
    Ok(Erased {
        erasure: Some(erasure_row(done)),
        held: due.held,
        holds,
        left: None,
        says,
    })
}

fn kept_by(engine: &Engine, due: &DueRecords) -> Result<Vec<Blocking>> {
    let mut counts = std::collections::BTreeMap::<String, u64>::new();
    for (seq, hold) in engine.store().held()? {
        if due.held_seqs.binary_search(&seq).is_ok() {
            *counts.entry(hold).or_default() += 1;
        }
    }
    Ok(blocking(counts))
}

/// Counts by hold as rows.
pub(crate) fn blocking(counts: std::collections::BTreeMap<String, u64>) -> Vec<Blocking> {
    counts
        .into_iter()
        .map(|(hold, records)| Blocking { hold, records })
        .collect()
}

/// Carries an erasure out, and signs the tree that says so.
pub(crate) fn erase_ranges(engine: &Engine, erasure: &NewErasure<'_>) -> Result<ErasureRecord> {
    let done = engine
        .store()
        .erase(erasure, engine.user(), engine.now_ms(), Step::Done)?;
    crate::evidence::signing::before_export(engine);
    Ok(done)
}

/// An erasure as it is shown.
pub(crate) fn erasure_row(erasure: ErasureRecord) -> ErasureRow {
    ErasureRow {
        leaf: erasure.seq,
        kind: erasure.kind,
        basis: erasure.basis,
        request: erasure.request,
        begun_at: rfc3339(erasure.begun_ms),
        done_leaf: erasure.done_seq,
        done_at: erasure.done_ms.map(rfc3339),
        records: erasure.records,
        destroyed: erasure.destroyed,
    }
}

/// How many leaves lie in ranges.
pub(crate) fn in_ranges(ranges: &[Range]) -> u64 {
    ranges.iter().map(|(from, to)| to - from).sum()
}

fn input<T: serde::de::DeserializeOwned>(input: &Value) -> Result<T> {
    serde_json::from_value(input.clone())
        .map_err(|_| WireError::new(Code::BadInput, "the input can't be read"))
}

/// What to ask before one of this noun's commands is carried out.
///
/// # Errors
/// Whatever shows already that it can't be carried out.
pub(crate) fn ask(engine: &Engine, name: &str, given: &Value) -> Result<Option<Question>> {
    Ok(Some(match name {
        "retention.dispose" => {
            check_phrase(engine, &input(given)?)?;
            let due = engine.store().due(engine.now_ms())?;
            question(
                format!("Erase the text of {} for good?", records(due.records)),
                format!(
                    "They are older than the rule keeps them. {} stay, since a hold covers them. \
                     Leaves, counts and costs stay. What is erased can't be brought back.",
                    records(due.held)
                ),
                "Dispose",
            )
        }
        "retention.release_hold" => {
            let given: ReleaseHold = input(given)?;
            let hold = holds::in_force(engine, &given.name)?;
            question(
                format!("Release the hold `{}`?", hold.name),
                format!(
                    "It covers {}. Rules and requests can erase them afterwards. The trail keeps \
                     your name and the reason.",
                    records(hold.held)
                ),
                "Release",
            )
        }
        "retention.erase" => {
            let given: EraseSubject = input(given)?;
            let found = subjects::shown(engine, &given)?;
            question(
                format!(
                    "Erase {} of one person for good?",
                    records(found.records - found.held)
                ),
                format!(
                    "Request {}. {} stay, since a hold covers them. Leaves and totals stay. What is \
                     erased can't be brought back.",
                    given.request,
                    records(found.held)
                ),
                "Erase",
            )
        }
        "retention.carry_out" => {
            let given: CarryOut = input(given)?;
            let request = engine.store().request(given.request.trim())?;
            question(
                format!("Erase what waits of request {} for good?", request.id),
                format!(
                    "{} wait; those that a hold still covers stay. What is erased can't be brought back.",
                    records(in_ranges(&request.waiting))
                ),
                "Erase",
            )
        }
        _ => return Ok(None),
    }))
}
