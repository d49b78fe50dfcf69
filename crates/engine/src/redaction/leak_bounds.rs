//! Leak bounds: what a policy may miss, told three ways, each with its limit in words.
//!
//! Planted values (`planting`) are counted exactly and say nothing of others; a sample that people
//! read bounds the share of calls that leak; two recognizers that looked independently say how much
//! neither found. Not here: the formulas (`assay_domain::leak_bounds`).

pub mod view;

use std::time::Instant;

use assay_domain::leak_bounds::{self, ReadStratum, Recapture};
use assay_domain::query::keys::Table;
use assay_redact::detect::{Entity, detect_with};
use assay_redact::names::Level;
use assay_redact::names::tags::KINDS;
use assay_redact::policy::Policy;
use assay_redact::redaction::named;
use assay_redact::scan::Scratch;

use crate::error::{Code, Result, WireError};
use crate::jobs::{Progress, Started};
use crate::masking::Masker;
use crate::opening::{Engine, read_query};
use crate::redaction::leak_bounds::view::{
    BoundCanaries, BoundRecapture, BoundSample, LeakBound, RecaptureBound, RecaptureRow,
    SampleBound,
};
use crate::redaction::names_model::{self, Reading};
use crate::redaction::sweep::sweep;
use crate::trail::review_samples::results::{Ended, FINE, PROBLEM, ended, word};
use crate::trail::review_samples::view::Interval;

pub mod planting;

/// Found by both, below which an estimate is too unsure to judge by.
///
/// Source: Robson and Regier (1964), Transactions of the American Fisheries Society 93:215–226.
const ENOUGH: u64 = 7;

const OF_SAMPLE: [&str; 5] = [
    "A leak is what a reader judged as a problem. Readers saw the calls as the policy in force masked \
     them when they read; under another policy, or after it was changed, the bound does not hold.",
    "It is of calls that match the sample's query and were stored when it was drawn, and of text that \
     the record holds: not of images, files or other objects.",
    "A reader overlooks leaks too. The bound is of what a reader of this care would judge; two readers \
     and what neither saw tell how careful that is.",
    "The lower end counts what a reader was sure of, the upper end what they were unsure of as well. \
     Where two readers differ, nobody is sure.",
    "Clopper and Pearson's interval at the effective sample size of Korn and Graubard, never below what \
     no leak at all would leave open. In simulations the true share lay in it in at least 93 of 100 redraws.",
];

const OF_RECAPTURE: [&str; 5] = [
    "It holds where both looked independently and everything was equally likely to be found.",
    "They never are quite independent: a name behind a title is easier for both. Where one finds easily \
     what the other finds easily, there is more than is estimated, and the interval is too low.",
    "What neither can find at all is in no estimate: other alphabets, images, text that was not recorded.",
    "Of a kind that both found fewer than seven times together nothing is estimated, and then nothing of \
     all kinds together either.",
    "What one finds wrongly counts as found by it, which makes the estimate too high. Neither is looked \
     through by hand here.",
];

/// Plants values in copies of stored texts as a job.
///
/// # Errors
/// `bad_input` for the query, a policy's text, a type, a writing or a count; `not_found` for a policy.
pub fn start_canaries(engine: &Engine, input: BoundCanaries) -> Result<Started> {
    read_query(&input.query, Table::Calls)?;
    masker(engine, &input.policy, &input.policy_toml)?;
    planting::canaries(&input)?;
    let own = engine.clone();
    let title = "Planting canaries in copies of calls".to_owned();
    Ok(engine
        .jobs()
        .start("redaction.bound_canaries", title, &[], move |progress| {
            planting::bound(&own, &input, progress)
        }))
}

/// Counts what two recognizers find as a job.
///
/// # Errors
/// `bad_input` for the query, a policy's text or the level; `not_found` for a policy.
pub fn start_recapture(engine: &Engine, input: BoundRecapture) -> Result<Started> {
    read_query(&input.query, Table::Calls)?;
    masker(engine, &input.policy, &input.policy_toml)?;
    level(&input)?;
    let own = engine.clone();
    let title = "Counting what two recognizers find".to_owned();
    Ok(engine
        .jobs()
        .start("redaction.bound_recapture", title, &[], move |progress| {
            of_recapture(&own, &input, progress)
        }))
}

