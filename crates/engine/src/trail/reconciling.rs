//! Which sources saw the same calls, what each of them tells, and where one has a hole.
//!
//! In: a period. Out: counts by source and pair, the map of source × day, holes. Everything but the
//! comparison of matched records comes from roll-ups; every count is the count of a trail query. Not
//! here: joining records to calls (the store, at import), what a hole is (`assay_domain::coverage`).

mod compared;
mod map;
pub mod view;

use std::collections::BTreeMap;

use assay_domain::billed::comparing::Line;
use assay_domain::call::Kind;
use assay_domain::checks::Covered;
use assay_domain::coverage::{
    self, Change, FIELDS, Facts, Hole, Named, Seen, Signature, Told, Unit, digests, field_name,
    logging_changed,
};
use assay_domain::deployment::Definition;
use assay_domain::digest_chain::judging::Chain;
use assay_domain::formats::Format;
use assay_domain::moment::rfc3339;
use assay_domain::place::glob;
use assay_domain::query::keys::Table;
use assay_domain::settings::{date_ms, date_text};
use assay_store::coverage::Period;
use assay_store::deployments::DeploymentRecord;
use assay_store::rollups::HOUR_MS;

use crate::deployments::definition;
use crate::error::{Code, Result, WireError};
use crate::opening::{Engine, read_query};
use crate::trail::billed;
use crate::trail::billed::view::AskUsage;
use crate::trail::reconciling::view::{
    AskReconciliation, Fill, HoleRow, Pair, Reconciliation, SourceCalls,
};
use crate::trail::view::Rule;

/// Activities about logging that are read at once.
const CHANGES: usize = 500;

/// What is known of a period.
pub(crate) struct Known {
    pub(crate) seen: Vec<Seen>,
    pub(crate) told: Vec<Told>,
    changes: Vec<Change>,
    deployments: BTreeMap<i64, Named>,
    pub(crate) chains: Vec<Chain>,
    billed: billed::Known,
    files: Vec<(String, Option<String>)>,
    period: Period,
    now_ms: i64,
}

impl Known {
    /// Reads it.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn read(engine: &Engine, period: Period) -> Result<Self> {
        let store = engine.store();
        let mut chains = Vec::new();
        for (_, text) in store.digest_chains()? {
            chains.push(serde_json::from_str(&text).map_err(|error| {
                WireError::new(
                    Code::Internal,
                    format!("a stored chain can't be read: {error}"),
                )
            })?);
        }
        Ok(Self {
            seen: store.seen(period)?,
            told: store.told(period)?,
            changes: changes(engine)?,
            deployments: store
                .deployments()?
                .into_iter()
                .map(|record| {
                    let accounts = accounts(&record);
                    let named = Named {
                        name: record.name,
                        kind: record.kind,
                        accounts,
                    };
                    (record.id, named)
                })
                .collect(),
            chains,
            billed: billed::Known::read(engine, period)?,
            files: store.log_origins()?,
            period,
            now_ms: engine.now_ms(),
        })
    }

    /// As the rules take it.
    pub(crate) fn facts(&self) -> Facts<'_> {
        Facts {
            seen: &self.seen,
            told: &self.told,
            changes: &self.changes,
            deployments: &self.deployments,
            billed: &self.billed.lines,
            from_ms: self.period.from_ms,
            to_ms: self.period.to_ms,
            now_ms: self.now_ms,
        }
    }
}

/// The accounts of a deployment: those of its definition; where nobody wrote one its name is made of
/// its kind and the account.
fn accounts(record: &DeploymentRecord) -> Vec<String> {
    match definition(record) {
        Ok(definition) if record.toml.is_some() => definition.rules.accounts,
        Ok(_) => record
            .name
            .split_once('-')
            .map(|(_, account)| account.to_owned())
            .into_iter()
            .collect(),
        Err(_) => Vec::new(),
    }
}

