//! Searching for what is stored of one person, and saying what would go.
//!
//! Identifiers are kept in memory between the search and the erasure, and nowhere else: no leaf, log,
//! error or answer holds them. Not here: erasing (`erasing`), where text can stand in the store
//! (`assay-store`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use assay_store::erasure::ranges_of;
use assay_store::error::StoreError;
use assay_store::subjects::{MAX_IDENTIFIERS, Needles, Reach, SubjectFound};

use crate::error::{Code, Result, WireError};
use crate::jobs::{Progress, Started, Step};
use crate::opening::Engine;
use crate::redaction::vault;
use crate::retention::view::{
    Amount, Blocking, EraseSubject, FindSubject, FoundIdentifier, FoundSubject,
};
use crate::retention::{blocking, kept_files, not_reached, records, typed};

/// Results that wait to be used at one time.
const WAITING: usize = 4;
/// Characters of an identifier.
const SHORTEST: usize = 3;
const LONGEST: usize = 256;
/// The longest id of a request.
const REQUEST: usize = 64;
/// Versions of policies that are named, at most.
const MOST_NAMED: usize = 20;

/// The grounds for an erasure, by the word that is kept. Source: GDPR Art. 17(1), Art. 28(3).
pub(crate) const BASES: [(&str, &str); 9] = [
    (
        "no_longer_needed",
        "No longer needed for its purpose (GDPR Art. 17(1)(a))",
    ),
    (
        "consent_withdrawn",
        "Consent was withdrawn (GDPR Art. 17(1)(b))",
    ),
    ("objection", "The person objects (GDPR Art. 17(1)(c))"),
    (
        "unlawful",
        "It was processed unlawfully (GDPR Art. 17(1)(d))",
    ),
    (
        "legal_obligation",
        "A law demands the erasure (GDPR Art. 17(1)(e))",
    ),
    (
        "child",
        "It was collected from a child (GDPR Art. 17(1)(f))",
    ),
    (
        "controller",
        "The controller asks its processor (GDPR Art. 28(3))",
    ),
    ("other_law", "Another country's law"),
    ("own_decision", "The organisation's own decision"),
];

/// What was found in this session and not erased yet.
#[derive(Default)]
pub struct FoundSubjects(Mutex<Vec<Kept>>);

/// What a search found, with what was searched for.
pub(crate) struct Kept {
    pub(crate) identifiers: Vec<String>,
    pub(crate) reach: Reach,
    pub(crate) found: SubjectFound,
    shown: FoundSubject,
    /// Leaves of the tree when it was searched.
    pub(crate) size: u64,
}

fn lock(engine: &Engine) -> MutexGuard<'_, Vec<Kept>> {
    engine
        .found()
        .0
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
}

/// Searches for what is stored of a person, as a job.
///
/// # Errors
/// `bad_input` for the identifiers.
pub fn find(engine: &Engine, input: FindSubject) -> Result<Started> {
    identifiers(&input)?;
    let own = engine.clone();
    Ok(engine.jobs().start(
        "retention.find_subject",
        "Searching for one person's records".to_owned(),
        &[],
        move |progress| find_now(&own, &input, progress),
    ))
}

fn identifiers(input: &FindSubject) -> Result<Vec<String>> {
    let mut given: Vec<String> = input
        .identifiers
        .iter()
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
        .collect();
    given.dedup();
    let wrong = |message: String| Err(WireError::new(Code::BadInput, message));
    if given.is_empty() {
        return wrong("nothing was given to search for".to_owned());
    }
    if given.len() > MAX_IDENTIFIERS {
        return wrong(format!(
            "one search takes at most {MAX_IDENTIFIERS} identifiers"
        ));
    }
    // The identifier itself is never said.
    for (index, text) in given.iter().enumerate() {
        let length = text.chars().count();
        if !(SHORTEST..=LONGEST).contains(&length) {
            return wrong(format!(
                "identifier {} has {length} characters; {SHORTEST} to {LONGEST} can be searched for",
                index + 1
            ));
        }
    }
    Ok(given)
}

/// The first and last letter of an identifier, and its length.
fn masked(text: &str) -> String {
    let length = text.chars().count();
    match (text.chars().next(), text.chars().next_back()) {
        (Some(first), Some(last)) if length > 5 => format!("{first}…{last} ({length} characters)"),
        _ => format!("… ({length} characters)"),
    }
}

