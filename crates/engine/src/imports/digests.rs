//! CloudTrail digest chains: taken in with the log files, judged offline, shown.
//!
//! A digest, the signature that was saved beside one and AWS's public keys are recognised by
//! content in any import. Every import that could change what they say has them judged anew. Not
//! here: the format and the judging (`assay_domain::digest_chain`). Nothing is fetched.

pub mod view;

use std::collections::{BTreeMap, HashMap};

use assay_domain::activity::{Activity, Category};
use assay_domain::digest_chain::judging::{
    Beginning, Chain, Held, Judged, LogFile, Signed, Whole, judge,
};
use assay_domain::digest_chain::{
    self, DIGEST, Digest, KEYS, Piece, PublicKey, SIGNATURE, base_name, plain_name,
};
use assay_domain::formats::{Reason, Rejected};
use assay_domain::moment::rfc3339;
use assay_evidence::rsa_signature;
use assay_report::model::{SourceChain, Sources};
use assay_store::batches::{BatchRecord, Chunk, RejectedRecord};
use assay_store::digests::{DigestRecord, Judgement, LogContent};
use sha2::{Digest as _, Sha256};

use crate::checks::thousands;
use crate::commands::Nothing;
use crate::error::{Code, Result, WireError};
use crate::imports::digests::view::{
    DigestChain, DigestFailure, DigestGap, DigestKey, DigestReport, LogFileCounts, LogOrigin,
};
use crate::imports::view::{Given, ImportSummary};
use crate::opening::Engine;
use crate::reading::{self, Whole as WholeFile};

/// The largest digest that is read; an hour of the busiest trail names some thousands of files.
const MAX_DIGEST: usize = 64 << 20;
/// Gaps, and failures, of a chain that a report names one by one; the rest is counted.
const REPORTED: usize = 25;

/// Takes a file in where it is a piece of the digest machinery; `None` where it is none.
///
/// # Errors
/// The store's.
pub(crate) fn take(engine: &Engine, file: &Given) -> Result<Option<BatchRecord>> {
    let Some(whole) = reading::whole_if(&file.path, MAX_DIGEST, digest_chain::may_be_piece) else {
        return Ok(None);
    };
    let Some(piece) = digest_chain::read(&whole.content) else {
        return Ok(None);
    };
    let name = base_name(&file.shown);
    let signed = digest_chain::signed_name(name);
    let piece = match (piece, signed) {
        // Which digest a bare signature belongs to, only its name says.
        (Ok(Piece::Signature(_)), None) => Err(Rejected::new(
            Reason::FormatUnknown,
            "a signature is named `<digest file>.signature` or `<digest file>.metadata.json`",
        )),
        (piece, _) => piece,
    };
    let store = engine.store();
    let mut batch = store.writer()?.begin_batch(&file.shown, engine.now_ms())?;
    batch.bytes = whole.bytes;
    batch.sha256 = Some(whole.sha256.clone());
    batch.state = "done".to_owned();
    match piece {
        Ok(Piece::Digest(digest)) => {
            batch.format = Some(DIGEST.to_owned());
            let record = DigestRecord {
                name: name.to_owned(),
                object: digest.object,
                sha256: Sha256::digest(&whole.content).into(),
                content: whole.content,
            };
            store.writer()?.save_digest(batch.id, &record)?;
        }
        Ok(Piece::Signature(signature)) => {
            batch.format = Some(SIGNATURE.to_owned());
            store.writer()?.save_digest_signature(
                batch.id,
                signed.unwrap_or_default(),
                &signature,
            )?;
        }
        Ok(Piece::Keys(keys)) => {
            batch.format = Some(KEYS.to_owned());
            store.writer()?.save_digest_keys(batch.id, &keys)?;
        }
        Err(rejected) => refuse(engine, &mut batch, &whole, &rejected)?,
    }
    batch.finished_at_ms = Some(engine.now_ms());
    store.writer()?.end_batch(&batch, engine.now_ms())?;
    Ok(Some(batch))
}

