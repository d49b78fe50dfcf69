//! Rehearsing a policy: what would change for stored calls if it were in force instead of another.
//!
//! Nothing is changed and nothing is shown: counts, names of rules and ids. Text runs through what
//! previews and replays run through. Not here: what differs in one text (`assay_redact::rehearsal`),
//! reading the calls (`sweep`).

use std::collections::BTreeMap;
use std::time::Instant;

use assay_domain::exchange::Exchange;
use assay_domain::moment::rfc3339;
use assay_domain::query::keys::Table;
use assay_redact::operators::Numbering;
use assay_redact::redaction::Segment;
use assay_redact::rehearsal::{Because, Change, Fate, Pair, changes};
use assay_redact::scan::Scratch;

use crate::error::{Code, Result, WireError};
use crate::jobs::{Progress, Started};
use crate::masking::{Masker, policy_in_force};
use crate::opening::{Engine, read_query};
use crate::rehearsal_view::{
    ByField, ByOperator, ByType, ExposedByRule, ExposedCall, Lack, NotEvaluable, RedactedByRule,
    Rehearsal, Rehearse, RehearsedPolicy, Stretches,
};
use crate::sweep::{Lacking, Listed, sweep};

/// Exposed calls that are named where nobody says how many, and at most.
const IDS: u32 = 1_000;
const MOST_IDS: u32 = 100_000;
/// Calls that are named of one rule.
const IDS_OF_RULE: usize = 5;
/// Rules that are named of one call.
const RULES_OF_CALL: usize = 8;

const LIMITS: [&str; 4] = [
    "Counted is what a rule of either policy finds. What neither finds is not counted, here or anywhere.",
    "Text is what the record holds of the request and the response. Images, files, other objects and \
     names of fields are not looked through; a call that has any counts as unchanged nowhere.",
    "A stretch counts as exposed where at least one letter or digit that was hidden would show. What a \
     mask keeps of a value counts as treated otherwise, and is told apart where it shows more.",
    "Nothing is sent and nothing is changed: records stay as they are under every policy.",
];

/// Rehearses as a job.
///
/// # Errors
/// `bad_input` for the query, a policy's text or the number of ids; `not_found` for a policy.
pub fn start(engine: &Engine, input: Rehearse) -> Result<Started> {
    let both = Both::of(engine, &input)?;
    read_query(&input.query, Table::Calls)?;
    let title = format!(
        "Rehearsing `{}` against `{}`",
        both.new.policy().name,
        both.old.policy().name
    );
    let own = engine.clone();
    Ok(engine
        .jobs()
        .start("redaction.rehearse", title, &[], move |progress| {
            rehearse(&own, &input, progress)
        }))
}

/// The two policies.
struct Both {
    old: Masker,
    new: Masker,
}

impl Both {
    fn of(engine: &Engine, input: &Rehearse) -> Result<Self> {
        let masker = |name: &Option<String>, toml: &Option<String>| match (toml, name) {
            (Some(toml), _) => Masker::of_text(engine, toml),
            (None, Some(name)) => Masker::named(engine, name),
            (None, None) => Masker::in_force(engine),
        };
        if input.most_ids.is_some_and(|most| most > MOST_IDS) {
            return Err(WireError::new(
                Code::BadInput,
                format!("at most {MOST_IDS} exposed calls are named"),
            )
            .hint("narrow the query; the counts are of all calls in any case"));
        }
        Ok(Self {
            old: masker(&input.from, &input.from_toml)?,
            new: masker(&input.to, &input.to_toml)?,
        })
    }
}

/// Runs both policies over the stored calls that match.
///
/// # Errors
/// As [`start`]; `cancelled`; the store's.
pub fn rehearse(engine: &Engine, input: &Rehearse, progress: &Progress) -> Result<Rehearsal> {
    let began = Instant::now();
    let query = read_query(&input.query, Table::Calls)?;
    let both = Both::of(engine, input)?;
    let pair = Pair::new(both.old.policy(), both.new.policy());
    let most = input.most_ids.unwrap_or(IDS) as usize;
    let tallies = sweep(
        engine,
        &query,
        "comparing",
        progress,
        || Tally::new(most),
        |tally, call, said| {
            tally.call(call, said, &both);
            Ok(())
        },
    )?;
    let mut all = Tally::new(most);
    for tally in tallies {
        all.add(tally);
    }
    let in_force = policy_in_force(engine)?;
    let rehearsed = |masker: &Masker, tried: bool| RehearsedPolicy {
        in_force: !tried && masker.name() == in_force,
        name: masker.name().to_owned(),
        version: masker.policy().version.clone(),
        tried,
    };
    let mut found = all.rehearsal(&both);
    found.from = rehearsed(&both.old, input.from_toml.is_some());
    found.to = rehearsed(&both.new, input.to_toml.is_some());
    found.query = input.query.trim().to_owned();
    found.runs = pair.runs();
    found.elapsed_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(found)
}

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

/// Recognizer and entity type.
type RuleName = (String, String);

