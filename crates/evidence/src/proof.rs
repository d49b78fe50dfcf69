//! Proofs of RFC 6962 §2.1: that a leaf stands at an index of a tree with a known root, and that
//! one tree is the beginning of another.
//!
//! In: tiles (through a reader), or a proof to check. Out: a path of hashes, or yes and no.
//! Not here: where tiles are.

use crate::tree::{Hash, TILE_HEIGHT, empty_root, node_hash, perfect_root};

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
    #[error("a tree of {new} leaves can't be compared with a later one of {old} leaves")]
    Backwards { old: u64, new: u64 },
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

/// The root of the tree of the first `size` leaves.
///
/// # Errors
/// [`ProofError::TileShort`] where the stored tree is smaller; [`ProofError::Read`].
pub fn root<R: TileReader>(reader: &mut R, size: u64) -> Result<Hash, ProofError<R::Error>> {
    match size {
        0 => Ok(empty_root()),
        _ => range_root(reader, 0, size),
    }
}

/// The proof that the tree of the first `old` leaves is the beginning of the one of the first
/// `new`: empty where they are the same, or the old one is empty.
///
/// # Errors
/// [`ProofError`] where `old` is the larger one, or a tile is missing or short.
pub fn consistency<R: TileReader>(
    reader: &mut R,
    old: u64,
    new: u64,
) -> Result<Vec<Hash>, ProofError<R::Error>> {
    if old > new {
        return Err(ProofError::Backwards { old, new });
    }
    if old == 0 || old == new {
        return Ok(Vec::new());
    }
    // RFC 6962 §2.1.2, from the root down; the path is the other way round.
    let mut path = Vec::new();
    let (mut from, mut to) = (0, new);
    while to != old {
        let middle = from + split(to - from);
        if old <= middle {
            path.push(range_root(reader, middle, to)?);
            to = middle;
        } else {
            path.push(range_root(reader, from, middle)?);
            from = middle;
        }
    }
    if from != 0 {
        path.push(range_root(reader, from, to)?);
    }
    path.reverse();
    Ok(path)
}

