//! Review samples: drawing one from the calls that match, and what its readers judged.
//!
//! A sample is drawn from the records before one leaf and stays as it is, so that it can be drawn
//! again and compared. In: query, seed, size. Out: members in the order of reading, judgements of
//! one reader. Not here: the order and the shares of strata (`assay_domain::review_sample`), who may
//! see what (the engine).

use std::collections::{BTreeMap, HashMap};

use assay_domain::query::Query;
use assay_domain::review_sample::{Allocation, By, Picked, allocate};
use assay_evidence::leaf::{LeafKind, commitment};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use crate::error::{Result, StoreError};
use crate::filter::compile_calls;
use crate::notes::two_salts;
use crate::open::Store;
use crate::policies::deed;
use crate::text_search::Need;
use crate::writer::{OwnRecord, Writer, salts};

/// The most strata of a sample.
pub const MAX_STRATA: usize = 1_000;

const DAY_MS: i64 = 86_400_000;

/// A stratum of a sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StratumRecord {
    /// Its values, in the order of what calls were put into strata by; `None` is not recorded.
    pub values: Vec<Option<String>>,
    pub population: u64,
    pub members: u64,
}

/// A member of a sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRecord {
    /// In the order of reading, from 1.
    pub position: u32,
    pub call_seq: u64,
    /// Hexadecimal.
    pub call: String,
    pub stratum: usize,
}

/// How a sample is drawn.
#[derive(Debug, Clone)]
pub struct Drawing<'a> {
    pub query: &'a Query,
    pub by: &'a [By],
    pub seed: u64,
    pub size: u64,
    pub allocation: Allocation,
    /// Records before this leaf.
    pub tree_size: u64,
}

/// What was drawn.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drawn {
    pub population: u64,
    pub strata: Vec<StratumRecord>,
    /// None where there are more strata than were to be drawn.
    pub members: Vec<MemberRecord>,
}

/// A sample that is to be kept.
#[derive(Debug, Clone)]
pub struct NewSample<'a> {
    /// The query as it was typed.
    pub query: &'a str,
    pub drawing: &'a Drawing<'a>,
    pub drawn: &'a Drawn,
    pub root: [u8; 32],
    pub readers: u32,
}

/// A sample as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleRecord {
    pub id: i64,
    pub seq: u64,
    /// `None` where it was erased.
    pub query: Option<String>,
    pub seed: u64,
    pub size: u64,
    pub by: Vec<String>,
    pub allocation: String,
    pub population: u64,
    pub tree_size: u64,
    pub root: Vec<u8>,
    pub strata: Vec<StratumRecord>,
    pub readers: u32,
    pub drawn_by: String,
    pub drawn_ms: i64,
    pub closed_by: Option<String>,
    pub closed_ms: Option<i64>,
    pub members: u64,
}

/// A reader of a sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReaderRecord {
    pub id: i64,
    pub name: String,
    pub os_user: String,
    pub joined_ms: i64,
    pub finished_ms: Option<i64>,
}

/// The judgement of a reader that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgementRecord {
    pub id: i64,
    pub position: u32,
    /// `fine`, `problem` or `unsure`; `None` where it was taken back.
    pub judgement: Option<String>,
    pub note: Option<String>,
    pub judged_ms: i64,
}

/// A judgement that is to be kept.
#[derive(Debug, Clone, Copy)]
pub struct NewJudgement<'a> {
    pub sample: i64,
    pub reader: i64,
    pub position: u32,
    pub call_seq: u64,
    /// `None` takes the last one back.
    pub judgement: Option<&'a str>,
    pub note: Option<&'a str>,
}

const COLUMNS: &str = "s.id, s.seq, s.query, s.salt is null, s.seed, s.size, s.by, s.allocation,
    s.population, s.tree_size, s.root, s.strata, s.readers, s.drawn_by, s.drawn_ms, s.closed_by,
    s.closed_ms, (select count(*) from review_member m where m.sample = s.id)";

fn sample(row: &Row<'_>) -> rusqlite::Result<SampleRecord> {
    let (by, strata): (String, String) = (row.get(6)?, row.get(11)?);
    let count = |index| row.get::<_, i64>(index).map(i64::unsigned_abs);
    let is_erased: bool = row.get(3)?;
    let query: String = row.get(2)?;
    Ok(SampleRecord {
        id: row.get(0)?,
        seq: count(1)?,
        query: (!is_erased).then_some(query),
        seed: count(4)?,
        size: count(5)?,
        by: serde_json::from_str(&by).unwrap_or_default(),
        allocation: row.get(7)?,
        population: count(8)?,
        tree_size: count(9)?,
        root: row.get(10)?,
        strata: serde_json::from_str(&strata).unwrap_or_default(),
        readers: row.get(12)?,
        drawn_by: row.get(13)?,
        drawn_ms: row.get(14)?,
        closed_by: row.get(15)?,
        closed_ms: row.get(16)?,
        members: count(17)?,
    })
}

