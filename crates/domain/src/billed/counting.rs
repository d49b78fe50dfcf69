//! Which rows of a report count, where the same time was fetched more than once.
//!
//! A report can be fetched again, by minute, hour or day, grouped in another way, or only of some
//! workspaces. Each usage must then count once, in whatever order the files came. In: the rows of one
//! report and deployment. Out: which of them count. Not here: comparing them with the trail.

use std::collections::{BTreeMap, BTreeSet};

use super::{Dimensions, Report};

/// The rule, for people.
pub const RULE: &str = "Where several imported reports cover the same time, each usage counts once: of the same row fetched twice the larger counts, since a bucket that was fetched before it ended is incomplete; of reports that are grouped in different ways the one that holds more; of buckets of a minute, an hour and a day those that cover more of the day.";

const DAY_MS: i64 = 86_400_000;

/// A row of a report with where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The number of its bucket, and of the row in it.
    pub bucket: i64,
    pub number: i64,
    pub report: Report,
    /// Whose report it is: the number of a deployment; `None` where the import did not say.
    pub deployment: Option<i64>,
    pub from_ms: i64,
    pub to_ms: i64,
    /// `None` for a bucket without rows.
    pub dimensions: Option<Dimensions>,
    /// input, output, cache read, cache written for 5 minutes, for an hour.
    pub tokens: [u64; 5],
    pub amount_usd_micros: i64,
}

impl Placed {
    /// How much it holds: tokens, or micro-dollars.
    fn weight(&self) -> i128 {
        match self.report {
            Report::Usage => self.tokens.iter().map(|count| i128::from(*count)).sum(),
            Report::Cost => i128::from(self.amount_usd_micros),
        }
    }

    /// The UTC day it stands on.
    pub const fn day_ms(&self) -> i64 {
        self.from_ms - self.from_ms.rem_euclid(DAY_MS)
    }
}

/// A set of rows that count together, and what they hold.
#[derive(Default)]
struct Chosen {
    rows: Vec<usize>,
    weight: i128,
}

/// Which of `rows` count, in their order. Rows of different reports and deployments don't meet.
pub fn counted(rows: &[Placed]) -> Vec<bool> {
    // Of each day, by the width of its buckets.
    type Days = BTreeMap<(Report, Option<i64>, i64), BTreeMap<i64, BTreeMap<i64, Vec<usize>>>>;
    let mut days = Days::new();
    for (index, row) in rows.iter().enumerate() {
        days.entry((row.report, row.deployment, row.day_ms()))
            .or_default()
            .entry(row.to_ms - row.from_ms)
            .or_default()
            .entry(row.from_ms)
            .or_default()
            .push(index);
    }
    let mut counts = vec![false; rows.len()];
    for widths in days.into_values() {
        let best = widths
            .into_iter()
            .map(|(width, buckets)| {
                let covered = width * buckets.len() as i64;
                let mut chosen = Chosen::default();
                for indexes in buckets.into_values() {
                    let one = of_bucket(rows, &indexes);
                    chosen.weight += one.weight;
                    chosen.rows.extend(one.rows);
                }
                (covered, chosen.weight, width, chosen.rows)
            })
            .max_by_key(|(covered, weight, width, _)| (*covered, *weight, *width));
        for index in best.map_or_else(Vec::new, |(_, _, _, rows)| rows) {
            counts[index] = true;
        }
    }
    counts
}

/// Of the rows of one stretch of time: those of the grouping that holds most.
fn of_bucket(rows: &[Placed], indexes: &[usize]) -> Chosen {
    let mut groupings: BTreeMap<i64, BTreeSet<usize>> = BTreeMap::new();
    for index in indexes {
        groupings
            .entry(rows[*index].bucket)
            .or_default()
            .extend(filled(rows[*index].dimensions.as_ref()));
    }
    let mut sets: BTreeMap<&BTreeSet<usize>, Vec<usize>> = BTreeMap::new();
    for index in indexes {
        if let Some(grouping) = groupings.get(&rows[*index].bucket) {
            sets.entry(grouping).or_default().push(*index);
        }
    }
    sets.into_iter()
        .map(|(grouping, indexes)| (grouping.len(), of_grouping(rows, &indexes)))
        .max_by_key(|(grouped, chosen)| (chosen.weight, *grouped))
        .map_or_else(Chosen::default, |(_, chosen)| chosen)
}

/// The dimensions that a row fills, by their places.
fn filled(dimensions: Option<&Dimensions>) -> Vec<usize> {
    dimensions.map_or_else(Vec::new, |dimensions| {
        dimensions
            .values()
            .iter()
            .enumerate()
            .filter(|(_, value)| value.is_some())
            .map(|(place, _)| place)
            .collect()
    })
}

/// Of the rows of one grouping: of each combination of dimensions the bucket that holds most of it.
/// Rows that one bucket has of the same combination differ in something newer than this program.
fn of_grouping(rows: &[Placed], indexes: &[usize]) -> Chosen {
    let mut combinations: BTreeMap<Option<&Dimensions>, BTreeMap<i64, Chosen>> = BTreeMap::new();
    for index in indexes {
        let row = &rows[*index];
        let chosen = combinations
            .entry(row.dimensions.as_ref())
            .or_default()
            .entry(row.bucket)
            .or_default();
        chosen.rows.push(*index);
        chosen.weight += row.weight();
    }
    let mut all = Chosen::default();
    for buckets in combinations.into_values() {
        let best = buckets
            .into_iter()
            .max_by_key(|(bucket, chosen)| (chosen.weight, std::cmp::Reverse(*bucket)));
        if let Some((_, best)) = best {
            all.rows.extend(best.rows);
            all.weight += best.weight;
        }
    }
    all
}