/// Whether `path` proves that the tree with `old_root` is the beginning of the one with
/// `new_root`.
///
/// Source: RFC 9162 §2.1.4.2; an empty old tree is the beginning of every tree.
pub fn verify_consistency(
    old: u64,
    new: u64,
    old_root: &Hash,
    new_root: &Hash,
    path: &[Hash],
) -> bool {
    if old > new {
        return false;
    }
    if old == 0 {
        return path.is_empty() && *old_root == empty_root();
    }
    if old == new {
        return path.is_empty() && old_root == new_root;
    }
    let mut rest = path.iter();
    let first = match old.is_power_of_two() {
        true => Some(old_root),
        false => rest.next(),
    };
    let Some(first) = first else { return false };
    let (mut fn_, mut sn) = (old - 1, new - 1);
    while fn_ & 1 == 1 {
        fn_ >>= 1;
        sn >>= 1;
    }
    let (mut fr, mut sr) = (*first, *first);
    for hash in rest {
        if sn == 0 {
            return false;
        }
        if fn_ & 1 == 1 || fn_ == sn {
            fr = node_hash(hash, &fr);
            sr = node_hash(hash, &sr);
            while fn_ & 1 == 0 && fn_ != 0 {
                fn_ >>= 1;
                sn >>= 1;
            }
        } else {
            sr = node_hash(&sr, hash);
        }
        fn_ >>= 1;
        sn >>= 1;
    }
    sn == 0 && fr == *old_root && sr == *new_root
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

    #[test]
    fn every_small_tree_is_proved_to_be_the_beginning_of_every_larger_one() {
        let roots: Vec<Hash> = (0..=70).map(|size| tree(size).0.root()).collect();
        let at = |size: u64| &roots[usize::try_from(size).unwrap()];
        for new in 0..=70 {
            let (_, mut stored) = tree(new);
            assert_eq!(root(&mut stored, new).unwrap(), *at(new));
            for old in 0..=new {
                let path = consistency(&mut stored, old, new).unwrap();
                assert!(
                    verify_consistency(old, new, at(old), at(new), &path),
                    "{old} in {new}"
                );
                let mut longer = path.clone();
                longer.push(*at(new));
                assert!(!verify_consistency(old, new, at(old), at(new), &longer));
                if old > 0 {
                    let other = leaf_hash(b"other");
                    assert!(!verify_consistency(old, new, &other, at(new), &path));
                    assert!(!verify_consistency(old, new, at(old), &other, &path));
                }
                for index in 0..path.len() {
                    let mut changed = path.clone();
                    changed[index][0] ^= 1;
                    assert!(!verify_consistency(old, new, at(old), at(new), &changed));
                    changed.remove(index);
                    assert!(!verify_consistency(old, new, at(old), at(new), &changed));
                }
            }
            assert_eq!(
                consistency(&mut stored, new + 1, new),
                Err(ProofError::Backwards { old: new + 1, new })
            );
        }
    }

    #[test]
    fn every_size_up_to_1030_agrees_with_an_independent_tree() {
        use ct_merkle::mem_backed_tree::MemoryBackedTree;
        let mut oracle = MemoryBackedTree::<sha2::Sha256, [u8; 8]>::new();
        let (mut edge, mut stored) = (Edge::new(), Stored(HashMap::new()));
        for size in 0..=1_030_u64 {
            if size > 0 {
                let leaf = (size - 1).to_be_bytes();
                oracle.push(leaf);
                let mut keep = |tile: Tile| {
                    stored.0.insert((tile.level, tile.number), tile.hashes);
                };
                edge.push(leaf_hash(&leaf)).into_iter().for_each(&mut keep);
                edge.open_tiles().into_iter().for_each(keep);
            }
            assert_eq!(oracle.root().as_bytes().as_slice(), edge.root(), "{size}");
            let power = size.max(1).next_power_of_two() / 2;
            for place in [
                0,
                1,
                size / 3,
                power.saturating_sub(1),
                power,
                size.saturating_sub(1),
            ] {
                if place >= size {
                    continue;
                }
                let path = inclusion(&mut stored, place, size).unwrap();
                let theirs = oracle.prove_inclusion(usize::try_from(place).unwrap());
                assert_eq!(theirs.as_bytes(), path.concat(), "{place} of {size}");
                if place > 0 {
                    let path = consistency(&mut stored, place, size).unwrap();
                    let theirs = oracle.prove_consistency(usize::try_from(size - place).unwrap());
                    assert_eq!(theirs.as_bytes(), path.concat(), "{place} in {size}");
                }
            }
        }
    }

    #[test]
    fn consistency_reaches_across_tiles_and_agrees_with_an_independent_tree() {
        use ct_merkle::{RootHash, mem_backed_tree::MemoryBackedTree};
        let size = 66_000_u64;
        let (edge, mut stored) = tree(size);
        let mut oracle = MemoryBackedTree::<sha2::Sha256, [u8; 8]>::new();
        let mut roots = std::collections::BTreeMap::<u64, RootHash<sha2::Sha256>>::new();
        let olds = [1, 2, 255, 256, 257, 65_535, 65_536, 65_537, 65_999];
        for leaf in 0..size {
            if olds.contains(&leaf) {
                roots.insert(leaf, oracle.root());
            }
            oracle.push(leaf.to_be_bytes());
        }
        for old in olds {
            let path = consistency(&mut stored, old, size).unwrap();
            let old_root = root(&mut stored, old).unwrap();
            assert_eq!(roots[&old].as_bytes().as_slice(), old_root);
            assert!(verify_consistency(
                old,
                size,
                &old_root,
                &edge.root(),
                &path
            ));
            let additions = usize::try_from(size - old).unwrap();
            assert_eq!(
                oracle.prove_consistency(additions).as_bytes(),
                path.concat()
            );
        }
    }
}
