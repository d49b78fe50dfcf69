//! Which groups of records are of one call, by the records alone.
//!
//! In: the head of a group that ids made. Out: the groups that are of the same call. Two groups are
//! joined where each is the other's only candidate of its sources, by the same text where both keep
//! it, and where they agree on the candidate of every other source: so it is an equivalence, and
//! depends on nothing beyond a few minutes. Writes nothing, keeps no text.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use assay_domain::call::{Body, Call, Kind, Oddity, Tokens};
use assay_domain::formats::{Format, exchange};
use assay_domain::same_call::spans::{self, Span};
use assay_domain::same_call::{self, MANY, Model, WITHIN_MS};
use rusqlite::{Connection, Row};

use crate::calls::{self, body};
use crate::day_keys::DayKeys;
use crate::erasure::erased_by;
use crate::error::{Result, StoreError};
use crate::inferring::{MINUTE_MS, head_of, whole};

/// Groups near one, or records of one group, beyond which none of them is looked into.
const CROWD: usize = 64;
/// Groups that are kept in memory.
const KEPT: usize = 20_000;
/// The source that can't tell how its deployment is reached, and the one that can't without an id.
const ANY_KIND: &str = Format::AuditedClient.name();
const ANY_KIND_AT_TIMES: &str = Format::ClaudeCode.name();

/// What [`read_keys`] reads, of the table `c`.
pub(crate) const KEY_COLUMNS: &str = "c.seq, c.source, c.started_at_ms,
    (select text from label where id = c.request_model),
    (select text from label where id = c.response_model), c.input_tokens, c.output_tokens,
    c.format, c.request_ids";

/// By what a record is found.
pub(crate) struct Keyed {
    /// Its source; the negative of it where it is a framework's span, which may tell a call that a
    /// client's of the same source tells as well.
    pub(crate) source: i64,
    key: Option<i64>,
    span_key: Option<i64>,
}

impl Keyed {
    /// Of a call that is about to be stored.
    pub(crate) fn of(call: &Call, format: Option<u8>, source: i64) -> Self {
        let models = (
            call.request_model.as_deref(),
            call.response_model.as_deref(),
        );
        let ids = (is_span(format)).then_some(&call.request_ids);
        Self::new((call.started_at_ms, source), models, &call.tokens, ids)
    }

    fn new(
        (at_ms, source): (Option<i64>, i64),
        models: (Option<&str>, Option<&str>),
        tokens: &Tokens,
        ids_of_span: Option<&BTreeMap<String, String>>,
    ) -> Self {
        let is_of_framework = ids_of_span.is_some_and(spans::is_of_framework);
        Self {
            source: if is_of_framework { -source } else { source },
            key: same_call::key_of(at_ms, models, tokens),
            span_key: ids_of_span.and_then(|_| spans::key(models, tokens, is_of_framework)),
        }
    }

    pub(crate) fn hashes(&self) -> impl Iterator<Item = i64> + use<> {
        self.key.into_iter().chain(self.span_key)
    }

    /// Whether two records are of a framework and of the client that it uses.
    fn are_spans(&self, other: &Self) -> bool {
        self.source == -other.source
    }

    fn is_alike(&self, other: &Self) -> bool {
        let alike = |one: Option<i64>, other: Option<i64>| one.is_some() && one == other;
        alike(self.key, other.key) || alike(self.span_key, other.span_key)
    }
}

fn is_span(format: Option<u8>) -> bool {
    format == Some(Format::OpenTelemetry as u8)
}

/// Sequence, time and keys of a call; `None` where it has no time.
pub(crate) fn read_keys(row: &Row<'_>) -> rusqlite::Result<Option<(i64, i64, Keyed)>> {
    let (request, response): (Option<String>, Option<String>) = (row.get(3)?, row.get(4)?);
    let at_ms: Option<i64> = row.get(2)?;
    let tokens = Tokens {
        input: row.get::<_, Option<i64>>(5)?.map(i64::unsigned_abs),
        output: row.get::<_, Option<i64>>(6)?.map(i64::unsigned_abs),
        ..Tokens::default()
    };
    let ids = match is_span(row.get(7)?) {
        true => Some(calls::names(&row.get::<_, String>(8)?)),
        false => None,
    };
    let keyed = Keyed::new(
        (at_ms, row.get(1)?),
        (request.as_deref(), response.as_deref()),
        &tokens,
        ids.as_ref(),
    );
    let seq = row.get(0)?;
    Ok(at_ms.map(|at_ms| (seq, at_ms, keyed)))
}

