//! Erasing the records that were found of one person: what no hold keeps, and later what waited.
//!
//! In: a search's result that a person confirmed. Out: what was erased, what waits for which hold, and
//! what the same search finds afterwards. Not here: the search (`subjects`), how rows are destroyed
//! (the store).

use assay_domain::moment::rfc3339;
use assay_store::erasure::{Also, ErasureKind, ErasureRecord, NewErasure, ranges_of};
use assay_store::requests::{NewRequest, RequestRecord};
use assay_store::subjects::{Needles, Reach, SubjectFound};

use crate::approvals::matter::Matter;
use crate::approvals::passing;
use crate::commands::Nothing;
use crate::error::{Code, Result, WireError};
use crate::jobs::{Progress, Started, Step};
use crate::opening::Engine;
use crate::retention::subjects::{BASES, Kept, held, search, shown, take};
use crate::retention::view::{
    Amount, Basis, Blocking, CarryOut, EraseSubject, Erased, RequestRow, Requests,
};
use crate::retention::{erase_ranges, erasure_row, in_ranges, kept_files, records, typed};
use crate::trail::text_index;

/// Erases what was found, as a job.
///
/// # Errors
/// As [`erase_now`] before it begins.
pub fn erase(engine: &Engine, input: EraseSubject) -> Result<Started> {
    shown(engine, &input)?;
    passing::look(engine, &Matter::erasure(&input))?;
    let own = engine.clone();
    Ok(engine.jobs().start(
        "retention.erase",
        "Erasing one person's records".to_owned(),
        &CHANGED,
        move |progress| erase_now(&own, &input, progress),
    ))
}

const CHANGED: [&str; 8] = [
    "trail",
    "activities",
    "retention",
    "imports",
    "findings",
    "runs",
    "reports",
    "deployments",
];

/// Erases what was found of a person: all that no hold keeps. What a hold keeps waits in the request.
///
/// # Errors
/// `not_found` where the search is not known any more; `bad_input` for the request, the ground or the
/// phrase, or where the records changed since; the store's.
pub fn erase_now(engine: &Engine, input: &EraseSubject, progress: &Progress) -> Result<Erased> {
    let shown = shown(engine, input)?;
    let kept = take(engine, &input.found)?;
    let store = engine.store();
    if kept.size != store.tree()?.0 {
        let again = search(engine, &kept.identifiers, kept.reach, "searching", progress)?;
        let records = |found: &SubjectFound| {
            (
                found.seqs.clone(),
                found.batches.clone(),
                found.billed.clone(),
                found.vault.clone(),
            )
        };
        if records(&again) != records(&kept.found) {
            return Err(WireError::new(
                Code::BadInput,
                "the trail changed since it was searched; nothing was erased",
            )
            .hint("search again, and look at what would go"));
        }
    }
    passing::spend(engine, &Matter::erasure(input))?;
    let found = &kept.found;
    let files: Vec<String> = shown
        .files
        .iter()
        .filter(|file| file.why == "holds" || input.unsearchable_files)
        .map(|file| file.name.clone())
        .collect();
    let also = Also {
        files,
        batches: found.batches.clone(),
        rejected: found.rejected.clone(),
        plans: found.plans.clone(),
        findings: found.findings.clone(),
        views: found.views.clone(),
        samples: found.samples.clone(),
        billed: found.billed.clone(),
        vault: found.vault.clone(),
    };
    let job = Work {
        request: input.request.trim(),
        basis: &input.basis,
        seqs: &found.seqs,
        also,
    };
    let (erasure, holds, waiting) = carry(engine, &job, progress)?;
    let mut says = said(
        erasure.as_ref().map_or(0, |done| done.records),
        waiting,
        &holds,
    );
    if shown.files.iter().any(|file| file.why == "unsearchable") && !input.unsearchable_files {
        says.push("Files that can't be searched were left: look at them.".to_owned());
    }
    let left = look_again(engine, &kept, progress)?;
    text_index::follow(engine);
    Ok(Erased {
        erasure: erasure.map(erasure_row),
        held: waiting,
        holds,
        left: Some(left),
        says,
    })
}

struct Work<'a> {
    request: &'a str,
    basis: &'a str,
    /// In order.
    seqs: &'a [u64],
    also: Also,
}