fn refuse(
    engine: &Engine,
    batch: &mut BatchRecord,
    whole: &WholeFile,
    rejected: &Rejected,
) -> Result<()> {
    let line = RejectedRecord {
        line: 1,
        offset: 0,
        length: whole.content.len() as u64,
        reason: rejected.reason.name().to_owned(),
        detail: rejected.reason.told(&rejected.detail),
        excerpt: String::new(),
        sha256: Sha256::digest(&whole.content).to_vec(),
    };
    let chunk = Chunk {
        rejected: vec![line],
        bytes: whole.bytes,
        ..Chunk::default()
    };
    engine
        .store()
        .writer()?
        .append(batch, [chunk], engine.now_ms())?;
    Ok(())
}

/// Notes what an imported CloudTrail log file is, uncompressed.
///
/// # Errors
/// The store's.
pub(crate) fn note_log(engine: &Engine, batch: &BatchRecord, content: [u8; 32]) -> Result<()> {
    let file = LogContent {
        name: base_name(&batch.path).to_owned(),
        sha256: content,
    };
    Ok(engine.store().writer()?.save_log_content(batch.id, &file)?)
}

/// Judges the chains where an import can have changed what they say.
///
/// # Errors
/// The store's.
pub(crate) fn judge_after(engine: &Engine, summary: &mut ImportSummary) -> Result<()> {
    let brought_logs = summary
        .batches
        .iter()
        .any(|batch| batch.format.as_deref() == Some("cloudtrail"));
    if summary.digest_files == 0 && !brought_logs {
        return Ok(());
    }
    if engine.store().has_digests()? {
        judge_all(engine)?;
    }
    let mut origins = origins(engine)?;
    for batch in &mut summary.batches {
        batch.origin = batch.id.parse().ok().and_then(|id| origins.remove(&id));
    }
    Ok(())
}

fn held(engine: &Engine) -> Result<Vec<Held>> {
    let store = engine.store();
    let mut signatures: HashMap<String, Vec<String>> = HashMap::new();
    for (name, signature) in store.digest_signatures()? {
        signatures.entry(name).or_default().push(signature);
    }
    let mut held = Vec::new();
    for record in store.digests()? {
        // What was taken in as a digest is one; its bytes are hashed anew.
        let Some(Ok(Piece::Digest(digest))) = digest_chain::read(&record.content) else {
            return Err(WireError::new(
                Code::StoreDamaged,
                format!("a stored digest can't be read: {}", record.name),
            ));
        };
        let own = signatures.get(plain_name(&record.name)).cloned();
        held.push(Held {
            content: Sha256::digest(&record.content).into(),
            digest: *digest,
            signatures: own.unwrap_or_default(),
            name: record.name,
        });
    }
    Ok(held)
}

fn signed_by(keys: &[(PublicKey, String)], digest: &Digest, text: &str, signature: &str) -> Signed {
    let own: Vec<&PublicKey> = keys
        .iter()
        .map(|(key, _)| key)
        .filter(|key| key.fingerprint.eq_ignore_ascii_case(&digest.fingerprint))
        .collect();
    let Some(key) = own
        .iter()
        .find(|key| rsa_signature::verifies(&key.value, text.as_bytes(), signature))
    else {
        return match own.is_empty() {
            true => Signed::NoKey,
            false => Signed::Invalid,
        };
    };
    // A backfill is signed when it is written, which is later than the time it covers.
    let is_late = key.from_ms.is_some_and(|from| digest.end_ms < from)
        || key.to_ms.is_some_and(|to| digest.start_ms > to);
    match is_late && !digest.is_backfill {
        true => Signed::NotThen,
        false => Signed::Valid,
    }
}