/// One record, as far as it matters here.
struct Record {
    seq: i64,
    keyed: Keyed,
    at_ms: i64,
    latency_ms: Option<i64>,
    request_ids: BTreeMap<String, String>,
    model_date: Option<String>,
    tokens: Tokens,
    kind: i64,
    is_any_kind: bool,
    requested_region: Option<i64>,
    status: i64,
    body: i64,
    format: Option<u8>,
    is_masked: bool,
    is_erased: bool,
}

impl Record {
    fn span(&self) -> Span<'_> {
        Span {
            request_ids: &self.request_ids,
            tokens: &self.tokens,
            began_ms: self.at_ms,
            lasted_ms: self.latency_ms,
        }
    }
}

/// The records of one group by ids.
struct Group {
    records: Vec<Record>,
    sources: BTreeSet<i64>,
    ids: BTreeMap<String, BTreeSet<String>>,
    is_erased: bool,
}

/// Digests of the texts of a group, and whether any of them stands in clear.
struct Texts {
    digests: BTreeSet<[u8; 32]>,
    has_clear: bool,
}

/// How the texts of two groups compare.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Compared {
    Same,
    Other,
    /// One of them keeps none, or only a masked one.
    Unknown,
}

/// The groups that are of one call with a group.
pub(crate) struct Class {
    /// Their heads, its own included, and whether the texts are the same.
    pub(crate) heads: BTreeMap<i64, bool>,
    /// Another source has a record that may be of the call, and it can't be told which.
    pub(crate) is_ambiguous: bool,
}

/// By source: the candidates of a group.
type Candidates = BTreeMap<i64, BTreeSet<i64>>;

pub(crate) struct Classes<'a> {
    connection: &'a Connection,
    keys: &'a DayKeys,
    groups: HashMap<i64, Rc<Group>>,
    near: HashMap<i64, Rc<BTreeSet<i64>>>,
    texts: HashMap<i64, Rc<Texts>>,
    candidates: HashMap<i64, Rc<Candidates>>,
    picks: HashMap<(i64, i64), Option<i64>>,
    frozen: HashMap<i64, bool>,
}

impl<'a> Classes<'a> {
    pub(crate) fn new(connection: &'a Connection, keys: &'a DayKeys) -> Self {
        Self {
            connection,
            keys,
            groups: HashMap::new(),
            near: HashMap::new(),
            texts: HashMap::new(),
            candidates: HashMap::new(),
            picks: HashMap::new(),
            frozen: HashMap::new(),
        }
    }

    /// Forgets what it knows, once that is much.
    pub(crate) fn tidy(&mut self) {
        if self.groups.len() > KEPT {
            *self = Self::new(self.connection, self.keys);
        }
    }

    fn group(&mut self, head: i64) -> Result<Rc<Group>> {
        if let Some(group) = self.groups.get(&head) {
            return Ok(Rc::clone(group));
        }
        let group = Rc::new(self.read_group(head)?);
        self.groups.insert(head, Rc::clone(&group));
        Ok(group)
    }

