//! Anchors: others who vouch for a checkpoint, so that the holder of the signing key can't rebuild
//! the trail unseen. Off until somebody is saved; nothing is sent but when it is asked for.
//!
//! A time-stamping authority gets 32 bytes, a hash; a witness gets the checkpoint and hashes that
//! prove that it continues the one before. Not here: the form of questions and answers
//! (`assay-evidence`), sockets (`assay-backends`).

pub mod view;

use assay_backends::anchors::{
    self as asked, AnchorKind, AnchorPlace, Asking, TIMEOUT, WitnessAnswer,
};
use assay_backends::send::SendError;
use assay_domain::moment::rfc3339;
use assay_evidence::note::Note;
use assay_evidence::timestamp::{self, Query};
use assay_evidence::witness::{self, WitnessKey};
use assay_store::anchor_profiles::AnchorProfile;
use assay_store::checkpoints::{AnchorRecord, CheckpointRecord};
use assay_store::policies::deed;
use sha2::{Digest, Sha256};

use crate::checks::thousands;
use crate::commands::Nothing;
use crate::error::{Code, Result, WireError};
use crate::evidence::anchors::view::{
    AnchorFailure, AnchorMade, AnchorNow, AnchorRef, AnchorRow, AnchorSummary, Anchors, SaveAnchor,
};
use crate::jobs::{Progress, Started, Step};
use crate::opening::Engine;

/// The largest file of certificates, bytes.
const MAX_CHAIN: usize = 256 << 10;
/// Anchors that are listed.
const LISTED: usize = 1_000;

/// Somebody to save, with the certificates read.
#[derive(Debug, Clone)]
pub struct NewAnchor {
    pub name: String,
    /// `tsa` or `witness`.
    pub kind: String,
    pub url: String,
    pub private: bool,
    pub vkey: Option<String>,
    /// PEM.
    pub chain: Option<Vec<u8>>,
}

fn place(profile: &AnchorProfile) -> Result<AnchorPlace> {
    let kind = AnchorKind::from_name(&profile.kind).ok_or_else(|| {
        WireError::new(
            Code::BadInput,
            format!("no kind of anchor: {}", profile.kind),
        )
        .hint("`tsa` or `witness`")
    })?;
    Ok(AnchorPlace {
        name: profile.name.clone(),
        kind,
        url: profile.url.clone(),
        private: profile.is_private,
    })
}

fn sends(kind: &str) -> &'static str {
    match kind {
        "tsa" => {
            "The SHA-256 of the checkpoint (32 bytes) and a random number. No record, no name, no count can be told from it."
        }
        _ => {
            "The checkpoint: this workspace's random id, how many records there are, the root hash and the signature; and hashes that prove that it continues the one before. No record."
        }
    }
}

/// Who is asked, and what they said.
///
/// # Errors
/// The store's.
pub fn list(engine: &Engine, _: Nothing) -> Result<Anchors> {
    let store = engine.store();
    let anchors = store.anchors()?;
    let mut profiles = Vec::new();
    for profile in store.anchor_profiles()? {
        profiles.push(row(&profile, &anchors)?);
    }
    let mut says = Vec::new();
    match store.latest_anchor()? {
        Some(latest) => says.push(format!(
            "Anchored to #{} at {} by {}.",
            thousands(latest.size),
            rfc3339(latest.made_ms),
            latest.name
        )),
        None => says.push(
            "Not anchored: whoever holds the signing key could rebuild the trail and sign it anew."
                .to_owned(),
        ),
    }
    says.push(
        if profiles.is_empty() {
            "Nobody is asked to vouch for checkpoints; nothing is sent."
        } else {
            "Nothing is sent until you ask for an anchor."
        }
        .to_owned(),
    );
    let mut made = Vec::new();
    for anchor in anchors.iter().rev().take(LISTED) {
        made.push(shown(engine, anchor)?);
    }
    Ok(Anchors {
        profiles,
        anchors: made,
        says,
    })
}

