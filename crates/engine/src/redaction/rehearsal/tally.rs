//! Counting how stretches and calls fare, by type, field, rule and operator.
//!
//! In: what differs in the texts of a call. Out: a [`Rehearsal`]'s counts. One tally a thread; in the
//! end they are joined. Not here: comparing (`comparing`).

use std::collections::BTreeMap;

use assay_domain::exchange::Exchange;
use assay_domain::moment::rfc3339;
use assay_redact::conversation::pieces;
use assay_redact::rehearsal::{Because, Fate};
use assay_redact::repeated::Confirmed;

use super::comparing::{Comparing, Policies, RuleName, Stretch};
use super::{IDS_OF_RULE, LIMITS, RULES_OF_CALL};
use crate::masking::{Masker, NamedPart};
use crate::redaction::rehearsal::view::{
    ByField, ByOperator, ByType, ExposedByRule, ExposedCall, Lack, NotEvaluable, RedactedByRule,
    Rehearsal, RehearsedPolicy, Stretches,
};
use crate::redaction::sweep::{Lacking, Listed};

/// Ids of calls, those that are listed first, no more than a number.
struct First<T>(BTreeMap<u64, T>);

impl<T> Default for First<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T> First<T> {
    fn put(&mut self, place: u64, one: T, most: usize) {
        self.0.insert(place, one);
        while self.0.len() > most {
            self.0.pop_last();
        }
    }

    fn add(&mut self, other: Self, most: usize) {
        for (place, one) in other.0 {
            self.put(place, one, most);
        }
    }

    fn into_values(self) -> Vec<T> {
        self.0.into_values().collect()
    }
}

/// What one rule did.
#[derive(Default)]
struct Rule {
    stretches: u64,
    calls: u64,
    ids: First<String>,
}

impl Rule {
    fn add(&mut self, other: Self) {
        self.stretches += other.stretches;
        self.calls += other.calls;
        self.ids.add(other.ids, IDS_OF_RULE);
    }
}

/// What a thread has counted.
#[derive(Default)]
pub(super) struct Tally {
    most: usize,
    matched: u64,
    exposed: u64,
    exposed_and_redacted: u64,
    redacted: u64,
    otherwise: u64,
    unchanged: u64,
    not_evaluable: u64,
    partly: u64,
    in_part: u64,
    without_text: u64,
    /// By reason: calls that are not evaluable, and others.
    lacking: BTreeMap<Lacking, (u64, u64)>,
    texts: u64,
    characters: u64,
    stretches: Stretches,
    by_type: BTreeMap<String, Stretches>,
    by_field: BTreeMap<&'static str, (u64, Stretches)>,
    /// What each rule of the old policy hid.
    hidden_by_rule: BTreeMap<RuleName, u64>,
    exposed_by: BTreeMap<(RuleName, Because), Rule>,
    redacted_by: BTreeMap<RuleName, Rule>,
    by_operator: BTreeMap<(String, String), (u64, u64)>,
    exposed_calls: First<ExposedCall>,
    comparing: Comparing,
}