/// What somebody did to the logging, by time, in all of the trail: what a period begins with was done before it. What
/// failed changed nothing.
fn changes(engine: &Engine) -> Result<Vec<Change>> {
    let names: Vec<String> = logging_changed::actions()
        .into_iter()
        .flat_map(|action| [action.to_owned(), format!("google*.{action}")])
        .collect();
    let mut changes = Vec::new();
    let query = read_query(
        &format!("action:{} -succeeded:no", names.join(",")),
        Table::Activities,
    )?;
    let mut after = None;
    loop {
        let (page, next) = engine.store().activities(&query, after, CHANGES)?;
        for record in page {
            let activity = record.activity;
            let Some(at_ms) = activity.at_ms else {
                continue;
            };
            changes.push(Change {
                at_ms,
                action: activity.action,
                account: activity.account,
                region: activity.region,
                target: activity.target,
            });
        }
        match next {
            Some(cursor) => after = Some(cursor),
            None => break,
        }
    }
    changes.sort_by_key(|change| change.at_ms);
    Ok(changes)
}

/// The period that was asked for, and the same as a trail query.
///
/// # Errors
/// `bad_input` for what is no time, or ends before it begins.
pub(crate) fn period_of(asked: &AskReconciliation) -> Result<(Period, String)> {
    let mut terms = Vec::new();
    let mut bounds = [None, None];
    for ((time, relation), bound) in [(&asked.from, ">="), (&asked.to, "<")]
        .into_iter()
        .zip(&mut bounds)
    {
        let Some(time) = time.as_deref().filter(|time| !time.is_empty()) else {
            continue;
        };
        let read = date_ms(time).or_else(|| {
            chrono::DateTime::parse_from_rfc3339(time)
                .ok()
                .map(|at| at.timestamp_millis())
        });
        let Some(at) = read else {
            return Err(
                WireError::new(Code::BadInput, format!("not a time: {time}"))
                    .hint("write a date like 2026-10-01"),
            );
        };
        *bound = Some(at);
        terms.push(format!("started_at:{relation}{time}"));
    }
    let [from_ms, to_ms] = bounds;
    if from_ms.zip(to_ms).is_some_and(|(from, to)| to <= from) {
        return Err(WireError::new(
            Code::BadInput,
            "the period ends before it begins",
        ));
    }
    Ok((Period { from_ms, to_ms }, terms.join(" ")))
}

/// Compares all sources of a period.
///
/// # Errors
/// `bad_input` for the period; the store's errors.
pub fn reconcile(engine: &Engine, asked: AskReconciliation) -> Result<Reconciliation> {
    let (period, query) = period_of(&asked)?;
    let known = Known::read(engine, period)?;
    let facts = known.facts();
    let counts = Counts::read(engine, &known.seen, period, &query)?;
    let mut holes = coverage::holes(&facts);
    let days = digests::days(&known.chains, &known.files);
    let span = (
        period.from_ms.unwrap_or(i64::MIN),
        period.to_ms.unwrap_or(i64::MAX),
    );
    holes.extend(digests::holes(&known.chains, &days, span));
    coverage::sort(&mut holes);
    Ok(Reconciliation {
        calls: counts.all,
        sources: sources(&counts, &known.told, &query),
        pairs: pairs(engine, &counts, &known.seen, (period, &query))?,
        billed: known
            .billed
            .shown(&|id| known.deployments.get(&id).map(|named| named.name.clone())),
        coverage: map::map(&facts, &holes, &days, period),
        holes: holes.into_iter().map(row).collect(),
        signatures: Signature::ALL
            .into_iter()
            .map(|signature| Rule {
                name: signature.name().to_owned(),
                title: signature.title().to_owned(),
                says: signature.rule().to_owned(),
            })
            .collect(),
        query,
    })
}