fn row(profile: &AnchorProfile, anchors: &[AnchorRecord]) -> Result<AnchorRow> {
    let place = place(profile)?;
    let last = anchors
        .iter()
        .filter(|anchor| anchor.name == profile.name && anchor.kind == profile.kind)
        .max_by_key(|anchor| anchor.size);
    Ok(AnchorRow {
        name: profile.name.clone(),
        kind: profile.kind.clone(),
        url: profile.url.clone(),
        destination: place.destination(),
        leaves_computer: !place.is_loopback(),
        private: profile.is_private,
        vkey: profile.vkey.clone(),
        chain_sha256: profile
            .chain
            .as_ref()
            .map(|chain| hex::encode(Sha256::digest(chain))),
        sends: sends(&profile.kind).to_owned(),
        last_size: last.map(|anchor| anchor.size),
        last_at: last.map(|anchor| rfc3339(anchor.made_ms)),
    })
}

fn shown(engine: &Engine, anchor: &AnchorRecord) -> Result<AnchorMade> {
    let mut made = AnchorMade {
        size: anchor.size,
        kind: anchor.kind.clone(),
        name: anchor.name.clone(),
        received_at: rfc3339(anchor.made_ms),
        stated_at: None,
        authority: None,
        says: "It can't be read as what it was recorded as.".to_owned(),
    };
    let Some(checkpoint) = engine.store().checkpoint(anchor.size)? else {
        return Ok(made);
    };
    if anchor.kind == AnchorKind::Tsa.name() {
        if let Ok(stamp) = timestamp::read_kept(&anchor.token, &checkpoint.note) {
            made.stated_at = Some(rfc3339(stamp.at_ms));
            made.authority = stamp.authority;
            made.says = "Recorded: it is a time stamp of this checkpoint. Its signature is checked by `openssl ts -verify`, not here.".to_owned();
        }
        return Ok(made);
    }
    let key = engine
        .store()
        .anchor_profile_at(&anchor.name, anchor.made_ms)?
        .and_then(|profile| profile.vkey?.parse::<WitnessKey>().ok());
    if let (Some(key), Ok(note)) = (key, Note::parse(&checkpoint.note))
        && let Ok(cosignature) = key.cosignature(&anchor.token, &note.text)
    {
        made.stated_at = Some(rfc3339(
            i64::try_from(cosignature.at_s)
                .unwrap_or(0)
                .saturating_mul(1000),
        ));
        made.says =
            "Checked: the witness's key signed this checkpoint, as the continuation of all it saw before."
                .to_owned();
    }
    Ok(made)
}

/// Saves who is asked, as the window gives it.
///
/// # Errors
/// As [`save_new`].
pub fn save(engine: &Engine, input: SaveAnchor) -> Result<AnchorRow> {
    let chain = input
        .chain
        .as_deref()
        .map(|handle| read_chain(&engine.handles().path(handle)?))
        .transpose()?;
    save_new(
        engine,
        NewAnchor {
            name: input.name,
            kind: input.kind,
            url: input.url,
            private: input.private,
            vkey: input.vkey,
            chain,
        },
    )
}

/// Reads a file of certificates.
///
/// # Errors
/// `bad_input`.
pub fn read_chain(path: &std::path::Path) -> Result<Vec<u8>> {
    let bytes = crate::reading::whole_if(path, MAX_CHAIN, |_| true).ok_or_else(|| {
        WireError::new(
            Code::BadInput,
            format!(
                "can't read `{}` as a file of at most 256 KiB",
                path.display()
            ),
        )
    })?;
    Ok(bytes.content)
}