    fn read_group(&self, head: i64) -> Result<Group> {
        let sql = format!(
            "select {KEY_COLUMNS}, c.cache_read_tokens, c.cache_write_5m_tokens,
                c.cache_write_1h_tokens, c.kind, (select text from label where id = c.source),
                c.requested_region, c.status, c.body, c.oddities, {} is not null, c.latency_ms
             from (select ?1 as seq
                   union select seq from witness where group_seq = ?1
                   union select seq from witness where of_seq = ?1 and inferred is null) g
             join call c on c.seq = g.seq order by c.seq limit {CROWD} + 1",
            erased_by("c")
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([head])?;
        let mut group = Group {
            records: Vec::new(),
            sources: BTreeSet::new(),
            ids: BTreeMap::new(),
            is_erased: false,
        };
        while let Some(row) = rows.next()? {
            let record = read_record(row)?;
            group.sources.insert(record.keyed.source);
            group.is_erased |= record.is_erased;
            for (name, id) in &record.request_ids {
                if !id.is_empty() && Call::SHARED_IDS.contains(&name.as_str()) {
                    group
                        .ids
                        .entry(name.clone())
                        .or_default()
                        .insert(id.clone());
                }
            }
            group.records.push(record);
        }
        Ok(group)
    }

    /// The records of a group.
    pub(crate) fn seqs(&mut self, head: i64) -> Result<Vec<i64>> {
        Ok(self
            .group(head)?
            .records
            .iter()
            .map(|one| one.seq)
            .collect())
    }

    /// Whether a record was erased of all that a group is listed with: it can't be compared any
    /// more, and stays as it was.
    pub(crate) fn is_frozen(&mut self, head: i64) -> Result<bool> {
        if let Some(known) = self.frozen.get(&head) {
            return Ok(*known);
        }
        let mut is_frozen = false;
        for one in whole(self.connection, head)?.1 {
            is_frozen = is_frozen || self.group(one)?.is_erased;
        }
        self.frozen.insert(head, is_frozen);
        Ok(is_frozen)
    }

    /// Whether anything near a group was erased, so that it can't be worked out anew.
    pub(crate) fn is_beside_erased(&mut self, head: i64) -> Result<bool> {
        let mut beside: BTreeSet<i64> = self.near(head)?.iter().copied().collect();
        for one in beside.clone() {
            beside.extend(self.near(one)?.iter().copied());
        }
        beside.insert(head);
        for one in beside {
            if self.is_frozen(one)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The groups with a record of another source that has the key of one of these, about then.
    pub(crate) fn near(&mut self, head: i64) -> Result<Rc<BTreeSet<i64>>> {
        if let Some(near) = self.near.get(&head) {
            return Ok(Rc::clone(near));
        }
        let group = self.group(head)?;
        let mut heads = BTreeSet::new();
        for record in group
            .records
            .iter()
            .filter(|_| group.records.len() <= CROWD)
        {
            let minute = record.at_ms.div_euclid(MINUTE_MS);
            let mut statement = self.connection.prepare_cached(
                "select seq, at_ms from inference_key
                 where minute in (?1 - 1, ?1, ?1 + 1) and hash = ?2 and source <> ?3",
            )?;
            for key in record.keyed.hashes() {
                let mut rows = statement.query([minute, key, record.keyed.source])?;
                while let Some(row) = rows.next()? {
                    let (seq, at_ms): (i64, i64) = (row.get(0)?, row.get(1)?);
                    if (at_ms - record.at_ms).abs() <= WITHIN_MS {
                        heads.insert(head_of(self.connection, seq)?);
                    }
                }
            }
        }
        heads.remove(&head);
        let near = Rc::new(heads);
        self.near.insert(head, Rc::clone(&near));
        Ok(near)
    }

    /// The groups near this one that nothing but their text could tell apart from it, by source.
    fn candidates(&mut self, head: i64) -> Result<Rc<Candidates>> {
        if let Some(known) = self.candidates.get(&head) {
            return Ok(Rc::clone(known));
        }
        let (near, group) = (self.near(head)?, self.group(head)?);
        let mut candidates = Candidates::new();
        for other in near.iter() {
            // In a crowd nobody is looked at: each is a candidate.
            let there = self.group(*other)?;
            if near.len() > CROWD || may_be_one(&group, &there) {
                for source in &there.sources {
                    candidates.entry(*source).or_default().insert(*other);
                }
            }
        }
        let candidates = Rc::new(candidates);
        self.candidates.insert(head, Rc::clone(&candidates));
        Ok(candidates)
    }

    fn texts(&mut self, head: i64) -> Result<Rc<Texts>> {
        if let Some(texts) = self.texts.get(&head) {
            return Ok(Rc::clone(texts));
        }
        let group = self.group(head)?;
        let mut texts = Texts {
            digests: BTreeSet::new(),
            has_clear: false,
        };
        for record in &group.records {
            if record.body != Body::Present as i64 || record.is_erased {
                continue;
            }
            let Some(format) = record.format.and_then(Format::from_number) else {
                continue;
            };
            let raw = match body(self.connection, self.keys, record.seq.unsigned_abs()) {
                Ok((_, raw)) => raw,
                // A body that is damaged is found by who checks the store.
                Err(
                    StoreError::Damaged { .. }
                    | StoreError::Value(_)
                    | StoreError::KeyMissing { .. }
                    | StoreError::NotFound { .. },
                ) => continue,
                Err(error) => return Err(error),
            };
            if let Some(digest) = same_call::text_digest(&exchange(format, &raw)) {
                texts.digests.insert(digest);
                texts.has_clear |= !record.is_masked;
            }
        }
        let texts = Rc::new(texts);
        self.texts.insert(head, Rc::clone(&texts));
        Ok(texts)
    }

    fn compare(&mut self, one: i64, other: i64) -> Result<Compared> {
        let (one, other) = (self.texts(one)?, self.texts(other)?);
        Ok(if !one.digests.is_disjoint(&other.digests) {
            Compared::Same
        } else if one.has_clear && other.has_clear {
            Compared::Other
        } else {
            Compared::Unknown
        })
    }

    /// Whether two groups keep the same text.
    pub(crate) fn same_text(&mut self, one: i64, other: i64) -> Result<bool> {
        Ok(self.compare(one, other)? == Compared::Same)
    }

    /// The one group with a record of `source` that this one can be of one call with.
    fn pick(&mut self, head: i64, source: i64) -> Result<Option<i64>> {
        if let Some(known) = self.picks.get(&(head, source)) {
            return Ok(*known);
        }
        let picked = self.picked(head, source)?;
        self.picks.insert((head, source), picked);
        Ok(picked)
    }

    fn picked(&mut self, head: i64, source: i64) -> Result<Option<i64>> {
        let candidates = self.candidates(head)?;
        let Some(of_source) = candidates.get(&source) else {
            return Ok(None);
        };
        let group = self.group(head)?;
        if of_source.len() > MANY || self.near(head)?.len() > CROWD || self.is_frozen(head)? {
            return Ok(None);
        }
        let (mut same, mut unknown) = (Vec::new(), Vec::new());
        for other in of_source {
            match self.compare(head, *other)? {
                Compared::Same => same.push(*other),
                Compared::Unknown => unknown.push(*other),
                Compared::Other => {}
            }
        }
        let one = match (same.as_slice(), unknown.as_slice()) {
            ([one], _) => *one,
            ([], [one]) => {
                // Without the text nothing else may speak against it.
                let there = self.group(*one)?;
                if !is_consistent(&group, &there) {
                    return Ok(None);
                }
                *one
            }
            _ => return Ok(None),
        };
        Ok((!self.is_frozen(one)?).then_some(one))
    }

    fn is_joined(&mut self, one: i64, other: i64) -> Result<bool> {
        let mut sources: BTreeSet<i64> = BTreeSet::new();
        for head in [one, other] {
            sources.extend(self.candidates(head)?.keys());
        }
        let (here, there) = (self.group(one)?, self.group(other)?);
        sources.extend(&here.sources);
        sources.extend(&there.sources);
        for source in sources {
            let agrees = if there.sources.contains(&source) {
                self.pick(one, source)? == Some(other)
            } else if here.sources.contains(&source) {
                self.pick(other, source)? == Some(one)
            } else {
                self.pick(one, source)? == self.pick(other, source)?
            };
            if !agrees {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The groups that are of one call with this one.
    pub(crate) fn class(&mut self, head: i64) -> Result<Class> {
        let candidates = self.candidates(head)?;
        let mut heads = BTreeMap::from([(head, true)]);
        let mut told: BTreeSet<i64> = BTreeSet::new();
        for source in candidates.keys() {
            let Some(other) = self.pick(head, *source)? else {
                continue;
            };
            if heads.contains_key(&other) || self.is_joined(head, other)? {
                heads.insert(other, self.same_text(head, other)?);
                told.extend(&self.group(other)?.sources);
            }
        }
        let mut is_ambiguous = false;
        for (source, of_source) in candidates.iter() {
            if told.contains(source) || is_ambiguous {
                continue;
            }
            is_ambiguous = of_source.len() > MANY || self.near(head)?.len() > CROWD;
            for other in of_source {
                is_ambiguous = is_ambiguous || self.compare(head, *other)? != Compared::Other;
            }
        }
        Ok(Class {
            heads,
            is_ambiguous,
        })
    }
}

fn read_record(row: &Row<'_>) -> rusqlite::Result<Record> {
    let count = |index: usize| -> rusqlite::Result<Option<u64>> {
        Ok(row.get::<_, Option<i64>>(index)?.map(i64::unsigned_abs))
    };
    let (request, response): (Option<String>, Option<String>) = (row.get(3)?, row.get(4)?);
    let models = (request.as_deref(), response.as_deref());
    let source: Option<String> = row.get(13)?;
    let oddities: u32 = row.get(17)?;
    let at_ms: Option<i64> = row.get(2)?;
    let format: Option<u8> = row.get(7)?;
    let request_ids = calls::names(&row.get::<_, String>(8)?);
    let tokens = Tokens {
        input: count(5)?,
        output: count(6)?,
        cache_read: count(9)?,
        cache_write_5m: count(10)?,
        cache_write_1h: count(11)?,
    };
    let ids_of_span = is_span(format).then_some(&request_ids);
    Ok(Record {
        seq: row.get(0)?,
        keyed: Keyed::new((at_ms, row.get(1)?), models, &tokens, ids_of_span),
        at_ms: at_ms.unwrap_or_default(),
        latency_ms: row.get(19)?,
        model_date: Model::of(models.0, models.1).and_then(|model| model.date),
        tokens,
        kind: row.get(12)?,
        is_any_kind: match source.as_deref() {
            Some(ANY_KIND) => true,
            Some(ANY_KIND_AT_TIMES) => row.get::<_, i64>(12)? == Kind::Private as i64,
            _ => false,
        },
        requested_region: row.get(14)?,
        status: row.get(15)?,
        body: row.get(16)?,
        format,
        is_masked: oddities & Oddity::TextMasked.bit() != 0,
        is_erased: row.get(18)?,
        request_ids,
    })
}

/// Whether two groups may be of one call: no source in both, no id that both have and that differs,
/// and two records with one key about one time that don't contradict each other.
fn may_be_one(one: &Group, other: &Group) -> bool {
    let has_other_id = one.ids.iter().any(|(name, ids)| {
        other
            .ids
            .get(name)
            .is_some_and(|theirs| theirs.is_disjoint(ids))
    });
    one.sources.is_disjoint(&other.sources)
        && !has_other_id
        && one.records.iter().any(|here| {
            other.records.iter().any(|there| {
                here.keyed.is_alike(&there.keyed)
                    && (!here.keyed.are_spans(&there.keyed) || may_be_spans_of_one(here, there))
                    && (here.at_ms - there.at_ms).abs() <= WITHIN_MS
                    && same_call::tokens_agree(&here.tokens, &there.tokens)
                    && !apart(&here.model_date, &there.model_date)
            })
        })
}

/// Whether a framework's span may tell the same call as that of the client which it uses.
fn may_be_spans_of_one(one: &Record, other: &Record) -> bool {
    let (framework, client) = match one.keyed.source < 0 {
        true => (one, other),
        false => (other, one),
    };
    spans::may_be_of_one(&framework.span(), &client.span())
}

fn apart<T: PartialEq>(one: &Option<T>, other: &Option<T>) -> bool {
    one.is_some() && other.is_some() && one != other
}

/// Whether nothing that both groups tell speaks against one call.
fn is_consistent(one: &Group, other: &Group) -> bool {
    one.records.iter().all(|here| {
        other.records.iter().all(|there| {
            // A framework does not know where its client sends what it asks for.
            let is_any_kind =
                here.is_any_kind || there.is_any_kind || here.keyed.are_spans(&there.keyed);
            (here.kind == there.kind || is_any_kind)
                && here.status == there.status
                && !apart(&here.requested_region, &there.requested_region)
        })
    })
}
