//! What an evidence pack needs of the tree as a whole: all leaf hashes, and which leaves end an
//! import.
//!
//! In: a size of the tree. Out: hashes, a tile's worth at a time; numbers of leaves. Not here: the
//! proof of a record (`leaves`).

use assay_evidence::proof::TileReader;
use assay_evidence::tree::{Hash, TILE_WIDTH};

use crate::error::Result;
use crate::leaves::Tiles;
use crate::open::Store;

impl Store {
    /// The hashes of leaves from the leaf `from` to the end of its tile.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn leaf_hashes(&self, from: u64) -> Result<Vec<Hash>> {
        let width = TILE_WIDTH as u64;
        self.read(|connection| {
            let mut hashes = Tiles::new(connection).tile(0, from / width)?;
            let skipped = usize::try_from(from % width).unwrap_or(usize::MAX);
            Ok(hashes.split_off(skipped.min(hashes.len())))
        })
    }

    /// The numbers of the leaves that end an import, in the tree of the first `size` leaves.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn import_ends(&self, size: u64) -> Result<Vec<u64>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "select seq
                 from leaf
                 where seq < ?1 and instr(bytes, cast('\"k\":\"import.end\"' as blob)) > 0
                 order by seq",
            )?;
            let rows = statement.query_map([size as i64], |row| {
                Ok(row.get::<_, i64>(0)?.unsigned_abs())
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}