/// What the sources of one deployment's calls cover, over the whole trail.
///
/// # Errors
/// The store's.
pub(crate) fn covered(engine: &Engine, definition: &Definition) -> Result<Covered> {
    let store = engine.store();
    let own = store.deployment(&definition.name)?.id;
    let mut known = Known::read(engine, Period::default())?;
    known.seen.retain(|seen| seen.deployment == own);
    known.told.retain(|told| told.deployment == own);
    known.deployments.retain(|id, _| *id == own);
    let accounts = known
        .deployments
        .get(&own)
        .map_or_else(Vec::new, |named| named.accounts.clone());
    let regions = &definition.rules.regions;
    let holds = |list: &[String], value: &Option<String>| {
        list.is_empty()
            || value
                .as_deref()
                .is_none_or(|value| list.iter().any(|entry| glob(entry, value)))
    };
    known
        .changes
        .retain(|change| holds(&accounts, &change.account) && holds(regions, &change.region));
    // A report that names no deployment is of the only one that it can be of.
    let of_kind = store
        .deployments()?
        .iter()
        .filter(|record| record.kind == Kind::ClaudeApi)
        .count();
    let is_only = definition.kind == Kind::ClaudeApi && of_kind == 1;
    let is_unassigned = |line: &Line| line.deployment.is_none() && line.billed.is_some();
    let billed_unassigned = !is_only && known.billed.lines.iter().any(is_unassigned);
    known.billed.lines.retain(|line| match line.deployment {
        Some(id) => id == own,
        None => is_only,
    });
    let mut holes = coverage::holes(&known.facts());
    let touches = match definition.kind {
        Kind::Bedrock => Some((
            [Format::BedrockInvocationLog, Format::CloudTrail],
            Format::CloudTrail,
        )),
        Kind::Vertex => Some((
            [Format::VertexRequestResponse, Format::GoogleAuditLog],
            Format::GoogleAuditLog,
        )),
        Kind::ClaudeApi | Kind::ClaudeEnterprise | Kind::Private => None,
    };
    holes.retain(|hole| {
        let logging = matches!(
            hole.signature,
            Signature::LoggingOff | Signature::LoggingChanged
        );
        !logging
            || touches.is_some_and(|(sources, _)| {
                sources.iter().any(|source| source.name() == hole.source)
            })
    });
    let activities = match touches {
        Some((_, log)) => {
            let query = read_query(&format!("source:{}", log.name()), Table::Activities)?;
            store.activity_count(&query)?.0
        }
        None => 0,
    };
    let all = known.seen.iter().fold(0, |all, seen| all | seen.sources);
    Ok(Covered {
        calls: known.seen.iter().map(|seen| seen.calls).sum(),
        sources: Format::ALL
            .into_iter()
            .filter(|source| all & coverage::bit(*source) != 0)
            .map(|source| source.name().to_owned())
            .collect(),
        unchecked: coverage::unchecked(&known.seen),
        holes,
        activities,
        billed: known.billed.lines,
        billed_unassigned,
    })
}

/// Calls by the set of sources that saw them.
struct Counts {
    all: u64,
    sets: BTreeMap<u64, u64>,
}

impl Counts {
    /// From the roll-up where the period is one of whole hours, else by counting what the query
    /// matches.
    fn read(engine: &Engine, seen: &[Seen], period: Period, query: &str) -> Result<Self> {
        let whole = |ms: Option<i64>| ms.is_none_or(|ms| ms.rem_euclid(HOUR_MS) == 0);
        let mut sets: BTreeMap<u64, u64> = BTreeMap::new();
        if whole(period.from_ms) && whole(period.to_ms) {
            for one in seen {
                *sets.entry(one.sources).or_default() += one.calls;
            }
        } else {
            // The hours that the period cuts are in `seen` whole: ask for each set that occurs.
            let known: u64 = seen.iter().fold(0, |all, one| all | one.sources);
            for sources in seen.iter().map(|one| one.sources) {
                if sets.contains_key(&sources) {
                    continue;
                }
                let terms: Vec<String> = Format::ALL
                    .into_iter()
                    .filter(|source| known & coverage::bit(*source) != 0)
                    .map(|source| {
                        let not = if sources & coverage::bit(source) == 0 {
                            "-"
                        } else {
                            ""
                        };
                        format!("{not}source:{}", source.name())
                    })
                    .collect();
                let asked = within(query, &terms.join(" "));
                let count = engine.store().count(&read_query(&asked, Table::Calls)?)?.0;
                sets.insert(sources, count);
            }
            sets.retain(|_, calls| *calls > 0);
        }
        Ok(Self {
            all: sets.values().sum(),
            sets,
        })
    }

    fn of(&self, holds: impl Fn(u64) -> bool) -> u64 {
        self.sets
            .iter()
            .filter(|(sources, _)| holds(**sources))
            .map(|(_, calls)| calls)
            .sum()
    }

    fn sources(&self) -> Vec<Format> {
        Format::ALL
            .into_iter()
            .filter(|source| self.of(|set| set & coverage::bit(*source) != 0) > 0)
            .collect()
    }
}

