//! Sealing the bytes that a record came in, and the only way to read them again.
//!
//! ChaCha20-Poly1305 (RFC 8439) under a key of its own for each seal: HKDF-SHA256 (RFC 5869) of the
//! day key, salted with 32 random bytes, for this workspace and this place in the tree. Since no
//! key seals twice, a power cut or a restored copy that gives a place in the tree out again can't
//! make two seals share a nonce. The salt of the record's commitment is sealed with its bytes. In:
//! a row of `body`. Out: the commitment's salt and the bytes. Not here: the day keys.

use chacha20poly1305::aead::{Aead, AeadInOut, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use hkdf::Hkdf;
use rusqlite::{Connection, OptionalExtension, Row};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::day_keys::{DayKey, DayKeys};
use crate::error::{Result, StoreError};
use crate::packed::unpack;

/// Bytes of salt, of a commitment as of a seal.
const SALT: usize = 32;
/// Bytes of a seal's tag.
const TAG: usize = 16;

/// A row of `body`.
pub(crate) struct StoredBody {
    pub(crate) seq: u64,
    /// How its bytes are compressed (`packed`).
    codec: u8,
    /// Of the commitment; of the seal where it is sealed.
    salt: Vec<u8>,
    data: Vec<u8>,
    /// The day key that it is sealed under; `None` where it was written before there were any.
    pub(crate) key: Option<i64>,
}

/// The columns of `body`, named `b`, that [`StoredBody::read`] reads from `first` on.
pub(crate) const COLUMNS: &str = "b.seq, b.codec, b.salt, b.data, b.key";

impl StoredBody {
    pub(crate) fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<Self> {
        Ok(Self {
            seq: row.get::<_, i64>(first)?.unsigned_abs(),
            codec: row.get(first + 1)?,
            salt: row.get(first + 2)?,
            data: row.get(first + 3)?,
            key: row.get(first + 4)?,
        })
    }

    pub(crate) fn new(seq: i64, codec: u8, salt: Vec<u8>, data: Vec<u8>, key: Option<i64>) -> Self {
        Self {
            seq: seq.unsigned_abs(),
            codec,
            salt,
            data,
            key,
        }
    }

    pub(crate) fn find(connection: &Connection, seq: u64) -> Result<Option<Self>> {
        let sql = format!("select {COLUMNS} from body b where b.seq = ?1");
        Ok(connection
            .prepare_cached(&sql)?
            .query_row([seq as i64], |row| Self::read(row, 0))
            .optional()?)
    }
}

/// A sealed body, as it is stored.
pub(crate) struct Sealed {
    pub(crate) salt: [u8; SALT],
    pub(crate) data: Vec<u8>,
}

/// Seals a record's bytes with the salt of its commitment. `fresh` is 32 random bytes; `room` is
/// where it is sealed, what was in it goes.
pub(crate) fn seal(
    key: &DayKey,
    origin: &str,
    seq: u64,
    (codec, data): (u8, &[u8]),
    commitment_salt: &[u8; SALT],
    fresh: [u8; SALT],
    mut room: Vec<u8>,
) -> Result<Sealed> {
    let (cipher, nonce) = cipher(key, origin, seq, &fresh)?;
    // Encrypted where it stands, so that no copy of it is left.
    room.clear();
    room.reserve(SALT + data.len() + TAG);
    room.extend_from_slice(commitment_salt);
    room.extend_from_slice(data);
    cipher
        .encrypt_in_place(&nonce, &bound(origin, seq, codec), &mut room)
        .map_err(|_| StoreError::Value(format!("record {seq} can't be sealed")))?;
    Ok(Sealed {
        salt: fresh,
        data: room,
    })
}

/// The salt of a record's commitment, and its bytes as received.
///
/// # Errors
/// [`StoreError::KeyMissing`] where its day key is not there; [`StoreError::Damaged`] where the
/// seal does not hold.
pub(crate) fn unseal(keys: &DayKeys, stored: StoredBody) -> Result<(Vec<u8>, Vec<u8>)> {
    let seq = stored.seq;
    let Some(id) = stored.key else {
        return Ok((stored.salt, unpack(stored.codec, stored.data)?));
    };
    let (salt, data) = unwrap(keys, id, &stored)?;
    let raw = unpack(stored.codec, data).map_err(|_| broken(seq))?;
    Ok((salt, raw))
}

/// The same bytes sealed anew under `key`.
pub(crate) fn reseal(keys: &DayKeys, stored: &StoredBody, key: &DayKey) -> Result<Sealed> {
    let (salt, data) = match stored.key {
        Some(id) => unwrap(keys, id, stored)?,
        None => (stored.salt.clone(), stored.data.clone()),
    };
    let mut commitment_salt = [0; SALT];
    if salt.len() != SALT {
        return Err(broken(stored.seq));
    }
    commitment_salt.copy_from_slice(&salt);
    seal(
        key,
        keys.origin(),
        stored.seq,
        (stored.codec, &data),
        &commitment_salt,
        crate::writer::salts(1)?[0],
        Vec::new(),
    )
}

fn unwrap(keys: &DayKeys, id: i64, stored: &StoredBody) -> Result<(Vec<u8>, Vec<u8>)> {
    let seq = stored.seq;
    let key = keys.get(id)?.ok_or(StoreError::KeyMissing { seq })?;
    let (cipher, nonce) = cipher(&key, keys.origin(), seq, &stored.salt)?;
    let bound = bound(keys.origin(), seq, stored.codec);
    let mut plain = cipher
        .decrypt(
            &nonce,
            Payload {
                msg: &stored.data,
                aad: &bound,
            },
        )
        .map_err(|_| broken(seq))?;
    if plain.len() < SALT {
        return Err(broken(seq));
    }
    let data = plain.split_off(SALT);
    Ok((plain, data))
}

fn broken(seq: u64) -> StoreError {
    StoreError::Damaged {
        path: std::path::PathBuf::new(),
        reason: format!("the bytes of record {seq} were changed"),
    }
}

/// What a seal holds besides the bytes: where it belongs and how to read it.
fn bound(origin: &str, seq: u64, codec: u8) -> Vec<u8> {
    let mut bound = Vec::with_capacity(origin.len() + 9);
    bound.extend_from_slice(origin.as_bytes());
    bound.extend_from_slice(&seq.to_be_bytes());
    bound.push(codec);
    bound
}

fn cipher(key: &DayKey, origin: &str, seq: u64, salt: &[u8]) -> Result<(ChaCha20Poly1305, Nonce)> {
    let mut derived = Zeroizing::new([0; 44]);
    let (place, failed) = (seq.to_be_bytes(), || {
        StoreError::Value(format!("no key for record {seq}"))
    });
    Hkdf::<Sha256>::new(Some(salt), key.bytes.as_slice())
        .expand_multi_info(
            &[b"assay body 1", origin.as_bytes(), &place],
            derived.as_mut_slice(),
        )
        .map_err(|_| failed())?;
    let cipher = ChaCha20Poly1305::new_from_slice(&derived[..32]).map_err(|_| failed())?;
    let mut nonce = Nonce::default();
    nonce.copy_from_slice(&derived[32..]);
    Ok((cipher, nonce))
}
