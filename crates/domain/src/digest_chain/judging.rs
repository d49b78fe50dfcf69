//! Judging digest chains: which digests and log files are as AWS delivered them.
//!
//! In: the digests and log files that are there, and who checks a signature. Out: a standing for
//! each of them and for each chain. Only what a signature of AWS covers is *verified*: a hash alone
//! can be written by anybody. Not here: keys, files, sentences on screens.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::{Digest, delivered, plain_name, signed_text};

/// Problems of a chain that are named one by one; the rest is counted.
const NAMED: usize = 200;

/// A digest that is there.
#[derive(Debug, Clone)]
pub struct Held {
    pub digest: Digest,
    /// SHA-256 of its uncompressed bytes.
    pub content: [u8; 32],
    /// What its file is called.
    pub name: String,
    /// Signatures that were saved beside it, hexadecimal.
    pub signatures: Vec<String>,
}

/// A log file that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFile {
    pub name: String,
    /// SHA-256 of its uncompressed bytes.
    pub content: [u8; 32],
}

/// What came of checking one signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Signed {
    Valid,
    /// No key has the digest's fingerprint.
    NoKey,
    /// The key was not valid in the digest's time.
    NotThen,
    Invalid,
}

/// Where a digest stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// A signature of AWS covers it.
    Verified,
    /// Its signature is neither in a following digest nor beside it.
    Unsigned,
    NoKey,
    Failed,
}

/// Where a log file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Its hash is in a verified digest.
    Verified,
    /// Its hash is in a digest that no signature covers.
    HashMatches,
    /// A digest names it with another hash.
    Failed,
    /// No digest names it.
    Unnamed,
    /// No digest names it although digests cover the time it was delivered.
    UnnamedInCoveredTime,
}

impl Origin {
    /// The name in SQL and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::HashMatches => "hash_matches",
            Self::Failed => "failed",
            Self::Unnamed => "unnamed",
            Self::UnnamedInCoveredTime => "unnamed_in_covered_time",
        }
    }
}

/// What one log file was found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileVerdict {
    pub origin: Origin,
    /// The object of the digest that says so.
    pub by: Option<String>,
}

/// A stretch of time that no digest here covers, between two that are here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    pub from_ms: i64,
    pub to_ms: i64,
    /// The digest that the later one names and that is not here; `None` where the later one names
    /// none: validation or logging was off, or the chain was begun anew.
    pub missing: Option<String>,
}

/// How the earliest digest of a chain begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Beginning {
    /// It names no predecessor: validation was switched on.
    Start,
    /// Its predecessor is not here.
    PredecessorAbsent,
}

/// A digest or a log file that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    pub object: String,
    pub why: Why,
}

/// Why something does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The signature of the digest does not belong to its content.
    Signature,
    /// The key with the digest's fingerprint was not valid in the digest's time.
    KeyNotValidThen,
    /// The following digest names this object with another hash.
    OtherContent,
    /// The file is called like another digest than it is.
    Renamed,
    /// A log file's hash is not the one in its digest.
    Changed,
}

impl Why {
    /// The name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::KeyNotValidThen => "key_not_valid_then",
            Self::OtherContent => "other_content",
            Self::Renamed => "renamed",
            Self::Changed => "changed",
        }
    }

    /// What it means, for people.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Signature => "its signature does not belong to its content",
            Self::KeyNotValidThen => "its key was not valid at its time",
            Self::OtherContent => "the following digest names it with another hash",
            Self::Renamed => "the file has the name of another digest",
            Self::Changed => "its hash is not the one that its digest names",
        }
    }
}

/// What a chain as a whole was found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whole {
    /// Every digest and every log file that they name, without a gap.
    Verified,
    /// Something is verified, something is not known.
    Partly,
    Unknown,
    Failed,
}

impl Whole {
    /// The name in SQL and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Partly => "partly",
            Self::Unknown => "unknown",
            Self::Failed => "failed",
        }
    }
}

/// A chain: the digests of one trail about one region of one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    pub account: String,
    pub region: String,
    pub trail: String,
    pub is_backfill: bool,
    pub whole: Whole,
    pub from_ms: i64,
    pub to_ms: i64,
    pub beginning: Beginning,
    /// The newest digest's signature is in no following digest, since there is none, nor beside it.
    pub newest_is_unsigned: bool,
    pub digests: u64,
    pub digests_verified: u64,
    pub digests_unsigned: u64,
    pub digests_without_key: u64,
    pub digests_failed: u64,
    /// Log files that the digests name.
    pub named: u64,
    pub verified: u64,
    pub hash_matches: u64,
    pub failed: u64,
    /// Named and not imported.
    pub absent: u64,
    pub gaps: Vec<Gap>,
    /// At most 200 of them.
    pub failures: Vec<Failure>,
    /// At most 200 of those that are named and not imported.
    pub absent_files: Vec<String>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// As the digests were given.
    pub digests: Vec<(Standing, Option<Why>)>,
    /// As the log files were given.
    pub files: Vec<FileVerdict>,
    pub chains: Vec<Chain>,
}