fn judge_all(engine: &Engine) -> Result<()> {
    let store = engine.store();
    let keys = store.digest_keys()?;
    let contents = store.log_contents()?;
    let files: Vec<LogFile> = contents
        .iter()
        .map(|file| LogFile {
            name: file.name.clone(),
            content: file.sha256,
        })
        .collect();
    let judged = judge(&held(engine)?, &files, &|digest, text, signature| {
        signed_by(&keys, digest, text, signature)
    });
    save(engine, contents, judged)
}

fn save(engine: &Engine, contents: Vec<LogContent>, judged: Judged) -> Result<()> {
    let store = engine.store();
    let mut chains = Vec::new();
    for chain in &judged.chains {
        let text = serde_json::to_string(chain)
            .map_err(|error| WireError::new(Code::Internal, error.to_string()))?;
        chains.push((chain.whole.name(), text));
    }
    let mut counts: BTreeMap<Option<String>, u64> = BTreeMap::new();
    let files: Vec<_> = contents
        .into_iter()
        .zip(judged.files)
        .map(|(file, verdict)| {
            let origin = verdict.origin.name();
            *counts.entry(Some(origin.to_owned())).or_default() += 1;
            (file, origin, verdict.by)
        })
        .collect();
    let kept: Vec<String> = store
        .digest_chains()?
        .into_iter()
        .map(|(_, chain)| chain)
        .collect();
    let is_same = kept.iter().eq(chains.iter().map(|(_, chain)| chain))
        && store.origin_counts()?.into_iter().eq(counts.clone());
    if is_same {
        return Ok(());
    }
    let now_ms = engine.now_ms();
    let outcome: Vec<_> = judged
        .chains
        .iter()
        .map(|chain| {
            serde_json::json!({
                "account": chain.account, "region": chain.region, "trail": chain.trail,
                "whole": chain.whole.name(), "digests": chain.digests,
                "digests_verified": chain.digests_verified, "files_named": chain.named,
                "files_verified": chain.verified, "files_failed": chain.failed,
            })
        })
        .collect();
    let payload = serde_json::json!({
        "action": "digests.verify", "at": rfc3339(now_ms), "by": engine.user(),
        "chains": outcome, "files": counts.iter().map(|(origin, count)| (origin.clone().unwrap_or_default(), *count)).collect::<BTreeMap<_, _>>(),
    })
    .to_string();
    let mut activity = Activity::new("digests.verify", Category::Workbench);
    activity.at_ms = Some(now_ms);
    activity.actor = Some(engine.user().to_owned());
    activity.target = Some(format!("{} digest chains", chains.len()));
    activity.succeeded = Some(
        judged
            .chains
            .iter()
            .all(|chain| chain.whole != Whole::Failed),
    );
    store.writer()?.save_judgement(&Judgement {
        files: &files,
        chains: &chains,
        activity,
        payload: payload.as_bytes(),
        now_ms,
    })?;
    Ok(())
}

/// What the digests say of each imported log file, by the number of its import.
///
/// # Errors
/// The store's.
pub(crate) fn origins(engine: &Engine) -> Result<HashMap<i64, LogOrigin>> {
    let is_judged = engine.store().has_digests()?;
    Ok(engine
        .store()
        .origins()?
        .into_iter()
        .map(|record| {
            let verdict = record.origin.as_deref().unwrap_or("unknown");
            let by = record.digest.as_deref().map(base_name).unwrap_or_default();
            let sentence = match verdict {
                "verified" => format!("As CloudTrail delivered it: its hash is in digest {by}, which AWS signed."),
                "hash_matches" => format!("Its hash is in digest {by}, whose signature is not verified."),
                "failed" => format!("Not as CloudTrail delivered it: digest {by} names it with another hash."),
                "unnamed" => "No imported digest names it.".to_owned(),
                "unnamed_in_covered_time" => "No digest names it, although digests cover the time it was delivered.".to_owned(),
                _ if is_judged => "It was not compared with the digests yet.".to_owned(),
                _ => "No digest was imported, so whether it is as CloudTrail delivered it is not known.".to_owned(),
            };
            let origin = LogOrigin {
                verdict: verdict.to_owned(),
                digest: record.digest,
                sentence,
            };
            (record.batch, origin)
        })
        .collect())
}