/// Saves who is asked. Nothing is sent.
///
/// # Errors
/// `bad_input` saying what is wrong; the store's.
pub fn save_new(engine: &Engine, new: NewAnchor) -> Result<AnchorRow> {
    let given = |value: Option<String>| {
        value
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
    };
    let mut profile = AnchorProfile {
        name: new.name.trim().to_owned(),
        kind: new.kind,
        url: new.url.trim().to_owned(),
        is_private: new.private,
        vkey: given(new.vkey),
        chain: new.chain.as_deref().map(certificates).transpose()?,
    };
    let place = place(&profile)?;
    place
        .url()
        .map_err(|error| WireError::new(Code::BadInput, error.to_string()))?;
    match place.kind {
        AnchorKind::Tsa => profile.vkey = None,
        AnchorKind::Witness => {
            profile.chain = None;
            let key = profile.vkey.as_deref().ok_or_else(|| {
                WireError::new(Code::BadInput, "a witness needs its verifier key")
                    .hint("its operator publishes it: name+number+key")
            })?;
            key.parse::<WitnessKey>().map_err(|error| {
                WireError::new(Code::BadInput, error.to_string())
                    .hint("a witness's key is of the kind for cosignatures (C2SP, Ed25519)")
            })?;
        }
    }
    let now_ms = engine.now_ms();
    let shown = row(&profile, &[])?;
    let payload = serde_json::json!({
        "action": "anchor.save", "at": rfc3339(now_ms), "by": engine.user(),
        "chain_sha256": shown.chain_sha256, "kind": profile.kind, "name": profile.name,
        "url": profile.url, "vkey": profile.vkey,
    })
    .to_string();
    engine.store().writer()?.save_anchor_profile(
        &profile,
        deed("anchor.save", &profile.name, engine.user(), now_ms),
        payload.as_bytes(),
        now_ms,
    )?;
    row(&profile, &engine.store().anchors()?)
}

/// The certificates of a PEM file, and nothing else of it.
fn certificates(bytes: &[u8]) -> Result<String> {
    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    const END: &str = "-----END CERTIFICATE-----";
    let wrong = |message: &str| WireError::new(Code::BadInput, message);
    if bytes.len() > MAX_CHAIN {
        return Err(wrong("the file of certificates is longer than 256 KiB"));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|_| wrong("the certificates are not PEM"))?
        .replace("\r\n", "\n");
    if text.contains("PRIVATE KEY") {
        return Err(wrong(
            "the file holds a private key; give the certificates only",
        ));
    }
    let mut found = String::new();
    let mut rest = text.as_str();
    while let Some((_, after)) = rest.split_once(BEGIN) {
        let (inside, after) = after
            .split_once(END)
            .ok_or_else(|| wrong("a certificate has no end"))?;
        found.push_str(BEGIN);
        found.push_str(inside);
        found.push_str(END);
        found.push('\n');
        rest = after;
    }
    match found.is_empty() {
        true => Err(wrong("the file holds no certificate in PEM")),
        false => Ok(found),
    }
}

/// Asks somebody no more.
///
/// # Errors
/// `not_found`.
pub fn remove(engine: &Engine, input: AnchorRef) -> Result<Nothing> {
    let now_ms = engine.now_ms();
    engine.store().writer()?.remove_anchor_profile(
        &input.name,
        deed("anchor.remove", &input.name, engine.user(), now_ms),
        now_ms,
    )?;
    Ok(Nothing {})
}

/// Asks for anchors as a job.
///
/// # Errors
/// `bad_input` where nobody is saved, `not_found` for a name.
pub fn start(engine: &Engine, input: AnchorNow) -> Result<Started> {
    let profiles = chosen(engine, &input)?;
    let title = match profiles.as_slice() {
        [one] => format!("Asking {} to vouch for the trail", one.name),
        many => format!("Asking {} to vouch for the trail", many.len()),
    };
    let own = engine.clone();
    Ok(engine.jobs().start(
        "evidence.anchor_now",
        title,
        &["trail", "activities", "anchors"],
        move |progress| now(&own, &input, progress),
    ))
}