fn masker(engine: &Engine, name: &Option<String>, toml: &Option<String>) -> Result<Masker> {
    match (toml, name) {
        (Some(toml), _) => Masker::of_text(engine, toml),
        (None, Some(name)) => Masker::named(engine, name),
        (None, None) => Masker::in_force(engine),
    }
}

fn level(input: &BoundRecapture) -> Result<Level> {
    match input.level.as_deref() {
        None | Some("fast") => Ok(Level::Fast),
        Some("full") => Ok(Level::Full),
        Some(other) => Err(WireError::new(
            Code::BadInput,
            format!("`{other}` is no level of the model: `fast` or `full`"),
        )),
    }
}

fn share(found: leak_bounds::LeakShare) -> Interval {
    Interval {
        estimate: found.estimate,
        low: found.low,
        high: found.high,
    }
}

/// `0.0123` as "1.23 %", with as many digits as a small share needs.
fn percent(share: f64) -> String {
    let hundred = share * 100.0;
    match hundred {
        0.0 => "0 %".to_owned(),
        small if small < 0.1 => format!("{small:.3} %"),
        some if some < 10.0 => format!("{some:.2} %"),
        _ => format!("{hundred:.1} %"),
    }
}

/// What a review sample says of leaks, once reading has ended.
///
/// # Errors
/// `not_found`; `policy_refused` while a reader has not finished; the store's.
pub fn of_sample(engine: &Engine, input: BoundSample) -> Result<SampleBound> {
    let ended = ended(engine, input.sample)?;
    let words: Vec<Vec<Option<usize>>> = ended
        .read
        .iter()
        .map(|(_, judgements)| {
            ended
                .members
                .iter()
                .map(|member| word(judgements, member.position))
                .collect()
        })
        .collect();
    let mut bounds: Vec<LeakBound> = ended
        .read
        .iter()
        .zip(&words)
        .map(|((name, _), words)| bound(&ended, name, words))
        .collect();
    let mut recapture = None;
    if let ([first, second], [one, other]) = (words.as_slice(), ended.read.as_slice()) {
        // Both have to be sure; where they differ, nobody is.
        let both: Vec<Option<usize>> = first
            .iter()
            .zip(second)
            .map(|pair| match pair {
                (Some(one), Some(other)) if one == other => Some(*one),
                (Some(_), Some(_)) => Some(UNSURE),
                _ => None,
            })
            .collect();
        bounds.push(bound(&ended, "both readers", &both));
        let leaks = |words: &[Option<usize>], of: &[Option<usize>]| {
            words
                .iter()
                .zip(of)
                .filter(|pair| matches!(pair, (Some(PROBLEM), Some(_))))
                .count() as u64
        };
        let shared = first
            .iter()
            .zip(second)
            .filter(|pair| matches!(pair, (Some(PROBLEM), Some(PROBLEM))))
            .count() as u64;
        recapture = Some(row(
            "leaks",
            [&one.0, &other.0],
            [leaks(first, second), leaks(second, first), shared],
        ));
    }
    Ok(SampleBound {
        sample: input.sample,
        query: ended.sample.query.clone(),
        population: ended.sample.population,
        bounds,
        recapture,
        limits: OF_SAMPLE.iter().map(|&limit| limit.to_owned()).collect(),
    })
}

/// Unsure, among what an item can be judged as.
const UNSURE: usize = 2;