/// The chains as they were judged last.
///
/// # Errors
/// The store's.
pub fn show(engine: &Engine, _: Nothing) -> Result<DigestReport> {
    let store = engine.store();
    let stored = store.digest_chains()?;
    let judged_at = stored.first().map(|(at, _)| rfc3339(*at));
    let mut chains = Vec::new();
    for (_, text) in stored {
        let chain: Chain = serde_json::from_str(&text).map_err(|error| {
            WireError::new(
                Code::Internal,
                format!("a stored chain can't be read: {error}"),
            )
        })?;
        chains.push(view(&chain));
    }
    let mut files = LogFileCounts::default();
    for (origin, count) in store.origin_counts()? {
        files.total += count;
        match origin.as_deref() {
            Some("verified") => files.verified += count,
            Some("hash_matches") => files.hash_matches += count,
            Some("failed") => files.failed += count,
            Some("unnamed") => files.unnamed += count,
            Some("unnamed_in_covered_time") => {
                files.unnamed += count;
                files.unnamed_in_covered_time += count;
            }
            _ => files.unknown += count,
        }
    }
    let older = store.logs_without_content()?;
    files.total += older;
    files.unknown += older;
    let keys: Vec<DigestKey> = store
        .digest_keys()?
        .into_iter()
        .map(|(key, source)| DigestKey {
            sha256: rsa_signature::key_sha256(&key.value).unwrap_or_default(),
            fingerprint: key.fingerprint,
            valid_from: key.from_ms.map(rfc3339),
            valid_to: key.to_ms.map(rfc3339),
            source,
        })
        .collect();
    Ok(DigestReport {
        says: says(&files, &chains, &keys, older),
        chains,
        keys,
        files,
        judged_at,
    })
}

/// What the report says of CloudTrail's log files.
///
/// # Errors
/// The store's.
pub(crate) fn sources(engine: &Engine) -> Result<Sources> {
    let report = show(engine, Nothing {})?;
    let files = report.files;
    let chains =
        report
            .chains
            .into_iter()
            .map(|chain| {
                let kind = if chain.is_backfill { " (backfill)" } else { "" };
                let mut says = vec![format!("From {} to {}.", chain.from, chain.to)];
                says.extend(chain.says);
                says.extend(chain.gaps.iter().take(REPORTED).map(gap_sentence));
                says.extend(chain.failures.iter().take(REPORTED).map(|failure| {
                    format!("{}: {}.", base_name(&failure.object), failure.sentence)
                }));
                SourceChain {
                    title: format!("{} {} {}{kind}", chain.account, chain.region, chain.trail),
                    verdict: chain.verdict,
                    says,
                }
            })
            .collect();
    Ok(Sources {
        files: files.total,
        verified: files.verified,
        failed: files.failed,
        unknown: files.total - files.verified - files.failed,
        says: report.says,
        chains,
    })
}

/// A gap in a sentence.
pub fn gap_sentence(gap: &DigestGap) -> String {
    match &gap.missing {
        Some(missing) => format!(
            "Gap from {} to {}: digest {} is missing.",
            gap.from,
            gap.to,
            base_name(missing)
        ),
        None => format!(
            "Gap from {} to {}: the following digest names none before it, so validation or logging was off, or the chain was begun anew.",
            gap.from, gap.to
        ),
    }
}

