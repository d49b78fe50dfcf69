//! The vault: originals behind tokens, each sealed under a key that is not in the store.
//!
//! XChaCha20-Poly1305 with a random nonce of 24 bytes; the tag and the type are bound to the seal, so
//! that no row answers for another. In: originals, the key. Out: originals. Not here: where the key
//! is kept and who asked for an original (the engine).

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rusqlite::{OptionalExtension, params};
use zeroize::Zeroizing;

use crate::day_keys::day_of;
use crate::error::{Result, StoreError};
use crate::open::Store;
use crate::subjects::Needles;
use crate::writer::Writer;

/// Bytes of a nonce.
const NONCE: usize = 24;

/// The key of a vault.
pub struct VaultKey(Zeroizing<[u8; 32]>);

impl VaultKey {
    /// The key with these bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.0).into())
    }
}

/// An original to be kept.
#[derive(Clone, Copy)]
pub struct NewOriginal<'a> {
    /// 32 hexadecimal digits.
    pub tag: &'a str,
    pub entity_type: &'a str,
    pub value: &'a str,
}

/// What is in the vault.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct VaultCounts {
    pub entries: u64,
    /// When the first of them was kept, UTC.
    pub first_ms: Option<i64>,
    pub last_ms: Option<i64>,
}

fn bound(tag: &str, entity_type: &str) -> Vec<u8> {
    format!("assay vault\0{tag}\0{entity_type}").into_bytes()
}

fn seal(key: &VaultKey, original: &NewOriginal<'_>) -> Result<Vec<u8>> {
    let mut sealed = vec![0; NONCE];
    getrandom::fill(&mut sealed).map_err(|_| StoreError::NoRandomness)?;
    let nonce = nonce(&sealed)?;
    let written = key
        .cipher()
        .encrypt(
            &nonce,
            Payload {
                msg: original.value.as_bytes(),
                aad: &bound(original.tag, original.entity_type),
            },
        )
        .map_err(|_| StoreError::Value("an original can't be sealed".to_owned()))?;
    sealed.extend(written);
    Ok(sealed)
}

fn open(key: &VaultKey, tag: &str, entity_type: &str, sealed: &[u8]) -> Result<String> {
    let broken = || StoreError::Value(format!("the entry {tag} of the vault can't be opened"));
    let (first, rest) = sealed.split_at_checked(NONCE).ok_or_else(broken)?;
    let plain = key
        .cipher()
        .decrypt(
            &nonce(first)?,
            Payload {
                msg: rest,
                aad: &bound(tag, entity_type),
            },
        )
        .map_err(|_| broken())?;
    String::from_utf8(plain).map_err(|_| broken())
}

fn nonce(bytes: &[u8]) -> Result<XNonce> {
    <[u8; NONCE]>::try_from(bytes)
        .map(Into::into)
        .map_err(|_| StoreError::Value("a nonce of the vault can't be read".to_owned()))
}

impl Writer {
    /// Keeps originals that are not there yet, on disk when this answers; how many were new.
    ///
    /// # Errors
    /// [`StoreError`]; then none was kept.
    pub fn keep_originals(
        &mut self,
        key: &VaultKey,
        originals: &[NewOriginal<'_>],
        policy: (&str, &str),
        now_ms: i64,
    ) -> Result<u64> {
        self.transact(|writer| {
            let mut kept = 0;
            for original in originals {
                let is_there: bool = writer
                    .connection
                    .prepare_cached("select exists (select 1 from vault_entry where tag = ?1)")?
                    .query_row([original.tag], |row| row.get(0))?;
                if is_there {
                    continue;
                }
                writer
                    .connection
                    .prepare_cached(
                        "insert into vault_entry
                           (tag, entity_type, sealed, first_kept_ms, policy, policy_version)
                         values (?1, ?2, ?3, ?4, ?5, ?6)",
                    )?
                    .execute(params![
                        original.tag,
                        original.entity_type,
                        seal(key, original)?,
                        now_ms,
                        policy.0,
                        policy.1,
                    ])?;
                kept += 1;
            }
            Ok(kept)
        })
    }

    /// Destroys entries of the vault.
    pub(crate) fn forget_originals(&mut self, ids: &[i64]) -> Result<()> {
        for id in ids {
            self.connection
                .prepare_cached("delete from vault_entry where id = ?1")?
                .execute([id])?;
        }
        Ok(())
    }
}

impl Store {
    /// The original behind a tag; `None` where the vault has none.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::Value`] where the key does not open it.
    pub fn original(&self, key: &VaultKey, tag: &str) -> Result<Option<String>> {
        self.read(|connection| {
            let found: Option<(String, Vec<u8>)> = connection
                .prepare_cached("select entity_type, sealed from vault_entry where tag = ?1")?
                .query_row([tag], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            found
                .map(|(entity_type, sealed)| open(key, tag, &entity_type, &sealed))
                .transpose()
        })
    }

    /// How many entries there are, and since when.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn vault_counts(&self) -> Result<VaultCounts> {
        self.read(|connection| {
            Ok(connection.query_row(
                "select count(*), min(first_kept_ms), max(first_kept_ms) from vault_entry",
                [],
                |row| {
                    Ok(VaultCounts {
                        entries: row.get::<_, i64>(0)?.unsigned_abs(),
                        first_ms: row.get(1)?,
                        last_ms: row.get(2)?,
                    })
                },
            )?)
        })
    }

    /// The entries whose originals hold what is looked for, in order, and how many could not be
    /// opened: all of them where there is no key.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn find_in_vault(
        &self,
        key: Option<&VaultKey>,
        needles: &Needles,
    ) -> Result<(Vec<i64>, u64)> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "select id, tag, entity_type, sealed from vault_entry order by id",
            )?;
            let mut rows = statement.query([])?;
            let (mut found, mut shut) = (Vec::new(), 0);
            while let Some(row) = rows.next()? {
                let (tag, entity_type): (String, String) = (row.get(1)?, row.get(2)?);
                let sealed: Vec<u8> = row.get(3)?;
                match key.map(|key| open(key, &tag, &entity_type, &sealed)) {
                    Some(Ok(value)) => {
                        let value = Zeroizing::new(value);
                        if needles.in_text(&value) {
                            found.push(row.get(0)?);
                        }
                    }
                    Some(Err(_)) | None => shut += 1,
                }
            }
            Ok((found, shut))
        })
    }

    /// The entries that the retention rule no longer keeps: it holds for originals as for records.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn vault_due(&self, now_ms: i64) -> Result<Vec<i64>> {
        let Some(rule) = self.retention_rule()? else {
            return Ok(Vec::new());
        };
        let first_kept_ms = (day_of(now_ms) - i64::from(rule.days)) * 86_400_000;
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "select id from vault_entry where first_kept_ms < ?1 order by id",
            )?;
            let rows = statement.query_map([first_kept_ms], |row| row.get(0))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}