/// Keeps the request, and erases all of it that no hold keeps.
fn carry(
    engine: &Engine,
    work: &Work<'_>,
    progress: &Progress,
) -> Result<(Option<ErasureRecord>, Vec<Blocking>, u64)> {
    progress.check()?;
    let store = engine.store();
    let (blocked, holds) = held(engine, work.seqs)?;
    let free: Vec<u64> = work
        .seqs
        .iter()
        .copied()
        .filter(|seq| !blocked.contains(seq))
        .collect();
    let waiting: Vec<u64> = blocked.into_iter().collect();
    // The name of a file is where a held record came from.
    let of_held = store.batches_of(&ranges_of(&waiting))?;
    let mut also = work.also.clone();
    let (later, now): (Vec<i64>, Vec<i64>) =
        also.batches.iter().partition(|id| of_held.contains(id));
    also.batches = now;
    if free.is_empty() && waiting.is_empty() && also.is_empty() {
        return Ok((None, holds, 0));
    }
    progress.step(Step {
        phase: "erasing".to_owned(),
        total: Some(free.len() as u64),
        unit: "records",
        ..Step::default()
    });
    let counts: Vec<(String, u64)> = holds
        .iter()
        .map(|hold| (hold.hold.clone(), hold.records))
        .collect();
    store.save_request(
        &NewRequest {
            id: work.request,
            basis: work.basis,
            ranges: &ranges_of(work.seqs),
            blocked: &counts,
            batches: &later,
        },
        engine.user(),
        engine.now_ms(),
    )?;
    if free.is_empty() && also.is_empty() {
        return Ok((None, holds, waiting.len() as u64));
    }
    let done = erase_ranges(
        engine,
        &NewErasure {
            kind: ErasureKind::Subject,
            basis: work.basis,
            request: work.request,
            ranges: &ranges_of(&free),
            also: &also,
        },
    )?;
    Ok((Some(done), holds, waiting.len() as u64))
}

fn said(erased: u64, waiting: u64, holds: &[Blocking]) -> Vec<String> {
    let mut says = vec![
        format!("{} of one person were erased.", records(erased)),
        "Their leaves, counts and costs stay, and every proof with them.".to_owned(),
    ];
    for hold in holds {
        says.push(format!(
            "{} blocked by hold {}.",
            records(hold.records),
            hold.hold
        ));
    }
    if waiting > 0 {
        says.push(format!(
            "{} wait in the request until no hold covers them, and are then erased by hand.",
            records(waiting)
        ));
    }
    says
}

/// Searches once more, in the records, in the rows and in the bytes of the files.
fn look_again(engine: &Engine, kept: &Kept, progress: &Progress) -> Result<Vec<Amount>> {
    let found = search(
        engine,
        &kept.identifiers,
        Reach::Records,
        "looking once more",
        progress,
    )?;
    let needles = Needles::new(&kept.identifiers);
    let forms = needles.byte_forms(&kept.identifiers);
    let folder = engine.store().folder();
    let counted = |what: &str, count| Amount {
        what: what.to_owned(),
        count,
    };
    let held = held(engine, &found.seqs)?.0.len() as u64;
    let mut left = vec![
        counted("records", found.seqs.len() as u64 - held),
        counted("records that a hold keeps", held),
        counted(
            "rows that somebody has to look at",
            found.to_decide.values().sum(),
        ),
        match kept_files::in_the_store(engine.store(), &forms)? {
            Some(places) => counted("places in the bytes of the store's files", places),
            // It is not told from a place where something stands.
            None => counted(
                "file that was not looked into: the store is encrypted and larger than 1 GiB",
                1,
            ),
        },
        counted(
            "erased records in the search index",
            engine.store().erased_in_text_index(&kept.identifiers)?,
        ),
        counted(
            "files that were written into the store's folder",
            kept_files::of_subject(folder, &needles, &forms, &[])
                .iter()
                .filter(|file| file.why == "holds")
                .count() as u64,
        ),
    ];
    for (what, count) in [
        ("originals in the vault", found.vault.len() as u64),
        (
            "originals in the vault that could not be looked into: its key is not at hand",
            found.vault_shut,
        ),
    ] {
        if count > 0 {
            left.push(counted(what, count));
        }
    }
    Ok(left)
}