fn within(period: &str, more: &str) -> String {
    format!("{period} {more}").trim().to_owned()
}

fn sources(counts: &Counts, told: &[Told], period: &str) -> Vec<SourceCalls> {
    let sources = counts.sources();
    sources
        .iter()
        .map(|source| {
            let own = coverage::bit(*source);
            let name = source.name();
            let mut sums = ([0; FIELDS.len()], 0, 0, 0, 0);
            for one in told.iter().filter(|one| one.source == name) {
                for (sum, count) in sums.0.iter_mut().zip(one.fields) {
                    *sum += count;
                }
                sums.1 += one.records;
                sums.2 += one.errors;
                sums.3 += one.text_held + one.text_elsewhere;
                sums.4 += one.text_of();
            }
            let (fields, records, errors, with_text, text_of) = sums;
            let fill = |field: &str, told, of| Fill {
                field: field.to_owned(),
                told,
                of,
                lacking_query: within(period, &format!("record:{name}.no_{field}")),
            };
            let fills = FIELDS
                .iter()
                .zip(fields)
                .map(|(column, told)| fill(field_name(column), told, records));
            let others: Vec<String> = sources
                .iter()
                .filter(|other| *other != source)
                .map(|other| other.name().to_owned())
                .collect();
            let not_theirs = match others.is_empty() {
                true => String::new(),
                false => format!(" -source:{}", others.join(",")),
            };
            SourceCalls {
                source: name.to_owned(),
                title: source.title().to_owned(),
                calls: counts.of(|set| set & own != 0),
                query: within(period, &format!("source:{name}")),
                alone: counts.of(|set| set == own),
                alone_query: within(period, &format!("source:{name}{not_theirs}")),
                records,
                errors,
                fields: (text_of > 0)
                    .then(|| fill("text", with_text, text_of))
                    .into_iter()
                    .chain(fills)
                    .collect(),
            }
        })
        .collect()
}

fn pairs(
    engine: &Engine,
    counts: &Counts,
    seen: &[Seen],
    (period, query): (Period, &str),
) -> Result<Vec<Pair>> {
    let sources = counts.sources();
    let mut pairs = Vec::new();
    for (index, left) in sources.iter().enumerate() {
        for right in &sources[index + 1..] {
            let (of_left, of_right) = (coverage::bit(*left), coverage::bit(*right));
            let both = of_left | of_right;
            let matched = counts.of(|set| set & both == both);
            let (compared, fields_missing) = match matched {
                0 => (0, Vec::new()),
                _ => compared::missing(engine, seen, (*left, *right), period)?,
            };
            let asks = |text: String| within(query, &text);
            let (l, r) = (left.name(), right.name());
            pairs.push(Pair {
                left: l.to_owned(),
                right: r.to_owned(),
                matched,
                only_left: counts.of(|set| set & both == of_left),
                only_right: counts.of(|set| set & both == of_right),
                matched_query: asks(format!("source:{l} source:{r}")),
                only_left_query: asks(format!("source:{l} -source:{r}")),
                only_right_query: asks(format!("source:{r} -source:{l}")),
                compared,
                fields_missing,
            });
        }
    }
    Ok(pairs)
}

fn row(hole: Hole) -> HoleRow {
    HoleRow {
        signature: hole.signature.name().to_owned(),
        title: hole.signature.title().to_owned(),
        source_title: coverage::source_title(&hole.source).to_owned(),
        source: hole.source,
        deployment: hole.deployment,
        from: rfc3339(hole.from_ms),
        to: rfc3339(hole.to_ms),
        no_end_known: hole.no_end_known,
        count: hole.count,
        denominator: hole.of,
        unit: hole.unit.name().to_owned(),
        unit_of_one: hole.unit.of_one(),
        query: hole.query,
        activities_query: hole.activities,
        usage: (hole.unit == Unit::Tokens).then(|| AskUsage {
            from: Some(date_text(hole.from_ms)),
            to: Some(date_text(hole.to_ms)),
            model: hole.billed_model,
            report: Some("usage".to_owned()),
            counts: Some(true),
            ..AskUsage::default()
        }),
        says: hole.says,
    }
}
