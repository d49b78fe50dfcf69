//! What differs between two policies in one text, kept for the next call that holds the same text.
//!
//! Calls repeat texts: each turn of a conversation sends the turns before it again, and all share
//! their system text. What becomes of a text does not depend on the call but for the numbers in
//! placeholders, which no count sees, and for what other texts of the call prove in it, of which a digest
//! is kept as well. Kept are digests of texts, places in them, names of rules and counts; never text. Not
//! here: how a text is compared (`assay_redact::rehearsal`).

use std::collections::HashMap;
use std::sync::Arc;

use assay_redact::detect::Entity;
use assay_redact::operators::Numbering;
use assay_redact::policy::Policy;
use assay_redact::redaction::Segment;
use assay_redact::rehearsal::{Fate, Found, Pair, changes};
use assay_redact::repeated::{Confirmed, Repeated};
use assay_redact::scan::Scratch;
use sha2::{Digest, Sha256};

/// Texts that are kept at a time; then it begins anew.
const KEPT: usize = 8_192;

/// Recognizer and entity type.
pub(super) type RuleName = (String, String);

/// What the two policies say of a field of a call.
pub(super) struct Policies<'a> {
    pub(super) old: &'a Policy,
    pub(super) new: &'a Policy,
    pub(super) key: &'a [u8],
}

/// A stretch that either policy hides.
pub(super) struct Stretch {
    pub(super) fate: Fate,
    /// The old policy's rule, or the new one's where it is newly redacted.
    pub(super) rule: RuleName,
    /// Type and operator of both, where it is treated otherwise.
    pub(super) operators: Option<(String, String)>,
    pub(super) shows_more: bool,
}

/// A text that was compared.
pub(super) struct Compared {
    pub(super) stretches: Vec<Stretch>,
    /// The type of each stretch that the new policy hides.
    pub(super) hidden_by_new: Vec<String>,
    pub(super) characters: u64,
}

/// A text's digest, the name that it stands under, and the policies by where they are in memory: they
/// stay there for the while.
type Known = ([u8; 32], Option<String>, usize, usize);

/// A text of a call that is looked at.
pub(super) struct Looked<'a> {
    pub(super) name: Option<&'a str>,
    pub(super) text: &'a str,
    /// What each policy finds in it of values that are parted between texts.
    pub(super) parted: [Vec<Entity>; 2],
    pub(super) policies: Policies<'a>,
    known: Known,
    /// What each policy finds in it, where it was looked for.
    found: Option<Found>,
}

/// Compares texts, and keeps what came of them.
#[derive(Default)]
pub(super) struct Comparing {
    scratch: Scratch,
    /// Where something in a text is certain, for each policy.
    certain: HashMap<Known, Arc<[Vec<Entity>; 2]>>,
    /// By the text and by what other texts of a call prove in it.
    kept: HashMap<(Known, [u8; 32]), Arc<Compared>>,
}

impl Comparing {
    /// Looks at a text, and adds to `confirmed` what each policy is certain of in it.
    pub(super) fn looked<'a>(
        &mut self,
        name: Option<&'a str>,
        text: &'a str,
        parted: [Vec<Entity>; 2],
        policies: Policies<'a>,
        confirmed: &mut [Confirmed; 2],
    ) -> Looked<'a> {
        let known: Known = (
            Sha256::digest(text.as_bytes()).into(),
            name.map(str::to_owned),
            std::ptr::from_ref(policies.old).addr(),
            std::ptr::from_ref(policies.new).addr(),
        );
        let is_alone = parted.iter().all(Vec::is_empty);
        let kept = self.certain.get(&known).filter(|_| is_alone).cloned();
        let mut found = None;
        let certain = kept.unwrap_or_else(|| {
            let pair = Pair::new(policies.old, policies.new);
            let new = pair.found(name, text, parted.clone(), &mut self.scratch);
            let certain = Arc::new(new.certain(name, text));
            found = Some(new);
            if self.certain.len() >= KEPT {
                self.certain.clear();
            }
            if is_alone {
                self.certain.insert(known.clone(), Arc::clone(&certain));
            }
            certain
        });
        let both = [policies.old, policies.new];
        for ((confirmed, certain), policy) in confirmed.iter_mut().zip(certain.iter()).zip(both) {
            confirmed.add(text, certain, policy, Some(policies.key));
        }
        Looked {
            name,
            text,
            parted,
            policies,
            known,
            found,
        }
    }

    /// What differs in a text, with what other texts of its call prove in it.
    pub(super) fn compared(
        &mut self,
        looked: Looked<'_>,
        repeated: &[Repeated; 2],
    ) -> Arc<Compared> {
        let Looked {
            name,
            text,
            parted,
            policies,
            known,
            found,
        } = looked;
        let mentions = [
            repeated[0].mentions(text, policies.old),
            repeated[1].mentions(text, policies.new),
        ];
        let is_alone = parted.iter().all(Vec::is_empty);
        let known = (known, digest_of(&mentions));
        if let Some(kept) = self.kept.get(&known).filter(|_| is_alone) {
            return Arc::clone(kept);
        }
        // A text by itself: what comes of it must not depend on which texts were compared before.
        let mut numbering = [Numbering::default(), Numbering::default()];
        let pair = Pair::new(policies.old, policies.new);
        let found = found.unwrap_or_else(|| pair.found(name, text, parted, &mut self.scratch));
        let [old, new] = pair.redact(
            name,
            text,
            found.with_repeated(mentions),
            policies.key,
            &mut numbering,
            &mut self.scratch,
        );
        let stretches = changes(&old, &new, policies.new)
            .into_iter()
            .filter_map(|change| {
                let operators = match (change.fate, change.old, change.new) {
                    (Fate::TreatedOtherwise, Some(old), Some(new)) => {
                        Some((treated(old), treated(new)))
                    }
                    _ => None,
                };
                Some(Stretch {
                    fate: change.fate,
                    rule: rule_of(change.old.or(change.new)?),
                    operators,
                    shows_more: change.shows_more,
                })
            })
            .collect();
        let hidden = new.segments.iter().filter(|one| one.before != one.after);
        let compared = Arc::new(Compared {
            stretches,
            hidden_by_new: hidden.map(|segment| rule_of(segment).1).collect(),
            characters: text.chars().count() as u64,
        });
        if self.kept.len() >= KEPT {
            self.kept.clear();
        }
        if is_alone {
            self.kept.insert(known, Arc::clone(&compared));
        }
        compared
    }
}

/// What tells one list of mentions from another.
fn digest_of(mentions: &[Vec<Entity>; 2]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for side in mentions {
        digest.update(side.len().to_le_bytes());
        for mention in side {
            digest.update(mention.start.to_le_bytes());
            digest.update(mention.end.to_le_bytes());
            digest.update(mention.score.to_le_bytes());
            digest.update(mention.entity_type.as_bytes());
            digest.update([0]);
            digest.update(mention.why.sentences().concat().as_bytes());
            digest.update([0]);
        }
    }
    digest.finalize().into()
}

fn rule_of(segment: &Segment) -> RuleName {
    segment.entity.as_ref().map_or_else(
        || (String::new(), String::new()),
        |entity| (entity.recognizer.into(), entity.entity_type.into()),
    )
}

/// "CREDIT_CARD mask"
fn treated(segment: &Segment) -> String {
    format!(
        "{} {}",
        rule_of(segment).1,
        segment.operator.unwrap_or_default()
    )
}