/// Requests and erasures, newest first, and the grounds that there are.
///
/// # Errors
/// The store's.
pub fn requests(engine: &Engine, _: Nothing) -> Result<Requests> {
    let store = engine.store();
    let mut rows = Vec::new();
    for request in store.requests()? {
        rows.push(row(engine, &request)?);
    }
    Ok(Requests {
        requests: rows,
        erasures: store.erasures()?.into_iter().map(erasure_row).collect(),
        bases: BASES
            .iter()
            .map(|(name, title)| Basis {
                name: (*name).to_owned(),
                title: (*title).to_owned(),
            })
            .collect(),
    })
}

fn waiting_seqs(request: &RequestRecord) -> Vec<u64> {
    request
        .waiting
        .iter()
        .flat_map(|(from, to)| *from..*to)
        .collect()
}

fn row(engine: &Engine, request: &RequestRecord) -> Result<RequestRow> {
    let (blocked, holds) = held(engine, &waiting_seqs(request))?;
    let found = in_ranges(&request.ranges);
    let waiting = in_ranges(&request.waiting);
    let free = waiting - blocked.len() as u64;
    Ok(RequestRow {
        request: request.id.clone(),
        basis: request.basis.clone(),
        made_by: request.made_by.clone(),
        made_at: rfc3339(request.made_ms),
        records: found,
        erased: found - waiting,
        waiting,
        state: match (waiting, free) {
            (0, _) => "done",
            (_, 0) => "blocked",
            _ => "waiting",
        }
        .to_owned(),
        holds,
        phrase: (free > 0).then(|| phrase_of(free, &request.id)),
    })
}

fn phrase_of(free: u64, request: &str) -> String {
    format!("erase {} of request {request}", records(free))
}

/// Erases what waited in a request, as a job.
///
/// # Errors
/// As [`carry_out_now`] before it begins.
pub fn carry_out(engine: &Engine, input: CarryOut) -> Result<Started> {
    ready(engine, &input)?;
    passing::look(engine, &Matter::waiting_erasure(&input))?;
    let own = engine.clone();
    Ok(engine.jobs().start(
        "retention.carry_out",
        "Erasing what waited in a request".to_owned(),
        &CHANGED,
        move |progress| carry_out_now(&own, &input, progress),
    ))
}

fn ready(engine: &Engine, input: &CarryOut) -> Result<RequestRecord> {
    let request = engine.store().request(input.request.trim())?;
    let row = row(engine, &request)?;
    match row.phrase {
        Some(phrase) => typed(&input.phrase, &phrase)?,
        None if row.waiting == 0 => {
            return Err(WireError::new(
                Code::BadInput,
                format!("nothing waits in request {}", request.id),
            ));
        }
        None => {
            let holds: Vec<String> = row.holds.into_iter().map(|hold| hold.hold).collect();
            return Err(WireError::new(
                Code::PolicyRefused,
                format!("blocked by hold {}", holds.join(", ")),
            )
            .hint("release the hold first, with a reason"));
        }
    }
    Ok(request)
}

/// Erases what waited in a request: all of it that no hold keeps now.
///
/// # Errors
/// `not_found`; `bad_input` for the phrase or where nothing waits; `policy_refused` where holds keep
/// all of it; the store's.
pub fn carry_out_now(engine: &Engine, input: &CarryOut, progress: &Progress) -> Result<Erased> {
    let request = ready(engine, input)?;
    passing::spend(engine, &Matter::waiting_erasure(input))?;
    let batches = engine.store().waiting_batches(&request.id)?;
    let work = Work {
        request: &request.id,
        basis: &request.basis,
        seqs: &waiting_seqs(&request),
        also: Also {
            files: kept_files::packs_of(engine.store().folder(), &request.waiting),
            batches,
            ..Also::default()
        },
    };
    let (erasure, holds, waiting) = carry(engine, &work, progress)?;
    let mut says = said(
        erasure.as_ref().map_or(0, |done| done.records),
        waiting,
        &holds,
    );
    says.push(
        "What was searched for is kept nowhere, so nothing was searched again: do it with `find`."
            .to_owned(),
    );
    Ok(Erased {
        erasure: erasure.map(erasure_row),
        held: waiting,
        holds,
        left: None,
        says,
    })
}