fn no_sample(id: i64) -> StoreError {
    StoreError::NotFound {
        what: "review sample",
        name: id.to_string(),
    }
}

/// A value of a stratum before its names are looked up.
type Code = Option<i64>;

/// The name behind a code.
fn name(connection: &Connection, by: By, code: Code) -> Result<Option<String>> {
    let Some(code) = code else {
        return Ok(None);
    };
    let sql = match by {
        By::Deployment => "select name from deployment where id = ?1",
        By::Model => "select text from label where id = ?1",
        By::Status => return Ok(Some(if code == 0 { "ok" } else { "error" }.to_owned())),
        By::Day => {
            let text = assay_domain::moment::rfc3339(code * DAY_MS);
            return Ok(Some(text.chars().take(10).collect()));
        }
    };
    Ok(connection
        .prepare_cached(sql)?
        .query_row([code], |row| row.get(0))
        .optional()?)
}

impl Store {
    /// Draws a sample; keeps nothing.
    ///
    /// # Errors
    /// [`StoreError::Value`] where there are more than [`MAX_STRATA`] strata.
    pub fn draw(&self, drawing: &Drawing<'_>) -> Result<Drawn> {
        let most = usize::try_from(drawing.size).unwrap_or(usize::MAX);
        self.search(drawing.query, Need::All, |connection, looked| {
            let filter = compile_calls(drawing.query, looked);
            let sql = format!(
                "select c.seq, c.id, c.deployment_id, c.request_model, c.status, c.started_at_ms
                 from call c where c.seq < :before and {}",
                filter.listed()
            );
            let before = drawing.tree_size as i64;
            let mut named = filter.named();
            named.push((":before", &before));
            let mut statement = connection.prepare_cached(&sql)?;
            let mut rows = statement.query(named.as_slice())?;
            let mut strata: HashMap<Vec<Code>, Picked> = HashMap::new();
            while let Some(row) = rows.next()? {
                let key: Vec<Code> = drawing
                    .by
                    .iter()
                    .map(|by| match by {
                        By::Deployment => row.get(2),
                        By::Model => row.get(3),
                        By::Status => row.get(4),
                        By::Day => row
                            .get::<_, Code>(5)
                            .map(|at| at.map(|at| at.div_euclid(DAY_MS))),
                    })
                    .collect::<rusqlite::Result<_>>()?;
                let id: [u8; 16] = row.get(1)?;
                let seq = row.get::<_, i64>(0)?.unsigned_abs();
                let is_new = !strata.contains_key(&key);
                if is_new && strata.len() == MAX_STRATA {
                    return Err(StoreError::Value(format!(
                        "there are more than {MAX_STRATA} strata"
                    )));
                }
                strata
                    .entry(key)
                    .or_default()
                    .offer(drawing.seed, id, seq, most);
            }
            // By name, so that nothing depends on the order in which names were first seen.
            let mut by_name: BTreeMap<Vec<Option<String>>, Picked> = BTreeMap::new();
            for (key, picked) in strata {
                let values = drawing
                    .by
                    .iter()
                    .zip(key)
                    .map(|(by, code)| name(connection, *by, code))
                    .collect::<Result<Vec<_>>>()?;
                by_name.insert(values, picked);
            }
            Ok(drawn(by_name, drawing))
        })
    }