fn bound(ended: &Ended, by: &str, words: &[Option<usize>]) -> LeakBound {
    let count = |wanted: usize| words.iter().filter(|word| **word == Some(wanted)).count() as u64;
    let mut strata: Vec<ReadStratum> = ended
        .sample
        .strata
        .iter()
        .map(|stratum| ReadStratum {
            population: stratum.population,
            read: 0,
            leaks: 0,
            unsure: 0,
        })
        .collect();
    for (member, word) in ended.members.iter().zip(words) {
        if let (Some(stratum), Some(word)) = (strata.get_mut(member.stratum), word) {
            stratum.read += 1;
            stratum.leaks += u64::from(*word == PROBLEM);
            stratum.unsure += u64::from(*word == UNSURE);
        }
    }
    let found = leak_bounds::leak_share(&strata);
    let read = words.iter().flatten().count() as u64;
    let not_covered: u64 = strata
        .iter()
        .filter(|stratum| stratum.read == 0)
        .map(|stratum| stratum.population)
        .sum();
    let covered = ended.sample.population.saturating_sub(not_covered);
    let (leaks, unsure) = (count(PROBLEM), count(UNSURE));
    let says = match found {
        None => "Nothing was read, so nothing can be said.".to_owned(),
        Some(found) => {
            let rest = match not_covered {
                0 => String::new(),
                some => format!(
                    " Of {some} more calls nothing was read; with them it is at most {}.",
                    percent(found.high_of_all)
                ),
            };
            format!(
                "{leaks} of {read} calls that were read leak, and of {unsure} the reader was not sure: \
                 between {} and {} of the {covered} calls leak, at 95 %.{rest}",
                percent(found.low),
                percent(found.high)
            )
        }
    };
    LeakBound {
        by: by.to_owned(),
        read,
        items: ended.members.len() as u64,
        leaks,
        unsure,
        no_leak: count(FINE),
        share: found.map(share),
        estimate_with_unsure: found.map(|found| found.estimate_with_unsure),
        covered,
        not_covered,
        high_of_all: found.map(|found| found.high_of_all),
        says,
    }
}

fn row(what: &str, names: [&str; 2], [first, second, both]: [u64; 3]) -> RecaptureRow {
    let found = leak_bounds::recapture(first, second, both).filter(|_| both >= ENOUGH);
    let says = match found {
        None => format!(
            "{} found {first}, {} found {second}, both {both}: fewer than {ENOUGH} by both is too few to \
             say what neither found.",
            names[0], names[1]
        ),
        Some(found) => format!(
            "{} found {first}, {} found {second}, both {both}: together {}. If they looked independently \
             there are about {:.0} ({:.0} to {:.0}), so that both missed about {:.0} ({:.0} to {:.0}).",
            names[0],
            names[1],
            found.found,
            found.total,
            found.total_low,
            found.total_high,
            found.missed,
            found.missed_low,
            found.missed_high
        ),
    };
    let interval = |of: fn(&Recapture) -> [f64; 3]| {
        found.as_ref().map(|found| {
            let [estimate, low, high] = of(found);
            Interval {
                estimate,
                low,
                high,
            }
        })
    };
    RecaptureRow {
        what: what.to_owned(),
        first: names[0].to_owned(),
        second: names[1].to_owned(),
        by_first: first,
        by_second: second,
        by_both: both,
        found: first + second - both.min(first + second),
        total: interval(|found| [found.total, found.total_low, found.total_high]),
        missed: interval(|found| [found.missed, found.missed_low, found.missed_high]),
        is_too_few: both < ENOUGH,
        says,
    }
}

/// What patterns and the model of names find of persons, places and organizations, and what both.
#[derive(Default)]
struct Counted {
    matched: u64,
    calls: u64,
    texts: u64,
    /// By kind, and of any: by patterns, by the model, by both.
    found: [[u64; 3]; KINDS.len() + 1],
    scratch: Scratch,
}