/// Judges `digests` and `files`. `check` says whether a signature belongs to a text of a digest.
pub fn judge(
    digests: &[Held],
    files: &[LogFile],
    check: &dyn Fn(&Digest, &str, &str) -> Signed,
) -> Judged {
    let links = Links::of(digests);
    let standings: Vec<_> = (0..digests.len())
        .map(|index| standing(digests, index, &links, check))
        .collect();
    let verdicts = files_by(digests, &standings, files);
    let mut groups: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (index, held) in digests.iter().enumerate() {
        let digest = &held.digest;
        groups
            .entry((
                &digest.account,
                &digest.region,
                &digest.trail,
                digest.is_backfill,
            ))
            .or_default()
            .push(index);
    }
    let present = Present::of(files);
    let chains = groups
        .into_values()
        .map(|mut members| {
            members.sort_by_key(|&index| (digests[index].digest.end_ms, index));
            chain(digests, &standings, &members, &links, &present)
        })
        .collect();
    Judged {
        digests: standings,
        files: verdicts,
        chains,
    }
}

type At<'a> = (&'a str, &'a str);

/// Who names whom.
struct Links<'a> {
    /// Digests by bucket and object.
    here: HashMap<At<'a>, Vec<usize>>,
    /// Digests by the predecessor that they name.
    following: HashMap<At<'a>, Vec<usize>>,
}

impl<'a> Links<'a> {
    fn of(digests: &'a [Held]) -> Self {
        let mut links = Self {
            here: HashMap::new(),
            following: HashMap::new(),
        };
        for (index, held) in digests.iter().enumerate() {
            let digest = &held.digest;
            let at = (digest.bucket.as_str(), digest.object.as_str());
            links.here.entry(at).or_default().push(index);
            if let Some(previous) = &digest.previous {
                let at = (previous.bucket.as_str(), previous.object.as_str());
                links.following.entry(at).or_default().push(index);
            }
        }
        links
    }
}

fn standing(
    digests: &[Held],
    index: usize,
    links: &Links<'_>,
    check: &dyn Fn(&Digest, &str, &str) -> Signed,
) -> (Standing, Option<Why>) {
    let held = &digests[index];
    let digest = &held.digest;
    let own = plain_name(&digest.object);
    if held.name.contains("_CloudTrail-Digest_") && plain_name(&held.name) != own {
        return (Standing::Failed, Some(Why::Renamed));
    }
    let following: Vec<_> = links
        .following
        .get(&(digest.bucket.as_str(), digest.object.as_str()))
        .into_iter()
        .flatten()
        .filter_map(|&next| digests[next].digest.previous.as_ref())
        .collect();
    if following
        .iter()
        .any(|previous| previous.hash != held.content)
    {
        return (Standing::Failed, Some(Why::OtherContent));
    }
    let text = signed_text(digest, &held.content);
    let signatures: BTreeSet<&str> = held
        .signatures
        .iter()
        .map(String::as_str)
        .chain(following.iter().map(|previous| previous.signature.as_str()))
        .collect();
    let checked: Vec<Signed> = signatures
        .into_iter()
        .map(|signature| check(digest, &text, signature))
        .collect();
    if checked.contains(&Signed::Valid) {
        return (Standing::Verified, None);
    }
    match checked.into_iter().max() {
        None => (Standing::Unsigned, None),
        Some(Signed::NoKey | Signed::Valid) => (Standing::NoKey, None),
        Some(Signed::NotThen) => (Standing::Failed, Some(Why::KeyNotValidThen)),
        Some(Signed::Invalid) => (Standing::Failed, Some(Why::Signature)),
    }
}

/// Log files that are here, by content and by name.
struct Present<'a> {
    contents: BTreeSet<[u8; 32]>,
    names: BTreeSet<&'a str>,
}

impl<'a> Present<'a> {
    fn of(files: &'a [LogFile]) -> Self {
        Self {
            contents: files.iter().map(|file| file.content).collect(),
            names: files.iter().map(|file| plain_name(&file.name)).collect(),
        }
    }
}

