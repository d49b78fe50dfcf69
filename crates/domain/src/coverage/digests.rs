//! The verdict of CloudTrail's digest files for each day, on the same map.
//!
//! In: the chains as they were judged, and each imported log file with what the digests say of it.
//! Not here: judging (`digest_chain`).

use std::collections::{BTreeMap, BTreeSet};

use super::days::day_of;
use super::{DAY_MS, Hole, Signature, Unit, between};
use crate::checks::n;
use crate::digest_chain::judging::{Chain, Whole};
use crate::digest_chain::{base_name, delivered};
use crate::formats::Format;
use crate::moment::minute;

/// The rule, for people.
pub const RULE: &str = "CloudTrail signs a digest each hour that names its log files with their hashes. A log file with another hash is not as it was delivered; a gap between two digests is time for which nothing says which log files there were.";

/// What the digests say of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Verified,
    /// Some log files are verified, others are not.
    Partly,
    /// Digests name the log files, and their signatures are not verified.
    Unverified,
    NoDigest,
    Gap,
    Failed,
}

impl Verdict {
    /// All, from good to bad.
    pub const ALL: [Self; 6] = [
        Self::Verified,
        Self::Partly,
        Self::Unverified,
        Self::NoDigest,
        Self::Gap,
        Self::Failed,
    ];

    /// The name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Partly => "partly",
            Self::Unverified => "unverified",
            Self::NoDigest => "no_digest",
            Self::Gap => "gap",
            Self::Failed => "failed",
        }
    }

    /// What it means, for the legend.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Verified => "Every log file is named by a digest that AWS signed.",
            Self::Partly => "Some log files are verified, others are not.",
            Self::Unverified => "Digests match, and their signatures are not verified.",
            Self::NoDigest => "No digest names its log files.",
            Self::Gap => "A digest is missing for a part of the day.",
            Self::Failed => "A log file or digest is not as it was delivered.",
        }
    }
}

/// One day of the digests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    pub day_ms: i64,
    pub verdict: Verdict,
    /// Log files that were delivered on it and imported.
    pub files: u64,
    pub verified: u64,
    pub failed: u64,
}

#[derive(Default)]
struct Counts {
    files: u64,
    verified: u64,
    matching: u64,
    failed: u64,
    gap: bool,
    covered: Option<Whole>,
}

/// The days that have a log file or a digest. `files` are names and what the digests say of them.
pub fn days(chains: &[Chain], files: &[(String, Option<String>)]) -> Vec<Day> {
    let mut days: BTreeMap<i64, Counts> = BTreeMap::new();
    for (name, origin) in files {
        let Some((_, _, at_ms)) = delivered(name) else {
            continue;
        };
        let day = days.entry(day_of(at_ms)).or_default();
        day.files += 1;
        match origin.as_deref() {
            Some("verified") => day.verified += 1,
            Some("hash_matches") => day.matching += 1,
            Some("failed") => day.failed += 1,
            _ => {}
        }
    }
    for chain in chains {
        for start in spanned(chain.from_ms, chain.to_ms) {
            days.entry(start).or_default().covered = Some(chain.whole);
        }
        for gap in &chain.gaps {
            for start in spanned(gap.from_ms, gap.to_ms) {
                days.entry(start).or_default().gap = true;
            }
        }
    }
    days.into_iter()
        .map(|(day_ms, counts)| Day {
            day_ms,
            verdict: verdict(&counts),
            files: counts.files,
            verified: counts.verified,
            failed: counts.failed,
        })
        .collect()
}

/// The days that a span touches; at most ten years of them.
fn spanned(from_ms: i64, to_ms: i64) -> impl Iterator<Item = i64> {
    (0..3_660)
        .map(move |index| day_of(from_ms) + index * DAY_MS)
        .take_while(move |start| *start < to_ms)
}

fn verdict(counts: &Counts) -> Verdict {
    let Counts {
        files,
        verified,
        matching,
        failed,
        gap,
        covered,
    } = *counts;
    match covered {
        _ if failed > 0 => Verdict::Failed,
        _ if gap => Verdict::Gap,
        Some(whole) if files == 0 => match whole {
            Whole::Verified => Verdict::Verified,
            Whole::Failed | Whole::Partly | Whole::Unknown => Verdict::Unverified,
        },
        _ if files > 0 && verified == files => Verdict::Verified,
        _ if verified > 0 => Verdict::Partly,
        _ if matching > 0 => Verdict::Unverified,
        _ => Verdict::NoDigest,
    }
}

/// Gaps and failures of the chains within a span of time.
pub fn holes(chains: &[Chain], days: &[Day], (from_ms, to_ms): (i64, i64)) -> Vec<Hole> {
    let mut holes = Vec::new();
    let mut known: BTreeSet<(i64, i64)> = BTreeSet::new();
    for gap in chains.iter().flat_map(|chain| &chain.gaps) {
        if gap.from_ms >= to_ms || gap.to_ms <= from_ms || !known.insert((gap.from_ms, gap.to_ms)) {
            continue;
        }
        let missing = match &gap.missing {
            Some(object) => format!("digest {} is missing", base_name(object)),
            None => "the following digest names none before it".to_owned(),
        };
        let mut hole = of(Signature::DigestGap, (gap.from_ms, gap.to_ms), (1, 1));
        hole.says = format!(
            "From {} to {}: {missing}, so nothing says which log files there were.",
            minute(gap.from_ms),
            minute(gap.to_ms)
        );
        holes.push(hole);
    }
    for day in days.iter().filter(|day| day.failed > 0) {
        if day.day_ms >= to_ms || day.day_ms + DAY_MS <= from_ms {
            continue;
        }
        let span = (day.day_ms, day.day_ms + DAY_MS);
        let mut hole = of(Signature::DigestFailed, span, (day.failed, day.files));
        hole.says = format!(
            "{} of {} log files of this day have another hash than the digest that names them.",
            n(day.failed),
            n(day.files)
        );
        holes.push(hole);
    }
    holes
}

fn of(signature: Signature, (from_ms, to_ms): (i64, i64), (count, of): (u64, u64)) -> Hole {
    let source = Format::CloudTrail.name();
    Hole {
        signature,
        source: source.to_owned(),
        deployment: None,
        from_ms,
        to_ms,
        no_end_known: false,
        count,
        of,
        unit: Unit::Files,
        query: Some(format!(
            "source:{source} {}",
            between("started_at", from_ms, to_ms)
        )),
        activities: None,
        billed_model: None,
        says: String::new(),
    }
}