/// Searches the trail, and tells how far it is.
pub(crate) fn search(
    engine: &Engine,
    identifiers: &[String],
    reach: Reach,
    phase: &str,
    progress: &Progress,
) -> Result<SubjectFound> {
    let total = engine.store().tree()?.0;
    let mut step = |done| {
        progress.step(Step {
            phase: phase.to_owned(),
            done,
            total: Some(total),
            unit: "records",
            ..Step::default()
        });
        match progress.is_cancelled() {
            true => Err(StoreError::Interrupted),
            false => Ok(()),
        }
    };
    step(0)?;
    let needles = Needles::new(identifiers);
    let mut found = engine
        .store()
        .find_subject(&needles, &[], reach, &mut step)?;
    vault::search(engine, &needles, &mut found)?;
    Ok(found)
}

/// Searches for what is stored of a person. What is searched for is kept in memory only.
///
/// # Errors
/// `bad_input` for the identifiers, `cancelled`; the store's.
pub fn find_now(engine: &Engine, input: &FindSubject, progress: &Progress) -> Result<FoundSubject> {
    let identifiers = identifiers(input)?;
    let reach = match input.conversations {
        true => Reach::Conversations,
        false => Reach::Records,
    };
    let size = engine.store().tree()?.0;
    let found = search(engine, &identifiers, reach, "searching", progress)?;
    let shown = show(engine, &identifiers, &found)?;
    let mut kept = lock(engine);
    if kept.len() >= WAITING {
        kept.remove(0);
    }
    kept.push(Kept {
        identifiers,
        reach,
        found,
        shown: shown.clone(),
        size,
    });
    Ok(shown)
}

fn show(engine: &Engine, identifiers: &[String], found: &SubjectFound) -> Result<FoundSubject> {
    let store = engine.store();
    let needles = Needles::new(identifiers);
    let ranges = ranges_of(&found.seqs);
    let files = kept_files::of_subject(
        store.folder(),
        &needles,
        &needles.byte_forms(identifiers),
        &ranges,
    );
    let (blocked, holds) = held(engine, &found.seqs)?;
    let mut random = [0_u8; 16];
    getrandom::fill(&mut random)
        .map_err(|error| WireError::new(Code::Internal, format!("no randomness: {error}")))?;
    let count = found.seqs.len() as u64;
    let mut not_searched = vec![
        "Other spellings, nicknames and misspellings of what was given.".to_owned(),
        "What stands only in a picture, a document or encoded data within a record.".to_owned(),
        "Text that a source delivered to another object, which was not imported.".to_owned(),
    ];
    if found.unreadable > 0 {
        not_searched.push(format!(
            "{} that could not be read.",
            records(found.unreadable)
        ));
    }
    if found.vault_shut > 0 {
        not_searched.push(format!(
            "{} of the vault, which could not be opened: its key is not at hand.",
            counted_entries(found.vault_shut)
        ));
    }
    Ok(FoundSubject {
        found: hex::encode(random),
        identifiers: identifiers
            .iter()
            .zip(&found.by_identifier)
            .map(|(text, records)| FoundIdentifier {
                masked: masked(text),
                records: *records,
            })
            .collect(),
        records: count,
        calls: found.calls,
        activities: found.activities,
        others: found.others,
        joined: found.joined,
        in_conversations: found.in_conversations,
        conversations_beside: found.conversations_beside,
        searched: found.searched,
        unreadable: found.unreadable,
        places: found
            .places
            .iter()
            .map(|(place, count)| Amount {
                what: match place.as_str() {
                    "record" => "in the record itself".to_owned(),
                    column => column.replace('_', " "),
                },
                count: *count,
            })
            .collect(),
        also: [
            ("file names of imports", found.batches.len()),
            ("beginnings of rejected lines", found.rejected.len()),
            ("queries of replay plans", found.plans.len()),
            ("findings, which the checks make anew", found.findings.len()),
            ("saved views", found.views.len()),
            ("queries of review samples", found.samples.len()),
            ("rows of usage and cost reports", found.billed.len()),
            ("originals in the vault", found.vault.len()),
        ]
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(what, count)| Amount {
            what: what.to_owned(),
            count: count as u64,
        })
        .collect(),
        files,
        to_decide: to_decide(&found.to_decide, &found.policies),
        held: blocked.len() as u64,
        holds,
        not_searched,
        not_reached: not_reached(),
        phrase: format!("erase {}", records(count)),
    })
}

fn counted_entries(count: u64) -> String {
    match count {
        1 => "1 original".to_owned(),
        count => format!("{count} originals"),
    }
}