/// What a thread has counted.
#[derive(Default)]
struct Tally {
    most: usize,
    matched: u64,
    exposed: u64,
    exposed_and_redacted: u64,
    redacted: u64,
    otherwise: u64,
    unchanged: u64,
    not_evaluable: u64,
    partly: u64,
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
    scratch: Scratch,
}

impl Tally {
    fn new(most: usize) -> Self {
        Self {
            most,
            ..Self::default()
        }
    }

    fn call(&mut self, call: &Listed, said: std::result::Result<Exchange, Lacking>, both: &Both) {
        self.matched += 1;
        let (parts, mut lacking) = match said {
            Ok(exchange) => (exchange.parts(), Lacking::in_exchange(&exchange)),
            Err(lacking) => (Vec::new(), vec![lacking]),
        };
        if parts.is_empty() && lacking.is_empty() {
            lacking.push(Lacking::NoText);
        }
        let mut numbering = [Numbering::default(), Numbering::default()];
        let mut seen = Seen::default();
        let (of_old, of_new) = (both.old.of(&call.deployment), both.new.of(&call.deployment));
        for part in &parts {
            let (from, to) = (of_old.at(part.field), of_new.at(part.field));
            let [old, new] = Pair::new(from, to).redact(
                &part.text,
                both.old.key(),
                &mut numbering,
                &mut self.scratch,
            );
            self.texts += 1;
            self.characters += part.text.chars().count() as u64;
            let field = self.by_field.entry(part.field.name()).or_default();
            field.0 += 1;
            for change in changes(&old, &new, to) {
                self.change(&change, part.field.name(), &mut seen);
            }
            for segment in new.segments.iter().filter(|one| one.before != one.after) {
                let name = rule_of(segment).1;
                self.stretches.hidden_by_new += 1;
                self.by_type.entry(name).or_default().hidden_by_new += 1;
                self.by_field
                    .entry(part.field.name())
                    .or_default()
                    .1
                    .hidden_by_new += 1;
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

    fn change(&mut self, change: &Change<'_>, field: &'static str, seen: &mut Seen) {
        let Some(segment) = change.old.or(change.new) else {
            return;
        };
        let rule = rule_of(segment);
        let counted = |stretches: &mut Stretches| {
            stretches.hidden_by_old += u64::from(change.old.is_some());
            match change.fate {
                Fate::Exposed(_) => stretches.exposed += 1,
                Fate::NewlyRedacted => stretches.newly_redacted += 1,
                Fate::TreatedOtherwise => {
                    stretches.treated_otherwise += 1;
                    stretches.shows_more += u64::from(change.shows_more);
                }
                Fate::Unchanged => stretches.unchanged += 1,
            }
        };
        counted(&mut self.stretches);
        counted(self.by_type.entry(rule.1.clone()).or_default());
        counted(&mut self.by_field.entry(field).or_default().1);
        if change.old.is_some() {
            *self.hidden_by_rule.entry(rule.clone()).or_default() += 1;
        }
        match change.fate {
            Fate::Exposed(because) => {
                let rule = (rule, because);
                self.exposed_by.entry(rule.clone()).or_default().stretches += 1;
                *seen.exposed.entry(rule).or_default() += 1;
            }
            Fate::NewlyRedacted => {
                self.redacted_by.entry(rule.clone()).or_default().stretches += 1;
                *seen.redacted.entry(rule).or_default() += 1;
            }
            Fate::TreatedOtherwise => {
                seen.otherwise = true;
                if let (Some(old), Some(new)) = (change.old, change.new) {
                    let of = self
                        .by_operator
                        .entry((treated(old), treated(new)))
                        .or_default();
                    of.0 += 1;
                    of.1 += u64::from(change.shows_more);
                }
            }
            Fate::Unchanged => {}
        }
    }

    fn add(&mut self, other: Self) {
        self.matched += other.matched;
        self.exposed += other.exposed;
        self.exposed_and_redacted += other.exposed_and_redacted;
        self.redacted += other.redacted;
        self.otherwise += other.otherwise;
        self.unchanged += other.unchanged;
        self.not_evaluable += other.not_evaluable;
        self.partly += other.partly;
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

    fn rehearsal(mut self, both: &Both) -> Rehearsal {
        let nobody = RehearsedPolicy {
            name: String::new(),
            version: String::new(),
            in_force: false,
            tried: false,
        };
        let category = |entity_type: &str| {
            [both.old.policy(), both.new.policy()]
                .iter()
                .map(|policy| policy.category(entity_type))
                .find(|category| category.name() != "custom")
                .map_or("custom", |category| category.name())
                .to_owned()
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

fn rule_of(segment: &Segment) -> RuleName {
    segment.entity.as_ref().map_or_else(
        || (String::new(), String::new()),
        |entity| (entity.recognizer.clone(), entity.entity_type.clone()),
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

fn join(all: &mut Stretches, other: Stretches) {
    all.hidden_by_old += other.hidden_by_old;
    all.hidden_by_new += other.hidden_by_new;
    all.exposed += other.exposed;
    all.newly_redacted += other.newly_redacted;
    all.treated_otherwise += other.treated_otherwise;
    all.shows_more += other.shows_more;
    all.unchanged += other.unchanged;
}
