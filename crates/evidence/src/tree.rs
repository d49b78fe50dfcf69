//! The Merkle tree of RFC 6962, kept as tiles of 256 hashes (C2SP tlog-tiles, height 8).
//!
//! In: leaf bytes, in order. Out: tiles to store and the root. The right edge is held in memory:
//! at most 255 hashes a level. Not here: proofs (`proof`), storage.

use sha2::{Digest, Sha256};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// Hashes in a full tile.
pub const TILE_WIDTH: usize = 256;
/// Tree levels that one tile level spans.
pub const TILE_HEIGHT: u32 = 8;

/// Hash of a leaf: SHA-256 of 0x00 and the leaf's bytes (RFC 6962 §2.1).
pub fn leaf_hash(bytes: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0]);
    hasher.update(bytes);
    hasher.finalize().into()
}

/// Hash of an inner node: SHA-256 of 0x01, left, right (RFC 6962 §2.1).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([1]);
    hasher.update(left);
    hasher.update(right);
    hasher.finalize().into()
}

/// The root of the empty tree: SHA-256 of nothing (RFC 6962 §2.1).
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// Root of the perfect subtree over `hashes`; their number is a power of two.
pub fn perfect_root(hashes: &[Hash]) -> Hash {
    match hashes {
        [] => empty_root(),
        [one] => *one,
        _ => {
            let (left, right) = hashes.split_at(hashes.len() / 2);
            node_hash(&perfect_root(left), &perfect_root(right))
        }
    }
}

/// A tile to be stored: level `l`, number `n`, at most 256 hashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    pub level: u32,
    pub number: u64,
    pub hashes: Vec<Hash>,
}

/// Why stored tiles don't make a tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EdgeError {
    #[error(
        "the tile at level {level} holds {found} hashes, and a tree of {size} leaves needs {expected}"
    )]
    WrongWidth {
        level: u32,
        size: u64,
        expected: usize,
        found: usize,
    },
}

/// The right edge of a growing tree.
#[derive(Debug, Clone, Default)]
pub struct Edge {
    size: u64,
    /// The hashes of the unfinished tile of each level.
    open: Vec<Vec<Hash>>,
}

/// Hashes in the unfinished tile of `level` in a tree of `size` leaves.
pub fn open_width(size: u64, level: u32) -> usize {
    let shifted = size.checked_shr(TILE_HEIGHT * level).unwrap_or(0);
    usize::try_from(shifted % TILE_WIDTH as u64).unwrap_or(0)
}

/// Tile levels in a tree of `size` leaves.
pub fn levels(size: u64) -> u32 {
    (64 - size.leading_zeros()).div_ceil(TILE_HEIGHT)
}

impl Edge {
    /// The edge of an empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// The edge of a tree of `size` leaves, from the hashes of its unfinished tiles, level 0 first.
    ///
    /// # Errors
    /// [`EdgeError::WrongWidth`] where a tile has more or fewer hashes than the size says.
    pub fn restore(size: u64, open: Vec<Vec<Hash>>) -> Result<Self, EdgeError> {
        let mut open = open;
        open.resize(levels(size) as usize, Vec::new());
        for (level, tile) in (0_u32..).zip(&open) {
            let expected = open_width(size, level);
            if tile.len() != expected {
                return Err(EdgeError::WrongWidth {
                    level,
                    size,
                    expected,
                    found: tile.len(),
                });
            }
        }
        Ok(Self { size, open })
    }

    /// Leaves in the tree.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf by its hash; answers the tiles that are full now.
    pub fn push(&mut self, leaf: Hash) -> Vec<Tile> {
        let mut full = Vec::new();
        let mut carried = Some(leaf);
        let mut level = 0_u32;
        while let Some(hash) = carried.take() {
            let index = level as usize;
            if self.open.len() == index {
                self.open.push(Vec::with_capacity(TILE_WIDTH));
            }
            let tile = &mut self.open[index];
            tile.push(hash);
            if tile.len() == TILE_WIDTH {
                carried = Some(perfect_root(tile));
                let span = TILE_HEIGHT * (level + 1);
                full.push(Tile {
                    level,
                    number: (self.size + 1)
                        .checked_shr(span)
                        .unwrap_or(0)
                        .saturating_sub(1),
                    hashes: std::mem::take(tile),
                });
                level += 1;
            }
        }
        self.size += 1;
        full
    }

    /// The unfinished tiles, which storage replaces at each commit.
    pub fn open_tiles(&self) -> Vec<Tile> {
        (0_u32..)
            .zip(&self.open)
            .filter(|(_, hashes)| !hashes.is_empty())
            .map(|(level, hashes)| Tile {
                level,
                number: self
                    .size
                    .checked_shr(TILE_HEIGHT * (level + 1))
                    .unwrap_or(0),
                hashes: hashes.clone(),
            })
            .collect()
    }

    /// The root of the tree as it stands.
    pub fn root(&self) -> Hash {
        let mut right: Option<Hash> = None;
        for tile in &self.open {
            let mut end = tile.len();
            while end > 0 {
                let width = 1 << end.trailing_zeros();
                let left = perfect_root(&tile[end - width..end]);
                right = Some(match right {
                    Some(right) => node_hash(&left, &right),
                    None => left,
                });
                end -= width;
            }
        }
        right.unwrap_or_else(empty_root)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ct_merkle::mem_backed_tree::MemoryBackedTree;

    #[test]
    fn every_root_agrees_with_an_independent_tree() {
        let mut edge = Edge::new();
        let mut oracle = MemoryBackedTree::<sha2::Sha256, Vec<u8>>::new();
        for size in 0..1_030_u64 {
            let expected: Hash = oracle.root().as_bytes().as_slice().try_into().unwrap();
            assert_eq!(edge.root(), expected, "size {size}");
            let leaf = size.to_string().into_bytes();
            edge.push(leaf_hash(&leaf));
            oracle.push(leaf);
        }
    }

    #[test]
    fn an_edge_restored_from_its_tiles_goes_on_alike() {
        let mut edge = Edge::new();
        let mut stored = std::collections::BTreeMap::new();
        for leaf in 0..70_000_u64 {
            for tile in edge.push(leaf_hash(&leaf.to_be_bytes())) {
                stored.insert((tile.level, tile.number), tile.hashes);
            }
        }
        assert_eq!(
            stored.keys().filter(|(level, _)| *level == 0).count(),
            70_000 / 256
        );
        assert!(stored.contains_key(&(1, 0)));
        let open = (0..levels(edge.size()))
            .map(|level| {
                edge.open_tiles()
                    .into_iter()
                    .find(|t| t.level == level)
                    .map_or(vec![], |t| t.hashes)
            })
            .collect();
        let mut again = Edge::restore(edge.size(), open).unwrap();
        assert_eq!(again.root(), edge.root());
        edge.push(leaf_hash(b"x"));
        again.push(leaf_hash(b"x"));
        assert_eq!(again.root(), edge.root());
    }

    #[test]
    fn an_edge_with_a_missing_hash_is_refused() {
        assert!(matches!(
            Edge::restore(3, vec![vec![leaf_hash(b"a")]]),
            Err(EdgeError::WrongWidth {
                level: 0,
                expected: 3,
                found: 1,
                ..
            })
        ));
    }
}