fn to_decide(rows: &BTreeMap<String, u64>, policies: &[(String, String)]) -> Vec<Amount> {
    rows.iter()
        .map(|(table, count)| Amount {
            what: match table.as_str() {
                "backend" => "backends of replays",
                "deployment" => "definitions of deployments",
                "digest" | "digest_chain" | "digest_signature" | "log_content" => {
                    "names of CloudTrail files and digests"
                }
                "hold" => "holds: names, queries, reasons",
                "erasure" | "erasure_request" => "erasures and requests: their ids",
                "judgement" | "review_reader" | "review_sample" => {
                    "review samples: who drew, read and judged them"
                }
                "note" => "notes: who wrote or withdrew them",
                "policy" => return versions(policies, *count),
                "replay_run" => "replay runs",
                "report" => "the list of reports: paths",
                "retention_rule" => "who set the retention rule",
                "snapshot" => "settings of deployments",
                "tag" => "tags: who put them there or took them away",
                "test_label" | "test_set" => "test sets: names, who made and labelled them",
                "test_text" => "texts of test sets that were pasted or imported",
                "waiver" => "waivers: reasons, owners, approvers",
                other => other,
            }
            .to_owned(),
            count: *count,
        })
        .collect()
}

/// Versions of policies by name, which stay as they are: `redaction policies: claims version 3, claims version 4`.
fn versions(policies: &[(String, String)], count: u64) -> Amount {
    let mut named: Vec<String> = policies
        .iter()
        .take(MOST_NAMED)
        .map(|(name, version)| format!("{name} version {version}"))
        .collect();
    if policies.len() > MOST_NAMED {
        named.push(format!("{} more", policies.len() - MOST_NAMED));
    }
    Amount {
        what: match named.is_empty() {
            true => "redaction policies".to_owned(),
            false => format!("redaction policies: {}", named.join(", ")),
        },
        count,
    }
}

/// Which of these leaves, in order, a hold in force covers, and how many each hold covers.
pub(crate) fn held(engine: &Engine, seqs: &[u64]) -> Result<(BTreeSet<u64>, Vec<Blocking>)> {
    let mut blocked = BTreeSet::new();
    let mut counts = BTreeMap::new();
    for (seq, hold) in engine.store().held()? {
        if seqs.binary_search(&seq).is_ok() {
            blocked.insert(seq);
            *counts.entry(hold).or_insert(0) += 1;
        }
    }
    Ok((blocked, blocking(counts)))
}

fn forgotten() -> WireError {
    WireError::new(
        Code::NotFound,
        "the result of that search is not here any more",
    )
    .hint("search again; results are kept in memory only")
}

/// What was shown of a search that is about to be used.
pub(crate) fn shown(engine: &Engine, input: &EraseSubject) -> Result<FoundSubject> {
    let kept = lock(engine);
    let found = kept
        .iter()
        .find(|kept| kept.shown.found == input.found)
        .ok_or_else(forgotten)?;
    check(input, &found.identifiers)?;
    typed(&input.phrase, &found.shown.phrase)?;
    Ok(found.shown.clone())
}

/// What was found, to be used once.
pub(crate) fn take(engine: &Engine, found: &str) -> Result<Kept> {
    let mut all = lock(engine);
    let index = all
        .iter()
        .position(|kept| kept.shown.found == found)
        .ok_or_else(forgotten)?;
    Ok(all.remove(index))
}

fn check(input: &EraseSubject, identifiers: &[String]) -> Result<()> {
    let wrong = |message: &str, hint: &str| Err(WireError::new(Code::BadInput, message).hint(hint));
    let id = input.request.trim();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if id.is_empty() || id.len() > REQUEST || !id.chars().all(is_plain) {
        return wrong(
            "a request's id has 1 to 64 letters, digits, `.`, `_` and `-`",
            "the number of the ticket or letter",
        );
    }
    if Needles::new(identifiers).in_text(id) {
        return wrong(
            "the request's id holds what is to be erased, and it stays",
            "the number of the ticket or letter",
        );
    }
    if !BASES.iter().any(|(name, _)| *name == input.basis) {
        let names: Vec<&str> = BASES.iter().map(|(name, _)| *name).collect();
        return wrong("no such ground for an erasure", &names.join(", "));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_never_shown_in_full() {
        for text in ["Ann", "Änne", "ann@example.org", "0123456789"] {
            let shown = masked(text);
            assert!(!shown.contains(text), "{shown}");
        }
        assert_eq!(masked("ann@example.org"), "a…g (15 characters)");
        let input = FindSubject {
            identifiers: vec!["ann@example.org".to_owned()],
            conversations: false,
        };
        assert!(!format!("{input:?}").contains("ann"));
    }

    #[test]
    fn what_cant_be_searched_for_is_refused_without_being_said() {
        let refused = |texts: &[&str]| {
            let input = FindSubject {
                identifiers: texts.iter().map(|&text| text.to_owned()).collect(),
                conversations: false,
            };
            identifiers(&input).unwrap_err().message
        };
        assert_eq!(refused(&[" ", ""]), "nothing was given to search for");
        assert!(refused(&["ann@example.org", "Bo"]).starts_with("identifier 2 has 2 characters"));
        assert!(!refused(&["Bo"]).contains("Bo"));
    }
}