fn chosen(engine: &Engine, input: &AnchorNow) -> Result<Vec<AnchorProfile>> {
    let mut profiles = engine.store().anchor_profiles()?;
    if profiles.is_empty() {
        return Err(
            WireError::new(Code::BadInput, "nobody is saved who could vouch")
                .hint("`assay evidence anchor add` saves a time-stamping authority or a witness"),
        );
    }
    for name in &input.names {
        if profiles.iter().all(|profile| profile.name != *name) {
            return Err(WireError::new(Code::NotFound, format!("no anchor: {name}")));
        }
    }
    profiles.retain(|profile| input.names.is_empty() || input.names.contains(&profile.name));
    Ok(profiles)
}

/// Signs the tree as it is now, and asks for that checkpoint to be vouched for, one after the
/// other.
///
/// # Errors
/// The first failure where nobody vouched; what signing fails with; the store's.
pub fn now(engine: &Engine, input: &AnchorNow, progress: &Progress) -> Result<AnchorSummary> {
    let profiles = chosen(engine, input)?;
    let checkpoint = engine.signer().sign()?;
    let mut summary = AnchorSummary {
        size: checkpoint.size,
        made: Vec::new(),
        failed: Vec::new(),
        warnings: Vec::new(),
    };
    let mut first = None;
    for (done, profile) in profiles.iter().enumerate() {
        progress.check()?;
        let place = place(profile)?;
        progress.step(Step {
            phase: format!(
                "Sending {} to {}",
                match place.kind {
                    AnchorKind::Tsa => "32 bytes, the hash of the checkpoint,",
                    AnchorKind::Witness => "the checkpoint",
                },
                place.destination()
            ),
            done: done as u64,
            total: Some(profiles.len() as u64),
            unit: "anchors",
            ..Step::default()
        });
        let asking = Asking {
            timeout: TIMEOUT,
            offline: engine.is_offline(),
            cancelled: progress.cancel_flag(),
        };
        let asker = Asker {
            engine,
            profile,
            place: &place,
            checkpoint: &checkpoint,
            asking: &asking,
        };
        match asker.ask(&mut summary.warnings) {
            Ok(anchor) => summary.made.push(shown(engine, &anchor)?),
            Err(error) if error.code == Code::Cancelled => return Err(error),
            Err(error) => {
                summary.failed.push(AnchorFailure {
                    name: profile.name.clone(),
                    destination: place.destination(),
                    code: error.code.name().to_owned(),
                    message: error.message.clone(),
                });
                first.get_or_insert(error);
            }
        }
    }
    match first {
        Some(error) if summary.made.is_empty() => Err(error),
        _ => Ok(summary),
    }
}

fn unsent(name: &str) -> impl Fn(SendError) -> WireError + '_ {
    move |error| {
        let code = match error {
            SendError::Cancelled => Code::Cancelled,
            SendError::Profile(_) => Code::BadInput,
            SendError::Refused(_) | SendError::TooLong | SendError::Unreadable(_) => {
                Code::BackendRefused
            }
            _ => Code::BackendUnreachable,
        };
        WireError::new(code, format!("{name}: {error}"))
    }
}

struct Asker<'a> {
    engine: &'a Engine,
    profile: &'a AnchorProfile,
    place: &'a AnchorPlace,
    checkpoint: &'a CheckpointRecord,
    asking: &'a Asking,
}