impl Counted {
    fn text(&mut self, text: &str, policy: &Policy) {
        self.texts += 1;
        let threshold = policy.threshold;
        let by_patterns: Vec<Entity> = detect_with(
            text.as_bytes(),
            policy.recognizers(),
            threshold,
            &mut self.scratch,
        )
        .into_iter()
        .filter(|entity| {
            KINDS
                .iter()
                .any(|kind| kind.entity_type() == entity.entity_type)
        })
        .collect();
        let by_model = named(text, policy);
        for (at, kind) in KINDS.iter().enumerate() {
            let one: Vec<(usize, usize)> = by_patterns
                .iter()
                .filter(|entity| entity.entity_type == kind.entity_type())
                .map(|entity| (entity.start, entity.end))
                .collect();
            let other: Vec<(usize, usize)> = by_model
                .iter()
                .filter(|name| name.entity_type == kind.entity_type())
                .map(|name| (name.start, name.end))
                .collect();
            count(&mut self.found[at], &one, &united(other));
        }
        let one: Vec<_> = by_patterns.iter().map(|one| (one.start, one.end)).collect();
        let other: Vec<_> = by_model.iter().map(|one| (one.start, one.end)).collect();
        count(&mut self.found[KINDS.len()], &one, &united(other));
    }

    fn add(&mut self, other: &Self) {
        self.matched += other.matched;
        self.calls += other.calls;
        self.texts += other.texts;
        for (own, other) in self.found.iter_mut().zip(&other.found) {
            for (own, other) in own.iter_mut().zip(other) {
                *own += other;
            }
        }
    }
}

/// Stretches in order; those that overlap, of two models, are one.
fn united(mut all: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    all.sort_unstable();
    let mut united: Vec<(usize, usize)> = Vec::with_capacity(all.len());
    for (start, end) in all {
        match united.last_mut().filter(|last| start < last.1) {
            Some(last) => last.1 = last.1.max(end),
            None => united.push((start, end)),
        }
    }
    united
}

/// Counts stretches of both lists, which are in order, and how many of them are the same: they share a
/// byte, and each is the same as one other at most.
fn count(found: &mut [u64; 3], one: &[(usize, usize)], other: &[(usize, usize)]) {
    found[0] += one.len() as u64;
    found[1] += other.len() as u64;
    let (mut at, mut beside) = (0, 0);
    while let (Some(first), Some(second)) = (one.get(at), other.get(beside)) {
        if first.0 < second.1 && second.0 < first.1 {
            found[2] += 1;
            at += 1;
            beside += 1;
        } else if first.1 <= second.0 {
            at += 1;
        } else {
            beside += 1;
        }
    }
}

/// What patterns and the model of names say of how many names there are in the calls that match.
///
/// # Errors
/// As [`start_recapture`]; `cancelled`; the store's.
pub fn of_recapture(
    engine: &Engine,
    input: &BoundRecapture,
    progress: &Progress,
) -> Result<RecaptureBound> {
    let began = Instant::now();
    let query = read_query(&input.query, Table::Calls)?;
    let masker = masker(engine, &input.policy, &input.policy_toml)?;
    let policy = &names_model::at_level(engine, masker.policy(), level(input)?)?;
    let reading = Reading::of(policy);
    let counted = sweep(
        engine,
        &query,
        "looking twice",
        progress,
        Counted::default,
        |counted, _, said| {
            counted.matched += 1;
            let parts = said.map(|exchange| exchange.texts()).unwrap_or_default();
            counted.calls += u64::from(!parts.is_empty());
            for part in parts {
                counted.text(&part.text, policy);
            }
            Ok(())
        },
    )?;
    reading.ended()?;
    let mut all = Counted::default();
    for some in &counted {
        all.add(some);
    }
    let names = ["the patterns", "the model of names"];
    let mut rows: Vec<RecaptureRow> = KINDS
        .iter()
        .zip(&all.found)
        .map(|(kind, found)| row(kind.entity_type(), names, *found))
        .collect();
    // A kind that one of the two hardly finds would hide in the sum how little is known of it.
    if rows.iter().all(|row| row.found == 0 || !row.is_too_few) {
        rows.push(row("any of these", names, all.found[KINDS.len()]));
    }
    Ok(RecaptureBound {
        policy: policy.name.clone(),
        policy_version: policy.version.clone(),
        names_model: names_model::used(policy),
        query: input.query.trim().to_owned(),
        matched: all.matched,
        calls: all.calls,
        texts: all.texts,
        rows,
        limits: OF_RECAPTURE.iter().map(|&limit| limit.to_owned()).collect(),
        elapsed_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
    })
}
