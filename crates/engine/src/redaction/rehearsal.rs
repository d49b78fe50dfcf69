//! Rehearsing a policy: what would change for stored calls if it were in force instead of another.
//!
//! No record is changed and nothing is shown: counts, names of rules and ids. Text runs through what
//! previews and replays run through. Not here: what differs in one text (`assay_redact::rehearsal`),
//! reading the calls (`sweep`).

pub mod view;

use std::time::Instant;

use assay_domain::query::keys::Table;
use assay_redact::rehearsal::Pair;

use crate::error::{Code, Result, WireError};
use crate::jobs::{Progress, Started};
use crate::masking::{Masker, policy_in_force, policy_text};
use crate::opening::{Engine, read_query};
use crate::redaction::names_model::{self, Reading};
use crate::redaction::policies::gate::recorded::{self, Mark, Rehearsed};
use crate::redaction::rehearsal::view::{Rehearsal, Rehearse, RehearsedPolicy};
use crate::redaction::sweep::sweep;

use tally::Tally;

mod comparing;
mod tally;

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
    "Nothing is sent and no record is changed: records stay as they are under every policy.",
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
    Ok(engine.jobs().start(
        "redaction.rehearse",
        title,
        &["trail", "activities"],
        move |progress| on_record(&own, &input, progress),
    ))
}

/// Rehearses, and where it is over all calls writes the counts into the trail: whoever puts the policy
/// in force sees them.
///
/// # Errors
/// As [`rehearse`].
pub(crate) fn on_record(
    engine: &Engine,
    input: &Rehearse,
    progress: &Progress,
) -> Result<Rehearsal> {
    if !input.query.trim().is_empty() {
        return rehearse(engine, input, progress);
    }
    let text = |name: &Option<String>, toml: Option<String>| match (toml, name) {
        (Some(toml), _) => Ok(toml),
        (None, Some(name)) => policy_text(engine, name),
        (None, None) => policy_text(engine, &policy_in_force(engine)?),
    };
    let marks = [
        Mark::of(engine, &text(&input.from, input.from_toml.clone())?)?,
        Mark::of(engine, &text(&input.to, input.to_toml.clone())?)?,
    ];
    let size = engine.store().tree_size()?;
    let found = rehearse(engine, input, progress)?;
    let name = found.to.name.split('@').next().unwrap_or_default();
    let rehearsed = Rehearsed::of(marks, None, size, &found);
    recorded::keep_rehearsed(engine, name, &rehearsed)?;
    Ok(found)
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
    let (old, new) = (both.old.policy(), both.new.policy());
    let reading = [old, new].map(Reading::of);
    let most = input.most_ids.unwrap_or(IDS) as usize;
    let tallies = sweep(
        engine,
        &query,
        "comparing",
        progress,
        || Tally::new(most),
        |tally, call, said| {
            tally.call(call, said, &both.old, &both.new);
            Ok(())
        },
    )?;
    for one in reading {
        one.ended()?;
    }
    let mut all = Tally::new(most);
    for tally in tallies {
        all.add(tally);
    }
    let in_force = policy_in_force(engine)?;
    let rehearsed = |masker: &Masker, tried: bool| RehearsedPolicy {
        in_force: !tried && masker.name() == in_force,
        name: masker.name().to_owned(),
        version: masker.policy().version.clone(),
        names_model: names_model::used(masker.policy()),
        tried,
    };
    let mut found = all.rehearsal(|entity_type| {
        [old, new]
            .iter()
            .map(|policy| policy.category(entity_type))
            .find(|category| category.name() != "custom")
            .map_or("custom", |category| category.name())
            .to_owned()
    });
    found.from = rehearsed(&both.old, input.from_toml.is_some());
    found.to = rehearsed(&both.new, input.to_toml.is_some());
    found.query = input.query.trim().to_owned();
    found.runs = Pair::new(old, new).runs();
    found
        .runs
        .push("A text that several calls hold was compared once.".to_owned());
    found.elapsed_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(found)
}

#[cfg(test)]
mod tests;
