//! Inclusion proofs of RFC 6962 §2.1.1: that a leaf stands at an index of a tree with a known root.
//!
//! In: tiles (through a reader), or a proof to check. Out: a path of hashes, or yes and no.
//! Not here: consistency between two trees.

use crate::tree::{Hash, TILE_HEIGHT, node_hash, perfect_root};

/// Reads the hashes of a stored tile.
pub trait TileReader {
    /// What reading may fail with.
    type Error;

    /// The hashes of the tile at `level` with `number`; at most 256.
    ///
    /// # Errors
    /// Where the tile can't be read.
    fn tile(&mut self, level: u32, number: u64) -> Result<Vec<Hash>, Self::Error>;
}

/// Why a proof can't be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError<E> {
    #[error("leaf {index} is not in a tree of {size} leaves")]
    OutOfRange { index: u64, size: u64 },
    #[error("tile {level}/{number} is shorter than the tree says")]
    TileShort { level: u32, number: u64 },
    #[error(transparent)]
    Read(E),
}

/// The largest power of two below `n`; `n` is at least 2.
fn split(n: u64) -> u64 {
    1 << (63 - (n - 1).leading_zeros())
}

fn range_root<R: TileReader>(
    reader: &mut R,
    from: u64,
    to: u64,
) -> Result<Hash, ProofError<R::Error>> {
    let width = to - from;
    if width.is_power_of_two() && from.is_multiple_of(width) {
        let height = width.trailing_zeros();
        let level = height / TILE_HEIGHT;
        let first = from >> (TILE_HEIGHT * level);
        let count = usize::try_from(width >> (TILE_HEIGHT * level)).unwrap_or(usize::MAX);
        let number = first >> TILE_HEIGHT;
        let tile = reader.tile(level, number).map_err(ProofError::Read)?;
        let start = usize::try_from(first % 256).unwrap_or(0);
        return tile
            .get(start..start + count)
            .map(perfect_root)
            .ok_or(ProofError::TileShort { level, number });
    }
    let middle = from + split(width);
    let left = range_root(reader, from, middle)?;
    let right = range_root(reader, middle, to)?;
    Ok(node_hash(&left, &right))
}

/// The path that proves leaf `index` in the tree of the first `size` leaves, leaf side first.
///
/// # Errors
/// [`ProofError`] where the index is outside, or a tile is missing or short.
pub fn inclusion<R: TileReader>(
    reader: &mut R,
    index: u64,
    size: u64,
) -> Result<Vec<Hash>, ProofError<R::Error>> {
    if index >= size {
        return Err(ProofError::OutOfRange { index, size });
    }
    let mut path = Vec::new();
    let (mut from, mut to) = (0, size);
    while to - from > 1 {
        let middle = from + split(to - from);
        if index < middle {
            path.push(range_root(reader, middle, to)?);
            to = middle;
        } else {
            path.push(range_root(reader, from, middle)?);
            from = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// Whether `path` proves that `leaf` stands at `index` of the tree with `size` leaves and `root`.
///
/// Source: RFC 9162 §2.1.3.2.
pub fn verify(leaf: &Hash, index: u64, size: u64, path: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut fn_, mut sn) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in path {
        if sn == 0 {
            return false;
        }
        if fn_ & 1 == 1 || fn_ == sn {
            hash = node_hash(sibling, &hash);
            while fn_ & 1 == 0 && fn_ != 0 {
                fn_ >>= 1;
                sn >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        fn_ >>= 1;
        sn >>= 1;
    }
    sn == 0 && hash == *root
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{Edge, Tile, leaf_hash};
    use std::collections::HashMap;

    struct Stored(HashMap<(u32, u64), Vec<Hash>>);

    impl TileReader for Stored {
        type Error = ();
        fn tile(&mut self, level: u32, number: u64) -> Result<Vec<Hash>, ()> {
            self.0.get(&(level, number)).cloned().ok_or(())
        }
    }

    fn tree(size: u64) -> (Edge, Stored) {
        let mut edge = Edge::new();
        let mut stored = HashMap::new();
        let mut keep = |tile: Tile| {
            stored.insert((tile.level, tile.number), tile.hashes);
        };
        for leaf in 0..size {
            edge.push(leaf_hash(&leaf.to_be_bytes()))
                .into_iter()
                .for_each(&mut keep);
        }
        edge.open_tiles().into_iter().for_each(keep);
        (edge, Stored(stored))
    }

    #[test]
    fn every_leaf_of_every_small_tree_is_proved_and_no_other() {
        for size in 1..=70 {
            let (edge, mut stored) = tree(size);
            let root = edge.root();
            for index in 0..size {
                let leaf = leaf_hash(&index.to_be_bytes());
                let path = inclusion(&mut stored, index, size).unwrap();
                assert!(verify(&leaf, index, size, &path, &root));
                assert!(!verify(&leaf_hash(b"other"), index, size, &path, &root));
                for other in (0..size).filter(|other| *other != index) {
                    assert!(
                        !verify(&leaf, other, size, &path, &root),
                        "{index} as {other} of {size}"
                    );
                }
                let mut longer = path.clone();
                longer.push(root);
                assert!(!verify(&leaf, index, size, &longer, &root));
            }
        }
    }

    #[test]
    fn proofs_reach_across_tiles() {
        let (edge, mut stored) = tree(66_000);
        for index in [0, 255, 256, 65_535, 65_536, 65_999] {
            let path = inclusion(&mut stored, index, 66_000).unwrap();
            assert!(verify(
                &leaf_hash(&index.to_be_bytes()),
                index,
                66_000,
                &path,
                &edge.root()
            ));
        }
        assert!(matches!(
            inclusion(&mut stored, 66_000, 66_000),
            Err(ProofError::OutOfRange { .. })
        ));
    }
}