impl Asker<'_> {
    fn refused(&self, why: impl std::fmt::Display) -> WireError {
        WireError::new(
            Code::BackendRefused,
            format!("{}: {why}", self.profile.name),
        )
    }

    fn ask(&self, warnings: &mut Vec<String>) -> Result<AnchorRecord> {
        let token = match self.place.kind {
            AnchorKind::Tsa => self.time_stamp()?,
            AnchorKind::Witness => self.cosignature(warnings)?,
        };
        let anchor = AnchorRecord {
            size: self.checkpoint.size,
            kind: self.place.kind.name().to_owned(),
            name: self.profile.name.clone(),
            made_ms: self.engine.now_ms(),
            token,
        };
        let payload = serde_json::json!({
            "action": "checkpoint.anchor", "by": self.engine.user(),
            "destination": self.place.destination(), "kind": anchor.kind, "name": anchor.name,
            "received_at": rfc3339(anchor.made_ms), "size": anchor.size,
            "token_sha256": hex::encode(Sha256::digest(&anchor.token)),
        });
        self.engine
            .store()
            .writer()?
            .add_anchor(&anchor, self.engine.user(), &payload)?;
        Ok(anchor)
    }

    fn time_stamp(&self) -> Result<Vec<u8>> {
        let mut random = [0; 8];
        getrandom::fill(&mut random)
            .map_err(|error| WireError::new(Code::Internal, format!("no randomness: {error}")))?;
        let query = Query::new(&self.checkpoint.note, random);
        let answer = asked::time_stamp(self.place, query.to_der(), self.asking)
            .map_err(unsent(&self.profile.name))?;
        query.read(&answer).map_err(|error| self.refused(error))?;
        Ok(answer)
    }

    /// The largest checkpoint that this witness cosigned, as this store knows.
    fn cosigned_before(&self) -> Result<u64> {
        Ok(self
            .engine
            .store()
            .anchors()?
            .iter()
            .filter(|anchor| anchor.kind == "witness" && anchor.name == self.profile.name)
            .map(|anchor| anchor.size)
            .max()
            .unwrap_or(0))
    }

    fn cosignature(&self, warnings: &mut Vec<String>) -> Result<Vec<u8>> {
        let key: WitnessKey = self
            .profile
            .vkey
            .as_deref()
            .unwrap_or_default()
            .parse()
            .map_err(|error| self.refused(error))?;
        let note = Note::parse(&self.checkpoint.note).map_err(|error| self.refused(error))?;
        let size = self.checkpoint.size;
        let before = self.cosigned_before()?;
        let answer = match self.submit(before)? {
            WitnessAnswer::Knows(known) => {
                let known = witness::known_size(&known)
                    .ok_or_else(|| self.refused("it did not say which size it knows"))?;
                if known > size {
                    return Err(self.refused(format!(
                        "it has cosigned a tree of {} records, and this one has {}: this store was rolled back, or another copy of it was signed",
                        thousands(known),
                        thousands(size)
                    )));
                }
                if known < before {
                    warnings.push(format!(
                        "{} had cosigned #{} and knows only #{} now: it forgot, or was set up anew. Nobody but this store vouches for what lies between.",
                        self.profile.name,
                        thousands(before),
                        thousands(known)
                    ));
                }
                self.submit(known)?
            }
            other => other,
        };
        let lines = match answer {
            WitnessAnswer::Cosigned(lines) => lines,
            WitnessAnswer::Knows(_) | WitnessAnswer::Refused(409) => {
                return Err(self.refused("it knows another tree of this log"));
            }
            WitnessAnswer::Refused(403) => {
                return Err(self
                    .refused("it does not trust this log's key")
                    .hint("give its operator the verifier key: `assay evidence key show`"));
            }
            WitnessAnswer::Refused(404) => {
                return Err(self.refused("it does not follow this log").hint(
                    "give its operator the origin and the verifier key: `assay evidence key show`",
                ));
            }
            WitnessAnswer::Refused(422) => {
                return Err(self.refused(
                    "it does not accept the proof that this tree continues the one it cosigned",
                ));
            }
            WitnessAnswer::Refused(status) => {
                return Err(self.refused(format!("it answered with status {status}")));
            }
        };
        let cosignature = key
            .cosignature(&lines, &note.text)
            .map_err(|error| self.refused(error))?;
        Ok(cosignature.line.into_bytes())
    }

    fn submit(&self, old: u64) -> Result<WitnessAnswer> {
        let size = self.checkpoint.size;
        let proof = match old {
            0 => Vec::new(),
            old if old == size => Vec::new(),
            old => self.engine.store().consistency(old, size)?,
        };
        let body = witness::add_checkpoint(old, &proof, &self.checkpoint.note)
            .ok_or_else(|| self.refused("the proof is longer than any can be"))?;
        asked::add_checkpoint(self.place, body, self.asking).map_err(unsent(&self.profile.name))
    }
}

#[cfg(test)]
mod tests;
