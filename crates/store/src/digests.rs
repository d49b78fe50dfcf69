//! CloudTrail digest files in the store: the files, their saved signatures, the public keys, the
//! hashes of imported log files, and what was found when they were last judged.
//!
//! Not here: what a digest says and how a chain is judged (`assay_domain::digest_chain`).

use assay_domain::activity::Activity;
use assay_domain::digest_chain::PublicKey;
use assay_evidence::leaf::LeafKind;
use rusqlite::{OptionalExtension, params};

use crate::error::Result;
use crate::open::Store;
use crate::writer::{OwnRecord, Writer, salts};

/// A digest file that was imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestRecord {
    /// The name of its file, without the folder.
    pub name: String,
    pub object: String,
    pub sha256: [u8; 32],
    /// Its uncompressed bytes.
    pub content: Vec<u8>,
}

/// A CloudTrail log file that was imported.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogContent {
    /// The name of its file, without the folder.
    pub name: String,
    /// Of its uncompressed bytes.
    pub sha256: [u8; 32],
}

/// What the digests say of an imported log file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginRecord {
    pub batch: i64,
    /// `verified`, `hash_matches`, `failed`, `unnamed`, `unnamed_in_covered_time`; `None` before
    /// the digests were judged.
    pub origin: Option<String>,
    /// The object of the digest that says so.
    pub digest: Option<String>,
}

/// What is kept of a judgement.
pub struct Judgement<'a> {
    /// Each log file with its origin and the object of the digest that says so.
    pub files: &'a [(LogContent, &'static str, Option<String>)],
    /// Each chain: `verified`, `partly`, `unknown` or `failed`, and all of it as JSON.
    pub chains: &'a [(&'static str, String)],
    /// What is written to the trail: that they were judged.
    pub activity: Activity,
    pub payload: &'a [u8],
    pub now_ms: i64,
}

impl Writer {
    /// Keeps a digest file; one that is there already is kept once.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn save_digest(&mut self, batch: i64, digest: &DigestRecord) -> Result<()> {
        let content = zstd::bulk::compress(&digest.content, 3).map_err(rusqlite_io)?;
        self.transact(|writer| {
            writer.connection.execute(
                "insert into digest (batch_id, name, object, sha256, content)
                 values (?1, ?2, ?3, ?4, ?5)
                 on conflict (sha256) do nothing",
                params![
                    batch,
                    digest.name,
                    digest.object,
                    digest.sha256.as_slice(),
                    content
                ],
            )?;
            Ok(())
        })
    }

    /// Keeps a signature (hexadecimal) of the digest whose file is called `name`.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn save_digest_signature(&mut self, batch: i64, name: &str, signature: &str) -> Result<()> {
        self.transact(|writer| {
            writer.connection.execute(
                "insert into digest_signature (name, signature, batch_id) values (?1, ?2, ?3)
                 on conflict (name, signature) do nothing",
                params![name, signature, batch],
            )?;
            Ok(())
        })
    }

    /// Keeps public keys.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn save_digest_keys(&mut self, batch: i64, keys: &[PublicKey]) -> Result<()> {
        self.transact(|writer| {
            for key in keys {
                writer.connection.execute(
                    "insert into digest_key (fingerprint, value, from_ms, to_ms, batch_id)
                     values (?1, ?2, ?3, ?4, ?5)
                     on conflict (fingerprint, value) do nothing",
                    params![key.fingerprint, key.value, key.from_ms, key.to_ms, batch],
                )?;
            }
            Ok(())
        })
    }

    /// Notes what an imported log file is, uncompressed. What was found of the same file before
    /// holds for it as well.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn save_log_content(&mut self, batch: i64, file: &LogContent) -> Result<()> {
        self.transact(|writer| {
            writer.connection.execute(
                "insert into log_content (batch_id, name, sha256, origin, digest)
                 select ?1, ?2, ?3, k.origin, k.digest
                 from (select 1)
                 left join (
                   select origin, digest from log_content where sha256 = ?3 and name = ?2 limit 1
                 ) k",
                params![batch, file.name, file.sha256.as_slice()],
            )?;
            Ok(())
        })
    }

    /// Keeps what was found instead of what was found before, with a leaf `verify.result`.
    ///
    /// # Errors
    /// [`crate::error::StoreError`]; then the former judgement stays.
    pub fn save_judgement(&mut self, judgement: &Judgement<'_>) -> Result<()> {
        let salt = salts(1)?[0];
        self.transact(|writer| {
            for (file, origin, digest) in judgement.files {
                writer
                    .connection
                    .prepare_cached(
                        "update log_content set origin = ?3, digest = ?4
                         where sha256 = ?1 and name = ?2",
                    )?
                    .execute(params![file.sha256.as_slice(), file.name, origin, digest])?;
            }
            writer.connection.execute("delete from digest_chain", [])?;
            for (whole, chain) in judgement.chains {
                writer.connection.execute(
                    "insert into digest_chain (judged_ms, whole, chain) values (?1, ?2, ?3)",
                    params![judgement.now_ms, whole, chain],
                )?;
            }
            let own = OwnRecord {
                kind: LeafKind::VerifyResult,
                activity: judgement.activity.clone(),
                reason: None,
                payload: judgement.payload,
                now_ms: judgement.now_ms,
            };
            writer.own(&own, &salt)?;
            Ok(())
        })
    }
}