fn files_by(
    digests: &[Held],
    standings: &[(Standing, Option<Why>)],
    files: &[LogFile],
) -> Vec<FileVerdict> {
    let mut by_content: HashMap<[u8; 32], usize> = HashMap::new();
    let mut by_name: HashMap<&str, usize> = HashMap::new();
    // Times that digests cover, by account and region.
    let mut covered: HashMap<(&str, &str), Vec<(i64, i64)>> = HashMap::new();
    for (index, held) in digests.iter().enumerate() {
        let digest = &held.digest;
        covered
            .entry((&digest.account, &digest.region))
            .or_default()
            .push((digest.start_ms, digest.end_ms));
        for named in &digest.files {
            let best = by_content.entry(named.hash).or_insert(index);
            if standings[index].0 == Standing::Verified {
                *best = index;
            }
            let best = by_name.entry(plain_name(&named.object)).or_insert(index);
            if standings[index].0 == Standing::Verified {
                *best = index;
            }
        }
    }
    for times in covered.values_mut() {
        times.sort_unstable();
    }
    let is_covered = |name: &str| {
        delivered(name).is_some_and(|(account, region, at)| {
            covered.get(&(account, region)).is_some_and(|times| {
                let before = times.partition_point(|(start, _)| *start <= at);
                times[..before]
                    .iter()
                    .rev()
                    .take(3)
                    .any(|(_, end)| at < *end)
            })
        })
    };
    files
        .iter()
        .map(|file| {
            let same = by_content.get(&file.content);
            let called = by_name.get(plain_name(&file.name));
            let is_verified = |index: &&usize| standings[**index].0 == Standing::Verified;
            let (origin, by) = match (same, called) {
                (Some(index), _) if is_verified(&index) => (Origin::Verified, Some(index)),
                // What a signature covers outweighs a digest that anybody could have written.
                (_, Some(index)) if same.is_none() || is_verified(&index) => {
                    (Origin::Failed, Some(index))
                }
                (Some(index), _) => (Origin::HashMatches, Some(index)),
                (None, _) if is_covered(&file.name) => (Origin::UnnamedInCoveredTime, None),
                (None, _) => (Origin::Unnamed, None),
            };
            FileVerdict {
                origin,
                by: by.map(|&index| digests[index].digest.object.clone()),
            }
        })
        .collect()
}

fn chain(
    digests: &[Held],
    standings: &[(Standing, Option<Why>)],
    members: &[usize],
    links: &Links<'_>,
    present: &Present<'_>,
) -> Chain {
    let first = &digests[members[0]].digest;
    let newest = members[members.len() - 1];
    let mut chain = Chain {
        account: first.account.clone(),
        region: first.region.clone(),
        trail: first.trail.clone(),
        is_backfill: first.is_backfill,
        whole: Whole::Unknown,
        from_ms: first.start_ms,
        to_ms: digests[newest].digest.end_ms,
        beginning: match first.previous {
            None => Beginning::Start,
            Some(_) => Beginning::PredecessorAbsent,
        },
        newest_is_unsigned: standings[newest].0 == Standing::Unsigned,
        digests: members.len() as u64,
        digests_verified: 0,
        digests_unsigned: 0,
        digests_without_key: 0,
        digests_failed: 0,
        named: 0,
        verified: 0,
        hash_matches: 0,
        failed: 0,
        absent: 0,
        gaps: Vec::new(),
        failures: Vec::new(),
        absent_files: Vec::new(),
    };
    let mut seen: BTreeSet<(&str, [u8; 32])> = BTreeSet::new();
    let mut before: Option<i64> = None;
    for &index in members {
        let digest = &digests[index].digest;
        let (standing, why) = standings[index];
        match standing {
            Standing::Verified => chain.digests_verified += 1,
            Standing::Unsigned => chain.digests_unsigned += 1,
            Standing::NoKey => chain.digests_without_key += 1,
            Standing::Failed => chain.digests_failed += 1,
        }
        if let Some(why) = why {
            chain.fail(&digest.object, why);
        }
        if let Some(until_ms) = before {
            chain.gaps.extend(gap(digest, until_ms, links));
        }
        before = Some(before.unwrap_or(digest.end_ms).max(digest.end_ms));
        for named in &digest.files {
            // Two copies of one digest name the same files.
            if !seen.insert((&named.object, named.hash)) {
                continue;
            }
            chain.named += 1;
            if present.contents.contains(&named.hash) {
                match standing {
                    Standing::Verified => chain.verified += 1,
                    _ => chain.hash_matches += 1,
                }
            } else if present.names.contains(plain_name(&named.object)) {
                chain.failed += 1;
                chain.fail(&named.object, Why::Changed);
            } else {
                chain.absent += 1;
                if chain.absent_files.len() < NAMED {
                    chain.absent_files.push(named.object.clone());
                }
            }
        }
    }
    chain.whole = whole(&chain);
    chain
}

impl Chain {
    fn fail(&mut self, object: &str, why: Why) {
        if self.failures.len() < NAMED {
            self.failures.push(Failure {
                object: object.to_owned(),
                why,
            });
        }
    }
}

fn whole(chain: &Chain) -> Whole {
    if chain.digests_failed + chain.failed > 0 {
        Whole::Failed
    } else if chain.digests_verified == chain.digests
        && chain.verified == chain.named
        && chain.gaps.is_empty()
    {
        Whole::Verified
    } else if chain.digests_verified > 0 {
        Whole::Partly
    } else {
        Whole::Unknown
    }
}

/// What lies uncovered between `digest` and the time up to which earlier ones reach.
fn gap(digest: &Digest, until_ms: i64, links: &Links<'_>) -> Option<Gap> {
    let missing = match &digest.previous {
        Some(previous) => {
            let at = (previous.bucket.as_str(), previous.object.as_str());
            if links.here.contains_key(&at) {
                None
            } else {
                Some(previous.object.clone())
            }
        }
        None => None,
    };
    let is_new_start = digest.previous.is_none();
    let is_hole = digest.start_ms > until_ms;
    (missing.is_some() || is_new_start || is_hole).then(|| Gap {
        from_ms: until_ms.min(digest.start_ms),
        to_ms: digest.start_ms,
        missing,
    })
}
