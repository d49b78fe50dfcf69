//! The same call in two sources: what is left unmasked in each.
//!
//! A gateway that masks before its own log, beside a provider's log that holds the same call in
//! clear, is what this finds. In: a query. Out: counts by pair of sources and entity type; values
//! stay here, and are compared by digest. Not here: which records are of one call (the store).

pub mod view;

use std::collections::{BTreeMap, BTreeSet};

use assay_domain::call::{Body, Oddity};
use assay_domain::coverage;
use assay_domain::exchange::Field;
use assay_domain::masks::may_be_masked;
use assay_domain::query::keys::Table;
use assay_redact::redaction::entities;
use assay_store::calls::CallRecord;
use sha2::{Digest, Sha256};

use crate::error::{Code, Result, WireError};
use crate::jobs::{Progress, Started, Step};
use crate::masking::Masker;
use crate::opening::{Engine, read_query};
use crate::redaction::guards::view::NameCount;
use crate::redaction::sinks::view::{AskSinks, SinkLine, SinkPair, Sinks};
use crate::trail::parts;

/// Calls that are looked through where no limit is given, and at most.
const USUAL: u32 = 2_000;
const MOST: u32 = 20_000;
/// Calls of a page.
const PAGE: usize = 200;
/// Calls between two reports of progress.
const STEP: u64 = 20;
/// Ids that a pair names.
const EXAMPLES: usize = 50;
/// Bytes of a field that are looked through.
const FIELD: usize = 1 << 20;

