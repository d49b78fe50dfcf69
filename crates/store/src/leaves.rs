//! The evidence tree in the store: leaves, tiles, the root, and the check that every open makes.
//!
//! In: leaf bytes, in the transaction of the record they commit to. Out: tiles, roots, proofs.
//! Not here: the tree's arithmetic (`assay-evidence`).

use assay_domain::moment::{self, WithoutZone};
use assay_evidence::leaf::{LeafFields, leaf_bytes, read_leaf};
use assay_evidence::proof::{self, ProofError, TileReader};
use assay_evidence::tree::{Edge, Hash, Tile, leaf_hash, levels, open_width};
use rusqlite::{Connection, OptionalExtension, Statement, params};

use crate::error::{Result, StoreError};
use crate::open::Store;

pub(crate) fn damaged(reason: impl Into<String>) -> StoreError {
    StoreError::Damaged {
        path: std::path::PathBuf::new(),
        reason: reason.into(),
    }
}

/// Leaves in the store.
pub(crate) fn count(connection: &Connection) -> Result<u64> {
    let last: Option<i64> =
        connection.query_row("select max(seq) from leaf", [], |row| row.get(0))?;
    Ok(last.map_or(0, |last| u64::try_from(last).unwrap_or(0) + 1))
}

/// When the last leaf was recorded, UTC milliseconds; `None` in an empty tree.
pub(crate) fn last_recorded_ms(connection: &Connection) -> Result<Option<i64>> {
    let bytes: Option<Vec<u8>> = connection
        .query_row(
            "select bytes from leaf order by seq desc limit 1",
            [],
            |row| row.get(0),
        )
        .optional()?;
    Ok(bytes
        .and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok())
        .and_then(|leaf| {
            let (at, _) = moment::read(leaf.get("t")?.as_str()?, WithoutZone::IsUtc, i64::MAX);
            at
        }))
}

fn hashes(bytes: &[u8]) -> Result<Vec<Hash>> {
    if !bytes.len().is_multiple_of(32) || bytes.len() > 32 * 256 {
        return Err(damaged("a tile of the evidence tree has the wrong length"));
    }
    Ok(bytes
        .chunks_exact(32)
        .map(|chunk| {
            let mut hash = [0; 32];
            hash.copy_from_slice(chunk);
            hash
        })
        .collect())
}

pub(crate) fn tile(connection: &Connection, level: u32, number: u64) -> Result<Vec<Hash>> {
    let bytes: Option<Vec<u8>> = connection
        .prepare_cached("select hashes from tile where level = ?1 and number = ?2")?
        .query_row(params![level, number as i64], |row| row.get(0))
        .optional()?;
    hashes(&bytes.unwrap_or_default())
}

/// The right edge of the stored tree.
///
/// # Errors
/// [`StoreError::Damaged`] where leaves and tiles don't agree in number.
pub fn edge(connection: &Connection) -> Result<Edge> {
    let size = count(connection)?;
    let mut open = Vec::new();
    for level in 0..levels(size) {
        let number = size.checked_shr(8 * (level + 1)).unwrap_or(0);
        let mut found = tile(connection, level, number)?;
        if found.len() == 256 && open_width(size, level) == 0 {
            found.clear();
        }
        open.push(found);
    }
    Edge::restore(size, open).map_err(|error| damaged(error.to_string()))
}

/// Checks that leaves are numbered without a gap, that the tiles agree with them in number, and
/// that the last leaves are the ones whose hashes the last tile holds.
pub(crate) fn check_edge(connection: &Connection) -> Result<()> {
    let edge = edge(connection)?;
    let size = edge.size();
    let rows: i64 = connection.query_row("select count(*) from leaf", [], |row| row.get(0))?;
    if u64::try_from(rows).unwrap_or(0) != size {
        return Err(damaged(format!(
            "{rows} leaves are stored, numbered up to {size}"
        )));
    }
    let Some(last) = edge.open_tiles().into_iter().find(|tile| tile.level == 0) else {
        return Ok(());
    };
    let first = last.number * 256;
    let mut statement =
        connection.prepare("select bytes from leaf where seq >= ?1 order by seq")?;
    let mut rows = statement.query([first as i64])?;
    for (index, hash) in (first..).zip(&last.hashes) {
        let Some(row) = rows.next()? else {
            return Err(damaged(format!("leaf {index} is missing")));
        };
        let bytes: Vec<u8> = row.get(0)?;
        if leaf_hash(&bytes) != *hash {
            return Err(damaged(format!("leaf {index} was changed")));
        }
    }
    Ok(())
}

/// Inserts a leaf.
pub(crate) const INSERT: &str = "insert into leaf (seq, bytes) values (?1, ?2)";

/// Appends a leaf in the transaction that is open, and writes the tiles that it fills.
///
/// # Errors
/// [`StoreError`].
pub fn append(
    connection: &Connection,
    edge: &mut Edge,
    fields: &LeafFields<'_>,
    commitment: &Hash,
) -> Result<()> {
    let mut insert = connection.prepare_cached(INSERT)?;
    append_by((connection, &mut insert), edge, fields, commitment)
}