fn rusqlite_io(error: std::io::Error) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(Box::new(error))
}

impl Store {
    /// Whether there is any digest file.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn has_digests(&self) -> Result<bool> {
        self.read(|connection| {
            let found: Option<i64> = connection
                .prepare_cached("select id from digest limit 1")?
                .query_row([], |row| row.get(0))
                .optional()?;
            Ok(found.is_some())
        })
    }

    /// All digest files, in the order they came.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn digests(&self) -> Result<Vec<DigestRecord>> {
        self.read(|connection| {
            let mut statement = connection
                .prepare_cached("select name, object, sha256, content from digest order by id")?;
            let rows = statement.query_map([], |row| {
                let packed: Vec<u8> = row.get(3)?;
                let content = zstd::stream::decode_all(&packed[..]).map_err(|error| {
                    rusqlite::Error::FromSqlConversionFailure(
                        3,
                        rusqlite::types::Type::Blob,
                        Box::new(error),
                    )
                })?;
                Ok(DigestRecord {
                    name: row.get(0)?,
                    object: row.get(1)?,
                    sha256: row.get(2)?,
                    content,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// All saved signatures: the digest's name and the signature.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn digest_signatures(&self) -> Result<Vec<(String, String)>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "select name, signature from digest_signature order by name, signature",
            )?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// All public keys, each with the file that brought it.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn digest_keys(&self) -> Result<Vec<(PublicKey, String)>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "select k.fingerprint, k.value, k.from_ms, k.to_ms, b.path
                 from digest_key k
                 join batch b on b.id = k.batch_id
                 order by k.from_ms, k.fingerprint, k.value",
            )?;
            let rows = statement.query_map([], |row| {
                Ok((
                    PublicKey {
                        fingerprint: row.get(0)?,
                        value: row.get(1)?,
                        from_ms: row.get(2)?,
                        to_ms: row.get(3)?,
                    },
                    row.get(4)?,
                ))
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// All imported CloudTrail log files, each content under each name once.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn log_contents(&self) -> Result<Vec<LogContent>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "select distinct name, sha256 from log_content order by name, sha256",
            )?;
            let rows = statement.query_map([], |row| {
                Ok(LogContent {
                    name: row.get(0)?,
                    sha256: row.get(1)?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// What the digests say of each imported log file, by import.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn origins(&self) -> Result<Vec<OriginRecord>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "select batch_id, origin, digest from log_content order by batch_id",
            )?;
            let rows = statement.query_map([], |row| {
                Ok(OriginRecord {
                    batch: row.get(0)?,
                    origin: row.get(1)?,
                    digest: row.get(2)?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// How many imported log files, each content under each name once, have each origin.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn origin_counts(&self) -> Result<Vec<(Option<String>, u64)>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "select origin, count(*)
                 from (select distinct name, sha256, origin from log_content)
                 group by origin order by origin",
            )?;
            let rows = statement.query_map([], |row| {
                Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs()))
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// How many imports of CloudTrail log files have no hash of their content: they were made by a
    /// version that took none.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn logs_without_content(&self) -> Result<u64> {
        self.read(|connection| {
            let count: i64 = connection
                .prepare_cached(
                    "select count(distinct b.sha256)
                     from batch b
                     where b.format = 'cloudtrail' and b.sha256 is not null
                       and b.sha256 not in (
                         select c.sha256
                         from batch c
                         join log_content l on l.batch_id = c.id
                         where c.sha256 is not null)",
                )?
                .query_row([], |row| row.get(0))?;
            Ok(count.unsigned_abs())
        })
    }

    /// The chains as they were last judged, as JSON, and when.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn digest_chains(&self) -> Result<Vec<(i64, String)>> {
        self.read(|connection| {
            let mut statement = connection
                .prepare_cached("select judged_ms, chain from digest_chain order by id")?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}