    /// All samples, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn samples(&self) -> Result<Vec<SampleRecord>> {
        self.read(|connection| {
            let sql = format!("select {COLUMNS} from review_sample s order by s.id desc");
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([], sample)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// One sample.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn sample(&self, id: i64) -> Result<SampleRecord> {
        self.read(|connection| {
            let sql = format!("select {COLUMNS} from review_sample s where s.id = ?1");
            connection
                .prepare_cached(&sql)?
                .query_row([id], sample)
                .optional()?
                .ok_or_else(|| no_sample(id))
        })
    }

    /// The members of a sample in the order of reading.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sample_members(&self, id: i64) -> Result<Vec<MemberRecord>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "select m.position, m.call_seq, c.id, m.stratum
                 from review_member m join call c on c.seq = m.call_seq
                 where m.sample = ?1 order by m.position",
            )?;
            let rows = statement.query_map([id], |row| {
                let id: [u8; 16] = row.get(2)?;
                Ok(MemberRecord {
                    position: row.get(0)?,
                    call_seq: row.get::<_, i64>(1)?.unsigned_abs(),
                    call: hex::encode(id),
                    stratum: row.get::<_, u32>(3)? as usize,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The readers of a sample in the order in which they joined.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn readers(&self, sample: i64) -> Result<Vec<ReaderRecord>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "select id, name, os_user, joined_ms, finished_ms from review_reader
                 where sample = ?1 order by id",
            )?;
            let rows = statement.query_map([sample], |row| {
                Ok(ReaderRecord {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    os_user: row.get(2)?,
                    joined_ms: row.get(3)?,
                    finished_ms: row.get(4)?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The newest judgement of one reader on each item that has one, by position; those that were
    /// taken back as well.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn judgements(&self, reader: i64) -> Result<Vec<JudgementRecord>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "select j.id, j.position, j.judgement, j.note, j.judged_ms from judgement j
                 where j.reader = ?1 and j.id =
                    (select max(n.id) from judgement n
                     where n.reader = j.reader and n.position = j.position)
                 order by j.position",
            )?;
            let rows = statement.query_map([reader], |row| {
                Ok(JudgementRecord {
                    id: row.get(0)?,
                    position: row.get(1)?,
                    judgement: row.get(2)?,
                    note: row.get(3)?,
                    judged_ms: row.get(4)?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}

fn drawn(strata: BTreeMap<Vec<Option<String>>, Picked>, drawing: &Drawing<'_>) -> Drawn {
    let sizes: Vec<u64> = strata.values().map(|picked| picked.seen).collect();
    let taken = allocate(&sizes, drawing.size, drawing.allocation);
    let mut found = Drawn {
        population: sizes.iter().sum(),
        ..Drawn::default()
    };
    let mut all = Vec::new();
    for (at, (values, picked)) in strata.into_iter().enumerate() {
        let members = taken.as_ref().map_or(0, |taken| taken[at]);
        found.strata.push(StratumRecord {
            values,
            population: picked.seen,
            members,
        });
        let count = usize::try_from(members).unwrap_or(usize::MAX);
        all.extend(
            picked
                .take(count)
                .into_iter()
                .map(|(place, id, seq)| (place, id, seq, at)),
        );
    }
    // Strata are mixed, so that whoever stops early has read something of each.
    all.sort_unstable();
    found.members = (1..)
        .zip(all)
        .map(|(position, (_, id, call_seq, stratum))| MemberRecord {
            position,
            call_seq,
            call: hex::encode(id),
            stratum,
        })
        .collect();
    found
}

impl Writer {
    /// Keeps a sample. The trail says so and commits to query, seed, population and members.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn save_sample(&mut self, new: &NewSample<'_>, by: &str, now_ms: i64) -> Result<i64> {
        let [leaf_salt, salt] = two_salts()?;
        let (drawing, drawn) = (new.drawing, new.drawn);
        let names: Vec<&str> = drawing.by.iter().map(|by| by.name()).collect();
        self.transact(|writer| {
            let id: i64 = writer.connection.query_row(
                "select coalesce(max(id), 0) + 1 from review_sample",
                [],
                |row| row.get(0),
            )?;
            let members: Vec<&str> = drawn.members.iter().map(|one| one.call.as_str()).collect();
            let payload = serde_json::json!({
                "action": "sample.draw", "allocation": drawing.allocation.name(), "by": by,
                "members": members, "population": drawn.population,
                "query_commitment": hex::encode(commitment(&salt, new.query.as_bytes())),
                "readers": new.readers, "root": hex::encode(new.root), "sample": id,
                "seed": drawing.seed, "size": drawing.size, "strata": drawn.strata,
                "strata_by": names, "tree_size": drawing.tree_size,
            });
            let seq = writer.review_leaf("sample.draw", id, &payload, &leaf_salt, by, now_ms)?;
            writer.connection.execute(
                "insert into review_sample (id, seq, query, salt, seed, size, by, allocation,
                    population, tree_size, root, strata, readers, drawn_by, drawn_ms)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
                params![
                    id,
                    seq,
                    new.query,
                    salt.as_slice(),
                    drawing.seed as i64,
                    drawing.size as i64,
                    serde_json::to_string(&names)?,
                    drawing.allocation.name(),
                    drawn.population as i64,
                    drawing.tree_size as i64,
                    new.root.as_slice(),
                    serde_json::to_string(&drawn.strata)?,
                    new.readers,
                    by,
                    now_ms
                ],
            )?;
            let mut statement = writer.connection.prepare_cached(
                "insert into review_member (sample, position, call_seq, stratum)
                 values (?1, ?2, ?3, ?4)",
            )?;
            for member in &drawn.members {
                statement.execute(params![
                    id,
                    member.position,
                    member.call_seq as i64,
                    member.stratum as i64
                ])?;
            }
            Ok(id)
        })
    }

    /// Notes who reads a sample. The trail says so.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn join_reader(&mut self, sample: i64, name: &str, by: &str, now_ms: i64) -> Result<()> {
        let payload = serde_json::json!({
            "action": "sample.join", "by": by, "reader": name, "sample": sample,
        });
        self.transact(|writer| {
            let salt = salts(1)?[0];
            let seq = writer.review_leaf("sample.join", sample, &payload, &salt, by, now_ms)?;
            writer.connection.execute(
                "insert into review_reader (sample, name, os_user, joined_ms, joined_seq)
                 values (?1, ?2, ?3, ?4, ?5)",
                params![sample, name, by, now_ms, seq],
            )?;
            Ok(())
        })
    }

    /// Keeps a judgement, or that the last one was taken back. The trail says that there is one,
    /// commits to it, and does not tell what it is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn judge(&mut self, new: &NewJudgement<'_>, by: &str, now_ms: i64) -> Result<()> {
        let [leaf_salt, salt] = two_salts()?;
        let said = format!(
            "{}\n{}",
            new.judgement.unwrap_or_default(),
            new.note.unwrap_or_default()
        );
        let payload = serde_json::json!({
            "action": "sample.judge", "by": by,
            "commitment": hex::encode(commitment(&salt, said.as_bytes())),
            "leaf": new.call_seq, "position": new.position, "sample": new.sample,
        });
        self.transact(|writer| {
            let seq =
                writer.review_leaf("sample.judge", new.sample, &payload, &leaf_salt, by, now_ms)?;
            writer.connection.execute(
                "insert into judgement (reader, position, call_seq, judgement, note, salt,
                    judged_by, judged_ms, seq)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    new.reader,
                    new.position,
                    new.call_seq as i64,
                    new.judgement,
                    new.note,
                    salt.as_slice(),
                    by,
                    now_ms,
                    seq
                ],
            )?;
            Ok(())
        })
    }

    /// Notes that a reader has finished: nothing of theirs changes any more. The trail says so.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn finish_reader(
        &mut self,
        sample: i64,
        reader: &ReaderRecord,
        by: &str,
        now_ms: i64,
    ) -> Result<()> {
        let payload = serde_json::json!({
            "action": "sample.finish", "by": by, "reader": reader.name, "sample": sample,
        });
        self.transact(|writer| {
            let salt = salts(1)?[0];
            let seq = writer.review_leaf("sample.finish", sample, &payload, &salt, by, now_ms)?;
            writer.connection.execute(
                "update review_reader set finished_ms = ?2, finished_seq = ?3
                 where id = ?1 and finished_ms is null",
                params![reader.id, now_ms, seq],
            )?;
            Ok(())
        })
    }

    /// Ends the reading of a sample as it stands. The trail says so.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn close_sample(&mut self, sample: i64, by: &str, now_ms: i64) -> Result<()> {
        let payload = serde_json::json!({ "action": "sample.close", "by": by, "sample": sample });
        self.transact(|writer| {
            let salt = salts(1)?[0];
            let seq = writer.review_leaf("sample.close", sample, &payload, &salt, by, now_ms)?;
            writer.connection.execute(
                "update review_sample set closed_by = ?2, closed_ms = ?3, closed_seq = ?4
                 where id = ?1 and closed_ms is null",
                params![sample, by, now_ms, seq],
            )?;
            Ok(())
        })
    }

    fn review_leaf(
        &mut self,
        action: &str,
        sample: i64,
        payload: &serde_json::Value,
        salt: &[u8; 32],
        by: &str,
        now_ms: i64,
    ) -> Result<i64> {
        let payload = payload.to_string();
        let own = OwnRecord {
            kind: LeafKind::Review,
            activity: deed(action, &format!("sample {sample}"), by, now_ms),
            reason: None,
            payload: payload.as_bytes(),
            now_ms,
        };
        Ok(self.own(&own, salt)?.0 as i64)
    }
}
