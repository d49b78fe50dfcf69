//! What the judgements of a sample say: shares of problems, and how far two readers agree.
//!
//! In: members and judgements of readers who have finished. Out: figures, each with what it is of.
//! Not here: who may see them (`review_samples`), the formulas (`assay_domain::statistics`).

use assay_domain::statistics::{self, ENOUGH, Share, Stratum};
use assay_store::review_samples::{JudgementRecord, MemberRecord, SampleRecord};

use super::{has_ended, masked, withheld};
use crate::error::Result;
use crate::opening::Engine;
use crate::trail::review_samples::view::{Agreed, Interval, Problems, StratumProblems};

/// What an item can be judged as.
pub(super) const WORDS: [&str; 3] = ["fine", "problem", "unsure"];
/// Places in it.
pub(crate) const FINE: usize = 0;
pub(crate) const PROBLEM: usize = 1;

pub(super) const METHOD: &str = "Intervals are at 95 %. Share of items read: Wilson's score interval. Share of \
    the population: strata weighted by their population, variance with finite population correction \
    (Cochran 1977, section 5.10), Wilson's interval at the effective sample size. Agreement: Cohen's kappa \
    (1960) with the standard error of Fleiss, Cohen and Everitt (1969).";

fn interval(share: Share) -> Interval {
    Interval {
        estimate: share.estimate,
        low: share.low,
        high: share.high,
    }
}

/// A sample whose reading has ended, with the names in its strata masked.
pub(crate) struct Ended {
    pub(crate) sample: SampleRecord,
    pub(crate) members: Vec<MemberRecord>,
    /// By reader: what they judged.
    pub(crate) read: Vec<(String, Vec<JudgementRecord>)>,
}

/// What readers judged, once reading has ended.
///
/// # Errors
/// `not_found`; `policy_refused` while a reader has not finished; the store's.
pub(crate) fn ended(engine: &Engine, sample: u32) -> Result<Ended> {
    let store = engine.store();
    let sample = masked(engine, i64::from(sample))?;
    let readers = store.readers(sample.id)?;
    if !has_ended(&sample, &readers) {
        let finished = readers
            .iter()
            .filter(|reader| reader.finished_ms.is_some())
            .count();
        return Err(withheld(format!(
            "results are withheld until all readers have finished: {finished} of {} have",
            sample.readers
        ))
        .hint("a second reader who has seen them would not read blind"));
    }
    let members = store.sample_members(sample.id)?;
    let mut read = Vec::new();
    for reader in readers {
        let judgements = store.judgements(reader.id)?;
        read.push((reader.name, judgements));
    }
    Ok(Ended {
        sample,
        members,
        read,
    })
}

/// What an item was judged as, by its place in the words; `None` where it was not.
pub(crate) fn word(judgements: &[JudgementRecord], position: u32) -> Option<usize> {
    let judgement = judgements.iter().find(|one| one.position == position)?;
    let word = judgement.judgement.as_deref()?;
    WORDS.iter().position(|candidate| *candidate == word)
}

/// What each reader found, what both did, and how far two agree.
pub(super) fn reckon(
    sample: &SampleRecord,
    members: &[MemberRecord],
    read: &[(String, Vec<JudgementRecord>)],
) -> (Vec<Problems>, Option<Agreed>) {
    let words: Vec<Vec<Option<usize>>> = read
        .iter()
        .map(|(_, judgements)| {
            members
                .iter()
                .map(|member| word(judgements, member.position))
                .collect()
        })
        .collect();
    let mut problems: Vec<Problems> = read
        .iter()
        .zip(&words)
        .map(|((name, _), words)| found(sample, members, name, words))
        .collect();
    let [first, second] = words.as_slice() else {
        return (problems, None);
    };
    // Where both say the same it is that, and otherwise nobody can be sure.
    let both: Vec<Option<usize>> = first
        .iter()
        .zip(second)
        .map(|pair| match pair {
            (Some(one), Some(other)) if one == other => Some(*one),
            (Some(_), Some(_)) => Some(2),
            _ => None,
        })
        .collect();
    problems.push(found(sample, members, "both readers alike", &both));
    let mut table = [[0_u64; 3]; 3];
    let mut differ = Vec::new();
    for (member, pair) in members.iter().zip(first.iter().zip(second)) {
        if let (Some(one), Some(other)) = pair {
            table[*one][*other] += 1;
            if one != other {
                differ.push(member.position);
            }
        }
    }
    let agreed = statistics::agreement(&table).map(|found| {
        let is_too_few = found.items < ENOUGH;
        Agreed {
            first: read[0].0.clone(),
            second: read[1].0.clone(),
            both_read: found.items,
            agreed: found.agreed,
            observed: interval(found.observed),
            kappa: found.kappa.map(interval),
            table: table.iter().map(|row| row.to_vec()).collect(),
            differ,
            is_too_few,
            says: says(found, is_too_few, members.len()),
        }
    });
    (problems, agreed)
}

fn says(found: statistics::Agreement, is_too_few: bool, items: usize) -> String {
    let agreed = format!(
        "They agree on {} of the {} items that both read, of {items} in the sample.",
        found.agreed, found.items
    );
    match (is_too_few, found.kappa) {
        (true, _) => format!("{agreed} Fewer than {ENOUGH}: too few to judge agreement by."),
        (false, None) => format!(
            "{agreed} Both used one and the same word only, so agreement beyond chance can't be told."
        ),
        (false, Some(kappa)) => format!(
            "{agreed} Beyond chance: kappa {:.2} ({:.2} to {:.2}).",
            kappa.estimate, kappa.low, kappa.high
        ),
    }
}

fn found(
    sample: &SampleRecord,
    members: &[MemberRecord],
    by: &str,
    words: &[Option<usize>],
) -> Problems {
    let count = |wanted: usize| words.iter().filter(|word| **word == Some(wanted)).count() as u64;
    let mut strata: Vec<Stratum> = sample
        .strata
        .iter()
        .map(|stratum| Stratum {
            population: stratum.population,
            read: 0,
            hits: 0,
        })
        .collect();
    for (member, word) in members.iter().zip(words) {
        if let (Some(stratum), Some(word)) = (strata.get_mut(member.stratum), word) {
            stratum.read += 1;
            stratum.hits += u64::from(*word == 1);
        }
    }
    let read = words.iter().flatten().count() as u64;
    Problems {
        by: by.to_owned(),
        read,
        items: members.len() as u64,
        fine: count(0),
        problem: count(1),
        unsure: count(2),
        of_read: statistics::wilson(count(1), read).map(interval),
        of_population: statistics::stratified(&strata).map(interval),
        not_covered: strata
            .iter()
            .filter(|stratum| stratum.read == 0)
            .map(|stratum| stratum.population)
            .sum(),
        strata: sample
            .strata
            .iter()
            .zip(&strata)
            .map(|(named, stratum)| StratumProblems {
                values: named.values.clone(),
                population: stratum.population,
                read: stratum.read,
                problem: stratum.hits,
                share: statistics::wilson(stratum.hits, stratum.read).map(interval),
            })
            .collect(),
    }
}