fn says(
    files: &LogFileCounts,
    chains: &[DigestChain],
    keys: &[DigestKey],
    older: u64,
) -> Vec<String> {
    let mut says = Vec::new();
    if files.total == 0 && chains.is_empty() {
        says.push("No CloudTrail log file was imported.".to_owned());
        return says;
    }
    if chains.is_empty() {
        says.push(format!(
            "{} imported, and no digest of CloudTrail: whether they are as AWS delivered them is not known.",
            log_files(files.total)
        ));
    } else {
        says.push(format!(
            "{} of {} verified: a digest that AWS signed names their hashes.",
            thousands(files.verified),
            log_files(files.total)
        ));
        let mut rest = |count: u64, what: &str| {
            if count > 0 {
                says.push(format!("{} {what}", log_files(count)));
            }
        };
        rest(
            files.failed,
            "not as delivered: a digest names another hash.",
        );
        rest(
            files.hash_matches,
            "with the hash of a digest whose signature is not verified.",
        );
        rest(
            files.unnamed - files.unnamed_in_covered_time,
            "that no imported digest names.",
        );
        rest(
            files.unnamed_in_covered_time,
            "that no digest names although digests cover the time of delivery.",
        );
    }
    if older > 0 {
        says.push(format!(
            "{} imported by a version that did not hash their content; import them again to compare them.",
            log_files(older)
        ));
    }
    if !chains.is_empty() {
        says.push(if keys.is_empty() {
            "No public key of CloudTrail was given, so no signature is verified; `aws cloudtrail list-public-keys` gives them.".to_owned()
        } else {
            "The keys are those of the files that were given. Who could change the logs could have put other keys beside them: compare them with what `aws cloudtrail list-public-keys` answers you.".to_owned()
        });
    }
    says
}

fn log_files(count: u64) -> String {
    format!(
        "{} CloudTrail log file{}",
        thousands(count),
        if count == 1 { "" } else { "s" }
    )
}

fn view(chain: &Chain) -> DigestChain {
    let mut says = vec![format!(
        "{} of {} digests verified; {} of {} log files that they name verified.",
        thousands(chain.digests_verified),
        thousands(chain.digests),
        thousands(chain.verified),
        thousands(chain.named),
    )];
    let mut say = |count: u64, what: &str| {
        if count > 0 {
            says.push(format!("{} {what}", thousands(count)));
        }
    };
    say(chain.digests_failed, "digests do not hold.");
    say(chain.failed, "log files have another hash than named.");
    say(
        chain.hash_matches,
        "log files match a digest whose signature is not verified.",
    );
    say(chain.absent, "log files are named and were not imported.");
    say(
        chain.digests_without_key,
        "digests are signed by a key that was not given.",
    );
    say(chain.gaps.len() as u64, "gaps without a digest.");
    if chain.newest_is_unsigned {
        says.push("The newest digest is not signed on disk: its signature is in the object's metadata, or in the digest of the following hour.".to_owned());
    }
    says.push(
        match chain.beginning {
            Beginning::Start => "The chain begins here: its first digest names none before it.",
            Beginning::PredecessorAbsent => "The digest before the first one was not imported.",
        }
        .to_owned(),
    );
    DigestChain {
        account: chain.account.clone(),
        region: chain.region.clone(),
        trail: chain.trail.clone(),
        is_backfill: chain.is_backfill,
        verdict: chain.whole.name().to_owned(),
        from: rfc3339(chain.from_ms),
        to: rfc3339(chain.to_ms),
        digests: chain.digests,
        digests_verified: chain.digests_verified,
        digests_unsigned: chain.digests_unsigned,
        digests_without_key: chain.digests_without_key,
        digests_failed: chain.digests_failed,
        named: chain.named,
        verified: chain.verified,
        hash_matches: chain.hash_matches,
        failed: chain.failed,
        absent: chain.absent,
        gaps: chain
            .gaps
            .iter()
            .map(|gap| DigestGap {
                from: rfc3339(gap.from_ms),
                to: rfc3339(gap.to_ms),
                missing: gap.missing.clone(),
            })
            .collect(),
        failures: chain
            .failures
            .iter()
            .map(|failure| DigestFailure {
                object: failure.object.clone(),
                why: failure.why.name().to_owned(),
                sentence: failure.why.sentence().to_owned(),
            })
            .collect(),
        absent_files: chain.absent_files.clone(),
        says,
    }
}