impl Tally {
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            ..Self::default()
        }
    }

    pub(super) fn call(
        &mut self,
        call: &Listed,
        said: std::result::Result<Exchange, Lacking>,
        old: &Masker,
        new: &Masker,
    ) {
        self.matched += 1;
        let (parts, mut lacking) = match said {
            Ok(exchange) => (exchange.parts(), Lacking::in_exchange(&exchange)),
            Err(lacking) => (Vec::new(), vec![lacking]),
        };
        if parts.is_empty() && lacking.is_empty() {
            lacking.push(Lacking::NoText);
        }
        let mut seen = Seen::default();
        let (old, new) = (old.of(&call.deployment), new.of(&call.deployment));
        let parts: Vec<NamedPart> = parts.into_iter().map(NamedPart::of).collect();
        let [old_pieces, new_pieces] = [&old, &new].map(|masker| pieces(&masker.texts(&parts)));
        let mut confirmed = [Confirmed::default(), Confirmed::default()];
        let mut looked = Vec::with_capacity(parts.len());
        for ((named, old_pieces), new_pieces) in parts.iter().zip(old_pieces).zip(new_pieces) {
            let policies = Policies {
                old: old.at(named.part.field),
                new: new.at(named.part.field),
                key: old.key(),
            };
            looked.push(self.comparing.looked(
                named.name.as_deref(),
                &named.part.text,
                [old_pieces, new_pieces],
                policies,
                &mut confirmed,
            ));
        }
        let repeated = confirmed.map(Confirmed::ready);
        for (named, looked) in parts.iter().zip(looked) {
            let part = &named.part;
            let compared = self.comparing.compared(looked, &repeated);
            self.texts += 1;
            self.characters += compared.characters;
            let field = part.field.name();
            self.by_field.entry(field).or_default().0 += 1;
            for stretch in &compared.stretches {
                self.stretch(stretch, field, &mut seen);
            }
            for entity_type in &compared.hidden_by_new {
                self.stretches.hidden_by_new += 1;
                self.by_type
                    .entry(entity_type.clone())
                    .or_default()
                    .hidden_by_new += 1;
                self.by_field.entry(field).or_default().1.hidden_by_new += 1;
            }
        }
        for rule in seen.exposed.keys() {
            let rule = self.exposed_by.entry(rule.clone()).or_default();
            rule.calls += 1;
            rule.ids.put(call.place, call.id.clone(), IDS_OF_RULE);
        }
        for rule in seen.redacted.keys() {
            let rule = self.redacted_by.entry(rule.clone()).or_default();
            rule.calls += 1;
            rule.ids.put(call.place, call.id.clone(), IDS_OF_RULE);
        }
        let has_changed = !seen.exposed.is_empty() || !seen.redacted.is_empty() || seen.otherwise;
        for reason in &lacking {
            let of = self.lacking.entry(*reason).or_default();
            if has_changed { of.1 += 1 } else { of.0 += 1 }
        }
        let is_in_part = lacking.iter().any(|reason| reason.is_of_something());
        self.in_part += u64::from(is_in_part);
        self.without_text += u64::from(!is_in_part && !lacking.is_empty());
        if !seen.exposed.is_empty() {
            self.exposed += 1;
            self.exposed_and_redacted += u64::from(!seen.redacted.is_empty());
            let mut rules: Vec<String> = Vec::new();
            for ((recognizer, entity_type), _) in seen.exposed.keys() {
                let rule = format!("{entity_type} by {recognizer}");
                if rules.len() < RULES_OF_CALL && !rules.contains(&rule) {
                    rules.push(rule);
                }
            }
            let exposed = ExposedCall {
                id: call.id.clone(),
                started_at: call.at_ms.map(rfc3339),
                exposed: seen.exposed.values().sum(),
                rules,
            };
            self.exposed_calls.put(call.place, exposed, self.most);
        } else if !seen.redacted.is_empty() {
            self.redacted += 1;
        } else if seen.otherwise {
            self.otherwise += 1;
        } else if !lacking.is_empty() {
            self.not_evaluable += 1;
            self.partly += u64::from(!parts.is_empty());
        } else {
            self.unchanged += 1;
        }
    }

    fn stretch(&mut self, found: &Stretch, field: &'static str, seen: &mut Seen) {
        let rule = &found.rule;
        let is_old = found.fate != Fate::NewlyRedacted;
        let counted = |stretches: &mut Stretches| {
            stretches.hidden_by_old += u64::from(is_old);
            match found.fate {
                Fate::Exposed(_) => stretches.exposed += 1,
                Fate::NewlyRedacted => stretches.newly_redacted += 1,
                Fate::TreatedOtherwise => {
                    stretches.treated_otherwise += 1;
                    stretches.shows_more += u64::from(found.shows_more);
                }
                Fate::Unchanged => stretches.unchanged += 1,
            }
        };
        counted(&mut self.stretches);
        counted(self.by_type.entry(rule.1.clone()).or_default());
        counted(&mut self.by_field.entry(field).or_default().1);
        if is_old {
            *self.hidden_by_rule.entry(rule.clone()).or_default() += 1;
        }
        match found.fate {
            Fate::Exposed(because) => {
                let rule = (rule.clone(), because);
                self.exposed_by.entry(rule.clone()).or_default().stretches += 1;
                *seen.exposed.entry(rule).or_default() += 1;
            }
            Fate::NewlyRedacted => {
                self.redacted_by.entry(rule.clone()).or_default().stretches += 1;
                *seen.redacted.entry(rule.clone()).or_default() += 1;
            }
            Fate::TreatedOtherwise => {
                seen.otherwise = true;
                if let Some(operators) = &found.operators {
                    let of = self.by_operator.entry(operators.clone()).or_default();
                    of.0 += 1;
                    of.1 += u64::from(found.shows_more);
                }
            }
            Fate::Unchanged => {}
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.matched += other.matched;
        self.exposed += other.exposed;
        self.exposed_and_redacted += other.exposed_and_redacted;
        self.redacted += other.redacted;
        self.otherwise += other.otherwise;
        self.unchanged += other.unchanged;
        self.not_evaluable += other.not_evaluable;
        self.partly += other.partly;
        self.in_part += other.in_part;
        self.without_text += other.without_text;
        self.texts += other.texts;
        self.characters += other.characters;
        for (reason, (calls, besides)) in other.lacking {
            let of = self.lacking.entry(reason).or_default();
            of.0 += calls;
            of.1 += besides;
        }
        join(&mut self.stretches, other.stretches);
        for (name, stretches) in other.by_type {
            join(self.by_type.entry(name).or_default(), stretches);
        }
        for (name, (texts, stretches)) in other.by_field {
            let of = self.by_field.entry(name).or_default();
            of.0 += texts;
            join(&mut of.1, stretches);
        }
        for (rule, count) in other.hidden_by_rule {
            *self.hidden_by_rule.entry(rule).or_default() += count;
        }
        for (rule, found) in other.exposed_by {
            self.exposed_by.entry(rule).or_default().add(found);
        }
        for (rule, found) in other.redacted_by {
            self.redacted_by.entry(rule).or_default().add(found);
        }
        for (operators, (stretches, shows_more)) in other.by_operator {
            let of = self.by_operator.entry(operators).or_default();
            of.0 += stretches;
            of.1 += shows_more;
        }
        self.exposed_calls.add(other.exposed_calls, self.most);
    }

    pub(super) fn rehearsal(mut self, category: impl Fn(&str) -> String) -> Rehearsal {
        let nobody = RehearsedPolicy {
            name: String::new(),
            version: String::new(),
            in_force: false,
            tried: false,
            names_model: None,
        };
        let hidden = std::mem::take(&mut self.hidden_by_rule);
        let mut exposed_by_rule: Vec<ExposedByRule> = self
            .exposed_by
            .into_iter()
            .map(|((rule, because), found)| ExposedByRule {
                of: hidden.get(&rule).copied().unwrap_or(0),
                recognizer: rule.0,
                entity_type: rule.1,
                because: because.name().to_owned(),
                says: because.says().to_owned(),
                exposed: found.stretches,
                calls: found.calls,
                ids: found.ids.into_values(),
            })
            .collect();
        exposed_by_rule.sort_by_key(|rule| std::cmp::Reverse(rule.exposed));
        let mut redacted_by_rule: Vec<RedactedByRule> = self
            .redacted_by
            .into_iter()
            .map(|(rule, found)| RedactedByRule {
                recognizer: rule.0,
                entity_type: rule.1,
                newly_redacted: found.stretches,
                calls: found.calls,
                ids: found.ids.into_values(),
            })
            .collect();
        redacted_by_rule.sort_by_key(|rule| std::cmp::Reverse(rule.newly_redacted));
        Rehearsal {
            from: nobody.clone(),
            to: nobody,
            query: String::new(),
            matched: self.matched,
            newly_exposed: self.exposed,
            exposed_and_redacted: self.exposed_and_redacted,
            newly_redacted: self.redacted,
            treated_otherwise: self.otherwise,
            unchanged: self.unchanged,
            not_evaluable: NotEvaluable {
                calls: self.not_evaluable,
                partly: self.partly,
                in_part: self.in_part,
                without_text: self.without_text,
                reasons: self
                    .lacking
                    .into_iter()
                    .map(|(reason, (calls, besides))| Lack {
                        reason: reason.name().to_owned(),
                        says: reason.says().to_owned(),
                        calls,
                        besides,
                    })
                    .collect(),
            },
            texts: self.texts,
            characters: self.characters,
            stretches: self.stretches,
            by_type: self
                .by_type
                .into_iter()
                .map(|(entity_type, stretches)| ByType {
                    category: category(&entity_type),
                    entity_type,
                    stretches,
                })
                .collect(),
            by_field: self
                .by_field
                .into_iter()
                .map(|(field, (texts, stretches))| ByField {
                    field: field.to_owned(),
                    texts,
                    stretches,
                })
                .collect(),
            exposed_by_rule,
            redacted_by_rule,
            by_operator: self
                .by_operator
                .into_iter()
                .map(|((old, new), (stretches, shows_more))| ByOperator {
                    old,
                    new,
                    stretches,
                    shows_more,
                })
                .collect(),
            exposed_calls: self.exposed_calls.into_values(),
            runs: Vec::new(),
            limits: LIMITS.iter().map(|&limit| limit.to_owned()).collect(),
            elapsed_ms: 0,
        }
    }
}

/// What was seen in one call: stretches by rule.
#[derive(Default)]
struct Seen {
    exposed: BTreeMap<(RuleName, Because), u64>,
    redacted: BTreeMap<RuleName, u64>,
    otherwise: bool,
}

fn join(all: &mut Stretches, other: Stretches) {
    all.hidden_by_old += other.hidden_by_old;
    all.hidden_by_new += other.hidden_by_new;
    all.exposed += other.exposed;
    all.newly_redacted += other.newly_redacted;
    all.treated_otherwise += other.treated_otherwise;
    all.shows_more += other.shows_more;
    all.unchanged += other.unchanged;
}