/// What a record holds of a call's text.
enum Held {
    /// By field: the text without marks and capitals, whether it may hold placeholders, and the
    /// values in clear.
    Fields(BTreeMap<Field, Shown>),
    /// A note stands in place of the whole text.
    AllMasked,
    /// There is nothing to compare it with.
    Unread,
    /// Why there is nothing to compare.
    Nothing(&'static str),
}

#[derive(Default)]
struct Shown {
    folded: String,
    is_masked: bool,
    values: BTreeSet<(String, String)>,
}

/// Compares the sources as a job.
///
/// # Errors
/// `bad_input` for the query or the limit.
pub fn start(engine: &Engine, input: AskSinks) -> Result<Started> {
    limit(&input)?;
    read_query(&input.query, Table::Calls)?;
    let own = engine.clone();
    let title = "Comparing the sources of calls".to_owned();
    Ok(engine
        .jobs()
        .start("redaction.sinks", title, &[], move |progress| {
            compare(&own, &input, progress)
        }))
}

fn limit(input: &AskSinks) -> Result<u64> {
    let limit = input.limit.unwrap_or(USUAL);
    if limit == 0 || limit > MOST {
        return Err(WireError::new(
            Code::BadInput,
            "1 to 20,000 calls are looked through",
        ));
    }
    Ok(limit.into())
}

/// Compares the sources of the calls that match.
///
/// # Errors
/// As [`start`]; `cancelled`; the store's.
pub fn compare(engine: &Engine, input: &AskSinks, progress: &Progress) -> Result<Sinks> {
    let limit = limit(input)?;
    let matching = engine
        .store()
        .count(&read_query(&input.query, Table::Calls)?)?
        .0;
    let joined = format!("{} -join:none", input.query);
    let query = read_query(joined.trim(), Table::Calls)?;
    let total = engine.store().count(&query)?.0;
    let mut done = 0;
    let masker = Masker::in_force(engine)?;
    let (mut several, mut looked) = (0, 0);
    let mut pairs: BTreeMap<(String, String), Pair> = BTreeMap::new();
    let mut after = None;
    loop {
        let (page, next) = engine.store().calls(&query, after, PAGE)?;
        for record in &page {
            progress.check()?;
            if record.sources.len() > 1 {
                several += 1;
                if looked < limit {
                    looked += u64::from(of_call(engine, record, &masker, &mut pairs)?);
                }
            }
            done += 1;
            if done % STEP == 0 {
                progress.step(Step {
                    phase: "comparing".to_owned(),
                    done,
                    total: Some(total),
                    unit: "calls",
                    ..Step::default()
                });
            }
        }
        after = next;
        if after.is_none() {
            break;
        }
    }
    let mut pairs: Vec<SinkPair> = pairs
        .into_iter()
        .map(|((one, other), pair)| pair.shown(one, other))
        .collect();
    // Those with something to tell first.
    pairs.sort_by_key(|pair| pair.compared == 0);
    Ok(Sinks {
        query: input.query.trim().to_owned(),
        matching,
        several,
        looked,
        policy: masker.policy().name.clone(),
        policy_version: masker.policy().version.clone(),
        pairs,
    })
}

/// Adds a call to the pairs of its sources; answers whether two of them may hold its text, so that
/// it was read.
fn of_call(
    engine: &Engine,
    record: &CallRecord,
    masker: &Masker,
    pairs: &mut BTreeMap<(String, String), Pair>,
) -> Result<bool> {
    let witnesses = engine.store().witnesses(record.seq)?;
    let mut records: BTreeMap<&str, &CallRecord> =
        BTreeMap::from([(record.source.as_str(), record)]);
    for witness in &witnesses {
        // Of several records of one source the fullest is told first.
        records
            .entry(witness.record.source.as_str())
            .or_insert(&witness.record);
    }
    // An audit log tells of calls and never of their text.
    let tells = |record: &CallRecord| record.call.body != Body::NotCarried;
    let is_read = records.values().filter(|record| tells(record)).count() > 1;
    let held: Vec<(&str, Held)> = records
        .into_iter()
        .map(|(source, record)| {
            let held = match is_read && tells(record) {
                true => held(engine, record, masker)?,
                false if tells(record) => Held::Unread,
                false => Held::Nothing("no text"),
            };
            Ok((source, held))
        })
        .collect::<Result<_>>()?;
    for (index, (one, held_by_one)) in held.iter().enumerate() {
        for (other, held_by_other) in &held[index + 1..] {
            pairs
                .entry(((*one).to_owned(), (*other).to_owned()))
                .or_default()
                .add(&record.id, held_by_one, held_by_other);
        }
    }
    Ok(is_read)
}

fn held(engine: &Engine, record: &CallRecord, masker: &Masker) -> Result<Held> {
    let masker = masker.of(&record.deployment);
    if record.erased.is_some() {
        return Ok(Held::Nothing("erased"));
    }
    let raw = engine.store().raw(record.seq)?;
    let said = parts::said(engine.store(), record.seq, record.format, &raw)?;
    let mut fields: BTreeMap<Field, Shown> = BTreeMap::new();
    for part in said.parts() {
        if part.text.trim().is_empty() {
            continue;
        }
        let mut end = part.text.len().min(FIELD);
        while !part.text.is_char_boundary(end) {
            end -= 1;
        }
        let text = &part.text[..end];
        let shown = fields.entry(part.field).or_default();
        shown.is_masked |= may_be_masked(text);
        shown.folded.push_str(&folded(text));
        // Values at the end of one part and the beginning of the next are two.
        shown.folded.push('\n');
        let policy = masker.at(part.field);
        for entity in entities(text, policy) {
            let value = &text[entity.start..entity.end];
            let is_kept = policy.operator(&entity.entity_type).name() == "keep";
            if !is_kept && !may_be_masked(value) && !value.contains("**") {
                shown
                    .values
                    .insert((entity.entity_type.into(), folded(value)));
            }
        }
    }
    let odd = |oddity: Oddity| record.call.oddities.contains(&oddity);
    Ok(match fields.is_empty() {
        false => Held::Fields(fields),
        true if odd(Oddity::TextMasked) || odd(Oddity::TextPlaceholder) => Held::AllMasked,
        true if !said.references.is_empty() => Held::Nothing("text elsewhere"),
        true => Held::Nothing("no text"),
    })
}

/// Letters and digits alone, small: so a value is the same however it is spaced.
fn folded(text: &str) -> String {
    text.chars()
        .filter(|character| character.is_alphanumeric() || *character == '@')
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whose text is lacking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Whose {
    One,
    Other,
    Either,
    Neither,
}

/// What two sources hold, so far.
#[derive(Default)]
struct Pair {
    together: u64,
    compared: u64,
    /// Why, and of which of the two where it is one.
    not_compared: BTreeMap<(&'static str, Whose), u64>,
    nothing_found: u64,
    by_type: BTreeMap<String, [u64; 4]>,
    one: Vec<String>,
    other: Vec<String>,
    calls_one: u64,
    calls_other: u64,
}

const BOTH: usize = 0;
const ONE: usize = 1;
const OTHER: usize = 2;
const UNCLEAR: usize = 3;

impl Pair {
    fn add(&mut self, id: &str, one: &Held, other: &Held) {
        self.together += 1;
        let why = match (one, other) {
            (Held::Nothing(why), Held::Nothing(_)) => Some((*why, Whose::Either)),
            (Held::Nothing(why), _) => Some((*why, Whose::One)),
            (_, Held::Nothing(why)) => Some((*why, Whose::Other)),
            (Held::Unread, _) | (_, Held::Unread) => Some(("not read", Whose::Neither)),
            (Held::AllMasked, Held::AllMasked) => Some(("masked whole in both", Whose::Neither)),
            _ => None,
        };
        if let Some(why) = why {
            *self.not_compared.entry(why).or_insert(0) += 1;
            return;
        }
        self.compared += 1;
        let mut counted = BTreeMap::<[u8; 32], (String, usize)>::new();
        each(one, other, ONE, &mut counted);
        each(other, one, OTHER, &mut counted);
        if counted.is_empty() {
            self.nothing_found += 1;
        }
        let (mut in_one, mut in_other) = (false, false);
        for (entity_type, place) in counted.into_values() {
            in_one |= place == ONE;
            in_other |= place == OTHER;
            self.by_type.entry(entity_type).or_default()[place] += 1;
        }
        for (is_so, calls, examples) in [
            (in_one, &mut self.calls_one, &mut self.one),
            (in_other, &mut self.calls_other, &mut self.other),
        ] {
            if is_so {
                *calls += 1;
                if examples.len() < EXAMPLES {
                    examples.push(id.to_owned());
                }
            }
        }
    }

    fn shown(self, one: String, other: String) -> SinkPair {
        let title = |source: &str| coverage::source_title(source).to_owned();
        let (one_title, other_title) = (title(&one), title(&other));
        let why = |why: &str, whose: Whose| match whose {
            Whose::One => format!("{why} in {one_title}"),
            Whose::Other => format!("{why} in {other_title}"),
            Whose::Either => format!("{why} in either"),
            Whose::Neither => why.to_owned(),
        };
        SinkPair {
            not_compared: self
                .not_compared
                .into_iter()
                .map(|((reason, whose), count)| NameCount {
                    name: why(reason, whose),
                    count,
                })
                .collect(),
            one,
            other,
            together: self.together,
            compared: self.compared,
            one_title,
            other_title,
            nothing_found: self.nothing_found,
            calls_clear_in_one: self.calls_one,
            calls_clear_in_other: self.calls_other,
            by_type: self
                .by_type
                .into_iter()
                .map(|(entity_type, counts)| SinkLine {
                    entity_type,
                    clear_in_both: counts[BOTH],
                    clear_in_one: counts[ONE],
                    clear_in_other: counts[OTHER],
                    unclear: counts[UNCLEAR],
                })
                .collect(),
            examples_one: self.one,
            examples_other: self.other,
        }
    }
}

/// Where each value of `here` stands: in clear there too, behind a placeholder, or neither. A value
/// is counted once a call, at the worst of its places.
fn each(
    here: &Held,
    there: &Held,
    place: usize,
    counted: &mut BTreeMap<[u8; 32], (String, usize)>,
) {
    let Held::Fields(fields) = here else {
        return;
    };
    for (field, shown) in fields {
        for (entity_type, value) in &shown.values {
            let found = match there {
                Held::Fields(others) => {
                    let is_there = others
                        .values()
                        .any(|other| other.folded.contains(value.as_str()));
                    match others.get(field) {
                        _ if is_there => BOTH,
                        Some(other) if other.is_masked => place,
                        _ => UNCLEAR,
                    }
                }
                Held::AllMasked => place,
                Held::Nothing(_) | Held::Unread => UNCLEAR,
            };
            let digest = Sha256::digest(format!("{entity_type}\0{value}")).into();
            let kept = counted
                .entry(digest)
                .or_insert_with(|| (entity_type.clone(), found));
            if found == place {
                kept.1 = place;
            }
        }
    }
}
