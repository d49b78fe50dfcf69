//! How the store stands: signed, anchored, rolled back; with sentences for people.

use assay_domain::moment::rfc3339;
use assay_evidence::signing::VerifierKey;
use assay_store::open::Frozen;

use super::{RECOVERY, Signer, phrase, verifier};
use crate::checks::thousands;
use crate::error::Result;
use crate::evidence::signing::view::{
    AnchoredTo, EvidenceState, ShownKey, ShownRollback, SignedTo,
};
use crate::keys::{KeyFault, KeySource};

impl Signer<'_> {
    pub(super) fn key_shown(&self) -> Result<(ShownKey, Option<KeyFault>)> {
        let records = self.store.verifier_keys()?;
        let current = records.last().map(verifier).transpose()?;
        let first = records.first().map(verifier).transpose()?;
        let mut known = self.known();
        let held = match &current {
            Some(wanted) => self.held(&mut known, wanted).ok(),
            None => known.key.clone(),
        };
        let fault = match (&held, &current, self.source) {
            (Some(_), _, _) => None,
            (None, None, KeySource::None) => Some(KeyFault::NoSource),
            (None, _, _) => known.fault.clone(),
        };
        let sentence = match (&held, &fault) {
            (Some(held), _) => held.place.sentence().to_owned(),
            (None, Some(fault)) => format!("{}.", capitalised(&fault.to_string())),
            (None, None) => {
                "The key is made when something is signed for the first time.".to_owned()
            }
        };
        let id = current.as_ref().map(|key| format!("{:08x}", key.id()));
        let shown = ShownKey {
            origin: self.store.origin()?,
            vkey: current.as_ref().map(VerifierKey::to_string),
            fingerprint: current.as_ref().map(VerifierKey::fingerprint),
            first_vkey: first.as_ref().map(VerifierKey::to_string),
            first_fingerprint: first.as_ref().map(VerifierKey::fingerprint),
            rotations: records.len().saturating_sub(1) as u64,
            place: held.as_ref().map(|held| held.place.name().to_owned()),
            sentence,
            has_recovery: id.is_some() && self.store.fact(RECOVERY)? == id,
        };
        Ok((shown, fault))
    }

    /// Everything that the status says of signing.
    pub(crate) fn standing(&self) -> Result<Standing> {
        let (key, fault) = self.key_shown()?;
        let signed = self.store.latest_checkpoint()?;
        let size = self.store.tree_size()?;
        let unsigned = size.saturating_sub(signed.as_ref().map_or(0, |last| last.size));
        let known = self.known();
        let mut sentences = Vec::new();
        let state = match self.store.frozen() {
            Some(Frozen::RolledBack(reason)) => {
                sentences.push(format!(
                    "This store was rolled back: {reason}. Nothing is added to it until somebody accepts it as it is."
                ));
                EvidenceState::RolledBack
            }
            Some(Frozen::Damaged(reason)) => {
                sentences.push(format!("This store is damaged: {reason}."));
                EvidenceState::Damaged
            }
            None if fault.is_some() && key.vkey.is_some() => {
                sentences.push(format!("Not signing: {}", lower(&key.sentence)));
                EvidenceState::KeyMissing
            }
            None if signed.is_none() => {
                sentences.push(match &fault {
                    Some(_) => format!("Not signed: {}", lower(&key.sentence)),
                    None => "Nothing has been signed yet.".to_owned(),
                });
                EvidenceState::NotSigned
            }
            None => EvidenceState::Ok,
        };
        if let Some(signed) = &signed {
            sentences.push(format!(
                "Signed to #{} at {}.",
                thousands(signed.size),
                rfc3339(signed.made_ms)
            ));
        }
        let anchored = self.store.latest_anchor()?;
        match &anchored {
            Some(anchor) => sentences.push(format!(
                "Anchored to #{} at {} by {}.",
                thousands(anchor.size),
                rfc3339(anchor.made_ms),
                anchor.name
            )),
            None => sentences.push(
                "Not anchored: whoever holds the signing key could rebuild the trail and sign it anew.".to_owned(),
            ),
        }
        if let Some(reason) = &known.unremembered {
            sentences.push(format!(
                "The last checkpoint could not be remembered outside the store, so that an older copy might not be noticed: {reason}."
            ));
        }
        Ok(Standing {
            state,
            signed_to: signed.map(|last| SignedTo {
                size: last.size,
                at: rfc3339(last.made_ms),
            }),
            anchored_to: anchored.map(|anchor| AnchoredTo {
                size: anchor.size,
                at: rfc3339(anchor.made_ms),
                by: anchor.name,
                kind: anchor.kind,
            }),
            unsigned,
            key,
            rollback: known.rollback.as_ref().map(|rollback| ShownRollback {
                remembered_origin: rollback.remembered.origin.clone(),
                remembered_size: rollback.remembered.size,
                lost: rollback.lost,
                phrase: phrase(&self.store.origin().unwrap_or_default(), rollback.lost),
            }),
            sentences,
        })
    }
}

/// What the evidence's status says of signing.
pub(crate) struct Standing {
    pub(crate) state: EvidenceState,
    pub(crate) signed_to: Option<SignedTo>,
    pub(crate) anchored_to: Option<AnchoredTo>,
    pub(crate) unsigned: u64,
    pub(crate) key: ShownKey,
    pub(crate) rollback: Option<ShownRollback>,
    pub(crate) sentences: Vec<String>,
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}