/// The same with [`INSERT`] prepared, for many leaves.
pub(crate) fn append_by(
    (connection, insert): (&Connection, &mut Statement<'_>),
    edge: &mut Edge,
    fields: &LeafFields<'_>,
    commitment: &Hash,
) -> Result<()> {
    let bytes = leaf_bytes(fields, commitment);
    insert.execute(params![fields.seq as i64, bytes])?;
    for tile in edge.push(leaf_hash(&bytes)) {
        put_tile(connection, &tile)?;
    }
    Ok(())
}

/// Writes the tiles that are not full yet: the last thing before a commit.
///
/// # Errors
/// [`StoreError`].
pub fn put_edge(connection: &Connection, edge: &Edge) -> Result<()> {
    for tile in edge.open_tiles() {
        put_tile(connection, &tile)?;
    }
    Ok(())
}

/// The path that proves leaf `seq` in the tree of the first `size` leaves.
///
/// # Errors
/// [`StoreError::Damaged`], also where there is no such leaf.
pub fn inclusion(connection: &Connection, seq: u64, size: u64) -> Result<Vec<Hash>> {
    proof::inclusion(&mut Tiles::new(connection), seq, size).map_err(unprovable)
}

/// The hashes that prove that the tree of `new` leaves continues the one of `old`.
///
/// # Errors
/// [`StoreError::Damaged`], also where there are not so many leaves.
pub fn consistency(connection: &Connection, old: u64, new: u64) -> Result<Vec<Hash>> {
    proof::consistency(&mut Tiles::new(connection), old, new).map_err(unprovable)
}

/// The root of the tree of the first `size` leaves.
///
/// # Errors
/// [`StoreError::Damaged`], also where there are not so many leaves.
pub fn root(connection: &Connection, size: u64) -> Result<Hash> {
    proof::root(&mut Tiles::new(connection), size).map_err(unprovable)
}

fn unprovable(error: ProofError<StoreError>) -> StoreError {
    match error {
        ProofError::Read(error) => error,
        other => damaged(other.to_string()),
    }
}

/// Writes a tile, full or not.
fn put_tile(connection: &Connection, tile: &Tile) -> Result<()> {
    connection
        .prepare_cached(
            "insert into tile (level, number, hashes)
             values (?1, ?2, ?3)
             on conflict (level, number) do update set hashes = excluded.hashes",
        )?
        .execute(params![
            tile.level,
            tile.number as i64,
            tile.hashes.concat()
        ])?;
    Ok(())
}

/// Reads tiles for proofs.
pub(crate) struct Tiles<'a>(&'a Connection);

impl<'a> Tiles<'a> {
    pub(crate) fn new(connection: &'a Connection) -> Self {
        Self(connection)
    }
}

impl TileReader for Tiles<'_> {
    type Error = StoreError;

    fn tile(&mut self, level: u32, number: u64) -> Result<Vec<Hash>> {
        tile(self.0, level, number)
    }
}

/// A record with everything that proves its place.
pub struct Proof {
    pub seq: u64,
    pub leaf: Vec<u8>,
    /// Hexadecimal.
    pub commitment: String,
    pub salt: Vec<u8>,
    pub raw: Vec<u8>,
    pub path: Vec<Hash>,
}

impl Store {
    /// Size and root of the evidence tree.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] where leaves and tiles don't agree.
    pub fn tree(&self) -> Result<(u64, Hash)> {
        self.read(|connection| {
            let edge = edge(connection)?;
            Ok((edge.size(), edge.root()))
        })
    }

    /// The leaf at `seq` and the commitment in it, hexadecimal.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Damaged`].
    pub fn leaf(&self, seq: u64) -> Result<(Vec<u8>, String)> {
        self.read(|connection| leaf(connection, seq))
    }

    /// The leaf at `seq` and its path in the tree of the first `size` leaves: what is left to prove of
    /// a record that was erased.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Damaged`].
    pub fn prove_leaf(&self, seq: u64, size: u64) -> Result<(Vec<u8>, Vec<Hash>)> {
        self.read(|connection| {
            let (bytes, _) = leaf(connection, seq)?;
            Ok((bytes, inclusion(connection, seq, size)?))
        })
    }

    /// What proves the record at `seq` in the tree of the first `size` leaves.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Damaged`].
    pub fn prove(&self, seq: u64, size: u64) -> Result<Proof> {
        self.read(|connection| {
            let (bytes, commitment) = leaf(connection, seq)?;
            let path = inclusion(connection, seq, size)?;
            let (salt, raw) = crate::calls::body(connection, &self.keys, seq)?;
            Ok(Proof {
                seq,
                leaf: bytes,
                commitment,
                salt,
                raw,
                path,
            })
        })
    }
}

/// The leaf at `seq` and the commitment in it, hexadecimal.
///
/// # Errors
/// [`StoreError::NotFound`], [`StoreError::Damaged`].
pub fn leaf(connection: &Connection, seq: u64) -> Result<(Vec<u8>, String)> {
    let bytes: Vec<u8> = connection
        .prepare_cached("select bytes from leaf where seq = ?1")?
        .query_row([seq as i64], |row| row.get(0))
        .optional()?
        .ok_or_else(|| StoreError::NotFound {
            what: "leaf",
            name: seq.to_string(),
        })?;
    let (commitment, stated) =
        read_leaf(&bytes).ok_or_else(|| damaged(format!("leaf {seq} can't be read")))?;
    if stated != seq {
        return Err(damaged(format!("leaf {seq} says that it is leaf {stated}")));
    }
    Ok((bytes, commitment))
}
